/* Indicators and areas side by side: lines over time, a table, and areas by period. */
#include "base/viet.h"
#include "document/chart/chart.h"
#include "domain/indicator/cube.h"
#include "domain/indicator/words.h"
#include "front/web/entry/entry_site.h"
#include "front/web/figures_compare.html.h"

#include <stdlib.h>

#include "base/banned.h"

enum { SVG_BYTES = 1 << 20, HEAT_PERIODS = 12, HEAT_PLACES = 140, WIDTHS = 3 };
static const int widths[WIDTHS] = {1240, 640, 358};

/* Every value of a parameter that stands more than once. */
static size_t chosen(struct site *s, const char *name, struct str *ret, size_t most)
{
    const struct http_pairs *query = &s->request->query;
    size_t n = 0;
    for (size_t i = 0; i < query->n; i++) {
        if (!str_eq(query->v[i].name, str_of(name)))
            continue;
        s->read[i] = true;
        bool again = !query->v[i].value.n;
        for (size_t k = 0; k < n && !again; k++)
            again = str_eq(ret[k], query->v[i].value);
        if (!again && n < most)
            ret[n++] = query->v[i].value;
    }
    return n;
}

static void offer(struct site *s, const struct entry_ground *g, struct figures_compare *vm)
{
    struct indicators all = dictionary_indicators(g->d);
    struct org_areas areas = org_areas(g->catalogue);
    for (size_t i = 0; i < all.n; i++)
        if (entry_shown(s->c, all.v[i]))
            *PUSH(s->c->arena, &vm->indicators) =
                (struct compare_choice){all.v[i]->code, in_lang(s->page.lang, all.v[i]->name, all.v[i]->name_en)};
    for (size_t i = 0; i < areas.n; i++)
        if (org_exists(areas.v[i]->valid_from, areas.v[i]->valid_to, s->today))
            *PUSH(s->c->arena, &vm->places) =
                (struct compare_choice){areas.v[i]->code, entry_place_name(s, g, areas.v[i]->code)};
}

/* --- what is compared --- */

static enum err add_pair(struct site *s, const struct entry_ground *g, const struct indicator *i, struct str place,
                         struct figures_compare *vm)
{
    if (vm->series.n == COMPARE_SERIES) {
        vm->left_out++;
        return OK;
    }
    struct str root;
    TRY(cube_root(s->c, i, DAY_NONE, &root));
    *PUSH(s->c->arena, &vm->series) = (struct compare_series){
        .indicator = i,
        .place = place.n ? place : root,
        .name = in_lang(s->page.lang, i->name, i->name_en),
        .url = url_with(s->c->arena, URL(s->c->arena, "/indicators/{}", i->code), "place", place)};
    if (!place.n)
        vm->series.v[vm->series.n - 1].url = URL(s->c->arena, "/indicators/{}", i->code);
    (void)g;
    return OK;
}

static enum err choose(struct site *s, const struct entry_ground *g, struct figures_compare *vm)
{
    size_t n = chosen(s, "indicator", vm->chosen, COMPARE_INDICATORS),
           places = chosen(s, "place", vm->where, COMPARE_PLACES);
    for (size_t i = 0; i < n; i++) {
        const struct indicator *one = dictionary_indicator(g->d, vm->chosen[i]);
        if (!one || !entry_shown(s->c, one))
            return FAIL(s->c, E_NOTFOUND, "không có chỉ tiêu \"%.*s\" (no such indicator)", ARGS(vm->chosen[i]));
        for (size_t k = 0; k < places || k == 0; k++) {
            struct str place = k < places ? vm->where[k] : S("");
            if (place.n && !org_area(g->catalogue, place) && !org_unit(g->catalogue, place))
                return FAIL(s->c, E_NOTFOUND, "không có nơi \"%.*s\" (no such place)", ARGS(place));
            TRY(add_pair(s, g, one, place, vm));
        }
    }
    /* What tells the lines apart: the indicator, the place, or both. */
    for (size_t k = 0; k < vm->series.n; k++) {
        struct compare_series *x = &vm->series.v[k];
        struct str place = entry_place_name(s, g, x->place);
        if (n == 1)
            x->name = place;
        else if (places > 1)
            x->name = str_fmt(s->c->arena, "%.*s, %.*s", ARGS(x->name), ARGS(place));
    }
    return OK;
}

/* --- figures --- */

static int by_period(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

/* Months of the shortest of a series' periods: how often it comes. */
static int32_t rhythm(const struct cube_periods *found)
{
    int32_t months = PERIOD_MONTHS;
    for (size_t i = 0; i < found->n; i++)
        if (found->v[i] % (PERIOD_MONTHS + 1) < months)
            months = found->v[i] % (PERIOD_MONTHS + 1);
    return found->n ? months : 0;
}

/* Of the series that comes least often, so that all are compared over the same stretches. */
static enum err list_periods(struct site *s, const struct entry_ground *g, struct figures_compare *vm)
{
    struct {
        int32_t *v;
        size_t n, cap;
    } all = {0};
    int32_t months = 0;
    for (size_t k = 0; k < vm->series.n; k++) {
        struct cube_periods found = {0};
        const struct compare_series *x = &vm->series.v[k];
        TRY(cube_periods(s->c, g->d, x->indicator->code, S(""), x->place, POS_NOW, &found));
        if (rhythm(&found) > months) {
            months = rhythm(&found);
            all.n = 0;
        }
        for (size_t i = 0; i < found.n; i++)
            if (found.v[i] % (PERIOD_MONTHS + 1) == months)
                *PUSH(s->c->arena, &all) = found.v[i];
    }
    if (all.n)
        qsort(all.v, all.n, sizeof *all.v, by_period);
    size_t n = 0;
    for (size_t i = 0; i < all.n; i++)
        if (!n || all.v[n - 1] != all.v[i])
            all.v[n++] = all.v[i];
    size_t from = n > COMPARE_PERIODS ? n - COMPARE_PERIODS : 0;
    vm->periods = all.v ? all.v + from : NULL;
    vm->n_periods = n - from;
    return OK;
}

static enum err read_series(struct site *s, const struct entry_ground *g, struct figures_compare *vm)
{
    for (size_t k = 0; k < vm->series.n && vm->n_periods; k++) {
        struct compare_series *x = &vm->series.v[k];
        struct figures figures;
        struct cube_query q = {.indicator = x->indicator->code,
                               .category = S(""),
                               .places = {&x->place, 1},
                               .periods = vm->periods,
                               .n_periods = vm->n_periods,
                               .at = POS_NOW,
                               .map_day = DAY_NONE};
        TRY(cube_read(s->c, g->d, &q, &figures));
        x->v = NEWN(s->c->arena, double, vm->n_periods);
        x->provisional = NEWN(s->c->arena, bool, vm->n_periods);
        for (size_t i = 0; i < vm->n_periods; i++) {
            x->v[i] = figures.v[i].amount;
            x->provisional[i] = figures.v[i].flags & FIGURE_PROVISIONAL;
            vm->sample |= figures.v[i].flags & FIGURE_SAMPLE && !isnan(x->v[i]);
            vm->any |= !isnan(x->v[i]);
        }
    }
    return OK;
}

static struct str words_of(struct site *s, const struct indicator *i, double v)
{
    return figure_words(s->c->arena, v, i->places == I64_NONE ? -1 : (int)i->places,
                        in_lang(s->page.lang, i->unit, i->unit_en), s->page.lang);
}

/* The first figure of each becomes 100, if that is asked for or the units differ. */
static void make_index(struct site *s, struct figures_compare *vm)
{
    for (size_t k = 1; k < vm->series.n; k++)
        vm->must_index |= !str_eq(vm->series.v[k].indicator->unit, vm->series.v[0].indicator->unit);
    vm->indexed = vm->index || vm->must_index;
    for (size_t k = 0; k < vm->series.n && vm->n_periods; k++) {
        struct compare_series *x = &vm->series.v[k];
        x->base = NAN;
        for (size_t i = 0; i < vm->n_periods && isnan(x->base); i++)
            if (!isnan(x->v[i]) && x->v[i] != 0) {
                struct str period = period_code_words(s->c->arena, vm->periods[i], s->page.lang);
                struct str what = words_of(s, x->indicator, x->v[i]);
                x->base = x->v[i];
                x->base_words = str_fmt(s->c->arena, "%.*s, %.*s", ARGS(what), ARGS(period));
            }
    }
}

static void make_rows(struct site *s, struct figures_compare *vm)
{
    for (size_t i = vm->n_periods; i > 0; i--) {
        struct str *cells = NEWN(s->c->arena, struct str, vm->series.n);
        for (size_t k = 0; k < vm->series.n; k++)
            cells[k] = words_of(s, vm->series.v[k].indicator, vm->series.v[k].v[i - 1]);
        *PUSH(s->c->arena, &vm->rows) = (struct compare_row){entry_period_words(s, vm->periods[i - 1]), cells};
    }
}

/* --- pictures --- */

static struct chart_frame frame_of(struct site *s, const char *id, struct str title, int width)
{
    bool english = s->page.lang == LANG_EN;
    return (struct chart_frame){.id = str_fmt(s->c->arena, "%s%d", id, width),
                                .title = title,
                                .width = width,
                                .decimal = english ? '.' : ',',
                                .group = english ? ',' : '.'};
}

static struct chart_series line_of(struct site *s, const struct figures_compare *vm, const struct compare_series *x)
{
    struct chart_point *points = NEWN(s->c->arena, struct chart_point, vm->n_periods + 1);
    size_t n = 0;
    for (size_t i = 0; i < vm->n_periods; i++) {
        struct period p;
        if (isnan(x->v[i]) || !period_of_code(vm->periods[i], &p) || (vm->indexed && isnan(x->base)))
            continue;
        struct str period = entry_period_words(s, vm->periods[i]), what = words_of(s, x->indicator, x->v[i]);
        points[n++] = (struct chart_point){
            .x = chart_time_of(p),
            .y = vm->indexed ? 100 * x->v[i] / x->base : x->v[i],
            .provisional = x->provisional[i],
            .label = str_fmt(s->c->arena, "%.*s, %.*s: %.*s", ARGS(x->name), ARGS(period), ARGS(what))};
    }
    return (struct chart_series){x->name, points, n};
}

static void draw_lines(struct site *s, struct figures_compare *vm)
{
    struct html *to[WIDTHS] = {&vm->wide, &vm->mid, &vm->narrow};
    struct chart_series *lines = NEWN(s->c->arena, struct chart_series, vm->series.n);
    struct chart_told told = {0};
    char text[NUMBER_TEXT];
    for (size_t k = 0; k < vm->series.n; k++)
        lines[k] = line_of(s, vm, &vm->series.v[k]);
    const struct indicator *first = vm->series.v[0].indicator;
    struct chart_line l = {.series = lines,
                           .n_series = vm->series.n,
                           .y_unit = vm->indexed                       ? S("")
                                     : str_starts(first->unit, S("%")) ? S("%")
                                                                       : S(""),
                           .nothing = site_text(s, &M_figures_missing)};
    for (size_t w = 0; w < WIDTHS; w++) {
        struct chart_frame f = frame_of(s, "so-sanh-", vm->title, widths[w]);
        struct out o;
        out_init(&o, s->c->arena, SVG_BYTES);
        chart_line(&o, s->c->arena, &f, &l, &told);
        *to[w] = html_made(out_str(&o));
    }
    if (told.cut)
        vm->axis = str_fmt(s->c->arena, "%.*s %.*s.", ARGS(site_text(s, &M_figures_axis_from)),
                           ARGS(lang_number(told.from, -1, s->page.lang, text)));
}

/* The places of the heat map: those that were chosen, if they are several, else all right below the one. */
static enum err heat_places(struct site *s, const struct figures_compare *vm, struct strs *ret)
{
    size_t n = 0;
    struct str *codes = NEWN(s->c->arena, struct str, COMPARE_SERIES);
    for (size_t k = 0; k < vm->series.n; k++)
        if (vm->series.v[k].indicator == vm->series.v[0].indicator)
            codes[n++] = vm->series.v[k].place;
    if (n < 2)
        return cube_below(s->c, vm->series.v[0].indicator, vm->series.v[0].place, DAY_NONE, ret);
    *ret = (struct strs){codes, n};
    return OK;
}

static enum err draw_heat(struct site *s, const struct entry_ground *g, struct figures_compare *vm)
{
    struct html *to[WIDTHS] = {&vm->heat_wide, &vm->heat_mid, &vm->heat_narrow};
    const struct indicator *i = vm->series.v[0].indicator;
    struct strs places = {0};
    struct figures figures;
    size_t n_periods = vm->n_periods < HEAT_PERIODS ? vm->n_periods : HEAT_PERIODS;
    const int32_t *periods = vm->periods + (vm->n_periods - n_periods);
    TRY(heat_places(s, vm, &places));
    if (places.n < 2 || !n_periods)
        return OK;
    places.n = places.n < HEAT_PLACES ? places.n : HEAT_PLACES;
    struct cube_query q = {i->code, S(""), places, periods, n_periods, POS_NOW, DAY_NONE};
    TRY(cube_read(s->c, g->d, &q, &figures));
    struct chart_row *rows = NEWN(s->c->arena, struct chart_row, places.n);
    struct chart_cell *cells = NEWN(s->c->arena, struct chart_cell, places.n * n_periods);
    struct str *columns = NEWN(s->c->arena, struct str, n_periods);
    bool any = false;
    for (size_t k = 0; k < n_periods; k++)
        columns[k] = entry_period_name(s, periods[k]);
    for (size_t r = 0; r < places.n; r++) {
        struct str name = entry_place_name(s, g, places.v[r]);
        struct url there = url_with(s->c->arena, URL(s->c->arena, "/indicators/{}", i->code), "place", places.v[r]);
        rows[r] = (struct chart_row){name, there.s};
        for (size_t k = 0; k < n_periods; k++) {
            double v = figures.v[r * n_periods + k].amount;
            struct str said = isnan(v) ? site_text(s, &M_figures_missing) : words_of(s, i, v);
            struct str period = entry_period_words(s, periods[k]);
            any |= !isnan(v);
            cells[r * n_periods + k] = (struct chart_cell){
                .value = v,
                .text =
                    isnan(v) ? S("") : entry_number(s, i, number_round(v, i->places == I64_NONE ? 2 : (int)i->places)),
                .label = str_fmt(s->c->arena, "%.*s, %.*s: %.*s", ARGS(name), ARGS(period), ARGS(said))};
        }
    }
    struct chart_heat heat = {
        .rows = rows, .n_rows = places.n, .columns = columns, .n_columns = n_periods, .cells = cells};
    vm->heat_name = in_lang(s->page.lang, i->name, i->name_en);
    vm->heat_places = places.n;
    for (size_t w = 0; w < WIDTHS && any; w++) {
        struct chart_frame f = frame_of(s, "nhiet-", vm->heat_name, widths[w]);
        struct out o;
        out_init(&o, s->c->arena, SVG_BYTES);
        chart_heat(&o, s->c->arena, &f, &heat, NULL);
        *to[w] = html_made(out_str(&o));
    }
    return OK;
}

static struct str title_of(struct site *s, const struct entry_ground *g, const struct figures_compare *vm)
{
    struct out o;
    out_init(&o, s->c->arena, SVG_BYTES);
    for (size_t k = 0; k < COMPARE_INDICATORS && vm->chosen[k].n; k++) {
        const struct indicator *i = dictionary_indicator(g->d, vm->chosen[k]);
        out_put(&o, k ? S(" · ") : S(""));
        out_put(&o, in_lang(s->page.lang, i->name, i->name_en));
    }
    return vm->series.n ? out_str(&o) : site_text(s, &M_figures_title);
}

static enum err show_compare(struct site *s)
{
    struct entry_ground g;
    struct figures_compare vm = {.index = str_eq(site_query(s, "scale"), S("index"))};
    TRY(entry_ground(s, &g));
    TRY(choose(s, &g, &vm));
    offer(s, &g, &vm);
    vm.title = title_of(s, &g, &vm);
    TRY(list_periods(s, &g, &vm));
    TRY(read_series(s, &g, &vm));
    if (vm.any) {
        make_index(s, &vm);
        make_rows(s, &vm);
        if (vm.n_periods > 1) /* one moment is no line */
            draw_lines(s, &vm);
        TRY(draw_heat(s, &g, &vm));
    }
    site_begin(s, url_fixed("/indicators/compare"), vm.title, NAV_INDICATORS);
    figures_compare_html(&s->page, &s->frame, &vm);
    return OK;
}

const struct route figures_compare_routes[] = {
    ROUTE("/indicators/compare", PERM_READ, show_compare, NULL),
    {0},
};
