/* Names: how they are compared, and finding what one stands for. */
#include "domain/org/catalogue.h"

#include "base/period.h"
#include "base/viet.h"

#include <string.h>

#include "base/banned.h"

enum {
    NAME_MAX_BYTES = 600,
    TOKENS_MAX = 128,
    WORD_TOKENS = sizeof((struct org_catalogue *)0)->word_shapes /
                  sizeof(uint64_t), /* an abbreviation has at most so many: "CT-XH" has two */
    WORD_KEY = 48,                  /* and so many bytes */
    SHORT_LETTERS = 2, /* those so short stand for something only when written exactly so: "ĐU", but not "du" */
};

struct token {
    struct str text;   /* folded; '&' binds: "kh&cn" */
    struct str marked; /* small letters with their marks */
    struct str original;
    bool dot; /* right before a full stop: "P." */
};

struct tokens {
    struct token v[TOKENS_MAX];
    size_t n;
};

static bool is_letter(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || (unsigned char)ch >= 0x80;
}

static uint32_t small(uint32_t r)
{
    if ((r >= 'A' && r <= 'Z') || (r >= 0xc0 && r <= 0xde && r != 0xd7))
        return r + 32;
    if ((r >= 0x100 && r < 0x180) || (r >= 0x1e00 && r < 0x1f00))
        return r | 1; /* Ă ă, Đ đ, Ạ ạ … stand in pairs, the capital even */
    return r == 0x1a0 || r == 0x1af ? r + 1 : r;
}

static struct str marked_of(struct arena *a, struct str original)
{
    struct str s = viet_tone(a, original);
    char *text = NEWN(a, char, s.n * 2 + 4);
    size_t n = 0;
    for (size_t at = 0; at < s.n;)
        n += str_put_rune(text + n, small(str_rune(s, &at)));
    return (struct str){text, n};
}

static size_t skip_blanks(struct str s, size_t at)
{
    while (at < s.n && s.p[at] == ' ')
        at++;
    return at;
}

/* A text put together from words, up to a ceiling. */
struct joined {
    char text[NAME_MAX_BYTES * 4];
    size_t n;
    bool failed;
};

static void join(struct joined *j, struct str s)
{
    if (!s.n)
        return;
    if (j->n + s.n + 1 > sizeof j->text) {
        j->failed = true;
        return;
    }
    if (j->n)
        j->text[j->n++] = ' ';
    memcpy(j->text + j->n, s.p, s.n);
    j->n += s.n;
}

/* The end of the word at `i`: letters and digits, and '&' between two of them, with or without blanks. */
static size_t word_end(struct str s, size_t i, bool *ret_blanks)
{
    *ret_blanks = false;
    for (;;) {
        while (i < s.n && is_letter(s.p[i]))
            i++;
        size_t amp = skip_blanks(s, i);
        if (amp >= s.n || s.p[amp] != '&')
            return i;
        size_t after = skip_blanks(s, amp + 1);
        if (after >= s.n || !is_letter(s.p[after]))
            return i;
        *ret_blanks |= after - i > 1;
        i = after;
    }
}

static struct str without(struct arena *a, struct str s, char drop)
{
    char *text = NEWN(a, char, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != drop)
            text[n++] = s.p[i];
    return (struct str){text, n};
}

static void tokenise(struct arena *a, struct str name, bool marked, struct tokens *ret)
{
    struct folded f = viet_fold(a, name);
    ret->n = 0;
    for (size_t i = 0; i < f.s.n && ret->n < TOKENS_MAX;) {
        if (!is_letter(f.s.p[i])) {
            i++;
            continue;
        }
        bool blanks;
        size_t from = i;
        i = word_end(f.s, i, &blanks);
        struct token *t = &ret->v[ret->n++];
        *t = (struct token){.text = str_slice(f.s, from, i),
                            .original = folded_original(&f, from, i),
                            .dot = i < f.s.n && f.s.p[i] == '.'};
        if (blanks)
            t->text = without(a, t->text, ' ');
        if (marked)
            t->marked = marked_of(a, t->original);
    }
}

/* The key of an abbreviation of `n` words; the short ones by their very letters. Empty if it is too long for one. */
static struct str word_key(const struct tokens *t, size_t from, size_t n, char buffer[WORD_KEY])
{
    const struct token *first = &t->v[from];
    size_t length = 0;
    if (n == 1 && first->text.n <= SHORT_LETTERS) {
        struct str letters = first->dot ? first->text : first->original;
        if (letters.n + 1 >= WORD_KEY)
            return S("");
        buffer[first->dot ? letters.n : 0] = first->dot ? '.' : '=';
        memcpy(buffer + !first->dot, letters.p, letters.n);
        return (struct str){buffer, letters.n + 1};
    }
    for (size_t i = 0; i < n; i++) {
        struct str word = t->v[from + i].text;
        if (length + word.n + 1 > WORD_KEY)
            return S("");
        if (i)
            buffer[length++] = ' ';
        memcpy(buffer + length, word.p, word.n);
        length += word.n;
    }
    return (struct str){buffer, length};
}

/* A bit for how a word begins, '&' aside. */
static uint64_t shape_of(struct str word)
{
    char second = word.n > 1 ? word.p[word.p[1] == '&' && word.n > 2 ? 2 : 1] : 0;
    return (uint64_t)1 << (((unsigned char)word.p[0] * 5 + (unsigned char)second) & 63);
}

/* Index of the abbreviation that `n` words at `from` are, or UINT32_MAX. */
static uint32_t word_at(const struct org_catalogue *catalogue, const struct tokens *t, size_t from, size_t n)
{
    char buffer[WORD_KEY];
    if (from + n > t->n || !(catalogue->word_shapes[n - 1] & shape_of(t->v[from].text)))
        return UINT32_MAX;
    struct str key = word_key(t, from, n, buffer);
    return key.n ? org_map_get(&catalogue->words, key) : UINT32_MAX;
}

/* The words of `t`, abbreviations written out if `expand`. */
static void join_all(struct ctx *c, const struct org_catalogue *catalogue, struct joined *j, const struct tokens *t,
                     bool expand, bool marked)
{
    const struct org_word *words = ORG_WORDS(catalogue);
    j->n = 0;
    j->failed = false;
    for (size_t i = 0, used; i < t->n; i += used) {
        uint32_t alone = word_at(catalogue, t, i, 1), w = UINT32_MAX;
        used = 1;
        for (size_t n = catalogue->word_tokens; expand && n > 1 && w == UINT32_MAX; n--)
            if ((w = word_at(catalogue, t, i, n)) != UINT32_MAX)
                used = n;
        w = w == UINT32_MAX ? alone : w;
        bool known = w != UINT32_MAX;
        if (known && !words[w].full.n)
            continue; /* it does not count */
        struct str rest = marked ? t->v[i].marked : t->v[i].text, part;
        if (known && expand)
            join(j, marked ? org_normal(c, catalogue, words[w].full, false, true) : catalogue->word_forms[w]);
        else
            while (str_cut(&rest, '&', &part)) /* of no abbreviation, '&' is only a way to write "và" */
                join(j, str_trim(part));
    }
}

static struct str joined_str(const struct joined *j)
{
    return j->failed ? S("") : (struct str){j->text, j->n};
}

static bool is_nameable(struct str name)
{
    return name.n && name.n <= NAME_MAX_BYTES && str_is_utf8(name, NULL);
}

struct str org_normal(struct ctx *c, const struct org_catalogue *catalogue, struct str name, bool expand, bool marked)
{
    struct tokens t;
    struct joined j;
    if (!is_nameable(name))
        return S("");
    tokenise(c->arena, viet_nfc(c->arena, name), marked, &t);
    join_all(c, catalogue, &j, &t, expand, marked);
    return str_dup(c->arena, joined_str(&j));
}

bool org_word_found(struct ctx *c, const struct org_catalogue *catalogue, size_t i)
{
    struct tokens t;
    tokenise(c->arena, ORG_WORDS(catalogue)[i].word, false, &t);
    return t.n && t.n <= WORD_TOKENS && word_at(catalogue, &t, 0, t.n) == i;
}

/* ---- index ---- */

static void add_key(struct ctx *c, struct org_catalogue *catalogue, struct str key, struct org_name name)
{
    if (!key.n)
        return;
    uint32_t *first = org_map_put(c->arena, &catalogue->names, key);
    for (uint32_t i = *first; i; i = catalogue->name_list.v[i - 1].next) {
        const struct org_name *other = &catalogue->name_list.v[i - 1];
        if (other->row == name.row && other->valid_from == name.valid_from && other->valid_to == name.valid_to)
            return;
    }
    name.next = *first;
    *PUSH(c->arena, &catalogue->name_list) = name;
    *first = (uint32_t)catalogue->name_list.n;
}

static void add_name(struct ctx *c, struct org_catalogue *catalogue, struct org_name name)
{
    struct tokens t;
    struct joined plain, full;
    if (!is_nameable(name.text))
        return;
    struct arena_mark mark = arena_mark(c->arena);
    tokenise(c->arena, name.text, false, &t);
    join_all(c, catalogue, &plain, &t, false, false);
    join_all(c, catalogue, &full, &t, true, false);
    arena_rewind(c->arena, mark);
    add_key(c, catalogue, str_dup(c->arena, joined_str(&plain)), name);
    if (!str_eq(joined_str(&plain), joined_str(&full)))
        add_key(c, catalogue, str_dup(c->arena, joined_str(&full)), name);
}

static void index_words(struct ctx *c, struct org_catalogue *catalogue)
{
    size_t n = catalogue->rows[ORG_T_WORD].n;
    struct tokens t;
    char buffer[WORD_KEY];
    for (size_t i = 0; i < n; i++) {
        tokenise(c->arena, ORG_WORDS(catalogue)[i].word, false, &t);
        struct str key = t.n && t.n <= WORD_TOKENS ? str_dup(c->arena, word_key(&t, 0, t.n, buffer)) : S("");
        if (!key.n)
            continue; /* the check tells of it */
        catalogue->word_shapes[t.n - 1] |= shape_of(t.v[0].text);
        catalogue->word_tokens = t.n > catalogue->word_tokens ? t.n : catalogue->word_tokens;
        const struct str keys[2] = {key, without(c->arena, key, '&')};
        for (int k = 0; k < 2; k++) {
            uint32_t *slot = org_map_put(c->arena, &catalogue->words, keys[k]);
            *slot = *slot ? *slot : (uint32_t)i + 1;
        }
    }
    /* Once all words that do not count are known. */
    catalogue->word_forms = NEWN(c->arena, struct str, n + 1);
    for (size_t i = 0; i < n; i++)
        catalogue->word_forms[i] = org_normal(c, catalogue, ORG_WORDS(catalogue)[i].full, false, false);
}

static void index_aliases(struct ctx *c, struct org_catalogue *catalogue)
{
    for (size_t i = 0; i < catalogue->rows[ORG_T_ALIAS].n; i++) {
        const struct org_alias *a = &ORG_ALIASES(catalogue)[i];
        uint32_t at = org_map_get(&catalogue->codes, a->code);
        int32_t from, to;
        if (at == UINT32_MAX || !org_dates(catalogue, a->code, &from, &to))
            continue; /* the check tells of it */
        const struct org_thing *thing = &catalogue->things.v[at];
        add_name(c, catalogue,
                 (struct org_name){a->alias, thing->kind, thing->row, a->code,
                                   a->valid_from == DAY_NONE ? from : a->valid_from,
                                   a->valid_to == DAY_NONE ? to : a->valid_to, &a->origin, 0});
    }
}

void org_index_names(struct ctx *c, struct org_catalogue *catalogue)
{
    index_words(c, catalogue);
    for (size_t i = 0; i < catalogue->rows[ORG_T_UNIT].n; i++) {
        const struct org_unit *u = &ORG_UNITS(catalogue)[i];
        struct org_name name = {u->name, ORG_UNIT, u, u->code, u->valid_from, u->valid_to, &u->origin, 0};
        add_name(c, catalogue, name);
        name.text = u->short_name;
        add_name(c, catalogue, name);
    }
    for (size_t i = 0; i < catalogue->rows[ORG_T_GROUP].n; i++) {
        const struct org_group *g = &ORG_GROUPS(catalogue)[i];
        add_name(c, catalogue,
                 (struct org_name){g->name, ORG_GROUP, g, g->code, g->valid_from, g->valid_to, &g->origin, 0});
    }
    for (size_t i = 0; i < catalogue->rows[ORG_T_AREA].n; i++) {
        const struct org_area *a = &ORG_AREAS(catalogue)[i];
        struct str name = org_area_name(catalogue, c, a);
        add_name(c, catalogue,
                 (struct org_name){name, ORG_AREA, a, a->code, a->valid_from, a->valid_to, &a->origin, 0});
    }
    index_aliases(c, catalogue);
}

/* ---- looking up ---- */

struct query {
    struct ctx *c;
    const struct org_catalogue *catalogue;
    struct str text;
    int32_t day;
    bool any_day;
};

/* The one entry of `key` that fits, or NULL. */
static const struct org_name *entry_of(const struct query *q, struct str key)
{
    const struct org_catalogue *catalogue = q->catalogue;
    uint32_t first = org_map_get(&catalogue->names, key);
    const struct org_name *found = NULL;
    bool several = false;
    for (uint32_t i = first + 1; i; i = catalogue->name_list.v[i - 1].next) {
        const struct org_name *e = &catalogue->name_list.v[i - 1];
        if (!q->any_day && !org_exists(e->valid_from, e->valid_to, q->day))
            continue;
        several |= found && found->row != e->row;
        found = e;
    }
    if (!several)
        return found;
    struct str marked = org_normal(q->c, catalogue, q->text, true, true);
    found = NULL;
    several = false;
    for (uint32_t i = first + 1; i; i = catalogue->name_list.v[i - 1].next) {
        const struct org_name *e = &catalogue->name_list.v[i - 1];
        if ((!q->any_day && !org_exists(e->valid_from, e->valid_to, q->day)) ||
            !str_starts(marked, org_normal(q->c, catalogue, e->text, true, true)))
            continue;
        several |= found && found->row != e->row;
        found = e;
    }
    return several ? NULL : found;
}

/* The province itself, where there is one on that day: its name adds nothing to the name of a body. */
static const struct org_area *province(const struct query *q)
{
    const struct org_area *found = NULL;
    for (size_t i = 0; i < q->catalogue->rows[ORG_T_AREA].n; i++) {
        const struct org_area *a = &ORG_AREAS(q->catalogue)[i];
        if (a->parent.n || !org_exists(a->valid_from, a->valid_to, q->day))
            continue;
        if (found)
            return NULL;
        found = a;
    }
    return found;
}

static bool take_off(struct str *s, struct str tail)
{
    if (!tail.n || s->n <= tail.n || !str_ends(*s, tail) || s->p[s->n - tail.n - 1] != ' ')
        return false;
    *s = str_slice(*s, 0, s->n - tail.n - 1);
    return true;
}

/* "X", then "X tỉnh Ninh Bình" as "X tỉnh" and as "X". */
static const struct org_name *entry_near(const struct query *q, struct str key, const struct org_area *place)
{
    const struct org_name *found = key.n ? entry_of(q, key) : NULL;
    if (found || !place || !key.n)
        return found;
    const struct org_kind *kind = org_kind(q->catalogue, place->kind);
    struct str word = org_normal(q->c, q->catalogue, kind ? kind->name : S(""), false, false);
    struct str name = org_normal(q->c, q->catalogue, place->name, false, false);
    if (take_off(&key, name)) {
        take_off(&key, word);
        found = entry_of(q, str_fmt(q->c->arena, "%.*s %.*s", ARGS(key), ARGS(word)));
        return found ? found : entry_of(q, key);
    }
    return take_off(&key, word) ? entry_of(q, key) : NULL;
}

static struct org_match match_of(struct ctx *c, const struct org_catalogue *catalogue, const struct org_name *e)
{
    const struct org_unit *unit = e->row;
    const struct org_group *group = e->row;
    struct str name = e->kind == ORG_UNIT    ? unit->name
                      : e->kind == ORG_GROUP ? group->name
                                             : org_area_name(catalogue, c, e->row);
    return (struct org_match){e->kind, e->code, name};
}

static const struct org_name *find(struct query *q)
{
    struct tokens t;
    struct joined forms[2];
    if (!is_nameable(q->text))
        return NULL;
    tokenise(q->c->arena, viet_nfc(q->c->arena, q->text), false, &t);
    for (int k = 0; k < 2; k++)
        join_all(q->c, q->catalogue, &forms[k], &t, k, false);
    const struct org_area *place = province(q);
    for (int pass = 0; pass < 2; pass++) {
        q->any_day = pass;
        for (int k = 0; k < 2; k++) {
            const struct org_name *e = entry_near(q, joined_str(&forms[k]), place);
            if (e)
                return e;
        }
    }
    return NULL;
}

struct org_match org_resolve_at(const struct org_catalogue *catalogue, struct ctx *c, struct str name, int32_t day)
{
    struct query q = {.c = c, .catalogue = catalogue, .text = name, .day = day};
    struct arena_mark mark = arena_mark(c->arena);
    const struct org_name *e = find(&q);
    arena_rewind(c->arena, mark);
    return e ? match_of(c, catalogue, e) : (struct org_match){.kind = ORG_UNKNOWN};
}

struct org_match org_resolve(const struct org_catalogue *catalogue, struct ctx *c, struct str name)
{
    return org_resolve_at(catalogue, c, name, day_of_moment(ctx_now(c)));
}
