/* plan_view.h - an approved plan as its page shows it: each clause with what belongs to it, in the document's order.
 *
 * Pure: a draft and the day go in, views into the draft come out. The page itself is plan.html beside it.
 *
 * Memory: lists in c->arena; texts are the draft's. */
#ifndef HOALU_PLAN_VIEW_H
#define HOALU_PLAN_VIEW_H

#include "domain/plan/due.h"
#include "domain/plan/plan_store.h"

struct target_marks;

struct clause_view {
    const struct clause *clause;
    struct str number; /* within its part: "3.3" of III.3.3 */
    unsigned level;    /* 1 for a part of the plan */
    bool is_heading;
    const struct task *task; /* or programme; NULL if the clause is none */
    bool is_programme;
    enum due_state due;
    int64_t days; /* from the day to the deadline; negative if it is over */
    struct {
        const struct target *v;
        size_t n;
    } targets;
    const struct target_marks *marks; /* of the plan's targets (front/web/indicator/target_marks.h); NULL: none */
    struct {
        const struct duty *v;
        size_t n;
    } duties;
    struct {
        const struct finding *v;
        size_t n;
    } findings;
};

struct plan_view {
    struct plan_row plan;
    const struct draft *draft;
    int32_t today;
    struct clause_view *v;
    size_t n;
    size_t errors, warnings; /* findings by weight */
    size_t past, soon;       /* tasks and programmes by their deadline */
    struct {
        const struct finding **v;
        size_t n, cap;
    } general; /* of the whole plan, not of one clause */
};

void plan_view(struct ctx *c, const struct plan_row *plan, const struct draft *draft, int32_t today,
               struct plan_view *ret);

#endif
