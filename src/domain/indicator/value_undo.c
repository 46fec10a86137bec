/* Taking a batch back, and deciding between sources. */
#include "domain/indicator/value.sql.h"
#include "domain/indicator/value_store.h"

#include "base/emit.h"
#include "ledger/ledger.h"

#include <inttypes.h>

#include "base/banned.h"

RECORD(value_batch_record, struct value_batch_row, "value_batch", "Một lần nạp số liệu (what one event brought)",
       {"position", FIELD_I64, offsetof(struct value_batch_row, position), .doc = "vị trí trong sổ cái"},
       {"kind", FIELD_TEXT, offsetof(struct value_batch_row, kind), .doc = "thao tác"},
       {"name", FIELD_TEXT, offsetof(struct value_batch_row, name), .doc = "tên tệp"},
       {"rows_new", FIELD_I64, offsetof(struct value_batch_row, rows_new), .doc = "số liệu mới"},
       {"rows_changed", FIELD_I64, offsetof(struct value_batch_row, rows_changed), .doc = "số liệu được sửa"},
       {"rows_same", FIELD_I64, offsetof(struct value_batch_row, rows_same), .doc = "số liệu như đã có"},
       {"undone", FIELD_I64, offsetof(struct value_batch_row, undone), .doc = "vị trí của lần thu hồi, nếu đã thu hồi"},
       {"at_us", FIELD_I64, offsetof(struct value_batch_row, at_us), .unit = "µs", .doc = "thời điểm"},
       {"actor", FIELD_TEXT, offsetof(struct value_batch_row, actor), .doc = "người ghi"},
       {"behalf", FIELD_TEXT, offsetof(struct value_batch_row, behalf), .doc = "ghi thay cho"},
       {"subject", FIELD_TEXT, offsetof(struct value_batch_row, subject), .doc = "về việc gì"});

enum err value_batch_find(struct ctx *c, int64_t position, struct value_batch_row *ret)
{
    struct value_batch_row row = {0};
    enum err e = db_one(c, SQL_value_batch_of, &value_batch_record, &row, ARG(position));
    if (e == E_NOTFOUND)
        return FAIL(c, e, "không có lần nạp số liệu ở vị trí %" PRId64 " (no such batch)", position);
    TRY(e);
    *ret = row;
    return OK;
}

enum err value_batches(struct ctx *c, int64_t before, int64_t limit, struct value_batches *ret)
{
    struct value_batches list = {0};
    struct value_batch_row row = {0};
    struct rows rows = db_query(c, SQL_value_batch_list, ARG(before == I64_NONE ? INT64_MAX : before), ARG(limit));
    while (db_next(&rows, &value_batch_record, &row))
        *PUSH(c->arena, &list) = row;
    TRY(db_done(&rows));
    *ret = list;
    return OK;
}

struct slice {
    int64_t series, period;
};
RECORD(slice_record, struct slice, "slice", "A series and a period",
       {"series", FIELD_I64, offsetof(struct slice, series)}, {"period", FIELD_I64, offsetof(struct slice, period)});
struct slices {
    struct slice *v;
    size_t n, cap;
};

struct series_name {
    int64_t id;
    struct str indicator, category;
};
RECORD(series_name_record, struct series_name, "series", "A series",
       {"id", FIELD_I64, offsetof(struct series_name, id)},
       {"indicator", FIELD_TEXT, offsetof(struct series_name, indicator)},
       {"category", FIELD_TEXT, offsetof(struct series_name, category)});

struct key {
    int64_t place, source;
};
RECORD(key_record, struct key, "key", "A place and a source", {"place", FIELD_I64, offsetof(struct key, place)},
       {"source", FIELD_I64, offsetof(struct key, source)});

enum err value_batch_indicators(struct ctx *c, int64_t position, struct strs *ret)
{
    struct {
        struct str *v;
        size_t n, cap;
    } list = {0};
    struct series_name name = {0};
    struct rows rows = db_query(c, SQL_value_batch_series, ARG(position));
    while (db_next(&rows, &series_name_record, &name))
        if (!list.n || !str_eq(list.v[list.n - 1], name.indicator))
            *PUSH(c->arena, &list) = name.indicator;
    TRY(db_done(&rows));
    *ret = (struct strs){list.v, list.n};
    return OK;
}

static enum err slices_of(struct ctx *c, int64_t position, struct slices *ret)
{
    struct slice s = {0};
    struct rows rows = db_query(c, SQL_value_touched, ARG(position));
    while (db_next(&rows, &slice_record, &s))
        *PUSH(c->arena, ret) = s;
    return db_done(&rows);
}

static struct str place_name(struct ctx *c, int64_t id)
{
    struct value_names places = {0};
    if (!value_all_places(c, &places))
        for (size_t i = 0; i < places.n; i++)
            if (places.v[i].id == id)
                return places.v[i].name;
    return S("?");
}

/* One of its figures was changed again since: which. */
static enum err check_later(struct ctx *c, const struct slice *s, int64_t batch)
{
    struct key key = {0};
    struct series_name name = {0};
    struct error before = c->error;
    enum err e = db_one(c, SQL_value_undo_later, &key_record, &key, ARG(s->series), ARG(s->period), ARG(batch));
    if (e == E_NOTFOUND) {
        c->error = before;
        return OK;
    }
    TRY(e);
    TRY(db_one(c, SQL_value_series_of, &series_name_record, &name, ARG(s->series)));
    struct str figure = value_figure_text(c, name.indicator, name.category, place_name(c, key.place), s->period);
    return FAIL(c, E_CONFLICT,
                "%.*s: số liệu đã được sửa sau lần nạp này, không thu hồi được (it was changed again since)",
                ARGS(figure));
}

static enum err count(struct ctx *c, const struct sql *sql, const struct db_arg *args, size_t n, int64_t *sum)
{
    int64_t changed;
    TRY(db_exec_args(c, sql, &changed, args, n));
    *sum += changed;
    return OK;
}

/* What was there before comes back; what was not is taken away. */
static enum err undo_slice(struct ctx *c, const struct slice *s, int64_t batch, int64_t position,
                           struct value_outcome *outcome)
{
    const struct db_arg args[4] = {ARG(s->series), ARG(s->period), ARG(batch), ARG(position)};
    int64_t kept = 0;
    TRY(check_later(c, s, batch));
    TRY(db_exec_args(c, &SQL_value_undo_note, NULL, args, 4));
    TRY(count(c, &SQL_value_undo_keep, args, 4, &kept));
    TRY(count(c, &SQL_value_undo_put, args, 4, &outcome->changed));
    TRY(count(c, &SQL_value_undo_drop, args, 3, &outcome->added));
    const struct db_arg touch[3] = {ARG(position), ARG(s->series), ARG(s->period)};
    return db_exec_many(c, &SQL_value_touch_add, touch, 1, 3, NULL);
}

static struct str undo_payload(struct ctx *c, const struct value_batch_row *batch, struct str reason,
                               const struct value_outcome *outcome)
{
    struct out o;
    struct emit e;
    out_init(&o, c->arena, 64 << 10);
    emit_init(&e, &o, EMIT_JSON);
    emit_map(&e);
    emit_key(&e, S("batch"));
    emit_i64(&e, batch->position);
    if (batch->name.n) {
        emit_key(&e, S("name"));
        emit_text(&e, batch->name);
    }
    emit_key(&e, S("reason"));
    emit_text(&e, reason);
    emit_key(&e, S("removed"));
    emit_i64(&e, outcome->added);
    emit_key(&e, S("restored"));
    emit_i64(&e, outcome->changed);
    emit_end(&e);
    return o.failed ? (struct str){0} : str_trim(out_str(&o));
}

static enum err check_undo(struct ctx *c, int64_t batch, struct str reason, struct value_batch_row *ret)
{
    if (!str_trim(reason).n) {
        enum err e = FAIL(c, E_INVALID, "thu hồi một lần nạp thì phải nêu lý do (a reason is needed)");
        c->error.field = S("reason");
        return e;
    }
    TRY(value_batch_find(c, batch, ret));
    if (ret->undone != I64_NONE)
        return FAIL(c, E_INVALID, "lần nạp này đã được thu hồi ở vị trí %" PRId64 " (it was undone before)",
                    ret->undone);
    if (str_eq(ret->kind, S("value.undo")))
        return FAIL(c, E_INVALID,
                    "một lần thu hồi thì không thu hồi lại được, hãy nạp lại (an undo is not undone: load it again)");
    return OK;
}

enum err value_undo(struct ctx *c, int64_t batch, struct str reason, struct value_outcome *ret)
{
    struct db_head *head = db_head(c->db);
    struct value_batch_row row = {0};
    struct slices slices = {0};
    struct value_outcome outcome = {0};
    struct strs indicators = {0};
    int64_t at;
    if (!head)
        return FAIL(c, E_INTERNAL, "thu hồi ngoài một lệnh ghi (value_undo outside a command)");
    TRY(check_undo(c, batch, reason, &row));
    int64_t position = head->position + 1;
    TRY(slices_of(c, batch, &slices));
    for (size_t i = 0; i < slices.n; i++)
        TRY(undo_slice(c, &slices.v[i], batch, position, &outcome));
    struct str payload = undo_payload(c, &row, reason, &outcome);
    if (!payload.p)
        return FAIL(c, E_LIMIT, "lý do quá dài (the reason is too long)");
    TRY(ledger_append(c, S("value.undo"), row.subject, payload, &at));
    TRY(value_batch_indicators(c, batch, &indicators));
    TRY(value_event_about(c, at, indicators, (struct strs){0}));
    TRY(db_exec(c, SQL_value_batch_undone, ARG(batch), ARG(at)));
    TRY(db_exec(c, SQL_value_batch_add, ARG(at), ARG(S("value.undo")), ARG(row.name), db_arg_bytes((struct str){0}),
                ARG(outcome.added), ARG(outcome.changed), ARG((int64_t)0)));
    outcome.position = at;
    *ret = outcome;
    return OK;
}

/* --- which source counts ------------------------------------------------------------------------------------------ */

struct decided {
    int64_t series, period, place, source, before;
};

static enum err find_key(struct ctx *c, const struct value_key *key, struct decided *ret)
{
    struct period period;
    struct key row = {0};
    if (!period_parse(key->period, &period) || !period_code(period))
        return FAIL(c, E_INVALID, "không có kỳ \"%.*s\" (no such period)", ARGS(key->period));
    ret->period = period_code(period);
    TRY(value_series_id(c, key->indicator, key->category.p ? key->category : S(""), &ret->series));
    TRY(value_place_id(c, key->place, &ret->place));
    TRY(value_source_id(c, key->source.p ? key->source : S(""), &ret->source));
    struct error before = c->error;
    struct rows rows =
        db_query(c, SQL_value_slice_keys, ARG(ret->series), ARG(ret->period), ARG(ret->place), ARG(ret->source));
    bool there = db_next(&rows, &key_record, &row);
    TRY(db_done(&rows));
    c->error = before;
    if (!there)
        return FAIL(c, E_NOTFOUND, "không có số liệu này của nguồn \"%.*s\" (no such figure of this source)",
                    ARGS(key->source));
    enum err e = db_number(c, SQL_value_choice_now, &ret->before, ARG(ret->series), ARG(ret->period), ARG(ret->place),
                           ARG(POS_OPEN));
    if (e == E_NOTFOUND) {
        c->error = before;
        ret->before = 0;
        return OK;
    }
    return e;
}

static struct str decide_payload(struct ctx *c, const struct value_key *key, struct str reason)
{
    const struct {
        struct str name, text;
    } all[] = {{S("indicator"), key->indicator}, {S("category"), key->category}, {S("place"), key->place},
               {S("period"), key->period},       {S("source"), key->source},     {S("reason"), reason}};
    struct out o;
    struct emit e;
    out_init(&o, c->arena, 64 << 10);
    emit_init(&e, &o, EMIT_JSON);
    emit_map(&e);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (!all[i].text.n && i != 4)
            continue;
        emit_key(&e, all[i].name);
        emit_text(&e, all[i].text.p ? all[i].text : S(""));
    }
    emit_end(&e);
    return o.failed ? (struct str){0} : str_trim(out_str(&o));
}

enum err value_decide(struct ctx *c, const struct value_key *key, struct str reason, int64_t *ret_position)
{
    struct decided d;
    int64_t at;
    if (!str_trim(reason).n) {
        enum err e = FAIL(c, E_INVALID, "quyết định chọn nguồn thì phải nêu lý do (a reason is needed)");
        c->error.field = S("reason");
        return e;
    }
    TRY(find_key(c, key, &d));
    if (d.before == d.source) {
        *ret_position = 0;
        return OK;
    }
    struct str payload = decide_payload(c, key, reason);
    if (!payload.p)
        return FAIL(c, E_LIMIT, "lý do quá dài (the reason is too long)");
    TRY(ledger_append(c, S("value.decide"), str_fmt(c->arena, "indicators/%.*s", ARGS(key->indicator)), payload, &at));
    TRY(value_event_about(c, at, (struct strs){0}, (struct strs){(struct str[]){key->place}, 1}));
    TRY(db_exec(c, SQL_value_choice_close, ARG(d.series), ARG(d.period), ARG(d.place), ARG(at), ARG(POS_OPEN)));
    TRY(db_exec(c, SQL_value_choice_add, ARG(d.series), ARG(d.period), ARG(d.place), ARG(d.source), ARG(reason),
                ARG(at), ARG(POS_OPEN)));
    const struct db_arg touch[3] = {ARG(at), ARG(d.series), ARG(d.period)};
    TRY(db_exec_many(c, &SQL_value_touch_add, touch, 1, 3, NULL));
    *ret_position = at;
    return OK;
}
