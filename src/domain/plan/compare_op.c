/* Operations on the versions of a plan: which there are, and how two of them differ. */
#include "domain/op.h"
#include "domain/plan/compare.h"

#include "base/banned.h"

#define PLAN(type)                                                                                                     \
    {                                                                                                                  \
        "plan", FIELD_TEXT, offsetof(struct type, plan), .doc = "tên kế hoạch (slug)", .required = true                \
    }

struct versions_args {
    struct str plan;
};
struct compare_args {
    struct str plan, from, to;
};
RECORD(plan_compare_args, struct compare_args, "plan.compare", "Đối số của plan.compare", PLAN(compare_args),
       {"from", FIELD_TEXT, offsetof(struct compare_args, from),
        .doc = "phiên bản trước: vị trí trong sổ cái, hoặc ngày như 2026-11-30 (mặc định: phiên bản ngay trước)"},
       {"to", FIELD_TEXT, offsetof(struct compare_args, to),
        .doc = "phiên bản sau: vị trí hoặc ngày (mặc định: mới nhất)"});
RECORD(plan_versions_args, struct versions_args, "plan.versions", "Đối số của plan.versions", PLAN(versions_args));

static enum err versions(struct ctx *c, const struct op_call *call)
{
    const struct versions_args *args = call->args;
    struct plan_versions all;
    TRY(plan_versions(c, args->plan, &all));
    emit_map(call->emit);
    emit_key(call->emit, S("items"));
    emit_list(call->emit);
    for (size_t i = 0; i < all.n; i++)
        emit_record(call->emit, &plan_version_record, &all.v[i]);
    emit_end(call->emit);
    emit_key(call->emit, S("next"));
    emit_null(call->emit);
    emit_end(call->emit);
    return OK;
}

static void put_versions(struct emit *e, const struct plan_version *from, const struct plan_version *to,
                         const struct plan_changes *changes)
{
    emit_key(e, S("from"));
    emit_record(e, &plan_version_record, from);
    emit_key(e, S("to"));
    emit_record(e, &plan_version_record, to);
    emit_key(e, S("same"));
    emit_bool(e, changes->rows.n == 0);
    emit_key(e, S("tallies"));
    emit_list(e);
    for (size_t i = 0; i < changes->tallies.n; i++)
        emit_record(e, &plan_tally_record, &changes->tallies.v[i]);
    emit_end(e);
}

static enum err compare(struct ctx *c, const struct op_call *call)
{
    const struct compare_args *args = call->args;
    struct emit *e = call->emit;
    struct plan_versions all;
    struct plan_version from, to;
    struct draft before, after;
    struct plan_changes changes;
    TRY(plan_versions(c, args->plan, &all));
    TRY(plan_version_pair(c, &all, args->from, args->to, &from, &to));
    TRY(plan_version_read(c, args->plan, from.position, &before));
    TRY(plan_version_read(c, args->plan, to.position, &after));
    plan_compare(c, &before, &after, &changes);
    emit_map(e);
    /* As a table, the differences alone. */
    if (e->form != EMIT_ROWS)
        put_versions(e, &from, &to, &changes);
    emit_key(e, S("items"));
    emit_list(e);
    for (size_t i = 0; i < changes.rows.n; i++)
        emit_record(e, &plan_change_record, &changes.rows.v[i]);
    emit_end(e);
    emit_key(e, S("next"));
    emit_null(e);
    emit_end(e);
    return OK;
}

OPS(compare_ops,
    OP_LISTS(&plan_version_record, "plan.versions", "/plans/{plan}/versions", OP_READ, PERM_READ, &plan_versions_args,
             versions, false, "Các phiên bản của một kế hoạch, mới nhất trước",
             "The versions of a plan, the newest first"),
    OP_LISTS(&plan_change_record, "plan.compare", "/plans/{plan}/compare", OP_READ, PERM_READ, &plan_compare_args,
             compare, false, "Hai phiên bản của một kế hoạch khác nhau ở đâu",
             "What two versions of a plan differ in"));
