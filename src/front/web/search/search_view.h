/* search_view.h - what the page of search results shows.
 *
 * Memory: the request's arena. Threads: none. */
#ifndef HOALU_SEARCH_VIEW_H
#define HOALU_SEARCH_VIEW_H

#include "domain/search/search.h"
#include "front/web/html.h"
#include "front/web/messages.h"

/* A choice among kinds; the first is all of them. */
struct search_choice {
    const struct message *label;
    struct url url;
    bool chosen;
    int64_t n; /* I64_NONE: not known */
};

struct search_line {
    const struct search_result *result;
    const struct message *kind;
    struct url url;
};

struct search_view {
    struct str query;   /* as it was typed; n == 0: nothing yet */
    struct str refused; /* why there was no search; n == 0: there was */
    bool of_kind;       /* one kind alone was asked for */
    struct search_results results;
    struct search_line *lines; /* one for each result */
    struct search_choice choices[SEARCH_N_KINDS + 1];
    size_t n_choices;
    int64_t from, to; /* the results shown, counted from 1 */
    struct url next, first;
};

#endif
