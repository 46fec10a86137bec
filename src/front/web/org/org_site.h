/* org_site.h - what the pages of this folder share. */
#ifndef HOALU_ORG_SITE_H
#define HOALU_ORG_SITE_H

#include "front/web/org/org_view.h"
#include "front/web/site.h"

/* The catalogue as the address asks for it. E_INVALID for a day that is none. */
MUST_USE enum err org_moment_read(struct site *s, struct org_moment *ret);
/* The day and the moment that were asked for, on another address. */
struct url org_moment_url(struct site *s, const struct org_moment *m, struct url u);

/* Add the body, group or area of that code; nothing if there is none (p == NULL). Bodies come by their short names. */
void org_name_add(struct site *s, const struct org_moment *m, struct org_names *list, struct str code);
void org_name_add_all(struct site *s, const struct org_moment *m, struct org_names *list, struct strs codes);

#endif
