/* trend.h - a line through figures that one wild figure does not move, and how far ahead it may be trusted.
 *
 * The slope is that of Theil (1950) and Sen (1968): the median of the slopes of all pairs of figures of different
 * times. The line runs so that as many figures lie above it as below: its height is the median of v - slope * t.
 *
 * Fewer than TREND_POINTS different times give no line. From TREND_INTERVAL_POINTS different times on there is a band
 * around what the line says of a day:
 *   - of the slope: Sen's interval by ranks, the variance of Kendall's S with ties among figures and among times (the
 *     normal approximation, ranks rounded outwards), which is what the line may turn around the middle of the times;
 *   - of a single figure: the quantiles of the distances from the line, widened by n / (n - 2) for the two that were
 *     fitted.
 * The two are independent, so they add as squares. What it takes for granted is that what was goes on, and that figures
 * stray independently of each other; where they do not (a slow wave), the band is too narrow. Bands never cross: the
 * one of 80 % holds that of 50 %.
 *
 * Figures that are no number are passed over. Memory: what is returned is a value; scratch in c->arena. Threads: no
 * state. */
#ifndef HOALU_TREND_H
#define HOALU_TREND_H

#include "base/ctx.h"

/* TREND_MOST: of more points the latest count. */
enum { TREND_POINTS = 3, TREND_INTERVAL_POINTS = 8, TREND_MOST = 400 };

struct trend_point {
    double t; /* in years, from any origin */
    double v;
};

/* Low and high around a line. */
struct trend_band {
    double low, high;
};
enum trend_level { TREND_HALF, TREND_FOUR_FIFTHS, TREND_LEVELS }; /* 50 %, 80 % */

struct trend {
    size_t points, times;    /* that counted; of them different times */
    double slope, intercept; /* v = intercept + slope * t; NaN if there is no line */
    bool has_band;
    double height;                          /* of the line in the middle */
    double middle;                          /* the median of the times */
    struct trend_band slopes[TREND_LEVELS]; /* NaN if there is no band */
    struct trend_band strays[TREND_LEVELS]; /* distances from the line, low <= 0 <= high */
};

void trend_fit(struct ctx *c, const struct trend_point *points, size_t n, struct trend *ret);
static inline bool trend_has_line(const struct trend *t)
{
    return t->times >= TREND_POINTS;
}
double trend_at(const struct trend *t, double when); /* NaN if there is no line */
/* Where a figure of that time is expected with that chance; NaN if there is no band. */
struct trend_band trend_band(const struct trend *t, double when, enum trend_level level);
/* The chance that a figure of that time is at least `v`, read between the bands as on a normal curve, kept within
 * 0.02..0.98, because more is not known from so few figures. NaN if there is no band. */
double trend_chance(const struct trend *t, double when, double v);

/* Sen's interval of the slope at any confidence (0.93), for who wants another. NaN if there is no line. */
struct trend_band trend_slopes(struct ctx *c, const struct trend_point *points, size_t n, double confidence);

#endif
