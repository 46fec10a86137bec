#include "front/ops.h"

#include "domain/access/viewer.h"

#include "base/banned.h"

/* One line for each feature with operations. */
extern const struct op_table access_ops, compare_ops, draft_ops, entry_ops, geo_ops, indicator_ops, ledger_ops, org_ops,
    owed_ops, plan_ops, search_ops, sight_ops, standing_ops, value_load_ops, value_ops;

const struct op_table *const op_tables[] = {
    &access_ops, &compare_ops, &draft_ops,  &entry_ops, &geo_ops,      &indicator_ops,  &ledger_ops, &org_ops,
    &owed_ops,   &plan_ops,    &search_ops, &sight_ops, &standing_ops, &value_load_ops, &value_ops,  NULL,
};

const struct op *op_find(struct str name)
{
    for (const struct op_table *const *t = op_tables; *t; t++)
        for (size_t i = 0; i < (*t)->n; i++)
            if (str_eq(name, str_of((*t)->v[i].name)))
                return &(*t)->v[i];
    return NULL;
}

struct calling {
    const struct op *op;
    const struct op_call *call;
};

static enum err run_in_writer(struct ctx *c, void *arg)
{
    const struct calling *calling = arg;
    return calling->op->run(c, calling->call);
}

enum err op_run(struct ctx *c, const struct op *op, const struct op_call *call, struct writer *writer,
                int64_t *ret_position)
{
    TRY(access_check(c, op));
    struct op_call prepared = *call;
    struct calling calling = {op, &prepared};
    struct command command = {.run = run_in_writer, .arg = &calling};
    prepared.writer = writer;
    if (op->prepare)
        TRY(op->prepare(c, &prepared));
    enum err e = op->kind == OP_READ ? op->run(c, call) : writer_run(writer, c, &command);
    if (!e && ret_position)
        *ret_position = command.position;
    return e;
}
