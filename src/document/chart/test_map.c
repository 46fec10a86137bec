#include "document/chart/chart.h"
#include "test/test.h"

#include <expat.h>
#include <math.h>

#include "base/banned.h"

static bool is_xml(const struct out *o)
{
    XML_Parser p = XML_ParserCreate("UTF-8");
    struct str text = out_str(o);
    bool good = !o->failed && XML_Parse(p, text.p, (int)text.n, 1) == XML_STATUS_OK;
    XML_ParserFree(p);
    return good;
}

static size_t times(struct str text, struct str what)
{
    size_t n = 0;
    for (size_t at = 0; (at = str_find(text, what, at)) != SIZE_MAX; at++)
        n++;
    return n;
}

TEST(classes_hold_every_value_once)
{
    double v[100];
    for (size_t i = 0; i < 100; i++)
        v[i] = i % 10 == 9 ? NAN : (double)((i * 37) % 50);
    static const double given[] = {10, 20, 30};
    for (int kind = 0; kind < 3; kind++) {
        struct chart_classes k;
        chart_classes(c->arena, v, 100, kind == 1 ? CHART_EVEN : CHART_QUANTILES, given, kind == 2 ? 3 : 0, &k);
        CHECK_INT(k.missing, 10);
        CHECK(k.n >= 1 && k.n <= 5);
        size_t sum = 0, counted[5] = {0};
        for (size_t i = 0; i < 100; i++) {
            int at = chart_class_of(&k, v[i]);
            CHECK((at < 0) == isnan(v[i]));
            if (at < 0)
                continue;
            counted[at]++;
            CHECK(v[i] >= k.limit[at] && v[i] <= k.limit[at + 1]);
            CHECK((size_t)at + 1 == k.n || v[i] < k.limit[at + 1]);
        }
        for (size_t i = 0; i < k.n; i++) {
            CHECK_INT(k.count[i], counted[i]);
            CHECK(k.shade[i] >= 1 && k.shade[i] <= 5 && (!i || k.shade[i] > k.shade[i - 1]));
            sum += k.count[i];
            if (kind == 0)
                CHECK(k.count[i] >= 15 && k.count[i] <= 21);
        }
        CHECK_INT(sum, 90);
        CHECK(kind != 2 || (k.n == 4 && k.limit[1] == 10 && k.limit[3] == 30));
    }
}

TEST(classes_of_odd_values)
{
    static const double odd[][4] = {{NAN, NAN, NAN, NAN},  {3, 3, 3, 3}, {0, 0, 0, 1},
                                    {-1e308, 1e308, 0, 1}, {1, 2, 2, 2}, {INFINITY, 1, 2, 3}};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        for (int split = 0; split < 2; split++) {
            struct chart_classes k;
            chart_classes(c->arena, odd[i], 4, (enum chart_split)split, NULL, 0, &k);
            size_t sum = k.missing;
            for (size_t j = 0; j < k.n; j++)
                sum += k.count[j];
            CHECK_INT(sum, 4);
        }
}

/* Two squares with a common side, one with a hole, one without an outline. */
TEST(map_of_areas)
{
    static const struct shape_point left[] = {{105, 20}, {105.1, 20}, {105.1, 20.1}, {105, 20.1}},
                                    right[] = {{105.1, 20}, {105.2, 20}, {105.2, 20.1}, {105.1, 20.1}},
                                    hole[] = {{105.14, 20.04}, {105.16, 20.04}, {105.16, 20.06}};
    static const struct shape_ring one[] = {{left, 4}}, two[] = {{right, 4}, {hole, 3}};
    static const struct shape shapes[] = {{one, 1}, {two, 2}, {NULL, 0}};
    const struct chart_area areas[] = {
        {S("Xã A & B: 5"), S("/areas/1"), S("A"), 5, &shapes[0], true},
        {S("Xã <C>"), S("/areas/2"), S("C"), NAN, &shapes[1], false},
        {S("Xã D"), S("/areas/3"), S(""), 7, &shapes[2], false},
        {S("Xã E"), S(""), S(""), 7, NULL, false},
    };
    for (int standalone = 0; standalone < 2; standalone++) {
        struct chart_frame f = {.id = S("m"), .title = S("Bản đồ"), .width = 600, .standalone = standalone};
        struct chart_map m = {.v = areas, .n = 4};
        struct chart_classes k;
        struct out o;
        out_init(&o, c->arena, 1 << 20);
        CHECK_INT(chart_map(&o, c->arena, &f, &m, &k), 2);
        CHECK(is_xml(&o));
        struct str text = out_str(&o);
        CHECK_INT(times(text, S("<a ")), standalone ? 0 : 2);
        CHECK_INT(times(text, S("url(#m-h)")), 1);
        CHECK_INT(times(text, S("evenodd")), 1);
        CHECK(str_has(text, S("Xã &lt;C&gt;")));
        CHECK_INT(k.missing, 1);
        CHECK(!str_has(text, S("style=")));
    }
}

TEST(map_of_odd_shapes)
{
    static const struct shape_point odd[] = {{NAN, 1}, {500, 20}, {105, 20}, {105, 20}, {105, 20}},
                                    wide[] = {{-180, -90}, {180, -90}, {180, 90}, {-180, 90}};
    static const struct shape_ring rings[] = {{odd, 5}, {odd, 0}, {wide, 4}, {odd, 2}};
    for (size_t i = 0; i < 4; i++) {
        struct shape shape = {&rings[i], 1};
        struct chart_area area = {.label = S("x"), .value = 1, .shape = &shape, .name = S("x")};
        struct chart_map m = {.v = &area, .n = 1, .plain = i % 2};
        struct chart_frame f = {.id = S("m"), .title = S("Bản đồ"), .width = 358};
        struct out o;
        out_init(&o, c->arena, 1 << 20);
        (void)chart_map(&o, c->arena, &f, &m, NULL);
        CHECK(is_xml(&o));
        CHECK(!str_has(out_str(&o), S("nan")) && !str_has(out_str(&o), S("inf")));
        m.n = 0;
        out_clear(&o);
        (void)chart_map(&o, c->arena, &f, &m, NULL);
        CHECK(is_xml(&o));
    }
}
