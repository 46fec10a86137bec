#define BASE_MAY_ALLOCATE
#include "base/out.h"

#include "base/arena.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

enum { FLUSH_AT = 64 << 10, FIRST = 4096 };

void out_init_fd(struct out *o, struct arena *a, int fd, size_t limit)
{
    *o = (struct out){.limit = limit, .fd = fd, .owner = arena_defer(a, free)};
}

void out_init(struct out *o, struct arena *a, size_t limit)
{
    out_init_fd(o, a, -1, limit);
}

void out_init_in(struct out *o, char *room, size_t n)
{
    *o = (struct out){.p = room, .ready = n, .cap = n, .limit = n, .fd = -1};
}

static void fail(struct out *o)
{
    o->failed = true;
    o->ready = 0;
}

/* Put without asking as far as there is memory, the limit allows, and nothing has to be sent. */
static void make_ready(struct out *o)
{
    size_t left = o->limit - o->sent;
    o->ready = o->cap < left ? o->cap : left;
    if (o->fd >= 0 && o->ready > FLUSH_AT)
        o->ready = FLUSH_AT;
}

static bool grow(struct out *o, size_t need)
{
    size_t cap = o->cap ? o->cap : FIRST;
    if (o->cap >= need)
        return true;
    assert(o->owner && need <= SIZE_MAX / 2);
    while (cap < need)
        cap *= 2;
    char *bigger = realloc(o->p, cap);
    if (!bigger) {
        fail(o);
        return false;
    }
    o->owner->arg = o->p = bigger;
    o->cap = cap;
    make_ready(o);
    return true;
}

/* Room for `n` more bytes within the limit, and for `beyond` that are not kept (a NUL). */
static bool reserve(struct out *o, size_t n, size_t beyond)
{
    if (!o->failed && n > o->limit - out_total(o))
        fail(o);
    return !o->failed && grow(o, o->n + n + beyond);
}

void out_expect(struct out *o, size_t n)
{
    if (!o->failed)
        grow(o, o->n + (n < o->limit - out_total(o) ? n : o->limit - out_total(o)));
}

bool out_flush(struct out *o)
{
    size_t at = 0;
    while (!o->failed && o->fd >= 0 && at < o->n) {
        ssize_t n = write(o->fd, o->p + at, o->n - at);
        if (n > 0)
            at += (size_t)n;
        else if (n == 0 || errno != EINTR)
            fail(o);
    }
    if (o->fd >= 0) {
        o->sent += o->n;
        o->n = 0;
        if (!o->failed)
            make_ready(o);
    }
    return !o->failed;
}

void out_put_slow(struct out *o, struct str s)
{
    if (s.n == 0 || !reserve(o, s.n, 0))
        return;
    memcpy(o->p + o->n, s.p, s.n);
    o->n += s.n;
    if (o->fd >= 0 && o->n >= FLUSH_AT)
        out_flush(o);
}

static void put_digits(struct out *o, uint64_t v, bool minus)
{
    char digits[24], *at = digits + sizeof digits;
    do
        *--at = (char)('0' + v % 10);
    while (v /= 10);
    if (minus)
        *--at = '-';
    out_put(o, (struct str){at, (size_t)(digits + sizeof digits - at)});
}

void out_i64(struct out *o, int64_t v)
{
    put_digits(o, v < 0 ? 0 - (uint64_t)v : (uint64_t)v, v < 0);
}

void out_u64(struct out *o, uint64_t v)
{
    put_digits(o, v, false);
}

void out_fmt(struct out *o, const char *format, ...)
{
    if (o->failed)
        return;
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    size_t room = o->ready - o->n;
    int n = vsnprintf(room ? o->p + o->n : NULL, room, format, args);
    va_end(args);
    assert(n >= 0);
    if ((size_t)n < room) {
        o->n += (size_t)n;
    } else if (reserve(o, (size_t)n, 1)) {
        vsnprintf(o->p + o->n, (size_t)n + 1, format, again);
        o->n += (size_t)n;
    }
    va_end(again);
    if (o->fd >= 0 && o->n >= FLUSH_AT)
        out_flush(o);
}

void out_f64(struct out *o, double v)
{
    assert(isfinite(v));
    char text[40];
    v += 0.0; /* no "-0" */
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, v);
        if (strtod(text, NULL) == v)
            break;
    }
    out_put(o, str_of(text));
}

void out_clear(struct out *o)
{
    o->n = o->sent = 0;
    o->failed = false;
    make_ready(o);
}

struct str out_str(const struct out *o)
{
    return (struct str){o->p ? o->p : "", o->n};
}
