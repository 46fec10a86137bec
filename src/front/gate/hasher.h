/* hasher.h - passwords are hashed in processes of their own.
 *
 * Argon2id wants 64 MiB and 0.1 s for each password on purpose. Done by threads of the server, that keeps readers
 * waiting (doc/architecture.md has the figures), so it is done by a few children of a low priority, one password at a
 * time each; whoever comes while all are busy waits. A child knows nothing but what it is asked, gives up its right to
 * nearly all system calls first, and ends when the server does. One that dies is replaced at the next call.
 *
 * Threads: any; a caller waits (LANE_PATIENT of http.h is for that). Memory: c->arena. */
#ifndef HOALU_HASHER_H
#define HOALU_HASHER_H

#include "domain/access/access.h"

enum { HASHER_CHILDREN = 2 };

struct hasher;
/* The children are started when first needed, from the program's own file, and end with `owner`. */
struct hasher *hasher_new(struct arena *owner);

/* As access_password_fits() and access_password_hash() (domain/access/access.h), which they are if `h` is NULL. E_BUSY
 * if a child failed. */
MUST_USE enum err hasher_fits(struct ctx *c, struct hasher *h, struct str kept, struct str password, bool *ret);
MUST_USE enum err hasher_hash(struct ctx *c, struct hasher *h, struct str password, struct str *ret);

/* What such a child does, from main(): gives its exit status. */
int hasher_child(void);

#endif
