/* fuzz.h - what every fuzz target shares: a context over an arena that is given back after each input.
 *
 * A target states a property, not only "does not crash": HOLDS(condition) stops the run with the input kept. */
#ifndef HOALU_FUZZ_H
#define HOALU_FUZZ_H

#include "base/ctx.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOLDS(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition);                             \
            __builtin_trap();                                                                                          \
        }                                                                                                              \
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

/* Text made of what such texts are made of: one byte, one piece. At most FUZZ_PIECES of them. With FUZZ_SHOW set, the
 * text of a kept input is shown: FUZZ_SHOW=1 build-asan/fuzz/fuzz-NAME fuzz/crashes/NAME-… */
enum { FUZZ_PIECES = 700 };
static inline struct str fuzz_compose(struct arena *a, const uint8_t *data, size_t n, const struct str *pieces,
                                      size_t n_pieces)
{
    size_t total = 0, at = 0;
    n = n < FUZZ_PIECES ? n : FUZZ_PIECES;
    for (size_t i = 0; i < n; i++)
        total += pieces[data[i] % n_pieces].n;
    char *p = NEWN(a, char, total + 1);
    for (size_t i = 0; i < n; i++) {
        struct str piece = pieces[data[i] % n_pieces];
        memcpy(p + at, piece.p, piece.n);
        at += piece.n;
    }
    if (getenv("FUZZ_SHOW"))
        fprintf(stderr, "%s\n", p);
    return (struct str){p, total};
}

#endif
