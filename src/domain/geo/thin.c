/* Thinning outlines so that neighbours still meet, and how an outline is written. */
#include "domain/geo/geo.h"

#include "base/out.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

static bool same(struct geo_point a, struct geo_point b)
{
    return a.x == b.x && a.y == b.y;
}

static bool before(struct geo_point a, struct geo_point b)
{
    return a.y != b.y ? a.y < b.y : a.x < b.x;
}

/* Every point of all outlines with the points beside it. One that has three or more is where borders meet. */
struct node {
    struct geo_point at, beside[2];
    unsigned char n; /* 0: the slot is free */
    bool meets;
};
struct nodes {
    struct node *v;
    size_t mask;
};

static struct node *node_at(const struct nodes *nodes, struct geo_point p)
{
    uint64_t h = ((uint64_t)(uint32_t)p.x << 32 | (uint32_t)p.y) * 0x9e3779b97f4a7c15u;
    size_t k = (size_t)(h >> 20) & nodes->mask;
    while (nodes->v[k].n && !same(nodes->v[k].at, p))
        k = (k + 1) & nodes->mask;
    return &nodes->v[k];
}

static void link_to(struct node *node, struct geo_point beside)
{
    for (unsigned i = 0; i < node->n; i++)
        if (same(node->beside[i], beside))
            return;
    if (node->n == 2)
        node->meets = true;
    else
        node->beside[node->n++] = beside;
}

static struct nodes nodes_of(struct arena *a, const struct geo_features *f)
{
    size_t points = 0, size = 16;
    for (size_t i = 0; i < f->n; i++)
        for (size_t r = 0; r < f->v[i].n_rings; r++)
            points += f->v[i].rings[r].n;
    while (size < points * 2)
        size *= 2;
    struct nodes nodes = {NEWN(a, struct node, size), size - 1};
    for (size_t i = 0; i < f->n; i++)
        for (size_t r = 0; r < f->v[i].n_rings; r++) {
            const struct geo_ring *ring = &f->v[i].rings[r];
            for (size_t k = 0; k < ring->n; k++) {
                struct node *node = node_at(&nodes, ring->v[k]);
                node->at = ring->v[k];
                link_to(node, ring->v[(k + ring->n - 1) % ring->n]);
                link_to(node, ring->v[(k + 1) % ring->n]);
            }
        }
    return nodes;
}

/* ---- one arc ---- */

struct arc {
    struct geo_point *v; /* both ends in it */
    bool *keep;
    size_t n;
    double squeeze; /* of x, by the latitude */
};

/* Distance of point k from the stretch between i and j, squared. */
static double off(const struct arc *a, size_t k, size_t i, size_t j)
{
    double x = (a->v[k].x - a->v[i].x) * a->squeeze, y = a->v[k].y - a->v[i].y;
    double dx = (a->v[j].x - a->v[i].x) * a->squeeze, dy = a->v[j].y - a->v[i].y;
    double length = dx * dx + dy * dy, t = length > 0 ? (x * dx + y * dy) / length : 0;
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    return (x - t * dx) * (x - t * dx) + (y - t * dy) * (y - t * dy);
}

static size_t furthest(const struct arc *a, size_t i, size_t j, double *ret)
{
    size_t best = i;
    *ret = 0;
    for (size_t k = i + 1; k < j; k++) {
        double d = off(a, k, i, j);
        if (d > *ret) {
            *ret = d;
            best = k;
        }
    }
    return best;
}

struct stretch {
    size_t from, to;
};

/* A long arc is cut first, so that no file takes the square of its length. */
enum { STRETCH_MAX = 1024 };
static void douglas_peucker(const struct arc *a, size_t from, size_t to, double limit, struct stretch *stack)
{
    size_t n = 0;
    for (; to - from > STRETCH_MAX; from += STRETCH_MAX) {
        a->keep[from + STRETCH_MAX] = true;
        douglas_peucker(a, from, from + STRETCH_MAX, limit, stack);
    }
    stack[n++] = (struct stretch){from, to};
    while (n) {
        struct stretch s = stack[--n];
        double d;
        size_t k = furthest(a, s.from, s.to, &d);
        if (d <= limit * limit)
            continue;
        a->keep[k] = true;
        /* The longer one waits: so the stack stays as small as the logarithm of the arc. */
        struct stretch one = {s.from, k}, two = {k, s.to};
        bool first = one.to - one.from > two.to - two.from;
        stack[n++] = first ? one : two;
        stack[n++] = first ? two : one;
    }
}

/* Both neighbours walk an arc the same way, so that they keep the same points. */
static void thin_arc(struct arc *a, double limit, struct stretch *stack)
{
    bool loop = same(a->v[0], a->v[a->n - 1]);
    bool turn = loop ? a->n > 2 && before(a->v[a->n - 2], a->v[1]) : before(a->v[a->n - 1], a->v[0]);
    for (size_t i = 0; turn && i < a->n / 2; i++) {
        struct geo_point t = a->v[i];
        a->v[i] = a->v[a->n - 1 - i];
        a->v[a->n - 1 - i] = t;
    }
    memset(a->keep, 0, a->n * sizeof *a->keep);
    a->keep[0] = a->keep[a->n - 1] = true;
    if (!loop) {
        douglas_peucker(a, 0, a->n - 1, limit, stack);
    } else { /* keeps its furthest point, and the one furthest from that line, if it is larger than the limit */
        double d, e = 0;
        size_t far = furthest(a, 0, a->n - 1, &d);
        if (d > limit * limit) {
            a->keep[far] = true;
            douglas_peucker(a, 0, far, limit, stack);
            douglas_peucker(a, far, a->n - 1, limit, stack);
            size_t third = 0;
            for (size_t k = 1; k + 1 < a->n; k++) {
                double off_k = off(a, k, 0, far);
                if (off_k > e) {
                    e = off_k;
                    third = k;
                }
            }
            if (third)
                a->keep[third] = true;
        }
    }
    for (size_t i = 0; turn && i < a->n / 2; i++) {
        struct geo_point t = a->v[i];
        bool k = a->keep[i];
        a->v[i] = a->v[a->n - 1 - i];
        a->v[a->n - 1 - i] = t;
        a->keep[i] = a->keep[a->n - 1 - i];
        a->keep[a->n - 1 - i] = k;
    }
}

/* Where a ring begins: at a point where borders meet; without any, at its least point, as its neighbour within does. */
static size_t start_of(const struct nodes *nodes, const struct geo_ring *ring)
{
    size_t least = 0;
    for (size_t k = 0; k < ring->n; k++) {
        if (node_at(nodes, ring->v[k])->meets)
            return k;
        if (before(ring->v[k], ring->v[least]))
            least = k;
    }
    return least;
}

static void thin_ring(const struct nodes *nodes, struct geo_ring *ring, struct arc *arc, double limit,
                      struct stretch *stack, struct geo_point *room)
{
    size_t start = start_of(nodes, ring), n = 0;
    for (size_t k = 0; k < ring->n;) {
        arc->n = 0;
        arc->v[arc->n++] = ring->v[(start + k) % ring->n];
        do {
            k++;
            arc->v[arc->n++] = ring->v[(start + k) % ring->n];
        } while (k < ring->n && !node_at(nodes, ring->v[(start + k) % ring->n])->meets);
        thin_arc(arc, limit, stack);
        for (size_t i = 0; i + 1 < arc->n; i++)
            if (arc->keep[i])
                room[n++] = arc->v[i];
    }
    memcpy(ring->v, room, n * sizeof *room);
    ring->n = n;
}

void geo_thin(struct arena *a, struct geo_features *f, double metres)
{
    struct nodes nodes = nodes_of(a, f);
    size_t longest = 0;
    double low = 90, high = -90;
    for (size_t i = 0; i < f->n; i++)
        for (size_t r = 0; r < f->v[i].n_rings; r++) {
            const struct geo_ring *ring = &f->v[i].rings[r];
            longest = ring->n > longest ? ring->n : longest;
            low = fmin(low, (double)ring->v[0].y / GEO_UNITS);
            high = fmax(high, (double)ring->v[0].y / GEO_UNITS);
        }
    struct arc arc = {NEWN(a, struct geo_point, longest + 2), NEWN(a, bool, longest + 2), 0,
                      fmax(cos((low + high) / 2 * M_PI / 180), 0.01)};
    struct stretch *stack = NEWN(a, struct stretch, longest + 2);
    struct geo_point *room = NEWN(a, struct geo_point, longest + 2);
    double limit = fmax(metres, 0) / 111320 * GEO_UNITS;
    for (size_t i = 0; i < f->n; i++) {
        struct geo_feature *feature = &f->v[i];
        size_t kept = 0;
        for (size_t r = 0; r < feature->n_rings; r++) {
            struct geo_ring ring = feature->rings[r];
            thin_ring(&nodes, &ring, &arc, limit, stack, room);
            if (ring.n >= 3)
                feature->rings[kept++] = ring;
        }
        feature->n_rings = kept;
    }
}

/* ---- how it is kept ---- */

enum { TEXT_LIMIT = 16 << 20 };

struct str geo_text(struct ctx *c, const struct geo_feature *f)
{
    struct out o;
    out_init(&o, c->arena, TEXT_LIMIT);
    for (size_t r = 0; r < f->n_rings; r++) {
        struct geo_point last = {0, 0};
        if (r)
            out_char(&o, ';');
        for (size_t k = 0; k < f->rings[r].n; k++) {
            struct geo_point p = f->rings[r].v[k];
            if (k)
                out_char(&o, ' ');
            out_i64(&o, (int64_t)p.x - last.x);
            out_char(&o, ' ');
            out_i64(&o, (int64_t)p.y - last.y);
            last = p;
        }
    }
    return o.failed ? (struct str){0} : out_str(&o);
}

enum err geo_shape_of(struct ctx *c, struct str text, struct shape *ret)
{
    size_t rings = 1;
    for (size_t i = 0; i < text.n; i++)
        rings += text.p[i] == ';';
    struct shape_ring *v = NEWN(c->arena, struct shape_ring, rings);
    struct str rest = text, part;
    size_t n = 0;
    while (text.n && str_cut(&rest, ';', &part)) {
        size_t numbers = 1;
        for (size_t i = 0; i < part.n; i++)
            numbers += part.p[i] == ' ';
        struct shape_point *points = NEWN(c->arena, struct shape_point, numbers / 2 + 1);
        int64_t x = 0, y = 0, dx, dy;
        size_t k = 0;
        struct str left = part, first, second;
        while (str_cut(&left, ' ', &first)) {
            if (!str_cut(&left, ' ', &second) || !str_i64(first, &dx) || !str_i64(second, &dy) ||
                llabs(dx) > 2 * 180 * GEO_UNITS || llabs(dy) > 2 * 180 * GEO_UNITS)
                return FAIL(c, E_INTERNAL, "ranh giới trong kho bị hỏng (a broken boundary in the store)");
            x += dx;
            y += dy;
            points[k++] = (struct shape_point){(double)x / GEO_UNITS, (double)y / GEO_UNITS};
        }
        v[n++] = (struct shape_ring){points, k};
    }
    *ret = (struct shape){v, n};
    return OK;
}
