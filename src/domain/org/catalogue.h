/* catalogue.h - inside of the catalogue; for the files of this folder only.
 *
 * Rows are kept as they were read, one list for each table; the indexes are made by catalogue_index() once all rows are
 * there. A catalogue is checked (check.c) before it is given out when it came from files. */
#ifndef HOALU_ORG_CATALOGUE_H
#define HOALU_ORG_CATALOGUE_H

#include "domain/org/org.h"

/* Tables of rows: a list, what describes it, and which fields are its key. */
enum org_table_id {
    ORG_T_KIND,
    ORG_T_WORD,
    ORG_T_AREA,
    ORG_T_UNIT,
    ORG_T_GROUP,
    ORG_T_LINK,
    ORG_T_ALIAS,
    ORG_T_COUNT,
};

/* A row of units.csv: a body, and where it stands for all its days. */
struct org_unit_row {
    struct org_unit unit; /* first: its fields are described once */
    struct str party, state, front, leads;
};

/* An area with what is told beside it. */
struct org_area_row {
    struct org_area area;
    struct str full_name; /* with its kind */
    struct strs orgs;     /* bodies that serve it */
};
extern const struct record org_unit_columns, org_area_row_record;

struct org_table {
    const char *file;             /* as it is called in data/orgs/, without .csv */
    const char *heading;          /* its first heading in a file, which tells what the file holds */
    const struct record *record;  /* as stored and shown */
    const struct record *columns; /* as read from a file: may have more, after the row's own */
    size_t origin;                /* where struct org_origin stands */
};
extern const struct org_table org_tables[ORG_T_COUNT];

struct org_rows {
    void *v;
    size_t n, cap;
};

/* Text to a number, open addressing. */
struct org_map {
    struct org_map_slot {
        struct str key;
        uint32_t value; /* plus 1; 0 is a free slot */
    } * slots;
    size_t cap, n;
};
/* The value of `key`, or UINT32_MAX. */
uint32_t org_map_get(const struct org_map *m, struct str key);
/* Where the value (plus 1) of `key` stands; made with 0 if it is new. The key is kept, not copied. */
uint32_t *org_map_put(struct arena *a, struct org_map *m, struct str key);

/* One way to write a name: entries of one key are chained. */
struct org_name {
    struct str text; /* as it is written */
    enum org_match_kind kind;
    const void *row; /* the unit, group or area */
    struct str code;
    int32_t valid_from, valid_to;
    const struct org_origin *origin;
    uint32_t next; /* plus 1 */
};

/* A link, or what another table says in the same way: "area" (an area lies in another), "serves" (a body, an area). */
struct org_edge {
    const struct org_link *link;
    int32_t valid_from, valid_to;    /* while both the link and the body hold; see add_edge() */
    uint32_t above_next, below_next; /* plus 1 */
};

struct org_thing {
    enum org_match_kind kind;
    const void *row;
};

struct org_catalogue {
    struct org_rows rows[ORG_T_COUNT];
    struct org_map kinds; /* index of the row */
    struct org_map codes; /* of units, groups, areas: index into things */
    struct {
        struct org_thing *v;
        size_t n, cap;
    } things;
    const struct org_unit **units; /* in order */
    const struct org_group **groups;
    const struct org_area **areas;
    uint32_t *places; /* of each row of units: its place in that order */
    struct {
        struct org_edge *v;
        size_t n, cap;
    } edges;
    struct org_map above, below; /* "link|code": the first of its edges */
    struct org_map words;        /* normal form of an abbreviation: index of the row */
    size_t word_tokens;          /* the most words that an abbreviation has */
    uint64_t word_shapes[3];     /* by its words less one: how abbreviations begin, to pass over what is none */
    struct str *word_forms;      /* of each abbreviation: the normal form of what it stands for */
    struct org_map names;        /* normal form of a name: the first of its entries */
    struct {
        struct org_name *v;
        size_t n, cap;
    } name_list;
};

#define ORG_KINDS(catalogue)   ((struct org_kind *)(catalogue)->rows[ORG_T_KIND].v)
#define ORG_WORDS(catalogue)   ((struct org_word *)(catalogue)->rows[ORG_T_WORD].v)
#define ORG_AREAS(catalogue)   ((struct org_area *)(catalogue)->rows[ORG_T_AREA].v)
#define ORG_UNITS(catalogue)   ((struct org_unit *)(catalogue)->rows[ORG_T_UNIT].v)
#define ORG_GROUPS(catalogue)  ((struct org_group *)(catalogue)->rows[ORG_T_GROUP].v)
#define ORG_LINKS(catalogue)   ((struct org_link *)(catalogue)->rows[ORG_T_LINK].v)
#define ORG_ALIASES(catalogue) ((struct org_alias *)(catalogue)->rows[ORG_T_ALIAS].v)

/* Add a row (a copy of `row`), whatever is there already. */
void *org_rows_add(struct arena *a, struct org_rows *rows, const struct record *r, const void *row);
/* What tells one row of a table from another, as text. */
struct str org_row_key(struct arena *a, enum org_table_id table, const void *row);
bool org_row_equal(const struct record *r, const void *a, const void *b);

/* Reads files into `rows` (a list for each table); problems are added. `base` (NULL: none) are
 * the rows below them, for the names of kinds. */
void org_read_files(struct ctx *c, const struct org_file *files, size_t n, struct org_rows rows[ORG_T_COUNT],
                    const struct org_rows *base, struct row_problems *problems);

/* Make all indexes. Works on catalogues with mistakes in them too. */
void org_index(struct ctx *c, struct org_catalogue *catalogue);
/* The names' part of it (resolve.c). */
void org_index_names(struct ctx *c, struct org_catalogue *catalogue);
/* A name as it is compared: its words folded (or, `marked`, small letters with their marks), abbreviations written out
 * if `expand`, what does not count left out. Empty if nothing is left or it is too long for a name. */
struct str org_normal(struct ctx *c, const struct org_catalogue *catalogue, struct str name, bool expand, bool marked);
/* Is row `i` of the abbreviations the one that its letters lead to? */
bool org_word_found(struct ctx *c, const struct org_catalogue *catalogue, size_t i);
/* Find what is wrong (check.c). Problems are left in order, without repetition. */
void org_check(struct ctx *c, const struct org_catalogue *catalogue, struct row_problems *problems);

/* Edges from a code (above it) and to a code (below it): for (e = org_above(…); e; e = org_above_next(…)). */
const struct org_edge *org_above(const struct org_catalogue *catalogue, struct str link, struct str code);
const struct org_edge *org_above_next(const struct org_catalogue *catalogue, const struct org_edge *e);
const struct org_edge *org_below(const struct org_catalogue *catalogue, struct str link, struct str target);
const struct org_edge *org_below_next(const struct org_catalogue *catalogue, const struct org_edge *e);

/* Dates of a code, whatever it stands for. False if there is none. */
bool org_dates(const struct org_catalogue *catalogue, struct str code, int32_t *ret_from, int32_t *ret_to);
static inline bool org_overlap(int32_t a_from, int32_t a_to, int32_t b_from, int32_t b_to)
{
    return (a_to == DAY_NONE || b_from == DAY_NONE || b_from <= a_to) &&
           (b_to == DAY_NONE || a_from == DAY_NONE || a_from <= b_to);
}

#endif
