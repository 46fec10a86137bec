/* The page of one indicator, of the whole or at a place. */
#include "base/viet.h"
#include "domain/indicator/words.h"
#include "front/web/indicator.html.h"
#include "front/web/indicator/indicator_site.h"

#include <stdlib.h>

#include "base/banned.h"

enum { TASKS_MOST = 12 };

/* --- what is wanted --- */

static struct str a_year(struct site *s, const struct standing_goal *g, double v)
{
    bool rate = g->wanted.measure == OUTLOOK_GROWTH;
    if (!isfinite(v) || g->wanted.measure == OUTLOOK_STATE)
        return S("");
    int places = rate && g->wanted.places < 1 ? 1 : g->wanted.places;
    return difference_words(s->c->arena, v, places, s->page.lang);
}

static void add_goal(struct site *s, struct indicator_view *page, const struct standing_goal *g)
{
    enum lang lang = s->page.lang;
    struct arena *a = s->c->arena;
    struct goal_view v = {
        .goal = g, .status = S("no_goal"), .text = goal_words(a, &g->wanted, lang), .why = g->refused};
    if (g->judged) {
        v.status = outlook_word(g->outlook.status);
        v.why = viet_capital(a, g->outlook.why[lang]);
        v.needed = a_year(s, g, g->outlook.needed);
        v.pace = a_year(s, g, g->outlook.pace);
        v.over = g->wanted.by != DAY_NONE && g->wanted.by < page->day;
    }
    if (g->target) {
        v.path = g->target->target.path;
        v.target_id = g->target->id;
        v.quote = g->target->target.text;
    }
    if (isfinite(g->wanted.baseline)) {
        struct period p;
        v.baseline = figure_words(a, g->wanted.baseline, g->wanted.places, indicator_unit(page->i, lang), lang);
        v.baseline_from = period_parse(g->goal->baseline_period, &p) ? period_words(a, p, lang) : S("");
    }
    *PUSH(a, &page->goals) = v;
}

/* "1,0" below or above the path, in the unit; a per cent is told in points. */
static void add_ahead(struct site *s, struct indicator_view *page, const struct standing_goal *g)
{
    enum lang lang = s->page.lang;
    double by = g->outlook.value - g->outlook.path;
    if (!g->judged || !isfinite(by) || g->wanted.measure == OUTLOOK_GROWTH || g->wanted.measure == OUTLOOK_STATE)
        return;
    struct str unit = str_starts(page->unit, S("%")) ? site_text(s, &M_indicator_points) : page->unit;
    page->ahead = figure_words(s->c->arena, fabs(by), indicator_places(page->i), unit, lang);
    page->behind = g->outlook.target >= g->wanted.baseline ? by < 0 : by > 0;
}

static void add_goals(struct site *s, struct indicator_view *page)
{
    const struct standing *st = page->st;
    const struct standing_goal *first = standing_first(st);
    for (size_t i = 0; i < st->n_goals; i++)
        if (&st->goals[i] == first)
            add_goal(s, page, first);
    for (size_t i = 0; i < st->n_goals; i++)
        if (&st->goals[i] != first)
            add_goal(s, page, &st->goals[i]);
    page->first = page->goals.n ? &page->goals.v[0] : NULL;
    page->status = standing_word(st);
    if (first)
        add_ahead(s, page, first);
}

/* --- periods --- */

static void add_periods(struct site *s, struct indicator_view *page)
{
    const struct standing *st = page->st;
    enum lang lang = s->page.lang;
    struct arena *a = s->c->arena;
    int places = indicator_places(page->i);
    for (size_t k = st->periods.n; k-- > 0;) {
        struct standing_period row;
        struct period_line line = {.figure = indicator_figure(s, page->i, &st->figures[k], st->periods.v[k])};
        if (!line.figure.there && k >= st->latest)
            continue;
        standing_period(s->c, st, k, &row);
        line.figure.there_url = figure_url(s, page->i, st->category, st->place, st->periods.v[k], page->as_of);
        line.id = str_fmt(a, "k-%.*s", ARGS(row.period));
        if (isfinite(row.path)) {
            line.path = figure_words(a, row.path, places, S(""), lang);
            line.difference = difference_words(a, row.difference, places, lang);
            page->has_path = true;
        }
        page->sample |= line.figure.sample;
        *PUSH(a, &page->periods) = line;
    }
}

/* --- around it --- */

static void add_link(struct site *s, struct links_view *list, const struct indicator *i, struct str as_of)
{
    if (indicator_is_open(s->c, i))
        *PUSH(s->c->arena, list) = (struct link_view){
            indicator_name(s, i), i->code, indicator_keep(s, URL(s->c->arena, "/indicators/{}", i->code), as_of)};
}

static void add_tasks(struct site *s, const struct standings *m, struct indicator_view *page)
{
    struct arena *a = s->c->arena;
    for (size_t t = 0; t < m->targets.n; t++) {
        struct str plan = m->targets.v[t].plan;
        if (t && str_eq(plan, m->targets.v[t - 1].plan))
            continue;
        struct strs paths = dictionary_paths(s->c, m->dictionary, page->i->code, plan);
        for (size_t k = 0; k < paths.n && page->tasks.n < TASKS_MOST; k++)
            *PUSH(a, &page->tasks) =
                (struct link_view){paths.v[k], plan, URL(a, "/plans/{}/clauses/{}", plan, paths.v[k])};
    }
}

static enum err add_parts(struct site *s, const struct standings *m, struct indicator_view *page)
{
    struct indicators parts = dictionary_parts(s->c, m->dictionary, page->i->code);
    struct indicators users = dictionary_users(s->c, m->dictionary, page->i->code);
    for (size_t k = 0; k < users.n; k++)
        add_link(s, &page->users, users.v[k], page->as_of);
    for (size_t k = 0; k < parts.n; k++) {
        if (!indicator_is_open(s->c, parts.v[k]))
            continue;
        struct standing *st = NEW(s->c->arena, struct standing);
        struct standing_row *row = NEW(s->c->arena, struct standing_row);
        TRY(standing_read(s->c, m, parts.v[k], S(""), page->st->place, st));
        standing_row(s->c, st, row);
        *PUSH(s->c->arena, &page->parts) = indicator_line(s, st, row, page->as_of);
    }
    const struct indicator *above = page->i->parent.n ? dictionary_indicator(m->dictionary, page->i->parent) : NULL;
    if (above)
        add_link(s, &page->parts_above, above, page->as_of);
    return OK;
}

static struct str body_name(struct site *s, const struct org_catalogue *catalogue, struct str code)
{
    const struct org_group *group = org_group(catalogue, code);
    return group ? group->name : place_name(s, catalogue, code);
}

/* A source that says otherwise of the latest figure, where nobody has decided. */
static void add_other(struct site *s, struct indicator_view *page)
{
    const struct value_history *said = page->origin.said;
    for (size_t i = 0; said && page->latest.differs && i < said->n && !page->other; i++)
        if (said->v[i].current && !said->v[i].counts)
            page->other = &said->v[i];
    if (page->other)
        page->other_text = figure_words(s->c->arena, page->other->amount, indicator_places(page->i),
                                        indicator_unit(page->i, s->page.lang), s->page.lang);
}

static enum err add_latest(struct site *s, const struct standings *m, struct indicator_view *page)
{
    const struct standing *st = page->st;
    struct figure none = {.amount = NAN};
    bool there = st->latest < st->periods.n;
    const struct figure *f = there ? &st->figures[st->latest] : &none;
    int32_t period = there ? st->periods.v[st->latest] : 0;
    page->latest = indicator_figure(s, page->i, f, period);
    page->latest.there_url = figure_url(s, page->i, st->category, st->place, period, page->as_of);
    const struct strs *steps =
        s->page.lang == LANG_EN && page->i->steps_en.n == page->i->steps.n ? &page->i->steps_en : &page->i->steps;
    page->steps = steps;
    if (there && f->amount >= 1 && f->amount <= (double)steps->n)
        page->step = (size_t)f->amount;
    if (!there)
        return OK;
    TRY(indicator_origin(s, m, page->i, st->category, st->place, period, f, page->as_of, &page->origin));
    page->origin.figure = page->latest;
    add_other(s, page);
    return OK;
}

static void add_categories(struct site *s, const struct standings *m, struct indicator_view *page)
{
    struct dimensions all = dictionary_dimensions(m->dictionary);
    struct arena *a = s->c->arena;
    struct url here = page->now;
    for (size_t i = 0; i < all.n; i++) {
        const struct dimension *d = &all.v[i];
        bool mine = false;
        for (size_t k = 0; k < page->i->dimensions.n; k++)
            mine |= str_eq(page->i->dimensions.v[k], d->dimension);
        if (!mine)
            continue;
        struct str name = in_lang(s->page.lang, d->name, d->name_en);
        *PUSH(a, &page->categories) =
            (struct link_view){name, d->category, indicator_keep(s, url_with(a, here, "by", d->category), page->as_of)};
        if (str_eq(d->category, page->st->category))
            page->category_name = name;
    }
}

static enum err make_page(struct site *s, const struct standings *m, struct indicator_view *page)
{
    const struct org_catalogue *catalogue;
    const struct indicator *i = page->i;
    TRY(org_catalogue_from_store(s->c, m->at, &catalogue));
    page->name = indicator_name(s, i);
    page->definition = in_lang(s->page.lang, i->definition, i->definition_en);
    page->unit = indicator_unit(i, s->page.lang);
    page->set = i->set.n ? dictionary_set(m->dictionary, i->set) : NULL;
    if (page->st->place.n)
        page->place_name = place_name(s, catalogue, page->st->place);
    if (i->responsible.n)
        page->responsible = body_name(s, catalogue, i->responsible);
    if (i->provider.n)
        page->provider = body_name(s, catalogue, i->provider);
    page->here = URL(s->c->arena, "/indicators/{}", i->code);
    page->now = page->st->place.n ? url_with(s->c->arena, page->here, "place", page->st->place) : page->here;
    add_goals(s, page);
    TRY(add_latest(s, m, page));
    add_periods(s, page);
    add_tasks(s, m, page);
    add_categories(s, m, page);
    TRY(add_parts(s, m, page));
    if (!i->steps.n)
        indicator_chart(s, page);
    return indicator_places_view(s, m, page, catalogue);
}

static enum err show_indicator(struct site *s)
{
    struct standings m;
    struct standing st;
    struct indicator_view page = {0};
    int32_t as_of;
    TRY(indicator_as_of(s, &page.as_of, &as_of));
    TRY(standings_open(s->c, as_of, &m));
    TRY(indicator_open(s->c, m.dictionary, s->part[0], &page.i));
    TRY(standing_read(s->c, &m, page.i, site_query(s, "by"), site_query(s, "place"), &st));
    page.st = &st;
    page.day = m.day;
    TRY(make_page(s, &m, &page));
    struct str title = page.place_name.n
                           ? str_join(s->c->arena, (const struct str[]){page.name, page.place_name}, 2, S(", "))
                           : page.name;
    site_begin(s, page.here, title, NAV_INDICATORS);
    site_data(s, page.here);
    indicator_html(&s->page, &s->frame, &page);
    return OK;
}

const struct route indicator_routes[] = {
    ROUTE("/indicators/{}", PERM_READ, show_indicator, NULL),
    {0},
};
