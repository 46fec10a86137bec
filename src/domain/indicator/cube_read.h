/* cube_read.h - one read of the cube: its inputs, its state of the store, and what was worked out already; for the
 * files of this folder only. */
#ifndef HOALU_CUBE_READ_H
#define HOALU_CUBE_READ_H

#include "domain/indicator/cube_rows.h"
#include "domain/indicator/formula.h"

enum cube_rule { RULE_SUM, RULE_MEAN, RULE_WEIGHTED, RULE_LAST, RULE_NONE };

/* One series that a read needs, with how its figures add up. */
struct cube_in {
    const struct indicator *indicator;
    struct str category;
    uint32_t number; /* within the read */
    struct cube_map *map;
    const struct cube_series *series; /* NULL: by a formula */
    const struct formula *formula;
    enum cube_rule places, time;
    struct cube_in *weight; /* RULE_WEIGHTED */
    int32_t base;           /* period of the baseline; 0: none, -1: not looked for yet */
    bool listed;            /* its periods were looked at */
};

struct cube_cell {
    int32_t column, period;
};

enum { CUBE_DEPTH = FORMULA_CHAIN + 8 }; /* formulas and weights one above the other */

struct cube_memo; /* of cube_derive.c */

struct cube_reading {
    struct ctx *c;
    const struct dictionary *d;
    struct cube_view view;
    int32_t day;
    bool snapshot; /* begun here */
    struct {
        struct cube_in **v;
        size_t n, cap;
    } ins;
    struct cube_memo *memo;
    struct arena *scratch; /* of formulas, which take back what they use */
    unsigned depth;
};

/* Begin to read as of `at`, places as on `day` (DAY_NONE: today). Ended by cube_reading_end(), whatever became of it.
 */
MUST_USE enum err cube_reading_begin(struct ctx *c, const struct dictionary *d, int64_t at, int32_t day,
                                     struct cube_reading *ret);
void cube_reading_end(struct cube_reading *r);
/* E_NOTFOUND for an indicator or a category that there is none of. */
MUST_USE enum err cube_in_of(struct cube_reading *r, struct str code, struct str category, struct cube_in **ret);

/* The figures of cells, whether reported, added or worked out. */
MUST_USE enum err cube_figures(struct cube_reading *r, struct cube_in *in, const struct cube_cell *cells, size_t n,
                               struct figure *ret);
/* Of one that is reported or added (cube_add.c), of one by a formula (cube_derive.c). */
MUST_USE enum err cube_figure_stored(struct cube_reading *r, struct cube_in *in, struct cube_cell cell,
                                     struct figure *ret);
MUST_USE enum err cube_figures_derived(struct cube_reading *r, struct cube_in *in, const struct cube_cell *cells,
                                       size_t n, struct figure *ret);
/* What one reference of the formula of `in` comes to in one cell, and where it was looked for. */
MUST_USE enum err cube_figure_of_ref(struct cube_reading *r, struct cube_in *in, const struct formula_ref *ref,
                                     struct cube_cell cell, struct cube_in **ret_in, struct cube_cell *ret_cell,
                                     struct figure *ret);

/* The place of one map in another; -1: it is not there. */
static inline int32_t cube_column_in(const struct cube_map *from, const struct cube_map *to, int32_t column)
{
    return from == to ? column : cube_column(to, cube_code(from, column));
}

/* A period as months: from the first on, so many. */
enum { CUBE_MONTHS = PERIOD_MONTHS + 1 };
static inline int32_t cube_first(int32_t period)
{
    return period / CUBE_MONTHS;
}
static inline int32_t cube_length(int32_t period)
{
    return period % CUBE_MONTHS;
}

/* Of which share less was known: what a sum over both goes by. */
static inline void cube_take_worse(struct figure *into, const struct figure *f)
{
    if ((uint64_t)f->have * into->of < (uint64_t)into->have * f->of || into->of == 0) {
        into->have = f->have;
        into->of = f->of;
    }
}

#endif
