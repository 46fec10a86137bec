#include "front/web/html.h"

#include "base/lanes.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

#include "base/banned.h"

enum { URL_MAX = 8192 };

static bool is_alnum(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9');
}

static inline lanes between(lanes v, uint8_t first, uint8_t last)
{
    return (lanes)(v - lanes_of(first) <= lanes_of((uint8_t)(last - first)));
}

static inline lanes reserved(lanes v)
{
    lanes stays = between(v | lanes_of(32), 'a', 'z') | between(v, '0', '9') | between(v, '-', '.') |
                  (lanes)(v == lanes_of('_')) | (lanes)(v == lanes_of('~'));
    return ~stays;
}

static void put_part(struct out *o, struct str s)
{
    static const char hex[] = "0123456789ABCDEF";
    if (str_eq(s, S(".")) || str_eq(s, S("..")))
        s = S("\xef\xbf\xbd");
    for (size_t from = 0;;) {
        size_t at = lanes_find(s, from, reserved);
        out_put(o, str_slice(s, from, at));
        if (at == s.n)
            return;
        unsigned char byte = (unsigned char)s.p[at];
        out_put(o, (struct str){(const char[]){'%', hex[byte >> 4], hex[byte & 15]}, 3});
        from = at + 1;
    }
}

void html_part(struct page *p, struct str s)
{
    put_part(p->out, s);
}

void html_part_z(struct page *p, const char *z)
{
    put_part(p->out, str_of(z));
}

void html_part_date(struct page *p, struct html_day v)
{
    char text[DAY_TEXT];
    put_part(p->out, day_text(v.day, text));
}

void html_url(struct page *p, struct url u)
{
    html_text(p, u.s);
}

static bool is_pattern(const char *z)
{
    return z[0] == '/' && (!z[1] || is_alnum(z[1]));
}

struct url url_fixed(const char *path)
{
    assert(is_pattern(path));
    return (struct url){str_of(path)};
}

/* No part is longer in an address than this. */
static size_t part_max(struct str s)
{
    return 3 * (s.n < 3 ? 3 : s.n);
}

static void url_init(struct out *o, struct arena *a, size_t max)
{
    out_init_in(o, NEWN(a, char, max), max);
}

static struct url url_of(const struct out *o)
{
    assert(!o->failed);
    return (struct url){out_str(o)};
}

struct url url_fill(struct arena *a, const char *pattern, const struct str *segments, size_t n)
{
    struct out o;
    size_t used = 0;
    struct str rest = str_of(pattern);
    size_t max = rest.n;
    assert(is_pattern(pattern));
    for (size_t i = 0; i < n; i++)
        max += part_max(segments[i]);
    url_init(&o, a, max);
    for (size_t at; (at = str_find(rest, S("{}"), 0)) != SIZE_MAX; rest = str_skip(rest, at + 2)) {
        assert(used < n);
        out_put(&o, str_slice(rest, 0, at));
        put_part(&o, segments[used++]);
    }
    assert(used == n);
    out_put(&o, rest);
    return url_of(&o);
}

struct url url_with_pair(struct arena *a, struct url u, struct str name, struct str value)
{
    struct out o;
    size_t fragment = str_find(u.s, S("#"), 0);
    struct str before = str_slice(u.s, 0, fragment);
    url_init(&o, a, u.s.n + 2 + part_max(name) + part_max(value));
    out_put(&o, before);
    out_char(&o, str_has(before, S("?")) ? '&' : '?');
    put_part(&o, name);
    out_char(&o, '=');
    put_part(&o, value);
    out_put(&o, str_skip(u.s, before.n));
    return url_of(&o);
}

struct url url_with(struct arena *a, struct url u, const char *name, struct str value)
{
    return url_with_pair(a, u, str_of(name), value);
}

struct url url_form(struct arena *a, struct url u, const char *suffix)
{
    size_t end = 0;
    while (end < u.s.n && u.s.p[end] != '?' && u.s.p[end] != '#')
        end++;
    const struct str parts[] = {str_slice(u.s, 0, end), str_of(suffix), str_skip(u.s, end)};
    return (struct url){str_join(a, parts, sizeof parts / sizeof *parts, S(""))};
}

struct url url_at(struct arena *a, struct url u, struct str fragment)
{
    struct out o;
    url_init(&o, a, u.s.n + 1 + part_max(fragment));
    out_put(&o, str_slice(u.s, 0, str_find(u.s, S("#"), 0)));
    out_char(&o, '#');
    put_part(&o, fragment);
    return url_of(&o);
}

/* Well-formed, of a length that a browser takes, and nothing that one reads otherwise than we do. */
static bool is_plain(struct str s)
{
    if (!s.n || s.n > URL_MAX || !str_is_utf8(s, NULL))
        return false;
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= ' ' || memchr("\\\"<>`{}|^\x7f", s.p[i], 10))
            return false;
    return true;
}

bool url_external(struct arena *a, struct str text, struct url *ret)
{
    static const char *const schemes[] = {"https://", "http://", "mailto:"};
    struct str s = str_trim(text);
    if (!is_plain(s))
        return false;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        size_t n = strlen(schemes[i]);
        if (s.n <= n || strncasecmp(s.p, schemes[i], n) != 0)
            continue;
        if (!is_alnum(s.p[n]) && !(s.p[n] == '[' && i < 2) && (unsigned char)s.p[n] < 0x80)
            return false;
        *ret = (struct url){str_dup(a, s)};
        return true;
    }
    return false;
}

bool url_local(struct arena *a, struct str text, struct url *ret)
{
    if (!is_plain(text) || text.p[0] != '/' || (text.n > 1 && text.p[1] == '/'))
        return false;
    *ret = (struct url){str_dup(a, text)};
    return true;
}
