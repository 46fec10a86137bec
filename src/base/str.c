#include "base/str.h"

#include "base/arena.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/banned.h"

int str_cmp(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.p, b.p, n) : 0;
    return order ? order : (a.n > b.n) - (a.n < b.n);
}

size_t str_find(struct str s, struct str needle, size_t from)
{
    if (from > s.n)
        return SIZE_MAX;
    if (needle.n == 0)
        return from;
    if (needle.n > s.n - from)
        return SIZE_MAX;
    const char *hit = memmem(s.p + from, s.n - from, needle.p, needle.n);
    return hit ? (size_t)(hit - s.p) : SIZE_MAX;
}

bool str_has(struct str s, struct str needle)
{
    return str_find(s, needle, 0) != SIZE_MAX;
}

static size_t blank_at_start(struct str s)
{
    if (s.n && (s.p[0] == ' ' || (s.p[0] >= '\t' && s.p[0] <= '\r')))
        return 1;
    return str_starts(s, S("\u00a0")) ? 2 : 0;
}

static size_t blank_at_end(struct str s)
{
    if (s.n && (s.p[s.n - 1] == ' ' || (s.p[s.n - 1] >= '\t' && s.p[s.n - 1] <= '\r')))
        return 1;
    return str_ends(s, S("\u00a0")) ? 2 : 0;
}

struct str str_head(struct str s, size_t n)
{
    if (n >= s.n)
        return s;
    while (n > 0 && ((unsigned char)s.p[n] & 0xc0) == 0x80)
        n--;
    return (struct str){s.p, n};
}

struct str str_trim(struct str s)
{
    if (s.n && (signed char)s.p[0] > ' ' && (signed char)s.p[s.n - 1] > ' ') /* nothing to do: most often so */
        return s;
    for (size_t n; (n = blank_at_start(s));)
        s = str_skip(s, n);
    for (size_t n; (n = blank_at_end(s));)
        s.n -= n;
    return s;
}

bool str_cut(struct str *rest, char sep, struct str *part)
{
    if (!rest->p)
        return false;
    const char *hit = rest->n ? memchr(rest->p, sep, rest->n) : NULL;
    if (hit) {
        *part = (struct str){rest->p, (size_t)(hit - rest->p)};
        *rest = str_skip(*rest, part->n + 1);
        return true;
    }
    *part = *rest;
    *rest = (struct str){NULL, 0};
    return true;
}

bool str_i64(struct str s, int64_t *ret)
{
    bool minus = s.n && s.p[0] == '-';
    struct str digits = str_skip(s, minus);
    if (digits.n == 0)
        return false;
    int64_t value = 0;
    for (size_t i = 0; i < digits.n; i++) {
        if (digits.p[i] < '0' || digits.p[i] > '9')
            return false;
        if (__builtin_mul_overflow(value, 10, &value) || __builtin_sub_overflow(value, digits.p[i] - '0', &value))
            return false;
    }
    if (!minus && value == INT64_MIN)
        return false;
    *ret = minus ? value : -value;
    return true;
}

struct str str_dup(struct arena *a, struct str s)
{
    char *copy = NEWN(a, char, s.n + 1);
    if (s.n)
        memcpy(copy, s.p, s.n);
    return (struct str){copy, s.n};
}

char *str_z(struct arena *a, struct str s)
{
    return (char *)str_dup(a, s).p;
}

struct str str_vfmt(struct arena *a, const char *format, va_list args)
{
    char some[256];
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(some, sizeof some, format, args);
    assert(n >= 0);
    char *text = NEWN(a, char, (size_t)n + 1);
    if ((size_t)n < sizeof some)
        memcpy(text, some, (size_t)n);
    else
        vsnprintf(text, (size_t)n + 1, format, again);
    va_end(again);
    return (struct str){text, (size_t)n};
}

struct str str_fmt(struct arena *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct str s = str_vfmt(a, format, args);
    va_end(args);
    return s;
}

struct str str_join(struct arena *a, const struct str *v, size_t n, struct str sep)
{
    size_t total = 0;
    for (size_t i = 0; i < n; i++)
        total += v[i].n + (i ? sep.n : 0);
    char *text = NEWN(a, char, total + 1), *at = text;
    for (size_t i = 0; i < n; i++) {
        if (i && sep.n)
            at = mempcpy(at, sep.p, sep.n);
        if (v[i].n)
            at = mempcpy(at, v[i].p, v[i].n);
    }
    return (struct str){text, total};
}

/* Length of the well-formed sequence at `p` (RFC 3629: no overlong forms, no surrogates, at most U+10FFFF), or 0. */
static size_t utf8_sequence(const unsigned char *p, size_t n)
{
    if (p[0] < 0x80)
        return p[0] ? 1 : 0;
    if (p[0] < 0xc2 || p[0] > 0xf4)
        return 0;
    size_t want = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
    if (n < want)
        return 0;
    unsigned char low = p[0] == 0xe0 ? 0xa0 : p[0] == 0xf0 ? 0x90 : 0x80;
    unsigned char high = p[0] == 0xed ? 0x9f : p[0] == 0xf4 ? 0x8f : 0xbf;
    if (p[1] < low || p[1] > high)
        return 0;
    for (size_t i = 2; i < want; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    return want;
}

bool str_is_utf8(struct str s, size_t *ret_at)
{
    for (size_t i = 0; i < s.n;) {
        if ((signed char)s.p[i] > 0) {
            i++;
            continue;
        }
        size_t n = utf8_sequence((const unsigned char *)s.p + i, s.n - i);
        if (n == 0) {
            if (ret_at)
                *ret_at = i;
            return false;
        }
        i += n;
    }
    return true;
}

uint32_t str_rune(struct str s, size_t *at)
{
    if (*at >= s.n)
        return 0;
    const unsigned char *p = (const unsigned char *)s.p + *at;
    size_t n = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
    assert(*at + n <= s.n);
    *at += n;
    switch (n) {
    case 1:
        return p[0];
    case 2:
        return (uint32_t)(p[0] & 0x1f) << 6 | (p[1] & 0x3f);
    case 3:
        return (uint32_t)(p[0] & 0x0f) << 12 | (uint32_t)(p[1] & 0x3f) << 6 | (p[2] & 0x3f);
    default:
        return (uint32_t)(p[0] & 0x07) << 18 | (uint32_t)(p[1] & 0x3f) << 12 | (uint32_t)(p[2] & 0x3f) << 6 |
               (p[3] & 0x3f);
    }
}

size_t str_put_rune(char buf[4], uint32_t rune)
{
    if (rune < 0x80) {
        buf[0] = (char)rune;
        return 1;
    }
    if (rune < 0x800) {
        buf[0] = (char)(0xc0 | rune >> 6);
        buf[1] = (char)(0x80 | (rune & 0x3f));
        return 2;
    }
    if (rune < 0x10000) {
        buf[0] = (char)(0xe0 | rune >> 12);
        buf[1] = (char)(0x80 | (rune >> 6 & 0x3f));
        buf[2] = (char)(0x80 | (rune & 0x3f));
        return 3;
    }
    buf[0] = (char)(0xf0 | rune >> 18);
    buf[1] = (char)(0x80 | (rune >> 12 & 0x3f));
    buf[2] = (char)(0x80 | (rune >> 6 & 0x3f));
    buf[3] = (char)(0x80 | (rune & 0x3f));
    return 4;
}
