/* delegation.h - acting for someone: a person has another do, for some days, what they hold themselves.
 *
 * What is handed on is a role that the giver holds, in its body or in one below it, or (role n == 0) each role of
 * theirs that may be handed on; never the right to tend accounts and settings, to read the ledger, or to see what is
 * restricted, and so never the roles `admin` and `inspector`. It holds from one day to another, both told, at most
 * DELEGATION_DAYS; it ends with the giver's role or account and with the taker's account, whatever was told. What was
 * handed on to somebody is not theirs to hand on.
 *
 * Whoever asks is c->viewer (viewer.h): people give what is their own and end what they gave or were given; who tends
 * the giver's account may end it too. The program itself may all of it. Memory: c->arena. Threads: no state. */
#ifndef HOALU_ACCESS_DELEGATION_H
#define HOALU_ACCESS_DELEGATION_H

#include "domain/access/access.h"

enum { DELEGATION_DAYS = 184, DELEGATION_REASON_MAX = 1000 };

struct delegation {
    struct str giver, taker; /* names of accounts */
    struct str role;         /* n == 0: each that may be handed on */
    struct str org;          /* n == 0: as far as the giver's role goes */
    int32_t valid_from, valid_to;
    struct str reason;
};
extern const struct record delegation_record;
struct delegations {
    struct delegation *v;
    size_t n, cap;
};

/* Given by the account and given to it; those that are over as well, until they are ended. */
MUST_USE enum err access_delegations(struct ctx *c, struct str account, struct delegations *ret);

/* A role that `account` may act in on a day, and for whom. */
struct delegated {
    struct str giver, full_name;
    struct account_role role; /* .account is the giver */
};
struct delegated_list {
    struct delegated *v;
    size_t n, cap;
};
MUST_USE enum err access_delegated(struct ctx *c, struct str account, int32_t day, struct delegated_list *ret);
/* What a role lets do when it is handed on. */
bool access_delegated_may(struct str role, enum permission permission);

/* --- inside a command --- */

/* E_INVALID with c->error.field for what cannot be handed on; E_DENIED for what is not the asker's to give. The same
 * once more replaces its days and reason. Event "delegation.add". */
MUST_USE enum err access_delegate(struct ctx *c, const struct delegation *d);
/* E_NOTFOUND if there is none, or none that the asker may end. Event "delegation.end". */
MUST_USE enum err access_delegation_end(struct ctx *c, const struct delegation *d);

#endif
