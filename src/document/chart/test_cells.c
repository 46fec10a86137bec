#include "document/chart/cells.h"
#include "test/test.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "base/banned.h"

static double chance(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) / (double)(1 << 24);
}

/* Twice the area, positive if it runs against the clock. */
static double area(const struct shape_ring *r)
{
    double sum = 0;
    for (size_t i = 0; i < r->n; i++) {
        const struct shape_point *a = &r->v[i], *b = &r->v[(i + 1) % r->n];
        sum += a->x * b->y - b->x * a->y;
    }
    return sum;
}

static bool inside(const struct shape_ring *r, double x, double y)
{
    bool in = false;
    for (size_t i = 0; i < r->n; i++) {
        const struct shape_point *a = &r->v[i], *b = &r->v[(i + 1) % r->n];
        if ((a->y > y) != (b->y > y) && x < (b->x - a->x) * (y - a->y) / (b->y - a->y) + a->x)
            in = !in;
    }
    return in;
}

struct edge {
    struct shape_point from, to;
    size_t of;
};
static int by_edge(const void *x, const void *y)
{
    const struct edge *a = x, *b = y;
    const double va[] = {a->from.x, a->from.y, a->to.x, a->to.y}, vb[] = {b->from.x, b->from.y, b->to.x, b->to.y};
    for (int i = 0; i < 4; i++)
        if (va[i] != vb[i])
            return va[i] < vb[i] ? -1 : 1;
    return 0;
}

/* How many edges stand in two cells, each way once; and the area within those that stand in one. */
static size_t shared(struct ctx *c, const struct shape *cells, size_t n, double *ret_outline)
{
    struct {
        struct edge *v;
        size_t n, cap;
    } all = {0};
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; cells[i].n && k < cells[i].v[0].n; k++)
            *PUSH(c->arena, &all) = (struct edge){cells[i].v[0].v[k], cells[i].v[0].v[(k + 1) % cells[i].v[0].n], i};
    qsort(all.v, all.n, sizeof *all.v, by_edge);
    size_t both = 0;
    double outline = 0;
    for (size_t i = 0; i < all.n; i++) {
        CHECK(i == 0 || by_edge(&all.v[i], &all.v[i - 1]) != 0); /* one edge in two cells the same way: they overlap */
        struct edge back = {all.v[i].to, all.v[i].from, 0};
        if (bsearch(&back, all.v, all.n, sizeof *all.v, by_edge))
            both++;
        else
            outline += all.v[i].from.x * all.v[i].to.y - all.v[i].to.x * all.v[i].from.y;
    }
    *ret_outline = outline;
    return both;
}

static void check_cells(struct ctx *c, const struct shape_point *v, size_t n, size_t least_shared)
{
    const struct shape *cells = cells_around(c->arena, v, n);
    double sum = 0, outline;
    for (size_t i = 0; i < n; i++) {
        CHECK_INT(cells[i].n, 1);
        CHECK(cells[i].v[0].n >= 3);
        CHECK(inside(&cells[i].v[0], v[i].x, v[i].y));
        CHECK(area(&cells[i].v[0]) > 0);
        sum += area(&cells[i].v[0]);
    }
    CHECK(shared(c, cells, n, &outline) >= least_shared);
    CHECK(fabs(sum - outline) < 1e-6 * sum);
    /* What lies in a cell lies nearest to its centre, and in no other cell. */
    uint32_t seed = 7;
    double shrink = cos(20.3 * M_PI / 180);
    for (int k = 0; k < 300; k++) {
        size_t of = (size_t)(chance(&seed) * (double)n) % n;
        double x = v[of].x + (chance(&seed) - 0.5) * 0.1, y = v[of].y + (chance(&seed) - 0.5) * 0.1;
        size_t best = 0, in = 0, which = 0;
        for (size_t i = 0; i < n; i++) {
            if (hypot((v[i].x - x) * shrink, v[i].y - y) < hypot((v[best].x - x) * shrink, v[best].y - y))
                best = i;
            if (inside(&cells[i].v[0], x, y)) {
                in++;
                which = i;
            }
        }
        CHECK(in <= 1);
        CHECK(!in || which == best ||
              fabs(hypot((v[which].x - x) * shrink, v[which].y - y) - hypot((v[best].x - x) * shrink, v[best].y - y)) <
                  1e-3);
    }
}

/* 129 centres scattered as communes are, about a latitude of 20.3. */
TEST(cells_of_a_province)
{
    struct shape_point v[129];
    uint32_t seed = 20;
    for (size_t i = 0; i < 129; i++)
        v[i] = (struct shape_point){105.5 + chance(&seed), 19.9 + 0.8 * chance(&seed)};
    check_cells(c, v, 129, 450);
}

/* On a lattice four cells meet in a point. */
TEST(cells_of_a_lattice)
{
    struct shape_point v[100];
    for (size_t i = 0; i < 100; i++)
        v[i] = (struct shape_point){105 + 0.1 * (double)(i % 10), 20 + 0.06 * (double)(i / 10)};
    check_cells(c, v, 100, 300);
}

TEST(cells_of_few)
{
    struct shape_point one = {106, 20.25}, two[] = {{106, 20.3}, {106.1, 20.3}},
                       line[] = {{106, 20.3}, {106.1, 20.3}, {106.2, 20.3}};
    check_cells(c, &one, 1, 0);
    check_cells(c, two, 2, 2);
    check_cells(c, line, 3, 4);
    const struct shape *none = cells_around(c->arena, NULL, 0);
    CHECK(none != NULL);
}

TEST(cells_of_odd_centres)
{
    const struct shape_point v[] = {{106, 20},  {NAN, 20},      {106, 20}, {106.1, 20.1},
                                    {1e300, 5}, {-INFINITY, 0}, {106, 91}};
    const struct shape *cells = cells_around(c->arena, v, 7);
    CHECK_INT(cells[0].n, 1);
    CHECK_INT(cells[1].n, 0);
    CHECK_INT(cells[2].n, 0); /* on the spot of the first */
    CHECK_INT(cells[3].n, 1);
    for (size_t i = 4; i < 7; i++)
        CHECK_INT(cells[i].n, 0);
}

/* Most edges are shared and it takes no second: thousands of communes, and two islands far out. */
TEST(cells_of_a_country)
{
    enum { N = 3400 };
    struct shape_point *v = NEWN(c->arena, struct shape_point, N);
    uint32_t seed = 3;
    for (size_t i = 0; i < N; i++) {
        double t = chance(&seed);
        v[i] = (struct shape_point){105 + 2.5 * sin(5 * t) + chance(&seed), 9 + 14 * t};
    }
    v[0] = (struct shape_point){112, 16.5};
    v[1] = (struct shape_point){114, 10};
    clock_t before = clock();
    const struct shape *cells = cells_around(c->arena, v, N);
    double took = (double)(clock() - before) / CLOCKS_PER_SEC;
    printf("# %d cells: %.3f s\n", N, took);
    CHECK(took < 5);
    double outline;
    CHECK(shared(c, cells, N, &outline) > N * 4);
    for (size_t i = 0; i < N; i++)
        CHECK(cells[i].n == 1 && inside(&cells[i].v[0], v[i].x, v[i].y));
}
