/* store.h - stores for tests: each test has an empty one of its own, removed when its arena is reset.
 *
 * The same test program runs on both engines: on SQLite as it is, and on PostgreSQL under `test/with-postgres`, which
 * sets HOALU_TEST_POSTGRES. A program that uses this is added to `postgres_tests` in its meson.build, and then runs
 * on both in `meson test`. */
#ifndef HOALU_TEST_STORE_H
#define HOALU_TEST_STORE_H

#include "store/migrate.h"
#include "store/writer.h"
#include "test/test.h"

/* Does this run test PostgreSQL? */
bool test_on_postgres(void);

/* The name of a new store without a schema: a schema of a database, or a file that is not there yet. */
struct str test_store_new(struct ctx *c);
/* The same on an engine of the caller's choice; PostgreSQL only where test_on_postgres(). */
struct str test_store_new_on(struct ctx *c, enum db_engine engine);

/* A new store with its schema, and a connection to it in c->db (DB_WRITE). Gives its name, for writer_open(). */
struct str test_store(struct ctx *c);
/* The same, and the writer of it. */
struct writer *test_writer(struct ctx *c);

#endif
