/* err.h - the one set of result codes, and the record that says what went wrong.
 *
 * A function that can fail returns `enum err` and, on failure, has filled an `struct error`. The code decides the
 * HTTP status and the exit status; the message is for the person who has to mend it. Library layers do not log:
 * whoever answers the user reports the error, once. Our own mistakes are assertions, kept in release builds. */
#ifndef HOALU_ERR_H
#define HOALU_ERR_H

#include "base/str.h"

#include <stdbool.h>

#define MUST_USE          __attribute__((warn_unused_result))
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))

enum err {
    OK = 0,
    E_INVALID,  /* the input is refused; the message names the place */
    E_DENIED,   /* this actor may not */
    E_SIGN_IN,  /* nobody may without signing in */
    E_NOTFOUND, /* no such thing, or none that this actor may know of */
    E_CONFLICT, /* somebody else changed it first, or it exists already */
    E_LIMIT,    /* too large, too many, too long */
    E_BUSY,     /* try again */
    E_IO,       /* the machine: disk, network, memory, store */
    E_INTERNAL, /* our mistake, caught */
};

/* What went wrong. Strings live in the arena of the context, or are literals. */
struct error {
    enum err code;
    struct str message; /* one sentence, in the reader's language where a reader sees it */
    struct str file;    /* the user's document, if the input was one */
    unsigned line;      /* 1-based line (paragraph of a DOCX, row of a CSV) in it; 0 if none */
    struct str field;   /* the argument or column that is wrong, if one is */
};

/* Exit status of a command that ended with `e`: 0 done, 1 refused or failed, 2 is for wrong use and never comes here.
 */
int err_exit_status(enum err e);

/* The stable short name ("invalid", "denied", ...): used in JSON and logs. */
struct str err_name(enum err e);

#define TRY(x)                                                                                                         \
    do {                                                                                                               \
        enum err try_ = (x);                                                                                           \
        if (try_)                                                                                                      \
            return try_;                                                                                               \
    } while (0)

#endif
