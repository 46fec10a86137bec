#include "ledger/chain.h"
#include "ledger/ledger.sql.h"

#include "base/banned.h"

/* An event with its payload's salt, as a line of an export. */
#define AT(member) offsetof(struct line, member)
RECORD(row_record, struct line, "line", "Một dòng của sổ cái (a line of the ledger)",
       {"position", FIELD_I64, AT(event.position)}, {"at_us", FIELD_I64, AT(event.at_us)},
       {"actor", FIELD_TEXT, AT(event.actor)}, {"behalf", FIELD_TEXT, AT(event.behalf)},
       {"request", FIELD_TEXT, AT(event.request)}, {"kind", FIELD_TEXT, AT(event.kind)},
       {"subject", FIELD_TEXT, AT(event.subject)}, {"salt", FIELD_BYTES, AT(salt)},
       {"payload", FIELD_TEXT, AT(event.payload)}, {"payload_hash", FIELD_BYTES, AT(event.payload_hash)},
       {"chain", FIELD_BYTES, AT(event.chain)});
#undef AT

struct head {
    int64_t position;
    struct str chain;
};
RECORD(head_record, struct head, "head", "Phần cuối của sổ cái (the head of the ledger)",
       {"position", FIELD_I64, offsetof(struct head, position)}, {"chain", FIELD_BYTES, offsetof(struct head, chain)});

static void reset(void *arena)
{
    arena_reset(arena);
}

struct arena *ledger_scratch(struct ctx *c)
{
    struct arena_defer *d = arena_defer(c->arena, reset);
    struct arena *scratch = NEW(c->arena, struct arena);
    arena_init(scratch, (size_t)4 * LEDGER_LINE_MAX);
    scratch->oom = c->arena->oom;
    d->arg = scratch;
    return scratch;
}

/* The error of `inner` lies in an arena that ends sooner than the context. */
static enum err hand_over(struct ledger_walk *w, enum err e)
{
    if (e) {
        w->c->error = w->inner.error;
        w->c->error.message = str_dup(w->c->arena, w->inner.error.message);
    }
    return e;
}

enum err ledger_walk_start(struct ctx *c, struct ledger_walk *ret)
{
    struct ledger_walk *w = ret;
    struct head head;
    *w = (struct ledger_walk){.c = c, .inner = *c};
    TRY(db_one(c, SQL_ledger_head, &head_record, &head));
    w->head = head.position;
    w->chain = head.chain;
    struct rows rows = db_query(c, SQL_ledger_seals);
    struct seal seal;
    while (db_next(&rows, &seal_record, &seal))
        *PUSH(c->arena, &w->seals) = seal;
    TRY(db_done(&rows));
    w->inner.arena = ledger_scratch(c);
    w->events = db_query(&w->inner, SQL_ledger_events);
    w->mark = arena_mark(w->inner.arena);
    return OK;
}

bool ledger_walk_next(struct ledger_walk *w, struct line *ret)
{
    if (!w->has_event) {
        arena_rewind(w->inner.arena, w->mark);
        w->event = (struct line){.kind = LINE_EVENT};
        w->has_event = db_next(&w->events, &row_record, &w->event);
        if (!w->has_event && w->events.err)
            return false;
    }
    const struct seal *seal = w->seal_at < w->seals.n ? &w->seals.v[w->seal_at] : NULL;
    if (seal && (seal->to_pos <= w->position || !w->has_event)) {
        *ret = (struct line){.kind = LINE_SEAL, .seal = *seal};
        w->seal_at++;
        return true;
    }
    if (!w->has_event)
        return false;
    *ret = w->event;
    w->position = w->event.event.position;
    w->has_event = false;
    return true;
}

enum err ledger_walk_done(struct ledger_walk *w)
{
    return hand_over(w, db_done(&w->events));
}
