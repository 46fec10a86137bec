#include "base/viet.h"
#include "front/web/search.html.h"
#include "front/web/site.h"

#include <assert.h>

#include "base/banned.h"

/* In the order of SEARCH_KINDS. */
static const struct message *const kind_labels[SEARCH_N_KINDS] = {
    &M_kind_plan,      &M_kind_org,  &M_kind_group,  &M_kind_area, &M_kind_indicator,
    &M_kind_programme, &M_kind_task, &M_kind_target, &M_kind_duty, &M_kind_clause};

static const struct message *label_of(struct str kind)
{
    struct str kinds = S(SEARCH_KINDS), one;
    for (size_t i = 0; i < SEARCH_N_KINDS && str_cut(&kinds, '|', &one); i++)
        if (str_eq(one, kind))
            return kind_labels[i];
    assert(!"a kind without a label");
    return NULL;
}

static struct url address(const struct site *s, const struct search_asked *asked, struct str kind, struct str after)
{
    struct arena *a = s->c->arena;
    struct url u = url_with(a, url_fixed("/search"), "q", asked->q);
    if (asked->plan.n)
        u = url_with(a, u, "plan", asked->plan);
    if (kind.n)
        u = url_with(a, u, "kind", kind);
    return after.n ? url_with(a, u, "after", after) : u;
}

/* All kinds, and those there is something of. */
static void fill_choices(const struct site *s, const struct search_asked *asked, struct search_view *vm)
{
    const struct search_results *r = &vm->results;
    struct str kinds = S(SEARCH_KINDS), kind;
    bool known = r->of_all >= 0;
    vm->choices[vm->n_choices++] = (struct search_choice){&M_search_all, address(s, asked, S(""), S("")),
                                                          !asked->kind.n, known ? r->of_all : I64_NONE};
    for (size_t i = 0; i < SEARCH_N_KINDS && str_cut(&kinds, '|', &kind); i++) {
        bool chosen = str_eq(kind, asked->kind);
        if (!chosen && known && !r->of_kind[i])
            continue;
        vm->choices[vm->n_choices++] = (struct search_choice){kind_labels[i], address(s, asked, kind, S("")), chosen,
                                                              known ? r->of_kind[i] : I64_NONE};
    }
}

static void fill(const struct site *s, const struct search_asked *asked, struct search_view *vm)
{
    struct arena *a = s->c->arena;
    const struct search_results *r = &vm->results;
    vm->lines = NEWN(a, struct search_line, r->n + 1);
    for (size_t i = 0; i < r->n; i++) {
        vm->lines[i] = (struct search_line){.result = &r->v[i], .kind = label_of(r->v[i].kind)};
        bool local = url_local(a, r->v[i].address, &vm->lines[i].url);
        assert(local);
    }
    vm->from = r->before + 1;
    vm->to = r->before + (int64_t)r->n;
    vm->first = address(s, asked, asked->kind, S(""));
    vm->next = address(s, asked, asked->kind, r->next.n ? r->next : S(""));
    if (r->n || asked->kind.n)
        fill_choices(s, asked, vm);
}

static enum err show_search(struct site *s)
{
    struct search_view vm = {.query = str_trim(site_query(s, "q"))};
    const struct search_asked asked = {.q = vm.query,
                                       .kind = site_query(s, "kind"),
                                       .plan = site_query(s, "plan"),
                                       .after = site_query(s, "after"),
                                       .limit = I64_NONE};
    enum err e = OK;
    if (site_query(s, "as-of").n || site_query(s, "as_of").n)
        e = search_refuse_past(s->c);
    else if (vm.query.n)
        e = search_find(s->c, &asked, &vm.results);
    if (e && e != E_INVALID)
        return e;
    if (e) {
        vm.refused = viet_capital(s->c->arena, s->c->error.message);
        s->answer->status = 400;
    } else if (vm.query.n) {
        vm.of_kind = asked.kind.n;
        fill(s, &asked, &vm);
        site_data(s, url_fixed("/search"));
    }
    struct str title = site_text(s, &M_search_label);
    if (vm.query.n)
        title = str_fmt(s->c->arena, "%.*s: %.*s", ARGS(title), ARGS(vm.query));
    s->frame.query = vm.query;
    site_begin(s, url_fixed("/search"), title, NAV_NONE);
    search_html(&s->page, &s->frame, &vm);
    return OK;
}

const struct route search_routes[] = {
    ROUTE("/search", PERM_READ, show_search, NULL),
    {0},
};
