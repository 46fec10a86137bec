/* standing.h - where an indicator stands at a place: what is wanted of it, its figures, and what follows.
 *
 * This is the one join of the dictionary, the plans' targets, the cube and the outlook, so that a page, a data form and
 * a total of the plan never tell two statuses of one thing. What is wanted is the plan's target in the store; the
 * dictionary's goal adds the baseline and the path, and overrules a number only where it gives one.
 *
 * Whose goal: a place's own goal (a share) if there is one. Else, at the root, the goal of the whole plan; at a place
 * below it the same, if the indicator is no sum over places (a share of 85 % is wanted of each commune as of the
 * province, 5,000 enterprises are not), from the place's own figure in the baseline's period; `borrowed` says so.
 *
 * A target that the reader may not see (domain/sight) wants nothing of anybody, and an indicator whose level is
 * restricted is shown to whoever sees everything: to others it does not exist.
 *
 * Memory: c->arena. Threads: none shared. */
#ifndef HOALU_STANDING_H
#define HOALU_STANDING_H

#include "domain/indicator/cube.h"
#include "domain/indicator/dictionary_list.h"
#include "domain/indicator/indicator_sight.h"
#include "domain/indicator/outlook.h"
#include "domain/plan/list.h"

/* How it stands: the words of the outlook, or that nothing is wanted of it. */
#define STANDING_WORDS OUTLOOK_WORDS "|no_goal"

/* The moment that standings are of, and what is read once for all of them. */
struct standings {
    const struct dictionary *dictionary;
    int64_t at;  /* position */
    int32_t day; /* on which they are judged */
    struct {
        struct target_item *v;
        size_t n, cap;
    } targets; /* of all plans, those the reader sees */
};
/* `as_of` DAY_NONE: now. */
MUST_USE enum err standings_open(struct ctx *c, int32_t as_of, struct standings *ret);

struct standing_goal {
    const struct goal *goal;
    const struct target_item *target; /* the plan's; NULL: the goal says itself what is wanted */
    struct outlook_goal wanted;
    bool borrowed; /* of the whole, told beside a place */
    bool judged;   /* outlook is filled in; else `refused` says why not */
    struct outlook outlook;
    struct str refused;
};

struct standing {
    const struct indicator *indicator;
    struct str category, place; /* place: n == 0 for the root of its map */
    bool whole;                 /* place is the root */
    struct cube_periods periods;
    const struct figure *figures; /* one for each of periods */
    size_t latest;                /* of the periods, the last with a figure; periods.n if none has */
    struct standing_goal *goals;  /* the one that is told first before others; those of whole plans only at the root */
    size_t n_goals;
};
/* E_NOTFOUND for an unknown indicator, category or place. `map_day`: of the map, DAY_NONE as the moment has it. */
MUST_USE enum err standing_read(struct ctx *c, const struct standings *s, const struct indicator *i,
                                struct str category, struct str place, struct standing *ret);
/* The one that is told first, or NULL. */
const struct standing_goal *standing_first(const struct standing *st);
/* The goal of a plan's target among them, or NULL. */
const struct standing_goal *standing_of_target(const struct standing *st, struct str plan, struct str target);
/* One of STANDING_WORDS. */
struct str standing_word(const struct standing *st);
/* Judge by other figures: of a place in a table, whose figures were read with many others at once. */
MUST_USE enum err standing_judge(struct ctx *c, const struct standings *s, struct standing *st);

/* Decimals the indicator is shown with; negative: all there are. */
int indicator_places(const struct indicator *i);
/* Months between its figures: 1, 3, 6, 12; 0 for once. */
int indicator_months(const struct indicator *i);
struct str indicator_unit(const struct indicator *i, enum lang lang);

/* --- as data --- */

/* Beside what an indicator is (dictionary_list.h): where it stands. */
struct standing_row {
    struct str place;                           /* p == NULL: the whole */
    struct str status, why, why_en;             /* why: p == NULL where nothing is judged */
    struct str plan, target, path;              /* the target that is told first, and its clause */
    struct str target_text, target_text_en, by; /* what is wanted, in words; by when */
    double value;                               /* the latest */
    struct str period;
    bool provisional, sample, partial, differs;
    double target_value, baseline, path_value, needed, pace, forecast, chance;
};
extern const struct record standing_row_record;
void standing_row(struct ctx *c, const struct standing *st, struct standing_row *ret);

/* The dictionary's filters, and: how it stands, and where. */
struct standing_query {
    struct indicator_query indicator; /* first */
    struct str status, place;
};
extern const struct record standing_query_record;

struct standing_item {
    struct indicator_item item; /* first */
    struct standing_row standing;
    const struct standing *st; /* not shown */
};
extern const struct record standing_item_record;

enum { STANDING_WORD_COUNT = 7 };
struct standing_list {
    struct standing_item *v;
    size_t n, cap;
    struct str next;                 /* p == NULL: this is all */
    int64_t by[STANDING_WORD_COUNT]; /* of all that pass the filters but `status`, by the order of STANDING_WORDS */
    int64_t all, shown;              /* shown: of them those of the status asked for */
    struct standings moment;
};
/* In the order of the plans' targets, then of the dictionary. E_INVALID with c->error.field set for a filter that names
 * nothing. */
MUST_USE enum err standing_list(struct ctx *c, const struct standing_query *q, struct standing_list *ret);

/* A period of an indicator, as data. */
struct standing_period {
    struct str period;
    double value, path, difference; /* path and difference: of the goal told first */
    bool provisional, sample, added, derived, partial, differs;
    int64_t have, of;
};
extern const struct record standing_period_record;
void standing_period(struct ctx *c, const struct standing *st, size_t period, struct standing_period *ret);

#endif
