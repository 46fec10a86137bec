/* What can be found of the dictionary: every indicator, by its code, its names and what it counts. */
#include "domain/indicator/dictionary.h"
#include "domain/indicator/dictionary_store.h"

#include "base/banned.h"

void dictionary_search(struct ctx *c, const struct dictionary *d, struct search_docs *ret)
{
    struct search_docs docs = {0};
    struct indicators all = dictionary_indicators(d);
    for (size_t i = 0; i < all.n; i++) {
        const struct indicator *row = all.v[i];
        struct str *names = NEWN(c->arena, struct str, 3), text[3];
        size_t n = 0, parts = 0;
        names[n++] = row->name;
        names[n++] = row->code;
        if (row->name_en.n) {
            names[n++] = row->name_en;
            text[parts++] = row->name_en;
        }
        if (row->definition.n)
            text[parts++] = row->definition;
        *PUSH(c->arena, &docs) = (struct search_doc){.kind = S("indicator"),
                                                     .path = row->code,
                                                     .names = {names, n},
                                                     .title = row->name,
                                                     .text = str_join(c->arena, text, parts, S(" · "))};
    }
    *ret = docs;
}
