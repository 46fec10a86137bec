/* Figures on the way in: what tables say, and what is told of them. */
#include "domain/access/viewer.h"
#include "domain/indicator/test_tables.h"
#include "domain/indicator/test_value.h"
#include "domain/indicator/value_load.h"
#include "domain/indicator/value_rules.h"
#include "domain/indicator/value_words.h"

#include <math.h>

#include "base/banned.h"

static struct value_load read_text(struct ctx *c, const char *text)
{
    struct value_load load = {.content = str_of(text), .name = S("a.csv")};
    c->viewer = &viewer_system;
    CHECK_OK(value_load_read(c, test_dictionary(c), test_catalogue(c), &load));
    return load;
}

static struct value_load checked(struct ctx *c, const char *text)
{
    struct value_load load = read_text(c, text);
    CHECK_OK(value_check(c, test_dictionary(c), test_catalogue(c), &load.batch, &load.problems));
    return load;
}

/* "DN:small X1 2026-Q1 12 official [source] {reason}" */
static struct str told_row(struct ctx *c, const struct value_batch *b, size_t i)
{
    const struct value_row *r = &b->rows.v[i];
    const struct value_series *s = &b->series.v[r->series];
    struct period p;
    char text[24];
    struct out o;
    CHECK(period_of_code(r->period, &p));
    out_init(&o, c->arena, 4096);
    out_fmt(&o, "%.*s%s%.*s %.*s %.*s ", ARGS(s->indicator), s->category.n ? ":" : "", ARGS(s->category),
            ARGS(b->places.v[r->place]), ARGS(period_text(p, text)));
    out_f64(&o, r->amount);
    out_put(&o, r->state & VALUE_PROVISIONAL ? S("") : S(" official"));
    if (b->sources.v[r->source].n)
        out_fmt(&o, " [%.*s]", ARGS(b->sources.v[r->source]));
    if (r->note && b->notes.v[r->note - 1].reason.n)
        out_fmt(&o, " {%.*s}", ARGS(b->notes.v[r->note - 1].reason));
    return out_str(&o);
}

static void check_rows(struct ctx *c, const struct value_load *load, const char *const *want, size_t n)
{
    for (size_t i = 0; i < n && i < load->batch.rows.n; i++)
        CHECK_STR(told_row(c, &load->batch, i), str_of(want[i]));
    CHECK_INT(load->batch.rows.n, n);
}
#define ROWS_ARE(load, ...)                                                                                            \
    check_rows(c, &(load), (const char *const[]){__VA_ARGS__},                                                         \
               sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

/* "range C5; duplicate D6" */
static void check_told(struct ctx *c, const struct value_load *load, const char *want)
{
    struct out o;
    out_init(&o, c->arena, 1 << 16);
    for (size_t i = 0; i < load->problems.n; i++) {
        const struct value_problem *p = &load->problems.v[i];
        out_fmt(&o, "%s%.*s%s%.*s", i ? "; " : "", ARGS(p->rule), p->cell.n ? " " : "", ARGS(p->cell));
        CHECK(p->message.n && p->message_en.n && str_is_utf8(p->message, NULL));
    }
    CHECK_STR(out_str(&o), str_of(want));
    CHECK_INT(load->problems.errors + load->problems.warnings, load->problems.n);
}

TEST(a_table_in_the_words_of_an_office)
{
    struct value_load load = read_text(c, "TT;Mã chỉ tiêu;Phân tổ;Địa bàn;Kỳ;Giá trị;Nguồn;Tạm tính;Lý do;Ghi chú\r\n"
                                          "1;DN;;xã Gia Một;Quý I/2026;1.234;;ước;;x\r\n"
                                          "2;DN;Nhỏ;X2;2026-Q1;12,0;Cục Thống kê;chính thức;đính chính;\r\n"
                                          "3;Doanh nghiệp số;;X3;Quý 2 năm 2026;…;;;;\r\n"
                                          "4;GRDP;;37;năm 2025;310.282,5;;không;;\r\n");
    check_told(c, &load, "read_as F2"); /* 1.234: the comma of 12,0 begins decimals */
    ROWS_ARE(load, "DN X1 2026-Q1 1234", "DN:small X2 2026-Q1 12 official [Cục Thống kê] {đính chính}",
             "GRDP 37 2025 310282.5 official");
    CHECK_INT(load.cells, 3);
    CHECK_INT(load.empty, 1);
    CHECK_INT(load.batch.rows.v[2].origin, 5);
}

TEST(what_the_caller_says_holds_where_rows_do_not_say)
{
    struct value_load load = {.content = S("indicator,place,period,value,source\nDN,X1,2026Q1,5,\nDN,X2,2026Q1,6,B\n"),
                              .name = S("a.csv"),
                              .source = S("A"),
                              .reason = S("nạp lại"),
                              .official = true};
    CHECK_OK(value_load_read(c, test_dictionary(c), test_catalogue(c), &load));
    check_told(c, &load, "");
    ROWS_ARE(load, "DN X1 2026-Q1 5 official [A] {nạp lại}", "DN X2 2026-Q1 6 official [B] {nạp lại}");
}

TEST(one_column_for_each_indicator_period_or_place)
{
    struct value_load load = read_text(c, "Biểu 01,,,\n\"Số liệu doanh nghiệp, xã\",,,\nKỳ,2026-Q1,,\nNguồn:,A,,\n"
                                          "Mã địa bàn,Tên địa bàn,DN,DN:big\nX1,Gia Một,10,2\nX2,Gia Hai,20,\n");
    check_told(c, &load, "");
    ROWS_ARE(load, "DN X1 2026-Q1 10 [A]", "DN:big X1 2026-Q1 2 [A]", "DN X2 2026-Q1 20 [A]");
    CHECK_INT(load.batch.rows.v[1].column, 4);
    load = read_text(c, "Chỉ tiêu,DN,\nĐịa bàn,2025-Q4,2026-Q1\nX1,1,2\nX2,3,-\n");
    check_told(c, &load, "");
    ROWS_ARE(load, "DN X1 2025-Q4 1", "DN X1 2026-Q1 2", "DN X2 2025-Q4 3");
    load = read_text(c, "Kỳ,2026-Q1\nMã chỉ tiêu,X1,X2\nDN,1,2\n");
    check_told(c, &load, "");
    ROWS_ARE(load, "DN X1 2026-Q1 1", "DN X2 2026-Q1 2");
}

TEST(everything_wrong_with_a_table_is_told_at_once)
{
    struct value_load load = read_text(c, "indicator,place,period,value,provisional\n"
                                          "DX,X1,2026-Q1,1,\n"     /* no such indicator */
                                          "DN,X9,2026-Q1,1,\n"     /* no such place */
                                          "DN,X1,2026-Q5,1,\n"     /* no such quarter */
                                          "DN,X1,2026-Q1,NaN,\n"   /* no number */
                                          "DN,X1,2026-Q1,1e400,\n" /* none that there is */
                                          "DN,X1,2026-Q1,5 %,\n"   /* firms are not counted in % */
                                          "DN,X1,2026-Q1,1,hmm\n"  /* neither provisional nor official */
                                          ",X1,2026-Q1,1,\n"       /* of what? */
                                          "DX,X9,31/02/2026,abc,\n");
    check_told(
        c, &load,
        "unknown_indicator A2; unknown_place B3; period C4; not_a_number D5; not_a_number D6; percent D7; word E8; "
        "missing A9; not_a_number D10; unknown_indicator A10; unknown_place B10; period C10");
    CHECK_INT(load.batch.rows.n, 0);
    CHECK_INT(load.problems.v[0].line, 2);
    CHECK(str_has(load.problems.v[4].message, S("1e400")));
    struct value_load bad = read_text(c, "indicator,place,value,màu\nDN,X1,1,đỏ\n");
    check_told(c, &bad, "heading D1; heading");
    bad = read_text(c, "một,hai\nba,bốn\n");
    check_told(c, &bad, "heading");
    bad = read_text(c, "indicator,place,period,value,\nDN,X1,2026-Q1,1,lạ\n");
    check_told(c, &bad, "cell E2");
}

TEST(a_thousand_times_is_never_guessed)
{
    /* Money with a decimal: 1.234 may be either, and nothing says which. */
    struct value_load load = read_text(c, "indicator,place,period,value\nGRDP,37,2025,310.282\n");
    check_told(c, &load, "ambiguous D2");
    CHECK_INT(load.batch.rows.n, 0);
    /* One writer in the file uses the comma, another the point. */
    load = read_text(
        c, "indicator,place,period,value\nGRDP,37,2025,310.282\nGRDP,37,2024,\"1.234,5\"\nGRDP,37,2023,\"1,234.5\"\n");
    check_told(c, &load, "ambiguous D2");
    ROWS_ARE(load, "GRDP 37 2024 1234.5", "GRDP 37 2023 1234.5");
    /* The caller knows. */
    struct value_load told = {.content = S("indicator,place,period,value\nGRDP,37,2025,310.282\n"),
                              .name = S("a.csv"),
                              .marks = NUMBER_POINT};
    CHECK_OK(value_load_read(c, test_dictionary(c), test_catalogue(c), &told));
    ROWS_ARE(told, "GRDP 37 2025 310.282");
    check_told(c, &told, "read_as D2");
    /* Points of a hundred leave one reading; so do firms, which are whole. */
    load = read_text(c, "indicator,place,period,value\nVAO,X1,2025,51.123\nDN,X1,2026-Q1,\"1,234\"\n");
    check_told(c, &load, "read_as D3; read_as D2");
    ROWS_ARE(load, "VAO X1 2025 51.123", "DN X1 2026-Q1 1234");
    CHECK(str_has(load.problems.v[0].message, S("1.234")));
}

TEST(numbers_of_a_workbook_are_taken_as_they_are)
{
    struct str head[] = {S("indicator"), S("place"), S("period"), S("value")},
               first[] = {S("GRDP"), S("37"), S("2025"), S("310.282")},
               second[] = {S("PT"), S("X1"), S("2026-05-01"), S("57%")};
    struct strs rows[] = {{head, 4}, {first, 4}, {second, 4}};
    unsigned lines[] = {1, 2, 3};
    bool none[4] = {false}, last[4] = {false, false, true, true};
    const bool *numbers[] = {none, last, last};
    struct grid grid = {.sheet = S("Trang 1"), .rows = rows, .lines = lines, .n = 3, .numbers = numbers};
    struct value_load load = {.name = S("a.xlsx")};
    CHECK_OK(value_load_grid(c, test_dictionary(c), test_catalogue(c), &grid, &load));
    check_told(c, &load, "");
    ROWS_ARE(load, "GRDP 37 2025 310.282", "PT X1 2026-05 57");
    first[3] = S("x1");
    CHECK_OK(value_load_grid(c, test_dictionary(c), test_catalogue(c), &grid, &load));
    check_told(c, &load, "not_a_number D2");
    CHECK_STR(load.problems.v[0].sheet, S("Trang 1"));
}

TEST(periods_as_people_write_them)
{
    static const char *const texts[][2] = {{"2026", "2026"},
                                           {"năm 2026", "2026"},
                                           {"Năm  2026", "2026"},
                                           {"05/2026", "2026-05"},
                                           {"5-2026", "2026-05"},
                                           {"Tháng 5/2026", "2026-05"},
                                           {"tháng 12 năm 2026", "2026-12"},
                                           {"T5/2026", "2026-05"},
                                           {"2026-05-01", "2026-05"},
                                           {"202605", "2026-05"},
                                           {"Quý III/2026", "2026-Q3"},
                                           {"quý 3 năm 2026", "2026-Q3"},
                                           {"Q3/2026", "2026-Q3"},
                                           {"2026Q3", "2026-Q3"},
                                           {"6 tháng đầu năm 2026", "2026-S1"},
                                           {"6 tháng năm 2026", "2026-S1"},
                                           {"6 tháng cuối năm 2026", "2026-S2"},
                                           {"9 tháng 2026", "2026-9M"},
                                           {"2026-01..2028-06", "2026-01..2028-06"}};
    static const char *const wrong[] = {
        "",         "2026-13", "13/2026", "quý V/2026", "31/02/2026",   "2026-05-15",  "tháng 0/2026",     "6/6/6",
        "mùa xuân", "năm 26",  "1899",    "3000",       "7 tháng 2026", "Q3 2026 nữa", "quý 3 tháng 2026", "２０２６"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct period p;
        char text[24];
        if (!period_of_code(value_period_typed(c, str_of(texts[i][0])), &p))
            test_failed(__FILE__, __LINE__, "\"%s\" is read as no period", texts[i][0]);
        CHECK_STR(period_text(p, text), str_of(texts[i][1]));
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (value_period_typed(c, str_of(wrong[i])))
            test_failed(__FILE__, __LINE__, "\"%s\" is read as a period", wrong[i]);
}

/* --- what is told of figures --- */

#define TABLE "indicator,category,place,period,value\n"

TEST(rows_that_cannot_be)
{
    /* The clock stands at 2026-07-01. */
    struct value_load load = checked(c, TABLE "TL,,X1,2026-Q1,5\n"     /* worked out */
                                              "DN,giữa,X1,2026-Q1,5\n" /* no such category */
                                              "DN,,X1,2026-05,5\n"     /* quarterly */
                                              "DN,,X1,2026-Q4,5\n"     /* not begun */
                                              "DN,,SKH,2026-Q1,5\n"    /* told for areas */
                                              "SB,,X1,2025,5\n"        /* told for bodies */
                                              "GRDP,,X1,2025,5\n"      /* of the province alone */
                                              "DN,,X0,2025-Q3,5\n"     /* merged by then */
                                              "DN,,X1,2026-Q1,-5\n"    /* fewer than none */
                                              "VAO,,X1,2025,100.5\n"
                                              "MT,,37,2026-S1,1.5\n"
                                              "MT,,37,2025-S2,3\n"
                                              "DN,,X2,2026-Q1,7\n"
                                              "DN,,X2,2026-Q1,8\n");
    check_told(
        c, &load,
        "unknown_category B3; derived E2; frequency E4; not_begun E5; wrong_place E6; wrong_place E7; wrong_place E8; "
        "place_gone E9; range E10; range E11; step E12; step E13; duplicate E15");
    CHECK(str_has(load.problems.v[12].message, S("dòng 14")));
    CHECK_STR(load.problems.v[8].period, S("2026-Q1"));
    CHECK_STR(load.problems.v[8].place, S("X1"));
    load =
        checked(c, TABLE "MT,,37,2026-S1,2\nSB,,SKH,2025,3\nGRDP,,37,2025,9.9\nDN,,X0,2025-Q2,4\nDN,,X1,2026-Q3,1\n");
    check_told(c, &load, "");
    load = checked(c, TABLE "DN,,XN,2026-Q1,9\n"); /* formed in July: a figure worked out anew */
    check_told(c, &load, "place_new E2");
    CHECK_INT(load.problems.errors, 0);
}

TEST(not_finite_is_refused_wherever_it_comes_from)
{
    struct value_batch b = test_batch(c);
    struct value_problems problems = {0};
    c->viewer = &viewer_system;
    test_add(c, &b, "DN", "", "X1", "2026-Q1", "", NAN, 0);
    test_add(c, &b, "DN", "", "X2", "2026-Q1", "", INFINITY, 0);
    test_add(c, &b, "KHONG", "", "X9", "2026-Q1", "", -INFINITY, 0);
    CHECK_OK(value_check(c, test_dictionary(c), test_catalogue(c), &b, &problems));
    CHECK_INT(problems.errors, 4);
    CHECK_STR(problems.v[0].rule, S("not_finite"));
    CHECK_ERR(value_refuse(c, S("a.csv"), &problems), E_INVALID);
    CHECK(str_has(c->error.message, S("KHONG")));
}

TEST(whoever_may_enter_for_one_body_enters_for_its_area_alone)
{
    struct viewer_body held[] = {{S("U1"), 1u << PERM_ENTER, false}};
    struct viewer v = {.account = S("lan"), .some = 1u << PERM_ENTER, .bodies = {held, 1, 1}};
    struct value_load load = read_text(c, TABLE "DN,,X1,2026-Q1,5\nDN,,X2,2026-Q1,5\nSB,,U1,2025,1\nSB,,SKH,2025,1\n");
    c->viewer = &v;
    CHECK_OK(value_check(c, test_dictionary(c), test_catalogue(c), &load.batch, &load.problems));
    check_told(c, &load, "denied E3; denied E5");
    /* The department answers for DN, so it enters it for every place; SB is not its. */
    held[0].org = S("SKH");
    load.problems = (struct value_problems){0};
    CHECK_OK(value_check(c, test_dictionary(c), test_catalogue(c), &load.batch, &load.problems));
    check_told(c, &load, "denied E4");
    c->viewer = NULL;
    load.problems = (struct value_problems){0};
    CHECK_OK(value_check(c, test_dictionary(c), test_catalogue(c), &load.batch, &load.problems));
    CHECK_INT(load.problems.errors, 4);
}

TEST(jumps_and_outliers_within_the_file)
{
    /* DN warns of a change by more than half; VAO by none, but moves by 0,1 a year until it moves by 30. */
    struct value_load load =
        checked(c, TABLE "DN,,X1,2026-Q1,100\nDN,,X1,2026-Q2,151\nDN,,X2,2026-Q1,100\nDN,,X2,2026-Q2,150\n");
    check_told(c, &load, "jump E3");
    CHECK(str_has(load.problems.v[0].message, S("51%")) && str_has(load.problems.v[0].message, S("2026-Q1")));
    load =
        checked(c, TABLE "VAO,,X1,2016,50\nVAO,,X1,2017,50.1\nVAO,,X1,2018,50.3\nVAO,,X1,2019,50.2\nVAO,,X1,2020,50.4\n"
                         "VAO,,X1,2021,50.5\nVAO,,X1,2022,50.5\nVAO,,X1,2023,50.7\nVAO,,X1,2024,80\nVAO,,X2,2024,80\n");
    check_told(c, &load, "outlier E10");
    /* The same in seven years is too short a past to judge by. */
    load = checked(c, TABLE
                   "VAO,,X1,2018,50.3\nVAO,,X1,2019,50.2\nVAO,,X1,2020,50.4\nVAO,,X1,2021,50.5\nVAO,,X1,2022,50.5\n"
                   "VAO,,X1,2023,50.7\nVAO,,X1,2024,80\n");
    check_told(c, &load, "");
}

TEST(parts_wholes_and_who_is_missing)
{
    struct value_load load =
        checked(c, TABLE "DN,,X1,2026-Q1,10\nDNS,,X1,2026-Q1,11\nDN,,X2,2026-Q1,10\nDNS,,X2,2026-Q1,10\n"
                         "DN,,X3,2026-Q1,5\n");
    check_told(c, &load, "share E3; gaps"); /* DN of three in four communes, DNS of two */
    CHECK(str_has(load.problems.v[0].message, S("TL")));
    CHECK(str_has(load.problems.v[1].message, S("còn 1 trong 4 nơi")) &&
          str_has(load.problems.v[1].message, S("Gia Bốn")));
    load = checked(c, TABLE
                   "DN,,X1,2026-Q1,10\nDN,Nhỏ,X1,2026-Q1,7\nDN,Lớn,X1,2026-Q1,4\n" /* 11 */
                   "DN,,X2,2026-Q1,12\nDN,Nhỏ,X2,2026-Q1,7\nDN,Lớn,X2,2026-Q1,4\n" /* 11: off by one is rounding */
                   "DN,,X3,2026-Q1,15\nDN,Nhỏ,X3,2026-Q1,7\nDN,Lớn,X3,2026-Q1,4\n" /* 11 */
                   "DN,,X4,2026-Q1,15\nDN,Nhỏ,X4,2026-Q1,7\n");                    /* a part alone says nothing */
    check_told(c, &load, "parts E8; gaps");
    CHECK_STR(load.problems.v[1].indicator, S("DN:big"));
}

TEST(the_page_about_figures_lists_the_rules)
{
    struct str page = test_read_file(c, "doc/values.md");
    for (size_t i = 0; i < RULE_COUNT; i++) {
        const struct value_rule *r = &value_rules[i];
        CHECK(r->rule.n && r->about.n && r->about_en.n);
        struct str row = str_fmt(c->arena, "| `%.*s` | %.*s | %.*s (%.*s) |", ARGS(r->rule), ARGS(r->severity),
                                 ARGS(r->about), ARGS(r->about_en));
        if (!str_has(page, row))
            test_failed(__FILE__, __LINE__, "not in doc/values.md: %.*s", ARGS(row));
    }
}

TEST(problems_are_counted_beyond_what_is_kept)
{
    struct out o;
    out_init(&o, c->arena, 1 << 20);
    out_put(&o, S(TABLE));
    for (int i = 0; i < 3000; i++)
        out_put(&o, S("DN,,X1,2026-Q1,-1\nDX,,X1,2026-Q1,1\n"));
    out_char(&o, 0);
    struct value_load load = checked(c, out_str(&o).p);
    CHECK_INT(load.problems.errors, 6000);
    CHECK_INT(load.problems.n, VALUE_PROBLEMS);
    CHECK_ERR(value_refuse(c, S("a.csv"), &load.problems), E_INVALID);
    CHECK(str_has(c->error.message, S("6000")));
}

/* --- against the store --- */

TEST(figures_are_compared_with_what_the_store_has)
{
    struct writer *w = test_writer(c);
    struct value_outcome outcome;
    struct value_batch b = test_batch(c);
    for (int year = 2014; year <= 2024; year++) {
        char period[8];
        snprintf(period, sizeof period, "%d", year);
        test_add(c, &b, "VAO", "", "X1", period, "", 50 + 0.1 * (year % 3), 0);
    }
    test_add(c, &b, "DN", "", "X1", "2026-Q1", "", 100, 0);
    test_add(c, &b, "DN", "", "X1", "2026-Q1", "Cục Thống kê", 90, 0);
    test_add(c, &b, "DN", "", "X2", "2026-Q1", "", 40, VALUE_PROVISIONAL);
    test_add(c, &b, "DN", "", "X3", "2026-Q1", "", 40, 0);
    CHECK_OK(test_write(w, c, &b, &outcome));
    struct value_load load = checked(c, TABLE "VAO,,X1,2025,90\nVAO,,X2,2025,90\nDN,,X1,2026-Q2,160\n"
                                              "DN,,X2,2026-Q1,30\nDNS,,X3,2026-Q1,41\n");
    check_told(c, &load, "outlier E2; jump E4; share E6");
    /* A correction of what is official needs its reason; of what is not, none; of another source, none either. */
    load = checked(
        c, "indicator,place,period,value,source,reason\nDN,X1,2026-Q1,101,,\nDN,X1,2026-Q1,91,Cục Thống kê,đính chính\n"
           "DN,X3,2026-Q1,41,Sở,\nDN,X3,2026-Q1,40,,\n");
    check_told(c, &load, "reason D2");
    CHECK(str_has(load.problems.v[0].message, S("100")));
    /* X1 to X3 have told the store; of these three two do so again, X4 has not. */
    load = checked(c, TABLE "DN,,X2,2026-Q1,41\nDN,,X3,2026-Q1,40\nDN,,X1,2026-Q1,100\n");
    check_told(c, &load, "gaps");
    CHECK(str_has(load.problems.v[0].message, S("còn 1 trong 4 nơi chưa có số: Gia Bốn")));
    load = checked(c, TABLE "DN,,X2,2026-Q1,41\nDN,,X3,2026-Q1,40\nDN,,X4,2026-Q1,100\n");
    check_told(c, &load, ""); /* X1 is in the store */
}
