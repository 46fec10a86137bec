/* The rows of the dictionary, described once: for files, the store and what is given out. */
#include "domain/indicator/dictionary.h"
#include "domain/indicator/dictionary.sql.h"
#include "domain/sight/sight.h"

#include "base/banned.h"

#define F(type, symbol, kind, doc)                                                                                     \
    {                                                                                                                  \
#symbol, kind, offsetof(struct type, symbol), NULL, NULL, NULL, doc, false                                     \
    }
#define NAMED(type, symbol, name, kind, doc)                                                                           \
    {                                                                                                                  \
        name, kind, offsetof(struct type, symbol), NULL, NULL, NULL, doc, false                                        \
    }
#define MUST(type, symbol, name, doc)                                                                                  \
    {                                                                                                                  \
        name, FIELD_TEXT, offsetof(struct type, symbol), NULL, NULL, NULL, doc, true                                   \
    }
#define WORD(type, symbol, words, must, doc)                                                                           \
    {                                                                                                                  \
#symbol, FIELD_TEXT, offsetof(struct type, symbol), NULL, words, NULL, doc, must                               \
    }

/* Fields of the row stand at the same place in what is stored, which begins with it. */
#define INDICATOR_FIELDS(key, set_name, list, dimensions_at, steps_at, steps_en_at)                                    \
    MUST(indicator, code, key, "code, never changed"), MUST(indicator, name, "name", "what it is called"),             \
        F(indicator, name_en, FIELD_TEXT, "the same in English"),                                                      \
        F(indicator, definition, FIELD_TEXT, "what exactly is counted"),                                               \
        F(indicator, definition_en, FIELD_TEXT, "the same in English"),                                                \
        F(indicator, unit, FIELD_TEXT, "unit; none: a pure number or a state"),                                        \
        F(indicator, unit_en, FIELD_TEXT, "the same in English"),                                                      \
        F(indicator, places, FIELD_I64, "decimals it is shown with"),                                                  \
        WORD(indicator, direction, INDICATOR_DIRECTIONS, true, "which way is better"),                                 \
        WORD(indicator, frequency, INDICATOR_FREQUENCIES, true, "how often there is a figure"),                        \
        WORD(indicator, tree, INDICATOR_TREES, false, "whose places it is told for; none: for the whole alone"),       \
        F(indicator, provider, FIELD_TEXT, "group or body that reports it, below the whole"),                          \
        WORD(indicator, over_places, INDICATOR_OVER_PLACES, true, "how figures of the places below become one"),       \
        WORD(indicator, over_time, INDICATOR_OVER_TIME, true, "how figures of the parts of a period become one"),      \
        F(indicator, weight, FIELD_TEXT, "indicator that a mean over places is weighted by"),                          \
        F(indicator, formula, FIELD_TEXT, "how it is worked out; none: it is reported"),                               \
        {"dimensions", list, dimensions_at, NULL, NULL, NULL, "what it may be broken down by", false},                 \
        F(indicator, low, FIELD_F64, "the least that can be"), F(indicator, high, FIELD_F64, "the most that can be"),  \
        F(indicator, jump, FIELD_F64, "share of the figure before by which a change is warned of"),                    \
        {"steps", list, steps_at, NULL, NULL, NULL, "of a described target: what 1, 2, 3 … mean", false},              \
        {"steps_en", list, steps_en_at, NULL, NULL, NULL, "the same in English", false},                               \
        F(indicator, source, FIELD_TEXT, "who publishes it"), F(indicator, method, FIELD_TEXT, "how it is measured"),  \
        F(indicator, responsible, FIELD_TEXT, "body that answers for it"),                                             \
        NAMED(indicator, set, set_name, FIELD_TEXT, "set it belongs to"),                                              \
        F(indicator, parent, FIELD_TEXT, "indicator above it within the set"),                                         \
        F(indicator, points, FIELD_F64, "points within its set; none: not public, or of no set"),                      \
        WORD(indicator, level, SIGHT_LEVELS, false, "how open its figures are; none: internal"),                       \
        F(indicator, confirmed, FIELD_BOOL, "confirmed by a source"), F(indicator, note, FIELD_TEXT, "remark")

#define SET_FIELDS(key)                                                                                                \
    MUST(indicator_set, code, key, "code of the set, with its year"),                                                  \
        MUST(indicator_set, name, "name", "what it is called"),                                                        \
        F(indicator_set, name_en, FIELD_TEXT, "the same in English"),                                                  \
        F(indicator_set, year, FIELD_I64, "year from which it holds"),                                                 \
        F(indicator_set, issued, FIELD_TEXT, "document that gives it"),                                                \
        F(indicator_set, confirmed, FIELD_BOOL, "confirmed by a source"), F(indicator_set, note, FIELD_TEXT, "remark")

#define DIMENSION_FIELDS                                                                                               \
    MUST(dimension, dimension, "dimension", "code of what is told apart"),                                             \
        MUST(dimension, category, "category", "code of the part"),                                                     \
        MUST(dimension, name, "name", "what the part is called"),                                                      \
        F(dimension, name_en, FIELD_TEXT, "the same in English"),                                                      \
    {                                                                                                                  \
        "ordinal", FIELD_I64, offsetof(struct dimension, ordinal), NULL, NULL, NULL, "place among its kind", true      \
    }

#define GOAL_FIELDS(list, points_at, by_name)                                                                          \
    MUST(goal, key, "key", "PLAN.TARGET, or that and @PLACE for a share"),                                             \
        MUST(goal, indicator, "indicator", "code of the indicator"), F(goal, plan, FIELD_TEXT, "slug of the plan"),    \
        F(goal, target, FIELD_TEXT, "key of the plan's target, which says what is wanted"),                            \
        F(goal, place, FIELD_TEXT, "whose it is; none: of the whole plan"),                                            \
        F(goal, above, FIELD_TEXT, "goal that this is a share of"),                                                    \
        WORD(goal, measure, "level|growth|rank|state", false, "kind of goal; none: as the plan has it"),               \
        WORD(goal, comparator, "ge|gt|le|lt|eq|range", false, "how a figure is compared; none: as the plan has it"),   \
        F(goal, low, FIELD_F64, "lower bound or wanted value"), F(goal, high, FIELD_F64, "upper bound"),               \
        WORD(goal, per, "year", false, "wanted anew each year"), NAMED(goal, by, by_name, FIELD_TEXT, "year"),         \
        F(goal, baseline, FIELD_F64, "where it begins; none: not known"),                                              \
        F(goal, baseline_period, FIELD_TEXT, "of which period"), F(goal, baseline_source, FIELD_TEXT, "who says so"),  \
        WORD(goal, path, GOAL_PATHS, true, "how it gets there year by year"),                                          \
        {"points", list, points_at, NULL, NULL, NULL, "of a given path or one by steps: 2026=10 2027=25", false},      \
        F(goal, note, FIELD_TEXT, "remark")

#define LINK_FIELDS                                                                                                    \
    MUST(indicator_link, indicator, "indicator", "code of the indicator"),                                             \
        MUST(indicator_link, plan, "plan", "slug of the plan"),                                                        \
        MUST(indicator_link, path, "path", "path of the clause")

RECORD(indicator_record, struct indicator, "indicator", "An indicator: what is measured",
       INDICATOR_FIELDS("code", "set", FIELD_TEXTS, offsetof(struct indicator, dimensions),
                        offsetof(struct indicator, steps), offsetof(struct indicator, steps_en)));
RECORD(indicator_set_record, struct indicator_set, "indicator_set", "A set of indicators of one year",
       SET_FIELDS("code"));
RECORD(dimension_record, struct dimension, "dimension", "A part by which figures are broken down", DIMENSION_FIELDS);
RECORD(goal_record, struct goal, "goal", "What a plan wants of an indicator",
       GOAL_FIELDS(FIELD_TEXTS, offsetof(struct goal, points), "by"));
RECORD(indicator_link_record, struct indicator_link, "indicator_link", "An indicator tells of a clause of a plan",
       LINK_FIELDS);

#define KEY                                                                                                            \
    {                                                                                                                  \
        "key", FIELD_TEXT, offsetof(struct stored_row, key), .doc = "what tells it from others"                        \
    }
RECORD(stored_indicator, struct stored_row, "indicator", "As the store has it",
       INDICATOR_FIELDS("key", "in_set", FIELD_TEXT, offsetof(struct stored_row, dimensions),
                        offsetof(struct stored_row, steps), offsetof(struct stored_row, steps_en)));
RECORD(stored_set, struct stored_row, "indicator_set", "As the store has it", SET_FIELDS("key"));
RECORD(stored_dimension, struct stored_row, "dimension", "As the store has it", KEY, DIMENSION_FIELDS);
RECORD(stored_goal, struct stored_row, "goal", "As the store has it",
       GOAL_FIELDS(FIELD_TEXT, offsetof(struct stored_row, points), "by_year"));
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
