/* template.h - a page with C in it, made C. README.md says what a template looks like.
 *
 * template_compile() follows the HTML around every value, so that each is written for the place where it stands, and
 * refuses a template in which that place is not certain: E_INVALID with file and line in c->error.
 *
 * Memory: the result lives in c->arena. Threads: no state. */
#ifndef HOALU_TEMPLATE_H
#define HOALU_TEMPLATE_H

#include "base/ctx.h"
#include "base/out.h"

struct template
{
    struct str header, source;
};

/* `file` is the path that messages and #line name; its last part is NAME.html and gives the function its name. */
MUST_USE enum err template_compile(struct ctx *c, struct str file, struct str text, struct template *ret);

/* --- between template.c and template_html.c ---------------------------------------------------------------------- */

enum place_kind {
    IN_TEXT,
    IN_RAW,   /* in <title> or <textarea>: text without tags */
    IN_TAG,   /* in a tag, after a blank */
    AFTER_IT, /* in a tag, where a blank, '/' or '>' must follow */
    IN_VALUE, /* in a double-quoted attribute value */
};

enum address {
    NO_ADDRESS,
    ADDRESS_START, /* nothing of it yet */
    ADDRESS_WHOLE, /* a struct url stands there */
    ADDRESS_PATH,
    ADDRESS_QUERY,
    ADDRESS_FRAGMENT,
    ADDRESS_FIXED, /* it begins with something that no value may follow */
};

struct place {
    enum place_kind kind;
    struct str tag, attribute; /* views into the template: the same occurrence is the same place */
    enum address address;
    size_t value_at;  /* where the value begins */
    bool after_value; /* the last thing of an address was a {{ }} */
    bool fixed_only;  /* an attribute that no value may stand in */
};

struct element {
    struct str name;
    unsigned line;
};

enum block_kind { BLOCK_PLAIN, BLOCK_LOOP, BLOCK_SWITCH };

struct block {
    struct place place;
    size_t depth;
    enum block_kind kind;
    unsigned line;
};

struct maker {
    struct ctx *c;
    struct str file, text;
    size_t at;
    struct place place;
    struct {
        struct element *v;
        size_t n, cap;
    } open;
    struct {
        struct block *v;
        size_t n, cap;
    } blocks;
    size_t depth_at_start;   /* elements that the template ends and did not begin */
    struct strs leaves;      /* elements that it begins and does not end */
    struct str args;         /* of the function, as written */
    struct out header, code; /* #include lines; the body of the function */
    struct out fixed;        /* text that waits to be written by one out_put */
    size_t line_at;          /* the line of this offset is known */
    unsigned line_known;
    bool has_args, has_output;
};

#define REFUSE(m, at, ...) FAIL_AT((m)->c, E_INVALID, (m)->file, template_line((m), (at)), __VA_ARGS__)
unsigned template_line(struct maker *m, size_t at);
void template_put_call(struct maker *m, const char *function); /* function(p) runs here */
bool template_is_piece(const struct maker *m, size_t at);      /* "{{", "{%" or "{#" */
bool template_is_own_line(const struct maker *m, size_t at);   /* a "{%" or "{#" piece alone on its line begins there */

/* Take what stands at m->at, which is not a piece: at least a byte. */
MUST_USE enum err html_step(struct maker *m);
/* May a value stand here? On success `*ret_rules` says by which rules. */
MUST_USE enum err html_value(struct maker *m, bool is_message, const char **ret_rules);
/* What stood before `{%` has been read: a tag's name or an attribute cannot go on behind it. */
MUST_USE enum err html_statement(struct maker *m);

#endif
