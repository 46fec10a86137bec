#include "front/web/clause.html.h"
#include "front/web/plan.html.h"
#include "front/web/plans.html.h"
#include "front/web/site.h"

#include "base/banned.h"

static enum err open_plan(struct site *s, struct str slug, struct plan_view *ret)
{
    struct ctx *c = s->c;
    struct plan_row plan;
    struct draft *draft = NEW(c->arena, struct draft);
    TRY(plan_get(c, slug, POS_NOW, &plan));
    TRY(plan_read(c, plan.id, POS_NOW, draft));
    plan_view(c, &plan, draft, s->today, ret);
    return OK;
}

static enum err show_plans(struct site *s)
{
    struct plan_rows plans;
    TRY(plan_list(s->c, POS_NOW, &plans));
    site_begin(s, url_fixed("/plans"), site_text(s, &M_site_plans), NAV_PLANS);
    site_data(s, url_fixed("/plans"));
    plans_html(&s->page, &s->frame, &plans);
    return OK;
}

static enum err show_plan(struct site *s)
{
    struct str slug = s->part[0];
    struct arena *a = s->c->arena;
    struct plan_view view;
    TRY(open_plan(s, slug, &view));
    site_begin(s, URL(a, "/plans/{}", slug), view.plan.title, NAV_PLANS);
    site_data(s, URL(a, "/plans/{}/clauses", slug));
    plan_html(&s->page, &s->frame, &view);
    return OK;
}

static struct url item_page(struct site *s, const char *pattern, struct str slug, struct str path)
{
    return URL(s->c->arena, pattern, str_fmt(s->c->arena, "%.*s.%.*s", ARGS(slug), ARGS(path)));
}

static enum err show_clause(struct site *s)
{
    struct str slug = s->part[0], path = s->part[1];
    struct plan_row plan;
    struct plan_view view;
    struct draft draft;
    TRY(plan_find(s->c, slug, POS_NOW, &plan));
    TRY(plan_read_clause(s->c, &plan, path, POS_NOW, &draft));
    plan_view(s->c, &plan, &draft, s->today, &view);
    struct str title = str_fmt(s->c->arena, "%.*s. %.*s", ARGS(path), ARGS(view.v[0].clause->title));
    site_begin(s, URL(s->c->arena, "/plans/{}/clauses/{}", slug, path), title, NAV_PLANS);
    const struct clause_view *found = &view.v[0];
    struct url work = item_page(s, found->is_programme ? "/programmes/{}" : "/tasks/{}", slug, path);
    struct url *targets = NEWN(s->c->arena, struct url, found->targets.n + 1);
    for (size_t i = 0; i < found->targets.n; i++)
        targets[i] = item_page(s, "/targets/{}", slug, found->targets.v[i].key);
    clause_html(&s->page, &s->frame, &view, found, work, targets);
    return OK;
}

const struct route plan_routes[] = {
    ROUTE("/plans", PERM_READ, show_plans, NULL),
    ROUTE("/plans/{}", PERM_READ, show_plan, NULL),
    ROUTE("/plans/{}/clauses/{}", PERM_READ, show_clause, NULL),
    {0},
};
