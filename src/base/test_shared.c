#include "base/shared.h"

#include "test/test.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#include "base/banned.h"

struct piece {
    atomic_int *ended;
    int written;
};

static void end(void *p)
{
    struct piece *piece = p;
    atomic_fetch_add(piece->ended, piece->written == 7 ? 1 : 100);
}

TEST(the_last_holder_ends_it_and_nobody_else)
{
    atomic_int ended = 0;
    struct piece *piece = shared_new(sizeof *piece, end);
    CHECK(piece && piece->written == 0 && (uintptr_t)piece % 16 == 0);
    *piece = (struct piece){&ended, 7};
    CHECK(shared_hold(piece) == piece);
    shared_drop(piece);
    CHECK_INT(ended, 0);
    shared_drop(piece);
    CHECK_INT(ended, 1);
    shared_drop(NULL);
    CHECK(!shared_new(SIZE_MAX - 4, NULL));
}

enum { THREADS = 8, TIMES = 20000 };

static void *hold_and_drop(void *p)
{
    for (int i = 0; i < TIMES; i++)
        shared_drop(shared_hold(p));
    shared_drop(p);
    return NULL;
}

TEST(threads_may_hold_and_let_go_at_once)
{
    atomic_int ended = 0;
    pthread_t threads[THREADS];
    struct piece *piece = shared_new(sizeof *piece, end);
    *piece = (struct piece){&ended, 7};
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, hold_and_drop, shared_hold(piece)) == 0);
    shared_drop(piece);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    CHECK_INT(ended, 1);
}
