#include "domain/indicator/formula.h"
#include "test/test.h"

#include "base/banned.h"

#define N(list) (sizeof(list) / sizeof *(list))

static bool unit_of(void *arg, struct str code, struct str *ret)
{
    static const struct {
        struct str code, unit;
    } units[] = {
        {S0("GTTT"), S0("tỷ đồng")},
        {S0("GRDP"), S0("tỷ đồng")},
        {S0("CHI"), S0("triệu đồng")},
        {S0("DAN"), S0("người")},
        {S0("NGHIN"), S0("nghìn người")},
        {S0("NCKH"), S0("người")},
        {S0("DN"), S0("doanh nghiệp")},
        {S0("DN-S"), S0("Doanh nghiệp")},
        {S0("HTX"), S0("hợp tác xã")},
        {S0("G"), S0("%")},
        {S0("K"), S0("%/năm")},
        {S0("TL-GRDP"), S0("% GRDP")},
        {S0("TL-CHI"), S0("% chi ngân sách")},
        {S0("HS"), S0("")},
        {S0("HS2"), S0("lần")},
        {S0("DIEM"), S0("điểm")},
        {S0("KM2"), S0("km²")},
        {S0("NV"), S0("nhiệm vụ/năm")},
        {S0("TN"), S0("triệu đồng/người")},
        {S0("MAT"), S0("người/km²")},
    };
    (void)arg;
    for (size_t i = 0; i < N(units); i++)
        if (str_eq(units[i].code, code)) {
            *ret = units[i].unit;
            return true;
        }
    return false;
}

static const struct formula_units units = {unit_of, NULL};

static enum err checked(struct ctx *c, const char *text, const char *own)
{
    const struct formula *f;
    CHECK_OK(formula_parse(c, str_of(text), &f));
    return formula_check_unit(c, f, &units, str_of(own));
}

TEST(units_that_fit)
{
    static const char *const cases[][2] = {
        {"100 * GTTT / GRDP", "%"},
        {"100 * GTTT / GRDP", "% GRDP"},
        {"GTTT / GRDP * 100", "%"},
        {"GTTT / GRDP", "lần"},
        {"10^2 * GTTT / GRDP", "%"},
        {"50 * 2 * GTTT / GRDP", "lần"},
        {"1000 * GTTT / GRDP", "‰"},
        {"10000 * NCKH / DAN", "người/1 vạn dân"},
        {"10000 * NCKH / DAN", "người/vạn dân"},
        {"10 * NCKH / NGHIN", "người/1 vạn dân"},
        {"100000 * NCKH / DAN", "người/100.000 dân"},
        {"DN / DAN * 1000", "doanh nghiệp/1.000 dân"},
        {"G - (0.4 * K + 0.6 * G)", "%"},
        {"G - (HS * K + HS2 * G)", "%/năm"},
        {"100 * (G - K) / G", "%"},
        {"100 * (GRDP - year_ago(GRDP)) / year_ago(GRDP)", "%"},
        {"100 * (GRDP / year_ago(GRDP) - 1)", "%"},
        {"(GRDP / year_ago(GRDP) - 1) * 100", "%"},
        {"100 * ((GRDP / base(GRDP)) ^ (1 / 5) - 1)", "%"},
        {"GRDP * G / 100", "tỷ đồng"},
        {"GTTT + CHI / 1000", "tỷ đồng"},
        {"1000 * GTTT + CHI", "triệu đồng"},
        {"1000 * GRDP / DAN", "triệu đồng/người"},
        {"TN * DAN / 1000", "tỷ đồng"},
        {"MAT * KM2", "người"},
        {"DN + [DN-S] + 5", "doanh nghiệp"},
        {"sum(DN, children(DN), max(DN, 0))", "doanh nghiệp"},
        {"count_children(DN)", "xã"},
        {"100 * count_children(DN) / count_children(DAN)", "%"},
        {"mean(DIEM, DIEM)", "điểm"},
        {"DIEM * 0.3 + HS * 0.7", "điểm"},
        {"if(G > 10, DN, 0)", "doanh nghiệp"},
        {"coalesce([TL-GRDP], 100 * CHI / 1000 / GRDP)", "% GRDP"},
        {"[TL-GRDP] + G", "% GRDP"},
        {"sqrt(G * K)", "%"},
        {"sqrt(DN ^ 2)", "doanh nghiệp"},
        {"exp(ln(GTTT / GRDP))", ""},
        {"NV + NV", "nhiệm vụ"},
        {"round(100 * DN / [DN-S], 1)", "%"},
        {"42", "doanh nghiệp"},
        {"-abs(DN)", "doanh nghiệp"},
        {"(1 + G / 100) * GRDP", "tỷ đồng"},
    };
    for (size_t i = 0; i < N(cases); i++)
        if (checked(c, cases[i][0], cases[i][1]))
            test_failed(__FILE__, __LINE__, "%s in %s: %.*s", cases[i][0], cases[i][1], ARGS(c->error.message));
}

TEST(units_that_do_not)
{
    static const struct {
        const char *text, *own, *says;
    } cases[] = {
        {"GTTT / GRDP", "%", "nhân thêm với 100"},
        {"GTTT / GRDP", "% GRDP", "nhân thêm với 100"},
        {"100 * GTTT / CHI", "%", "nhân thêm với 1.000"},
        {"NCKH / DAN", "người/1 vạn dân", "nhân thêm với 10.000"},
        {"100 * 100 * G / G", "tỷ đồng", "chỉ tiêu có đơn vị “tỷ đồng”"},
        {"DN + HTX", "doanh nghiệp", "“doanh nghiệp” và “hợp tác xã”"},
        {"GTTT + CHI", "tỷ đồng", "“tỷ đồng” và “triệu đồng”"},
        {"G + GTTT / GRDP", "%", "“%” và “số thuần”"},
        {"[TL-GRDP] + [TL-CHI]", "%", "“% grdp” và “% chi ngân sách”"},
        {"[TL-GRDP]", "% chi ngân sách", "% grdp"},
        {"GRDP * G", "tỷ đồng", "chia thêm cho 100"},
        {"DN / DAN", "doanh nghiệp", "doanh nghiệp/người"},
        {"DN", "người", "doanh nghiệp"},
        {"if(DN > DAN, 1, 2)", "", "“doanh nghiệp” và “người”"},
        {"min(DN, DAN)", "người", "doanh nghiệp"},
        {"ln(DN)", "", "số thuần"},
        {"ln(G)", "", "số thuần"},
        {"2 ^ DN", "", "số mũ"},
        {"DN ^ 0.5", "", "số mũ"},
        {"DN ^ HS", "", "số mũ"},
        {"sqrt(DN)", "doanh nghiệp", "số mũ"},
        {"round(DN, DAN)", "doanh nghiệp", "chữ số thập phân"},
    };
    for (size_t i = 0; i < N(cases); i++) {
        enum err e = checked(c, cases[i].text, cases[i].own);
        if (e != E_INVALID || !str_has(c->error.message, str_of(cases[i].says)))
            test_failed(__FILE__, __LINE__, "%s in %s: %d %.*s", cases[i].text, cases[i].own, e,
                        ARGS(c->error.message));
    }
    CHECK_ERR(checked(c, "1 + [KHONG-CO]", ""), E_NOTFOUND);
    CHECK(str_has(c->error.message, S("“KHONG-CO”")));
    CHECK_ERR(checked(c, "1", "a/b/c/d/e/f/g/h/i/j"), E_INVALID);
}

TEST(the_unit_a_formula_gives)
{
    static const char *const cases[][2] = {
        {"GTTT", "tỷ đồng"},
        {"100 * GTTT / GRDP", "%"},
        {"GTTT / GRDP", ""},
        {"DAN / KM2", "người/km²"},
        {"1000 * GRDP / DAN", "triệu đồng/người"},
        {"7", ""},
        {"G", "%"},
        {"DN * DN", "doanh nghiệp^2"},
        {"1 / KM2", "1/km²"},
    };
    for (size_t i = 0; i < N(cases); i++) {
        const struct formula *f;
        struct str unit;
        CHECK_OK(formula_parse(c, str_of(cases[i][0]), &f));
        CHECK_OK(formula_unit(c, f, &units, &unit));
        CHECK_STR(unit, str_of(cases[i][1]));
    }
}
