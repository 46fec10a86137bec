/* list_store.h - what the list_*.c files share; for this folder alone. */
#ifndef HOALU_LIST_STORE_H
#define HOALU_LIST_STORE_H

#include "domain/plan/list.h"
#include "domain/plan/list.sql.h"
#include "domain/sight/sight.h"

/* The plans a list is of, where it goes on, and how many rows it takes. */
struct list_range {
    struct list_moment moment;
    int64_t first, last;   /* plans */
    int64_t plan, ordinal; /* of the cursor; before the first row at the start */
    struct str day;        /* of a cursor by deadline; "" at the start */
    int64_t limit;
};
/* `by_due`: cursors hold a day before plan and ordinal. */
MUST_USE enum err list_range(struct ctx *c, struct str plan, struct str after, int64_t limit, int32_t as_of,
                             bool by_due, struct list_range *ret);
struct str list_cursor(struct ctx *c, int32_t day, int64_t plan, int64_t ordinal); /* DAY_NONE: not by deadline */

/* Slugs of plans, the last one remembered: rows come by plan. */
struct list_slugs {
    int64_t plan, at;
    struct str slug;
};
MUST_USE enum err list_slug(struct ctx *c, struct list_slugs *s, int64_t plan, struct str *ret);

/* The id of an item. */
struct str list_id(struct ctx *c, struct str slug, struct str item);

/* ["1 III.3.3", …] as JSON: plan and item, for the statements that take many at once. */
struct list_items {
    struct ctx *c;
    struct out out;
    struct emit emit;
    int64_t plan;
    struct str number; /* of that plan, as text */
};
void list_items_init(struct ctx *c, struct list_items *p);
void list_items_add(struct list_items *p, int64_t plan, struct str item);
struct str list_items_end(struct list_items *p);

/* "slug.path" into the plan and the path. E_NOTFOUND. */
MUST_USE enum err list_find(struct ctx *c, struct str id, int64_t at, struct plan_row *ret_plan, struct str *ret_path);
MUST_USE enum err list_known_body(struct ctx *c, struct str code);

/* A query of the statement with the first of `args` that it has. */
struct rows list_query(struct ctx *c, const struct sql *sql, const struct db_arg *args);

struct finding_page;
/* What is found about a path: into a list of findings. */
MUST_USE enum err list_findings_on(struct ctx *c, const struct plan_row *plan, struct str path, int64_t at,
                                   struct finding_page *ret);
/* Targets by one of the statements that take plan, path and position. */
MUST_USE enum err list_targets_on(struct ctx *c, const struct sql *sql, const struct plan_row *plan, struct str path,
                                  int64_t at, struct target_page *ret);

#endif
