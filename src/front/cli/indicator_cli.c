#include "domain/indicator/dictionary_store.h"
#include "front/cli/cli.h"

#include <inttypes.h>
#include <string.h>

#include "base/banned.h"

enum { FILE_MAX = 16 << 20 };

static struct str base_name(struct str path)
{
    const char *slash = path.n ? memrchr(path.p, '/', path.n) : NULL;
    return slash ? str_skip(path, (size_t)(slash - path.p) + 1) : path;
}

static enum err read_files(struct cli *cli, struct indicator_load *load)
{
    if (!cli->args.n) {
        struct org_files shipped = dictionary_files_builtin(cli->c);
        load->files = shipped.v;
        load->n_files = shipped.n;
        return OK;
    }
    struct org_file *files = NEWN(cli->c->arena, struct org_file, cli->args.n);
    for (size_t i = 0; i < cli->args.n; i++) {
        files[i].name = base_name(cli->args.v[i]);
        TRY(cli_read_file(cli, cli->args.v[i], FILE_MAX, &files[i].content));
    }
    load->files = files;
    load->n_files = cli->args.n;
    return OK;
}

/* A store that is not there yet is an empty one. */
static enum err check_only(struct cli *cli, struct indicator_load *load)
{
    enum err e = cli_open(cli);
    if (e && e != E_NOTFOUND)
        return e;
    return indicator_load_check(cli->c, load);
}

static void put_load(struct out *o, const struct indicator_load *load, bool dry, int64_t position)
{
    if (dry)
        out_put(o, S("Chỉ kiểm tra, chưa ghi gì (nothing was written). "));
    else if (load->added + load->changed)
        out_fmt(o, "Đã nạp danh mục chỉ tiêu ở vị trí %" PRId64 " của sổ cái. ", position);
    else
        out_put(o, S("Danh mục chỉ tiêu không thay đổi. "));
    out_fmt(o, "Dòng: thêm %" PRId64 ", sửa %" PRId64 ", giữ nguyên %" PRId64 " (added, changed, unchanged).\n",
            load->added, load->changed, load->unchanged);
}

static enum err load(struct cli *cli)
{
    struct indicator_load load = {0};
    int64_t position = 0;
    bool dry = cli_option(cli, "dry-run").p != NULL;
    TRY(read_files(cli, &load));
    TRY(dry ? check_only(cli, &load) : cli_write(cli, indicator_load_run, &load, &position));
    if (cli->form == EMIT_TEXT) {
        put_load(cli->out, &load, dry, position);
        return OK;
    }
    struct emit e;
    emit_init(&e, cli->out, cli->form);
    emit_map(&e);
    emit_fields(&e, &indicator_load_record, &load);
    emit_key(&e, S("position"));
    emit_i64(&e, position && load.added + load.changed ? position : I64_NONE);
    emit_key(&e, S("dry_run"));
    emit_bool(&e, dry);
    emit_end(&e);
    return OK;
}

static enum err list(struct cli *cli)
{
    const struct dictionary *d;
    int64_t at;
    TRY(cli_position(cli, &at));
    TRY(cli_open(cli));
    TRY(dictionary_from_store(cli->c, at, &d));
    struct indicators all = dictionary_indicators(d);
    if (str_eq(cli_option(cli, "format"), S("csv"))) {
        csv_header(cli->out, &indicator_record);
        for (size_t i = 0; i < all.n; i++)
            csv_row(cli->out, &indicator_record, all.v[i]);
        return OK;
    }
    if (cli->form == EMIT_TEXT) {
        for (size_t i = 0; i < all.n; i++)
            out_fmt(cli->out, "%-20.*s %.*s%s%.*s%s\n", ARGS(all.v[i]->code), ARGS(all.v[i]->name),
                    all.v[i]->unit.n ? ", " : "", ARGS(all.v[i]->unit), all.v[i]->confirmed ? "" : " (chưa xác minh)");
        return OK;
    }
    struct emit e;
    emit_init(&e, cli->out, cli->form);
    emit_list(&e);
    for (size_t i = 0; i < all.n; i++)
        emit_record(&e, &indicator_record, all.v[i]);
    emit_end(&e);
    return OK;
}

static const struct cli_option load_options[] = {
    CLI_STORE,
    CLI_FORMAT,
    {"dry-run", NULL, 0, NULL, "chỉ kiểm tra và đếm, không ghi gì", "check and count only, write nothing"},
    {0},
};
static const struct cli_option list_options[] = {
    CLI_STORE,
    {"format", "json|text|csv", 0, "json|text|csv", "dạng kết quả (mặc định: text)",
     "form of the result (default: text)"},
    CLI_AS_OF,
    {0},
};

CLI_COMMANDS(
    cli_indicator_commands,
    {.words = "indicator load",
     .arguments = "[TỆP.csv…]",
     .vi = "Nạp danh mục chỉ tiêu, bộ chỉ số, mục tiêu từ tệp CSV; không có tệp thì nạp danh mục đi kèm chương trình",
     .en = "Load indicators, sets and goals from CSV files; without one, the dictionary that ships with the program",
     .max = 64,
     .options = load_options,
     .run = load},
    {.words = "indicator list",
     .arguments = "",
     .vi = "Liệt kê các chỉ tiêu trong kho",
     .en = "List the indicators in the store",
     .options = list_options,
     .run = list});
