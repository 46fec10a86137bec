/* fuzz.h - what every fuzz target shares: a context over an arena that is given back after each input.
 *
 * A target states a property, not only "does not crash": HOLDS(condition) stops the run with the input kept. */
#ifndef HOALU_FUZZ_H
#define HOALU_FUZZ_H

#include "base/ctx.h"

#include <stdint.h>

#define HOLDS(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            __builtin_trap();                                                                                          \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static inline int64_t fuzz_now(void *arg)
{
    (void)arg;
    return 1782864000000000; /* 2026-07-01T00:00:00Z */
}

static inline void fuzz_random(void *arg, void *buffer, size_t n)
{
    (void)arg;
    for (size_t i = 0; i < n; i++)
        ((unsigned char *)buffer)[i] = (unsigned char)i;
}

/* A context for one input; arena_reset(c->arena) at its end. Clock and chance stand still, so a crash comes back. */
static inline struct ctx fuzz_ctx(struct arena *arena)
{
    arena_init(arena, 256u << 20);
    return (struct ctx){.arena = arena, .source = {fuzz_now, fuzz_random, NULL}, .actor = {S("fuzz"), S(""), S("")}};
}

#endif
