/* formula_node.h - how a parsed formula stands in memory; for formula_*.c alone. */
#ifndef HOALU_FORMULA_NODE_H
#define HOALU_FORMULA_NODE_H

#include "domain/indicator/formula.h"

enum formula_op {
    OP_NUMBER,
    OP_REF,
    OP_NEGATE,
    OP_ADD,
    OP_SUBTRACT,
    OP_MULTIPLY,
    OP_DIVIDE,
    OP_POWER,
    OP_LESS, /* comparisons: only as the first argument of OP_IF */
    OP_LESS_EQUAL,
    OP_GREATER,
    OP_GREATER_EQUAL,
    OP_EQUAL,
    OP_DIFFERENT,
    OP_MIN, /* functions */
    OP_MAX,
    OP_SUM,
    OP_MEAN,
    OP_SUM_KNOWN,
    OP_MEAN_KNOWN,
    OP_ABS,
    OP_ROUND,
    OP_SQRT,
    OP_LN,
    OP_EXP,
    OP_COALESCE,
    OP_IF,
    OP_COUNT,
};

struct formula_node {
    enum formula_op op;
    uint16_t ref;     /* OP_REF */
    uint16_t n, args; /* how many arguments, and where they begin in formula.args */
    double number;    /* OP_NUMBER */
};

/* Nodes stand after their arguments; the last one is the whole. */
struct formula {
    const struct formula_node *nodes;
    size_t n;
    const uint16_t *args;
    struct formula_refs refs;
    size_t stack; /* values that stand open at once */
};

struct formula_function {
    struct str name, vi, en; /* in the source; for readers */
    enum formula_op op;
    int least, most; /* arguments */
};
/* Of a function's node; NULL for the other operations. */
const struct formula_function *formula_function(enum formula_op op);
/* By its name in the source; NULL if there is none. */
const struct formula_function *formula_function_named(struct str name);

static inline const struct formula_node *formula_arg(const struct formula *f, const struct formula_node *node, size_t i)
{
    return &f->nodes[f->args[node->args + i]];
}

/* The result of one operation; `*why` is set where it is missing although no argument that counts is. */
double formula_apply(enum formula_op op, const double *args, size_t n, enum formula_why *why);

/* One operation of a formula as source, for messages. */
struct str formula_part(struct ctx *c, const struct formula *f, size_t node);

#endif
