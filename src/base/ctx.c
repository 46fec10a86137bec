#include "base/ctx.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "base/banned.h"

static int64_t system_now_us(void *arg)
{
    (void)arg;
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void system_random(void *arg, void *buffer, size_t n)
{
    (void)arg;
    char *at = buffer;
    while (n) {
        ssize_t got = getrandom(at, n, 0);
        if (got < 0) {
            assert(errno == EINTR);
            continue;
        }
        at += got;
        n -= (size_t)got;
    }
}

struct source source_system(void)
{
    return (struct source){system_now_us, system_random, NULL};
}

enum err ctx_fail(struct ctx *c, enum err code, struct str file, unsigned line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct str message = str_vfmt(c->arena, format, args);
    va_end(args);
    c->error = (struct error){.code = code, .message = message, .file = file, .line = line};
    return code;
}

struct bounded {
    struct ctx *c;
    enum err (*work)(struct ctx *c, void *arg);
    void *arg;
    enum err result;
};

static void run_bounded(void *arg)
{
    struct bounded *b = arg;
    b->result = b->work(b->c, b->arg);
}

enum err ctx_run(struct ctx *c, enum err (*work)(struct ctx *c, void *arg), void *arg)
{
    struct bounded b = {c, work, arg, OK};
    if (arena_run(c->arena, run_bounded, &b))
        return b.result;
    c->error = (struct error){.code = E_LIMIT, .message = S("Không đủ bộ nhớ cho yêu cầu này (not enough memory)")};
    return E_LIMIT;
}
