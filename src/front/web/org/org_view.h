/* org_view.h - bodies and areas as their pages show them.
 *
 * Memory: lists in c->arena; texts are the catalogue's and the plans'. */
#ifndef HOALU_ORG_VIEW_H
#define HOALU_ORG_VIEW_H

#include "domain/owed/owed.h"
#include "front/web/html.h"

/* What the pages are asked with: `?day=`, `?as-of=`. */
struct org_moment {
    const struct org_catalogue *catalogue;
    int64_t at;
    int32_t day, today;
    struct str day_text, as_of_text; /* as asked; n == 0: not asked */
};

/* --- the list of bodies --- */

enum { ORG_TABS = 5, ORG_FOLD = 20 /* brothers of one kind that stand as one row in a tree */ };

struct org_line {
    const struct owed_count *count;
    unsigned level;
    size_t folded; /* > 0: stands for so many of `kind`; `count` is the first of them */
    const struct org_kind *kind;
};

struct orgs_view {
    const struct org_moment *moment;
    struct str tree, kind, words; /* as asked */
    bool filtered;                /* by words or kind: a list, not a tree */
    struct {
        struct org_line *v;
        size_t n, cap;
    } lines;
    const struct owed_count *most; /* who leads most; NULL: nobody leads anything */
    size_t bodies, named;          /* all on that day; of them, those a plan names */
    int64_t total;
    size_t unknown; /* names that no catalogue knows */
    struct {
        const struct org_kind **v;
        size_t n, cap;
    } kinds;
    struct org_tab {
        struct str tree;
        const struct message *name;
        struct url url;
    } tabs[ORG_TABS];
};

/* --- a body, a group --- */

struct owed_rows {
    const struct owed **v;
    size_t n, cap;
    bool plans;                   /* of several plans: the plan is named */
    struct str group, group_name; /* of what is laid on a group; p == NULL: on the body itself */
};

struct org_name {
    struct str code, name;
    int32_t valid_from, valid_to;
};
struct org_names {
    struct org_name *v;
    size_t n, cap;
};

struct org_place {
    const struct message *tree;
    struct org_names above; /* from the root to the one above it */
    struct org_names below;
};

enum { ORG_TREE_COUNT = 3 };

struct org_page {
    const struct org_moment *moment;
    const struct org_unit *unit;   /* NULL: a group */
    const struct org_group *group; /* NULL: a body */
    struct str name, kind_name;
    struct owed_count sum;
    int64_t total;
    struct owed_rows own, received;
    struct {
        struct owed_rows *v;
        size_t n, cap;
    } through;
    struct org_place places[ORG_TREE_COUNT]; /* those it has: n_places */
    size_t n_places;
    struct org_names leads, led_by, before, after, groups;
    const struct org_area *area;
    struct str area_name;
    struct org_aliases aliases;
    struct strs written; /* how plans write its name, where that is another */
    struct org_members {
        const struct org_kind *kind;
        struct org_names names;
    } * members; /* of a group, by kind */
    size_t n_members, members_total;
};

/* --- areas --- */

struct area_line {
    const struct org_area *area;
    struct org_names orgs;
};
struct areas_view {
    const struct org_moment *moment;
    struct str kind, words;
    struct {
        struct area_line *v;
        size_t n, cap;
    } lines;
    struct area_kind {
        const struct org_kind *kind;
        size_t n; /* lines of it */
    } kinds[16];
    size_t n_kinds;
    const struct org_kind *choices[16]; /* kinds of all areas of that day */
    size_t n_choices;
    struct html map; /* all of them, where nothing is filtered; empty: none */
    bool map_real;   /* of boundaries that were loaded, else of cells around centres */
};

struct area_page {
    const struct org_moment *moment;
    const struct org_area *area;
    struct str name, kind_name;
    struct org_names parent, before, after, orgs;
    struct org_aliases aliases;
    size_t items;
    bool all_shared;    /* none of its bodies is named itself */
    struct area_share { /* what the same of its bodies owe */
        struct org_names orgs;
        struct owed_rows rows;
    } * shares;
    size_t n_shares;
};

/* --- names that no catalogue knows --- */

struct unknown_line {
    struct str name;
    struct org_match now; /* what the catalogue calls it by now */
    struct owed_unknowns where;
};
struct unknown_view {
    struct unknown_line *v;
    size_t n, cap;
    size_t places;
};

#endif
