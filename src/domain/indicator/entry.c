/* Who provides which figures, and the lines of a grid. */
#include "domain/indicator/entry.h"

#include "domain/access/viewer.h"
#include "domain/indicator/entry.sql.h"
#include "domain/op.h"
#include "domain/org/org.h"
#include "domain/sight/sight.h"
#include "store/db.h"

#include "base/banned.h"

#define FIELD_OF(row, member, kind)                                                                                    \
    {                                                                                                                  \
        .name = #member, .type = kind, .offset = offsetof(struct row, member)                                          \
    }
RECORD(entry_held_record, struct entry_held, "entry_held", "Số liệu đang có",
       FIELD_OF(entry_held, indicator, FIELD_TEXT), FIELD_OF(entry_held, place, FIELD_TEXT),
       FIELD_OF(entry_held, source, FIELD_TEXT), FIELD_OF(entry_held, amount, FIELD_F64),
       FIELD_OF(entry_held, state, FIELD_I64), FIELD_OF(entry_held, position, FIELD_I64),
       FIELD_OF(entry_held, at_us, FIELD_I64), FIELD_OF(entry_held, actor, FIELD_TEXT),
       FIELD_OF(entry_held, behalf, FIELD_TEXT), FIELD_OF(entry_held, evidence, FIELD_TEXT));
RECORD(entry_filled_record, struct entry_filled, "entry_filled", "Số liệu đã có",
       FIELD_OF(entry_filled, indicator, FIELD_TEXT), FIELD_OF(entry_filled, place, FIELD_TEXT));

RECORD(entry_brought_record, struct entry_brought, "entry_brought", "Số liệu của một lần nhập",
       FIELD_OF(entry_brought, indicator, FIELD_TEXT), FIELD_OF(entry_brought, category, FIELD_TEXT),
       FIELD_OF(entry_brought, place, FIELD_TEXT), FIELD_OF(entry_brought, source, FIELD_TEXT),
       FIELD_OF(entry_brought, period, FIELD_I64), FIELD_OF(entry_brought, amount, FIELD_F64),
       FIELD_OF(entry_brought, was, FIELD_F64), FIELD_OF(entry_brought, state, FIELD_I64),
       FIELD_OF(entry_brought, was_state, FIELD_I64), FIELD_OF(entry_brought, holds, FIELD_BOOL),
       FIELD_OF(entry_brought, evidence, FIELD_TEXT), FIELD_OF(entry_brought, reason, FIELD_TEXT));
struct differing_row {
    struct str indicator, category, place, source, actor;
    int64_t period, state, position, at_us;
    double amount;
};
RECORD(differing_row_record, struct differing_row, "differing_row", "Một nguồn của số liệu khác nhau",
       FIELD_OF(differing_row, indicator, FIELD_TEXT), FIELD_OF(differing_row, category, FIELD_TEXT),
       FIELD_OF(differing_row, place, FIELD_TEXT), FIELD_OF(differing_row, source, FIELD_TEXT),
       FIELD_OF(differing_row, actor, FIELD_TEXT), FIELD_OF(differing_row, period, FIELD_I64),
       FIELD_OF(differing_row, state, FIELD_I64), FIELD_OF(differing_row, position, FIELD_I64),
       FIELD_OF(differing_row, at_us, FIELD_I64), FIELD_OF(differing_row, amount, FIELD_F64));

/* --- periods --- */

static int months_of(struct str frequency)
{
    return str_eq(frequency, S("month"))     ? 1
           : str_eq(frequency, S("quarter")) ? 3
           : str_eq(frequency, S("half"))    ? 6
           : str_eq(frequency, S("year"))    ? 12
                                             : 0;
}

enum { CODE = PERIOD_MONTHS + 1 };

int32_t entry_period(struct str frequency, int32_t day, int back)
{
    int y, m, d, length = months_of(frequency);
    if (!length)
        return 0;
    day_to_date(day, &y, &m, &d);
    int month = y * 12 + m - 1;
    return (month - month % length - back * length) * CODE + length;
}

int32_t entry_period_before(int32_t period, int by)
{
    return period - by * (period % CODE) * CODE;
}

struct str entry_frequency(int32_t period)
{
    int first = period / CODE;
    switch (period % CODE) {
    case 1:
        return S("month");
    case 3:
        return first % 3 ? S("") : S("quarter");
    case 6:
        return first % 6 ? S("") : S("half");
    case 12:
        return first % 12 ? S("") : S("year");
    default:
        return S("");
    }
}

/* Is it asked for in that period? What is measured once is asked for with the year's figures, and an indicator of the
 * set of a year in that year alone. */
static bool is_of_period(const struct dictionary *d, const struct indicator *i, int32_t period)
{
    struct str frequency = entry_frequency(period);
    const struct indicator_set *set = i->set.n ? dictionary_set(d, i->set) : NULL;
    if (!str_eq(i->frequency, frequency) && !(str_eq(i->frequency, S("once")) && str_eq(frequency, S("year"))))
        return false;
    return !set || set->year == I64_NONE || set->year == period / CODE / 12;
}

/* --- who provides what --- */

static bool may_enter_for(const struct ctx *c, struct str org)
{
    return viewer_may_in(c, PERM_ENTER, org) || viewer_may_in(c, PERM_OFFICE, org);
}

bool entry_may(struct ctx *c, const struct org_catalogue *catalogue, const struct indicator *i, struct str place,
               int32_t day)
{
    if (viewer_may(c, PERM_OFFICE) || viewer_may(c, PERM_ENTER))
        return true;
    if (i && i->responsible.n && may_enter_for(c, i->responsible))
        return true;
    if (!org_area(catalogue, place))
        return may_enter_for(c, place);
    struct strs serving = org_serving(c, catalogue, place, day);
    for (size_t k = 0; k < serving.n; k++)
        if (may_enter_for(c, serving.v[k]))
            return true;
    return false;
}

bool entry_shown(const struct ctx *c, const struct indicator *i)
{
    return !str_eq(i->level, S("restricted")) || str_eq(plan_seen(c), S("*"));
}

/* The province: the area that stands under none. */
static struct str top_area(const struct org_catalogue *catalogue, int32_t day)
{
    struct org_areas all = org_areas(catalogue);
    for (size_t i = 0; i < all.n; i++)
        if (!all.v[i]->parent.n && org_exists(all.v[i]->valid_from, all.v[i]->valid_to, day))
            return all.v[i]->code;
    return S("");
}

static bool is_by_area(const struct indicator *i)
{
    return str_eq(i->tree, S("area"));
}

static struct str top_of(struct ctx *c, const struct org_catalogue *catalogue, const struct indicator *i, int32_t day)
{
    if (!i->tree.n || is_by_area(i))
        return top_area(catalogue, day);
    struct strs roots = org_roots(c, catalogue, i->tree, day);
    return roots.n ? roots.v[0] : S("");
}

/* The members of each provider that was asked for. */
struct members {
    struct {
        struct str code;
        struct strs list;
    } * v;
    size_t n, cap;
};

static enum err members_of(struct ctx *c, const struct org_catalogue *catalogue, struct members *kept, struct str code,
                           int32_t day, struct strs *ret)
{
    for (size_t i = 0; i < kept->n; i++)
        if (str_eq(kept->v[i].code, code)) {
            *ret = kept->v[i].list;
            return OK;
        }
    *ret = (struct strs){0};
    if (org_group(catalogue, code))
        TRY(org_members(c, catalogue, code, day, ret));
    PUSH(c->arena, kept);
    kept->v[kept->n - 1].code = code;
    kept->v[kept->n - 1].list = *ret;
    return OK;
}

static void add_due(struct ctx *c, struct entry_dues *ret, struct str wanted, struct entry_due due)
{
    if (due.org.n && (!wanted.n || str_eq(wanted, due.org)))
        *PUSH(c->arena, ret) = due;
}

static enum err add_dues_of(struct ctx *c, const struct org_catalogue *catalogue, struct members *kept,
                            const struct indicator *i, struct str wanted, int32_t day, struct entry_dues *ret)
{
    struct strs members = {0};
    bool below = i->tree.n && i->provider.n;
    if (below)
        TRY(members_of(c, catalogue, kept, i->provider, day, &members));
    if (!below || str_eq(i->over_places, S("none")))
        add_due(c, ret, wanted, (struct entry_due){i->responsible, top_of(c, catalogue, i, day), i});
    if (below && !org_group(catalogue, i->provider)) {
        bool gathers = is_by_area(i) && org_unit(catalogue, i->provider);
        add_due(c, ret, wanted, (struct entry_due){i->provider, gathers ? S("") : i->provider, i});
    }
    for (size_t k = 0; k < members.n; k++) {
        const struct org_unit *u = org_unit(catalogue, members.v[k]);
        if (u && (!is_by_area(i) || u->area.n))
            add_due(c, ret, wanted, (struct entry_due){u->code, is_by_area(i) ? u->area : u->code, i});
    }
    return OK;
}

enum err entry_dues(struct ctx *c, const struct dictionary *d, const struct org_catalogue *catalogue, struct str org,
                    int32_t day, struct entry_dues *ret)
{
    struct members kept = {0};
    struct indicators all = dictionary_indicators(d);
    *ret = (struct entry_dues){0};
    for (size_t k = 0; k < all.n; k++)
        if (!all.v[k]->formula.n && entry_shown(c, all.v[k]))
            TRY(add_dues_of(c, catalogue, &kept, all.v[k], org, day, ret));
    return OK;
}

struct str entry_org_of(struct ctx *c, const struct org_catalogue *catalogue, const struct indicator *i,
                        struct str place, int32_t day)
{
    const struct org_area *area = org_area(catalogue, place);
    struct strs members = {0};
    if (!area)
        return org_unit(catalogue, place) ? place : S("");
    if (!area->parent.n)
        return i->responsible.n ? i->responsible : S("");
    if (i->provider.n && !org_group(catalogue, i->provider))
        return i->provider;
    struct strs serving = org_serving(c, catalogue, place, day);
    if (i->provider.n && org_members(c, catalogue, i->provider, day, &members))
        return S("");
    for (size_t k = 0; k < serving.n; k++)
        for (size_t n = 0; n < members.n; n++)
            if (str_eq(serving.v[k], members.v[n]))
                return serving.v[k];
    return serving.n ? serving.v[0] : S("");
}

/* --- the grid --- */

static void add_line(struct ctx *c, struct entry_grid *g, const struct indicator *i, struct str place)
{
    struct entry_held none = {.indicator = i->code, .place = place, .amount = NAN, .at_us = I64_NONE};
    *PUSH(c->arena, &g->lines) = (struct entry_line){.indicator = i, .place = place, .now = none, .before = none};
}

static void take(struct entry_grid *g, const struct entry_held *h, bool now)
{
    for (size_t k = 0; k < g->lines.n; k++) {
        struct entry_line *line = &g->lines.v[k];
        if (!str_eq(line->indicator->code, h->indicator) || !str_eq(line->place, h->place))
            continue;
        if (now && !h->source.n)
            line->now = *h;
        else if (now)
            line->others++;
        else if (!h->source.n || isnan(line->before.amount))
            line->before = *h;
        return;
    }
}

static enum err read_held(struct entry_grid *g, struct rows rows, bool now)
{
    struct entry_held h = {0};
    while (db_next(&rows, &entry_held_record, &h))
        take(g, &h, now);
    return db_done(&rows);
}

static void count_filled(struct entry_grid *g)
{
    for (size_t k = 0; k < g->lines.n; k++)
        g->filled += !isnan(g->lines.v[k].now.amount);
}

static enum err fill(struct ctx *c, struct entry_grid *g)
{
    for (size_t k = 0; k < g->lines.n; k++) {
        bool asked = false;
        for (size_t n = 0; n < k && !asked; n++)
            asked = str_eq(g->lines.v[n].place, g->lines.v[k].place);
        if (asked)
            continue;
        struct str place = g->lines.v[k].place;
        TRY(read_held(g, db_query(c, SQL_entry_of_place, ARG(place), ARG((int64_t)g->period)), true));
        TRY(read_held(g, db_query(c, SQL_entry_of_place, ARG(place), ARG((int64_t)g->before)), false));
    }
    count_filled(g);
    return OK;
}

/* Of an area all that is told of it, whoever provides it. */
static void lines_of_area(struct ctx *c, const struct dictionary *d, const struct org_catalogue *catalogue,
                          const struct org_area *area, int32_t day, struct entry_grid *g)
{
    struct indicators all = dictionary_indicators(d);
    for (size_t k = 0; k < all.n; k++) {
        const struct indicator *i = all.v[k];
        bool told = i->tree.n ? is_by_area(i) : !area->parent.n;
        if (told && !i->formula.n && entry_shown(c, i) && is_of_period(d, i, g->period) &&
            entry_may(c, catalogue, i, area->code, day))
            add_line(c, g, i, area->code);
    }
}

static int32_t last_day(int32_t period)
{
    struct period p;
    return period_of_code(period, &p) ? p.to : DAY_NONE;
}

static enum err begin(struct ctx *c, int32_t period, struct entry_grid *ret)
{
    *ret = (struct entry_grid){.period = period, .before = entry_period_before(period, 1)};
    if (period <= 0 || !entry_frequency(period).n || ret->before <= 0)
        return FAIL(c, E_INVALID, "kỳ phải là một tháng, quý, nửa năm hoặc năm, như 2026-Q3 (not such a period)");
    return OK;
}

/* As bodies and areas are today, or were on the last day of a period that is over and that they are gone since. */
static int32_t day_for(struct ctx *c, int32_t valid_to, int32_t period)
{
    int32_t today = day_of_moment(ctx_now(c)), end = last_day(period);
    return valid_to != DAY_NONE && valid_to < today && end < today ? end : today;
}

enum err entry_grid(struct ctx *c, const struct dictionary *d, const struct org_catalogue *catalogue, struct str place,
                    int32_t period, struct entry_grid *ret)
{
    const struct org_area *area = org_area(catalogue, place);
    const struct org_unit *unit = area ? NULL : org_unit(catalogue, place);
    struct entry_dues dues;
    TRY(begin(c, period, ret));
    if (!area && !unit)
        return FAIL(c, E_NOTFOUND, "không có cơ quan, địa bàn \"%.*s\" (no such body or area)", ARGS(place));
    int32_t day = day_for(c, area ? area->valid_to : unit->valid_to, period);
    if (area)
        lines_of_area(c, d, catalogue, area, day, ret);
    else
        TRY(entry_dues(c, d, catalogue, place, day, &dues));
    for (size_t k = 0; !area && k < dues.n; k++) {
        const struct entry_due *due = &dues.v[k];
        if (due->place.n && is_of_period(d, due->indicator, period) &&
            entry_may(c, catalogue, due->indicator, due->place, day))
            add_line(c, ret, due->indicator, due->place);
    }
    return fill(c, ret);
}

enum err entry_grid_of(struct ctx *c, const struct dictionary *d, const struct org_catalogue *catalogue,
                       const struct indicator *i, int32_t period, struct entry_grid *ret)
{
    TRY(begin(c, period, ret));
    if (i->formula.n || !is_of_period(d, i, period))
        return FAIL(c, E_INVALID, "chỉ tiêu này không nhập số cho kỳ như vậy (not entered for such a period)");
    int32_t day = day_of_moment(ctx_now(c));
    if (!i->tree.n || is_by_area(i)) {
        struct org_areas all = org_areas(catalogue);
        for (size_t k = 0; k < all.n; k++)
            if (org_exists(all.v[k]->valid_from, all.v[k]->valid_to, day) && (i->tree.n || !all.v[k]->parent.n) &&
                entry_may(c, catalogue, i, all.v[k]->code, day))
                add_line(c, ret, i, all.v[k]->code);
    } else {
        struct members kept = {0};
        struct strs members = {0};
        if (i->provider.n)
            TRY(members_of(c, catalogue, &kept, i->provider, day, &members));
        for (size_t k = 0; k < members.n; k++)
            if (entry_may(c, catalogue, i, members.v[k], day))
                add_line(c, ret, i, members.v[k]);
    }
    TRY(read_held(ret, db_query(c, SQL_entry_of_indicator, ARG(i->code), ARG((int64_t)period)), true));
    TRY(read_held(ret, db_query(c, SQL_entry_of_indicator, ARG(i->code), ARG((int64_t)ret->before)), false));
    count_filled(ret);
    return OK;
}

enum err entry_filled(struct ctx *c, int32_t period, struct entry_filled_list *ret)
{
    struct entry_filled row = {0};
    struct rows rows = db_query(c, SQL_entry_filled, ARG((int64_t)period));
    *ret = (struct entry_filled_list){0};
    while (db_next(&rows, &entry_filled_record, &row))
        *PUSH(c->arena, ret) = row;
    return db_done(&rows);
}

/* --- what came in, and what differs --- */

enum err entry_brought(struct ctx *c, int64_t position, int64_t limit, struct entry_brought_list *ret)
{
    struct entry_brought row = {0};
    struct rows rows = db_query(c, SQL_entry_batch_rows, ARG(position), ARG(limit));
    *ret = (struct entry_brought_list){0};
    while (db_next(&rows, &entry_brought_record, &row))
        *PUSH(c->arena, ret) = row;
    return db_done(&rows);
}

static bool is_of(const struct entry_differing *d, const struct differing_row *row)
{
    return str_eq(d->indicator, row->indicator) && str_eq(d->category, row->category) && str_eq(d->place, row->place) &&
           d->period == row->period;
}

enum err entry_differing(struct ctx *c, struct str indicator, int64_t limit, struct entry_differing_list *ret)
{
    struct differing_row row = {0};
    int64_t sources;
    *ret = (struct entry_differing_list){0};
    TRY(db_number(c, SQL_entry_sources, &sources));
    if (sources < 2)
        return OK;
    struct rows rows = db_query(c, SQL_entry_differing, ARG(indicator.n ? indicator : (struct str){0}), ARG(limit + 1),
                                ARG((int64_t)POS_OPEN));
    while (db_next(&rows, &differing_row_record, &row)) {
        if (!ret->n || !is_of(&ret->v[ret->n - 1], &row))
            *PUSH(c->arena, ret) =
                (struct entry_differing){row.indicator, row.category, row.place, (int32_t)row.period, {0}};
        *PUSH(c->arena, &ret->v[ret->n - 1].said) =
            (struct entry_said){row.source, row.amount, row.state, row.position, row.at_us, row.actor};
    }
    ret->more = ret->n > (size_t)limit;
    ret->n -= ret->more;
    return db_done(&rows);
}
