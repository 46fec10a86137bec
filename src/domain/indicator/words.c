#include "domain/indicator/words.h"

#include "base/banned.h"

/* --- periods --- */

struct span {
    int year, month, months; /* months 0: not whole months */
    int to_year, to_month;
};

static struct span span_of(struct period p)
{
    struct span s = {0};
    int day, to_day;
    day_to_date(p.from, &s.year, &s.month, &day);
    day_to_date(p.to, &s.to_year, &s.to_month, &to_day);
    if (day == 1 && p.to == day_month_end(s.to_year, s.to_month))
        s.months = (s.to_year - s.year) * 12 + s.to_month - s.month + 1;
    return s;
}

static struct str vi_words(struct arena *a, const struct span *s)
{
    static const char *const quarters[] = {"I", "II", "III", "IV"};
    if (s->months == 12 && s->month == 1)
        return str_fmt(a, "năm %d", s->year);
    if (s->months == 6 && s->month % 6 == 1)
        return str_fmt(a, "6 tháng %s năm %d", s->month == 1 ? "đầu" : "cuối", s->year);
    if (s->months == 3 && s->month % 3 == 1)
        return str_fmt(a, "quý %s/%d", quarters[s->month / 3], s->year);
    if (s->months == 1)
        return str_fmt(a, "tháng %d/%d", s->month, s->year);
    if (s->months > 0 && s->month == 1 && s->year == s->to_year)
        return str_fmt(a, "%d tháng năm %d", s->months, s->year);
    return str_fmt(a, "từ tháng %d/%d đến tháng %d/%d", s->month, s->year, s->to_month, s->to_year);
}

static struct str en_words(struct arena *a, const struct span *s)
{
    static const char *const months[] = {"January", "February", "March",     "April",   "May",      "June",
                                         "July",    "August",   "September", "October", "November", "December"};
    if (s->months == 12 && s->month == 1)
        return str_fmt(a, "%d", s->year);
    if (s->months == 6 && s->month % 6 == 1)
        return str_fmt(a, "%s half of %d", s->month == 1 ? "first" : "second", s->year);
    if (s->months == 3 && s->month % 3 == 1)
        return str_fmt(a, "Q%d %d", s->month / 3 + 1, s->year);
    if (s->months == 1)
        return str_fmt(a, "%s %d", months[s->month - 1], s->year);
    if (s->months > 0 && s->month == 1 && s->year == s->to_year)
        return str_fmt(a, "first %d months of %d", s->months, s->year);
    return str_fmt(a, "%s %d to %s %d", months[s->month - 1], s->year, months[s->to_month - 1], s->to_year);
}

struct str period_words(struct arena *a, struct period p, enum lang lang)
{
    struct span s = span_of(p);
    return lang == LANG_EN ? en_words(a, &s) : vi_words(a, &s);
}

struct str period_code_words(struct arena *a, int64_t code, enum lang lang)
{
    struct period p;
    return period_of_code(code, &p) ? period_words(a, p, lang) : S("");
}

/* --- figures --- */

/* "%" stands at its number, and so does what follows it ("12% GRDP"); all other units after a blank. */
static struct str with_unit(struct arena *a, struct str number, struct str unit)
{
    if (!unit.n)
        return str_dup(a, number);
    return str_join(a, (const struct str[]){number, unit}, 2, unit.p[0] == '%' ? S("") : S(" "));
}

struct str figure_words(struct arena *a, double v, int places, struct str unit, enum lang lang)
{
    char text[NUMBER_TEXT];
    struct str number = lang_number(v, places, lang, text);
    return isfinite(v) ? with_unit(a, number, unit) : str_dup(a, number);
}

struct str difference_words(struct arena *a, double v, int places, enum lang lang)
{
    char text[NUMBER_TEXT];
    double shown = number_round(v, places < 0 ? 15 : places);
    const char *sign = shown > 0 ? "+" : shown < 0 ? "−" : "";
    struct str number = lang_number(isfinite(v) ? fabs(shown) : v, places, lang, text);
    return str_fmt(a, "%s%.*s", isfinite(v) ? sign : "", ARGS(number));
}

/* --- goals --- */

static struct str unit_of(const struct outlook_goal *g, enum lang lang)
{
    if (g->measure == OUTLOOK_RANK)
        return S("");
    if (g->measure == OUTLOOK_GROWTH && !g->rates)
        return S("%");
    return lang == LANG_EN && g->unit_en.n ? g->unit_en : g->unit;
}

static struct str state_words(struct arena *a, const struct outlook_goal *g)
{
    size_t step = isfinite(g->low) && g->low >= 1 ? (size_t)g->low : g->labels.n;
    return step >= 1 && step <= g->labels.n ? str_dup(a, g->labels.v[step - 1]) : S("");
}

/* The words before and after a bound. */
static const struct {
    struct str before[LANG_COUNT], after[LANG_COUNT];
} bounds[] = {
    [OUTLOOK_GE] = {{S0("từ "), S0("at least ")}, {S0(" trở lên"), S0("")}},
    [OUTLOOK_GT] = {{S0("trên "), S0("more than ")}, {S0(""), S0("")}},
    [OUTLOOK_LE] = {{S0("không quá "), S0("at most ")}, {S0(""), S0("")}},
    [OUTLOOK_LT] = {{S0("dưới "), S0("less than ")}, {S0(""), S0("")}},
    [OUTLOOK_EQ] = {{S0(""), S0("")}, {S0(""), S0("")}},
    [OUTLOOK_RANGE] = {{S0(""), S0("")}, {S0(""), S0("")}},
};

/* The figure that is to be reached; of a rank its upper end. */
static double bound_of(const struct outlook_goal *g)
{
    bool upper = g->comparator == OUTLOOK_LE || g->comparator == OUTLOOK_LT;
    return (upper && isfinite(g->high)) || !isfinite(g->low) ? g->high : g->low;
}

static struct str numbers(struct arena *a, const struct outlook_goal *g, enum lang lang)
{
    char low[NUMBER_TEXT], high[NUMBER_TEXT];
    if (g->comparator != OUTLOOK_RANGE)
        return str_dup(a, lang_number(bound_of(g), -1, lang, low));
    struct str from = lang_number(g->low, -1, lang, low), to = lang_number(g->high, -1, lang, high);
    return str_join(a, (const struct str[]){from, to}, 2, S("–"));
}

struct str goal_bound_words(struct arena *a, const struct outlook_goal *g, enum lang lang)
{
    if (g->measure == OUTLOOK_STATE)
        return state_words(a, g);
    struct str figure = with_unit(a, numbers(a, g, lang), unit_of(g, lang));
    if (g->measure == OUTLOOK_RANK)
        return str_fmt(a, lang == LANG_EN ? "rank %.*s or better" : "hạng %.*s trở lên", ARGS(figure));
    struct str bound =
        str_join(a, (const struct str[]){bounds[g->comparator].before[lang], figure, bounds[g->comparator].after[lang]},
                 3, S(""));
    if (g->measure == OUTLOOK_GROWTH && !g->rates)
        return str_fmt(a, lang == LANG_EN ? "growth of %.*s a year" : "tăng %.*s mỗi năm", ARGS(bound));
    return bound;
}

struct str goal_words(struct arena *a, const struct outlook_goal *g, enum lang lang)
{
    struct str bound = goal_bound_words(a, g, lang);
    if (g->per_year)
        bound = str_fmt(a, lang == LANG_EN ? "%.*s each year" : "%.*s mỗi năm", ARGS(bound));
    if (g->by == DAY_NONE)
        return bound;
    int year, month, day;
    day_to_date(g->by, &year, &month, &day);
    if (month == 12 && day == 31)
        return str_fmt(a, lang == LANG_EN ? "%.*s by the end of %d" : "%.*s, đến hết năm %d", ARGS(bound), year);
    char text[DAY_TEXT];
    struct str when = lang == LANG_EN ? day_text(g->by, text) : day_text_vi(g->by, text);
    return str_fmt(a, lang == LANG_EN ? "%.*s by %.*s" : "%.*s, đến ngày %.*s", ARGS(bound), ARGS(when));
}
