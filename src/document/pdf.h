/* pdf.h - words with places, and tables rebuilt from them; for pdf.c, nothing else includes it.
 *
 * Lengths are points from the page's upper left corner. A PDF holds no tables, only words: where a header row stands
 * ("TT", "Nhiệm vụ", "Chủ trì" …) its columns are found from the white between the words below, and its rows from the
 * numbers in the first column, whether these stand at the top of their row or in its middle. */
#ifndef HOALU_DOCUMENT_PDF_H
#define HOALU_DOCUMENT_PDF_H

#include "document/reader.h"

struct pdf_word {
    float x0, x1, y0, y1;
    struct str text;
};

struct pdf_line {
    struct pdf_word *words; /* from left to right */
    size_t n;
    float x0, x1, y0, y1; /* the box of all of them */
    unsigned page, line;  /* ordinals from 1 */
    bool drop;            /* a running header, footer or page number */
};

struct pdf_text {
    struct pdf_line *v;
    size_t n, cap;
    float *page_height; /* by page number */
    unsigned pages;
};

float pdf_middle(float from, float to);
struct str pdf_join(struct arena *a, const struct pdf_word *words, size_t n);

/* If the header of a table begins at line `at`: its rows to `b`, and the line after the table to `ret_next`; else
 * `*ret_next` is `at`. */
MUST_USE enum err pdf_table(struct builder *b, const struct pdf_text *text, size_t at, size_t *ret_next);

#endif
