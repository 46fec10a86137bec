/* The cube in memory: it says what the store says, whatever was written, taken back, evicted or read at once. */
#include "domain/indicator/test_cube.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/banned.h"

enum { PLACES = 8, MONTHS = 6, CATEGORIES = 3 };
static const char *const places[PLACES] = {"T", "H1", "H2", "x1", "x2", "x3", "x4", "x5"};
static const int parents[PLACES] = {-1, 0, 0, 1, 1, 1, 2, 2};
static const char *const categories[CATEGORIES] = {"", "male", "female"};

/* What should come out, worked out by the words of cube.h and nothing else. */
struct model {
    double own[CATEGORIES][MONTHS][PLACES];
};

static double model_month(const struct model *m, int category, int month, int place)
{
    double own = m->own[category][month][place], sum = NAN;
    if (!isnan(own))
        return own;
    for (int k = 0; k < PLACES; k++) {
        double v = parents[k] == place ? model_month(m, category, month, k) : NAN;
        if (!isnan(v))
            sum = isnan(sum) ? v : sum + v;
    }
    return sum;
}

static double model_year(const struct model *m, int category, int place)
{
    double sum = NAN;
    for (int month = 0; month < MONTHS; month++) {
        double v = model_month(m, category, month, place);
        if (!isnan(v))
            sum = isnan(sum) ? v : sum + v;
    }
    return sum;
}

static bool same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static int32_t month_code(int month)
{
    return (2024 * 12 + month) * 1024 + 1;
}

static void check(struct ctx *c, const struct dictionary *d, const struct model *m, int64_t at)
{
    struct str names[PLACES];
    int32_t codes[MONTHS + 1] = {2024 * 12 * 1024 + 12};
    for (int i = 0; i < PLACES; i++)
        names[i] = str_of(places[i]);
    for (int i = 0; i < MONTHS; i++)
        codes[i + 1] = month_code(i);
    for (int k = 0; k < CATEGORIES; k++) {
        struct figures f = {0};
        struct cube_query q = {.indicator = S("S"),
                               .category = str_of(categories[k]),
                               .places = {names, PLACES},
                               .periods = codes,
                               .n_periods = MONTHS + 1,
                               .at = at,
                               .map_day = DAY_NONE};
        CHECK_OK(cube_read(c, d, &q, &f));
        for (int i = 0; i < PLACES; i++) {
            CHECK(same(f.v[i * (MONTHS + 1)].amount, model_year(m, k, i)));
            for (int j = 0; j < MONTHS; j++)
                CHECK(same(f.v[i * (MONTHS + 1) + j + 1].amount, model_month(m, k, j, i)));
        }
    }
}

static uint32_t chance(uint64_t *seed, uint32_t n)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33) % n;
}

/* Random figures into a batch and the model; some are corrections. */
static struct value_batch random_batch(struct ctx *c, struct model *m, uint64_t *seed)
{
    struct value_batch b = test_batch(c);
    bool used[CATEGORIES][MONTHS][PLACES] = {0};
    *PUSH(c->arena, &b.notes) = (struct value_note){.reason = S("số mới")};
    for (uint32_t n = 1 + chance(seed, 12); n; n--) {
        uint32_t k = chance(seed, CATEGORIES), month = chance(seed, MONTHS),
                 place = chance(seed, 4) ? 3 + chance(seed, 5) : chance(seed, 3);
        if (used[k][month][place])
            continue;
        used[k][month][place] = true;
        double amount = (double)chance(seed, 1000) - 300;
        struct value_row *row =
            test_add_code(c, &b, "S", categories[k], str_of(places[place]), month_code((int)month), "", amount, 0);
        row->note = 1;
        m->own[k][month][place] = amount;
    }
    return b;
}

TEST(the_cube_says_what_the_store_says)
{
    enum { STEPS = 40 };
    struct writer *w = test_writer(c);
    const struct dictionary *d = test_words(c);
    struct model *history = NEWN(c->arena, struct model, STEPS + 1);
    int64_t positions[STEPS + 1];
    uint64_t seed = 20260701;
    /* One has room for all, one for nearly nothing. */
    struct cube *cubes[] = {cube_new(c->arena, 1 << 20), cube_new(c->arena, 1500)};
    test_load_places(w, c, test_places());
    for (size_t i = 0; i < sizeof history->own / sizeof(double); i++)
        ((double *)history[0].own)[i] = NAN;
    positions[0] = 1;
    for (int step = 1; step <= STEPS; step++) {
        struct value_outcome o, undone;
        history[step] = history[step - 1];
        struct test_rows before = test_rows(c);
        struct value_batch b = random_batch(c, &history[step], &seed);
        CHECK_OK(test_write(w, c, &b, &o));
        if (o.position && chance(&seed, 4) == 0) {
            CHECK_OK(test_undo(w, c, o.position, "thử", &undone));
            test_same_rows(c, before, test_rows(c));
            history[step] = history[step - 1];
            o.position = undone.position;
        }
        positions[step] = o.position ? o.position : positions[step - 1];
        for (int k = 0; k < 3; k++) {
            c->cube = k < 2 ? cubes[k] : NULL;
            check(c, d, &history[step], POS_NOW);
            int past = (int)chance(&seed, (uint32_t)step);
            check(c, d, &history[past], positions[past]);
        }
        c->cube = NULL;
        CHECK(cube_counts(cubes[1]).bytes <= 1500);
        check(c, d, &history[step], positions[step]); /* as of now is now */
    }
    CHECK_INT(cube_counts(cubes[0]).series, 3);
    CHECK_INT(cube_counts(cubes[0]).position, positions[STEPS]);
    /* what was followed is what is read afresh */
    c->cube = cube_new(c->arena, 1 << 20);
    check(c, d, &history[STEPS], POS_NOW);
}

/* The same rows, one by one in any order or all at once. */
TEST(the_order_of_writes_makes_no_difference)
{
    struct writer *w = test_writer(c);
    const struct dictionary *d = test_words(c);
    uint64_t seed = 7;
    struct value_outcome o;
    struct value_batch all = test_batch(c);
    size_t order[MONTHS * PLACES];
    test_load_places(w, c, test_places());
    for (int m = 0; m < MONTHS; m++)
        for (int p = 0; p < PLACES; p++) {
            size_t i = (size_t)(m * PLACES + p), k = chance(&seed, (uint32_t)i + 1);
            order[i] = order[k];
            order[k] = i;
            if (p > 1)
                test_add_code(c, &all, "S", "male", str_of(places[p]), month_code(m), "", (double)i * 7, 0);
        }
    CHECK_OK(test_write(w, c, &all, &o));
    for (size_t i = 0; i < MONTHS * PLACES; i++) {
        int m = (int)order[i] / PLACES, p = (int)order[i] % PLACES;
        struct value_batch one = test_batch(c);
        if (p > 1)
            test_add_code(c, &one, "S", "female", str_of(places[p]), month_code(m), "", (double)order[i] * 7, 0);
        CHECK_OK(test_write(w, c, &one, &o));
    }
    for (int p = 0; p < PLACES; p++)
        for (int m = 0; m < MONTHS; m++) {
            struct period period;
            char text[24];
            CHECK(period_of_code(month_code(m), &period));
            const char *name = str_z(c->arena, period_text(period, text));
            struct figure a = test_figure_at(c, d, "S", "male", places[p], name, POS_NOW, DAY_NONE),
                          b = test_figure_at(c, d, "S", "female", places[p], name, POS_NOW, DAY_NONE);
            CHECK(a.amount == b.amount && a.have == b.have && a.of == b.of && a.flags == b.flags);
        }
}

/* Two nodes over one store: what one wrote, the other reads, at the position that it brings. */
TEST(a_node_follows_what_another_writes)
{
    struct str store = test_store(c);
    const struct dictionary *d = test_words(c);
    struct writer *a, *b;
    struct value_outcome o;
    CHECK_OK(writer_open(c, c->arena, store, &a));
    CHECK_OK(writer_open(c, c->arena, store, &b));
    test_load_places(a, c, test_places());
    struct ctx one = *c, two = *c;
    CHECK_OK(db_open(c, c->arena, store, DB_READ, &one.db));
    CHECK_OK(db_open(c, c->arena, store, DB_READ, &two.db));
    one.cube = cube_new(c->arena, 1 << 20);
    two.cube = cube_new(c->arena, 1 << 20);
    for (int i = 1; i <= 10; i++) {
        CHECK_OK(test_put(i % 2 ? a : b, c, "S", "x4", "2025", i, VALUE_PROVISIONAL, NULL, &o));
        CHECK_OK(test_put(i % 2 ? b : a, c, "S", "x5", "2025", 100 * i, VALUE_PROVISIONAL, NULL, &o));
        CHECK(test_figure(&one, d, "S", "H2", "2025").amount == 101 * i);
        CHECK(test_figure(&two, d, "S", "H2", "2025").amount == 101 * i);
        CHECK_INT(cube_counts(two.cube).position, o.position);
    }
    /* who holds an older state reads that, beside a cube that has gone on */
    int64_t position;
    CHECK_OK(db_snapshot_at(&one, NULL, &position));
    CHECK(test_figure(&one, d, "S", "H2", "2025").amount == 1010);
    CHECK_OK(test_put(a, c, "S", "x4", "2025", 11, VALUE_PROVISIONAL, NULL, &o));
    two.cube = one.cube;
    CHECK(test_figure(&two, d, "S", "H2", "2025").amount == 1011);
    CHECK(test_figure(&one, d, "S", "H2", "2025").amount == 1010);
    db_snapshot_end(&one);
    CHECK(test_figure(&one, d, "S", "H2", "2025").amount == 1011);
}

/* A catalogue that is loaded anew is the map of the next read. */
TEST(a_new_place_is_counted_at_once)
{
    struct writer *w = test_writer(c);
    const struct dictionary *d = test_words(c);
    struct value_outcome o;
    c->cube = cube_new(c->arena, 1 << 20);
    test_load_places(w, c, test_places());
    CHECK_OK(test_put(w, c, "S", "x4", "2025", 1, 0, NULL, &o));
    CHECK(test_is(test_figure(c, d, "S", "H2", "2025"), 1, FIGURE_ADDED | FIGURE_PARTIAL, 1, 2));
    test_load_places(w, c, S("area,name,kind,parent,confirmed\nx6,F,commune,H2,yes\n"));
    CHECK(test_is(test_figure(c, d, "S", "H2", "2025"), 1, FIGURE_ADDED | FIGURE_PARTIAL, 1, 3));
    CHECK_OK(test_put(w, c, "S", "x6", "2025", 2, 0, NULL, &o));
    CHECK(test_is(test_figure(c, d, "S", "H2", "2025"), 3, FIGURE_ADDED | FIGURE_PARTIAL, 2, 3));
}

/* --- many at once --- */

struct reader {
    struct str store;
    const struct dictionary *d;
    struct source source;
    struct cube *cube;
    atomic_bool *done;
    int reads;
};

/* Each write leaves the sum of the two as it was: a read of half of one would show. */
static void *read_on(void *arg)
{
    struct reader *r = arg;
    struct arena owner, arena;
    arena_init(&owner, 16 << 20);
    arena_init(&arena, 64 << 20);
    struct ctx mine = {.arena = &owner, .source = r->source, .cube = r->cube}, *c = &mine;
    CHECK_OK(db_open(c, &owner, r->store, DB_READ, &mine.db));
    mine.arena = &arena;
    struct str names[] = {S("x4"), S("x5"), S("H2"), S("T")};
    int32_t codes[] = {test_code("2025-01"), test_code("2025")};
    while (!atomic_load(r->done) || r->reads < 20) {
        struct cube_query q = {.indicator = S("S"),
                               .places = {names, 4},
                               .periods = codes,
                               .n_periods = 2,
                               .at = POS_NOW,
                               .map_day = DAY_NONE};
        struct figures f = {0};
        CHECK_OK(cube_read(c, r->d, &q, &f));
        CHECK(f.v[0].amount + f.v[2].amount == 1000 && f.v[4].amount == 1000 && f.v[6].amount == 1000);
        CHECK(f.v[5].amount == 12000 && f.v[7].amount == 12000);
        r->reads++;
        arena_reset(&arena);
    }
    arena_reset(&owner);
    return NULL;
}

TEST(readers_see_whole_writes)
{
    enum { READERS = 4, WRITES = 60 };
    struct str store = test_store(c);
    struct writer *w;
    CHECK_OK(writer_open(c, c->arena, store, &w));
    const struct dictionary *d = test_words(c);
    test_load_places(w, c, test_places());
    atomic_bool done = false;
    struct cube *cube = cube_new(c->arena, 4000); /* so that it is also filled anew, at times */
    pthread_t threads[READERS];
    struct reader readers[READERS];
    for (int i = -1; i < WRITES; i++) {
        struct value_batch b = test_batch(c);
        struct value_outcome o;
        for (int m = 0; m < 12; m++)
            if (i < 0 || m == i % 12) {
                int32_t code = (2025 * 12 + m) * 1024 + 1;
                test_add_code(c, &b, "S", "", S("x4"), code, "", i, VALUE_PROVISIONAL);
                test_add_code(c, &b, "S", "", S("x5"), code, "", 1000 - i, VALUE_PROVISIONAL);
            }
        CHECK_OK(test_write(w, c, &b, &o));
        for (int k = 0; i < 0 && k < READERS; k++) {
            readers[k] = (struct reader){store, d, c->source, cube, &done, 0};
            CHECK(pthread_create(&threads[k], NULL, read_on, &readers[k]) == 0);
        }
    }
    atomic_store(&done, true);
    for (int k = 0; k < READERS; k++)
        pthread_join(threads[k], NULL);
    CHECK_INT(cube_counts(cube).bytes <= 4000, 1);
}
