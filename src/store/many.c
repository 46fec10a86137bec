/* One statement for many rows: row by row where the engine is near, as lists where each journey costs. */
#include "store/engine.h"

#include "base/out.h"

#include <inttypes.h>
#include <string.h>

#include "base/banned.h"

/* Rows that travel together: a list of texts of so many is read quickly, and a chunk fits the server's caches. */
enum { ROWS_TOGETHER = 8192, LIST_MAX = 256 << 20 };

static enum err run_one(struct db *db, const struct sql *sql, const struct db_arg *args, size_t n, int64_t *ret_changed)
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
    *ret_changed = cur.changed;
    cursor_close(&cur);
    return e;
}

static enum err one_by_one(struct db *db, const struct sql *sql, const struct db_arg *args, size_t n, size_t width,
                           bool *ret_each)
{
    for (size_t i = 0; i < n; i++) {
        int64_t changed;
        enum err e = run_one(db, sql, args + i * width, width, &changed);
        if (e)
            return e;
        if (ret_each)
            ret_each[i] = changed != 0;
    }
    return OK;
}

/* Between quotes everything stands for itself but the quote and the backslash. */
static void put_quoted(struct out *o, struct str s)
{
    out_char(o, '"');
    for (size_t i = 0, from = 0; i <= s.n; i++) {
        if (i < s.n && s.p[i] != '"' && s.p[i] != '\\')
            continue;
        out_put(o, str_slice(s, from, i));
        if (i < s.n)
            out_char(o, '\\');
        from = i;
    }
    out_char(o, '"');
}

static void put_bytes(struct out *o, struct str s)
{
    out_put(o, S("\"\\\\x"));
    for (size_t i = 0; i < s.n; i++)
        out_fmt(o, "%02x", (unsigned char)s.p[i]);
    out_char(o, '"');
}

static void put_number(struct out *o, int64_t v)
{
    char text[24], *at = text + sizeof text;
    uint64_t left = v < 0 ? -(uint64_t)v : (uint64_t)v;
    do
        *--at = (char)('0' + left % 10);
    while (left /= 10);
    if (v < 0)
        *--at = '-';
    out_put(o, (struct str){at, (size_t)(text + sizeof text - at)});
}

/* Column `k` of the rows as PostgreSQL reads a list from text. */
static struct str list_of(struct ctx *c, const struct db_arg *args, size_t n, size_t width, size_t k)
{
    struct out o;
    out_init(&o, c->arena, LIST_MAX);
    out_expect(&o, n * 12);
    out_char(&o, '{');
    for (size_t i = 0; i < n; i++) {
        const struct db_arg *a = &args[i * width + k];
        if (i)
            out_char(&o, ',');
        if (a->null)
            out_put(&o, S("NULL"));
        else if (a->type == FIELD_TEXT)
            put_quoted(&o, a->s);
        else if (a->type == FIELD_BYTES)
            put_bytes(&o, a->s);
        else if (a->type == FIELD_F64)
            out_fmt(&o, "%.17g", a->f);
        else
            put_number(&o, a->i);
    }
    out_char(&o, '}');
    return o.failed ? (struct str){0} : out_str(&o);
}

static enum err together(struct ctx *c, const struct sql *sql, const struct db_arg *args, size_t n, size_t width,
                         bool *ret_each)
{
    struct db_arg lists[MAX_ARGS];
    for (size_t k = 0; k < width; k++) {
        lists[k] = db_arg_text(list_of(c, args, n, width, k));
        if (lists[k].null)
            return db_failed(c->db, E_LIMIT, "a list of more than %d MiB", LIST_MAX >> 20);
    }
    int64_t changed;
    enum err e = run_one(c->db, sql, lists, width, &changed);
    if (!e && ret_each)
        memset(ret_each, (size_t)changed == n, n);
    return e;
}

enum err db_exec_many(struct ctx *c, const struct sql *sql, const struct db_arg *args, size_t n, size_t width,
                      bool *ret_each)
{
    enum err e = OK;
    if (db_engine(c->db) == DB_SQLITE)
        return one_by_one(c->db, sql, args, n, width, ret_each) ? db_report(c, c->db, sql->name) : OK;
    for (size_t i = 0; i < n && !e; i += ROWS_TOGETHER) {
        size_t rows = n - i < ROWS_TOGETHER ? n - i : ROWS_TOGETHER;
        struct arena_mark mark = arena_mark(c->arena);
        e = together(c, sql, args + i * width, rows, width, ret_each ? ret_each + i : NULL);
        arena_rewind(c->arena, mark);
    }
    return e ? db_report(c, c->db, sql->name) : OK;
}
