/* What there is to be entered: by body and frequency, and by indicator over all areas. */
#include "base/names.h"
#include "domain/access/viewer.h"
#include "front/web/entry/entry_site.h"
#include "front/web/entry_index.html.h"

#include <stdlib.h>

#include "base/banned.h"

static const struct {
    struct str word;
    const struct message *label;
} frequencies[ENTRY_FREQUENCIES] = {{S0("month"), &M_entry_month},
                                    {S0("quarter"), &M_entry_quarter},
                                    {S0("half"), &M_entry_half},
                                    {S0("year"), &M_entry_year}};

/* What is there for the period that ended last, and for the one that runs, by frequency. */
struct held {
    int32_t ended, now;
    struct entry_filled_list was, is;
};

static int by_name(const void *a, const void *b)
{
    const struct entry_filled *x = a, *y = b;
    int order = str_cmp(x->indicator, y->indicator);
    return order ? order : str_cmp(x->place, y->place);
}

static enum err read_filled(struct ctx *c, int32_t period, struct entry_filled_list *ret)
{
    TRY(entry_filled(c, period, ret));
    if (ret->n)
        qsort(ret->v, ret->n, sizeof *ret->v, by_name);
    return OK;
}

static bool is_filled(const struct entry_filled_list *list, const struct entry_due *due)
{
    const struct entry_filled key = {due->indicator->code, due->place};
    return list->n && bsearch(&key, list->v, list->n, sizeof *list->v, by_name);
}

static size_t count_of(const struct entry_filled_list *list, struct str indicator)
{
    size_t n = 0;
    for (size_t i = 0; i < list->n; i++)
        n += str_eq(list->v[i].indicator, indicator);
    return n;
}

static size_t frequency_of(const struct indicator *i)
{
    for (size_t k = 0; k < ENTRY_FREQUENCIES; k++)
        if (str_eq(i->frequency, frequencies[k].word))
            return k;
    return ENTRY_FREQUENCIES - 1; /* once */
}

static bool is_asked(const struct entry_ground *g, const struct indicator *i, int32_t period)
{
    const struct indicator_set *set = i->set.n ? dictionary_set(g->d, i->set) : NULL;
    return !set || set->year == I64_NONE || set->year == period / (PERIOD_MONTHS + 1) / 12;
}

static bool may_for(struct site *s, struct str org)
{
    return viewer_may_in(s->c, PERM_ENTER, org) || viewer_may_in(s->c, PERM_OFFICE, org);
}

static struct url grid_url(struct site *s, struct str place, int32_t period)
{
    return URL(s->c->arena, "/entry/{}/{}", place, entry_period_name(s, period));
}

static struct entry_body *body_of(struct site *s, const struct entry_ground *g, struct entry_index *vm,
                                  struct names *known, struct str code)
{
    bool is_new;
    uint32_t n = names_number(s->c->arena, known, code, &is_new);
    if (is_new)
        *PUSH(s->c->arena, &vm->bodies) = (struct entry_body){.code = code, .name = entry_place_name(s, g, code)};
    return &vm->bodies.v[n];
}

static void count_dues(struct site *s, const struct entry_ground *g, const struct entry_dues *dues,
                       const struct held held[ENTRY_FREQUENCIES], struct entry_index *vm)
{
    struct names known = {0};
    for (size_t i = 0; i < dues->n; i++) {
        const struct entry_due *due = &dues->v[i];
        size_t k = frequency_of(due->indicator);
        if (!due->place.n || !may_for(s, due->org) || !is_asked(g, due->indicator, held[k].ended))
            continue;
        struct entry_cell *cell = &body_of(s, g, vm, &known, due->org)->cells[k];
        bool there = is_filled(&held[k].was, due);
        if (!cell->due++) {
            cell->url = grid_url(s, due->org, held[k].ended);
            cell->now_url = grid_url(s, due->org, held[k].now);
            vm->used[k] = true;
        }
        cell->filled += there;
        cell->now_filled += is_filled(&held[k].is, due);
        vm->due++;
        vm->filled += there;
    }
}

static bool lacks(const struct entry_body *b)
{
    for (size_t k = 0; k < ENTRY_FREQUENCIES; k++)
        if (b->cells[k].filled < b->cells[k].due)
            return true;
    return false;
}

/* Only what was asked for; by name as bodies are listed. */
static void choose(struct site *s, const struct entry_ground *g, struct entry_index *vm)
{
    const struct org_filter *words = org_filter_new(s->c, g->catalogue, vm->words);
    struct org_units all = org_units(g->catalogue);
    struct entry_body *kept = NEWN(s->c->arena, struct entry_body, vm->bodies.n + 1);
    size_t n = 0;
    vm->total = vm->bodies.n;
    for (size_t i = 0; i < all.n; i++)
        for (size_t k = 0; k < vm->bodies.n; k++)
            if (str_eq(vm->bodies.v[k].code, all.v[i]->code)) {
                if (org_filter_fits(s->c, words, all.v[i]->code) && (!vm->missing || lacks(&vm->bodies.v[k])))
                    kept[n++] = vm->bodies.v[k];
                break;
            }
    vm->bodies.v = kept;
    vm->bodies.n = vm->bodies.cap = n;
}

/* Indicators over all areas, for whoever answers for them or gathers them. */
static void list_gathered(struct site *s, const struct entry_ground *g, const struct held held[ENTRY_FREQUENCIES],
                          struct entry_index *vm)
{
    struct indicators all = dictionary_indicators(g->d);
    struct org_areas areas = org_areas(g->catalogue);
    size_t below = 0;
    for (size_t i = 0; i < areas.n; i++)
        below += areas.v[i]->parent.n && org_exists(areas.v[i]->valid_from, areas.v[i]->valid_to, s->today);
    for (size_t i = 0; i < all.n; i++) {
        const struct indicator *one = all.v[i];
        size_t k = frequency_of(one);
        bool mine = viewer_may(s->c, PERM_OFFICE) || (one->responsible.n && may_for(s, one->responsible)) ||
                    (one->provider.n && !org_group(g->catalogue, one->provider) && may_for(s, one->provider));
        if (!mine || one->formula.n || !one->provider.n || !str_eq(one->tree, S("area")) ||
            !is_asked(g, one, held[k].ended))
            continue;
        struct str period = entry_period_name(s, held[k].ended);
        *PUSH(s->c->arena, &vm->gathered) =
            (struct entry_gathered){.indicator = one,
                                    .due = below,
                                    .filled = count_of(&held[k].was, one->code),
                                    .period = vm->periods[k],
                                    .url = URL(s->c->arena, "/indicators/{}/entry/{}", one->code, period)};
    }
}

static enum err show_index(struct site *s)
{
    struct entry_ground g;
    struct entry_dues dues;
    struct held held[ENTRY_FREQUENCIES];
    struct entry_index vm = {.words = str_trim(site_query(s, "q")),
                             .missing = str_eq(site_query(s, "show"), S("missing")),
                             .office = viewer_may(s->c, PERM_OFFICE)};
    TRY(entry_ground(s, &g));
    for (size_t k = 0; k < ENTRY_FREQUENCIES; k++) {
        held[k].ended = entry_period(frequencies[k].word, s->today, 1);
        held[k].now = entry_period(frequencies[k].word, s->today, 0);
        vm.frequencies[k] = frequencies[k].label;
        vm.periods[k] = entry_period_words(s, held[k].ended);
        vm.now[k] = entry_period_words(s, held[k].now);
        TRY(read_filled(s->c, held[k].ended, &held[k].was));
        TRY(read_filled(s->c, held[k].now, &held[k].is));
    }
    TRY(entry_dues(s->c, g.d, g.catalogue, S(""), s->today, &dues));
    count_dues(s, &g, &dues, held, &vm);
    choose(s, &g, &vm);
    list_gathered(s, &g, held, &vm);
    site_begin(s, url_fixed("/entry"), site_text(s, &M_entry_title), NAV_INDICATORS);
    s->for_one = true;
    entry_index_html(&s->page, &s->frame, &vm);
    return OK;
}

const struct route entry_index_routes[] = {
    ROUTE("/entry", PERM_ENTER | PERM_IN_BODY, show_index, NULL),
    {0},
};
