/* Hierarchies and groups at a date. */
#include "domain/org/catalogue.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum { NESTING_MAX = 32 };

struct codes {
    struct str *v;
    size_t n, cap;
};

static bool is_tree(struct str tree)
{
    return str_eq(tree, S("party")) || str_eq(tree, S("state")) || str_eq(tree, S("front")) || str_eq(tree, S("area"));
}

static bool holds(const struct org_edge *e, int32_t day)
{
    return org_exists(e->valid_from, e->valid_to, day);
}

static struct str first_above(const struct org_catalogue *catalogue, struct str link, struct str code, int32_t day)
{
    for (const struct org_edge *e = org_above(catalogue, link, code); e; e = org_above_next(catalogue, e))
        if (holds(e, day))
            return e->link->target;
    return (struct str){0};
}

struct str org_parent(const struct org_catalogue *catalogue, struct str tree, struct str code, int32_t day)
{
    return first_above(catalogue, tree, code, day);
}

struct str org_led_by(const struct org_catalogue *catalogue, struct str committee, int32_t day)
{
    return first_above(catalogue, S("leads"), committee, day);
}

struct str org_leader_of(const struct org_catalogue *catalogue, struct str unit, int32_t day)
{
    for (const struct org_edge *e = org_below(catalogue, S("leads"), unit); e; e = org_below_next(catalogue, e))
        if (holds(e, day))
            return e->link->code;
    return (struct str){0};
}

/* ---- lists of codes in the order of org_units(), areas in that of org_areas() ---- */

struct placed {
    uint32_t place;
    struct str code;
};

static int compare_placed(const void *a, const void *b)
{
    const struct placed *x = a, *y = b;
    return x->place < y->place ? -1 : x->place > y->place;
}

static uint32_t place_of(const struct org_catalogue *catalogue, struct str code)
{
    const struct org_unit *unit = org_unit(catalogue, code);
    if (unit)
        return catalogue->places[unit - ORG_UNITS(catalogue)];
    const struct org_area *area = org_area(catalogue, code);
    for (size_t i = 0; area && i < catalogue->rows[ORG_T_AREA].n; i++)
        if (catalogue->areas[i] == area)
            return (uint32_t)i;
    return UINT32_MAX;
}

static void sort_codes(struct ctx *c, const struct org_catalogue *catalogue, struct str *codes, size_t n)
{
    struct placed *list = NEWN(c->arena, struct placed, n + 1);
    for (size_t i = 0; i < n; i++)
        list[i] = (struct placed){place_of(catalogue, codes[i]), codes[i]};
    qsort(list, n, sizeof *list, compare_placed);
    for (size_t i = 0; i < n; i++)
        codes[i] = list[i].code;
}

/* ---- subtree ---- */

struct walk {
    struct ctx *c;
    const struct org_catalogue *catalogue;
    struct str tree;
    int32_t day;
    int64_t depth; /* steps left; I64_NONE: any */
    struct codes out;
};

static void walk_below(struct walk *w, struct str root, int64_t depth, unsigned level)
{
    struct codes children = {0};
    if (depth == 0 || level > NESTING_MAX)
        return;
    for (const struct org_edge *e = org_below(w->catalogue, w->tree, root); e; e = org_below_next(w->catalogue, e))
        if (holds(e, w->day))
            *PUSH(w->c->arena, &children) = e->link->code;
    sort_codes(w->c, w->catalogue, children.v, children.n);
    for (size_t i = 0; i < children.n; i++) {
        *PUSH(w->c->arena, &w->out) = children.v[i];
        walk_below(w, children.v[i], depth == I64_NONE ? depth : depth - 1, level + 1);
    }
}

enum err org_subtree(struct ctx *c, const struct org_catalogue *catalogue, struct str tree, struct str root,
                     int32_t day, struct strs *ret)
{
    int32_t from, to;
    if (!is_tree(tree))
        return FAIL(c, E_INVALID, "không có hệ thống \"%.*s\" (no such tree)", ARGS(tree));
    bool right = str_eq(tree, S("area")) ? org_area(catalogue, root) != NULL : org_unit(catalogue, root) != NULL;
    if (!right || !org_dates(catalogue, root, &from, &to) || !org_exists(from, to, day))
        return FAIL(c, E_NOTFOUND, "không có \"%.*s\" vào ngày đó (not there on that day)", ARGS(root));
    struct walk w = {.c = c, .catalogue = catalogue, .tree = tree, .day = day};
    *PUSH(c->arena, &w.out) = root;
    walk_below(&w, root, I64_NONE, 0);
    *ret = (struct strs){w.out.v, w.out.n};
    return OK;
}

struct strs org_children(struct ctx *c, const struct org_catalogue *catalogue, struct str tree, struct str code,
                         int32_t day)
{
    struct codes out = {0};
    for (const struct org_edge *e = org_below(catalogue, tree, code); e; e = org_below_next(catalogue, e))
        if (org_exists(e->valid_from, e->valid_to, day))
            *PUSH(c->arena, &out) = e->link->code;
    sort_codes(c, catalogue, out.v, out.n);
    return (struct strs){out.v, out.n};
}

struct strs org_roots(struct ctx *c, const struct org_catalogue *catalogue, struct str tree, int32_t day)
{
    struct codes out = {0};
    for (size_t i = 0; i < catalogue->rows[ORG_T_UNIT].n; i++) {
        const struct org_unit *u = catalogue->units[i];
        bool above = org_parent(catalogue, tree, u->code, day).p != NULL, below = false;
        for (const struct org_edge *e = org_below(catalogue, tree, u->code); e && !below;
             e = org_below_next(catalogue, e))
            below = holds(e, day);
        if (org_exists(u->valid_from, u->valid_to, day) && below && !above)
            *PUSH(c->arena, &out) = u->code;
    }
    return (struct strs){out.v, out.n};
}

/* ---- groups ---- */

struct members {
    struct ctx *c;
    const struct org_catalogue *catalogue;
    int32_t day;
    bool **of; /* by row of groups, once known: its members by row of units */
};

static bool is_in(struct strs list, struct str s)
{
    for (size_t i = 0; i < list.n; i++)
        if (str_eq(list.v[i], s))
            return true;
    return false;
}

static void mark(const struct members *m, bool *in, const struct org_unit *u, bool is)
{
    if (u && org_exists(u->valid_from, u->valid_to, m->day))
        in[u - ORG_UNITS(m->catalogue)] = is;
}

static void mark_kinds(const struct members *m, bool *in, const struct org_group *g, const struct org_unit *u)
{
    if (u && (!g->kinds.n || is_in(g->kinds, u->kind)))
        mark(m, in, u, true);
}

/* Each group is worked out once, however often others include it; so one that comes back to itself ends too. */
static const bool *members_of(struct members *m, const struct org_group *g, unsigned level)
{
    const struct org_catalogue *catalogue = m->catalogue;
    bool **known = &m->of[g - ORG_GROUPS(catalogue)];
    size_t n_units = catalogue->rows[ORG_T_UNIT].n;
    if (*known)
        return *known;
    bool *in = *known = NEWN(m->c->arena, bool, n_units + 1);
    if (level > NESTING_MAX || !org_exists(g->valid_from, g->valid_to, m->day))
        return in;
    if (g->under.n) {
        struct walk w = {.c = m->c, .catalogue = catalogue, .tree = g->tree, .day = m->day};
        walk_below(&w, g->under, g->depth, 0);
        for (size_t i = 0; i < w.out.n; i++)
            mark_kinds(m, in, g, org_unit(catalogue, w.out.v[i]));
    } else if (g->kinds.n) {
        for (size_t i = 0; i < n_units; i++)
            mark_kinds(m, in, g, &ORG_UNITS(catalogue)[i]);
    }
    for (size_t i = 0; i < g->include.n; i++) {
        const struct org_group *other = org_group(catalogue, g->include.v[i]);
        const bool *theirs = other ? members_of(m, other, level + 1) : NULL;
        if (!theirs)
            mark(m, in, org_unit(catalogue, g->include.v[i]), true);
        for (size_t k = 0; theirs && k < n_units; k++)
            in[k] |= theirs[k];
    }
    for (size_t i = 0; i < g->exclude.n; i++)
        mark(m, in, org_unit(catalogue, g->exclude.v[i]), false);
    return in;
}

enum err org_members(struct ctx *c, const struct org_catalogue *catalogue, struct str group, int32_t day,
                     struct strs *ret)
{
    const struct org_group *g = org_group(catalogue, group);
    if (!g)
        return FAIL(c, E_NOTFOUND, "không có nhóm \"%.*s\" (no such group)", ARGS(group));
    struct members m = {c, catalogue, day, NEWN(c->arena, bool *, catalogue->rows[ORG_T_GROUP].n + 1)};
    const bool *in = members_of(&m, g, 0);
    struct codes out = {0};
    for (size_t i = 0; i < catalogue->rows[ORG_T_UNIT].n; i++)
        if (in[catalogue->units[i] - ORG_UNITS(catalogue)])
            *PUSH(c->arena, &out) = catalogue->units[i]->code;
    *ret = (struct strs){out.v, out.n};
    return OK;
}

struct strs org_groups_of(struct ctx *c, const struct org_catalogue *catalogue, struct str code, int32_t day)
{
    const struct org_unit *unit = org_unit(catalogue, code);
    size_t n = catalogue->rows[ORG_T_GROUP].n;
    struct members m = {c, catalogue, day, NEWN(c->arena, bool *, n + 1)};
    struct codes out = {0};
    for (size_t i = 0; unit && i < n; i++)
        if (members_of(&m, catalogue->groups[i], 0)[unit - ORG_UNITS(catalogue)])
            *PUSH(c->arena, &out) = catalogue->groups[i]->code;
    return (struct strs){out.v, out.n};
}

/* ---- areas and mergers ---- */

struct strs org_serving(struct ctx *c, const struct org_catalogue *catalogue, struct str area, int32_t day)
{
    struct codes out = {0};
    for (const struct org_edge *e = org_below(catalogue, S("serves"), area); e; e = org_below_next(catalogue, e))
        if (holds(e, day))
            *PUSH(c->arena, &out) = e->link->code;
    sort_codes(c, catalogue, out.v, out.n);
    return (struct strs){out.v, out.n};
}

struct strs org_predecessors(struct ctx *c, const struct org_catalogue *catalogue, struct str code)
{
    struct codes out = {0};
    for (const struct org_edge *e = org_above(catalogue, S("predecessor"), code); e; e = org_above_next(catalogue, e))
        *PUSH(c->arena, &out) = e->link->target;
    sort_codes(c, catalogue, out.v, out.n);
    return (struct strs){out.v, out.n};
}

struct strs org_successors(struct ctx *c, const struct org_catalogue *catalogue, struct str code)
{
    struct codes out = {0};
    for (const struct org_edge *e = org_below(catalogue, S("predecessor"), code); e; e = org_below_next(catalogue, e))
        *PUSH(c->arena, &out) = e->link->code;
    sort_codes(c, catalogue, out.v, out.n);
    return (struct strs){out.v, out.n};
}
