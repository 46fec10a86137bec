/* The pages of bodies and groups, and of the names that no catalogue knows. */
#include "base/period.h"
#include "base/viet.h"
#include "front/web/org.html.h"
#include "front/web/org/org_site.h"
#include "front/web/orgs.html.h"
#include "front/web/site.h"
#include "front/web/unknown.html.h"

#include <string.h>

#include "base/banned.h"

/* --- the list --- */

static const struct owed_count *count_of(const struct owed_counts *counts, struct str code)
{
    for (size_t i = 0; i < counts->n; i++)
        if (str_eq(counts->v[i].code, code))
            return &counts->v[i];
    return NULL;
}

static void add_line(struct site *s, struct orgs_view *view, const struct owed_count *count, unsigned level,
                     size_t folded)
{
    if (count)
        *PUSH(s->c->arena, &view->lines) =
            (struct org_line){count, level, folded, org_kind(view->moment->catalogue, count->kind)};
}

/* The tree below a body. Many brothers of one kind (129 committees of communes) are one line that opens their list. */
static void add_below(struct site *s, struct orgs_view *view, const struct owed_counts *counts, struct strs codes,
                      unsigned level)
{
    enum { DEEPEST = 12 };
    const struct org_moment *m = view->moment;
    for (size_t i = 0, to; level < DEEPEST && i < codes.n; i = to) {
        const struct owed_count *count = count_of(counts, codes.v[i]);
        for (to = i + 1; count && to < codes.n; to++) {
            const struct org_unit *next = org_unit(m->catalogue, codes.v[to]);
            if (!next || !str_eq(next->kind, count->kind))
                break;
        }
        if (to - i > ORG_FOLD) {
            add_line(s, view, count, level, to - i);
            continue;
        }
        for (size_t k = i; k < to; k++) {
            add_line(s, view, count_of(counts, codes.v[k]), level, 0);
            add_below(s, view, counts, org_children(s->c, m->catalogue, view->tree, codes.v[k], m->day), level + 1);
        }
    }
}

static void add_kinds(struct site *s, struct orgs_view *view, const struct owed_counts *counts)
{
    for (size_t i = 0; i < counts->n; i++) {
        const struct org_kind *kind = org_kind(view->moment->catalogue, counts->v[i].kind);
        bool known = !kind;
        for (size_t k = 0; k < view->kinds.n && !known; k++)
            known = view->kinds.v[k] == kind;
        if (!known)
            *PUSH(s->c->arena, &view->kinds) = kind;
    }
}

static void add_tabs(struct site *s, struct orgs_view *view)
{
    static const struct {
        struct str tree;
        const struct message *name;
    } tabs[ORG_TABS] = {{S0("party"), &M_org_tree_party},
                        {S0("state"), &M_org_tree_state},
                        {S0("front"), &M_org_tree_front},
                        {S0("group"), &M_org_tree_group},
                        {S0("all"), &M_org_tree_all}};
    for (size_t i = 0; i < ORG_TABS; i++) {
        struct url url = url_with(s->c->arena, url_fixed("/orgs"), "tree", tabs[i].tree);
        view->tabs[i] = (struct org_tab){tabs[i].tree, tabs[i].name, org_moment_url(s, view->moment, url)};
    }
}

static void sum_up(struct orgs_view *view, const struct owed_counts *counts)
{
    view->total = counts->total;
    for (size_t i = 0; i < counts->n; i++) {
        const struct owed_count *one = &counts->v[i];
        bool group = str_eq(one->kind, S("group"));
        view->bodies += !group;
        view->named += !group && one->leads + one->coordinates + one->monitors + one->duties > 0;
        if (!group && one->leads > (view->most ? view->most->leads : 0))
            view->most = one;
    }
}

static enum err show_orgs(struct site *s)
{
    struct org_moment m;
    struct owed_counts all, some;
    struct owed_unknowns unknown;
    TRY(org_moment_read(s, &m));
    struct orgs_view view = {.moment = &m,
                             .tree = site_query(s, "tree"),
                             .kind = site_query(s, "kind"),
                             .words = str_trim(site_query(s, "q"))};
    view.filtered = view.words.n || view.kind.n;
    if (!view.tree.n)
        view.tree = view.filtered ? S("all") : S("party");
    TRY(owed_count_all(s->c, m.catalogue, m.at, m.day, &all));
    TRY(owed_unknown(s->c, m.at, &unknown));
    view.unknown = unknown.n;
    sum_up(&view, &all);
    add_kinds(s, &view, &all);
    add_tabs(s, &view);
    some = all;
    some.v = NEWN(s->c->arena, struct owed_count, all.n + 1);
    memcpy(some.v, all.v, all.n * sizeof *all.v);
    owed_filter(s->c, m.catalogue, &some, &(struct owed_filter){view.words, view.kind, view.tree, m.day});
    if (view.filtered || str_eq(view.tree, S("group")) || str_eq(view.tree, S("all")))
        for (size_t i = 0; i < some.n; i++)
            add_line(s, &view, &some.v[i], 0, 0);
    else
        add_below(s, &view, &all, org_roots(s->c, m.catalogue, view.tree, m.day), 0);
    struct url here = url_fixed("/orgs");
    site_begin(s, here, site_text(s, &M_site_orgs), NAV_ORGS);
    site_data(s, url_fixed("/owed"));
    orgs_html(&s->page, &s->frame, &view);
    return OK;
}

/* The figures of the list are data at this address; a reader wants the list. */
static enum err show_owed(struct site *s)
{
    return site_go(s, url_fixed("/orgs"));
}

/* --- one body, one group --- */

static void add_places(struct site *s, const struct org_moment *m, struct org_page *page)
{
    static const struct {
        struct str tree;
        const struct message *name;
    } trees[ORG_TREE_COUNT] = {
        {S0("party"), &M_org_tree_party}, {S0("state"), &M_org_tree_state}, {S0("front"), &M_org_tree_front}};
    enum { HIGHEST = 12 };
    for (size_t i = 0; i < ORG_TREE_COUNT; i++) {
        struct org_place place = {.tree = trees[i].name};
        struct str up[HIGHEST], at = page->unit->code;
        size_t n = 0;
        while (n < HIGHEST && (at = org_parent(m->catalogue, trees[i].tree, at, m->day)).p)
            up[n++] = at;
        while (n > 0)
            org_name_add(s, m, &place.above, up[--n]);
        org_name_add_all(s, m, &place.below, org_children(s->c, m->catalogue, trees[i].tree, page->unit->code, m->day));
        if (place.above.n || place.below.n)
            page->places[page->n_places++] = place;
    }
}

static void add_unit(struct site *s, const struct org_moment *m, struct org_page *page)
{
    const struct org_unit *u = page->unit;
    const struct org_kind *kind = org_kind(m->catalogue, u->kind);
    page->name = u->name;
    page->kind_name = viet_capital(s->c->arena, kind ? in_lang(s->page.lang, kind->name, kind->name_en) : u->kind);
    add_places(s, m, page);
    org_name_add(s, m, &page->leads, org_led_by(m->catalogue, u->code, m->day));
    org_name_add(s, m, &page->led_by, org_leader_of(m->catalogue, u->code, m->day));
    org_name_add_all(s, m, &page->before, org_predecessors(s->c, m->catalogue, u->code));
    org_name_add_all(s, m, &page->after, org_successors(s->c, m->catalogue, u->code));
    org_name_add_all(s, m, &page->groups, org_groups_of(s->c, m->catalogue, u->code, m->day));
    page->area = u->area.n ? org_area(m->catalogue, u->area) : NULL;
    if (page->area)
        page->area_name = org_area_name(m->catalogue, s->c, page->area);
}

static enum err add_group(struct site *s, const struct org_moment *m, struct org_page *page)
{
    struct strs members;
    struct {
        struct org_members *v;
        size_t n, cap;
    } kinds = {0};
    page->name = page->group->name;
    TRY(org_members(s->c, m->catalogue, page->group->code, m->day, &members));
    for (size_t i = 0; i < members.n; i++) {
        const struct org_kind *kind = org_kind(m->catalogue, org_unit(m->catalogue, members.v[i])->kind);
        if (!kinds.n || kinds.v[kinds.n - 1].kind != kind)
            *PUSH(s->c->arena, &kinds) = (struct org_members){.kind = kind};
        org_name_add(s, m, &kinds.v[kinds.n - 1].names, members.v[i]);
    }
    page->members = kinds.v;
    page->n_members = kinds.n;
    page->members_total = members.n;
    return OK;
}

/* Its own, what is sent to it, and the rest by the group that brings it, each in the order of the list. */
static void part_owed(struct site *s, const struct owed_list *list, struct org_page *page)
{
    struct arena *a = s->c->arena;
    bool plans = false;
    for (size_t i = 1; i < list->n; i++)
        plans |= !str_eq(list->v[i].plan, list->v[0].plan);
    page->own.plans = page->received.plans = plans;
    for (size_t i = 0; i < list->n; i++) {
        const struct owed *o = &list->v[i];
        struct owed_rows *rows = str_eq(o->role, S("receiver")) ? &page->received : &page->own;
        if (o->via.p && rows == &page->own) {
            size_t g = 0;
            while (g < page->through.n && !str_eq(page->through.v[g].group, o->via))
                g++;
            if (g == page->through.n)
                *PUSH(a, &page->through) =
                    (struct owed_rows){.plans = plans, .group = o->via, .group_name = o->via_name};
            rows = &page->through.v[g];
        }
        *PUSH(a, rows) = o;
    }
}

static enum err show_org(struct site *s)
{
    struct org_moment m;
    struct owed_list list;
    struct str code = s->part[0];
    TRY(org_moment_read(s, &m));
    struct org_page page = {.moment = &m, .unit = org_unit(m.catalogue, code), .group = org_group(m.catalogue, code)};
    if (org_area(m.catalogue, code))
        return site_go(s, URL(s->c->arena, "/areas/{}", code));
    TRY(owed_read(s->c, m.catalogue, code, m.at, m.day, &list));
    TRY(owed_total(s->c, m.at, &page.total));
    TRY(owed_names(s->c, code, m.at, &page.written));
    page.sum = owed_sum(&list);
    page.aliases = org_aliases(s->c, m.catalogue, code);
    if (page.unit)
        add_unit(s, &m, &page);
    else
        TRY(add_group(s, &m, &page));
    part_owed(s, &list, &page);
    site_begin(s, URL(s->c->arena, "/orgs/{}", code), page.name, NAV_ORGS);
    site_data(s, URL(s->c->arena, "/orgs/{}/owed", code));
    org_html(&s->page, &s->frame, &page);
    return OK;
}

static enum err show_org_owed(struct site *s)
{
    return site_go(s, URL(s->c->arena, "/orgs/{}", s->part[0]));
}

/* --- names that no catalogue knows --- */

static enum err show_unknown(struct site *s)
{
    struct org_moment m;
    struct owed_unknowns list;
    struct unknown_view view = {0};
    TRY(org_moment_read(s, &m));
    TRY(owed_unknown(s->c, m.at, &list));
    for (size_t i = 0; i < list.n; i++) {
        if (!view.n || !str_eq(view.v[view.n - 1].name, list.v[i].name))
            *PUSH(s->c->arena, &view) =
                (struct unknown_line){list.v[i].name, org_resolve(m.catalogue, s->c, list.v[i].name), {0}};
        *PUSH(s->c->arena, &view.v[view.n - 1].where) = list.v[i];
    }
    view.places = list.n;
    site_begin(s, url_fixed("/unknown-names"), site_text(s, &M_unknown_title), NAV_ORGS);
    site_data(s, url_fixed("/unknown-names"));
    unknown_html(&s->page, &s->frame, &view);
    return OK;
}

const struct route org_routes[] = {
    ROUTE("/orgs", PERM_READ, show_orgs, NULL),
    ROUTE("/orgs/{}", PERM_READ, show_org, NULL),
    ROUTE("/orgs/{}/owed", PERM_READ, show_org_owed, NULL),
    ROUTE("/owed", PERM_READ, show_owed, NULL),
    ROUTE("/unknown-names", PERM_READ, show_unknown, NULL),
    {0},
};
