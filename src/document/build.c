#include "document/reader.h"

#include "base/viet.h"

#include "base/banned.h"

static enum err too_large(struct builder *b, unsigned line, const char *what)
{
    return FAIL_AT(b->c, E_LIMIT, b->name, line, "tài liệu quá lớn: %s (document too large)", what);
}

enum err builder_line_limit(struct builder *b, unsigned line)
{
    return FAIL_AT(b->c, E_LIMIT, b->name, line, "một hàng của bảng có quá %d ô (table row too wide)", DOCUMENT_CELLS);
}

enum err builder_add(struct builder *b, struct block block)
{
    if (block.kind == BLOCK_BLANK && b->n && b->v[b->n - 1].kind == BLOCK_BLANK)
        return OK;
    if (b->n >= DOCUMENT_BLOCKS)
        return too_large(b, block.line, "quá nhiều đoạn");
    if (block.n_cells > DOCUMENT_CELLS)
        return builder_line_limit(b, block.line);
    b->text_bytes += block.text.n + block.marker.n;
    for (size_t i = 0; i < block.n_cells; i++)
        b->text_bytes += block.cells[i].text.n;
    b->n_cells += block.n_cells;
    if (b->text_bytes > DOCUMENT_TEXT_BYTES)
        return too_large(b, block.line, "quá 4 MB chữ");
    if (b->n_cells > 4 * (size_t)DOCUMENT_BLOCKS)
        return too_large(b, block.line, "quá nhiều ô trong các bảng");
    if (block.level > DOCUMENT_LEVELS)
        return too_large(b, block.line, "danh sách lồng nhau quá sâu");
    if (block.table > DOCUMENT_BLOCKS)
        return too_large(b, block.line, "quá nhiều bảng");
    *PUSH(b->c->arena, b) = block;
    return OK;
}

bool is_blank(struct str s)
{
    return str_trim(s).n == 0;
}

/* Runes that NFC and viet_nfc leave alone wherever they stand: nearly all that a Vietnamese document is made of. */
static bool rune_is_plain(uint32_t r)
{
    if (r < 0x80)
        return (r >= 0x20 && r < 0x7f) || r == '\n' || r == '\t';
    return (r > 0xa0 && r < 0x300 && r != 0xad) || (r >= 0x1e00 && r < 0x1f00) || (r >= 0x2010 && r < 0x2028) ||
           (r >= 0x2030 && r < 0x205f) || (r >= 0x2190 && r < 0x2300) || (r >= 0x2500 && r < 0x2600);
}

struct str plain_text(struct arena *a, struct str s)
{
    for (size_t at = 0; at < s.n;) {
        unsigned char byte = (unsigned char)s.p[at];
        if (byte >= 0x20 && byte < 0x7f)
            at++;
        else if (!rune_is_plain(str_rune(s, &at)))
            return viet_nfc(a, s);
    }
    return s;
}
