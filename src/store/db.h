/* db.h - one store, two engines: SQLite in a file, PostgreSQL behind a URL, the same calls.
 *
 * SQL is a type of its own. It is written in .sql files beside the code that uses it:
 *
 *     -- name: org_by_code
 *     SELECT id, code, name FROM org WHERE code = $1 AND from_pos <= $2 AND to_pos > $2;
 *
 * and tools/sqlgen.c makes a constant `SQL_org_by_code` of each, which cannot be built from a string. `$1` stands for
 * the first argument on both engines. Where the engines must differ, the name is given twice, as
 * `-- name: x (sqlite)` and `-- name: x (postgres)`. A test prepares every statement on both engines.
 *
 * How values stand in the store, on both engines:
 *   whole number, boolean (0/1), position   BIGINT (SQLite: INTEGER)
 *   number                                  DOUBLE PRECISION (SQLite: REAL)
 *   text, code                              TEXT, UTF-8 in NFC
 *   day                                     TEXT, '2026-11-30'
 *   moment                                  BIGINT, microseconds since 1970 in UTC
 *   bytes                                   BYTEA (SQLite: BLOB)
 * Migrations (schema/NNNN_name.sql) are written in PostgreSQL's words; the generator makes SQLite's of them, as STRICT
 * tables.
 *
 * Rows that people judge by carry `from_pos` and `to_pos`: the positions in the ledger from and to which they held.
 * A row that holds now has to_pos = POS_OPEN. "As known at position p" is always `from_pos <= p AND to_pos > p`, and
 * now is p = POS_NOW, so one statement serves both.
 *
 * Memory: texts that are read stand in c->arena, or, where a snapshot remembers the rows (db_snapshot_at()), in memory
 * that is shared by all who were given them. Either way they last until c->arena is reset, and nobody writes to them.
 * Threads: a connection belongs to one thread; open one each.
 * Errors, alike on both engines: E_BUSY when the store is locked for too long, E_CONFLICT when a key is there already,
 * E_INVALID when another rule of the schema refuses (CHECK, NOT NULL, REFERENCES, a value of the wrong type), E_LIMIT
 * for a value that is too large, E_INTERNAL for a statement that is wrong or writes on a reading connection, E_IO for
 * all else; c->error is filled. A failed statement fails its command: nothing can follow it in that command (as
 * PostgreSQL has it), so what may already be there is written with ON CONFLICT.
 *
 * Words that the engines read differently are translated for SQLite in statements too (CAST(… AS BIGINT)). A sum of
 * whole numbers may be read into FIELD_I64, and any number into FIELD_F64. */
#ifndef HOALU_DB_H
#define HOALU_DB_H

#include "base/ctx.h"
#include "base/field.h"
#include "base/shelf.h"

enum db_engine {
    DB_SQLITE,
    DB_POSTGRES,
};

struct sql {
    const char *name;
    const char *text[2]; /* by engine */
    unsigned n_args;
};

#define POS_OPEN INT64_MAX
#define POS_NOW  (INT64_MAX - 1)

struct db;

enum {
    DB_READ = 0,   /* reads only; refuses to write */
    DB_WRITE = 1,  /* writes too: the writer (store/writer.h), migrations, copies */
    DB_CREATE = 2, /* make the file if there is none */
};

/* Open `store` (a file name, or "postgresql://…"). The connection is closed when `owner` is reset. The schema is not
 * touched: see migrate.h. E_NOTFOUND if there is no such file; E_IO with the engine's own words otherwise. */
MUST_USE enum err db_open(struct ctx *c, struct arena *owner, struct str store, unsigned flags, struct db **ret);
enum db_engine db_engine(const struct db *db);
/* Is this store a URL, and not a file? */
bool db_is_url(struct str store);
/* How a store may be named in messages and logs: a URL without its password. */
struct str db_label(struct ctx *c, struct str store);

struct db_arg {
    enum field_type type;
    bool null;
    union {
        int64_t i;
        double f;
        struct str s;
    };
};

static inline struct db_arg db_arg_i64(int64_t v)
{
    return (struct db_arg){.type = FIELD_I64, .null = v == I64_NONE, .i = v};
}
static inline struct db_arg db_arg_int(int v)
{
    return db_arg_i64(v);
}
static inline struct db_arg db_arg_f64(double v)
{
    return (struct db_arg){.type = FIELD_F64, .null = !(v == v), .f = v};
}
static inline struct db_arg db_arg_text(struct str v)
{
    return (struct db_arg){.type = FIELD_TEXT, .null = !v.p, .s = v};
}
static inline struct db_arg db_arg_bytes(struct str v)
{
    return (struct db_arg){.type = FIELD_BYTES, .null = !v.p, .s = v};
}
/* A day, stored as its text; DAY_NONE is NULL. (An int32_t given to ARG is a plain number.) */
struct db_arg db_arg_day(struct ctx *c, int32_t day);

/* One argument of a statement, by the type of the expression. Absent values (I64_NONE, NaN, p == NULL) are NULL. */
#define ARG(v)                                                                                                         \
    _Generic((v), bool                                                                                                 \
             : db_arg_int, int                                                                                         \
             : db_arg_int, int64_t                                                                                     \
             : db_arg_i64, double                                                                                      \
             : db_arg_f64, struct str                                                                                  \
             : db_arg_text)(v)

/* Rows of a SELECT. Errors stick inside and are collected by db_done(), which must be called once for each query;
 * a query that nobody finished is closed when c->arena is reset. */
struct rows {
    struct ctx *c;
    void *statement;
    const struct recalled *recalled; /* instead of it: rows from memory, */
    const struct record *record;     /* read into this, */
    bool fits;                       /* whose structs look as they do */
    enum err err;
    int64_t n; /* rows read so far */
};

#define db_query(c, sql, ...)                                                                                          \
    db_query_args((c), &(sql), (struct db_arg[]){{0}, ##__VA_ARGS__} + 1,                                              \
                  sizeof((struct db_arg[]){{0}, ##__VA_ARGS__}) / sizeof(struct db_arg) - 1)
MUST_USE struct rows db_query_args(struct ctx *c, const struct sql *sql, const struct db_arg *args, size_t n);

/* The next row into `row`, a struct described by `r`, which lasts until db_done(): each column of the statement goes to
 * the field of its name (a column without a field is a mistake of ours, and asserted; a field without a column keeps
 * what it had). NULL becomes the type's "absent". False after the last row or on an error. */
bool db_next(struct rows *rows, const struct record *r, void *row);
MUST_USE enum err db_done(struct rows *rows);

/* Exactly one row, or E_NOTFOUND. */
#define db_one(c, sql, r, row, ...)                                                                                    \
    db_one_args((c), &(sql), (r), (row), (struct db_arg[]){{0}, ##__VA_ARGS__} + 1,                                    \
                sizeof((struct db_arg[]){{0}, ##__VA_ARGS__}) / sizeof(struct db_arg) - 1)
MUST_USE enum err db_one_args(struct ctx *c, const struct sql *sql, const struct record *r, void *row,
                              const struct db_arg *args, size_t n);

/* The single whole number of a single row ("SELECT count(*) …"); E_NOTFOUND if there is no row. */
#define db_number(c, sql, ret, ...)                                                                                    \
    db_number_args((c), &(sql), (ret), (struct db_arg[]){{0}, ##__VA_ARGS__} + 1,                                      \
                   sizeof((struct db_arg[]){{0}, ##__VA_ARGS__}) / sizeof(struct db_arg) - 1)
MUST_USE enum err db_number_args(struct ctx *c, const struct sql *sql, int64_t *ret, const struct db_arg *args,
                                 size_t n);

/* A statement without rows. `*ret_changed`, if given, is the number of rows it touched. */
#define db_exec(c, sql, ...)                                                                                           \
    db_exec_args((c), &(sql), NULL, (struct db_arg[]){{0}, ##__VA_ARGS__} + 1,                                         \
                 sizeof((struct db_arg[]){{0}, ##__VA_ARGS__}) / sizeof(struct db_arg) - 1)
MUST_USE enum err db_exec_args(struct ctx *c, const struct sql *sql, int64_t *ret_changed, const struct db_arg *args,
                               size_t n);

/* A statement without rows, run for each of `n` rows of `width` arguments, which stand one after the other. It is
 * written twice: for one row on SQLite, and over lists on PostgreSQL, where each argument is a text that holds one
 * column of many rows (`unnest(CAST(CAST($1 AS TEXT) AS BIGINT[]), …)`). `ret_each`, if given, says of each row that it
 * touched one in the store; where false, on PostgreSQL, that was not so of some row sent together with it. */
MUST_USE enum err db_exec_many(struct ctx *c, const struct sql *sql, const struct db_arg *args, size_t n, size_t width,
                               bool *ret_each);

/* Prepare a statement without running it: for the test that does so with every statement of the program. */
MUST_USE enum err db_prepare(struct ctx *c, const struct sql *sql);

/* Several reads that see one state of the store (SQLite: a read transaction; PostgreSQL: REPEATABLE READ). Ended by
 * db_snapshot_end(), or when c->arena is reset. */
MUST_USE enum err db_snapshot(struct ctx *c);
void db_snapshot_end(struct ctx *c);
/* A snapshot that says which position it sees, and that need not ask the store twice: until it ends, a statement run
 * with the same arguments at the same position by anybody gives the rows that it gave then, from `shelf` (NULL: none
 * is remembered). That holds for what changes with the ledger, which is all but the seals and the file parts. */
MUST_USE enum err db_snapshot_at(struct ctx *c, struct shelf *shelf, int64_t *ret_position);
/* The same at a position that the caller knows of: the store is asked for nothing until a statement comes that is not
 * remembered. If it turns out to stand elsewhere then, that statement and all that follow in the snapshot fail or are
 * of another state, and db_snapshot_missed(), asked before the end, says so: what was read is to be thrown away. */
void db_snapshot_expect(struct ctx *c, struct shelf *shelf, int64_t position);
bool db_snapshot_missed(const struct ctx *c);
/* The position of the snapshot that is held, if one of these two began it; false otherwise. */
bool db_snapshot_known(const struct ctx *c, int64_t *ret_position);

/* Inside a command of the writer: the head of the ledger as this transaction will leave it. The ledger advances it;
 * a command that fails has it put back. NULL outside a write. */
struct db_head {
    int64_t position;        /* of the last event; 0 in an empty store */
    unsigned char chain[32]; /* hash over all events up to it */
    int64_t at_us;           /* when that event happened; I64_NONE until the ledger has looked */
};
struct db_head *db_head(struct db *db);

/* Tests: how much work statements were so far, in steps of SQLite's machine, which no other work on the machine
 * changes; 0 on PostgreSQL. */
int64_t db_steps(const struct db *db);

/* Tests: the nth call to the engine from now fails with E_IO. 0: never. */
void db_fail_in(struct db *db, int64_t n);

#endif
