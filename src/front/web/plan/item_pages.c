/* Pages of one thing: a task, a programme, a target. */
#include "base/args.h"
#include "front/web/indicator/target_marks.h"
#include "front/web/plan/target_view.h"
#include "front/web/site.h"
#include "front/web/target.html.h"
#include "front/web/task.html.h"

#include "base/banned.h"

struct item_query {
    int32_t as_of;
};
RECORD(item_query_record, struct item_query, "item", "Arguments of the page of one thing",
       {"as_of", FIELD_DAY, offsetof(struct item_query, as_of), .doc = "như đã biết đến hết ngày này"});

static enum err as_of_of(struct site *s, int32_t *ret)
{
    struct item_query *q = args_new(s->c, &item_query_record);
    const char *const names[] = {"as-of", "as_of"};
    for (size_t i = 0; i < 2; i++) {
        struct str given = site_query(s, names[i]);
        if (given.n)
            TRY(args_set(s->c, &item_query_record, q, S("as_of"), given));
    }
    *ret = q->as_of;
    return OK;
}

static enum err show_work(struct site *s, bool programme)
{
    struct task_detail d;
    struct target_marks marks;
    struct list_moment moment;
    int32_t as_of;
    bool linked;
    TRY(as_of_of(s, &as_of));
    TRY(list_moment(s->c, as_of, &moment));
    TRY(list_has_bodies(s->c, moment.at, &linked));
    TRY(list_task_get(s->c, s->part[0], programme, as_of, &d));
    TRY(target_marks_read(s, d.item.plan, d.item.task.path, as_of, &marks));
    struct url here = URL(s->c->arena, programme ? "/programmes/{}" : "/tasks/{}", d.item.id);
    struct str title = str_fmt(s->c->arena, "%.*s. %.*s", ARGS(d.item.task.path), ARGS(d.item.task.title));
    site_begin(s, here, title, programme ? NAV_PROGRAMMES : NAV_TASKS);
    site_data(s, here);
    task_html(&s->page, &s->frame, &d, programme, as_of, here, linked, &marks);
    return OK;
}

static enum err show_task(struct site *s)
{
    return show_work(s, false);
}

static enum err show_programme(struct site *s)
{
    return show_work(s, true);
}

static enum err show_target(struct site *s)
{
    struct target_detail d;
    struct target_quote quote;
    struct target_marks all, marks = {0};
    int32_t as_of;
    TRY(as_of_of(s, &as_of));
    TRY(list_target_get(s->c, s->part[0], as_of, &d));
    const struct target *t = &d.item.target;
    TRY(target_marks_read(s, d.item.plan, t->path, as_of, &all));
    if (target_mark_of(&all, t->key))
        *PUSH(s->c->arena, &marks) = *target_mark_of(&all, t->key);
    struct url here = URL(s->c->arena, "/targets/{}", d.item.id);
    target_quote(s->c, t, &quote);
    site_begin(s, here, str_fmt(s->c->arena, "%.*s. %.*s", ARGS(t->key), ARGS(t->subject)), NAV_TARGETS);
    site_data(s, here);
    target_html(&s->page, &s->frame, &d, &quote, as_of, here, &marks);
    return OK;
}

const struct route item_routes[] = {
    ROUTE("/programmes/{}", PERM_READ, show_programme, NULL),
    ROUTE("/targets/{}", PERM_READ, show_target, NULL),
    ROUTE("/tasks/{}", PERM_READ, show_task, NULL),
    {0},
};
