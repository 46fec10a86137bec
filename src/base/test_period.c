#include "base/period.h"
#include "test/test.h"

#include <string.h>

#include "base/banned.h"

static int32_t day(const char *text)
{
    int32_t d = DAY_NONE;
    if (!day_parse(str_of(text), &d))
        test_failed(__FILE__, __LINE__, "\"%s\" is a day", text);
    return d;
}

/* Walk the Gregorian calendar by its own rule, a day at a time, beside the arithmetic. */
TEST(every_day_from_1900_to_2999)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int32_t n = -25567; /* 1900-01-01: 70 years with 17 leap days before 1970 */
    int weekday = 0;    /* a Monday */
    for (int y = 1900; y <= 2999; y++)
        for (int m = 1; m <= 12; m++) {
            bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
            int last = lengths[m - 1] + (m == 2 && leap);
            for (int d = 1; d <= last; d++, n++, weekday = (weekday + 1) % 7) {
                int32_t got = 0;
                int gy, gm, gd;
                CHECK(day_from_date(y, m, d, &got));
                CHECK_INT(got, n);
                day_to_date(n, &gy, &gm, &gd);
                CHECK(gy == y && gm == m && gd == d);
                CHECK_INT(day_weekday(n), weekday);
            }
            CHECK_INT(day_month_end(y, m), n - 1);
            int32_t untouched = 7;
            CHECK(!day_from_date(y, m, last + 1, &untouched));
            CHECK_INT(untouched, 7);
        }
}

TEST(dates_that_are_none_are_refused)
{
    int32_t d = 7;
    CHECK(!day_from_date(1899, 12, 31, &d) && !day_from_date(3000, 1, 1, &d) && !day_from_date(2026, 0, 1, &d));
    CHECK(!day_from_date(2026, 13, 1, &d) && !day_from_date(2026, 1, 0, &d) && !day_from_date(2026, -1, -1, &d));
    static const char *const bad[] = {"",           "2026",       "2026-1-1",   "2026-11-31", "2026-11-30 ",
                                      "2026/11/30", "2026-02-29", "-026-01-01", "2026-+1-01", "20261-1-01",
                                      "30/11/2026", NULL};
    for (size_t i = 0; bad[i]; i++)
        CHECK(!day_parse(str_of(bad[i]), &d));
    CHECK_INT(d, 7);
}

TEST(day_as_text)
{
    char text[DAY_TEXT];
    CHECK_STR(day_text(day("2026-11-30"), text), S("2026-11-30"));
    CHECK_STR(day_text_vi(day("2026-01-05"), text), S("05/01/2026"));
    CHECK(day_text(DAY_NONE, text).p == NULL && day_text_vi(DAY_NONE, text).p == NULL);
    CHECK(day_text(INT32_MAX, text).n < DAY_TEXT && day_text(DAY_NONE + 1, text).n < DAY_TEXT);
    CHECK(day_text_vi(INT32_MAX, text).n < DAY_TEXT && day_text_vi(DAY_NONE + 1, text).n < DAY_TEXT);
}

TEST(a_day_begins_in_vietnam_seven_hours_before_utc)
{
    int64_t us = 0;
    CHECK(moment_parse(S("2026-06-30T17:00:00.000000Z"), &us));
    CHECK_INT(day_of_moment(us), day("2026-07-01"));
    CHECK_INT(day_of_moment(us - 1), day("2026-06-30"));
    CHECK_INT(moment_of_day(day("2026-07-01")), us);
    CHECK_INT(day_of_moment(-1), 0);
    CHECK_INT(day_of_moment(-VN_OFFSET_US - 1), -1);
    CHECK(moment_of_day(INT32_MAX) == INT64_MAX && moment_of_day(DAY_NONE) == INT64_MIN);
    CHECK(day_of_moment(INT64_MAX) > 0 && day_of_moment(INT64_MIN) < 0);
}

TEST(moments_as_text)
{
    char text[MOMENT_TEXT];
    int64_t us = 7;
    CHECK_STR(moment_text(0, text), S("1970-01-01T00:00:00.000000Z"));
    CHECK_STR(moment_text(-1, text), S("1969-12-31T23:59:59.999999Z"));
    CHECK_STR(moment_text(1782864000000000, text), S("2026-07-01T00:00:00.000000Z"));
    CHECK(moment_parse(S("2026-07-01T23:59:59.000001Z"), &us));
    CHECK_STR(moment_text(us, text), S("2026-07-01T23:59:59.000001Z"));
    CHECK(moment_text(INT64_MAX, text).n < MOMENT_TEXT && moment_text(INT64_MIN, text).n < MOMENT_TEXT);
    static const char *const bad[] = {"",
                                      "2026-07-01",
                                      "2026-07-01T00:00:00Z",
                                      "2026-07-01T24:00:00.000000Z",
                                      "2026-07-01T00:60:00.000000Z",
                                      "2026-07-01T00:00:60.000000Z",
                                      "2026-07-01 00:00:00.000000Z",
                                      "2026-07-01T00:00:00.000000+",
                                      "2026-02-30T00:00:00.000000Z",
                                      NULL};
    int64_t kept = us;
    for (size_t i = 0; bad[i]; i++)
        CHECK(!moment_parse(str_of(bad[i]), &us));
    CHECK_INT(us, kept);
}

static void period_is(const char *text, const char *from, const char *to, const char *own)
{
    struct period p = {0, 0};
    char name[24];
    if (!period_parse(str_of(text), &p))
        test_failed(__FILE__, __LINE__, "\"%s\" is a period", text);
    CHECK_INT(p.from, day(from));
    CHECK_INT(p.to, day(to));
    CHECK_STR(period_text(p, name), str_of(own));
}

TEST(periods_of_our_own_spelling)
{
    period_is("2026", "2026-01-01", "2026-12-31", "2026");
    period_is("2026-S1", "2026-01-01", "2026-06-30", "2026-S1");
    period_is("2026-S2", "2026-07-01", "2026-12-31", "2026-S2");
    period_is("2026-Q1", "2026-01-01", "2026-03-31", "2026-Q1");
    period_is("2026-Q3", "2026-07-01", "2026-09-30", "2026-Q3");
    period_is("2026-Q4", "2026-10-01", "2026-12-31", "2026-Q4");
    period_is("2026-9M", "2026-01-01", "2026-09-30", "2026-9M");
    period_is("2026-05", "2026-05-01", "2026-05-31", "2026-05");
    period_is("2028-02", "2028-02-01", "2028-02-29", "2028-02");
    period_is("2026-01..2028-06", "2026-01-01", "2028-06-30", "2026-01..2028-06");
    period_is("2026-11..2027-02", "2026-11-01", "2027-02-28", "2026-11..2027-02");
}

TEST(periods_of_dhis2)
{
    period_is("2026S1", "2026-01-01", "2026-06-30", "2026-S1");
    period_is("2026Q3", "2026-07-01", "2026-09-30", "2026-Q3");
    period_is("202605", "2026-05-01", "2026-05-31", "2026-05");
    period_is("202612", "2026-12-01", "2026-12-31", "2026-12");
}

TEST(a_stretch_that_has_a_name_takes_it)
{
    period_is("2026-04..2026-06", "2026-04-01", "2026-06-30", "2026-Q2");
    period_is("2026-01..2026-12", "2026-01-01", "2026-12-31", "2026");
    period_is("2026-05..2026-05", "2026-05-01", "2026-05-31", "2026-05");
    period_is("2026-02..2026-04", "2026-02-01", "2026-04-30", "2026-02..2026-04");
}

TEST(what_is_no_period_is_refused)
{
    static const char *const bad[] = {"",
                                      "2",
                                      "202",
                                      "20266",
                                      "2026-",
                                      "2026-S0",
                                      "2026-S3",
                                      "2026-Q0",
                                      "2026-Q5",
                                      "2026-q1",
                                      "2026-13",
                                      "2026-00",
                                      "202600",
                                      "202613",
                                      "2026-6M",
                                      "20269M",
                                      "2026-9M ",
                                      " 2026",
                                      "2026-1",
                                      "2026-001",
                                      "2026-S11",
                                      "2026--S1",
                                      "2026-06..2026-05",
                                      "2026-05..",
                                      "2026-05.2026-06",
                                      "2026..2030",
                                      "1899",
                                      "3000",
                                      "2026-05..3000-01",
                                      "2026W12",
                                      "20260501",
                                      NULL};
    struct period p = {7, 7};
    for (size_t i = 0; bad[i]; i++)
        if (period_parse(str_of(bad[i]), &p))
            test_failed(__FILE__, __LINE__, "\"%s\" is no period", bad[i]);
    CHECK(p.from == 7 && p.to == 7);
}

TEST(days_that_are_no_whole_months_have_no_name)
{
    char name[24];
    CHECK(period_text((struct period){day("2026-01-02"), day("2026-01-31")}, name).p == NULL);
    CHECK(period_text((struct period){day("2026-01-01"), day("2026-01-30")}, name).p == NULL);
    CHECK(period_text((struct period){day("2026-02-01"), day("2026-01-31")}, name).p == NULL);
    CHECK(period_text((struct period){DAY_NONE, DAY_NONE}, name).p == NULL);
    CHECK(period_text((struct period){0, INT32_MAX}, name).p == NULL);
}

/* September 2025: Tuesday the 2nd is a holiday, Monday the 1st was given with it; Saturday the 6th is worked. */
TEST(working_days)
{
    const int32_t off[] = {day("2025-09-01"), day("2025-09-02")}, swap[] = {day("2025-09-06")};
    const struct calendar plain = {0}, vn = {off, swap, 2, 1};
    CHECK(calendar_is_working(&plain, day("2025-09-02")) && calendar_is_working(NULL, day("2025-09-02")));
    CHECK(!calendar_is_working(&plain, day("2025-08-31")) && !calendar_is_working(NULL, day("2025-08-30")));
    CHECK(!calendar_is_working(&vn, day("2025-09-02")) && calendar_is_working(&vn, day("2025-09-06")));
    CHECK_INT(calendar_add_working(&vn, day("2025-08-29"), 1), day("2025-09-03"));
    CHECK_INT(calendar_add_working(&vn, day("2025-08-29"), 4), day("2025-09-06"));
    CHECK_INT(calendar_add_working(&vn, day("2025-08-29"), 5), day("2025-09-08"));
    CHECK_INT(calendar_add_working(&vn, day("2025-09-03"), -1), day("2025-08-29"));
    CHECK_INT(calendar_add_working(&vn, day("2025-08-30"), 0), day("2025-09-03"));
    CHECK_INT(calendar_add_working(&vn, day("2025-09-04"), 0), day("2025-09-04"));
    CHECK_INT(calendar_add_working(&plain, day("2025-09-05"), 3), day("2025-09-10"));
    CHECK_INT(calendar_add_working(NULL, day("2025-09-07"), -1), day("2025-09-05"));
}

TEST(a_period_of_whole_months_is_one_number_and_back)
{
    static const char *const periods[] = {"2026",    "2026-S1", "2026-S2",          "2026-Q1",
                                          "2026-Q4", "2026-9M", "2026-01",          "2026-12",
                                          "1900",    "2999-12", "2026-01..2028-06", "1950-02..2030-01"};
    for (size_t i = 0; i < sizeof periods / sizeof *periods; i++) {
        struct period p, q;
        char text[24];
        CHECK(period_parse(str_of(periods[i]), &p));
        CHECK(period_code(p) > 0);
        CHECK(period_of_code(period_code(p), &q) && q.from == p.from && q.to == p.to);
        CHECK_STR(period_text(q, text), str_of(periods[i]));
    }
    struct period p;
    CHECK(period_parse(S("2026-01..2026-02"), &p));
    int32_t two = period_code(p);
    CHECK(period_parse(S("2026-01"), &p));
    CHECK(period_code(p) < two); /* the shorter of two that begin alike comes first */
    CHECK(period_parse(S("2026-02"), &p));
    CHECK(period_code(p) > two);
}

TEST(what_is_no_stretch_of_months_has_no_number)
{
    struct period p;
    CHECK(period_parse(S("2026-03"), &p));
    p.from++;
    CHECK(period_code(p) == 0);
    CHECK(period_parse(S("1900-01..2000-01"), &p)); /* a century */
    CHECK(period_code(p) == 0);
    CHECK(!period_of_code(0, &p));
    CHECK(!period_of_code(-5, &p));
    CHECK(!period_of_code(INT64_MAX, &p));
    CHECK(!period_of_code(2026 * 12 * 1024, &p)); /* no month at all */
}
