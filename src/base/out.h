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
    size_t n, cap, limit; /* limit: all bytes ever put */
    size_t total;
    int fd;
    bool failed;
    struct arena_defer *owner;
};

void out_init(struct out *o, struct arena *a, size_t limit);            /* into memory */
void out_init_fd(struct out *o, struct arena *a, int fd, size_t limit); /* through to a descriptor */
void out_put_slow(struct out *o, struct str s);
static inline void out_put(struct out *o, struct str s)
{
    /* Where there is room and nothing to flush, which is nearly always, it is a copy. */
    if (o->fd >= 0 || o->failed || s.n == 0 || s.n > o->cap - o->n || s.n > o->limit - o->total) {
        out_put_slow(o, s);
        return;
    }
    memcpy(o->p + o->n, s.p, s.n);
    o->n += s.n;
    o->total += s.n;
}
/* Where the next `n` bytes may be written at once, which then counts them as put; NULL if they must be put piece by
 * piece. */
static inline char *out_room(struct out *o, size_t n)
{
    if (o->fd >= 0 || o->failed || n > o->cap - o->n || n > o->limit - o->total)
        return NULL;
    char *at = o->p + o->n;
    o->n += n;
    o->total += n;
    return at;
}
static inline void out_char(struct out *o, char c)
{
    out_put(o, (struct str){&c, 1});
}
void out_i64(struct out *o, int64_t v);
void out_fmt(struct out *o, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The shortest decimal text that reads back as `v` ("57", "0.1"); v is finite. */
void out_f64(struct out *o, double v);
/* Begin anew with the same buffer; for one in memory. */
void out_clear(struct out *o);
/* Send what is held to the descriptor. False if anything failed so far. */
bool out_flush(struct out *o);
struct str out_str(const struct out *o); /* what is held; valid until the next put */

#endif
