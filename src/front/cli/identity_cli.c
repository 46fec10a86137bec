#include "domain/access/identity.h"
#include "front/cli/cli.h"

#include "base/banned.h"

static enum err link_it(struct ctx *c, void *arg)
{
    return access_identity_link(c, arg);
}

static enum err unlink_it(struct ctx *c, void *arg)
{
    return access_identity_unlink(c, arg);
}

static enum err list(struct cli *cli, struct str account)
{
    struct identities all;
    struct account there;
    TRY(cli_open(cli));
    TRY(access_account(cli->c, account, &there));
    TRY(access_identities(cli->c, account, &all));
    if (cli->form == EMIT_TEXT) {
        for (size_t i = 0; i < all.n; i++)
            out_fmt(cli->out, "%.*s %.*s\n", ARGS(all.v[i].issuer), ARGS(all.v[i].subject));
        return OK;
    }
    struct emit e;
    emit_init(&e, cli->out, cli->form);
    emit_list(&e);
    for (size_t i = 0; i < all.n; i++)
        emit_record(&e, &identity_record, &all.v[i]);
    emit_end(&e);
    return OK;
}

static enum err identity(struct cli *cli)
{
    struct identity i = {cli_option(cli, "issuer"), cli_option(cli, "subject"), cli->args.v[0]};
    bool end = cli_option(cli, "remove").p;
    if (!i.issuer.p && !i.subject.p && !end)
        return list(cli, i.account);
    if (!i.issuer.p || !i.subject.p)
        return cli_wrong_use(cli, "--issuer và --subject phải đi cùng nhau (both or neither)");
    TRY(cli_write(cli, end ? unlink_it : link_it, &i, NULL));
    if (end)
        out_fmt(cli->out, "Danh tính này không còn mở được tài khoản %.*s; các phiên của nó đã kết thúc (removed).\n",
                ARGS(i.account));
    else
        out_fmt(cli->out, "Từ nay danh tính này đăng nhập vào tài khoản %.*s (linked).\n", ARGS(i.account));
    return OK;
}

static const struct cli_option options[] = {
    CLI_STORE,
    CLI_FORMAT,
    {"issuer", "URL", 0, NULL, "nhà cung cấp danh tính, đúng như máy chủ được cấu hình (--oidc-issuer)",
     "the provider of identities, exactly as the server is told (--oidc-issuer)"},
    {"subject", "ID", 0, NULL, "mã người dùng ở đó, như trang từ chối đăng nhập cho biết",
     "what it calls the person, as the page that refuses a sign-in shows"},
    {"remove", NULL, 0, NULL, "bỏ danh tính này khỏi tài khoản", "take the identity from the account"},
    {0},
};

CLI_COMMANDS(cli_identity_commands,
             {.words = "user identity",
              .arguments = "NAME",
              .vi = "Cho một danh tính ở nhà cung cấp danh tính (OIDC) đăng nhập vào tài khoản, hay liệt kê những danh "
                    "tính đó",
              .en = "Let an identity of a provider (OIDC) sign in to the account, or list those that may",
              .min = 1,
              .max = 1,
              .options = options,
              .run = identity});
