/* names.h - a number for each text, counted from 0 in the order of first use.
 *
 * What belongs to a text stands in an array of the caller's, at its number. Memory: the arena given, which also holds
 * the copies of the texts. Threads: one at a time. */
#ifndef HOALU_NAMES_H
#define HOALU_NAMES_H

#include "base/arena.h"
#include "base/str.h"

#define NAMES_NONE UINT32_MAX

struct names {
    struct names_slot {
        struct str text;
        uint64_t hash;
        uint32_t number; /* plus 1; 0: free */
    } * slots;
    size_t cap, n;
};

/* NAMES_NONE if it was never put. */
uint32_t names_find(const struct names *names, struct str text);
/* `*ret_new` (may be NULL) says whether the number was given now. */
uint32_t names_number(struct arena *a, struct names *names, struct str text, bool *ret_new);

#endif
