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
    char *url, *drop; /* of a schema */
    char *files[4];   /* of a file */
    char *folder;
};

static void drop_schema(void *arg)
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

/* A schema of its own, which costs far less than a database. */
static struct str new_schema(struct ctx *c)
{
    struct temporary *t = NEW(c->arena, struct temporary);
    struct arena_defer *drop = arena_defer(c->arena, drop_schema);
    uint64_t number;
    c->source.random(c->source.arg, &number, sizeof number);
    t->url = getenv("HOALU_TEST_POSTGRES");
    if (!t->url)
        test_failed(__FILE__, __LINE__, "run this under test/with-postgres");
    struct str name = str_fmt(c->arena, "test_%016llx", (unsigned long long)number);
    t->drop =
        str_z(c->arena, str_fmt(c->arena, "SET client_min_messages = warning; DROP SCHEMA %.*s CASCADE", ARGS(name)));
    on_server(t->url, str_z(c->arena, str_fmt(c->arena, "CREATE SCHEMA %.*s", ARGS(name))));
    drop->arg = t;
    return str_fmt(c->arena, "%s%soptions=-csearch_path%%3D%.*s", t->url, str_has(str_of(t->url), S("?")) ? "&" : "?",
                   ARGS(name));
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
    return engine == DB_POSTGRES ? new_schema(c) : new_file(c);
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

struct writer *test_writer(struct ctx *c)
{
    struct writer *w;
    struct str store = test_store(c);
    CHECK_OK(writer_open(c, c->arena, store, &w));
    return w;
}
