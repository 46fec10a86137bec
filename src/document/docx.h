/* docx.h - the parts of a DOCX or XLSX package, and a DOCX's automatic numbering; for docx.c and sheet.c alone.
 *
 * A part is streamed through expat and never held whole. A DTD, encryption, too many entries, too much nesting, a part
 * that is too large or packed too well: refused, naming the part. Memory: the context's arena. Threads: one. */
#ifndef HOALU_DOCUMENT_DOCX_H
#define HOALU_DOCUMENT_DOCX_H

#include "document/reader.h"

struct zip;

struct package {
    struct ctx *c;
    struct str name; /* of the file */
    struct zip *zip;
    bool sheets;                            /* a workbook of spreadsheets; `document` is then its list of them */
    struct str document, styles, numbering; /* names of the parts; styles and numbering may be absent */
};

enum xml_space { SPACE_WORD, SPACE_COMPATIBILITY, SPACE_MATH, SPACE_OTHER };

struct xml_element {
    enum xml_space space;
    struct str name; /* without its namespace */
    const char **attributes;
};

/* What is told while a part is read. A callback that returns an error ends the reading with it. */
struct xml_handler {
    enum err (*start)(void *arg, const struct xml_element *e);
    enum err (*end)(void *arg, const struct xml_element *e);
    enum err (*text)(void *arg, struct str s); /* may be NULL */
};

MUST_USE enum err package_open(struct ctx *c, struct str content, struct str name, struct package *ret);
MUST_USE enum err package_read(struct package *p, struct str part, const struct xml_handler *handler, void *arg);
bool package_has(const struct package *p, struct str part);
/* The rows of the first sheet that is shown, of a package with `sheets`. */
MUST_USE enum err read_sheet(struct builder *b, struct package *p);
/* Value of the attribute of that local name; p == NULL if it is not there. */
struct str xml_attribute(const struct xml_element *e, const char *name);
/* The same as a number in 0..`max`; `otherwise` if it is absent or is none. */
int xml_number(const struct xml_element *e, const char *name, int max, int otherwise);
/* A toggle such as <w:b/> or <w:b w:val="0"/>. */
bool xml_is_on(const struct xml_element *e);

enum { LEVELS = 9, NOT_SET = -1 };

enum number_format {
    NUMBER_DECIMAL,
    NUMBER_ZERO,
    NUMBER_ROMAN,
    NUMBER_ROMAN_SMALL,
    NUMBER_LETTER,
    NUMBER_LETTER_SMALL,
    NUMBER_BULLET,
    NUMBER_NONE
};

struct style {
    struct str id, based_on, name;
    int outline;      /* 0..8, 9 body text, NOT_SET */
    int list, level;  /* numId and ilvl, or NOT_SET */
    int bold, italic; /* 0, 1, NOT_SET */
};

struct list_level {
    bool defined, legal; /* legal: all numbers as decimals */
    int start, restart;  /* restart: NOT_SET, or w:lvlRestart */
    enum number_format format;
    struct str text, style;
};

struct list_scheme { /* w:abstractNum */
    int id;
    struct str style_link;
    struct list_level levels[LEVELS];
    int value[LEVELS];
    bool running[LEVELS];
};

struct numbered_list { /* w:num */
    int id, scheme;
    int start[LEVELS]; /* overrides, or NOT_SET */
    struct list_level *levels[LEVELS];
    bool used;
};

struct numbering {
    struct ctx *c;
    struct str name; /* of the file */
    struct {
        struct style *v;
        size_t n, cap;
    } styles; /* sorted by id */
    struct {
        struct list_scheme *v;
        size_t n, cap;
    } schemes;
    struct {
        struct numbered_list *v;
        size_t n, cap;
    } lists;
    struct str default_style;
    struct out label; /* being made */
};

MUST_USE enum err numbering_read(struct package *p, struct numbering *ret);
/* A style with what it inherits, and the number of its heading level, 0 if it is none. */
struct style numbering_style(const struct numbering *n, struct str id, unsigned *ret_heading);
/* Count one paragraph of list `list` at `level` (NOT_SET: the level tied to `style`) and give its label as a reader
 * sees it: "1.2.", "a)", "-"; empty if the list shows none or is unknown. *ret_level is the level used. */
struct str numbering_next(struct numbering *n, int list, int level, struct str style, unsigned *ret_level);

#endif
