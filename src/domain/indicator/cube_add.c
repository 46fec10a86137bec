/* Figures that are reported, or added up over the places below or the parts of a period. */
#include "domain/indicator/cube_read.h"

#include <math.h>

#include "base/banned.h"

/* What is being added up over places, in one row. */
struct adding {
    struct cube_reading *r;
    struct cube_in *in;
    const struct cube_row *row;
    const struct cube_row *weights; /* the row of the same period, in the same map; NULL: figure by figure */
    bool parts;                     /* the series has parts of this period as well */
    double total, weight;
    int64_t n, have, of;
    uint32_t flags;
    enum err err;
};

static const struct figure none = {.amount = NAN};

/* --- in one row -----------------------------------------------------------------------------------------------------
 */

static double own_in_row(const struct cube_row *row, int32_t n_real, int32_t column, uint32_t *ret_flags)
{
    if (column < n_real) {
        int32_t i = column - row->from;
        if (i < 0 || i >= row->n)
            return NAN;
        *ret_flags = row->flags ? row->flags[i] : row->same;
        return row->amounts[i];
    }
    int32_t low = 0, high = row->n_far;
    while (low < high) {
        int32_t mid = (low + high) / 2;
        if (row->far[mid].column < column)
            low = mid + 1;
        else
            high = mid;
    }
    if (low == row->n_far || row->far[low].column != column)
        return NAN;
    *ret_flags = row->far[low].flags;
    return row->far[low].amount;
}

/* Does nothing but leaves with a figure of their own stand below the place? */
static bool is_plain_below(const struct cube_row *row, int32_t column, int32_t end)
{
    int32_t low = 0, high = row->n_odd;
    while (low < high) {
        int32_t mid = (low + high) / 2;
        if (row->odd[mid] <= column)
            low = mid + 1;
        else
            high = mid;
    }
    return low == row->n_odd || row->odd[low] >= end;
}

typedef double four __attribute__((vector_size(32), aligned(8)));
typedef int64_t four_i64 __attribute__((vector_size(32)));

/* The sum of a stretch without gaps, as sum_known() would have it. */
static double sum_all(const double *v, int32_t n)
{
    four sums[2] = {{0}, {0}};
    double sum = 0;
    int32_t i = 0;
    for (; i + 8 <= n; i += 8)
        for (int k = 0; k < 2; k++)
            sums[k] += *(const four *)(const void *)(v + i + 4 * k);
    for (; i < n; i++)
        sum += v[i];
    for (int k = 0; k < 4; k++)
        sum += sums[0][k] + sums[1][k];
    return sum;
}

/* Sum and number of the known ones of a stretch, four at a time. */
static double sum_known(const double *v, int32_t n, int64_t *ret_known)
{
    four sums[2] = {{0}, {0}};
    four_i64 unknown[2] = {{0}, {0}};
    int32_t i = 0;
    for (; i + 8 <= n; i += 8)
        for (int k = 0; k < 2; k++) {
            four x = *(const four *)(const void *)(v + i + 4 * k);
            four_i64 is = (four_i64)(x == x); /* all bits where it is one */
            sums[k] += (four)((four_i64)x & is);
            unknown[k] += is;
        }
    double sum = 0;
    int64_t known = 0;
    for (; i < n; i++)
        if (v[i] == v[i]) {
            sum += v[i];
            known++;
        }
    for (int k = 0; k < 4; k++) {
        sum += sums[0][k] + sums[1][k];
        known -= unknown[0][k] + unknown[1][k];
    }
    *ret_known = known;
    return sum;
}

static uint32_t flags_of(const struct cube_row *row, int32_t from, int32_t n)
{
    uint32_t flags = 0;
    if (!row->flags)
        return n ? row->same : 0;
    for (int32_t i = 0; i < n; i++)
        flags |= row->flags[from + i];
    return flags;
}

/* --- over places ----------------------------------------------------------------------------------------------------
 */

/* The weight of a place: its figure for the period, else for the year that this is in. NaN: there is none. */
static double weight_of(struct adding *a, int32_t column)
{
    struct cube_in *w = a->in->weight;
    uint32_t flags = 0;
    double v = a->weights ? own_in_row(a->weights, w->map->n_real, column, &flags) : NAN;
    if (v == v)
        return v;
    int32_t first = cube_first(a->row->period), year = first / 12 * 12 * CUBE_MONTHS + 12;
    struct cube_cell cell = {cube_column_in(a->in->map, w->map, column), a->row->period};
    struct figure f = none;
    if (!a->err && ++a->r->depth > CUBE_DEPTH)
        a->err = FAIL(a->r->c, E_INVALID, "%.*s: quyền số tham chiếu vòng (a circle of weights)",
                      ARGS(a->in->indicator->code));
    if (cell.column >= 0 && !a->err)
        a->err = cube_figures(a->r, w, &cell, 1, &f);
    if (f.amount != f.amount && cell.column >= 0 && !a->err && cube_length(cell.period) < 12) {
        cell.period = year;
        a->err = cube_figures(a->r, w, &cell, 1, &f);
    }
    a->r->depth--;
    return f.amount;
}

static void add(struct adding *a, int32_t column, double v, uint32_t flags)
{
    double weight = 1;
    if (a->in->places == RULE_WEIGHTED) {
        weight = weight_of(a, column);
        if (weight != weight)
            return;
        v *= weight;
    }
    a->total += v;
    a->weight += weight;
    a->flags |= flags;
    a->n++;
    a->have++;
}

static void add_stretch(struct adding *a, int32_t from, int32_t end)
{
    const struct cube_row *row = a->row;
    int32_t low = from > row->from ? from : row->from, high = end < row->from + row->n ? end : row->from + row->n;
    int64_t known = high - low;
    if (low >= high)
        return;
    if (a->in->places == RULE_WEIGHTED) {
        for (int32_t k = low; k < high; k++) {
            uint32_t flags = 0;
            double v = own_in_row(row, a->in->map->n_real, k, &flags);
            if (v == v)
                add(a, k, v, flags);
        }
        return;
    }
    const double *v = row->amounts + (low - row->from);
    a->total += row->n_known == row->n ? sum_all(v, high - low) : sum_known(v, high - low, &known);
    a->weight += (double)known;
    a->n += known;
    a->have += known;
    a->flags |= known ? flags_of(row, low - row->from, high - low) : 0;
}

static double own_of(struct cube_reading *r, struct cube_in *in, const struct cube_row *row, int32_t column,
                     int32_t period, bool parts, uint32_t *ret_flags);

/* What was merged into a place: where it has no figure itself. */
static bool add_past(struct adding *a, const struct cube_node *host)
{
    const int32_t *guests = cube_list(a->in->map) + host->guests;
    int64_t before = a->n, should = 0;
    for (int32_t i = 0; i < host->n_guests; i++) {
        uint32_t flags = 0;
        if (cube_nodes(a->in->map)[guests[i]].kind != CUBE_PAST)
            continue;
        double v = own_of(a->r, a->in, a->row, guests[i], a->row->period, a->parts, &flags);
        should++;
        if (v == v)
            add(a, guests[i], v, flags);
    }
    if (a->n == before)
        return false;
    a->of += should;
    return true;
}

/* What places below this one were merged into later: unless one of them has a figure. */
static void add_future(struct adding *a, const struct cube_node *host, int64_t of)
{
    const struct cube_map *map = a->in->map;
    const int32_t *guests = cube_list(map) + host->guests;
    for (int32_t i = 0; i < host->n_guests; i++) {
        const struct cube_node *guest = &cube_nodes(map)[guests[i]];
        uint32_t flags = 0;
        if (guest->kind != CUBE_FUTURE)
            continue;
        double v = own_of(a->r, a->in, a->row, guests[i], a->row->period, a->parts, &flags);
        int64_t leaves = 0;
        for (int32_t k = 0; k < guest->n_targets && v == v; k++) {
            int32_t target = cube_list(map)[guest->targets + k];
            uint32_t ignored;
            double known = own_of(a->r, a->in, a->row, target, a->row->period, a->parts, &ignored);
            v = known == known ? NAN : v;
            leaves += cube_nodes(map)[target].leaves;
        }
        if (v != v)
            continue;
        add(a, guests[i], v, flags);
        a->have += leaves - 1;
        if (a->have > of)
            a->have = of;
    }
}

/* In preorder, without recursion: `top` itself has no figure. */
static void add_below(struct adding *a, int32_t top)
{
    const struct cube_map *map = a->in->map;
    const struct cube_node *nodes = cube_nodes(map);
    for (int32_t k = top, end = nodes[top].end; k < end && !a->err;) {
        uint32_t flags = 0;
        double v = k == top ? NAN : own_of(a->r, a->in, a->row, k, a->row->period, a->parts, &flags);
        bool leaf = cube_is_leaf(map, k);
        if (v == v) {
            int64_t before = a->have;
            add(a, k, v, flags);
            a->have = before + (a->have > before);
            a->of++;
            k = nodes[k].end;
        } else if (!leaf && !a->parts && is_plain_below(a->row, k, nodes[k].end)) {
            add_stretch(a, k + 1, nodes[k].end);
            a->of += nodes[k].leaves;
            k = nodes[k].end;
        } else {
            if (leaf && !add_past(a, &nodes[k])) {
                a->of++;
                add_future(a, &nodes[k], a->of);
            }
            k++;
        }
    }
}

/* Guests of places with others below them count once those are known. */
static void add_guests(struct adding *a, int32_t top)
{
    const struct cube_map *map = a->in->map;
    const struct cube_node *nodes = cube_nodes(map);
    if (!a->row->n_far)
        return;
    for (int32_t i = 0; i < a->row->n_odd; i++) {
        int32_t k = a->row->odd[i];
        if (k < top || k >= nodes[top].end || cube_is_leaf(map, k) || !nodes[k].n_guests)
            continue;
        bool covered = false; /* by a figure at or above it */
        for (int32_t above = k; above > top && !covered; above = nodes[above].parent) {
            uint32_t flags;
            double v = own_of(a->r, a->in, a->row, above, a->row->period, a->parts, &flags);
            covered = v == v;
        }
        if (covered)
            continue;
        struct adding below = *a;
        below.n = below.have = below.of = 0;
        add_below(&below, k);
        if (below.n == 0) {
            int64_t of = a->of;
            if (add_past(a, &nodes[k])) /* they stand for all below it */
                a->of -= nodes[k].leaves < of ? nodes[k].leaves : of;
        }
        add_future(a, &nodes[k], a->of);
    }
}

static enum err over_places(struct cube_reading *r, struct cube_in *in, const struct cube_row *row, int32_t column,
                            bool parts, bool *ret_found, struct figure *ret)
{
    struct adding a = {.r = r, .in = in, .row = row, .parts = parts};
    *ret_found = false;
    if (column >= in->map->n_real)
        return OK;
    if (in->places == RULE_WEIGHTED && in->weight->series && in->weight->map == in->map)
        a.weights = cube_row_of(in->weight->series, row->period);
    add_below(&a, column);
    add_guests(&a, column);
    if (a.err || !a.n)
        return a.err;
    double amount = in->places == RULE_SUM ? a.total : a.total / a.weight;
    if (!isfinite(amount)) /* all weights are zero, or it is past what a number can be */
        return OK;
    *ret = (struct figure){amount, a.flags | FIGURE_ADDED, (uint32_t)a.have, (uint32_t)a.of};
    if (a.have < a.of)
        ret->flags |= FIGURE_PARTIAL;
    *ret_found = true;
    return OK;
}

/* --- over time ------------------------------------------------------------------------------------------------------
 */

/* Are there rows for parts of the period? `*ret_from` is the first that may be one. */
static bool has_parts(const struct cube_series *s, int32_t period, size_t *ret_from)
{
    int32_t first = cube_first(period), end = first + cube_length(period);
    for (size_t i = *ret_from = cube_row_from(s, first * CUBE_MONTHS); i < s->n; i++) {
        int32_t p = s->rows[i]->period;
        if (cube_first(p) >= end)
            return false;
        if (p != period && cube_first(p) + cube_length(p) <= end)
            return true;
    }
    return false;
}

struct spanning {
    struct cube_reading *r;
    struct cube_in *in;
    int32_t column, period;
    bool own; /* the place's own figures alone, and only if they cover all of it */
    size_t from;
    double total;
    int32_t months, n;
    bool gap;
    struct figure figure;
    enum err err;
};

static double part(struct spanning *s, int32_t period, struct figure *f)
{
    uint32_t flags = 0;
    *f = none;
    if (!s->own) {
        if (!s->err)
            s->err = cube_figure_stored(s->r, s->in, (struct cube_cell){s->column, period}, f);
        return f->amount;
    }
    const struct cube_row *row = cube_row_of(s->in->series, period);
    double v = row ? own_in_row(row, s->in->map->n_real, s->column, &flags) : NAN;
    *f = (struct figure){v, flags, 1, 1};
    return v;
}

static void take_part(struct spanning *s, const struct figure *f, int32_t months)
{
    s->total += s->in->time == RULE_MEAN ? f->amount * months : f->amount;
    s->months += months;
    s->figure.flags |= f->flags;
    cube_take_worse(&s->figure, f);
    s->n++;
}

/* From the first month on, the longest part that has a figure each time. */
static void span(struct spanning *s)
{
    const struct cube_series *rows = s->in->series;
    int32_t month = cube_first(s->period), end = month + cube_length(s->period);
    size_t low = s->from;
    while (month < end && !s->err && !(s->own && s->gap)) {
        size_t high;
        struct figure f = none;
        int32_t length = 0;
        while (low < rows->n && cube_first(rows->rows[low]->period) < month)
            low++;
        for (high = low; high < rows->n && cube_first(rows->rows[high]->period) == month;)
            high++;
        for (size_t i = high; i-- > low && !length;) {
            int32_t p = rows->rows[i]->period;
            double v = p != s->period && month + cube_length(p) <= end ? part(s, p, &f) : NAN;
            length = v == v ? cube_length(p) : 0;
        }
        if (length)
            take_part(s, &f, length);
        else
            s->gap = true;
        month += length ? length : 1;
    }
}

/* The part that ends last, the shortest of those. */
static void span_last(struct spanning *s)
{
    const struct cube_series *rows = s->in->series;
    int32_t first = cube_first(s->period), last = first + cube_length(s->period);
    for (int32_t end = last; end > first && !s->n && !s->err && !(s->own && s->gap); end--) {
        size_t high = cube_row_from(rows, end * CUBE_MONTHS);
        for (size_t i = high; i-- > s->from && !s->n;) {
            int32_t p = rows->rows[i]->period;
            struct figure f = none;
            double v = p != s->period && cube_first(p) + cube_length(p) == end ? part(s, p, &f) : NAN;
            if (v == v)
                take_part(s, &f, cube_length(p));
        }
        s->gap |= !s->n;
    }
}

static bool over_time(struct spanning *s, struct figure *ret)
{
    s->figure = (struct figure){0};
    (s->in->time == RULE_LAST ? span_last : span)(s);
    if (s->err || !s->n || (s->own && s->gap))
        return false;
    *ret = s->figure;
    ret->amount = s->in->time == RULE_MEAN ? s->total / s->months : s->total;
    if (s->gap)
        ret->flags |= FIGURE_PARTIAL;
    return isfinite(ret->amount);
}

/* A place's own figure: for the very period, else of its own parts if they cover it. */
static double own_of(struct cube_reading *r, struct cube_in *in, const struct cube_row *row, int32_t column,
                     int32_t period, bool parts, uint32_t *ret_flags)
{
    double v = row ? own_in_row(row, in->map->n_real, column, ret_flags) : NAN;
    struct figure f;
    if (v == v || !parts)
        return v;
    struct spanning s = {.r = r, .in = in, .column = column, .period = period, .own = true};
    s.from = cube_row_from(in->series, cube_first(period) * CUBE_MONTHS);
    if (!over_time(&s, &f))
        return NAN;
    *ret_flags = f.flags;
    return f.amount;
}

enum err cube_figure_stored(struct cube_reading *r, struct cube_in *in, struct cube_cell cell, struct figure *ret)
{
    const struct cube_row *row = cube_row_of(in->series, cell.period);
    size_t from = 0;
    bool parts = in->time != RULE_NONE && has_parts(in->series, cell.period, &from);
    uint32_t flags = 0;
    bool real = cell.column < in->map->n_real;
    *ret = (struct figure){NAN, 0, 0, real ? (uint32_t)cube_nodes(in->map)[cell.column].leaves : 1};
    if (!row && !parts)
        return OK;
    double v = own_of(r, in, row, cell.column, cell.period, parts, &flags);
    if (v == v) {
        *ret = (struct figure){v, flags, 1, 1};
        return OK;
    }
    bool found = false;
    if (row && in->places != RULE_NONE)
        TRY(over_places(r, in, row, cell.column, parts, &found, ret));
    if (found || !parts)
        return OK;
    struct spanning s = {.r = r, .in = in, .column = cell.column, .period = cell.period, .from = from};
    struct figure f;
    if (over_time(&s, &f))
        *ret = f;
    return s.err;
}
