/* How many single writes a second are on the disk before they are answered.
 *
 *     test/with-postgres build/bench/bench-write [FOLDER [ROUNDS [MILLISECONDS]]]
 *
 * Contenders, in turn in every round, all inserting the same row of the ledger's table:
 *   writer/SQLite      32 threads, each calling writer_run() and waiting for its answer (WAL, synchronous=FULL)
 *   plain SQLite       one connection, one commit for each row (WAL, synchronous=FULL)
 *   writer/PostgreSQL  32 threads at one writer
 *   plain PostgreSQL   32 connections, one commit for each row (synchronous_commit=on)
 * FOLDER is where SQLite's files go: on the disk to be measured (the current folder if not given). PostgreSQL takes
 * part if HOALU_TEST_POSTGRES names a server. */
#include "bench/write.sql.h"
#include "store/engine.h"
#include "store/migrate.h"
#include "store/writer.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/banned.h"

enum { THREADS = 32, MAX_ROUNDS = 25 };

struct contender {
    const char *name;
    int threads;
    enum db_engine engine;
    bool through_writer;
    struct str store;
    struct writer *writer;
    struct ctx c;
    struct arena arena;
    atomic_llong position; /* of the plain ones */
    double rates[MAX_ROUNDS];
};

struct worker {
    struct contender *contender;
    struct arena arena;
    struct ctx c;
    atomic_bool *stop;
    int64_t done, slowest_us;
};

static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static enum err insert(struct ctx *c, int64_t position)
{
    static const char chain[32];
    struct str hash = {chain, sizeof chain};
    return db_exec(c, SQL_bench_event_put, ARG(position), ARG(ctx_now(c)), ARG(S("an")), ARG(S("task.progress")),
                   ARG(S("tasks/III.4.5")), db_arg_bytes(hash));
}

static enum err insert_next(struct ctx *c, void *arg)
{
    (void)arg;
    return insert(c, ++db_head(c->db)->position);
}

static void *write_on(void *arg)
{
    struct worker *w = arg;
    struct contender *k = w->contender;
    while (!atomic_load_explicit(w->stop, memory_order_relaxed)) {
        struct command command = {.run = insert_next};
        int64_t at = now_us();
        enum err e = k->through_writer ? writer_run(k->writer, &w->c, &command)
                                       : insert(&w->c, atomic_fetch_add(&k->position, 1));
        if (e) {
            fprintf(stderr, "%s: %.*s\n", k->name, ARGS(w->c.error.message));
            exit(1);
        }
        int64_t took = now_us() - at;
        w->slowest_us = took > w->slowest_us ? took : w->slowest_us;
        w->done++;
    }
    return NULL;
}

static void check(struct ctx *c, enum err e)
{
    if (!e)
        return;
    fprintf(stderr, "bench-write: %.*s\n", ARGS(c->error.message));
    exit(1);
}

static struct ctx new_ctx(struct arena *arena)
{
    arena_init(arena, 64 << 20);
    return (struct ctx){.arena = arena, .source = source_system(), .actor = {S("bench"), S(""), S("")}};
}

static void remove_file(struct contender *k)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (int i = 0; i < 3 && k->engine == DB_SQLITE; i++)
        unlink(str_z(k->c.arena, str_fmt(k->c.arena, "%.*s%s", ARGS(k->store), ends[i])));
}

/* A store of its own: a file in the folder, or a schema of the database. */
static void new_store(struct contender *k, const char *folder, const char *url, int number)
{
    struct ctx *c = &k->c;
    if (k->engine == DB_SQLITE) {
        k->store = str_fmt(c->arena, "%s/bench-write-%d.db", folder, number);
        remove_file(k);
        return;
    }
    struct str server = str_of(url);
    check(c, db_open(c, c->arena, server, DB_WRITE, &c->db));
    check(c,
          db_script(c, str_z(c->arena, str_fmt(c->arena, "DROP SCHEMA IF EXISTS bench%d CASCADE; CREATE SCHEMA bench%d",
                                               number, number))));
    k->store =
        str_fmt(c->arena, "%s%soptions=-csearch_path%%3Dbench%d", url, str_has(server, S("?")) ? "&" : "?", number);
}

static void set_up(struct contender *k, const char *folder, const char *url, int number)
{
    k->c = new_ctx(&k->arena);
    atomic_init(&k->position, 1);
    new_store(k, folder, url, number);
    check(&k->c, db_open(&k->c, &k->arena, k->store, DB_WRITE | DB_CREATE, &k->c.db));
    check(&k->c, store_migrate(&k->c));
    if (k->through_writer)
        check(&k->c, writer_open(&k->c, &k->arena, k->store, &k->writer));
}

static void run_round(struct contender *k, struct worker *workers, int round, int64_t ms)
{
    pthread_t threads[THREADS];
    atomic_bool stop = false;
    for (int i = 0; i < k->threads; i++) {
        workers[i] = (struct worker){.contender = k, .stop = &stop};
        workers[i].c = new_ctx(&workers[i].arena);
        if (!k->through_writer)
            check(&workers[i].c, db_open(&workers[i].c, &workers[i].arena, k->store, DB_WRITE, &workers[i].c.db));
    }
    int64_t at = now_us(), done = 0, slowest = 0;
    for (int i = 0; i < k->threads; i++)
        if (pthread_create(&threads[i], NULL, write_on, &workers[i]))
            abort();
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
    atomic_store(&stop, true);
    for (int i = 0; i < k->threads; i++)
        pthread_join(threads[i], NULL);
    int64_t took = now_us() - at;
    for (int i = 0; i < k->threads; i++) {
        done += workers[i].done;
        slowest = workers[i].slowest_us > slowest ? workers[i].slowest_us : slowest;
        arena_reset(&workers[i].arena);
    }
    k->rates[round] = (double)done * 1e6 / (double)took;
    printf("round %d  %-18s %9.0f writes/s, slowest %.1f ms\n", round + 1, k->name, k->rates[round],
           (double)slowest / 1000);
    fflush(stdout);
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *v, int n)
{
    qsort(v, (size_t)n, sizeof *v, ascending);
    return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

int main(int argc, char **argv)
{
    const char *url = getenv("HOALU_TEST_POSTGRES");
    long rounds = argc > 2 ? strtol(argv[2], NULL, 10) : 5, ms = argc > 3 ? strtol(argv[3], NULL, 10) : 1000;
    rounds = rounds < 1 ? 1 : rounds > MAX_ROUNDS ? MAX_ROUNDS : rounds;
    static struct contender contenders[] = {
        {.name = "writer/SQLite", .threads = THREADS, .engine = DB_SQLITE, .through_writer = true},
        {.name = "plain SQLite", .threads = 1, .engine = DB_SQLITE},
        {.name = "writer/PostgreSQL", .threads = THREADS, .engine = DB_POSTGRES, .through_writer = true},
        {.name = "plain PostgreSQL", .threads = THREADS, .engine = DB_POSTGRES},
    };
    static struct worker workers[THREADS];
    int n = url ? 4 : 2;
    for (int i = 0; i < n; i++)
        set_up(&contenders[i], argc > 1 ? argv[1] : ".", url, i);
    for (int round = 0; round < rounds; round++)
        for (int i = 0; i < n; i++)
            run_round(&contenders[i], workers, round, ms);

    double rates[4] = {0};
    printf("\nDurable single writes, each answered when it is on the disk; median of %ld rounds of %ld ms, in turn, "
           "one machine.\n"
           "SQLite: WAL, synchronous=FULL; plain: 1 connection. PostgreSQL: synchronous_commit=on, fsync as the server "
           "has it;\n"
           "plain: 32 connections. Writers: 32 threads each.\n\n",
           rounds, ms);
    for (int i = 0; i < n; i++)
        printf("%-18s %9.0f writes/s\n", contenders[i].name, rates[i] = median(contenders[i].rates, (int)rounds));
    printf("\nwriter/SQLite : plain SQLite          %6.2f  (wanted: 5)\n", rates[0] / rates[1]);
    if (n == 4) {
        printf("writer/SQLite : plain PostgreSQL      %6.2f  (wanted: more than 1)\n", rates[0] / rates[3]);
        printf("writer/PostgreSQL : plain PostgreSQL  %6.2f\n", rates[2] / rates[3]);
    }
    for (int i = 0; i < n; i++) {
        remove_file(&contenders[i]); /* gone when the last connection is */
        arena_reset(&contenders[i].arena);
    }
    return 0;
}
