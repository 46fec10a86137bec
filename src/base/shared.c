#define BASE_MAY_ALLOCATE
#include "base/shared.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/banned.h"

struct shared {
    _Atomic size_t holders;
    void (*end)(void *);
    _Alignas(max_align_t) char bytes[];
};

static struct shared *of(void *p)
{
    return (struct shared *)((char *)p - offsetof(struct shared, bytes));
}

void *shared_new(size_t size, void (*end)(void *))
{
    size_t all;
    if (__builtin_add_overflow(size, sizeof(struct shared), &all))
        return NULL;
    struct shared *s = calloc(1, all);
    if (!s)
        return NULL;
    atomic_init(&s->holders, 1);
    s->end = end;
    return s->bytes;
}

void *shared_hold(void *p)
{
    atomic_fetch_add_explicit(&of(p)->holders, 1, memory_order_relaxed);
    return p;
}

/* What each holder did is seen by the one that ends it. */
void shared_drop(void *p)
{
    if (!p || atomic_fetch_sub_explicit(&of(p)->holders, 1, memory_order_acq_rel) != 1)
        return;
    if (of(p)->end)
        of(p)->end(p);
    free(of(p));
}
