/* Any text as a formula, and lines of pieces of formulas as a set. What can be parsed is written as text that parses to
 * the same formula, with the same figures, the same result and the same units; a figure is fetched once and is never
 * infinite; a figure that is missing has a reason that names what there is. A set that is put in order has each formula
 * after all that it needs. max_len=4200 */
#include "fuzz/fuzz.h"

#include "domain/indicator/formula.h"

#include <math.h>

#include "base/banned.h"

struct figures {
    uint32_t seed;
    size_t fetched;
};

/* The same for the same reference, whatever stands around it. */
static double figure(uint32_t seed, const struct formula_ref *ref, size_t at)
{
    static const double special[] = {0, -1, 1, 0.1, 1e300, -1e-300, NAN, INFINITY};
    uint32_t h = seed;
    for (size_t i = 0; i < ref->code.n; i++)
        h = (h ^ (unsigned char)ref->code.p[i]) * 16777619u;
    h = (h ^ (uint32_t)(ref->periods_back * 31 + ref->years_back * 7 + ref->base * 3 + (int)ref->mode)) * 16777619u;
    h = (h ^ (uint32_t)ref->category.n ^ (uint32_t)at) * 16777619u;
    return h % 3 == 0 ? special[h / 3 % 8] : (double)(h % 20011) / 7 - 900;
}

static enum err fetch(void *arg, const struct formula_ref *ref, size_t at, size_t n, double *ret)
{
    struct figures *k = arg;
    k->fetched++;
    for (size_t i = 0; i < n; i++)
        ret[i] = figure(k->seed, ref, at + i);
    return OK;
}

static bool unit_of(void *arg, struct str code, struct str *ret)
{
    static const struct str units[] = {S0(""), S0("%"), S0("tỷ đồng"), S0("triệu đồng/người"), S0("% GRDP"), S0("xã")};
    (void)arg;
    *ret = units[code.n ? (unsigned char)code.p[code.n - 1] % 6 : 0];
    return code.n < 12;
}

static bool same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static struct str as_text(struct ctx *c, const struct formula *f, enum formula_style style,
                          const struct formula_trace *trace)
{
    struct formula_how how = {.style = style, .lang = LANG_VI, .trace = trace};
    struct str s = formula_text(c, f, &how);
    HOLDS(s.n > 0 && str_is_utf8(s, NULL));
    return s;
}

enum { CELLS = 300 };

static void check_figures(struct ctx *c, const struct formula *f, const struct formula *again, uint32_t seed)
{
    struct figures k = {seed, 0};
    struct formula_source source = {fetch, &k};
    struct formula_trace a, b;
    HOLDS(formula_trace(c, f, &source, &a) == OK && k.fetched == formula_refs(f).n);
    HOLDS(!isinf(a.result) && isnan(a.result) == (a.why != FORMULA_KNOWN));
    struct formula_how how = {.lang = LANG_EN};
    HOLDS((formula_reason(c, f, &a, &how).n > 0) == isnan(a.result));
    HOLDS(a.why != FORMULA_MISSING || isnan(a.value[a.ref]));
    as_text(c, f, FORMULA_VALUES, &a);
    as_text(c, f, FORMULA_NAMES, NULL);
    double *cells = NEWN(c->arena, double, CELLS);
    k.fetched = 0;
    HOLDS(formula_eval(c, f, &source, CELLS, cells) == OK && k.fetched <= 2 * formula_refs(f).n);
    HOLDS(same(cells[0], a.result) && !isinf(cells[CELLS - 1]));
    if (!again)
        return;
    HOLDS(formula_trace(c, again, &source, &b) == OK);
    HOLDS(same(a.result, b.result) && a.why == b.why);
}

static const struct formula *check_one(struct ctx *c, struct str text, uint32_t seed)
{
    const struct formula *f = NULL, *again = NULL;
    enum err e = formula_parse(c, text, &f);
    HOLDS(e == OK || e == E_INVALID || e == E_LIMIT);
    if (e) {
        HOLDS(!f && c->error.message.n > 0);
        return NULL;
    }
    struct formula_refs refs = formula_refs(f);
    HOLDS(refs.n <= FORMULA_NODES);
    struct str source = as_text(c, f, FORMULA_SOURCE, NULL);
    e = formula_parse(c, source, &again);
    HOLDS(e == OK || (e == E_LIMIT && source.n > FORMULA_TEXT));
    check_figures(c, f, again, seed);
    if (!again)
        return f;
    HOLDS(str_eq(as_text(c, again, FORMULA_SOURCE, NULL), source) && formula_refs(again).n == refs.n);
    static const struct formula_units units = {unit_of, NULL};
    struct str x = S("none"), y = S("none");
    HOLDS(formula_unit(c, f, &units, &x) == formula_unit(c, again, &units, &y) && str_eq(x, y));
    e = formula_check_unit(c, f, &units, S("%"));
    HOLDS(e == OK || e == E_INVALID || e == E_NOTFOUND);
    return f;
}

/* Line i defines the indicator whose code is the i-th of these. */
static void check_set(struct ctx *c, struct str text, uint32_t seed)
{
    static const struct str codes[] = {S0("A"), S0("B"), S0("C-1"), S0("D"), S0("E"), S0("F")};
    enum { MOST = sizeof codes / sizeof *codes };
    struct formula_def defs[MOST];
    struct str rest = text, line;
    size_t n = 0, *order = NULL;
    while (n < MOST && str_cut(&rest, '\n', &line)) {
        const struct formula *f = check_one(c, line, seed);
        if (f) {
            defs[n] = (struct formula_def){codes[n], f};
            n++;
        }
    }
    enum err e = formula_order(c, defs, n, &order);
    HOLDS(e == OK || e == E_INVALID || e == E_LIMIT);
    bool done[MOST] = {false};
    for (size_t i = 0; e == OK && i < n; i++) {
        struct formula_refs refs = formula_refs(defs[order[i]].formula);
        HOLDS(!done[order[i]]);
        for (size_t j = 0; j < refs.n; j++)
            for (size_t k = 0; k < n; k++)
                HOLDS(done[k] || !str_eq(codes[k], refs.v[j].code));
        done[order[i]] = true;
    }
}

static struct str pieces_of(struct arena *a, const uint8_t *data, size_t n)
{
    static const struct str pieces[] = {
        S0("1"),        S0("0"),          S0("100"),         S0("2.5"),       S0("0.4"),
        S0("1e3"),      S0(" + "),        S0(" - "),         S0("*"),         S0(" / "),
        S0("^"),        S0("-"),          S0("("),           S0(")"),         S0("A"),
        S0("B"),        S0("[C-1]"),      S0("D"),           S0("E:nu"),      S0("[F]"),
        S0("[G:kv.1]"), S0(", "),         S0("; "),          S0("min("),      S0("max("),
        S0("sum("),     S0("mean("),      S0("sum_known("),  S0("abs("),      S0("round("),
        S0("sqrt("),    S0("ln("),        S0("exp("),        S0("if("),       S0(" < "),
        S0(" >= "),     S0(" = "),        S0("≠"),           S0("coalesce("), S0("prev("),
        S0("base("),    S0("year_ago("),  S0("\n"),          S0("children("), S0("count_children("),
        S0("×"),        S0("÷"),          S0("−"),           S0(" "),         S0("(A+1)"),
        S0("prev(B)"),  S0("if(A<B,1; "), S0("mean_known("), S0("A / B"),     S0("(2)")};
    return fuzz_compose(a, data, n, pieces, sizeof pieces / sizeof *pieces);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n < 2)
        return 0;
    struct arena arena;
    struct ctx c = fuzz_ctx(&arena);
    uint32_t seed = data[0] * 2654435761u;
    struct str text = {(const char *)data + 1, n - 1};
    if (data[0] & 1)
        check_set(&c, pieces_of(&arena, data + 1, n - 1), seed);
    else if (str_is_utf8(text, NULL))
        check_set(&c, text, seed);
    if (!(data[0] & 1) && str_is_utf8(text, NULL))
        check_one(&c, text, seed);
    arena_reset(&arena);
    return 0;
}
