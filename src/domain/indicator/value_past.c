/* Figures of a batch against what the store has of the same series and place. */
#include "domain/indicator/value_check.sql.h"
#include "domain/indicator/value_checking.h"

#include <math.h>
#include <stdlib.h>

#include "base/banned.h"

enum {
    POINTS_MAX = 1 << 20,  /* of the store, in all: what a batch of a million rows can be compared with */
    FEW_PLACES = 8,        /* up to so many are asked for one by one */
    PLACES_MAX = 16 << 20, /* numbers of places */
    PAST_MOST = 24,        /* changes that an outlier is judged by … */
    PAST_LEAST = 7,        /* … and the fewest */
};
#define OUTLIER    6.0    /* deviations */
#define MAD_SIGMA  1.4826 /* of a normal spread, in its median deviations */
#define JUMP_FLOOR 1e-9

struct told {
    int64_t period, place, source, state, id;
    struct str code;
    double amount;
};
#define TOLD(member, type)                                                                                             \
    {                                                                                                                  \
#member, type, offsetof(struct told, member)                                                                   \
    }
RECORD(check_told_record, struct told, "told", "", TOLD(period, FIELD_I64), TOLD(place, FIELD_I64),
       TOLD(source, FIELD_I64), TOLD(state, FIELD_I64), TOLD(id, FIELD_I64), TOLD(code, FIELD_TEXT),
       TOLD(amount, FIELD_F64));

/* The store's numbers of the batch's places and sources. */
struct check_ids {
    int64_t *place;  /* of each place of the batch, or I64_NONE */
    uint32_t *batch; /* of each number of the store, the batch's plus 1 */
    size_t n_batch;
    int64_t *source;
};

/* A number of the store; I64_NONE for a name that it does not have, which is no failure. */
static enum err or_none(struct ctx *c, struct error before, enum err e)
{
    if (e == E_NOTFOUND)
        c->error = before;
    return e == E_NOTFOUND ? OK : e;
}

static void place_is(struct check *k, struct check_ids *ids, size_t place, int64_t id)
{
    if (id < 0 || id >= PLACES_MAX) /* I64_NONE too */
        return;
    if ((size_t)id >= ids->n_batch) {
        size_t n = 2 * (size_t)id + 1024;
        uint32_t *more = NEWN(k->c->arena, uint32_t, n);
        if (ids->n_batch)
            memcpy(more, ids->batch, ids->n_batch * sizeof *more);
        ids->batch = more;
        ids->n_batch = n;
    }
    ids->batch[id] = (uint32_t)place + 1;
    ids->place[place] = id;
}

static enum err read_places(struct check *k, struct check_ids *ids)
{
    struct ctx *c = k->c;
    struct names names = {0};
    struct told row;
    for (size_t i = 0; i < k->b->places.n; i++)
        ids->place[i] = I64_NONE;
    if (k->b->places.n <= 4 * FEW_PLACES) {
        for (size_t i = 0; i < k->b->places.n; i++) {
            int64_t id = I64_NONE;
            TRY(or_none(c, c->error, db_number(c, SQL_check_place, &id, ARG(k->b->places.v[i]))));
            place_is(k, ids, i, id);
        }
        return OK;
    }
    for (size_t i = 0; i < k->b->places.n; i++)
        names_number(c->arena, &names, k->b->places.v[i], NULL);
    struct rows rows = db_query(c, SQL_check_places);
    while (db_next(&rows, &check_told_record, &row)) {
        uint32_t place = names_find(&names, row.code);
        if (place != NAMES_NONE)
            place_is(k, ids, place, row.id);
    }
    return db_done(&rows);
}

static enum err read_ids(struct check *k)
{
    struct ctx *c = k->c;
    struct check_ids *ids = NEW(c->arena, struct check_ids);
    ids->place = NEWN(c->arena, int64_t, k->b->places.n + 1);
    ids->source = NEWN(c->arena, int64_t, k->b->sources.n + 1);
    for (size_t i = 0; i < k->b->sources.n; i++) {
        ids->source[i] = I64_NONE;
        TRY(or_none(c, c->error, db_number(c, SQL_check_source, &ids->source[i], ARG(k->b->sources.v[i]))));
    }
    k->ids = ids;
    return read_places(k, ids);
}

static size_t source_of(const struct check *k, int64_t id)
{
    size_t i = 0;
    while (i < k->b->sources.n && k->ids->source[i] != id)
        i++;
    return i;
}

/* The sound row of just this figure, or NULL. */
static const struct value_row *same_figure(const struct check *k, size_t series, const struct told *t, uint32_t place)
{
    uint64_t key;
    size_t source = source_of(k, t->source), at;
    if (source == k->b->sources.n || !check_key_of(k, series, place, (int32_t)t->period, (uint32_t)source, &key))
        return NULL;
    for (at = check_find(k, series, place, (int32_t)t->period); at < k->n_keys && k->keys[at].key < key; at++)
        ;
    return at < k->n_keys && k->keys[at].key == key ? check_row(k, at) : NULL;
}

/* The store has this figure, as something else or as the same. A correction of what is official, by the same source,
 * needs a reason. */
static void look_at_change(struct check *k, const struct value_row *r, const struct told *t)
{
    const uint32_t told = VALUE_PROVISIONAL | VALUE_SAMPLE;
    uint32_t state = r->state | (k->b->sample ? VALUE_SAMPLE : 0);
    bool same = r->amount == t->amount && (state & told) == ((uint32_t)t->state & told);
    k->problems->same += same;
    k->problems->changed += !same;
    if (t->state & VALUE_PROVISIONAL || r->amount == t->amount || (r->note && k->b->notes.v[r->note - 1].reason.n))
        return;
    struct value_at where = check_at(k, r);
    CHECK_PROBLEM(k, RULE_REASON, &where, "số chính thức đang là %.*s; sửa thành %.*s thì phải có lý do",
                  "the official figure is %.*s; changing it to %.*s needs a reason", CHECK_NUMBER(t->amount),
                  CHECK_NUMBER(r->amount));
}

static void keep(struct check *k, size_t series, bool first, const struct told *t)
{
    uint32_t place = t->place >= 0 && (size_t)t->place < k->ids->n_batch ? k->ids->batch[t->place] : 0;
    if (!place--)
        return;
    if (k->past.n == POINTS_MAX) {
        k->past_full = true;
        return;
    }
    bool provisional = t->state & VALUE_PROVISIONAL;
    const struct value_row *r = first ? same_figure(k, series, t, place) : NULL;
    if (r)
        look_at_change(k, r, t);
    *PUSH(k->c->arena, &k->past) = (struct check_point){place, (int32_t)t->period, t->amount, provisional};
}

/* By place and period, what is official first. */
static int by_place(const void *a, const void *b)
{
    const struct check_point *x = a, *y = b;
    if (x->place != y->place)
        return x->place < y->place ? -1 : 1;
    if (x->period != y->period)
        return x->period < y->period ? -1 : 1;
    return x->provisional - y->provisional;
}

static int32_t window_of(const struct check_series *s)
{
    switch (s->months) {
    case 0:
        return 0;
    case 1:
        return PAST_MOST;
    case 3:
        return 12;
    default:
        return 10;
    }
}

static enum err take_rows(struct check *k, size_t series, bool first, struct rows *rows)
{
    struct told row;
    while (!k->past_full && db_next(rows, &check_told_record, &row))
        keep(k, series, first, &row);
    return db_done(rows);
}

/* How many places the series has in the batch, as far as FEW_PLACES + 1; the first of them. */
static size_t few_places(const struct check *k, const struct check_series *s, uint32_t few[FEW_PLACES])
{
    size_t n = 0;
    for (size_t i = s->rows_from; i < s->rows_to; i++) {
        uint32_t place = check_row(k, i)->place;
        if (n && few[n - 1] == place)
            continue;
        if (n == FEW_PLACES)
            return FEW_PLACES + 1;
        few[n++] = place;
    }
    return n;
}

enum err check_read_past(struct check *k, size_t series, bool own)
{
    enum { STEP = PERIOD_MONTHS + 1 };
    struct ctx *c = k->c;
    struct check_series *s = &k->series.v[series];
    s->past_from = s->past_to = k->past.n;
    TRY(or_none(c, c->error, db_number(c, SQL_check_series, &s->id, ARG(s->indicator), ARG(s->category))));
    if (s->id == I64_NONE || !k->n_periods)
        return OK;
    int32_t from = k->periods[0], to = k->periods[k->n_periods - 1];
    if (own) {
        from = INT32_MAX;
        to = 0;
        for (size_t i = s->rows_from; i < s->rows_to; i++) {
            int32_t period = check_row(k, i)->period;
            from = period < from ? period : from;
            to = period > to ? period : to;
        }
    }
    if (own)
        from -= window_of(s) * s->months * STEP;
    uint32_t few[FEW_PLACES];
    size_t n = own ? few_places(k, s, few) : FEW_PLACES + 1;
    s->narrow = n <= FEW_PLACES && s->months;
    if (s->narrow) {
        for (size_t i = 0; i < n; i++) {
            if (k->ids->place[few[i]] == I64_NONE)
                continue;
            struct rows rows = db_query(c, SQL_check_past_of, ARG(s->id), ARG(k->ids->place[few[i]]), ARG(from),
                                        ARG(to), ARG(s->months * STEP));
            TRY(take_rows(k, series, own, &rows));
        }
    } else {
        struct rows rows = db_query(c, SQL_check_past, ARG(s->id), ARG(from), ARG(to));
        TRY(take_rows(k, series, own, &rows));
    }
    s->past_to = k->past.n;
    if (s->past_to > s->past_from)
        qsort(k->past.v + s->past_from, s->past_to - s->past_from, sizeof *k->past.v, by_place);
    return OK;
}

double check_figure(const struct check *k, size_t series, uint32_t place, int32_t period)
{
    size_t at = check_find(k, series, place, period);
    if (at != SIZE_MAX)
        return check_row(k, at)->amount;
    size_t low = k->series.v[series].past_from, high = k->series.v[series].past_to;
    const struct check_point key = {.place = place, .period = period};
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (by_place(&k->past.v[middle], &key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == k->series.v[series].past_to)
        return NAN;
    const struct check_point *p = &k->past.v[low];
    return p->place == place && p->period == period ? p->amount : NAN;
}

enum err check_told(struct check *k, size_t series, int32_t period, struct names *ret)
{
    struct told row;
    if (!k->c->db || k->series.v[series].id == I64_NONE)
        return OK;
    struct rows rows = db_query(k->c, SQL_check_told, ARG(k->series.v[series].id), ARG(period));
    while (db_next(&rows, &check_told_record, &row))
        names_number(k->c->arena, ret, row.code, NULL);
    return db_done(&rows);
}

/* --- one series at one place, over time --- */

struct moment {
    int32_t period;
    double amount, change; /* from the figure before, in each period between them */
    uint32_t row;          /* of the batch, plus 1 */
};

struct line {
    struct moment *v;
    size_t n, cap;
};

static void add_moment(struct check *k, struct line *line, int32_t period, double amount, uint32_t row)
{
    const struct moment *before = line->n ? &line->v[line->n - 1] : NULL;
    double change = 0;
    if (before && before->period == period)
        return; /* of another source */
    if (before) {
        int32_t apart = (period_first(period) - period_first(before->period)) / period_length(period);
        change = (amount - before->amount) / (apart > 1 ? apart : 1);
    }
    *PUSH(k->c->arena, line) = (struct moment){period, amount, change, row};
}

/* Of a few numbers, which are put in order. */
static double median(double *v, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        double x = v[i];
        size_t j = i;
        for (; j && v[j - 1] > x; j--)
            v[j] = v[j - 1];
        v[j] = x;
    }
    return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

static void look_for_outlier(struct check *k, const struct indicator *i, const struct line *line, size_t at)
{
    double past[PAST_MOST], apart[PAST_MOST], now = line->v[at].change, low = INFINITY, high = -INFINITY;
    size_t n = at - 1 < PAST_MOST ? at - 1 : PAST_MOST;
    for (size_t j = 0; j < n; j++) {
        past[j] = line->v[at - 1 - j].change;
        low = past[j] < low ? past[j] : low;
        high = past[j] > high ? past[j] : high;
    }
    if (n < PAST_LEAST || (now >= low && now <= high))
        return;
    double middle = median(past, n), unit = i->places > 0 ? pow(10, -(double)i->places) : 1;
    for (size_t j = 0; j < n; j++)
        apart[j] = fabs(past[j] - middle);
    double spread = MAD_SIGMA * median(apart, n);
    spread = fmax(spread, fmax(unit, 0.01 * fabs(line->v[at - 1].amount)));
    if (fabs(now - middle) <= OUTLIER * spread)
        return;
    const struct value_row *r = &k->b->rows.v[line->v[at].row - 1];
    struct value_at where = check_at(k, r);
    CHECK_PROBLEM(k, RULE_OUTLIER, &where, "thay đổi %.*s một kỳ, trong khi %zu kỳ trước chỉ thay đổi từ %.*s đến %.*s",
                  "changes by %.*s a period, where the %zu before changed by %.*s to %.*s", CHECK_NUMBER(now), n,
                  CHECK_NUMBER(low), CHECK_NUMBER(high));
}

static bool jumps(struct check *k, const struct indicator *i, const struct line *line, size_t at)
{
    enum { YEAR = 12 };
    const struct moment *m = &line->v[at], *before = m - 1;
    int32_t apart = period_first(m->period) - period_first(before->period);
    double by = fabs(m->amount - before->amount), base = fabs(before->amount);
    if (isnan(i->jump) || apart > (period_length(m->period) > YEAR ? period_length(m->period) : YEAR) ||
        base < JUMP_FLOOR || by <= i->jump * base)
        return false;
    const struct value_row *r = &k->b->rows.v[m->row - 1];
    struct value_at where = check_at(k, r);
    struct str was = value_period_text(k->c, before->period);
    CHECK_PROBLEM(k, RULE_JUMP, &where, "%.*s, khác %.0f%% so với %.*s của kỳ %.*s",
                  "%.*s, off by %.0f%% from %.*s in %.*s", CHECK_NUMBER(m->amount), 100 * by / base,
                  CHECK_NUMBER(before->amount), ARGS(was));
    return true;
}

static void look_at_line(struct check *k, const struct check_series *s, const struct line *line)
{
    for (size_t at = 1; at < line->n; at++)
        if (line->v[at].row && period_length(line->v[at].period) == period_length(line->v[at - 1].period) &&
            !jumps(k, s->i, line, at))
            look_for_outlier(k, s->i, line, at);
}

/* The batch's figures and the store's of each place, as one line in time; the batch's go before the store's. */
static void look_at_past(struct check *k, const struct check_series *s)
{
    struct line line = {0};
    size_t past = s->past_from;
    for (size_t at = s->rows_from; at < s->rows_to;) {
        uint32_t place = check_row(k, at)->place;
        line.n = 0;
        while (past < s->past_to && k->past.v[past].place < place)
            past++;
        for (;;) {
            bool mine = at < s->rows_to && check_row(k, at)->place == place,
                 theirs = past < s->past_to && k->past.v[past].place == place;
            if (mine && (!theirs || check_row(k, at)->period <= k->past.v[past].period)) {
                const struct value_row *r = check_row(k, at);
                add_moment(k, &line, r->period, r->amount, k->keys[at].row + 1);
                at++;
            } else if (theirs) {
                add_moment(k, &line, k->past.v[past].period, k->past.v[past].amount, 0);
                past++;
            } else {
                break;
            }
        }
        look_at_line(k, s, &line);
    }
}

enum err check_past(struct check *k)
{
    if (k->c->db)
        TRY(read_ids(k));
    for (size_t s = 0; s < k->b->series.n; s++) {
        if (k->series.v[s].rows_from == k->series.v[s].rows_to)
            continue;
        if (k->c->db && !k->past_full)
            TRY(check_read_past(k, s, true));
        look_at_past(k, &k->series.v[s]);
    }
    if (k->past_full || !k->c->db)
        k->problems->changed = k->problems->same = I64_NONE;
    if (k->past_full)
        VALUE_PROBLEM(k->c, k->problems, RULE_UNSEEN, (&(struct value_at){.line = I64_NONE}),
                      "quá nhiều số liệu đã có: chỉ so sánh với %d số", "compared with %d figures of the store alone",
                      POINTS_MAX);
    return OK;
}
