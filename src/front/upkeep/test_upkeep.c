/* The thread of upkeep and the daily seal, on both engines; the clock is the test's. */
#include "front/upkeep/upkeep.h"

#include "base/period.h"
#include "ledger/ledger.h"
#include "test/store.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/banned.h"

static enum err happen(struct ctx *c, void *arg)
{
    (void)arg;
    return ledger_append(c, S("task.progress"), S("tasks/1"), S("{}"), NULL);
}

/* A store with one event, and a key of its own. */
static struct upkeep_options start(struct ctx *c)
{
    struct str store = test_store(c);
    struct upkeep_options options = {.store = store};
    char folder[] = "/tmp/hoalu-upkeep-XXXXXX";
    CHECK(mkdtemp(folder));
    setenv("HOALU_KEY", str_z(c->arena, str_fmt(c->arena, "%s/key", folder)), 1);
    CHECK_OK(writer_open(c, c->arena, store, &options.writer));
    struct command command = {.run = happen};
    CHECK_OK(writer_run(options.writer, c, &command));
    return options;
}

static void write_one(struct ctx *c, const struct upkeep_options *options)
{
    struct command command = {.run = happen};
    CHECK_OK(writer_run(options->writer, c, &command));
}

static void set_clock(struct ctx *c, const char *moment)
{
    int64_t us;
    CHECK(moment_parse(str_of(moment), &us));
    test_set_clock(c, us);
}

static size_t roots(struct ctx *c, struct ledger_roots *ret)
{
    CHECK_OK(ledger_roots(c, I64_NONE, 100, ret));
    return ret->n;
}

/* 17:00 UTC is midnight in Vietnam. */
TEST(the_ledger_is_sealed_once_a_day)
{
    struct upkeep_options options = start(c);
    struct ledger_roots list;
    struct upkeep *u;
    set_clock(c, "2026-11-23T03:00:00.000000Z");
    upkeep_init(c, c->arena, &options, &u);
    upkeep_round(c, u, false);
    CHECK_INT(roots(c, &list), 1); /* none was ever made: at once */
    write_one(c, &options);
    set_clock(c, "2026-11-23T16:59:59.000000Z");
    upkeep_round(c, u, false);
    CHECK_INT(roots(c, &list), 1); /* still the same day */
    set_clock(c, "2026-11-23T17:00:30.000000Z");
    upkeep_round(c, u, false);
    CHECK_INT(roots(c, &list), 1); /* a minute has not gone by since it was looked at */
    set_clock(c, "2026-11-23T17:01:00.000000Z");
    upkeep_round(c, u, false);
    CHECK_INT(roots(c, &list), 2);
    int32_t day;
    CHECK(day_parse(S("2026-11-24"), &day));
    CHECK_INT(list.v[0].day, day);
    CHECK_INT(list.v[1].day, day - 1);
    /* Event, key, seal, event, seal: the second covers what the first had not, and the first's own event. */
    CHECK_INT(list.v[0].position, 4);
    CHECK(ledger_is_root(list.v[0].root));
    struct verdict verdict;
    CHECK_OK(ledger_verify_store(c, list.v[0].root, &verdict));
    CHECK(verdict.whole);
    /* Nothing happened for two days: nothing is sealed, so that roots do not say more than there is. */
    set_clock(c, "2026-11-26T03:00:00.000000Z");
    upkeep_round(c, u, false);
    CHECK_INT(roots(c, &list), 2);
}

TEST(two_nodes_make_one_seal)
{
    struct upkeep_options options = start(c), other = options;
    struct upkeep *one, *two;
    struct ledger_roots list;
    struct verdict verdict;
    CHECK_OK(writer_open(c, c->arena, options.store, &other.writer));
    upkeep_init(c, c->arena, &options, &one);
    upkeep_init(c, c->arena, &other, &two);
    upkeep_round(c, one, false);
    upkeep_round(c, two, false);
    CHECK_INT(roots(c, &list), 1);
    CHECK_OK(ledger_verify_store(c, S(""), &verdict));
    CHECK(verdict.whole);
    CHECK_INT(verdict.seals, 1);
}

static enum err seal(struct ctx *c, void *key)
{
    return ledger_seal(c, key);
}

TEST(a_day_with_seals_by_hand_has_one_root)
{
    struct upkeep_options options = start(c);
    struct ledger_key key;
    struct ledger_roots list;
    struct upkeep *u;
    upkeep_init(c, c->arena, &options, &u);
    upkeep_round(c, u, false);
    CHECK_OK(ledger_key_load(c, str_of(getenv("HOALU_KEY")), false, &key));
    for (int i = 0; i < 3; i++) {
        write_one(c, &options);
        struct command command = {.run = seal, .arg = &key};
        CHECK_OK(writer_run(options.writer, c, &command));
    }
    CHECK_INT(roots(c, &list), 1);
    struct ledger_sealed last;
    CHECK_OK(ledger_last_seal(c, &last));
    CHECK_STR(list.v[0].root, last.root);
    /* Behind a cursor. */
    test_set_clock(c, ctx_now(c) + DAY_US);
    write_one(c, &options);
    upkeep_round(c, u, false);
    CHECK_INT(roots(c, &list), 2);
    CHECK_OK(ledger_roots(c, list.v[0].seq, 1, &list));
    CHECK_INT(list.n, 1);
    CHECK_STR(list.v[0].root, last.root);
}

TEST(who_keeps_the_key_elsewhere_seals_by_hand)
{
    struct upkeep_options options = start(c);
    struct ledger_roots list;
    struct upkeep *u;
    options.no_seal = true;
    upkeep_init(c, c->arena, &options, &u);
    upkeep_round(c, u, false);
    CHECK_INT(roots(c, &list), 0);
}

/* --- the thread --------------------------------------------------------------------------------------------------- */

struct heard {
    atomic_int n;
    struct str last;
    struct ctx *c;
};

static void hear(void *arg, const char *task, const struct error *why)
{
    struct heard *h = arg;
    CHECK(strcmp(task, "seal") == 0);
    h->last = str_dup(h->c->arena, why->message);
    h->n++;
}

TEST(a_failure_is_told_once_and_tried_again)
{
    struct upkeep_options options = start(c);
    struct heard heard = {.c = c};
    struct ledger_roots list;
    struct upkeep *u;
    char *key = str_z(c->arena, str_of(getenv("HOALU_KEY")));
    options.say = hear;
    options.say_arg = &heard;
    CHECK_INT(mkdir(key, 0700), 0); /* a folder is no key */
    upkeep_init(c, c->arena, &options, &u);
    for (int i = 0; i < 3; i++) {
        upkeep_round(c, u, false);
        test_set_clock(c, ctx_now(c) + 60000000);
    }
    CHECK_INT(heard.n, 1);
    CHECK(str_has(heard.last, S("tệp khóa")));
    CHECK_INT(rmdir(key), 0);
    upkeep_round(c, u, false);
    CHECK_INT(heard.n, 1);
    CHECK_INT(roots(c, &list), 1);
}

static atomic_int rounds;
static enum err count(struct ctx *c, const struct upkeep_options *with)
{
    (void)with;
    CHECK_STR(c->actor.name, S("system"));
    rounds++;
    return OK;
}

static void wait_for_rounds(int n)
{
    for (int i = 0; rounds < n && i < 5000; i++)
        nanosleep(&(struct timespec){0, 1000000}, NULL);
    CHECK(rounds >= n);
}

TEST(the_thread_runs_at_start_and_when_asked_and_stops_at_once)
{
    static const struct upkeep_task tasks[] = {{"count", (int64_t)3600 * 1000000, count}, {0}};
    struct upkeep_options options = start(c);
    struct upkeep *u, *never;
    options.tasks = tasks;
    upkeep_init(c, c->arena, &options, &never);
    upkeep_stop(never);
    upkeep_init(c, c->arena, &options, &u);
    CHECK_OK(upkeep_start(c, u));
    wait_for_rounds(1);
    upkeep_wake(u);
    wait_for_rounds(2);
    struct timespec before, after;
    clock_gettime(CLOCK_MONOTONIC, &before);
    upkeep_stop(u);
    clock_gettime(CLOCK_MONOTONIC, &after);
    CHECK(after.tv_sec - before.tv_sec < 5); /* and not at its next minute */
    CHECK_INT(rounds, 2);
}
