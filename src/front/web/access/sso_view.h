/* sso_view.h - signing in elsewhere as its pages show it. Memory: c->arena. */
#ifndef HOALU_SSO_VIEW_H
#define HOALU_SSO_VIEW_H

#include "front/oidc/oidc.h"
#include "front/web/frame.h"

struct sso_refused_view {
    struct str name;   /* of the provider */
    struct str reason; /* for the administrator; n == 0: none */
    int64_t minutes;   /* to wait; 0: none */
    bool away;         /* the provider did not answer */
    struct url again;
};

struct sso_unknown_view {
    struct str issuer;
    struct oidc_claims claims;
};

struct sso_out_view {
    struct str name;
    struct url where;
};

#endif
