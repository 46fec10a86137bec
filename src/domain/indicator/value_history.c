/* All that was ever said of a place in one series. */
#include "domain/indicator/value.sql.h"
#include "domain/indicator/value_choose.h"
#include "domain/indicator/value_store.h"

#include "base/period.h"

#include "base/banned.h"

RECORD(value_said_record, struct value_said, "value_said", "Một lần nêu số liệu (what was said of a figure)",
       {"period", FIELD_TEXT, offsetof(struct value_said, period), .doc = "kỳ"},
       {"source", FIELD_TEXT, offsetof(struct value_said, source), .doc = "nguồn; trống: nguồn của chỉ tiêu"},
       {"amount", FIELD_F64, offsetof(struct value_said, amount), .doc = "số liệu"},
       {"provisional", FIELD_BOOL, offsetof(struct value_said, provisional), .doc = "ước, chưa chính thức"},
       {"sample", FIELD_BOOL, offsetof(struct value_said, sample), .doc = "số liệu mẫu"},
       {"counts", FIELD_BOOL, offsetof(struct value_said, counts), .doc = "là số đang được dùng"},
       {"current", FIELD_BOOL, offsetof(struct value_said, current), .doc = "chưa bị thay thế"},
       {"method", FIELD_TEXT, offsetof(struct value_said, method), .doc = "cách thu thập, tính toán"},
       {"evidence", FIELD_TEXT, offsetof(struct value_said, evidence), .doc = "minh chứng"},
       {"reason", FIELD_TEXT, offsetof(struct value_said, reason), .doc = "lý do sửa"},
       {"report", FIELD_TEXT, offsetof(struct value_said, report), .doc = "báo cáo nêu số liệu"},
       {"actor", FIELD_TEXT, offsetof(struct value_said, actor), .doc = "người ghi"},
       {"behalf", FIELD_TEXT, offsetof(struct value_said, behalf), .doc = "ghi thay cho"},
       {"at_us", FIELD_I64, offsetof(struct value_said, at_us), .unit = "µs", .doc = "thời điểm ghi"},
       {"position", FIELD_I64, offsetof(struct value_said, position), .doc = "vị trí trong sổ cái"},
       {"until", FIELD_I64, offsetof(struct value_said, until), .doc = "vị trí của số thay nó; trống: còn hiệu lực"});

struct said_row {
    struct value_said said;
    int64_t source_id, state;
};
RECORD(said_row_record, struct said_row, "said", "A row of the history",
       {"source", FIELD_TEXT, offsetof(struct said_row, said.source)},
       {"source_id", FIELD_I64, offsetof(struct said_row, source_id)},
       {"amount", FIELD_F64, offsetof(struct said_row, said.amount)},
       {"state", FIELD_I64, offsetof(struct said_row, state)},
       {"position", FIELD_I64, offsetof(struct said_row, said.position)},
       {"until", FIELD_I64, offsetof(struct said_row, said.until)},
       {"actor", FIELD_TEXT, offsetof(struct said_row, said.actor)},
       {"behalf", FIELD_TEXT, offsetof(struct said_row, said.behalf)},
       {"at_us", FIELD_I64, offsetof(struct said_row, said.at_us)},
       {"method", FIELD_TEXT, offsetof(struct said_row, said.method)},
       {"evidence", FIELD_TEXT, offsetof(struct said_row, said.evidence)},
       {"reason", FIELD_TEXT, offsetof(struct said_row, said.reason)},
       {"report", FIELD_TEXT, offsetof(struct said_row, said.report)});

struct period_row {
    int64_t period;
};
RECORD(period_row_record, struct period_row, "period", "A period",
       {"period", FIELD_I64, offsetof(struct period_row, period)});

struct figure_key {
    int64_t series, place, own, at, limit;
};

/* One figure: its rows, the one that counts marked. */
static enum err add_figure(struct ctx *c, const struct figure_key *k, int64_t code, struct value_history *ret)
{
    struct period period;
    char text[24];
    struct said_row row = {0};
    struct value_offer best = {0};
    int64_t decided = 0;
    size_t first = ret->n, chosen = SIZE_MAX;
    struct error before = c->error;
    enum err e = db_number(c, SQL_value_choice_at, &decided, ARG(k->series), ARG(code), ARG(k->place), ARG(k->at));
    if (e == E_NOTFOUND)
        c->error = before;
    else
        TRY(e);
    struct str name = period_of_code(code, &period) ? str_dup(c->arena, period_text(period, text)) : S("");
    struct rows rows = db_query(c, SQL_value_said, ARG(k->series), ARG(code), ARG(k->place), ARG(k->at));
    while ((int64_t)ret->n < k->limit && db_next(&rows, &said_row_record, &row)) {
        row.said.period = name;
        row.said.provisional = row.state & VALUE_PROVISIONAL;
        row.said.sample = row.state & VALUE_SAMPLE;
        row.said.current = row.said.until == I64_NONE;
        row.said.counts = false;
        struct value_offer offer = {row.source_id, row.state, row.said.position, row.said.amount};
        if (row.said.current && (chosen == SIZE_MAX || value_offer_before(&offer, &best, k->own, decided))) {
            best = offer;
            chosen = ret->n;
        }
        *PUSH(c->arena, ret) = row.said;
    }
    if (chosen != SIZE_MAX && chosen >= first)
        ret->v[chosen].counts = true;
    return db_done(&rows);
}

static enum err add_periods(struct ctx *c, const struct figure_key *k, struct value_history *ret)
{
    struct {
        int64_t *v;
        size_t n, cap;
    } periods = {0};
    struct period_row p = {0};
    struct rows rows = db_query(c, SQL_value_periods, ARG(k->series));
    while (db_next(&rows, &period_row_record, &p))
        *PUSH(c->arena, &periods) = p.period;
    TRY(db_done(&rows));
    for (size_t i = periods.n; i-- > 0 && (int64_t)ret->n < k->limit;)
        TRY(add_figure(c, k, periods.v[i], ret));
    return OK;
}

enum err value_history(struct ctx *c, const struct value_key *key, int64_t at, int64_t limit, struct value_history *ret)
{
    struct value_history list = {0};
    struct figure_key k = {.at = at, .limit = limit};
    struct period period;
    TRY(value_series_id(c, key->indicator, key->category.p ? key->category : S(""), &k.series));
    TRY(value_place_id(c, key->place.p ? key->place : S(""), &k.place));
    TRY(value_source_id(c, S(""), &k.own));
    if (key->period.n && (!period_parse(key->period, &period) || !period_code(period)))
        return FAIL(c, E_INVALID, "không có kỳ \"%.*s\" (no such period)", ARGS(key->period));
    if (k.series && k.place)
        TRY(key->period.n ? add_figure(c, &k, period_code(period), &list) : add_periods(c, &k, &list));
    *ret = list;
    return OK;
}
