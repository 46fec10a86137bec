/* security.h - what a security operations centre wants to hear of, one line each.
 *
 *     hoalu[PID]: event=signin.failed outcome=refused account="tonghop.skhcn" address="10.1.2.3" detail="…"
 *
 * `event` is one of those below, `outcome` ok, refused or limited; texts stand in double quotes, with `"`, `\` and
 * control characters written as \xNN, and are cut at 200 bytes. The same line with a moment in front goes to a file
 * instead of the system's log (facility authpriv) where one was named. No password, code, token or link is ever in one.
 *
 *     signin.ok signin.failed signin.limited signin.code_failed signout link.used password.changed session.ended
 *     token.refused csrf.refused access.denied write.limited totp.enabled totp.disabled oidc.refused upload.refused
 *
 * Threads: any. */
#ifndef HOALU_SECURITY_H
#define HOALU_SECURITY_H

#include "base/ctx.h"

struct security; /* where events go */

/* `file`: where to write; n == 0: the system's log; "-": standard error. E_IO if it cannot be opened. */
MUST_USE enum err security_open(struct ctx *c, struct arena *owner, struct str file, struct security **ret);
/* NULL is fine: nobody listens. */
void security_tell(struct ctx *c, struct security *s, const char *event, const char *outcome, struct str account,
                   struct str address, struct str detail);

#endif
