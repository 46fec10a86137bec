/* engine.h - inside the store: what db.c asks of an engine, and the transactions that writer.c, migrate.c and copy.c
 * hold.
 *
 * Only store/ includes this. An engine never touches an arena, so it cannot be left half-way by a memory failure; it
 * reports a failure as an `enum err` with the words in db->message, and db.c makes the user's error of it.
 * Threads: as for the connection, one at a time. */
#ifndef HOALU_ENGINE_H
#define HOALU_ENGINE_H

#include "store/db.h"

struct cursor;

enum step {
    STEP_ROW,
    STEP_DONE,
    STEP_FAILED,
};

enum { MAX_ARGS = 64, MAX_COLUMNS = 128, N_SLOTS = 1024 };

struct engine {
    enum db_engine kind;
    bool shares; /* one prepared statement may be run again while it is still being read */
    /* Connect, or connect again after the connection was lost. `store` is NUL-terminated. */
    enum err (*open)(struct db *db, const char *store, unsigned flags);
    void (*close)(struct db *db);
    bool (*alive)(struct db *db);
    /* Is a transaction open as the engine sees it? (Some failures end one.) */
    bool (*in_transaction)(struct db *db);
    /* `slot` is its place among the kept statements, or -1: run once and then forgotten. */
    enum err (*prepare)(struct db *db, const struct sql *sql, int slot, void **ret);
    void (*forget)(struct db *db, void *handle);
    /* `stream`: the rows may be many. */
    enum err (*start)(struct cursor *cur, const struct db_arg *args, size_t n, bool stream);
    /* Run a statement without rows, and without waiting: a failure is told by the next one that is waited for. NULL:
     * the engine is so near that waiting costs nothing. */
    enum err (*later)(struct db *db, void *handle, const struct db_arg *args, size_t n);
    /* Wait for those now. NULL where there is no `later`. */
    enum err (*settle)(struct db *db);
    enum step (*step)(struct cursor *cur); /* STEP_FAILED: db->failure says why */
    void (*finish)(struct cursor *cur);
    int (*columns)(struct cursor *cur);
    const char *(*column_name)(struct cursor *cur, int i);
    /* The value at column i of the row stepped to; text and bytes point into the engine until the next step. */
    enum err (*value)(struct cursor *cur, int i, struct db_arg *ret);
    /* Run a whole step of the schema: many statements, no results. */
    enum err (*script)(struct db *db, const char *text);
};
extern const struct engine engine_sqlite, engine_postgres;

struct slot {
    const struct sql *sql;
    void *handle;
    bool busy;
};

struct db {
    const struct engine *engine;
    void *handle; /* sqlite3 or PGconn; NULL while there is none */
    unsigned flags;
    char *store;
    struct str label; /* the store's name without its password */
    struct slot *slots;
    struct cursor *open; /* queries not finished */
    bool lost;           /* PostgreSQL: the server said that it would hang up */
    unsigned n_later;    /* PostgreSQL: statements sent whose answers were not read */
    struct cursor *live; /* PostgreSQL: the one whose rows are still coming */
    int64_t fail_in;
    int64_t steps;       /* of SQLite's machine, in statements that are finished */
    unsigned snapshots;  /* nested */
    struct shelf *shelf; /* of the snapshot, and where it stands */
    int64_t shelf_position;
    bool dated;   /* that is known of the snapshot, with a shelf or without */
    bool awaited; /* the snapshot begins with the first statement that is not remembered */
    bool missed;  /* it did not find the position it was expected at */
    bool writing;
    bool adrift;     /* what was sent ahead failed: which savepoints there are is unknown, the transaction is lost */
    enum err broken; /* a statement failed in this command: it cannot go on */
    struct db_head head, head_before;
    enum err failure;
    char message[512];
};

struct cursor {
    struct db *db; /* NULL once it is finished */
    const struct sql *sql;
    struct slot *slot; /* NULL: prepared for this run alone */
    void *handle;
    void *result; /* PostgreSQL: the rows held */
    int at;
    bool first; /* PostgreSQL: the first row is here already */
    int64_t changed;
    struct recording *recording; /* NULL: nobody will ask again */
    const struct record *record; /* `map` is for this one */
    unsigned char map[MAX_COLUMNS];
    struct arena_defer *defer;
    struct cursor *next, **link; /* in db->open */
};

/* recall.c: rows remembered by statement, arguments and position, as the structs that they were read into. They are
 * shared memory (base/shared.h): the shelf holds them, and until c->arena is reset so does a request that was given
 * them, since texts in its rows point there. */
struct recalled;
/* What a snapshot remembers of a statement that is read into rows, or into a `single` number. NULL if it does not; then
 * `*ret`, if it is not NULL, is where it is to be recorded. */
const struct recalled *recall(struct ctx *c, const struct sql *sql, bool single, const struct db_arg *args, size_t n,
                              struct recording **ret);
size_t recalled_rows(const struct recalled *all);
int64_t recalled_number(const struct recalled *all);
/* The next of rows->recalled, as db_next(). */
bool recalled_next(struct rows *rows, const struct record *r, void *row);

/* The `n` columns of `cur`, whose map was just made, then each row that was read into a struct, or the number. NULL
 * records nothing. May leave by way of the arena. */
void recall_columns(struct recording *to, const struct cursor *cur, size_t n);
void recall_row(struct recording *to, const void *row);
void recall_number(struct recording *to, int64_t number);
/* All was recorded: keep it. */
void recall_keep(struct recording *all);

/* Low-level running, without c->error: for those who must not allocate. */
enum err cursor_open(struct db *db, struct cursor *cur, const struct sql *sql, const struct db_arg *args, size_t n,
                     bool stream);
enum step cursor_step(struct cursor *cur);
void cursor_close(struct cursor *cur);
void db_close_cursors(struct db *db);
/* db->failure and db->message, as an error of `c`. */
enum err db_report(struct ctx *c, struct db *db, const char *name);
enum err db_failed(struct db *db, enum err code, const char *format, ...) PRINTF_LIKE(3, 4);
enum err db_script(struct ctx *c, const char *text);

/* A write transaction, without c->error. db_write_begin() holds the lock on the head and reads it. */
enum err db_write_begin(struct db *db);
enum err db_write_commit(struct db *db);
void db_write_rollback(struct db *db);
/* The head as the store has it, locked or not. */
enum err db_read_head(struct db *db, struct db_head *ret);
/* A statement without rows, run without waiting where that is quicker: a failure is told by one that follows. */
enum err db_write_later(struct db *db, const struct sql *sql, const struct db_arg *args, size_t n);
/* A command inside it. On a failure of these the whole transaction is lost. */
enum err db_command_begin(struct db *db);
enum err db_command_keep(struct db *db);
enum err db_command_undo(struct db *db);
/* Connect again; what was prepared is forgotten. */
enum err db_reopen(struct db *db);
bool db_alive(struct db *db);

#endif
