/* The list of accounts as a table: its columns, its rows, and what is wrong with each by itself. */
#include "domain/access/import.h"
#include "domain/access/import_rows.h"
#include "domain/access/secret.h"

#include "base/viet.h"
#include "document/rows.h"

#include <stdarg.h>

#include "base/banned.h"

#define ROW(member, type, about, ...)                                                                                  \
    {                                                                                                                  \
#member, type, offsetof(struct account_row, member), .doc = about, ##__VA_ARGS__                               \
    }
RECORD(account_row_record, struct account_row, "account_row", "Một vai trò của một tài khoản, như một dòng của bảng",
       ROW(name, FIELD_TEXT, "tên đăng nhập", .required = true), ROW(full_name, FIELD_TEXT, "họ và tên"),
       ROW(email, FIELD_TEXT, "thư điện tử"),
       ROW(role, FIELD_TEXT, "vai trò; trống: tài khoản chưa có vai trò", .one_of = ACCESS_ROLES, .required = true),
       ROW(org, FIELD_TEXT, "mã cơ quan; trống: toàn hệ thống", .required = true),
       ROW(valid_from, FIELD_DAY, "giữ vai trò từ ngày"), ROW(valid_to, FIELD_DAY, "đến hết ngày"),
       ROW(disabled, FIELD_BOOL, "đã khóa"));

/* Headings as a clerk would write them, folded. */
static const struct {
    const char *name, *heading;
} headings[] = {
    {"name", "ten dang nhap"},    {"name", "tai khoan"},    {"name", "account"},          {"name", "user"},
    {"full_name", "ho va ten"},   {"full_name", "ho ten"},  {"full_name", "full name"},   {"email", "thu dien tu"},
    {"email", "e-mail"},          {"email", "dia chi thu"}, {"role", "vai tro"},          {"org", "co quan"},
    {"org", "ma co quan"},        {"org", "don vi"},        {"org", "ma don vi"},         {"org", "body"},
    {"valid_from", "tu ngay"},    {"valid_from", "from"},   {"valid_from", "valid from"}, {"valid_to", "den ngay"},
    {"valid_to", "den het ngay"}, {"valid_to", "to"},       {"valid_to", "valid to"},     {"disabled", "da khoa"},
    {"disabled", "khoa"},         {"disabled", "closed"},
};

static const struct {
    const char *role, *word;
} role_words[] = {
    {"admin", "quan tri"},           {"admin", "quan tri vien"},
    {"office", "van phong"},         {"planner", "phu trach ke hoach"},
    {"leader", "lanh dao"},          {"approver", "thu truong"},
    {"reporter", "can bo tong hop"}, {"reporter", "tong hop"},
    {"inspector", "kiem tra"},       {"viewer", "xem"},
};

void access_rows(struct ctx *c, const struct accounts *accounts, struct account_rows *ret)
{
    struct account_rows rows = {0};
    for (size_t i = 0; i < accounts->n; i++) {
        const struct account *a = &accounts->v[i];
        struct account_row row = {.name = a->name,
                                  .full_name = a->full_name,
                                  .email = a->email,
                                  .valid_from = DAY_NONE,
                                  .valid_to = DAY_NONE,
                                  .disabled = a->disabled};
        if (!a->roles.n)
            *PUSH(c->arena, &rows) = row;
        for (size_t k = 0; k < a->roles.n; k++) {
            const struct account_role *r = &a->roles.v[k];
            row.role = r->role;
            row.org = r->org.n ? r->org : (struct str){0};
            row.valid_from = r->valid_from;
            row.valid_to = r->valid_to;
            *PUSH(c->arena, &rows) = row;
        }
    }
    *ret = rows;
}

void import_problem(struct ctx *c, struct import *import, unsigned line, const char *column, const char *format, ...)
{
    import->n_problems++;
    if (import->problems.n == IMPORT_PROBLEMS)
        return;
    va_list args;
    va_start(args, format);
    struct str text = str_vfmt(c->arena, format, args);
    va_end(args);
    *PUSH(c->arena, &import->problems) = (struct import_problem){line, import->grid.sheet, str_of(column), text};
}

/* --- the header --- */

static struct str heading_name(struct ctx *c, struct str cell)
{
    struct str folded = str_trim(viet_fold_text(c->arena, cell));
    for (size_t i = 0; i < sizeof headings / sizeof *headings; i++)
        if (str_eq(folded, str_of(headings[i].heading)))
            return str_of(headings[i].name);
    return folded;
}

static bool read_header(struct ctx *c, struct import *import, struct import_columns *columns)
{
    const struct record *r = &account_row_record;
    struct strs cells = import->grid.rows[0];
    unsigned line = import->grid.lines[0];
    int64_t before = import->n_problems;
    for (size_t i = 0; i < cells.n; i++) {
        struct str cell = str_trim(cells.v[i]);
        const struct field *f = record_field(r, heading_name(c, cell));
        if (!cell.n)
            continue; /* one that nobody headed must be empty all the way down */
        if (!f)
            import_problem(c, import, line, "", "không có cột nào tên \"%.*s\" (unknown column)", ARGS(cell));
        else if (columns->at[f - r->fields])
            import_problem(c, import, line, f->name, "cột này có hai lần (column twice)");
        else
            columns->at[f - r->fields] = (unsigned)i + 1;
    }
    for (size_t i = 0; i < r->n; i++)
        if (r->fields[i].required && !columns->at[i])
            import_problem(c, import, line, r->fields[i].name, "thiếu cột \"%s\" (missing column)", r->fields[i].doc);
    return import->n_problems == before;
}

/* --- a row --- */

/* Without the apostrophe that keeps a spreadsheet from taking it for a formula. */
static struct str unguarded(struct str s)
{
    return s.n > 1 && s.p[0] == '\'' && memchr("=+-@", s.p[1], 4) ? str_skip(s, 1) : s;
}

static struct str cell_of(const struct strs *cells, const struct import_columns *columns, enum import_column column)
{
    unsigned at = columns->at[column];
    return at && at <= cells->n ? unguarded(str_trim(cells->v[at - 1])) : (struct str){0};
}

static struct str role_of(struct ctx *c, struct str cell)
{
    struct str folded = viet_fold_text(c->arena, cell);
    for (size_t i = 0; i < sizeof role_words / sizeof *role_words; i++)
        if (str_eq(folded, str_of(role_words[i].word)))
            return str_of(role_words[i].role);
    return folded;
}

struct reading {
    struct ctx *c;
    struct import *import;
    const struct import_columns *columns;
    const struct org_catalogue *catalogue;
    unsigned line;
};

static void read_day(struct reading *r, struct str cell, const char *column, int32_t *ret)
{
    *ret = DAY_NONE;
    if (cell.n && !day_parse_typed(cell, ret))
        import_problem(r->c, r->import, r->line, column,
                       "\"%.*s\" không phải là ngày; viết 2026-07-01 hoặc 01/07/2026 (not a day)",
                       ARGS(str_head(cell, 100)));
}

static void read_role(struct reading *r, struct str role, struct str org, struct account_row *row)
{
    struct ctx *c = r->c;
    if (role.n) {
        row->role = role_of(c, role);
        if (!access_is_role(row->role))
            import_problem(c, r->import, r->line, "role",
                           "không có vai trò \"%.*s\"; dùng một trong " ACCESS_ROLES " (unknown role)",
                           ARGS(str_head(role, 100)));
    }
    if (org.n) {
        struct org_match m = {.kind = ORG_UNIT, .code = org};
        if (!org_unit(r->catalogue, org))
            m = org_resolve(r->catalogue, c, org);
        if (m.kind != ORG_UNIT)
            import_problem(c, r->import, r->line, "org", "không có cơ quan \"%.*s\" (no such body)",
                           ARGS(str_head(org, 100)));
        row->org = m.kind == ORG_UNIT ? m.code : org;
    }
    if (!role.n && (org.n || row->valid_from != DAY_NONE || row->valid_to != DAY_NONE))
        import_problem(c, r->import, r->line, "role", "cần vai trò (a role is needed)");
    if (row->valid_from != DAY_NONE && row->valid_to != DAY_NONE && row->valid_from > row->valid_to)
        import_problem(c, r->import, r->line, "valid_to", "ngày cuối đứng trước ngày đầu (it ends before it begins)");
}

/* False for a row that is empty. */
static bool read_row(struct reading *r, const struct strs *cells, struct import_row *ret)
{
    struct ctx *c = r->c;
    struct account_row row = {.name = S("")};
    bool any = false;
    for (size_t i = 0; i < cells->n; i++) {
        bool headed = false, filled = str_trim(cells->v[i]).n > 0;
        for (size_t k = 0; k < IMPORT_COLUMNS; k++)
            headed |= r->columns->at[k] == i + 1;
        any |= filled;
        if (filled && !headed)
            import_problem(c, r->import, r->line, "", "ô thứ %zu có chữ mà cột không có tên (a cell without a heading)",
                           i + 1);
    }
    if (!any)
        return false;
    struct str name = cell_of(cells, r->columns, IMPORT_NAME), closed = cell_of(cells, r->columns, IMPORT_DISABLED);
    struct str full_name = cell_of(cells, r->columns, IMPORT_FULL_NAME),
               email = cell_of(cells, r->columns, IMPORT_EMAIL);
    row.name = name.p ? name : S("");
    row.full_name = str_trim(viet_nfc(c->arena, full_name));
    row.email = email.n ? email : (struct str){0};
    read_day(r, cell_of(cells, r->columns, IMPORT_FROM), "valid_from", &row.valid_from);
    read_day(r, cell_of(cells, r->columns, IMPORT_TO), "valid_to", &row.valid_to);
    read_role(r, cell_of(cells, r->columns, IMPORT_ROLE), cell_of(cells, r->columns, IMPORT_ORG), &row);
    if (!rows_yes(viet_fold_text(c->arena, closed), &row.disabled))
        import_problem(c, r->import, r->line, "disabled", "\"%.*s\" không phải là có hay không (neither yes nor no)",
                       ARGS(str_head(closed, 100)));
    struct account checked = {
        .name = row.name, .full_name = row.full_name.n ? row.full_name : S("x"), .email = row.email};
    if (access_check_account(c, &checked))
        import_problem(c, r->import, r->line, str_z(c->arena, c->error.field), "%.*s", ARGS(c->error.message));
    *ret = (struct import_row){r->line, row};
    return true;
}

void import_rows(struct ctx *c, const struct org_catalogue *catalogue, struct import *import,
                 struct import_columns *columns, struct import_row_list *ret)
{
    struct reading r = {c, import, columns, catalogue, 0};
    struct error before = c->error;
    if (!import->grid.n) {
        import_problem(c, import, 1, "", "tệp không có dòng nào (the file is empty)");
        return;
    }
    if (!read_header(c, import, columns))
        return;
    if (import->grid.n - 1 > IMPORT_ROWS) {
        import_problem(c, import, import->grid.lines[IMPORT_ROWS + 1], "",
                       "bảng có quá %d dòng; hãy chia ra nhiều tệp, không tách một tài khoản (too many rows)",
                       IMPORT_ROWS);
        return;
    }
    for (size_t i = 1; i < import->grid.n; i++) {
        struct import_row row;
        r.line = import->grid.lines[i];
        if (read_row(&r, &import->grid.rows[i], &row))
            *PUSH(c->arena, ret) = row;
    }
    c->error = before; /* what was wrong with a row is told as a problem */
}

enum err access_import_read(struct ctx *c, struct import *import)
{
    if (import->content.n > IMPORT_BYTES)
        return FAIL_AT(c, E_LIMIT, import->file, 0, "tệp lớn hơn 4 MB (file too large)");
    return grid_read(c, import->content, import->file, &import->grid);
}

struct str import_problem_text(struct ctx *c, const struct import_problem *p)
{
    struct str where = p->sheet.n
                           ? str_fmt(c->arena, "trang tính \"%.*s\", hàng %lld", ARGS(p->sheet), (long long)p->line)
                           : str_fmt(c->arena, "dòng %lld", (long long)p->line);
    return p->column.n ? str_fmt(c->arena, "%.*s, cột %.*s: %.*s", ARGS(where), ARGS(p->column), ARGS(p->text))
                       : str_fmt(c->arena, "%.*s: %.*s", ARGS(where), ARGS(p->text));
}
