/* The pages of areas: each with the bodies that serve it, and what they owe. */
#include "base/viet.h"
#include "document/chart/chart.h"
#include "domain/geo/geo.h"
#include "front/web/area.html.h"
#include "front/web/areas.html.h"
#include "front/web/org/org_site.h"

#include <math.h>

#include "base/banned.h"

/* --- the list --- */

enum { KINDS = 16 };

static void count_kind(struct areas_view *view, const struct org_kind *kind)
{
    size_t i = 0;
    while (i < view->n_kinds && view->kinds[i].kind != kind)
        i++;
    if (i == KINDS)
        return;
    if (i == view->n_kinds)
        view->kinds[view->n_kinds++] = (struct area_kind){kind, 0};
    view->kinds[i].n++;
}

enum { MAP_MOST = 600, MAP_BYTES = 1 << 20 };

static bool has_below(const struct areas_view *view, struct str code)
{
    for (size_t i = 0; i < view->lines.n; i++)
        if (str_eq(view->lines.v[i].area->parent, code))
            return true;
    return false;
}

/* The areas that have none below them, each a link. */
static enum err draw_map(struct site *s, const struct org_moment *m, struct areas_view *view)
{
    struct arena *a = s->c->arena;
    struct str *codes = NEWN(a, struct str, view->lines.n + 1);
    size_t n = 0;
    if (view->lines.n > MAP_MOST)
        return OK;
    for (size_t i = 0; i < view->lines.n; i++)
        if (!has_below(view, view->lines.v[i].area->code))
            codes[n++] = view->lines.v[i].area->code;
    struct geo_shapes shapes;
    if (n < 3)
        return OK;
    TRY(geo_shapes(s->c, m->catalogue, (struct strs){codes, n}, m->at, &shapes));
    if (n - shapes.missing < 3)
        return OK;
    struct chart_area *areas = NEWN(a, struct chart_area, n);
    for (size_t i = 0; i < n; i++)
        areas[i] = (struct chart_area){
            .label = viet_capital(a, org_area_name(m->catalogue, s->c, org_area(m->catalogue, codes[i]))),
            .href = org_moment_url(s, m, URL(a, "/areas/{}", codes[i])).s,
            .value = NAN,
            .shape = &shapes.v[i]};
    struct out o;
    out_init(&o, a, MAP_BYTES);
    struct chart_frame frame = {.id = S("areas"), .title = site_text(s, &M_areas_map), .width = 640};
    struct chart_map map = {.v = areas, .n = n, .plain = true};
    (void)chart_map(&o, a, &frame, &map, NULL);
    if (!o.failed)
        view->map = html_made(out_str(&o));
    view->map_real = shapes.real;
    return OK;
}

static enum err show_areas(struct site *s)
{
    struct org_moment m;
    TRY(org_moment_read(s, &m));
    struct areas_view view = {.moment = &m, .kind = site_query(s, "kind"), .words = str_trim(site_query(s, "q"))};
    const struct org_filter *words = org_filter_new(s->c, m.catalogue, view.words);
    struct org_areas all = org_areas(m.catalogue);
    for (size_t i = 0; i < all.n; i++) {
        const struct org_area *area = all.v[i];
        const struct org_kind *kind = org_kind(m.catalogue, area->kind);
        if (!org_exists(area->valid_from, area->valid_to, m.day))
            continue;
        /* They come by kind. */
        if (kind && view.n_choices < KINDS && (!view.n_choices || view.choices[view.n_choices - 1] != kind))
            view.choices[view.n_choices++] = kind;
        if ((view.kind.n && !str_eq(view.kind, area->kind)) || !org_filter_fits(s->c, words, area->code))
            continue;
        struct area_line *line = PUSH(s->c->arena, &view.lines);
        *line = (struct area_line){.area = area};
        org_name_add_all(s, &m, &line->orgs, org_serving(s->c, m.catalogue, area->code, m.day));
        count_kind(&view, kind);
    }
    if (!view.words.n && !view.kind.n)
        TRY(draw_map(s, &m, &view));
    site_begin(s, url_fixed("/areas"), site_text(s, &M_site_areas), NAV_AREAS);
    site_data(s, url_with(s->c->arena, url_fixed("/areas"), "limit", S("1000")));
    areas_html(&s->page, &s->frame, &view);
    return OK;
}

/* --- one area --- */

enum { ORGS_MAX = 10 };

/* An item, and which of the area's bodies owe it. */
struct item {
    const struct owed *owed;
    unsigned who;
};
struct items {
    struct item *v;
    size_t n, cap;
};

static bool is_same(const struct owed *a, const struct owed *b)
{
    return str_eq(a->plan, b->plan) && str_eq(a->what, b->what) && a->ordinal == b->ordinal && str_eq(a->role, b->role);
}

static void add_items(struct site *s, struct items *items, const struct owed_list *list, unsigned who)
{
    for (size_t i = 0; i < list->n; i++) {
        const struct owed *o = &list->v[i];
        size_t k = 0;
        if (str_eq(o->role, S("receiver")) || (str_eq(o->what, S("target")) && str_eq(o->role, S("lead"))))
            continue;
        while (k < items->n && !is_same(items->v[k].owed, o))
            k++;
        if (k == items->n)
            *PUSH(s->c->arena, items) = (struct item){o, 0};
        items->v[k].who |= who;
    }
}

/* What several owe together comes before what one owes alone. */
static void share(struct site *s, const struct items *items, struct area_page *page)
{
    unsigned all = (1U << page->orgs.n) - 1;
    struct {
        struct area_share *v;
        size_t n, cap;
    } shares = {0};
    for (unsigned mask = all; mask > 0; mask--) {
        struct area_share one = {0};
        for (size_t i = 0; i < items->n; i++)
            if (items->v[i].who == mask)
                *PUSH(s->c->arena, &one.rows) = items->v[i].owed;
        for (size_t k = 0; one.rows.n && k < page->orgs.n; k++)
            if (mask & (1U << k))
                *PUSH(s->c->arena, &one.orgs) = page->orgs.v[k];
        for (size_t i = 1; i < one.rows.n; i++)
            one.rows.plans |= !str_eq(one.rows.v[i]->plan, one.rows.v[0]->plan);
        if (one.rows.n)
            *PUSH(s->c->arena, &shares) = one;
    }
    page->shares = shares.v;
    page->n_shares = shares.n;
    page->items = items->n;
    page->all_shared = true;
    for (size_t i = 0; i < items->n; i++)
        page->all_shared &= items->v[i].owed->via.p != NULL;
}

static enum err show_area(struct site *s)
{
    struct org_moment m;
    struct items items = {0};
    struct str code = s->part[0];
    TRY(org_moment_read(s, &m));
    struct area_page page = {.moment = &m, .area = org_area(m.catalogue, code)};
    if (!page.area)
        return FAIL(s->c, E_NOTFOUND, "không có địa bàn \"%.*s\" (no such area)", ARGS(code));
    const struct org_kind *kind = org_kind(m.catalogue, page.area->kind);
    page.kind_name =
        viet_capital(s->c->arena, kind ? in_lang(s->page.lang, kind->name, kind->name_en) : page.area->kind);
    page.name = viet_capital(s->c->arena, org_area_name(m.catalogue, s->c, page.area));
    org_name_add(s, &m, &page.parent, page.area->parent);
    org_name_add_all(s, &m, &page.before, org_predecessors(s->c, m.catalogue, code));
    org_name_add_all(s, &m, &page.after, org_successors(s->c, m.catalogue, code));
    org_name_add_all(s, &m, &page.orgs, org_serving(s->c, m.catalogue, code, m.day));
    if (page.orgs.n > ORGS_MAX)
        page.orgs.n = ORGS_MAX;
    page.aliases = org_aliases(s->c, m.catalogue, code);
    for (size_t i = 0; i < page.orgs.n; i++) {
        struct owed_list *list = NEW(s->c->arena, struct owed_list);
        TRY(owed_read(s->c, m.catalogue, page.orgs.v[i].code, m.at, m.day, list));
        add_items(s, &items, list, 1U << i);
    }
    share(s, &items, &page);
    site_begin(s, URL(s->c->arena, "/areas/{}", code), page.name, NAV_AREAS);
    site_data(s, URL(s->c->arena, "/areas/{}", code));
    area_html(&s->page, &s->frame, &page);
    return OK;
}

const struct route area_routes[] = {
    ROUTE("/areas", PERM_READ, show_areas, NULL),
    ROUTE("/areas/{}", PERM_READ, show_area, NULL),
    {0},
};
