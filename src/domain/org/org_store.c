/* The catalogue in the store: as known at a position, and loading files into it. */
#include "domain/org/catalogue.h"
#include "domain/org/org.sql.h"
#include "domain/org/org_store.h"

#include "base/emit.h"
#include "ledger/ledger.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/banned.h"

RECORD(org_load_record, struct org_load, "org.load", "What a load did",
       {"added", FIELD_I64, offsetof(struct org_load, added), .doc = "rows that are new"},
       {"changed", FIELD_I64, offsetof(struct org_load, changed), .doc = "rows that changed"},
       {"unchanged", FIELD_I64, offsetof(struct org_load, unchanged), .doc = "rows that stayed as they were"});

enum { HASH = 32, PAYLOAD_MAX = 8 << 20, ARGS_MAX = 16 };

/* Lists stand in the store as codes parted by a blank. */
struct group_row {
    struct org_group group; /* first: its fields are described once */
    struct str kinds, include, exclude;
};

struct statements {
    const struct sql *all, *add, *close;
};

static const struct statements statements[ORG_T_COUNT] = {
    [ORG_T_KIND] = {&SQL_org_kind_all, &SQL_org_kind_add, &SQL_org_kind_close},
    [ORG_T_WORD] = {&SQL_org_word_all, &SQL_org_word_add, &SQL_org_word_close},
    [ORG_T_AREA] = {&SQL_org_area_all, &SQL_org_area_add, &SQL_org_area_close},
    [ORG_T_UNIT] = {&SQL_org_unit_all, &SQL_org_unit_add, &SQL_org_unit_close},
    [ORG_T_GROUP] = {&SQL_org_group_all, &SQL_org_group_add, &SQL_org_group_close},
    [ORG_T_LINK] = {&SQL_org_link_all, &SQL_org_link_add, &SQL_org_link_close},
    [ORG_T_ALIAS] = {&SQL_org_alias_all, &SQL_org_alias_add, &SQL_org_alias_close},
};

static struct strs split(struct ctx *c, struct str s)
{
    size_t n = 1;
    for (size_t i = 0; i < s.n; i++)
        n += s.p[i] == ' ';
    struct strs ret = {NEWN(c->arena, struct str, n), 0};
    struct str part;
    while (s.n && str_cut(&s, ' ', &part))
        ret.v[ret.n++] = part;
    return ret;
}

/* A record like `r` whose lists are texts: what the statements give and take. */
static const struct record *stored_record(struct ctx *c, const struct record *r)
{
    struct field *fields = NEWN(c->arena, struct field, r->n);
    struct record *stored = NEW(c->arena, struct record);
    static const size_t lists[] = {offsetof(struct group_row, kinds), offsetof(struct group_row, include),
                                   offsetof(struct group_row, exclude)};
    size_t n_lists = 0;
    memcpy(fields, r->fields, r->n * sizeof *fields);
    for (size_t i = 0; i < r->n; i++)
        if (fields[i].type == FIELD_TEXTS) {
            fields[i].type = FIELD_TEXT;
            fields[i].offset = lists[n_lists++];
        }
    *stored = *r;
    stored->fields = fields;
    return stored;
}

static enum err read_table(struct ctx *c, enum org_table_id table, int64_t at, struct org_rows *ret)
{
    const struct record *r = org_tables[table].record, *stored = stored_record(c, r);
    struct rows rows = db_query(c, *statements[table].all, ARG(at));
    union {
        struct group_row group;
        char any[sizeof(struct group_row) + sizeof(struct org_unit_row)];
    } row;
    for (;;) {
        memset(&row, 0, sizeof row);
        if (!db_next(&rows, stored, &row))
            break;
        if (table == ORG_T_GROUP) {
            row.group.group.kinds = split(c, row.group.kinds);
            row.group.group.include = split(c, row.group.include);
            row.group.group.exclude = split(c, row.group.exclude);
        }
        org_rows_add(c->arena, ret, r, &row);
    }
    return db_done(&rows);
}

enum err org_catalogue_from_store(struct ctx *c, int64_t at, const struct org_catalogue **ret)
{
    struct org_catalogue *catalogue = NEW(c->arena, struct org_catalogue);
    for (int t = 0; t < ORG_T_COUNT; t++)
        TRY(read_table(c, (enum org_table_id)t, at, &catalogue->rows[t]));
    org_index(c, catalogue);
    *ret = catalogue;
    return OK;
}

enum err org_changed(struct ctx *c, int64_t *ret_position)
{
    return db_number(c, SQL_org_changed, ret_position);
}

/* ---- loading ---- */

struct loading {
    struct org_load *load;
    const struct org_catalogue *before, *after;
    struct org_change {
        enum org_table_id table;
        const void *was, *now; /* was: NULL for a new row */
        struct str key;
    } * changes;
    size_t n_changes;
    int64_t position;
};

/* What abbreviations and kinds of body mean does not depend on the place: a new store begins with ours. */
static enum err start_of(struct ctx *c, const struct org_catalogue **ret)
{
    const struct org_catalogue *builtin;
    struct org_catalogue *start = NEW(c->arena, struct org_catalogue);
    TRY(org_catalogue_builtin(c, &builtin));
    start->rows[ORG_T_KIND] = builtin->rows[ORG_T_KIND];
    start->rows[ORG_T_WORD] = builtin->rows[ORG_T_WORD];
    *ret = start;
    return OK;
}

static void find_changes(struct ctx *c, struct loading *l)
{
    size_t total = 0;
    for (int t = 0; t < ORG_T_COUNT; t++)
        total += l->after->rows[t].n;
    l->changes = arena_alloc(c->arena, sizeof *l->changes, _Alignof(struct org_change), total + 1);
    for (int t = 0; t < ORG_T_COUNT; t++) {
        const struct record *r = org_tables[t].record;
        struct org_map keys = {0};
        for (size_t i = 0; i < l->before->rows[t].n; i++) {
            const void *row = (const char *)l->before->rows[t].v + i * r->size;
            *org_map_put(c->arena, &keys, org_row_key(c->arena, (enum org_table_id)t, row)) = (uint32_t)i + 1;
        }
        for (size_t i = 0; i < l->after->rows[t].n; i++) {
            const void *now = (const char *)l->after->rows[t].v + i * r->size;
            struct str key = org_row_key(c->arena, (enum org_table_id)t, now);
            uint32_t at = org_map_get(&keys, key);
            const void *was = at == UINT32_MAX ? NULL : (const char *)l->before->rows[t].v + at * r->size;
            if (was && org_row_equal(r, was, now))
                l->load->unchanged++;
            else
                l->changes[l->n_changes++] = (struct org_change){(enum org_table_id)t, was, now, key};
            l->load->added += !was;
        }
    }
    l->load->changed = (int64_t)l->n_changes - l->load->added;
}

/* The fields of a row that differ, before and after. */
static void emit_difference(struct emit *e, const struct org_change *change)
{
    const struct record *r = org_tables[change->table].record;
    emit_map(e);
    for (int now = 0; now < 2; now++) {
        emit_key(e, now ? S("now") : S("was"));
        emit_map(e);
        for (size_t i = 0; i < r->n; i++) {
            const struct record one = {"", "", 0, &r->fields[i], 1, NULL};
            if (!org_row_equal(&one, change->was, change->now))
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

static enum err payload_of(struct ctx *c, const struct loading *l, struct str *ret)
{
    struct out out;
    struct emit e;
    out_init(&out, c->arena, PAYLOAD_MAX);
    emit_init(&e, &out, EMIT_JSON);
    emit_map(&e);
    emit_key(&e, S("files"));
    emit_list(&e);
    for (size_t i = 0; i < l->load->n_files; i++) {
        emit_map(&e);
        emit_key(&e, S("name"));
        emit_text(&e, l->load->files[i].name);
        emit_key(&e, S("blake2b"));
        emit_text(&e, hash_of(c, l->load->files[i].content));
        emit_key(&e, S("bytes"));
        emit_i64(&e, (int64_t)l->load->files[i].content.n);
        emit_end(&e);
    }
    emit_end(&e);
    emit_fields(&e, &org_load_record, l->load);
    for (int pass = 0; pass < 2; pass++) {
        bool changed = pass;
        emit_key(&e, changed ? S("changes") : S("additions"));
        emit_map(&e);
        for (int t = 0; t < ORG_T_COUNT; t++) {
            emit_key(&e, str_of(org_tables[t].file));
            changed ? emit_map(&e) : emit_list(&e);
            for (size_t i = 0; i < l->n_changes; i++) {
                const struct org_change *change = &l->changes[i];
                if ((int)change->table != t || (change->was != NULL) != changed)
                    continue;
                if (!changed) {
                    emit_text(&e, change->key);
                    continue;
                }
                emit_key(&e, change->key);
                emit_difference(&e, change);
            }
            emit_end(&e);
        }
        emit_end(&e);
    }
    emit_end(&e);
    *ret = out_str(&out);
    return out.failed ? FAIL(c, E_LIMIT, "thay đổi quá lớn cho một lần nạp (too much for one load)") : OK;
}

static struct db_arg text_or_null(struct str s)
{
    return db_arg_text(s.n ? s : (struct str){0});
}

static struct db_arg arg_of(struct ctx *c, const struct field *f, const void *row)
{
    const void *at = (const char *)row + f->offset;
    const struct strs *list = at;
    switch (f->type) {
    case FIELD_BOOL:
        return db_arg_i64(*(const bool *)at);
    case FIELD_I64:
        return db_arg_i64(*(const int64_t *)at);
    case FIELD_F64:
        return db_arg_f64(*(const double *)at);
    case FIELD_DAY:
        return db_arg_day(c, *(const int32_t *)at);
    case FIELD_TEXTS:
        return text_or_null(str_join(c->arena, list->v, list->n, S(" ")));
    default:
        return text_or_null(*(const struct str *)at);
    }
}

static enum err write_change(struct ctx *c, const struct loading *l, const struct org_change *change)
{
    const struct record *r = org_tables[change->table].record;
    const struct statements *s = &statements[change->table];
    struct db_arg args[ARGS_MAX];
    size_t n = 0;
    if (change->was) {
        int64_t closed;
        struct db_arg close[] = {ARG(change->key), ARG(l->position), ARG(POS_OPEN)};
        TRY(db_exec_args(c, s->close, &closed, close, 3));
        if (closed != 1)
            return FAIL(c, E_INTERNAL, "không đóng được dòng \"%.*s\" (row not closed)", ARGS(change->key));
    }
    for (size_t i = 0; i < r->n; i++)
        args[n++] = arg_of(c, &r->fields[i], change->now);
    args[n++] = ARG(l->position);
    args[n++] = ARG(POS_OPEN);
    if (change->table == ORG_T_LINK || change->table == ORG_T_ALIAS)
        args[n++] = ARG(change->key);
    return db_exec_args(c, s->add, NULL, args, n);
}

static enum err prepare(struct ctx *c, struct loading *l)
{
    struct org_load *load = l->load;
    load->added = load->changed = load->unchanged = 0;
    const struct org_catalogue *base;
    struct org_catalogue *nothing = NEW(c->arena, struct org_catalogue);
    l->before = nothing;
    if (c->db)
        TRY(org_catalogue_from_store(c, POS_NOW, &l->before));
    base = l->before;
    if (!base->rows[ORG_T_KIND].n)
        TRY(start_of(c, &base));
    TRY(org_catalogue_read(c, load->files, load->n_files, base, NULL, &l->after));
    find_changes(c, l);
    return OK;
}

/* So that the history of a body is found by its address. */
static enum err touch_codes(struct ctx *c, const struct loading *l)
{
    struct str *subjects = NEWN(c->arena, struct str, l->n_changes);
    size_t n = 0;
    for (size_t i = 0; i < l->n_changes; i++) {
        const struct org_change *change = &l->changes[i];
        const struct field *f = record_field(org_tables[change->table].record, S("code"));
        const char *page = change->table == ORG_T_AREA ? "areas" : "orgs";
        if (f)
            subjects[n++] =
                str_fmt(c->arena, "%s/%.*s", page, ARGS(*(const struct str *)((const char *)change->now + f->offset)));
    }
    return ledger_touch(c, l->position, (struct strs){subjects, n});
}

enum err org_load_check(struct ctx *c, struct org_load *load)
{
    struct loading l = {.load = load};
    return prepare(c, &l);
}

enum err org_load_run(struct ctx *c, void *arg)
{
    struct loading l = {.load = arg};
    struct str payload;
    TRY(prepare(c, &l));
    if (!l.n_changes)
        return OK;
    TRY(payload_of(c, &l, &payload));
    TRY(ledger_append(c, S("org.load"), S("orgs"), payload, &l.position));
    for (size_t i = 0; i < l.n_changes; i++)
        TRY(write_change(c, &l, &l.changes[i]));
    TRY(touch_codes(c, &l));
    struct search_docs docs;
    org_search(c, l.after, &docs);
    return search_put(c, SEARCH_ORGS, &docs);
}
