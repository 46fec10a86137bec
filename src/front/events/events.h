/* events.h - /events: the ledger as it grows, live, to as many listeners as the server takes (text/event-stream).
 *
 * Each event of the ledger comes once, in order, as
 *
 *     id: 12
 *     event: plan.approve
 *     data: {"position":12,"time":"2026-11-23T08:19:41.000000Z","name":"plan.approve","item":"plans/06-nq-tu"}
 *
 * after the position that Last-Event-ID names, or else `?after=`, or else from now on. The first thing sent is that
 * position as an id, so that a listener who is cut off before the first event misses nothing either. `?as=message`
 * leaves the "event:" line out, for a page that wants every event in one function. A comment comes every 15 s when
 * nothing else does. What is in an event's payload is not told: whoever may know it asks for it. Events about items
 * that the listener may not see (domain/sight/sight.h), as things stood when they came, are passed over. After ten
 * minutes the stream ends: a listener that comes again has missed nothing, and one whose session is over is refused.
 *
 * One thread, the feed, learns of new events from the writer at once, and by looking at the store each second, because
 * other processes and nodes write too. It keeps the latest as text in a ring; a listener is a position and a place in
 * one event's text, so a slow one costs no more than a fast one, and reads from the store what the ring no longer has.
 *
 * Threads: feed_handle() from any; the others from the one that serves. Order: feed_open, http_start, feed_start …
 * feed_stop, http_stop. Memory: the feed belongs to `owner`. */
#ifndef HOALU_EVENTS_H
#define HOALU_EVENTS_H

#include "front/http/http.h"
#include "store/writer.h"

struct feed_options {
    struct str store;
    struct writer *writer; /* NULL: nothing is written in this process */
    int64_t look_ms;       /* 0: 1000 */
    int64_t heartbeat_ms;  /* 0: 15000 */
    int64_t listener_ms;   /* how long one is told before it must show anew who it is; 0: ten minutes */
};

struct feed;
/* Read where the ledger stands. `options->store` must outlive the feed. */
MUST_USE enum err feed_open(struct ctx *c, struct arena *owner, const struct feed_options *options, struct feed **ret);
MUST_USE enum err feed_start(struct ctx *c, struct feed *f, struct http_server *server);
void feed_stop(struct feed *f);

unsigned feed_listeners(const struct feed *f);

/* Is this request one for /events? */
bool feed_wants(const struct request *r);
/* E_INVALID for a position that is none, or an argument that nobody knows. */
MUST_USE enum err feed_handle(struct ctx *c, struct feed *f, const struct request *r, struct response *ret);

#endif
