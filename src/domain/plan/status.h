/* status.h - an approved plan in one view: what is in it, what falls due, what is weak, judged on a day.
 *
 * It counts what the plan itself says. Whether a task is done is not known here: a deadline that has passed is told as
 * passed, not as missed. Memory: c->arena. */
#ifndef HOALU_PLAN_STATUS_H
#define HOALU_PLAN_STATUS_H

#include "domain/plan/plan_store.h"

struct due_item {
    struct str path, title, lead; /* lead: names parted by "; " */
    int32_t due;
    int64_t days; /* from the day judged until it is due; negative: passed */
};

struct plan_status {
    struct str slug, title;
    int64_t position; /* of the version shown */
    int64_t tasks, programmes, targets, described, duties;
    int64_t dated;                       /* tasks and programmes with a last day */
    int64_t recurring, continuous, open; /* come back; always; no end that could be judged */
    int64_t passed, soon;                /* last day gone by; within 30 days */
    int64_t errors, warnings, infos;
    struct {
        struct due_item *v;
        size_t n, cap;
    } next; /* up to ten, the earliest first, those passed included */
};
extern const struct record plan_status_record, due_item_record;

MUST_USE enum err plan_status(struct ctx *c, const struct plan_row *plan, int64_t at, int32_t today,
                              struct plan_status *ret);

#endif
