/* ctx.h - what one request, job or command-line run carries down through the layers.
 *
 * There are no globals: the clock, the random source, the store connection, who acts and the memory all come from the
 * context, so a test can set each of them. A context belongs to one thread at a time. */
#ifndef HOALU_CTX_H
#define HOALU_CTX_H

#include "base/arena.h"
#include "base/err.h"

struct cube;
struct db;
struct sight_shown;
struct viewer;

/* Where time and chance come from. source_system() is the real one. */
struct source {
    int64_t (*now_us)(void *arg); /* microseconds since 1970-01-01T00:00:00Z */
    void (*random)(void *arg, void *buffer, size_t n);
    void *arg;
};
struct source source_system(void);

/* Who does something, and for whom. Empty strings where nobody is signed in (the command line gives "cli"). */
struct actor {
    struct str name;
    struct str behalf;  /* the body the office enters for, or the person who delegated */
    struct str request; /* id of the request, for the ledger and the log */
};

struct ctx {
    struct arena *arena;
    struct db *db; /* NULL where no store is needed */
    struct source source;
    struct actor actor;
    const struct viewer *viewer; /* who asks (domain/access/viewer.h); NULL: nobody */
    struct sight_shown *shown;   /* what of restricted items is shown (domain/sight/sight.h); NULL: nobody asks */
    struct cube *cube;           /* figures kept in memory (domain/indicator/cube.h); NULL: none are */
    struct error error;
};

/* Fill c->error and give back its code: `return FAIL(c, E_INVALID, "…")`. The text is formatted into the arena. */
#define FAIL(c, code, ...) ctx_fail((c), (code), S(""), 0, __VA_ARGS__)
/* The same, naming line `line` of the user's document `file`. */
#define FAIL_AT(c, code, file, line, ...) ctx_fail((c), (code), (file), (line), __VA_ARGS__)
enum err ctx_fail(struct ctx *c, enum err code, struct str file, unsigned line, const char *format, ...)
    PRINTF_LIKE(5, 6);

static inline int64_t ctx_now(const struct ctx *c)
{
    return c->source.now_us(c->source.arg);
}

/* Run `work(c, arg)` with memory failure turned into E_LIMIT: the boundary of a request, a command or a job. */
enum err ctx_run(struct ctx *c, enum err (*work)(struct ctx *c, void *arg), void *arg);

#endif
