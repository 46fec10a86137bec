/* dictionary_store.h - files of the dictionary (data/indicators/README.md), read, checked, and loaded into the store.
 *
 * A load reads files on top of what the store holds, checks the whole, and writes what differs at the position of the
 * load's one event: rows that are the same are left alone, one that changed is closed and opened anew, so that "as
 * known at" an earlier position is unchanged. Rows that the files do not name stay; nothing is ever removed. */
#ifndef HOALU_INDICATOR_DICTIONARY_STORE_H
#define HOALU_INDICATOR_DICTIONARY_STORE_H

#include "domain/indicator/indicator.h"
#include "domain/org/org.h"
#include "domain/search/search.h"
#include "store/db.h"

/* The files compiled into the program. */
struct org_files dictionary_files_builtin(struct ctx *c);

/* Files on top of `base` (NULL: nothing): a row with the key of one in `base` replaces it. The whole is checked; bodies
 * and areas against `orgs` (NULL: not looked at). On any problem the result is E_INVALID, all of them are in `problems`
 * (if not NULL) and in the message, each with file and line, and `ret` is untouched. */
MUST_USE enum err dictionary_read(struct ctx *c, const struct org_file *files, size_t n_files,
                                  const struct dictionary *base, const struct org_catalogue *orgs,
                                  struct row_problems *problems, const struct dictionary **ret);

struct indicator_load {
    const struct org_file *files;
    size_t n_files;
    int64_t added, changed, unchanged; /* out: rows, of all tables together */
};
extern const struct record indicator_load_record; /* of what is given out */

/* A command of the writer; `arg` is a struct indicator_load. Without a difference no event is written. Event: kind
 * "indicator.load", subject "indicators". */
MUST_USE enum err indicator_load_run(struct ctx *c, void *arg);
/* What it would do; c->db is the store, or NULL if there is none yet. */
MUST_USE enum err indicator_load_check(struct ctx *c, struct indicator_load *load);

/* Inside a command: what of `after` differs from `before` is written, under one event of `kind` and `subject` whose
 * payload begins with `files` (n == 0: none). Counts go to `load`. Without a difference nothing happens. */
MUST_USE enum err dictionary_write(struct ctx *c, const struct dictionary *before, const struct dictionary *after,
                                   struct str kind, struct str subject, struct indicator_load *load);

/* The position of the last change; 0 if there was none. A dictionary read since then is current. */
MUST_USE enum err dictionary_changed(struct ctx *c, int64_t *ret_position);

/* What can be found of a dictionary (domain/search, owner SEARCH_INDICATORS). Whoever writes it has put it. */
void dictionary_search(struct ctx *c, const struct dictionary *d, struct search_docs *ret);

#endif
