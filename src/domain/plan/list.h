/* list.h - pages of what the approved plans hold: tasks, programmes, targets, duties, findings, clauses.
 *
 * A page is read by a statement of its own (list.sql) along an index, so it costs as much in a store of 100,000 tasks
 * as in one of 43: without a filter, by plan, by schedule and by deadline it reads little more than what it shows. By
 * body it gathers what that body has; by other filters (findings, words, a target's unit) it walks until the page is
 * full.
 *
 * One query struct for each list: it is what the page, the data forms and `hoalu call` take, described by its record,
 * and one struct for each row, which is what HTML and data show. Filters that are absent do not count; one that names
 * what does not exist is E_INVALID with c->error.field set, an unknown plan E_NOTFOUND. Items come in the order of the
 * plans and of the document, tasks asked for by their deadline in the order of deadlines. `after` is a page's `next`,
 * and opaque.
 *
 * A plan's items are named by its slug, a dot and the item's path (a target's key): "06-nq-tu.III.3.3". A slug has no
 * dot.
 *
 * With as_of, what is told is what was known at the end of that day, and deadlines are judged on that day.
 *
 * Memory: c->arena. Threads: none shared. */
#ifndef HOALU_LIST_H
#define HOALU_LIST_H

#include "domain/plan/due.h"
#include "domain/plan/plan_store.h"

enum { LIST_LIMIT = 100, LIST_LIMIT_MAX = 1000, LIST_COUNT_MAX = 1000 };

/* The moment a list tells of: the position, and the day deadlines are judged on. */
struct list_moment {
    int64_t at;
    int32_t day;
};
MUST_USE enum err list_moment(struct ctx *c, int32_t as_of, struct list_moment *ret);

/* --- tasks and programmes --- */

struct task_query {
    struct str plan, body, role, schedule, due, findings, q, after;
    int64_t limit;
    int32_t due_from, due_to, as_of;
    bool count;
};
extern const struct record task_query_record;

struct finding_item {
    struct str plan, rule, path, severity, message, message_en, other;
    int64_t line;
    int64_t plan_id, ordinal; /* not shown */
};
extern const struct record finding_item_record;

struct target_item {
    struct str id, plan;
    struct str indicator; /* code of what it is measured by; p == NULL: none yet */
    struct target target;
    int64_t plan_id, ordinal; /* not shown */
};
extern const struct record target_item_record;

/* An indicator, as it is named beside what it tells of (domain/indicator). */
struct told_indicator {
    struct str code, name, name_en, unit;
};
extern const struct record told_indicator_record;

struct task_item {
    struct str id, plan;
    struct task task;
    struct strs lead_orgs, coordinating_orgs; /* code of each, p == NULL where the catalogue does not know the name */
    struct str due_state;
    int64_t days;             /* to the deadline, negative if over; I64_NONE without one */
    int64_t errors, warnings; /* findings about it */
    int64_t plan_id, ordinal; /* not shown */
    enum due_state due;       /* not shown */
};
extern const struct record task_item_record, programme_item_record;

struct task_page {
    struct task_item *v;
    size_t n, cap;
    struct str next; /* p == NULL: this is the last page */
    struct list_moment moment;
};
/* `programmes`: the programmes, else the tasks. */
MUST_USE enum err list_tasks(struct ctx *c, const struct task_query *q, bool programmes, struct task_page *ret);

/* How many pass the filters of a query, however their deadline stands, and how many of them in each state. At most
 * `max` are looked at; `more` says that there were more. */
struct task_count {
    int64_t n, by[DUE_PAST + 1];
    int64_t shown; /* of them those that `due` asks for too */
    bool more;
};
MUST_USE enum err list_task_count(struct ctx *c, const struct task_query *q, bool programmes, int64_t max,
                                  struct task_count *ret);
/* The same from the page that was read for that query, if all that would be counted stands on it. */
bool list_task_counted(const struct task_query *q, const struct task_page *page, struct task_count *ret);

/* One task, with what is found about it, the targets its clause sets, and the indicators that tell of it. */
struct task_detail {
    struct task_item item;
    struct str plan_title;
    struct {
        struct finding_item *v;
        size_t n, cap;
    } findings;
    struct {
        struct target_item *v;
        size_t n, cap;
    } targets;
    struct {
        struct told_indicator *v;
        size_t n, cap;
    } indicators;
};
extern const struct record task_detail_record, programme_detail_record;
MUST_USE enum err list_task_get(struct ctx *c, struct str id, bool programme, int32_t as_of, struct task_detail *ret);

/* --- targets --- */

struct target_query {
    struct str plan, part, measure, by, unit, after;
    int64_t limit;
    int32_t as_of;
    bool count;
};
extern const struct record target_query_record;

struct target_page {
    struct target_item *v;
    size_t n, cap;
    struct str next;
    struct list_moment moment;
};
MUST_USE enum err list_targets(struct ctx *c, const struct target_query *q, struct target_page *ret);

struct target_count {
    int64_t n, described;
    bool more;
};
MUST_USE enum err list_target_count(struct ctx *c, const struct target_query *q, int64_t max, struct target_count *ret);

/* One target, with what is found about its clause, and the targets it is found to contradict. */
struct target_detail {
    struct target_item item;
    struct str plan_title;
    struct {
        struct finding_item *v;
        size_t n, cap;
    } findings;
    struct {
        struct target_item *v;
        size_t n, cap;
    } others;
};
extern const struct record target_detail_record;
MUST_USE enum err list_target_get(struct ctx *c, struct str id, int32_t as_of, struct target_detail *ret);

/* --- duties --- */

struct duty_query {
    struct str plan, body, schedule, after;
    int64_t limit;
    int32_t as_of;
    bool count;
};
extern const struct record duty_query_record;

struct duty_item {
    struct str plan, org; /* org: code of its body, p == NULL where the catalogue does not know the name */
    struct duty duty;
    int64_t plan_id, ordinal; /* not shown */
};
extern const struct record duty_item_record;

struct duty_page {
    struct duty_item *v;
    size_t n, cap;
    struct str next;
    struct list_moment moment;
};
MUST_USE enum err list_duties(struct ctx *c, const struct duty_query *q, struct duty_page *ret);

struct duty_count {
    int64_t n, bodiless, recurring;
    bool more;
};
MUST_USE enum err list_duty_count(struct ctx *c, const struct duty_query *q, int64_t max, struct duty_count *ret);

/* --- findings --- */

struct finding_query {
    struct str plan, rule, severity, after;
    int64_t limit;
    int32_t as_of;
    bool count;
};
extern const struct record finding_query_record;

struct finding_page {
    struct finding_item *v;
    size_t n, cap;
    struct str next;
    struct list_moment moment;
};
MUST_USE enum err list_findings(struct ctx *c, const struct finding_query *q, struct finding_page *ret);

struct finding_count {
    int64_t n, errors, warnings;
    bool more;
};
MUST_USE enum err list_finding_count(struct ctx *c, const struct finding_query *q, int64_t max,
                                     struct finding_count *ret);

/* --- clauses --- */

struct clause_query {
    struct str plan, after;
    int64_t limit;
    int32_t as_of;
};
extern const struct record clause_query_record;

struct clause_page {
    struct clause *v;
    size_t n, cap;
    struct str next;
};
MUST_USE enum err list_clauses(struct ctx *c, const struct clause_query *q, struct clause_page *ret);

/* --- what a form offers --- */

struct list_choice {
    struct str code, name;
};
struct list_choices {
    struct list_choice *v;
    size_t n, cap;
};
enum list_choice_kind { LIST_PLANS, LIST_TASK_BODIES, LIST_DUTY_BODIES, LIST_UNITS, LIST_YEARS };
MUST_USE enum err list_choices(struct ctx *c, enum list_choice_kind kind, int64_t at, struct list_choices *ret);
/* Has the store a catalogue of bodies, so that a code leads somewhere? */
MUST_USE enum err list_has_bodies(struct ctx *c, int64_t at, bool *ret);
/* The name of a body or group; the code itself where the catalogue of the store has none. */
MUST_USE enum err list_body_name(struct ctx *c, struct str code, int64_t at, struct str *ret);

#endif
