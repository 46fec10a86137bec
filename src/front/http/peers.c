/* How many connections each peer has. The library's own limit counts per daemon, and we run several. */
#include "front/http/server.h"

#include <string.h>

#include "base/banned.h"

void peers_init(struct peers *p, struct peer *places, size_t n)
{
    pthread_mutex_init(&p->lock, NULL);
    for (size_t i = 0; i < n; i++) {
        places[i].next = p->unused;
        p->unused = &places[i];
    }
}

void peers_free(struct peers *p)
{
    pthread_mutex_destroy(&p->lock);
}

/* FNV-1a. Who wants to share a bucket with others can, and slows the counting of those 12,000 at most. */
static struct peer **bucket_of(struct peers *p, const char *address)
{
    uint32_t hash = 2166136261u;
    for (; *address; address++)
        hash = (hash ^ (unsigned char)*address) * 16777619u;
    return &p->buckets[hash % PEER_BUCKETS];
}

struct peer *peers_add(struct peers *p, const char *address, unsigned max)
{
    pthread_mutex_lock(&p->lock);
    struct peer **bucket = bucket_of(p, address), *found = *bucket;
    while (found && strcmp(found->address, address) != 0)
        found = found->next;
    if (!found && p->unused) {
        found = p->unused;
        p->unused = found->next;
        memccpy(found->address, address, 0, sizeof found->address);
        found->n = found->streams = 0;
        found->next = *bucket;
        *bucket = found;
    }
    if (found && found->n < max)
        found->n++;
    else
        found = NULL;
    pthread_mutex_unlock(&p->lock);
    return found;
}

bool peers_add_stream(struct peers *p, struct peer *peer, unsigned max)
{
    pthread_mutex_lock(&p->lock);
    bool room = peer->streams < max;
    peer->streams += room;
    pthread_mutex_unlock(&p->lock);
    return room;
}

void peers_remove_stream(struct peers *p, struct peer *peer)
{
    pthread_mutex_lock(&p->lock);
    peer->streams--;
    pthread_mutex_unlock(&p->lock);
}

void peers_remove(struct peers *p, struct peer *peer)
{
    pthread_mutex_lock(&p->lock);
    if (--peer->n == 0) {
        struct peer **at = bucket_of(p, peer->address);
        while (*at != peer)
            at = &(*at)->next;
        *at = peer->next;
        peer->next = p->unused;
        p->unused = peer;
    }
    pthread_mutex_unlock(&p->lock);
}
