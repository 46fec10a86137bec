/* sample.h - made-up figures, to show the program with: the two years before this one and what is over of it, each
 * marked as a sample.
 *
 * data/indicators/sample.csv says of each indicator where its figures begin, how fast they go, how much they scatter,
 * and what is the matter with them: `gap` (a stretch is missing), `missing` (some places never report), `stale`
 * (nothing in the last year), `none` (nothing at all), `corrected` (a figure that was wrong at first), `differs` (a
 * second source says otherwise), `provisional` (the latest is). The same seed and day give the same figures.
 *
 * Memory: c->arena. */
#ifndef HOALU_INDICATOR_SAMPLE_H
#define HOALU_INDICATOR_SAMPLE_H

#include "domain/indicator/value.h"
#include "domain/org/org.h"

struct sample_args {
    int64_t seed;    /* I64_NONE: 57 */
    int64_t figures; /* out: written */
};

/* A command of the writer; `arg` is a struct sample_args. E_CONFLICT in a store that has figures which are no sample:
 * nothing made up is ever put beside what somebody reported. */
MUST_USE enum err sample_run(struct ctx *c, void *arg);

/* What the goals lack: a file of goals, for indicator_load_run(), that says where each began as last year's figures
 * have it, marked as a sample. On a reading connection, once sample_run() has been committed. */
MUST_USE enum err sample_goals(struct ctx *c, struct org_file *ret);

#endif
