/* sso.h - the provider at which people may sign in instead of with a password of this system.
 *
 * GET /signin/oidc sends the browser there, and gives it what it has to remember in a cookie of ten minutes; GET
 * /signin/oidc/back takes what comes back, finds the account (domain/access/identity.h) and begins a session as any
 * sign-in does, without a second step: the provider has asked for what it asks. Signing out of such a session leads on
 * to the provider, by a page: a browser does not follow a form to another site.
 *
 * What is configured is read only after start; the provider has a lock of its own. */
#ifndef HOALU_SSO_H
#define HOALU_SSO_H

#include "front/oidc/oidc.h"
#include "front/web/site.h"

struct sso {
    struct oidc_provider *provider;
    struct str name; /* what people call it; n == 0: the shared account */
    struct str url;  /* of this server, without '/' at its end */
};

/* What people call it, in the reader's language. */
struct str sso_name(const struct site *s);
/* After a session that came from the provider has ended: write the page that leads on to it. False if there is nowhere
 * to lead to, and nothing was written. */
bool sso_end(struct site *s);

#endif
