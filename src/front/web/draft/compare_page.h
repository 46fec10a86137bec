/* compare_page.h - two versions of a plan as their page shows them. Memory: c->arena. */
#ifndef HOALU_COMPARE_PAGE_H
#define HOALU_COMPARE_PAGE_H

#include "base/word_diff.h"
#include "domain/plan/compare.h"
#include "front/web/frame.h"

struct compare_field {
    const struct message *label;
    struct word_pieces pieces;
};

struct compare_item {
    const struct message *kind, *change;
    struct str path, title;
    bool came, gone;
    struct url there; /* of the path, if it is a clause of the plan as it is now; else without bytes */
    struct {
        struct compare_field *v;
        size_t n, cap;
    } fields;
};

struct compare_items {
    struct compare_item *v;
    size_t n, cap;
};
/* Changes as items with their fields, word by word. `slug`: of the plan that the paths lead to; n == 0: nowhere. */
void compare_fill(struct ctx *c, enum lang lang, const struct plan_changes *changes, struct str slug,
                  struct compare_items *ret);

struct compare_tally {
    int64_t n;
    const struct message *kind, *change;
};

struct compare_page {
    struct str slug, title;
    const struct plan_versions *versions;
    struct plan_version from, to;
    struct compare_items items;
    struct {
        struct compare_tally *v;
        size_t n, cap;
    } tallies;
};

#endif
