/* target_marks.h - what the pages of plans show beside a target, a task and a programme: its indicator, the latest
 * figure, how it stands. Memory: c->arena. */
#ifndef HOALU_TARGET_MARKS_H
#define HOALU_TARGET_MARKS_H

#include "front/web/indicator/indicator_view.h"

struct site;

struct target_mark {
    struct str key, path; /* of the target; path: of a clause that the indicator tells of */
    struct str name, status, why;
    struct url page;
    struct figure_view figure;
    struct html pace;
    bool over;
};
struct target_marks {
    struct target_mark *v;
    size_t n, cap;
};
/* Those of a plan's targets. `path` n == 0: of the whole plan; else those that tell of that clause, by a target or by a
 * link of the dictionary. */
MUST_USE enum err target_marks_read(struct site *s, struct str plan, struct str path, int32_t as_of,
                                    struct target_marks *ret);
/* NULL if no indicator tells of that target. */
const struct target_mark *target_mark_of(const struct target_marks *marks, struct str key);

#endif
