/* cli.h - the command line: one table of commands, one parser of options, one way to say what went wrong.
 *
 * A command is a row: its words, its arguments, its options, what it does (Vietnamese and English), its function.
 * Parsing, `--help` at every level and the manual page come from the rows. To add commands, make a table in a file of
 * your own (CLI_COMMANDS) and name it in commands.c.
 *
 * The function writes results to cli->out, in the form cli->form where the command takes `--format`, and gives back a
 * code. On failure c->error is filled, and the frame alone prints it: "hoalu: FILE: dòng 12: message". Exit status: 0
 * done, 1 refused or failed, 2 wrong use (return cli_wrong_use(…)).
 *
 * Memory: everything lives in c->arena until the program ends. Threads: one. */
#ifndef HOALU_CLI_H
#define HOALU_CLI_H

#include "base/ctx.h"
#include "base/emit.h"
#include "store/writer.h"

struct cli_option {
    const char *name;   /* "store" is given as --store VALUE or --store=VALUE */
    const char *value;  /* what stands for the value in the help; NULL: a switch */
    char letter;        /* -o VALUE as well; 0: none */
    const char *one_of; /* the words allowed, parted by '|'; NULL: any text */
    const char *vi, *en;
};

/* Options that mean the same everywhere. */
#define CLI_STORE                                                                                                      \
    {                                                                                                                  \
        "store", "STORE", 0, NULL, "kho dữ liệu: tên tệp hoặc postgresql://… (mặc định: $HOALU_STORE, rồi hoalu.db)",  \
            "the store: a file or postgresql://… (default: $HOALU_STORE, then hoalu.db)"                             \
    }
#define CLI_FORMAT                                                                                                     \
    {                                                                                                                  \
        "format", "json|text", 0, "json|text", "dạng kết quả (mặc định: text)", "form of the result (default: text)"   \
    }
#define CLI_AS_OF                                                                                                      \
    {                                                                                                                  \
        "as-of", "DATE", 0, NULL, "số liệu như đã biết đến hết ngày này, ví dụ 2026-12-31",                            \
            "as known at the end of this day, such as 2026-12-31"                                                      \
    }

struct cli;

struct cli_command {
    const char *words;                /* "ledger verify" */
    const char *arguments;            /* "[FILE]", or "" */
    const char *vi, *en;              /* one sentence each, without the final stop */
    unsigned min, max;                /* how many arguments */
    const struct cli_option *options; /* ended by a row without a name; NULL: none */
    bool any_option; /* takes every --name VALUE; a --name before another option or the end is "true" */
    enum err (*run)(struct cli *cli);
};

struct cli_table {
    const struct cli_command *v;
    size_t n;
};
#define CLI_COMMANDS(symbol, ...)                                                                                      \
    static const struct cli_command symbol##_rows[] = {__VA_ARGS__};                                                   \
    const struct cli_table symbol = {symbol##_rows, sizeof symbol##_rows / sizeof *symbol##_rows}

struct cli_given {
    struct str name, value;
};

struct cli {
    struct ctx *c;
    const struct cli_command *command;
    struct strs args;
    struct {
        struct cli_given *v;
        size_t n, cap;
    } given;
    struct str store;    /* --store, else $HOALU_STORE, else "hoalu.db" */
    enum emit_form form; /* --format: EMIT_TEXT or EMIT_JSON_LINES */
    struct out *out;     /* standard output */
    bool wrong_use;
    bool writes;           /* set by a command that will write: cli_open() brings an older store up to date */
    bool any_schema;       /* set by a command that examines: cli_open() takes an older or newer store as it is */
    struct writer *writer; /* once cli_writer() has opened it */
};

/* The value of an option, p == NULL if it was not given; a switch that was given has the value "true". */
struct str cli_option(const struct cli *cli, const char *name);
/* Say that the program was called wrongly (exit status 2, and the usage line). */
MUST_USE enum err cli_wrong_use(struct cli *cli, const char *format, ...) PRINTF_LIKE(2, 3);

/* The whole content of a file the user named; E_NOTFOUND or E_IO naming it, E_LIMIT past `limit` bytes. */
MUST_USE enum err cli_read_file(struct cli *cli, struct str path, size_t limit, struct str *ret);

/* How a store may be named in a message: a URL, which may hold a password, is not repeated. */
struct str cli_store_shown(struct str store);

/* Open the store for reading into c->db. E_NOTFOUND if there is none or it is still empty; refused, naming it and what
 * to do, if it is another program's, or an older or newer one than this program's (but see `writes`, `any_schema`). */
MUST_USE enum err cli_open(struct cli *cli);
/* Open the store for writing: make it if it is not there, bring its schema up to date, start the writer, and open
 * c->db for reading. Safe to call again. */
MUST_USE enum err cli_writer(struct cli *cli, struct writer **ret);
/* Run one command of the writer, opening it first. `*ret_position` (may be NULL) is where its last event stands. */
MUST_USE enum err cli_write(struct cli *cli, enum err (*run)(struct ctx *c, void *arg), void *arg,
                            int64_t *ret_position);
/* What `--as-of DATE` stands for in the store that is open: POS_NOW without the option. */
MUST_USE enum err cli_position(struct cli *cli, int64_t *ret);

/* Every table of commands there is (commands.c), ended by NULL. */
extern const struct cli_table *const cli_tables[];

/* Run the program: parse, dispatch, report; gives the exit status. */
int cli_main(struct ctx *c, struct out *out, struct out *errors, int argc, char **argv);

/* Help (help.c): of everything, of the commands that begin with `words`, of one command; and the manual page. */
void cli_help(struct out *o, struct str words);
void cli_help_command(struct out *o, const struct cli_command *command);
void cli_usage_line(struct out *o, const struct cli_command *command);
void cli_manual(struct out *o);

#endif
