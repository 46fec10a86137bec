/* org_store.h - loading catalogue files into the store.
 *
 * A load reads files on top of what the store holds now (data/orgs/README.md), checks the whole, and writes what
 * differs: rows that are the same are left alone, a row that changed is closed and opened anew at the position of the
 * load's one event, so that "as known at" an earlier position is unchanged. Rows that the files do not name stay.
 * Nothing is ever removed: what ends gets a valid_to. An empty store begins with our own kinds and abbreviations. */
#ifndef HOALU_ORG_STORE_H
#define HOALU_ORG_STORE_H

#include "domain/org/org.h"
#include "domain/search/search.h"
#include "store/db.h"

struct org_load {
    const struct org_file *files;
    size_t n_files;
    int64_t added, changed, unchanged; /* out: rows, of all tables together */
};
extern const struct record org_load_record; /* of what is given out */

/* A command of the writer (store/writer.h); `arg` is a struct org_load. E_INVALID as org_catalogue_read() says it.
 * Without a difference no event is written. Event: kind "org.load", subject "orgs". */
MUST_USE enum err org_load_run(struct ctx *c, void *arg);
/* What it would do; c->db is the store, or NULL if there is none yet. */
MUST_USE enum err org_load_check(struct ctx *c, struct org_load *load);

/* The position of the last load; 0 if there was none. A catalogue read since then is current. */
MUST_USE enum err org_changed(struct ctx *c, int64_t *ret_position);

/* What can be found of a catalogue (domain/search, owner SEARCH_ORGS). org_load_run() has put it. */
void org_search(struct ctx *c, const struct org_catalogue *catalogue, struct search_docs *ret);

#endif
