#include "domain/owed/owed.h"

#include "domain/owed/owed.sql.h"
#include "domain/sight/sight.h"
#include "store/db.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

#define TEXT(type, member, about)                                                                                      \
    {                                                                                                                  \
#member, FIELD_TEXT, offsetof(struct type, member), .doc = about                                               \
    }
#define NUMBER(type, member, about)                                                                                    \
    {                                                                                                                  \
#member, FIELD_I64, offsetof(struct type, member), .doc = about                                                \
    }

RECORD(owed_record, struct owed, "owed", "Something a body owes", TEXT(owed, plan, "Name of the plan in addresses"),
       TEXT(owed, path, "Its clause"),
       {"what", FIELD_TEXT, offsetof(struct owed, what), .one_of = OWED_WHATS, .doc = "What it is"},
       {"role", FIELD_TEXT, offsetof(struct owed, role), .one_of = OWED_ROLES, .doc = "The body's part in it"},
       TEXT(owed, title, "What is to be done or reached"), TEXT(owed, lead, "Who leads it, the first if several"),
       TEXT(owed, lead_org, "Code of who leads it"), TEXT(owed, schedule_kind, "Class of its schedule"),
       TEXT(owed, schedule_text, "Its schedule in the plan's words"),
       {"due", FIELD_DAY, offsetof(struct owed, due), .doc = "Its last day"},
       {"days", FIELD_I64, offsetof(struct owed, days), .unit = "day", .doc = "Days left; negative: passed"},
       {"state", FIELD_TEXT, offsetof(struct owed, state), .one_of = DUE_WORDS, .doc = "How the deadline stands"},
       TEXT(owed, via, "Code of the group it is laid on, if the body is not named itself"),
       TEXT(owed, via_name, "Name of that group"), TEXT(owed, key, "Key of a target"),
       TEXT(owed, measure, "Measure of a target"), TEXT(owed, comparator, "Comparator of a target"),
       {"low", FIELD_F64, offsetof(struct owed, low), .doc = "Lower bound of a target"},
       {"high", FIELD_F64, offsetof(struct owed, high), .doc = "Upper bound of a target"},
       TEXT(owed, unit, "Unit of a target"), TEXT(owed, per, "Per what, if it is each year"),
       TEXT(owed, by_year, "By when a target is to be reached"));

/* As the statements give it. */
RECORD(owed_row_record, struct owed, "owed_row", "A row of what is owed", TEXT(owed, plan, ""),
       TEXT(owed, plan_title, ""), TEXT(owed, path, ""), TEXT(owed, role, ""), TEXT(owed, title, ""),
       TEXT(owed, lead, ""), TEXT(owed, lead_org, ""), TEXT(owed, schedule_kind, ""), TEXT(owed, schedule_text, ""),
       {"due", FIELD_DAY, offsetof(struct owed, due), .doc = ""}, TEXT(owed, key, ""), TEXT(owed, measure, ""),
       TEXT(owed, comparator, ""), {"low", FIELD_F64, offsetof(struct owed, low), .doc = ""},
       {"high", FIELD_F64, offsetof(struct owed, high), .doc = ""}, TEXT(owed, unit, ""), TEXT(owed, per, ""),
       TEXT(owed, by_year, ""), NUMBER(owed, programme, ""), NUMBER(owed, ordinal, ""), NUMBER(owed, plan_id, ""));

RECORD(owed_unknown_record, struct owed_unknown, "owed_unknown", "A name that the catalogue does not know",
       TEXT(owed_unknown, name, "The name as the plan writes it"),
       TEXT(owed_unknown, plan, "Name of the plan in addresses"), TEXT(owed_unknown, path, "Its clause"),
       {"role", FIELD_TEXT, offsetof(struct owed_unknown, role), .one_of = OWED_ROLES, .doc = "What it is named for"});
RECORD(unknown_row_record, struct owed_unknown, "unknown_row", "A row of unknown names", TEXT(owed_unknown, name, ""),
       TEXT(owed_unknown, plan, ""), TEXT(owed_unknown, plan_title, ""), TEXT(owed_unknown, path, ""),
       TEXT(owed_unknown, role, ""), NUMBER(owed_unknown, plan_id, ""));

/* --- reading --- */

struct origin {
    const struct sql *sql;
    const char *what;
};
static const struct origin origins[] = {
    {&SQL_owed_tasks, "task"},
    {&SQL_owed_duties, "duty"},
    {&SQL_owed_watched, "target"},
    {&SQL_owed_targets, "target"},
};

static void judge(struct owed *o, int32_t day)
{
    int year = 0;
    int64_t number;
    if (str_eq(o->what, S("target")) && str_i64(o->by_year, &number) && number >= 1900 && number < 3000)
        year = (int)number;
    if (year)
        o->due = day_month_end(year, 12);
    o->due_state = due_judge(o->schedule_kind, o->due, day, &o->days);
    o->state = due_word(o->due_state);
    if (o->due_state == DUE_NONE || o->due_state == DUE_MISSING)
        o->days = I64_NONE;
}

static enum err read_from(struct ctx *c, const struct origin *from, struct str code, int64_t at, int32_t day,
                          struct str via, struct str via_name, struct owed_list *list)
{
    static const struct owed nothing = {.due = DAY_NONE, .low = NAN, .high = NAN};
    struct owed o = nothing;
    struct rows rows = db_query_args(c, from->sql, (struct db_arg[]){ARG(code), ARG(at), ARG(plan_seen(c))}, 3);
    while (db_next(&rows, &owed_row_record, &o)) {
        o.what = o.programme == 1 ? S("programme") : str_of(from->what);
        o.via = via;
        o.via_name = via_name;
        judge(&o, day);
        sight_tell(c, o.plan_id, o.path);
        *PUSH(c->arena, list) = o;
        o = nothing;
    }
    return db_done(&rows);
}

static enum err read_code(struct ctx *c, struct str code, int64_t at, int32_t day, struct str via, struct str via_name,
                          struct owed_list *list)
{
    for (size_t i = 0; i < sizeof origins / sizeof *origins; i++)
        TRY(read_from(c, &origins[i], code, at, day, via, via_name, list));
    return OK;
}

/* --- each once --- */

static int rank_in(const char *words, struct str word)
{
    struct str rest = str_of(words), one;
    int rank = 0;
    while (str_cut(&rest, '|', &one) && !str_eq(one, word))
        rank++;
    return rank;
}

/* What it is, apart from the body's part in it. Several duties may stand in one clause: their ordinals differ. */
static int same_item(const struct owed *x, const struct owed *y)
{
    int by = str_cmp(x->plan, y->plan);
    by = by ? by : rank_in(OWED_WHATS, x->what) - rank_in(OWED_WHATS, y->what);
    return by ? by : (x->ordinal > y->ordinal) - (x->ordinal < y->ordinal);
}

/* The body's own parts before those by a group, the stronger part before the weaker. */
static int by_item(const void *a, const void *b)
{
    const struct owed *x = a, *y = b;
    int by = same_item(x, y);
    by = by ? by : (x->via.p != NULL) - (y->via.p != NULL);
    by = by ? by : rank_in(OWED_ROLES, x->role) - rank_in(OWED_ROLES, y->role);
    return by ? by : str_cmp(x->via, y->via);
}

static void each_once(struct owed_list *list)
{
    size_t n = 0, own = 0; /* own: where the rows of this item begin */
    if (list->n)
        qsort(list->v, list->n, sizeof *list->v, by_item);
    for (size_t i = 0; i < list->n; i++) {
        const struct owed *o = &list->v[i];
        if (!n || same_item(&list->v[n - 1], o))
            own = n;
        bool again = n > own && str_eq(list->v[n - 1].role, o->role) && !list->v[n - 1].via.p == !o->via.p;
        /* A report to it is no part of its own, and does not stand for one. */
        bool own_part = n > own && !str_eq(list->v[own].role, S("receiver"));
        if (!again && !(o->via.p && own_part))
            list->v[n++] = *o;
    }
    list->n = n;
}

static int state_rank(const struct owed *o)
{
    return o->due_state == DUE_NONE ? 2 : o->due_state == DUE_MISSING ? 1 : 0;
}

static int by_deadline(const void *a, const void *b)
{
    const struct owed *x = a, *y = b;
    int by = state_rank(x) - state_rank(y);
    if (!by && state_rank(x) == 0)
        by = (x->due > y->due) - (x->due < y->due);
    by = by ? by : rank_in(OWED_ROLES, x->role) - rank_in(OWED_ROLES, y->role);
    by = by ? by : (x->via.p != NULL) - (y->via.p != NULL);
    return by ? by : same_item(x, y);
}

enum err owed_read(struct ctx *c, const struct org_catalogue *catalogue, struct str code, int64_t at, int32_t day,
                   struct owed_list *ret)
{
    struct owed_list list = {0};
    if (!org_unit(catalogue, code) && !org_group(catalogue, code))
        return FAIL(c, E_NOTFOUND, "không có cơ quan hoặc nhóm \"%.*s\" (no such body or group)", ARGS(code));
    TRY(read_code(c, code, at, day, (struct str){0}, (struct str){0}, &list));
    struct strs groups = org_groups_of(c, catalogue, code, day);
    for (size_t i = 0; i < groups.n; i++)
        TRY(read_code(c, groups.v[i], at, day, groups.v[i], org_group(catalogue, groups.v[i])->name, &list));
    each_once(&list);
    if (list.n)
        qsort(list.v, list.n, sizeof *list.v, by_deadline);
    *ret = list;
    return OK;
}

struct owed_count owed_sum(const struct owed_list *list)
{
    struct owed_count s = {.next_due = DAY_NONE, .valid_from = DAY_NONE, .valid_to = DAY_NONE};
    for (size_t i = 0; i < list->n; i++) {
        const struct owed *o = &list->v[i];
        bool target = str_eq(o->what, S("target")), led = !target && str_eq(o->role, S("lead"));
        if (str_eq(o->role, S("receiver")) || (target && str_eq(o->role, S("lead"))))
            continue;
        if (o->via.p) {
            s.through++;
            continue;
        }
        s.leads += led;
        s.duties += str_eq(o->role, S("duty"));
        s.coordinates += str_eq(o->role, S("coordinating"));
        s.monitors += str_eq(o->role, S("monitor"));
        s.past += led && o->due_state == DUE_PAST;
        s.soon += led && o->due_state == DUE_SOON;
        if (led && (o->due_state == DUE_SOON || o->due_state == DUE_LATER) && s.next_due == DAY_NONE)
            s.next_due = o->due;
    }
    return s;
}

enum err owed_total(struct ctx *c, int64_t at, int64_t *ret)
{
    return db_number(c, SQL_owed_total, ret, ARG(at), ARG(plan_seen(c)));
}

RECORD(name_record, struct owed_unknown, "name", "A name", TEXT(owed_unknown, name, ""));

enum err owed_names(struct ctx *c, struct str code, int64_t at, struct strs *ret)
{
    struct owed_unknown row = {0};
    struct {
        struct str *v;
        size_t n, cap;
    } names = {0};
    struct rows rows = db_query(c, SQL_owed_names, ARG(code), ARG(at), ARG(plan_seen(c)));
    while (db_next(&rows, &name_record, &row))
        *PUSH(c->arena, &names) = row.name;
    TRY(db_done(&rows));
    *ret = (struct strs){names.v, names.n};
    return OK;
}

/* "duty V.8.3#1", "target II.1-2a" and "III.4" as the clause they stand in. A target's key may go on with a letter. */
static struct str clause_of(struct str item)
{
    if (str_starts(item, S("duty "))) {
        size_t end = str_find(item, S("#"), 0);
        return str_slice(item, 5, end == SIZE_MAX ? item.n : end);
    }
    if (!str_starts(item, S("target ")))
        return item;
    struct str key = str_skip(item, 7);
    bool lettered = key.n > 1 && key.p[key.n - 1] >= 'a' && key.p[key.n - 1] <= 'z' && key.p[key.n - 2] >= '0' &&
                    key.p[key.n - 2] <= '9';
    return lettered ? str_slice(key, 0, key.n - 1) : key;
}

enum err owed_unknown(struct ctx *c, int64_t at, struct owed_unknowns *ret)
{
    struct owed_unknowns list = {0};
    struct owed_unknown row = {0};
    struct rows rows = db_query(c, SQL_owed_unknown, ARG(at), ARG(plan_seen(c)));
    while (db_next(&rows, &unknown_row_record, &row)) {
        row.path = clause_of(row.path);
        sight_tell(c, row.plan_id, row.path);
        *PUSH(c->arena, &list) = row;
    }
    TRY(db_done(&rows));
    *ret = list;
    return OK;
}
