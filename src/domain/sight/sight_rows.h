/* sight_rows.h - what the files of this folder share. Nobody else includes this. */
#ifndef HOALU_SIGHT_ROWS_H
#define HOALU_SIGHT_ROWS_H

#include "domain/sight/sight.h"
#include "domain/sight/sight.sql.h"

extern const struct record sight_item_record;

/* Does `path` stand under `above`, or is it the same? "" is above all. */
bool sight_covers(struct str above, struct str path);

struct sight_items {
    struct sight_item *v;
    size_t n, cap;
};
MUST_USE enum err sight_read_items(struct ctx *c, struct rows rows, struct sight_items *ret);

#endif
