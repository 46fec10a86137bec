/* Operations on plans: the list of them, one with its counts, and the lists of what is in it. */
#include "base/period.h"
#include "domain/op.h"
#include "domain/plan/list.h"
#include "ledger/ledger.h"

#include "base/banned.h"

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

/* A page of a list: {"items": […], "next": …, "count": …}. */
static void begin_items(struct emit *e)
{
    emit_map(e);
    emit_key(e, S("items"));
    emit_list(e);
}

static void end_items(struct emit *e, struct str next, int64_t count)
{
    emit_end(e);
    emit_key(e, S("next"));
    emit_text(e, next);
    if (count != I64_NONE) {
        emit_key(e, S("count"));
        emit_i64(e, count);
    }
    emit_end(e);
}

#define EMIT_PAGE(e, page, r, count)                                                                                   \
    do {                                                                                                               \
        begin_items(e);                                                                                                \
        for (size_t i_ = 0; i_ < (page).n; i_++)                                                                       \
            emit_record((e), (r), &(page).v[i_]);                                                                      \
        end_items((e), (page).next, (count));                                                                          \
    } while (0)

static enum err clause_list(struct ctx *c, const struct op_call *call)
{
    struct clause_page page;
    TRY(list_clauses(c, call->args, &page));
    EMIT_PAGE(call->emit, page, &clause_record, I64_NONE);
    return OK;
}

/* A count that was asked for is of all rows, however many. */
static enum err tasks(struct ctx *c, const struct op_call *call, bool programmes)
{
    const struct task_query *q = call->args;
    struct task_page page;
    struct task_count n = {0};
    TRY(list_tasks(c, q, programmes, &page));
    if (q->count && !list_task_counted(q, &page, &n))
        TRY(list_task_count(c, q, programmes, INT64_MAX - 1, &n));
    EMIT_PAGE(call->emit, page, programmes ? &programme_item_record : &task_item_record, q->count ? n.shown : I64_NONE);
    return OK;
}

static enum err task_list(struct ctx *c, const struct op_call *call)
{
    return tasks(c, call, false);
}

static enum err programme_list(struct ctx *c, const struct op_call *call)
{
    return tasks(c, call, true);
}

struct item_args {
    struct str id;
    int32_t as_of;
};
RECORD(plan_item_args, struct item_args, "item.get", "Đối số của task.get, programme.get, target.get",
       {"id", FIELD_TEXT, offsetof(struct item_args, id), .doc = "tên kế hoạch, chấm, mục: 06-nq-tu.III.3.3",
        .required = true},
       AS_OF(item_args));

static enum err task_get(struct ctx *c, const struct op_call *call)
{
    const struct item_args *args = call->args;
    struct task_detail d;
    TRY(list_task_get(c, args->id, false, args->as_of, &d));
    emit_record(call->emit, &task_detail_record, &d);
    return OK;
}

static enum err programme_get(struct ctx *c, const struct op_call *call)
{
    const struct item_args *args = call->args;
    struct task_detail d;
    TRY(list_task_get(c, args->id, true, args->as_of, &d));
    emit_record(call->emit, &programme_detail_record, &d);
    return OK;
}

static enum err target_list(struct ctx *c, const struct op_call *call)
{
    const struct target_query *q = call->args;
    struct target_page page;
    struct target_count n = {0};
    TRY(list_targets(c, q, &page));
    if (q->count)
        TRY(list_target_count(c, q, INT64_MAX - 1, &n));
    EMIT_PAGE(call->emit, page, &target_item_record, q->count ? n.n : I64_NONE);
    return OK;
}

static enum err target_get(struct ctx *c, const struct op_call *call)
{
    const struct item_args *args = call->args;
    struct target_detail d;
    TRY(list_target_get(c, args->id, args->as_of, &d));
    emit_record(call->emit, &target_detail_record, &d);
    return OK;
}

static enum err duty_list(struct ctx *c, const struct op_call *call)
{
    const struct duty_query *q = call->args;
    struct duty_page page;
    struct duty_count n = {0};
    TRY(list_duties(c, q, &page));
    if (q->count)
        TRY(list_duty_count(c, q, INT64_MAX - 1, &n));
    EMIT_PAGE(call->emit, page, &duty_item_record, q->count ? n.n : I64_NONE);
    return OK;
}

static enum err finding_list(struct ctx *c, const struct op_call *call)
{
    const struct finding_query *q = call->args;
    struct finding_page page;
    struct finding_count n = {0};
    TRY(list_findings(c, q, &page));
    if (q->count)
        TRY(list_finding_count(c, q, INT64_MAX - 1, &n));
    EMIT_PAGE(call->emit, page, &finding_item_record, q->count ? n.n : I64_NONE);
    return OK;
}

OPS(plan_ops,
    OP_LISTS(&plan_row_record, "plan.list", "/plans", OP_READ, PERM_READ, &plan_list_args, list, false,
             "Các kế hoạch đã phê duyệt", "The approved plans"),
    OP_GIVES(&plan_row_record, "plan.get", "/plans/{plan}", OP_READ, PERM_READ, &plan_get_args, get, false,
             "Một kế hoạch với số lượng từng phần", "A plan with what it counts"),
    OP_LISTS(&clause_record, "clause.list", "/plans/{plan}/clauses", OP_READ, PERM_READ, &clause_query_record,
             clause_list, false, "Các mục của một kế hoạch theo thứ tự văn bản",
             "The clauses of a plan in the order of the document"),
    OP_LISTS(&task_item_record, "task.list", "/tasks", OP_READ, PERM_READ, &task_query_record, task_list, false,
             "Các nhiệm vụ, có bộ lọc", "The tasks, filtered"),
    OP_GIVES(&task_detail_record, "task.get", "/tasks/{id}", OP_READ, PERM_READ, &plan_item_args, task_get, false,
             "Một nhiệm vụ với những điểm phát hiện và mục tiêu của nó",
             "A task with what is found about it and its targets"),
    OP_LISTS(&programme_item_record, "programme.list", "/programmes", OP_READ, PERM_READ, &task_query_record,
             programme_list, false, "Các chương trình, có bộ lọc", "The programmes, filtered"),
    OP_GIVES(&programme_detail_record, "programme.get", "/programmes/{id}", OP_READ, PERM_READ, &plan_item_args,
             programme_get, false, "Một chương trình với những điểm phát hiện và mục tiêu của nó",
             "A programme with what is found about it and its targets"),
    OP_LISTS(&target_item_record, "target.list", "/targets", OP_READ, PERM_READ, &target_query_record, target_list,
             false, "Các mục tiêu, có bộ lọc", "The targets, filtered"),
    OP_GIVES(&target_detail_record, "target.get", "/targets/{id}", OP_READ, PERM_READ, &plan_item_args, target_get,
             false, "Một mục tiêu với những mục tiêu mâu thuẫn với nó", "A target with those that contradict it"),
    OP_LISTS(&duty_item_record, "duty.list", "/duties", OP_READ, PERM_READ, &duty_query_record, duty_list, false,
             "Các trách nhiệm mà kế hoạch đặt ra, có bộ lọc", "The duties that plans lay on bodies, filtered"),
    OP_LISTS(&finding_item_record, "finding.list", "/findings", OP_READ, PERM_READ, &finding_query_record, finding_list,
             false, "Những điểm kế hoạch còn bỏ ngỏ hoặc mâu thuẫn, có bộ lọc",
             "What plans leave open or contradict, filtered"));
