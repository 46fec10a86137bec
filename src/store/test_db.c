#include "store/engine.h"
#include "store/schema.h"
#include "store/test_store.sql.h"
#include "test/store.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/banned.h"

struct setting {
    struct str key, value;
};
RECORD(setting_record, struct setting, "setting", "A setting", {"key", FIELD_TEXT, offsetof(struct setting, key)},
       {"value", FIELD_TEXT, offsetof(struct setting, value)});

struct types {
    int64_t whole;
    double real;
    struct str text, bytes, word;
    int32_t day;
    bool yes;
};
RECORD(types_record, struct types, "types", "One value of each type",
       {"whole", FIELD_I64, offsetof(struct types, whole)}, {"real", FIELD_F64, offsetof(struct types, real)},
       {"text", FIELD_TEXT, offsetof(struct types, text)}, {"bytes", FIELD_BYTES, offsetof(struct types, bytes)},
       {"day", FIELD_DAY, offsetof(struct types, day)}, {"yes", FIELD_BOOL, offsetof(struct types, yes)},
       {"word", FIELD_TEXT, offsetof(struct types, word)});

static void put(struct ctx *c, const char *key, struct str value)
{
    CHECK_OK(db_exec(c, SQL_test_setting_put, ARG(str_of(key)), ARG(value)));
}

TEST(values_come_back_as_they_went_in)
{
    test_store(c);
    static const int64_t wholes[] = {0, 1, -1, INT64_MAX, INT64_MIN + 1, POS_OPEN};
    static const double reals[] = {0, -0.5, 0.1, 1e300, 5e-324, 123456789.123456789};
    for (int i = 0; i < 6; i++) {
        struct types t;
        CHECK_OK(db_one(c, SQL_test_types, &types_record, &t, ARG(wholes[i]), ARG(reals[i]),
                        ARG(S("Hoa Lư – 'đô' \"cũ\" \\n")), db_arg_bytes(S("\0\1\xff\0")), db_arg_day(c, 20787),
                        ARG(true)));
        CHECK(t.whole == wholes[i] && t.real == reals[i] && t.day == 20787 && t.yes);
        CHECK_STR(t.text, S("Hoa Lư – 'đô' \"cũ\" \\n"));
        CHECK_STR(t.bytes, S("\0\1\xff\0"));
        CHECK_STR(t.word, S("$1 ?1 --"));
    }
}

TEST(empty_is_not_absent)
{
    test_store(c);
    struct types t;
    CHECK_OK(db_one(c, SQL_test_types, &types_record, &t, ARG((int64_t)0), ARG(0.0), ARG(S("")), db_arg_bytes(S("")),
                    db_arg_day(c, 0), ARG(false)));
    CHECK(t.text.p && t.text.n == 0 && t.bytes.p && t.bytes.n == 0 && t.day == 0 && !t.yes && t.whole == 0 &&
          t.real == 0);
    struct str none = {0};
    CHECK_OK(db_one(c, SQL_test_types, &types_record, &t, ARG(I64_NONE), ARG((double)NAN), ARG(none),
                    db_arg_bytes(none), db_arg_day(c, DAY_NONE), ARG(I64_NONE)));
    CHECK(!t.text.p && !t.bytes.p && t.day == DAY_NONE && !t.yes && t.whole == I64_NONE && isnan(t.real));
}

TEST(arguments_are_numbered_not_ordered)
{
    test_store(c);
    int64_t n;
    CHECK_OK(db_number(c, SQL_test_backwards, &n, ARG(3), ARG(10)));
    CHECK_INT(n, 7);
}

TEST(rows_come_in_order_and_bytewise)
{
    test_store(c);
    put(c, "b", S("2"));
    put(c, "đ", S("4"));
    put(c, "B", S("1"));
    put(c, "c", S("3"));
    struct rows rows = db_query(c, SQL_test_setting_all);
    struct setting s;
    struct str got = S("");
    while (db_next(&rows, &setting_record, &s))
        got = str_fmt(c->arena, "%.*s%.*s", ARGS(got), ARGS(s.value));
    CHECK_OK(db_done(&rows));
    CHECK_STR(got, S("1234"));
    CHECK_INT(rows.n, 4);
    CHECK(!db_next(&rows, &setting_record, &s));
}

TEST(one_row_or_not_found)
{
    test_store(c);
    struct setting s = {S("kept"), S("")};
    CHECK_ERR(db_one(c, SQL_test_setting_get, &setting_record, &s, ARG(S("x"))), E_NOTFOUND);
    put(c, "x", S("giá trị"));
    CHECK_OK(db_one(c, SQL_test_setting_get, &setting_record, &s, ARG(S("x"))));
    CHECK_STR(s.value, S("giá trị"));
    CHECK_STR(s.key, S("kept")); /* no column of that name */
    put(c, "y", S(""));
    CHECK_ERR(db_one(c, SQL_test_setting_all, &setting_record, &s), E_INTERNAL);
}

TEST(changes_are_counted)
{
    test_store(c);
    put(c, "a", S("1"));
    put(c, "b", S("1"));
    int64_t n = -1;
    struct db_arg from = ARG(S("b"));
    CHECK_OK(db_exec_args(c, &SQL_test_setting_delete, &n, &from, 1));
    CHECK_INT(n, 1);
    CHECK_OK(db_exec_args(c, &SQL_test_setting_delete, &n, &from, 1));
    CHECK_INT(n, 0);
    struct setting s;
    CHECK_OK(db_one(c, SQL_test_setting_returning, &setting_record, &s, ARG(S("a")), ARG(S("mới"))));
    CHECK_STR(s.value, S("mới"));
}

TEST(sums_fit_their_fields)
{
    test_store(c);
    static const char zeros[32];
    struct str hash = {zeros, 32};
    for (int64_t i = 1; i <= 4; i++)
        CHECK_OK(db_exec(c, SQL_test_event_put, ARG(i), ARG(i), ARG(S("")), ARG(S("")), db_arg_bytes(hash)));
    struct types t;
    CHECK_OK(db_one(c, SQL_test_sum, &types_record, &t));
    CHECK_INT(t.whole, 10);
    CHECK(t.real == 2.5);
    CHECK_OK(db_exec(c, SQL_test_event_put, ARG((int64_t)4000000000000000000), ARG(1), ARG(S("")), ARG(S("")),
                     db_arg_bytes(hash)));
    CHECK_OK(db_one(c, SQL_test_sum, &types_record, &t));
    CHECK_INT(t.whole, 4000000000000000010);
}

TEST(errors_are_alike_on_both_engines)
{
    test_store(c);
    put(c, "x", S("1"));
    CHECK_ERR(db_exec(c, SQL_test_setting_put, ARG(S("x")), ARG(S("2"))), E_CONFLICT);
    CHECK_ERR(db_exec(c, SQL_test_null_setting, ARG(S("n"))), E_INVALID);
    CHECK_ERR(db_exec(c, SQL_test_payload_put, ARG(7), ARG(S("{}"))), E_INVALID); /* REFERENCES event */
    CHECK(c->error.code == E_INVALID && c->error.message.n > 0);
    CHECK_OK(db_exec(c, SQL_test_setting_replace, ARG(S("3")), ARG(S("x"))));
}

TEST(a_reading_connection_cannot_write)
{
    struct str store = test_store(c);
    put(c, "x", S("1"));
    CHECK_OK(db_open(c, c->arena, store, DB_READ, &c->db));
    struct setting s;
    CHECK_ERR(db_exec(c, SQL_test_setting_put, ARG(S("y")), ARG(S("2"))), E_INTERNAL);
    CHECK_OK(db_one(c, SQL_test_setting_get, &setting_record, &s, ARG(S("x"))));
}

TEST(a_store_that_is_not_there)
{
    struct db *db;
    if (test_on_postgres()) {
        CHECK_ERR(db_open(c, c->arena, S("postgresql://u:bimat@/none?host=/nonexistent&password=bimat"), DB_READ, &db),
                  E_IO);
        CHECK_ERR(db_open(c, c->arena, S("postgresql://u:bimat@[/none"), DB_READ, &db), E_IO);
    } else {
        CHECK_ERR(db_open(c, c->arena, S("/nonexistent/store.db"), DB_READ, &db), E_NOTFOUND);
        CHECK_ERR(db_open(c, c->arena, S("/nonexistent/store.db"), DB_WRITE | DB_CREATE, &db), E_IO);
        char *junk = str_z(c->arena, test_store_new(c));
        FILE *f = fopen(junk, "w");
        for (int i = 0; i < 1000; i++)
            fputs("not a database ", f);
        fclose(f);
        CHECK_ERR(db_open(c, c->arena, str_of(junk), DB_WRITE, &db), E_IO);
    }
    CHECK(!str_has(c->error.message, S("bimat")));
}

TEST(labels_hide_passwords)
{
    CHECK_STR(db_label(c, S("postgresql://an:bí@mật@máy:5432/kho?x=1")), S("postgresql://an@máy:5432/kho?x=1"));
    CHECK_STR(db_label(c, S("postgresql://an@máy/kho?sslmode=require&password=p")),
              S("postgresql://an@máy/kho?sslmode=require&"));
    CHECK_STR(db_label(c, S("postgres://an:p@máy")), S("postgres://an@máy"));
    CHECK_STR(db_label(c, S("postgresql:///kho?host=/tmp")), S("postgresql:///kho?host=/tmp"));
    CHECK_STR(db_label(c, S("postgresql://máy:5432/kho")), S("postgresql://máy:5432/kho"));
    CHECK_STR(db_label(c, S("/dữ liệu/a:b@c.db")), S("/dữ liệu/a:b@c.db"));
}

/* A query may be read while others run, also the same one. */
TEST(queries_nest)
{
    test_store(c);
    for (int i = 0; i < 20; i++)
        put(c, str_z(c->arena, str_fmt(c->arena, "k%02d", i)), S("v"));
    struct rows outer = db_query(c, SQL_test_setting_all);
    struct setting s, t;
    int64_t seen = 0;
    while (db_next(&outer, &setting_record, &s)) {
        struct rows inner = db_query(c, SQL_test_setting_all);
        while (db_next(&inner, &setting_record, &t))
            seen++;
        CHECK_OK(db_done(&inner));
        CHECK_OK(db_one(c, SQL_test_setting_get, &setting_record, &t, ARG(s.key)));
    }
    CHECK_OK(db_done(&outer));
    CHECK_INT(seen, 400);
}

struct number {
    int64_t whole;
};
RECORD(number_record, struct number, "number", "A number", {"whole", FIELD_I64, offsetof(struct number, whole)});

TEST(a_long_result_is_streamed_and_may_be_left)
{
    test_store(c);
    struct rows rows = db_query(c, SQL_test_series, ARG(1000000));
    struct number n;
    struct arena_mark mark = arena_mark(c->arena);
    for (int64_t i = 1; i <= 100000; i++) {
        CHECK(db_next(&rows, &number_record, &n));
        CHECK_INT(n.whole, i);
    }
    arena_rewind(c->arena, mark);
    CHECK_OK(db_done(&rows));
    CHECK_OK(db_number(c, SQL_test_setting_count, &n.whole));
    /* Left without db_done(): closed with the arena. */
    mark = arena_mark(c->arena);
    rows = db_query(c, SQL_test_series, ARG(1000));
    CHECK(db_next(&rows, &number_record, &n));
    arena_rewind(c->arena, mark);
    CHECK_OK(db_number(c, SQL_test_setting_count, &n.whole));
}

TEST(a_snapshot_sees_one_state)
{
    struct str store = test_store(c);
    struct ctx reader = *c;
    CHECK_OK(db_open(c, c->arena, store, DB_READ, &reader.db));
    int64_t n;
    struct arena_mark mark = arena_mark(c->arena);
    CHECK_OK(db_snapshot(&reader));
    CHECK_OK(db_number(&reader, SQL_test_setting_count, &n));
    put(c, "x", S("1"));
    CHECK_OK(db_number(&reader, SQL_test_setting_count, &n));
    CHECK_INT(n, 0);
    CHECK_OK(db_snapshot(&reader)); /* they nest */
    db_snapshot_end(&reader);
    CHECK_OK(db_number(&reader, SQL_test_setting_count, &n));
    CHECK_INT(n, 0);
    db_snapshot_end(&reader);
    CHECK_OK(db_number(&reader, SQL_test_setting_count, &n));
    CHECK_INT(n, 1);
    CHECK_OK(db_snapshot(&reader));
    CHECK_OK(db_number(&reader, SQL_test_setting_count, &n));
    arena_rewind(c->arena, mark); /* ends it as well */
    put(c, "y", S("1"));
    CHECK_OK(db_number(&reader, SQL_test_setting_count, &n));
    CHECK_INT(n, 2);
}

static void read_into_small(void *arg)
{
    struct ctx *c = arg;
    struct setting s;
    if (db_one(c, SQL_test_setting_get, &setting_record, &s, ARG(S("big"))) != E_LIMIT)
        test_failed(__FILE__, __LINE__, "a row larger than the arena was read");
}

TEST(a_row_larger_than_the_arena_is_refused)
{
    test_store(c);
    put(c, "big", (struct str){NEWN(c->arena, char, 0) + 0, 0});
    struct str big = {memset(NEWN(c->arena, char, 1 << 20), 'x', 1 << 20), 1 << 20};
    CHECK_OK(db_exec(c, SQL_test_setting_replace, ARG(big), ARG(S("big"))));
    struct arena small;
    arena_init(&small, 64 << 10);
    struct ctx other = *c;
    other.arena = &small;
    read_into_small(&other);
    arena_reset(&small);
    int64_t n; /* nothing was left open */
    CHECK_OK(db_number(c, SQL_test_setting_count, &n));
}

/* Does anybody hold a lock on the file where SQLite has the one that says "I have it open"? Asked by another process,
 * as one that is about to throw away the log would. */
static bool is_locked(const char *file)
{
    pid_t child = fork();
    if (child == 0) {
        struct flock shared = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0x40000002, .l_len = 510};
        int fd = open(file, O_RDWR | O_CLOEXEC);
        _exit(fd >= 0 && fcntl(fd, F_GETLK, &shared) == 0 && shared.l_type == F_RDLCK ? 0 : 1);
    }
    int status = 1;
    CHECK(child > 0 && waitpid(child, &status, 0) == child);
    return status == 0;
}

TEST(opening_a_store_again_takes_no_lock_from_who_has_it_open)
{
    struct str store = test_store_new_on(c, DB_SQLITE);
    struct db *writing, *reading;
    CHECK_OK(db_open(c, c->arena, store, DB_WRITE | DB_CREATE, &writing));
    c->db = writing;
    CHECK_OK(store_migrate(c));
    put(c, "a", S("b"));
    CHECK(is_locked(str_z(c->arena, store)));
    CHECK_OK(db_open(c, c->arena, store, DB_READ, &reading));
    CHECK(is_locked(str_z(c->arena, store)));
    CHECK_OK(db_open(c, c->arena, store, DB_WRITE | DB_CREATE, &reading));
    CHECK(is_locked(str_z(c->arena, store)));
}
