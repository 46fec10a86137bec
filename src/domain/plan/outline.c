#include "domain/plan/outline.h"

#include "base/viet.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum { NODES_MAX = 100000, DEPTH_MAX = 24 };

/* A paragraph before it has a place: lines joined, marker read. */
struct piece {
    struct str text; /* without its marker */
    struct str sign; /* its marker as written: "1.", "(2)", "Phụ lục I." */
    struct marker marker;
    unsigned line, table, heading, columns; /* columns: of a table's first row */
    bool set_apart;                         /* bold or a heading by the document's own word */
};

struct pieces {
    struct piece *v;
    size_t n, cap;
};

/* --- joining lines --- */

struct joiner {
    struct ctx *c;
    struct pieces *pieces;
    struct {
        struct str *v;
        size_t n, cap;
    } parts;           /* lines of the paragraph being built */
    struct piece open; /* its start; parts.n == 0: none is open */
    unsigned last_indent;
    size_t last_length, wrap;           /* wrap: usual length of a full line, 0 if lines are whole paragraphs */
    bool gap;                           /* an empty line or a page break since the last line */
    unsigned value_of[MARKER_DASH + 1]; /* last value seen of each kind, to tell a clause from a number in a sentence */
};

static int by_size(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

static size_t usual_width(struct ctx *c, const struct document *d)
{
    size_t *lengths = NEWN(c->arena, size_t, d->n + 1), n = 0;
    for (size_t i = 0; i < d->n; i++)
        if (d->blocks[i].kind == BLOCK_LINE && d->blocks[i].text.n > 20)
            lengths[n++] = d->blocks[i].text.n;
    if (n < 8)
        return 0;
    qsort(lengths, n, sizeof *lengths, by_size);
    size_t width = lengths[n * 9 / 10];
    return width <= 220 ? width : 0;
}

static struct str without_closing(struct str s)
{
    static const char *const closing[] = {"\"", "'", "”", "’", ")", "]", "*", " "};
    for (bool again = true; again;) {
        again = false;
        for (size_t i = 0; i < sizeof closing / sizeof *closing; i++)
            if (str_ends(s, str_of(closing[i]))) {
                s.n -= strlen(closing[i]);
                again = true;
            }
    }
    return s;
}

static bool sentence_ended(struct str s)
{
    s = without_closing(s);
    return s.n == 0 || strchr(".;:!?", s.p[s.n - 1]) || str_ends(s, S("…"));
}

/* A small letter, or a sign that cannot open a sentence. */
static bool starts_small(struct str s)
{
    return viet_starts_small(s) || (s.n && strchr(",;)%", s.p[0]));
}

static bool all_capitals(struct str s)
{
    bool any = false;
    for (size_t at = 0; at < s.n;) {
        struct str rest = str_skip(s, at);
        uint32_t r = str_rune(s, &at);
        if (r < 0x80 ? (r >= 'a' && r <= 'z') : viet_starts_small(rest))
            return false;
        any |= r >= 'A' && r <= 'Z';
    }
    return any;
}

static bool ends_with_any(struct str s, const char *const *words)
{
    for (; *words; words++)
        if (str_ends(s, str_of(*words)))
            return true;
    return false;
}

/* A line that breaks off at a word that the number of a quarter, a day or a document must follow. */
static bool wants_number(struct str s)
{
    static const char *const words[] = {" quý",    "Quý",      " tháng",  " ngày",    " khoản",
                                        " Điều",   "quyết số", "định số", "hoạch số", "thị số",
                                        "luận số", "án số",    "thư số",  "trình số", NULL};
    return ends_with_any(s, words);
}

/* A line that breaks off at a word that cannot end a sentence. Marks matter: "đầu tư" can, "từ" cannot. */
static bool hangs(struct str s)
{
    static const char *const words[] = {",",      " -",     "–",     " và",   " của", " các", " với",
                                        " trong", " cho",   " tại",  " hoặc", " đến", " về",  " theo",
                                        " nhằm",  " những", " bằng", " từ",   " do",  NULL};
    return ends_with_any(s, words) || wants_number(s);
}

/* A line that breaks off before a figure: "Tỷ trọng kinh tế số đạt". */
static bool wants_figure(struct str s)
{
    static const char *const words[] = {" đạt", " trên", " dưới",  " ít nhất", " tối thiểu", " khoảng", " là",
                                        " có",  " năm",  " hơn",   " tối đa",  " chiếm",     " tăng",   " giảm",
                                        " mức", " gồm",  " thiểu", " nhất",    NULL};
    return ends_with_any(s, words) || hangs(s);
}

/* What closes a document: receivers, signature, "Trên đây là Kế hoạch …". */
static bool starts_tail(struct ctx *c, struct str text)
{
    enum { SIGNATURE_MAX = 200, CLOSING_MAX = 900 };
    static const char *const signatures[] = {"T/M ", "TM. ", "TM.", "KT. ", "KT.", "T/L ", "TL. ", "TUQ. ", NULL};
    if (text.n > CLOSING_MAX || !text.n || !strchr("NTK*_(", text.p[0]))
        return false;
    struct str f = viet_fold_text(c->arena, text);
    if (str_starts(f, S("tren day la ")))
        return true;
    if (text.n > SIGNATURE_MAX)
        return false;
    for (const char *const *w = signatures; *w; w++)
        if (str_starts(text, str_of(*w)))
            return true;
    return str_starts(f, S("noi nhan"));
}

/* Does `line`, which carries no marker, go on with the paragraph that is open? */
static bool goes_on(struct joiner *j, const struct block *b)
{
    struct str last = j->parts.v[j->parts.n - 1];
    bool ended = sentence_ended(last), capitals = all_capitals(b->text);
    if (starts_tail(j->c, b->text))
        return false;
    if (j->gap)
        return !ended && !all_capitals(last) && (starts_small(b->text) || hangs(last));
    if (starts_small(b->text) && !ended)
        return true;
    bool figure = b->text.p[0] >= '0' && b->text.p[0] <= '9';
    if (!ended && (figure ? wants_figure(last) : hangs(last)))
        return true;
    if (all_capitals(last) != capitals)
        return false;
    if (!j->wrap)
        return false;
    if (capitals)
        return !ended;
    if (ended)
        return j->last_length >= j->wrap * 85 / 100 && b->indent <= j->last_indent && !str_ends(last, S(":"));
    return j->last_length >= j->wrap * 6 / 10;
}

/* "(1) … (2) …" in one paragraph: each is a clause of its own. */
static void part_enumeration(struct joiner *j)
{
    unsigned next = j->open.marker.value + 1;
    struct str rest = j->open.text;
    for (size_t at = 0; next < 100;) {
        struct str sign = str_fmt(j->c->arena, "(%u) ", next);
        size_t hit = str_find(rest, sign, at);
        if (hit == SIZE_MAX)
            break;
        at = hit + sign.n;
        if (hit < 2 || rest.p[hit - 1] != ' ' || !strchr(".;,", rest.p[hit - 2]))
            continue;
        j->open.text = str_trim(str_slice(rest, 0, hit));
        *PUSH(j->c->arena, j->pieces) = j->open;
        j->open.marker.value = next;
        j->open.marker.text = str_fmt(j->c->arena, "%u", next);
        j->open.sign = str_trim(sign);
        rest = str_skip(rest, at);
        j->open.text = str_trim(rest);
        at = 0;
        next++;
    }
}

static void close_piece(struct joiner *j)
{
    if (!j->parts.n)
        return;
    j->open.text = str_trim(str_join(j->c->arena, j->parts.v, j->parts.n, S(" ")));
    if (j->open.marker.kind == MARKER_NUMBER && j->open.marker.end == '(' && j->open.marker.value == 1)
        part_enumeration(j);
    *PUSH(j->c->arena, j->pieces) = j->open;
    j->parts.n = 0;
}

static void open_piece(struct joiner *j, const struct block *b, struct str text, struct marker m)
{
    close_piece(j);
    j->open = (struct piece){.sign = str_trim(str_slice(text, 0, m.length)),
                             .marker = m,
                             .line = b->line,
                             .heading = b->kind == BLOCK_HEADING ? b->level : 0,
                             .set_apart = b->bold || b->kind == BLOCK_HEADING};
    *PUSH(j->c->arena, &j->parts) = str_skip(text, m.length);
    if (m.kind)
        j->value_of[m.kind] = m.value;
}

/* In the middle of a hard-wrapped sentence a number at the start of a line is a clause only if it is the one expected.
 */
static bool believable(struct joiner *j, struct marker m, struct str text)
{
    if (!j->parts.n || j->gap)
        return true;
    struct str last = j->parts.v[j->parts.n - 1];
    if ((m.kind == MARKER_ROMAN || m.kind == MARKER_NUMBER) && wants_number(last))
        return false;
    if (sentence_ended(last) || all_capitals(last))
        return true;
    if (m.kind == MARKER_DASH)
        return !starts_small(str_skip(text, m.length));
    if (!j->wrap || j->last_length < j->wrap * 6 / 10)
        return true;
    return m.depth > 1 || m.value == j->value_of[m.kind] + 1 || m.value == 1;
}

static bool is_page_number(struct str s)
{
    if (s.n > 2 && s.p[0] == '-' && s.p[s.n - 1] == '-')
        s = str_trim(str_slice(s, 1, s.n - 1));
    int64_t n;
    return s.n <= 3 && str_i64(s, &n) && n > 0;
}

static struct str with_marker(struct joiner *j, const struct block *b)
{
    if (!b->marker.n)
        return b->text;
    return str_fmt(j->c->arena, "%.*s %.*s", ARGS(b->marker), ARGS(b->text));
}

static void join_blocks(struct joiner *j, const struct document *d)
{
    for (size_t i = 0; i < d->n; i++) {
        const struct block *b = &d->blocks[i];
        if (b->kind == BLOCK_BLANK || b->kind == BLOCK_PAGE) {
            j->gap = true;
            continue;
        }
        if (b->kind == BLOCK_ROW) {
            close_piece(j);
            bool same = j->pieces->n && j->pieces->v[j->pieces->n - 1].table == b->table;
            if (!same)
                *PUSH(j->c->arena, j->pieces) =
                    (struct piece){.line = b->line, .table = b->table, .columns = (unsigned)b->n_cells};
            continue;
        }
        struct str text = with_marker(j, b);
        if (!str_trim(text).n)
            continue;
        if ((b->kind == BLOCK_LINE || b->kind == BLOCK_ITEM) && is_page_number(text) &&
            (j->gap || i + 1 == d->n || d->blocks[i + 1].kind != BLOCK_LINE)) {
            j->gap = true;
            continue;
        }
        struct marker m = marker_read(j->c, text);
        if (m.kind == MARKER_DASH && b->kind == BLOCK_ITEM)
            m.depth = b->level + 1;
        bool whole = b->kind == BLOCK_PARAGRAPH || b->kind == BLOCK_HEADING;
        if (m.kind && believable(j, m, text))
            open_piece(j, b, text, m);
        else if (j->parts.n && b->kind != BLOCK_HEADING && !(whole && !j->gap && !starts_small(text)) && goes_on(j, b))
            *PUSH(j->c->arena, &j->parts) = str_trim(text);
        else
            open_piece(j, b, text, (struct marker){0});
        j->gap = whole && b->kind != BLOCK_LINE;
        j->last_length = text.n;
        j->last_indent = b->indent;
    }
    close_piece(j);
}

/* --- the tree --- */

static bool is_list_kind(enum marker_kind kind)
{
    return kind == MARKER_NUMBER || kind == MARKER_LETTER || kind == MARKER_DASH;
}

static bool same_class(const struct marker *a, const struct marker *b)
{
    return a->kind == b->kind && a->depth == b->depth &&
           (a->kind != MARKER_NUMBER || a->depth > 1 || a->end == b->end) &&
           (a->kind != MARKER_DASH || a->end == b->end);
}

static struct node *ancestor_of_class(struct node *n, const struct marker *m)
{
    for (; n; n = n->parent)
        if (same_class(&n->marker, m))
            return n;
    return NULL;
}

static struct node *ancestor_section(struct node *n)
{
    while (n->parent && is_list_kind(n->marker.kind))
        n = n->parent;
    return n;
}

static struct node *ancestor_not_dash(struct node *n)
{
    while (n->parent && n->marker.kind == MARKER_DASH)
        n = n->parent;
    return n;
}

/* What "1.2.3" says below "1.2": "3"; empty if it does not stand below it. */
static struct str below_number(struct str above, struct str number)
{
    bool below = number.n > above.n + 1 && str_starts(number, above) && number.p[above.n] == '.';
    return below ? str_skip(number, above.n + 1) : S("");
}

static struct str above_number(struct str number)
{
    while (number.n && number.p[number.n - 1] != '.')
        number.n--;
    return number;
}

/* "1.2" goes on after "1.1", also where "1)" stands between them; else it stands below the nearest "1". */
static struct node *parent_of_number(struct node *at, const struct marker *m)
{
    struct node *sibling = ancestor_of_class(at, m);
    if (sibling && m->value > 1 && str_eq(above_number(sibling->marker.text), above_number(m->text)))
        return sibling->parent;
    for (struct node *n = at; n; n = n->parent)
        if (n->marker.kind == MARKER_NUMBER && below_number(n->marker.text, m->text).n)
            return n;
    struct node *n = sibling ? sibling->parent : ancestor_section(at);
    while (n->marker.kind == MARKER_NUMBER) /* "2.1" is not below "1" */
        n = n->parent;
    return n;
}

static struct node *parent_for(struct node *at, const struct marker *m)
{
    struct node *root = at;
    while (root->parent)
        root = root->parent;
    if (m->kind == MARKER_ANNEX)
        return root;
    if (m->kind == MARKER_NUMBER && m->depth > 1)
        return parent_of_number(at, m);
    struct node *sibling = ancestor_of_class(at, m);
    if (sibling)
        return sibling->parent;
    if (m->kind == MARKER_DASH)
        return at;
    if (is_list_kind(m->kind))
        return ancestor_not_dash(at);
    if (m->value <= 1)
        return ancestor_section(at);
    struct node *n = ancestor_section(at);
    while (n->parent && n->marker.kind >= m->kind)
        n = n->parent;
    return n;
}

static struct str path_for(struct ctx *c, const struct node *parent, const struct marker *m, unsigned dash)
{
    if (m->kind == MARKER_DASH)
        return str_fmt(c->arena, "%.*s-%u", ARGS(parent->path), dash);
    if (!parent->path.n)
        return m->text;
    struct str own = S("");
    if (m->kind == MARKER_NUMBER && parent->marker.kind == MARKER_NUMBER)
        own = below_number(parent->marker.text, m->text);
    return str_fmt(c->arena, "%.*s.%.*s", ARGS(parent->path), ARGS(own.n ? own : m->text));
}

struct builder {
    struct ctx *c;
    struct str name; /* of the document */
    struct {
        struct node **v;
        size_t n, cap;
    } nodes;
    struct {
        struct taken {
            struct str path;
            unsigned again; /* how often it was wanted */
        } * v;
        size_t n, cap;
    } * paths; /* hash table of the paths in use */
    size_t mask;
    struct {
        struct paragraph *v;
        size_t n, cap;
    } tail;
    struct node *root, *at;
    bool started;    /* the first clause has been seen */
    size_t attached; /* paragraphs of the root before those of an attached plan */
    unsigned heading_ordinal[10];
};

static uint64_t hash_of(struct str s)
{
    uint64_t h = 1469598103934665603u;
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * 1099511628211u;
    return h;
}

/* How often a path has been wanted before, this time not counted. */
static unsigned want_path(struct builder *b, struct str path)
{
    size_t slot = hash_of(path) & b->mask;
    for (size_t i = 0; i < b->paths[slot].n; i++)
        if (str_eq(b->paths[slot].v[i].path, path))
            return b->paths[slot].v[i].again++;
    *PUSH(b->c->arena, &b->paths[slot]) = (struct taken){path, 1};
    return 0;
}

static struct node *add_node(struct builder *b, struct node *parent, const struct piece *p)
{
    struct node *n = NEW(b->c->arena, struct node);
    *n = (struct node){.parent = parent, .marker = p->marker, .line = p->line};
    if (p->marker.kind == MARKER_DASH)
        parent->dashes++;
    n->path = path_for(b->c, parent, &p->marker, parent->dashes);
    struct str wanted = n->path;
    for (unsigned before = want_path(b, wanted); before; before = want_path(b, wanted)) {
        n->repeated = true;
        n->path = str_fmt(b->c->arena, "%.*s~%u", ARGS(wanted), before + 1);
        if (!want_path(b, n->path))
            break;
    }
    if (parent->last)
        parent->last->next = n;
    else
        parent->child = n;
    parent->last = n;
    if (p->text.n)
        *PUSH(b->c->arena, &n->paragraphs) = (struct paragraph){p->text, p->line};
    n->is_heading = p->set_apart || all_capitals(p->text);
    *PUSH(b->c->arena, &b->nodes) = n;
    return n;
}

static unsigned depth_of(const struct node *n)
{
    unsigned depth = 0;
    for (; n->parent; n = n->parent)
        depth++;
    return depth;
}

/* Headings without a number are clauses only where the document numbers few of its headings. */
static bool unnumbered_headings_count(const struct pieces *p)
{
    size_t numbered = 0, bare = 0;
    for (size_t i = 0; i < p->n; i++)
        if (p->v[i].heading)
            p->v[i].marker.kind ? numbered++ : bare++;
    return bare > numbered + 1;
}

static bool has_outline_marker(const struct pieces *p)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->v[i].marker.kind && p->v[i].marker.kind != MARKER_DASH && p->v[i].marker.kind != MARKER_LETTER)
            return true;
    return false;
}

/* An unmarked paragraph: goes on with the clause it stands in. After a dash that has ended it is the parent's again. */
static void add_paragraph(struct builder *b, const struct piece *p)
{
    struct node *n = b->at;
    if (n->marker.kind == MARKER_DASH && n->paragraphs.n && sentence_ended(n->paragraphs.v[n->paragraphs.n - 1].text))
        n = n->parent;
    *PUSH(b->c->arena, &n->paragraphs) = (struct paragraph){p->text, p->line};
}

/* After the signature: what the document brings along. A plan of its own ("KẾ HOẠCH" under a decision), or an annex
 * that is not called so ("DANH MỤC NHIỆM VỤ …"). */
enum attachment { ATTACHED_NOTHING, ATTACHED_PLAN, ATTACHED_ANNEX };

static enum attachment attachment_of(struct builder *b, const struct piece *p)
{
    static const char *const plans[] = {"ke hoach", "chuong trinh", "de an", "phuong an", NULL};
    static const char *const annexes[] = {
        "danh muc", "bang ",    "bieu ",    "bo chi tieu", "he thong chi tieu", "phan cong",   "chi tieu",
        "nhiem vu", "tong hop", "lo trinh", "khung ",      "cac nhiem vu",      "bo tieu chi", NULL};
    if (p->marker.kind || p->table || p->text.n < 8 || p->text.n > 400 || !all_capitals(p->text))
        return ATTACHED_NOTHING;
    struct str f = viet_fold_text(b->c->arena, p->text);
    for (const char *const *w = plans; *w; w++)
        if (str_starts(f, str_of(*w)))
            return ATTACHED_PLAN;
    for (const char *const *w = annexes; *w; w++)
        if (str_starts(f, str_of(*w)))
            return ATTACHED_ANNEX;
    return ATTACHED_NOTHING;
}

/* Does the tail end with this piece? Sets what follows up. */
static bool leaves_tail(struct builder *b, struct piece *p)
{
    enum { TABLE_MIN = 3 }; /* columns; a signature has two */
    if (p->marker.kind == MARKER_ANNEX)
        return true;
    if (p->table) {
        if (p->columns >= TABLE_MIN)
            b->at = b->root;
        return p->columns >= TABLE_MIN;
    }
    switch (attachment_of(b, p)) {
    case ATTACHED_PLAN:
        b->at = b->root;
        b->started = false;
        b->attached = b->root->paragraphs.n;
        return true;
    case ATTACHED_ANNEX:
        p->marker = (struct marker){.kind = MARKER_ANNEX, .depth = 1, .end = '.', .text = S("PL")};
        return true;
    default:
        return false;
    }
}

static void number_heading(struct builder *b, struct piece *p)
{
    unsigned level = p->heading < 9 ? p->heading : 9;
    memset(b->heading_ordinal + level + 1, 0, (9 - level) * sizeof *b->heading_ordinal);
    unsigned value = ++b->heading_ordinal[level];
    p->marker = (struct marker){
        .kind = MARKER_SECTION, .depth = level, .value = value, .text = str_fmt(b->c->arena, "M%u", value)};
}

/* Of a piece that is no clause, whose marker is part of what it says. */
static struct str whole_text(struct ctx *c, const struct piece *p)
{
    if (!p->sign.n || !p->text.n)
        return p->sign.n ? p->sign : p->text;
    return str_fmt(c->arena, "%.*s %.*s", ARGS(p->sign), ARGS(p->text));
}

static enum err build_tree(struct builder *b, struct pieces *p)
{
    bool headings = unnumbered_headings_count(p), tail = false, any = has_outline_marker(p);
    for (size_t i = 0; i < p->n; i++) {
        struct piece *piece = &p->v[i];
        struct marker *m = &piece->marker;
        if (tail && leaves_tail(b, piece))
            tail = false;
        if (piece->table) {
            if (!tail)
                *PUSH(b->c->arena, &b->at->tables) = piece->table;
            continue;
        }
        if (!m->kind && piece->heading && headings && (b->started || i > 0))
            number_heading(b, piece);
        if (m->kind == MARKER_ANNEX && !b->started && !b->nodes.n && i < 2) {
            /* An annex handed in alone: its heading is the title. */
            piece->text = whole_text(b->c, piece);
            *m = (struct marker){0};
        }
        bool opens = m->kind && ((m->kind != MARKER_DASH && m->kind != MARKER_LETTER) || !any);
        b->started |= opens && !tail;
        tail |= b->started && m->kind == MARKER_NONE && starts_tail(b->c, piece->text);
        if (tail) {
            *PUSH(b->c->arena, &b->tail) = (struct paragraph){whole_text(b->c, piece), piece->line};
            continue;
        }
        if (!b->started || !m->kind) {
            add_paragraph(b, piece);
            continue;
        }
        if (b->nodes.n >= NODES_MAX)
            return FAIL_AT(b->c, E_LIMIT, b->name, piece->line, "Văn bản có quá %d mục (more than %d clauses)",
                           NODES_MAX, NODES_MAX);
        struct node *parent = parent_for(b->at, m);
        if (depth_of(parent) >= DEPTH_MAX)
            parent = b->at->parent ? b->at->parent : b->at;
        b->at = add_node(b, parent, piece);
    }
    return OK;
}

/* The capitals that open a paragraph when a heading and its text were run together: "MỤC TIÊU Phấn đấu đến …". 0 if
 * there are none: abbreviations ("UBND, HĐND tỉnh") are no heading. */
static size_t heading_in_capitals(struct str s)
{
    size_t end = 0, words = 0;
    bool marked = false;
    for (size_t from = 0; from < s.n && from < 300;) {
        size_t to = from;
        while (to < s.n && s.p[to] != ' ')
            to++;
        struct str word = str_slice(s, from, to);
        if (word.n && !all_capitals(word) && viet_starts_capital(word))
            return words >= 2 && marked ? end : 0;
        if (word.n && viet_starts_small(word))
            return 0;
        for (size_t i = 0; i + 1 < word.n; i++)
            marked |= (unsigned char)word.p[i] >= 0xc3 &&
                      !((unsigned char)word.p[i] == 0xc4 && (unsigned char)word.p[i + 1] == 0x90);
        words += all_capitals(word);
        end = to;
        from = to + 1;
    }
    return 0;
}

static void part_heading(struct ctx *c, struct node *n)
{
    if (!n->paragraphs.n || n->marker.kind == MARKER_DASH || n->marker.kind == MARKER_LETTER)
        return;
    struct paragraph first = n->paragraphs.v[0];
    size_t end = heading_in_capitals(first.text);
    if (!end)
        return;
    struct paragraph rest = {str_trim(str_skip(first.text, end)), first.line};
    n->paragraphs.v[0].text = str_trim(str_slice(first.text, 0, end));
    *PUSH(c->arena, &n->paragraphs) = rest;
    for (size_t i = n->paragraphs.n - 1; i > 1; i--)
        n->paragraphs.v[i] = n->paragraphs.v[i - 1];
    n->paragraphs.v[1] = rest;
}

/* A heading gives the clause its title; what follows it is the clause's text. */
static void read_headings(struct node *n)
{
    if (!n->paragraphs.n)
        return;
    struct str first = n->paragraphs.v[0].text;
    bool open_end = first.n < 400 && (!sentence_ended(first) || str_ends(first, S(":")));
    bool has_more = n->paragraphs.n > 1 || n->tables.n;
    for (struct node *k = n->child; k && !has_more; k = k->next)
        has_more = true;
    n->is_heading =
        (n->is_heading && first.n < 400) || (open_end && has_more && n->marker.kind != MARKER_DASH) ||
        (open_end && n->child && n->child->marker.kind == MARKER_DASH && str_ends(first, S(":")) && first.n < 200);
    if (!n->is_heading)
        return;
    n->title = str_ends(first, S(":")) || str_ends(first, S(".")) ? str_trim(str_slice(first, 0, first.n - 1)) : first;
    n->title_line = n->paragraphs.v[0].line;
    n->paragraphs.v++;
    n->paragraphs.n--;
    n->paragraphs.cap--;
}

enum err outline_read(struct ctx *c, const struct document *document, struct outline *ret)
{
    struct pieces pieces = {0};
    struct joiner joiner = {.c = c, .pieces = &pieces, .wrap = usual_width(c, document)};
    join_blocks(&joiner, document);

    struct outline o = {.root = NEW(c->arena, struct node)};
    o.root->path = S("");
    struct builder b = {.c = c, .name = document->name, .root = o.root, .at = o.root, .mask = 1};
    while (b.mask < pieces.n && b.mask < 65535)
        b.mask = b.mask * 2 + 1;
    b.paths = arena_alloc(c->arena, sizeof *b.paths, 16, b.mask + 1);
    TRY(build_tree(&b, &pieces));
    o.nodes = b.nodes.v;
    o.n = b.nodes.n;
    o.tail = b.tail.v;
    o.n_tail = b.tail.n;
    o.attached = b.attached;
    for (size_t i = 0; i < o.n; i++) {
        part_heading(c, o.nodes[i]);
        read_headings(o.nodes[i]);
    }
    *ret = o;
    return OK;
}
