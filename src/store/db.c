#include "store/engine.h"

#include "base/period.h"
#include "store/store.sql.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

/* --- failures ---------------------------------------------------------------------------------------------------- */

enum err db_failed(struct db *db, enum err code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(db->message, sizeof db->message, format, args);
    va_end(args);
    /* Cut between characters, and without the line breaks of libpq. */
    size_t at, len = n < 0 ? 0 : strlen(db->message);
    if (!str_is_utf8((struct str){db->message, len}, &at))
        db->message[at] = 0;
    for (char *p = db->message; *p; p++)
        if (*p == '\n')
            *p = p[1] ? ' ' : 0;
    db->failure = code;
    if (db->writing && !db->broken)
        db->broken = code;
    return code;
}

enum err db_report(struct ctx *c, struct db *db, const char *name)
{
    const char *said;
    switch (db->failure) {
    case E_BUSY:
        said = "Kho dữ liệu đang bận, xin thử lại (the store is busy)";
        break;
    case E_CONFLICT:
        said = "Dữ liệu này đã có (it exists already)";
        break;
    case E_INVALID:
        said = "Dữ liệu trái với quy tắc của kho (a rule of the store refuses it)";
        break;
    case E_LIMIT:
        said = "Dữ liệu quá lớn (too much data)";
        break;
    case E_INTERNAL:
        said = "Lỗi của chương trình khi dùng kho dữ liệu (a mistake in the program)";
        break;
    default:
        said = "Lỗi kho dữ liệu (the store failed)";
        break;
    }
    return FAIL(c, db->failure, "%s: %s%s%s", said, name ? name : "", name ? ": " : "", db->message);
}

static bool injected(struct db *db)
{
    if (!db->fail_in || --db->fail_in)
        return false;
    db_failed(db, E_IO, "a failure made by a test");
    return true;
}

/* Our own mistake in a statement or its record: told with its name, so that it can be found. */
static _Noreturn void mistake(const struct sql *sql, const char *what, const char *which)
{
    fprintf(stderr, "hoalu: statement %s: %s %s\n", sql->name, what, which);
    abort();
}

/* --- opening and closing ----------------------------------------------------------------------------------------- */

enum db_engine db_engine(const struct db *db)
{
    return db->engine->kind;
}

struct db_head *db_head(struct db *db)
{
    return db && db->writing ? &db->head : NULL;
}

int64_t db_steps(const struct db *db)
{
    return db->engine->kind == DB_SQLITE ? db->steps : 0;
}

void db_fail_in(struct db *db, int64_t n)
{
    db->fail_in = n;
}

bool db_alive(struct db *db)
{
    return db->handle && db->engine->alive(db);
}

static void drop_handle(struct db *db)
{
    db_close_cursors(db);
    for (size_t i = 0; i < N_SLOTS && db->handle; i++)
        if (db->slots[i].handle)
            db->engine->forget(db, db->slots[i].handle);
    memset(db->slots, 0, N_SLOTS * sizeof *db->slots);
    db->writing = false;
    db->snapshots = 0;
    db->shelf = NULL;
    db->awaited = db->dated = false;
    if (db->handle)
        db->engine->close(db);
    db->handle = NULL;
}

static void close_db(void *arg)
{
    drop_handle(arg);
}

enum err db_reopen(struct db *db)
{
    drop_handle(db);
    return injected(db) ? E_IO : db->engine->open(db, db->store, db->flags);
}

bool db_is_url(struct str store)
{
    return str_starts(store, S("postgresql://")) || str_starts(store, S("postgres://"));
}

struct str db_label(struct ctx *c, struct str store)
{
    if (!db_is_url(store))
        return store;
    size_t host = str_find(store, S("://"), 0) + 3;
    size_t slash = str_find(store, S("/"), host), colon = str_find(store, S(":"), host), at = SIZE_MAX;
    for (size_t i = host; i < store.n && i < slash; i++)
        if (store.p[i] == '@')
            at = i;
    struct str shown = store;
    if (at != SIZE_MAX && colon < at)
        shown = str_fmt(c->arena, "%.*s%.*s", ARGS(str_slice(store, 0, colon)), ARGS(str_skip(store, at)));
    /* The parameters may hold a password as well. */
    size_t query = str_find(shown, S("?"), 0);
    size_t word = query == SIZE_MAX ? SIZE_MAX : str_find(shown, S("password="), query);
    return word == SIZE_MAX ? shown : str_slice(shown, 0, word);
}

struct opening {
    struct arena *owner;
    struct str store, label;
    unsigned flags;
    struct db *db;
    struct arena_defer *closing;
};

static void make_db(void *arg)
{
    struct opening *o = arg;
    o->closing = arena_defer(o->owner, close_db);
    o->db = NEW(o->owner, struct db);
    o->db->slots = NEWN(o->owner, struct slot, N_SLOTS);
    o->db->engine = db_is_url(o->store) ? &engine_postgres : &engine_sqlite;
    o->db->flags = o->flags;
    o->db->store = str_z(o->owner, o->store);
    o->db->label = str_dup(o->owner, o->label);
}

enum err db_open(struct ctx *c, struct arena *owner, struct str store, unsigned flags, struct db **ret)
{
    struct opening o = {.owner = owner, .store = store, .flags = flags};
    o.label = db_label(c, store);
    if (!arena_run(owner, make_db, &o))
        return FAIL(c, E_LIMIT, "Không đủ bộ nhớ để mở kho dữ liệu (not enough memory to open the store)");
    o.closing->arg = o.db;
    enum err e = o.db->engine->open(o.db, o.db->store, flags);
    if (e == E_NOTFOUND)
        return FAIL(c, e, "Không có kho dữ liệu %.*s (no such store)", ARGS(o.label));
    if (e)
        return FAIL(c, e, "Không mở được kho dữ liệu %.*s (cannot open the store): %s", ARGS(o.label), o.db->message);
    *ret = o.db;
    return OK;
}

/* --- cursors ----------------------------------------------------------------------------------------------------- */

static size_t slot_of(const struct sql *sql)
{
    return (size_t)(((uintptr_t)sql >> 4) * 0x9E3779B97F4A7C15u >> 40) % N_SLOTS;
}

/* The kept statement of `sql`, or an empty place for it, or NULL when there is none left. */
static struct slot *find_slot(struct db *db, const struct sql *sql)
{
    size_t i = slot_of(sql);
    for (size_t n = 0; n < 16; n++, i = (i + 1) % N_SLOTS)
        if (!db->slots[i].sql || db->slots[i].sql == sql)
            return &db->slots[i];
    return NULL;
}

static enum err take_statement(struct db *db, struct cursor *cur, const struct sql *sql)
{
    struct slot *slot = find_slot(db, sql);
    if (slot && slot->busy && !db->engine->shares)
        slot = NULL;
    if (slot && slot->handle) {
        cur->handle = slot->handle;
    } else {
        if (injected(db))
            return E_IO;
        enum err e = db->engine->prepare(db, sql, slot ? (int)(slot - db->slots) : -1, &cur->handle);
        if (e)
            return e;
        if (slot)
            *slot = (struct slot){.sql = sql, .handle = cur->handle};
    }
    cur->slot = slot;
    if (slot)
        slot->busy = true;
    return OK;
}

static enum err open_once(struct db *db, struct cursor *cur, const struct sql *sql, const struct db_arg *args, size_t n,
                          bool stream)
{
    if (!db->handle)
        return db_failed(db, E_IO, "no connection");
    enum err e = take_statement(db, cur, sql);
    if (e)
        return e;
    cur->db = db;
    cur->next = db->open;
    cur->link = &db->open;
    if (db->open)
        db->open->link = &cur->next;
    db->open = cur;
    e = injected(db) ? E_IO : db->engine->start(cur, args, n, stream);
    if (e)
        cursor_close(cur);
    return e;
}

/* Outside a transaction and with nothing half read, a connection that was lost may be made again: before anything was
 * sent, or after a read, which may be sent twice. */
static bool may_reconnect(struct db *db)
{
    return !db->writing && !db->snapshots && !db->open && !db->n_later && !db_alive(db);
}

static enum err begin_awaited(struct db *db);

enum err cursor_open(struct db *db, struct cursor *cur, const struct sql *sql, const struct db_arg *args, size_t n,
                     bool stream)
{
    if (n != sql->n_args || n > MAX_ARGS)
        mistake(sql, "called with the wrong number of arguments", "");
    if (db->awaited && begin_awaited(db))
        return db->failure;
    if (db->writing && db->broken)
        return db->broken; /* on PostgreSQL nothing can follow a failure; so it is on both */
    struct arena_defer *defer = cur->defer;
    *cur = (struct cursor){.sql = sql, .defer = defer};
    if (may_reconnect(db) && db_reopen(db))
        return db->failure;
    enum err e = open_once(db, cur, sql, args, n, stream);
    if (e != E_IO || db->flags & DB_WRITE || !may_reconnect(db) || db_reopen(db))
        return e;
    *cur = (struct cursor){.sql = sql, .defer = defer};
    return open_once(db, cur, sql, args, n, stream);
}

enum step cursor_step(struct cursor *cur)
{
    /* Rows that are held already come without a call to the engine. */
    bool calls = !cur->db->engine->shares || cur->db->live == cur;
    return calls && injected(cur->db) ? STEP_FAILED : cur->db->engine->step(cur);
}

void cursor_close(struct cursor *cur)
{
    struct db *db = cur->db;
    if (!db)
        return;
    db->engine->finish(cur);
    if (cur->slot)
        cur->slot->busy = false;
    else
        db->engine->forget(db, cur->handle);
    *cur->link = cur->next;
    if (cur->next)
        cur->next->link = cur->link;
    cur->db = NULL;
    if (cur->defer)
        cur->defer->arg = NULL;
}

void db_close_cursors(struct db *db)
{
    while (db->open)
        cursor_close(db->open);
}

static void close_deferred(void *arg)
{
    cursor_close(arg);
}

/* --- rows -------------------------------------------------------------------------------------------------------- */

static void make_map(struct cursor *cur, const struct record *r)
{
    int n = cur->db->engine->columns(cur);
    if (n > MAX_COLUMNS || r->n > 255)
        mistake(cur->sql, "has too many columns for", r->name);
    size_t k = 0; /* columns mostly come in the order of the fields */
    for (int i = 0; i < n; i++) {
        const char *name = cur->db->engine->column_name(cur, i);
        size_t looked = 0;
        while (looked < r->n && strcmp(r->fields[k].name, name) != 0) {
            k = k + 1 < r->n ? k + 1 : 0;
            looked++;
        }
        if (looked == r->n)
            mistake(cur->sql, "no field for column", name);
        cur->map[i] = (unsigned char)k;
        k = k + 1 < r->n ? k + 1 : 0;
    }
    cur->record = r;
}

static bool as_i64(const struct db_arg *v, int64_t *ret)
{
    if (v->type == FIELD_I64)
        *ret = v->i;
    else if (v->type == FIELD_F64 && v->f >= -9007199254740992.0 && v->f <= 9007199254740992.0 &&
             v->f == (double)(int64_t)v->f)
        *ret = (int64_t)v->f; /* sum() of whole numbers may come back as one */
    else
        return false;
    return true;
}

static bool put_value(struct ctx *c, const struct field *f, void *at, const struct db_arg *v)
{
    int64_t i = I64_NONE;
    switch (f->type) {
    case FIELD_BOOL:
        *(bool *)at = !v->null && as_i64(v, &i) && i != 0;
        return v->null || i != I64_NONE;
    case FIELD_I64:
        *(int64_t *)at = I64_NONE;
        return v->null || as_i64(v, at);
    case FIELD_F64:
        *(double *)at = v->null ? NAN : v->type == FIELD_I64 ? (double)v->i : v->f;
        return v->null || v->type == FIELD_I64 || v->type == FIELD_F64;
    case FIELD_TEXT:
    case FIELD_BYTES:
        *(struct str *)at = v->null ? (struct str){0} : v->type != f->type ? S("") : str_dup(c->arena, v->s);
        return v->null || v->type == f->type;
    case FIELD_DAY:
        *(int32_t *)at = DAY_NONE;
        return v->null || (v->type == FIELD_TEXT && day_parse(v->s, at));
    default:
        return false;
    }
}

/* May leave by way of the arena. */
static enum err copy_row(struct ctx *c, struct cursor *cur, const struct record *r, void *row)
{
    struct db *db = cur->db;
    int n = db->engine->columns(cur);
    if (cur->record != r) {
        make_map(cur, r);
        recall_columns(cur->recording, cur, (size_t)n);
    }
    for (int i = 0; i < n; i++) {
        const struct field *f = &r->fields[cur->map[i]];
        struct db_arg v;
        enum err e = db->engine->value(cur, i, &v);
        if (e)
            return e;
        void *at = (void *)(uintptr_t)field_get(r, f, row);
        if (!put_value(c, f, at, &v))
            return db_failed(db, E_INTERNAL, "column %s is of another type than its field", f->name);
    }
    recall_row(cur->recording, row);
    return OK;
}

struct rows db_query_args(struct ctx *c, const struct sql *sql, const struct db_arg *args, size_t n)
{
    struct rows rows = {.c = c};
    struct recording *recording;
    rows.recalled = recall(c, sql, false, args, n, &recording);
    if (rows.recalled)
        return rows;
    struct cursor *cur = NEW(c->arena, struct cursor);
    cur->defer = arena_defer(c->arena, close_deferred);
    rows.err = cursor_open(c->db, cur, sql, args, n, true);
    if (rows.err) {
        db_report(c, c->db, sql->name);
    } else {
        cur->recording = recording;
        cur->defer->arg = cur;
        rows.statement = cur;
    }
    return rows;
}

bool db_next(struct rows *rows, const struct record *r, void *row)
{
    struct cursor *cur = rows->statement;
    if (rows->recalled)
        return recalled_next(rows, r, row);
    if (rows->err || !cur)
        return false;
    struct db *db = cur->db;
    if (!db) { /* its transaction is over */
        rows->statement = NULL;
        rows->err = FAIL(rows->c, E_INTERNAL, "%s: the query was read after its transaction", cur->sql->name);
        return false;
    }
    enum step step = cursor_step(cur);
    if (step == STEP_ROW && !(rows->err = copy_row(rows->c, cur, r, row))) {
        rows->n++;
        return true;
    }
    if (step == STEP_FAILED)
        rows->err = db->failure;
    if (step == STEP_DONE)
        recall_keep(cur->recording);
    cursor_close(cur);
    rows->statement = NULL;
    if (rows->err)
        db_report(rows->c, db, cur->sql->name);
    return false;
}

enum err db_done(struct rows *rows)
{
    if (rows->statement)
        cursor_close(rows->statement);
    rows->statement = NULL;
    return rows->err;
}

/* --- single answers ---------------------------------------------------------------------------------------------- */

struct one {
    struct ctx *c;
    struct cursor cur;
    const struct record *record;
    void *row;
    enum err err;
};

static void copy_one(void *arg)
{
    struct one *one = arg;
    one->err = copy_row(one->c, &one->cur, one->record, one->row);
}

/* Step past the row just read: writes with RETURNING are complete only then, and there must not be another. */
static enum err end_of_one(struct cursor *cur)
{
    enum step step = cursor_step(cur);
    if (step == STEP_ROW)
        return db_failed(cur->db, E_INTERNAL, "more than one row");
    return step == STEP_FAILED ? cur->db->failure : OK;
}

static enum err missing(struct ctx *c, const struct sql *sql)
{
    return FAIL(c, E_NOTFOUND, "Không tìm thấy (not found: %s)", sql->name);
}

enum err db_one_args(struct ctx *c, const struct sql *sql, const struct record *r, void *row, const struct db_arg *args,
                     size_t n)
{
    struct db *db = c->db;
    struct one one = {.c = c, .record = r, .row = row};
    struct recording *recording;
    const struct recalled *recalled = recall(c, sql, false, args, n, &recording);
    if (recalled && recalled_rows(recalled) <= 1) {
        struct rows rows = {.c = c, .recalled = recalled};
        return recalled_next(&rows, r, row) ? OK : rows.err ? rows.err : missing(c, sql);
    }
    enum err e = cursor_open(db, &one.cur, sql, args, n, false);
    if (e)
        return db_report(c, db, sql->name);
    one.cur.recording = recording;
    enum step step = cursor_step(&one.cur);
    bool memory = true;
    if (step == STEP_ROW) {
        memory = arena_run(c->arena, copy_one, &one);
        e = one.err ? one.err : end_of_one(&one.cur);
    }
    if (!e && memory && step != STEP_FAILED)
        recall_keep(recording);
    cursor_close(&one.cur);
    if (!memory) {
        c->error = (struct error){.code = E_LIMIT, .message = S("Không đủ bộ nhớ cho yêu cầu này (not enough memory)")};
        return E_LIMIT;
    }
    if (e || step == STEP_FAILED)
        return db_report(c, db, sql->name);
    return step == STEP_ROW ? OK : missing(c, sql);
}

static enum err number_of(struct cursor *cur, int64_t *ret)
{
    struct db_arg v;
    if (cur->db->engine->columns(cur) != 1)
        mistake(cur->sql, "is asked for a single number", "");
    enum err e = cur->db->engine->value(cur, 0, &v);
    if (e)
        return e;
    if (v.null)
        *ret = I64_NONE;
    else if (!as_i64(&v, ret))
        return db_failed(cur->db, E_INTERNAL, "the answer is not a whole number");
    return end_of_one(cur);
}

enum err db_number_args(struct ctx *c, const struct sql *sql, int64_t *ret, const struct db_arg *args, size_t n)
{
    struct db *db = c->db;
    struct cursor cur = {0};
    int64_t number = 0;
    struct recording *recording;
    const struct recalled *recalled = recall(c, sql, true, args, n, &recording);
    if (recalled) {
        *ret = recalled_number(recalled);
        return OK;
    }
    enum err e = cursor_open(db, &cur, sql, args, n, false);
    if (e)
        return db_report(c, db, sql->name);
    enum step step = cursor_step(&cur);
    if (step == STEP_ROW)
        e = number_of(&cur, &number);
    cursor_close(&cur);
    if (e || step == STEP_FAILED)
        return db_report(c, db, sql->name);
    if (step == STEP_DONE)
        return missing(c, sql);
    recall_number(recording, number);
    recall_keep(recording);
    *ret = number;
    return OK;
}

/* Run to the end without looking at rows. */
static enum err run(struct db *db, const struct sql *sql, int64_t *ret_changed, const struct db_arg *args, size_t n)
{
    struct cursor cur = {0};
    enum err e = cursor_open(db, &cur, sql, args, n, false);
    if (e)
        return e;
    enum step step;
    while ((step = cursor_step(&cur)) == STEP_ROW)
        ;
    if (step == STEP_FAILED)
        e = db->failure;
    else if (ret_changed)
        *ret_changed = cur.changed;
    cursor_close(&cur);
    return e;
}

enum err db_exec_args(struct ctx *c, const struct sql *sql, int64_t *ret_changed, const struct db_arg *args, size_t n)
{
    return run(c->db, sql, ret_changed, args, n) ? db_report(c, c->db, sql->name) : OK;
}

enum err db_prepare(struct ctx *c, const struct sql *sql)
{
    struct db *db = c->db;
    void *handle;
    if (db->engine->prepare(db, sql, -1, &handle))
        return db_report(c, db, sql->name);
    db->engine->forget(db, handle);
    return OK;
}

enum err db_script(struct ctx *c, const char *text)
{
    return injected(c->db) || c->db->engine->script(c->db, text) ? db_report(c, c->db, NULL) : OK;
}

struct db_arg db_arg_day(struct ctx *c, int32_t day)
{
    char text[DAY_TEXT];
    struct str s = day_text(day, text);
    return db_arg_text(s.p ? str_dup(c->arena, s) : s);
}

/* Like run(), for what hardly ever fails and may be told of later. */
enum err db_write_later(struct db *db, const struct sql *sql, const struct db_arg *args, size_t n)
{
    struct cursor cur = {0};
    if (!db->engine->later)
        return run(db, sql, NULL, args, n);
    if (!db->handle)
        return db_failed(db, E_IO, "no connection");
    if (db->writing && db->broken)
        return db->broken;
    enum err e = take_statement(db, &cur, sql);
    if (e || injected(db))
        return db->failure;
    return db->engine->later(db, cur.handle, args, n);
}

/* --- transactions ------------------------------------------------------------------------------------------------ */

/* What was sent ahead is over, so that what follows is not drawn into its failure. */
static void settle(struct db *db)
{
    db_close_cursors(db);
    if (db->handle && db->engine->settle && db->engine->settle(db))
        db->broken = db->failure;
}

static void end_snapshot(void *arg)
{
    struct db *db = arg;
    if (!db->snapshots || --db->snapshots)
        return;
    db->shelf = NULL;
    db->missed = db->dated = false;
    if (db->awaited) {
        db->awaited = false;
        return;
    }
    db_close_cursors(db);
    if (db->handle && db->engine->in_transaction(db) && (!db_alive(db) || run(db, &SQL_tx_rollback, NULL, NULL, 0)))
        drop_handle(db); /* better no connection than one that sees the past */
}

/* The clean-up that a snapshot registered; found again by db_snapshot_end(). */
static struct arena_defer *snapshot_defer(struct ctx *c)
{
    for (struct arena_defer *d = c->arena->defers; d; d = d->next)
        if (d->run == end_snapshot && d->arg == c->db)
            return d;
    return NULL;
}

enum err db_snapshot(struct ctx *c)
{
    struct db *db = c->db;
    if (db->writing) /* a command sees one state as it is */
        return OK;
    struct arena_defer *d = arena_defer(c->arena, end_snapshot);
    if (!db->snapshots && run(db, &SQL_tx_snapshot, NULL, NULL, 0))
        return db_report(c, db, "snapshot");
    db->snapshots++;
    d->arg = db;
    return OK;
}

enum err db_snapshot_at(struct ctx *c, struct shelf *shelf, int64_t *ret_position)
{
    struct db *db = c->db;
    struct db_head head;
    TRY(db_snapshot(c));
    if (db_read_head(db, &head)) {
        enum err e = db_report(c, db, "head_read");
        db_snapshot_end(c);
        return e;
    }
    if (!db->writing) {
        db->shelf = shelf;
        db->shelf_position = head.position;
        db->dated = true;
    }
    *ret_position = head.position;
    return OK;
}

/* Whatever goes wrong, nothing is remembered of a state that is not known, and the caller begins again. */
static enum err begin_awaited(struct db *db)
{
    struct db_head head;
    db->awaited = false;
    db->snapshots--; /* a connection that was lost may be made again here */
    enum err e = run(db, &SQL_tx_snapshot, NULL, NULL, 0);
    db->snapshots++;
    if (!e)
        e = db_read_head(db, &head);
    if (!e && head.position != db->shelf_position)
        e = db_failed(db, E_BUSY, "the store stands elsewhere by now");
    if (!e)
        return OK;
    db->missed = true;
    db->dated = false;
    db->shelf = NULL;
    return e;
}

void db_snapshot_expect(struct ctx *c, struct shelf *shelf, int64_t position)
{
    struct db *db = c->db;
    assert(!db->writing && !db->snapshots);
    struct arena_defer *d = arena_defer(c->arena, end_snapshot);
    d->arg = db;
    db->snapshots = 1;
    db->awaited = true;
    db->missed = false;
    db->shelf = shelf;
    db->shelf_position = position;
    db->dated = true;
}

bool db_snapshot_missed(const struct ctx *c)
{
    return c->db->missed;
}

bool db_snapshot_known(const struct ctx *c, int64_t *ret_position)
{
    const struct db *db = c->db;
    if (!db->snapshots || !db->dated)
        return false;
    *ret_position = db->shelf_position;
    return true;
}

void db_snapshot_end(struct ctx *c)
{
    struct arena_defer *d = snapshot_defer(c);
    if (c->db->writing || !d)
        return;
    end_snapshot(d->arg);
    d->arg = NULL;
}

static enum err read_head(struct db *db, const struct sql *sql, struct db_head *ret)
{
    struct cursor cur = {0};
    struct db_arg position, chain;
    enum err e = cursor_open(db, &cur, sql, NULL, 0, false);
    if (e)
        return e;
    enum step step = cursor_step(&cur);
    if (step == STEP_FAILED)
        e = db->failure;
    else if (step == STEP_DONE || db->engine->value(&cur, 0, &position) || db->engine->value(&cur, 1, &chain) ||
             position.type != FIELD_I64 || chain.s.n != sizeof ret->chain)
        e = db_failed(db, E_IO, "the head of the ledger is missing or broken");
    if (!e) {
        *ret = (struct db_head){.position = position.i, .at_us = I64_NONE};
        memcpy(ret->chain, chain.s.p, sizeof ret->chain);
    }
    cursor_close(&cur);
    return e;
}

enum err db_read_head(struct db *db, struct db_head *ret)
{
    return read_head(db, &SQL_head_read, ret);
}

enum err db_write_begin(struct db *db)
{
    assert(!db->writing && db->flags & DB_WRITE);
    db->adrift = false;
    enum err e = db_write_later(db, &SQL_tx_begin, NULL, 0);
    if (!e)
        e = read_head(db, &SQL_head_lock, &db->head);
    db->head_before = db->head;
    if (e) {
        db_write_rollback(db);
        return e;
    }
    db->writing = true;
    db->broken = OK;
    return OK;
}

enum err db_write_commit(struct db *db)
{
    enum err e = OK;
    db_close_cursors(db);
    db->broken = OK;
    if (memcmp(&db->head, &db->head_before, sizeof db->head) != 0) {
        struct db_arg args[] = {db_arg_i64(db->head.position),
                                db_arg_bytes((struct str){(const char *)db->head.chain, sizeof db->head.chain})};
        e = db_write_later(db, &SQL_head_put, args, 2);
    }
    if (!e)
        e = run(db, &SQL_tx_commit, NULL, NULL, 0);
    if (e)
        return e;
    db->writing = false;
    return OK;
}

void db_write_rollback(struct db *db)
{
    enum err failure = db->failure;
    char message[sizeof db->message];
    memcpy(message, db->message, sizeof message);
    settle(db);
    db->writing = false;
    db->broken = OK;
    if (db->handle && db->engine->in_transaction(db) && (!db_alive(db) || run(db, &SQL_tx_rollback, NULL, NULL, 0)))
        drop_handle(db); /* what it holds is unknown: the next one begins afresh */
    db->failure = failure;
    memcpy(db->message, message, sizeof message);
}

enum err db_command_begin(struct db *db)
{
    return db_write_later(db, &SQL_tx_savepoint, NULL, 0);
}

enum err db_command_keep(struct db *db)
{
    db_close_cursors(db);
    return db_write_later(db, &SQL_tx_release, NULL, 0);
}

enum err db_command_undo(struct db *db)
{
    settle(db);
    if (db->adrift) /* the savepoint to go back to may be that of a command before this one */
        return db->failure;
    db->broken = OK;
    enum err e = run(db, &SQL_tx_undo, NULL, NULL, 0);
    return e ? e : db_write_later(db, &SQL_tx_release, NULL, 0);
}
