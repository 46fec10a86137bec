#include "domain/indicator/formula_node.h"

#include <math.h>

#include "base/banned.h"

/* Cells that are worked out together: so many that a loop over them is worth it, so few that they stay in the cache. */
enum { STRETCH = 256 };

/* Figures that differ by what binary arithmetic makes of 0.1 + 0.2 are the same to an office. */
static bool same(double a, double b)
{
    return fabs(a - b) <= 1e-12 * fmax(fabs(a), fabs(b));
}

static bool holds(enum formula_op op, double a, double b)
{
    bool equal = same(a, b);
    switch (op) {
    case OP_LESS:
        return a < b && !equal;
    case OP_LESS_EQUAL:
        return a < b || equal;
    case OP_GREATER:
        return a > b && !equal;
    case OP_GREATER_EQUAL:
        return a > b || equal;
    case OP_EQUAL:
        return equal;
    default:
        return !equal;
    }
}

static double power(double a, double b, enum formula_why *why)
{
    if (a == 0 && b <= 0) {
        *why = b < 0 ? FORMULA_BY_ZERO : FORMULA_NO_VALUE;
        return NAN;
    }
    double v = pow(a, b);
    if (isnan(v))
        *why = FORMULA_NO_VALUE;
    return v;
}

/* sum and mean, of all arguments or of those that are there. */
static double total(enum formula_op op, const double *args, size_t n)
{
    double v = 0;
    size_t there = 0;
    for (size_t i = 0; i < n; i++) {
        if (!isnan(args[i])) {
            v += args[i];
            there++;
        }
    }
    if (there == 0 || (there < n && (op == OP_SUM || op == OP_MEAN)))
        return NAN;
    return op == OP_MEAN || op == OP_MEAN_KNOWN ? v / (double)there : v;
}

static double extreme(enum formula_op op, const double *args, size_t n)
{
    double v = args[0];
    for (size_t i = 0; i < n; i++) {
        if (isnan(args[i]))
            return NAN;
        v = op == OP_MIN ? fmin(v, args[i]) : fmax(v, args[i]);
    }
    return v;
}

static double rounded(const double *args, size_t n)
{
    double places = n > 1 ? args[1] : 0;
    if (isnan(places))
        return NAN;
    return number_round(args[0], (int)fmin(fmax(round(places), -400), 15));
}

/* What has one argument and may have no value; that argument is there. */
static double single(enum formula_op op, double a, enum formula_why *why)
{
    if ((op == OP_SQRT && a < 0) || (op == OP_LN && a <= 0)) {
        *why = FORMULA_NO_VALUE;
        return NAN;
    }
    return op == OP_SQRT ? sqrt(a) : op == OP_LN ? log(a) : exp(a);
}

static double first_there(const double *args, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isnan(args[i]))
            return args[i];
    return NAN;
}

static double pair(enum formula_op op, double a, double b, enum formula_why *why)
{
    if (isnan(a) || isnan(b))
        return NAN;
    switch (op) {
    case OP_ADD:
        return a + b;
    case OP_SUBTRACT:
        return a - b;
    case OP_MULTIPLY:
        return a * b;
    case OP_DIVIDE:
        if (b == 0) {
            *why = FORMULA_BY_ZERO;
            return NAN;
        }
        return a / b;
    case OP_POWER:
        return power(a, b, why);
    default:
        return holds(op, a, b);
    }
}

static double raw(enum formula_op op, const double *args, size_t n, enum formula_why *why)
{
    switch (op) {
    case OP_NEGATE:
        return -args[0];
    case OP_ABS:
        return fabs(args[0]);
    case OP_SQRT:
    case OP_LN:
    case OP_EXP:
        return isnan(args[0]) ? NAN : single(op, args[0], why);
    case OP_ROUND:
        return rounded(args, n);
    case OP_MIN:
    case OP_MAX:
        return extreme(op, args, n);
    case OP_SUM:
    case OP_MEAN:
    case OP_SUM_KNOWN:
    case OP_MEAN_KNOWN:
        return total(op, args, n);
    case OP_COALESCE:
        return first_there(args, n);
    case OP_IF:
        return isnan(args[0]) ? NAN : args[args[0] != 0 ? 1 : 2];
    default:
        return pair(op, args[0], args[1], why);
    }
}

double formula_apply(enum formula_op op, const double *args, size_t n, enum formula_why *why)
{
    double v = raw(op, args, n, why);
    if (isinf(v)) {
        *why = FORMULA_RANGE;
        return NAN;
    }
    return v;
}

/* --- many cells -------------------------------------------------------------------------------------------------- */

static enum err fetch(const struct formula_source *s, const struct formula_ref *ref, size_t at, size_t n, double *ret)
{
    TRY(s->fetch(s->arg, ref, at, n, ret));
    for (size_t i = 0; i < n; i++)
        if (!isfinite(ret[i]))
            ret[i] = NAN;
    return OK;
}

/* The arguments of a node are the last values that stand open: `v` is where the first begins, and its result goes
 * there.
 */
static void work(const struct formula_node *node, double *v, size_t n)
{
    double args[FORMULA_NODES];
    enum formula_why why;
    switch (node->op) {
    case OP_ADD:
    case OP_SUBTRACT:
    case OP_MULTIPLY:
    case OP_DIVIDE:
        for (size_t i = 0; i < n; i++) {
            double a = v[i], b = v[STRETCH + i];
            double r = node->op == OP_ADD        ? a + b
                       : node->op == OP_SUBTRACT ? a - b
                       : node->op == OP_MULTIPLY ? a * b
                                                 : a / b;
            v[i] = isfinite(r) ? r : NAN;
        }
        return;
    default:
        for (size_t i = 0; i < n; i++) {
            for (size_t k = 0; k < node->n; k++)
                args[k] = v[k * STRETCH + i];
            v[i] = formula_apply(node->op, args, node->n, &why);
        }
    }
}

static void stretch(const struct formula *f, const double *figures, double *stack, size_t n)
{
    double *top = stack;
    for (size_t i = 0; i < f->n; i++) {
        const struct formula_node *node = &f->nodes[i];
        if (node->op == OP_REF) {
            memcpy(top, figures + node->ref * STRETCH, n * sizeof *top);
        } else if (node->op == OP_NUMBER) {
            for (size_t k = 0; k < n; k++)
                top[k] = node->number;
        } else {
            top -= (size_t)node->n * STRETCH;
            work(node, top, n);
        }
        top += STRETCH;
    }
}

enum err formula_eval(struct ctx *c, const struct formula *f, const struct formula_source *source, size_t n,
                      double *ret)
{
    struct arena_mark mark = arena_mark(c->arena);
    double *figures = NEWN(c->arena, double, (f->refs.n + 1) * STRETCH);
    double *stack = NEWN(c->arena, double, (f->stack + 1) * STRETCH);
    for (size_t at = 0; at < n; at += STRETCH) {
        size_t some = n - at < STRETCH ? n - at : STRETCH;
        for (size_t i = 0; i < f->refs.n; i++)
            TRY(fetch(source, &f->refs.v[i], at, some, figures + i * STRETCH));
        stretch(f, figures, stack, some);
        memcpy(ret + at, stack, some * sizeof *ret);
    }
    arena_rewind(c->arena, mark);
    return OK;
}

/* --- one cell, and why it is missing ------------------------------------------------------------------------------ */

/* Which argument made a node missing: the first that is, of those that count; node->n if the operation itself did. */
static size_t guilty(const struct formula *f, const struct formula_node *node, const double *v)
{
    const uint16_t *args = f->args + node->args;
    if (node->op == OP_IF && !isnan(v[args[0]]))
        return v[args[0]] != 0 ? 1 : 2;
    for (size_t i = 0; i < node->n; i++)
        if (isnan(v[args[i]]))
            return i;
    return node->n;
}

static void blame(const struct formula *f, const double *v, struct formula_trace *ret)
{
    size_t at = f->n - 1;
    while (f->nodes[at].op != OP_REF) {
        const struct formula_node *node = &f->nodes[at];
        size_t i = guilty(f, node, v);
        if (i == node->n) {
            double args[FORMULA_NODES];
            for (size_t k = 0; k < node->n; k++)
                args[k] = v[f->args[node->args + k]];
            formula_apply(node->op, args, node->n, &ret->why);
            ret->node = at;
            return;
        }
        at = f->args[node->args + i];
    }
    ret->why = FORMULA_MISSING;
    ret->ref = f->nodes[at].ref;
}

enum err formula_trace(struct ctx *c, const struct formula *f, const struct formula_source *source,
                       struct formula_trace *ret)
{
    double *value = NEWN(c->arena, double, f->refs.n + 1), v[FORMULA_NODES], args[FORMULA_NODES];
    enum formula_why why;
    for (size_t i = 0; i < f->refs.n; i++)
        TRY(fetch(source, &f->refs.v[i], 0, 1, &value[i]));
    for (size_t i = 0; i < f->n; i++) {
        const struct formula_node *node = &f->nodes[i];
        for (size_t k = 0; k < node->n; k++)
            args[k] = v[f->args[node->args + k]];
        v[i] = node->op == OP_REF      ? value[node->ref]
               : node->op == OP_NUMBER ? node->number
                                       : formula_apply(node->op, args, node->n, &why);
    }
    *ret = (struct formula_trace){.result = v[f->n - 1], .value = value};
    if (isnan(ret->result))
        blame(f, v, ret);
    return OK;
}
