/* What can be wrong with a catalogue. Every problem is told, each once, with the row it was read from. */
#include "domain/org/catalogue.h"

#include "base/period.h"

#include <stdlib.h>

#include "base/banned.h"

enum { NESTING_MAX = 32 };

struct check {
    struct ctx *c;
    const struct org_catalogue *catalogue;
    struct row_problems *problems;
};
#define PROBLEM(k, at, ...) row_problem((k)->c, (k)->problems, (at)->file, (at)->line, __VA_ARGS__)

static struct str day(struct check *k, int32_t d)
{
    char text[DAY_TEXT];
    return d == DAY_NONE ? S("…") : str_dup(k->c->arena, day_text_vi(d, text));
}

static void check_dates(struct check *k, int32_t from, int32_t to, const struct org_origin *at)
{
    if (from != DAY_NONE && to != DAY_NONE && to < from)
        PROBLEM(k, at, "valid_to %.*s trước valid_from %.*s (ends before it begins)", ARGS(day(k, to)),
                ARGS(day(k, from)));
}

/* Do [from, to] lie within [outer_from, outer_to]? */
static bool within(int32_t from, int32_t to, int32_t outer_from, int32_t outer_to)
{
    return (outer_from == DAY_NONE || (from != DAY_NONE && from >= outer_from)) &&
           (outer_to == DAY_NONE || (to != DAY_NONE && to <= outer_to));
}

static enum org_match_kind kind_of(const struct org_catalogue *catalogue, struct str code)
{
    uint32_t i = org_map_get(&catalogue->codes, code);
    return i == UINT32_MAX ? ORG_UNKNOWN : catalogue->things.v[i].kind;
}

/* Codes are one namespace over three tables; within one table merging has seen to it. */
static void check_code(struct check *k, enum org_match_kind kind, struct str code, const struct org_origin *at)
{
    if (kind_of(k->catalogue, code) != kind)
        PROBLEM(k, at, "mã \"%.*s\" đã dùng cho một cơ quan, nhóm hoặc địa bàn khác (code used twice)", ARGS(code));
}

static void check_kind(struct check *k, struct str kind, const char *of, const struct org_origin *at)
{
    const struct org_kind *found = org_kind(k->catalogue, kind);
    if (!found)
        PROBLEM(k, at, "không có loại \"%.*s\" (unknown kind)", ARGS(kind));
    else if (!str_eq(found->of, str_of(of)))
        PROBLEM(k, at, "loại \"%.*s\" không dùng ở đây (kind of something else)", ARGS(kind));
}

static void check_area(struct check *k, struct str code, const struct org_origin *at)
{
    if (code.n && kind_of(k->catalogue, code) != ORG_AREA)
        PROBLEM(k, at, "không có địa bàn \"%.*s\" (unknown area)", ARGS(code));
}

static void check_units(struct check *k)
{
    for (size_t i = 0; i < k->catalogue->rows[ORG_T_UNIT].n; i++) {
        const struct org_unit *u = &ORG_UNITS(k->catalogue)[i];
        check_code(k, ORG_UNIT, u->code, &u->origin);
        check_kind(k, u->kind, "unit", &u->origin);
        check_area(k, u->area, &u->origin);
        check_dates(k, u->valid_from, u->valid_to, &u->origin);
    }
    for (size_t i = 0; i < k->catalogue->rows[ORG_T_AREA].n; i++) {
        const struct org_area *a = &ORG_AREAS(k->catalogue)[i];
        check_code(k, ORG_AREA, a->code, &a->origin);
        check_kind(k, a->kind, "area", &a->origin);
        check_area(k, a->parent, &a->origin);
        check_dates(k, a->valid_from, a->valid_to, &a->origin);
        if (!(a->km2 != a->km2) && a->km2 <= 0)
            PROBLEM(k, &a->origin, "diện tích phải lớn hơn 0 (surface must be above 0)");
        if ((a->lon == a->lon) != (a->lat == a->lat) || a->lon < -180 || a->lon > 180 || a->lat < -90 || a->lat > 90)
            PROBLEM(k, &a->origin, "tọa độ không hợp lệ (bad position)");
    }
}

/* How many levels of groups stand below `g`, past NESTING_MAX if it comes back to itself. `depths` holds what is known,
 * plus 1, so that a group included a thousand times is walked once. */
static unsigned nesting(const struct org_catalogue *catalogue, const struct org_group *g, unsigned *depths,
                        unsigned level)
{
    unsigned *known = &depths[g - ORG_GROUPS(catalogue)], deepest = 0;
    if (*known)
        return *known - 1;
    for (size_t i = 0; i < g->include.n && deepest <= NESTING_MAX; i++) {
        const struct org_group *other = org_group(catalogue, g->include.v[i]);
        if (!other)
            continue;
        unsigned below = level < NESTING_MAX ? nesting(catalogue, other, depths, level + 1) + 1 : NESTING_MAX + 1;
        deepest = below > deepest ? below : deepest;
    }
    *known = deepest + 1;
    return deepest;
}

static void check_groups(struct check *k)
{
    unsigned *depths = NEWN(k->c->arena, unsigned, k->catalogue->rows[ORG_T_GROUP].n + 1);
    for (size_t i = 0; i < k->catalogue->rows[ORG_T_GROUP].n; i++) {
        const struct org_group *g = &ORG_GROUPS(k->catalogue)[i];
        check_code(k, ORG_GROUP, g->code, &g->origin);
        check_dates(k, g->valid_from, g->valid_to, &g->origin);
        for (size_t n = 0; n < g->kinds.n; n++)
            check_kind(k, g->kinds.v[n], "unit", &g->origin);
        bool tree = str_eq(g->tree, S("party")) || str_eq(g->tree, S("state")) || str_eq(g->tree, S("front"));
        if (g->tree.n && !tree)
            PROBLEM(k, &g->origin, "hệ thống phải là " ORG_TREES " (unknown tree)");
        if (!g->tree.n != !g->under.n)
            PROBLEM(k, &g->origin, "tree và under phải đi cùng nhau (one without the other)");
        if (g->depth != I64_NONE && !g->under.n)
            PROBLEM(k, &g->origin, "depth cần có under (depth without under)");
        if (g->under.n && kind_of(k->catalogue, g->under) != ORG_UNIT)
            PROBLEM(k, &g->origin, "không có cơ quan \"%.*s\" (unknown body)", ARGS(g->under));
        for (size_t n = 0; n < g->include.n; n++)
            if (!org_unit(k->catalogue, g->include.v[n]) && !org_group(k->catalogue, g->include.v[n]))
                PROBLEM(k, &g->origin, "không có cơ quan hoặc nhóm \"%.*s\" (unknown)", ARGS(g->include.v[n]));
        for (size_t n = 0; n < g->exclude.n; n++)
            if (!org_unit(k->catalogue, g->exclude.v[n]))
                PROBLEM(k, &g->origin, "không có cơ quan \"%.*s\" (unknown body)", ARGS(g->exclude.v[n]));
        if (nesting(k->catalogue, g, depths, 0) > NESTING_MAX)
            PROBLEM(k, &g->origin, "nhóm \"%.*s\" gồm chính nó, hoặc lồng quá %d cấp (contains itself)", ARGS(g->code),
                    NESTING_MAX);
    }
}

static void check_small_tables(struct check *k)
{
    for (size_t i = 0; i < k->catalogue->rows[ORG_T_ALIAS].n; i++) {
        const struct org_alias *a = &ORG_ALIASES(k->catalogue)[i];
        check_dates(k, a->valid_from, a->valid_to, &a->origin);
        if (kind_of(k->catalogue, a->code) == ORG_UNKNOWN)
            PROBLEM(k, &a->origin, "không có mã \"%.*s\" (unknown code)", ARGS(a->code));
        else if (!org_normal(k->c, k->catalogue, a->alias, true, false).n)
            PROBLEM(k, &a->origin, "tên \"%.*s\" không so được: trống hoặc quá dài (no name)", ARGS(a->alias));
    }
    for (size_t i = 0; i < k->catalogue->rows[ORG_T_WORD].n; i++) {
        const struct org_word *w = &ORG_WORDS(k->catalogue)[i];
        if (!org_word_found(k->c, k->catalogue, i))
            PROBLEM(k, &w->origin, "chữ viết tắt \"%.*s\" trùng với chữ khác hoặc không hợp lệ (taken or no word)",
                    ARGS(w->word));
    }
}

/* ---- links ---- */

static void check_link_dates(struct check *k, const struct org_edge *e)
{
    const struct org_link *l = e->link;
    int32_t from, to;
    check_dates(k, l->valid_from, l->valid_to, &l->origin);
    if (!org_dates(k->catalogue, l->target, &from, &to))
        return;
    if (str_eq(l->link, S("predecessor"))) {
        int32_t own_from, own_to;
        if (org_dates(k->catalogue, l->code, &own_from, &own_to) && own_from != DAY_NONE && from != DAY_NONE &&
            own_from <= from)
            PROBLEM(k, &l->origin, "\"%.*s\" không thể có trước \"%.*s\" (predecessor begins later)", ARGS(l->target),
                    ARGS(l->code));
        return;
    }
    bool empty = e->valid_from != DAY_NONE && e->valid_to != DAY_NONE && e->valid_to < e->valid_from;
    if (empty || (!str_eq(l->link, S("leads")) && !within(e->valid_from, e->valid_to, from, to)))
        PROBLEM(k, &l->origin,
                "\"%.*s\" gắn với \"%.*s\" ngoài thời gian tồn tại của \"%.*s\": từ %.*s đến %.*s (outside its dates)",
                ARGS(l->code), ARGS(l->target), ARGS(l->target), ARGS(day(k, from)), ARGS(day(k, to)));
}

/* Both ends exist and are of the right sort. False if there is more to say about it only once they do. */
static bool check_ends(struct check *k, const struct org_edge *e)
{
    const struct org_link *l = e->link;
    enum org_match_kind code = kind_of(k->catalogue, l->code), target = kind_of(k->catalogue, l->target);
    bool areas = str_eq(l->link, S("area")) || (str_eq(l->link, S("predecessor")) && code == ORG_AREA);
    bool serves = str_eq(l->link, S("serves"));
    if (serves || str_eq(l->link, S("area")))
        return target == ORG_AREA; /* told with the row itself */
    if (code != (areas ? ORG_AREA : ORG_UNIT))
        PROBLEM(k, &l->origin, "không có cơ quan \"%.*s\" (unknown body)", ARGS(l->code));
    if (target != (areas ? ORG_AREA : ORG_UNIT))
        PROBLEM(k, &l->origin, "không có %s \"%.*s\" (unknown %s)", areas ? "địa bàn" : "cơ quan", ARGS(l->target),
                areas ? "area" : "parent body");
    return code != ORG_UNKNOWN && target != ORG_UNKNOWN;
}

static bool is_tree_link(const struct org_link *l)
{
    return !str_eq(l->link, S("predecessor")) && !str_eq(l->link, S("serves")) && !str_eq(l->link, S("leads"));
}

static void check_single_parent(struct check *k, const struct org_edge *e)
{
    for (const struct org_edge *o = org_above_next(k->catalogue, e); o; o = org_above_next(k->catalogue, o))
        if (org_overlap(e->valid_from, e->valid_to, o->valid_from, o->valid_to))
            PROBLEM(k, &e->link->origin,
                    "\"%.*s\" có hai cấp trên cùng lúc: \"%.*s\" và \"%.*s\" (two parents at once)",
                    ARGS(e->link->code), ARGS(e->link->target), ARGS(o->link->target));
}

/* Upwards from `e` on the day it begins: a chain longer than any real one comes back to itself. */
static void check_cycle(struct check *k, const struct org_edge *e)
{
    struct str at = e->link->target;
    int32_t on = e->valid_from != DAY_NONE ? e->valid_from : e->valid_to;
    for (unsigned level = 0; level < NESTING_MAX && at.n; level++) {
        if (str_eq(at, e->link->code)) {
            PROBLEM(k, &e->link->origin, "\"%.*s\" đứng dưới chính nó (a cycle)", ARGS(e->link->code));
            return;
        }
        struct str above = {0};
        for (const struct org_edge *o = org_above(k->catalogue, e->link->link, at); o && !above.n;
             o = org_above_next(k->catalogue, o))
            if (on == DAY_NONE ? org_overlap(e->valid_from, e->valid_to, o->valid_from, o->valid_to)
                               : org_exists(o->valid_from, o->valid_to, on))
                above = o->link->target;
        at = above;
    }
    if (at.n)
        PROBLEM(k, &e->link->origin, "\"%.*s\" đứng dưới hơn %d cấp (too deep)", ARGS(e->link->code), NESTING_MAX);
}

static void check_links(struct check *k)
{
    for (size_t i = 0; i < k->catalogue->edges.n; i++) {
        const struct org_edge *e = &k->catalogue->edges.v[i];
        if (!check_ends(k, e))
            continue;
        check_link_dates(k, e);
        if (is_tree_link(e->link)) {
            check_single_parent(k, e);
            check_cycle(k, e);
        }
    }
}

/* ---- names ---- */

static void check_clash(struct check *k, const struct org_name *a, const struct org_name *b)
{
    if (a->row == b->row || !org_overlap(a->valid_from, a->valid_to, b->valid_from, b->valid_to))
        return;
    struct str x = org_normal(k->c, k->catalogue, a->text, true, true),
               y = org_normal(k->c, k->catalogue, b->text, true, true);
    /* Told where the reader of the files can mend it. */
    bool a_later = a->origin->line && (!b->origin->line || str_cmp(a->origin->file, b->origin->file) > 0 ||
                                       (str_eq(a->origin->file, b->origin->file) && a->origin->line > b->origin->line));
    const struct org_name *later = a_later ? a : b, *first = a_later ? b : a;
    if (str_eq(x, y))
        PROBLEM(k, later->origin,
                "tên \"%.*s\" của \"%.*s\" trùng với tên \"%.*s\" của \"%.*s\" cùng thời gian (name taken)",
                ARGS(later->text), ARGS(later->code), ARGS(first->text), ARGS(first->code));
}

static void check_names(struct check *k)
{
    const struct org_catalogue *catalogue = k->catalogue;
    for (size_t i = 0; i < catalogue->name_list.n; i++)
        for (uint32_t n = catalogue->name_list.v[i].next; n; n = catalogue->name_list.v[n - 1].next)
            check_clash(k, &catalogue->name_list.v[i], &catalogue->name_list.v[n - 1]);
}

static int compare(const void *a, const void *b)
{
    const struct row_problem *x = a, *y = b;
    int r = str_cmp(x->file, y->file);
    if (!r)
        r = x->line < y->line ? -1 : x->line > y->line;
    return r ? r : str_cmp(x->text, y->text);
}

void org_check(struct ctx *c, const struct org_catalogue *catalogue, struct row_problems *problems)
{
    struct check k = {c, catalogue, problems};
    check_units(&k);
    check_groups(&k);
    check_small_tables(&k);
    check_links(&k);
    check_names(&k);
    /* A row that fills in many bodies says the same of each only once. */
    if (problems->n)
        qsort(problems->v, problems->n, sizeof *problems->v, compare);
    size_t kept = 0;
    for (size_t i = 0; i < problems->n; i++)
        if (!kept || compare(&problems->v[kept - 1], &problems->v[i]))
            problems->v[kept++] = problems->v[i];
    problems->n = kept;
}
