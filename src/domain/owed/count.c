/* Every body's part in all plans: one statement counts, one gives what groups have, members are worked out here. */
#include "domain/owed/owed.h"
#include "domain/owed/owed.sql.h"
#include "domain/sight/sight.h"
#include "store/db.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

#define NUMBER(member, about)                                                                                          \
    {                                                                                                                  \
#member, FIELD_I64, offsetof(struct owed_count, member), .doc = about                                          \
    }
#define FIGURES                                                                                                        \
    NUMBER(leads, "Tasks and programmes it leads"), NUMBER(coordinates, "Those it helps in"),                          \
        NUMBER(monitors, "Those, and targets, that it watches"), NUMBER(duties, "Duties laid on it"),                  \
        NUMBER(past, "Of those it leads: last day gone by"), NUMBER(soon, "Of those it leads: due within 30 days"),    \
    {                                                                                                                  \
        "next_due", FIELD_DAY, offsetof(struct owed_count, next_due), .doc = "Of those it leads: the next last day"    \
    }

RECORD(owed_count_record, struct owed_count, "owed_count", "A body's part in all plans",
       {"code", FIELD_TEXT, offsetof(struct owed_count, code), .doc = "Its code"},
       {"name", FIELD_TEXT, offsetof(struct owed_count, name), .doc = "Its name"},
       {"short", FIELD_TEXT, offsetof(struct owed_count, short_name), .doc = "Its short name"},
       {"kind", FIELD_TEXT, offsetof(struct owed_count, kind), .doc = "Kind of body; \"group\" for a group"}, FIGURES,
       NUMBER(through, "Items laid on a group it belongs to, where it is not named itself"),
       {"valid_from", FIELD_DAY, offsetof(struct owed_count, valid_from), .doc = "First day"},
       {"valid_to", FIELD_DAY, offsetof(struct owed_count, valid_to), .doc = "Last day"});

RECORD(count_row_record, struct owed_count, "count_row", "A row of counts",
       {"code", FIELD_TEXT, offsetof(struct owed_count, code), .doc = ""}, FIGURES);

struct shared {
    struct str code, item;
    int64_t plan;
};
RECORD(shared_record, struct shared, "shared", "A part in an item",
       {"code", FIELD_TEXT, offsetof(struct shared, code), .doc = ""},
       {"plan", FIELD_I64, offsetof(struct shared, plan), .doc = ""},
       {"item", FIELD_TEXT, offsetof(struct shared, item), .doc = ""});

/* --- what is laid on groups --- */

struct place {
    struct str code;
    size_t at; /* in org_units() */
};

/* The members of a group that a plan names, as places. */
struct laid {
    struct str code;
    size_t *members;
    size_t n;
};

struct sharing {
    struct place *units; /* by code */
    size_t n_units;
    struct {
        struct laid *v;
        size_t n, cap;
    } groups;
    size_t *own, *counted; /* of each unit: the last item that names it, or that was counted for it */
};

static int by_place_code(const void *a, const void *b)
{
    return str_cmp(((const struct place *)a)->code, ((const struct place *)b)->code);
}

static const struct place *place_of(const struct sharing *s, struct str code)
{
    struct place wanted = {.code = code};
    return s->n_units ? bsearch(&wanted, s->units, s->n_units, sizeof wanted, by_place_code) : NULL;
}

static enum err members_of(struct ctx *c, const struct org_catalogue *catalogue, struct sharing *s, struct str code,
                           int32_t day, const struct laid **ret)
{
    struct strs members;
    for (size_t i = 0; i < s->groups.n; i++)
        if (str_eq(s->groups.v[i].code, code)) {
            *ret = &s->groups.v[i];
            return OK;
        }
    TRY(org_members(c, catalogue, code, day, &members));
    struct laid *g = PUSH(c->arena, &s->groups);
    *g = (struct laid){code, NEWN(c->arena, size_t, members.n + 1), 0};
    for (size_t i = 0; i < members.n; i++) {
        const struct place *p = place_of(s, members.v[i]);
        if (p)
            g->members[g->n++] = p->at;
    }
    *ret = g;
    return OK;
}

static void sort_units(struct ctx *c, const struct org_catalogue *catalogue, struct sharing *s)
{
    struct org_units units = org_units(catalogue);
    s->units = NEWN(c->arena, struct place, units.n + 1);
    s->own = NEWN(c->arena, size_t, units.n + 1);
    s->counted = NEWN(c->arena, size_t, units.n + 1);
    s->n_units = units.n;
    for (size_t i = 0; i < units.n; i++)
        s->units[i] = (struct place){units.v[i]->code, i};
    qsort(s->units, s->n_units, sizeof *s->units, by_place_code);
}

struct shared_rows {
    struct shared *v;
    size_t n, cap;
};

/* The parts in one item, numbered from 1: what a member of its groups owes by them, if it is not named itself. */
static enum err count_item(struct ctx *c, const struct org_catalogue *catalogue, struct sharing *s, int32_t day,
                           const struct shared *parts, size_t n, size_t item, int64_t *through)
{
    for (size_t i = 0; i < n; i++) {
        const struct place *p = place_of(s, parts[i].code);
        if (p)
            s->own[p->at] = item;
    }
    for (size_t i = 0; i < n; i++) {
        const struct laid *group;
        if (!org_group(catalogue, parts[i].code))
            continue;
        TRY(members_of(c, catalogue, s, parts[i].code, day, &group));
        for (size_t m = 0; m < group->n; m++) {
            size_t at = group->members[m];
            if (s->own[at] == item || s->counted[at] == item)
                continue;
            s->counted[at] = item;
            through[at]++;
        }
    }
    return OK;
}

/* For each unit, by its place in org_units(): how many items its groups have in which it is not named. */
static enum err count_through(struct ctx *c, const struct org_catalogue *catalogue, int64_t at, int32_t day,
                              int64_t *through)
{
    struct sharing s = {0};
    struct shared row = {0};
    struct shared_rows all = {0};
    struct rows rows = db_query(c, SQL_owed_shared, ARG(at), ARG(plan_seen(c)));
    while (db_next(&rows, &shared_record, &row))
        *PUSH(c->arena, &all) = row;
    TRY(db_done(&rows));
    sort_units(c, catalogue, &s);
    for (size_t from = 0, to, item = 1; from < all.n; from = to, item++) {
        for (to = from; to < all.n && all.v[to].plan == all.v[from].plan && str_eq(all.v[to].item, all.v[from].item);)
            to++;
        TRY(count_item(c, catalogue, &s, day, &all.v[from], to - from, item, through));
    }
    return OK;
}

/* --- all of them --- */

static int by_code(const void *a, const void *b)
{
    return str_cmp(((const struct owed_count *)a)->code, ((const struct owed_count *)b)->code);
}

static enum err read_counts(struct ctx *c, int64_t at, int32_t day, struct owed_counts *ret)
{
    struct owed_count row = {0};
    struct rows rows = db_query_args(
        c, &SQL_owed_counts,
        (struct db_arg[]){ARG(at), db_arg_day(c, day), db_arg_day(c, day + DUE_SOON_DAYS), ARG(plan_seen(c))}, 4);
    while (db_next(&rows, &count_row_record, &row))
        *PUSH(c->arena, ret) = row;
    return db_done(&rows);
}

static struct owed_count counted(const struct owed_counts *counts, struct str code)
{
    struct owed_count wanted = {.code = code, .next_due = DAY_NONE};
    const struct owed_count *hit = counts->n ? bsearch(&wanted, counts->v, counts->n, sizeof wanted, by_code) : NULL;
    return hit ? *hit : wanted;
}

enum err owed_count_all(struct ctx *c, const struct org_catalogue *catalogue, int64_t at, int32_t day,
                        struct owed_counts *ret)
{
    struct org_units units = org_units(catalogue);
    struct org_groups groups = org_groups(catalogue);
    struct owed_counts counts = {0}, list = {0};
    int64_t *through = NEWN(c->arena, int64_t, units.n + 1);
    TRY(read_counts(c, at, day, &counts));
    TRY(count_through(c, catalogue, at, day, through));
    for (size_t i = 0; i < units.n; i++) {
        const struct org_unit *u = units.v[i];
        if (!org_exists(u->valid_from, u->valid_to, day))
            continue;
        struct owed_count one = counted(&counts, u->code);
        one.name = u->name;
        one.short_name = u->short_name;
        one.kind = u->kind;
        one.valid_from = u->valid_from;
        one.valid_to = u->valid_to;
        one.through = through[i];
        *PUSH(c->arena, &list) = one;
    }
    for (size_t i = 0; i < groups.n; i++) {
        const struct org_group *g = groups.v[i];
        if (!org_exists(g->valid_from, g->valid_to, day))
            continue;
        struct owed_count one = counted(&counts, g->code);
        one.name = g->name;
        one.kind = S("group");
        one.valid_from = g->valid_from;
        one.valid_to = g->valid_to;
        *PUSH(c->arena, &list) = one;
    }
    TRY(owed_total(c, at, &list.total));
    *ret = list;
    return OK;
}

static bool stands_in(struct ctx *c, const struct org_catalogue *catalogue, struct str tree, struct str code,
                      int32_t day)
{
    return org_parent(catalogue, tree, code, day).p || org_children(c, catalogue, tree, code, day).n;
}

void owed_filter(struct ctx *c, const struct org_catalogue *catalogue, struct owed_counts *counts,
                 const struct owed_filter *filter)
{
    const struct org_filter *words = org_filter_new(c, catalogue, filter->words);
    bool any = !filter->tree.n || str_eq(filter->tree, S("all"));
    size_t n = 0;
    for (size_t i = 0; i < counts->n; i++) {
        const struct owed_count *one = &counts->v[i];
        bool group = str_eq(one->kind, S("group"));
        if (filter->kind.n && !str_eq(filter->kind, one->kind))
            continue;
        if (!any && (str_eq(filter->tree, S("group"))
                         ? !group
                         : group || !stands_in(c, catalogue, filter->tree, one->code, filter->day)))
            continue;
        if (org_filter_fits(c, words, one->code))
            counts->v[n++] = *one;
    }
    counts->n = n;
}
