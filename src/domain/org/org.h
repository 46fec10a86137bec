/* org.h - bodies (cơ quan, đơn vị), groups of bodies, the trees they stand in, and the areas they serve.
 *
 * A body has a code that never changes, names and aliases with the dates they were in use, a place in one or more
 * hierarchies (Party, State, Front, areas), and dates from and to which it exists. A merger links the new body to those
 * before it. An area (địa bàn) is not a body: each commune is one area, served by a Đảng ủy and a UBND.
 * A group ("các sở, ban, ngành") is named in documents as if it were one body and stays one; its members are a rule.
 *
 * The catalogue is what names are matched against. It can be read from the CSV that ships with the program, from any
 * CSV of that form (data/orgs/README.md), or from a store. Memory: in c->arena; read-only once made, so threads may
 * share it. Lists that functions give back are in c->arena as well.
 *
 * Days: `valid_from` and `valid_to` are both days on which the thing exists; DAY_NONE is without beginning or end.
 * Codes of bodies, groups and areas are one namespace. */
#ifndef HOALU_ORG_H
#define HOALU_ORG_H

#include "base/ctx.h"
#include "base/field.h"
#include "document/rows.h"

enum org_match_kind {
    ORG_UNKNOWN,
    ORG_UNIT,
    ORG_GROUP,
    ORG_AREA, /* "xã Gia Viễn": a place, named where a body would stand */
};

struct org_match {
    enum org_match_kind kind;
    struct str code; /* of the unit, group or area */
    struct str name; /* its full name, as it should be written */
};

/* Where a row was read, for messages. Empty when it came from a store. */
struct org_origin {
    struct str file;
    unsigned line;
};

struct org_unit {
    struct str code, name, short_name, kind; /* kind: a code of org_kind */
    struct str area;                         /* code of the area it serves, p == NULL if none */
    int32_t valid_from, valid_to;
    bool confirmed; /* by a source; otherwise `note` says why not */
    struct str note;
    struct org_origin origin;
};

/* Trees are links from a body to the one above it; `leads` goes from a Party committee to the body it leads,
 * `predecessor` from a body or area to one that was merged into it. */
#define ORG_TREES     "party|state|front"
#define ORG_RELATIONS ORG_TREES "|leads|predecessor"
struct org_link {
    struct str link; /* one of ORG_RELATIONS */
    struct str code, target;
    int32_t valid_from, valid_to;
    struct str note;
    struct org_origin origin;
};

/* Another name of a body, group or area. */
struct org_alias {
    struct str alias, code;
    int32_t valid_from, valid_to;
    struct str note;
    struct org_origin origin;
};

/* Members: bodies of one of `kinds` (any, if empty) that stand below `under` in `tree` (anywhere, if empty), at most
 * `depth` steps; then `include` (bodies, groups), without `exclude`. Without any of these the group has no list. */
struct org_group {
    struct str code, name;
    struct strs kinds;
    struct str tree, under;
    int64_t depth; /* I64_NONE: any */
    struct strs include, exclude;
    int32_t valid_from, valid_to;
    bool confirmed;
    struct str note;
    struct org_origin origin;
};

struct org_area {
    struct str code, name; /* without its kind: "Gia Viễn" */
    struct str kind;       /* a code of org_kind */
    struct str parent;
    double km2, lon, lat; /* NaN if not known; degrees, WGS 84 */
    int32_t valid_from, valid_to;
    bool confirmed;
    struct str note;
    struct org_origin origin;
};

struct org_kind {
    struct str kind, name;
    struct str name_en; /* p == NULL if not known */
    struct str of;      /* "unit" or "area" */
    int64_t rank;       /* the order in which kinds are shown */
    struct str note;
    struct org_origin origin;
};

/* An abbreviation, or, with an empty `full`, a word that does not count when names are compared. */
struct org_word {
    struct str word, full;
    struct str note;
    struct org_origin origin;
};

extern const struct record org_unit_record, org_link_record, org_alias_record, org_group_record, org_area_record,
    org_kind_record, org_word_record;

struct org_catalogue; /* opaque; see catalogue.h */

/* The catalogue compiled into the program (data/orgs/); it was checked when the program was tested. */
MUST_USE enum err org_catalogue_builtin(struct ctx *c, const struct org_catalogue **ret);
/* The catalogue of the store in c->db, as known at position `at`. */
MUST_USE enum err org_catalogue_from_store(struct ctx *c, int64_t at, const struct org_catalogue **ret);

struct org_file {
    struct str name, content;
};
struct org_files {
    const struct org_file *v;
    size_t n;
};
/* The files compiled into the program. */
struct org_files org_files_builtin(struct ctx *c);
/* Read CSV files on top of `base` (NULL: nothing): a row with the key of one in `base` replaces it. The whole is
 * checked: codes, kinds, parents, dates, cycles, clashing names. On any problem the result is E_INVALID, all of them
 * are in `problems` (if not NULL) and in the message, each with file and line, and `ret` is untouched. */
MUST_USE enum err org_catalogue_read(struct ctx *c, const struct org_file *files, size_t n_files,
                                     const struct org_catalogue *base, struct row_problems *problems,
                                     const struct org_catalogue **ret);

/* What one name in a document stands for. Case, tone-mark style, marks lost in scanning, abbreviations ("UBND tỉnh",
 * "Sở KH&CN", "ĐU UBND tỉnh"), a leading "Các"/"các" and the words "tỉnh Ninh Bình" do not matter. Only a whole name
 * matches: "Sở X và Sở Y" is unknown here; the plan compiler parts lists. What exists today (by c's clock) goes before
 * what was or will be. A name that, without its marks, fits several is told apart by its marks, or is unknown. */
struct org_match org_resolve(const struct org_catalogue *catalogue, struct ctx *c, struct str name);
/* The same, for a document of day `day`. */
struct org_match org_resolve_at(const struct org_catalogue *catalogue, struct ctx *c, struct str name, int32_t day);

/* NULL if there is none of that code. */
const struct org_unit *org_unit(const struct org_catalogue *catalogue, struct str code);
const struct org_group *org_group(const struct org_catalogue *catalogue, struct str code);
const struct org_area *org_area(const struct org_catalogue *catalogue, struct str code);
const struct org_kind *org_kind(const struct org_catalogue *catalogue, struct str kind);
/* "xã Gia Viễn" */
struct str org_area_name(const struct org_catalogue *catalogue, struct ctx *c, const struct org_area *area);

/* All of them, in the order in which lists show them: by kind's rank, then by name. */
struct org_units {
    const struct org_unit *const *v;
    size_t n;
};
struct org_areas {
    const struct org_area *const *v;
    size_t n;
};
struct org_groups {
    const struct org_group *const *v;
    size_t n;
};
struct org_units org_units(const struct org_catalogue *catalogue);
struct org_areas org_areas(const struct org_catalogue *catalogue);
struct org_groups org_groups(const struct org_catalogue *catalogue);

/* Other names of a body, group or area, as the catalogue lists them. */
struct org_aliases {
    const struct org_alias *const *v;
    size_t n;
};
struct org_aliases org_aliases(struct ctx *c, const struct org_catalogue *catalogue, struct str code);

/* What a list is filtered by: does every word of `words` begin a word of the code, the name, the short name or an alias
 * of `code`, marks and case aside? True if there are no words. */
struct org_filter; /* of one request; made by org_filter_new() */
const struct org_filter *org_filter_new(struct ctx *c, const struct org_catalogue *catalogue, struct str words);
bool org_filter_fits(struct ctx *c, const struct org_filter *filter, struct str code);

bool org_exists(int32_t valid_from, int32_t valid_to, int32_t day);

/* Codes of the bodies in a group on `day`, in the order of org_units(). E_NOTFOUND if there is no such group. */
MUST_USE enum err org_members(struct ctx *c, const struct org_catalogue *catalogue, struct str group, int32_t day,
                              struct strs *ret);
/* `root` and all below it on `day`, in preorder, siblings in the order of org_units(). `tree` is one of ORG_TREES, or
 * "area": then root and results are areas. E_NOTFOUND if root does not exist on that day; E_INVALID for another tree.
 */
MUST_USE enum err org_subtree(struct ctx *c, const struct org_catalogue *catalogue, struct str tree, struct str root,
                              int32_t day, struct strs *ret);
/* The bodies one step below, and those that have some below them and none above, on `day`, in the order of org_units().
 * `tree` is one of ORG_TREES. */
struct strs org_children(struct ctx *c, const struct org_catalogue *catalogue, struct str tree, struct str code,
                         int32_t day);
struct strs org_roots(struct ctx *c, const struct org_catalogue *catalogue, struct str tree, int32_t day);
/* The groups that a body belongs to on `day`, in the order of org_groups(). */
struct strs org_groups_of(struct ctx *c, const struct org_catalogue *catalogue, struct str code, int32_t day);
/* The one above it, or p == NULL. */
struct str org_parent(const struct org_catalogue *catalogue, struct str tree, struct str code, int32_t day);
/* The body that a Party committee leads; the committee that leads a body. p == NULL if none. */
struct str org_led_by(const struct org_catalogue *catalogue, struct str committee, int32_t day);
struct str org_leader_of(const struct org_catalogue *catalogue, struct str unit, int32_t day);
/* Bodies that serve an area on `day`. */
struct strs org_serving(struct ctx *c, const struct org_catalogue *catalogue, struct str area, int32_t day);
/* What a body or area was merged from, and what it was merged into: one step. */
struct strs org_predecessors(struct ctx *c, const struct org_catalogue *catalogue, struct str code);
struct strs org_successors(struct ctx *c, const struct org_catalogue *catalogue, struct str code);

#endif
