/* document.h - a document as a person sees it: lines, paragraphs, headings, list items and tables, each with its place.
 *
 * Every reader (text, Markdown, DOCX, PDF, CSV) gives the same blocks, so that nothing above knows the format.
 * Text in a block is UTF-8 in NFC with blanks made plain (base/viet.h); emphasis marks of Markdown (* _ ` and
 * backslash escapes), LaTeX comparisons ("$\geq 60\%$" → "≥ 60%") and inline HTML (<br> is '\n') are resolved; wording
 * is otherwise as it stands. Bullets of every shape are "-", save "+". An outline number at the start of a line of text
 * or of a paragraph is part of its text; only Markdown's ordered lists ("1. …", "1) …") and what DOCX numbers by itself
 * come as items with a marker. A reader puts marker and text together to see what a person sees.
 *
 * `line` is the place a message names: the 1-based line of a text, Markdown or CSV file, the ordinal of the paragraph
 * in a DOCX, the ordinal of the text line in a PDF.
 *
 * Untrusted files are read by document_read() in a child process with limits on memory, time, files and system calls; a
 * crash of a reader is one refused file. Memory: the document lives in c->arena. */
#ifndef HOALU_DOCUMENT_H
#define HOALU_DOCUMENT_H

#include "base/ctx.h"

enum document_kind {
    DOCUMENT_TEXT,
    DOCUMENT_MARKDOWN,
    DOCUMENT_DOCX,
    DOCUMENT_PDF,
    DOCUMENT_SHEET, /* a spreadsheet, which document_read() refuses: see grid_read() */
};

enum block_kind {
    BLOCK_LINE,      /* a physical line (text, PDF): a paragraph may run over several */
    BLOCK_PARAGRAPH, /* known to be whole (DOCX, Markdown) */
    BLOCK_HEADING,   /* a paragraph the format itself marks as heading of `level` 1..9 */
    BLOCK_ITEM,      /* a list item; `marker` is its label as a reader sees it: "-", "1.", "a)", "1.2." */
    BLOCK_ROW,       /* a row of a table */
    BLOCK_BLANK,     /* one or more empty lines */
    BLOCK_PAGE,      /* a page break */
};

struct cell {
    struct str text; /* paragraphs parted by '\n' */
    unsigned line;
    unsigned columns; /* grid columns it spans, at least 1 */
    bool merged_up;   /* continues the cell above it (DOCX vMerge): its text is then that cell's */
    bool number;      /* of a spreadsheet: it is a number there, and not text that looks like one */
};

struct block {
    enum block_kind kind;
    unsigned line;
    unsigned level;     /* of a heading; depth of a Markdown or DOCX list item from 0 */
    struct str marker;  /* of an item; also of a heading or paragraph the format numbers by itself (DOCX) */
    struct str text;    /* without the marker */
    bool bold, italic;  /* all of it */
    unsigned indent;    /* columns of white space before a line */
    unsigned table;     /* rows of one table share a number from 1; 0 elsewhere */
    struct cell *cells; /* of a row */
    size_t n_cells;
};

struct document {
    enum document_kind kind;
    struct str name; /* the file's name without its folder */
    struct block *blocks;
    size_t n;
};

/* Limits of a document, whatever its format: past them it is refused with E_LIMIT. */
enum {
    DOCUMENT_BYTES = 64 << 20,     /* the file itself */
    DOCUMENT_TEXT_BYTES = 4 << 20, /* some sixty plans of the usual length */
    DOCUMENT_BLOCKS = 400000,
    DOCUMENT_CELLS = 512,  /* in a row */
    DOCUMENT_LEVELS = 100, /* lists in lists */
};

/* Read the file at `path`, in a child process. The format is judged by content, then by the name. E_NOTFOUND, E_INVALID
 * (not a document of a kind we read, damaged, scanned without text; c->error.line where there is one), E_LIMIT, E_IO.
 */
MUST_USE enum err document_read(struct ctx *c, struct str path, struct document *ret);
/* The same of bytes in memory that came from outside, under the file name they came with. */
MUST_USE enum err document_read_bytes(struct ctx *c, struct str content, struct str name, struct document *ret);
/* What the child runs: read standard input's file, write the blocks to standard output. `kind` as a word. */
int document_child(int argc, char **argv);

/* The same, of bytes already in memory and in this process: for the child, tests and fuzzers. */
MUST_USE enum err document_parse(struct ctx *c, struct str content, struct str name, struct document *ret);

/* CSV (RFC 4180; `,` `;` or tab by its first line, or as "sep=;" says; UTF-8 with or without BOM, UTF-16 with BOM).
 * Rows of cells in plain NFC; empty lines are left out. Cells may be views into `content`. E_INVALID with the line,
 * E_LIMIT. */
struct csv {
    struct strs *rows;
    unsigned *lines; /* line on which each row starts */
    size_t n;
};
MUST_USE enum err csv_read(struct ctx *c, struct str content, struct str name, struct csv *ret);

/* The same row by row, for files so large that nobody wants all their cells at once: a file of 64 MB takes little more
 * than itself. `limit` bounds the file in bytes. */
struct csv_reader {
    struct ctx *c;
    struct str name, s;
    size_t at;
    unsigned line;
    char separator;
    struct {
        struct str *v;
        size_t n, cap;
    } cells;
};
MUST_USE enum err csv_begin(struct ctx *c, struct str content, struct str name, size_t limit, struct csv_reader *ret);
/* The next row that is not empty; `ret->v` is NULL at the end, and is filled anew by the next call. */
MUST_USE enum err csv_next(struct csv_reader *r, struct strs *ret, unsigned *ret_line);

/* A table that somebody keeps in a spreadsheet: CSV as above, or the first sheet of an XLSX that is not hidden. Cells
 * of an XLSX are as CSV would have them: days "2026-11-30", numbers shortest, those shown as a percentage with their
 * sign ("57%"), yes and no as "1" and "0", a formula as what it came to; rows without anything in them are left out. An
 * XLSX comes from outside as a document does, and is read in a child process with the limits of one. E_INVALID with the
 * line or row, E_LIMIT. */
struct grid {
    struct str sheet; /* the name of the sheet; empty for CSV */
    struct strs *rows;
    unsigned *lines; /* on which each row starts, or its number in the sheet */
    size_t n;
    const bool *const *numbers; /* of each row: which cells are numbers in the sheet; NULL for CSV */
};
MUST_USE enum err grid_read(struct ctx *c, struct str content, struct str name, struct grid *ret);
/* The same in this process: for tests and fuzzers. */
MUST_USE enum err grid_parse(struct ctx *c, struct str content, struct str name, struct grid *ret);

#endif
