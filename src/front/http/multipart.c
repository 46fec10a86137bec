/* multipart/form-data (RFC 7578) as browsers write it, out of a whole body. Where RFC 2046 lets a writer do what two
 * readers could take differently (text before the first part, blanks after a boundary, a line in a part that begins
 * like one, codings of transfer), it is refused: no browser does so. */
#include "front/http/request.h"

#include <inttypes.h>
#include <string.h>

#include "base/banned.h"

/* Where the reader stands; `reason` is set once it has failed. */
struct reading {
    struct ctx *c;
    struct str rest;      /* of the body */
    struct str delimiter; /* "\r\n--boundary" */
    const char *reason;
};

static bool wrong(struct reading *r, const char *reason)
{
    r->reason = reason;
    return false;
}

static bool take(struct str *rest, struct str what)
{
    if (!str_starts(*rest, what))
        return false;
    *rest = str_skip(*rest, what.n);
    return true;
}

/* --- parameters of a header -------------------------------------------------------------------------------------- */

/* The next "; name=value" of a header, its value a token or quoted. A quote within is "%22" and a backslash is itself,
 * as browsers write them. False at the end, and with *ret_good false where it is none. */
static bool next_parameter(struct str *rest, struct http_pair *ret, bool *ret_good)
{
    *rest = str_trim(*rest);
    *ret_good = rest->n == 0;
    if (rest->n == 0 || !take(rest, S(";")))
        return false;
    size_t equals = str_find(*rest, S("="), 0);
    if (equals == SIZE_MAX)
        return false;
    ret->name = str_trim(str_slice(*rest, 0, equals));
    *rest = str_skip(*rest, equals + 1);
    bool quoted = take(rest, S("\""));
    size_t end = str_find(*rest, quoted ? S("\"") : S(";"), 0);
    if (quoted && end == SIZE_MAX)
        return false;
    ret->value = str_slice(*rest, 0, end);
    *rest = str_skip(*rest, end == SIZE_MAX ? rest->n : end + quoted);
    if (!quoted)
        ret->value = str_trim(ret->value);
    *ret_good = is_token(ret->name) && (quoted || is_token(ret->value));
    return *ret_good;
}

/* The parameter `name` of a header of type `kind`, p == NULL if it has none. False if it is of another type, badly
 * written, or names one twice. */
static bool read_parameters(struct str header, struct str kind, struct http_pair *wanted, size_t n)
{
    struct str rest = header, first;
    size_t end = str_find(rest, S(";"), 0);
    first = str_trim(str_slice(rest, 0, end));
    rest = str_skip(rest, end == SIZE_MAX ? rest.n : end);
    if (!str_same_letters(first, kind))
        return false;
    struct http_pair one;
    bool good;
    while (next_parameter(&rest, &one, &good))
        for (size_t i = 0; i < n; i++) {
            if (!str_same_letters(one.name, wanted[i].name))
                continue;
            if (wanted[i].value.p)
                return false;
            wanted[i].value = one.value;
        }
    return good;
}

/* "%22" is a quote; all else is as it stands. A name with a control character is none. */
static bool decode_name(struct arena *a, struct str raw, struct str *ret)
{
    char *text = NEWN(a, char, raw.n + 1);
    size_t n = 0;
    for (struct str rest = raw; rest.n;) {
        bool quote = take(&rest, S("%22"));
        if (!quote && ((unsigned char)rest.p[0] < ' ' || rest.p[0] == 0x7f))
            return false;
        text[n++] = quote ? '"' : rest.p[0];
        if (!quote)
            rest = str_skip(rest, 1);
    }
    *ret = (struct str){text, n};
    return str_is_utf8(*ret, NULL);
}

/* --- a part ------------------------------------------------------------------------------------------------------ */

static bool read_disposition(struct reading *r, struct str value, struct http_part *part)
{
    struct http_pair wanted[] = {{.name = S("name")}, {.name = S("filename")}};
    if (part->name.p)
        return wrong(r, "hai Content-Disposition (two of them)");
    if (!read_parameters(value, S("form-data"), wanted, 2) || !wanted[0].value.p)
        return wrong(r, "Content-Disposition không phải form-data có name (no form-data with a name)");
    if (!decode_name(r->c->arena, wanted[0].value, &part->name) ||
        (wanted[1].value.p && !decode_name(r->c->arena, wanted[1].value, &part->filename)))
        return wrong(r, "tên không phải UTF-8 hoặc có ký tự điều khiển (a name that is no text)");
    return true;
}

static bool read_header(struct reading *r, struct str line, struct http_part *part)
{
    size_t colon = str_find(line, S(":"), 0);
    struct str name = str_slice(line, 0, colon),
               value = str_trim(colon == SIZE_MAX ? S("") : str_skip(line, colon + 1));
    if (colon == SIZE_MAX || !is_token(name) || !is_plain(value))
        return wrong(r, "dòng đầu không hợp lệ (a header line that is none)");
    if (str_same_letters(name, S("Content-Disposition")))
        return read_disposition(r, value, part);
    if (str_same_letters(name, S("Content-Type"))) {
        if (part->type.p)
            return wrong(r, "hai Content-Type (two of them)");
        part->type = value;
    }
    if (str_same_letters(name, S("Content-Transfer-Encoding")) && !str_same_letters(value, S("binary")) &&
        !str_same_letters(value, S("8bit")) && !str_same_letters(value, S("7bit")))
        return wrong(r, "không hiểu Content-Transfer-Encoding (a coding that is not understood)");
    return true;
}

static bool read_headers(struct reading *r, struct http_part *part)
{
    for (size_t n = 0, used = 0;; n++) {
        size_t end = str_find(str_slice(r->rest, 0, PART_HEADERS_MAX - used), S("\r\n"), 0);
        if (end == SIZE_MAX || n > PART_HEADER_COUNT_MAX)
            return wrong(r, "phần đầu quá dài hoặc bị cắt (headers too long, or cut off)");
        struct str line = str_slice(r->rest, 0, end);
        r->rest = str_skip(r->rest, end + 2);
        used += end + 2;
        if (line.n == 0)
            return part->name.p ? true : wrong(r, "thiếu Content-Disposition (it is missing)");
        if (!read_header(r, line, part))
            return false;
    }
}

/* Up to the next delimiter, which is a whole line or the last one. */
static bool read_part(struct reading *r, struct http_part *part, bool *ret_last)
{
    if (!read_headers(r, part))
        return false;
    if (str_starts(r->rest, str_skip(r->delimiter, 2)))
        return wrong(r, "có dòng mở đầu bằng dấu phân cách (a line that begins like a boundary)");
    size_t end = str_find(r->rest, r->delimiter, 0);
    if (end == SIZE_MAX)
        return wrong(r, "không có dấu kết thúc (its end is missing)");
    part->body = str_slice(r->rest, 0, end);
    r->rest = str_skip(r->rest, end + r->delimiter.n);
    *ret_last = take(&r->rest, S("--"));
    if (!*ret_last && !take(&r->rest, S("\r\n")))
        return wrong(r, "có dòng mở đầu bằng dấu phân cách (a line that begins like a boundary)");
    if (!part->filename.p && !str_is_utf8(part->body, NULL))
        return wrong(r, "không phải UTF-8 hoặc có ký tự NUL (a field that is no text)");
    return true;
}

/* --- the body ---------------------------------------------------------------------------------------------------- */

static bool read_boundary(struct reading *r, struct str content_type)
{
    struct http_pair wanted = {.name = S("boundary")};
    if (!is_plain(content_type) || !read_parameters(content_type, S("multipart/form-data"), &wanted, 1))
        return wrong(r, "Content-Type phải là multipart/form-data có boundary (multipart/form-data with a boundary)");
    struct str b = wanted.value;
    bool good = b.n > 0 && b.n <= BOUNDARY_MAX && b.p[b.n - 1] != ' ';
    for (size_t i = 0; good && i < b.n; i++)
        good = ((b.p[i] | 32) >= 'a' && (b.p[i] | 32) <= 'z') || (b.p[i] >= '0' && b.p[i] <= '9') ||
               memchr("'()+_,-./:=? ", b.p[i], 13);
    if (!good)
        return wrong(r, "boundary không hợp lệ (a boundary that is none)");
    r->delimiter = str_fmt(r->c->arena, "\r\n--%.*s", ARGS(b));
    return true;
}

static bool read_parts(struct reading *r, struct http_parts *parts)
{
    if (!take(&r->rest, str_skip(r->delimiter, 2)))
        return wrong(r, "không mở đầu bằng dấu phân cách (it does not begin with the boundary)");
    bool last = take(&r->rest, S("--"));
    if (!last && !take(&r->rest, S("\r\n")))
        return wrong(r, "không mở đầu bằng dấu phân cách (it does not begin with the boundary)");
    while (!last) {
        struct http_part part = {0};
        if (parts->n == PARTS_MAX)
            return wrong(r, "quá nhiều phần (too many parts)");
        if (!read_part(r, &part, &last))
            return false;
        *PUSH(r->c->arena, parts) = part;
    }
    take(&r->rest, S("\r\n"));
    return r->rest.n == 0 || wrong(r, "còn nội dung sau dấu kết thúc (something follows its end)");
}

enum err http_read_multipart(struct ctx *c, struct str content_type, struct str body, struct http_parts *ret)
{
    struct reading r = {.c = c, .rest = body};
    struct http_parts parts = {0};
    if (!content_type.p || !read_boundary(&r, content_type))
        return FAIL(c, E_INVALID, "Không đọc được biểu mẫu gửi lên: %s",
                    r.reason ? r.reason : "thiếu Content-Type (it is missing)");
    if (!read_parts(&r, &parts))
        return FAIL(c, E_INVALID, "Không đọc được biểu mẫu gửi lên, phần thứ %zu: %s", parts.n + 1, r.reason);
    *ret = parts;
    return OK;
}

const struct http_part *http_part(const struct http_parts *parts, const char *name)
{
    for (size_t i = 0; i < parts->n; i++)
        if (str_eq(parts->v[i].name, str_of(name)))
            return &parts->v[i];
    return NULL;
}
