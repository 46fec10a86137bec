#include "document/chart/svg.h"

#include <math.h>

#include "base/banned.h"

enum {
    HEAD = 20, /* what the target is called */
    BAR = 12,
    ROW = 26,
    ROW_STACKED = 40, /* name above its bar */
};

struct plot {
    struct svg s;
    const struct chart_bars *b;
    double left, right; /* where lo and hi stand */
    double lo, hi;      /* around zero */
    double top, row;
    bool stacked;
};

static double at(const struct plot *p, double v)
{
    return p->left + (clamp(v, p->lo, p->hi) - p->lo) / (p->hi - p->lo) * (p->right - p->left);
}

static void set_up(struct plot *p)
{
    const struct chart_bars *b = p->b;
    double names = 0, texts = 0, negative = 0;
    for (size_t i = 0; i < b->n; i++) {
        const struct chart_bar *bar = &b->v[i];
        double w = svg_width(bar->text, bar->chosen) + 8;
        names = fmax(names, svg_width(bar->name, bar->chosen));
        texts = fmax(texts, w);
        if (drawable(bar->value) && bar->value < 0)
            negative = fmax(negative, w);
        if (drawable(bar->value)) {
            p->lo = fmin(p->lo, bar->value);
            p->hi = fmax(p->hi, bar->value);
        }
    }
    if (b->has_target && drawable(b->target)) {
        p->lo = fmin(p->lo, b->target);
        p->hi = fmax(p->hi, b->target);
    }
    if (!(p->hi - p->lo > 0))
        p->hi = 1;
    p->s.w = clamp(p->s.f->width, 240, 2000);
    p->stacked = p->s.w < 480;
    p->row = p->stacked ? ROW_STACKED : ROW;
    p->top = b->has_target && b->target_text.n ? HEAD : 2;
    p->s.h = p->top + p->row * (double)b->n + 4;
    p->left = fmin(p->stacked ? 1 : names + 12, p->s.w * 0.4) + fmin(negative, p->s.w * 0.2);
    p->right = fmax(p->s.w - fmin(texts, p->s.w * 0.3), p->left + 20);
}

/* Where a figure begins: beyond the line of the target if that would cut it. */
static double beside(const struct plot *p, double x, double width)
{
    if (!p->b->has_target || !drawable(p->b->target))
        return x;
    double line = at(p, p->b->target);
    return x < line + 3 && x + width > line - 3 ? line + 6 : x;
}

static void draw_bar(const struct plot *p, const struct chart_bar *bar, double top)
{
    const struct svg *s = &p->s;
    double y = p->stacked ? top + 20 : top + (ROW - BAR) / 2, zero = at(p, 0);
    double text_y = y + BAR - 2;
    bool named = svg_begin(s, bar->label, bar->href, true);
    if (named)
        svg_title(s, bar->label);
    struct str name = svg_fit(s->a, bar->name, p->stacked ? s->w - 4 : s->w * 0.4 - 12, bar->chosen);
    svg_text(s, bar->chosen ? LOOK_STRONG : LOOK_TEXT, 0, p->stacked ? top + 13 : text_y, AT_START, name);
    enum look look = bar->chosen ? LOOK_STRONG : LOOK_TEXT;
    if (drawable(bar->value)) {
        double end = at(p, bar->value);
        svg_rect(s, bar->chosen ? LOOK_BAR_SELF : LOOK_BAR, fmin(zero, end), y, fmax(fabs(end - zero), 1), BAR);
        if (bar->value < 0)
            svg_text(s, look, end - 5, text_y, AT_END, bar->text);
        else
            svg_text(s, look, beside(p, end + 5, svg_width(bar->text, bar->chosen)), text_y, AT_START, bar->text);
    } else {
        svg_text(s, LOOK_TEXT, zero + 5, text_y, AT_START, bar->text);
    }
    if (named)
        svg_end(s, bar->href);
}

void chart_bars(struct out *o, struct arena *a, const struct chart_frame *f, const struct chart_bars *b)
{
    struct plot p = {.s = {.o = o, .a = a, .f = f}, .b = b};
    set_up(&p);
    bool links = false;
    for (size_t i = 0; i < b->n; i++)
        links = links || b->v[i].href.n;
    svg_open(&p.s, "chart", 0, 0, p.s.w, p.s.h, links);
    for (size_t i = 0; i < b->n; i++)
        draw_bar(&p, &b->v[i], p.top + p.row * (double)i);
    svg_line(&p.s, LOOK_AXIS, at(&p, 0), p.top, at(&p, 0), p.s.h - 4);
    if (b->has_target && drawable(b->target)) {
        double x = at(&p, b->target), half = svg_width(b->target_text, true) / 2;
        svg_line(&p.s, LOOK_TARGET, x, p.top - 2, x, p.s.h - 4);
        if (b->target_text.n)
            svg_text(&p.s, LOOK_STRONG, clamp(x, half + 1, fmax(p.s.w - half - 1, half + 1)), HEAD - 8, AT_MIDDLE,
                     svg_fit(a, b->target_text, p.s.w, true));
    }
    svg_close(&p.s);
}
