#include "front/events/events.h"

#include "base/emit.h"
#include "base/os.h"
#include "base/period.h"
#include "front/events/events.sql.h"
#include "front/events/ring.h"
#include "domain/sight/sight.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "base/banned.h"

enum {
    BATCH = 256,                /* events read at once */
    LOOK_MEMORY = 64 << 20,     /* for a batch; texts of an event are at most 4 KiB each */
    LISTENER_BATCH = 64,        /* the same on a thread that serves connections */
    GATHER_NS = 20000000,       /* what comes in quick succession is told together */
    EVENT_TEXT_MAX = 128 << 10, /* of one event as it is sent */
};

struct feed {
    struct feed_options options;
    struct source source;
    struct http_server *server;
    pthread_t thread;
    bool running;

    pthread_mutex_t lock; /* what follows */
    pthread_cond_t wake;
    bool told, stopping;
    int64_t head;   /* the last event that listeners may have */
    uint64_t beats; /* heartbeats so far */
    struct ring ring;
};

/* --- an event as it is sent --------------------------------------------------------------------------------------- */

struct told {
    int64_t position, at_us;
    struct str kind, subject;
};
RECORD(told_record, struct told, "event", "Một sự kiện (an event)",
       {"position", FIELD_I64, offsetof(struct told, position), .doc = "vị trí"},
       {"at_us", FIELD_I64, offsetof(struct told, at_us), .unit = "µs", .doc = "thời điểm"},
       {"kind", FIELD_TEXT, offsetof(struct told, kind), .doc = "thao tác"},
       {"subject", FIELD_TEXT, offsetof(struct told, subject), .doc = "về việc gì"});

/* A name ends at its line: what could break that is shown as "_". */
static void put_name(struct out *o, struct str name)
{
    out_put(o, S("event: "));
    for (size_t i = 0; i < name.n; i++)
        out_char(o, (unsigned char)name.p[i] < ' ' ? '_' : name.p[i]);
    out_char(o, '\n');
}

/* The line with the name comes first, so that it can be left out. */
static struct str event_text(struct ctx *c, const struct told *e, size_t *ret_head)
{
    char moment[MOMENT_TEXT];
    struct out o;
    out_init(&o, c->arena, EVENT_TEXT_MAX);
    put_name(&o, e->kind);
    *ret_head = o.n;
    out_fmt(&o, "id: %" PRId64 "\ndata: {\"position\":%" PRId64 ",\"time\":", e->position, e->position);
    out_json_string(&o, moment_text(e->at_us, moment));
    out_put(&o, S(",\"name\":"));
    out_json_string(&o, e->kind);
    out_put(&o, S(",\"item\":"));
    out_json_string(&o, e->subject);
    out_put(&o, S("}\n\n"));
    return out_str(&o);
}

/* --- a listener --------------------------------------------------------------------------------------------------- */

struct listener {
    struct feed *feed;
    struct str sees; /* what the listener may see of what is restricted */
    bool with_names;
    struct str hail; /* what is said first */
    size_t hailed;
    int64_t after;  /* has had all of this event */
    size_t part;    /* and so many bytes of the next */
    uint64_t beats; /* heartbeats it has had */
    int64_t until_us;
};

/* What the ring has. False if what comes next is no longer there. */
static bool take_from_ring(struct listener *l, struct room *to)
{
    struct feed *f = l->feed;
    bool kept = true;
    pthread_mutex_lock(&f->lock);
    while (l->after < f->head && ring_take(&f->ring, l->after + 1, l->with_names, to, &l->part, &kept)) {
        l->after++;
        l->part = 0;
    }
    pthread_mutex_unlock(&f->lock);
    return kept;
}

/* What the ring has no longer or never had, or a little of it: the rest when this has been sent. An event about what
 * the listener may not see is passed over. */
static enum err take_from_store(struct ctx *c, struct listener *l, struct room *to)
{
    struct rows rows = db_query(c, SQL_feed_after, ARG(l->after), ARG(LISTENER_BATCH));
    struct told e;
    bool all = true;
    while (all && db_next(&rows, &told_record, &e)) {
        size_t head;
        struct str needed, text = event_text(c, &e, &head);
        TRY(sight_of_subject(c, e.subject, &needed));
        all = !sight_opens(l->sees, needed) || room_put(to, l->with_names ? text : str_skip(text, head), &l->part);
        if (all) {
            l->after = e.position;
            l->part = 0;
        }
    }
    return db_done(&rows);
}

static bool beat(struct listener *l)
{
    pthread_mutex_lock(&l->feed->lock);
    bool due = l->beats != l->feed->beats;
    l->beats = l->feed->beats;
    pthread_mutex_unlock(&l->feed->lock);
    return due;
}

static size_t more(struct ctx *c, void *arg, char *p, size_t n)
{
    struct listener *l = arg;
    struct room to = {.p = p, .cap = n};
    if (l->hailed < l->hail.n && !room_put(&to, l->hail, &l->hailed))
        return to.n;
    if (l->part == 0 && ctx_now(c) > l->until_us)
        return HTTP_STREAM_END;
    for (int64_t after = -1; after != l->after && to.n == 0;) {
        after = l->after;
        if (!take_from_ring(l, &to) && to.n == 0 && take_from_store(c, l, &to))
            return HTTP_STREAM_END; /* the store is away: the listener comes again, and misses nothing */
    }
    if (beat(l) && to.n == 0)
        room_put(&to, S(":\n\n"), &(size_t){0});
    return to.n;
}

/* --- what is asked ------------------------------------------------------------------------------------------------ */

bool feed_wants(const struct request *r)
{
    return str_eq(r->path, S("/events")) && r->method != HTTP_POST;
}

static enum err read_position(struct ctx *c, struct str text, const char *field, int64_t *ret)
{
    if (text.n && str_i64(text, ret) && *ret >= 0)
        return OK;
    enum err e = FAIL(c, E_INVALID, "vị trí phải là một số nguyên từ 0 (a position is a whole number from 0)");
    c->error.field = str_of(field);
    return e;
}

static enum err check_names(struct ctx *c, const struct request *r)
{
    for (size_t i = 0; i < r->query.n; i++) {
        struct http_pair q = r->query.v[i];
        bool as = str_eq(q.name, S("as"));
        if (str_eq(q.name, S("after")) || (as && str_eq(q.value, S("message"))))
            continue;
        enum err e = FAIL(c, E_INVALID, "chỉ hiểu after và as=message (only these are understood)");
        c->error.field = q.name;
        return e;
    }
    return OK;
}

enum err feed_handle(struct ctx *c, struct feed *f, const struct request *r, struct response *ret)
{
    struct str last = request_header(r, "Last-Event-ID"), after = request_query(r, "after");
    struct listener *l = NEW(c->arena, struct listener);
    *l = (struct listener){.feed = f, .sees = str_dup(c->arena, plan_seen(c)), .with_names = !request_query(r, "as").p};
    l->until_us = ctx_now(c) + f->options.listener_ms * 1000;
    TRY(check_names(c, r));
    pthread_mutex_lock(&f->lock);
    l->after = f->head;
    l->beats = f->beats;
    pthread_mutex_unlock(&f->lock);
    if (last.p)
        TRY(read_position(c, last, "Last-Event-ID", &l->after));
    else if (after.p)
        TRY(read_position(c, after, "after", &l->after));
    l->hail = str_fmt(c->arena, "retry: 2000\nid: %" PRId64 "\n\n", l->after);
    *ret = (struct response){.status = 200, .type = S("text/event-stream"), .stream = {l, more}};
    response_header(c, ret, S("Cache-Control"), S("no-store"));
    response_header(c, ret, S("X-Accel-Buffering"), S("no")); /* nginx: pass it on at once */
    return OK;
}

/* --- the feed ----------------------------------------------------------------------------------------------------- */

static int64_t monotonic_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* One batch: read, then kept and shown at once. What is restricted is kept for nobody: each listener reads it from the
 * store, or does not. What was kept before something was marked is forgotten. */
static enum err look_once(struct ctx *c, struct feed *f, int64_t *head, bool *ret_more)
{
    struct {
        int64_t position;
        struct str text;
        size_t head;
        bool restricted;
    } texts[BATCH];
    struct rows rows = db_query(c, SQL_feed_after, ARG(*head), ARG(BATCH));
    struct told e;
    size_t n = 0;
    bool marked = false;
    while (n < BATCH && db_next(&rows, &told_record, &e)) {
        texts[n].position = e.position;
        texts[n].text = event_text(c, &e, &texts[n].head);
        marked |= str_eq(e.kind, S("plan.classify")) || str_eq(e.kind, S("plan.approve"));
        struct str needed;
        TRY(sight_of_subject(c, e.subject, &needed));
        texts[n].restricted = needed.n > 0;
        n++;
    }
    TRY(db_done(&rows));
    pthread_mutex_lock(&f->lock);
    if (marked)
        ring_clear(&f->ring);
    for (size_t i = 0; i < n; i++)
        if (!texts[i].restricted)
            ring_put(&f->ring, texts[i].position, texts[i].text, texts[i].head);
    if (n)
        f->head = *head = texts[n - 1].position;
    pthread_mutex_unlock(&f->lock);
    *ret_more = n == BATCH;
    return OK;
}

struct looking {
    struct feed *f;
    int64_t head;
    bool more;
};

/* Of a great many only the last are kept; who has not had the others reads them from the store. */
static enum err look(struct ctx *c, void *arg)
{
    struct looking *l = arg;
    int64_t head;
    TRY(db_number(c, SQL_feed_head, &head));
    if (head > l->head + RING_TEXTS)
        l->head = head - RING_TEXTS;
    return head > l->head ? look_once(c, l->f, &l->head, &l->more) : OK;
}

/* Everything there is. False if there was nothing, or the store did not answer. */
static bool look_all(struct ctx *c, struct feed *f, struct arena *memory)
{
    struct looking l = {.f = f, .head = f->head}; /* which this thread alone changes */
    int64_t before = l.head;
    do {
        struct ctx one = *c;
        one.arena = memory;
        l.more = false;
        if (ctx_run(&one, look, &l))
            l.more = false;
        arena_reset(memory);
    } while (l.more);
    return l.head > before;
}

/* Until the writer has written, or it is time. False at the end. */
static bool wait_for(struct feed *f, int64_t ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ms / 1000;
    until.tv_nsec += ms % 1000 * 1000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock(&f->lock);
    while (!f->told && !f->stopping)
        if (pthread_cond_timedwait(&f->wake, &f->lock, &until))
            break;
    f->told = false;
    bool go_on = !f->stopping;
    pthread_mutex_unlock(&f->lock);
    return go_on;
}

static enum err open_store(struct ctx *c, void *arg)
{
    return db_open(c, c->arena, ((const struct feed *)arg)->options.store, DB_READ, &c->db);
}

/* It may be away for a while: the next look tries again. */
static bool store_is_open(struct ctx *c, struct feed *f)
{
    if (!c->db && ctx_run(c, open_store, f))
        arena_reset(c->arena);
    return c->db != NULL;
}

static void *run(void *arg)
{
    struct feed *f = arg;
    struct arena life, memory;
    arena_init(&life, LOOK_MEMORY);
    arena_init(&memory, LOOK_MEMORY);
    struct ctx c = {.arena = &life, .source = f->source};
    int64_t beaten = monotonic_ms();
    do {
        bool news = store_is_open(&c, f) && look_all(&c, f, &memory);
        bool beats = !news && monotonic_ms() - beaten >= f->options.heartbeat_ms;
        if (!news && !beats)
            continue;
        pthread_mutex_lock(&f->lock);
        f->beats += beats;
        pthread_mutex_unlock(&f->lock);
        beaten = monotonic_ms();
        http_wake(f->server);
        nanosleep(&(struct timespec){0, GATHER_NS}, NULL);
    } while (wait_for(f, f->options.look_ms));
    arena_reset(&memory);
    arena_reset(&life);
    return NULL;
}

static void written(void *arg)
{
    struct feed *f = arg;
    pthread_mutex_lock(&f->lock);
    f->told = true;
    pthread_cond_signal(&f->wake);
    pthread_mutex_unlock(&f->lock);
}

enum err feed_open(struct ctx *c, struct arena *owner, const struct feed_options *options, struct feed **ret)
{
    struct feed *f = NEW(owner, struct feed);
    int64_t head;
    f->options = *options;
    f->options.look_ms = options->look_ms ? options->look_ms : 1000;
    f->options.heartbeat_ms = options->heartbeat_ms ? options->heartbeat_ms : 15000;
    f->options.listener_ms = options->listener_ms ? options->listener_ms : 600000;
    f->source = c->source;
    TRY(db_number(c, SQL_feed_head, &head));
    f->head = head;
    pthread_condattr_t clock;
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&f->wake, &clock);
    pthread_condattr_destroy(&clock);
    pthread_mutex_init(&f->lock, NULL);
    *ret = f;
    return OK;
}

enum err feed_start(struct ctx *c, struct feed *f, struct http_server *server)
{
    sigset_t all, before;
    f->server = server;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failure = pthread_create(&f->thread, NULL, run, f);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failure)
        return FAIL(c, E_IO, "Không khởi động được luồng theo dõi sổ cái: %s", os_reason(failure));
    f->running = true;
    if (f->options.writer)
        writer_on_commit(f->options.writer, written, f);
    return OK;
}

void feed_stop(struct feed *f)
{
    if (f->options.writer)
        writer_on_commit(f->options.writer, NULL, NULL);
    pthread_mutex_lock(&f->lock);
    f->stopping = true;
    pthread_cond_signal(&f->wake);
    pthread_mutex_unlock(&f->lock);
    if (f->running)
        pthread_join(f->thread, NULL);
}

unsigned feed_listeners(const struct feed *f)
{
    return f->server ? http_streams(f->server) : 0;
}
