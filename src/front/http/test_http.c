/* A server of our own and a client over plain sockets. What hostile clients do stands in test/http.test.js. */
#include "front/http/http.h"

#include "test/test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/banned.h"

struct seen {
    _Atomic int started, handled, closed;
};

static void count_closed(void *arg)
{
    atomic_fetch_add(&((struct seen *)arg)->closed, 1);
}

static enum err start(struct ctx *c, void *arg)
{
    struct seen *seen = arg;
    arena_defer(c->arena, count_closed)->arg = seen;
    atomic_fetch_add(&seen->started, 1);
    return OK;
}

static enum http_lane lane(void *arg, const struct request *r)
{
    (void)arg;
    return str_starts(r->path, S("/slow"))      ? LANE_WORKER
           : str_starts(r->path, S("/patient")) ? LANE_PATIENT
                                                : LANE_HERE;
}

static void eat(struct ctx *c)
{
    for (;;)
        memset(NEWN(c->arena, char, 1 << 20), 1, 1 << 20);
}

static void handle(struct ctx *c, void *arg, const struct request *r, struct response *ret)
{
    struct seen *seen = arg;
    atomic_fetch_add(&seen->handled, 1);
    if (str_ends(r->path, S("/memory")))
        eat(c);
    if (str_ends(r->path, S("/wait")))
        usleep(200000);
    ret->type = S("text/plain; charset=utf-8");
    ret->body = str_fmt(c->arena, "%.*s|%.*s|%.*s", ARGS(r->path), ARGS(request_query(r, "q")), ARGS(r->body));
    response_header(c, ret, S("X-Peer"), r->peer);
    if (str_ends(r->path, S("/bad-header")))
        response_header(c, ret, S("X-Bad"), S("a\r\nSet-Cookie: b"));
}

static struct http_server *serve(struct ctx *c, struct seen *seen)
{
    struct http_options options = {.address = S("127.0.0.1"),
                                   .threads = 2,
                                   .workers = 2,
                                   .connections = 100,
                                   .arena_max = 8 << 20,
                                   .grace_s = 2,
                                   .source = source_system()};
    struct http_app app = {.arg = seen, .start = start, .lane = lane, .handle = handle};
    struct http_server *s;
    CHECK_OK(http_start(c, c->arena, &options, &app, &s));
    return s;
}

static int dial(unsigned port)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    struct timeval limit = {20, 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) == 0)
        return fd;
    close(fd);
    return -1;
}

/* All that the server sends until it closes. */
static struct str read_all(struct ctx *c, int fd)
{
    enum { MAX = 64 << 10 };
    char *text = NEWN(c->arena, char, MAX);
    size_t n = 0;
    for (ssize_t got; n < MAX && (got = recv(fd, text + n, MAX - n, 0)) > 0;)
        n += (size_t)got;
    close(fd);
    return (struct str){text, n};
}

static struct str ask(struct ctx *c, const struct http_server *s, struct str target)
{
    int fd = dial(http_port(s));
    if (fd < 0)
        return S("");
    struct str asked = str_fmt(c->arena, "GET %.*s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", ARGS(target));
    /* A server that stops may have closed it in between. */
    if (send(fd, asked.p, asked.n, MSG_NOSIGNAL) == (ssize_t)asked.n)
        return read_all(c, fd);
    close(fd);
    return S("");
}

TEST(serves_fast_and_slow_and_stops)
{
    struct seen seen = {0};
    struct http_server *s = serve(c, &seen);
    struct str fast = ask(c, s, S("/a%20b?q=x+y"));
    CHECK(str_starts(fast, S("HTTP/1.1 200 OK\r\n")));
    CHECK(str_ends(fast, S("\r\n\r\n/a b|x y|")));
    CHECK(str_has(fast, S("X-Content-Type-Options: nosniff\r\n")));
    CHECK(str_has(fast, S("X-Peer: 127.0.0.1\r\n")));
    CHECK(str_has(fast, S("Content-Type: text/plain; charset=utf-8\r\n")));
    CHECK(str_ends(ask(c, s, S("/patient?q=1")), S("\r\n\r\n/patient|1|")));
    CHECK(str_ends(ask(c, s, S("/slow?q=1")), S("\r\n\r\n/slow|1|")));
    http_stop(s);
    CHECK_INT(seen.handled, 3);
    CHECK(seen.started >= 2);
    CHECK_INT(seen.closed, seen.started);
    CHECK_INT(dial(http_port(s)), -1);
}

TEST(without_memory_answers_503_and_goes_on)
{
    struct seen seen = {0};
    struct http_server *s = serve(c, &seen);
    struct str paths[] = {S("/memory"), S("/slow/memory")};
    for (size_t i = 0; i < 2; i++) {
        struct str answer = ask(c, s, paths[i]);
        CHECK(str_starts(answer, S("HTTP/1.1 503 ")));
        CHECK(str_has(answer, S("application/problem+json")));
        CHECK(str_has(answer, S("\"status\":503")));
        CHECK(str_starts(ask(c, s, S("/a")), S("HTTP/1.1 200 ")));
    }
    http_stop(s);
}

TEST(a_header_that_would_split_the_answer_is_not_sent)
{
    struct seen seen = {0};
    struct http_server *s = serve(c, &seen);
    struct str answer = ask(c, s, S("/bad-header"));
    CHECK(str_starts(answer, S("HTTP/1.1 500 ")));
    CHECK(!str_has(answer, S("Set-Cookie")));
    http_stop(s);
}

struct asking {
    const struct http_server *s;
    struct str target, answer;
    struct arena arena;
};
static void *ask_aside(void *arg)
{
    struct asking *a = arg;
    struct ctx c = {.arena = &a->arena, .source = source_system()};
    a->answer = ask(&c, a->s, a->target);
    return NULL;
}

TEST(stopping_answers_what_was_begun)
{
    struct seen seen = {0};
    struct http_server *s = serve(c, &seen);
    struct asking asking[4];
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) {
        asking[i] = (struct asking){.s = s, .target = i % 2 ? S("/slow/wait") : S("/wait")};
        arena_init(&asking[i].arena, 1 << 20);
        CHECK(pthread_create(&threads[i], NULL, ask_aside, &asking[i]) == 0);
    }
    int idle = dial(http_port(s));
    while (atomic_load(&seen.handled) < 2)
        usleep(1000);
    http_stop(s);
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        /* It was answered, or it had not been taken in when the server stopped. */
        CHECK(str_starts(asking[i].answer, S("HTTP/1.1 200 ")) || str_starts(asking[i].answer, S("HTTP/1.1 503 ")) ||
              asking[i].answer.n == 0);
    }
    int answered = 0;
    for (int i = 0; i < 4; i++) {
        answered += str_starts(asking[i].answer, S("HTTP/1.1 200 "));
        arena_reset(&asking[i].arena);
    }
    CHECK_INT(answered, seen.handled);
    CHECK_INT(read_all(c, idle).n, 0);
}

TEST(an_address_in_use_is_said_so)
{
    struct seen seen = {0};
    struct http_server *s = serve(c, &seen), *other;
    struct http_options options = {.address = S("127.0.0.1"), .port = http_port(s), .source = source_system()};
    struct http_app app = {.arg = &seen, .handle = handle};
    CHECK_ERR(http_start(c, c->arena, &options, &app, &other), E_IO);
    CHECK(str_has(c->error.message, S("address already in use")));
    options.address = S("nowhere");
    CHECK_ERR(http_start(c, c->arena, &options, &app, &other), E_INVALID);
    http_stop(s);
}
