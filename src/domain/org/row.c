/* The tables of the catalogue, described once: for files, the store and JSON. */
#include "domain/org/catalogue.h"

#include "base/period.h"

#include <string.h>

#include "base/banned.h"

#define F(type, symbol, name, kind, doc)                                                                               \
    {                                                                                                                  \
        name, kind, offsetof(struct type, symbol), NULL, NULL, NULL, doc, false                                        \
    }
#define MUST(type, symbol, name, kind, doc)                                                                            \
    {                                                                                                                  \
        name, kind, offsetof(struct type, symbol), NULL, NULL, NULL, doc, true                                         \
    }
#define WORD(type, symbol, name, words, doc)                                                                           \
    {                                                                                                                  \
        name, FIELD_TEXT, offsetof(struct type, symbol), NULL, words, NULL, doc, true                                  \
    }
#define DATES(type)                                                                                                    \
    F(type, valid_from, "valid_from", FIELD_DAY, "first day"), F(type, valid_to, "valid_to", FIELD_DAY, "last day")
#define NOTE(type)      F(type, note, "note", FIELD_TEXT, "remark")
#define CONFIRMED(type) F(type, confirmed, "confirmed", FIELD_BOOL, "confirmed by a source")

#define UNIT_FIELDS                                                                                                    \
    MUST(org_unit, code, "code", FIELD_TEXT, "code of the body, never changed"),                                       \
        MUST(org_unit, name, "name", FIELD_TEXT, "full name"),                                                         \
        F(org_unit, short_name, "short", FIELD_TEXT, "short name for tables"),                                         \
        MUST(org_unit, kind, "kind", FIELD_TEXT, "kind of body"),                                                      \
        F(org_unit, area, "area", FIELD_TEXT, "area it serves"), DATES(org_unit), CONFIRMED(org_unit), NOTE(org_unit)

#define AREA_FIELDS                                                                                                    \
    MUST(org_area, code, "code", FIELD_TEXT, "code of the area"),                                                      \
        MUST(org_area, name, "name", FIELD_TEXT, "name without its kind"),                                             \
        MUST(org_area, kind, "kind", FIELD_TEXT, "kind of area"),                                                      \
        F(org_area, parent, "parent", FIELD_TEXT, "area it is part of"),                                               \
        {"km2", FIELD_F64, offsetof(struct org_area, km2), NULL, NULL, "km2", "surface", false},                       \
        {"lon", FIELD_F64, offsetof(struct org_area, lon),    NULL,                                                    \
         NULL,  "degree",  "longitude of its centre, WGS 84", false},                                                  \
        {"lat", FIELD_F64, offsetof(struct org_area, lat),   NULL,                                                     \
         NULL,  "degree",  "latitude of its centre, WGS 84", false},                                                   \
        DATES(org_area), CONFIRMED(org_area), NOTE(org_area)

RECORD(org_unit_record, struct org_unit, "org", "A body", UNIT_FIELDS);
RECORD(org_link_record, struct org_link, "org_link", "A body's place in a tree, or its tie to another",
       WORD(org_link, link, "link", ORG_RELATIONS, "kind of tie"), MUST(org_link, code, "code", FIELD_TEXT, "from"),
       MUST(org_link, target, "target", FIELD_TEXT, "to"), DATES(org_link), NOTE(org_link));
RECORD(org_alias_record, struct org_alias, "org_alias", "Another name of a body, group or area",
       MUST(org_alias, alias, "alias", FIELD_TEXT, "the other name"),
       MUST(org_alias, code, "code", FIELD_TEXT, "code of what it names"), DATES(org_alias), NOTE(org_alias));
RECORD(org_group_record, struct org_group, "org_group", "A group of bodies, by a rule",
       MUST(org_group, code, "code", FIELD_TEXT, "code of the group"),
       MUST(org_group, name, "name", FIELD_TEXT, "full name"),
       F(org_group, kinds, "kinds", FIELD_TEXTS, "kinds of its members"),
       F(org_group, tree, "tree", FIELD_TEXT, "tree in which they stand"),
       F(org_group, under, "under", FIELD_TEXT, "body below which they stand"),
       F(org_group, depth, "depth", FIELD_I64, "how many steps below at most"),
       F(org_group, include, "include", FIELD_TEXTS, "bodies and groups that belong to it too"),
       F(org_group, exclude, "exclude", FIELD_TEXTS, "bodies that do not"), DATES(org_group), CONFIRMED(org_group),
       NOTE(org_group));
RECORD(org_area_record, struct org_area, "area", "An area (địa bàn)", AREA_FIELDS);
RECORD(org_kind_record, struct org_kind, "org_kind", "A kind of body or area",
       MUST(org_kind, kind, "kind", FIELD_TEXT, "code of the kind"),
       MUST(org_kind, name, "name", FIELD_TEXT, "what it is called"),
       F(org_kind, name_en, "name_en", FIELD_TEXT, "the same in English"),
       WORD(org_kind, of, "of", "unit|area", "what it is a kind of"),
       MUST(org_kind, rank, "rank", FIELD_I64, "place in lists"), NOTE(org_kind));
RECORD(org_word_record, struct org_word, "org_word", "An abbreviation, or a word that does not count in names",
       MUST(org_word, word, "word", FIELD_TEXT, "as written"),
       F(org_word, full, "expansion", FIELD_TEXT, "in full; empty: does not count"), NOTE(org_word));

/* A row of units.csv gives a body and its links. */
RECORD(org_unit_columns, struct org_unit_row, "units", "A body, and its place in the trees", UNIT_FIELDS,
       F(org_unit_row, party, "party", FIELD_TEXT, "body above it in the Party"),
       F(org_unit_row, state, "state", FIELD_TEXT, "body above it in the State"),
       F(org_unit_row, front, "front", FIELD_TEXT, "body above it in the Front"),
       F(org_unit_row, leads, "leads", FIELD_TEXT, "body that this Party committee leads"));

RECORD(org_area_row_record, struct org_area_row, "area_row", "An area (địa bàn) and the bodies that serve it",
       AREA_FIELDS, F(org_area_row, full_name, "full_name", FIELD_TEXT, "name with its kind"),
       F(org_area_row, orgs, "orgs", FIELD_TEXTS, "bodies that serve it"));

const struct org_table org_tables[ORG_T_COUNT] = {
    [ORG_T_KIND] = {"kinds", "kind", &org_kind_record, &org_kind_record, offsetof(struct org_kind, origin)},
    [ORG_T_WORD] = {"words", "word", &org_word_record, &org_word_record, offsetof(struct org_word, origin)},
    [ORG_T_AREA] = {"areas", "area", &org_area_record, &org_area_record, offsetof(struct org_area, origin)},
    [ORG_T_UNIT] = {"units", "code", &org_unit_record, &org_unit_columns, offsetof(struct org_unit, origin)},
    [ORG_T_GROUP] = {"groups", "group", &org_group_record, &org_group_record, offsetof(struct org_group, origin)},
    [ORG_T_LINK] = {"links", "link", &org_link_record, &org_link_record, offsetof(struct org_link, origin)},
    [ORG_T_ALIAS] = {"aliases", "alias", &org_alias_record, &org_alias_record, offsetof(struct org_alias, origin)},
};

void *org_rows_add(struct arena *a, struct org_rows *rows, const struct record *r, const void *row)
{
    arena_grow(a, &rows->v, rows->n, &rows->cap, r->size);
    return memcpy((char *)rows->v + rows->n++ * r->size, row, r->size);
}

static struct str link_key(struct arena *a, const struct org_link *l)
{
    char from[DAY_TEXT];
    bool by_target = str_eq(l->link, S("leads")) || str_eq(l->link, S("predecessor"));
    const struct str parts[] = {l->link, l->code, by_target ? l->target : day_text(l->valid_from, from)};
    return str_join(a, parts, 3, S("|"));
}

struct str org_row_key(struct arena *a, enum org_table_id table, const void *row)
{
    const struct org_alias *alias = row;
    switch (table) {
    case ORG_T_LINK:
        return link_key(a, row);
    case ORG_T_ALIAS:
        return str_join(a, (const struct str[]){alias->alias, alias->code}, 2, S("|"));
    default: /* the first field of every other table is its key */
        return *(const struct str *)((const char *)row + org_tables[table].record->fields[0].offset);
    }
}

static bool texts_equal(const struct strs *a, const struct strs *b)
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++)
        if (!str_eq(a->v[i], b->v[i]))
            return false;
    return true;
}

bool org_row_equal(const struct record *r, const void *a, const void *b)
{
    for (size_t i = 0; i < r->n; i++) {
        const void *x = (const char *)a + r->fields[i].offset, *y = (const char *)b + r->fields[i].offset;
        bool same = true;
        double p, q;
        switch (r->fields[i].type) {
        case FIELD_TEXT:
            same = str_eq(*(const struct str *)x, *(const struct str *)y);
            break;
        case FIELD_TEXTS:
            same = texts_equal(x, y);
            break;
        case FIELD_DAY:
            same = *(const int32_t *)x == *(const int32_t *)y;
            break;
        case FIELD_I64:
            same = *(const int64_t *)x == *(const int64_t *)y;
            break;
        case FIELD_BOOL:
            same = *(const bool *)x == *(const bool *)y;
            break;
        case FIELD_F64:
            p = *(const double *)x, q = *(const double *)y;
            same = p == q || (p != p && q != q);
            break;
        default:
            break;
        }
        if (!same)
            return false;
    }
    return true;
}
