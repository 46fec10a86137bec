/* compare.h - two versions of a plan, item by item and field by field.
 *
 * Items are matched by what names them in a plan (the path of a task, the key of a target, path and number of a duty),
 * and those left over by their words, so that an item that was only renumbered is told as moved. Lines of the document
 * and findings are not compared; a clause that holds an item is told as that item. Fields are those of the record
 * descriptions; a value is told in words, texts of a list with "; " between them.
 *
 * A version of a plan is an event `plan.approve` of the ledger, named by its position. Memory: c->arena; values are
 * views into the drafts given where they can be. */
#ifndef HOALU_COMPARE_H
#define HOALU_COMPARE_H

#include "domain/plan/plan_store.h"

/* A row for each field that differs; one without a field for an item that came or went. */
struct plan_change {
    struct str kind;   /* plan, task, programme, target, duty, clause */
    struct str change; /* added, removed, changed, moved */
    struct str path, key, title;
    struct str field; /* p == NULL: the item as a whole */
    struct str before, after;
};
extern const struct record plan_change_record;

/* How many items of a kind changed in a way: added, removed, moved, changed (any field), rescheduled, reassigned. */
struct plan_tally {
    struct str kind, change;
    int64_t n;
};
extern const struct record plan_tally_record;

struct plan_changes {
    struct {
        struct plan_change *v;
        size_t n, cap;
    } rows; /* the head first, then in the order of the later version, what was removed at the end of its kind */
    struct {
        struct plan_tally *v;
        size_t n, cap;
    } tallies;
};

void plan_compare(struct ctx *c, const struct draft *before, const struct draft *after, struct plan_changes *ret);

struct plan_version {
    int64_t position, at_us;
    struct str actor;
};
extern const struct record plan_version_record;

struct plan_versions {
    struct plan_version *v;
    size_t n, cap;
};
/* The versions of a plan, the newest first, at most a thousand. E_NOTFOUND if there was never such a plan. */
MUST_USE enum err plan_versions(struct ctx *c, struct str slug, struct plan_versions *ret);
/* The two versions that are asked for, each a position, a day ("as known at its end"), or nothing: the latest, and the
 * one before it. E_INVALID with the field `from` or `to`, E_NOTFOUND where the plan was not yet there; where there is
 * one version alone and none was named, it is both. */
MUST_USE enum err plan_version_pair(struct ctx *c, const struct plan_versions *all, struct str from, struct str to,
                                    struct plan_version *ret_from, struct plan_version *ret_to);
/* A version as a draft. */
MUST_USE enum err plan_version_read(struct ctx *c, struct str slug, int64_t position, struct draft *ret);

#endif
