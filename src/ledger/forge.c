#include "ledger/forge.h"

#include <inttypes.h>
#include <sodium.h>
#include <string.h>

#include "base/banned.h"

void forge_init(struct forge *f, struct ctx *c)
{
    *f = (struct forge){.c = c};
    unsigned char seed[32];
    c->source.random(c->source.arg, seed, sizeof seed);
    crypto_sign_seed_keypair(f->key.public_key, f->key.secret, seed);
}

static struct str keep(struct forge *f, const unsigned char *p, size_t n)
{
    return str_dup(f->c->arena, ledger_bytes(p, n));
}

void forge_event(struct forge *f, const char *kind, struct str subject, struct str payload)
{
    unsigned char salt[LEDGER_SALT], hash[LEDGER_HASH];
    f->c->source.random(f->c->source.arg, salt, sizeof salt);
    struct line *line = PUSH(f->c->arena, &f->lines);
    *line = (struct line){.kind = LINE_EVENT, .salt = keep(f, salt, sizeof salt)};
    ledger_payload_hash(line->salt, payload, hash);
    line->event = (struct event){
        .position = ++f->head,
        .at_us = 1782864000000000 + f->head * 1000,
        .actor = S("Nguyễn Văn A"),
        .behalf = f->head % 3 ? S("") : S("ubnd-xa-gia-vien"),
        .request = S("yêu cầu \"7\""),
        .kind = str_of(kind),
        .subject = subject,
        .payload = payload,
        .payload_hash = keep(f, hash, sizeof hash),
    };
    ledger_chain_next(f->chain, &line->event);
    line->event.chain = keep(f, f->chain, sizeof f->chain);
}

void forge_seal(struct forge *f)
{
    struct str hex = ledger_hex(f->c->arena, ledger_bytes(f->key.public_key, 32));
    if (!f->has_key)
        forge_event(f, "ledger.key", str_fmt(f->c->arena, "ledger/keys/%.*s", ARGS(hex)), S("{}"));
    f->has_key = true;
    struct line *line = PUSH(f->c->arena, &f->lines);
    *line = (struct line){.kind = LINE_SEAL};
    line->seal = (struct seal){
        .from_pos = f->sealed + 1,
        .to_pos = f->head,
        .at_us = 1782864000000000 + f->head * 1000 + 1,
        .chain = keep(f, f->chain, sizeof f->chain),
        .previous = keep(f, f->seal, sizeof f->seal),
        .public_key = keep(f, f->key.public_key, 32),
    };
    unsigned char signature[LEDGER_SIGNATURE];
    ledger_seal_sign(&f->key, &line->seal, signature);
    line->seal.signature = keep(f, signature, sizeof signature);
    ledger_seal_hash(&line->seal, f->seal);
    f->sealed = f->head;
    f->seals++;
    forge_event(f, "ledger.seal", str_fmt(f->c->arena, "ledger/seals/%" PRId64, f->sealed), S("{}"));
}

struct line *forge_line(struct forge *f, enum line_kind kind, int64_t position)
{
    for (size_t i = 0; i < f->lines.n; i++) {
        struct line *line = &f->lines.v[i];
        if (line->kind == kind && (kind == LINE_EVENT ? line->event.position : line->seal.to_pos) == position)
            return line;
    }
    return NULL;
}

void forge_erase(struct forge *f, int64_t position)
{
    struct line *line = forge_line(f, LINE_EVENT, position);
    line->event.payload = line->salt = (struct str){NULL, 0};
    forge_event(f, "ledger.erase", str_fmt(f->c->arena, "ledger/events/%" PRId64, position),
                S("{\"reason\":\"theo đơn\"}"));
}

struct str forge_text(struct forge *f)
{
    struct out o;
    out_init(&o, f->c->arena, 64 << 20);
    ledger_line_write(&o, &(struct line){.kind = LINE_HEADER, .head = f->head});
    for (size_t i = 0; i < f->lines.n; i++)
        ledger_line_write(&o, &f->lines.v[i]);
    ledger_line_write(
        &o, &(struct line){
                .kind = LINE_END, .head = f->head, .seals = f->seals, .chain = ledger_bytes(f->chain, LEDGER_HASH)});
    return str_dup(f->c->arena, out_str(&o));
}
