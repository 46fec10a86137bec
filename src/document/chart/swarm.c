#include "document/chart/svg.h"

#include <math.h>
#include <stdlib.h>

#include "base/banned.h"

enum {
    EDGE = 20,
    FOOT = 24, /* numbers of the axis */
    ROW = 14,
};

struct dot {
    double x, y;
    size_t of;
};
struct plot {
    struct svg s;
    const struct chart_swarm *w;
    struct scale scale;
    double top, bottom;
    struct dot *dots; /* by x */
    size_t n;
};

static double at(const struct plot *p, double v)
{
    return EDGE +
           (clamp(v, p->scale.from, p->scale.to) - p->scale.from) / (p->scale.to - p->scale.from) * (p->s.w - 2 * EDGE);
}

static int by_x(const void *x, const void *y)
{
    const struct dot *a = x, *b = y;
    return a->x != b->x ? (a->x > b->x) - (a->x < b->x) : (a->of > b->of) - (a->of < b->of);
}

/* Is a place free of the dots before it? */
static bool is_free(const struct plot *p, size_t i, double y, double r)
{
    for (size_t k = i; k > 0 && p->dots[i].x - p->dots[k - 1].x < 2 * r; k--)
        if (hypot(p->dots[i].x - p->dots[k - 1].x, y - p->dots[k - 1].y) < 2 * r - 0.05)
            return false;
    return true;
}

/* Each dot as near to the middle as those before it allow; false if one finds no room at this size. */
static bool spread(struct plot *p, double r)
{
    double middle = (p->top + p->bottom) / 2, most = (p->bottom - p->top) / 2 - r;
    for (size_t i = 0; i < p->n; i++) {
        double step = r / 2;
        bool placed = false;
        for (int k = 0; !placed && ceil(k / 2.0) * step <= most; k++) {
            double y = middle + (k % 2 ? 1 : -1) * ceil(k / 2.0) * step;
            placed = is_free(p, i, y, r);
            if (placed)
                p->dots[i].y = y;
        }
        if (!placed && r > 1.3)
            return false;
        if (!placed)
            p->dots[i].y = middle;
    }
    return true;
}

static void draw_axis(const struct plot *p)
{
    for (int i = 0; i <= p->scale.ticks; i++) {
        double v = scale_tick(&p->scale, i), x = at(p, v);
        svg_line(&p->s, LOOK_GRID, x, p->top, x, p->bottom);
        struct str text = scale_text(p->s.a, p->s.f, v, p->scale.decimals);
        if (i == p->scale.ticks && p->w->unit.n)
            text = str_fmt(p->s.a, "%.*s%.*s", ARGS(text), ARGS(p->w->unit));
        double half = svg_width(text, false) / 2;
        svg_text(&p->s, LOOK_TEXT, fmin(fmax(x, half), p->s.w - half), p->bottom + 16, AT_MIDDLE, text);
    }
}

static void mark(const struct plot *p, enum look line, enum look look, double v, struct str text, double y)
{
    double x = at(p, v), half = svg_width(text, look == LOOK_STRONG) / 2;
    svg_line(&p->s, line, x, y + 4, x, p->bottom);
    if (text.n)
        svg_text(&p->s, look, clamp(x, half + 1, fmax(p->s.w - half - 1, half + 1)), y, AT_MIDDLE, text);
}

void chart_swarm(struct out *o, struct arena *a, const struct chart_frame *f, const struct chart_swarm *w)
{
    struct plot p = {.s = {.o = o, .a = a, .f = f}, .w = w};
    p.s.w = clamp(f->width, 240, 2000);
    p.s.h = f->height ? clamp(f->height, 90, 4000) : 164;
    bool target = w->has_target && drawable(w->target), middle = drawable(w->middle), links = false;
    p.top = 4 + ROW * (target + middle);
    p.bottom = p.s.h - FOOT;
    double lo = INFINITY, hi = -INFINITY;
    p.dots = NEWN(a, struct dot, w->n + 1);
    for (size_t i = 0; i < w->n; i++)
        if (drawable(w->v[i].value)) {
            lo = fmin(lo, w->v[i].value);
            hi = fmax(hi, w->v[i].value);
            links = links || w->v[i].href.n;
            p.dots[p.n++].of = i;
        }
    const double also[] = {target ? w->target : NAN, middle ? w->middle : NAN};
    for (int i = 0; i < 2; i++)
        if (drawable(also[i])) {
            lo = fmin(lo, also[i]);
            hi = fmax(hi, also[i]);
        }
    p.scale = isfinite(lo) ? scale_round(lo, hi, (int)clamp(p.s.w / 70, 2, 10)) : scale_round(0, 1, 2);
    for (size_t i = 0; i < p.n; i++)
        p.dots[i].x = at(&p, w->v[p.dots[i].of].value);
    qsort(p.dots, p.n, sizeof *p.dots, by_x);
    double r = 4.2;
    while (!spread(&p, r))
        r *= 0.85;
    svg_open(&p.s, "chart swarm", 0, 0, p.s.w, p.s.h, links);
    draw_axis(&p);
    if (target)
        mark(&p, LOOK_TARGET, LOOK_STRONG, w->target, w->target_text, 11);
    if (middle)
        mark(&p, LOOK_LEAD, LOOK_TEXT, w->middle, w->middle_text, target ? 11 + ROW : 11);
    for (size_t i = 0; i < p.n; i++) {
        const struct chart_bar *v = &w->v[p.dots[i].of];
        bool named = svg_begin(&p.s, v->label, v->href, false);
        if (named)
            svg_title(&p.s, v->label);
        svg_circle(&p.s,
                   w->below > v->value ? LOOK_SWARM_LO
                   : v->chosen         ? LOOK_SWARM_SELF
                                       : LOOK_SWARM,
                   p.dots[i].x, p.dots[i].y, v->chosen ? r + 1 : r);
        if (named)
            svg_end(&p.s, v->href);
    }
    svg_close(&p.s);
}
