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

/* Room for `n` more bytes within the limit, and for `beyond` that are not kept (a NUL). */
static bool reserve(struct out *o, size_t n, size_t beyond)
{
    if (o->failed || n > o->limit - o->total) {
        o->failed = true;
        return false;
    }
    size_t need = o->n + n + beyond, cap = o->cap ? o->cap : FIRST;
    if (o->cap >= need)
        return true;
    assert(o->owner && need <= SIZE_MAX / 2);
    while (cap < need)
        cap *= 2;
    char *bigger = realloc(o->p, cap);
    if (!bigger) {
        o->failed = true;
        return false;
    }
    o->owner->arg = o->p = bigger;
    o->cap = cap;
    return true;
}

bool out_flush(struct out *o)
{
    size_t sent = 0;
    while (!o->failed && o->fd >= 0 && sent < o->n) {
        ssize_t n = write(o->fd, o->p + sent, o->n - sent);
        if (n > 0)
            sent += (size_t)n;
        else if (n == 0 || errno != EINTR)
            o->failed = true;
    }
    if (o->fd >= 0)
        o->n = 0;
    return !o->failed;
}

void out_put_slow(struct out *o, struct str s)
{
    if (s.n == 0 || !reserve(o, s.n, 0))
        return;
    memcpy(o->p + o->n, s.p, s.n);
    o->n += s.n;
    o->total += s.n;
    if (o->fd >= 0 && o->n >= FLUSH_AT)
        out_flush(o);
}

void out_i64(struct out *o, int64_t v)
{
    char digits[24], *at = digits + sizeof digits;
    uint64_t rest = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    do
        *--at = (char)('0' + rest % 10);
    while (rest /= 10);
    if (v < 0)
        *--at = '-';
    out_put(o, (struct str){at, (size_t)(digits + sizeof digits - at)});
}

void out_fmt(struct out *o, const char *format, ...)
{
    if (o->failed)
        return;
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    assert(n >= 0);
    if (reserve(o, (size_t)n, 1)) {
        vsnprintf(o->p + o->n, (size_t)n + 1, format, again);
        o->n += (size_t)n;
        o->total += (size_t)n;
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
    o->n = o->total = 0;
    o->failed = false;
}

struct str out_str(const struct out *o)
{
    return (struct str){o->p ? o->p : "", o->n};
}
