/* Text as a period, a day and a moment: what is read is written back as itself or as its one own name. */
#include "fuzz/fuzz.h"

#include "base/period.h"

#include "base/banned.h"

static void a_period(struct str text)
{
    struct period p, again;
    char name[24], other[24];
    if (!period_parse(text, &p))
        return;
    HOLDS(p.from <= p.to);
    struct str own = period_text(p, name);
    HOLDS(own.p && period_parse(own, &again) && again.from == p.from && again.to == p.to);
    HOLDS(str_eq(period_text(again, other), own));
}

static void a_day(struct str text)
{
    int32_t day;
    char name[DAY_TEXT];
    if (!day_parse(text, &day))
        return;
    HOLDS(str_eq(day_text(day, name), text));
    HOLDS(day_of_moment(moment_of_day(day)) == day && day_of_moment(moment_of_day(day) - 1) == day - 1);
}

static void a_moment(struct str text)
{
    int64_t us;
    char name[MOMENT_TEXT];
    if (moment_parse(text, &us))
        HOLDS(str_eq(moment_text(us, name), text));
}

/* Eight bytes as numbers: any stretch of days, any moment, any count of working days. */
static void numbers(const uint8_t *data)
{
    int32_t from = 0, to = 0;
    int64_t us = 0;
    char name[MOMENT_TEXT];
    for (int i = 0; i < 4; i++) {
        from = (int32_t)((uint32_t)from << 8 | data[i]);
        to = (int32_t)((uint32_t)to << 8 | data[i + 4]);
    }
    us = (int64_t)((uint64_t)(uint32_t)from << 32 | (uint32_t)to);
    struct period p = {from, to}, again;
    struct str text = period_text(p, name);
    if (text.p)
        HOLDS(period_parse(text, &again) && again.from == from && again.to == to);
    (void)moment_text(us, name);
    (void)day_text(from, name);
    int32_t day = day_of_moment(us);
    HOLDS(day_weekday(day) >= 0 && day_weekday(day) < 7);
    const struct calendar c = {.off = &from, .n_off = 1, .swap = &to, .n_swap = 1};
    int n = data[0] % 64;
    if (from > -1000000 && from < 1000000) {
        int32_t after = calendar_add_working(&c, from, n);
        HOLDS(after >= from && calendar_is_working(&c, after));
        HOLDS(calendar_add_working(&c, after, -n) <= after);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str text = {(const char *)data, n};
    a_period(text);
    a_day(text);
    a_moment(text);
    if (n == 8)
        numbers(data);
    return 0;
}
