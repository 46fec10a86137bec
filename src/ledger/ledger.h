/* ledger.h - every change, as an event: the audit trail, the feed, the outbox, and the proof that nothing was
 * rewritten.
 *
 * Each event has a position (1, 2, 3 …, in commit order, without gaps) and carries who did what, on whose behalf, when
 * and from which request, and a payload in JSON. Events are chained as they are appended:
 *
 *     payload_hash = BLAKE2b-256(salt || payload)                 salt: 16 random bytes kept with the payload
 *     chain[n]     = BLAKE2b-256(chain[n-1] || header of n || payload_hash)
 *
 * where the header is each field in order, preceded by its length (8 bytes, little endian). The payload and its salt
 * stand in a table of their own, so personal data can be erased by a later event (`ledger.erase`) without breaking the
 * chain, and the salt keeps a short payload from being guessed from its hash.
 *
 * A seal is the chain's value at a position, signed (Ed25519) with a key kept outside the store, chained to the seal
 * before it; the latest one of each day is its public root. One node at a time seals, under the same lock as writing.
 *
 * ledger_append() is called inside a command (store/writer.h); all else may be called by any reader. */
#ifndef HOALU_LEDGER_H
#define HOALU_LEDGER_H

#include "store/writer.h"

struct event {
    int64_t position;
    int64_t at_us;
    struct str actor, behalf, request;
    struct str kind;    /* the operation: "plan.approve" */
    struct str subject; /* what it is about, as an address within the program: "plans/06-nq-tu" */
    struct str payload; /* JSON; p == NULL once erased */
    struct str payload_hash;
    struct str chain;
};
extern const struct record event_record;

/* Append an event inside a command, by c->actor. `payload` is JSON text (p == NULL: "{}"), at most 8 MiB; each other
 * text at most 4 KiB. Moments never fall along the ledger, whatever the clock does. */
MUST_USE enum err ledger_append(struct ctx *c, struct str kind, struct str subject, struct str payload,
                                int64_t *ret_position);

/* The last position at or before moment `us`: what "as of" turns into. 0 if the ledger was empty then. */
MUST_USE enum err ledger_position_at(struct ctx *c, int64_t us, int64_t *ret);

struct events {
    struct event *v;
    size_t n, cap;
};
/* The events after a position, at most `limit` of them, in order. */
MUST_USE enum err ledger_list(struct ctx *c, int64_t after, int64_t limit, struct events *ret);

/* Say that the event at `position` is also about these, so that it is found with them; inside a command. All that the
 * subject of an event stands under ("plans/06-nq-tu" and "plans" of "plans/06-nq-tu/III.3") is said by itself. */
MUST_USE enum err ledger_touch(struct ctx *c, int64_t position, struct strs subjects);

/* Where events come from: what one actor did between two positions, what was done on behalf of one, or about one. */
struct ledger_source {
    enum { LEDGER_ACTOR, LEDGER_BEHALF, LEDGER_SUBJECT } what;
    struct str word;
    int64_t above, below; /* neither in it */
};

/* What is sought; p == NULL: any. All must fit, and one of the sources if there are any. A subject is one with all that
 * stands under it. What a page costs depends on its limit and on the number of sources, and not on how long the ledger
 * is: after LEDGER_LOOKED events a search stops, and what it gives may be fewer than were asked for with more to come.
 */
enum { LEDGER_LOOKED = 5000 };
struct ledger_query {
    struct str actor, behalf, kind, subject;
    const struct ledger_source *sources;
    size_t n_sources;
    int64_t above, below; /* positions, neither in it */
    bool oldest;          /* first; otherwise the newest */
    bool payloads;        /* read them */
    int64_t limit;
};
struct ledger_found {
    struct events events;
    int64_t next; /* where to go on: the new `below`, or `above` where the oldest come first; I64_NONE: at the end */
};
MUST_USE enum err ledger_find(struct ctx *c, const struct ledger_query *q, struct ledger_found *ret);
/* One event. E_NOTFOUND if there is none at that position. */
MUST_USE enum err ledger_event(struct ctx *c, int64_t position, struct event *ret);

/* The events of one kind about one subject, the newest first, at most `limit`; without their payloads. */
MUST_USE enum err ledger_about(struct ctx *c, struct str subject, struct str kind, int64_t limit, struct events *ret);

/* Replace the payload of `position` by nothing, and say why; inside a command. */
MUST_USE enum err ledger_erase(struct ctx *c, int64_t position, struct str reason);

/* The signing key: 32 bytes of seed in a file of mode 0600 that is made on first use (`create`). */
struct ledger_key {
    unsigned char secret[64], public_key[32];
};
MUST_USE enum err ledger_key_load(struct ctx *c, struct str file, bool create, struct ledger_key *ret);
/* Where the key of a store is kept: $HOALU_KEY, else STORE.key beside a SQLite file, else hoalu.key in the user's
 * configuration folder. */
struct str ledger_key_path(struct ctx *c, struct str store);

/* Seal everything up to the head; inside a command. Nothing to do is OK. */
MUST_USE enum err ledger_seal(struct ctx *c, const struct ledger_key *key);

/* The latest seal; position 0 if there is none. `root` is what to publish: "POSITION:HEX". */
struct ledger_sealed {
    int64_t position, at_us;
    struct str root;
    struct str key; /* public key, in hex */
};
extern const struct record ledger_sealed_record;
MUST_USE enum err ledger_last_seal(struct ctx *c, struct ledger_sealed *ret);

/* The root of a day: its latest seal. A day on which nothing was sealed has none. */
struct ledger_root {
    int32_t day;
    int64_t position, at_us;
    struct str root, key;
    int64_t seq; /* of the seal, not shown */
};
extern const struct record ledger_root_record;
struct ledger_roots {
    struct ledger_root *v;
    size_t n, cap;
};
/* The newest first, at most `limit`, of seals before number `before` (I64_NONE: all). */
MUST_USE enum err ledger_roots(struct ctx *c, int64_t before, int64_t limit, struct ledger_roots *ret);
/* The position of the first seal that covers `position`; 0 if none does. */
MUST_USE enum err ledger_covering(struct ctx *c, int64_t position, int64_t *ret);
/* Has something happened since the last seal, and was that on an earlier day than today? Inside a command or on any
 * connection. */
MUST_USE enum err ledger_seal_is_due(struct ctx *c, bool *ret);

/* What a verification found. */
struct verdict {
    bool whole;
    int64_t events, seals;
    int64_t head;        /* last position seen */
    int64_t sealed;      /* last position a valid seal covers; 0 none */
    int64_t broken_at;   /* first broken position; I64_NONE if whole */
    int64_t broken_line; /* line of the exported file; I64_NONE for a store */
    struct str reason;   /* one sentence */
    struct str chain;    /* the chain at `head`, in hex: `head:chain` is a root */
    struct str key;      /* public key of the last valid seal, in hex: to be compared with the one that was published */
};
extern const struct record verdict_record;

/* Verify the store in c->db: chain, payload hashes, seals and their signatures, head, and that nothing is missing.
 * `root` (may be empty) is "POSITION:HEX" as published on some day: the chain must pass through it. What stands after
 * the last seal and the last known root could be rewritten as a whole by who owns the store: verdict.sealed says how
 * far the proof goes. */
MUST_USE enum err ledger_verify_store(struct ctx *c, struct str root, struct verdict *ret);
/* Has the text the form of a published root, POSITION:HEX? */
bool ledger_is_root(struct str text);
/* Verify an exported file, offline. E_IO or E_NOTFOUND if it cannot be read; a broken file is OK with ret->whole ==
 * false. */
MUST_USE enum err ledger_verify_file(struct ctx *c, struct str path, struct str root, struct verdict *ret);
/* Write the ledger of c->db as JSON lines: a header, events and seals in order, an end line that states the head. Never
 * over a file that is there: E_CONFLICT. */
MUST_USE enum err ledger_export(struct ctx *c, struct str path);

#endif
