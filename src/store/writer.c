#include "store/writer.h"

#include "store/engine.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>

#include "base/banned.h"

enum {
    MAX_QUEUE = 4096,
    MAX_BATCH = 512,
    COMMAND_MEMORY = 256 << 20,
    GATHER_MAX_US = 2000,
};

/* One call of writer_run(), on its caller's stack. */
struct job {
    struct command *command;
    struct ctx *caller;
    sem_t done;
    enum err result;
    struct error error;  /* in `memory` */
    struct arena memory; /* of a command that failed: the caller copies the error and frees it */
    struct job *next;
};

struct writer {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake; /* the writer waits for `wanted` jobs */
    struct job *first, **last;
    size_t n_queued, wanted;
    bool stopping;
    _Atomic int64_t committed; /* the last position on the disk */
    pthread_mutex_t telling;   /* held while somebody is told */
    void (*tell)(void *arg);
    void *tell_arg;

    /* The writer thread's own. */
    struct db *db;
    struct arena memory;
    size_t last_batch;
    int64_t last_commit_us;
};

static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* --- the queue --------------------------------------------------------------------------------------------------- */

/* Whoever was answered a moment ago is about to write again. Waiting for them a fraction of what a commit costs makes
 * one commit of two, and a lone writer, whose last batch was one, never waits. */
static void gather(struct writer *w)
{
    int64_t wait = w->last_commit_us / 4 < GATHER_MAX_US ? w->last_commit_us / 4 : GATHER_MAX_US;
    if (w->n_queued >= w->last_batch || w->last_batch < 2 || wait < 20)
        return;
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += wait * 1000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    w->wanted = w->last_batch;
    while (!w->stopping && w->n_queued < w->wanted)
        if (pthread_cond_timedwait(&w->wake, &w->lock, &until))
            break;
}

/* The next batch, in order of arrival; NULL when the writer is to end. */
static struct job *take(struct writer *w, size_t *ret_n)
{
    pthread_mutex_lock(&w->lock);
    w->wanted = 1;
    while (!w->first && !w->stopping)
        pthread_cond_wait(&w->wake, &w->lock);
    gather(w);
    struct job *batch = w->first, **end = &batch;
    size_t n = 0;
    for (; *end && n < MAX_BATCH; n++)
        end = &(*end)->next;
    w->first = *end;
    *end = NULL;
    if (!w->first)
        w->last = &w->first;
    w->n_queued -= n;
    pthread_mutex_unlock(&w->lock);
    *ret_n = n;
    return batch;
}

static enum err enqueue(struct writer *w, struct job *job)
{
    pthread_mutex_lock(&w->lock);
    bool refused = w->stopping || w->n_queued >= MAX_QUEUE;
    if (!refused) {
        *w->last = job;
        w->last = &job->next;
        if (++w->n_queued == w->wanted)
            pthread_cond_signal(&w->wake);
    }
    pthread_mutex_unlock(&w->lock);
    return refused ? E_BUSY : OK;
}

/* --- the writer's thread ----------------------------------------------------------------------------------------- */

/* Run the caller's function; a statement that failed unnoticed fails it all the same. */
static enum err run_checked(struct ctx *c, void *arg)
{
    struct command *command = arg;
    enum err e = command->run(c, command->arg);
    if (!e && c->db->broken) {
        c->db->failure = c->db->broken;
        return db_report(c, c->db, NULL);
    }
    return e;
}

/* Returns not what became of the command but whether the transaction still stands. */
static enum err run_command(struct writer *w, struct job *job)
{
    struct db *db = w->db;
    enum err e = db_command_begin(db);
    if (e)
        return e;
    struct db_head before = db->head;
    struct arena_mark mark = arena_mark(&w->memory);
    struct ctx c = {.arena = &w->memory,
                    .db = db,
                    .source = job->caller->source,
                    .actor = job->caller->actor,
                    .viewer = job->caller->viewer};
    job->result = ctx_run(&c, run_checked, job->command);
    if (!job->result) {
        e = db_command_keep(db);
        job->command->position = db->head.position;
        arena_rewind(&w->memory, mark);
        return e;
    }
    e = db_command_undo(db);
    db->head = before;
    job->error = c.error;
    job->error.code = job->result;
    job->memory = w->memory; /* the error's words are in it */
    arena_init(&w->memory, COMMAND_MEMORY);
    return e;
}

/* Nothing has been run yet, so a connection that was lost while idle is made again without anybody's knowing. */
static enum err begin(struct writer *w)
{
    enum err e = db_alive(w->db) ? db_write_begin(w->db) : E_IO;
    if (!e || db_alive(w->db))
        return e;
    e = db_reopen(w->db);
    return e ? e : db_write_begin(w->db);
}

struct refusal {
    struct db *db;
    bool unknown;
};

static enum err refuse(struct ctx *c, void *arg)
{
    const struct refusal *r = arg;
    if (r->unknown)
        return FAIL(c, E_IO,
                    "Mất kết nối với kho dữ liệu khi đang ghi: chưa rõ đã ghi hay chưa, xin kiểm tra trước khi gửi lại "
                    "(the connection was "
                    "lost during the commit; whether it was written is unknown: %s)",
                    r->db->message);
    if (r->db->failure == E_BUSY)
        return db_report(c, r->db, NULL);
    return FAIL(c, E_IO, "Kho dữ liệu không ghi được, chưa có gì thay đổi (nothing was written: %s)", r->db->message);
}

static void refuse_all(struct writer *w, struct job *batch, bool unknown)
{
    struct refusal r = {w->db, unknown};
    for (struct job *job = batch; job; job = job->next) {
        if (job->result)
            continue; /* failed by itself, and knows why */
        arena_init(&job->memory, 1 << 20);
        struct ctx c = {.arena = &job->memory};
        job->result = ctx_run(&c, refuse, &r);
        job->error = c.error;
    }
}

void writer_on_commit(struct writer *w, void (*tell)(void *arg), void *arg)
{
    pthread_mutex_lock(&w->telling);
    w->tell = tell;
    w->tell_arg = arg;
    pthread_mutex_unlock(&w->telling);
}

static void tell(struct writer *w)
{
    pthread_mutex_lock(&w->telling);
    if (w->tell)
        w->tell(w->tell_arg);
    pthread_mutex_unlock(&w->telling);
}

static void run_batch(struct writer *w, struct job *batch)
{
    enum err e = begin(w);
    int64_t head = w->db->head.position;
    for (struct job *job = batch; job && !e; job = job->next)
        e = run_command(w, job);
    bool committing = !e;
    int64_t at = now_us();
    if (!e)
        e = db_write_commit(w->db);
    w->last_commit_us = now_us() - at;
    if (!e) /* before anybody is answered: whoever was answered finds what was written */
        atomic_store(&w->committed, w->db->head.position);
    if (e) {
        bool unknown = committing && !db_alive(w->db);
        db_write_rollback(w->db);
        refuse_all(w, batch, unknown);
    }
    for (struct job *job = batch, *next; job; job = next) {
        next = job->next; /* gone with its caller's stack as soon as it is answered */
        sem_post(&job->done);
    }
    if (!e && w->db->head.position != head)
        tell(w);
}

static void *work(void *arg)
{
    struct writer *w = arg;
    struct job *batch;
    while ((batch = take(w, &w->last_batch)))
        run_batch(w, batch);
    arena_reset(&w->memory);
    return NULL;
}

/* --- starting, stopping, calling --------------------------------------------------------------------------------- */

static void stop(void *arg)
{
    struct writer *w = arg;
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
    pthread_cond_destroy(&w->wake);
    pthread_mutex_destroy(&w->lock);
    pthread_mutex_destroy(&w->telling);
}

struct making {
    struct arena *owner;
    struct writer *writer;
    struct arena_defer *stopping;
};

static void make_writer(void *arg)
{
    struct making *m = arg;
    m->stopping = arena_defer(m->owner, stop);
    m->writer = NEW(m->owner, struct writer);
}

/* Signals are for the threads that know them. */
static int start_thread(struct writer *w)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&w->thread, NULL, work, w);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed;
}

enum err writer_open(struct ctx *c, struct arena *owner, struct str store, struct writer **ret)
{
    struct db *db;
    struct making m = {.owner = owner};
    TRY(db_open(c, owner, store, DB_WRITE, &db));
    if (!arena_run(owner, make_writer, &m))
        return FAIL(c, E_LIMIT, "Không đủ bộ nhớ để mở kho dữ liệu (not enough memory to open the store)");
    struct writer *w = m.writer;
    w->db = db;
    w->last = &w->first;
    arena_init(&w->memory, COMMAND_MEMORY);
    pthread_condattr_t clock;
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&w->wake, &clock);
    pthread_condattr_destroy(&clock);
    pthread_mutex_init(&w->lock, NULL);
    pthread_mutex_init(&w->telling, NULL);
    if (start_thread(w))
        return FAIL(c, E_IO, "Không khởi động được luồng ghi (cannot start the writer's thread)");
    m.stopping->arg = w;
    *ret = w;
    return OK;
}

struct copying {
    struct ctx *c;
    const struct error *from;
    struct error to;
};

static void copy_error(void *arg)
{
    struct copying *copy = arg;
    struct arena *a = copy->c->arena;
    copy->to = *copy->from;
    copy->to.message = str_dup(a, copy->from->message);
    copy->to.file = str_dup(a, copy->from->file);
    copy->to.field = str_dup(a, copy->from->field);
}

enum err writer_run(struct writer *w, struct ctx *c, struct command *command)
{
    assert(!pthread_equal(pthread_self(), w->thread)); /* a command that waits for the writer would wait for ever */
    struct job job = {.command = command, .caller = c};
    sem_init(&job.done, 0, 0);
    if (enqueue(w, &job)) {
        sem_destroy(&job.done);
        return FAIL(c, E_BUSY, "Hệ thống đang quá tải hoặc đang dừng, xin thử lại (the writer is busy or stopping)");
    }
    while (sem_wait(&job.done) && errno == EINTR)
        ;
    sem_destroy(&job.done);
    if (!job.result)
        return OK;
    struct copying copy = {.c = c, .from = &job.error};
    if (arena_run(c->arena, copy_error, &copy))
        c->error = copy.to;
    else
        c->error = (struct error){.code = job.result, .message = S("Không đủ bộ nhớ (not enough memory)")};
    arena_reset(&job.memory);
    return job.result;
}

int64_t writer_position(const struct writer *w)
{
    return atomic_load(&w->committed);
}
