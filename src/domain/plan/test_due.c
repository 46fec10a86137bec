#include "domain/plan/due.h"

#include "test/test.h"

#include "base/banned.h"

static int32_t day(int year, int month, int day_of_month)
{
    int32_t d;
    CHECK(day_from_date(year, month, day_of_month, &d));
    return d;
}

/* "trước tháng 12/2026" is due on 30 November: the last day itself is not past, and thirty days ahead it is near. */
TEST(a_deadline_is_judged_by_the_day)
{
    int32_t due = day(2026, 11, 30);
    int64_t days;
    CHECK_INT(due_judge(S("deadline"), due, day(2026, 10, 30), &days), DUE_LATER);
    CHECK_INT(days, 31);
    CHECK_INT(due_judge(S("deadline"), due, day(2026, 10, 31), &days), DUE_SOON);
    CHECK_INT(due_judge(S("deadline"), due, due, &days), DUE_SOON);
    CHECK_INT(days, 0);
    CHECK_INT(due_judge(S("period"), due, day(2026, 12, 1), &days), DUE_PAST);
    CHECK_INT(days, -1);
}

/* What goes on each year or always has no day to miss; what should have one and has none says so. */
TEST(what_has_no_end_is_not_what_lacks_one)
{
    int64_t days;
    CHECK_INT(due_judge(S("continuous"), DAY_NONE, 20000, &days), DUE_NONE);
    CHECK_INT(due_judge(S("half_yearly"), 19000, 20000, &days), DUE_NONE);
    CHECK_INT(due_judge(S("from"), DAY_NONE, 20000, &days), DUE_MISSING);
    CHECK_INT(due_judge(S("none"), DAY_NONE, 20000, &days), DUE_MISSING);
}

TEST(every_state_has_its_word)
{
    struct str rest = S(DUE_WORDS), word;
    for (int i = DUE_NONE; i <= DUE_PAST; i++) {
        CHECK(str_cut(&rest, '|', &word));
        CHECK_STR(due_word((enum due_state)i), word);
    }
}
