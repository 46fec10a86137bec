/* Any bytes as the text that a page shows: a browser sees the tags of the page with harmless text, and reads back, at
 * each place that is no address, the very bytes (a NUL as U+FFFD). */
#include "fuzz/fuzz.h"

#include "front/web/test_page.html.h"
#include "front/web/tokens.h"

#include "base/banned.h"

static void render(struct arena *a, struct str x, enum lang lang, struct tokens *ret)
{
    struct out o;
    out_init(&o, a, SIZE_MAX / 4);
    struct page p = {&o, lang};
    test_page_html(&p, x, 2, URL(a, "/tasks/{}", x), 0.5);
    tokens_read(a, out_str(&o), ret);
}

/* `plain` with each "ZQX" made `x`. */
static struct str with(struct arena *a, struct str plain, struct str x)
{
    struct out o;
    out_init(&o, a, SIZE_MAX / 4);
    for (size_t at; (at = str_find(plain, S("ZQX"), 0)) != SIZE_MAX; plain = str_skip(plain, at + 3)) {
        out_put(&o, str_slice(plain, 0, at));
        out_put(&o, x);
    }
    out_put(&o, plain);
    return out_str(&o);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena arena;
    (void)fuzz_ctx(&arena);
    struct str x = {(const char *)data, n};
    struct tokens plain, other;
    enum lang lang = n && data[0] & 1 ? LANG_EN : LANG_VI;
    render(&arena, S("ZQX"), lang, &plain);
    render(&arena, x, lang, &other);
    if (n) /* an empty text is no text to a tokenizer */
        HOLDS(str_eq(plain.shape, other.shape) && plain.n == other.n);
    for (size_t i = 0; n && i < plain.n; i++) {
        struct str want = plain.v[i].s, got = other.v[i].s;
        bool address = want.n && (want.p[0] == '/' || want.p[0] == '#');
        for (size_t k = 0; address && k < got.n; k++)
            HOLDS((unsigned char)got.p[k] > ' ' && got.p[k] != '"' && got.p[k] != '<' && got.p[k] != '\\');
        HOLDS(address || memchr(data, 0, n) || str_eq(got, with(&arena, want, x)));
        HOLDS(!address || !str_starts(got, S("//")));
    }
    arena_reset(&arena);
    return 0;
}
