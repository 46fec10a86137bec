/* value_rules.h - what is looked at in figures on the way in, and telling what was found.
 *
 * Each rule has a name, a severity and a sentence; value_rules is the list of them, for pages and doc/values.md. A
 * problem is counted whatever happens; at most VALUE_PROBLEMS of each severity are kept, so that a file of a million
 * wrong rows costs no more than one of a thousand. Inside of domain/indicator. */
#ifndef HOALU_VALUE_RULES_H
#define HOALU_VALUE_RULES_H

#include "domain/indicator/value.h"

enum value_rule_id {
    /* of a file */
    RULE_HEADING,
    RULE_FILE,
    RULE_CELL,
    /* of a cell */
    RULE_NOT_A_NUMBER,
    RULE_AMBIGUOUS,
    RULE_PERCENT,
    RULE_PERIOD,
    RULE_WORD,
    RULE_MISSING,
    /* of names */
    RULE_INDICATOR,
    RULE_DERIVED,
    RULE_CATEGORY,
    RULE_PLACE,
    RULE_TREE,
    RULE_PLACE_GONE,
    RULE_DENIED,
    /* of a row */
    RULE_FREQUENCY,
    RULE_NOT_BEGUN,
    RULE_NOT_FINITE,
    RULE_RANGE,
    RULE_STEP,
    RULE_DUPLICATE,
    RULE_REASON,
    /* warnings */
    RULE_READ_AS,
    RULE_PLACE_NEW,
    RULE_JUMP,
    RULE_OUTLIER,
    RULE_GAPS,
    RULE_SHARE,
    RULE_PARTS,
    RULE_UNSEEN,
    RULE_COUNT,
};

struct value_rule {
    struct str rule, severity; /* error, warning */
    struct str about, about_en;
};
extern const struct record value_rule_record;
extern const struct value_rule value_rules[RULE_COUNT];

struct value_at {
    struct str sheet;
    int64_t line;    /* or I64_NONE */
    unsigned column; /* from 1; 0: the row as a whole */
    struct str indicator, place, period;
};
/* Counts a problem. What it gives back is to get its messages; NULL where as many are kept already. */
struct value_problem *value_problem_new(struct ctx *c, struct value_problems *problems, enum value_rule_id rule,
                                        const struct value_at *at);
/* The same with its words, which are only put together where it is kept. */
#define VALUE_PROBLEM(c, problems, rule, at, vi, en, ...)                                                              \
    do {                                                                                                               \
        struct value_problem *told_ = value_problem_new((c), (problems), (rule), (at));                                \
        if (told_) {                                                                                                   \
            told_->message = str_fmt((c)->arena, vi, ##__VA_ARGS__);                                                   \
            told_->message_en = str_fmt((c)->arena, en, ##__VA_ARGS__);                                                \
        }                                                                                                              \
    } while (0)

/* Where the two languages take different words. */
void value_problem_say(struct ctx *c, struct value_problems *problems, enum value_rule_id rule,
                       const struct value_at *at, struct str vi, struct str en);

/* Is the indicator told for such a place? */
bool value_told_for(struct ctx *c, const struct org_catalogue *catalogue, const struct indicator *i, struct str place);

/* What writing a batch that was checked would do, as far as it was compared. */
void value_expect(const struct value_batch *b, const struct value_problems *problems, struct value_outcome *ret);

/* "2026-Q3" of a code, in c->arena. */
struct str value_period_text(struct ctx *c, int32_t period);

/* Whole months of a frequency; 0: any stretch. */
int value_months(struct str frequency);

#endif
