/* shared.h - a piece of memory that several hold at once, on any threads: it goes when the last of them lets go. For
 * what outlives the request that made it and yet is no part of the process, such as a kept page that is being sent;
 * the one lifetime that is no arena's.
 *
 * Threads: any. Whoever writes into the memory does so before a second one holds it. */
#ifndef HOALU_SHARED_H
#define HOALU_SHARED_H

#include <stddef.h>

/* `size` bytes of zero, aligned for anything, held once; NULL if there is no memory. `end` (may be NULL) is called with
 * it before it goes. */
void *shared_new(size_t size, void (*end)(void *));
void *shared_hold(void *p); /* once more; gives back p */
void shared_drop(void *p);  /* let go; NULL is fine */

#endif
