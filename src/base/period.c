#include "base/period.h"

#include <stdio.h>

#include "base/banned.h"

/* Days since 1970-01-01 of a proleptic Gregorian date, by eras of 400 years that begin in March. */
static int32_t days_from_civil(int y, int m, int d)
{
    y -= m <= 2;
    int era = (y >= 0 ? y : y - 399) / 400;
    int yoe = y - era * 400;
    int doy = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
    int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468;
}

void day_to_date(int32_t day, int *ret_year, int *ret_month, int *ret_day)
{
    int z = day + 719468;
    int era = (z >= 0 ? z : z - 146096) / 146097;
    int doe = z - era * 146097;
    int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int mp = (5 * doy + 2) / 153;
    *ret_day = doy - (153 * mp + 2) / 5 + 1;
    *ret_month = mp < 10 ? mp + 3 : mp - 9;
    *ret_year = yoe + era * 400 + (*ret_month <= 2);
}

bool day_from_date(int year, int month, int day, int32_t *ret)
{
    if (year < 1900 || year > 2999 || month < 1 || month > 12 || day < 1 || day > 31)
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

struct str day_text(int32_t day, char text[DAY_TEXT])
{
    if (day == DAY_NONE)
        return (struct str) { NULL, 0 };
    int y, m, d;
    day_to_date(day, &y, &m, &d);
    int n = snprintf(text, DAY_TEXT, "%04d-%02d-%02d", y, m, d);
    return (struct str) { text, (size_t)n };
}
