/* cube.h - reading figures: of places and periods, rolled up, derived, as of a moment, under the map of a day.
 *
 * A cube keeps, for each series that was asked for, a dense matrix period x place of the figures that count, places in
 * preorder of a map, so that all below a place is a stretch of columns. It is filled from the store on first use,
 * brought in step by what `value_touch` says past its position, bounded in bytes, and never the truth: whoever finds it
 * behind their snapshot brings it forward, and who reads an earlier position reads the store.
 *
 * A place's own figure goes before what those below it add up to. What adds up says how many of those right below that
 * count (that exist on that day and are of the indicator's tree) had a figure, down to the leaves.
 *
 * A map is a tree of places as it was on a day. Figures of a place that did not exist on that day are counted, under a
 * later map, into what it was merged into; under an earlier map they cannot be split, and count for the lowest place
 * that all of its predecessors stand under.
 *
 * An indicator with a formula is worked out for each place and period from what its inputs come to there. Nothing
 * derived is stored, so nothing derived can be stale.
 *
 * A figure for a longer period than those that were reported is made of its parts by the indicator's rule over time, at
 * the place as a whole: a year is what its months come to there. Where places below reported for the very period, they
 * are added up, each by its own figure or by its own parts if these cover it.
 *
 * Several places at the top of a map (provinces where no country is in the catalogue) have a root without a name above
 * them: S("") in a query.
 *
 * Threads: a cube may be read by any number; what is read out lives in c->arena. c->cube is the server's; where it is
 * NULL (command line, tests) a read makes what it needs and lets it go. A read is of one state of the store: of the
 * snapshot that is held (db_snapshot_at(), db_snapshot_expect()), else of one of its own. */
#ifndef HOALU_CUBE_H
#define HOALU_CUBE_H

#include "domain/indicator/indicator.h"

struct cube;
/* `bytes` bounds what all series take together. */
struct cube *cube_new(struct arena *owner, size_t bytes);

struct cube_counts {
    size_t series, bytes;
    int64_t position; /* it is in step with; -1: nobody has read yet */
};
struct cube_counts cube_counts(struct cube *cube);

enum {
    FIGURE_PROVISIONAL = 1, /* it, or something it is made of */
    FIGURE_SAMPLE = 2,
    FIGURE_ADDED = 4,    /* made of the places below, not reported itself */
    FIGURE_DERIVED = 8,  /* by a formula */
    FIGURE_PARTIAL = 16, /* of a part of the places below, or of the period's parts */
    FIGURE_DIFFERS = 32, /* another source says otherwise, and nobody has decided */
};
struct figure {
    double amount; /* NaN: there is none */
    uint32_t flags;
    uint32_t have, of; /* leaves below that had one, of those that should; 1, 1 for its own */
};

struct cube_query {
    struct str indicator, category;
    struct strs places;     /* rows; n == 0: the root of the map alone */
    const int32_t *periods; /* columns: period_code() */
    size_t n_periods;
    int64_t at;      /* position; POS_NOW */
    int32_t map_day; /* DAY_NONE: today */
};
struct figures {
    struct figure *v; /* [place * n_periods + period] */
    size_t n_places, n_periods;
};
/* E_NOTFOUND for an unknown indicator, category or place. */
MUST_USE enum err cube_read(struct ctx *c, const struct dictionary *d, const struct cube_query *q, struct figures *ret);

/* A whole table at once: all places at `depth` below the root of the indicator's map (0: the root alone), in its order,
 * by these periods. q->places is not looked at. */
MUST_USE enum err cube_table(struct ctx *c, const struct dictionary *d, const struct cube_query *q, int64_t depth,
                             struct strs *ret_places, struct figures *ret);

/* The root of an indicator's map on a day, and the places right below one; for tables by place and for maps. */
MUST_USE enum err cube_root(struct ctx *c, const struct indicator *i, int32_t day, struct str *ret);
MUST_USE enum err cube_below(struct ctx *c, const struct indicator *i, struct str place, int32_t day, struct strs *ret);

/* A place (p == NULL: the root) and all that stands below it, in the order of the map. */
MUST_USE enum err cube_under(struct ctx *c, const struct indicator *i, struct str place, int32_t day, struct strs *ret);

/* The periods of a series (of its own frequency) that have any figure at or under `place`, in order. */
struct cube_periods {
    int32_t *v;
    size_t n, cap;
};
MUST_USE enum err cube_periods(struct ctx *c, const struct dictionary *d, struct str indicator, struct str category,
                               struct str place, int64_t at, struct cube_periods *ret);

/* How a derived figure came about: each input with what it came to, for a page that opens it. */
struct cube_input {
    struct str indicator, category, place, period; /* as the formula asked for it */
    struct figure figure;
};
struct cube_inputs {
    struct cube_input *v;
    size_t n, cap;
};
MUST_USE enum err cube_explain(struct ctx *c, const struct dictionary *d, struct str indicator, struct str category,
                               struct str place, int32_t period, int64_t at, struct figure *ret_figure,
                               struct cube_inputs *ret);

#endif
