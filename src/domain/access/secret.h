/* secret.h - inside domain/access: links and sessions as the rest of the module needs them. Inside a command. */
#ifndef HOALU_SECRET_H
#define HOALU_SECRET_H

#include "domain/access/access.h"

MUST_USE enum err access_link_put(struct ctx *c, struct str account, char token[ACCESS_TOKEN + 1]);
/* End every link and session of an account. */
MUST_USE enum err access_end_all(struct ctx *c, struct str account);

#endif
