/* served.h - the application behind the server: a kept page if there is one, else a page for people, else an operation
 * for programs.
 *
 * An answer that says so (response.keep: it depends on the address, the form, the language and the store alone) gets an
 * ETag, the hash of its content, and 304 if the reader has it. It is kept on the shelf (shelf.h), as it is and as the
 * reader takes it (encoding.h), under the address with its query, the form, the language, the encoding, whether the
 * store is a demonstration, and what the reader may see and do (domain/access/viewer.h); for the local day and the
 * position of the store. A page with a form that is sent is never kept: what stands in it is for one reader. Found
 * again, it costs no look at the store and nothing is built.
 *
 * What is not on the shelf is made from one state of the store. Rows that a statement gave at the same position come
 * from memory (db_snapshot_expect()), so another form, language or page of the same list asks the store little, and one
 * of which every row is there asks it nothing. If the store turns out to have moved on, the answer is made again from
 * it.
 *
 * Figures come from the cube (domain/indicator/cube.h), which is bounded by CUBE_BYTES and brought to the state that
 * the request reads.
 *
 * Where the store stands is known from this process's writer at once, and from others' within 0.9 s of their commit:
 * when nobody has looked for 0.4 s, one request does. A reader who brings a position, as the header Hoalu-Position or
 * the cookie `position` that a form's answer sets, never sees anything older: if it is ahead of what is known here, the
 * store is looked at first. A header that is ahead of the store itself is refused with 503 and Retry-After.
 *
 * Threads: as http_app. */
#ifndef HOALU_SERVED_H
#define HOALU_SERVED_H

#include "base/shelf.h"
#include "front/api/api.h"
#include "front/events/events.h"
#include "front/gate/gate.h"
#include "front/web/pages.h"

enum { KEPT_BYTES = 32 << 20, ROWS_BYTES = 8 << 20, CUBE_BYTES = 256 << 20 };

struct served {
    struct gate gate;
    struct api api;
    struct pages pages;
    struct feed *feed;   /* NULL: no /events */
    struct shelf *shelf; /* pages; NULL: each is made anew */
    struct shelf *rows;  /* NULL: each statement goes to the store */
    struct cube *cube;   /* figures; of requests' contexts */
    _Atomic int64_t position, looked_us;
    atomic_bool looking;
};

/* The store by its name, its writer (NULL: it is only read), and memory for pages and for rows, in bytes. */
void served_init(struct served *s, struct arena *owner, struct source source, struct str store, struct writer *writer,
                 bool sample, size_t kept, size_t rows);

/* For http_app, with the struct served as `arg`. */
MUST_USE enum err served_start(struct ctx *c, void *served);
enum http_lane served_lane(void *served, const struct request *r);
void served_handle(struct ctx *c, void *served, const struct request *r, struct response *ret);

#endif
