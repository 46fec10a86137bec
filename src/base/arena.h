/* arena.h - memory by lifetime: the process, one request or job, a scratch stretch.
 *
 * Nothing is freed singly. arena_reset() ends a lifetime: it runs what was deferred, last first, and takes the memory
 * back. arena_alloc() never returns NULL: past the limit, or out of memory, it jumps to `oom`, which the boundary that
 * owns the arena has set (arena_run); without one the program stops. So hold no lock across an allocation, and
 * register foreign handles (statement, file, parser) with arena_defer() *before* opening them.
 *
 * Threads: an arena belongs to one thread at a time. */
#ifndef HOALU_ARENA_H
#define HOALU_ARENA_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena_chunk;

/* A clean-up slot. It is reserved first and armed by setting `arg` once the handle is open, so that registering a
 * handle cannot fail. A slot whose `arg` is NULL does nothing. */
struct arena_defer {
    void (*run)(void *arg);
    void *arg;
    struct arena_defer *next;
};

struct arena {
    struct arena_chunk *chunk; /* newest first */
    struct arena_defer *defers;
    size_t used, limit; /* bytes taken from the system, and how many may be */
    jmp_buf *oom;
    int64_t fail_in; /* tests: the nth allocation from now fails; 0 never */
};

#define NEW(a, T)     ((T *)arena_alloc((a), sizeof(T), _Alignof(T), 1))
#define NEWN(a, T, n) ((T *)arena_alloc((a), sizeof(T), _Alignof(T), (n)))

void arena_init(struct arena *a, size_t limit);
/* `n` times `size` bytes, zeroed; `align` is at most 16. */
void *arena_alloc(struct arena *a, size_t size, size_t align, size_t n) __attribute__((returns_nonnull));
struct arena_defer *arena_defer(struct arena *a, void (*run)(void *));
/* Run the deferred clean-ups, last first, and free everything. The arena may be used again. */
void arena_reset(struct arena *a);

/* Take back what was allocated since a mark, running what was deferred since. For loops over large input. */
struct arena_mark {
    struct arena_chunk *chunk;
    size_t at;
    struct arena_defer *defers;
};
struct arena_mark arena_mark(struct arena *a);
void arena_rewind(struct arena *a, struct arena_mark mark);

/* Run `work(arg)` so that an exhausted arena comes back as false instead of ending the program. The only setjmp in
 * the program; calls nest. */
bool arena_run(struct arena *a, void (*work)(void *arg), void *arg);
/* Fail as an exhausted arena does. For a callback's failure that arena_run() caught, so that it did not jump over the
 * frames of a foreign library, and that goes on once the library has returned. */
_Noreturn void arena_exhausted(struct arena *a);

/* A vector that grows in an arena: struct { T *v; size_t n, cap; }. */
#define PUSH(a, list)                                                                                                  \
    ((list)->n < (list)->cap ? (void)0                                                                                 \
                             : arena_grow((a), (void **)&(list)->v, (list)->n, &(list)->cap, sizeof *(list)->v),       \
     &(list)->v[(list)->n++])
void arena_grow(struct arena *a, void **v, size_t n, size_t *cap, size_t size);

#endif
