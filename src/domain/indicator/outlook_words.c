#include "domain/indicator/outlook_judge.h"

#include "base/out.h"

#include <assert.h>
#include <math.h>

#include "base/banned.h"

/* A sentence is put together of pieces with places {x} in both languages; what a place holds is said at place(). */
enum { SENTENCE_MOST = 4000, UNIT_MOST = 100, LABEL_MOST = 200 };

struct words {
    const struct judged *j;
    const struct outlook *o;
    enum lang lang;
    struct out *out;
};

static void text(struct words *w, const char *vi, const char *en)
{
    out_put(w->out, str_of(w->lang == LANG_VI ? vi : en));
}

/* So many decimals as the goal's figures have; of what was worked out (`more`) at least one unless it is
 * large, and as many as a small one wants. No zeros at the end. */
static void number(struct words *w, double v, bool more)
{
    char digits[NUMBER_TEXT];
    enum outlook_measure m = w->j->goal->measure;
    int places = m == OUTLOOK_RANK || m == OUTLOOK_STATE ? 0 : w->j->goal->places;
    if (more && places < 1)
        places = fabs(v) < 1000 ? 1 : 0;
    else if (places < 0)
        places = 6;
    while (more && places < 6 && v != 0 && fabs(v) < 5 * pow(10, -places))
        places++;
    out_put(w->out, lang_number(number_round(v, places), -1, w->lang, digits));
}

static void day(struct words *w, int32_t d)
{
    char digits[DAY_TEXT];
    out_put(w->out, w->lang == LANG_VI ? day_text_vi(d, digits) : day_text(d, digits));
}

static bool is_percent(const struct outlook_goal *g)
{
    return g->measure == OUTLOOK_GROWTH || str_starts(g->unit, S("%"));
}

static void unit(struct words *w)
{
    const struct outlook_goal *g = w->j->goal;
    struct str s = w->lang == LANG_EN && g->unit_en.n ? g->unit_en : g->unit;
    if (g->measure == OUTLOOK_GROWTH)
        s = S("%");
    if (!s.n || g->measure == OUTLOOK_RANK || g->measure == OUTLOOK_STATE)
        return;
    out_put(w->out, S(" "));
    out_put(w->out, str_head(s, UNIT_MOST));
}

/* The goal as it is told: "trên 57 %", "30–35 % GRDP", "10 %/năm". */
static void bound(struct words *w)
{
    static const char *const rise[][LANG_COUNT] = {[OUTLOOK_GE] = {"", ""},
                                                   [OUTLOOK_GT] = {"trên ", "over "},
                                                   [OUTLOOK_LE] = {"không quá ", "at most "},
                                                   [OUTLOOK_LT] = {"dưới ", "under "},
                                                   [OUTLOOK_EQ] = {"", ""},
                                                   [OUTLOOK_RANGE] = {"", ""}};
    static const char *const fall[][LANG_COUNT] = {[OUTLOOK_GE] = {"giảm không quá ", "a fall of at most "},
                                                   [OUTLOOK_GT] = {"giảm dưới ", "a fall of under "},
                                                   [OUTLOOK_LE] = {"giảm ít nhất ", "a fall of at least "},
                                                   [OUTLOOK_LT] = {"giảm trên ", "a fall of over "},
                                                   [OUTLOOK_EQ] = {"giảm ", "a fall of "},
                                                   [OUTLOOK_RANGE] = {"", ""}};
    const struct outlook_goal *g = w->j->goal;
    bool range = g->comparator == OUTLOOK_RANGE;
    bool falls = g->measure == OUTLOOK_GROWTH && w->o->target < 0 && !range;
    out_put(w->out, str_of((falls ? fall : rise)[g->comparator][w->lang]));
    if (range) {
        number(w, g->low, false);
        out_put(w->out, S("–"));
    }
    number(w, range ? g->high : falls ? -w->o->target : w->o->target, false);
    unit(w);
    if (g->measure == OUTLOOK_GROWTH)
        text(w, "/năm", " a year");
}

static void span(struct words *w)
{
    static const char *const years[][LANG_COUNT] = {{"năm qua", "year"},
                                                    {"hai năm qua", "two years"},
                                                    {"ba năm qua", "three years"},
                                                    {"bốn năm qua", "four years"},
                                                    {"năm năm qua", "five years"}};
    int months = w->o->pace_months;
    if (months % 12 == 0 && months / 12 <= 5)
        out_put(w->out, str_of(years[months / 12 - 1][w->lang]));
    else
        out_fmt(w->out, w->lang == LANG_VI ? "%d tháng qua" : "%d months", months);
}

static void label(struct words *w, double step)
{
    const struct outlook_goal *g = w->j->goal;
    const struct strs *labels = w->lang == LANG_EN && g->labels_en.n == g->labels.n ? &g->labels_en : &g->labels;
    if (step >= 1 && step <= (double)labels->n)
        out_fmt(w->out, " (%.*s)", ARGS(str_head(labels->v[(size_t)step - 1], LABEL_MOST)));
}

static void year(struct words *w)
{
    if (w->j->year == outlook_year_of(w->j->today))
        text(w, "năm nay", "this year");
    else
        out_fmt(w->out, w->lang == LANG_VI ? "năm %d:" : "in %d", w->j->year);
}

/* Which period a rate is of: a year, or what ended on a day. */
static void period(struct words *w)
{
    int32_t last;
    int of = outlook_year_of(w->o->day);
    if (w->j->every == 12 && day_from_date(of, 12, 31, &last) && last == w->o->day) {
        out_fmt(w->out, w->lang == LANG_VI ? "năm %d" : "in %d", of);
        return;
    }
    text(w, "kỳ đến ", "in the period to ");
    day(w, w->o->day);
}

static void place(struct words *w, char which)
{
    const struct outlook *o = w->o;
    switch (which) {
    case 'v': /* the figure; with its unit */
        number(w, o->value, false);
        return;
    case 'V':
        number(w, o->value, false);
        unit(w);
        return;
    case 'a': /* without a sign */
        number(w, fabs(o->value), false);
        return;
    case 't': /* the bound; with its unit; as it is told */
        number(w, o->target, false);
        return;
    case 'T':
        number(w, o->target, false);
        unit(w);
        return;
    case 'B':
        bound(w);
        return;
    case 'n': /* paces, without a sign; of a percentage in points */
        number(w, fabs(o->needed), true);
        return;
    case 'p':
        number(w, fabs(o->pace), true);
        return;
    case 'y':
        if (is_percent(w->j->goal) && w->j->goal->measure != OUTLOOK_GROWTH)
            text(w, " điểm %", " points");
        text(w, "/năm", " a year");
        return;
    case 'm':
        span(w);
        return;
    case 'w': /* the path (a step; without its unit), the forecast, the band of 80 % */
        number(w, o->path, w->j->goal->measure != OUTLOOK_RANK);
        unit(w);
        return;
    case 'W':
        number(w, o->path, false);
        return;
    case 'x':
        number(w, o->path, true);
        return;
    case 'f':
        number(w, o->forecast, w->j->goal->measure != OUTLOOK_RANK);
        unit(w);
        return;
    case 'l':
        number(w, o->four_fifths.low, false);
        return;
    case 'h':
        number(w, o->four_fifths.high, false);
        return;
    case 'd': /* days */
        day(w, o->day);
        return;
    case 'D':
        day(w, o->due);
        return;
    case 'Y':
        year(w);
        return;
    case 'P':
        period(w);
        return;
    case 's': /* steps of a state: reached, wanted by now, wanted */
        label(w, o->value);
        return;
    case 'S':
        label(w, o->path);
        return;
    case 'g':
        label(w, o->target);
        return;
    case 'c':
        out_put(w->out, o->chance_text[w->lang]);
        return;
    case 'k': /* figures there are, periods without one */
        out_fmt(w->out, "%zu", w->j->n);
        return;
    case 'o':
        out_fmt(w->out, "%d", w->j->rules->stale_periods);
        return;
    default:
        assert(!"no such place");
    }
}

static void fill(struct words *w, const char *form)
{
    struct str s = str_of(form);
    for (size_t at = 0; at < s.n; at++) {
        if (s.p[at] == '{') {
            place(w, s.p[at + 1]);
            at += 2;
        } else {
            out_char(w->out, s.p[at]);
        }
    }
}

static void say(struct words *w, const char *vi, const char *en)
{
    fill(w, w->lang == LANG_VI ? vi : en);
}

/* --- parts that come back --------------------------------------------------------------------------------------------
 */

/* A count on its way up is told as "96/150". */
static bool as_fraction(const struct words *w)
{
    const struct outlook_goal *g = w->j->goal;
    return g->measure == OUTLOOK_LEVEL && w->j->sign > 0 && !is_percent(g) &&
           (g->comparator == OUTLOOK_GE || g->comparator == OUTLOOK_EQ);
}

static void provisional(struct words *w)
{
    if (w->o->provisional)
        say(w, " (số tạm tính)", " (provisional)");
}

/* The figure against the goal. */
static void stand(struct words *w, bool already)
{
    const struct outlook_goal *g = w->j->goal;
    if (g->measure == OUTLOOK_RANK) {
        say(w, already ? "đã ở hạng {v}" : "hạng {v}", already ? "already at rank {v}" : "rank {v}");
        provisional(w);
        say(w, ", cần vào nhóm {t}", ", goal top {t}");
        return;
    }
    if (w->j->sign > 0)
        say(w, already ? "đã đạt " : "đạt ", already ? "already at " : "at ");
    else
        say(w, already ? "đã xuống " : "hiện ", already ? "down to " : "at ");
    if (as_fraction(w)) {
        say(w, "{v}/{T}", "{v} of {T}");
        provisional(w);
        return;
    }
    say(w, "{V}", "{V}");
    provisional(w);
    say(w, ", mục tiêu {B}", ", goal {B}");
}

static void needed(struct words *w)
{
    const struct outlook *o = w->o;
    if (isnan(o->needed) || o->needed * w->j->sign <= 0)
        return;
    if (w->j->goal->measure == OUTLOOK_RANK)
        say(w, ", cần lên {n} bậc/năm", ", needs to climb {n} places a year");
    else if (w->j->sign < 0)
        say(w, ", cần giảm {n}{y}", ", needs to fall {n}{y}");
    else if (is_percent(w->j->goal))
        say(w, ", cần tăng {n}{y}", ", needs {n}{y}");
    else
        say(w, ", cần {n}{y}", ", needs {n}{y}");
}

static void pace(struct words *w)
{
    double v = w->o->pace;
    bool rank = w->j->goal->measure == OUTLOOK_RANK;
    if (isnan(v))
        return;
    if (v == 0)
        say(w, ", {m} không đổi", ", unchanged over the last {m}");
    else if (rank)
        say(w, v < 0 ? ", {m} lên {p} bậc/năm" : ", {m} tụt {p} bậc/năm",
            v < 0 ? ", climbed {p} places a year over the last {m}" : ", fell {p} places a year over the last {m}");
    else
        say(w, v > 0 ? ", {m} tăng {p}{y}" : ", {m} giảm {p}{y}",
            v > 0 ? ", rose {p}{y} over the last {m}" : ", fell {p}{y} over the last {m}");
}

static void path(struct words *w)
{
    if (isnan(w->o->path))
        return;
    if (w->j->goal->measure == OUTLOOK_RANK)
        say(w, "; theo lộ trình, đến {d} cần hạng {w}", "; the path asks for rank {w} by {d}");
    else
        say(w, "; theo lộ trình, đến {d} cần {w}", "; the path asks for {w} by {d}");
}

static void forecast(struct words *w)
{
    const struct outlook *o = w->o;
    if (isnan(o->forecast))
        return;
    if (w->j->goal->measure == OUTLOOK_RANK)
        say(w, "; nếu giữ xu thế, đến {D} ở khoảng hạng {f}", "; on this trend about rank {f} by {D}");
    else
        say(w, "; nếu giữ xu thế, đến {D} đạt khoảng {f}", "; on this trend about {f} by {D}");
    if (o->chance_text[0].n)
        say(w, " (80 %: từ {l} đến {h}), {c}", " (80 %: {l} to {h}), {c}");
}

static void no_path(struct words *w)
{
    if (w->o->no_baseline)
        say(w, "; chưa có số gốc nên không có lộ trình", "; no baseline was given, so there is no path");
    else if (isnan(w->o->path) && w->o->due == DAY_NONE)
        say(w, "; chưa có hạn nên không có lộ trình", "; no deadline was given, so there is no path");
}

/* --- the sentence of each measure ------------------------------------------------------------------------------------
 */

static void level_ended(struct words *w)
{
    stand(w, false);
    if (w->j->why == CASE_LATE)
        say(w, ", đạt sau hạn {D}", ", reached after the deadline {D}");
    else if (w->o->status == OUTLOOK_MET)
        say(w, ", đúng hạn {D}", ", by the deadline {D}");
    else
        say(w, ", hết hạn {D} chưa đạt", ", not reached by the deadline {D}");
}

static void level(struct words *w)
{
    switch (w->j->why) {
    case CASE_FINAL:
    case CASE_LATE:
        level_ended(w);
        return;
    case CASE_REACHED:
        stand(w, true);
        pace(w);
        return;
    case CASE_FALLING:
        stand(w, true);
        pace(w);
        forecast(w);
        return;
    case CASE_BEYOND:
        stand(w, false);
        say(w, ": đã ra ngoài khoảng", ": outside the range");
        pace(w);
        return;
    case CASE_TOO_FEW:
        stand(w, false);
        no_path(w);
        say(w, "; mới có {k} số liệu, cần ít nhất 3 để đánh giá", "; {k} of at least 3 figures to judge it by");
        return;
    default:
        stand(w, false);
        needed(w);
        pace(w);
        path(w);
        no_path(w);
        forecast(w);
    }
}

static void year_sum(struct words *w)
{
    say(w, as_fraction(w) ? "{Y} {v}/{T}" : "{Y} {V}", as_fraction(w) ? "{v} of {T} {Y}" : "{V} {Y}");
    provisional(w);
    if (!as_fraction(w))
        say(w, ", mục tiêu {B}", ", goal {B}");
    if (w->j->why == CASE_FINAL)
        say(w, w->o->status == OUTLOOK_MET ? ", đạt mục tiêu năm" : ", không đạt mục tiêu năm",
            w->o->status == OUTLOOK_MET ? ", the year's goal is met" : ", the year's goal is missed");
    else if (w->j->why == CASE_REACHED)
        say(w, ", đã đủ mục tiêu năm", ", enough for the whole year already");
    else if (w->j->goal->over != OUTLOOK_SUM)
        say(w, ", tính đến {d}", ", as of {d}");
    else if (as_fraction(w))
        say(w, ", cùng kỳ cần {x}", ", {x} needed by {d}");
    else if (w->j->sign > 0)
        say(w, ", cùng kỳ cần {w}", ", {w} needed by {d}");
    else
        say(w, ", cùng kỳ không quá {w}", ", at most {w} by {d}");
}

static void growth(struct words *w)
{
    const struct judged *j = w->j;
    if (j->why == CASE_TOO_FEW) {
        say(w, "chưa có số liệu cách nhau một năm để tính tốc độ tăng, mục tiêu {B}",
            "no figures a year apart to tell the growth by, goal {B}");
        return;
    }
    bool falls = w->o->value < 0;
    if (j->average)
        say(w, falls ? "bình quân giảm {a} %/năm" : "bình quân tăng {a} %/năm",
            falls ? "fell {a} % a year on average" : "grew {a} % a year on average");
    else if (j->goal->rates)
        say(w, falls ? "{P} giảm {a} %" : "{P} tăng {a} %", falls ? "fell {a} % {P}" : "grew {a} % {P}");
    else
        say(w, falls ? "năm qua giảm {a} %" : "năm qua tăng {a} %",
            falls ? "fell {a} % over the last year" : "grew {a} % over the last year");
    provisional(w);
    say(w, ", mục tiêu {B}", ", goal {B}");
    if (j->why == CASE_FINAL) {
        say(w, w->o->status == OUTLOOK_MET ? ", đạt khi đến hạn {D}" : ", hết hạn {D} chưa đạt",
            w->o->status == OUTLOOK_MET ? ", met by the deadline {D}" : ", not reached by the deadline {D}");
        return;
    }
    if (j->average && !isnan(w->o->pace))
        say(w, w->o->pace < 0 ? ", riêng năm qua giảm {p} %" : ", riêng năm qua tăng {p} %",
            w->o->pace < 0 ? ", fell {p} % over the last year" : ", grew {p} % over the last year");
    if (!isnan(w->o->needed))
        say(w, w->o->needed < 0 ? "; từ nay đến {D} cần giảm {n} %/năm" : "; từ nay đến {D} cần tăng {n} %/năm",
            w->o->needed < 0 ? "; needs to fall {n} % a year until {D}" : "; needs {n} % a year until {D}");
    no_path(w);
}

static void state(struct words *w)
{
    const struct outlook *o = w->o;
    if (o->status == OUTLOOK_MET) {
        say(w, "đã đến bước {v}/{t}{s}", "at step {v} of {t}{s}");
        provisional(w);
        return;
    }
    if (o->value >= 1)
        say(w, "đang ở bước {v}/{t}{s}", "at step {v} of {t}{s}");
    else
        say(w, "chưa đến bước nào trong {t} bước", "at none of {t} steps yet");
    provisional(w);
    if (w->j->why == CASE_PASSED) {
        say(w, ", đã quá hạn {D}", ", past the deadline {D}");
        return;
    }
    if (!isnan(o->path) && o->path > o->value)
        say(w, ", theo lộ trình nay đã phải ở bước {W}{S}", ", by the path it should be at step {W}{S}");
    if (o->due != DAY_NONE)
        say(w, ", cần đến bước {t}{g} trước hết ngày {D}", ", goal step {t}{g} by {D}");
    else
        say(w, ", cần đến bước {t}{g}", ", goal step {t}{g}");
}

/* --- what is said without looking at the measure ---------------------------------------------------------------------
 */

static void goal_alone(struct words *w)
{
    const struct outlook_goal *g = w->j->goal;
    if (g->measure == OUTLOOK_STATE)
        say(w, "chưa có báo cáo, cần đến bước {t}{g}", "nothing reported yet, goal step {t}{g}");
    else if (g->measure == OUTLOOK_RANK)
        say(w, "chưa có số liệu, cần vào nhóm {t}", "no figure yet, goal top {t}");
    else
        say(w, "chưa có số liệu, mục tiêu {B}", "no figure yet, goal {B}");
    if (outlook_is_yearly(g))
        say(w, " mỗi năm", " each year");
    if (w->o->due == DAY_NONE)
        return;
    if (w->j->today > w->o->due)
        say(w, ", đã quá hạn {D}", ", past the deadline {D}");
    else
        say(w, " đến {D}", " by {D}");
}

static void old(struct words *w)
{
    const struct outlook_goal *g = w->j->goal;
    bool yearly = outlook_is_yearly(g);
    if (g->measure == OUTLOOK_STATE)
        say(w, "báo cáo gần nhất {d}: bước {v}/{t}{s}", "last report {d}: step {v} of {t}{s}");
    else if (yearly)
        say(w, "số liệu gần nhất {d}: {Y} {V}", "last figure {d}: {V} {Y}");
    else if (g->measure == OUTLOOK_RANK)
        say(w, "số liệu gần nhất {d}: hạng {v}, cần vào nhóm {t}", "last figure {d}: rank {v}, goal top {t}");
    else
        say(w, "số liệu gần nhất {d}: {V}", "last figure {d}: {V}");
    provisional(w);
    if (g->measure != OUTLOOK_STATE && g->measure != OUTLOOK_RANK)
        say(w, ", mục tiêu {B}", ", goal {B}");
    if (w->j->why == CASE_AWAITED)
        say(w, "; đã quá hạn {D} mà chưa có số liệu đến hạn", "; the deadline {D} has passed without its figure");
    else
        say(w, "; quá {o} kỳ chưa có số liệu mới", "; nothing new for over {o} periods");
}

static void sentence(struct words *w)
{
    const struct outlook_goal *g = w->j->goal;
    switch (w->j->why) {
    case CASE_NOTHING:
        goal_alone(w);
        return;
    case CASE_OLD:
    case CASE_AWAITED:
        old(w);
        return;
    default:
        break;
    }
    if (g->measure == OUTLOOK_STATE)
        state(w);
    else if (g->measure == OUTLOOK_GROWTH)
        growth(w);
    else if (outlook_is_yearly(g))
        year_sum(w);
    else
        level(w);
}

/* --- chance ----------------------------------------------------------------------------------------------------------
 */

/* The plain fraction that is nearest by its odds; none for what is nearly certain either way. */
static void set_chance(struct ctx *c, struct outlook *o)
{
    static const struct {
        int of, in;
    } fractions[] = {{1, 10}, {1, 8}, {1, 6}, {1, 5}, {1, 4}, {1, 3}, {1, 2},
                     {2, 3},  {3, 4}, {4, 5}, {5, 6}, {7, 8}, {9, 10}};
    double p = o->chance;
    if (isnan(p))
        return;
    if (p < 0.08 || p > 0.92) {
        o->chance_text[LANG_VI] = p < 0.5 ? S("khả năng đạt dưới 1 trong 10") : S("khả năng đạt trên 9 trong 10");
        o->chance_text[LANG_EN] = p < 0.5 ? S("less than 1 chance in 10") : S("more than 9 chances in 10");
        return;
    }
    size_t best = 0;
    double nearest = INFINITY;
    for (size_t i = 0; i < sizeof fractions / sizeof *fractions; i++) {
        double q = (double)fractions[i].of / fractions[i].in, off = fabs(log(p / (1 - p)) - log(q / (1 - q)));
        if (off < nearest) {
            nearest = off;
            best = i;
        }
    }
    int of = fractions[best].of, in = fractions[best].in;
    o->chance_text[LANG_VI] = str_fmt(c->arena, "khả năng đạt khoảng %d trong %d", of, in);
    o->chance_text[LANG_EN] = str_fmt(c->arena, "about %d chance%s in %d", of, of > 1 ? "s" : "", in);
}

void outlook_say(struct ctx *c, const struct judged *j, struct outlook *o)
{
    set_chance(c, o);
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        struct out out;
        out_init(&out, c->arena, SENTENCE_MOST);
        struct words w = {j, o, (enum lang)lang, &out};
        sentence(&w);
        o->why[lang] = out_str(&out);
    }
}
