#include "front/cli/cli.h"

#include "base/os.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

struct str cli_option(const struct cli *cli, const char *name)
{
    for (size_t i = cli->given.n; i-- > 0;)
        if (str_eq(cli->given.v[i].name, str_of(name)))
            return cli->given.v[i].value;
    return (struct str){NULL, 0};
}

enum err cli_wrong_use(struct cli *cli, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct str message = str_vfmt(cli->c->arena, format, args);
    va_end(args);
    cli->wrong_use = true;
    return FAIL(cli->c, E_INVALID, "%.*s", ARGS(message));
}

enum err cli_read_file(struct cli *cli, struct str path, size_t limit, struct str *ret)
{
    struct ctx *c = cli->c;
    int fd = open(str_z(c->arena, path), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return FAIL_AT(c, errno == ENOENT ? E_NOTFOUND : E_IO, path, 0, "không mở được tệp (cannot be opened): %s",
                       os_reason(errno));
    struct stat st;
    size_t cap = fstat(fd, &st) == 0 && st.st_size > 0 ? (size_t)st.st_size + 1 : 64 << 10, n = 0;
    char *content = cap <= limit + 1 ? NEWN(c->arena, char, cap) : NULL;
    ssize_t got = 1;
    while (content && n <= limit && (got = read(fd, content + n, cap - n)) > 0) {
        n += (size_t)got;
        if (n == cap) {
            char *bigger = NEWN(c->arena, char, cap * 2);
            content = memcpy(bigger, content, n);
            cap *= 2;
        }
    }
    int why = errno;
    close(fd);
    if (!content || n > limit)
        return FAIL_AT(c, E_LIMIT, path, 0, "tệp lớn hơn %zu byte (the file is larger than that)", limit);
    if (got < 0)
        return FAIL_AT(c, E_IO, path, 0, "không đọc được tệp (cannot be read): %s", os_reason(why));
    *ret = (struct str){content, n};
    return OK;
}

static const struct cli_option *option_of(const struct cli_command *command, struct str name, char letter)
{
    for (const struct cli_option *o = command->options; o && o->name; o++)
        if (letter ? o->letter == letter : str_eq(name, str_of(o->name)))
            return o;
    return NULL;
}

static bool is_one_of(struct str value, struct str words)
{
    struct str word;
    while (str_cut(&words, '|', &word))
        if (str_eq(word, value))
            return true;
    return false;
}

/* The value that belongs to an option: after its '=', or the next word of the line. */
static enum err take_value(struct cli *cli, struct str shown, const struct cli_option *o, struct str after, char ***at,
                           struct str *ret)
{
    struct str value = after;
    const char *next = (*at)[1];
    if (!o) {
        bool alone = !next || str_starts(str_of(next), S("--"));
        value = after.p ? after : alone ? S("true") : str_of(*++*at);
    } else if (!o->value) {
        if (after.p)
            return cli_wrong_use(cli, "tùy chọn %.*s không nhận giá trị (takes no value)", ARGS(shown));
        value = S("true");
    } else if (!after.p) {
        if (!next)
            return cli_wrong_use(cli, "tùy chọn %.*s thiếu giá trị (needs a value)", ARGS(shown));
        value = str_of(*++*at);
    }
    if (o && o->one_of && !is_one_of(value, str_of(o->one_of)))
        return cli_wrong_use(cli, "tùy chọn %.*s chỉ nhận %s, không nhận \"%.*s\" (is not one of these)", ARGS(shown),
                             o->one_of, ARGS(value));
    *ret = value;
    return OK;
}

static enum err parse_option(struct cli *cli, char ***at)
{
    struct str word = str_of(**at), name = word, after = {NULL, 0};
    const struct cli_option *o;
    if (str_starts(word, S("--"))) {
        struct str rest = str_skip(word, 2);
        str_cut(&rest, '=', &name);
        after = rest;
        o = option_of(cli->command, name, 0);
    } else {
        o = option_of(cli->command, S(""), word.p[1]);
        after = word.n > 2 ? str_skip(word, 2) : after;
    }
    if (!o && !(cli->command->any_option && str_starts(word, S("--")) && name.n))
        return cli_wrong_use(cli, "không có tùy chọn %.*s (no such option)", ARGS(word));
    struct str value;
    TRY(take_value(cli, str_slice(word, 0, name.n + 2), o, after, at, &value));
    *PUSH(cli->c->arena, &cli->given) = (struct cli_given){o ? str_of(o->name) : name, value};
    return OK;
}

static enum err parse(struct cli *cli, char **at)
{
    size_t n = 0;
    while (at[n])
        n++;
    struct str *args = NEWN(cli->c->arena, struct str, n + 1);
    bool options = true;
    for (; *at; at++) {
        struct str word = str_of(*at);
        if (options && str_eq(word, S("--")))
            options = false;
        else if (options && word.n > 1 && word.p[0] == '-')
            TRY(parse_option(cli, &at));
        else
            args[cli->args.n++] = word;
    }
    cli->args.v = args;
    if (cli->args.n < cli->command->min)
        return cli_wrong_use(cli, "thiếu đối số: cần %s (an argument is missing)", cli->command->arguments);
    if (cli->args.n > cli->command->max)
        return cli_wrong_use(cli, "thừa đối số \"%.*s\" (one argument too many)", ARGS(cli->args.v[cli->command->max]));
    const char *named = getenv("HOALU_STORE");
    struct str store = cli_option(cli, "store");
    cli->store = store.p ? store : named && *named ? str_of(named) : S("hoalu.db");
    cli->form = str_eq(cli_option(cli, "format"), S("json")) ? EMIT_JSON_LINES : EMIT_TEXT;
    return OK;
}

/* How many words of the line `words` matches; 0 if it does not. */
static size_t matched(struct str words, char **argv)
{
    struct str word;
    size_t n = 0;
    while (str_cut(&words, ' ', &word)) {
        if (!argv[n] || !str_eq(word, str_of(argv[n])))
            return 0;
        n++;
    }
    return n;
}

/* The row with the most words that the line begins with. */
static const struct cli_command *find(char **argv, size_t *ret_words)
{
    const struct cli_command *best = NULL;
    *ret_words = 0;
    for (const struct cli_table *const *t = cli_tables; *t; t++)
        for (size_t i = 0; i < (*t)->n; i++) {
            size_t n = matched(str_of((*t)->v[i].words), argv);
            if (n > *ret_words) {
                *ret_words = n;
                best = &(*t)->v[i];
            }
        }
    return best;
}

static bool asks_help(char **argv)
{
    for (; *argv && !str_eq(str_of(*argv), S("--")); argv++)
        if (str_eq(str_of(*argv), S("--help")) || str_eq(str_of(*argv), S("-h")))
            return true;
    return false;
}

/* Is there any command that begins with these words? */
static bool is_group(struct str words)
{
    for (const struct cli_table *const *t = cli_tables; *t; t++)
        for (size_t i = 0; i < (*t)->n; i++) {
            struct str w = str_of((*t)->v[i].words);
            if (str_starts(w, words) && w.n > words.n && w.p[words.n] == ' ')
                return true;
        }
    return false;
}

static void report(struct out *errors, const struct error *e)
{
    out_put(errors, S("hoalu: "));
    if (e->file.n) {
        out_put(errors, e->file);
        out_put(errors, S(": "));
    }
    if (e->line)
        out_fmt(errors, "dòng %u: ", e->line);
    if (e->field.n) {
        out_put(errors, e->field);
        out_put(errors, S(": "));
    }
    out_put(errors, e->message.n ? e->message : err_name(e->code));
    out_char(errors, '\n');
}

static enum err run_bounded(struct ctx *c, void *arg)
{
    (void)c;
    struct cli *cli = arg;
    return cli->command->run(cli);
}

static int run(struct cli *cli, struct out *errors, char **rest)
{
    enum err e = parse(cli, rest);
    if (!e)
        e = ctx_run(cli->c, run_bounded, cli);
    if (!out_flush(cli->out) && !e)
        e = FAIL(cli->c, E_IO, "không ghi được kết quả ra (the output cannot be written)");
    if (e)
        report(errors, &cli->c->error);
    if (!cli->wrong_use)
        return err_exit_status(e);
    out_put(errors, S("Cách dùng (usage): "));
    cli_usage_line(errors, cli->command);
    return 2;
}

/* No command of that name: help if it was asked for, else wrong use. */
static int no_command(struct cli *cli, struct out *errors, char **argv)
{
    struct str word = str_of(argv[0]);
    bool options_only = !argv[0] || word.p[0] == '-';
    if (options_only ? asks_help(argv) : str_eq(word, S("help"))) {
        cli_help(cli->out, S(""));
        return 0;
    }
    if (!options_only && is_group(word)) {
        bool asked = asks_help(argv);
        if (!asked && argv[1])
            out_fmt(errors, "hoalu: không có lệnh \"%s %s\" (no such command); các lệnh gần đó:\n", argv[0], argv[1]);
        else if (!asked)
            out_fmt(errors, "hoalu: lệnh \"%s\" còn thiếu một từ (a word is missing):\n", argv[0]);
        cli_help(asked ? cli->out : errors, word);
        return asked ? 0 : 2;
    }
    if (str_eq(word, S("--version"))) {
        out_put(cli->out, S("hoalu " HOALU_VERSION "\n"));
        return 0;
    }
    if (str_eq(word, S("--manual"))) {
        cli_manual(cli->out);
        return 0;
    }
    if (word.n)
        out_fmt(errors, "hoalu: không có lệnh \"%.*s\" (no such command); xem: hoalu --help\n", ARGS(word));
    else
        cli_help(errors, S(""));
    return 2;
}

int cli_main(struct ctx *c, struct out *out, struct out *errors, int argc, char **argv)
{
    struct cli cli = {.c = c, .out = out};
    size_t words = 0;
    char **line = argv + (argc > 0);
    cli.command = find(line, &words);
    int status;
    if (!cli.command) {
        status = no_command(&cli, errors, line);
    } else if (asks_help(line + words)) {
        cli_help_command(out, cli.command);
        status = 0;
    } else {
        status = run(&cli, errors, line + words);
    }
    if (!out_flush(out) && status == 0)
        status = 1;
    out_flush(errors);
    return status;
}
