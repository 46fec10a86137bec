#define BASE_MAY_ALLOCATE /* utf8proc's results are its own */
#include "base/viet.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/banned.h"

/* What a rune becomes before composition: 0 to drop it, ' ' for every kind of blank. */
static uint32_t plain_rune(uint32_t r)
{
    if (r == '\n' || r == '\t')
        return r;
    if (r < 0x20 || (r >= 0x7f && r < 0xa0) || r == 0xad || r == 0xfeff || (r >= 0x200b && r <= 0x200f)
        || (r >= 0x202a && r <= 0x202e) || (r >= 0x2060 && r <= 0x2069))
        return 0;
    if (r == 0xa0 || r == 0x1680 || (r >= 0x2000 && r <= 0x200a) || r == 0x202f || r == 0x205f || r == 0x3000
        || r == 0x2028 || r == 0x2029)
        return ' ';
    return r;
}

static bool is_ascii_plain(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x7f || ((unsigned char)s.p[i] < 0x20 && s.p[i] != '\n' && s.p[i] != '\t'))
            return false;
    return true;
}

struct str viet_nfc(struct arena *a, struct str s)
{
    if (is_ascii_plain(s))
        return str_dup(a, s);
    char *plain = NEWN(a, char, s.n + 1);
    size_t n = 0;
    for (size_t at = 0; at < s.n;) {
        uint32_t r = plain_rune(str_rune(s, &at));
        if (r)
            n += str_put_rune(plain + n, r);
    }
    struct arena_defer *owner = arena_defer(a, free);
    utf8proc_uint8_t *composed = NULL;
    utf8proc_ssize_t length = utf8proc_map((const utf8proc_uint8_t *)plain, (utf8proc_ssize_t)n, &composed,
        UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    owner->arg = composed;
    return length < 0 ? (struct str) { plain, n } : (struct str) { (char *)composed, (size_t)length };
}

/* The ASCII form of a Vietnamese letter or of punctuation that has several shapes; 0 if it has none. */
static uint32_t fold_rune(uint32_t r)
{
    if (r < 0x80)
        return r >= 'A' && r <= 'Z' ? r + 32 : r;
    if (r == 0x111 || r == 0x110 || r == 0xf0 || r == 0xd0)
        return 'd';
    if ((r >= 0x2010 && r <= 0x2015) || r == 0x2212 || r == 0xfe58 || r == 0xff0d)
        return '-';
    if (r == 0x201c || r == 0x201d || r == 0x201e || r == 0xab || r == 0xbb)
        return '"';
    if (r == 0x2018 || r == 0x2019)
        return '\'';
    if (r >= 0x300 && r <= 0x36f)
        return 0;
    utf8proc_int32_t parts[16];
    int boundary = 0;
    utf8proc_ssize_t n
        = utf8proc_decompose_char((utf8proc_int32_t)r, parts, 16, UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK, &boundary);
    return n >= 1 && n <= 16 ? (uint32_t)parts[0] : r;
}

struct folded viet_fold(struct arena *a, struct str s)
{
    /* A folded rune is never longer than the original, save a few that grow from 2 to 3 bytes. */
    size_t cap = s.n + s.n / 2 + 4;
    char *text = NEWN(a, char, cap + 1);
    uint32_t *at_of = NEWN(a, uint32_t, cap + 2);
    size_t n = 0;
    for (size_t at = 0; at < s.n;) {
        size_t from = at;
        uint32_t r = fold_rune(str_rune(s, &at));
        if (r == '\t' || r == '\n' || r == 0xa0)
            r = ' ';
        if (r == 0 || (r == ' ' && n && text[n - 1] == ' '))
            continue;
        char bytes[4];
        size_t length = str_put_rune(bytes, r);
        if (n + length > cap)
            break;
        for (size_t i = 0; i < length; i++) {
            text[n] = bytes[i];
            at_of[n++] = (uint32_t)from;
        }
    }
    at_of[n] = (uint32_t)s.n;
    return (struct folded) { { text, n }, at_of, s };
}

struct str folded_original(const struct folded *f, size_t from, size_t to)
{
    return str_slice(f->original, f->at[from], f->at[to]);
}

struct str viet_fold_text(struct arena *a, struct str s)
{
    return viet_fold(a, s).s;
}

struct str viet_capital(struct arena *a, struct str s)
{
    if (!s.n)
        return s;
    size_t at = 0;
    uint32_t r = (uint32_t)utf8proc_toupper((utf8proc_int32_t)str_rune(s, &at));
    char *text = NEWN(a, char, s.n + 5);
    size_t n = str_put_rune(text, r);
    memcpy(text + n, s.p + at, s.n - at);
    return (struct str) { text, n + s.n - at };
}
