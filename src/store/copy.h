/* copy.h - a whole store into another one, of either engine; backups and their return.
 *
 * What is copied are the tables that both engines have (schema.h): the truth. What one engine keeps for itself, such as
 * an index for searching, is made anew from them.
 *
 * A copy reads one state of the source, while others may go on writing to it, and is one transaction in the target: it
 * is whole or not there. Before it is committed, the rows of every table are counted on both sides and the head of the
 * ledger is compared. Stores are named as in db_open(). Memory: bounded by one row. Threads: none shared. */
#ifndef HOALU_COPY_H
#define HOALU_COPY_H

#include "store/db.h"

/* Copy `from` into `to`, which must hold nothing (E_CONFLICT otherwise); its schema, or its file, is made if it has
 * none. E_CONFLICT also if the schema of `from` is not this program's: it is brought up to date by opening it with it.
 */
MUST_USE enum err store_copy(struct ctx *c, struct str from, struct str to);

/* Copy `from` into a new SQLite file of one piece, on the disk when this returns. The file appears under its name only
 * when it is whole; one that is there already is not overwritten (E_CONFLICT). */
MUST_USE enum err store_backup(struct ctx *c, struct str from, struct str file);

/* Copy a backup into the empty store `to` (E_CONFLICT if it is not empty). A backup of an older program is brought up
 * to date on the way; the file itself is not touched. */
MUST_USE enum err store_restore(struct ctx *c, struct str file, struct str to);

#endif
