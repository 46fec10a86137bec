#include "domain/indicator/value_form.h"
#include "domain/indicator/value_load.h"
#include "front/cli/cli.h"

#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

#include "base/banned.h"

static struct str base_name(struct str path)
{
    const char *slash = path.n ? memrchr(path.p, '/', path.n) : NULL;
    return slash ? str_skip(path, (size_t)(slash - path.p) + 1) : path;
}

static void put_load(struct cli *cli, const struct value_load *load, bool dry)
{
    struct out *o = cli->out;
    for (size_t i = 0; i < load->problems.n; i++) {
        bool error = str_eq(load->problems.v[i].severity, S("error"));
        if (error && !dry)
            continue; /* the refusal has them */
        out_put(o, error ? S("lỗi (error): ") : S("nên xem lại (warning): "));
        out_put(o, value_problem_text(cli->c, &load->problems.v[i]));
        out_char(o, '\n');
    }
    size_t told = load->problems.n, all = load->problems.errors + load->problems.warnings;
    if (all > told && (dry || !load->problems.errors))
        out_fmt(o, "… và %zu chỗ nữa (and more)\n", all - told);
    out_fmt(o, "Ô có số: %" PRId64 ", không có số: %" PRId64 " (figures, without one).\n", load->cells, load->empty);
    if (dry)
        out_put(o, S("Chỉ kiểm tra, chưa ghi gì (nothing was written).\n"));
    if (dry && !load->problems.errors && load->outcome.added != I64_NONE)
        out_fmt(o,
                "Nếu nạp: thêm %" PRId64 ", sửa %" PRId64 ", giữ nguyên %" PRId64 " (it would add, change, leave).\n",
                load->outcome.added, load->outcome.changed, load->outcome.same);
    if (!dry && load->outcome.position)
        out_fmt(o,
                "Đã nạp ở vị trí %" PRId64 " của sổ cái: thêm %" PRId64 ", sửa %" PRId64 ", giữ nguyên %" PRId64
                " (added, changed, same).\n",
                load->outcome.position, load->outcome.added, load->outcome.changed, load->outcome.same);
    else if (!dry && !load->problems.errors)
        out_put(o, S("Số liệu không thay đổi (nothing changed).\n"));
}

static void emit_load(struct cli *cli, const struct value_load *load, bool dry)
{
    struct emit e;
    emit_init(&e, cli->out, cli->form);
    emit_map(&e);
    emit_key(&e, S("dry_run"));
    emit_bool(&e, dry);
    emit_key(&e, S("batch"));
    emit_i64(&e, load->outcome.position ? load->outcome.position : I64_NONE);
    value_load_emit(&e, load);
    emit_end(&e);
}

static enum err write_load(struct cli *cli, struct value_load *load)
{
    struct writer *w;
    TRY(cli_writer(cli, &w));
    TRY(value_load_stage(cli->c, w, load));
    return cli_write(cli, value_load_run, load, NULL);
}

static enum err load(struct cli *cli)
{
    struct ctx *c = cli->c;
    struct str path = cli->args.v[0], source = cli_option(cli, "source"), reason = cli_option(cli, "reason");
    bool dry = cli_option(cli, "dry-run").p != NULL;
    struct value_load load = {.name = base_name(path),
                              .source = source,
                              .reason = reason,
                              .official = cli_option(cli, "official").p != NULL,
                              .marks = value_load_marks(cli_option(cli, "numbers"))};
    cli->writes = !dry;
    TRY(cli_read_file(cli, path, VALUE_LOAD_BYTES, &load.content));
    TRY(cli_open(cli));
    TRY(value_load_check(c, &load));
    if (!dry && !load.problems.errors)
        TRY(write_load(cli, &load));
    if (cli->form == EMIT_TEXT)
        put_load(cli, &load, dry);
    else
        emit_load(cli, &load, dry);
    if (dry && load.problems.errors)
        return FAIL_AT(c, E_INVALID, load.name, 0, "số liệu có %zu lỗi (errors)", load.problems.errors);
    return value_refuse(c, load.name, &load.problems);
}

static const struct cli_option load_options[] = {
    CLI_STORE,
    CLI_FORMAT,
    {"dry-run", NULL, 0, NULL, "chỉ kiểm tra: mọi chỗ sai và nên xem lại, không ghi gì",
     "check only: all that is wrong or worth a look, write nothing"},
    {"source", "NAME", 0, NULL, "nguồn của những dòng không ghi nguồn", "the source of rows that do not say"},
    {"reason", "TEXT", 0, NULL, "lý do của những dòng không ghi lý do; cần khi sửa số chính thức",
     "the reason of rows that do not say; needed to correct official figures"},
    {"official", NULL, 0, NULL, "số chính thức, ở những dòng không ghi là tạm tính (mặc định: tạm tính)",
     "figures are official unless a row says otherwise (default: provisional)"},
    {"numbers", "auto|comma|point", 0, "auto|comma|point", "dấu thập phân của các số trong tệp (mặc định: auto)",
     "the decimal mark of the file's numbers (default: auto)"},
    {0},
};

static enum err template(struct cli *cli) {
    struct ctx *c = cli->c; struct str file = cli_option(cli, "output"), bytes;
    struct value_form form = {.place = cli->args.v[0],
                              .period = cli->args.v[1],
                              .below = cli_option(cli, "below").p != NULL};
    if (!file.n) return cli_wrong_use(cli, "cần -o TỆP.xlsx (an output file is needed)");
    TRY(cli_open(cli));
    TRY(value_form_sheet(c, &form, &bytes));
    int fd = open(str_z(c->arena, file), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0) return FAIL(c, E_IO, "không mở được %.*s để ghi (cannot write)", ARGS(file));
    struct out o;
    out_init_fd(&o, c->arena, fd, SIZE_MAX);
    out_put(&o, bytes);
    bool good = out_flush(&o);
    good = close(fd) == 0 && good;
    return good ? OK : FAIL(c, E_IO, "không ghi được %.*s (cannot write)", ARGS(file));
}

static const struct cli_option template_options[] = {
    CLI_STORE,
    {"output", "TỆP.xlsx", 'o', NULL, "tệp để ghi", "the file to write"},
    {"below", NULL, 0, NULL, "một dòng cho mỗi địa bàn ngay bên dưới, một cột cho mỗi chỉ tiêu",
     "a row for each area right below, a column for each indicator"},
    {0},
};

CLI_COMMANDS(cli_value_commands,
             {.words = "value load",
              .arguments = "TỆP",
              .vi = "Nạp một tệp số liệu CSV hoặc XLSX; một dòng sai thì không ghi gì",
              .en = "Take in a file of figures, CSV or XLSX; nothing at all if a row is wrong",
              .min = 1,
              .max = 1,
              .options = load_options,
              .run = load},
             {.words = "value template",
              .arguments = "MÃ-NƠI KỲ",
              .vi = "Ghi biểu nhập số liệu (XLSX) của một nơi cho một kỳ; điền xong nạp lại bằng value load",
              .en = "Write the form (XLSX) of a place for a period; filled in, value load takes it back",
              .min = 2,
              .max = 2,
              .options = template_options,
              .run = template});
