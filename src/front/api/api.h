/* api.h - the operations over HTTP: addresses and forms out of the rows of op.h.
 *
 * A read answers GET at its address, and every operation answers POST /api/{operation} with its arguments as a JSON
 * object. The form of an answer is the suffix of the address (.json, .csv, .xlsx) or what Accept prefers; the bytes of
 * one form depend on the data alone, and the answer says so (response.keep). A write answers {"position": …, "result":
 * …}, the position as the header Hoalu-Position too, which a reader may bring along (front/served.h). What is
 * refused is application/problem+json (RFC 9457): its "type" names the kind of refusal (base/err.h), "field" the
 * argument.
 *
 * Beside them: /healthz (the process answers), /readyz (its store does too), /metrics (Prometheus), /openapi.json.
 *
 * Threads: api_handle() from any; an `api` is shared, its counters are atomic. Memory: answers in c->arena. */
#ifndef HOALU_API_H
#define HOALU_API_H

#include "front/http/http.h"
#include "front/ops.h"

#include <stdatomic.h>

struct api {
    struct str store;
    struct writer *writer;            /* NULL: nothing can be written */
    atomic_uint_least64_t answers[6]; /* by the first figure of the status; counted by whoever calls api_handle() */
    void (*more_metrics)(void *arg, struct out *o); /* for /metrics; NULL: none */
    void *more_arg;
};

/* For http_app: open a reading connection in c->db. */
MUST_USE enum err api_start(struct ctx *c, void *api);
/* Is what a request asks for to be handled by a worker: a slow operation, or any write. */
bool api_slow(void *api, const struct request *r);
void api_handle(struct ctx *c, void *api, const struct request *r, struct response *ret);

/* The form of what is asked for: "json", "csv", "xlsx". */
struct str api_form(const struct request *r);
/* Is it one of the addresses for machines? */
bool api_is_machine(struct str path);
/* The last position of the store. */
MUST_USE enum err api_head(struct ctx *c, int64_t *ret);

/* The read that answers at `path` (without suffix), and what stood in its places set in `*ret_row` (of op->args); NULL
 * if none does. E_INVALID in *ret_error if a part of the path does not fit its argument. */
const struct op *api_route(struct ctx *c, struct str path, void **ret_row, enum err *ret_error);

/* The refusal `c->error` holds, as an answer. */
void api_problem(struct ctx *c, enum err e, struct response *ret);

/* The OpenAPI 3.1 document of all operations. */
void api_openapi(struct out *o);

#endif
