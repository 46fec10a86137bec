/* value_words.h - the words of tables of figures: headings, "no figure", states, periods. Inside of domain/indicator.
 */
#ifndef HOALU_VALUE_WORDS_H
#define HOALU_VALUE_WORDS_H

#include "base/ctx.h"

enum value_column {
    COLUMN_UNKNOWN,
    COLUMN_PASSED, /* for people: it is not read */
    COLUMN_INDICATOR,
    COLUMN_CATEGORY,
    COLUMN_PLACE,
    COLUMN_PERIOD,
    COLUMN_VALUE,
    COLUMN_SOURCE,
    COLUMN_STATE,
    COLUMN_METHOD,
    COLUMN_EVIDENCE,
    COLUMN_REASON,
    COLUMN_REPORT,
    COLUMN_COUNT,
};
/* What a heading says, marks and case aside. */
enum value_column value_heading(struct ctx *c, struct str cell);
/* How a heading of the kind is called, for messages and templates. */
struct str value_heading_name(enum value_column column);

/* "-", "…", "x", "chưa có": there is no figure. */
bool value_is_none(struct ctx *c, struct str cell);
/* "ước", "sơ bộ", "x" … and "chính thức", "không" …; false for another word. An empty cell leaves `*ret`. */
bool value_state_word(struct ctx *c, struct str cell, bool *ret_provisional);

#endif
