/* time_words.h - the words and dates of a time expression: what schedule.c is built on; nobody else needs it.
 *
 * Text is folded (viet_fold), cut into words, numbers and single marks, and read by small functions that look at the
 * token `i` and answer with the index after what they took, or 0 if it is not there. Letters and digits are apart
 * even without a blank ("T5", "quý2", "QuýIV"). Looking past the end gives a token of kind WORD_END. All of it is
 * linear in the text. Memory: c->arena. Threads: no state. */
#ifndef HOALU_TIME_WORDS_H
#define HOALU_TIME_WORDS_H

#include "base/ctx.h"
#include "base/period.h"
#include "base/viet.h"

enum { WORD_END = 0, WORD = 'w', NUMBER = '0', WORD_OTHER = '~' }; /* else the mark itself: '/', ';' … */

struct token {
    uint32_t from, to; /* in the folded text */
    uint32_t value;    /* of a number; stops growing at nine digits */
    char kind;
    char first;  /* byte of it */
    bool glued;  /* no blank before it */
    bool quoted; /* inside a pair of quotes: a name */
    bool hidden; /* part of a document's number or date, of a vision, of a comparison: never a schedule */
};

struct words {
    struct folded folded;
    struct token *v;
    size_t n;
    int plan_year; /* 0 unknown */
    bool find;     /* reading a sentence that may speak of anything, not a line that speaks of time */
};

void words_read(struct ctx *c, struct str text, int plan_year, bool find, struct words *ret);

static inline const struct token *word_at(const struct words *w, size_t i)
{
    return &w->v[i < w->n ? i : w->n];
}
/* Digits of the number at `i`, 0 if there is none. */
static inline unsigned word_digits(const struct words *w, size_t i)
{
    const struct token *t = word_at(w, i);
    return t->kind == NUMBER ? t->to - t->from : 0;
}

/* Does `phrase` stand at `i`? Words and marks parted by one blank: "6 thang" is not a phrase, "thang dau nam" is.
 * The number of tokens, 0 if not. */
size_t words_match_from(const struct words *w, size_t i, const char *phrase);
static inline size_t words_match(const struct words *w, size_t i, const char *phrase)
{
    return word_at(w, i)->first == *phrase ? words_match_from(w, i, phrase) : 0; /* most calls end here */
}
/* The longest of a NULL-ended list of phrases. */
size_t words_any(const struct words *w, size_t i, const char *const *phrases);
/* A number in digits, or in words up to mười hai (all but "năm", which is also year); `sáu` only before "tháng". */
size_t words_number(const struct words *w, size_t i, unsigned *ret);
/* I to IV. */
size_t words_roman(const struct words *w, size_t i, unsigned *ret);

enum date_unit {
    DATE_DAY_OF_MONTH,
    DATE_DAY,
    DATE_MONTH,
    DATE_QUARTER,
    DATE_FIRST_MONTHS,
    DATE_LAST_MONTHS,
    DATE_YEAR
};

/* One date or several: a day, "quý I, II/2026", "2026 - 2030". */
struct span {
    int32_t start, due, last_start; /* of the first, of the last; DAY_NONE where the year is not known */
    enum date_unit unit;            /* of the last */
    unsigned items;                 /* how many were listed; the ends of a range are one */
    bool range;
    bool late;     /* "cuối năm": "trước" it means before its end */
    bool yearless; /* the year was taken from the plan, or is missing */
    bool bare;     /* only "15/12" or "2026", which may be something else */
    bool led;      /* "giai đoạn", "nhiệm kỳ" before it */
    bool bad;      /* no such date: 31/6, quý V, năm 3026, 2030-2026 */
    bool past;     /* "từ 2020 đến nay" */
};
size_t span_at(const struct words *w, size_t i, struct span *ret);

#endif
