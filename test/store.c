#include "test/store.h"

#include <libpq-fe.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/banned.h"

bool test_on_postgres(void)
{
    return getenv("HOALU_TEST_POSTGRES") != NULL;
}

/* The names end in hexadecimal digits of our own choosing, so they need no quoting. */
static void on_server(const char *url, const char *command)
{
    PGconn *server = PQconnectdb(url);
    PGresult *result = PQexec(server, command);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        test_failed(__FILE__, __LINE__, "%s: %s", command, PQerrorMessage(server));
    PQclear(result);
    PQfinish(server);
}

struct temporary {
    char *url, *drop; /* of a database */
    char *files[4];   /* of a file */
    char *folder;
};

static void drop_database(void *arg)
{
    struct temporary *t = arg;
    on_server(t->url, t->drop);
}

static void remove_files(void *arg)
{
    struct temporary *t = arg;
    for (int i = 0; i < 4; i++)
        unlink(t->files[i]);
    rmdir(t->folder);
}

/* postgresql:///postgres?host=… with another name in it. */
static struct str with_name(struct ctx *c, struct str url, struct str name)
{
    size_t from = str_find(url, S("://"), 0) + 3;
    size_t slash = str_find(url, S("/"), from), query = str_find(url, S("?"), from);
    if (query == SIZE_MAX)
        query = url.n;
    return str_fmt(c->arena, "%.*s/%.*s%.*s", ARGS(str_slice(url, 0, slash)), ARGS(name), ARGS(str_skip(url, query)));
}

static struct str new_database(struct ctx *c)
{
    struct temporary *t = NEW(c->arena, struct temporary);
    struct arena_defer *drop = arena_defer(c->arena, drop_database);
    uint64_t number;
    c->source.random(c->source.arg, &number, sizeof number);
    t->url = getenv("HOALU_TEST_POSTGRES");
    if (!t->url)
        test_failed(__FILE__, __LINE__, "run this under test/with-postgres");
    struct str name = str_fmt(c->arena, "test_%016llx", (unsigned long long)number);
    t->drop = str_z(c->arena, str_fmt(c->arena, "DROP DATABASE %.*s WITH (FORCE)", ARGS(name)));
    on_server(t->url, str_z(c->arena,
                            str_fmt(c->arena, "CREATE DATABASE %.*s TEMPLATE template0 ENCODING 'UTF8'", ARGS(name))));
    drop->arg = t;
    return with_name(c, str_of(t->url), name);
}

static struct str new_file(struct ctx *c)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", ".key"};
    struct temporary *t = NEW(c->arena, struct temporary);
    struct arena_defer *removal = arena_defer(c->arena, remove_files);
    const char *base = getenv("TMPDIR");
    t->folder = str_z(c->arena, str_fmt(c->arena, "%s/hoalu-test-XXXXXX", base ? base : "/tmp"));
    if (!mkdtemp(t->folder))
        test_failed(__FILE__, __LINE__, "cannot make %s", t->folder);
    for (int i = 0; i < 4; i++)
        t->files[i] = str_z(c->arena, str_fmt(c->arena, "%s/store.db%s", t->folder, suffixes[i]));
    removal->arg = t;
    return str_of(t->files[0]);
}

struct str test_store_new_on(struct ctx *c, enum db_engine engine)
{
    return engine == DB_POSTGRES ? new_database(c) : new_file(c);
}

struct str test_store_new(struct ctx *c)
{
    return test_store_new_on(c, test_on_postgres() ? DB_POSTGRES : DB_SQLITE);
}

struct str test_store(struct ctx *c)
{
    struct str store = test_store_new(c);
    CHECK_OK(db_open(c, c->arena, store, DB_WRITE | DB_CREATE, &c->db));
    CHECK_OK(store_migrate(c));
    return store;
}
