/* import_rows.h - inside domain/access: a table's rows, read, between import_read.c and import.c. */
#ifndef HOALU_ACCESS_IMPORT_ROWS_H
#define HOALU_ACCESS_IMPORT_ROWS_H

#include "base/period.h"
#include "domain/access/import.h"

/* In the order of account_row_record. */
enum import_column {
    IMPORT_NAME,
    IMPORT_FULL_NAME,
    IMPORT_EMAIL,
    IMPORT_ROLE,
    IMPORT_ORG,
    IMPORT_FROM,
    IMPORT_TO,
    IMPORT_DISABLED,
    IMPORT_COLUMNS,
};

struct import_columns {
    unsigned at[IMPORT_COLUMNS]; /* 1 is the first of the table; 0: not there */
};

struct import_row {
    unsigned line;
    struct account_row row;
};
struct import_row_list {
    struct import_row *v;
    size_t n, cap;
};

void import_problem(struct ctx *c, struct import *import, unsigned line, const char *column, const char *format, ...)
    PRINTF_LIKE(5, 6);
void import_rows(struct ctx *c, const struct org_catalogue *catalogue, struct import *import,
                 struct import_columns *columns, struct import_row_list *ret);

#endif
