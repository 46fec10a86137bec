/* Answers that come over time. The library asks for more when it could send; where there is nothing, its connection is
 * suspended and put among those that wait, and http_wake() resumes them all. The library does not look at a suspended
 * connection, so that hanging up is watched for here. */
#include "front/http/server.h"

#include <errno.h>
#include <microhttpd.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/banned.h"

enum { BLOCK = 4 << 10, LOOKED_AT = 64 };

/* --- who waits --------------------------------------------------------------------------------------------------- */

static void wait_put(struct streams *all, struct connection *conn)
{
    struct stream_place *place = &conn->stream;
    place->waits = true;
    place->previous = NULL;
    place->next = all->waiting;
    if (place->next)
        place->next->stream.previous = conn;
    all->waiting = conn;
}

static void wait_take(struct streams *all, struct connection *conn)
{
    struct stream_place *place = &conn->stream;
    if (!place->waits)
        return;
    place->waits = false;
    if (place->previous)
        place->previous->stream.next = place->next;
    else
        all->waiting = place->next;
    if (place->next)
        place->next->stream.previous = place->previous;
}

/* Have the connection sleep, unless something has come since `wakes` was read. */
static bool sleeps(struct exchange *x, size_t wakes)
{
    struct connection *conn = x->connection;
    struct http_server *s = conn->loop->server;
    pthread_mutex_lock(&s->streams.lock);
    bool sleep = s->streams.wakes == wakes && !atomic_load(&s->stopping) && !atomic_load(&conn->stream.gone);
    if (sleep) {
        connection_deadline(conn, 0, 0, 0);
        conn->stream.mhd = x->mhd;
        MHD_suspend_connection(x->mhd);
        wait_put(&s->streams, conn);
    }
    pthread_mutex_unlock(&s->streams.lock);
    return sleep;
}

void http_wake(struct http_server *s)
{
    pthread_mutex_lock(&s->streams.lock);
    s->streams.wakes++;
    while (s->streams.waiting) {
        struct connection *conn = s->streams.waiting;
        wait_take(&s->streams, conn);
        MHD_resume_connection(conn->stream.mhd);
    }
    pthread_mutex_unlock(&s->streams.lock);
}

static size_t wakes_so_far(struct streams *all)
{
    pthread_mutex_lock(&all->lock);
    size_t wakes = all->wakes;
    pthread_mutex_unlock(&all->lock);
    return wakes;
}

unsigned http_streams(const struct http_server *s)
{
    return atomic_load(&s->streams.n);
}

/* --- more -------------------------------------------------------------------------------------------------------- */

struct asking {
    struct exchange *x;
    char *to;
    size_t room, n;
};

static enum err ask(struct ctx *c, void *arg)
{
    struct asking *a = arg;
    a->n = a->x->stream.more(c, a->x->stream.arg, a->to, a->room);
    return OK;
}

static bool asked(struct asking *a)
{
    struct loop *l = a->x->connection->loop;
    if (!hand_ready(&l->hand))
        return false;
    struct ctx c = l->hand.c;
    c.arena = &l->scratch;
    c.error = (struct error){0};
    enum err e = ctx_run(&c, ask, a);
    arena_reset(&l->scratch);
    return !e;
}

static ssize_t more(void *arg, uint64_t position, char *to, size_t room)
{
    (void)position;
    struct exchange *x = arg;
    struct connection *conn = x->connection;
    struct http_server *s = conn->loop->server;
    for (;;) {
        struct asking a = {.x = x, .to = to, .room = room};
        size_t wakes = wakes_so_far(&s->streams);
        if (atomic_load(&conn->stream.gone))
            return MHD_CONTENT_READER_END_WITH_ERROR;
        if (atomic_load(&s->stopping))
            return MHD_CONTENT_READER_END_OF_STREAM;
        if (!asked(&a))
            return MHD_CONTENT_READER_END_WITH_ERROR;
        if (a.n == HTTP_STREAM_END)
            return MHD_CONTENT_READER_END_OF_STREAM;
        if (a.n) {
            connection_deadline(conn, monotonic_us(), s->options.body_ms, a.n);
            return (ssize_t)a.n;
        }
        if (sleeps(x, wakes))
            return 0;
    }
}

struct MHD_Response *stream_answer(struct exchange *x)
{
    return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK, more, x, NULL);
}

/* --- beginning and ending ---------------------------------------------------------------------------------------- */

bool stream_begin(struct exchange *x)
{
    struct connection *conn = x->connection;
    struct http_server *s = conn->loop->server;
    bool room = atomic_fetch_add(&s->streams.n, 1) < s->options.streams;
    if (!room || !peers_add_stream(&s->peers, conn->peer, s->options.streams_of_peer)) {
        atomic_fetch_sub(&s->streams.n, 1);
        x->stream.more = NULL;
        return false;
    }
    struct epoll_event event = {.events = EPOLLRDHUP | EPOLLET, .data.ptr = conn};
    atomic_store(&conn->stream.gone, false);
    if (epoll_ctl(s->streams.hang_ups, EPOLL_CTL_ADD, conn->fd, &event) == 0)
        return true;
    stream_end(x);
    return false;
}

void stream_end(struct exchange *x)
{
    struct connection *conn = x->connection;
    struct http_server *s = conn->loop->server;
    if (!x->stream.more)
        return;
    x->stream.more = NULL;
    pthread_mutex_lock(&s->streams.lock);
    epoll_ctl(s->streams.hang_ups, EPOLL_CTL_DEL, conn->fd, NULL);
    wait_take(&s->streams, conn);
    pthread_mutex_unlock(&s->streams.lock);
    peers_remove_stream(&s->peers, conn->peer);
    atomic_fetch_sub(&s->streams.n, 1);
}

static void hung_up(struct streams *all, struct connection *conn)
{
    shutdown(conn->fd, SHUT_RDWR);
    atomic_store(&conn->stream.gone, true);
    if (!conn->stream.waits)
        return;
    wait_take(all, conn);
    MHD_resume_connection(conn->stream.mhd);
}

/* Under the lock that stream_end() takes to leave: whoever is named here is still there. */
void streams_look(struct http_server *s)
{
    struct epoll_event events[LOOKED_AT];
    pthread_mutex_lock(&s->streams.lock);
    int n = epoll_wait(s->streams.hang_ups, events, LOOKED_AT, 0);
    for (int i = 0; i < n; i++)
        hung_up(&s->streams, events[i].data.ptr);
    pthread_mutex_unlock(&s->streams.lock);
}

int streams_init(struct http_server *s)
{
    pthread_mutex_init(&s->streams.lock, NULL);
    s->streams.hang_ups = epoll_create1(EPOLL_CLOEXEC);
    return s->streams.hang_ups < 0 ? errno : 0;
}

void streams_free(struct http_server *s)
{
    if (s->streams.hang_ups >= 0)
        close(s->streams.hang_ups);
    pthread_mutex_destroy(&s->streams.lock);
}
