/* The dictionary made ready for looking things up; what ships with the program. */
#include "domain/indicator/dictionary.h"
#include "domain/indicator/dictionary_store.h"

#include "base/embed.h"

#include <stdlib.h>

#include "base/banned.h"

extern const struct embedded indicator_data[];
extern const size_t indicator_data_n;

struct org_files dictionary_files_builtin(struct ctx *c)
{
    struct org_file *files = NEWN(c->arena, struct org_file, indicator_data_n);
    for (size_t i = 0; i < indicator_data_n; i++)
        files[i] = (struct org_file){indicator_data[i].name, indicator_data[i].content};
    return (struct org_files){files, indicator_data_n};
}

/* What ships was checked when the program was tested. */
enum err dictionary_builtin(struct ctx *c, const struct dictionary **ret)
{
    struct org_files files = dictionary_files_builtin(c);
    struct row_problems problems = {0};
    const struct dictionary *d = dictionary_merge(c, files.v, files.n, NULL, &problems);
    if (problems.n)
        return row_refuse(c, &problems);
    *ret = d;
    return OK;
}

/* ---- order ---- */

static bool is_digit(char ch)
{
    return ch >= '0' && ch <= '9';
}

int dictionary_compare_codes(struct str a, struct str b)
{
    size_t i = 0, j = 0;
    while (i < a.n && j < b.n) {
        if (!is_digit(a.p[i]) || !is_digit(b.p[j])) {
            if (a.p[i] != b.p[j])
                return (unsigned char)a.p[i] < (unsigned char)b.p[j] ? -1 : 1;
            i++, j++;
            continue;
        }
        while (i < a.n && a.p[i] == '0')
            i++;
        while (j < b.n && b.p[j] == '0')
            j++;
        size_t from_i = i, from_j = j;
        while (i < a.n && is_digit(a.p[i]))
            i++;
        while (j < b.n && is_digit(b.p[j]))
            j++;
        struct str x = str_slice(a, from_i, i), y = str_slice(b, from_j, j);
        int order = x.n != y.n ? (x.n < y.n ? -1 : 1) : str_cmp(x, y);
        if (order)
            return order;
    }
    if (i < a.n || j < b.n)
        return i < a.n ? 1 : -1;
    return str_cmp(a, b); /* "01" and "1" */
}

static int in_order(const void *a, const void *b)
{
    const struct indicator *x = *(const struct indicator *const *)a, *y = *(const struct indicator *const *)b;
    int order = dictionary_compare_codes(x->set, y->set);
    return order ? order : dictionary_compare_codes(x->code, y->code);
}

static int by_code(const void *a, const void *b)
{
    const struct indicator *x = *(const struct indicator *const *)a, *y = *(const struct indicator *const *)b;
    return str_cmp(x->code, y->code);
}

/* Goals of whole plans before those of places. */
static int goals_in_order(const void *a, const void *b)
{
    const struct goal *x = *(const struct goal *const *)a, *y = *(const struct goal *const *)b;
    if (!x->place.n != !y->place.n)
        return x->place.n ? 1 : -1;
    return dictionary_compare_codes(x->key, y->key);
}

void dictionary_index(struct ctx *c, struct dictionary *d)
{
    size_t n = d->rows[DICTIONARY_INDICATOR].n, n_goals = d->rows[DICTIONARY_GOAL].n;
    d->in_order = NEWN(c->arena, const struct indicator *, n + 1);
    d->by_code = NEWN(c->arena, const struct indicator *, n + 1);
    d->goals = NEWN(c->arena, const struct goal *, n_goals + 1);
    for (size_t i = 0; i < n; i++)
        d->in_order[i] = d->by_code[i] = dictionary_row(d, DICTIONARY_INDICATOR, i);
    for (size_t i = 0; i < n_goals; i++)
        d->goals[i] = dictionary_row(d, DICTIONARY_GOAL, i);
    qsort(d->in_order, n, sizeof *d->in_order, in_order);
    qsort(d->by_code, n, sizeof *d->by_code, by_code);
    qsort(d->goals, n_goals, sizeof *d->goals, goals_in_order);
}

/* ---- looking up ---- */

const struct indicator *dictionary_indicator(const struct dictionary *d, struct str code)
{
    for (size_t low = 0, high = d->rows[DICTIONARY_INDICATOR].n; low < high;) {
        size_t middle = low + (high - low) / 2;
        int order = str_cmp(d->by_code[middle]->code, code);
        if (!order)
            return d->by_code[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const struct indicator_set *dictionary_set(const struct dictionary *d, struct str code)
{
    for (size_t i = 0; i < d->rows[DICTIONARY_SET].n; i++) {
        const struct indicator_set *set = dictionary_row(d, DICTIONARY_SET, i);
        if (str_eq(set->code, code))
            return set;
    }
    return NULL;
}

struct indicator_sets dictionary_sets(const struct dictionary *d)
{
    return (struct indicator_sets){(const void *)d->rows[DICTIONARY_SET].v, d->rows[DICTIONARY_SET].n};
}

struct dimensions dictionary_dimensions(const struct dictionary *d)
{
    return (struct dimensions){(const void *)d->rows[DICTIONARY_DIMENSION].v, d->rows[DICTIONARY_DIMENSION].n};
}

const struct dimension *dictionary_category(const struct dictionary *d, struct str dimension, struct str category)
{
    for (size_t i = 0; i < d->rows[DICTIONARY_DIMENSION].n; i++) {
        const struct dimension *row = dictionary_row(d, DICTIONARY_DIMENSION, i);
        if (str_eq(row->dimension, dimension) && str_eq(row->category, category))
            return row;
    }
    return NULL;
}

struct indicators dictionary_indicators(const struct dictionary *d)
{
    return (struct indicators){d->in_order, d->rows[DICTIONARY_INDICATOR].n};
}

struct goals dictionary_all_goals(const struct dictionary *d)
{
    return (struct goals){d->goals, d->rows[DICTIONARY_GOAL].n};
}

struct indicator_list {
    const struct indicator **v;
    size_t n, cap;
};

struct indicators dictionary_parts(struct ctx *c, const struct dictionary *d, struct str code)
{
    struct indicator_list list = {0};
    struct indicators all = dictionary_indicators(d);
    for (size_t i = 0; code.n && i < all.n; i++)
        if (str_eq(all.v[i]->parent, code))
            *PUSH(c->arena, &list) = all.v[i];
    return (struct indicators){list.v, list.n};
}

static bool uses(struct ctx *c, const struct indicator *i, struct str code)
{
    struct strs codes;
    struct error before = c->error;
    if (i->weight.n && str_eq(i->weight, code))
        return true;
    if (!i->formula.n || !str_has(i->formula, code))
        return false;
    if (!dictionary_formula_codes(c, i->formula, &codes)) {
        c->error = before;
        return false;
    }
    for (size_t k = 0; k < codes.n; k++)
        if (str_eq(codes.v[k], code))
            return true;
    return false;
}

struct indicators dictionary_users(struct ctx *c, const struct dictionary *d, struct str code)
{
    struct indicator_list list = {0};
    struct indicators all = dictionary_indicators(d);
    for (size_t i = 0; i < all.n; i++)
        if (uses(c, all.v[i], code))
            *PUSH(c->arena, &list) = all.v[i];
    return (struct indicators){list.v, list.n};
}

struct goal_list {
    const struct goal **v;
    size_t n, cap;
};

struct goals dictionary_goals(struct ctx *c, const struct dictionary *d, struct str indicator)
{
    struct goal_list list = {0};
    for (size_t i = 0; i < d->rows[DICTIONARY_GOAL].n; i++)
        if (str_eq(d->goals[i]->indicator, indicator))
            *PUSH(c->arena, &list) = d->goals[i];
    return (struct goals){list.v, list.n};
}

const struct goal *dictionary_goal(const struct dictionary *d, struct str plan, struct str target)
{
    for (size_t i = 0; i < d->rows[DICTIONARY_GOAL].n; i++)
        if (!d->goals[i]->place.n && str_eq(d->goals[i]->plan, plan) && str_eq(d->goals[i]->target, target))
            return d->goals[i];
    return NULL;
}

const struct goal *dictionary_goal_by_key(const struct dictionary *d, struct str key)
{
    for (size_t i = 0; i < d->rows[DICTIONARY_GOAL].n; i++)
        if (str_eq(d->goals[i]->key, key))
            return d->goals[i];
    return NULL;
}

struct goals dictionary_shares(struct ctx *c, const struct dictionary *d, struct str goal)
{
    struct goal_list list = {0};
    for (size_t i = 0; i < d->rows[DICTIONARY_GOAL].n; i++)
        if (goal.n && str_eq(d->goals[i]->above, goal))
            *PUSH(c->arena, &list) = d->goals[i];
    return (struct goals){list.v, list.n};
}

static int paths_in_order(const void *a, const void *b)
{
    return dictionary_compare_codes(*(const struct str *)a, *(const struct str *)b);
}

struct strs dictionary_paths(struct ctx *c, const struct dictionary *d, struct str indicator, struct str plan)
{
    size_t n = d->rows[DICTIONARY_LINK].n;
    struct strs ret = {NEWN(c->arena, struct str, n + 1), 0};
    for (size_t i = 0; i < n; i++) {
        const struct indicator_link *link = dictionary_row(d, DICTIONARY_LINK, i);
        if (str_eq(link->indicator, indicator) && str_eq(link->plan, plan))
            ret.v[ret.n++] = link->path;
    }
    qsort(ret.v, ret.n, sizeof *ret.v, paths_in_order);
    return ret;
}

struct indicators dictionary_at(struct ctx *c, const struct dictionary *d, struct str plan, struct str path)
{
    struct indicator_list list = {0};
    for (size_t i = 0; i < d->rows[DICTIONARY_LINK].n; i++) {
        const struct indicator_link *link = dictionary_row(d, DICTIONARY_LINK, i);
        const struct indicator *row =
            str_eq(link->plan, plan) && str_eq(link->path, path) ? dictionary_indicator(d, link->indicator) : NULL;
        if (row)
            *PUSH(c->arena, &list) = row;
    }
    if (list.n)
        qsort(list.v, list.n, sizeof *list.v, in_order);
    return (struct indicators){list.v, list.n};
}
