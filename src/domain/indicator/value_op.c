/* Operations on figures one by one: put, list, history, undo, decide, batches. */
#include "domain/access/viewer.h"
#include "domain/indicator/cube.h"
#include "domain/indicator/indicator_sight.h"
#include "domain/indicator/value.h"
#include "domain/indicator/value_load.h"
#include "domain/indicator/value_rules.h"
#include "domain/op.h"
#include "domain/org/org.h"
#include "ledger/ledger.h"

#include "base/number.h"
#include "base/period.h"

#include <inttypes.h>

#include "base/banned.h"

enum { LIMIT_MAX = 1000, LIMIT = 200, PERIODS_MAX = 1200 };

#define TEXT_ARG(type, member, about, ...)                                                                             \
    {                                                                                                                  \
#member, FIELD_TEXT, offsetof(struct type, member), .doc = about, ##__VA_ARGS__                                \
    }

static enum err wrong(struct ctx *c, struct str field, const char *what)
{
    enum err e = FAIL(c, E_INVALID, "%s", what);
    c->error.field = field;
    return e;
}

static enum err moment_of(struct ctx *c, int32_t as_of, int64_t *ret)
{
    *ret = POS_NOW;
    return as_of == DAY_NONE ? OK : ledger_position_at(c, moment_of_day(as_of + 1) - 1, ret);
}

static enum err code_of(struct ctx *c, struct str field, struct str text, int32_t *ret)
{
    *ret = value_period_typed(c, text);
    return *ret ? OK : wrong(c, field, "không có kỳ như vậy (no such period)");
}

static struct str name_of_period(struct ctx *c, int32_t code)
{
    struct period period;
    char text[24];
    return period_of_code(code, &period) ? str_dup(c->arena, period_text(period, text)) : S("");
}

/* --- one figure in --------------------------------------------------------------------------------------------------
 */

struct put_args {
    struct str indicator, category, place, period, text, source, method, evidence, reason, report;
    double amount;
    int64_t seen;
    bool provisional;
};
RECORD(put_args_record, struct put_args, "value.put", "Đối số của value.put",
       TEXT_ARG(put_args, indicator, "mã chỉ tiêu", .required = true),
       TEXT_ARG(put_args, category, "nhóm phân tổ; trống: chung"),
       TEXT_ARG(put_args, place, "mã địa bàn hoặc cơ quan", .required = true),
       TEXT_ARG(put_args, period, "kỳ: 2026, 2026-Q3, 2026-05, Quý III/2026", .required = true),
       {"amount", FIELD_F64, offsetof(struct put_args, amount), .doc = "số, dấu chấm thập phân, như chương trình ghi"},
       TEXT_ARG(put_args, text, "hoặc số như người viết: 1.234,5"),
       {"provisional", FIELD_BOOL, offsetof(struct put_args, provisional), .doc = "ước, chưa chính thức"},
       TEXT_ARG(put_args, source, "nguồn (mặc định: nguồn của chỉ tiêu)"),
       TEXT_ARG(put_args, method, "cách thu thập, tính toán"), TEXT_ARG(put_args, evidence, "căn cứ, minh chứng"),
       TEXT_ARG(put_args, reason, "lý do; cần khi sửa số chính thức"),
       TEXT_ARG(put_args, report, "báo cáo nêu số liệu"),
       {"seen", FIELD_I64, offsetof(struct put_args, seen),
        .doc = "vị trí sổ cái lúc người ghi xem số cũ: ai sửa sau đó thì bị từ chối"});

static enum err amount_of(struct ctx *c, const struct put_args *args, const struct indicator *i, double *ret)
{
    struct number number;
    struct number_context known = {.low = i->low, .high = i->high};
    if (!args->text.n) {
        *ret = args->amount;
        return isnan(args->amount) ? wrong(c, S("amount"), "thiếu số liệu (no amount)") : OK;
    }
    number_read(args->text, &number);
    if (number.kind == NUMBER_WRONG)
        return wrong(c, S("text"),
                     str_z(c->arena, str_fmt(c->arena, "%.*s (%.*s)", ARGS(number_reason(number.wrong).vi),
                                             ARGS(number_reason(number.wrong).en))));
    if (number.kind == NUMBER_EMPTY)
        return wrong(c, S("text"), "thiếu số liệu (no amount)");
    if (!number_settle(&known, &number))
        return wrong(c, S("text"), "số này đọc được hai cách, hãy viết rõ (it may be read in two ways)");
    *ret = number.amount;
    return OK;
}

static enum err batch_of(struct ctx *c, const struct put_args *args, const struct indicator *i, struct value_batch *b)
{
    struct value_row row = {.state = args->provisional ? VALUE_PROVISIONAL : 0};
    value_batch_init(b, S("value.put"));
    b->seen = args->seen;
    TRY(amount_of(c, args, i, &row.amount));
    TRY(code_of(c, S("period"), args->period, &row.period));
    row.series = value_batch_series(c, b, args->indicator, args->category);
    row.place = value_batch_place(c, b, args->place);
    row.source = value_batch_source(c, b, args->source);
    if (args->method.n || args->evidence.n || args->reason.n || args->report.n) {
        *PUSH(c->arena, &b->notes) = (struct value_note){args->method, args->evidence, args->reason, args->report};
        row.note = 1;
    }
    *PUSH(c->arena, &b->rows) = row;
    return OK;
}

struct putting {
    struct value_batch batch;
    struct value_problems problems;
};

static enum err prepare_put(struct ctx *c, struct op_call *call)
{
    const struct put_args *args = call->args;
    const struct dictionary *d;
    const struct org_catalogue *catalogue;
    const struct indicator *i = NULL;
    struct putting *p = NEW(c->arena, struct putting);
    TRY(dictionary_from_store(c, POS_NOW, &d));
    TRY(org_catalogue_from_store(c, POS_NOW, &catalogue));
    TRY(indicator_open(c, d, args->indicator, &i));
    TRY(batch_of(c, args, i, &p->batch));
    TRY(value_check(c, d, catalogue, &p->batch, &p->problems));
    TRY(value_refuse(c, (struct str){0}, &p->problems));
    call->prepared = p;
    return OK;
}

static void put_outcome(struct emit *e, const struct value_outcome *o)
{
    struct value_outcome shown = *o;
    shown.position = o->position ? o->position : I64_NONE;
    emit_fields(e, &value_outcome_record, &shown);
}

static enum err run_put(struct ctx *c, const struct op_call *call)
{
    struct putting *p = call->prepared;
    struct value_outcome o;
    TRY(value_write(c, &p->batch, &o));
    emit_map(call->emit);
    put_outcome(call->emit, &o);
    emit_key(call->emit, S("warnings"));
    emit_list(call->emit);
    for (size_t i = 0; i < p->problems.n; i++)
        emit_record(call->emit, &value_problem_record, &p->problems.v[i]);
    emit_end(call->emit);
    emit_end(call->emit);
    return OK;
}

/* --- lists ----------------------------------------------------------------------------------------------------------
 */

struct page {
    struct emit *e;
    int64_t after, limit, n;
    bool more;
};

static enum err begin_page(struct ctx *c, struct emit *e, int64_t after, int64_t limit, struct page *ret)
{
    *ret = (struct page){e, after == I64_NONE ? 0 : after, limit == I64_NONE ? LIMIT : limit, 0, false};
    if (ret->limit < 1 || ret->limit > LIMIT_MAX || ret->after < 0)
        return FAIL(c, E_INVALID, "limit phải từ 1 đến %d, after không âm (limit must be 1 to %d, after not negative)",
                    LIMIT_MAX, LIMIT_MAX);
    emit_map(e);
    emit_key(e, S("items"));
    emit_list(e);
    return OK;
}

static void end_page(struct ctx *c, struct page *page, int64_t next)
{
    emit_end(page->e);
    emit_key(page->e, S("next"));
    emit_text(page->e, page->more ? str_fmt(c->arena, "%" PRId64, next) : (struct str){0});
    emit_end(page->e);
}

struct list_args {
    struct str code, category, place, under, period, from, to;
    int64_t after, limit;
    int32_t as_of, map;
};
RECORD(list_args_record, struct list_args, "value.list", "Đối số của value.list",
       TEXT_ARG(list_args, code, "mã chỉ tiêu", .required = true),
       TEXT_ARG(list_args, category, "nhóm phân tổ; trống: chung"), TEXT_ARG(list_args, place, "chỉ nơi này"),
       TEXT_ARG(list_args, under, "nơi này và mọi nơi bên dưới (mặc định: cả cây)"),
       TEXT_ARG(list_args, period, "chỉ kỳ này"), TEXT_ARG(list_args, from, "từ kỳ này"),
       TEXT_ARG(list_args, to, "đến kỳ này"),
       {"map", FIELD_DAY, offsetof(struct list_args, map),
        .doc = "theo địa giới, tổ chức của ngày này (mặc định: hôm nay)"},
       {"as_of", FIELD_DAY, offsetof(struct list_args, as_of),
        .doc = "như đã biết đến hết ngày này (mặc định: bây giờ)"},
       {"after", FIELD_I64, offsetof(struct list_args, after), .doc = "sau dòng thứ chừng này (mặc định 0)"},
       {"limit", FIELD_I64, offsetof(struct list_args, limit),
        .doc = "nhiều nhất chừng này, 1 đến 1000 (mặc định 200)"});

struct listed {
    struct str place, period;
    double amount;
    bool provisional, sample, added, derived, partial, differs;
    int64_t have, of;
    struct str source, actor;
    int64_t at_us, position;
};
RECORD(value_listed_record, struct listed, "value", "Một số liệu (a figure)",
       {"place", FIELD_TEXT, offsetof(struct listed, place), .doc = "mã địa bàn hoặc cơ quan"},
       {"period", FIELD_TEXT, offsetof(struct listed, period), .doc = "kỳ"},
       {"amount", FIELD_F64, offsetof(struct listed, amount), .doc = "số liệu"},
       {"provisional", FIELD_BOOL, offsetof(struct listed, provisional), .doc = "ước, chưa chính thức"},
       {"sample", FIELD_BOOL, offsetof(struct listed, sample), .doc = "số liệu mẫu"},
       {"added", FIELD_BOOL, offsetof(struct listed, added), .doc = "cộng từ các nơi bên dưới"},
       {"derived", FIELD_BOOL, offsetof(struct listed, derived), .doc = "tính theo công thức"},
       {"partial", FIELD_BOOL, offsetof(struct listed, partial), .doc = "mới có một phần"},
       {"differs", FIELD_BOOL, offsetof(struct listed, differs), .doc = "có nguồn khác nói khác"},
       {"have", FIELD_I64, offsetof(struct listed, have), .doc = "số nơi đã có số liệu"},
       {"of", FIELD_I64, offsetof(struct listed, of), .doc = "trong số chừng này nơi"},
       {"source", FIELD_TEXT, offsetof(struct listed, source), .doc = "nguồn; trống: nguồn của chỉ tiêu"},
       {"actor", FIELD_TEXT, offsetof(struct listed, actor), .doc = "người ghi"},
       {"at_us", FIELD_I64, offsetof(struct listed, at_us), .unit = "µs", .doc = "thời điểm ghi"},
       {"position", FIELD_I64, offsetof(struct listed, position), .doc = "vị trí trong sổ cái"});

struct listing {
    struct ctx *c;
    const struct dictionary *d;
    const struct indicator *i;
    const struct list_args *args;
    int64_t at;
    struct strs places;
    struct cube_periods periods;
};

static enum err find_places(struct listing *l)
{
    const struct list_args *args = l->args;
    struct str *one = NEW(l->c->arena, struct str);
    if (!args->place.n)
        return cube_under(l->c, l->i, args->under.n ? args->under : (struct str){0}, args->map, &l->places);
    *one = args->place;
    l->places = (struct strs){one, 1};
    return OK;
}

static enum err find_periods(struct listing *l)
{
    int32_t from = 0, to = INT32_MAX, only;
    struct cube_periods list = {0};
    if (l->args->period.n) {
        TRY(code_of(l->c, S("period"), l->args->period, &only));
        *PUSH(l->c->arena, &l->periods) = only;
        return OK;
    }
    if (l->args->from.n)
        TRY(code_of(l->c, S("from"), l->args->from, &from));
    if (l->args->to.n)
        TRY(code_of(l->c, S("to"), l->args->to, &to));
    TRY(cube_periods(l->c, l->d, l->i->code, l->args->category, l->places.v[0], l->at, &list));
    for (size_t i = 0; i < list.n && l->periods.n < PERIODS_MAX; i++)
        if (list.v[i] >= from && list.v[i] <= to)
            *PUSH(l->c->arena, &l->periods) = list.v[i];
    return OK;
}

/* Who said it, of one that was reported for the very period. */
static enum err find_author(struct listing *l, struct listed *row)
{
    const struct value_key key = {.indicator = l->i->code,
                                  .category = l->args->category.p ? l->args->category : S(""),
                                  .place = row->place,
                                  .period = row->period};
    struct value_history h = {0};
    TRY(value_history(l->c, &key, l->at, LIMIT_MAX, &h));
    for (size_t i = 0; i < h.n; i++)
        if (h.v[i].counts) {
            row->source = h.v[i].source;
            row->actor = h.v[i].actor;
            row->at_us = h.v[i].at_us;
            row->position = h.v[i].position;
        }
    return OK;
}

static enum err emit_figure(struct listing *l, struct page *page, size_t place, size_t period, const struct figure *f)
{
    struct listed row = {.place = l->places.v[place],
                         .period = name_of_period(l->c, l->periods.v[period]),
                         .amount = f->amount,
                         .provisional = f->flags & FIGURE_PROVISIONAL,
                         .sample = f->flags & FIGURE_SAMPLE,
                         .added = f->flags & FIGURE_ADDED,
                         .derived = f->flags & FIGURE_DERIVED,
                         .partial = f->flags & FIGURE_PARTIAL,
                         .differs = f->flags & FIGURE_DIFFERS,
                         .have = f->have,
                         .of = f->of,
                         .at_us = I64_NONE,
                         .position = I64_NONE};
    page->n++;
    page->more = page->n > page->after + page->limit;
    if (page->n <= page->after || page->more)
        return OK;
    if (!row.added && !row.derived)
        TRY(find_author(l, &row));
    emit_record(page->e, &value_listed_record, &row);
    return OK;
}

static enum err list(struct ctx *c, const struct op_call *call)
{
    const struct list_args *args = call->args;
    struct listing l = {.c = c, .args = args};
    struct page page;
    struct figures f = {0};
    TRY(moment_of(c, args->as_of, &l.at));
    TRY(dictionary_from_store(c, l.at, &l.d));
    TRY(indicator_open(c, l.d, args->code, &l.i));
    TRY(find_places(&l));
    TRY(find_periods(&l));
    const struct cube_query q = {.indicator = args->code,
                                 .category = args->category,
                                 .places = l.places,
                                 .periods = l.periods.v,
                                 .n_periods = l.periods.n,
                                 .at = l.at,
                                 .map_day = args->map};
    TRY(cube_read(c, l.d, &q, &f));
    TRY(begin_page(c, call->emit, args->after, args->limit, &page));
    for (size_t i = 0; i < f.n_places && !page.more; i++)
        for (size_t k = 0; k < f.n_periods && !page.more; k++)
            if (!isnan(f.v[i * f.n_periods + k].amount))
                TRY(emit_figure(&l, &page, i, k, &f.v[i * f.n_periods + k]));
    end_page(c, &page, page.after + page.limit);
    return OK;
}

struct history_args {
    struct str code, category, place, period;
    int64_t limit;
    int32_t as_of;
};
RECORD(history_args_record, struct history_args, "value.history", "Đối số của value.history",
       TEXT_ARG(history_args, code, "mã chỉ tiêu", .required = true),
       TEXT_ARG(history_args, category, "nhóm phân tổ; trống: chung"),
       TEXT_ARG(history_args, place, "mã địa bàn hoặc cơ quan", .required = true),
       TEXT_ARG(history_args, period, "chỉ kỳ này (mặc định: mọi kỳ)"),
       {"as_of", FIELD_DAY, offsetof(struct history_args, as_of),
        .doc = "như đã biết đến hết ngày này (mặc định: bây giờ)"},
       {"limit", FIELD_I64, offsetof(struct history_args, limit),
        .doc = "nhiều nhất chừng này, 1 đến 1000 (mặc định 200)"});

static enum err history(struct ctx *c, const struct op_call *call)
{
    const struct history_args *args = call->args;
    const struct dictionary *d;
    const struct indicator *i = NULL;
    struct value_key key = {args->code, args->category, args->place, {0}, {0}};
    struct value_history h = {0};
    struct page page;
    int64_t at;
    int32_t code;
    TRY(moment_of(c, args->as_of, &at));
    TRY(dictionary_from_store(c, at, &d));
    TRY(indicator_open(c, d, args->code, &i));
    if (args->period.n) {
        TRY(code_of(c, S("period"), args->period, &code));
        key.period = name_of_period(c, code);
    }
    TRY(begin_page(c, call->emit, I64_NONE, args->limit, &page));
    TRY(value_history(c, &key, at, page.limit, &h));
    for (size_t k = 0; k < h.n; k++)
        emit_record(page.e, &value_said_record, &h.v[k]);
    end_page(c, &page, 0);
    return OK;
}

/* --- batches --------------------------------------------------------------------------------------------------------
 */

struct batches_args {
    int64_t after, limit;
};
RECORD(batches_args_record, struct batches_args, "value.batches", "Đối số của value.batches",
       {"after", FIELD_I64, offsetof(struct batches_args, after), .doc = "trước vị trí này"},
       {"limit", FIELD_I64, offsetof(struct batches_args, limit),
        .doc = "nhiều nhất chừng này, 1 đến 1000 (mặc định 200)"});

/* May who asks see all that the batch touched? */
static enum err batch_is_open(struct ctx *c, const struct dictionary *d, int64_t position, bool *ret)
{
    struct strs codes = {0};
    *ret = true;
    if (str_eq(plan_seen(c), S("*")))
        return OK;
    TRY(value_batch_indicators(c, position, &codes));
    for (size_t i = 0; i < codes.n && *ret; i++) {
        const struct indicator *indicator = dictionary_indicator(d, codes.v[i]);
        *ret = !indicator || indicator_is_open(c, indicator);
    }
    return OK;
}

static enum err batches(struct ctx *c, const struct op_call *call)
{
    const struct batches_args *args = call->args;
    const struct dictionary *d;
    struct value_batches all = {0};
    struct page page;
    TRY(dictionary_from_store(c, POS_NOW, &d));
    TRY(begin_page(c, call->emit, I64_NONE, args->limit, &page));
    TRY(value_batches(c, args->after, page.limit, &all));
    for (size_t i = 0; i < all.n; i++) {
        bool open;
        TRY(batch_is_open(c, d, all.v[i].position, &open));
        if (open)
            emit_record(page.e, &value_batch_record, &all.v[i]);
    }
    page.more = (int64_t)all.n == page.limit;
    end_page(c, &page, all.n ? all.v[all.n - 1].position : 0);
    return OK;
}

struct undo_args {
    int64_t batch;
    struct str reason;
};
RECORD(undo_args_record, struct undo_args, "value.undo", "Đối số của value.undo",
       {"batch", FIELD_I64, offsetof(struct undo_args, batch), .doc = "vị trí của lần nạp", .required = true},
       TEXT_ARG(undo_args, reason, "lý do", .required = true));

/* One's own load, or anybody's by the office. */
static enum err undo(struct ctx *c, const struct op_call *call)
{
    const struct undo_args *args = call->args;
    const struct dictionary *d;
    struct value_batch_row row = {0};
    struct value_outcome o;
    bool open;
    TRY(value_batch_find(c, args->batch, &row));
    TRY(dictionary_from_store(c, POS_NOW, &d));
    TRY(batch_is_open(c, d, args->batch, &open));
    if (!open)
        return FAIL(c, E_NOTFOUND, "không có lần nạp số liệu ở vị trí %" PRId64 " (no such batch)", args->batch);
    if (!viewer_may(c, PERM_OFFICE) && !str_eq(row.actor, c->actor.name))
        return FAIL(c, E_DENIED, "chỉ thu hồi được lần nạp của chính mình (only one's own load can be undone)");
    TRY(value_undo(c, args->batch, args->reason, &o));
    emit_record(call->emit, &value_outcome_record, &o);
    return OK;
}

struct decide_args {
    struct str indicator, category, place, period, source, reason;
};
RECORD(decide_args_record, struct decide_args, "value.decide", "Đối số của value.decide",
       TEXT_ARG(decide_args, indicator, "mã chỉ tiêu", .required = true),
       TEXT_ARG(decide_args, category, "nhóm phân tổ; trống: chung"),
       TEXT_ARG(decide_args, place, "mã địa bàn hoặc cơ quan", .required = true),
       TEXT_ARG(decide_args, period, "kỳ", .required = true),
       TEXT_ARG(decide_args, source, "nguồn được dùng; trống: nguồn của chỉ tiêu"),
       TEXT_ARG(decide_args, reason, "lý do", .required = true));

struct decided {
    int64_t position;
};
RECORD(value_decided_record, struct decided, "value_decided", "Kết quả quyết định (the outcome of a decision)",
       {"position", FIELD_I64, offsetof(struct decided, position), .doc = "vị trí; trống: đã như vậy từ trước"});

static enum err decide(struct ctx *c, const struct op_call *call)
{
    const struct decide_args *args = call->args;
    const struct dictionary *d;
    const struct indicator *i = NULL;
    struct decided decided;
    int32_t code;
    TRY(dictionary_from_store(c, POS_NOW, &d));
    TRY(indicator_open(c, d, args->indicator, &i));
    TRY(code_of(c, S("period"), args->period, &code));
    const struct value_key key = {args->indicator, args->category, args->place, name_of_period(c, code), args->source};
    TRY(value_decide(c, &key, args->reason, &decided.position));
    decided.position = decided.position ? decided.position : I64_NONE;
    emit_record(call->emit, &value_decided_record, &decided);
    return OK;
}

OPS(value_ops,
    OP_PREPARED("value.put", PERM_ENTER | PERM_IN_BODY, &put_args_record, prepare_put, run_put,
                "Ghi một số liệu; số cũ được giữ lại", "Put in one figure; the one before is kept"),
    OP_LISTS(&value_listed_record, "value.list", "/indicators/{code}/values", OP_READ, PERM_READ, &list_args_record,
             list, false, "Số liệu của một chỉ tiêu theo nơi và kỳ, kể cả số cộng lên và số tính theo công thức",
             "Figures of an indicator by place and period, added up and worked out ones as well"),
    OP_LISTS(&value_said_record, "value.history", "/indicators/{code}/history", OP_READ, PERM_READ,
             &history_args_record, history, false, "Tất cả những gì đã được nêu về số liệu của một nơi, mới nhất trước",
             "All that was ever said of the figures of a place, the newest first"),
    OP_LISTS(&value_batch_record, "value.batches", NULL, OP_READ, PERM_ENTER | PERM_IN_BODY, &batches_args_record,
             batches, false, "Các lần ghi, nạp số liệu, mới nhất trước",
             "What each write of figures brought, newest first"),
    OP_GIVES(&value_outcome_record, "value.undo", NULL, OP_WRITE, PERM_ENTER | PERM_IN_BODY, &undo_args_record, undo,
             true, "Thu hồi một lần ghi số liệu: mọi số trở lại như trước",
             "Take a write back: every figure as before"),
    OP_GIVES(&value_decided_record, "value.decide", NULL, OP_WRITE, PERM_OFFICE, &decide_args_record, decide, false,
             "Quyết định dùng số của nguồn nào khi các nguồn nói khác nhau",
             "Decide which source counts where they say different things"));
