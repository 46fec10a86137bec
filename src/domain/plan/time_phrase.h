/* time_phrase.h - the time expressions of a text, one after the other: what schedule.c puts together.
 *
 * A phrase is the stretch of tokens that carries a time ("trước tháng 12/2026", "định kỳ 6 tháng", "ngay sau khi được
 * ký kết") with the class and dates it has by itself. Memory: c->arena. */
#ifndef HOALU_TIME_PHRASE_H
#define HOALU_TIME_PHRASE_H

#include "domain/plan/time_words.h"

enum time_kind {
    TIME_DEADLINE,
    TIME_PERIOD,
    TIME_YEARLY,
    TIME_HALF_YEARLY,
    TIME_QUARTERLY,
    TIME_MONTHLY,
    TIME_CONTINUOUS,
    TIME_FROM,
    TIME_RELATIVE,
    TIME_EVENT,
    TIME_NONE,
};

struct phrase {
    size_t from, to; /* tokens [from, to) */
    enum time_kind kind;
    int32_t start, due;
    bool yearless; /* a date that takes its year from elsewhere: a detail of "hằng năm" if that stands near */
    bool bound; /* may limit something that comes back: "giai đoạn 2026-2030", "từ năm 2026", "đến năm 2030" */
    bool joined;  /* goes on with the one before: "6 tháng, hằng năm" */
    bool weak;    /* probably part of a document's name: counts only if nothing else does, and never in a sentence */
    bool follows; /* "các năm tiếp theo": starts where what was named before it ends */
    bool mild;    /* "định kỳ", "theo quy định": gives way to anything else near it */
};

struct phrases {
    struct phrase *v;
    size_t n, cap;
};

void phrases_read(struct ctx *c, const struct words *w, struct phrases *ret);

static inline bool time_recurs(enum time_kind kind)
{
    return kind >= TIME_YEARLY && kind <= TIME_MONTHLY;
}

/* Does a sentence end at token `i`: a full stop that is neither in a number nor in "…"? */
bool sentence_ends_at(const struct words *w, size_t i);

#endif
