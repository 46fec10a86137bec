/* viet.h - Vietnamese text: one normal form, folding for search and matching, and the order of a directory.
 *
 * Threads: no state. Results live in the arena given. */
#ifndef HOALU_VIET_H
#define HOALU_VIET_H

#include "base/arena.h"
#include "base/str.h"

/* NFC, with every kind of blank (NBSP, thin, ideographic …) made a plain space, and what has no width (ZWSP, BOM, soft
 * hyphen, bidi marks) or is a control character other than '\n' and '\t' dropped. `s` is UTF-8. */
struct str viet_nfc(struct arena *a, struct str s);

/* The other tone-mark style made one: "hoà" and "hòa", "thuỷ" and "thủy", "Uỷ" and "Ủy" give the same text (the newer,
 * "hòa", "thủy", "Ủy"). "quý", "quà", "giá" stay. `s` is NFC. */
struct str viet_tone(struct arena *a, struct str s);

/* Folded text for matching and search: lower case, no marks, đ as d, dashes of every kind as '-', quotes as '"',
 * runs of blanks as one ' '. `at[i]` is the offset in the original of folded byte i, and at[n] == original length,
 * so that a match can be cut from the original. `s` is NFC. */
struct folded {
    struct str s;        /* the folded text: ASCII where the original was Vietnamese */
    const uint32_t *at;  /* n + 1 offsets, never falling */
    struct str original;
};
struct folded viet_fold(struct arena *a, struct str s);
/* The original bytes behind folded bytes [from, to). */
struct str folded_original(const struct folded *f, size_t from, size_t to);
/* The folded text alone, for a search column. */
struct str viet_fold_text(struct arena *a, struct str s);

/* Case: the first letter made capital or small; the rest as it is. */
struct str viet_capital(struct arena *a, struct str s);

/* Order of a Vietnamese directory: a ă â b c d đ e ê …, then tone (none, huyền, hỏi, ngã, sắc, nặng), then case. */
int viet_cmp(struct str a, struct str b);
/* A key whose bytewise order is viet_cmp's, for ORDER BY on both engines. Hex text. */
struct str viet_sort_key(struct arena *a, struct str s);

#endif
