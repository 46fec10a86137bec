/* doctor.h - is a store in good health, and how to mend what is not: a list of named checks.
 *
 * Reads only. A check that finds something is a problem, not an error; an error is when the store cannot be asked.
 * Memory: in c->arena. */
#ifndef HOALU_DOCTOR_H
#define HOALU_DOCTOR_H

#include "base/ctx.h"
#include "base/field.h"

struct doctor_check {
    struct str name;  /* "schema", "integrity", "references", "ledger", "head", "seal", "plans", "search", "files",
                         "parts", "key" */
    struct str state; /* "ok" or "problem" */
    struct str found; /* one sentence */
    struct str mend;  /* what to do; p == NULL if nothing */
};
extern const struct record doctor_check_record;

struct doctor {
    struct doctor_check *v;
    size_t n, cap;
    size_t problems;
};

/* Examine the store that c->db is open on; `store` is its name. */
MUST_USE enum err doctor_examine(struct ctx *c, struct str store, struct doctor *ret);

#endif
