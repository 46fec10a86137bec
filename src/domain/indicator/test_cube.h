/* test_cube.h - a small catalogue, a small dictionary and figures for tests of the cube. */
#ifndef HOALU_TEST_CUBE_H
#define HOALU_TEST_CUBE_H

#include "domain/indicator/cube.h"
#include "domain/indicator/dictionary_store.h"
#include "domain/indicator/test_value.h"
#include "domain/org/org_store.h"

static inline void test_load_places(struct writer *w, struct ctx *c, struct str csv)
{
    struct org_file file = {S("places.csv"), csv};
    struct org_load load = {.files = &file, .n_files = 1};
    struct command command = {.run = org_load_run, .arg = &load};
    CHECK_OK(writer_run(w, c, &command));
}

/* A province of two parts and five communes: T = {H1 = {x1, x2, x3}, H2 = {x4, x5}}. */
static inline struct str test_places(void)
{
    return S(
        "area,name,kind,parent,confirmed\nT,Tỉnh,province,,yes\nH1,Một,province,T,yes\nH2,Hai,province,T,yes\n"
        "x1,A,commune,H1,yes\nx2,B,commune,H1,yes\nx3,C,commune,H1,yes\nx4,D,commune,H2,yes\nx5,E,commune,H2,yes\n");
}

static inline const struct dictionary *test_dictionary(struct ctx *c, struct str rows)
{
    const struct dictionary *d = NULL;
    const struct org_file files[] = {
        {S("dimensions.csv"), S("dimension,category,name,ordinal\nsex,male,Nam,1\nsex,female,Nữ,2\n")},
        {S("indicators.csv"),
         str_fmt(c->arena,
                 "code,name,unit,direction,frequency,tree,provider,over_places,over_time,weight,formula,dimensions,"
                 "confirmed\n%.*s",
                 ARGS(rows))}};
    CHECK_OK(dictionary_read(c, files, 2, NULL, NULL, NULL, &d));
    return d;
}

/* S: sum, sum. L: sum, last. M: mean, mean. W: weighted by S. N: not added. Q: S over L. */
static inline const struct dictionary *test_words(struct ctx *c)
{
    return test_dictionary(c, S("S,Tổng,người,up,month,area,X,sum,sum,,,sex,yes\n"
                                "L,Cuối,người,up,month,area,X,sum,last,,,,yes\n"
                                "M,Trung bình,điểm,up,month,area,X,mean,mean,,,,yes\n"
                                "W,Có quyền số,điểm,up,year,area,X,weighted,none,S,,,yes\n"
                                "N,Không cộng,điểm,up,year,area,X,none,none,,,,yes\n"
                                "Q,Tỷ lệ,%,up,year,area,,none,none,,100 * [S] / [L],sex,yes\n"
                                "G,Tăng,%,up,year,area,,none,none,,100 * ([S] - year_ago([S])) / year_ago([S]),,yes\n"
                                "K,Đếm,,up,year,area,,none,none,,count_children([S]),,yes\n"
                                "C,Con,người,up,year,area,,none,none,,children([S]),,yes\n"));
}

static inline struct figure test_figure_at(struct ctx *c, const struct dictionary *d, const char *indicator,
                                           const char *category, const char *place, const char *period, int64_t at,
                                           int32_t day)
{
    struct str name = str_of(place);
    int32_t code = test_code(period);
    struct cube_query q = {.indicator = str_of(indicator),
                           .category = str_of(category),
                           .places = {&name, 1},
                           .periods = &code,
                           .n_periods = 1,
                           .at = at,
                           .map_day = day};
    struct figures f = {0};
    CHECK_OK(cube_read(c, d, &q, &f));
    CHECK(f.n_places == 1 && f.n_periods == 1);
    return f.v[0];
}

static inline struct figure test_figure(struct ctx *c, const struct dictionary *d, const char *indicator,
                                        const char *place, const char *period)
{
    return test_figure_at(c, d, indicator, "", place, period, POS_NOW, DAY_NONE);
}

static inline bool test_is(struct figure f, double amount, uint32_t flags, uint32_t have, uint32_t of)
{
    bool same =
        (f.amount == amount || (isnan(f.amount) && isnan(amount))) && f.flags == flags && f.have == have && f.of == of;
    if (!same)
        printf("# %.17g flags %u %u/%u\n", f.amount, f.flags, f.have, f.of);
    return same;
}

#endif
