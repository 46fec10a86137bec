#include "base/period.h"
#include "domain/access/access.h"
#include "front/cli/cli.h"

#include "base/banned.h"

enum { DAYS_DEFAULT = 90 };

struct adding {
    struct api_token token;
    char text[ACCESS_TOKEN + 1];
};

static enum err add_token(struct ctx *c, void *arg)
{
    struct adding *a = arg;
    return access_api_token_add(c, &a->token, a->text);
}

/* "read,enter" and "read enter" say the same. */
static struct str scope_of(struct cli *cli)
{
    struct str given = cli_option(cli, "scope"), word, rest = given;
    struct str *words = NEWN(cli->c->arena, struct str, given.n + 1);
    size_t n = 0;
    if (!given.p)
        return S("read");
    for (size_t i = 0; i < rest.n; i++)
        if (rest.p[i] == ',')
            rest = str_fmt(cli->c->arena, "%.*s %.*s", ARGS(str_slice(rest, 0, i)), ARGS(str_skip(rest, i + 1)));
    while (str_cut(&rest, ' ', &word))
        if (word.n)
            words[n++] = word;
    return str_join(cli->c->arena, words, n, S(" "));
}

static enum err add(struct cli *cli)
{
    struct str days = cli_option(cli, "days"), what = cli_option(cli, "for");
    int64_t n = DAYS_DEFAULT;
    if (days.p && !str_i64(days, &n))
        return cli_wrong_use(cli, "--days phải là một số ngày, không phải \"%.*s\" (not a number)", ARGS(days));
    if (n < 0 || n > API_TOKEN_DAYS_MAX)
        n = API_TOKEN_DAYS_MAX + 1; /* refused with the reason */
    struct adding a = {.token = {.account = cli->args.v[0],
                                 .name = what.p ? what : S("dòng lệnh"),
                                 .scope = scope_of(cli),
                                 .made_us = ctx_now(cli->c),
                                 .until_us = ctx_now(cli->c) + n * DAY_US}};
    TRY(cli_write(cli, add_token, &a, NULL));
    out_fmt(cli->out, "%s%s\n", API_TOKEN_PREFIX, a.text);
    return OK;
}

static enum err list(struct cli *cli)
{
    struct api_tokens all;
    char until[DAY_TEXT];
    TRY(cli_open(cli));
    TRY(access_api_tokens(cli->c, cli->args.n ? cli->args.v[0] : (struct str){0}, &all));
    struct emit e;
    emit_init(&e, cli->out, cli->form);
    for (size_t i = 0; i < all.n; i++)
        if (cli->form == EMIT_TEXT)
            out_fmt(cli->out, "%-24.*s %-24.*s %.*s, đến %.*s\n", ARGS(all.v[i].account), ARGS(all.v[i].name),
                    ARGS(all.v[i].scope), ARGS(day_text(day_of_moment(all.v[i].until_us), until)));
        else
            emit_record(&e, &api_token_record, &all.v[i]);
    return OK;
}

static enum err end_token(struct ctx *c, void *arg)
{
    const struct cli *cli = arg;
    return access_api_token_end(c, cli->args.v[0], cli->args.v[1]);
}

static enum err end(struct cli *cli)
{
    return cli_write(cli, end_token, cli, NULL);
}

static const struct cli_option add_options[] = {
    CLI_STORE,
    {"scope", "WORDS", 0, NULL, "các quyền, cách nhau bằng dấu phẩy, trong " ACCESS_PERMISSIONS " (mặc định: read)",
     "permissions parted by commas (default: read); never more than the account has"},
    {"days", "N", 0, NULL, "thời hạn, ngày (mặc định 90, nhiều nhất 366)",
     "good for so many days (default 90, at most 366)"},
    {"for", "TEXT", 0, NULL, "dùng vào việc gì; là tên của mã", "what it is for: the token's name"},
    {0}};
static const struct cli_option list_options[] = {CLI_STORE, CLI_FORMAT, {0}};
static const struct cli_option end_options[] = {CLI_STORE, {0}};

CLI_COMMANDS(cli_token_commands,
             {.words = "token add",
              .arguments = "NAME",
              .vi = "Cấp một mã truy cập cho chương trình của tài khoản NAME; in ra một mình mã đó, không xem lại được",
              .en = "Give a program a token of account NAME; the token alone is printed, once",
              .min = 1,
              .max = 1,
              .options = add_options,
              .run = add},
             {.words = "token list",
              .arguments = "[NAME]",
              .vi = "Các mã truy cập còn hạn, của một tài khoản hoặc tất cả",
              .en = "The tokens that are good, of an account or of all",
              .max = 1,
              .options = list_options,
              .run = list},
             {.words = "token end",
              .arguments = "NAME TOKEN-NAME",
              .vi = "Thu hồi một mã truy cập theo tên của nó",
              .en = "Take a token back, by its name",
              .min = 2,
              .max = 2,
              .options = end_options,
              .run = end});
