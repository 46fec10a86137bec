#include "document/chart/cells.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/banned.h"

/* In spacings: nobody's points stand on a lattice one spacing wide, no nearer to a centre than NEAR, no further than
 * FAR; no cell reaches beyond BOX. */
static const double NEAR = 1.25, FAR = 3.5, BOX = 6;
enum { GRID_MOST = 1024 };

struct site {
    double x, y;
    size_t of; /* index of the centre; SIZE_MAX: nobody's */
};
struct sites {
    struct site *v;
    size_t n, cap;
};

/* Sites by squares of the plane. */
struct grid {
    double x0, y0, size;
    int64_t wide, high;
    size_t *first, *site; /* first[k] .. first[k + 1] of square k */
};

static int64_t square(double v, double from, double size, int64_t n)
{
    double k = floor((v - from) / size);
    return k < 0 ? 0 : k >= (double)n ? n - 1 : (int64_t)k;
}

static struct grid grid_of(struct arena *a, const struct sites *s, double size)
{
    double x0 = INFINITY, x1 = -INFINITY, y0 = INFINITY, y1 = -INFINITY;
    for (size_t i = 0; i < s->n; i++) {
        x0 = fmin(x0, s->v[i].x);
        x1 = fmax(x1, s->v[i].x);
        y0 = fmin(y0, s->v[i].y);
        y1 = fmax(y1, s->v[i].y);
    }
    size = fmax(size, fmax(x1 - x0, y1 - y0) / GRID_MOST);
    struct grid g = {x0, y0, size, (int64_t)((x1 - x0) / size) + 1, (int64_t)((y1 - y0) / size) + 1, NULL, NULL};
    size_t squares = (size_t)(g.wide * g.high);
    g.first = NEWN(a, size_t, squares + 2);
    g.site = NEWN(a, size_t, s->n + 1);
    for (size_t i = 0; i < s->n; i++)
        g.first[square(s->v[i].y, y0, size, g.high) * g.wide + square(s->v[i].x, x0, size, g.wide) + 2]++;
    for (size_t k = 2; k <= squares; k++)
        g.first[k] += g.first[k - 1];
    for (size_t i = 0; i < s->n; i++)
        g.site[g.first[square(s->v[i].y, y0, size, g.high) * g.wide + square(s->v[i].x, x0, size, g.wide) + 1]++] = i;
    return g;
}

/* Squares `ring` steps away from that of a point, one after the other. */
struct walk {
    int64_t x, y, ring, at;
};
static bool walk_next(const struct grid *g, struct walk *w, size_t *ret)
{
    int64_t side = 2 * w->ring, around = w->ring ? 4 * side : 1;
    while (w->at < around) {
        int64_t k = w->at++, along = side ? k % side : 0;
        int64_t x = w->x - w->ring, y = w->y - w->ring;
        switch (side ? k / side : 0) {
        case 0:
            x += along;
            break;
        case 1:
            x += side, y += along;
            break;
        case 2:
            x += side - along, y += side;
            break;
        default:
            y += side - along;
            break;
        }
        if (x < 0 || y < 0 || x >= g->wide || y >= g->high)
            continue;
        *ret = (size_t)(y * g->wide + x);
        return true;
    }
    return false;
}

/* Distance to the nearest site but `self`, INFINITY beyond `most`. */
static double nearest(const struct sites *s, const struct grid *g, double x, double y, size_t self, double most)
{
    double best = INFINITY;
    int64_t gx = square(x, g->x0, g->size, g->wide), gy = square(y, g->y0, g->size, g->high);
    int64_t rings = g->wide > g->high ? g->wide : g->high;
    /* A point outside the grid is as far from its edge square as it is outside. */
    for (int64_t ring = 0; ring <= rings && (double)(ring - 1) * g->size <= fmin(best, most); ring++) {
        struct walk w = {gx, gy, ring, 0};
        for (size_t k; walk_next(g, &w, &k);)
            for (size_t i = g->first[k]; i < g->first[k + 1]; i++)
                if (g->site[i] != self)
                    best = fmin(best, hypot(s->v[g->site[i]].x - x, s->v[g->site[i]].y - y));
    }
    return best <= most ? best : INFINITY;
}

static int by_number(const void *x, const void *y)
{
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

/* How far centres commonly stand apart, the loose ones rather than the dense ones. */
static double spacing(struct arena *a, const struct sites *s)
{
    if (s->n < 2)
        return 0.1;
    double x0 = INFINITY, x1 = -INFINITY, y0 = INFINITY, y1 = -INFINITY;
    for (size_t i = 0; i < s->n; i++) {
        x0 = fmin(x0, s->v[i].x);
        x1 = fmax(x1, s->v[i].x);
        y0 = fmin(y0, s->v[i].y);
        y1 = fmax(y1, s->v[i].y);
    }
    double extent = fmax(x1 - x0, y1 - y0);
    struct grid g = grid_of(a, s, fmax(extent / sqrt((double)s->n), 1e-9));
    double *apart = NEWN(a, double, s->n);
    for (size_t i = 0; i < s->n; i++)
        apart[i] = nearest(s, &g, s->v[i].x, s->v[i].y, i, INFINITY);
    qsort(apart, s->n, sizeof *apart, by_number);
    return fmax(1.3 * apart[s->n * 4 / 5], 1e-6);
}

struct spot {
    int64_t x, y;
};
struct spots {
    struct spot *v;
    size_t n, cap;
};

static int by_spot(const void *x, const void *y)
{
    const struct spot *a = x, *b = y;
    return a->y != b->y ? (a->y > b->y) - (a->y < b->y) : (a->x > b->x) - (a->x < b->x);
}

/* A number in -0.5 .. 0.5 that depends on the place alone, so that the outline is not a ruled line. */
static double sway(int64_t x, int64_t y)
{
    uint64_t h = (uint64_t)x * 0x9e3779b97f4a7c15u ^ (uint64_t)y * 0xc2b2ae3d27d4eb4fu;
    h = (h ^ h >> 29) * 0xbf58476d1ce4e5b9u;
    return (double)(h >> 40) / (double)(1 << 24) - 0.5;
}

static void strew(struct arena *a, struct sites *s, double apart)
{
    struct grid g = grid_of(a, s, apart);
    struct spots spots = {0};
    int64_t far = (int64_t)ceil(FAR);
    for (size_t i = 0; i < s->n; i++) {
        int64_t x = (int64_t)floor(s->v[i].x / apart), y = (int64_t)floor(s->v[i].y / apart);
        for (int64_t dy = -far; dy <= far; dy++)
            for (int64_t dx = -far; dx <= far; dx++)
                *PUSH(a, &spots) = (struct spot){x + dx, y + dy};
    }
    qsort(spots.v, spots.n, sizeof *spots.v, by_spot);
    size_t real = s->n;
    for (size_t i = 0; i < spots.n; i++) {
        if (i && by_spot(&spots.v[i], &spots.v[i - 1]) == 0)
            continue;
        double x = ((double)spots.v[i].x + 0.7 * sway(spots.v[i].x, spots.v[i].y)) * apart;
        double y = ((double)spots.v[i].y + 0.7 * sway(spots.v[i].y, ~spots.v[i].x)) * apart;
        struct sites centres = {s->v, real, 0};
        double d = nearest(&centres, &g, x, y, SIZE_MAX, NEAR * apart);
        if (d > NEAR * apart)
            *PUSH(a, s) = (struct site){x, y, SIZE_MAX};
    }
}

/* A corner of a cell, and whose border the edge after it is: a site, or one of the four sides of the box (-1 .. -4). */
struct corner {
    double x, y;
    int64_t edge;
};
struct cell {
    struct corner *v, *spare;
    size_t n;
};

static void clip(struct cell *c, const struct site *own, const struct site *other, int64_t edge)
{
    double dx = other->x - own->x, dy = other->y - own->y;
    double limit = (dx * dx + dy * dy) / 2;
    size_t n = 0;
    bool cut = false;
    for (size_t i = 0; i < c->n; i++) {
        const struct corner *a = &c->v[i], *b = &c->v[(i + 1) % c->n];
        double da = (a->x - own->x) * dx + (a->y - own->y) * dy - limit;
        double db = (b->x - own->x) * dx + (b->y - own->y) * dy - limit;
        if (da <= 0)
            c->spare[n++] = *a;
        else
            cut = true;
        if ((da <= 0) == (db <= 0))
            continue;
        double t = da / (da - db);
        c->spare[n++] = (struct corner){a->x + (b->x - a->x) * t, a->y + (b->y - a->y) * t, da <= 0 ? edge : a->edge};
    }
    if (!cut)
        return;
    struct corner *v = c->v;
    c->v = c->spare;
    c->spare = v;
    c->n = n;
}

static double reach(const struct cell *c, const struct site *own)
{
    double most = 0;
    for (size_t i = 0; i < c->n; i++)
        most = fmax(most, hypot(c->v[i].x - own->x, c->v[i].y - own->y));
    return most;
}

static void cell_of(struct cell *c, const struct sites *s, const struct grid *g, size_t self, double box)
{
    const struct site *own = &s->v[self];
    c->n = 4;
    for (int i = 0; i < 4; i++)
        c->v[i] = (struct corner){own->x + (i == 1 || i == 2 ? box : -box), own->y + (i >= 2 ? box : -box), -1 - i};
    int64_t gx = square(own->x, g->x0, g->size, g->wide), gy = square(own->y, g->y0, g->size, g->high);
    int64_t rings = g->wide > g->high ? g->wide : g->high;
    for (int64_t ring = 0; ring <= rings && (double)(ring - 1) * g->size <= 2 * reach(c, own); ring++) {
        struct walk w = {gx, gy, ring, 0};
        for (size_t k; walk_next(g, &w, &k);)
            for (size_t i = g->first[k]; i < g->first[k + 1]; i++)
                if (g->site[i] != self)
                    clip(c, own, &s->v[g->site[i]], (int64_t)g->site[i]);
    }
}

/* The point as far from three sites, always worked out in the same order. */
static bool middle_of(const struct sites *s, int64_t i, int64_t j, int64_t k, struct shape_point *ret)
{
    int64_t v[3] = {i, j, k};
    for (int a = 0; a < 2; a++)
        for (int b = 0; b < 2 - a; b++)
            if (v[b] > v[b + 1]) {
                int64_t t = v[b];
                v[b] = v[b + 1];
                v[b + 1] = t;
            }
    if (v[0] < 0)
        return false;
    const struct site *a = &s->v[v[0]], *b = &s->v[v[1]], *c = &s->v[v[2]];
    double bx = b->x - a->x, by = b->y - a->y, cx = c->x - a->x, cy = c->y - a->y;
    double d = 2 * (bx * cy - by * cx), bb = bx * bx + by * by, cc = cx * cx + cy * cy;
    if (fabs(d) < 1e-14 * (bb + cc))
        return false;
    *ret = (struct shape_point){a->x + (cy * bb - by * cc) / d, a->y + (bx * cc - cx * bb) / d};
    return true;
}

static double rounded(double v)
{
    return round(v * 1e7) / 1e7;
}

static struct shape_ring ring_of(struct arena *a, const struct cell *c, const struct sites *s, size_t self,
                                 double shrink)
{
    struct shape_point *v = NEWN(a, struct shape_point, c->n + 1);
    size_t n = 0;
    for (size_t i = 0; i < c->n; i++) {
        struct shape_point at = {c->v[i].x, c->v[i].y};
        (void)middle_of(s, (int64_t)self, c->v[i].edge, c->v[(i + c->n - 1) % c->n].edge, &at);
        at = (struct shape_point){rounded(at.x / shrink), rounded(at.y)};
        if (!n || at.x != v[n - 1].x || at.y != v[n - 1].y)
            v[n++] = at;
    }
    while (n > 1 && v[n - 1].x == v[0].x && v[n - 1].y == v[0].y)
        n--;
    return (struct shape_ring){v, n};
}

static int by_place(const void *x, const void *y)
{
    const struct site *a = x, *b = y;
    if (a->x != b->x)
        return a->x < b->x ? -1 : 1;
    if (a->y != b->y)
        return a->y < b->y ? -1 : 1;
    return (a->of > b->of) - (a->of < b->of);
}

struct shape *cells_around(struct arena *a, const struct shape_point *centres, size_t n)
{
    struct shape *shapes = NEWN(a, struct shape, n + 1);
    struct sites s = {0};
    double south = 90, north = -90;
    for (size_t i = 0; i < n; i++) {
        if (!(fabs(centres[i].x) <= 180 && fabs(centres[i].y) <= 89))
            continue;
        *PUSH(a, &s) = (struct site){centres[i].x, centres[i].y, i};
        south = fmin(south, centres[i].y);
        north = fmax(north, centres[i].y);
    }
    if (!s.n)
        return shapes;
    double shrink = cos((south + north) / 2 * M_PI / 180);
    for (size_t i = 0; i < s.n; i++)
        s.v[i].x *= shrink;
    qsort(s.v, s.n, sizeof *s.v, by_place);
    size_t kept = 1;
    for (size_t i = 1; i < s.n; i++)
        if (s.v[i].x - s.v[kept - 1].x > 1e-7 || fabs(s.v[i].y - s.v[kept - 1].y) > 1e-7)
            s.v[kept++] = s.v[i];
    s.n = kept;
    double apart = spacing(a, &s);
    strew(a, &s, apart);
    struct grid g = grid_of(a, &s, apart);
    struct cell c = {NEWN(a, struct corner, s.n + 8), NEWN(a, struct corner, s.n + 8), 0};
    for (size_t i = 0; i < kept; i++) {
        struct shape_ring *ring = NEW(a, struct shape_ring);
        cell_of(&c, &s, &g, i, BOX * apart);
        *ring = ring_of(a, &c, &s, i, shrink);
        if (ring->n >= 3)
            shapes[s.v[i].of] = (struct shape){ring, 1};
    }
    return shapes;
}
