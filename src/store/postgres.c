#include "store/engine.h"

#include "base/banned.h"

static enum err postgres_open(struct db *db, const char *store, unsigned flags)
{
    (void)store;
    (void)flags;
    return db_failed(db, E_IO, "PostgreSQL is not connected yet");
}

static void postgres_close(struct db *db)
{
    (void)db;
}

const struct engine engine_postgres = { .kind = DB_POSTGRES, .open = postgres_open, .close = postgres_close };
