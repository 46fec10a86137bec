/* query.h - inside search: what was typed, as words.
 *
 * Only domain/search and its tests include this. Any text is a query or is refused; no sign has a meaning beyond the
 * quotes. Memory: c->arena. */
#ifndef HOALU_SEARCH_QUERY_H
#define HOALU_SEARCH_QUERY_H

#include "base/viet.h"
#include "domain/search/search.h"

struct query_word {
    struct str fold;  /* without marks */
    struct str typed; /* small, one place for the tone mark */
    bool prefix;      /* may be the beginning of a word */
    bool joined;      /* must follow the word before it */
};

struct search_query {
    struct query_word v[SEARCH_WORDS];
    size_t n;
    struct str name; /* the whole as a name (search_name), or n == 0 */
};

MUST_USE enum err search_query_read(struct ctx *c, struct str text, struct search_query *ret);

/* "III.3.3", "iii 3 3" -> "iii_3_3": two names that differ in signs and marks alone are one. n == 0 if it holds no word
 * or is longer than any name. */
struct str search_name(struct arena *a, struct str text);

/* The letters behind folded bytes [from, to), none cut in two. */
struct str search_letters(const struct folded *f, size_t from, size_t to);
/* Such letters as search compares them: small, one place for the tone mark. */
struct str search_typed(struct arena *a, struct str original);

/* Words longer than this are looked up by their beginning. */
enum { QUERY_KEY = 60 };

/* What words begin with in search_doc.words, which says where they stand and how they are written. */
#define KEY_TITLE_TYPED "a" /* in the title, with marks */
#define KEY_TYPED       "b" /* anywhere, with marks */
#define KEY_TITLE       "c" /* in the title, folded */
#define KEY_ANY         "d" /* anywhere, folded */
#define KEY_NAME        "e" /* a whole name, a path too */
#define KEY_PATH        "f"
#define KEY_KIND        "k"
#define KEY_PLAN        "p"
#define KEY_ALL         "x" /* alone: every document has it */

#endif
