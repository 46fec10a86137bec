#include "base/lang.h"
#include "test/test.h"

#include <math.h>

#include "base/banned.h"

static void number(double v, int places, const char *vi, const char *en)
{
    char text[NUMBER_TEXT];
    CHECK_STR(lang_number(v, places, LANG_VI, text), str_of(vi));
    CHECK_STR(lang_number(v, places, LANG_EN, text), str_of(en));
}

TEST(numbers_are_written_as_each_language_does)
{
    number(1234.5, -1, "1.234,5", "1,234.5");
    number(64668, 0, "64.668", "64,668");
    number(0.1 + 0.2, -1, "0,3", "0.3");
    number(1.0 / 3, -1, "0,333333333333333", "0.333333333333333");
    number(-0.001, 1, "0,0", "0.0");
    number(NAN, 1, "–", "–");
}

/* By hand: PII 2025 of Huế is published as 49.37, the mean of 51.50 and 47.23; its binary value lies just below 49.365.
 */
TEST(halves_are_rounded_as_by_hand)
{
    number((51.50 + 47.23) / 2, 2, "49,37", "49.37");
    CHECK(number_round((51.50 + 47.23) / 2, 2) == 49.37);
    CHECK(number_round(2.675, 2) == 2.68 && number_round(-2.675, 2) == -2.68);
    CHECK(number_round(1.005, 2) == 1.01 && number_round(0.285, 2) == 0.29);
    CHECK(number_round(2.5, 0) == 3 && number_round(-2.5, 0) == -3 && number_round(0.49999, 0) == 0);
    CHECK(number_round(1250, -2) == 1300 && number_round(-1249, -2) == -1200);
    CHECK(number_round(999.995, 2) == 1000 && number_round(0.1 + 0.2, 15) == 0.3);
    CHECK(number_round(1e300, 2) == 1e300 && isnan(number_round(NAN, 2)) && number_round(5, -400) == 0);
}
