#include "document/chart/svg.h"

#include <math.h>

#include "base/banned.h"

void chart_spark(struct out *o, struct arena *a, const struct chart_frame *f, const struct chart_at *v, size_t n,
                 double target)
{
    enum { EDGE = 4 };
    struct svg s = {o, a, f, clamp(f->width ? f->width : 120, 24, 2000), clamp(f->height ? f->height : 28, 12, 4000)};
    double x0 = INFINITY, x1 = -INFINITY, lo = drawable(target) ? target : INFINITY,
           hi = drawable(target) ? target : -INFINITY;
    size_t known = 0, last = 0;
    for (size_t i = 0; i < n; i++) {
        if (!drawable(v[i].x) || !drawable(v[i].y))
            continue;
        x0 = fmin(x0, v[i].x);
        x1 = fmax(x1, v[i].x);
        lo = fmin(lo, v[i].y);
        hi = fmax(hi, v[i].y);
        known++;
        last = i;
    }
    double wide = x1 > x0 ? x1 - x0 : 1, high = hi > lo ? hi - lo : 1;
    double bottom = hi > lo ? s.h - EDGE : s.h / 2;
    svg_open_small(&s, "chart spark", "");
    if (drawable(target)) {
        double y = bottom - (target - lo) / high * (s.h - 2 * EDGE);
        svg_line(&s, LOOK_TARGET, 0, y, s.w, y);
    }
    bool open = false;
    if (known > 1) {
        out_put(o, S("<path"));
        svg_look(&s, LOOK_VAL);
        out_put(o, S(" d=\""));
    }
    for (size_t i = 0; i < n && known > 1; i++) {
        if (!drawable(v[i].x) || !drawable(v[i].y)) {
            open = false;
            continue;
        }
        out_char(o, open ? 'L' : 'M');
        svg_n(o, EDGE + (v[i].x - x0) / wide * (s.w - 2 * EDGE));
        out_char(o, ' ');
        svg_n(o, bottom - (v[i].y - lo) / high * (s.h - 2 * EDGE));
        open = true;
    }
    if (known > 1)
        out_put(o, S("\"/>"));
    if (known)
        svg_circle(&s, LOOK_DOT, known > 1 ? EDGE + (v[last].x - x0) / wide * (s.w - 2 * EDGE) : s.w / 2,
                   bottom - (v[last].y - lo) / high * (s.h - 2 * EDGE), 2.5);
    svg_close(&s);
}

/* The strokes keep their width however the picture is stretched. */
static void pace_line(const struct svg *s, enum look look, const char *d, double at, bool upright)
{
    out_put(s->o, S("<path"));
    svg_look(s, look);
    out_put(s->o, S(" d=\"M"));
    svg_n(s->o, upright ? at : 0);
    out_fmt(s->o, "%s", d);
    if (!upright)
        svg_n(s->o, at);
    out_put(s->o, upright ? S("\" vector-effect=\"non-scaling-stroke\"/>") : S("\"/>"));
}

void chart_pace(struct out *o, const struct chart_frame *f, double got, double due)
{
    struct svg s = {.o = o, .f = f, .w = 100, .h = 22};
    svg_open_small(&s, f->standalone ? "" : "pace", " preserveAspectRatio=\"none\"");
    pace_line(&s, LOOK_PACE_BASE, " 11H", 100, false);
    if (got > 0)
        pace_line(&s, LOOK_PACE_GOT, " 11H", clamp(got, 0, 1) * 100, false);
    if (drawable(due))
        pace_line(&s, LOOK_PACE_NOW, " 2V20", clamp(due, 0, 1) * 100, true);
    pace_line(&s, LOOK_PACE_END, " 5V17", 100, true);
    svg_close(&s);
}
