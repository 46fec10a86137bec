#include "document/chart/line.h"

#include <math.h>

#include "base/banned.h"

double line_x(const struct line_plot *p, double x)
{
    return p->left + (clamp(x, p->x0, p->x1) - p->x0) / (p->x1 - p->x0) * (p->right - p->left);
}

double line_y(const struct line_plot *p, double y)
{
    double share = (clamp(y, p->y.from, p->y.to) - p->y.from) / (p->y.to - p->y.from);
    return p->bottom - share * (p->bottom - p->top);
}

static bool is_time(double x)
{
    return isfinite(x) && fabs(x) < 100000;
}

bool line_at(const struct line_plot *p, const struct chart_point *v)
{
    return is_time(v->x) && v->x >= p->x0 && v->x <= p->x1 && drawable(v->y);
}

struct range {
    double lo, hi;
};

static void widen(struct range *r, double v)
{
    if (!drawable(v))
        return;
    r->lo = fmin(r->lo, v);
    r->hi = fmax(r->hi, v);
}

static void widen_time(struct range *r, double x)
{
    if (is_time(x))
        widen(r, x);
}

static struct range times(const struct chart_line *l)
{
    struct range r = {INFINITY, -INFINITY};
    for (size_t i = 0; i < l->n_series; i++)
        for (size_t k = 0; k < l->series[i].n; k++)
            if (drawable(l->series[i].v[k].y))
                widen_time(&r, l->series[i].v[k].x);
    for (size_t i = 0; i < l->n_path; i++)
        if (drawable(l->path[i].y))
            widen_time(&r, l->path[i].x);
    for (size_t i = 0; i < l->n_ahead; i++)
        if (drawable(l->ahead[i].mid))
            widen_time(&r, l->ahead[i].x);
    if (is_time(l->from) && l->from != 0)
        r.lo = l->from;
    if (is_time(l->to) && l->to != 0)
        r.hi = l->to;
    if (!isfinite(r.lo))
        r.lo = isfinite(r.hi) ? r.hi - 1 : 0;
    if (!isfinite(r.hi))
        r.hi = r.lo + 1;
    if (!(r.hi - r.lo > 1e-4)) {
        r.lo -= 0.5;
        r.hi = r.lo + 1;
    }
    return r;
}

static bool in_time(const struct line_plot *p, double x)
{
    return is_time(x) && x >= p->x0 && x <= p->x1;
}

/* Values, path, target and forecast are shown whole; bands as far as they do not press the rest flat. */
static struct range amounts(const struct line_plot *p)
{
    const struct chart_line *l = p->l;
    struct range r = {INFINITY, -INFINITY};
    for (size_t i = 0; i < l->n_series; i++)
        for (size_t k = 0; k < l->series[i].n; k++)
            if (in_time(p, l->series[i].v[k].x))
                widen(&r, l->series[i].v[k].y);
    for (size_t i = 0; i < l->n_path; i++)
        if (in_time(p, l->path[i].x))
            widen(&r, l->path[i].y);
    for (size_t i = 0; i < l->n_ahead; i++)
        if (in_time(p, l->ahead[i].x))
            widen(&r, l->ahead[i].mid);
    if (l->has_target) {
        widen(&r, l->target_low);
        widen(&r, l->target_high);
    }
    if (!isfinite(r.lo))
        return (struct range){0, 1};
    double span = fmax(r.hi - r.lo, fmax(fabs(r.hi), fabs(r.lo)) * 0.05);
    struct range most = {r.lo - span, r.hi + span};
    if (l->bounded && isfinite(l->floor))
        most.lo = fmax(most.lo, fmin(l->floor, r.lo));
    if (l->bounded && isfinite(l->ceiling))
        most.hi = fmin(most.hi, fmax(l->ceiling, r.hi));
    struct range bands = r;
    for (size_t i = 0; i < l->n_ahead; i++) {
        widen(&bands, l->ahead[i].low80);
        widen(&bands, l->ahead[i].high80);
        widen(&bands, l->ahead[i].low50);
        widen(&bands, l->ahead[i].high50);
    }
    r = (struct range){fmax(bands.lo, most.lo), fmin(bands.hi, most.hi)};
    if (r.lo > 0 && r.lo <= r.hi * 0.35)
        r.lo = 0;
    if (r.hi < 0 && r.hi >= r.lo * 0.35)
        r.hi = 0;
    return r;
}

/* Numbers along the axis: their width decides where the plot begins. */
static double axis_width(struct line_plot *p)
{
    double most = 0;
    for (int i = 0; i <= p->y.ticks; i++) {
        double w = svg_width(scale_text(p->s.a, p->s.f, scale_tick(&p->y, i), p->y.decimals), false);
        if (i == p->y.ticks)
            w += svg_width(p->l->y_unit, false);
        most = fmax(most, w);
    }
    return most;
}

static void draw_y_axis(const struct line_plot *p)
{
    for (int i = 0; i <= p->y.ticks; i++) {
        double v = scale_tick(&p->y, i), y = line_y(p, v);
        svg_line(&p->s, i == 0 || v == 0 ? LOOK_AXIS : LOOK_GRID, p->left, y, p->right, y);
        struct str text = scale_text(p->s.a, p->s.f, v, p->y.decimals);
        if (i == p->y.ticks && p->l->y_unit.n)
            text = str_fmt(p->s.a, "%.*s%.*s", ARGS(text), ARGS(p->l->y_unit));
        svg_text(&p->s, LOOK_TEXT, p->left - 8, y + 4, AT_END, text);
    }
}

static bool whole(double x)
{
    return !is_time(x) || fabs(x - round(x)) < 1e-6;
}

/* Does everything stand at ends of years? Then years are named under their points, else in the middle of their stretch.
 */
static bool yearly(const struct chart_line *l)
{
    for (size_t i = 0; i < l->n_series; i++)
        for (size_t k = 0; k < l->series[i].n; k++)
            if (!whole(l->series[i].v[k].x))
                return false;
    for (size_t i = 0; i < l->n_ahead; i++)
        if (!whole(l->ahead[i].x))
            return false;
    return true;
}

static void tick(const struct line_plot *p, double x)
{
    svg_line(&p->s, LOOK_AXIS, x, p->bottom, x, p->bottom + 6);
}

static void draw_years(const struct line_plot *p)
{
    double year = (p->right - p->left) / (p->x1 - p->x0);
    int step = (int)ceil(scale_round(0, fmax(40 / year, 0.5), 1).to);
    bool under = yearly(p->l);
    double first = floor(p->x0), last = ceil(p->x1);
    double label_end = -INFINITY;
    for (double at = first; at <= last; at += 1) {
        bool named = fmod(at - (under ? 1 : 0), step) == 0;
        double from = fmax(at, p->x0), to = fmin(at + 1, p->x1);
        if (at > p->x0 - 1e-6 && at < p->x1 + 1e-6 && (year > 8 || named) && (under || at > p->x0 + 1e-6))
            tick(p, line_x(p, at));
        double x = under ? line_x(p, at) : (line_x(p, from) + line_x(p, to)) / 2;
        bool fits =
            under ? at >= p->x0 - 1e-6 && at <= p->x1 + 1e-6 : to > from && (to - from) * year >= fmin(20, year / 2);
        if (!named || !fits || x - 14 < label_end)
            continue;
        struct str text = str_fmt(p->s.a, "%.0f", under ? at - 1 : at);
        double half = svg_width(text, false) / 2;
        x = fmin(x, p->s.w - half - 1);
        svg_text(&p->s, LOOK_TEXT, x, p->bottom + 19, AT_MIDDLE, text);
        label_end = x + half + 6;
    }
}

static void draw_x_axis(const struct line_plot *p)
{
    if (!p->l->n_ticks) {
        draw_years(p);
        return;
    }
    double label_end = -INFINITY;
    for (size_t i = 0; i < p->l->n_ticks; i++) {
        const struct chart_tick *t = &p->l->ticks[i];
        if (!in_time(p, t->x))
            continue;
        double w = svg_width(t->text, false), x = line_x(p, t->x);
        tick(p, x);
        double at = clamp(x, 2 + w / 2, p->s.w - 2 - w / 2);
        if (at - w / 2 < label_end)
            continue;
        svg_text(&p->s, LOOK_TEXT, at, p->bottom + 19, AT_MIDDLE, t->text);
        label_end = at + w / 2 + 8;
    }
}

static void move_to(const struct line_plot *p, bool *open, double x, double y)
{
    out_char(p->s.o, *open ? 'L' : 'M');
    svg_n(p->s.o, x);
    out_char(p->s.o, ' ');
    svg_n(p->s.o, y);
    *open = true;
}

/* Between the upper and the lower bound, where both are known. */
static void draw_band(struct line_plot *p, enum look look, bool outer)
{
    const struct chart_ahead *v = p->l->ahead;
    struct out *o = p->s.o;
    size_t known = 0;
    for (size_t i = 0; i < p->l->n_ahead; i++)
        known += in_time(p, v[i].x) && drawable(outer ? v[i].low80 : v[i].low50) &&
                 drawable(outer ? v[i].high80 : v[i].high50);
    if (known < 2)
        return;
    out_put(o, S("<path"));
    svg_look(&p->s, look);
    out_put(o, S(" d=\""));
    bool open = false;
    for (int side = 0; side < 2; side++)
        for (size_t k = 0; k < p->l->n_ahead; k++) {
            const struct chart_ahead *at = &v[side ? p->l->n_ahead - 1 - k : k];
            double low = outer ? at->low80 : at->low50, high = outer ? at->high80 : at->high50;
            if (in_time(p, at->x) && drawable(low) && drawable(high))
                move_to(p, &open, line_x(p, at->x), line_y(p, side ? low : high));
            if (side && k && outer && drawable(low) && drawable(at[1].low80))
                places_line(&p->places, line_x(p, at->x), line_y(p, low), line_x(p, at[1].x), line_y(p, at[1].low80));
        }
    out_put(o, S("z\"/>"));
}

static void draw_trend(struct line_plot *p)
{
    const struct chart_ahead *v = p->l->ahead;
    struct out *o = p->s.o;
    bool open = false;
    double x0 = 0, y0 = 0;
    for (size_t i = 0; i < p->l->n_ahead; i++) {
        if (!in_time(p, v[i].x) || !drawable(v[i].mid))
            continue;
        double x = line_x(p, v[i].x), y = line_y(p, v[i].mid);
        if (open) {
            places_line(&p->places, x0, y0, x, y);
        } else {
            out_put(o, S("<path"));
            svg_look(&p->s, LOOK_TREND);
            out_put(o, S(" d=\""));
        }
        move_to(p, &open, x, y);
        x0 = x;
        y0 = y;
    }
    if (open)
        out_put(o, S("\"/>"));
}

static void draw_path(struct line_plot *p)
{
    struct out *o = p->s.o;
    const struct chart_at *v = p->l->path;
    bool open = false, any = false;
    double x0 = 0, y0 = 0;
    for (size_t i = 0; i < p->l->n_path; i++) {
        if (!in_time(p, v[i].x) || !drawable(v[i].y)) {
            open = false;
            continue;
        }
        if (!any) {
            out_put(o, S("<path"));
            svg_look(&p->s, LOOK_PATH);
            out_put(o, S(" d=\""));
            any = true;
        }
        double x = line_x(p, v[i].x), y = line_y(p, v[i].y);
        if (open)
            places_line(&p->places, x0, y0, x, y);
        move_to(p, &open, x, y);
        x0 = x;
        y0 = y;
    }
    if (any)
        out_put(o, S("\"/>"));
}

static void draw_target(struct line_plot *p)
{
    const struct chart_line *l = p->l;
    if (!l->has_target)
        return;
    bool low = drawable(l->target_low), high = drawable(l->target_high);
    if (low && high && l->target_high > l->target_low)
        svg_rect(&p->s, LOOK_TARGET_BAND, p->left, line_y(p, l->target_high), p->right - p->left,
                 line_y(p, l->target_low) - line_y(p, l->target_high));
    for (int side = 0; side < 2; side++) {
        if (!(side ? high : low) || (side && low && l->target_high == l->target_low))
            continue;
        double y = line_y(p, side ? l->target_high : l->target_low);
        svg_line(&p->s, LOOK_TARGET, p->left, y, p->right, y);
        places_line(&p->places, p->left, y, p->right, y);
    }
}

/* The line in stretches: one path for what is settled, one dotted for each step to a provisional figure. */
static void draw_values(struct line_plot *p, const struct chart_series *series, enum look look)
{
    struct out *o = p->s.o;
    for (int provisional = 0; provisional < 2; provisional++) {
        bool any = false, open = false;
        for (size_t i = 1; i < series->n; i++) {
            const struct chart_point *from = &series->v[i - 1], *to = &series->v[i];
            if (!line_at(p, from) || !line_at(p, to) || to->provisional != (bool)provisional) {
                open = false;
                continue;
            }
            if (!any) {
                out_put(o, S("<path"));
                svg_look(&p->s, look);
                out_put(o, provisional ? S(" stroke-dasharray=\"3 4\" d=\"") : S(" d=\""));
                any = true;
            }
            double x0 = line_x(p, from->x), y0 = line_y(p, from->y), x1 = line_x(p, to->x), y1 = line_y(p, to->y);
            if (!open)
                move_to(p, &open, x0, y0);
            move_to(p, &open, x1, y1);
            places_line(&p->places, x0, y0, x1, y1);
        }
        if (any)
            out_put(o, S("\"/>"));
    }
}

/* Marks of the series that are compared: each has a form of its own. */
static void draw_mark(const struct line_plot *p, size_t series, double x, double y, double r, bool hollow)
{
    static const char *const forms[] = {"m-1 0a1 1 0 1 0 2 0a1 1 0 1 0 -2 0z",
                                        "m-.9 -.9h1.8v1.8h-1.8z",
                                        "m0 -1.15l1.1 2h-2.2z",
                                        "m0 -1.25l1.25 1.25l-1.25 1.25l-1.25 -1.25z",
                                        "m-1.1 -.9h2.2l-1.1 2z",
                                        "m-.4 -1.1h.8v.7h.7v.8h-.7v.7h-.8v-.7h-.7v-.8h.7z"};
    struct out *o = p->s.o;
    out_put(o, S("<path"));
    svg_look(&p->s, (hollow ? LOOK_P1 : LOOK_M1) + (enum look)(series % 6));
    out_put(o, S(" transform=\"translate("));
    svg_n(o, x);
    out_char(o, ' ');
    svg_n(o, y);
    out_put(o, S(") scale("));
    svg_n(o, r);
    out_fmt(o, ")\" d=\"M0 0%s\"/>", forms[series % 6]);
}

static void draw_dots(struct line_plot *p, size_t which)
{
    const struct chart_series *series = &p->l->series[which];
    double near = p->dot * 2.75;
    for (size_t i = 0; i < series->n; i++) {
        const struct chart_point *v = &series->v[i];
        if (!line_at(p, v))
            continue;
        double x = line_x(p, v->x), y = line_y(p, v->y);
        bool named = svg_begin(&p->s, v->label, v->href, true);
        if (named) {
            svg_title(&p->s, v->label);
            svg_circle(&p->s, LOOK_HIT, x, y, near);
        }
        if (p->many)
            draw_mark(p, which, x, y, p->dot, v->provisional);
        else
            svg_circle(&p->s,
                       v->provisional ? LOOK_DOT_PROV
                       : p->dot < 3   ? LOOK_DOT_SMALL
                                      : LOOK_DOT,
                       x, y, v->provisional ? fmax(p->dot, 2) + 0.5 : p->dot);
        if (named)
            svg_end(&p->s, v->href);
        for (int k = 0; k < 4; k++) /* a label over a dot is worse than one over a line */
            places_line(&p->places, x, y, x, y);
    }
}

/* Dots as large as their distance allows. */
static double dot_size(const struct line_plot *p)
{
    double least = INFINITY;
    for (size_t i = 0; i < p->l->n_series; i++) {
        const struct chart_series *s = &p->l->series[i];
        for (size_t k = 1; k < s->n; k++)
            if (line_at(p, &s->v[k]) && line_at(p, &s->v[k - 1]) && s->v[k].x > s->v[k - 1].x)
                least = fmin(least, line_x(p, s->v[k].x) - line_x(p, s->v[k - 1].x));
    }
    return clamp(least * 0.36, 1.5, 4);
}

static bool has_links(const struct chart_line *l)
{
    for (size_t i = 0; i < l->n_series; i++)
        for (size_t k = 0; k < l->series[i].n; k++)
            if (l->series[i].v[k].href.n)
                return true;
    return false;
}

static void set_up(struct line_plot *p)
{
    double w = clamp(p->s.f->width, 240, 2000);
    double h = p->s.f->height ? clamp(p->s.f->height, 60, 4000) : w >= 1000 ? 420 : w >= 560 ? 360 : 320;
    p->s.w = w;
    p->s.h = h;
    p->wide = w >= 560;
    p->many = p->l->n_series > 1;
    struct range t = times(p->l), r;
    p->x0 = t.lo;
    p->x1 = t.hi;
    r = amounts(p);
    p->top = fmin(22, h / 6);
    p->bottom = h - fmin(30, h / 4);
    p->y = scale_round(r.lo, r.hi, (int)clamp((p->bottom - p->top) / 44, 2, 10));
    p->left = clamp(axis_width(p) + 12, 28, w * 0.4);
    p->right = w - line_margin(p);
    p->dot = dot_size(p);
    p->places.a = p->s.a;
    p->places.room = (struct box){p->left + 2, 1, w - 2, p->bottom};
}

static bool has_values(const struct line_plot *p)
{
    for (size_t i = 0; i < p->l->n_series; i++)
        for (size_t k = 0; k < p->l->series[i].n; k++)
            if (line_at(p, &p->l->series[i].v[k]))
                return true;
    return false;
}

static void say_nothing(struct line_plot *p)
{
    double x = (p->left + p->right) / 2, y = (p->top + p->bottom) / 2;
    const struct candidate c[] = {{x, y + 4, AT_MIDDLE}, {x, y - 20, AT_MIDDLE}, {x, y + 28, AT_MIDDLE}};
    int at = places_choose(&p->places, c, 3, svg_width(p->l->nothing, false), 1, ANYWHERE);
    if (at >= 0)
        svg_text(&p->s, LOOK_TEXT, c[at].x, c[at].y, AT_MIDDLE, p->l->nothing);
}

void chart_line(struct out *o, struct arena *a, const struct chart_frame *f, const struct chart_line *l,
                struct chart_told *ret)
{
    struct line_plot p = {.s = {.o = o, .a = a, .f = f}, .l = l};
    set_up(&p);
    svg_open(&p.s, "chart", 0, 0, p.s.w, p.s.h, has_links(l));
    draw_y_axis(&p);
    draw_x_axis(&p);
    draw_band(&p, LOOK_BAND2, true);
    draw_band(&p, LOOK_BAND, false);
    draw_target(&p);
    draw_path(&p);
    draw_trend(&p);
    for (size_t i = 0; i < l->n_series; i++)
        draw_values(&p, &l->series[i], p.many ? LOOK_S1 + (enum look)(i % 6) : LOOK_VAL);
    for (size_t i = 0; i < l->n_series; i++)
        draw_dots(&p, i);
    if (!has_values(&p) && l->nothing.n)
        say_nothing(&p);
    line_labels(&p);
    svg_close(&p.s);
    if (ret)
        *ret = (struct chart_told){
            .cut = p.y.from > 0 || p.y.to < 0, .from = p.y.from, .to = p.y.to, .height = (int)p.s.h};
}
