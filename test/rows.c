/* Every operation, page and role of the program as JSON, for test/permissions.test.js. */
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
