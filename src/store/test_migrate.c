#include "store/engine.h"
#include "store/schema.h"
#include "store/store.sql.h"
#include "store/test_store.sql.h"
#include "test/store.h"

#include <pthread.h>

#include "base/banned.h"

TEST(a_new_store_gets_every_step_once)
{
    test_store(c);
    CHECK_OK(store_migrate(c));
    for (size_t i = 0; i < schema_n_tables; i++) {
        int64_t n;
        CHECK_OK(db_number_args(c, &schema_tables[i].count, &n, NULL, 0));
        if (str_eq(str_of(schema_tables[i].name), S("migration")))
            CHECK_INT(n, schema_n_steps);
    }
}

TEST(a_store_of_a_newer_program_is_refused)
{
    test_store(c);
    CHECK_OK(
        db_exec(c, SQL_migration_add, ARG((int64_t)schema_n_steps + 1), ARG(S("later")), db_arg_bytes(S("h")), ARG(1)));
    CHECK_ERR(store_migrate(c), E_CONFLICT);
    CHECK(str_has(c->error.message, S("later")));
}

TEST(a_changed_step_is_refused_and_named)
{
    test_store(c);
    CHECK_OK(db_script(c, test_on_postgres() ? "UPDATE migration SET hash = '\\x00' WHERE number = 1"
                                             : "UPDATE migration SET hash = x'00' WHERE number = 1"));
    CHECK_ERR(store_migrate(c), E_CONFLICT);
    CHECK(str_has(c->error.message, S("0001_store")));
}

TEST(another_programs_data_is_refused_untouched)
{
    struct str store = test_store_new(c);
    CHECK_OK(db_open(c, c->arena, store, DB_WRITE | DB_CREATE, &c->db));
    CHECK_ERR(store_is_current(c), E_NOTFOUND); /* nothing in it yet */
    CHECK_OK(db_script(c, "CREATE TABLE theirs (a BIGINT)"));
    CHECK_ERR(store_is_current(c), E_INVALID);
    CHECK_ERR(store_migrate(c), E_INVALID);
    int64_t n;
    CHECK_OK(db_number(c, SQL_migration_table, &n));
    CHECK_INT(n, 0);
}

static void *migrate_at_once(void *arg)
{
    struct str *store = arg;
    struct arena arena;
    arena_init(&arena, 64 << 20);
    struct ctx mine = {.arena = &arena, .source = source_system()}, *c = &mine;
    CHECK_OK(db_open(c, &arena, *store, DB_WRITE | DB_CREATE, &c->db));
    CHECK_OK(store_migrate(c));
    arena_reset(&arena);
    return NULL;
}

TEST(several_nodes_migrate_at_once)
{
    struct str store = test_store_new(c);
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        CHECK(!pthread_create(&threads[i], NULL, migrate_at_once, &store));
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    CHECK_OK(db_open(c, c->arena, store, DB_WRITE, &c->db));
    CHECK_OK(store_migrate(c));
}
