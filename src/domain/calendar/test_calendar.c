#include "domain/calendar/calendar.h"
#include "test/test.h"

#include "base/banned.h"

static struct calendar vn(struct ctx *c, struct holidays *list)
{
    struct calendar calendar;
    CHECK_OK(calendar_parse(c, test_read_file(c, "data/calendar/vn.csv"), S("vn.csv"), &calendar, list));
    return calendar;
}

static int32_t day(const char *text)
{
    int32_t d = DAY_NONE;
    CHECK(day_parse(str_of(text), &d));
    return d;
}

/* The law (Bộ luật Lao động 2019, Điều 112): each year 1 day at New Year, 5 of Tết, 1 of Giỗ Tổ, 30 April, 1 May, 2 of
 * Quốc khánh. A holiday on a weekend is made up for, so at least 11 working days are free, and one more for each swap.
 */
TEST(the_shipped_calendar_grants_what_the_law_grants)
{
    struct holidays list;
    struct calendar calendar = vn(c, &list);
    for (int year = 2024; year <= 2027; year++) {
        int free = 0, worked = 0;
        for (size_t i = 0; i < list.n; i++) {
            int y, m, d;
            day_to_date(list.v[i].day, &y, &m, &d);
            if (y != year)
                continue;
            free += str_eq(list.v[i].kind, S("off")) && day_weekday(list.v[i].day) < 5;
            worked += str_eq(list.v[i].kind, S("swap"));
            CHECK(list.v[i].source.n > 0);
        }
        int culture_day = year >= 2026;
        CHECK_INT(free, 11 + worked + culture_day);
        static const char *const fixed[] = {"01-01", "04-30", "05-01", "09-02", NULL};
        for (size_t i = 0; fixed[i]; i++)
            CHECK(!calendar_is_working(&calendar, day(str_z(c->arena, str_fmt(c->arena, "%d-%s", year, fixed[i])))));
    }
}

/* First day of the lunar year and the 10th day of its third month, in Vietnam. */
TEST(lunar_holidays)
{
    struct calendar calendar = vn(c, NULL);
    static const char *const days[] = {"2024-02-10", "2024-04-18", "2025-01-29", "2025-04-07", "2026-02-17",
                                       "2026-04-26", "2027-02-06", "2027-04-16", NULL};
    for (size_t i = 0; days[i]; i++)
        CHECK(!calendar_is_working(&calendar, day(days[i])));
}

TEST(deadlines_go_round_holidays)
{
    struct calendar calendar = vn(c, NULL);
    CHECK_INT(calendar_add_working(&calendar, day("2025-04-29"), 1), day("2025-05-05"));
    CHECK_INT(calendar_add_working(&calendar, day("2025-04-25"), 1), day("2025-04-26"));
    CHECK_INT(calendar_add_working(&calendar, day("2024-02-07"), 1), day("2024-02-15"));
    CHECK_INT(calendar_add_working(&calendar, day("2026-12-14"), 2), day("2026-12-16"));
}

static void refused(struct ctx *c, const char *text, unsigned line)
{
    struct calendar calendar = {0};
    CHECK_ERR(calendar_parse(c, str_of(text), S("x.csv"), &calendar, NULL), E_INVALID);
    CHECK_STR(c->error.file, S("x.csv"));
    CHECK_INT(c->error.line, line);
    CHECK(calendar.off == NULL);
}

TEST(a_bad_calendar_is_refused_with_its_line)
{
#define HEAD "day,kind,name,status,source\n"
    refused(c, "day,kind,name,status\n2026-01-01,off,x,fixed\n", 1);
    refused(c, HEAD "2026-02-30,off,x,fixed,y\n", 2);
    refused(c, HEAD "2026-01-01,off,x,fixed,y\n2026-01-02,free,x,fixed,y\n", 3);
    refused(c, HEAD "2026-01-01,off,x,maybe,y\n", 2);
    refused(c, HEAD "2026-01-01,off,,fixed,y\n", 2);
    refused(c, HEAD "2026-01-01,swap,x,granted,y\n", 2); /* a Thursday */
    refused(c, HEAD "2026-01-01,off,x,fixed,y\n2026-01-01,off,x,fixed,y\n", 3);
    refused(c, HEAD "2026-01-01\n", 2);
}

TEST(columns_may_stand_in_any_order)
{
    struct calendar calendar;
    struct holidays list;
    CHECK_OK(
        calendar_parse(c, S("source,day,status,kind,name,note\ny,2026-01-02,fixed,off,b,\nx,2026-01-01,fixed,off,a,\n"),
                       S("x.csv"), &calendar, &list));
    CHECK_INT((long long)calendar.n_off, 2);
    CHECK(calendar.off[0] < calendar.off[1]);
    CHECK_STR(list.v[0].name, S("a"));
}
