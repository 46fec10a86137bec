/* What can be found of a plan: the plan itself, and each of its clauses with all that was read in it. */
#include "domain/plan/plan_store.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

/* What hangs on a clause, so that all of one path stands together. */
struct item {
    struct str path;
    enum item_kind { PROGRAMME, TASK, TARGET, DUTY } kind;
    size_t ordinal;
    const void *of;
};

static int in_order(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    int order = str_cmp(x->path, y->path);
    if (!order)
        order = (x->kind > y->kind) - (x->kind < y->kind);
    return order ? order : (x->ordinal > y->ordinal) - (x->ordinal < y->ordinal);
}

struct items {
    struct item *v;
    size_t n, cap;
};

static struct items items_of(struct ctx *c, const struct draft *d)
{
    struct items items = {0};
    for (size_t i = 0; i < d->programmes.n; i++)
        *PUSH(c->arena, &items) = (struct item){d->programmes.v[i].path, PROGRAMME, i, &d->programmes.v[i]};
    for (size_t i = 0; i < d->tasks.n; i++)
        *PUSH(c->arena, &items) = (struct item){d->tasks.v[i].path, TASK, i, &d->tasks.v[i]};
    for (size_t i = 0; i < d->targets.n; i++)
        *PUSH(c->arena, &items) = (struct item){d->targets.v[i].path, TARGET, i, &d->targets.v[i]};
    for (size_t i = 0; i < d->duties.n; i++)
        *PUSH(c->arena, &items) = (struct item){d->duties.v[i].path, DUTY, i, &d->duties.v[i]};
    if (items.n)
        qsort(items.v, items.n, sizeof *items.v, in_order);
    return items;
}

static const struct item *first_of(const struct items *items, struct str path)
{
    size_t from = 0, to = items->n;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (str_cmp(items->v[middle].path, path) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return from < items->n && str_eq(items->v[from].path, path) ? &items->v[from] : NULL;
}

struct texts {
    struct str *v;
    size_t n, cap;
};

/* What is not said already. */
static void say(struct ctx *c, struct texts *said, struct str title, struct str text)
{
    text = str_trim(text);
    if (!text.n || str_has(title, text))
        return;
    for (size_t i = 0; i < said->n; i++)
        if (str_has(said->v[i], text))
            return;
    *PUSH(c->arena, said) = text;
}

/* The title is how the text begins, unless it was cut: what is found in it need not be shown twice. */
static struct str after_title(struct str title, struct str text)
{
    if (!title.n || !str_starts(text, title))
        return text;
    text = str_skip(text, title.n);
    while (text.n && (str_starts(text, S(";")) || str_starts(text, S(".")) || str_starts(text, S(":")) ||
                      str_starts(text, S(",")) || str_starts(text, S(" ")) || str_starts(text, S("\n"))))
        text = str_skip(text, 1);
    return text;
}

static void say_item(struct ctx *c, const struct item *item, struct texts *said, struct str title)
{
    const struct task *t = item->of;
    const struct target *target = item->of;
    const struct duty *duty = item->of;
    switch (item->kind) {
    case PROGRAMME:
    case TASK:
        say(c, said, title, t->title);
        say(c, said, title, after_title(title, t->text));
        say(c, said, title, t->product);
        say(c, said, title, t->objective);
        say(c, said, title, t->directions);
        say(c, said, title, t->results);
        break;
    case TARGET:
        say(c, said, title, target->subject);
        say(c, said, title, target->text);
        break;
    case DUTY:
        say(c, said, title, duty->body);
        say(c, said, title, after_title(title, duty->text));
        break;
    }
}

static void add_kind(struct ctx *c, struct search_doc *doc, enum item_kind kind)
{
    static const struct str names[] = {
        [PROGRAMME] = S0("programme"), [TASK] = S0("task"), [TARGET] = S0("target"), [DUTY] = S0("duty")};
    if (!doc->kind.n)
        doc->kind = names[kind];
    if (str_eq(doc->kind, names[kind]) || (doc->also.n && str_eq(doc->also.v[doc->also.n - 1], names[kind])))
        return;
    if (!doc->also.v)
        doc->also.v = NEWN(c->arena, struct str, DUTY + 1);
    doc->also.v[doc->also.n++] = names[kind];
}

static void add_clause(struct ctx *c, struct str slug, const struct clause *clause, const struct items *items,
                       struct search_docs *docs)
{
    struct search_doc doc = {.plan = slug, .path = clause->path, .title = clause->title};
    struct texts said = {0};
    say(c, &said, doc.title, after_title(clause->title, clause->text));
    for (const struct item *item = first_of(items, clause->path);
         item && item < items->v + items->n && str_eq(item->path, clause->path); item++) {
        add_kind(c, &doc, item->kind);
        say_item(c, item, &said, doc.title);
    }
    if (!doc.kind.n)
        doc.kind = S("clause");
    doc.text = str_join(c->arena, said.v, said.n, S(" · "));
    *PUSH(c->arena, docs) = doc;
}

void plan_search(struct ctx *c, struct str slug, const struct draft *d, struct search_docs *ret)
{
    struct items items = items_of(c, d);
    struct search_docs docs = {0};
    struct texts said = {0};
    struct str *names = NEWN(c->arena, struct str, 2);
    names[0] = slug;
    names[1] = d->number;
    say(c, &said, d->title, d->number);
    say(c, &said, d->title, d->issuer);
    *PUSH(c->arena, &docs) = (struct search_doc){.kind = S("plan"),
                                                 .plan = slug,
                                                 .names = {names, d->number.n ? 2 : 1},
                                                 .title = d->title,
                                                 .text = str_join(c->arena, said.v, said.n, S(" · "))};
    for (size_t i = 0; i < d->clauses.n; i++)
        add_clause(c, slug, &d->clauses.v[i], &items, &docs);
    *ret = docs;
}
