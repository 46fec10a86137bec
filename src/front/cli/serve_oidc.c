#include "front/cli/serve_oidc.h"

#include <sys/stat.h>

#include "base/banned.h"

enum { SECRET_MAX = 4096, NAME_MAX_BYTES = 100 };

/* The first line of a file that nobody else may read. */
static enum err read_secret(struct cli *cli, struct str *ret)
{
    struct str file = cli_option(cli, "oidc-secret-file"), text, line;
    struct stat st;
    *ret = S("");
    if (!file.p)
        return OK;
    TRY(cli_read_file(cli, file, SECRET_MAX, &text));
    if (stat(str_z(cli->c->arena, file), &st) || st.st_mode & 037)
        return FAIL_AT(cli->c, E_DENIED, file, 0,
                       "người khác đọc được bí mật này; hãy đặt quyền 0600 (others may read this secret: chmod 600)");
    line = S("");
    (void)str_cut(&text, '\n', &line);
    *ret = str_trim(line);
    return ret->n ? OK : FAIL_AT(cli->c, E_INVALID, file, 1, "không có bí mật nào ở đây (there is no secret here)");
}

static enum err check_alone(struct cli *cli)
{
    static const char *const others[] = {"oidc-client", "oidc-secret-file", "oidc-claim", "oidc-name", "oidc-ca"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (cli_option(cli, others[i]).p)
            return cli_wrong_use(cli, "--%s cần --oidc-issuer (needs --oidc-issuer)", others[i]);
    return OK;
}

static struct str or_empty(struct str s)
{
    return s.p ? s : S("");
}

enum err serve_oidc_open(struct cli *cli, struct str url, const char *scheme, struct str listen, unsigned port,
                         const struct sso **ret)
{
    struct ctx *c = cli->c;
    struct oidc_options o = {.issuer = cli_option(cli, "oidc-issuer"),
                             .client = or_empty(cli_option(cli, "oidc-client")),
                             .claim = or_empty(cli_option(cli, "oidc-claim"))};
    *ret = NULL;
    if (!o.issuer.p)
        return check_alone(cli);
    if (!o.client.n)
        return cli_wrong_use(cli, "--oidc-issuer cần --oidc-client (needs --oidc-client)");
    if (!url.n && !port)
        return cli_wrong_use(cli, "--oidc-issuer cần --url, hoặc một cổng trong --listen, để nơi đó biết trả về đâu "
                                  "(needs --url, or a port in --listen)");
    struct sso *sso = NEW(c->arena, struct sso);
    bool six = str_has(listen, S(":"));
    sso->url =
        url.n ? url : str_fmt(c->arena, "%s://%s%.*s%s:%u", scheme, six ? "[" : "", ARGS(listen), six ? "]" : "", port);
    sso->name = str_head(or_empty(cli_option(cli, "oidc-name")), NAME_MAX_BYTES);
    o.redirect = str_fmt(c->arena, "%.*s/signin/oidc/back", ARGS(sso->url));
    TRY(read_secret(cli, &o.secret));
    TRY(oidc_back_curl(c, c->arena, or_empty(cli_option(cli, "oidc-ca")), &o.back));
    TRY(oidc_open(c, c->arena, &o, &sso->provider));
    *ret = sso;
    return OK;
}
