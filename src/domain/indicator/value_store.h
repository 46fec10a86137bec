/* value_store.h - names of figures and their numbers in the store; for the files of this folder only.
 *
 * A series, a place and a source are small numbers in the store, given at first use inside the command that uses them
 * and never again. Memory: c->arena. */
#ifndef HOALU_VALUE_STORE_H
#define HOALU_VALUE_STORE_H

#include "domain/indicator/value.h"
#include "store/db.h"

/* The number of each name of a batch, by its number there; missing ones are made. Inside a command. */
struct value_ids {
    int64_t *series, *places, *sources;
};
MUST_USE enum err value_ids(struct ctx *c, const struct value_batch *b, struct value_ids *ret);

/* The number of one name; 0 if the store has never heard of it. */
MUST_USE enum err value_series_id(struct ctx *c, struct str indicator, struct str category, int64_t *ret);
MUST_USE enum err value_place_id(struct ctx *c, struct str code, int64_t *ret);
MUST_USE enum err value_source_id(struct ctx *c, struct str name, int64_t *ret);

struct value_name {
    int64_t id;
    struct str name, indicator, category;
};
struct value_names {
    struct value_name *v;
    size_t n, cap;
};
/* Those there are: name, or indicator and category. */
MUST_USE enum err value_all_series(struct ctx *c, struct value_names *ret);
MUST_USE enum err value_all_places(struct ctx *c, struct value_names *ret);
MUST_USE enum err value_all_sources(struct ctx *c, struct value_names *ret);

/* One row that a batch brings, and what was there before. */
struct value_new {
    int64_t series, period, place, source;
    const struct value_row *row;
    double amount;
    int64_t state;
    bool had;
    double was_amount;
    int64_t was_state, was_pos;
};

/* The event of a batch: its payload, what it is about, and its row in value_batch (value_event.c). `rows` are those
 * that were added or changed, in the order of their keys. */
struct value_story {
    const struct value_batch *batch;
    const struct value_ids *ids;
    const struct value_new *rows; /* NULL where there are more than are told one by one */
    size_t n_rows;
    unsigned char hash[32]; /* of all rows */
    const struct value_outcome *outcome;
};
enum { VALUE_TOLD = 500, VALUE_SUBJECTS = 200 };
MUST_USE enum err value_event(struct ctx *c, const struct value_story *story, int64_t position);

/* Say that the event is about these indicators and places as well; as many as are told (VALUE_SUBJECTS). */
MUST_USE enum err value_event_about(struct ctx *c, int64_t position, struct strs indicators, struct strs places);

/* "KTS-GRDP, 37, 2026-Q1": a figure in a message. */
struct str value_figure_text(struct ctx *c, struct str indicator, struct str category, struct str place,
                             int64_t period);

#endif
