/* Every statement of the program is prepared against the schema, and none is forgotten: a .sql file of the tree that is
 * in no list (sql_files, schema_steps) fails here. Runs on both engines. */
#include "store/schema.h"
#include "test/store.h"

#include <ftw.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

extern const struct sql sql_registry[];
extern const char *const sql_registry_files[];

TEST(every_statement_can_be_prepared)
{
    test_store(c);
    size_t bad = 0;
    for (const struct sql *sql = sql_registry; sql->name; sql++)
        if (db_prepare(c, sql)) {
            printf("# %s: %.*s\n", sql->name, ARGS(c->error.message));
            bad++;
        }
    CHECK_INT(bad, 0);
}

TEST(tables_can_be_copied)
{
    test_store(c);
    for (size_t i = 0; i < schema_n_tables; i++) {
        CHECK_OK(db_prepare(c, &schema_tables[i].select));
        CHECK_OK(db_prepare(c, &schema_tables[i].insert));
    }
}

static bool is_listed(const char *path)
{
    for (const char *const *file = sql_registry_files; *file; file++)
        if (str_ends(str_of(*file), str_of(path)))
            return true;
    return false;
}

static bool is_step(const char *base)
{
    char name[200];
    for (size_t i = 0; i < schema_n_steps; i++) {
        snprintf(name, sizeof name, "%04d_%s.sql", schema_steps[i].number, schema_steps[i].name);
        if (strcmp(base, name) == 0)
            return true;
    }
    return false;
}

static size_t root_length, n_found, n_forgotten; /* nftw() hands nothing through */

static int look(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st;
    if (kind != FTW_F || !str_ends(str_of(path), S(".sql")))
        return 0;
    n_found++;
    bool schema = str_has(str_of(path), S("/schema/"));
    if (schema ? !is_step(path + at->base) : !is_listed(path + root_length)) {
        printf("# %s is in no list of meson.build\n", path + root_length);
        n_forgotten++;
    }
    return 0;
}

TEST(no_file_is_forgotten)
{
    char *src = str_z(c->arena, str_fmt(c->arena, "%.*s/src", ARGS(test_source_root())));
    root_length = strlen(src) - strlen("src");
    CHECK(nftw(src, look, 16, FTW_PHYS) == 0);
    CHECK(n_found >= 3);
    CHECK_INT(n_forgotten, 0);
}
