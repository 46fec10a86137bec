#include "document/reader.h"

#include <md4c.h>
#include <string.h>

#include "base/banned.h"

/* md4c finds the blocks. A plan is not written for Markdown, though: outline numbers follow each other without a blank
 * line, so a soft break before one ends the paragraph; and a list marker is what stands in the source. */
struct markdown {
    struct builder *b;
    struct str source;
    const uint32_t *starts; /* offset at which each line begins */
    size_t n_lines, line;   /* the line found last, from 0: places only grow */
    enum err failed;

    struct out text;    /* of the leaf block or cell at hand */
    struct block block; /* the leaf at hand; line 0 until its first text */
    bool open;
    unsigned strong, emphasis, image;
    size_t seen, bold, italic;
    unsigned depth; /* of lists */
    bool item;      /* an item has begun and has no text yet */
    struct {
        struct cell *v;
        size_t n, cap;
    } cells;
    unsigned row_line;
    bool starved; /* the arena was exhausted in a callback */
};

static unsigned line_of(struct markdown *m, const char *p)
{
    if (p >= m->source.p && p <= m->source.p + m->source.n) {
        size_t at = (size_t)(p - m->source.p);
        while (m->line && m->starts[m->line] > at)
            m->line--;
        while (m->line + 1 < m->n_lines && m->starts[m->line + 1] <= at)
            m->line++;
    }
    return (unsigned)m->line + 1;
}

/* The last list marker between the start of a line and the item's text. */
static struct str marker_before(const struct markdown *m, const char *text)
{
    struct str s = {m->source.p + m->starts[m->line], 0}, marker = S("-");
    s.n = (size_t)(text - s.p);
    for (size_t at = 0; at < s.n;) {
        size_t from = at;
        while (at < s.n && s.p[at] >= '0' && s.p[at] <= '9')
            at++;
        bool number = at > from && at < s.n && (s.p[at] == '.' || s.p[at] == ')');
        bool bullet = at == from && memchr("-+*", s.p[at], 3);
        if (number || (bullet && at + 1 < s.n && (s.p[at + 1] == ' ' || s.p[at + 1] == '\t')))
            marker = number ? str_slice(s, from, at + 1) : s.p[at] == '+' ? S("+") : S("-");
        at++;
    }
    return marker;
}

static void begin(struct markdown *m, enum block_kind kind)
{
    m->block = (struct block){.kind = kind};
    m->open = true;
    m->seen = m->bold = m->italic = 0;
    m->text.n = 0;
}

/* Text of a paragraph that opens with an outline number or a bullet unknown to Markdown. */
static void split_marker(struct block *block)
{
    if (block->kind != BLOCK_PARAGRAPH)
        return;
    struct str marker = {0};
    size_t n = bullet_length(block->text, &marker);
    if (!n && block->text.n && block->text.p[0] >= '0' && block->text.p[0] <= '9') {
        n = outline_length(block->text);
        /* "2. …" that Markdown took for the middle of a paragraph is what it would call an item elsewhere. */
        bool simple = n > 1 && str_find(str_slice(block->text, 0, n - 1), S("."), 0) == SIZE_MAX;
        if (simple && (block->text.p[n - 1] == '.' || block->text.p[n - 1] == ')'))
            marker = str_slice(block->text, 0, n);
        else
            n = 0;
    }
    if (!n)
        return;
    block->kind = BLOCK_ITEM;
    block->marker = marker;
    block->text = str_trim(str_skip(block->text, n));
}

static void finish(struct markdown *m)
{
    struct arena *a = m->b->c->arena;
    if (!m->open || m->failed)
        return;
    m->open = false;
    struct inline_text text = resolve_inline(a, plain_text(a, str_trim(str_dup(a, out_str(&m->text)))), false);
    m->block.text = text.text;
    if (text.text.n == 0)
        return;
    m->block.bold = m->seen && m->bold == m->seen;
    m->block.italic = m->seen && m->italic == m->seen;
    split_marker(&m->block);
    m->failed = builder_add(m->b, m->block);
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *arg)
{
    struct markdown *m = arg;
    switch (type) {
    case MD_BLOCK_UL:
    case MD_BLOCK_OL:
        finish(m);
        m->depth++;
        break;
    case MD_BLOCK_LI:
        finish(m);
        m->item = true;
        begin(m, BLOCK_ITEM); /* a tight list gives the text without a paragraph */
        break;
    case MD_BLOCK_P:
        begin(m, m->item ? BLOCK_ITEM : BLOCK_PARAGRAPH);
        break;
    case MD_BLOCK_H:
        finish(m);
        begin(m, BLOCK_HEADING);
        m->block.level = ((MD_BLOCK_H_DETAIL *)detail)->level;
        break;
    case MD_BLOCK_CODE:
        begin(m, BLOCK_LINE);
        break;
    case MD_BLOCK_TABLE:
        finish(m);
        m->b->tables++;
        break;
    case MD_BLOCK_TR:
        m->cells.n = m->cells.cap = 0;
        m->cells.v = NULL;
        m->row_line = 0;
        break;
    case MD_BLOCK_TH:
    case MD_BLOCK_TD:
        begin(m, BLOCK_ROW);
        if (m->cells.n == DOCUMENT_CELLS)
            m->failed = builder_line_limit(m->b, (unsigned)m->line + 1);
        break;
    case MD_BLOCK_HR:
        m->failed = builder_add(m->b, (struct block){.kind = BLOCK_BLANK, .line = (unsigned)m->line + 1});
        break;
    default:
        break;
    }
    return m->failed;
}

static void end_cell(struct markdown *m)
{
    struct arena *a = m->b->c->arena;
    struct str text = resolve_inline(a, plain_text(a, str_trim(str_dup(a, out_str(&m->text)))), false).text;
    *PUSH(a, &m->cells) = (struct cell){.text = text, .line = m->block.line, .columns = 1};
    m->open = false;
}

static void end_row(struct markdown *m)
{
    if (!m->row_line)
        m->row_line = (unsigned)m->line + 1; /* a row of empty cells has no place of its own */
    for (size_t i = 0; i < m->cells.n; i++)
        m->cells.v[i].line = m->row_line;
    m->failed = builder_add(
        m->b,
        (struct block){
            .kind = BLOCK_ROW, .line = m->row_line, .table = m->b->tables, .cells = m->cells.v, .n_cells = m->cells.n});
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *arg)
{
    (void)detail;
    struct markdown *m = arg;
    switch (type) {
    case MD_BLOCK_UL:
    case MD_BLOCK_OL:
        m->depth--;
        break;
    case MD_BLOCK_LI:
        m->item = false;
        finish(m);
        break;
    case MD_BLOCK_P:
    case MD_BLOCK_H:
    case MD_BLOCK_CODE:
        finish(m);
        break;
    case MD_BLOCK_TH:
    case MD_BLOCK_TD:
        end_cell(m);
        break;
    case MD_BLOCK_TR:
        end_row(m);
        break;
    default:
        break;
    }
    return m->failed;
}

static int enter_span(MD_SPANTYPE type, void *detail, void *arg)
{
    (void)detail;
    struct markdown *m = arg;
    m->strong += type == MD_SPAN_STRONG;
    m->emphasis += type == MD_SPAN_EM;
    m->image += type == MD_SPAN_IMG;
    return 0;
}

static int leave_span(MD_SPANTYPE type, void *detail, void *arg)
{
    (void)detail;
    struct markdown *m = arg;
    m->strong -= type == MD_SPAN_STRONG;
    m->emphasis -= type == MD_SPAN_EM;
    m->image -= type == MD_SPAN_IMG;
    return 0;
}

static void put_text(struct markdown *m, struct str s)
{
    out_put(&m->text, s);
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != ' ' && s.p[i] != '\n') {
            m->seen++;
            m->bold += m->strong > 0;
            m->italic += m->emphasis > 0;
        }
}

/* Does the next line of the source begin something that a soft break must not join? */
static bool next_line_begins(const struct markdown *m)
{
    if (m->line + 1 >= m->n_lines)
        return false;
    struct str line = str_skip(m->source, m->starts[m->line + 1]), marker;
    line = str_slice(line, 0, 160);
    while (line.n && (line.p[0] == ' ' || line.p[0] == '\t' || line.p[0] == '>'))
        line = str_skip(line, 1);
    line = str_slice(line, 0, str_find(line, S("\n"), 0));
    while (str_starts(line, S("*")) || str_starts(line, S("_"))) {
        if (str_has(line, S(":")))
            return true; /* a label: "*Cơ quan chủ trì*: …" */
        line = str_skip(line, 1);
    }
    return outline_length(line) || bullet_length(line, &marker) || str_starts(line, S("Điều ")) ||
           str_starts(line, S("Chương "));
}

static void soft_break(struct markdown *m)
{
    if (m->block.kind != BLOCK_ROW && m->block.kind != BLOCK_HEADING && m->block.line && next_line_begins(m)) {
        finish(m);
        begin(m, BLOCK_PARAGRAPH);
        return;
    }
    /* A line may be of marks alone; so the place moves on by itself. */
    m->line += m->line + 1 < m->n_lines;
    out_char(&m->text, ' ');
}

/* Code is kept by lines. */
static void put_code(struct markdown *m, struct str s)
{
    struct str part;
    for (size_t at; (at = str_find(s, S("\n"), 0)) != SIZE_MAX; s = str_skip(s, at + 1)) {
        part = str_slice(s, 0, at);
        out_put(&m->text, part);
        finish(m);
        begin(m, BLOCK_LINE);
        m->line += m->line + 1 < m->n_lines;
        m->block.line = (unsigned)m->line + 1;
    }
    out_put(&m->text, s);
}

static void place(struct markdown *m, const char *p)
{
    bool inside = p >= m->source.p && p < m->source.p + m->source.n;
    unsigned line = line_of(m, inside ? p : NULL);
    if (m->block.kind == BLOCK_ROW && !m->row_line)
        m->row_line = line;
    if (m->block.line)
        return;
    m->block.line = line;
    if (m->block.kind == BLOCK_ITEM) {
        m->block.marker = inside ? marker_before(m, p) : S("-");
        m->block.level = m->depth ? m->depth - 1 : 0;
        m->item = false;
    }
}

static int on_text(MD_TEXTTYPE type, const MD_CHAR *p, MD_SIZE n, void *arg)
{
    struct markdown *m = arg;
    struct str s = {p, n};
    if (m->image || m->failed || !m->open)
        return m->failed;
    if (type == MD_TEXT_SOFTBR) {
        soft_break(m);
    } else if (type == MD_TEXT_BR) {
        out_char(&m->text, '\n');
    } else if (type != MD_TEXT_NULLCHAR) {
        place(m, p);
        if (m->block.kind == BLOCK_LINE)
            put_code(m, s);
        else
            put_text(m, s);
    }
    if (m->text.failed)
        m->failed =
            FAIL_AT(m->b->c, E_LIMIT, m->b->name, (unsigned)m->line + 1, "tài liệu quá lớn (document too large)");
    return m->failed;
}

/* One callback of md4c. What it does may exhaust the arena, and a jump over md4c's frames would lose md4c's memory: so
 * the failure is caught here, ends the parse, and goes on from read_markdown(). */
struct callback {
    enum { ENTER_BLOCK, LEAVE_BLOCK, TEXT } what;
    int type, result;
    void *detail;
    struct str text;
    struct markdown *m;
};

static void call_back(void *arg)
{
    struct callback *k = arg;
    if (k->what == ENTER_BLOCK)
        k->result = enter_block((MD_BLOCKTYPE)k->type, k->detail, k->m);
    else if (k->what == LEAVE_BLOCK)
        k->result = leave_block((MD_BLOCKTYPE)k->type, k->detail, k->m);
    else
        k->result = on_text((MD_TEXTTYPE)k->type, k->text.p, (MD_SIZE)k->text.n, k->m);
}

static int guarded(struct callback k)
{
    if (arena_run(k.m->b->c->arena, call_back, &k))
        return k.result;
    k.m->starved = true;
    return -1;
}

static int guarded_enter(MD_BLOCKTYPE type, void *detail, void *arg)
{
    return guarded((struct callback){.what = ENTER_BLOCK, .type = (int)type, .detail = detail, .m = arg});
}

static int guarded_leave(MD_BLOCKTYPE type, void *detail, void *arg)
{
    return guarded((struct callback){.what = LEAVE_BLOCK, .type = (int)type, .detail = detail, .m = arg});
}

static int guarded_text(MD_TEXTTYPE type, const MD_CHAR *p, MD_SIZE n, void *arg)
{
    return guarded((struct callback){.what = TEXT, .type = (int)type, .text = {p, n}, .m = arg});
}

static void find_lines(struct markdown *m)
{
    size_t n = 1, k = 0;
    for (size_t i = 0; i < m->source.n; i++)
        n += m->source.p[i] == '\n';
    uint32_t *starts = NEWN(m->b->c->arena, uint32_t, n);
    for (size_t i = 0; i < m->source.n; i++)
        if (m->source.p[i] == '\n')
            starts[++k] = (uint32_t)i + 1;
    m->starts = starts;
    m->n_lines = n;
}

/* md4c wants three dashes a column under a table's head; people write one. */
static void put_line(struct out *o, struct str line)
{
    bool delimiter = line.n && memchr(line.p, '|', line.n);
    for (size_t i = 0; i < line.n && delimiter; i++)
        delimiter = memchr("|-: \t", line.p[i], 5);
    if (!delimiter)
        out_put(o, line);
    for (size_t i = 0; i < line.n && delimiter; i++)
        out_put(o, line.p[i] == '-' && (i == 0 || line.p[i - 1] != '-') ? S("---") : str_slice(line, i, i + 1));
}

/* LF for every line end and NFC: so that what md4c gives can be kept as it is. */
static struct str tidy(struct arena *a, struct str s)
{
    struct out o;
    out_init(&o, a, SIZE_MAX);
    for (size_t at = 0; at < s.n;) {
        size_t end = at;
        while (end < s.n && s.p[end] != '\n' && s.p[end] != '\r')
            end++;
        put_line(&o, str_slice(s, at, end));
        if (end < s.n)
            out_char(&o, '\n');
        at = end + 1 + (end + 1 < s.n && s.p[end] == '\r' && s.p[end + 1] == '\n');
    }
    return plain_text(a, out_str(&o));
}

enum err read_markdown(struct builder *b, struct str text)
{
    struct markdown m = {.b = b, .source = tidy(b->c->arena, text)};
    out_init(&m.text, b->c->arena, DOCUMENT_TEXT_BYTES);
    find_lines(&m);
    MD_PARSER parser = {.flags = MD_FLAG_NOHTML | MD_FLAG_TABLES | MD_FLAG_NOINDENTEDCODEBLOCKS,
                        .enter_block = guarded_enter,
                        .leave_block = guarded_leave,
                        .enter_span = enter_span,
                        .leave_span = leave_span,
                        .text = guarded_text};
    int result = md_parse(m.source.p, (MD_SIZE)m.source.n, &parser, &m);
    if (m.starved)
        arena_exhausted(b->c->arena);
    if (m.failed)
        return m.failed;
    return result ? FAIL(b->c, E_LIMIT, "không đủ bộ nhớ để đọc Markdown (not enough memory)") : OK;
}
