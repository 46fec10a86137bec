/* Connections and their deadlines. The library's time-outs count from the last byte, so that a client who sends one
 * byte a second is never late; here each stretch (header block, body, answer) has an end, and the watch shuts the
 * socket. */
#include "front/http/server.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/banned.h"

enum { LINGER_US = 2000000, TICK_MS = 250, DRAIN = 4 << 20, DRAIN_MS = 10 };

int64_t monotonic_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* --- the list ---------------------------------------------------------------------------------------------------- */

static void new_connection(void *arg)
{
    struct loop *l = arg;
    struct connection *conn = NEW(&l->arena, struct connection);
    conn->next = l->unused_connections;
    l->unused_connections = conn;
}

static void write_peer(const struct sockaddr *peer, char *ret)
{
    const void *address = NULL;
    if (peer && peer->sa_family == AF_INET)
        address = &((const struct sockaddr_in *)peer)->sin_addr;
    else if (peer && peer->sa_family == AF_INET6)
        address = &((const struct sockaddr_in6 *)peer)->sin6_addr;
    if (!address || !inet_ntop(peer->sa_family, address, ret, INET6_ADDRSTRLEN))
        ret[0] = 0;
}

void connection_begun(struct loop *l, int fd, const struct sockaddr *peer, struct connection **ret)
{
    *ret = NULL;
    atomic_fetch_add(&l->server->n_connections, 1);
    char address[INET6_ADDRSTRLEN];
    write_peer(peer, address);
    struct peer *counted = peers_add(&l->server->peers, address, l->server->options.connections_of_peer);
    if (!counted || (!l->unused_connections && !arena_run(&l->arena, new_connection, l))) {
        if (counted)
            peers_remove(&l->server->peers, counted);
        shutdown(fd, SHUT_RDWR);
        return;
    }
    struct connection *conn = l->unused_connections;
    l->unused_connections = conn->next;
    memset(conn, 0, sizeof *conn);
    conn->loop = l;
    conn->fd = fd;
    conn->idle = true;
    memcpy(conn->address, address, sizeof address);
    conn->peer = counted;
    connection_deadline(conn, monotonic_us(), l->server->options.header_ms, 0);
    pthread_mutex_lock(&l->lock);
    conn->next = l->connections;
    if (conn->next)
        conn->next->previous = conn;
    l->connections = conn;
    pthread_mutex_unlock(&l->lock);
    *ret = conn;
}

static void linger(struct watch *w, int socket)
{
    int fd = dup(socket);
    if (fd < 0)
        return;
    shutdown(fd, SHUT_WR);
    pthread_mutex_lock(&w->lock);
    bool room = w->n < LINGER_MAX;
    if (room) {
        w->lingering[w->n].fd = fd;
        w->lingering[w->n++].until_us = monotonic_us() + LINGER_US;
    }
    pthread_mutex_unlock(&w->lock);
    if (!room)
        close(fd);
    else
        eventfd_write(w->wake, 1);
}

void connection_ended(struct connection *conn)
{
    struct loop *l = conn->loop;
    if (conn->exchange)
        exchange_end(conn->exchange);
    pthread_mutex_lock(&l->lock);
    if (conn->previous)
        conn->previous->next = conn->next;
    else
        l->connections = conn->next;
    if (conn->next)
        conn->next->previous = conn->previous;
    pthread_mutex_unlock(&l->lock);
    peers_remove(&l->server->peers, conn->peer);
    if (conn->linger && !atomic_load(&l->server->ending))
        linger(&l->server->watch, conn->fd);
    conn->next = l->unused_connections;
    l->unused_connections = conn;
}

void connection_deadline(struct connection *conn, int64_t from_us, unsigned ms, uint64_t bytes)
{
    int64_t allowed = (int64_t)ms * 1000 + (int64_t)(bytes >> 16) * 1000000;
    atomic_store_explicit(&conn->deadline_us, ms ? from_us + allowed : 0, memory_order_relaxed);
}

/* --- the watch --------------------------------------------------------------------------------------------------- */

static void shut_overdue(struct loop *l, int64_t now)
{
    pthread_mutex_lock(&l->lock);
    for (struct connection *conn = l->connections; conn; conn = conn->next) {
        int64_t deadline = atomic_load_explicit(&conn->deadline_us, memory_order_relaxed);
        if (deadline && now > deadline)
            shutdown(conn->fd, SHUT_RDWR);
    }
    pthread_mutex_unlock(&l->lock);
}

/* The library is told once that bytes have come, and of what came right behind them, the client's going, never. */
static bool has_hung_up(int fd)
{
    struct pollfd now = {.fd = fd, .events = POLLRDHUP};
    return poll(&now, 1, 0) > 0;
}

void connections_shut_idle(struct http_server *s)
{
    for (unsigned i = 0; i < s->options.threads; i++) {
        struct loop *l = &s->loops[i];
        pthread_mutex_lock(&l->lock);
        for (struct connection *conn = l->connections; conn; conn = conn->next)
            if (atomic_load(&conn->idle) || (atomic_load(&conn->takes_body) && has_hung_up(conn->fd)))
                shutdown(conn->fd, SHUT_RD);
        pthread_mutex_unlock(&l->lock);
    }
}

/* Throw away what still comes, so that the system does not answer it with a reset that would overtake our answer; it is
 * not even copied (MSG_TRUNC). True once the client has closed too, or failed. */
static bool drained(int fd)
{
    ssize_t got = recv(fd, NULL, DRAIN, MSG_DONTWAIT | MSG_TRUNC);
    return got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

/* Only the watch takes sockets off the list, and whoever adds one waits for nothing but that. */
static void drain_lingering(struct watch *w, bool all)
{
    int64_t now = monotonic_us();
    bool done[LINGER_MAX];
    pthread_mutex_lock(&w->lock);
    size_t n = w->n;
    pthread_mutex_unlock(&w->lock);
    for (size_t i = 0; i < n; i++)
        done[i] = all || drained(w->lingering[i].fd) || now > w->lingering[i].until_us;
    pthread_mutex_lock(&w->lock);
    for (size_t i = n; i-- > 0;)
        if (done[i]) {
            close(w->lingering[i].fd);
            w->lingering[i] = w->lingering[--w->n];
        }
    pthread_mutex_unlock(&w->lock);
}

/* Wait a tick, or until a client of a stream hangs up. Sockets that linger are looked at now and then, however busy
 * they are: whoever sends small pieces without end shall not keep this thread busy. */
static void watch_wait(struct http_server *s, int ms)
{
    struct watch *w = &s->watch;
    struct pollfd fds[] = {{.fd = w->wake, .events = POLLIN}, {.fd = s->streams.hang_ups, .events = POLLIN}};
    pthread_mutex_lock(&w->lock);
    if (w->n && ms > DRAIN_MS)
        ms = DRAIN_MS;
    pthread_mutex_unlock(&w->lock);
    eventfd_t waste;
    if (poll(fds, 2, ms) <= 0)
        return;
    if (fds[0].revents)
        eventfd_read(w->wake, &waste);
    if (fds[1].revents)
        streams_look(s);
}

static void *watch_run(void *arg)
{
    struct http_server *s = arg;
    unsigned shortest = s->options.header_ms < s->options.body_ms ? s->options.header_ms : s->options.body_ms;
    if (s->options.idle_ms < shortest)
        shortest = s->options.idle_ms;
    int tick = shortest / 4 < TICK_MS ? (int)(shortest / 4) + 1 : TICK_MS;
    int64_t looked = 0;
    while (!atomic_load(&s->watch.ended)) {
        watch_wait(s, tick);
        drain_lingering(&s->watch, false);
        int64_t now = monotonic_us();
        if (now - looked < tick * 1000)
            continue;
        looked = now;
        for (unsigned i = 0; i < s->options.threads; i++)
            shut_overdue(&s->loops[i], now);
    }
    drain_lingering(&s->watch, true);
    return NULL;
}

int watch_init(struct http_server *s)
{
    pthread_mutex_init(&s->watch.lock, NULL);
    s->watch.wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return s->watch.wake < 0 ? errno : 0;
}

int watch_start(struct http_server *s)
{
    return pthread_create(&s->watch.thread, NULL, watch_run, s);
}

void watch_end(struct http_server *s)
{
    atomic_store(&s->watch.ended, true);
    eventfd_write(s->watch.wake, 1);
    pthread_join(s->watch.thread, NULL);
}

void watch_free(struct http_server *s)
{
    if (s->watch.wake >= 0)
        close(s->watch.wake);
    pthread_mutex_destroy(&s->watch.lock);
}
