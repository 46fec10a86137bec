#include "domain/access/delegation.h"

#include "base/emit.h"
#include "base/period.h"
#include "base/viet.h"
#include "domain/access/delegation.sql.h"
#include "domain/access/secret.h"
#include "domain/access/viewer.h"
#include "ledger/ledger.h"

#include "base/banned.h"

#define PART(member, type, about)                                                                                      \
    {                                                                                                                  \
#member, type, offsetof(struct delegation, member), .doc = about                                               \
    }
RECORD(delegation_record, struct delegation, "delegation", "Một ủy quyền: làm thay người khác",
       PART(giver, FIELD_TEXT, "người ủy quyền"), PART(taker, FIELD_TEXT, "người được ủy quyền"),
       PART(role, FIELD_TEXT, "vai trò; trống: mọi vai trò ủy quyền được"),
       PART(org, FIELD_TEXT, "mã cơ quan; trống: như vai trò của người ủy quyền"),
       PART(valid_from, FIELD_DAY, "từ ngày"), PART(valid_to, FIELD_DAY, "đến hết ngày"),
       PART(reason, FIELD_TEXT, "lý do"));

static enum err refuse(struct ctx *c, enum err code, const char *field, const char *why)
{
    enum err e = FAIL(c, code, "%s", why);
    c->error.field = str_of(field);
    return e;
}

bool access_delegated_may(struct str role, enum permission permission)
{
    return permission != PERM_ADMIN && permission != PERM_HISTORY && !str_eq(role, S("admin")) &&
           !str_eq(role, S("inspector")) && access_role_may(role, permission);
}

static bool may_be_handed_on(struct str role)
{
    return access_delegated_may(role, PERM_READ);
}

enum err access_delegations(struct ctx *c, struct str account, struct delegations *ret)
{
    struct delegations all = {0};
    struct delegation one = {0};
    struct rows rows = db_query(c, SQL_delegation_of, ARG(account));
    while (db_next(&rows, &delegation_record, &one))
        *PUSH(c->arena, &all) = one;
    *ret = all;
    return db_done(&rows);
}

/* Does what the giver's role holds in reach the body? */
static enum err reaches(struct ctx *c, const struct account_role *r, struct str org, int32_t day, bool *ret)
{
    int64_t n = 1;
    if (r->org.n && org.n)
        TRY(db_number(c, SQL_delegation_below, &n, ARG(r->org), ARG(org), db_arg_day(c, day)));
    *ret = n > 0;
    return OK;
}

enum err access_delegated(struct ctx *c, struct str name, int32_t day, struct delegated_list *ret)
{
    struct delegations all;
    struct delegated_list list = {0};
    TRY(access_delegations(c, name, &all));
    for (size_t i = 0; i < all.n; i++) {
        const struct delegation *d = &all.v[i];
        struct account giver;
        if (!str_eq(d->taker, name) || day < d->valid_from || day > d->valid_to)
            continue;
        enum err e = access_account(c, d->giver, &giver);
        if (e == E_NOTFOUND || (!e && giver.disabled))
            continue;
        TRY(e);
        for (size_t k = 0; k < giver.roles.n; k++) {
            struct account_role r = giver.roles.v[k];
            bool reach;
            if (!access_role_holds(&r, day) || !may_be_handed_on(r.role) || (d->role.n && !str_eq(d->role, r.role)))
                continue;
            TRY(reaches(c, &r, d->org, day, &reach));
            r.org = d->org.n ? d->org : r.org;
            if (reach)
                *PUSH(c->arena, &list) = (struct delegated){giver.name, giver.full_name, r};
        }
    }
    *ret = list;
    return OK;
}

/* --- changing --- */

static bool is_system(const struct ctx *c)
{
    return !c->viewer || c->viewer->is_system;
}

static enum err check_days(struct ctx *c, const struct delegation *d)
{
    if (d->valid_from == DAY_NONE || d->valid_to == DAY_NONE || d->valid_from > d->valid_to)
        return refuse(c, E_INVALID, "valid_to",
                      "cần ngày đầu và ngày cuối, ngày cuối không đứng trước (from and until are needed)");
    if (d->valid_to < day_of_moment(ctx_now(c)))
        return refuse(c, E_INVALID, "valid_to", "ngày cuối đã qua (it is over already)");
    if (d->valid_to - d->valid_from >= DELEGATION_DAYS)
        return refuse(c, E_INVALID, "valid_to", "ủy quyền không quá 184 ngày (at most 184 days)");
    return OK;
}

/* A role of the giver's own that covers what is handed on, from its first day to its last. */
static enum err check_held(struct ctx *c, const struct delegation *d, const struct account *giver)
{
    bool held = false, shorter = false;
    for (size_t i = 0; i < giver->roles.n; i++) {
        const struct account_role *r = &giver->roles.v[i];
        bool reach;
        if (!may_be_handed_on(r->role) || (d->role.n && !str_eq(d->role, r->role)))
            continue;
        TRY(reaches(c, r, d->org, d->valid_from, &reach));
        bool lasts = access_role_holds(r, d->valid_from) && access_role_holds(r, d->valid_to);
        held |= reach && lasts;
        shorter |= reach && !lasts;
    }
    if (held)
        return OK;
    return shorter
               ? refuse(
                     c, E_INVALID, "valid_to",
                     "vai trò của người ủy quyền không kéo dài suốt những ngày đó (the giver's own role does not last "
                     "that long)")
               : refuse(c, E_INVALID, "role",
                        "người ủy quyền không giữ vai trò đó ở cơ quan đó; chỉ ủy quyền được vai trò của chính mình "
                        "(the giver does not hold it)");
}

static enum err check(struct ctx *c, const struct delegation *d)
{
    struct account giver, taker;
    if (!is_system(c) && (!str_eq(c->viewer->account, d->giver) || c->viewer->behalf.n))
        return refuse(
            c, E_DENIED, "giver",
            "chỉ ủy quyền được việc của chính mình, không ủy quyền lại (only what is one's own is handed on)");
    if (d->role.n && !access_is_role(d->role))
        return refuse(c, E_INVALID, "role", "vai trò phải là một trong " ACCESS_ROLES " (unknown role)");
    if (d->role.n && !may_be_handed_on(d->role))
        return refuse(c, E_INVALID, "role",
                      "vai trò quản trị và kiểm tra không ủy quyền được (this role is not handed on)");
    if (str_eq(d->giver, d->taker))
        return refuse(c, E_INVALID, "taker", "không tự ủy quyền cho mình (not to oneself)");
    if (!str_trim(d->reason).n || d->reason.n > DELEGATION_REASON_MAX)
        return refuse(c, E_INVALID, "reason",
                      "cần lý do, không quá 1000 byte (a reason is needed, at most 1000 bytes)");
    TRY(check_days(c, d));
    TRY(access_account(c, d->giver, &giver));
    enum err e = access_account(c, d->taker, &taker);
    if (e == E_NOTFOUND || (!e && taker.disabled))
        return refuse(c, E_INVALID, "taker", "không có tài khoản đang mở mang tên này (no open account of that name)");
    TRY(e);
    return giver.disabled ? refuse(c, E_INVALID, "giver", "tài khoản đã khóa (the account is closed)")
                          : check_held(c, d, &giver);
}

static enum err close_one(struct ctx *c, const struct delegation *d, int64_t position, int64_t *ret_n)
{
    struct db_arg args[] = {ARG(d->giver), ARG(d->taker), ARG(d->role), ARG(d->org), ARG(position)};
    return db_exec_args(c, &SQL_delegation_close, ret_n, args, sizeof args / sizeof *args);
}

/* Absent is as good as empty, and is kept so. */
static struct delegation kept(struct ctx *c, const struct delegation *d)
{
    struct delegation k = *d;
    k.role = d->role.n ? d->role : S("");
    k.org = d->org.n ? d->org : S("");
    k.reason = d->reason.n ? str_trim(viet_nfc(c->arena, d->reason)) : S("");
    return k;
}

enum err access_delegate(struct ctx *c, const struct delegation *given)
{
    struct delegation d = kept(c, given);
    int64_t position, n;
    TRY(check(c, &d));
    TRY(access_tell(c, "delegation.add", d.giver, &delegation_record, &d, &position));
    TRY(close_one(c, &d, position, &n));
    return db_exec(c, SQL_delegation_put, ARG(d.giver), ARG(d.taker), ARG(d.role), ARG(d.org),
                   db_arg_day(c, d.valid_from), db_arg_day(c, d.valid_to), ARG(d.reason), ARG(position));
}

enum err access_delegation_end(struct ctx *c, const struct delegation *given)
{
    struct delegation d = kept(c, given);
    struct account giver;
    int64_t position, n;
    bool own = is_system(c) || str_eq(c->viewer->account, d.giver) || str_eq(c->viewer->account, d.taker);
    enum err e = access_account(c, d.giver, &giver);
    if (!e && !own)
        e = viewer_may_some(c, PERM_ADMIN) ? access_need_tending(c, &giver) : E_NOTFOUND;
    if (e && e != E_NOTFOUND)
        return e;
    if (!e) {
        TRY(access_tell(c, "delegation.end", d.giver, &delegation_record, &d, &position));
        TRY(close_one(c, &d, position, &n));
    }
    return !e && n ? OK : FAIL(c, E_NOTFOUND, "không có ủy quyền đó (no such delegation)");
}
