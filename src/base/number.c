#include "base/number.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "base/banned.h"

enum { PARTS = 24, EXACT_DIGITS = 15, EXACT_POWER = 22, EXPONENT_MAX = 9999 };

/* The text with every blank as ' ', every apostrophe as '\'' and every minus as '-', without blanks at its ends. */
struct plain {
    char p[NUMBER_BYTES + 1];
    size_t n;
};

/* Runs of digits, and the mark after each but the last. */
struct parts {
    struct str run[PARTS];
    char mark[PARTS];
    size_t n;
};

static char plain_sign(uint32_t r)
{
    if (r < 0x80)
        return (char)(r == '\t' ? ' ' : r);
    if (r == 0xa0 || (r >= 0x2000 && r <= 0x200a) || r == 0x202f || r == 0x205f || r == 0x3000)
        return ' ';
    if (r == 0x2212)
        return '-';
    return r == 0x2019 ? '\'' : '?';
}

static enum number_wrong make_plain(struct str s, struct plain *ret)
{
    struct plain t = {.n = 0};
    s = str_trim(s);
    if (s.n > NUMBER_BYTES)
        return NUMBER_TOO_LONG;
    if (!str_is_utf8(s, NULL))
        return NUMBER_NO_NUMBER;
    for (size_t at = 0; at < s.n;) {
        char sign = (unsigned char)s.p[at] < 0x80 ? plain_sign((unsigned char)s.p[at++]) : plain_sign(str_rune(s, &at));
        if (sign != ' ' || t.n)
            t.p[t.n++] = sign;
    }
    while (t.n && t.p[t.n - 1] == ' ')
        t.n--;
    *ret = t;
    return NUMBER_IS_RIGHT;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t digits_at(struct str s, size_t at)
{
    size_t n = 0;
    while (at + n < s.n && is_digit(s.p[at + n]))
        n++;
    return n;
}

/* Words that stand for no finite number, whatever their case. */
static enum number_wrong judge_words(struct str s)
{
    char low[9];
    size_t n = 0;
    for (; n < s.n && n < sizeof low - 1; n++)
        low[n] = (char)(s.p[n] >= 'A' && s.p[n] <= 'Z' ? s.p[n] + 32 : s.p[n]);
    struct str word = {low, n};
    if (s.n == n && (str_eq(word, S("nan")) || str_eq(word, S("inf")) || str_eq(word, S("infinity"))))
        return NUMBER_NOT_FINITE;
    return str_starts(word, S("0x")) ? NUMBER_HEXADECIMAL : NUMBER_NO_NUMBER;
}

/* An exponent at the end, cut off; false if there is something else behind an e. */
static bool take_exponent(struct str *s, int *ret)
{
    const char *e = memchr(s->p, 'e', s->n), *big = memchr(s->p, 'E', s->n);
    e = e ? e : big;
    if (!e)
        return true;
    struct str power = str_skip(*s, (size_t)(e - s->p) + 1);
    bool down = power.n && power.p[0] == '-';
    if (power.n && (power.p[0] == '-' || power.p[0] == '+'))
        power = str_skip(power, 1);
    if (!power.n || digits_at(power, 0) != power.n)
        return false;
    int v = 0;
    for (size_t i = 0; i < power.n; i++)
        v = v > EXPONENT_MAX ? v : v * 10 + (power.p[i] - '0');
    *ret = down ? -v : v;
    *s = str_slice(*s, 0, (size_t)(e - s->p));
    return true;
}

static enum number_wrong part(struct str s, struct parts *ret)
{
    for (size_t at = 0;;) {
        if (ret->n == PARTS)
            return NUMBER_BAD_MARKS;
        size_t n = digits_at(s, at);
        ret->run[ret->n++] = str_slice(s, at, at + n);
        at += n;
        if (at == s.n)
            break;
        if (!memchr(".,' ", s.p[at], 4))
            return NUMBER_NO_NUMBER;
        ret->mark[ret->n - 1] = s.p[at++];
    }
    for (size_t i = 0; i < ret->n; i++)
        if (!ret->run[i].n && (i || ret->n == 1))
            return ret->n == 1 ? NUMBER_NO_NUMBER : NUMBER_BAD_MARKS;
    return NUMBER_IS_RIGHT;
}

/* Are the first `n` runs thousands in threes, all with one mark between them? */
static bool in_threes(const struct parts *t, size_t n)
{
    if (!t->run[0].n || t->run[0].n > 3 || t->run[0].p[0] == '0')
        return false;
    for (size_t i = 1; i < n; i++)
        if (t->run[i].n != 3 || t->mark[i - 1] != t->mark[0])
            return false;
    return true;
}

/* The runs as digits with the decimals after the first `whole` of them. */
static enum number_wrong amount(const struct parts *t, size_t whole, int exponent, bool minus, double *ret)
{
    static const double power[EXACT_POWER + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                  1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    char text[NUMBER_BYTES + 16], *to = text;
    size_t digits = 0;
    int64_t mantissa = 0;
    bool any = false;
    for (size_t i = 0; i < t->n; i++) {
        memcpy(to, t->run[i].p, t->run[i].n);
        to += t->run[i].n;
        if (i >= whole)
            exponent -= (int)t->run[i].n;
    }
    for (const char *p = text; p < to; p++) {
        any |= *p != '0';
        digits += any;
        mantissa = digits <= EXACT_DIGITS ? mantissa * 10 + (*p - '0') : mantissa;
    }
    double v;
    if (!any) {
        v = 0;
    } else if (digits <= EXACT_DIGITS && exponent >= -EXACT_POWER && exponent <= EXACT_POWER) {
        v = exponent < 0 ? (double)mantissa / power[-exponent] : (double)mantissa * power[exponent];
    } else {
        char e[8], *at = e + sizeof e;
        unsigned left = (unsigned)(exponent < 0 ? -exponent : exponent);
        *--at = 0;
        do
            *--at = (char)('0' + left % 10);
        while (left /= 10);
        *to++ = 'e';
        *to++ = exponent < 0 ? '-' : '+';
        memcpy(to, at, (size_t)(e + sizeof e - at));
        v = strtod(text, NULL);
    }
    if (isinf(v))
        return NUMBER_TOO_LARGE;
    if (any && v < 2.2250738585072014e-308)
        return NUMBER_TOO_SMALL;
    *ret = minus && any ? -v : v;
    return NUMBER_IS_RIGHT;
}

static enum number_marks marks_of(char decimal)
{
    return decimal == ',' ? NUMBER_COMMA : NUMBER_POINT;
}

/* How many runs stand before the decimals, by the form; 0 for none that makes sense. `ret` becomes ambiguous where
 * there are two ways. */
static size_t whole_runs(const struct parts *t, bool exponent, struct number *ret)
{
    if (t->n == 1)
        return 1;
    char last = t->mark[t->n - 2];
    bool decimal = last == '.' || last == ',';
    if (t->n == 2 && decimal) {
        ret->marks = marks_of(last);
        if (!exponent && t->run[1].n == 3 && in_threes(t, 2))
            ret->kind = NUMBER_AMBIGUOUS;
        return 1;
    }
    if (exponent)
        return 0;
    if (in_threes(t, t->n)) { /* one mark all over */
        ret->marks = !decimal ? NUMBER_EITHER : last == ',' ? NUMBER_POINT : NUMBER_COMMA;
        return t->n;
    }
    if (!decimal || !in_threes(t, t->n - 1) || t->mark[0] == last)
        return 0;
    ret->marks = marks_of(last);
    return t->n - 1;
}

static enum number_wrong read(struct str s, bool person, struct number *ret)
{
    struct plain text;
    struct parts t = {.n = 0};
    int exponent = 0;
    enum number_wrong wrong = make_plain(s, &text);
    if (wrong)
        return wrong;
    struct str rest = {text.p, text.n};
    if (!rest.n) {
        ret->kind = NUMBER_EMPTY;
        return NUMBER_IS_RIGHT;
    }
    if (rest.p[rest.n - 1] == '%') {
        ret->percent = true;
        rest.n--;
        while (rest.n && rest.p[rest.n - 1] == ' ')
            rest.n--;
    }
    bool minus = rest.n && rest.p[0] == '-';
    if (rest.n && (minus || rest.p[0] == '+'))
        rest = str_skip(rest, 1);
    if (!rest.n || (!is_digit(rest.p[0]) && rest.p[0] != '.' && rest.p[0] != ','))
        return judge_words(rest);
    size_t before = rest.n;
    if (!take_exponent(&rest, &exponent))
        return judge_words(rest);
    bool powered = rest.n != before;
    wrong = part(rest, &t);
    if (wrong)
        return wrong == NUMBER_NO_NUMBER ? judge_words(rest) : wrong;
    if (!person && (t.n > 2 || (t.n == 2 && t.mark[0] != '.')))
        return NUMBER_BAD_MARKS;
    size_t whole = person ? whole_runs(&t, powered, ret) : 1;
    if (!whole)
        return NUMBER_BAD_MARKS;
    wrong = amount(&t, whole, exponent, minus, &ret->amount);
    if (!wrong && ret->kind == NUMBER_AMBIGUOUS) {
        ret->fraction = ret->amount;
        wrong = amount(&t, t.n, exponent, minus, &ret->amount);
    }
    return wrong;
}

static void read_as(struct str s, bool person, struct number *ret)
{
    struct number n = {.kind = NUMBER_GIVEN};
    n.wrong = read(s, person, &n);
    *ret = n.wrong ? (struct number){.kind = NUMBER_WRONG, .wrong = n.wrong} : n;
}

void number_read(struct str s, struct number *ret)
{
    read_as(s, true, ret);
}

void number_read_plain(struct str s, struct number *ret)
{
    read_as(s, false, ret);
}

struct number_reason number_reason(enum number_wrong wrong)
{
    switch (wrong) {
    case NUMBER_NOT_FINITE:
        return (struct number_reason){S("không phải là số hữu hạn"), S("not a finite number")};
    case NUMBER_HEXADECIMAL:
        return (struct number_reason){S("viết theo hệ 16; hãy viết số thập phân"), S("hexadecimal, write decimals")};
    case NUMBER_TOO_LONG:
        return (struct number_reason){S("dài quá 64 ký tự, không phải là số liệu"), S("longer than 64 characters")};
    case NUMBER_TOO_LARGE:
        return (struct number_reason){S("lớn quá mức máy tính lưu được"), S("too large for a number")};
    case NUMBER_TOO_SMALL:
        return (struct number_reason){S("gần 0 quá mức máy tính lưu được"), S("too close to zero for a number")};
    case NUMBER_BAD_MARKS:
        return (struct number_reason){S("dấu chấm, dấu phẩy không đúng chỗ; viết như 1.234,5 hoặc 1234.5"),
                                      S("marks out of place")};
    case NUMBER_IS_RIGHT:
    case NUMBER_NO_NUMBER:
        break;
    }
    return (struct number_reason){S("không phải là số"), S("not a number")};
}

/* --- what else is known --- */

static bool within(const struct number_context *k, double v)
{
    return !(v < k->low) && !(v > k->high);
}

static bool take(struct number *n, bool fraction, enum number_settled by)
{
    n->kind = NUMBER_GIVEN;
    n->amount = fraction ? n->fraction : n->amount;
    n->settled = by;
    return true;
}

bool number_settle(const struct number_context *k, struct number *n)
{
    if (n->kind != NUMBER_AMBIGUOUS)
        return true;
    enum number_marks said = k->given               ? k->given
                             : k->comma == k->point ? NUMBER_EITHER
                             : k->comma             ? NUMBER_COMMA
                                                    : NUMBER_POINT;
    bool thousands_fit = within(k, n->amount), fraction_fits = !k->whole && within(k, n->fraction);
    if (said) {
        bool fraction = said == n->marks;
        if (fraction ? !fraction_fits && (k->whole || thousands_fit) : !thousands_fit && fraction_fits)
            return false;
        return take(n, fraction, k->given ? NUMBER_BY_CALLER : NUMBER_BY_NEIGHBOURS);
    }
    if (k->whole)
        return take(n, false, NUMBER_BY_WHOLE);
    return thousands_fit != fraction_fits && take(n, fraction_fits, NUMBER_BY_RANGE);
}
