#include "domain/indicator/formula_node.h"

#include "base/out.h"
#include "base/viet.h"

#include <math.h>
#include <stdlib.h>

#include "base/banned.h"

/* A unit is a product of names, each to a whole power, times a power of ten. A figure written by hand may be a
 * coefficient or a change of unit (100 * a / b is a pure number a hundred times too large, or it is %), so a unit keeps
 * every power of ten that it may have: bit TEN + e of `tens` is 10^e. */
enum { NAMES = 8, TEN = 32 };

struct unit_name {
    struct str name;
    int power;
};

struct unit {
    struct unit_name names[NAMES]; /* sorted */
    size_t n;
    uint64_t tens;
    struct str of;  /* what follows %: "GRDP" */
    bool adapts;    /* made of figures alone: fits every unit */
    double literal; /* which figure; NaN if it is none */
};

static const struct unit pure = {.tens = 1ull << TEN, .literal = NAN};

/* --- the words of a unit ----------------------------------------------------------------------------------------- */

static bool take_word(struct str *s, struct str word)
{
    if (!str_starts(*s, word) || (s->n > word.n && s->p[word.n] != ' '))
        return false;
    *s = str_trim(str_skip(*s, word.n));
    return true;
}

/* "1", "100", "1.000.000" before a name: the power of ten; false if there is another number. */
static bool take_ten(struct str *s, int *tens)
{
    size_t at = 0;
    int zeros = 0;
    if (!str_starts(*s, S("1")))
        return false;
    for (at = 1; at < s->n && (s->p[at] == '0' || s->p[at] == '.'); at++)
        zeros += s->p[at] == '0';
    if (at < s->n && s->p[at] != ' ')
        return false;
    *tens += zeros;
    *s = str_trim(str_skip(*s, at));
    return true;
}

static void take_multiples(struct str *s, int *tens)
{
    static const struct {
        struct str word;
        int tens;
    } words[] = {{S0("nghìn"), 3},    {S0("ngàn"), 3},    {S0("vạn"), 4},    {S0("triệu"), 6},
                 {S0("tỷ"), 9},       {S0("tỉ"), 9},      {S0("trăm"), 2},   {S0("chục"), 1},
                 {S0("thousand"), 3}, {S0("million"), 6}, {S0("billion"), 9}};
    take_ten(s, tens);
    for (size_t i = 0; i < sizeof words / sizeof *words;) {
        if (take_word(s, words[i].word)) {
            *tens += words[i].tens;
            i = 0;
        } else {
            i++;
        }
    }
}

static bool one_of(struct str s, const struct str *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(s, words[i]))
            return true;
    return false;
}
#define ONE_OF(s, list) one_of((s), (list), sizeof(list) / sizeof *(list))

static bool add_name(struct unit *u, struct str name, int power)
{
    size_t at = 0;
    while (at < u->n && str_cmp(u->names[at].name, name) < 0)
        at++;
    if (at < u->n && str_eq(u->names[at].name, name)) {
        u->names[at].power += power;
        if (u->names[at].power == 0) {
            u->n--;
            memmove(&u->names[at], &u->names[at + 1], (u->n - at) * sizeof *u->names);
        }
        return true;
    }
    if (u->n == NAMES)
        return false;
    memmove(&u->names[at + 1], &u->names[at], (u->n - at) * sizeof *u->names);
    u->names[at] = (struct unit_name){name, power};
    u->n++;
    return true;
}

/* One part of a unit between '/': `power` is 1 before the first of them, -1 after. */
static bool add_part(struct unit *u, struct str s, int power, int *tens)
{
    static const struct str numbers[] = {S0("lần"),  S0("hệ số"), S0("tỷ lệ"), S0("tỉ lệ"), S0("chỉ số"),
                                         S0("điểm"), S0("số"),    S0("times"), S0("ratio"), S0("points")};
    static const struct str hundredths[] = {S0("phần trăm"), S0("điểm %"), S0("điểm phần trăm"), S0("percent")};
    static const struct str often[] = {S0("năm"), S0("quý"),  S0("tháng"), S0("ngày"),
                                       S0("kỳ"),  S0("year"), S0("month")};
    static const struct str people[] = {S0("dân"), S0("người dân"), S0("lao động"), S0("nhân khẩu"), S0("people")};
    static const struct str money[] = {S0("vnd"), S0("vnđ"), S0("đ")};
    int found = 0;
    s = str_trim(s);
    if (power < 0 && ONE_OF(s, often))
        return true;
    if (ONE_OF(s, hundredths))
        s = S("%");
    if (str_starts(s, S("%")) || str_starts(s, S("‰"))) {
        bool hundredth = s.p[0] == '%';
        *tens += power * (hundredth ? -2 : -3);
        if (power > 0)
            u->of = str_trim(str_skip(s, hundredth ? 1 : S("‰").n));
        return true;
    }
    take_multiples(&s, &found);
    *tens += power * found;
    if (s.n == 0 || ONE_OF(s, numbers))
        return true;
    if (ONE_OF(s, people))
        s = S("người");
    if (ONE_OF(s, money))
        s = S("đồng");
    return add_name(u, s, power);
}

static enum err unit_read(struct ctx *c, struct str text, struct unit *ret)
{
    struct unit u = pure;
    struct str rest = viet_tone(c->arena, viet_lower(c->arena, viet_nfc(c->arena, text))), part;
    int tens = 0, power = 1;
    bool fits = text.n <= 200;
    while (fits && str_cut(&rest, '/', &part)) {
        fits = add_part(&u, part, power, &tens) && tens >= -24 && tens <= 24;
        power = -1;
    }
    if (!fits)
        return FAIL(c, E_INVALID, "Không đọc được đơn vị “%.*s” (this unit cannot be read)", ARGS(str_head(text, 100)));
    u.tens = 1ull << (TEN + tens);
    *ret = u;
    return OK;
}

/* --- a unit for readers ------------------------------------------------------------------------------------------ */

static void put_ten(struct out *o, int e, bool names)
{
    static const struct {
        int e;
        const char *word;
    } words[] = {{3, "nghìn"}, {4, "vạn"}, {6, "triệu"}, {9, "tỷ"}, {12, "nghìn tỷ"}};
    if (e == -2 && !names) {
        out_put(o, S("%"));
        return;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (words[i].e == e) {
            out_fmt(o, "%s%s", words[i].word, names ? " " : "");
            return;
        }
    if (e)
        out_fmt(o, "10^%d%s", e, names ? " " : "");
}

static void put_names(struct out *o, const struct unit *u)
{
    size_t above = 0;
    for (size_t i = 0; i < u->n; i++) {
        if (u->names[i].power <= 0)
            continue;
        out_fmt(o, above++ ? " × %.*s" : "%.*s", ARGS(u->names[i].name));
        if (u->names[i].power > 1)
            out_fmt(o, "^%d", u->names[i].power);
    }
    if (!above && u->n)
        out_put(o, S("1"));
    for (size_t i = 0; i < u->n; i++) {
        if (u->names[i].power >= 0)
            continue;
        out_fmt(o, "/%.*s", ARGS(u->names[i].name));
        if (u->names[i].power < -1)
            out_fmt(o, "^%d", -u->names[i].power);
    }
}

static struct str unit_write(struct ctx *c, const struct unit *u)
{
    struct out o;
    bool any = false;
    out_init(&o, c->arena, 4096);
    for (int e = TEN; e-- > -TEN;) {
        if (!(u->tens >> (e + TEN) & 1))
            continue;
        if (any)
            out_put(&o, S(" hoặc "));
        any = true;
        if (e == 0 && !u->n)
            out_put(&o, S("số thuần"));
        put_ten(&o, e, u->n > 0);
        put_names(&o, u);
        if (u->of.n && e == -2 && !u->n)
            out_fmt(&o, " %.*s", ARGS(u->of));
    }
    return out_str(&o);
}

/* --- arithmetic of units ----------------------------------------------------------------------------------------- */

static struct unit of_literal(double v)
{
    struct unit u = pure;
    u.adapts = true;
    u.literal = v;
    double e = v > 0 ? round(log10(v)) : 0;
    if (e != 0 && fabs(e) <= 12 && fabs(v / pow(10, e) - 1) < 1e-12)
        u.tens |= 1ull << (TEN - (int)e);
    return u;
}

static uint64_t shifted(uint64_t tens, int by)
{
    return by <= -64 || by >= 64 ? 0 : by >= 0 ? tens << by : tens >> -by;
}

static bool same_names(const struct unit *a, const struct unit *b)
{
    bool same = a->n == b->n;
    for (size_t i = 0; same && i < a->n; i++)
        same = a->names[i].power == b->names[i].power && str_eq(a->names[i].name, b->names[i].name);
    return same;
}

static bool is_number(const struct unit *u)
{
    return u->adapts || (u->n == 0 && (u->tens >> TEN & 1));
}

struct checker {
    struct ctx *c;
    const struct formula *f;
    const struct formula_units *units;
    struct unit *of; /* of each node */
};

static enum err mismatch(struct checker *k, size_t node, const char *vi, const char *en)
{
    enum err e = FAIL(k->c, E_INVALID, "Đơn vị trong công thức không khớp ở “%.*s”: %s (units do not fit: %s)",
                      ARGS(str_head(formula_part(k->c, k->f, node), 200)), vi, en);
    k->c->error.field = S("formula");
    return e;
}

/* One unit out of two that are added, compared or chosen between. */
static enum err meet(struct checker *k, size_t node, const struct unit *a, const struct unit *b, struct unit *ret)
{
    if (a->adapts || b->adapts) {
        struct unit u = a->adapts ? *b : *a;
        u.literal = NAN;
        *ret = u;
        return OK;
    }
    struct unit u = *a;
    u.tens = a->tens & b->tens;
    bool differ = a->of.n && b->of.n && !str_eq(a->of, b->of);
    if (!same_names(a, b) || !u.tens || differ) {
        struct str x = unit_write(k->c, a), y = unit_write(k->c, b);
        const char *vi = str_z(k->c->arena, str_fmt(k->c->arena, "“%.*s” và “%.*s”", ARGS(x), ARGS(y)));
        return mismatch(k, node, vi, "what is added or compared must have one unit");
    }
    if (!u.of.n)
        u.of = b->of;
    u.literal = NAN;
    *ret = u;
    return OK;
}

/* `sign`: 1 multiplies, -1 divides. */
static enum err times(struct checker *k, size_t node, const struct unit *a, const struct unit *b, int sign,
                      struct unit *ret)
{
    struct unit u = *a;
    u.tens = 0;
    for (int e = -TEN; e < TEN; e++)
        if (b->tens >> (e + TEN) & 1)
            u.tens |= shifted(a->tens, sign * e);
    for (size_t i = 0; i < b->n; i++)
        if (!add_name(&u, b->names[i].name, sign * b->names[i].power))
            return mismatch(k, node, "quá nhiều đơn vị nhân với nhau", "too many units in one product");
    if (!u.tens)
        return mismatch(k, node, "quá nhiều bậc thập phân", "powers of ten out of range");
    u.of = b->adapts ? a->of : a->adapts && sign > 0 ? b->of : S("");
    u.adapts = a->adapts && b->adapts;
    u.literal = u.adapts ? (sign > 0 ? a->literal * b->literal : a->literal / b->literal) : NAN;
    *ret = u;
    return OK;
}

/* To a power that may be a fraction. */
static enum err raised(struct checker *k, size_t node, const struct unit *a, double power, struct unit *ret)
{
    struct unit u = *a;
    u.tens = 0;
    bool whole = true;
    for (int e = -TEN; e < TEN; e++) {
        double to = e * power;
        if ((a->tens >> (e + TEN) & 1) && fabs(to - round(to)) < 1e-9 && fabs(to) < TEN)
            u.tens |= 1ull << (TEN + (int)round(to));
    }
    for (size_t i = 0; i < u.n; i++) {
        double to = a->names[i].power * power;
        whole = whole && fabs(to - round(to)) < 1e-9 && fabs(to) < 100;
        u.names[i].power = whole ? (int)round(to) : 0;
    }
    if (power == 0)
        u.n = 0;
    if (!whole || !u.tens)
        return mismatch(k, node, "số mũ này chỉ dùng được cho số thuần", "this power wants a pure number");
    u.of = S("");
    *ret = u;
    return OK;
}

static enum err power_unit(struct checker *k, size_t node, const struct unit *a, const struct unit *b, struct unit *ret)
{
    struct unit u = pure;
    if (!is_number(b))
        return mismatch(k, node, "số mũ phải là số thuần", "a power is a pure number");
    if (a->adapts && b->adapts) {
        u = of_literal(pow(a->literal, b->literal));
    } else if (!isnan(b->literal) && !a->adapts) {
        TRY(raised(k, node, a, b->literal, &u));
    } else if (!is_number(a)) {
        return mismatch(k, node, "số mũ là số liệu thì cơ số phải là số thuần", "only a pure number has such a power");
    }
    *ret = u;
    return OK;
}

static double folded(const struct formula_node *node, const struct unit *args)
{
    double v[FORMULA_NODES];
    enum formula_why why;
    for (size_t i = 0; i < node->n; i++)
        v[i] = args[i].literal;
    return formula_apply(node->op, v, node->n, &why);
}

/* All arguments from `first` on have one unit, which is that of the result. */
static enum err alike(struct checker *k, size_t node, const struct unit *args, size_t first, size_t n, struct unit *ret)
{
    struct unit u = args[first];
    for (size_t i = first + 1; i < n; i++)
        TRY(meet(k, node, &u, &args[i], &u));
    *ret = u;
    return OK;
}

static enum err ref_unit(struct checker *k, const struct formula_ref *r, struct unit *ret)
{
    struct str text = S("");
    if (!k->units->unit(k->units->arg, r->code, &text)) {
        enum err e = FAIL(k->c, E_NOTFOUND,
                          "Công thức dùng chỉ tiêu “%.*s” không có trong danh mục (no such indicator)", ARGS(r->code));
        k->c->error.field = S("formula");
        return e;
    }
    if (r->mode == FORMULA_COUNT_CHILDREN) {
        *ret = pure;
        ret->adapts = true;
        return OK;
    }
    return unit_read(k->c, text, ret);
}

static enum err operation(struct checker *k, size_t at, const struct unit *args, struct unit *ret)
{
    const struct formula_node *node = &k->f->nodes[at];
    switch (node->op) {
    case OP_MULTIPLY:
        return times(k, at, &args[0], &args[1], 1, ret);
    case OP_DIVIDE:
        return times(k, at, &args[0], &args[1], -1, ret);
    case OP_POWER:
        return power_unit(k, at, &args[0], &args[1], ret);
    case OP_SQRT:
        if (args[0].adapts)
            break;
        return raised(k, at, &args[0], 0.5, ret);
    case OP_LN:
    case OP_EXP:
        if (!is_number(&args[0]))
            return mismatch(k, at, "ln và exp chỉ dùng cho số thuần", "ln and exp take a pure number");
        if (args[0].adapts)
            break;
        *ret = pure;
        return OK;
    case OP_ROUND:
        if (node->n > 1 && !is_number(&args[1]))
            return mismatch(k, at, "số chữ số thập phân phải là số thuần", "decimal places are a pure number");
        if (args[0].adapts)
            break;
        *ret = args[0];
        return OK;
    case OP_IF:
        return alike(k, at, args, 1, 3, ret);
    default:
        break;
    }
    bool adapts = true;
    for (size_t i = 0; i < node->n; i++)
        adapts = adapts && args[i].adapts;
    if (adapts) {
        *ret = of_literal(folded(node, args));
        return OK;
    }
    return alike(k, at, args, 0, node->n, ret);
}

static enum err check(struct ctx *c, const struct formula *f, const struct formula_units *units, struct unit *ret)
{
    struct checker k = {c, f, units, NEWN(c->arena, struct unit, f->n)};
    struct unit *args = NEWN(c->arena, struct unit, f->n + 1);
    for (size_t i = 0; i < f->n; i++) {
        const struct formula_node *node = &f->nodes[i];
        for (size_t j = 0; j < node->n; j++)
            args[j] = k.of[f->args[node->args + j]];
        if (node->op == OP_NUMBER)
            k.of[i] = of_literal(node->number);
        else if (node->op == OP_REF)
            TRY(ref_unit(&k, &f->refs.v[node->ref], &k.of[i]));
        else
            TRY(operation(&k, i, args, &k.of[i]));
    }
    *ret = k.of[f->n - 1];
    return OK;
}

/* --- against the indicator's own --------------------------------------------------------------------------------- */

/* "nhân thêm 100": what is wanted for the powers of ten to agree, or nothing where that is not what is wrong. */
static struct str advice(struct ctx *c, const struct unit *u, const struct unit *own)
{
    if (!same_names(u, own))
        return S("");
    int nearest = 0;
    for (int e = TEN; e-- > -TEN;)
        if (u->tens >> (e + TEN) & 1)
            for (int o = -TEN; o < TEN; o++)
                if ((own->tens >> (o + TEN) & 1) && (nearest == 0 || abs(e - o) < abs(nearest)))
                    nearest = e - o;
    if (nearest == 0)
        return S("");
    char text[NUMBER_TEXT];
    struct str factor = lang_number(pow(10, abs(nearest)), -1, LANG_VI, text);
    return str_fmt(c->arena, "; cần %s %.*s", nearest > 0 ? "nhân thêm với" : "chia thêm cho", ARGS(factor));
}

enum err formula_check_unit(struct ctx *c, const struct formula *f, const struct formula_units *units, struct str own)
{
    struct unit u, wanted;
    TRY(check(c, f, units, &u));
    TRY(unit_read(c, own, &wanted));
    bool of = u.of.n && wanted.of.n && !str_eq(u.of, wanted.of);
    if (u.adapts || (same_names(&u, &wanted) && (u.tens & wanted.tens) && !of))
        return OK;
    struct str gives = unit_write(c, &u), has = unit_write(c, &wanted);
    enum err e =
        FAIL(c, E_INVALID,
             "Công thức cho đơn vị “%.*s”, chỉ tiêu có đơn vị “%.*s”%.*s (the formula gives another unit than the "
             "indicator has)",
             ARGS(gives), ARGS(has), ARGS(advice(c, &u, &wanted)));
    c->error.field = S("formula");
    return e;
}

enum err formula_unit(struct ctx *c, const struct formula *f, const struct formula_units *units, struct str *ret)
{
    struct unit u;
    TRY(check(c, f, units, &u));
    bool number = u.adapts || (u.n == 0 && u.tens == 1ull << TEN);
    if (!u.adapts && (u.tens & (u.tens - 1))) {
        /* Several powers of ten would do: the one that a change of unit was written for comes last. */
        uint64_t low = u.tens & -u.tens;
        u.tens = low;
    }
    *ret = number ? S("") : unit_write(c, &u);
    return OK;
}
