#include "domain/indicator/value_naming.h"

#include "base/period.h"
#include "base/viet.h"
#include "domain/indicator/value_load.h"

#include "base/banned.h"

const struct indicator *value_indicator_named(struct value_naming *t, struct str text)
{
    const struct indicator *found = dictionary_indicator(t->d, text), *one = NULL;
    if (found)
        return found;
    struct str folded = viet_fold_text(t->c->arena, text);
    struct indicators all = dictionary_indicators(t->d);
    for (size_t i = 0; i < all.n; i++) {
        if (!str_eq(viet_fold_text(t->c->arena, all.v[i]->name), folded))
            continue;
        if (one)
            return NULL; /* of two of that name */
        one = all.v[i];
    }
    return one;
}

/* The code of a category of the indicator, by its code or name; p == NULL if there is none. */
static struct str category_named(struct value_naming *t, const struct indicator *i, struct str text)
{
    struct dimensions all = dictionary_dimensions(t->d);
    struct str folded = viet_fold_text(t->c->arena, text);
    for (size_t n = 0; n < i->dimensions.n; n++)
        for (size_t k = 0; k < all.n; k++)
            if (str_eq(all.v[k].dimension, i->dimensions.v[n]) &&
                (str_eq(all.v[k].category, text) || str_eq(viet_fold_text(t->c->arena, all.v[k].name), folded)))
                return all.v[k].category;
    return (struct str){0};
}

/* "Gia Viễn" alone, where one area of today is called so. */
static struct str area_named(struct value_naming *t, struct str text)
{
    struct org_areas all = org_areas(t->catalogue);
    int32_t today = day_of_moment(ctx_now(t->c));
    for (size_t i = 0; !t->bare_ready && i < all.n; i++) {
        bool is_new;
        if (!org_exists(all.v[i]->valid_from, all.v[i]->valid_to, today))
            continue;
        uint32_t n = names_number(t->c->arena, &t->bare, viet_fold_text(t->c->arena, all.v[i]->name), &is_new);
        if (is_new)
            *PUSH(t->c->arena, &t->bare_codes) = all.v[i]->code;
        else
            t->bare_codes.v[n] = (struct str){0};
    }
    t->bare_ready = true;
    uint32_t n = names_find(&t->bare, viet_fold_text(t->c->arena, text));
    return n == NAMES_NONE ? (struct str){0} : t->bare_codes.v[n];
}

static struct str place_named(struct value_naming *t, struct str text)
{
    const struct org_area *a = org_area(t->catalogue, text);
    const struct org_unit *u = a ? NULL : org_unit(t->catalogue, text);
    if (a || u)
        return a ? a->code : u->code;
    struct org_match m = org_resolve(t->catalogue, t->c, text);
    return m.kind == ORG_UNIT || m.kind == ORG_AREA ? m.code : area_named(t, text);
}

static struct value_meaning *meaning_of(struct value_naming *t, struct value_meanings *of, struct str text,
                                        bool *ret_new)
{
    uint32_t n = names_number(t->c->arena, &of->texts, text, ret_new);
    if (*ret_new)
        *PUSH(t->c->arena, &of->list) = (struct value_meaning){.number = NAMES_NONE};
    return &of->list.v[n];
}

static const struct value_meaning *indicator_of(struct value_naming *t, struct str text)
{
    bool is_new;
    struct value_meaning *m = meaning_of(t, &t->indicators, text, &is_new);
    if (is_new && (m->indicator = value_indicator_named(t, text)))
        m->number = value_batch_series(t->c, t->batch, m->indicator->code, S(""));
    return m;
}

const struct value_meaning *value_name_series(struct value_naming *t, struct str text, struct str category)
{
    bool is_new;
    if (!category.n)
        return indicator_of(t, text);
    char room[256];
    struct str key = {room, 0};
    if (text.n + category.n < sizeof room) { /* as it nearly always is: nothing is allocated for a row */
        memcpy(room, text.p, text.n);
        room[text.n] = '\n';
        memcpy(room + text.n + 1, category.p, category.n);
        key.n = text.n + 1 + category.n;
    } else {
        key = str_fmt(t->c->arena, "%.*s\n%.*s", ARGS(text), ARGS(category));
    }
    struct value_meaning *m = meaning_of(t, &t->series, key, &is_new);
    if (is_new && (m->indicator = value_indicator_named(t, text))) {
        struct str code = category_named(t, m->indicator, category);
        if (code.p)
            m->number = value_batch_series(t->c, t->batch, m->indicator->code, code);
    }
    return m;
}

uint32_t value_name_place(struct value_naming *t, struct str text)
{
    bool is_new;
    struct value_meaning *m = meaning_of(t, &t->places, text, &is_new);
    if (!is_new)
        return m->number;
    struct str code = place_named(t, text);
    if (code.n)
        m->number = value_batch_place(t->c, t->batch, code);
    return m->number;
}

uint32_t value_name_source(struct value_naming *t, struct str text)
{
    bool is_new;
    struct value_meaning *m = meaning_of(t, &t->sources, text, &is_new);
    if (is_new)
        m->number = value_batch_source(t->c, t->batch, text.n ? str_dup(t->c->arena, text) : S(""));
    return m->number;
}

int32_t value_name_period(struct value_naming *t, struct str text)
{
    bool is_new;
    struct value_meaning *m = meaning_of(t, &t->periods, text, &is_new);
    if (is_new)
        m->period = value_period_typed(t->c, text);
    return m->period;
}
