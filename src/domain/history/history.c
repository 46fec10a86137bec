#include "domain/history/history.h"

#include "base/period.h"
#include "domain/history/history.sql.h"
#include "domain/sight/sight.h"
#include "store/db.h"

#include <inttypes.h>
#include <string.h>

#include "base/banned.h"

#define AT(member) offsetof(struct history_query, member)
RECORD(history_query_record, struct history_query, "ledger.list", "Đối số của ledger.list",
       {"actor", FIELD_TEXT, AT(actor), .doc = "chỉ việc do tài khoản này làm"},
       {"behalf", FIELD_TEXT, AT(behalf), .doc = "chỉ việc làm thay cơ quan hoặc người này"},
       {"body", FIELD_TEXT, AT(body),
        .doc = "chỉ việc của cơ quan có mã này: về nó, về mục nó chủ trì hoặc phối hợp, do người giữ vai trò trong nó, "
               "hoặc làm thay nó"},
       {"subject", FIELD_TEXT, AT(subject),
        .doc = "chỉ việc về mục này và những gì thuộc về nó, như plans/06-nq-tu/III.3.3"},
       {"kind", FIELD_TEXT, AT(kind), .doc = "chỉ thao tác này, như plan.approve"},
       {"from", FIELD_DAY, AT(from), .doc = "từ ngày này (giờ Việt Nam)"},
       {"to", FIELD_DAY, AT(to), .doc = "đến hết ngày này"},
       {"order", FIELD_TEXT, AT(order), .one_of = "newest|oldest",
        .doc = "mới nhất trước (mặc định) hay cũ nhất trước"},
       {"after", FIELD_TEXT, AT(after), .doc = "tiếp sau vị trí này theo thứ tự đã chọn: giá trị next của trang trước"},
       {"limit", FIELD_I64, AT(limit), .doc = "nhiều nhất chừng này sự kiện, 1 đến 1000 (mặc định 100)"});
#undef AT

static enum err refuse(struct ctx *c, const char *field, const char *why)
{
    enum err e = FAIL(c, E_INVALID, "%s", why);
    c->error.field = str_of(field);
    return e;
}

struct sources {
    struct ledger_source *v;
    size_t n, cap;
};

/* --- what is a body's --- */

struct source_row {
    struct str word;
    int64_t above, below;
    int32_t valid_from, valid_to;
};
RECORD(source_row_record, struct source_row, "source", "Where events come from",
       {"word", FIELD_TEXT, offsetof(struct source_row, word), .doc = ""},
       {"above", FIELD_I64, offsetof(struct source_row, above), .doc = ""},
       {"below", FIELD_I64, offsetof(struct source_row, below), .doc = ""},
       {"valid_from", FIELD_DAY, offsetof(struct source_row, valid_from), .doc = ""},
       {"valid_to", FIELD_DAY, offsetof(struct source_row, valid_to), .doc = ""});

/* A role counts from the event that gave it and the first day it held, to the event that changed it and its last day.
 */
static enum err role_source(struct ctx *c, const struct source_row *row, struct sources *list)
{
    struct ledger_source s = {LEDGER_ACTOR, row->word, row->above - 1, row->below};
    int64_t at;
    if (row->valid_from != DAY_NONE) {
        TRY(ledger_position_at(c, moment_of_day(row->valid_from) - 1, &at));
        s.above = at > s.above ? at : s.above;
    }
    if (row->valid_to != DAY_NONE) {
        TRY(ledger_position_at(c, moment_of_day(row->valid_to + 1) - 1, &at));
        s.below = at + 1 < s.below ? at + 1 : s.below;
    }
    *PUSH(c->arena, list) = s;
    return OK;
}

static enum err body_sources(struct ctx *c, struct str body, struct sources *list)
{
    struct source_row row = {0};
    struct {
        struct source_row *v;
        size_t n, cap;
    } roles = {0};
    int64_t known;
    TRY(db_number(c, SQL_history_body, &known, ARG(body)));
    if (!known)
        return refuse(c, "body", "không có cơ quan hoặc nhóm mang mã này (no such body)");
    struct str itself = str_fmt(c->arena, "orgs/%.*s", ARGS(body));
    *PUSH(c->arena, list) = (struct ledger_source){LEDGER_BEHALF, itself, 0, INT64_MAX};
    *PUSH(c->arena, list) = (struct ledger_source){LEDGER_SUBJECT, itself, 0, INT64_MAX};
    struct rows rows = db_query(c, SQL_history_items, ARG(body));
    while (db_next(&rows, &source_row_record, &row))
        *PUSH(c->arena, list) = (struct ledger_source){LEDGER_SUBJECT, row.word, 0, INT64_MAX};
    TRY(db_done(&rows));
    rows = db_query(c, SQL_history_roles, ARG(body));
    while (db_next(&rows, &source_row_record, &row))
        *PUSH(c->arena, &roles) = row;
    TRY(db_done(&rows));
    for (size_t i = 0; i < roles.n; i++)
        TRY(role_source(c, &roles.v[i], list));
    return OK;
}

/* --- the page --- */

static enum err time_bounds(struct ctx *c, const struct history_query *q, struct ledger_query *find)
{
    int64_t after = 0, at;
    if (q->after.n && (!str_i64(q->after, &after) || after < 0))
        return refuse(c, "after", "phải là một vị trí của sổ cái (must be a position)");
    if (q->from != DAY_NONE)
        TRY(ledger_position_at(c, moment_of_day(q->from) - 1, &find->above));
    if (q->to != DAY_NONE) {
        TRY(ledger_position_at(c, moment_of_day(q->to + 1) - 1, &at));
        find->below = at + 1;
    }
    if (q->after.n && find->oldest && after > find->above)
        find->above = after;
    if (q->after.n && !find->oldest && after < find->below)
        find->below = after;
    return OK;
}

struct str history_subject(struct ctx *c, struct str text)
{
    static const char clauses[] = "/clauses/";
    if (str_starts(text, S("/")))
        text = str_skip(text, 1);
    if (str_ends(text, S("/")))
        text = str_slice(text, 0, text.n - 1);
    size_t at = str_starts(text, S("plans/")) ? str_find(text, str_of(clauses), 0) : SIZE_MAX;
    if (at == SIZE_MAX)
        return text;
    return str_fmt(c->arena, "%.*s/%.*s", ARGS(str_slice(text, 0, at)), ARGS(str_skip(text, at + strlen(clauses))));
}

/* --- what the reader may see ----------------------------------------------------------------------------------------
 */

/* Of something restricted that they may see, it is noted that they did. */
static enum err may_see(struct ctx *c, struct str subject, bool *ret)
{
    struct str needed, rest, plan;
    int64_t number;
    TRY(sight_of_subject(c, subject, &needed));
    *ret = sight_opens(plan_seen(c), needed);
    rest = str_skip(needed, 1); /* ";12 III.3;" */
    if (*ret && needed.n > 2 && str_cut(&rest, ' ', &plan) && str_i64(plan, &number))
        sight_tell(c, number, str_slice(rest, 0, rest.n - 1));
    return OK;
}

/* What was recorded of a plan may quote what is restricted in it. */
static void withhold(struct ctx *c, struct event *e)
{
    if (!str_eq(plan_seen(c), S("*")) && (str_starts(e->kind, S("plan.")) || str_starts(e->kind, S("draft."))))
        e->payload = (struct str){0};
}

static enum err keep_seen(struct ctx *c, struct events *events)
{
    size_t n = 0;
    for (size_t i = 0; i < events->n; i++) {
        bool open;
        TRY(may_see(c, events->v[i].subject, &open));
        withhold(c, &events->v[i]);
        if (open)
            events->v[n++] = events->v[i];
    }
    events->n = n;
    return OK;
}

enum err history_event(struct ctx *c, int64_t position, struct event *ret)
{
    struct event e;
    bool open;
    TRY(ledger_event(c, position, &e));
    TRY(may_see(c, e.subject, &open));
    if (!open)
        return FAIL(c, E_NOTFOUND, "không có sự kiện ở vị trí %" PRId64 " (no such event)", position);
    withhold(c, &e);
    *ret = e;
    return OK;
}

enum err history_list(struct ctx *c, const struct history_query *q, bool payloads, struct history_page *ret)
{
    struct sources sources = {0};
    struct ledger_found found;
    bool open = true;
    struct ledger_query find = {.actor = q->actor,
                                .behalf = q->behalf,
                                .kind = q->kind,
                                .subject = q->subject.p ? history_subject(c, q->subject) : q->subject,
                                .below = INT64_MAX,
                                .oldest = q->order.p && str_eq(q->order, S("oldest")),
                                .payloads = payloads,
                                .limit = q->limit == I64_NONE ? HISTORY_LIMIT : q->limit};
    if (find.limit < 1 || find.limit > HISTORY_LIMIT_MAX)
        return refuse(c, "limit", "phải từ 1 đến 1000 (must be 1 to 1000)");
    TRY(time_bounds(c, q, &find));
    if (find.subject.p)
        TRY(may_see(c, find.subject, &open));
    *ret = (struct history_page){0};
    if (!open)
        return OK;
    if (q->body.p) {
        TRY(body_sources(c, q->body, &sources));
        find.sources = sources.v;
        find.n_sources = sources.n;
    }
    TRY(ledger_find(c, &find, &found));
    bool stopped = found.next != I64_NONE && found.events.n < (size_t)find.limit;
    TRY(keep_seen(c, &found.events));
    *ret = (struct history_page){.events = found.events, .stopped = stopped};
    if (found.next != I64_NONE)
        ret->next = str_fmt(c->arena, "%" PRId64, found.next);
    return OK;
}
