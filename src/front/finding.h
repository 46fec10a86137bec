/* finding.h - what search knows of the whole store: is it what the rows say, and making it anew (domain/search).
 *
 * Features keep it in step by themselves; this is for a store that an older program made, and for one that somebody
 * changed from outside. Memory: c->arena. */
#ifndef HOALU_FINDING_H
#define HOALU_FINDING_H

#include "base/ctx.h"

struct finding_state {
    int64_t docs;  /* documents there are */
    int64_t wrong; /* that differ from the rows they were made of, are missing or too many, or are not found */
    bool old;      /* made by another version of the program, or never */
};
MUST_USE enum err finding_look(struct ctx *c, struct finding_state *ret);

/* A command of the writer: make all of it anew. `arg` is not used. Writes no event: nothing that anybody said changes;
 * a server that runs meanwhile may show what it remembers until the next event. */
MUST_USE enum err finding_make(struct ctx *c, void *arg);

#endif
