/* migrate.h - bring a store's schema to what this program needs: numbered steps, forward only, each in a transaction.
 *
 * A store made by a newer program is refused (E_CONFLICT), never touched. The steps applied are recorded with the
 * hash of their text; a step whose text differs from what was applied is refused and named. */
#ifndef HOALU_MIGRATE_H
#define HOALU_MIGRATE_H

#include "store/db.h"

/* `c->db` was opened with DB_WRITE. Safe to run at every start and by several nodes at once. */
MUST_USE enum err store_migrate(struct ctx *c);

/* How many steps the store has had; 0 for one without anything in it. Reads only. E_CONFLICT if they are not steps of
 * this program: a newer one's, different ones, or another program's data. */
MUST_USE enum err store_steps(struct ctx *c, size_t *ret);

/* Has the store exactly the steps of this program? Reads only. E_CONFLICT, saying what to do, if not. */
MUST_USE enum err store_is_current(struct ctx *c);

#endif
