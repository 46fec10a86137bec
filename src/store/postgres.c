#include "store/engine.h"

#include <endian.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

/* How many rows of a query that nobody wants any more are read before it is cancelled, and how many bytes of one are
 * held when another is asked on the same connection. */
enum { DISCARD_ROWS = 1000, HOLD_BYTES = 256 << 20, SENT_AHEAD = 64 };

/* --- failures ---------------------------------------------------------------------------------------------------- */

static enum err code_of(const struct db *db, const char *state)
{
    static const struct {
        const char *state;
        enum err code;
    } codes[] = {
        {"23505", E_CONFLICT}, /* unique_violation */
        {"42P07", E_CONFLICT}, /* duplicate_table: another program's */
        {"55P03", E_BUSY},     /* lock_not_available */
        {"40", E_BUSY},        /* serialization failure, deadlock */
        {"53300", E_BUSY},     /* too many connections */
        {"57014", E_BUSY},     /* cancelled, or out of its time */
        {"23", E_INVALID},     /* the other constraints */
        {"22", E_INVALID},     /* a value of the wrong kind */
        {"54", E_LIMIT},       /* too large */
        {"42", E_INTERNAL},    /* the statement is wrong */
    };
    if (!state)
        return E_IO;
    if (strcmp(state, "25006") == 0) /* read-only: our connection, or the whole server */
        return db->flags & DB_WRITE ? E_IO : E_INTERNAL;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (strncmp(state, codes[i].state, strlen(codes[i].state)) == 0)
            return codes[i].code;
    return E_IO;
}

static enum err failed(struct db *db, const PGresult *result)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    if (severity && (strcmp(severity, "FATAL") == 0 || strcmp(severity, "PANIC") == 0))
        db->lost = true;
    return db_failed(db, code_of(db, state), "%s", message ? message : PQerrorMessage(db->handle));
}

static bool is_failure(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_SINGLE_TUPLE;
}

/* --- the connection ---------------------------------------------------------------------------------------------- */

static void ignore_notice(void *arg, const char *message)
{
    (void)arg;
    (void)message;
}

/* libpq's words on a failed connection, with the password blotted out should they quote it. */
static enum err not_connected(struct db *db, PGconn *p)
{
    char message[400];
    snprintf(message, sizeof message, "%s", PQerrorMessage(p));
    const char *password = PQpass(p);
    for (char *at = message; password && *password && (at = strstr(at, password));)
        for (size_t i = strlen(password); i; i--)
            *at++ = '*';
    return db_failed(db, E_IO, "%s", message);
}

/* What a session of ours is like, whatever the server's defaults. A commit waits for the disk at least; a stricter
 * setting of the site (remote_apply) stays. */
static const char session[] = "SELECT set_config('synchronous_commit', 'on', false)"
                              " WHERE current_setting('synchronous_commit') IN ('off', 'local', 'remote_write');"
                              "SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '120s';"
                              "SET standard_conforming_strings = on; SET timezone = 'UTC';";

static enum err set_up(struct db *db, PGconn *p, unsigned flags)
{
    const char *encoding = PQparameterStatus(p, "server_encoding");
    if (!encoding || strcmp(encoding, "UTF8") != 0)
        return db_failed(db, E_IO, "the database must be in UTF8");
    PGresult *result = PQexec(p, session);
    enum err e = is_failure(result) ? failed(db, result) : OK;
    PQclear(result);
    if (e || flags & DB_WRITE)
        return e;
    result = PQexec(p, "SET default_transaction_read_only = on");
    e = is_failure(result) ? failed(db, result) : OK;
    PQclear(result);
    return e;
}

static enum err postgres_open(struct db *db, const char *store, unsigned flags)
{
    /* libpq quotes a malformed URL in its words, password and all; so it is looked at first. */
    PQconninfoOption *options = PQconninfoParse(store, NULL);
    if (!options)
        return db_failed(db, E_IO, "the connection URL is not well formed");
    PQconninfoFree(options);
    static const char *const names[] = {"connect_timeout", "fallback_application_name", "dbname", "client_encoding",
                                        NULL};
    const char *values[] = {"10", "hoalu", store, "UTF8", NULL};
    PGconn *p = PQconnectdbParams(names, values, 1);
    db->handle = p;
    db->live = NULL;
    db->n_later = 0;
    db->lost = false;
    enum err e;
    if (PQstatus(p) == CONNECTION_OK) {
        PQsetNoticeProcessor(p, ignore_notice, NULL);
        e = set_up(db, p, flags);
    } else {
        e = not_connected(db, p);
    }
    if (e) {
        PQfinish(p);
        db->handle = NULL;
    }
    return e;
}

static void postgres_close(struct db *db)
{
    PQfinish(db->handle);
}

static bool postgres_alive(struct db *db)
{
    return !db->lost && PQstatus(db->handle) == CONNECTION_OK;
}

static bool postgres_in_transaction(struct db *db)
{
    return PQtransactionStatus(db->handle) != PQTRANS_IDLE;
}

/* --- rows that are still coming ---------------------------------------------------------------------------------- */

static void drain(struct db *db)
{
    PGresult *result;
    while ((result = PQgetResult(db->handle)))
        PQclear(result);
}

/* Append the one row of `row` to `held`. */
static bool hold_row(PGresult *held, const PGresult *row, size_t *bytes)
{
    int at = PQntuples(held);
    for (int i = 0; i < PQnfields(row); i++) {
        bool null = PQgetisnull(row, 0, i);
        int n = PQgetlength(row, 0, i);
        if (!PQsetvalue(held, at, i, null ? NULL : PQgetvalue(row, 0, i), null ? -1 : n))
            return false;
        *bytes += (size_t)n + 16;
    }
    return *bytes <= HOLD_BYTES;
}

/* Another statement is to be run while this query is being read: take in what is left of it. A failure waits in its
 * place until the reader comes to it. */
static void hold_live(struct db *db)
{
    struct cursor *cur = db->live;
    if (!cur)
        return;
    db->live = NULL;
    PGresult *held = NULL, *row = cur->first ? cur->result : PQgetResult(db->handle);
    if (!cur->first)
        PQclear(cur->result);
    cur->first = false;
    size_t bytes = 0;
    for (; row; row = PQgetResult(db->handle)) {
        bool kept = true;
        if (!held && PQresultStatus(row) == PGRES_SINGLE_TUPLE)
            held = PQcopyResult(row, PG_COPYRES_ATTRS);
        if (PQresultStatus(row) == PGRES_SINGLE_TUPLE) {
            kept = held && hold_row(held, row, &bytes);
        } else if (is_failure(row) || !held) {
            PQclear(held);
            held = row;
            row = NULL;
        }
        PQclear(row);
        if (!kept) {
            drain(db);
            PQclear(held);
            held = NULL;
            break;
        }
    }
    cur->result = held;
    cur->at = -1;
}

/* --- statements sent ahead --------------------------------------------------------------------------------------- */

/* Read the answers of the statements sent ahead, and of one more if `own`, which is given back. Each answer ends with a
 * NULL; a lost connection gives nothing but them. The first failure among those sent ahead is the failure of all. */
static enum err read_pipeline(struct db *db, PGresult **own)
{
    enum err e = OK;
    unsigned at = 0;
    bool all = false;
    for (int nulls = 0; nulls < 3 && !all;) {
        PGresult *result = PQgetResult(db->handle);
        if (!result) {
            at++;
            nulls++;
            continue;
        }
        nulls = 0;
        all = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
        if (at < db->n_later && is_failure(result) && !all && !e)
            e = failed(db, result);
        if (at >= db->n_later && own && !*own && !all)
            *own = result;
        else
            PQclear(result);
    }
    db->n_later = 0;
    if ((!PQexitPipelineMode(db->handle) || !all) && !e)
        e = db_failed(db, E_IO, "%s", PQerrorMessage(db->handle));
    db->adrift = db->adrift || e;
    return e;
}

/* The line is free for a statement of another kind after this. */
static enum err settle(struct db *db)
{
    hold_live(db);
    if (!db->n_later)
        return OK;
    if (!PQpipelineSync(db->handle))
        return db_failed(db, E_IO, "%s", PQerrorMessage(db->handle));
    return read_pipeline(db, NULL);
}

/* --- statements -------------------------------------------------------------------------------------------------- */

/* Kept statements are called by their slot, the others have no name. */
static const char *name_of(void *handle, char name[24])
{
    intptr_t number = (intptr_t)handle;
    if (number == 1)
        return "";
    snprintf(name, 24, "s%d", (int)number);
    return name;
}

static enum err postgres_prepare(struct db *db, const struct sql *sql, int slot, void **ret)
{
    char name[24];
    void *handle = (void *)(intptr_t)(slot + 2);
    enum err e = settle(db);
    if (e)
        return e;
    PGresult *result = PQprepare(db->handle, name_of(handle, name), sql->text[DB_POSTGRES], 0, NULL);
    e = is_failure(result) ? failed(db, result) : OK;
    PQclear(result);
    if (!e)
        *ret = handle;
    return e;
}

static void postgres_forget(struct db *db, void *handle)
{
    (void)db;
    (void)handle;
}

struct bound {
    const char *values[MAX_ARGS];
    int lengths[MAX_ARGS], formats[MAX_ARGS];
    char numbers[MAX_ARGS][32];
};

/* Numbers go as text, which any numeric type reads; text and bytes go as they are. */
static enum err bind_all(struct db *db, struct bound *b, const struct db_arg *args, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct db_arg *a = &args[i];
        b->values[i] = NULL;
        b->lengths[i] = b->formats[i] = 0;
        if (a->null)
            continue;
        if (a->type == FIELD_TEXT || a->type == FIELD_BYTES) {
            if (a->s.n > INT32_MAX)
                return db_failed(db, E_LIMIT, "a value of more than 2 GiB");
            b->values[i] = a->s.p;
            b->lengths[i] = (int)a->s.n;
            b->formats[i] = 1;
            continue;
        }
        if (a->type == FIELD_F64)
            snprintf(b->numbers[i], sizeof b->numbers[i], "%.17g", a->f);
        else
            snprintf(b->numbers[i], sizeof b->numbers[i], "%lld", (long long)a->i);
        b->values[i] = b->numbers[i];
    }
    return OK;
}

static bool send(struct db *db, void *handle, const struct bound *b, size_t n)
{
    char name[24];
    return PQsendQueryPrepared(db->handle, name_of(handle, name), (int)n, b->values, b->lengths, b->formats, 1);
}

static enum err postgres_later(struct db *db, void *handle, const struct db_arg *args, size_t n)
{
    struct bound b;
    enum err e = bind_all(db, &b, args, n);
    if (e)
        return e;
    /* Not too many, or the server's answers to them would fill the line that nobody reads, and block both ends. */
    if (db->n_later >= SENT_AHEAD && (e = settle(db)))
        return e;
    hold_live(db);
    if ((!db->n_later && !PQenterPipelineMode(db->handle)) || !send(db, handle, &b, n))
        return db_failed(db, E_IO, "%s", PQerrorMessage(db->handle));
    db->n_later++;
    return OK;
}

/* The whole answer at once, and with it those of the statements sent ahead: one journey for all. */
static enum err take_all(struct cursor *cur)
{
    struct db *db = cur->db;
    PGresult *result = NULL;
    enum err e = OK;
    if (db->n_later) {
        PQpipelineSync(db->handle);
        e = read_pipeline(db, &result);
    } else {
        result = PQgetResult(db->handle);
        drain(db);
    }
    cur->result = result;
    cur->at = -1;
    return e ? e : is_failure(result) ? failed(db, result) : OK;
}

static enum err postgres_start(struct cursor *cur, const struct db_arg *args, size_t n, bool stream)
{
    struct db *db = cur->db;
    struct bound b;
    enum err e = bind_all(db, &b, args, n);
    hold_live(db);
    if (!e && stream)
        e = settle(db);
    if (e)
        return e;
    if (!send(db, cur->handle, &b, n))
        return db_failed(db, E_IO, "%s", PQerrorMessage(db->handle));
    if (!stream)
        return take_all(cur);
    PQsetSingleRowMode(db->handle);
    cur->result = PQgetResult(db->handle); /* so that a failure is known at once */
    cur->first = true;
    db->live = cur;
    return is_failure(cur->result) ? failed(db, cur->result) : OK;
}

static enum step end(struct cursor *cur)
{
    const char *changed = PQcmdTuples(cur->result);
    cur->changed = *changed ? strtoll(changed, NULL, 10) : 0;
    return STEP_DONE;
}

static enum step step_held(struct cursor *cur)
{
    if (!cur->result) {
        db_failed(cur->db, E_LIMIT, "too many rows wait while other statements are run");
        return STEP_FAILED;
    }
    if (is_failure(cur->result)) {
        failed(cur->db, cur->result);
        return STEP_FAILED;
    }
    if (++cur->at < PQntuples(cur->result))
        return STEP_ROW;
    return end(cur);
}

static enum step postgres_step(struct cursor *cur)
{
    struct db *db = cur->db;
    if (db->live != cur)
        return step_held(cur);
    if (!cur->first) {
        PQclear(cur->result);
        cur->result = PQgetResult(db->handle);
    }
    cur->first = false;
    cur->at = 0;
    if (cur->result && PQresultStatus(cur->result) == PGRES_SINGLE_TUPLE)
        return STEP_ROW;
    db->live = NULL;
    drain(db);
    if (cur->result && !is_failure(cur->result))
        return end(cur);
    failed(db, cur->result);
    return STEP_FAILED;
}

/* Nobody wants the rest. Inside a transaction it is read to its end, since cancelling would abort the transaction; a
 * failure in it has aborted the transaction all the same, and must be known. */
static void abandon(struct db *db)
{
    bool may_cancel = !db->writing && !db->snapshots;
    int n = 0;
    for (PGresult *row; (row = PQgetResult(db->handle)); PQclear(row)) {
        if (db->writing && is_failure(row))
            failed(db, row);
        if (++n == DISCARD_ROWS && may_cancel) {
            char ignored[256];
            PGcancel *cancel = PQgetCancel(db->handle);
            if (cancel)
                PQcancel(cancel, ignored, sizeof ignored);
            PQfreeCancel(cancel);
        }
    }
}

static void postgres_finish(struct cursor *cur)
{
    struct db *db = cur->db;
    if (db->live == cur) {
        abandon(db);
        db->live = NULL;
    }
    PQclear(cur->result);
    cur->result = NULL;
}

/* --- values ------------------------------------------------------------------------------------------------------ */

enum {
    OID_BOOL = 16,
    OID_BYTEA = 17,
    OID_INT8 = 20,
    OID_INT2 = 21,
    OID_INT4 = 23,
    OID_FLOAT4 = 700,
    OID_FLOAT8 = 701,
    OID_NUMERIC = 1700,
};

static uint64_t big_endian(const char *p, int n)
{
    uint64_t v = 0;
    for (int i = 0; i < n; i++)
        v = v << 8 | (unsigned char)p[i];
    return v;
}

/* What sum() and avg() give: base-10000 digits after four 16-bit words (their number, the weight of the first, the
 * sign, the digits shown after the point). A whole number that fits is one, anything else is a double, read from its
 * decimal text so that it is rounded once. */
static enum err numeric(struct db *db, const char *p, int n, struct db_arg *ret)
{
    int digits = n < 8 ? -1 : (int)big_endian(p, 2), weight = (int16_t)big_endian(p + 2, 2);
    unsigned sign = (unsigned)big_endian(p + 4, 2);
    char text[700];
    size_t at = 0;
    if (digits < 0 || n != 8 + 2 * digits || (sign != 0 && sign != 0x4000) || digits > 100 || weight > 60 ||
        weight < -60)
        return db_failed(db, E_IO, "a number that no field can hold");
    for (int i = 0; i < digits; i++)
        at += (size_t)snprintf(text + at, sizeof text - at, "%04u", (unsigned)big_endian(p + 8 + 2 * i, 2));
    snprintf(text + at, sizeof text - at, "e%d", 4 * (weight + 1 - digits));
    bool whole = weight <= 4 && digits <= weight + 1;
    int64_t v = 0;
    for (int i = 0; whole && i <= weight; i++)
        whole = !__builtin_mul_overflow(v, 10000, &v) &&
                !__builtin_add_overflow(v, i < digits ? (int64_t)big_endian(p + 8 + 2 * i, 2) : 0, &v);
    if (whole || digits == 0) {
        ret->type = FIELD_I64;
        ret->i = sign ? -v : v;
    } else {
        ret->type = FIELD_F64;
        ret->f = strtod(text, NULL) * (sign ? -1 : 1);
    }
    return OK;
}

static enum err postgres_value(struct cursor *cur, int i, struct db_arg *ret)
{
    const PGresult *result = cur->result;
    const char *p = PQgetvalue(result, cur->at, i);
    int n = PQgetlength(result, cur->at, i);
    Oid type = PQftype(result, i);
    *ret = (struct db_arg){.type = FIELD_I64, .null = PQgetisnull(result, cur->at, i)};
    if (ret->null)
        return OK;
    union {
        uint64_t u;
        double d;
    } wide;
    union {
        uint32_t u;
        float f;
    } narrow;
    switch (type) {
    case OID_BOOL:
        ret->i = *p != 0;
        return OK;
    case OID_INT8:
        ret->i = (int64_t)big_endian(p, 8);
        return OK;
    case OID_INT4:
        ret->i = (int32_t)big_endian(p, 4);
        return OK;
    case OID_INT2:
        ret->i = (int16_t)big_endian(p, 2);
        return OK;
    case OID_FLOAT8:
        wide.u = big_endian(p, 8);
        ret->type = FIELD_F64;
        ret->f = wide.d;
        return OK;
    case OID_FLOAT4:
        narrow.u = (uint32_t)big_endian(p, 4);
        ret->type = FIELD_F64;
        ret->f = (double)narrow.f;
        return OK;
    case OID_NUMERIC:
        return numeric(cur->db, p, n, ret);
    default:
        ret->type = type == OID_BYTEA ? FIELD_BYTES : FIELD_TEXT;
        ret->s = (struct str){p, (size_t)n};
        return OK;
    }
}

static int postgres_columns(struct cursor *cur)
{
    return PQnfields(cur->result);
}

static const char *postgres_column_name(struct cursor *cur, int i)
{
    return PQfname(cur->result, i);
}

static enum err postgres_script(struct db *db, const char *text)
{
    enum err e = settle(db);
    if (e)
        return e;
    PGresult *result = PQexec(db->handle, text);
    e = is_failure(result) ? failed(db, result) : OK;
    PQclear(result);
    return e;
}

const struct engine engine_postgres = {
    .kind = DB_POSTGRES,
    .shares = true,
    .open = postgres_open,
    .close = postgres_close,
    .alive = postgres_alive,
    .in_transaction = postgres_in_transaction,
    .prepare = postgres_prepare,
    .forget = postgres_forget,
    .start = postgres_start,
    .later = postgres_later,
    .settle = settle,
    .step = postgres_step,
    .finish = postgres_finish,
    .columns = postgres_columns,
    .column_name = postgres_column_name,
    .value = postgres_value,
    .script = postgres_script,
};
