/* totp.h - the second thing that shows who somebody is: codes of an authenticator (RFC 6238: SHA-1, six digits, 30 s),
 * and ten recovery codes for whoever lost it.
 *
 * An account turns it on in two steps: a secret is made and shown (pending), and the first code made with it puts it in
 * force. A code is taken if it is of the step that is now, of the one before or of the one after, for clocks that are a
 * little off; the step of the last code taken is kept, and no code of it or before is taken again. Recovery codes are
 * shown once, when they are made, and each is good once.
 *
 * Secrets stand in the store encrypted (XChaCha20-Poly1305, bound to their account), recovery codes as keyed hashes;
 * the key is a file beside the store, outside of every backup of it. Whoever has the store alone can make no code. If
 * the file is lost, nothing else is, but codes of both kinds are good no more: an administrator turns them off for each
 * account (access_totp_off()), and people begin anew. No secret and no code stands in any event.
 *
 * Functions that change something run inside a command of the writer, the others on any connection. The clock is c's.
 * Codes and secrets are given back in memory of the caller. Threads: no state. */
#ifndef HOALU_ACCESS_TOTP_H
#define HOALU_ACCESS_TOTP_H

#include "domain/access/access.h"

enum {
    TOTP_SECRET = 20, /* bytes */
    TOTP_BASE32 = 32, /* characters of a secret as people see it */
    TOTP_DIGITS = 6,
    TOTP_STEP_S = 30,
    RECOVERY_CODES = 10,
    RECOVERY_TEXT = 14, /* "abcd-efgh-jkmn" */
};

struct totp_key {
    unsigned char bytes[32];
};
/* Where the key of a store is kept: $HOALU_SECRET, else STORE.secret beside a SQLite file, else hoalu.secret in the
 * user's configuration folder. */
struct str totp_key_path(struct ctx *c, struct str store);
/* 32 random bytes of mode 0600, made if it is not there (`create`). Errors as ledger_key_load(). */
MUST_USE enum err totp_key_load(struct ctx *c, struct str file, bool create, struct totp_key *ret);

struct totp_state {
    bool on;
    bool pending;     /* a secret was shown that no code has confirmed yet */
    int64_t since_us; /* I64_NONE if it is not on */
    int64_t recovery_left;
};
extern const struct record totp_state_record;
MUST_USE enum err access_totp_state(struct ctx *c, struct str account, struct totp_state *ret);

struct recovery_codes {
    char v[RECOVERY_CODES][RECOVERY_TEXT + 1];
};

/* --- inside a command --- */

/* Make a secret that waits for its first code, in place of one that waits already; one in force stays in force until
 * then. E_NOTFOUND if there is no such account. */
MUST_USE enum err access_totp_begin(struct ctx *c, const struct totp_key *key, struct str account,
                                    char ret_secret[TOTP_BASE32 + 1]);
/* The first code puts the pending secret in force, with new recovery codes. E_DENIED for a code that does not fit,
 * E_NOTFOUND if none is pending. Event "user.totp-on". */
MUST_USE enum err access_totp_confirm(struct ctx *c, const struct totp_key *key, struct str account, struct str code,
                                      struct recovery_codes *ret);
/* Take a code as it was typed (blanks and dashes do not count), of either kind, and use it up. E_DENIED for one that
 * does not fit or was used; OK if the account does not ask for one. A recovery code is told: "user.recovery-used". */
MUST_USE enum err access_totp_use(struct ctx *c, const struct totp_key *key, struct str account, struct str code);
/* Ask for no code any more. E_NOTFOUND if none was asked for. Event "user.totp-off". */
MUST_USE enum err access_totp_off(struct ctx *c, struct str account);
/* New recovery codes in place of those that are left. E_NOTFOUND if the account does not use codes. Event
 * "user.recovery-codes". */
MUST_USE enum err access_recovery_renew(struct ctx *c, const struct totp_key *key, struct str account,
                                        struct recovery_codes *ret);

/* --- for the page that shows a secret --- */

/* The secret that waits, again. E_NOTFOUND if there is none. */
MUST_USE enum err access_totp_pending(struct ctx *c, const struct totp_key *key, struct str account,
                                      char ret_secret[TOTP_BASE32 + 1]);
/* "JBSW Y3DP …" */
struct str totp_grouped(struct ctx *c, const char *secret);
/* What authenticators read: "otpauth://totp/ISSUER:ACCOUNT?secret=…". */
struct str totp_uri(struct ctx *c, struct str issuer, struct str account, const char *secret);
/* A text as a QR code: an SVG element of black modules on white with the margin that scanners want, `label` (plain
 * text) as its name. E_LIMIT if the text is too long for one. */
MUST_USE enum err totp_qr(struct ctx *c, struct str text, struct str label, struct str *ret);

/* The code of a step, for tests as well. */
void totp_code(const unsigned char secret[TOTP_SECRET], int64_t step, char ret[TOTP_DIGITS + 1]);

#endif
