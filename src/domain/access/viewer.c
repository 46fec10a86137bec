#include "domain/access/viewer.h"

#include "base/field.h"
#include "domain/access/access.sql.h"
#include "domain/access/delegation.h"
#include "domain/org/org.h"
#include "store/db.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

#define BIT(permission) (1u << (permission))

const struct viewer viewer_system = {.is_system = true, .whole = ~0u, .some = ~0u, .sees = S0("*")};

/* --- what an account holds --- */

struct code {
    struct str code;
};
RECORD(code_record, struct code, "code", "Một mã cơ quan", {"code", FIELD_TEXT, offsetof(struct code, code)});

static int by_code(const void *a, const void *b)
{
    return str_cmp(((const struct viewer_body *)a)->org, ((const struct viewer_body *)b)->org);
}

static void join_same(struct viewer *v)
{
    size_t n = 0;
    if (v->bodies.n)
        qsort(v->bodies.v, v->bodies.n, sizeof *v->bodies.v, by_code);
    for (size_t i = 0; i < v->bodies.n; i++)
        if (n && str_eq(v->bodies.v[n - 1].org, v->bodies.v[i].org)) {
            v->bodies.v[n - 1].may |= v->bodies.v[i].may;
            v->bodies.v[n - 1].sees |= v->bodies.v[i].sees;
        } else {
            v->bodies.v[n++] = v->bodies.v[i];
        }
    v->bodies.n = n;
}

static enum err hold_in(struct ctx *c, struct viewer *v, struct str org, struct viewer_body held, int32_t day)
{
    struct code below;
    struct rows rows = db_query(c, SQL_access_below, ARG(org), db_arg_day(c, day));
    while (db_next(&rows, &code_record, &below))
        *PUSH(c->arena, &v->bodies) = (struct viewer_body){below.code, held.may, held.sees};
    return db_done(&rows);
}

static unsigned may_of(struct str role)
{
    unsigned may = 0;
    for (enum permission p = PERM_READ; p < PERM_COUNT; p++)
        if (access_role_may(role, p))
            may |= BIT(p);
    return may;
}

static unsigned delegated_of(struct str role)
{
    unsigned may = 0;
    for (enum permission p = PERM_READ; p < PERM_COUNT; p++)
        if (access_delegated_may(role, p))
            may |= BIT(p);
    return may;
}

/* For the person who delegated: what they handed on, and of one's own to read alone. */
static enum err act_for(struct ctx *c, struct viewer *v, struct str behalf, int32_t day)
{
    struct delegated_list list;
    struct str giver = str_skip(behalf, strlen("users/"));
    bool any = false;
    TRY(access_delegated(c, v->account, day, &list));
    for (size_t i = 0; i < list.n; i++)
        any |= str_eq(list.v[i].giver, giver);
    if (!any)
        return OK;
    v->behalf = behalf;
    v->whole &= BIT(PERM_READ);
    v->some &= BIT(PERM_READ);
    for (size_t i = 0; i < v->bodies.n; i++)
        v->bodies.v[i].may &= BIT(PERM_READ);
    for (size_t i = 0; i < list.n; i++) {
        const struct account_role *r = &list.v[i].role;
        unsigned may = delegated_of(r->role);
        if (!str_eq(list.v[i].giver, giver))
            continue;
        v->some |= may;
        v->whole |= r->org.n ? may & BIT(PERM_READ) : may;
        if (r->org.n)
            TRY(hold_in(c, v, r->org, (struct viewer_body){.may = may}, day));
    }
    join_same(v);
    return OK;
}

/* The standing office enters for a body that has nobody to do it. */
static enum err stand_in(struct ctx *c, struct viewer *v, struct str behalf, int32_t day)
{
    struct str org = str_skip(behalf, strlen("orgs/"));
    if (str_starts(behalf, S("users/")))
        return act_for(c, v, behalf, day);
    if (!str_starts(behalf, S("orgs/")) || !(v->whole & BIT(PERM_OFFICE)))
        return OK;
    v->behalf = behalf;
    TRY(hold_in(c, v, org, (struct viewer_body){.may = BIT(PERM_ENTER)}, day));
    join_same(v);
    return OK;
}

void access_viewer_narrow(struct viewer *v, struct str scope)
{
    struct str word;
    unsigned may = 0;
    while (str_cut(&scope, ' ', &word))
        may |= BIT(access_permission_named(word));
    v->whole &= may;
    v->some &= may;
    for (size_t i = 0; i < v->bodies.n; i++)
        v->bodies.v[i].may &= may;
}

enum err access_viewer(struct ctx *c, struct str name, struct str behalf, int32_t day, struct viewer *ret)
{
    struct account account;
    struct viewer v = {.sees = S("")};
    TRY(access_account(c, name, &account));
    if (account.disabled)
        return FAIL(c, E_NOTFOUND, "tài khoản đã khóa (the account is closed)");
    v.account = account.name;
    v.full_name = account.full_name;
    for (size_t i = 0; i < account.roles.n; i++) {
        const struct account_role *r = &account.roles.v[i];
        struct viewer_body held = {.may = may_of(r->role), .sees = access_role_sees(r->role)};
        if (!access_role_holds(r, day))
            continue;
        v.some |= held.may;
        v.whole |= r->org.n ? held.may & BIT(PERM_READ) : held.may;
        if (r->org.n)
            TRY(hold_in(c, &v, r->org, held, day));
        else if (held.sees)
            v.sees = S("*");
    }
    join_same(&v);
    TRY(stand_in(c, &v, behalf, day));
    *ret = v;
    return OK;
}

struct strs viewer_sight(struct ctx *c, const struct viewer *v)
{
    struct str *codes = NEWN(c->arena, struct str, v->bodies.n);
    size_t n = 0;
    for (size_t i = 0; i < v->bodies.n; i++)
        if (v->bodies.v[i].sees)
            codes[n++] = v->bodies.v[i].org;
    return (struct strs){codes, n};
}

/* --- asking --- */

bool viewer_known(const struct ctx *c)
{
    return c->viewer && (c->viewer->is_system || c->viewer->account.n);
}

bool viewer_may(const struct ctx *c, enum permission permission)
{
    return permission == PERM_PUBLIC || (c->viewer && c->viewer->whole & BIT(permission));
}

bool viewer_may_some(const struct ctx *c, enum permission permission)
{
    return permission == PERM_PUBLIC || (c->viewer && c->viewer->some & BIT(permission));
}

bool viewer_may_in(const struct ctx *c, enum permission permission, struct str org)
{
    if (viewer_may(c, permission))
        return true;
    if (!c->viewer || !org.n || !c->viewer->bodies.n)
        return false;
    const struct viewer_body key = {org, 0};
    const struct viewer_body *held =
        bsearch(&key, c->viewer->bodies.v, c->viewer->bodies.n, sizeof *c->viewer->bodies.v, by_code);
    return held && held->may & BIT(permission);
}

enum err access_need(struct ctx *c, enum permission permission, bool scoped)
{
    if (viewer_may(c, permission) || (scoped && viewer_may_some(c, permission)))
        return OK;
    if (!viewer_known(c))
        return FAIL(c, E_SIGN_IN, "cần đăng nhập (sign in first)");
    return FAIL(c, E_DENIED, "vai trò của tài khoản không được làm việc này (the account's roles do not allow this)");
}

enum err access_check(struct ctx *c, const struct op *op)
{
    return access_need(c, op->permission, op->scoped);
}
