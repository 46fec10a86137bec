#include "front/gate/attempts.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <sodium.h>
#include <string.h>

#include "base/banned.h"

enum { BUCKETS = 8192, WAYS = 8, KEYS = 3, KEY_MAX = 600 };

#define MINUTE_US ((int64_t)60 * 1000000)

/* So many within a time, and then none for as long. */
static const struct rule {
    unsigned max;
    int64_t time_us;
} rules[] = {
    {5, 15 * MINUTE_US},   /* of an account from an address */
    {100, 60 * MINUTE_US}, /* of an account from anywhere unknown */
    {100, 15 * MINUTE_US}, /* of an address, which may be that of a whole office */
    {10, 15 * MINUTE_US},  /* of an account from a browser that it knows */
    {1200, MINUTE_US},     /* writes of an account */
    {600, MINUTE_US},      /* writes of an address where nobody has signed in: to sign in, mostly */
};
enum rule_name { OF_PAIR, OF_ACCOUNT, OF_ADDRESS, OF_DEVICE, WRITES_OF_ACCOUNT, WRITES_OF_ADDRESS };

struct count {
    uint64_t key; /* 0: none */
    unsigned n;
    int64_t until_us; /* when it is forgotten */
};

struct attempts {
    pthread_mutex_t lock;
    unsigned char secret[crypto_shorthash_KEYBYTES]; /* so that nobody can aim at one bucket */
    struct count counts[BUCKETS][WAYS];
};

static void end(void *arg)
{
    struct attempts *a = arg;
    pthread_mutex_destroy(&a->lock);
}

struct attempts *attempts_new(struct arena *owner, struct source source)
{
    struct attempts *a = NEW(owner, struct attempts);
    pthread_mutex_init(&a->lock, NULL);
    source.random(source.arg, a->secret, sizeof a->secret);
    arena_defer(owner, end)->arg = a;
    return a;
}

/* --- keys -------------------------------------------------------------------------------------------------------- */

enum { NETWORK = 8 };

/* A household has 2^64 addresses of IPv6, each of which can be written in several ways. */
static struct str network(struct str address, char room[NETWORK])
{
    struct in6_addr in;
    char text[INET6_ADDRSTRLEN] = "";
    if (address.n >= sizeof text || !str_has(address, S(":")))
        return address;
    memcpy(text, address.p, address.n);
    if (inet_pton(AF_INET6, text, &in) != 1 || IN6_IS_ADDR_V4MAPPED(&in))
        return address;
    memcpy(room, in.s6_addr, NETWORK);
    return (struct str){room, NETWORK};
}

static uint64_t key_of(const struct attempts *a, enum rule_name rule, struct str x, struct str y)
{
    char text[KEY_MAX];
    size_t n = 0;
    uint64_t key;
    text[n++] = (char)('0' + rule);
    x = str_head(x, KEY_MAX / 2 - 2);
    y = str_head(y, KEY_MAX / 2 - 2);
    if (x.n)
        memcpy(text + n, x.p, x.n);
    n += x.n;
    text[n++] = 0;
    if (y.n)
        memcpy(text + n, y.p, y.n);
    n += y.n;
    crypto_shorthash((unsigned char *)&key, (const unsigned char *)text, n, a->secret);
    return key | 1;
}

struct keyed {
    const struct rule *rule;
    uint64_t key;
};

static size_t keys_of(const struct attempts *a, const struct attempt *t, struct keyed ret[KEYS])
{
    char room[NETWORK];
    struct str address = network(t->address, room);
    if (t->write) {
        enum rule_name rule = t->account.n ? WRITES_OF_ACCOUNT : WRITES_OF_ADDRESS;
        struct str who = t->account.n ? t->account : address;
        ret[0] = (struct keyed){&rules[rule], key_of(a, rule, who, S(""))};
        return 1;
    }
    if (t->device.n) {
        ret[0] = (struct keyed){&rules[OF_DEVICE], key_of(a, OF_DEVICE, t->account, t->device)};
        return 1;
    }
    ret[0] = (struct keyed){&rules[OF_PAIR], key_of(a, OF_PAIR, t->account, address)};
    ret[1] = (struct keyed){&rules[OF_ACCOUNT], key_of(a, OF_ACCOUNT, t->account, S(""))};
    ret[2] = (struct keyed){&rules[OF_ADDRESS], key_of(a, OF_ADDRESS, S(""), address)};
    return KEYS;
}

/* The count of a key; if there is none, the place of the one in its bucket that is forgotten first. */
static struct count *count_of(struct attempts *a, uint64_t key, int64_t now)
{
    struct count *bucket = a->counts[key / WAYS % BUCKETS], *oldest = bucket;
    for (size_t i = 0; i < WAYS; i++) {
        /* In its own place again, so that no key ever has two. */
        if (bucket[i].key == key && bucket[i].until_us <= now)
            bucket[i] = (struct count){.key = key};
        if (bucket[i].key == key)
            return &bucket[i];
        if (bucket[i].until_us < oldest->until_us)
            oldest = &bucket[i];
    }
    *oldest = (struct count){.key = key};
    return oldest;
}

/* --- counting ---------------------------------------------------------------------------------------------------- */

int64_t attempts_begin(struct attempts *a, int64_t now, const struct attempt *attempt)
{
    struct keyed keys[KEYS];
    int64_t wait = 0;
    size_t n = keys_of(a, attempt, keys);
    pthread_mutex_lock(&a->lock);
    for (size_t i = 0; i < n; i++) {
        const struct count *c = count_of(a, keys[i].key, now);
        if (c->n >= keys[i].rule->max && c->until_us - now > wait)
            wait = c->until_us - now;
    }
    for (size_t i = 0; !wait && i < n; i++) {
        struct count *c = count_of(a, keys[i].key, now);
        c->n++;
        if (c->n == 1 || c->n == keys[i].rule->max)
            c->until_us = now + keys[i].rule->time_us;
    }
    pthread_mutex_unlock(&a->lock);
    return wait;
}

void attempts_forgive(struct attempts *a, const struct attempt *attempt)
{
    struct keyed keys[KEYS];
    size_t n = keys_of(a, attempt, keys);
    pthread_mutex_lock(&a->lock);
    for (size_t i = 0; i < n; i++) {
        struct count *c = count_of(a, keys[i].key, INT64_MIN);
        /* What one person got right says nothing of what else was tried from there. */
        c->n = keys[i].rule == &rules[OF_ADDRESS] || keys[i].rule == &rules[OF_ACCOUNT] ? c->n - (c->n > 0) : 0;
    }
    pthread_mutex_unlock(&a->lock);
}
