#include "base/os.h"
#include "base/period.h"
#include "document/xlsx.h"
#include "domain/access/import.h"
#include "front/cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

#include "base/banned.h"

static const char ADDRESS_DEFAULT[] = "http://127.0.0.1:8057";

/* --- links --- */

struct inviting {
    struct str name;
    char token[ACCESS_TOKEN + 1];
};

static enum err invite(struct ctx *c, void *arg)
{
    struct inviting *i = arg;
    return access_invite(c, i->name, i->token);
}

static struct str link_of(struct cli *cli, struct str token)
{
    struct str address = cli_option(cli, "address");
    address = address.p ? address : str_of(ADDRESS_DEFAULT);
    while (address.n && address.p[address.n - 1] == '/')
        address.n--;
    return str_fmt(cli->c->arena, "%.*s/welcome/%.*s", ARGS(address), ARGS(token));
}

/* The link alone on its line, so that a script can take it. */
static enum err put_link(struct cli *cli, const struct inviting *i)
{
    struct str link = link_of(cli, str_of(i->token));
    if (cli->form == EMIT_TEXT) {
        out_fmt(cli->out,
                "Đường dẫn để %.*s chọn mật khẩu, dùng được một lần trong %d ngày; ai có nó đều dùng được (a link to "
                "choose a password with, good once):\n%.*s\n",
                ARGS(i->name), LINK_DAYS, ARGS(link));
        return OK;
    }
    struct emit e;
    emit_init(&e, cli->out, cli->form);
    emit_map(&e);
    emit_key(&e, S("name"));
    emit_text(&e, i->name);
    emit_key(&e, S("link"));
    emit_text(&e, link);
    emit_end(&e);
    return OK;
}

static enum err link_again(struct cli *cli)
{
    struct inviting i = {.name = cli->args.v[0]};
    TRY(cli_write(cli, invite, &i, NULL));
    return put_link(cli, &i);
}

/* --- accounts --- */

struct adding {
    struct account account;
    struct account_role role;
    struct inviting link;
};

static enum err add_account(struct ctx *c, void *arg)
{
    struct adding *a = arg;
    TRY(access_add(c, &a->account, &a->role));
    return invite(c, &a->link);
}

static enum err read_day(struct cli *cli, const char *option, int32_t *ret)
{
    struct str text = cli_option(cli, option);
    *ret = DAY_NONE;
    if (text.p && !day_parse(text, ret))
        return cli_wrong_use(cli, "--%s phải là một ngày như 2026-12-31, không phải \"%.*s\" (not a day)", option,
                             ARGS(text));
    return OK;
}

static enum err add(struct cli *cli)
{
    struct str name = cli->args.v[0], full_name = cli_option(cli, "full-name"), role = cli_option(cli, "role");
    struct adding a = {
        .account = {.name = name, .full_name = full_name.p ? full_name : name, .email = cli_option(cli, "email")},
        .role = {.account = name, .role = role, .org = cli_option(cli, "org")},
        .link = {.name = name}};
    if (!role.p)
        return cli_wrong_use(cli, "cần --role, một trong %s (a role is needed)", ACCESS_ROLES);
    TRY(read_day(cli, "from", &a.role.valid_from));
    TRY(read_day(cli, "to", &a.role.valid_to));
    TRY(cli_write(cli, add_account, &a, NULL));
    return put_link(cli, &a.link);
}

static void put_account(struct out *o, const struct account *a)
{
    char from[DAY_TEXT], to[DAY_TEXT];
    out_fmt(o, "%-24.*s %.*s%s\n", ARGS(a->name), ARGS(a->full_name),
            a->disabled        ? " (đã khóa)"
            : !a->has_password ? " (chưa chọn mật khẩu)"
                               : "");
    for (size_t i = 0; i < a->roles.n; i++) {
        const struct account_role *r = &a->roles.v[i];
        out_fmt(o, "    %.*s", ARGS(r->role));
        if (r->org.n)
            out_fmt(o, " %.*s", ARGS(r->org));
        if (r->valid_from != DAY_NONE)
            out_fmt(o, " từ %.*s", ARGS(day_text(r->valid_from, from)));
        if (r->valid_to != DAY_NONE)
            out_fmt(o, " đến %.*s", ARGS(day_text(r->valid_to, to)));
        out_char(o, '\n');
    }
}

/* --- as a table --- */

static enum err table_bytes(struct ctx *c, bool xlsx, struct str name, const struct record *r, const void *rows,
                            size_t n, struct str *ret)
{
    struct out o;
    struct xlsx x;
    out_init(&o, c->arena, XLSX_BYTES);
    if (xlsx) {
        xlsx_init(&x, c);
        xlsx_header(&x, r);
    } else {
        csv_header(&o, r);
    }
    for (size_t i = 0; i < n; i++) {
        const void *row = (const char *)rows + i * r->size;
        if (xlsx)
            xlsx_record(&x, r, row);
        else
            csv_row(&o, r, row);
    }
    *ret = out_str(&o);
    return xlsx ? xlsx_finish(&x, name, ret) : OK;
}

/* What a clerk hands out: who, where to reach them, and the link. */
struct handed {
    struct str name, full_name, email, org, link;
    int32_t until;
};
RECORD(handed_record, struct handed, "handed", "Đường dẫn để giao cho từng người",
       {"name", FIELD_TEXT, offsetof(struct handed, name)},
       {"full_name", FIELD_TEXT, offsetof(struct handed, full_name)},
       {"email", FIELD_TEXT, offsetof(struct handed, email)}, {"org", FIELD_TEXT, offsetof(struct handed, org)},
       {"link", FIELD_TEXT, offsetof(struct handed, link)}, {"until", FIELD_DAY, offsetof(struct handed, until)});

static enum err write_links(struct cli *cli, const struct import *import, struct str path, int fd)
{
    struct ctx *c = cli->c;
    struct handed *rows = NEWN(c->arena, struct handed, import->list.n + 1);
    bool xlsx = str_ends(path, S(".xlsx"));
    struct str bytes;
    for (size_t i = 0; i < import->list.n; i++) {
        const struct import_link *l = &import->list.v[i];
        rows[i] = (struct handed){l->name, l->full_name,           l->email,
                                  l->org,  link_of(cli, l->token), day_of_moment(ctx_now(c)) + LINK_DAYS};
    }
    TRY(table_bytes(c, xlsx, S("Đường dẫn"), &handed_record, rows, import->list.n, &bytes));
    struct out o;
    out_init_fd(&o, c->arena, fd, SIZE_MAX);
    if (!xlsx)
        out_put(&o, S("\xef\xbb\xbf")); /* by which spreadsheets know it for UTF-8 */
    out_put(&o, bytes);
    return out_flush(&o) && fsync(fd) == 0
               ? OK
               : FAIL_AT(
                     c, E_IO, path, 0,
                     "không ghi được tệp đường dẫn; hãy chạy lại lệnh này, mỗi người sẽ có đường dẫn mới (cannot be "
                     "written; run the command again): %s",
                     os_reason(errno));
}

/* The file of links is made before anything is changed, so that no link is lost for want of a place; only its owner may
 * read it. */
static enum err load_with_links(struct cli *cli, struct import *import, struct str path, int64_t *ret_position)
{
    struct ctx *c = cli->c;
    const char *z = str_z(c->arena, path);
    int fd = open(z, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return FAIL_AT(c, errno == EEXIST ? E_CONFLICT : E_IO, path, 0,
                       "không tạo được tệp đường dẫn, chưa thay đổi gì (the file of links cannot be made): %s",
                       os_reason(errno));
    enum err e = cli_write(cli, access_import_run, import, ret_position);
    bool changed = !e;
    if (!e)
        e = write_links(cli, import, path, fd);
    if (close(fd) && !e)
        e = FAIL_AT(c, E_IO, path, 0, "không ghi được (cannot be written): %s", os_reason(errno));
    if (!changed)
        unlink(z);
    return e;
}

static void put_import(struct cli *cli, const struct import *i, bool dry, int64_t position)
{
    struct out *o = cli->out;
    static const struct {
        const char *what, *vi;
    } words[] = {{"add", "thêm"},   {"change", "sửa"},    {"open", "mở lại"}, {"close", "khóa"},
                 {"grant", "giao"}, {"days", "đổi ngày"}, {"end", "thôi"}};
    for (size_t k = 0; dry && k < i->changes.n; k++) {
        const struct import_change *change = &i->changes.v[k];
        const struct account_row *row = &change->row;
        for (size_t w = 0; w < sizeof words / sizeof *words; w++)
            if (str_eq(change->what, str_of(words[w].what)))
                out_fmt(o, "dòng %" PRId64 ": %s %.*s", change->line, words[w].vi, ARGS(row->name));
        bool role =
            !str_eq(change->what, S("change")) && !str_eq(change->what, S("open")) && !str_eq(change->what, S("close"));
        if (role)
            out_fmt(o, " %.*s %.*s", ARGS(row->role), ARGS(row->org.n ? row->org : S("(toàn hệ thống)")));
        else if (str_eq(change->what, S("change")))
            out_fmt(o, ": %.*s %.*s", ARGS(row->full_name), ARGS(row->email));
        if (change->was.n)
            out_fmt(o, " (trước: %.*s)", ARGS(change->was));
        out_char(o, '\n');
    }
    if (dry)
        out_put(o, S("Chỉ kiểm tra, chưa ghi gì (nothing was written). "));
    else if (i->changes.n)
        out_fmt(o, "Đã nạp danh sách tài khoản ở vị trí %" PRId64 " của sổ cái. ", position);
    else
        out_put(o, S("Danh sách tài khoản không thay đổi. "));
    out_fmt(o,
            "Tài khoản: thêm %" PRId64 ", sửa %" PRId64 ", giữ nguyên %" PRId64
            "; vai trò: giao thêm hoặc đổi ngày %" PRId64 ", thôi %" PRId64
            " (accounts added, changed, unchanged; roles granted, ended).\n",
            i->added, i->changed, i->unchanged, i->granted, i->ended);
    if (i->links && dry)
        out_fmt(o, "Sẽ cấp %zu đường dẫn (links to be made).\n", i->list.n);
    else if (i->links)
        out_fmt(
            o,
            "Đã ghi %zu đường dẫn chọn mật khẩu, mỗi đường dẫn dùng được một lần trong %d ngày; ai có tệp đó đều dùng "
            "được: giao xong thì xóa (links written, good once; delete the file when they are handed out).\n",
            i->list.n, LINK_DAYS);
}

static enum err load(struct cli *cli)
{
    struct ctx *c = cli->c;
    struct str path = cli->args.v[0], links = cli_option(cli, "links");
    struct import import = {.file = path, .links = links.p != NULL};
    bool dry = cli_option(cli, "dry-run").p != NULL;
    int64_t position = 0;
    TRY(cli_read_file(cli, path, IMPORT_BYTES, &import.content));
    TRY(access_import_read(c, &import));
    cli->writes = !dry;
    TRY(cli_open(cli));
    TRY(access_import_check(c, &import));
    TRY(access_import_refuse(c, &import));
    if (!dry)
        TRY(links.p ? load_with_links(cli, &import, links, &position)
                    : cli_write(cli, access_import_run, &import, &position));
    import.list.n = links.p ? import.list.n : 0;
    if (cli->form == EMIT_TEXT) {
        put_import(cli, &import, dry, position);
        return OK;
    }
    for (size_t i = 0; i < import.list.n; i++)
        import.list.v[i].token = (struct str){0}; /* they stand in the file alone */
    struct emit e;
    emit_init(&e, cli->out, cli->form);
    emit_map(&e);
    emit_key(&e, S("dry_run"));
    emit_bool(&e, dry);
    emit_key(&e, S("position"));
    emit_i64(&e, (import.changes.n || import.list.n) && !dry ? position : I64_NONE);
    access_import_emit(&e, &import);
    emit_end(&e);
    return OK;
}

static enum err list(struct cli *cli)
{
    struct accounts all;
    struct str form = cli_option(cli, "format"), bytes;
    TRY(cli_open(cli));
    TRY(access_accounts(cli->c, &all));
    if (str_eq(form, S("csv")) || str_eq(form, S("xlsx"))) {
        struct account_rows rows;
        access_rows(cli->c, &all, &rows);
        TRY(table_bytes(cli->c, str_eq(form, S("xlsx")), S("Tài khoản"), &account_row_record, rows.v, rows.n, &bytes));
        out_put(cli->out, bytes);
        return OK;
    }
    if (cli->form == EMIT_TEXT) {
        for (size_t i = 0; i < all.n; i++)
            put_account(cli->out, &all.v[i]);
        return OK;
    }
    struct emit e;
    emit_init(&e, cli->out, cli->form);
    emit_list(&e);
    for (size_t i = 0; i < all.n; i++)
        emit_record(&e, &account_record, &all.v[i]);
    emit_end(&e);
    return OK;
}

static enum err close_account(struct ctx *c, void *arg)
{
    return access_disable(c, *(const struct str *)arg, true);
}

static enum err open_account(struct ctx *c, void *arg)
{
    return access_disable(c, *(const struct str *)arg, false);
}

static enum err disable(struct cli *cli)
{
    TRY(cli_write(cli, close_account, &cli->args.v[0], NULL));
    out_fmt(cli->out, "Đã khóa tài khoản %.*s và kết thúc các phiên của nó (closed).\n", ARGS(cli->args.v[0]));
    return OK;
}

static enum err enable(struct cli *cli)
{
    TRY(cli_write(cli, open_account, &cli->args.v[0], NULL));
    out_fmt(cli->out, "Đã mở lại tài khoản %.*s (opened again).\n", ARGS(cli->args.v[0]));
    return OK;
}

struct erasing {
    struct str name, reason;
    struct account_erased erased;
};

static enum err erase_person(struct ctx *c, void *arg)
{
    struct erasing *e = arg;
    return access_erase(c, e->name, e->reason, &e->erased);
}

static enum err erase(struct cli *cli)
{
    struct erasing e = {.name = cli->args.v[0], .reason = cli_option(cli, "reason")};
    if (!e.reason.n)
        return cli_wrong_use(cli, "cần --reason: xóa rồi không lấy lại được, và lý do đứng trong sổ cái (a reason is "
                                  "needed: it cannot be undone)");
    TRY(cli_write(cli, erase_person, &e, NULL));
    out_fmt(cli->out,
            "Đã xóa hẳn dữ liệu cá nhân của tài khoản %.*s: nội dung của %" PRId64 " sự kiện, %" PRId64
            " danh tính ngoài; các phiên của nó đã kết thúc. Bản sao lưu và tệp đã xuất từ trước vẫn còn giữ (erased; "
            "backups and exports made before keep it).\n",
            ARGS(e.name), e.erased.events, e.erased.identities);
    return OK;
}

#define ADDRESS                                                                                                        \
    {                                                                                                                  \
        "address", "URL", 0, NULL, "địa chỉ của máy chủ trong đường dẫn (mặc định http://127.0.0.1:8057)",             \
            "address of the server in the link (default http://127.0.0.1:8057)"                                        \
    }
static const struct cli_option add_options[] = {
    CLI_STORE,
    CLI_FORMAT,
    {"role", "ROLE", 0, ACCESS_ROLES, "vai trò", "the role"},
    {"org", "CODE", 0, NULL, "mã cơ quan (mặc định: toàn hệ thống)", "code of the body (default: the whole system)"},
    {"full-name", "NAME", 0, NULL, "họ và tên (mặc định: tên đăng nhập)", "the person's name (default: the account's)"},
    {"email", "ADDRESS", 0, NULL, "thư điện tử", "address of e-mail"},
    {"from", "DATE", 0, NULL, "giữ vai trò từ ngày này", "holds the role from this day"},
    {"to", "DATE", 0, NULL, "đến hết ngày này", "to the end of this day"},
    ADDRESS,
    {0},
};
static const struct cli_option load_options[] = {
    CLI_STORE,
    CLI_FORMAT,
    {"dry-run", NULL, 0, NULL, "chỉ xem sẽ thay đổi gì, không ghi gì", "only show what would change, write nothing"},
    {"links", "FILE", 0, NULL,
     "ghi vào tệp mới này (.csv, .xlsx) đường dẫn chọn mật khẩu cho ai trong bảng chưa có mật khẩu",
     "write into this new file (.csv, .xlsx) a link for each account of the table without a password"},
    ADDRESS,
    {0},
};
static const struct cli_option list_options[] = {
    CLI_STORE,
    {"format", "json|text|csv|xlsx", 0, "json|text|csv|xlsx",
     "dạng kết quả (mặc định: text); csv và xlsx nạp lại được bằng user load",
     "form of the result (default: text); user load takes csv and xlsx back"},
    {0},
};
static const struct cli_option store_options[] = {CLI_STORE, {0}};
static const struct cli_option erase_options[] = {
    CLI_STORE,
    {"reason", "TEXT", 0, NULL, "lý do, không nhắc lại điều cần xóa", "why, without repeating what is to be erased"},
    {0},
};
static const struct cli_option link_options[] = {CLI_STORE, CLI_FORMAT, ADDRESS, {0}};

CLI_COMMANDS(
    cli_user_commands,
    {.words = "user add",
     .arguments = "NAME",
     .vi = "Thêm một tài khoản với một vai trò, in đường dẫn để chọn mật khẩu",
     .en = "Add an account with a role, and print a link to choose a password with",
     .min = 1,
     .max = 1,
     .options = add_options,
     .run = add},
    {.words = "user link",
     .arguments = "NAME",
     .vi = "In đường dẫn mới để chọn mật khẩu; các đường dẫn trước hết hiệu lực",
     .en = "Print a new link to choose a password with; those before are void",
     .min = 1,
     .max = 1,
     .options = link_options,
     .run = link_again},
    {.words = "user load",
     .arguments = "FILE",
     .vi = "Nạp danh sách tài khoản từ tệp CSV, XLSX: mỗi dòng một vai trò; một dòng sai thì không ghi gì",
     .en = "Load a list of accounts from CSV or XLSX: a row for each role; nothing at all if a row is wrong",
     .min = 1,
     .max = 1,
     .options = load_options,
     .run = load},
    {.words = "user list",
     .arguments = "",
     .vi = "Liệt kê các tài khoản và vai trò",
     .en = "List the accounts and their roles",
     .options = list_options,
     .run = list},
    {.words = "user erase",
     .arguments = "NAME",
     .vi = "Xóa hẳn họ tên, thư điện tử, danh tính ngoài của một tài khoản khỏi kho và sổ cái; tên đăng nhập ở lại",
     .en = "Erase an account's full name, e-mail and outside identities from the store and the ledger for good",
     .min = 1,
     .max = 1,
     .options = erase_options,
     .run = erase},
    {.words = "user disable",
     .arguments = "NAME",
     .vi = "Khóa một tài khoản và kết thúc các phiên của nó",
     .en = "Close an account and end its sessions",
     .min = 1,
     .max = 1,
     .options = store_options,
     .run = disable},
    {.words = "user enable",
     .arguments = "NAME",
     .vi = "Mở lại một tài khoản đã khóa",
     .en = "Open a closed account again",
     .min = 1,
     .max = 1,
     .options = store_options,
     .run = enable});
