/* http.h - the server: connections, limits, deadlines, and what a handler sees of a request.
 *
 * The only module that knows the HTTP library. It accepts connections on one listening socket from several threads,
 * each with a context of its own (arena, reading connection to the store), reads a request within its limits, hands it
 * to the application and sends the answer. What breaks HTTP or a limit is answered here and never reaches a handler:
 * two lengths (400), a NUL, a bad escape or bad UTF-8 in the target (400), "." and ".." segments (400), a header block
 * over 16 KiB (431) or a body over `body_max` (413), more bodies at once than `bodies_max` (503), a method nobody has
 * (405), a POST from a page of another site (403): application/problem+json, and the connection is closed. A connection
 * that has not finished its header block in 10 s, or its body, or taking its answer, in 30 s and 1 s for each 64 KiB,
 * is closed, however busy it looks. Between requests it is kept for 60 s.
 *
 * Fast requests are handled on the thread that serves the connection; others go to a worker, as `lane` says, while the
 * connection waits. A handler that runs out of memory is answered for with 503.
 *
 * An answer may be a stream. One that has nothing to send takes no thread: its connection sleeps until http_wake(). A
 * client that takes nothing of what was sent for as long as it may take an answer is closed, and one that hangs up is
 * noticed at once. There are so many streams, of all and of one peer, and no more (503).
 *
 * http_stop() stops accepting, lets what has begun finish (for at most `grace_s`), refuses what comes on open
 * connections with 503, ends the streams, and returns when all threads have ended.
 *
 * Memory: c->arena is the request's own; what a handler defers there is run, and the memory given back, as soon as
 * `handle` has returned and the answer has been taken, on the handler's thread and before anything is sent; if the
 * answer is a stream, when that has ended. Request fields are valid as long. Threads: `handle` is called from many;
 * `app->arg` is shared and read only. */
#ifndef HOALU_HTTP_H
#define HOALU_HTTP_H

#include "base/ctx.h"

enum http_method { HTTP_GET = 1, HTTP_HEAD, HTTP_POST };

struct http_pair {
    struct str name, value;
};
struct http_pairs {
    struct http_pair *v;
    size_t n, cap;
};

struct request {
    enum http_method method;
    struct str path;         /* decoded: "/plans/06-nq-tu"; UTF-8 in NFC as sent, begins with '/' */
    struct http_pairs query; /* decoded, in order, a name may come again */
    struct str body;         /* whole; n == 0 if none */
    struct str peer;         /* address without port */
    const void *own;         /* of the server */
};
/* A header by its name, whatever its case; p == NULL if it was not sent. */
struct str request_header(const struct request *r, const char *name);
/* The last header of that name: one that proxies add lines to. */
struct str request_last_header(const struct request *r, const char *name);
/* The first value of a query parameter; p == NULL if there is none. */
struct str request_query(const struct request *r, const char *name);
/* The first cookie of that name, as it was sent; p == NULL if there is none. */
struct str request_cookie(const struct request *r, const char *name);
/* The first value of `name`; p == NULL if there is none. */
struct str http_pair(const struct http_pairs *pairs, struct str name);
/* A body of application/x-www-form-urlencoded, read as a query is: bad escapes, a NUL and what is not UTF-8 are
 * E_INVALID. */
MUST_USE enum err http_read_form(struct ctx *c, struct str body, struct http_pairs *ret);

/* One field or file of a form of multipart/form-data. */
struct http_part {
    struct str name;
    struct str filename; /* as the client calls it: to be shown, never a path to open; p == NULL: no file but a field;
                            n == 0 with an empty body: a file was asked for and none was chosen */
    struct str type;     /* its Content-Type as sent; p == NULL if none */
    struct str body;     /* of a field UTF-8 without NUL, of a file any bytes; into the request's body */
};
struct http_parts {
    struct http_part *v;
    size_t n, cap;
};
/* A whole body by its Content-Type (request_header(r, "Content-Type")). E_INVALID, saying which part, for what is not
 * multipart/form-data as browsers write it: another type, no boundary or a bad one, anything before the first or after
 * the last, a line in a part that begins like one, no end, headers that are none, no name or two, codings of transfer,
 * names and fields that are no text; more than 256 parts, or 4 KiB of headers in one. */
MUST_USE enum err http_read_multipart(struct ctx *c, struct str content_type, struct str body, struct http_parts *ret);
/* The first part of that name; NULL if there is none. */
const struct http_part *http_part(const struct http_parts *parts, const char *name);

/* A body that comes over time, as of text/event-stream. */
struct http_stream {
    void *arg; /* in the request's memory, which then stands until the stream has ended */
    /* Put what there is to send now at `to`, at most `room` bytes, and say how many. 0: nothing now, ask again after
     * http_wake(). HTTP_STREAM_END: that was all. It runs on the thread that serves the connection and must be as quick
     * as a fast request; c->db is open, and c->arena is given back when it returns. */
    size_t (*more)(struct ctx *c, void *arg, char *to, size_t room);
};
#define HTTP_STREAM_END SIZE_MAX

/* The answer to be: a handler fills it in. Of a HEAD request the body is not sent, its length is. */
struct response {
    unsigned status; /* 200 unless set; at least 200 */
    struct str type; /* Content-Type; p == NULL: none, as with 204 and 304 */
    struct str body;
    struct arena_defer *memory; /* `owner` of the struct out whose bytes the body is: they are sent without a copy */
    struct http_stream stream;  /* instead of a body; more == NULL: none */
    struct http_pairs headers;
    bool keep;                  /* what it says depends on the address, the form, the language and the store alone */
    struct http_shared *shared; /* if there is one, it is the answer, and is let go of when it has been sent */
};
void response_header(struct ctx *c, struct response *r, struct str name, struct str value);

/* An answer that is made once and given to many: status, type, headers and body are copied when it is made. Threads:
 * any. Held and let go of as base/shared.h says. */
struct http_shared;
/* NULL if there is no memory, or a header that cannot be sent. */
struct http_shared *http_shared_new(const struct response *r);

/* On the thread that serves the connection; by a worker; by one of the few that wait long over each (for a password to
 * be hashed): a hundred waiting there keep nobody else waiting. */
enum http_lane { LANE_HERE, LANE_WORKER, LANE_PATIENT };

struct http_app {
    void *arg;
    /* Once in each thread that will handle requests: open what c needs (c->db). */
    enum err (*start)(struct ctx *c, void *arg);
    /* Where a request is handled; NULL: here, all of them. Of the body it sees the length alone. */
    enum http_lane (*lane)(void *arg, const struct request *r);
    void (*handle)(struct ctx *c, void *arg, const struct request *r, struct response *ret);
};

/* A certificate with its chain, and its key: PEM, ended by a NUL. */
struct http_tls {
    const char *certificate, *key; /* NULL: plain HTTP */
};
/* Read both from files, into c->arena. E_DENIED if others may read the key, E_INVALID if they do not fit each other. */
MUST_USE enum err http_tls_read(struct ctx *c, struct str certificate, struct str key, struct http_tls *ret);

enum { HTTP_CONNECTIONS = 12000, HTTP_CONNECTIONS_OF_PEER = 1000 }; /* unless said otherwise */

struct http_options {
    struct str address;                        /* "127.0.0.1", "::1" */
    unsigned port;                             /* 0: one that is free */
    unsigned threads;                          /* that serve connections; 0: as many as there are cores */
    unsigned workers, patient;                 /* for what is slow, and for what is very slow; 0: 4 and 2 */
    unsigned connections, connections_of_peer; /* 0: those */
    unsigned streams, streams_of_peer;         /* 0: half of the connections, of all and of a peer */
    size_t body_max;                           /* 0: 8 MiB */
    size_t bodies_max;                    /* memory for all bodies, which take up to twice their size; 0: 512 MiB */
    size_t arena_max;                     /* of one request; 0: 256 MiB */
    unsigned grace_s;                     /* 0: 10 */
    unsigned header_ms, body_ms, idle_ms; /* deadlines; 0: 10000, 30000, 60000 */
    struct http_tls tls;                  /* TLS 1.2 and 1.3 only; must stand until http_stop() */
    bool loopback_names; /* refuse a Host that is no name or address of the machine itself (DNS rebinding) */
    struct str host;     /* nor this one, as it stands in an address; n == 0: none */
    struct source source;
};

struct http_server;
/* Starts and returns. E_IO with the reason if the address cannot be had. The server belongs to `owner`, which must
 * stand until http_stop() has returned. As many descriptors as the connections need are asked of the system; fewer
 * connections are taken if it gives fewer. */
MUST_USE enum err http_start(struct ctx *c, struct arena *owner, const struct http_options *options,
                             const struct http_app *app, struct http_server **ret);
unsigned http_port(const struct http_server *s);
/* How many connections it takes at once: what was asked for, or what the system's descriptors allow. */
unsigned http_connections(const struct http_server *s);
/* There is more to send: every stream that waits is asked. From any thread, until http_stop(). */
void http_wake(struct http_server *s);
unsigned http_streams(const struct http_server *s); /* that are open */
void http_stop(struct http_server *s);

#endif
