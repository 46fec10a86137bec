/* What a table of accounts would change, and changing it. */
#include "domain/access/import.h"

#include "domain/access/access.sql.h"
#include "domain/access/import_rows.h"
#include "domain/access/secret.h"
#include "ledger/ledger.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/banned.h"

enum { HASH = 32, PAYLOAD_MAX = 16 << 10, TOLD_MAX = 100, FILE_NAME_MAX = 300, ROLES_MAX = 200 };

RECORD(import_problem_record, struct import_problem, "import_problem", "Một chỗ sai trong bảng",
       {"line", FIELD_I64, offsetof(struct import_problem, line), .doc = "dòng của tệp, hàng của trang tính"},
       {"sheet", FIELD_TEXT, offsetof(struct import_problem, sheet), .doc = "trang tính; trống với CSV"},
       {"column", FIELD_TEXT, offsetof(struct import_problem, column), .doc = "cột; trống: cả dòng"},
       {"text", FIELD_TEXT, offsetof(struct import_problem, text), .doc = "sai thế nào"});
RECORD(import_change_record, struct import_change, "import_change", "Một thay đổi mà bảng gây ra",
       {"line", FIELD_I64, offsetof(struct import_change, line), .doc = "dòng của tệp"},
       {"what", FIELD_TEXT, offsetof(struct import_change, what), .doc = "việc", .one_of = IMPORT_WHAT},
       {"row", FIELD_RECORD, offsetof(struct import_change, row), .of = &account_row_record, .doc = "thành"},
       {"was", FIELD_TEXT, offsetof(struct import_change, was), .doc = "trước đó"});
RECORD(import_link_record, struct import_link, "import_link", "Một đường dẫn chọn mật khẩu, dùng được một lần",
       {"name", FIELD_TEXT, offsetof(struct import_link, name), .doc = "tên đăng nhập"},
       {"full_name", FIELD_TEXT, offsetof(struct import_link, full_name), .doc = "họ và tên"},
       {"email", FIELD_TEXT, offsetof(struct import_link, email), .doc = "thư điện tử"},
       {"org", FIELD_TEXT, offsetof(struct import_link, org), .doc = "mã cơ quan của vai trò đầu tiên"},
       {"token", FIELD_TEXT, offsetof(struct import_link, token),
        .doc = "phần bí mật của địa chỉ /welcome/…; chỉ hiện một lần, không có khi chạy thử"});
#define COUNT(member, about)                                                                                           \
    {                                                                                                                  \
#member, FIELD_I64, offsetof(struct import, member), .doc = about                                              \
    }
RECORD(import_record, struct import, "user.import", "Bảng tài khoản làm thay đổi gì", COUNT(added, "tài khoản mới"),
       COUNT(changed, "tài khoản có thay đổi"), COUNT(unchanged, "tài khoản giữ nguyên"),
       COUNT(granted, "vai trò giao thêm hoặc đổi ngày, của tài khoản đã có"), COUNT(ended, "vai trò thôi giữ"));

/* --- judging --- */

struct judging {
    struct ctx *c;
    struct import *import;
    const struct import_columns *columns;
    int32_t today;
    const struct account **known; /* by name */
    size_t n_known;
    struct import_row **rows; /* by name, then as in the table */
    struct group {
        size_t at, n;
    } * groups; /* by their first line */
    size_t n_groups;
};

static int by_name(const void *a, const void *b)
{
    const struct account *const *x = a, *const *y = b;
    return str_cmp((*x)->name, (*y)->name);
}

static int by_name_and_line(const void *a, const void *b)
{
    const struct import_row *const *x = a, *const *y = b;
    int order = str_cmp((*x)->row.name, (*y)->row.name);
    return order ? order : (*x > *y) - (*x < *y);
}

static const struct account *account_of(const struct judging *j, struct str name)
{
    size_t from = 0, to = j->n_known;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = str_cmp(j->known[middle]->name, name);
        if (!order)
            return j->known[middle];
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return NULL;
}

static bool same(struct str a, struct str b) /* absent is as good as empty */
{
    return a.n == b.n && (!a.n || str_eq(a, b));
}

static struct import_change *add_change(struct judging *j, const struct import_row *row, const char *what)
{
    struct import_change *change = PUSH(j->c->arena, &j->import->changes);
    *change = (struct import_change){row->line, str_of(what), row->row, {0}};
    return change;
}

static struct str days_text(struct ctx *c, int32_t from, int32_t to)
{
    char a[DAY_TEXT], b[DAY_TEXT];
    if (from == DAY_NONE && to == DAY_NONE)
        return S("không giới hạn");
    if (to == DAY_NONE)
        return str_fmt(c->arena, "từ %.*s", ARGS(day_text_vi(from, a)));
    if (from == DAY_NONE)
        return str_fmt(c->arena, "đến %.*s", ARGS(day_text_vi(to, b)));
    return str_fmt(c->arena, "%.*s – %.*s", ARGS(day_text_vi(from, a)), ARGS(day_text_vi(to, b)));
}

/* What each row of an account says of the account must be one thing. False if it is not. */
static bool agree(struct judging *j, struct group *g)
{
    struct import *import = j->import;
    struct import_row **rows = j->rows + g->at, *first = rows[0];
    int64_t before = import->n_problems;
    if (g->n > ROLES_MAX)
        import_problem(j->c, import, rows[ROLES_MAX]->line, "role",
                       "một tài khoản không giữ quá %d vai trò (too many roles of one account)", ROLES_MAX);
    for (size_t i = 1; i < g->n && i < ROLES_MAX; i++) {
        struct account_row *row = &rows[i]->row;
        unsigned line = rows[i]->line;
        if (!first->row.full_name.n)
            first->row.full_name = row->full_name;
        else if (row->full_name.n && !str_eq(row->full_name, first->row.full_name))
            import_problem(j->c, import, line, "full_name",
                           "khác với dòng %u của cùng tài khoản (differs from line %u)", first->line, first->line);
        if (!first->row.email.n)
            first->row.email = row->email;
        else if (row->email.n && !str_eq(row->email, first->row.email))
            import_problem(j->c, import, line, "email", "khác với dòng %u của cùng tài khoản (differs from line %u)",
                           first->line, first->line);
        if (row->disabled != first->row.disabled)
            import_problem(j->c, import, line, "disabled", "khác với dòng %u của cùng tài khoản (differs from line %u)",
                           first->line, first->line);
        if (!row->role.n || !first->row.role.n)
            import_problem(j->c, import, line, "role", "cần vai trò (a role is needed)");
        for (size_t k = 0; k < i; k++)
            if (same(rows[k]->row.role, row->role) && same(rows[k]->row.org, row->org)) {
                import_problem(j->c, import, line, "role", "vai trò này đã có ở dòng %u (the same role as in line %u)",
                               rows[k]->line, rows[k]->line);
                break;
            }
    }
    for (size_t i = 1; i < g->n; i++) {
        rows[i]->row.full_name = first->row.full_name;
        rows[i]->row.email = first->row.email;
    }
    return import->n_problems == before;
}

static void want_link(struct judging *j, const struct account_row *row)
{
    struct import_link link = {.name = row->name, .full_name = row->full_name, .email = row->email, .org = row->org};
    link.room = NEWN(j->c->arena, char, ACCESS_TOKEN + 1);
    if (j->import->links && !row->disabled)
        *PUSH(j->c->arena, &j->import->list) = link;
}

static void judge_new(struct judging *j, const struct group *g)
{
    struct import_row **rows = j->rows + g->at;
    if (!rows[0]->row.role.n)
        import_problem(j->c, j->import, rows[0]->line, "role",
                       "tài khoản mới cần một vai trò (a new account needs a role)");
    if (!rows[0]->row.full_name.n)
        import_problem(j->c, j->import, rows[0]->line, "full_name",
                       "tài khoản mới cần họ và tên (a new account needs a full name)");
    for (size_t i = 0; i < g->n; i++)
        add_change(j, rows[i], i ? "grant" : "add");
    j->import->added++;
    want_link(j, &rows[0]->row);
}

/* The account itself: what its columns say that are there. */
static void judge_account(struct judging *j, const struct import_row *first, const struct account *a)
{
    struct import_row now = *first;
    bool email = j->columns->at[IMPORT_EMAIL] && !same(first->row.email, a->email);
    if (!now.row.full_name.n)
        now.row.full_name = a->full_name;
    if (!j->columns->at[IMPORT_EMAIL])
        now.row.email = a->email;
    if (!j->columns->at[IMPORT_DISABLED])
        now.row.disabled = a->disabled;
    if (email || !str_eq(now.row.full_name, a->full_name))
        add_change(j, &now, "change")->was =
            a->email.n ? str_fmt(j->c->arena, "%.*s, %.*s", ARGS(a->full_name), ARGS(a->email)) : a->full_name;
    if (now.row.disabled != a->disabled)
        add_change(j, &now, now.row.disabled ? "close" : "open");
    if (!a->has_password)
        want_link(j, &now.row);
}

static void judge_role(struct judging *j, const struct import_row *row, const struct account *a, bool *held)
{
    for (size_t k = 0; k < a->roles.n; k++) {
        const struct account_role *r = &a->roles.v[k];
        if (!same(r->role, row->row.role) || !same(r->org, row->row.org))
            continue;
        struct import_row now = *row;
        held[k] = true;
        if (!j->columns->at[IMPORT_FROM])
            now.row.valid_from = r->valid_from;
        if (!j->columns->at[IMPORT_TO])
            now.row.valid_to = r->valid_to;
        if (now.row.valid_from == r->valid_from && now.row.valid_to == r->valid_to)
            return;
        if (now.row.valid_from != DAY_NONE && now.row.valid_to != DAY_NONE && now.row.valid_from > now.row.valid_to)
            import_problem(j->c, j->import, row->line, "valid_to",
                           "ngày cuối đứng trước ngày đầu đang có (it ends before it begins)");
        add_change(j, &now, "days")->was = days_text(j->c, r->valid_from, r->valid_to);
        j->import->granted++;
        return;
    }
    add_change(j, row, "grant");
    j->import->granted++;
}

static void judge_known(struct judging *j, const struct group *g, const struct account *a)
{
    struct import_row **rows = j->rows + g->at;
    size_t before = j->import->changes.n;
    bool *held = NEWN(j->c->arena, bool, a->roles.n + 1);
    judge_account(j, rows[0], a);
    for (size_t i = 0; i < g->n; i++)
        if (rows[i]->row.role.n)
            judge_role(j, rows[i], a, held);
    for (size_t k = 0; k < a->roles.n; k++) {
        const struct account_role *r = &a->roles.v[k];
        if (held[k] || (r->valid_to != DAY_NONE && r->valid_to < j->today))
            continue;
        struct import_change *end = add_change(j, rows[0], "end");
        end->row =
            (struct account_row){a->name,       a->full_name, a->email,   r->role, r->org.n ? r->org : (struct str){0},
                                 r->valid_from, j->today - 1, a->disabled};
        end->was = days_text(j->c, r->valid_from, r->valid_to);
        j->import->ended++;
    }
    if (j->import->changes.n == before)
        j->import->unchanged++;
    else
        j->import->changed++;
}

static int by_first_line(const void *a, const void *b, void *arg)
{
    const struct judging *j = arg;
    const struct group *x = a, *y = b;
    return (j->rows[x->at] > j->rows[y->at]) - (j->rows[x->at] < j->rows[y->at]);
}

static void make_groups(struct judging *j, const struct import_row_list *list)
{
    j->rows = NEWN(j->c->arena, struct import_row *, list->n + 1);
    j->groups = NEWN(j->c->arena, struct group, list->n + 1);
    for (size_t i = 0; i < list->n; i++)
        j->rows[i] = &list->v[i];
    qsort(j->rows, list->n, sizeof *j->rows, by_name_and_line);
    for (size_t i = 0; i < list->n; i++) {
        if (!i || !str_eq(j->rows[i - 1]->row.name, j->rows[i]->row.name))
            j->groups[j->n_groups++] = (struct group){i, 0};
        j->groups[j->n_groups - 1].n++;
    }
    qsort_r(j->groups, j->n_groups, sizeof *j->groups, by_first_line, j);
}

static int by_line(const void *a, const void *b)
{
    const struct import_problem *x = a, *y = b;
    return (x->line > y->line) - (x->line < y->line);
}

/* What whoever asks may not do is told with all else that is wrong. */
static void judge_giving(struct judging *j)
{
    for (size_t i = 0; i < j->import->changes.n; i++) {
        const struct import_change *change = &j->import->changes.v[i];
        const struct account_row *row = &change->row;
        struct account_role role = {row->name, row->role, row->org, row->valid_from, row->valid_to};
        if ((str_eq(change->what, S("add")) || str_eq(change->what, S("grant")) || str_eq(change->what, S("days"))) &&
            access_need_giving(j->c, &role))
            import_problem(j->c, j->import, (unsigned)change->line, str_z(j->c->arena, j->c->error.field), "%.*s",
                           ARGS(j->c->error.message));
    }
}

void access_import_judge(struct ctx *c, const struct accounts *accounts, const struct org_catalogue *catalogue,
                         int32_t today, struct import *import)
{
    struct import_columns columns = {0};
    struct import_row_list rows = {0};
    struct judging j = {.c = c, .import = import, .columns = &columns, .today = today, .n_known = accounts->n};
    *import =
        (struct import){.content = import->content, .file = import->file, .links = import->links, .grid = import->grid};
    import_rows(c, catalogue, import, &columns, &rows);
    j.known = NEWN(c->arena, const struct account *, accounts->n + 1);
    for (size_t i = 0; i < accounts->n; i++)
        j.known[i] = &accounts->v[i];
    qsort(j.known, j.n_known, sizeof *j.known, by_name);
    make_groups(&j, &rows);
    for (size_t i = 0; i < j.n_groups; i++) {
        struct group *g = &j.groups[i];
        const struct account *a = account_of(&j, j.rows[g->at]->row.name);
        if (!agree(&j, g))
            continue;
        if (a && !access_tends(c, a))
            import_problem(c, import, j.rows[g->at]->line, "name",
                           "đã có tài khoản mang tên đăng nhập này, ngoài phạm vi bạn quản trị (there is an account of "
                           "that name, not yours to tend)");
        else if (a)
            judge_known(&j, g, a);
        else
            judge_new(&j, g);
    }
    judge_giving(&j);
    if (import->problems.n)
        qsort(import->problems.v, import->problems.n, sizeof *import->problems.v, by_line);
}

static enum err judge(struct ctx *c, struct import *import)
{
    struct accounts accounts;
    const struct org_catalogue *catalogue;
    TRY(access_accounts(c, &accounts));
    TRY(org_catalogue_from_store(c, POS_NOW, &catalogue));
    access_import_judge(c, &accounts, catalogue, day_of_moment(ctx_now(c)), import);
    return OK;
}

enum err access_import_check(struct ctx *c, struct import *import)
{
    return judge(c, import);
}

enum err access_import_refuse(struct ctx *c, const struct import *import)
{
    struct out o;
    if (!import->n_problems)
        return OK;
    out_init(&o, c->arena, (size_t)1 << 20);
    out_fmt(&o, "có %lld chỗ sai, chưa thay đổi gì (nothing was changed):", (long long)import->n_problems);
    for (size_t i = 0; i < import->problems.n && i < TOLD_MAX; i++)
        out_fmt(&o, "\n  %.*s", ARGS(import_problem_text(c, &import->problems.v[i])));
    if (import->n_problems > TOLD_MAX)
        out_put(&o, S("\n  …"));
    return FAIL_AT(c, E_INVALID, import->file, 0, "%.*s", ARGS(out_str(&o)));
}

static void emit_all(struct emit *e, const char *key, const struct record *r, const void *rows, size_t n)
{
    emit_key(e, str_of(key));
    emit_list(e);
    for (size_t i = 0; i < n; i++)
        emit_record(e, r, (const char *)rows + i * r->size);
    emit_end(e);
}

void access_import_emit(struct emit *e, const struct import *import)
{
    emit_fields(e, &import_record, import);
    emit_all(e, "changes", &import_change_record, import->changes.v, import->changes.n);
    emit_all(e, "problems", &import_problem_record, import->problems.v, import->problems.n);
    emit_all(e, "links", &import_link_record, import->list.v, import->list.n);
}

/* --- changing --- */

static enum err apply(struct ctx *c, const struct import_change *change, int32_t today)
{
    const struct account_row *row = &change->row;
    struct account account = {.name = row->name, .full_name = row->full_name, .email = row->email};
    struct account_role role = {row->name, row->role, row->org, row->valid_from, row->valid_to};
    if (str_eq(change->what, S("add"))) {
        TRY(access_add(c, &account, &role));
        return row->disabled ? access_disable(c, row->name, true) : OK;
    }
    if (str_eq(change->what, S("change")))
        return access_change(c, row->name, row->full_name, row->email);
    if (str_eq(change->what, S("grant")) || str_eq(change->what, S("days")))
        return access_grant(c, &role);
    if (str_eq(change->what, S("end")))
        return access_revoke(c, row->name, row->role, row->org, today - 1);
    return access_disable(c, row->name, str_eq(change->what, S("close")));
}

/* What takes something away comes last, so that whoever is to come after is there by then. */
static bool takes_away(const struct import_change *change)
{
    return str_eq(change->what, S("end")) || str_eq(change->what, S("close"));
}

static enum err tell(struct ctx *c, const struct import *import)
{
    unsigned char hash[HASH];
    char hex[HASH * 2 + 1];
    struct out o;
    struct emit e;
    crypto_generichash(hash, HASH, (const unsigned char *)import->content.p, import->content.n, NULL, 0);
    sodium_bin2hex(hex, sizeof hex, hash, HASH);
    out_init(&o, c->arena, PAYLOAD_MAX);
    emit_init(&e, &o, EMIT_JSON);
    emit_map(&e);
    emit_key(&e, S("file"));
    emit_text(&e, str_head(import->file, FILE_NAME_MAX));
    emit_key(&e, S("blake2b"));
    emit_text(&e, str_of(hex));
    emit_fields(&e, &import_record, import);
    emit_end(&e);
    return ledger_append(c, S("user.import"), S("users"), out_str(&o), NULL);
}

/* Is it what was shown to whoever asked for it? Somebody may have changed an account since. */
static bool as_judged(const struct import *a, const struct import *b)
{
    if (a->changes.n != b->changes.n || a->list.n != b->list.n)
        return false;
    for (size_t i = 0; i < a->changes.n; i++)
        if (!record_equal(&import_change_record, &a->changes.v[i], &b->changes.v[i]))
            return false;
    for (size_t i = 0; i < a->list.n; i++)
        if (!str_eq(a->list.v[i].name, b->list.v[i].name))
            return false;
    return true;
}

enum err access_import_run(struct ctx *c, void *arg)
{
    struct import *import = arg, now = *import;
    int32_t today = day_of_moment(ctx_now(c));
    TRY(judge(c, &now));
    TRY(access_import_refuse(c, &now));
    if (!as_judged(import, &now))
        return FAIL(c, E_CONFLICT,
                    "vừa có người thay đổi tài khoản; hãy làm lại (somebody changed an account; try again)");
    if (now.changes.n)
        TRY(tell(c, &now));
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < now.changes.n; i++)
            if (takes_away(&now.changes.v[i]) == (pass == 1))
                TRY(apply(c, &now.changes.v[i], today));
    for (size_t i = 0; i < import->list.n; i++) {
        TRY(access_invite(c, import->list.v[i].name, import->list.v[i].room));
        import->list.v[i].token = (struct str){import->list.v[i].room, ACCESS_TOKEN};
    }
    return OK;
}
