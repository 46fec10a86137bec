/* shelf.h - things that were costly to make, kept to be used again, within a bound of bytes.
 *
 * A thing is kept under a key that says all it depends on beside the store and the day, and for the age it was made at:
 * a position of the store and a local day. It is found as long as both are still what they were; later it is in the
 * way, and the next of its key takes its place. What was asked for only once goes first when room is needed, so a
 * stream of keys that nobody asks for twice takes an eighth of a full shelf at most.
 *
 * Memory: the shelf belongs to its owner; a thing is a piece of shared memory (shared.h) that the shelf holds as well
 * as whoever uses it. Threads: any; keys are spread over parts with a lock each. */
#ifndef HOALU_SHELF_H
#define HOALU_SHELF_H

#include "base/ctx.h"

struct shelf_age {
    int64_t position;
    int32_t day;
};

struct shelf;
/* `bytes` is what all things may take together, keys counted. */
struct shelf *shelf_new(struct arena *owner, struct source source, size_t bytes);
/* The size of the largest thing that has a place under a key of at most 1 KiB: about a 32nd of all. */
size_t shelf_thing_max(const struct shelf *s);

/* The thing of that key and age, held for the caller; NULL if there is none. */
void *shelf_find(struct shelf *s, struct str key, struct shelf_age age);
/* Keep `thing`, which takes `size` bytes. It is held once more, unless it is too large or a newer one of that key is
 * there. */
void shelf_put(struct shelf *s, struct str key, struct shelf_age age, void *thing, size_t size);

/* The thing of that key is not to be found any more, whatever its age. */
void shelf_take(struct shelf *s, struct str key);

struct shelf_counts {
    uint64_t hits, misses, things, bytes; /* a miss is a thing that was put, whether or not it found a place */
};
struct shelf_counts shelf_counts(struct shelf *s);

#endif
