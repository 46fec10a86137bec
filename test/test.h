/* test.h - unit tests: TEST(name) { CHECK(…); } registers itself; each runs in a process of its own; output is TAP.
 *
 * A test program is one or more files with tests, linked with test/test.c. `program NAME…` runs only those named.
 * There is no way to skip: what cannot run fails. */
#ifndef HOALU_TEST_H
#define HOALU_TEST_H

#include "base/arena.h"
#include "base/ctx.h"
#include "base/str.h"

#include <stdio.h>

struct test {
    const char *name;
    void (*run)(struct ctx *c);
    struct test *next;
};
void test_register(struct test *t);
_Noreturn void test_failed(const char *file, int line, const char *format, ...) PRINTF_LIKE(3, 4);

/* The context: an arena of 256 MiB, the real random source, and a clock that stands at 2026-07-01T00:00:00Z until
 * test_set_clock(). */
#define TEST(name)                                                                                                     \
    static void test_##name(struct ctx *c);                                                                            \
    static struct test entry_##name = {#name, test_##name, NULL};                                                      \
    __attribute__((constructor)) static void register_##name(void)                                                     \
    {                                                                                                                  \
        test_register(&entry_##name);                                                                                  \
    }                                                                                                                  \
    static void test_##name(__attribute__((unused)) struct ctx *c)

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            test_failed(__FILE__, __LINE__, "%s", #condition);                                                         \
    } while (0)
#define CHECK_STR(got, want)                                                                                           \
    do {                                                                                                               \
        struct str got_ = (got), want_ = (want);                                                                       \
        if (!str_eq(got_, want_))                                                                                      \
            test_failed(__FILE__, __LINE__, "%s: got \"%.*s\", want \"%.*s\"", #got, ARGS(got_), ARGS(want_));         \
    } while (0)
#define CHECK_INT(got, want)                                                                                           \
    do {                                                                                                               \
        long long got_ = (got), want_ = (want);                                                                        \
        if (got_ != want_)                                                                                             \
            test_failed(__FILE__, __LINE__, "%s: got %lld, want %lld", #got, got_, want_);                             \
    } while (0)
#define CHECK_OK(call)                                                                                                 \
    do {                                                                                                               \
        enum err err_ = (call);                                                                                        \
        if (err_)                                                                                                      \
            test_failed(__FILE__, __LINE__, "%s: %.*s: %.*s", #call, ARGS(err_name(err_)), ARGS(c->error.message));    \
    } while (0)
#define CHECK_ERR(call, want) CHECK_INT((call), (want))

void test_set_clock(struct ctx *c, int64_t us);
/* The folder of the source tree ("data/…" lies under it). */
struct str test_source_root(void);
struct str test_read_file(struct ctx *c, const char *path); /* relative to the source tree, or absolute */

#endif
