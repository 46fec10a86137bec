/* The page that explains the signs. */
#include "front/web/signs.html.h"
#include "front/web/site.h"

#include "base/banned.h"

static enum err show_signs(struct site *s)
{
    site_begin(s, url_fixed("/signs"), site_text(s, &M_site_signs), NAV_NONE);
    signs_html(&s->page, &s->frame, s->today);
    return OK;
}

const struct route signs_routes[] = {
    ROUTE("/signs", PERM_PUBLIC, show_signs, NULL),
    {0},
};
