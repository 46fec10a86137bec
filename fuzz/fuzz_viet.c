/* Any UTF-8 text: normal form, tone marks, folding and order keep what base/viet.h promises. */
#include "fuzz/fuzz.h"

#include "base/viet.h"

#include "base/banned.h"

static void same_order(struct ctx *c, struct str a, struct str b)
{
    int order = viet_cmp(a, b), by_key = str_cmp(viet_sort_key(c->arena, a), viet_sort_key(c->arena, b));
    HOLDS((order > 0) == (by_key > 0) && (order < 0) == (by_key < 0));
    HOLDS(viet_cmp(b, a) == -order);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str text = {(const char *)data, n};
    if (!str_is_utf8(text, NULL))
        return 0;
    struct arena arena;
    struct ctx c = fuzz_ctx(&arena);
    struct str nfc = viet_nfc(c.arena, text);
    HOLDS(str_is_utf8(nfc, NULL) && str_eq(viet_nfc(c.arena, nfc), nfc));

    struct folded f = viet_fold(c.arena, nfc);
    HOLDS(str_is_utf8(f.s, NULL) && f.at[f.s.n] == nfc.n);
    for (size_t i = 0; i < f.s.n; i++)
        HOLDS(f.at[i] <= f.at[i + 1]);
    HOLDS(str_eq(viet_fold_text(c.arena, f.s), f.s));
    HOLDS(str_is_utf8(folded_original(&f, f.s.n / 3, f.s.n / 2), NULL));

    struct str tone = viet_tone(c.arena, nfc);
    HOLDS(str_is_utf8(tone, NULL) && str_eq(viet_tone(c.arena, tone), tone));
    HOLDS(str_eq(viet_fold_text(c.arena, tone), f.s)); /* the place of a mark is nothing to the fold */

    HOLDS(viet_cmp(nfc, nfc) == 0);
    struct str rest = nfc, first, second;
    if (str_cut(&rest, '\n', &first) && str_cut(&rest, '\n', &second))
        same_order(&c, first, second);
    same_order(&c, nfc, tone);
    arena_reset(&arena);
    return 0;
}
