/* ledger_words.h - events in words. */
#ifndef HOALU_LEDGER_WORDS_H
#define HOALU_LEDGER_WORDS_H

#include "front/web/ledger/ledger_view.h"
#include "front/web/site.h"

/* Kinds of events that have words, for a form. */
struct event_kind {
    const char *kind;
    const struct message *label, *did;
};
extern const struct event_kind event_kinds[]; /* ended by a row without a kind */

/* The sentence of an event. */
MUST_USE enum err event_view_of(struct site *s, const struct event *e, struct event_view *ret);
/* Who an actor of an event is. */
MUST_USE enum err actor_words(struct site *s, struct str actor, struct str *ret);
/* What a subject is called; n == 0 for one that has no words. `*ret_url` may be without bytes. */
struct str subject_words(struct site *s, struct str subject, struct url *ret_url);
/* The label of a field of a payload; NULL if it has none. */
const struct message *payload_label(struct str name);
/* The fields of a payload, those of maps and lists in it too, at most PAYLOAD_FIELDS. */
enum { PAYLOAD_FIELDS = 200 };
void payload_fields(struct ctx *c, struct str payload, struct event_page *page);

#endif
