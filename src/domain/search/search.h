/* search.h - find plans, what stands in them, bodies and areas by the words people type, with and without marks.
 *
 * What can be found is a *document*: something that has a page of its own. A clause of a plan is one document, whatever
 * else it is (task, programme, target, duty: its kind is the most telling of these, and it is found under each of its
 * kinds), so one page is found once. Features hand in their documents whenever they write what these are made of, in
 * the same transaction (search_put), so a search never shows what is not there; `hoalu doctor` compares and mends.
 *
 * How a query is read (query.h):
 *   a b         both must occur in title or text, in any order
 *   ab          the last word may be the beginning of one, from two letters on, if none of its marks is another
 *   "a b"       one after the other; so are words that a sign joins without a blank ("57-NQ/TW", "R&D")
 *   III.3.3     a path, number, code or whole name: first what is called so, then what stands under the path
 * Marks and case do not matter for finding, only for the order; hoà and hòa are one; no sign is an operator.
 *
 * The order, best first: what is called so; words with just these marks before words with more marks, beginnings of
 * words, and words with others; the words in one stretch before scattered ones; title before text; a title that is
 * nothing but the words; by kind in the order of SEARCH_KINDS; then as they stand in the plan. It is made here, by
 * comparing the original texts, so both engines answer alike. At most SEARCH_JUDGED documents are judged: of more than
 * that, those are taken that have the words with their marks or in the title, and `limited` is set.
 *
 * Search knows the present alone: asked as of a day, it refuses (E_INVALID) instead of answering wrongly.
 *
 * Memory: c->arena. Threads: none shared. Errors: E_INVALID with the field for a query without a word, too long, or not
 * UTF-8; nothing in a query can make a statement fail. */
#ifndef HOALU_SEARCH_H
#define HOALU_SEARCH_H

#include "base/ctx.h"
#include "base/field.h"

#define SEARCH_KINDS "plan|org|group|area|indicator|programme|task|target|duty|clause"
enum { SEARCH_N_KINDS = 10 };

enum {
    SEARCH_VERSION = 1,          /* counts up when words are made in another way: the index is then made anew */
    SEARCH_JUDGED = 500,         /* documents that one query ranks */
    SEARCH_PAGE = 20,            /* results on a page, if not told */
    SEARCH_PAGE_MAX = 100,       /* and at most */
    SEARCH_QUERY = 300,          /* letters of a query */
    SEARCH_WORDS = 64,           /* words of a query */
    SEARCH_TEXT = 32 << 10,      /* bytes of a text that are looked at */
    SEARCH_OWNED = 1 << 20,      /* documents of one owner: an id is owner * SEARCH_OWNED + place */
    SEARCH_ORGS = 0,             /* the owner of bodies and areas; a plan's documents belong to its id */
    SEARCH_INDICATORS = 1 << 30, /* the owner of indicators: above all plans */
};

struct search_doc {
    struct str kind;        /* one of SEARCH_KINDS */
    struct strs also;       /* what else it is */
    struct str plan, path;  /* slug of its plan; path of a clause, code of a body, area or indicator; p == NULL: none */
    struct strs names;      /* what it is called: "06-NQ/TU", "Sở KH&CN"; a path need not be given */
    struct str title, text; /* NFC; none is empty */
};
struct search_docs {
    struct search_doc *v;
    size_t n, cap;
};

/* Inside a command: `docs` are all that can be found of this owner from now on, in the order in which they should be
 * shown. What did not change is left alone. E_LIMIT for more than a million. */
MUST_USE enum err search_put(struct ctx *c, int64_t owner, const struct search_docs *docs);
/* How many documents of the owner differ from these, are missing or too many. */
MUST_USE enum err search_differs(struct ctx *c, int64_t owner, const struct search_docs *docs, int64_t *ret);

/* All documents there are; and those that the engine's own index does not find. */
MUST_USE enum err search_count(struct ctx *c, int64_t *ret_docs, int64_t *ret_lost);
/* Were the words made by another version of this program, or never? */
MUST_USE enum err search_is_old(struct ctx *c, bool *ret);
/* Inside a command: forget everything, and note that the words to come are of this version. */
MUST_USE enum err search_begin_anew(struct ctx *c);

struct search_part {
    struct str text;
    bool hit;
};
struct search_parts {
    struct search_part *v;
    size_t n, cap;
};
extern const struct record search_part_record;

struct search_result {
    struct str kind, plan, path;
    struct str address;        /* of its page: "/plans/06-nq-tu/clauses/III.3.3" */
    struct str title, snippet; /* the snippet is the part of the text with the hits in it; p == NULL: no text */
    struct search_parts title_parts, snippet_parts; /* the same, cut where a hit begins and ends */
};
extern const struct record search_result_record;

struct search_results {
    struct search_result *v;
    size_t n, cap;
    int64_t found;  /* on all pages together */
    int64_t before; /* of these, on the pages before this one */
    /* By its place in SEARCH_KINDS: what there would be of each kind, and of all; one thing may be of several. of_all
     * is -1 where not all was judged, and none of these is then to be trusted. */
    int64_t of_kind[SEARCH_N_KINDS], of_all;
    bool limited;    /* there is more than `found`, which was not judged */
    struct str next; /* the cursor of the next page; p == NULL: this is the last */
};

struct search_asked {
    struct str q;
    struct str kind, plan; /* these alone; n == 0: all */
    struct str after;      /* a cursor, or n == 0 */
    int64_t limit;         /* I64_NONE: SEARCH_PAGE */
};
MUST_USE enum err search_find(struct ctx *c, const struct search_asked *asked, struct search_results *ret);
/* The answer to who asks as of a day. */
enum err search_refuse_past(struct ctx *c);

#endif
