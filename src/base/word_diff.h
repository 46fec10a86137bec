/* word_diff.h - two texts word by word: what stayed, what went, what came.
 *
 * Memory: pieces in the arena given, views into the texts. Threads: no state. */
#ifndef HOALU_WORD_DIFF_H
#define HOALU_WORD_DIFF_H

#include "base/arena.h"
#include "base/str.h"

enum word_change { WORD_SAME, WORD_GONE, WORD_NEW };

struct word_piece {
    enum word_change change;
    struct str text; /* words with the blanks between them */
};

struct word_pieces {
    struct word_piece *v;
    size_t n, cap;
};

/* The pieces in order: without WORD_NEW they are `before`, without WORD_GONE `after`, but for blanks at the seams.
 * Texts that differ over more than some hundred words are told as gone and new there. */
void word_diff(struct arena *a, struct str before, struct str after, struct word_pieces *ret);

#endif
