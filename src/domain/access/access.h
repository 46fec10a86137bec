/* access.h - who may sign in, what they may do, and how they show that they are who they say.
 *
 * An account is a name to sign in with, a person, and roles: each role in a body (or in the whole system) from one day
 * to another; a person may hold several. What a role may do is a table here (access_role_may()), with the reasons in
 * doc/permissions.md. The name of an account stands in the ledger for good, as who did what, so it should be that of a
 * post and not of a person; the person's own name and address can be erased.
 *
 * Secrets are kept as hashes and stand in no event: a password as argon2id, a link and a session as BLAKE2b of 32
 * random bytes. An account begins without a password; whoever holds its link, which is good once and for LINK_DAYS,
 * chooses one. A session ends when nobody used it for SESSION_IDLE_US, SESSION_US after it began, when it is ended, and
 * when the account's password changes or the account is closed.
 *
 * Functions that change something run inside a command of the writer (store/writer.h), the others on any connection.
 * Hashing a password takes some 0.15 s and 64 MiB: access_password_hash() and _fits() are for workers, outside the
 * writer. Memory: c->arena. Threads: no state. */
#ifndef HOALU_ACCESS_H
#define HOALU_ACCESS_H

#include "domain/op.h"

#define ACCESS_ROLES       "admin|office|planner|leader|approver|reporter|inspector|viewer"
#define ACCESS_PERMISSIONS "read|history|enter|approve|office|plan|decide|admin"

enum {
    ACCESS_NAME_MAX = 64,
    ACCESS_PASSWORD_MIN = 10, /* letters */
    ACCESS_PASSWORD_MAX = 1024,
    ACCESS_TOKEN = 43, /* characters of a link's or a session's token: 32 bytes, Base64 for addresses */
    LINK_DAYS = 7,
};
#define SESSION_IDLE_US ((int64_t)60 * 60 * 1000000)
#define SESSION_US      ((int64_t)12 * 60 * 60 * 1000000)

struct account_role {
    struct str account, role;
    struct str org; /* code of the body; n == 0: the whole system */
    int32_t valid_from, valid_to;
};
extern const struct record account_role_record;

struct account_roles {
    struct account_role *v;
    size_t n, cap;
};

struct account {
    struct str name, full_name, email;
    bool disabled;
    bool has_password;
    struct account_roles roles;
};
extern const struct record account_record, account_change_record;

struct accounts {
    struct account *v;
    size_t n, cap;
};

bool access_is_role(struct str role); /* one of ACCESS_ROLES */
/* May somebody in this role, a word of ACCESS_ROLES, do what asks for `permission`? */
bool access_role_may(struct str role, enum permission permission);
/* One of ACCESS_PERMISSIONS; 0 for another word. */
enum permission access_permission_named(struct str word);
struct str access_permission_name(enum permission permission);
/* Is the role held on that day? */
bool access_role_holds(const struct account_role *role, int32_t day);
/* Does the role show restricted items: of its body, or of every body if it is held in the whole system? */
bool access_role_sees(struct str role);

/* With its roles. E_NOTFOUND if there is none of that name. */
MUST_USE enum err access_account(struct ctx *c, struct str name, struct account *ret);
/* All of them, by name. */
MUST_USE enum err access_accounts(struct ctx *c, struct accounts *ret);

/* How many there are, closed ones too. */
MUST_USE enum err access_count(struct ctx *c, int64_t *ret);

/* --- changing accounts: inside a command ---
 *
 * Who asks is c->viewer (viewer.h). An administrator of the whole system tends every account; one of a body those whose
 * every role lies in it or below, and gives roles there alone; others are not there for them (E_NOTFOUND, and E_DENIED
 * for a role elsewhere). Nobody gives a role to themselves, and nobody takes away the last administrator of the whole
 * system: E_DENIED. */

/* Does who asks tend the account? What lists accounts leaves out the others. */
bool access_tends(const struct ctx *c, const struct account *account);
/* E_NOTFOUND if not, in the words of access_account(). */
MUST_USE enum err access_need_tending(struct ctx *c, const struct account *account);

/* A new account with one role. E_INVALID for a name that cannot be one, an unknown role or a body that is not there, a
 * person without a name; E_CONFLICT if there is an account of that name. */
MUST_USE enum err access_add(struct ctx *c, const struct account *account, const struct account_role *first);
/* Another name of the person, another address (n == 0: none). E_INVALID, E_NOTFOUND. */
MUST_USE enum err access_change(struct ctx *c, struct str account, struct str full_name, struct str email);
/* One more role; the same with other days replaces it. */
MUST_USE enum err access_grant(struct ctx *c, const struct account_role *role);
/* The role ends with `day`; E_NOTFOUND if the account does not hold it. */
MUST_USE enum err access_revoke(struct ctx *c, struct str account, struct str role, struct str org, int32_t day);
/* Close an account, with its sessions and links, or open it again. */
MUST_USE enum err access_disable(struct ctx *c, struct str account, bool disabled);
/* Erase what the account says of a person, for good: full name, e-mail and identities at providers, in every version of
 * its row and in the payloads of all events that hold them. The account, its roles and its name stay, as those of a
 * post; its sessions and links end. The chain of the ledger still holds. E_INVALID with the field `reason` without one,
 * and for one that repeats what is to be erased; E_CONFLICT where nothing is left to erase.
 *
 * What stands in the store's file is overwritten (SQLite's secure_delete) once the log beside it has been written back,
 * which a server does as it goes and any command at its end; on PostgreSQL the next VACUUM gives the room free.
 * Backups, copies and exported files made before keep what they had. */
struct account_erased {
    struct str name, reason;
    int64_t events, identities; /* payloads erased; links to providers forgotten */
};
extern const struct record account_erased_record;
MUST_USE enum err access_erase(struct ctx *c, struct str name, struct str reason, struct account_erased *ret);
/* Hand out a link that chooses a password, in place of all before. `token` is what stands in the address. */
MUST_USE enum err access_invite(struct ctx *c, struct str account, char token[ACCESS_TOKEN + 1]);

/* --- passwords --- */

/* E_INVALID, saying why, for one that is too short, too long, or the account's own name. */
MUST_USE enum err access_password_check(struct ctx *c, struct str account, struct str password);
MUST_USE enum err access_password_hash(struct ctx *c, struct str password, struct str *ret);
/* Does it fit what is kept? It takes as long for an account without a password, or without being (kept.p == NULL). */
bool access_password_fits(struct ctx *c, struct str kept, struct str password);
/* What is kept of an account that is open; p == NULL if there is none. */
MUST_USE enum err access_password_kept(struct ctx *c, struct str account, struct str *ret);
/* Inside a command: a new password, which ends every session, token and known browser of the account. */
MUST_USE enum err access_password_put(struct ctx *c, struct str account, struct str hash);
/* Whose link is it? E_NOTFOUND for one that was used, is too old, or never was. */
MUST_USE enum err access_link_account(struct ctx *c, struct str token, struct str *ret_account);
/* Inside a command: use the link up, keep the password, end every session of the account. */
MUST_USE enum err access_link_use(struct ctx *c, struct str token, struct str hash);

/* --- sessions --- */

struct session {
    struct str id; /* to end it by; no secret */
    struct str account, behalf;
    struct str how; /* password, code, link, oidc */
    bool half;      /* the password was right, the code of the second step is still owed */
    struct str address, agent;
    int64_t begun_us, seen_us;
    bool own; /* it is the one that asks */
    struct str hash;
};
extern const struct record session_record;
struct sessions {
    struct session *v;
    size_t n, cap;
};

/* Inside a command: somebody has signed in: account, how, half, address and agent (how the browser calls itself). What
 * has ended is swept out. */
MUST_USE enum err access_session_begin(struct ctx *c, const struct session *s, char token[ACCESS_TOKEN + 1]);
/* Whose is it? E_NOTFOUND for one that has ended. `seen_us` is to be brought up to date now and then. */
MUST_USE enum err access_session(struct ctx *c, struct str token, struct session *ret);
/* Those of an account, used last first; `token` is the one that asks. */
MUST_USE enum err access_sessions(struct ctx *c, struct str account, struct str token, struct sessions *ret);
/* Inside a command. */
MUST_USE enum err access_session_seen(struct ctx *c, struct str token);
MUST_USE enum err access_session_behalf(struct ctx *c, struct str token, struct str behalf);
MUST_USE enum err access_session_end(struct ctx *c, struct str token);
MUST_USE enum err access_session_end_of(struct ctx *c, struct str account, struct str id);
MUST_USE enum err access_session_sweep(struct ctx *c);

/* A browser that somebody has signed in with is known by a token of its own for a year. */
MUST_USE enum err access_device_add(struct ctx *c, struct str account, char token[ACCESS_TOKEN + 1]);
MUST_USE enum err access_device_known(struct ctx *c, struct str account, struct str token, bool *ret);
/* Does any account know it? */
MUST_USE enum err access_device_exists(struct ctx *c, struct str token, bool *ret);

/* --- programs --- */

#define API_TOKEN_PREFIX "hoalu_" /* stands before the token, so that one that leaks can be searched for */
enum { API_TOKEN_DAYS_MAX = 366 };

/* What a program signs in with, for an account and never for more than it may: `scope` narrows that. */
struct api_token {
    struct str account, name, scope;
    int64_t made_us, until_us;
};
extern const struct record api_token_record;
struct api_tokens {
    struct api_token *v;
    size_t n, cap;
};
/* Inside a command. E_INVALID for an unknown word, a name that says nothing, too many days; E_CONFLICT for a name that
 * the account has given. */
MUST_USE enum err access_api_token_add(struct ctx *c, const struct api_token *t, char token[ACCESS_TOKEN + 1]);
MUST_USE enum err access_api_token_end(struct ctx *c, struct str account, struct str name);
/* `token` with its prefix. E_NOTFOUND for one that is no good. */
MUST_USE enum err access_api_token(struct ctx *c, struct str token, struct api_token *ret);
/* Of an account, or of all (p == NULL). */
MUST_USE enum err access_api_tokens(struct ctx *c, struct str account, struct api_tokens *ret);

#endif
