/* field.h - describe once: a struct that crosses a border, as a table of its fields.
 *
 * From the one table come reading it from a row of the store (store/db.h), writing it as JSON, text or CSV
 * (base/emit.h), and its JSON Schema. A field is reached through field_get(), so that a register whose fields are
 * data can be described the same way.
 *
 * How a value stands in the struct, and how "absent" is said, by type:
 *   FIELD_BOOL   bool                            never absent
 *   FIELD_I64    int64_t                         I64_NONE
 *   FIELD_F64    double                          NaN
 *   FIELD_TEXT   struct str                      p == NULL
 *   FIELD_BYTES  struct str (any bytes)          p == NULL
 *   FIELD_DAY    int32_t, base/period.h          DAY_NONE; written "2026-11-30"
 *   FIELD_TEXTS  struct strs                     an empty list is []
 *   FIELD_RECORD the described struct, in place  never absent
 *   FIELD_LIST   struct { T *v; size_t n; ... }  an empty list is []
 */
#ifndef HOALU_FIELD_H
#define HOALU_FIELD_H

#include "base/str.h"

#include <math.h>

enum field_type {
    FIELD_BOOL,
    FIELD_I64,
    FIELD_F64,
    FIELD_TEXT,
    FIELD_BYTES,
    FIELD_DAY,
    FIELD_TEXTS,
    FIELD_RECORD,
    FIELD_LIST,
};

#define I64_NONE INT64_MIN
#define DAY_NONE INT32_MIN

struct record;

struct field {
    const char *name;
    enum field_type type;
    size_t offset;
    const struct record *of; /* FIELD_RECORD, FIELD_LIST */
    const char *one_of;      /* FIELD_TEXT: the words allowed, parted by '|'; NULL: any text */
    const char *unit;        /* of a number, or NULL */
    const char *doc;         /* one line */
    bool required;           /* on the way in: absent is refused */
    bool mend;               /* a person may mend it where a program has read it */
};

struct record {
    const char *name;
    const char *doc;
    size_t size;
    const struct field *fields;
    size_t n;
    /* Where `field` of `row` stands; NULL means at its offset. */
    const void *(*get)(const struct record *record, const struct field *field, const void *row);
};

#define RECORD(symbol, type, name, doc, ...)                                                                           \
    static const struct field symbol##_fields[] = {__VA_ARGS__};                                                       \
    const struct record symbol = {                                                                                     \
        name, doc, sizeof(type), symbol##_fields, sizeof symbol##_fields / sizeof *symbol##_fields, NULL}

static inline const void *field_get(const struct record *r, const struct field *f, const void *row)
{
    return r->get ? r->get(r, f, row) : (const char *)row + f->offset;
}

/* FIELD_LIST members begin with these two. */
struct list {
    const void *v;
    size_t n;
};

/* NULL if there is no field of that name. */
const struct field *record_field(const struct record *r, struct str name);

/* Do two rows hold the same values? Lists and nested records are compared too. */
bool record_equal(const struct record *r, const void *a, const void *b);

struct emit;
/* The JSON Schema (2020-12 subset that OpenAPI 3.1 takes) of a record, as one map. */
void record_schema(struct emit *e, const struct record *r);
/* The same of what is written out: every field is there, an absent one as null. */
void record_schema_given(struct emit *e, const struct record *r);

#endif
