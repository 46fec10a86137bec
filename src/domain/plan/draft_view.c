/* draft_view.c - a draft as decided: the reading, the decisions over it, and what is found in the result. */
#include "base/json.h"
#include "domain/plan/draft_rows.h"
#include "domain/plan/draft.sql.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

RECORD(source_line_record, struct source_line, "source_line", "A line of the document as it was read",
       {"line", FIELD_I64, offsetof(struct source_line, line), .doc = "Its number, from 1", .unit = "line"},
       {"text", FIELD_TEXT, offsetof(struct source_line, text), .doc = "Its words"});

RECORD(draft_reading_record, struct draft_reading, "draft_reading", "What the compiler read, as it is kept",
       {"lines", FIELD_LIST, offsetof(struct draft_reading, lines), .of = &source_line_record,
        .doc = "The lines of the document"},
       {"plan", FIELD_RECORD, offsetof(struct draft_reading, plan), .of = &draft_record,
        .doc = "The plan as compiled"});

RECORD(draft_mends_record, struct draft_mends, "mends", "What was mended of an item",
       {"set", FIELD_TEXTS, offsetof(struct draft_mends, set), .doc = "field=value"});

struct decision_row {
    struct str key, decision, mends, reason, actor;
    int64_t at_us, version;
};
RECORD(decision_row_record, struct decision_row, "decision_row", "A decision in the store",
       {"key", FIELD_TEXT, offsetof(struct decision_row, key), .doc = ""},
       {"decision", FIELD_TEXT, offsetof(struct decision_row, decision), .doc = ""},
       {"mends", FIELD_TEXT, offsetof(struct decision_row, mends), .doc = ""},
       {"reason", FIELD_TEXT, offsetof(struct decision_row, reason), .doc = ""},
       {"actor", FIELD_TEXT, offsetof(struct decision_row, actor), .doc = ""},
       {"at_us", FIELD_I64, offsetof(struct decision_row, at_us), .doc = ""},
       {"version", FIELD_I64, offsetof(struct decision_row, version), .doc = ""});

/* --- items --- */

struct kind {
    const char *name;
    const struct record *record;
    size_t list; /* in a struct draft; SIZE_MAX: the draft itself */
};
static const struct kind kinds[] = {
    {"plan", &plan_head_record, SIZE_MAX},
    {"task", &task_record, offsetof(struct draft, tasks)},
    {"programme", &programme_record, offsetof(struct draft, programmes)},
    {"target", &target_record, offsetof(struct draft, targets)},
    {"duty", &duty_record, offsetof(struct draft, duties)},
};
enum { N_KINDS = sizeof kinds / sizeof *kinds };

static struct list *list_of(struct draft *d, const struct kind *k)
{
    return (void *)((char *)d + k->list);
}

static struct draft_item item_of(struct ctx *c, const struct kind *k, const void *row, size_t ordinal)
{
    struct draft_item item = {.kind = str_of(k->name), .record = k->record, .read = row, .at_us = I64_NONE};
    if (k->record == &plan_head_record) {
        const struct draft *d = row;
        item.key = item.kind;
        item.title = d->title;
        item.line = 1;
    } else if (k->record == &target_record) {
        const struct target *t = row;
        item.path = t->path;
        item.title = t->subject.n ? t->subject : t->text;
        item.line = t->line;
        item.key = str_fmt(c->arena, "target-%.*s", ARGS(t->key));
    } else if (k->record == &duty_record) {
        const struct duty *d = row;
        item.path = d->path;
        item.title =
            str_fmt(c->arena, "%.*s%s%.*s", ARGS(d->body), d->body.n ? ": " : "", ARGS(str_head(d->text, 200)));
        item.line = d->line;
        item.key = str_fmt(c->arena, "duty-%.*s-%zu", ARGS(d->path), ordinal);
    } else {
        const struct task *t = row;
        item.path = t->path;
        item.title = t->title;
        item.line = t->line;
        item.key = str_fmt(c->arena, "%s-%.*s", k->name, ARGS(t->path));
    }
    return item;
}

/* The head, then by line; of one line as the kinds stand above. */
struct place {
    struct draft_item item;
    size_t order;
};

static int by_place(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    bool head_x = !x->item.path.p, head_y = !y->item.path.p;
    if (head_x != head_y)
        return head_x ? -1 : 1;
    if (x->item.line != y->item.line)
        return x->item.line < y->item.line ? -1 : 1;
    return x->order < y->order ? -1 : 1;
}

void draft_items(struct ctx *c, struct draft_view *v)
{
    struct {
        struct place *v;
        size_t n, cap;
    } all = {0};
    for (size_t k = 0; k < N_KINDS; k++) {
        const struct list head = {&v->read, 1},
                          *list = kinds[k].list == SIZE_MAX ? &head : list_of(&v->read, &kinds[k]);
        struct str path = {NULL, 0};
        for (size_t i = 0, ordinal = 0; i < list->n; i++) {
            const void *row = (const char *)list->v + i * kinds[k].record->size;
            struct draft_item item = item_of(c, &kinds[k], row, 0);
            ordinal = path.p && item.path.p && str_eq(path, item.path) ? ordinal + 1 : 1;
            path = item.path;
            *PUSH(c->arena, &all) = (struct place){item_of(c, &kinds[k], row, ordinal), all.n};
        }
    }
    qsort(all.v, all.n, sizeof *all.v, by_place);
    for (size_t i = 0; i < all.n; i++)
        *PUSH(c->arena, &v->items) = all.v[i].item;
}

struct draft_item *draft_item(const struct draft_view *view, struct str key)
{
    for (size_t i = 0; i < view->items.n; i++)
        if (str_eq(view->items.v[i].key, key))
            return &view->items.v[i];
    return NULL;
}

/* --- decisions --- */

static enum err take_decisions(struct ctx *c, int64_t at, struct draft_view *v)
{
    struct decision_row row;
    struct rows rows = db_query(c, SQL_draft_decision_at, ARG(v->row.id), ARG(at));
    for (size_t i = 0; i < v->items.n; i++)
        v->items.v[i].decision = S("undecided");
    while (db_next(&rows, &decision_row_record, &row)) {
        struct draft_item *item = draft_item(v, row.key);
        struct draft_mends mends = {0};
        if (!item)
            continue;
        if (row.mends.p)
            TRY(json_read_record(c, &draft_mends_record, row.mends, &mends));
        item->decision = row.decision;
        item->reason = row.reason;
        item->actor = row.actor;
        item->at_us = row.at_us;
        item->version = row.version;
        item->set = mends.set;
    }
    return db_done(&rows);
}

/* A clause that lost all that was read in it is text. */
static void plain_clauses(struct ctx *c, struct draft *d, const struct draft_view *v)
{
    struct clause *clauses = NEWN(c->arena, struct clause, d->clauses.n + 1);
    memcpy(clauses, d->clauses.v, d->clauses.n * sizeof *clauses);
    d->clauses.v = clauses;
    for (size_t i = 0; i < v->items.n; i++) {
        const struct draft_item *gone = &v->items.v[i];
        bool left = false;
        if (gone->now)
            continue;
        for (size_t k = 0; k < v->items.n && !left; k++)
            left = v->items.v[k].now && v->items.v[k].path.p && str_eq(v->items.v[k].path, gone->path) &&
                   str_eq(v->items.v[k].kind, gone->kind);
        for (size_t k = 0; k < d->clauses.n && !left; k++)
            if (str_eq(clauses[k].path, gone->path) && str_eq(clauses[k].kind, gone->kind))
                clauses[k].kind = S("text");
    }
}

static bool is_decided(const struct draft_item *item, const char *decision)
{
    return str_eq(item->decision, str_of(decision));
}

/* The rows of one list as decided, in the order of the reading; items know where they stand there. */
static enum err decide_list(struct ctx *c, struct draft_view *v, const struct kind *k)
{
    const struct list *read = list_of(&v->read, k);
    struct list *now = list_of(&v->now, k);
    size_t size = k->record->size, n = 0;
    char *rows = arena_alloc(c->arena, size, 16, read->n + 1);
    struct draft_item **items = NEWN(c->arena, struct draft_item *, read->n + 1);
    for (size_t i = 0; i < v->items.n; i++)
        if (v->items.v[i].record == k->record)
            items[((const char *)v->items.v[i].read - (const char *)read->v) / size] = &v->items.v[i];
    for (size_t i = 0; i < read->n; i++) {
        struct draft_item *item = items[i];
        if (is_decided(item, "refused"))
            continue;
        char *row = rows + n++ * size;
        memcpy(row, item->read, size);
        item->now = row;
        if (is_decided(item, "mended"))
            TRY(draft_mend(c, &v->now, k->record, row, &item->set));
    }
    *now = (struct list){rows, n};
    return OK;
}

static enum err apply(struct ctx *c, struct draft_view *v)
{
    bool changed = false, refused = false;
    for (size_t i = 0; i < v->items.n; i++) {
        changed |= is_decided(&v->items.v[i], "mended");
        refused |= is_decided(&v->items.v[i], "refused");
        v->items.v[i].now = v->items.v[i].read;
    }
    v->now = v->read;
    if (!changed && !refused)
        return OK;
    struct draft_item *head = draft_item(v, S("plan"));
    head->now = &v->now;
    if (is_decided(head, "mended"))
        TRY(draft_mend(c, &v->now, head->record, &v->now, &head->set));
    for (size_t i = 1; i < v->items.n; i++)
        v->items.v[i].now = NULL;
    for (size_t k = 1; k < N_KINDS; k++)
        TRY(decide_list(c, v, &kinds[k]));
    if (refused)
        plain_clauses(c, &v->now, v);
    return OK;
}

/* --- findings --- */

static bool is_rule(struct str rule, const char *const *rules)
{
    for (; *rules; rules++)
        if (str_eq(rule, str_of(*rules)))
            return true;
    return false;
}

/* Which of the items on its clause a finding is about. */
static bool is_about(const struct finding *f, const struct draft_item *item)
{
    static const char *const of_targets[] = {"described_target", "growth_without_period", "target_conflict",
                                             "target_repeated",  "target_unserved",       NULL};
    static const char *const of_duties[] = {"duty_without_body", "report_day_missing", NULL};
    bool target = item->record == &target_record, duty = item->record == &duty_record,
         other = !is_rule(f->rule, of_targets) && !is_rule(f->rule, of_duties) && !str_eq(f->rule, S("run_or_study"));
    if (!item->now || !item->path.p || !str_eq(f->path, item->path))
        return false;
    if (target && str_eq(f->rule, S("described_target")))
        return str_eq(((const struct target *)item->now)->measure, S("state"));
    if (target && str_eq(f->rule, S("run_or_study")))
        return str_has(f->message, ((const struct target *)item->now)->text);
    if (target && is_rule(f->rule, of_targets)) {
        const struct target *t = item->now;
        return (t->subject.n && str_has(f->message, t->subject)) || (t->text.n && str_has(f->message, t->text)) ||
               str_eq(f->rule, S("target_repeated"));
    }
    return duty ? is_rule(f->rule, of_duties) || other : !target && other;
}

static void give(struct ctx *c, struct draft_item *item, const struct finding *f)
{
    *PUSH(c->arena, &item->findings) = f;
    item->errors += str_eq(f->severity, S("error"));
    item->warnings += str_eq(f->severity, S("warning"));
    item->infos += str_eq(f->severity, S("info"));
}

static int weight_of(struct str severity)
{
    return str_eq(severity, S("error")) ? 0 : str_eq(severity, S("warning")) ? 1 : 2;
}

/* The gravest first; there are a few of each item. */
static void order(struct draft_item *item)
{
    for (size_t i = 1; i < item->findings.n; i++)
        for (size_t k = i; k && weight_of(item->findings.v[k]->severity) < weight_of(item->findings.v[k - 1]->severity);
             k--) {
            const struct finding *f = item->findings.v[k];
            item->findings.v[k] = item->findings.v[k - 1];
            item->findings.v[k - 1] = f;
        }
}

/* Each finding to the items it is about, and in want of one to the first on its clause. */
static void spread(struct ctx *c, struct draft_view *v)
{
    for (size_t i = 0; i < v->now.findings.n; i++) {
        const struct finding *f = &v->now.findings.v[i];
        struct draft_item *first = NULL;
        bool given = false;
        for (size_t k = 0; k < v->items.n; k++) {
            struct draft_item *item = &v->items.v[k];
            if (is_about(f, item)) {
                give(c, item, f);
                given = true;
            } else if (!first && item->now && item->path.p && str_eq(item->path, f->path)) {
                first = item;
            }
        }
        if (!given && first)
            give(c, first, f);
        else if (!given)
            *PUSH(c->arena, &v->general) = f;
    }
    v->row.errors = v->row.ready = 0;
    for (size_t i = 0; i < v->items.n; i++) {
        struct draft_item *item = &v->items.v[i];
        order(item);
        if (!is_decided(item, "undecided"))
            continue;
        v->row.errors += item->errors;
        v->row.ready += !item->errors && !item->warnings;
    }
}

/* The bodies of the store where there is one with any, else those that ship with the program. */
enum err draft_catalogue(struct ctx *c, const struct org_catalogue **ret)
{
    TRY(org_catalogue_from_store(c, POS_NOW, ret));
    return org_units(*ret).n ? OK : org_catalogue_builtin(c, ret);
}

enum err draft_open(struct ctx *c, int64_t id, int64_t at, bool findings, struct draft_view *ret)
{
    struct draft_view v = {0};
    struct draft_reading reading;
    struct str json;
    TRY(draft_get(c, id, at, &v.row));
    TRY(file_get(c, v.row.reading, &json));
    TRY(json_read_record(c, &draft_reading_record, json, &reading));
    v.lines = reading.lines;
    v.read = reading.plan;
    *ret = v;
    draft_items(c, ret);
    TRY(take_decisions(c, at, ret));
    TRY(apply(c, ret));
    if (!findings)
        return OK;
    TRY(draft_catalogue(c, &ret->catalogue));
    /* What nobody changed is found as it was when it was read. */
    if (ret->row.mended || ret->row.refused)
        plan_lint_again(c, &ret->now, ret->catalogue);
    spread(c, ret);
    return OK;
}
