/* words.h - the words of the data ("half_yearly", "error", "rank") as an office says them, in both languages.
 *
 * A word that is not known gives an empty message. Threads: no state. */
#ifndef HOALU_PLAN_WORDS_H
#define HOALU_PLAN_WORDS_H

#include "base/str.h"
#include "front/web/messages.h"

const struct message *word_schedule(struct str kind);
const struct message *word_severity(struct str severity);
const struct message *word_least(struct str severity); /* "at least so heavy", as a filter */
const struct message *word_measure(struct str measure);
const struct message *word_rule(struct str rule);

#endif
