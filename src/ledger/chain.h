/* chain.h - inside ledger/: what is hashed, byte for byte, and the verification that files and stores share.
 *
 * A field enters a hash as its length (8 bytes, little endian) and its bytes; a whole number as 8 bytes, little endian.
 *
 *     header of n = position, at_us, actor, behalf, request, kind, subject          (absent text is empty text)
 *     seal hash   = BLAKE2b-256(previous || from_pos, to_pos, at_us, chain, public_key)
 *     signature   = Ed25519(seal hash)
 *
 * where previous is the hash of the seal before (32 zero bytes before the first).
 *
 * Sealing leaves two kinds of events, so that a seal cannot be added, dropped or made with another key unseen:
 * `ledger.key` (subject "ledger/keys/HEX") before the first seal made with a key, and `ledger.seal` (subject
 * "ledger/seals/POSITION") right after each seal. */
#ifndef HOALU_LEDGER_CHAIN_H
#define HOALU_LEDGER_CHAIN_H

#include "base/out.h"
#include "ledger/ledger.h"

enum {
    LEDGER_HASH = 32,
    LEDGER_SALT = 16,
    LEDGER_SIGNATURE = 64,
    LEDGER_TEXT_MAX = 4 << 10, /* each text of a header */
    LEDGER_PAYLOAD_MAX = 8 << 20,
    LEDGER_LINE_MAX = 64 << 20, /* of an exported file: a payload whose every byte is escaped, and its header */
};

struct seal {
    int64_t seq;              /* 1, 2, 3 … in the store; not hashed, for `previous` says the same */
    int64_t from_pos, to_pos; /* the stretch it covers, both ends in it; `chain` is the chain at to_pos */
    int64_t at_us;
    struct str chain, previous, public_key, signature;
};
extern const struct record seal_record;

void ledger_payload_hash(struct str salt, struct str payload, unsigned char ret[LEDGER_HASH]);
/* `chain` at position n-1 becomes that at n; e->payload_hash is filled. */
void ledger_chain_next(unsigned char chain[LEDGER_HASH], const struct event *e);
void ledger_seal_hash(const struct seal *s, unsigned char ret[LEDGER_HASH]);

/* s->public_key is key's. */
void ledger_seal_sign(const struct ledger_key *key, const struct seal *s, unsigned char ret[LEDGER_SIGNATURE]);

static inline struct str ledger_bytes(const unsigned char *p, size_t n)
{
    return (struct str){(const char *)p, n};
}
/* Lower-case hex, exactly; false otherwise. */
bool ledger_hex_read(struct str hex, unsigned char *ret, size_t n);
struct str ledger_hex(struct arena *a, struct str bytes);
/* The number at the end of "ledger/events/17", with `prefix` "ledger/events/"; false if it is anything else. */
bool ledger_subject_number(struct str subject, struct str prefix, int64_t *ret);

/* One line of an exported file (export.c writes, line.c reads). */
enum line_kind {
    LINE_HEADER,
    LINE_EVENT,
    LINE_SEAL,
    LINE_END,
};
struct line {
    enum line_kind kind;
    struct event event; /* LINE_EVENT */
    struct str salt;
    struct seal seal;    /* LINE_SEAL */
    int64_t head, seals; /* LINE_HEADER, LINE_END */
    struct str chain;    /* LINE_END */
};
/* False if it is none, or is written otherwise than ledger_line_write() does; `*ret_why` then says why, in a few words.
 * Memory: in `a`. */
bool ledger_line_read(struct arena *a, struct str text, struct line *ret, const char **ret_why);
void ledger_line_write(struct out *o, const struct line *line);

/* A position whose payload may be missing, and the erasure that says so. */
struct erasure {
    int64_t position, by;
};

/* One verification. Events and seals are given in order; each call says whether to go on. The first false one has
 * filled the verdict. */
struct verifier {
    struct ctx *c;
    struct verdict *verdict;
    struct {
        struct erasure *v;
        size_t n, cap;
    } erased;          /* filled before the first event; sorted by verifier_start() */
    int64_t root;      /* position the chain must pass `root_chain` at; 0: none */
    int64_t line;      /* of the file; I64_NONE for a store */
    int64_t announced; /* the head the header of a file or the store's head row states */
    unsigned char root_chain[LEDGER_HASH], chain[LEDGER_HASH], seal[LEDGER_HASH], key[LEDGER_HASH],
        new_key[LEDGER_HASH];
    bool has_key, has_new_key;
    bool after_seal; /* the next event must tell of the seal that was just seen */
};

MUST_USE enum err verifier_init(struct verifier *v, struct ctx *c, struct str root, struct verdict *verdict);
void verifier_note(struct verifier *v, const struct event *e); /* first pass: notes an erasure */
void verifier_start(struct verifier *v, int64_t announced);
bool verifier_event(struct verifier *v, const struct event *e, struct str salt);
bool verifier_seal(struct verifier *v, const struct seal *s);
/* After the last event: the head that was stated, with its chain. */
bool verifier_end(struct verifier *v, int64_t head, struct str chain);
/* Found broken at `position`. Gives false. */
bool verifier_broken(struct verifier *v, int64_t position, const char *format, ...) PRINTF_LIKE(3, 4);

/* Everything in the ledger of c->db in order, as the lines of an export without header and end. The caller holds a
 * snapshot. What ledger_walk_next() gives is good until the next call. */
struct ledger_walk {
    struct ctx *c, inner; /* `inner` reads events, into an arena that is emptied after each */
    struct rows events;
    struct arena_mark mark;
    struct line event; /* read ahead, if has_event */
    bool has_event;
    struct {
        struct seal *v;
        size_t n, cap;
    } seals;
    size_t seal_at;
    int64_t position; /* of the event given last */
    int64_t head;     /* as the head row states it */
    struct str chain;
};
MUST_USE enum err ledger_walk_start(struct ctx *c, struct ledger_walk *ret);
/* False at the end and on an error; ledger_walk_done() tells which. */
bool ledger_walk_next(struct ledger_walk *w, struct line *ret);
MUST_USE enum err ledger_walk_done(struct ledger_walk *w);

/* find.c: note what a subject stands under. */
MUST_USE enum err ledger_about_parents(struct ctx *c, int64_t position, struct str subject);

/* For what one line needs, running out where the arena of the context would; ends with it. */
struct arena *ledger_scratch(struct ctx *c);

/* The offline verification of text in memory (the file's is the same, read in stretches). */
MUST_USE enum err ledger_verify_text(struct ctx *c, struct str text, struct str root, struct verdict *ret);

#endif
