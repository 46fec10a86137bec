/* Reading figures: tables worked by hand, as of, two sources, mergers, formulas. */
#include "domain/indicator/test_cube.h"

#include "base/out.h"

#include <string.h>

#include "base/banned.h"

enum { ADDED = FIGURE_ADDED, PARTIAL = FIGURE_PARTIAL, DERIVED = FIGURE_DERIVED };

static void put(struct writer *w, struct ctx *c, struct value_batch *b)
{
    struct value_outcome o;
    CHECK_OK(test_write(w, c, b, &o));
}

TEST(places_add_up)
{
    struct writer *w = test_writer(c);
    const struct dictionary *d = test_words(c);
    test_load_places(w, c, test_places());
    struct value_batch b = test_batch(c);
    test_add(c, &b, "S", "", "x1", "2025-01", "", 10, 0);
    test_add(c, &b, "S", "", "x2", "2025-01", "", 20, VALUE_PROVISIONAL);
    test_add(c, &b, "S", "", "x4", "2025-01", "", 40, 0);
    test_add(c, &b, "S", "", "x5", "2025-01", "", 50, 0);
    test_add(c, &b, "M", "", "x1", "2025-01", "", 1, 0);
    test_add(c, &b, "M", "", "x4", "2025-01", "", 2, 0);
    test_add(c, &b, "M", "", "x5", "2025-01", "", 6, 0);
    test_add(c, &b, "N", "", "x1", "2025", "", 1, 0);
    put(w, c, &b);
    CHECK(test_is(test_figure(c, d, "S", "x1", "2025-01"), 10, 0, 1, 1));
    CHECK(test_is(test_figure(c, d, "S", "H1", "2025-01"), 30, ADDED | PARTIAL | FIGURE_PROVISIONAL, 2, 3));
    CHECK(test_is(test_figure(c, d, "S", "H2", "2025-01"), 90, ADDED, 2, 2));
    CHECK(test_is(test_figure(c, d, "S", "T", "2025-01"), 120, ADDED | PARTIAL | FIGURE_PROVISIONAL, 4, 5));
    CHECK(test_is(test_figure(c, d, "S", "x3", "2025-01"), NAN, 0, 0, 1));
    CHECK(test_is(test_figure(c, d, "S", "T", "2025-02"), NAN, 0, 0, 5));
    /* the mean is of all places that have one: (1 + 2 + 6) / 3 */
    CHECK(test_is(test_figure(c, d, "M", "T", "2025-01"), 3, ADDED | PARTIAL, 3, 5));
    CHECK(test_is(test_figure(c, d, "N", "x1", "2025"), 1, 0, 1, 1));
    CHECK(test_is(test_figure(c, d, "N", "H1", "2025"), NAN, 0, 0, 3));
    /* a place's own figure goes before what stands below it, and stands for it further up */
    b = test_batch(c);
    test_add(c, &b, "S", "", "H1", "2025-01", "", 100, 0);
    put(w, c, &b);
    CHECK(test_is(test_figure(c, d, "S", "H1", "2025-01"), 100, 0, 1, 1));
    CHECK(test_is(test_figure(c, d, "S", "T", "2025-01"), 190, ADDED, 3, 3));
    CHECK(test_is(test_figure(c, d, "S", "x2", "2025-01"), 20, FIGURE_PROVISIONAL, 1, 1));
}

/* Rates of three communes with 100, 300 and 600 people: (50·100 + 20·300 + 10·600) / 1000 = 17, where a plain mean
 * would be 26.67. */
TEST(weights)
{
    struct writer *w = test_writer(c);
    const struct dictionary *d = test_words(c);
    test_load_places(w, c, test_places());
    struct value_batch b = test_batch(c);
    test_add(c, &b, "S", "", "x1", "2025", "", 100, 0);
    test_add(c, &b, "S", "", "x2", "2025", "", 300, 0);
    test_add(c, &b, "S", "", "x3", "2025", "", 600, 0);
    test_add(c, &b, "W", "", "x1", "2025", "", 50, 0);
    test_add(c, &b, "W", "", "x2", "2025", "", 20, 0);
    test_add(c, &b, "W", "", "x3", "2025", "", 10, 0);
    test_add(c, &b, "W", "", "x4", "2025", "", 99, 0); /* of which nobody knows how many live there */
    put(w, c, &b);
    CHECK(test_is(test_figure(c, d, "W", "H1", "2025"), 17, ADDED, 3, 3));
    CHECK(test_is(test_figure(c, d, "W", "T", "2025"), 17, ADDED | PARTIAL, 3, 5));
    CHECK(test_is(test_figure(c, d, "W", "H2", "2025"), NAN, 0, 0, 2));
}

/* 30 of 100 and 90 of 900: 120 / 1000 = 12 %, not (30 + 10) / 2. */
TEST(a_ratio_of_sums)
{
    struct writer *w = test_writer(c);
    const struct dictionary *d = test_words(c);
    test_load_places(w, c, test_places());
    struct value_batch b = test_batch(c);
    test_add(c, &b, "S", "", "x4", "2025-03", "", 30, 0);
    test_add(c, &b, "S", "", "x5", "2025-03", "", 90, VALUE_SAMPLE);
    test_add(c, &b, "L", "", "x4", "2025-11", "", 100, 0);
    test_add(c, &b, "L", "", "x5", "2025-11", "", 800, 0);
    test_add(c, &b, "L", "", "x5", "2025-12", "", 900, 0);
    test_add(c, &b, "L", "", "x4", "2025-12", "", 100, 0);
    put(w, c, &b);
    CHECK(test_figure(c, d, "Q", "x4", "2025").amount == 30);
    CHECK(test_figure(c, d, "Q", "x5", "2025").amount == 10);
    struct figure f = test_figure(c, d, "Q", "H2", "2025");
    CHECK(test_is(f, 12, DERIVED | FIGURE_SAMPLE | PARTIAL, 2, 2)); /* eleven months of S are not there */
    CHECK(test_is(test_figure(c, d, "Q", "H1", "2025"), NAN, DERIVED, 0, 3));
    struct cube_inputs inputs = {0};
    CHECK_OK(cube_explain(c, d, S("Q"), S(""), S("H2"), test_code("2025"), POS_NOW, &f, &inputs));
    CHECK(f.amount == 12 && inputs.n == 2);
    CHECK_STR(inputs.v[0].indicator, S("S"));
    CHECK(inputs.v[0].figure.amount == 120 && inputs.v[1].figure.amount == 1000);
    CHECK_STR(inputs.v[1].period, S("2025"));
}

TEST(periods_add_up)
{
    struct writer *w = test_writer(c);
    const struct dictionary *d = test_words(c);
    test_load_places(w, c, test_places());
    struct value_batch b = test_batch(c);
    for (int m = 1; m <= 12; m++) {
        int32_t code = (2024 * 12 + m - 1) * 1024 + 1;
        test_add_code(c, &b, "S", "", S("x4"), code, "", m, 0);
        test_add_code(c, &b, "S", "", S("x5"), code, "", 100 * m, 0);
        test_add_code(c, &b, "L", "", S("x4"), code, "", m, 0);
        test_add_code(c, &b, "M", "", S("x4"), code, "", m, 0);
    }
    test_add(c, &b, "S", "", "x4", "2025-Q1", "", 7, 0);
    test_add(c, &b, "S", "", "x4", "2025-04", "", 3, 0);
    test_add(c, &b, "S", "", "x5", "2023", "", 500, 0);
    test_add(c, &b, "S", "", "x4", "2023-S1", "", 20, 0);
    test_add(c, &b, "S", "", "x4", "2023-S2", "", 30, 0);
    test_add(c, &b, "S", "", "x1", "2023-S2", "", 30, 0);
    put(w, c, &b);
    CHECK(test_is(test_figure(c, d, "S", "x4", "2024"), 78, 0, 1, 1));
    CHECK(test_is(test_figure(c, d, "S", "H2", "2024"), 7878, ADDED, 2, 2));
    CHECK(test_is(test_figure(c, d, "S", "H2", "2024-Q1"), 606, ADDED, 2, 2));
    CHECK(test_is(test_figure(c, d, "S", "T", "2024"), 7878, ADDED | PARTIAL, 2, 5));
    CHECK(test_is(test_figure(c, d, "L", "x4", "2024"), 12, 0, 1, 1));
    CHECK(test_is(test_figure(c, d, "L", "x4", "2024-Q2"), 6, 0, 1, 1));
    CHECK(test_is(test_figure(c, d, "M", "x4", "2024-S1"), 3.5, 0, 1, 1));
    /* a year of which four months are known, by a quarter and a month */
    CHECK(test_is(test_figure(c, d, "S", "x4", "2025"), 10, PARTIAL, 1, 1));
    CHECK(test_is(test_figure(c, d, "S", "x4", "2025-01"), NAN, 0, 0, 1)); /* a quarter says nothing of its months */
    /* one commune told the year, another its two halves, a third only one half */
    CHECK(test_is(test_figure(c, d, "S", "x4", "2023"), 50, 0, 1, 1));
    CHECK(test_is(test_figure(c, d, "S", "H2", "2023"), 550, ADDED, 2, 2));
    CHECK(test_is(test_figure(c, d, "S", "T", "2023"), 550, ADDED | PARTIAL, 2, 5));
    struct cube_periods list = {0};
    CHECK_OK(cube_periods(c, d, S("S"), S(""), S("H2"), POS_NOW, &list));
    CHECK_INT(list.n, 13); /* it is monthly: twelve of 2024 and one of 2025 */
    CHECK_INT(list.v[12], test_code("2025-04"));
    list = (struct cube_periods){0};
    CHECK_OK(cube_periods(c, d, S("G"), S(""), S("H2"), POS_NOW, &list));
    CHECK_INT(list.n, 2); /* of 2024 and 2025; 2023 has no year before it */
    CHECK_INT(list.v[0], test_code("2024"));
}

TEST(formulas_reach_other_periods_and_places)
{
    struct writer *w = test_writer(c);
    const struct dictionary *d = test_words(c);
    test_load_places(w, c, test_places());
    struct value_batch b = test_batch(c);
    test_add(c, &b, "S", "", "x1", "2024", "", 100, 0);
    test_add(c, &b, "S", "", "x2", "2024", "", 100, 0);
    test_add(c, &b, "S", "", "x1", "2025", "", 130, 0);
    test_add(c, &b, "S", "", "x2", "2025", "", 110, 0);
    test_add(c, &b, "S", "", "x4", "2025", "", 1000, 0);
    put(w, c, &b);
    CHECK(test_figure(c, d, "G", "H1", "2025").amount == 20); /* 240 over 200 */
    CHECK(isnan(test_figure(c, d, "G", "H2", "2025").amount));
    CHECK(test_figure(c, d, "K", "H1", "2025").amount == 2);
    CHECK(test_figure(c, d, "K", "T", "2025").amount == 2);
    CHECK(test_figure(c, d, "C", "T", "2025").amount == 1240);
    CHECK(test_figure(c, d, "K", "x1", "2025").amount == 0);
    CHECK(isnan(test_figure(c, d, "C", "x1", "2025").amount));
}

/* Each formula names the one before it twice, at two periods: 2^40 ways down, worked out once each. */
TEST(a_bomb_costs_what_its_figures_cost)
{
    struct writer *w = test_writer(c);
    struct out o;
    out_init(&o, c->arena, 1 << 20);
    out_put(&o, S("F0,Gốc,điểm,up,year,area,X,sum,sum,,,,yes\n"));
    for (int i = 1; i <= 40; i++)
        out_fmt(&o, "F%d,Bậc %d,điểm,up,year,area,,none,none,,F%d + 0 * prev(F%d),,yes\n", i, i, i - 1, i - 1);
    const struct dictionary *d = test_dictionary(c, out_str(&o));
    test_load_places(w, c, test_places());
    struct value_batch b = test_batch(c);
    for (int y = 1980; y <= 2025; y++)
        test_add_code(c, &b, "F0", "", S("x1"), y * 12 * 1024 + 12, "", y, 0);
    put(w, c, &b);
    CHECK(test_figure(c, d, "F40", "x1", "2025").amount == 2025);
    struct cube_periods list = {0};
    CHECK_OK(cube_periods(c, d, S("F40"), S(""), S("x1"), POS_NOW, &list));
    CHECK_INT(list.n, 6);
}

TEST(as_of_and_two_sources)
{
    struct writer *w = test_writer(c);
    const struct dictionary *d = test_words(c);
    struct value_outcome first, second, third, o;
    test_load_places(w, c, test_places());
    struct value_batch b = test_batch(c);
    test_add(c, &b, "S", "", "x1", "2025", "", 1, VALUE_PROVISIONAL);
    test_add(c, &b, "S", "", "x2", "2025", "", 10, 0);
    CHECK_OK(test_write(w, c, &b, &first));
    b = test_batch(c);
    test_add(c, &b, "S", "", "x1", "2025", "Thuế", 3, 0);
    CHECK_OK(test_write(w, c, &b, &second));
    CHECK_OK(test_put(w, c, "S", "x1", "2025", 5, 0, NULL, &third));
    const uint32_t some = ADDED | PARTIAL;
    CHECK(test_is(test_figure(c, d, "S", "H1", "2025"), 15, some | FIGURE_DIFFERS, 2, 3)); /* its own source */
    CHECK(test_is(test_figure_at(c, d, "S", "", "H1", "2025", third.position, DAY_NONE), 15, some | FIGURE_DIFFERS, 2,
                  3));
    CHECK(test_is(test_figure_at(c, d, "S", "", "H1", "2025", second.position, DAY_NONE), 13, some | FIGURE_DIFFERS, 2,
                  3));
    CHECK(test_is(test_figure_at(c, d, "S", "", "H1", "2025", first.position, DAY_NONE), 11, some | FIGURE_PROVISIONAL,
                  2, 3));
    CHECK(test_is(test_figure_at(c, d, "S", "", "x1", "2025", first.position - 1, DAY_NONE), NAN, 0, 0, 1));
    const struct value_key key = {.indicator = S("S"), .place = S("x1"), .period = S("2025"), .source = S("Thuế")};
    int64_t decided;
    CHECK_OK(test_decide(w, c, &key, "khớp sổ thuế", &decided));
    CHECK(test_is(test_figure(c, d, "S", "x1", "2025"), 3, 0, 1, 1)); /* nobody doubts it any more */
    CHECK(test_is(test_figure_at(c, d, "S", "", "x1", "2025", third.position, DAY_NONE), 5, FIGURE_DIFFERS, 1, 1));
    CHECK_OK(test_undo(w, c, second.position, "thu hồi", &o));
    CHECK(test_is(test_figure(c, d, "S", "x1", "2025"), 5, 0, 1, 1));
    CHECK(test_is(test_figure_at(c, d, "S", "", "x1", "2025", decided, DAY_NONE), 3, 0, 1, 1));
}

static int32_t day(int y, int m, int d)
{
    int32_t ret = 0;
    CHECK(day_from_date(y, m, d, &ret));
    return ret;
}

/* Until the middle of 2025 two provinces, P1 = {a, b} and P2 = {e}; then P = {ab, e}: a and b became ab, both provinces
 * became P. */
TEST(mergers)
{
    struct writer *w = test_writer(c);
    const struct dictionary *d = test_words(c);
    test_load_places(
        w, c,
        S("area,name,kind,parent,valid_from,valid_to,confirmed\nP1,Một,province,,,2025-06-30,yes\n"
          "P2,Hai,province,,,2025-06-30,yes\nP,Mới,province,,2025-07-01,,yes\n"
          "a,A,commune,P1,,2025-06-30,yes\nb,B,commune,P1,,2025-06-30,yes\ne,Ecũ,commune,P2,,2025-06-30,yes\n"
          "ab,AB,commune,P,2025-07-01,,yes\nen,E,commune,P,2025-07-01,,yes\n"));
    test_load_places(w, c,
                     S("link,code,target\npredecessor,P,P1\npredecessor,P,P2\npredecessor,ab,a\npredecessor,ab,b\n"
                       "predecessor,en,e\n"));
    struct value_batch b = test_batch(c);
    test_add(c, &b, "S", "", "a", "2024", "", 1, 0);
    test_add(c, &b, "S", "", "b", "2024", "", 2, 0);
    test_add(c, &b, "S", "", "e", "2024", "", 4, 0);
    test_add(c, &b, "S", "", "ab", "2026", "", 10, 0);
    test_add(c, &b, "S", "", "en", "2026", "", 20, 0);
    test_add(c, &b, "S", "", "P1", "2023", "", 7, 0);
    test_add(c, &b, "S", "", "P2", "2023", "", 8, 0);
    put(w, c, &b);
    const int32_t old = day(2025, 1, 1), new = day(2026, 1, 1);
    /* the new map: what was merged counts in what it became */
    CHECK(test_is(test_figure_at(c, d, "S", "", "P", "2026", POS_NOW, new), 30, ADDED, 2, 2));
    CHECK(test_is(test_figure_at(c, d, "S", "", "ab", "2024", POS_NOW, new), 3, ADDED, 2, 2));
    CHECK(test_is(test_figure_at(c, d, "S", "", "P", "2024", POS_NOW, new), 7, ADDED, 3, 3));
    CHECK(test_is(test_figure_at(c, d, "S", "", "P", "2023", POS_NOW, new), 15, ADDED, 2, 2));
    CHECK(test_is(test_figure_at(c, d, "S", "", "a", "2024", POS_NOW, new), 1, 0, 1, 1));
    /* the old map: what came later counts for all that it was made of */
    CHECK(test_is(test_figure_at(c, d, "S", "", "P1", "2024", POS_NOW, old), 3, ADDED, 2, 2));
    CHECK(test_is(test_figure_at(c, d, "S", "", "P1", "2026", POS_NOW, old), 10, ADDED, 2, 2));
    CHECK(test_is(test_figure_at(c, d, "S", "", "a", "2026", POS_NOW, old), NAN, 0, 0, 1)); /* it cannot be split */
    CHECK(test_is(test_figure_at(c, d, "S", "", "P2", "2026", POS_NOW, old), 20, ADDED, 1, 1));
    CHECK(test_is(test_figure_at(c, d, "S", "", "", "2026", POS_NOW, old), 30, ADDED, 3, 3)); /* two at the top */
    CHECK(test_is(test_figure_at(c, d, "S", "", "", "2023", POS_NOW, old), 15, ADDED, 2, 2));
    /* what counts in its own right goes before what came of it */
    b = test_batch(c);
    test_add(c, &b, "S", "", "ab", "2024", "", 100, 0);
    put(w, c, &b);
    CHECK(test_is(test_figure_at(c, d, "S", "", "P", "2024", POS_NOW, new), 104, ADDED, 2, 2));
    CHECK(test_is(test_figure_at(c, d, "S", "", "P1", "2024", POS_NOW, old), 3, ADDED, 2, 2));
    const struct indicator *i = dictionary_indicator(d, S("S"));
    struct str root;
    struct strs below;
    CHECK_OK(cube_root(c, i, new, &root));
    CHECK_STR(root, S("P"));
    CHECK_OK(cube_below(c, i, S("P"), new, &below));
    CHECK_INT(below.n, 2);
    CHECK_OK(cube_root(c, i, old, &root));
    CHECK_STR(root, S(""));
    CHECK_OK(cube_below(c, i, root, old, &below));
    CHECK_INT(below.n, 2);
}

TEST(what_is_not_there_is_said)
{
    struct writer *w = test_writer(c);
    const struct dictionary *d = test_words(c);
    test_load_places(w, c, test_places());
    int32_t code = test_code("2025");
    struct str place = S("x9");
    struct figures f;
    struct cube_query q = {.indicator = S("ZZ"), .periods = &code, .n_periods = 1, .at = POS_NOW, .map_day = DAY_NONE};
    CHECK_ERR(cube_read(c, d, &q, &f), E_NOTFOUND);
    q.indicator = S("S");
    q.category = S("old");
    CHECK_ERR(cube_read(c, d, &q, &f), E_NOTFOUND);
    q.category = S("male");
    CHECK_OK(cube_read(c, d, &q, &f));
    CHECK(f.n_places == 1 && isnan(f.v[0].amount));
    q.places = (struct strs){&place, 1};
    CHECK_ERR(cube_read(c, d, &q, &f), E_NOTFOUND);
}
