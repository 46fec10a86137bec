/* shelf.h - finished answers, kept to be given again, within a bound of bytes.
 *
 * An answer is kept under a key that says all it depends on beside the store and the day, and for the age it was made
 * at: the position of the store and the local day. It is found as long as both are still what they were; later it is
 * in the way, and the next of its key takes its place. What was asked for only once goes first when room is needed, so
 * a stream of addresses that nobody asks for twice takes an eighth of a full shelf at most.
 *
 * Memory: the shelf belongs to its owner, each page to whoever holds it (base/shared.h). Threads: any; keys are spread
 * over parts with a lock each, under which nothing is made, sent or freed but a page that goes. */
#ifndef HOALU_SHELF_H
#define HOALU_SHELF_H

#include "front/http/http.h"

enum { SHELF_KEY_MAX = 1024 };

struct shelf;
/* `bytes` is what all pages may take together, keys and headers counted. One of more than a 32nd is not kept. */
struct shelf *shelf_new(struct arena *owner, struct source source, size_t bytes);
size_t shelf_page_max(const struct shelf *s); /* bytes of a body that has a place */

struct shelf_age {
    int64_t position;
    int32_t day;
};

struct shelf_page {
    struct http_shared *whole, *unchanged; /* 200, and 304 without a body */
    struct str tag;                        /* its ETag */
};

/* The page of that key and age, held for the caller; NULL if there is none. */
struct shelf_page *shelf_find(struct shelf *s, struct str key, struct shelf_age age);
/* Make a page of an answer of status 200, which has an ETag among its headers, and keep it. What was made comes back,
 * held for the caller; NULL if it is too large, or there is no memory. A newer one of that key stays where it is. */
struct shelf_page *shelf_put(struct shelf *s, struct str key, struct shelf_age age, const struct response *r);
void shelf_let_go(struct shelf_page *page);

struct shelf_counts {
    uint64_t hits, misses, pages, bytes; /* a miss is a page that was put, or was too large */
};
struct shelf_counts shelf_counts(struct shelf *s);

#endif
