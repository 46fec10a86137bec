#include "store/engine.h"

#include "base/os.h"

#include <errno.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

static enum err code_of(const struct db *db, int rc)
{
    switch (rc & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_INTERRUPT:
        return E_BUSY;
    case SQLITE_CONSTRAINT:
        return rc == SQLITE_CONSTRAINT_UNIQUE || rc == SQLITE_CONSTRAINT_PRIMARYKEY || rc == SQLITE_CONSTRAINT_ROWID
                   ? E_CONFLICT
                   : E_INVALID;
    case SQLITE_MISMATCH:
        return E_INVALID;
    case SQLITE_TOOBIG:
        return E_LIMIT;
    case SQLITE_READONLY:
        return db->flags & DB_WRITE ? E_IO : E_INTERNAL;
    case SQLITE_ERROR:
    case SQLITE_RANGE:
    case SQLITE_MISUSE:
        return E_INTERNAL;
    default:
        return E_IO;
    }
}

static enum err failed(struct db *db, int rc)
{
    sqlite3 *s = db->handle;
    return db_failed(db, code_of(db, rc), "%s", s ? sqlite3_errmsg(s) : sqlite3_errstr(rc));
}

/* SQLite would count its memory, under one lock for all threads; nobody asks for the count. It must be told before its
 * first use, which any thread may make. */
__attribute__((constructor)) static void count_no_memory(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static void sqlite_close(struct db *db)
{
    sqlite3_close_v2(db->handle);
}

/* WAL and FULL: a commit is in the log on the disk before it returns. The rest guards against a file that was made to
 * deceive, and against our own slips. */
static const char settings[] =
    "PRAGMA synchronous = FULL;"
    "PRAGMA foreign_keys = ON;"
    "PRAGMA secure_delete = ON;" /* what is erased from the ledger is not left in free space */
    "PRAGMA trusted_schema = OFF;"
    "PRAGMA cell_size_check = ON;"
    "PRAGMA temp_store = MEMORY;"
    "PRAGMA cache_size = -4000;"
    "PRAGMA journal_size_limit = 67108864;";

enum { BUSY_MS = 10000, PAUSE_MS = 10 };

/* While another connection turns the same new file into one with a log, SQLite does not wait but says at once that it
 * is busy. */
static int use_log(sqlite3 *s)
{
    int rc = SQLITE_BUSY;
    for (int waited = 0; (rc & 0xff) == SQLITE_BUSY && waited < BUSY_MS; waited += PAUSE_MS) {
        rc = sqlite3_exec(s, "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 4000;", NULL, NULL, NULL);
        if ((rc & 0xff) == SQLITE_BUSY)
            sqlite3_sleep(PAUSE_MS);
    }
    return rc;
}

static enum err set_up(struct db *db, sqlite3 *s, unsigned flags)
{
    sqlite3_extended_result_codes(s, 1);
    sqlite3_busy_timeout(s, BUSY_MS);
    sqlite3_db_config(s, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(s, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(s, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    int rc = sqlite3_exec(s, settings, NULL, NULL, NULL);
    if (!rc)
        rc = flags & DB_WRITE ? use_log(s) : sqlite3_exec(s, "PRAGMA query_only = ON;", NULL, NULL, NULL);
    return rc ? failed(db, rc) : OK;
}

/* Looked at here, since SQLite has one word for all that may be wrong with a name. The file is never opened for it: to
 * close any descriptor of a file takes away all locks of this process on it (POSIX), those of the connections that are
 * open too, and another process would then throw away a log that they still write to. */
static enum err look_at(struct db *db, const char *store, unsigned flags, bool writes)
{
    struct stat st;
    int why = stat(store, &st) ? errno : 0;
    /* Made here, so that only its owner may read it: SQLite would leave that to the umask. */
    if (why == ENOENT && flags & DB_CREATE)
        why = mknod(store, S_IFREG | 0600, 0) && errno != EEXIST ? errno : stat(store, &st) ? errno : 0;
    if (why == ENOENT && !(flags & DB_CREATE))
        return db_failed(db, E_NOTFOUND, "no such file");
    if (!why && S_ISDIR(st.st_mode))
        why = EISDIR;
    if (!why && access(store, writes ? R_OK | W_OK : R_OK))
        why = errno;
    return why ? db_failed(db, E_IO, "%s", os_reason(why)) : OK;
}

/* What stands in the way of opening, in words that say what to do. */
static void say_what_it_is(struct db *db, sqlite3 *s)
{
    int rc = s ? sqlite3_errcode(s) & 0xff : SQLITE_OK;
    if (rc == SQLITE_NOTADB)
        db_failed(db, db->failure, "tệp này không phải kho dữ liệu (%s)", sqlite3_errmsg(s));
    else if (rc == SQLITE_CORRUPT)
        db_failed(db, db->failure,
                  "tệp bị hỏng; hãy giữ lại tệp này và khôi phục bản sao lưu vào kho khác bằng hoalu restore (%s)",
                  sqlite3_errmsg(s));
}

static enum err sqlite_open(struct db *db, const char *store, unsigned flags)
{
    bool writes = flags & (DB_WRITE | DB_CREATE);
    enum err looked = look_at(db, store, flags, writes);
    if (looked)
        return looked;
    int how = writes ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
    sqlite3 *s = NULL;
    int rc = sqlite3_open_v2(store, &s, how | SQLITE_OPEN_NOMUTEX, NULL);
    db->handle = s;
    enum err e = rc ? failed(db, rc) : set_up(db, s, flags);
    if (e) {
        say_what_it_is(db, s);
        sqlite_close(db);
        db->handle = NULL;
    }
    return e;
}

static bool sqlite_alive(struct db *db)
{
    (void)db;
    return true;
}

static bool sqlite_in_transaction(struct db *db)
{
    return !sqlite3_get_autocommit(db->handle);
}

static enum err sqlite_prepare(struct db *db, const struct sql *sql, int slot, void **ret)
{
    sqlite3_stmt *statement = NULL;
    int rc = sqlite3_prepare_v3(db->handle, sql->text[DB_SQLITE], -1, slot < 0 ? 0 : SQLITE_PREPARE_PERSISTENT,
                                &statement, NULL);
    if (rc)
        return failed(db, rc);
    *ret = statement;
    return OK;
}

static void sqlite_forget(struct db *db, void *handle)
{
    (void)db;
    sqlite3_finalize(handle);
}

/* What is read at once stays where it is; a query that is read in steps gets a copy of its arguments. */
static int bind(sqlite3_stmt *statement, int i, const struct db_arg *a, bool copied)
{
    sqlite3_destructor_type keep = copied ? SQLITE_TRANSIENT : SQLITE_STATIC;
    if (a->null)
        return sqlite3_bind_null(statement, i);
    switch (a->type) {
    case FIELD_F64:
        return sqlite3_bind_double(statement, i, a->f);
    case FIELD_TEXT:
        return sqlite3_bind_text64(statement, i, a->s.p, a->s.n, keep, SQLITE_UTF8);
    case FIELD_BYTES:
        return a->s.n ? sqlite3_bind_blob64(statement, i, a->s.p, a->s.n, keep)
                      : sqlite3_bind_zeroblob(statement, i, 0);
    default:
        return sqlite3_bind_int64(statement, i, a->i);
    }
}

static enum err sqlite_start(struct cursor *cur, const struct db_arg *args, size_t n, bool stream)
{
    for (size_t i = 0; i < n; i++) {
        int rc = bind(cur->handle, (int)i + 1, &args[i], stream);
        if (rc)
            return failed(cur->db, rc);
    }
    return OK;
}

static enum step sqlite_step(struct cursor *cur)
{
    int rc = sqlite3_step(cur->handle);
    if (rc == SQLITE_ROW)
        return STEP_ROW;
    if (rc == SQLITE_DONE) {
        cur->changed = sqlite3_changes64(cur->db->handle);
        return STEP_DONE;
    }
    failed(cur->db, rc);
    return STEP_FAILED;
}

static void sqlite_finish(struct cursor *cur)
{
    cur->db->steps += sqlite3_stmt_status(cur->handle, SQLITE_STMTSTATUS_VM_STEP, 1);
    sqlite3_reset(cur->handle);
    sqlite3_clear_bindings(cur->handle);
}

static int sqlite_columns(struct cursor *cur)
{
    return sqlite3_column_count(cur->handle);
}

static const char *sqlite_column_name(struct cursor *cur, int i)
{
    const char *name = sqlite3_column_name(cur->handle, i);
    return name ? name : "";
}

/* By way of the value, which is looked up once: a connection belongs to one thread, which is what that asks for. */
static enum err sqlite_value(struct cursor *cur, int i, struct db_arg *ret)
{
    sqlite3_value *value = sqlite3_column_value(cur->handle, i);
    *ret = (struct db_arg){0};
    switch (sqlite3_value_type(value)) {
    case SQLITE_NULL:
        ret->null = true;
        return OK;
    case SQLITE_INTEGER:
        ret->type = FIELD_I64;
        ret->i = sqlite3_value_int64(value);
        return OK;
    case SQLITE_FLOAT:
        ret->type = FIELD_F64;
        ret->f = sqlite3_value_double(value);
        return OK;
    case SQLITE_TEXT:
        ret->type = FIELD_TEXT;
        ret->s.p = (const char *)sqlite3_value_text(value);
        break;
    default:
        ret->type = FIELD_BYTES;
        ret->s.p = sqlite3_value_blob(value);
        break;
    }
    ret->s.n = (size_t)sqlite3_value_bytes(value);
    if (!ret->s.p && ret->s.n)
        return db_failed(cur->db, E_IO, "out of memory");
    if (!ret->s.p)
        ret->s.p = ""; /* an empty value is not an absent one */
    return OK;
}

static enum err sqlite_script(struct db *db, const char *text)
{
    int rc = sqlite3_exec(db->handle, text, NULL, NULL, NULL);
    return rc ? failed(db, rc) : OK;
}

const struct engine engine_sqlite = {
    .kind = DB_SQLITE,
    .open = sqlite_open,
    .close = sqlite_close,
    .alive = sqlite_alive,
    .in_transaction = sqlite_in_transaction,
    .prepare = sqlite_prepare,
    .forget = sqlite_forget,
    .start = sqlite_start,
    .step = sqlite_step,
    .finish = sqlite_finish,
    .columns = sqlite_columns,
    .column_name = sqlite_column_name,
    .value = sqlite_value,
    .script = sqlite_script,
};
