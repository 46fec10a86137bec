#include "base/names.h"

#include "base/banned.h"

enum { FIRST_CAP = 64 };

static uint64_t mixed(uint64_t h, uint64_t word)
{
    __uint128_t v = (__uint128_t)(h ^ word) * 0x9e3779b97f4a7c15u;
    return (uint64_t)v ^ (uint64_t)(v >> 64);
}

static uint64_t hash_of(struct str s)
{
    uint64_t h = s.n, word = 0;
    for (; s.n >= sizeof word; s = str_skip(s, sizeof word)) {
        memcpy(&word, s.p, sizeof word);
        h = mixed(h, word);
    }
    word = 0;
    if (s.n)
        memcpy(&word, s.p, s.n);
    return mixed(h, word + 0x8ebc6af09c88c6e3u);
}

static struct names_slot *slot_of(const struct names *names, struct str text, uint64_t hash)
{
    size_t at = hash & (names->cap - 1);
    while (names->slots[at].number && (names->slots[at].hash != hash || !str_eq(names->slots[at].text, text)))
        at = (at + 1) & (names->cap - 1);
    return &names->slots[at];
}

uint32_t names_find(const struct names *names, struct str text)
{
    if (!names->cap)
        return NAMES_NONE;
    return slot_of(names, text, hash_of(text))->number - 1; /* 0 - 1 is NAMES_NONE */
}

static void grow(struct arena *a, struct names *names)
{
    struct names_slot *old = names->slots;
    size_t n = names->cap;
    names->cap = n ? 2 * n : FIRST_CAP;
    names->slots = NEWN(a, struct names_slot, names->cap);
    for (size_t i = 0; i < n; i++)
        if (old[i].number)
            *slot_of(names, old[i].text, old[i].hash) = old[i];
}

uint32_t names_number(struct arena *a, struct names *names, struct str text, bool *ret_new)
{
    if (2 * names->n >= names->cap)
        grow(a, names);
    uint64_t hash = hash_of(text);
    struct names_slot *slot = slot_of(names, text, hash);
    bool is_new = !slot->number;
    if (is_new)
        *slot = (struct names_slot){str_dup(a, text), hash, (uint32_t)++names->n};
    if (ret_new)
        *ret_new = is_new;
    return slot->number - 1;
}
