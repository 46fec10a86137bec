#include "domain/indicator/dictionary_store.h"

#include "domain/org/org_store.h"
#include "test/store.h"

#include "base/banned.h"

static const struct org_catalogue *bodies(struct ctx *c)
{
    const struct org_catalogue *orgs = NULL;
    CHECK_OK(org_catalogue_builtin(c, &orgs));
    return orgs;
}

/* The program does not check its own dictionary each time it begins; so it is done here. */
TEST(what_ships_has_no_mistake)
{
    struct org_files files = dictionary_files_builtin(c);
    const struct dictionary *d, *builtin;
    CHECK_OK(dictionary_read(c, files.v, files.n, NULL, bodies(c), NULL, &d));
    CHECK_OK(dictionary_builtin(c, &builtin));
    CHECK_INT(dictionary_indicators(d).n, dictionary_indicators(builtin).n);
}

/* --- the store --- */

static void load_bodies(struct writer *w, struct ctx *c)
{
    struct org_files files = org_files_builtin(c);
    struct org_load load = {.files = files.v, .n_files = files.n};
    CHECK_OK(writer_run(w, c, &(struct command){.run = org_load_run, .arg = &load}));
}

static struct indicator_load load_files(struct writer *w, struct ctx *c, const struct org_file *files, size_t n,
                                        int64_t *ret_position)
{
    struct indicator_load load = {.files = files, .n_files = n};
    struct command command = {.run = indicator_load_run, .arg = &load};
    CHECK_OK(writer_run(w, c, &command));
    *ret_position = command.position;
    return load;
}

static const struct dictionary *at(struct ctx *c, int64_t position)
{
    const struct dictionary *d = NULL;
    CHECK_OK(dictionary_from_store(c, position, &d));
    return d;
}

/* What comes out of the store is what ships, row by row and in the same order. */
TEST(the_store_gives_back_the_dictionary)
{
    struct writer *w = test_writer(c);
    int64_t position;
    load_bodies(w, c);
    CHECK_INT(dictionary_indicators(at(c, POS_NOW)).n, 0);
    struct org_files files = dictionary_files_builtin(c);
    struct indicator_load load = load_files(w, c, files.v, files.n, &position);
    CHECK(load.added > 300 && !load.changed && !load.unchanged);
    const struct dictionary *stored = at(c, POS_NOW), *builtin;
    CHECK_OK(dictionary_builtin(c, &builtin));
    struct indicators a = dictionary_indicators(stored), b = dictionary_indicators(builtin);
    CHECK_INT(a.n, b.n);
    for (size_t i = 0; i < a.n; i++)
        if (!record_equal(&indicator_record, a.v[i], b.v[i]))
            test_failed(__FILE__, __LINE__, "%.*s differs", ARGS(b.v[i]->code));
    struct goals x = dictionary_all_goals(stored), y = dictionary_all_goals(builtin);
    CHECK_INT(x.n, y.n);
    for (size_t i = 0; i < x.n; i++)
        CHECK(record_equal(&goal_record, x.v[i], y.v[i]));
    CHECK_INT(dictionary_sets(stored).n, dictionary_sets(builtin).n);
    CHECK_INT(dictionary_dimensions(stored).n, dictionary_dimensions(builtin).n);
    CHECK_INT(dictionary_at(c, stored, S("06-nq-tu"), S("IV.4")).n,
              dictionary_at(c, builtin, S("06-nq-tu"), S("IV.4")).n);
}

TEST(loading_again_changes_nothing)
{
    struct writer *w = test_writer(c);
    int64_t position, changed;
    load_bodies(w, c);
    struct org_files files = dictionary_files_builtin(c);
    load_files(w, c, files.v, files.n, &position);
    CHECK_OK(dictionary_changed(c, &changed));
    CHECK_INT(changed, position);
    int64_t again;
    struct indicator_load load = load_files(w, c, files.v, files.n, &again);
    CHECK_INT(load.added + load.changed, 0);
    CHECK(load.unchanged > 300);
    CHECK_OK(dictionary_changed(c, &changed));
    CHECK_INT(changed, position); /* no second event */
}

/* A file of one row changes that row alone, and the store still tells what held before. */
TEST(as_known_before_a_change)
{
    struct writer *w = test_writer(c);
    int64_t first, second;
    load_bodies(w, c);
    struct org_files files = dictionary_files_builtin(c);
    load_files(w, c, files.v, files.n, &first);
    size_t n = dictionary_indicators(at(c, POS_NOW)).n;
    struct org_file file = {S("sua.csv"), S("Mã;Tên;Đơn vị;direction;frequency;over_places;over_time;low;các bước\n"
                                            "KT-GRDP;GRDP;tỷ đồng;up;quarter;none;sum;0,5;\n"
                                            "RIENG-1;Việc riêng của tỉnh;;up;year;none;last;;Một bước|Bước thứ hai\n")};
    struct indicator_load load = load_files(w, c, &file, 1, &second);
    CHECK_INT(load.added, 1);
    CHECK_INT(load.changed, 1);
    CHECK_STR(dictionary_indicator(at(c, POS_NOW), S("KT-GRDP"))->name, S("GRDP"));
    CHECK(dictionary_indicator(at(c, POS_NOW), S("KT-GRDP"))->low == 0.5);
    CHECK_INT(dictionary_indicator(at(c, POS_NOW), S("RIENG-1"))->steps.n, 2);
    CHECK_STR(dictionary_indicator(at(c, POS_NOW), S("RIENG-1"))->steps.v[1], S("Bước thứ hai"));
    CHECK_STR(dictionary_indicator(at(c, first), S("KT-GRDP"))->name, S("GRDP theo giá hiện hành"));
    CHECK(!dictionary_indicator(at(c, first), S("RIENG-1")));
    CHECK_INT(dictionary_indicators(at(c, POS_NOW)).n, n + 1);
    CHECK_INT(dictionary_indicators(at(c, first)).n, n);
}

/* Places that a goal names are looked for among the bodies of the store. */
TEST(bodies_come_first)
{
    struct writer *w = test_writer(c);
    struct org_files files = dictionary_files_builtin(c);
    struct indicator_load load = {.files = files.v, .n_files = files.n};
    CHECK_ERR(writer_run(w, c, &(struct command){.run = indicator_load_run, .arg = &load}), E_INVALID);
    CHECK(str_has(c->error.message, S("org load")));
}

/* --- what is refused --- */

struct expected {
    unsigned line;
    const char *word;
};

static void check_problems(struct ctx *c, struct str content, const struct expected *want, size_t n)
{
    const struct dictionary *base, *ret = NULL;
    struct row_problems problems = {0};
    struct org_file in = {S("t.csv"), content};
    CHECK_OK(dictionary_builtin(c, &base));
    CHECK_ERR(dictionary_read(c, &in, 1, base, bodies(c), &problems, &ret), E_INVALID);
    CHECK(!ret);
    for (size_t i = 0; i < problems.n || i < n; i++) {
        struct row_problem p = i < problems.n ? problems.v[i] : (struct row_problem){.text = S("(nothing)")};
        struct expected e = i < n ? want[i] : (struct expected){0, "(nothing)"};
        if (p.line != e.line || !str_has(p.text, str_of(e.word)) || !str_eq(p.file, in.name))
            test_failed(__FILE__, __LINE__, "%.*s:%u: %.*s; want line %u, %s", ARGS(p.file), p.line, ARGS(p.text),
                        e.line, e.word);
    }
    CHECK_STR(c->error.file, in.name);
    CHECK_INT(c->error.line, want[0].line);
}
#define CHECK_PROBLEMS(content, ...)                                                                                   \
    do {                                                                                                               \
        static const struct expected want_[] = {__VA_ARGS__};                                                          \
        check_problems(c, S(content), want_, sizeof want_ / sizeof *want_);                                            \
    } while (0)
#define HEAD "code,name,direction,frequency,over_places,over_time,"

TEST(cells_that_cannot_be_read)
{
    CHECK_PROBLEMS("name,code\nx,y\n", {1, "cột đầu tiên"});
    CHECK_PROBLEMS("code,name\nA,Tên\n", {1, "thiếu cột \"direction\""}, {1, "\"frequency\""}, {1, "\"over_places\""},
                   {1, "\"over_time\""});
    CHECK_PROBLEMS(HEAD "màu\nA,Tên,up,year,none,last,đỏ\n", {1, "màu"});
    CHECK_PROBLEMS(HEAD "low\n"
                        "A,Tên,lên,year,none,last,1\n"        /* 2: no such word */
                        "B,,up,year,none,last,1\n"            /* 3: no name */
                        "C,Tên,up,year,none,last,\"1,2,3\"\n" /* 4: no number */
                        "D D,Tên,up,year,none,last,1\n"       /* 5: no code */
                        "E,Tên,up,year,none,last,nan\n"       /* 6 */
                        "F,Tên,up,year,none,last,1e999\n",    /* 7 */
                   {2, "lên"}, {3, "name"}, {4, "1,2,3"}, {5, "D D"}, {6, "nan"}, {7, "1e999"});
}

TEST(rows_that_do_not_fit_together)
{
    CHECK_PROBLEMS(HEAD "tree,provider,weight,formula,dimensions,low,high,set,parent\n"
                        "A,Tên,up,year,weighted,last,,,,,,,,,\n"           /* 2: by what? */
                        "B,Tên,up,year,weighted,last,area,,NOBODY,,,,,,\n" /* 3: no such weight */
                        "C,Tên,up,year,none,last,,,,100 * [NOBODY],,,,,\n" /* 4 */
                        "D,Tên,up,year,none,last,,,,,color,,,,\n"          /* 5: no such dimension */
                        "E,Tên,up,year,none,last,,,,,,5,5,,\n"             /* 6: bounds */
                        "F,Tên,up,year,none,last,,,,,,,,DTI-1999,\n"       /* 7: no such set */
                        "G,Tên,up,year,none,last,,,,,,,,QD766,DTI-2022\n"  /* 8: parent of another */
                        "H,Tên,up,year,none,last,area,KHONG-CO,,,,,,,\n"   /* 9: no such body */
                        "I,Tên,up,year,none,last,,N-UBND-XA,,,,,,,\n",     /* 10: provider without tree */
                   {2, "weight"}, {3, "NOBODY"}, {4, "NOBODY"}, {5, "color"}, {6, "nhỏ hơn"}, {7, "DTI-1999"},
                   {8, "bộ khác"}, {9, "KHONG-CO"}, {10, "tree"});
    CHECK_PROBLEMS(HEAD "set,parent\nA,Tên,up,year,none,last,QD766,B\nB,Tên,up,year,none,last,QD766,A\n",
                   {2, "chính nó"}, {3, "chính nó"});
    CHECK_PROBLEMS("indicator,plan,path\nNOBODY,06-nq-tu,IV.1\n", {2, "NOBODY"});
    CHECK_PROBLEMS("dimension,category,name,ordinal\nmau,male,Đỏ,1\n", {2, "sex"});
    CHECK_PROBLEMS("set,name\nX,Bộ\nX,Bộ\n", {3, "dòng 2"});
}

/* 100 x a number of enterprises is no percentage, and thousand millions are no millions. */
TEST(formulas_that_do_not_hold)
{
    CHECK_PROBLEMS(HEAD "unit,formula\n"
                        "A,Tên,up,year,none,last,%,100 * [DMST-DNS\n"                   /* 2: no formula */
                        "B,Tên,up,year,none,last,%,100 * [DMST-DNS]\n"                  /* 3: no percentage */
                        "C,Tên,up,year,none,last,%,100 * [DMST-DNS:male] / [DN-TONG]\n" /* 4: not told apart so */
                        "D,Tên,up,year,none,last,tỷ đồng,[KT-GRDP] + [DN-TONG]\n",      /* 5: apples and pears */
                   {2, "]"}, {3, "%"}, {4, "male"}, {5, "tỷ đồng"});
    CHECK_PROBLEMS(HEAD "unit,formula\nKT-BK,Hệ số,none,year,none,last,hệ số,1 - [KT-BL]\n", {2, "KT-BL"});
    CHECK_PROBLEMS(HEAD "unit,tree,weight,formula\n"
                        "A,Tên,up,year,weighted,last,người,area,B,\n"
                        "B,Tên,up,year,none,last,người,area,,2 * [A]\n",
                   {2, "A"});
}

TEST(goals_that_say_too_little_or_too_much)
{
    CHECK_PROBLEMS("goal,indicator,plan,target,place,above,comparator,low,high,path,points,baseline\n"
                   "x.1,KT-GRDP,x,1,,,,,,linear,,5\n"                    /* 2: a baseline without source */
                   "x.2,KT-GRDP,x,2,,,,,,given,2027=1 2026=2,\n"         /* 3: years fall */
                   "x.3,KT-GRDP,x,2,,,,,,linear,,\n"                     /* 4: the key is another */
                   "x.4,KT-GRDP,x,4,,,range,5,,linear,,\n"               /* 5: half a range */
                   "x.5@KHONG-CO,KT-GRDP,x,5,KHONG-CO,,ge,5,,linear,,\n" /* 6: no such place */
                   "x.6@SKHCN,KT-GRDP,x,6,SKHCN,x.0,ge,5,,linear,,\n"    /* 7: a share of nothing */
                   "x.7@SKHCN,KT-GRDP,x,7,SKHCN,x.4,,,,linear,,\n"       /* 8: a share of how much? */
                   "x.8,KT-GRDP,x,8,,,,,,linear,2026=1,\n"               /* 9: points of what? */
                   "x.9,NOBODY,x,9,,,,,,linear,,\n",                     /* 10 */
                   {2, "nguồn"}, {3, "2026=2"}, {4, "x.2"}, {5, "range"}, {6, "KHONG-CO"}, {7, "x.0"},
                   {8, "comparator"}, {9, "points"}, {10, "NOBODY"});
}
