/* Slow requests wait in one queue, in order, for a worker with a context of its own. */
#include "front/http/server.h"

#include <microhttpd.h>

#include "base/banned.h"

/* Who has waited so long has gone, or asks again. */
enum { WAIT_MAX_US = 30000000 };

bool queue_put(struct http_server *s, struct exchange *x)
{
    x->queued_us = monotonic_us();
    x->next = NULL;
    pthread_mutex_lock(&s->queue.lock);
    bool room = s->queue.n < QUEUE_MAX && !s->queue.ended;
    if (room) {
        *s->queue.last = x;
        s->queue.last = &x->next;
        s->queue.n++;
        pthread_cond_signal(&s->queue.wake);
    }
    pthread_mutex_unlock(&s->queue.lock);
    return room;
}

/* The next in order; NULL once the queue has ended and is empty. */
static struct exchange *take(struct http_queue *q)
{
    pthread_mutex_lock(&q->lock);
    while (!q->first && !q->ended)
        pthread_cond_wait(&q->wake, &q->lock);
    struct exchange *x = q->first;
    if (x) {
        q->first = x->next;
        if (!q->first)
            q->last = &q->first;
        q->n--;
    }
    pthread_mutex_unlock(&q->lock);
    return x;
}

static void *work(void *arg)
{
    struct worker *w = arg;
    struct exchange *x;
    while ((x = take(&w->server->queue))) {
        if (atomic_load(&w->server->ending))
            exchange_answer_refusal(x, REFUSE_STOPPING);
        else if (monotonic_us() - x->queued_us > WAIT_MAX_US)
            exchange_answer_refusal(x, REFUSE_BUSY);
        else
            hand_handle(&w->hand, x);
        MHD_resume_connection(x->mhd); /* x is the loop's again */
    }
    arena_reset(&w->hand.arena);
    return NULL;
}

void queue_init(struct http_server *s)
{
    pthread_mutex_init(&s->queue.lock, NULL);
    pthread_cond_init(&s->queue.wake, NULL);
    s->queue.last = &s->queue.first;
}

int workers_start(struct http_server *s)
{
    for (unsigned i = 0; i < s->options.workers; i++) {
        struct worker *w = &s->workers[i];
        w->server = s;
        hand_init(&w->hand, s);
        int failure = pthread_create(&w->thread, NULL, work, w);
        if (failure) {
            s->options.workers = i;
            workers_end(s);
            return failure;
        }
    }
    return 0;
}

void workers_end(struct http_server *s)
{
    pthread_mutex_lock(&s->queue.lock);
    s->queue.ended = true;
    pthread_cond_broadcast(&s->queue.wake);
    pthread_mutex_unlock(&s->queue.lock);
    for (unsigned i = 0; i < s->options.workers; i++)
        pthread_join(s->workers[i].thread, NULL);
}

void queue_free(struct http_server *s)
{
    pthread_cond_destroy(&s->queue.wake);
    pthread_mutex_destroy(&s->queue.lock);
}
