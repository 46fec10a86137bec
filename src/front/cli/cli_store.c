#include "front/cli/cli.h"

#include "base/period.h"
#include "domain/indicator/cube.h"
#include "domain/search/search.h"
#include "front/finding.h"
#include "ledger/ledger.h"
#include "store/migrate.h"

#include "base/banned.h"

enum { CUBE_BYTES = 256 << 20 };

struct str cli_store_shown(struct str store)
{
    return str_has(store, S("://")) ? S("") : store;
}

/* Looked at before it is opened for writing, which alone would change another program's file. */
static enum err migrate_ours(struct ctx *c, struct str store)
{
    size_t steps;
    enum err e = db_open(c, c->arena, store, DB_READ, &c->db);
    if (!e)
        e = store_steps(c, &steps);
    if (e && e != E_NOTFOUND)
        return e;
    TRY(db_open(c, c->arena, store, DB_WRITE | DB_CREATE, &c->db));
    return store_migrate(c);
}

/* Connections for the migration alone, closed before the writer opens its own. */
static enum err migrate(struct cli *cli)
{
    struct arena arena;
    arena_init(&arena, (size_t)1 << 30);
    arena.oom = cli->c->arena->oom;
    struct ctx c = *cli->c;
    c.arena = &arena;
    enum err e = migrate_ours(&c, cli->store);
    cli->c->error = c.error;
    if (e) {
        cli->c->error.message = str_dup(cli->c->arena, c.error.message);
        if (!c.error.file.n)
            cli->c->error.file = cli_store_shown(cli->store);
    }
    arena_reset(&arena);
    return e;
}

/* A store of an older program is brought up to date by the commands that write; the others say so. Nothing but a store
 * of ours is left open. */
static enum err check_schema(struct cli *cli)
{
    struct ctx *c = cli->c;
    enum err e = store_is_current(c);
    if (e == E_CONFLICT && cli->writes) {
        struct db *reading = c->db;
        e = migrate(cli);
        c->db = reading;
    }
    if (e) {
        c->db = NULL; /* closed with the arena */
        c->error.file = cli_store_shown(cli->store);
    }
    return e;
}

enum err cli_open(struct cli *cli)
{
    struct ctx *c = cli->c;
    if (c->db)
        return OK;
    enum err e = db_open(c, c->arena, cli->store, DB_READ, &c->db);
    if (!e && !cli->any_schema)
        e = check_schema(cli);
    if (e == E_NOTFOUND)
        return FAIL_AT(c, e, cli_store_shown(cli->store), 0,
                       "chưa có kho dữ liệu này; hãy xem lại đường dẫn ở --store, hoặc lập kho bằng hoalu org load, "
                       "hoalu plan load (no such store)");
    if (!e && !c->cube)
        c->cube = cube_new(c->arena, CUBE_BYTES);
    return e;
}

/* What an older program left could not be searched, or by other words. */
static enum err make_findable(struct cli *cli)
{
    struct command command = {.run = finding_make};
    bool old;
    TRY(search_is_old(cli->c, &old));
    return old ? writer_run(cli->writer, cli->c, &command) : OK;
}

enum err cli_writer(struct cli *cli, struct writer **ret)
{
    if (!cli->writer) {
        TRY(migrate(cli));
        TRY(writer_open(cli->c, cli->c->arena, cli->store, &cli->writer));
        TRY(cli_open(cli));
        TRY(make_findable(cli));
    }
    *ret = cli->writer;
    return OK;
}

enum err cli_write(struct cli *cli, enum err (*run)(struct ctx *c, void *arg), void *arg, int64_t *ret_position)
{
    struct writer *writer;
    struct command command = {.run = run, .arg = arg};
    TRY(cli_writer(cli, &writer));
    TRY(writer_run(writer, cli->c, &command));
    if (ret_position)
        *ret_position = command.position;
    return OK;
}

enum err cli_position(struct cli *cli, int64_t *ret)
{
    struct str text = cli_option(cli, "as-of");
    int32_t day;
    if (!text.p) {
        *ret = POS_NOW;
        return OK;
    }
    if (!day_parse(text, &day))
        return cli_wrong_use(cli, "ngày phải viết như 2026-12-31, không phải \"%.*s\" (not a day)", ARGS(text));
    TRY(cli_open(cli));
    return ledger_position_at(cli->c, moment_of_day(day + 1) - 1, ret);
}
