/* secret.h - inside domain/access: what its files need of each other. */
#ifndef HOALU_SECRET_H
#define HOALU_SECRET_H

#include "domain/access/access.h"

/* Can this be an account? E_INVALID with c->error.field, as access_add() says it. */
MUST_USE enum err access_check_account(struct ctx *c, const struct account *account);

/* --- links and sessions: inside a command --- */

MUST_USE enum err access_link_put(struct ctx *c, struct str account, char token[ACCESS_TOKEN + 1]);
/* End every link and session of an account. */
MUST_USE enum err access_end_all(struct ctx *c, struct str account);

#endif
