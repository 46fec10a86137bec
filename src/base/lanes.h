/* lanes.h - sixteen bytes looked at together, for loops over the bytes of every text.
 *
 * In the compilers' own vectors: one register where the machine has such (SSE2, NEON), words elsewhere. A comparison
 * gives 0xff in each lane where it holds; `|` brings several together. Threads: no state. */
#ifndef HOALU_LANES_H
#define HOALU_LANES_H

#include "base/str.h"

enum { LANES = 16 };
typedef uint8_t lanes __attribute__((vector_size(LANES)));

static inline lanes lanes_of(uint8_t byte)
{
    return (lanes){byte, byte, byte, byte, byte, byte, byte, byte, byte, byte, byte, byte, byte, byte, byte, byte};
}

static inline lanes lanes_at(const char *p)
{
    lanes v;
    memcpy(&v, p, sizeof v);
    return v;
}

/* All of `n` bytes, 1 to 15 of them; some stand in several lanes. */
static inline lanes lanes_of_few(const char *p, size_t n)
{
    uint32_t word[4];
    if (n >= 8) {
        memcpy(word, p, 8);
        memcpy(word + 2, p + n - 8, 8);
    } else if (n >= 4) {
        memcpy(word, p, 4);
        memcpy(word + 1, p + n - 4, 4);
        memcpy(word + 2, word, 8);
    } else {
        word[0] = 0x01010101u * (uint8_t)p[0];
        word[1] = 0x01010101u * (uint8_t)p[n / 2];
        word[2] = word[3] = 0x01010101u * (uint8_t)p[n - 1];
    }
    return lanes_at((const char *)word);
}

static inline bool lanes_any(lanes held)
{
    uint64_t half[2];
    memcpy(half, &held, sizeof half);
    return (half[0] | half[1]) != 0;
}

/* The offset of the first byte from `i` on for which `test` holds; s.n if there is none. */
static inline __attribute__((always_inline)) size_t lanes_find(struct str s, size_t i, lanes (*test)(lanes))
{
    for (; s.n - i >= LANES; i += LANES) {
        lanes held = test(lanes_at(s.p + i));
        if (lanes_any(held)) {
            size_t lane = 0;
            while (!held[lane])
                lane++;
            return i + lane;
        }
    }
    if (i == s.n || !lanes_any(test(lanes_of_few(s.p + i, s.n - i))))
        return s.n;
    while (!lanes_any(test(lanes_of((uint8_t)s.p[i]))))
        i++;
    return i;
}

#endif
