/* str.h - text as a view: a pointer and a length, passed by value.
 *
 * Cutting never copies. A view owns nothing: it lives as long as what it points into (a literal, an arena, a mapped
 * file). Text inside the program is UTF-8 in NFC, checked once where it enters (base/viet.h). Copies made in an arena
 * carry a NUL after them for libc's sake; nothing else relies on it. Threads: no state. */
#ifndef HOALU_STR_H
#define HOALU_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct arena;

struct str {
    const char *p;
    size_t n;
};

#define S(literal) ((struct str){"" literal, sizeof(literal) - 1})
/* S() for a static initialiser. */
#define S0(literal)                                                                                                    \
    {                                                                                                                  \
        "" literal, sizeof(literal) - 1                                                                                \
    }
/* For printf: "%.*s", ARGS(s). Views longer than INT_MAX are cut. */
#define ARGS(s) (int)((s).n > 0x7fffffff ? 0x7fffffff : (s).n), ((s).p ? (s).p : "")

struct strs {
    struct str *v;
    size_t n;
};

static inline struct str str_of(const char *z) /* NULL gives the empty view */
{
    return z ? (struct str){z, strlen(z)} : S("");
}
static inline bool str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}
int str_cmp(struct str a, struct str b); /* bytewise; a prefix sorts first */
static inline bool str_starts(struct str s, struct str prefix)
{
    return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}
static inline bool str_ends(struct str s, struct str suffix)
{
    return s.n >= suffix.n && (suffix.n == 0 || memcmp(s.p + (s.n - suffix.n), suffix.p, suffix.n) == 0);
}
/* Offset of the first `needle` at or after `from`, or SIZE_MAX. An empty needle is found at `from`. */
size_t str_find(struct str s, struct str needle, size_t from);
bool str_has(struct str s, struct str needle);

static inline struct str str_slice(struct str s, size_t from, size_t to) /* both clamped to s */
{
    if (to > s.n)
        to = s.n;
    if (from > to)
        from = to;
    return (struct str){s.p ? s.p + from : NULL, to - from};
}
static inline struct str str_skip(struct str s, size_t n)
{
    return str_slice(s, n, s.n);
}
struct str str_head(struct str s, size_t n); /* at most n bytes, no character cut in two */
struct str str_trim(struct str s);           /* ASCII blanks and U+00A0 at both ends */

/* Take the part of `rest` before `sep` (or all of it) into `part` and leave what follows. False once nothing is left:
 * "a//b" gives three parts, "" gives one empty part. */
bool str_cut(struct str *rest, char sep, struct str *part);

/* A decimal integer with optional '-' that is all of `s`; false (and `ret` untouched) on anything else or overflow. */
bool str_i64(struct str s, int64_t *ret);

struct str str_dup(struct arena *a, struct str s);
char *str_z(struct arena *a, struct str s); /* NUL-terminated copy, for libc */
struct str str_fmt(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct str str_vfmt(struct arena *a, const char *format, va_list args);
struct str str_join(struct arena *a, const struct str *v, size_t n, struct str sep);

/* Is `s` well-formed UTF-8 without NUL? On false, `*ret_at` (if given) is the offset of the first bad byte. */
bool str_is_utf8(struct str s, size_t *ret_at);

/* The code point at `*at`, which moves past it. `s` must be well-formed. 0 at the end. */
uint32_t str_rune(struct str s, size_t *at);
/* Writes `rune` as UTF-8 into `buf` and returns its length, 1 to 4. */
size_t str_put_rune(char buf[4], uint32_t rune);

#endif
