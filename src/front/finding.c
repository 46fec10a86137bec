#include "front/finding.h"

#include "domain/indicator/dictionary_store.h"
#include "domain/org/org_store.h"
#include "domain/plan/plan_store.h"

#include "base/banned.h"

/* Everything that can be found, owner by owner, as the rows of the store say it. */
static enum err walk(struct ctx *c,
                     enum err (*each)(struct ctx *c, int64_t owner, const struct search_docs *docs, void *arg),
                     void *arg)
{
    const struct org_catalogue *catalogue;
    struct plan_rows plans;
    struct search_docs docs;
    TRY(org_catalogue_from_store(c, POS_NOW, &catalogue));
    org_search(c, catalogue, &docs);
    TRY(each(c, SEARCH_ORGS, &docs, arg));
    const struct dictionary *d;
    TRY(dictionary_from_store(c, POS_NOW, &d));
    dictionary_search(c, d, &docs);
    TRY(each(c, SEARCH_INDICATORS, &docs, arg));
    TRY(plan_list(c, POS_NOW, &plans));
    for (size_t i = 0; i < plans.n; i++) {
        struct arena_mark mark = arena_mark(c->arena);
        struct draft draft;
        TRY(plan_read(c, plans.v[i].id, POS_NOW, &draft));
        plan_search(c, plans.v[i].slug, &draft, &docs);
        TRY(each(c, plans.v[i].id, &docs, arg));
        arena_rewind(c->arena, mark);
    }
    return OK;
}

struct sum {
    int64_t docs, wrong;
};

static enum err compare(struct ctx *c, int64_t owner, const struct search_docs *docs, void *arg)
{
    struct sum *sum = arg;
    int64_t differs;
    TRY(search_differs(c, owner, docs, &differs));
    sum->docs += (int64_t)docs->n;
    sum->wrong += differs;
    return OK;
}

enum err finding_look(struct ctx *c, struct finding_state *ret)
{
    struct finding_state state;
    struct sum sum = {0};
    int64_t lost;
    TRY(search_is_old(c, &state.old));
    TRY(search_count(c, &state.docs, &lost));
    TRY(walk(c, compare, &sum));
    int64_t more = state.docs > sum.docs ? state.docs - sum.docs : 0, apart = sum.wrong > more ? sum.wrong : more;
    lost = lost < 0 ? -lost : lost;
    state.wrong = apart > lost ? apart : lost;
    *ret = state;
    return OK;
}

static enum err put(struct ctx *c, int64_t owner, const struct search_docs *docs, void *arg)
{
    (void)arg;
    return search_put(c, owner, docs);
}

enum err finding_make(struct ctx *c, void *arg)
{
    (void)arg;
    TRY(search_begin_anew(c));
    return walk(c, put, NULL);
}
