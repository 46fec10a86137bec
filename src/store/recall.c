#include "store/engine.h"

#include "base/shared.h"

#include <assert.h>
#include <limits.h>
#include <sodium.h>
#include <string.h>

#include "base/banned.h"

enum { KEY_MAX = 2048 };

/* Bytes of a row that columns fill, without a gap. */
struct span {
    size_t at, n;
};

struct recalled {
    size_t n;                    /* rows */
    int64_t number;              /* of a statement that gives one */
    const struct record *record; /* whose structs the rows are; NULL if there are none */
    int columns;
    unsigned char map[MAX_COLUMNS]; /* column to field of `record`, as in a cursor */
    char *rows;
    size_t n_spans;
    _Alignas(max_align_t) struct span spans[]; /* rows and texts come behind */
};
static_assert(sizeof(struct span) % _Alignof(max_align_t) == 0, "rows are aligned as spans are");

struct recording {
    struct arena *arena;
    struct shelf *shelf;
    struct shelf_age age;
    struct str key;
    const struct record *record;
    int columns;
    unsigned char map[MAX_COLUMNS];
    struct span *spans;
    size_t n_spans;
    char *rows;
    size_t n, cap, texts; /* `texts`: bytes, each ended by 0 */
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

/* A text stands there itself, or, if it took more than half of the room, by its hash. Which of both follows from what is
 * before it, so one cannot pass for the other. */
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

static void copy_spans(char *to, const char *from, const struct span *spans, size_t n)
{
    for (size_t i = 0; i < n; i++)
        memcpy(to + spans[i].at, from + spans[i].at, spans[i].n);
}

/* The text in a column of a row, if it is one and not absent. */
static struct str *text_in(const struct record *r, unsigned char field, char *row)
{
    const struct field *f = &r->fields[field];
    struct str *s = (struct str *)(void *)(row + f->offset);
    return (f->type == FIELD_TEXT || f->type == FIELD_BYTES) && s->p ? s : NULL;
}

/* Into a struct of another record: by name. */
static bool put_by_name(const struct recalled *all, const char *from, const struct record *r, void *row)
{
    for (int i = 0; i < all->columns; i++) {
        const struct field *f = &all->record->fields[all->map[i]], *g = record_field(r, str_of(f->name));
        if (!g || g->type != f->type)
            return false;
        memcpy((void *)(uintptr_t)field_get(r, g, row), from + f->offset, size_of(f->type));
    }
    return true;
}

size_t recalled_rows(const struct recalled *all)
{
    return all->n;
}

int64_t recalled_number(const struct recalled *all)
{
    return all->number;
}

bool recalled_put(const struct recalled *all, size_t nth, const struct record *r, void *row)
{
    const char *from = all->rows + nth * all->record->size;
    if (r != all->record)
        return put_by_name(all, from, r, row);
    copy_spans(row, from, all->spans, all->n_spans);
    return true;
}

/* --- recording --------------------------------------------------------------------------------------------------- */

/* Fields that are columns, in the order of the record, which mostly is that of the struct. */
static void find_spans(struct recording *to)
{
    const struct record *r = to->record;
    bool column[UCHAR_MAX + 1] = {0};
    to->spans = NEWN(to->arena, struct span, (size_t)to->columns);
    for (int i = 0; i < to->columns; i++)
        column[to->map[i]] = true;
    for (size_t k = 0; k < r->n; k++) {
        size_t at = r->fields[k].offset, n = size_of(r->fields[k].type);
        struct span *last = to->n_spans ? &to->spans[to->n_spans - 1] : NULL;
        if (column[k] && last && last->at + last->n == at)
            last->n += n;
        else if (column[k])
            to->spans[to->n_spans++] = (struct span){at, n};
    }
}

void recall_columns(struct recording *to, const struct cursor *cur, int columns)
{
    if (!to)
        return;
    /* Rows of two kinds, or fields that stand elsewhere than in a struct: not remembered. */
    to->dropped |= to->record || cur->record->get;
    if (to->dropped)
        return;
    to->record = cur->record;
    to->columns = columns;
    memcpy(to->map, cur->map, sizeof to->map);
    find_spans(to);
}

static size_t size_of_all(const struct recording *r)
{
    return sizeof(struct recalled) + r->n * (r->record ? r->record->size : 0) + r->n_spans * sizeof *r->spans + r->texts;
}

void recall_row(struct recording *to, const void *row)
{
    if (!to || to->dropped)
        return;
    const struct record *r = to->record;
    arena_grow(to->arena, (void **)&to->rows, to->n, &to->cap, r->size);
    char *copy = to->rows + to->n++ * r->size;
    copy_spans(copy, row, to->spans, to->n_spans);
    for (int i = 0; i < to->columns; i++) {
        const struct str *s = text_in(r, to->map[i], copy);
        to->texts += s ? s->n + 1 : 0;
    }
    to->dropped = size_of_all(to) > shelf_thing_max(to->shelf);
}

void recall_number(struct recording *to, int64_t number)
{
    if (to)
        to->number = number;
}

void recall_keep(struct recording *all)
{
    if (!all || all->dropped)
        return;
    size_t rows = all->n * (all->record ? all->record->size : 0), spans = all->n_spans * sizeof *all->spans;
    struct recalled *to = shared_new(size_of_all(all), NULL);
    if (!to)
        return;
    *to = (struct recalled){.n = all->n, .number = all->number, .record = all->record, .columns = all->columns};
    memcpy(to->map, all->map, sizeof to->map);
    to->n_spans = all->n_spans;
    to->rows = (char *)(to->spans + to->n_spans);
    if (spans)
        memcpy(to->spans, all->spans, spans);
    char *at = rows ? mempcpy(to->rows, all->rows, rows) : to->rows;
    for (size_t n = 0; n < all->n; n++)
        for (int i = 0; i < all->columns; i++) {
            struct str *s = text_in(to->record, to->map[i], to->rows + n * to->record->size);
            if (!s)
                continue;
            char *text = at;
            at = mempcpy(at, s->p, s->n);
            *at++ = 0;
            s->p = text;
        }
    shelf_put(all->shelf, all->key, all->age, to, size_of_all(all));
    shared_drop(to);
}
