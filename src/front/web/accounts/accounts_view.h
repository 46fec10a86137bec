/* accounts_view.h - accounts as their pages show them. Memory: c->arena. */
#ifndef HOALU_ACCOUNTS_VIEW_H
#define HOALU_ACCOUNTS_VIEW_H

#include "domain/access/delegation.h"
#include "domain/access/import.h"
#include "domain/access/totp.h"
#include "front/web/access/access_view.h"

struct role_choice {
    struct str role;
    const struct message *name;
};
enum { ROLE_CHOICES = 8 };

struct accounts_view {
    struct accounts accounts; /* those that fit */
    size_t total;
    bool whole;    /* of the whole system, not of a body */
    bool filtered; /* by anything */
    struct str words, role, state;
    struct role_choice roles[ROLE_CHOICES];
};

struct account_view {
    struct account account;
    struct str token; /* of a link that was just made; n == 0: none */
    struct url link;
    struct str error;
    struct sessions sessions;
    struct delegations delegations;
    struct totp_state totp;
    struct role_choice roles[ROLE_CHOICES];
    int32_t today;
};

struct account_new_view {
    struct str name, full_name, email, role, org, error;
    struct role_choice roles[ROLE_CHOICES];
};

struct import_shown {
    const struct import_change *change;
    const struct message *what;
};
struct link_shown {
    const struct import_link *link;
    struct url url;
};
struct account_import_view {
    const struct import *import; /* NULL: no table yet */
    struct {
        struct import_shown *v;
        size_t n, cap;
    } changes; /* the first of them */
    size_t more;
    struct {
        struct link_shown *v;
        size_t n, cap;
    } links;                  /* once it is done */
    struct str content, mark; /* the table, to be sent again, and all that was shown, in a word */
    struct str error;
    bool done;
    int links_days;
};

struct me_code_view {
    struct totp_state totp;
    char secret[TOTP_BASE32 + 1];
    struct str grouped;
    struct html qr;
    struct str error;
    bool shown; /* the recovery codes, this once */
    struct recovery_codes codes;
};

struct me_delegations_view {
    struct str account, error;
    struct delegations given, taken;
    struct role_choice roles[ROLE_CHOICES];
    int32_t today;
};

#endif
