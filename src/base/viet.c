#include "base/viet.h"

#include <assert.h>
#include <string.h>
#include <utf8proc.h>

#include "base/banned.h"

/* The twelve vowels and the five tones in the order of the alphabet and of a directory. */
enum { A, AW, AA, E, EE, I, O, OO, OW, U, UW, Y, NO_VOWEL };
enum { LEVEL, HUYEN, HOI, NGA, SAC, NANG, FOREIGN };

static const uint16_t vowels[12][6] = {
    {'a', 0xe0, 0x1ea3, 0xe3, 0xe1, 0x1ea1},         {0x103, 0x1eb1, 0x1eb3, 0x1eb5, 0x1eaf, 0x1eb7},
    {0xe2, 0x1ea7, 0x1ea9, 0x1eab, 0x1ea5, 0x1ead},  {'e', 0xe8, 0x1ebb, 0x1ebd, 0xe9, 0x1eb9},
    {0xea, 0x1ec1, 0x1ec3, 0x1ec5, 0x1ebf, 0x1ec7},  {'i', 0xec, 0x1ec9, 0x129, 0xed, 0x1ecb},
    {'o', 0xf2, 0x1ecf, 0xf5, 0xf3, 0x1ecd},         {0xf4, 0x1ed3, 0x1ed5, 0x1ed7, 0x1ed1, 0x1ed9},
    {0x1a1, 0x1edd, 0x1edf, 0x1ee1, 0x1edb, 0x1ee3}, {'u', 0xf9, 0x1ee7, 0x169, 0xfa, 0x1ee5},
    {0x1b0, 0x1eeb, 0x1eed, 0x1eef, 0x1ee9, 0x1ef1}, {'y', 0x1ef3, 0x1ef7, 0x1ef9, 0xfd, 0x1ef5},
};

struct vowel {
    unsigned char base, tone;
};

/* U+1EA0..U+1EF9 hold pairs, capital and small, in this order. */
static const struct vowel extended[45] = {
    {A, NANG}, {A, HOI},    {AA, SAC},  {AA, HUYEN}, {AA, HOI},  {AA, NGA},  {AA, NANG}, {AW, SAC},   {AW, HUYEN},
    {AW, HOI}, {AW, NGA},   {AW, NANG}, {E, NANG},   {E, HOI},   {E, NGA},   {EE, SAC},  {EE, HUYEN}, {EE, HOI},
    {EE, NGA}, {EE, NANG},  {I, HOI},   {I, NANG},   {O, NANG},  {O, HOI},   {OO, SAC},  {OO, HUYEN}, {OO, HOI},
    {OO, NGA}, {OO, NANG},  {OW, SAC},  {OW, HUYEN}, {OW, HOI},  {OW, NGA},  {OW, NANG}, {U, NANG},   {U, HOI},
    {UW, SAC}, {UW, HUYEN}, {UW, HOI},  {UW, NGA},   {UW, NANG}, {Y, HUYEN}, {Y, NANG},  {Y, HOI},    {Y, NGA},
};

/* The vowel and tone of a letter in either case; base == NO_VOWEL for anything else. */
static struct vowel vowel_of(uint32_t r)
{
    if (r >= 0x1ea0 && r <= 0x1ef9)
        return extended[(r - 0x1ea0) / 2];
    if ((r >= 'A' && r <= 'Z') || (r >= 0xc0 && r <= 0xde))
        r += 0x20;
    switch (r) {
    case 'a':
        return (struct vowel){A, LEVEL};
    case 'e':
        return (struct vowel){E, LEVEL};
    case 'i':
        return (struct vowel){I, LEVEL};
    case 'o':
        return (struct vowel){O, LEVEL};
    case 'u':
        return (struct vowel){U, LEVEL};
    case 'y':
        return (struct vowel){Y, LEVEL};
    }
    if (r < 0xe0 || r > 0x1b0)
        return (struct vowel){NO_VOWEL, LEVEL};
    if (r == 0x102 || r == 0x128 || r == 0x168 || r == 0x1a0 || r == 0x1af)
        r++;
    for (int v = A; v <= Y; v++)
        for (int tone = LEVEL; tone <= NANG; tone++)
            if (vowels[v][tone] == r)
                return (struct vowel){(unsigned char)v, (unsigned char)tone};
    return (struct vowel){NO_VOWEL, LEVEL};
}

/* --- one normal form --- */

/* What a rune becomes before composition: 0 to drop it, ' ' for every kind of blank. */
static uint32_t plain_rune(uint32_t r)
{
    if (r >= 0x20 && r < 0x7f)
        return r;
    if (r == '\n' || r == '\t')
        return r;
    if (r == '\v' || r == '\f' || r == 0x85 || r == 0xa0 || r == 0x1680 || (r >= 0x2000 && r <= 0x200a) ||
        r == 0x202f || r == 0x205f || r == 0x3000 || r == 0x2028 || r == 0x2029)
        return ' ';
    if (r < 0x20 || (r >= 0x7f && r < 0xa0) || r == 0xad || r == 0xfeff || r == 0x61c || (r >= 0x200b && r <= 0x200f) ||
        (r >= 0x202a && r <= 0x202e) || (r >= 0x2060 && r <= 0x2069))
        return 0;
    return r;
}

/* Runes that stand in NFC wherever they are: text made of them alone needs no composing. */
static bool is_composed(uint32_t r)
{
    return r < 0x300 || (r >= 0x1ea0 && r <= 0x1ef9) || (r >= 0x2010 && r <= 0x2125);
}

static unsigned class_of(utf8proc_int32_t r)
{
    return r < 0x300 ? 0 : (unsigned)utf8proc_get_property(r)->combining_class;
}

/* Marks in canonical order, those of one class as they came; counted, so that a million of them on one letter take no
 * longer than a million letters. `spare` is as large as `v`. */
static void order_marks(utf8proc_int32_t *v, size_t n, utf8proc_int32_t *spare)
{
    size_t start[257] = {0};
    for (size_t i = 0; i < n; i++)
        start[class_of(v[i]) + 1]++;
    for (size_t k = 1; k < 257; k++)
        start[k] += start[k - 1];
    for (size_t i = 0; i < n; i++)
        spare[start[class_of(v[i])]++] = v[i];
    memcpy(v, spare, n * sizeof *v);
}

static struct str compose(struct arena *a, struct str s)
{
    const utf8proc_option_t how = UTF8PROC_STABLE | UTF8PROC_COMPOSE;
    /* A rune of two bytes decomposes to three at most, one of three bytes to four. */
    size_t cap = s.n + s.n / 2 + 4, n = 0;
    utf8proc_int32_t *runes = NEWN(a, utf8proc_int32_t, cap + 1);
    for (size_t at = 0; at < s.n;) {
        int boundary = 0;
        utf8proc_ssize_t got = utf8proc_decompose_char((utf8proc_int32_t)str_rune(s, &at), runes + n,
                                                       (utf8proc_ssize_t)(cap - n), how, &boundary);
        assert(got >= 0 && (size_t)got <= cap - n);
        n += (size_t)got;
    }
    for (size_t from = 0, to; from < n; from = to + 1) {
        bool sorted = true;
        for (to = from; to < n && class_of(runes[to]); to++)
            sorted = sorted && (to == from || class_of(runes[to - 1]) <= class_of(runes[to]));
        if (!sorted)
            order_marks(runes + from, to - from, NEWN(a, utf8proc_int32_t, to - from));
    }
    utf8proc_ssize_t bytes = utf8proc_reencode(runes, (utf8proc_ssize_t)n, how);
    assert(bytes >= 0);
    return (struct str){(const char *)runes, (size_t)bytes};
}

struct str viet_nfc(struct arena *a, struct str s)
{
    char *plain = NEWN(a, char, s.n + 1);
    size_t n = 0;
    bool composed = true;
    for (size_t at = 0; at < s.n;) {
        uint32_t r = str_rune(s, &at);
        if (r == '\r')
            r = at < s.n && s.p[at] == '\n' ? 0 : '\n';
        else
            r = plain_rune(r);
        if (!r)
            continue;
        composed = composed && is_composed(r);
        n += str_put_rune(plain + n, r);
    }
    struct str result = {plain, n};
    return composed ? result : compose(a, result);
}

/* --- the place of the tone mark --- */

struct letter {
    uint32_t rune;
    struct vowel vowel;
};
enum { SYLLABLE_MAX = 7 }; /* "nghiêng" */

static bool is_letter(uint32_t r)
{
    return (r >= 'a' && r <= 'z') || (r >= 'A' && r <= 'Z') || (r >= 0xc0 && r < 0x250 && r != 0xd7 && r != 0xf7) ||
           (r >= 0x1e00 && r <= 0x1eff);
}

static void set_tone(struct letter *l, unsigned char tone)
{
    bool capital = utf8proc_tolower((utf8proc_int32_t)l->rune) != (utf8proc_int32_t)l->rune;
    l->vowel.tone = tone;
    l->rune = vowels[l->vowel.base][tone];
    if (capital)
        l->rune = (uint32_t)utf8proc_toupper((utf8proc_int32_t)l->rune);
}

static bool is_rune_of(const struct letter *l, char lower)
{
    return (l->rune | 0x20) == (uint32_t)lower;
}

/* Do the vowels at `i` and i + 1 make one of the pairs whose mark wanders between the two styles? */
static bool is_wandering(const struct letter *v, size_t i)
{
    unsigned char first = v[i].vowel.base, second = v[i + 1].vowel.base;
    return (first == O && (second == A || second == E)) || (first == U && second == Y);
}

/* Is the vowel at `i` not a vowel but part of the first consonant: the u of "qu", the i of "gi" before a vowel? */
static bool is_glide(const struct letter *v, size_t n, size_t i)
{
    if (i != 1 || i + 1 >= n || v[i + 1].vowel.base == NO_VOWEL)
        return false;
    return (v[1].vowel.base == U && is_rune_of(&v[0], 'q')) || (v[1].vowel.base == I && is_rune_of(&v[0], 'g'));
}

/* Where the mark that stands on letter `marked` belongs: there, or one letter beside it. */
static size_t place_of_mark(const struct letter *v, size_t n, size_t marked)
{
    if (marked + 1 < n && v[marked + 1].vowel.base != NO_VOWEL) {
        unsigned char next = v[marked + 1].vowel.base;
        bool next_has_hat = next == AW || next == AA || next == EE || next == OO || next == OW;
        bool closed = marked + 2 < n;
        return is_glide(v, n, marked) || next_has_hat || (is_wandering(v, marked) && closed) ? marked + 1 : marked;
    }
    if (marked + 1 == n && marked > 0 && is_wandering(v, marked - 1) && !is_glide(v, n, marked - 1))
        return marked - 1;
    return marked;
}

/* Move the mark of one syllable to where it belongs. What is not a syllable with one mark stays as it is. */
static void place_tone(struct letter *v, size_t n)
{
    size_t marked = n, marks = 0;
    for (size_t i = 0; i < n; i++) {
        if (v[i].vowel.tone != LEVEL) {
            marked = i;
            marks++;
        }
        if (is_rune_of(&v[i], 'f') || is_rune_of(&v[i], 'j') || is_rune_of(&v[i], 'w') || is_rune_of(&v[i], 'z'))
            return;
    }
    if (marks != 1)
        return;
    unsigned char tone = v[marked].vowel.tone;
    size_t to = marked;
    for (size_t next; (next = place_of_mark(v, n, to)) != to; to = next) /* "qúyên": two steps */
        ;
    if (to == marked)
        return;
    set_tone(&v[marked], LEVEL);
    set_tone(&v[to], tone);
}

struct str viet_tone(struct arena *a, struct str s)
{
    /* A letter with its mark is at most one byte longer in another place ("qùy", "quỳ"). */
    char *text = NEWN(a, char, s.n + s.n / 2 + 4);
    size_t n = 0;
    struct letter v[SYLLABLE_MAX];
    for (size_t at = 0; at < s.n;) {
        size_t from = at, letters = 0, end = at;
        uint32_t r = 0;
        while (at < s.n && is_letter(r = str_rune(s, &at))) {
            if (letters < SYLLABLE_MAX)
                v[letters] = (struct letter){r, vowel_of(r)};
            letters++;
            end = at;
        }
        if (letters > SYLLABLE_MAX) {
            memcpy(text + n, s.p + from, end - from);
            n += end - from;
        } else {
            place_tone(v, letters);
            for (size_t i = 0; i < letters; i++)
                n += str_put_rune(text + n, v[i].rune);
        }
        memcpy(text + n, s.p + end, at - end); /* what ended the run of letters */
        n += at - end;
    }
    return (struct str){text, n};
}

/* --- folding --- */

enum { FOLD_PARTS = 4, HANGUL = 0xac00, HANGUL_END = 0xd7a3 };

/* The shape that punctuation of many shapes takes; 0 if `r` is none. */
static uint32_t fold_punctuation(uint32_t r)
{
    if ((r >= 0x2010 && r <= 0x2015) || r == 0x2212 || r == 0xfe58 || r == 0xfe63 || r == 0xff0d)
        return '-';
    if (r == 0x201c || r == 0x201d || r == 0x201e || r == 0x201f || r == 0xab || r == 0xbb)
        return '"';
    if (r == 0x2018 || r == 0x2019 || r == 0x201a || r == 0x201b)
        return '\'';
    if (r == '\t' || r == '\n' || r == 0xa0)
        return ' ';
    return 0;
}

/* The letter behind a Latin letter with marks, for the runes Vietnamese is written with and their neighbours: a
 * look-up, since every text that is matched or searched goes through here. 0: not one of them. */
static uint32_t fold_latin(uint32_t r)
{
    static const char latin1[] =
        "aaaaaa\0ceeeeiiiidnooooo\0\0uuuuy\0\0aaaaaa\0ceeeeiiiidnooooo\0\0uuuuy\0y"; /* U+00C0 */
    static const char vietnamese[] = "aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeeeiiii"
                                     "oooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy"; /* U+1EA0 */
    if (r >= 0xc0 && r < 0xc0 + sizeof latin1 - 1)
        return (unsigned char)latin1[r - 0xc0];
    if (r >= 0x1ea0 && r < 0x1ea0 + sizeof vietnamese - 1)
        return (unsigned char)vietnamese[r - 0x1ea0];
    switch (r & ~1u) {
    case 0x102:
        return 'a';
    case 0x110:
        return 'd';
    case 0x128:
        return 'i';
    case 0x168:
        return 'u';
    case 0x1a0:
        return 'o';
    default:
        return r == 0x1af || r == 0x1b0 ? 'u' : 0;
    }
}

/* The folded form of one rune, up to FOLD_PARTS runes; 0 of them drops it. */
static size_t fold_rune(uint32_t r, uint32_t ret[FOLD_PARTS])
{
    ret[0] = r;
    if (r >= 'A' && r <= 'Z') {
        ret[0] = r + 0x20;
        return 1;
    }
    uint32_t plain = r >= 0xc0 ? fold_latin(r) : 0;
    if (!plain)
        plain = fold_punctuation(r);
    if (plain || r < 0x80) {
        ret[0] = plain ? plain : r;
        return 1;
    }
    if (r >= HANGUL && r <= HANGUL_END)
        return 1;
    utf8proc_int32_t parts[FOLD_PARTS];
    int boundary = 0;
    utf8proc_ssize_t n = utf8proc_decompose_char(
        (utf8proc_int32_t)r, parts, FOLD_PARTS, UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK, &boundary);
    if (n < 0 || n > FOLD_PARTS)
        return 1;
    for (utf8proc_ssize_t i = 0; i < n; i++)
        ret[i] = (uint32_t)parts[i];
    return (size_t)n;
}

struct folded viet_fold(struct arena *a, struct str s)
{
    assert(s.n < UINT32_MAX);
    /* No rune of one byte grows, and none grows by more than half. */
    size_t cap = s.n + s.n / 2 + 1;
    char *text = NEWN(a, char, cap + 1);
    uint32_t *at_of = NEWN(a, uint32_t, cap + 1);
    size_t n = 0;
    for (size_t at = 0; at < s.n;) {
        unsigned char plain = (unsigned char)s.p[at];
        if (plain > ' ' && plain < 0x7f) { /* two thirds of Vietnamese text */
            text[n] = (char)(plain >= 'A' && plain <= 'Z' ? plain + 0x20 : plain);
            at_of[n++] = (uint32_t)at++;
            continue;
        }
        if (plain == ' ' && n && text[n - 1] != ' ') {
            text[n] = ' ';
            at_of[n++] = (uint32_t)at++;
            continue;
        }
        uint32_t from = (uint32_t)at, parts[FOLD_PARTS];
        size_t n_parts = fold_rune(str_rune(s, &at), parts);
        if (n_parts == 1 && parts[0] < 0x80 && parts[0] != ' ') { /* the other third */
            text[n] = (char)parts[0];
            at_of[n++] = from;
            continue;
        }
        for (size_t i = 0; i < n_parts; i++) {
            if (parts[i] == ' ' && n && text[n - 1] == ' ')
                continue;
            char bytes[4];
            size_t length = str_put_rune(bytes, parts[i]);
            assert(n + length <= cap);
            for (size_t k = 0; k < length; k++) {
                text[n] = bytes[k];
                at_of[n++] = from;
            }
        }
    }
    at_of[n] = (uint32_t)s.n;
    return (struct folded){{text, n}, at_of, s};
}

struct str folded_original(const struct folded *f, size_t from, size_t to)
{
    assert(from <= to && to <= f->s.n);
    return str_slice(f->original, f->at[from], f->at[to]);
}

struct str viet_fold_text(struct arena *a, struct str s)
{
    return viet_fold(a, s).s;
}

bool viet_word(struct str folded, size_t *at, struct str *ret)
{
    size_t from = folded.n, i = *at;
    while (i < folded.n) {
        size_t here = i;
        unsigned char c = (unsigned char)folded.p[i];
        bool in_word;
        if (c < 0x80) {
            in_word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            i++;
        } else {
            utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)str_rune(folded, &i));
            in_word = (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
                      (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
        }
        if (in_word && from == folded.n)
            from = here;
        if (!in_word && from != folded.n) {
            i = here;
            break;
        }
    }
    *at = i;
    if (from == folded.n)
        return false;
    *ret = str_slice(folded, from, i);
    return true;
}

/* Does the typed letter only lack marks of the written one? The two fold to the same. */
static bool lacks_marks(uint32_t typed, uint32_t written)
{
    struct vowel t = vowel_of(typed), w = vowel_of(written);
    if (typed < 0x80)
        return true;
    if (t.base == NO_VOWEL || w.base == NO_VOWEL)
        return false;
    bool plain = vowels[t.base][LEVEL] < 0x80;
    return (t.base == w.base || plain) && (t.tone == w.tone || t.tone == LEVEL);
}

enum viet_closeness viet_closeness(struct str typed, struct str written)
{
    enum viet_closeness closeness = VIET_SAME;
    for (size_t i = 0, k = 0; i < typed.n;) {
        uint32_t t = str_rune(typed, &i), w = str_rune(written, &k);
        if (t == w)
            continue;
        if (!lacks_marks(t, w))
            return VIET_DIFFERS;
        closeness = VIET_LACKS;
    }
    return closeness;
}

struct str viet_capital(struct arena *a, struct str s)
{
    if (!s.n)
        return s;
    size_t at = 0;
    uint32_t r = (uint32_t)utf8proc_toupper((utf8proc_int32_t)str_rune(s, &at));
    char *text = NEWN(a, char, s.n + 5);
    size_t n = str_put_rune(text, r);
    memcpy(text + n, s.p + at, s.n - at);
    return (struct str){text, n + s.n - at};
}

/* --- the order of a directory --- */

/* What one rune weighs: first by letter, then by tone, then by case. All are above 0, which ends a level. */
struct weight {
    uint32_t letter; /* below 0x80: one byte of a key; others are written as 0xff and three bytes */
    unsigned char tone, letter_case;
};
enum { WEIGHT_BLANK = 2, WEIGHT_MARK = 3, WEIGHT_DIGIT = 0x30, WEIGHT_LETTER = 0x40, WEIGHT_OTHER = 0x80 };

/* The letters in the order of the alphabet, with f, j, w, z where other alphabets have them: a ă â b c d đ e ê f g h i
 * j k l m n o ô ơ p q r s t u ư v w x y z. The places of a to z, then those of the twelve vowels. */
static uint32_t letter_weight(uint32_t lower, unsigned char base)
{
    static const unsigned char plain[] = {0,  3,  4,  5,  7,  9,  10, 11, 12, 13, 14, 15, 16,
                                          17, 18, 21, 22, 23, 24, 25, 26, 28, 29, 30, 31, 32};
    static const unsigned char vowel[] = {0, 1, 2, 7, 8, 12, 18, 19, 20, 26, 27, 31};
    if (base != NO_VOWEL)
        return WEIGHT_LETTER + vowel[base];
    if (lower >= 'a' && lower <= 'z')
        return WEIGHT_LETTER + plain[lower - 'a'];
    return lower == 0x111 ? WEIGHT_LETTER + 6 : 0;
}

static struct weight weigh(uint32_t r)
{
    uint32_t lower = r >= 0x80                ? (uint32_t)utf8proc_tolower((utf8proc_int32_t)r)
                     : (r >= 'A' && r <= 'Z') ? r + 0x20
                                              : r;
    struct weight w = {0, LEVEL + 1, r == lower ? 1 : 2};
    struct vowel v = vowel_of(r);
    w.letter = letter_weight(lower, v.base);
    if (w.letter) {
        w.tone = v.tone + 1;
        return w;
    }
    if (r == ' ' || r == '\t' || r == '\n') {
        w.letter = WEIGHT_BLANK;
    } else if (r >= '0' && r <= '9') {
        w.letter = WEIGHT_DIGIT + r - '0';
    } else if (r < 0x80) {
        static const char marks[] = "-_,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$";
        const char *at = strchr(marks, (int)r);
        w.letter = WEIGHT_MARK + (at && *at ? (uint32_t)(at - marks) : (uint32_t)sizeof marks);
    } else {
        /* A foreign letter stands after its plain sister ("ñ" after "n"); other scripts stand last. */
        uint32_t parts[FOLD_PARTS];
        size_t n = fold_rune(r, parts);
        uint32_t sister = n ? letter_weight(parts[0], vowel_of(parts[0]).base) : 0;
        w.letter = sister ? sister : WEIGHT_OTHER + lower;
        w.tone = FOREIGN + 1;
    }
    return w;
}

enum level { BY_LETTER, BY_TONE, BY_CASE };

static uint32_t weight_of(const struct weight *w, enum level level)
{
    return level == BY_LETTER ? w->letter : level == BY_TONE ? w->tone : w->letter_case;
}

static uint32_t weight_at(struct str s, size_t *at, enum level level)
{
    if (*at >= s.n)
        return 0;
    struct weight w = weigh(str_rune(s, at));
    return weight_of(&w, level);
}

int viet_cmp(struct str a, struct str b)
{
    for (enum level level = BY_LETTER; level <= BY_CASE; level++) {
        size_t at_a = 0, at_b = 0;
        while (at_a < a.n || at_b < b.n) {
            uint32_t x = weight_at(a, &at_a, level), y = weight_at(b, &at_b, level);
            if (x != y)
                return x < y ? -1 : 1;
        }
    }
    return 0;
}

static size_t put_hex(char *to, uint32_t byte)
{
    static const char hex[] = "0123456789abcdef";
    to[0] = hex[byte >> 4 & 15];
    to[1] = hex[byte & 15];
    return 2;
}

struct str viet_sort_key(struct arena *a, struct str s)
{
    /* Each rune: one byte a level, or four for the letter of another script, which has at least two bytes itself. */
    char *key = NEWN(a, char, 2 * (4 * s.n + 2) + 1);
    struct weight *weights = NEWN(a, struct weight, s.n);
    size_t runes = 0, n = 0;
    for (size_t at = 0; at < s.n;)
        weights[runes++] = weigh(str_rune(s, &at));
    for (enum level level = BY_LETTER; level <= BY_CASE; level++) {
        size_t shown = n;
        for (size_t i = 0; i < runes; i++) {
            uint32_t w = weight_of(&weights[i], level);
            if (level == BY_LETTER && w >= WEIGHT_OTHER) {
                n += put_hex(key + n, 0xff);
                n += put_hex(key + n, w >> 16);
                n += put_hex(key + n, w >> 8);
            }
            n += put_hex(key + n, w);
            if (level == BY_LETTER || w > 1)
                shown = n;
        }
        n = shown; /* plain tones and small letters at the end say nothing */
        if (level != BY_CASE)
            n += put_hex(key + n, 0);
    }
    return (struct str){key, n};
}

struct str viet_lower(struct arena *a, struct str s)
{
    /* No letter's small form takes more bytes than 3 for 2. */
    char *text = NEWN(a, char, s.n + s.n / 2 + 4);
    size_t n = 0;
    for (size_t at = 0; at < s.n;)
        n += str_put_rune(text + n, (uint32_t)utf8proc_tolower((utf8proc_int32_t)str_rune(s, &at)));
    return (struct str){text, n};
}

static utf8proc_category_t first_category(struct str s)
{
    size_t at = 0;
    return s.n ? utf8proc_category((utf8proc_int32_t)str_rune(s, &at)) : UTF8PROC_CATEGORY_CN;
}

bool viet_starts_small(struct str s)
{
    return first_category(s) == UTF8PROC_CATEGORY_LL;
}

bool viet_starts_capital(struct str s)
{
    return first_category(s) == UTF8PROC_CATEGORY_LU;
}
