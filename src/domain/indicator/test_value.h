/* test_value.h - figures for tests: batches by names, written by a writer; every row of the store. */
#ifndef HOALU_TEST_VALUE_H
#define HOALU_TEST_VALUE_H

#include "base/period.h"
#include "domain/indicator/test_value.sql.h"
#include "domain/indicator/value.h"
#include "test/store.h"

static inline struct value_batch test_batch(struct ctx *c)
{
    (void)c;
    struct value_batch b;
    value_batch_init(&b, S("value.test"));
    return b;
}

static inline struct value_row *test_add_code(struct ctx *c, struct value_batch *b, const char *indicator,
                                              const char *category, struct str place, int32_t code, const char *source,
                                              double amount, uint32_t state)
{
    struct value_row *row = PUSH(c->arena, &b->rows);
    *row = (struct value_row){.amount = amount,
                              .series = value_batch_series(c, b, str_of(indicator), str_of(category)),
                              .place = value_batch_place(c, b, place),
                              .source = value_batch_source(c, b, str_of(source)),
                              .period = code,
                              .state = state};
    return row;
}

static inline int32_t test_code(const char *period)
{
    struct period p;
    CHECK(period_parse(str_of(period), &p));
    return period_code(p);
}

static inline struct value_row *test_add(struct ctx *c, struct value_batch *b, const char *indicator,
                                         const char *category, const char *place, const char *period,
                                         const char *source, double amount, uint32_t state)
{
    return test_add_code(c, b, indicator, category, str_of(place), test_code(period), source, amount, state);
}

static inline void test_note(struct ctx *c, struct value_batch *b, const char *indicator, const char *category,
                             const char *place, const char *period, const char *source, double amount, uint32_t state,
                             const struct value_note *note)
{
    struct value_row *row = test_add(c, b, indicator, category, place, period, source, amount, state);
    *PUSH(c->arena, &b->notes) = *note;
    row->note = (uint32_t)b->notes.n;
}

struct test_writing {
    struct value_batch *b;
    struct value_outcome *ret;
};
static inline enum err test_write_run(struct ctx *c, void *arg)
{
    struct test_writing *t = arg;
    return value_write(c, t->b, t->ret);
}
static inline enum err test_write(struct writer *w, struct ctx *c, struct value_batch *b, struct value_outcome *ret)
{
    struct test_writing t = {b, ret};
    struct command command = {.run = test_write_run, .arg = &t};
    return writer_run(w, c, &command);
}

/* One figure of the indicator's own source. */
static inline enum err test_put(struct writer *w, struct ctx *c, const char *indicator, const char *place,
                                const char *period, double amount, uint32_t state, const char *reason,
                                struct value_outcome *ret)
{
    struct value_batch b = test_batch(c);
    if (reason)
        test_note(c, &b, indicator, "", place, period, "", amount, state,
                  &(struct value_note){.reason = str_of(reason)});
    else
        test_add(c, &b, indicator, "", place, period, "", amount, state);
    return test_write(w, c, &b, ret);
}

struct test_undoing {
    int64_t batch;
    const char *reason;
    struct value_outcome *ret;
};
static inline enum err test_undo_run(struct ctx *c, void *arg)
{
    struct test_undoing *t = arg;
    return value_undo(c, t->batch, str_of(t->reason), t->ret);
}
static inline enum err test_undo(struct writer *w, struct ctx *c, int64_t batch, const char *reason,
                                 struct value_outcome *ret)
{
    struct test_undoing t = {batch, reason, ret};
    struct command command = {.run = test_undo_run, .arg = &t};
    return writer_run(w, c, &command);
}

struct test_deciding {
    const struct value_key *key;
    const char *reason;
    int64_t *ret;
};
static inline enum err test_decide_run(struct ctx *c, void *arg)
{
    struct test_deciding *t = arg;
    return value_decide(c, t->key, str_of(t->reason), t->ret);
}
static inline enum err test_decide(struct writer *w, struct ctx *c, const struct value_key *key, const char *reason,
                                   int64_t *ret)
{
    struct test_deciding t = {key, reason, ret};
    struct command command = {.run = test_decide_run, .arg = &t};
    return writer_run(w, c, &command);
}

/* All figures that hold, with what is told beside them. */
struct test_row {
    int64_t series, period, place, source, state;
    double amount;
    struct str method, reason;
};
static const struct field test_row_fields[] = {{"series", FIELD_I64, offsetof(struct test_row, series)},
                                               {"period", FIELD_I64, offsetof(struct test_row, period)},
                                               {"place", FIELD_I64, offsetof(struct test_row, place)},
                                               {"source", FIELD_I64, offsetof(struct test_row, source)},
                                               {"state", FIELD_I64, offsetof(struct test_row, state)},
                                               {"amount", FIELD_F64, offsetof(struct test_row, amount)},
                                               {"method", FIELD_TEXT, offsetof(struct test_row, method)},
                                               {"reason", FIELD_TEXT, offsetof(struct test_row, reason)}};
static const struct record test_row_record = {
    "row", "A figure", sizeof(struct test_row), test_row_fields, sizeof test_row_fields / sizeof *test_row_fields,
    NULL};
struct test_rows {
    struct test_row *v;
    size_t n, cap;
};

static inline struct test_rows test_rows(struct ctx *c)
{
    struct test_rows list = {0};
    struct test_row row = {0};
    struct rows rows = db_query(c, SQL_test_value_rows);
    while (db_next(&rows, &test_row_record, &row))
        *PUSH(c->arena, &list) = row;
    CHECK_OK(db_done(&rows));
    return list;
}

static inline void test_same_rows(struct ctx *c, struct test_rows a, struct test_rows b)
{
    (void)c;
    CHECK_INT(a.n, b.n);
    for (size_t i = 0; i < a.n; i++)
        CHECK(record_equal(&test_row_record, &a.v[i], &b.v[i]));
}

#endif
