#include "domain/indicator/trend.h"
#include "test/test.h"

#include <math.h>

#include "base/banned.h"

#define N(list) (sizeof(list) / sizeof *(list))

static bool near(double got, double want, double by)
{
    return fabs(got - want) <= by;
}

/* Sen (1968), with the data of Graybill: slope 4, 93 % interval 26/7 < b < 35/8. Of the 21 slopes, sorted by hand
 * (1, 2.5, 3.67, 3.71, 3.75, 3.83, 3.93, 3.94, 4, 4, 4, 4, 4.06, 4.13, 4.14, 4.17, 4.18, 4.375, 5, 5, 6), the eleventh
 * is the median; y - 4x is 5 7 7 4 5 7 6, so the line starts at 6. */
TEST(the_example_of_sen)
{
    static const struct trend_point p[] = {{1, 9}, {2, 15}, {3, 19}, {4, 20}, {10, 45}, {12, 55}, {18, 78}};
    struct trend t;
    trend_fit(c, p, N(p), &t);
    CHECK(t.slope == 4 && t.intercept == 6 && t.times == 7 && !t.has_band);
    struct trend_band b = trend_slopes(c, p, N(p), 0.93);
    CHECK(near(b.low, 26.0 / 7, 1e-12) && near(b.high, 35.0 / 8, 1e-12));
    CHECK(isnan(trend_band(&t, 20, TREND_HALF).low) && isnan(trend_chance(&t, 20, 80)));
}

/* The cloud seeding of Smith (1967) as worked in Hollander and Wolfe, Nonparametric Statistical Methods, chapter 9:
 * slope -0.056 (by hand: between -0.0575 and -0.055), intercept 1.316. */
TEST(the_example_of_hollander_and_wolfe)
{
    static const struct trend_point p[] = {{1, 1.26}, {2, 1.27}, {3, 1.12}, {4, 1.16}, {5, 1.03}};
    struct trend t;
    trend_fit(c, p, N(p), &t);
    CHECK(near(t.slope, -0.05625, 1e-12) && near(t.intercept, 1.31625, 1e-12));
}

TEST(fewer_than_three_times_give_nothing)
{
    static const struct trend_point p[] = {{1, 9}, {2, 15}, {2, 16}, {1, 8}, {NAN, 3}, {4, NAN}, {INFINITY, 2}};
    struct trend t;
    for (size_t n = 0; n <= N(p); n++) {
        trend_fit(c, p, n, &t);
        CHECK(isnan(t.slope) && isnan(t.intercept) && isnan(trend_at(&t, 3)) && !trend_has_line(&t));
        CHECK(t.points == (n < 4 ? n : 4) && t.times == (n < 2 ? n : 2));
    }
}

/* Two sources for one time: that pair has no slope. By hand: (1,10) (2,12) (2,14) (3,16): 2, 4, 3, 4, 2: median 3;
 * v - 3t: 7 6 8 7: 7. */
TEST(repeated_times_make_no_pair)
{
    static const struct trend_point p[] = {{2, 14}, {1, 10}, {3, 16}, {2, 12}};
    struct trend t;
    trend_fit(c, p, N(p), &t);
    CHECK(t.slope == 3 && t.intercept == 7 && t.points == 4 && t.times == 3);
}

TEST(a_straight_line_is_found_and_trusted)
{
    struct trend_point p[8];
    for (int i = 0; i < 8; i++)
        p[i] = (struct trend_point){2020 + i, 3.5 * (2020 + i) - 7000};
    struct trend t;
    trend_fit(c, p, 7, &t);
    CHECK(t.slope == 3.5 && near(t.intercept, -7000, 1e-9) && !t.has_band);
    trend_fit(c, p, 8, &t);
    CHECK(t.slope == 3.5 && t.has_band && near(trend_at(&t, 2030), 105, 1e-9));
    struct trend_band b = trend_band(&t, 2030, TREND_FOUR_FIFTHS);
    CHECK(near(b.low, 105, 1e-9) && near(b.high, 105, 1e-9));
    CHECK(trend_chance(&t, 2030, 104) == 0.98 && trend_chance(&t, 2030, 106) == 0.02);
}

/* One figure with a slipped decimal point leaves the line where it was. */
TEST(one_wild_figure_moves_nothing)
{
    struct trend_point p[9];
    for (int i = 0; i < 9; i++)
        p[i] = (struct trend_point){i, 10 + 2 * i};
    for (int wild = 0; wild < 9; wild++) {
        double was = p[wild].v;
        p[wild].v = 100 * was;
        struct trend t;
        trend_fit(c, p, N(p), &t);
        CHECK(near(t.slope, 2, 1e-12) && near(t.intercept, 10, 1e-12));
        p[wild].v = was;
    }
}

static double noise(uint64_t *seed) /* about normal: the sum of twelve even ones less six */
{
    double sum = -6;
    for (int i = 0; i < 12; i++) {
        *seed = *seed * 6364136223846793005u + 1442695040888963407u;
        sum += (double)(*seed >> 33) / 2147483648.0;
    }
    return sum;
}

TEST(shift_and_scale_carry_over)
{
    uint64_t seed = 57;
    struct trend_point p[12], q[12];
    for (int i = 0; i < 12; i++) {
        p[i] = (struct trend_point){i * 0.5, 20 + 3 * i + noise(&seed)};
        q[11 - i] = (struct trend_point){p[i].t * 2 + 2000, -10 * p[i].v + 400};
    }
    struct trend a, b;
    trend_fit(c, p, 12, &a);
    trend_fit(c, q, 12, &b);
    CHECK(near(b.slope, -5 * a.slope, 1e-9));
    CHECK(near(trend_at(&b, 2020), -10 * trend_at(&a, 10) + 400, 1e-6));
    for (int level = 0; level < TREND_LEVELS; level++) {
        struct trend_band x = trend_band(&a, 10, level), y = trend_band(&b, 2020, level);
        CHECK(near(y.low, -10 * x.high + 400, 1e-6) && near(y.high, -10 * x.low + 400, 1e-6));
    }
    CHECK(near(trend_chance(&a, 10, 85), 1 - trend_chance(&b, 2020, -450), 1e-6));
}

TEST(bands_hold_each_other_and_widen)
{
    uint64_t seed = 6;
    struct trend_point p[20];
    for (int i = 0; i < 20; i++)
        p[i] = (struct trend_point){i, 5 * i + 4 * noise(&seed)};
    struct trend t;
    trend_fit(c, p, 20, &t);
    double last_width = 0, last_chance = 1;
    for (int when = 20; when < 40; when++) {
        struct trend_band half = trend_band(&t, when, TREND_HALF), wide = trend_band(&t, when, TREND_FOUR_FIFTHS);
        double line = trend_at(&t, when);
        CHECK(wide.low <= half.low && half.low <= line && line <= half.high && half.high <= wide.high);
        CHECK(wide.high - wide.low >= last_width);
        last_width = wide.high - wide.low;
    }
    for (double v = 0; v < 300; v += 0.5) {
        double chance = trend_chance(&t, 30, v);
        CHECK(chance <= last_chance && chance >= 0.02);
        last_chance = chance;
    }
    CHECK(near(trend_chance(&t, 30, trend_at(&t, 30)), 0.5, 1e-9));
    CHECK(near(trend_chance(&t, 30, trend_band(&t, 30, TREND_HALF).low), 0.75, 1e-6));
    CHECK(near(trend_chance(&t, 30, trend_band(&t, 30, TREND_FOUR_FIFTHS).high), 0.1, 1e-6));
}

/* What the words promise: of figures that stray at random about a line, the next ones fall into the band of 80 % about
 * four times in five, and into that of 50 % about every other time. */
TEST(bands_hold_as_often_as_they_say)
{
    static const struct {
        int n, ahead;
    } cases[] = {{8, 2}, {12, 4}, {24, 6}, {60, 12}};
    uint64_t seed = 2030;
    for (size_t k = 0; k < N(cases); k++) {
        int inside[TREND_LEVELS] = {0}, runs = 800;
        for (int run = 0; run < runs; run++) {
            struct trend_point p[60];
            for (int i = 0; i < cases[k].n; i++)
                p[i] = (struct trend_point){i, 100 + 3 * i + 5 * noise(&seed)};
            int when = cases[k].n - 1 + cases[k].ahead;
            double comes = 100 + 3 * when + 5 * noise(&seed);
            struct trend t;
            trend_fit(c, p, (size_t)cases[k].n, &t);
            for (int level = 0; level < TREND_LEVELS; level++) {
                struct trend_band b = trend_band(&t, when, level);
                inside[level] += b.low <= comes && comes <= b.high;
            }
        }
        double half = (double)inside[TREND_HALF] / runs, wide = (double)inside[TREND_FOUR_FIFTHS] / runs;
        if (half < 0.42 || half > 0.60 || wide < 0.72 || wide > 0.88)
            test_failed(__FILE__, __LINE__, "%d figures: %.2f and %.2f", cases[k].n, half, wide);
    }
}

/* Ties among figures narrow the variance of Kendall's S: of nine figures five are alike, and the other four, so it is
 * (9*8*23 - 5*4*15 - 4*3*13) / 18 = 66.67 and not 92. The z of 80 % is 1.2816, so 10.46 of the 36 pairs lie between the
 * ends, which are the ranks round(12.77) = 13 and round(23.23) + 1 = 24; without ties they were 12 and 25. */
TEST(ties_count)
{
    struct trend_point p[9];
    for (int i = 0; i < 9; i++)
        p[i] = (struct trend_point){(i + 1) * (i + 1) * (i + 2), i < 5 ? 10 : 20};
    double slopes[36];
    size_t n = 0;
    for (int i = 0; i < 9; i++)
        for (int j = i + 1; j < 9; j++) {
            double slope = (p[j].v - p[i].v) / (p[j].t - p[i].t);
            size_t at = n++;
            for (; at && slopes[at - 1] > slope; at--)
                slopes[at] = slopes[at - 1];
            slopes[at] = slope;
        }
    struct trend t;
    trend_fit(c, p, N(p), &t);
    CHECK(slopes[23] < slopes[24]);
    CHECK(t.slopes[TREND_FOUR_FIFTHS].low == slopes[12] && t.slopes[TREND_FOUR_FIFTHS].high == slopes[23]);
}

TEST(a_long_history_is_cut_to_its_latest)
{
    struct trend_point *p = NEWN(c->arena, struct trend_point, 3000);
    for (int i = 0; i < 3000; i++)
        p[i] = (struct trend_point){i, i < 2600 ? 0 : i};
    struct trend t;
    trend_fit(c, p, 3000, &t);
    CHECK(t.points == TREND_MOST && near(t.slope, 1, 1e-12));
}
