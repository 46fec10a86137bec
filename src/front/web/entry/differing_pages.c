/* Figures that sources disagree about, and the decision which of them counts. */
#include "domain/access/viewer.h"
#include "front/web/differing.html.h"
#include "front/web/entry/entry_site.h"

#include "base/banned.h"

enum { DIFFERING_SHOWN = 50 };

static struct str value_text(struct site *s, const struct indicator *i, double v)
{
    struct str number = entry_number(s, i, v), unit = in_lang(s->page.lang, i->unit, i->unit_en);
    return str_fmt(s->c->arena, unit.n ? "%.*s %.*s" : "%.*s%.*s", ARGS(number), ARGS(unit));
}

static bool is_asked(struct site *s, const struct differing_figure *f)
{
    return str_eq(site_field(s, "indicator"), f->indicator) && str_eq(site_field(s, "category"), f->category) &&
           str_eq(site_field(s, "place"), f->place) && str_eq(site_field(s, "period"), f->period);
}

static void add_figure(struct site *s, const struct entry_ground *g, const struct entry_differing *d, struct str error,
                       struct differing_view *vm)
{
    const struct indicator *i = dictionary_indicator(g->d, d->indicator);
    if (!i || !entry_shown(s->c, i))
        return;
    struct differing_figure f = {.indicator = d->indicator,
                                 .category = d->category,
                                 .name = in_lang(s->page.lang, i->name, i->name_en),
                                 .place = d->place,
                                 .place_name = entry_place_name(s, g, d->place),
                                 .period = entry_period_name(s, d->period),
                                 .period_words = entry_period_words(s, d->period),
                                 .url = URL(s->c->arena, "/indicators/{}", d->indicator),
                                 .may = viewer_may(s->c, PERM_OFFICE)};
    bool asked = error.n && is_asked(s, &f);
    f.error = asked ? error : S("");
    f.reason = asked ? site_field(s, "reason") : S("");
    for (size_t k = 0; k < d->said.n; k++) {
        const struct entry_said *x = &d->said.v[k];
        struct str mark = str_fmt(s->c->arena, "=%.*s", ARGS(x->source));
        *PUSH(s->c->arena, &f.sources) =
            (struct differing_source){.source = mark,
                                      .name = x->source.n   ? x->source
                                              : i->source.n ? i->source
                                                            : site_text(s, &M_batch_own),
                                      .value = value_text(s, i, x->amount),
                                      .actor = x->actor,
                                      .at_us = x->at_us,
                                      .provisional = x->state & VALUE_PROVISIONAL,
                                      .checked = asked && str_eq(site_field(s, "source"), mark)};
    }
    *PUSH(s->c->arena, &vm->figures) = f;
}

static enum err put_differing(struct site *s, struct str error)
{
    struct entry_ground g;
    struct entry_differing_list list;
    struct str code = site_query(s, "indicator");
    struct differing_view vm = {.decided = site_query(s, "decided").n > 0};
    TRY(entry_ground(s, &g));
    const struct indicator *one = code.n ? dictionary_indicator(g.d, code) : NULL;
    if (code.n && (!one || !entry_shown(s->c, one)))
        return FAIL(s->c, E_NOTFOUND, "không có chỉ tiêu này (no such indicator)");
    TRY(entry_differing(s->c, code, DIFFERING_SHOWN, &list));
    if (one)
        vm.name = in_lang(s->page.lang, one->name, one->name_en);
    vm.more = list.more;
    for (size_t i = 0; i < list.n; i++)
        add_figure(s, &g, &list.v[i], error, &vm);
    site_begin(s, url_fixed("/values/differing"), site_text(s, &M_entry_differing), NAV_INDICATORS);
    s->for_one = true;
    differing_html(&s->page, &s->frame, &vm);
    return OK;
}

static enum err show_differing(struct site *s)
{
    return put_differing(s, S(""));
}

static enum err post_differing(struct site *s)
{
    struct str source = site_field(s, "source"), reason = str_trim(site_field(s, "reason")), said;
    enum err e = source.n && reason.n ? OK : FAIL(s->c, E_INVALID, "%.*s", ARGS(site_text(s, &M_differing_pick)));
    if (!e)
        e = entry_run(s, "value.decide",
                      (struct entry_given[]){{"indicator", site_field(s, "indicator")},
                                             {"category", site_field(s, "category")},
                                             {"place", site_field(s, "place")},
                                             {"period", site_field(s, "period")},
                                             {"source", str_skip(source, 1)},
                                             {"reason", reason},
                                             {0}},
                      NULL);
    if (!e)
        return site_go(s, url_with(s->c->arena, url_fixed("/values/differing"), "decided", S("1")));
    return entry_tell(s, e, &said) ? put_differing(s, said) : e;
}

const struct route values_differing_routes[] = {
    ROUTE("/values/differing", PERM_READ, show_differing, post_differing, .slow = true),
    {0},
};
