#include "domain/indicator/formula.h"
#include "test/test.h"

#include <math.h>

#include "base/banned.h"

#define N(list) (sizeof(list) / sizeof *(list))

static const struct formula *parsed(struct ctx *c, const char *text)
{
    const struct formula *f = NULL;
    enum err e = formula_parse(c, str_of(text), &f);
    if (e)
        test_failed(__FILE__, __LINE__, "%s: %.*s", text, ARGS(c->error.message));
    return f;
}

static struct str source(struct ctx *c, const struct formula *f)
{
    static const struct formula_how how = {.style = FORMULA_SOURCE};
    return formula_text(c, f, &how);
}

/* Figures by what is asked for, spelled as the language spells it. */
struct figure {
    const char *ref;
    double value;
};
struct figures {
    struct ctx *c;
    const struct figure *v;
    size_t n, fetched;
};

static enum err fetch(void *arg, const struct formula_ref *ref, size_t at, size_t n, double *ret)
{
    struct figures *k = arg;
    static const char *const modes[] = {"", "children ", "count "};
    struct str name = str_fmt(k->c->arena, "%s%.*s%s%.*s%s", modes[ref->mode], ARGS(ref->code),
                              ref->category.n ? ":" : "", ARGS(ref->category), ref->base ? " base" : "");
    if (ref->periods_back)
        name = str_fmt(k->c->arena, "%.*s p%d", ARGS(name), ref->periods_back);
    if (ref->years_back)
        name = str_fmt(k->c->arena, "%.*s y%d", ARGS(name), ref->years_back);
    k->fetched++;
    for (size_t i = 0; i < n; i++) {
        ret[i] = NAN;
        for (size_t j = 0; j < k->n; j++)
            if (str_eq(name, str_of(k->v[j].ref)))
                ret[i] = k->v[j].value * (double)(at + i + 1);
    }
    return OK;
}

static struct formula_trace traced(struct ctx *c, const char *text, const struct figure *v, size_t n)
{
    struct figures k = {c, v, n, 0};
    struct formula_source s = {fetch, &k};
    struct formula_trace t = {0};
    CHECK_OK(formula_trace(c, parsed(c, text), &s, &t));
    double one = 0;
    CHECK_OK(formula_eval(c, parsed(c, text), &s, 1, &one));
    CHECK(one == t.result || (isnan(one) && isnan(t.result)));
    CHECK(isnan(t.result) == (t.why != FORMULA_KNOWN));
    return t;
}

static double value(struct ctx *c, const char *text, const struct figure *v, size_t n)
{
    return traced(c, text, v, n).result;
}

static void expect(struct ctx *c, const char *text, const struct figure *v, size_t n, double want)
{
    double got = value(c, text, v, n);
    if (!(fabs(got - want) <= 1e-12 * fmax(1, fabs(want))) && !(isnan(got) && isnan(want)))
        test_failed(__FILE__, __LINE__, "%s: got %.17g, want %.17g", text, got, want);
}

/* --- worked examples from outside ----------------------------------------------------------------------------------
 */

/* Growth accounting as the statistics office publishes it: growth of TFP = growth of output less the weighted growth of
 * capital and labour, the weights adding up to one; its contribution = that over growth of output. By hand: 8.02 - (0.4
 * * 9.5 + 0.6 * 1.2) = 8.02 - 4.52 = 3.5; 3.5 / 8.02 = 43.64 %. */
TEST(growth_accounting)
{
    static const struct figure v[] = {{"GRDP-G", 8.02}, {"VON-G", 9.5}, {"LD-G", 1.2}, {"HSK", 0.4}, {"HSL", 0.6}};
    expect(c, "[GRDP-G] - ([HSK] * [VON-G] + [HSL] * [LD-G])", v, N(v), 3.5);
    expect(c, "[GRDP-G] - (0.4*[VON-G] + 0.6*[LD-G])", v, N(v), 3.5);
    expect(c, "round(100 * ([GRDP-G] - (HSK*[VON-G] + HSL*[LD-G])) / [GRDP-G], 2)", v, N(v), 43.64);
    /* The same out of levels: 1080.2 after 1000, 2190 after 2000, 506 after 500. */
    static const struct figure levels[] = {{"GRDP", 1080.2}, {"GRDP y1", 1000}, {"VON", 2190},
                                           {"VON y1", 2000}, {"LD", 506},       {"LD y1", 500}};
    expect(
        c,
        "100 * (GRDP / year_ago(GRDP) - 1) - (0.4 * 100 * (VON / year_ago(VON) - 1) + 0.6 * 100 * (LD / year_ago(LD) "
        "- 1))",
        levels, N(levels), 8.02 - (0.4 * 9.5 + 0.6 * 1.2));
}

/* PII 2025, Huế: input 51.50, output 47.23, published index 49.37. */
TEST(composite_mean)
{
    static const struct figure v[] = {{"PII-VAO", 51.50}, {"PII-RA", 47.23}};
    CHECK(value(c, "round(([PII-VAO] + [PII-RA]) / 2, 2)", v, N(v)) == 49.37);
    CHECK(value(c, "round(mean([PII-VAO], [PII-RA]), 2)", v, N(v)) == 49.37);
    char text[NUMBER_TEXT];
    CHECK_STR(lang_number(value(c, "mean([PII-VAO]; [PII-RA])", v, N(v)), 2, LANG_VI, text), S("49,37"));
}

/* Digital economy of 2022: core 7.77 and other 4.91 are 12.67 or 12.68 % of the product (the parts are rounded). */
TEST(share_of_the_digital_economy)
{
    static const struct figure v[] = {{"KTS-LOI", 7.77}, {"KTS-KHAC", 4.91}, {"KTS-GTTT", 64668}, {"GRDP", 118440}};
    expect(c, "[KTS-LOI] + [KTS-KHAC]", v, N(v), 12.68);
    expect(c, "round(100 * [KTS-GTTT] / GRDP, 1)", v, N(v), 54.6);
}

/* --- the language ------------------------------------------------------------------------------------------------- */

TEST(arithmetic_as_everyone_reads_it)
{
    expect(c, "1 + 2 * 3", NULL, 0, 7);
    expect(c, "(1 + 2) * 3", NULL, 0, 9);
    expect(c, "10 - 3 - 2", NULL, 0, 5);
    expect(c, "100 / 10 / 2", NULL, 0, 5);
    expect(c, "100 ÷ 10 × 2 − 5", NULL, 0, 15);
    expect(c, "2 ^ 10", NULL, 0, 1024);
    expect(c, "3 * 2 ^ 2", NULL, 0, 12);
    expect(c, "2 ^ -1", NULL, 0, 0.5);
    expect(c, "-(2 ^ 2)", NULL, 0, -4);
    expect(c, "(-2) ^ 2", NULL, 0, 4);
    expect(c, "-3 + --5 - +1", NULL, 0, 1);
    expect(c, "1.5e3 + 2E+1 + 1e-1", NULL, 0, 1520.1);
}

TEST(functions)
{
    expect(c, "min(3, 1, 2) + 10 * max(3; 1; 2)", NULL, 0, 31);
    expect(c, "sum(1, 2, 3) + mean(1, 2, 6)", NULL, 0, 9);
    expect(c, "abs(-2) + sqrt(16) + ln(exp(1))", NULL, 0, 7);
    expect(c, "round(2.5) + round(-2.5) + round(2.675, 2) + round(1250, -2)", NULL, 0, 1302.68);
    expect(c, "if(1 < 2, 10, 20) + if(2 <= 1, 1, 2)", NULL, 0, 12);
    expect(c, "if(0.1 + 0.2 = 0.3, 1, 0) + if(0.1 + 0.2 > 0.3, 10, 0) + if(0.1 + 0.2 ≥ 0.3, 100, 0)", NULL, 0, 101);
    expect(c, "if(1 <> 1, 1, 2) + if(1 != 2, 10, 20) + if(1 == 1, 100, 200) + if(1 ≠ 1, 1000, 2000)", NULL, 0, 2112);
}

TEST(codes_categories_periods_and_places)
{
    static const struct figure v[] = {{"A-1.b_2", 1},         {"A-1.b_2:nu", 2},    {"GRDP", 4},
                                      {"GRDP:kv1", 8},        {"GRDP p1", 16},      {"GRDP p3", 32},
                                      {"GRDP y1", 64},        {"GRDP y2", 128},     {"GRDP base", 256},
                                      {"children GRDP", 512}, {"count GRDP", 1024}, {"children GRDP p1 y2", 2048}};
    expect(c, "[A-1.b_2] + [ A-1.b_2 : nu ] + GRDP + GRDP:kv1", v, N(v), 15);
    expect(c, "prev(GRDP) + prev(GRDP, 3) + year_ago(GRDP) + year_ago(GRDP; 2) + base(GRDP)", v, N(v), 496);
    expect(c, "prev(prev(GRDP, 2)) + prev(1 + GRDP)", v, N(v), 49);
    expect(c, "children(GRDP) + count_children(GRDP)", v, N(v), 1536);
    expect(c, "children(prev(year_ago(year_ago(GRDP)))) + year_ago(prev(children(GRDP)), 2)", v, N(v), 4096);
    expect(c, "GRDP-1", v, N(v), 3);

    struct formula_refs r = formula_refs(parsed(c, "[A] + [B] * [A] - prev([A]) + [A:nu] + prev([A])"));
    CHECK_INT((long long)r.n, 4);
    CHECK_STR(r.v[0].code, S("A"));
    CHECK_STR(r.v[1].code, S("B"));
    CHECK(r.v[2].periods_back == 1 && str_eq(r.v[3].category, S("nu")));
}

TEST(what_is_missing_stays_missing)
{
    static const struct figure v[] = {{"A", 10}, {"Z", 0}};
    static const char *const missing[] = {"A + M",
                                          "M * 0",
                                          "M ^ 0",
                                          "1 ^ M",
                                          "min(A, M)",
                                          "max(M, A)",
                                          "sum(A, M)",
                                          "mean(A, M)",
                                          "-M",
                                          "abs(M)",
                                          "round(M, 1)",
                                          "A / Z",
                                          "Z / Z",
                                          "sqrt(-A)",
                                          "ln(Z)",
                                          "Z ^ -1",
                                          "Z ^ 0",
                                          "(-A) ^ 0.5",
                                          "exp(1000)",
                                          "if(M < 1, 1, 2)",
                                          "if(A > 1, M, 1)",
                                          "coalesce(M, A / Z)",
                                          "sum_known(M, M)",
                                          "round(A, M)",
                                          "A * 1e300 * 1e300",
                                          "if(A < A / Z, 1, 2)"};
    for (size_t i = 0; i < N(missing); i++)
        expect(c, missing[i], v, N(v), NAN);
    expect(c, "coalesce(M, A / Z, A, 5)", v, N(v), 10);
    expect(c, "sum_known(M, A, 5) + mean_known(M, A, 20)", v, N(v), 30);
    expect(c, "if(A > 1, 1, M)", v, N(v), 1);
}

TEST(why_a_figure_is_missing)
{
    static const struct figure v[] = {{"A", 10}, {"Z", 0}, {"M:nu", NAN}, {"I", INFINITY}};
    static const struct {
        const char *text;
        enum formula_why why;
        const char *vi, *en;
    } cases[] = {
        {"A + 1", FORMULA_KNOWN, "", ""},
        {"A + prev(M:nu)", FORMULA_MISSING, "chưa có số liệu: M:nu (kỳ trước)", "no figure yet: M:nu (period before)"},
        {"A / (Z * 2)", FORMULA_BY_ZERO, "mẫu số bằng 0: Z × 2", "division by zero: Z × 2"},
        {"1 + Z ^ -1", FORMULA_BY_ZERO, "mẫu số bằng 0: Z", "division by zero: Z"},
        {"A + sqrt(Z - A)", FORMULA_NO_VALUE, "phép tính không có kết quả: căn bậc hai(Z − A)",
         "there is no such result: square root(Z − A)"},
        {"exp(A * 1000)", FORMULA_RANGE, "kết quả quá lớn: exp(A × 1.000)", "the result is too large: exp(A × 1,000)"},
        {"if(A > 1, children(A), M)", FORMULA_MISSING, "chưa có số liệu: tổng cấp dưới của A",
         "no figure yet: sum below of A"},
        {"A * I", FORMULA_MISSING, "chưa có số liệu: I", "no figure yet: I"},
        {"coalesce(base(M), year_ago(A, 2))", FORMULA_MISSING, "chưa có số liệu: M (số gốc)",
         "no figure yet: M (baseline)"},
    };
    for (size_t i = 0; i < N(cases); i++) {
        struct formula_trace t = traced(c, cases[i].text, v, N(v));
        CHECK_INT(t.why, cases[i].why);
        struct formula_how vi = {.lang = LANG_VI}, en = {.lang = LANG_EN};
        CHECK_STR(formula_reason(c, parsed(c, cases[i].text), &t, &vi), str_of(cases[i].vi));
        CHECK_STR(formula_reason(c, parsed(c, cases[i].text), &t, &en), str_of(cases[i].en));
    }
}

/* --- refusals ------------------------------------------------------------------------------------------------------
 */

TEST(what_cannot_be_read_is_refused_at_its_column)
{
    static const struct {
        const char *text;
        int column;
        const char *says; /* part of the message */
    } cases[] = {
        {"", 1, "dừng giữa chừng"},
        {"   ", 4, "dừng giữa chừng"},
        {"1 +", 4, "dừng giữa chừng"},
        {"1 + * 2", 5, "chờ một số"},
        {"(1 + 2", 1, "chưa đóng"},
        {"1 + 2)", 6, "thừa"},
        {"0,4 * [A]", 2, "dấu phẩy"},
        {"max(0,4 * [A], 1)", 6, "dấu phẩy"},
        {"1.234.567", 6, "hai dấu chấm"},
        {"5 [A]", 3, "chờ một phép tính"},
        {"5A", 2, "thiếu phép tính"},
        {"[A", 1, "thiếu “]”"},
        {"[]", 2, "mã chỉ tiêu"},
        {"[Mã]", 3, "chữ không dấu"},
        {"[A:]", 4, "phân tổ"},
        {"số + 1", 2, "chờ một phép tính"},
        {"“Đ” + 1", 1, "chờ một số"},
        {"Đ + [A]]", 1, "chờ một số"},
        {"1 + “A”", 5, "chờ một số"},
        {"-2 ^ 2", 1, "hai cách hiểu"},
        {"2 ^ 3 ^ 2", 3, "hai cách hiểu"},
        {"tong([A])", 1, "không có hàm này"},
        {"abs(1, 2)", 1, "quá nhiều đối số"},
        {"if(1 < 2, 3)", 1, "thiếu đối số"},
        {"if([A], 1, 2)", 7, "phép so sánh"},
        {"1 < 2", 3, "chờ một phép tính"},
        {"if(1 < 2 < 3, 1, 2)", 10, "chờ phép tính"},
        {"min + 1", 1, "sau tên hàm"},
        {"prev(5)", 1, "cần một chỉ tiêu"},
        {"prev([A], 0)", 11, "số kỳ lùi"},
        {"prev([A], [B])", 11, "số kỳ lùi"},
        {"prev(base([A]))", 1, "số gốc chỉ có một"},
        {"base(1 + year_ago([A]))", 1, "số gốc chỉ có một"},
        {"children([A] / [B])", 1, "một chỉ tiêu"},
        {"children(children([A]))", 1, "không lồng"},
        {"1 + register_count(\"doanh nghiệp\")", 5, "sổ đăng ký"},
        {"count(\"x\")", 1, "sổ đăng ký"},
        {"1e999", 1, "quá lớn"},
        {"1 # 2", 3, "chờ một phép tính"},
    };
    for (size_t i = 0; i < N(cases); i++) {
        const struct formula *f = NULL;
        enum err e = formula_parse(c, str_of(cases[i].text), &f);
        struct str where = str_fmt(c->arena, "cột %d:", cases[i].column);
        if (e != E_INVALID || f || !str_has(c->error.message, where) ||
            !str_has(c->error.message, str_of(cases[i].says)) || !str_eq(c->error.field, S("formula")))
            test_failed(__FILE__, __LINE__, "%s: %d %.*s", cases[i].text, e, ARGS(c->error.message));
    }
}

static struct str repeated(struct ctx *c, const char *before, const char *part, int n, const char *after)
{
    struct str s = str_of(before);
    for (int i = 0; i < n; i++)
        s = str_fmt(c->arena, "%.*s%s", ARGS(s), part);
    return str_fmt(c->arena, "%.*s%s", ARGS(s), after);
}

TEST(bounds)
{
    const struct formula *f;
    CHECK_ERR(formula_parse(c, repeated(c, "1", "+1", 2048, ""), &f), E_LIMIT);
    CHECK_OK(formula_parse(c, repeated(c, "1", "+1", 255, ""), &f));
    CHECK_ERR(formula_parse(c, repeated(c, "1", "+1", 256, ""), &f), E_LIMIT);
    CHECK_OK(formula_parse(
        c, repeated(c, "", "(", 63, "1)))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))"), &f));
    CHECK_ERR(formula_parse(c, repeated(c, "", "(", 64, "1"), &f), E_LIMIT);
    CHECK_ERR(formula_parse(c, repeated(c, "", "-", 4000, "1"), &f), E_LIMIT);
    CHECK_ERR(formula_parse(c, repeated(c, "", "abs(", 1000, "1"), &f), E_LIMIT);
    CHECK_ERR(formula_parse(c, repeated(c, "1", "^(1", 1000, ""), &f), E_LIMIT);
    CHECK_ERR(formula_parse(c, repeated(c, "sum(1", ", 1", 600, ")"), &f), E_LIMIT);
    CHECK_ERR(formula_parse(c, S("prev(prev([A], 1000), 1000)"), &f), E_INVALID);
}

/* --- as text ------------------------------------------------------------------------------------------------------ */

TEST(written_back_with_no_more_brackets_than_needed)
{
    static const char *const cases[][2] = {
        {"100*[KTS-GTTT]/GRDP", "100 * [KTS-GTTT] / [GRDP]"},
        {"((1+2))*3", "(1 + 2) * 3"},
        {"1-(2-3)-(4)", "1 - (2 - 3) - 4"},
        {"1/(2*3)/4", "1 / (2 * 3) / 4"},
        {"1*(2/3)", "1 * (2 / 3)"},
        {"-(1+2)*-3", "-(1 + 2) * -3"},
        {"(-1)^2+-(1^2)", "(-1)^2 + -(1^2)"},
        {"2^-1", "2^(-1)"},
        {"(2^3)^4 - 2^(3^4)", "(2^3)^4 - 2^(3^4)"},
        {"prev(A+B;2)", "prev([A], 2) + prev([B], 2)"},
        {"prev(year_ago(prev(A)))", "year_ago(prev([A], 2))"},
        {"children(base(A:nu))", "children(base([A:nu]))"},
        {"count_children(A)", "count_children([A])"},
        {"if(1==2;3;4)", "if(1 = 2, 3, 4)"},
        {"if(A≥B+1;1;0)", "if([A] >= [B] + 1, 1, 0)"},
        {"0.40 + 1e6 + 1e-7", "0.4 + 1000000 + 1e-07"},
        {"+A", "[A]"},
    };
    for (size_t i = 0; i < N(cases); i++) {
        struct str once = source(c, parsed(c, cases[i][0]));
        CHECK_STR(source(c, parsed(c, str_z(c->arena, once))), once);
        if (!str_has(once, S("1e")))
            CHECK_STR(once, str_of(cases[i][1]));
    }
}

static struct str name_of(void *arg, const struct formula_ref *ref)
{
    (void)arg;
    return str_eq(ref->code, S("KTS-GTTT")) ? S("Kinh tế số") : str_eq(ref->code, S("GRDP")) ? S("GRDP") : S("?");
}

static int places_of(void *arg, const struct formula_ref *ref)
{
    (void)arg;
    return str_eq(ref->code, S("B")) ? 2 : -1;
}

TEST(written_for_readers)
{
    static const struct figure v[] = {{"KTS-GTTT", 64668}, {"GRDP", 118440}, {"B", -3.456}};
    const char *text = "[KTS-GTTT] / GRDP * 100";
    struct formula_trace t = traced(c, text, v, N(v));
    struct formula_how how = {.style = FORMULA_VALUES, .trace = &t};
    char result[NUMBER_TEXT];
    struct str told = str_fmt(c->arena, "%.*s = %.*s", ARGS(formula_text(c, parsed(c, text), &how)),
                              ARGS(lang_number(t.result, 1, LANG_VI, result)));
    CHECK_STR(told, S("64.668 ÷ 118.440 × 100 = 54,6"));
    how = (struct formula_how){.style = FORMULA_NAMES, .name = name_of};
    CHECK_STR(formula_text(c, parsed(c, text), &how), S("Kinh tế số ÷ GRDP × 100"));
    CHECK_STR(formula_text(c, parsed(c, "100 * (GRDP - year_ago(GRDP)) / year_ago(GRDP)"), &how),
              S("100 × (GRDP − GRDP (cùng kỳ năm trước)) ÷ GRDP (cùng kỳ năm trước)"));
    how.lang = LANG_EN;
    CHECK_STR(formula_text(c, parsed(c, "if(prev(GRDP, 2) >= 1000.5, 1, count_children(GRDP))"), &how),
              S("if(GRDP (2 periods before) ≥ 1,000.5; 1; places below with GRDP)"));

    text = "GRDP + B - M / 2";
    t = traced(c, text, v, N(v));
    how = (struct formula_how){.style = FORMULA_VALUES, .places = places_of, .trace = &t};
    CHECK_STR(formula_text(c, parsed(c, text), &how), S("118.440 + (-3,46) − – ÷ 2"));
}

/* --- sets ----------------------------------------------------------------------------------------------------------
 */

static struct formula_def def(struct ctx *c, const char *code, const char *text)
{
    return (struct formula_def){str_of(code), parsed(c, text)};
}

TEST(a_set_is_put_in_order)
{
    struct formula_def defs[] = {def(c, "TFP-DG", "100 * [TFP-G] / [GRDP-G]"), def(c, "X", "[IN] + 1"),
                                 def(c, "GRDP-G", "100 * (GRDP / year_ago(GRDP) - 1)"),
                                 def(c, "TFP-G", "[GRDP-G] - (0.4 * [VON-G] + 0.6 * [LD-G])")};
    size_t *order;
    CHECK_OK(formula_order(c, defs, N(defs), &order));
    static const size_t want[] = {2, 3, 0, 1};
    for (size_t i = 0; i < N(want); i++)
        CHECK_INT((long long)order[i], (long long)want[i]);
    CHECK_OK(formula_order(c, NULL, 0, &order));
}

TEST(circles_are_named)
{
    size_t *order;
    struct formula_def two[] = {def(c, "A", "[B] + 1"), def(c, "B", "2 * [C] + [A]"), def(c, "C", "[IN]")};
    CHECK_ERR(formula_order(c, two, N(two), &order), E_INVALID);
    CHECK(str_has(c->error.message, S("A → B → A")));
    struct formula_def self[] = {def(c, "A", "1 + prev([A])")};
    CHECK_ERR(formula_order(c, self, 1, &order), E_INVALID);
    CHECK(str_has(c->error.message, S("A → A")));
    struct formula_def inner[] = {def(c, "OUT", "[P]"), def(c, "P", "children([Q])"), def(c, "Q", "[P:nu]")};
    CHECK_ERR(formula_order(c, inner, N(inner), &order), E_INVALID);
    CHECK(str_has(c->error.message, S("P → Q → P")) && !str_has(c->error.message, S("OUT")));
    struct formula_def twice[] = {def(c, "A", "[B]"), def(c, "A", "[C]")};
    CHECK_ERR(formula_order(c, twice, 2, &order), E_CONFLICT);
    CHECK(str_has(c->error.message, S("“A”")));
}

static struct formula_def *chain(struct ctx *c, int n, const char *format)
{
    struct formula_def *defs = NEWN(c->arena, struct formula_def, (size_t)n);
    for (int i = 0; i < n; i++) {
        struct str text = S("[IN]"), before = str_fmt(c->arena, "[D%d]", i - 1), rest = str_of(format), part;
        if (i) {
            text = S("");
            while (str_cut(&rest, '@', &part))
                text = str_fmt(c->arena, "%.*s%.*s%.*s", ARGS(text), ARGS(part), ARGS(rest.n ? before : S("")));
        }
        defs[i] = def(c, str_z(c->arena, str_fmt(c->arena, "D%d", i)), str_z(c->arena, text));
    }
    return defs;
}

/* Each doubles the one before: 2^63 operations if written out, 64 figures if each is kept. */
TEST(a_bomb_is_stopped_and_what_only_looks_like_one_is_not)
{
    size_t *order;
    CHECK_OK(formula_order(c, chain(c, 64, "@ + @ "), 64, &order));
    CHECK_ERR(formula_order(c, chain(c, 65, "@ + @ "), 65, &order), E_LIMIT);
    CHECK(str_has(c->error.message, S("“D64”")));
    /* With two kinds of steps back every one of them wants the square of its height in figures. */
    CHECK_OK(formula_order(c, chain(c, 16, "prev(@) + year_ago(@) "), 16, &order));
    CHECK_ERR(formula_order(c, chain(c, 64, "prev(@) + year_ago(@) + @ "), 64, &order), E_LIMIT);
    /* A fan of all that are reported is no bomb. */
    enum { MANY = 5000 };
    struct formula_def *defs = NEWN(c->arena, struct formula_def, MANY);
    for (int i = 0; i < MANY; i++)
        defs[i] = def(c, str_z(c->arena, str_fmt(c->arena, "S%d", i)), "100 * [A] / [B] + prev([A])");
    CHECK_OK(formula_order(c, defs, MANY, &order));
    CHECK_ERR(formula_order(c, defs, FORMULA_SET + 1, &order), E_LIMIT);
}

/* A chain as long as a set may be neither overflows the stack nor takes long to refuse. */
TEST(a_very_long_chain_is_refused)
{
    size_t *order;
    CHECK_ERR(formula_order(c, chain(c, 3000, "@ "), 3000, &order), E_LIMIT);
}

/* --- many cells -----------------------------------------------------------------------------------------------------
 */

TEST(many_cells_are_each_as_one)
{
    static const struct figure v[] = {{"A", 3}, {"B", 0.5}};
    enum { CELLS = 1000 };
    double *ret = NEWN(c->arena, double, CELLS);
    struct figures k = {c, v, N(v), 0};
    struct formula_source s = {fetch, &k};
    CHECK_OK(formula_eval(c, parsed(c, "if(A > 300, A / B, -A) + max(B, 2, sum_known(M, B)) ^ 2"), &s, CELLS, ret));
    for (int i = 0; i < CELLS; i++) {
        double a = 3.0 * (i + 1), b = 0.5 * (i + 1), top = fmax(b, 2);
        CHECK(fabs(ret[i] - ((a > 300 ? a / b : -a) + top * top)) < 1e-9 * (1 + fabs(ret[i])));
    }
    CHECK(k.fetched == 3 * 4);
    CHECK_OK(formula_eval(c, parsed(c, "A"), &s, 0, ret));
}

static enum err broken(void *arg, const struct formula_ref *ref, size_t at, size_t n, double *ret)
{
    (void)arg, (void)ref, (void)at, (void)n, (void)ret;
    return E_IO;
}

TEST(a_source_that_fails_is_heard)
{
    struct formula_source s = {broken, NULL};
    double v;
    struct formula_trace t;
    CHECK_ERR(formula_eval(c, parsed(c, "1 + A"), &s, 1, &v), E_IO);
    CHECK_ERR(formula_trace(c, parsed(c, "1 + A"), &s, &t), E_IO);
    CHECK_OK(formula_eval(c, parsed(c, "1 + 1"), &s, 1, &v));
    CHECK(v == 2);
}
