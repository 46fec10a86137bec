/* The reader of GeoJSON: one pass over the text, nothing built of it but points on the grid. */
#include "domain/geo/geo.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum {
    DEPTH_MAX = 32,  /* of anything */
    NESTED_MAX = 4,  /* of coordinates: MultiPolygon, and one more to say that it is too deep */
    NUMBER_MAX = 64, /* characters of one number */
    TEXT_MAX = 4096, /* bytes of a name or a property that is looked at */
};

struct reader {
    struct ctx *c;
    struct str file, s;
    size_t at;
    int64_t feature; /* being read; 0: outside */
    struct geo_problems *problems;
    size_t points; /* so far */
};

/* What coordinates hold, by how deep they nest: 0 a position, 1 a line, 2 a polygon, 3 several; -1 nothing. */
struct geometry {
    struct str type;
    bool given, none; /* there at all; null */
    int nested;
    struct {
        struct geo_point *v;
        size_t n, cap;
    } points;
    struct open_ring {
        size_t from, to;
        bool closed, short_of; /* of four positions */
    } * rings;
    size_t n_rings, cap_rings;
    double first[2], last[2]; /* of the ring being read */
    bool outside;             /* some position is not on the earth */
    double outside_at[2];
};

static unsigned line_of(const struct reader *r)
{
    unsigned line = 1;
    for (size_t i = 0; i < r->at && i < r->s.n; i++)
        line += r->s.p[i] == '\n';
    return line;
}

#define BROKEN(r, code, ...) broken((r), (code), str_fmt((r)->c->arena, __VA_ARGS__))
static enum err broken(const struct reader *r, enum err code, struct str what)
{
    if (r->feature)
        return FAIL_AT(r->c, code, r->file, line_of(r), "đối tượng %lld: %.*s", (long long)r->feature, ARGS(what));
    return FAIL_AT(r->c, code, r->file, line_of(r), "%.*s", ARGS(what));
}

#define PROBLEM(r, ...)                                                                                                \
    (*PUSH((r)->c->arena, (r)->problems) = (struct geo_problem){(r)->feature, str_fmt((r)->c->arena, __VA_ARGS__)})

static char peek(struct reader *r)
{
    while (r->at < r->s.n &&
           (r->s.p[r->at] == ' ' || r->s.p[r->at] == '\n' || r->s.p[r->at] == '\t' || r->s.p[r->at] == '\r'))
        r->at++;
    return r->at < r->s.n ? r->s.p[r->at] : 0;
}

static enum err expect(struct reader *r, char wanted)
{
    if (peek(r) != wanted)
        return BROKEN(r, E_INVALID, "không phải JSON hợp lệ: cần \"%c\" (not valid JSON)", wanted);
    r->at++;
    return OK;
}

/* A comma or the end: true while there is more. */
static enum err more(struct reader *r, char end, bool first, bool *ret)
{
    char c = peek(r);
    if (c == end) {
        r->at++;
        *ret = false;
        return OK;
    }
    if (!first)
        TRY(expect(r, ','));
    if (!first && peek(r) == end)
        return BROKEN(r, E_INVALID, "không phải JSON hợp lệ: thừa dấu phẩy (a comma too many)");
    *ret = true;
    return OK;
}

static int hex_of(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static bool unit_at(const struct reader *r, size_t at, uint32_t *ret)
{
    uint32_t v = 0;
    if (at + 4 > r->s.n)
        return false;
    for (int i = 0; i < 4; i++) {
        int h = hex_of(r->s.p[at + (size_t)i]);
        if (h < 0)
            return false;
        v = v * 16 + (uint32_t)h;
    }
    *ret = v;
    return true;
}

/* Skips a string; `*ret_plain` says that it holds no escape. */
static enum err string_span(struct reader *r, struct str *ret, bool *ret_plain)
{
    TRY(expect(r, '"'));
    size_t from = r->at;
    *ret_plain = true;
    for (; r->at < r->s.n; r->at++) {
        unsigned char c = (unsigned char)r->s.p[r->at];
        if (c == '"') {
            *ret = str_slice(r->s, from, r->at++);
            return OK;
        }
        if (c < 0x20)
            break;
        if (c == '\\') {
            *ret_plain = false;
            uint32_t unit;
            char escaped = r->at + 1 < r->s.n ? r->s.p[r->at + 1] : 0;
            if (!escaped || !strchr("\"\\/bfnrtu", escaped) || (escaped == 'u' && !unit_at(r, r->at + 2, &unit)))
                break;
            r->at++;
        }
    }
    return BROKEN(r, E_INVALID, "không phải JSON hợp lệ: chuỗi sai hoặc không kết thúc (a broken string)");
}

static enum err string(struct reader *r, struct str *ret)
{
    struct str raw;
    bool plain;
    TRY(string_span(r, &raw, &plain));
    if (plain) {
        *ret = raw;
        return OK;
    }
    raw = str_head(raw, TEXT_MAX);
    char *to = NEWN(r->c->arena, char, raw.n + 4);
    size_t n = 0;
    for (size_t i = 0; i < raw.n; i++) {
        if (raw.p[i] != '\\' || i + 1 >= raw.n) {
            to[n++] = raw.p[i];
            continue;
        }
        static const char from[] = "\"\\/bfnrt", as[] = "\"\\/     ";
        const char *which = strchr(from, raw.p[++i]);
        if (which && *which) {
            to[n++] = as[which - from];
            continue;
        }
        struct reader inner = {.s = raw};
        uint32_t unit = 0xfffd, low;
        (void)unit_at(&inner, i + 1, &unit);
        i += 4;
        if (unit >= 0xd800 && unit < 0xdc00 && i + 2 < raw.n && raw.p[i + 1] == '\\' && raw.p[i + 2] == 'u' &&
            unit_at(&inner, i + 3, &low) && low >= 0xdc00 && low < 0xe000) {
            unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
            i += 6;
        }
        if (!unit || (unit >= 0xd800 && unit < 0xe000))
            unit = 0xfffd;
        n += str_put_rune(to + n, unit); /* never longer than the escape */
    }
    *ret = (struct str){to, n};
    return OK;
}

static enum err number_span(struct reader *r, struct str *ret)
{
    (void)peek(r);
    size_t from = r->at, at = from;
    const struct str s = r->s;
    at += at < s.n && s.p[at] == '-';
    size_t digits = at;
    while (at < s.n && s.p[at] >= '0' && s.p[at] <= '9')
        at++;
    bool good = at > digits && !(at > digits + 1 && s.p[digits] == '0');
    if (at < s.n && s.p[at] == '.') {
        size_t decimals = ++at;
        while (at < s.n && s.p[at] >= '0' && s.p[at] <= '9')
            at++;
        good = good && at > decimals;
    }
    if (at < s.n && (s.p[at] == 'e' || s.p[at] == 'E')) {
        at++;
        at += at < s.n && (s.p[at] == '+' || s.p[at] == '-');
        size_t power = at;
        while (at < s.n && s.p[at] >= '0' && s.p[at] <= '9')
            at++;
        good = good && at > power;
    }
    if (!good)
        return BROKEN(r, E_INVALID, "không phải JSON hợp lệ: cần một số (not a number)");
    r->at = at;
    *ret = str_slice(s, from, at);
    return OK;
}

static enum err number(struct reader *r, double *ret)
{
    struct str text;
    char z[NUMBER_MAX + 1];
    TRY(number_span(r, &text));
    if (text.n > NUMBER_MAX)
        return BROKEN(r, E_INVALID, "số dài quá %d ký tự: %.*s… (a number of more than %d characters)", NUMBER_MAX,
                      ARGS(str_head(text, 24)), NUMBER_MAX);
    memcpy(z, text.p, text.n);
    z[text.n] = 0;
    *ret = strtod(z, NULL);
    return OK;
}

static enum err skip(struct reader *r, int depth);

static enum err skip_inside(struct reader *r, int depth, char end)
{
    bool any;
    if (depth >= DEPTH_MAX)
        return BROKEN(r, E_INVALID, "lồng nhau quá %d tầng (nested deeper than %d)", DEPTH_MAX, DEPTH_MAX);
    r->at++;
    for (bool first = true;; first = false) {
        TRY(more(r, end, first, &any));
        if (!any)
            return OK;
        if (end == '}') {
            struct str key;
            bool plain;
            TRY(string_span(r, &key, &plain));
            TRY(expect(r, ':'));
        }
        TRY(skip(r, depth + 1));
    }
}

static enum err skip(struct reader *r, int depth)
{
    static const struct str words[] = {S0("true"), S0("false"), S0("null")};
    char c = peek(r);
    struct str text;
    bool plain;
    if (c == '{' || c == '[')
        return skip_inside(r, depth, c == '{' ? '}' : ']');
    if (c == '"')
        return string_span(r, &text, &plain);
    for (size_t i = 0; i < 3; i++)
        if (str_starts(str_skip(r->s, r->at), words[i])) {
            r->at += words[i].n;
            return OK;
        }
    return number_span(r, &text);
}

static bool take_null(struct reader *r)
{
    (void)peek(r);
    if (!str_starts(str_skip(r->s, r->at), S("null")))
        return false;
    r->at += 4;
    return true;
}

/* ---- coordinates ---- */

static enum err position(struct reader *r, struct geometry *g)
{
    double at[2] = {0, 0}, v = 0;
    size_t n = 0;
    bool any;
    r->at++;
    for (bool first = true;; first = false) {
        TRY(more(r, ']', first, &any));
        if (!any)
            break;
        TRY(number(r, &v));
        if (n < 2)
            at[n] = v;
        n++;
    }
    if (n < 2 || n > 4)
        return BROKEN(r, E_INVALID, "một điểm phải có hai số: kinh độ, vĩ độ (a position has two numbers)");
    if (++r->points > GEO_POINTS_MAX)
        return BROKEN(r, E_LIMIT, "quá %d điểm (more than %d points)", GEO_POINTS_MAX, GEO_POINTS_MAX);
    if (!(fabs(at[0]) <= 180 && fabs(at[1]) <= 90)) {
        if (!g->outside)
            memcpy(g->outside_at, at, sizeof at);
        g->outside = true;
        at[0] = at[1] = 0;
    }
    *PUSH(r->c->arena, &g->points) =
        (struct geo_point){(int32_t)lround(at[0] * GEO_UNITS), (int32_t)lround(at[1] * GEO_UNITS)};
    memcpy(g->last, at, sizeof at);
    return OK;
}

static void end_ring(struct reader *r, struct geometry *g, size_t from)
{
    if (g->n_rings == g->cap_rings)
        arena_grow(r->c->arena, (void **)&g->rings, g->n_rings, &g->cap_rings, sizeof *g->rings);
    g->rings[g->n_rings++] = (struct open_ring){
        from, g->points.n, g->first[0] == g->last[0] && g->first[1] == g->last[1], g->points.n - from < 4};
}

static enum err coordinates(struct reader *r, struct geometry *g, int level, int *ret_nested)
{
    int nested = -1;
    size_t from = g->points.n;
    bool any;
    if (level > NESTED_MAX)
        return BROKEN(r, E_INVALID, "tọa độ lồng nhau quá sâu (coordinates nest too deep)");
    if (peek(r) != '[')
        return BROKEN(r, E_INVALID, "tọa độ phải là danh sách (coordinates must be a list)");
    size_t open = r->at++;
    char c = peek(r);
    r->at = open;
    if (c != '[' && c != ']') {
        *ret_nested = 0;
        return position(r, g);
    }
    r->at++;
    for (bool first = true;; first = false) {
        TRY(more(r, ']', first, &any));
        if (!any)
            break;
        int inner;
        TRY(coordinates(r, g, level + 1, &inner));
        if (nested >= 0 && inner != nested)
            return BROKEN(r, E_INVALID, "tọa độ lồng nhau không đều (coordinates nest unevenly)");
        nested = inner;
        if (inner == 0 && g->points.n == from + 1)
            memcpy(g->first, g->last, sizeof g->first);
    }
    if (nested == 0)
        end_ring(r, g, from);
    *ret_nested = nested < 0 ? -1 : nested + 1;
    return OK;
}

static enum err geometry(struct reader *r, struct geometry *g)
{
    bool any;
    g->given = true;
    g->nested = -1;
    if (take_null(r)) {
        g->none = true;
        return OK;
    }
    TRY(expect(r, '{'));
    for (bool first = true;; first = false) {
        struct str key;
        TRY(more(r, '}', first, &any));
        if (!any)
            return OK;
        TRY(string(r, &key));
        TRY(expect(r, ':'));
        if (str_eq(key, S("type")) && peek(r) == '"')
            TRY(string(r, &g->type));
        else if (str_eq(key, S("coordinates")) && g->points.n == 0)
            TRY(coordinates(r, g, 0, &g->nested));
        else
            TRY(skip(r, 3));
    }
}

/* ---- features ---- */

/* A key without its case, blanks and underscores is one of these, parted by '|'. */
static bool is_one_of(struct str key, const char *words)
{
    char plain[32];
    size_t n = 0;
    for (size_t i = 0; i < key.n; i++) {
        char c = key.p[i];
        if (c == '_' || c == ' ' || c == '-')
            continue;
        if (n + 1 >= sizeof plain)
            return false;
        plain[n++] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
    }
    struct str rest = str_of(words), word;
    while (str_cut(&rest, '|', &word))
        if (str_eq(word, (struct str){plain, n}))
            return true;
    return false;
}

static enum err properties(struct reader *r, struct geo_feature *f)
{
    bool any, full = false;
    if (take_null(r))
        return OK;
    TRY(expect(r, '{'));
    for (bool first = true;; first = false) {
        struct str key, value = {0};
        TRY(more(r, '}', first, &any));
        if (!any)
            return OK;
        TRY(string(r, &key));
        TRY(expect(r, ':'));
        char c = peek(r);
        if (c == '"')
            TRY(string(r, &value));
        else if (c == '-' || (c >= '0' && c <= '9'))
            TRY(number_span(r, &value));
        else
            TRY(skip(r, 3));
        value = str_trim(value);
        if (!value.n || value.n > TEXT_MAX)
            continue;
        bool is_full = is_one_of(key, "fullname|tendaydu");
        if (is_one_of(key, "code|ma"))
            f->code = value;
        else if (is_full || (!full && is_one_of(key, "name|ten")))
            f->name = value;
        full = full || is_full;
    }
}

/* Twice the area, in units of the grid. */
static int64_t ring_area(const struct geo_ring *ring)
{
    int64_t sum = 0;
    for (size_t i = 0; i < ring->n; i++) {
        const struct geo_point *a = &ring->v[i], *b = &ring->v[(i + 1) % ring->n];
        sum += (int64_t)a->x * b->y - (int64_t)b->x * a->y;
    }
    return sum;
}

/* Points that fell on one spot of the grid are one; a ring without any area is left out. */
static void take_rings(struct reader *r, const struct geometry *g, struct geo_feature *f)
{
    f->rings = NEWN(r->c->arena, struct geo_ring, g->n_rings + 1);
    for (size_t i = 0; i < g->n_rings; i++) {
        const struct open_ring *from = &g->rings[i];
        struct geo_ring ring = {g->points.v + from->from, 0};
        for (size_t k = from->from; k < from->to; k++) {
            struct geo_point p = g->points.v[k];
            if (!ring.n || p.x != ring.v[ring.n - 1].x || p.y != ring.v[ring.n - 1].y)
                ring.v[ring.n++] = p;
        }
        while (ring.n > 1 && ring.v[0].x == ring.v[ring.n - 1].x && ring.v[0].y == ring.v[ring.n - 1].y)
            ring.n--;
        if (ring.n >= 3 && ring_area(&ring) != 0)
            f->rings[f->n_rings++] = ring;
    }
}

static void judge(struct reader *r, const struct geometry *g, struct geo_feature *f)
{
    bool polygon = str_eq(g->type, S("Polygon")), several = str_eq(g->type, S("MultiPolygon"));
    if (!f->code.n && !f->name.n)
        PROBLEM(r, "không có thuộc tính code, ma hoặc name, ten (no property that names an area)");
    if (!g->given || g->none) {
        PROBLEM(r, "không có hình (no geometry)");
        return;
    }
    if (!polygon && !several) {
        PROBLEM(r, "chỉ nhận Polygon và MultiPolygon, đây là \"%.*s\" (neither Polygon nor MultiPolygon)",
                ARGS(str_head(g->type, 40)));
        return;
    }
    if (g->nested != (polygon ? 2 : 3)) {
        PROBLEM(r, "tọa độ không phải của %s (coordinates are not those of a %s)", polygon ? "Polygon" : "MultiPolygon",
                polygon ? "Polygon" : "MultiPolygon");
        return;
    }
    if (g->outside)
        PROBLEM(r,
                "tọa độ %.6g, %.6g nằm ngoài Trái Đất; cần kinh độ, vĩ độ WGS 84, không phải VN-2000 (not degrees of "
                "longitude and latitude)",
                g->outside_at[0], g->outside_at[1]);
    for (size_t i = 0; i < g->n_rings; i++)
        if (g->rings[i].short_of)
            PROBLEM(r, "vòng %zu có ít hơn bốn điểm (ring %zu has fewer than four positions)", i + 1, i + 1);
        else if (!g->rings[i].closed)
            PROBLEM(r, "vòng %zu không khép kín: điểm cuối phải là điểm đầu (ring %zu is not closed)", i + 1, i + 1);
    take_rings(r, g, f);
    if (!f->n_rings && !g->outside)
        PROBLEM(r, "hình không có diện tích (the outline has no area)");
}

static enum err feature(struct reader *r, struct geo_features *ret)
{
    struct geo_feature f = {.number = r->feature};
    struct geometry g = {0};
    struct str type = S("");
    bool any;
    TRY(expect(r, '{'));
    for (bool first = true;; first = false) {
        struct str key;
        TRY(more(r, '}', first, &any));
        if (!any)
            break;
        TRY(string(r, &key));
        TRY(expect(r, ':'));
        if (str_eq(key, S("type")) && peek(r) == '"')
            TRY(string(r, &type));
        else if (str_eq(key, S("geometry")) && !g.given)
            TRY(geometry(r, &g));
        else if (str_eq(key, S("properties")) && !f.code.p && !f.name.p)
            TRY(properties(r, &f));
        else
            TRY(skip(r, 2));
    }
    if (!str_eq(type, S("Feature")))
        return BROKEN(r, E_INVALID, "phải có \"type\": \"Feature\" (not a Feature)");
    judge(r, &g, &f);
    *PUSH(r->c->arena, ret) = f;
    return OK;
}

static enum err features(struct reader *r, struct geo_features *ret)
{
    bool any;
    TRY(expect(r, '['));
    for (bool first = true;; first = false) {
        TRY(more(r, ']', first, &any));
        if (!any)
            break;
        if (++r->feature > GEO_FEATURES_MAX)
            return BROKEN(r, E_LIMIT, "quá %d đối tượng (more than %d features)", GEO_FEATURES_MAX, GEO_FEATURES_MAX);
        TRY(feature(r, ret));
    }
    r->feature = 0;
    return OK;
}

enum err geo_read(struct ctx *c, struct str file, struct str content, struct geo_problems *problems,
                  struct geo_features *ret)
{
    struct reader r = {.c = c, .file = file, .s = content, .problems = problems};
    struct geo_features found = {0};
    struct str type = S("");
    bool any, has_features = false;
    if (content.n > GEO_FILE_MAX)
        return BROKEN(&r, E_LIMIT, "tệp lớn hơn %d MiB (file larger than %d MiB)", GEO_FILE_MAX >> 20,
                      GEO_FILE_MAX >> 20);
    if (str_starts(r.s, S("\xef\xbb\xbf")))
        r.at = 3;
    size_t bad;
    if (!str_is_utf8(content, &bad)) {
        r.at = bad;
        return BROKEN(&r, E_INVALID, "không phải UTF-8 (not UTF-8)");
    }
    if (peek(&r) != '{')
        return BROKEN(&r, E_INVALID, "không phải GeoJSON (not GeoJSON)");
    TRY(expect(&r, '{'));
    for (bool first = true;; first = false) {
        struct str key;
        TRY(more(&r, '}', first, &any));
        if (!any)
            break;
        TRY(string(&r, &key));
        TRY(expect(&r, ':'));
        if (str_eq(key, S("type")) && peek(&r) == '"')
            TRY(string(&r, &type));
        else if (str_eq(key, S("features")) && !has_features) {
            has_features = true;
            TRY(features(&r, &found));
        } else
            TRY(skip(&r, 1));
    }
    if (peek(&r))
        return BROKEN(&r, E_INVALID, "còn chữ sau khi GeoJSON đã kết thúc (text after its end)");
    if (!str_eq(type, S("FeatureCollection")) || !has_features)
        return BROKEN(&r, E_INVALID, "phải là FeatureCollection (not a FeatureCollection)");
    *ret = found;
    return OK;
}
