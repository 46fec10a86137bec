/* The dictionary in the store: as known at a position, and bringing it in step with files. */
#include "domain/indicator/dictionary_store.h"

#include "base/emit.h"
#include "domain/indicator/dictionary.h"
#include "domain/indicator/dictionary.sql.h"
#include "ledger/ledger.h"

#include <sodium.h>
#include <stdio.h>

#include "base/banned.h"

RECORD(indicator_load_record, struct indicator_load, "indicator.load", "What a load did",
       {"added", FIELD_I64, offsetof(struct indicator_load, added), .doc = "rows that are new"},
       {"changed", FIELD_I64, offsetof(struct indicator_load, changed), .doc = "rows that changed"},
       {"unchanged", FIELD_I64, offsetof(struct indicator_load, unchanged), .doc = "rows that stayed as they were"});

enum { HASH = 32, PAYLOAD_MAX = 8 << 20 };

enum err dictionary_from_store(struct ctx *c, int64_t at, const struct dictionary **ret)
{
    struct dictionary *d = NEW(c->arena, struct dictionary);
    for (int t = 0; t < DICTIONARY_COUNT; t++) {
        const struct dictionary_table *table = &dictionary_tables[t];
        struct stored_row row = {0};
        struct rows rows = db_query(c, *table->all, ARG(at));
        while (db_next(&rows, table->kept.record, &row)) {
            dictionary_cut_lists(c, (enum dictionary_table_id)t, &row);
            dictionary_add(c, d, (enum dictionary_table_id)t, &row, (struct row_place){S(""), 0});
        }
        TRY(db_done(&rows));
    }
    dictionary_index(c, d);
    *ret = d;
    return OK;
}

enum err dictionary_changed(struct ctx *c, int64_t *ret_position)
{
    return db_number(c, SQL_dictionary_changed, ret_position);
}

/* ---- what differs ---- */

struct change {
    enum dictionary_table_id table;
    const void *was, *now; /* was: NULL for a new row */
    struct str key;
};
struct changes {
    struct change *v;
    size_t n, cap;
};

/* The row of `d` with this key, or NULL. Rows that were taken over stand where they stood. */
static const void *row_before(struct ctx *c, const struct dictionary *d, enum dictionary_table_id table, size_t i,
                              struct str key)
{
    if (i >= d->rows[table].n)
        return NULL;
    const void *row = dictionary_row(d, table, i);
    return str_eq(dictionary_key(c->arena, table, row), key) ? row : NULL;
}

static void find_changes(struct ctx *c, const struct dictionary *before, const struct dictionary *after,
                         struct indicator_load *load, struct changes *ret)
{
    load->added = load->changed = load->unchanged = 0;
    for (int t = 0; t < DICTIONARY_COUNT; t++) {
        enum dictionary_table_id table = (enum dictionary_table_id)t;
        for (size_t i = 0; i < after->rows[t].n; i++) {
            const void *now = dictionary_row(after, table, i);
            struct str key = dictionary_key(c->arena, table, now);
            const void *was = row_before(c, before, table, i, key);
            if (was && record_equal(dictionary_tables[t].record, was, now)) {
                load->unchanged++;
                continue;
            }
            *PUSH(c->arena, ret) = (struct change){table, was, now, key};
            if (was)
                load->changed++;
            else
                load->added++;
        }
    }
}

/* ---- the event ---- */

/* The fields of a row that differ, before and after. */
static void emit_difference(struct emit *e, const struct change *change)
{
    const struct record *r = dictionary_tables[change->table].record;
    emit_map(e);
    for (int now = 0; now < 2; now++) {
        emit_key(e, now ? S("now") : S("was"));
        emit_map(e);
        for (size_t i = 0; i < r->n; i++) {
            const struct record one = {"", "", r->size, &r->fields[i], 1, NULL};
            if (!record_equal(&one, change->was, change->now))
                emit_fields(e, &one, now ? change->now : change->was);
        }
        emit_end(e);
    }
    emit_end(e);
}

static struct str hash_of(struct ctx *c, struct str content)
{
    unsigned char hash[HASH];
    char *hex = NEWN(c->arena, char, HASH * 2 + 1);
    crypto_generichash(hash, HASH, (const unsigned char *)content.p, content.n, NULL, 0);
    for (int i = 0; i < HASH; i++)
        snprintf(hex + i * 2, 3, "%02x", hash[i]);
    return (struct str){hex, HASH * 2};
}

static void emit_files(struct ctx *c, struct emit *e, const struct indicator_load *load)
{
    emit_key(e, S("files"));
    emit_list(e);
    for (size_t i = 0; i < load->n_files; i++) {
        emit_map(e);
        emit_key(e, S("name"));
        emit_text(e, load->files[i].name);
        emit_key(e, S("blake2b"));
        emit_text(e, hash_of(c, load->files[i].content));
        emit_key(e, S("bytes"));
        emit_i64(e, (int64_t)load->files[i].content.n);
        emit_end(e);
    }
    emit_end(e);
}

static void emit_changes(struct emit *e, const struct changes *changes, int table, bool changed)
{
    emit_key(e, str_of(dictionary_tables[table].name));
    changed ? emit_map(e) : emit_list(e);
    for (size_t i = 0; i < changes->n; i++) {
        const struct change *change = &changes->v[i];
        if ((int)change->table != table || (change->was != NULL) != changed)
            continue;
        if (!changed) {
            emit_text(e, change->key);
            continue;
        }
        emit_key(e, change->key);
        emit_difference(e, change);
    }
    emit_end(e);
}

static enum err payload_of(struct ctx *c, const struct indicator_load *load, const struct changes *changes,
                           struct str *ret)
{
    struct out out;
    struct emit e;
    out_init(&out, c->arena, PAYLOAD_MAX);
    emit_init(&e, &out, EMIT_JSON);
    emit_map(&e);
    emit_files(c, &e, load);
    emit_fields(&e, &indicator_load_record, load);
    for (int changed = 0; changed < 2; changed++) {
        emit_key(&e, changed ? S("changes") : S("additions"));
        emit_map(&e);
        for (int t = 0; t < DICTIONARY_COUNT; t++)
            emit_changes(&e, changes, t, changed);
        emit_end(&e);
    }
    emit_end(&e);
    *ret = out_str(&out);
    return out.failed ? FAIL(c, E_LIMIT, "thay đổi quá lớn cho một lần nạp (too much for one load)") : OK;
}

/* So that the history of an indicator is found by its address. */
static enum err touch(struct ctx *c, const struct changes *changes, int64_t position)
{
    struct str *subjects = NEWN(c->arena, struct str, changes->n + 1);
    size_t n = 0;
    for (size_t i = 0; i < changes->n; i++) {
        const struct change *change = &changes->v[i];
        struct str code = change->table == DICTIONARY_INDICATOR ? ((const struct indicator *)change->now)->code
                          : change->table == DICTIONARY_GOAL    ? ((const struct goal *)change->now)->indicator
                          : change->table == DICTIONARY_LINK ? ((const struct indicator_link *)change->now)->indicator
                                                             : S("");
        struct str subject = str_fmt(c->arena, "indicators/%.*s", ARGS(code));
        bool known = !code.n;
        for (size_t k = 0; k < n && !known; k++)
            known = str_eq(subjects[k], subject);
        if (!known)
            subjects[n++] = subject;
    }
    return n ? ledger_touch(c, position, (struct strs){subjects, n}) : OK;
}

static enum err write_table(struct ctx *c, const struct dictionary *d, enum dictionary_table_id table, int64_t position)
{
    struct kept_change change = {0};
    size_t n = d->rows[table].n;
    struct stored_row *rows = NEWN(c->arena, struct stored_row, n + 1);
    for (size_t i = 0; i < n; i++)
        dictionary_store_row(c, table, dictionary_row(d, table, i), &rows[i]);
    return kept_sync(c, &dictionary_tables[table].kept, 0, rows, n, position, &change);
}

enum err dictionary_write(struct ctx *c, const struct dictionary *before, const struct dictionary *after,
                          struct str kind, struct str subject, struct indicator_load *load)
{
    struct changes changes = {0};
    struct search_docs docs;
    struct str payload;
    int64_t position;
    find_changes(c, before, after, load, &changes);
    if (!changes.n)
        return OK;
    TRY(payload_of(c, load, &changes, &payload));
    TRY(ledger_append(c, kind, subject, payload, &position));
    for (int t = 0; t < DICTIONARY_COUNT; t++)
        TRY(write_table(c, after, (enum dictionary_table_id)t, position));
    TRY(touch(c, &changes, position));
    dictionary_search(c, after, &docs);
    return search_put(c, SEARCH_INDICATORS, &docs);
}

/* ---- loading ---- */

static enum err prepare(struct ctx *c, struct indicator_load *load, const struct dictionary **ret_before,
                        const struct dictionary **ret_after)
{
    const struct dictionary *before = NULL;
    const struct org_catalogue *orgs = NULL;
    if (c->db) {
        TRY(dictionary_from_store(c, POS_NOW, &before));
        TRY(org_catalogue_from_store(c, POS_NOW, &orgs));
    } else {
        struct dictionary *nothing = NEW(c->arena, struct dictionary);
        dictionary_index(c, nothing);
        before = nothing;
    }
    if (orgs && !org_units(orgs).n)
        return FAIL(c, E_INVALID,
                    "kho chưa có danh mục cơ quan; hãy chạy hoalu org load trước (bodies have to be loaded first)");
    TRY(dictionary_read(c, load->files, load->n_files, before, orgs, NULL, ret_after));
    *ret_before = before;
    return OK;
}

enum err indicator_load_check(struct ctx *c, struct indicator_load *load)
{
    const struct dictionary *before, *after;
    struct changes changes = {0};
    TRY(prepare(c, load, &before, &after));
    find_changes(c, before, after, load, &changes);
    return OK;
}

enum err indicator_load_run(struct ctx *c, void *arg)
{
    struct indicator_load *load = arg;
    const struct dictionary *before, *after;
    TRY(prepare(c, load, &before, &after));
    return dictionary_write(c, before, after, S("indicator.load"), S("indicators"), load);
}
