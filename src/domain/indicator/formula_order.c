#include "domain/indicator/formula_node.h"

#include "base/out.h"

#include <stdlib.h>

#include "base/banned.h"

enum { NONE = UINT32_MAX, CIRCLE_SHOWN = 20 };

/* What one formula asks for, with names made numbers. */
struct edge {
    uint32_t series; /* code and category */
    uint32_t def;    /* the formula behind the code; NONE: it is reported */
    const struct formula_ref *ref;
};

struct set {
    struct ctx *c;
    const struct formula_def *defs;
    size_t n;
    uint32_t *by_code;   /* defs, sorted by code */
    struct edge **edges; /* of each def */
    uint32_t *chain;     /* how many formulas stand above each other, itself included; 0: not worked out yet */
    bool *wanted;        /* by another formula */
    size_t *order;
    size_t n_order;
};

static struct str code_of(const struct set *s, size_t i)
{
    return s->defs[s->by_code[i]].code;
}

/* Its place among the sorted, or where it would stand. */
static size_t seek(const struct set *s, struct str code)
{
    size_t low = 0, high = s->n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (str_cmp(code_of(s, middle), code) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static uint32_t def_of(const struct set *s, struct str code)
{
    size_t at = seek(s, code);
    return at < s->n && str_eq(code_of(s, at), code) ? s->by_code[at] : NONE;
}

/* Codes are sorted by merging, so that no comparison needs to know the set. */
static void sort(struct set *s, uint32_t *v, uint32_t *room, size_t n)
{
    if (n < 2)
        return;
    size_t half = n / 2, i = 0, j = half, k = 0;
    sort(s, v, room, half);
    sort(s, v + half, room, n - half);
    while (i < half && j < n)
        room[k++] = str_cmp(s->defs[v[j]].code, s->defs[v[i]].code) < 0 ? v[j++] : v[i++];
    while (i < half)
        room[k++] = v[i++];
    while (j < n)
        room[k++] = v[j++];
    memcpy(v, room, n * sizeof *v);
}

struct series {
    struct str code, category;
    struct edge *edge;
};

static int by_series(const void *a, const void *b)
{
    const struct series *x = a, *y = b;
    int order = str_cmp(x->code, y->code);
    return order ? order : str_cmp(x->category, y->category);
}

static void number_series(struct set *s)
{
    size_t total = 0, at = 0;
    for (size_t i = 0; i < s->n; i++)
        total += s->defs[i].formula->refs.n;
    struct series *v = NEWN(s->c->arena, struct series, total + 1);
    for (size_t i = 0; i < s->n; i++) {
        struct formula_refs refs = s->defs[i].formula->refs;
        s->edges[i] = NEWN(s->c->arena, struct edge, refs.n + 1);
        for (size_t j = 0; j < refs.n; j++) {
            s->edges[i][j] = (struct edge){.def = def_of(s, refs.v[j].code), .ref = &refs.v[j]};
            if (s->edges[i][j].def != NONE)
                s->wanted[s->edges[i][j].def] = true;
            v[at++] = (struct series){refs.v[j].code, refs.v[j].category, &s->edges[i][j]};
        }
    }
    qsort(v, total, sizeof *v, by_series);
    uint32_t number = 0;
    for (size_t i = 0; i < total; i++) {
        number += i > 0 && by_series(&v[i - 1], &v[i]) != 0;
        v[i].edge->series = number;
    }
}

/* --- circles ----------------------------------------------------------------------------------------------------- */

struct step {
    uint32_t def;
    size_t next; /* edge */
};

static enum err circle(struct set *s, const struct step *path, size_t n, uint32_t again)
{
    struct out o;
    size_t from = 0, shown = 0;
    out_init(&o, s->c->arena, 64 << 10);
    while (path[from].def != again)
        from++;
    for (size_t i = from; i < n && shown < CIRCLE_SHOWN; i++, shown++)
        out_fmt(&o, "%.*s → ", ARGS(s->defs[path[i].def].code));
    if (n - from > shown)
        out_put(&o, S("… → "));
    out_put(&o, s->defs[again].code);
    return FAIL(s->c, E_INVALID, "Công thức quay vòng: %.*s (the formulas go in a circle)", ARGS(out_str(&o)));
}

/* Depth first with a path of our own: a chain may be as long as the set. `state`: 0 not seen, 1 on the path, 2 done. */
static enum err visit(struct set *s, uint32_t root, struct step *path, unsigned char *state)
{
    size_t depth = 0;
    path[depth++] = (struct step){root, 0};
    state[root] = 1;
    s->chain[root] = 1;
    while (depth) {
        struct step *top = &path[depth - 1];
        const struct formula *f = s->defs[top->def].formula;
        if (top->next == f->refs.n) {
            uint32_t done = top->def;
            state[done] = 2;
            s->order[s->n_order++] = done;
            if (--depth && s->chain[path[depth - 1].def] < s->chain[done] + 1)
                s->chain[path[depth - 1].def] = s->chain[done] + 1;
            continue;
        }
        uint32_t to = s->edges[top->def][top->next++].def;
        if (to == NONE)
            continue;
        if (state[to] == 1)
            return circle(s, path, depth, to);
        if (state[to] == 2) {
            if (s->chain[top->def] < s->chain[to] + 1)
                s->chain[top->def] = s->chain[to] + 1;
            continue;
        }
        state[to] = 1;
        s->chain[to] = 1;
        path[depth++] = (struct step){to, 0};
    }
    return OK;
}

/* --- bombs ------------------------------------------------------------------------------------------------------- */

/* A figure that is needed, relative to the one asked for. */
struct figure {
    uint32_t series, def;
    int periods_back, years_back, below; /* below: 2 for each step down, 1 more for a count */
    bool base;
};

enum { SLOTS = 4 * FORMULA_FIGURES };
struct closure {
    struct figure found[FORMULA_FIGURES];
    size_t n;
    uint32_t slots[SLOTS]; /* index into `found`, plus 1; of this round only if stamp is */
    uint32_t stamp[SLOTS], round;
};

static uint64_t mix(uint64_t h, uint64_t v)
{
    h = (h ^ v) * 0x9e3779b97f4a7c15u;
    return h ^ h >> 29;
}

/* False once there is no room. */
static bool want(struct closure *k, const struct figure *x)
{
    uint64_t h = mix(mix(mix(x->series, (uint64_t)x->periods_back << 20 | (uint64_t)x->years_back),
                         (uint64_t)x->below << 1 | x->base),
                     7);
    size_t slot = h % SLOTS;
    for (; k->stamp[slot] == k->round; slot = (slot + 1) % SLOTS) {
        const struct figure *y = &k->found[k->slots[slot] - 1];
        if (x->series == y->series && x->periods_back == y->periods_back && x->years_back == y->years_back &&
            x->below == y->below && x->base == y->base)
            return true;
    }
    if (k->n == FORMULA_FIGURES)
        return false;
    k->found[k->n++] = *x;
    k->slots[slot] = (uint32_t)k->n;
    k->stamp[slot] = k->round;
    return true;
}

static bool want_all(struct closure *k, const struct set *s, uint32_t def, const struct figure *from)
{
    for (size_t i = 0; i < s->defs[def].formula->refs.n; i++) {
        const struct edge *e = &s->edges[def][i];
        struct figure x = *from;
        x.series = e->series;
        x.def = e->def;
        x.below += e->ref->mode == FORMULA_OWN ? 0 : e->ref->mode == FORMULA_CHILDREN ? 2 : 3;
        x.periods_back = e->ref->base ? 0 : x.periods_back + e->ref->periods_back;
        x.years_back = e->ref->base ? 0 : x.years_back + e->ref->years_back;
        x.base = x.base || e->ref->base;
        if (!want(k, &x))
            return false;
    }
    return true;
}

static enum err bounded(struct set *s, struct closure *k, uint32_t root)
{
    struct str code = s->defs[root].code;
    if (s->chain[root] > FORMULA_CHAIN)
        return FAIL(s->c, E_LIMIT,
                    "Công thức của “%.*s” dựa trên hơn %d tầng công thức khác (over %d formulas above each other)",
                    ARGS(code), FORMULA_CHAIN, FORMULA_CHAIN);
    k->n = 0;
    k->round++;
    struct figure none = {0};
    bool fits = want_all(k, s, root, &none);
    for (size_t i = 0; fits && i < k->n; i++) {
        struct figure x = k->found[i];
        fits = x.def == NONE || want_all(k, s, x.def, &x);
    }
    if (!fits)
        return FAIL(s->c, E_LIMIT,
                    "Công thức của “%.*s” cần hơn %d số liệu khác nhau cho một con số (over %d figures for one)",
                    ARGS(code), FORMULA_FIGURES, FORMULA_FIGURES);
    return OK;
}

/* --- the whole --------------------------------------------------------------------------------------------------- */

enum err formula_order(struct ctx *c, const struct formula_def *defs, size_t n, size_t **ret)
{
    if (n > FORMULA_SET)
        return FAIL(c, E_LIMIT, "Quá %d công thức (over %d formulas)", FORMULA_SET, FORMULA_SET);
    struct arena *a = c->arena;
    struct set s = {.c = c, .defs = defs, .n = n};
    s.order = NEWN(a, size_t, n + 1);
    s.by_code = NEWN(a, uint32_t, n + 1);
    s.edges = NEWN(a, struct edge *, n + 1);
    s.chain = NEWN(a, uint32_t, n + 1);
    s.wanted = NEWN(a, bool, n + 1);
    for (size_t i = 0; i < n; i++)
        s.by_code[i] = (uint32_t)i;
    sort(&s, s.by_code, NEWN(a, uint32_t, n + 1), n);
    for (size_t i = 1; i < n; i++)
        if (str_eq(code_of(&s, i - 1), code_of(&s, i)))
            return FAIL(c, E_CONFLICT, "Chỉ tiêu “%.*s” có hai công thức (two formulas for one indicator)",
                        ARGS(code_of(&s, i)));
    number_series(&s);
    struct step *path = NEWN(a, struct step, n + 1);
    unsigned char *state = NEWN(a, unsigned char, n + 1);
    for (size_t i = 0; i < n; i++)
        if (state[i] == 0)
            TRY(visit(&s, (uint32_t)i, path, state));
    /* What a formula needs that others refer to, those need too, so it is enough to look at the rest; and one that
     * refers to none asks for no more figures than it has terms. */
    struct closure *k = NULL;
    for (size_t i = 0; i < n; i++) {
        if (s.wanted[i] || s.chain[i] == 1)
            continue;
        k = k ? k : NEW(a, struct closure);
        TRY(bounded(&s, k, (uint32_t)i));
    }
    *ret = s.order;
    return OK;
}
