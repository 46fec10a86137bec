/* Made-up figures from data/indicators/sample.csv. */
#include "domain/indicator/sample.h"

#include "base/embed.h"
#include "base/lang.h"
#include "base/out.h"
#include "document/rows.h"
#include "domain/indicator/cube.h"
#include "domain/indicator/sample.sql.h"
#include "domain/org/org.h"
#include "store/db.h"

#include <math.h>
#include <stdio.h>

#include "base/banned.h"

extern const struct embedded sample_data[];
extern const size_t sample_data_n;

enum { YEARS = 2, YEARS_YEARLY = 4, SEED = 57 };

/* A line of the file. `of`: the figures are shares, in %, of those of this indicator at the same place and time. */
struct sample_line {
    struct str indicator, of;
    double start, pace, noise, spread;
    struct strs matter;
};
RECORD(sample_line_record, struct sample_line, "sample", "Số liệu mẫu của một chỉ tiêu",
       {"indicator", FIELD_TEXT, offsetof(struct sample_line, indicator), .doc = "mã chỉ tiêu", .required = true},
       {"of", FIELD_TEXT, offsetof(struct sample_line, of), .doc = "là phần trăm của chỉ tiêu này"},
       {"start", FIELD_F64, offsetof(struct sample_line, start), .doc = "mức hai năm trước, toàn tỉnh",
        .required = true},
       {"pace", FIELD_F64, offsetof(struct sample_line, pace), .doc = "thay đổi mỗi năm", .required = true},
       {"noise", FIELD_F64, offsetof(struct sample_line, noise), .doc = "dao động, so với mức"},
       {"spread", FIELD_F64, offsetof(struct sample_line, spread), .doc = "chênh giữa các địa bàn, so với mức"},
       {"matter", FIELD_TEXTS, offsetof(struct sample_line, matter),
        .doc = "gap, missing, stale, none, corrected, differs, provisional"});

struct maker {
    struct ctx *c;
    const struct dictionary *dictionary;
    const struct org_catalogue *catalogue;
    struct {
        struct sample_line *v;
        size_t n, cap;
    } lines;
    struct value_batch batch, corrections;
    uint64_t seed;
    int32_t today;
};

static void take(void *arg, size_t table, void *row, struct row_place at)
{
    struct maker *m = arg;
    (void)table, (void)at;
    *PUSH(m->c->arena, &m->lines) = *(struct sample_line *)row;
}

static enum err read_lines(struct maker *m)
{
    static const struct rows_table table = {"indicator", &sample_line_record, NULL};
    static const struct rows_format format = {&table, 1, NULL, 0, "indicator"};
    struct row_problems problems = {0};
    for (size_t i = 0; i < sample_data_n; i++)
        rows_read(m->c, &format, sample_data[i].name, sample_data[i].content, (struct rows_taker){take, m}, &problems);
    return problems.n ? row_refuse(m->c, &problems) : OK;
}

static const struct sample_line *line_of(const struct maker *m, struct str indicator)
{
    for (size_t i = 0; i < m->lines.n; i++)
        if (str_eq(m->lines.v[i].indicator, indicator))
            return &m->lines.v[i];
    return NULL;
}

/* --- chance that is the same each time --- */

static uint64_t mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

static uint64_t words(const struct maker *m, struct str a, struct str b, int64_t n)
{
    uint64_t h = mix(m->seed ^ (uint64_t)n);
    for (size_t i = 0; i < a.n; i++)
        h = mix(h ^ (unsigned char)a.p[i]);
    h = mix(h ^ 0xffff);
    for (size_t i = 0; i < b.n; i++)
        h = mix(h ^ (unsigned char)b.p[i]);
    return h;
}

/* -1 to 1, mostly near 0. */
static double wobble(uint64_t h)
{
    double sum = 0;
    for (int i = 0; i < 3; i++, h = mix(h))
        sum += (double)(h >> 11) / (double)(1ull << 53);
    return sum / 1.5 - 1;
}

/* --- one figure --- */

static int months_of(const struct indicator *i)
{
    return str_eq(i->frequency, S("month"))     ? 1
           : str_eq(i->frequency, S("quarter")) ? 3
           : str_eq(i->frequency, S("half"))    ? 6
                                                : 12;
}

static double years_ago(const struct maker *m, struct period p)
{
    return (m->today - p.to) / 365.25;
}

/* Of one of `n` places, as it should be. */
static double figure(const struct maker *m, const struct indicator *i, struct str place, size_t n, struct period p)
{
    const struct sample_line *l = line_of(m, i->code);
    if (!l)
        return NAN;
    double level = l->start + l->pace * (YEARS - years_ago(m, p));
    double share = 1 + (n > 1 ? l->spread * wobble(words(m, i->code, place, 0)) : 0);
    /* What stirs all places alike, and each by itself. */
    double stir = wobble(words(m, i->code, S(""), p.to)) + 0.5 * wobble(words(m, i->code, place, p.to));
    level *= share * (1 + l->noise * stir);
    if (l->of.n) {
        const struct indicator *whole = dictionary_indicator(m->dictionary, l->of);
        level = whole ? figure(m, whole, place, n, p) * fmin(fmax(level, 0), 100) / 100 : NAN;
    } else {
        if (str_eq(i->over_places, S("sum")))
            level /= (double)n;
        if (str_eq(i->over_time, S("sum")))
            level *= (p.to - p.from + 1) / 365.25;
    }
    if (l->start >= 0)
        level = fmax(level, 0);
    level = fmin(fmax(level, isnan(i->low) ? level : i->low), isnan(i->high) ? level : i->high);
    int places = i->places == I64_NONE ? 2 : (int)i->places;
    /* Whole things spread over many places: each is rounded by a chance of its own, so that few in all stay few. */
    if (n > 1 && !places)
        return floor(level + (double)(words(m, i->code, place, 1) >> 11) / (double)(1ull << 53));
    return number_round(level, places);
}

/* --- where and when --- */

struct codes {
    struct str *v;
    size_t n, cap;
};

static struct strs one(struct arena *a, struct str s)
{
    struct str *v = NEW(a, struct str);
    *v = s;
    return (struct strs){v, 1};
}

/* The communes of a map; of a tree of bodies those that report. */
static enum err places_of(struct maker *m, const struct indicator *i, struct strs *ret)
{
    struct ctx *c = m->c;
    struct str root;
    TRY(cube_root(c, i, m->today, &root));
    if (!i->provider.n || str_eq(i->over_places, S("none"))) {
        *ret = one(c->arena, root);
        return OK;
    }
    if (!str_eq(i->tree, S("area")))
        return org_members(c, m->catalogue, i->provider, m->today, ret);
    struct strs all;
    struct codes leaves = {0};
    TRY(org_subtree(c, m->catalogue, S("area"), root, m->today, &all));
    for (size_t k = 0; k < all.n; k++) {
        bool leaf = k + 1 == all.n || !str_eq(org_area(m->catalogue, all.v[k + 1])->parent, all.v[k]); /* in preorder */
        if (leaf)
            *PUSH(c->arena, &leaves) = all.v[k];
    }
    *ret = (struct strs){leaves.v, leaves.n};
    return OK;
}

static bool has(const struct sample_line *l, struct str matter)
{
    for (size_t i = 0; i < l->matter.n; i++)
        if (str_eq(l->matter.v[i], matter))
            return true;
    return false;
}

static bool is_silent(const struct maker *m, const struct sample_line *l, struct str place, size_t n, struct period p,
                      size_t nth)
{
    if (has(l, S("stale")) && years_ago(m, p) < 1)
        return true;
    if (has(l, S("gap")) && nth >= 3 && nth < 5)
        return true;
    return n > 1 && has(l, S("missing")) && words(m, S("missing"), place, (int64_t)l->indicator.n) % 20 == 0;
}

/* The periods of `months` that are over, the latest first. */
static bool period_back(int32_t today, int months, size_t nth, struct period *ret)
{
    int y, mo, d;
    day_to_date(today, &y, &mo, &d);
    int at = (y * 12 + mo - 1) / months * months - ((int)nth + 1) * months; /* first month, counted from year 0 */
    return period_of_code((int64_t)at * (PERIOD_MONTHS + 1) + months, ret);
}

static void put(struct maker *m, struct value_batch *b, const struct indicator *i, struct str place, struct period p,
                struct str source, double amount, bool provisional, struct str reason)
{
    if (isnan(amount))
        return;
    struct ctx *c = m->c;
    struct value_row row = {.amount = amount, .period = period_code(p)};
    row.series = value_batch_series(c, b, i->code, (struct str){"", 0});
    row.place = value_batch_place(c, b, place);
    row.source = value_batch_source(c, b, source);
    row.state = VALUE_SAMPLE | (provisional ? VALUE_PROVISIONAL : 0);
    if (reason.n) {
        *PUSH(c->arena, &b->notes) = (struct value_note){.reason = reason};
        row.note = (uint32_t)b->notes.n;
    }
    *PUSH(c->arena, &b->rows) = row;
}

static enum err make(struct maker *m, const struct sample_line *l, const struct indicator *i)
{
    struct strs places;
    TRY(places_of(m, i, &places));
    int months = months_of(i);
    int year, month, day;
    day_to_date(m->today, &year, &month, &day);
    /* Whole years, so that each has one before it to be compared with, and what is over of this one. */
    size_t n = (size_t)(months == 12 ? YEARS_YEARLY : (YEARS * 12 + month - 1) / months);
    struct str own = {"", 0};
    for (size_t nth = 0; nth < n; nth++) {
        struct period p;
        if (!period_back(m->today, months, nth, &p))
            continue;
        for (size_t k = 0; k < places.n; k++) {
            struct str place = places.v[k];
            double amount = figure(m, i, place, places.n, p);
            if (is_silent(m, l, place, places.n, p, nth))
                continue;
            bool odd = k == 0 && nth == 1;
            put(m, &m->batch, i, place, p, own, odd && has(l, S("corrected")) ? amount * 1.5 : amount,
                nth == 0 && has(l, S("provisional")), own);
            if (odd && has(l, S("corrected")))
                put(m, &m->corrections, i, place, p, own, amount, false, S("Nhập nhầm, đã đối chiếu lại (mẫu)"));
            if (odd && has(l, S("differs")))
                put(m, &m->batch, i, place, p, S("Nguồn thứ hai (mẫu)"), amount * 0.97, false, own);
        }
    }
    return OK;
}

enum err sample_goals(struct ctx *c, struct org_file *ret)
{
    const struct dictionary *dictionary;
    TRY(dictionary_from_store(c, POS_NOW, &dictionary));
    struct goals goals = dictionary_all_goals(dictionary);
    struct period year = {0};
    int y, mo, d;
    day_to_date(day_of_moment(ctx_now(c)), &y, &mo, &d);
    period_of_code((int64_t)(y - 1) * 12 * (PERIOD_MONTHS + 1) + 12, &year);
    int32_t code = period_code(year);
    struct out o;
    out_init(&o, c->arena, 1 << 20);
    out_put(&o, S("goal,indicator,plan,target,path,baseline,baseline_period,baseline_source\n"));
    for (size_t k = 0; k < goals.n; k++) {
        const struct goal *g = goals.v[k];
        if (!isnan(g->baseline) || str_eq(g->path, S("none")) || g->place.n)
            continue;
        struct cube_query q = {
            .indicator = g->indicator, .periods = &code, .n_periods = 1, .at = POS_NOW, .map_day = DAY_NONE};
        struct figures got;
        TRY(cube_read(c, dictionary, &q, &got));
        if (isnan(got.v[0].amount))
            continue;
        const struct indicator *i = dictionary_indicator(dictionary, g->indicator);
        char number[NUMBER_TEXT];
        int n = snprintf(number, sizeof number, "%.*f", i->places == I64_NONE ? 2 : (int)i->places, got.v[0].amount);
        out_fmt(&o, "%.*s,%.*s,%.*s,%.*s,%.*s,%.*s,%d,Số liệu mẫu\n", ARGS(g->key), ARGS(g->indicator), ARGS(g->plan),
                ARGS(g->target), ARGS(g->path), n, number, y - 1);
    }
    if (o.failed)
        return FAIL(c, E_LIMIT, "quá nhiều mục tiêu (too many goals)");
    *ret = (struct org_file){S("sample-goals.csv"), out_str(&o)};
    return OK;
}

enum err sample_run(struct ctx *c, void *arg)
{
    struct sample_args *args = arg;
    struct maker m = {.c = c, .today = day_of_moment(ctx_now(c))};
    m.seed = args->seed == I64_NONE ? SEED : (uint64_t)args->seed;
    int64_t real;
    TRY(db_number(c, SQL_sample_real, &real));
    if (real)
        return FAIL(
            c, E_CONFLICT,
            "kho đã có số liệu thật; không ghi số liệu mẫu bên cạnh (the store has figures that are no sample)");
    TRY(dictionary_from_store(c, POS_NOW, &m.dictionary));
    TRY(org_catalogue_from_store(c, POS_NOW, &m.catalogue));
    TRY(read_lines(&m));
    value_batch_init(&m.batch, S("value.sample"));
    value_batch_init(&m.corrections, S("value.sample"));
    m.batch.sample = m.corrections.sample = true;
    m.batch.seen = m.corrections.seen = I64_NONE;
    for (size_t k = 0; k < m.lines.n; k++) {
        const struct sample_line *l = &m.lines.v[k];
        const struct indicator *i = dictionary_indicator(m.dictionary, l->indicator);
        if (!i)
            return FAIL(c, E_NOTFOUND, "sample.csv: không có chỉ tiêu \"%.*s\" (no such indicator)",
                        ARGS(l->indicator));
        if (!has(l, S("none")))
            TRY(make(&m, l, i));
    }
    struct value_outcome first, second;
    TRY(value_write(c, &m.batch, &first));
    TRY(value_write(c, &m.corrections, &second));
    args->figures = first.added + first.changed + second.added + second.changed;
    return OK;
}
