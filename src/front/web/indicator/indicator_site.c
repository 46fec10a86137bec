/* What the pages of indicators share. */
#include "front/web/indicator/indicator_site.h"

#include "base/viet.h"
#include "document/chart/chart.h"
#include "domain/indicator/words.h"

#include "base/banned.h"

struct word {
    struct str word;
    const struct message *said;
};

static const struct message *word_of(const struct word *words, size_t n, struct str word)
{
    static const struct message unknown = {0};
    for (size_t i = 0; i < n; i++)
        if (str_eq(word, words[i].word))
            return words[i].said;
    return &unknown;
}

const struct message *word_standing(struct str word)
{
    static const struct word words[] = {
        {S0("met"), &M_standing_met},         {S0("on_track"), &M_standing_on_track},
        {S0("at_risk"), &M_standing_at_risk}, {S0("off_track"), &M_standing_off_track},
        {S0("no_data"), &M_standing_no_data}, {S0("stale"), &M_standing_stale},
        {S0("no_goal"), &M_standing_no_goal},
    };
    return word_of(words, sizeof words / sizeof *words, word);
}

const struct message *word_frequency(struct str word)
{
    static const struct word words[] = {
        {S0("month"), &M_frequency_month}, {S0("quarter"), &M_frequency_quarter}, {S0("half"), &M_frequency_half},
        {S0("year"), &M_frequency_year},   {S0("once"), &M_frequency_once},
    };
    return word_of(words, sizeof words / sizeof *words, word);
}

enum err indicator_as_of(struct site *s, struct str *ret_text, int32_t *ret)
{
    struct str dashed = site_query(s, "as-of"), scored = site_query(s, "as_of");
    struct str text = dashed.n ? dashed : scored;
    int32_t day = DAY_NONE;
    if (text.n && !day_parse(text, &day))
        return FAIL(s->c, E_INVALID, "as-of: ngày phải viết dạng 2026-11-30 (a day is written 2026-11-30)");
    *ret_text = text;
    *ret = day;
    return OK;
}

struct url indicator_keep(struct site *s, struct url u, struct str as_of)
{
    return as_of.n ? url_with(s->c->arena, u, "as-of", as_of) : u;
}

struct str indicator_name(const struct site *s, const struct indicator *i)
{
    return in_lang(s->page.lang, i->name, i->name_en);
}

struct figure_view indicator_figure(struct site *s, const struct indicator *i, const struct figure *f, int32_t period)
{
    enum lang lang = s->page.lang;
    struct arena *a = s->c->arena;
    struct str unit = indicator_unit(i, lang), said = period_code_words(a, period, lang);
    struct str short_unit = str_starts(unit, S("%")) ? S("%") : S("");
    struct figure_view v = {
        .text = figure_words(a, f->amount, indicator_places(i), unit, lang),
        .number = figure_words(a, f->amount, indicator_places(i), short_unit, lang),
        .period = said,
        .period_head = viet_capital(a, said),
        .there = isfinite(f->amount),
        .provisional = f->flags & FIGURE_PROVISIONAL,
        .sample = f->flags & FIGURE_SAMPLE,
        .partial = f->flags & FIGURE_PARTIAL,
        .differs = f->flags & FIGURE_DIFFERS,
        .added = f->flags & FIGURE_ADDED,
        .derived = f->flags & FIGURE_DERIVED,
        .have = f->have,
        .of = f->of,
    };
    /* Of a described target the figure is the number of the step that is reached. */
    const struct strs *steps = lang == LANG_EN && i->steps_en.n == i->steps.n ? &i->steps_en : &i->steps;
    if (steps->n && v.there)
        v.text = v.number = f->amount >= 1 && f->amount <= (double)steps->n ? steps->v[(size_t)f->amount - 1]
                                                                            : site_text(s, &M_indicator_no_step);
    return v;
}

struct url figure_url(struct site *s, const struct indicator *i, struct str category, struct str place, int32_t period,
                      struct str as_of)
{
    struct period p;
    char text[24];
    struct arena *a = s->c->arena;
    struct str name = period_of_code(period, &p) ? str_dup(a, period_text(p, text)) : S("-");
    struct url u = URL(a, "/indicators/{}/values/{}/{}", i->code, place.n ? place : S("-"), name);
    if (category.n)
        u = url_with(a, u, "by", category);
    return indicator_keep(s, u, as_of);
}

struct str place_name(struct site *s, const struct org_catalogue *catalogue, struct str code)
{
    const struct org_area *area = org_area(catalogue, code);
    const struct org_unit *unit = org_unit(catalogue, code);
    if (area)
        return viet_capital(s->c->arena, org_area_name(catalogue, s->c, area));
    return unit ? unit->name : code;
}

/* --- the small pictures of a row --- */

struct html indicator_spark(struct site *s, const struct standing *st, struct str title)
{
    struct arena *a = s->c->arena;
    struct chart_at *v = NEWN(a, struct chart_at, st->periods.n + 1);
    struct period p;
    size_t n = 0;
    for (size_t i = 0; i < st->periods.n; i++)
        if (isfinite(st->figures[i].amount) && period_of_code(st->periods.v[i], &p))
            v[n++] = (struct chart_at){chart_time_of(p), st->figures[i].amount};
    if (n < 2)
        return html_made(S(""));
    struct out o;
    struct chart_frame f = {.title = title, .width = 120};
    out_init(&o, a, 64 << 10);
    chart_spark(&o, a, &f, v, n, NAN);
    return html_made(out_str(&o));
}

struct html indicator_pace(struct site *s, const struct standing_goal *g, struct str id)
{
    const struct outlook_goal *w = &g->wanted;
    struct arena *a = s->c->arena;
    double way = g->outlook.target - w->baseline;
    bool sound = g->judged && !w->per_year && w->measure != OUTLOOK_GROWTH && isfinite(way) && fabs(way) > 0 &&
                 isfinite(g->outlook.value);
    if (!sound)
        return html_made(S(""));
    double got = (g->outlook.value - w->baseline) / way, due = (g->outlook.path - w->baseline) / way;
    struct out o;
    struct str share = figure_words(a, fmax(0, fmin(1, got)) * 100, 0, S("%"), s->page.lang);
    struct str asked = figure_words(a, due * 100, 0, S("%"), s->page.lang);
    const char *form = s->page.lang == LANG_EN ? "%.*s of the way to the target; the path asks for %.*s"
                                               : "Đã đi %.*s chặng đường tới mục tiêu; lộ trình cần %.*s";
    struct chart_frame f = {.id = id, .title = str_fmt(a, form, ARGS(share), ARGS(asked)), .width = 240};
    out_init(&o, a, 16 << 10);
    chart_pace(&o, &f, got, due);
    return html_made(out_str(&o));
}

struct indicator_line indicator_line(struct site *s, const struct standing *st, const struct standing_row *row,
                                     struct str as_of)
{
    enum lang lang = s->page.lang;
    const struct indicator *i = st->indicator;
    const struct standing_goal *g = standing_first(st);
    struct arena *a = s->c->arena;
    struct indicator_line line = {
        .row = row,
        .i = i,
        .name = indicator_name(s, i),
        .target = in_lang(lang, row->target_text, row->target_text_en),
        .why = str_eq(row->status, S("no_data")) ? S("") : viet_capital(a, in_lang(lang, row->why, row->why_en)),
        .path = row->path,
        .spark = html_made(S("")),
        .pace = html_made(S(""))};
    line.page = URL(a, "/indicators/{}", i->code);
    if (st->place.n)
        line.page = url_with(a, line.page, "place", st->place);
    line.page = indicator_keep(s, line.page, as_of);
    if (st->latest < st->periods.n) {
        int32_t period = st->periods.v[st->latest];
        line.figure = indicator_figure(s, st->indicator, &st->figures[st->latest], period);
        line.figure.there_url = figure_url(s, st->indicator, st->category, st->place, period, as_of);
        line.spark = indicator_spark(s, st, line.name);
    }
    if (g)
        line.pace = indicator_pace(s, g, i->code);
    return line;
}
