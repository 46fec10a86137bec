/* The lists: tasks, programmes, targets, duties, findings. */
#include "front/web/duties.html.h"
#include "front/web/findings.html.h"
#include "front/web/plan/filter.h"
#include "front/web/plan/words.h"
#include "front/web/targets.html.h"
#include "front/web/tasks.html.h"

#include "base/banned.h"

static enum err what_to_show(struct site *s, struct str plan, int64_t at, struct list_shown *ret)
{
    struct list_choices plans;
    TRY(list_choices(s->c, LIST_PLANS, at, &plans));
    ret->plans = plans.n > 1 && !plan.p;
    return list_has_bodies(s->c, at, &ret->links);
}

/* --- tasks and programmes --- */

static enum err task_fields(struct filter *f, int64_t at)
{
    struct filter_field *field;
    TRY(filter_plans(f, at));
    field = filter_add(f, "body", &M_filter_body, FILTER_SELECT);
    TRY(filter_choices(f, field, LIST_TASK_BODIES, at));
    field = filter_add(f, "role", &M_filter_role, FILTER_SELECT);
    field->any = &M_role_lead;
    if (str_eq(field->value, S("lead")))
        field->value = S("");
    filter_choice(f, field, S("coordinating"), site_text(f->site, &M_role_coordinating));
    filter_choice(f, field, S("monitor"), site_text(f->site, &M_role_monitor));
    field = filter_add(f, "schedule", &M_filter_schedule, FILTER_SELECT);
    filter_words(f, field, word_schedule);
    filter_add(f, "due_from", &M_filter_due_from, FILTER_DAY);
    filter_add(f, "due_to", &M_filter_due_to, FILTER_DAY);
    field = filter_add(f, "findings", &M_filter_findings, FILTER_SELECT);
    filter_words(f, field, word_least);
    filter_add(f, "q", &M_filter_q, FILTER_TEXT);
    return OK;
}

static const struct {
    const char *word;
    const struct message *tab, *only;
    enum due_state state;
} states[] = {{"past", &M_tab_past, &M_only_past, DUE_PAST},
              {"soon", &M_tab_soon, &M_only_soon, DUE_SOON},
              {"later", &M_tab_later, &M_only_later, DUE_LATER},
              {"missing", &M_tab_missing, &M_only_missing, DUE_MISSING},
              {"periodic", &M_tab_periodic, &M_only_periodic, DUE_NONE}};
enum { N_STATES = sizeof states / sizeof *states };

static const struct message *task_tabs(struct filter *f, const struct task_query *q, const struct task_count *n)
{
    const struct message *only = NULL;
    filter_tab(f, "due", &M_tab_all, "", n->more ? -1 : n->n);
    for (size_t i = 0; i < N_STATES; i++) {
        filter_tab(f, "due", states[i].tab, states[i].word, n->more ? -1 : n->by[states[i].state]);
        if (q->due.p && str_eq(q->due, str_of(states[i].word)))
            only = states[i].only;
    }
    return only;
}

/* What would be left without each filter: asked only where nothing is. */
static enum err relax_tasks(struct filter *f, bool programmes)
{
    for (size_t i = 0; i < f->fields.n; i++) {
        struct filter_field *field = &f->fields.v[i];
        struct task_count n;
        if (!field->value.n)
            continue;
        TRY(list_task_count(f->site->c, filter_relaxed(f, field->name), programmes, LIST_COUNT_MAX, &n));
        field->left = n.shown;
    }
    return OK;
}

static enum err show_task_list(struct site *s, bool programmes)
{
    struct filter f;
    struct task_page page;
    struct task_count n;
    struct list_shown show;
    struct url here = programmes ? url_fixed("/programmes") : url_fixed("/tasks");
    TRY(filter_init(&f, s, here, &task_query_record));
    const struct task_query *q = f.args;
    TRY(list_tasks(s->c, q, programmes, &page));
    if (!list_task_counted(q, &page, &n))
        TRY(list_task_count(s->c, q, programmes, LIST_COUNT_MAX, &n));
    TRY(what_to_show(s, q->plan, page.moment.at, &show));
    site_begin(s, here, site_text(s, programmes ? &M_site_programmes : &M_site_tasks),
               programmes ? NAV_PROGRAMMES : NAV_TASKS);
    TRY(task_fields(&f, page.moment.at));
    const struct message *only = task_tabs(&f, q, &n);
    filter_done(&f, page.next);
    if (!page.n)
        TRY(relax_tasks(&f, programmes));
    tasks_html(&s->page, &s->frame, &f, &page, &n, only, programmes, show);
    return OK;
}

static enum err show_tasks(struct site *s)
{
    return show_task_list(s, false);
}

static enum err show_programmes(struct site *s)
{
    return show_task_list(s, true);
}

/* --- targets --- */

static enum err show_targets(struct site *s)
{
    struct filter f;
    struct filter_field *field;
    struct target_page page;
    struct target_count n;
    struct list_shown show;
    TRY(filter_init(&f, s, url_fixed("/targets"), &target_query_record));
    const struct target_query *q = f.args;
    TRY(list_targets(s->c, q, &page));
    TRY(list_target_count(s->c, q, LIST_COUNT_MAX, &n));
    TRY(what_to_show(s, q->plan, page.moment.at, &show));
    site_begin(s, f.here, site_text(s, &M_site_targets), NAV_TARGETS);
    TRY(filter_plans(&f, page.moment.at));
    filter_add(&f, "part", &M_filter_part, FILTER_TEXT);
    field = filter_add(&f, "measure", &M_filter_measure, FILTER_SELECT);
    filter_words(&f, field, word_measure);
    field = filter_add(&f, "unit", &M_filter_unit, FILTER_SELECT);
    TRY(filter_choices(&f, field, LIST_UNITS, page.moment.at));
    field = filter_add(&f, "by", &M_filter_by, FILTER_SELECT);
    TRY(filter_choices(&f, field, LIST_YEARS, page.moment.at));
    filter_done(&f, page.next);
    for (size_t i = 0; !page.n && i < f.fields.n; i++)
        if (f.fields.v[i].value.n) {
            struct target_count left;
            TRY(list_target_count(s->c, filter_relaxed(&f, f.fields.v[i].name), LIST_COUNT_MAX, &left));
            f.fields.v[i].left = left.n;
        }
    targets_html(&s->page, &s->frame, &f, &page, &n, show);
    return OK;
}

/* --- duties --- */

static enum err show_duties(struct site *s)
{
    struct filter f;
    struct filter_field *field;
    struct duty_page page;
    struct duty_count n;
    struct list_shown show;
    TRY(filter_init(&f, s, url_fixed("/duties"), &duty_query_record));
    const struct duty_query *q = f.args;
    TRY(list_duties(s->c, q, &page));
    TRY(list_duty_count(s->c, q, LIST_COUNT_MAX, &n));
    TRY(what_to_show(s, q->plan, page.moment.at, &show));
    site_begin(s, f.here, site_text(s, &M_site_duties), NAV_DUTIES);
    TRY(filter_plans(&f, page.moment.at));
    field = filter_add(&f, "body", &M_filter_body, FILTER_SELECT);
    TRY(filter_choices(&f, field, LIST_DUTY_BODIES, page.moment.at));
    field = filter_add(&f, "schedule", &M_filter_schedule, FILTER_SELECT);
    filter_words(&f, field, word_schedule);
    filter_done(&f, page.next);
    for (size_t i = 0; !page.n && i < f.fields.n; i++)
        if (f.fields.v[i].value.n) {
            struct duty_count left;
            TRY(list_duty_count(s->c, filter_relaxed(&f, f.fields.v[i].name), LIST_COUNT_MAX, &left));
            f.fields.v[i].left = left.n;
        }
    duties_html(&s->page, &s->frame, &f, &page, &n, show);
    return OK;
}

/* --- findings --- */

static enum err finding_tabs(struct filter *f)
{
    static const char *const words[] = {"error", "warning", "info"};
    struct finding_count n;
    struct ctx *c = f->site->c;
    TRY(list_finding_count(c, filter_relaxed(f, "severity"), LIST_COUNT_MAX, &n));
    const int64_t counts[] = {n.errors, n.warnings, n.n - n.errors - n.warnings};
    filter_tab(f, "severity", &M_tab_all, "", n.more ? -1 : n.n);
    for (size_t i = 0; i < 3; i++)
        filter_tab(f, "severity", word_severity(str_of(words[i])), words[i], n.more ? -1 : counts[i]);
    return OK;
}

static enum err show_findings(struct site *s)
{
    struct filter f;
    struct filter_field *field;
    struct finding_page page;
    struct finding_count n;
    struct list_shown show;
    TRY(filter_init(&f, s, url_fixed("/findings"), &finding_query_record));
    const struct finding_query *q = f.args;
    TRY(list_findings(s->c, q, &page));
    TRY(list_finding_count(s->c, q, LIST_COUNT_MAX, &n));
    TRY(what_to_show(s, q->plan, page.moment.at, &show));
    site_begin(s, f.here, site_text(s, &M_site_findings), NAV_FINDINGS);
    TRY(filter_plans(&f, page.moment.at));
    field = filter_add(&f, "rule", &M_filter_rule, FILTER_SELECT);
    filter_words(&f, field, word_rule);
    TRY(finding_tabs(&f));
    filter_done(&f, page.next);
    for (size_t i = 0; !page.n && i < f.fields.n; i++)
        if (f.fields.v[i].value.n) {
            struct finding_count left;
            TRY(list_finding_count(s->c, filter_relaxed(&f, f.fields.v[i].name), LIST_COUNT_MAX, &left));
            f.fields.v[i].left = left.n;
        }
    findings_html(&s->page, &s->frame, &f, &page, &n, show);
    return OK;
}

const struct route list_routes[] = {
    ROUTE("/duties", PERM_READ, show_duties, NULL),         ROUTE("/findings", PERM_READ, show_findings, NULL),
    ROUTE("/programmes", PERM_READ, show_programmes, NULL), ROUTE("/targets", PERM_READ, show_targets, NULL),
    ROUTE("/tasks", PERM_READ, show_tasks, NULL),           {0},
};
