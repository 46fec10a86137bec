/* Whole processes, side by side: an empty program linked to every library, and the compiler reading the shipped plan.
 * The runs alternate, so that whatever else the machine does falls on both; medians are printed, and their difference.
 *
 *     bench-process [RUNS]      in the source tree, with the programs in build/ */
#include "base/str.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/banned.h"

enum { RUNS = 41, RUNS_MAX = 1001 };

extern char **environ;

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Milliseconds from start to end of one run with its output thrown away; below 0 if it failed. */
static double run(const char *const *argv)
{
    posix_spawn_file_actions_t actions;
    pid_t child;
    int status = 0;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    double start = now_ms();
    int failed = posix_spawn(&child, argv[0], &actions, NULL, (char *const *)argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed || waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return -1;
    return now_ms() - start;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    static const char *const nothing[] = {"build/bench/nothing", NULL};
    static const char *const compile[] = {"build/hoalu", "plan", "read", "data/plans/ninh-binh-06-nq-tu.md",
                                          "--format",    "json", NULL};
    static const char *const help[] = {"build/hoalu", "--version", NULL};
    static const struct {
        const char *what;
        const char *const *argv;
    } programs[] = {
        {"an empty program, every library", nothing}, {"hoalu --version", help}, {"hoalu plan read", compile}};
    enum { PROGRAMS = sizeof programs / sizeof *programs };
    int64_t runs = RUNS;
    if (argc > 1 && (!str_i64(str_of(argv[1]), &runs) || runs < 1 || runs > RUNS_MAX)) {
        fprintf(stderr, "usage: bench-process [RUNS]\n");
        return 2;
    }
    double ms[PROGRAMS][RUNS_MAX];
    for (int64_t i = -1; i < runs; i++) /* the first fills the caches and does not count */
        for (size_t p = 0; p < PROGRAMS; p++) {
            double took = run(programs[p].argv);
            if (took < 0) {
                fprintf(stderr, "%s: did not succeed\n", programs[p].what);
                return 1;
            }
            ms[p][i < 0 ? 0 : i] = took;
        }
    printf("%-34s %8s %8s %8s   (%d runs each, in turns)\n", "milliseconds of a whole process", "least", "median",
           "9 of 10", (int)runs);
    for (size_t p = 0; p < PROGRAMS; p++) {
        qsort(ms[p], (size_t)runs, sizeof ms[p][0], by_size);
        printf("%-34s %8.2f %8.2f %8.2f\n", programs[p].what, ms[p][0], ms[p][runs / 2], ms[p][runs * 9 / 10]);
    }
    printf("above the empty program: %.2f ms\n", ms[PROGRAMS - 1][runs / 2] - ms[0][runs / 2]);
    return 0;
}
