/* rank.h - inside search: how well a document answers a query, and where in it.
 *
 * Only domain/search includes this. Memory: the arena given. */
#ifndef HOALU_SEARCH_RANK_H
#define HOALU_SEARCH_RANK_H

#include "domain/search/query.h"

/* How a document was found by its name. */
enum named {
    NAMED_SO,    /* it is called so */
    NAMED_UNDER, /* its path lies under what was asked for */
    NAMED_NOT,
};

/* The lower, the better; -1 if the document does not answer. `kind` is its place in SEARCH_KINDS. */
int64_t search_judge(struct arena *a, const struct search_query *q, struct str title, struct str text, enum named named,
                     unsigned kind);

/* Fill title_parts, snippet and snippet_parts. */
void search_show(struct arena *a, const struct search_query *q, struct str title, struct str text,
                 struct search_result *ret);

#endif
