/* entry.h - entering figures by hand: who provides which, what there is of them, and what was typed, read and judged.
 *
 * A body provides an indicator for a place. Of the whole (the province, the top of a tree) the responsible body does.
 * Below it the members of the provider's group do: of an indicator told by area each for the area it serves, of one
 * told by body each for itself. A provider that is one body gathers the figures of all areas. Where the places below
 * add up to the whole, nobody is asked for the whole's own figure, though it may be given.
 *
 * What was typed is read as people write numbers (base/number.h). What has two readings ("1.234") is settled by what
 * the indicator is - counted in whole numbers, within bounds - or refused, with both readings. A figure that was given
 * once is not emptied: it is corrected, or the batch that brought it is taken back.
 *
 * Memory: c->arena. Threads: none of its own. */
#ifndef HOALU_ENTRY_H
#define HOALU_ENTRY_H

#include "domain/indicator/value.h"

enum { ENTRY_ROWS = 2000, ENTRY_TEXT = 2000 };

/* What a body is to provide: the body, and the place it does so for. */
struct entry_due {
    struct str org, place;
    const struct indicator *indicator;
};
struct entry_dues {
    struct entry_due *v;
    size_t n, cap;
};
/* All there is on a day; n == 0 of `org`: of every body. Those of a body that gathers for all areas come once, with the
 * place n == 0. In the order of the dictionary. */
MUST_USE enum err entry_dues(struct ctx *c, const struct dictionary *d, const struct org_catalogue *catalogue,
                             struct str org, int32_t day, struct entry_dues *ret);

/* May who asks enter figures of this indicator (NULL: of any) for this place, as value_check() sees it? */
bool entry_may(struct ctx *c, const struct org_catalogue *catalogue, const struct indicator *i, struct str place,
               int32_t day);
/* The body whose figures these are: the place itself, or of an area the one that serves it and provides; else the
 * responsible one. n == 0: nobody. */
struct str entry_org_of(struct ctx *c, const struct org_catalogue *catalogue, const struct indicator *i,
                        struct str place, int32_t day);

/* May who asks see figures of this indicator? Restricted ones: whoever sees all that is restricted. */
bool entry_shown(const struct ctx *c, const struct indicator *i);

/* --- periods --- */

/* The period of a frequency that a day stands in, so many before it (or after). 0 for "once" and unknown ones. */
int32_t entry_period(struct str frequency, int32_t day, int back);
/* The one of the same length before it (by > 0), or after. */
int32_t entry_period_before(int32_t period, int by);
/* "month", "quarter", "half", "year"; n == 0 for another length. */
struct str entry_frequency(int32_t period);

/* --- the grid --- */

/* A figure of the store as a grid shows it. */
struct entry_held {
    struct str indicator, place, source; /* source n == 0: the indicator's own */
    double amount;                       /* NaN: none */
    int64_t state, position, at_us;
    struct str actor, behalf, evidence;
};
/* A line: what is to be provided, and what there is. */
struct entry_line {
    const struct indicator *indicator;
    struct str place;
    struct entry_held now;    /* of the indicator's own source */
    struct entry_held before; /* of the period before: its own source's, else any */
    size_t others;            /* other sources that say something for this period */
};
struct entry_grid {
    int32_t period, before;
    struct {
        struct entry_line *v;
        size_t n, cap;
    } lines;
    size_t filled;
};
/* Of a body, or of an area (all that is told of it), the lines that who asks may enter. E_NOTFOUND for a code that is
 * neither, E_INVALID for a period that has no frequency. */
MUST_USE enum err entry_grid(struct ctx *c, const struct dictionary *d, const struct org_catalogue *catalogue,
                             struct str place, int32_t period, struct entry_grid *ret);
/* Of one indicator over the places below the whole. */
MUST_USE enum err entry_grid_of(struct ctx *c, const struct dictionary *d, const struct org_catalogue *catalogue,
                                const struct indicator *i, int32_t period, struct entry_grid *ret);

/* How many figures of a period there are of each place and indicator: `{place, indicator}`, for a list of what is
 * missing. */
struct entry_filled {
    struct str indicator, place;
};
struct entry_filled_list {
    struct entry_filled *v;
    size_t n, cap;
};
MUST_USE enum err entry_filled(struct ctx *c, int32_t period, struct entry_filled_list *ret);

/* --- what came in --- */

struct entry_brought {
    struct str indicator, category, place, source;
    int64_t period;
    double amount, was; /* was: NaN where there was none */
    int64_t state, was_state;
    bool holds; /* it is what stands there still */
    struct str evidence, reason;
};
struct entry_brought_list {
    struct entry_brought *v;
    size_t n, cap;
};
/* The figures of a batch, at most `limit`. */
MUST_USE enum err entry_brought(struct ctx *c, int64_t position, int64_t limit, struct entry_brought_list *ret);

/* --- sources that differ --- */

struct entry_said {
    struct str source;
    double amount;
    int64_t state, position, at_us;
    struct str actor;
};
struct entry_differing {
    struct str indicator, category, place;
    int32_t period;
    struct {
        struct entry_said *v;
        size_t n, cap;
    } said;
};
struct entry_differing_list {
    struct entry_differing *v;
    size_t n, cap;
    bool more;
};
/* Figures that sources disagree about and nobody has decided, of one indicator (n == 0: all), at most `limit`. Reads
 * all figures of what is asked for, unless there is but one source in all. */
MUST_USE enum err entry_differing(struct ctx *c, struct str indicator, int64_t limit, struct entry_differing_list *ret);

/* --- what was typed --- */

struct entry_typed {
    struct str indicator, category, place;
    struct str value;
    bool provisional;
    struct str evidence, reason;
};
struct entry {
    struct str org; /* for whom: its code; n == 0: not said */
    int32_t period;
    int64_t seen; /* the position that was looked at; I64_NONE */
    struct {
        struct entry_typed *v;
        size_t n, cap;
    } typed;
    /* out: */
    struct value_batch batch;
    struct value_problems problems; /* `line` of each is the number of the typed row, from 1 */
};
/* Read and judge: problems say what is wrong with which row. On a reading connection. */
MUST_USE enum err entry_judge(struct ctx *c, const struct dictionary *d, const struct org_catalogue *catalogue,
                              struct entry *e);

/* The arguments of the operation value.enter: what entry_typed says, as texts. A figure is named
 * "INDICATOR[:CATEGORY][@PLACE]". */
struct entry_args {
    struct str org, place, period;
    struct strs set, provisional, evidence, reason;
    bool confirm;
    int64_t version;
};
/* The name of a figure in those texts. */
struct str entry_name(struct ctx *c, struct str indicator, struct str category, struct str place);
MUST_USE enum err entry_from_args(struct ctx *c, const struct entry_args *args, struct entry *ret);

#endif
