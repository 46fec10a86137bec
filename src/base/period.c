#include "base/period.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/banned.h"

enum { DAYS_TO_1970 = 719468, DAYS_IN_ERA = 146097, YEAR_FIRST = 1900, YEAR_LAST = 2999 };

/* Days since 1970-01-01 of a proleptic Gregorian date, by eras of 400 years that begin in March. */
static int32_t days_from_civil(int y, int m, int d)
{
    y -= m <= 2;
    int era = (y >= 0 ? y : y - 399) / 400;
    int yoe = y - era * 400;
    int doy = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
    int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * DAYS_IN_ERA + doe - DAYS_TO_1970;
}

void day_to_date(int32_t day, int *ret_year, int *ret_month, int *ret_day)
{
    int64_t z = (int64_t)day + DAYS_TO_1970;
    int era = (int)((z >= 0 ? z : z - (DAYS_IN_ERA - 1)) / DAYS_IN_ERA);
    int doe = (int)(z - (int64_t)era * DAYS_IN_ERA);
    int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int mp = (5 * doy + 2) / 153;
    *ret_day = doy - (153 * mp + 2) / 5 + 1;
    *ret_month = mp < 10 ? mp + 3 : mp - 9;
    *ret_year = yoe + era * 400 + (*ret_month <= 2);
}

bool day_from_date(int year, int month, int day, int32_t *ret)
{
    if (year < YEAR_FIRST || year > YEAR_LAST || month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    int32_t n = days_from_civil(year, month, day);
    int y, m, d;
    day_to_date(n, &y, &m, &d);
    if (m != month || d != day)
        return false;
    *ret = n;
    return true;
}

int32_t day_month_end(int year, int month)
{
    return month == 12 ? days_from_civil(year + 1, 1, 1) - 1 : days_from_civil(year, month + 1, 1) - 1;
}

int day_weekday(int32_t day)
{
    int w = (int)(((int64_t)day + 3) % 7); /* 1970-01-01 was a Thursday */
    return w < 0 ? w + 7 : w;
}

/* Exactly `n` digits at `at`. */
static bool digits(struct str s, size_t at, size_t n, int *ret)
{
    if (s.n < at + n)
        return false;
    int value = 0;
    for (size_t i = at; i < at + n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        value = value * 10 + (s.p[i] - '0');
    }
    *ret = value;
    return true;
}

bool day_parse(struct str s, int32_t *ret)
{
    int y = 0, m = 0, d = 0;
    return s.n == 10 && s.p[4] == '-' && s.p[7] == '-' && digits(s, 0, 4, &y) && digits(s, 5, 2, &m) &&
           digits(s, 8, 2, &d) && day_from_date(y, m, d, ret);
}

static void put_digits(char *at, int n, int v)
{
    for (; n > 0; v /= 10)
        at[--n] = (char)('0' + v % 10);
}

bool day_parse_typed(struct str s, int32_t *ret)
{
    if (day_parse(s, ret))
        return true;
    struct str part[3], rest = s;
    int64_t v[3];
    for (int i = 0; i < 3; i++)
        if (!str_cut(&rest, '/', &part[i]) || !part[i].n || !str_i64(part[i], &v[i]) || v[i] < 1 || v[i] > 2999)
            return false;
    return !rest.p && day_from_date((int)v[2], (int)v[1], (int)v[0], ret);
}

struct str day_text(int32_t day, char text[DAY_TEXT])
{
    if (day == DAY_NONE)
        return (struct str){NULL, 0};
    int y, m, d;
    day_to_date(day, &y, &m, &d);
    if (y < 0 || y > 9999)
        return (struct str){text, (size_t)snprintf(text, DAY_TEXT, "%04d-%02d-%02d", y, m, d)};
    put_digits(text, 4, y);
    put_digits(text + 5, 2, m);
    put_digits(text + 8, 2, d);
    text[4] = text[7] = '-';
    text[10] = 0;
    return (struct str){text, 10};
}

struct str day_text_vi(int32_t day, char text[DAY_TEXT])
{
    if (day == DAY_NONE)
        return (struct str){NULL, 0};
    int y, m, d;
    day_to_date(day, &y, &m, &d);
    if (y < 0 || y > 9999)
        return (struct str){text, (size_t)snprintf(text, DAY_TEXT, "%02d/%02d/%04d", d, m, y)};
    put_digits(text, 2, d);
    put_digits(text + 3, 2, m);
    put_digits(text + 6, 4, y);
    text[2] = text[5] = '/';
    text[10] = 0;
    return (struct str){text, 10};
}

/* The UTC day of a moment, and the microseconds into it. */
static int32_t utc_day(int64_t us, int64_t *ret_in_day)
{
    int64_t day = us / DAY_US, rest = us % DAY_US;
    if (rest < 0) {
        day--;
        rest += DAY_US;
    }
    *ret_in_day = rest;
    return (int32_t)day;
}

int32_t day_of_moment(int64_t us)
{
    int64_t in_day;
    int32_t day = utc_day(us, &in_day);
    return in_day + VN_OFFSET_US >= DAY_US ? day + 1 : day;
}

int64_t moment_of_day(int32_t day)
{
    int64_t us;
    if (__builtin_mul_overflow((int64_t)day, DAY_US, &us) || __builtin_sub_overflow(us, VN_OFFSET_US, &us))
        return day < 0 ? INT64_MIN : INT64_MAX;
    return us;
}

struct str moment_text(int64_t us, char text[MOMENT_TEXT])
{
    int64_t in_day;
    int y, m, d;
    day_to_date(utc_day(us, &in_day), &y, &m, &d);
    int64_t second = in_day / 1000000;
    int n = snprintf(text, MOMENT_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", y, m, d, (int)(second / 3600),
                     (int)(second / 60 % 60), (int)(second % 60), (int)(in_day % 1000000));
    return (struct str){text, (size_t)n};
}

bool moment_parse(struct str s, int64_t *ret)
{
    int hour = 0, minute = 0, second = 0, us = 0;
    int32_t day;
    if (s.n != 27 || s.p[10] != 'T' || s.p[13] != ':' || s.p[16] != ':' || s.p[19] != '.' || s.p[26] != 'Z')
        return false;
    if (!day_parse(str_slice(s, 0, 10), &day) || !digits(s, 11, 2, &hour) || !digits(s, 14, 2, &minute) ||
        !digits(s, 17, 2, &second) || !digits(s, 20, 6, &us) || hour > 23 || minute > 59 || second > 59)
        return false;
    *ret = day * DAY_US + (hour * 3600 + minute * 60 + second) * 1000000LL + us;
    return true;
}

/* Whole months; false if one of them does not exist or the end lies before the start. */
static bool months(int from_year, int from_month, int to_year, int to_month, struct period *ret)
{
    int32_t from, to;
    if (!day_from_date(from_year, from_month, 1, &from) || !day_from_date(to_year, to_month, 1, &to) || to < from)
        return false;
    *ret = (struct period){from, day_month_end(to_year, to_month)};
    return true;
}

static bool month_parse(struct str s, int *ret_year, int *ret_month)
{
    return s.n == 7 && s.p[4] == '-' && digits(s, 0, 4, ret_year) && digits(s, 5, 2, ret_month);
}

bool period_parse(struct str s, struct period *ret)
{
    int year, month, to_year, to_month, part;
    if (!digits(s, 0, 4, &year))
        return false;
    if (s.n == 4)
        return months(year, 1, year, 12, ret);
    if (s.n == 6 && digits(s, 4, 2, &month))
        return months(year, month, year, month, ret);
    if (month_parse(s, &year, &month))
        return months(year, month, year, month, ret);
    if (s.n == 16 && str_eq(str_slice(s, 7, 9), S("..")))
        return month_parse(str_slice(s, 0, 7), &year, &month) && month_parse(str_skip(s, 9), &to_year, &to_month) &&
               months(year, month, to_year, to_month, ret);
    if (str_eq(str_skip(s, 4), S("-9M")))
        return months(year, 1, year, 9, ret);
    size_t at = s.p[4] == '-' ? 5 : 4;
    if (s.n != at + 2 || !digits(s, at + 1, 1, &part) || part < 1)
        return false;
    if (s.p[at] == 'S' && part <= 2)
        return months(year, part * 6 - 5, year, part * 6, ret);
    return s.p[at] == 'Q' && part <= 4 && months(year, part * 3 - 2, year, part * 3, ret);
}

struct str period_text(struct period p, char text[24])
{
    int y, m, d, to_y, to_m, to_d, n;
    day_to_date(p.from, &y, &m, &d);
    day_to_date(p.to, &to_y, &to_m, &to_d);
    if (p.to < p.from || d != 1 || y < YEAR_FIRST || to_y > YEAR_LAST || p.to != day_month_end(to_y, to_m))
        return (struct str){NULL, 0};
    int length = (to_y - y) * 12 + to_m - m + 1;
    if (length == 1)
        n = snprintf(text, 24, "%04d-%02d", y, m);
    else if (length == 12 && m == 1)
        n = snprintf(text, 24, "%04d", y);
    else if (length == 3 && m % 3 == 1)
        n = snprintf(text, 24, "%04d-Q%d", y, to_m / 3);
    else if (length == 6 && m % 6 == 1)
        n = snprintf(text, 24, "%04d-S%d", y, to_m / 6);
    else if (length == 9 && m == 1)
        n = snprintf(text, 24, "%04d-9M", y);
    else
        n = snprintf(text, 24, "%04d-%02d..%04d-%02d", y, m, to_y, to_m);
    return (struct str){text, (size_t)n};
}

int32_t period_code(struct period p)
{
    int y, m, d, to_y, to_m, to_d;
    day_to_date(p.from, &y, &m, &d);
    day_to_date(p.to, &to_y, &to_m, &to_d);
    if (p.to < p.from || d != 1 || y < YEAR_FIRST || to_y > YEAR_LAST || p.to != day_month_end(to_y, to_m))
        return 0;
    int length = (to_y - y) * 12 + to_m - m + 1;
    return length <= PERIOD_MONTHS ? (y * 12 + m - 1) * (PERIOD_MONTHS + 1) + length : 0;
}

bool period_of_code(int64_t code, struct period *ret)
{
    if (code < 0 || code > INT32_MAX)
        return false;
    int first = (int)(code / (PERIOD_MONTHS + 1)), length = (int)(code % (PERIOD_MONTHS + 1)),
        last = first + length - 1;
    return length && months(first / 12, first % 12 + 1, last / 12, last % 12 + 1, ret);
}

static int cmp_day(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

static bool holds(const int32_t *days, size_t n, int32_t day)
{
    return n && bsearch(&day, days, n, sizeof *days, cmp_day);
}

bool calendar_is_working(const struct calendar *c, int32_t day)
{
    if (c && holds(c->off, c->n_off, day))
        return false;
    return day_weekday(day) < 5 || (c && holds(c->swap, c->n_swap, day));
}

int32_t calendar_add_working(const struct calendar *c, int32_t day, int n)
{
    int32_t step = n < 0 ? -1 : 1;
    if (n == 0)
        while (!calendar_is_working(c, day) && day < INT32_MAX)
            day++;
    while (n != 0 && day > DAY_NONE + 1 && day < INT32_MAX) {
        day += step;
        if (calendar_is_working(c, day))
            n -= step;
    }
    return day;
}
