#include "domain/indicator/trend.h"

#include <math.h>
#include <stdlib.h>

#include "base/banned.h"

/* Of the standard normal distribution: the quantiles that the bands stand for. */
static const double band_quantile[TREND_LEVELS] = {0.6744897501960817, 1.2815515655446004};
static const double band_chance[TREND_LEVELS] = {0.5, 0.8};

static int by_time(const void *a, const void *b)
{
    const struct trend_point *x = a, *y = b;
    return x->t != y->t ? (x->t > y->t) - (x->t < y->t) : (x->v > y->v) - (x->v < y->v);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Of sorted figures; between two of them as a line runs. */
static double quantile(const double *v, size_t n, double q)
{
    double at = q * (double)(n - 1);
    size_t below = (size_t)at;
    return below + 1 >= n ? v[n - 1] : v[below] + (at - (double)below) * (v[below + 1] - v[below]);
}

static double median(const double *v, size_t n)
{
    return n % 2 ? v[n / 2] : v[n / 2 - 1] / 2 + v[n / 2] / 2;
}

/* What counts of the points, by time; and what is worked out of it. */
struct sample {
    struct trend_point *points;
    double *slopes; /* sorted */
    size_t n, times, n_slopes;
    double spread; /* the standard deviation of Kendall's S */
};

/* How much ties of `size` take from the variance of S, eighteenfold. */
static double tie(double size)
{
    return size * (size - 1) * (2 * size + 5);
}

/* Ties among times and among figures (Kendall 1970, the general form). */
static double kendall_spread(struct ctx *c, const struct sample *s)
{
    double n = (double)s->n, sums[2][3] = {{0}};
    double *v = NEWN(c->arena, double, s->n);
    for (int which = 0; which < 2; which++) {
        for (size_t i = 0; i < s->n; i++)
            v[i] = which ? s->points[i].v : s->points[i].t;
        qsort(v, s->n, sizeof *v, by_size);
        for (size_t i = 0, j; i < s->n; i = j) {
            for (j = i + 1; j < s->n && v[j] == v[i]; j++)
                ;
            double size = (double)(j - i);
            sums[which][0] += tie(size);
            sums[which][1] += size * (size - 1);
            sums[which][2] += size * (size - 1) * (size - 2);
        }
    }
    double variance = (tie(n) - sums[0][0] - sums[1][0]) / 18 + sums[0][1] * sums[1][1] / (2 * n * (n - 1));
    if (n > 2)
        variance += sums[0][2] * sums[1][2] / (9 * n * (n - 1) * (n - 2));
    return sqrt(variance > 0 ? variance : 0);
}

/* False if there is no line. */
static bool take(struct ctx *c, const struct trend_point *points, size_t n, struct sample *ret)
{
    struct trend_point *v = NEWN(c->arena, struct trend_point, n + 1);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (isfinite(points[i].t) && isfinite(points[i].v))
            v[kept++] = points[i];
    qsort(v, kept, sizeof *v, by_time);
    if (kept > TREND_MOST) {
        v += kept - TREND_MOST;
        kept = TREND_MOST;
    }
    *ret = (struct sample){.points = v, .n = kept};
    for (size_t i = 0; i < kept; i++)
        ret->times += i == 0 || v[i].t != v[i - 1].t;
    if (ret->times < TREND_POINTS)
        return false;
    ret->slopes = NEWN(c->arena, double, kept *(kept - 1) / 2);
    for (size_t i = 0; i < kept; i++)
        for (size_t j = i + 1; j < kept; j++)
            if (v[j].t != v[i].t)
                ret->slopes[ret->n_slopes++] = (v[j].v - v[i].v) / (v[j].t - v[i].t);
    qsort(ret->slopes, ret->n_slopes, sizeof *ret->slopes, by_size);
    ret->spread = kendall_spread(c, ret);
    return true;
}

/* `z`: how many standard deviations of S to either side. */
static struct trend_band slope_band(const struct sample *s, double z)
{
    double n = (double)s->n_slopes, reach = z * s->spread;
    double low = round((n - reach) / 2) - 1, high = round((n + reach) / 2);
    size_t first = low > 0 ? (size_t)low : 0;
    size_t last = high < n - 1 ? (size_t)high : s->n_slopes - 1;
    return (struct trend_band){s->slopes[first], s->slopes[last]};
}

/* The z of a two-sided confidence, by halving: erf() is in the C library, its inverse is not. */
static double normal_quantile(double confidence)
{
    double low = 0, high = 40;
    for (int i = 0; i < 80; i++) {
        double z = (low + high) / 2;
        *(erf(z / sqrt(2)) < confidence ? &low : &high) = z;
    }
    return low;
}

struct trend_band trend_slopes(struct ctx *c, const struct trend_point *points, size_t n, double confidence)
{
    struct arena_mark mark = arena_mark(c->arena);
    struct sample s;
    struct trend_band ret = {NAN, NAN};
    if (take(c, points, n, &s))
        ret = slope_band(&s, normal_quantile(confidence));
    arena_rewind(c->arena, mark);
    return ret;
}

/* How far figures stray from the line, a little wider than they did, because the line was laid through them. */
static void set_strays(struct ctx *c, const struct sample *s, struct trend *t)
{
    double *v = NEWN(c->arena, double, s->n), wider = (double)s->n / (double)(s->n - 2);
    for (size_t i = 0; i < s->n; i++)
        v[i] = s->points[i].v - trend_at(t, s->points[i].t);
    qsort(v, s->n, sizeof *v, by_size);
    for (int level = 0; level < TREND_LEVELS; level++) {
        double low = quantile(v, s->n, (1 - band_chance[level]) / 2) * wider;
        double high = quantile(v, s->n, (1 + band_chance[level]) / 2) * wider;
        t->strays[level] = (struct trend_band){fmin(low, 0), fmax(high, 0)};
    }
}

void trend_fit(struct ctx *c, const struct trend_point *points, size_t n, struct trend *ret)
{
    struct arena_mark mark = arena_mark(c->arena);
    struct sample s;
    const struct trend_band none = {NAN, NAN};
    *ret = (struct trend){
        .slope = NAN, .intercept = NAN, .height = NAN, .middle = NAN, .slopes = {none, none}, .strays = {none, none}};
    bool line = take(c, points, n, &s);
    ret->points = s.n;
    ret->times = s.times;
    if (line) {
        double *v = NEWN(c->arena, double, s.n);
        ret->slope = median(s.slopes, s.n_slopes);
        for (size_t i = 0; i < s.n; i++)
            v[i] = s.points[i].t;
        ret->middle = median(v, s.n);
        for (size_t i = 0; i < s.n; i++)
            v[i] = s.points[i].v - ret->slope * (s.points[i].t - ret->middle);
        qsort(v, s.n, sizeof *v, by_size);
        ret->height = median(v, s.n);
        ret->intercept = ret->height - ret->slope * ret->middle;
        ret->has_band = s.times >= TREND_INTERVAL_POINTS;
    }
    if (ret->has_band) {
        for (int level = 0; level < TREND_LEVELS; level++)
            ret->slopes[level] = slope_band(&s, band_quantile[level]);
        set_strays(c, &s, ret);
    }
    arena_rewind(c->arena, mark);
}

double trend_at(const struct trend *t, double when)
{
    /* Not from the intercept: years lie far from 0, and digits would be lost on the way. */
    return t->height + t->slope * (when - t->middle);
}

struct trend_band trend_band(const struct trend *t, double when, enum trend_level level)
{
    if (!t->has_band)
        return (struct trend_band){NAN, NAN};
    double line = trend_at(t, when), away = when - t->middle;
    double down = (t->slopes[level].low - t->slope) * away, up = (t->slopes[level].high - t->slope) * away;
    double low = hypot(fmin(down, up), t->strays[level].low), high = hypot(fmax(down, up), t->strays[level].high);
    return (struct trend_band){line - low, line + high};
}

double trend_chance(const struct trend *t, double when, double v)
{
    if (!t->has_band)
        return NAN;
    struct trend_band half = trend_band(t, when, TREND_HALF), wide = trend_band(t, when, TREND_FOUR_FIFTHS);
    const double at[5] = {wide.low, half.low, trend_at(t, when), half.high, wide.high};
    const double z[5] = {-band_quantile[TREND_FOUR_FIFTHS], -band_quantile[TREND_HALF], 0, band_quantile[TREND_HALF],
                         band_quantile[TREND_FOUR_FIFTHS]};
    /* The stretch that `v` lies in; beyond the ends the outer ones go on. */
    int i = 0;
    while (i < 3 && v > at[i + 1])
        i++;
    double width = at[i + 1] - at[i], score;
    if (width > 0)
        score = z[i] + (v - at[i]) / width * (z[i + 1] - z[i]);
    else
        score = v > at[i + 1] ? INFINITY : v <= at[i] ? -INFINITY : z[i];
    return fmin(fmax(0.5 * erfc(score / sqrt(2)), 0.02), 0.98);
}
