/* oidc.h - signing in at somebody else's: OpenID Connect, by authorization code with PKCE (S256).
 *
 * A provider (Keycloak, a ministry's own) knows the person; this module finds out from it who that is, and no more: it
 * knows no accounts, no pages and no store. Three steps:
 *
 *   oidc_begin()    the address to send the browser to, and one text for the browser to remember (a cookie);
 *   oidc_finish()   from that text and what the browser brought back: the tokens are fetched and the ID token is
 *                   verified. It says who it is, and a hash that the caller keeps to refuse the same answer twice;
 *   oidc_end()      the address that ends the person's session at the provider.
 *
 * Nothing is kept here or in the store between begin and finish, so any node may finish what another began, and nobody
 * can fill a table by beginning: the browser remembers 32 random bytes, the moment and where it wanted to go, and the
 * state, the nonce and the PKCE verifier are hashes of that text and of the issuer. None of the three tells the text or
 * another of the three, and changing one letter of the text (the moment, the address) changes all. The text is for the
 * browser that began alone: a cookie that is HttpOnly and SameSite=Lax. Once somebody has signed in, and only then, the
 * caller keeps `once` until `once_until_us`: what is older is refused here by its moment.
 *
 * What is refused, with E_DENIED and the reason: a state that is not the remembered text's, more than OIDC_WAIT_US
 * between begin and finish; an issuer that is not exactly the one that was configured, in the discovery document, in
 * the address of the answer (RFC 9207; asked for if the provider says that it names itself there) and in the token;
 * an ID token that is not for this client (aud; azp if there is one, and there must be one if aud names several),
 * expired, of the future (each with OIDC_SKEW_S of grace), of another nonce, without a subject or with one that is not
 * 1 to 255 printable ASCII characters; one that is encrypted, of another type (typ), with `crit`, not signed with
 * RS256, PS256 or ES256, or with a key that is not in the provider's JWKS under its kid, of another kind, of fewer than
 * 2048 bits; JSON with a name twice in one object. A token's own say on where its key is (jwk, jku, x5u) is not read.
 * The provider is spoken to over verified TLS, redirects are not followed, an answer is at most OIDC_ANSWER_MAX bytes
 * and complete OIDC_DEADLINE_MS after the question. Plain HTTP is for an issuer on this machine's loopback alone, and
 * then to loopback alone.
 *
 * The discovery document and the keys are kept for OIDC_KEEP_US. A kid that is not among the keys has them fetched
 * again, at most once in OIDC_AGAIN_US. A provider that did not answer is left alone for OIDC_REST_US: whoever comes
 * meanwhile is told at once (E_BUSY), so that a dead provider does not hold every worker. That no answer came is E_IO.
 *
 * Signatures are verified by GnuTLS, which serves TLS here already, and not by cjose: that is one more library, most of
 * it for encrypting tokens, in the place of three calls to one that is there. libcurl is loaded when the
 * provider is first spoken to, for it brings some thirty libraries, and the program's start is what every command line
 * pays for.
 *
 * Threads: any; the cache has a lock of its own, that is held for copying alone. begin, finish and end may speak to the
 * provider: for workers, not for threads that serve connections. Memory: results in c->arena; the provider in its
 * owner's. Secrets (the client's, tokens) stand in no error and no address. */
#ifndef HOALU_OIDC_H
#define HOALU_OIDC_H

#include "base/ctx.h"

enum {
    OIDC_URL_MAX = 1024,
    OIDC_SUBJECT_MAX = 255,
    OIDC_NEXT_MAX = 1024,
    OIDC_REMEMBER_MAX = 2048,
    OIDC_ONCE = 32,
    OIDC_ANSWER_MAX = 256 << 10,
    OIDC_DEADLINE_MS = 5000,
    OIDC_SKEW_S = 60,
};
#define OIDC_WAIT_US  ((int64_t)10 * 60 * 1000000)
#define OIDC_KEEP_US  ((int64_t)60 * 60 * 1000000)
#define OIDC_AGAIN_US ((int64_t)60 * 1000000)
#define OIDC_REST_US  ((int64_t)5 * 1000000)

/* One question to the provider. */
struct oidc_ask {
    struct str url;
    struct str form;          /* p == NULL: GET; else POST of a form */
    struct str authorization; /* of this header; n == 0: none */
};
struct oidc_reply {
    unsigned status;
    struct str body;
};
/* Whatever came over HTTP is OK, whatever its status. E_IO: nothing came in time, or too much. */
struct oidc_back {
    enum err (*ask)(struct ctx *c, void *arg, const struct oidc_ask *ask, struct oidc_reply *ret);
    void *arg;
};
/* Over libcurl. `ca`: a file of certificates to trust instead of the system's; n == 0: the system's. */
MUST_USE enum err oidc_back_curl(struct ctx *c, struct arena *owner, struct str ca, struct oidc_back *ret);

struct oidc_options {
    struct str issuer;   /* exactly as the provider calls itself: "https://id.example.vn/realms/tinh" */
    struct str client;   /* client id */
    struct str secret;   /* n == 0: a public client */
    struct str redirect; /* where the browser comes back to, as it was registered at the provider */
    struct str claim;    /* text claim to be given as claims.named; n == 0: none */
    struct oidc_back back;
};

struct oidc_provider;
/* E_INVALID for an issuer or a redirect address that cannot be one. Nothing is asked yet. Texts are copied. */
MUST_USE enum err oidc_open(struct ctx *c, struct arena *owner, const struct oidc_options *options,
                            struct oidc_provider **ret);
struct str oidc_issuer(const struct oidc_provider *p);

/* `next`, of at most OIDC_NEXT_MAX bytes, comes back from oidc_finish(). */
MUST_USE enum err oidc_begin(struct ctx *c, struct oidc_provider *p, struct str next, struct str *ret_address,
                             struct str *ret_remember);

/* What stood in the query that the browser came back with; p == NULL for what did not. */
struct oidc_answer {
    struct str code, state, iss, error;
};
struct oidc_claims {
    struct str subject;
    struct str username, email, name, sid; /* as the provider says; p == NULL: it does not, or too long to be one */
    bool email_verified;
    struct str named; /* the claim that was asked for by name; p == NULL: none */
    struct str next;  /* as it was given to oidc_begin() */
    unsigned char once[OIDC_ONCE];
    int64_t once_until_us;
};
MUST_USE enum err oidc_finish(struct ctx *c, struct oidc_provider *p, struct str remembered,
                              const struct oidc_answer *answer, struct oidc_claims *ret);

/* Where the browser goes to end the session at the provider, and what it comes back to after that (n == 0: nothing).
 * p == NULL in `*ret` if the provider has no such address. */
MUST_USE enum err oidc_end(struct ctx *c, struct oidc_provider *p, struct str after, struct str *ret);

#endif
