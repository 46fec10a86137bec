/* compile.h - what the files of the compiler share: the work in hand, and the steps of it. Nobody else includes this.
 */
#ifndef HOALU_COMPILE_H
#define HOALU_COMPILE_H

#include "domain/plan/label.h"
#include "domain/plan/outline.h"
#include "domain/plan/plan.h"
#include "domain/plan/quantity.h"

/* What part of the document a clause stands in, by the headings above it. */
enum section {
    SECTION_NONE,
    SECTION_PURPOSE,
    SECTION_TARGET,
    SECTION_TASK,
    SECTION_PROGRAMME,
    SECTION_DUTY,
};

/* What label lines and columns say about one clause or row, before it is made a task or a target. */
struct facts {
    struct strs lead, coordinating, monitor;
    struct str time, product, objective, directions, results, note;
    bool has_lead, has_coordinating, has_time, has_product, has_programme;
};

/* What the compiler knows of a node; node->item points to it. */
struct item {
    struct facts facts;
    enum section section;
    struct str body;     /* the clause's own words without its label lines */
    bool labelled;       /* lead or time is stated for it by label */
    bool labelled_below; /* for a clause under it */
    struct str holder;   /* a heading that is a body's name ("1. Sở Tài chính") */
    struct clause *clause;
};

enum { NAMES_KEPT = 16 };

struct read_names {
    struct str value;
    struct strs names; /* shared by whoever had the same value: a list that grows moves away from it */
};

/* The paths that clauses and rows have, and the rows of each table: so that neither is looked for by going through all.
 */
struct path_set {
    struct str *slots; /* a power of two of them, at most half in use */
    size_t n, size;
};
struct table_rows {
    const struct block **v;
    size_t n;
};

struct compiler {
    struct ctx *c;
    struct path_set paths;
    struct table_rows *tables; /* by the table's number */
    size_t n_tables;
    const struct document *document;
    const struct org_catalogue *catalogue;
    struct outline outline;
    struct draft *draft;
    int year;        /* the plan's first year, 0 unknown: for dates without one */
    size_t labelled; /* clauses with label lines */
    bool has_task_section;
    struct read_names names[NAMES_KEPT]; /* of the label values read last */
    size_t next_names;
};

/* Take one labelled value into `facts`. False if the label is none of a task's. */
bool facts_take(struct compiler *k, struct facts *facts, const struct labelled *value);

/* head.c: title, number, issuer, period, out of what stands before the first clause and after the last. */
void compile_head(struct compiler *k);

/* True the first time a path is given. */
bool path_take(struct compiler *k, struct str path);
bool path_is_taken(const struct compiler *k, struct str path);

/* table.c: gather the rows of every table. */
void compile_tables_index(struct compiler *k);
/* table.c: the rows of table `number`, which stands under `at` (the root if before any clause). */
void compile_table(struct compiler *k, unsigned number, struct node *at);
/* Are the rows of table `number` tasks or targets, as far as its header tells? */
bool compile_table_is_read(struct compiler *k, unsigned number);

/* duty.c: a clause of the part on organisation as one duty, or one for each recurrence it names. */
void compile_duty(struct compiler *k, struct node *n, struct str text, struct str holder);

/* target.c: the targets in a text. `by`: the year of its heading, may be absent. */
void compile_targets(struct compiler *k, struct str path, struct str text, enum quantity_mode mode, struct str by,
                     int64_t line, bool described);
/* Give every target of the draft its key. */
void compile_target_keys(struct compiler *k);

/* The year a heading above `n` (or n's own title) sets for its targets. */
struct str heading_year(struct compiler *k, const struct node *n);

/* Findings: names in the draft that the catalogue (may be NULL) does not know. */
void tell_unknown_bodies(struct ctx *c, struct draft *draft, const struct org_catalogue *catalogue);

/* A short name out of a longer text: its first sentence, cut at a clause's end. */
struct str short_title(struct ctx *c, struct str text);

/* Both sentences take the same arguments. */
void add_finding(struct ctx *c, struct draft *draft, const char *rule, struct str path, const char *severity,
                 int64_t line, const char *vi, const char *en, ...) PRINTF_LIKE(7, 9) PRINTF_LIKE(8, 9);

#endif
