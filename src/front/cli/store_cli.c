#include "base/period.h"
#include "front/cli/cli.h"
#include "front/doctor.h"
#include "front/finding.h"
#include "ledger/ledger.h"
#include "store/copy.h"
#include "store/file.h"

#include "base/banned.h"

/* What was copied is proved in the copy itself: its ledger is verified before the command says that it is done. */
static enum err verify_copy(struct cli *cli, struct str store, struct str named)
{
    struct ctx *c = cli->c;
    struct verdict verdict;
    TRY(db_open(c, c->arena, store, DB_READ, &c->db));
    TRY(ledger_verify_store(c, S(""), &verdict));
    if (!verdict.whole)
        return FAIL_AT(c, E_INVALID, cli_store_shown(named), 0, "đã chép xong, nhưng sổ cái không nguyên vẹn: %.*s",
                       ARGS(verdict.reason));
    out_put(cli->out, verdict.reason);
    out_char(cli->out, '\n');
    return OK;
}

static enum err backup(struct cli *cli)
{
    struct str file = cli->args.v[0];
    TRY(store_backup(cli->c, cli->store, file));
    TRY(verify_copy(cli, file, file));
    out_fmt(cli->out,
            "Đã sao lưu vào %.*s. Khóa niêm phong không nằm trong đó: hãy cất giữ một bản của %.*s ở nơi khác "
            "(backed up, without the key).\n",
            ARGS(file), ARGS(ledger_key_path(cli->c, cli->store)));
    return OK;
}

static enum err restore(struct cli *cli)
{
    struct writer *writer;
    TRY(store_restore(cli->c, cli->args.v[0], cli->store));
    TRY(cli_writer(cli, &writer)); /* a backup of an older program could not be searched */
    return verify_copy(cli, cli->store, cli->args.v[0]);
}

static enum err copy(struct cli *cli)
{
    TRY(store_copy(cli->c, cli->args.v[0], cli->args.v[1]));
    return verify_copy(cli, cli->args.v[1], cli->args.v[0]);
}

static enum err drop_parts(struct ctx *c, void *arg)
{
    return file_drop_unnamed(c, ctx_now(c) - DAY_US, arg);
}

static enum err mend(struct cli *cli)
{
    int64_t parts;
    TRY(cli_write(cli, drop_parts, &parts, NULL));
    return cli_write(cli, finding_make, NULL, NULL);
}

static void put_doctor(struct cli *cli, const struct doctor *d)
{
    if (cli->form == EMIT_TEXT) {
        for (size_t i = 0; i < d->n; i++) {
            const struct doctor_check *check = &d->v[i];
            out_fmt(cli->out, "%-10.*s  %-8.*s  %.*s\n", ARGS(check->name), ARGS(check->state), ARGS(check->found));
            if (check->mend.p)
                out_fmt(cli->out, "%22s→ %.*s\n", "", ARGS(check->mend));
        }
        return;
    }
    struct emit e;
    emit_init(&e, cli->out, cli->form);
    emit_map(&e);
    emit_key(&e, S("problems"));
    emit_i64(&e, (int64_t)d->problems);
    emit_key(&e, S("checks"));
    emit_list(&e);
    for (size_t i = 0; i < d->n; i++)
        emit_record(&e, &doctor_check_record, &d->v[i]);
    emit_end(&e);
    emit_end(&e);
}

static enum err doctor(struct cli *cli)
{
    struct doctor d;
    cli->writes = cli_option(cli, "mend").p != NULL;
    cli->any_schema = !cli->writes;
    TRY(cli_open(cli));
    if (cli_option(cli, "mend").p)
        TRY(mend(cli));
    enum err e = doctor_examine(cli->c, cli->store, &d);
    if (e) {
        cli->c->error.file = cli_store_shown(cli->store);
        return e;
    }
    put_doctor(cli, &d);
    if (d.problems)
        return FAIL_AT(cli->c, E_INVALID, cli_store_shown(cli->store), 0,
                       "có %zu điều phải khắc phục (problems were found)", d.problems);
    return OK;
}

static const struct cli_option store_options[] = {CLI_STORE, {0}};
static const struct cli_option doctor_options[] = {
    CLI_STORE,
    CLI_FORMAT,
    {"mend", NULL, 0, NULL, "dọn những phần tệp bỏ dở quá một ngày, lập lại chỉ mục tìm kiếm, rồi mới kiểm tra",
     "first drop parts of files that were never finished and are older than a day, and make the search index anew"},
    {0},
};

CLI_COMMANDS(cli_store_commands,
             {.words = "backup",
              .arguments = "FILE",
              .vi = "Sao lưu cả kho, kể cả tệp đính kèm, vào một tệp mới; hệ thống vẫn chạy được trong lúc đó",
              .en = "Back up the whole store, files included, into one new file; the system may run meanwhile",
              .min = 1,
              .max = 1,
              .options = store_options,
              .run = backup},
             {.words = "restore",
              .arguments = "FILE",
              .vi = "Khôi phục một bản sao lưu vào kho còn trống, rồi kiểm tra sổ cái của nó",
              .en = "Restore a backup into a store that is empty, and verify its ledger",
              .min = 1,
              .max = 1,
              .options = store_options,
              .run = restore},
             {.words = "store copy",
              .arguments = "FROM TO",
              .vi = "Chép cả hệ thống sang kho khác còn trống: giữa SQLite và PostgreSQL, chiều nào cũng được",
              .en = "Copy a system into another, empty store: between SQLite and PostgreSQL, either way",
              .min = 2,
              .max = 2,
              .run = copy},
             {.words = "doctor",
              .arguments = "",
              .vi = "Khám kho: cấu trúc, hư hỏng, sổ cái, tệp, khóa; kể từng điều và cách khắc phục",
              .en = "Examine the store: schema, damage, ledger, files, key; tell each finding and how to mend it",
              .options = doctor_options,
              .run = doctor});
