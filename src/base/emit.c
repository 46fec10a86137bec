#include "base/emit.h"

#include "base/lanes.h"
#include "base/period.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/banned.h"

void emit_init(struct emit *e, struct out *out, enum emit_form form)
{
    *e = (struct emit){.out = out, .form = form};
}

void emit_init_rows(struct emit *e, emit_row *row, void *arg)
{
    *e = (struct emit){.form = EMIT_ROWS, .row = row, .row_arg = arg};
}

static void new_line(struct emit *e, unsigned depth)
{
    out_char(e->out, '\n');
    for (unsigned i = 0; i < depth; i++)
        out_put(e->out, S("  "));
}

/* What stands between the last value and this one. */
static void before_value(struct emit *e)
{
    if (e->after_key) {
        e->after_key = false;
        return;
    }
    assert(e->depth == 0 || e->is_list[e->depth - 1]);
    if (e->depth == 0)
        return;
    bool *any = &e->any[e->depth - 1];
    if (e->form == EMIT_TEXT) {
        if (*any || e->depth > 1)
            new_line(e, e->depth - 1);
        out_put(e->out, S("- "));
    } else {
        if (*any)
            out_char(e->out, ',');
        if (e->form == EMIT_JSON_LINES)
            new_line(e, e->depth);
    }
    *any = true;
}

static void open_level(struct emit *e, bool is_list)
{
    if (e->form == EMIT_ROWS)
        return;
    before_value(e);
    assert(e->depth < sizeof e->any);
    e->is_list[e->depth] = is_list;
    e->any[e->depth++] = false;
    if (e->form != EMIT_TEXT)
        out_char(e->out, is_list ? '[' : '{');
}

void emit_map(struct emit *e)
{
    open_level(e, false);
}

void emit_list(struct emit *e)
{
    open_level(e, true);
}

void emit_end(struct emit *e)
{
    if (e->form == EMIT_ROWS)
        return;
    assert(e->depth > 0 && !e->after_key);
    e->depth--;
    bool any = e->any[e->depth];
    if (e->form == EMIT_TEXT) {
        if (!any)
            out_put(e->out, S("–"));
        if (e->depth == 0)
            out_char(e->out, '\n');
        return;
    }
    if (any && e->form == EMIT_JSON_LINES)
        new_line(e, e->depth);
    out_char(e->out, e->is_list[e->depth] ? ']' : '}');
    if (e->depth == 0)
        out_char(e->out, '\n');
}

void emit_key(struct emit *e, struct str key)
{
    if (e->form == EMIT_ROWS)
        return;
    assert(e->depth > 0 && !e->is_list[e->depth - 1] && !e->after_key);
    bool *any = &e->any[e->depth - 1];
    if (e->form == EMIT_TEXT) {
        bool first_of_item = !*any && e->depth > 1 && e->is_list[e->depth - 2];
        if ((*any || e->depth > 1) && !first_of_item)
            new_line(e, e->depth - 1);
        out_put(e->out, key);
        out_put(e->out, S(": "));
    } else {
        if (*any)
            out_char(e->out, ',');
        if (e->form == EMIT_JSON_LINES)
            new_line(e, e->depth);
        out_json_string(e->out, key);
        out_put(e->out, e->form == EMIT_JSON_LINES ? S(": ") : S(":"));
    }
    *any = true;
    e->after_key = true;
}

/* What may not stand in a string of JSON as it is: 0xe2 begins the characters that end a line in JavaScript. */
static inline lanes is_special(lanes v)
{
    return (lanes)(v < lanes_of(0x20)) | (lanes)(v == lanes_of('"')) | (lanes)(v == lanes_of('\\')) |
           (lanes)(v == lanes_of(0x7f)) | (lanes)(v == lanes_of(0xe2));
}

static void put_escaped(struct out *o, unsigned char b)
{
    static const char hex[] = "0123456789abcdef";
    if (b == '"' || b == '\\')
        out_put(o, (struct str){(char[]){'\\', (char)b}, 2});
    else if (b == '\n')
        out_put(o, S("\\n"));
    else if (b == '\t')
        out_put(o, S("\\t"));
    else
        out_put(o, (struct str){(char[]){'\\', 'u', '0', '0', hex[b >> 4], hex[b & 15]}, 6});
}

void out_json_string(struct out *o, struct str s)
{
    size_t from = 0, i = lanes_find(s, 0, is_special);
    char *at = i == s.n ? out_room(o, s.n + 2) : NULL;
    if (at) {
        at[0] = at[s.n + 1] = '"';
        if (s.n)
            memcpy(at + 1, s.p, s.n);
        return;
    }
    out_char(o, '"');
    for (; i < s.n; i = lanes_find(s, i + 1, is_special)) {
        unsigned char b = (unsigned char)s.p[i];
        if (b != 0xe2) {
            out_put(o, str_slice(s, from, i));
            put_escaped(o, b);
            from = i + 1;
        } else if (s.n - i >= 3 && s.p[i + 1] == '\x80' && (s.p[i + 2] & '\xfe') == '\xa8') {
            /* U+2028 and U+2029 end a line in JavaScript, where JSON may come to stand. */
            out_put(o, str_slice(s, from, i));
            out_put(o, s.p[i + 2] == '\xa8' ? S("\\u2028") : S("\\u2029"));
            from = i + 3;
            i += 2;
        }
    }
    out_put(o, str_skip(s, from));
    out_char(o, '"');
}

void emit_null(struct emit *e)
{
    if (e->form == EMIT_ROWS)
        return;
    before_value(e);
    out_put(e->out, e->form == EMIT_TEXT ? S("–") : S("null"));
}

void emit_text(struct emit *e, struct str text)
{
    if (e->form == EMIT_ROWS)
        return;
    if (!text.p) {
        emit_null(e);
        return;
    }
    before_value(e);
    if (e->form == EMIT_TEXT)
        out_put(e->out, text);
    else
        out_json_string(e->out, text);
}

void emit_i64(struct emit *e, int64_t v)
{
    if (e->form == EMIT_ROWS)
        return;
    if (v == I64_NONE) {
        emit_null(e);
        return;
    }
    before_value(e);
    out_i64(e->out, v);
}

void emit_f64(struct emit *e, double v)
{
    if (e->form == EMIT_ROWS)
        return;
    if (!isfinite(v)) {
        emit_null(e);
        return;
    }
    before_value(e);
    out_f64(e->out, v);
}

void emit_bool(struct emit *e, bool v)
{
    if (e->form == EMIT_ROWS)
        return;
    before_value(e);
    out_put(e->out, v ? S("true") : S("false"));
}

void emit_bytes(struct emit *e, struct str bytes)
{
    static const char hex[] = "0123456789abcdef";
    if (e->form == EMIT_ROWS)
        return;
    if (!bytes.p) {
        emit_null(e);
        return;
    }
    before_value(e);
    if (e->form != EMIT_TEXT)
        out_char(e->out, '"');
    for (size_t i = 0; i < bytes.n; i++) {
        unsigned char b = (unsigned char)bytes.p[i];
        out_put(e->out, (struct str){(char[]){hex[b >> 4], hex[b & 15]}, 2});
    }
    if (e->form != EMIT_TEXT)
        out_char(e->out, '"');
}

bool field_is_absent(const struct field *f, const void *at)
{
    switch (f->type) {
    case FIELD_I64:
        return *(const int64_t *)at == I64_NONE;
    case FIELD_F64:
        return !isfinite(*(const double *)at);
    case FIELD_DAY:
        return *(const int32_t *)at == DAY_NONE;
    case FIELD_TEXT:
    case FIELD_BYTES:
        return !((const struct str *)at)->p;
    default:
        return false;
    }
}

static void emit_field(struct emit *e, const struct field *f, const void *at)
{
    switch (f->type) {
    case FIELD_BOOL:
        emit_bool(e, *(const bool *)at);
        return;
    case FIELD_I64:
        emit_i64(e, *(const int64_t *)at);
        return;
    case FIELD_F64:
        emit_f64(e, *(const double *)at);
        return;
    case FIELD_TEXT:
        emit_text(e, *(const struct str *)at);
        return;
    case FIELD_BYTES:
        emit_bytes(e, *(const struct str *)at);
        return;
    case FIELD_DAY: {
        char text[DAY_TEXT];
        emit_text(e, day_text(*(const int32_t *)at, text));
        return;
    }
    case FIELD_TEXTS: {
        const struct strs *texts = at;
        emit_list(e);
        for (size_t i = 0; i < texts->n; i++)
            emit_text(e, texts->v[i]);
        emit_end(e);
        return;
    }
    case FIELD_RECORD:
        emit_record(e, f->of, at);
        return;
    case FIELD_LIST: {
        const struct list *list = at;
        emit_list(e);
        for (size_t i = 0; i < list->n; i++)
            emit_record(e, f->of, (const char *)list->v + i * f->of->size);
        emit_end(e);
        return;
    }
    }
}

/* --- compact JSON ------------------------------------------------------------------------------------------------ */

/* What a described struct holds is balanced by itself: written without asking each time what stands before it. */
static void json_fields(struct out *o, const struct record *r, const void *row, bool more);

static void json_record(struct out *o, const struct record *r, const void *row)
{
    out_char(o, '{');
    json_fields(o, r, row, false);
    out_char(o, '}');
}

static void json_text(struct out *o, struct str text)
{
    if (text.p)
        out_json_string(o, text);
    else
        out_put(o, S("null"));
}

static void json_texts(struct out *o, const struct strs *texts)
{
    out_char(o, '[');
    for (size_t i = 0; i < texts->n; i++) {
        if (i)
            out_char(o, ',');
        json_text(o, texts->v[i]);
    }
    out_char(o, ']');
}

static void json_list(struct out *o, const struct record *of, const struct list *list)
{
    out_char(o, '[');
    for (size_t i = 0; i < list->n; i++) {
        if (i)
            out_char(o, ',');
        json_record(o, of, (const char *)list->v + i * of->size);
    }
    out_char(o, ']');
}

static void json_i64(struct out *o, int64_t v)
{
    if (v == I64_NONE)
        out_put(o, S("null"));
    else
        out_i64(o, v);
}

static void json_day(struct out *o, int32_t day)
{
    char text[DAY_TEXT];
    if (day == DAY_NONE) {
        out_put(o, S("null"));
        return;
    }
    out_char(o, '"');
    out_put(o, day_text(day, text));
    out_char(o, '"');
}

static void json_rare(struct out *o, const struct field *f, const void *at)
{
    struct emit plain;
    emit_init(&plain, o, EMIT_JSON);
    emit_field(&plain, f, at);
}

static void json_value(struct out *o, const struct field *f, const void *at)
{
    switch (f->type) {
    case FIELD_I64:
        json_i64(o, *(const int64_t *)at);
        return;
    case FIELD_TEXT:
        json_text(o, *(const struct str *)at);
        return;
    case FIELD_DAY:
        json_day(o, *(const int32_t *)at);
        return;
    case FIELD_TEXTS:
        json_texts(o, at);
        return;
    case FIELD_RECORD:
        json_record(o, f->of, at);
        return;
    case FIELD_LIST:
        json_list(o, f->of, at);
        return;
    case FIELD_BOOL:
    case FIELD_F64:
    case FIELD_BYTES:
        json_rare(o, f, at);
    }
}

/* A field's name is an identifier, in which nothing needs an escape. */
static void json_key(struct out *o, const char *name, bool more)
{
    size_t n = strlen(name);
    char *at = out_room(o, more + n + 3);
    if (!at) {
        out_put(o, more ? S(",\"") : S("\""));
        out_put(o, (struct str){name, n});
        out_put(o, S("\":"));
        return;
    }
    if (more)
        *at++ = ',';
    *at++ = '"';
    memcpy(at, name, n);
    at[n] = '"';
    at[n + 1] = ':';
}

static void json_fields(struct out *o, const struct record *r, const void *row, bool more)
{
    for (size_t i = 0; i < r->n; i++) {
        json_key(o, r->fields[i].name, more || i);
        json_value(o, &r->fields[i], field_get(r, &r->fields[i], row));
    }
}

/* --- described structs ------------------------------------------------------------------------------------------- */

void emit_fields(struct emit *e, const struct record *r, const void *row)
{
    if (e->form == EMIT_ROWS) {
        e->row(e->row_arg, r, row);
        return;
    }
    assert(e->depth > 0 && !e->is_list[e->depth - 1] && !e->after_key);
    if (e->form == EMIT_JSON) {
        json_fields(e->out, r, row, e->any[e->depth - 1]);
        e->any[e->depth - 1] |= r->n > 0;
        return;
    }
    for (size_t i = 0; i < r->n; i++) {
        emit_key(e, str_of(r->fields[i].name));
        emit_field(e, &r->fields[i], field_get(r, &r->fields[i], row));
    }
}

void emit_record(struct emit *e, const struct record *r, const void *row)
{
    emit_map(e);
    emit_fields(e, r, row);
    emit_end(e);
}

/* Would a spreadsheet compute this text? A sign alone or before a plain number ("-5", "+84 229", "-1,5 %") is none. */
static bool is_formula(struct str s)
{
    if (!s.n || !memchr("=+-@\t\r", s.p[0], 6))
        return false;
    if (s.p[0] != '+' && s.p[0] != '-')
        return true;
    for (size_t i = 1; i < s.n; i++)
        if (!memchr("0123456789., %", s.p[i], 14))
            return true;
    return false;
}

static void csv_quoted(struct out *o, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"')
            out_char(o, '"');
        out_char(o, s.p[i]);
    }
}

static void csv_text(struct out *o, struct str s)
{
    bool formula = is_formula(s);
    bool quote = formula;
    for (size_t i = 0; i < s.n && !quote; i++)
        quote = s.p[i] == ',' || s.p[i] == ';' || s.p[i] == '\t' || s.p[i] == '"' || s.p[i] == '\n' || s.p[i] == '\r';
    if (!quote) {
        out_put(o, s);
        return;
    }
    out_put(o, formula ? S("\"'") : S("\""));
    csv_quoted(o, s);
    out_char(o, '"');
}

static void csv_texts(struct out *o, const struct strs *texts)
{
    for (size_t i = 0; i < texts->n; i++) {
        out_put(o, i ? S("; ") : is_formula(texts->v[0]) ? S("\"'") : S("\""));
        csv_quoted(o, texts->v[i]);
    }
    if (texts->n)
        out_char(o, '"');
}

static void csv_value(struct out *o, const struct field *f, const void *at)
{
    struct emit plain;
    if (f->type == FIELD_TEXT) {
        csv_text(o, *(const struct str *)at);
    } else if (f->type == FIELD_TEXTS) {
        csv_texts(o, at);
    } else if (!field_is_absent(f, at)) {
        emit_init(&plain, o, EMIT_TEXT);
        emit_field(&plain, f, at);
    }
}

static void columns_of(const struct record *r, const void *row, struct str within, record_column *each, void *arg)
{
    for (size_t i = 0; i < r->n; i++) {
        const struct field *f = &r->fields[i];
        const void *at = row ? field_get(r, f, row) : NULL;
        if (f->type == FIELD_RECORD)
            columns_of(f->of, at, str_of(f->name), each, arg);
        else if (f->type != FIELD_LIST)
            each(arg, within, f, at);
    }
}

void record_columns(const struct record *r, const void *row, record_column *each, void *arg)
{
    columns_of(r, row, S(""), each, arg);
}

struct csv {
    struct out *out;
    bool any;
};

static void csv_cell(void *arg, struct str within, const struct field *f, const void *at)
{
    struct csv *csv = arg;
    if (csv->any)
        out_char(csv->out, ',');
    csv->any = true;
    if (at)
        csv_value(csv->out, f, at);
    else
        out_fmt(csv->out, "%.*s%s%s", ARGS(within), within.n ? "." : "", f->name);
}

void csv_header(struct out *o, const struct record *r)
{
    csv_row(o, r, NULL);
}

void csv_row(struct out *o, const struct record *r, const void *row)
{
    struct csv csv = {o, false};
    record_columns(r, row, csv_cell, &csv);
    out_put(o, S("\r\n"));
}
