#include "base/args.h"
#include "base/viet.h"
#include "domain/access/viewer.h"
#include "front/ops.h"
#include "front/web/clause.html.h"
#include "front/web/indicator/target_marks.h"
#include "front/web/ledger/ledger_words.h"
#include "front/web/marks.html.h"
#include "front/web/plan.html.h"
#include "front/web/plans.html.h"
#include "front/web/site.h"

#include "base/banned.h"

/* What the targets' indicators have come to. */
static enum err add_marks(struct site *s, struct str slug, struct str path, struct plan_view *view)
{
    struct target_marks *marks = NEW(s->c->arena, struct target_marks);
    TRY(target_marks_read(s, slug, path, DAY_NONE, marks));
    for (size_t i = 0; i < view->n; i++)
        view->v[i].marks = marks;
    return OK;
}

static enum err open_plan(struct site *s, struct str slug, struct plan_view *ret)
{
    struct ctx *c = s->c;
    struct plan_row plan;
    struct draft *draft = NEW(c->arena, struct draft);
    TRY(plan_get(c, slug, POS_NOW, &plan));
    TRY(plan_read(c, plan.id, POS_NOW, draft));
    plan_view(c, &plan, draft, s->today, ret);
    return add_marks(s, slug, S(""), ret);
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
    plan_html(&s->page, &s->frame, &view, viewer_may(s->c, PERM_PLAN));
    return OK;
}

static struct url item_page(struct site *s, const char *pattern, struct str slug, struct str path)
{
    return URL(s->c->arena, pattern, str_fmt(s->c->arena, "%.*s.%.*s", ARGS(slug), ARGS(path)));
}

/* --- how open it is --- */

static const struct message *level_label(struct str level)
{
    return str_eq(level, S("restricted")) ? &M_mark_restricted
           : str_eq(level, S("public"))   ? &M_mark_public
                                          : &M_mark_internal;
}

static enum err fill_level(struct site *s, struct str slug, struct str path, const struct marks *marks,
                           struct mark_form *form)
{
    struct arena *a = s->c->arena;
    struct str level = sight_level(marks, path), shut = {0};
    const struct mark *source = sight_source(marks, path);
    if (!str_eq(level, S("restricted")))
        TRY(sight_of_subject(s->c, str_fmt(a, "plans/%.*s/%.*s", ARGS(slug), ARGS(path)), &shut));
    form->whole = !path.n;
    form->now = level_label(shut.n ? S("restricted") : level);
    if (shut.n)
        form->from = &M_mark_from_words;
    else if (!source)
        form->from = &M_mark_from_none;
    else if (!source->path.n)
        form->from = &M_mark_from_plan;
    else if (str_eq(source->path, path))
        form->from = &M_mark_from_self;
    else {
        form->above = source->path;
        form->above_url = URL(a, "/plans/{}/clauses/{}", slug, source->path);
    }
    if (!form->level.n)
        form->level = level;
    form->action = path.n ? URL(a, "/plans/{}/clauses/{}/classify", slug, path) : URL(a, "/plans/{}/marks", slug);
    return OK;
}

/* Do what the form says. What is wrong with a field goes beside it, and is no failure: `*ret_done` is false. */
static enum err classify(struct site *s, struct str path, struct mark_form *form, bool *ret_done)
{
    const struct op *op = op_find(S("plan.classify"));
    const struct {
        const char *name;
        struct str value;
    } given[] = {{"plan", s->part[0]}, {"path", path}, {"level", form->level}, {"reason", form->reason}};
    void *args = args_new(s->c, op->args);
    enum err e = OK;
    *ret_done = false;
    if (!form->reason.n) {
        form->reason_error = site_text(s, &M_mark_reason_needed);
        s->answer->status = 400;
        return OK;
    }
    for (size_t i = 0; !e && i < sizeof given / sizeof *given; i++)
        if (given[i].value.n)
            e = args_set(s->c, op->args, args, str_of(given[i].name), given[i].value);
    e = e ? e : args_check(s->c, op->args, args);
    e = e ? e : site_run(s, op, args, NULL);
    *ret_done = !e;
    bool level = str_eq(s->c->error.field, S("level"));
    if (e != E_INVALID || !(level || str_eq(s->c->error.field, S("reason"))))
        return e;
    *(level ? &form->level_error : &form->reason_error) = viet_capital(s->c->arena, s->c->error.message);
    s->answer->status = 400;
    return OK;
}

static struct mark_form sent_form(const struct site *s)
{
    return (struct mark_form){.level = site_field(s, "level"), .reason = str_trim(site_field(s, "reason"))};
}

/* Whoever stands in for a planner may restrict what they do not see afterwards. */
static bool sees_still(const struct site *s, const struct mark_form *form)
{
    return !str_eq(form->level, S("restricted")) || str_eq(plan_seen(s->c), S("*"));
}

static enum err put_marks(struct site *s, struct marks_page *vm)
{
    struct ctx *c = s->c;
    struct str slug = s->part[0], shut;
    struct marks marks;
    TRY(plan_find(c, slug, POS_NOW, &vm->plan));
    TRY(sight_marks(c, slug, &marks));
    TRY(fill_level(s, slug, S(""), &marks, &vm->form));
    for (size_t i = 0; i < marks.n; i++) {
        const struct mark *m = &marks.v[i];
        TRY(sight_of_subject(c, str_fmt(c->arena, "plans/%.*s/%.*s", ARGS(slug), ARGS(m->path)), &shut));
        if (!sight_opens(plan_seen(c), shut))
            continue;
        struct mark_line *line = PUSH(c->arena, &vm->lines);
        *line = (struct mark_line){.mark = m, .level = level_label(m->level)};
        TRY(actor_words(s, m->actor, &line->who));
        sight_tell(c, m->plan_id, m->path);
    }
    site_begin(s, URL(c->arena, "/plans/{}/marks", slug), site_text(s, &M_mark_title), NAV_PLANS);
    marks_html(&s->page, &s->frame, vm);
    return OK;
}

static enum err show_marks(struct site *s)
{
    struct marks_page vm = {0};
    return put_marks(s, &vm);
}

static enum err post_marks(struct site *s)
{
    struct marks_page vm = {.form = sent_form(s)};
    bool done;
    TRY(plan_find(s->c, s->part[0], POS_NOW, &vm.plan));
    TRY(classify(s, S(""), &vm.form, &done));
    if (!done)
        return put_marks(s, &vm);
    return site_go(s, sees_still(s, &vm.form) ? URL(s->c->arena, "/plans/{}/marks", s->part[0]) : url_fixed("/plans"));
}

/* --- one clause --- */

/* `form` is what was sent, or empty. */
static enum err put_clause(struct site *s, struct mark_form *form)
{
    struct str slug = s->part[0], path = s->part[1];
    struct plan_row plan;
    struct plan_view view;
    struct draft draft;
    TRY(plan_find(s->c, slug, POS_NOW, &plan));
    TRY(plan_read_clause(s->c, &plan, path, POS_NOW, &draft));
    plan_view(s->c, &plan, &draft, s->today, &view);
    TRY(add_marks(s, slug, path, &view));
    struct str title = str_fmt(s->c->arena, "%.*s. %.*s", ARGS(path), ARGS(view.v[0].clause->title));
    site_begin(s, URL(s->c->arena, "/plans/{}/clauses/{}", slug, path), title, NAV_PLANS);
    const struct clause_view *found = &view.v[0];
    struct url work = item_page(s, found->is_programme ? "/programmes/{}" : "/tasks/{}", slug, path);
    struct url *targets = NEWN(s->c->arena, struct url, found->targets.n + 1);
    for (size_t i = 0; i < found->targets.n; i++)
        targets[i] = item_page(s, "/targets/{}", slug, found->targets.v[i].key);
    /* A page with a form is made anew for each reader: where nobody signs in, it stands on the plan's page of marks
     * alone. */
    bool may_mark = s->frame.account && viewer_may(s->c, PERM_PLAN);
    if (may_mark) {
        struct marks marks;
        TRY(sight_marks(s->c, slug, &marks));
        TRY(fill_level(s, slug, path, &marks, form));
    }
    clause_html(&s->page, &s->frame, &view, found, work, targets, may_mark ? form : NULL);
    return OK;
}

static enum err show_clause(struct site *s)
{
    struct mark_form form = {0};
    return put_clause(s, &form);
}

static enum err post_classify(struct site *s)
{
    struct arena *a = s->c->arena;
    struct str slug = s->part[0], path = s->part[1];
    struct mark_form form = sent_form(s);
    struct plan_row plan;
    struct draft draft;
    bool done;
    /* What they may not see is not there to be marked. */
    TRY(plan_find(s->c, slug, POS_NOW, &plan));
    TRY(plan_read_clause(s->c, &plan, path, POS_NOW, &draft));
    TRY(classify(s, path, &form, &done));
    if (!done)
        return put_clause(s, &form);
    return site_go(s, sees_still(s, &form) ? URL(a, "/plans/{}/clauses/{}", slug, path) : URL(a, "/plans/{}", slug));
}

const struct route plan_routes[] = {
    ROUTE("/plans", PERM_READ, show_plans, NULL),
    ROUTE("/plans/{}", PERM_READ, show_plan, NULL),
    ROUTE("/plans/{}/clauses/{}", PERM_READ, show_clause, NULL),
    ROUTE("/plans/{}/clauses/{}/classify", PERM_PLAN, NULL, post_classify),
    ROUTE("/plans/{}/marks", PERM_PLAN, show_marks, post_marks),
    {0},
};
