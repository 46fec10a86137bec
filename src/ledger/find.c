/* Events by who, for whom, what and about what, a page at a time, at a cost that does not grow with the ledger. */
#include "ledger/chain.h"
#include "ledger/ledger.sql.h"

#include "base/emit.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/banned.h"

enum { BATCH = 1000, WORDS_MAX = 16 << 20 };

/* --- what an event is about -------------------------------------------------------------------------------------- */

struct words {
    struct str *v;
    size_t n, cap;
};

static struct str words_json(struct ctx *c, const struct str *v, size_t n)
{
    struct out o;
    struct emit e;
    out_init(&o, c->arena, WORDS_MAX);
    emit_init(&e, &o, EMIT_JSON);
    emit_list(&e);
    for (size_t i = 0; i < n; i++)
        emit_text(&e, v[i]);
    emit_end(&e);
    return str_trim(out_str(&o));
}

static enum err add(struct ctx *c, int64_t position, const struct words *about)
{
    return about->n ? db_exec(c, SQL_ledger_about_add, ARG(words_json(c, about->v, about->n)), ARG(position)) : OK;
}

static void push_parents(struct ctx *c, struct words *list, struct str subject)
{
    for (size_t i = subject.n; i-- > 1;)
        if (subject.p[i] == '/')
            *PUSH(c->arena, list) = str_slice(subject, 0, i);
}

enum err ledger_about_parents(struct ctx *c, int64_t position, struct str subject)
{
    struct words about = {0};
    push_parents(c, &about, subject);
    return add(c, position, &about);
}

enum err ledger_touch(struct ctx *c, int64_t position, struct strs subjects)
{
    struct words about = {0};
    for (size_t i = 0; i < subjects.n; i++) {
        *PUSH(c->arena, &about) = subjects.v[i];
        push_parents(c, &about, subjects.v[i]);
    }
    return add(c, position, &about);
}

/* --- finding ----------------------------------------------------------------------------------------------------- */

struct position {
    int64_t position;
};
RECORD(position_record, struct position, "position", "A position of the ledger",
       {"position", FIELD_I64, offsetof(struct position, position), .doc = ""});

struct positions {
    int64_t *v;
    size_t n, cap;
};

static enum err collect(struct ctx *c, struct rows rows, struct positions *list)
{
    struct position p;
    while (db_next(&rows, &position_record, &p))
        *PUSH(c->arena, list) = p.position;
    return db_done(&rows);
}

struct finding {
    struct ctx *c;
    const struct ledger_query *q;
    int64_t above, below;
    bool filtered; /* by more than what leads */
};

static const struct sql *const statements[][2] = {
    [LEDGER_ACTOR] = {&SQL_ledger_actor_down, &SQL_ledger_actor_up},
    [LEDGER_BEHALF] = {&SQL_ledger_behalf_down, &SQL_ledger_behalf_up},
    [LEDGER_SUBJECT] = {&SQL_ledger_subjects_down, &SQL_ledger_subjects_up},
};

static enum err walk(const struct finding *f, const struct sql *const sql[2], struct str word, int64_t above,
                     int64_t below, int64_t n, struct positions *list)
{
    above = above > f->above ? above : f->above;
    below = below < f->below ? below : f->below;
    struct db_arg args[] = {ARG(above), ARG(below), ARG(n), ARG(word)};
    return collect(f->c, db_query_args(f->c, sql[f->q->oldest], args, sql[0]->n_args), list);
}

static int upwards(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}
static int downwards(const void *a, const void *b)
{
    return upwards(b, a);
}

/* The next n of all sources together: as many of each, in order, each once. Subjects are asked for at once. */
static enum err walk_sources(const struct finding *f, int64_t n, struct positions *list)
{
    struct words subjects = {0};
    for (size_t i = 0; i < f->q->n_sources; i++) {
        const struct ledger_source *s = &f->q->sources[i];
        if (s->what == LEDGER_SUBJECT)
            *PUSH(f->c->arena, &subjects) = s->word;
        else
            TRY(walk(f, statements[s->what], s->word, s->above, s->below, n, list));
    }
    if (subjects.n)
        TRY(walk(f, statements[LEDGER_SUBJECT], words_json(f->c, subjects.v, subjects.n), 0, INT64_MAX, n, list));
    if (list->n)
        qsort(list->v, list->n, sizeof *list->v, f->q->oldest ? upwards : downwards);
    size_t kept = 0;
    for (size_t i = 0; i < list->n && kept < (size_t)n; i++)
        if (!kept || list->v[kept - 1] != list->v[i])
            list->v[kept++] = list->v[i];
    list->n = kept;
    return OK;
}

static enum err candidates(const struct finding *f, int64_t n, struct positions *list)
{
    static const struct sql *const all[] = {&SQL_ledger_all_down, &SQL_ledger_all_up}, *const kinds[] = {
                                                                                           &SQL_ledger_kind_down,
                                                                                           &SQL_ledger_kind_up};
    const struct ledger_query *q = f->q;
    if (q->sources)
        return walk_sources(f, n, list);
    if (q->subject.p)
        return walk(f, statements[LEDGER_SUBJECT], words_json(f->c, &q->subject, 1), 0, INT64_MAX, n, list);
    if (q->behalf.n)
        return walk(f, statements[LEDGER_BEHALF], q->behalf, 0, INT64_MAX, n, list);
    if (q->actor.p)
        return walk(f, statements[LEDGER_ACTOR], q->actor, 0, INT64_MAX, n, list);
    if (q->kind.p)
        return walk(f, kinds, q->kind, 0, INT64_MAX, n, list);
    return walk(f, all, S(""), 0, INT64_MAX, n, list);
}

static enum err read_fitting(const struct finding *f, const struct positions *list, struct events *ret)
{
    const struct ledger_query *q = f->q;
    struct out o;
    struct event e = {0};
    out_init(&o, f->c->arena, WORDS_MAX);
    for (size_t i = 0; i < list->n; i++)
        out_fmt(&o, "%s%" PRId64, i ? "," : "[", list->v[i]);
    out_char(&o, ']');
    struct rows rows = db_query(f->c, SQL_ledger_at_positions, ARG(out_str(&o)), ARG(q->actor), ARG(q->behalf),
                                ARG(q->kind), ARG(q->subject), ARG(q->payloads));
    while (db_next(&rows, &event_record, &e))
        *PUSH(f->c->arena, ret) = e;
    return db_done(&rows);
}

/* Is more asked for than what the candidates are taken by? */
static bool is_filtered(const struct ledger_query *q)
{
    int n = (q->sources != NULL) + (q->subject.p != NULL) + (q->behalf.p != NULL) + (q->actor.p != NULL) +
            (q->kind.p != NULL);
    return n > 1;
}

enum err ledger_find(struct ctx *c, const struct ledger_query *q, struct ledger_found *ret)
{
    struct finding f = {c, q, q->above, q->below, is_filtered(q)};
    struct ledger_found found = {.next = I64_NONE};
    int64_t n = f.filtered && q->limit < BATCH ? BATCH : q->limit + 1, looked = 0, last = I64_NONE;
    bool more = true;
    while (more && looked < LEDGER_LOOKED && found.events.n <= (size_t)q->limit) {
        struct positions list = {0};
        TRY(candidates(&f, n, &list));
        more = list.n == (size_t)n;
        looked += (int64_t)list.n;
        if (!list.n)
            break;
        TRY(read_fitting(&f, &list, &found.events));
        last = list.v[list.n - 1];
        if (q->oldest)
            f.above = last;
        else
            f.below = last;
    }
    if (found.events.n > (size_t)q->limit) {
        found.events.n = (size_t)q->limit;
        found.next = found.events.v[q->limit - 1].position;
    } else if (more) {
        found.next = last;
    }
    *ret = found;
    return OK;
}

enum err ledger_event(struct ctx *c, int64_t position, struct event *ret)
{
    struct str none = {0}, list = str_fmt(c->arena, "[%" PRId64 "]", position);
    struct event e = {0};
    enum err err = db_one(c, SQL_ledger_at_positions, &event_record, &e, ARG(list), ARG(none), ARG(none), ARG(none),
                          ARG(none), ARG(1));
    if (err == E_NOTFOUND)
        return FAIL(c, E_NOTFOUND, "không có sự kiện ở vị trí %" PRId64 " (no such event)", position);
    if (!err)
        *ret = e;
    return err;
}
