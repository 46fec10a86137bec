#include "domain/search/rank.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

/* How a word answers one that was typed, best first. */
enum answer {
    WHOLE_SAME,
    WHOLE_LACKS,
    BEGINS_SAME,
    BEGINS_LACKS,
    WHOLE_DIFFERS,
    NONE,
};

enum place { IN_TITLE, IN_TEXT, PLACES };

struct span {
    uint32_t from, to; /* in the folded text */
};

struct words {
    struct folded f;
    struct span *v;
    size_t n, cap;
};

/* A stretch of words that answers one unit of the query: a word, or several joined ones. */
struct hit {
    size_t first, last; /* words */
    enum answer answer;
    unsigned unit;
};

struct hits {
    struct hit *v;
    size_t n, cap;
};

struct best {
    enum answer answer;
    enum place place;
};

struct judging {
    struct arena *a;
    const struct search_query *q;
    size_t n_units;
    struct words words[PLACES];
    struct best best[SEARCH_WORDS]; /* by unit */
    enum answer whole[PLACES];      /* of all words in one stretch */
    struct hits *hits;              /* by place; NULL: not asked for */
    uint32_t first[256 / 32];       /* the bytes that words of the query begin with */
};

static void cut(struct arena *a, struct str text, struct words *ret)
{
    struct str word;
    ret->f = viet_fold(a, text);
    for (size_t at = 0; viet_word(ret->f.s, &at, &word);)
        *PUSH(a, ret) = (struct span){(uint32_t)(at - word.n), (uint32_t)at};
}

static enum answer answer_of(const struct judging *j, const struct words *w, size_t at, const struct query_word *q)
{
    const struct span *span = &w->v[at];
    size_t n = span->to - span->from;
    if (n < q->fold.n || memcmp(w->f.s.p + span->from, q->fold.p, q->fold.n) != 0)
        return NONE;
    bool whole = n == q->fold.n;
    if (!whole && !q->prefix)
        return NONE;
    struct str original = search_letters(&w->f, span->from, span->to);
    enum viet_closeness closeness =
        str_eq(original, q->typed) ? VIET_SAME : viet_closeness(q->typed, search_typed(j->a, original));
    static const enum answer answers[2][3] = {{BEGINS_SAME, BEGINS_LACKS, NONE},
                                              {WHOLE_SAME, WHOLE_LACKS, WHOLE_DIFFERS}};
    return answers[whole][closeness];
}

/* Do words [from, to) of the query stand one after the other from `at` on? The worst of their answers. */
static enum answer stretch(const struct judging *j, const struct words *w, size_t at, size_t from, size_t to)
{
    enum answer worst = WHOLE_SAME;
    if (w->n - at < to - from)
        return NONE;
    for (size_t i = from; i < to && worst != NONE; i++) {
        enum answer answer = answer_of(j, w, at + i - from, &j->q->v[i]);
        worst = answer > worst ? answer : worst;
    }
    return worst;
}

static size_t end_of_unit(const struct search_query *q, size_t from)
{
    size_t to = from + 1;
    while (to < q->n && q->v[to].joined)
        to++;
    return to;
}

static void look(struct judging *j, enum place place)
{
    const struct words *w = &j->words[place];
    j->whole[place] = NONE;
    for (size_t at = 0; at < w->n; at++) {
        unsigned char c = (unsigned char)w->f.s.p[w->v[at].from];
        if (!(j->first[c / 32] >> (c % 32) & 1))
            continue;
        unsigned unit = 0;
        for (size_t from = 0, to; from < j->q->n; from = to, unit++) {
            to = end_of_unit(j->q, from);
            enum answer answer = stretch(j, w, at, from, to);
            if (answer == NONE)
                continue;
            if (answer < j->best[unit].answer)
                j->best[unit] = (struct best){answer, place};
            if (j->hits)
                *PUSH(j->a, &j->hits[place]) = (struct hit){at, at + to - from - 1, answer, unit};
        }
        enum answer whole = stretch(j, w, at, 0, j->q->n);
        j->whole[place] = whole < j->whole[place] ? whole : j->whole[place];
    }
}

static void judge(struct judging *j, struct str title, struct str text)
{
    for (size_t i = 0; i < j->q->n; i++) {
        unsigned char c = (unsigned char)j->q->v[i].fold.p[0];
        j->first[c / 32] |= 1u << (c % 32);
        j->best[i] = (struct best){NONE, IN_TEXT};
        j->n_units += !j->q->v[i].joined;
    }
    cut(j->a, title, &j->words[IN_TITLE]);
    cut(j->a, text, &j->words[IN_TEXT]);
    look(j, IN_TITLE);
    look(j, IN_TEXT);
}

int64_t search_judge(struct arena *a, const struct search_query *q, struct str title, struct str text, enum named named,
                     unsigned kind)
{
    struct judging j = {.a = a, .q = q};
    struct best worst = {WHOLE_SAME, IN_TITLE};
    judge(&j, title, text);
    for (size_t i = 0; i < j.n_units; i++) {
        worst.answer = j.best[i].answer > worst.answer ? j.best[i].answer : worst.answer;
        worst.place = j.best[i].place > worst.place ? j.best[i].place : worst.place;
    }
    if (worst.answer == NONE && named == NAMED_NOT)
        return -1;
    bool together = j.whole[IN_TITLE] <= worst.answer || j.whole[IN_TEXT] <= worst.answer;
    if (together)
        worst.place = j.whole[IN_TITLE] <= worst.answer ? IN_TITLE : IN_TEXT;
    bool nothing_else = together && worst.place == IN_TITLE && j.words[IN_TITLE].n == q->n;
    int64_t score = named;
    score = score * 8 + worst.answer;
    score = score * 2 + !together;
    score = score * 2 + worst.place;
    score = score * 2 + !nothing_else;
    return score * 16 + kind;
}

/* --- what is shown --- */

enum { SNIPPET = 240, LEAD = 60 }; /* bytes */

struct mark {
    size_t from, to; /* in the original */
    unsigned unit;
};

struct marks {
    struct mark *v;
    size_t n, cap;
};

/* Exact, fewer marks, others: whether whole or not. */
static int closeness_of(enum answer answer)
{
    static const int of[] = {
        [WHOLE_SAME] = 0, [BEGINS_SAME] = 0, [WHOLE_LACKS] = 1, [BEGINS_LACKS] = 1, [WHOLE_DIFFERS] = 2, [NONE] = 3};
    return of[answer];
}

static int in_order(const void *a, const void *b)
{
    const struct mark *x = a, *y = b;
    return x->from != y->from ? (x->from > y->from) - (x->from < y->from) : (x->to > y->to) - (x->to < y->to);
}

/* A word that has the marks as typed hides those that have not. */
static struct marks marks_of(const struct judging *j, enum place place)
{
    struct marks marks = {0};
    const struct words *w = &j->words[place];
    for (size_t i = 0; i < j->hits[place].n; i++) {
        const struct hit *hit = &j->hits[place].v[i];
        if (closeness_of(hit->answer) != closeness_of(j->best[hit->unit].answer))
            continue;
        struct str original = search_letters(&w->f, w->v[hit->first].from, w->v[hit->last].to);
        size_t from = (size_t)(original.p - w->f.original.p);
        *PUSH(j->a, &marks) = (struct mark){from, from + original.n, hit->unit};
    }
    if (marks.n)
        qsort(marks.v, marks.n, sizeof *marks.v, in_order);
    return marks;
}

static bool is_blank(struct str s, size_t from, size_t to)
{
    for (; from < to; from++)
        if (s.p[from] != ' ' && s.p[from] != '\n')
            return false;
    return true;
}

static void put(struct arena *a, struct search_parts *parts, struct str text, bool hit)
{
    if (text.n)
        *PUSH(a, parts) = (struct search_part){text, hit};
}

/* The text from `from` to `to`, cut where marks begin and end; those with nothing but a blank between are one. */
static void put_parts(struct arena *a, struct str text, const struct marks *marks, size_t from, size_t to,
                      struct search_parts *ret)
{
    for (size_t i = 0; i < marks->n;) {
        size_t begin = marks->v[i].from, end = marks->v[i].to;
        for (i++; i < marks->n && (marks->v[i].from <= end || is_blank(text, end, marks->v[i].from)); i++)
            end = marks->v[i].to > end ? marks->v[i].to : end;
        begin = begin < from ? from : begin;
        end = end > to ? to : end;
        if (begin >= end)
            continue;
        put(a, ret, str_slice(text, from, begin), false);
        put(a, ret, str_slice(text, begin, end), true);
        from = end;
    }
    put(a, ret, str_slice(text, from, to), false);
}

/* The mark from which on a stretch of the snippet's length holds the most units. */
static size_t richest(const struct marks *marks)
{
    size_t best = 0;
    int most = 0;
    for (size_t i = 0; i < marks->n; i++) {
        uint64_t seen = 0;
        for (size_t k = i; k < marks->n && marks->v[k].to <= marks->v[i].from + SNIPPET - LEAD; k++)
            seen |= (uint64_t)1 << marks->v[k].unit;
        int units = __builtin_popcountll(seen);
        if (units > most) {
            most = units;
            best = i;
        }
    }
    return best;
}

static size_t next_word(struct str s, size_t at, size_t limit)
{
    while (at < limit && s.p[at] != ' ' && s.p[at] != '\n')
        at++;
    while (at < limit && (s.p[at] == ' ' || s.p[at] == '\n'))
        at++;
    return at;
}

static size_t word_before(struct str s, size_t at, size_t limit)
{
    size_t end = at;
    while (at > limit && s.p[at] != ' ' && s.p[at] != '\n')
        at--;
    if (at > limit)
        return at;
    while (end > limit && ((unsigned char)s.p[end] & 0xc0) == 0x80)
        end--;
    return end;
}

/* Where a snippet from `from` on ends: behind a word, and never inside the mark `first` or the word of another. */
static size_t end_of_snippet(struct str text, const struct marks *marks, const struct mark *first, size_t from)
{
    size_t to = from + SNIPPET;
    if (text.n <= to)
        return text.n;
    if (first->to >= to)
        return first->to;
    to = word_before(text, to, first->to);
    for (const struct mark *m = first; m < marks->v + marks->n && m->from < to; m++)
        if (m->to > to && text.p[to] != ' ' && text.p[to] != '\n')
            to = m->from > first->to ? m->from : first->to;
    return to;
}

static void show_text(struct arena *a, struct str text, const struct marks *marks, struct search_result *ret)
{
    size_t from = 0, to = text.n;
    if (!text.n)
        return;
    if (marks->n) {
        const struct mark *first = &marks->v[richest(marks)];
        if (first->from > LEAD && text.n > SNIPPET)
            from = next_word(text, first->from - LEAD, first->from);
        to = end_of_snippet(text, marks, first, from);
    } else if (text.n > SNIPPET) {
        to = word_before(text, SNIPPET, SNIPPET / 2);
    }
    struct search_parts *parts = &ret->snippet_parts;
    put(a, parts, from ? S("… ") : S(""), false);
    put_parts(a, text, marks, from, to, parts);
    put(a, parts, to < text.n ? S(" …") : S(""), false);
    struct str *pieces = NEWN(a, struct str, parts->n + 1);
    for (size_t i = 0; i < parts->n; i++)
        pieces[i] = parts->v[i].text;
    ret->snippet = str_join(a, pieces, parts->n, S(""));
}

void search_show(struct arena *a, const struct search_query *q, struct str title, struct str text,
                 struct search_result *ret)
{
    struct hits hits[PLACES] = {0};
    struct judging j = {.a = a, .q = q, .hits = hits};
    judge(&j, title, text);
    struct marks in_title = marks_of(&j, IN_TITLE), in_text = marks_of(&j, IN_TEXT);
    put_parts(a, title, &in_title, 0, title.n, &ret->title_parts);
    show_text(a, text, &in_text, ret);
}
