#include "base/args.h"
#include "front/cli/cli.h"
#include "front/ops.h"

#include <inttypes.h>

#include "base/banned.h"

static void list_operations(struct cli *cli)
{
    for (const struct op_table *const *t = op_tables; *t; t++)
        for (size_t i = 0; i < (*t)->n; i++) {
            const struct op *op = &(*t)->v[i];
            out_fmt(cli->out, "%s\n    %s.\n    %s.\n", op->name, op->vi, op->en);
            for (size_t k = 0; op->args && k < op->args->n; k++) {
                const struct field *f = &op->args->fields[k];
                out_fmt(cli->out, "    --%s%s%s%s: %s\n", f->name, f->one_of ? " " : "", f->one_of ? f->one_of : "",
                        f->required ? " (*)" : "", f->doc);
            }
        }
}

static enum err read_arguments(struct cli *cli, const struct op *op, void *row)
{
    for (size_t i = 0; i < cli->given.n; i++) {
        struct cli_given given = cli->given.v[i];
        if (str_eq(given.name, S("store")) || str_eq(given.name, S("format")))
            continue;
        TRY(args_set(cli->c, op->args, row, given.name, given.value));
    }
    return args_check(cli->c, op->args, row);
}

/* The position lets whoever wrote read back what was written, wherever it is asked. */
static void put_written(struct cli *cli, int64_t position, struct str result)
{
    if (cli->form == EMIT_TEXT)
        out_fmt(cli->out, "%.*s%sposition: %" PRId64 "\n", ARGS(result), result.n ? "\n" : "", position);
    else
        out_fmt(cli->out, "{\"position\":%" PRId64 ",\"result\":%.*s}\n", position,
                ARGS(result.n ? result : S("null")));
}

static enum err call(struct cli *cli)
{
    struct ctx *c = cli->c;
    if (cli->args.n == 0) {
        list_operations(cli);
        return OK;
    }
    const struct op *op = op_find(cli->args.v[0]);
    if (!op)
        return cli_wrong_use(cli, "không có thao tác \"%.*s\"; hoalu call không đối số sẽ kể ra (no such operation)",
                             ARGS(cli->args.v[0]));
    void *row = args_new(c, op->args);
    TRY(read_arguments(cli, op, row));
    struct writer *writer = NULL;
    cli->writes = op->kind == OP_WRITE;
    TRY(cli_open(cli)); /* a mistyped name is refused, not made into a new store */
    if (op->kind == OP_WRITE)
        TRY(cli_writer(cli, &writer));
    /* Kept until the operation has succeeded: a failed one may have printed half of its answer. */
    struct out result;
    struct emit e;
    out_init(&result, c->arena, (size_t)1 << 30);
    emit_init(&e, &result, cli->form);
    struct op_call in = {.args = row, .emit = &e, .store = cli->store};
    int64_t position;
    TRY(op_run(c, op, &in, writer, &position));
    if (result.failed)
        return FAIL(c, E_LIMIT, "kết quả lớn quá 1 GiB (the result is too large)");
    if (op->kind == OP_WRITE)
        put_written(cli, position, str_trim(out_str(&result)));
    else
        out_put(cli->out, out_str(&result));
    return OK;
}

static const struct cli_option call_options[] = {CLI_STORE, CLI_FORMAT, {0}};

CLI_COMMANDS(cli_call_commands, {.words = "call",
                                 .arguments = "[OPERATION [--ARGUMENT VALUE…]]",
                                 .vi = "Chạy một thao tác của hệ thống theo tên; không có tên thì kể các thao tác",
                                 .en = "Run an operation by its name; without a name, list the operations",
                                 .max = 1,
                                 .options = call_options,
                                 .any_option = true,
                                 .run = call});
