/* reader.h - what the readers of document/ share; nothing outside this folder includes it.
 *
 * A reader fills a struct builder block by block; the builder keeps the limits of document.h. Memory: the context's
 * arena. Threads: one. */
#ifndef HOALU_DOCUMENT_READER_H
#define HOALU_DOCUMENT_READER_H

#include "base/out.h"
#include "document/document.h"

struct builder {
    struct ctx *c;
    struct str name; /* of the file, for refusals */
    struct block *v;
    size_t n, cap;
    size_t text_bytes, n_cells;
    unsigned tables; /* numbers given so far */
    bool sheet;      /* it turned out to be a spreadsheet */
};

/* Append a block. Runs of BLOCK_BLANK become one. E_LIMIT past a limit of document.h. */
MUST_USE enum err builder_add(struct builder *b, struct block block);
MUST_USE enum err builder_line_limit(struct builder *b, unsigned line); /* the refusal for a row that is too wide */

/* Text made plain: NFC, blanks plain (viet_nfc), without copying where it is so already. `s` is UTF-8. */
struct str plain_text(struct arena *a, struct str s);
bool is_blank(struct str s); /* nothing but white space */

/* Any accepted encoding to UTF-8 without BOM. E_INVALID with the line and byte; a likely TCVN3 or VNI file is named. */
MUST_USE enum err decode_text(struct ctx *c, struct str content, struct str name, struct str *ret);
/* The document's words look like TCVN3 or VNI bytes taken for Latin letters ("KÕ ho¹ch"): E_INVALID with the reason. */
MUST_USE enum err refuse_legacy(struct builder *b);

/* Inline marks resolved. With `marks`: emphasis, code spans, backslash escapes; in any case LaTeX, <br> as '\n', inline
 * HTML tags dropped, and "**" that has no partner. `s` is plain text; so is the result. */
struct inline_text {
    struct str text;
    bool bold, italic; /* all of it */
};
struct inline_text resolve_inline(struct arena *a, struct str s, bool marks);

/* Length in bytes of a bullet at the start of `s` with the blanks after it, and its normal form ("-" or "+"); 0: none.
 */
size_t bullet_length(struct str s, struct str *ret_marker);
/* Length of an outline number at the start of `s` without the blank after it: "I.", "1.", "1.2.", "a)", "1.2"; 0: none.
 */
size_t outline_length(struct str s);

MUST_USE enum err read_text(struct builder *b, struct str text);
MUST_USE enum err read_markdown(struct builder *b, struct str text);
MUST_USE enum err read_docx(struct builder *b, struct str content);

/* The words of a PDF with their places, as pdftotext gives them, for read_pdf(). Begins a process. */
MUST_USE enum err pdf_words(struct ctx *c, struct str content, struct str name, struct str *ret);
MUST_USE enum err read_pdf(struct builder *b, struct str words);

/* Nothing but a spreadsheet is a table, and a spreadsheet is no document: E_INVALID. */
MUST_USE enum err grid_of(struct ctx *c, const struct document *d, struct grid *ret);
MUST_USE enum err refuse_sheet(struct ctx *c, const struct document *d);

/* The kind by content, then by name. */
enum document_kind document_kind_of(struct str content, struct str name);
struct str document_base_name(struct str path);
/* document_parse() with the words of a PDF given; they are not looked at for other kinds. */
MUST_USE enum err document_parse_words(struct ctx *c, struct str content, struct str name, struct str words,
                                       struct document *ret);

/* From here on this process can open no file, connect to nothing, begin no process and run no new code; what it tries
 * fails with EPERM. False if the system will not promise that. */
bool child_lock_down(void);

#endif
