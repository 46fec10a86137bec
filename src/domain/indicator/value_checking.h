/* value_checking.h - inside of value_check(): what its parts share.
 *
 * value_check.c looks at names and rows, and puts the sound rows in the order of their figures; value_past.c compares
 * them with the past of each series; value_cross.c compares figures with each other. Costs a few passes over the rows,
 * one read of the store for each series, and no query for a row. */
#ifndef HOALU_VALUE_CHECKING_H
#define HOALU_VALUE_CHECKING_H

#include "base/lang.h"
#include "base/names.h"
#include "domain/indicator/value_rules.h"
#include "domain/org/org.h"

/* Whole months since year 0, as in period_code(). */
static inline int32_t period_first(int32_t code)
{
    return code / (PERIOD_MONTHS + 1);
}
static inline int32_t period_length(int32_t code)
{
    return code % (PERIOD_MONTHS + 1);
}

struct check_series {
    struct str indicator, category;
    const struct indicator *i; /* NULL: there is none */
    enum value_rule_id bad;    /* RULE_COUNT: it is sound */
    int months;                /* of its frequency; 0: any */
    bool trusted;              /* who asks enters for the body that answers for it */
    int64_t id;                /* in the store, or I64_NONE */
    size_t rows_from, rows_to; /* of its sound rows in ->keys */
    size_t past_from, past_to; /* in ->past */
    bool narrow;               /* … of some places alone */
};

enum check_place_kind { PLACE_UNKNOWN, PLACE_AREA, PLACE_BODY };
struct check_place {
    enum check_place_kind kind;
    struct str parent;   /* of an area */
    int32_t first, last; /* months in which it is there */
    bool top;            /* an area or body above all others */
    bool party, state;   /* a body stands in this tree */
    bool may;            /* who asks enters for it */
};

/* A sound row at its place in the order of series, place, period and source. */
struct check_key {
    uint64_t key;
    uint32_t row;
};

struct check_ids; /* the store's numbers: value_past.c */

/* A figure of the store. */
struct check_point {
    uint32_t place; /* in the batch */
    int32_t period;
    double amount;
    bool provisional;
};

struct check {
    struct ctx *c;
    const struct dictionary *d;
    const struct org_catalogue *catalogue;
    const struct value_batch *b;
    struct value_problems *problems;
    int32_t today, month; /* today's */
    bool office;
    struct {
        struct check_series *v; /* the batch's, then those that are only compared with */
        size_t n, cap;
    } series;
    struct check_place *places;
    int32_t *periods; /* those of the sound rows, in order */
    size_t n_periods;
    struct check_key *keys;
    size_t n_keys;
    struct {
        struct check_point *v;
        size_t n, cap;
    } past;
    bool past_full;
    struct check_ids *ids;
};

static inline const struct value_row *check_row(const struct check *k, size_t at)
{
    return &k->b->rows.v[k->keys[at].row];
}
/* Where the row stands, for a problem. */
struct value_at check_at(struct check *k, const struct value_row *r);
/* The key of a figure; false if it is none of the batch's periods. */
bool check_key_of(const struct check *k, size_t series, uint32_t place, int32_t period, uint32_t source, uint64_t *ret);
/* The first sound row of a figure, whatever its source; SIZE_MAX if there is none. */
size_t check_find(const struct check *k, size_t series, uint32_t place, int32_t period);
/* A figure of the batch, else of the store; NaN if there is none. */
double check_figure(const struct check *k, size_t series, uint32_t place, int32_t period);
/* "1.234,5", of ten digits at most. */
struct str check_number(struct check *k, double v, enum lang lang);
/* A problem whose words have numbers in them, which each language writes in its way: CHECK_NUMBER(v) for each "%.*s".
 */
#define CHECK_NUMBER(v) ARGS(check_number(k, (v), check_lang_))
#define CHECK_PROBLEM(k, rule, at, vi, en, ...)                                                                        \
    do {                                                                                                               \
        struct value_problem *told_ = value_problem_new((k)->c, (k)->problems, (rule), (at));                          \
        enum lang check_lang_ = LANG_VI;                                                                               \
        if (told_) {                                                                                                   \
            told_->message = str_fmt((k)->c->arena, vi, ##__VA_ARGS__);                                                \
            check_lang_ = LANG_EN;                                                                                     \
            told_->message_en = str_fmt((k)->c->arena, en, ##__VA_ARGS__);                                             \
        }                                                                                                              \
    } while (0)

/* Read what the store has of a series: `own` of its sound rows, for their places, in their periods and some before;
 * else in all periods of the batch, for all its places, to compare others with. */
MUST_USE enum err check_read_past(struct check *k, size_t series, bool own);
/* The codes of the places that have told the store a figure of a series in a period. */
MUST_USE enum err check_told(struct check *k, size_t series, int32_t period, struct names *ret);
MUST_USE enum err check_past(struct check *k);
MUST_USE enum err check_cross(struct check *k);

#endif
