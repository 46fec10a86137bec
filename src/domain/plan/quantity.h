/* quantity.h - how much: comparator, value or range, unit, per year, growth or rank, and by when, out of a sentence.
 *
 *   "đạt tối thiểu 05 sáng chế, giải pháp hữu ích/năm"  level  ge 5        sáng chế, giải pháp hữu ích  per year
 *   "kinh tế số đạt quy mô 30% -35% GRDP"               level  range 30 35 % GRDP
 *   "tăng trung bình 10%/năm"                           growth eq 10       %                            per year
 *   "nằm trong nhóm 10 tỉnh, thành phố dẫn đầu"         rank   le … 10     hạng
 *   "giảm từ 30% xuống còn 20%"                         level  eq 20       %, baseline 30
 *
 * Several quantities in a sentence are several results. A comparator said once holds for the list it opens ("ít nhất 60
 * sản phẩm …, 30 dự án"). What only qualifies another quantity ("với tốc độ trên 01 Gb/s") is none of its own. Numbers
 * of documents, dates, years, durations, generations (5G) and ordinals are not quantities. A decrease is negative
 * growth. Matching is on folded text. Memory: in c->arena. Threads: no state. */
#ifndef HOALU_QUANTITY_H
#define HOALU_QUANTITY_H

#include "base/ctx.h"

struct quantity {
    struct str measure;    /* level, growth, rank */
    struct str comparator; /* ge gt le lt eq range */
    double low, high;      /* NaN where the comparator does not use it */
    double baseline;       /* NaN if none is given */
    struct str unit;       /* p == NULL if none */
    struct str per;        /* "year", or p == NULL */
    struct str by;         /* the year the words around it give, or p == NULL */
    struct str subject;    /* what is measured, as far as the sentence tells */
    struct str text;       /* the segment it stands in */
    size_t at;             /* offset of its number in the text given */
};
struct quantities {
    struct quantity *v;
    size_t n, cap;
};

enum quantity_mode {
    QUANTITY_TARGET, /* a sentence that sets targets: every quantity counts */
    QUANTITY_TASK, /* a task's words: a bare count needs a verb of reaching before it ("đào tạo 50.000 lao động") */
    QUANTITY_CELL, /* a table cell: a bare number is a value, its unit stands in another column */
};

/* Never fails: what is not a quantity is passed over. */
void quantity_read(struct ctx *c, struct str text, enum quantity_mode mode, struct quantities *ret);

#endif
