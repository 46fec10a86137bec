/* Figures by a formula: each cell is worked out once in a read, however often formulas name each other. */
#include "domain/indicator/cube_read.h"

#include <math.h>
#include <string.h>

#include "base/banned.h"

/* --- what is known already ------------------------------------------------------------------------------------------
 */

struct known {
    uint64_t cell; /* column and period */
    uint32_t in;   /* plus 1; 0: free */
    struct figure figure;
};

struct cube_memo {
    struct known *v;
    size_t cap, n;
};

static uint64_t cell_of(struct cube_cell c)
{
    return (uint64_t)(uint32_t)c.column << 32 | (uint32_t)c.period;
}

static struct known *slot_of(const struct cube_memo *m, uint32_t in, uint64_t cell)
{
    uint64_t h = (cell ^ (uint64_t)in << 40) * 0x9E3779B97F4A7C15u;
    size_t i = (h ^ h >> 32) & (m->cap - 1);
    while (m->v[i].in && (m->v[i].in != in + 1 || m->v[i].cell != cell))
        i = (i + 1) & (m->cap - 1);
    return &m->v[i];
}

static struct known *remember(struct cube_reading *r, uint32_t in, uint64_t cell)
{
    struct cube_memo *m = r->memo;
    if (2 * (m->n + 1) > m->cap) {
        struct cube_memo old = *m;
        m->cap = old.cap ? 2 * old.cap : 256;
        m->v = NEWN(r->c->arena, struct known, m->cap);
        for (size_t i = 0; i < old.cap; i++)
            if (old.v[i].in)
                *slot_of(m, old.v[i].in - 1, old.v[i].cell) = old.v[i];
    }
    struct known *k = slot_of(m, in, cell);
    m->n += !k->in;
    k->in = in + 1;
    k->cell = cell;
    return k;
}

/* --- references -----------------------------------------------------------------------------------------------------
 */

static int32_t shifted(const struct formula_ref *ref, int32_t period)
{
    int64_t first = cube_first(period), back = (int64_t)ref->periods_back * cube_length(period) + 12 * ref->years_back;
    return first - back >= 1900 * 12 ? (int32_t)(first - back) * CUBE_MONTHS + cube_length(period) : 0;
}

static struct str baseline_of(struct cube_reading *r, const struct indicator *i)
{
    struct goals goals = dictionary_goals(r->c, r->d, i->code);
    for (size_t k = 0; k < goals.n; k++)
        if (goals.v[k]->baseline_period.n && !goals.v[k]->place.n)
            return goals.v[k]->baseline_period;
    return (struct str){0};
}

static int32_t base_of(struct cube_reading *r, struct cube_in *in)
{
    struct period period;
    if (in->base >= 0)
        return in->base;
    struct str text = baseline_of(r, in->indicator);
    in->base = text.n && period_parse(text, &period) ? period_code(period) : 0;
    return in->base;
}

static bool has_category(struct cube_reading *r, struct str code, struct str category)
{
    const struct indicator *i = dictionary_indicator(r->d, code);
    for (size_t k = 0; i && k < i->dimensions.n; k++)
        if (dictionary_category(r->d, i->dimensions.v[k], category))
            return true;
    return false;
}

/* The input that a reference names. Of a category of the whole formula, the same category of what it is made of. */
static enum err in_of_ref(struct cube_reading *r, const struct cube_in *in, const struct formula_ref *ref,
                          struct cube_in **ret)
{
    struct str category = ref->category;
    if (!category.n && in->category.n && has_category(r, ref->code, in->category))
        category = in->category;
    return cube_in_of(r, ref->code, category, ret);
}

/* The cell that a reference means, seen from one of the formula's; column -1: there is none. */
static struct cube_cell cell_of_ref(struct cube_reading *r, const struct cube_in *from, struct cube_in *to,
                                    const struct formula_ref *ref, struct cube_cell cell)
{
    struct cube_cell there = {cube_column_in(from->map, to->map, cell.column),
                              ref->base ? base_of(r, to) : shifted(ref, cell.period)};
    if (!there.period)
        there.column = -1;
    return there;
}

/* --- one formula over many cells ------------------------------------------------------------------------------------
 */

struct deriving {
    struct cube_reading *r;
    struct cube_in *in;
    const struct cube_cell *cells;
    struct figure *figures; /* flags and how many had one; amounts come last */
};

static void take_figure(struct figure *into, const struct figure *f)
{
    into->flags |= f->flags & (FIGURE_PROVISIONAL | FIGURE_SAMPLE | FIGURE_PARTIAL | FIGURE_DIFFERS);
    cube_take_worse(into, f);
}

static enum err fetch_own(struct deriving *d, struct cube_in *to, const struct formula_ref *ref, size_t at, size_t n,
                          double *ret)
{
    struct cube_cell *cells = NEWN(d->r->c->arena, struct cube_cell, n + 1);
    struct figure *figures = NEWN(d->r->c->arena, struct figure, n + 1);
    size_t *back = NEWN(d->r->c->arena, size_t, n + 1), m = 0;
    for (size_t i = 0; i < n; i++) {
        ret[i] = NAN;
        cells[m] = cell_of_ref(d->r, d->in, to, ref, d->cells[at + i]);
        back[m] = i;
        m += cells[m].column >= 0;
    }
    TRY(cube_figures(d->r, to, cells, m, figures));
    for (size_t k = 0; k < m; k++) {
        ret[back[k]] = figures[k].amount;
        take_figure(&d->figures[at + back[k]], &figures[k]);
    }
    return OK;
}

/* Over the places right below, in the map of the formula's own indicator. */
static enum err figure_of_children(struct deriving *d, struct cube_in *to, const struct formula_ref *ref,
                                   struct cube_cell cell, struct figure *ret)
{
    const struct cube_node *nodes = cube_nodes(d->in->map);
    struct cube_cell *cells = NULL;
    size_t n = 0, known = 0;
    *ret = (struct figure){.amount = NAN};
    if (cell.column < d->in->map->n_real) {
        for (int32_t k = cell.column + 1; k < nodes[cell.column].end; k = nodes[k].end)
            n++;
        cells = NEWN(d->r->c->arena, struct cube_cell, n + 1);
        n = 0;
        for (int32_t k = cell.column + 1; k < nodes[cell.column].end; k = nodes[k].end) {
            cells[n] = cell_of_ref(d->r, d->in, to, ref, (struct cube_cell){k, cell.period});
            n += cells[n].column >= 0;
        }
    }
    struct figure *figures = NEWN(d->r->c->arena, struct figure, n + 1);
    TRY(cube_figures(d->r, to, cells, n, figures));
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        ret->of += figures[i].of;
        ret->have += figures[i].have;
        ret->flags |= figures[i].flags;
        if (figures[i].amount != figures[i].amount)
            continue;
        sum += figures[i].amount;
        known++;
    }
    ret->flags |= ret->have < ret->of ? FIGURE_PARTIAL : 0;
    if (ref->mode == FORMULA_COUNT_CHILDREN)
        ret->amount = (double)known;
    else if (known)
        ret->amount = sum;
    return OK;
}

static enum err fetch(void *arg, const struct formula_ref *ref, size_t at, size_t n, double *ret)
{
    struct deriving *d = arg;
    struct cube_in *to;
    TRY(in_of_ref(d->r, d->in, ref, &to));
    if (ref->mode == FORMULA_OWN)
        return fetch_own(d, to, ref, at, n, ret);
    for (size_t i = 0; i < n; i++) {
        struct figure f;
        TRY(figure_of_children(d, to, ref, d->cells[at + i], &f));
        ret[i] = f.amount;
        take_figure(&d->figures[at + i], &f);
    }
    return OK;
}

/* Cells that are not known yet. */
static enum err derive(struct cube_reading *r, struct cube_in *in, const struct cube_cell *cells, size_t n)
{
    struct deriving d = {r, in, cells, NEWN(r->c->arena, struct figure, n + 1)};
    double *amounts = NEWN(r->c->arena, double, n + 1);
    const struct formula_source source = {fetch, &d};
    if (r->depth >= CUBE_DEPTH)
        return FAIL(r->c, E_INVALID, "%.*s: công thức tham chiếu vòng hoặc quá sâu (a circle of formulas)",
                    ARGS(in->indicator->code));
    r->depth++;
    struct ctx c = *r->c;
    c.arena = r->scratch;
    c.error = (struct error){0};
    enum err e = formula_eval(&c, in->formula, &source, n, amounts);
    r->depth--;
    if (e)
        return e; /* fetch() said why, in r->c */
    for (size_t i = 0; i < n; i++) {
        struct figure *f = &remember(r, in->number, cell_of(cells[i]))->figure;
        *f = d.figures[i];
        f->amount = amounts[i];
        f->flags |= FIGURE_DERIVED;
    }
    return OK;
}

enum err cube_figures_derived(struct cube_reading *r, struct cube_in *in, const struct cube_cell *cells, size_t n,
                              struct figure *ret)
{
    struct cube_cell *open = NEWN(r->c->arena, struct cube_cell, n + 1);
    size_t n_open = 0;
    if (!r->memo)
        r->memo = NEW(r->c->arena, struct cube_memo);
    for (size_t i = 0; i < n; i++)
        if (!r->memo->cap || !slot_of(r->memo, in->number, cell_of(cells[i]))->in)
            open[n_open++] = cells[i];
    if (n_open)
        TRY(derive(r, in, open, n_open));
    for (size_t i = 0; i < n; i++)
        ret[i] = slot_of(r->memo, in->number, cell_of(cells[i]))->figure;
    return OK;
}

enum err cube_figure_of_ref(struct cube_reading *r, struct cube_in *in, const struct formula_ref *ref,
                            struct cube_cell cell, struct cube_in **ret_in, struct cube_cell *ret_cell,
                            struct figure *ret)
{
    struct figure ignored = {0};
    struct deriving d = {r, in, &cell, &ignored};
    TRY(in_of_ref(r, in, ref, ret_in));
    *ret_cell = cell_of_ref(r, in, *ret_in, ref, cell);
    *ret = (struct figure){.amount = NAN};
    if (ref->mode != FORMULA_OWN)
        return figure_of_children(&d, *ret_in, ref, cell, ret);
    return ret_cell->column >= 0 ? cube_figures(r, *ret_in, ret_cell, 1, ret) : OK;
}
