/* The feed with a server, a writer and listeners over plain sockets, on both engines. From outside, with another
 * process that writes: test/events.test.js. */
#include "front/events/events.h"

#include "base/out.h"
#include "front/events/ring.h"
#include "ledger/ledger.h"
#include "test/store.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/banned.h"

/* --- the ring ----------------------------------------------------------------------------------------------------- */

static struct str numbered(struct ctx *c, int64_t i, size_t n)
{
    char *p = NEWN(c->arena, char, n);
    for (size_t k = 0; k < n; k++)
        p[k] = (char)('a' + ((size_t)i + k) % 26);
    return (struct str){p, n};
}

/* The text, taken in rooms of `cap` bytes; p == NULL if it is not kept. */
static struct str taken(struct ctx *c, const struct ring *r, int64_t i, bool with_head, size_t cap)
{
    struct out o;
    size_t part = 0;
    out_init(&o, c->arena, SIZE_MAX);
    for (bool kept = true, all = false; !all;) {
        struct room room = {.p = NEWN(c->arena, char, cap), .cap = cap};
        all = ring_take(r, i, with_head, &room, &part, &kept);
        if (!kept)
            return (struct str){0};
        out_put(&o, (struct str){room.p, room.n});
    }
    return out_str(&o);
}

TEST(the_ring_keeps_the_latest)
{
    struct ring *r = NEW(c->arena, struct ring);
    CHECK(!taken(c, r, 1, true, 100).p);
    for (int64_t i = 1; i <= 40000; i++)
        ring_put(r, i, numbered(c, i, (size_t)(i * 7919 % 300) + 1), (size_t)(i * 7919 % 300) / 3);
    CHECK(!taken(c, r, 1, true, 100).p && !taken(c, r, 30000, true, 100).p && !taken(c, r, 40001, true, 100).p);
    for (int64_t i = 40000 - 6000; i <= 40000; i++) {
        size_t n = (size_t)(i * 7919 % 300);
        CHECK_STR(taken(c, r, i, true, i % 2 ? 7 : 1000), numbered(c, i, n + 1));
        CHECK_STR(taken(c, r, i, false, i % 2 ? 1000 : 7), str_skip(numbered(c, i, n + 1), n / 3));
    }
    ring_put(r, 40001, numbered(c, 0, RING_BYTES), 0);
    CHECK_STR(taken(c, r, 40001, true, 1 << 16), numbered(c, 0, RING_BYTES));
    CHECK(!taken(c, r, 40000, true, 100).p);
    ring_put(r, 40002, numbered(c, 0, RING_BYTES + 1), 0);
    CHECK(!taken(c, r, 40002, true, 100).p);
}

/* --- the feed ----------------------------------------------------------------------------------------------------- */

struct world {
    struct str store;
    struct writer *writer;
    struct feed *feed;
    struct http_server *server;
    int64_t listener_ms;
};

static enum err start(struct ctx *c, void *arg)
{
    return db_open(c, c->arena, ((struct world *)arg)->store, DB_READ, &c->db);
}

static void handle(struct ctx *c, void *arg, const struct request *r, struct response *ret)
{
    struct world *w = arg;
    if (feed_handle(c, w->feed, r, ret))
        *ret = (struct response){.status = 400, .body = c->error.field};
}

static void open_world(struct ctx *c, struct world *w, int64_t heartbeat_ms, unsigned streams, unsigned body_ms)
{
    struct http_app app = {.arg = w, .start = start, .handle = handle};
    struct http_options http = {.address = S("127.0.0.1"),
                                .threads = 2,
                                .streams = streams,
                                .body_ms = body_ms,
                                .grace_s = 2,
                                .source = source_system()};
    w->store = test_store(c);
    CHECK_OK(writer_open(c, c->arena, w->store, &w->writer));
    struct feed_options options = {.store = w->store,
                                   .writer = w->writer,
                                   .heartbeat_ms = heartbeat_ms,
                                   .look_ms = 100,
                                   .listener_ms = w->listener_ms};
    CHECK_OK(feed_open(c, c->arena, &options, &w->feed));
    CHECK_OK(http_start(c, c->arena, &http, &app, &w->server));
    CHECK_OK(feed_start(c, w->feed, w->server));
}

static void close_world(struct world *w)
{
    feed_stop(w->feed);
    http_stop(w->server);
}

static enum err append(struct ctx *c, void *arg)
{
    const int64_t *n = arg;
    struct str payload = S("{\"secret\":\"mật\"}");
    for (int64_t i = 0; i < *n; i++)
        TRY(ledger_append(c, S("task.progress"), S("tasks/\"1\"\n"), payload, NULL));
    return OK;
}

static int64_t write_events(struct ctx *c, struct world *w, int64_t n)
{
    struct command command = {.run = append, .arg = &n};
    CHECK_OK(writer_run(w->writer, c, &command));
    return command.position;
}

static int ask(struct world *w, struct str head)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)http_port(w->server))};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    struct timeval limit = {10, 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    CHECK(connect(fd, (struct sockaddr *)&to, sizeof to) == 0);
    CHECK_INT(send(fd, head.p, head.n, MSG_NOSIGNAL), (long long)head.n);
    return fd;
}

static int listen_to(struct ctx *c, struct world *w, const char *target, const char *more)
{
    return ask(w, str_fmt(c->arena, "GET %s HTTP/1.1\r\nHost: a\r\n%s\r\n", target, more));
}

/* What comes until `end` has come, or the server closes. */
static struct str read_until(struct ctx *c, int fd, const char *end)
{
    struct out o;
    char piece[16 << 10];
    out_init(&o, c->arena, SIZE_MAX);
    while (!str_has(out_str(&o), str_of(end))) {
        ssize_t n = recv(fd, piece, sizeof piece, 0);
        if (n <= 0)
            break;
        out_put(&o, (struct str){piece, (size_t)n});
    }
    return out_str(&o);
}

static struct str id_line(struct ctx *c, int64_t position)
{
    return str_fmt(c->arena, "id: %" PRId64 "\n", position);
}

TEST(a_listener_hears_what_is_written)
{
    struct world w = {0};
    open_world(c, &w, 0, 0, 0);
    int64_t before = write_events(c, &w, 3);
    struct str store_moment = S("2026-07-01T00:00:00.000000Z"); /* the test's clock */
    int fd = listen_to(c, &w, str_z(c->arena, str_fmt(c->arena, "/events?after=%" PRId64, before)), "");
    struct str said = read_until(c, fd, "\n\n");
    CHECK(str_starts(said, S("HTTP/1.1 200 OK\r\n")) && str_has(said, S("Content-Type: text/event-stream\r\n")));
    CHECK(str_has(said, str_fmt(c->arena, "retry: 2000\nid: %" PRId64 "\n\n", before)));
    write_events(c, &w, 1);
    struct str want = str_fmt(c->arena,
                              "event: task.progress\nid: %" PRId64 "\ndata: {\"position\":%" PRId64
                              ",\"time\":\"%.*s\",\"name\":\"task.progress\",\"item\":\"tasks/\\\"1\\\"\\n\"}\n\n",
                              before + 1, before + 1, ARGS(store_moment));
    said = read_until(c, fd, "}\n\n");
    CHECK(str_has(said, want));
    CHECK(!str_has(said, S("secret")));
    close(fd);
    fd = listen_to(c, &w, "/events?as=message", "Last-Event-ID: 0\r\n");
    said = read_until(c, fd, str_z(c->arena, id_line(c, before + 1)));
    for (int64_t i = 1; i <= before + 1; i++)
        CHECK(str_has(said, id_line(c, i)));
    CHECK(!str_has(said, S("event: ")));
    close(fd);
    close_world(&w);
}

/* More than the ring holds, so the first of it comes out of the store. */
TEST(nothing_is_lost_however_far_behind_one_is)
{
    struct world w = {0};
    open_world(c, &w, 0, 0, 0);
    int64_t last = write_events(c, &w, RING_TEXTS + 1000);
    /* HTTP/1.0 knows no chunks, whose sizes would stand between. */
    int fd = ask(&w, S("GET /events?after=0 HTTP/1.0\r\n\r\n"));
    struct str said = read_until(c, fd, str_z(c->arena, str_fmt(c->arena, "\nid: %" PRId64 "\ndata", last))), line;
    int64_t want = 0;
    while (str_cut(&said, '\n', &line)) {
        int64_t id;
        if (!str_starts(line, S("id: ")) || !str_i64(str_skip(line, 4), &id))
            continue;
        CHECK_INT(id, want);
        want++;
    }
    CHECK_INT(want, last + 1);
    close(fd);
    close_world(&w);
}

TEST(what_cannot_be_a_position_is_refused)
{
    struct world w = {0};
    open_world(c, &w, 0, 0, 0);
    const char *targets[] = {"/events?after=x", "/events?after=-1", "/events?after=", "/events?from=1",
                             "/events?as=xml"};
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        int fd = listen_to(c, &w, targets[i], "Connection: close\r\n");
        CHECK(str_starts(read_until(c, fd, "never"), S("HTTP/1.1 400 ")));
        close(fd);
    }
    int fd = listen_to(c, &w, "/events", "Connection: close\r\nLast-Event-ID: 1 2\r\n");
    CHECK(str_starts(read_until(c, fd, "never"), S("HTTP/1.1 400 ")));
    close(fd);
    close_world(&w);
}

static void wait_for_streams(struct world *w, unsigned n)
{
    for (int i = 0; http_streams(w->server) != n; i++) {
        CHECK(i < 500);
        nanosleep(&(struct timespec){0, 10000000}, NULL);
    }
}

TEST(a_quiet_stream_has_a_heartbeat_and_a_hang_up_is_noticed)
{
    struct world w = {0};
    open_world(c, &w, 200, 3, 0);
    int fd[3];
    for (int i = 0; i < 3; i++) {
        fd[i] = listen_to(c, &w, "/events", "");
        CHECK(str_has(read_until(c, fd[i], "\n\n"), S("id: 0\n")));
    }
    int more = listen_to(c, &w, "/events", "Connection: close\r\n");
    struct str refused = read_until(c, more, "never");
    CHECK(str_starts(refused, S("HTTP/1.1 503 ")) && str_has(refused, S("Retry-After: ")));
    close(more);
    for (int beat = 0; beat < 3; beat++)
        CHECK(str_has(read_until(c, fd[0], ":\n\n"), S(":\n\n")));
    close(fd[1]);
    wait_for_streams(&w, 2);
    fd[1] = listen_to(c, &w, "/events", "");
    CHECK(str_has(read_until(c, fd[1], "\n\n"), S("id: 0\n")));
    /* At the end each is told so in order: the last chunk, and the connection is closed. */
    close_world(&w);
    for (int i = 0; i < 3; i++) {
        CHECK(str_ends(read_until(c, fd[i], "never"), S("0\r\n\r\n")));
        close(fd[i]);
    }
}

/* What is told of a client that has gone may come while its place is given to the next. */
TEST(listeners_come_and_go)
{
    struct world w = {0};
    open_world(c, &w, 0, 0, 0);
    for (int i = 0; i < 300; i++) {
        int stays = listen_to(c, &w, "/events", ""), hangs_up = listen_to(c, &w, "/events", "");
        if (i % 3 == 0)
            CHECK(str_has(read_until(c, stays, "\n\n"), S("id: 0\n")));
        shutdown(hangs_up, SHUT_WR);
        close(hangs_up);
        close(stays);
    }
    wait_for_streams(&w, 0);
    close_world(&w);
}

/* A session may have ended meanwhile: whoever goes on listening shows who they are from time to time. */
TEST(a_listener_comes_again_and_has_missed_nothing)
{
    struct world w = {.listener_ms = 300};
    open_world(c, &w, 50, 0, 0);
    int fd = listen_to(c, &w, "/events", "");
    write_events(c, &w, 3);
    struct str first = read_until(c, fd, "never");
    CHECK(str_has(first, S("id: 3\n")) && str_ends(first, S("0\r\n\r\n")));
    close(fd);
    int64_t last = write_events(c, &w, 2);
    fd = listen_to(c, &w, "/events", "Last-Event-ID: 3\r\n");
    struct str second = read_until(c, fd, "never");
    CHECK_INT(last, 5);
    CHECK(str_has(second, S("id: 4\n")) && str_has(second, S("id: 5\n")));
    close(fd);
    close_world(&w);
}

TEST(who_takes_nothing_is_closed_and_holds_nobody_up)
{
    struct world w = {0};
    open_world(c, &w, 0, 0, 500);
    int slow = listen_to(c, &w, "/events", ""), quick = listen_to(c, &w, "/events", "");
    read_until(c, quick, "\n\n");
    wait_for_streams(&w, 2);
    /* More than the sockets between us hold. */
    int64_t last = 0;
    for (int i = 0; i < 60 && http_streams(w.server) == 2; i++) {
        last = write_events(c, &w, 2000);
        struct str end = str_fmt(c->arena, "\nid: %" PRId64 "\ndata", last);
        CHECK(str_has(read_until(c, quick, str_z(c->arena, end)), end));
    }
    wait_for_streams(&w, 1);
    close(slow);
    close(quick);
    close_world(&w);
}
