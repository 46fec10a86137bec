/* value_choose.h - which of several sources of one figure counts; for the files of this folder only.
 *
 * What somebody decided; else official before provisional; else the indicator's own source; else the latest. They
 * differ while nobody has decided and one of them says another amount. */
#ifndef HOALU_VALUE_CHOOSE_H
#define HOALU_VALUE_CHOOSE_H

#include "domain/indicator/value.h"

struct value_offer {
    int64_t source, state, from_pos;
    double amount;
};

/* `own`: the number of the indicator's own source; `decided`: that of the one decided for; 0: there is none. */
static inline bool value_offer_before(const struct value_offer *a, const struct value_offer *b, int64_t own,
                                      int64_t decided)
{
    if ((a->source == decided) != (b->source == decided))
        return a->source == decided;
    if ((a->state & VALUE_PROVISIONAL) != (b->state & VALUE_PROVISIONAL))
        return !(a->state & VALUE_PROVISIONAL);
    if ((a->source == own) != (b->source == own))
        return a->source == own;
    return a->from_pos != b->from_pos ? a->from_pos > b->from_pos : a->source < b->source;
}

#endif
