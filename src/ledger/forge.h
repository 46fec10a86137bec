/* forge.h - tests and fuzzing only: a ledger made by hand, without a store, and its exported text.
 *
 * It follows the words of ledger.h and chain.h step by step, so that the verifier is tested against something that
 * neither the store nor the exporter made. Memory: in c->arena. */
#ifndef HOALU_FORGE_H
#define HOALU_FORGE_H

#include "ledger/chain.h"

struct forge {
    struct ctx *c;
    struct ledger_key key;
    struct {
        struct line *v;
        size_t n, cap;
    } lines; /* events and seals in order, without header and end */
    unsigned char chain[LEDGER_HASH], seal[LEDGER_HASH];
    int64_t head, sealed, seals;
    bool has_key;
};

void forge_init(struct forge *f, struct ctx *c);
void forge_event(struct forge *f, const char *kind, struct str subject, struct str payload);
void forge_seal(struct forge *f);
/* The payload of an event, and the event that says so. */
void forge_erase(struct forge *f, int64_t position);
struct line *forge_line(struct forge *f, enum line_kind kind, int64_t position); /* NULL if there is none */
struct str forge_text(struct forge *f);

#endif
