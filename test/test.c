#include "test/test.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/banned.h"

static struct test *first, **last = &first;

void test_register(struct test *t)
{
    *last = t;
    last = &t->next;
}

void test_failed(const char *file, int line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fprintf(stdout, "# %s:%d: ", file, line);
    vfprintf(stdout, format, args);
    fputc('\n', stdout);
    fflush(stdout);
    va_end(args);
    _exit(1);
}

static int64_t stood_at = 1782864000000000; /* 2026-07-01T00:00:00Z */

static int64_t standing_clock(void *arg)
{
    return *(int64_t *)arg;
}

void test_set_clock(struct ctx *c, int64_t us)
{
    stood_at = us;
    c->source.now_us = standing_clock;
    c->source.arg = &stood_at;
}

struct str test_source_root(void)
{
    const char *root = getenv("HOALU_SOURCE_ROOT");
    return str_of(root ? root : ".");
}

struct str test_read_file(struct ctx *c, const char *path)
{
    char *full =
        path[0] == '/' ? (char *)path : str_z(c->arena, str_fmt(c->arena, "%.*s/%s", ARGS(test_source_root()), path));
    FILE *f = fopen(full, "rb");
    if (!f)
        test_failed(full, 0, "cannot be opened");
    fseek(f, 0, SEEK_END);
    long n = ftell(f);
    rewind(f);
    char *content = NEWN(c->arena, char, (size_t)n + 1);
    if (fread(content, 1, (size_t)n, f) != (size_t)n)
        test_failed(full, 0, "cannot be read");
    fclose(f);
    return (struct str){content, (size_t)n};
}

/* The arena is reset before the process ends, so that a leak checker sees only what nobody owns. */
static _Noreturn void run(const struct test *t)
{
    struct arena arena;
    arena_init(&arena, 256u << 20);
    struct ctx c = {.arena = &arena, .source = source_system(), .actor = {S("test"), S(""), S("")}};
    test_set_clock(&c, stood_at);
    t->run(&c);
    arena_reset(&arena);
    fflush(stdout);
    exit(0);
}

static bool wanted(const struct test *t, int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], t->name) == 0)
            return true;
    return argc < 2;
}

int main(int argc, char **argv)
{
    int n = 0, failed = 0;
    for (struct test *t = first; t; t = t->next)
        n += wanted(t, argc, argv);
    printf("TAP version 13\n1..%d\n", n);
    fflush(stdout);
    n = 0;
    for (struct test *t = first; t; t = t->next) {
        if (!wanted(t, argc, argv))
            continue;
        pid_t child = fork();
        if (child == 0)
            run(t);
        int status = -1;
        bool ok = child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
        if (!ok && WIFSIGNALED(status))
            printf("# killed by signal %d\n", WTERMSIG(status));
        printf("%sok %d - %s\n", ok ? "" : "not ", ++n, t->name);
        fflush(stdout);
        failed += !ok;
    }
    return failed || n == 0;
}
