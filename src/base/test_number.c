#include "base/number.h"

#include "base/arena.h"
#include "base/out.h"
#include "test/test.h"

#include <math.h>

#include "base/banned.h"

static struct number person(const char *text)
{
    struct number n;
    number_read(str_of(text), &n);
    return n;
}

static void check_given(const char *text, double want, enum number_marks marks)
{
    struct number n = person(text);
    if (n.kind != NUMBER_GIVEN || n.amount != want || n.marks != marks)
        test_failed(__FILE__, __LINE__, "\"%s\": kind %d, %.17g, marks %d; want %.17g, marks %d", text, (int)n.kind,
                    n.amount, (int)n.marks, want, (int)marks);
}

TEST(forms_with_one_reading)
{
    check_given("0", 0, NUMBER_EITHER);
    check_given("96", 96, NUMBER_EITHER);
    check_given(" +96 ", 96, NUMBER_EITHER);
    check_given("-7", -7, NUMBER_EITHER);
    check_given("\u22127,5", -7.5, NUMBER_COMMA);
    check_given("1.234,5", 1234.5, NUMBER_COMMA);
    check_given("1,234.5", 1234.5, NUMBER_POINT);
    check_given("1.234.567", 1234567, NUMBER_COMMA);
    check_given("1,234,567", 1234567, NUMBER_POINT);
    check_given("1.234.567,891", 1234567.891, NUMBER_COMMA);
    check_given("310.282,5", 310282.5, NUMBER_COMMA);
    check_given("12,5", 12.5, NUMBER_COMMA);
    check_given("12.5", 12.5, NUMBER_POINT);
    check_given("0,125", 0.125, NUMBER_COMMA);
    check_given("0.125", 0.125, NUMBER_POINT);
    check_given(",5", 0.5, NUMBER_COMMA);
    check_given("1234.567", 1234.567, NUMBER_POINT);
    check_given("1234,5678", 1234.5678, NUMBER_COMMA);
    check_given("1,2345", 1.2345, NUMBER_COMMA);
    check_given("1 234", 1234, NUMBER_EITHER);
    check_given("1\u00a0234\u202f567", 1234567, NUMBER_EITHER);
    check_given("1\u2009234,567", 1234.567, NUMBER_COMMA);
    check_given("1'234.567", 1234.567, NUMBER_POINT);
    check_given("1,234E+05", 123400, NUMBER_COMMA);
    check_given("1.5e-3", 0.0015, NUMBER_POINT);
    check_given("7E2", 700, NUMBER_EITHER);
    check_given("0.1", 0.1, NUMBER_POINT);
    check_given("123456789012345678", 123456789012345678.0, NUMBER_EITHER);
    check_given("0,30000000000000004", 0.30000000000000004, NUMBER_COMMA);
}

TEST(a_percent_sign_is_told)
{
    struct number n = person("57,5 %");
    CHECK(n.kind == NUMBER_GIVEN && n.percent && n.amount == 57.5);
    CHECK(!person("57,5").percent);
    CHECK_INT(person("%").kind, NUMBER_WRONG);
    CHECK_INT(person("5%%").kind, NUMBER_WRONG);
}

TEST(what_may_be_a_thousand_times_more_or_less_is_ambiguous)
{
    static const char *const texts[] = {"1.234", "1,234", "-1.234", "12.345", "999,000", "1.234%"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct number n = person(texts[i]);
        CHECK_INT(n.kind, NUMBER_AMBIGUOUS);
        CHECK(fabs(n.amount - 1000 * n.fraction) < 1e-6);
    }
    CHECK_INT(person("1.234").marks, NUMBER_POINT);
    CHECK_INT(person("1,234").marks, NUMBER_COMMA);
}

static void check_wrong(const char *text, enum number_wrong why)
{
    struct number n = person(text);
    if (n.kind != NUMBER_WRONG || n.wrong != why)
        test_failed(__FILE__, __LINE__, "\"%s\": kind %d, reason %d, want %d", text, (int)n.kind, (int)n.wrong,
                    (int)why);
    CHECK(number_reason(why).vi.n && number_reason(why).en.n);
}

TEST(what_is_no_number_is_refused_with_the_reason)
{
    static const char *const marks[] = {"1.23.4",  "12,34,567", "5.",   ".",         "1,2,3",      "1.234,5.6",
                                        "1 23",    "1234 567",  "5,",   "1.,5",      "1.234.56",   "1,234.567,8",
                                        "1.234 5", "1 2",       "1,,5", "1,234.5e3", "1.234.567E5"};
    static const char *const words[] = {"abc", "12 người", "(5)", "1/2",   "--5", "5-",    "- 5", "2026-05",
                                        "1e",  "1e+",      "e5",  "5 5%5", "…",   "1_000", "５",  "5 tỷ"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        check_wrong(words[i], NUMBER_NO_NUMBER);
    check_wrong("1.234E+05,1", NUMBER_NO_NUMBER);
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        check_wrong(marks[i], NUMBER_BAD_MARKS);
    check_wrong("NaN", NUMBER_NOT_FINITE);
    check_wrong("-inf", NUMBER_NOT_FINITE);
    check_wrong("Infinity", NUMBER_NOT_FINITE);
    check_wrong("0x1F", NUMBER_HEXADECIMAL);
    check_wrong("1e400", NUMBER_TOO_LARGE);
    check_wrong("-1e99999999999999999999", NUMBER_TOO_LARGE);
    check_wrong("1e-400", NUMBER_TOO_SMALL);
    CHECK_INT(person("0e999999").kind, NUMBER_GIVEN);
    CHECK_INT(person("  ").kind, NUMBER_EMPTY);
    CHECK_INT(person("").kind, NUMBER_EMPTY);
    char digits[401] = {0};
    memset(digits, '9', 400);
    check_wrong(digits, NUMBER_TOO_LONG);
    struct number n;
    number_read((struct str){"1\xff", 2}, &n);
    CHECK_INT(n.kind, NUMBER_WRONG);
}

TEST(as_programs_write_it)
{
    struct number n;
    number_read_plain(S("1.234"), &n);
    CHECK(n.kind == NUMBER_GIVEN && n.amount == 1.234);
    number_read_plain(S("1.5e+20"), &n);
    CHECK(n.kind == NUMBER_GIVEN && n.amount == 1.5e20);
    static const char *const wrong[] = {"1,5", "1,234.5", "1 234", "1.2.3", "NaN"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        number_read_plain(str_of(wrong[i]), &n);
        CHECK_INT(n.kind, NUMBER_WRONG);
    }
}

static struct number settled(const char *text, struct number_context k)
{
    struct number n = person(text);
    CHECK_INT(number_settle(&k, &n), n.kind != NUMBER_AMBIGUOUS);
    return n;
}

TEST(what_else_is_known_settles_it_or_leaves_it)
{
    struct number_context k = NUMBER_NO_CONTEXT;
    CHECK_INT(settled("1.234", k).kind, NUMBER_AMBIGUOUS);
    k.given = NUMBER_COMMA;
    CHECK(settled("1.234", k).amount == 1234 && settled("1,234", k).amount == 1.234);
    CHECK_INT(settled("1,234", k).settled, NUMBER_BY_CALLER);

    k = NUMBER_NO_CONTEXT;
    k.comma = true;
    CHECK(settled("1.234", k).amount == 1234 && settled("1,234", k).amount == 1.234);
    k.point = true; /* the neighbours contradict each other */
    CHECK_INT(settled("1.234", k).kind, NUMBER_AMBIGUOUS);

    k = NUMBER_NO_CONTEXT;
    k.whole = true;
    CHECK(settled("1.234", k).amount == 1234 && settled("1,234", k).amount == 1234);
    k.point = true; /* 1.234 would be a fraction of something whole */
    CHECK_INT(settled("1.234", k).kind, NUMBER_AMBIGUOUS);
    CHECK(settled("1,234", k).amount == 1234);

    k = NUMBER_NO_CONTEXT;
    k.low = 0;
    k.high = 100;
    CHECK(settled("12.345", k).amount == 12.345);
    CHECK_INT(settled("12.345", k).settled, NUMBER_BY_RANGE);
    k.comma = true; /* by its neighbours it is 12345, which cannot be */
    CHECK_INT(settled("12.345", k).kind, NUMBER_AMBIGUOUS);
    k = NUMBER_NO_CONTEXT;
    k.low = 100;
    CHECK(settled("1.234", k).amount == 1234);
    CHECK_INT(settled("-1.234", k).kind, NUMBER_AMBIGUOUS); /* neither reading can be */
}

/* A number written with thousands and decimals in either way, and in programs' way, is read as itself or not at all. */
static void put_grouped(struct out *o, uint64_t whole, char group, char decimal, unsigned decimals, uint64_t fraction)
{
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%llu", (unsigned long long)whole);
    for (int i = 0; i < n; i++) {
        if (i && (n - i) % 3 == 0 && group)
            out_char(o, group);
        out_char(o, digits[i]);
    }
    if (decimals)
        out_fmt(o, "%c%0*llu", decimal, (int)decimals, (unsigned long long)fraction);
}

TEST(nobody_is_a_thousand_times_wrong)
{
    static const char groups[] = {'.', ',', ' ', 0}, marks[] = {',', '.'};
    static const uint64_t power[] = {1, 10, 100, 1000, 10000, 100000};
    size_t ambiguous = 0;
    for (unsigned round = 0; round < 20000; round++) {
        uint64_t dice[2];
        c->source.random(c->source.arg, dice, sizeof dice);
        uint64_t whole = (dice[0] >> 8) % (uint64_t[]){10, 1000, 1000000, 1000000000}[dice[0] & 3];
        unsigned decimals = (unsigned)(dice[1] & 7) % 6;
        uint64_t fraction = (dice[1] >> 8) % power[decimals];
        for (size_t m = 0; m < 2; m++)
            for (size_t g = 0; g < sizeof groups; g++) {
                char room[64];
                struct out o;
                struct number n;
                if (groups[g] == marks[m])
                    continue;
                out_init_in(&o, room, sizeof room);
                put_grouped(&o, whole, groups[g], marks[m], decimals, fraction);
                number_read(out_str(&o), &n);
                double want = (double)(whole * power[decimals] + fraction) / (double)power[decimals];
                if (n.kind == NUMBER_AMBIGUOUS) {
                    ambiguous++;
                    CHECK(n.amount == want || n.fraction == want);
                    struct number_context k = NUMBER_NO_CONTEXT;
                    k.given = marks[m] == ',' ? NUMBER_COMMA : NUMBER_POINT;
                    CHECK(number_settle(&k, &n));
                }
                if (n.kind != NUMBER_GIVEN || n.amount != want)
                    test_failed(__FILE__, __LINE__, "\"%.*s\" is read as %.17g", ARGS(out_str(&o)), n.amount);
            }
    }
    CHECK(ambiguous > 0);
}
