/* A batch of figures in memory: names once, rows small. */
#include "domain/indicator/value.h"

#include <string.h>

#include "base/banned.h"

RECORD(value_outcome_record, struct value_outcome, "value_outcome", "Kết quả ghi số liệu (what a write of figures did)",
       {"position", FIELD_I64, offsetof(struct value_outcome, position),
        .doc = "vị trí trong sổ cái; 0: không có gì thay đổi"},
       {"added", FIELD_I64, offsetof(struct value_outcome, added), .doc = "số liệu mới"},
       {"changed", FIELD_I64, offsetof(struct value_outcome, changed), .doc = "số liệu được sửa"},
       {"same", FIELD_I64, offsetof(struct value_outcome, same), .doc = "số liệu giống như đã có, không ghi lại"});

/* Two words to a number, open addressing; the words stand in the batch. */
struct map {
    uint32_t *slots; /* plus 1; 0: free */
    size_t cap, n;
};
struct maps {
    struct map series, places, sources;
};

static uint64_t hash_of(struct str a, struct str b)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < a.n; i++)
        h = (h ^ (unsigned char)a.p[i]) * 0x100000001b3u;
    h = (h ^ 0xff) * 0x100000001b3u;
    for (size_t i = 0; i < b.n; i++)
        h = (h ^ (unsigned char)b.p[i]) * 0x100000001b3u;
    return h ^ h >> 29;
}

static struct maps *maps_of(struct ctx *c, struct value_batch *b)
{
    if (!b->maps)
        b->maps = NEW(c->arena, struct maps);
    return b->maps;
}

struct words {
    struct str first, second;
};
static struct words words_of(const struct value_batch *b, const struct map *m, uint32_t i)
{
    const struct maps *maps = b->maps;
    if (m == &maps->series)
        return (struct words){b->series.v[i].indicator, b->series.v[i].category};
    return (struct words){m == &maps->places ? b->places.v[i] : b->sources.v[i], S("")};
}

static uint32_t *slot_of(const struct value_batch *b, struct map *m, struct str first, struct str second)
{
    size_t i = hash_of(first, second) & (m->cap - 1);
    for (; m->slots[i]; i = (i + 1) & (m->cap - 1)) {
        struct words w = words_of(b, m, m->slots[i] - 1);
        if (str_eq(w.first, first) && str_eq(w.second, second))
            break;
    }
    return &m->slots[i];
}

static void grow(struct ctx *c, const struct value_batch *b, struct map *m)
{
    struct map old = *m;
    m->cap = old.cap ? 2 * old.cap : 64;
    m->slots = NEWN(c->arena, uint32_t, m->cap);
    for (size_t i = 0; i < old.cap; i++)
        if (old.slots[i]) {
            struct words w = words_of(b, m, old.slots[i] - 1);
            *slot_of(b, m, w.first, w.second) = old.slots[i];
        }
}

/* The slot of a name; `*ret_new` if it is free, and then to be filled with the next number. */
static uint32_t *find(struct ctx *c, const struct value_batch *b, struct map *m, struct str first, struct str second,
                      bool *ret_new)
{
    if (2 * (m->n + 1) > m->cap)
        grow(c, b, m);
    uint32_t *slot = slot_of(b, m, first, second);
    *ret_new = !*slot;
    m->n += !*slot;
    return slot;
}

void value_batch_init(struct value_batch *b, struct str kind)
{
    *b = (struct value_batch){.kind = kind, .seen = I64_NONE};
}

uint32_t value_batch_series(struct ctx *c, struct value_batch *b, struct str indicator, struct str category)
{
    bool new;
    uint32_t *slot = find(c, b, &maps_of(c, b)->series, indicator, category, &new);
    if (new) {
        *PUSH(c->arena, &b->series) = (struct value_series){str_dup(c->arena, indicator), str_dup(c->arena, category)};
        *slot = (uint32_t)b->series.n;
    }
    return *slot - 1;
}

uint32_t value_batch_place(struct ctx *c, struct value_batch *b, struct str code)
{
    bool new;
    uint32_t *slot = find(c, b, &maps_of(c, b)->places, code, S(""), &new);
    if (new) {
        *PUSH(c->arena, &b->places) = str_dup(c->arena, code);
        *slot = (uint32_t)b->places.n;
    }
    return *slot - 1;
}

uint32_t value_batch_source(struct ctx *c, struct value_batch *b, struct str name)
{
    bool new;
    uint32_t *slot = find(c, b, &maps_of(c, b)->sources, name, S(""), &new);
    if (new) {
        *PUSH(c->arena, &b->sources) = str_dup(c->arena, name);
        *slot = (uint32_t)b->sources.n;
    }
    return *slot - 1;
}
