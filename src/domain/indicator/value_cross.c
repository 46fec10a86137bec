/* Figures of a batch against each other: parts and wholes, and who is missing. */
#include "domain/indicator/value_checking.h"

#include "base/out.h"

#include <math.h>

#include "base/banned.h"

enum { SLICES_MAX = 500, NAMED = 5 };
#define EQUAL 1e-9 /* of the larger: what adding up may lose */

/* --- a share: 100 * [A] / [B], where it cannot be above 100 --- */

static bool take(struct str *s, struct str word)
{
    while (s->n && s->p[0] == ' ')
        *s = str_skip(*s, 1);
    if (!str_starts(*s, word))
        return false;
    *s = str_skip(*s, word.n);
    return true;
}

static bool take_code(struct str *s, struct str *ret)
{
    if (!take(s, S("[")))
        return false;
    size_t end = str_find(*s, S("]"), 0);
    if (end == SIZE_MAX)
        return false;
    *ret = str_trim(str_slice(*s, 0, end));
    *s = str_skip(*s, end + 1);
    return true;
}

static bool is_share(const struct indicator *i, struct str *ret_part, struct str *ret_whole)
{
    struct str rest = i->formula;
    double all = 1;
    if (!rest.n || isnan(i->high))
        return false;
    if (take(&rest, S("100"))) {
        all = 100;
        if (!take(&rest, S("*")))
            return false;
    }
    if (!take_code(&rest, ret_part) || !take(&rest, S("/")) || !take_code(&rest, ret_whole))
        return false;
    if (take(&rest, S("*"))) {
        if (!take(&rest, S("100")) || all > 1)
            return false;
        all = 100;
    }
    return !str_trim(rest).n && i->high <= all;
}

static size_t series_of(const struct check *k, struct str indicator, struct str category)
{
    size_t i = 0;
    while (i < k->series.n &&
           !(str_eq(k->series.v[i].indicator, indicator) && str_eq(k->series.v[i].category, category)))
        i++;
    return i;
}

static bool has_rows(const struct check *k, size_t series)
{
    return series < k->b->series.n && k->series.v[series].rows_to > k->series.v[series].rows_from;
}

/* The number of a series that figures are compared with: the batch's, or one that is read from the store. */
static enum err compared_with(struct check *k, struct str indicator, struct str category, size_t *ret)
{
    size_t at = series_of(k, indicator, category);
    if (at == k->series.n) {
        *PUSH(k->c->arena, &k->series) =
            (struct check_series){.indicator = indicator, .category = category, .bad = RULE_COUNT, .id = I64_NONE};
        k->series.v[at].narrow = true;
    }
    if (k->c->db && !k->past_full && (k->series.v[at].narrow || !has_rows(k, at)))
        TRY(check_read_past(k, at, false));
    *ret = at;
    return OK;
}

static void tell_share(struct check *k, const struct value_row *r, const struct indicator *share, double part,
                       double whole)
{
    struct value_at at = check_at(k, r);
    CHECK_PROBLEM(k, RULE_SHARE, &at, "tỷ lệ “%.*s” sẽ quá 100%%: tử số %.*s lớn hơn mẫu số %.*s",
                  "the share %.*s would be above 100%%: %.*s of %.*s", ARGS(share->code), CHECK_NUMBER(part),
                  CHECK_NUMBER(whole));
}

/* `series` has rows; told at its row, once for a pair that the batch has both of. */
static void look_at_share(struct check *k, const struct indicator *share, size_t part, size_t whole, bool at_part)
{
    size_t series = at_part ? part : whole;
    for (size_t i = k->series.v[series].rows_from; i < k->series.v[series].rows_to; i++) {
        const struct value_row *r = check_row(k, i);
        if (!at_part && check_find(k, part, r->place, r->period) != SIZE_MAX)
            continue;
        double a = at_part ? r->amount : check_figure(k, part, r->place, r->period),
               b = at_part ? check_figure(k, whole, r->place, r->period) : r->amount;
        if (a > b && a - b > EQUAL * fabs(a)) /* not where one is missing */
            tell_share(k, r, share, a, b);
    }
}

static enum err look_at_shares(struct check *k)
{
    struct indicators all = dictionary_indicators(k->d);
    for (size_t i = 0; i < all.n; i++) {
        struct str part_code, whole_code;
        size_t part, whole;
        if (!is_share(all.v[i], &part_code, &whole_code))
            continue;
        bool at_part = has_rows(k, series_of(k, part_code, S(""))),
             at_whole = has_rows(k, series_of(k, whole_code, S("")));
        if (!at_part && !at_whole)
            continue;
        TRY(compared_with(k, part_code, S(""), &part));
        TRY(compared_with(k, whole_code, S(""), &whole));
        if (at_part)
            look_at_share(k, all.v[i], part, whole, true);
        if (at_whole)
            look_at_share(k, all.v[i], part, whole, false);
    }
    return OK;
}

/* --- categories and the whole --- */

struct parts {
    const struct indicator *i;
    struct {
        size_t *v;
        size_t n, cap;
    } series; /* one for each category */
    size_t whole;
};

/* `amount` stands for the whole at that place and period. */
static void look_at_sum(struct check *k, const struct parts *p, const struct value_row *r, double amount)
{
    double sum = 0, unit = p->i->places > 0 ? pow(10, -(double)p->i->places) : 1;
    size_t n = 0;
    for (size_t i = 0; i < p->series.n; i++) {
        double v = check_figure(k, p->series.v[i], r->place, r->period);
        n += !isnan(v);
        sum += isnan(v) ? 0 : v;
    }
    double rounding = 0.5 * unit * (double)(n + 1) + EQUAL * fabs(amount);
    bool more = sum - amount > rounding, less = n == p->series.n && amount - sum > rounding;
    if (isnan(amount) || n < 2 || !(more || less))
        return;
    struct value_at at = check_at(k, r);
    CHECK_PROBLEM(k, RULE_PARTS, &at, "các phân tổ cộng lại là %.*s, còn tổng số là %.*s",
                  "the categories add up to %.*s, the whole is %.*s", CHECK_NUMBER(sum), CHECK_NUMBER(amount));
}

/* At the row of the whole; where the batch has none, at the first of the parts. */
static void look_at_parts(struct check *k, const struct parts *p)
{
    const struct check_series *whole = &k->series.v[p->whole];
    for (size_t i = whole->rows_from; i < whole->rows_to; i++)
        look_at_sum(k, p, check_row(k, i), check_row(k, i)->amount);
    for (size_t n = 0; n < p->series.n; n++) {
        const struct check_series *s = &k->series.v[p->series.v[n]];
        for (size_t i = s->rows_from; i < s->rows_to; i++) {
            const struct value_row *r = check_row(k, i);
            bool first = check_find(k, p->whole, r->place, r->period) == SIZE_MAX;
            for (size_t m = 0; m < n && first; m++)
                first = check_find(k, p->series.v[m], r->place, r->period) == SIZE_MAX;
            if (first)
                look_at_sum(k, p, r, check_figure(k, p->whole, r->place, r->period));
        }
    }
}

static enum err look_at_dimension(struct check *k, const struct indicator *i, struct str dimension)
{
    struct parts p = {.i = i};
    struct dimensions all = dictionary_dimensions(k->d);
    TRY(compared_with(k, i->code, S(""), &p.whole));
    for (size_t n = 0; n < all.n; n++) {
        size_t series;
        if (!str_eq(all.v[n].dimension, dimension))
            continue;
        TRY(compared_with(k, i->code, all.v[n].category, &series));
        *PUSH(k->c->arena, &p.series) = series;
    }
    look_at_parts(k, &p);
    return OK;
}

static enum err look_at_categories(struct check *k)
{
    for (size_t s = 0; s < k->b->series.n; s++) {
        const struct indicator *i = k->series.v[s].i;
        bool first = i && i->dimensions.n && str_eq(i->over_places, S("sum")) && has_rows(k, s);
        for (size_t n = 0; n < s && first; n++)
            first = k->series.v[n].i != i || !has_rows(k, n);
        for (size_t n = 0; first && n < i->dimensions.n; n++)
            TRY(look_at_dimension(k, i, i->dimensions.v[n]));
    }
    return OK;
}

/* --- who is missing --- */

/* Places that are expected to tell a figure when most of them have: the areas of one area, the bodies of one group. */
struct group {
    struct {
        struct member {
            struct str code, name;
            int32_t first, last;
            uint32_t place; /* in the batch, or NAMES_NONE */
        } * v;
        size_t n, cap;
    } members;
    size_t *expected, *have; /* in each period */
};

struct gaps {
    struct check *k;
    struct names places, names; /* the batch's places; the groups */
    struct {
        struct group *v;
        size_t n, cap;
    } groups;
    size_t slices;
};

static void add_member(struct gaps *g, struct group *group, struct str code, struct str name, int32_t from, int32_t to)
{
    int y, m, d;
    struct member member = {code, name, INT32_MIN, INT32_MAX, names_find(&g->places, code)};
    if (from != DAY_NONE) {
        day_to_date(from, &y, &m, &d);
        member.first = y * 12 + m - 1;
    }
    if (to != DAY_NONE) {
        day_to_date(to, &y, &m, &d);
        member.last = y * 12 + m - 1;
    }
    *PUSH(g->k->c->arena, &group->members) = member;
}

static bool is_there(const struct member *m, int32_t period)
{
    int32_t last = period_first(period) + period_length(period) - 1;
    return m->first <= last && m->last >= last;
}

static void fill_group(struct gaps *g, struct group *group, struct str above, struct str provider)
{
    struct check *k = g->k;
    struct strs codes = {0};
    if (provider.n && !org_members(k->c, k->catalogue, provider, k->today, &codes))
        for (size_t i = 0; i < codes.n; i++) {
            const struct org_unit *u = org_unit(k->catalogue, codes.v[i]);
            add_member(g, group, u->code, u->name, u->valid_from, u->valid_to);
        }
    struct org_areas areas = org_areas(k->catalogue);
    for (size_t i = 0; above.n && i < areas.n; i++)
        if (str_eq(areas.v[i]->parent, above))
            add_member(g, group, areas.v[i]->code, areas.v[i]->name, areas.v[i]->valid_from, areas.v[i]->valid_to);
    group->expected = NEWN(k->c->arena, size_t, k->n_periods);
    group->have = NEWN(k->c->arena, size_t, k->n_periods);
    for (size_t p = 0; p < k->n_periods; p++)
        for (size_t i = 0; i < group->members.n; i++)
            group->expected[p] += is_there(&group->members.v[i], k->periods[p]);
}

/* The group that a place tells figures of the series with; SIZE_MAX if there is none. */
static size_t group_of(struct gaps *g, const struct check_series *s, const struct check_place *p)
{
    struct str above = p->kind == PLACE_AREA ? p->parent : S(""),
               provider = p->kind == PLACE_BODY && s->i->tree.n ? s->i->provider : S("");
    bool is_new;
    if (!above.n && (!provider.n || !org_group(g->k->catalogue, provider)))
        return SIZE_MAX;
    size_t at = names_number(g->k->c->arena, &g->names, above.n ? above : provider, &is_new);
    if (is_new)
        fill_group(g, PUSH(g->k->c->arena, &g->groups), above, provider);
    return at;
}

static enum err tell_gap(struct gaps *g, size_t series, const struct group *group, size_t p)
{
    struct check *k = g->k;
    struct names told = {0};
    struct out o;
    char room[600];
    size_t missing = 0;
    out_init_in(&o, room, sizeof room);
    TRY(check_told(k, series, k->periods[p], &told));
    for (size_t i = 0; i < group->members.n; i++) {
        const struct member *m = &group->members.v[i];
        bool has = m->place != NAMES_NONE && check_find(k, series, m->place, k->periods[p]) != SIZE_MAX;
        if (has || !is_there(m, k->periods[p]) || names_find(&told, m->code) != NAMES_NONE)
            continue;
        if (missing++ < NAMED) {
            out_put(&o, missing > 1 ? S(", ") : S(""));
            out_put(&o, str_head(m->name, sizeof room / NAMED - 8));
        }
    }
    if (!missing)
        return OK;
    const struct check_series *s = &k->series.v[series];
    struct value_at at = {
        .line = I64_NONE, .indicator = s->indicator, .period = value_period_text(k->c, k->periods[p])};
    if (s->category.n)
        at.indicator = str_fmt(k->c->arena, "%.*s:%.*s", ARGS(s->indicator), ARGS(s->category));
    VALUE_PROBLEM(k->c, k->problems, RULE_GAPS, &at, "còn %zu trong %zu nơi chưa có số: %.*s%s",
                  "%zu of %zu places have no figure: %.*s%s", missing, group->expected[p], ARGS(out_str(&o)),
                  missing > NAMED ? "…" : "");
    return OK;
}

static enum err look_for_gaps_of(struct gaps *g, size_t series)
{
    struct check *k = g->k;
    const struct check_series *s = &k->series.v[series];
    size_t group = SIZE_MAX, p = 0;
    for (size_t i = 0; i < g->groups.n; i++)
        memset(g->groups.v[i].have, 0, k->n_periods * sizeof *g->groups.v[i].have);
    for (size_t i = s->rows_from; i < s->rows_to; i++) {
        const struct value_row *r = check_row(k, i), *before = i > s->rows_from ? check_row(k, i - 1) : NULL;
        if (before && before->place == r->place && before->period == r->period)
            continue; /* of another source */
        if (!before || before->place != r->place) {
            group = group_of(g, s, &k->places[r->place]);
            p = 0;
        }
        while (k->periods[p] != r->period)
            p++;
        if (group != SIZE_MAX)
            g->groups.v[group].have[p]++;
    }
    for (size_t i = 0; i < g->groups.n; i++)
        for (p = 0; p < k->n_periods && g->slices < SLICES_MAX; p++) {
            const struct group *of = &g->groups.v[i];
            if (of->have[p] < 2 || 2 * of->have[p] <= of->expected[p] || of->have[p] >= of->expected[p])
                continue;
            g->slices++;
            TRY(tell_gap(g, series, of, p));
        }
    return OK;
}

static enum err look_for_gaps(struct check *k)
{
    struct gaps g = {.k = k};
    for (size_t i = 0; i < k->b->places.n; i++)
        names_number(k->c->arena, &g.places, k->b->places.v[i], NULL);
    for (size_t s = 0; s < k->b->series.n; s++)
        if (has_rows(k, s))
            TRY(look_for_gaps_of(&g, s));
    return OK;
}

enum err check_cross(struct check *k)
{
    TRY(look_at_shares(k));
    TRY(look_at_categories(k));
    return look_for_gaps(k);
}
