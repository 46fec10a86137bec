#include "domain/indicator/formula_node.h"

#include "base/out.h"

#include <math.h>

#include "base/banned.h"

/* How tightly an operation binds. For readers a minus sign does so loosely, so that "5 − (−3)" has its brackets. */
enum { BIND_SUM = 1, BIND_PRODUCT, BIND_SIGN, BIND_POWER, BIND_WHOLE };

struct writer {
    struct ctx *c;
    const struct formula *f;
    const struct formula_how *how;
    struct out out;
};

static int binding(const struct writer *w, const struct formula_node *node)
{
    bool figures = w->how->style == FORMULA_VALUES;
    switch (node->op) {
    case OP_ADD:
    case OP_SUBTRACT:
        return BIND_SUM;
    case OP_MULTIPLY:
    case OP_DIVIDE:
        return BIND_PRODUCT;
    case OP_NEGATE:
        return w->how->style == FORMULA_SOURCE ? BIND_SIGN : BIND_SUM;
    case OP_POWER:
        return BIND_POWER;
    case OP_REF:
        return figures && w->how->trace->value[node->ref] < 0 ? BIND_SUM : BIND_WHOLE;
    default:
        return BIND_WHOLE;
    }
}

static struct str sign(const struct writer *w, enum formula_op op)
{
    bool source = w->how->style == FORMULA_SOURCE;
    switch (op) {
    case OP_ADD:
        return S(" + ");
    case OP_SUBTRACT:
        return source ? S(" - ") : S(" − ");
    case OP_MULTIPLY:
        return source ? S(" * ") : S(" × ");
    case OP_DIVIDE:
        return source ? S(" / ") : S(" ÷ ");
    case OP_POWER:
        return S("^");
    case OP_LESS:
        return S(" < ");
    case OP_LESS_EQUAL:
        return source ? S(" <= ") : S(" ≤ ");
    case OP_GREATER:
        return S(" > ");
    case OP_GREATER_EQUAL:
        return source ? S(" >= ") : S(" ≥ ");
    case OP_EQUAL:
        return S(" = ");
    default:
        return source ? S(" <> ") : S(" ≠ ");
    }
}

/* --- indicators -------------------------------------------------------------------------------------------------- */

static void source_ref(struct out *o, const struct formula_ref *r)
{
    static const struct str modes[] = {S0(""), S0("children("), S0("count_children(")};
    out_put(o, modes[r->mode]);
    if (r->years_back)
        out_put(o, S("year_ago("));
    if (r->periods_back)
        out_put(o, S("prev("));
    if (r->base)
        out_put(o, S("base("));
    out_fmt(o, r->category.n ? "[%.*s:%.*s]" : "[%.*s%.*s]", ARGS(r->code), ARGS(r->category));
    if (r->base)
        out_put(o, S(")"));
    if (r->periods_back > 1)
        out_fmt(o, ", %d", r->periods_back);
    if (r->periods_back)
        out_put(o, S(")"));
    if (r->years_back > 1)
        out_fmt(o, ", %d", r->years_back);
    if (r->years_back)
        out_put(o, S(")"));
    if (r->mode != FORMULA_OWN)
        out_put(o, S(")"));
}

/* Which period is meant, in brackets behind the name. */
static void period_words(struct out *o, const struct formula_ref *r, enum lang lang)
{
    bool vi = lang == LANG_VI;
    if (r->base)
        out_put(o, vi ? S(" (số gốc)") : S(" (baseline)"));
    if (r->periods_back == 1)
        out_put(o, vi ? S(" (kỳ trước)") : S(" (period before)"));
    else if (r->periods_back)
        out_fmt(o, vi ? " (%d kỳ trước)" : " (%d periods before)", r->periods_back);
    if (r->years_back == 1)
        out_put(o, vi ? S(" (cùng kỳ năm trước)") : S(" (a year ago)"));
    else if (r->years_back)
        out_fmt(o, vi ? " (cùng kỳ %d năm trước)" : " (%d years ago)", r->years_back);
}

static void name_ref(struct writer *w, const struct formula_ref *r)
{
    static const struct str modes[LANG_COUNT][3] = {
        {S0(""), S0("tổng cấp dưới của "), S0("số đơn vị cấp dưới có ")},
        {S0(""), S0("sum below of "), S0("places below with ")},
    };
    out_put(&w->out, modes[w->how->lang][r->mode]);
    if (w->how->name)
        out_put(&w->out, w->how->name(w->how->arg, r));
    else
        out_fmt(&w->out, r->category.n ? "%.*s:%.*s" : "%.*s%.*s", ARGS(r->code), ARGS(r->category));
    period_words(&w->out, r, w->how->lang);
}

static void put_number(struct writer *w, double v, int places)
{
    char text[NUMBER_TEXT];
    out_put(&w->out, lang_number(v, places, w->how->lang, text));
}

static void ref(struct writer *w, size_t at)
{
    const struct formula_ref *r = &w->f->refs.v[at];
    switch (w->how->style) {
    case FORMULA_SOURCE:
        source_ref(&w->out, r);
        return;
    case FORMULA_NAMES:
        name_ref(w, r);
        return;
    case FORMULA_VALUES:
        put_number(w, w->how->trace->value[at], w->how->places ? w->how->places(w->how->arg, r) : -1);
        return;
    }
}

/* --- operations -------------------------------------------------------------------------------------------------- */

static void write_node(struct writer *w, const struct formula_node *node);

static void operand(struct writer *w, const struct formula_node *node, int least)
{
    bool brackets = binding(w, node) < least;
    if (brackets)
        out_put(&w->out, S("("));
    write_node(w, node);
    if (brackets)
        out_put(&w->out, S(")"));
}

static void function(struct writer *w, const struct formula_node *node)
{
    const struct formula_function *f = formula_function(node->op);
    bool source = w->how->style == FORMULA_SOURCE;
    out_put(&w->out, source ? f->name : w->how->lang == LANG_VI ? f->vi : f->en);
    out_put(&w->out, S("("));
    for (size_t i = 0; i < node->n; i++) {
        if (i)
            out_put(&w->out, source ? S(", ") : S("; "));
        write_node(w, formula_arg(w->f, node, i));
    }
    out_put(&w->out, S(")"));
}

static void write_node(struct writer *w, const struct formula_node *node)
{
    int binds = binding(w, node);
    switch (node->op) {
    case OP_NUMBER:
        if (w->how->style == FORMULA_SOURCE)
            out_f64(&w->out, node->number);
        else
            put_number(w, node->number, -1);
        return;
    case OP_REF:
        ref(w, node->ref);
        return;
    case OP_NEGATE: {
        const struct formula_node *x = formula_arg(w->f, node, 0);
        out_put(&w->out, w->how->style == FORMULA_SOURCE ? S("-") : S("−"));
        operand(w, x, x->op == OP_POWER ? BIND_WHOLE : BIND_SIGN);
        return;
    }
    case OP_ADD:
    case OP_SUBTRACT:
    case OP_MULTIPLY:
    case OP_DIVIDE:
        operand(w, formula_arg(w->f, node, 0), binds);
        out_put(&w->out, sign(w, node->op));
        operand(w, formula_arg(w->f, node, 1), binds + 1);
        return;
    case OP_POWER:
        operand(w, formula_arg(w->f, node, 0), BIND_WHOLE);
        out_put(&w->out, S("^"));
        operand(w, formula_arg(w->f, node, 1), BIND_WHOLE);
        return;
    default:
        break;
    }
    if (formula_function(node->op)) {
        function(w, node);
        return;
    }
    operand(w, formula_arg(w->f, node, 0), BIND_SUM);
    out_put(&w->out, sign(w, node->op));
    operand(w, formula_arg(w->f, node, 1), BIND_SUM);
}

/* A formula of 4 KiB with the longest words for each of its signs is far below this. */
enum { TEXT_MOST = 1 << 20 };

static struct str written(struct ctx *c, const struct formula *f, const struct formula_how *how, size_t node)
{
    struct writer w = {.c = c, .f = f, .how = how};
    out_init(&w.out, c->arena, TEXT_MOST);
    write_node(&w, &f->nodes[node]);
    return out_str(&w.out);
}

struct str formula_text(struct ctx *c, const struct formula *f, const struct formula_how *how)
{
    return written(c, f, how, f->n - 1);
}

struct str formula_part(struct ctx *c, const struct formula *f, size_t node)
{
    static const struct formula_how source = {.style = FORMULA_SOURCE};
    return written(c, f, &source, node);
}

struct str formula_reason(struct ctx *c, const struct formula *f, const struct formula_trace *trace,
                          const struct formula_how *how)
{
    struct formula_how names = *how;
    names.style = FORMULA_NAMES;
    struct writer w = {.c = c, .f = f, .how = &names};
    bool vi = names.lang == LANG_VI;
    out_init(&w.out, c->arena, TEXT_MOST);
    switch (trace->why) {
    case FORMULA_KNOWN:
        break;
    case FORMULA_MISSING:
        out_put(&w.out, vi ? S("chưa có số liệu: ") : S("no figure yet: "));
        name_ref(&w, &f->refs.v[trace->ref]);
        break;
    case FORMULA_BY_ZERO:
        out_put(&w.out, vi ? S("mẫu số bằng 0: ") : S("division by zero: "));
        write_node(&w, formula_arg(f, &f->nodes[trace->node], f->nodes[trace->node].op == OP_DIVIDE ? 1 : 0));
        break;
    case FORMULA_NO_VALUE:
        out_put(&w.out, vi ? S("phép tính không có kết quả: ") : S("there is no such result: "));
        write_node(&w, &f->nodes[trace->node]);
        break;
    case FORMULA_RANGE:
        out_put(&w.out, vi ? S("kết quả quá lớn: ") : S("the result is too large: "));
        write_node(&w, &f->nodes[trace->node]);
        break;
    }
    return out_str(&w.out);
}
