/* Operations on plans: the list of them, one with its counts, and the lists of what is in it. */
#include "base/period.h"
#include "domain/op.h"
#include "domain/plan/plan_store.h"
#include "ledger/ledger.h"

#include "base/banned.h"

enum { LIMIT_DEFAULT = 100, LIMIT_MAX = 1000 };

#define AS_OF(type)                                                                                                                     \
    {                                                                                                                                   \
        "as_of", FIELD_DAY, offsetof(struct type, as_of), .doc = "như đã biết đến hết ngày này (mặc định: bây giờ)" \
    }
#define PLAN(type)                                                                                                     \
    {                                                                                                                  \
        "plan", FIELD_TEXT, offsetof(struct type, plan), .doc = "tên kế hoạch (slug)", .required = true                \
    }

struct moment_args {
    int32_t as_of;
};
RECORD(plan_list_args, struct moment_args, "plan.list", "Đối số của plan.list", AS_OF(moment_args));

struct plan_args {
    struct str plan;
    int32_t as_of;
};
RECORD(plan_get_args, struct plan_args, "plan.get", "Đối số của plan.get", PLAN(plan_args), AS_OF(plan_args));

struct page_args {
    struct str plan;
    int64_t after, limit;
    int32_t as_of;
};
RECORD(plan_page_args, struct page_args, "plan.page", "Đối số của các danh sách trong một kế hoạch",
       {"plan", FIELD_TEXT, offsetof(struct page_args, plan), .doc = "tên kế hoạch (slug); không cần nếu chỉ có một"},
       {"after", FIELD_I64, offsetof(struct page_args, after), .doc = "sau dòng thứ chừng này (mặc định 0)"},
       {"limit", FIELD_I64, offsetof(struct page_args, limit),
        .doc = "nhiều nhất chừng này, 1 đến 1000 (mặc định 100)"},
       AS_OF(page_args));

static enum err position(struct ctx *c, int32_t as_of, int64_t *ret)
{
    *ret = POS_NOW;
    return as_of == DAY_NONE ? OK : ledger_position_at(c, moment_of_day(as_of + 1) - 1, ret);
}

static enum err list(struct ctx *c, const struct op_call *call)
{
    const struct moment_args *args = call->args;
    struct plan_rows plans;
    int64_t at;
    TRY(position(c, args->as_of, &at));
    TRY(plan_list(c, at, &plans));
    emit_map(call->emit);
    emit_key(call->emit, S("items"));
    emit_list(call->emit);
    for (size_t i = 0; i < plans.n; i++)
        emit_record(call->emit, &plan_row_record, &plans.v[i]);
    emit_end(call->emit);
    emit_key(call->emit, S("next"));
    emit_null(call->emit);
    emit_end(call->emit);
    return OK;
}

static enum err get(struct ctx *c, const struct op_call *call)
{
    const struct plan_args *args = call->args;
    struct plan_row plan;
    int64_t at;
    TRY(position(c, args->as_of, &at));
    TRY(plan_get(c, args->plan, at, &plan));
    emit_record(call->emit, &plan_row_record, &plan);
    return OK;
}

/* The plan that is named, or the only one there is. */
static enum err named_plan(struct ctx *c, struct str slug, int64_t at, struct plan_row *ret)
{
    struct plan_rows plans;
    if (slug.p)
        return plan_get(c, slug, at, ret);
    TRY(plan_list(c, at, &plans));
    if (plans.n == 0)
        return FAIL(c, E_NOTFOUND, "chưa có kế hoạch nào (no plan yet)");
    *ret = plans.v[0];
    if (plans.n == 1)
        return OK;
    enum err e = FAIL(c, E_INVALID, "có %zu kế hoạch, xin nêu tên một kế hoạch (name one of the plans)", plans.n);
    c->error.field = S("plan");
    return e;
}

/* One list of a plan, a page of it: the cursor is the ordinal of the last row given. */
static enum err page(struct ctx *c, const struct op_call *call, size_t offset, const struct record *r)
{
    const struct page_args *args = call->args;
    int64_t after = args->after == I64_NONE ? 0 : args->after,
            limit = args->limit == I64_NONE ? LIMIT_DEFAULT : args->limit, at;
    struct plan_row plan;
    struct draft draft;
    if (limit < 1 || limit > LIMIT_MAX || after < 0)
        return FAIL(c, E_INVALID, "limit phải từ 1 đến %d, after không âm (limit must be 1 to %d, after not negative)",
                    LIMIT_MAX, LIMIT_MAX);
    TRY(position(c, args->as_of, &at));
    TRY(named_plan(c, args->plan, at, &plan));
    TRY(plan_read(c, plan.id, at, &draft));
    const struct list *rows = (const void *)((const char *)&draft + offset);
    size_t from = (uint64_t)after < rows->n ? (size_t)after : rows->n,
           to = rows->n - from > (size_t)limit ? from + (size_t)limit : rows->n;
    emit_map(call->emit);
    emit_key(call->emit, S("items"));
    emit_list(call->emit);
    for (size_t i = from; i < to; i++)
        emit_record(call->emit, r, (const char *)rows->v + i * r->size);
    emit_end(call->emit);
    emit_key(call->emit, S("next"));
    emit_text(call->emit, to < rows->n ? str_fmt(c->arena, "%zu", to) : (struct str){NULL, 0});
    emit_end(call->emit);
    return OK;
}

#define LIST(name, member, r)                                                                                          \
    static enum err name(struct ctx *c, const struct op_call *call)                                                    \
    {                                                                                                                  \
        return page(c, call, offsetof(struct draft, member), &r);                                                      \
    }
LIST(clause_list, clauses, clause_record)
LIST(task_list, tasks, task_record)
LIST(programme_list, programmes, programme_record)
LIST(target_list, targets, target_record)
LIST(duty_list, duties, duty_record)
LIST(finding_list, findings, finding_record)

OPS(plan_ops,
    OP("plan.list", "/plans", OP_READ, PERM_READ, &plan_list_args, list, false, "Các kế hoạch đã phê duyệt",
       "The approved plans"),
    OP("plan.get", "/plans/{plan}", OP_READ, PERM_READ, &plan_get_args, get, false,
       "Một kế hoạch với số lượng từng phần", "A plan with what it counts"),
    OP("clause.list", "/plans/{plan}/clauses", OP_READ, PERM_READ, &plan_page_args, clause_list, false,
       "Các mục của một kế hoạch theo thứ tự văn bản", "The clauses of a plan in the order of the document"),
    OP("task.list", "/tasks", OP_READ, PERM_READ, &plan_page_args, task_list, false, "Các nhiệm vụ của một kế hoạch",
       "The tasks of a plan"),
    OP("programme.list", "/programmes", OP_READ, PERM_READ, &plan_page_args, programme_list, false,
       "Các chương trình của một kế hoạch", "The programmes of a plan"),
    OP("target.list", "/targets", OP_READ, PERM_READ, &plan_page_args, target_list, false,
       "Các mục tiêu của một kế hoạch", "The targets of a plan"),
    OP("duty.list", NULL, OP_READ, PERM_READ, &plan_page_args, duty_list, false,
       "Các trách nhiệm mà một kế hoạch đặt ra", "The duties a plan lays on bodies"),
    OP("finding.list", NULL, OP_READ, PERM_READ, &plan_page_args, finding_list, false,
       "Những điểm một kế hoạch còn bỏ ngỏ hoặc mâu thuẫn", "What a plan leaves open or contradicts"));
