#define BASE_MAY_ALLOCATE
#include "base/arena.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1 /* clang's way of saying it */
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#define GAP 16 /* poisoned bytes after each allocation, so that an overrun inside a chunk is seen */
#else
#define ASAN_POISON_MEMORY_REGION(p, n)   ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#define GAP                               0
#endif

#include "base/banned.h"

enum { CHUNK_MIN = 16 << 10, CHUNK_MAX = 1 << 20 };

struct arena_chunk {
    struct arena_chunk *older;
    size_t at, cap; /* offsets into `bytes` */
    _Alignas(16) char bytes[];
};

void arena_init(struct arena *a, size_t limit)
{
    *a = (struct arena){.limit = limit};
}

_Noreturn void arena_exhausted(struct arena *a)
{
    if (a->oom)
        longjmp(*a->oom, 1);
    fputs("hoalu: out of memory\n", stderr);
    abort();
}

static void add_chunk(struct arena *a, size_t need)
{
    size_t left = a->limit - a->used, cap = a->chunk ? a->chunk->cap * 2 : CHUNK_MIN;
    if (left < sizeof(struct arena_chunk) || need > left - sizeof(struct arena_chunk))
        arena_exhausted(a);
    if (cap > CHUNK_MAX)
        cap = CHUNK_MAX;
    if (cap > left - sizeof(struct arena_chunk))
        cap = left - sizeof(struct arena_chunk); /* the last of the limit is used too */
    if (cap < need)
        cap = need;
    size_t total = sizeof(struct arena_chunk) + cap;
    struct arena_chunk *chunk = malloc(total);
    if (!chunk)
        arena_exhausted(a);
    a->used += total;
    *chunk = (struct arena_chunk){.older = a->chunk, .cap = cap};
    ASAN_POISON_MEMORY_REGION(chunk->bytes, cap);
    a->chunk = chunk;
}

/* `bytes` of `align`, not zeroed. */
static char *take(struct arena *a, size_t bytes, size_t align)
{
    size_t room;
    assert(align && align <= 16);
    if (__builtin_add_overflow(bytes, GAP, &room))
        arena_exhausted(a);
    size_t at = a->chunk ? (a->chunk->at + align - 1) & ~(align - 1) : 0;
    if (!a->chunk || at > a->chunk->cap || a->chunk->cap - at < room) {
        add_chunk(a, room);
        at = 0;
    }
    char *p = a->chunk->bytes + at;
    a->chunk->at = at + room;
    ASAN_UNPOISON_MEMORY_REGION(p, bytes);
    return p;
}

static void may_fail(struct arena *a)
{
    if (a->fail_in && --a->fail_in == 0)
        arena_exhausted(a);
}

void *arena_alloc(struct arena *a, size_t size, size_t align, size_t n)
{
    size_t bytes;
    may_fail(a);
    if (__builtin_mul_overflow(size, n, &bytes))
        arena_exhausted(a);
    return memset(take(a, bytes, align), 0, bytes);
}

struct arena_defer *arena_defer(struct arena *a, void (*run)(void *))
{
    struct arena_defer *d = NEW(a, struct arena_defer);
    *d = (struct arena_defer){.run = run, .next = a->defers};
    a->defers = d;
    return d;
}

struct arena_mark arena_mark(struct arena *a)
{
    return (struct arena_mark){a->chunk, a->chunk ? a->chunk->at : 0, a->defers};
}

void arena_rewind(struct arena *a, struct arena_mark mark)
{
    while (a->defers != mark.defers) {
        struct arena_defer *d = a->defers;
        a->defers = d->next;
        if (d->arg)
            d->run(d->arg);
    }
    while (a->chunk != mark.chunk) {
        struct arena_chunk *older = a->chunk->older;
        a->used -= sizeof(struct arena_chunk) + a->chunk->cap;
        ASAN_UNPOISON_MEMORY_REGION(a->chunk->bytes, a->chunk->cap);
        free(a->chunk);
        a->chunk = older;
    }
    if (a->chunk) {
        ASAN_POISON_MEMORY_REGION(a->chunk->bytes + mark.at, a->chunk->at - mark.at);
        a->chunk->at = mark.at;
    }
}

void arena_reset(struct arena *a)
{
    arena_rewind(a, (struct arena_mark){NULL, 0, NULL});
}

bool arena_run(struct arena *a, void (*work)(void *arg), void *arg)
{
    jmp_buf here, *outer = a->oom;
    a->oom = &here;
    if (setjmp(here)) {
        a->oom = outer;
        return false;
    }
    work(arg);
    a->oom = outer;
    return true;
}

/* Make what was taken last longer where it stands. */
static bool extend(struct arena *a, const char *p, size_t bytes, size_t more)
{
    struct arena_chunk *chunk = a->chunk;
    if (!chunk || p + bytes + GAP != chunk->bytes + chunk->at || more - bytes > chunk->cap - chunk->at)
        return false;
    chunk->at += more - bytes;
    ASAN_UNPOISON_MEMORY_REGION(p + bytes, more - bytes);
    return true;
}

void arena_grow(struct arena *a, void **v, size_t n, size_t *cap, size_t size)
{
    if (n < *cap)
        return;
    size_t more = *cap ? *cap * 2 : 8, bytes, have = *cap * size;
    assert(more > n);
    may_fail(a);
    if (__builtin_mul_overflow(size, more, &bytes))
        arena_exhausted(a);
    if (!*v || !extend(a, *v, have, bytes)) {
        char *bigger = take(a, bytes, 16);
        if (n)
            memcpy(bigger, *v, have);
        *v = bigger;
    }
    memset((char *)*v + have, 0, bytes - have);
    *cap = more;
}
