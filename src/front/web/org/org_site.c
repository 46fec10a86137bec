#include "front/web/org/org_site.h"

#include "base/period.h"
#include "ledger/ledger.h"
#include "store/db.h"

#include "base/banned.h"

static enum err read_day(struct site *s, const char *name, struct str text, int32_t *ret)
{
    if (!text.n || day_parse(text, ret))
        return OK;
    return FAIL(s->c, E_INVALID, "%s: ngày phải viết dạng 2026-11-30 (a day is written 2026-11-30)", name);
}

enum err org_moment_read(struct site *s, struct org_moment *ret)
{
    struct org_moment m = {.at = POS_NOW, .day_text = site_query(s, "day"), .as_of_text = site_query(s, "as-of")};
    int32_t day = DAY_NONE, as_of = DAY_NONE;
    TRY(read_day(s, "day", m.day_text, &day));
    TRY(read_day(s, "as-of", m.as_of_text, &as_of));
    if (as_of != DAY_NONE)
        TRY(ledger_position_at(s->c, moment_of_day(as_of + 1) - 1, &m.at));
    m.day = day != DAY_NONE ? day : as_of != DAY_NONE ? as_of : s->today;
    m.today = s->today;
    TRY(org_catalogue_from_store(s->c, m.at, &m.catalogue));
    *ret = m;
    return OK;
}

struct url org_moment_url(struct site *s, const struct org_moment *m, struct url u)
{
    if (m->day_text.n)
        u = url_with(s->c->arena, u, "day", m->day_text);
    return m->as_of_text.n ? url_with(s->c->arena, u, "as-of", m->as_of_text) : u;
}

void org_name_add(struct site *s, const struct org_moment *m, struct org_names *list, struct str code)
{
    const struct org_unit *unit = code.p ? org_unit(m->catalogue, code) : NULL;
    const struct org_group *group = code.p ? org_group(m->catalogue, code) : NULL;
    const struct org_area *area = code.p ? org_area(m->catalogue, code) : NULL;
    if (unit)
        *PUSH(s->c->arena, list) = (struct org_name){code, unit->name, unit->valid_from, unit->valid_to};
    else if (group)
        *PUSH(s->c->arena, list) = (struct org_name){code, group->name, group->valid_from, group->valid_to};
    else if (area)
        *PUSH(s->c->arena, list) =
            (struct org_name){code, org_area_name(m->catalogue, s->c, area), area->valid_from, area->valid_to};
}

void org_name_add_all(struct site *s, const struct org_moment *m, struct org_names *list, struct strs codes)
{
    for (size_t i = 0; i < codes.n; i++)
        org_name_add(s, m, list, codes.v[i]);
}
