/* emit.h - results go to a printer: an operation emits maps, lists and scalars and does not know what becomes of them.
 *
 * Back ends: JSON (compact or indented) and text for a terminal. The bytes go to a `struct out`, whose `failed` tells
 * at the end whether they all fitted. Inside a map every value is preceded by emit_key(). Unbalanced calls are a
 * mistake of ours and are asserted. Threads: one. */
#ifndef HOALU_EMIT_H
#define HOALU_EMIT_H

#include "base/field.h"
#include "base/out.h"

enum emit_form {
    EMIT_JSON,
    EMIT_JSON_LINES, /* indented by two, for people */
    EMIT_TEXT,       /* "key: value" lines, lists as dashes */
    EMIT_ROWS,       /* no bytes: each record goes to a function, all else is passed over; for tables */
};

typedef void emit_row(void *arg, const struct record *r, const void *row);

struct emit {
    struct out *out;
    enum emit_form form;
    unsigned depth;
    bool is_list[32], any[32], after_key;
    emit_row *row;
    void *row_arg;
};

void emit_init(struct emit *e, struct out *out, enum emit_form form);
void emit_init_rows(struct emit *e, emit_row *row, void *arg);
void emit_map(struct emit *e);
void emit_list(struct emit *e);
void emit_end(struct emit *e); /* of the innermost map or list */
void emit_key(struct emit *e, struct str key);
void emit_text(struct emit *e, struct str text); /* p == NULL is null */
void emit_i64(struct emit *e, int64_t v);        /* I64_NONE is null */
void emit_f64(struct emit *e, double v);         /* not finite is null */
void emit_bool(struct emit *e, bool v);
void emit_null(struct emit *e);
void emit_bytes(struct emit *e, struct str bytes); /* as lower-case hex */

/* A described struct as one map. */
void emit_record(struct emit *e, const struct record *r, const void *row);
/* Its fields only, inside a map the caller has opened. */
void emit_fields(struct emit *e, const struct record *r, const void *row);

/* Text as a JSON string with its quotes. `s` is UTF-8. (jansson has a json_string of its own.) */
void out_json_string(struct out *o, struct str s);

/* The columns of a record as a table, in order: its fields, and those of a record in it ("schedule.due": `within` is
 * then "schedule"); lists of records are left out. `at` is where the value stands, NULL if `row` is NULL. */
typedef void record_column(void *arg, struct str within, const struct field *f, const void *at);
void record_columns(const struct record *r, const void *row, record_column *each, void *arg);
/* Has the field no value there? */
bool field_is_absent(const struct field *f, const void *at);

/* CSV (RFC 4180): the header line, then one line a row, by record_columns(); several texts stand in one cell with
 * "; " between them. Text that a spreadsheet would take for a formula gets an apostrophe before it. */
void csv_header(struct out *o, const struct record *r);
void csv_row(struct out *o, const struct record *r, const void *row);

#endif
