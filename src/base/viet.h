/* viet.h - Vietnamese text: one normal form, folding for search and matching, and the order of a directory.
 *
 * Threads: no state. Results live in the arena given. */
#ifndef HOALU_VIET_H
#define HOALU_VIET_H

#include "base/arena.h"
#include "base/str.h"

/* NFC, with every kind of blank (NBSP, thin, ideographic, form feed …) made a plain space, every line end ("\r\n",
 * "\r") made '\n', and what has no width (ZWSP, BOM, soft hyphen, bidi marks) or is another control character dropped.
 * `s` is UTF-8. Done twice it changes nothing more. */
struct str viet_nfc(struct arena *a, struct str s);

/* The two tone-mark styles made one: "hoà" and "hòa", "thuỷ" and "thủy", "Uỷ" and "Ủy" give the same text ("hòa",
 * "thủy", "Ủy"). "quý", "quà", "giá", "thuở", "hoàn" have one place for the mark in both styles, and slips ("qúy",
 * "gía", "thủơ", "hòan") are put there. Words that are no Vietnamese syllable with one mark stay. `s` is NFC. */
struct str viet_tone(struct arena *a, struct str s);

/* Folded text for matching and search: lower case, no marks, đ as d, dashes of every kind as '-', quotes as '"' and
 * '\'', runs of blanks (line ends too) as one ' '. `at[i]` is the offset in the original of folded byte i, and at[n] ==
 * original length, so that a match can be cut from the original. `s` is NFC, under 4 GiB. Folding folded text changes
 * nothing. */
struct folded {
    struct str s;       /* the folded text: ASCII where the original was Vietnamese */
    const uint32_t *at; /* n + 1 offsets, never falling */
    struct str original;
};
struct folded viet_fold(struct arena *a, struct str s);
/* The original bytes behind folded bytes [from, to). */
struct str folded_original(const struct folded *f, size_t from, size_t to);
/* The folded text alone, for a search column. */
struct str viet_fold_text(struct arena *a, struct str s);

/* The next word of folded text at or after `*at`, which moves past it: letters and digits, nothing else. False at the
 * end, and `ret` is untouched. */
bool viet_word(struct str folded, size_t *at, struct str *ret);

/* How a word as typed stands to a word as written, both small, in NFC and with one place for the tone mark, where the
 * typed one folds to the written one or to its beginning. */
enum viet_closeness {
    VIET_SAME,
    VIET_LACKS,   /* what is typed lacks marks ("duong", "đuong" for "đường") and contradicts none */
    VIET_DIFFERS, /* "dưỡng" for "đường" */
};
enum viet_closeness viet_closeness(struct str typed, struct str written);

/* The first letter made capital; the rest as it is. */
struct str viet_capital(struct arena *a, struct str s);
/* Is the first character a small letter, a capital one? Neither for signs and digits. */
bool viet_starts_small(struct str s);
bool viet_starts_capital(struct str s);
/* Every letter made small. */
struct str viet_lower(struct arena *a, struct str s);

/* Order of a Vietnamese directory: a ă â b c d đ e ê … over the whole text, then tone (none, huyền, hỏi, ngã, sắc,
 * nặng), then case (small first). A blank comes before everything, punctuation before digits, digits before letters,
 * other scripts last. 0 for texts that differ in nothing of that. Both are NFC. */
int viet_cmp(struct str a, struct str b);
/* A key whose bytewise order is viet_cmp's, for ORDER BY on both engines. Hex text. */
struct str viet_sort_key(struct arena *a, struct str s);

#endif
