/* dictionary_fields.h - the fields of the dictionary's rows, for the several records that show them; inside this
 * folder.
 *
 * A struct that begins with the row (what the store has, what a list gives) has them at the same place. `need`: is what
 * a row must have asked for? */
#ifndef HOALU_INDICATOR_DICTIONARY_FIELDS_H
#define HOALU_INDICATOR_DICTIONARY_FIELDS_H

#include "domain/indicator/indicator.h"
#include "domain/sight/sight.h"

#define F(type, symbol, kind, doc)                                                                                     \
    {                                                                                                                  \
#symbol, kind, offsetof(struct type, symbol), NULL, NULL, NULL, doc, false                                     \
    }
#define NAMED(type, symbol, name, kind, doc)                                                                           \
    {                                                                                                                  \
        name, kind, offsetof(struct type, symbol), NULL, NULL, NULL, doc, false                                        \
    }
#define MUST(type, symbol, name, need, doc)                                                                            \
    {                                                                                                                  \
        name, FIELD_TEXT, offsetof(struct type, symbol), NULL, NULL, NULL, doc, need                                   \
    }
#define WORD(type, symbol, words, must, doc)                                                                           \
    {                                                                                                                  \
#symbol, FIELD_TEXT, offsetof(struct type, symbol), NULL, words, NULL, doc, must                               \
    }

#define INDICATOR_FIELDS(key, set_name, list, dimensions_at, steps_at, steps_en_at, need, ...)                         \
    MUST(indicator, code, key, true, "code, never changed"), MUST(indicator, name, "name", need, "what it is called"), \
        F(indicator, name_en, FIELD_TEXT, "the same in English"),                                                      \
        F(indicator, definition, FIELD_TEXT, "what exactly is counted"),                                               \
        F(indicator, definition_en, FIELD_TEXT, "the same in English"),                                                \
        F(indicator, unit, FIELD_TEXT, "unit; none: a pure number or a state"),                                        \
        F(indicator, unit_en, FIELD_TEXT, "the same in English"),                                                      \
        F(indicator, places, FIELD_I64, "decimals it is shown with"),                                                  \
        WORD(indicator, direction, INDICATOR_DIRECTIONS, need, "which way is better"),                                 \
        WORD(indicator, frequency, INDICATOR_FREQUENCIES, need, "how often there is a figure"),                        \
        WORD(indicator, tree, INDICATOR_TREES, false, "whose places it is told for; none: for the whole alone"),       \
        F(indicator, provider, FIELD_TEXT, "group or body that reports it, below the whole"),                          \
        WORD(indicator, over_places, INDICATOR_OVER_PLACES, need, "how figures of the places below become one"),       \
        WORD(indicator, over_time, INDICATOR_OVER_TIME, need, "how figures of the parts of a period become one"),      \
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
        WORD(indicator, level, SIGHT_LEVELS, false, "how open its figures are; none: internal"), __VA_ARGS__,          \
        F(indicator, note, FIELD_TEXT, "remark")

#define SET_FIELDS(key)                                                                                                \
    MUST(indicator_set, code, key, true, "code of the set, with its year"),                                            \
        MUST(indicator_set, name, "name", true, "what it is called"),                                                  \
        F(indicator_set, name_en, FIELD_TEXT, "the same in English"),                                                  \
        F(indicator_set, year, FIELD_I64, "year from which it holds"),                                                 \
        F(indicator_set, issued, FIELD_TEXT, "document that gives it"),                                                \
        F(indicator_set, confirmed, FIELD_BOOL, "confirmed by a source"), F(indicator_set, note, FIELD_TEXT, "remark")

#define DIMENSION_FIELDS                                                                                               \
    MUST(dimension, dimension, "dimension", true, "code of what is told apart"),                                       \
        MUST(dimension, category, "category", true, "code of the part"),                                               \
        MUST(dimension, name, "name", true, "what the part is called"),                                                \
        F(dimension, name_en, FIELD_TEXT, "the same in English"),                                                      \
    {                                                                                                                  \
        "ordinal", FIELD_I64, offsetof(struct dimension, ordinal), NULL, NULL, NULL, "place among its kind", true      \
    }

#define GOAL_FIELDS(list, points_at, by_name, need)                                                                    \
    MUST(goal, key, "key", true, "PLAN.TARGET, or that and @PLACE for a share"),                                       \
        MUST(goal, indicator, "indicator", need, "code of the indicator"),                                             \
        F(goal, plan, FIELD_TEXT, "slug of the plan"),                                                                 \
        F(goal, target, FIELD_TEXT, "key of the plan's target, which says what is wanted"),                            \
        F(goal, place, FIELD_TEXT, "whose it is; none: of the whole plan"),                                            \
        F(goal, above, FIELD_TEXT, "goal that this is a share of"),                                                    \
        WORD(goal, measure, "level|growth|rank|state", false, "kind of goal; none: as the plan has it"),               \
        WORD(goal, comparator, "ge|gt|le|lt|eq|range", false, "how a figure is compared; none: as the plan has it"),   \
        F(goal, low, FIELD_F64, "lower bound or wanted value"), F(goal, high, FIELD_F64, "upper bound"),               \
        WORD(goal, per, "year", false, "wanted anew each year"), NAMED(goal, by, by_name, FIELD_TEXT, "year"),         \
        F(goal, baseline, FIELD_F64, "where it begins; none: not known"),                                              \
        F(goal, baseline_period, FIELD_TEXT, "of which period"), F(goal, baseline_source, FIELD_TEXT, "who says so"),  \
        WORD(goal, path, GOAL_PATHS, need, "how it gets there year by year"),                                          \
        {"points", list, points_at, NULL, NULL, NULL, "of a given path or one by steps: 2026=10 2027=25", false},      \
        F(goal, note, FIELD_TEXT, "remark")

#define LINK_FIELDS                                                                                                    \
    MUST(indicator_link, indicator, "indicator", true, "code of the indicator"),                                       \
        MUST(indicator_link, plan, "plan", true, "slug of the plan"),                                                  \
        MUST(indicator_link, path, "path", true, "path of the clause")

#define CONFIRMED_FIELD F(indicator, confirmed, FIELD_BOOL, "confirmed by a source")

#endif
