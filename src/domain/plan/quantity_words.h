/* quantity_words.h - the words around a number: what quantity.c is built on; nobody else needs it.
 *
 * All of it reads folded text (base/viet.h) and answers with offsets into it. Memory: none. Threads: no state. */
#ifndef HOALU_QUANTITY_WORDS_H
#define HOALU_QUANTITY_WORDS_H

#include "base/viet.h"

struct number {
    double value;
    size_t from, to; /* in the folded text; a percent sign is part of it */
    bool percent;
};

/* A word of a list. Where folding makes words alike ("đạt" and "đất"), `marked` is the one meant; text without any
 * marks is taken at its word. */
struct spelling {
    const char *folded, *marked;
};

static inline bool digit_at(struct str s, size_t i)
{
    return i < s.n && s.p[i] >= '0' && s.p[i] <= '9';
}
static inline bool letter_at(struct str s, size_t i)
{
    return i < s.n && s.p[i] >= 'a' && s.p[i] <= 'z';
}
static inline size_t skip_blanks(struct str s, size_t i)
{
    while (i < s.n && s.p[i] == ' ')
        i++;
    return i;
}

/* Does `word` stand at `i`, whole? */
bool word_at(struct str s, size_t i, const char *word);
/* Does the text in [limit, end) close with `word` (blanks skipped)? Where the word starts, or SIZE_MAX. */
size_t word_before(struct str s, size_t end, size_t limit, const char *word);
/* The longest of a list of words that closes [limit, end), or SIZE_MAX; `list` ends with NULL. */
size_t any_before(struct str s, size_t end, size_t limit, const char *const *list);
/* Is one of them at `i`, whole? Its length, or 0. */
size_t any_at(struct str s, size_t i, const char *const *list);
/* Does `word` stand, whole, somewhere in [from, to)? */
bool word_within(struct str s, size_t from, size_t to, const char *word);
/* Is the word behind folded [from, to) the one meant? */
bool spelt(const struct folded *f, size_t from, size_t to, const char *marked);

/* "5.000", "1.234.567,8", "10,8", "0.75", "05", "30 %". */
bool number_at(struct str s, size_t at, struct number *ret);
bool is_year(const struct number *n, struct str s);
/* "01 triệu", "2,5 nghìn": where the multiplier ends, and times what; `at` if there is none. */
size_t multiplier_at(struct str s, size_t at, double *times);

/* Where the noun at `at` that counts things ends, the longest that is known; SIZE_MAX if none is. */
size_t unit_noun(struct str s, size_t at);
/* "/1 vạn dân", "trên 1.000 dân", "/giờ": where it ends, or `at`. "/năm" is no such thing. */
size_t denominator(struct str s, size_t at);
/* Where a noun phrase of at most `words` words that serves as a unit must stop. */
size_t phrase_end(struct str s, size_t at, size_t limit, unsigned words);

/* The comparator that closes [limit, at), over "đạt", "khoảng" and the like; p == NULL if none. `*ret_from`: where it
 * or the first of those words starts. */
struct str comparator_before(struct str s, size_t at, size_t limit, size_t *ret_from);

/* Narrow folded [*from, *to) to what names the thing measured: verbs, years, enumerators and connectives at both ends
 * are dropped. */
void strip_to_subject(const struct folded *f, size_t *from, size_t *to);
/* Does [from, to) only say what is done ("thu hút", "xây dựng mới"), not to what? */
bool is_bare_verb(struct str s, size_t from, size_t to);

#endif
