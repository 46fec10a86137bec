/* gate.h - who is at the door: from what a request carries to the viewer in its context.
 *
 * A browser brings the cookie `session`, a program an API token ("Authorization: Bearer hoalu_…"). What either stands
 * for is asked of the store, and then known here for a second: a role that ends, a session ended on another node, is
 * noticed within that. A session ended here is forgotten at once.
 *
 * What came by a cookie and changes something must show that a page of ours sent it: by the token in its form
 * (`_csrf`), or a header Hoalu-CSRF with it. The token is worked out of the session's own, which no page can read.
 *
 * With `open` nobody signs in and everybody is the system: for one's own machine.
 *
 * Threads: any; c->db is open for reading. Memory: what gate_enter() gives lasts until c->arena is reset. */
#ifndef HOALU_GATE_H
#define HOALU_GATE_H

#include "base/shelf.h"
#include "domain/access/viewer.h"
#include "front/gate/attempts.h"
#include "front/gate/hasher.h"
#include "front/gate/security.h"
#include "front/http/http.h"
#include "store/writer.h"

#include <pthread.h>

enum { CSRF_TEXT = 32, GATE_SEEN = 4096 };

struct gate {
    struct str store;
    struct writer *writer; /* NULL: nothing is written, and nobody signs in */
    bool open;
    bool secure;       /* reached over TLS, so that cookies go nowhere else */
    bool behind_proxy; /* one on this machine: it says who asks */
    struct attempts *attempts;
    struct hasher *hasher;     /* NULL: passwords are hashed where they are asked for */
    struct security *security; /* NULL: nobody is told */
    struct shelf *known;       /* viewers */
    pthread_mutex_t lock;
    size_t n_seen; /* sessions that the store is to be told of */
    char seen[GATE_SEEN][ACCESS_TOKEN];
};

/* How somebody came in. */
struct visit {
    struct str token;          /* of the session; n == 0: none */
    bool by_token;             /* an API token, which no browser sends by itself */
    bool half;                 /* the password was right, the code is still owed: whose account it is, */
    struct str account;        /* is known, and yet nobody has signed in */
    char csrf[CSRF_TEXT + 1];  /* "" without a session */
    struct str address, agent; /* of whoever asks */
};

void gate_init(struct gate *g, struct arena *owner, struct source source, struct str store, struct writer *writer);

/* Once a minute or so: tell the store which sessions are alive. */
MUST_USE enum err gate_upkeep(struct ctx *c, void *gate);

/* Fill c->viewer and c->actor. A cookie that is not good any more is nobody's; an API token that is not is
 * E_SIGN_IN. */
MUST_USE enum err gate_enter(struct ctx *c, struct gate *g, const struct request *r, struct visit *ret);
/* Of what changes something: not too often (E_BUSY; per account, and per address where nobody has signed in), and to
 * /api/ with the mark of the session if it came by one (E_DENIED). Pages look for the mark in their forms. */
MUST_USE enum err gate_check_sent(struct ctx *c, struct gate *g, const struct request *r, const struct visit *visit);
/* May what this request sends be believed to come from a page of ours? `field` is what its form says as _csrf (p ==
 * NULL: nothing). */
bool gate_is_ours(const struct visit *visit, const struct request *r, struct str field);

/* Where a page that asked for signing in is found again; n == 0 if its address is too long. */
struct str gate_address(struct ctx *c, const struct request *r);

/* Begin a session, forget one: what goes into the answer. */
void gate_give(struct ctx *c, const struct gate *g, const char *token, struct response *ret);
void gate_take(struct ctx *c, struct gate *g, const struct visit *visit, struct response *ret);
void gate_forget(struct gate *g, struct str token); /* it is asked of the store anew */
/* The names under which the cookies of a session and of a known browser go. */
const char *gate_cookie(const struct gate *g);
const char *gate_device_cookie(const struct gate *g);

#endif
