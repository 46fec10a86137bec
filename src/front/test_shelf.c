/* Kept pages by themselves: what is found again and when, and what goes when there is no room. */
#include "front/shelf.h"

#include "test/test.h"

#include <pthread.h>
#include <string.h>

#include "base/banned.h"

static struct response page_of(struct ctx *c, size_t bytes, struct str tag)
{
    struct response r = {.status = 200, .type = S("text/html"), .body = {NEWN(c->arena, char, bytes), bytes}};
    response_header(c, &r, S("ETag"), tag);
    return r;
}

static bool is_there(struct shelf *s, struct str key, struct shelf_age age)
{
    struct shelf_page *page = shelf_find(s, key, age);
    shelf_let_go(page);
    return page;
}

static void put(struct shelf *s, struct str key, struct shelf_age age, const struct response *r)
{
    struct shelf_page *page = shelf_put(s, key, age, r);
    CHECK(page);
    shelf_let_go(page);
}

TEST(a_page_is_found_until_the_store_or_the_day_moves)
{
    struct shelf *s = shelf_new(c->arena, c->source, 1 << 20);
    struct response r = page_of(c, 3000, S("\"a\""));
    struct shelf_age age = {7, 20000};
    put(s, S("/tasks"), age, &r);
    struct shelf_page *page = shelf_find(s, S("/tasks"), age);
    CHECK(page && page->whole && page->unchanged);
    CHECK_STR(page->tag, S("\"a\""));
    shelf_let_go(page);
    CHECK(!is_there(s, S("/task"), age) && !is_there(s, S("/tasks?"), age));
    CHECK(!is_there(s, S("/tasks"), (struct shelf_age){8, 20000}));
    CHECK(!is_there(s, S("/tasks"), (struct shelf_age){7, 20001}));
    CHECK_INT(shelf_counts(s).hits, 1);
}

TEST(a_newer_page_takes_the_place_and_an_older_one_does_not)
{
    struct shelf *s = shelf_new(c->arena, c->source, 1 << 20);
    struct response old = page_of(c, 3000, S("\"old\"")), new = page_of(c, 3000, S("\"new\""));
    put(s, S("k"), (struct shelf_age){1, 1}, &old);
    put(s, S("k"), (struct shelf_age){2, 1}, &new);
    put(s, S("k"), (struct shelf_age){1, 1}, &old); /* it was long in the making */
    CHECK(is_there(s, S("k"), (struct shelf_age){2, 1}) && !is_there(s, S("k"), (struct shelf_age){1, 1}));
    struct shelf_counts n = shelf_counts(s);
    CHECK(n.pages == 1 && n.bytes > 3000 && n.bytes < 8000);
}

TEST(a_page_that_was_taken_off_stays_whole_for_who_holds_it)
{
    struct shelf *s = shelf_new(c->arena, c->source, 1 << 20);
    struct response one = page_of(c, 3000, S("\"one\""));
    put(s, S("k"), (struct shelf_age){1, 1}, &one);
    struct shelf_page *held = shelf_find(s, S("k"), (struct shelf_age){1, 1});
    put(s, S("k"), (struct shelf_age){2, 1}, &one);
    CHECK_STR(held->tag, S("\"one\""));
    shelf_let_go(held);
}

TEST(addresses_asked_for_once_do_not_push_out_those_asked_for_again)
{
    enum { BYTES = 4 << 20, HOT = 40, NOISE = 100000 };
    struct shelf *s = shelf_new(c->arena, c->source, BYTES);
    struct response r = page_of(c, 4000, S("\"a\""));
    struct shelf_age age = {1, 1};
    char key[32];
    for (int i = 0; i < HOT; i++) {
        snprintf(key, sizeof key, "hot %d", i);
        put(s, str_of(key), age, &r);
        CHECK(is_there(s, str_of(key), age));
    }
    int found = 0;
    for (int i = 0; i < NOISE; i++) {
        snprintf(key, sizeof key, "/tasks?x=%d", i);
        put(s, str_of(key), age, &r);
        if (i % 50 == 0) { /* each of them once in 2,000 */
            snprintf(key, sizeof key, "hot %d", i / 50 % HOT);
            found += is_there(s, str_of(key), age);
        }
        if (i % 1000 == 0)
            CHECK(shelf_counts(s).bytes <= BYTES);
    }
    CHECK_INT(found, NOISE / 50);
    CHECK(shelf_counts(s).pages < BYTES / 4000);
}

TEST(what_is_too_large_is_made_but_not_kept)
{
    struct shelf *s = shelf_new(c->arena, c->source, 1 << 20);
    struct response large = page_of(c, 1 << 20, S("\"a\"")), most = page_of(c, shelf_page_max(s), S("\"a\""));
    CHECK(!shelf_put(s, S("large"), (struct shelf_age){1, 1}, &large));
    put(s, S("most"), (struct shelf_age){1, 1}, &most);
    CHECK(is_there(s, S("most"), (struct shelf_age){1, 1}));
    struct shelf *none = shelf_new(c->arena, c->source, 100);
    struct response small = page_of(c, 10, S("\"a\""));
    CHECK_INT(shelf_page_max(none), 0);
    CHECK(!shelf_put(none, S("k"), (struct shelf_age){1, 1}, &small));
}

struct reader {
    struct shelf *shelf;
    struct response one, two;
    int number, wrong;
};

/* Each position has its own content: whoever finds a page finds the one of the position that was asked. */
static void *read_and_put(void *arg)
{
    struct reader *me = arg;
    char key[16];
    for (int i = 0; i < 20000; i++) {
        struct shelf_age age = {i / 2000, 1};
        const struct response *r = age.position % 2 ? &me->one : &me->two;
        snprintf(key, sizeof key, "k%d", (i * 7 + me->number) % 100);
        struct shelf_page *page = shelf_find(me->shelf, str_of(key), age);
        if (!page)
            page = shelf_put(me->shelf, str_of(key), age, r);
        me->wrong += !page || !str_eq(page->tag, r->headers.v[0].value);
        shelf_let_go(page);
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
        readers[i] = (struct reader){s, page_of(c, 1000, S("\"one\"")), page_of(c, 2000, S("\"two\"")), i, 0};
        CHECK(pthread_create(&threads[i], NULL, read_and_put, &readers[i]) == 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        CHECK_INT(readers[i].wrong, 0);
    }
    CHECK(shelf_counts(s).bytes <= 256 << 10);
    CHECK(shelf_counts(s).hits > 0);
}
