/* dictionary_list.h - pages of the dictionary: indicators with filters, one with all that is tied to it, goals with
 * what they ask for.
 *
 * One query struct for each list, which is what pages, the data forms and `hoalu call` take, and one struct for each
 * row. Filters that are absent do not count; one that names what does not exist is E_INVALID with c->error.field set.
 * `after` is the code (the key) of the last row of the page before.
 *
 * What a goal of a plan asks for is read from the plan as its reader may see it: a goal whose target the reader may not
 * see is left out; one of a plan that this store does not have is told without figures.
 *
 * With as_of, what is told is what was known at the end of that day. Memory: c->arena. */
#ifndef HOALU_INDICATOR_DICTIONARY_LIST_H
#define HOALU_INDICATOR_DICTIONARY_LIST_H

#include "domain/indicator/indicator.h"

enum { DICTIONARY_LIMIT = 100, DICTIONARY_LIMIT_MAX = 1000 };

/* goal: a plan wants something of it; derived: it has a formula; reported: it has none; described: it has steps;
 * component: it belongs to a set; input: others are worked out from it. */
#define INDICATOR_KINDS "goal|derived|reported|described|component|input"

struct indicator_query {
    struct str q, set, plan, path, programme, frequency, tree, org, kind, after;
    int64_t limit;
    int32_t as_of;
    bool count;
};
extern const struct record indicator_query_record;

struct indicator_item {
    struct indicator indicator; /* first: its fields are described once */
    struct strs goals;          /* keys of its goals of whole plans */
};
extern const struct record indicator_item_record;

struct indicator_page {
    struct indicator_item *v;
    size_t n, cap;
    struct str next; /* p == NULL: this is the last page */
    int64_t count;   /* I64_NONE unless asked for */
};
MUST_USE enum err dictionary_list(struct ctx *c, const struct dictionary *d, const struct indicator_query *q,
                                  struct indicator_page *ret);

/* A goal with what it asks for, whoever says so. */
struct goal_item {
    struct goal goal; /* measure, comparator, low, high, per and by are the plan's where the goal does not say */
    struct str id;    /* of the plan's target: "06-nq-tu.II.1.3-1"; p == NULL: of none, or the plan is not here */
    struct str name, name_en, unit, text; /* of its indicator; the plan's words, p == NULL as above */
};
extern const struct record goal_item_record;
struct goal_items {
    struct goal_item *v;
    size_t n, cap;
};
MUST_USE enum err dictionary_wanted(struct ctx *c, const struct dictionary *d, struct goals goals, int32_t as_of,
                                    struct goal_items *ret);

struct goal_query {
    struct str indicator, plan, place, after;
    int64_t limit;
    int32_t as_of;
    bool count;
};
extern const struct record goal_query_record;
struct goal_page {
    struct goal_items items;
    struct str next;
    int64_t count;
};
MUST_USE enum err dictionary_goal_list(struct ctx *c, const struct dictionary *d, const struct goal_query *q,
                                       struct goal_page *ret);

/* Another indicator, as it is named beside one. */
struct indicator_ref {
    struct str code, name, name_en, unit;
    double points;
};
extern const struct record indicator_ref_record;
struct indicator_refs {
    struct indicator_ref *v;
    size_t n, cap;
};

struct indicator_detail {
    struct indicator_item item; /* first */
    struct str set_name, responsible_name, provider_name;
    struct goal_items wanted;
    struct {
        struct indicator_link *v;
        size_t n, cap;
    } links;                             /* clauses it tells of */
    struct indicator_refs parts;         /* right below it in its set */
    struct indicator_refs inputs, users; /* what it is worked out from, what is worked out from it */
};
extern const struct record indicator_detail_record;
/* E_NOTFOUND if there is none of that code. */
MUST_USE enum err dictionary_detail(struct ctx *c, const struct dictionary *d, struct str code, int32_t as_of,
                                    struct indicator_detail *ret);

/* The dictionary as known at the end of a day (DAY_NONE: now). */
MUST_USE enum err dictionary_on(struct ctx *c, int32_t as_of, const struct dictionary **ret);

#endif
