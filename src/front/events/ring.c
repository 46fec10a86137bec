#include "front/events/ring.h"

#include <string.h>

#include "base/banned.h"

void ring_clear(struct ring *r)
{
    for (size_t i = 0; i < RING_TEXTS; i++)
        r->texts[i].number = 0;
}

void ring_put(struct ring *r, int64_t number, struct str text, size_t head)
{
    if (text.n > RING_BYTES)
        return;
    size_t at = r->written % RING_BYTES, first = text.n < RING_BYTES - at ? text.n : RING_BYTES - at;
    memcpy(r->bytes + at, text.p, first);
    memcpy(r->bytes, text.p + first, text.n - first);
    size_t place = (size_t)number % RING_TEXTS;
    r->texts[place].number = number;
    r->texts[place].at = r->written;
    r->texts[place].n = text.n;
    r->texts[place].head = head;
    r->written += text.n;
}

bool room_put(struct room *to, struct str text, size_t *part)
{
    size_t left = text.n - *part, n = left < to->cap - to->n ? left : to->cap - to->n;
    if (n)
        memcpy(to->p + to->n, text.p + *part, n);
    to->n += n;
    *part += n;
    return n == left;
}

bool ring_take(const struct ring *r, int64_t number, bool with_head, struct room *to, size_t *part, bool *ret_kept)
{
    size_t place = (size_t)number % RING_TEXTS;
    *ret_kept = r->texts[place].number == number && r->written - r->texts[place].at <= RING_BYTES;
    if (!*ret_kept)
        return false;
    size_t head = with_head ? 0 : r->texts[place].head, n = r->texts[place].n - head;
    size_t at = (r->texts[place].at + head) % RING_BYTES, first = n < RING_BYTES - at ? n : RING_BYTES - at;
    /* It may go round the end: two pieces, of which the first may have been put already. */
    if (*part < first && !room_put(to, (struct str){r->bytes + at, first}, part))
        return false;
    size_t rest = *part - first;
    bool all = room_put(to, (struct str){r->bytes, n - first}, &rest);
    *part = first + rest;
    return all;
}
