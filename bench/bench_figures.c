/* How long the cube takes to add figures up by place and year.
 *
 *     build/bench/bench-figures STORE INDICATOR MONTHS DEPTH READS
 *
 * INDICATOR may be empty: all of them, one after the other. Sums of what was reported each month (bench/values_data.c),
 * for each place at DEPTH below the root and each year. Prints one line of JSON: cold (the first read, from the store)
 * and the median of the warm ones in seconds, the sum of all sums, and the bytes that the cube and the process take. */
#include "domain/indicator/cube.h"
#include "store/db.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "base/banned.h"

enum { FIRST_YEAR = 2021, YEARS_MAX = 50, READS_MAX = 100 };

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

struct reading {
    const struct dictionary *dictionary;
    struct str indicator; /* n == 0: all */
    int32_t years[YEARS_MAX];
    size_t n_years;
    int64_t depth;
    double total;
};

static enum err read_one(struct ctx *c, struct reading *r, struct str indicator)
{
    struct cube_query q = {
        .indicator = indicator, .periods = r->years, .n_periods = r->n_years, .at = POS_NOW, .map_day = DAY_NONE};
    struct strs places;
    struct figures got;
    TRY(cube_table(c, r->dictionary, &q, r->depth, &places, &got));
    for (size_t i = 0; i < got.n_places * got.n_periods; i++)
        if (!isnan(got.v[i].amount))
            r->total += got.v[i].amount;
    return OK;
}

static enum err read_all(struct ctx *c, void *arg)
{
    struct reading *r = arg;
    struct indicators all = dictionary_indicators(r->dictionary);
    r->total = 0;
    for (size_t i = 0; i < all.n; i++)
        if (!r->indicator.n || str_eq(all.v[i]->code, r->indicator))
            TRY(read_one(c, r, all.v[i]->code));
    return OK;
}

static int fail(const struct ctx *c)
{
    fprintf(stderr, "%.*s\n", ARGS(c->error.message));
    return 1;
}

int main(int argc, char **argv)
{
    if (argc != 6) {
        fputs("bench-figures STORE INDICATOR MONTHS DEPTH READS\n", stderr);
        return 2;
    }
    struct arena process, request;
    arena_init(&process, SIZE_MAX);
    arena_init(&request, SIZE_MAX);
    struct ctx c = {.arena = &process, .source = source_system()};
    struct reading r = {.indicator = str_of(argv[2]), .depth = strtol(argv[4], NULL, 10)};
    int reads = (int)strtol(argv[5], NULL, 10);
    r.n_years = (size_t)strtol(argv[3], NULL, 10) / 12;
    if (reads < 1 || reads > READS_MAX || !r.n_years || r.n_years > YEARS_MAX)
        return 2;
    for (size_t i = 0; i < r.n_years; i++) {
        struct period year;
        char text[8];
        snprintf(text, sizeof text, "%04d", FIRST_YEAR + (int)i);
        if (!period_parse(str_of(text), &year))
            return 2;
        r.years[i] = period_code(year);
    }
    if (db_open(&c, &process, str_of(argv[1]), DB_READ, &c.db) || dictionary_from_store(&c, POS_NOW, &r.dictionary))
        return fail(&c);
    c.cube = cube_new(&process, (size_t)1 << 30);
    c.arena = &request;
    double times[READS_MAX + 1], cold;
    for (int i = 0; i <= reads; i++) {
        double begun = now_s();
        if (read_all(&c, &r))
            return fail(&c);
        times[i] = now_s() - begun;
        arena_reset(&request);
    }
    cold = times[0];
    qsort(times + 1, (size_t)reads, sizeof *times, by_size);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("{\"cold\":%.9f,\"warm\":%.9f,\"total\":%.6f,\"cube\":%zu,\"memory\":%ld}\n", cold, times[1 + reads / 2],
           r.total, cube_counts(c.cube).bytes, usage.ru_maxrss * 1024);
    arena_reset(&process);
    return 0;
}
