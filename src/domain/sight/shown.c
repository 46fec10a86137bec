#include "domain/sight/sight_rows.h"

#include "base/period.h"

#include <stdlib.h>

#include "base/banned.h"

static int by_name(const void *a, const void *b)
{
    const struct sight_item *x = a, *y = b;
    int by = (x->plan > y->plan) - (x->plan < y->plan);
    return by ? by : str_cmp(x->item, y->item);
}

/* Once for a request. That it failed is told when the log is written. */
static void look(struct ctx *c, struct sight_shown *s)
{
    struct sight_items all = {0};
    s->looked = true;
    s->failed = sight_read_items(c, db_query(c, SQL_sight_all), &all);
    if (s->failed)
        return;
    s->all.v = all.v;
    s->all.n = all.n;
    s->told = NEWN(c->arena, bool, all.n + 1);
    if (all.n)
        qsort(all.v, all.n, sizeof *all.v, by_name);
}

void sight_tell(struct ctx *c, int64_t plan, struct str item)
{
    struct sight_shown *s = c->shown;
    if (!s || !plan_seen(c).n || !item.p)
        return;
    if (!s->looked)
        look(c, s);
    struct sight_item wanted = {.plan = plan, .item = item}, *hit;
    hit = s->all.n ? bsearch(&wanted, s->all.v, s->all.n, sizeof wanted, by_name) : NULL;
    if (!hit || s->told[hit - s->all.v])
        return;
    s->told[hit - s->all.v] = true;
    s->n++;
}

enum err sight_log(struct ctx *c, const struct sight_read *read)
{
    const struct sight_shown *s = read->shown;
    int64_t id, now = ctx_now(c);
    TRY(db_number(c, SQL_sight_log_next, &id));
    for (size_t i = 0; i < s->all.n; i++)
        if (s->told[i])
            TRY(db_exec(c, SQL_sight_log_add, ARG(id++), ARG(now), ARG(read->account), ARG(read->address),
                        ARG(s->all.v[i].plan), ARG(s->all.v[i].item), ARG(read->how)));
    return db_exec(c, SQL_sight_log_forget, ARG(now - (int64_t)SIGHT_LOG_DAYS * 86400 * 1000000));
}
