/* writer.h - the one way to write: commands in a queue, run by one thread, many to a commit.
 *
 * A command is a function that runs on the writer's thread, with the writer's connection in c->db and an arena of its
 * own, under a savepoint: if it fails, it alone is rolled back, and the rest of its batch goes on. The batch is
 * committed before any of its commands is answered, on SQLite with WAL and synchronous=FULL and on PostgreSQL with
 * synchronous_commit=on: what was acknowledged is on disk. On PostgreSQL the batch holds a lock on the ledger's head
 * row, on SQLite the write lock: positions follow commit order on both, across processes and nodes.
 *
 * Threads: writer_run() may be called by any number of threads at once; it blocks its caller until the answer.
 * Memory: the command's arguments belong to the caller and must live until writer_run() returns. */
#ifndef HOALU_WRITER_H
#define HOALU_WRITER_H

#include "store/db.h"

struct writer;

/* Start the writer's thread on `store`, whose schema is current. It is stopped, after finishing what it accepted, when
 * `owner` is reset. */
MUST_USE enum err writer_open(struct ctx *c, struct arena *owner, struct str store, struct writer **ret);

struct command {
    enum err (*run)(struct ctx *c, void *arg); /* on the writer's thread; c->actor and c->viewer are the caller's */
    void *arg;
    int64_t position; /* out: of its last event, for the reader to bring along */
};

/* Run one command and wait until it is committed. On failure c->error holds the command's error, copied to c->arena. A
 * command that appended no event and failed nothing is committed all the same. E_BUSY when the queue is full or the
 * writer is stopping. */
MUST_USE enum err writer_run(struct writer *w, struct ctx *c, struct command *command);

/* The position after this writer's last commit, at least as high as that of any command answered; 0 before the first.
 */
int64_t writer_position(const struct writer *w);

/* Have `tell(arg)` called after each commit that moved the ledger's head, on the writer's thread: it must be quick and
 * call nothing of the writer. NULL: nobody is told any more, and no call is under way once this returns. */
void writer_on_commit(struct writer *w, void (*tell)(void *arg), void *arg);

#endif
