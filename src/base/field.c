#include "base/field.h"

#include "base/emit.h"

#include <assert.h>

#include "base/banned.h"

const struct field *record_field(const struct record *r, struct str name)
{
    for (size_t i = 0; i < r->n; i++)
        if (str_eq(str_of(r->fields[i].name), name))
            return &r->fields[i];
    return NULL;
}

static bool same_text(struct str a, struct str b)
{
    return !a.p == !b.p && str_eq(a, b);
}

static bool same_value(const struct field *f, const void *a, const void *b)
{
    switch (f->type) {
    case FIELD_BOOL:
        return *(const bool *)a == *(const bool *)b;
    case FIELD_I64:
        return *(const int64_t *)a == *(const int64_t *)b;
    case FIELD_F64: {
        double x = *(const double *)a, y = *(const double *)b;
        return x == y || (isnan(x) && isnan(y));
    }
    case FIELD_TEXT:
    case FIELD_BYTES:
        return same_text(*(const struct str *)a, *(const struct str *)b);
    case FIELD_DAY:
        return *(const int32_t *)a == *(const int32_t *)b;
    case FIELD_TEXTS: {
        const struct strs *x = a, *y = b;
        for (size_t i = 0; x->n == y->n && i < x->n; i++)
            if (!same_text(x->v[i], y->v[i]))
                return false;
        return x->n == y->n;
    }
    case FIELD_RECORD:
        return record_equal(f->of, a, b);
    case FIELD_LIST: {
        const struct list *x = a, *y = b;
        for (size_t i = 0; x->n == y->n && i < x->n; i++)
            if (!record_equal(f->of, (const char *)x->v + i * f->of->size, (const char *)y->v + i * f->of->size))
                return false;
        return x->n == y->n;
    }
    }
    return false;
}

bool record_equal(const struct record *r, const void *a, const void *b)
{
    for (size_t i = 0; i < r->n; i++)
        if (!same_value(&r->fields[i], field_get(r, &r->fields[i], a), field_get(r, &r->fields[i], b)))
            return false;
    return true;
}

static void type_of(struct emit *e, const char *type, bool nullable)
{
    emit_key(e, S("type"));
    if (!nullable) {
        emit_text(e, str_of(type));
        return;
    }
    emit_list(e);
    emit_text(e, str_of(type));
    emit_text(e, S("null"));
    emit_end(e);
}

static void put_schema(struct emit *e, const struct record *r, bool given);

static void field_schema(struct emit *e, const struct field *f, bool given)
{
    emit_map(e);
    switch (f->type) {
    case FIELD_BOOL:
        type_of(e, "boolean", false);
        break;
    case FIELD_I64:
        type_of(e, "integer", !f->required);
        break;
    case FIELD_F64:
        type_of(e, "number", !f->required);
        break;
    case FIELD_DAY:
        type_of(e, "string", !f->required);
        emit_key(e, S("format"));
        emit_text(e, S("date"));
        break;
    case FIELD_TEXT:
    case FIELD_BYTES:
        type_of(e, "string", !f->required);
        break;
    case FIELD_TEXTS:
        type_of(e, "array", false);
        emit_key(e, S("items"));
        emit_map(e);
        type_of(e, "string", false);
        emit_end(e);
        break;
    case FIELD_LIST:
        type_of(e, "array", false);
        emit_key(e, S("items"));
        put_schema(e, f->of, given);
        break;
    case FIELD_RECORD:
        type_of(e, "object", false);
        break;
    }
    if (f->one_of) {
        emit_key(e, S("enum"));
        emit_list(e);
        struct str rest = str_of(f->one_of), word;
        while (str_cut(&rest, '|', &word))
            emit_text(e, word);
        if (!f->required)
            emit_null(e);
        emit_end(e);
    }
    emit_key(e, S("description"));
    struct str unit = str_of(f->unit);
    if (unit.n) {
        char both[512];
        struct out o;
        out_init_in(&o, both, sizeof both);
        out_put(&o, str_of(f->doc));
        out_put(&o, S(" ["));
        out_put(&o, unit);
        out_put(&o, S("]"));
        assert(!o.failed);
        emit_text(e, out_str(&o));
    } else {
        emit_text(e, str_of(f->doc));
    }
    emit_end(e);
}

/* `given`: of what we answer, where every field stands, absent or not. */
static void put_schema(struct emit *e, const struct record *r, bool given)
{
    emit_map(e);
    emit_key(e, S("title"));
    emit_text(e, str_of(r->name));
    emit_key(e, S("type"));
    emit_text(e, S("object"));
    emit_key(e, S("properties"));
    emit_map(e);
    for (size_t i = 0; i < r->n; i++) {
        emit_key(e, str_of(r->fields[i].name));
        if (r->fields[i].type == FIELD_RECORD)
            put_schema(e, r->fields[i].of, given);
        else
            field_schema(e, &r->fields[i], given);
    }
    emit_end(e);
    emit_key(e, S("required"));
    emit_list(e);
    for (size_t i = 0; i < r->n; i++)
        if (given || r->fields[i].required)
            emit_text(e, str_of(r->fields[i].name));
    emit_end(e);
    emit_end(e);
}

void record_schema(struct emit *e, const struct record *r)
{
    put_schema(e, r, false);
}

void record_schema_given(struct emit *e, const struct record *r)
{
    put_schema(e, r, true);
}
