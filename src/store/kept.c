#include "store/kept.h"

#include "base/period.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum { FIELDS_MAX = 48 };

RECORD(kept_change_record, struct kept_change, "change", "What a load did to the rows of a table",
       {"added", FIELD_I64, offsetof(struct kept_change, added), .doc = "Rows that are new"},
       {"changed", FIELD_I64, offsetof(struct kept_change, changed), .doc = "Rows that differ from before"},
       {"removed", FIELD_I64, offsetof(struct kept_change, removed), .doc = "Rows that no longer hold"},
       {"same", FIELD_I64, offsetof(struct kept_change, same), .doc = "Rows left alone"});

static struct db_arg arg_of(struct ctx *c, const struct field *f, const void *at)
{
    switch (f->type) {
    case FIELD_BOOL:
        return db_arg_int(*(const bool *)at);
    case FIELD_I64:
        return db_arg_i64(*(const int64_t *)at);
    case FIELD_F64:
        return db_arg_f64(*(const double *)at);
    case FIELD_TEXT:
        return db_arg_text(*(const struct str *)at);
    case FIELD_BYTES:
        return db_arg_bytes(*(const struct str *)at);
    case FIELD_DAY:
        return db_arg_day(c, *(const int32_t *)at);
    default:
        break;
    }
    assert(!"a kept row is flat");
    return (struct db_arg){.null = true};
}

static struct str key_of(const struct record *r, const void *row)
{
    return *(const struct str *)field_get(r, &r->fields[0], row);
}

static enum err insert(struct ctx *c, const struct kept_table *t, int64_t owner, int64_t position, const void *row)
{
    struct db_arg args[FIELDS_MAX + 3] = {db_arg_i64(owner), db_arg_i64(position), db_arg_i64(POS_OPEN)};
    assert(t->record->n <= FIELDS_MAX);
    for (size_t i = 0; i < t->record->n; i++)
        args[3 + i] = arg_of(c, &t->record->fields[i], field_get(t->record, &t->record->fields[i], row));
    return db_exec_args(c, t->insert, NULL, args, 3 + t->record->n);
}

static enum err close_row(struct ctx *c, const struct kept_table *t, int64_t owner, int64_t position, const void *row)
{
    const struct db_arg args[] = {db_arg_i64(owner), db_arg_text(key_of(t->record, row)), db_arg_i64(position)};
    return db_exec_args(c, t->close, NULL, args, sizeof args / sizeof *args);
}

struct entry {
    struct str key;
    const void *row;
};

static int by_key(const void *a, const void *b)
{
    return str_cmp(((const struct entry *)a)->key, ((const struct entry *)b)->key);
}

static struct entry *sorted(struct ctx *c, const struct record *r, const void *rows, size_t n)
{
    struct entry *v = NEWN(c->arena, struct entry, n + 1);
    for (size_t i = 0; i < n; i++) {
        const void *row = (const char *)rows + i * r->size;
        v[i] = (struct entry){key_of(r, row), row};
    }
    qsort(v, n, sizeof *v, by_key);
    return v;
}

enum err kept_sync(struct ctx *c, const struct kept_table *table, int64_t owner, const void *rows, size_t n,
                   int64_t position, struct kept_change *change)
{
    const struct record *r = table->record;
    struct {
        char *v;
        size_t n, cap;
    } held = {0};
    char *row = arena_alloc(c->arena, r->size, 16, 1);
    struct rows found = db_query_args(c, table->current, &(struct db_arg){.type = FIELD_I64, .i = owner}, 1);
    while (db_next(&found, r, row)) {
        if (held.n == held.cap)
            arena_grow(c->arena, (void **)&held.v, held.n, &held.cap, r->size);
        memcpy(held.v + held.n++ * r->size, row, r->size);
    }
    TRY(db_done(&found));

    struct entry *before = sorted(c, r, held.v, held.n), *now = sorted(c, r, rows, n);
    for (size_t i = 0, j = 0; i < held.n || j < n;) {
        int order = i == held.n ? 1 : j == n ? -1 : str_cmp(before[i].key, now[j].key);
        if (order == 0 && record_equal(r, before[i].row, now[j].row)) {
            change->same++;
            i++, j++;
            continue;
        }
        if (order <= 0)
            TRY(close_row(c, table, owner, position, before[i].row));
        if (order >= 0)
            TRY(insert(c, table, owner, position, now[j].row));
        if (order == 0)
            change->changed++;
        else if (order < 0)
            change->removed++;
        else
            change->added++;
        i += order <= 0;
        j += order >= 0;
    }
    return OK;
}
