/* A request target of any bytes, and a header block made of them: what is taken from a target is UTF-8 without NUL,
 * begins with '/' and has no segment "." or ".."; written again and read again it is the same, fields too. A form that
 * is taken reads back the same. A block that is taken has one Host, no two lengths, and no control character. */
#include "fuzz/fuzz.h"

#include "front/http/request.h"

#include "base/banned.h"

static void check_text(struct str s)
{
    HOLDS(str_is_utf8(s, NULL) && !memchr(s.p, 0, s.n));
}

static void check_pairs(struct http_pairs a, struct http_pairs b)
{
    HOLDS(a.n == b.n);
    for (size_t i = 0; i < a.n; i++) {
        check_text(a.v[i].name);
        check_text(a.v[i].value);
        HOLDS(str_eq(a.v[i].name, b.v[i].name) && str_eq(a.v[i].value, b.v[i].value));
    }
}

static void put_fields(struct out *o, struct http_pairs fields)
{
    for (size_t i = 0; i < fields.n; i++) {
        if (i)
            out_char(o, '&');
        out_field(o, fields.v[i].name, fields.v[i].value);
    }
}

static void check_target(struct arena *a, struct str raw)
{
    struct target t, again;
    if (target_read(a, raw, &t) != REFUSE_NOT)
        return;
    HOLDS(raw.n <= TARGET_MAX && t.path.n > 0 && t.path.p[0] == '/');
    check_text(t.path);
    struct str rest = t.path, segment;
    while (str_cut(&rest, '/', &segment))
        HOLDS(!str_eq(segment, S(".")) && !str_eq(segment, S("..")));
    struct out o;
    out_init(&o, a, SIZE_MAX);
    out_path(&o, t.path);
    if (t.query.n)
        out_char(&o, '?');
    put_fields(&o, t.query);
    if (out_str(&o).n > TARGET_MAX)
        return; /* escapes made it longer */
    HOLDS(target_read(a, out_str(&o), &again) == REFUSE_NOT);
    HOLDS(str_eq(again.path, t.path));
    check_pairs(again.query, t.query);
}

static void check_form(struct arena *a, struct str raw)
{
    struct http_pairs form, again;
    if (!query_read(a, raw, &form))
        return;
    struct out o;
    out_init(&o, a, SIZE_MAX);
    put_fields(&o, form);
    HOLDS(query_read(a, out_str(&o), &again));
    check_pairs(form, again);
}

/* A name that leads to this machine cannot be another's. */
static void check_host(struct str raw)
{
    if (!host_is_loopback(raw))
        return;
    struct str name = str_slice(raw, 0, str_find(raw, raw.p[0] == '[' ? S("]") : S(":"), 0));
    HOLDS(str_same_letters(name, S("localhost")) || str_eq(name, S("[::1")) || str_starts(name, S("127.")));
    for (size_t i = 0; i < name.n && str_starts(name, S("127.")); i++)
        HOLDS(name.p[i] == '.' || (name.p[i] >= '0' && name.p[i] <= '9'));
}

static void check_headers(struct arena *a, struct str raw)
{
    struct http_pairs headers = {0};
    struct str rest = raw, line, name;
    while (headers.n <= HEADER_COUNT_MAX && str_cut(&rest, '\n', &line) && str_cut(&line, ':', &name))
        *PUSH(a, &headers) = (struct http_pair){name, line.p ? str_trim(line) : S("")};
    struct framing f;
    if (headers_check(&headers, (struct str){0}, true, &f) != REFUSE_NOT)
        return;
    size_t hosts = 0, lengths = 0, codings = 0;
    for (size_t i = 0; i < headers.n; i++) {
        struct http_pair h = headers.v[i];
        hosts += str_same_letters(h.name, S("host"));
        lengths += str_same_letters(h.name, S("content-length"));
        codings += str_same_letters(h.name, S("transfer-encoding"));
        HOLDS(h.name.n > 0 && !memchr(h.name.p, ' ', h.name.n) && !memchr(h.name.p, 0, h.name.n));
        HOLDS(!memchr(h.value.p, '\r', h.value.n) && !memchr(h.value.p, 0, h.value.n));
    }
    HOLDS(hosts == 1 && lengths + codings <= 1);
    HOLDS(f.has_length == (lengths == 1) && f.is_chunked == (codings == 1));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str raw = {(const char *)data, n};
    struct arena arena;
    arena_init(&arena, 256u << 20);
    check_target(&arena, raw);
    check_form(&arena, raw);
    check_headers(&arena, raw);
    check_host(raw);
    arena_reset(&arena);
    return 0;
}
