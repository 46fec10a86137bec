#include "front/cli/cli.h"
#include "ledger/ledger.h"

#include <inttypes.h>

#include "base/banned.h"

static void put_verdict(struct cli *cli, const struct verdict *v)
{
    struct emit e;
    emit_init(&e, cli->out, cli->form);
    emit_record(&e, &verdict_record, v);
}

/* A broken ledger is a refusal whose message names the place; the verdict itself goes to the output all the same. */
static enum err judge(struct cli *cli, struct str file, const struct verdict *v)
{
    put_verdict(cli, v);
    if (v->whole)
        return OK;
    unsigned line = v->broken_line > 0 && v->broken_line <= UINT32_MAX ? (unsigned)v->broken_line : 0;
    return FAIL_AT(cli->c, E_INVALID, file, line, "sổ cái không nguyên vẹn ở vị trí %" PRId64 ": %.*s", v->broken_at,
                   ARGS(v->reason));
}

static enum err verify(struct cli *cli)
{
    struct verdict verdict;
    struct str root = cli_option(cli, "root"), file = cli->args.n ? cli->args.v[0] : cli->store;
    if (root.p && !ledger_is_root(root))
        return cli_wrong_use(
            cli, "--root phải có dạng VỊ-TRÍ:HEX với 64 chữ số hex thường, không phải \"%.*s\" (not a root)",
            ARGS(root));
    if (cli->args.n) {
        TRY(ledger_verify_file(cli->c, file, root.p ? root : S(""), &verdict));
    } else {
        TRY(cli_open(cli));
        TRY(ledger_verify_store(cli->c, root.p ? root : S(""), &verdict));
    }
    return judge(cli, cli->args.n ? file : S(""), &verdict);
}

static enum err export(struct cli *cli) {
    TRY(cli_open(cli)); TRY(ledger_export(cli->c, cli->args.v[0]));
    out_fmt(cli->out, "Đã ghi sổ cái ra %.*s; trong đó có dữ liệu cá nhân, chỉ chủ tệp đọc được (exported).\n",
            ARGS(cli->args.v[0]));
    return OK;
}

static enum err run_seal(struct ctx *c, void *arg)
{
    return ledger_seal(c, arg);
}

static enum err seal(struct cli *cli)
{
    struct ledger_key key;
    struct ledger_sealed sealed;
    struct writer *writer;
    cli->writes = true;
    TRY(cli_open(cli)); /* a mistyped name is refused, not made into a store and a key */
    TRY(cli_writer(cli, &writer));
    TRY(ledger_key_load(cli->c, ledger_key_path(cli->c, cli->store), true, &key));
    TRY(cli_write(cli, run_seal, &key, NULL));
    TRY(ledger_last_seal(cli->c, &sealed));
    struct emit e;
    emit_init(&e, cli->out, cli->form);
    emit_record(&e, &ledger_sealed_record, &sealed);
    return OK;
}

static const struct cli_option verify_options[] = {
    CLI_STORE,
    CLI_FORMAT,
    {"root", "POSITION:HEX", 0, NULL, "gốc đã công bố mà sổ cái phải đi qua",
     "a published root that the ledger must pass through"},
    {0},
};
static const struct cli_option store_options[] = {CLI_STORE, {0}};
static const struct cli_option seal_options[] = {CLI_STORE, CLI_FORMAT, {0}};

CLI_COMMANDS(
    cli_ledger_commands,
    {.words = "ledger verify",
     .arguments = "[FILE]",
     .vi = "Kiểm tra sổ cái trong kho, hoặc trong tệp đã xuất (không cần kho): không có gì bị sửa, bớt, thêm",
     .en = "Verify the ledger of the store, or of an exported file (needs no store): nothing changed, removed, added",
     .max = 1,
     .options = verify_options,
     .run = verify},
    {.words = "ledger export",
     .arguments = "FILE",
     .vi = "Ghi toàn bộ sổ cái ra một tệp dòng JSON để người khác kiểm tra được",
     .en = "Write the whole ledger to a file of JSON lines that others can verify",
     .min = 1,
     .max = 1,
     .options = store_options,
     .run = export},
    {.words = "ledger seal",
     .arguments = "",
     .vi = "Niêm phong sổ cái bằng khóa của kho, in gốc để công bố",
     .en = "Seal the ledger with the key of the store and print the root to be published",
     .options = seal_options,
     .run = seal});
