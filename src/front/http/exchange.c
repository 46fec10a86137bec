/* One request on its loop's thread: checked before its body is read, taken in within its limit, handled here or by a
 * worker, answered. What is refused before a handler saw it is answered past the library, which then closes: it allows
 * no answer in the middle of a body, and would read on for methods other than POST. */
#include "front/http/image.h"
#include "front/http/server.h"

#include <microhttpd.h>
#include <string.h>
#include <sys/socket.h>

#include "base/banned.h"

enum { PIECE_FIRST = 64 << 10, PIECE = 256 << 10 };

/* --- memory ------------------------------------------------------------------------------------------------------ */

static void new_exchange(void *arg)
{
    struct loop *l = arg;
    struct exchange *x = NEW(&l->arena, struct exchange);
    x->next = l->unused_exchanges;
    l->unused_exchanges = x;
}

struct keep {
    struct exchange *x;
    struct str target;
};
static void keep_target(void *arg)
{
    struct keep *k = arg;
    k->x->target = str_dup(&k->x->arena, k->target);
}

/* The library takes the query apart as well, into its small memory, and stands still when that is full. */
static bool has_many_fields(struct str target)
{
    size_t n = 0;
    for (size_t i = 0; i < target.n; i++)
        n += target.p[i] == '&';
    return n > QUERY_FIELDS_MAX;
}

struct exchange *exchange_begin(struct connection *conn, struct MHD_Connection *mhd, struct str target)
{
    struct loop *l = conn->loop;
    if (conn->exchange)
        exchange_end(conn->exchange);
    if (!l->unused_exchanges && !arena_run(&l->arena, new_exchange, l))
        return NULL;
    struct exchange *x = l->unused_exchanges;
    l->unused_exchanges = x->next;
    *x = (struct exchange){.connection = conn, .mhd = mhd};
    arena_init(&x->arena, l->server->options.arena_max);
    conn->exchange = x;
    if (target.n > TARGET_MAX)
        x->refused = REFUSE_LONG_TARGET;
    else if (atomic_load(&l->server->stopping))
        x->refused = REFUSE_STOPPING;
    else if (!arena_run(&x->arena, keep_target, &(struct keep){x, target}))
        x->refused = REFUSE_MEMORY;
    x->sent_target = target.p;
    if (has_many_fields(target)) {
        refusal_send(x, REFUSE_LONG_TARGET, true);
        conn->linger = true;
        shutdown(conn->fd, SHUT_RDWR);
    }
    if (atomic_load(&conn->idle)) {
        atomic_store(&conn->idle, false);
        connection_deadline(conn, monotonic_us(), l->server->options.header_ms, 0);
    }
    return x;
}

void exchange_forget(struct exchange *x)
{
    arena_reset(&x->arena);
    atomic_fetch_sub(&x->connection->loop->server->body_bytes, x->body_held);
    x->body_held = 0;
}

void exchange_end(struct exchange *x)
{
    struct connection *conn = x->connection;
    stream_end(x);
    exchange_forget(x);
    if (x->answer)
        MHD_destroy_response(x->answer);
    shared_drop(x->shared);
    conn->exchange = NULL;
    atomic_store(&conn->takes_body, false);
    atomic_store(&conn->idle, true);
    connection_deadline(conn, monotonic_us(), conn->loop->server->options.idle_ms, 0);
    x->next = conn->loop->unused_exchanges;
    conn->loop->unused_exchanges = x;
}

/* --- before the body --------------------------------------------------------------------------------------------- */

static enum MHD_Result put_header(void *arg, enum MHD_ValueKind kind, const char *name, size_t n_name,
                                  const char *value, size_t n_value)
{
    (void)kind;
    struct exchange *x = arg;
    if (x->headers.n == x->headers.cap)
        return MHD_NO;
    x->headers.v[x->headers.n++] = (struct http_pair){{name, n_name}, {value ? value : "", n_value}};
    return MHD_YES;
}

/* Room first: nothing may be allocated, and so jump, while the library calls back. */
static void headers_read(struct exchange *x)
{
    int n = MHD_get_connection_values_n(x->mhd, MHD_HEADER_KIND, NULL, NULL);
    x->headers.cap = n < 0 ? 0 : n <= HEADER_COUNT_MAX ? (size_t)n : HEADER_COUNT_MAX + 1;
    x->headers.v = NEWN(&x->arena, struct http_pair, x->headers.cap);
    MHD_get_connection_values_n(x->mhd, MHD_HEADER_KIND, put_header, x);
}

static enum refusal method_read(const char *method, enum http_method *ret)
{
    if (strcmp(method, "GET") == 0)
        *ret = HTTP_GET;
    else if (strcmp(method, "HEAD") == 0)
        *ret = HTTP_HEAD;
    else if (strcmp(method, "POST") == 0)
        *ret = HTTP_POST;
    else
        return REFUSE_METHOD;
    return REFUSE_NOT;
}

struct head {
    struct exchange *x;
    const char *method, *version;
};

/* HTTP/1.0 may come without a Host, and no browser speaks it. */
static bool is_our_name(const struct http_pairs *headers, struct str ours)
{
    for (size_t i = 0; i < headers->n; i++)
        if (str_same_letters(headers->v[i].name, S("Host")))
            return host_is_loopback(headers->v[i].value) || (ours.n && str_same_letters(headers->v[i].value, ours));
    return true;
}

static enum refusal head_check(struct exchange *x, const char *method, const char *version)
{
    const struct http_options *options = &x->connection->loop->server->options;
    struct request *r = &x->request;
    const union MHD_ConnectionInfo *size = MHD_get_connection_info(x->mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    struct target target;
    struct framing framing;
    enum refusal refused = method_read(method, &r->method);
    headers_read(x);
    if (!refused && (x->headers.n > HEADER_COUNT_MAX || size->header_size > HEADERS_MAX))
        refused = REFUSE_HEADERS;
#if MHD_VERSION < 0x01000000 /* 1.0 refuses all of that itself */
    struct str block = {method, size->header_size};
    if (!refused && !image_is_plain(block, x->sent_target, x->target.n, version, &x->headers))
        refused = REFUSE_MALFORMED;
#endif
    if (!refused && strcmp(version, "HTTP/1.1") != 0 && strcmp(version, "HTTP/1.0") != 0)
        refused = REFUSE_VERSION;
    if (!refused)
        refused = target_read(&x->arena, x->target, &target);
    if (!refused)
        refused = headers_check(&x->headers, target.host, strcmp(version, "HTTP/1.1") == 0, &framing);
    if (!refused && options->loopback_names && !is_our_name(&x->headers, options->host))
        refused = REFUSE_NAME;
    if (!refused && r->method == HTTP_POST)
        refused = origin_check(&x->headers);
    if (!refused && framing.has_length && framing.length > options->body_max)
        refused = REFUSE_BODY;
    if (refused)
        return refused;
    r->path = target.path;
    r->query = target.query;
    r->peer = str_of(x->connection->address);
    r->own = &x->headers;
    x->body_length = framing.length;
    return REFUSE_NOT;
}

static void head_read(void *arg)
{
    struct head *head = arg;
    head->x->refused = head_check(head->x, head->method, head->version);
}

/* --- the body ---------------------------------------------------------------------------------------------------- */

struct coming {
    struct exchange *x;
    const char *data;
    size_t n;
};

/* Count `n` more bytes of memory for bodies. */
static bool body_hold(struct exchange *x, size_t n)
{
    struct http_server *s = x->connection->loop->server;
    x->body_held += n;
    return atomic_fetch_add(&s->body_bytes, n) + n <= s->options.bodies_max;
}

/* Room is made for what has come, not for what was announced, and a piece at a time: a body that is refused in the end
 * has cost no copying, and nobody on this thread has waited while one grew. */
static void piece_add(struct exchange *x)
{
    size_t cap = x->pieces ? PIECE : PIECE_FIRST, left = x->body_length - x->request.body.n;
    if (x->body_length > x->request.body.n && left < cap)
        cap = left;
    if (!body_hold(x, cap)) {
        x->refused = REFUSE_BUSY;
        return;
    }
    struct piece *piece = arena_alloc(&x->arena, sizeof *piece + cap, _Alignof(struct piece), 1);
    piece->cap = cap;
    if (x->pieces)
        x->last_piece->next = piece;
    else
        x->pieces = piece;
    x->last_piece = piece;
}

static void body_put(void *arg)
{
    struct coming *coming = arg;
    struct exchange *x = coming->x;
    while (coming->n && !x->refused) {
        if (!x->pieces || x->last_piece->n == x->last_piece->cap)
            piece_add(x);
        if (x->refused)
            return;
        struct piece *to = x->last_piece;
        size_t room = to->cap - to->n, n = coming->n < room ? coming->n : room;
        memcpy(to->bytes + to->n, coming->data, n);
        to->n += n;
        x->request.body.n += n;
        coming->data += n;
        coming->n -= n;
    }
}

bool body_join(struct exchange *x)
{
    struct str *body = &x->request.body;
    if (!x->pieces || x->pieces == x->last_piece) {
        body->p = x->pieces ? x->pieces->bytes : NULL;
        return true;
    }
    if (!body_hold(x, body->n))
        return false;
    char *whole = NEWN(&x->arena, char, body->n), *to = whole;
    for (const struct piece *piece = x->pieces; piece; to += piece->n, piece = piece->next)
        memcpy(to, piece->bytes, piece->n);
    body->p = whole;
    return true;
}

static void body_take(struct exchange *x, const char *data, size_t n)
{
    const struct http_options *options = &x->connection->loop->server->options;
    if (n > options->body_max - x->request.body.n)
        x->refused = REFUSE_BODY;
    else if (!arena_run(&x->arena, body_put, &(struct coming){x, data, n}))
        x->refused = REFUSE_MEMORY;
}

/* --- the answer -------------------------------------------------------------------------------------------------- */

/* Answer past the library and have it close. */
static bool refuse(struct exchange *x, const char *method)
{
    struct connection *conn = x->connection;
    refusal_send(x, x->refused, strcmp(method, "HEAD") != 0);
    conn->linger = true;
    return false;
}

static bool send_answer(struct exchange *x)
{
    x->state = EXCHANGE_ANSWERED;
    struct MHD_Response *answer = x->shared ? x->shared->answer : x->answer;
    if (!answer)
        return false;
    connection_deadline(x->connection, monotonic_us(), x->connection->loop->server->options.body_ms, x->answer_n);
    bool queued = MHD_queue_response(x->mhd, x->status, answer) == MHD_YES;
    if (x->answer)
        MHD_destroy_response(x->answer);
    x->answer = NULL;
    shared_drop(x->shared);
    x->shared = NULL;
    return queued;
}

static bool handle(struct exchange *x)
{
    struct loop *l = x->connection->loop;
    struct http_server *s = l->server;
    atomic_store(&x->connection->takes_body, false);
    enum http_lane lane = s->app.lane ? s->app.lane(s->app.arg, &x->request) : LANE_HERE;
    if (lane == LANE_HERE) {
        hand_handle(&l->hand, x);
        return send_answer(x);
    }
    /* Suspended before a worker can have it, which resumes. */
    connection_deadline(x->connection, 0, 0, 0);
    x->state = EXCHANGE_AT_WORKER;
    MHD_suspend_connection(x->mhd);
    if (!queue_put(s, lane, x)) {
        exchange_answer_refusal(x, REFUSE_BUSY);
        MHD_resume_connection(x->mhd);
    }
    return true;
}

bool exchange_go_on(struct exchange *x, const char *method, const char *version, const char *data, size_t *n)
{
    const struct http_options *options = &x->connection->loop->server->options;
    switch (x->state) {
    case EXCHANGE_NEW:
        x->state = EXCHANGE_BODY;
        if (!x->refused && !arena_run(&x->arena, head_read, &(struct head){x, method, version}))
            x->refused = REFUSE_MEMORY;
        if (x->refused)
            return refuse(x, method);
        x->body_begun_us = monotonic_us();
        atomic_store(&x->connection->takes_body, true);
        connection_deadline(x->connection, x->body_begun_us, options->body_ms, 0);
        return true;
    case EXCHANGE_BODY:
        if (*n == 0)
            return handle(x);
        body_take(x, data, *n);
        *n = 0;
        if (x->refused)
            return refuse(x, method);
        connection_deadline(x->connection, x->body_begun_us, options->body_ms, x->request.body.n);
        return true;
    case EXCHANGE_AT_WORKER:
        return send_answer(x);
    case EXCHANGE_ANSWERED:
        break;
    }
    return true;
}
