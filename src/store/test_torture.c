/* What fails is made to fail at every place in turn: each allocation, each call to the engine, the connection, the
 * whole process. Afterwards the store is whole and works. */
#include "store/engine.h"
#include "store/schema.h"
#include "store/store.sql.h"
#include "store/test_store.sql.h"
#include "test/store.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/banned.h"

enum { ENOUGH = 5000 };

struct row {
    struct str key, value, actor, subject;
    int64_t position;
};
RECORD(row_record, struct row, "row", "Whatever", {"key", FIELD_TEXT, offsetof(struct row, key)},
       {"value", FIELD_TEXT, offsetof(struct row, value)}, {"actor", FIELD_TEXT, offsetof(struct row, actor)},
       {"subject", FIELD_TEXT, offsetof(struct row, subject)}, {"position", FIELD_I64, offsetof(struct row, position)});

static enum err append(struct ctx *c)
{
    struct db_head *head = db_head(c->db);
    head->position++;
    return db_exec(c, SQL_test_event_put, ARG(head->position), ARG(ctx_now(c)), ARG(S("an")), ARG(S("việc")),
                   db_arg_bytes((struct str){(char *)head->chain, sizeof head->chain}));
}

static enum err read_all(struct ctx *c)
{
    struct row row = {0};
    struct rows rows = db_query(c, SQL_test_setting_all);
    while (db_next(&rows, &row_record, &row))
        ;
    return db_done(&rows);
}

/* What a command does: writes, reads one, reads many, and reads while reading. */
static enum err work(struct ctx *c, void *arg)
{
    (void)arg;
    struct row row = {0};
    int64_t n;
    TRY(append(c));
    TRY(db_exec(c, SQL_test_setting_replace, ARG(str_fmt(c->arena, "%d", 1)), ARG(S("k"))));
    TRY(db_one(c, SQL_test_setting_get, &row_record, &row, ARG(S("k"))));
    TRY(db_number(c, SQL_test_event_count, &n));
    struct rows rows = db_query(c, SQL_test_setting_all);
    while (db_next(&rows, &row_record, &row))
        TRY(read_all(c));
    return db_done(&rows);
}

static enum err migrate_write_read(struct ctx *c, void *arg)
{
    (void)arg;
    TRY(store_migrate(c));
    if (db_write_begin(c->db) || db_command_begin(c->db))
        return db_report(c, c->db, "begin");
    TRY(work(c, NULL));
    if (db_command_keep(c->db) || db_write_commit(c->db))
        return db_report(c, c->db, "commit");
    TRY(db_snapshot(c));
    TRY(read_all(c));
    db_snapshot_end(c);
    return OK;
}

/* Either nothing of a step is there or all of it; positions and head agree; and it goes on from there. */
static void check_whole(struct ctx *c, struct str store)
{
    struct arena arena;
    arena_init(&arena, 64 << 20);
    struct ctx fresh = {.arena = &arena, .source = c->source};
    c = &fresh;
    CHECK_OK(db_open(c, &arena, store, DB_WRITE, &c->db));
    CHECK_OK(store_migrate(c));
    int64_t n;
    struct db_head head;
    CHECK_OK(db_number(c, SQL_test_event_count, &n));
    CHECK_OK(db_read_head(c->db, &head));
    CHECK_INT(head.position, n);
    CHECK_OK(db_write_begin(c->db));
    CHECK_OK(work(c, NULL));
    CHECK_OK(db_write_commit(c->db));
    arena_reset(&arena);
}

static void empty(struct ctx *c, struct str store)
{
    struct arena arena;
    arena_init(&arena, 1 << 20);
    struct ctx fresh = {.arena = &arena, .source = c->source};
    c = &fresh;
    if (!test_on_postgres())
        for (int i = 0; i < 3; i++)
            unlink(str_z(&arena, str_fmt(&arena, "%.*s%s", ARGS(store), (const char *[]){"", "-wal", "-shm"}[i])));
    CHECK_OK(db_open(c, &arena, store, DB_WRITE | DB_CREATE, &c->db));
    if (test_on_postgres())
        CHECK_OK(
            db_script(c, "DO $$DECLARE s text := current_schema(); BEGIN "
                         "EXECUTE format('DROP SCHEMA %I CASCADE', s); EXECUTE format('CREATE SCHEMA %I', s); END$$"));
    arena_reset(&arena);
}

/* Returns what became of it, with the nth allocation or the nth call to the engine failing. */
static enum err attempt(struct ctx *c, struct str store, int64_t nth_allocation, int64_t nth_call)
{
    struct arena arena;
    arena_init(&arena, 64 << 20);
    struct ctx mine = {.arena = &arena, .source = c->source};
    c = &mine;
    CHECK_OK(db_open(c, &arena, store, DB_WRITE, &c->db));
    arena.fail_in = nth_allocation;
    db_fail_in(c->db, nth_call);
    enum err e = ctx_run(c, migrate_write_read, NULL);
    CHECK(!e || c->error.code == e);
    CHECK(!e || c->error.message.n > 0);
    arena_reset(&arena); /* what it left open is rolled back with its connection */
    return e;
}

TEST(every_allocation_fails_in_turn)
{
    struct str store = test_store_new(c);
    int64_t n = 0;
    enum err e;
    do {
        empty(c, store);
        CHECK(++n < ENOUGH);
        e = attempt(c, store, n, 0);
        CHECK(e == OK || e == E_LIMIT);
        check_whole(c, store);
    } while (e);
    CHECK(n > 10);
}

TEST(every_call_to_the_engine_fails_in_turn)
{
    struct str store = test_store_new(c);
    int64_t n = 0;
    enum err e;
    do {
        empty(c, store);
        CHECK(++n < ENOUGH);
        e = attempt(c, store, 0, n);
        CHECK(e == OK || e == E_IO);
        check_whole(c, store);
    } while (e);
    CHECK(n > 30);
}

struct torture {
    int64_t nth_allocation, nth_call;
};

static enum err tortured(struct ctx *c, void *arg)
{
    const struct torture *t = arg;
    c->arena->fail_in = t->nth_allocation;
    db_fail_in(c->db, t->nth_call);
    enum err e = work(c, NULL);
    c->arena->fail_in = 0;
    return e;
}

static enum err healed(struct ctx *c, void *arg)
{
    (void)arg;
    db_fail_in(c->db, 0);
    return append(c);
}

static void torture_writer(struct ctx *c, bool memory)
{
    struct str store = test_store(c);
    struct writer *w;
    struct torture t = {0};
    struct command bad = {.run = tortured, .arg = &t}, good = {.run = healed};
    CHECK_OK(writer_open(c, c->arena, store, &w));
    int64_t answered = 0, n = 0, events;
    enum err e;
    do {
        CHECK(++n < ENOUGH);
        *(memory ? &t.nth_allocation : &t.nth_call) = n;
        e = writer_run(w, c, &bad);
        CHECK(e == OK || e == (memory ? E_LIMIT : E_IO));
        answered += !e;
        if (e) { /* else the call that was to fail is still to come */
            CHECK_OK(writer_run(w, c, &good));
            CHECK_INT(good.position, ++answered);
        }
    } while (e);
    CHECK_OK(db_number(c, SQL_test_event_count, &events));
    CHECK_INT(events, answered);
    CHECK(n > 5);
}

TEST(every_allocation_of_a_command_fails_in_turn)
{
    torture_writer(c, true);
}

TEST(every_call_of_a_write_fails_in_turn)
{
    torture_writer(c, false);
}

/* --- savepoints -------------------------------------------------------------------------------------------------- */

struct series_row {
    int64_t whole;
};
RECORD(series_row_record, struct series_row, "series", "A number",
       {"whole", FIELD_I64, offsetof(struct series_row, whole)});

/* Leaves a query that would have failed had it been read to its end. */
static enum err leave_early(struct ctx *c)
{
    struct series_row row;
    struct rows rows = db_query(c, SQL_test_fails_later);
    db_next(&rows, &series_row_record, &row);
    return db_done(&rows);
}

/* On PostgreSQL the end of a command is told to the server together with the next one. When that fails, undoing the
 * next one must not undo what was answered for before it. */
TEST(a_command_that_was_kept_is_not_undone_by_the_next)
{
    test_store(c);
    int64_t n;
    CHECK_OK(db_write_begin(c->db));
    CHECK_OK(db_command_begin(c->db)); /* so that every statement of these is prepared */
    CHECK_OK(append(c));
    CHECK_OK(db_command_undo(c->db));
    db_write_rollback(c->db);
    CHECK_OK(db_write_begin(c->db));
    CHECK_OK(db_command_begin(c->db));
    CHECK_OK(append(c));
    enum err left = leave_early(c);
    if (left || c->db->broken) { /* noticed at once: it is this command that fails */
        CHECK_OK(db_command_undo(c->db));
        db_write_rollback(c->db);
        return;
    }
    enum err e = db_command_keep(c->db);
    if (!e)
        e = db_command_begin(c->db);
    if (!e && append(c))
        e = db_command_undo(c->db);
    if (!e)
        e = db_write_commit(c->db);
    if (e) /* all of the batch is refused */
        db_write_rollback(c->db);
    CHECK_OK(db_number(c, SQL_test_event_count, &n));
    CHECK(e ? n == 0 : n >= 1);
}

/* The same with a savepoint that the server never had. */
TEST(a_failure_of_what_was_sent_ahead_is_the_failure_of_all)
{
    test_store(c);
    struct db_arg none = ARG(S("n"));
    int64_t n;
    CHECK_OK(db_write_begin(c->db));
    CHECK_OK(db_command_begin(c->db));
    CHECK_OK(append(c));
    CHECK(db_write_later(c->db, &SQL_test_null_setting, &none, 1) == (test_on_postgres() ? OK : E_INVALID));
    c->db->broken = OK; /* SQLite told at once */
    enum err e = db_command_begin(c->db);
    if (!e)
        e = append(c);
    if (test_on_postgres()) {
        CHECK(e != OK);
        CHECK(db_command_undo(c->db) != OK);
    }
    db_write_rollback(c->db);
    CHECK_OK(db_number(c, SQL_test_event_count, &n));
    CHECK_INT(n, 0);
}

/* --- lost connections -------------------------------------------------------------------------------------------- */

static enum err lose(struct ctx *c, void *arg)
{
    (void)arg;
    int64_t n;
    TRY(append(c));
    return db_number(c, SQL_test_lose_connection, &n);
}

TEST(a_lost_connection_refuses_its_batch_and_is_made_again)
{
    struct str store = test_store(c);
    struct writer *w;
    struct command bad = {.run = lose}, good = {.run = healed};
    CHECK_OK(writer_open(c, c->arena, store, &w));
    CHECK_OK(writer_run(w, c, &good));
    int64_t n = 1;
    if (test_on_postgres()) {
        CHECK_ERR(writer_run(w, c, &bad), E_IO);
        CHECK_OK(writer_run(w, c, &good));
        CHECK_INT(good.position, ++n);
    }
    /* Lost while idle: nobody notices. */
    CHECK_OK(db_number(c, SQL_test_lose_others, &(int64_t){0}));
    CHECK_OK(writer_run(w, c, &good));
    CHECK_INT(good.position, ++n);
}

TEST(a_reader_whose_connection_was_lost_reads_on)
{
    struct str store = test_store(c);
    struct ctx reader = *c;
    CHECK_OK(db_open(c, c->arena, store, DB_READ, &reader.db));
    CHECK_OK(db_exec(c, SQL_test_setting_replace, ARG(S("v")), ARG(S("k"))));
    int64_t n;
    CHECK_OK(db_number(&reader, SQL_test_setting_count, &n));
    for (int i = 0; i < 2; i++) { /* one answer, then many */
        CHECK_OK(db_number(c, SQL_test_lose_others, &n));
        if (i == 0)
            CHECK_OK(db_number(&reader, SQL_test_setting_count, &n));
        else
            CHECK_OK(read_all(&reader));
    }
    /* In a snapshot it would be another state: told, and over. */
    CHECK_OK(db_snapshot(&reader));
    CHECK_OK(read_all(&reader));
    CHECK_OK(db_number(c, SQL_test_lose_others, &n));
    CHECK_ERR(read_all(&reader), test_on_postgres() ? E_IO : OK);
    db_snapshot_end(&reader);
    CHECK_OK(read_all(&reader));
}

TEST(a_connection_lost_in_the_commit_is_told_plainly)
{
    struct str store = test_store(c);
    struct writer *w;
    struct command good = {.run = healed};
    CHECK_OK(writer_open(c, c->arena, store, &w));
    if (!test_on_postgres()) { /* a commit on SQLite fails or not, and is known to */
        CHECK_OK(writer_run(w, c, &good));
        return;
    }
    CHECK_OK(db_script(c, "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS "
                          "$$BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END$$;"
                          "CREATE CONSTRAINT TRIGGER die AFTER INSERT ON event DEFERRABLE INITIALLY DEFERRED "
                          "FOR EACH ROW EXECUTE FUNCTION die()"));
    CHECK_ERR(writer_run(w, c, &good), E_IO);
    CHECK(str_has(c->error.message, S("chưa rõ")));
    CHECK_OK(db_script(c, "DROP TRIGGER die ON event"));
    CHECK_OK(writer_run(w, c, &good));
    CHECK_INT(good.position, 1);
}

/* --- kill -9 ----------------------------------------------------------------------------------------------------- */

enum { WRITERS = 8, ANSWERS = 300 };

struct victim {
    struct writer *writer;
    int pipe;
};

static void *write_and_tell(void *arg)
{
    const struct victim *v = arg;
    struct arena arena;
    arena_init(&arena, 4 << 20);
    struct ctx mine = {.arena = &arena, .source = source_system()};
    struct command command = {.run = healed};
    while (writer_run(v->writer, &mine, &command) == OK)
        if (write(v->pipe, &command.position, sizeof command.position) != sizeof command.position)
            break;
    return NULL;
}

static _Noreturn void be_killed(struct ctx *c, struct str store, int pipe)
{
    struct victim v = {.pipe = pipe};
    pthread_t threads[WRITERS];
    CHECK_OK(writer_open(c, c->arena, store, &v.writer));
    for (int i = 0; i < WRITERS; i++)
        CHECK(!pthread_create(&threads[i], NULL, write_and_tell, &v));
    for (;;)
        pause();
}

TEST(no_answered_write_is_lost_when_the_process_is_killed)
{
    struct str store = test_store_new(c);
    struct arena arena;
    arena_init(&arena, 16 << 20);
    struct ctx first = {.arena = &arena, .source = c->source};
    CHECK_OK(db_open(&first, &arena, store, DB_WRITE | DB_CREATE, &first.db));
    CHECK_OK(store_migrate(&first));
    arena_reset(&arena);
    int ends[2];
    CHECK(pipe(ends) == 0);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0)
        be_killed(c, store, ends[1]);
    close(ends[1]);
    int64_t position, last = 0, answers = 0;
    while (answers < ANSWERS && read(ends[0], &position, sizeof position) == sizeof position) {
        answers++;
        last = position > last ? position : last;
    }
    CHECK_INT(answers, ANSWERS);
    kill(child, SIGKILL);
    CHECK(waitpid(child, NULL, 0) == child);
    CHECK_OK(db_open(c, c->arena, store, DB_WRITE, &c->db));
    CHECK_OK(store_migrate(c));
    struct db_head head;
    struct row row = {0};
    struct rows rows = db_query(c, SQL_test_event_all);
    int64_t n = 0;
    while (db_next(&rows, &row_record, &row))
        CHECK_INT(row.position, ++n);
    CHECK_OK(db_done(&rows));
    CHECK(n >= last);
    CHECK_OK(db_read_head(c->db, &head));
    CHECK(head.position >= n); /* on PostgreSQL the dead process's last commit may arrive in between */
}
