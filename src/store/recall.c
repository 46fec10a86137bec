#include "store/engine.h"

#include "base/shared.h"

#include <sodium.h>
#include <string.h>

#include "base/banned.h"

enum { KEY_MAX = 512 };

struct recording {
    struct arena *arena;
    struct shelf *shelf;
    struct shelf_age age;
    struct {
        struct db_arg *v;
        size_t n, cap;
    } values;
    size_t bytes;
    bool too_large;
    struct str key;
    int columns;
    const struct record *record;
    struct str names;
    unsigned char map[MAX_COLUMNS];
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

static bool is_text(const struct db_arg *a)
{
    return !a->null && (a->type == FIELD_TEXT || a->type == FIELD_BYTES);
}

static void put_arg(struct key *k, const struct db_arg *a)
{
    char kind[2] = {(char)a->type, a->null};
    unsigned char hash[crypto_generichash_BYTES];
    put(k, kind, sizeof kind);
    if (a->null)
        return;
    if (!is_text(a)) {
        put(k, &a->i, sizeof a->i);
    } else if (a->s.n <= sizeof hash) {
        put(k, &a->s.n, sizeof a->s.n);
        put(k, a->s.p, a->s.n);
    } else { /* its length tells it from a short one */
        crypto_generichash(hash, sizeof hash, (const unsigned char *)a->s.p, a->s.n, NULL, 0);
        put(k, &a->s.n, sizeof a->s.n);
        put(k, hash, sizeof hash);
    }
}

const struct recalled *recall(struct ctx *c, const struct sql *sql, bool single, const struct db_arg *args, size_t n,
                              struct recording **ret)
{
    struct db *db = c->db;
    struct key key = {.n = 0};
    *ret = NULL;
    if (!db->shelf || !db->snapshots || n > MAX_ARGS)
        return NULL;
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

/* --- recording --------------------------------------------------------------------------------------------------- */

void recall_columns(struct recording *to, struct cursor *cur)
{
    if (!to)
        return;
    size_t n = 0, at = 0;
    to->columns = cur->db->engine->columns(cur);
    for (int i = 0; i < to->columns; i++)
        n += strlen(cur->db->engine->column_name(cur, i)) + 1;
    char *names = NEWN(to->arena, char, n);
    for (int i = 0; i < to->columns; i++) {
        const char *name = cur->db->engine->column_name(cur, i);
        memcpy(names + at, name, strlen(name) + 1);
        at += strlen(name) + 1;
    }
    to->names = (struct str){names, n};
    to->record = cur->record;
    memcpy(to->map, cur->map, sizeof to->map);
}

void recall_value(struct recording *to, const struct db_arg *v)
{
    if (!to || to->too_large)
        return;
    to->bytes += sizeof *v + (is_text(v) ? v->s.n + 1 : 0);
    to->too_large = sizeof(struct recalled) + to->bytes > shelf_thing_max(to->shelf);
    if (!to->too_large)
        *PUSH(to->arena, &to->values) = *v;
}

void recall_keep(struct recording *all)
{
    if (!all || all->too_large)
        return;
    size_t n = all->values.n, size = sizeof(struct recalled) + all->bytes + all->names.n;
    struct recalled *to = shared_new(size, NULL);
    if (!to)
        return;
    to->columns = all->columns;
    to->n = all->columns ? n / (size_t)all->columns : n;
    to->record = all->record;
    memcpy(to->map, all->map, sizeof to->map);
    char *text = (char *)(to->v + n);
    for (size_t i = 0; i < n; i++) {
        to->v[i] = all->values.v[i];
        if (!is_text(&to->v[i]))
            continue;
        memcpy(text, to->v[i].s.p, to->v[i].s.n); /* the byte behind it is 0 already */
        to->v[i].s.p = text;
        text += to->v[i].s.n + 1;
    }
    if (all->names.n)
        memcpy(text, all->names.p, all->names.n);
    to->names = text;
    shelf_put(all->shelf, all->key, all->age, to, size);
    shared_drop(to);
}
