#include "front/web/plan/target_view.h"

#include "domain/plan/quantity.h"

#include "base/banned.h"

static bool same_number(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static bool is_digit(struct str s, size_t at)
{
    return at < s.n && s.p[at] >= '0' && s.p[at] <= '9';
}

static size_t skip_blanks(struct str s, size_t at)
{
    while (at < s.n && s.p[at] == ' ')
        at++;
    return at;
}

/* 5.000 and 12,5: a sign counts only between digits, so that a full stop stays out. */
static size_t number_end(struct str s, size_t at)
{
    while (is_digit(s, at) || (at < s.n && (s.p[at] == '.' || s.p[at] == ',') && is_digit(s, at + 1)))
        at++;
    return at;
}

/* "-35", "% - 35", "đến 35": the end of the second number of a range, or `at`. */
static size_t range_end(struct str s, size_t at)
{
    static const struct str between[] = {S0("-"), S0("–"), S0("đến")};
    size_t here = skip_blanks(s, at);
    if (here < s.n && s.p[here] == '%')
        here = skip_blanks(s, here + 1);
    for (size_t i = 0; i < sizeof between / sizeof *between; i++)
        if (str_starts(str_skip(s, here), between[i])) {
            size_t number = skip_blanks(s, here + between[i].n);
            return is_digit(s, number) ? number_end(s, number) : at;
        }
    return at;
}

void target_quote(struct ctx *c, const struct target *t, struct target_quote *ret)
{
    static const enum quantity_mode modes[] = {QUANTITY_TARGET, QUANTITY_TASK, QUANTITY_CELL};
    struct str text = t->text;
    *ret = (struct target_quote){.before = text};
    for (size_t m = 0; m < sizeof modes / sizeof *modes; m++) {
        struct quantities found = {0};
        quantity_read(c, text, modes[m], &found);
        for (size_t i = 0; i < found.n; i++) {
            const struct quantity *q = &found.v[i];
            if (!same_number(q->low, t->low) || !same_number(q->high, t->high) || !str_eq(q->measure, t->measure) ||
                !is_digit(text, q->at))
                continue;
            size_t end = range_end(text, number_end(text, q->at)), unit = skip_blanks(text, end);
            if (t->unit.n && str_starts(str_skip(text, unit), t->unit))
                end = unit + t->unit.n;
            *ret = (struct target_quote){str_slice(text, 0, q->at), str_slice(text, q->at, end), str_skip(text, end)};
            return;
        }
    }
}
