#include "document/chart/chart.h"
#include "document/chart/cells.h"
#include "test/test.h"

#include <expat.h>
#include <math.h>
#include <stdlib.h>

#include "base/banned.h"

/* What was drawn, as a reader of XML sees it. */
struct text_box {
    double x0, y0, x1, y1;
    struct str text;
};
struct seen {
    struct ctx *c;
    size_t links, titles, paths, circles, texts, hatched, styles;
    double w, h;
    bool in_text, bad_number;
    double x, y;
    int anchor;
    struct str text;
    struct {
        struct text_box *v;
        size_t n, cap;
    } boxes;
    struct {
        struct str *v;
        size_t n, cap;
    } ids;
};

static void take_number(struct seen *s, const char *name, const char *value)
{
    static const char *const numbers[] = {"x", "y", "cx", "cy", "r", "width", "height"};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!strcmp(name, numbers[i])) {
            char *end;
            double v = strtod(value, &end);
            if (*end || !isfinite(v))
                s->bad_number = true;
        }
    if (!strcmp(name, "d") && (strstr(value, "nan") || strstr(value, "inf")))
        s->bad_number = true;
}

static void on_start(void *arg, const char *name, const char **attrs)
{
    struct seen *s = arg;
    s->links += !strcmp(name, "a");
    s->titles += !strcmp(name, "title");
    s->paths += !strcmp(name, "path");
    s->circles += !strcmp(name, "circle");
    if (!strcmp(name, "text")) {
        s->texts++;
        s->in_text = true;
        s->anchor = 0;
        s->text = S("");
    }
    for (; *attrs; attrs += 2) {
        const char *value = attrs[1];
        take_number(s, attrs[0], value);
        if (!strcmp(attrs[0], "style"))
            s->styles++;
        if (!strcmp(attrs[0], "fill") && !strncmp(value, "url(", 4))
            s->hatched++;
        if (!strcmp(attrs[0], "id"))
            *PUSH(s->c->arena, &s->ids) = str_dup(s->c->arena, str_of(value));
        if (!strcmp(attrs[0], "viewBox")) {
            char *at = NULL;
            (void)strtod(value, &at);
            (void)strtod(at, &at);
            s->w = strtod(at, &at);
            s->h = strtod(at, &at);
        }
        if (!strcmp(name, "text") && !strcmp(attrs[0], "x"))
            s->x = strtod(value, NULL);
        if (!strcmp(name, "text") && !strcmp(attrs[0], "y"))
            s->y = strtod(value, NULL);
        if (!strcmp(name, "text") && !strcmp(attrs[0], "text-anchor"))
            s->anchor = !strcmp(value, "middle") ? 1 : 2;
    }
}

static void on_text(void *arg, const char *p, int n)
{
    struct seen *s = arg;
    if (s->in_text)
        s->text = str_fmt(s->c->arena, "%.*s%.*s", ARGS(s->text), n, p);
}

/* At least as wide as a narrow face would set it: six units a letter. */
static void on_end(void *arg, const char *name)
{
    struct seen *s = arg;
    if (strcmp(name, "text") != 0)
        return;
    s->in_text = false;
    size_t runes = 0;
    for (size_t at = 0; at < s->text.n;) {
        (void)str_rune(s->text, &at);
        runes++;
    }
    double w = (double)runes * 6, x = s->anchor == 0 ? s->x : s->anchor == 1 ? s->x - w / 2 : s->x - w;
    *PUSH(s->c->arena, &s->boxes) = (struct text_box){x, s->y - 10, x + w, s->y + 3, s->text};
}

static struct seen look(struct ctx *c, const struct out *o)
{
    struct seen s = {.c = c};
    CHECK(!o->failed);
    XML_Parser p = XML_ParserCreate("UTF-8");
    XML_SetUserData(p, &s);
    XML_SetElementHandler(p, on_start, on_end);
    XML_SetCharacterDataHandler(p, on_text);
    struct str text = out_str(o);
    if (XML_Parse(p, text.p, (int)text.n, 1) != XML_STATUS_OK)
        test_failed(__FILE__, __LINE__, "not XML: %s in %.*s", XML_ErrorString(XML_GetErrorCode(p)), ARGS(text));
    XML_ParserFree(p);
    CHECK(!s.bad_number);
    CHECK_INT(s.styles, 0); /* the policy of the pages forbids them */
    for (size_t i = 0; i < s.ids.n; i++)
        for (size_t k = 0; k < i; k++)
            CHECK(!str_eq(s.ids.v[i], s.ids.v[k]));
    return s;
}

static void check_labels(const struct seen *s)
{
    for (size_t i = 0; i < s->boxes.n; i++) {
        const struct text_box *a = &s->boxes.v[i];
        if (a->x0 < -1 || a->y0 < -1 || a->x1 > s->w + 1 || a->y1 > s->h + 1)
            test_failed(__FILE__, __LINE__, "\"%.*s\" leaves the picture", ARGS(a->text));
        for (size_t k = 0; k < i; k++) {
            const struct text_box *b = &s->boxes.v[k];
            if (a->x0 < b->x1 && b->x0 < a->x1 && a->y0 < b->y1 && b->y0 < a->y1)
                test_failed(__FILE__, __LINE__, "\"%.*s\" and \"%.*s\" overlap", ARGS(a->text), ARGS(b->text));
        }
    }
}

static const int widths[] = {1240, 640, 358};

static struct chart_frame frame(struct ctx *c, int width)
{
    return (struct chart_frame){.id = str_fmt(c->arena, "t%d", width), .title = S("Một chỉ tiêu"), .width = width};
}

/* A share that rises towards 85: eight quarters, a path, a target, a forecast. */
static struct chart_line full(struct ctx *c)
{
    static const double amounts[] = {43.8, 45.1, 47.6, 48.2, 50.6, 51.3, 53.6, 54.6};
    struct chart_point *v = NEWN(c->arena, struct chart_point, 8);
    for (size_t i = 0; i < 8; i++)
        v[i] = (struct chart_point){2025 + (double)(i + 1) / 4, amounts[i], i == 7, S("Quý: 43,8%"), S("#k")};
    struct chart_series *series = NEW(c->arena, struct chart_series);
    *series = (struct chart_series){S("Toàn tỉnh"), v, 8};
    struct chart_at *path = NEWN(c->arena, struct chart_at, 2);
    path[0] = (struct chart_at){2026, 48.2};
    path[1] = (struct chart_at){2031, 85};
    struct chart_ahead *ahead = NEWN(c->arena, struct chart_ahead, 17);
    for (size_t i = 0; i < 17; i++) {
        double t = (double)i / 16, m = 54.6 + 24.7 * t;
        ahead[i] = (struct chart_ahead){2027 + (double)i / 4, m, m - 4 * t, m + 4 * t, m - 8 * t, m + 8 * t};
    }
    return (struct chart_line){.series = series,
                               .n_series = 1,
                               .first_text = S("43,8%"),
                               .last_text = S("54,6%"),
                               .last_note = S("quý IV/2026, tạm tính"),
                               .path = path,
                               .n_path = 2,
                               .path_text = S("Lộ trình: đều 7,4 điểm %/năm"),
                               .has_target = true,
                               .target_low = 85,
                               .target_high = NAN,
                               .target_text = S("Mục tiêu 2030: từ 85%"),
                               .ahead = ahead,
                               .n_ahead = 17,
                               .ahead_text = S("79,3%"),
                               .ahead_note = S("nếu giữ nhịp\n8 quý qua"),
                               .ahead_low = S("71,3"),
                               .ahead_high = S("87,3"),
                               .band_text = S("Vùng nhạt: 80% khả năng\nvùng đậm: 50%"),
                               .from = NAN,
                               .to = NAN,
                               .y_unit = S("%")};
}

static bool says(const struct seen *s, struct str text)
{
    for (size_t i = 0; i < s->boxes.n; i++)
        if (str_has(s->boxes.v[i].text, text))
            return true;
    return false;
}

TEST(line_at_three_widths)
{
    struct chart_line l = full(c);
    for (size_t i = 0; i < 3; i++)
        for (int standalone = 0; standalone < 2; standalone++) {
            struct chart_frame f = frame(c, widths[i]);
            f.standalone = standalone;
            f.desc = S("Từ 43,8% lên 54,6%.");
            struct out o;
            out_init(&o, c->arena, 1 << 20);
            struct chart_told told;
            chart_line(&o, c->arena, &f, &l, &told);
            struct seen s = look(c, &o);
            check_labels(&s);
            CHECK_INT((int)s.w, widths[i]);
            CHECK_INT((int)s.h, told.height);
            CHECK_INT(s.links, standalone ? 0 : 8);
            CHECK_INT(s.titles, 9);
            CHECK(told.cut && told.from > 0 && told.from <= 43.8 && told.to >= 85);
            CHECK(says(&s, S("Mục tiêu 2030: từ 85%")) && says(&s, S("54,6%")) && says(&s, S("79,3%")));
            CHECK(says(&s, S("2025")) && says(&s, S("2030")));
            CHECK(str_has(out_str(&o), S("class=")) == !standalone);
        }
}

/* Everything in one place: values on the target, the path through them, a forecast that stays there. */
TEST(line_labels_in_a_crowd)
{
    for (int turn = 0; turn < 24; turn++) {
        struct chart_line l = full(c);
        size_t n = 1 + (size_t)turn % 8;
        struct chart_point *v = NEWN(c->arena, struct chart_point, 8);
        for (size_t i = 0; i < n; i++)
            v[i] = (struct chart_point){2029 + (double)i / 4, 84 + (double)((i * 7 + (size_t)turn) % 5) / 2};
        struct chart_series series = {S(""), v, n};
        l.series = &series;
        struct chart_at path[] = {{2029, 84}, {2031, 85.5}};
        l.path = path;
        struct chart_ahead ahead[] = {{v[n - 1].x, v[n - 1].y, 84.6, 85.1, 84.5, 85.2},
                                      {2031, 85, 84.9, 85.1, 84.8, 85.2}};
        l.ahead = ahead;
        l.n_ahead = turn % 3 ? 2 : 0;
        l.target_high = turn % 2 ? 86 : NAN;
        for (size_t w = 0; w < 3; w++) {
            struct chart_frame f = frame(c, widths[w]);
            f.height = turn % 4 == 3 ? 140 : 0;
            struct out o;
            out_init(&o, c->arena, 1 << 20);
            chart_line(&o, c->arena, &f, &l, NULL);
            struct seen s = look(c, &o);
            check_labels(&s);
            CHECK(says(&s, S("54,6%")) || f.height);
        }
    }
}

TEST(line_is_escaped)
{
    struct chart_line l = full(c);
    struct chart_point *v = NEWN(c->arena, struct chart_point, 2);
    struct str bad = S("<script>\"'&]]>\x01\x1f\xef\xbf\xbf");
    v[0] = (struct chart_point){2026, 1, false, bad, S("/a?b=\"&c=<")};
    v[1] = (struct chart_point){2027, 2, false, bad, S("javascript:alert(1)")};
    struct chart_series series = {bad, v, 2};
    l.series = &series;
    l.first_text = l.last_text = l.last_note = l.path_text = l.target_text = l.ahead_text = l.ahead_note = bad;
    l.ahead_low = l.ahead_high = l.band_text = l.y_unit = bad;
    struct chart_frame f = {.id = S("a\"b"), .title = bad, .desc = bad, .width = 1240};
    struct out o;
    out_init(&o, c->arena, 1 << 20);
    chart_line(&o, c->arena, &f, &l, NULL);
    struct seen s = look(c, &o);
    CHECK_INT(s.links, 1);
    CHECK(!str_has(out_str(&o), S("javascript")));
    CHECK(!str_has(out_str(&o), S("<script")));
}

static struct chart_told draw(struct ctx *c, const struct chart_line *l, int width)
{
    struct out o;
    out_init(&o, c->arena, 8 << 20);
    struct chart_frame f = frame(c, width);
    struct chart_told told;
    chart_line(&o, c->arena, &f, l, &told);
    struct seen s = look(c, &o);
    check_labels(&s);
    CHECK(told.to > told.from);
    return told;
}

TEST(line_of_odd_values)
{
    static const double odd[][3] = {{5, 5, 5},
                                    {0, 0, 0},
                                    {NAN, NAN, NAN},
                                    {-3, -2, -1},
                                    {-1, 0, 1},
                                    {1e-12, 2e-12, 3e-12},
                                    {1e15, 2e15, 3e15},
                                    {-1e308, 0, 1e308},
                                    {1e289, -1e289, 0},
                                    {5e-324, 0, 5e-324},
                                    {1e12, 1e12 + 1, 1e12 + 2},
                                    {INFINITY, 1, -INFINITY},
                                    {NAN, 7, NAN},
                                    {1, NAN, 3},
                                    {0.1, 0.2, 0.3},
                                    {999999, 1000001, 1000003}};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        for (size_t n = 0; n <= 3; n++)
            for (size_t w = 0; w < 3; w++) {
                struct chart_point v[3] = {{2024, odd[i][0]}, {2025, odd[i][1]}, {2026, odd[i][2], true}};
                struct chart_series series = {S("x"), v, n};
                struct chart_line l = {
                    .series = &series, .n_series = 1, .nothing = S("Chưa có số liệu"), .from = NAN, .to = NAN};
                struct chart_told told = draw(c, &l, widths[w]);
                for (size_t k = 0; k < n; k++)
                    if (fabs(odd[i][k]) < 1e290)
                        CHECK(told.from <= odd[i][k] && odd[i][k] <= told.to);
            }
}

TEST(line_of_odd_times)
{
    static const double odd[][3] = {{2026, 2026, 2026},    {NAN, NAN, NAN},    {-1e300, 0, 1e300},
                                    {1900, 2026, 2999},    {2026, 2025, 2024}, {2026.001, 2026.002, 2026.003},
                                    {INFINITY, 2026, 2027}};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        for (size_t w = 0; w < 3; w++) {
            struct chart_point v[3] = {{odd[i][0], 1}, {odd[i][1], 2}, {odd[i][2], 3}};
            struct chart_series series = {S("x"), v, 3};
            struct chart_line l = {.series = &series, .n_series = 1, .from = NAN, .to = NAN};
            (void)draw(c, &l, widths[w]);
        }
}

TEST(line_axis_begins_at_zero_unless_cut)
{
    struct chart_point v[2] = {{2025, 3}, {2026, 100}};
    struct chart_series series = {S(""), v, 2};
    struct chart_line l = {.series = &series, .n_series = 1};
    struct chart_told told = draw(c, &l, 640);
    CHECK(!told.cut && told.from == 0);
    v[0].y = 90;
    told = draw(c, &l, 640);
    CHECK(told.cut && told.from > 0);
    v[0].y = -5;
    told = draw(c, &l, 640);
    CHECK(!told.cut && told.from < 0);
}

/* A wide forecast must not press the figures flat. */
TEST(line_band_does_not_flatten)
{
    struct chart_line l = full(c);
    struct chart_ahead ahead[2] = {{2027, 54.6, 54.6, 54.6, 54.6, 54.6}, {2031, 79.3, -4000, 5000, -9000, 9000}};
    l.ahead = ahead;
    l.n_ahead = 2;
    struct chart_told told = draw(c, &l, 1240);
    CHECK(told.to < 200 && told.from > -200);
    l.bounded = true;
    l.floor = 0;
    l.ceiling = 100;
    told = draw(c, &l, 1240);
    CHECK(told.to <= 100 && told.from >= 0);
}

TEST(line_compares_series)
{
    static const char *const names[] = {"Toàn tỉnh",       "Phường Đông Hoa Lư", "Xã Gia Viễn",
                                        "Phường Nam Định", "Xã Kim Sơn",         "Xã Cúc Phương"};
    struct chart_series series[6];
    for (size_t i = 0; i < 6; i++) {
        struct chart_point *v = NEWN(c->arena, struct chart_point, 8);
        for (size_t k = 0; k < 8; k++)
            v[k] =
                (struct chart_point){2025 + (double)k / 4, 50 + (double)k + 0.3 * (double)i, k == 7, S("x"), S("#x")};
        series[i] = (struct chart_series){str_of(names[i]), v, 8};
    }
    struct chart_line l = {.series = series, .n_series = 6, .from = NAN, .to = NAN};
    for (size_t w = 0; w < 3; w++) {
        struct chart_frame f = frame(c, widths[w]);
        struct out o;
        out_init(&o, c->arena, 1 << 20);
        chart_line(&o, c->arena, &f, &l, NULL);
        struct seen s = look(c, &o);
        check_labels(&s);
        CHECK_INT(s.links, 48);
        for (size_t i = 0; i < 6; i++)
            CHECK(says(&s, str_head(str_of(names[i]), 8)));
    }
}

/* More series than there is room for names: some go unnamed, none leaves the picture or lies on another. */
TEST(line_compares_many)
{
    enum { N = 40 };
    struct chart_series series[N];
    for (size_t i = 0; i < N; i++) {
        struct chart_point *v = NEWN(c->arena, struct chart_point, 2);
        v[0] = (struct chart_point){2025, (double)i};
        v[1] = (struct chart_point){2026, (double)(i * i % 37) / (i % 2 ? 1 : 10)};
        series[i] = (struct chart_series){str_fmt(c->arena, "Xã %zu", i), v, 2};
    }
    for (size_t n = 2; n <= N; n += 6)
        for (size_t w = 0; w < 3; w++) {
            struct chart_line l = {.series = series, .n_series = n};
            struct chart_frame f = frame(c, widths[w]);
            f.height = w == 2 ? 90 : 0;
            struct out o;
            out_init(&o, c->arena, 1 << 20);
            chart_line(&o, c->arena, &f, &l, NULL);
            struct seen s = look(c, &o);
            check_labels(&s);
        }
}

TEST(line_stops_at_the_ceiling_of_its_writer)
{
    struct chart_line l = full(c);
    char room[100];
    struct out o;
    out_init_in(&o, room, sizeof room);
    struct chart_frame f = frame(c, 640);
    chart_line(&o, c->arena, &f, &l, NULL);
    CHECK(o.failed);
}

TEST(numbers_in_the_readers_signs)
{
    struct chart_point v[2] = {{2025, 1200}, {2026, 5000}};
    struct chart_series series = {S(""), v, 2};
    struct chart_line l = {.series = &series, .n_series = 1};
    struct chart_frame f = frame(c, 640);
    struct out o;
    out_init(&o, c->arena, 1 << 20);
    chart_line(&o, c->arena, &f, &l, NULL);
    struct seen s = look(c, &o);
    CHECK(says(&s, S("5.000")));
    out_clear(&o);
    f.decimal = '.';
    f.group = ',';
    chart_line(&o, c->arena, &f, &l, NULL);
    s = look(c, &o);
    CHECK(says(&s, S("5,000")));
}

TEST(time_of_days)
{
    int32_t day;
    CHECK(day_parse(S("2026-12-31"), &day));
    CHECK(chart_time(day) == 2027.0);
    CHECK(day_parse(S("2027-01-01"), &day));
    CHECK(chart_time(day) > 2027.0 && chart_time(day) < 2027.01);
    struct period p;
    CHECK(period_parse(S("2025-Q2"), &p));
    CHECK(fabs(chart_time_of(p) - 2025.5) < 0.01);
}

TEST(spark_and_pace)
{
    struct chart_at v[4] = {{1, 2}, {2, NAN}, {3, 5}, {4, 5}};
    struct chart_frame f = {.title = S("Xu hướng <8 quý>")};
    for (size_t n = 0; n <= 4; n++) {
        struct out o;
        out_init(&o, c->arena, 1 << 16);
        chart_spark(&o, c->arena, &f, v, n, n % 2 ? 9 : NAN);
        struct seen s = look(c, &o);
        CHECK_INT(s.circles, n > 0);
        CHECK_INT(s.ids.n, 0);
        out_clear(&o);
        chart_pace(&o, &f, (double)n - 1, n == 3 ? NAN : 0.5);
        (void)look(c, &o);
    }
}
