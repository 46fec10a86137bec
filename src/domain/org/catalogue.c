#include "domain/org/catalogue.h"

#include "base/viet.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum { KEY_MAX = 128 };

static uint64_t hash(struct str s)
{
    uint64_t h = s.n * 0x9e3779b97f4a7c15u;
    for (size_t i = 0; i < s.n; i += 8) {
        uint64_t word = 0;
        memcpy(&word, s.p + i, s.n - i < 8 ? s.n - i : 8);
        h = (h ^ word) * 0x9fb21c651e98df25u;
        h ^= h >> 32;
    }
    return h;
}

static struct org_map_slot *slot_of(const struct org_map *m, struct str key)
{
    size_t at = hash(key) & (m->cap - 1);
    while (m->slots[at].value && !str_eq(m->slots[at].key, key))
        at = (at + 1) & (m->cap - 1);
    return &m->slots[at];
}

uint32_t org_map_get(const struct org_map *m, struct str key)
{
    return m->cap ? slot_of(m, key)->value - 1 : UINT32_MAX;
}

uint32_t *org_map_put(struct arena *a, struct org_map *m, struct str key)
{
    /* A slot counts from the moment it is asked for: the caller always fills it. */
    if (m->n * 2 >= m->cap) {
        struct org_map larger = {.cap = m->cap ? m->cap * 2 : 64, .n = m->n};
        larger.slots = NEWN(a, struct org_map_slot, larger.cap);
        for (size_t i = 0; i < m->cap; i++)
            if (m->slots[i].value)
                *slot_of(&larger, m->slots[i].key) = m->slots[i];
        *m = larger;
    }
    struct org_map_slot *slot = slot_of(m, key);
    if (!slot->value) {
        slot->key = key;
        m->n++;
    }
    return &slot->value;
}

bool org_exists(int32_t valid_from, int32_t valid_to, int32_t day)
{
    return (valid_from == DAY_NONE || valid_from <= day) && (valid_to == DAY_NONE || day <= valid_to);
}

/* ---- edges ---- */

static struct str edge_key(char buffer[KEY_MAX], struct str link, struct str code)
{
    if (link.n + code.n + 1 > KEY_MAX)
        return S("");
    memcpy(buffer, link.p ? link.p : "", link.n);
    buffer[link.n] = '|';
    memcpy(buffer + link.n + 1, code.p ? code.p : "", code.n);
    return (struct str){buffer, link.n + 1 + code.n};
}

/* A link holds while the body does; a committee leads a body only while that one is there too. Whether a body outlives
 * the one above it is for the check to say. */
static void set_dates(const struct org_catalogue *catalogue, const struct org_link *link, struct org_edge *edge)
{
    int32_t from, to;
    const struct str ends[2] = {link->code, link->target};
    edge->valid_from = link->valid_from;
    edge->valid_to = link->valid_to;
    for (int i = 0; i < 1 + str_eq(link->link, S("leads")); i++) {
        if (!org_dates(catalogue, ends[i], &from, &to))
            continue;
        edge->valid_from = from > edge->valid_from ? from : edge->valid_from; /* DAY_NONE is before all */
        if (edge->valid_to == DAY_NONE || (to != DAY_NONE && to < edge->valid_to))
            edge->valid_to = to;
    }
}

static void add_edge(struct ctx *c, struct org_catalogue *catalogue, const struct org_link *edge)
{
    char buffer[KEY_MAX];
    uint32_t i = (uint32_t)catalogue->edges.n;
    *PUSH(c->arena, &catalogue->edges) = (struct org_edge){.link = edge};
    set_dates(catalogue, edge, &catalogue->edges.v[i]);
    uint32_t *above =
        org_map_put(c->arena, &catalogue->above, str_dup(c->arena, edge_key(buffer, edge->link, edge->code)));
    catalogue->edges.v[i].above_next = *above;
    *above = i + 1;
    uint32_t *below =
        org_map_put(c->arena, &catalogue->below, str_dup(c->arena, edge_key(buffer, edge->link, edge->target)));
    catalogue->edges.v[i].below_next = *below;
    *below = i + 1;
}

/* Links as they were given, and what other tables say in the same way: "area" (an area lies in another), "serves". */
static void index_edges(struct ctx *c, struct org_catalogue *catalogue)
{
    for (size_t i = 0; i < catalogue->rows[ORG_T_LINK].n; i++)
        add_edge(c, catalogue, &ORG_LINKS(catalogue)[i]);
    for (size_t i = 0; i < catalogue->rows[ORG_T_AREA].n; i++) {
        const struct org_area *a = &ORG_AREAS(catalogue)[i];
        struct org_link *link = NEW(c->arena, struct org_link);
        *link = (struct org_link){S("area"), a->code, a->parent, a->valid_from, a->valid_to, {0}, a->origin};
        if (a->parent.n)
            add_edge(c, catalogue, link);
    }
    for (size_t i = 0; i < catalogue->rows[ORG_T_UNIT].n; i++) {
        const struct org_unit *u = &ORG_UNITS(catalogue)[i];
        struct org_link *link = NEW(c->arena, struct org_link);
        *link = (struct org_link){S("serves"), u->code, u->area, u->valid_from, u->valid_to, {0}, u->origin};
        if (u->area.n)
            add_edge(c, catalogue, link);
    }
}

static const struct org_edge *edge_first(const struct org_catalogue *catalogue, const struct org_map *m,
                                         struct str link, struct str code)
{
    char buffer[KEY_MAX];
    uint32_t i = org_map_get(m, edge_key(buffer, link, code));
    return i == UINT32_MAX ? NULL : &catalogue->edges.v[i];
}

const struct org_edge *org_above(const struct org_catalogue *catalogue, struct str link, struct str code)
{
    return edge_first(catalogue, &catalogue->above, link, code);
}

const struct org_edge *org_above_next(const struct org_catalogue *catalogue, const struct org_edge *e)
{
    return e->above_next ? &catalogue->edges.v[e->above_next - 1] : NULL;
}

const struct org_edge *org_below(const struct org_catalogue *catalogue, struct str link, struct str target)
{
    return edge_first(catalogue, &catalogue->below, link, target);
}

const struct org_edge *org_below_next(const struct org_catalogue *catalogue, const struct org_edge *e)
{
    return e->below_next ? &catalogue->edges.v[e->below_next - 1] : NULL;
}

/* ---- order ---- */

struct ordered {
    int64_t rank;
    struct str key; /* bytewise order is the order of names */
    struct str code;
    const void *row;
};

static int compare(const void *a, const void *b)
{
    const struct ordered *x = a, *y = b;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    int by_name = str_cmp(x->key, y->key);
    return by_name ? by_name : str_cmp(x->code, y->code);
}

/* The rows of a table in order, into `list`; and their codes into the common map. */
static void order_rows(struct ctx *c, struct org_catalogue *catalogue, enum org_table_id table,
                       enum org_match_kind kind, struct ordered *list)
{
    const struct org_rows *rows = &catalogue->rows[table];
    const struct record *r = org_tables[table].record;
    size_t name = record_field(r, S("name"))->offset;
    const struct field *kinds = record_field(r, S("kind"));
    for (size_t i = 0; i < rows->n; i++) {
        const char *row = (const char *)rows->v + i * r->size;
        const struct org_kind *of = kinds ? org_kind(catalogue, *(const struct str *)(row + kinds->offset)) : NULL;
        list[i] = (struct ordered){.rank = of ? of->rank : INT64_MAX,
                                   .row = row,
                                   .key = viet_sort_key(c->arena, *(const struct str *)(row + name)),
                                   .code = *(const struct str *)(row + r->fields[0].offset)};
        uint32_t *slot = org_map_put(c->arena, &catalogue->codes, list[i].code);
        if (*slot)
            continue; /* the check tells of it */
        *PUSH(c->arena, &catalogue->things) = (struct org_thing){kind, row};
        *slot = (uint32_t)catalogue->things.n;
    }
    if (rows->n)
        qsort(list, rows->n, sizeof *list, compare);
}

static void index_order(struct ctx *c, struct org_catalogue *catalogue)
{
    size_t n_units = catalogue->rows[ORG_T_UNIT].n, n_groups = catalogue->rows[ORG_T_GROUP].n,
           n_areas = catalogue->rows[ORG_T_AREA].n, most = n_units > n_areas ? n_units : n_areas;
    struct ordered *list = NEWN(c->arena, struct ordered, (most > n_groups ? most : n_groups) + 1);
    catalogue->units = NEWN(c->arena, const struct org_unit *, n_units + 1);
    catalogue->places = NEWN(c->arena, uint32_t, n_units + 1);
    catalogue->groups = NEWN(c->arena, const struct org_group *, n_groups + 1);
    catalogue->areas = NEWN(c->arena, const struct org_area *, n_areas + 1);
    order_rows(c, catalogue, ORG_T_UNIT, ORG_UNIT, list);
    for (size_t i = 0; i < n_units; i++) {
        catalogue->units[i] = list[i].row;
        catalogue->places[catalogue->units[i] - ORG_UNITS(catalogue)] = (uint32_t)i;
    }
    order_rows(c, catalogue, ORG_T_GROUP, ORG_GROUP, list);
    for (size_t i = 0; i < n_groups; i++)
        catalogue->groups[i] = list[i].row;
    order_rows(c, catalogue, ORG_T_AREA, ORG_AREA, list);
    for (size_t i = 0; i < n_areas; i++)
        catalogue->areas[i] = list[i].row;
}

void org_index(struct ctx *c, struct org_catalogue *catalogue)
{
    for (size_t i = 0; i < catalogue->rows[ORG_T_KIND].n; i++)
        *org_map_put(c->arena, &catalogue->kinds, ORG_KINDS(catalogue)[i].kind) = (uint32_t)i + 1;
    index_order(c, catalogue);
    index_edges(c, catalogue);
    org_index_names(c, catalogue);
}

/* ---- reading ---- */

static void copy_base(struct ctx *c, const struct org_catalogue *base, struct org_catalogue *ret)
{
    for (int t = 0; base && t < ORG_T_COUNT; t++) {
        size_t size = org_tables[t].record->size;
        ret->rows[t].n = ret->rows[t].cap = base->rows[t].n;
        ret->rows[t].v = arena_alloc(c->arena, size, _Alignof(max_align_t), base->rows[t].n + 1);
        if (base->rows[t].n)
            memcpy(ret->rows[t].v, base->rows[t].v, base->rows[t].n * size);
        /* Their places mean nothing to who reads other files now. */
        for (size_t i = 0; i < base->rows[t].n; i++)
            *(struct org_origin *)((char *)ret->rows[t].v + i * size + org_tables[t].origin) = (struct org_origin){0};
    }
}

/* A row with the key of one that is there takes its place. */
static void merge(struct ctx *c, struct org_catalogue *into, const struct org_rows rows[ORG_T_COUNT])
{
    for (int t = 0; t < ORG_T_COUNT; t++) {
        const struct record *r = org_tables[t].record;
        struct org_map keys = {0};
        if (!into->rows[t].n) { /* nothing to replace, and what was read has each key once */
            into->rows[t] = rows[t];
            continue;
        }
        for (size_t i = 0; i < into->rows[t].n; i++)
            *org_map_put(c->arena, &keys,
                         org_row_key(c->arena, (enum org_table_id)t, (char *)into->rows[t].v + i * r->size)) =
                (uint32_t)i + 1;
        for (size_t i = 0; i < rows[t].n; i++) {
            const void *row = (const char *)rows[t].v + i * r->size;
            uint32_t at = org_map_get(&keys, org_row_key(c->arena, (enum org_table_id)t, row));
            if (at == UINT32_MAX)
                org_rows_add(c->arena, &into->rows[t], r, row);
            else
                memcpy((char *)into->rows[t].v + at * r->size, row, r->size);
        }
    }
}

static struct org_catalogue *read_files(struct ctx *c, const struct org_file *files, size_t n_files,
                                        const struct org_catalogue *base, struct row_problems *problems)
{
    struct org_rows rows[ORG_T_COUNT] = {0};
    org_read_files(c, files, n_files, rows, base ? base->rows : NULL, problems);
    struct org_catalogue *catalogue = NEW(c->arena, struct org_catalogue);
    copy_base(c, base, catalogue);
    merge(c, catalogue, rows);
    org_index(c, catalogue);
    return catalogue;
}

enum err org_catalogue_read(struct ctx *c, const struct org_file *files, size_t n_files,
                            const struct org_catalogue *base, struct row_problems *ret_problems,
                            const struct org_catalogue **ret)
{
    struct row_problems own = {0}, *problems = ret_problems ? ret_problems : &own;
    const struct org_catalogue *catalogue = read_files(c, files, n_files, base, problems);
    org_check(c, catalogue, problems);
    if (problems->n)
        return row_refuse(c, problems);
    *ret = catalogue;
    return OK;
}

/* What ships was checked when the program was tested; every process that names a body pays for this. */
enum err org_catalogue_builtin(struct ctx *c, const struct org_catalogue **ret)
{
    struct org_files files = org_files_builtin(c);
    struct row_problems problems = {0};
    const struct org_catalogue *catalogue = read_files(c, files.v, files.n, NULL, &problems);
    if (problems.n)
        return row_refuse(c, &problems);
    *ret = catalogue;
    return OK;
}

/* ---- looking up ---- */

static const void *thing(const struct org_catalogue *catalogue, struct str code, enum org_match_kind kind)
{
    uint32_t i = org_map_get(&catalogue->codes, code);
    return i != UINT32_MAX && catalogue->things.v[i].kind == kind ? catalogue->things.v[i].row : NULL;
}

const struct org_unit *org_unit(const struct org_catalogue *catalogue, struct str code)
{
    return thing(catalogue, code, ORG_UNIT);
}

const struct org_group *org_group(const struct org_catalogue *catalogue, struct str code)
{
    return thing(catalogue, code, ORG_GROUP);
}

const struct org_area *org_area(const struct org_catalogue *catalogue, struct str code)
{
    return thing(catalogue, code, ORG_AREA);
}

const struct org_kind *org_kind(const struct org_catalogue *catalogue, struct str kind)
{
    uint32_t i = org_map_get(&catalogue->kinds, kind);
    return i == UINT32_MAX ? NULL : &ORG_KINDS(catalogue)[i];
}

struct str org_area_name(const struct org_catalogue *catalogue, struct ctx *c, const struct org_area *area)
{
    const struct org_kind *kind = org_kind(catalogue, area->kind);
    return str_join(c->arena, (const struct str[]){kind ? kind->name : area->kind, area->name}, 2, S(" "));
}

struct org_units org_units(const struct org_catalogue *catalogue)
{
    return (struct org_units){catalogue->units, catalogue->rows[ORG_T_UNIT].n};
}

struct org_areas org_areas(const struct org_catalogue *catalogue)
{
    return (struct org_areas){catalogue->areas, catalogue->rows[ORG_T_AREA].n};
}

struct org_groups org_groups(const struct org_catalogue *catalogue)
{
    return (struct org_groups){catalogue->groups, catalogue->rows[ORG_T_GROUP].n};
}

bool org_dates(const struct org_catalogue *catalogue, struct str code, int32_t *ret_from, int32_t *ret_to)
{
    uint32_t i = org_map_get(&catalogue->codes, code);
    if (i == UINT32_MAX)
        return false;
    const struct org_thing *t = &catalogue->things.v[i];
    const struct org_unit *unit = t->row;
    const struct org_group *group = t->row;
    const struct org_area *area = t->row;
    *ret_from = t->kind == ORG_UNIT ? unit->valid_from : t->kind == ORG_GROUP ? group->valid_from : area->valid_from;
    *ret_to = t->kind == ORG_UNIT ? unit->valid_to : t->kind == ORG_GROUP ? group->valid_to : area->valid_to;
    return true;
}
