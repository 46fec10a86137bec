#include "store/copy.h"
#include "store/engine.h"
#include "store/file.h"
#include "store/schema.h"
#include "store/store.sql.h"
#include "store/test_store.sql.h"
#include "test/store.h"

#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

static enum err fill(struct ctx *c, void *arg)
{
    struct db_head *head = db_head(c->db);
    for (int i = 0; i < 200; i++) {
        head->position++;
        head->chain[31] = (unsigned char)i;
        TRY(db_exec(c, SQL_test_event_put, ARG(head->position), ARG(ctx_now(c)), ARG(S("Nguyễn Thị Ánh")),
                    ARG(S("việc ⅓")), db_arg_bytes((struct str){(char *)head->chain, 32})));
        TRY(db_exec(c, SQL_test_payload_put, ARG(head->position), ARG(i % 2 ? S("{\"a\":\"\\n\"}") : (struct str){0})));
    }
    return db_exec(c, SQL_test_setting_put, ARG(S("tỉnh")), *(struct db_arg *)arg);
}

static const char *part_content = "tệp đính kèm";

/* A store with something in every table that matters here. */
static struct str filled_store(struct ctx *c)
{
    struct str store = test_store(c);
    struct writer *w;
    CHECK_OK(writer_open(c, c->arena, store, &w));
    struct db_arg name = ARG(S("Ninh Bình"));
    struct command command = {.run = fill, .arg = &name};
    CHECK_OK(writer_run(w, c, &command));
    struct file_ref ref;
    CHECK_OK(file_put(w, c, str_of(part_content), S("text/plain"), &ref));
    return store;
}

struct any {
    struct str key, value, actor, subject;
    int64_t position;
};
RECORD(any_record, struct any, "any", "Whatever", {"key", FIELD_TEXT, offsetof(struct any, key)},
       {"value", FIELD_TEXT, offsetof(struct any, value)}, {"actor", FIELD_TEXT, offsetof(struct any, actor)},
       {"subject", FIELD_TEXT, offsetof(struct any, subject)}, {"position", FIELD_I64, offsetof(struct any, position)});

static void check_filled(struct ctx *c, struct str store)
{
    struct ctx at = *c;
    struct any row = {0};
    CHECK_OK(db_open(c, c->arena, store, DB_READ, &at.db));
    CHECK_OK(db_one(&at, SQL_test_setting_all, &any_record, &row));
    CHECK_STR(row.value, S("Ninh Bình"));
    struct rows rows = db_query(&at, SQL_test_event_all);
    int64_t n = 0;
    while (db_next(&rows, &any_record, &row)) {
        CHECK_INT(row.position, ++n);
        CHECK_STR(row.actor, S("Nguyễn Thị Ánh"));
        CHECK_STR(row.subject, S("việc ⅓"));
    }
    CHECK_OK(db_done(&rows));
    CHECK_INT(n, 200);
    struct db_head head;
    CHECK_OK(db_read_head(at.db, &head));
    CHECK(head.position == 200 && head.chain[31] == 199);
    CHECK_OK(db_number(&at, SQL_test_part_count, &n));
    CHECK_INT(n, 1);
}

TEST(a_store_moves_between_any_two_engines)
{
    struct str first = filled_store(c);
    struct str second = test_store_new_on(c, DB_SQLITE);
    CHECK_OK(store_copy(c, first, second));
    check_filled(c, second);
    struct str third = test_store_new(c);
    CHECK_OK(store_copy(c, second, third));
    check_filled(c, third);
    struct str fourth = test_store_new(c);
    CHECK_OK(store_copy(c, third, fourth));
    check_filled(c, fourth);
    /* It lives on there. */
    struct writer *w;
    CHECK_OK(writer_open(c, c->arena, fourth, &w));
    struct db_arg name = ARG(S("x"));
    struct command command = {.run = fill, .arg = &name};
    CHECK_ERR(writer_run(w, c, &command), E_CONFLICT); /* the setting is there */
    struct file_ref ref;
    struct str got;
    struct ctx at = *c;
    CHECK_OK(file_put(w, c, str_of(part_content), S("text/plain"), &ref));
    CHECK_OK(db_open(c, c->arena, fourth, DB_READ, &at.db));
    CHECK_OK(file_get(&at, ref.hash, &got));
    CHECK_STR(got, str_of(part_content));
}

TEST(a_store_with_something_in_it_is_not_overwritten)
{
    struct str store = filled_store(c);
    struct ctx mine = *c;
    struct str other = filled_store(&mine);
    CHECK_ERR(store_copy(c, store, other), E_CONFLICT);
    check_filled(c, other);
    CHECK_ERR(store_copy(c, store, store), E_CONFLICT);
    check_filled(c, store);
}

static bool is_private(struct ctx *c, struct str file)
{
    struct stat st;
    return stat(str_z(c->arena, file), &st) == 0 && (st.st_mode & 0777) == 0600;
}

TEST(a_backup_holds_everything_and_comes_back)
{
    struct str store = filled_store(c), file = test_store_new_on(c, DB_SQLITE);
    CHECK_OK(store_backup(c, store, file));
    CHECK(is_private(c, file));
    CHECK(access(str_z(c->arena, str_fmt(c->arena, "%.*s-wal", ARGS(file))), F_OK) != 0);
    CHECK_ERR(store_backup(c, store, file), E_CONFLICT);
    struct str back = test_store_new(c);
    CHECK_OK(store_restore(c, file, back));
    check_filled(c, back);
    CHECK_ERR(store_restore(c, file, back), E_CONFLICT);
    CHECK_ERR(store_restore(c, S("/nonexistent/backup.db"), back), E_NOTFOUND);
}

TEST(a_backup_that_fails_leaves_no_file)
{
    struct str file = test_store_new_on(c, DB_SQLITE);
    CHECK_ERR(store_backup(c, S("/nonexistent/store.db"), file), E_NOTFOUND);
    char *folder = str_z(c->arena, str_slice(file, 0, file.n - strlen("store.db")));
    CHECK(access(str_z(c->arena, file), F_OK) != 0);
    CHECK(rmdir(folder) == 0 && mkdir(folder, 0700) == 0); /* it was empty */
}

/* As an older program left it: only the first step, and a setting. */
static struct str older_store(struct ctx *c, enum db_engine engine)
{
    struct str file = test_store_new_on(c, engine);
    unsigned char hash[32];
    CHECK(schema_n_steps > 1);
    CHECK_OK(db_open(c, c->arena, file, DB_WRITE | DB_CREATE, &c->db));
    CHECK_OK(db_script(c, schema_steps[0].text[engine]));
    crypto_generichash(hash, 32, (const unsigned char *)schema_steps[0].canonical, strlen(schema_steps[0].canonical),
                       NULL, 0);
    CHECK_OK(
        db_exec(c, SQL_migration_add, ARG(1), ARG(S("store")), db_arg_bytes((struct str){(char *)hash, 32}), ARG(1)));
    CHECK_OK(db_exec(c, SQL_test_setting_put, ARG(S("tỉnh")), ARG(S("Hà Nam"))));
    CHECK_ERR(store_is_current(c), E_CONFLICT);
    return file;
}

/* The doctor's advice is to back up before the newer program changes the store. */
TEST(an_older_store_is_backed_up_as_it_is)
{
    struct str file = older_store(c, DB_SQLITE), backup = str_fmt(c->arena, "%.*s.bak", ARGS(file)),
               back = test_store_new(c);
    CHECK_OK(store_backup(c, file, backup));
    CHECK(is_private(c, backup));
    CHECK_OK(db_open(c, c->arena, backup, DB_READ, &c->db));
    int64_t steps = 0;
    for (size_t i = 0; i < schema_n_tables; i++)
        if (str_eq(str_of(schema_tables[i].name), S("migration")))
            CHECK_OK(db_number_args(c, &schema_tables[i].count, &steps, NULL, 0));
    CHECK_INT(steps, 1);
    CHECK_OK(store_restore(c, backup, back));
    unlink(str_z(c->arena, backup));
}

TEST(what_is_no_store_of_ours_is_not_backed_up)
{
    struct str file = test_store_new_on(c, DB_SQLITE), backup = str_fmt(c->arena, "%.*s.bak", ARGS(file));
    CHECK_OK(db_open(c, c->arena, file, DB_WRITE | DB_CREATE, &c->db));
    CHECK_OK(db_script(c, "CREATE TABLE theirs (a BIGINT)"));
    CHECK_ERR(store_backup(c, file, backup), E_INVALID);
    CHECK(access(str_z(c->arena, backup), F_OK) != 0);
}

TEST(a_refused_copy_leaves_an_older_store_as_it_was)
{
    struct str target = older_store(c, test_on_postgres() ? DB_POSTGRES : DB_SQLITE);
    struct ctx mine = *c, at = *c;
    struct str store = filled_store(&mine);
    CHECK_ERR(store_copy(c, store, target), E_CONFLICT);
    CHECK(str_has(c->error.message, S("không trống")));
    CHECK_OK(db_open(c, c->arena, target, DB_READ, &at.db));
    CHECK_ERR(store_is_current(&at), E_CONFLICT);
}

TEST(a_backup_of_an_older_program_is_brought_up_to_date)
{
    struct str file = older_store(c, DB_SQLITE), back = test_store_new(c);
    CHECK_OK(store_restore(c, file, back));
    struct any row = {0};
    CHECK_OK(db_open(c, c->arena, back, DB_READ, &c->db));
    CHECK_OK(store_is_current(c));
    CHECK_OK(db_one(c, SQL_test_setting_all, &any_record, &row));
    CHECK_STR(row.value, S("Hà Nam"));
}
