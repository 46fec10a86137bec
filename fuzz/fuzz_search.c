/* What somebody types, against any title and text: three lines of the input. It is a query or refused as one, nothing
 * that an engine could take for an operator comes out of it, and what answers shows words that were asked for. */
#include "fuzz/fuzz.h"

#include "base/viet.h"
#include "domain/search/rank.h"

#include "base/banned.h"

static void is_harmless(struct str word)
{
    for (size_t i = 0; i < word.n; i++) {
        unsigned char c = (unsigned char)word.p[i];
        HOLDS(c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'));
    }
}

static bool holds_word(struct ctx *c, const struct search_query *q, struct str text)
{
    struct str f = viet_fold_text(c->arena, text);
    for (size_t i = 0; i < q->n; i++)
        if (str_has(f, q->v[i].fold))
            return true;
    return false;
}

static size_t check_parts(struct ctx *c, const struct search_query *q, const struct search_parts *parts,
                          struct str whole)
{
    struct str *pieces = NEWN(c->arena, struct str, parts->n + 1);
    size_t hits = 0;
    for (size_t i = 0; i < parts->n; i++) {
        pieces[i] = parts->v[i].text;
        HOLDS(pieces[i].n && str_is_utf8(pieces[i], NULL));
        HOLDS(!parts->v[i].hit || holds_word(c, q, pieces[i]));
        HOLDS(i == 0 || parts->v[i].hit != parts->v[i - 1].hit || !parts->v[i].hit);
        hits += parts->v[i].hit;
    }
    HOLDS(str_eq(str_join(c->arena, pieces, parts->n, S("")), whole));
    return hits;
}

static void check(struct ctx *c, struct str typed, struct str title, struct str text)
{
    struct search_query q;
    enum err e = search_query_read(c, typed, &q);
    HOLDS(e == OK || (e == E_INVALID && str_eq(c->error.field, S("q"))));
    if (e || !str_is_utf8(title, NULL) || !str_is_utf8(text, NULL))
        return;
    HOLDS(q.n > 0 && q.n <= SEARCH_WORDS && !q.v[0].joined);
    for (size_t i = 0; i < q.n; i++) {
        HOLDS(q.v[i].fold.n > 0);
        is_harmless(q.v[i].fold);
        is_harmless(q.v[i].typed);
        HOLDS(!q.v[i].prefix || i + 1 == q.n);
    }
    title = viet_nfc(c->arena, title);
    text = viet_nfc(c->arena, text);
    int64_t score = search_judge(c->arena, &q, title, text, NAMED_NOT, 3);
    HOLDS(score < 0 || score >= search_judge(c->arena, &q, title, text, NAMED_SO, 3));
    if (score < 0)
        return;
    struct search_result r = {0};
    search_show(c->arena, &q, title, text, &r);
    size_t hits = check_parts(c, &q, &r.title_parts, title);
    hits += check_parts(c, &q, &r.snippet_parts, r.snippet.p ? r.snippet : S(""));
    HOLDS(hits > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str rest = {(const char *)data, n}, typed = S(""), title = S("");
    struct arena arena;
    struct ctx c = fuzz_ctx(&arena);
    str_cut(&rest, '\n', &typed);
    str_cut(&rest, '\n', &title);
    check(&c, typed, title, rest);
    check(&c, title, title, rest); /* a title answers to itself as far as it can be typed */
    arena_reset(&arena);
    return 0;
}
