/* tokens.h - for tests: what a browser would see of a page.
 *
 * The shape is one line for each tag with the names of its attributes; the values are attribute values and stretches
 * of text in order, with the entities that html.c writes made characters again. Reads as the HTML standard says, with
 * nothing mended. Memory: in the arena. */
#ifndef HOALU_TOKENS_H
#define HOALU_TOKENS_H

#include "base/arena.h"
#include "base/str.h"

struct tokens {
    struct str shape;
    struct str *v;
    size_t n, cap;
};
void tokens_read(struct arena *a, struct str page, struct tokens *ret);

#endif
