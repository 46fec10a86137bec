/* What is refused, and where it says so. Line numbers are counted by hand in the texts below. */
#include "domain/org/org.h"

#include "base/out.h"
#include "base/period.h"
#include "test/test.h"

#include <string.h>

#include "base/banned.h"

static const struct org_catalogue *builtin(struct ctx *c)
{
    const struct org_catalogue *catalogue = NULL;
    CHECK_OK(org_catalogue_builtin(c, &catalogue));
    return catalogue;
}

static int32_t day(int year, int month, int d)
{
    int32_t ret;
    CHECK(day_from_date(year, month, d, &ret));
    return ret;
}

/* Is there exactly the problem list `want`: lines, each with a word that its text must hold? */
struct expected {
    unsigned line;
    const char *word;
};

static void check_problems(struct ctx *c, const char *file, struct str content, const struct expected *want, size_t n)
{
    const struct org_catalogue *base = builtin(c), *ret = base;
    struct row_problems problems = {0};
    struct org_file in = {str_of(file), content};
    CHECK_ERR(org_catalogue_read(c, &in, 1, base, &problems, &ret), E_INVALID);
    CHECK(ret == base); /* untouched */
    for (size_t i = 0; i < problems.n || i < n; i++) {
        struct row_problem p = i < problems.n ? problems.v[i] : (struct row_problem){.text = S("(nothing)")};
        struct expected w = i < n ? want[i] : (struct expected){0, "(nothing)"};
        if (i >= n || i >= problems.n || p.line != w.line || !str_has(p.text, str_of(w.word)) ||
            !str_eq(p.file, in.name))
            test_failed(__FILE__, __LINE__, "%.*s:%u: %.*s; want line %u, %s", ARGS(p.file), p.line, ARGS(p.text),
                        w.line, w.word);
    }
    CHECK_STR(c->error.file, in.name);
    CHECK_INT(c->error.line, want[0].line);
    for (size_t i = 0; i < n; i++)
        CHECK(str_has(c->error.message, str_of(want[i].word)));
}
#define CHECK_PROBLEMS(content, ...)                                                                                   \
    do {                                                                                                               \
        static const struct expected want_[] = {__VA_ARGS__};                                                          \
        check_problems(c, "t.csv", (content), want_, sizeof want_ / sizeof *want_);                                    \
    } while (0)

/* The program does not check its own catalogue each time it begins; so it is done here. */
TEST(what_ships_has_no_mistake)
{
    struct org_files files = org_files_builtin(c);
    const struct org_catalogue *catalogue;
    CHECK_OK(org_catalogue_read(c, files.v, files.n, NULL, NULL, &catalogue));
    CHECK_INT(org_units(catalogue).n, org_units(builtin(c)).n);
    for (size_t i = 0; i < org_units(catalogue).n; i++)
        CHECK(org_kind(catalogue, org_units(catalogue).v[i]->kind)->name_en.n > 0);
    for (size_t i = 0; i < org_areas(catalogue).n; i++)
        CHECK(org_kind(catalogue, org_areas(catalogue).v[i]->kind)->name_en.n > 0);
}

TEST(every_mistake_has_its_line)
{
    CHECK_PROBLEMS(S("code,name,kind,party,valid_from,valid_to\n"
                     "A1,Cơ quan A,department,,2025-07-01,\n"           /* 2: right */
                     "A1,Cơ quan B,department,,2025-07-01,\n"           /* 3: twice */
                     "A2,Cơ quan C,ministry,,2025-07-01,\n"             /* 4: kind */
                     "A3,Cơ quan D,department,NOBODY,2025-07-01,\n"     /* 5: parent */
                     "A4,Cơ quan E,department,,2025-02-30,\n"           /* 6: date */
                     "A5,Cơ quan G,department,,2025-07-01,2025-06-30\n" /* 7: ends before */
                     "A6,,department,,2025-07-01,\n"                    /* 8: no name */
                     "A 7,Cơ quan H,department,,2025-07-01,\n"          /* 9: code */
                     "A8,Cơ quan I,ward,,2025-07-01,\n"                 /* 10: kind of area */
                     "A9,\"Cơ quan\nK\",department,TU,2025-06-30,\n"    /* 11-12: before its parent */
                     "A10,Cơ quan L,department,,2025-07-01,,thừa\n"),   /* 13: a cell too many */
                   {3, "given twice"}, {4, "unknown kind"}, {5, "unknown parent"}, {6, "2025-02-30"},
                   {7, "before it begins"}, {8, "empty"}, {9, "bad code"}, {10, "something else"},
                   {11, "outside its dates"}, {13, "more cells"});
}

TEST(headings)
{
    CHECK_PROBLEMS(S("code,name,kynd\n"), {1, "unknown column"}, {1, "missing column"});
    CHECK_PROBLEMS(S("name,code,kind\nA,B,department\n"), {1, "first heading"});
    CHECK_PROBLEMS(S("code,name,kind,name\nA,B,department,C\n"), {1, "column twice"});
    CHECK_PROBLEMS(S("code,kind\nA,department\n"), {1, "missing column"});
    CHECK_PROBLEMS(S("alias,code\n\"Sở\n"), {2, ""});
    CHECK_PROBLEMS(S("alias,code\nS\xff,SKHCN\n"), {2, "UTF-8"});
}

TEST(cycles)
{
    CHECK_PROBLEMS(S("code,name,kind,party\n"
                     "C1,Cơ quan thứ nhất,department,C3\n"
                     "C2,Cơ quan thứ hai,department,C1\n"
                     "C3,Cơ quan thứ ba,department,C2\n"
                     "C4,Cơ quan thứ tư,department,C4\n"),
                   {2, "a cycle"}, {3, "a cycle"}, {4, "a cycle"}, {5, "a cycle"});
    CHECK_PROBLEMS(S("group,name,include\nG1,Nhóm một,G2\nG2,Nhóm hai,G1\n"), {2, "contains itself"},
                   {3, "contains itself"});
}

TEST(links)
{
    CHECK_PROBLEMS(S("link,code,target,valid_from,valid_to\n"
                     "party,SKHCN,TU,,\n" /* 2: right */
                     "family,SKHCN,TU,,\n"
                     "leads,NOBODY,SYT,,\n"
                     "leads,DU-SKHCN,14464,,\n"
                     "party,DU-SKHCN,TU,2026-01-01,\n" /* 6: has another parent from 2025-07-01 */
                     "predecessor,TU-35,TU,,\n"
                     "leads,DU-SDL,SYT,2020-01-01,2020-12-31\n"),
                   {3, "value not allowed"}, {4, "unknown body"}, {5, "unknown parent"}, {6, "two parents"},
                   {8, "outside its dates"});
}

TEST(names_and_groups)
{
    CHECK_PROBLEMS(S("alias,code,valid_from,valid_to\n"
                     "Sở Công nghệ,SKHCN,,\n" /* 2: right */
                     "Sở Y tế,SKHCN,,\n"
                     "Văn phòng Y,NOBODY,,\n"
                     "Sở Công nghệ,SKHCN,,\n"
                     "***,SKHCN,,\n"
                     "Tỉnh ủy Ninh Bình,SKHCN,,\n"),
                   {3, "name taken"}, {4, "unknown code"}, {5, "given twice"}, {6, "no name"}, {7, "name taken"});
    CHECK_PROBLEMS(S("group,name,kinds,tree,under,depth,include\n"
                     "G1,Nhóm một,department ministry,,,,\n"
                     "G2,Nhóm hai,,party,,,\n"
                     "G3,Nhóm ba,,party,NOBODY,,\n"
                     "G4,Nhóm bốn,,,,1,\n"
                     "G5,Nhóm năm,,party,TU,-1,\n"
                     "G6,Nhóm sáu,,,,,NOBODY\n"
                     "SKHCN,Nhóm bảy,,,,,\n"),
                   {2, "unknown kind"}, {3, "one without the other"}, {4, "unknown body"}, {5, "without under"},
                   {6, "not allowed"}, {7, "(unknown)"}, {8, "code used twice"});
    CHECK_PROBLEMS(
        S("area,name,kind,parent,km2,lon,lat\n"
          "1,A,commune,99,1,105,20\n2,B,commune,37,-1,105,20\n3,C,commune,37,1,105,200\n4,D,commune,37,x,105,20\n"),
        {2, "unknown area"}, {3, "outside its dates"}, {3, "surface"}, {4, "outside its dates"}, {4, "bad position"},
        {5, "not allowed"});
    CHECK_PROBLEMS(S("word,full\nA B C D,dài\nubnd,Ủy ban\n"), {2, "no word"}, {3, "taken"});
}

/* What Excel makes of the same file here: semicolons, decimal commas, its own dates, Vietnamese headings, a BOM. */
TEST(as_a_spreadsheet_writes_it)
{
    const struct org_catalogue *catalogue;
    struct org_file files[] = {
        {S("khu.csv"), S("\xef\xbb\xbfMã địa bàn;Tên;Loại;Thuộc;Diện tích;Kinh độ;Vĩ độ;Từ ngày;Đến ngày;Ghi chú\r\n"
                         "99999;Tràng An;commune;37;12,5;105,9;20,25;01/07/2026;;\r\n;;;;;;;;;\r\n")},
        {S("cq.csv"), S("Mã;Tên;Loại;Cấp trên (Đảng);Cấp trên (Nhà nước);Lãnh đạo;Địa bàn;Từ ngày\r\n"
                        "DU-{area};Đảng ủy {name};commune_party;TU;;UBND-{area};commune;1/7/2026\r\n"
                        "UBND-{area};Ủy ban nhân dân {name};commune_committee;;UBND;;commune;1/7/2026\r\n")},
    };
    CHECK_OK(org_catalogue_read(c, files, 2, builtin(c), NULL, &catalogue));
    const struct org_area *area = org_area(catalogue, S("99999"));
    CHECK(area && area->km2 == 12.5 && area->lat == 20.25 && area->valid_from == day(2026, 7, 1));
    CHECK_STR(org_resolve_at(catalogue, c, S("UBND xã Tràng An"), day(2026, 8, 1)).code, S("UBND-99999"));
    CHECK_STR(org_parent(catalogue, S("party"), S("DU-99999"), day(2026, 7, 1)), S("TU"));
    struct strs list;
    CHECK_OK(org_members(c, catalogue, S("N-DU-XA"), day(2026, 7, 1), &list));
    CHECK_INT(list.n, 130);
}

/* A body that moves, and a merger of two in the future: each day has its own tree. */
TEST(moves_and_mergers)
{
    const struct org_catalogue *catalogue;
    struct org_file files[] = {
        {S("units.csv"), S("code,name,kind,state,valid_from,valid_to\n"
                           "SDL,Sở Du lịch,department,UBND,2025-07-01,2027-12-31\n"
                           "SVHTT,Sở Văn hóa và Thể thao,department,UBND,2025-07-01,2027-12-31\n"
                           "SVHTTDL,\"Sở Văn hóa, Thể thao và Du lịch\",department,UBND,2028-01-01,\n")},
        {S("links.csv"), S("link,code,target,valid_from,valid_to\n"
                           "predecessor,SVHTTDL,SDL,,\npredecessor,SVHTTDL,SVHTT,,\n"
                           "front,TCT,MTTQ,2026-01-01,2026-12-31\nfront,TCT,HND,2027-01-01,\n")},
    };
    CHECK_OK(org_catalogue_read(c, files, 2, builtin(c), NULL, &catalogue));
    struct strs list;
    CHECK_OK(org_subtree(c, catalogue, S("state"), S("UBND"), day(2027, 12, 31), &list));
    size_t before = list.n;
    CHECK_OK(org_subtree(c, catalogue, S("state"), S("UBND"), day(2028, 1, 1), &list));
    CHECK_INT(list.n, before - 1); /* two went, one came */
    CHECK_INT(org_predecessors(c, catalogue, S("SVHTTDL")).n, 2);
    CHECK_STR(org_successors(c, catalogue, S("SDL")).v[0], S("SVHTTDL"));
    CHECK_STR(org_resolve_at(catalogue, c, S("Sở Du lịch"), day(2028, 6, 1)).code, S("SDL")); /* named after its end */
    CHECK_STR(org_parent(catalogue, S("front"), S("TCT"), day(2026, 12, 31)), S("MTTQ"));
    CHECK_STR(org_parent(catalogue, S("front"), S("TCT"), day(2027, 1, 1)), S("HND"));
    CHECK(!org_parent(catalogue, S("front"), S("TCT"), day(2025, 12, 31)).n);
    CHECK(!org_led_by(catalogue, S("DU-SDL"), day(2028, 1, 1)).n);
}

/* Two communes whose names differ by marks alone are told apart by them; without marks the name is unknown. */
TEST(names_that_differ_by_marks)
{
    const struct org_catalogue *catalogue;
    struct org_file file = {S("areas.csv"),
                            S("area,name,kind,parent,valid_from\n90001,Bình Sỏn,commune,37,2025-07-01\n")};
    CHECK_OK(org_catalogue_read(c, &file, 1, builtin(c), NULL, &catalogue));
    CHECK_STR(org_resolve(catalogue, c, S("xã Bình Sơn")).code, S("13558"));
    CHECK_STR(org_resolve(catalogue, c, S("XÃ BÌNH SỎN, tỉnh Ninh Bình")).code, S("90001"));
    CHECK_INT(org_resolve(catalogue, c, S("xa Binh Son")).kind, ORG_UNKNOWN);
}

TEST(memory_runs_out_cleanly)
{
    struct arena small;
    arena_init(&small, 200 << 10);
    struct ctx in = *c;
    in.arena = &small;
    const struct org_catalogue *catalogue = NULL;
    for (int i = 0; i < 3; i++) {
        CHECK_ERR(ctx_run(&in, (enum err(*)(struct ctx *, void *))org_catalogue_builtin, &catalogue), E_LIMIT);
        CHECK(!catalogue);
        arena_reset(&small);
    }
}

/* A thousand million ways lead from the first group to the last; each group is looked at once all the same. */
TEST(groups_that_include_each_other_often_take_no_time)
{
    struct out o;
    out_init(&o, c->arena, 1 << 16);
    out_put(&o, S("group,name,include\n"));
    for (int i = 0; i < 30; i++)
        out_fmt(&o, "NHOM-%d,Nhóm thứ %d,NHOM-%d;SXD;NHOM-%d\n", i, i, i + 1, i + 1);
    out_put(&o, S("NHOM-30,Nhóm thứ ba mươi,STC\n"));
    struct org_file in = {S("g.csv"), out_str(&o)};
    const struct org_catalogue *catalogue;
    struct strs members;
    CHECK_OK(org_catalogue_read(c, &in, 1, builtin(c), NULL, &catalogue));
    CHECK_OK(org_members(c, catalogue, S("NHOM-0"), day(2026, 7, 1), &members));
    CHECK_INT(members.n, 2);
}

TEST(a_tree_deeper_than_any_real_one_is_refused)
{
    struct out o;
    out_init(&o, c->arena, 1 << 16);
    out_put(&o, S("code,name,kind,state\n"));
    for (int i = 0; i < 60; i++) /* the last stands under itself, by way of sixty others */
        out_fmt(&o, "CAP-%d,Cấp thứ %d,department,CAP-%d\n", i, i, (i + 1) % 60);
    struct org_file in = {S("t.csv"), out_str(&o)};
    const struct org_catalogue *catalogue;
    CHECK_ERR(org_catalogue_read(c, &in, 1, builtin(c), NULL, &catalogue), E_INVALID);
    CHECK(str_has(c->error.message, S("too deep")));
}
