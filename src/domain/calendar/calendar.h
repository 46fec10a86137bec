/* calendar.h - the calendar file: holidays and worked weekends as data (data/calendar/README.md has the columns).
 *
 * What a calendar answers stands in base/period.h; this reads one. Memory: in c->arena. Threads: none shared. */
#ifndef HOALU_CALENDAR_H
#define HOALU_CALENDAR_H

#include "base/ctx.h"
#include "base/period.h"

/* One line of the file, for lists of holidays. */
struct holiday {
    int32_t day;
    struct str kind; /* "off", "swap" */
    struct str name;
    struct str status; /* "fixed", "granted", "provisional" */
    struct str source;
    unsigned line; /* of the file */
};
extern const struct record holiday_record;

struct holidays {
    struct holiday *v; /* by day */
    size_t n, cap;
};

/* Read the text of a calendar file called `name`. `ret_list` may be NULL. E_INVALID with file and line: no such column,
 * no such day, a day named twice, an unknown kind or status, a worked weekend that is none. */
MUST_USE enum err calendar_parse(struct ctx *c, struct str text, struct str name, struct calendar *ret,
                                 struct holidays *ret_list);

#endif
