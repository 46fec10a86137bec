/* indicator.h - the dictionary: what is measured, in which unit, by whom, how it adds up, and what plans want of it.
 *
 * An indicator is named by a code that never changes ("KTS-GRDP"). The dictionary ships as data/indicators/ (one CSV
 * for each kind of row, told apart by its first heading) and is kept in the store with the positions from and to which
 * each row held; an office loads further files on top of it. Nothing is removed by a load.
 *
 * Sets (DTI 2025, PII) are indicators as well: `set` names the set and its year, `parent` the group within it, so an
 * index of another year is another set and never compared unmarked. What is not public of a set (weights) is empty.
 *
 * A goal ties an indicator to a target of a plan. What is wanted (comparator, values, by when) is the plan's and read
 * from there; the goal adds what the plan leaves open: the baseline with its source, and the yearly path. A goal with
 * `above` is a body's share of another, and then says itself how much.
 *
 * Memory: c->arena; a dictionary is read-only once made, so threads may share it. */
#ifndef HOALU_INDICATOR_H
#define HOALU_INDICATOR_H

#include "base/ctx.h"
#include "base/field.h"
#include "base/period.h"

#define INDICATOR_DIRECTIONS  "up|down|none"
#define INDICATOR_FREQUENCIES "month|quarter|half|year|once"
#define INDICATOR_TREES       "area|party|state"
/* How figures of the places below become one. `mean` is plain; `weighted` by the indicator in `weight`; `none`: they do
 * not, the place's own figure is the only one. An indicator with a formula is worked out at each place from what the
 * indicators in it come to there, so a ratio of sums needs no word of its own. */
#define INDICATOR_OVER_PLACES "sum|mean|weighted|none"
/* How figures of the parts of a period become one of the whole. */
#define INDICATOR_OVER_TIME "sum|last|mean|none"

struct indicator {
    struct str code, name, name_en, definition, definition_en;
    struct str unit, unit_en; /* "%", "người/1 vạn dân", "tỷ đồng"; a rank is "hạng" */
    int64_t places;           /* decimals it is shown with */
    struct str direction;     /* which way is better */
    struct str frequency;
    struct str tree;     /* whose places it is told for; p == NULL: for the whole alone */
    struct str provider; /* group or body that reports it, below the whole */
    struct str over_places, over_time, weight;
    struct str formula;     /* p == NULL: it is reported, not worked out */
    struct strs dimensions; /* codes of what it may be broken down by */
    double low, high;       /* a figure outside is refused; NaN: no bound */
    double jump;            /* a change by more than this share of the figure before is warned of; NaN: not looked at */
    struct strs steps, steps_en; /* of a described target: what 1, 2, 3 … mean (0: nothing yet); the last is the goal */
    struct str source, method;   /* who publishes it, and how */
    struct str responsible;      /* the body that answers for it */
    struct str set, parent;
    double points;    /* within its set; NaN: not public or not of a set */
    struct str level; /* how open its figures are: SIGHT_LEVELS; p == NULL: internal */
    bool confirmed;
    struct str note;
};

struct indicator_set {
    struct str code, name, name_en;
    int64_t year;
    struct str issued;
    bool confirmed;
    struct str note;
};

struct dimension {
    struct str dimension, category, name, name_en;
    int64_t ordinal;
};

#define GOAL_PATHS "linear|compound|steps|given|none"
struct goal {
    struct str key; /* "PLAN.TARGET", or that and "@PLACE" for a share */
    struct str indicator, plan, target, place, above;
    struct str measure, comparator; /* as of a target (domain/plan/plan.h); p == NULL where the plan's target says it */
    double low, high;
    struct str per, by;
    double baseline;
    struct str baseline_period, baseline_source;
    struct str path;
    struct strs points; /* of a given path or one by steps: "2026=10" */
    struct str note;
};

struct indicator_link {
    struct str indicator, plan, path;
};

extern const struct record indicator_record, indicator_set_record, dimension_record, goal_record, indicator_link_record;

struct dictionary; /* opaque: dictionary.c */

/* The dictionary that ships with the program; of the store, as known at position `at` (POS_NOW: now). */
MUST_USE enum err dictionary_builtin(struct ctx *c, const struct dictionary **ret);
MUST_USE enum err dictionary_from_store(struct ctx *c, int64_t at, const struct dictionary **ret);

/* NULL if there is none of that code. */
const struct indicator *dictionary_indicator(const struct dictionary *d, struct str code);
const struct indicator_set *dictionary_set(const struct dictionary *d, struct str code);
const struct dimension *dictionary_category(const struct dictionary *d, struct str dimension, struct str category);

struct indicators {
    const struct indicator *const *v;
    size_t n;
};
/* All of them: what stands alone, then set by set; by code, numbers in it as numbers. */
struct indicators dictionary_indicators(const struct dictionary *d);
struct indicator_sets {
    const struct indicator_set *v;
    size_t n;
};
struct indicator_sets dictionary_sets(const struct dictionary *d);
struct dimensions {
    const struct dimension *v;
    size_t n;
};
struct dimensions dictionary_dimensions(const struct dictionary *d);
/* Those right under `code` in its set; those whose formula or weight uses it. */
struct indicators dictionary_parts(struct ctx *c, const struct dictionary *d, struct str code);
struct indicators dictionary_users(struct ctx *c, const struct dictionary *d, struct str code);

struct goals {
    const struct goal *const *v;
    size_t n;
};
/* Goals of an indicator, those of whole plans first; the goal of a plan's target, or NULL. */
struct goals dictionary_goals(struct ctx *c, const struct dictionary *d, struct str indicator);
const struct goal *dictionary_goal(const struct dictionary *d, struct str plan, struct str target);
const struct goal *dictionary_goal_by_key(const struct dictionary *d, struct str key);
/* All of them, those of whole plans first. */
struct goals dictionary_all_goals(const struct dictionary *d);
/* Shares of a goal. */
struct goals dictionary_shares(struct ctx *c, const struct dictionary *d, struct str goal);
/* Paths of a plan's clauses an indicator tells of; the indicators that tell of a path. */
struct strs dictionary_paths(struct ctx *c, const struct dictionary *d, struct str indicator, struct str plan);
struct indicators dictionary_at(struct ctx *c, const struct dictionary *d, struct str plan, struct str path);

#endif
