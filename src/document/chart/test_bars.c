#include "document/chart/chart.h"
#include "test/test.h"

#include <expat.h>
#include <math.h>

#include "base/banned.h"

static void check(const struct out *o)
{
    XML_Parser p = XML_ParserCreate("UTF-8");
    struct str text = out_str(o);
    bool good = !o->failed && XML_Parse(p, text.p, (int)text.n, 1) == XML_STATUS_OK;
    XML_ParserFree(p);
    if (!good)
        test_failed(__FILE__, __LINE__, "not XML: %.*s", ARGS(text));
    CHECK(!str_has(text, S("style=")) && !str_has(text, S("\"nan")) && !str_has(text, S("inf\"")));
}

static size_t times(const struct out *o, struct str what)
{
    size_t n = 0;
    for (size_t at = 0; (at = str_find(out_str(o), what, at)) != SIZE_MAX; at++)
        n++;
    return n;
}

static const double odd[] = {54.6, NAN, 0, -3, 1e300, -1e289, 1e289, 5e-324, INFINITY, 54.6, 54.6};
enum { ODD = sizeof odd / sizeof *odd };

TEST(heat_of_odd_values)
{
    struct chart_cell cells[ODD * 2];
    struct chart_row rows[2] = {{S("Xã <A>"), S("/areas/1")}, {S("Phường có một cái tên rất dài và dài nữa"), S("")}};
    struct str columns[ODD];
    for (size_t i = 0; i < ODD; i++)
        columns[i] = str_fmt(c->arena, "Q%zu/2026", i);
    for (size_t i = 0; i < ODD * 2; i++)
        cells[i] = (struct chart_cell){odd[i % ODD], S("54,6"), S("Xã & quý: 54,6"), i % 2 ? S("/x") : S("")};
    for (size_t n = 0; n <= ODD; n++)
        for (int alarm = 0; alarm < 2; alarm++) {
            struct chart_heat h = {
                .rows = rows, .n_rows = n ? 2 : 0, .columns = columns, .n_columns = n, .cells = cells, .alarm = alarm};
            struct chart_frame f = {
                .id = S("h"), .title = S("Bảng nhiệt"), .width = n % 2 ? 1240 : 358, .standalone = n % 3 == 0};
            struct out o;
            struct chart_classes k;
            out_init(&o, c->arena, 1 << 20);
            chart_heat(&o, c->arena, &f, &h, &k);
            check(&o);
            size_t sum = k.missing;
            for (size_t i = 0; i < k.n; i++)
                sum += k.count[i];
            CHECK_INT(sum, n * 2);
            /* one rectangle each, and the one in the pattern of what is missing */
            CHECK_INT(times(&o, S("<rect")), n * 2 + (k.missing > 0));
        }
}

TEST(bars_of_odd_values)
{
    struct chart_bar bars[ODD];
    for (size_t i = 0; i < ODD; i++)
        bars[i] = (struct chart_bar){S("Phường Đông Hoa Lư"), S("/a"), odd[i], S("54,6%"), S("a<b"), i == 3};
    for (size_t n = 0; n <= ODD; n++)
        for (int w = 240; w <= 1240; w += 250) {
            struct chart_bars b = {.v = bars,
                                   .n = n,
                                   .has_target = n % 2,
                                   .target = n == 5 ? NAN : 85,
                                   .target_text = S("Mục tiêu: từ 85%")};
            struct chart_frame f = {.id = S("b"), .title = S("So sánh"), .width = w};
            struct out o;
            out_init(&o, c->arena, 1 << 20);
            chart_bars(&o, c->arena, &f, &b);
            check(&o);
            CHECK_INT(times(&o, S("<a ")), n);
            size_t known = 0;
            for (size_t i = 0; i < n; i++)
                known += fabs(odd[i]) < 1e290;
            CHECK_INT(times(&o, S("<rect")), known);
        }
}

TEST(swarm_of_odd_values)
{
    enum { N = 400 };
    struct chart_bar dots[N];
    for (size_t i = 0; i < N; i++)
        dots[i] = (struct chart_bar){.value = i < ODD ? odd[i] : 50, .label = S("Xã & phường: 50%"), .href = S("#x")};
    for (size_t from = 0; from <= ODD; from += ODD)
        for (size_t n = 0; n <= N - ODD; n += 97) {
            struct chart_swarm s = {.v = dots + from,
                                    .n = n,
                                    .below = 10,
                                    .has_target = true,
                                    .target = 85,
                                    .target_text = S("Mục tiêu 85"),
                                    .middle = n ? 50 : NAN,
                                    .middle_text = S("Trung vị 50"),
                                    .unit = S("%")};
            struct chart_frame f = {.id = S("s"), .title = S("Phân bố"), .width = 520};
            struct out o;
            out_init(&o, c->arena, 1 << 20);
            chart_swarm(&o, c->arena, &f, &s);
            check(&o);
            size_t known = 0;
            for (size_t i = 0; i < n; i++)
                known += fabs(s.v[i].value) < 1e290;
            CHECK_INT(times(&o, S("<circle")), known);
        }
}
