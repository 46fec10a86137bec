/* Who may tend which account: see secret.h. */
#include "base/period.h"
#include "domain/access/access.sql.h"
#include "domain/access/secret.h"
#include "domain/access/viewer.h"
#include "store/db.h"

#include "base/banned.h"

static enum err refuse(struct ctx *c, const char *field, const char *why)
{
    enum err e = FAIL(c, E_DENIED, "%s", why);
    c->error.field = str_of(field);
    return e;
}

/* The program itself asks for nobody. */
static bool asks_for_somebody(const struct ctx *c)
{
    return c->viewer && !c->viewer->is_system;
}

bool access_tends(const struct ctx *c, const struct account *account)
{
    if (!asks_for_somebody(c) || viewer_may(c, PERM_ADMIN))
        return true;
    for (size_t i = 0; i < account->roles.n; i++)
        if (!viewer_may_in(c, PERM_ADMIN, account->roles.v[i].org))
            return false;
    return account->roles.n > 0;
}

enum err access_need_tending(struct ctx *c, const struct account *account)
{
    return access_tends(c, account)
               ? OK
               : FAIL(c, E_NOTFOUND, "không có tài khoản \"%.*s\" (no such account)", ARGS(account->name));
}

enum err access_need_giving(struct ctx *c, const struct account_role *role)
{
    if (!asks_for_somebody(c))
        return OK;
    if (str_eq(role->account, c->viewer->account))
        return refuse(c, "name",
                      "không ai tự giao vai trò cho mình; việc này cần một quản trị khác (nobody gives a role to "
                      "themselves)");
    return viewer_may_in(c, PERM_ADMIN, role->org)
               ? OK
               : refuse(c, "org",
                        "bạn chỉ giao vai trò trong cơ quan mình quản trị (you give roles in your own body alone)");
}

static bool is_admin(const struct account *a, int32_t day)
{
    for (size_t i = 0; i < a->roles.n && !a->disabled; i++)
        if (str_eq(a->roles.v[i].role, S("admin")) && !a->roles.v[i].org.n && access_role_holds(&a->roles.v[i], day))
            return true;
    return false;
}

enum err access_keep_admin(struct ctx *c, const struct account *before)
{
    int32_t today = day_of_moment(ctx_now(c));
    int64_t left;
    if (!is_admin(before, today))
        return OK;
    TRY(db_number(c, SQL_access_admins, &left, db_arg_day(c, today)));
    return left
               ? OK
               : refuse(
                     c, "name",
                     "đây là quản trị cuối cùng của toàn hệ thống; hãy giao vai trò quản trị cho người khác trước (the "
                     "last administrator of the whole system stays)");
}
