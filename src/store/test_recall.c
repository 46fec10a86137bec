/* Rows from memory: the same as from the store, until the position moves. What is changed here behind the ledger's back
 * shows which of both was asked. */
#include "store/engine.h"
#include "store/test_store.sql.h"
#include "test/store.h"

#include <math.h>
#include <pthread.h>
#include <string.h>

#include "base/banned.h"

struct setting {
    struct str value, key;
};
RECORD(recall_setting_record, struct setting, "setting", "A setting",
       {"key", FIELD_TEXT, offsetof(struct setting, key)}, {"value", FIELD_TEXT, offsetof(struct setting, value)});
RECORD(recall_backwards_record, struct setting, "setting", "The same, its fields in another order",
       {"value", FIELD_TEXT, offsetof(struct setting, value)}, {"key", FIELD_TEXT, offsetof(struct setting, key)});

struct types {
    int64_t whole;
    double real;
    struct str text, bytes, word;
    int32_t day;
    bool yes;
};
RECORD(recall_types_record, struct types, "types", "One value of each type",
       {"whole", FIELD_I64, offsetof(struct types, whole)}, {"real", FIELD_F64, offsetof(struct types, real)},
       {"text", FIELD_TEXT, offsetof(struct types, text)}, {"bytes", FIELD_BYTES, offsetof(struct types, bytes)},
       {"day", FIELD_DAY, offsetof(struct types, day)}, {"yes", FIELD_BOOL, offsetof(struct types, yes)},
       {"word", FIELD_TEXT, offsetof(struct types, word)});

static enum err append(struct ctx *c, void *arg)
{
    (void)arg;
    struct db_head *head = db_head(c->db);
    head->position++;
    return db_exec(c, SQL_test_event_put, ARG(head->position), ARG(ctx_now(c)), ARG(S("an")), ARG(S("x")),
                   db_arg_bytes((struct str){(char *)head->chain, sizeof head->chain}));
}

static void put(struct ctx *c, const char *key, const char *value)
{
    CHECK_OK(db_exec(c, SQL_test_setting_replace, ARG(str_of(value)), ARG(str_of(key))));
}

/* All settings as "key=value ", in a snapshot of its own. */
static struct str all(struct ctx *c, struct shelf *shelf, const struct record *r)
{
    struct str got = S("");
    struct setting s;
    int64_t position;
    CHECK_OK(db_snapshot_at(c, shelf, &position));
    struct rows rows = db_query(c, SQL_test_setting_all);
    while (db_next(&rows, r, &s))
        got = str_fmt(c->arena, "%.*s%.*s=%.*s ", ARGS(got), ARGS(s.key), ARGS(s.value));
    CHECK_OK(db_done(&rows));
    CHECK(!db_next(&rows, r, &s));
    db_snapshot_end(c);
    return got;
}

static enum err one(struct ctx *c, struct shelf *shelf, const char *key, struct str *ret)
{
    struct setting s = {0};
    int64_t position;
    CHECK_OK(db_snapshot_at(c, shelf, &position));
    enum err e = db_one(c, SQL_test_setting_get, &recall_setting_record, &s, ARG(str_of(key)));
    db_snapshot_end(c);
    *ret = s.value;
    return e;
}

TEST(rows_are_remembered_until_the_position_moves)
{
    struct writer *w;
    struct str store = test_store(c);
    struct shelf *shelf = shelf_new(c->arena, c->source, 1 << 20);
    CHECK_OK(writer_open(c, c->arena, store, &w));
    put(c, "a", "1");
    put(c, "b", "");
    CHECK_STR(all(c, shelf, &recall_setting_record), S("a=1 b= "));
    put(c, "a", "2");
    CHECK_STR(all(c, shelf, &recall_setting_record), S("a=1 b= "));
    CHECK_STR(all(c, shelf, &recall_backwards_record), S("a=1 b= "));
    CHECK_STR(all(c, NULL, &recall_setting_record), S("a=2 b= "));
    CHECK_OK(writer_run(w, c, &(struct command){.run = append}));
    CHECK_STR(all(c, shelf, &recall_setting_record), S("a=2 b= "));
    CHECK_INT(shelf_counts(shelf).hits, 2);
}

TEST(each_argument_has_rows_of_its_own)
{
    test_store(c);
    struct shelf *shelf = shelf_new(c->arena, c->source, 1 << 20);
    struct str value;
    char long_key[600];
    memset(long_key, 'k', sizeof long_key - 1);
    long_key[sizeof long_key - 1] = 0;
    put(c, "a", "1");
    put(c, "ab", "2");
    put(c, long_key, "3");
    for (int twice = 0; twice < 2; twice++) {
        CHECK_OK(one(c, shelf, "a", &value));
        CHECK_STR(value, S("1"));
        CHECK_OK(one(c, shelf, "ab", &value));
        CHECK_STR(value, S("2"));
        CHECK_OK(one(c, shelf, long_key, &value));
        CHECK_STR(value, S("3"));
        long_key[100] = 'x'; /* as long, and another */
        CHECK_ERR(one(c, shelf, long_key, &value), E_NOTFOUND);
        long_key[100] = 'k';
        CHECK_ERR(one(c, shelf, "c", &value), E_NOTFOUND);
        put(c, "c", "now"); /* what was not there is remembered as well */
    }
    CHECK_INT(shelf_counts(shelf).hits, 5);
}

TEST(every_type_comes_back_as_it_was)
{
    test_store(c);
    struct shelf *shelf = shelf_new(c->arena, c->source, 1 << 20);
    struct str none = {0};
    for (int twice = 0; twice < 2; twice++) {
        struct types t;
        int64_t position, n;
        CHECK_OK(db_snapshot_at(c, shelf, &position));
        CHECK_OK(db_one(c, SQL_test_types, &recall_types_record, &t, ARG(POS_OPEN), ARG(-0.1), ARG(S("Hoa Lư")),
                        db_arg_bytes(S("\0\1\xff\0")), db_arg_day(c, 20787), ARG(true)));
        CHECK(t.whole == POS_OPEN && t.real == -0.1 && t.day == 20787 && t.yes);
        CHECK_STR(t.text, S("Hoa Lư"));
        CHECK(t.text.p[t.text.n] == 0); /* a convenience for libc, as with an arena's */
        CHECK_STR(t.bytes, S("\0\1\xff\0"));
        CHECK_OK(db_one(c, SQL_test_types, &recall_types_record, &t, ARG(I64_NONE), ARG((double)NAN), ARG(none),
                        db_arg_bytes(none), db_arg_day(c, DAY_NONE), ARG(I64_NONE)));
        CHECK(!t.text.p && !t.bytes.p && t.day == DAY_NONE && !t.yes && t.whole == I64_NONE && isnan(t.real));
        CHECK_OK(db_one(c, SQL_test_types, &recall_types_record, &t, ARG((int64_t)0), ARG(0.0), ARG(S("")),
                        db_arg_bytes(S("")), db_arg_day(c, 0), ARG(false)));
        CHECK(t.text.p && t.text.n == 0 && t.bytes.p && t.bytes.n == 0 && t.whole == 0 && t.day == 0);
        CHECK_OK(db_number(c, SQL_test_backwards, &n, ARG(3), ARG(10)));
        CHECK_INT(n, 7);
        CHECK_OK(db_number(c, SQL_test_setting_count, &n));
        CHECK_INT(n, 0);
        db_snapshot_end(c);
    }
    CHECK_INT(shelf_counts(shelf).hits, 5);
    CHECK_INT(shelf_counts(shelf).misses, 5);
}

/* A record may be made for one reading and be gone afterwards; another may then stand in its place, or look otherwise.
 */
TEST(rows_outlive_the_record_that_they_were_read_into)
{
    struct wider {
        int64_t other;
        struct str key, value;
    } row = {.other = 7};
    struct writer *w;
    struct field fields[2] = {{"value", FIELD_TEXT, offsetof(struct setting, value)},
                              {"key", FIELD_TEXT, offsetof(struct setting, key)}};
    struct record r = {"setting", "", sizeof(struct setting), fields, 2, NULL};
    CHECK_OK(writer_open(c, c->arena, test_store(c), &w));
    struct shelf *shelf = shelf_new(c->arena, c->source, 1 << 20);
    put(c, "a", "1");
    put(c, "b", "2");
    CHECK_STR(all(c, shelf, &r), S("a=1 b=2 "));
    CHECK_STR(all(c, shelf, &r), S("a=1 b=2 "));
    /* The same record, by its address, of another struct. */
    fields[0].offset = offsetof(struct wider, value);
    fields[1].offset = offsetof(struct wider, key);
    int64_t position;
    CHECK_OK(db_snapshot_at(c, shelf, &position));
    struct rows rows = db_query(c, SQL_test_setting_all);
    CHECK(db_next(&rows, &r, &row) && db_next(&rows, &r, &row));
    CHECK_STR(row.key, S("b"));
    CHECK_STR(row.value, S("2"));
    CHECK_INT(row.other, 7); /* no column, so it keeps what it had */
    CHECK_OK(db_done(&rows));
    /* A field of another type would be read into wrongly. */
    fields[1].type = FIELD_I64;
    rows = db_query(c, SQL_test_setting_all);
    CHECK(!db_next(&rows, &r, &row));
    CHECK_ERR(db_done(&rows), E_INTERNAL);
    db_snapshot_end(c);
    CHECK_INT(shelf_counts(shelf).hits, 3);
}

TEST(what_was_not_read_to_its_end_is_not_remembered)
{
    test_store(c);
    struct shelf *shelf = shelf_new(c->arena, c->source, 1 << 20);
    struct setting s;
    int64_t position;
    put(c, "a", "1");
    put(c, "b", "2");
    CHECK_OK(db_snapshot_at(c, shelf, &position));
    struct rows rows = db_query(c, SQL_test_setting_all);
    CHECK(db_next(&rows, &recall_setting_record, &s));
    CHECK_OK(db_done(&rows));
    struct rows failing = db_query(c, SQL_test_fails_later);
    struct types t;
    while (db_next(&failing, &recall_types_record, &t))
        ;
    CHECK(db_done(&failing) != OK);
    db_snapshot_end(c);
    CHECK_INT(shelf_counts(shelf).things, 0);
    CHECK_STR(all(c, shelf, &recall_setting_record), S("a=1 b=2 "));
}

TEST(what_is_too_large_is_read_each_time)
{
    test_store(c);
    struct shelf *shelf = shelf_new(c->arena, c->source, 1 << 20);
    for (int twice = 0; twice < 2; twice++) {
        struct types t;
        int64_t position, sum = 0;
        CHECK_OK(db_snapshot_at(c, shelf, &position));
        struct rows rows = db_query(c, SQL_test_series, ARG(20000));
        while (db_next(&rows, &recall_types_record, &t))
            sum += t.whole;
        CHECK_OK(db_done(&rows));
        CHECK_INT(sum, 20000LL * 20001 / 2);
        db_snapshot_end(c);
    }
    CHECK_INT(shelf_counts(shelf).things, 0);
}

/* All settings, expected at `position`; p == NULL if they could not be read. */
static struct str expected(struct ctx *c, struct shelf *shelf, int64_t position, bool *ret_missed)
{
    struct str got = S("");
    struct setting s;
    db_snapshot_expect(c, shelf, position);
    struct rows rows = db_query(c, SQL_test_setting_all);
    while (db_next(&rows, &recall_setting_record, &s))
        got = str_fmt(c->arena, "%.*s%.*s=%.*s ", ARGS(got), ARGS(s.key), ARGS(s.value));
    if (db_done(&rows))
        got.p = NULL;
    *ret_missed = db_snapshot_missed(c);
    db_snapshot_end(c);
    return got;
}

TEST(at_a_position_that_is_known_the_store_is_asked_for_what_is_not_remembered_alone)
{
    struct writer *w;
    bool missed;
    struct str store = test_store(c);
    struct shelf *shelf = shelf_new(c->arena, c->source, 1 << 20);
    struct command command = {.run = append};
    CHECK_OK(writer_open(c, c->arena, store, &w));
    put(c, "a", "1");
    CHECK_OK(writer_run(w, c, &command));
    CHECK_STR(expected(c, shelf, command.position, &missed), S("a=1 "));
    CHECK(!missed);
    /* Not even the beginning of a snapshot is. */
    db_fail_in(c->db, 1);
    CHECK_STR(expected(c, shelf, command.position, &missed), S("a=1 "));
    CHECK(!missed);
    db_fail_in(c->db, 0);
    /* The ledger has moved on: what is remembered of before is given, what is not is refused and never remembered. */
    int64_t before = command.position;
    put(c, "a", "2");
    CHECK_OK(writer_run(w, c, &command));
    CHECK_STR(expected(c, shelf, before, &missed), S("a=1 "));
    CHECK(!missed);
    struct setting s = {0};
    db_snapshot_expect(c, shelf, before);
    CHECK_ERR(db_one(c, SQL_test_setting_get, &recall_setting_record, &s, ARG(S("a"))), E_BUSY);
    CHECK(db_snapshot_missed(c));
    db_snapshot_end(c);
    CHECK(!db_snapshot_missed(c));
    struct str value;
    CHECK_OK(one(c, shelf, "a", &value));
    CHECK_STR(value, S("2"));
    /* A store that does not answer is told by whoever asks it again. */
    db_fail_in(c->db, 1);
    CHECK(!expected(c, shelf, command.position, &missed).p);
    CHECK(missed);
    db_fail_in(c->db, 0);
    CHECK_STR(expected(c, shelf, command.position, &missed), S("a=2 "));
    CHECK(!missed);
}

TEST(without_a_snapshot_the_store_is_asked)
{
    test_store(c);
    struct shelf *shelf = shelf_new(c->arena, c->source, 1 << 20);
    struct str value;
    struct setting s;
    put(c, "a", "1");
    CHECK_OK(one(c, shelf, "a", &value));
    put(c, "a", "2");
    CHECK_OK(db_one(c, SQL_test_setting_get, &recall_setting_record, &s, ARG(S("a"))));
    CHECK_STR(s.value, S("2"));
    CHECK_OK(db_snapshot(c));
    CHECK_OK(db_one(c, SQL_test_setting_get, &recall_setting_record, &s, ARG(S("a"))));
    CHECK_STR(s.value, S("2"));
    db_snapshot_end(c);
}

struct reader {
    struct str store;
    struct shelf *shelf;
    int wrong;
};

/* Each event is there from its position on: a snapshot at n holds n events, wherever the count came from. */
static void *count_events(void *arg)
{
    struct reader *me = arg;
    struct arena arena;
    arena_init(&arena, 64 << 20);
    struct ctx c = {.arena = &arena, .source = source_system()};
    me->wrong = db_open(&c, &arena, me->store, DB_READ, &c.db) != OK;
    for (int i = 0; i < 300 && !me->wrong; i++) {
        int64_t position, n = -1;
        struct arena_mark mark = arena_mark(&arena);
        me->wrong += db_snapshot_at(&c, me->shelf, &position) || db_number(&c, SQL_test_event_count, &n);
        me->wrong += n != position;
        db_snapshot_end(&c);
        arena_rewind(&arena, mark);
    }
    arena_reset(&arena);
    return NULL;
}

TEST(readers_beside_a_writer_see_what_their_position_says)
{
    enum { THREADS = 3 };
    struct writer *w;
    struct str store = test_store(c);
    struct shelf *shelf = shelf_new(c->arena, c->source, 1 << 20);
    struct reader readers[THREADS];
    pthread_t threads[THREADS];
    CHECK_OK(writer_open(c, c->arena, store, &w));
    for (int i = 0; i < THREADS; i++) {
        readers[i] = (struct reader){store, shelf, 0};
        CHECK(pthread_create(&threads[i], NULL, count_events, &readers[i]) == 0);
    }
    for (int i = 0; i < 50; i++) {
        struct command command = {.run = append};
        CHECK_OK(writer_run(w, c, &command));
        CHECK_INT(writer_position(w), command.position);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        CHECK_INT(readers[i].wrong, 0);
    }
}
