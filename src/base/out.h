/* out.h - a writer with a ceiling that fails once.
 *
 * Put as you like and look at `failed` at the end: past the limit, or when the descriptor cannot be written, every
 * further put does nothing. The buffer belongs to the arena given to out_init(). With `fd` >= 0 it is only a buffer:
 * full stretches go to the descriptor and `n` counts what is still held. Threads: one. */
#ifndef HOALU_OUT_H
#define HOALU_OUT_H

#include "base/str.h"

#include <string.h>

struct arena;

struct out {
    char *p;
    size_t n;          /* held there */
    size_t ready;      /* up to here `p` is filled without asking: 0 at first, and once something failed */
    size_t cap, limit; /* limit: all bytes ever put */
    size_t sent;       /* of them those that the descriptor has */
    int fd;
    bool failed;
    struct arena_defer *owner;
};

void out_init(struct out *o, struct arena *a, size_t limit);            /* into memory */
void out_init_fd(struct out *o, struct arena *a, int fd, size_t limit); /* through to a descriptor */
void out_init_in(struct out *o, char *room, size_t n);                  /* into the caller's memory, and no further */
/* About so many bytes are to come: take the memory for them at once. */
void out_expect(struct out *o, size_t n);
/* As out_put(), called where there is no room yet. */
void out_put_slow(struct out *o, struct str s);
static inline void out_put(struct out *o, struct str s)
{
    size_t end = o->n + s.n;
    if (end > o->ready) {
        out_put_slow(o, s);
        return;
    }
    if (s.n)
        memcpy(o->p + o->n, s.p, s.n);
    o->n = end;
}
/* Where the next `n` bytes may be written at once, which then counts them as put; NULL if they must be put piece by
 * piece. */
static inline char *out_room(struct out *o, size_t n)
{
    size_t end = o->n + n;
    if (end > o->ready)
        return NULL;
    char *at = o->p + o->n;
    o->n = end;
    return at;
}
static inline void out_char(struct out *o, char c)
{
    out_put(o, (struct str){&c, 1});
}
static inline size_t out_total(const struct out *o) /* bytes ever put */
{
    return o->sent + o->n;
}
void out_i64(struct out *o, int64_t v);
void out_u64(struct out *o, uint64_t v);
void out_fmt(struct out *o, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The shortest decimal text that reads back as `v` ("57", "0.1"); v is finite. */
void out_f64(struct out *o, double v);
/* Begin anew with the same buffer; for one in memory. */
void out_clear(struct out *o);
/* Send what is held to the descriptor. False if anything failed so far. */
bool out_flush(struct out *o);
struct str out_str(const struct out *o); /* what is held; valid until the next put */

#endif
