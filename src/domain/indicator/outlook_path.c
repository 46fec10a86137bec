#include "domain/indicator/outlook_judge.h"

#include <math.h>

#include "base/banned.h"

/* Which of `words`, parted by '|', `word` is; -1 for none. */
static int among(struct str word, const char *words)
{
    struct str rest = str_of(words), one;
    for (int i = 0; str_cut(&rest, '|', &one); i++)
        if (str_eq(one, word))
            return i;
    return -1;
}

bool outlook_measure_parse(struct str word, enum outlook_measure *ret)
{
    int i = among(word, "level|growth|rank|state");
    if (i >= 0)
        *ret = (enum outlook_measure)i;
    return i >= 0;
}

bool outlook_comparator_parse(struct str word, enum outlook_comparator *ret)
{
    int i = among(word, "ge|gt|le|lt|eq|range");
    if (i >= 0)
        *ret = (enum outlook_comparator)i;
    return i >= 0;
}

bool outlook_path_parse(struct str word, enum outlook_path *ret)
{
    int i = among(word, "linear|compound|steps|given|none");
    if (i >= 0)
        *ret = (enum outlook_path)i;
    return i >= 0;
}

struct str outlook_word(enum outlook_status status)
{
    static const struct str words[] = {S0("met"),       S0("on_track"), S0("at_risk"),
                                       S0("off_track"), S0("no_data"),  S0("stale")};
    return words[status];
}

/* --- days --------------------------------------------------------------------------------------------------------- */

double outlook_years(int32_t day)
{
    int y, m, d, last_y, last_m, last;
    day_to_date(day, &y, &m, &d);
    day_to_date(day_month_end(y, m), &last_y, &last_m, &last);
    return y + (m - 1 + (double)d / last) / 12;
}

int outlook_year_of(int32_t day)
{
    int y, m, d;
    day_to_date(day, &y, &m, &d);
    return y;
}

int32_t outlook_add_months(int32_t day, int months)
{
    int y, m, d;
    day_to_date(day, &y, &m, &d);
    int32_t last = day_month_end(y, m), ret;
    int total = y * 12 + m - 1 + months;
    int32_t end = day_month_end(total / 12, total % 12 + 1);
    return day == last || !day_from_date(total / 12, total % 12 + 1, d, &ret) ? end : ret;
}

/* --- the goal as a bound -------------------------------------------------------------------------------------------
 */

int outlook_sign(const struct outlook_goal *g)
{
    if (g->measure == OUTLOOK_RANK)
        return -1;
    if (g->measure == OUTLOOK_STATE)
        return 1;
    switch (g->comparator) {
    case OUTLOOK_GE:
    case OUTLOOK_GT:
        return 1;
    case OUTLOOK_LE:
    case OUTLOOK_LT:
        return -1;
    default:
        break;
    }
    if (g->direction)
        return g->direction > 0 ? 1 : -1;
    if (g->comparator == OUTLOOK_RANGE)
        return 1;
    if (g->measure == OUTLOOK_GROWTH)
        return g->low < 0 ? -1 : 1;
    return !isnan(g->baseline) && g->baseline > g->low ? -1 : 1;
}

double outlook_bound(const struct outlook_goal *g)
{
    if (g->measure == OUTLOOK_STATE)
        return isnan(g->low) ? (double)g->labels.n : g->low;
    switch (g->comparator) {
    case OUTLOOK_LE:
    case OUTLOOK_LT:
        return g->high;
    case OUTLOOK_RANGE:
        return outlook_sign(g) > 0 ? g->low : g->high;
    default:
        return g->low;
    }
}

double outlook_year_bound(const struct outlook_goal *g, int year)
{
    if (g->path == OUTLOOK_GIVEN || g->path == OUTLOOK_STEPS)
        for (size_t i = 0; i < g->n_steps; i++)
            if (outlook_year_of(g->steps[i].day) == year)
                return g->steps[i].value;
    return outlook_bound(g);
}

/* --- the path ------------------------------------------------------------------------------------------------------
 */

static bool has_baseline(const struct outlook_goal *g)
{
    return !isnan(g->baseline) && g->baseline_day != DAY_NONE;
}

bool outlook_has_path(const struct outlook_goal *g)
{
    if (g->measure == OUTLOOK_GROWTH)
        return g->rates || has_baseline(g);
    if (outlook_is_yearly(g))
        return true;
    if (g->path == OUTLOOK_STEPS || g->path == OUTLOOK_GIVEN)
        return g->n_steps > 0;
    return g->path != OUTLOOK_NO_PATH && g->measure != OUTLOOK_STATE && has_baseline(g) && g->by != DAY_NONE;
}

static double between(double t, double t0, double v0, double t1, double v1)
{
    return t1 > t0 ? v0 + (v1 - v0) * (t - t0) / (t1 - t0) : v1;
}

/* Yearly values joined by lines, from the baseline and on to the goal. */
static double given_at(const struct outlook_goal *g, int32_t day)
{
    struct outlook_step before = {DAY_NONE, NAN};
    double t = outlook_years(day);
    if (has_baseline(g) && (!g->n_steps || g->baseline_day < g->steps[0].day))
        before = (struct outlook_step){g->baseline_day, g->baseline};
    for (size_t i = 0; i < g->n_steps; i++) {
        const struct outlook_step *s = &g->steps[i];
        if (day == s->day)
            return s->value;
        if (day < s->day)
            return before.day == DAY_NONE ? NAN
                   : day <= before.day
                       ? before.value
                       : between(t, outlook_years(before.day), before.value, outlook_years(s->day), s->value);
        before = *s;
    }
    if (g->by == DAY_NONE || g->by <= before.day)
        return before.value;
    if (day >= g->by)
        return outlook_bound(g);
    return between(t, outlook_years(before.day), before.value, outlook_years(g->by), outlook_bound(g));
}

static double steps_at(const struct outlook_goal *g, int32_t day)
{
    double v = g->measure == OUTLOOK_STATE ? 0 : has_baseline(g) ? g->baseline : NAN;
    for (size_t i = 0; i < g->n_steps && g->steps[i].day <= day; i++)
        v = g->steps[i].value;
    return g->by != DAY_NONE && day >= g->by ? outlook_bound(g) : v;
}

static double year_at(const struct outlook_goal *g, int32_t day)
{
    int year = outlook_year_of(day);
    double bound = outlook_year_bound(g, year);
    return g->over == OUTLOOK_SUM ? bound * (outlook_years(day) - year) : bound;
}

double outlook_path_at(const struct outlook_goal *g, int32_t day)
{
    if (!outlook_has_path(g))
        return NAN;
    if (g->measure == OUTLOOK_GROWTH) {
        double t = g->rates ? 0 : outlook_years(day) - outlook_years(g->baseline_day);
        return g->rates ? outlook_bound(g) : g->baseline * pow(1 + outlook_bound(g) / 100, t > 0 ? t : 0);
    }
    if (outlook_is_yearly(g))
        return year_at(g, day);
    if (g->path == OUTLOOK_GIVEN)
        return given_at(g, day);
    if (g->path == OUTLOOK_STEPS)
        return steps_at(g, day);
    double t0 = outlook_years(g->baseline_day), t1 = outlook_years(g->by), bound = outlook_bound(g);
    double gone = fmin(fmax((outlook_years(day) - t0) / (t1 - t0), 0), 1);
    if (gone >= 1)
        return bound;
    return g->path == OUTLOOK_COMPOUND ? g->baseline * pow(bound / g->baseline, gone)
                                       : g->baseline + (bound - g->baseline) * gone;
}
