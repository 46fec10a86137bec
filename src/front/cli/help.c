#include "front/cli/cli.h"

#include "base/banned.h"

void cli_usage_line(struct out *o, const struct cli_command *command)
{
    out_fmt(o, "hoalu %s", command->words);
    if (command->arguments[0])
        out_fmt(o, " %s", command->arguments);
    for (const struct cli_option *option = command->options; option && option->name; option++) {
        if (option->letter)
            out_fmt(o, " [-%c", option->letter);
        else
            out_fmt(o, " [--%s", option->name);
        if (option->value)
            out_fmt(o, " %s", option->value);
        out_char(o, ']');
    }
    out_char(o, '\n');
}

void cli_help_command(struct out *o, const struct cli_command *command)
{
    cli_usage_line(o, command);
    out_fmt(o, "\n  %s.\n  %s.\n", command->vi, command->en);
    if (command->options && command->options->name)
        out_put(o, S("\nTùy chọn (options):\n"));
    for (const struct cli_option *option = command->options; option && option->name; option++) {
        out_put(o, S("  "));
        if (option->letter)
            out_fmt(o, "-%c, ", option->letter);
        out_fmt(o, "--%s%s%s\n      %s\n      %s\n", option->name, option->value ? " " : "",
                option->value ? option->value : "", option->vi, option->en);
    }
}

void cli_help(struct out *o, struct str words)
{
    if (words.n == 0)
        out_put(o, S("Hoalu đưa văn bản nghị quyết, kế hoạch thành hệ thống theo dõi, đo đếm và quy trách nhiệm.\n"
                     "Hoalu turns the text of a resolution or plan into a running, measured, accountable system.\n\n"
                     "Cách dùng (usage): hoalu COMMAND [ARGUMENT…] [--OPTION VALUE…]\n"));
    out_put(o, S("\nLệnh (commands):\n"));
    for (const struct cli_table *const *t = cli_tables; *t; t++)
        for (size_t i = 0; i < (*t)->n; i++) {
            const struct cli_command *command = &(*t)->v[i];
            struct str w = str_of(command->words);
            if (!str_starts(w, words) || (words.n && w.n > words.n && w.p[words.n] != ' '))
                continue;
            out_fmt(o, "  hoalu %s%s%s\n      %s.\n      %s.\n", command->words, command->arguments[0] ? " " : "",
                    command->arguments, command->vi, command->en);
        }
    out_put(o, S("\nThêm --help sau một lệnh để xem tùy chọn (for the options of a command).\n"
                 "Mã thoát (exit status): 0 xong (done), 1 bị từ chối hoặc hỏng (refused or failed), "
                 "2 dùng sai (wrong use).\n"));
}

/* roff takes a backslash, a leading dot or apostrophe, and a plain hyphen as its own. */
static void roff(struct out *o, struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        char b = text.p[i];
        if (b == '\\')
            out_put(o, S("\\e"));
        else if (b == '-')
            out_put(o, S("\\-"));
        else if ((b == '.' || b == '\'') && i == 0)
            out_fmt(o, "\\&%c", b);
        else
            out_char(o, b);
    }
}

static void roff_command(struct out *o, const struct cli_command *command)
{
    out_put(o, S(".TP\n.B hoalu "));
    roff(o, str_of(command->words));
    if (command->arguments[0]) {
        out_put(o, S(" \\fI"));
        roff(o, str_of(command->arguments));
        out_put(o, S("\\fR"));
    }
    out_char(o, '\n');
    roff(o, str_of(command->vi));
    out_put(o, S(".\n.br\n"));
    roff(o, str_of(command->en));
    out_put(o, S(".\n"));
    if (!command->options || !command->options->name)
        return;
    out_put(o, S(".RS\n"));
    for (const struct cli_option *option = command->options; option->name; option++) {
        out_put(o, S(".TP\n.B "));
        if (option->letter)
            out_fmt(o, "\\-%c, ", option->letter);
        out_put(o, S("\\-\\-"));
        roff(o, str_of(option->name));
        if (option->value) {
            out_put(o, S(" \\fI"));
            roff(o, str_of(option->value));
            out_put(o, S("\\fR"));
        }
        out_char(o, '\n');
        roff(o, str_of(option->vi));
        out_put(o, S("\n.br\n"));
        roff(o, str_of(option->en));
        out_char(o, '\n');
    }
    out_put(o, S(".RE\n"));
}

void cli_manual(struct out *o)
{
    out_put(o, S(".TH HOALU 1 \"\" \"hoalu " HOALU_VERSION "\"\n"
                 ".SH NAME\nhoalu \\- from the text of a plan to a running, measured, accountable system\n"
                 ".SH SYNOPSIS\n.B hoalu\n.I COMMAND\n[\\fIARGUMENT\\fR...] [\\-\\-\\fIOPTION VALUE\\fR...]\n"
                 ".SH DESCRIPTION\n"
                 "Hoalu đưa văn bản nghị quyết, kế hoạch thành hệ thống theo dõi, đo đếm và quy trách nhiệm.\n.PP\n"
                 "Hoalu turns the text of a resolution or plan into a running system: tasks, targets, reports and who\n"
                 "answers for them, kept in one file of data or in PostgreSQL.\n"
                 ".SH COMMANDS\n"));
    for (const struct cli_table *const *t = cli_tables; *t; t++)
        for (size_t i = 0; i < (*t)->n; i++)
            roff_command(o, &(*t)->v[i]);
    out_put(o, S(".SH EXIT STATUS\n0 done; 1 the input was refused or the work failed, with a message on standard "
                 "error that names\nfile and line where there is one; 2 wrong use.\n"
                 ".SH ENVIRONMENT\n.TP\n.B HOALU_STORE\nthe store, where \\-\\-store is not given\n"
                 ".TP\n.B HOALU_KEY\nthe file of the key that seals the ledger\n"
                 ".SH FILES\n.TP\n.I hoalu.db\nthe store, where nothing else is named\n"
                 ".TP\n.I hoalu.db.key\nthe key that seals it, readable by its owner alone; keep a copy elsewhere\n"));
}
