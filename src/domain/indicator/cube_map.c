#include "domain/indicator/cube_map.h"

#include "base/field.h"
#include "base/shared.h"
#include "domain/org/org.h"

#include <string.h>

#include "base/banned.h"

enum { STEPS_MAX = 16, TARGETS_MAX = 4096 };

struct thing {
    struct str code;
    int32_t parent, first, next; /* things; -1 */
    int32_t column;              /* -1: not in the tree */
    int32_t kind;
    bool exists, own; /* own: of the kind of place that the tree is made of */
    struct {
        int32_t *v;
        size_t n, cap;
    } targets, guests; /* columns */
};

struct making {
    struct ctx *c;
    const struct org_catalogue *catalogue;
    struct str tree;
    int32_t day;
    struct thing *things;
    size_t n;
    uint32_t *slots;
    size_t n_slots;
    int32_t *order; /* thing by column; -1: the root without a name */
    int32_t n_real, n_columns;
    struct cube_node *nodes;
    struct {
        int32_t *v;
        size_t n, cap;
    } list;
};

/* --- codes ----------------------------------------------------------------------------------------------------------
 */

static uint32_t hash_of(struct str s)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3u;
    return (uint32_t)(h ^ h >> 32);
}

int32_t cube_column(const struct cube_map *m, struct str code)
{
    const uint32_t *slots = (const uint32_t *)(const void *)((const char *)m + m->slots);
    for (uint32_t i = hash_of(code) & (m->n_slots - 1); slots[i]; i = (i + 1) & (m->n_slots - 1))
        if (str_eq(cube_code(m, (int32_t)slots[i] - 1), code))
            return (int32_t)slots[i] - 1;
    return -1;
}

bool cube_map_equal(const struct cube_map *a, const struct cube_map *b)
{
    return a->size == b->size && memcmp(a, b, a->size) == 0;
}

static int32_t find(const struct making *m, struct str code)
{
    for (size_t i = hash_of(code) & (m->n_slots - 1); m->slots[i]; i = (i + 1) & (m->n_slots - 1))
        if (str_eq(m->things[m->slots[i] - 1].code, code))
            return (int32_t)m->slots[i] - 1;
    return -1;
}

static size_t power_over(size_t n)
{
    size_t p = 16;
    while (p < 2 * n)
        p *= 2;
    return p;
}

/* --- the places -----------------------------------------------------------------------------------------------------
 */

static void add(struct making *m, struct str code, bool exists, bool own)
{
    m->things[m->n++] = (struct thing){code, -1, -1, -1, -1, CUBE_APART, exists, own, {0}, {0}};
}

/* Those of the tree's own kind first, in the order in which lists show them. */
static void collect(struct making *m)
{
    struct org_areas areas = org_areas(m->catalogue);
    struct org_units units = org_units(m->catalogue);
    bool of_areas = str_eq(m->tree, S("area"));
    m->things = NEWN(m->c->arena, struct thing, areas.n + units.n + 1);
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < areas.n && of_areas == (pass == 0); i++)
            add(m, areas.v[i]->code, org_exists(areas.v[i]->valid_from, areas.v[i]->valid_to, m->day), pass == 0);
        for (size_t i = 0; i < units.n && of_areas == (pass == 1); i++)
            add(m, units.v[i]->code, org_exists(units.v[i]->valid_from, units.v[i]->valid_to, m->day), pass == 0);
    }
    m->n_slots = power_over(m->n);
    m->slots = NEWN(m->c->arena, uint32_t, m->n_slots);
    for (size_t k = 0; k < m->n; k++) {
        size_t i = hash_of(m->things[k].code) & (m->n_slots - 1);
        while (m->slots[i])
            i = (i + 1) & (m->n_slots - 1);
        m->slots[i] = (uint32_t)k + 1;
    }
}

static void link_parents(struct making *m)
{
    for (size_t i = m->n; i-- > 0;) {
        struct thing *t = &m->things[i];
        if (!t->own || !t->exists)
            continue;
        struct str above = org_parent(m->catalogue, m->tree, t->code, m->day);
        int32_t parent = above.p ? find(m, above) : -1;
        if (parent < 0 || !m->things[parent].own || !m->things[parent].exists || parent == (int32_t)i)
            continue;
        t->parent = parent;
        t->next = m->things[parent].first;
        m->things[parent].first = (int32_t)i;
    }
}

/* An area without one above it stands at the top; a body only if there are some below it. */
static bool is_top(const struct making *m, const struct thing *t)
{
    return t->own && t->exists && t->parent < 0 && (str_eq(m->tree, S("area")) || t->first >= 0);
}

/* --- numbering ------------------------------------------------------------------------------------------------------
 */

static int32_t new_column(struct making *m, int32_t thing, int32_t parent)
{
    int32_t column = m->n_columns++;
    m->order[column] = thing;
    m->nodes[column] = (struct cube_node){.parent = parent, .end = column + 1, .leaves = 1};
    if (thing >= 0)
        m->things[thing].column = column;
    return column;
}

static void close_column(struct making *m, int32_t column)
{
    struct cube_node *node = &m->nodes[column];
    node->end = m->n_columns;
    node->leaves = node->end == column + 1;
    for (int32_t k = column + 1; k < node->end; k = m->nodes[k].end)
        node->leaves += m->nodes[k].leaves;
}

/* In preorder, without recursion: a tree of a store is as deep as somebody made it. What stands in a circle is under no
 * top, so it is left out. */
static void number_below(struct making *m, int32_t top, int32_t parent)
{
    int32_t at = new_column(m, top, parent);
    for (;;) {
        struct thing *t = &m->things[m->order[at]];
        int32_t child = t->first;
        if (child >= 0) {
            t->first = m->things[child].next;
            at = new_column(m, child, at);
            continue;
        }
        close_column(m, at);
        if (m->order[at] == top)
            return;
        at = m->nodes[at].parent;
    }
}

static void number(struct making *m)
{
    size_t tops = 0;
    for (size_t i = 0; i < m->n; i++)
        tops += is_top(m, &m->things[i]);
    m->order = NEWN(m->c->arena, int32_t, m->n + 2);
    m->nodes = NEWN(m->c->arena, struct cube_node, m->n + 2);
    if (tops != 1)
        new_column(m, -1, -1);
    for (size_t i = 0; i < m->n; i++)
        if (is_top(m, &m->things[i]))
            m->things[i].kind = CUBE_REAL; /* asked for before the lists of those below are used up */
    for (size_t i = 0; i < m->n; i++)
        if (m->things[i].kind == CUBE_REAL && m->things[i].column < 0)
            number_below(m, (int32_t)i, tops == 1 ? -1 : 0);
    if (tops != 1)
        close_column(m, 0);
    m->n_real = m->n_columns;
}

/* --- mergers --------------------------------------------------------------------------------------------------------
 */

struct walk {
    struct making *m;
    bool back;
    size_t looked;
};

/* The places of the tree that one leads to, forwards or back. */
static void lead(struct walk *w, int32_t from, int32_t thing, int steps)
{
    struct making *m = w->m;
    struct strs next = (w->back ? org_predecessors : org_successors)(m->c, m->catalogue, m->things[thing].code);
    for (size_t i = 0; i < next.n && w->looked++ < TARGETS_MAX; i++) {
        int32_t to = find(m, next.v[i]);
        if (to < 0 || to == from)
            continue;
        if (m->things[to].column >= 0 && m->things[to].column < m->n_real)
            *PUSH(m->c->arena, &m->things[from].targets) = m->things[to].column;
        else if (steps < STEPS_MAX)
            lead(w, from, to, steps + 1);
    }
}

static int32_t lowest_above(const struct making *m, const int32_t *columns, size_t n)
{
    int32_t at = columns[0];
    for (size_t i = 1; i < n; i++)
        while (at > 0 && !(columns[i] >= at && columns[i] < m->nodes[at].end))
            at = m->nodes[at].parent;
    return at;
}

static void place_the_others(struct making *m)
{
    for (size_t i = 0; i < m->n; i++) {
        struct thing *t = &m->things[i];
        if (t->column >= 0)
            continue;
        struct walk w = {.m = m};
        if (t->own)
            lead(&w, (int32_t)i, (int32_t)i, 0);
        t->kind = t->targets.n ? CUBE_PAST : CUBE_APART;
        if (t->own && !t->targets.n) {
            w = (struct walk){.m = m, .back = true};
            lead(&w, (int32_t)i, (int32_t)i, 0);
            t->kind = t->targets.n ? CUBE_FUTURE : CUBE_APART;
        }
        int32_t host = t->targets.n ? lowest_above(m, t->targets.v, t->targets.n) : -1;
        int32_t column = m->n_columns++;
        m->order[column] = (int32_t)i;
        t->column = column;
        m->nodes[column] = (struct cube_node){.parent = host, .end = column + 1, .leaves = 1, .kind = t->kind};
        if (host >= 0)
            m->nodes[host].n_guests++;
    }
}

/* The lists: of each future one its targets, of each place its guests. */
static void make_lists(struct making *m)
{
    for (int32_t k = m->n_real; k < m->n_columns; k++) {
        const struct thing *t = &m->things[m->order[k]];
        m->nodes[k].targets = (int32_t)m->list.n;
        m->nodes[k].n_targets = t->kind == CUBE_FUTURE ? (int32_t)t->targets.n : 0;
        for (int32_t i = 0; i < m->nodes[k].n_targets; i++)
            *PUSH(m->c->arena, &m->list) = t->targets.v[i];
    }
    for (int32_t k = 0; k < m->n_real; k++) {
        m->nodes[k].guests = (int32_t)m->list.n;
        for (int32_t i = 0; i < m->nodes[k].n_guests; i++)
            *PUSH(m->c->arena, &m->list) = -1;
    }
    int32_t *filled = NEWN(m->c->arena, int32_t, (size_t)m->n_real + 1);
    for (int32_t k = m->n_real; k < m->n_columns; k++) {
        int32_t host = m->nodes[k].parent;
        if (host >= 0)
            m->list.v[m->nodes[host].guests + filled[host]++] = k;
    }
}

/* --- the block ------------------------------------------------------------------------------------------------------
 */

static enum err pack(struct making *m, struct cube_map **ret)
{
    size_t n = (size_t)m->n_columns, texts = 0, n_slots = power_over(n);
    for (size_t k = 0; k < n; k++) {
        struct str code = m->order[k] >= 0 ? m->things[m->order[k]].code : S("");
        m->nodes[k].text = (uint32_t)texts;
        m->nodes[k].text_n = (uint32_t)code.n;
        texts += code.n;
    }
    size_t nodes = sizeof(struct cube_map), list = nodes + n * sizeof(struct cube_node),
           slots = list + m->list.n * sizeof(int32_t), words = slots + n_slots * sizeof(uint32_t);
    char *block = words + texts < UINT32_MAX ? shared_new(words + texts + 1, NULL) : NULL;
    if (!block)
        return FAIL(m->c, E_LIMIT, "Không đủ bộ nhớ cho cây địa bàn (not enough memory for a tree of places)");
    struct cube_map *map = (struct cube_map *)(void *)block;
    *map = (struct cube_map){.size = words + texts + 1,
                             .n_real = m->n_real,
                             .n = m->n_columns,
                             .nodes = (uint32_t)nodes,
                             .list = (uint32_t)list,
                             .slots = (uint32_t)slots,
                             .texts = (uint32_t)words,
                             .n_slots = (uint32_t)n_slots};
    memcpy(block + nodes, m->nodes, n * sizeof(struct cube_node));
    if (m->list.n)
        memcpy(block + list, m->list.v, m->list.n * sizeof(int32_t));
    uint32_t *slot = (uint32_t *)(void *)(block + slots);
    for (size_t k = 0; k < n; k++) {
        struct str code = m->order[k] >= 0 ? m->things[m->order[k]].code : S("");
        if (code.n)
            memcpy(block + words + m->nodes[k].text, code.p, code.n);
        uint32_t i = hash_of(code) & (uint32_t)(n_slots - 1);
        while (slot[i])
            i = (i + 1) & (uint32_t)(n_slots - 1);
        slot[i] = (uint32_t)k + 1;
    }
    *ret = map;
    return OK;
}

enum err cube_map_make(struct ctx *c, struct str tree, int32_t day, int64_t at, struct cube_map **ret)
{
    struct making m = {.c = c, .tree = tree, .day = day};
    TRY(org_catalogue_from_store(c, at, &m.catalogue));
    collect(&m);
    link_parents(&m);
    number(&m);
    place_the_others(&m);
    make_lists(&m);
    return pack(&m, ret);
}
