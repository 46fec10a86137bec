/* Lists filtered by words: each must begin a word of one of the names. */
#include "base/viet.h"
#include "domain/org/catalogue.h"

#include "base/banned.h"

struct org_filter {
    const struct org_catalogue *catalogue;
    struct str words;       /* folded */
    struct org_map aliases; /* by code: the first of its aliases */
    uint32_t *next;         /* of each alias: the next of the same code, plus 1 */
};

struct org_aliases org_aliases(struct ctx *c, const struct org_catalogue *catalogue, struct str code)
{
    struct {
        const struct org_alias **v;
        size_t n, cap;
    } out = {0};
    for (size_t i = 0; i < catalogue->rows[ORG_T_ALIAS].n; i++)
        if (str_eq(ORG_ALIASES(catalogue)[i].code, code))
            *PUSH(c->arena, &out) = &ORG_ALIASES(catalogue)[i];
    return (struct org_aliases){out.v, out.n};
}

const struct org_filter *org_filter_new(struct ctx *c, const struct org_catalogue *catalogue, struct str words)
{
    struct org_filter *f = NEW(c->arena, struct org_filter);
    f->catalogue = catalogue;
    f->words = str_trim(viet_fold_text(c->arena, viet_nfc(c->arena, words)));
    f->next = NEWN(c->arena, uint32_t, catalogue->rows[ORG_T_ALIAS].n + 1);
    for (size_t i = catalogue->rows[ORG_T_ALIAS].n; i-- > 0;) {
        uint32_t *first = org_map_put(c->arena, &f->aliases, ORG_ALIASES(catalogue)[i].code);
        f->next[i] = *first;
        *first = (uint32_t)i + 1;
    }
    return f;
}

static bool is_letter(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || (unsigned char)ch >= 0x80;
}

static bool begins_a_word(struct str text, struct str word)
{
    for (size_t at = 0; (at = str_find(text, word, at)) != SIZE_MAX; at++)
        if (at == 0 || !is_letter(text.p[at - 1]))
            return true;
    return false;
}

static bool holds(struct ctx *c, const struct org_filter *f, struct str name)
{
    struct str rest = f->words, word, text = viet_fold_text(c->arena, name);
    while (rest.n && str_cut(&rest, ' ', &word))
        if (word.n && !begins_a_word(text, word))
            return false;
    return true;
}

bool org_filter_fits(struct ctx *c, const struct org_filter *f, struct str code)
{
    const struct org_unit *unit = org_unit(f->catalogue, code);
    const struct org_group *group = org_group(f->catalogue, code);
    const struct org_area *area = org_area(f->catalogue, code);
    struct str name = unit ? unit->name : group ? group->name : area ? org_area_name(f->catalogue, c, area) : code;
    if (!f->words.n || holds(c, f, code) || holds(c, f, name) || (unit && holds(c, f, unit->short_name)))
        return true;
    uint32_t at = org_map_get(&f->aliases, code);
    for (uint32_t i = at == UINT32_MAX ? 0 : at + 1; i; i = f->next[i - 1])
        if (holds(c, f, ORG_ALIASES(f->catalogue)[i - 1].alias))
            return true;
    return false;
}
