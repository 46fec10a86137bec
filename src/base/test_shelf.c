/* What is found again and when, and what goes when there is no room. */
#include "base/shared.h"
#include "base/shelf.h"

#include "test/test.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "base/banned.h"

static void put(struct shelf *s, struct str key, struct shelf_age age, int number, size_t size)
{
    int *thing = shared_new(sizeof *thing, NULL);
    *thing = number;
    shelf_put(s, key, age, thing, size);
    shared_drop(thing);
}

/* The number that is there; -1: none. */
static int find(struct shelf *s, struct str key, struct shelf_age age)
{
    int *thing = shelf_find(s, key, age), number = thing ? *thing : -1;
    shared_drop(thing);
    return number;
}

TEST(a_thing_is_found_until_the_store_or_the_day_moves)
{
    struct shelf *s = shelf_new(c->arena, c->source, 1 << 20);
    struct shelf_age age = {7, 20000};
    put(s, S("/tasks"), age, 5, 3000);
    CHECK_INT(find(s, S("/tasks"), age), 5);
    CHECK_INT(find(s, S("/task"), age), -1);
    CHECK_INT(find(s, S("/tasks?"), age), -1);
    CHECK_INT(find(s, S("/tasks"), (struct shelf_age){8, 20000}), -1);
    CHECK_INT(find(s, S("/tasks"), (struct shelf_age){7, 20001}), -1);
    CHECK_INT(shelf_counts(s).hits, 1);
    CHECK_INT(shelf_counts(s).misses, 1);
}

TEST(a_newer_thing_takes_the_place_and_an_older_one_does_not)
{
    struct shelf *s = shelf_new(c->arena, c->source, 1 << 20);
    put(s, S("k"), (struct shelf_age){1, 1}, 1, 3000);
    put(s, S("k"), (struct shelf_age){2, 1}, 2, 3000);
    put(s, S("k"), (struct shelf_age){1, 1}, 1, 3000); /* it was long in the making */
    CHECK_INT(find(s, S("k"), (struct shelf_age){2, 1}), 2);
    CHECK_INT(find(s, S("k"), (struct shelf_age){1, 1}), -1);
    struct shelf_counts n = shelf_counts(s);
    CHECK(n.things == 1 && n.bytes > 3000 && n.bytes < 4000);
}

static void end(void *arg)
{
    atomic_fetch_add(*(atomic_int **)arg, 1);
}

TEST(what_was_taken_off_stays_for_who_holds_it_and_goes_with_the_shelf)
{
    struct arena owner;
    atomic_int ended = 0;
    arena_init(&owner, 1 << 20);
    struct shelf *s = shelf_new(&owner, c->source, 1 << 20);
    atomic_int **thing = shared_new(sizeof *thing, end);
    *thing = &ended;
    shelf_put(s, S("k"), (struct shelf_age){1, 1}, thing, 100);
    shelf_put(s, S("l"), (struct shelf_age){1, 1}, thing, 100);
    shelf_put(s, S("large"), (struct shelf_age){1, 1}, thing, 1 << 20);
    put(s, S("k"), (struct shelf_age){2, 1}, 2, 100);
    shared_drop(thing);
    CHECK_INT(ended, 0);
    void *held = shelf_find(s, S("l"), (struct shelf_age){1, 1});
    arena_reset(&owner);
    CHECK_INT(ended, 0);
    shared_drop(held);
    CHECK_INT(ended, 1);
}

TEST(keys_asked_for_once_do_not_push_out_those_asked_for_again)
{
    enum { BYTES = 4 << 20, HOT = 40, NOISE = 100000 };
    struct shelf *s = shelf_new(c->arena, c->source, BYTES);
    struct shelf_age age = {1, 1};
    char key[32];
    for (int i = 0; i < HOT; i++) {
        snprintf(key, sizeof key, "hot %d", i);
        put(s, str_of(key), age, i, 4000);
        CHECK_INT(find(s, str_of(key), age), i);
    }
    int found = 0;
    for (int i = 0; i < NOISE; i++) {
        snprintf(key, sizeof key, "/tasks?x=%d", i);
        put(s, str_of(key), age, 0, 4000);
        if (i % 50 == 0) { /* each of them once in 2,000 */
            snprintf(key, sizeof key, "hot %d", i / 50 % HOT);
            found += find(s, str_of(key), age) == i / 50 % HOT;
        }
        if (i % 1000 == 0)
            CHECK(shelf_counts(s).bytes <= BYTES);
    }
    CHECK_INT(found, NOISE / 50);
    CHECK(shelf_counts(s).things < BYTES / 4000);
}

TEST(what_is_too_large_finds_no_place)
{
    struct shelf *s = shelf_new(c->arena, c->source, 1 << 20), *none = shelf_new(c->arena, c->source, 100);
    struct shelf_age age = {1, 1};
    put(s, S("large"), age, 1, 1 << 20);
    put(s, S("most"), age, 2, shelf_thing_max(s));
    CHECK_INT(find(s, S("large"), age), -1);
    CHECK_INT(find(s, S("most"), age), 2);
    CHECK_INT(shelf_thing_max(none), 0);
    put(none, S("k"), age, 1, 1);
    CHECK_INT(find(none, S("k"), age), -1);
}

struct reader {
    struct shelf *shelf;
    int number, wrong;
};

/* Each position has its own content: whoever finds a thing finds the one of the position that was asked. */
static void *find_or_put(void *arg)
{
    struct reader *me = arg;
    char key[16];
    for (int i = 0; i < 20000; i++) {
        struct shelf_age age = {i / 2000, 1};
        snprintf(key, sizeof key, "k%d", (i * 7 + me->number) % 100);
        int found = find(me->shelf, str_of(key), age);
        if (found < 0)
            put(me->shelf, str_of(key), age, (int)age.position, 1500);
        me->wrong += found >= 0 && found != age.position;
    }
    return NULL;
}

TEST(threads_find_and_put_at_once)
{
    enum { THREADS = 4 };
    struct shelf *s = shelf_new(c->arena, c->source, 256 << 10); /* room for some of them */
    struct reader readers[THREADS];
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        readers[i] = (struct reader){s, i, 0};
        CHECK(pthread_create(&threads[i], NULL, find_or_put, &readers[i]) == 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        CHECK_INT(readers[i].wrong, 0);
    }
    CHECK(shelf_counts(s).bytes <= 256 << 10);
    CHECK(shelf_counts(s).hits > 0);
}
