#include "document/wire.h"

#include <string.h>

#include "base/banned.h"

/* The order of writing and of reading is the format; `magic` changes with it. */
static const struct str magic = S0("hoalu-doc-2\n"), finis = S0("end\n");
enum { BOLD = 1, ITALIC = 2, MERGED = 4, NUMBER = 8, MESSAGE_BYTES = 4000 };

static void put_u32(struct out *o, size_t v)
{
    char bytes[4] = {(char)v, (char)(v >> 8), (char)(v >> 16), (char)(v >> 24)};
    out_put(o, (struct str){bytes, 4});
}

static void put_text(struct out *o, struct str s)
{
    put_u32(o, s.n);
    out_put(o, s);
}

static void put_block(struct out *o, const struct block *b)
{
    out_char(o, (char)b->kind);
    out_char(o, (char)((b->bold ? BOLD : 0) | (b->italic ? ITALIC : 0)));
    put_u32(o, b->line);
    put_u32(o, b->level);
    put_u32(o, b->indent);
    put_u32(o, b->table);
    put_text(o, b->marker);
    put_text(o, b->text);
    put_u32(o, b->n_cells);
    for (size_t i = 0; i < b->n_cells; i++) {
        const struct cell *cell = &b->cells[i];
        out_char(o, (char)((cell->merged_up ? MERGED : 0) | (cell->number ? NUMBER : 0)));
        put_u32(o, cell->line);
        put_u32(o, cell->columns);
        put_text(o, cell->text);
    }
}

/* At most `n` bytes from the start, not ending inside a letter. */
static struct str whole_runes(struct str s, size_t n)
{
    while (n < s.n && n && (s.p[n] & 0xc0) == 0x80)
        n--;
    return str_slice(s, 0, n);
}

void wire_write(struct out *o, const struct ctx *c, enum err failed, const struct document *d)
{
    out_put(o, magic);
    put_u32(o, failed);
    if (failed) {
        put_u32(o, c->error.line);
        put_text(o, whole_runes(c->error.message, MESSAGE_BYTES));
    } else {
        put_u32(o, d->kind);
        put_u32(o, d->n);
        for (size_t i = 0; i < d->n; i++)
            put_block(o, &d->blocks[i]);
    }
    out_put(o, finis);
}

struct input {
    struct str rest;
    size_t cells, text;
    bool bad; /* once set, everything read is 0 */
};

static struct str take(struct input *in, size_t n)
{
    if (in->bad || n > in->rest.n) {
        in->bad = true;
        return S("");
    }
    struct str s = str_slice(in->rest, 0, n);
    in->rest = str_skip(in->rest, n);
    return s;
}

static unsigned take_u8(struct input *in, unsigned max)
{
    struct str s = take(in, 1);
    unsigned v = s.n ? (unsigned char)s.p[0] : 0;
    in->bad |= v > max;
    return in->bad ? 0 : v;
}

static uint32_t take_u32(struct input *in, uint32_t max)
{
    struct str s = take(in, 4);
    uint32_t v = 0;
    for (size_t i = 0; i < s.n; i++)
        v |= (uint32_t)(unsigned char)s.p[i] << 8 * i;
    in->bad |= v > max;
    return in->bad ? 0 : v;
}

static struct str take_text(struct input *in)
{
    struct str s = take(in, take_u32(in, DOCUMENT_TEXT_BYTES));
    in->text += s.n;
    in->bad |= !str_is_utf8(s, NULL) || in->text > DOCUMENT_TEXT_BYTES;
    return in->bad ? S("") : s;
}

static void take_cells(struct ctx *c, struct input *in, struct block *b)
{
    b->n_cells = take_u32(in, DOCUMENT_CELLS);
    in->cells += b->n_cells;
    in->bad |= in->cells > 4 * (size_t)DOCUMENT_BLOCKS || (b->n_cells && b->kind != BLOCK_ROW);
    if (in->bad || !b->n_cells)
        return;
    b->cells = NEWN(c->arena, struct cell, b->n_cells);
    for (size_t i = 0; i < b->n_cells; i++) {
        unsigned flags = take_u8(in, MERGED | NUMBER);
        in->bad |= (flags & ~(unsigned)(MERGED | NUMBER)) != 0;
        b->cells[i].merged_up = flags & MERGED;
        b->cells[i].number = flags & NUMBER;
        b->cells[i].line = take_u32(in, UINT32_MAX);
        b->cells[i].columns = take_u32(in, DOCUMENT_CELLS);
        in->bad |= b->cells[i].columns == 0;
        b->cells[i].text = take_text(in);
    }
}

static struct block take_block(struct ctx *c, struct input *in)
{
    struct block b = {.kind = (enum block_kind)take_u8(in, BLOCK_PAGE)};
    unsigned flags = take_u8(in, BOLD | ITALIC);
    b.bold = flags & BOLD;
    b.italic = flags & ITALIC;
    b.line = take_u32(in, UINT32_MAX);
    b.level = take_u32(in, DOCUMENT_LEVELS);
    b.indent = take_u32(in, UINT32_MAX);
    b.table = take_u32(in, DOCUMENT_BLOCKS);
    b.marker = take_text(in);
    b.text = take_text(in);
    in->bad |= b.kind == BLOCK_HEADING && (b.level < 1 || b.level > 9);
    take_cells(c, in, &b);
    return b;
}

static enum err unsound(struct ctx *c, struct str name, bool *ret_sound)
{
    *ret_sound = false;
    return FAIL_AT(c, E_INTERNAL, name, 0, "bộ đọc tài liệu trả kết quả hỏng (the reader's answer is damaged)");
}

enum err wire_read(struct ctx *c, struct str bytes, struct str name, struct document *ret, bool *ret_sound)
{
    struct input in = {.rest = bytes};
    in.bad = !str_eq(take(&in, magic.n), magic);
    enum err failed = (enum err)take_u32(&in, E_INTERNAL);
    *ret_sound = true;
    if (failed && !in.bad) {
        unsigned line = take_u32(&in, UINT32_MAX);
        struct str message = take_text(&in);
        if (in.bad || !str_eq(in.rest, finis))
            return unsound(c, name, ret_sound);
        return FAIL_AT(c, failed, name, line, "%.*s", ARGS(message));
    }
    struct document d = {.kind = (enum document_kind)take_u32(&in, DOCUMENT_SHEET), .name = str_dup(c->arena, name)};
    d.n = take_u32(&in, DOCUMENT_BLOCKS);
    if (in.bad)
        return unsound(c, name, ret_sound);
    d.blocks = NEWN(c->arena, struct block, d.n);
    for (size_t i = 0; i < d.n && !in.bad; i++)
        d.blocks[i] = take_block(c, &in);
    if (in.bad || !str_eq(in.rest, finis))
        return unsound(c, name, ret_sound);
    *ret = d;
    return OK;
}
