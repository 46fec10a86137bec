/* The application is run, and its answer taken from its memory, on one thread; only then does it go back to the loop.
 * So a statement that the handler left open is closed where it was opened, and not when a slow client has read on. */
#include "base/lanes.h"
#include "front/http/server.h"

#include <microhttpd.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/banned.h"

void hand_init(struct hand *h, const struct http_server *s)
{
    h->server = s;
    arena_init(&h->arena, s->options.arena_max);
    h->c = (struct ctx){.arena = &h->arena, .source = s->options.source};
}

static enum err hand_start(struct ctx *c, void *arg)
{
    const struct hand *h = arg;
    return h->server->app.start ? h->server->app.start(c, h->server->app.arg) : OK;
}

/* The store may have been away when the first request came: the next one tries again. */
bool hand_ready(struct hand *h)
{
    if (!h->ready) {
        h->ready = ctx_run(&h->c, hand_start, h) == OK;
        if (!h->ready) {
            arena_reset(&h->arena);
            hand_init(h, h->server);
        }
    }
    return h->ready;
}

/* --- answers ----------------------------------------------------------------------------------------------------- */

static inline lanes ends_name(lanes v)
{
    return (lanes)(v <= lanes_of(' ')) | (lanes)(v == lanes_of(':'));
}

static inline lanes ends_value(lanes v)
{
    return (lanes)(v < lanes_of(' ')) & (lanes)(v != lanes_of('\t'));
}

/* Header values go into the library as C strings: nothing in them may end the line or the string. */
static bool put_header(struct MHD_Response *to, struct str name, struct str value)
{
    char line[4096];
    if (name.n == 0 || name.n + value.n + 2 > sizeof line)
        return false;
    if (lanes_find(name, 0, ends_name) < name.n || lanes_find(value, 0, ends_value) < value.n)
        return false;
    memcpy(line, name.p, name.n);
    line[name.n] = 0;
    if (value.n)
        memcpy(line + name.n + 1, value.p, value.n);
    line[name.n + 1 + value.n] = 0;
    return MHD_add_response_header(to, line, line + name.n + 1) == MHD_YES;
}

static void keep(struct exchange *x, unsigned status, struct MHD_Response *answer, size_t n)
{
    if (x->answer)
        MHD_destroy_response(x->answer);
    x->status = status;
    x->answer = answer;
    x->answer_n = n;
}

void exchange_answer_refusal(struct exchange *x, enum refusal refused)
{
    stream_end(x);
    const struct refusal_text *text = refusal_text(refused);
    struct MHD_Response *answer =
        MHD_create_response_from_buffer(text->body.n, (void *)text->body.p, MHD_RESPMEM_PERSISTENT);
    if (answer) {
        put_header(answer, S("Content-Type"), S("application/problem+json"));
        put_header(answer, S("X-Content-Type-Options"), S("nosniff"));
        put_header(answer, S("Cache-Control"), S("no-store"));
        if (text->status == 503)
            put_header(answer, S("Retry-After"), S("5"));
        if (atomic_load(&x->connection->loop->server->stopping))
            put_header(answer, S("Connection"), S("close"));
    }
    keep(x, text->status, answer, text->body.n);
}

static size_t body_size(const struct response *r)
{
    return r->status == 204 || r->status == 304 ? 0 : r->body.n;
}

/* The body in the library's hands. Memory that is the body's alone is handed over, unless it is to stand for long: it
 * may be twice as large. */
static struct MHD_Response *body_new(const struct response *r, bool for_long)
{
    size_t n = body_size(r);
    bool take = n && !for_long && r->memory && r->memory->arg == r->body.p;
    struct MHD_Response *answer = MHD_create_response_from_buffer(n, n ? (void *)r->body.p : (void *)"",
                                                                  take ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_MUST_COPY);
    if (answer && take)
        r->memory->arg = NULL;
    return answer;
}

/* The answer with its headers; NULL, and `answer` is let go of, if they cannot be sent. */
static struct MHD_Response *answer_new(const struct response *r, struct MHD_Response *answer)
{
    bool bodyless = r->status == 204 || r->status == 304;
    if (!answer)
        return NULL;
    bool good = r->status >= 200 && r->status <= 599 && put_header(answer, S("X-Content-Type-Options"), S("nosniff"));
    if (r->type.p && !bodyless)
        good = good && put_header(answer, S("Content-Type"), r->type);
    for (size_t i = 0; good && i < r->headers.n; i++)
        good = put_header(answer, r->headers.v[i].name, r->headers.v[i].value);
    if (!good)
        MHD_destroy_response(answer);
    return good ? answer : NULL;
}

static bool answer_build(struct exchange *x, const struct response *r)
{
    if (r->shared) {
        shared_drop(x->shared);
        x->shared = r->shared;
        x->status = x->shared->status;
        x->answer_n = x->shared->n;
        return true;
    }
    struct MHD_Response *answer = answer_new(r, x->stream.more ? stream_answer(x) : body_new(r, false));
    if (!answer)
        return false;
    if (atomic_load(&x->connection->loop->server->stopping))
        put_header(answer, S("Connection"), S("close"));
    keep(x, r->status, answer, body_size(r));
    return true;
}

/* --- given to many ----------------------------------------------------------------------------------------------- */

static void end_shared(void *arg)
{
    struct http_shared *shared = arg;
    if (shared->answer)
        MHD_destroy_response(shared->answer);
}

struct http_shared *http_shared_new(const struct response *r)
{
    struct http_shared *shared = shared_new(sizeof *shared, end_shared);
    if (!shared)
        return NULL;
    *shared = (struct http_shared){.status = r->status, .answer = answer_new(r, body_new(r, true)), .n = body_size(r)};
    if (shared->answer)
        return shared;
    shared_drop(shared);
    return NULL;
}

/* --- the application --------------------------------------------------------------------------------------------- */

static enum err run_handler(struct ctx *c, void *arg)
{
    struct exchange *x = arg;
    const struct http_app *app = &x->connection->loop->server->app;
    struct response r = {.status = 200};
    if (!body_join(x)) {
        exchange_answer_refusal(x, REFUSE_BUSY);
        return OK;
    }
    app->handle(c, app->arg, &x->request, &r);
    x->stream = r.stream;
    if (r.stream.more && !stream_begin(x))
        exchange_answer_refusal(x, REFUSE_STREAMS);
    else if (!answer_build(x, &r))
        exchange_answer_refusal(x, REFUSE_ANSWER);
    return OK;
}

void hand_handle(struct hand *h, struct exchange *x)
{
    if (!hand_ready(h)) {
        exchange_answer_refusal(x, REFUSE_UNREADY);
    } else {
        struct ctx c = h->c;
        c.arena = &x->arena;
        c.error = (struct error){0};
        if (ctx_run(&c, run_handler, x) != OK)
            exchange_answer_refusal(x, REFUSE_MEMORY);
    }
    if (!x->stream.more)
        exchange_forget(x);
}

void refusal_send(struct exchange *x, enum refusal refused, bool with_body)
{
    const struct refusal_text *text = refusal_text(refused);
    char line[2048];
    int n = snprintf(line, sizeof line,
                     "HTTP/1.1 %u %.*s\r\nContent-Type: application/problem+json\r\nContent-Length: %zu\r\n"
                     "X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n%.*sConnection: close\r\n\r\n%.*s",
                     text->status, ARGS(text->reason), text->body.n, ARGS(text->header),
                     ARGS(with_body ? text->body : S("")));
    if (n <= 0 || (size_t)n >= sizeof line)
        return;
    if (x->connection->loop->server->options.tls.certificate)
        tls_send(x->mhd, line, (size_t)n);
    else
        (void)!send(x->connection->fd, line, (size_t)n, MSG_NOSIGNAL | MSG_DONTWAIT);
}
