#include "document/chart/svg.h"

#include <math.h>

#include "base/banned.h"

enum {
    HEAD = 22, /* names of the columns */
    GAP = 2,
};

struct grid {
    struct svg s;
    const struct chart_heat *h;
    struct chart_classes classes;
    double left, cell, row;
};

static double names_width(const struct chart_heat *h, double most)
{
    double w = 0;
    for (size_t i = 0; i < h->n_rows; i++)
        w = fmax(w, svg_width(h->rows[i].name, false));
    return fmin(w + 12, most);
}

/* The first and the last column are named before those between them. */
static void draw_columns(const struct grid *g)
{
    struct places p = {.a = g->s.a, .room = {g->left - 20, 0, g->s.w + 1, HEAD}};
    for (size_t pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < g->h->n_columns; i++) {
            bool outer = i == 0 || i + 1 == g->h->n_columns;
            if (outer == (pass == 1))
                continue;
            struct str text = g->h->columns[i];
            double half = svg_width(text, false) / 2, x = g->left + ((double)i + 0.5) * g->cell;
            struct box b = {x - half - 3, 0, x + half + 3, HEAD - 4};
            if (b.x1 > g->s.w) {
                x -= b.x1 - g->s.w;
                b = (struct box){x - half - 3, 0, x + half + 3, HEAD - 4};
            }
            if (!places_free(&p, b))
                continue;
            places_take(&p, b);
            svg_text(&g->s, LOOK_TEXT, x, HEAD - 8, AT_MIDDLE, text);
        }
}

static void draw_cell(const struct grid *g, size_t row, size_t column)
{
    const struct chart_cell *cell = &g->h->cells[row * g->h->n_columns + column];
    double x = g->left + (double)column * g->cell, y = HEAD + (double)row * g->row;
    double gap = g->cell > 8 ? GAP : 0.5, w = g->cell - gap, h = g->row - GAP;
    int class = chart_class_of(&g->classes, cell->value);
    int shade = class < 0 ? 0 : g->classes.shade[class];
    enum look scale = g->h->alarm ? LOOK_H0 : LOOK_Q1;
    bool named = svg_begin(&g->s, cell->label, cell->href, false);
    if (named)
        svg_title(&g->s, cell->label);
    svg_rect(&g->s, class < 0 ? LOOK_MISSING : scale + (enum look)(shade - 1), x, y, w, h);
    if (cell->text.n && svg_width(cell->text, false) + 4 <= w && h >= 14)
        svg_text(&g->s,
                 class < 0                       ? LOOK_TEXT
                 : shade > (g->h->alarm ? 4 : 3) ? LOOK_INV
                                                 : LOOK_ON,
                 x + w / 2, y + h / 2 + 4, AT_MIDDLE, cell->text);
    if (named)
        svg_end(&g->s, cell->href);
}

void chart_heat(struct out *o, struct arena *a, const struct chart_frame *f, const struct chart_heat *h,
                struct chart_classes *ret)
{
    struct grid g = {.s = {.o = o, .a = a, .f = f}, .h = h};
    size_t n = h->n_rows * h->n_columns;
    double *values = NEWN(a, double, n + 1);
    bool links = false;
    for (size_t i = 0; i < n; i++) {
        values[i] = h->cells[i].value;
        links = links || h->cells[i].href.n;
    }
    for (size_t i = 0; i < h->n_rows; i++)
        links = links || h->rows[i].href.n;
    chart_classes(a, values, n, h->split, h->breaks, h->n_breaks, &g.classes);
    g.s.w = clamp(f->width, 240, 2000);
    g.left = names_width(h, g.s.w * 0.36);
    g.cell = fmin((g.s.w - g.left) / (double)(h->n_columns ? h->n_columns : 1), 72);
    g.row = 26;
    if (f->height && h->n_rows)
        g.row = fmax((clamp(f->height, 60, 4000) - HEAD) / (double)h->n_rows, 4);
    g.s.h = HEAD + (double)h->n_rows * g.row;
    svg_open(&g.s, "chart", 0, 0, g.s.w, g.s.h, links);
    if (g.classes.missing)
        svg_hatch(&g.s);
    draw_columns(&g);
    for (size_t i = 0; i < h->n_rows; i++) {
        const struct chart_row *row = &h->rows[i];
        struct str name = svg_fit(a, row->name, g.left - 8, false);
        bool named = svg_begin(&g.s, S(""), row->href, true);
        if (g.row >= 12)
            svg_text(&g.s, LOOK_TEXT, 0, HEAD + ((double)i + 0.5) * g.row + 3, AT_START, name);
        if (named)
            svg_end(&g.s, row->href);
        for (size_t k = 0; k < h->n_columns; k++)
            draw_cell(&g, i, k);
    }
    svg_close(&g.s);
    if (ret)
        *ret = g.classes;
}
