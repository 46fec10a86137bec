/* Any bytes as a document, and texts made of the pieces of plans, as text, as Markdown and as ready blocks: every path
 * is unique and begins with its parent's; clauses stand in the order of the document; every letter and figure of it,
 * the markers aside, stands in exactly one paragraph or heading, in order; every table hangs on one clause; reading
 * twice gives the same. max_len=512 */
#include "fuzz/fuzz.h"

#include "base/out.h"
#include "document/reader.h"
#include "domain/plan/outline.h"

#include <stdlib.h>

#include "base/banned.h"

static struct str compose(struct arena *a, const uint8_t *data, size_t n)
{
    static const struct str pieces[] = {
        S0("\n"),
        S0("\n\n"),
        S0("\n"),
        S0("\f"),
        S0("\nPHẦN A "),
        S0("\nI. "),
        S0("\nII. "),
        S0("\nIII- "),
        S0("\n1. "),
        S0("\n2. "),
        S0("\n1.1. "),
        S0("\n1.2 "),
        S0("\n2.1. "),
        S0("\n1.1.1. "),
        S0("\n4.5.1. "),
        S0("\n1) "),
        S0("\n(1) "),
        S0(". (2) "),
        S0("; (3) "),
        S0("\na) "),
        S0("\nb) "),
        S0("\nđ) "),
        S0("\n- "),
        S0("\n+ "),
        S0("\n  - "),
        S0("\n* "),
        S0("\nĐiều 3. "),
        S0("\nChương II "),
        S0("\nMục 1. "),
        S0("\nPhụ lục I\n"),
        S0("\nA. "),
        S0("\nPhần thứ hai: "),
        S0("\n# "),
        S0("\n## "),
        S0("\n12\n"),
        S0("\n- 7 -\n"),
        S0("\nNơi nhận:\n"),
        S0("\nT/M BAN THƯỜNG VỤ\n"),
        S0("\nTrên đây là Kế hoạch"),
        S0("\nKẾ HOẠCH\n"),
        S0("\nDANH MỤC NHIỆM VỤ\n"),
        S0("\n| TT | Nhiệm vụ | Chủ trì |\n|---|---|---|\n| 1 | Việc | Sở X |\n"),
        S0("MỤC TIÊU "),
        S0("NHIỆM VỤ CHỦ YẾU "),
        S0("UBND tỉnh "),
        S0("Phấn đấu đạt "),
        S0("xây dựng Đề án "),
        S0("kinh tế số và "),
        S0("trong quý "),
        S0("II/2026 "),
        S0("5.000 người"),
        S0("57-NQ/TW"),
        S0("các "),
        S0("đạt"),
        S0(". "),
        S0("; "),
        S0(": "),
        S0(", "),
        S0("*Cơ quan chủ trì:* "),
        S0("**"),
        S0("”"),
        S0("ngày"),
        S0("V"),
        S0("2. "),
        S0("một đoạn dài của văn bản được ngắt dòng ở giữa câu để nối lại với dòng sau "),
        S0("o "),
        S0("Phấn "),
        S0(" ")};
    return fuzz_compose(a, data, n, pieces, sizeof pieces / sizeof *pieces);
}

/* The same blocks; with `kinds`, every line as a block of the kind that a byte says. */
static void blocks_of(struct ctx *c, const struct document *lines, const uint8_t *kinds, size_t n, struct document *ret)
{
    static const struct {
        enum block_kind kind;
        const char *marker;
    } forms[] = {{BLOCK_LINE, ""},     {BLOCK_PARAGRAPH, ""},  {BLOCK_HEADING, ""},
                 {BLOCK_ITEM, "-"},    {BLOCK_ITEM, "1."},     {BLOCK_ITEM, "a)"},
                 {BLOCK_ITEM, "1.2."}, {BLOCK_HEADING, "II."}, {BLOCK_PARAGRAPH, "3."}};
    *ret = *lines;
    ret->blocks = NEWN(c->arena, struct block, lines->n + 1);
    for (size_t i = 0; i < lines->n; i++) {
        struct block *b = &ret->blocks[i];
        *b = lines->blocks[i];
        b->line = (unsigned)i + 1; /* a page break may stand within a line: each has its own here, to be told apart */
        if (b->kind != BLOCK_LINE || !n)
            continue;
        uint8_t byte = kinds[i % n];
        b->kind = forms[byte % 9].kind;
        b->marker = str_of(forms[byte % 9].marker);
        b->level = b->kind == BLOCK_HEADING ? 1u + byte / 9 % 9 : byte / 9 % 3;
        b->bold = byte >= 200;
    }
}

static void put_letters(struct out *o, struct str s)
{
    for (size_t at = 0; at < s.n;) {
        size_t from = at;
        uint32_t r = str_rune(s, &at);
        if ((r >= '0' && r <= '9') || ((r | 32) >= 'a' && (r | 32) <= 'z') || (r >= 0xc0 && r < 0x250) ||
            (r >= 0x1e00 && r < 0x1f00))
            out_put(o, str_slice(s, from, at));
    }
}

static struct str letters(struct ctx *c, struct str s)
{
    struct out o;
    out_init(&o, c->arena, SIZE_MAX);
    put_letters(&o, s);
    return out_str(&o);
}

/* One stretch of the outline's text: where it begins, whether a marker was cut off before it. */
struct stretch {
    struct str text;
    const struct node *node; /* whose first words these are; NULL for any other */
    unsigned line, order;
};
struct stretches {
    struct stretch *v;
    size_t n, cap;
};

static int in_order(const void *a, const void *b)
{
    const struct stretch *x = a, *y = b;
    if (x->line != y->line)
        return x->line < y->line ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

static void put(struct ctx *c, struct stretches *all, struct str text, unsigned line, const struct node *node)
{
    *PUSH(c->arena, all) = (struct stretch){text, node, line, (unsigned)all->n};
}

static struct stretches stretches_of(struct ctx *c, const struct outline *o)
{
    struct stretches all = {0};
    for (size_t i = 0; i < o->root->paragraphs.n; i++)
        put(c, &all, o->root->paragraphs.v[i].text, o->root->paragraphs.v[i].line, NULL);
    for (size_t i = 0; i < o->n; i++) {
        const struct node *n = o->nodes[i];
        put(c, &all, S(""), n->line, n);
        if (n->title.n)
            put(c, &all, n->title, n->title_line, NULL);
        for (size_t p = 0; p < n->paragraphs.n; p++)
            put(c, &all, n->paragraphs.v[p].text, n->paragraphs.v[p].line, NULL);
    }
    for (size_t i = 0; i < o->n_tail; i++)
        put(c, &all, o->tail[i].text, o->tail[i].line, NULL);
    if (all.n)
        qsort(all.v, all.n, sizeof *all.v, in_order);
    return all;
}

static struct str whole_text(struct ctx *c, const struct block *b)
{
    return b->marker.n ? str_fmt(c->arena, "%.*s %.*s", ARGS(b->marker), ARGS(b->text)) : b->text;
}

static bool may_be_page_number(const struct block *b, struct str letters)
{
    bool digits = (b->kind == BLOCK_LINE || b->kind == BLOCK_ITEM) && letters.n <= 3;
    for (size_t i = 0; i < letters.n; i++)
        digits &= letters.p[i] >= '0' && letters.p[i] <= '9';
    return digits;
}

/* Do the letters of blocks [at, end) make up `got`, page numbers left out where it must be? */
static bool same_letters(struct ctx *c, const struct document *d, size_t at, size_t end, size_t skip, struct str got,
                         unsigned *budget)
{
    for (; at < end; at++, skip = 0) {
        const struct block *b = &d->blocks[at];
        if (b->kind == BLOCK_BLANK || b->kind == BLOCK_PAGE || b->kind == BLOCK_ROW)
            continue;
        struct str want = letters(c, str_skip(whole_text(c, b), skip));
        if (may_be_page_number(b, want)) {
            if (!*budget)
                return true;
            --*budget;
            if (same_letters(c, d, at + 1, end, 0, got, budget))
                return true;
        }
        if (!str_starts(got, want))
            return false;
        got = str_skip(got, want.n);
    }
    return got.n == 0;
}

/* The blocks from `at` to `end` against the stretches that begin there. */
static bool nothing_lost_between(struct ctx *c, const struct document *d, size_t at, size_t end,
                                 const struct stretch *v, size_t n)
{
    struct out got;
    out_init(&got, c->arena, SIZE_MAX);
    const struct node *first = NULL;
    for (size_t i = 0; i < n; i++) {
        if (v[i].node && !first)
            first = v[i].node;
        else if (v[i].node) /* "(2)" inside the paragraph is a clause of its own */
            put_letters(&got, v[i].node->marker.text);
        put_letters(&got, v[i].text);
    }
    struct str text = whole_text(c, &d->blocks[at]);
    size_t marker = marker_read(c, text).length;
    size_t skips[] = {first ? first->marker.length : 0, first ? first->marker.length : marker};
    for (size_t k = 0; k < 2; k++) {
        unsigned budget = 200;
        if (same_letters(c, d, at, end, skips[k], out_str(&got), &budget))
            return true;
    }
    return false;
}

static bool is_text(const struct block *b)
{
    return b->kind != BLOCK_BLANK && b->kind != BLOCK_PAGE && b->kind != BLOCK_ROW;
}

/* The blocks from `block` to where stretch `next` begins. */
static size_t end_of_stretch(const struct document *d, const struct stretches *all, size_t block, size_t next)
{
    size_t end = block;
    while (end < d->n && (next == all->n || !is_text(&d->blocks[end]) || d->blocks[end].line < all->v[next].line))
        end++;
    return end;
}

static void check_text(struct ctx *c, const struct document *d, const struct outline *o)
{
    struct stretches all = stretches_of(c, o);
    size_t block = 0;
    for (size_t i = 0; i < all.n;) {
        size_t next = i;
        while (next < all.n && all.v[next].line == all.v[i].line)
            next++;
        /* Before the first stretch nothing but page numbers. */
        while (i == 0 && block < d->n && (!is_text(&d->blocks[block]) || d->blocks[block].line < all.v[0].line)) {
            struct str lost = letters(c, whole_text(c, &d->blocks[block]));
            HOLDS(!is_text(&d->blocks[block]) || !lost.n || may_be_page_number(&d->blocks[block], lost));
            block++;
        }
        HOLDS(block < d->n && d->blocks[block].line == all.v[i].line);
        size_t end = end_of_stretch(d, &all, block, next);
        HOLDS(nothing_lost_between(c, d, block, end, all.v + i, next - i));
        block = end;
        i = next;
    }
}

/* Parents, children, siblings and the list of nodes tell of one tree in the order of the document. */
static size_t check_tree(const struct outline *o, const struct node *n, size_t at, unsigned depth)
{
    HOLDS(depth <= 40);
    HOLDS(n->child || !n->last);
    for (const struct node *k = n->child; k; k = k->next) {
        HOLDS(at < o->n && o->nodes[at] == k && k->parent == n);
        HOLDS(k->next || n->last == k);
        at = check_tree(o, k, at + 1, depth + 1);
    }
    return at;
}

static int by_path(const void *a, const void *b)
{
    return str_cmp((*(struct node *const *)a)->path, (*(struct node *const *)b)->path);
}

static void check_paths(struct ctx *c, const struct outline *o)
{
    HOLDS(o->root->path.n == 0 && !o->root->parent && o->root->marker.kind == MARKER_NONE);
    struct node **sorted = NEWN(c->arena, struct node *, o->n + 1);
    unsigned line = 0;
    for (size_t i = 0; i < o->n; i++) {
        struct node *n = sorted[i] = o->nodes[i];
        struct str path = n->path, above = n->parent->path;
        HOLDS(n->line >= line && n->marker.kind != MARKER_NONE);
        line = n->line;
        HOLDS(path.n > above.n && str_starts(path, above) && str_is_utf8(path, NULL));
        HOLDS(!above.n || strchr(".-", path.p[above.n]));
        HOLDS(n->repeated == (memchr(path.p + above.n, '~', path.n - above.n) != NULL));
        HOLDS(!n->title.n || (n->is_heading && n->title_line >= n->line));
    }
    qsort(sorted, o->n, sizeof *sorted, by_path);
    for (size_t i = 1; i < o->n; i++)
        HOLDS(!str_eq(sorted[i - 1]->path, sorted[i]->path));
}

static void check_tables(struct ctx *c, const struct document *d, const struct outline *o)
{
    unsigned last = 0;
    for (size_t i = 0; i < d->n; i++)
        if (d->blocks[i].kind == BLOCK_ROW)
            last = d->blocks[i].table > last ? d->blocks[i].table : last;
    unsigned *seen = NEWN(c->arena, unsigned, (size_t)last + 1), total = 0;
    for (size_t i = 0; i <= o->n; i++) {
        const struct node *n = i ? o->nodes[i - 1] : o->root;
        for (size_t k = 0; k < n->tables.n; k++, total++)
            HOLDS(n->tables.v[k] > 0 && n->tables.v[k] <= last && !seen[n->tables.v[k]]++);
    }
    HOLDS(o->n_tail || total == last);
}

static void check_same(const struct outline *a, const struct outline *b)
{
    HOLDS(a->n == b->n && a->n_tail == b->n_tail && a->attached == b->attached);
    for (size_t i = 0; i < a->n; i++) {
        const struct node *x = a->nodes[i], *y = b->nodes[i];
        HOLDS(str_eq(x->path, y->path) && str_eq(x->title, y->title) && x->paragraphs.n == y->paragraphs.n);
        for (size_t p = 0; p < x->paragraphs.n; p++)
            HOLDS(str_eq(x->paragraphs.v[p].text, y->paragraphs.v[p].text));
    }
}

static void check(struct ctx *c, const struct document *d)
{
    struct outline o, again;
    if (outline_read(c, d, &o))
        return;
    HOLDS(check_tree(&o, o.root, 0, 0) == o.n);
    check_paths(c, &o);
    check_tables(c, d, &o);
    check_text(c, d, &o);
    HOLDS(!outline_read(c, d, &again));
    check_same(&o, &again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n < 2)
        return 0;
    struct arena arena;
    struct ctx c = fuzz_ctx(&arena);
    uint8_t how = data[0];
    struct str content = {(const char *)data + 1, n - 1};
    if (how & 1)
        content = compose(&arena, data + 1, n - 1);
    struct document d, made;
    if (document_parse_words(&c, content, how & 2 ? S("a.md") : S("a.txt"), S(""), &d) == OK &&
        d.kind != DOCUMENT_DOCX) {
        blocks_of(&c, &d, data + 1, how & 4 ? n - 1 : 0, &made);
        check(&c, &made);
    }
    arena_reset(&arena);
    return 0;
}
