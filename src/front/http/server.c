/* Starting and stopping. Each loop is a daemon of the HTTP library with one thread and its own duplicate of the one
 * listening socket, so that the system hands a new connection to whichever loop is free. */
#include "front/http/server.h"

#include "base/os.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <microhttpd.h>
#include <netdb.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/banned.h"

enum {
    CONNECTION_MEMORY = 64 << 10, /* the library's own for each: the header block with room to refuse a longer one */
    BACKLOG = 1024,
    OTHER_FILES = LINGER_MAX + 256, /* descriptors that are no connection: the store's, files, what lingers */
};

/* Keys made for each connection, and ciphers that say when they were tampered with. */
static const char TLS_PRIORITIES[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-RSA:-CIPHER-ALL:+AES-128-GCM:"
                                     "+AES-256-GCM:+CHACHA20-POLY1305:%SERVER_PRECEDENCE";

/* --- what the library calls -------------------------------------------------------------------------------------- */

static struct connection *connection_of(struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

static void on_connection(void *arg, struct MHD_Connection *mhd, void **context,
                          enum MHD_ConnectionNotificationCode what)
{
    struct loop *l = arg;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *fd = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
        const union MHD_ConnectionInfo *peer = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
        struct connection *conn;
        connection_begun(l, fd->connect_fd, peer ? peer->client_addr : NULL, &conn);
        *context = conn;
    } else {
        if (*context)
            connection_ended(*context);
        atomic_fetch_sub(&l->server->n_connections, 1);
    }
}

static void *on_target(void *arg, const char *uri, struct MHD_Connection *mhd)
{
    (void)arg;
    struct connection *conn = connection_of(mhd);
    return conn ? exchange_begin(conn, mhd, str_of(uri)) : NULL;
}

/* The target is read by request.c, from the bytes as sent. */
static size_t on_escape(void *arg, struct MHD_Connection *mhd, char *s)
{
    (void)arg, (void)mhd;
    return strlen(s);
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *mhd, const char *url, const char *method,
                                  const char *version, const char *data, size_t *n, void **context)
{
    (void)arg, (void)mhd, (void)url;
    return *context && exchange_go_on(*context, method, version, data, n) ? MHD_YES : MHD_NO;
}

static void on_completed(void *arg, struct MHD_Connection *mhd, void **context, enum MHD_RequestTerminationCode how)
{
    (void)arg, (void)mhd, (void)how;
    if (*context)
        exchange_end(*context);
    *context = NULL;
}

/* --- starting ---------------------------------------------------------------------------------------------------- */

static void fill_defaults(struct http_options *o)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    o->threads = o->threads ? o->threads : cores > 0 ? (unsigned)cores : 1;
    o->workers = o->workers ? o->workers : 4;
    o->patient = o->patient ? o->patient : 2;
    o->connections = o->connections ? o->connections : HTTP_CONNECTIONS;
    o->connections_of_peer = o->connections_of_peer ? o->connections_of_peer : HTTP_CONNECTIONS_OF_PEER;
    o->streams = o->streams ? o->streams : o->connections / 2;
    o->streams_of_peer = o->streams_of_peer ? o->streams_of_peer : o->connections_of_peer / 2;
    o->body_max = o->body_max ? o->body_max : 8 << 20;
    o->bodies_max = o->bodies_max ? o->bodies_max : 512 << 20;
    o->arena_max = o->arena_max ? o->arena_max : 256 << 20;
    o->grace_s = o->grace_s ? o->grace_s : 10;
    o->header_ms = o->header_ms ? o->header_ms : 10000;
    o->body_ms = o->body_ms ? o->body_ms : 30000;
    o->idle_ms = o->idle_ms ? o->idle_ms : 60000;
}

/* Ask for as many descriptors as are needed, and take no more connections than there are. */
static void fit_descriptors(struct http_options *o)
{
    struct rlimit limit;
    rlim_t want = (rlim_t)o->connections + OTHER_FILES;
    if (getrlimit(RLIMIT_NOFILE, &limit))
        return;
    if (limit.rlim_cur < want) {
        struct rlimit more = {want, limit.rlim_max > want ? limit.rlim_max : want};
        if (setrlimit(RLIMIT_NOFILE, &more)) {
            more.rlim_cur = more.rlim_max = limit.rlim_max;
            if (setrlimit(RLIMIT_NOFILE, &more) == 0)
                limit.rlim_cur = limit.rlim_max;
        } else {
            limit.rlim_cur = want;
        }
    }
    if (limit.rlim_cur < want)
        o->connections = limit.rlim_cur > 2 * OTHER_FILES ? (unsigned)(limit.rlim_cur - OTHER_FILES)
                                                          : (unsigned)(limit.rlim_cur / 2);
}

static int bind_listener(const struct addrinfo *at, int *ret_fd)
{
    int yes = 1, fd = socket(at->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return errno;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(fd, at->ai_addr, at->ai_addrlen) || listen(fd, BACKLOG)) {
        int failure = errno;
        close(fd);
        return failure;
    }
    *ret_fd = fd;
    return 0;
}

static enum err open_listener(struct ctx *c, const struct http_options *o, int *ret_fd, unsigned *ret_port)
{
    char *address = str_z(c->arena, o->address), *port = str_z(c->arena, str_fmt(c->arena, "%u", o->port));
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE, .ai_socktype = SOCK_STREAM};
    struct addrinfo *at = NULL;
    if (o->port > 65535 || o->address.n == 0 || getaddrinfo(address, port, &hints, &at))
        return FAIL(c, E_INVALID, "\"%s\" cổng %u không phải là địa chỉ để lắng nghe (not an address to listen on)",
                    address, o->port);
    int fd = -1, failure = bind_listener(at, &fd);
    freeaddrinfo(at);
    if (failure)
        return FAIL(c, E_IO, "Không lắng nghe được ở %s cổng %u: %s", address, o->port, os_reason(failure));
    struct sockaddr_storage bound = {0};
    socklen_t n = sizeof bound;
    getsockname(fd, (struct sockaddr *)&bound, &n);
    *ret_port = ntohs(bound.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&bound)->sin6_port
                                                  : ((struct sockaddr_in *)&bound)->sin_port);
    *ret_fd = fd;
    return OK;
}

static int loop_start(struct http_server *s, struct loop *l, int listener)
{
    const struct http_options *o = &s->options;
    l->listener = fcntl(listener, F_DUPFD_CLOEXEC, 3);
    if (l->listener < 0)
        return errno;
    struct MHD_OptionItem options[] = {
        {MHD_OPTION_LISTEN_SOCKET, l->listener, NULL},
        {MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL},
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_MEMORY, NULL},
        {MHD_OPTION_CONNECTION_LIMIT, (intptr_t)(o->connections / o->threads + 1), NULL},
        {MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)on_connection, l},
        {MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)on_completed, l},
        {MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)on_target, l},
        {MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t)on_escape, l},
        {MHD_OPTION_END, 0, NULL},
    };
    struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)o->tls.certificate},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)o->tls.key},
        {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)TLS_PRIORITIES},
        {MHD_OPTION_END, 0, NULL},
    };
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_ALLOW_SUSPEND_RESUME;
    if (o->tls.certificate)
        l->daemon = MHD_start_daemon(flags | MHD_USE_TLS, 0, NULL, NULL, on_request, l, MHD_OPTION_ARRAY, options,
                                     MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
    else
        l->daemon = MHD_start_daemon(flags, 0, NULL, NULL, on_request, l, MHD_OPTION_ARRAY, options, MHD_OPTION_END);
    return l->daemon ? 0 : errno ? errno : ENOMEM;
}

static void loops_close(struct http_server *s)
{
    for (unsigned i = 0; i < s->options.threads; i++) {
        struct loop *l = &s->loops[i];
        if (l->daemon)
            MHD_quiesce_daemon(l->daemon);
        if (l->listener >= 0)
            close(l->listener);
        l->listener = -1;
    }
}

static void loops_end(struct http_server *s)
{
    for (unsigned i = 0; i < s->options.threads; i++) {
        struct loop *l = &s->loops[i];
        if (l->daemon)
            MHD_stop_daemon(l->daemon);
        l->daemon = NULL;
    }
}

static int loops_start(struct http_server *s, int listener)
{
    for (unsigned i = 0; i < s->options.threads; i++) {
        int failure = loop_start(s, &s->loops[i], listener);
        if (failure) {
            loops_close(s);
            loops_end(s);
            return failure;
        }
    }
    return 0;
}

/* All locks are there before the first thread is, and until the last has ended. */
static int server_init(struct http_server *s, struct peer *places)
{
    for (unsigned i = 0; i < s->options.threads; i++) {
        struct loop *l = &s->loops[i];
        l->server = s;
        l->listener = -1;
        hand_init(&l->hand, s);
        arena_init(&l->arena, SIZE_MAX);
        arena_init(&l->scratch, s->options.arena_max);
        pthread_mutex_init(&l->lock, NULL);
    }
    queues_init(s);
    peers_init(&s->peers, places, s->options.connections + s->options.threads);
    int failure = streams_init(s), other = watch_init(s);
    return failure ? failure : other;
}

static void server_free(struct http_server *s)
{
    for (unsigned i = 0; i < s->options.threads; i++) {
        struct loop *l = &s->loops[i];
        arena_reset(&l->hand.arena);
        arena_reset(&l->arena);
        arena_reset(&l->scratch);
        pthread_mutex_destroy(&l->lock);
    }
    queues_free(s);
    peers_free(&s->peers);
    streams_free(s);
    watch_free(s);
}

static int start_threads(struct http_server *s, int listener)
{
    int failure = workers_start(s);
    if (failure)
        return failure;
    failure = loops_start(s, listener);
    if (!failure) {
        failure = watch_start(s);
        if (failure) {
            loops_close(s);
            loops_end(s);
        }
    }
    if (failure)
        workers_end(s);
    return failure;
}

enum err http_start(struct ctx *c, struct arena *owner, const struct http_options *options, const struct http_app *app,
                    struct http_server **ret)
{
    assert(app->handle && options->source.now_us);
    struct http_server *s = NEW(owner, struct http_server);
    s->options = *options;
    s->app = *app;
    fill_defaults(&s->options);
    fit_descriptors(&s->options);
    s->loops = NEWN(owner, struct loop, s->options.threads);
    s->workers = NEWN(owner, struct worker, s->options.workers + s->options.patient);
    struct peer *places = NEWN(owner, struct peer, s->options.connections + s->options.threads);
    int listener = -1;
    TRY(open_listener(c, &s->options, &listener, &s->port));
    /* Signals are for the threads that were there before: ours inherit a mask that blocks them all. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failure = server_init(s, places);
    if (!failure)
        failure = start_threads(s, listener);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(listener);
    if (failure) {
        server_free(s);
        return FAIL(c, E_IO, "Không khởi động được máy chủ: %s", os_reason(failure));
    }
    *ret = s;
    return OK;
}

unsigned http_port(const struct http_server *s)
{
    return s->port;
}

unsigned http_connections(const struct http_server *s)
{
    return s->options.connections;
}

/* --- stopping ---------------------------------------------------------------------------------------------------- */

void http_stop(struct http_server *s)
{
    atomic_store(&s->stopping, true);
    loops_close(s);
    int64_t until = monotonic_us() + (int64_t)s->options.grace_s * 1000000;
    while (atomic_load(&s->n_connections) > 0 && monotonic_us() < until) {
        http_wake(s); /* a stream that waits learns that it is over */
        connections_shut_idle(s);
        nanosleep(&(struct timespec){0, 2000000}, NULL);
    }
    atomic_store(&s->ending, true);
    http_wake(s);
    workers_end(s); /* first: the library cannot stop while a connection is suspended */
    loops_end(s);
    watch_end(s);
    server_free(s);
}
