/* Live listeners: so many connections to /events of a server with its own writer, so many events a second, and whether
 * each listener had each event once and in order, what the server's process spent on it, and how long an event took
 * from its commit's moment to a listener.
 *
 *     bench-events [LISTENERS [EVENTS-A-SECOND [SECONDS]]]      1000, 5, 20
 *
 * The server is a process of its own (the feed, the writer and the HTTP server of `hoalu serve`, on SQLite with every
 * commit on the disk); one thread of this one listens to all. Exit 1 if an event was lost or came out of order. */
#include "front/events/events.h"
#include "ledger/ledger.h"
#include "store/migrate.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/banned.h"

enum { LINE = 512, DELAYS_MAX = 1 << 20 };

static _Noreturn void give_up(const char *what)
{
    perror(what);
    exit(1);
}

static int64_t clock_us(clockid_t which)
{
    struct timespec t;
    clock_gettime(which, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void sleep_until(int64_t us)
{
    struct timespec t = {us / 1000000, us % 1000000 * 1000};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
}

/* --- the server --------------------------------------------------------------------------------------------------- */

struct plan {
    unsigned listeners, rate, seconds;
};

struct served {
    struct str store;
    struct writer *writer;
    struct feed *feed;
};

static enum err start(struct ctx *c, void *arg)
{
    return db_open(c, c->arena, ((struct served *)arg)->store, DB_READ, &c->db);
}

static void handle(struct ctx *c, void *arg, const struct request *r, struct response *ret)
{
    if (feed_handle(c, ((struct served *)arg)->feed, r, ret))
        *ret = (struct response){.status = 400};
}

static enum err append(struct ctx *c, void *arg)
{
    (void)arg;
    return ledger_append(c, S("task.progress"), S("tasks/III.1-2"), S("{\"percent\":40}"), NULL);
}

static double cpu_s(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static long resident_kib(void)
{
    long pages = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (!f || fscanf(f, "%*d %ld", &pages) != 1)
        pages = 0;
    if (f)
        fclose(f);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

/* What the server's process says when it is done. */
struct spent {
    double cpu, seconds;
    long before_kib, after_kib;
};

static void must(struct ctx *c, enum err e)
{
    if (!e)
        return;
    fprintf(stderr, "bench-events: %.*s\n", ARGS(c->error.message));
    _exit(1);
}

static void run_server(const struct plan *plan, const char *store, int from, int to)
{
    struct arena arena;
    arena_init(&arena, (size_t)1 << 30);
    struct ctx c = {.arena = &arena, .source = source_system()};
    struct served served = {.store = str_of(store)};
    struct http_app app = {.arg = &served, .start = start, .handle = handle};
    struct http_options options = {.address = S("127.0.0.1"),
                                   .connections_of_peer = plan->listeners + 100,
                                   .connections = 2 * plan->listeners + 200,
                                   .streams = plan->listeners,
                                   .streams_of_peer = plan->listeners,
                                   .source = c.source};
    struct http_server *server;
    must(&c, db_open(&c, &arena, served.store, DB_WRITE | DB_CREATE, &c.db));
    must(&c, store_migrate(&c));
    must(&c, writer_open(&c, &arena, served.store, &served.writer));
    must(&c,
         feed_open(&c, &arena, &(struct feed_options){.store = served.store, .writer = served.writer}, &served.feed));
    must(&c, http_start(&c, &arena, &options, &app, &server));
    must(&c, feed_start(&c, served.feed, server));
    unsigned port = http_port(server);
    struct spent spent = {.before_kib = resident_kib()};
    char go;
    if (write(to, &port, sizeof port) != sizeof port || read(from, &go, 1) != 1)
        _exit(1);
    double cpu = cpu_s();
    int64_t begun = clock_us(CLOCK_MONOTONIC), n = (int64_t)plan->rate * plan->seconds;
    for (int64_t i = 0; i < n; i++) {
        sleep_until(begun + i * 1000000 / plan->rate);
        struct command command = {.run = append};
        must(&c, writer_run(served.writer, &c, &command));
    }
    sleep_until(begun + (int64_t)plan->seconds * 1000000);
    spent.cpu = cpu_s() - cpu;
    spent.seconds = (double)(clock_us(CLOCK_MONOTONIC) - begun) / 1e6;
    spent.after_kib = resident_kib();
    if (read(from, &go, 1) != 1 || write(to, &spent, sizeof spent) != sizeof spent)
        _exit(1);
    feed_stop(served.feed);
    http_stop(server);
    arena_reset(&arena);
    _exit(0);
}

/* --- the listeners ------------------------------------------------------------------------------------------------ */

struct listener {
    int fd;
    int64_t last;    /* the position it had last; -1: not even the first word */
    size_t n;        /* of the line that is being read */
    char line[LINE]; /* the sizes of chunks are lines of their own, as an event comes in one chunk */
};

struct heard {
    size_t had, wrong, n_delays;
    double *delays_ms;
};

/* "data: {"position":12,"time":"2026-…",…": in order, and how late. */
static void hear(struct listener *l, struct heard *h)
{
    struct str line = {l->line, l->n}, rest = line, number;
    int64_t position, at;
    if (str_starts(line, S("id: ")) && l->last < 0)
        str_i64(str_trim(str_skip(line, 4)), &l->last);
    if (!str_starts(line, S("data: {\"position\":")))
        return;
    rest = str_skip(line, strlen("data: {\"position\":"));
    h->had++;
    if (!str_cut(&rest, ',', &number) || !str_i64(number, &position) || position != l->last + 1)
        h->wrong++;
    else
        l->last = position;
    struct tm day = {0};
    int us = 0;
    if (sscanf(rest.p, "\"time\":\"%d-%d-%dT%d:%d:%d.%6d", &day.tm_year, &day.tm_mon, &day.tm_mday, &day.tm_hour,
               &day.tm_min, &day.tm_sec, &us) == 7 &&
        h->n_delays < DELAYS_MAX) {
        day.tm_year -= 1900;
        day.tm_mon--;
        at = (int64_t)timegm(&day) * 1000000 + us;
        h->delays_ms[h->n_delays++] = (double)(clock_us(CLOCK_REALTIME) - at) / 1e3;
    }
}

static bool take(struct listener *l, struct heard *h)
{
    char piece[16 << 10];
    ssize_t n = recv(l->fd, piece, sizeof piece, MSG_DONTWAIT);
    for (ssize_t i = 0; i < n; i++) {
        if (piece[i] != '\n' && l->n + 1 < LINE) {
            l->line[l->n++] = piece[i];
            continue;
        }
        l->line[l->n] = 0;
        hear(l, h);
        l->n = 0;
    }
    return n != 0;
}

static void dial(struct listener *l, unsigned port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    struct str ask = S("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
    l->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    l->last = -1;
    if (l->fd < 0 || connect(l->fd, (struct sockaddr *)&to, sizeof to) ||
        send(l->fd, ask.p, ask.n, MSG_NOSIGNAL) != (ssize_t)ask.n)
        give_up("a listener");
}

static void take_some(int poll, struct heard *h, int ms)
{
    struct epoll_event events[256];
    int n = epoll_wait(poll, events, 256, ms);
    for (int i = 0; i < n; i++)
        if (!take(events[i].data.ptr, h))
            give_up("a stream ended");
}

static void listen_all(const struct plan *plan, unsigned port, struct listener *all, struct heard *h, int to)
{
    int poll = epoll_create1(EPOLL_CLOEXEC);
    int64_t until;
    for (unsigned i = 0; i < plan->listeners; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &all[i]};
        dial(&all[i], port);
        if (epoll_ctl(poll, EPOLL_CTL_ADD, all[i].fd, &event))
            give_up("epoll");
    }
    for (unsigned i = 0; i < plan->listeners;) {
        take_some(poll, h, 1000);
        while (i < plan->listeners && all[i].last >= 0)
            i++;
    }
    if (write(to, "g", 1) != 1)
        give_up("the server");
    until = clock_us(CLOCK_MONOTONIC) + ((int64_t)plan->seconds + 1) * 1000000;
    while (clock_us(CLOCK_MONOTONIC) < until)
        take_some(poll, h, 100);
    if (write(to, "e", 1) != 1)
        give_up("the server");
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static bool report(const struct plan *plan, struct heard *h, const struct spent *spent)
{
    size_t want = (size_t)plan->listeners * plan->rate * plan->seconds;
    qsort(h->delays_ms, h->n_delays, sizeof(double), by_size);
    printf("%u listeners, %u events a second for %u s\n", plan->listeners, plan->rate, plan->seconds);
    printf("  events received      %zu of %zu; out of order or doubled: %zu\n", h->had, want, h->wrong);
    printf("  the server spent     %.1f %% of a core (at most 20 wanted)\n", 100 * spent->cpu / spent->seconds);
    printf("  memory a listener    %.1f kB\n",
           (double)(spent->after_kib - spent->before_kib) * 1.024 / plan->listeners);
    if (h->n_delays)
        printf("  from commit to ear   p50 %.1f ms, p99 %.1f ms\n", h->delays_ms[h->n_delays / 2],
               h->delays_ms[h->n_delays * 99 / 100]);
    return h->had == want && h->wrong == 0;
}

static unsigned argument(int argc, char **argv, int i, unsigned otherwise)
{
    int64_t n = otherwise;
    if (argc > i && (!str_i64(str_of(argv[i]), &n) || n < 1 || n > 100000))
        exit(2);
    return (unsigned)n;
}

static void remove_store(const char *folder, const char *store)
{
    static const char *const suffixes[] = {"", "-wal", "-shm"};
    char name[300];
    for (size_t i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "%s%s", store, suffixes[i]);
        unlink(name);
    }
    rmdir(folder);
}

int main(int argc, char **argv)
{
    struct plan plan = {argument(argc, argv, 1, 1000), argument(argc, argv, 2, 5), argument(argc, argv, 3, 20)};
    struct arena arena;
    char folder[] = "/tmp/hoalu-bench-XXXXXX", store[64];
    int there[2], back[2];
    unsigned port;
    struct spent spent;
    if (!mkdtemp(folder) || pipe(there) || pipe(back))
        give_up(folder);
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    snprintf(store, sizeof store, "%s/k.db", folder);
    arena_init(&arena, (size_t)1 << 30);
    pid_t server = fork();
    if (server == 0)
        run_server(&plan, store, there[0], back[1]);
    close(back[1]);
    if (server < 0 || read(back[0], &port, sizeof port) != sizeof port)
        give_up("the server");
    struct listener *all = NEWN(&arena, struct listener, plan.listeners);
    struct heard heard = {.delays_ms = NEWN(&arena, double, DELAYS_MAX)};
    listen_all(&plan, port, all, &heard, there[1]);
    if (read(back[0], &spent, sizeof spent) != sizeof spent)
        give_up("the server");
    waitpid(server, NULL, 0);
    bool good = report(&plan, &heard, &spent);
    remove_store(folder, store);
    arena_reset(&arena);
    return good ? 0 : 1;
}
