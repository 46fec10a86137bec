#include "document/chart/svg.h"

#include <math.h>

#include "base/banned.h"

enum { EDGE = 6 }; /* around the map, so that a strong border is not cut */

struct projection {
    double x0, y1;       /* west, north */
    double narrow, size; /* cosine of the mean latitude; units per degree */
};

static bool on_earth(const struct shape_point *p)
{
    return fabs(p->x) <= 180 && fabs(p->y) <= 90;
}

/* Whole tenths, so that a point that two areas share is written alike in both. */
static void project(const struct projection *p, const struct shape_point *at, int64_t ret[2])
{
    ret[0] = llround((at->x - p->x0) * p->narrow * p->size * 10);
    ret[1] = llround((p->y1 - at->y) * p->size * 10);
}

static bool has_shape(const struct chart_area *a)
{
    for (size_t i = 0; a->shape && i < a->shape->n; i++)
        if (a->shape->v[i].n >= 3)
            return true;
    return false;
}

static struct projection fit(const struct chart_map *m, double width, double height, double *ret_w, double *ret_h)
{
    double x0 = INFINITY, x1 = -INFINITY, y0 = INFINITY, y1 = -INFINITY;
    for (size_t i = 0; i < m->n; i++)
        for (size_t r = 0; m->v[i].shape && r < m->v[i].shape->n; r++)
            for (size_t k = 0; k < m->v[i].shape->v[r].n; k++) {
                const struct shape_point *p = &m->v[i].shape->v[r].v[k];
                if (!on_earth(p))
                    continue;
                x0 = fmin(x0, p->x);
                x1 = fmax(x1, p->x);
                y0 = fmin(y0, p->y);
                y1 = fmax(y1, p->y);
            }
    if (!(x1 >= x0)) {
        *ret_w = width;
        *ret_h = fmin(height, width / 4);
        return (struct projection){0, 0, 1, 1};
    }
    struct projection p = {x0, y1, fmax(cos((y0 + y1) / 2 * M_PI / 180), 0.01), 0};
    double w = fmax((x1 - x0) * p.narrow, 1e-6), h = fmax(y1 - y0, 1e-6);
    p.size = fmin((width - 2 * EDGE) / w, (height - 2 * EDGE) / h);
    *ret_w = w * p.size;
    *ret_h = h * p.size;
    return p;
}

static void put_tenths(struct out *o, int64_t v, bool first)
{
    if (!first && v >= 0)
        out_char(o, ' ');
    if (v < 0)
        out_char(o, '-');
    v = v < 0 ? -v : v;
    if (v >= 10 || v == 0)
        out_i64(o, v / 10);
    if (v % 10) {
        out_char(o, '.');
        out_char(o, (char)('0' + v % 10));
    }
}

/* Steps from point to point; a step of nothing is left out. */
static void put_ring(struct out *o, const struct projection *p, const struct shape_ring *ring)
{
    int64_t at[2], next[2];
    bool open = false;
    for (size_t i = 0; i < ring->n; i++) {
        if (!on_earth(&ring->v[i]))
            continue;
        project(p, &ring->v[i], next);
        if (open && next[0] == at[0] && next[1] == at[1])
            continue;
        out_char(o, open ? 'l' : 'M');
        put_tenths(o, open ? next[0] - at[0] : next[0], true);
        put_tenths(o, open ? next[1] - at[1] : next[1], false);
        at[0] = next[0];
        at[1] = next[1];
        open = true;
    }
    if (open)
        out_char(o, 'z');
}

static void put_shape(const struct svg *s, const struct projection *p, const struct shape *shape)
{
    out_put(s->o, S(" d=\""));
    for (size_t r = 0; r < shape->n; r++)
        if (shape->v[r].n >= 3)
            put_ring(s->o, p, &shape->v[r]);
    out_put(s->o, S("\""));
    if (shape->n > 1)
        out_put(s->o, S(" fill-rule=\"evenodd\""));
}

static void draw_area(const struct svg *s, const struct projection *p, const struct chart_map *m,
                      const struct chart_area *area, const struct chart_classes *classes)
{
    struct out *o = s->o;
    int class = chart_class_of(classes, area->value);
    bool named = svg_begin(s, area->label, area->href, false);
    out_put(o, S("<path"));
    svg_look(s, m->plain ? LOOK_AREA : class < 0 ? LOOK_MISSING : LOOK_Q1 + (enum look)(classes->shade[class] - 1));
    if (!m->plain && class < 0)
        svg_hatched(s);
    else if (s->f->standalone && !m->plain)
        out_put(o, S(" stroke=\"#ffffff\" stroke-width=\"0.8\""));
    put_shape(s, p, area->shape);
    if (area->label.n) {
        out_put(o, S(">"));
        svg_title(s, area->label);
        out_put(o, S("</path>"));
    } else {
        out_put(o, S("/>"));
    }
    if (named)
        svg_end(s, area->href);
}

/* The middle of the largest ring, and how large that is. */
static double middle(const struct projection *p, const struct shape *shape, double ret[2])
{
    double most = 0;
    for (size_t r = 0; r < shape->n; r++) {
        const struct shape_ring *ring = &shape->v[r];
        double sum = 0, x = 0, y = 0;
        for (size_t i = 0; i < ring->n; i++) {
            int64_t a[2], b[2];
            if (!on_earth(&ring->v[i]) || !on_earth(&ring->v[(i + 1) % ring->n]))
                continue;
            project(p, &ring->v[i], a);
            project(p, &ring->v[(i + 1) % ring->n], b);
            double cross = ((double)a[0] * (double)b[1] - (double)b[0] * (double)a[1]) / 100;
            sum += cross;
            x += (double)(a[0] + b[0]) / 10 * cross;
            y += (double)(a[1] + b[1]) / 10 * cross;
        }
        if (fabs(sum) <= most)
            continue;
        most = fabs(sum);
        ret[0] = x / (3 * sum);
        ret[1] = y / (3 * sum);
    }
    return most / 2;
}

static void draw_names(const struct svg *s, const struct projection *p, const struct chart_map *m, double w, double h)
{
    struct places places = {.a = s->a, .room = {0, 0, w, h}};
    for (size_t i = 0; i < m->n; i++) {
        const struct chart_area *area = &m->v[i];
        double at[2] = {0, 0};
        if (!area->name.n || !has_shape(area) || middle(p, area->shape, at) <= 0)
            continue;
        const struct candidate c[] = {
            {at[0], at[1] + 4, AT_MIDDLE}, {at[0], at[1] + 14, AT_MIDDLE}, {at[0], at[1] - 8, AT_MIDDLE}};
        int which = places_choose(&places, c, 3, svg_width(area->name, true) * 14 / 12, 1, ANYWHERE);
        if (which >= 0)
            svg_text(s, LOOK_NAME, c[which].x, c[which].y, AT_MIDDLE, area->name);
    }
}

size_t chart_map(struct out *o, struct arena *a, const struct chart_frame *f, const struct chart_map *m,
                 struct chart_classes *ret)
{
    struct svg s = {.o = o, .a = a, .f = f};
    double width = clamp(f->width, 240, 2000), w, h;
    double height = f->height ? clamp(f->height, 60, 4000) : width * 1.5;
    struct projection p = fit(m, width, height, &w, &h);
    double *values = NEWN(a, double, m->n + 1);
    bool links = false;
    size_t out_of_map = 0;
    for (size_t i = 0; i < m->n; i++) {
        values[i] = m->v[i].value;
        links = links || m->v[i].href.n;
    }
    struct chart_classes classes = {0};
    chart_classes(a, values, m->n, m->split, m->breaks, m->n_breaks, &classes);
    svg_open(&s, "chart map", -EDGE, -EDGE, w + 2 * EDGE, h + 2 * EDGE, links);
    if (!m->plain && classes.missing)
        svg_hatch(&s);
    for (size_t i = 0; i < m->n; i++)
        if (has_shape(&m->v[i]))
            draw_area(&s, &p, m, &m->v[i], &classes);
        else
            out_of_map++;
    for (size_t i = 0; i < m->n; i++)
        if (m->v[i].chosen && has_shape(&m->v[i])) { /* over its neighbours */
            out_put(o, S("<path"));
            svg_look(&s, LOOK_CHOSEN);
            put_shape(&s, &p, m->v[i].shape);
            out_put(o, S("/>"));
        }
    draw_names(&s, &p, m, w, h);
    svg_close(&s);
    if (ret)
        *ret = classes;
    return out_of_map;
}
