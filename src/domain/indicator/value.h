/* value.h - figures: appended with who says so and how, never overwritten; corrected with a reason; undone as a batch.
 *
 * A figure is of a series (an indicator, or one category of it), a place (the code of an area or a body), a period and
 * a source. The table `value` has what holds, `value_was` what held before; from_pos is the event that brought it, and
 * all that one event brought is a batch. What holds at position p is what `value` has with from_pos <= p and
 * `value_was` with from_pos <= p < to_pos.
 *
 * On the way in: whoever reads a form, a file or a request fills a struct value_batch (names are kept once, rows are
 * small, so a million of them take 40 MB), value_check() says everything that is wrong with it at once, and
 * value_write() writes it inside one command. A row that says what is there already is left alone; one that differs
 * from an official figure needs a reason.
 *
 * Several sources of one figure are all kept. Which counts: what somebody decided (value_decide), else official before
 * provisional, else the indicator's own source, else the latest. That they differ is told until it is decided.
 *
 * Memory: c->arena. Threads: a batch belongs to one. */
#ifndef HOALU_VALUE_H
#define HOALU_VALUE_H

#include "base/ctx.h"
#include "base/field.h"
#include "domain/indicator/indicator.h"

struct org_catalogue;

/* Bits of value.state. */
enum {
    VALUE_PROVISIONAL = 1, /* not official yet */
    VALUE_SAMPLE = 2,      /* made up, to show the program with */
    VALUE_NOTED = 4,       /* value_note has more */
};

struct value_note {
    struct str method, evidence, reason, report; /* p == NULL: not said */
};

struct value_row {
    double amount;
    uint32_t series, place, source; /* numbers within the batch */
    int32_t period;                 /* period_code() */
    uint32_t state;
    uint32_t note;   /* plus 1; 0: none */
    uint32_t origin; /* line or row of the file, for messages */
    uint16_t column; /* of the cell, from 1; 0: the row as a whole */
    uint16_t sheet;  /* number within the batch */
};

struct value_series {
    struct str indicator, category; /* category: n == 0 is the whole */
};

struct value_batch {
    struct str kind; /* the operation: "value.put", "value.load" … */
    struct str name; /* of the file, or p == NULL */
    struct str file; /* its hash in the store, or p == NULL */
    bool sample;     /* all of it is made up */
    int64_t seen;    /* the position its maker looked at; I64_NONE: whatever is there now */
    struct {
        struct value_series *v;
        size_t n, cap;
    } series;
    struct {
        struct str *v;
        size_t n, cap;
    } places, sources, sheets;
    struct {
        struct value_note *v;
        size_t n, cap;
    } notes;
    struct {
        struct value_row *v;
        size_t n, cap;
    } rows;
    void *maps; /* of value.c */
};

void value_batch_init(struct value_batch *b, struct str kind);
/* The number of a name in the batch, given at first use. */
uint32_t value_batch_series(struct ctx *c, struct value_batch *b, struct str indicator, struct str category);
uint32_t value_batch_place(struct ctx *c, struct value_batch *b, struct str code);
uint32_t value_batch_source(struct ctx *c, struct value_batch *b, struct str name);

/* What is wrong with a row, or with a cell of the file it came from. */
struct value_problem {
    struct str severity; /* error: it cannot be taken; warning: somebody should look */
    struct str rule;     /* unknown_indicator, unknown_place, not_a_number, range, jump, outlier, duplicate … */
    struct str sheet;    /* or p == NULL */
    int64_t line;        /* or I64_NONE */
    struct str cell;     /* "C12", or p == NULL */
    struct str indicator, place, period;
    struct str message, message_en;
};
extern const struct record value_problem_record;
struct value_problems {
    struct value_problem *v;
    size_t n, cap;
    size_t errors, warnings; /* counted beyond what is kept: at most VALUE_PROBLEMS of each */
    int64_t changed, same;   /* sound rows of which the store has a figure: another, this one; I64_NONE: not compared */
};
enum { VALUE_PROBLEMS = 1000 };

/* Look at every row: names known, place of the indicator's tree and existing then, period of its frequency and in the
 * calendar, finite, within low and high, no two rows of one figure, who asks may enter for that place
 * (viewer_may_in PERM_ENTER, or PERM_OFFICE); then, as warnings, jumps, outliers against the series' own past, and
 * gaps. OK even where there are problems; the caller goes on only if problems->errors is 0. On a reading connection. */
MUST_USE enum err value_check(struct ctx *c, const struct dictionary *d, const struct org_catalogue *catalogue,
                              const struct value_batch *b, struct value_problems *problems);

struct value_outcome {
    int64_t position; /* of the event; 0: nothing changed and none was written */
    int64_t added, changed, same;
};
extern const struct record value_outcome_record;

/* Inside a command. E_CONFLICT if a row's figure was changed after b->seen, E_INVALID where a correction of an official
 * figure has no reason. */
MUST_USE enum err value_write(struct ctx *c, struct value_batch *b, struct value_outcome *ret);

/* What is known of a batch: for the list of loads, and before one is undone. */
struct value_batch_row {
    int64_t position;
    struct str kind, name; /* name: of the file, or p == NULL */
    int64_t rows_new, rows_changed, rows_same;
    int64_t undone; /* position of the event that took it back, or I64_NONE */
    int64_t at_us;
    struct str actor, behalf, subject;
};
extern const struct record value_batch_record;
struct value_batches {
    struct value_batch_row *v;
    size_t n, cap;
};
/* The newest first, at most `limit` of those before position `before` (I64_NONE: all); what it brought in whole. */
MUST_USE enum err value_batches(struct ctx *c, int64_t before, int64_t limit, struct value_batches *ret);
MUST_USE enum err value_batch_find(struct ctx *c, int64_t position, struct value_batch_row *ret);
/* The indicators that a batch touched. */
MUST_USE enum err value_batch_indicators(struct ctx *c, int64_t position, struct strs *ret);

/* Inside a command: take back all that the event at `batch` brought: each figure is what it was before. E_CONFLICT if
 * one of them was changed again since, naming it; E_NOTFOUND if there is no such batch, E_INVALID if it was undone. */
MUST_USE enum err value_undo(struct ctx *c, int64_t batch, struct str reason, struct value_outcome *ret);

/* One figure by its names. */
struct value_key {
    struct str indicator, category, place, period, source;
};
/* Inside a command: this source counts, and why. n == 0 of `source` is the indicator's own. */
MUST_USE enum err value_decide(struct ctx *c, const struct value_key *key, struct str reason, int64_t *ret_position);

/* All that was ever said about the figures of a series at a place, newest first: for the page of a figure. */
struct value_said {
    struct str period, source;
    double amount;
    bool provisional, sample, counts, current; /* counts: it is the one that is shown */
    struct str method, evidence, reason, report;
    struct str actor, behalf;
    int64_t at_us, position, until; /* until: position of what replaced it; I64_NONE: it holds */
};
extern const struct record value_said_record;
struct value_history {
    struct value_said *v;
    size_t n, cap;
};
/* n == 0 of key->period: every period; key->source is not looked at. At most `limit`. */
MUST_USE enum err value_history(struct ctx *c, const struct value_key *key, int64_t at, int64_t limit,
                                struct value_history *ret);

#endif
