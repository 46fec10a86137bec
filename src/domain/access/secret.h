/* secret.h - inside domain/access: what its files need of each other. */
#ifndef HOALU_SECRET_H
#define HOALU_SECRET_H

#include "domain/access/access.h"
#include "store/db.h"

/* A token is 32 random bytes; the store has a hash of them. */
struct token_hash {
    unsigned char bytes[32];
};
void token_new(struct ctx *c, char token[ACCESS_TOKEN + 1]);
/* False for what is no token. */
bool token_hash(struct str token, struct token_hash *ret);
struct db_arg token_arg(const struct token_hash *h);

/* Inside a command: an event about an account that says the fields of `row`, never a secret. */
MUST_USE enum err access_tell(struct ctx *c, const char *kind, struct str account, const struct record *record,
                              const void *row, int64_t *ret_position);

/* Can this be an account? E_INVALID with c->error.field, as access_add() says it. */
MUST_USE enum err access_check_account(struct ctx *c, const struct account *account);

/* --- who may tend whom: as access.h says it. The program itself (no viewer, or the system's) may all of it. --- */

MUST_USE enum err access_need_giving(struct ctx *c, const struct account_role *role); /* E_DENIED */
/* After a change to an account that was `before`: E_DENIED if it took away the last administrator of the system. */
MUST_USE enum err access_keep_admin(struct ctx *c, const struct account *before);

/* --- inside a command --- */

MUST_USE enum err access_link_put(struct ctx *c, struct str account, char token[ACCESS_TOKEN + 1]);
/* End every link, session, known browser and token of an account. */
MUST_USE enum err access_end_all(struct ctx *c, struct str account);

#endif
