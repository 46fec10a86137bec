#include "base/word_diff.h"

#include "base/banned.h"

enum { WORDS_MAX = 600 };

struct words {
    struct str *v;
    size_t n, cap;
};

/* Each word with the blanks after it; there is a list even if it is empty. */
static struct words words_of(struct arena *a, struct str s)
{
    struct words w = {.v = NEWN(a, struct str, 8), .cap = 8};
    for (size_t i = 0; i < s.n;) {
        size_t end = i;
        while (end < s.n && s.p[end] != ' ' && s.p[end] != '\n')
            end++;
        while (end < s.n && (s.p[end] == ' ' || s.p[end] == '\n'))
            end++;
        *PUSH(a, &w) = str_slice(s, i, end);
        i = end;
    }
    return w;
}

static bool same(struct str x, struct str y)
{
    return str_eq(str_trim(x), str_trim(y));
}

/* Words that stand together in their text become one piece. */
static void put(struct arena *a, struct word_pieces *ret, enum word_change change, struct str word)
{
    struct word_piece *last = ret->n ? &ret->v[ret->n - 1] : NULL;
    if (last && last->change == change && last->text.p + last->text.n == word.p)
        last->text.n += word.n;
    else
        *PUSH(a, ret) = (struct word_piece){change, word};
}

static void put_all(struct arena *a, struct word_pieces *ret, enum word_change change, const struct str *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        put(a, ret, change, v[i]);
}

/* The longest run of words common to both, in order, by the table of its lengths for every pair of tails. */
static void between(struct arena *a, struct word_pieces *ret, const struct str *x, size_t n, const struct str *y,
                    size_t m)
{
    if (!n || !m || n > WORDS_MAX || m > WORDS_MAX) {
        put_all(a, ret, WORD_GONE, x, n);
        put_all(a, ret, WORD_NEW, y, m);
        return;
    }
    uint16_t *longest = NEWN(a, uint16_t, (n + 1) * (m + 1));
#define AT(i, j) longest[(i) * (m + 1) + (j)]
    for (size_t i = n; i-- > 0;)
        for (size_t j = m; j-- > 0;)
            AT(i, j) = same(x[i], y[j])               ? (uint16_t)(AT(i + 1, j + 1) + 1)
                       : AT(i + 1, j) >= AT(i, j + 1) ? AT(i + 1, j)
                                                      : AT(i, j + 1);
    size_t i = 0, j = 0;
    while (i < n && j < m)
        if (same(x[i], y[j])) {
            put(a, ret, WORD_SAME, y[j]);
            i++, j++;
        } else if (AT(i + 1, j) >= AT(i, j + 1)) {
            put(a, ret, WORD_GONE, x[i++]);
        } else {
            put(a, ret, WORD_NEW, y[j++]);
        }
#undef AT
    put_all(a, ret, WORD_GONE, x + i, n - i);
    put_all(a, ret, WORD_NEW, y + j, m - j);
}

void word_diff(struct arena *a, struct str before, struct str after, struct word_pieces *ret)
{
    struct words x = words_of(a, before), y = words_of(a, after);
    size_t head = 0, tail = 0;
    *ret = (struct word_pieces){0};
    while (head < x.n && head < y.n && same(x.v[head], y.v[head]))
        head++;
    while (tail < x.n - head && tail < y.n - head && same(x.v[x.n - 1 - tail], y.v[y.n - 1 - tail]))
        tail++;
    put_all(a, ret, WORD_SAME, y.v, head);
    between(a, ret, x.v + head, x.n - head - tail, y.v + head, y.n - head - tail);
    put_all(a, ret, WORD_SAME, y.v + y.n - tail, tail);
}
