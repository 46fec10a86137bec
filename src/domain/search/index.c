/* What can be found, and the words it is found by. */
#include "domain/search/query.h"
#include "domain/search/search.sql.h"

#include "base/out.h"
#include "store/db.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum { OWNED = SEARCH_OWNED, TITLE_MAX = 4 << 10 };

struct held {
    int64_t id;
    struct str kind, plan, path, title, text, words;
};
RECORD(search_held_record, struct held, "search_doc", "A document in the store",
       {"id", FIELD_I64, offsetof(struct held, id)}, {"kind", FIELD_TEXT, offsetof(struct held, kind)},
       {"plan", FIELD_TEXT, offsetof(struct held, plan)}, {"path", FIELD_TEXT, offsetof(struct held, path)},
       {"title", FIELD_TEXT, offsetof(struct held, title)}, {"text", FIELD_TEXT, offsetof(struct held, text)},
       {"words", FIELD_TEXT, offsetof(struct held, words)});

struct keys {
    struct str *v;
    size_t n, cap;
};

static void add_key(struct arena *a, struct keys *keys, const char *what, struct str word)
{
    word = str_head(word, QUERY_KEY);
    char *key = NEWN(a, char, word.n + 2);
    key[0] = what[0];
    memcpy(key + 1, word.p, word.n);
    *PUSH(a, keys) = (struct str){key, word.n + 1};
}

static void add_text(struct arena *a, struct keys *keys, struct str text, bool title)
{
    struct folded f = viet_fold(a, text);
    struct str word;
    for (size_t at = 0; viet_word(f.s, &at, &word);) {
        struct str typed = search_typed(a, search_letters(&f, at - word.n, at));
        add_key(a, keys, KEY_ANY, word);
        add_key(a, keys, KEY_TYPED, typed);
        if (!title)
            continue;
        add_key(a, keys, KEY_TITLE, word);
        add_key(a, keys, KEY_TITLE_TYPED, typed);
    }
}

static void add_name(struct arena *a, struct keys *keys, const char *what, struct str name)
{
    name = search_name(a, name);
    if (name.n)
        add_key(a, keys, what, name);
}

static int in_order(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* Each once and sorted, so that the same document always has the same words. */
static struct str joined(struct arena *a, struct keys *keys)
{
    size_t n = 0;
    qsort(keys->v, keys->n, sizeof *keys->v, in_order);
    for (size_t i = 0; i < keys->n; i++)
        if (!i || !str_eq(keys->v[i], keys->v[n - 1]))
            keys->v[n++] = keys->v[i];
    return str_join(a, keys->v, n, S(" "));
}

static struct str words_of(struct arena *a, const struct search_doc *d, const struct held *row)
{
    struct keys keys = {0};
    add_text(a, &keys, row->title, true);
    add_text(a, &keys, row->text, false);
    for (size_t i = 0; i < d->names.n; i++)
        add_name(a, &keys, KEY_NAME, d->names.v[i]);
    if (d->path.n) {
        add_name(a, &keys, KEY_NAME, d->path);
        add_name(a, &keys, KEY_PATH, d->path);
    }
    if (d->plan.n)
        add_name(a, &keys, KEY_PLAN, d->plan);
    add_key(a, &keys, KEY_KIND, d->kind);
    for (size_t i = 0; i < d->also.n; i++)
        add_key(a, &keys, KEY_KIND, d->also.v[i]);
    *PUSH(a, &keys) = S(KEY_ALL);
    return joined(a, &keys);
}

static struct str or_none(struct str s)
{
    return s.n ? s : (struct str){NULL, 0};
}

/* "task target": what it is first, then what it is as well. */
static struct str kinds_of(struct arena *a, const struct search_doc *d)
{
    struct str also = str_join(a, d->also.v, d->also.n, S(" "));
    return also.n ? str_fmt(a, "%.*s %.*s", ARGS(d->kind), ARGS(also)) : d->kind;
}

static struct held row_of(struct arena *a, const struct search_doc *d, int64_t id)
{
    struct held row = {.id = id,
                       .kind = kinds_of(a, d),
                       .plan = or_none(d->plan),
                       .path = or_none(d->path),
                       .title = d->title.n ? str_head(d->title, TITLE_MAX) : S(""),
                       .text = d->text.n ? str_head(d->text, SEARCH_TEXT) : S("")};
    row.words = words_of(a, d, &row);
    return row;
}

static enum err write_row(struct ctx *c, const struct held *row, bool there)
{
    return db_exec_args(c, there ? &SQL_search_change : &SQL_search_add, NULL,
                        (struct db_arg[]){ARG(row->id), ARG(row->kind), ARG(row->plan), ARG(row->path), ARG(row->title),
                                          ARG(row->text), ARG(row->words)},
                        7);
}

struct rows_held {
    struct held *v;
    size_t n, cap;
};

static enum err read_held(struct ctx *c, int64_t first, struct rows_held *ret)
{
    struct held row = {0};
    struct rows rows = db_query(c, SQL_search_held, ARG(first), ARG(first + OWNED));
    while (db_next(&rows, &search_held_record, &row))
        *PUSH(c->arena, ret) = row;
    return db_done(&rows);
}

/* What is held of the document in row `row`, NULL if nothing. Asked for rising ids; `*at` begins as 0. */
static const struct held *held_as(const struct rows_held *held, size_t *at, int64_t id)
{
    while (*at < held->n && held->v[*at].id < id)
        ++*at;
    return *at < held->n && held->v[*at].id == id ? &held->v[*at] : NULL;
}

struct difference {
    int64_t n, first, end; /* the ids of all that differ are from first to below end */
};

static void differs_at(struct difference *d, int64_t id)
{
    d->first = d->n ? d->first : id;
    d->end = id + 1;
    d->n++;
}

/* Compares what is held of an owner with what should be, and writes it if told. */
static enum err walk(struct ctx *c, int64_t first, const struct search_docs *docs, bool write, struct difference *ret)
{
    struct rows_held held = {0};
    size_t at = 0;
    TRY(read_held(c, first, &held));
    for (size_t i = 0; i < docs->n; i++) {
        struct arena_mark mark = arena_mark(c->arena);
        struct held row = row_of(c->arena, &docs->v[i], first + (int64_t)i);
        const struct held *was = held_as(&held, &at, row.id);
        if (!was || !record_equal(&search_held_record, was, &row)) {
            differs_at(ret, row.id);
            if (write)
                TRY(write_row(c, &row, was != NULL));
        }
        arena_rewind(c->arena, mark);
    }
    int64_t end = first + (int64_t)docs->n;
    for (size_t i = 0; i < held.n; i++)
        if (held.v[i].id >= end)
            differs_at(ret, held.v[i].id);
    return write ? db_exec(c, SQL_search_drop, ARG(end), ARG(first + OWNED)) : OK;
}

static enum err compare(struct ctx *c, int64_t owner, const struct search_docs *docs, struct difference *ret)
{
    if (docs->n >= OWNED)
        return FAIL(c, E_LIMIT, "quá nhiều mục để tìm kiếm: %zu (too many to be searched)", docs->n);
    return walk(c, owner * OWNED, docs, false, ret);
}

enum err search_put(struct ctx *c, int64_t owner, const struct search_docs *docs)
{
    struct difference d = {0}, written = {0};
    TRY(compare(c, owner, docs, &d));
    if (!d.n)
        return OK;
    TRY(db_exec(c, SQL_search_unindex, ARG(d.first), ARG(d.end)));
    TRY(walk(c, owner * OWNED, docs, true, &written));
    return db_exec(c, SQL_search_index, ARG(d.first), ARG(d.end));
}

enum err search_differs(struct ctx *c, int64_t owner, const struct search_docs *docs, int64_t *ret)
{
    struct difference d = {0};
    TRY(compare(c, owner, docs, &d));
    *ret = d.n;
    return OK;
}

enum err search_count(struct ctx *c, int64_t *ret_docs, int64_t *ret_lost)
{
    TRY(db_number(c, SQL_search_all, ret_docs));
    return db_number(c, SQL_search_lost, ret_lost);
}

enum err search_is_old(struct ctx *c, bool *ret)
{
    int64_t version;
    TRY(db_number(c, SQL_search_version, &version));
    *ret = version != SEARCH_VERSION;
    return OK;
}

enum err search_begin_anew(struct ctx *c)
{
    TRY(db_exec(c, SQL_search_drop, ARG((int64_t)0), ARG(INT64_MAX)));
    TRY(db_exec(c, SQL_search_reindex));
    return db_exec(c, SQL_search_set_version, ARG((int64_t)SEARCH_VERSION));
}
