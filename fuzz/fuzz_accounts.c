/* Tables of accounts: whatever comes in is judged row by row. One in which nothing is wrong gives accounts that, put
 * as it says, are there, and written out as CSV and read back change nothing; in one that is refused every problem has
 * a line of the table and says why. The first byte chooses between a CSV as it stands and one made of pieces. */
#include "fuzz/fuzz.h"

#include "base/emit.h"
#include "domain/access/import.h"

#include "base/banned.h"

enum { TODAY = 20700 };

static const struct str pieces[] = {S0("name,full_name,email,role,org,valid_from,valid_to,disabled\n"),
                                    S0("Tên đăng nhập;Vai trò;Mã cơ quan\n"),
                                    S0("le.a"),
                                    S0("le.b"),
                                    S0("cu"),
                                    S0(","),
                                    S0(","),
                                    S0(","),
                                    S0(";"),
                                    S0("\n"),
                                    S0("\n"),
                                    S0("Lê A"),
                                    S0("a@x.vn"),
                                    S0("viewer"),
                                    S0("admin"),
                                    S0("thủ trưởng"),
                                    S0("S1"),
                                    S0("Sở Một"),
                                    S0("2026-07-01"),
                                    S0("1/7/2027"),
                                    S0("x"),
                                    S0("không"),
                                    S0("\""),
                                    S0("'=1"),
                                    S0("'+a@x.vn"),
                                    S0("org"),
                                    S0("=")};

static struct import judged(struct ctx *c, struct str text, const struct accounts *accounts,
                            const struct org_catalogue *catalogue, bool *ret_read)
{
    struct import import = {.content = text, .file = S("a.csv"), .links = true};
    *ret_read = grid_parse(c, text, import.file, &import.grid) == OK;
    if (*ret_read)
        access_import_judge(c, accounts, catalogue, TODAY, &import);
    return import;
}

/* The accounts after the changes; `cu` was there before. */
static struct accounts after(struct ctx *c, const struct import *import, const struct accounts *before)
{
    struct accounts all = {0};
    for (size_t i = 0; i < before->n; i++) {
        struct account a = before->v[i];
        a.roles = (struct account_roles){0};
        for (size_t k = 0; k < before->v[i].roles.n; k++)
            *PUSH(c->arena, &a.roles) = before->v[i].roles.v[k];
        *PUSH(c->arena, &all) = a;
    }
    for (size_t i = 0; i < import->changes.n; i++) {
        const struct import_change *change = &import->changes.v[i];
        const struct account_row *row = &change->row;
        struct account *a = NULL;
        for (size_t k = 0; k < all.n; k++)
            if (str_eq(all.v[k].name, row->name))
                a = &all.v[k];
        HOLDS(!a == str_eq(change->what, S("add")));
        if (!a) {
            a = PUSH(c->arena, &all);
            *a = (struct account){.name = row->name};
        }
        a->full_name = row->full_name.n ? row->full_name : a->full_name;
        a->email = str_eq(change->what, S("change")) || str_eq(change->what, S("add")) ? row->email : a->email;
        if (str_eq(change->what, S("add")) || str_eq(change->what, S("open")) || str_eq(change->what, S("close")))
            a->disabled = row->disabled;
        if (str_eq(change->what, S("change")) || str_eq(change->what, S("open")) || str_eq(change->what, S("close")))
            continue;
        struct account_role *role = NULL;
        for (size_t k = 0; k < a->roles.n; k++)
            if (str_eq(a->roles.v[k].role, row->role) && str_eq(a->roles.v[k].org, row->org))
                role = &a->roles.v[k];
        HOLDS(!role == (str_eq(change->what, S("add")) || str_eq(change->what, S("grant"))));
        if (!role)
            role = PUSH(c->arena, &a->roles);
        *role = (struct account_role){row->name, row->role, row->org, row->valid_from, row->valid_to};
        HOLDS(access_is_role(row->role));
    }
    return all;
}

static void check_back(struct ctx *c, const struct accounts *accounts, const struct org_catalogue *catalogue)
{
    struct account_rows rows;
    struct out o;
    bool read;
    out_init(&o, c->arena, 1 << 24);
    access_rows(c, accounts, &rows);
    csv_header(&o, &account_row_record);
    for (size_t i = 0; i < rows.n; i++)
        csv_row(&o, &account_row_record, &rows.v[i]);
    struct import again = judged(c, out_str(&o), accounts, catalogue, &read);
    HOLDS(read && !again.n_problems && !again.changes.n);
    HOLDS(again.unchanged == (int64_t)accounts->n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const char kinds[] = "kind,name,of,rank\nk,loại,unit,1\n";
    static const char units[] = "code,name,kind\nS1,Sở Một,k\nS2,Sở Hai,k\n";
    struct arena arena;
    struct ctx c = fuzz_ctx(&arena);
    struct org_file files[] = {{S("kinds.csv"), S("")}, {S("units.csv"), S("")}};
    files[0].content = (struct str){kinds, sizeof kinds - 1};
    files[1].content = (struct str){units, sizeof units - 1};
    const struct org_catalogue *catalogue = NULL;
    HOLDS(!org_catalogue_read(&c, files, 2, NULL, NULL, &catalogue));
    struct account_role roles[] = {{S("cu"), S("viewer"), S("S2"), DAY_NONE, TODAY + 9},
                                   {S("cu"), S("admin"), S(""), TODAY - 9, DAY_NONE}};
    struct account was = {.name = S("cu"), .full_name = S("Lê Cũ"), .roles = {roles, 2, 2}};
    struct accounts accounts = {&was, 1, 1};
    struct str text = {(const char *)data, n};
    bool read;
    if (n && data[0] == '!')
        text = fuzz_compose(&arena, data + 1, n - 1, pieces, sizeof pieces / sizeof *pieces);
    struct import import = judged(&c, text, &accounts, catalogue, &read);
    if (read && import.n_problems) {
        HOLDS(access_import_refuse(&c, &import) == E_INVALID);
        for (size_t i = 0; i < import.problems.n; i++)
            HOLDS(import.problems.v[i].line > 0 && import.problems.v[i].text.n &&
                  str_is_utf8(import_problem_text(&c, &import.problems.v[i]), NULL));
    } else if (read) {
        struct accounts all = after(&c, &import, &accounts);
        check_back(&c, &all, catalogue);
    }
    arena_reset(&arena);
    return 0;
}
