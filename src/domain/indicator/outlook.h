/* outlook.h - where a goal stands and where it is going: one pure function, which says why.
 *
 * In: the goal, the figures there are (the whole history, any order), how often they come, today. Out: the status, what
 * the path wants, the pace needed and the pace kept, a forecast, and the sentence with all its figures in both
 * languages. Nothing is read from a clock or a store.
 *
 * How a figure is judged
 *   - The latest figure counts, at the day its period ends; of two of one day the official one, else the latter. It is
 *     compared with the path on that day, not with today's, so that a figure of June is not late in July.
 *   - Better is up, down, or towards a band: by `direction`, else by the comparator (ge, gt, range up; le, lt and ranks
 *     down), else (eq) from the baseline towards the goal, else up. A goal "eq" is reached by what is at least as good,
 *     and so is a range ("30–35 % GRDP": 36 is met), unless `band` is set: then both ends bind.
 *   - A figure of a level whose period is not over (the year's, in July) tells how far it has come today. The figures
 * are of one rhythm: months and years do not stand together.
 *   - Figures are compared as shown, rounded to `places` (all of them if negative).
 *   - path: from the baseline to the goal, linear in months; compound, at one rate of growth (both above zero, else
 *     E_INVALID); steps, which hold from a day until the next; given, yearly values joined by lines. Past the end the
 * goal itself. Without a baseline there is no linear or compound path.
 *
 * Status, in this order (rules in struct outlook_rules)
 *   no_data    no figure at all, or neither path nor line to judge by
 *   met        the first figure from the deadline on reaches the goal, or the latest does (late, which is told);
 *   off_track  neither does
 *   stale      the latest figure is older than `stale_periods` periods and `grace_days`; also once a deadline has
 *              passed and its figure has not come within the grace
 *   met        the goal is reached before its deadline, and
 *   at_risk    so it is, but the line falls back behind it by then
 *   on_track   at the path or ahead of it; at_risk if the line leads away from the goal and misses it
 *   at_risk    behind the path by no more than `near` of the way the path has gone since the baseline, or `slack` of
 *              the whole way, or so that the line misses the goal by no more than `miss` of the whole way; else
 *   off_track. Where the path has steps or is given, the line is not asked: such a path may well be steep at its end.
 *   Without a path the line alone judges, the whole way being the size of the goal; the sentence says so.
 *
 * Measures
 *   level   as above. With `per_year` each calendar year starts anew: the latest year with a figure is judged; figures
 *           of the year are added up (`over` sum), or the last or their mean stands for it. Of a sum the path runs from
 *           0 at new year to the goal at its end; of the others it is the goal all year, at_risk is what lacks no more
 *           than `near` of it, and met is said when the year is over. Yearly values of a path given or in steps are the
 *           goals of their years. "năm nay 31/50 nhiệm vụ, cùng kỳ cần 25".
 *   growth  in % a year. `rates`: the figures are rates; the latest stands against the goal, at the deadline the mean
 * of those since the baseline's day. Else they are levels: with a baseline of a year ago or more the average growth
 * since counts, else that over the last year. on_track as long as it is what the goal asks, at_risk if it lacks no more
 * than `near` of it; met or not at the deadline, or at once if there is none. rank    lower is better; the path is
 * rounded in favour (12.4 asks for rank 13). state   the figure is the number of the step reached (1 is the first
 * label, 0 none); the goal is `low`, or the last label. With steps on the path it must be where they say today; one
 * step behind is at_risk, more off_track. Without, it is on_track until `state_warn_days` before the deadline, then
 * at_risk. Past it, off_track.
 *
 * Forecast: trend.h over the figures of the last `trend_years`, the baseline among them; on a compound path and for
 * growth out of levels over their logarithms. From three times on a figure, from eight on bands and a chance. For a sum
 * per year: the year so far over the part of the year gone by.
 *
 * Pace: of the last `pace_months`, or as many as there are (at least three): the difference a reader can check by hand,
 * last figure less the one then, per year; of growth the rate over the last year. Needed: what is left, over the years
 * left from the figure's day.
 *
 * `changes_at` is the first day on which the same input gives another status or sentence; until then the answer stays
 * word for word. With a figure of a period that is not over it is tomorrow.
 *
 * Memory: sentences in c->arena. Threads: no state. */
#ifndef HOALU_OUTLOOK_H
#define HOALU_OUTLOOK_H

#include "base/ctx.h"
#include "base/lang.h"
#include "base/period.h"
#include "domain/indicator/trend.h"

enum outlook_measure { OUTLOOK_LEVEL, OUTLOOK_GROWTH, OUTLOOK_RANK, OUTLOOK_STATE };
enum outlook_comparator { OUTLOOK_GE, OUTLOOK_GT, OUTLOOK_LE, OUTLOOK_LT, OUTLOOK_EQ, OUTLOOK_RANGE };
enum outlook_path { OUTLOOK_LINEAR, OUTLOOK_COMPOUND, OUTLOOK_STEPS, OUTLOOK_GIVEN, OUTLOOK_NO_PATH };
enum outlook_over { OUTLOOK_SUM, OUTLOOK_LAST, OUTLOOK_MEAN };

/* The words of plan read and of the store for these; false if it is none. */
bool outlook_measure_parse(struct str word, enum outlook_measure *ret);       /* level growth rank state */
bool outlook_comparator_parse(struct str word, enum outlook_comparator *ret); /* ge gt le lt eq range */
bool outlook_path_parse(struct str word, enum outlook_path *ret);             /* linear compound steps given none */

struct outlook_step {
    int32_t day; /* steps: from then on; given: on that day (the end of a year) */
    double value;
};

struct outlook_goal {
    enum outlook_measure measure;
    enum outlook_comparator comparator;
    double low, high;       /* NaN where the comparator does not use it: ge gt eq low; le lt high; range both */
    bool band;              /* a range binds at both ends */
    int direction;          /* 1: up is better, -1: down, 0: not said */
    bool per_year;          /* of a level; a growth is a year's by its nature */
    enum outlook_over over; /* per_year: how the figures of a year make the year's */
    bool rates;             /* growth: the figures are rates */
    int32_t by;             /* last day; DAY_NONE: none (per year: for ever) */
    double baseline;        /* NaN: none */
    int32_t baseline_day;   /* the end of its period */
    enum outlook_path path;
    const struct outlook_step *steps; /* by day; steps and given */
    size_t n_steps;
    struct strs labels;    /* state: what each step is called */
    struct strs labels_en; /* n == 0: as in Vietnamese */
    struct str unit;       /* "%", "doanh nghiệp", "% GRDP"; n == 0: none */
    struct str unit_en;    /* n == 0: as in Vietnamese */
    int places;            /* decimals shown; negative: all there are */
};

struct outlook_point {
    int32_t day; /* the end of its period */
    double value;
    bool provisional;
};

/* Data, with these defaults. */
struct outlook_rules {
    int stale_periods;   /* 2 */
    int grace_days;      /* 30: how long after the end of a period its figure may take */
    double near;         /* 0.25 */
    double slack;        /* 0.05 */
    double miss;         /* 0.15 */
    int pace_months;     /* 24 */
    int trend_years;     /* 5 */
    int state_warn_days; /* 180 */
};
struct outlook_rules outlook_rules_default(void);

struct outlook_input {
    const struct outlook_goal *goal;
    const struct outlook_point *points;
    size_t n;
    int every; /* months between figures: 1, 3, 6, 12; 0: no rhythm, never stale */
    int32_t today;
    const struct outlook_rules *rules; /* NULL: the defaults */
};

enum outlook_status {
    OUTLOOK_MET,
    OUTLOOK_ON_TRACK,
    OUTLOOK_AT_RISK,
    OUTLOOK_OFF_TRACK,
    OUTLOOK_NO_DATA,
    OUTLOOK_STALE,
};
#define OUTLOOK_WORDS "met|on_track|at_risk|off_track|no_data|stale"
struct str outlook_word(enum outlook_status status);

/* Numbers are NaN, days DAY_NONE where there is none. */
struct outlook {
    enum outlook_status status;
    int32_t day;      /* of the figure judged */
    double value;     /* as judged: of growth the rate, per year the year's so far */
    bool provisional; /* the figure judged is */
    bool no_baseline; /* no path for want of one */
    double target;    /* the bound that is to be reached */
    int32_t due;      /* by when: the goal's day, per year the end of the year judged */
    double path;      /* what the path wants on `day`, and today; of growth the rate */
    double path_today;
    double needed; /* per year, from `day` to `due`; of growth the rate needed each year that is left */
    double pace;   /* per year, kept over the last `pace_months` */
    int pace_months;
    struct trend trend; /* in years (outlook_years) and units, or their logarithms (log_trend) */
    bool log_trend;
    double forecast; /* at `due` */
    struct trend_band half, four_fifths;
    double chance;                      /* that the goal is reached */
    struct str chance_text[LANG_COUNT]; /* "khả năng đạt khoảng 1 trong 6"; n == 0: none */
    struct str why[LANG_COUNT];         /* one sentence, without a full stop */
    int32_t changes_at;
};

/* E_INVALID for a goal that cannot be judged (bounds missing, a compound path through zero, steps out of order). */
MUST_USE enum err outlook(struct ctx *c, const struct outlook_input *in, struct outlook *ret);

/* What the path wants on a day, for a chart (of growth out of levels a level); NaN where there is no path. Of a goal
 * that outlook() takes. */
double outlook_path_at(const struct outlook_goal *goal, int32_t day);
/* The end of a day in calendar years, by months: the end of June 2026 is 2026.5, the end of 2026 is 2027. */
double outlook_years(int32_t day);

#endif
