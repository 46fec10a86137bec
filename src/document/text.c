#include "document/reader.h"

#include <string.h>

#include "base/banned.h"

struct cursor {
    struct str rest;
    unsigned line; /* of what next_line() gave last */
    bool same;     /* the next stretch is on the same line: a form feed ended this one */
};

struct text_reader {
    struct builder *b;
    struct cursor at;
    unsigned table; /* the last table, while only blanks and page breaks have followed it; else 0 */
    size_t columns;
    bool in_row; /* the block before is a row of it */
};

/* A line ends with LF, CR, CR LF or at a form feed, which ends a page too. */
static bool next_line(struct cursor *at, struct str *ret, bool *ret_page)
{
    if (at->rest.n == 0)
        return false;
    size_t n = 0;
    while (n < at->rest.n && at->rest.p[n] != '\n' && at->rest.p[n] != '\r' && at->rest.p[n] != '\f')
        n++;
    *ret = str_slice(at->rest, 0, n);
    at->line += !at->same;
    at->same = *ret_page = n < at->rest.n && at->rest.p[n] == '\f';
    bool pair = n + 1 < at->rest.n && at->rest.p[n] == '\r' && at->rest.p[n + 1] == '\n';
    at->rest = str_skip(at->rest, n + (n < at->rest.n) + pair);
    return true;
}

static unsigned indent_of(struct str line)
{
    unsigned column = 0;
    for (size_t i = 0; i < line.n; i++) {
        if (line.p[i] == '\t')
            column += 8 - column % 8;
        else if (line.p[i] == ' ')
            column++;
        else
            break;
    }
    return column;
}

/* Pipe tables. */

static size_t count_pipes(struct str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        i += s.p[i] == '\\';
        n += i < s.n && s.p[i] == '|';
    }
    return n;
}

static bool is_delimiter_row(struct str s)
{
    bool dash = false, pipe = false;
    for (size_t i = 0; i < s.n; i++) {
        if (!memchr("|-: \t", s.p[i], 5))
            return false;
        dash |= s.p[i] == '-';
        pipe |= s.p[i] == '|';
    }
    return dash && pipe;
}

static bool peek_is_delimiter(const struct cursor *at)
{
    struct cursor copy = *at;
    struct str line;
    bool page;
    return !at->same && next_line(&copy, &line, &page) && is_delimiter_row(line);
}

static bool is_row(const struct text_reader *r, struct str line)
{
    if (!line.n || !memchr(line.p, '|', line.n))
        return false;
    size_t pipes = count_pipes(line);
    if (line.p[0] == '|' && (pipes > 2 || (pipes == 2 && line.p[line.n - 1] == '|')))
        return true;
    return pipes && (r->in_row ? pipes + 1 == r->columns : peek_is_delimiter(&r->at));
}

static struct str next_cell(struct str *rest)
{
    size_t n = 0;
    bool code = false;
    for (; n < rest->n && (code || rest->p[n] != '|'); n++) {
        code ^= rest->p[n] == '`' && (code || memchr(rest->p + n + 1, '`', rest->n - n - 1));
        n += rest->p[n] == '\\' && n + 1 < rest->n && rest->p[n + 1] == '|';
    }
    struct str cell = str_slice(*rest, 0, n);
    *rest = n < rest->n ? str_skip(*rest, n + 1) : (struct str){NULL, 0};
    return str_trim(cell);
}

static enum err add_row(struct text_reader *r, struct str line)
{
    struct {
        struct cell *v;
        size_t n, cap;
    } cells = {0};
    struct arena *a = r->b->c->arena;
    bool closed = line.n > 1 && line.p[line.n - 1] == '|' && line.p[line.n - 2] != '\\';
    struct str rest = str_slice(line, line.p[0] == '|', line.n - closed);
    while (rest.p) {
        if (cells.n == DOCUMENT_CELLS)
            return builder_line_limit(r->b, r->at.line);
        struct str text = resolve_inline(a, next_cell(&rest), true).text;
        *PUSH(a, &cells) = (struct cell){.text = text, .line = r->at.line, .columns = 1};
    }
    if (!r->in_row) {
        bool again = r->table && r->columns == cells.n && !peek_is_delimiter(&r->at);
        r->table = again ? r->table : ++r->b->tables;
    }
    r->columns = cells.n;
    r->in_row = true;
    return builder_add(
        r->b,
        (struct block){.kind = BLOCK_ROW, .line = r->at.line, .table = r->table, .cells = cells.v, .n_cells = cells.n});
}

/* Lines. */

static bool is_rule(struct str s)
{
    size_t n = 0;
    while (n < s.n && s.p[n] == s.p[0])
        n++;
    return s.n >= 3 && n == s.n && memchr("-_*=", s.p[0], 4);
}

static bool is_fence(struct str s)
{
    if (!str_starts(s, S("```")))
        return false;
    for (size_t i = 3; i < s.n; i++)
        if (s.p[i] == '`' || s.p[i] == ' ')
            return false;
    return true;
}

static size_t heading_level(struct str s)
{
    size_t n = 0;
    while (n < s.n && s.p[n] == '#')
        n++;
    return n && n <= 6 && n < s.n && s.p[n] == ' ' ? n : 0;
}

static enum err add_line(struct text_reader *r, struct str raw)
{
    struct str plain = plain_text(r->b->c->arena, raw), line = str_trim(plain);
    if (line.n == 0 || is_rule(line) || is_fence(line)) {
        r->in_row = false;
        return builder_add(r->b, (struct block){.kind = BLOCK_BLANK, .line = r->at.line});
    }
    if (r->in_row && is_delimiter_row(line))
        return OK;
    if (is_row(r, line))
        return add_row(r, line);
    r->in_row = false;
    r->table = 0;
    struct block block = {.kind = BLOCK_LINE, .line = r->at.line, .indent = indent_of(plain)};
    size_t skip = bullet_length(line, &block.marker), level = skip ? 0 : heading_level(line);
    if (skip)
        block.kind = BLOCK_ITEM;
    if (level) {
        block.kind = BLOCK_HEADING;
        block.level = (unsigned)level;
        skip = level + 1;
    }
    struct inline_text text = resolve_inline(r->b->c->arena, str_trim(str_skip(line, skip)), true);
    block.text = text.text;
    block.bold = text.bold;
    block.italic = text.italic;
    return builder_add(r->b, block);
}

enum err read_text(struct builder *b, struct str text)
{
    struct text_reader r = {.b = b, .at = {.rest = text}};
    struct str line;
    bool page, same = false;
    while (next_line(&r.at, &line, &page)) {
        bool stub = (page || same) && is_blank(line); /* beside a form feed, no line of its own */
        if (!stub)
            TRY(add_line(&r, line));
        if (page) {
            r.in_row = false;
            TRY(builder_add(b, (struct block){.kind = BLOCK_PAGE, .line = r.at.line}));
        }
        same = page;
    }
    return OK;
}
