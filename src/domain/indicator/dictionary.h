/* dictionary.h - inside of the dictionary; for the files of this folder only.
 *
 * The kinds of row are tables: a list of structs, what describes them, and the same as the store has them, where a key
 * is one text and a list is a text as well. Rows know where they were read as long as they come from files. */
#ifndef HOALU_INDICATOR_DICTIONARY_H
#define HOALU_INDICATOR_DICTIONARY_H

#include "document/rows.h"
#include "domain/indicator/indicator.h"
#include "domain/org/org.h"
#include "store/kept.h"

enum dictionary_table_id {
    DICTIONARY_SET,
    DICTIONARY_DIMENSION,
    DICTIONARY_INDICATOR,
    DICTIONARY_GOAL,
    DICTIONARY_LINK,
    DICTIONARY_COUNT,
};

/* A row as the store has it: the row, its key, and its lists. */
struct stored_row {
    union {
        struct indicator indicator;
        struct indicator_set set;
        struct dimension dimension;
        struct goal goal;
        struct indicator_link link;
    };
    struct str key, dimensions, steps, steps_en, points;
};

struct dictionary_table {
    const char *name;            /* as its file in data/indicators/ is called, without .csv */
    const char *heading;         /* its first heading, which tells what a file holds */
    const char *phrases;         /* see document/rows.h */
    const struct record *record; /* as read and shown */
    struct kept_table kept;      /* its record describes a struct stored_row */
    const struct sql *all;
};
extern const struct dictionary_table dictionary_tables[DICTIONARY_COUNT];

struct dictionary_rows {
    char *v;
    size_t n, cap;
    struct {
        struct row_place *v;
        size_t n, cap;
    } places; /* of each row; a file's n == 0: it came from a store */
};

struct dictionary {
    struct dictionary_rows rows[DICTIONARY_COUNT];
    const struct indicator **in_order, **by_code;
    const struct goal **goals; /* in order */
};

static inline const void *dictionary_row(const struct dictionary *d, enum dictionary_table_id table, size_t i)
{
    return d->rows[table].v + i * dictionary_tables[table].record->size;
}
void dictionary_add(struct ctx *c, struct dictionary *d, enum dictionary_table_id table, const void *row,
                    struct row_place at);
/* What tells one row of a table from another. */
struct str dictionary_key(struct arena *a, enum dictionary_table_id table, const void *row);
void dictionary_store_row(struct ctx *c, enum dictionary_table_id table, const void *row, struct stored_row *ret);
/* The lists of a row that came from the store, cut again. */
void dictionary_cut_lists(struct ctx *c, enum dictionary_table_id table, struct stored_row *row);

/* Order and look-up, once all rows are there. */
void dictionary_index(struct ctx *c, struct dictionary *d);
/* What stands alone before what is of a set, then by code, numbers in it as numbers: "DTI-2025.2" before "DTI-2025.10".
 */
int dictionary_compare_codes(struct str a, struct str b);

/* The files on top of `base` (NULL: nothing), merged and indexed, not checked. */
struct dictionary *dictionary_merge(struct ctx *c, const struct org_file *files, size_t n,
                                    const struct dictionary *base, struct row_problems *problems);
/* What is wrong with the whole. `orgs`: the bodies and areas there are (NULL: whether they exist is not looked at). */
void dictionary_check(struct ctx *c, const struct dictionary *d, const struct org_catalogue *orgs,
                      struct row_problems *problems);

/* The codes that a formula names, each once. False with c->error if it is no formula. */
bool dictionary_formula_codes(struct ctx *c, struct str formula, struct strs *ret);

#endif
