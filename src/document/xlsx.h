/* xlsx.h - write a workbook of one sheet: a table with a header row, or a form to fill in, as spreadsheets of ten years
 * ago read it.
 *
 * The header stands still while the table is scrolled and can be filtered. Numbers are numbers and days are days; text
 * is text, never a formula. A text longer than a cell may hold (32,767 characters) is cut, with "…" at its end. The
 * same rows give the same bytes, whenever and wherever they are written.
 *
 * A form (xlsx_form) has rows of the caller's making: titles, notes, headings, and cells to fill in. All others are
 * locked, without a password: it keeps people from writing over what the program reads again, and no one from anything
 * else. A number outside its bounds is warned of as it is typed.
 *
 * Memory: the sheet grows in c->arena, at most XLSX_BYTES of it. Threads: one. */
#ifndef HOALU_XLSX_H
#define HOALU_XLSX_H

#include "base/ctx.h"
#include "base/emit.h"
#include "base/out.h"

enum { XLSX_BYTES = 256 << 20 };

/* How a cell looks. */
enum xlsx_look {
    XLSX_PLAIN,
    XLSX_DAY,
    XLSX_HEADER,
    XLSX_WRAPPED,
    XLSX_TITLE,
    XLSX_NOTE,
    XLSX_INPUT,      /* to be filled in */
    XLSX_INPUT_TEXT, /* the same, and what is typed stays text */
};

struct xlsx {
    struct ctx *c;
    struct out sheet;
    unsigned row, column, columns;
    bool header;
    bool form;
    struct out bounds; /* of cells to fill in */
    unsigned n_bounds;
};

void xlsx_init(struct xlsx *x, struct ctx *c);
/* The header, if there is none yet. */
void xlsx_header(struct xlsx *x, const struct record *r);
/* The next record, by record_columns(); the first makes the header. */
void xlsx_record(struct xlsx *x, const struct record *r, const void *row);

/* Instead of xlsx_init(): a form whose first `frozen` rows stand still; widths of its columns in letters. */
void xlsx_form(struct xlsx *x, struct ctx *c, unsigned frozen, const unsigned *widths, size_t n);
/* The next row; its cells come one after the other. */
void xlsx_row(struct xlsx *x);
void xlsx_text(struct xlsx *x, struct str text, enum xlsx_look look);
/* NaN leaves the cell empty, with its look. */
void xlsx_number(struct xlsx *x, double v, enum xlsx_look look);
/* The cell that was put last takes numbers from `low` to `high` (NaN: no bound; both: any). */
void xlsx_bound(struct xlsx *x, double low, double high);

/* E_LIMIT if it grew too large. `name` is of the sheet. */
MUST_USE enum err xlsx_finish(struct xlsx *x, struct str name, struct str *ret);

#endif
