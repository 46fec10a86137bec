/* Boundaries: whatever comes in, a file is refused with a line, or its features are named or right; what is right is
 * thinned, written and read back as it was, and can be drawn. */
#include "fuzz/fuzz.h"

#include "document/chart/chart.h"
#include "domain/geo/geo.h"

#include "base/banned.h"

static void use(struct ctx *c, struct geo_features *f, double metres)
{
    geo_thin(c->arena, f, metres);
    struct shape *shapes = NEWN(c->arena, struct shape, f->n + 1);
    struct chart_area *areas = NEWN(c->arena, struct chart_area, f->n + 1);
    for (size_t i = 0; i < f->n; i++) {
        struct str text = geo_text(c, &f->v[i]);
        HOLDS(text.p || !f->v[i].n_rings);
        HOLDS(!geo_shape_of(c, text, &shapes[i]));
        HOLDS(shapes[i].n == f->v[i].n_rings);
        for (size_t r = 0; r < shapes[i].n; r++)
            HOLDS(shapes[i].v[r].n == f->v[i].rings[r].n && shapes[i].v[r].n >= 3);
        areas[i] = (struct chart_area){.label = f->v[i].name, .value = (double)i, .shape = &shapes[i]};
    }
    struct out o;
    out_init(&o, c->arena, 64 << 20);
    struct chart_frame frame = {.id = S("m"), .title = S("m"), .width = 640};
    struct chart_map map = {.v = areas, .n = f->n};
    (void)chart_map(&o, c->arena, &frame, &map, NULL);
    HOLDS(!o.failed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const struct str pieces[] = {
        S0("{\"type\":\"FeatureCollection\",\"features\":["),
        S0("{\"type\":\"Feature\",\"properties\":{\"code\":\"1\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":"
           "["),
        S0("{\"type\":\"Feature\",\"properties\":{\"name\":\"Xã \\u0041\"},\"geometry\":{\"type\":\"MultiPolygon\","
           "\"coordinates\":[["),
        S0("[[105,20],[105.1,20],[105.1,20.1],[105,20]]"),
        S0("[105,20]"),
        S0("[105.1,20.1]"),
        S0("[105.05,20.3]"),
        S0("[105.2,19.9]"),
        S0("["),
        S0("]"),
        S0("{"),
        S0("}"),
        S0(","),
        S0("]}},"),
        S0("]}}]}"),
        S0("\"x\":"),
        S0("null"),
        S0("-1e3"),
        S0("\"\\ud83d\\ude00\""),
        S0("1e400"),
        S0("\n")};
    struct arena arena;
    struct ctx c = fuzz_ctx(&arena);
    for (int composed = 0; composed < 2; composed++) {
        struct str text = composed ? fuzz_compose(&arena, data, n, pieces, sizeof pieces / sizeof *pieces)
                                   : (struct str){(const char *)data, n};
        struct geo_problems problems = {0};
        struct geo_features f = {0};
        c.error = (struct error){0};
        enum err e = geo_read(&c, S("t.geojson"), text, &problems, &f);
        HOLDS(e == OK || ((e == E_INVALID || e == E_LIMIT) && c.error.line && c.error.message.n));
        for (size_t i = 0; i < problems.n; i++)
            HOLDS(problems.v[i].feature > 0 && str_is_utf8(problems.v[i].text, NULL));
        if (!e && !problems.n)
            use(&c, &f, n && data[0] % 2 ? 30 : 5000);
    }
    arena_reset(&arena);
    return 0;
}
