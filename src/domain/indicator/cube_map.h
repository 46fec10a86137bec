/* cube_map.h - a tree of places as it was on a day, its places numbered in preorder; for the files of this folder only.
 *
 * Columns 0 … n_real-1 are the places of the tree: 0 is the root (without a name where several places stand at the
 * top), and all below a place are the columns after it up to its `end`. After them come those that are not in the tree
 * on that day but have to do with it: past    what was merged, directly or in steps, into places of the tree: it counts
 * there (or for the lowest place that all of them stand under) where that has no figure of its own, nor anything below
 * it future  what places of the tree were merged into later: it counts for the lowest place above all of them, unless
 *           one of them has a figure itself
 *   apart   everything else in the catalogue: it can be asked for and counts for nothing
 *
 * Memory: one shared block without pointers into it, so that two maps can be compared as bytes. Threads: read-only. */
#ifndef HOALU_CUBE_MAP_H
#define HOALU_CUBE_MAP_H

#include "base/ctx.h"

enum cube_kind {
    CUBE_REAL,
    CUBE_PAST,
    CUBE_FUTURE,
    CUBE_APART,
};

struct cube_node {
    uint32_t text, text_n;      /* its code, in the texts */
    int32_t parent;             /* column; -1: none. Of past and future ones: what they count for */
    int32_t end;                /* the column after all below it */
    int32_t leaves;             /* at or below it */
    int32_t guests, n_guests;   /* past and future ones that count for it: in the list */
    int32_t targets, n_targets; /* of a future one: the places that were merged into it, in the list */
    int32_t kind;
};

struct cube_map {
    size_t size; /* of the block */
    int32_t n_real, n;
    uint32_t nodes, list, slots, texts; /* offsets in the block */
    uint32_t n_slots;                   /* a power of two */
};

static inline const struct cube_node *cube_nodes(const struct cube_map *m)
{
    return (const struct cube_node *)(const void *)((const char *)m + m->nodes);
}
static inline const int32_t *cube_list(const struct cube_map *m)
{
    return (const int32_t *)(const void *)((const char *)m + m->list);
}
static inline struct str cube_code(const struct cube_map *m, int32_t column)
{
    const struct cube_node *node = &cube_nodes(m)[column];
    return (struct str){(const char *)m + m->texts + node->text, node->text_n};
}
static inline bool cube_is_leaf(const struct cube_map *m, int32_t column)
{
    return cube_nodes(m)[column].end == column + 1;
}
/* -1: the map does not know it. */
int32_t cube_column(const struct cube_map *m, struct str code);

/* The map of `tree` ("area", "party", "state") on a day, from the catalogue as known at `at`; held for the caller. */
MUST_USE enum err cube_map_make(struct ctx *c, struct str tree, int32_t day, int64_t at, struct cube_map **ret);
bool cube_map_equal(const struct cube_map *a, const struct cube_map *b);

#endif
