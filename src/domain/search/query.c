#include "domain/search/query.h"

#include <string.h>

#include "base/banned.h"

static enum err refuse(struct ctx *c, const char *why)
{
    enum err e = FAIL(c, E_INVALID, "%s", why);
    c->error.field = S("q");
    return e;
}

struct str search_letters(const struct folded *f, size_t from, size_t to)
{
    while (to > from && to < f->s.n && f->at[to] == f->at[to - 1]) /* "½" is three signs to the fold */
        to++;
    return folded_original(f, from, to);
}

struct str search_typed(struct arena *a, struct str original)
{
    return viet_lower(a, viet_tone(a, original));
}

struct str search_name(struct arena *a, struct str text)
{
    struct str f = viet_fold_text(a, text), word;
    char *name = NEWN(a, char, f.n + 1);
    size_t n = 0, at = 0;
    while (viet_word(f, &at, &word)) {
        if (n)
            name[n++] = '_';
        memcpy(name + n, word.p, word.n);
        n += word.n;
    }
    return n > QUERY_KEY ? S("") : (struct str){name, n};
}

static size_t letters(struct str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
    return n;
}

/* "mục III.3", "số 06-NQ/TU": the word says only what kind of name follows. */
static struct str without_label(const struct search_query *q, struct str name)
{
    bool label = q->n > 1 && (str_eq(q->v[0].fold, S("muc")) ||
                              (str_eq(q->v[0].fold, S("so")) && q->v[1].fold.p[0] >= '0' && q->v[1].fold.p[0] <= '9'));
    return label && name.n ? str_skip(name, q->v[0].fold.n + 1) : name;
}

enum err search_query_read(struct ctx *c, struct str text, struct search_query *ret)
{
    if (text.n > 4 * SEARCH_QUERY)
        return refuse(c, "câu tìm quá dài: nhiều nhất 300 ký tự (the query is longer than 300 letters)");
    if (!str_is_utf8(text, NULL))
        return refuse(c, "câu tìm không phải UTF-8 (the query is not UTF-8)");
    text = viet_nfc(c->arena, text);
    if (letters(text) > SEARCH_QUERY)
        return refuse(c, "câu tìm quá dài: nhiều nhất 300 ký tự (the query is longer than 300 letters)");
    struct folded f = viet_fold(c->arena, text);
    struct search_query q = {0};
    struct str word;
    bool quoted = false;
    for (size_t at = 0, end = 0; viet_word(f.s, &at, &word); end = at) {
        size_t from = at - word.n;
        bool blank = false, turned = false;
        for (size_t i = end; i < from; i++) {
            blank = blank || f.s.p[i] == ' ';
            if (f.s.p[i] == '"') {
                quoted = !quoted;
                turned = true;
            }
        }
        if (q.n == SEARCH_WORDS)
            return refuse(c, "câu tìm quá nhiều từ: nhiều nhất 64 (the query has more than 64 words)");
        q.v[q.n] = (struct query_word){.fold = word,
                                       .typed = search_typed(c->arena, search_letters(&f, from, at)),
                                       .joined = q.n && !turned && (quoted || !blank)};
        q.n++;
    }
    if (!q.n)
        return refuse(c, "câu tìm chưa có từ nào: hãy gõ ít nhất một chữ hoặc số (type a letter or a digit at least)");
    struct query_word *last = &q.v[q.n - 1];
    last->prefix = !quoted && letters(last->fold) > 1;
    q.name = without_label(&q, search_name(c->arena, text));
    *ret = q;
    return OK;
}
