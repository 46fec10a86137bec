/* Names of figures and their numbers in the store. */
#include "domain/indicator/value.sql.h"
#include "domain/indicator/value_store.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum { ONE_BY_ONE = 32 };

RECORD(value_name_record, struct value_name, "value_name", "A name and its number",
       {"id", FIELD_I64, offsetof(struct value_name, id)}, {"name", FIELD_TEXT, offsetof(struct value_name, name)},
       {"indicator", FIELD_TEXT, offsetof(struct value_name, indicator)},
       {"category", FIELD_TEXT, offsetof(struct value_name, category)});

static enum err or_zero(enum err e, int64_t *id)
{
    if (e == E_NOTFOUND)
        *id = 0;
    return e == E_NOTFOUND ? OK : e;
}

/* What was not found is no failure of the request. */
static enum err looked(struct ctx *c, struct error before, enum err e, int64_t *id)
{
    if (e == E_NOTFOUND)
        c->error = before;
    return or_zero(e, id);
}

enum err value_series_id(struct ctx *c, struct str indicator, struct str category, int64_t *ret)
{
    struct error before = c->error;
    return looked(c, before, db_number(c, SQL_value_series_id, ret, ARG(indicator), ARG(category)), ret);
}

enum err value_place_id(struct ctx *c, struct str code, int64_t *ret)
{
    struct error before = c->error;
    return looked(c, before, db_number(c, SQL_value_place_id, ret, ARG(code)), ret);
}

enum err value_source_id(struct ctx *c, struct str name, int64_t *ret)
{
    struct error before = c->error;
    return looked(c, before, db_number(c, SQL_value_source_id, ret, ARG(name)), ret);
}

static enum err all(struct ctx *c, struct rows rows, struct value_names *ret)
{
    struct value_names list = {0};
    struct value_name name = {0};
    while (db_next(&rows, &value_name_record, &name))
        *PUSH(c->arena, &list) = name;
    TRY(db_done(&rows));
    *ret = list;
    return OK;
}

enum err value_all_series(struct ctx *c, struct value_names *ret)
{
    return all(c, db_query(c, SQL_value_series_all), ret);
}

enum err value_all_places(struct ctx *c, struct value_names *ret)
{
    return all(c, db_query(c, SQL_value_place_all), ret);
}

enum err value_all_sources(struct ctx *c, struct value_names *ret)
{
    return all(c, db_query(c, SQL_value_source_all), ret);
}

/* --- those of a batch --------------------------------------------------------------------------------------------- */

struct wanted {
    struct str first, second;
    int64_t *id;
};

static int compare_names(struct str a1, struct str a2, struct str b1, struct str b2)
{
    int first = str_cmp(a1, b1);
    return first ? first : str_cmp(a2, b2);
}

static int by_wanted(const void *a, const void *b)
{
    const struct wanted *x = a, *y = b;
    return compare_names(x->first, x->second, y->first, y->second);
}

/* Fill in the numbers of those that the store has; the others keep 0. */
static void match(struct ctx *c, struct wanted *wanted, size_t n, const struct value_names *known, int64_t *ret_last)
{
    struct wanted *sorted = NEWN(c->arena, struct wanted, n + 1);
    memcpy(sorted, wanted, n * sizeof *wanted);
    qsort(sorted, n, sizeof *sorted, by_wanted);
    *ret_last = 0;
    for (size_t i = 0; i < known->n; i++) {
        const struct value_name *k = &known->v[i];
        struct wanted key = {k->name.p ? k->name : k->indicator, k->name.p ? S("") : k->category, NULL};
        struct wanted *found = bsearch(&key, sorted, n, sizeof *sorted, by_wanted);
        if (found)
            *found->id = k->id;
        if (k->id > *ret_last)
            *ret_last = k->id;
    }
}

/* Are all there? Asked one by one where they are few. */
static enum err all_known(struct ctx *c, const struct wanted *wanted, size_t n,
                          enum err (*find)(struct ctx *c, const struct wanted *w), bool *ret)
{
    *ret = n <= ONE_BY_ONE;
    for (size_t i = 0; *ret && i < n; i++) {
        TRY(find(c, &wanted[i]));
        *ret = *wanted[i].id != 0;
    }
    return OK;
}

static enum err find_series(struct ctx *c, const struct wanted *w)
{
    return value_series_id(c, w->first, w->second, w->id);
}
static enum err find_place(struct ctx *c, const struct wanted *w)
{
    return value_place_id(c, w->first, w->id);
}
static enum err find_source(struct ctx *c, const struct wanted *w)
{
    return value_source_id(c, w->first, w->id);
}

static enum err series_ids(struct ctx *c, struct wanted *wanted, size_t n)
{
    struct value_names known;
    bool done;
    int64_t last;
    TRY(all_known(c, wanted, n, find_series, &done));
    if (done)
        return OK;
    TRY(value_all_series(c, &known));
    match(c, wanted, n, &known, &last);
    for (size_t i = 0; i < n; i++)
        if (!*wanted[i].id) {
            *wanted[i].id = ++last;
            TRY(db_exec(c, SQL_value_series_add, ARG(last), ARG(wanted[i].first), ARG(wanted[i].second)));
        }
    return OK;
}

static enum err place_ids(struct ctx *c, struct wanted *wanted, size_t n)
{
    struct value_names known;
    bool done;
    int64_t last;
    TRY(all_known(c, wanted, n, find_place, &done));
    if (done)
        return OK;
    TRY(value_all_places(c, &known));
    match(c, wanted, n, &known, &last);
    struct db_arg *args = NEWN(c->arena, struct db_arg, 2 * n + 1);
    size_t new = 0;
    for (size_t i = 0; i < n; i++)
        if (!*wanted[i].id) {
            *wanted[i].id = ++last;
            args[2 * new] = ARG(last);
            args[2 * new ++ +1] = ARG(wanted[i].first);
        }
    return db_exec_many(c, &SQL_value_place_add, args, new, 2, NULL);
}

static enum err source_ids(struct ctx *c, struct wanted *wanted, size_t n)
{
    struct value_names known;
    bool done;
    int64_t last;
    TRY(all_known(c, wanted, n, find_source, &done));
    if (done)
        return OK;
    TRY(value_all_sources(c, &known));
    match(c, wanted, n, &known, &last);
    for (size_t i = 0; i < n; i++)
        if (!*wanted[i].id) {
            *wanted[i].id = ++last;
            TRY(db_exec(c, SQL_value_source_add, ARG(last), ARG(wanted[i].first)));
        }
    return OK;
}

enum err value_ids(struct ctx *c, const struct value_batch *b, struct value_ids *ret)
{
    struct value_ids ids = {.series = NEWN(c->arena, int64_t, b->series.n + 1),
                            .places = NEWN(c->arena, int64_t, b->places.n + 1),
                            .sources = NEWN(c->arena, int64_t, b->sources.n + 1)};
    struct wanted *series = NEWN(c->arena, struct wanted, b->series.n + 1),
                  *places = NEWN(c->arena, struct wanted, b->places.n + 1),
                  *sources = NEWN(c->arena, struct wanted, b->sources.n + 1);
    for (size_t i = 0; i < b->series.n; i++)
        series[i] = (struct wanted){b->series.v[i].indicator, b->series.v[i].category, &ids.series[i]};
    for (size_t i = 0; i < b->places.n; i++)
        places[i] = (struct wanted){b->places.v[i], S(""), &ids.places[i]};
    for (size_t i = 0; i < b->sources.n; i++)
        sources[i] = (struct wanted){b->sources.v[i], S(""), &ids.sources[i]};
    TRY(series_ids(c, series, b->series.n));
    TRY(place_ids(c, places, b->places.n));
    TRY(source_ids(c, sources, b->sources.n));
    *ret = ids;
    return OK;
}
