/* xlsx.h - write a workbook of one sheet: a table with a header row, as spreadsheets of ten years ago read it.
 *
 * The header stands still while the table is scrolled and can be filtered. Numbers are numbers and days are days; text
 * is text, never a formula. A text longer than a cell may hold (32,767 characters) is cut, with "…" at its end. The
 * same rows give the same bytes, whenever and wherever they are written.
 *
 * Memory: the sheet grows in c->arena, at most XLSX_BYTES of it. Threads: one. */
#ifndef HOALU_XLSX_H
#define HOALU_XLSX_H

#include "base/ctx.h"
#include "base/emit.h"
#include "base/out.h"

enum { XLSX_BYTES = 256 << 20 };

struct xlsx {
    struct ctx *c;
    struct out sheet;
    unsigned row, column, columns;
    bool header;
};

void xlsx_init(struct xlsx *x, struct ctx *c);
/* The header, if there is none yet. */
void xlsx_header(struct xlsx *x, const struct record *r);
/* The next record, by record_columns(); the first makes the header. */
void xlsx_record(struct xlsx *x, const struct record *r, const void *row);
/* E_LIMIT if it grew too large. `name` is of the sheet. */
MUST_USE enum err xlsx_finish(struct xlsx *x, struct str name, struct str *ret);

#endif
