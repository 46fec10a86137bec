/* An indicator by place: the map, how the places lie along one axis, the lowest, and areas by period. */
#include "base/viet.h"
#include "document/chart/chart.h"
#include "domain/geo/geo.h"
#include "domain/indicator/words.h"
#include "front/web/indicator/indicator_site.h"

#include <stdlib.h>

#include "base/banned.h"

enum { HEAT_PERIODS = 12, WORST = 5 };

struct table {
    struct site *s;
    struct indicator_view *page;
    const struct org_catalogue *catalogue;
    struct strs codes;
    const struct figure *figures; /* place by place, as many as the standing has periods */
    size_t periods, shown;        /* shown: which of them is told */
};

static const struct figure *at(const struct table *t, size_t place, size_t period)
{
    return &t->figures[place * t->periods + period];
}

static enum err read_figures(struct table *t, const struct standings *m)
{
    const struct standing *st = t->page->st;
    struct cube_query q = {.indicator = st->indicator->code,
                           .category = st->category,
                           .places = t->codes,
                           .periods = st->periods.v,
                           .n_periods = st->periods.n,
                           .at = m->at,
                           .map_day = m->day};
    struct figures f;
    TRY(cube_read(t->s->c, m->dictionary, &q, &f));
    t->figures = f.v;
    t->periods = st->periods.n;
    return OK;
}

/* The last period of which any place has a figure; false if none has. */
static bool last_shown(struct table *t)
{
    for (size_t k = t->periods; k-- > 0;)
        for (size_t i = 0; i < t->codes.n; i++)
            if (isfinite(at(t, i, k)->amount)) {
                t->shown = k;
                return true;
            }
    return false;
}

static struct str change_of(const struct table *t, size_t place)
{
    const struct indicator *i = t->page->i;
    double now = at(t, place, t->shown)->amount;
    for (size_t k = t->shown; k-- > 0;)
        if (isfinite(at(t, place, k)->amount))
            return isfinite(now) ? difference_words(t->s->c->arena, now - at(t, place, k)->amount, indicator_places(i),
                                                    t->s->page.lang)
                                 : S("");
    return S("");
}

static enum err add_line(struct table *t, const struct standings *m, size_t place)
{
    struct site *s = t->s;
    const struct standing *whole = t->page->st;
    struct standing own = {.indicator = whole->indicator,
                           .category = whole->category,
                           .place = t->codes.v[place],
                           .periods = whole->periods,
                           .figures = at(t, place, 0)};
    TRY(standing_judge(s->c, m, &own));
    const struct figure *f = at(t, place, t->shown);
    struct place_line line = {.code = own.place,
                              .name = place_name(s, t->catalogue, own.place),
                              .id = str_fmt(s->c->arena, "x%.*s", ARGS(own.place)),
                              .figure = indicator_figure(s, whole->indicator, f, whole->periods.v[t->shown]),
                              .value = f->amount,
                              .change = change_of(t, place),
                              .status = own.n_goals ? standing_word(&own) : S("")};
    line.figure.there_url =
        figure_url(s, whole->indicator, whole->category, own.place, whole->periods.v[t->shown], t->page->as_of);
    line.there = indicator_keep(
        s, url_with(s->c->arena, URL(s->c->arena, "/indicators/{}", whole->indicator->code), "place", own.place),
        t->page->as_of);
    t->page->places.judged |= line.status.n > 0;
    t->page->places.have += isfinite(line.value);
    *PUSH(s->c->arena, &t->page->places.lines) = line;
    return OK;
}

/* --- the map --- */

static const struct org_area *area_of(const struct table *t, struct str code)
{
    const struct org_area *area = org_area(t->catalogue, code);
    const struct org_unit *unit = area ? NULL : org_unit(t->catalogue, code);
    return unit && unit->area.n ? org_area(t->catalogue, unit->area) : area;
}

static void add_legend(struct table *t, const struct chart_classes *classes)
{
    struct places_view *v = &t->page->places;
    int places = indicator_places(t->page->i);
    v->missing = classes->missing;
    for (size_t i = 0; i < classes->n; i++) {
        char low[NUMBER_TEXT], high[NUMBER_TEXT];
        struct str from = lang_number(classes->limit[i], places, t->s->page.lang, low);
        struct str to = lang_number(classes->limit[i + 1], places, t->s->page.lang, high);
        v->legend[v->n_legend++] =
            (struct legend_item){str_join(t->s->c->arena, (const struct str[]){from, to}, 2, S(" – ")),
                                 classes->shade[i], classes->count[i]};
    }
}

static enum err add_map(struct table *t, const struct standings *m)
{
    struct ctx *c = t->s->c;
    struct places_view *v = &t->page->places;
    struct str *codes = NEWN(c->arena, struct str, v->lines.n + 1);
    struct chart_area *areas = NEWN(c->arena, struct chart_area, v->lines.n + 1);
    struct geo_shapes shapes;
    size_t n = 0;
    for (size_t i = 0; i < v->lines.n; i++) {
        const struct place_line *line = &v->lines.v[i];
        const struct org_area *area = area_of(t, line->code);
        if (!area)
            continue;
        codes[n] = area->code;
        areas[n++] = (struct chart_area){
            .label = str_join(c->arena, (const struct str[]){line->name, line->figure.text}, 2, S(": ")),
            .href = str_fmt(c->arena, "#%.*s", ARGS(line->id)),
            .value = line->value};
    }
    TRY(geo_shapes(c, t->catalogue, (struct strs){codes, n}, m->at, &shapes));
    v->unplaced = v->lines.n - n + shapes.missing;
    if (n < shapes.missing + 3)
        return OK;
    for (size_t i = 0; i < n; i++)
        areas[i].shape = &shapes.v[i];
    struct out o;
    struct chart_classes classes = {0};
    struct chart_frame f = {.id = S("map"), .title = site_text(t->s, &M_indicator_map), .width = 620};
    struct chart_map map = {.v = areas, .n = n, .split = CHART_QUANTILES};
    out_init(&o, c->arena, 4 << 20);
    (void)chart_map(&o, c->arena, &f, &map, &classes);
    v->map_wide = html_made(out_str(&o));
    v->cells = !shapes.real;
    add_legend(t, &classes);
    return OK;
}

/* --- along one axis --- */

static int by_value(const void *a, const void *b)
{
    const struct place_line *x = *(struct place_line *const *)a, *y = *(struct place_line *const *)b;
    return (x->value > y->value) - (x->value < y->value);
}

/* Those furthest from what is wanted. */
static void add_worst(struct table *t)
{
    struct places_view *v = &t->page->places;
    struct place_line **sorted = NEWN(t->s->c->arena, struct place_line *, v->lines.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < v->lines.n; i++)
        if (isfinite(v->lines.v[i].value))
            sorted[n++] = &v->lines.v[i];
    qsort(sorted, n, sizeof *sorted, by_value);
    bool down = str_eq(t->page->i->direction, S("down"));
    for (size_t i = 0; i < n && v->n_worst < WORST && n > WORST; i++)
        v->worst[v->n_worst++] = sorted[down ? n - 1 - i : i];
}

static double middle_of(const struct table *t)
{
    const struct places_view *v = &t->page->places;
    double *values = NEWN(t->s->c->arena, double, v->lines.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < v->lines.n; i++)
        if (isfinite(v->lines.v[i].value)) {
            size_t k = n++;
            for (; k > 0 && values[k - 1] > v->lines.v[i].value; k--)
                values[k] = values[k - 1];
            values[k] = v->lines.v[i].value;
        }
    return n ? (values[(n - 1) / 2] + values[n / 2]) / 2 : NAN;
}

static void add_swarm(struct table *t)
{
    struct arena *a = t->s->c->arena;
    struct places_view *v = &t->page->places;
    struct chart_bar *dots = NEWN(a, struct chart_bar, v->lines.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < v->lines.n; i++) {
        const struct place_line *line = &v->lines.v[i];
        if (isfinite(line->value))
            dots[n++] = (struct chart_bar){
                .value = line->value,
                .label = str_join(a, (const struct str[]){line->name, line->figure.text}, 2, S(": ")),
                .href = str_fmt(a, "#%.*s", ARGS(line->id))};
    }
    if (n < WORST)
        return;
    enum lang lang = t->s->page.lang;
    double middle = middle_of(t);
    struct str unit = indicator_unit(t->page->i, lang);
    struct str short_unit = str_starts(unit, S("%")) ? S("%") : S("");
    struct str said = figure_words(a, middle, indicator_places(t->page->i), short_unit, lang);
    struct chart_swarm swarm = {
        .v = dots,
        .n = n,
        .below = NAN,
        .middle = middle,
        .middle_text = str_join(a, (const struct str[]){site_text(t->s, &M_indicator_middle), said}, 2, S(" ")),
        .unit = short_unit};
    static const int widths[] = {520, 358};
    struct html *made[] = {&v->swarm_wide, &v->swarm_narrow};
    for (size_t i = 0; i < 2; i++) {
        struct out o;
        struct chart_frame f = {.id = i ? S("s2") : S("s1"),
                                .title = site_text(t->s, &M_indicator_swarm),
                                .width = widths[i],
                                .decimal = lang == LANG_EN ? '.' : ',',
                                .group = lang == LANG_EN ? ',' : '.'};
        out_init(&o, a, 1 << 20);
        chart_swarm(&o, a, &f, &swarm);
        *made[i] = html_made(out_str(&o));
    }
}

/* --- areas by period --- */

static void add_heat(struct table *t)
{
    struct arena *a = t->s->c->arena;
    enum lang lang = t->s->page.lang;
    const struct standing *st = t->page->st;
    struct places_view *v = &t->page->places;
    size_t first = t->shown + 1 > HEAT_PERIODS ? t->shown + 1 - HEAT_PERIODS : 0, n = t->shown + 1 - first;
    if (n < 2)
        return;
    struct str *columns = NEWN(a, struct str, n);
    struct chart_row *rows = NEWN(a, struct chart_row, v->lines.n);
    struct chart_cell *cells = NEWN(a, struct chart_cell, v->lines.n * n);
    for (size_t k = 0; k < n; k++) {
        struct period p;
        char text[24];
        columns[k] = period_of_code(st->periods.v[first + k], &p) ? str_dup(a, period_text(p, text)) : S("");
    }
    for (size_t i = 0; i < v->lines.n; i++) {
        rows[i] = (struct chart_row){v->lines.v[i].name, str_fmt(a, "#%.*s", ARGS(v->lines.v[i].id))};
        for (size_t k = 0; k < n; k++) {
            char text[NUMBER_TEXT];
            const struct figure *f = at(t, i, first + k);
            struct figure_view view = indicator_figure(t->s, st->indicator, f, st->periods.v[first + k]);
            struct str number = lang_number(f->amount, indicator_places(t->page->i), lang, text);
            cells[i * n + k] = (struct chart_cell){
                .value = f->amount,
                .text = str_dup(a, number),
                .label = str_fmt(a, "%.*s, %.*s: %.*s", ARGS(v->lines.v[i].name), ARGS(view.period), ARGS(view.text))};
        }
    }
    struct chart_heat heat = {.rows = rows,
                              .n_rows = v->lines.n,
                              .columns = columns,
                              .n_columns = n,
                              .cells = cells,
                              .split = CHART_QUANTILES};
    static const int widths[] = {1240, 640, 358};
    struct html *made[] = {&v->heat_wide, &v->heat_mid, &v->heat_narrow};
    static const char *const ids[] = {"h1", "h2", "h3"};
    for (size_t i = 0; i < 3; i++) {
        struct out o;
        struct chart_frame f = {.id = str_of(ids[i]), .title = site_text(t->s, &M_indicator_heat), .width = widths[i]};
        out_init(&o, a, 4 << 20);
        chart_heat(&o, a, &f, &heat, NULL);
        *made[i] = html_made(out_str(&o));
    }
}

enum err indicator_places_view(struct site *s, const struct standings *m, struct indicator_view *page,
                               const struct org_catalogue *catalogue)
{
    struct table t = {.s = s, .page = page, .catalogue = catalogue};
    const struct standing *st = page->st;
    struct str place = st->place;
    if (!page->i->tree.n || !st->periods.n)
        return OK;
    if (!place.n)
        TRY(cube_root(s->c, page->i, m->day, &place));
    TRY(cube_below(s->c, page->i, place, m->day, &t.codes));
    if (!t.codes.n)
        return OK;
    TRY(read_figures(&t, m));
    if (!last_shown(&t))
        return OK;
    page->places.bodies = !str_eq(page->i->tree, S("area"));
    page->places.period_head =
        viet_capital(s->c->arena, period_code_words(s->c->arena, st->periods.v[t.shown], s->page.lang));
    for (size_t i = 0; i < t.codes.n; i++)
        TRY(add_line(&t, m, i));
    TRY(add_map(&t, m));
    add_swarm(&t);
    add_worst(&t);
    struct url there = indicator_keep(s, page->now, page->as_of);
    page->places.heat = url_at(s->c->arena, url_with(s->c->arena, there, "heat", S("yes")), S("nhiet"));
    if (site_query(s, "heat").n) /* as large as all the rest of the page */
        add_heat(&t);
    return OK;
}
