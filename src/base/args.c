#include "base/args.h"

#include "base/period.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

static void *at(const struct field *f, void *row)
{
    return (char *)row + f->offset;
}

static bool is_absent(const struct field *f, const void *p)
{
    switch (f->type) {
    case FIELD_I64:
        return *(const int64_t *)p == I64_NONE;
    case FIELD_F64:
        return isnan(*(const double *)p);
    case FIELD_TEXT:
    case FIELD_BYTES:
        return !((const struct str *)p)->p;
    case FIELD_DAY:
        return *(const int32_t *)p == DAY_NONE;
    case FIELD_TEXTS:
        return ((const struct strs *)p)->n == 0;
    case FIELD_LIST:
        return ((const struct list *)p)->n == 0;
    case FIELD_BOOL:
    case FIELD_RECORD:
        break;
    }
    return false;
}

void *args_new(struct ctx *c, const struct record *r)
{
    if (!r)
        return NULL;
    void *row = arena_alloc(c->arena, r->size, 16, 1);
    for (size_t i = 0; i < r->n; i++) {
        const struct field *f = &r->fields[i];
        if (f->type == FIELD_I64)
            *(int64_t *)at(f, row) = I64_NONE;
        else if (f->type == FIELD_F64)
            *(double *)at(f, row) = NAN;
        else if (f->type == FIELD_DAY)
            *(int32_t *)at(f, row) = DAY_NONE;
    }
    return row;
}

static const struct field *field_of(const struct record *r, struct str name)
{
    for (size_t i = 0; r && i < r->n; i++) {
        const char *have = r->fields[i].name;
        size_t n = 0;
        while (n < name.n && have[n] && (have[n] == name.p[n] || (have[n] == '_' && name.p[n] == '-')))
            n++;
        if (n == name.n && !have[n])
            return &r->fields[i];
    }
    return NULL;
}

bool args_has(const struct record *r, struct str name)
{
    return field_of(r, name) != NULL;
}

static bool is_word(struct str text, struct str words)
{
    struct str word;
    while (str_cut(&words, '|', &word))
        if (str_eq(word, text))
            return true;
    return false;
}

static bool read_number(struct ctx *c, struct str text, double *ret)
{
    char *z = str_z(c->arena, text), *end;
    if (text.n == 0 || strspn(z, "0123456789+-.eE") != text.n)
        return false;
    errno = 0;
    double v = strtod(z, &end);
    if (*end || errno == ERANGE || !isfinite(v))
        return false;
    *ret = v;
    return true;
}

static enum err refuse(struct ctx *c, const struct field *f, const char *why, struct str text)
{
    enum err e = FAIL(c, E_INVALID, "%s: \"%.*s\"", why, ARGS(text));
    c->error.field = str_of(f->name);
    return e;
}

static void push_text(struct ctx *c, struct strs *list, struct str text)
{
    struct str *more = NEWN(c->arena, struct str, list->n + 1);
    if (list->n)
        memcpy(more, list->v, list->n * sizeof *more);
    more[list->n] = text;
    *list = (struct strs){more, list->n + 1};
}

enum err args_set(struct ctx *c, const struct record *r, void *row, struct str name, struct str text)
{
    const struct field *f = field_of(r, name);
    if (!f)
        return FAIL(c, E_INVALID, "không có đối số \"%.*s\" (no such argument)", ARGS(name));
    return args_set_field(c, f, at(f, row), text);
}

enum err args_set_field(struct ctx *c, const struct field *f, void *to, struct str text)
{
    if (!str_is_utf8(text, NULL))
        return refuse(c, f, "không phải UTF-8 (not UTF-8)", S(""));
    if (f->one_of && !is_word(text, str_of(f->one_of)))
        return refuse(c, f, str_z(c->arena, str_fmt(c->arena, "phải là một trong %s (must be one of them)", f->one_of)),
                      text);
    switch (f->type) {
    case FIELD_BOOL:
        *(bool *)to = str_eq(text, S("true"));
        return str_eq(text, S("true")) || str_eq(text, S("false"))
                   ? OK
                   : refuse(c, f, "phải là true hoặc false (must be true or false)", text);
    case FIELD_I64:
        return str_i64(text, to) ? OK : refuse(c, f, "phải là số nguyên (must be a whole number)", text);
    case FIELD_F64:
        return read_number(c, text, to) ? OK : refuse(c, f, "phải là số, viết như 12.5 (must be a number)", text);
    case FIELD_DAY:
        return day_parse(text, to) ? OK : refuse(c, f, "phải là ngày, viết như 2026-11-30 (must be a day)", text);
    case FIELD_TEXT:
        *(struct str *)to = text;
        return OK;
    case FIELD_TEXTS:
        push_text(c, to, text);
        return OK;
    case FIELD_BYTES:
    case FIELD_RECORD:
    case FIELD_LIST:
        break;
    }
    return refuse(c, f, "không nhập được bằng chữ (cannot be given as text)", text);
}

enum err args_check(struct ctx *c, const struct record *r, const void *row)
{
    for (size_t i = 0; r && i < r->n; i++) {
        const struct field *f = &r->fields[i];
        if (!f->required || !is_absent(f, (const char *)row + f->offset))
            continue;
        enum err e = FAIL(c, E_INVALID, "thiếu đối số này (is missing): %s", f->doc);
        c->error.field = str_of(f->name);
        return e;
    }
    return OK;
}
