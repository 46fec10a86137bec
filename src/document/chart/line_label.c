#include "document/chart/line.h"

#include <math.h>

#include "base/banned.h"

enum {
    ROW = 14,
    BESIDE = 10, /* from the plot to the words at its right */
};

static const struct chart_ahead *last_ahead(const struct line_plot *p)
{
    for (size_t i = p->l->n_ahead; i > 0; i--)
        if (drawable(p->l->ahead[i - 1].mid) && p->l->ahead[i - 1].x <= p->x1)
            return &p->l->ahead[i - 1];
    return NULL;
}

double line_margin(const struct line_plot *p)
{
    const struct chart_line *l = p->l;
    double most = 0;
    if (p->many) {
        for (size_t i = 0; i < l->n_series; i++)
            most = fmax(most, svg_width(l->series[i].name, true));
        return clamp(most + BESIDE + 8, 16, p->s.w * (p->wide ? 0.3 : 0.36));
    }
    if (!p->wide || !l->n_ahead)
        return p->wide ? 24 : 14;
    struct str note = l->ahead_note, row;
    while (str_cut(&note, '\n', &row))
        most = fmax(most, svg_width(row, false));
    most = fmax(most, svg_width(l->ahead_text, true));
    most = fmax(most, fmax(svg_width(l->ahead_low, false), svg_width(l->ahead_high, false)));
    return clamp(most + BESIDE + 6, 24, p->s.w * 0.3);
}

/* A text that stands beside a line's end, at its height or near it. */
struct beside {
    enum look look;
    struct str text;
    double y, at; /* where it belongs, where it stands */
    double rows;
};

static void by_height(struct beside *v, size_t n)
{
    for (size_t i = 1; i < n; i++)
        for (size_t k = i; k > 0 && v[k].y < v[k - 1].y; k--) {
            struct beside t = v[k];
            v[k] = v[k - 1];
            v[k - 1] = t;
        }
}

/* Where there is no room for all, of the two that stand closest the lower one goes, until the rest fits. */
static size_t thin_out(struct beside *v, size_t n, double room)
{
    double rows = 0;
    for (size_t i = 0; i < n; i++)
        rows += v[i].rows * ROW + 1;
    while (n > 1 && rows > room) {
        size_t close = 1;
        for (size_t i = 2; i < n; i++)
            if (v[i].y - v[i - 1].y < v[close].y - v[close - 1].y)
                close = i;
        rows -= v[close].rows * ROW + 1;
        for (size_t i = close; i + 1 < n; i++)
            v[i] = v[i + 1];
        n--;
    }
    return n;
}

static void write_beside(struct line_plot *p, struct beside *v, size_t n)
{
    double *y = NEWN(p->s.a, double, n + 1), *gap = NEWN(p->s.a, double, n + 1);
    by_height(v, n);
    n = thin_out(v, n, p->bottom - p->top + ROW / 2.0);
    for (size_t i = 0; i < n; i++) {
        y[i] = v[i].y + 4;
        gap[i] = v[i].rows * ROW + 1;
    }
    double below = n ? (v[n - 1].rows - 1) * ROW : 0;
    places_apart(y, gap, n, p->top + 4, p->bottom - below);
    double room = p->s.w - p->right - BESIDE - 2;
    for (size_t i = 0; i < n; i++) {
        struct str rest = v[i].text, row;
        enum look look = v[i].look;
        for (double at = y[i]; str_cut(&rest, '\n', &row); at += ROW, look = look == LOOK_LT ? LOOK_TEXT : look)
            svg_text(&p->s, look, p->right + BESIDE, at, AT_START, svg_fit(p->s.a, row, room, look != LOOK_TEXT));
        places_take(&p->places, (struct box){p->right + 2, y[i] - 11, p->s.w, y[i] + 4 + (v[i].rows - 1) * ROW});
        if (p->many && fabs(y[i] - 4 - v[i].y) > 5)
            svg_line(&p->s, LOOK_LEAD, p->right + 2, v[i].y, p->right + BESIDE - 2, y[i] - 4);
    }
}

static const struct chart_point *end_point(const struct line_plot *p, const struct chart_series *s, bool last)
{
    for (size_t i = 0; i < s->n; i++) {
        const struct chart_point *v = &s->v[last ? s->n - 1 - i : i];
        if (line_at(p, v))
            return v;
    }
    return NULL;
}

static void name_series(struct line_plot *p)
{
    struct beside *v = NEWN(p->s.a, struct beside, p->l->n_series);
    size_t n = 0;
    for (size_t i = 0; i < p->l->n_series; i++) {
        const struct chart_point *last = end_point(p, &p->l->series[i], true);
        if (last && p->l->series[i].name.n)
            v[n++] = (struct beside){LOOK_M1 + (enum look)(i % 6), p->l->series[i].name, line_y(p, last->y), 0, 1};
    }
    write_beside(p, v, n);
}

static size_t count_rows(struct str text)
{
    size_t n = 0;
    struct str row;
    while (str_cut(&text, '\n', &row))
        n++;
    return n;
}

static void name_ahead_wide(struct line_plot *p, const struct chart_ahead *end)
{
    const struct chart_line *l = p->l;
    struct beside v[3];
    size_t n = 0;
    struct str text = l->ahead_text;
    if (l->ahead_note.n)
        text = str_fmt(p->s.a, "%.*s\n%.*s", ARGS(l->ahead_text), ARGS(l->ahead_note));
    if (l->ahead_high.n && drawable(end->high80))
        v[n++] = (struct beside){LOOK_TEXT, l->ahead_high, line_y(p, end->high80), 0, 1};
    if (text.n)
        v[n++] = (struct beside){LOOK_LT, text, line_y(p, end->mid), 0, (double)count_rows(text)};
    if (l->ahead_low.n && drawable(end->low80))
        v[n++] = (struct beside){LOOK_TEXT, l->ahead_low, line_y(p, end->low80), 0, 1};
    write_beside(p, v, n);
}

/* A text at one of the candidates, or nowhere. */
static bool write_at(struct line_plot *p, enum look look, struct str text, struct str note, const struct candidate *c,
                     size_t n, size_t most)
{
    if (!text.n)
        return true;
    double width = svg_width(text, look != LOOK_LP && look != LOOK_TEXT);
    if (note.n)
        width += svg_width(note, false) + 4;
    int at = places_choose(&p->places, c, n, width, 1, most);
    if (at < 0)
        return false;
    if (!note.n) {
        svg_text(&p->s, look, c[at].x, c[at].y, c[at].anchor, text);
        return true;
    }
    struct out *o = p->s.o;
    out_put(o, S("<text"));
    svg_look(&p->s, look);
    out_put(o, S(" x=\""));
    svg_n(o, c[at].x);
    out_put(o, S("\" y=\""));
    svg_n(o, c[at].y);
    out_put(o, c[at].anchor == AT_END ? S("\" text-anchor=\"end\">")
               : c[at].anchor         ? S("\" text-anchor=\"middle\">")
                                      : S("\">"));
    svg_esc(o, text);
    out_put(o, S(" <tspan font-weight=\"400\">"));
    svg_esc(o, note);
    out_put(o, S("</tspan></text>"));
    return true;
}

static void name_ahead_narrow(struct line_plot *p, const struct chart_ahead *end)
{
    const struct chart_line *l = p->l;
    struct str range = S("");
    if (l->ahead_low.n && l->ahead_high.n)
        range = str_fmt(p->s.a, "(%.*s – %.*s)", ARGS(l->ahead_low), ARGS(l->ahead_high));
    double x = line_x(p, end->x), y = line_y(p, end->mid);
    double low = drawable(end->low80) ? line_y(p, end->low80) : y,
           high = drawable(end->high80) ? line_y(p, end->high80) : y;
    const struct candidate c[] = {{x, low + 20, AT_END}, {x, low + 30, AT_END}, {x, low + 40, AT_END},
                                  {x, low + 52, AT_END}, {x, low + 66, AT_END}, {x, low + 80, AT_END},
                                  {x, high - 8, AT_END}, {x, y - 12, AT_END},   {x, y + 22, AT_END},
                                  {x, high - 24, AT_END}};
    if (!write_at(p, LOOK_LT, l->ahead_text, range, c, 10, ANYWHERE))
        (void)write_at(p, LOOK_LT, l->ahead_text, S(""), c, 10, ANYWHERE);
}

static void name_target(struct line_plot *p)
{
    const struct chart_line *l = p->l;
    if (!l->has_target)
        return;
    double top = drawable(l->target_high) ? l->target_high : l->target_low;
    if (!drawable(top))
        return;
    double above = line_y(p, top) - 7;
    double below = line_y(p, drawable(l->target_low) ? l->target_low : l->target_high) + 17;
    double middle = (p->left + p->right) / 2;
    const struct candidate c[] = {{p->left + 4, above, AT_START}, {p->right - 2, above, AT_END},
                                  {middle, above, AT_MIDDLE},     {p->left + 4, below, AT_START},
                                  {p->right - 2, below, AT_END},  {middle, below, AT_MIDDLE}};
    if (write_at(p, LOOK_STRONG, l->target_text, S(""), c, 6, ANYWHERE))
        return;
    struct str fit = svg_fit(p->s.a, l->target_text, p->right - p->left - 8, true);
    (void)write_at(p, LOOK_STRONG, fit, S(""), c, 6, ANYWHERE);
}

static bool name_point(struct line_plot *p, const struct chart_point *v, struct str text, struct str note, bool last)
{
    double x = line_x(p, v->x), y = line_y(p, v->y);
    const struct candidate at_last[] = {{x + 2, y + 24, AT_START}, {x - 4, y - 12, AT_END},   {x, y + 24, AT_MIDDLE},
                                        {x, y - 13, AT_MIDDLE},    {x + 4, y - 12, AT_START}, {x - 4, y + 24, AT_END},
                                        {x + 10, y + 4, AT_START}, {x + 2, y + 40, AT_START}, {x - 4, y - 28, AT_END},
                                        {x, y - 30, AT_MIDDLE},    {x - 10, y + 4, AT_END},   {x - 4, y + 42, AT_END},
                                        {x + 4, y - 46, AT_START}};
    const struct candidate at_first[] = {{x + 2, y + 22, AT_START}, {x + 2, y - 12, AT_START},
                                         {x, y + 24, AT_MIDDLE},    {x, y - 13, AT_MIDDLE},
                                         {x + 2, y + 38, AT_START}, {x + 2, y - 28, AT_START}};
    return last ? write_at(p, LOOK_LV, text, note, at_last, 13, ANYWHERE)
                : write_at(p, LOOK_LV, text, note, at_first, 6, 2);
}

/* Along the path, a little off it, with a short line to it where it stands further away. */
static void name_path(struct line_plot *p)
{
    const struct chart_line *l = p->l;
    if (!l->path_text.n || !l->n_path)
        return;
    struct candidate c[40];
    size_t n = 0;
    double from = line_x(p, l->path[0].x), to = line_x(p, l->path[l->n_path - 1].x);
    static const double along[] = {0.6, 0.7, 0.5, 0.8, 0.4, 0.3};
    for (size_t k = 0; k < sizeof along / sizeof *along; k++) {
        double x = from + (to - from) * along[k];
        size_t i = 1;
        while (i < l->n_path && line_x(p, l->path[i].x) < x)
            i++;
        if (i >= l->n_path || !drawable(l->path[i].y) || !drawable(l->path[i - 1].y))
            continue;
        double x0 = line_x(p, l->path[i - 1].x), x1 = line_x(p, l->path[i].x);
        double y0 = line_y(p, l->path[i - 1].y), y1 = line_y(p, l->path[i].y);
        double y = x1 > x0 ? y0 + (y1 - y0) * (x - x0) / (x1 - x0) : y1;
        enum anchor up = y1 <= y0 ? AT_END : AT_START, down = y1 <= y0 ? AT_START : AT_END;
        c[n++] = (struct candidate){x, y - 8, up};
        c[n++] = (struct candidate){x, y + 18, down};
        c[n++] = (struct candidate){x, y - 24, up};
        c[n++] = (struct candidate){x, y + 34, down};
    }
    (void)write_at(p, LOOK_LP, l->path_text, S(""), c, n, 2);
}

static void name_band(struct line_plot *p)
{
    const struct chart_line *l = p->l;
    size_t rows = count_rows(l->band_text);
    if (!l->band_text.n || !p->wide)
        return;
    double width = 0;
    struct str rest = l->band_text, row;
    while (str_cut(&rest, '\n', &row))
        width = fmax(width, svg_width(row, false));
    struct candidate c[24];
    size_t n = 0;
    for (size_t i = l->n_ahead; i > 1 && n + 2 <= sizeof c / sizeof *c; i--) {
        const struct chart_ahead *at = &l->ahead[(i - 1) * 2 / 3];
        if (!drawable(at->low80) || at->x > p->x1)
            continue;
        double x = line_x(p, at->x), y = line_y(p, at->low80);
        c[n++] = (struct candidate){x, y + 26, AT_START};
        c[n++] = (struct candidate){x, y + 44, AT_START};
    }
    int at = places_choose(&p->places, c, n, width, rows, 4);
    if (at < 0)
        return;
    rest = l->band_text;
    for (double y = c[at].y; str_cut(&rest, '\n', &row); y += ROW)
        svg_text(&p->s, LOOK_TEXT, c[at].x, y, AT_START, row);
}

void line_labels(struct line_plot *p)
{
    const struct chart_line *l = p->l;
    const struct chart_ahead *end = last_ahead(p);
    if (p->many)
        name_series(p);
    else if (end && p->wide)
        name_ahead_wide(p, end);
    name_target(p);
    if (!p->many && l->n_series) {
        const struct chart_point *first = end_point(p, &l->series[0], false), *last = end_point(p, &l->series[0], true);
        if (last && !name_point(p, last, l->last_text, l->last_note, true))
            (void)name_point(p, last, l->last_text, S(""), true);
        if (end && !p->wide)
            name_ahead_narrow(p, end);
        if (first && first != last)
            (void)name_point(p, first, l->first_text, S(""), false);
    }
    name_path(p);
    if (end)
        name_band(p);
}
