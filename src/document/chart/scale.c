#include "document/chart/svg.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/banned.h"

double clamp(double v, double lo, double hi)
{
    return v > hi ? hi : v >= lo ? v : lo;
}

bool drawable(double v)
{
    return isfinite(v) && fabs(v) < 1e290;
}

double chart_time(int32_t day)
{
    int year, month, date;
    day_to_date(day, &year, &month, &date);
    int length = day_month_end(year, 12), first = day_month_end(year - 1, 12);
    return year + (double)(day - first) / (length - first);
}

double chart_time_of(struct period p)
{
    return chart_time(p.to);
}

/* The next of 1, 2, 5, 10 … that is no less than `v`. */
static double round_up(double v)
{
    double power = pow(10, floor(log10(v)));
    for (double unit = power / 10;; unit *= 10) {
        static const int steps[] = {1, 2, 5};
        for (int i = 0; i < 3; i++)
            if (unit * steps[i] >= v * (1 - 1e-9))
                return unit * steps[i];
    }
}

double scale_tick(const struct scale *s, int i)
{
    double v = s->from + s->step * i;
    return fabs(v) < s->step * 1e-6 ? 0 : v;
}

struct scale scale_round(double lo, double hi, int most)
{
    double size = fmax(fabs(lo), fabs(hi));
    if (!(hi - lo > size * 1e-6) || hi - lo < 1e-280) { /* one value: some room around it */
        double room = size > 1e-280 ? size * 0.1 : 1;
        lo = size > 1e-280 ? lo - room : 0;
        hi += room;
    }
    struct scale s;
    for (double step = round_up((hi - lo) / most);; step = round_up(step * 1.5)) {
        double from = floor(lo / step + 1e-9), to = ceil(hi / step - 1e-9);
        if (to - from > most)
            continue;
        s = (struct scale){from * step, to * step, step, (int)(to - from), 0};
        break;
    }
    if (s.ticks < 1)
        s = (struct scale){lo, hi, hi - lo, 1, 0};
    double digits = -floor(log10(s.step) + 1e-9);
    s.decimals = digits > 0 ? (int)fmin(digits, 300) : 0;
    return s;
}

struct str scale_text(struct arena *a, const struct chart_frame *f, double v, int decimals)
{
    char text[64];
    char point = f->decimal ? f->decimal : ',', group = f->group ? f->group : '.';
    bool plain = fabs(v) < 1e15 && decimals <= 9;
    int n =
        plain ? snprintf(text, sizeof text, "%.*f", decimals, fabs(v)) : snprintf(text, sizeof text, "%.3g", fabs(v));
    char *to = NEWN(a, char, (size_t)n * 2 + 8);
    size_t at = 0;
    int whole = 0;
    while (whole < n && text[whole] >= '0' && text[whole] <= '9')
        whole++;
    if (v < 0)
        for (const char *minus = "\xe2\x88\x92"; *minus; minus++)
            to[at++] = *minus;
    for (int i = 0; i < n; i++) {
        if (i && i < whole && (whole - i) % 3 == 0)
            to[at++] = group;
        to[at++] = text[i] == '.' ? point : text[i];
    }
    return (struct str){to, at};
}

static int by_value(const void *x, const void *y)
{
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

/* Which shades stand for so many classes: far apart when there are few. */
static void shade(struct chart_classes *c)
{
    static const int shades[CHART_CLASSES + 1][CHART_CLASSES] = {{0},       {3},          {2, 4},
                                                                 {1, 3, 5}, {1, 2, 4, 5}, {1, 2, 3, 4, 5}};
    for (size_t i = 0; i < c->n; i++)
        c->shade[i] = shades[c->n][i];
}

int chart_class_of(const struct chart_classes *c, double v)
{
    if (!drawable(v) || !c->n)
        return -1;
    int i = (int)c->n - 1;
    while (i > 0 && v < c->limit[i])
        i--;
    return i;
}

static void split_even(struct chart_classes *c, double lo, double hi)
{
    struct scale s = scale_round(lo, hi, CHART_CLASSES);
    c->n = (size_t)(s.ticks < 1 ? 1 : s.ticks);
    for (size_t i = 0; i <= c->n; i++)
        c->limit[i] = scale_tick(&s, (int)i);
}

static void split_quantiles(struct chart_classes *c, const double *sorted, size_t n)
{
    c->limit[0] = sorted[0];
    c->n = 1;
    for (size_t i = 1; i < CHART_CLASSES; i++) {
        double limit = sorted[i * n / CHART_CLASSES];
        if (limit > c->limit[c->n - 1])
            c->limit[c->n++] = limit;
    }
    c->limit[c->n] = sorted[n - 1];
}

static void split_given(struct chart_classes *c, const double *breaks, size_t n, double lo, double hi)
{
    n = n < CHART_CLASSES ? n : CHART_CLASSES - 1;
    c->n = n + 1;
    c->limit[0] = fmin(lo, breaks[0]);
    for (size_t i = 0; i < n; i++)
        c->limit[i + 1] = breaks[i];
    c->limit[n + 1] = fmax(hi, breaks[n - 1]);
}

void chart_classes(struct arena *a, const double *v, size_t n, enum chart_split split, const double *breaks,
                   size_t n_breaks, struct chart_classes *ret)
{
    struct chart_classes c = {0};
    double *sorted = NEWN(a, double, n + 1);
    size_t known = 0;
    for (size_t i = 0; i < n; i++)
        if (drawable(v[i]))
            sorted[known++] = v[i];
    c.missing = n - known;
    if (known) {
        qsort(sorted, known, sizeof *sorted, by_value);
        if (n_breaks)
            split_given(&c, breaks, n_breaks, sorted[0], sorted[known - 1]);
        else if (split == CHART_EVEN)
            split_even(&c, sorted[0], sorted[known - 1]);
        else
            split_quantiles(&c, sorted, known);
        shade(&c);
        for (size_t i = 0; i < known; i++)
            c.count[chart_class_of(&c, sorted[i])]++;
    }
    *ret = c;
}
