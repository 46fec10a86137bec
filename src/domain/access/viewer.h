/* viewer.h - who asks: made once for a request, and carried in c->viewer to whatever answers it.
 *
 * A permission is held in the whole system or in a body and all that stands below it (in any of the Party's, the
 * State's and the Front's trees, as they are today). An operation asks for it in the whole system unless its row says
 * `scoped` (domain/op.h): then holding it somewhere is enough to begin, and the operation itself narrows what it does
 * by viewer_may_in(). To read (PERM_READ) is held in the whole system by whoever holds a role anywhere.
 *
 * No viewer (NULL) is nobody: they may what is public. The program on its own store, at the command line, is the
 * system, and so is everybody under `hoalu serve --open`.
 *
 * Memory: what access_viewer() makes lives in c->arena; a viewer is read only afterwards and may be shared by threads.
 */
#ifndef HOALU_VIEWER_H
#define HOALU_VIEWER_H

#include "domain/access/access.h"

/* What is held in a body: 1 << PERM_… of each permission. */
struct viewer_body {
    struct str org;
    unsigned may;
    bool sees; /* its restricted items, too */
};

struct viewer {
    bool is_system;
    struct str account;   /* n == 0: nobody has signed in */
    struct str full_name; /* of whoever signed in */
    struct str behalf;    /* for whom: "users/NAME" of who delegated, "orgs/CODE" of a body without an account */
    unsigned whole;       /* held in the whole system: 1 << PERM_… */
    unsigned some;        /* held there or in some body */
    struct {
        struct viewer_body *v;
        size_t n, cap;
    } bodies; /* sorted by code, each once; none if all is held in the whole system */
    /* Which restricted items may be seen: "*" all of them, else those listed (domain/plan/sight.h), often "". Two
     * readers whose text is the same see the same. */
    struct str sees;
};

/* The program itself: it may everything. */
extern const struct viewer viewer_system;

/* What an open account may do on `day`, by its roles; or, with `behalf` ("users/NAME", "orgs/CODE"), what it may do for
 * whom it stands in for. `sees` is "*" or "": whoever knows of items fills in the rest from viewer_sight(). E_NOTFOUND
 * if there is no such account or it is closed. For whom it may not act, it is as without `behalf`. */
MUST_USE enum err access_viewer(struct ctx *c, struct str account, struct str behalf, int32_t day, struct viewer *ret);
/* Only what a token's scope names is left. */
void access_viewer_narrow(struct viewer *v, struct str scope);
/* The bodies whose restricted items the viewer may see. */
struct strs viewer_sight(struct ctx *c, const struct viewer *v);

/* Who asks may do it: in the whole system; in this body; somewhere. */
bool viewer_may(const struct ctx *c, enum permission permission);
bool viewer_may_in(const struct ctx *c, enum permission permission, struct str org);
bool viewer_may_some(const struct ctx *c, enum permission permission);
/* Has anybody signed in, or is it the program itself? */
bool viewer_known(const struct ctx *c);

/* E_SIGN_IN for nobody, E_DENIED for somebody who may not. */
MUST_USE enum err access_check(struct ctx *c, const struct op *op);
MUST_USE enum err access_need(struct ctx *c, enum permission permission, bool scoped);

#endif
