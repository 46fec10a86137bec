#include "store/engine.h"

#include "base/shared.h"

#include <assert.h>
#include <limits.h>
#include <sodium.h>
#include <string.h>

#include "base/banned.h"

enum { KEY_MAX = 2048 };

/* A column, and where its value stands in the struct that it was read into. A record may be gone before what was read
 * with it, so what is needed of it is kept. */
struct column {
    const char *name;
    size_t offset;
    enum field_type type;
    unsigned field; /* of the record */
};

/* Bytes of a row that columns fill, without a gap. */
struct span {
    size_t at, n;
};

/* Rows as they are given out: how they look, and one struct after the other. */
struct image {
    struct column *columns;
    struct span *spans;
    char *rows;
    size_t n_columns, n_spans, n_rows;
    size_t size;  /* of one row: as far as its last column */
    size_t texts; /* bytes of names and texts, each ended by 0 */
};

struct recalled {
    struct image all; /* behind this struct */
    int64_t number;   /* of a statement that gives one */
};

struct recording {
    struct arena *arena;
    struct shelf *shelf;
    struct shelf_age age;
    struct str key;
    struct image all; /* in the arena */
    size_t cap;       /* of its rows */
    int64_t number;
    bool dropped; /* too large, or read in a way that is not remembered */
};

/* --- the key: statement and arguments ---------------------------------------------------------------------------- */

struct key {
    size_t n;
    bool full;
    char bytes[KEY_MAX];
};

static void put(struct key *k, const void *p, size_t n)
{
    k->full |= n > sizeof k->bytes - k->n;
    if (k->full || !n)
        return;
    memcpy(k->bytes + k->n, p, n);
    k->n += n;
}

/* A text stands there itself, or, if it took more than half of the room, by its hash. Which of both follows from what
 * is before it, so one cannot pass for the other. */
static void put_text(struct key *k, struct str s)
{
    unsigned char hash[crypto_generichash_BYTES];
    put(k, &s.n, sizeof s.n);
    if (s.n <= (sizeof k->bytes - k->n) / 2) {
        put(k, s.p, s.n);
        return;
    }
    crypto_generichash(hash, sizeof hash, (const unsigned char *)s.p, s.n, NULL, 0);
    put(k, hash, sizeof hash);
}

static void put_arg(struct key *k, const struct db_arg *a)
{
    char kind[2] = {(char)a->type, a->null};
    put(k, kind, sizeof kind);
    if (a->null)
        return;
    if (a->type == FIELD_TEXT || a->type == FIELD_BYTES)
        put_text(k, a->s);
    else
        put(k, &a->i, sizeof a->i);
}

const struct recalled *recall(struct ctx *c, const struct sql *sql, bool single, const struct db_arg *args, size_t n,
                              struct recording **ret)
{
    struct db *db = c->db;
    *ret = NULL;
    if (!db->shelf || !db->snapshots || n > MAX_ARGS)
        return NULL;
    struct key key; /* too large to be cleared each time */
    key.n = 0;
    key.full = false;
    put(&key, &sql, sizeof sql);
    put(&key, &single, sizeof single);
    for (size_t i = 0; i < n; i++)
        put_arg(&key, &args[i]);
    if (key.full)
        return NULL;
    struct shelf_age age = {db->shelf_position, 0};
    struct arena_defer *d = arena_defer(c->arena, shared_drop);
    d->arg = shelf_find(db->shelf, (struct str){key.bytes, key.n}, age);
    if (d->arg)
        return d->arg;
    struct recording *to = NEW(c->arena, struct recording);
    *to = (struct recording){.arena = c->arena, .shelf = db->shelf, .age = age};
    to->key = str_dup(c->arena, (struct str){key.bytes, key.n});
    *ret = to;
    return NULL;
}

/* --- rows as structs --------------------------------------------------------------------------------------------- */

static size_t size_of(enum field_type type)
{
    switch (type) {
    case FIELD_BOOL:
        return sizeof(bool);
    case FIELD_DAY:
        return sizeof(int32_t);
    case FIELD_TEXT:
    case FIELD_BYTES:
        return sizeof(struct str);
    default: /* numbers; a column is never a list */
        return sizeof(int64_t);
    }
}
static_assert(sizeof(double) == sizeof(int64_t), "numbers are of one size");

static void copy_spans(const struct image *all, char *to, const char *from)
{
    for (size_t i = 0; i < all->n_spans; i++)
        memcpy(to + all->spans[i].at, from + all->spans[i].at, all->spans[i].n);
}

/* The text in a column of a row; NULL if it is absent, or no text. */
static struct str *text_in(const struct column *column, char *row)
{
    struct str *s = (struct str *)(void *)(row + column->offset);
    return (column->type == FIELD_TEXT || column->type == FIELD_BYTES) && s->p ? s : NULL;
}

size_t recalled_rows(const struct recalled *r)
{
    return r->all.n_rows;
}

int64_t recalled_number(const struct recalled *r)
{
    return r->number;
}

/* Do the rows look like a struct of this record, so that they can be copied as they are? */
static bool fits(const struct image *all, const struct record *r)
{
    for (size_t i = 0; i < all->n_columns; i++) {
        const struct column *column = &all->columns[i];
        const struct field *f = column->field < r->n ? &r->fields[column->field] : NULL;
        if (!f || f->type != column->type || f->offset != column->offset || strcmp(f->name, column->name) != 0)
            return false;
    }
    return !r->get;
}

static bool put_by_name(const struct image *all, const char *from, const struct record *r, void *row)
{
    for (size_t i = 0; i < all->n_columns; i++) {
        const struct column *column = &all->columns[i];
        const struct field *f = record_field(r, str_of(column->name));
        if (!f || f->type != column->type)
            return false;
        memcpy((void *)(uintptr_t)field_get(r, f, row), from + column->offset, size_of(f->type));
    }
    return true;
}

bool recalled_next(struct rows *rows, const struct record *r, void *row)
{
    const struct image *all = &rows->recalled->all;
    if (rows->err || (size_t)rows->n >= all->n_rows)
        return false;
    const char *from = all->rows + (size_t)rows->n * all->size;
    if (rows->record != r) {
        rows->record = r;
        rows->fits = fits(all, r);
    }
    if (rows->fits)
        copy_spans(all, row, from);
    else if (!put_by_name(all, from, r, row))
        rows->err = FAIL(rows->c, E_INTERNAL, "các cột không hợp với %s (a column does not fit)", r->name);
    rows->n += !rows->err;
    return !rows->err;
}

/* --- recording --------------------------------------------------------------------------------------------------- */

/* Fields that are columns, in the order of the record, which mostly is that of the struct. */
static void find_spans(struct image *all, const struct record *r)
{
    bool is_column[UCHAR_MAX + 1] = {0};
    for (size_t i = 0; i < all->n_columns; i++)
        is_column[all->columns[i].field] = true;
    for (size_t k = 0; k < r->n; k++) {
        size_t at = r->fields[k].offset;
        struct span *last = all->n_spans ? &all->spans[all->n_spans - 1] : NULL;
        if (!is_column[k])
            continue;
        if (!last || last->at + last->n != at) {
            last = &all->spans[all->n_spans++];
            last->at = at;
        }
        last->n += size_of(r->fields[k].type);
    }
}

void recall_columns(struct recording *to, const struct cursor *cur, size_t n)
{
    if (!to)
        return;
    const struct record *r = cur->record;
    struct image *all = &to->all;
    /* Rows of two kinds, or fields that stand elsewhere than in a struct: not remembered. */
    to->dropped |= all->columns || r->get;
    if (to->dropped)
        return;
    all->n_columns = n;
    all->columns = NEWN(to->arena, struct column, n);
    all->spans = NEWN(to->arena, struct span, n);
    for (size_t i = 0; i < n; i++) {
        const struct field *f = &r->fields[cur->map[i]];
        size_t end = f->offset + size_of(f->type), align = _Alignof(struct str);
        all->columns[i] = (struct column){f->name, f->offset, f->type, cur->map[i]};
        all->texts += strlen(f->name) + 1;
        all->size = end > all->size ? (end + align - 1) & ~(align - 1) : all->size;
    }
    find_spans(all, r);
}

static size_t size_of_all(const struct image *all)
{
    return sizeof(struct recalled) + all->n_columns * sizeof(struct column) + all->n_spans * sizeof(struct span) +
           all->n_rows * all->size + all->texts;
}

void recall_row(struct recording *to, const void *row)
{
    if (!to || to->dropped)
        return;
    struct image *all = &to->all;
    arena_grow(to->arena, (void **)&all->rows, all->n_rows, &to->cap, all->size);
    char *copy = all->rows + all->n_rows++ * all->size;
    copy_spans(all, copy, row);
    for (size_t i = 0; i < all->n_columns; i++) {
        const struct str *s = text_in(&all->columns[i], copy);
        all->texts += s ? s->n + 1 : 0;
    }
    to->dropped = size_of_all(all) > shelf_thing_max(to->shelf);
}

void recall_number(struct recording *to, int64_t number)
{
    if (to)
        to->number = number;
}

static void *copy_to(char **at, const void *from, size_t n)
{
    void *copy = *at;
    if (n)
        *at = mempcpy(copy, from, n);
    return copy;
}

static const char *copy_text(char **at, const char *text, size_t n)
{
    const char *copy = copy_to(at, text, n);
    *(*at)++ = 0;
    return copy;
}

/* The image into the memory behind `to`, which is as large. */
static void copy_image(struct recalled *to, const struct image *from)
{
    struct image *all = &to->all;
    char *at = (char *)(to + 1);
    *all = *from;
    all->columns = copy_to(&at, from->columns, from->n_columns * sizeof *from->columns);
    all->spans = copy_to(&at, from->spans, from->n_spans * sizeof *from->spans);
    all->rows = copy_to(&at, from->rows, from->n_rows * from->size);
    for (size_t i = 0; i < all->n_columns; i++)
        all->columns[i].name = copy_text(&at, all->columns[i].name, strlen(all->columns[i].name));
    for (size_t n = 0; n < all->n_rows; n++)
        for (size_t i = 0; i < all->n_columns; i++) {
            struct str *s = text_in(&all->columns[i], all->rows + n * all->size);
            if (s)
                s->p = copy_text(&at, s->p, s->n);
        }
}

void recall_keep(struct recording *recording)
{
    if (!recording || recording->dropped)
        return;
    size_t size = size_of_all(&recording->all);
    struct recalled *to = shared_new(size, NULL);
    if (!to)
        return;
    copy_image(to, &recording->all);
    to->number = recording->number;
    shelf_put(recording->shelf, recording->key, recording->age, to, size);
    shared_drop(to);
}
