/* What can be wrong with a dictionary. Every problem is told with the row it was read from. */
#include "domain/indicator/dictionary.h"
#include "domain/indicator/formula.h"

#include "base/period.h"

#include <math.h>

#include "base/banned.h"

enum { NESTING_MAX = 16, PLACES_MAX = 6 };

struct check {
    struct ctx *c;
    const struct dictionary *d;
    const struct org_catalogue *orgs;
    struct row_problems *problems;
    struct row_place at;
};
#define PROBLEM(k, ...) row_problem((k)->c, (k)->problems, (k)->at.file, (k)->at.line, __VA_ARGS__)

/* Where a row was read; a row of the store, which another may have broken, by its key. */
static struct row_place place_of(const struct check *k, enum dictionary_table_id table, size_t i)
{
    struct row_place at = k->d->rows[table].places.v[i];
    if (!at.line) {
        struct str key = dictionary_key(k->c->arena, table, dictionary_row(k->d, table, i));
        at.file = str_fmt(k->c->arena, "%.*s (đã có trong kho)", ARGS(key));
    }
    return at;
}

static bool has(struct strs list, struct str s)
{
    for (size_t i = 0; i < list.n; i++)
        if (str_eq(list.v[i], s))
            return true;
    return false;
}

static bool is_body(const struct check *k, struct str code)
{
    return !k->orgs || org_unit(k->orgs, code) || org_group(k->orgs, code);
}

static void check_known(struct check *k, const char *column, struct str code)
{
    if (code.n && !dictionary_indicator(k->d, code))
        PROBLEM(k, "cột %s: không có chỉ tiêu \"%.*s\" (unknown indicator)", column, ARGS(code));
}

static bool has_dimension(const struct dictionary *d, struct str code)
{
    for (size_t i = 0; i < d->rows[DICTIONARY_DIMENSION].n; i++)
        if (str_eq(((const struct dimension *)dictionary_row(d, DICTIONARY_DIMENSION, i))->dimension, code))
            return true;
    return false;
}

static void check_numbers(struct check *k, const struct indicator *i)
{
    if (i->low >= i->high)
        PROBLEM(k, "low %g phải nhỏ hơn high %g (bounds the wrong way round)", i->low, i->high);
    if (i->jump <= 0)
        PROBLEM(k, "jump phải lớn hơn 0 (must be above 0)");
    if (i->places != I64_NONE && i->places > PLACES_MAX)
        PROBLEM(k, "places phải từ 0 đến %d (must be 0 to %d)", PLACES_MAX, PLACES_MAX);
    if (i->points < 0)
        PROBLEM(k, "points không được âm (must not be below 0)");
    if (i->steps.n == 1)
        PROBLEM(k, "steps cần ít nhất hai bước, cách nhau dấu | (two steps at least, parted by |)");
    if (i->steps_en.n && i->steps_en.n != i->steps.n)
        PROBLEM(k, "steps có %zu bước nhưng steps_en có %zu (not as many)", i->steps.n, i->steps_en.n);
}

static bool unit_of(void *arg, struct str code, struct str *ret)
{
    const struct indicator *i = dictionary_indicator(arg, code);
    if (i)
        *ret = i->unit;
    return i != NULL;
}

static bool may_be_told_apart(const struct dictionary *d, const struct indicator *i, struct str category)
{
    for (size_t n = 0; n < i->dimensions.n; n++)
        if (dictionary_category(d, i->dimensions.v[n], category))
            return true;
    return false;
}

static void check_formula(struct check *k, const struct indicator *i)
{
    const struct formula *f;
    struct error before = k->c->error;
    size_t n_before = k->problems->n;
    const struct formula_units units = {unit_of, (void *)(uintptr_t)k->d};
    if (formula_parse(k->c, i->formula, &f)) {
        PROBLEM(k, "công thức: %.*s", ARGS(k->c->error.message));
        k->c->error = before;
        return;
    }
    struct formula_refs refs = formula_refs(f);
    for (size_t n = 0; n < refs.n; n++) {
        const struct indicator *used = dictionary_indicator(k->d, refs.v[n].code);
        check_known(k, "formula", refs.v[n].code);
        if (used && refs.v[n].category.n && !may_be_told_apart(k->d, used, refs.v[n].category))
            PROBLEM(k, "công thức: chỉ tiêu \"%.*s\" không có phân tổ \"%.*s\" (no such category)", ARGS(used->code),
                    ARGS(refs.v[n].category));
    }
    if (i->steps.n)
        PROBLEM(k, "chỉ tiêu mô tả (steps) không thể có công thức (steps and a formula)");
    if (k->problems->n == n_before && formula_check_unit(k->c, f, &units, i->unit)) {
        PROBLEM(k, "công thức: %.*s", ARGS(k->c->error.message));
        k->c->error = before;
    }
}

static void check_adding_up(struct check *k, const struct indicator *i)
{
    bool weighted = str_eq(i->over_places, S("weighted"));
    check_known(k, "weight", i->weight);
    if (weighted && !i->weight.n)
        PROBLEM(k, "over_places là weighted thì cột weight phải có mã chỉ tiêu làm quyền số (weight missing)");
    if (!weighted && i->weight.n)
        PROBLEM(k, "cột weight chỉ dùng khi over_places là weighted (weight without weighted)");
    if (i->weight.n && str_eq(i->weight, i->code))
        PROBLEM(k, "chỉ tiêu không thể là quyền số của chính nó (weighted by itself)");
    if (i->provider.n && !i->tree.n)
        PROBLEM(k, "có nơi báo cáo (provider) thì phải có hệ thống (tree: " INDICATOR_TREES ") (tree missing)");
}

static void check_set(struct check *k, const struct indicator *i)
{
    const struct indicator *above = dictionary_indicator(k->d, i->parent);
    if (i->set.n && !dictionary_set(k->d, i->set))
        PROBLEM(k, "không có bộ chỉ số \"%.*s\" (unknown set)", ARGS(i->set));
    if (i->parent.n && !i->set.n)
        PROBLEM(k, "có parent thì phải có set (parent without set)");
    check_known(k, "parent", i->parent);
    if (above && !str_eq(above->set, i->set))
        PROBLEM(k, "parent \"%.*s\" thuộc bộ khác (parent in another set)", ARGS(i->parent));
    for (int level = 0; above; level++, above = dictionary_indicator(k->d, above->parent))
        if (level > NESTING_MAX) {
            PROBLEM(k, "parent dẫn về chính nó hoặc quá %d cấp (parents in a circle)", NESTING_MAX);
            break;
        }
}

static void check_indicator(struct check *k, const struct indicator *i)
{
    check_numbers(k, i);
    check_adding_up(k, i);
    check_set(k, i);
    if (i->formula.n)
        check_formula(k, i);
    for (size_t n = 0; n < i->dimensions.n; n++)
        if (!has_dimension(k->d, i->dimensions.v[n]))
            PROBLEM(k, "không có phân tổ \"%.*s\" (unknown dimension)", ARGS(i->dimensions.v[n]));
    if (i->provider.n && !is_body(k, i->provider))
        PROBLEM(k, "cột provider: không có cơ quan hoặc nhóm \"%.*s\" (unknown body)", ARGS(i->provider));
    if (i->responsible.n && !is_body(k, i->responsible))
        PROBLEM(k, "cột responsible: không có cơ quan \"%.*s\" (unknown body)", ARGS(i->responsible));
}

/* ---- goals ---- */

static bool is_year(struct str s)
{
    int64_t year;
    return s.n == 4 && str_i64(s, &year) && year >= 1900 && year <= 2999;
}

static void check_points(struct check *k, const struct goal *g)
{
    bool wanted = str_eq(g->path, S("given")) || str_eq(g->path, S("steps"));
    int64_t last = 0;
    if (wanted != (g->points.n > 0))
        PROBLEM(k, wanted ? "lộ trình given và steps cần các mốc ở cột points, ví dụ 2026=10 2027=25 (points missing)"
                          : "cột points chỉ dùng khi path là given hoặc steps (points without such a path)");
    for (size_t i = 0; i < g->points.n; i++) {
        struct str rest = g->points.v[i], year;
        int64_t y = 0;
        bool good = str_cut(&rest, '=', &year) && is_year(year) && str_i64(year, &y) && rest.n && y > last;
        for (size_t n = 0; n < rest.n; n++)
            good &=
                (rest.p[n] >= '0' && rest.p[n] <= '9') || rest.p[n] == '.' || (!n && rest.p[n] == '-' && rest.n > 1);
        if (!good)
            PROBLEM(k, "mốc \"%.*s\" phải viết NĂM=SỐ, năm tăng dần (points as YEAR=NUMBER, years rising)",
                    ARGS(g->points.v[i]));
        last = y;
    }
}

/* What is wanted stands in the plan, or here in full. */
static void check_wanted(struct check *k, const struct goal *g)
{
    bool state = str_eq(g->measure, S("state")), low = !isnan(g->low), high = !isnan(g->high);
    if (!g->comparator.n) {
        if (!g->target.n && !state)
            PROBLEM(k, "mục tiêu không thuộc kế hoạch thì phải có comparator (comparator missing)");
        if (low || high)
            PROBLEM(k, "có low hoặc high thì phải có comparator (a bound without comparator)");
        if (g->above.n)
            PROBLEM(k, "phần được giao phải tự nói cần bao nhiêu: comparator, low, high (a share without its numbers)");
        return;
    }
    bool range = str_eq(g->comparator, S("range"));
    bool below = str_eq(g->comparator, S("le")) || str_eq(g->comparator, S("lt"));
    if (low != (range || !below) || high != (range || below))
        PROBLEM(k, "ge, gt, eq cần low; le, lt cần high; range cần cả hai (bounds do not fit the comparator)");
    if (range && g->low >= g->high)
        PROBLEM(k, "low phải nhỏ hơn high (bounds the wrong way round)");
}

static void check_key(struct check *k, const struct goal *g)
{
    struct str want = g->plan.n ? str_join(k->c->arena, (const struct str[]){g->plan, g->target}, 2, S(".")) : g->key;
    if (g->plan.n && g->place.n)
        want = str_join(k->c->arena, (const struct str[]){want, g->place}, 2, S("@"));
    if (!g->plan.n != !g->target.n)
        PROBLEM(k, "plan và target phải đi cùng nhau (one without the other)");
    else if (!str_eq(g->key, want))
        PROBLEM(k, "mã mục tiêu phải là \"%.*s\" (the key must be that)", ARGS(want));
    if (!g->plan.n && !rows_is_code(g->key))
        rows_check_code(k->c, k->problems, k->at, g->key);
}

static void check_share(struct check *k, const struct goal *g)
{
    const struct goal *above = dictionary_goal_by_key(k->d, g->above);
    if (!above)
        PROBLEM(k, "cột above: không có mục tiêu \"%.*s\" (unknown goal)", ARGS(g->above));
    else if (!str_eq(above->indicator, g->indicator))
        PROBLEM(k, "mục tiêu \"%.*s\" là của chỉ tiêu khác (share of another indicator)", ARGS(g->above));
    if (!g->place.n)
        PROBLEM(k, "phần được giao phải có nơi nhận ở cột place (a share without a place)");
    for (int level = 0; above; level++, above = dictionary_goal_by_key(k->d, above->above)) {
        if (!above->above.n)
            break;
        if (level > NESTING_MAX) {
            PROBLEM(k, "above dẫn về chính nó hoặc quá %d cấp (shares in a circle)", NESTING_MAX);
            break;
        }
    }
}

static void check_goal(struct check *k, const struct goal *g)
{
    struct period period;
    check_known(k, "indicator", g->indicator);
    check_key(k, g);
    check_wanted(k, g);
    check_points(k, g);
    if (g->above.n)
        check_share(k, g);
    if (g->place.n && k->orgs && !org_unit(k->orgs, g->place) && !org_area(k->orgs, g->place))
        PROBLEM(k, "cột place: không có cơ quan hoặc địa bàn \"%.*s\" (unknown place)", ARGS(g->place));
    if (g->by.n && !is_year(g->by))
        PROBLEM(k, "cột by: \"%.*s\" không phải là năm (not a year)", ARGS(g->by));
    if (!isnan(g->baseline) && (!g->baseline_source.n || !g->baseline_period.n))
        PROBLEM(k, "số xuất phát phải có kỳ và nguồn: baseline_period, baseline_source (period or source missing)");
    if (g->baseline_period.n && (!period_parse(g->baseline_period, &period) || !period_code(period)))
        PROBLEM(k, "cột baseline_period: \"%.*s\" không phải là kỳ, ví dụ 2025 hoặc 2025-S1 (not a period)",
                ARGS(g->baseline_period));
}

/* A figure names its category alone, so no two dimensions may share one. */
static void check_categories(struct check *k)
{
    for (size_t i = 0; i < k->d->rows[DICTIONARY_DIMENSION].n; i++) {
        const struct dimension *row = dictionary_row(k->d, DICTIONARY_DIMENSION, i);
        k->at = place_of(k, DICTIONARY_DIMENSION, i);
        rows_check_code(k->c, k->problems, k->at, row->dimension);
        rows_check_code(k->c, k->problems, k->at, row->category);
        for (size_t n = 0; n < i; n++) {
            const struct dimension *other = dictionary_row(k->d, DICTIONARY_DIMENSION, n);
            if (str_eq(other->category, row->category) && !str_eq(other->dimension, row->dimension))
                PROBLEM(k, "nhóm \"%.*s\" đã có trong phân tổ \"%.*s\" (category of two dimensions)",
                        ARGS(row->category), ARGS(other->dimension));
        }
    }
}

/* A circle is told at a row of the files that is part of it. */
static void tell_circle(struct check *k)
{
    struct str message = k->c->error.message;
    const struct dictionary_rows *rows = &k->d->rows[DICTIONARY_INDICATOR];
    k->at = (struct row_place){S(""), 0};
    for (size_t i = 0; i < rows->n && !k->at.line; i++)
        if (str_has(message, ((const struct indicator *)dictionary_row(k->d, DICTIONARY_INDICATOR, i))->code))
            k->at = place_of(k, DICTIONARY_INDICATOR, i);
    PROBLEM(k, "công thức: %.*s", ARGS(message));
}

/* A figure that is weighted by another needs that one as a formula would. */
static void check_circles(struct check *k)
{
    struct ctx *c = k->c;
    struct indicators all = dictionary_indicators(k->d);
    struct formula_def *defs = NEWN(c->arena, struct formula_def, all.n + 1);
    struct error before = c->error;
    size_t n = 0, *order;
    for (size_t i = 0; i < all.n; i++) {
        const struct indicator *row = all.v[i];
        struct str text = row->formula.n ? row->formula : str_fmt(c->arena, "[%.*s]", ARGS(row->weight));
        if ((row->formula.n || row->weight.n) && !formula_parse(c, text, &defs[n].formula))
            defs[n++].code = row->code;
    }
    if (formula_order(c, defs, n, &order))
        tell_circle(k);
    c->error = before;
}

void dictionary_check(struct ctx *c, const struct dictionary *d, const struct org_catalogue *orgs,
                      struct row_problems *problems)
{
    struct check k = {c, d, orgs, problems, {S(""), 0}};
    for (size_t i = 0; i < d->rows[DICTIONARY_INDICATOR].n; i++) {
        k.at = place_of(&k, DICTIONARY_INDICATOR, i);
        check_indicator(&k, dictionary_row(d, DICTIONARY_INDICATOR, i));
    }
    check_categories(&k);
    check_circles(&k);
    for (size_t i = 0; i < d->rows[DICTIONARY_GOAL].n; i++) {
        k.at = place_of(&k, DICTIONARY_GOAL, i);
        check_goal(&k, dictionary_row(d, DICTIONARY_GOAL, i));
    }
    for (size_t i = 0; i < d->rows[DICTIONARY_LINK].n; i++) {
        k.at = place_of(&k, DICTIONARY_LINK, i);
        check_known(&k, "indicator", ((const struct indicator_link *)dictionary_row(d, DICTIONARY_LINK, i))->indicator);
    }
}

/* ---- formulas together ---- */

bool dictionary_formula_codes(struct ctx *c, struct str text, struct strs *ret)
{
    const struct formula *f;
    if (formula_parse(c, text, &f))
        return false;
    struct formula_refs refs = formula_refs(f);
    struct strs codes = {NEWN(c->arena, struct str, refs.n + 1), 0};
    for (size_t i = 0; i < refs.n; i++)
        if (!has(codes, refs.v[i].code))
            codes.v[codes.n++] = refs.v[i].code;
    *ret = codes;
    return true;
}
