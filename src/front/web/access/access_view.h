/* access_view.h - signing in and one's own account as their pages show them. Memory: c->arena. */
#ifndef HOALU_ACCESS_VIEW_H
#define HOALU_ACCESS_VIEW_H

#include "domain/access/delegation.h"
#include "domain/access/viewer.h"
#include "front/web/frame.h"

struct sign_in_view {
    struct str name;     /* as it was typed */
    struct str next;     /* where to go on */
    struct str error;    /* what was wrong; n == 0: nothing yet */
    int64_t minutes;     /* to wait until it may be tried again; 0: now */
    bool elsewhere;      /* may people sign in at a provider, */
    struct str provider; /* of that name, */
    struct url there;    /* by this link? */
};

struct welcome_view {
    struct str token, account;
    struct str error;
};

struct me_role {
    struct account_role role;
    const struct message *name;
    struct str org; /* its name; n == 0: the whole system */
    bool now;
};

struct me_view {
    const struct viewer *viewer;
    struct account account;
    struct {
        struct me_role *v;
        size_t n, cap;
    } roles;
    struct sessions sessions;
    struct api_tokens tokens;
    struct str behalf_name; /* of the body or person acted for; n == 0: for nobody */
    struct delegated_list delegated;
    bool office; /* may enter for bodies */
    bool history, admin;
    struct str error; /* of the form for the password */
    bool changed;     /* the password was */
};

/* What a role is called. */
const struct message *access_role_label(struct str role);

#endif
