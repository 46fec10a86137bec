/* The list of indicators. */
#include "front/web/indicator/indicator_site.h"
#include "front/web/indicators.html.h"
#include "front/web/plan/filter.h"

#include "domain/indicator/words.h"

#include <stdlib.h>

#include "base/banned.h"

/* --- groups --- */

/* "II.1" of II.1.4-9: the heading that a target stands under. */
static struct str heading_of(struct str path)
{
    size_t dots = 0;
    for (size_t i = 0; i < path.n; i++) {
        dots += path.p[i] == '.';
        if (dots == 2 || path.p[i] == '-')
            return str_slice(path, 0, i);
    }
    return path;
}

struct headings {
    struct str plan;
    struct clause_page clauses;
};

static enum err read_headings(struct site *s, struct headings *h, struct str plan, int32_t as_of)
{
    if (str_eq(h->plan, plan))
        return OK;
    struct clause_query q = {.plan = plan, .limit = LIST_LIMIT_MAX, .as_of = as_of};
    h->plan = plan;
    return list_clauses(s->c, &q, &h->clauses);
}

static const struct clause *clause_at(const struct headings *h, struct str path)
{
    for (size_t i = 0; i < h->clauses.n; i++)
        if (str_eq(h->clauses.v[i].path, path))
            return &h->clauses.v[i];
    return NULL;
}

/* What the row stands under: a heading of its plan, its set, or neither. */
static enum err group_of(struct site *s, struct headings *h, const struct standing_item *item, int32_t as_of,
                         const struct dictionary *d, struct indicator_group *ret)
{
    const struct standing_row *row = &item->standing;
    struct str in_set = item->item.indicator.set;
    struct indicator_group g = {0};
    if (row->path.n) {
        TRY(read_headings(s, h, row->plan, as_of));
        g.key = heading_of(row->path);
        const struct clause *clause = clause_at(h, g.key);
        if (!clause || !clause->title.n) /* a clause of one level more or less */
            clause = clause_at(h, str_slice(g.key, 0, str_find(g.key, S("."), 0)));
        if (clause)
            g.key = clause->path;
        g.title = clause && clause->title.n ? clause->title : row->plan;
    } else if (in_set.n) {
        const struct indicator_set *set = dictionary_set(d, in_set);
        g.set = in_set;
        g.title = set ? in_lang(s->page.lang, set->name, set->name_en) : in_set;
    }
    *ret = g;
    return OK;
}

/* Parts of sets and what no plan asks for are folded unless something is chosen. */
static enum err add_groups(struct site *s, struct indicators_view *view, int32_t as_of, struct str as_of_text,
                           bool chosen)
{
    struct headings h = {0};
    for (size_t i = 0; i < view->list->n; i++) {
        const struct standing_item *item = &view->list->v[i];
        const struct indicator *of = item->st->indicator;
        struct indicator_group one, *last = view->groups.n ? &view->groups.v[view->groups.n - 1] : NULL;
        TRY(group_of(s, &h, item, as_of, view->list->moment.dictionary, &one));
        if (!last || !str_eq(last->key, one.key) || !str_eq(last->title, one.title)) {
            last = PUSH(s->c->arena, &view->groups);
            *last = one;
        }
        view->sample |= item->standing.sample;
        last->aside = !chosen && !item->standing.path.n && !of->set.n;
        if (!chosen && of->set.n && of->parent.n && !item->standing.path.n)
            last->folded++;
        else
            *PUSH(s->c->arena, &last->lines) = indicator_line(s, item->st, &item->standing, as_of_text);
    }
    return OK;
}

/* --- filters --- */

static void tabs(struct filter *f, const struct standing_list *list)
{
    struct str rest = S(STANDING_WORDS), word;
    filter_tab(f, "status", &M_tab_all, "", list->all);
    for (size_t i = 0; str_cut(&rest, '|', &word); i++)
        if (list->by[i] || str_eq(word, ((const struct standing_query *)f->args)->status))
            filter_tab(f, "status", word_standing(word), str_z(f->site->c->arena, word), list->by[i]);
}

static bool has_choice(const struct filter_field *field, struct str value)
{
    for (size_t i = 0; i < field->choices.n; i++)
        if (str_eq(field->choices.v[i].value, value))
            return true;
    return false;
}

static enum err responsible_choices(struct filter *f, struct filter_field *field, const struct standings *m)
{
    struct indicators all = dictionary_indicators(m->dictionary);
    for (size_t i = 0; i < all.n; i++) {
        struct str name, code = all.v[i]->responsible;
        if (!code.n || has_choice(field, code))
            continue;
        TRY(list_body_name(f->site->c, code, m->at, &name));
        filter_choice(f, field, code, name);
    }
    return OK;
}

static void set_choices(struct filter *f, struct filter_field *field, const struct standings *m)
{
    struct indicators all = dictionary_indicators(m->dictionary);
    for (size_t i = 0; i < all.n; i++) {
        const struct indicator_set *set = all.v[i]->set.n ? dictionary_set(m->dictionary, all.v[i]->set) : NULL;
        if (set && !has_choice(field, set->code))
            filter_choice(f, field, set->code, in_lang(f->site->page.lang, set->name, set->name_en));
    }
}

static enum err fields(struct filter *f, const struct standings *m)
{
    filter_add(f, "q", &M_indicators_words, FILTER_TEXT);
    TRY(filter_plans(f, m->at));
    filter_add(f, "path", &M_filter_part, FILTER_TEXT);
    struct filter_field *set = filter_add(f, "set", &M_indicators_set, FILTER_SELECT);
    set_choices(f, set, m);
    if (!set->choices.n)
        f->fields.n--;
    struct filter_field *body = filter_add(f, "org", &M_indicators_responsible, FILTER_SELECT);
    TRY(responsible_choices(f, body, m));
    filter_words(f, filter_add(f, "frequency", &M_indicators_frequency, FILTER_SELECT), word_frequency);
    return OK;
}

static enum err show_indicators(struct site *s)
{
    struct filter f;
    struct standing_list list;
    TRY(filter_init(&f, s, url_fixed("/indicators"), &standing_query_record));
    struct standing_query *q = f.args;
    struct indicator_query *asked = &q->indicator;
    if (!site_query(s, "limit").n) /* they are some hundreds, and grouped */
        asked->limit = LIST_LIMIT_MAX;
    TRY(standing_list(s->c, q, &list));
    struct indicators_view view = {.list = &list,
                                   .met = list.by[0],
                                   .on_track = list.by[1],
                                   .risk = list.by[2],
                                   .off = list.by[3],
                                   .none = list.by[4],
                                   .stale = list.by[5],
                                   .no_goal = list.by[6],
                                   .place = q->place};
    struct str as_of = site_query(s, "as-of").n ? site_query(s, "as-of") : site_query(s, "as_of");
    site_begin(s, f.here, site_text(s, &M_site_indicators), NAV_INDICATORS);
    bool chosen = asked->q.n || asked->path.n || asked->programme.n || asked->set.n || q->status.n || asked->org.n ||
                  asked->frequency.n || asked->kind.n || asked->tree.n;
    TRY(add_groups(s, &view, asked->as_of, as_of, chosen));
    if (q->place.n) {
        const struct org_catalogue *catalogue;
        TRY(org_catalogue_from_store(s->c, list.moment.at, &catalogue));
        view.place_name = place_name(s, catalogue, q->place);
    }
    TRY(fields(&f, &list.moment));
    tabs(&f, &list);
    filter_done(&f, list.next);
    indicators_html(&s->page, &s->frame, &f, &view);
    return OK;
}

const struct route indicators_routes[] = {
    ROUTE("/indicators", PERM_READ, show_indicators, NULL),
    {0},
};
