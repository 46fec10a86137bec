/* The rows of the dictionary, described once: for files, the store and what is given out. */
#include "domain/indicator/dictionary.h"
#include "domain/indicator/dictionary.sql.h"
#include "domain/indicator/dictionary_fields.h"

#include "base/banned.h"

RECORD(indicator_record, struct indicator, "indicator", "An indicator: what is measured",
       INDICATOR_FIELDS("code", "set", FIELD_TEXTS, offsetof(struct indicator, dimensions),
                        offsetof(struct indicator, steps), offsetof(struct indicator, steps_en), true,
                        CONFIRMED_FIELD));
RECORD(indicator_set_record, struct indicator_set, "indicator_set", "A set of indicators of one year",
       SET_FIELDS("code"));
RECORD(dimension_record, struct dimension, "dimension", "A part by which figures are broken down", DIMENSION_FIELDS);
RECORD(goal_record, struct goal, "goal", "What a plan wants of an indicator",
       GOAL_FIELDS(FIELD_TEXTS, offsetof(struct goal, points), "by", true));
RECORD(indicator_link_record, struct indicator_link, "indicator_link", "An indicator tells of a clause of a plan",
       LINK_FIELDS);

#define KEY                                                                                                            \
    {                                                                                                                  \
        "key", FIELD_TEXT, offsetof(struct stored_row, key), .doc = "what tells it from others"                        \
    }
RECORD(stored_indicator, struct stored_row, "indicator", "As the store has it",
       INDICATOR_FIELDS("key", "in_set", FIELD_TEXT, offsetof(struct stored_row, dimensions),
                        offsetof(struct stored_row, steps), offsetof(struct stored_row, steps_en), true,
                        CONFIRMED_FIELD));
RECORD(stored_set, struct stored_row, "indicator_set", "As the store has it", SET_FIELDS("key"));
RECORD(stored_dimension, struct stored_row, "dimension", "As the store has it", KEY, DIMENSION_FIELDS);
RECORD(stored_goal, struct stored_row, "goal", "As the store has it",
       GOAL_FIELDS(FIELD_TEXT, offsetof(struct stored_row, points), "by_year", true));
RECORD(stored_link, struct stored_row, "indicator_link", "As the store has it", KEY, LINK_FIELDS);

#define TABLE(file, heading, phrases, record, stored, sql)                                                             \
    {                                                                                                                  \
        file, heading, phrases, record, {stored, &SQL_##sql##_current, &SQL_##sql##_close, &SQL_##sql##_insert},       \
            &SQL_##sql##_at                                                                                            \
    }
const struct dictionary_table dictionary_tables[DICTIONARY_COUNT] = {
    [DICTIONARY_SET] = TABLE("sets", "set", NULL, &indicator_set_record, &stored_set, indicator_set),
    [DICTIONARY_DIMENSION] = TABLE("dimensions", "dimension", NULL, &dimension_record, &stored_dimension, dimension),
    [DICTIONARY_INDICATOR] =
        TABLE("indicators", "code", "steps|steps_en", &indicator_record, &stored_indicator, indicator),
    [DICTIONARY_GOAL] = TABLE("goals", "goal", NULL, &goal_record, &stored_goal, goal),
    [DICTIONARY_LINK] = TABLE("links", "indicator", NULL, &indicator_link_record, &stored_link, indicator_link),
};

void dictionary_add(struct ctx *c, struct dictionary *d, enum dictionary_table_id table, const void *row,
                    struct row_place at)
{
    struct dictionary_rows *rows = &d->rows[table];
    size_t size = dictionary_tables[table].record->size;
    if (rows->n == rows->cap)
        arena_grow(c->arena, (void **)&rows->v, rows->n, &rows->cap, size);
    memcpy(rows->v + rows->n++ * size, row, size);
    *PUSH(c->arena, &rows->places) = at;
}

struct str dictionary_key(struct arena *a, enum dictionary_table_id table, const void *row)
{
    const struct dimension *dimension = row;
    const struct indicator_link *link = row;
    switch (table) {
    case DICTIONARY_DIMENSION:
        return str_join(a, (const struct str[]){dimension->dimension, dimension->category}, 2, S(":"));
    case DICTIONARY_LINK:
        return str_join(a, (const struct str[]){link->indicator, link->plan, link->path}, 3, S(" "));
    default: /* the first field of every other table is its key */
        return *(const struct str *)row;
    }
}

static struct str joined(struct ctx *c, const struct strs *list, struct str sep)
{
    return list->n ? str_join(c->arena, list->v, list->n, sep) : (struct str){0};
}

void dictionary_store_row(struct ctx *c, enum dictionary_table_id table, const void *row, struct stored_row *ret)
{
    *ret = (struct stored_row){.key = dictionary_key(c->arena, table, row)};
    memcpy(ret, row, dictionary_tables[table].record->size);
    if (table == DICTIONARY_INDICATOR) {
        ret->dimensions = joined(c, &ret->indicator.dimensions, S(" "));
        ret->steps = joined(c, &ret->indicator.steps, S("|"));
        ret->steps_en = joined(c, &ret->indicator.steps_en, S("|"));
    } else if (table == DICTIONARY_GOAL) {
        ret->points = joined(c, &ret->goal.points, S(" "));
    }
}

static struct strs cut(struct ctx *c, struct str s, char sep)
{
    size_t n = 1;
    struct str part;
    for (size_t i = 0; i < s.n; i++)
        n += s.p[i] == sep;
    struct strs ret = {s.n ? NEWN(c->arena, struct str, n) : NULL, 0};
    while (s.n && str_cut(&s, sep, &part))
        ret.v[ret.n++] = part;
    return ret;
}

void dictionary_cut_lists(struct ctx *c, enum dictionary_table_id table, struct stored_row *row)
{
    if (table == DICTIONARY_INDICATOR) {
        row->indicator.dimensions = cut(c, row->dimensions, ' ');
        row->indicator.steps = cut(c, row->steps, '|');
        row->indicator.steps_en = cut(c, row->steps_en, '|');
    } else if (table == DICTIONARY_GOAL) {
        row->goal.points = cut(c, row->points, ' ');
    }
}
