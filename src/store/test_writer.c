#include "store/engine.h"
#include "store/test_store.sql.h"
#include "test/store.h"

#include <pthread.h>
#include <string.h>

#include "base/banned.h"

/* What the ledger does, without its hashes: take the next position and put an event there. */
static enum err append(struct ctx *c, struct str subject)
{
    struct db_head *head = db_head(c->db);
    head->position++;
    head->chain[0]++;
    return db_exec(c, SQL_test_event_put, ARG(head->position), ARG(ctx_now(c)), ARG(c->actor.name), ARG(subject),
                   db_arg_bytes((struct str){(char *)head->chain, sizeof head->chain}));
}

static enum err add_event(struct ctx *c, void *arg)
{
    return append(c, *(struct str *)arg);
}

static enum err refuse(struct ctx *c, void *arg)
{
    TRY(append(c, S("refused")));
    return FAIL(c, E_INVALID, "từ chối %s", (char *)arg);
}

static enum err exhaust(struct ctx *c, void *arg)
{
    TRY(append(c, S("exhausted")));
    memset(arena_alloc(c->arena, 1, 1, (size_t)1 << 29), 1, 1);
    return *(enum err *)arg;
}

/* A statement that fails and a command that does not mind. */
static enum err careless(struct ctx *c, void *arg)
{
    TRY(append(c, S("careless")));
    enum err e = db_exec(c, SQL_test_null_setting, ARG(S("n")));
    *(bool *)arg = e == E_INVALID;
    e = db_exec(c, SQL_test_setting_put, ARG(S("after")), ARG(S("")));
    return OK;
}

static enum err nothing(struct ctx *c, void *arg)
{
    (void)c;
    (void)arg;
    return OK;
}

static struct writer *start(struct ctx *c, struct str *ret_store)
{
    struct writer *w;
    *ret_store = test_store(c);
    CHECK(db_head(c->db) == NULL);
    CHECK_OK(writer_open(c, c->arena, *ret_store, &w));
    return w;
}

static int64_t n_events(struct ctx *c)
{
    int64_t n;
    CHECK_OK(db_number(c, SQL_test_event_count, &n));
    return n;
}

TEST(a_command_is_there_when_answered)
{
    struct str store, subject = S("tasks/1");
    struct writer *w = start(c, &store);
    struct command command = {.run = add_event, .arg = &subject};
    CHECK_OK(writer_run(w, c, &command));
    CHECK_INT(command.position, 1);
    CHECK_INT(n_events(c), 1);
    CHECK_OK(writer_run(w, c, &command));
    CHECK_INT(command.position, 2);
    struct command idle = {.run = nothing};
    CHECK_OK(writer_run(w, c, &idle));
    CHECK_INT(idle.position, 2);
}

TEST(a_failing_command_leaves_nothing_but_its_words)
{
    struct str store, subject = S("s");
    struct writer *w = start(c, &store);
    char why[] = "việc này";
    struct command bad = {.run = refuse, .arg = why}, good = {.run = add_event, .arg = &subject};
    CHECK_ERR(writer_run(w, c, &bad), E_INVALID);
    CHECK_STR(c->error.message, S("từ chối việc này"));
    CHECK(c->error.code == E_INVALID);
    CHECK_OK(writer_run(w, c, &good));
    CHECK_INT(good.position, 1);
    CHECK_INT(n_events(c), 1);
}

TEST(a_command_out_of_memory_fails_alone)
{
    struct str store, subject = S("s");
    struct writer *w = start(c, &store);
    enum err never = OK;
    struct command bad = {.run = exhaust, .arg = &never}, good = {.run = add_event, .arg = &subject};
    CHECK_ERR(writer_run(w, c, &bad), E_LIMIT);
    CHECK_OK(writer_run(w, c, &good));
    CHECK_INT(good.position, 1);
}

TEST(a_failed_statement_fails_its_command)
{
    struct str store, subject = S("s");
    struct writer *w = start(c, &store);
    bool noticed = false;
    struct command bad = {.run = careless, .arg = &noticed}, good = {.run = add_event, .arg = &subject};
    CHECK_ERR(writer_run(w, c, &bad), E_INVALID);
    CHECK(noticed);
    CHECK_OK(writer_run(w, c, &good));
    CHECK_INT(n_events(c), 1);
    int64_t settings;
    CHECK_OK(db_number(c, SQL_test_setting_count, &settings));
    CHECK_INT(settings, 0);
}

enum { THREADS = 32, ROUNDS = 25 };

struct worker {
    struct writer *writer;
    int64_t positions[ROUNDS];
    int number;
};

static void *hammer(void *arg)
{
    struct worker *worker = arg;
    struct arena arena;
    arena_init(&arena, 4 << 20);
    struct ctx mine = {.arena = &arena, .source = source_system(), .actor = {S("an"), S(""), S("")}}, *c = &mine;
    char why[] = "x";
    for (int i = 0; i < ROUNDS; i++) {
        struct str subject = str_fmt(&arena, "%d/%d", worker->number, i);
        struct command good = {.run = add_event, .arg = &subject}, bad = {.run = refuse, .arg = why};
        CHECK_OK(writer_run(worker->writer, c, &good));
        worker->positions[i] = good.position;
        if ((i + worker->number) % 3 == 0)
            CHECK_ERR(writer_run(worker->writer, c, &bad), E_INVALID);
    }
    arena_reset(&arena);
    return NULL;
}

struct event_row {
    int64_t position;
    struct str actor, subject;
};
RECORD(event_row_record, struct event_row, "event", "An event",
       {"position", FIELD_I64, offsetof(struct event_row, position)},
       {"actor", FIELD_TEXT, offsetof(struct event_row, actor)},
       {"subject", FIELD_TEXT, offsetof(struct event_row, subject)});

/* Two writers on one store, as two nodes are, and many threads at each. */
TEST(positions_have_no_gaps_and_what_was_answered_is_there)
{
    struct str store;
    struct writer *writers[2] = {start(c, &store)};
    CHECK_OK(writer_open(c, c->arena, store, &writers[1]));
    struct worker *workers = NEWN(c->arena, struct worker, THREADS);
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){.writer = writers[i % 2], .number = i};
        CHECK(!pthread_create(&threads[i], NULL, hammer, &workers[i]));
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);

    struct str subjects[THREADS * ROUNDS + 1] = {0};
    struct rows rows = db_query(c, SQL_test_event_all);
    struct event_row event;
    int64_t n = 0;
    while (db_next(&rows, &event_row_record, &event)) {
        CHECK_INT(event.position, ++n);
        CHECK(n <= THREADS * ROUNDS);
        CHECK_STR(event.actor, S("an"));
        subjects[n] = event.subject;
    }
    CHECK_OK(db_done(&rows));
    CHECK_INT(n, THREADS * ROUNDS);
    for (int i = 0; i < THREADS; i++)
        for (int k = 0; k < ROUNDS; k++) {
            CHECK(k == 0 || workers[i].positions[k] > workers[i].positions[k - 1]);
            CHECK_STR(subjects[workers[i].positions[k]], str_fmt(c->arena, "%d/%d", i, k));
        }
}
