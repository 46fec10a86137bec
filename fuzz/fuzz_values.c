/* Tables of figures and DHIS2's sets: whatever comes in, every sound row names what there is, is finite and stands at a
 * line; every problem says in both languages what is wrong; nothing wrong means that all figures are there; and the
 * same table read again gives the same. The first byte chooses between a table and a set, as they stand or made of
 * pieces. */
#include "fuzz/fuzz.h"

#include "domain/access/viewer.h"
#include "domain/indicator/dictionary_store.h"
#include "domain/indicator/value_dhis2.h"
#include "domain/indicator/value_load.h"

#include <math.h>

#include "base/banned.h"

static const struct str table_pieces[] = {S0("indicator,place,period,value\n"),
                                          S0("Mã chỉ tiêu;Phân tổ;Địa bàn;Kỳ;Giá trị;Tạm tính;Lý do\n"),
                                          S0("Kỳ,2026-Q1\n"),
                                          S0("Địa bàn,DN,DN:a,B\n"),
                                          S0("DN"),
                                          S0("TL"),
                                          S0("B"),
                                          S0("X1"),
                                          S0("xã Hai"),
                                          S0("37"),
                                          S0("2026-Q1"),
                                          S0("Quý II/2026"),
                                          S0("2025"),
                                          S0("2026-05-01"),
                                          S0(","),
                                          S0(","),
                                          S0(","),
                                          S0(";"),
                                          S0(";"),
                                          S0("\n"),
                                          S0("\n"),
                                          S0("1.234"),
                                          S0("1.234,5"),
                                          S0("\"1,234.5\""),
                                          S0("12"),
                                          S0("…"),
                                          S0("5%"),
                                          S0("1e400"),
                                          S0("\""),
                                          S0("ước"),
                                          S0("'=1"),
                                          S0("a")};
static const struct str set_pieces[] = {S0("{\"dataValues\":["),
                                        S0("{"),
                                        S0("}"),
                                        S0("]"),
                                        S0("["),
                                        S0(","),
                                        S0(":"),
                                        S0("\"dataElement\":\"DN\""),
                                        S0("\"dataElement\":\"B\""),
                                        S0("\"orgUnit\":\"X1\""),
                                        S0("\"orgUnit\":\"37\""),
                                        S0("\"period\":\"2026Q1\""),
                                        S0("\"period\":2025"),
                                        S0("\"value\":\"12\""),
                                        S0("\"value\":-1.5e3"),
                                        S0("\"value\":null"),
                                        S0("\"categoryOptionCombo\":\"a\""),
                                        S0("\"comment\":\"\\u0110\""),
                                        S0("\"deleted\":true"),
                                        S0("\"x\":[1,{}]"),
                                        S0("\"dryRun\":true"),
                                        S0("\"idScheme\":\"code\"")};

struct world {
    const struct org_catalogue *catalogue;
    const struct dictionary *dictionary;
};

static struct world world(struct ctx *c)
{
    static const struct org_file orgs[] = {
        {S0("kinds.csv"), S0("kind,name,of,rank\nprovince,tỉnh,area,1\ncommune,xã,area,2\n")},
        {S0("areas.csv"), S0("area,name,kind,parent\n37,Một,province,\nX1,Một,commune,37\nX2,Hai,commune,37\n")}};
    static const struct org_file indicators[] = {
        {S0("dimensions.csv"), S0("dimension,category,name,name_en,ordinal\nd,a,A,A,1\nd,b,B,B,2\n")},
        {S0("indicators.csv"),
         S0("code,name,name_en,unit,places,direction,frequency,tree,over_places,over_time,formula,"
            "dimensions,low,high,jump\n"
            "DN,Doanh nghiệp,Firms,cái,0,up,quarter,area,sum,last,,d,0,,0.5\n"
            "B,Điểm,Points,điểm,2,up,year,area,mean,last,,,0,100,\n"
            "TL,Tỷ lệ,Share,%,1,up,quarter,area,none,none,100 * [DN] / [DN],,0,100,\n")}};
    struct world w = {0};
    HOLDS(!org_catalogue_read(c, orgs, 2, NULL, NULL, &w.catalogue));
    HOLDS(!dictionary_read(c, indicators, 2, NULL, NULL, NULL, &w.dictionary));
    return w;
}

static void look(struct ctx *c, const struct world *w, const struct value_batch *b, struct value_problems *problems)
{
    size_t wrong = problems->errors;
    for (size_t i = 0; i < b->rows.n; i++) {
        const struct value_row *r = &b->rows.v[i];
        HOLDS(isfinite(r->amount) && r->period > 0 && r->origin > 0);
        HOLDS(r->series < b->series.n && r->place < b->places.n && r->source < b->sources.n && r->note <= b->notes.n);
        HOLDS(dictionary_indicator(w->dictionary, b->series.v[r->series].indicator));
        HOLDS(org_area(w->catalogue, b->places.v[r->place]) || org_unit(w->catalogue, b->places.v[r->place]));
    }
    HOLDS(!value_check(c, w->dictionary, w->catalogue, b, problems));
    HOLDS(problems->errors >= wrong);
    for (size_t i = 0; i < problems->n; i++)
        HOLDS(problems->v[i].message.n && problems->v[i].message_en.n &&
              str_is_utf8(value_problem_text(c, &problems->v[i]), NULL));
    HOLDS((value_refuse(c, S("a"), problems) == OK) == !problems->errors);
}

static void table(struct ctx *c, const struct world *w, struct str text)
{
    struct value_load load = {.content = text, .name = S("a.csv")}, again = load;
    if (value_load_read(c, w->dictionary, w->catalogue, &load))
        return;
    HOLDS(!value_load_read(c, w->dictionary, w->catalogue, &again));
    HOLDS(again.batch.rows.n == load.batch.rows.n && again.problems.errors == load.problems.errors);
    HOLDS((size_t)load.cells >= load.batch.rows.n);
    HOLDS(load.problems.errors || (size_t)load.cells == load.batch.rows.n);
    look(c, w, &load.batch, &load.problems);
}

static void set(struct ctx *c, const struct world *w, struct str text)
{
    struct value_dhis2 s = {.body = text};
    struct out o;
    struct emit e;
    if (value_dhis2_read(c, w->dictionary, w->catalogue, &s))
        return;
    HOLDS((size_t)s.rows >= s.batch.rows.n && (s.problems.errors || (size_t)s.rows == s.batch.rows.n));
    look(c, w, &s.batch, &s.problems);
    out_init(&o, c->arena, 64 << 20);
    emit_init(&e, &o, EMIT_JSON);
    value_dhis2_emit(&e, &s);
    HOLDS(!o.failed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena arena;
    struct ctx c = fuzz_ctx(&arena);
    static struct arena kept; /* the world, made once */
    static struct world w;
    if (!w.dictionary) {
        struct ctx maker = fuzz_ctx(&kept);
        w = world(&maker);
    }
    struct str text = {(const char *)data + 1, n ? n - 1 : 0};
    c.viewer = &viewer_system;
    if (n && data[0] == '!')
        text = fuzz_compose(&arena, data + 1, n - 1, table_pieces, sizeof table_pieces / sizeof *table_pieces);
    else if (n && data[0] == '?')
        text = fuzz_compose(&arena, data + 1, n - 1, set_pieces, sizeof set_pieces / sizeof *set_pieces);
    if (n && (data[0] == '?' || data[0] == '{'))
        set(&c, &w, text);
    else if (n && !str_starts(text, S("PK")))
        table(&c, &w, text);
    arena_reset(&arena);
    return 0;
}
