#include "domain/geo/geo.h"
#include "test/test.h"

#include <math.h>
#include <string.h>

#include "base/banned.h"

static enum err read(struct ctx *c, struct str text, struct geo_problems *problems, struct geo_features *f)
{
    *problems = (struct geo_problems){0};
    *f = (struct geo_features){0};
    return geo_read(c, S("t.geojson"), text, problems, f);
}

#define SQUARE "[[105,20],[105.1,20],[105.1,20.1],[105,20.1],[105,20]]"

/* One feature with this geometry. */
static struct str one(struct ctx *c, const char *geometry)
{
    return str_fmt(c->arena,
                   "{\"type\":\"FeatureCollection\",\"features\":[\n{\"type\":\"Feature\",\"geometry\":%s,"
                   "\"properties\":{\"code\":\"13285\"}}]}",
                   geometry);
}

TEST(reads_polygons_and_several)
{
    struct geo_problems p;
    struct geo_features f;
    CHECK_OK(
        read(c,
             S("\xef\xbb\xbf {\"type\":\"FeatureCollection\",\"name\":{\"a\":[1,{\"b\":null}]},\"features\":["
               "{\"type\":\"Feature\",\"id\":7,\"geometry\":{\"coordinates\":[" SQUARE
               ",[[105.04,20.04],[105.06,20.04],[105.05,20.06],[105.04,20.04]]],\"type\":\"Polygon\"},"
               "\"properties\":{\"ma\":13285,\"full_name\":\"Ph\\u01b0\\u1eddng Ph\\u1ee7 L\\u00fd\",\"name\":\"x\"}},"
               "{\"properties\":{\"TEN\":\"Xã B\"},\"type\":\"Feature\",\"geometry\":{\"type\":\"MultiPolygon\","
               "\"coordinates\":[[" SQUARE "],[" SQUARE "]]}}]}"),
             &p, &f));
    CHECK_INT(p.n, 0);
    CHECK_INT(f.n, 2);
    CHECK_STR(f.v[0].code, S("13285"));
    CHECK_STR(f.v[0].name, S("Phường Phủ Lý"));
    CHECK_INT(f.v[0].n_rings, 2);
    CHECK_INT(f.v[0].rings[0].n, 4);
    CHECK_INT(f.v[0].rings[1].n, 3);
    CHECK_INT(f.v[0].rings[0].v[2].x, 10510000);
    CHECK_INT(f.v[0].rings[0].v[2].y, 2010000);
    CHECK_STR(f.v[1].name, S("Xã B"));
    CHECK_INT(f.v[1].n_rings, 2);
    CHECK_INT(f.v[1].number, 2);
}

/* Every feature that is wrong is named by its number, all in one go. */
TEST(names_every_problem)
{
    static const char *const wrong[] = {
        "null",
        "{\"type\":\"Point\",\"coordinates\":[105,20]}",
        "{\"type\":\"LineString\",\"coordinates\":" SQUARE "}",
        "{\"type\":\"Polygon\",\"coordinates\":[[" SQUARE "]]}",
        "{\"type\":\"MultiPolygon\",\"coordinates\":[" SQUARE "]}",
        "{\"type\":\"Polygon\",\"coordinates\":[]}",
        "{\"type\":\"Polygon\",\"coordinates\":[[[105,20],[105.1,20],[105.1,20.1],[105,20.1]]]}",
        "{\"type\":\"Polygon\",\"coordinates\":[[[105,20],[105.1,20],[105,20]]]}",
        "{\"type\":\"Polygon\",\"coordinates\":[[[105,20],[105.1,20],[105.2,20],[105,20]]]}",
        "{\"type\":\"Polygon\",\"coordinates\":[[[6e5,2200000],[600001,2200000],[600001,2200001],[6e5,2200000]]]}",
        "{\"type\":\"Polygon\",\"coordinates\":[[[105,91],[105.1,20],[105.1,20.1],[105,91]]]}",
        "{\"type\":\"Polygon\",\"coordinates\":[[[1e308,20],[105.1,20],[105.1,20.1],[1e308,20]]]}",
        "{\"type\":\"GeometryCollection\",\"geometries\":[]}",
        "{}",
    };
    enum { N = sizeof wrong / sizeof *wrong };
    struct str text = S("{\"type\":\"FeatureCollection\",\"features\":[");
    for (size_t i = 0; i < N; i++)
        text = str_fmt(c->arena, "%.*s%s{\"type\":\"Feature\",\"geometry\":%s,\"properties\":{\"code\":\"1\"}}",
                       ARGS(text), i ? "," : "", wrong[i]);
    text = str_fmt(c->arena, "%.*s]}", ARGS(text));
    struct geo_problems p;
    struct geo_features f;
    CHECK_OK(read(c, text, &p, &f));
    bool seen[N + 1] = {false};
    for (size_t i = 0; i < p.n; i++) {
        CHECK(p.v[i].feature >= 1 && p.v[i].feature <= N && p.v[i].text.n);
        seen[p.v[i].feature] = true;
    }
    for (size_t i = 1; i <= N; i++)
        if (!seen[i])
            test_failed(__FILE__, __LINE__, "nothing said of %s", wrong[i - 1]);
    CHECK_OK(read(c,
                  S("{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"geometry\":{\"type\":"
                    "\"Polygon\",\"coordinates\":[" SQUARE "]},\"properties\":{\"other\":1}}]}"),
                  &p, &f));
    CHECK_INT(p.n, 1); /* no name */
}

/* What is no GeoJSON is refused with its line. */
TEST(refuses_what_is_not_geojson)
{
    static const char *const bad[] = {"",
                                      "x",
                                      "[]",
                                      "{}",
                                      "{\"type\":\"FeatureCollection\"}",
                                      "{\"type\":\"FeatureCollection\",\"features\":[]} x",
                                      "{\"type\":\"FeatureCollection\",\"features\":[],}",
                                      "{\"type\":\"FeatureCollection\",\"features\":[1]}",
                                      "{\"type\":\"FeatureCollection\",\"features\":[{}]}",
                                      "{\"type\":\"Feature\",\"features\":[]}",
                                      "{\"type\":\"FeatureCollection\",\"features\":[",
                                      "{\"a\xff\":1}",
                                      "{\"a\":\"\\u12\"}",
                                      "{\"a\":01}",
                                      "{\"a\":1.}",
                                      "{\"a\":1e}",
                                      "{\"a\":-}",
                                      "{\"a\":\"\x01\"}",
                                      "{\"a\":tru}"};
    struct geo_problems p;
    struct geo_features f;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        c->error = (struct error){0};
        if (read(c, str_of(bad[i]), &p, &f) != E_INVALID)
            test_failed(__FILE__, __LINE__, "taken: %s", bad[i]);
        CHECK(c->error.line >= 1 && c->error.message.n);
        CHECK_STR(c->error.file, S("t.geojson"));
    }
    CHECK_INT(read(c, one(c, "{\"type\":\"Polygon\",\"coordinates\":[[[105,20],[1,\n2],[105]]]}"), &p, &f), E_INVALID);
    CHECK_INT(c->error.line, 3);
    CHECK(str_has(c->error.message, S("đối tượng 1")));
}

static struct str repeated(struct ctx *c, const char *before, char what, size_t n, const char *after)
{
    size_t a = strlen(before), b = strlen(after);
    char *p = NEWN(c->arena, char, a + n + b);
    memcpy(p, before, a);
    memset(p + a, what, n);
    memcpy(p + a + n, after, b);
    return (struct str){p, a + n + b};
}

TEST(refuses_bombs)
{
    struct geo_problems p;
    struct geo_features f;
    static const char begin[] = "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"geometry\":"
                                "{\"type\":\"Polygon\",\"coordinates\":";
    struct str deep = repeated(c, "", '[', 1000000, "");
    CHECK_INT(read(c, deep, &p, &f), E_INVALID);
    CHECK_INT(read(c, repeated(c, begin, '[', 1000000, ""), &p, &f), E_INVALID);
    CHECK_INT(read(c, repeated(c, "{\"x\":", '[', 1000000, ""), &p, &f), E_INVALID);
    struct str digits = repeated(c, begin, '9', 400, "");
    CHECK_INT(read(c, digits, &p, &f), E_INVALID);
    struct str inside = str_fmt(c->arena, "%s[[[1%.*s,20]]]", begin, ARGS(repeated(c, "", '0', 400, "")));
    CHECK_INT(read(c, inside, &p, &f), E_INVALID);
    CHECK(str_has(c->error.message, S("đối tượng 1")));
    /* more points than are taken */
    enum { MANY = GEO_POINTS_MAX + 1 };
    char *text = NEWN(c->arena, char, MANY * 6 + 400);
    size_t n = strlen(begin);
    memcpy(text, begin, n);
    memcpy(text + n, "[[", 2);
    n += 2;
    for (size_t i = 0; i < MANY; i++, n += 6)
        memcpy(text + n, "[1,2],", 6);
    CHECK_INT(read(c, (struct str){text, n}, &p, &f), E_LIMIT);
}

/* Two areas with a winding common border: after thinning, the points on it are the same in both. */
TEST(thinning_keeps_borders_together)
{
    enum { N = 2000 };
    for (int turn = 0; turn < 4; turn++) {
        struct geo_point *left = NEWN(c->arena, struct geo_point, N + 2),
                         *right = NEWN(c->arena, struct geo_point, N + 2);
        for (int i = 0; i < N; i++) {
            struct geo_point p = {10550000 + (int)(300 * sin(i / 9.0) + 80 * sin(i / 2.0)), 2000000 + i * 10};
            left[i] = p;
            right[turn % 2 ? i : N - 1 - i] = p;
        }
        left[N] = (struct geo_point){10500000, 2000000 + N * 10};
        left[N + 1] = (struct geo_point){10500000, 2000000};
        right[N] = (struct geo_point){10600000, turn % 2 ? 2000000 + N * 10 : 2000000};
        right[N + 1] = (struct geo_point){10600000, turn % 2 ? 2000000 : 2000000 + N * 10};
        struct geo_ring rings[] = {{left, N + 2}, {right, N + 2}};
        struct geo_feature v[] = {{.number = 1, .rings = &rings[0], .n_rings = 1},
                                  {.number = 2, .rings = &rings[1], .n_rings = 1}};
        struct geo_features f = {v, 2, 2};
        geo_thin(c->arena, &f, turn < 2 ? 30 : 200);
        CHECK(rings[0].n < N / 2 && rings[0].n > 6);
        size_t shared = 0;
        for (size_t i = 0; i < rings[0].n; i++)
            for (size_t k = 0; k < rings[1].n; k++)
                shared += rings[0].v[i].x == rings[1].v[k].x && rings[0].v[i].y == rings[1].v[k].y;
        CHECK_INT(shared, rings[0].n - 2); /* all but the two corners of its own */
        CHECK_INT(shared, rings[1].n - 2);
    }
}

/* An enclave and the hole it lies in, begun at different points and walked in different ways, thin alike. */
TEST(thinning_keeps_enclaves)
{
    enum { N = 500 };
    struct geo_point *hole = NEWN(c->arena, struct geo_point, N), *inner = NEWN(c->arena, struct geo_point, N);
    for (int i = 0; i < N; i++) {
        double t = 2 * M_PI * i / N;
        struct geo_point p = {10500000 + (int)(900 * cos(t) + 60 * cos(23 * t)), 2000000 + (int)(900 * sin(t))};
        hole[i] = p;
        inner[(N + 123 - i) % N] = p;
    }
    struct geo_point outer[] = {{10490000, 1990000}, {10510000, 1990000}, {10510000, 2010000}, {10490000, 2010000}};
    struct geo_ring a[] = {{outer, 4}, {hole, N}}, b[] = {{inner, N}};
    struct geo_feature v[] = {{.rings = a, .n_rings = 2}, {.rings = b, .n_rings = 1}};
    struct geo_features f = {v, 2, 2};
    geo_thin(c->arena, &f, 50);
    CHECK(b[0].n >= 3 && b[0].n < N / 2);
    CHECK_INT(v[0].n_rings, 2);
    CHECK_INT(a[0].n, 4);
    CHECK_INT(a[1].n, b[0].n);
    for (size_t i = 0; i < b[0].n; i++) {
        bool found = false;
        for (size_t k = 0; k < a[1].n; k++)
            found = found || (a[1].v[k].x == b[0].v[i].x && a[1].v[k].y == b[0].v[i].y);
        CHECK(found);
    }
}

/* No point is further from the thinned border than was allowed. */
TEST(thinning_moves_no_further_than_said)
{
    enum { N = 3000 };
    struct geo_point *v = NEWN(c->arena, struct geo_point, N), *was = NEWN(c->arena, struct geo_point, N);
    for (int i = 0; i < N; i++) {
        double t = 2 * M_PI * i / N;
        was[i] = v[i] = (struct geo_point){10500000 + (int)((9000 + 300 * sin(31 * t)) * cos(t)),
                                           (int)((9000 + 200 * sin(57 * t)) * sin(t))};
    }
    struct geo_ring ring = {v, N};
    struct geo_feature feature = {.rings = &ring, .n_rings = 1};
    struct geo_features f = {&feature, 1, 1};
    geo_thin(c->arena, &f, 100);
    CHECK(ring.n < N / 4);
    for (int i = 0; i < N; i++) {
        double best = INFINITY;
        for (size_t k = 0; k < ring.n; k++) {
            const struct geo_point *a = &ring.v[k], *b = &ring.v[(k + 1) % ring.n];
            double dx = b->x - a->x, dy = b->y - a->y, x = was[i].x - a->x, y = was[i].y - a->y;
            double t = fmin(fmax((x * dx + y * dy) / (dx * dx + dy * dy), 0), 1);
            best = fmin(best, hypot(x - t * dx, y - t * dy));
        }
        CHECK(best * 1.1132 <= 100.5); /* a unit of the grid is 1.1132 m */
    }
}

TEST(a_shape_is_written_and_read_back)
{
    struct geo_point a[] = {{10592270, 2051650}, {10592550, 2051400}, {10592850, -2051660}},
                     b[] = {{-1, 0}, {0, -1}, {1, 1}};
    struct geo_ring rings[] = {{a, 3}, {b, 3}};
    struct geo_feature f = {.rings = rings, .n_rings = 2};
    struct shape shape;
    struct str text = geo_text(c, &f);
    CHECK_OK(geo_shape_of(c, text, &shape));
    CHECK_INT(shape.n, 2);
    for (size_t r = 0; r < 2; r++) {
        CHECK_INT(shape.v[r].n, 3);
        for (size_t k = 0; k < 3; k++) {
            CHECK_INT(lround(shape.v[r].v[k].x * GEO_UNITS), rings[r].v[k].x);
            CHECK_INT(lround(shape.v[r].v[k].y * GEO_UNITS), rings[r].v[k].y);
        }
    }
    CHECK_INT(geo_shape_of(c, S("1 2 3"), &shape), E_INTERNAL);
    CHECK_INT(geo_shape_of(c, S("x"), &shape), E_INTERNAL);
    CHECK_INT(geo_shape_of(c, S("9223372036854775807 9223372036854775807 1 1"), &shape), E_INTERNAL);
    CHECK_OK(geo_shape_of(c, S(""), &shape));
    CHECK_INT(shape.n, 0);
}
