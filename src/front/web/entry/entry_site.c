#include "front/web/entry/entry_site.h"

#include "base/args.h"
#include "base/viet.h"
#include "domain/indicator/words.h"
#include "front/ops.h"
#include "store/db.h"

#include <inttypes.h>

#include "base/banned.h"

enum err entry_ground(struct site *s, struct entry_ground *ret)
{
    TRY(org_catalogue_from_store(s->c, POS_NOW, &ret->catalogue));
    return dictionary_from_store(s->c, POS_NOW, &ret->d);
}

struct str entry_period_words(struct site *s, int32_t period)
{
    return viet_capital(s->c->arena, period_code_words(s->c->arena, period, s->page.lang));
}

struct str entry_period_name(struct site *s, int32_t period)
{
    struct period p;
    char text[24];
    return period_of_code(period, &p) ? str_dup(s->c->arena, period_text(p, text)) : S("");
}

struct str entry_place_name(struct site *s, const struct entry_ground *g, struct str code)
{
    const struct org_area *area = org_area(g->catalogue, code);
    const struct org_unit *unit = area ? NULL : org_unit(g->catalogue, code);
    return area ? viet_capital(s->c->arena, org_area_name(g->catalogue, s->c, area)) : unit ? unit->name : code;
}

struct str entry_number(struct site *s, const struct indicator *i, double v)
{
    char text[NUMBER_TEXT];
    /* As many decimals as it has, where that is more than it is shown with: what is in a form is sent again. */
    int places = i->places == I64_NONE ? -1 : (int)i->places;
    if (places >= 0 && number_round(v, places) != v)
        places = -1;
    return isnan(v) ? S("") : str_dup(s->c->arena, lang_number(v, places, s->page.lang, text));
}

bool entry_tell(struct site *s, enum err e, struct str *ret)
{
    static const unsigned status[] = {
        [E_INVALID] = 422, [E_CONFLICT] = 409, [E_LIMIT] = 413, [E_DENIED] = 403, [E_NOTFOUND] = 404};
    if (e != E_INVALID && e != E_CONFLICT && e != E_LIMIT && e != E_DENIED && e != E_NOTFOUND)
        return false;
    s->answer->status = status[e];
    *ret = s->c->error.message;
    return true;
}

struct str entry_int(struct site *s, int64_t v)
{
    return str_fmt(s->c->arena, "%" PRId64, v);
}

enum err entry_run(struct site *s, const char *operation, const struct entry_given *given, struct str *ret)
{
    const struct op *op = op_find(str_of(operation));
    if (!op)
        return FAIL(s->c, E_INTERNAL, "không có thao tác %s (no such operation)", operation);
    void *args = args_new(s->c, op->args);
    for (; given->name; given++)
        if (given->value.n)
            TRY(args_set(s->c, op->args, args, str_of(given->name), given->value));
    TRY(args_check(s->c, op->args, args));
    return site_run(s, op, args, ret);
}
