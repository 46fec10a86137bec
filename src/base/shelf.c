/* Each part holds two queues. What comes new stands in `once`; when room is needed, what was asked for since moves from
 * there to `often`, and the rest goes. `often` is a clock: who was asked for since the hand last passed stays. */
#include "base/shelf.h"

#include "base/shared.h"

#include <assert.h>
#include <pthread.h>
#include <sodium.h>
#include <string.h>

#include "base/banned.h"

enum { PARTS = 8, BUCKET_BYTES = 8192, KEY_ROOM = 1024 };

struct queue {
    struct kept *newest, *oldest;
    size_t bytes;
};

struct kept {
    void *thing;
    uint64_t hash;
    struct shelf_age age;
    bool asked;
    size_t size;
    struct queue *queue;
    struct kept *next; /* in its bucket */
    struct kept *newer, *older;
    struct str key;
    char text[];
};

struct part {
    pthread_mutex_t lock;
    struct queue once, often;
    size_t max, n;
    size_t buckets; /* a power of two */
    struct kept **bucket;
    uint64_t hits, misses;
};

struct shelf {
    struct part part[PARTS];
    unsigned char secret[crypto_shorthash_KEYBYTES]; /* so that nobody can aim at one bucket */
};

/* --- one part, under its lock ------------------------------------------------------------------------------------ */

static void enqueue(struct queue *q, struct kept *k)
{
    k->queue = q;
    k->newer = NULL;
    k->older = q->newest;
    if (q->newest)
        q->newest->newer = k;
    else
        q->oldest = k;
    q->newest = k;
    q->bytes += k->size;
}

static void dequeue(struct kept *k)
{
    struct queue *q = k->queue;
    *(k->newer ? &k->newer->older : &q->newest) = k->older;
    *(k->older ? &k->older->newer : &q->oldest) = k->newer;
    q->bytes -= k->size;
    k->queue = NULL;
}

static struct kept **place_of(struct part *p, uint64_t hash, struct str key)
{
    struct kept **at = &p->bucket[hash & (p->buckets - 1)];
    while (*at && ((*at)->hash != hash || !str_eq((*at)->key, key)))
        at = &(*at)->next;
    return at;
}

static void take_off(struct part *p, struct kept *k)
{
    struct kept **at = place_of(p, k->hash, k->key);
    assert(*at == k);
    *at = k->next;
    dequeue(k);
    p->n--;
    shared_drop(k->thing);
    shared_drop(k);
}

/* Every turn takes one off or forgets that one was asked for, so it ends. */
static void make_room(struct part *p)
{
    while (p->once.bytes + p->often.bytes > p->max) {
        bool from_once = p->once.oldest && (p->once.bytes > p->max / 8 || !p->often.oldest);
        struct kept *k = from_once ? p->once.oldest : p->often.oldest;
        if (!k->asked) {
            take_off(p, k);
            continue;
        }
        k->asked = false;
        dequeue(k);
        enqueue(&p->often, k);
    }
}

static bool same_age(struct shelf_age a, struct shelf_age b)
{
    return a.position == b.position && a.day == b.day;
}

/* --- the shelf --------------------------------------------------------------------------------------------------- */

static void end_shelf(void *arg)
{
    struct shelf *s = arg;
    for (size_t i = 0; i < PARTS; i++) {
        struct part *p = &s->part[i];
        while (p->once.oldest)
            take_off(p, p->once.oldest);
        while (p->often.oldest)
            take_off(p, p->often.oldest);
        pthread_mutex_destroy(&p->lock);
    }
}

struct shelf *shelf_new(struct arena *owner, struct source source, size_t bytes)
{
    struct arena_defer *d = arena_defer(owner, end_shelf);
    struct shelf *s = NEW(owner, struct shelf);
    size_t buckets = 16;
    while (buckets < bytes / PARTS / BUCKET_BYTES)
        buckets *= 2;
    for (size_t i = 0; i < PARTS; i++) {
        struct part *p = &s->part[i];
        p->max = bytes / PARTS;
        p->buckets = buckets;
        p->bucket = NEWN(owner, struct kept *, buckets);
    }
    source.random(source.arg, s->secret, sizeof s->secret);
    for (size_t i = 0; i < PARTS; i++)
        pthread_mutex_init(&s->part[i].lock, NULL);
    d->arg = s;
    return s;
}

size_t shelf_thing_max(const struct shelf *s)
{
    size_t max = s->part[0].max / 4, rest = sizeof(struct kept) + KEY_ROOM;
    return max > rest ? max - rest : 0;
}

static struct part *part_of(struct shelf *s, struct str key, uint64_t *ret_hash)
{
    unsigned char out[crypto_shorthash_BYTES];
    crypto_shorthash(out, (const unsigned char *)key.p, key.n, s->secret);
    memcpy(ret_hash, out, sizeof *ret_hash);
    return &s->part[*ret_hash >> 61];
}
static_assert(PARTS == 8 && crypto_shorthash_BYTES == 8, "the top bits of the hash say the part");

void *shelf_find(struct shelf *s, struct str key, struct shelf_age age)
{
    uint64_t hash;
    void *thing = NULL;
    struct part *p = part_of(s, key, &hash);
    pthread_mutex_lock(&p->lock);
    struct kept *k = *place_of(p, hash, key);
    if (k && same_age(k->age, age)) {
        k->asked = true;
        p->hits++;
        thing = shared_hold(k->thing);
    }
    pthread_mutex_unlock(&p->lock);
    return thing;
}

static bool put(struct part *p, struct kept *k)
{
    struct kept *before = *place_of(p, k->hash, k->key);
    bool often = before && (before->asked || before->queue == &p->often);
    if (before && (before->age.position > k->age.position || same_age(before->age, k->age)))
        return false;
    if (before)
        take_off(p, before);
    struct kept **bucket = &p->bucket[k->hash & (p->buckets - 1)];
    k->next = *bucket;
    *bucket = k;
    p->n++;
    enqueue(often ? &p->often : &p->once, k);
    make_room(p);
    return true;
}

void shelf_put(struct shelf *s, struct str key, struct shelf_age age, void *thing, size_t size)
{
    uint64_t hash;
    struct part *p = part_of(s, key, &hash);
    size += sizeof(struct kept) + key.n;
    struct kept *k = size <= p->max / 4 ? shared_new(sizeof *k + key.n, NULL) : NULL;
    if (k) {
        memcpy(k->text, key.p, key.n);
        k->key = (struct str){k->text, key.n};
        k->hash = hash;
        k->age = age;
        k->size = size;
        k->thing = shared_hold(thing);
    }
    pthread_mutex_lock(&p->lock);
    p->misses++;
    bool placed = k && put(p, k);
    pthread_mutex_unlock(&p->lock);
    if (k && !placed) {
        shared_drop(thing);
        shared_drop(k);
    }
}

void shelf_take(struct shelf *s, struct str key)
{
    uint64_t hash;
    struct part *p = part_of(s, key, &hash);
    pthread_mutex_lock(&p->lock);
    struct kept *k = *place_of(p, hash, key);
    if (k)
        take_off(p, k);
    pthread_mutex_unlock(&p->lock);
}

struct shelf_counts shelf_counts(struct shelf *s)
{
    struct shelf_counts sum = {0};
    for (size_t i = 0; i < PARTS; i++) {
        struct part *p = &s->part[i];
        pthread_mutex_lock(&p->lock);
        sum.hits += p->hits;
        sum.misses += p->misses;
        sum.things += p->n;
        sum.bytes += p->once.bytes + p->often.bytes;
        pthread_mutex_unlock(&p->lock);
    }
    return sum;
}
