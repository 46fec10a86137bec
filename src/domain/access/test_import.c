/* The list of accounts from and to tables, on whichever engine runs. The clock stands at 2026-11-23, 09:00. */
#include "domain/access/import.h"

#include "base/period.h"
#include "document/xlsx.h"
#include "domain/org/org_store.h"
#include "ledger/ledger.h"
#include "test/store.h"

#include "base/banned.h"

static int32_t day(int year, int month, int day_of_month)
{
    int32_t d;
    CHECK(day_from_date(year, month, day_of_month, &d));
    return d;
}

static struct writer *start(struct ctx *c)
{
    struct writer *w;
    struct str store = test_store(c);
    test_set_clock(c, moment_of_day(day(2026, 11, 23)) + 9 * 3600 * 1000000LL);
    CHECK_OK(writer_open(c, c->arena, store, &w));
    struct org_files files = org_files_builtin(c);
    struct org_load load = {.files = files.v, .n_files = files.n};
    CHECK_OK(writer_run(w, c, &(struct command){.run = org_load_run, .arg = &load}));
    return w;
}

static struct import checked(struct ctx *c, const char *text)
{
    struct import import = {.content = str_of(text), .file = S("tai-khoan.csv")};
    CHECK_OK(access_import_read(c, &import));
    CHECK_OK(access_import_check(c, &import));
    return import;
}

static struct import taken(struct ctx *c, struct writer *w, const char *text)
{
    struct import import = checked(c, text);
    CHECK_OK(access_import_refuse(c, &import));
    CHECK_OK(writer_run(w, c, &(struct command){.run = access_import_run, .arg = &import}));
    return import;
}

static void check_counts(const struct import *i, int64_t added, int64_t changed, int64_t unchanged, int64_t granted,
                         int64_t ended)
{
    CHECK_INT(i->added, added);
    CHECK_INT(i->changed, changed);
    CHECK_INT(i->unchanged, unchanged);
    CHECK_INT(i->granted, granted);
    CHECK_INT(i->ended, ended);
}

static int64_t position(struct ctx *c)
{
    int64_t at;
    CHECK_OK(ledger_position_at(c, INT64_MAX, &at));
    return at;
}

#define HEAD "name,full_name,email,role,org,valid_from,valid_to,disabled\n"

TEST(a_table_adds_changes_and_ends)
{
    struct writer *w = start(c);
    struct account a;
    struct import i =
        taken(c, w,
              "Thư điện tử;Vai trò;Tên đăng nhập;Họ và tên;Mã cơ quan;Đến ngày;Từ ngày;Đã khóa\n"
              "anh@ninhbinh.gov.vn;Cán bộ tổng hợp;tonghop.skhcn;Nguyễn Thị Ánh;SKHCN;31/12/2026;2026-07-01;\n"
              ";thủ trưởng;tonghop.skhcn;;Sở Khoa học và Công nghệ;;;\n"
              ";admin;quan.tri;Lê Văn Ba;;;;không\n"
              ";viewer;xem.cu;Trần C;SNV;;;x\n");
    check_counts(&i, 3, 0, 0, 0, 0);
    CHECK_INT(i.list.n, 0);
    CHECK_OK(access_account(c, S("tonghop.skhcn"), &a));
    CHECK_STR(a.full_name, S("Nguyễn Thị Ánh"));
    CHECK_STR(a.email, S("anh@ninhbinh.gov.vn"));
    CHECK_INT(a.roles.n, 2);
    CHECK_STR(a.roles.v[0].role, S("approver"));
    CHECK_STR(a.roles.v[0].org, S("SKHCN"));
    CHECK_STR(a.roles.v[1].role, S("reporter"));
    CHECK_INT(a.roles.v[1].valid_from, day(2026, 7, 1));
    CHECK_INT(a.roles.v[1].valid_to, day(2026, 12, 31));
    CHECK_OK(access_account(c, S("xem.cu"), &a));
    CHECK(a.disabled);
    CHECK_OK(access_account(c, S("quan.tri"), &a));
    CHECK(!a.disabled && !a.roles.v[0].org.n);

    /* Columns that are not there change nothing; a role that is not named ends, with yesterday; others stay. */
    i = taken(c, w, "name,role,org,email\ntonghop.skhcn,reporter,SKHCN,\nxem.cu,viewer,SNV,\n");
    check_counts(&i, 0, 1, 1, 0, 1);
    CHECK_OK(access_account(c, S("tonghop.skhcn"), &a));
    CHECK_STR(a.full_name, S("Nguyễn Thị Ánh"));
    CHECK(!a.email.n);
    CHECK_INT(a.roles.v[1].valid_to, day(2026, 12, 31));
    CHECK_INT(a.roles.v[0].valid_to, day(2026, 11, 22));
    CHECK_OK(access_account(c, S("xem.cu"), &a));
    CHECK(a.disabled);

    i = taken(c, w, HEAD "xem.cu,Trần Thị C,,viewer,SNV,,2027-01-01,no\nxem.cu,,,inspector,,,,no\n");
    check_counts(&i, 0, 1, 0, 2, 0);
    CHECK_OK(access_account(c, S("xem.cu"), &a));
    CHECK(!a.disabled);
    CHECK_STR(a.full_name, S("Trần Thị C"));
    CHECK_INT(a.roles.n, 2);
    CHECK_INT(a.roles.v[1].valid_to, day(2027, 1, 1));
}

static void check_problem(const struct import *i, size_t at, int64_t line, const char *column)
{
    CHECK(at < i->problems.n);
    CHECK_INT(i->problems.v[at].line, line);
    CHECK_STR(i->problems.v[at].column, str_of(column));
}

TEST(all_that_is_wrong_is_told_and_nothing_changes)
{
    struct writer *w = start(c);
    taken(c, w, HEAD "cu,Lê Cũ,,viewer,SNV,,,\n");
    int64_t before = position(c);
    struct import i = checked(c, HEAD "tot,Lê Tốt,,viewer,SNV,,,\n"                  /* 2: good */
                                      "Xấu,Lê A,,viewer,SNV,,,\n"                    /* 3 */
                                      "b1,Lê B,khong phai,king,KHONG,,,\n"           /* 4: three */
                                      "b2,Lê C,,viewer,SNV,31/02/2026,,có thể\n"     /* 5: two */
                                      "b3,Lê D,,viewer,SNV,2026-02-01,2026-01-01,\n" /* 6 */
                                      "b4,,,viewer,SNV,,,\n"                         /* 7: no name of the person */
                                      "b5,Lê E,,,,,,\n"                              /* 8: no role */
                                      "b6,Lê F,,viewer,SNV,,,\n"
                                      "b6,Lê G,,viewer,SNV,,,x\n" /* 10: three */
                                      "b7,=cmd|x,,viewer,SNV,,,\n");
    check_problem(&i, 0, 3, "name");
    check_problem(&i, 1, 4, "role");
    check_problem(&i, 2, 4, "org");
    check_problem(&i, 3, 4, "email");
    check_problem(&i, 4, 5, "valid_from");
    check_problem(&i, 5, 5, "disabled");
    check_problem(&i, 6, 6, "valid_to");
    check_problem(&i, 7, 7, "full_name");
    check_problem(&i, 8, 8, "role");
    check_problem(&i, 9, 10, "full_name");
    check_problem(&i, 10, 10, "disabled");
    check_problem(&i, 11, 10, "role");
    check_problem(&i, 12, 11, "full_name");
    CHECK_INT(i.problems.n, 13);
    CHECK_ERR(access_import_refuse(c, &i), E_INVALID);
    CHECK(str_has(c->error.message, S("dòng 5, cột valid_from: \"31/02/2026\"")));
    CHECK_ERR(writer_run(w, c, &(struct command){.run = access_import_run, .arg = &i}), E_INVALID);
    CHECK_INT(position(c), before);
}

TEST(headings_are_refused_by_name)
{
    start(c);
    struct import i = checked(c, "name,role,org,Chức vụ,role\nle.a,viewer,,x,viewer\n");
    CHECK_INT(i.problems.n, 2);
    CHECK(str_has(i.problems.v[0].text, S("\"Chức vụ\"")));
    check_problem(&i, 1, 1, "role");
    i = checked(c, "full_name,name\nLê A,le.a\n");
    check_problem(&i, 0, 1, "role");
    check_problem(&i, 1, 1, "org");
    i = checked(c, "name,role,org,\nle.a,viewer,,thừa\n");
    check_problem(&i, 0, 2, "");
    CHECK_INT(checked(c, "").problems.n, 1);
    CHECK_INT(checked(c, HEAD ",,,,,,,\n").problems.n, 0);
}

TEST(a_dry_run_changes_nothing_and_says_what_would_be)
{
    struct writer *w = start(c);
    taken(c, w, HEAD "cu,Lê Cũ,cu@x.vn,viewer,SNV,,,\ncu,,,reporter,SNV,,,\ngiu,Lê Giữ,,viewer,SNV,,,\n");
    int64_t before = position(c);
    struct import i = checked(
        c,
        HEAD "moi,Lê Mới,,reporter,SKHCN,,,\ncu,Lê Cũ,moi@x.vn,viewer,SNV,2026-12-01,,\ngiu,Lê Giữ,,viewer,SNV,,,\n");
    check_counts(&i, 1, 1, 1, 1, 1);
    static const struct {
        int64_t line;
        const char *what, *name;
    } want[] = {{2, "add", "moi"}, {3, "change", "cu"}, {3, "days", "cu"}, {3, "end", "cu"}};
    CHECK_INT(i.changes.n, 4);
    for (size_t k = 0; k < 4; k++) {
        CHECK_INT(i.changes.v[k].line, want[k].line);
        CHECK_STR(i.changes.v[k].what, str_of(want[k].what));
        CHECK_STR(i.changes.v[k].row.name, str_of(want[k].name));
    }
    CHECK_STR(i.changes.v[1].was, S("Lê Cũ, cu@x.vn"));
    CHECK_STR(i.changes.v[3].row.role, S("reporter"));
    CHECK_INT(position(c), before);
    /* What was shown is what is done: not when somebody changed an account in between. */
    taken(c, w, HEAD "cu,Lê Cũ,khac@x.vn,viewer,SNV,,,\ncu,,,reporter,SNV,,,\n");
    before = position(c);
    CHECK_ERR(writer_run(w, c, &(struct command){.run = access_import_run, .arg = &i}), E_CONFLICT);
    CHECK_INT(position(c), before);
}

TEST(links_go_to_those_without_a_password_and_not_into_the_ledger)
{
    struct writer *w = start(c);
    struct import i = {.content =
                           S(HEAD "le.a,Lê A,a@x.vn,viewer,SNV,,,\nle.b,Lê B,,viewer,SNV,,,x\nle.c,Lê C,,viewer,,,,\n"),
                       .file = S("a.csv"),
                       .links = true};
    CHECK_OK(access_import_read(c, &i));
    CHECK_OK(access_import_check(c, &i));
    CHECK_INT(i.list.n, 2);
    CHECK(!i.list.v[0].token.p);
    CHECK_OK(writer_run(w, c, &(struct command){.run = access_import_run, .arg = &i}));
    struct str who;
    CHECK_OK(access_link_account(c, i.list.v[0].token, &who));
    CHECK_STR(who, S("le.a"));
    CHECK_STR(i.list.v[0].email, S("a@x.vn"));
    CHECK_OK(access_link_account(c, i.list.v[1].token, &who));
    CHECK_STR(who, S("le.c"));
    struct events events;
    CHECK_OK(ledger_list(c, 0, 1000, &events));
    for (size_t k = 0; k < events.n; k++)
        CHECK(!str_has(events.v[k].payload, i.list.v[0].token) && !str_has(events.v[k].payload, i.list.v[1].token));
    /* A second time new ones are made for those who have not used theirs. */
    struct str old = i.list.v[0].token;
    CHECK_OK(access_import_check(c, &i));
    check_counts(&i, 0, 0, 3, 0, 0);
    CHECK_OK(writer_run(w, c, &(struct command){.run = access_import_run, .arg = &i}));
    CHECK_ERR(access_link_account(c, old, &who), E_NOTFOUND);
    CHECK_OK(access_link_account(c, i.list.v[0].token, &who));
}

static struct str as_csv(struct ctx *c)
{
    struct accounts accounts;
    struct account_rows rows;
    struct out o;
    out_init(&o, c->arena, (size_t)1 << 24);
    CHECK_OK(access_accounts(c, &accounts));
    access_rows(c, &accounts, &rows);
    csv_header(&o, &account_row_record);
    for (size_t i = 0; i < rows.n; i++)
        csv_row(&o, &account_row_record, &rows.v[i]);
    return out_str(&o);
}

static struct str as_xlsx(struct ctx *c)
{
    struct accounts accounts;
    struct account_rows rows;
    struct xlsx x;
    struct str bytes;
    CHECK_OK(access_accounts(c, &accounts));
    access_rows(c, &accounts, &rows);
    xlsx_init(&x, c);
    xlsx_header(&x, &account_row_record);
    for (size_t i = 0; i < rows.n; i++)
        xlsx_record(&x, &account_row_record, &rows.v[i]);
    CHECK_OK(xlsx_finish(&x, S("Tài khoản"), &bytes));
    return bytes;
}

static unsigned draw(uint64_t *state, unsigned n)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(*state >> 33) % n;
}

/* A table of accounts such as a province might have, with what is awkward to write in a table. */
static struct str generated(struct ctx *c, uint64_t *state, size_t n)
{
    static const char *const roles[] = {"admin",    "office",   "planner",   "leader",
                                        "approver", "reporter", "inspector", "viewer"};
    static const char *const orgs[] = {"SKHCN", "SNV", "", "STC"};
    static const char *const people[] = {
        "Lê \"\"Ba\"\" Văn", "Nguyễn, Thị A", "Ông\nhai dòng", "Trần;Ba", "1234", "0012", "TRUE",
        "2026-01-01",        "(Đ/c) Ánh",     "Đỗ\tC"};
    static const char *const mails[] = {"", "a@x.vn", "+a@x.vn", "=a@x.vn", "-1+1@x.vn", "@"};
    struct out o;
    out_init(&o, c->arena, (size_t)1 << 24);
    out_put(&o, S(HEAD));
    for (size_t i = 0; i < n; i++) {
        unsigned first = draw(state, 8), person = draw(state, 10), mail = draw(state, 5), closed = draw(state, 4) == 0;
        for (unsigned k = 0, roles_n = 1 + draw(state, 3); k < roles_n; k++) {
            out_fmt(&o, "u%zu,\"%s\",%s,%s,%s,", i, people[person], mails[mail], roles[(first + k) % 8],
                    orgs[draw(state, 4)]);
            out_fmt(&o, "%s,%s,%s\n", draw(state, 2) ? "2026-01-31" : "", draw(state, 2) ? "28/2/2027" : "",
                    closed ? "x" : "");
        }
    }
    CHECK(!o.failed);
    return out_str(&o);
}

TEST(what_was_written_out_changes_nothing_when_it_is_read_back)
{
    struct writer *w = start(c);
    uint64_t state = 20261123;
    for (int round = 0; round < 5; round++) {
        struct str text = generated(c, &state, 120);
        taken(c, w, str_z(c->arena, text));
        /* Some roles have ended, and one account has none left. */
        if (round == 1)
            taken(c, w, "name,role,org\nu3,viewer,STC\nu4,,\n");
        struct str files[] = {as_csv(c), as_xlsx(c)};
        int64_t before = position(c);
        for (size_t k = 0; k < 2; k++) {
            struct import i = {.content = files[k], .file = k ? S("a.xlsx") : S("a.csv")};
            CHECK_OK(grid_parse(c, i.content, i.file, &i.grid));
            CHECK_OK(access_import_check(c, &i));
            CHECK_OK(access_import_refuse(c, &i));
            CHECK_INT(i.changes.n, 0);
            check_counts(&i, 0, 0, 120, 0, 0);
            CHECK_OK(writer_run(w, c, &(struct command){.run = access_import_run, .arg = &i}));
        }
        CHECK_INT(position(c), before);
        CHECK_STR(as_csv(c), files[0]);
    }
}

/* No cell of ours begins as a formula does. */
TEST(no_list_carries_a_formula)
{
    struct writer *w = start(c);
    struct import bad =
        checked(c, HEAD "le.a,\"=HYPERLINK(\"\"http://x\"\")\",,viewer,SNV,,,\nle.b,'=1+1,,viewer,SNV,,,\n"
                        "le.c,@x,,viewer,SNV,,,\nle.d,+84 x,,viewer,SNV,,,\nle.e,-x,,viewer,SNV,,,\n");
    CHECK_INT(bad.problems.n, 5);
    taken(c, w, HEAD "le.a,Lê A,=1+1@x.vn,viewer,SNV,,,\n");
    CHECK(str_has(as_csv(c), S(",\"'=1+1@x.vn\",")));
}

TEST(a_table_that_is_too_long_is_refused)
{
    start(c);
    struct out o;
    out_init(&o, c->arena, (size_t)32 << 20);
    out_put(&o, S(HEAD));
    for (int i = 0; i <= IMPORT_ROWS; i++)
        out_fmt(&o, "u%d,Lê A,,viewer,,,,\n", i);
    struct import import = checked(c, str_z(c->arena, out_str(&o)));
    check_problem(&import, 0, IMPORT_ROWS + 2, "");
    CHECK_INT(import.problems.n, 1);
    for (int i = 0; i < 300000; i++)
        out_put(&o, S("u,Lê A,,viewer,,,,\n"));
    struct import large = {.content = out_str(&o), .file = S("a.csv")};
    CHECK_ERR(access_import_read(c, &large), E_LIMIT);
}
