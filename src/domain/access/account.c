/* Accounts and their roles in the store. */
#include "domain/access/access.h"

#include "base/emit.h"
#include "base/out.h"
#include "base/viet.h"
#include "domain/access/access.sql.h"
#include "domain/access/secret.h"
#include "ledger/ledger.h"

#include "base/banned.h"

enum { FULL_NAME_MAX = 200, EMAIL_MAX = 254, EVENT_MAX = 16 << 10 };

#define ROLE_FIELDS                                                                                                    \
    {"account", FIELD_TEXT, offsetof(struct account_role, account), .doc = "tên đăng nhập", .required = true},         \
        {"role",           FIELD_TEXT,      offsetof(struct account_role, role), .one_of = ACCESS_ROLES,               \
         .doc = "vai trò", .required = true},                                                                          \
        {"org", FIELD_TEXT, offsetof(struct account_role, org), .doc = "mã cơ quan; trống: toàn hệ thống"},            \
        {"valid_from", FIELD_DAY, offsetof(struct account_role, valid_from), .doc = "từ ngày"},                        \
    {                                                                                                                  \
        "valid_to", FIELD_DAY, offsetof(struct account_role, valid_to), .doc = "đến hết ngày"                    \
    }
RECORD(account_role_record, struct account_role, "account_role", "Một vai trò của một tài khoản", ROLE_FIELDS);

RECORD(account_record, struct account, "account", "Một tài khoản",
       {"name", FIELD_TEXT, offsetof(struct account, name), .doc = "tên đăng nhập", .required = true},
       {"full_name", FIELD_TEXT, offsetof(struct account, full_name), .doc = "họ và tên"},
       {"email", FIELD_TEXT, offsetof(struct account, email), .doc = "thư điện tử"},
       {"disabled", FIELD_BOOL, offsetof(struct account, disabled), .doc = "đã khóa"},
       {"has_password", FIELD_BOOL, offsetof(struct account, has_password), .doc = "đã chọn mật khẩu"},
       {"roles", FIELD_LIST, offsetof(struct account, roles), .of = &account_role_record, .doc = "các vai trò"});

/* What can change of it by itself. */
RECORD(account_change_record, struct account, "account_change", "Họ tên và thư điện tử của một tài khoản",
       {"full_name", FIELD_TEXT, offsetof(struct account, full_name), .doc = "họ và tên"},
       {"email", FIELD_TEXT, offsetof(struct account, email), .doc = "thư điện tử"});

/* --- reading --- */

enum err access_account(struct ctx *c, struct str name, struct account *ret)
{
    struct account account = {0};
    struct account_role role;
    enum err e = db_one(c, SQL_account_get, &account_record, &account, ARG(name));
    if (e == E_NOTFOUND)
        return FAIL(c, E_NOTFOUND, "không có tài khoản \"%.*s\" (no such account)", ARGS(name));
    TRY(e);
    struct rows rows = db_query(c, SQL_account_role_of, ARG(name));
    while (db_next(&rows, &account_role_record, &role))
        *PUSH(c->arena, &account.roles) = role;
    TRY(db_done(&rows));
    *ret = account;
    return OK;
}

enum err access_accounts(struct ctx *c, struct accounts *ret)
{
    struct accounts all = {0};
    struct account account = {0};
    struct account_role role;
    struct rows rows = db_query(c, SQL_account_all);
    while (db_next(&rows, &account_record, &account))
        *PUSH(c->arena, &all) = account;
    TRY(db_done(&rows));
    rows = db_query(c, SQL_account_role_all);
    for (size_t i = 0; db_next(&rows, &account_role_record, &role);) {
        while (i < all.n && !str_eq(all.v[i].name, role.account))
            i++;
        if (i < all.n)
            *PUSH(c->arena, &all.v[i].roles) = role;
    }
    *ret = all;
    return db_done(&rows);
}

enum err access_count(struct ctx *c, int64_t *ret)
{
    return db_number(c, SQL_account_count, ret);
}

/* --- checks --- */

static enum err refuse(struct ctx *c, const char *field, enum err code, const char *why)
{
    enum err e = FAIL(c, code, "%s", why);
    c->error.field = str_of(field);
    return e;
}

static bool is_name(struct str s)
{
    if (s.n < 2 || s.n > ACCESS_NAME_MAX || s.p[0] < 'a' || s.p[0] > 'z')
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!(s.p[i] >= 'a' && s.p[i] <= 'z') && !(s.p[i] >= '0' && s.p[i] <= '9') && s.p[i] != '.' && s.p[i] != '-' &&
            s.p[i] != '_')
            return false;
    return true;
}

/* What begins otherwise could be a formula to whoever opens a list in a spreadsheet. */
static bool starts_plainly(struct str s)
{
    s = str_trim(s);
    return !s.n || !memchr("'=+-@", s.p[0], 5);
}

/* As much as can be told without sending one. */
static bool is_email(struct str s)
{
    size_t at = str_find(s, S("@"), 0);
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] <= ' ' || s.p[i] == '"' || s.p[i] == '<' || s.p[i] == '>' || s.p[i] == 127)
            return false;
    return at != SIZE_MAX && at > 0 && s.p[0] != '\'' && at + 1 < s.n && s.n <= EMAIL_MAX &&
           str_find(s, S("@"), at + 1) == SIZE_MAX;
}

enum err access_check_account(struct ctx *c, const struct account *a)
{
    /* What the program calls itself in the ledger. */
    if (str_eq(a->name, S("cli")) || str_eq(a->name, S("system")))
        return refuse(c, "name", E_INVALID, "tên này dành cho chính chương trình (the program itself goes by it)");
    if (!is_name(a->name))
        return refuse(c, "name", E_INVALID,
                      "tên đăng nhập gồm 2 đến 64 chữ thường không dấu, chữ số, dấu \".\", \"-\", \"_\", bắt đầu bằng "
                      "chữ (a name is 2 to 64 small letters, digits, dots, dashes)");
    if (!str_trim(a->full_name).n || a->full_name.n > FULL_NAME_MAX)
        return refuse(c, "full_name", E_INVALID,
                      "cần họ và tên, không quá 200 byte (a full name is needed, at most 200 bytes)");
    if (!starts_plainly(a->full_name))
        return refuse(c, "full_name", E_INVALID,
                      "họ và tên không bắt đầu bằng dấu ' = + - @ (a name does not begin with such a sign)");
    if (a->email.n && !is_email(a->email))
        return refuse(c, "email", E_INVALID, "địa chỉ thư điện tử không hợp lệ (not an address of e-mail)");
    return OK;
}

static enum err check_role(struct ctx *c, const struct account_role *r)
{
    int64_t n = 1;
    if (!access_is_role(r->role))
        return refuse(c, "role", E_INVALID, "vai trò phải là một trong " ACCESS_ROLES " (unknown role)");
    if (r->org.n)
        TRY(db_number(c, SQL_access_org, &n, ARG(r->org)));
    if (!n)
        return refuse(c, "org", E_INVALID, "không có cơ quan mang mã này (no such body)");
    if (r->valid_from != DAY_NONE && r->valid_to != DAY_NONE && r->valid_from > r->valid_to)
        return refuse(c, "valid_to", E_INVALID, "ngày cuối đứng trước ngày đầu (it ends before it begins)");
    return OK;
}

/* --- changing --- */

static struct str subject_of(struct ctx *c, struct str account)
{
    return str_fmt(c->arena, "users/%.*s", ARGS(account));
}

enum err access_tell(struct ctx *c, const char *kind, struct str account, const struct record *record, const void *row,
                     int64_t *ret_position)
{
    struct out o;
    struct emit e;
    out_init(&o, c->arena, EVENT_MAX);
    emit_init(&e, &o, EMIT_JSON);
    emit_record(&e, record, row);
    return ledger_append(c, str_of(kind), subject_of(c, account), out_str(&o), ret_position);
}

static enum err put_account(struct ctx *c, const struct account *a, int64_t position)
{
    return db_exec(c, SQL_account_add, ARG(a->name), ARG(a->full_name), ARG(a->email), ARG(a->disabled), ARG(position));
}

static enum err put_role(struct ctx *c, const struct account_role *r, int64_t position)
{
    struct str org = r->org.p ? r->org : S("");
    return db_exec(c, SQL_account_role_add, ARG(r->account), ARG(r->role), ARG(org), db_arg_day(c, r->valid_from),
                   db_arg_day(c, r->valid_to), ARG(position));
}

enum err access_add(struct ctx *c, const struct account *account, const struct account_role *first)
{
    struct account there, a = *account;
    int64_t position;
    a.full_name = str_trim(viet_nfc(c->arena, a.full_name));
    a.disabled = a.has_password = false;
    a.roles = (struct account_roles){0};
    TRY(access_check_account(c, &a));
    TRY(check_role(c, first));
    enum err e = access_account(c, a.name, &there);
    if (!e)
        return refuse(c, "name", E_CONFLICT,
                      "đã có tài khoản mang tên đăng nhập này (there is an account of that name)");
    if (e != E_NOTFOUND)
        return e;
    *PUSH(c->arena, &a.roles) = *first;
    a.roles.v[0].account = a.name;
    TRY(access_need_giving(c, &a.roles.v[0]));
    TRY(access_tell(c, "user.add", a.name, &account_record, &a, &position));
    TRY(put_account(c, &a, position));
    return put_role(c, &a.roles.v[0], position);
}

enum err access_grant(struct ctx *c, const struct account_role *role)
{
    struct account account;
    int64_t position;
    TRY(access_account(c, role->account, &account));
    TRY(access_need_tending(c, &account));
    TRY(check_role(c, role));
    TRY(access_need_giving(c, role));
    TRY(access_tell(c, "user.grant", role->account, &account_role_record, role, &position));
    TRY(db_exec(c, SQL_account_role_close, ARG(role->account), ARG(role->role), ARG(role->org.p ? role->org : S("")),
                ARG(position)));
    TRY(put_role(c, role, position));
    return access_keep_admin(c, &account);
}

enum err access_revoke(struct ctx *c, struct str account, struct str role, struct str org, int32_t day)
{
    struct account a;
    TRY(access_account(c, account, &a));
    TRY(access_need_tending(c, &a));
    for (size_t i = 0; i < a.roles.n; i++) {
        struct account_role r = a.roles.v[i];
        if (!str_eq(r.role, role) || !str_eq(r.org, org))
            continue;
        int64_t position;
        r.valid_to = day;
        TRY(access_tell(c, "user.revoke", account, &account_role_record, &r, &position));
        TRY(db_exec(c, SQL_account_role_close, ARG(account), ARG(role), ARG(r.org), ARG(position)));
        /* One that had not begun by then never does. */
        if (r.valid_from == DAY_NONE || r.valid_from <= day)
            TRY(put_role(c, &r, position));
        return access_keep_admin(c, &a);
    }
    return refuse(c, "role", E_NOTFOUND, "tài khoản không giữ vai trò này (the account does not hold this role)");
}

enum err access_change(struct ctx *c, struct str name, struct str full_name, struct str email)
{
    struct account a;
    int64_t position;
    TRY(access_account(c, name, &a));
    TRY(access_need_tending(c, &a));
    a.full_name = str_trim(viet_nfc(c->arena, full_name));
    a.email = email.n ? email : (struct str){0};
    TRY(access_check_account(c, &a));
    TRY(access_tell(c, "user.change", name, &account_change_record, &a, &position));
    TRY(db_exec(c, SQL_account_close, ARG(name), ARG(position)));
    return put_account(c, &a, position);
}

enum err access_disable(struct ctx *c, struct str name, bool disabled)
{
    struct account a;
    int64_t position;
    TRY(access_account(c, name, &a));
    TRY(access_need_tending(c, &a));
    struct account before = a;
    a.disabled = disabled;
    TRY(ledger_append(c, disabled ? S("user.disable") : S("user.enable"), subject_of(c, name), S("{}"), &position));
    TRY(db_exec(c, SQL_account_close, ARG(name), ARG(position)));
    TRY(put_account(c, &a, position));
    TRY(access_keep_admin(c, &before));
    return disabled ? access_end_all(c, name) : OK;
}

enum err access_invite(struct ctx *c, struct str name, char token[ACCESS_TOKEN + 1])
{
    struct account a;
    TRY(access_account(c, name, &a));
    TRY(access_need_tending(c, &a));
    if (a.disabled)
        return refuse(c, "name", E_INVALID, "tài khoản đã khóa (the account is closed)");
    TRY(ledger_append(c, S("user.invite"), subject_of(c, name), S("{}"), NULL));
    return access_link_put(c, name, token);
}
