/* tokens.h - for tests: what a browser would see of a page.
 *
 * The shape is one line for each tag with the names of its attributes; the values are attribute values and stretches
 * of text in order, with the entities that html.c writes made characters again. Reads as the HTML standard says, with
 * nothing mended. Memory: in the arena. */
#ifndef HOALU_TOKENS_H
#define HOALU_TOKENS_H

#include "base/arena.h"
#include "base/str.h"

enum token_place { TOKEN_TEXT, TOKEN_RAW /* in <title>, <textarea> */, TOKEN_QUOTED /* "…" */, TOKEN_OTHER };

struct tokens {
    struct str shape;
    struct token_value {
        struct str s;
        enum token_place place;
    } * v;
    size_t n, cap;
};
void tokens_read(struct arena *a, struct str page, struct tokens *ret);

#endif
