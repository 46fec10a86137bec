/* What can be found of the catalogue: bodies, groups and areas, by every name they have. */
#include "domain/org/catalogue.h"
#include "domain/org/org_store.h"

#include "base/viet.h"

#include <stdlib.h>

#include "base/banned.h"

struct names {
    struct str *v;
    size_t n, cap;
};

static void add_name(struct ctx *c, struct names *names, struct str name)
{
    for (size_t i = 0; i < names->n; i++)
        if (str_eq(names->v[i], name))
            return;
    if (name.n)
        *PUSH(c->arena, names) = name;
}

static int in_order(const void *a, const void *b)
{
    return viet_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* Titled with its first name; the others are its text. Other names come from the store in another order than from a
 * file: here they have one. */
static void add_doc(struct ctx *c, const struct org_catalogue *catalogue, struct str kind, struct str code,
                    struct names names, struct search_docs *docs)
{
    size_t known = names.n;
    for (size_t i = 0; i < catalogue->rows[ORG_T_ALIAS].n; i++)
        if (str_eq(ORG_ALIASES(catalogue)[i].code, code))
            add_name(c, &names, ORG_ALIASES(catalogue)[i].alias);
    if (names.n > known + 1)
        qsort(names.v + known, names.n - known, sizeof *names.v, in_order);
    struct str text = names.n > 1 ? str_join(c->arena, names.v + 1, names.n - 1, S(" · ")) : S("");
    *PUSH(c->arena, docs) = (struct search_doc){
        .kind = kind, .path = code, .names = {names.v, names.n}, .title = names.n ? names.v[0] : code, .text = text};
}

void org_search(struct ctx *c, const struct org_catalogue *catalogue, struct search_docs *ret)
{
    struct org_units units = org_units(catalogue);
    struct org_groups groups = org_groups(catalogue);
    struct org_areas areas = org_areas(catalogue);
    struct search_docs docs = {0};
    for (size_t i = 0; i < units.n; i++) {
        struct names names = {0};
        add_name(c, &names, units.v[i]->name);
        add_name(c, &names, units.v[i]->short_name);
        add_doc(c, catalogue, S("org"), units.v[i]->code, names, &docs);
    }
    for (size_t i = 0; i < groups.n; i++) {
        struct names names = {0};
        add_name(c, &names, groups.v[i]->name);
        add_doc(c, catalogue, S("group"), groups.v[i]->code, names, &docs);
    }
    for (size_t i = 0; i < areas.n; i++) {
        struct names names = {0};
        add_name(c, &names, org_area_name(catalogue, c, areas.v[i]));
        add_doc(c, catalogue, S("area"), areas.v[i]->code, names, &docs);
    }
    *ret = docs;
}
