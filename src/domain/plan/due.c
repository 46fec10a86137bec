#include "domain/plan/due.h"

#include "base/banned.h"

enum due_state due_judge(struct str kind, int32_t due, int32_t today, int64_t *ret_days)
{
    bool periodic = str_eq(kind, S("continuous")) || str_eq(kind, S("yearly")) || str_eq(kind, S("half_yearly")) ||
                    str_eq(kind, S("quarterly")) || str_eq(kind, S("monthly"));
    *ret_days = 0;
    if (periodic || due == DAY_NONE)
        return periodic ? DUE_NONE : DUE_MISSING;
    *ret_days = (int64_t)due - today;
    return *ret_days < 0 ? DUE_PAST : *ret_days <= DUE_SOON_DAYS ? DUE_SOON : DUE_LATER;
}

struct str due_word(enum due_state state)
{
    static const struct str words[] = {[DUE_NONE] = S0("periodic"),
                                       [DUE_MISSING] = S0("missing"),
                                       [DUE_LATER] = S0("later"),
                                       [DUE_SOON] = S0("soon"),
                                       [DUE_PAST] = S0("past")};
    return words[state];
}
