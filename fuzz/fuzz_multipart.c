/* A form composed out of the input as a browser would is read back exactly: names, file names, types and bytes. Then
 * the input itself as a body: what is taken has names and fields that are text, bodies that lie in the input, and
 * composed again it is the same. max_len=8192 */
#include "fuzz/fuzz.h"

#include "front/http/request.h"

#include "base/banned.h"

static const struct str TYPE = S0("multipart/form-data; boundary=\"--Ranh giới\"");
static const struct str BOUNDARY_TYPE = S0("multipart/form-data; boundary=----b");
static const struct str BOUNDARY = S0("----b");

static void put_name(struct out *o, struct str name)
{
    for (size_t i = 0; i < name.n; i++)
        if (name.p[i] == '"')
            out_put(o, S("%22"));
        else
            out_char(o, name.p[i]);
}

static void put_part(struct out *o, const struct http_part *part)
{
    out_put(o, S("--"));
    out_put(o, BOUNDARY);
    out_put(o, S("\r\nContent-Disposition: form-data; name=\""));
    put_name(o, part->name);
    if (part->filename.p) {
        out_put(o, S("\"; filename=\""));
        put_name(o, part->filename);
    }
    out_put(o, S("\"\r\n"));
    if (part->type.p) {
        out_put(o, S("Content-Type: "));
        out_put(o, part->type);
        out_put(o, S("\r\n"));
    }
    out_put(o, S("\r\n"));
    out_put(o, part->body);
    out_put(o, S("\r\n"));
}

static struct str compose(struct arena *a, const struct http_parts *parts)
{
    struct out o;
    out_init(&o, a, SIZE_MAX);
    for (size_t i = 0; i < parts->n; i++)
        put_part(&o, &parts->v[i]);
    out_put(&o, S("--"));
    out_put(&o, BOUNDARY);
    out_put(&o, S("--\r\n"));
    return out_str(&o);
}

static bool same(struct str a, struct str b)
{
    return !a.p == !b.p && str_eq(a, b);
}

static void check_again(struct ctx *c, const struct http_parts *parts)
{
    struct http_parts again;
    struct str body = compose(c->arena, parts);
    HOLDS(http_read_multipart(c, BOUNDARY_TYPE, body, &again) == OK);
    HOLDS(again.n == parts->n);
    for (size_t i = 0; i < again.n; i++) {
        HOLDS(same(again.v[i].name, parts->v[i].name) && same(again.v[i].filename, parts->v[i].filename));
        HOLDS(same(again.v[i].type, parts->v[i].type) && same(again.v[i].body, parts->v[i].body));
    }
}

/* A name that a browser may write and that reads back as it is: text without control characters, no escaped quote. */
static bool can_be_name(struct str s)
{
    return s.n <= 1000 && str_is_utf8(s, NULL) && is_plain(s) && !memchr(s.p, '\t', s.n) && !str_has(s, S("%22"));
}

/* No line of it begins like a boundary. */
static bool can_be_body(struct str s)
{
    return !str_starts(s, S("------b")) && !str_has(s, S("\r\n------b"));
}

/* The input's pieces, parted by bytes 0xfe, as name, file name and body of parts. */
static void check_composed(struct ctx *c, struct str raw)
{
    struct http_parts parts = {0};
    struct str piece[3];
    while (parts.n < PARTS_MAX && str_cut(&raw, '\xfe', &piece[0]) && str_cut(&raw, '\xfe', &piece[1]) &&
           str_cut(&raw, '\xfe', &piece[2])) {
        bool file = piece[1].n > 0;
        struct http_part part = {.name = piece[0], .body = piece[2]};
        if (file) {
            part.filename = piece[1];
            part.type = S("application/octet-stream");
        }
        if (!can_be_name(part.name) || (file && !can_be_name(part.filename)) || !can_be_body(part.body) ||
            (!file && !str_is_utf8(part.body, NULL)))
            continue;
        part.name.p = part.name.p ? part.name.p : "";
        part.body.p = part.body.p ? part.body.p : "";
        *PUSH(c->arena, &parts) = part;
    }
    check_again(c, &parts);
}

static void check_raw(struct ctx *c, struct str raw)
{
    struct http_parts parts;
    struct str body = str_dup(c->arena, raw);
    if (http_read_multipart(c, BOUNDARY_TYPE, body, &parts) != OK) {
        HOLDS(c->error.code == E_INVALID && c->error.message.n > 0);
        return;
    }
    HOLDS(parts.n <= PARTS_MAX);
    bool again = true;
    for (size_t i = 0; i < parts.n; i++) {
        const struct http_part *part = &parts.v[i];
        HOLDS(part->name.p && str_is_utf8(part->name, NULL));
        HOLDS(part->filename.p ? str_is_utf8(part->filename, NULL) : str_is_utf8(part->body, NULL));
        HOLDS(part->body.p >= body.p && part->body.p + part->body.n <= body.p + body.n);
        HOLDS(can_be_body(part->body));
        again = again && can_be_name(part->name) && (!part->filename.p || can_be_name(part->filename)) &&
                part->type.n < 1000;
    }
    if (again)
        check_again(c, &parts);
    HOLDS(http_read_multipart(c, raw, body, &parts) == OK || c->error.code == E_INVALID);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena arena;
    struct ctx c = fuzz_ctx(&arena);
    struct str raw = {(const char *)data, n};
    struct http_parts parts;
    HOLDS(http_read_multipart(&c, TYPE, raw, &parts) == E_INVALID); /* no boundary may hold such a letter */
    check_composed(&c, raw);
    check_raw(&c, raw);
    arena_reset(&arena);
    return 0;
}
