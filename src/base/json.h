/* json.h - a described struct read back from the JSON that emit_record() wrote of it.
 *
 * It is for what the program itself has written and kept: a member that no field knows is passed over, an absent one
 * is the type's "absent", and a value that does not fit its field is E_INVALID with its name in c->error.field. Memory:
 * texts and lists in c->arena. Threads: none shared. */
#ifndef HOALU_JSON_H
#define HOALU_JSON_H

#include "base/ctx.h"
#include "base/field.h"

/* `row` is zeroed first. */
MUST_USE enum err json_read_record(struct ctx *c, const struct record *r, struct str json, void *row);

#endif
