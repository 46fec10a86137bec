/* owed.h - what a body owes, across all plans: what it leads, helps in and watches, the duties laid on it, and the
 * targets of what it leads; its own, and what is laid on a group it belongs to.
 *
 * Everything is as known at a position of the ledger, for the catalogue's bodies as they exist on a day, and judged on
 * that day (plan/due.h). What a group owes, each of its members owes, except where the member is named itself: then
 * that is what counts. An item is given once for each part a body has in it, and once however many groups bring it.
 *
 * Memory: lists in c->arena. Threads: none shared; c->db is open for reading. */
#ifndef HOALU_OWED_H
#define HOALU_OWED_H

#include "domain/org/org.h"
#include "domain/plan/due.h"

/* In the order in which they are shown. */
#define OWED_ROLES "lead|duty|coordinating|monitor|receiver"
#define OWED_WHATS "task|programme|duty|target"

struct owed {
    struct str plan, plan_title;
    struct str path;
    struct str what, role; /* a target has the role that its task has */
    struct str title;
    struct str lead, lead_org; /* who leads the task, the first if several; lead_org: its code, if it is known */
    struct str schedule_kind, schedule_text;
    int32_t due; /* of a target: the last day of the year it names */
    int64_t days;
    struct str state;         /* one of DUE_WORDS */
    struct str via, via_name; /* the group; p == NULL if the body is named itself */
    struct str key, measure, comparator, unit, per, by_year;
    double low, high;
    enum due_state due_state;
    int64_t programme, ordinal; /* ordinal: place in its list of the plan */
    int64_t plan_id;            /* not shown */
};
extern const struct record owed_record;

struct owed_list {
    struct owed *v;
    size_t n, cap;
};
/* By deadline, what has none after what has one; then by role and place in the plan. `code` is a body or a group.
 * E_NOTFOUND if it is neither. Role "receiver" is among them: those are reports to it, not owed by it. */
MUST_USE enum err owed_read(struct ctx *c, const struct org_catalogue *catalogue, struct str code, int64_t at,
                            int32_t day, struct owed_list *ret);

/* One body's part in all plans, in figures. `leads`, `coordinates` and `monitors` count tasks and programmes (and
 * targets watched); past, soon and next_due are of what it leads; `through` are items laid on groups it belongs to. */
struct owed_count {
    struct str code, name, short_name, kind;
    int64_t leads, coordinates, monitors, duties, past, soon, through;
    int32_t next_due;
    int32_t valid_from, valid_to;
};
extern const struct record owed_count_record;

struct owed_counts {
    struct owed_count *v; /* in the order of org_units(), then groups that are named */
    size_t n, cap;
    int64_t total; /* tasks and programmes of all plans */
};
/* Every body that exists on `day` and every group: two statements, however many there are. */
MUST_USE enum err owed_count_all(struct ctx *c, const struct org_catalogue *catalogue, int64_t at, int32_t day,
                                 struct owed_counts *ret);
/* What a list of them is narrowed to; parts left empty narrow nothing. */
struct owed_filter {
    struct str words; /* org_filter_new() */
    struct str kind;  /* a code of org_kind, or "group" */
    struct str tree;  /* one of ORG_TREES: what stands in it on `day`; "group": groups alone; "all" */
    int32_t day;
};
void owed_filter(struct ctx *c, const struct org_catalogue *catalogue, struct owed_counts *counts,
                 const struct owed_filter *filter);
/* The same out of what owed_read() gave. */
struct owed_count owed_sum(const struct owed_list *list);
MUST_USE enum err owed_total(struct ctx *c, int64_t at, int64_t *ret);

/* How the plans write the name of a body or group. */
MUST_USE enum err owed_names(struct ctx *c, struct str code, int64_t at, struct strs *ret);

/* A name in a plan that the catalogue did not know when the plan was approved. */
struct owed_unknown {
    struct str name, plan, plan_title, path, role;
    int64_t plan_id; /* not shown */
};
extern const struct record owed_unknown_record;
struct owed_unknowns {
    struct owed_unknown *v;
    size_t n, cap;
};
MUST_USE enum err owed_unknown(struct ctx *c, int64_t at, struct owed_unknowns *ret);

#endif
