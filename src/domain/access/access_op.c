/* Operations on accounts: for whoever tends them. */
#include "domain/access/access.h"

#include "base/period.h"

#include "base/banned.h"

#define TEXT_ARG(type, member, about, ...)                                                                             \
    {                                                                                                                  \
#member, FIELD_TEXT, offsetof(struct type, member), .doc = about, ##__VA_ARGS__                                \
    }
#define DAY_ARG(type, member, about)                                                                                   \
    {                                                                                                                  \
#member, FIELD_DAY, offsetof(struct type, member), .doc = about                                                \
    }

struct name_args {
    struct str name;
};
RECORD(user_name_args, struct name_args, "user", "Một tài khoản",
       TEXT_ARG(name_args, name, "tên đăng nhập", .required = true));

struct add_args {
    struct str name, full_name, email, role, org;
    int32_t valid_from, valid_to;
};
RECORD(user_add_args, struct add_args, "user.add", "Đối số của user.add",
       TEXT_ARG(add_args, name, "tên đăng nhập, không đổi được; nên đặt theo chức trách", .required = true),
       TEXT_ARG(add_args, full_name, "họ và tên (mặc định: tên đăng nhập)"), TEXT_ARG(add_args, email, "thư điện tử"),
       TEXT_ARG(add_args, role, "vai trò", .one_of = ACCESS_ROLES, .required = true),
       TEXT_ARG(add_args, org, "mã cơ quan; không có: toàn hệ thống"),
       DAY_ARG(add_args, valid_from, "giữ vai trò từ ngày"), DAY_ARG(add_args, valid_to, "đến hết ngày"));

struct role_args {
    struct str name, role, org;
    int32_t valid_from, valid_to;
};
RECORD(user_grant_args, struct role_args, "user.grant", "Đối số của user.grant",
       TEXT_ARG(role_args, name, "tên đăng nhập", .required = true),
       TEXT_ARG(role_args, role, "vai trò", .one_of = ACCESS_ROLES, .required = true),
       TEXT_ARG(role_args, org, "mã cơ quan; không có: toàn hệ thống"),
       DAY_ARG(role_args, valid_from, "giữ vai trò từ ngày"), DAY_ARG(role_args, valid_to, "đến hết ngày"));
RECORD(user_revoke_args, struct role_args, "user.revoke", "Đối số của user.revoke",
       TEXT_ARG(role_args, name, "tên đăng nhập", .required = true),
       TEXT_ARG(role_args, role, "vai trò", .one_of = ACCESS_ROLES, .required = true),
       TEXT_ARG(role_args, org, "mã cơ quan; không có: toàn hệ thống"),
       DAY_ARG(role_args, valid_to, "ngày cuối còn giữ (mặc định: hôm qua, thôi ngay)"));

struct invited {
    struct str name, token;
};
RECORD(invited_record, struct invited, "invited", "Một đường dẫn chọn mật khẩu, dùng được một lần",
       {"name", FIELD_TEXT, offsetof(struct invited, name), .doc = "tên đăng nhập"},
       {"token", FIELD_TEXT, offsetof(struct invited, token),
        .doc = "phần bí mật của địa chỉ /welcome/…; chỉ hiện một lần"});

static enum err list(struct ctx *c, const struct op_call *call)
{
    struct accounts all;
    TRY(access_accounts(c, &all));
    emit_map(call->emit);
    emit_key(call->emit, S("items"));
    emit_list(call->emit);
    for (size_t i = 0; i < all.n; i++)
        emit_record(call->emit, &account_record, &all.v[i]);
    emit_end(call->emit);
    emit_key(call->emit, S("next"));
    emit_text(call->emit, (struct str){0});
    emit_end(call->emit);
    return OK;
}

static enum err show(struct ctx *c, const struct op_call *call, struct str name)
{
    struct account account;
    TRY(access_account(c, name, &account));
    emit_record(call->emit, &account_record, &account);
    return OK;
}

static enum err get(struct ctx *c, const struct op_call *call)
{
    const struct name_args *args = call->args;
    return show(c, call, args->name);
}

static enum err invite_to(struct ctx *c, const struct op_call *call, struct str name)
{
    char token[ACCESS_TOKEN + 1];
    TRY(access_invite(c, name, token));
    struct invited invited = {name, str_of(token)};
    emit_record(call->emit, &invited_record, &invited);
    return OK;
}

static enum err add(struct ctx *c, const struct op_call *call)
{
    const struct add_args *args = call->args;
    struct account account = {
        .name = args->name, .full_name = args->full_name.p ? args->full_name : args->name, .email = args->email};
    struct account_role role = {args->name, args->role, args->org, args->valid_from, args->valid_to};
    TRY(access_add(c, &account, &role));
    return invite_to(c, call, args->name);
}

static enum err invite(struct ctx *c, const struct op_call *call)
{
    const struct name_args *args = call->args;
    return invite_to(c, call, args->name);
}

static enum err grant(struct ctx *c, const struct op_call *call)
{
    const struct role_args *args = call->args;
    struct account_role role = {args->name, args->role, args->org, args->valid_from, args->valid_to};
    TRY(access_grant(c, &role));
    return show(c, call, args->name);
}

static enum err revoke(struct ctx *c, const struct op_call *call)
{
    const struct role_args *args = call->args;
    int32_t last = args->valid_to != DAY_NONE ? args->valid_to : day_of_moment(ctx_now(c)) - 1;
    TRY(access_revoke(c, args->name, args->role, args->org, last));
    return show(c, call, args->name);
}

static enum err disable(struct ctx *c, const struct op_call *call)
{
    const struct name_args *args = call->args;
    TRY(access_disable(c, args->name, true));
    return show(c, call, args->name);
}

static enum err enable(struct ctx *c, const struct op_call *call)
{
    const struct name_args *args = call->args;
    TRY(access_disable(c, args->name, false));
    return show(c, call, args->name);
}

OPS(access_ops,
    OP_LISTS(&account_record, "user.list", NULL, OP_READ, PERM_ADMIN, NULL, list, false, "Các tài khoản và vai trò",
             "Accounts and their roles"),
    OP_GIVES(&account_record, "user.get", NULL, OP_READ, PERM_ADMIN, &user_name_args, get, false,
             "Một tài khoản với các vai trò", "An account with its roles"),
    OP_GIVES(&invited_record, "user.add", NULL, OP_WRITE, PERM_ADMIN, &user_add_args, add, false,
             "Thêm một tài khoản với một vai trò, và cấp đường dẫn chọn mật khẩu",
             "Add an account with a role, and give a link to choose a password with"),
    OP_GIVES(&invited_record, "user.invite", NULL, OP_WRITE, PERM_ADMIN, &user_name_args, invite, false,
             "Cấp đường dẫn chọn mật khẩu mới, thay các đường dẫn trước",
             "Give a new link to choose a password with, in place of those before"),
    OP_GIVES(&account_record, "user.grant", NULL, OP_WRITE, PERM_ADMIN, &user_grant_args, grant, false,
             "Giao thêm một vai trò", "Give one more role"),
    OP_GIVES(&account_record, "user.revoke", NULL, OP_WRITE, PERM_ADMIN, &user_revoke_args, revoke, false,
             "Thôi một vai trò", "End a role"),
    OP_GIVES(&account_record, "user.disable", NULL, OP_WRITE, PERM_ADMIN, &user_name_args, disable, false,
             "Khóa một tài khoản, kết thúc các phiên đang mở", "Close an account and end its sessions"),
    OP_GIVES(&account_record, "user.enable", NULL, OP_WRITE, PERM_ADMIN, &user_name_args, enable, false,
             "Mở lại một tài khoản đã khóa", "Open a closed account again"));
