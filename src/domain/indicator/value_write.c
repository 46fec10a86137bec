/* Writing a batch: sorted by key, put in where nothing is, looked at only where something was. */
#include "domain/indicator/value.sql.h"
#include "domain/indicator/value_store.h"

#include <inttypes.h>
#include <sodium.h>
#include <string.h>

#include "base/banned.h"

enum { CHUNK = 2048, LOOK_AT_EACH = 8 };

struct writing {
    struct ctx *c;
    const struct value_batch *b;
    struct value_ids ids;
    int64_t position;
    uint32_t *order; /* rows by key */
    bool *touched;   /* by row in that order: it was added */
    struct {
        struct value_new *v;
        size_t n, cap;
    } changed;
    struct {
        struct value_new *v;
        size_t n, cap;
    } told; /* added or changed, while they are few */
    struct value_outcome outcome;
};

/* --- the order ---------------------------------------------------------------------------------------------------- */

/* The key of a row as one number: series, period, place, source, each in as many bits as it needs here. */
struct packing {
    unsigned place, period, series; /* where each begins */
    int64_t first_period;
};

struct pair {
    uint64_t key;
    uint32_t row;
};

static unsigned bits_for(int64_t v)
{
    return v > 0 ? 64 - (unsigned)__builtin_clzll((uint64_t)v) : 1;
}

static int64_t most(const int64_t *v, size_t n)
{
    int64_t max = 0;
    for (size_t i = 0; i < n; i++)
        max = v[i] > max ? v[i] : max;
    return max;
}

static enum err pack(struct writing *w, struct packing *ret)
{
    const struct value_batch *b = w->b;
    int32_t first = INT32_MAX, last = 0;
    for (size_t i = 0; i < b->rows.n; i++) {
        first = b->rows.v[i].period < first ? b->rows.v[i].period : first;
        last = b->rows.v[i].period > last ? b->rows.v[i].period : last;
    }
    struct packing p = {.first_period = first};
    p.place = bits_for(most(w->ids.sources, b->sources.n));
    p.period = p.place + bits_for(most(w->ids.places, b->places.n));
    p.series = p.period + bits_for(last - first);
    if (p.series + bits_for(most(w->ids.series, b->series.n)) > 64)
        return FAIL(w->c, E_LIMIT, "quá nhiều tên khác nhau trong một lần nạp (too many names in one load)");
    *ret = p;
    return OK;
}

/* By eleven bits at a time, the lowest first; a digit that all have in common costs one look. */
static struct pair *sort_pairs(struct pair *from, struct pair *to, size_t n)
{
    for (unsigned shift = 0; shift < 64; shift += 11) {
        uint32_t count[2048] = {0}, at = 0;
        for (size_t i = 0; i < n; i++)
            count[from[i].key >> shift & 2047]++;
        if (n == 0 || count[from[0].key >> shift & 2047] == n)
            continue;
        for (size_t k = 0; k < 2048; k++) {
            uint32_t here = count[k];
            count[k] = at;
            at += here;
        }
        for (size_t i = 0; i < n; i++)
            to[count[from[i].key >> shift & 2047]++] = from[i];
        struct pair *other = from;
        from = to;
        to = other;
    }
    return from;
}

static struct str name_of_row(const struct writing *w, const struct value_row *r)
{
    const struct value_batch *b = w->b;
    const struct value_series *s = &b->series.v[r->series];
    return value_figure_text(w->c, s->indicator, s->category, b->places.v[r->place], r->period);
}

static enum err sort(struct writing *w)
{
    const struct value_batch *b = w->b;
    size_t n = b->rows.n;
    struct packing p = {0};
    TRY(pack(w, &p));
    struct pair *pairs = NEWN(w->c->arena, struct pair, 2 * n + 1);
    bool sorted = true;
    for (size_t i = 0; i < n; i++) {
        const struct value_row *r = &b->rows.v[i];
        pairs[i].key = (uint64_t)w->ids.series[r->series] << p.series |
                       (uint64_t)(r->period - p.first_period) << p.period |
                       (uint64_t)w->ids.places[r->place] << p.place | (uint64_t)w->ids.sources[r->source];
        pairs[i].row = (uint32_t)i;
        sorted &= i == 0 || pairs[i - 1].key < pairs[i].key;
    }
    const struct pair *order = sorted ? pairs : sort_pairs(pairs, pairs + n, n);
    w->order = NEWN(w->c->arena, uint32_t, n + 1);
    for (size_t i = 0; i < n; i++) {
        if (i && order[i].key == order[i - 1].key)
            return FAIL(w->c, E_INVALID, "%.*s: hai dòng cho cùng một số liệu (two rows of one figure)",
                        ARGS(name_of_row(w, &b->rows.v[order[i].row])));
        w->order[i] = order[i].row;
    }
    return OK;
}

/* --- rows --------------------------------------------------------------------------------------------------------- */

static struct value_new new_of(const struct writing *w, size_t i)
{
    const struct value_row *r = &w->b->rows.v[w->order[i]];
    int64_t state = r->state & (VALUE_PROVISIONAL | VALUE_SAMPLE);
    return (struct value_new){
        .series = w->ids.series[r->series],
        .period = r->period,
        .place = w->ids.places[r->place],
        .source = w->ids.sources[r->source],
        .row = r,
        .amount = r->amount + 0.0, /* no minus zero */
        .state = state | (w->b->sample ? VALUE_SAMPLE : 0) | (r->note ? VALUE_NOTED : 0),
    };
}

static void put_args(struct db_arg *args, const struct value_new *v, int64_t position)
{
    args[0] = db_arg_i64(v->series);
    args[1] = db_arg_i64(v->period);
    args[2] = db_arg_i64(v->place);
    args[3] = db_arg_i64(v->source);
    args[4] = db_arg_f64(v->amount);
    args[5] = db_arg_i64(v->state);
    args[6] = db_arg_i64(position);
}

static enum err check_rows(struct writing *w)
{
    const struct value_batch *b = w->b;
    struct period period;
    int32_t known = 0;
    for (size_t i = 0; i < b->rows.n; i++) {
        const struct value_row *r = &b->rows.v[i];
        bool names =
            r->series < b->series.n && r->place < b->places.n && r->source < b->sources.n && r->note <= b->notes.n;
        if (!names)
            return FAIL(w->c, E_INTERNAL, "dòng %zu của lần nạp không có tên (a row without names)", i);
        if (r->period != known && !period_of_code(r->period, &period))
            return FAIL(w->c, E_INVALID, "%.*s: kỳ không có trong lịch (no such period)", ARGS(name_of_row(w, r)));
        known = r->period;
        if (!isfinite(r->amount))
            return FAIL(w->c, E_INVALID, "%.*s: không phải là số (not a number)", ARGS(name_of_row(w, r)));
    }
    return OK;
}

/* Put in what is not there. */
static enum err add_rows(struct writing *w)
{
    size_t n = w->b->rows.n, room = n < CHUNK ? n : CHUNK;
    if (db_engine(w->c->db) == DB_POSTGRES)
        room = n < 4 * CHUNK ? n : 4 * CHUNK; /* what travels together */
    struct db_arg *args = NEWN(w->c->arena, struct db_arg, room * 7 + 1);
    w->touched = NEWN(w->c->arena, bool, n + 1);
    for (size_t from = 0; from < n; from += room) {
        size_t rows = n - from < room ? n - from : room;
        for (size_t i = 0; i < rows; i++) {
            struct value_new v = new_of(w, from + i);
            put_args(args + 7 * i, &v, w->position);
        }
        TRY(db_exec_many(w->c, &SQL_value_add, args, rows, 7, w->touched + from));
    }
    return OK;
}

/* --- rows that are there already ---------------------------------------------------------------------------------- */

struct there {
    int64_t place, source, state, from_pos;
    double amount;
};
RECORD(there_record, struct there, "value", "A figure that is there",
       {"place", FIELD_I64, offsetof(struct there, place)}, {"source", FIELD_I64, offsetof(struct there, source)},
       {"amount", FIELD_F64, offsetof(struct there, amount)}, {"state", FIELD_I64, offsetof(struct there, state)},
       {"from_pos", FIELD_I64, offsetof(struct there, from_pos)});

RECORD(value_note_record, struct value_note, "value_note", "What is told beside a figure",
       {"method", FIELD_TEXT, offsetof(struct value_note, method)},
       {"evidence", FIELD_TEXT, offsetof(struct value_note, evidence)},
       {"reason", FIELD_TEXT, offsetof(struct value_note, reason)},
       {"report", FIELD_TEXT, offsetof(struct value_note, report)});

static const struct value_note *note_of(const struct writing *w, const struct value_row *r)
{
    return r->note ? &w->b->notes.v[r->note - 1] : NULL;
}

static bool says_more(struct str new, struct str old)
{
    return new.n && !str_eq(new, old);
}

/* Does the row say beside its amount what was not said? A reason alone corrects nothing. */
static enum err tells_more(struct writing *w, const struct value_new *v, bool *ret)
{
    const struct value_note *note = note_of(w, v->row);
    struct value_note old = {0};
    *ret = false;
    if (!note || !(note->method.n || note->evidence.n || note->report.n))
        return OK;
    if (v->was_state & VALUE_NOTED)
        TRY(db_one(w->c, SQL_value_note_of, &value_note_record, &old, ARG(v->series), ARG(v->period), ARG(v->place),
                   ARG(v->source), ARG(v->was_pos)));
    *ret = says_more(note->method, old.method) || says_more(note->evidence, old.evidence) ||
           says_more(note->report, old.report);
    return OK;
}

static enum err refuse(struct writing *w, enum err code, const struct value_new *v, const char *why)
{
    enum err e = FAIL(w->c, code, "%.*s: %s", ARGS(name_of_row(w, v->row)), why);
    if (code == E_INVALID)
        w->c->error.field = S("reason");
    return e;
}

static enum err compare(struct writing *w, size_t i, const struct there *there)
{
    if (there->from_pos == w->position) { /* it is ours */
        w->touched[i] = true;
        return OK;
    }
    struct value_new v = new_of(w, i);
    const struct value_note *note = note_of(w, v.row);
    v.had = true;
    v.was_amount = there->amount;
    v.was_state = there->state;
    v.was_pos = there->from_pos;
    bool more, differs = v.amount != v.was_amount || ((v.state ^ v.was_state) & (VALUE_PROVISIONAL | VALUE_SAMPLE));
    if (!differs) {
        TRY(tells_more(w, &v, &more));
        if (!more) {
            w->outcome.same++;
            return OK;
        }
    }
    if (w->b->seen != I64_NONE && v.was_pos > w->b->seen)
        return refuse(w, E_CONFLICT, &v, "số liệu đã được người khác thay đổi (somebody else changed it)");
    if (differs && !(v.was_state & (VALUE_PROVISIONAL | VALUE_SAMPLE)) && !(note && str_trim(note->reason).n))
        return refuse(w, E_INVALID, &v,
                      "sửa số liệu chính thức thì phải nêu lý do (a correction of an official figure needs a reason)");
    *PUSH(w->c->arena, &w->changed) = v;
    return OK;
}

static enum err missing(struct writing *w, size_t i)
{
    return FAIL(w->c, E_INTERNAL, "%.*s: số liệu không ghi được (a figure was not written)",
                ARGS(name_of_row(w, &w->b->rows.v[w->order[i]])));
}

static enum err look_at_each(struct writing *w, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        if (w->touched[i])
            continue;
        struct value_new v = new_of(w, i);
        struct there there = {0};
        TRY(db_one(w->c, SQL_value_at, &there_record, &there, ARG(v.series), ARG(v.period), ARG(v.place),
                   ARG(v.source)));
        TRY(compare(w, i, &there));
    }
    return OK;
}

/* Both are in the order of place and source. */
static enum err look_at_slice(struct writing *w, size_t from, size_t to)
{
    struct value_new v = new_of(w, from);
    struct rows rows = db_query(w->c, SQL_value_slice, ARG(v.series), ARG(v.period));
    struct there there = {0};
    size_t i = from;
    enum err e = OK;
    while (!e && i < to && db_next(&rows, &there_record, &there)) {
        v = new_of(w, i);
        if (there.place != v.place || there.source != v.source)
            continue;
        if (!w->touched[i])
            e = compare(w, i, &there);
        for (i++; !e && i < to && w->touched[i]; i++)
            ;
    }
    enum err done = db_done(&rows);
    return e ? e : done ? done : i < to ? missing(w, i) : OK;
}

/* Slice by slice: one row after the other where few are asked, else all of the slice. */
static enum err look(struct writing *w)
{
    size_t n = w->b->rows.n;
    for (size_t from = 0, to; from < n; from = to) {
        struct value_new v = new_of(w, from);
        size_t open = 0, first = SIZE_MAX;
        for (to = from; to < n; to++) {
            const struct value_row *r = &w->b->rows.v[w->order[to]];
            if (w->ids.series[r->series] != v.series || r->period != v.period)
                break;
            open += !w->touched[to];
            if (!w->touched[to] && first == SIZE_MAX)
                first = to;
        }
        if (open)
            TRY(open <= LOOK_AT_EACH ? look_at_each(w, first, to) : look_at_slice(w, first, to));
    }
    return OK;
}

static enum err change_rows(struct writing *w)
{
    struct db_arg was[8 * 64], now[7 * 64];
    for (size_t from = 0; from < w->changed.n; from += 64) {
        size_t n = w->changed.n - from < 64 ? w->changed.n - from : 64;
        for (size_t i = 0; i < n; i++) {
            const struct value_new *v = &w->changed.v[from + i];
            struct value_new old = *v;
            old.amount = v->was_amount;
            old.state = v->was_state;
            put_args(was + 8 * i, &old, v->was_pos);
            was[8 * i + 7] = db_arg_i64(w->position);
            put_args(now + 7 * i, v, w->position);
        }
        TRY(db_exec_many(w->c, &SQL_value_was_add, was, n, 8, NULL));
        TRY(db_exec_many(w->c, &SQL_value_put, now, n, 7, NULL));
    }
    return OK;
}

/* --- what stands beside ------------------------------------------------------------------------------------------- */

/* Call `each` for what was added or changed, in the order of the keys. */
static enum err each_row(struct writing *w, enum err (*each)(struct writing *w, const struct value_new *v, void *arg),
                         void *arg)
{
    size_t k = 0;
    for (size_t i = 0; i < w->b->rows.n; i++) {
        const struct value_row *r = &w->b->rows.v[w->order[i]];
        if (k < w->changed.n && w->changed.v[k].row == r) {
            TRY(each(w, &w->changed.v[k++], arg));
        } else if (w->touched[i]) {
            struct value_new v = new_of(w, i);
            TRY(each(w, &v, arg));
        }
    }
    return OK;
}

struct notes {
    struct db_arg args[9 * 64];
    size_t n;
};

static enum err put_notes(struct writing *w, struct notes *notes)
{
    size_t n = notes->n;
    notes->n = 0;
    return n ? db_exec_many(w->c, &SQL_value_note_add, notes->args, n, 9, NULL) : OK;
}

static struct db_arg text_arg(struct str s)
{
    return db_arg_text(s.n ? s : (struct str){NULL, 0});
}

static enum err put_note(struct writing *w, const struct value_new *v, void *arg)
{
    struct notes *notes = arg;
    const struct value_note *note = note_of(w, v->row);
    if (!note)
        return OK;
    const struct db_arg row[9] = {db_arg_i64(v->series),    db_arg_i64(v->period),   db_arg_i64(v->place),
                                  db_arg_i64(v->source),    db_arg_i64(w->position), text_arg(note->method),
                                  text_arg(note->evidence), text_arg(note->reason),  text_arg(note->report)};
    memcpy(notes->args + 9 * notes->n++, row, sizeof row);
    return notes->n == 64 ? put_notes(w, notes) : OK;
}

struct touches {
    struct db_arg args[3 * 64];
    size_t n;
    int64_t series, period;
};

static enum err put_touches(struct writing *w, struct touches *t)
{
    size_t n = t->n;
    t->n = 0;
    return n ? db_exec_many(w->c, &SQL_value_touch_add, t->args, n, 3, NULL) : OK;
}

static enum err put_touch(struct writing *w, const struct value_new *v, void *arg)
{
    struct touches *t = arg;
    if (v->series == t->series && v->period == t->period)
        return OK;
    t->series = v->series;
    t->period = v->period;
    const struct db_arg row[3] = {db_arg_i64(w->position), db_arg_i64(v->series), db_arg_i64(v->period)};
    memcpy(t->args + 3 * t->n++, row, sizeof row);
    return t->n == 64 ? put_touches(w, t) : OK;
}

/* --- what was written, in one number ------------------------------------------------------------------------------ */

/* The hash of a batch is over the numbers of each row that it brought, in the order of the keys, each as 8 bytes with
 * the lowest first: series, period, place, source, the amount as a double, state. It can be worked out again from the
 * store (rows with from_pos at the event), so that what a large load brought is held by the ledger as well. */
struct hashing {
    crypto_generichash_state state;
    unsigned char buffer[48 * 256];
    size_t n;
};

static enum err hash_row(struct writing *w, const struct value_new *v, void *arg)
{
    struct hashing *h = arg;
    uint64_t amount;
    memcpy(&amount, &v->amount, sizeof amount);
    const uint64_t words[6] = {htole64((uint64_t)v->series),
                               htole64((uint64_t)v->period),
                               htole64((uint64_t)v->place),
                               htole64((uint64_t)v->source),
                               htole64(amount),
                               htole64((uint64_t)v->state)};
    (void)w;
    memcpy(h->buffer + h->n, words, sizeof words);
    h->n += sizeof words;
    if (h->n == sizeof h->buffer) {
        crypto_generichash_update(&h->state, h->buffer, h->n);
        h->n = 0;
    }
    return OK;
}

static enum err tell_row(struct writing *w, const struct value_new *v, void *arg)
{
    (void)arg;
    *PUSH(w->c->arena, &w->told) = *v;
    return OK;
}

static enum err record(struct writing *w)
{
    struct notes notes = {.n = 0};
    struct touches touches = {.series = -1};
    struct hashing hashing = {.n = 0};
    struct value_story story = {.batch = w->b, .ids = &w->ids, .outcome = &w->outcome};
    if (w->b->notes.n) {
        TRY(each_row(w, put_note, &notes));
        TRY(put_notes(w, &notes));
    }
    TRY(each_row(w, put_touch, &touches));
    TRY(put_touches(w, &touches));
    crypto_generichash_init(&hashing.state, NULL, 0, sizeof story.hash);
    TRY(each_row(w, hash_row, &hashing));
    crypto_generichash_update(&hashing.state, hashing.buffer, hashing.n);
    crypto_generichash_final(&hashing.state, story.hash, sizeof story.hash);
    if (w->outcome.added + w->outcome.changed <= VALUE_TOLD) {
        TRY(each_row(w, tell_row, NULL));
        story.rows = w->told.v;
        story.n_rows = w->told.n;
    }
    return value_event(w->c, &story, w->position);
}

enum err value_write(struct ctx *c, struct value_batch *b, struct value_outcome *ret)
{
    struct db_head *head = db_head(c->db);
    if (!head)
        return FAIL(c, E_INTERNAL, "ghi số liệu ngoài một lệnh ghi (value_write outside a command)");
    struct writing w = {.c = c, .b = b, .position = head->position + 1};
    TRY(check_rows(&w));
    TRY(value_ids(c, b, &w.ids));
    TRY(sort(&w));
    TRY(add_rows(&w));
    TRY(look(&w));
    TRY(change_rows(&w));
    for (size_t i = 0; i < b->rows.n; i++)
        w.outcome.added += w.touched[i];
    w.outcome.changed = (int64_t)w.changed.n;
    if (w.outcome.added || w.outcome.changed) {
        TRY(record(&w));
        w.outcome.position = w.position;
    }
    *ret = w.outcome;
    return OK;
}
