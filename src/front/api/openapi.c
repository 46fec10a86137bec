/* openapi.c - the operations as an OpenAPI 3.1 document, out of their rows. */
#include "front/api/api.h"

#include "domain/access/access.h"
#include <string.h>

#include "base/banned.h"

enum { SCHEMAS = 200 }; /* more, and the document would not be valid, which a test sees */

static void put_pair(struct emit *e, const char *key, struct str value)
{
    emit_key(e, str_of(key));
    emit_text(e, value);
}

static void open_key(struct emit *e, const char *key)
{
    emit_key(e, str_of(key));
    emit_map(e);
}

/* "Không tìm thấy": every refusal has one form. */
static void put_refusal(struct emit *e)
{
    open_key(e, "default");
    put_pair(e, "description", S("Từ chối (refused): RFC 9457"));
    open_key(e, "content");
    open_key(e, "application/problem+json");
    open_key(e, "schema");
    put_pair(e, "$ref", S("#/components/schemas/problem"));
    emit_end(e);
    emit_end(e);
    emit_end(e);
    emit_end(e);
}

static void put_ref(struct emit *e, const struct record *r)
{
    char ref[120] = "#/components/schemas/";
    size_t n = strlen(ref);
    struct str name = str_head(str_of(r->name), sizeof ref - n);
    memcpy(ref + n, name.p, name.n);
    emit_map(e);
    put_pair(e, "$ref", (struct str){ref, n + name.n});
    emit_end(e);
}

static void put_types(struct emit *e, const char *first, const char *second)
{
    emit_key(e, S("type"));
    emit_list(e);
    emit_text(e, str_of(first));
    emit_text(e, str_of(second));
    emit_end(e);
}

/* What an operation emits: rows in pages, a row, or an object that no record describes. */
static void put_given(struct emit *e, const struct op *op)
{
    if (op->gives && !op->many && !op->or) {
        put_ref(e, op->gives);
        return;
    }
    emit_map(e);
    if (op->or) {
        emit_key(e, S("anyOf"));
        emit_list(e);
        put_ref(e, op->gives);
        put_ref(e, op->or);
        emit_end(e);
        emit_end(e);
        return;
    }
    put_pair(e, "type", S("object"));
    if (op->gives) {
        open_key(e, "properties");
        open_key(e, "items");
        put_pair(e, "type", S("array"));
        emit_key(e, S("items"));
        put_ref(e, op->gives);
        emit_end(e);
        open_key(e, "next");
        put_types(e, "string", "null");
        put_pair(e, "description", S("`after` của trang sau; null: hết (of the next page; null: no more)"));
        emit_end(e);
        open_key(e, "count");
        put_pair(e, "type", S("integer"));
        emit_end(e);
        emit_end(e);
        emit_key(e, S("required"));
        emit_list(e);
        emit_text(e, S("items"));
        emit_text(e, S("next"));
        emit_end(e);
    }
    emit_end(e);
}

/* A write tells at which position it stands. */
static void put_written(struct emit *e, const struct op *op)
{
    emit_map(e);
    put_pair(e, "type", S("object"));
    open_key(e, "properties");
    open_key(e, "position");
    put_pair(e, "type", S("integer"));
    emit_end(e);
    emit_key(e, S("result"));
    if (op->gives) {
        put_given(e, op);
    } else {
        emit_map(e);
        put_types(e, "object", "null");
        emit_end(e);
    }
    emit_end(e);
    emit_key(e, S("required"));
    emit_list(e);
    emit_text(e, S("position"));
    emit_text(e, S("result"));
    emit_end(e);
    emit_end(e);
}

static void put_answer(struct emit *e, const struct op *op, bool table)
{
    open_key(e, "responses");
    open_key(e, "200");
    put_pair(e, "description", S("Kết quả (the result)"));
    open_key(e, "content");
    open_key(e, "application/json");
    emit_key(e, S("schema"));
    if (op->kind == OP_READ)
        put_given(e, op);
    else
        put_written(e, op);
    emit_end(e);
    static const char *const tables[] = {"text/csv",
                                         "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"};
    for (size_t i = 0; table && i < sizeof tables / sizeof *tables; i++) {
        open_key(e, tables[i]);
        open_key(e, "schema");
        put_pair(e, "type", S("string"));
        emit_end(e);
        emit_end(e);
    }
    emit_end(e);
    emit_end(e);
    put_refusal(e);
    emit_end(e);
}

static bool in_path(const struct op *op, const char *name)
{
    size_t n = strlen(name);
    for (const char *at = op->path; at && (at = strchr(at, '{')); at++)
        if (strncmp(at + 1, name, n) == 0 && at[1 + n] == '}')
            return true;
    return false;
}

static void put_type(struct emit *e, const struct field *f)
{
    static const char *const types[] = {[FIELD_BOOL] = "boolean", [FIELD_I64] = "integer", [FIELD_F64] = "number",
                                        [FIELD_TEXT] = "string",  [FIELD_DAY] = "string",  [FIELD_TEXTS] = "array"};
    open_key(e, "schema");
    put_pair(e, "type", str_of(types[f->type]));
    if (f->type == FIELD_DAY)
        put_pair(e, "format", S("date"));
    if (f->type == FIELD_TEXTS) {
        open_key(e, "items");
        put_pair(e, "type", S("string"));
        emit_end(e);
    }
    if (f->one_of) {
        struct str words = str_of(f->one_of), word;
        emit_key(e, S("enum"));
        emit_list(e);
        while (str_cut(&words, '|', &word))
            emit_text(e, word);
        emit_end(e);
    }
    emit_end(e);
}

/* What a reader who has seen something brings along, so as to see nothing older. */
static void put_position(struct emit *e)
{
    emit_map(e);
    put_pair(e, "name", S("Hoalu-Position"));
    put_pair(e, "in", S("header"));
    put_pair(
        e, "description",
        S("vị trí mà một lần ghi đã trả về: không thấy gì cũ hơn (the position a write answered with: nothing older "
          "is shown)"));
    open_key(e, "schema");
    put_pair(e, "type", S("integer"));
    emit_end(e);
    emit_end(e);
}

static void put_parameters(struct emit *e, const struct op *op)
{
    emit_key(e, S("parameters"));
    emit_list(e);
    put_position(e);
    for (size_t i = 0; op->args && i < op->args->n; i++) {
        const struct field *f = &op->args->fields[i];
        bool path = in_path(op, f->name);
        emit_map(e);
        put_pair(e, "name", str_of(f->name));
        put_pair(e, "in", path ? S("path") : S("query"));
        put_pair(e, "description", str_of(f->doc));
        emit_key(e, S("required"));
        emit_bool(e, path || f->required);
        put_type(e, f);
        emit_end(e);
    }
    emit_end(e);
}

static void put_summary(struct emit *e, const struct op *op, const char *prefix, struct str tag)
{
    char id[80];
    size_t n = strlen(prefix);
    struct str name = str_head(str_of(op->name), sizeof id - n);
    memcpy(id, prefix, n);
    memcpy(id + n, name.p, name.n);
    put_pair(e, "operationId", (struct str){id, n + name.n});
    put_pair(e, "summary", str_of(op->vi));
    put_pair(e, "description", str_of(op->en));
    emit_key(e, S("tags"));
    emit_list(e);
    emit_text(e, tag);
    emit_end(e);
    put_pair(e, "x-permission", access_permission_name(op->permission));
    emit_key(e, S("x-in-body"));
    emit_bool(e, op->scoped);
    if (op->permission != PERM_PUBLIC)
        return;
    emit_key(e, S("security"));
    emit_list(e);
    emit_end(e);
}

static struct str tag_of(const struct op *op)
{
    struct str rest = str_of(op->name), tag = S("");
    str_cut(&rest, '.', &tag);
    return tag;
}

static void put_address(struct emit *e, const struct op *op)
{
    open_key(e, op->path);
    open_key(e, "get");
    put_summary(e, op, "", tag_of(op));
    put_parameters(e, op);
    put_answer(e, op, true);
    emit_end(e);
    emit_end(e);
}

static void put_named(struct emit *e, const struct op *op)
{
    char address[96] = "/api/";
    struct str name = str_head(str_of(op->name), sizeof address - 6);
    memcpy(address + 5, name.p, name.n);
    emit_key(e, (struct str){address, 5 + name.n});
    emit_map(e);
    open_key(e, "post");
    put_summary(e, op, "call.", tag_of(op));
    if (op->args) {
        open_key(e, "requestBody");
        open_key(e, "content");
        open_key(e, "application/json");
        emit_key(e, S("schema"));
        record_schema(e, op->args);
        emit_end(e);
        emit_end(e);
        emit_end(e);
    }
    put_answer(e, op, false);
    emit_end(e);
    emit_end(e);
}

static void put_problem(struct emit *e)
{
    static const char *const texts[] = {"type", "title", "detail", "field"};
    open_key(e, "problem");
    put_pair(e, "type", S("object"));
    open_key(e, "properties");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        open_key(e, texts[i]);
        put_pair(e, "type", S("string"));
        emit_end(e);
    }
    open_key(e, "status");
    put_pair(e, "type", S("integer"));
    emit_end(e);
    emit_end(e);
    emit_key(e, S("required"));
    emit_list(e);
    emit_text(e, S("type"));
    emit_text(e, S("title"));
    emit_text(e, S("status"));
    emit_end(e);
    emit_end(e);
}

struct schemas {
    struct str names[SCHEMAS];
    size_t n;
};

/* Each record once, under its name. */
static void put_schema(struct emit *e, const struct record *r, struct schemas *done)
{
    if (!r)
        return;
    for (size_t i = 0; i < done->n; i++)
        if (str_eq(done->names[i], str_of(r->name)))
            return;
    if (done->n == SCHEMAS)
        return;
    done->names[done->n++] = str_of(r->name);
    emit_key(e, str_of(r->name));
    record_schema_given(e, r);
}

static void put_components(struct emit *e)
{
    struct schemas done = {.n = 0};
    open_key(e, "components");
    open_key(e, "securitySchemes");
    open_key(e, "token");
    put_pair(e, "type", S("http"));
    put_pair(e, "scheme", S("bearer"));
    emit_end(e);
    open_key(e, "session");
    put_pair(e, "type", S("apiKey"));
    put_pair(e, "in", S("cookie"));
    put_pair(e, "name", S("session"));
    emit_end(e);
    emit_end(e);
    open_key(e, "schemas");
    put_problem(e);
    for (const struct op_table *const *t = op_tables; *t; t++)
        for (size_t i = 0; i < (*t)->n; i++) {
            put_schema(e, (*t)->v[i].gives, &done);
            put_schema(e, (*t)->v[i].or, &done);
        }
    emit_end(e);
    emit_end(e);
}

/* One of these is enough. */
static void put_scheme(struct emit *e, const char *name)
{
    emit_map(e);
    emit_key(e, str_of(name));
    emit_list(e);
    emit_end(e);
    emit_end(e);
}

void api_openapi(struct out *o)
{
    struct emit e;
    emit_init(&e, o, EMIT_JSON_LINES);
    emit_map(&e);
    put_pair(&e, "openapi", S("3.1.0"));
    open_key(&e, "info");
    put_pair(&e, "title", S("Hoalu"));
    put_pair(&e, "version", S(HOALU_VERSION));
    open_key(&e, "license");
    put_pair(&e, "name", S("MIT"));
    put_pair(&e, "identifier", S("MIT"));
    emit_end(&e);
    emit_end(&e);
    emit_key(&e, S("security"));
    emit_list(&e);
    put_scheme(&e, "token");
    put_scheme(&e, "session");
    emit_end(&e);
    open_key(&e, "paths");
    for (const struct op_table *const *t = op_tables; *t; t++)
        for (size_t i = 0; i < (*t)->n; i++) {
            if ((*t)->v[i].path && (*t)->v[i].kind == OP_READ)
                put_address(&e, &(*t)->v[i]);
            put_named(&e, &(*t)->v[i]);
        }
    emit_end(&e);
    put_components(&e);
    emit_end(&e);
}
