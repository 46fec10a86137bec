/* The chart of an indicator: its figures, the path, the target, and what the trend leads to. */
#include "document/chart/chart.h"
#include "domain/indicator/words.h"
#include "front/web/indicator/indicator_site.h"

#include "base/banned.h"

enum { WIDTHS = 3, PATH_MOST = 400 };
static const int widths[WIDTHS] = {1240, 640, 358};

struct made {
    struct chart_line line;
    struct chart_series series;
    struct str title, desc;
};

static struct str words(struct site *s, const struct message *m)
{
    return site_text(s, m);
}

static struct str join(struct site *s, const struct str *v, size_t n, struct str sep)
{
    return str_join(s->c->arena, v, n, sep);
}

static struct str shown(struct site *s, const struct indicator *i, double v)
{
    return figure_words(s->c->arena, v, indicator_places(i), indicator_unit(i, s->page.lang), s->page.lang);
}

static bool counts_by_year(const struct standing_goal *g)
{
    return g && g->judged && g->wanted.per_year && g->wanted.over == OUTLOOK_SUM;
}

/* "Quý IV/2026: 54,6%, tạm tính, số liệu mẫu" */
static struct str label_of(struct site *s, const struct figure_view *f, struct str amount)
{
    struct str parts[3] = {amount};
    size_t n = 1;
    if (f->provisional)
        parts[n++] = words(s, &M_figure_provisional);
    if (f->sample)
        parts[n++] = words(s, &M_figure_sample);
    return join(s, (const struct str[]){f->period, join(s, parts, n, S(", "))}, 2, S(": "));
}

/* Of what is wanted anew each year the chart shows what the year has come to so far. */
static void add_points(struct site *s, const struct indicator_view *page, struct made *m)
{
    const struct standing *st = page->st;
    struct arena *a = s->c->arena;
    struct chart_point *v = NEWN(a, struct chart_point, st->periods.n + 1);
    double so_far = 0;
    int year = 0;
    size_t n = 0;
    for (size_t i = 0; i < st->periods.n; i++) {
        struct period p;
        const struct figure *f = &st->figures[i];
        if (!period_of_code(st->periods.v[i], &p))
            continue;
        int y, month, day;
        day_to_date(p.to, &y, &month, &day);
        so_far = (y == year ? so_far : 0) + (isfinite(f->amount) ? f->amount : 0);
        year = y;
        double shown_value = page->year_so_far && isfinite(f->amount) ? so_far : f->amount;
        struct figure_view view = indicator_figure(s, st->indicator, f, st->periods.v[i]);
        char text[24];
        struct str id = str_fmt(a, "#k-%.*s", ARGS(period_text(p, text)));
        v[n++] = (struct chart_point){chart_time_of(p), shown_value, view.provisional,
                                      label_of(s, &view, shown(s, st->indicator, shown_value)), id};
    }
    m->series = (struct chart_series){page->name, v, n};
    m->line.series = &m->series;
    m->line.n_series = 1;
}

static const struct chart_point *first_there(const struct chart_series *s, bool last)
{
    const struct chart_point *found = NULL;
    for (size_t i = 0; i < s->n; i++)
        if (isfinite(s->v[i].y) && (last || !found))
            found = &s->v[i];
    return found;
}

static void add_ends(struct site *s, const struct indicator_view *page, struct made *m)
{
    const struct chart_point *first = first_there(&m->series, false), *last = first_there(&m->series, true);
    if (!last)
        return;
    struct str notes[3] = {page->latest.period};
    size_t n = 1;
    if (page->latest.provisional)
        notes[n++] = words(s, &M_figure_provisional);
    if (page->latest.sample)
        notes[n++] = words(s, &M_figure_sample);
    m->line.last_text = shown(s, page->i, last->y);
    m->line.last_note = join(s, notes, n, S(", "));
    if (first != last)
        m->line.first_text = shown(s, page->i, first->y);
}

/* The path where it turns: months of a compound one, years else. */
static void add_path(struct site *s, const struct indicator_view *page, struct made *m)
{
    const struct standing_goal *g = page->first->goal;
    const struct outlook_goal *w = &g->wanted;
    int32_t from = w->baseline_day, to = w->by;
    if (w->path == OUTLOOK_STEPS || w->path == OUTLOOK_GIVEN)
        from = w->n_steps ? w->steps[0].day : DAY_NONE;
    if (w->measure == OUTLOOK_GROWTH || from == DAY_NONE || to == DAY_NONE || from >= to)
        return;
    struct chart_at *v = NEWN(s->c->arena, struct chart_at, PATH_MOST + 2);
    int32_t step = (to - from) / PATH_MOST + 31;
    size_t n = 0;
    for (int32_t day = from; day < to && n < PATH_MOST; day += step) {
        double y = outlook_path_at(w, day);
        if (isfinite(y))
            v[n++] = (struct chart_at){chart_time(day), y};
        if (w->path == OUTLOOK_LINEAR && !w->per_year)
            break;
    }
    double end = outlook_path_at(w, to);
    if (isfinite(end))
        v[n++] = (struct chart_at){chart_time(to), end};
    m->line.path = v;
    m->line.n_path = n;
    m->line.path_text = words(s, &M_indicator_path);
}

static void add_target(struct site *s, const struct indicator_view *page, struct made *m)
{
    const struct outlook_goal *w = &page->first->goal->wanted;
    if (w->measure == OUTLOOK_GROWTH && !w->rates)
        return;
    m->line.has_target = true;
    bool both = w->comparator == OUTLOOK_RANGE;
    m->line.target_low = both ? w->low : page->first->goal->outlook.target;
    m->line.target_high = both ? w->high : page->first->goal->outlook.target;
    m->line.target_text =
        join(s, (const struct str[]){words(s, &M_indicators_target), goal_bound_words(s->c->arena, w, s->page.lang)}, 2,
             S(": "));
}

static double of_trend(const struct outlook *o, double v)
{
    return o->log_trend ? exp(v) : v;
}

/* From the last figure to the deadline; bands where there are enough figures. */
static void add_ahead(struct site *s, struct indicator_view *page, struct made *m)
{
    enum { STEPS = 16 };
    const struct outlook_goal *w = &page->first->goal->wanted;
    const struct outlook *o = &page->first->goal->outlook;
    const struct chart_point *last = first_there(&m->series, true);
    bool sound = last && isfinite(o->forecast) && trend_has_line(&o->trend) && o->day != DAY_NONE && o->due > o->day &&
                 !w->per_year && w->measure != OUTLOOK_GROWTH && w->measure != OUTLOOK_STATE;
    if (!sound)
        return;
    struct chart_ahead *v = NEWN(s->c->arena, struct chart_ahead, STEPS + 1);
    v[0] = (struct chart_ahead){last->x, last->y, last->y, last->y, last->y, last->y};
    for (int i = 1; i <= STEPS; i++) {
        int32_t day = o->day + (int32_t)((int64_t)(o->due - o->day) * i / STEPS);
        double when = outlook_years(day);
        struct trend_band half = trend_band(&o->trend, when, TREND_HALF);
        struct trend_band most = trend_band(&o->trend, when, TREND_FOUR_FIFTHS);
        v[i] = (struct chart_ahead){.x = chart_time(day),
                                    .mid = of_trend(o, trend_at(&o->trend, when)),
                                    .low50 = of_trend(o, half.low),
                                    .high50 = of_trend(o, half.high),
                                    .low80 = of_trend(o, most.low),
                                    .high80 = of_trend(o, most.high)};
    }
    m->line.ahead = v;
    m->line.n_ahead = STEPS + 1;
    m->line.ahead_text = shown(s, page->i, o->forecast);
    m->line.ahead_note =
        join(s, (const struct str[]){words(s, &M_indicator_if_so), words(s, &M_indicator_if_trend)}, 2, S("\n"));
    if (isfinite(o->four_fifths.low)) {
        char text[NUMBER_TEXT];
        int places = indicator_places(page->i);
        m->line.ahead_low = str_dup(s->c->arena, lang_number(o->four_fifths.low, places, s->page.lang, text));
        m->line.ahead_high = str_dup(s->c->arena, lang_number(o->four_fifths.high, places, s->page.lang, text));
        m->line.band_text = join(
            s, (const struct str[]){words(s, &M_indicator_band_light), words(s, &M_indicator_band_dark)}, 2, S("\n"));
        page->has_bands = true;
    }
}

static void add_words(struct site *s, const struct indicator_view *page, struct made *m)
{
    const struct indicator *i = page->i;
    struct str unit = indicator_unit(i, s->page.lang), parts[3];
    size_t n = 0;
    m->title =
        page->place_name.n ? join(s, (const struct str[]){page->name, page->place_name}, 2, S(", ")) : page->name;
    if (page->latest.there)
        parts[n++] = label_of(s, &page->latest, page->latest.text);
    if (page->first && page->first->why.n)
        parts[n++] = page->first->why;
    m->desc = join(s, parts, n, S(". "));
    m->line.nothing = words(s, &M_figure_none);
    m->line.y_unit = str_starts(unit, S("%")) ? S("%") : S("");
    m->line.bounded = isfinite(i->low) || isfinite(i->high);
    m->line.floor = i->low;
    m->line.ceiling = i->high;
    m->line.from = m->line.to = NAN;
}

void indicator_chart(struct site *s, struct indicator_view *page)
{
    static const char *const ids[WIDTHS] = {"c1", "c2", "c3"};
    bool english = s->page.lang == LANG_EN;
    struct made m = {0};
    page->year_so_far = page->first && counts_by_year(page->first->goal);
    add_points(s, page, &m);
    add_words(s, page, &m);
    add_ends(s, page, &m);
    if (page->first && page->first->goal->judged) {
        add_path(s, page, &m);
        add_target(s, page, &m);
        add_ahead(s, page, &m);
    }
    page->has_path = m.line.n_path > 1;
    page->has_chart = page->latest.there;
    for (size_t i = 0; i < WIDTHS && page->has_chart; i++) {
        struct out o;
        struct chart_told told = {0};
        struct chart_frame f = {.id = str_of(ids[i]),
                                .title = m.title,
                                .desc = m.desc,
                                .width = widths[i],
                                .decimal = english ? '.' : ',',
                                .group = english ? ',' : '.'};
        out_init(&o, s->c->arena, 1 << 20);
        chart_line(&o, s->c->arena, &f, &m.line, &told);
        page->chart[i] = html_made(out_str(&o));
        page->cut |= told.cut;
        if (!i && told.cut)
            page->cut_from = shown(s, page->i, told.from);
    }
}
