/* org.h - bodies (cơ quan, đơn vị), groups of bodies, the trees they stand in, and the areas they serve.
 *
 * A body has a code that never changes, names and aliases with the dates they were in use, a place in one or more
 * hierarchies (Party, State, Front, areas), and dates from and to which it exists. A merger links the new body to those
 * before it. An area (địa bàn) is not a body: each commune is one area, served by a Đảng ủy and a UBND.
 * A group ("các sở, ban, ngành") is named in documents as if it were one body and stays one; its members are a rule.
 *
 * The catalogue is what names are matched against. It can be read from the CSV that ships with the program, from any
 * CSV of that form, or from a store. Memory: in c->arena; read-only once made, so threads may share it. */
#ifndef HOALU_ORG_H
#define HOALU_ORG_H

#include "base/ctx.h"
#include "base/field.h"

enum org_match_kind {
    ORG_UNKNOWN,
    ORG_UNIT,
    ORG_GROUP,
};

struct org_match {
    enum org_match_kind kind;
    struct str code; /* of the unit or group */
    struct str name; /* its full name, as it should be written */
};

struct org_catalogue; /* opaque; see catalogue.c */

/* The catalogue compiled into the program (data/orgs/). */
MUST_USE enum err org_catalogue_builtin(struct ctx *c, const struct org_catalogue **ret);
/* The catalogue of the store in c->db, as known at position `at`. */
MUST_USE enum err org_catalogue_from_store(struct ctx *c, int64_t at, const struct org_catalogue **ret);

/* What one name in a document stands for. Case, tone-mark style, marks lost in scanning, abbreviations ("UBND tỉnh",
 * "Sở KH&CN", "ĐU UBND tỉnh"), a leading "Các"/"các" and the words "tỉnh Ninh Bình" do not matter. Only a whole name
 * matches: "Sở X và Sở Y" is unknown here; the plan compiler parts lists. */
struct org_match org_resolve(const struct org_catalogue *catalogue, struct ctx *c, struct str name);

#endif
