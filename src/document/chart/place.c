#include "document/chart/svg.h"

#include <math.h>

#include "base/banned.h"

enum {
    ROW = 14, /* between baselines */
    ASCENT = 11,
    DESCENT = 4,
    NEAR = 3,  /* that a line should keep off the ends of a label */
    ALONG = 5, /* how far apart a line is remembered */
};

void places_line(struct places *p, double x0, double y0, double x1, double y1)
{
    double length = hypot(x1 - x0, y1 - y0);
    int n = (int)fmin(ceil(length / ALONG), 1000);
    for (int i = 0; i <= n; i++) {
        double t = n ? (double)i / n : 0;
        *PUSH(p->a, &p->lines) = (struct chart_at){x0 + (x1 - x0) * t, y0 + (y1 - y0) * t};
    }
}

void places_take(struct places *p, struct box b)
{
    *PUSH(p->a, &p->taken) = b;
}

bool places_free(const struct places *p, struct box b)
{
    if (b.x0 < p->room.x0 || b.x1 > p->room.x1 || b.y0 < p->room.y0 || b.y1 > p->room.y1)
        return false;
    for (size_t i = 0; i < p->taken.n; i++) {
        const struct box *t = &p->taken.v[i];
        if (b.x0 < t->x1 && b.x1 > t->x0 && b.y0 < t->y1 && b.y1 > t->y0)
            return false;
    }
    return true;
}

static size_t covered(const struct places *p, struct box b)
{
    size_t n = 0;
    for (size_t i = 0; i < p->lines.n; i++) {
        const struct chart_at *at = &p->lines.v[i];
        n += at->x > b.x0 - NEAR && at->x < b.x1 + NEAR && at->y > b.y0 && at->y < b.y1;
    }
    return n;
}

int places_choose(struct places *p, const struct candidate *c, size_t n, double width, size_t rows, size_t most)
{
    int best = -1;
    size_t least = 0;
    struct box where = {0};
    for (size_t i = 0; i < n; i++) {
        double x = c[i].anchor == AT_START ? c[i].x : c[i].anchor == AT_END ? c[i].x - width : c[i].x - width / 2;
        struct box b = {x, c[i].y - ASCENT, x + width, c[i].y + DESCENT + (double)(rows - 1) * ROW};
        if (!places_free(p, b))
            continue;
        size_t cost = covered(p, b);
        if (cost > most || (best >= 0 && cost >= least))
            continue;
        best = (int)i;
        least = cost;
        where = b;
    }
    if (best >= 0)
        places_take(p, where);
    return best;
}

void places_apart(double *y, const double *gap, size_t n, double from, double to)
{
    if (!n)
        return;
    for (size_t i = 0; i < n; i++)
        y[i] = clamp(y[i], from, to);
    for (size_t round = 0; round < 60; round++) { /* push pairs apart evenly until none is too near */
        bool moved = false;
        for (size_t i = 0; i + 1 < n; i++) {
            double short_of = gap[i] - (y[i + 1] - y[i]);
            if (short_of <= 0.05)
                continue;
            y[i] -= short_of / 2;
            y[i + 1] += short_of / 2;
            moved = true;
        }
        y[0] = fmax(y[0], from);
        y[n - 1] = fmin(y[n - 1], to);
        if (!moved)
            return;
    }
    for (size_t i = 0; i + 1 < n; i++) /* what is left, downwards; then upwards from the end of the room */
        y[i + 1] = fmax(y[i + 1], y[i] + gap[i]);
    y[n - 1] = fmin(y[n - 1], to);
    for (size_t i = n - 1; i > 0; i--)
        y[i - 1] = fmin(y[i - 1], y[i] - gap[i - 1]);
}
