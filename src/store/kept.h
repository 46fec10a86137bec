/* kept.h - rows that hold from one position of the ledger to another, brought in step with what should hold now.
 *
 * A table of this kind has an owner (the plan, say), a key within the owner, the fields of a described struct, and
 * from_pos and to_pos. kept_sync() compares what holds now with what should: a row that is the same is left alone, one
 * that differs is closed at the position and opened again, one that is gone is closed. So as-of works, and the history
 * of one key is read by its from_pos.
 *
 * Called inside a command of the writer. Memory: c->arena. */
#ifndef HOALU_KEPT_H
#define HOALU_KEPT_H

#include "store/db.h"

struct kept_table {
    const struct record *record; /* its first field is `key`, FIELD_TEXT, unique within the owner */
    /* $1 owner: SELECT the record's fields of the rows with to_pos open. */
    const struct sql *current;
    /* $1 owner, $2 key, $3 position: set to_pos of the open row. */
    const struct sql *close;
    /* $1 owner, $2 from_pos, $3 to_pos, then the record's fields in order: INSERT. */
    const struct sql *insert;
};

struct kept_change {
    int64_t added, changed, removed, same;
};
extern const struct record kept_change_record;

/* `rows` are `n` structs of the record's size that should hold from `position` on. Adds to `*change`. */
MUST_USE enum err kept_sync(struct ctx *c, const struct kept_table *table, int64_t owner, const void *rows, size_t n,
                            int64_t position, struct kept_change *change);

#endif
