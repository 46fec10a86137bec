/* value_form.h - what a body has to tell for a period, prefilled: the rows of an entry grid, and of a workbook that is
 * filled in and taken back by value_load.h.
 *
 * The rows are the indicators of the period's length that are reported (not worked out) for such a place, the whole and
 * each category, in the order of the dictionary. Each has the figure of the period before and, where there is one of
 * the indicator's own source, that of the period itself. The workbook of a place has one row for each; the one of the
 * places below it has a row for each place and a column for each indicator.
 *
 * Memory: c->arena. Threads: none shared. */
#ifndef HOALU_VALUE_FORM_H
#define HOALU_VALUE_FORM_H

#include "domain/indicator/value.h"
#include "domain/org/org.h"

enum { VALUE_FORM_COLUMNS = 200, VALUE_FORM_PLACES = 4000 };

struct value_form_row {
    struct str indicator, category; /* category: p == NULL is the whole */
    struct str name, name_en, unit;
    double previous; /* of the period before; NaN: none */
    double amount;   /* NaN: none yet */
    bool provisional;
    double low, high;
    int64_t places; /* decimals */
};
extern const struct record value_form_row_record;

struct value_form {
    struct str place, period; /* in: a code, a period in any spelling */
    struct strs indicators;   /* in: only these; n == 0: all that the place tells for such a period */
    bool below;               /* in: a row for each area right below the place */
    struct str place_name;    /* out */
    int32_t code;             /* out: of the period */
    struct {
        struct value_form_row *v;
        size_t n, cap;
    } rows;
};

/* On a reading connection. E_NOTFOUND for a place or an indicator that is not there, E_INVALID for a period that is
 * none. Whoever asks need not be allowed to enter: what they see is theirs to read. */
MUST_USE enum err value_form_read(struct ctx *c, struct value_form *form);
/* The workbook. E_NOTFOUND if `below` and there is nothing below. */
MUST_USE enum err value_form_sheet(struct ctx *c, struct value_form *form, struct str *ret);

#endif
