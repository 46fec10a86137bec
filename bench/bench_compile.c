/* bench_compile.c - how long the compiler takes for a plan, in a process that is already running: reading the text into
 * blocks, and compiling them with the shipped catalogue. The document is the issued plan where it lies beside the
 * project, else our own shorter one; or the file named. Design: 5 ms. */
#include "domain/plan/plan.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/banned.h"

enum { ROUNDS = 201 };

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void print(const char *what, double *ms)
{
    qsort(ms, ROUNDS, sizeof *ms, by_value);
    printf("%-28s median %7.3f ms   p90 %7.3f ms\n", what, ms[ROUNDS / 2], ms[ROUNDS * 9 / 10]);
}

static struct str read_file(struct arena *a, const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f) {
        fprintf(stderr, "bench-compile: %s cannot be opened\n", path);
        exit(1);
    }
    char *content = NEWN(a, char, 8 << 20);
    size_t n = fread(content, 1, 8 << 20, f);
    fclose(f);
    return (struct str){content, n};
}

int main(int argc, char **argv)
{
    static double parse[ROUNDS], compile[ROUNDS], whole[ROUNDS];
    struct arena keep, work;
    glob_t issued = {0};
    arena_init(&keep, 256u << 20);
    arena_init(&work, 256u << 20);
    const char *path = "data/plans/ninh-binh-06-nq-tu.md";
    if (glob("../shared/plan/*.txt", 0, NULL, &issued) == 0 && issued.gl_pathc)
        path = issued.gl_pathv[0];
    if (argc > 1)
        path = argv[1];
    struct str content = read_file(&keep, path);
    struct ctx c = {.arena = &keep, .source = source_system()};
    const struct org_catalogue *catalogue;
    double before = now_ms();
    if (org_catalogue_builtin(&c, &catalogue))
        return 1;
    printf("%s, %zu bytes, %d rounds\n%-28s once   %7.3f ms\n", path, content.n, ROUNDS, "the catalogue of bodies",
           now_ms() - before);
    c.arena = &work;
    for (int i = 0; i < ROUNDS; i++) {
        struct document document;
        struct draft draft;
        double start = now_ms();
        if (document_parse(&c, content, str_of(path), &document))
            return 1;
        double middle = now_ms();
        if (plan_compile(&c, &document, catalogue, &draft))
            return 1;
        double end = now_ms();
        parse[i] = middle - start;
        compile[i] = end - middle;
        whole[i] = end - start;
        arena_reset(&work);
    }
    print("text to blocks", parse);
    print("blocks to draft and findings", compile);
    print("both", whole);
    globfree(&issued);
    return 0;
}
