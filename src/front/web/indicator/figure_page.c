/* The page of one figure: an indicator, a place, a period. */
#include "domain/access/viewer.h"
#include "domain/indicator/words.h"
#include "front/web/figure.html.h"
#include "front/web/indicator/indicator_site.h"

#include "base/banned.h"

struct asked {
    const struct indicator *i;
    struct str category, place, as_of; /* place: n == 0 for the root */
    int32_t period;
    struct standings moment;
};

static enum err read_asked(struct site *s, struct asked *ret)
{
    struct asked a = {.category = site_query(s, "by")};
    struct period p;
    int32_t as_of;
    TRY(indicator_as_of(s, &a.as_of, &as_of));
    TRY(standings_open(s->c, as_of, &a.moment));
    TRY(indicator_open(s->c, a.moment.dictionary, s->part[0], &a.i));
    a.place = str_eq(s->part[1], S("-")) ? S("") : s->part[1];
    a.period = period_parse(s->part[2], &p) ? period_code(p) : 0;
    if (!a.period)
        return FAIL(s->c, E_NOTFOUND, "không có kỳ \"%.*s\" (no such period)", ARGS(s->part[2]));
    *ret = a;
    return OK;
}

static enum err read_figures(struct site *s, const struct asked *a, struct strs places, struct figures *ret)
{
    struct cube_query q = {.indicator = a->i->code,
                           .category = a->category,
                           .places = places,
                           .periods = &a->period,
                           .n_periods = 1,
                           .at = a->moment.at,
                           .map_day = a->moment.day};
    return cube_read(s->c, a->moment.dictionary, &q, ret);
}

/* What an added figure is made of. */
static enum err add_parts(struct site *s, const struct asked *a, struct str place,
                          const struct org_catalogue *catalogue, struct figure_page *page)
{
    struct strs below;
    struct figures f;
    TRY(cube_below(s->c, a->i, place, a->moment.day, &below));
    if (!below.n)
        return OK;
    TRY(read_figures(s, a, below, &f));
    for (size_t i = 0; i < below.n; i++) {
        struct place_line line = {.code = below.v[i],
                                  .name = place_name(s, catalogue, below.v[i]),
                                  .figure = indicator_figure(s, a->i, &f.v[i], a->period)};
        line.figure.there_url = figure_url(s, a->i, a->category, below.v[i], a->period, a->as_of);
        *PUSH(s->c->arena, &page->parts) = line;
    }
    return OK;
}

static enum err show_figure(struct site *s)
{
    struct asked a;
    struct figures f;
    const struct org_catalogue *catalogue;
    TRY(read_asked(s, &a));
    TRY(org_catalogue_from_store(s->c, a.moment.at, &catalogue));
    struct figure_page page = {.i = a.i,
                               .name = indicator_name(s, a.i),
                               .period = period_code_words(s->c->arena, a.period, s->page.lang),
                               .as_of = a.as_of,
                               .history = viewer_may(s->c, PERM_HISTORY),
                               .places = indicator_places(a.i)};
    struct str root, place = a.place;
    TRY(cube_root(s->c, a.i, a.moment.day, &root));
    if (!place.n)
        place = root;
    TRY(read_figures(s, &a, (struct strs){&place, place.n > 0}, &f));
    TRY(indicator_origin(s, &a.moment, a.i, a.category, place, a.period, &f.v[0], a.as_of, &page.origin));
    if (f.v[0].flags & FIGURE_ADDED)
        TRY(add_parts(s, &a, place, catalogue, &page));
    page.place_name = place.n ? place_name(s, catalogue, place) : site_text(s, &M_figure_whole);
    page.indicator = URL(s->c->arena, "/indicators/{}", a.i->code);
    if (a.place.n && !str_eq(a.place, root))
        page.indicator = url_with(s->c->arena, page.indicator, "place", a.place);
    page.indicator = indicator_keep(s, page.indicator, a.as_of);
    struct url here = URL(s->c->arena, "/indicators/{}/values/{}/{}", a.i->code, s->part[1], s->part[2]);
    site_begin(s, here, page.name, NAV_INDICATORS);
    figure_html(&s->page, &s->frame, &page);
    return OK;
}

const struct route figure_routes[] = {
    ROUTE("/indicators/{}/values/{}/{}", PERM_READ, show_figure, NULL),
    {0},
};
