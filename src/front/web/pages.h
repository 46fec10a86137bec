/* pages.h - the addresses that a person reads: which page answers, in which language, out of which figures.
 *
 * A request is a page's if it wants HTML before data (its Accept says so, and its path has no data suffix). The
 * language is ?lang=, else what was chosen before (a cookie), else Vietnamese. Pages carry a content security policy
 * that allows nothing from elsewhere and no script but our own. A page that read every parameter of its query, and is
 * not for one reader alone (site.h), may be kept (response.keep).
 *
 * Threads and memory: as a handler of http/http.h. c->db is open for reading. */
#ifndef HOALU_PAGES_H
#define HOALU_PAGES_H

#include "front/http/http.h"
#include "front/gate/gate.h"
#include "front/web/html.h"
#include "store/writer.h"

struct sso;

struct pages {
    struct str store;
    struct writer *writer; /* NULL: nothing can be written */
    bool sample;           /* the store is a demonstration, and every page says so */
    struct gate *gate;
    const struct sso *sso; /* signing in elsewhere (access/sso.h); NULL: not here */
};

/* Where a page is made: by a worker if it may change something or its route says so. */
enum http_lane pages_lane(const struct request *r);

/* Is it a page's, and in which language. */
bool pages_wants(const struct request *r);
enum lang pages_lang(const struct request *r);

/* Does a page answer there that changes without the ledger (who has signed in, from where)? It is made anew each time.
 */
bool pages_live(const struct request *r);

/* Answer, if the request is a page's. False: it is not, and nothing was done. Who may not is told so, and nobody is
 * sent to sign in first. */
bool pages_handle(struct ctx *c, const struct pages *pages, const struct visit *visit, const struct request *r,
                  struct response *ret);

#endif
