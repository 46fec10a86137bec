/* migrate.h - bring a store's schema to what this program needs: numbered steps, forward only, each in a transaction.
 *
 * A store made by a newer program is refused (E_CONFLICT), another program's too (E_INVALID); neither is touched. The
 * steps applied are recorded with the hash of their text; a step whose text differs from what was applied is refused
 * and named. */
#ifndef HOALU_MIGRATE_H
#define HOALU_MIGRATE_H

#include "store/db.h"

/* `c->db` was opened with DB_WRITE. Safe to run at every start and by several nodes at once. */
MUST_USE enum err store_migrate(struct ctx *c);

/* How many steps the store has had; 0 for one without anything in it. Reads only. E_CONFLICT if they are not steps of
 * this program: a newer one's or different ones; E_INVALID for another program's data. */
MUST_USE enum err store_steps(struct ctx *c, size_t *ret);

/* Has the store exactly the steps of this program? Reads only. If not, the message says what to do:
 * E_NOTFOUND for a store that is still empty, E_INVALID for another program's, E_CONFLICT for an older or newer one. */
MUST_USE enum err store_is_current(struct ctx *c);

#endif
