/* refusal.h - why a request never reached a handler, or its answer never the client, and what is said then.
 *
 * Constants only, so that saying "out of memory" needs none. */
#ifndef HOALU_HTTP_REFUSAL_H
#define HOALU_HTTP_REFUSAL_H

#include "base/str.h"

enum refusal {
    REFUSE_NOT = 0,
    REFUSE_MALFORMED,
    REFUSE_TARGET,
    REFUSE_LENGTHS,
    REFUSE_HOST,
    REFUSE_METHOD,
    REFUSE_BODY,
    REFUSE_LONG_TARGET,
    REFUSE_EXPECTATION,
    REFUSE_HEADERS,
    REFUSE_ANSWER,
    REFUSE_CODING,
    REFUSE_VERSION,
    REFUSE_MEMORY,
    REFUSE_STOPPING,
    REFUSE_BUSY,
    REFUSE_UNREADY,
    REFUSE_STREAMS,
    REFUSE_ORIGIN,
    REFUSE_NAME,
    REFUSAL_COUNT
};

struct refusal_text {
    unsigned status;
    struct str reason; /* of the status line */
    struct str header; /* "Allow: …\r\n", or empty */
    struct str body;   /* application/problem+json (RFC 9457) */
};
const struct refusal_text *refusal_text(enum refusal r);

#endif
