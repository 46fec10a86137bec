/* plan_store.h - plans in the store: approving a draft, and reading what is approved, now or as of a past position.
 *
 * Approval is one command of the writer and one event, `plan.approve`. Approving a plan again under the same slug
 * brings its rows in step with the new draft (store/kept.h): what did not change is left alone, and every earlier state
 * can still be read by position. The event holds the hash of the whole draft, so that rows changed behind the ledger's
 * back are found (plan_check). A body's name keeps the document's words beside the code the catalogue gives it.
 *
 * Memory: results in c->arena. */
#ifndef HOALU_PLAN_STORE_H
#define HOALU_PLAN_STORE_H

#include "base/emit.h"
#include "domain/plan/plan.h"
#include "domain/search/search.h"
#include "store/file.h"
#include "store/kept.h"

/* What is in a plan has one name in addresses and in data: the plan's slug, a dot, and its path (a target's key), such
 * as "06-nq-tu.III.3.3". A slug has no dot, so the first one parts them; the name stays as long as the clause keeps its
 * number, over every later version of the plan (list.h finds by it). */

/* A slug out of what the document says: the symbol of the resolution it carries out ("06-nq-tu"), else its own number,
 * else its title. */
struct str plan_slug(struct ctx *c, const struct draft *draft);

struct approval {
    struct str slug; /* [a-z0-9-]{1,80} */
    const struct draft *draft;
    const struct org_catalogue *catalogue;
    struct str source, source_name; /* hash of the document in the store, and its file name; p == NULL: none */
    /* What else the event holds: called inside the map of its payload. NULL: nothing. */
    void (*tell)(struct emit *e, const void *arg);
    const void *tell_arg;
    bool always; /* an event even if nothing changed: a decision was made */
    /* out */
    int64_t plan;     /* its id */
    int64_t position; /* of the event; 0 if nothing changed */
    struct kept_change clauses, tasks, phases, bodies, targets, duties, findings;
};
/* Inside a command. E_INVALID for a slug that is none. */
MUST_USE enum err plan_approve(struct ctx *c, struct approval *a);

/* One approved plan with its counts: a row of the list of plans. */
struct plan_row {
    int64_t id;
    struct str slug, title, number, issuer, year_from, year_to, year_vision, source, source_name;
    int64_t position; /* since when this version holds */
    int64_t clauses, tasks, programmes, targets, duties, findings;
};
extern const struct record plan_row_record;

struct plan_rows {
    struct plan_row *v;
    size_t n, cap;
};
/* Every plan as known at position `at` (POS_NOW: now), by slug. These, and what is counted and read of a plan, are what
 * the reader may see (domain/sight/sight.h); another plan is E_NOTFOUND as if there were none. */
MUST_USE enum err plan_list(struct ctx *c, int64_t at, struct plan_rows *ret);
MUST_USE enum err plan_get(struct ctx *c, struct str slug, int64_t at, struct plan_row *ret);
/* The same without what it counts. */
MUST_USE enum err plan_find(struct ctx *c, struct str slug, int64_t at, struct plan_row *ret);

/* Do the rows of an approved plan still say what was approved? True also where the event's payload has been erased. */
MUST_USE enum err plan_check(struct ctx *c, const struct plan_row *plan, bool *ret);

/* An approved plan as a draft again: what `plan read` would print of it. */
MUST_USE enum err plan_read(struct ctx *c, int64_t plan, int64_t at, struct draft *ret);
/* The same, whoever asks: for what is not shown to anybody. */
MUST_USE enum err plan_read_whole(struct ctx *c, int64_t plan, int64_t at, struct draft *ret);

/* One clause of it, with the task, targets, duties and findings of that path alone. E_NOTFOUND if there is none. */
MUST_USE enum err plan_read_clause(struct ctx *c, const struct plan_row *plan, struct str path, int64_t at,
                                   struct draft *ret);

/* What can be found of a plan (domain/search); the owner of the documents is its id. plan_approve() has put them. */
void plan_search(struct ctx *c, struct str slug, const struct draft *draft, struct search_docs *ret);

#endif
