/* filter.h - the filters of a list page: a form that works by GET, what is chosen said in words with a link that takes
 * each back, and the addresses that keep the choice.
 *
 * The arguments of the list's operation are the filters (domain/plan/list.h): one parser reads them for the page, for
 * JSON, CSV and XLSX, and a value that is none is refused alike. A parameter without a value is one that a form left
 * empty, and does not count.
 *
 * Memory: c->arena. */
#ifndef HOALU_FILTER_H
#define HOALU_FILTER_H

#include "domain/plan/list.h"
#include "front/web/site.h"

enum { FILTER_PAGE = 50 };

/* What rows show: which plan each is of (there are several, and none was asked for); bodies as links. */
struct list_shown {
    bool plans, links;
};

struct filter_choice {
    struct str value, label;
};

struct filter_field {
    const char *name;
    const struct message *label, *any; /* any: what no choice means */
    enum { FILTER_SELECT, FILTER_TEXT, FILTER_DAY } kind;
    struct {
        struct filter_choice *v;
        size_t n, cap;
    } choices;
    struct str value; /* as given; n == 0: not chosen */
    struct str said;  /* in words */
    struct url without;
    int64_t left; /* how many rows there are without it; -1: not asked */
};

/* One of a few states, as links over the list; `n` < 0: without a number. */
struct filter_tab {
    const struct message *label;
    int64_t n;
    struct url there;
    bool current;
};

struct filter {
    struct site *site;
    const struct record *record;
    void *args;
    struct url here; /* the list without a query */
    struct {
        struct filter_field *v;
        size_t n, cap;
    } fields;
    struct {
        struct filter_tab *v;
        size_t n, cap;
    } tabs;
    const char *tabbed;    /* the argument that the tabs set, or NULL */
    struct str tab_value;  /* what it is now */
    size_t chosen;         /* fields that are */
    struct url clear, now; /* without any filter; without a past moment */
    int32_t as_of;
    bool goes_on, begun; /* there is a next page; this is not the first */
    struct url next, first;
};

/* Read the query into the arguments that `record` describes, with a page's number of rows. */
MUST_USE enum err filter_init(struct filter *f, struct site *s, struct url here, const struct record *record);

/* The fields of the form, in their order. A select takes its choices from what follows. */
struct filter_field *filter_add(struct filter *f, const char *name, const struct message *label, int kind);
void filter_choice(struct filter *f, struct filter_field *field, struct str value, struct str label);
/* Every word of the argument's `one_of`, each with its label. */
void filter_words(struct filter *f, struct filter_field *field, const struct message *(*label)(struct str word));
MUST_USE enum err filter_choices(struct filter *f, struct filter_field *field, enum list_choice_kind kind, int64_t at);
/* A field for the plan, if there are several. */
MUST_USE enum err filter_plans(struct filter *f, int64_t at);
void filter_tab(struct filter *f, const char *name, const struct message *label, const char *value, int64_t n);

/* When all fields are there: says what is chosen, makes the addresses, and the links to the data. `next` is the page's.
 */
void filter_done(struct filter *f, struct str next);
/* The arguments with one of them taken away, for asking what would be left. */
void *filter_relaxed(struct filter *f, const char *name);
/* This list with another value of one argument, from its first page; `value.n` == 0: without it. */
struct url filter_link(const struct filter *f, const char *name, struct str value);

#endif
