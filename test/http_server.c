/* The server of front/http/ with an application that says what it was asked: for test/http.test.js.
 *
 *   http-server [NAME=NUMBER…]      options of struct http_options; prints "port connections", ends on SIGTERM
 *
 * Any path answers "METHOD path", a line "name=value" for each query field, an empty line and the body. /slow… goes to
 * a worker and takes ?ms=; …/memory runs out of it; /big?n= answers n bytes; /status?code= answers that. */
#include "front/http/http.h"

#include "base/out.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/banned.h"

static enum http_lane lane(void *arg, const struct request *r)
{
    (void)arg;
    return str_starts(r->path, S("/slow")) ? LANE_WORKER : LANE_HERE;
}

static int64_t number(const struct request *r, const char *name)
{
    int64_t n = 0;
    str_i64(request_query(r, name), &n);
    return n;
}

static void echo(struct ctx *c, const struct request *r, struct response *ret)
{
    static const char *const methods[] = {[HTTP_GET] = "GET", [HTTP_HEAD] = "HEAD", [HTTP_POST] = "POST"};
    struct out o;
    out_init(&o, c->arena, SIZE_MAX);
    out_fmt(&o, "%s %.*s\n", methods[r->method], ARGS(r->path));
    for (size_t i = 0; i < r->query.n; i++)
        out_fmt(&o, "%.*s=%.*s\n", ARGS(r->query.v[i].name), ARGS(r->query.v[i].value));
    out_char(&o, '\n');
    out_put(&o, r->body);
    ret->body = out_str(&o);
}

static void handle(struct ctx *c, void *arg, const struct request *r, struct response *ret)
{
    (void)arg;
    int64_t ms = number(r, "ms");
    if (ms)
        nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
    while (str_ends(r->path, S("/memory")))
        memset(NEWN(c->arena, char, 1 << 20), 1, 1 << 20);
    ret->type = S("text/plain; charset=utf-8");
    if (str_eq(r->path, S("/big"))) {
        size_t n = (size_t)number(r, "n");
        ret->body = (struct str){memset(NEWN(c->arena, char, n), 'b', n), n};
    } else {
        echo(c, r, ret);
    }
    if (str_eq(r->path, S("/status")))
        ret->status = (unsigned)number(r, "code");
    if (request_query(r, "etag").p)
        response_header(c, ret, S("ETag"), S("\"x\""));
}

static void set(struct http_options *o, struct str name, unsigned value)
{
    const struct {
        const char *name;
        unsigned *at;
    } known[] = {
        {"threads", &o->threads},         {"workers", &o->workers},
        {"connections", &o->connections}, {"connections_of_peer", &o->connections_of_peer},
        {"grace_s", &o->grace_s},         {"header_ms", &o->header_ms},
        {"body_ms", &o->body_ms},         {"idle_ms", &o->idle_ms},
        {"streams", &o->streams},         {"streams_of_peer", &o->streams_of_peer},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eq(name, str_of(known[i].name)))
            *known[i].at = value;
    if (str_eq(name, S("loopback_names")))
        o->loopback_names = value;
    if (str_eq(name, S("body_max")))
        o->body_max = value;
    if (str_eq(name, S("bodies_max")))
        o->bodies_max = value;
    if (str_eq(name, S("arena_max")))
        o->arena_max = value;
}

int main(int argc, char **argv)
{
    struct arena arena;
    arena_init(&arena, 64 << 20);
    struct ctx c = {.arena = &arena, .source = source_system()};
    struct http_options options = {.address = S("127.0.0.1"), .source = c.source};
    for (int i = 1; i < argc; i++) {
        struct str rest = str_of(argv[i]), name;
        int64_t value;
        if (!str_cut(&rest, '=', &name) || !str_i64(rest, &value))
            return 2;
        set(&options, name, (unsigned)value);
    }
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigprocmask(SIG_BLOCK, &ends, NULL);
    struct http_app app = {.lane = lane, .handle = handle};
    struct http_server *s;
    if (http_start(&c, &arena, &options, &app, &s)) {
        fprintf(stderr, "%.*s\n", ARGS(c.error.message));
        return 1;
    }
    printf("%u %u\n", http_port(s), http_connections(s));
    fflush(stdout);
    int signal;
    sigwait(&ends, &signal);
    http_stop(s);
    arena_reset(&arena);
    puts("stopped");
    return 0;
}
