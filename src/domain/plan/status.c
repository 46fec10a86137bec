#include "domain/plan/status.h"

#include <stdlib.h>

#include "base/banned.h"

RECORD(due_item_record, struct due_item, "due_item", "A task or programme with a last day",
       {"path", FIELD_TEXT, offsetof(struct due_item, path), .doc = "Its clause"},
       {"title", FIELD_TEXT, offsetof(struct due_item, title), .doc = "Its short name"},
       {"lead", FIELD_TEXT, offsetof(struct due_item, lead), .doc = "Who answers for it"},
       {"due", FIELD_DAY, offsetof(struct due_item, due), .doc = "Its last day"},
       {"days", FIELD_I64, offsetof(struct due_item, days), .unit = "day", .doc = "Days left; negative: passed"});

#define COUNT(member, about)                                                                                           \
    {                                                                                                                  \
#member, FIELD_I64, offsetof(struct plan_status, member), .doc = about                                         \
    }

RECORD(plan_status_record, struct plan_status, "plan_status", "An approved plan in one view",
       {"slug", FIELD_TEXT, offsetof(struct plan_status, slug), .doc = "Name of the plan in addresses"},
       {"title", FIELD_TEXT, offsetof(struct plan_status, title), .doc = "Its title"},
       COUNT(position, "Position in the ledger of the version shown"), COUNT(tasks, "Tasks"),
       COUNT(programmes, "Programmes"), COUNT(targets, "Measured targets"), COUNT(described, "Described targets"),
       COUNT(duties, "Duties"), COUNT(dated, "Tasks and programmes with a last day"),
       COUNT(recurring, "Those that come back each period"), COUNT(continuous, "Those without end or period"),
       COUNT(open, "Those without an end that could be judged"), COUNT(passed, "Last day gone by"),
       COUNT(soon, "Due within 30 days"), COUNT(errors, "Findings to be settled"),
       COUNT(warnings, "Findings to be looked at"), COUNT(infos, "Remarks"),
       {"next", FIELD_LIST, offsetof(struct plan_status, next), .of = &due_item_record, .doc = "What falls due first"});

static int by_due(const void *a, const void *b)
{
    const struct due_item *x = a, *y = b;
    return x->due != y->due ? (x->due > y->due) - (x->due < y->due) : str_cmp(x->path, y->path);
}

static void count_task(struct ctx *c, const struct task *t, int32_t today, struct plan_status *s)
{
    struct str kind = t->schedule.kind;
    s->recurring += str_eq(kind, S("yearly")) || str_eq(kind, S("half_yearly")) || str_eq(kind, S("quarterly")) ||
                    str_eq(kind, S("monthly"));
    s->continuous += str_eq(kind, S("continuous"));
    bool dated = t->schedule.due != DAY_NONE && (str_eq(kind, S("deadline")) || str_eq(kind, S("period")));
    s->open += !dated && (str_eq(kind, S("from")) || str_eq(kind, S("relative")) || str_eq(kind, S("event")) ||
                          str_eq(kind, S("none")) || str_eq(kind, S("deadline")));
    if (!dated)
        return;
    s->dated++;
    int64_t days = (int64_t)t->schedule.due - today;
    s->passed += days < 0;
    s->soon += days >= 0 && days <= 30;
    *PUSH(c->arena, &s->next) =
        (struct due_item){t->path, t->title, str_join(c->arena, t->lead.v, t->lead.n, S("; ")), t->schedule.due, days};
}

enum err plan_status(struct ctx *c, const struct plan_row *plan, int64_t at, int32_t today, struct plan_status *ret)
{
    enum { NEXT_SHOWN = 10 };
    struct draft d;
    struct plan_status s = {.slug = plan->slug, .title = plan->title, .position = plan->position};
    TRY(plan_read(c, plan->id, at, &d));
    s.tasks = (int64_t)d.tasks.n;
    s.programmes = (int64_t)d.programmes.n;
    s.duties = (int64_t)d.duties.n;
    for (size_t i = 0; i < d.targets.n; i++)
        s.described += str_eq(d.targets.v[i].measure, S("state"));
    s.targets = (int64_t)d.targets.n - s.described;
    for (size_t i = 0; i < d.tasks.n; i++)
        count_task(c, &d.tasks.v[i], today, &s);
    for (size_t i = 0; i < d.programmes.n; i++)
        count_task(c, &d.programmes.v[i], today, &s);
    for (size_t i = 0; i < d.findings.n; i++) {
        s.errors += str_eq(d.findings.v[i].severity, S("error"));
        s.warnings += str_eq(d.findings.v[i].severity, S("warning"));
        s.infos += str_eq(d.findings.v[i].severity, S("info"));
    }
    if (s.next.n)
        qsort(s.next.v, s.next.n, sizeof *s.next.v, by_due);
    if (s.next.n > NEXT_SHOWN)
        s.next.n = NEXT_SHOWN;
    *ret = s;
    return OK;
}
