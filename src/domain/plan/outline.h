/* outline.h - the document as a tree of clauses.
 *
 * Paragraphs cut by line and page breaks are joined; markers (La Mã, số, 1.1, a), dashes, Phần/Chương/Mục/Điều) become
 * a tree by the order in which their kinds first appear; tables hang on the clause they follow. What stands before the
 * first clause is the head, what follows "Nơi nhận" is dropped save annexes. Time grows linearly with the document. */
#ifndef HOALU_OUTLINE_H
#define HOALU_OUTLINE_H

#include "document/document.h"

enum marker_kind {
    MARKER_NONE,
    MARKER_ANNEX,   /* Phụ lục I */
    MARKER_PART,    /* Phần thứ nhất, Phần I */
    MARKER_CHAPTER, /* Chương II */
    MARKER_UPPER,   /* A. */
    MARKER_ROMAN,   /* II. */
    MARKER_SECTION, /* Mục 1 */
    MARKER_ARTICLE, /* Điều 3. */
    MARKER_NUMBER,  /* 1. 1.1. 1) */
    MARKER_LETTER,  /* a) */
    MARKER_DASH,    /* - + */
};

struct marker {
    enum marker_kind kind;
    unsigned depth;  /* of a number: how many parts; of a dash: list depth */
    char end;        /* ')' or '.', to tell "1)" from "1."; the sign of a dash */
    unsigned value;  /* its last number, or the letter's place */
    struct str text; /* the number as it goes into a path: "II", "1.1", "a" */
    size_t length;   /* bytes of the line it takes, blanks after it included */
};
/* Read the marker at the start of a line; kind MARKER_NONE and length 0 if there is none. */
struct marker marker_read(struct ctx *c, struct str line);

struct paragraph {
    struct str text;
    unsigned line;
};

struct node {
    struct node *parent, *child, *last, *next; /* children in order */
    struct marker marker;
    struct str path;
    struct str title; /* its heading, if the first paragraph reads as one; else empty */
    struct {
        struct paragraph *v;
        size_t n, cap;
    } paragraphs; /* the clause's own words; a heading is not among them */
    struct {
        unsigned *v; /* numbers of the tables that stand under it */
        size_t n, cap;
    } tables;
    unsigned line, title_line; /* title_line: where its heading stands, which may be below a number alone on its line */
    unsigned dashes;           /* dashes under it so far */
    bool is_heading;           /* reads as a heading: short, no full stop, or set as one */
    bool is_label;             /* a dash that states lead, time …: a field of its parent, not a clause */
    bool repeated;             /* its number was used before at this place */
    void *item;                /* what compile.c made of it */
};

struct outline {
    struct node *root;   /* has no path; its paragraphs are the head of the document */
    struct node **nodes; /* all but the root, in document order */
    size_t n;
    size_t attached;        /* of the root's paragraphs, where the head of an attached plan begins; 0: none */
    struct paragraph *tail; /* signature and receivers */
    size_t n_tail;
};

MUST_USE enum err outline_read(struct ctx *c, const struct document *document, struct outline *ret);

#endif
