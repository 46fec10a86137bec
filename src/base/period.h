/* period.h - days, periods, and working days, as Vietnamese offices count them.
 *
 * A day is an int32_t: days since 1970-01-01 in Asia/Ho_Chi_Minh, DAY_NONE for none. Vietnam has had UTC+7 without
 * summer time since 1975, and no moment before that is judged here, so a day's edges are fixed arithmetic.
 * Moments are int64_t microseconds since 1970-01-01T00:00:00Z. Threads: no state. */
#ifndef HOALU_PERIOD_H
#define HOALU_PERIOD_H

#include "base/field.h"

enum { DAY_TEXT = 16, MOMENT_TEXT = 40 };
#define DAY_US       86400000000LL
#define VN_OFFSET_US 25200000000LL

/* A calendar date; false if there is no such date (31 June, 30 February) or the year is not in 1900..2999. */
bool day_from_date(int year, int month, int day, int32_t *ret);
void day_to_date(int32_t day, int *ret_year, int *ret_month, int *ret_day);
int32_t day_month_end(int year, int month); /* last day of a valid month */
int day_weekday(int32_t day);               /* 0 Monday … 6 Sunday */

/* "2026-11-30" exactly. */
bool day_parse(struct str s, int32_t *ret);
/* That, or "30/11/2026" as a spreadsheet writes it here, with or without zeros before. */
bool day_parse_typed(struct str s, int32_t *ret);
/* "2026-11-30" into `text`; p == NULL for DAY_NONE. */
struct str day_text(int32_t day, char text[DAY_TEXT]);
/* "30/11/2026", as an office writes it. */
struct str day_text_vi(int32_t day, char text[DAY_TEXT]);

int32_t day_of_moment(int64_t us);  /* the day in Vietnam */
int64_t moment_of_day(int32_t day); /* its first microsecond; the nearest moment there is for days far out */
struct str moment_text(int64_t us, char text[MOMENT_TEXT]); /* "2026-11-23T08:19:41.000000Z" */
bool moment_parse(struct str s, int64_t *ret);              /* that form exactly, years 1900..2999 */

/* A stretch of days, both ends in it. */
struct period {
    int32_t from, to;
};
/* "2026", "2026-S1", "2026-Q3", "2026-9M", "2026-05", "2026-01..2028-06", and DHIS2's "2026S1", "2026Q3", "202605".
 * False if it is none of these. */
bool period_parse(struct str s, struct period *ret);
/* The name of a period in our own spelling ("2026-Q3"); one that has no name is written "2026-01..2028-06" if it
 * covers whole months, else p == NULL. `text` holds at least 24 bytes. */
struct str period_text(struct period p, char text[24]);

/* Whole months as one number, in the order of their first day, then of their length: for keys of a store. 0 if it does
 * not cover whole months or more than PERIOD_MONTHS of them. */
enum { PERIOD_MONTHS = 1023 };
int32_t period_code(struct period p);
bool period_of_code(int64_t code, struct period *ret);

/* Holidays are data with dates (data/calendar/), given by whoever judges a deadline. `off` are days without work, which
 * win over `swap`, the weekend days worked in exchange. Both sorted. A NULL calendar knows weekends only. */
struct calendar {
    const int32_t *off, *swap;
    size_t n_off, n_swap;
};
bool calendar_is_working(const struct calendar *c, int32_t day);
/* `n` working days after `day` (before it, if n < 0). n == 0: the day itself, or the next working day. */
int32_t calendar_add_working(const struct calendar *c, int32_t day, int n);

#endif
