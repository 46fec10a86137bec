/* cube_rows.h - the figures of one series in memory, and the cache of them; for the files of this folder only.
 *
 * A series is a list of rows, one for each period that has figures, by period. A row holds the stretch of columns of a
 * map (cube_map.h) in which there are any; those of places beside the tree stand in a list of their own. Rows and
 * series are shared memory (base/shared.h), read-only once they are made: whoever reads holds the series and needs no
 * lock, and a series that changed is a new one that has most rows in common with the old. */
#ifndef HOALU_CUBE_ROWS_H
#define HOALU_CUBE_ROWS_H

#include "domain/indicator/cube.h"
#include "domain/indicator/cube_map.h"

struct cube_far {
    int32_t column;
    uint32_t flags;
    double amount;
};

struct cube_row {
    size_t size;
    int32_t period;
    int32_t from, n; /* columns from … from+n-1 */
    int32_t n_known; /* of them that have a figure */
    int32_t n_odd, n_far;
    uint8_t same;          /* the flags of all, where flags == NULL */
    const double *amounts; /* NaN: none */
    const uint8_t *flags;
    const int32_t *odd; /* columns, in order, that are no plain leaves here: a figure with places below it, or one
                         * that guests have figures for */
    const struct cube_far *far; /* past, future and apart, by column */
};

struct cube_series {
    size_t size; /* with its rows */
    struct cube_map *map;
    size_t n;
    struct cube_row *rows[];
};

/* Index of the first row whose period is not before. */
size_t cube_row_from(const struct cube_series *s, int32_t period);
/* NULL if there is none. */
const struct cube_row *cube_row_of(const struct cube_series *s, int32_t period);

/* From which state of the store: `at` is POS_NOW or an earlier position; `position`: where the snapshot in c->db
 * stands, if `cached`. */
struct cube_view {
    bool cached;
    int64_t at, position;
};

/* Read a series (0: one that the store does not know) from the store, held for the caller. */
MUST_USE enum err cube_fill(struct ctx *c, int64_t series, struct cube_map *map, int64_t at, struct cube_series **ret);
/* The same with only these periods read anew, the other rows taken from `old`. */
MUST_USE enum err cube_refill(struct ctx *c, int64_t series, const struct cube_series *old, const int32_t *periods,
                              size_t n, struct cube_series **ret);

/* From the cube if the view allows it, else from the store. Let go when c->arena is reset. */
MUST_USE enum err cube_series_of(struct ctx *c, const struct cube_view *view, int64_t series, struct cube_map *map,
                                 const struct cube_series **ret);
/* The map of a tree on a day, as `cube_series_of` wants it. */
MUST_USE enum err cube_map_of(struct ctx *c, const struct cube_view *view, struct str tree, int32_t day,
                              struct cube_map **ret);
/* Bring the cube to the view's position; false in `view->cached` if it is further already. */
MUST_USE enum err cube_follow(struct ctx *c, struct cube_view *view);

#endif
