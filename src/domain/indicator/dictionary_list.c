#include "domain/indicator/dictionary_list.h"
#include "domain/indicator/dictionary.h"
#include "domain/indicator/indicator_sight.h"

#include "base/period.h"
#include "base/viet.h"
#include "domain/plan/list.h"
#include "ledger/ledger.h"

#include <math.h>
#include <stdlib.h>

#include "base/banned.h"

static enum err refuse_field(struct ctx *c, const char *field, const char *why)
{
    enum err e = FAIL(c, E_INVALID, "%s: %s", field, why);
    c->error.field = str_of(field);
    return e;
}

enum err dictionary_on(struct ctx *c, int32_t as_of, const struct dictionary **ret)
{
    int64_t at = POS_NOW;
    if (as_of != DAY_NONE)
        TRY(ledger_position_at(c, moment_of_day(as_of + 1) - 1, &at));
    return dictionary_from_store(c, at, ret);
}

/* ---- filters ---- */

/* Does every word of `asked` begin a word of one of the texts, marks and case aside? */
static bool has_words(struct ctx *c, struct str asked, const struct indicator *i)
{
    const struct str texts[] = {i->code, i->name, i->name_en, i->definition, i->source};
    struct str folded = viet_fold_text(c->arena, asked), all, word, other;
    struct str joined = str_join(c->arena, texts, sizeof texts / sizeof *texts, S(" "));
    all = viet_fold_text(c->arena, joined);
    for (size_t at = 0; viet_word(folded, &at, &word);) {
        bool found = false;
        for (size_t k = 0; !found && viet_word(all, &k, &other);)
            found = str_starts(other, word);
        if (!found)
            return false;
    }
    return true;
}

/* Is it that clause, or one under it? */
static bool covers(struct str path, struct str link)
{
    return str_starts(link, path) && (link.n == path.n || link.p[path.n] == '.' || link.p[path.n] == '-');
}

static bool is_link(const struct dictionary *d, struct str indicator, struct str plan, struct str path)
{
    for (size_t i = 0; i < d->rows[DICTIONARY_LINK].n; i++) {
        const struct indicator_link *link = dictionary_row(d, DICTIONARY_LINK, i);
        if (str_eq(link->indicator, indicator) && (!plan.n || str_eq(link->plan, plan)) &&
            (!path.n || covers(path, link->path)))
            return true;
    }
    return false;
}

static bool has_goal(const struct dictionary *d, struct str indicator)
{
    for (size_t i = 0; i < d->rows[DICTIONARY_GOAL].n; i++)
        if (str_eq(d->goals[i]->indicator, indicator))
            return true;
    return false;
}

static bool is_kind(struct ctx *c, const struct dictionary *d, const struct indicator *i, struct str kind)
{
    return str_eq(kind, S("goal"))        ? has_goal(d, i->code)
           : str_eq(kind, S("derived"))   ? i->formula.n > 0
           : str_eq(kind, S("reported"))  ? !i->formula.n
           : str_eq(kind, S("described")) ? i->steps.n > 0
           : str_eq(kind, S("component")) ? i->set.n > 0
                                          : dictionary_users(c, d, i->code).n > 0;
}

static bool fits(struct ctx *c, const struct dictionary *d, const struct indicator *i, const struct indicator_query *q)
{
    bool alone = str_eq(q->set, S("none"));
    return (!q->set.n || (alone ? !i->set.n : str_eq(i->set, q->set))) &&
           (!q->frequency.n || str_eq(i->frequency, q->frequency)) && (!q->tree.n || str_eq(i->tree, q->tree)) &&
           (!q->org.n || str_eq(i->responsible, q->org) || str_eq(i->provider, q->org)) &&
           (!(q->plan.n || q->path.n) || is_link(d, i->code, q->plan, q->path)) &&
           (!q->programme.n || is_link(d, i->code, q->plan, q->programme)) &&
           (!q->kind.n || is_kind(c, d, i, q->kind)) && (!q->q.n || has_words(c, q->q, i));
}

static enum err limit_of(struct ctx *c, int64_t asked, int64_t *ret)
{
    *ret = asked == I64_NONE ? DICTIONARY_LIMIT : asked;
    if (*ret < 1 || *ret > DICTIONARY_LIMIT_MAX)
        return refuse_field(c, "limit", "phải từ 1 đến 1000 (must be 1 to 1000)");
    return OK;
}

static struct strs goal_keys(struct ctx *c, const struct dictionary *d, struct str code)
{
    struct goals goals = dictionary_goals(c, d, code);
    struct strs ret = {NEWN(c->arena, struct str, goals.n + 1), 0};
    for (size_t i = 0; i < goals.n; i++)
        if (!goals.v[i]->place.n)
            ret.v[ret.n++] = goals.v[i]->key;
    return ret;
}

enum err dictionary_list(struct ctx *c, const struct dictionary *d, const struct indicator_query *q,
                         struct indicator_page *ret)
{
    struct indicator_page page = {.count = q->count ? 0 : I64_NONE};
    struct indicators all = dictionary_indicators(d);
    int64_t limit;
    bool begun = !q->after.n, more = false;
    TRY(limit_of(c, q->limit, &limit));
    if (q->set.n && !str_eq(q->set, S("none")) && !dictionary_set(d, q->set))
        return refuse_field(c, "set", "không có bộ chỉ số này (no such set)");
    if (q->after.n && !dictionary_indicator(d, q->after))
        return refuse_field(c, "after", "không có mã này trong danh sách (not in the list)");
    for (size_t i = 0; i < all.n; i++) {
        if (begun ? !more || q->count : q->count) {
            bool fit = fits(c, d, all.v[i], q);
            page.count += q->count && fit;
            if (begun && fit && page.n < (size_t)limit)
                *PUSH(c->arena, &page) = (struct indicator_item){*all.v[i], goal_keys(c, d, all.v[i]->code)};
            else
                more |= begun && fit;
        }
        begun |= str_eq(all.v[i]->code, q->after);
    }
    if (more)
        page.next = page.v[page.n - 1].indicator.code;
    *ret = page;
    return OK;
}

/* ---- what goals ask for ---- */

struct wanted {
    struct target_item *v;
    size_t n, cap;
    struct str plan;
    bool known; /* the plan is in this store */
};

/* The targets of a plan that the reader may see. */
static enum err read_targets(struct ctx *c, struct str plan, int32_t as_of, struct wanted *ret)
{
    struct target_query q = {.plan = plan, .limit = LIST_LIMIT_MAX, .as_of = as_of};
    struct error before = c->error;
    *ret = (struct wanted){.plan = plan};
    for (;;) {
        struct target_page page;
        enum err e = list_targets(c, &q, &page);
        if (e == E_NOTFOUND) {
            c->error = before;
            return OK;
        }
        TRY(e);
        ret->known = true;
        for (size_t i = 0; i < page.n; i++)
            *PUSH(c->arena, ret) = page.v[i];
        if (!page.next.n)
            return OK;
        q.after = page.next;
    }
}

static const struct target_item *target_of(const struct wanted *w, struct str key)
{
    for (size_t i = 0; i < w->n; i++)
        if (str_eq(w->v[i].target.key, key))
            return &w->v[i];
    return NULL;
}

static void take_over(struct goal_item *item, const struct target_item *target)
{
    struct goal *g = &item->goal;
    const struct target *t = &target->target;
    item->id = target->id;
    item->text = t->text;
    if (g->comparator.n)
        return;
    g->comparator = t->comparator;
    g->low = t->low;
    g->high = t->high;
    if (!g->measure.n)
        g->measure = t->measure;
    if (!g->per.n)
        g->per = t->per;
    if (!g->by.n)
        g->by = t->by;
}

enum err dictionary_wanted(struct ctx *c, const struct dictionary *d, struct goals goals, int32_t as_of,
                           struct goal_items *ret)
{
    struct {
        struct wanted *v;
        size_t n, cap;
    } plans = {0};
    struct goal_items items = {0};
    for (size_t i = 0; i < goals.n; i++) {
        const struct goal *g = goals.v[i];
        const struct indicator *of = dictionary_indicator(d, g->indicator);
        struct goal_item item = {.goal = *g};
        size_t k = 0;
        if (of) {
            item.name = of->name;
            item.name_en = of->name_en;
            item.unit = of->unit;
        }
        while (k < plans.n && !str_eq(plans.v[k].plan, g->plan))
            k++;
        if (g->plan.n && k == plans.n)
            TRY(read_targets(c, g->plan, as_of, PUSH(c->arena, &plans)));
        const struct target_item *target = g->plan.n ? target_of(&plans.v[k], g->target) : NULL;
        if (target)
            take_over(&item, target);
        if (target || !g->plan.n || !plans.v[k].known)
            *PUSH(c->arena, &items) = item;
    }
    *ret = items;
    return OK;
}

static bool is_shown(struct ctx *c, const struct dictionary *d, struct str code)
{
    const struct indicator *i = dictionary_indicator(d, code);
    return i && indicator_is_open(c, i);
}

enum err dictionary_goal_list(struct ctx *c, const struct dictionary *d, const struct goal_query *q,
                              struct goal_page *ret)
{
    struct goals all = dictionary_all_goals(d);
    struct goal_page page = {.count = I64_NONE};
    struct goal_items items;
    struct {
        const struct goal **v;
        size_t n, cap;
    } chosen = {0};
    int64_t limit;
    size_t from = 0;
    TRY(limit_of(c, q->limit, &limit));
    if (q->indicator.n && !is_shown(c, d, q->indicator))
        return refuse_field(c, "indicator", "không có chỉ tiêu này (no such indicator)");
    for (size_t i = 0; i < all.n; i++)
        if (is_shown(c, d, all.v[i]->indicator) && (!q->indicator.n || str_eq(all.v[i]->indicator, q->indicator)) &&
            (!q->plan.n || str_eq(all.v[i]->plan, q->plan)) && (!q->place.n || str_eq(all.v[i]->place, q->place)))
            *PUSH(c->arena, &chosen) = all.v[i];
    TRY(dictionary_wanted(c, d, (struct goals){chosen.v, chosen.n}, q->as_of, &items));
    if (q->count)
        page.count = (int64_t)items.n;
    while (q->after.n && from < items.n && !str_eq(items.v[from].goal.key, q->after))
        from++;
    if (q->after.n && from++ == items.n)
        return refuse_field(c, "after", "không có mã này trong danh sách (not in the list)");
    for (size_t i = from; i < items.n && page.items.n < (size_t)limit; i++)
        *PUSH(c->arena, &page.items) = items.v[i];
    if (items.n - from > page.items.n)
        page.next = page.items.v[page.items.n - 1].goal.key;
    *ret = page;
    return OK;
}

/* ---- one indicator ---- */

static void add_ref(struct ctx *c, const struct indicator *i, struct indicator_refs *refs)
{
    if (i && !indicator_is_open(c, i))
        return;
    if (i)
        *PUSH(c->arena, refs) = (struct indicator_ref){i->code, i->name, i->name_en, i->unit, i->points};
}

static void add_refs(struct ctx *c, struct indicators list, struct indicator_refs *refs)
{
    for (size_t i = 0; i < list.n; i++)
        add_ref(c, list.v[i], refs);
}

static struct str body_name(const struct org_catalogue *orgs, struct str code)
{
    const struct org_unit *unit = code.n ? org_unit(orgs, code) : NULL;
    const struct org_group *group = code.n ? org_group(orgs, code) : NULL;
    return unit ? unit->name : group ? group->name : (struct str){0};
}

static int links_in_order(const void *a, const void *b)
{
    const struct indicator_link *x = a, *y = b;
    int order = str_cmp(x->plan, y->plan);
    return order ? order : dictionary_compare_codes(x->path, y->path);
}

enum err dictionary_detail(struct ctx *c, const struct dictionary *d, struct str code, int32_t as_of,
                           struct indicator_detail *ret)
{
    const struct indicator *i = dictionary_indicator(d, code);
    const struct org_catalogue *orgs;
    struct strs codes = {0};
    if (!i)
        return FAIL(c, E_NOTFOUND, "không có chỉ tiêu \"%.*s\" (no such indicator)", ARGS(code));
    struct indicator_detail detail = {.item = {*i, goal_keys(c, d, code)}};
    const struct indicator_set *set = i->set.n ? dictionary_set(d, i->set) : NULL;
    TRY(org_catalogue_from_store(c, POS_NOW, &orgs));
    detail.set_name = set ? set->name : (struct str){0};
    detail.responsible_name = body_name(orgs, i->responsible);
    detail.provider_name = body_name(orgs, i->provider);
    TRY(dictionary_wanted(c, d, dictionary_goals(c, d, code), as_of, &detail.wanted));
    for (size_t k = 0; k < d->rows[DICTIONARY_LINK].n; k++) {
        const struct indicator_link *link = dictionary_row(d, DICTIONARY_LINK, k);
        if (str_eq(link->indicator, code))
            *PUSH(c->arena, &detail.links) = *link;
    }
    if (detail.links.n)
        qsort(detail.links.v, detail.links.n, sizeof *detail.links.v, links_in_order);
    add_refs(c, dictionary_parts(c, d, code), &detail.parts);
    add_refs(c, dictionary_users(c, d, code), &detail.users);
    if (i->formula.n && dictionary_formula_codes(c, i->formula, &codes))
        for (size_t k = 0; k < codes.n; k++)
            add_ref(c, dictionary_indicator(d, codes.v[k]), &detail.inputs);
    if (i->weight.n)
        add_ref(c, dictionary_indicator(d, i->weight), &detail.inputs);
    *ret = detail;
    return OK;
}
