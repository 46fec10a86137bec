/* Where a figure comes from: a formula with what was put in, the places it is added up from, or who said it. */
#include "domain/indicator/formula.h"
#include "domain/indicator/words.h"
#include "front/web/indicator/indicator_site.h"

#include "base/banned.h"

enum { SAID_MOST = 200 };

struct naming {
    struct site *site;
    const struct dictionary *dictionary;
};

static struct str name_of(void *arg, const struct formula_ref *ref)
{
    const struct naming *n = arg;
    const struct indicator *i = dictionary_indicator(n->dictionary, ref->code);
    return i ? indicator_name(n->site, i) : ref->code;
}

static int places_of(void *arg, const struct formula_ref *ref)
{
    const struct naming *n = arg;
    const struct indicator *i = dictionary_indicator(n->dictionary, ref->code);
    return i ? indicator_places(i) : -1;
}

/* What formula_eval() is given: the inputs in the order in which the formula asks for them. */
struct fetching {
    struct formula_refs refs;
    const struct cube_inputs *inputs;
};
static bool same_ref(const struct formula_ref *a, const struct formula_ref *b)
{
    return str_eq(a->code, b->code) && str_eq(a->category, b->category) && a->periods_back == b->periods_back &&
           a->years_back == b->years_back && a->base == b->base && a->mode == b->mode;
}

static enum err fetch(void *arg, const struct formula_ref *ref, size_t at, size_t n, double *ret)
{
    const struct fetching *f = arg;
    (void)at;
    for (size_t k = 0; k < n; k++)
        ret[k] = NAN;
    for (size_t i = 0; i < f->refs.n && i < f->inputs->n; i++)
        if (same_ref(&f->refs.v[i], ref))
            ret[0] = f->inputs->v[i].figure.amount;
    return OK;
}

static void add_input(struct site *s, const struct dictionary *d, const struct cube_input *in, struct str as_of,
                      struct origin_view *ret)
{
    const struct indicator *i = dictionary_indicator(d, in->indicator);
    struct period p;
    if (!i)
        return;
    int32_t code = period_parse(in->period, &p) ? period_code(p) : 0;
    struct figure_view f = indicator_figure(s, i, &in->figure, code);
    *PUSH(s->c->arena, &ret->inputs) = (struct origin_input){
        indicator_name(s, i),
        f.there ? str_join(s->c->arena, (const struct str[]){f.text, f.period}, 2, S(", ")) : f.text,
        figure_url(s, i, in->category, in->place, code, as_of)};
}

static enum err add_formula(struct site *s, const struct standings *m, const struct indicator *i, struct str category,
                            struct str place, int32_t period, struct str as_of, struct origin_view *ret)
{
    struct ctx *c = s->c;
    struct cube_inputs inputs;
    struct figure figure;
    const struct formula *f;
    struct naming naming = {s, m->dictionary};
    struct formula_how how = {
        .style = FORMULA_NAMES, .lang = s->page.lang, .name = name_of, .places = places_of, .arg = &naming};
    if (formula_parse(c, i->formula, &f)) {
        c->error = (struct error){0};
        ret->formula = i->formula;
        return OK;
    }
    ret->formula = formula_text(c, f, &how);
    TRY(cube_explain(c, m->dictionary, i->code, category, place, period, m->at, &figure, &inputs));
    for (size_t k = 0; k < inputs.n; k++)
        add_input(s, m->dictionary, &inputs.v[k], as_of, ret);
    struct formula_trace trace = {0};
    struct fetching fetching = {formula_refs(f), &inputs};
    struct formula_source source = {fetch, &fetching};
    if (inputs.n < fetching.refs.n)
        return OK;
    TRY(formula_trace(c, f, &source, &trace));
    how.trace = &trace;
    if (isnan(trace.result)) {
        ret->worked = formula_reason(c, f, &trace, &how);
        return OK;
    }
    how.style = FORMULA_VALUES;
    ret->worked = str_join(c->arena, (const struct str[]){formula_text(c, f, &how), ret->figure.text}, 2, S(" = "));
    return OK;
}

enum err indicator_origin(struct site *s, const struct standings *m, const struct indicator *i, struct str category,
                          struct str place, int32_t period, const struct figure *figure, struct str as_of,
                          struct origin_view *ret)
{
    struct period p;
    char text[24];
    *ret = (struct origin_view){.figure = indicator_figure(s, i, figure, period)};
    ret->figure.there_url = figure_url(s, i, category, place, period, as_of);
    struct value_key key = {.indicator = i->code, .category = category, .place = place};
    if (!key.place.n)
        TRY(cube_root(s->c, i, m->day, &key.place));
    if (i->formula.n && (figure->flags & FIGURE_DERIVED || !isfinite(figure->amount)))
        TRY(add_formula(s, m, i, category, key.place, period, as_of, ret));
    struct value_history *said = NEW(s->c->arena, struct value_history);
    if (!period_of_code(period, &p))
        return OK;
    key.period = str_dup(s->c->arena, period_text(p, text));
    TRY(value_history(s->c, &key, m->at, SAID_MOST, said));
    ret->said = said;
    return OK;
}
