/* What the ledger says of figures: every row of a small batch, the sums and the hash of a large one. */
#include "domain/indicator/value.sql.h"
#include "domain/indicator/value_store.h"

#include "base/emit.h"
#include "ledger/ledger.h"

#include <string.h>

#include "base/banned.h"

struct str value_figure_text(struct ctx *c, struct str indicator, struct str category, struct str place, int64_t code)
{
    struct period period;
    char text[24];
    struct str when = period_of_code(code, &period) ? period_text(period, text) : (struct str){0};
    return str_fmt(c->arena, "%.*s%s%.*s, %.*s, %.*s", ARGS(indicator), category.n ? ":" : "", ARGS(category),
                   ARGS(place), ARGS(when));
}

static void put_text(struct emit *e, struct str key, struct str text)
{
    if (!text.n)
        return;
    emit_key(e, key);
    emit_text(e, text);
}

static void put_state(struct emit *e, double amount, int64_t state)
{
    emit_key(e, S("amount"));
    emit_f64(e, amount);
    emit_key(e, S("provisional"));
    emit_bool(e, state & VALUE_PROVISIONAL);
    if (state & VALUE_SAMPLE) {
        emit_key(e, S("sample"));
        emit_bool(e, true);
    }
}

static void put_row(struct emit *e, const struct value_batch *b, const struct value_new *v)
{
    const struct value_row *r = v->row;
    const struct value_note none = {{0}}, *note = r->note ? &b->notes.v[r->note - 1] : &none;
    struct period period;
    char text[24];
    emit_map(e);
    put_text(e, S("indicator"), b->series.v[r->series].indicator);
    put_text(e, S("category"), b->series.v[r->series].category);
    put_text(e, S("place"), b->places.v[r->place]);
    emit_key(e, S("period"));
    emit_text(e, period_of_code(r->period, &period) ? period_text(period, text) : (struct str){0});
    put_text(e, S("source"), b->sources.v[r->source]);
    put_state(e, v->amount, v->state);
    put_text(e, S("method"), note->method);
    put_text(e, S("evidence"), note->evidence);
    put_text(e, S("reason"), note->reason);
    put_text(e, S("report"), note->report);
    if (v->had) {
        emit_key(e, S("before"));
        emit_map(e);
        put_state(e, v->was_amount, v->was_state);
        emit_end(e);
    }
    emit_end(e);
}

static struct str payload_of(struct ctx *c, const struct value_story *story)
{
    const struct value_batch *b = story->batch;
    struct out o;
    struct emit e;
    out_init(&o, c->arena, 6 << 20);
    emit_init(&e, &o, EMIT_JSON);
    emit_map(&e);
    put_text(&e, S("name"), b->name);
    if (b->file.n) {
        emit_key(&e, S("file"));
        emit_bytes(&e, b->file);
    }
    emit_key(&e, S("added"));
    emit_i64(&e, story->outcome->added);
    emit_key(&e, S("changed"));
    emit_i64(&e, story->outcome->changed);
    emit_key(&e, S("same"));
    emit_i64(&e, story->outcome->same);
    emit_key(&e, S("hash"));
    emit_bytes(&e, (struct str){(const char *)story->hash, sizeof story->hash});
    if (story->rows) {
        emit_key(&e, S("rows"));
        emit_list(&e);
        for (size_t i = 0; i < story->n_rows; i++)
            put_row(&e, b, &story->rows[i]);
        emit_end(&e);
    }
    emit_end(&e);
    return o.failed ? (struct str){0} : str_trim(out_str(&o));
}

/* --- what it is about --------------------------------------------------------------------------------------------- */

struct texts {
    struct str *v;
    size_t n, cap;
};

enum err value_event_about(struct ctx *c, int64_t position, struct strs indicators, struct strs places)
{
    struct texts about = {0};
    for (size_t i = 0; i < indicators.n && i < VALUE_SUBJECTS; i++)
        *PUSH(c->arena, &about) = str_fmt(c->arena, "indicators/%.*s", ARGS(indicators.v[i]));
    for (size_t i = 0; i < places.n && i < VALUE_SUBJECTS; i++) {
        int64_t areas, orgs = 0;
        TRY(db_number(c, SQL_value_place_is_area, &areas, ARG(places.v[i])));
        if (!areas)
            TRY(db_number(c, SQL_value_place_is_org, &orgs, ARG(places.v[i])));
        if (areas || orgs)
            *PUSH(c->arena, &about) = str_fmt(c->arena, "%s/%.*s", areas ? "areas" : "orgs", ARGS(places.v[i]));
    }
    return about.n ? ledger_touch(c, position, (struct strs){about.v, about.n}) : OK;
}

static bool has(const struct texts *list, struct str s)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->v[i], s))
            return true;
    return false;
}

enum err value_event(struct ctx *c, const struct value_story *story, int64_t position)
{
    const struct value_batch *b = story->batch;
    const struct value_outcome *o = story->outcome;
    struct texts indicators = {0}, places = {0};
    struct str payload = payload_of(c, story);
    int64_t at;
    if (!payload.p)
        return FAIL(c, E_LIMIT, "một lần ghi quá dài (a batch with too much text)");
    for (size_t i = 0; i < b->series.n && indicators.n <= VALUE_SUBJECTS; i++)
        if (!has(&indicators, b->series.v[i].indicator))
            *PUSH(c->arena, &indicators) = b->series.v[i].indicator;
    for (size_t i = 0; i < b->places.n && places.n <= VALUE_SUBJECTS; i++)
        *PUSH(c->arena, &places) = b->places.v[i];
    struct str subject =
        indicators.n == 1 ? str_fmt(c->arena, "indicators/%.*s", ARGS(indicators.v[0])) : S("indicators");
    TRY(ledger_append(c, b->kind, subject, payload, &at));
    if (at != position)
        return FAIL(c, E_INTERNAL, "vị trí của sự kiện không như đã định (the event has another position)");
    TRY(value_event_about(c, position, (struct strs){indicators.v, indicators.n}, (struct strs){places.v, places.n}));
    return db_exec(c, SQL_value_batch_add, ARG(position), ARG(b->kind), ARG(b->name), db_arg_bytes(b->file),
                   ARG(o->added), ARG(o->changed), ARG(o->same));
}
