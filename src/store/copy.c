#include "store/copy.h"

#include "base/os.h"
#include "store/engine.h"
#include "store/migrate.h"
#include "store/schema.h"
#include "store/store.sql.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

enum { COPY_MEMORY = 64 << 20 };

/* Work with memory of its own, so that its connections and files are closed when it is done, however it ends. */
static enum err in_own_memory(struct ctx *c, enum err (*work)(struct ctx *c, void *arg), void *arg)
{
    struct arena arena;
    arena_init(&arena, COPY_MEMORY);
    struct ctx own = {.arena = &arena, .source = c->source, .actor = c->actor};
    enum err e = ctx_run(&own, work, arg);
    char message[1000] = "";
    size_t cut;
    if (e)
        snprintf(message, sizeof message, "%.*s", ARGS(own.error.message));
    if (!str_is_utf8(str_of(message), &cut))
        message[cut] = 0;
    arena_reset(&arena);
    return e ? FAIL(c, e, "%s", message) : OK;
}

/* --- tables ------------------------------------------------------------------------------------------------------ */

static enum err is_empty(struct ctx *to)
{
    static const char *const kept[] = {"event", "file", "file_part", "setting"};
    struct db_head head;
    if (db_read_head(to->db, &head))
        return db_report(to, to->db, "head");
    int64_t n = head.position;
    for (size_t i = 0; i < schema_n_tables && !n; i++)
        for (size_t k = 0; k < sizeof kept / sizeof *kept && !n; k++)
            if (strcmp(schema_tables[i].name, kept[k]) == 0)
                TRY(db_number_args(to, &schema_tables[i].count, &n, NULL, 0));
    return n ? FAIL(to, E_CONFLICT, "Kho dữ liệu đích không trống, không ghi đè (the target store is not empty: %.*s)",
                    ARGS(to->db->label))
             : OK;
}

static enum err copy_row(struct cursor *row, struct ctx *to, const struct schema_table *table)
{
    struct db_arg values[MAX_ARGS];
    for (size_t i = 0; i < table->insert.n_args; i++)
        if (row->db->engine->value(row, (int)i, &values[i]))
            return db_report(to, row->db, table->name);
    return db_write_later(to->db, &table->insert, values, table->insert.n_args) ? db_report(to, to->db, table->name)
                                                                                : OK;
}

static enum err copy_table(struct ctx *from, struct ctx *to, const struct schema_table *table)
{
    struct cursor row = {0};
    int64_t read = 0, there = 0, here = 0;
    if (cursor_open(from->db, &row, &table->select, NULL, 0, true))
        return db_report(to, from->db, table->name);
    enum err e = OK;
    enum step step = STEP_DONE;
    while (!e && (step = cursor_step(&row)) == STEP_ROW) {
        e = copy_row(&row, to, table);
        read++;
    }
    if (!e && step == STEP_FAILED)
        e = db_report(to, from->db, table->name);
    cursor_close(&row);
    TRY(e);
    if (db_number_args(from, &table->count, &here, NULL, 0)) {
        to->error = from->error;
        return from->error.code;
    }
    TRY(db_number_args(to, &table->count, &there, NULL, 0));
    if (read != here || read != there)
        return FAIL(to, E_IO, "Bảng %s: đọc %lld dòng trong %lld, ghi được %lld (rows are missing)", table->name,
                    (long long)read, (long long)here, (long long)there);
    return OK;
}

static enum err copy_tables(struct ctx *from, struct ctx *to)
{
    TRY(is_empty(to));
    TRY(db_exec(to, SQL_tx_defer));
    /* The steps of the schema left rows of their own, which the source has as well. */
    for (size_t i = schema_n_tables; i-- > 0;)
        TRY(db_exec_args(to, &schema_tables[i].clear, NULL, NULL, 0));
    for (size_t i = 0; i < schema_n_tables; i++)
        TRY(copy_table(from, to, &schema_tables[i]));
    TRY(db_exec(to, SQL_copy_search));
    struct db_head a, b;
    if (db_read_head(from->db, &a) || db_read_head(to->db, &b) || a.position != b.position ||
        memcmp(a.chain, b.chain, sizeof a.chain) != 0)
        return FAIL(to, E_IO, "Bản sao không khớp với nguồn (the copy's ledger ends elsewhere)");
    return OK;
}

struct copying {
    struct str from, to;
};

static enum err copy(struct ctx *c, void *arg)
{
    const struct copying *names = arg;
    struct ctx from = *c, to = *c;
    TRY(db_open(c, c->arena, names->from, DB_READ, &from.db));
    c->db = from.db;
    TRY(db_snapshot(c));
    TRY(store_is_current(c));
    TRY(db_open(c, c->arena, names->to, DB_WRITE | DB_CREATE, &to.db));
    c->db = to.db;
    size_t steps;
    TRY(store_steps(c, &steps));
    if (steps) /* before it is brought up to date: what is refused is left as it was */
        TRY(is_empty(c));
    TRY(store_migrate(c));
    if (db_write_begin(to.db))
        return db_report(c, to.db, "copy");
    enum err e = copy_tables(&from, &to);
    if (!e && db_write_commit(to.db))
        e = db_report(&to, to.db, "copy");
    if (e) {
        db_write_rollback(to.db);
        c->error = to.error;
    }
    return e;
}

enum err store_copy(struct ctx *c, struct str from, struct str to)
{
    struct copying names = {from, to};
    return in_own_memory(c, copy, &names);
}

/* SQLite's own copy, which knows of a log beside the file: as the store is, whichever steps it has had. */
static enum err copy_file(struct ctx *c, void *arg)
{
    const struct copying *names = arg;
    /* Made here, so that only its owner may read it: SQLite would leave that to the umask. */
    int fd = open(str_z(c->arena, names->to), O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return FAIL(c, E_IO, "Không tạo được tệp %.*s (cannot make the file): %s", ARGS(names->to), os_reason(errno));
    close(fd);
    TRY(db_open(c, c->arena, names->from, DB_READ, &c->db));
    TRY(db_script(c, "PRAGMA query_only = OFF")); /* the file itself stays open for reading only */
    return db_exec(c, SQL_file_into, ARG(names->to));
}

struct looking {
    struct str store;
    bool older;
};

/* Is the store ours, and of an older program? */
static enum err look_at(struct ctx *c, void *arg)
{
    struct looking *l = arg;
    size_t steps;
    TRY(db_open(c, c->arena, l->store, DB_READ, &c->db));
    TRY(store_steps(c, &steps));
    l->older = steps && steps < schema_n_steps;
    return OK;
}

/* --- backups ----------------------------------------------------------------------------------------------------- */

static enum err one_piece(struct ctx *c, void *arg)
{
    TRY(db_open(c, c->arena, *(struct str *)arg, DB_WRITE, &c->db));
    return db_script(c, "PRAGMA journal_mode = DELETE");
}

static bool sync_path(const char *path, int flags)
{
    int fd = open(path, flags | O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool done = fsync(fd) == 0;
    close(fd);
    return done;
}

static struct str folder_of(struct str file)
{
    size_t slash = file.n;
    while (slash && file.p[slash - 1] != '/')
        slash--;
    return slash ? str_slice(file, 0, slash) : S(".");
}

static enum err exists(struct ctx *c, struct str file)
{
    return FAIL(c, E_CONFLICT, "Đã có tệp %.*s, không ghi đè; hãy chọn tên khác (the file exists)", ARGS(file));
}

static enum err make_backup(struct ctx *c, struct str from, struct str file, struct str temporary)
{
    struct copying names = {from, temporary};
    struct looking source = {.store = from};
    TRY(in_own_memory(c, look_at, &source));
    TRY(in_own_memory(c, source.older && !db_is_url(from) ? copy_file : copy, &names));
    TRY(in_own_memory(c, one_piece, &temporary));
    char *path = str_z(c->arena, temporary), *name = str_z(c->arena, file);
    int failed = sync_path(path, 0) ? os_publish(path, name) : errno;
    if (failed == EEXIST)
        return exists(c, file);
    if (failed || !sync_path(str_z(c->arena, folder_of(file)), O_DIRECTORY))
        return FAIL(c, E_IO, "Không ghi được tệp %.*s (cannot write the file): %s", ARGS(file),
                    os_reason(failed ? failed : errno));
    return OK;
}

static struct str random_name(struct ctx *c, struct str folder, const char *what)
{
    uint64_t number;
    c->source.random(c->source.arg, &number, sizeof number);
    return str_fmt(c->arena, "%.*s%s%016llx", ARGS(folder), what, (unsigned long long)number);
}

static void remove_store(struct ctx *c, struct str file)
{
    static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
    for (int i = 0; i < 4; i++)
        unlink(str_z(c->arena, str_fmt(c->arena, "%.*s%s", ARGS(file), ends[i])));
}

enum err store_backup(struct ctx *c, struct str from, struct str file)
{
    if (access(str_z(c->arena, file), F_OK) == 0)
        return exists(c, file);
    struct str temporary = random_name(c, file, ".part-");
    enum err e = make_backup(c, from, file, temporary);
    remove_store(c, temporary);
    return e;
}

/* --- restoring --------------------------------------------------------------------------------------------------- */

static enum err bring_up_to_date(struct ctx *c, void *arg)
{
    TRY(db_open(c, c->arena, *(struct str *)arg, DB_WRITE, &c->db));
    return store_migrate(c);
}

/* A backup of an older program: its steps are run on a copy of it, beside where the store is to be. */
static enum err restore_old(struct ctx *c, struct str file, struct str to)
{
    struct str newer = random_name(c, db_is_url(to) ? file : to, ".newer-");
    struct copying names = {file, newer};
    enum err e = in_own_memory(c, copy_file, &names);
    if (!e)
        e = in_own_memory(c, bring_up_to_date, &newer);
    names = (struct copying){newer, to};
    if (!e)
        e = in_own_memory(c, copy, &names);
    remove_store(c, newer);
    return e;
}

enum err store_restore(struct ctx *c, struct str file, struct str to)
{
    if (db_is_url(file))
        return FAIL(c, E_INVALID, "Bản sao lưu là một tệp (a backup is a file: %.*s)", ARGS(db_label(c, file)));
    struct looking source = {.store = file};
    TRY(in_own_memory(c, look_at, &source));
    if (source.older)
        return restore_old(c, file, to);
    return store_copy(c, file, to);
}
