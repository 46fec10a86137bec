/* draft_page.h - a draft as its pages show it: beside the lines of the source, what was read there, field by field.
 *
 * The rows and inputs of an item come from its record description (domain/plan/draft.h); what is said of a field here
 * is only its label. Memory: c->arena; texts are the draft's. */
#ifndef HOALU_DRAFT_PAGE_H
#define HOALU_DRAFT_PAGE_H

#include "domain/plan/draft.h"
#include "front/http/http.h"
#include "front/web/frame.h"

/* A field in words. */
struct draft_field_shown {
    const struct message *label;
    struct str value;
    bool differs;    /* from what was read, */
    struct str read; /* which was this */
};

struct draft_fields {
    struct draft_field_shown *v;
    size_t n, cap;
};

enum draft_input {
    INPUT_LINE,
    INPUT_AREA,
    INPUT_LIST, /* one to a line */
    INPUT_NUMBER,
    INPUT_DAY,
    INPUT_CHOICE,
};

struct draft_choice {
    struct str value;
    const struct message *label;
};

/* A field as a form asks for it. */
struct draft_input_shown {
    struct str name;
    const struct message *label, *hint; /* hint may be NULL */
    enum draft_input kind;
    struct str value;
    bool differs;
    struct str read;
    bool may_be_empty;
    struct str error; /* what is wrong with it; n == 0: nothing */
    struct {
        struct draft_choice *v;
        size_t n, cap;
    } choices;
};

struct draft_inputs {
    struct draft_input_shown *v;
    size_t n, cap;
};

struct draft_lines {
    const struct source_line *v;
    size_t n;
};

struct draft_item_shown {
    const struct draft_item *item;
    const struct message *kind;
    struct draft_fields fields;
};

/* A clause: its lines, and the items on it. */
struct draft_clause {
    struct str path;
    struct draft_lines lines;
    struct {
        struct draft_item_shown *v;
        size_t n, cap;
    } items;
};

enum draft_show { SHOW_OPEN, SHOW_UNDECIDED, SHOW_DECIDED, SHOW_ALL, SHOW_COUNT };

struct draft_page {
    const struct draft_view *view;
    enum draft_show show;
    const char *show_word;
    size_t counts[SHOW_COUNT]; /* items that each filter shows */
    struct {
        struct draft_clause *v;
        size_t n, cap;
    } clauses;
    size_t from, next; /* where the next page begins; 0: this is the last */
};

/* One item to be mended. */
struct draft_item_page {
    const struct draft_view *view;
    struct draft_item_shown shown;
    struct draft_lines lines;
    struct draft_inputs inputs;
    const struct draft_item *before, *after; /* by their place; NULL at the ends */
    struct url back;                         /* to the draft, nothing sent */
    struct str reason;
    bool stale;         /* the form was of an older version, and its words are kept */
    struct str problem; /* what is wrong and belongs to no field */
    struct str reason_error;
};

struct draft_approve_page {
    const struct draft_view *view;
    struct str slug;
    bool slug_held; /* a plan of that name is there: this makes a new version of it */
    struct str error, slug_error;
};

struct draft_upload {
    struct str error;
};

/* What a field is called; M_field_other where nobody has said. */
const struct message *draft_field_label(struct str name);
/* A word of a field that has words of its own ("measure", "level"); NULL if it has none. */
const struct message *draft_word_label(struct str field, struct str word);
const struct message *draft_kind_label(const struct draft_item *item);
struct draft_fields draft_fields_of(struct ctx *c, const struct draft_item *item, enum lang lang);
/* What a form asks: the values decided, or what stands in `typed` ("name" to text) if there is any. */
struct draft_inputs draft_inputs_of(struct ctx *c, const struct draft_item *item, const struct http_pairs *typed,
                                    enum lang lang);
/* The form's fields of an item as "field=value", numbers and lists in the words of a machine. */
struct strs draft_typed(struct ctx *c, const struct draft_item *item, const struct http_pairs *form, enum lang lang);
struct draft_lines draft_lines_of(const struct draft_view *view, const struct draft_item *item);

#endif
