/* site.h - what a page is made with, and the table of pages: an address, what answers GET there, what answers POST.
 *
 * A feature stands in a folder of its own (front/web/plan/): its pages, its templates, and one list of routes, which
 * pages.c names. A page function reads what it needs (c->db is open for reading), calls site_begin(), and writes a
 * template into s->page. It fails as any function does, and the site shows what c->error says. A form's function
 * changes something by site_run() and then sends the reader on with site_go(), or writes a page again with what was
 * wrong; it runs on a worker, and the request has been found to come from this site.
 *
 * Memory: everything in c->arena, the request's own. Threads: none of its own. */
#ifndef HOALU_SITE_H
#define HOALU_SITE_H

#include "domain/op.h"
#include "front/http/http.h"
#include "front/web/frame.h"
#include "front/web/pages.h"

enum { SITE_PARTS = 3 };

struct site {
    struct ctx *c;
    const struct pages *pages;
    const struct visit *visit;
    const struct request *request;
    struct response *answer;     /* 200 unless a page sets s->answer->status */
    struct str part[SITE_PARTS]; /* what stood in the places of the address */
    struct http_pairs form;      /* of a POST that is a form */
    int32_t today;
    bool *read;       /* which parameters of the query a page has looked at; one more than it knows is not kept */
    bool for_one;     /* set by a page with something for this reader alone in it (a name, a token): never kept */
    int64_t position; /* of what a form has written; the reader brings it along */
    struct out out;
    struct page page;
    struct frame frame;
};

struct route {
    const char *pattern; /* "/plans/{}/clauses/{}": each {} is one segment and comes in s->part */
    enum permission may; /* what GET and POST ask for; the operation that a form calls asks again for its own */
    bool scoped;         /* held in some body is enough: the page narrows what it shows */
    enum err (*get)(struct site *s);  /* NULL: none */
    enum err (*post)(struct site *s); /* NULL: none; by a worker */
    bool live;                        /* what it shows changes without the ledger: it is made anew each time */
    bool slow;                        /* GET is for a worker, too */
    bool patient;                     /* what is slow there hashes a password or asks a provider (LANE_PATIENT) */
};
/* A row without a permission does not compile (OP_MAY). What follows the functions: .live = true. */
#define ROUTE(pattern_, may_, get_, post_, ...)                                                                        \
    {                                                                                                                  \
        .pattern = pattern_, OP_MAY_OF(may_, may, scoped), .get = get_, .post = post_, ##__VA_ARGS__                   \
    }

/* The routes of every feature (pages.c), each list as above; ended by NULL. */
extern const struct route *const page_routes[];

/* The head of the page: its address without query, its title, where in the navigation it stands. The query is kept in
 * the link to the other language. */
void site_begin(struct site *s, struct url here, struct str title, enum nav nav);
/* The figures of the page as data: `list` in each form, with the query that the page was asked with. */
void site_data(struct site *s, struct url list);
/* A text of the interface in the reader's language. */
struct str site_text(const struct site *s, const struct message *m);
/* A query parameter, or n == 0. */
struct str site_query(const struct site *s, const char *name);
/* A field of the form, or n == 0. */
struct str site_field(const struct site *s, const char *name);
/* Send the reader to another page. */
enum err site_go(struct site *s, struct url where);
/* Run a write (op.h) by the writer. `args` is the struct that op->args describes. `*ret_json` (may be NULL) is what it
 * emitted. */
MUST_USE enum err site_run(struct site *s, const struct op *op, const void *args, struct str *ret_json);

#endif
