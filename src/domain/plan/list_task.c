#include "domain/plan/list_store.h"

#include "base/viet.h"

#include <string.h>

#include "base/banned.h"

/* Words are looked for among the first so many that pass the other filters; a page may then be short, and go on. */
enum { SCAN_MAX = 5000, SCAN_STEP = 500 };

struct task_row {
    int64_t plan_id, ordinal, line, errors, warnings;
    struct str path, title, text, product, objective, directions, results, schedule_text, schedule_kind;
    int32_t start_day, due_day;
};
#define COLUMN(member, kind)                                                                                           \
    {                                                                                                                  \
#member, kind, offsetof(struct task_row, member), .doc = ""                                                    \
    }
RECORD(list_task_row_record, struct task_row, "list_task", "A task as a statement gives it", COLUMN(plan_id, FIELD_I64),
       COLUMN(ordinal, FIELD_I64), COLUMN(line, FIELD_I64), COLUMN(errors, FIELD_I64), COLUMN(warnings, FIELD_I64),
       COLUMN(path, FIELD_TEXT), COLUMN(title, FIELD_TEXT), COLUMN(text, FIELD_TEXT), COLUMN(product, FIELD_TEXT),
       COLUMN(objective, FIELD_TEXT), COLUMN(directions, FIELD_TEXT), COLUMN(results, FIELD_TEXT),
       COLUMN(schedule_text, FIELD_TEXT), COLUMN(schedule_kind, FIELD_TEXT), COLUMN(start_day, FIELD_DAY),
       COLUMN(due_day, FIELD_DAY));

struct body_row {
    int64_t nth;
    struct str role, name, org;
};
RECORD(list_body_record, struct body_row, "list_body", "A body's part in an item",
       {"nth", FIELD_I64, offsetof(struct body_row, nth), .doc = ""},
       {"role", FIELD_TEXT, offsetof(struct body_row, role), .doc = ""},
       {"name", FIELD_TEXT, offsetof(struct body_row, name), .doc = ""},
       {"org", FIELD_TEXT, offsetof(struct body_row, org), .doc = ""});

struct phase_row {
    int64_t nth;
    struct str text, kind;
    int32_t start_day, due_day;
};
RECORD(list_phase_record, struct phase_row, "list_phase", "A phase of a task",
       {"nth", FIELD_I64, offsetof(struct phase_row, nth), .doc = ""},
       {"text", FIELD_TEXT, offsetof(struct phase_row, text), .doc = ""},
       {"kind", FIELD_TEXT, offsetof(struct phase_row, kind), .doc = ""},
       {"start_day", FIELD_DAY, offsetof(struct phase_row, start_day), .doc = ""},
       {"due_day", FIELD_DAY, offsetof(struct phase_row, due_day), .doc = ""});

/* --- a query made ready --- */

struct asked {
    struct list_range range;
    const struct sql *sql;
    struct db_arg args[19];
    struct str q; /* folded */
    bool by_due;
};
enum { ARG_PLAN = 3, ARG_ORDINAL = 4, ARG_FULL = 12, ARG_LIMIT = 14, ARG_DAY = 16 };

static int32_t later_of(int32_t a, int32_t b)
{
    return a == DAY_NONE || (b != DAY_NONE && b > a) ? b : a;
}
static int32_t earlier_of(int32_t a, int32_t b)
{
    return a == DAY_NONE || (b != DAY_NONE && b < a) ? b : a;
}

/* A state of the deadline as the days it stands between, and what kind it is. */
static struct str state_days(struct str state, int32_t today, int32_t *from, int32_t *to)
{
    if (!state.p || str_eq(state, S("missing")) || str_eq(state, S("periodic")))
        return state;
    if (str_eq(state, S("past"))) {
        *to = earlier_of(*to, today - 1);
    } else if (str_eq(state, S("soon"))) {
        *from = later_of(*from, today);
        *to = earlier_of(*to, today + DUE_SOON_DAYS);
    } else {
        *from = later_of(*from, today + DUE_SOON_DAYS + 1);
    }
    return S("dated");
}

static enum err ask(struct ctx *c, const struct task_query *q, bool programmes, bool full, struct asked *ret)
{
    struct asked a = {.q = viet_fold_text(c->arena, q->q)};
    int32_t from = q->due_from, to = q->due_to;
    bool dated = q->due.p && !str_eq(q->due, S("missing")) && !str_eq(q->due, S("periodic"));
    a.by_due = dated || from != DAY_NONE || to != DAY_NONE;
    TRY(list_range(c, q->plan, q->after, q->limit, q->as_of, a.by_due, &a.range));
    TRY(list_known_body(c, q->body));
    struct str kind = state_days(q->due, a.range.moment.day, &from, &to);
    struct db_arg last = db_arg_day(c, to), first = db_arg_day(c, from);
    struct str day = a.range.day.n || first.null ? a.range.day : first.s;
    const struct db_arg args[19] = {ARG(programmes),
                                    ARG(a.range.moment.at),
                                    ARG(q->schedule),
                                    ARG(a.range.plan),
                                    ARG(a.range.ordinal),
                                    ARG(a.range.first),
                                    ARG(a.range.last),
                                    ARG(q->body),
                                    ARG(q->role.p ? q->role : S("lead")),
                                    first,
                                    last,
                                    ARG(kind),
                                    ARG((int64_t)full),
                                    ARG(q->findings),
                                    ARG(a.range.limit),
                                    ARG(plan_seen(c)),
                                    ARG(day),
                                    a.by_due && last.null ? ARG(S("9999-12-31")) : last,
                                    ARG((int64_t)a.by_due)};
    memcpy(a.args, args, sizeof args);
    a.sql = q->body.p       ? &SQL_list_task_of_body
            : a.by_due      ? &SQL_list_task_by_due
            : q->schedule.p ? &SQL_list_task_of_kind
                            : &SQL_list_task;
    *ret = a;
    return OK;
}

static void go_on_behind(struct ctx *c, struct asked *a, const struct task_row *row)
{
    a->args[ARG_PLAN] = ARG(row->plan_id);
    a->args[ARG_ORDINAL] = ARG(row->ordinal);
    if (a->by_due)
        a->args[ARG_DAY] = db_arg_day(c, row->due_day);
}

static bool has_words(struct ctx *c, const struct asked *a, struct str title)
{
    return !a->q.n || str_has(viet_fold_text(c->arena, title), a->q);
}

/* --- rows --- */

/* A row into an item that is empty. */
static void put_item(struct task_item *t, const struct task_row *row, int32_t today)
{
    t->plan_id = row->plan_id;
    t->ordinal = row->ordinal;
    t->errors = row->errors;
    t->warnings = row->warnings;
    t->task.path = row->path;
    t->task.title = row->title;
    t->task.text = row->text;
    t->task.product = row->product;
    t->task.objective = row->objective;
    t->task.directions = row->directions;
    t->task.results = row->results;
    t->task.line = row->line;
    t->task.schedule.text = row->schedule_text;
    t->task.schedule.kind = row->schedule_kind;
    t->task.schedule.start = row->start_day;
    t->task.schedule.due = row->due_day;
    t->due = due_judge(row->schedule_kind, row->due_day, today, &t->days);
    t->due_state = due_word(t->due);
    if (t->due == DUE_NONE || t->due == DUE_MISSING)
        t->days = I64_NONE;
}

struct texts {
    struct str *v;
    size_t n, cap;
};

/* Bodies that follow each other in the same part of the same item are a stretch of one list of all. */
struct body_rows {
    struct {
        struct body_row *v;
        size_t n, cap;
    } rows;
    struct texts names, orgs;
};

static size_t take_stretch(const struct body_rows *all, size_t from, struct strs *names, struct strs *orgs)
{
    const struct body_row *first = &all->rows.v[from];
    size_t n = 1;
    while (from + n < all->rows.n && first[n].nth == first->nth && str_eq(first[n].role, first->role))
        n++;
    *names = (struct strs){all->names.v + from, n};
    *orgs = (struct strs){all->orgs.v + from, n};
    return n;
}

static enum err read_bodies(struct ctx *c, struct str items, int64_t at, struct task_item *v)
{
    struct body_rows all = {0};
    struct body_row row = {0};
    struct rows rows = db_query(c, SQL_list_bodies, ARG(items), ARG(at));
    while (db_next(&rows, &list_body_record, &row)) {
        *PUSH(c->arena, &all.rows) = row;
        *PUSH(c->arena, &all.names) = row.name;
        *PUSH(c->arena, &all.orgs) = row.org;
    }
    TRY(db_done(&rows));
    for (size_t i = 0; i < all.rows.n;) {
        struct task_item *t = &v[all.rows.v[i].nth];
        struct str role = all.rows.v[i].role;
        struct strs orgs;
        if (str_eq(role, S("lead")))
            i += take_stretch(&all, i, &t->task.lead, &t->lead_orgs);
        else if (str_eq(role, S("coordinating")))
            i += take_stretch(&all, i, &t->task.coordinating, &t->coordinating_orgs);
        else
            i += take_stretch(&all, i, &t->task.monitor, &orgs);
    }
    return OK;
}

static enum err read_phases(struct ctx *c, struct str items, int64_t at, struct task_item *v)
{
    struct phase_row row = {0};
    struct rows rows = db_query(c, SQL_list_phases, ARG(items), ARG(at));
    while (db_next(&rows, &list_phase_record, &row))
        *PUSH(c->arena, &v[row.nth].task.schedule.phases) =
            (struct phase){row.text, row.kind, row.start_day, row.due_day};
    return db_done(&rows);
}

/* What stands in other tables, for all rows of a page at once. */
static enum err complete(struct ctx *c, int64_t at, struct task_item *v, size_t n)
{
    struct list_slugs slugs = {.at = at};
    struct list_items items;
    if (!n)
        return OK;
    list_items_init(c, &items);
    for (size_t i = 0; i < n; i++) {
        list_items_add(&items, v[i].plan_id, v[i].task.path);
        TRY(list_slug(c, &slugs, v[i].plan_id, &v[i].plan));
        v[i].id = list_id(c, v[i].plan, v[i].task.path);
        sight_tell(c, v[i].plan_id, v[i].task.path);
    }
    struct str json = list_items_end(&items);
    TRY(read_bodies(c, json, at, v));
    return read_phases(c, json, at, v);
}

/* --- pages --- */

/* One step of the walk: rows that fit are added, up to `limit`; `*row` is the last one looked at. */
static enum err walk(struct ctx *c, struct asked *a, int64_t limit, struct task_page *page, struct task_row *row,
                     int64_t *ret_seen, bool *ret_more)
{
    struct rows rows = list_query(c, a->sql, a->args);
    *ret_seen = 0;
    *ret_more = false;
    struct task_row next = *row;
    while (!*ret_more && db_next(&rows, &list_task_row_record, &next)) {
        *ret_more = (int64_t)page->n == limit;
        if (*ret_more)
            break;
        *row = next;
        ++*ret_seen;
        if (has_words(c, a, row->title))
            put_item(PUSH(c->arena, page), row, a->range.moment.day);
    }
    return db_done(&rows);
}

enum err list_tasks(struct ctx *c, const struct task_query *q, bool programmes, struct task_page *ret)
{
    struct asked a;
    TRY(ask(c, q, programmes, true, &a));
    struct task_page page = {.moment = a.range.moment};
    struct task_row row = {0};
    int64_t limit = a.range.limit, step = a.q.n ? SCAN_STEP : limit + 1, seen, all = 0;
    bool more = false;
    a.args[ARG_LIMIT] = ARG(step);
    do {
        TRY(walk(c, &a, limit, &page, &row, &seen, &more));
        all += seen;
        if (seen)
            go_on_behind(c, &a, &row);
    } while (a.q.n && !more && seen == step && all < SCAN_MAX);
    more |= a.q.n && seen == step;
    if (more)
        page.next = list_cursor(c, a.by_due ? row.due_day : DAY_NONE, row.plan_id, row.ordinal);
    TRY(complete(c, a.range.moment.at, page.v, page.n));
    *ret = page;
    return OK;
}

bool list_task_counted(const struct task_query *q, const struct task_page *page, struct task_count *ret)
{
    struct task_count n = {.n = (int64_t)page->n, .shown = (int64_t)page->n};
    if (q->due.p || q->after.n || page->next.p)
        return false;
    for (size_t i = 0; i < page->n; i++)
        n.by[page->v[i].due]++;
    *ret = n;
    return true;
}

enum err list_task_count(struct ctx *c, const struct task_query *q, bool programmes, int64_t max,
                         struct task_count *ret)
{
    struct task_query wider = *q;
    struct task_count n = {0};
    int64_t days;
    struct asked a;
    struct task_row row = {0};
    wider.due = wider.after = (struct str){NULL, 0};
    TRY(ask(c, &wider, programmes, false, &a));
    a.args[ARG_LIMIT] = ARG(max + 1);
    int64_t seen = 0;
    struct rows rows = list_query(c, a.sql, a.args);
    while (db_next(&rows, &list_task_row_record, &row)) {
        if (++seen > max) {
            n.more = true;
            break;
        }
        if (!has_words(c, &a, row.title))
            continue;
        enum due_state state = due_judge(row.schedule_kind, row.due_day, a.range.moment.day, &days);
        n.n++;
        n.by[state]++;
        n.shown += !q->due.p || str_eq(q->due, due_word(state));
    }
    TRY(db_done(&rows));
    *ret = n;
    return OK;
}

static enum err indicators_on(struct ctx *c, const struct plan_row *plan, struct str path, int64_t at,
                              struct task_detail *d)
{
    struct told_indicator row = {{0}, {0}, {0}, {0}};
    struct rows rows = db_query(c, SQL_list_indicators_on, ARG(plan->slug), ARG(path), ARG(at));
    while (db_next(&rows, &told_indicator_record, &row))
        *PUSH(c->arena, &d->indicators) = row;
    return db_done(&rows);
}

enum err list_task_get(struct ctx *c, struct str id, bool programme, int32_t as_of, struct task_detail *ret)
{
    struct list_moment moment;
    struct plan_row plan;
    struct str path;
    struct task_row row = {0};
    TRY(list_moment(c, as_of, &moment));
    TRY(list_find(c, id, moment.at, &plan, &path));
    enum err e = db_one(c, SQL_list_task_one, &list_task_row_record, &row, ARG(plan.id), ARG(path), ARG(moment.at),
                        ARG(programme), ARG(plan_seen(c)));
    if (e == E_NOTFOUND)
        return FAIL(c, E_NOTFOUND, "không có %s \"%.*s\" (no such item)", programme ? "chương trình" : "nhiệm vụ",
                    ARGS(id));
    TRY(e);
    struct task_detail d = {.plan_title = plan.title};
    put_item(&d.item, &row, moment.day);
    struct finding_page findings = {0};
    struct target_page targets = {0};
    TRY(complete(c, moment.at, &d.item, 1));
    TRY(list_findings_on(c, &plan, path, moment.at, &findings));
    TRY(list_targets_on(c, &SQL_list_target_on_path, &plan, path, moment.at, &targets));
    d.findings.v = findings.v;
    d.findings.n = findings.n;
    d.targets.v = targets.v;
    d.targets.n = targets.n;
    TRY(indicators_on(c, &plan, path, moment.at, &d));
    *ret = d;
    return OK;
}
