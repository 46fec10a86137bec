#include "test/test.h"

#include <string.h>

#include "base/banned.h"

TEST(memory_is_zeroed_aligned_and_apart)
{
    char *previous = NULL;
    for (size_t i = 1; i < 5000; i += 7) {
        char *p = NEWN(c->arena, char, i);
        for (size_t k = 0; k < i; k++)
            CHECK(p[k] == 0);
        memset(p, 0xaa, i);
        CHECK(p != previous);
        int64_t *n = NEW(c->arena, int64_t);
        CHECK((uintptr_t)n % _Alignof(int64_t) == 0 && *n == 0);
        previous = p;
    }
}

static void take(void *arg)
{
    struct arena *a = arg;
    for (int i = 0; i < 1000; i++)
        memset(NEWN(a, char, 1000), 1, 1000);
}

TEST(the_limit_ends_the_work_and_not_the_program)
{
    struct arena a;
    arena_init(&a, 100000);
    CHECK(!arena_run(&a, take, &a));
    CHECK(a.used <= 100000);
    CHECK(a.used > 90000); /* nearly all of it could be used */
    arena_reset(&a);
    CHECK_INT((long long)a.used, 0);
    arena_init(&a, 2000000);
    CHECK(arena_run(&a, take, &a));
    arena_reset(&a);
}

static void take_far_too_much(void *arg)
{
    struct arena *a = arg;
    (void)NEWN(a, int64_t, SIZE_MAX / 4);
}

static void take_all_there_is(void *arg)
{
    struct arena *a = arg;
    (void)NEWN(a, char, SIZE_MAX);
}

TEST(sizes_that_overflow_are_refused)
{
    CHECK(!arena_run(c->arena, take_far_too_much, c->arena));
    CHECK(!arena_run(c->arena, take_all_there_is, c->arena));
    struct arena a;
    arena_init(&a, SIZE_MAX);
    CHECK(!arena_run(&a, take_all_there_is, &a));
    arena_reset(&a);
}

TEST(the_nth_allocation_fails_when_a_test_asks)
{
    struct arena a;
    arena_init(&a, 2000000);
    a.fail_in = 500;
    CHECK(!arena_run(&a, take, &a));
    CHECK(arena_run(&a, take, &a));
    arena_reset(&a);
}

struct log {
    char text[8];
    size_t n;
};
struct entry {
    struct log *log;
    char letter;
};

static void note(void *arg)
{
    struct entry *e = arg;
    e->log->text[e->log->n++] = e->letter;
}

TEST(what_was_deferred_runs_last_first)
{
    struct log log = {{0}, 0};
    struct entry first = {&log, 'a'}, second = {&log, 'b'}, third = {&log, 'c'};
    struct arena a;
    arena_init(&a, 1 << 20);
    arena_defer(&a, note)->arg = &first;
    arena_defer(&a, note); /* reserved and never armed */
    struct arena_mark mark = arena_mark(&a);
    arena_defer(&a, note)->arg = &second;
    arena_defer(&a, note)->arg = &third;
    arena_rewind(&a, mark);
    CHECK_STR(str_of(log.text), S("cb"));
    arena_reset(&a);
    CHECK_STR(str_of(log.text), S("cba"));
    arena_reset(&a);
    CHECK_INT((long long)log.n, 3);
}

TEST(a_mark_gives_memory_back)
{
    struct arena a;
    arena_init(&a, 300000);
    struct str kept = str_dup(&a, S("Hoa Lư"));
    for (int i = 0; i < 100; i++) {
        struct arena_mark mark = arena_mark(&a);
        memset(NEWN(&a, char, 100000), 'x', 100000);
        arena_rewind(&a, mark);
    }
    CHECK_STR(kept, S("Hoa Lư"));
    arena_reset(&a);
}

static void nest(void *arg)
{
    struct arena *a = arg;
    CHECK(!arena_run(a, take_all_there_is, a));
    (void)NEW(a, int);
    take_all_there_is(a);
}

TEST(boundaries_nest)
{
    CHECK(!arena_run(c->arena, nest, c->arena));
    CHECK(c->arena->oom == NULL);
}

TEST(lists_grow)
{
    struct {
        int *v;
        size_t n, cap;
    } list = {0};
    for (int i = 0; i < 10000; i++)
        *PUSH(c->arena, &list) = i;
    CHECK_INT((long long)list.n, 10000);
    for (int i = 0; i < 10000; i++)
        CHECK(list.v[i] == i);
}

/* One list grows where it stands, of two in turn neither can: both keep what they held, and what is new is zero. */
TEST(lists_grow_beside_each_other)
{
    struct row {
        char bytes[24];
    };
    struct {
        struct row *v;
        size_t n, cap;
    } list[2] = {0};
    static const char zero[24];
    for (int round = 0; round < 3; round++) {
        memset(arena_alloc(c->arena, 1, 1, 5000), 'x', 5000);
        for (int i = 0; i < 300; i++)
            for (int k = 0; k < 2; k++) {
                char *bytes = PUSH(c->arena, &list[round == 1 ? 0 : k])->bytes;
                CHECK(memcmp(bytes, zero, sizeof zero) == 0);
                memset(bytes, 'a' + i % 26, sizeof zero);
            }
    }
    CHECK(list[0].n == 1200 && list[1].n == 600);
    for (int i = 0; i < 300; i++)
        CHECK(list[0].v[i].bytes[23] == 'a' + i % 26 && list[1].v[i + 300].bytes[0] == 'a' + i % 26);
}

static enum err too_hungry(struct ctx *c, void *arg)
{
    (void)arg;
    (void)NEWN(c->arena, char, SIZE_MAX / 2);
    return OK;
}

static enum err refused(struct ctx *c, void *arg)
{
    (void)arg;
    return FAIL_AT(c, E_INVALID, S("a.csv"), 12, "cột %d", 3);
}

TEST(a_context_turns_failure_into_an_error)
{
    CHECK_ERR(ctx_run(c, too_hungry, NULL), E_LIMIT);
    CHECK(c->error.code == E_LIMIT && c->error.message.n > 0);
    CHECK_ERR(ctx_run(c, refused, NULL), E_INVALID);
    CHECK_STR(c->error.message, S("cột 3"));
    CHECK_STR(c->error.file, S("a.csv"));
    CHECK_INT(c->error.line, 12);
    CHECK(err_exit_status(OK) == 0 && err_exit_status(E_INVALID) == 1 && err_exit_status(E_INTERNAL) == 1);
    CHECK_STR(err_name(E_NOTFOUND), S("not_found"));
}

TEST(chance_and_time_come_from_the_context)
{
    unsigned char a[32] = {0}, b[32] = {0};
    c->source.random(c->source.arg, a, sizeof a);
    c->source.random(c->source.arg, b, sizeof b);
    CHECK(memcmp(a, b, sizeof a) != 0);
    CHECK_INT(ctx_now(c), 1782864000000000);
    test_set_clock(c, 5);
    CHECK_INT(ctx_now(c), 5);
    struct ctx real = {.source = source_system()};
    CHECK(ctx_now(&real) > 1700000000000000);
}
