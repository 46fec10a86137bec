#include "front/http/request.h"

#include <string.h>

#include "base/banned.h"

/* --- escapes ----------------------------------------------------------------------------------------------------- */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 32;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* What may stand unescaped in a target: all that browsers leave so, bytes of UTF-8 too. */
static bool stands_in_target(char c)
{
    unsigned char u = (unsigned char)c;
    return u > ' ' && u != 0x7f && !memchr("#\"<>", u, 4);
}

static bool target_is_plain(struct str raw)
{
    for (size_t i = 0; i < raw.n; i++)
        if (!stands_in_target(raw.p[i]))
            return false;
    return true;
}

/* Decode `raw` into `ret`, whose memory has room for raw.n bytes. False on a bad escape, and where a NUL or bytes that
 * are not UTF-8 come out. */
static bool decode(struct str raw, bool plus_is_blank, char *ret, size_t *ret_n)
{
    size_t n = 0;
    for (size_t i = 0; i < raw.n; i++) {
        char c = raw.p[i];
        if (c == '%') {
            int high = raw.n - i > 2 ? hex_digit(raw.p[i + 1]) : -1, low = raw.n - i > 2 ? hex_digit(raw.p[i + 2]) : -1;
            if (high < 0 || low < 0)
                return false;
            c = (char)(high * 16 + low);
            i += 2;
        } else if (c == '+' && plus_is_blank) {
            c = ' ';
        }
        ret[n++] = c;
    }
    *ret_n = n;
    return str_is_utf8((struct str){ret, n}, NULL);
}

static bool stays_as_it_is(unsigned char c)
{
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z' && c < 0x80) || memchr("-._~", c, 4);
}

static void out_escaped(struct out *o, struct str s, const char *also)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (stays_as_it_is(c) || (c && strchr(also, c))) {
            out_char(o, (char)c);
        } else {
            char escape[3] = {'%', digits[c >> 4], digits[c & 15]};
            out_put(o, (struct str){escape, 3});
        }
    }
}

void out_path(struct out *o, struct str path)
{
    out_escaped(o, path, "/:@!$&'()*+,;=");
}

void out_field(struct out *o, struct str name, struct str value)
{
    out_escaped(o, name, "");
    out_char(o, '=');
    out_escaped(o, value, "/:@,");
}

/* --- the target -------------------------------------------------------------------------------------------------- */

/* One segment, decoded at `at`. */
static bool segment_read(struct str raw, char *at, size_t *ret_n)
{
    if (!decode(raw, false, at, ret_n))
        return false;
    struct str s = {at, *ret_n};
    if (str_eq(s, S(".")) || str_eq(s, S("..")))
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '/' || (unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f)
            return false;
    return true;
}

static bool path_read(struct arena *a, struct str raw, struct str *ret)
{
    char *path = NEWN(a, char, raw.n + 1);
    size_t n = 0;
    struct str rest = str_skip(raw, 1), part;
    while (str_cut(&rest, '/', &part)) {
        size_t segment;
        path[n++] = '/';
        if (!segment_read(part, path + n, &segment))
            return false;
        n += segment;
    }
    *ret = (struct str){path, n};
    return true;
}

bool query_read(struct arena *a, struct str raw, struct http_pairs *ret)
{
    struct http_pairs pairs = {0};
    struct str rest = raw, part;
    while (raw.n && str_cut(&rest, '&', &part)) {
        if (part.n == 0)
            continue;
        size_t equals = str_find(part, S("="), 0);
        struct str name = str_slice(part, 0, equals);
        struct str value = equals == SIZE_MAX ? str_slice(part, part.n, part.n) : str_skip(part, equals + 1);
        char *text = NEWN(a, char, part.n + 2);
        size_t n_name, n_value;
        if (pairs.n == PAIR_COUNT_MAX || !decode(name, true, text, &n_name) ||
            !decode(value, true, text + n_name + 1, &n_value))
            return false;
        *PUSH(a, &pairs) = (struct http_pair){{text, n_name}, {text + n_name + 1, n_value}};
    }
    *ret = pairs;
    return true;
}

/* "http://host/path": cut the authority off. An empty path is "/". */
static bool cut_authority(struct str *raw, struct str *ret_host)
{
    struct str schemes[] = {S("http://"), S("https://")};
    for (size_t i = 0; i < 2; i++) {
        if (raw->n < schemes[i].n || !str_same_letters(str_slice(*raw, 0, schemes[i].n), schemes[i]))
            continue;
        struct str rest = str_skip(*raw, schemes[i].n);
        size_t end = 0;
        while (end < rest.n && rest.p[end] != '/' && rest.p[end] != '?')
            end++;
        *ret_host = str_slice(rest, 0, end);
        *raw = str_skip(rest, end);
        return end > 0;
    }
    return raw->n > 0 && raw->p[0] == '/';
}

enum refusal target_read(struct arena *a, struct str raw, struct target *ret)
{
    struct target t = {0};
    if (raw.n > TARGET_MAX)
        return REFUSE_LONG_TARGET;
    if (!target_is_plain(raw) || !cut_authority(&raw, &t.host))
        return REFUSE_TARGET;
    size_t mark = str_find(raw, S("?"), 0);
    struct str path = str_slice(raw, 0, mark);
    if (path.n == 0)
        path = S("/");
    if (!path_read(a, path, &t.path))
        return REFUSE_TARGET;
    if (mark != SIZE_MAX && !query_read(a, str_skip(raw, mark + 1), &t.query))
        return REFUSE_TARGET;
    *ret = t;
    return REFUSE_NOT;
}

/* --- the header block -------------------------------------------------------------------------------------------- */

bool str_same_letters(struct str a, struct str b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++) {
        char x = a.p[i], y = b.p[i];
        if (x >= 'A' && x <= 'Z')
            x |= 32;
        if (y >= 'A' && y <= 'Z')
            y |= 32;
        if (x != y)
            return false;
    }
    return true;
}

bool header_has_word(struct str value, struct str word)
{
    struct str rest = value, part;
    while (str_cut(&rest, ',', &part))
        if (str_same_letters(str_trim(part), word))
            return true;
    return false;
}

bool is_token(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c <= ' ' || c >= 0x7f || memchr("\"(),/:;<=>?@[\\]{}", c, 17))
            return false;
    }
    return s.n > 0;
}

bool is_plain(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (((unsigned char)s.p[i] < ' ' && s.p[i] != '\t') || s.p[i] == 0x7f)
            return false;
    return true;
}

/* A name or an address, with a port or without: nothing that could end it early in an address written from it. */
static bool is_host(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (!stays_as_it_is(c) && !memchr(":[]", c, 3))
            return false;
    }
    return s.n > 0 && s.n <= 255;
}

static bool read_length(struct str s, uint64_t *ret)
{
    int64_t n;
    if (s.n == 0 || s.p[0] == '-' || !str_i64(s, &n))
        return false;
    *ret = (uint64_t)n;
    return true;
}

enum refusal headers_check(const struct http_pairs *headers, struct str host, bool is_11, struct framing *ret)
{
    struct framing f = {0};
    struct str hosted = {0};
    if (headers->n > HEADER_COUNT_MAX)
        return REFUSE_HEADERS;
    for (size_t i = 0; i < headers->n; i++) {
        struct str name = headers->v[i].name, value = headers->v[i].value;
        if (!is_token(name) || !is_plain(value))
            return REFUSE_MALFORMED;
        if (str_same_letters(name, S("Host"))) {
            if (hosted.p || !is_host(value) || (host.p && !str_same_letters(host, value)))
                return REFUSE_HOST;
            hosted = value;
        } else if (str_same_letters(name, S("Content-Length"))) {
            if (f.has_length || f.is_chunked || !read_length(value, &f.length))
                return REFUSE_LENGTHS;
            f.has_length = true;
        } else if (str_same_letters(name, S("Transfer-Encoding"))) {
            if (f.has_length || f.is_chunked || !is_11)
                return REFUSE_LENGTHS;
            if (!str_same_letters(value, S("chunked")))
                return REFUSE_CODING;
            f.is_chunked = true;
        } else if (str_same_letters(name, S("Expect"))) {
            if (!str_same_letters(value, S("100-continue")))
                return REFUSE_EXPECTATION;
            f.expects_continue = true;
        }
    }
    if (is_11 && !hosted.p)
        return REFUSE_HOST;
    *ret = f;
    return REFUSE_NOT;
}

/* --- where it comes from -------------------------------------------------------------------------------------------
 */

static bool is_number_at_most(struct str s, int64_t max)
{
    int64_t n;
    return s.n > 0 && s.n <= 5 && s.p[0] >= '0' && s.p[0] <= '9' && str_i64(s, &n) && n <= max;
}

bool host_is_loopback(struct str host)
{
    struct str rest = host, name = host, part;
    size_t colon = str_find(host, host.n && host.p[0] == '[' ? S("]:") : S(":"), 0);
    if (colon != SIZE_MAX) {
        size_t port = colon + (host.p[0] == '[' ? 2 : 1);
        name = str_slice(host, 0, port - 1);
        if (!is_number_at_most(str_skip(host, port), 65535))
            return false;
    }
    if (str_same_letters(name, S("localhost")) || str_eq(name, S("[::1]")))
        return true;
    int parts = 0;
    for (rest = name; str_cut(&rest, '.', &part); parts++)
        if (!is_number_at_most(part, 255) || (parts == 0 && !str_eq(part, S("127"))))
            return false;
    return parts == 4;
}

/* The one header of that name, or p == NULL. False if there are two. */
static bool single(const struct http_pairs *headers, struct str name, struct str *ret)
{
    *ret = (struct str){0};
    for (size_t i = 0; i < headers->n; i++) {
        if (!str_same_letters(headers->v[i].name, name))
            continue;
        if (ret->p)
            return false;
        *ret = headers->v[i].value;
    }
    return true;
}

static bool is_of_host(struct str origin, struct str host)
{
    struct str schemes[] = {S("http://"), S("https://")};
    for (size_t i = 0; i < 2; i++)
        if (str_starts(origin, schemes[i]) && host.n && str_same_letters(str_skip(origin, schemes[i].n), host))
            return true;
    return false;
}

enum refusal origin_check(const struct http_pairs *headers)
{
    struct str origin, site, host;
    if (!single(headers, S("Origin"), &origin) || !single(headers, S("Sec-Fetch-Site"), &site) ||
        !single(headers, S("Host"), &host))
        return REFUSE_ORIGIN;
    bool ours = str_eq(site, S("same-origin"));
    if (site.p && !ours && !str_eq(site, S("none")))
        return REFUSE_ORIGIN;
    if (origin.p && !is_of_host(origin, host) && !(ours && str_eq(origin, S("null"))))
        return REFUSE_ORIGIN;
    return REFUSE_NOT;
}

/* --- what a handler asks for ------------------------------------------------------------------------------------- */

struct str http_pair(const struct http_pairs *pairs, struct str name)
{
    for (size_t i = 0; i < pairs->n; i++)
        if (str_eq(pairs->v[i].name, name))
            return pairs->v[i].value;
    return (struct str){0};
}

struct str request_query(const struct request *r, const char *name)
{
    return http_pair(&r->query, str_of(name));
}

struct str request_header(const struct request *r, const char *name)
{
    const struct http_pairs *headers = r->own;
    for (size_t i = 0; headers && i < headers->n; i++)
        if (str_same_letters(headers->v[i].name, str_of(name)))
            return headers->v[i].value;
    return (struct str){0};
}

struct str request_last_header(const struct request *r, const char *name)
{
    const struct http_pairs *headers = r->own;
    for (size_t i = headers ? headers->n : 0; i-- > 0;)
        if (str_same_letters(headers->v[i].name, str_of(name)))
            return headers->v[i].value;
    return (struct str){0};
}

struct str request_cookie(const struct request *r, const char *name)
{
    const struct http_pairs *headers = r->own;
    for (size_t i = 0; headers && i < headers->n; i++) {
        struct str rest = headers->v[i].value, part;
        if (!str_same_letters(headers->v[i].name, S("Cookie")))
            continue;
        while (str_cut(&rest, ';', &part)) {
            struct str cookie = str_trim(part), key;
            if (str_cut(&cookie, '=', &key) && str_eq(str_trim(key), str_of(name)) && cookie.p)
                return str_trim(cookie);
        }
    }
    return (struct str){0};
}

enum err http_read_form(struct ctx *c, struct str body, struct http_pairs *ret)
{
    if (!query_read(c->arena, body, ret))
        return FAIL(c, E_INVALID, "Không đọc được biểu mẫu gửi lên (bad form body)");
    return OK;
}

void response_header(struct ctx *c, struct response *r, struct str name, struct str value)
{
    *PUSH(c->arena, &r->headers) = (struct http_pair){name, value};
}
