#include "base/json.h"

#include "base/period.h"

#include <jansson.h>
#include <string.h>

#include "base/banned.h"

static void release(void *object)
{
    json_decref(object);
}

static enum err unfit(struct ctx *c, const struct field *f)
{
    enum err e = FAIL(c, E_INVALID, "\"%s\" không đúng kiểu (does not fit its field)", f->name);
    c->error.field = str_of(f->name);
    return e;
}

static struct str text_of(struct ctx *c, const json_t *v)
{
    return str_dup(c->arena, (struct str){json_string_value(v), json_string_length(v)});
}

static enum err read_row(struct ctx *c, const struct record *r, const json_t *object, void *row);

static enum err read_texts(struct ctx *c, const struct field *f, const json_t *v, struct strs *ret)
{
    if (!json_is_array(v))
        return unfit(c, f);
    *ret = (struct strs){NEWN(c->arena, struct str, json_array_size(v) + 1), json_array_size(v)};
    for (size_t i = 0; i < ret->n; i++) {
        if (!json_is_string(json_array_get(v, i)))
            return unfit(c, f);
        ret->v[i] = text_of(c, json_array_get(v, i));
    }
    return OK;
}

static enum err read_list(struct ctx *c, const struct field *f, const json_t *v, struct list *ret)
{
    if (!json_is_array(v))
        return unfit(c, f);
    size_t n = json_array_size(v);
    char *rows = arena_alloc(c->arena, f->of->size, 16, n + 1);
    for (size_t i = 0; i < n; i++)
        TRY(read_row(c, f->of, json_array_get(v, i), rows + i * f->of->size));
    *ret = (struct list){rows, n};
    return OK;
}

static void make_absent(const struct field *f, void *at)
{
    if (f->type == FIELD_I64)
        *(int64_t *)at = I64_NONE;
    else if (f->type == FIELD_F64)
        *(double *)at = NAN;
    else if (f->type == FIELD_DAY)
        *(int32_t *)at = DAY_NONE;
}

static bool read_scalar(struct ctx *c, const struct field *f, const json_t *v, void *at)
{
    switch (f->type) {
    case FIELD_BOOL:
        *(bool *)at = json_is_true(v);
        return json_is_boolean(v);
    case FIELD_I64:
        *(int64_t *)at = json_integer_value(v);
        return json_is_integer(v);
    case FIELD_F64:
        *(double *)at = json_number_value(v);
        return json_is_number(v);
    case FIELD_DAY:
        return json_is_string(v) && day_parse(str_of(json_string_value(v)), at);
    case FIELD_TEXT:
        if (json_is_string(v))
            *(struct str *)at = text_of(c, v);
        return json_is_string(v);
    default:
        return false;
    }
}

static enum err read_fields(struct ctx *c, const struct record *r, const json_t *object, void *row);

static enum err read_field(struct ctx *c, const struct field *f, const json_t *v, void *at)
{
    make_absent(f, at);
    if (f->type == FIELD_RECORD)
        return v && !json_is_null(v) ? read_row(c, f->of, v, at) : read_fields(c, f->of, NULL, at);
    if (!v || json_is_null(v))
        return OK;
    if (f->type == FIELD_TEXTS)
        return read_texts(c, f, v, at);
    if (f->type == FIELD_LIST)
        return read_list(c, f, v, at);
    return read_scalar(c, f, v, at) ? OK : unfit(c, f);
}

/* `object` may be NULL: everything is absent then. */
static enum err read_fields(struct ctx *c, const struct record *r, const json_t *object, void *row)
{
    for (size_t i = 0; i < r->n; i++)
        TRY(read_field(c, &r->fields[i], json_object_get(object, r->fields[i].name),
                       (char *)row + r->fields[i].offset));
    return OK;
}

static enum err read_row(struct ctx *c, const struct record *r, const json_t *object, void *row)
{
    if (!json_is_object(object))
        return FAIL(c, E_INVALID, "\"%s\" không phải một đối tượng JSON (not an object)", r->name);
    return read_fields(c, r, object, row);
}

enum err json_read_record(struct ctx *c, const struct record *r, struct str json, void *row)
{
    struct arena_defer *d = arena_defer(c->arena, release);
    json_error_t why;
    json_t *object = json_loadb(json.p, json.n, 0, &why);
    d->arg = object;
    if (!object)
        return FAIL_AT(c, E_INVALID, S(""), why.line > 0 ? (unsigned)why.line : 0,
                       "không phải JSON đúng dạng: dòng %d (not well-formed JSON)", why.line);
    memset(row, 0, r->size);
    return read_row(c, r, object, row);
}
