/* Operations on how open items are, and on who has read what is restricted. */
#include "base/period.h"
#include "domain/op.h"
#include "domain/sight/sight_rows.h"

#include "base/banned.h"

#define WORDS(type, member, about, ...)                                                                                \
    {                                                                                                                  \
#member, FIELD_TEXT, offsetof(struct type, member), .doc = about, ##__VA_ARGS__                                \
    }

struct classify_args {
    struct str plan, path, level, reason;
};
RECORD(plan_classify_args, struct classify_args, "plan.classify", "Đối số của plan.classify",
       WORDS(classify_args, plan, "tên kế hoạch (slug)", .required = true),
       WORDS(classify_args, path, "mục, cùng mọi mục bên dưới nó (mặc định: cả kế hoạch)"),
       WORDS(classify_args, level, "mức: công khai, nội bộ, hạn chế", .one_of = SIGHT_LEVELS, .required = true),
       WORDS(classify_args, reason, "lý do", .required = true));

struct marks_args {
    struct str plan;
};
RECORD(plan_marks_args, struct marks_args, "plan.marks", "Đối số của plan.marks",
       WORDS(marks_args, plan, "tên kế hoạch (mặc định: mọi kế hoạch)"));

static enum err classify(struct ctx *c, const struct op_call *call)
{
    const struct classify_args *args = call->args;
    int64_t position;
    TRY(sight_classify(c, args->plan, args->path, args->level, args->reason, &position));
    emit_map(call->emit);
    emit_key(call->emit, S("position"));
    emit_i64(call->emit, position);
    emit_end(call->emit);
    return OK;
}

static void put_next(struct emit *e, struct str next)
{
    emit_end(e);
    emit_key(e, S("next"));
    emit_text(e, next);
    emit_end(e);
}

static enum err marks(struct ctx *c, const struct op_call *call)
{
    const struct marks_args *args = call->args;
    struct marks all;
    TRY(sight_marks(c, args->plan, &all));
    emit_map(call->emit);
    emit_key(call->emit, S("items"));
    emit_list(call->emit);
    for (size_t i = 0; i < all.n; i++) {
        const struct mark *m = &all.v[i];
        struct str needed;
        TRY(sight_of_subject(c, str_fmt(c->arena, "plans/%.*s/%.*s", ARGS(m->plan), ARGS(m->path)), &needed));
        if (sight_opens(plan_seen(c), needed))
            emit_record(call->emit, &mark_record, m);
    }
    put_next(call->emit, (struct str){NULL, 0});
    return OK;
}

/* --- who has read what --- */

struct log_row {
    struct str account, address, plan, path, how;
    int64_t id, at_us;
};
RECORD(access_log_record, struct log_row, "access", "A reading of something restricted",
       {"id", FIELD_I64, offsetof(struct log_row, id), .doc = "Its number"},
       {"at_us", FIELD_I64, offsetof(struct log_row, at_us), .doc = "When", .unit = "µs"},
       WORDS(log_row, account, "Who; empty: the program's owner"), WORDS(log_row, address, "Where it was asked from"),
       WORDS(log_row, plan, "Plan (slug)"), WORDS(log_row, path, "What was shown of it"),
       WORDS(log_row, how, "The request"));

struct log_args {
    struct str account, plan, path, after;
    int64_t limit;
    int32_t from, to;
};
RECORD(access_log_args, struct log_args, "access.log", "Đối số của access.log",
       WORDS(log_args, account, "chỉ tài khoản này"), WORDS(log_args, plan, "chỉ kế hoạch này (slug)"),
       WORDS(log_args, path, "chỉ mục này và bên dưới nó"),
       {"from", FIELD_DAY, offsetof(struct log_args, from), .doc = "từ ngày"},
       {"to", FIELD_DAY, offsetof(struct log_args, to), .doc = "đến hết ngày"},
       WORDS(log_args, after, "giá trị next của trang trước"),
       {"limit", FIELD_I64, offsetof(struct log_args, limit),
        .doc = "nhiều nhất chừng này, 1 đến 1000 (mặc định 100)"});

static enum err refuse(struct ctx *c, const char *field, const char *why)
{
    enum err e = FAIL(c, E_INVALID, "%s", why);
    c->error.field = str_of(field);
    return e;
}

static enum err log_list(struct ctx *c, const struct op_call *call)
{
    const struct log_args *args = call->args;
    int64_t limit = args->limit == I64_NONE ? 100 : args->limit, before = INT64_MAX, n = 0, last = 0;
    if (limit < 1 || limit > 1000)
        return refuse(c, "limit", "phải từ 1 đến 1000 (must be 1 to 1000)");
    if (args->after.n && !str_i64(args->after, &before))
        return refuse(c, "after", "phải là giá trị next của trang trước (must be the next of the page before)");
    struct log_row row = {{0}};
    struct rows rows = db_query(c, SQL_sight_log, ARG(before), ARG(args->account), ARG(args->plan), ARG(args->path),
                                ARG(args->from == DAY_NONE ? I64_NONE : moment_of_day(args->from)),
                                ARG(args->to == DAY_NONE ? I64_NONE : moment_of_day(args->to + 1)), ARG(limit + 1));
    emit_map(call->emit);
    emit_key(call->emit, S("items"));
    emit_list(call->emit);
    while (n <= limit && db_next(&rows, &access_log_record, &row))
        if (++n <= limit) {
            emit_record(call->emit, &access_log_record, &row);
            last = row.id;
        }
    put_next(call->emit, n > limit ? str_fmt(c->arena, "%lld", (long long)last) : (struct str){NULL, 0});
    return db_done(&rows);
}

OPS(sight_ops,
    OP("plan.classify", NULL, OP_WRITE, PERM_PLAN, &plan_classify_args, classify, false,
       "Phân loại một kế hoạch hoặc một mục của nó: công khai, nội bộ, hạn chế",
       "Say how open a plan or a clause of it is: public, internal, restricted"),
    OP_LISTS(&mark_record, "plan.marks", NULL, OP_READ, PERM_PLAN, &plan_marks_args, marks, false,
             "Các mức phân loại đã đặt", "The marks that were set"),
    OP_LISTS(&access_log_record, "access.log", NULL, OP_READ, PERM_HISTORY, &access_log_args, log_list, false,
             "Ai đã đọc những mục hạn chế, mới nhất trước", "Who has read what is restricted, the newest first"));
