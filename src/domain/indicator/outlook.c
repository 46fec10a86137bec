#include "domain/indicator/outlook_judge.h"

#include <math.h>
#include <stdlib.h>

#include "base/banned.h"

struct outlook_rules outlook_rules_default(void)
{
    return (struct outlook_rules){
        .stale_periods = 2,
        .grace_days = 30,
        .near = 0.25,
        .slack = 0.05,
        .miss = 0.15,
        .pace_months = 24,
        .trend_years = 5,
        .state_warn_days = 180,
    };
}

static const struct trend_band no_band = {NAN, NAN};

/* --- is the goal one? ------------------------------------------------------------------------------------------------
 */

static enum err refused(struct ctx *c, const char *vi, const char *en)
{
    return FAIL(c, E_INVALID, "Mục tiêu không đánh giá được: %s (this goal cannot be judged: %s)", vi, en);
}

static bool steps_in_order(const struct outlook_goal *g)
{
    for (size_t i = 0; i < g->n_steps; i++)
        if (!isfinite(g->steps[i].value) || g->steps[i].day == DAY_NONE ||
            (i > 0 && g->steps[i].day <= g->steps[i - 1].day))
            return false;
    return true;
}

static bool has_baseline(const struct outlook_goal *g)
{
    return !isnan(g->baseline) && g->baseline_day != DAY_NONE;
}

static enum err check(struct ctx *c, const struct outlook_goal *g)
{
    double bound = outlook_bound(g);
    if (!isfinite(bound) || (g->measure == OUTLOOK_STATE && bound < 1))
        return refused(c, "chưa có mức cần đạt", "it has no bound");
    if (g->measure != OUTLOOK_STATE && g->comparator == OUTLOOK_RANGE && !(g->low <= g->high))
        return refused(c, "khoảng cần hai đầu theo thứ tự", "a range wants two ends in order");
    if (isinf(g->baseline) || !steps_in_order(g))
        return refused(c, "lộ trình phải là các số theo thứ tự ngày", "a path is figures in the order of their days");
    if (has_baseline(g) && g->by != DAY_NONE && g->by <= g->baseline_day)
        return refused(c, "hạn không sau ngày của số gốc", "its deadline is not after its baseline");
    if (g->measure == OUTLOOK_LEVEL && g->path == OUTLOOK_COMPOUND && !outlook_is_yearly(g) && has_baseline(g) &&
        (g->baseline <= 0 || bound <= 0))
        return refused(c, "lộ trình theo tốc độ tăng cần số gốc và đích lớn hơn 0",
                       "a compound path wants a baseline and a bound above zero");
    if (g->measure == OUTLOOK_GROWTH && !g->rates && has_baseline(g) && g->baseline <= 0)
        return refused(c, "tốc độ tăng cần số gốc lớn hơn 0", "growth wants a baseline above zero");
    if (g->measure == OUTLOOK_GROWTH && bound <= -100)
        return refused(c, "không thể giảm quá 100 % một năm", "nothing falls by over 100 % a year");
    return OK;
}

/* --- figures ---------------------------------------------------------------------------------------------------------
 */

struct ranked {
    struct outlook_point point;
    size_t at;
};

/* By day; of one day what counts comes last. */
static int by_day(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->point.day != y->point.day)
        return x->point.day < y->point.day ? -1 : 1;
    if (x->point.provisional != y->point.provisional)
        return x->point.provisional ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

static void take_points(struct ctx *c, struct judged *j, const struct outlook_input *in)
{
    struct ranked *v = NEWN(c->arena, struct ranked, in->n + 1);
    struct outlook_point *points = NEWN(c->arena, struct outlook_point, in->n + 1);
    bool levels = in->goal->measure == OUTLOOK_GROWTH && !in->goal->rates;
    size_t n = 0;
    for (size_t i = 0; i < in->n; i++) {
        const struct outlook_point *p = &in->points[i];
        bool past = outlook_is_yearly(in->goal) && in->goal->by != DAY_NONE && p->day > in->goal->by;
        if (isfinite(p->value) && p->day != DAY_NONE && !past && !(levels && p->value <= 0))
            v[n++] = (struct ranked){*p, i};
    }
    qsort(v, n, sizeof *v, by_day);
    for (size_t i = 0; i < n; i++) {
        if (j->n && points[j->n - 1].day == v[i].point.day)
            j->n--;
        points[j->n++] = v[i].point;
    }
    j->points = points;
}

static const struct outlook_point *latest(const struct judged *j)
{
    return &j->points[j->n - 1];
}

static double shown(const struct judged *j, double v)
{
    int places = j->goal->places;
    if (j->goal->measure == OUTLOOK_RANK || j->goal->measure == OUTLOOK_STATE)
        places = 0;
    return number_round(v, places < 0 ? 9 : places);
}

static bool reaches(const struct judged *j, double v, double bound)
{
    double x = shown(j, v), y = shown(j, bound);
    switch (j->goal->comparator) {
    case OUTLOOK_GT:
        return x > y;
    case OUTLOOK_LT:
        return x < y;
    case OUTLOOK_RANGE:
        if (j->goal->band)
            return x >= shown(j, j->goal->low) && x <= shown(j, j->goal->high);
        break;
    default:
        break;
    }
    return j->sign > 0 ? x >= y : x <= y;
}

static bool reached(const struct judged *j, const struct outlook *o, double v)
{
    return !isnan(v) && reaches(j, v, o->target);
}

/* Past the end of a band that is not the one to be reached. */
static bool beyond(const struct judged *j, double v)
{
    const struct outlook_goal *g = j->goal;
    if (!g->band || g->comparator != OUTLOOK_RANGE)
        return false;
    return j->sign > 0 ? shown(j, v) > shown(j, g->high) : shown(j, v) < shown(j, g->low);
}

static double path_on(const struct judged *j, int32_t day)
{
    double v = outlook_path_at(j->goal, day);
    return j->goal->measure == OUTLOOK_RANK && !isnan(v) ? ceil(v - 1e-9) : v;
}

/* --- line, pace, forecast --------------------------------------------------------------------------------------------
 */

static bool in_logarithms(const struct outlook_goal *g)
{
    return (g->measure == OUTLOOK_GROWTH && !g->rates) ||
           (g->measure == OUTLOOK_LEVEL && g->path == OUTLOOK_COMPOUND && !outlook_is_yearly(g) && g->baseline > 0);
}

static void fit(struct ctx *c, const struct judged *j, struct outlook *o)
{
    const struct outlook_goal *g = j->goal;
    struct trend_point *v = NEWN(c->arena, struct trend_point, j->n + 1);
    double from = j->n ? outlook_years(latest(j)->day) - j->rules->trend_years - 1e-9 : 0;
    bool baseline = has_baseline(g) && outlook_years(g->baseline_day) >= from && !g->rates;
    size_t n = 0;
    o->log_trend = in_logarithms(g);
    for (size_t i = 0; i < j->n; i++) {
        double t = outlook_years(j->points[i].day);
        baseline = baseline && j->points[i].day != g->baseline_day;
        if (t >= from && j->points[i].value <= 0)
            o->log_trend = false;
        if (t >= from)
            v[n++] = (struct trend_point){t, j->points[i].value};
    }
    if (baseline && n)
        v[n++] = (struct trend_point){outlook_years(g->baseline_day), g->baseline};
    for (size_t i = 0; i < n && o->log_trend; i++)
        v[i].v = log(v[i].v);
    trend_fit(c, v, outlook_is_yearly(g) || g->measure == OUTLOOK_STATE ? 0 : n, &o->trend);
}

/* The earliest figure of the last pace_months, the baseline among them. */
static bool pace_from(const struct judged *j, int32_t last, struct outlook_point *ret)
{
    const struct outlook_goal *g = j->goal;
    int32_t from = outlook_add_months(last, -j->rules->pace_months);
    bool found = false;
    for (size_t i = 0; i < j->n && !found; i++) {
        if (j->points[i].day >= from && j->points[i].day < last) {
            *ret = j->points[i];
            found = true;
        }
    }
    if (has_baseline(g) && g->baseline_day >= from && g->baseline_day < last &&
        (!found || g->baseline_day < ret->day)) {
        *ret = (struct outlook_point){g->baseline_day, g->baseline, false};
        found = true;
    }
    return found;
}

static void set_pace(const struct judged *j, struct outlook *o)
{
    struct outlook_point then;
    if (!pace_from(j, o->day, &then))
        return;
    double years = outlook_years(o->day) - outlook_years(then.day);
    int months = (int)round(years * 12);
    if (months < 3)
        return;
    o->pace = (o->value - then.value) / years;
    o->pace_months = months;
}

static void set_needed(struct outlook *o)
{
    if (o->due != DAY_NONE && o->due > o->day)
        o->needed = (o->target - o->value) / (outlook_years(o->due) - outlook_years(o->day));
}

static struct trend_band from_line(const struct outlook *o, struct trend_band b)
{
    return o->log_trend ? (struct trend_band){exp(b.low), exp(b.high)} : b;
}

/* What the line says of `due`, in units. */
static double line_at(const struct outlook *o, int32_t day)
{
    double v = trend_at(&o->trend, outlook_years(day));
    return o->log_trend ? exp(v) : v;
}

/* The chance that a figure of `due`, in the units of the line, is on the good side of the goal. */
static double chance(const struct judged *j, const struct outlook *o, double low, double high)
{
    double t = outlook_years(o->due);
    double a = trend_chance(&o->trend, t, o->log_trend ? log(low) : low);
    if (j->goal->band && j->goal->comparator == OUTLOOK_RANGE) {
        double b = trend_chance(&o->trend, t, o->log_trend ? log(high) : high);
        return fmin(fmax(a - b, 0.02), 0.98);
    }
    return j->sign > 0 ? a : 1 - a;
}

static void set_forecast(const struct judged *j, struct outlook *o)
{
    if (o->due == DAY_NONE || o->due <= o->day || !trend_has_line(&o->trend))
        return;
    double t = outlook_years(o->due);
    o->forecast = line_at(o, o->due);
    if (j->goal->measure == OUTLOOK_RANK)
        o->forecast = fmax(o->forecast, 1);
    if (!o->trend.has_band)
        return;
    o->half = from_line(o, trend_band(&o->trend, t, TREND_HALF));
    o->four_fifths = from_line(o, trend_band(&o->trend, t, TREND_FOUR_FIFTHS));
    bool band = j->goal->band && j->goal->comparator == OUTLOOK_RANGE;
    o->chance = chance(j, o, band ? j->goal->low : o->target, band ? j->goal->high : NAN);
}

/* --- statuses that all measures share --------------------------------------------------------------------------------
 */

static void decide(struct judged *j, struct outlook *o, enum outlook_status status, enum outlook_case why)
{
    o->status = status;
    j->why = why;
}

/* The last day on which the latest figure is not stale; DAY_NONE if it never is. */
static int32_t fresh_until(const struct judged *j)
{
    if (j->every <= 0 || !j->n)
        return DAY_NONE;
    return outlook_add_months(latest(j)->day, j->every * j->rules->stale_periods) + j->rules->grace_days;
}

static bool is_stale(struct judged *j, struct outlook *o)
{
    int32_t until = fresh_until(j);
    if (until != DAY_NONE && j->today > until)
        decide(j, o, OUTLOOK_STALE, CASE_OLD);
    else if (o->due != DAY_NONE && j->today > o->due + j->rules->grace_days && o->day < o->due)
        decide(j, o, OUTLOOK_STALE, CASE_AWAITED);
    else
        return false;
    return true;
}

/* By what is lacking of the goal itself: rates, and what stands for a year. */
static void by_lack(struct judged *j, struct outlook *o)
{
    double lack = j->sign * (o->target - o->value);
    bool close = lack <= j->rules->near * fabs(o->target);
    decide(j, o, close ? OUTLOOK_AT_RISK : OUTLOOK_OFF_TRACK, CASE_UNDERWAY);
}

/* --- level and rank --------------------------------------------------------------------------------------------------
 */

static void by_line(struct judged *j, struct outlook *o)
{
    double lack = j->sign * (o->target - o->forecast);
    if (!trend_has_line(&o->trend)) {
        decide(j, o, OUTLOOK_NO_DATA, CASE_TOO_FEW);
    } else if (o->due == DAY_NONE) {
        decide(j, o, j->sign * o->trend.slope > 0 ? OUTLOOK_ON_TRACK : OUTLOOK_AT_RISK, CASE_UNDERWAY);
    } else if (reached(j, o, o->forecast) || isnan(lack)) {
        decide(j, o, OUTLOOK_ON_TRACK, CASE_UNDERWAY);
    } else {
        bool close = lack <= j->rules->miss * fabs(o->target);
        decide(j, o, close ? OUTLOOK_AT_RISK : OUTLOOK_OFF_TRACK, CASE_UNDERWAY);
    }
}

static void by_path(struct judged *j, struct outlook *o, bool leads_away)
{
    const struct outlook_goal *g = j->goal;
    double behind = j->sign * (o->path - o->value);
    bool ahead = j->sign > 0 ? shown(j, o->value) >= shown(j, o->path) : shown(j, o->value) <= shown(j, o->path);
    if (ahead) {
        decide(j, o, leads_away ? OUTLOOK_AT_RISK : OUTLOOK_ON_TRACK, CASE_UNDERWAY);
        return;
    }
    double start = has_baseline(g) ? g->baseline : g->n_steps ? g->steps[0].value : o->target;
    double whole = fabs(o->target - start), gone = fabs(o->path - start);
    if (whole == 0)
        whole = fabs(o->target);
    if (gone == 0)
        gone = whole;
    bool close = behind <= j->rules->near * gone || behind <= j->rules->slack * whole;
    if (!close && (g->path == OUTLOOK_LINEAR || g->path == OUTLOOK_COMPOUND) && !isnan(o->forecast))
        close = reached(j, o, o->forecast) || j->sign * (o->target - o->forecast) <= j->rules->miss * whole;
    decide(j, o, close ? OUTLOOK_AT_RISK : OUTLOOK_OFF_TRACK, CASE_UNDERWAY);
}

/* The figure that the deadline is judged by: the first from it on, or the latest if that one reaches what it did not.
 */
static bool judge_final(struct judged *j, struct outlook *o)
{
    size_t first = 0;
    while (first < j->n && (o->due == DAY_NONE || j->points[first].day < o->due))
        first++;
    if (first == j->n)
        return false;
    const struct outlook_point *p = &j->points[first];
    enum outlook_case why = CASE_FINAL;
    if (!reached(j, o, p->value) && reached(j, o, latest(j)->value)) {
        p = latest(j);
        why = CASE_LATE;
    }
    o->day = p->day;
    o->value = p->value;
    o->provisional = p->provisional;
    o->path = path_on(j, p->day);
    decide(j, o, reached(j, o, p->value) ? OUTLOOK_MET : OUTLOOK_OFF_TRACK, why);
    return true;
}

static void judge_level(struct judged *j, struct outlook *o)
{
    o->day = latest(j)->day;
    o->value = latest(j)->value;
    o->provisional = latest(j)->provisional;
    o->path = path_on(j, o->day);
    o->path_today = path_on(j, j->today);
    bool final = judge_final(j, o);
    set_pace(j, o);
    if (final)
        return;
    set_needed(o);
    set_forecast(j, o);
    if (is_stale(j, o))
        return;
    bool leads_away = j->sign * o->trend.slope < 0 && !isnan(o->forecast) && !reached(j, o, o->forecast);
    if (beyond(j, o->value))
        decide(j, o, OUTLOOK_AT_RISK, CASE_BEYOND);
    else if (reached(j, o, o->value))
        decide(j, o, leads_away ? OUTLOOK_AT_RISK : OUTLOOK_MET, leads_away ? CASE_FALLING : CASE_REACHED);
    else if (isnan(o->path))
        by_line(j, o);
    else
        by_path(j, o, leads_away);
}

/* --- a goal for each year --------------------------------------------------------------------------------------------
 */

static void take_year(struct judged *j, struct outlook *o)
{
    size_t n = 0;
    j->year = outlook_year_of(latest(j)->day);
    o->day = latest(j)->day;
    o->value = 0;
    for (size_t i = 0; i < j->n; i++) {
        if (outlook_year_of(j->points[i].day) != j->year)
            continue;
        if (j->goal->over == OUTLOOK_LAST) {
            o->value = 0;
            o->provisional = false;
        }
        o->value += j->points[i].value;
        o->provisional = o->provisional || j->points[i].provisional;
        n++;
    }
    if (j->goal->over == OUTLOOK_MEAN)
        o->value /= (double)n;
}

static void judge_sum_underway(struct judged *j, struct outlook *o)
{
    double behind = j->sign * (o->path - o->value), gone = outlook_years(o->day) - j->year;
    o->forecast = o->value / gone;
    if (j->sign > 0 && reached(j, o, o->value)) {
        decide(j, o, OUTLOOK_MET, CASE_REACHED);
    } else if (j->sign < 0 && !reached(j, o, o->value)) {
        decide(j, o, OUTLOOK_OFF_TRACK, CASE_UNDERWAY);
    } else if (shown(j, o->value) == shown(j, o->path) || behind <= 0) {
        decide(j, o, OUTLOOK_ON_TRACK, CASE_UNDERWAY);
    } else {
        bool close = behind <= j->rules->near * fabs(o->path);
        decide(j, o, close ? OUTLOOK_AT_RISK : OUTLOOK_OFF_TRACK, CASE_UNDERWAY);
    }
}

static void judge_year(struct judged *j, struct outlook *o)
{
    const struct outlook_goal *g = j->goal;
    take_year(j, o);
    if (!day_from_date(j->year, 12, 31, &o->due))
        o->due = DAY_NONE;
    o->target = outlook_year_bound(g, j->year);
    o->path = path_on(j, o->day);
    o->path_today = path_on(j, j->today);
    bool ended = g->by != DAY_NONE && o->due != DAY_NONE && o->due >= g->by;
    if (!(ended && o->day >= o->due) && is_stale(j, o))
        return;
    bool sum = g->over == OUTLOOK_SUM, good = reached(j, o, o->value);
    if (o->day >= o->due) {
        decide(j, o, good ? OUTLOOK_MET : OUTLOOK_OFF_TRACK, CASE_FINAL);
        return;
    }
    if (sum) {
        set_needed(o);
        judge_sum_underway(j, o);
    } else if (good) {
        decide(j, o, OUTLOOK_ON_TRACK, CASE_UNDERWAY);
    } else {
        by_lack(j, o);
    }
}

/* --- growth ----------------------------------------------------------------------------------------------------------
 */

static double rate(double from, double to, double years)
{
    return 100 * (pow(to / from, 1 / years) - 1);
}

/* Growth over the last year up to figure `at`; NaN if there is no figure of a year before. */
static double year_rate(const struct judged *j, size_t at)
{
    const struct outlook_goal *g = j->goal;
    int32_t then = outlook_add_months(j->points[at].day, -12);
    for (size_t i = at; i-- > 0;)
        if (j->points[i].day == then)
            return rate(j->points[i].value, j->points[at].value, 1);
    return has_baseline(g) && g->baseline_day == then ? rate(g->baseline, j->points[at].value, 1) : NAN;
}

/* Out of levels: the average since the baseline, or the last year's; the latest figure decides, or the first from the
 * deadline on. */
static void take_growth(struct judged *j, struct outlook *o)
{
    const struct outlook_goal *g = j->goal;
    size_t at = j->n - 1;
    for (size_t i = j->n; i-- > 0 && o->due != DAY_NONE && j->points[i].day >= o->due;)
        at = i;
    const struct outlook_point *p = &j->points[at];
    double years = has_baseline(g) ? outlook_years(p->day) - outlook_years(g->baseline_day) : 0;
    o->day = p->day;
    o->provisional = p->provisional;
    o->pace = year_rate(j, at);
    o->pace_months = isnan(o->pace) ? 0 : 12;
    j->average = years > 1 - 1e-9;
    o->value = j->average ? rate(g->baseline, p->value, years) : o->pace;
    if (!has_baseline(g) || o->due == DAY_NONE || o->due <= o->day)
        return;
    double whole = outlook_years(o->due) - outlook_years(g->baseline_day), left = whole - years;
    o->needed = rate(p->value, g->baseline * pow(1 + o->target / 100, whole), left);
    if (trend_has_line(&o->trend))
        o->forecast = rate(g->baseline, line_at(o, o->due), whole);
    if (o->trend.has_band) {
        double t = outlook_years(o->due);
        struct trend_band half = from_line(o, trend_band(&o->trend, t, TREND_HALF));
        struct trend_band wide = from_line(o, trend_band(&o->trend, t, TREND_FOUR_FIFTHS));
        o->half = (struct trend_band){rate(g->baseline, half.low, whole), rate(g->baseline, half.high, whole)};
        o->four_fifths = (struct trend_band){rate(g->baseline, wide.low, whole), rate(g->baseline, wide.high, whole)};
        bool band = g->band && g->comparator == OUTLOOK_RANGE;
        o->chance = chance(j, o, g->baseline * pow(1 + (band ? g->low : o->target) / 100, whole),
                           band ? g->baseline * pow(1 + g->high / 100, whole) : NAN);
    }
}

/* Reported as rates: the latest, or at the deadline their mean since the baseline's day. */
static void take_rate(struct judged *j, struct outlook *o)
{
    const struct outlook_goal *g = j->goal;
    double sum = 0;
    size_t n = 0;
    o->day = latest(j)->day;
    o->value = latest(j)->value;
    o->provisional = latest(j)->provisional;
    if (o->due == DAY_NONE || o->day < o->due) {
        set_forecast(j, o);
        return;
    }
    for (size_t i = 0; i < j->n; i++) {
        if (j->points[i].day > o->due || (g->baseline_day != DAY_NONE && j->points[i].day <= g->baseline_day))
            continue;
        sum += j->points[i].value;
        n++;
    }
    j->average = n > 1 && g->baseline_day != DAY_NONE;
    if (j->average)
        o->value = sum / (double)n;
}

static void judge_growth(struct judged *j, struct outlook *o)
{
    if (j->goal->rates)
        take_rate(j, o);
    else
        take_growth(j, o);
    o->path = o->path_today = o->target;
    bool good = reached(j, o, o->value), final = o->due != DAY_NONE && o->day >= o->due;
    if (isnan(o->value))
        decide(j, o, OUTLOOK_NO_DATA, CASE_TOO_FEW);
    else if (final)
        decide(j, o, good ? OUTLOOK_MET : OUTLOOK_OFF_TRACK, CASE_FINAL);
    else if (is_stale(j, o))
        return;
    else if (beyond(j, o->value))
        decide(j, o, OUTLOOK_AT_RISK, CASE_BEYOND);
    else if (good)
        decide(j, o, o->due == DAY_NONE ? OUTLOOK_MET : OUTLOOK_ON_TRACK,
               o->due == DAY_NONE ? CASE_REACHED : CASE_UNDERWAY);
    else
        by_lack(j, o);
}

/* --- state -----------------------------------------------------------------------------------------------------------
 */

static void judge_state(struct judged *j, struct outlook *o)
{
    const struct outlook_goal *g = j->goal;
    o->day = latest(j)->day;
    o->value = shown(j, latest(j)->value);
    o->provisional = latest(j)->provisional;
    /* The goal itself is owed by the end of its day. */
    int32_t planned = o->due != DAY_NONE && j->today >= o->due ? o->due - 1 : j->today;
    o->path = o->path_today = g->path == OUTLOOK_STEPS ? path_on(j, planned) : NAN;
    double behind = isnan(o->path) ? 0 : o->path - o->value;
    if (o->value >= o->target)
        decide(j, o, OUTLOOK_MET, CASE_REACHED);
    else if (o->due != DAY_NONE && j->today > o->due)
        decide(j, o, OUTLOOK_OFF_TRACK, CASE_PASSED);
    else if (is_stale(j, o))
        return;
    else if (behind > 0)
        decide(j, o, behind > 1 ? OUTLOOK_OFF_TRACK : OUTLOOK_AT_RISK, CASE_UNDERWAY);
    else if (isnan(o->path) && o->due != DAY_NONE && j->today > o->due - j->rules->state_warn_days)
        decide(j, o, OUTLOOK_AT_RISK, CASE_UNDERWAY);
    else
        decide(j, o, OUTLOOK_ON_TRACK, CASE_UNDERWAY);
}

/* --- one day ---------------------------------------------------------------------------------------------------------
 */

/* Is there a figure of a period that is not over yet? */
static bool is_early(const struct judged *j, int32_t today)
{
    return j->goal->measure == OUTLOOK_LEVEL && j->n && latest(j)->day > today;
}

/* Such figures tell how far it has come today, not at the end of their period. */
static void take_as_of(struct ctx *c, struct judged *j, int32_t today)
{
    struct outlook_point *points = NEWN(c->arena, struct outlook_point, j->n);
    for (size_t i = 0; i < j->n; i++) {
        points[i] = j->points[i];
        points[i].day = points[i].day < today ? points[i].day : today;
    }
    j->points = points;
}

/* `fitted` has the line, which hangs on the day only where a figure is early. */
static struct outlook on_day(struct ctx *c, const struct judged *all, const struct outlook *fitted, int32_t today)
{
    const struct outlook_goal *g = all->goal;
    struct outlook o = *fitted;
    struct judged as_of = *all, *j = &as_of;
    j->today = today;
    if (is_early(all, today)) {
        take_as_of(c, j, today);
        fit(c, j, &o);
    }
    o.target = outlook_bound(g);
    o.due = g->by;
    o.path_today = path_on(j, today);
    o.no_baseline =
        !outlook_has_path(g) && g->path != OUTLOOK_NO_PATH && g->measure != OUTLOOK_STATE && !has_baseline(g);
    if (!j->n)
        decide(j, &o, OUTLOOK_NO_DATA, CASE_NOTHING);
    else if (g->measure == OUTLOOK_STATE)
        judge_state(j, &o);
    else if (g->measure == OUTLOOK_GROWTH)
        judge_growth(j, &o);
    else if (outlook_is_yearly(g))
        judge_year(j, &o);
    else
        judge_level(j, &o);
    outlook_say(c, j, &o);
    return o;
}

/* --- when the answer changes -----------------------------------------------------------------------------------------
 */

static bool differ(const struct outlook *a, const struct outlook *b)
{
    return a->status != b->status || !str_eq(a->why[LANG_VI], b->why[LANG_VI]) ||
           !str_eq(a->why[LANG_EN], b->why[LANG_EN]);
}

static int by_number(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

enum { STEPS_MOST = 64 };

/* The days on which anything that hangs on today may turn, asked one after the other. */
static int32_t changes_at(struct ctx *c, const struct judged *j, const struct outlook *fitted, const struct outlook *o,
                          int32_t today)
{
    const struct outlook_goal *g = j->goal;
    int32_t days[STEPS_MOST + 8], new_year;
    size_t n = 0;
    if (is_early(j, today))
        return today + 1;
    int32_t fresh = fresh_until(j);
    if (fresh != DAY_NONE)
        days[n++] = fresh + 1;
    const int32_t dues[] = {g->by, o->due};
    for (size_t i = 0; i < 2; i++) {
        if (dues[i] != DAY_NONE) {
            days[n++] = dues[i] + 1;
            days[n++] = dues[i] + j->rules->grace_days + 1;
        }
    }
    if (g->by != DAY_NONE)
        days[n++] = g->by - j->rules->state_warn_days + 1;
    /* The year judged becomes "this year", and last year. */
    for (int i = 0; outlook_is_yearly(g) && j->n && i < 2; i++)
        if (day_from_date(outlook_year_of(latest(j)->day) + i, 1, 1, &new_year))
            days[n++] = new_year;
    for (size_t i = 0; g->measure == OUTLOOK_STATE && i < g->n_steps && n < sizeof days / sizeof *days; i++)
        if (g->steps[i].day > today)
            days[n++] = g->steps[i].day;
    qsort(days, n, sizeof *days, by_number);
    for (size_t i = 0; i < n; i++) {
        if (days[i] <= today || (i > 0 && days[i] == days[i - 1]))
            continue;
        struct outlook then = on_day(c, j, fitted, days[i]);
        if (differ(o, &then))
            return days[i];
    }
    return DAY_NONE;
}

enum err outlook(struct ctx *c, const struct outlook_input *in, struct outlook *ret)
{
    TRY(check(c, in->goal));
    const struct outlook_rules defaults = outlook_rules_default();
    struct judged j = {.goal = in->goal,
                       .rules = in->rules ? in->rules : &defaults,
                       .every = in->every,
                       .sign = outlook_sign(in->goal)};
    struct outlook fitted = {.day = DAY_NONE,
                             .value = NAN,
                             .target = NAN,
                             .due = DAY_NONE,
                             .path = NAN,
                             .path_today = NAN,
                             .needed = NAN,
                             .pace = NAN,
                             .forecast = NAN,
                             .half = no_band,
                             .four_fifths = no_band,
                             .chance = NAN,
                             .changes_at = DAY_NONE};
    take_points(c, &j, in);
    fit(c, &j, &fitted);
    *ret = on_day(c, &j, &fitted, in->today);
    ret->changes_at = changes_at(c, &j, &fitted, ret, in->today);
    return OK;
}
