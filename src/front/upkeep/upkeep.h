/* upkeep.h - what a server does by itself now and then: a table of tasks, and the one thread that runs them.
 *
 * The thread wakes once a minute and when asked, and runs each task whose time has come (`every_us` since its last run,
 * by the clock of the context; a clock that was set back counts as due). A task reads with the connection in c->db, and
 * writes by the writer; it is small, finds out by itself whether there is something to do, and may be run at any time
 * by several nodes at once: what it changes it judges again inside its command. c->actor is "system".
 *
 * A task that fails is told once to options.say, again only when it fails for another reason or after a success, and is
 * run again the next minute. Nothing it does ends the server. A new task is a row in tasks.c.
 *
 * Threads: upkeep_wake() from any; upkeep_start() and _stop() from the one that serves. Memory: belongs to `owner`; a
 * task's own is emptied after it. */
#ifndef HOALU_UPKEEP_H
#define HOALU_UPKEEP_H

#include "front/gate/gate.h"

struct upkeep_options {
    struct str store; /* must outlive the upkeep */
    struct writer *writer;
    struct gate *gate;               /* NULL: nobody signs in */
    bool no_seal;                    /* the ledger is sealed by somebody else, who has the key */
    int64_t look_us;                 /* 0: a minute */
    const struct upkeep_task *tasks; /* NULL: those there are (upkeep_tasks) */
    void (*say)(void *arg, const char *task,
                const struct error *why); /* on the upkeep's thread; NULL: nobody is told */
    void *say_arg;
};

struct upkeep_task {
    const char *name;
    int64_t every_us;
    enum err (*run)(struct ctx *c, const struct upkeep_options *with);
};
extern const struct upkeep_task upkeep_tasks[]; /* ended by a row without a name */

struct upkeep;
void upkeep_init(struct ctx *c, struct arena *owner, const struct upkeep_options *options, struct upkeep **ret);
MUST_USE enum err upkeep_start(struct ctx *c, struct upkeep *u);
/* Run all tasks soon, due or not. */
void upkeep_wake(struct upkeep *u);
/* Returns when the thread has ended; without one, at once. */
void upkeep_stop(struct upkeep *u);
/* What the thread does when it wakes, on the caller's: for tests, instead of upkeep_start(). `all`: due or not. */
void upkeep_round(struct ctx *c, struct upkeep *u, bool all);

#endif
