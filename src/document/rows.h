/* rows.h - tables that people keep in files, read as rows of described structs (base/field.h).
 *
 * A format has tables. Which of them a file holds is told by its first heading; the other headings are names of fields,
 * or other words for them ("mã", "tên"), marks and case aside. A cell is read by the type of its field: a day as
 * "2025-07-01" or "01/07/2025", a number with a decimal point or comma, yes and no in both languages, a list parted by
 * blanks, ';' or ','. An empty cell is "absent". Everything that is wrong is told with its line, and only rows without
 * a mistake are handed on. Memory: c->arena; texts are views into what was read. */
#ifndef HOALU_ROWS_H
#define HOALU_ROWS_H

#include "base/ctx.h"
#include "base/field.h"

struct row_problem {
    struct str file;
    unsigned line; /* 0: of the file as a whole */
    struct str text;
};
struct row_problems {
    struct row_problem *v;
    size_t n, cap;
};
void row_problem(struct ctx *c, struct row_problems *problems, struct str file, unsigned line, const char *format, ...)
    PRINTF_LIKE(5, 6);
/* E_INVALID with all of them: the first is the error's own, the others follow in its message, a line each. */
enum err row_refuse(struct ctx *c, const struct row_problems *problems);

struct rows_table {
    const char *heading;         /* the first one, which is the first field whatever that is called */
    const struct record *record; /* flat, with FIELD_TEXTS */
    const char *phrases;         /* lists whose items have blanks and are parted by '|': "steps|steps_en"; or NULL */
};
struct rows_heading {
    const char *name, *folded; /* of the field (or a table's heading), and what else a column of it may be headed */
};
struct rows_format {
    const struct rows_table *tables;
    size_t n_tables;
    const struct rows_heading *headings;
    size_t n_headings;
    const char *firsts; /* the first headings, for a message: "code, area hoặc kind" */
};

struct row_place {
    struct str file;
    unsigned line;
};
/* A good row of tables[table]; it is the caller's no longer than the call. */
struct rows_taker {
    void (*take)(void *arg, size_t table, void *row, struct row_place at);
    void *arg;
};
void rows_read(struct ctx *c, const struct rows_format *format, struct str name, struct str content,
               struct rows_taker taker, struct row_problems *problems);

enum { ROWS_CODE_MAX = 35 };
/* Letters without marks, digits, and after the first '-' '.' '_'. */
bool rows_is_code(struct str s);
/* Tell of a code that is none. */
bool rows_check_code(struct ctx *c, struct row_problems *problems, struct row_place at, struct str code);

/* The parts of a cell. */
struct strs rows_list(struct ctx *c, struct str cell);
/* "yes", "có", "x", "1" … of a cell that was folded (viet_fold_text); an empty one is no. */
bool rows_yes(struct str folded, bool *ret);
/* Every field absent. */
void rows_absent(const struct record *record, void *row);

#endif
