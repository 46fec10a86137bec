#include "domain/indicator/outlook.h"
#include "test/test.h"

#include <math.h>

#include "base/banned.h"

#define N(list) (sizeof(list) / sizeof *(list))

static int32_t D(int year, int month, int day)
{
    int32_t ret;
    CHECK(day_from_date(year, month, day, &ret));
    return ret;
}

static int32_t year_end(int year)
{
    return D(year, 12, 31);
}

static bool near(double got, double want)
{
    return fabs(got - want) < 1e-6;
}

/* 150 enterprises by the end of 2030, out of 100 at the end of 2025. */
static struct outlook_goal goal(void)
{
    return (struct outlook_goal){.measure = OUTLOOK_LEVEL,
                                 .comparator = OUTLOOK_GE,
                                 .low = 150,
                                 .high = NAN,
                                 .by = year_end(2030),
                                 .baseline = 100,
                                 .baseline_day = year_end(2025),
                                 .unit = S("doanh nghiệp"),
                                 .unit_en = S("enterprises")};
}

static struct outlook judge_every(struct ctx *c, const struct outlook_goal *g, const struct outlook_point *p, size_t n,
                                  int every, int32_t today)
{
    struct outlook_input in = {.goal = g, .points = p, .n = n, .every = every, .today = today};
    struct outlook o;
    CHECK_OK(outlook(c, &in, &o));
    return o;
}

static struct outlook judge(struct ctx *c, const struct outlook_goal *g, const struct outlook_point *p, size_t n,
                            int32_t today)
{
    return judge_every(c, g, p, n, 12, today);
}

#define CHECK_STATUS(o, want) CHECK_STR(outlook_word((o).status), S(want))

static void check_has(struct str text, const char *part)
{
    if (!str_has(text, str_of(part)))
        test_failed(__FILE__, __LINE__, "\"%.*s\" lacks \"%s\"", ARGS(text), part);
}

/* --- the words of the issue ------------------------------------------------------------------------------------------
 */

/* By hand: 54 are left for five years, 10.8 a year; 81 two years ago, so 7.5 a year. The path from 60 (2020) to 150
 * (2030) is at 105; the nine that lack are a fifth of the 45 it has gone. Theil-Sen over (0, 60) (3, 81) (4, 88) (5,
 * 96): slopes 7 7 7 7.2 7.5 8, median 7.1; heights 60 59.7 59.6 60.5, median 59.85; at ten years 130.85. */
TEST(the_sentence_says_why)
{
    struct outlook_goal g = goal();
    g.baseline = 60;
    g.baseline_day = year_end(2020);
    struct outlook_point p[] = {{year_end(2025), 96}, {year_end(2023), 81}, {year_end(2024), 88}};
    struct outlook o = judge(c, &g, p, N(p), D(2026, 3, 1));
    CHECK_STATUS(o, "at_risk");
    CHECK_STR(o.why[LANG_VI], S("đạt 96/150 doanh nghiệp, cần 10,8/năm, hai năm qua tăng 7,5/năm; theo lộ trình, đến "
                                "31/12/2025 cần 105 doanh "
                                "nghiệp; nếu giữ xu thế, đến 31/12/2030 đạt khoảng 130,9 doanh nghiệp"));
    CHECK_STR(
        o.why[LANG_EN],
        S("at 96 of 150 enterprises, needs 10.8 a year, rose 7.5 a year over the last two years; the path asks for 105 "
          "enterprises by 2025-12-31; on this trend about 130.9 enterprises by 2030-12-31"));
    CHECK(near(o.needed, 10.8) && near(o.pace, 7.5) && o.pace_months == 24 && near(o.path, 105) &&
          near(o.forecast, 130.85));
    CHECK(o.day == year_end(2025) && o.due == year_end(2030) && o.target == 150 && o.value == 96 && !o.provisional);
    CHECK(near(o.path_today, 60 + 90 * (5 + (2 + 1.0 / 31) / 12) / 10));
    CHECK(isnan(o.chance) && isnan(o.half.low) && o.chance_text[0].n == 0);
    /* Figures of the end of 2025 are two years old at the end of 2027 and thirty days. */
    CHECK_INT(o.changes_at, D(2028, 1, 31));
}

/* --- level, out of one figure at the end of 2027: the path is at 120, a fifth of the way a year ----------------------
 */

TEST(one_figure_against_the_path)
{
    static const struct {
        double value;
        int places;
        const char *status;
    } cases[] = {
        {120, -1, "on_track"},    {125, -1, "on_track"},  {119.6, 0, "on_track"}, /* shown as 120 */
        {119.6, 1, "at_risk"},    {115, -1, "at_risk"}, /* a quarter of the 20 that the path has gone */
        {114.9, -1, "off_track"}, {100, -1, "off_track"}, {-5, -1, "off_track"},  {149.9, -1, "on_track"},
        {150, -1, "met"},         {149.6, 0, "met"},      {200, -1, "met"},
    };
    struct outlook_goal g = goal();
    for (size_t i = 0; i < N(cases); i++) {
        g.places = cases[i].places;
        struct outlook_point p = {year_end(2027), cases[i].value, false};
        struct outlook o = judge(c, &g, &p, 1, D(2028, 2, 1));
        if (!str_eq(outlook_word(o.status), str_of(cases[i].status)))
            test_failed(__FILE__, __LINE__, "%g: %.*s", cases[i].value, ARGS(outlook_word(o.status)));
        CHECK(near(o.path, 120));
    }
}

/* The slump is over: since mid-2026 one more each month, twelve a year; at the end of 2027 there are 114, six behind a
 * path that has gone 20, but by the end of 2030 there will be 150. */
TEST(behind_but_catching_up_is_at_risk)
{
    struct outlook_goal g = goal();
    struct outlook_point p[19];
    for (int i = 0; i < 19; i++)
        p[i] = (struct outlook_point){day_month_end(2026 + (5 + i) / 12, (5 + i) % 12 + 1), 96 + i, false};
    struct outlook o = judge_every(c, &g, p, N(p), 1, D(2028, 1, 10));
    CHECK_STATUS(o, "at_risk");
    CHECK(near(o.forecast, 150) && o.day == year_end(2027) && near(o.path, 120));
    CHECK(o.four_fifths.low <= o.half.low && o.half.high <= o.four_fifths.high && !isnan(o.chance));
    check_has(o.why[LANG_VI], o.chance_text[LANG_VI].p);
    /* 7.2 that will be lacking are less than 15 % of the way, 7.92 are more. */
    for (int i = 0; i < 19; i++)
        p[i].value = 114 - 0.8 * (18 - i);
    CHECK_STATUS(judge_every(c, &g, p, N(p), 1, D(2028, 1, 10)), "at_risk");
    for (int i = 0; i < 19; i++)
        p[i].value = 114 - 0.78 * (18 - i);
    CHECK_STATUS(judge_every(c, &g, p, N(p), 1, D(2028, 1, 10)), "off_track");
    /* At half the pace it will not be there: 114 + 18 = 132 lacks 18 of the 50. */
    for (int i = 0; i < 19; i++)
        p[i].value = 114 - 0.5 * (18 - i);
    o = judge_every(c, &g, p, N(p), 1, D(2028, 1, 10));
    CHECK_STATUS(o, "off_track");
    CHECK(near(o.forecast, 132));
}

/* A month after the beginning a little is a large part of the little way gone, but a small one of the whole: 2.5 of the
 * 50 may lack. The path is at 100.83. */
TEST(a_little_behind_at_the_beginning_is_at_risk)
{
    struct outlook_goal g = goal();
    g.places = 2;
    struct outlook_point p = {D(2026, 1, 31), 98.34, false};
    CHECK_STATUS(judge_every(c, &g, &p, 1, 1, D(2026, 2, 10)), "at_risk");
    p.value = 98.33;
    CHECK_STATUS(judge_every(c, &g, &p, 1, 1, D(2026, 2, 10)), "off_track");
}

TEST(few_figures_give_no_forecast)
{
    struct outlook_goal g = goal();
    struct outlook_point p[] = {{year_end(2026), 110}, {year_end(2027), 121}, {year_end(2028), 131}};
    struct outlook one = judge(c, &g, p, 1, D(2027, 1, 5)), three = judge(c, &g, p, 2, D(2028, 1, 5));
    CHECK(isnan(one.forecast) && !str_has(one.why[LANG_VI], S("xu thế")));
    CHECK(!isnan(three.forecast) && isnan(three.chance) && isnan(three.four_fifths.low));
    CHECK_STATUS(three, "on_track");
}

/* --- reached, and after the deadline ---------------------------------------------------------------------------------
 */

TEST(reached_before_the_deadline)
{
    struct outlook_goal g = goal();
    struct outlook_point up[] = {{year_end(2026), 130}, {year_end(2027), 156}};
    struct outlook o = judge(c, &g, up, N(up), D(2028, 2, 1));
    CHECK_STATUS(o, "met");
    CHECK_STR(o.why[LANG_VI], S("đã đạt 156/150 doanh nghiệp, hai năm qua tăng 28/năm"));
    /* 180, 170, 160: ten fewer each year; three years on it is 130. */
    struct outlook_point down[] = {{year_end(2025), 180}, {year_end(2026), 170}, {year_end(2027), 160}};
    o = judge(c, &g, down, N(down), D(2028, 2, 1));
    CHECK_STATUS(o, "at_risk");
    CHECK_STR(o.why[LANG_VI],
              S("đã đạt 160/150 doanh nghiệp, hai năm qua giảm 10/năm; nếu giữ xu thế, đến 31/12/2030 đạt khoảng "
                "130 doanh nghiệp"));
    /* Falling, but not so fast: 153 is left. */
    struct outlook_point slow[] = {{year_end(2025), 160}, {year_end(2026), 159}, {year_end(2027), 158}};
    CHECK_STATUS(judge(c, &g, slow, N(slow), D(2028, 2, 1)), "met");
    /* Ahead of the path, but on its way down and away from the goal. */
    struct outlook_point ahead[] = {{year_end(2025), 140}, {year_end(2026), 135}, {year_end(2027), 130}};
    CHECK_STATUS(judge(c, &g, ahead, N(ahead), D(2028, 2, 1)), "at_risk");
}

TEST(after_the_deadline)
{
    struct outlook_goal g = goal();
    struct outlook_point p[] = {{year_end(2029), 138}, {year_end(2030), 150}, {year_end(2031), 149}};
    struct outlook o = judge(c, &g, p, 2, D(2031, 2, 1));
    CHECK_STATUS(o, "met");
    check_has(o.why[LANG_VI], "đạt 150/150 doanh nghiệp, đúng hạn 31/12/2030");
    CHECK_INT(o.changes_at, DAY_NONE);
    CHECK_STATUS(judge(c, &g, p, 3, D(2040, 1, 1)), "met"); /* it was reached by the day */
    p[1].value = 149;
    o = judge(c, &g, p, 2, D(2031, 2, 1));
    CHECK_STATUS(o, "off_track");
    CHECK_STR(o.why[LANG_VI], S("đạt 149/150 doanh nghiệp, hết hạn 31/12/2030 chưa đạt"));
    CHECK(isnan(o.needed) && isnan(o.forecast));
    p[2].value = 151;
    o = judge(c, &g, p, 3, D(2032, 2, 1));
    CHECK_STATUS(o, "met");
    CHECK_STR(o.why[LANG_VI], S("đạt 151/150 doanh nghiệp, đạt sau hạn 31/12/2030"));
    /* The deadline's figure is awaited for thirty days, then missed. */
    o = judge(c, &g, p, 1, D(2031, 1, 30)); /* 138 against 140 */
    CHECK_STATUS(o, "at_risk");
    CHECK_INT(o.changes_at, D(2031, 1, 31));
    o = judge(c, &g, p, 1, D(2031, 1, 31));
    CHECK_STATUS(o, "stale");
    check_has(o.why[LANG_VI], "đã quá hạn 31/12/2030 mà chưa có số liệu đến hạn");
}

TEST(nothing_and_nothing_new)
{
    struct outlook_goal g = goal();
    struct outlook o = judge(c, &g, NULL, 0, D(2026, 7, 1));
    CHECK_STATUS(o, "no_data");
    CHECK_STR(o.why[LANG_VI], S("chưa có số liệu, mục tiêu 150 doanh nghiệp đến 31/12/2030"));
    CHECK_STR(o.why[LANG_EN], S("no figure yet, goal 150 enterprises by 2030-12-31"));
    CHECK_INT(o.changes_at, D(2031, 1, 1));
    check_has(judge(c, &g, NULL, 0, D(2031, 1, 1)).why[LANG_VI], "đã quá hạn 31/12/2030");
    struct outlook_point gone[] = {{year_end(2026), NAN}, {DAY_NONE, 3}, {year_end(2026), INFINITY}};
    CHECK_STATUS(judge(c, &g, gone, N(gone), D(2027, 7, 1)), "no_data");

    /* Monthly figures: the last of March, so April and May and thirty days pass. */
    struct outlook_point p[] = {{D(2026, 3, 31), 103, true}};
    o = judge_every(c, &g, p, 1, 1, D(2026, 6, 30));
    CHECK_STATUS(o, "on_track");
    CHECK(o.provisional);
    check_has(o.why[LANG_VI], "đạt 103/150 doanh nghiệp (số tạm tính)");
    CHECK_INT(o.changes_at, D(2026, 7, 1));
    o = judge_every(c, &g, p, 1, 1, D(2026, 7, 1));
    CHECK_STATUS(o, "stale");
    CHECK_STR(o.why[LANG_VI],
              S("số liệu gần nhất 31/03/2026: 103 doanh nghiệp (số tạm tính), mục tiêu 150 doanh nghiệp; quá 2 kỳ "
                "chưa có số liệu mới"));
    CHECK_STATUS(judge_every(c, &g, p, 1, 0, D(2029, 7, 1)), "on_track"); /* no rhythm */
}

TEST(the_official_figure_of_a_day_counts)
{
    struct outlook_goal g = goal();
    struct outlook_point p[] = {{year_end(2026), 112, false}, {year_end(2026), 90, true}, {year_end(2025), 100, true}};
    struct outlook o = judge(c, &g, p, N(p), D(2027, 2, 1));
    CHECK(o.value == 112 && !o.provisional);
    p[0].provisional = true; /* both provisional: the latter */
    CHECK(judge(c, &g, p, N(p), D(2027, 2, 1)).value == 90);
}

/* --- no baseline
 * ------------------------------------------------------------------------------------------------------ */

/* 100, 112, 124 to the end of 2027; three years on 160. At 9 a year it would be 145: five lack, within 15 % of 150. At
 * 2 it would be 124 or so. */
TEST(without_a_baseline_the_line_judges)
{
    static const struct {
        double step;
        const char *status;
    } cases[] = {{12, "on_track"}, {9, "at_risk"}, {2, "off_track"}, {-1, "off_track"}};
    struct outlook_goal g = goal();
    g.baseline = NAN;
    g.baseline_day = DAY_NONE;
    for (size_t i = 0; i < N(cases); i++) {
        struct outlook_point p[] = {
            {year_end(2025), 118 - 2 * cases[i].step}, {year_end(2026), 118 - cases[i].step}, {year_end(2027), 118}};
        struct outlook o = judge(c, &g, p, N(p), D(2028, 2, 1));
        CHECK_STR(outlook_word(o.status), str_of(cases[i].status));
        check_has(o.why[LANG_VI], "chưa có số gốc");
        CHECK(o.no_baseline && isnan(o.path) && near(o.forecast, 118 + 3 * cases[i].step));
    }
    struct outlook_point two[] = {{year_end(2026), 90}, {year_end(2027), 118}};
    struct outlook o = judge(c, &g, two, N(two), D(2028, 2, 1));
    CHECK_STATUS(o, "no_data");
    CHECK_STR(o.why[LANG_VI],
              S("đạt 118/150 doanh nghiệp; chưa có số gốc nên không có lộ trình; mới có 2 số liệu, cần ít nhất 3 "
                "để đánh giá"));
    two[1].value = 150;
    CHECK_STATUS(judge(c, &g, two, N(two), D(2028, 2, 1)), "met");
}

/* --- comparators
 * ------------------------------------------------------------------------------------------------------ */

static struct outlook percent(struct ctx *c, enum outlook_comparator comparator, double low, double high,
                              double baseline, double value, bool band)
{
    struct outlook_goal g = goal();
    g.comparator = comparator;
    g.low = low;
    g.high = high;
    g.baseline = baseline;
    g.band = band;
    g.unit = S("% GRDP");
    g.unit_en = S("");
    g.places = 1;
    struct outlook_point p = {year_end(2027), value, false};
    return judge(c, &g, &p, 1, D(2028, 2, 1));
}

TEST(comparators)
{
    CHECK_STATUS(percent(c, OUTLOOK_GT, 57, NAN, 40, 57, false), "on_track");
    CHECK_STATUS(percent(c, OUTLOOK_GT, 57, NAN, 40, 57.1, false), "met");
    CHECK_STATUS(percent(c, OUTLOOK_LE, NAN, 20, 30, 20, false), "met");
    CHECK_STATUS(percent(c, OUTLOOK_LE, NAN, 20, 30, 26, false), "on_track");
    CHECK_STATUS(percent(c, OUTLOOK_LE, NAN, 20, 30, 27, false), "at_risk");
    CHECK_STATUS(percent(c, OUTLOOK_LE, NAN, 20, 30, 28, false), "off_track");
    CHECK_STATUS(percent(c, OUTLOOK_LT, NAN, 20, 30, 20, false), "on_track");
    CHECK_STATUS(percent(c, OUTLOOK_LT, NAN, 20, 30, 19.9, false), "met");
    /* "giảm từ 30 % xuống còn 20 %": equal means down to it, because it comes from above. */
    CHECK_STATUS(percent(c, OUTLOOK_EQ, 20, NAN, 30, 19, false), "met");
    CHECK_STATUS(percent(c, OUTLOOK_EQ, 20, NAN, 30, 21, false), "on_track");
    CHECK_STATUS(percent(c, OUTLOOK_EQ, 40, NAN, 30, 41, false), "met");
    /* 30 to 35 % of the product: 36 is as good, unless the band binds. */
    CHECK_STATUS(percent(c, OUTLOOK_RANGE, 30, 35, 10, 32, false), "met");
    CHECK_STATUS(percent(c, OUTLOOK_RANGE, 30, 35, 10, 36, false), "met");
    CHECK_STATUS(percent(c, OUTLOOK_RANGE, 30, 35, 10, 32, true), "met");
    CHECK_STATUS(percent(c, OUTLOOK_RANGE, 30, 35, 10, 36, true), "at_risk");
    CHECK_STATUS(percent(c, OUTLOOK_RANGE, 30, 35, 10, 18, false), "on_track");
    CHECK_STATUS(percent(c, OUTLOOK_RANGE, 30, 35, 10, 12, false), "off_track");

    CHECK_STR(percent(c, OUTLOOK_GT, 57, NAN, 40, 46.8, false).why[LANG_VI],
              S("đạt 46,8 % GRDP, mục tiêu trên 57 % GRDP, cần tăng 3,4 điểm %/năm, hai năm qua tăng 3,4 điểm %/năm; "
                "theo lộ trình, "
                "đến 31/12/2027 cần 46,8 % GRDP"));
    check_has(percent(c, OUTLOOK_RANGE, 30, 35, 10, 18, false).why[LANG_VI], "đạt 18 % GRDP, mục tiêu 30–35 % GRDP");
    check_has(percent(c, OUTLOOK_RANGE, 30, 35, 10, 36, true).why[LANG_VI], "đã ra ngoài khoảng");
    check_has(percent(c, OUTLOOK_LE, NAN, 20, 30, 27, false).why[LANG_VI],
              "hiện 27 % GRDP, mục tiêu không quá 20 % GRDP, cần giảm 2,3 điểm %/năm, hai năm qua giảm 1,5 điểm %/năm");
    check_has(percent(c, OUTLOOK_LE, NAN, 20, 30, 27, false).why[LANG_EN],
              "at 27 % GRDP, goal at most 20 % GRDP, needs to fall 2.3 points a year, fell 1.5 points a year");
}

/* --- paths
 * -------------------------------------------------------------------------------------------------------------- */

TEST(paths)
{
    struct outlook_goal g = goal();
    CHECK(near(outlook_path_at(&g, year_end(2025)), 100) && near(outlook_path_at(&g, year_end(2020)), 100));
    CHECK(near(outlook_path_at(&g, D(2026, 6, 30)), 105) && near(outlook_path_at(&g, year_end(2030)), 150));
    CHECK(near(outlook_path_at(&g, year_end(2035)), 150));
    /* From 100 to 400 in two years doubles each year. */
    g.path = OUTLOOK_COMPOUND;
    g.low = 400;
    g.by = year_end(2027);
    CHECK(near(outlook_path_at(&g, year_end(2026)), 200) && near(outlook_path_at(&g, D(2027, 6, 30)), 200 * sqrt(2)));

    static const int years[] = {2026, 2027, 2029};
    struct outlook_step steps[3];
    for (int i = 0; i < 3; i++)
        steps[i] = (struct outlook_step){year_end(years[i]), 110 + 10 * i};
    g = goal();
    g.steps = steps;
    g.n_steps = 3;
    g.path = OUTLOOK_GIVEN; /* 100, 110, 120, (125), 130, 150 at the ends of 2025 to 2030 */
    CHECK(near(outlook_path_at(&g, D(2026, 6, 30)), 105) && near(outlook_path_at(&g, year_end(2028)), 125));
    CHECK(near(outlook_path_at(&g, D(2030, 6, 30)), 140) && near(outlook_path_at(&g, year_end(2030)), 150));
    g.path = OUTLOOK_STEPS;
    CHECK(near(outlook_path_at(&g, D(2026, 12, 30)), 100) && near(outlook_path_at(&g, year_end(2026)), 110));
    CHECK(near(outlook_path_at(&g, year_end(2028)), 120) && near(outlook_path_at(&g, D(2030, 12, 30)), 130));
    CHECK(near(outlook_path_at(&g, year_end(2030)), 150));
    g.baseline = NAN;
    CHECK(isnan(outlook_path_at(&g, D(2026, 6, 30))) && near(outlook_path_at(&g, year_end(2027)), 120));
    g.path = OUTLOOK_GIVEN;
    CHECK(isnan(outlook_path_at(&g, D(2026, 6, 30))) && near(outlook_path_at(&g, year_end(2028)), 125));
    g.path = OUTLOOK_NO_PATH;
    CHECK(isnan(outlook_path_at(&g, year_end(2027))));
}

/* A path given steep at its end: 104 at the end of 2027 is what it asks, though a line would never get to 150. */
TEST(a_given_path_is_not_judged_by_a_line)
{
    struct outlook_goal g = goal();
    struct outlook_step steps[] = {{year_end(2027), 104}, {year_end(2029), 120}};
    g.path = OUTLOOK_GIVEN;
    g.steps = steps;
    g.n_steps = 2;
    struct outlook_point p[] = {{year_end(2026), 102}, {year_end(2027), 104}};
    CHECK_STATUS(judge(c, &g, p, 2, D(2028, 2, 1)), "on_track");
    p[1].value = 103;
    CHECK_STATUS(judge(c, &g, p, 2, D(2028, 2, 1)), "at_risk");
    p[1].value = 101;
    CHECK_STATUS(judge(c, &g, p, 2, D(2028, 2, 1)), "off_track");
}

/* A doubling each year is foreseen by a doubling, not by a line: 100, 200, 400 lead to 3200 three years on. */
TEST(a_compound_path_has_a_compound_forecast)
{
    struct outlook_goal g = goal();
    g.path = OUTLOOK_COMPOUND;
    g.low = 3200;
    struct outlook_point p[] = {{year_end(2026), 200}, {year_end(2027), 400}};
    struct outlook o = judge(c, &g, p, 2, D(2028, 2, 1));
    CHECK_STATUS(o, "on_track");
    CHECK(o.log_trend && near(o.forecast, 3200) && near(o.path, 400));
}

/* --- each year
 * --------------------------------------------------------------------------------------------------------- */

static struct outlook_goal yearly(void)
{
    struct outlook_goal g = goal();
    g.low = 50;
    g.per_year = true;
    g.unit = S("nhiệm vụ");
    g.unit_en = S("tasks");
    g.baseline = NAN;
    g.baseline_day = DAY_NONE;
    return g;
}

TEST(a_goal_for_each_year_is_judged_within_the_year)
{
    struct outlook_goal g = yearly();
    struct outlook_point p[] = {
        {D(2025, 12, 31), 40}, {D(2026, 3, 31), 15}, {D(2026, 6, 30), 16}, {D(2026, 9, 30), 25}, {D(2026, 12, 31), 1}};
    struct outlook o = judge_every(c, &g, p, 3, 3, D(2026, 7, 10));
    CHECK_STATUS(o, "on_track");
    CHECK_STR(o.why[LANG_VI], S("năm nay 31/50 nhiệm vụ, cùng kỳ cần 25"));
    CHECK_STR(o.why[LANG_EN], S("31 of 50 tasks this year, 25 needed by 2026-06-30"));
    CHECK(near(o.path, 25) && near(o.forecast, 62) && near(o.needed, 38) && o.due == year_end(2026));
    CHECK_STATUS(judge_every(c, &g, p, 2, 3, D(2026, 4, 10)), "on_track");
    o = judge_every(c, &g, p, 4, 3, D(2026, 10, 10));
    CHECK_STATUS(o, "met");
    CHECK_STR(o.why[LANG_VI], S("năm nay 56/50 nhiệm vụ, đã đủ mục tiêu năm"));
    o = judge_every(c, &g, p, 5, 3, D(2027, 1, 10));
    CHECK_STATUS(o, "met");
    CHECK_STR(o.why[LANG_VI], S("năm 2026: 57/50 nhiệm vụ, đạt mục tiêu năm"));
    /* 40 of 50 in 2025, of which all is known. */
    o = judge_every(c, &g, p, 1, 12, D(2026, 3, 1));
    CHECK_STATUS(o, "off_track");
    CHECK_STR(o.why[LANG_VI], S("năm 2025: 40/50 nhiệm vụ, không đạt mục tiêu năm"));
    /* 20 or 18 against 25: a fifth, and more than a quarter. */
    struct outlook_point low[] = {{D(2026, 3, 31), 10}, {D(2026, 6, 30), 10}};
    CHECK_STATUS(judge_every(c, &g, low, 2, 3, D(2026, 7, 10)), "at_risk");
    low[1].value = 8;
    CHECK_STATUS(judge_every(c, &g, low, 2, 3, D(2026, 7, 10)), "off_track");
}

TEST(other_goals_of_a_year)
{
    struct outlook_goal g = yearly();
    struct outlook_step years[] = {{year_end(2026), 60}, {year_end(2027), 80}};
    struct outlook_point half = {D(2026, 6, 30), 30, false};
    g.path = OUTLOOK_GIVEN;
    g.steps = years;
    g.n_steps = 2;
    struct outlook o = judge_every(c, &g, &half, 1, 6, D(2026, 7, 10));
    CHECK_STATUS(o, "on_track");
    CHECK(o.target == 60 && near(o.path, 30));

    /* At most 50 accidents a year: 24 by June is within, 30 is not, 51 cannot be made good. */
    static const struct {
        double value;
        const char *status;
    } most[] = {{24, "on_track"}, {25, "on_track"}, {30, "at_risk"}, {40, "off_track"}, {51, "off_track"}};
    g = yearly();
    g.comparator = OUTLOOK_LE;
    g.high = 50;
    g.low = NAN;
    for (size_t i = 0; i < N(most); i++) {
        half.value = most[i].value;
        CHECK_STR(outlook_word(judge_every(c, &g, &half, 1, 6, D(2026, 7, 10)).status), str_of(most[i].status));
    }
    half = (struct outlook_point){year_end(2026), 50, false};
    CHECK_STATUS(judge_every(c, &g, &half, 1, 12, D(2027, 1, 10)), "met");

    /* 95 % each year, the last figure standing for it. */
    static const struct {
        double value;
        const char *status;
    } last[] = {{96, "on_track"}, {95, "on_track"}, {90, "at_risk"}, {70, "off_track"}};
    g = yearly();
    g.low = 95;
    g.over = OUTLOOK_LAST;
    g.unit = S("%");
    for (size_t i = 0; i < N(last); i++) {
        struct outlook_point p[] = {{D(2026, 3, 31), 10}, {D(2026, 6, 30), last[i].value}};
        o = judge_every(c, &g, p, 2, 3, D(2026, 7, 10));
        CHECK_STR(outlook_word(o.status), str_of(last[i].status));
    }
    check_has(o.why[LANG_VI], "năm nay 70 %, mục tiêu 95 %, tính đến 30/06/2026");
    g.over = OUTLOOK_MEAN;
    struct outlook_point mean[] = {{D(2026, 6, 30), 90}, {D(2026, 12, 31), 100}};
    o = judge_every(c, &g, mean, 2, 6, D(2027, 1, 10));
    CHECK_STATUS(o, "met");
    CHECK(o.value == 95);
}

/* The year's figure so far, given for the year as a whole: on July 1 half and a day of it is gone; when the year is
 * over, so is the goal. */
TEST(a_figure_of_a_year_not_over_tells_how_far_it_is)
{
    struct outlook_goal g = yearly();
    struct outlook_point p = {year_end(2026), 31, false};
    struct outlook o = judge_every(c, &g, &p, 1, 12, D(2026, 6, 30));
    CHECK_STATUS(o, "on_track");
    CHECK_STR(o.why[LANG_VI], S("năm nay 31/50 nhiệm vụ, cùng kỳ cần 25"));
    CHECK_INT(o.changes_at, D(2026, 7, 1));
    o = judge_every(c, &g, &p, 1, 12, D(2027, 1, 1));
    CHECK_STATUS(o, "off_track");
    /* 106 for the end of 2026 is told in June, when the path wants 105. */
    g = goal();
    p.value = 106;
    o = judge_every(c, &g, &p, 1, 12, D(2026, 6, 30));
    CHECK_STATUS(o, "on_track");
    CHECK(near(o.path, 105) && o.day == D(2026, 6, 30));
    CHECK_STATUS(judge_every(c, &g, &p, 1, 12, D(2027, 1, 1)), "off_track");
}

/* A year that lacks its end is awaited, then stale; a year long past is stale as well. */
TEST(a_year_left_open_is_stale)
{
    struct outlook_goal g = yearly();
    struct outlook_point p[] = {{D(2026, 9, 30), 40}, {D(2026, 12, 31), 11}};
    CHECK_STATUS(judge_every(c, &g, p, 1, 3, D(2027, 1, 30)), "on_track");
    CHECK_STATUS(judge_every(c, &g, p, 1, 3, D(2027, 1, 31)), "stale");
    CHECK_STATUS(judge_every(c, &g, p, 2, 3, D(2027, 7, 30)), "met");
    CHECK_STATUS(judge_every(c, &g, p, 2, 3, D(2027, 7, 31)), "stale");
}

/* --- growth
 * ------------------------------------------------------------------------------------------------------------ */

/* 1000 at the end of 2025, to grow by 10 % a year: 1610.51 at the end of 2030. 1188 after two years is 8.995 % a year,
 * and asks for the third root of 1610.51 / 1188 = 1.35565 after that: 10.675 %. */
TEST(growth_out_of_levels)
{
    struct outlook_goal g = goal();
    g.measure = OUTLOOK_GROWTH;
    g.comparator = OUTLOOK_EQ;
    g.low = 10;
    g.baseline = 1000;
    g.unit = S("%");
    g.places = 2;
    struct outlook_point p[] = {{year_end(2026), 1100}, {year_end(2027), 1188}};
    struct outlook o = judge(c, &g, p, 1, D(2027, 2, 1));
    CHECK_STATUS(o, "on_track");
    CHECK(near(o.value, 10) && near(o.path, 10) && near(outlook_path_at(&g, year_end(2027)), 1210));
    o = judge(c, &g, p, 2, D(2028, 2, 1));
    CHECK_STATUS(o, "at_risk");
    CHECK(fabs(o.value - 8.9954) < 1e-4 && fabs(o.needed - 10.675) < 2e-3 && near(o.pace, 8));
    CHECK_STR(o.why[LANG_VI],
              S("bình quân tăng 9 %/năm, mục tiêu 10 %/năm, riêng năm qua tăng 8 %; từ nay đến 31/12/2030 cần tăng "
                "10,67 %/năm"));
    p[1].value = 1100;
    CHECK_STATUS(judge(c, &g, p, 2, D(2028, 2, 1)), "off_track"); /* 4.9 */
    struct outlook_point last[] = {{year_end(2029), 1400}, {year_end(2030), 1610.51}};
    CHECK_STATUS(judge(c, &g, last, 2, D(2031, 2, 1)), "met");
    last[1].value = 1610; /* 9.993 a year */
    CHECK_STATUS(judge(c, &g, last, 2, D(2031, 2, 1)), "off_track");
    g.places = 1;
    CHECK_STATUS(judge(c, &g, last, 2, D(2031, 2, 1)), "met");
}

TEST(growth_without_a_year_to_compare)
{
    struct outlook_goal g = goal();
    g.measure = OUTLOOK_GROWTH;
    g.low = 8;
    g.baseline = NAN;
    g.baseline_day = DAY_NONE;
    struct outlook_point p[] = {{D(2026, 6, 30), 90}, {D(2026, 12, 31), 100}, {D(2027, 6, 30), 99}};
    CHECK_STATUS(judge_every(c, &g, p, 2, 6, D(2027, 2, 1)), "no_data");
    struct outlook o = judge_every(c, &g, p, 3, 6, D(2027, 7, 10)); /* 99 after 90 */
    CHECK_STATUS(o, "on_track");
    CHECK(near(o.value, 10) && o.no_baseline);
    check_has(o.why[LANG_VI], "năm qua tăng 10 %, mục tiêu 8 %/năm");
}

TEST(growth_given_as_rates)
{
    static const struct {
        double value;
        const char *status;
    } cases[] = {{10.4, "on_track"}, {10, "on_track"}, {8.2, "at_risk"}, {7, "off_track"}, {-3, "off_track"}};
    struct outlook_goal g = goal();
    g.measure = OUTLOOK_GROWTH;
    g.rates = true;
    g.low = 10;
    g.places = 1;
    for (size_t i = 0; i < N(cases); i++) {
        struct outlook_point p = {year_end(2026), cases[i].value, false};
        struct outlook o = judge(c, &g, &p, 1, D(2027, 2, 1));
        CHECK_STR(outlook_word(o.status), str_of(cases[i].status));
        if (i == 2)
            CHECK_STR(o.why[LANG_VI], S("năm 2026 tăng 8,2 %, mục tiêu 10 %/năm"));
    }
    /* At the deadline the mean of the five years after 2025 counts: (9 + 10 + 11 + 8 + 12) / 5 = 10. */
    static const double rates[] = {3, 9, 10, 11, 8, 12};
    struct outlook_point p[6];
    for (int i = 0; i < 6; i++)
        p[i] = (struct outlook_point){year_end(2025 + i), rates[i], false};
    struct outlook o = judge(c, &g, p, 6, D(2031, 2, 1));
    CHECK_STATUS(o, "met");
    CHECK(near(o.value, 10));
    check_has(o.why[LANG_VI], "bình quân tăng 10 %/năm, mục tiêu 10 %/năm, đạt khi đến hạn 31/12/2030");
    /* To fall by at least 5 % a year. */
    g.comparator = OUTLOOK_LE;
    g.high = -5;
    p[1].value = -6;
    CHECK_STATUS(judge(c, &g, p, 2, D(2027, 2, 1)), "on_track");
    p[1].value = -2;
    o = judge(c, &g, p, 2, D(2027, 2, 1));
    CHECK_STATUS(o, "off_track");
    CHECK_STR(o.why[LANG_VI], S("năm 2026 giảm 2 %, mục tiêu giảm ít nhất 5 %/năm"));
    CHECK_STR(o.why[LANG_EN], S("fell 2 % in 2026, goal a fall of at least 5 % a year"));
}

/* --- rank and state
 * ---------------------------------------------------------------------------------------------------- */

/* From 18 at the end of 2024 to the top ten in 2030: 16.67 a year on, so 17 will do. */
TEST(ranks)
{
    static const struct {
        double value;
        const char *status;
    } cases[] = {{14, "on_track"}, {17, "on_track"}, {10, "met"}, {3, "met"}, {20, "off_track"}};
    struct outlook_goal g = goal();
    g.measure = OUTLOOK_RANK;
    g.comparator = OUTLOOK_LE;
    g.low = NAN;
    g.high = 10;
    g.baseline = 18;
    g.baseline_day = year_end(2024);
    g.unit = S("hạng");
    struct outlook o;
    for (size_t i = N(cases); i-- > 0;) {
        struct outlook_point p = {year_end(2025), cases[i].value, false};
        o = judge(c, &g, &p, 1, D(2026, 2, 1));
        CHECK_STR(outlook_word(o.status), str_of(cases[i].status));
    }
    CHECK_STR(o.why[LANG_VI],
              S("hạng 14, cần vào nhóm 10, cần lên 0,8 bậc/năm, năm qua lên 4 bậc/năm; theo lộ trình, đến 31/12/2025 "
                "cần hạng 17"));
    CHECK_STR(o.why[LANG_EN],
              S("rank 14, goal top 10, needs to climb 0.8 places a year, climbed 4 places a year over the last year; "
                "the path asks for rank 17 by 2025-12-31"));
}

/* 20, 16 and 12 lead below nothing, but nobody is better than first. */
TEST(no_rank_is_better_than_the_first)
{
    struct outlook_goal g = goal();
    g.measure = OUTLOOK_RANK;
    g.comparator = OUTLOOK_LE;
    g.high = 10;
    g.baseline = 20;
    struct outlook_point p[] = {{year_end(2026), 16}, {year_end(2027), 12}};
    struct outlook o = judge(c, &g, p, 2, D(2028, 2, 1));
    CHECK_STATUS(o, "on_track");
    CHECK(o.forecast == 1);
    check_has(o.why[LANG_VI], "ở khoảng hạng 1");
}

TEST(states)
{
    struct str labels[] = {S("lập đề án"), S("phê duyệt"), S("đầu tư"), S("vận hành")};
    struct outlook_goal g = goal();
    g.measure = OUTLOOK_STATE;
    g.low = NAN;
    g.labels = (struct strs){labels, 4};
    g.by = year_end(2027);
    struct outlook_point p = {D(2026, 6, 30), 2, false};
    struct outlook o = judge_every(c, &g, &p, 1, 0, D(2026, 7, 10));
    CHECK_STATUS(o, "on_track");
    CHECK_STR(o.why[LANG_VI], S("đang ở bước 2/4 (phê duyệt), cần đến bước 4 (vận hành) trước hết ngày 31/12/2027"));
    CHECK_INT(o.changes_at, D(2027, 7, 5)); /* 180 days before the end: July 5 to December 31 */
    CHECK_STATUS(judge_every(c, &g, &p, 1, 0, D(2027, 7, 4)), "on_track");
    CHECK_STATUS(judge_every(c, &g, &p, 1, 0, D(2027, 7, 5)), "at_risk");
    CHECK_STATUS(judge_every(c, &g, &p, 1, 0, D(2027, 12, 31)), "at_risk");
    o = judge_every(c, &g, &p, 1, 0, D(2028, 1, 1));
    CHECK_STATUS(o, "off_track");
    check_has(o.why[LANG_VI], "đã quá hạn 31/12/2027");
    p.value = 4;
    o = judge_every(c, &g, &p, 1, 0, D(2028, 1, 1));
    CHECK_STATUS(o, "met");
    CHECK_STR(o.why[LANG_VI], S("đã đến bước 4/4 (vận hành)"));

    /* With days for the steps: approved in 2026, built by June 2027. */
    struct outlook_step steps[] = {{year_end(2026), 2}, {D(2027, 6, 30), 3}};
    g.path = OUTLOOK_STEPS;
    g.steps = steps;
    g.n_steps = 2;
    p.value = 1;
    o = judge_every(c, &g, &p, 1, 0, D(2026, 12, 30));
    CHECK_STATUS(o, "on_track");
    CHECK_INT(o.changes_at, year_end(2026));
    struct str english[] = {S("drafted"), S("approved"), S("built"), S("in use")};
    check_has(o.why[LANG_EN], "at step 1 of 4 (lập đề án)");
    g.labels_en = (struct strs){english, 4};
    o = judge_every(c, &g, &p, 1, 0, year_end(2026));
    CHECK_STATUS(o, "at_risk");
    check_has(o.why[LANG_EN], "at step 1 of 4 (drafted), by the path it should be at step 2 (approved)");
    check_has(o.why[LANG_VI], "đang ở bước 1/4 (lập đề án), theo lộ trình nay đã phải ở bước 2 (phê duyệt)");
    CHECK_STATUS(judge_every(c, &g, &p, 1, 0, D(2027, 6, 30)), "off_track");
    p.value = 0;
    check_has(judge_every(c, &g, &p, 1, 0, D(2026, 7, 10)).why[LANG_VI], "chưa đến bước nào trong 4 bước");
    CHECK_STR(judge_every(c, &g, NULL, 0, 0, D(2026, 7, 10)).why[LANG_VI],
              S("chưa có báo cáo, cần đến bước 4 (vận hành) đến 31/12/2027"));
}

/* --- chance
 * --------------------------------------------------------------------------------------------------------------- */

TEST(a_chance_is_told_in_plain_fractions)
{
    struct outlook_goal g = goal();
    g.baseline = 60;
    g.baseline_day = year_end(2015);
    static const double wave[] = {0, 3, -2, 1, -3, 2, -1, 2, -2, 0};
    struct outlook_point p[10];
    for (int i = 0; i < 10; i++)
        p[i] = (struct outlook_point){i % 2 ? year_end(2023 + i / 2) : D(2023 + i / 2, 6, 30), 100 + 3 * i + wave[i],
                                      false};
    struct outlook o = judge_every(c, &g, p, 10, 6, D(2028, 1, 10));
    CHECK(o.trend.has_band && o.chance > 0 && o.chance < 1);
    double line = o.forecast;
    /* A goal where the line ends is an even chance; one at the ends of the band of 80 % one in ten, and nine. */
    g.low = line;
    o = judge_every(c, &g, p, 10, 6, D(2028, 1, 10));
    CHECK(near(o.chance, 0.5));
    CHECK_STR(o.chance_text[LANG_VI], S("khả năng đạt khoảng 1 trong 2"));
    CHECK_STR(o.chance_text[LANG_EN], S("about 1 chance in 2"));
    g.low = o.four_fifths.high;
    o = judge_every(c, &g, p, 10, 6, D(2028, 1, 10));
    CHECK(near(o.chance, 0.1));
    CHECK_STR(o.chance_text[LANG_VI], S("khả năng đạt khoảng 1 trong 10"));
    g.low = o.half.low;
    o = judge_every(c, &g, p, 10, 6, D(2028, 1, 10));
    CHECK_STR(o.chance_text[LANG_VI], S("khả năng đạt khoảng 3 trong 4"));
    g.low = 1000;
    CHECK_STR(judge_every(c, &g, p, 10, 6, D(2028, 1, 10)).chance_text[LANG_VI], S("khả năng đạt dưới 1 trong 10"));
    g.low = o.value + 1;
    check_has(judge_every(c, &g, p, 10, 6, D(2028, 1, 10)).why[LANG_VI], "khả năng đạt trên 9 trong 10");
}

/* --- what is refused
 * ------------------------------------------------------------------------------------------------------ */

static void refused(struct ctx *c, struct outlook_goal g)
{
    struct outlook_input in = {.goal = &g, .every = 12, .today = D(2026, 7, 1)};
    struct outlook o;
    CHECK_ERR(outlook(c, &in, &o), E_INVALID);
    CHECK(str_has(c->error.message, S("Mục tiêu không đánh giá được")));
}

TEST(goals_that_are_none)
{
    struct outlook_goal g = goal();
    g.low = NAN;
    refused(c, g);
    g.low = INFINITY;
    refused(c, g);
    g = goal();
    g.comparator = OUTLOOK_RANGE;
    refused(c, g);
    g.high = 140;
    refused(c, g);
    g = goal();
    g.by = g.baseline_day;
    refused(c, g);
    g = goal();
    g.path = OUTLOOK_COMPOUND;
    g.baseline = 0;
    refused(c, g);
    g.baseline = -4;
    refused(c, g);
    g.measure = OUTLOOK_GROWTH;
    refused(c, g);
    struct outlook_step steps[] = {{year_end(2027), 1}, {year_end(2026), 2}};
    g = goal();
    g.path = OUTLOOK_GIVEN;
    g.steps = steps;
    g.n_steps = 2;
    refused(c, g);
    g = goal();
    g.measure = OUTLOOK_STATE;
    g.low = NAN;
    refused(c, g);
}

TEST(words_of_the_store)
{
    enum outlook_measure m;
    enum outlook_comparator k;
    enum outlook_path p;
    CHECK(outlook_measure_parse(S("rank"), &m) && m == OUTLOOK_RANK && !outlook_measure_parse(S("ranks"), &m));
    CHECK(outlook_comparator_parse(S("range"), &k) && k == OUTLOOK_RANGE && !outlook_comparator_parse(S(""), &k));
    CHECK(outlook_path_parse(S("none"), &p) && p == OUTLOOK_NO_PATH && outlook_path_parse(S("given"), &p) &&
          p == OUTLOOK_GIVEN);
}

/* --- properties
 * ------------------------------------------------------------------------------------------------------------ */

static uint32_t chance_of(uint64_t *seed, uint32_t below)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33) % below;
}

/* A goal and figures of any kind that make sense. */
static struct outlook_goal any_goal(uint64_t *seed, struct outlook_step steps[3], struct str labels[4])
{
    struct outlook_goal g = goal();
    g.measure = (enum outlook_measure)chance_of(seed, 4);
    g.comparator = (enum outlook_comparator)chance_of(seed, 6);
    g.low = 20 + chance_of(seed, 200);
    g.high = g.low + chance_of(seed, 50);
    g.band = chance_of(seed, 3) == 0;
    g.per_year = chance_of(seed, 3) == 0;
    g.over = (enum outlook_over)chance_of(seed, 3);
    g.rates = chance_of(seed, 2);
    g.path = (enum outlook_path)chance_of(seed, 5);
    g.places = (int)chance_of(seed, 4) - 1;
    if (chance_of(seed, 4) == 0)
        g.baseline = NAN;
    if (chance_of(seed, 5) == 0)
        g.by = DAY_NONE;
    for (int i = 0; i < 3; i++) {
        steps[i] = (struct outlook_step){D(2026 + i, 6, 30), 30 + 10 * i};
        labels[i] = S("bước");
    }
    labels[3] = S("xong");
    g.steps = steps;
    g.n_steps = 3;
    if (g.measure == OUTLOOK_STATE) {
        g.low = NAN;
        g.labels = (struct strs){labels, 4};
        for (int i = 0; i < 3; i++)
            steps[i].value = i + 1;
    }
    return g;
}

TEST(the_answer_stands_until_it_says)
{
    uint64_t seed = 57;
    struct str labels[4];
    for (int run = 0; run < 3000; run++) {
        struct outlook_step steps[3];
        struct outlook_goal g = any_goal(&seed, steps, labels);
        struct outlook_point p[14];
        size_t n = chance_of(&seed, 15);
        for (size_t i = 0; i < n; i++)
            p[i] = (struct outlook_point){day_month_end(2024 + (int)chance_of(&seed, 8), 1 + (int)chance_of(&seed, 12)),
                                          chance_of(&seed, g.measure == OUTLOOK_STATE ? 5 : 260),
                                          chance_of(&seed, 4) == 0};
        static const int rhythms[] = {0, 1, 3, 6, 12};
        int every = rhythms[chance_of(&seed, 5)];
        int32_t today = D(2026, 1, 1) + (int32_t)chance_of(&seed, 2500);
        struct arena_mark mark = arena_mark(c->arena);
        struct outlook o = judge_every(c, &g, p, n, every, today);
        int32_t last = o.changes_at == DAY_NONE ? today + 2000 : o.changes_at - 1;
        struct outlook before = judge_every(c, &g, p, n, every, last);
        struct outlook between = judge_every(c, &g, p, n, every, today + (last - today) / 2);
        CHECK(o.status == before.status && o.status == between.status &&
              (o.changes_at > today || o.changes_at == DAY_NONE));
        CHECK_STR(before.why[LANG_VI], o.why[LANG_VI]);
        CHECK_STR(between.why[LANG_EN], o.why[LANG_EN]);
        CHECK(o.why[LANG_VI].n > 0 && !str_has(o.why[LANG_VI], S("{")) && str_is_utf8(o.why[LANG_VI], NULL));
        bool early = false;
        for (size_t i = 0; i < n; i++)
            early = early || p[i].day > today;
        if (o.changes_at != DAY_NONE && !early) {
            struct outlook after = judge_every(c, &g, p, n, every, o.changes_at);
            CHECK(after.status != o.status || !str_eq(after.why[LANG_VI], o.why[LANG_VI]));
        }
        arena_rewind(c->arena, mark);
    }
}

/* A better figure never makes a worse light, as long as there is no line to judge by. */
TEST(better_is_never_worse)
{
    static const int order[] = {
        [OUTLOOK_MET] = 3, [OUTLOOK_ON_TRACK] = 2, [OUTLOOK_AT_RISK] = 1, [OUTLOOK_OFF_TRACK] = 0};
    struct outlook_goal g = goal();
    int last = 0;
    for (double v = 0; v < 200; v += 0.25) {
        struct outlook_point p = {year_end(2028), v, false};
        struct outlook o = judge(c, &g, &p, 1, D(2029, 2, 1));
        CHECK(order[o.status] >= last);
        last = order[o.status];
    }
    CHECK(last == 3);
}

/* What is to rise and what is to fall are the same thing upside down. */
TEST(up_and_down_are_alike)
{
    uint64_t seed = 6;
    for (int run = 0; run < 500; run++) {
        struct outlook_goal up = goal(), down = goal();
        up.places = down.places = -1;
        down.comparator = OUTLOOK_LE;
        down.low = NAN;
        down.high = -150;
        down.baseline = -100;
        struct outlook_point p[10], q[10];
        size_t n = 1 + chance_of(&seed, 10);
        for (size_t i = 0; i < n; i++) {
            p[i] = (struct outlook_point){day_month_end(2026 + (int)i / 2, 6 + 6 * ((int)i % 2)),
                                          100 + 4 * (double)i + chance_of(&seed, 20), false};
            q[i] = p[i];
            q[i].value = -p[i].value;
        }
        struct outlook a = judge_every(c, &up, p, n, 6, p[n - 1].day + 10);
        struct outlook b = judge_every(c, &down, q, n, 6, p[n - 1].day + 10);
        CHECK(a.status == b.status);
        CHECK((isnan(a.forecast) && isnan(b.forecast)) || near(a.forecast, -b.forecast));
        CHECK((isnan(a.chance) && isnan(b.chance)) || fabs(a.chance - b.chance) < 1e-6);
    }
}

/* The rules are data. */
TEST(other_rules_other_lights)
{
    struct outlook_goal g = goal();
    struct outlook_point p = {year_end(2027), 114, false};
    struct outlook_rules rules = outlook_rules_default();
    struct outlook_input in = {.goal = &g, .points = &p, .n = 1, .every = 12, .today = D(2028, 2, 1), .rules = &rules};
    struct outlook o;
    CHECK_OK(outlook(c, &in, &o));
    CHECK_STATUS(o, "off_track");
    rules.near = 0.3;
    CHECK_OK(outlook(c, &in, &o));
    CHECK_STATUS(o, "at_risk");
    rules.stale_periods = 0;
    CHECK_OK(outlook(c, &in, &o));
    CHECK_STATUS(o, "stale");
}
