/* Boundaries in the store: loading them, and what shapes areas have. */
#include "domain/geo/geo.h"
#include "domain/geo/geo.sql.h"

#include "base/emit.h"
#include "base/viet.h"
#include "document/chart/cells.h"
#include "ledger/ledger.h"

#include <math.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum {
    HASH = 32,
    PAYLOAD_MAX = 4 << 20,
    TOLD_MAX = 100, /* problems in a message */
};

RECORD(geo_load_record, struct geo_load, "geo.load", "Kết quả nạp ranh giới (what a load of boundaries did)",
       {"features", FIELD_I64, offsetof(struct geo_load, features), .doc = "đối tượng trong tệp"},
       {"points", FIELD_I64, offsetof(struct geo_load, points), .doc = "điểm trong tệp"},
       {"kept_points", FIELD_I64, offsetof(struct geo_load, kept_points), .doc = "điểm được giữ sau khi giản lược"},
       {"added", FIELD_I64, offsetof(struct geo_load, added), .doc = "địa bàn có ranh giới lần đầu"},
       {"changed", FIELD_I64, offsetof(struct geo_load, changed), .doc = "địa bàn đổi ranh giới"},
       {"unchanged", FIELD_I64, offsetof(struct geo_load, unchanged), .doc = "địa bàn giữ nguyên"});

struct geo_row {
    struct str code, rings;
    enum { ROW_SAME, ROW_NEW, ROW_CHANGED } what;
};
RECORD(geo_row_record, struct geo_row, "area_shape", "A boundary as it is kept",
       {"code", FIELD_TEXT, offsetof(struct geo_row, code)}, {"rings", FIELD_TEXT, offsetof(struct geo_row, rings)});

static int by_code(const void *x, const void *y)
{
    return str_cmp(((const struct geo_row *)x)->code, ((const struct geo_row *)y)->code);
}

/* ---- which area a feature is ---- */

struct called {
    struct str name, code; /* folded */
};
struct names {
    struct called *v;
    size_t n, cap;
};

static int by_name(const void *x, const void *y)
{
    return str_cmp(((const struct called *)x)->name, ((const struct called *)y)->name);
}

static struct names names_of(struct ctx *c, const struct org_catalogue *catalogue)
{
    struct names names = {0};
    struct org_areas areas = org_areas(catalogue);
    for (size_t i = 0; i < areas.n; i++) {
        const struct org_area *a = areas.v[i];
        struct str full = org_area_name(catalogue, c, a);
        *PUSH(c->arena, &names) = (struct called){viet_fold_text(c->arena, a->name), a->code};
        *PUSH(c->arena, &names) = (struct called){viet_fold_text(c->arena, full), a->code};
    }
    if (names.n)
        qsort(names.v, names.n, sizeof *names.v, by_name);
    return names;
}

/* The areas of a name, marks and case aside: how many, and the first. */
static size_t called(struct ctx *c, const struct names *names, struct str name, struct str *ret)
{
    struct called key = {viet_fold_text(c->arena, viet_nfc(c->arena, name)), S("")};
    const struct called *at = names->n ? bsearch(&key, names->v, names->n, sizeof key, by_name) : NULL;
    if (!at)
        return 0;
    while (at > names->v && str_eq(at[-1].name, key.name))
        at--;
    size_t n = 1;
    *ret = at->code;
    for (const struct called *next = at + 1; next < names->v + names->n && str_eq(next->name, key.name); next++)
        n += !str_eq(next->code, at->code);
    return n;
}

#define PROBLEM(c, problems, f, ...)                                                                                   \
    (*PUSH((c)->arena, (problems)) = (struct geo_problem){(f)->number, str_fmt((c)->arena, __VA_ARGS__)})

/* A spreadsheet eats the noughts before a number. */
static const struct org_area *area_of_code(struct ctx *c, const struct org_catalogue *catalogue, struct str code)
{
    const struct org_area *area = org_area(catalogue, code);
    int64_t number;
    if (area || !str_i64(code, &number) || number < 0)
        return area;
    for (int width = 2; !area && width <= 5; width++)
        area = org_area(catalogue, str_fmt(c->arena, "%0*lld", width, (long long)number));
    return area;
}

static struct str area_of(struct ctx *c, const struct org_catalogue *catalogue, const struct names *names,
                          const struct geo_feature *f, struct geo_problems *problems)
{
    if (f->code.n) {
        const struct org_area *area = area_of_code(c, catalogue, f->code);
        if (!area)
            PROBLEM(c, problems, f, "danh mục không có địa bàn mã \"%.*s\" (no area of that code)",
                    ARGS(str_head(f->code, 60)));
        return area ? area->code : (struct str){0};
    }
    if (!f->name.n)
        return (struct str){0};
    struct str code;
    size_t n = called(c, names, f->name, &code);
    struct org_match match = {0};
    if (n != 1)
        match = org_resolve(catalogue, c, viet_nfc(c->arena, f->name));
    if (match.kind == ORG_AREA)
        return match.code;
    if (n == 0)
        PROBLEM(c, problems, f, "danh mục không có địa bàn tên \"%.*s\" (no area of that name)",
                ARGS(str_head(f->name, 100)));
    else if (n > 1)
        PROBLEM(c, problems, f,
                "nhiều địa bàn cùng tên \"%.*s\"; hãy ghi mã ở thuộc tính code (several areas of that name)",
                ARGS(str_head(f->name, 100)));
    return n == 1 ? code : (struct str){0};
}

/* ---- loading ---- */

static int by_feature(const void *x, const void *y)
{
    const struct geo_problem *a = x, *b = y;
    return (a->feature > b->feature) - (a->feature < b->feature);
}

static enum err refuse(struct ctx *c, const struct geo_load *load, struct geo_problems *problems)
{
    struct out o;
    out_init(&o, c->arena, 1 << 20);
    qsort(problems->v, problems->n, sizeof *problems->v, by_feature);
    for (size_t i = 0; i < problems->n && i < TOLD_MAX; i++)
        out_fmt(&o, "%sđối tượng %lld: %.*s", i ? "\n" : "", (long long)problems->v[i].feature,
                ARGS(problems->v[i].text));
    if (problems->n > TOLD_MAX)
        out_fmt(&o, "\nvà %zu lỗi nữa (and %zu more)", problems->n - TOLD_MAX, problems->n - TOLD_MAX);
    return FAIL_AT(c, E_INVALID, load->name, 0, "%.*s", ARGS(out_str(&o)));
}

static int64_t count_points(const struct geo_features *f)
{
    int64_t n = 0;
    for (size_t i = 0; i < f->n; i++)
        for (size_t r = 0; r < f->v[i].n_rings; r++)
            n += (int64_t)f->v[i].rings[r].n;
    return n;
}

/* Two features of one area: the second is a problem. */
static void find_doubles(struct ctx *c, const struct geo_features *f, struct geo_problems *problems)
{
    struct geo_row *rows = NEWN(c->arena, struct geo_row, f->n + 1);
    size_t n = 0;
    for (size_t i = 0; i < f->n; i++)
        if (f->v[i].code.n)
            rows[n++] = (struct geo_row){f->v[i].code, {(const char *)&f->v[i], 0}, ROW_SAME};
    qsort(rows, n, sizeof *rows, by_code);
    for (size_t i = 1; i < n; i++)
        if (str_eq(rows[i].code, rows[i - 1].code)) {
            const struct geo_feature *a = (const void *)rows[i - 1].rings.p, *b = (const void *)rows[i].rings.p;
            const struct geo_feature *later = a->number > b->number ? a : b, *earlier = later == a ? b : a;
            PROBLEM(c, problems, later,
                    "địa bàn %.*s đã có ở đối tượng %lld; hãy gộp thành một MultiPolygon (the area was there already)",
                    ARGS(later->code), (long long)earlier->number);
        }
}

enum err geo_load_prepare(struct ctx *c, struct geo_load *load)
{
    const struct org_catalogue *catalogue;
    struct geo_problems problems = {0};
    struct geo_features f = {0};
    if (load->metres == load->metres && !(load->metres >= 0 && load->metres <= 5000))
        return FAIL(c, E_INVALID, "độ giản lược phải từ 0 đến 5000 mét (0 to 5000 metres)");
    TRY(geo_read(c, load->name, load->content, &problems, &f));
    TRY(org_catalogue_from_store(c, POS_NOW, &catalogue));
    struct names names = names_of(c, catalogue);
    for (size_t i = 0; i < f.n; i++)
        f.v[i].code = area_of(c, catalogue, &names, &f.v[i], &problems);
    find_doubles(c, &f, &problems);
    if (problems.n)
        return refuse(c, load, &problems);
    if (!f.n)
        return FAIL_AT(c, E_INVALID, load->name, 0, "không có đối tượng nào (no features)");
    load->features = (int64_t)f.n;
    load->points = count_points(&f);
    geo_thin(c->arena, &f, load->metres == load->metres ? load->metres : GEO_METRES);
    load->kept_points = count_points(&f);
    load->rows = NEWN(c->arena, struct geo_row, f.n);
    for (size_t i = 0; i < f.n; i++) {
        if (!f.v[i].n_rings)
            PROBLEM(c, &problems, &f.v[i],
                    "hình biến mất khi giản lược; hãy giảm --tolerance (nothing is left of the outline)");
        load->rows[i] = (struct geo_row){f.v[i].code, geo_text(c, &f.v[i]), ROW_NEW};
        if (!load->rows[i].rings.p)
            PROBLEM(c, &problems, &f.v[i], "ranh giới quá dài (the outline is too long)");
    }
    if (problems.n)
        return refuse(c, load, &problems);
    qsort(load->rows, f.n, sizeof *load->rows, by_code);
    return OK;
}

enum err geo_load_check(struct ctx *c, struct geo_load *load)
{
    struct rows rows = db_query(c, SQL_geo_shape_all, ARG((int64_t)POS_NOW));
    struct geo_row row = {0};
    load->added = load->changed = load->unchanged = 0;
    for (int64_t i = 0; i < load->features; i++)
        load->rows[i].what = ROW_NEW;
    while (db_next(&rows, &geo_row_record, &row)) {
        struct geo_row *ours = bsearch(&row, load->rows, (size_t)load->features, sizeof row, by_code);
        if (ours)
            ours->what = str_eq(row.rings, ours->rings) ? ROW_SAME : ROW_CHANGED;
    }
    TRY(db_done(&rows));
    for (int64_t i = 0; i < load->features; i++) {
        load->added += load->rows[i].what == ROW_NEW;
        load->changed += load->rows[i].what == ROW_CHANGED;
        load->unchanged += load->rows[i].what == ROW_SAME;
    }
    return OK;
}

static enum err payload_of(struct ctx *c, const struct geo_load *load, struct str *ret)
{
    struct out o;
    struct emit e;
    unsigned char hash[HASH];
    out_init(&o, c->arena, PAYLOAD_MAX);
    emit_init(&e, &o, EMIT_JSON);
    crypto_generichash(hash, HASH, (const unsigned char *)load->content.p, load->content.n, NULL, 0);
    emit_map(&e);
    emit_key(&e, S("file"));
    emit_text(&e, load->name);
    emit_key(&e, S("blake2b"));
    emit_bytes(&e, (struct str){(const char *)hash, HASH});
    emit_key(&e, S("bytes"));
    emit_i64(&e, (int64_t)load->content.n);
    emit_key(&e, S("tolerance"));
    emit_f64(&e, load->metres == load->metres ? load->metres : GEO_METRES);
    emit_fields(&e, &geo_load_record, load);
    for (int what = ROW_NEW; what <= ROW_CHANGED; what++) {
        emit_key(&e, what == ROW_NEW ? S("additions") : S("changes"));
        emit_list(&e);
        for (int64_t i = 0; i < load->features; i++)
            if ((int)load->rows[i].what == what)
                emit_text(&e, load->rows[i].code);
        emit_end(&e);
    }
    emit_end(&e);
    *ret = out_str(&o);
    return o.failed ? FAIL(c, E_LIMIT, "thay đổi quá lớn cho một lần nạp (too much for one load)") : OK;
}

enum err geo_load_run(struct ctx *c, void *arg)
{
    struct geo_load *load = arg;
    struct str payload;
    int64_t position;
    TRY(geo_load_check(c, load));
    if (!load->added && !load->changed)
        return OK;
    TRY(payload_of(c, load, &payload));
    TRY(ledger_append(c, S("geo.load"), S("areas"), payload, &position));
    struct str *subjects = NEWN(c->arena, struct str, (size_t)load->features);
    size_t n = 0;
    for (int64_t i = 0; i < load->features; i++) {
        const struct geo_row *row = &load->rows[i];
        if (row->what == ROW_SAME)
            continue;
        if (row->what == ROW_CHANGED)
            TRY(db_exec(c, SQL_geo_shape_close, ARG(row->code), ARG(position), ARG((int64_t)POS_OPEN)));
        TRY(db_exec(c, SQL_geo_shape_add, ARG(row->code), ARG(row->rings), ARG(position), ARG((int64_t)POS_OPEN)));
        subjects[n++] = str_fmt(c->arena, "areas/%.*s", ARGS(row->code));
    }
    return ledger_touch(c, position, (struct strs){subjects, n});
}

enum err geo_changed(struct ctx *c, int64_t *ret_position)
{
    return db_number(c, SQL_geo_changed, ret_position);
}

/* ---- reading ---- */

struct stored {
    struct geo_row *v;
    size_t n, cap;
};

static enum err read_stored(struct ctx *c, int64_t at, struct stored *ret)
{
    struct rows rows = db_query(c, SQL_geo_shape_all, ARG(at));
    struct geo_row row = {0};
    while (db_next(&rows, &geo_row_record, &row))
        *PUSH(c->arena, ret) = row;
    TRY(db_done(&rows));
    if (ret->n) /* engines order texts differently */
        qsort(ret->v, ret->n, sizeof *ret->v, by_code);
    return OK;
}

static void use_cells(struct ctx *c, const struct org_catalogue *catalogue, struct strs codes, struct geo_shapes *ret)
{
    struct shape_point *centres = NEWN(c->arena, struct shape_point, codes.n + 1);
    for (size_t i = 0; i < codes.n; i++) {
        const struct org_area *area = org_area(catalogue, codes.v[i]);
        centres[i] = area ? (struct shape_point){area->lon, area->lat} : (struct shape_point){NAN, NAN};
    }
    ret->v = cells_around(c->arena, centres, codes.n);
    ret->real = false;
}

enum err geo_shapes(struct ctx *c, const struct org_catalogue *catalogue, struct strs codes, int64_t at,
                    struct geo_shapes *ret)
{
    struct stored stored = {0};
    struct geo_shapes shapes = {NEWN(c->arena, struct shape, codes.n + 1), codes.n, true, 0};
    size_t known = 0;
    TRY(read_stored(c, at, &stored));
    for (size_t i = 0; i < codes.n && stored.n; i++) {
        struct geo_row key = {codes.v[i], S(""), ROW_SAME};
        const struct geo_row *row = bsearch(&key, stored.v, stored.n, sizeof key, by_code);
        if (!row)
            continue;
        TRY(geo_shape_of(c, row->rings, &shapes.v[i]));
        known++;
    }
    if (known * 2 < codes.n || !known)
        use_cells(c, catalogue, codes, &shapes);
    for (size_t i = 0; i < codes.n; i++)
        shapes.missing += !shapes.v[i].n;
    *ret = shapes;
    return OK;
}
