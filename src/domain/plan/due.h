/* due.h - how a deadline stands to a day. What has been done is not known here, so "past" says only that the day is
 * over. Pure; threads: no state. */
#ifndef HOALU_DUE_H
#define HOALU_DUE_H

#include "base/period.h"
#include "base/str.h"

enum due_state {
    DUE_NONE,    /* without an end by its nature: continuous, or each period */
    DUE_MISSING, /* no day is named where there should be one */
    DUE_LATER,
    DUE_SOON, /* within DUE_SOON_DAYS */
    DUE_PAST,
};
enum { DUE_SOON_DAYS = 30 };

/* `kind` and `due` of a schedule (schedule.h). `*ret_days`: from `today` to the deadline, negative if it is over; 0
 * where there is none. */
enum due_state due_judge(struct str kind, int32_t due, int32_t today, int64_t *ret_days);

/* The state as data has it: one of DUE_WORDS. */
#define DUE_WORDS "periodic|missing|later|soon|past"
struct str due_word(enum due_state state);

#endif
