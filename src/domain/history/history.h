/* history.h - the ledger for people: events by person, body, item and time, and what an event changed.
 *
 * A body's events are those about it (subject "orgs/CODE"), those about an item that it leads or helps with now
 * ("plans/06-nq-tu/III.3.3"), those done by an account while it held a role in the body, and those entered on its
 * behalf. An item's are those about it and about what stands under it (ledger.h).
 *
 * What the reader may not see (domain/sight) is absent: events about it, and payloads that could quote it. That they
 * saw something restricted is noted.
 *
 * Memory: c->arena. Threads: no state. */
#ifndef HOALU_HISTORY_H
#define HOALU_HISTORY_H

#include "domain/plan/compare.h"
#include "ledger/ledger.h"

/* A subject as people write it: "/plans/x/clauses/III.3", an address, is "plans/x/III.3". */
struct str history_subject(struct ctx *c, struct str text);

enum { HISTORY_LIMIT = 100, HISTORY_LIMIT_MAX = 1000, HISTORY_CHANGES_MAX = 500 };

struct history_query {
    struct str actor, behalf, body, subject, kind, order, after;
    int32_t from, to; /* days in Vietnam, both in it */
    int64_t limit;
};
extern const struct record history_query_record;

struct history_page {
    struct events events;
    struct str next;
    bool stopped; /* before so many were found as were asked for: a search looks at no more than LEDGER_LOOKED */
};
/* E_INVALID with the field for an argument that is none. */
MUST_USE enum err history_list(struct ctx *c, const struct history_query *q, bool payloads, struct history_page *ret);

/* One event. E_NOTFOUND if there is none there, or none that the reader may see. */
MUST_USE enum err history_event(struct ctx *c, int64_t position, struct event *ret);

/* What an event changed, field by field: kind, change, path or key, title, field, before and after as compare.h has
 * them. Of an event that is none of these, what its payload says otherwise than the last one of its kind about the same
 * thing. With a subject of a plan's clause ("plans/06-nq-tu/III.3.3"; p == NULL: all of it), that clause and what
 * stands under it alone. Nothing for events that change no field, and once a payload that would tell is erased. At most
 * HISTORY_CHANGES_MAX rows; `*ret_more` says that there are more. */
MUST_USE enum err history_changes(struct ctx *c, const struct event *e, struct str subject, struct plan_changes *ret,
                                  bool *ret_more);

#endif
