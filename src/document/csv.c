#include "document/reader.h"

#include <string.h>

#include "base/banned.h"

enum { ROWS_MAX = 4 << 20 };

/* Of `,` `;` and tab the one that stands most often in the first line, outside quotes; `,` if none does. */
static char judge_separator(struct str s)
{
    size_t commas = 0, semicolons = 0, tabs = 0;
    bool quoted = false;
    for (size_t i = 0; i < s.n && (quoted || (s.p[i] != '\n' && s.p[i] != '\r')); i++) {
        quoted ^= s.p[i] == '"';
        commas += !quoted && s.p[i] == ',';
        semicolons += !quoted && s.p[i] == ';';
        tabs += !quoted && s.p[i] == '\t';
    }
    if (tabs > commas && tabs > semicolons)
        return '\t';
    return semicolons > commas ? ';' : ',';
}

static bool at_line_end(const struct csv_reader *r)
{
    return r->at >= r->s.n || r->s.p[r->at] == '\n' || r->s.p[r->at] == '\r';
}

static void skip_line_end(struct csv_reader *r)
{
    if (r->at >= r->s.n)
        return;
    bool pair = r->s.p[r->at] == '\r' && r->at + 1 < r->s.n && r->s.p[r->at + 1] == '\n';
    r->at += 1 + pair;
    r->line++;
}

/* The quoted field at hand into `ret`: doubled quotes single, line ends as '\n'. */
static enum err quoted_field(struct csv_reader *r, struct str *ret)
{
    unsigned begun = r->line;
    size_t from = ++r->at, n = 0;
    bool plain = true;
    for (; r->at < r->s.n; r->at++, n++) {
        char c = r->s.p[r->at];
        if (c == '"') {
            if (r->at + 1 >= r->s.n || r->s.p[r->at + 1] != '"')
                break;
            r->at++;
            plain = false;
        } else if (c == '\r') {
            plain = false;
            r->at += r->at + 1 < r->s.n && r->s.p[r->at + 1] == '\n';
        }
        r->line += c == '\n' || c == '\r';
    }
    if (r->at >= r->s.n)
        return FAIL_AT(r->c, E_INVALID, r->name, begun, "dấu ngoặc kép mở ở dòng này không được đóng (unclosed quote)");
    struct str raw = str_slice(r->s, from, r->at++);
    if (!at_line_end(r) && r->s.p[r->at] != r->separator)
        return FAIL_AT(r->c, E_INVALID, r->name, r->line,
                       "sau dấu ngoặc kép đóng phải là dấu phân cách hoặc hết dòng (text after a closing quote)");
    if (plain) {
        *ret = raw;
        return OK;
    }
    char *text = NEWN(r->c->arena, char, n + 1), *to = text;
    for (size_t i = 0; i < raw.n; i++) {
        bool pair =
            i + 1 < raw.n && ((raw.p[i] == '"' && raw.p[i + 1] == '"') || (raw.p[i] == '\r' && raw.p[i + 1] == '\n'));
        *to++ = raw.p[i] == '\r' ? '\n' : raw.p[i];
        i += pair;
    }
    *ret = (struct str){text, (size_t)(to - text)};
    return OK;
}

static enum err field(struct csv_reader *r, struct str *ret)
{
    if (r->at < r->s.n && r->s.p[r->at] == '"') {
        TRY(quoted_field(r, ret));
    } else {
        size_t from = r->at;
        while (!at_line_end(r) && r->s.p[r->at] != r->separator)
            r->at++;
        *ret = str_slice(r->s, from, r->at);
    }
    *ret = plain_text(r->c->arena, *ret);
    return OK;
}

static enum err row(struct csv_reader *r)
{
    r->cells.n = 0;
    for (;;) {
        struct str text;
        TRY(field(r, &text));
        if (r->cells.n == DOCUMENT_CELLS)
            return FAIL_AT(r->c, E_LIMIT, r->name, r->line, "dòng này có quá %d cột (too many columns)",
                           DOCUMENT_CELLS);
        *PUSH(r->c->arena, &r->cells) = text;
        if (at_line_end(r))
            break;
        r->at++;
    }
    skip_line_end(r);
    return OK;
}

/* "sep=;" in the first line, as Excel writes it. */
static void take_separator(struct csv_reader *r)
{
    r->separator = judge_separator(r->s);
    if (!str_starts(r->s, S("sep=")) || r->s.n < 5 || !memchr(",;\t", r->s.p[4], 3))
        return;
    r->at = 5;
    if (at_line_end(r)) {
        r->separator = r->s.p[4];
        skip_line_end(r);
    } else {
        r->at = 0;
    }
}

enum err csv_begin(struct ctx *c, struct str content, struct str name, size_t limit, struct csv_reader *ret)
{
    struct csv_reader r = {.c = c, .name = name, .line = 1};
    if (content.n > limit)
        return FAIL_AT(c, E_LIMIT, name, 0, "tệp lớn hơn %zu MB (file too large)", limit >> 20);
    TRY(decode_text(c, content, name, &r.s));
    take_separator(&r);
    *ret = r;
    return OK;
}

enum err csv_next(struct csv_reader *r, struct strs *ret, unsigned *ret_line)
{
    while (r->at < r->s.n && at_line_end(r))
        skip_line_end(r);
    *ret_line = r->line;
    *ret = (struct strs){0};
    if (r->at >= r->s.n)
        return OK;
    TRY(row(r));
    *ret = (struct strs){r->cells.v, r->cells.n};
    return OK;
}

enum err csv_read(struct ctx *c, struct str content, struct str name, struct csv *ret)
{
    struct csv_reader r;
    struct {
        struct strs *v;
        size_t n, cap;
    } rows = {0};
    struct {
        unsigned *v;
        size_t n, cap;
    } lines = {0};
    TRY(csv_begin(c, content, name, DOCUMENT_BYTES, &r));
    for (;;) {
        struct strs cells;
        unsigned line;
        TRY(csv_next(&r, &cells, &line));
        if (!cells.v)
            break;
        if (rows.n == ROWS_MAX)
            return FAIL_AT(c, E_LIMIT, name, line, "tệp có quá nhiều dòng (too many rows)");
        struct strs kept = {NEWN(c->arena, struct str, cells.n), cells.n};
        memcpy(kept.v, cells.v, cells.n * sizeof *kept.v);
        *PUSH(c->arena, &rows) = kept;
        *PUSH(c->arena, &lines) = line;
    }
    *ret = (struct csv){rows.v, lines.v, rows.n};
    return OK;
}
