#include "front/upkeep/upkeep.h"

#include "base/os.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "base/banned.h"

enum { MEMORY = 64 << 20, TOLD = 256 };
#define LOOK_US ((int64_t)60 * 1000000)

struct task_state {
    bool has_run;
    int64_t ran_us;
    char told[TOLD]; /* what was said of its last failure; empty after a success */
};

struct upkeep {
    struct upkeep_options options;
    struct source source;
    struct task_state *states; /* one for each task */
    struct arena life, memory; /* of the connection, and of one task */
    struct db *db;
    pthread_t thread;
    bool running;

    pthread_mutex_t lock; /* what follows */
    pthread_cond_t wake;
    bool asked, stopping;
};

static enum err open_store(struct ctx *c, void *arg)
{
    const struct upkeep *u = arg;
    return db_open(c, c->arena, u->options.store, DB_READ, &c->db);
}

struct running {
    const struct upkeep_task *task;
    const struct upkeep_options *with;
};

static enum err run_task(struct ctx *c, void *arg)
{
    const struct running *r = arg;
    return r->task->run(c, r->with);
}

/* The same failure each minute would bury every other line of a log. */
static void tell(struct upkeep *u, const struct upkeep_task *task, struct task_state *state, const struct error *why)
{
    char told[TOLD] = {0};
    size_t n = why->message.n < sizeof told - 1 ? why->message.n : sizeof told - 1;
    memcpy(told, why->message.p, n);
    if (strcmp(told, state->told) == 0)
        return;
    memcpy(state->told, told, sizeof told);
    if (u->options.say)
        u->options.say(u->options.say_arg, task->name, why);
}

static void run_one(struct upkeep *u, const struct upkeep_task *task, struct task_state *state, int64_t now)
{
    struct running running = {task, &u->options};
    struct ctx c = {.arena = &u->life, .source = u->source, .actor = {S("system"), S(""), S("")}};
    enum err e = OK;
    if (!u->db) {
        e = ctx_run(&c, open_store, u);
        u->db = e ? NULL : c.db;
    }
    c.db = u->db;
    if (!e) {
        c.arena = &u->memory;
        e = ctx_run(&c, run_task, &running);
    }
    state->has_run = true;
    state->ran_us = now;
    if (e)
        tell(u, task, state, &c.error);
    else
        state->told[0] = 0;
    arena_reset(&u->memory);
    /* The store may have gone away: the next run opens it again. */
    if (e == E_IO || !u->db) {
        u->db = NULL;
        arena_reset(&u->life);
    }
}

void upkeep_round(struct ctx *c, struct upkeep *u, bool all)
{
    int64_t now = ctx_now(c);
    for (size_t i = 0; u->options.tasks[i].name; i++) {
        struct task_state *state = &u->states[i];
        int64_t age = now - state->ran_us;
        if (all || !state->has_run || state->told[0] || age >= u->options.tasks[i].every_us || age < 0)
            run_one(u, &u->options.tasks[i], state, now);
    }
}

/* Until it is time, or somebody asks. False at the end. */
static bool wait_for(struct upkeep *u, bool *ret_asked)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += u->options.look_us / 1000000;
    until.tv_nsec += u->options.look_us % 1000000 * 1000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock(&u->lock);
    while (!u->asked && !u->stopping)
        if (pthread_cond_timedwait(&u->wake, &u->lock, &until))
            break;
    *ret_asked = u->asked;
    u->asked = false;
    bool go_on = !u->stopping;
    pthread_mutex_unlock(&u->lock);
    return go_on;
}

static void *run(void *arg)
{
    struct upkeep *u = arg;
    struct ctx c = {.source = u->source};
    bool asked = false;
    do
        upkeep_round(&c, u, asked);
    while (wait_for(u, &asked));
    return NULL;
}

static void end(void *arg)
{
    struct upkeep *u = arg;
    arena_reset(&u->memory);
    arena_reset(&u->life);
    pthread_cond_destroy(&u->wake);
    pthread_mutex_destroy(&u->lock);
}

void upkeep_init(struct ctx *c, struct arena *owner, const struct upkeep_options *options, struct upkeep **ret)
{
    struct arena_defer *d = arena_defer(owner, end);
    struct upkeep *u = NEW(owner, struct upkeep);
    size_t n = 0;
    pthread_condattr_t clock;
    u->options = *options;
    u->source = c->source;
    if (!options->look_us)
        u->options.look_us = LOOK_US;
    if (!options->tasks)
        u->options.tasks = upkeep_tasks;
    while (u->options.tasks[n].name)
        n++;
    u->states = NEWN(owner, struct task_state, n);
    arena_init(&u->life, MEMORY);
    arena_init(&u->memory, MEMORY);
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&u->wake, &clock);
    pthread_condattr_destroy(&clock);
    pthread_mutex_init(&u->lock, NULL);
    d->arg = u;
    *ret = u;
}

enum err upkeep_start(struct ctx *c, struct upkeep *u)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failure = pthread_create(&u->thread, NULL, run, u);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failure)
        return FAIL(c, E_IO, "Không khởi động được luồng việc định kỳ: %s (cannot start the thread of upkeep)",
                    os_reason(failure));
    u->running = true;
    return OK;
}

void upkeep_wake(struct upkeep *u)
{
    pthread_mutex_lock(&u->lock);
    u->asked = true;
    pthread_cond_signal(&u->wake);
    pthread_mutex_unlock(&u->lock);
}

void upkeep_stop(struct upkeep *u)
{
    pthread_mutex_lock(&u->lock);
    u->stopping = true;
    pthread_cond_signal(&u->wake);
    pthread_mutex_unlock(&u->lock);
    if (u->running)
        pthread_join(u->thread, NULL);
    u->running = false;
}
