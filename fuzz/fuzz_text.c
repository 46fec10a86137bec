/* Any bytes as a text and as a Markdown file: line numbers never fall, all text is NFC, and no line of a text is lost:
 * the letters of every line without marks of Markdown stand in its blocks, in order. */
#include "fuzz/fuzz.h"

#include "base/viet.h"
#include "document/reader.h"

#include <string.h>

#include "base/banned.h"

/* Letters and figures alone: blanks, dashes and bullets may change. */
static void put_letters(struct out *o, struct str s)
{
    for (size_t at = 0; at < s.n;) {
        size_t from = at;
        uint32_t r = str_rune(s, &at);
        bool letter = (r >= '0' && r <= '9') || ((r | 32) >= 'a' && (r | 32) <= 'z') || (r >= 0xc0 && r < 0x250) ||
                      (r >= 0x1e00 && r < 0x1f00);
        if (letter)
            out_put(o, str_slice(s, from, at));
    }
}

static void check_blocks(struct ctx *c, const struct document *d)
{
    unsigned line = 0;
    for (size_t i = 0; i < d->n; i++) {
        const struct block *b = &d->blocks[i];
        HOLDS(b->line >= line);
        line = b->line;
        HOLDS(str_is_utf8(b->text, NULL) && str_eq(viet_nfc(c->arena, b->text), b->text));
        HOLDS((b->kind == BLOCK_ROW) == (b->n_cells > 0) && (b->kind == BLOCK_ROW) == (b->table > 0));
        for (size_t k = 0; k < b->n_cells; k++)
            HOLDS(str_is_utf8(b->cells[k].text, NULL) && b->cells[k].columns == 1);
    }
}

static bool has_marks(struct str line)
{
    for (size_t i = 0; i < line.n; i++)
        if (line.p[i] && strchr("*_`$\\<&|#", line.p[i]))
            return true;
    return false;
}

static void check_lines(struct ctx *c, struct str text, const struct document *d)
{
    size_t block = 0;
    unsigned line = 0;
    for (size_t at = 0; at < text.n;) {
        size_t end = at;
        while (end < text.n && text.p[end] != '\n' && text.p[end] != '\r')
            end++;
        struct str raw = str_slice(text, at, end);
        at = end + 1 + (end + 1 < text.n && text.p[end] == '\r' && text.p[end + 1] == '\n');
        line++;
        struct out want, got;
        out_init(&want, c->arena, SIZE_MAX);
        out_init(&got, c->arena, SIZE_MAX);
        put_letters(&want, viet_nfc(c->arena, raw));
        for (; block < d->n && d->blocks[block].line <= line; block++)
            put_letters(&got, d->blocks[block].text);
        HOLDS(has_marks(raw) || memchr(raw.p, '\f', raw.n) || str_eq(out_str(&want), out_str(&got)));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str content = {(const char *)data, n};
    struct arena arena;
    struct ctx c = fuzz_ctx(&arena);
    struct document d;
    struct str text;
    if (document_parse_words(&c, content, S("a.txt"), S(""), &d) == OK && d.kind == DOCUMENT_TEXT) {
        check_blocks(&c, &d);
        if (decode_text(&c, content, S("a.txt"), &text) == OK)
            check_lines(&c, text, &d);
    }
    if (document_parse_words(&c, content, S("a.md"), S(""), &d) == OK && d.kind == DOCUMENT_MARKDOWN)
        check_blocks(&c, &d);
    arena_reset(&arena);
    return 0;
}
