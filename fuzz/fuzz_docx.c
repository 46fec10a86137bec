/* Bytes that begin with "PK" as a DOCX, any others as the document.xml of one: all text is NFC, and what the child
 * would send says the same to the parent; so are any bytes taken for such an answer. */
#include "fuzz/fuzz.h"

#include "base/viet.h"
#include "document/reader.h"
#include "document/wire.h"

#include <zip.h>

#include "base/banned.h"

#define WORD "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\""

static const struct str styles =
    S0("<w:styles " WORD "><w:style w:type=\"paragraph\" w:styleId=\"u1\"><w:name w:val=\"heading 1\"/><w:pPr><w:numPr>"
       "<w:numId w:val=\"1\"/></w:numPr></w:pPr><w:rPr><w:b/></w:rPr></w:style></w:styles>");
static const struct str numbering =
    S0("<w:numbering " WORD "><w:abstractNum w:abstractNumId=\"1\"><w:lvl w:ilvl=\"0\"><w:numFmt w:val=\"upperRoman\"/>"
       "<w:lvlText w:val=\"%1.\"/></w:lvl><w:lvl w:ilvl=\"1\"><w:numFmt w:val=\"lowerLetter\"/><w:lvlText "
       "w:val=\"%1.%2)\"/></w:lvl></w:abstractNum>"
       "<w:num w:numId=\"1\"><w:abstractNumId w:val=\"1\"/></w:num></w:numbering>");

static void add(zip_t *zip, const char *name, struct str s)
{
    zip_int64_t at = zip_file_add(zip, name, zip_source_buffer(zip, s.p, s.n, 0), 0);
    HOLDS(at >= 0 && zip_set_file_compression(zip, (zip_uint64_t)at, ZIP_CM_STORE, 0) == 0);
}

static struct str packed(struct arena *a, struct str document)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *target = zip_source_buffer_create(NULL, 0, 0, &error);
    zip_t *zip = zip_open_from_source(target, ZIP_CREATE | ZIP_TRUNCATE, &error);
    HOLDS(zip);
    zip_source_keep(target);
    add(zip, "word/document.xml", document);
    add(zip, "word/styles.xml", styles);
    add(zip, "word/numbering.xml", numbering);
    HOLDS(zip_close(zip) == 0 && zip_source_open(target) == 0);
    zip_source_seek(target, 0, SEEK_END);
    size_t n = (size_t)zip_source_tell(target);
    zip_source_seek(target, 0, SEEK_SET);
    char *bytes = NEWN(a, char, n + 1);
    HOLDS(zip_source_read(target, bytes, n) == (zip_int64_t)n);
    zip_source_close(target);
    zip_source_free(target);
    return (struct str){bytes, n};
}

static void check_text(struct ctx *c, struct str s)
{
    HOLDS(str_is_utf8(s, NULL) && str_eq(viet_nfc(c->arena, s), s));
}

static void check(struct ctx *c, const struct document *d)
{
    struct out o;
    struct document back;
    bool sound;
    out_init(&o, c->arena, WIRE_BYTES);
    wire_write(&o, c, OK, d);
    HOLDS(wire_read(c, out_str(&o), S("a"), &back, &sound) == OK && sound && back.n == d->n);
    for (size_t i = 0; i < d->n; i++) {
        const struct block *x = &d->blocks[i], *y = &back.blocks[i];
        HOLDS(i == 0 || x->line >= d->blocks[i - 1].line);
        check_text(c, x->text);
        check_text(c, x->marker);
        HOLDS(x->kind == y->kind && x->line == y->line && x->level == y->level && x->table == y->table);
        HOLDS(str_eq(x->text, y->text) && str_eq(x->marker, y->marker) && x->n_cells == y->n_cells);
        for (size_t k = 0; k < x->n_cells; k++) {
            check_text(c, x->cells[k].text);
            HOLDS(x->cells[k].columns >= 1 && x->cells[k].columns == y->cells[k].columns);
            HOLDS(str_eq(x->cells[k].text, y->cells[k].text) && x->cells[k].merged_up == y->cells[k].merged_up);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena arena;
    struct ctx c = fuzz_ctx(&arena);
    struct str content = {(const char *)data, n};
    struct document d;
    bool sound;
    if (wire_read(&c, content, S("a"), &d, &sound) != OK)
        HOLDS(c.error.code != OK);
    if (!str_starts(content, S("PK")))
        content = packed(&arena, content);
    if (document_parse_words(&c, content, S("a.docx"), S(""), &d) == OK)
        check(&c, &d);
    arena_reset(&arena);
    return 0;
}
