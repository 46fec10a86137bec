/* Targets, duties, findings, clauses. */
#include "domain/plan/list_store.h"

#include "base/banned.h"

#define COLUMN(type, member, kind)                                                                                     \
    {                                                                                                                  \
#member, kind, offsetof(struct type, member), .doc = ""                                                        \
    }

/* --- targets --- */

struct target_row {
    int64_t plan_id, ordinal, line;
    struct str key, path, text, subject, measure, comparator, unit, per, by_year;
    double low, high, baseline;
};
RECORD(list_target_row_record, struct target_row, "list_target", "A target as a statement gives it",
       COLUMN(target_row, plan_id, FIELD_I64), COLUMN(target_row, ordinal, FIELD_I64),
       COLUMN(target_row, line, FIELD_I64), COLUMN(target_row, key, FIELD_TEXT), COLUMN(target_row, path, FIELD_TEXT),
       COLUMN(target_row, text, FIELD_TEXT), COLUMN(target_row, subject, FIELD_TEXT),
       COLUMN(target_row, measure, FIELD_TEXT), COLUMN(target_row, comparator, FIELD_TEXT),
       COLUMN(target_row, unit, FIELD_TEXT), COLUMN(target_row, per, FIELD_TEXT),
       COLUMN(target_row, by_year, FIELD_TEXT), COLUMN(target_row, low, FIELD_F64), COLUMN(target_row, high, FIELD_F64),
       COLUMN(target_row, baseline, FIELD_F64));

static struct target_item target_of(const struct target_row *r)
{
    return (struct target_item){.plan_id = r->plan_id,
                                .ordinal = r->ordinal,
                                .target = {.key = r->key,
                                           .path = r->path,
                                           .text = r->text,
                                           .subject = r->subject,
                                           .measure = r->measure,
                                           .comparator = r->comparator,
                                           .low = r->low,
                                           .high = r->high,
                                           .unit = r->unit,
                                           .per = r->per,
                                           .by = r->by_year,
                                           .baseline = r->baseline,
                                           .line = r->line}};
}

struct monitor_row {
    int64_t nth;
    struct str role, name, org;
};
RECORD(list_monitor_record, struct monitor_row, "list_monitor", "Who follows a target",
       COLUMN(monitor_row, nth, FIELD_I64), COLUMN(monitor_row, role, FIELD_TEXT),
       COLUMN(monitor_row, name, FIELD_TEXT), COLUMN(monitor_row, org, FIELD_TEXT));

struct names {
    struct str *v;
    size_t n, cap;
};

struct measured_row {
    int64_t nth;
    struct str indicator;
};
RECORD(list_measured_record, struct measured_row, "list_measured", "What a target is measured by",
       COLUMN(measured_row, nth, FIELD_I64), COLUMN(measured_row, indicator, FIELD_TEXT));

/* What each is measured by: the indicator of its goal, whose key is the target's name in addresses. */
static enum err complete_indicators(struct ctx *c, int64_t at, struct target_item *v, size_t n)
{
    struct list_items ids;
    struct measured_row row = {0};
    list_items_init(c, &ids);
    for (size_t i = 0; i < n; i++)
        list_items_add(&ids, v[i].plan_id, v[i].id);
    struct rows rows = db_query(c, SQL_list_target_indicators, ARG(list_items_end(&ids)), ARG(at));
    while (db_next(&rows, &list_measured_record, &row))
        v[row.nth].indicator = row.indicator;
    return db_done(&rows);
}

/* Ids, who follows each, and what it is measured by. */
static enum err complete_targets(struct ctx *c, int64_t at, struct target_item *v, size_t n)
{
    struct list_slugs slugs = {.at = at};
    struct list_items items;
    struct monitor_row row = {0};
    struct names *names = NEWN(c->arena, struct names, n + 1);
    if (!n)
        return OK;
    list_items_init(c, &items);
    for (size_t i = 0; i < n; i++) {
        struct str key = v[i].target.key;
        list_items_add(&items, v[i].plan_id, str_join(c->arena, (struct str[]){S("target"), key}, 2, S(" ")));
        TRY(list_slug(c, &slugs, v[i].plan_id, &v[i].plan));
        v[i].id = list_id(c, v[i].plan, key);
        sight_tell(c, v[i].plan_id, v[i].target.path);
    }
    struct rows rows = db_query(c, SQL_list_bodies, ARG(list_items_end(&items)), ARG(at));
    while (db_next(&rows, &list_monitor_record, &row))
        *PUSH(c->arena, &names[row.nth]) = row.name;
    for (size_t i = 0; i < n; i++)
        v[i].target.monitor = (struct strs){names[i].v, names[i].n};
    TRY(db_done(&rows));
    return complete_indicators(c, at, v, n);
}

/* An empty set of rows is an empty statement's; `limit` rows are a page, one more says that it goes on. */
static struct rows ask_targets(struct ctx *c, const struct target_query *q, const struct list_range *r, int64_t limit)
{
    return list_query(c, &SQL_list_target,
                      (struct db_arg[]){ARG(r->moment.at), ARG(r->plan), ARG(r->ordinal), ARG(r->first), ARG(r->last),
                                        ARG(q->part), ARG(q->measure), ARG(q->by), ARG(q->unit), ARG(limit),
                                        ARG(plan_seen(c))});
}

enum err list_targets(struct ctx *c, const struct target_query *q, struct target_page *ret)
{
    struct list_range r;
    struct target_row row = {0};
    TRY(list_range(c, q->plan, q->after, q->limit, q->as_of, false, &r));
    struct target_page page = {.moment = r.moment};
    struct rows rows = ask_targets(c, q, &r, r.limit + 1);
    while (db_next(&rows, &list_target_row_record, &row)) {
        if ((int64_t)page.n == r.limit) {
            const struct target_item *last = &page.v[page.n - 1];
            page.next = list_cursor(c, DAY_NONE, last->plan_id, last->ordinal);
            break;
        }
        *PUSH(c->arena, &page) = target_of(&row);
    }
    TRY(db_done(&rows));
    TRY(complete_targets(c, r.moment.at, page.v, page.n));
    *ret = page;
    return OK;
}

enum err list_target_count(struct ctx *c, const struct target_query *q, int64_t max, struct target_count *ret)
{
    struct list_range r;
    struct target_row row = {0};
    struct target_count n = {0};
    TRY(list_range(c, q->plan, (struct str){NULL, 0}, I64_NONE, q->as_of, false, &r));
    struct rows rows = ask_targets(c, q, &r, max + 1);
    while (!n.more && db_next(&rows, &list_target_row_record, &row)) {
        n.more = n.n == max;
        n.n += !n.more;
        n.described += !n.more && str_eq(row.measure, S("state"));
    }
    *ret = n;
    return db_done(&rows);
}

enum err list_targets_on(struct ctx *c, const struct sql *sql, const struct plan_row *plan, struct str path, int64_t at,
                         struct target_page *ret)
{
    struct target_row row = {0};
    struct target_page page = {.moment.at = at};
    struct rows rows = list_query(c, sql, (struct db_arg[]){ARG(plan->id), ARG(path), ARG(at), ARG(plan_seen(c))});
    while (db_next(&rows, &list_target_row_record, &row))
        *PUSH(c->arena, &page) = target_of(&row);
    TRY(db_done(&rows));
    TRY(complete_targets(c, at, page.v, page.n));
    *ret = page;
    return OK;
}

/* A finding names two clauses; of the targets that these set, those it speaks of stand in its message. */
static bool contradicts(const struct finding_page *findings, struct str subject, struct str other)
{
    for (size_t i = 0; i < findings->n; i++) {
        const struct finding_item *f = &findings->v[i];
        if (str_eq(f->rule, S("target_conflict")) && str_has(f->message, subject) && str_has(f->message, other))
            return true;
    }
    return false;
}

enum err list_target_get(struct ctx *c, struct str id, int32_t as_of, struct target_detail *ret)
{
    struct list_moment moment;
    struct plan_row plan;
    struct str key;
    struct target_row row = {0};
    struct finding_page findings = {0};
    struct target_page others = {0};
    TRY(list_moment(c, as_of, &moment));
    TRY(list_find(c, id, moment.at, &plan, &key));
    enum err e = db_one(c, SQL_list_target_one, &list_target_row_record, &row, ARG(plan.id), ARG(key), ARG(moment.at),
                        ARG(plan_seen(c)));
    if (e == E_NOTFOUND)
        return FAIL(c, E_NOTFOUND, "không có mục tiêu \"%.*s\" (no such target)", ARGS(id));
    TRY(e);
    struct target_detail d = {.item = target_of(&row), .plan_title = plan.title};
    TRY(complete_targets(c, moment.at, &d.item, 1));
    TRY(list_findings_on(c, &plan, row.path, moment.at, &findings));
    TRY(list_targets_on(c, &SQL_list_target_against, &plan, row.path, moment.at, &others));
    d.findings.v = findings.v;
    d.findings.n = findings.n;
    for (size_t i = 0; i < others.n; i++)
        if (contradicts(&findings, row.subject, others.v[i].target.subject))
            *PUSH(c->arena, &d.others) = others.v[i];
    *ret = d;
    return OK;
}

/* --- duties --- */

struct duty_row {
    int64_t plan_id, ordinal, line;
    struct str path, body, org, text, schedule_text, schedule_kind, receiver;
    int32_t start_day, due_day;
};
RECORD(list_duty_row_record, struct duty_row, "list_duty", "A duty as a statement gives it",
       COLUMN(duty_row, plan_id, FIELD_I64), COLUMN(duty_row, ordinal, FIELD_I64), COLUMN(duty_row, line, FIELD_I64),
       COLUMN(duty_row, path, FIELD_TEXT), COLUMN(duty_row, body, FIELD_TEXT), COLUMN(duty_row, org, FIELD_TEXT),
       COLUMN(duty_row, text, FIELD_TEXT), COLUMN(duty_row, schedule_text, FIELD_TEXT),
       COLUMN(duty_row, schedule_kind, FIELD_TEXT), COLUMN(duty_row, receiver, FIELD_TEXT),
       COLUMN(duty_row, start_day, FIELD_DAY), COLUMN(duty_row, due_day, FIELD_DAY));

static struct rows ask_duties(struct ctx *c, const struct duty_query *q, const struct list_range *r, int64_t limit)
{
    return list_query(c, q->body.p ? &SQL_list_duty_of_body : &SQL_list_duty,
                      (struct db_arg[]){ARG(r->moment.at), ARG(r->plan), ARG(r->ordinal), ARG(r->first), ARG(r->last),
                                        ARG(q->schedule), ARG(limit), ARG(plan_seen(c)), ARG(q->body)});
}

enum err list_duties(struct ctx *c, const struct duty_query *q, struct duty_page *ret)
{
    struct list_range r;
    struct duty_row row = {0};
    TRY(list_range(c, q->plan, q->after, q->limit, q->as_of, false, &r));
    TRY(list_known_body(c, q->body));
    struct duty_page page = {.moment = r.moment};
    struct rows rows = ask_duties(c, q, &r, r.limit + 1);
    while (!page.next.p && db_next(&rows, &list_duty_row_record, &row)) {
        const struct duty_item *last = page.n ? &page.v[page.n - 1] : NULL;
        if (last && (int64_t)page.n == r.limit) {
            page.next = list_cursor(c, DAY_NONE, last->plan_id, last->ordinal);
            continue;
        }
        *PUSH(c->arena, &page) = (struct duty_item){.org = row.org,
                                                    .plan_id = row.plan_id,
                                                    .ordinal = row.ordinal,
                                                    .duty = {.path = row.path,
                                                             .body = row.body,
                                                             .text = row.text,
                                                             .to = row.receiver,
                                                             .line = row.line,
                                                             .schedule = {.text = row.schedule_text,
                                                                          .kind = row.schedule_kind,
                                                                          .start = row.start_day,
                                                                          .due = row.due_day}}};
    }
    TRY(db_done(&rows));
    struct list_slugs slugs = {.at = r.moment.at};
    for (size_t i = 0; i < page.n; i++)
        TRY(list_slug(c, &slugs, page.v[i].plan_id, &page.v[i].plan));
    for (size_t i = 0; i < page.n; i++)
        sight_tell(c, page.v[i].plan_id, page.v[i].duty.path);
    *ret = page;
    return OK;
}

enum err list_duty_count(struct ctx *c, const struct duty_query *q, int64_t max, struct duty_count *ret)
{
    struct list_range r;
    struct duty_row row = {0};
    struct duty_count n = {0};
    int64_t days;
    TRY(list_range(c, q->plan, (struct str){NULL, 0}, I64_NONE, q->as_of, false, &r));
    TRY(list_known_body(c, q->body));
    struct rows rows = ask_duties(c, q, &r, max + 1);
    while (!n.more && db_next(&rows, &list_duty_row_record, &row)) {
        n.more = n.n == max;
        n.n += !n.more;
        n.bodiless += !n.more && !row.body.n;
        n.recurring += !n.more && due_judge(row.schedule_kind, row.due_day, r.moment.day, &days) == DUE_NONE;
    }
    *ret = n;
    return db_done(&rows);
}

/* --- findings --- */

struct finding_row {
    int64_t plan_id, ordinal, line;
    struct str rule, path, severity, message, message_en, other;
};
RECORD(list_finding_row_record, struct finding_row, "list_finding", "A finding as a statement gives it",
       COLUMN(finding_row, plan_id, FIELD_I64), COLUMN(finding_row, ordinal, FIELD_I64),
       COLUMN(finding_row, line, FIELD_I64), COLUMN(finding_row, rule, FIELD_TEXT),
       COLUMN(finding_row, path, FIELD_TEXT), COLUMN(finding_row, severity, FIELD_TEXT),
       COLUMN(finding_row, message, FIELD_TEXT), COLUMN(finding_row, message_en, FIELD_TEXT),
       COLUMN(finding_row, other, FIELD_TEXT));

static struct finding_item finding_of(const struct finding_row *r)
{
    return (struct finding_item){.plan_id = r->plan_id,
                                 .ordinal = r->ordinal,
                                 .rule = r->rule,
                                 .path = r->path,
                                 .severity = r->severity,
                                 .message = r->message,
                                 .message_en = r->message_en,
                                 .other = r->other,
                                 .line = r->line};
}

static void tell_finding(struct ctx *c, const struct finding_item *f)
{
    sight_tell(c, f->plan_id, f->path);
    sight_tell(c, f->plan_id, f->other);
}

static struct rows ask_findings(struct ctx *c, const struct finding_query *q, const struct list_range *r, int64_t limit)
{
    const struct sql *sql = q->rule.p       ? &SQL_list_finding_of_rule
                            : q->severity.p ? &SQL_list_finding_of_severity
                                            : &SQL_list_finding;
    return list_query(c, sql,
                      (struct db_arg[]){ARG(r->moment.at), ARG(r->plan), ARG(r->ordinal), ARG(r->first), ARG(r->last),
                                        ARG(q->rule), ARG(q->severity), ARG(limit), ARG(plan_seen(c))});
}

enum err list_findings(struct ctx *c, const struct finding_query *q, struct finding_page *ret)
{
    struct list_range r;
    struct finding_row row = {0};
    TRY(list_range(c, q->plan, q->after, q->limit, q->as_of, false, &r));
    struct finding_page page = {.moment = r.moment};
    struct rows rows = ask_findings(c, q, &r, r.limit + 1);
    while (!page.next.p && db_next(&rows, &list_finding_row_record, &row)) {
        const struct finding_item *last = page.n ? &page.v[page.n - 1] : NULL;
        if (last && (int64_t)page.n == r.limit)
            page.next = list_cursor(c, DAY_NONE, last->plan_id, last->ordinal);
        else
            *PUSH(c->arena, &page) = finding_of(&row);
    }
    TRY(db_done(&rows));
    struct list_slugs slugs = {.at = r.moment.at};
    for (size_t i = 0; i < page.n; i++)
        TRY(list_slug(c, &slugs, page.v[i].plan_id, &page.v[i].plan));
    for (size_t i = 0; i < page.n; i++)
        tell_finding(c, &page.v[i]);
    *ret = page;
    return OK;
}

enum err list_finding_count(struct ctx *c, const struct finding_query *q, int64_t max, struct finding_count *ret)
{
    struct list_range r;
    struct finding_row row = {0};
    struct finding_count n = {0};
    TRY(list_range(c, q->plan, (struct str){NULL, 0}, I64_NONE, q->as_of, false, &r));
    struct rows rows = ask_findings(c, q, &r, max + 1);
    while (!n.more && db_next(&rows, &list_finding_row_record, &row)) {
        n.more = n.n == max;
        n.n += !n.more;
        n.errors += !n.more && str_eq(row.severity, S("error"));
        n.warnings += !n.more && str_eq(row.severity, S("warning"));
    }
    *ret = n;
    return db_done(&rows);
}

enum err list_findings_on(struct ctx *c, const struct plan_row *plan, struct str path, int64_t at,
                          struct finding_page *ret)
{
    struct finding_row row = {0};
    struct finding_page page = {.moment.at = at};
    struct rows rows = db_query(c, SQL_list_finding_on_path, ARG(plan->id), ARG(path), ARG(at), ARG(plan_seen(c)));
    while (db_next(&rows, &list_finding_row_record, &row)) {
        struct finding_item f = finding_of(&row);
        f.plan = plan->slug;
        tell_finding(c, &f);
        *PUSH(c->arena, &page) = f;
    }
    TRY(db_done(&rows));
    *ret = page;
    return OK;
}

/* --- clauses --- */

struct clause_row {
    int64_t ordinal, line;
    struct str path, kind, title, text;
};
RECORD(list_clause_row_record, struct clause_row, "list_clause", "A clause as a statement gives it",
       COLUMN(clause_row, ordinal, FIELD_I64), COLUMN(clause_row, line, FIELD_I64),
       COLUMN(clause_row, path, FIELD_TEXT), COLUMN(clause_row, kind, FIELD_TEXT),
       COLUMN(clause_row, title, FIELD_TEXT), COLUMN(clause_row, text, FIELD_TEXT));

enum err list_clauses(struct ctx *c, const struct clause_query *q, struct clause_page *ret)
{
    struct list_range r;
    struct clause_row row = {0};
    struct clause_page page = {0};
    int64_t last = 0;
    TRY(list_range(c, q->plan, q->after, q->limit, q->as_of, false, &r));
    struct rows rows = db_query(c, SQL_list_clause, ARG(r.moment.at), ARG(r.first), ARG(r.ordinal), ARG(r.limit + 1),
                                ARG(plan_seen(c)));
    while (!page.next.p && db_next(&rows, &list_clause_row_record, &row)) {
        if ((int64_t)page.n == r.limit) {
            page.next = list_cursor(c, DAY_NONE, r.first, last);
        } else {
            *PUSH(c->arena, &page) = (struct clause){row.path, row.kind, row.title, row.text, row.line};
            sight_tell(c, r.first, row.path);
            last = row.ordinal;
        }
    }
    *ret = page;
    return db_done(&rows);
}
