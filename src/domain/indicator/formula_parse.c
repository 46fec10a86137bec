#include "domain/indicator/formula_node.h"

#include "base/out.h"

#include <math.h>
#include <stdlib.h>

#include "base/banned.h"

/* More than there can be. */
enum { MANY = FORMULA_NODES + 1 };

static const struct formula_function functions[] = {
    {S0("min"), S0("nhỏ nhất"), S0("least"), OP_MIN, 1, MANY},
    {S0("max"), S0("lớn nhất"), S0("greatest"), OP_MAX, 1, MANY},
    {S0("sum"), S0("tổng"), S0("sum"), OP_SUM, 1, MANY},
    {S0("mean"), S0("trung bình"), S0("mean"), OP_MEAN, 1, MANY},
    {S0("sum_known"), S0("tổng số đã có"), S0("sum of what is known"), OP_SUM_KNOWN, 1, MANY},
    {S0("mean_known"), S0("trung bình số đã có"), S0("mean of what is known"), OP_MEAN_KNOWN, 1, MANY},
    {S0("abs"), S0("trị tuyệt đối"), S0("size"), OP_ABS, 1, 1},
    {S0("round"), S0("làm tròn"), S0("round"), OP_ROUND, 1, 2},
    {S0("sqrt"), S0("căn bậc hai"), S0("square root"), OP_SQRT, 1, 1},
    {S0("ln"), S0("ln"), S0("ln"), OP_LN, 1, 1},
    {S0("exp"), S0("exp"), S0("exp"), OP_EXP, 1, 1},
    {S0("coalesce"), S0("số đầu tiên đã có"), S0("first that is known"), OP_COALESCE, 1, MANY},
    {S0("if"), S0("nếu"), S0("if"), OP_IF, 3, 3},
};

const struct formula_function *formula_function(enum formula_op op)
{
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (functions[i].op == op)
            return &functions[i];
    return NULL;
}

const struct formula_function *formula_function_named(struct str name)
{
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (str_eq(functions[i].name, name))
            return &functions[i];
    return NULL;
}

/* --- reading ----------------------------------------------------------------------------------------------------- */

/* Refs stand once for each place until all is read: what is around them still moves them. */
struct parser {
    struct ctx *c;
    struct str text;
    size_t at;
    int depth;
    size_t open; /* values that stand open, as an evaluation will have them */
    struct formula_node nodes[FORMULA_NODES];
    size_t n;
    uint16_t args[FORMULA_NODES];
    size_t n_args, stack;
    struct formula_ref refs[FORMULA_NODES];
    size_t n_refs;
};

static enum err bad(struct parser *p, size_t at, const char *vi, const char *en)
{
    size_t column = 1;
    for (size_t i = 0; i < at && i < p->text.n; i++)
        column += ((unsigned char)p->text.p[i] & 0xc0) != 0x80;
    enum err e = FAIL(p->c, E_INVALID, "Công thức, cột %zu: %s (formula, column %zu: %s)", column, vi, column, en);
    p->c->error.field = S("formula");
    return e;
}

static enum err too_much(struct parser *p, const char *vi, const char *en)
{
    enum err e = FAIL(p->c, E_LIMIT, "Công thức %s (the formula %s)", vi, en);
    p->c->error.field = S("formula");
    return e;
}

static bool is_digit(char ch)
{
    return ch >= '0' && ch <= '9';
}

static bool is_letter(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');
}

static char peek(const struct parser *p)
{
    return p->at < p->text.n ? p->text.p[p->at] : '\0';
}

static void skip_blanks(struct parser *p)
{
    for (;;) {
        char ch = peek(p);
        if (ch == ' ' || ch == '\t' || ch == '\n' || ch == '\r')
            p->at++;
        else if (str_starts(str_skip(p->text, p->at), S("\u00a0")))
            p->at += 2;
        else
            return;
    }
}

/* The sign that stands here, in either spelling; past it. */
static bool take(struct parser *p, struct str sign, struct str other)
{
    skip_blanks(p);
    struct str rest = str_skip(p->text, p->at);
    struct str found = str_starts(rest, sign) ? sign : other.n && str_starts(rest, other) ? other : S("");
    p->at += found.n;
    return found.n > 0;
}

/* A node over the last `n` values, whose indexes are in `args`. */
static enum err push(struct parser *p, struct formula_node node, const uint16_t *args)
{
    if (p->n == FORMULA_NODES)
        return too_much(p, "quá dài: hơn 512 phép tính và số hạng", "is too long: over 512 terms and operations");
    node.args = (uint16_t)p->n_args;
    for (size_t i = 0; i < node.n; i++)
        p->args[p->n_args++] = args[i];
    p->open = p->open - node.n + 1;
    if (p->open > p->stack)
        p->stack = p->open;
    p->nodes[p->n++] = node;
    return OK;
}

static enum err push_two(struct parser *p, enum formula_op op, uint16_t a, uint16_t b)
{
    return push(p, (struct formula_node){.op = op, .n = 2}, (const uint16_t[]){a, b});
}

static uint16_t last(const struct parser *p)
{
    return (uint16_t)(p->n - 1);
}

static enum err sum(struct parser *p);

static enum err deeper(struct parser *p)
{
    if (++p->depth > FORMULA_DEPTH)
        return too_much(p, "lồng quá 64 tầng", "is nested over 64 deep");
    return OK;
}

/* --- numbers and codes ------------------------------------------------------------------------------------------- */

static enum err number(struct parser *p)
{
    size_t from = p->at;
    const char *t = p->text.p;
    while (is_digit(peek(p)))
        p->at++;
    if (peek(p) == '.') {
        p->at++;
        if (!is_digit(peek(p)))
            return bad(p, p->at, "sau dấu chấm thập phân phải có chữ số", "a decimal point wants a digit after it");
        while (is_digit(peek(p)))
            p->at++;
        if (peek(p) == '.')
            return bad(p, p->at, "số có hai dấu chấm; viết 1000000, không viết 1.000.000",
                       "two points in a number; write 1000000");
    }
    if (peek(p) == ',' && p->at + 1 < p->text.n && is_digit(t[p->at + 1]))
        return bad(p, p->at,
                   "dấu phẩy giữa hai chữ số: phần thập phân viết bằng dấu chấm (0.4), các đối số cách nhau "
                   "bằng “; ” hoặc “, ”",
                   "a comma between digits: write decimals with a point (0.4) and part arguments by '; ' or ', '");
    if (peek(p) == 'e' || peek(p) == 'E') {
        size_t digits = p->at + 1;
        if (digits < p->text.n && (t[digits] == '+' || t[digits] == '-'))
            digits++;
        if (digits < p->text.n && is_digit(t[digits]))
            for (p->at = digits; is_digit(peek(p));)
                p->at++;
    }
    if (is_letter(peek(p)) || peek(p) == '_' || peek(p) == '[')
        return bad(p, p->at, "thiếu phép tính sau số; mã có chữ số ở đầu viết trong ngoặc vuông: [5G-PHU]",
                   "an operation is missing after the number; a code that begins with a digit stands in [ ]");
    double v = strtod(str_z(p->c->arena, str_slice(p->text, from, p->at)), NULL);
    if (!isfinite(v) || p->at - from > 64)
        return bad(p, from, "số quá lớn hoặc quá dài", "this number is too large or too long");
    return push(p, (struct formula_node){.op = OP_NUMBER, .number = v}, NULL);
}

/* A code or a category from here on; `dash`: '-' may be in it. */
static struct str word(struct parser *p, bool dash)
{
    size_t from = p->at;
    while (is_letter(peek(p)) || is_digit(peek(p)) || peek(p) == '_' || peek(p) == '.' || (dash && peek(p) == '-'))
        p->at++;
    return str_slice(p->text, from, p->at);
}

static enum err push_ref(struct parser *p, struct str code, struct str category)
{
    if (p->n_refs < FORMULA_NODES)
        p->refs[p->n_refs] = (struct formula_ref){.code = code, .category = category};
    TRY(push(p, (struct formula_node){.op = OP_REF, .ref = (uint16_t)p->n_refs}, NULL));
    p->n_refs++;
    return OK;
}

static enum err bracketed(struct parser *p)
{
    size_t from = p->at++;
    skip_blanks(p);
    struct str code = word(p, true), category = S("");
    skip_blanks(p);
    if (!code.n)
        return bad(p, p->at, "trong [ ] phải là mã chỉ tiêu: chữ không dấu, chữ số, “-”, “.”, “_”",
                   "inside [ ] stands the code of an indicator: letters, digits, '-', '.', '_'");
    if (peek(p) == ':') {
        p->at++;
        skip_blanks(p);
        category = word(p, true);
        skip_blanks(p);
        if (!category.n)
            return bad(p, p->at, "sau “:” phải là tên nhóm phân tổ", "a category is missing after ':'");
    }
    if (peek(p) != ']')
        return p->at < p->text.n ? bad(p, p->at, "mã chỉ tiêu chỉ có chữ không dấu, chữ số, “-”, “.”, “_”",
                                       "a code has only letters, digits, '-', '.', '_'")
                                 : bad(p, from, "thiếu “]”", "']' is missing");
    p->at++;
    return push_ref(p, code, category);
}

/* --- functions --------------------------------------------------------------------------------------------------- */

static bool part(struct parser *p)
{
    return take(p, S(","), S(";"));
}

static enum err closing(struct parser *p, size_t from)
{
    if (take(p, S(")"), S("")))
        return OK;
    return p->at < p->text.n
               ? bad(p, p->at, "chờ phép tính, “)” hoặc dấu cách đối số", "an operation, ')' or ',' should stand here")
               : bad(p, from, "ngoặc này chưa đóng", "this bracket is not closed");
}

/* "prev(x, 3)": how many, 1 if not said. */
static enum err how_many(struct parser *p, int *ret)
{
    *ret = 1;
    if (!part(p))
        return OK;
    skip_blanks(p);
    size_t from = p->at;
    while (is_digit(peek(p)))
        p->at++;
    int64_t n;
    if (!str_i64(str_slice(p->text, from, p->at), &n) || n < 1 || n > FORMULA_BACK)
        return bad(p, from, "số kỳ lùi phải là số nguyên từ 1 đến 1200", "how many back is a whole number, 1 to 1200");
    *ret = (int)n;
    return OK;
}

/* What stands in prev(), year_ago(), base(): every indicator in it moves. */
static enum err moved(struct parser *p, struct str name, size_t from)
{
    bool prev = str_eq(name, S("prev")), base = str_eq(name, S("base"));
    size_t first = p->n_refs;
    int by = 1;
    TRY(sum(p));
    if (!base)
        TRY(how_many(p, &by));
    if (first == p->n_refs)
        return bad(p, from, "prev, year_ago và base cần một chỉ tiêu bên trong",
                   "prev, year_ago and base want an indicator inside");
    for (size_t i = first; i < p->n_refs; i++) {
        struct formula_ref *r = &p->refs[i];
        if (r->base || (base && (r->periods_back || r->years_back)))
            return bad(p, from, "base() không lồng với base, prev hay year_ago: số gốc chỉ có một",
                       "base() does not nest with base, prev or year_ago: there is one baseline");
        r->base = base;
        *(prev ? &r->periods_back : &r->years_back) += base ? 0 : by;
        if (r->periods_back > FORMULA_BACK || r->years_back > FORMULA_BACK)
            return bad(p, from, "lùi quá 1200 kỳ", "over 1200 periods back");
    }
    return closing(p, from);
}

static enum err children(struct parser *p, struct str name, size_t from)
{
    size_t first = p->n;
    TRY(sum(p));
    if (p->n != first + 1 || p->nodes[first].op != OP_REF)
        return bad(p, from,
                   "trong children và count_children chỉ đặt một chỉ tiêu; phép tính thì lập thành chỉ tiêu riêng",
                   "children and count_children take one indicator; make what is computed an indicator of its own");
    struct formula_ref *r = &p->refs[p->nodes[first].ref];
    if (r->mode != FORMULA_OWN)
        return bad(p, from, "children không lồng nhau", "children does not nest");
    r->mode = str_eq(name, S("children")) ? FORMULA_CHILDREN : FORMULA_COUNT_CHILDREN;
    return closing(p, from);
}

static enum err condition(struct parser *p)
{
    static const struct {
        struct str sign, other;
        enum formula_op op;
    } signs[] = {{S0("<="), S0("≤"), OP_LESS_EQUAL}, {S0(">="), S0("≥"), OP_GREATER_EQUAL},
                 {S0("<>"), S0("≠"), OP_DIFFERENT},  {S0("!="), S0(""), OP_DIFFERENT},
                 {S0("<"), S0(""), OP_LESS},         {S0(">"), S0(""), OP_GREATER},
                 {S0("=="), S0("="), OP_EQUAL}};
    TRY(sum(p));
    uint16_t left = last(p);
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (take(p, signs[i].sign, signs[i].other)) {
            TRY(sum(p));
            return push_two(p, signs[i].op, left, last(p));
        }
    return bad(p, p->at, "đối số thứ nhất của if là một phép so sánh: if(a < b, …, …)",
               "the first argument of if is a comparison: if(a < b, …, …)");
}

static enum err call(struct parser *p, struct str name, size_t from)
{
    const struct formula_function *f = formula_function_named(name);
    if (str_eq(name, S("prev")) || str_eq(name, S("year_ago")) || str_eq(name, S("base")))
        return moved(p, name, from);
    if (str_eq(name, S("children")) || str_eq(name, S("count_children")))
        return children(p, name, from);
    if (str_eq(name, S("count")) || str_eq(name, S("register_count")))
        return bad(p, from, "đếm trong sổ đăng ký chưa dùng được trong công thức",
                   "counts over registers are not to be had yet");
    if (!f)
        return bad(p, from,
                   "không có hàm này; có: min max sum mean sum_known mean_known abs round sqrt ln exp coalesce if "
                   "prev year_ago base children count_children",
                   "there is no such function");
    uint16_t args[FORMULA_NODES];
    int n = 0;
    do {
        if (n == f->most)
            return bad(p, from, "hàm này có quá nhiều đối số", "too many arguments for this function");
        TRY(f->op == OP_IF && n == 0 ? condition(p) : sum(p));
        args[n++] = last(p);
    } while (part(p));
    TRY(closing(p, from));
    if (n < f->least)
        return bad(p, from, "hàm này còn thiếu đối số", "arguments are missing for this function");
    return push(p, (struct formula_node){.op = f->op, .n = (uint16_t)n}, args);
}

static bool is_name_of_function(struct str name)
{
    static const struct str others[] = {S0("prev"),           S0("year_ago"), S0("base"),          S0("children"),
                                        S0("count_children"), S0("count"),    S0("register_count")};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (str_eq(others[i], name))
            return true;
    return formula_function_named(name) != NULL;
}

static enum err name(struct parser *p)
{
    size_t from = p->at;
    struct str code = word(p, false), category = S("");
    size_t end = p->at;
    if (take(p, S("("), S("")))
        return call(p, code, from);
    p->at = end;
    if (is_name_of_function(code))
        return bad(p, from, "sau tên hàm phải có “(”; nếu là mã chỉ tiêu thì viết trong [ ]",
                   "'(' is missing after the function; a code of that name stands in [ ]");
    if (peek(p) == ':') {
        p->at++;
        category = word(p, false);
        if (!category.n)
            return bad(p, p->at, "sau “:” phải là tên nhóm phân tổ", "a category is missing after ':'");
    }
    return push_ref(p, code, category);
}

/* --- expressions ------------------------------------------------------------------------------------------------- */

static enum err primary(struct parser *p)
{
    skip_blanks(p);
    size_t from = p->at;
    char ch = peek(p);
    TRY(deeper(p));
    if (is_digit(ch)) {
        TRY(number(p));
    } else if (ch == '[') {
        TRY(bracketed(p));
    } else if (is_letter(ch)) {
        TRY(name(p));
    } else if (ch == '(') {
        p->at++;
        TRY(sum(p));
        TRY(closing(p, from));
    } else if (from >= p->text.n) {
        return bad(p, from, "công thức dừng giữa chừng", "the formula ends too early");
    } else {
        return bad(p, from, "chờ một số, một mã chỉ tiêu, một hàm hoặc “(”",
                   "a number, a code, a function or '(' should stand here");
    }
    p->depth--;
    return OK;
}

static bool minus(struct parser *p)
{
    return take(p, S("-"), S("−"));
}

/* `*ret_bare`: a power that stands without parentheses. */
static enum err power(struct parser *p, bool *ret_bare)
{
    *ret_bare = false;
    TRY(primary(p));
    uint16_t base = last(p);
    skip_blanks(p);
    size_t sign = p->at;
    if (!take(p, S("^"), S("")))
        return OK;
    bool negative = minus(p);
    TRY(primary(p));
    if (negative)
        TRY(push(p, (struct formula_node){.op = OP_NEGATE, .n = 1}, (const uint16_t[]){last(p)}));
    TRY(push_two(p, OP_POWER, base, last(p)));
    *ret_bare = true;
    if (take(p, S("^"), S("")))
        return bad(p, sign, "a^b^c có hai cách hiểu: viết (a^b)^c hoặc a^(b^c)", "a^b^c: write (a^b)^c or a^(b^c)");
    return OK;
}

static enum err unary(struct parser *p)
{
    skip_blanks(p);
    size_t from = p->at;
    bool bare;
    if (minus(p)) {
        TRY(deeper(p));
        size_t first = p->n;
        skip_blanks(p);
        bool signs = peek(p) == '-' || peek(p) == '+' || str_starts(str_skip(p->text, p->at), S("−"));
        if (signs) {
            bare = false;
            TRY(unary(p));
        } else {
            TRY(power(p, &bare));
        }
        if (bare && p->n > first)
            return bad(p, from, "-a^b có hai cách hiểu: viết -(a^b) hoặc (-a)^b", "-a^b: write -(a^b) or (-a)^b");
        p->depth--;
        return push(p, (struct formula_node){.op = OP_NEGATE, .n = 1}, (const uint16_t[]){last(p)});
    }
    if (take(p, S("+"), S(""))) {
        TRY(deeper(p));
        TRY(unary(p));
        p->depth--;
        return OK;
    }
    return power(p, &bare);
}

static enum err product(struct parser *p)
{
    TRY(unary(p));
    for (;;) {
        uint16_t left = last(p);
        bool times = take(p, S("*"), S("×"));
        if (!times && !take(p, S("/"), S("÷")))
            return OK;
        TRY(unary(p));
        TRY(push_two(p, times ? OP_MULTIPLY : OP_DIVIDE, left, last(p)));
    }
}

static enum err sum(struct parser *p)
{
    TRY(product(p));
    for (;;) {
        uint16_t left = last(p);
        bool plus = take(p, S("+"), S(""));
        if (!plus && !minus(p))
            return OK;
        TRY(product(p));
        TRY(push_two(p, plus ? OP_ADD : OP_SUBTRACT, left, last(p)));
    }
}

/* --- the whole --------------------------------------------------------------------------------------------------- */

static bool same_ref(const struct formula_ref *a, const struct formula_ref *b)
{
    return str_eq(a->code, b->code) && str_eq(a->category, b->category) && a->periods_back == b->periods_back &&
           a->years_back == b->years_back && a->base == b->base && a->mode == b->mode;
}

static const struct formula *finish(struct parser *p)
{
    struct arena *a = p->c->arena;
    struct formula *f = NEW(a, struct formula);
    struct formula_node *nodes = NEWN(a, struct formula_node, p->n);
    uint16_t *args = NEWN(a, uint16_t, p->n_args + 1);
    struct formula_ref *refs = NEWN(a, struct formula_ref, p->n_refs + 1);
    size_t n_refs = 0;
    memcpy(nodes, p->nodes, p->n * sizeof *nodes);
    memcpy(args, p->args, p->n_args * sizeof *args);
    for (size_t i = 0; i < p->n; i++) {
        if (nodes[i].op != OP_REF)
            continue;
        struct formula_ref *r = &p->refs[nodes[i].ref];
        size_t at = 0;
        while (at < n_refs && !same_ref(&refs[at], r))
            at++;
        if (at == n_refs) {
            refs[n_refs] = *r;
            refs[n_refs].code = str_dup(a, r->code);
            refs[n_refs++].category = str_dup(a, r->category);
        }
        nodes[i].ref = (uint16_t)at;
    }
    *f = (struct formula){nodes, p->n, args, {refs, n_refs}, p->stack};
    return f;
}

enum err formula_parse(struct ctx *c, struct str text, const struct formula **ret)
{
    struct parser *p = NEW(c->arena, struct parser);
    p->c = c;
    p->text = text;
    if (text.n > FORMULA_TEXT)
        return too_much(p, "dài quá 4.096 byte", "is over 4,096 bytes");
    TRY(sum(p));
    skip_blanks(p);
    if (p->at < text.n)
        return bad(p, p->at, peek(p) == ')' ? "thừa “)”" : "chờ một phép tính + - * / ^",
                   peek(p) == ')' ? "one ')' too many" : "an operation + - * / ^ should stand here");
    *ret = finish(p);
    return OK;
}

struct formula_refs formula_refs(const struct formula *f)
{
    return f->refs;
}
