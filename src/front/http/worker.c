/* Slow requests wait in the queue of their lane, in order, for a worker with a context of its own. */
#include "front/http/server.h"

#include <microhttpd.h>

#include "base/banned.h"

/* Who has waited so long has gone, or asks again. */
enum { WAIT_MAX_US = 30000000 };

bool queue_put(struct http_server *s, enum http_lane lane, struct exchange *x)
{
    struct http_queue *q = &s->queues[lane];
    x->queued_us = monotonic_us();
    x->next = NULL;
    pthread_mutex_lock(&q->lock);
    bool room = q->n < QUEUE_MAX && !q->ended;
    if (room) {
        *q->last = x;
        q->last = &x->next;
        q->n++;
        pthread_cond_signal(&q->wake);
    }
    pthread_mutex_unlock(&q->lock);
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
    while ((x = take(w->queue))) {
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

void queues_init(struct http_server *s)
{
    for (size_t lane = 0; lane <= LANE_PATIENT; lane++) {
        struct http_queue *q = &s->queues[lane];
        pthread_mutex_init(&q->lock, NULL);
        pthread_cond_init(&q->wake, NULL);
        q->last = &q->first;
    }
}

int workers_start(struct http_server *s)
{
    unsigned n = s->options.workers + s->options.patient;
    for (unsigned i = 0; i < n; i++) {
        struct worker *w = &s->workers[i];
        w->server = s;
        w->queue = &s->queues[i < s->options.workers ? LANE_WORKER : LANE_PATIENT];
        hand_init(&w->hand, s);
        int failure = pthread_create(&w->thread, NULL, work, w);
        if (failure) {
            s->options.workers = i < s->options.workers ? i : s->options.workers;
            s->options.patient = i - s->options.workers;
            workers_end(s);
            return failure;
        }
    }
    return 0;
}

void workers_end(struct http_server *s)
{
    for (size_t lane = 0; lane <= LANE_PATIENT; lane++) {
        struct http_queue *q = &s->queues[lane];
        pthread_mutex_lock(&q->lock);
        q->ended = true;
        pthread_cond_broadcast(&q->wake);
        pthread_mutex_unlock(&q->lock);
    }
    for (unsigned i = 0; i < s->options.workers + s->options.patient; i++)
        pthread_join(s->workers[i].thread, NULL);
}

void queues_free(struct http_server *s)
{
    for (size_t lane = 0; lane <= LANE_PATIENT; lane++) {
        pthread_cond_destroy(&s->queues[lane].wake);
        pthread_mutex_destroy(&s->queues[lane].lock);
    }
}
