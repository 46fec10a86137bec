/* What is asked of the cube: tables of figures, trees, periods, and how a figure came about. */
#include "domain/indicator/cube_read.h"
#include "domain/indicator/value_store.h"

#include "base/period.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum { SCRATCH_BYTES = 64 << 20, INPUTS_MAX = 8192 };

/* --- one read -------------------------------------------------------------------------------------------------------
 */

static void reset_scratch(void *arg)
{
    arena_reset(arg);
}

static enum err find_view(struct cube_reading *r, int64_t at)
{
    struct ctx *c = r->c;
    int64_t position;
    r->view = (struct cube_view){.at = at};
    if (!c->cube || db_head(c->db))
        return OK;
    if (!db_snapshot_known(c, &position)) {
        TRY(db_snapshot_at(c, NULL, &position));
        r->snapshot = true;
    }
    if (at < position)
        return OK;
    r->view = (struct cube_view){.cached = true, .at = POS_NOW, .position = position};
    return cube_follow(c, &r->view);
}

enum err cube_reading_begin(struct ctx *c, const struct dictionary *d, int64_t at, int32_t day,
                            struct cube_reading *ret)
{
    *ret = (struct cube_reading){.c = c, .d = d, .day = day == DAY_NONE ? day_of_moment(ctx_now(c)) : day};
    struct arena_defer *defer = arena_defer(c->arena, reset_scratch);
    ret->scratch = NEW(c->arena, struct arena);
    arena_init(ret->scratch, SCRATCH_BYTES);
    ret->scratch->oom = c->arena->oom;
    defer->arg = ret->scratch;
    return find_view(ret, at);
}

void cube_reading_end(struct cube_reading *r)
{
    if (r->snapshot)
        db_snapshot_end(r->c);
    r->snapshot = false;
}

static enum cube_rule rule_of(struct str word)
{
    static const struct {
        struct str word;
        enum cube_rule rule;
    } rules[] = {
        {S0("sum"), RULE_SUM}, {S0("mean"), RULE_MEAN}, {S0("weighted"), RULE_WEIGHTED}, {S0("last"), RULE_LAST}};
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (str_eq(word, rules[i].word))
            return rules[i].rule;
    return RULE_NONE;
}

static struct str tree_of(const struct indicator *i)
{
    return i->tree.n ? i->tree : S("area");
}

static enum err check_category(struct cube_reading *r, const struct indicator *i, struct str category)
{
    for (size_t k = 0; category.n && k < i->dimensions.n; k++)
        if (dictionary_category(r->d, i->dimensions.v[k], category))
            return OK;
    return !category.n ? OK
                       : FAIL(r->c, E_NOTFOUND, "%.*s không phân tổ theo \"%.*s\" (no such category)", ARGS(i->code),
                              ARGS(category));
}

static enum err make_in(struct cube_reading *r, const struct indicator *i, struct str category, struct cube_in *in)
{
    int64_t series;
    *in = (struct cube_in){.indicator = i, .category = category, .number = (uint32_t)r->ins.n, .base = -1};
    in->places = rule_of(i->over_places);
    in->time = rule_of(i->over_time);
    TRY(cube_map_of(r->c, &r->view, tree_of(i), r->day, &in->map));
    if (i->formula.n)
        return formula_parse(r->c, i->formula, &in->formula);
    TRY(value_series_id(r->c, i->code, category, &series));
    return cube_series_of(r->c, &r->view, series, in->map, &in->series);
}

/* The weights of a category are those of the same category, if there are such. */
static enum err find_weight(struct cube_reading *r, struct cube_in *in)
{
    const struct indicator *i = in->indicator, *w = i->weight.n ? dictionary_indicator(r->d, i->weight) : NULL;
    bool same = false;
    if (in->places != RULE_WEIGHTED)
        return OK;
    if (!w || w == i)
        return FAIL(r->c, E_NOTFOUND, "%.*s: không có chỉ tiêu làm quyền số \"%.*s\" (no such weight)", ARGS(i->code),
                    ARGS(i->weight));
    for (size_t k = 0; in->category.n && k < w->dimensions.n && !same; k++)
        same = dictionary_category(r->d, w->dimensions.v[k], in->category) != NULL;
    return cube_in_of(r, i->weight, same ? in->category : S(""), &in->weight);
}

enum err cube_in_of(struct cube_reading *r, struct str code, struct str category, struct cube_in **ret)
{
    if (!category.p)
        category = S("");
    for (size_t k = 0; k < r->ins.n; k++)
        if (str_eq(r->ins.v[k]->indicator->code, code) && str_eq(r->ins.v[k]->category, category)) {
            *ret = r->ins.v[k];
            return OK;
        }
    const struct indicator *i = dictionary_indicator(r->d, code);
    if (!i)
        return FAIL(r->c, E_NOTFOUND, "không có chỉ tiêu \"%.*s\" (no such indicator)", ARGS(code));
    if (r->ins.n >= INPUTS_MAX)
        return FAIL(r->c, E_LIMIT, "%.*s cần quá nhiều chỉ tiêu (a formula that needs too many)", ARGS(code));
    TRY(check_category(r, i, category));
    struct cube_in *in = NEW(r->c->arena, struct cube_in);
    TRY(make_in(r, i, category, in));
    *PUSH(r->c->arena, &r->ins) = in;
    TRY(find_weight(r, in));
    *ret = in;
    return OK;
}

enum err cube_figures(struct cube_reading *r, struct cube_in *in, const struct cube_cell *cells, size_t n,
                      struct figure *ret)
{
    if (in->formula)
        return cube_figures_derived(r, in, cells, n, ret);
    for (size_t i = 0; i < n; i++)
        TRY(cube_figure_stored(r, in, cells[i], &ret[i]));
    return OK;
}

/* --- tables ---------------------------------------------------------------------------------------------------------
 */

static enum err column_of(struct cube_reading *r, const struct cube_in *in, struct str place, int32_t *ret)
{
    *ret = cube_column(in->map, place);
    return *ret >= 0 ? OK : FAIL(r->c, E_NOTFOUND, "không có nơi nào mang mã \"%.*s\" (no such place)", ARGS(place));
}

static enum err table(struct cube_reading *r, struct cube_in *in, const int32_t *columns, size_t n,
                      const struct cube_query *q, struct figures *ret)
{
    struct figures f = {NEWN(r->c->arena, struct figure, n * q->n_periods + 1), n, q->n_periods};
    struct cube_cell *cells = NEWN(r->c->arena, struct cube_cell, n * q->n_periods + 1);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < q->n_periods; k++)
            cells[i * q->n_periods + k] = (struct cube_cell){columns[i], q->periods[k]};
    TRY(cube_figures(r, in, cells, n * q->n_periods, f.v));
    *ret = f;
    return OK;
}

static enum err read_places(struct cube_reading *r, const struct cube_query *q, struct figures *ret)
{
    struct cube_in *in;
    size_t n = q->places.n ? q->places.n : 1;
    int32_t *columns = NEWN(r->c->arena, int32_t, n);
    TRY(cube_in_of(r, q->indicator, q->category, &in));
    for (size_t i = 0; i < q->places.n; i++)
        TRY(column_of(r, in, q->places.v[i], &columns[i]));
    return table(r, in, columns, n, q, ret);
}

enum err cube_read(struct ctx *c, const struct dictionary *d, const struct cube_query *q, struct figures *ret)
{
    struct cube_reading r;
    enum err e = cube_reading_begin(c, d, q->at, q->map_day, &r);
    if (!e)
        e = read_places(&r, q, ret);
    cube_reading_end(&r);
    return e;
}

struct columns {
    int32_t *v;
    size_t n, cap;
};

static void at_depth(struct ctx *c, const struct cube_map *map, int64_t depth, struct columns *ret)
{
    const struct cube_node *nodes = cube_nodes(map);
    int64_t *depths = NEWN(c->arena, int64_t, (size_t)map->n_real + 1);
    for (int32_t k = 0; k < map->n_real; k++) {
        depths[k] = nodes[k].parent < 0 ? 0 : depths[nodes[k].parent] + 1;
        if (depths[k] == depth)
            *PUSH(c->arena, ret) = k;
    }
}

static struct strs codes_of(struct ctx *c, const struct cube_map *map, const struct columns *columns)
{
    struct str *v = NEWN(c->arena, struct str, columns->n + 1);
    for (size_t i = 0; i < columns->n; i++)
        v[i] = str_dup(c->arena, cube_code(map, columns->v[i]));
    return (struct strs){v, columns->n};
}

static enum err read_table(struct cube_reading *r, const struct cube_query *q, int64_t depth, struct strs *ret_places,
                           struct figures *ret)
{
    struct cube_in *in;
    struct columns columns = {0};
    TRY(cube_in_of(r, q->indicator, q->category, &in));
    at_depth(r->c, in->map, depth, &columns);
    *ret_places = codes_of(r->c, in->map, &columns);
    return table(r, in, columns.v, columns.n, q, ret);
}

enum err cube_table(struct ctx *c, const struct dictionary *d, const struct cube_query *q, int64_t depth,
                    struct strs *ret_places, struct figures *ret)
{
    struct cube_reading r;
    enum err e = cube_reading_begin(c, d, q->at, q->map_day, &r);
    if (!e)
        e = read_table(&r, q, depth, ret_places, ret);
    cube_reading_end(&r);
    return e;
}

/* --- trees ----------------------------------------------------------------------------------------------------------
 */

static enum err root(struct cube_reading *r, const struct indicator *i, struct str *ret)
{
    struct cube_map *map;
    TRY(cube_map_of(r->c, &r->view, tree_of(i), r->day, &map));
    *ret = str_dup(r->c->arena, cube_code(map, 0));
    return OK;
}

enum err cube_root(struct ctx *c, const struct indicator *i, int32_t day, struct str *ret)
{
    struct cube_reading r;
    enum err e = cube_reading_begin(c, NULL, POS_NOW, day, &r);
    if (!e)
        e = root(&r, i, ret);
    cube_reading_end(&r);
    return e;
}

static enum err below(struct cube_reading *r, const struct indicator *i, struct str place, struct strs *ret)
{
    struct cube_map *map;
    struct columns columns = {0};
    TRY(cube_map_of(r->c, &r->view, tree_of(i), r->day, &map));
    int32_t column = cube_column(map, place);
    if (column < 0)
        return FAIL(r->c, E_NOTFOUND, "không có nơi nào mang mã \"%.*s\" (no such place)", ARGS(place));
    const struct cube_node *nodes = cube_nodes(map);
    for (int32_t k = column + 1; column < map->n_real && k < nodes[column].end; k = nodes[k].end)
        *PUSH(r->c->arena, &columns) = k;
    *ret = codes_of(r->c, map, &columns);
    return OK;
}

enum err cube_below(struct ctx *c, const struct indicator *i, struct str place, int32_t day, struct strs *ret)
{
    struct cube_reading r;
    enum err e = cube_reading_begin(c, NULL, POS_NOW, day, &r);
    if (!e)
        e = below(&r, i, place, ret);
    cube_reading_end(&r);
    return e;
}

static enum err under(struct cube_reading *r, const struct indicator *i, struct str place, struct strs *ret)
{
    struct cube_map *map;
    struct columns columns = {0};
    TRY(cube_map_of(r->c, &r->view, tree_of(i), r->day, &map));
    int32_t column = place.p ? cube_column(map, place) : 0;
    if (column < 0)
        return FAIL(r->c, E_NOTFOUND, "không có nơi nào mang mã \"%.*s\" (no such place)", ARGS(place));
    for (int32_t k = column; k < cube_nodes(map)[column].end; k++)
        *PUSH(r->c->arena, &columns) = k;
    *ret = codes_of(r->c, map, &columns);
    return OK;
}

enum err cube_under(struct ctx *c, const struct indicator *i, struct str place, int32_t day, struct strs *ret)
{
    struct cube_reading r;
    enum err e = cube_reading_begin(c, NULL, POS_NOW, day, &r);
    if (!e)
        e = under(&r, i, place, ret);
    cube_reading_end(&r);
    return e;
}

/* --- periods --------------------------------------------------------------------------------------------------------
 */

static int32_t months_of(struct str frequency)
{
    static const struct {
        struct str word;
        int32_t months;
    } all[] = {{S0("month"), 1}, {S0("quarter"), 3}, {S0("half"), 6}, {S0("year"), 12}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (str_eq(frequency, all[i].word))
            return all[i].months;
    return 0;
}

static bool row_tells_of(const struct cube_row *row, const struct cube_map *map, int32_t column)
{
    const struct cube_node *node = &cube_nodes(map)[column];
    bool real = column < map->n_real;
    int32_t from = column > row->from ? column : row->from,
            end = node->end < row->from + row->n ? node->end : row->from + row->n;
    for (int32_t k = from; real && k < end; k++)
        if (row->amounts[k - row->from] == row->amounts[k - row->from])
            return true;
    for (int32_t i = 0; i < row->n_far; i++) {
        int32_t guest = row->far[i].column, host = cube_nodes(map)[guest].parent;
        if (guest == column || (real && host >= column && host < node->end))
            return true;
    }
    return false;
}

static int by_number(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

/* The period of `months` that a row is, or is a part of; 0 if it is longer than that. Months 0: as it is. */
static int32_t period_over(int32_t period, int32_t months)
{
    int32_t first = cube_first(period), length = cube_length(period);
    if (!months)
        return period;
    int32_t whole = first / months * months;
    return first + length <= whole + months ? whole * CUBE_MONTHS + months : 0;
}

struct listing {
    struct cube_reading *r;
    int32_t months;
    struct str place;
    struct cube_periods *ret;
};

static enum err list_periods(struct listing *l, struct cube_in *in)
{
    int32_t column = cube_column(in->map, l->place);
    if (in->listed)
        return OK;
    in->listed = true;
    if (in->formula) {
        struct formula_refs refs = formula_refs(in->formula);
        for (size_t i = 0; i < refs.n; i++) {
            struct cube_in *to;
            TRY(cube_in_of(l->r, refs.v[i].code, refs.v[i].category, &to));
            TRY(list_periods(l, to));
        }
        return OK;
    }
    for (size_t i = 0; column >= 0 && i < in->series->n; i++) {
        int32_t period = period_over(in->series->rows[i]->period, l->months);
        bool last = l->ret->n && l->ret->v[l->ret->n - 1] == period;
        if (period && !last && row_tells_of(in->series->rows[i], in->map, column))
            *PUSH(l->r->c->arena, l->ret) = period;
    }
    return OK;
}

/* Of a formula: those for which it gives something. */
static enum err keep_known(struct cube_reading *r, struct cube_in *in, int32_t column, struct cube_periods *list)
{
    struct cube_cell *cells = NEWN(r->c->arena, struct cube_cell, list->n + 1);
    struct figure *figures = NEWN(r->c->arena, struct figure, list->n + 1);
    size_t kept = 0;
    for (size_t i = 0; i < list->n; i++)
        cells[i] = (struct cube_cell){column, list->v[i]};
    TRY(cube_figures(r, in, cells, list->n, figures));
    for (size_t i = 0; i < list->n; i++)
        if (figures[i].amount == figures[i].amount)
            list->v[kept++] = list->v[i];
    list->n = kept;
    return OK;
}

static enum err periods(struct cube_reading *r, struct str indicator, struct str category, struct str place,
                        struct cube_periods *ret)
{
    struct cube_in *in;
    int32_t column;
    struct cube_periods list = {0};
    TRY(cube_in_of(r, indicator, category, &in));
    place = place.p ? place : cube_code(in->map, 0);
    TRY(column_of(r, in, place, &column));
    struct listing l = {r, months_of(in->indicator->frequency), place, &list};
    TRY(list_periods(&l, in));
    qsort(list.v, list.n, sizeof *list.v, by_number);
    size_t kept = 0;
    for (size_t i = 0; i < list.n; i++)
        if (!kept || list.v[kept - 1] != list.v[i])
            list.v[kept++] = list.v[i];
    list.n = kept;
    TRY(keep_known(r, in, column, &list));
    *ret = list;
    return OK;
}

enum err cube_periods(struct ctx *c, const struct dictionary *d, struct str indicator, struct str category,
                      struct str place, int64_t at, struct cube_periods *ret)
{
    struct cube_reading r;
    enum err e = cube_reading_begin(c, d, at, DAY_NONE, &r);
    if (!e)
        e = periods(&r, indicator, category, place, ret);
    cube_reading_end(&r);
    return e;
}

/* --- how a figure came about ----------------------------------------------------------------------------------------
 */

static struct str name_of(struct ctx *c, int32_t code)
{
    struct period period;
    char text[24];
    return code && period_of_code(code, &period) ? str_dup(c->arena, period_text(period, text)) : (struct str){0};
}

static enum err explain(struct cube_reading *r, struct str indicator, struct str category, struct str place,
                        int32_t period, struct figure *ret_figure, struct cube_inputs *ret)
{
    struct cube_in *in, *to;
    struct cube_cell cell = {.period = period}, there;
    struct cube_inputs list = {0};
    TRY(cube_in_of(r, indicator, category, &in));
    TRY(column_of(r, in, place, &cell.column));
    TRY(cube_figures(r, in, &cell, 1, ret_figure));
    struct formula_refs refs = in->formula ? formula_refs(in->formula) : (struct formula_refs){0};
    for (size_t i = 0; i < refs.n; i++) {
        struct cube_input input = {0};
        TRY(cube_figure_of_ref(r, in, &refs.v[i], cell, &to, &there, &input.figure));
        input.indicator = to->indicator->code;
        input.category = str_dup(r->c->arena, to->category);
        input.place = str_dup(r->c->arena, place);
        input.period = name_of(r->c, there.period);
        *PUSH(r->c->arena, &list) = input;
    }
    *ret = list;
    return OK;
}

enum err cube_explain(struct ctx *c, const struct dictionary *d, struct str indicator, struct str category,
                      struct str place, int32_t period, int64_t at, struct figure *ret_figure, struct cube_inputs *ret)
{
    struct cube_reading r;
    enum err e = cube_reading_begin(c, d, at, DAY_NONE, &r);
    if (!e)
        e = explain(&r, indicator, category, place, period, ret_figure, ret);
    cube_reading_end(&r);
    return e;
}
