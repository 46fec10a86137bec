#include "domain/plan/compare.h"

#include "base/period.h"
#include "domain/plan/draft.h"
#include "domain/plan/plan.sql.h"
#include "ledger/ledger.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

#define WORDS(type, member, about)                                                                                     \
    {                                                                                                                  \
#member, FIELD_TEXT, offsetof(struct type, member), .doc = about                                               \
    }

RECORD(plan_change_record, struct plan_change, "plan_change", "A difference between two versions of a plan",
       {"kind", FIELD_TEXT, offsetof(struct plan_change, kind), .doc = "What differs",
        .one_of = "plan|task|programme|target|duty|clause|org|account|record", .required = true},
       {"change", FIELD_TEXT, offsetof(struct plan_change, change), .doc = "How",
        .one_of = "added|removed|changed|moved", .required = true},
       WORDS(plan_change, path, "Clause, in the later version that has it"),
       WORDS(plan_change, key, "Key of a target, number of a duty"), WORDS(plan_change, title, "What it is called"),
       WORDS(plan_change, field, "The field that differs"), WORDS(plan_change, before, "What it was"),
       WORDS(plan_change, after, "What it is"));

RECORD(plan_tally_record, struct plan_tally, "plan_tally", "How many items changed in a way",
       WORDS(plan_tally, kind, "Kind of item"),
       {"change", FIELD_TEXT, offsetof(struct plan_tally, change), .doc = "How",
        .one_of = "added|removed|moved|changed|rescheduled|reassigned"},
       {"n", FIELD_I64, offsetof(struct plan_tally, n), .doc = "How many"});

RECORD(plan_version_record, struct plan_version, "plan_version", "A version of a plan: when it was approved",
       {"position", FIELD_I64, offsetof(struct plan_version, position), .doc = "Position in the ledger",
        .required = true},
       {"at_us", FIELD_I64, offsetof(struct plan_version, at_us), .doc = "When", .unit = "µs"},
       WORDS(plan_version, actor, "Who approved it"));

/* --- values --- */

/* The phases of a schedule in words: they are compared as one value. */
static struct str phases_text(struct ctx *c, const struct schedule *s)
{
    struct out o;
    char start[DAY_TEXT], due[DAY_TEXT];
    out_init(&o, c->arena, 1 << 20);
    for (size_t i = 0; i < s->phases.n; i++) {
        const struct phase *p = &s->phases.v[i];
        out_fmt(&o, "%s%.*s", i ? "; " : "", ARGS(p->text));
        if (p->start != DAY_NONE || p->due != DAY_NONE)
            out_fmt(&o, " [%.*s – %.*s]", ARGS(day_text_vi(p->start, start)), ARGS(day_text_vi(p->due, due)));
    }
    return o.n ? str_dup(c->arena, out_str(&o)) : (struct str){NULL, 0};
}

static struct str value_text(struct ctx *c, const struct field *f, const void *at)
{
    struct strs values = draft_values(c, f, at);
    return values.n ? str_join(c->arena, values.v, values.n, S("; ")) : (struct str){NULL, 0};
}

/* --- items --- */

struct kind {
    const char *name;
    const struct record *record;
    size_t list;
};
static const struct kind kinds[] = {
    {"task", &task_record, offsetof(struct draft, tasks)},
    {"programme", &programme_record, offsetof(struct draft, programmes)},
    {"target", &target_record, offsetof(struct draft, targets)},
    {"duty", &duty_record, offsetof(struct draft, duties)},
    {"clause", &clause_record, offsetof(struct draft, clauses)},
};

struct side {
    const void *row;
    struct str key, path, title, words; /* words: what it is known by if its key is another */
    size_t partner;                     /* in the other list; SIZE_MAX: none */
};

struct sides {
    struct side *v;
    size_t n;
};

static struct side side_of(struct ctx *c, const struct kind *k, const void *row, size_t nth)
{
    struct side s = {.row = row, .partner = SIZE_MAX};
    if (k->record == &target_record) {
        const struct target *t = row;
        s.key = t->key;
        s.path = t->path;
        s.words = t->text;
        s.title = t->subject.n ? t->subject : t->text;
    } else if (k->record == &duty_record) {
        const struct duty *d = row;
        s.key = str_fmt(c->arena, "%.*s#%zu", ARGS(d->path), nth);
        s.path = d->path;
        s.words = s.title = d->text;
    } else if (k->record == &clause_record) {
        const struct clause *v = row;
        s.key = s.path = v->path;
        s.words = v->text.n ? v->text : v->title;
        s.title = v->title;
    } else {
        const struct task *t = row;
        s.key = s.path = t->path;
        s.title = t->title;
        s.words = t->text;
    }
    return s;
}

static bool is_item_clause(const struct clause *clause)
{
    return str_eq(clause->kind, S("task")) || str_eq(clause->kind, S("programme")) ||
           str_eq(clause->kind, S("target")) || str_eq(clause->kind, S("duty"));
}

static int by_text(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* The paths of clauses that hold an item in either version, sorted: those are told as their items. */
static struct strs item_paths(struct ctx *c, const struct draft *a, const struct draft *b)
{
    struct strs paths = {NEWN(c->arena, struct str, a->clauses.n + b->clauses.n + 1), 0};
    for (size_t i = 0; i < a->clauses.n; i++)
        if (is_item_clause(&a->clauses.v[i]))
            paths.v[paths.n++] = a->clauses.v[i].path;
    for (size_t i = 0; i < b->clauses.n; i++)
        if (is_item_clause(&b->clauses.v[i]))
            paths.v[paths.n++] = b->clauses.v[i].path;
    qsort(paths.v, paths.n, sizeof *paths.v, by_text);
    return paths;
}

static struct sides sides_of(struct ctx *c, const struct kind *k, const struct draft *d, const struct strs *items)
{
    const struct list *list = (const void *)((const char *)d + k->list);
    struct sides s = {NEWN(c->arena, struct side, list->n + 1), 0};
    struct str path = {NULL, 0};
    for (size_t i = 0, nth = 0; i < list->n; i++) {
        const void *row = (const char *)list->v + i * k->record->size;
        if (k->record == &clause_record && items->n &&
            bsearch(&((const struct clause *)row)->path, items->v, items->n, sizeof *items->v, by_text))
            continue;
        if (k->record == &duty_record) {
            const struct duty *duty = row;
            nth = path.p && str_eq(path, duty->path) ? nth + 1 : 1;
            path = duty->path;
        }
        s.v[s.n++] = side_of(c, k, row, nth);
    }
    return s;
}

/* --- which is which --- */

struct named {
    struct str name;
    size_t at;
};

static int by_name(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    int order = str_cmp(x->name, y->name);
    return order ? order : x->at < y->at ? -1 : x->at > y->at;
}

enum pairing {
    BY_KEY_AND_WORDS,
    BY_WORDS,
    BY_KEY,
};

/* Pair what has one name on both sides and no partner yet; a name that comes several times is paired in order. */
static void pair(struct ctx *c, struct sides *a, struct sides *b, enum pairing how)
{
    struct named *x = NEWN(c->arena, struct named, a->n + 1), *y = NEWN(c->arena, struct named, b->n + 1);
    size_t n = 0, m = 0;
    for (size_t i = 0; i < a->n; i++)
        if (a->v[i].partner == SIZE_MAX)
            x[n++] = (struct named){how == BY_WORDS ? a->v[i].words : a->v[i].key, i};
    for (size_t i = 0; i < b->n; i++)
        if (b->v[i].partner == SIZE_MAX)
            y[m++] = (struct named){how == BY_WORDS ? b->v[i].words : b->v[i].key, i};
    qsort(x, n, sizeof *x, by_name);
    qsort(y, m, sizeof *y, by_name);
    for (size_t i = 0, j = 0; i < n && j < m;) {
        struct side *p = &a->v[x[i].at], *q = &b->v[y[j].at];
        int order = str_cmp(x[i].name, y[j].name);
        if (order == 0 && x[i].name.n && (how != BY_KEY_AND_WORDS || str_eq(p->words, q->words))) {
            p->partner = y[j].at;
            q->partner = x[i].at;
        }
        i += order <= 0;
        j += order >= 0;
    }
}

/* After one is put in between, the same number names another: words that are the same win over numbers. */
static void match(struct ctx *c, struct sides *a, struct sides *b)
{
    pair(c, a, b, BY_KEY_AND_WORDS);
    pair(c, a, b, BY_WORDS);
    pair(c, a, b, BY_KEY);
}

/* --- differences --- */

struct comparing {
    struct ctx *c;
    struct plan_changes *ret;
    struct plan_change item; /* what every row of the item has */
    bool any, when, who;
};

static void tally(struct comparing *x, const char *change)
{
    struct plan_changes *r = x->ret;
    for (size_t i = 0; i < r->tallies.n; i++)
        if (str_eq(r->tallies.v[i].kind, x->item.kind) && str_eq(r->tallies.v[i].change, str_of(change))) {
            r->tallies.v[i].n++;
            return;
        }
    *PUSH(x->c->arena, &r->tallies) = (struct plan_tally){x->item.kind, str_of(change), 1};
}

static void differ(struct comparing *x, struct str field, struct str before, struct str after)
{
    if (!before.p == !after.p && str_eq(before, after))
        return;
    struct plan_change row = x->item;
    row.field = field;
    row.before = before;
    row.after = after;
    *PUSH(x->c->arena, &x->ret->rows) = row;
    x->any = true;
    x->when |= str_starts(field, S("schedule."));
    x->who |= str_eq(field, S("lead")) || str_eq(field, S("body"));
}

static void compare_fields(struct comparing *x, const struct record *r, const void *a, const void *b, struct str within)
{
    struct arena *arena = x->c->arena;
    for (size_t i = 0; i < r->n; i++) {
        const struct field *f = &r->fields[i];
        const void *p = field_get(r, f, a), *q = field_get(r, f, b);
        struct str name = within.n ? str_fmt(arena, "%.*s.%s", ARGS(within), f->name) : str_of(f->name);
        if (str_eq(name, S("line")) || str_eq(name, S("path")) || str_eq(name, S("key")))
            continue;
        if (f->type == FIELD_RECORD)
            compare_fields(x, f->of, p, q, name);
        else if (f->type == FIELD_LIST && r == &schedule_record)
            differ(x, name, phases_text(x->c, a), phases_text(x->c, b));
        else if (f->type != FIELD_LIST)
            differ(x, name, value_text(x->c, f, p), value_text(x->c, f, q));
    }
}

static void put_whole(struct comparing *x, const char *change)
{
    x->item.change = str_of(change);
    *PUSH(x->c->arena, &x->ret->rows) = x->item;
    tally(x, change);
}

static void compare_pair(struct comparing *x, const struct kind *k, const struct side *a, const struct side *b)
{
    bool moved = !str_eq(a->path, b->path);
    x->any = x->when = x->who = false;
    x->item.change = moved ? S("moved") : S("changed");
    if (moved) {
        differ(x, S("path"), a->path, b->path);
        tally(x, "moved");
        x->any = false;
    }
    compare_fields(x, k->record, a->row, b->row, S(""));
    if (x->any)
        tally(x, "changed");
    if (x->when)
        tally(x, "rescheduled");
    if (x->who)
        tally(x, "reassigned");
}

static void compare_kind(struct comparing *x, const struct kind *k, const struct draft *before,
                         const struct draft *after, const struct strs *items)
{
    struct sides a = sides_of(x->c, k, before, items), b = sides_of(x->c, k, after, items);
    match(x->c, &a, &b);
    for (size_t j = 0; j < b.n; j++) {
        const struct side *s = &b.v[j];
        x->item = (struct plan_change){.kind = str_of(k->name), .path = s->path, .key = s->key, .title = s->title};
        if (s->partner == SIZE_MAX)
            put_whole(x, "added");
        else
            compare_pair(x, k, &a.v[s->partner], s);
    }
    for (size_t i = 0; i < a.n; i++) {
        const struct side *s = &a.v[i];
        x->item = (struct plan_change){.kind = str_of(k->name), .path = s->path, .key = s->key, .title = s->title};
        if (s->partner == SIZE_MAX)
            put_whole(x, "removed");
    }
}

void plan_compare(struct ctx *c, const struct draft *before, const struct draft *after, struct plan_changes *ret)
{
    *ret = (struct plan_changes){0};
    struct comparing x = {.c = c, .ret = ret};
    struct strs items = item_paths(c, before, after);
    x.item = (struct plan_change){.kind = S("plan"), .change = S("changed"), .title = after->title};
    compare_fields(&x, &plan_head_record, before, after, S(""));
    if (x.any)
        tally(&x, "changed");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        compare_kind(&x, &kinds[i], before, after, &items);
}

/* --- versions --- */

enum err plan_versions(struct ctx *c, struct str slug, struct plan_versions *ret)
{
    struct plan_versions all = {0};
    struct events events;
    struct plan_row plan;
    TRY(plan_find(c, slug, POS_NOW, &plan));
    TRY(ledger_about(c, str_fmt(c->arena, "plans/%.*s", ARGS(slug)), S("plan.approve"), 1000, &events));
    for (size_t i = 0; i < events.n; i++)
        *PUSH(c->arena, &all) = (struct plan_version){events.v[i].position, events.v[i].at_us, events.v[i].actor};
    if (!all.n)
        return FAIL(c, E_NOTFOUND, "không có kế hoạch \"%.*s\" (no such plan)", ARGS(slug));
    *ret = all;
    return OK;
}

static enum err wrong(struct ctx *c, enum err code, const char *field, const char *why)
{
    enum err e = FAIL(c, code, "%s", why);
    c->error.field = str_of(field);
    return e;
}

/* The version that held at a position or on a day. */
static enum err version_at(struct ctx *c, const struct plan_versions *all, struct str text, const char *field,
                           size_t *ret)
{
    int64_t position;
    int32_t day;
    if (day_parse(text, &day))
        TRY(ledger_position_at(c, moment_of_day(day + 1) - 1, &position));
    else if (!str_i64(text, &position))
        return wrong(c, E_INVALID, field,
                     "phải là vị trí trong sổ cái hoặc ngày như 2026-11-30 (must be a position or a day)");
    for (size_t i = 0; i < all->n; i++)
        if (all->v[i].position <= position) {
            *ret = i;
            return OK;
        }
    return wrong(c, E_NOTFOUND, field, "khi đó chưa có kế hoạch này (there was no such plan then)");
}

enum err plan_version_pair(struct ctx *c, const struct plan_versions *all, struct str from, struct str to,
                           struct plan_version *ret_from, struct plan_version *ret_to)
{
    size_t later = 0, earlier;
    if (to.n)
        TRY(version_at(c, all, to, "to", &later));
    earlier = later + 1 < all->n ? later + 1 : later;
    if (from.n)
        TRY(version_at(c, all, from, "from", &earlier));
    *ret_from = all->v[earlier];
    *ret_to = all->v[later];
    return OK;
}

enum err plan_version_read(struct ctx *c, struct str slug, int64_t position, struct draft *ret)
{
    struct plan_row row;
    TRY(plan_get(c, slug, position, &row));
    return plan_read(c, row.id, position, ret);
}
