/* op.h - an operation: one row says what it is called, who may, what it takes, and the function that does it.
 *
 * The command line (`hoalu call ledger.list --after 10`), HTTP routing, the help and /openapi.json come from the rows.
 * Each feature has a table of its own (OPS); front/ops.c collects them. A row without a permission does not compile.
 *
 * The arguments arrive in a struct described by `args`, checked: required ones are there, each is of its type, words
 * are among those allowed; what was not given is "absent" as base/field.h says it. Results go to `call->emit` as one
 * value; an operation that fails may have emitted part of it, which the caller throws away.
 *
 * OP_READ runs with a reading connection in c->db. OP_WRITE runs as a command of the writer, on the writer's thread and
 * inside its transaction (store/writer.h): it appends its events with ledger_append() and emits the result; the
 * position it ended at comes from op_run() beside it. What takes long before that is done by its prepare(). */
#ifndef HOALU_OP_H
#define HOALU_OP_H

#include "base/ctx.h"
#include "base/emit.h"

struct writer;

/* What somebody must be allowed to do. The rules of who has which live in domain/access. */
enum permission {
    PERM_PUBLIC = 1, /* anybody, signed in or not */
    PERM_READ,       /* whoever is signed in; rows are still filtered by what they may see */
    PERM_HISTORY,    /* the ledger and the history of every row: inspectors, the standing office */
    PERM_ENTER,      /* enter progress and values for one's own body */
    PERM_APPROVE,    /* approve what one's own body sends */
    PERM_OFFICE,     /* the standing office: cycles, returns, reminders, entering for others */
    PERM_PLAN,       /* tend plans: load, mend, amend */
    PERM_DECIDE,     /* assign, accept, extend, direct */
    PERM_ADMIN,      /* users, bodies, settings, seals */
    PERM_COUNT,
};

enum op_kind {
    OP_READ = 1,
    OP_WRITE,
};

struct op_call {
    const void *args; /* the struct that op->args describes */
    struct emit *emit;
    struct str store;      /* name of the store, for what stands beside it (the key) */
    struct writer *writer; /* of a write: for prepare() to stage files with */
    void *prepared;        /* what prepare() made */
};

struct op {
    const char *name;  /* "ledger.list" */
    const char *path;  /* "/ledger", "/tasks/{id}"; NULL: only POST /api/{name} */
    enum op_kind kind; /* OP_READ answers GET, OP_WRITE POST */
    enum permission permission;
    const struct record *args; /* NULL: none */
    enum err (*run)(struct ctx *c, const struct op_call *call);
    bool scoped; /* PERM_IN_BODY: it may be held in some body alone, and the function narrows what it does by that */
    bool slow;   /* not for a thread that serves connections: handed to a worker */
    const char *vi, *en;        /* one sentence each, without the final stop */
    const struct record *gives; /* a row of the answer; NULL: not described */
    const struct record * or ;  /* another that it may be, or NULL */
    bool many;                  /* {"items": [rows], "next": cursor} rather than one row, with or without more beside */
    /* Of a read: its XLSX, where that is a form to fill in rather than a table of the rows. */
    enum err (*sheet)(struct ctx *c, const struct op_call *call, struct str *ret);
    /* Of a write that takes long (reading a file): run before its command, on the caller's thread, c->db reading. */
    enum err (*prepare)(struct ctx *c, struct op_call *call);
};

struct op_table {
    const struct op *v;
    size_t n;
};

/* A row that says what it answers: pages of rows, one row, or one of either kind. */
#define OP_LISTS(row, ...)         OP_ANSWERS(row, NULL, true, __VA_ARGS__)
#define OP_GIVES(row, ...)         OP_ANSWERS(row, NULL, false, __VA_ARGS__)
#define OP_EITHER(row, other, ...) OP_ANSWERS(row, other, false, __VA_ARGS__)
#define OP_ANSWERS(row, other, rows, name_, path_, kind_, may, args_, run_, slow_, vi_, en_)                           \
    {                                                                                                                  \
        .name = name_, .path = path_, .kind = kind_, OP_MAY(may), .args = args_, .run = run_, .slow = slow_,           \
        .vi = vi_, .en = en_, .gives = row, .or = other, .many = rows                                                  \
    }

/* May be joined to a permission: PERM_ENTER | PERM_IN_BODY. */
#define PERM_IN_BODY 0x100
/* A permission that is one: anything else is an array of negative size where the row stands. */
#define OP_MAY(may_) OP_MAY_OF(may_, permission, scoped)
#define OP_MAY_OF(may_, permission_, scoped_)                                                                          \
    .permission_ = (enum permission)(OP_BARE(may_) + 0 * (int)sizeof(char[OP_IS(may_) ? 1 : -1])),                     \
    .scoped_ = ((may_)&PERM_IN_BODY) != 0
#define OP_IS(may)   (OP_BARE(may) > 0 && OP_BARE(may) < PERM_COUNT)
#define OP_BARE(may) ((int)(may) & ~PERM_IN_BODY)
#define OP(name_, path_, kind_, may, args_, run_, slow_, vi_, en_)                                                     \
    {                                                                                                                  \
        .name = name_, .path = path_, .kind = kind_, OP_MAY(may), .args = args_, .run = run_, .slow = slow_,           \
        .vi = vi_, .en = en_                                                                                           \
    }
#define OP_PREPARED(name_, may, args_, prepare_, run_, vi_, en_)                                                       \
    {                                                                                                                  \
        .name = name_, .kind = OP_WRITE, OP_MAY(may), .args = args_, .run = run_, .slow = true, .vi = vi_, .en = en_,  \
        .prepare = prepare_                                                                                            \
    }
#define OPS(symbol, ...)                                                                                               \
    static const struct op symbol##_rows[] = {__VA_ARGS__};                                                            \
    const struct op_table symbol = {symbol##_rows, sizeof symbol##_rows / sizeof *symbol##_rows}

#endif
