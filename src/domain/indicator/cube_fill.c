/* From the store into rows. */
#include "base/shared.h"
#include "domain/indicator/cube.sql.h"
#include "domain/indicator/cube_rows.h"
#include "domain/indicator/value_choose.h"
#include "domain/indicator/value_store.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

struct stored {
    int64_t period, place, source, state, from_pos;
    double amount;
};
RECORD(stored_record, struct stored, "value", "A figure", {"period", FIELD_I64, offsetof(struct stored, period)},
       {"place", FIELD_I64, offsetof(struct stored, place)}, {"source", FIELD_I64, offsetof(struct stored, source)},
       {"amount", FIELD_F64, offsetof(struct stored, amount)}, {"state", FIELD_I64, offsetof(struct stored, state)},
       {"from_pos", FIELD_I64, offsetof(struct stored, from_pos)});

struct choice {
    int64_t period, place, source;
};
RECORD(choice_record, struct choice, "choice", "A decision", {"period", FIELD_I64, offsetof(struct choice, period)},
       {"place", FIELD_I64, offsetof(struct choice, place)}, {"source", FIELD_I64, offsetof(struct choice, source)});

struct filling {
    struct ctx *c;
    const struct cube_map *map;
    int32_t *columns; /* by number of the place; -1 */
    int64_t n_columns, own;
    struct {
        struct choice *v;
        size_t n, cap;
    } choices;
    size_t choice; /* the next one to come */
    /* the row under way */
    double *amounts;
    uint8_t *flags;
    struct {
        int32_t *v;
        size_t n, cap;
    } known, odd; /* columns */
    struct {
        struct cube_row **v;
        size_t n, cap;
    } rows;
    struct arena_defer *owner; /* lets go of the rows if it fails */
};

size_t cube_row_from(const struct cube_series *s, int32_t period)
{
    size_t low = 0, high = s->n;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (s->rows[mid]->period < period)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

const struct cube_row *cube_row_of(const struct cube_series *s, int32_t period)
{
    size_t i = cube_row_from(s, period);
    return i < s->n && s->rows[i]->period == period ? s->rows[i] : NULL;
}

/* --- a row ----------------------------------------------------------------------------------------------------------
 */

static int by_column(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

/* Columns in order, each once. */
static void sort_columns(int32_t *v, size_t *n)
{
    bool sorted = true;
    for (size_t i = 1; i < *n && sorted; i++)
        sorted = v[i - 1] < v[i];
    if (sorted)
        return;
    qsort(v, *n, sizeof *v, by_column);
    size_t kept = 0;
    for (size_t i = 0; i < *n; i++)
        if (!kept || v[kept - 1] != v[i])
            v[kept++] = v[i];
    *n = kept;
}

static struct cube_row *new_row(size_t n, size_t n_odd, size_t n_far, bool flags)
{
    size_t far = sizeof(struct cube_row) + n * sizeof(double), odd = far + n_far * sizeof(struct cube_far),
           bytes = odd + n_odd * sizeof(int32_t), size = bytes + (flags ? n : 0);
    char *block = shared_new(size, NULL);
    if (!block)
        return NULL;
    struct cube_row *row = (struct cube_row *)(void *)block;
    row->size = size;
    row->amounts = (double *)(void *)(block + sizeof *row);
    row->far = (struct cube_far *)(void *)(block + far);
    row->odd = (int32_t *)(void *)(block + odd);
    row->flags = flags ? (uint8_t *)block + bytes : NULL;
    return row;
}

struct shape {
    size_t n_real; /* known columns of the tree */
    bool mixed;    /* their flags are not all the same */
};

static struct shape look_at_known(struct filling *f)
{
    struct shape s = {0, false};
    sort_columns(f->known.v, &f->known.n);
    while (s.n_real < f->known.n && f->known.v[s.n_real] < f->map->n_real)
        s.n_real++;
    f->odd.n = 0;
    for (size_t i = 0; i < f->known.n; i++) {
        int32_t column = f->known.v[i], host = cube_nodes(f->map)[column].parent;
        s.mixed |= i < s.n_real && f->flags[column] != f->flags[f->known.v[0]];
        if (i < s.n_real ? !cube_is_leaf(f->map, column) : host >= 0)
            *PUSH(f->c->arena, &f->odd) = i < s.n_real ? column : host;
    }
    sort_columns(f->odd.v, &f->odd.n);
    return s;
}

static enum err end_row(struct filling *f, int32_t period)
{
    if (!f->known.n)
        return OK;
    struct shape s = look_at_known(f);
    int32_t from = s.n_real ? f->known.v[0] : 0, n = s.n_real ? f->known.v[s.n_real - 1] + 1 - from : 0;
    size_t n_far = f->known.n - s.n_real;
    struct cube_row **place = PUSH(f->c->arena, &f->rows);
    *place = NULL;
    struct cube_row *row = new_row((size_t)n, f->odd.n, n_far, s.mixed);
    if (!row)
        return FAIL(f->c, E_LIMIT, "Không đủ bộ nhớ cho số liệu (not enough memory for figures)");
    row->period = period;
    row->from = from;
    row->n = n;
    row->n_known = (int32_t)s.n_real;
    row->n_odd = (int32_t)f->odd.n;
    row->n_far = (int32_t)n_far;
    row->same = s.n_real && !s.mixed ? f->flags[from] : 0;
    if (n)
        memcpy((double *)(uintptr_t)row->amounts, f->amounts + from, (size_t)n * sizeof(double));
    if (s.mixed)
        memcpy((uint8_t *)(uintptr_t)row->flags, f->flags + from, (size_t)n);
    if (f->odd.n)
        memcpy((int32_t *)(uintptr_t)row->odd, f->odd.v, f->odd.n * sizeof(int32_t));
    for (size_t i = 0; i < n_far; i++) {
        int32_t column = f->known.v[s.n_real + i];
        ((struct cube_far *)(uintptr_t)row->far)[i] = (struct cube_far){column, f->flags[column], f->amounts[column]};
    }
    *place = row;
    for (size_t i = 0; i < f->known.n; i++) {
        f->amounts[f->known.v[i]] = NAN;
        f->flags[f->known.v[i]] = 0;
    }
    f->known.n = 0;
    return OK;
}

/* --- figures --------------------------------------------------------------------------------------------------------
 */

/* The source decided for, or -1. Both come in the order of period and place. */
static int64_t decided(struct filling *f, const struct stored *s)
{
    for (; f->choice < f->choices.n; f->choice++) {
        const struct choice *k = &f->choices.v[f->choice];
        if (k->period == s->period && k->place == s->place)
            return k->source;
        if (k->period > s->period || (k->period == s->period && k->place > s->place))
            break;
    }
    return -1;
}

struct offers {
    struct stored best;
    int64_t decided;
    bool any, differs;
};

static void offer(struct filling *f, struct offers *o, const struct stored *s)
{
    if (!o->any) {
        *o = (struct offers){*s, decided(f, s), true, false};
        return;
    }
    struct value_offer a = {s->source, s->state, s->from_pos, s->amount},
                       b = {o->best.source, o->best.state, o->best.from_pos, o->best.amount};
    o->differs |= s->amount != o->best.amount;
    if (value_offer_before(&a, &b, f->own, o->decided))
        o->best = *s;
}

static void take(struct filling *f, struct offers *o)
{
    const struct stored *s = &o->best;
    int32_t column = o->any && s->place >= 0 && s->place < f->n_columns ? f->columns[s->place] : -1;
    o->any = false;
    if (column < 0)
        return;
    f->amounts[column] = s->amount;
    f->flags[column] = (uint8_t)((s->state & VALUE_PROVISIONAL ? FIGURE_PROVISIONAL : 0) |
                                 (s->state & VALUE_SAMPLE ? FIGURE_SAMPLE : 0) |
                                 (o->differs && o->decided != s->source ? FIGURE_DIFFERS : 0));
    *PUSH(f->c->arena, &f->known) = column;
}

static enum err read_rows(struct filling *f, struct rows rows)
{
    struct stored s = {0}, last = {.period = -1};
    struct offers offers = {.any = false};
    enum err e = OK;
    while (!e && db_next(&rows, &stored_record, &s)) {
        if (s.period != last.period || s.place != last.place)
            take(f, &offers);
        if (s.period != last.period)
            e = end_row(f, (int32_t)last.period);
        offer(f, &offers, &s);
        last = s;
    }
    take(f, &offers);
    enum err done = db_done(&rows);
    return e ? e : done ? done : end_row(f, (int32_t)last.period);
}

static void drop_rows(void *arg)
{
    struct filling *f = arg;
    for (size_t i = 0; i < f->rows.n; i++)
        shared_drop(f->rows.v[i]);
}

static enum err begin(struct ctx *c, int64_t series, const struct cube_map *map, int64_t at, struct filling **ret)
{
    struct value_names places = {0};
    struct filling *f = NEW(c->arena, struct filling);
    f->c = c;
    f->map = map;
    TRY(value_all_places(c, &places));
    TRY(value_source_id(c, S(""), &f->own));
    f->n_columns = places.n ? places.v[places.n - 1].id + 1 : 0;
    f->columns = NEWN(c->arena, int32_t, (size_t)f->n_columns + 1);
    for (int64_t i = 0; i < f->n_columns; i++)
        f->columns[i] = -1;
    for (size_t i = 0; i < places.n; i++)
        f->columns[places.v[i].id] = cube_column(map, places.v[i].name);
    f->amounts = NEWN(c->arena, double, (size_t)map->n + 1);
    f->flags = NEWN(c->arena, uint8_t, (size_t)map->n + 1);
    for (int32_t i = 0; i < map->n; i++)
        f->amounts[i] = NAN;
    struct choice choice = {0};
    struct rows rows = db_query(c, SQL_cube_choices, ARG(series), ARG(at));
    while (db_next(&rows, &choice_record, &choice))
        *PUSH(c->arena, &f->choices) = choice;
    TRY(db_done(&rows));
    f->owner = arena_defer(c->arena, drop_rows);
    f->owner->arg = f;
    *ret = f;
    return OK;
}

static void end_series(void *arg)
{
    struct cube_series *s = arg;
    for (size_t i = 0; i < s->n; i++)
        shared_drop(s->rows[i]);
    shared_drop(s->map);
}

/* The rows are the series' from here on. */
static enum err make_series(struct filling *f, struct cube_map *map, struct cube_series **ret)
{
    struct cube_series *s = shared_new(sizeof *s + f->rows.n * sizeof *s->rows, end_series);
    if (!s)
        return FAIL(f->c, E_LIMIT, "Không đủ bộ nhớ cho số liệu (not enough memory for figures)");
    s->map = shared_hold(map);
    s->n = f->rows.n;
    s->size = sizeof *s + s->n * sizeof *s->rows;
    for (size_t i = 0; i < s->n; i++) {
        s->rows[i] = f->rows.v[i];
        s->size += s->rows[i]->size;
    }
    f->owner->arg = NULL;
    *ret = s;
    return OK;
}

enum err cube_fill(struct ctx *c, int64_t series, struct cube_map *map, int64_t at, struct cube_series **ret)
{
    struct filling *f;
    TRY(begin(c, series, map, at, &f));
    TRY(read_rows(f, at == POS_NOW ? db_query(c, SQL_cube_values, ARG(series))
                                   : db_query(c, SQL_cube_values_at, ARG(series), ARG(at))));
    return make_series(f, map, ret);
}

static int by_period(const void *a, const void *b)
{
    const struct cube_row *x = *(struct cube_row *const *)a, *y = *(struct cube_row *const *)b;
    return (x->period > y->period) - (x->period < y->period);
}

enum err cube_refill(struct ctx *c, int64_t series, const struct cube_series *old, const int32_t *periods, size_t n,
                     struct cube_series **ret)
{
    struct filling *f;
    TRY(begin(c, series, old->map, POS_NOW, &f));
    for (size_t i = 0; i < n; i++) {
        f->choice = 0;
        TRY(read_rows(f, db_query(c, SQL_cube_slice, ARG(series), ARG((int64_t)periods[i]))));
    }
    for (size_t i = 0; i < old->n; i++) {
        bool read = false;
        for (size_t k = 0; k < n && !read; k++)
            read = old->rows[i]->period == periods[k];
        if (read)
            continue;
        struct cube_row **place = PUSH(c->arena, &f->rows);
        *place = shared_hold(old->rows[i]);
    }
    qsort(f->rows.v, f->rows.n, sizeof *f->rows.v, by_period);
    return make_series(f, old->map, ret);
}
