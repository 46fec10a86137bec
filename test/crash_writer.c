/* A writer to be killed: test/crash.test.js runs it, kills it at a random moment, and asks the store what is left.
 *
 *     crash-writer STORE KEY-FILE THREADS EVENTS   each thread runs commands of EVENTS events until it is killed
 *     crash-writer STORE KEY-FILE 0 0              opens the store, brings its schema up to date, and ends
 *
 * Once the store is open it prints "ready"; then "POSITION SUBJECT" of the last event of each command, after the
 * command was acknowledged and never before. Every tenth command of a thread seals the ledger as well. */
#include "ledger/ledger.h"
#include "store/migrate.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

struct job {
    struct writer *writer;
    struct ledger_key key;
    int64_t events, number;
    struct str subject;
};

static enum err append(struct ctx *c, void *arg)
{
    const struct job *job = arg;
    char filler[600];
    memset(filler, 'x', sizeof filler);
    for (int64_t i = 1; i <= job->events; i++) {
        struct str payload =
            str_fmt(c->arena, "{\"n\":%" PRId64 ",\"filler\":\"%.*s\"}", i, (int)sizeof filler, filler);
        TRY(ledger_append(c, S("crash"), i < job->events ? S("crash/part") : job->subject, payload, NULL));
    }
    return OK;
}

static enum err seal(struct ctx *c, void *arg)
{
    const struct job *job = arg;
    return ledger_seal(c, &job->key);
}

static void stop(const struct ctx *c)
{
    fprintf(stderr, "crash-writer: %.*s\n", ARGS(c->error.message));
    _exit(1);
}

static void *work(void *arg)
{
    struct job job = *(struct job *)arg;
    int64_t thread = job.number;
    struct arena arena;
    arena_init(&arena, 64 << 20);
    for (int64_t i = 1;; i++) {
        struct ctx c = {.arena = &arena, .source = source_system(), .actor = {S("crash"), S(""), S("")}};
        job.subject = str_fmt(&arena, "crash/%d/%" PRId64 "/%" PRId64, (int)getpid(), thread, i);
        struct command command = {.run = append, .arg = &job}, sealing = {.run = seal, .arg = &job};
        if (writer_run(job.writer, &c, &command))
            stop(&c);
        char line[128];
        int n = snprintf(line, sizeof line, "%" PRId64 " %.*s\n", command.position, ARGS(job.subject));
        if (write(STDOUT_FILENO, line, (size_t)n) != n)
            _exit(1);
        if (i % 10 == 0 && writer_run(job.writer, &c, &sealing))
            stop(&c);
        arena_reset(&arena);
    }
    return NULL;
}

static enum err migrate(struct ctx *c, struct str store)
{
    struct arena arena;
    arena_init(&arena, 64 << 20);
    struct ctx inner = *c;
    enum err e = db_open(&inner, &arena, store, DB_WRITE | DB_CREATE, &inner.db);
    if (!e)
        e = store_migrate(&inner);
    c->error = inner.error;
    c->error.message = str_dup(c->arena, inner.error.message);
    arena_reset(&arena);
    return e;
}

int main(int argc, char **argv)
{
    int64_t threads, events;
    if (argc != 5 || !str_i64(str_of(argv[3]), &threads) || !str_i64(str_of(argv[4]), &events))
        return 2;
    struct arena arena;
    arena_init(&arena, 64 << 20);
    struct ctx c = {.arena = &arena, .source = source_system()};
    struct job job = {.events = events};
    if (migrate(&c, str_of(argv[1])) || ledger_key_load(&c, str_of(argv[2]), true, &job.key) ||
        writer_open(&c, &arena, str_of(argv[1]), &job.writer))
        stop(&c);
    if (write(STDOUT_FILENO, "ready\n", 6) != 6)
        return 1;
    for (; job.number < threads; job.number++) {
        pthread_t thread;
        struct job *own = NEW(&arena, struct job);
        *own = job;
        if (pthread_create(&thread, NULL, work, own))
            return 1;
    }
    while (threads > 0)
        pause();
    arena_reset(&arena);
    return 0;
}
