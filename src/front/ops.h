/* ops.h - every operation there is, collected from the features (domain/op.h), and how one is called. */
#ifndef HOALU_OPS_H
#define HOALU_OPS_H

#include "domain/op.h"
#include "store/writer.h"

/* The tables of all features, ended by NULL. */
extern const struct op_table *const op_tables[];

const struct op *op_find(struct str name); /* NULL if there is none */

/* Run `op` with checked arguments: a read on c->db, a write as a command of `writer` (NULL is fine for a read).
 * `*ret_position` (may be NULL) is where a write's last event stands, 0 for a read. E_SIGN_IN or E_DENIED if
 * c->viewer may not (domain/access/viewer.h). */
MUST_USE enum err op_run(struct ctx *c, const struct op *op, const struct op_call *call, struct writer *writer,
                         int64_t *ret_position);

#endif
