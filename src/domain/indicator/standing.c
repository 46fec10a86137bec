#include "domain/indicator/standing.h"

#include "domain/indicator/words.h"
#include "store/db.h"

#include <stdlib.h>

#include "base/banned.h"

int indicator_places(const struct indicator *i)
{
    return i->places == I64_NONE ? -1 : (int)i->places;
}

int indicator_months(const struct indicator *i)
{
    static const struct {
        struct str word;
        int months;
    } rhythms[] = {{S0("month"), 1}, {S0("quarter"), 3}, {S0("half"), 6}, {S0("year"), 12}};
    for (size_t k = 0; k < sizeof rhythms / sizeof *rhythms; k++)
        if (str_eq(i->frequency, rhythms[k].word))
            return rhythms[k].months;
    return 0;
}

struct str indicator_unit(const struct indicator *i, enum lang lang)
{
    return lang == LANG_EN && i->unit_en.n ? i->unit_en : i->unit;
}

/* --- the moment --- */

/* Every target of every plan, a page at a time. */
static enum err read_targets(struct ctx *c, int32_t as_of, struct standings *s)
{
    struct target_query q = {.limit = LIST_LIMIT_MAX, .as_of = as_of};
    struct target_page page;
    do {
        TRY(list_targets(c, &q, &page));
        for (size_t i = 0; i < page.n; i++)
            *PUSH(c->arena, &s->targets) = page.v[i];
        q.after = page.next;
    } while (page.next.p);
    return OK;
}

enum err standings_open(struct ctx *c, int32_t as_of, struct standings *ret)
{
    struct list_moment m;
    struct standings s = {0};
    TRY(list_moment(c, as_of, &m));
    s.at = m.at;
    s.day = m.day;
    TRY(dictionary_from_store(c, m.at, &s.dictionary));
    TRY(read_targets(c, as_of, &s));
    *ret = s;
    return OK;
}

static const struct target_item *target_of(const struct standings *s, struct str plan, struct str key)
{
    for (size_t i = 0; i < s->targets.n; i++)
        if (str_eq(s->targets.v[i].plan, plan) && str_eq(s->targets.v[i].target.key, key))
            return &s->targets.v[i];
    return NULL;
}

/* --- what is wanted --- */

/* The last day that "2030", "2026-2030" or "2030-06" names. */
static int32_t last_day(struct str by)
{
    struct period p;
    if (period_parse(by, &p) || (by.n > 4 && period_parse(str_skip(by, by.n - 4), &p)))
        return p.to;
    return DAY_NONE;
}

static struct str first_of(struct str a, struct str b)
{
    return a.n ? a : b;
}

/* "2026=10", "2027=25": each at the end of its period. */
static void read_steps(struct ctx *c, const struct goal *g, struct outlook_goal *ret)
{
    struct outlook_step *steps = NEWN(c->arena, struct outlook_step, g->points.n + 1);
    for (size_t i = 0; i < g->points.n; i++) {
        struct str rest = g->points.v[i], when;
        struct period p;
        if (!str_cut(&rest, '=', &when) || !period_parse(when, &p))
            continue;
        double v = strtod(str_z(c->arena, rest), NULL);
        steps[ret->n_steps++] = (struct outlook_step){p.to, v};
    }
    ret->steps = steps;
}

static void read_wanted(struct ctx *c, const struct indicator *i, struct standing_goal *sg)
{
    const struct goal *g = sg->goal;
    const struct target *t = sg->target ? &sg->target->target : NULL;
    struct outlook_goal w = {.path = OUTLOOK_LINEAR,
                             .comparator = OUTLOOK_GE,
                             .unit = i->unit,
                             .unit_en = i->unit_en,
                             .places = indicator_places(i),
                             .labels = i->steps,
                             .labels_en = i->steps_en,
                             .low = isfinite(g->low) || !t ? g->low : t->low,
                             .high = isfinite(g->high) || !t ? g->high : t->high,
                             .baseline = g->baseline,
                             .baseline_day = last_day(g->baseline_period)};
    (void)outlook_measure_parse(first_of(g->measure, t ? t->measure : S("level")), &w.measure);
    (void)outlook_comparator_parse(first_of(g->comparator, t ? t->comparator : S("ge")), &w.comparator);
    w.direction = str_eq(i->direction, S("up")) ? 1 : str_eq(i->direction, S("down")) ? -1 : 0;
    w.per_year = first_of(g->per, t ? t->per : S("")).n > 0;
    w.over = str_eq(i->over_time, S("sum"))    ? OUTLOOK_SUM
             : str_eq(i->over_time, S("mean")) ? OUTLOOK_MEAN
                                               : OUTLOOK_LAST;
    w.rates = str_starts(i->unit, S("%"));
    w.by = last_day(first_of(g->by, t ? t->by : S("")));
    if (w.baseline_day == DAY_NONE)
        w.baseline = NAN;
    if (!outlook_path_parse(g->path, &w.path)) /* "none": nothing runs from the baseline to the goal */
        w.baseline = NAN;
    if (w.path == OUTLOOK_STEPS || w.path == OUTLOOK_GIVEN)
        read_steps(c, g, &w);
    if (w.measure == OUTLOOK_STATE)
        w.unit = w.unit_en = S("");
    sg->wanted = w;
}

/* Of a borrowed goal: from where the place itself was. */
static void own_baseline(const struct standing *st, struct standing_goal *sg)
{
    double own = NAN;
    struct period p;
    for (size_t i = 0; i < st->periods.n; i++)
        if (period_of_code(st->periods.v[i], &p) && p.to == sg->wanted.baseline_day)
            own = st->figures[i].amount;
    sg->wanted.baseline = own;
    if (!isfinite(own))
        sg->wanted.baseline_day = DAY_NONE;
}

/* The goals that are told of this place. */
static void choose_goals(struct ctx *c, const struct standings *s, struct standing *st)
{
    struct goals all = dictionary_goals(c, s->dictionary, st->indicator->code);
    bool sums = str_eq(st->indicator->over_places, S("sum")), own = false;
    st->goals = NEWN(c->arena, struct standing_goal, all.n + 1);
    for (size_t i = 0; i < all.n && !st->whole; i++)
        own |= str_eq(all.v[i]->place, st->place);
    for (size_t i = 0; i < all.n; i++) {
        const struct goal *g = all.v[i];
        struct standing_goal sg = {.goal = g, .borrowed = !st->whole && !g->place.n};
        bool fits = g->place.n ? str_eq(g->place, st->place) : st->whole || (!own && !sums);
        if (!fits)
            continue;
        if (g->target.n && !(sg.target = target_of(s, g->plan, g->target)))
            continue;
        read_wanted(c, st->indicator, &sg);
        if (sg.borrowed)
            own_baseline(st, &sg);
        st->goals[st->n_goals++] = sg;
    }
}

/* --- how it stands --- */

static enum err judge(struct ctx *c, const struct standings *s, const struct standing *st, struct standing_goal *sg)
{
    struct outlook_point *points = NEWN(c->arena, struct outlook_point, st->periods.n + 1);
    size_t n = 0;
    struct period p;
    for (size_t i = 0; i < st->periods.n; i++)
        if (isfinite(st->figures[i].amount) && period_of_code(st->periods.v[i], &p))
            points[n++] =
                (struct outlook_point){p.to, st->figures[i].amount, (st->figures[i].flags & FIGURE_PROVISIONAL) != 0};
    struct outlook_input in = {&sg->wanted, points, n, indicator_months(st->indicator), s->day, NULL};
    enum err e = outlook(c, &in, &sg->outlook);
    sg->judged = !e;
    if (e == E_INVALID) {
        sg->refused = c->error.message;
        c->error = (struct error){0};
        return OK;
    }
    return e;
}

enum err standing_judge(struct ctx *c, const struct standings *s, struct standing *st)
{
    st->latest = st->periods.n;
    for (size_t i = 0; i < st->periods.n; i++)
        if (isfinite(st->figures[i].amount))
            st->latest = i;
    st->n_goals = 0;
    choose_goals(c, s, st);
    for (size_t i = 0; i < st->n_goals; i++)
        TRY(judge(c, s, st, &st->goals[i]));
    return OK;
}

enum err standing_read(struct ctx *c, const struct standings *s, const struct indicator *i, struct str category,
                       struct str place, struct standing *ret)
{
    struct standing st = {.indicator = i, .category = category};
    struct figures figures;
    struct str root;
    TRY(cube_root(c, i, s->day, &root));
    if (!place.n)
        place = root;
    st.whole = str_eq(place, root);
    if (!st.whole)
        st.place = place;
    TRY(cube_periods(c, s->dictionary, i->code, category, place, s->at, &st.periods));
    struct cube_query q = {.indicator = i->code,
                           .category = category,
                           .places = {&place, place.n > 0},
                           .periods = st.periods.v,
                           .n_periods = st.periods.n,
                           .at = s->at,
                           .map_day = s->day};
    if (st.periods.n) {
        TRY(cube_read(c, s->dictionary, &q, &figures));
        st.figures = figures.v;
    }
    TRY(standing_judge(c, s, &st));
    *ret = st;
    return OK;
}

/* Of several goals the one that is judged, and among these the first in the plan. */
const struct standing_goal *standing_first(const struct standing *st)
{
    for (size_t i = 0; i < st->n_goals; i++)
        if (st->goals[i].judged)
            return &st->goals[i];
    return st->n_goals ? &st->goals[0] : NULL;
}

const struct standing_goal *standing_of_target(const struct standing *st, struct str plan, struct str target)
{
    for (size_t i = 0; i < st->n_goals; i++)
        if (str_eq(st->goals[i].goal->plan, plan) && str_eq(st->goals[i].goal->target, target))
            return &st->goals[i];
    return NULL;
}

struct str standing_word(const struct standing *st)
{
    const struct standing_goal *first = standing_first(st);
    return first && first->judged ? outlook_word(first->outlook.status) : S("no_goal");
}
