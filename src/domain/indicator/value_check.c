/* What is wrong with the figures of a batch: names and rows. */
#include "domain/indicator/value_checking.h"

#include "base/lang.h"
#include "domain/access/viewer.h"

#include <math.h>
#include <stdlib.h>

#include "base/banned.h"

enum { MONTH_FIRST = 1900 * 12, MONTH_LAST = 2999 * 12 + 11 };

struct value_at check_at(struct check *k, const struct value_row *r)
{
    const struct value_batch *b = k->b;
    const struct value_series *s = &b->series.v[r->series];
    return (struct value_at){.sheet = r->sheet < b->sheets.n ? b->sheets.v[r->sheet] : S(""),
                             .line = r->origin ? (int64_t)r->origin : I64_NONE,
                             .column = r->column,
                             .indicator = s->category.n
                                              ? str_fmt(k->c->arena, "%.*s:%.*s", ARGS(s->indicator), ARGS(s->category))
                                              : s->indicator,
                             .place = b->places.v[r->place],
                             .period = value_period_text(k->c, r->period)};
}

struct str check_number(struct check *k, double v, enum lang lang)
{
    enum { DIGITS = 10 };
    char text[NUMBER_TEXT];
    double size = fabs(v);
    int places = size > 0 && size < 1e9 ? DIGITS - 1 - (int)floor(log10(size)) : 0;
    return str_dup(k->c->arena,
                   lang_number(places > 0 && places < DIGITS + 6 ? number_round(v, places) : v, -1, lang, text));
}

/* --- names --- */

static bool category_of(struct check *k, const struct indicator *i, struct str category)
{
    for (size_t n = 0; n < i->dimensions.n; n++)
        if (dictionary_category(k->d, i->dimensions.v[n], category))
            return true;
    return !category.n;
}

static bool may_enter_for(struct check *k, struct str org)
{
    return viewer_may_in(k->c, PERM_ENTER, org) || viewer_may_in(k->c, PERM_OFFICE, org);
}

static void look_at_series(struct check *k)
{
    for (size_t n = 0; n < k->b->series.n; n++) {
        struct check_series *s = PUSH(k->c->arena, &k->series);
        *s = (struct check_series){.indicator = k->b->series.v[n].indicator,
                                   .category = k->b->series.v[n].category,
                                   .bad = RULE_COUNT,
                                   .id = I64_NONE};
        s->i = dictionary_indicator(k->d, s->indicator);
        if (!s->i) {
            s->bad = RULE_INDICATOR;
            continue;
        }
        s->months = value_months(s->i->frequency);
        s->trusted = s->i->responsible.n && may_enter_for(k, s->i->responsible);
        s->bad = s->i->formula.n ? RULE_DERIVED : !category_of(k, s->i, s->category) ? RULE_CATEGORY : RULE_COUNT;
    }
}

static int32_t month_of(int32_t day, int32_t none)
{
    int y, m, d;
    if (day == DAY_NONE)
        return none;
    day_to_date(day, &y, &m, &d);
    return y * 12 + m - 1;
}

static bool in_tree(struct check *k, const char *tree, struct str code, int32_t day)
{
    return org_parent(k->catalogue, str_of(tree), code, day).n ||
           org_children(k->c, k->catalogue, str_of(tree), code, day).n;
}

static void look_at_body(struct check *k, const struct org_unit *u, struct check_place *p)
{
    /* of one that is gone, on its last day */
    int32_t day = u->valid_to != DAY_NONE && u->valid_to < k->today ? u->valid_to : k->today;
    p->kind = PLACE_BODY;
    p->first = month_of(u->valid_from, INT32_MIN);
    p->last = month_of(u->valid_to, INT32_MAX);
    p->party = in_tree(k, "party", u->code, day);
    p->state = in_tree(k, "state", u->code, day);
    p->top = (p->party && !org_parent(k->catalogue, S("party"), u->code, day).n) ||
             (p->state && !org_parent(k->catalogue, S("state"), u->code, day).n);
    p->may = k->office || may_enter_for(k, u->code);
}

static void look_at_area(struct check *k, const struct org_area *a, struct check_place *p)
{
    int32_t day = a->valid_to != DAY_NONE && a->valid_to < k->today ? a->valid_to : k->today;
    p->kind = PLACE_AREA;
    p->parent = a->parent;
    p->first = month_of(a->valid_from, INT32_MIN);
    p->last = month_of(a->valid_to, INT32_MAX);
    p->top = !a->parent.n;
    p->may = k->office;
    if (p->may)
        return;
    struct strs serving = org_serving(k->c, k->catalogue, a->code, day);
    for (size_t i = 0; i < serving.n && !p->may; i++)
        p->may = may_enter_for(k, serving.v[i]);
}

static void look_at_place(struct check *k, struct str code, struct check_place *p)
{
    const struct org_area *a = org_area(k->catalogue, code);
    const struct org_unit *u = a ? NULL : org_unit(k->catalogue, code);
    if (a)
        look_at_area(k, a, p);
    else if (u)
        look_at_body(k, u, p);
}

static void look_at_places(struct check *k)
{
    k->places = NEWN(k->c->arena, struct check_place, k->b->places.n + 1);
    for (size_t n = 0; n < k->b->places.n; n++)
        look_at_place(k, k->b->places.v[n], &k->places[n]);
}

/* --- rows --- */

static bool of_tree(const struct check_series *s, const struct check_place *p)
{
    if (!s->i->tree.n)
        return p->top;
    if (str_eq(s->i->tree, S("area")))
        return p->kind == PLACE_AREA;
    return p->kind == PLACE_BODY && (str_eq(s->i->tree, S("party")) ? p->party : p->state);
}

bool value_told_for(struct ctx *c, const struct org_catalogue *catalogue, const struct indicator *i, struct str place)
{
    struct check k = {.c = c, .catalogue = catalogue, .today = day_of_moment(ctx_now(c)), .office = true};
    struct check_series s = {.i = i};
    struct check_place p = {.kind = PLACE_UNKNOWN};
    look_at_place(&k, place, &p);
    return p.kind != PLACE_UNKNOWN && of_tree(&s, &p);
}

static bool in_calendar(int32_t period)
{
    int32_t first = period_first(period), length = period_length(period);
    return period > 0 && length && first >= MONTH_FIRST && first + length - 1 <= MONTH_LAST;
}

/* The first thing wrong with a row's names and period, or RULE_COUNT. */
static enum value_rule_id judge_names(const struct check *k, const struct value_row *r)
{
    const struct check_series *s = &k->series.v[r->series];
    const struct check_place *p = &k->places[r->place];
    int32_t first = period_first(r->period), length = period_length(r->period);
    if (s->bad != RULE_COUNT)
        return s->bad;
    if (p->kind == PLACE_UNKNOWN)
        return RULE_PLACE;
    if (!of_tree(s, p))
        return RULE_TREE;
    if (!p->may && !s->trusted)
        return RULE_DENIED;
    if (!in_calendar(r->period))
        return RULE_PERIOD;
    if (s->months && (length != s->months || first % s->months))
        return RULE_FREQUENCY;
    if (first > k->month)
        return RULE_NOT_BEGUN;
    return first > p->last ? RULE_PLACE_GONE : RULE_COUNT;
}

static enum value_rule_id judge_amount(const struct check *k, const struct value_row *r)
{
    const struct indicator *i = k->series.v[r->series].i;
    if (!isfinite(r->amount))
        return RULE_NOT_FINITE;
    if (i->steps.n && (r->amount != floor(r->amount) || r->amount < 0 || r->amount >= (double)i->steps.n))
        return RULE_STEP;
    return r->amount < i->low || r->amount > i->high ? RULE_RANGE : RULE_COUNT;
}

static struct str frequency_vi(struct str frequency)
{
    static const struct {
        struct str word, vi;
    } words[] = {
        {S0("month"), S0("tháng")}, {S0("quarter"), S0("quý")}, {S0("half"), S0("6 tháng")}, {S0("year"), S0("năm")}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq(frequency, words[i].word))
            return words[i].vi;
    return S("một lần");
}

static struct str bound(struct check *k, double v, enum lang lang)
{
    return isnan(v) ? S("…") : check_number(k, v, lang);
}

static void tell_bounds(struct check *k, const struct value_row *r, const struct value_at *at)
{
    const struct indicator *i = k->series.v[r->series].i;
    CHECK_PROBLEM(k, RULE_RANGE, at, "%.*s nằm ngoài khoảng cho phép, từ %.*s đến %.*s",
                  "%.*s is out of bounds, from %.*s to %.*s", CHECK_NUMBER(r->amount),
                  ARGS(bound(k, i->low, check_lang_)), ARGS(bound(k, i->high, check_lang_)));
}

static void tell(struct check *k, const struct value_row *r, enum value_rule_id rule)
{
    struct value_problems *p = k->problems;
    if (p->errors >= VALUE_PROBLEMS) { /* counted only */
        p->errors++;
        return;
    }
    struct value_at at = check_at(k, r);
    const struct indicator *i = k->series.v[r->series].i;
    if (rule == RULE_RANGE)
        tell_bounds(k, r, &at);
    else if (rule == RULE_INDICATOR)
        VALUE_PROBLEM(k->c, p, rule, &at, "không có chỉ tiêu “%.*s” trong danh mục", "no indicator “%.*s”",
                      ARGS(at.indicator));
    else if (rule == RULE_PLACE)
        VALUE_PROBLEM(k->c, p, rule, &at, "không có địa bàn, cơ quan “%.*s”", "no area or body “%.*s”", ARGS(at.place));
    else if (rule == RULE_PERIOD)
        VALUE_PROBLEM(k->c, p, rule, &at, "kỳ này không có trong lịch (1900–2999)", "no such period in the calendar");
    else if (rule == RULE_FREQUENCY)
        value_problem_say(
            k->c, p, rule, &at,
            str_fmt(k->c->arena, "kỳ %.*s không đúng tần suất của chỉ tiêu: %.*s", ARGS(at.period),
                    ARGS(frequency_vi(i->frequency))),
            str_fmt(k->c->arena, "%.*s is no period of its frequency (%.*s)", ARGS(at.period), ARGS(i->frequency)));
    else if (rule == RULE_STEP)
        VALUE_PROBLEM(k->c, p, rule, &at, "mức của chỉ tiêu này là số nguyên từ 0 đến %zu",
                      "takes a whole number from 0 to %zu", i->steps.n - 1);
    else
        value_problem_say(k->c, p, rule, &at, value_rules[rule].about, value_rules[rule].about_en);
}

static void look_at_row(struct check *k, uint32_t n)
{
    const struct value_row *r = &k->b->rows.v[n];
    enum value_rule_id names = judge_names(k, r), amount;
    if (names != RULE_COUNT)
        tell(k, r, names);
    amount = k->series.v[r->series].i ? judge_amount(k, r) : isfinite(r->amount) ? RULE_COUNT : RULE_NOT_FINITE;
    if (amount != RULE_COUNT)
        tell(k, r, amount);
    if (names != RULE_COUNT || amount != RULE_COUNT)
        return;
    k->keys[k->n_keys++].row = n;
    const struct check_place *p = &k->places[r->place];
    if (period_first(r->period) + period_length(r->period) - 1 < p->first) {
        struct value_at at = check_at(k, r);
        VALUE_PROBLEM(k->c, k->problems, RULE_PLACE_NEW, &at,
                      "nơi này được lập sau kỳ %.*s: số phải là số tính lại theo địa giới mới",
                      "the place was formed after %.*s: the figure must be one worked out anew", ARGS(at.period));
    }
}

/* --- the order of figures --- */

static int by_number(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

/* The periods of the sound rows, each once, in order. Rows come in runs of one period, or go through all of them. */
static void list_periods(struct check *k)
{
    struct {
        int32_t *v;
        size_t n, cap;
    } seen = {0};
    size_t cap = 1024, used = 0;
    int32_t *table = NEWN(k->c->arena, int32_t, cap);
    for (size_t i = 0; i < k->n_keys; i++) {
        int32_t period = check_row(k, i)->period;
        size_t at = (uint32_t)period * 2654435761u & (cap - 1);
        while (table[at] && table[at] != period)
            at = (at + 1) & (cap - 1);
        if (table[at])
            continue;
        table[at] = period;
        *PUSH(k->c->arena, &seen) = period;
        if (2 * ++used < cap)
            continue;
        cap *= 2;
        table = NEWN(k->c->arena, int32_t, cap);
        for (size_t n = 0; n < seen.n; n++) {
            at = (uint32_t)seen.v[n] * 2654435761u & (cap - 1);
            while (table[at])
                at = (at + 1) & (cap - 1);
            table[at] = seen.v[n];
        }
    }
    if (seen.n)
        qsort(seen.v, seen.n, sizeof *seen.v, by_number);
    k->periods = seen.v;
    k->n_periods = seen.n;
}

bool check_key_of(const struct check *k, size_t series, uint32_t place, int32_t period, uint32_t source, uint64_t *ret)
{
    const int32_t *at = k->n_periods ? bsearch(&period, k->periods, k->n_periods, sizeof *k->periods, by_number) : NULL;
    if (!at)
        return false;
    *ret = (((uint64_t)series * k->b->places.n + place) * k->n_periods + (size_t)(at - k->periods)) * k->b->sources.n +
           source;
    return true;
}

static bool make_keys(struct check *k)
{
    uint64_t all = k->b->series.n;
    int32_t last = 0;
    size_t at = 0;
    if (__builtin_mul_overflow(all, k->b->places.n, &all) || __builtin_mul_overflow(all, k->n_periods, &all) ||
        __builtin_mul_overflow(all, k->b->sources.n, &all))
        return false;
    for (size_t i = 0; i < k->n_keys; i++) {
        const struct value_row *r = check_row(k, i);
        if (r->period != last) {
            const int32_t *p = bsearch(&r->period, k->periods, k->n_periods, sizeof *k->periods, by_number);
            at = (size_t)(p - k->periods);
            last = r->period;
        }
        k->keys[i].key =
            (((uint64_t)r->series * k->b->places.n + r->place) * k->n_periods + at) * k->b->sources.n + r->source;
    }
    return true;
}

/* By their keys, and rows of one key in the order of the file. */
static void sort_keys(struct check *k)
{
    enum { BITS = 11, BUCKETS = 1 << BITS };
    uint64_t max = 0;
    bool in_order = true;
    for (size_t i = 0; i < k->n_keys; i++) {
        max = k->keys[i].key > max ? k->keys[i].key : max;
        in_order &= !i || k->keys[i - 1].key <= k->keys[i].key;
    }
    if (in_order)
        return;
    struct check_key *from = k->keys, *to = NEWN(k->c->arena, struct check_key, k->n_keys);
    for (unsigned shift = 0; shift < 64 && max >> shift; shift += BITS) {
        size_t count[BUCKETS] = {0}, sum = 0;
        for (size_t i = 0; i < k->n_keys; i++)
            count[from[i].key >> shift & (BUCKETS - 1)]++;
        for (size_t i = 0; i < BUCKETS; i++) {
            size_t n = count[i];
            count[i] = sum;
            sum += n;
        }
        for (size_t i = 0; i < k->n_keys; i++)
            to[count[from[i].key >> shift & (BUCKETS - 1)]++] = from[i];
        struct check_key *other = from;
        from = to;
        to = other;
    }
    k->keys = from;
}

size_t check_find(const struct check *k, size_t series, uint32_t place, int32_t period)
{
    uint64_t key;
    if (series >= k->b->series.n || !check_key_of(k, series, place, period, 0, &key))
        return SIZE_MAX;
    size_t low = k->series.v[series].rows_from, high = k->series.v[series].rows_to;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (k->keys[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low < k->series.v[series].rows_to && k->keys[low].key < key + k->b->sources.n ? low : SIZE_MAX;
}

static void look_for_twice(struct check *k)
{
    for (size_t i = 1; i < k->n_keys; i++) {
        if (k->keys[i].key != k->keys[i - 1].key)
            continue;
        const struct value_row *r = check_row(k, i), *before = check_row(k, i - 1);
        if (k->problems->errors >= VALUE_PROBLEMS) {
            k->problems->errors++;
            continue;
        }
        struct value_at at = check_at(k, r);
        CHECK_PROBLEM(k, RULE_DUPLICATE, &at, "số liệu này đã có ở dòng %u: %.*s",
                      "the same figure as in line %u (%.*s)", before->origin, CHECK_NUMBER(before->amount));
    }
    size_t at = 0;
    for (size_t s = 0; s < k->series.n; s++) {
        k->series.v[s].rows_from = at;
        while (at < k->n_keys && check_row(k, at)->series == s)
            at++;
        k->series.v[s].rows_to = at;
    }
}

enum err value_check(struct ctx *c, const struct dictionary *d, const struct org_catalogue *catalogue,
                     const struct value_batch *b, struct value_problems *problems)
{
    struct check k = {.c = c, .d = d, .catalogue = catalogue, .b = b, .problems = problems};
    problems->changed = problems->same = 0;
    if (!b->rows.n)
        return OK;
    k.today = day_of_moment(ctx_now(c));
    k.month = month_of(k.today, 0);
    k.office = viewer_may(c, PERM_OFFICE) || viewer_may(c, PERM_ENTER);
    look_at_series(&k);
    look_at_places(&k);
    k.keys = NEWN(c->arena, struct check_key, b->rows.n);
    for (size_t i = 0; i < b->rows.n; i++)
        look_at_row(&k, (uint32_t)i);
    list_periods(&k);
    if (!make_keys(&k))
        return FAIL(c, E_LIMIT, "một lần nạp có quá nhiều tên khác nhau (too many names in one load)");
    sort_keys(&k);
    look_for_twice(&k);
    TRY(check_past(&k));
    return check_cross(&k);
}
