/* server.h - what the files of this module share: the server, its loops and workers, connections and exchanges.
 *
 * A loop is one thread of the HTTP library with its connections; a worker is one of ours for what is slow. Both handle
 * requests as a `hand`: a context of their own, opened when the first request comes. An exchange is one request and its
 * answer; it belongs to its loop's thread, save while it waits in the queue or at a worker. A thread of its own, the
 * watch, closes what is past its deadline.
 *
 * A stream is an exchange whose answer comes over time. Its connection sleeps in the library while there is nothing to
 * send, and stands in the list of those that wait; waking takes it out and has the library ask again.
 *
 * Locks: loop->lock guards the list of connections, and that their sockets are open while they stand in it;
 * queue.lock the queue; watch.lock the sockets that linger; peers.lock who is connected; streams.lock who waits, and
 * that whoever is reported to have hung up is still there. None is held across a call of the application, and of the
 * library's own locks only streams.lock is held while one is taken. */
#ifndef HOALU_HTTP_SERVER_H
#define HOALU_HTTP_SERVER_H

#include "base/shared.h"
#include "front/http/request.h"

#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>

struct MHD_Connection;
struct MHD_Daemon;
struct MHD_Response;

enum { LINGER_MAX = 256, QUEUE_MAX = 1024, PEER_BUCKETS = 1024 };

struct hand {
    const struct http_server *server;
    struct arena arena; /* as long as the thread */
    struct ctx c;
    bool ready;
};

/* A connection as a stream. */
struct stream_place {
    bool waits; /* in the list; streams.lock */
    struct MHD_Connection *mhd;
    _Atomic bool gone; /* the client has hung up */
    struct connection *previous, *next;
};

struct connection {
    struct loop *loop;
    int fd;
    struct stream_place stream;
    bool linger;                 /* the client may still be sending: let it read our answer before the socket goes */
    _Atomic int64_t deadline_us; /* of what it is at, monotonic; 0 none */
    _Atomic bool idle;           /* nothing has been asked that is not answered */
    _Atomic bool takes_body;
    char address[INET6_ADDRSTRLEN];
    struct peer *peer;
    struct exchange *exchange;
    struct connection *previous, *next;
};

/* A stretch of a body. */
struct piece {
    struct piece *next;
    size_t n, cap;
    char bytes[];
};

enum exchange_state { EXCHANGE_NEW, EXCHANGE_BODY, EXCHANGE_AT_WORKER, EXCHANGE_ANSWERED };

struct exchange {
    struct connection *connection;
    struct MHD_Connection *mhd;
    enum exchange_state state;
    enum refusal refused;
    struct arena arena; /* until the handler has returned */
    struct str target;
    const char *sent_target; /* where it lay in the library's memory */
    struct request request;
    struct http_pairs headers;         /* into the library's memory of this request */
    struct piece *pieces, *last_piece; /* of the body, as it comes */
    size_t body_held;                  /* memory for it */
    uint64_t body_length;              /* announced; 0 if not */
    int64_t body_begun_us;
    unsigned status;
    struct MHD_Response *answer;
    struct http_shared *shared; /* instead of it */
    size_t answer_n;            /* bytes of its body */
    struct http_stream stream;  /* more == NULL: the answer is whole */
    int64_t queued_us;
    struct exchange *next; /* in the queue, or unused */
};

/* The library counts who sends an answer, but only what it has queued itself: we hold it until then. */
struct http_shared {
    unsigned status;
    struct MHD_Response *answer;
    size_t n;
};

/* Who is connected how often, over all loops. */
struct peer {
    char address[INET6_ADDRSTRLEN];
    unsigned n, streams;
    struct peer *next;
};
struct peers {
    pthread_mutex_t lock;
    struct peer *buckets[PEER_BUCKETS], *unused;
};

struct loop {
    struct http_server *server;
    struct MHD_Daemon *daemon;
    int listener; /* its own duplicate; -1 once closed */
    struct hand hand;
    struct arena scratch; /* of one call for more of a stream */
    struct arena arena;   /* of its connections and exchanges, which are used again */
    struct exchange *unused_exchanges;
    struct connection *unused_connections;
    pthread_mutex_t lock;
    struct connection *connections;
};

struct http_queue {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct exchange *first, **last;
    size_t n;
    bool ended;
};

struct worker {
    struct http_server *server;
    struct http_queue *queue;
    pthread_t thread;
    struct hand hand;
};

struct watch {
    pthread_t thread;
    int wake; /* eventfd */
    _Atomic bool ended;
    pthread_mutex_t lock;
    size_t n;
    struct {
        int fd;
        int64_t until_us;
    } lingering[LINGER_MAX];
};

struct streams {
    pthread_mutex_t lock;
    struct connection *waiting;
    size_t wakes; /* who has seen another number before it asked must ask again */
    int hang_ups; /* epoll: the sockets of streams, and whether their clients are there */
    _Atomic unsigned n;
};

struct http_server {
    struct http_options options; /* with nothing left at 0 */
    struct http_app app;
    unsigned port;
    struct loop *loops;
    struct worker *workers;
    struct http_queue queues[LANE_PATIENT + 1]; /* by lane; that of LANE_HERE stays empty */
    struct watch watch;
    struct peers peers;
    struct streams streams;
    _Atomic size_t n_connections, body_bytes;
    _Atomic bool stopping; /* what is asked from now on is refused */
    _Atomic bool ending;   /* and so is what waits for a worker */
};

int64_t monotonic_us(void);

/* connection.c */
void connection_begun(struct loop *l, int fd, const struct sockaddr *peer, struct connection **ret);
void connection_ended(struct connection *conn);
/* What it is at since `from_us` may take `ms`, and 1 s more for each 64 KiB of `bytes`. ms == 0: as long as it likes.
 */
void connection_deadline(struct connection *conn, int64_t from_us, unsigned ms, uint64_t bytes);
/* While stopping: shut the connections that nobody has asked anything on, and those whose client has gone in the middle
 * of a body. */
void connections_shut_idle(struct http_server *s);
/* The locks come first and go last: init, start, end, free. An errno, or 0. */
MUST_USE int watch_init(struct http_server *s);
MUST_USE int watch_start(struct http_server *s);
void watch_end(struct http_server *s);
void watch_free(struct http_server *s);

/* peers.c */
void peers_init(struct peers *p, struct peer *places, size_t n);
void peers_free(struct peers *p);
/* Count one more connection of `address`; NULL if it has `max` of them, or there is no place. */
struct peer *peers_add(struct peers *p, const char *address, unsigned max);
void peers_remove(struct peers *p, struct peer *peer);
/* The same for streams; false if it has `max` of them. */
bool peers_add_stream(struct peers *p, struct peer *peer, unsigned max);
void peers_remove_stream(struct peers *p, struct peer *peer);

/* stream.c */
MUST_USE int streams_init(struct http_server *s); /* an errno, or 0 */
void streams_free(struct http_server *s);
/* May one more stream be sent on x's connection? It is counted until stream_end(). */
bool stream_begin(struct exchange *x);
void stream_end(struct exchange *x);
struct MHD_Response *stream_answer(struct exchange *x);
/* Close the streams whose clients have hung up. */
void streams_look(struct http_server *s);

/* exchange.c: from the request line to the answer, on the loop's thread. */
struct exchange *exchange_begin(struct connection *conn, struct MHD_Connection *mhd, struct str target);
bool exchange_go_on(struct exchange *x, const char *method, const char *version, const char *data, size_t *n);
void exchange_end(struct exchange *x);
/* Put the body together, on the thread that handles the request and in its memory: until then the request has its
 * length alone. False if there is no memory for bodies left. */
bool body_join(struct exchange *x);
/* Give back what the request took, its handler's memory with it. */
void exchange_forget(struct exchange *x);

/* answer.c */
/* Run the application for `x` and keep the answer in it; on whatever thread `h` is the hand of. */
void hand_handle(struct hand *h, struct exchange *x);
void hand_init(struct hand *h, const struct http_server *s);
bool hand_ready(struct hand *h);
void exchange_answer_refusal(struct exchange *x, enum refusal r);
/* Send a refusal past the library, which is about to close the connection. */
void refusal_send(struct exchange *x, enum refusal r, bool with_body);

/* tls.c */
void tls_send(struct MHD_Connection *mhd, const char *text, size_t n);

/* worker.c */
bool queue_put(struct http_server *s, enum http_lane lane, struct exchange *x); /* false if it is full */
void queues_init(struct http_server *s);
MUST_USE int workers_start(struct http_server *s);
void workers_end(struct http_server *s);
void queues_free(struct http_server *s);

#endif
