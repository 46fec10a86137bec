/* Operations on accounts: for whoever tends them. */
#include "domain/access/access.h"
#include "domain/access/delegation.h"
#include "domain/access/import.h"
#include "domain/access/viewer.h"

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

struct list_args {
    struct str org, role;
};
RECORD(user_list_args, struct list_args, "user.list", "Đối số của user.list",
       TEXT_ARG(list_args, org, "chỉ các vai trò trong cơ quan này"),
       TEXT_ARG(list_args, role, "chỉ vai trò này", .one_of = ACCESS_ROLES));

struct import_args {
    struct str name, text, file;
    bool dry_run, links;
};
RECORD(user_import_args, struct import_args, "user.import", "Đối số của user.import",
       TEXT_ARG(import_args, name, "tên tệp, như tai-khoan.xlsx", .required = true),
       TEXT_ARG(import_args, text, "nội dung, khi là CSV"),
       {"file", FIELD_BYTES, offsetof(struct import_args, file),
        .doc = "nội dung tệp CSV hoặc XLSX, khi gửi bằng multipart/form-data"},
       {"dry_run", FIELD_BOOL, offsetof(struct import_args, dry_run), .doc = "chỉ xem sẽ thay đổi gì, sai ở đâu"},
       {"links", FIELD_BOOL, offsetof(struct import_args, links),
        .doc = "cấp đường dẫn cho mỗi tài khoản trong bảng chưa chọn mật khẩu"});

static enum err list(struct ctx *c, const struct op_call *call)
{
    const struct list_args *args = call->args;
    struct accounts all, theirs = {0};
    struct account_rows rows;
    TRY(access_accounts(c, &all));
    for (size_t i = 0; i < all.n; i++)
        if (access_tends(c, &all.v[i]))
            *PUSH(c->arena, &theirs) = all.v[i];
    access_rows(c, &theirs, &rows);
    emit_map(call->emit);
    emit_key(call->emit, S("items"));
    emit_list(call->emit);
    for (size_t i = 0; i < rows.n; i++)
        if ((!args->org.n || str_eq(args->org, rows.v[i].org)) && (!args->role.n || str_eq(args->role, rows.v[i].role)))
            emit_record(call->emit, &account_row_record, &rows.v[i]);
    emit_end(call->emit);
    emit_key(call->emit, S("next"));
    emit_text(call->emit, (struct str){0});
    emit_end(call->emit);
    return OK;
}

static enum err prepare_import(struct ctx *c, struct op_call *call)
{
    const struct import_args *args = call->args;
    struct import *import = NEW(c->arena, struct import);
    import->content = args->file.p ? args->file : args->text.p ? args->text : S("");
    import->file = args->name;
    import->links = args->links;
    call->prepared = import;
    TRY(access_import_read(c, import));
    TRY(access_import_check(c, import));
    return args->dry_run ? OK : access_import_refuse(c, import);
}

static enum err import_table(struct ctx *c, const struct op_call *call)
{
    const struct import_args *args = call->args;
    struct import *import = call->prepared;
    if (!args->dry_run)
        TRY(access_import_run(c, import));
    emit_map(call->emit);
    emit_key(call->emit, S("dry_run"));
    emit_bool(call->emit, args->dry_run);
    access_import_emit(call->emit, import);
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
    struct account account;
    TRY(access_account(c, args->name, &account));
    TRY(access_need_tending(c, &account));
    emit_record(call->emit, &account_record, &account);
    return OK;
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

struct erase_args {
    struct str name, reason;
};
RECORD(user_erase_args, struct erase_args, "user.erase", "Đối số của user.erase",
       TEXT_ARG(erase_args, name, "tên đăng nhập", .required = true),
       TEXT_ARG(erase_args, reason, "lý do, không nhắc lại điều cần xóa; sẽ đứng trong sổ cái", .required = true));

static enum err erase(struct ctx *c, const struct op_call *call)
{
    const struct erase_args *args = call->args;
    struct account_erased erased;
    TRY(access_erase(c, args->name, args->reason, &erased));
    emit_record(call->emit, &account_erased_record, &erased);
    return OK;
}

/* --- acting for someone --- */

#define DELEGATION_FIELDS                                                                                              \
    TEXT_ARG(delegation, giver, "người ủy quyền (mặc định: chính mình)"),                                              \
        TEXT_ARG(delegation, taker, "người được ủy quyền", .required = true),                                          \
        TEXT_ARG(delegation, role, "vai trò (mặc định: mọi vai trò ủy quyền được)", .one_of = ACCESS_ROLES),           \
        TEXT_ARG(delegation, org, "mã cơ quan (mặc định: như vai trò của mình)")
RECORD(delegation_add_args, struct delegation, "delegation.add", "Đối số của delegation.add", DELEGATION_FIELDS,
       {"valid_from", FIELD_DAY, offsetof(struct delegation, valid_from), .doc = "từ ngày", .required = true},
       {"valid_to", FIELD_DAY, offsetof(struct delegation, valid_to), .doc = "đến hết ngày", .required = true},
       TEXT_ARG(delegation, reason, "lý do", .required = true));
RECORD(delegation_end_args, struct delegation, "delegation.end", "Đối số của delegation.end", DELEGATION_FIELDS);
RECORD(delegation_list_args, struct name_args, "delegation.list", "Đối số của delegation.list",
       TEXT_ARG(name_args, name, "tên đăng nhập (mặc định: chính mình)"));

static struct str oneself(const struct ctx *c)
{
    return c->viewer && c->viewer->account.n ? c->viewer->account : S("");
}

static enum err delegate(struct ctx *c, const struct op_call *call)
{
    struct delegation d = *(const struct delegation *)call->args;
    d.giver = d.giver.n ? d.giver : oneself(c);
    TRY(access_delegate(c, &d));
    emit_record(call->emit, &delegation_record, &d);
    return OK;
}

static enum err end_delegation(struct ctx *c, const struct op_call *call)
{
    struct delegation d = *(const struct delegation *)call->args;
    d.giver = d.giver.n ? d.giver : oneself(c);
    d.valid_from = d.valid_to = DAY_NONE;
    TRY(access_delegation_end(c, &d));
    emit_record(call->emit, &delegation_record, &d);
    return OK;
}

/* Of oneself; of others for whoever tends accounts. */
static enum err list_delegations(struct ctx *c, const struct op_call *call)
{
    const struct name_args *args = call->args;
    struct str name = args->name.n ? args->name : oneself(c);
    struct delegations all;
    if (!str_eq(name, oneself(c)))
        TRY(access_need(c, PERM_ADMIN, false));
    TRY(access_delegations(c, name, &all));
    emit_map(call->emit);
    emit_key(call->emit, S("items"));
    emit_list(call->emit);
    for (size_t i = 0; i < all.n; i++)
        emit_record(call->emit, &delegation_record, &all.v[i]);
    emit_end(call->emit);
    emit_key(call->emit, S("next"));
    emit_text(call->emit, (struct str){0});
    emit_end(call->emit);
    return OK;
}

OPS(access_ops,
    OP_LISTS(&delegation_record, "delegation.list", NULL, OP_READ, PERM_READ, &delegation_list_args, list_delegations,
             false, "Các ủy quyền đã giao và đã nhận", "What was delegated by somebody and to them"),
    OP_GIVES(&delegation_record, "delegation.add", NULL, OP_WRITE, PERM_READ, &delegation_add_args, delegate, false,
             "Ủy quyền cho người khác làm thay việc của mình trong một số ngày",
             "Have another do for some days what one holds oneself"),
    OP_GIVES(&delegation_record, "delegation.end", NULL, OP_WRITE, PERM_READ, &delegation_end_args, end_delegation,
             false, "Thôi một ủy quyền", "End a delegation"),
    OP_LISTS(&account_row_record, "user.list", "/accounts", OP_READ, PERM_ADMIN | PERM_IN_BODY, &user_list_args, list,
             false, "Các tài khoản, mỗi vai trò một dòng; bảng CSV, XLSX nạp lại được bằng user.import",
             "The accounts, a row for each role; as CSV or XLSX user.import takes it back"),
    OP_PREPARED("user.import", PERM_ADMIN | PERM_IN_BODY, &user_import_args, prepare_import, import_table,
                "Nạp bảng tài khoản: thêm, sửa, giao và thôi vai trò; một dòng sai thì không thay đổi gì",
                "Take in a table of accounts: add, change, give and end roles; nothing at all if a row is wrong"),
    OP_GIVES(&account_record, "user.get", NULL, OP_READ, PERM_ADMIN | PERM_IN_BODY, &user_name_args, get, false,
             "Một tài khoản với các vai trò", "An account with its roles"),
    OP_GIVES(&invited_record, "user.add", NULL, OP_WRITE, PERM_ADMIN | PERM_IN_BODY, &user_add_args, add, false,
             "Thêm một tài khoản với một vai trò, và cấp đường dẫn chọn mật khẩu",
             "Add an account with a role, and give a link to choose a password with"),
    OP_GIVES(&invited_record, "user.invite", NULL, OP_WRITE, PERM_ADMIN | PERM_IN_BODY, &user_name_args, invite, false,
             "Cấp đường dẫn chọn mật khẩu mới, thay các đường dẫn trước",
             "Give a new link to choose a password with, in place of those before"),
    OP_GIVES(&account_record, "user.grant", NULL, OP_WRITE, PERM_ADMIN | PERM_IN_BODY, &user_grant_args, grant, false,
             "Giao thêm một vai trò", "Give one more role"),
    OP_GIVES(&account_record, "user.revoke", NULL, OP_WRITE, PERM_ADMIN | PERM_IN_BODY, &user_revoke_args, revoke,
             false, "Thôi một vai trò", "End a role"),
    OP_GIVES(&account_erased_record, "user.erase", NULL, OP_WRITE, PERM_ADMIN, &user_erase_args, erase, false,
             "Xóa hẳn họ tên, thư điện tử và danh tính ngoài của một tài khoản; không lấy lại được",
             "Erase the full name, e-mail and outside identities of an account for good"),
    OP_GIVES(&account_record, "user.disable", NULL, OP_WRITE, PERM_ADMIN | PERM_IN_BODY, &user_name_args, disable,
             false, "Khóa một tài khoản, kết thúc các phiên đang mở", "Close an account and end its sessions"),
    OP_GIVES(&account_record, "user.enable", NULL, OP_WRITE, PERM_ADMIN | PERM_IN_BODY, &user_name_args, enable, false,
             "Mở lại một tài khoản đã khóa", "Open a closed account again"));
