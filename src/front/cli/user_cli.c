#include "base/period.h"
#include "domain/access/access.h"
#include "front/cli/cli.h"

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

/* The link alone on its line, so that a script can take it. */
static enum err put_link(struct cli *cli, const struct inviting *i)
{
    struct str address = cli_option(cli, "address");
    address = address.p ? address : str_of(ADDRESS_DEFAULT);
    while (address.n && address.p[address.n - 1] == '/')
        address.n--;
    if (cli->form == EMIT_TEXT) {
        out_fmt(cli->out,
                "Đường dẫn để %.*s chọn mật khẩu, dùng được một lần trong %d ngày; ai có nó đều dùng được (a link to "
                "choose a password with, good once):\n%.*s/welcome/%s\n",
                ARGS(i->name), LINK_DAYS, ARGS(address), i->token);
        return OK;
    }
    struct emit e;
    emit_init(&e, cli->out, cli->form);
    emit_map(&e);
    emit_key(&e, S("name"));
    emit_text(&e, i->name);
    emit_key(&e, S("link"));
    emit_text(&e, str_fmt(cli->c->arena, "%.*s/welcome/%s", ARGS(address), i->token));
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

static enum err list(struct cli *cli)
{
    struct accounts all;
    TRY(cli_open(cli));
    TRY(access_accounts(cli->c, &all));
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
static const struct cli_option list_options[] = {CLI_STORE, CLI_FORMAT, {0}};
static const struct cli_option store_options[] = {CLI_STORE, {0}};
static const struct cli_option link_options[] = {CLI_STORE, CLI_FORMAT, ADDRESS, {0}};

CLI_COMMANDS(cli_user_commands,
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
             {.words = "user list",
              .arguments = "",
              .vi = "Liệt kê các tài khoản và vai trò",
              .en = "List the accounts and their roles",
              .options = list_options,
              .run = list},
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
