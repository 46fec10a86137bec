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
    bool there; /* the path is a clause of the plan as it is now */
    struct {
        struct compare_field *v;
        size_t n, cap;
    } fields;
};

struct compare_tally {
    int64_t n;
    const struct message *kind, *change;
};

struct compare_page {
    struct str slug, title;
    const struct plan_versions *versions;
    struct plan_version from, to;
    struct {
        struct compare_item *v;
        size_t n, cap;
    } items;
    struct {
        struct compare_tally *v;
        size_t n, cap;
    } tallies;
};

#endif
