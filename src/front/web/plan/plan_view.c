#include "front/web/plan/plan_view.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

struct keyed {
    struct str path;
    size_t ordinal;
    const void *row;
};

static int by_key(const void *a, const void *b)
{
    const struct keyed *x = a, *y = b;
    int paths = str_cmp(x->path, y->path);
    return paths ? paths : (x->ordinal > y->ordinal) - (x->ordinal < y->ordinal);
}

struct index {
    struct keyed *v;
    size_t n;
};

static struct index index_of(struct ctx *c, const void *rows, size_t n, size_t size, size_t offset)
{
    struct index x = {NEWN(c->arena, struct keyed, n + 1), n};
    for (size_t i = 0; i < n; i++) {
        const char *row = (const char *)rows + i * size;
        x.v[i] = (struct keyed){*(const struct str *)(row + offset), i, row};
    }
    qsort(x.v, n, sizeof *x.v, by_key);
    return x;
}

/* The rows of one path, gathered into a list of their own. */
static size_t gather(struct ctx *c, const struct index *x, struct str path, size_t size, const void **ret)
{
    size_t low = 0, high = x->n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (str_cmp(x->v[middle].path, path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    size_t n = 0;
    while (low + n < x->n && str_eq(x->v[low + n].path, path))
        n++;
    char *rows = n ? arena_alloc(c->arena, size, 16, n) : NULL;
    for (size_t i = 0; i < n; i++)
        memcpy(rows + i * size, x->v[low + i].row, size);
    *ret = rows;
    return n;
}

/* As the document writes it: "III" of a part, "3.3" of III.3.3, for the part is named above it. */
static struct str number_of(struct str path)
{
    size_t dot = str_find(path, S("."), 0);
    return dot == SIZE_MAX ? path : str_skip(path, dot + 1);
}

static unsigned level_of(struct str path)
{
    unsigned level = 1;
    for (size_t i = 0; i < path.n; i++)
        level += path.p[i] == '.';
    return level;
}

struct indices {
    struct index tasks, programmes, targets, duties, findings;
};

static void fill(struct ctx *c, const struct indices *x, struct clause_view *v, int32_t today)
{
    struct str path = v->clause->path;
    const void *rows;
    v->number = number_of(path);
    v->level = level_of(path);
    v->is_heading = str_eq(v->clause->kind, S("heading"));
    if (gather(c, &x->tasks, path, sizeof(struct task), &rows))
        v->task = rows;
    else if (gather(c, &x->programmes, path, sizeof(struct task), &rows)) {
        v->task = rows;
        v->is_programme = true;
    }
    if (v->task)
        v->due = due_judge(v->task->schedule.kind, v->task->schedule.due, today, &v->days);
    v->targets.n = gather(c, &x->targets, path, sizeof(struct target), &rows);
    v->targets.v = rows;
    v->duties.n = gather(c, &x->duties, path, sizeof(struct duty), &rows);
    v->duties.v = rows;
    v->findings.n = gather(c, &x->findings, path, sizeof(struct finding), &rows);
    v->findings.v = rows;
}

void plan_view(struct ctx *c, const struct plan_row *plan, const struct draft *draft, int32_t today,
               struct plan_view *ret)
{
    const struct draft *d = draft;
#define INDEX(list, type) index_of(c, d->list.v, d->list.n, sizeof(struct type), offsetof(struct type, path))
    struct indices x = {INDEX(tasks, task), INDEX(programmes, task), INDEX(targets, target), INDEX(duties, duty),
                        INDEX(findings, finding)};
    *ret = (struct plan_view){.plan = *plan, .draft = draft, .today = today};
    ret->v = NEWN(c->arena, struct clause_view, d->clauses.n + 1);
    for (; ret->n < d->clauses.n; ret->n++) {
        struct clause_view *v = &ret->v[ret->n];
        v->clause = &d->clauses.v[ret->n];
        fill(c, &x, v, today);
        ret->past += v->task && v->due == DUE_PAST;
        ret->soon += v->task && v->due == DUE_SOON;
    }
    for (size_t i = 0; i < d->findings.n; i++) {
        const struct finding *f = &d->findings.v[i];
        ret->errors += str_eq(f->severity, S("error"));
        ret->warnings += str_eq(f->severity, S("warning"));
        if (!f->path.n)
            *PUSH(c->arena, &ret->general) = f;
    }
}
