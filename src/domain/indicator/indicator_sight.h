/* indicator_sight.h - who may see an indicator's figures: a restricted one, whoever sees all that is restricted. To
 * everybody else it is as if there were none of that code. */
#ifndef HOALU_INDICATOR_SIGHT_H
#define HOALU_INDICATOR_SIGHT_H

#include "domain/indicator/indicator.h"
#include "domain/sight/sight.h"

static inline bool indicator_is_open(const struct ctx *c, const struct indicator *i)
{
    return !str_eq(i->level, S("restricted")) || str_eq(plan_seen(c), S("*"));
}

/* E_NOTFOUND if there is none, or none that who asks may know of. */
MUST_USE static inline enum err indicator_open(struct ctx *c, const struct dictionary *d, struct str code,
                                               const struct indicator **ret)
{
    const struct indicator *i = dictionary_indicator(d, code);
    if (!i || !indicator_is_open(c, i))
        return FAIL(c, E_NOTFOUND, "không có chỉ tiêu \"%.*s\" (no such indicator)", ARGS(code));
    *ret = i;
    return OK;
}

#endif
