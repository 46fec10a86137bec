/* identity.h - which account somebody is who signs in at another provider of identities.
 *
 * An identity is the provider's name (issuer) and what it calls the person there (subject), which it gives to nobody
 * else, ever; so these two and nothing that people can choose or change (an address, a name) say which account it is.
 * An identity has one account; an account may have several identities, of one provider too (a post held by two).
 *
 * An administrator says which (`hoalu user identity`). Only if the server was told to trust one claim of the provider
 * with it (`hoalu serve --oidc-claim`), an identity that nobody knows becomes, at its first sign-in, that of the open
 * account whose name the claim is; but of an account that has an identity of this provider already, never: a name that
 * was given to somebody else later opens nothing. Each link and its end is an event, with the account as its subject.
 *
 * Changes run inside a command of the writer. Memory: c->arena. Threads: no state. */
#ifndef HOALU_IDENTITY_H
#define HOALU_IDENTITY_H

#include "domain/access/access.h"

enum { IDENTITY_ISSUER_MAX = 1024, IDENTITY_SUBJECT_MAX = 255 };

struct identity {
    struct str issuer, subject, account;
};
extern const struct record identity_record;

struct identities {
    struct identity *v;
    size_t n, cap;
};

/* Those of an account, by issuer and subject. */
MUST_USE enum err access_identities(struct ctx *c, struct str account, struct identities *ret);

/* Inside a command. E_NOTFOUND without such an account; E_INVALID for an issuer or a subject that cannot be one;
 * E_CONFLICT if it is another account's. One that is the account's already stays so, without an event. */
MUST_USE enum err access_identity_link(struct ctx *c, const struct identity *identity);
/* E_NOTFOUND if it is not the account's. Every session of the account ends. */
MUST_USE enum err access_identity_unlink(struct ctx *c, const struct identity *identity);

/* Inside a command: somebody comes from the provider. */
struct identity_sign_in {
    struct str issuer, subject;
    struct str named; /* what the trusted claim says; n == 0: there is none */
    struct str once;  /* of the provider's answer: with it nobody signs in again */
    int64_t once_until_us;
    char account[ACCESS_NAME_MAX + 1]; /* out: whose it is */
};
/* E_NOTFOUND: no account's, or that of one that is closed; E_DENIED: this answer has been used. */
MUST_USE enum err access_identity_sign_in(struct ctx *c, struct identity_sign_in *sign_in);

#endif
