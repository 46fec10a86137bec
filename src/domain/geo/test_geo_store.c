#include "domain/geo/geo.h"
#include "domain/org/org_store.h"
#include "ledger/ledger.h"
#include "test/store.h"

#include <math.h>
#include <stdlib.h>

#include "base/banned.h"

/* Three areas in a row, and a fourth without a centre. */
static struct writer *begin(struct ctx *c)
{
    struct writer *w = test_writer(c);
    struct org_file files[] = {
        {S("areas.csv"), S("area,name,kind,lon,lat\n00013,Một,commune,105.05,20.05\n00014,Hai,commune,105.15,20.05\n"
                           "00015,Ba,commune,105.25,20.05\n00016,Ba,ward,,\n")}};
    struct org_load load = {.files = files, .n_files = 1};
    struct command command = {.run = org_load_run, .arg = &load};
    CHECK_OK(writer_run(w, c, &command));
    return w;
}

static struct str square(struct ctx *c, const char *properties, double west, const char *more)
{
    return str_fmt(c->arena,
                   "{\"type\":\"Feature\",\"properties\":{%s},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":"
                   "[[[%.2f,20],[%.2f,20],[%.2f,20.1],[%.2f,20.1],[%.2f,20]]]}}%s",
                   properties, west, west + 0.1, west + 0.1, west, west, more);
}

static struct str collection(struct ctx *c, struct str features)
{
    return str_fmt(c->arena, "{\"type\":\"FeatureCollection\",\"features\":[%.*s]}", ARGS(features));
}

static enum err load(struct writer *w, struct ctx *c, struct str content, struct geo_load *ret, int64_t *ret_position)
{
    *ret = (struct geo_load){.name = S("t.geojson"), .content = content, .metres = NAN};
    TRY(geo_load_prepare(c, ret));
    struct command command = {.run = geo_load_run, .arg = ret};
    TRY(writer_run(w, c, &command));
    *ret_position = command.position;
    return OK;
}

static double west(const struct shape *s)
{
    double x = s->v[0].v[0].x;
    for (size_t i = 1; i < s->v[0].n; i++)
        x = fmin(x, s->v[0].v[i].x);
    return x;
}

static struct geo_shapes shapes(struct ctx *c, int64_t at)
{
    static struct str codes[] = {S0("00013"), S0("00014"), S0("00015")};
    const struct org_catalogue *catalogue = NULL;
    struct geo_shapes ret = {0};
    CHECK_OK(org_catalogue_from_store(c, POS_NOW, &catalogue));
    CHECK_OK(geo_shapes(c, catalogue, (struct strs){codes, 3}, at, &ret));
    return ret;
}

TEST(cells_until_boundaries_are_loaded)
{
    struct writer *w = begin(c);
    struct geo_shapes s = shapes(c, POS_NOW);
    CHECK(!s.real);
    CHECK_INT(s.missing, 0);
    struct geo_load l;
    int64_t first, second, position;
    struct str file = collection(c, str_fmt(c->arena, "%.*s%.*s%.*s", ARGS(square(c, "\"code\":\"00013\"", 105, ",")),
                                            ARGS(square(c, "\"ma\":14", 105.1, ",")),
                                            ARGS(square(c, "\"name\":\"xã Ba\"", 105.2, ""))));
    CHECK_OK(load(w, c, file, &l, &first));
    CHECK_INT(l.added, 3);
    CHECK_INT(l.points, 12);
    s = shapes(c, POS_NOW);
    CHECK(s.real);
    CHECK_INT(s.missing, 0);
    CHECK_INT(s.v[2].n, 1);
    CHECK_INT(s.v[2].v[0].n, 4);
    CHECK(fabs(west(&s.v[1]) - 105.1) < 1e-9);
    CHECK_OK(geo_changed(c, &position));
    CHECK_INT(position, first);
    /* the same file again changes nothing and leaves no event */
    CHECK_OK(load(w, c, file, &l, &second));
    CHECK_INT(l.unchanged, 3);
    CHECK_OK(geo_changed(c, &position));
    CHECK_INT(position, first);
    /* one moves; what was known before stays known */
    CHECK_OK(load(w, c, collection(c, square(c, "\"code\":\"00013\"", 104.9, "")), &l, &second));
    CHECK_INT(l.changed, 1);
    CHECK_INT(l.added + l.unchanged, 0);
    CHECK(fabs(west(&shapes(c, POS_NOW).v[0]) - 104.9) < 1e-9);
    CHECK(fabs(west(&shapes(c, second - 1).v[0]) - 105) < 1e-9);
    CHECK(shapes(c, POS_NOW).real && shapes(c, first).real && !shapes(c, first - 1).real);
    static const char *const subjects[] = {"areas/00013", "areas"};
    for (size_t i = 0; i < 2; i++) {
        struct ledger_query q = {
            .subject = str_of(subjects[i]), .kind = S("geo.load"), .above = 0, .below = POS_OPEN, .limit = 10};
        struct ledger_found found;
        CHECK_OK(ledger_find(c, &q, &found));
        CHECK_INT(found.events.n, 2);
    }
}

TEST(nothing_is_half_loaded)
{
    struct writer *w = begin(c);
    struct geo_load l;
    int64_t position, changed;
    struct str good = square(c, "\"code\":\"00013\"", 105, ",");
    static const char *const bad[] = {"\"code\":\"00099\"", "\"name\":\"Không có xã này\"", "\"code\":\"00013\"",
                                      "\"name\":\"Ba\"", "\"x\":1"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct str file = collection(c, str_fmt(c->arena, "%.*s%.*s", ARGS(good), ARGS(square(c, bad[i], 105.1, ""))));
        if (load(w, c, file, &l, &position) != E_INVALID)
            test_failed(__FILE__, __LINE__, "taken: %s", bad[i]);
        CHECK(str_has(c->error.message, S("đối tượng 2")));
        CHECK(!str_has(c->error.message, S("đối tượng 1:")));
        CHECK_STR(c->error.file, S("t.geojson"));
    }
    CHECK_OK(geo_changed(c, &changed));
    CHECK_INT(changed, 0);
    CHECK(!shapes(c, POS_NOW).real);
    CHECK_INT(load(w, c, collection(c, S("")), &l, &position), E_INVALID);
    l = (struct geo_load){
        .name = S("t"), .content = collection(c, square(c, "\"code\":\"00013\"", 105, "")), .metres = -1};
    CHECK_INT(geo_load_prepare(c, &l), E_INVALID);
    l.metres = 5000; /* nothing of eleven kilometres is lost, but the square must stay one */
    CHECK_OK(geo_load_prepare(c, &l));
    CHECK_OK(geo_load_check(c, &l));
    CHECK_INT(l.added, 1);
    CHECK(!shapes(c, POS_NOW).real); /* only looked */
}

/* A few boundaries among many areas are not a map. */
TEST(mostly_unknown_is_drawn_as_cells)
{
    struct writer *w = begin(c);
    struct geo_load l;
    int64_t position;
    CHECK_OK(load(w, c, collection(c, square(c, "\"code\":\"00013\"", 105, "")), &l, &position));
    struct geo_shapes s = shapes(c, POS_NOW);
    CHECK(!s.real);
    CHECK_INT(s.missing, 0);
    CHECK_OK(load(w, c, collection(c, square(c, "\"code\":\"00014\"", 105.1, "")), &l, &position));
    s = shapes(c, POS_NOW);
    CHECK(s.real);
    CHECK_INT(s.missing, 1);
}

/* The boundaries of Ninh Bình, where they are at hand: every commune of the catalogue gets its outline. */
TEST(boundaries_of_the_province)
{
    const char *root = getenv("HOALU_SOURCE_ROOT");
    char *path = str_z(c->arena, str_fmt(c->arena, "%s/../shared/geo/ninh-binh-communes.geojson", root ? root : "."));
    FILE *file = fopen(path, "r");
    if (!file)
        return;
    char *text = NEWN(c->arena, char, 1 << 20);
    size_t n = fread(text, 1, 1 << 20, file);
    fclose(file);
    struct writer *w = test_writer(c);
    struct org_files builtin = org_files_builtin(c);
    struct org_load orgs = {.files = builtin.v, .n_files = builtin.n};
    struct command command = {.run = org_load_run, .arg = &orgs};
    CHECK_OK(writer_run(w, c, &command));
    struct geo_load l;
    int64_t position;
    CHECK_OK(load(w, c, (struct str){text, n}, &l, &position));
    CHECK_INT(l.added, 129);
    CHECK(l.kept_points > 129 * 4 && l.kept_points < l.points);
}
