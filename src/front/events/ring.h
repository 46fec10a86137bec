/* ring.h - the latest texts, each under its number, in a fixed stretch of memory. Threads: the caller's lock. */
#ifndef HOALU_EVENTS_RING_H
#define HOALU_EVENTS_RING_H

#include "base/str.h"

enum { RING_BYTES = 1 << 20, RING_TEXTS = 1 << 13 };

struct ring {
    uint64_t written; /* bytes, ever */
    struct {
        int64_t number; /* 0: none */
        uint64_t at;
        size_t n, head;
    } texts[RING_TEXTS];
    char bytes[RING_BYTES];
};

/* Keep a text, whose first `head` bytes may be asked for or not. Numbers rise, and one may be left out; a text longer
 * than the ring is not kept. */
void ring_put(struct ring *r, int64_t number, struct str text, size_t head);

/* Forget every text. */
void ring_clear(struct ring *r);

/* Room for bytes, and how much of it is taken. */
struct room {
    char *p;
    size_t n, cap;
};
/* Put as much of a text as there is room for; `*part` is how much of it was put before, and grows. True if the text is
 * all there now. */
bool room_put(struct room *to, struct str text, size_t *part);
/* The same from the ring. False with *ret_kept false if the text is no longer there, or never was. */
bool ring_take(const struct ring *r, int64_t number, bool with_head, struct room *to, size_t *part, bool *ret_kept);

#endif
