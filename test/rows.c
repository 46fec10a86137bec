/* Every operation with its arguments, page and role of the program as JSON, for test/permissions.test.js and
 * test/attacks.test.js. */
#include "base/out.h"
#include "domain/access/access.h"
#include "front/ops.h"
#include "front/web/site.h"

#include <unistd.h>

#include "base/banned.h"

static void pair(struct emit *e, const char *name, struct str value)
{
    emit_key(e, str_of(name));
    emit_text(e, value);
}

static void flag(struct emit *e, const char *name, bool value)
{
    emit_key(e, str_of(name));
    emit_bool(e, value);
}

static void begin(struct emit *e, const char *list)
{
    emit_key(e, str_of(list));
    emit_list(e);
}

static const char *const types[] = {[FIELD_BOOL] = "bool",   [FIELD_I64] = "i64",       [FIELD_F64] = "f64",
                                    [FIELD_TEXT] = "text",   [FIELD_BYTES] = "bytes",   [FIELD_DAY] = "day",
                                    [FIELD_TEXTS] = "texts", [FIELD_RECORD] = "record", [FIELD_LIST] = "list"};

static void put_arguments(struct emit *e, const struct record *args)
{
    begin(e, "args");
    for (size_t i = 0; args && i < args->n; i++) {
        const struct field *f = &args->fields[i];
        emit_map(e);
        pair(e, "name", str_of(f->name));
        pair(e, "type", str_of(types[f->type]));
        pair(e, "one_of", f->one_of ? str_of(f->one_of) : (struct str){0});
        flag(e, "required", f->required);
        emit_end(e);
    }
    emit_end(e);
}

static void put_operations(struct emit *e)
{
    begin(e, "operations");
    for (const struct op_table *const *t = op_tables; *t; t++)
        for (size_t i = 0; i < (*t)->n; i++) {
            const struct op *op = &(*t)->v[i];
            emit_map(e);
            pair(e, "name", str_of(op->name));
            pair(e, "path", op->path ? str_of(op->path) : (struct str){0});
            pair(e, "permission", access_permission_name(op->permission));
            flag(e, "scoped", op->scoped);
            flag(e, "read", op->kind == OP_READ);
            put_arguments(e, op->args);
            emit_end(e);
        }
    emit_end(e);
}

static void put_pages(struct emit *e)
{
    begin(e, "pages");
    for (size_t i = 0; page_routes[i]; i++)
        for (const struct route *r = page_routes[i]; r->pattern; r++) {
            emit_map(e);
            pair(e, "pattern", str_of(r->pattern));
            pair(e, "permission", access_permission_name(r->may));
            flag(e, "scoped", r->scoped);
            flag(e, "get", r->get);
            flag(e, "post", r->post);
            emit_end(e);
        }
    emit_end(e);
}

static void put_roles(struct emit *e)
{
    struct str rest = S(ACCESS_ROLES), role;
    begin(e, "roles");
    while (str_cut(&rest, '|', &role)) {
        emit_map(e);
        pair(e, "role", role);
        begin(e, "permissions");
        for (enum permission p = PERM_READ; p < PERM_COUNT; p++)
            if (access_role_may(role, p))
                emit_text(e, access_permission_name(p));
        emit_end(e);
        emit_end(e);
    }
    emit_end(e);
}

int main(void)
{
    struct arena arena;
    struct out o;
    struct emit e;
    arena_init(&arena, 64 << 20);
    out_init_fd(&o, &arena, STDOUT_FILENO, SIZE_MAX);
    emit_init(&e, &o, EMIT_JSON);
    emit_map(&e);
    put_operations(&e);
    put_pages(&e);
    put_roles(&e);
    emit_end(&e);
    bool whole = out_flush(&o);
    arena_reset(&arena);
    return whole ? 0 : 1;
}
