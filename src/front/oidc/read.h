/* read.h - inside front/oidc: what a provider answers, read and judged. Pure functions over bytes and a clock that is
 * given: nothing is fetched here. E_DENIED with the reason for whatever is not as it must be; `ret` is then untouched.
 *
 * Memory: texts in c->arena; the discovery document and the keys are structs without pointers, to be copied under a
 * lock. Threads: none shared. */
#ifndef HOALU_OIDC_READ_H
#define HOALU_OIDC_READ_H

#include "front/oidc/oidc.h"

enum {
    OIDC_KEYS_MAX = 32,
    OIDC_KID_MAX = 256,
    OIDC_RSA_BITS_MIN = 2048,
    OIDC_RSA_MAX = 1024 /* bytes */,
    OIDC_EC = 32
};

/* https://HOST…, or http:// with a host of the loopback if `plain`: no user in it, no fragment, nothing but printable
 * ASCII, at most OIDC_URL_MAX bytes. */
bool oidc_is_url(struct str url, bool plain);

struct oidc_discovery {
    char authorization[OIDC_URL_MAX + 1], token[OIDC_URL_MAX + 1], keys[OIDC_URL_MAX + 1];
    char end[OIDC_URL_MAX + 1]; /* "": none */
    bool says_issuer;           /* in the address of each answer (RFC 9207) */
    bool takes_basic;           /* the client's secret as HTTP's own authentication, else in the form */
};
MUST_USE enum err oidc_read_discovery(struct ctx *c, struct str json, struct str issuer, struct oidc_discovery *ret);

enum oidc_alg { OIDC_ANY, OIDC_RS256, OIDC_PS256, OIDC_ES256 };
struct oidc_key {
    enum oidc_alg alg; /* the only one it is for; OIDC_ANY: each of its kind */
    bool is_ec;
    char kid[OIDC_KID_MAX];
    size_t n_kid;                  /* 0: none */
    unsigned char n[OIDC_RSA_MAX]; /* RSA: modulus, without zeros before it, and exponent */
    size_t n_n;
    unsigned char e[4];
    size_t n_e;
    unsigned char x[OIDC_EC], y[OIDC_EC]; /* of a point of P-256 */
};
struct oidc_keys {
    struct oidc_key v[OIDC_KEYS_MAX];
    size_t n;
};
/* Keys of other kinds and uses, and those that are too weak or not well formed, are left out. */
MUST_USE enum err oidc_read_keys(struct ctx *c, struct str json, struct oidc_keys *ret);

/* The ID token out of the answer of the token endpoint. */
MUST_USE enum err oidc_read_tokens(struct ctx *c, const struct oidc_reply *reply, struct str *ret_id_token);

struct oidc_token {
    enum oidc_alg alg;
    struct str kid; /* p == NULL: none */
    struct str signed_part, signature, payload;
};
MUST_USE enum err oidc_read_token(struct ctx *c, struct str id_token, struct oidc_token *ret);

struct oidc_expected {
    struct str issuer, client, nonce, claim;
    int64_t now_us;
};
MUST_USE enum err oidc_read_claims(struct ctx *c, struct str payload, const struct oidc_expected *expected,
                                   struct oidc_claims *ret);

/* Is the signature that of a key of this kid? OIDC_KEY_UNKNOWN: no key of the set has the kid, or, of a token without
 * one, not exactly one key is of its kind. */
enum oidc_verdict { OIDC_SIGNED, OIDC_NOT_SIGNED, OIDC_KEY_UNKNOWN };
enum oidc_verdict oidc_verify(const struct oidc_keys *keys, const struct oidc_token *token);

#endif
