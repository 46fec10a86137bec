/* request.h - what a client sent, made safe to use: the request target, form fields and the header block.
 *
 * Pure functions over bytes: no connection, no clock. Results live in the arena given, or point into the input where
 * the comment says so. */
#ifndef HOALU_HTTP_REQUEST_H
#define HOALU_HTTP_REQUEST_H

#include "base/arena.h"
#include "base/out.h"
#include "front/http/http.h"
#include "front/http/refusal.h"

enum {
    TARGET_MAX = 8 << 10,   /* bytes of the request target */
    HEADERS_MAX = 16 << 10, /* bytes of the header block with its request line */
    HEADER_COUNT_MAX = 128,
    QUERY_FIELDS_MAX = 512,
    PAIR_COUNT_MAX = 4096, /* fields of a query or form */
    PARTS_MAX = 256,
    PART_HEADERS_MAX = 4 << 10, /* bytes of the header lines of a part */
    PART_HEADER_COUNT_MAX = 16,
    BOUNDARY_MAX = 70,
};

/* "/plans/a%20b?limit=5", or the same after "http://host". The path is cut at its slashes before it is decoded: a
 * segment that is "." or "..", or holds an encoded slash or a control character, is refused, and so are a NUL, a bad
 * escape and bytes that are not UTF-8 anywhere. */
struct target {
    struct str host; /* of the absolute form, into `raw`; p == NULL with the usual one */
    struct str path; /* decoded */
    struct http_pairs query;
};
enum refusal target_read(struct arena *a, struct str raw, struct target *ret);

/* "a=1&b=x+y": decoded, '+' is a blank; fields without a name or '=' are kept with what they have ("a" is a=""), empty
 * ones are left out. False as for a target, and past PAIR_COUNT_MAX. */
bool query_read(struct arena *a, struct str raw, struct http_pairs *ret);

/* The way back: a decoded path as it stands in a request line, and one field of a query (after '?' or '&', which the
 * caller puts). Reading what was written gives the same. */
void out_path(struct out *o, struct str path);
void out_field(struct out *o, struct str name, struct str value);

/* What the header block says about where the request ends. */
struct framing {
    bool has_length, is_chunked;
    uint64_t length;
    bool expects_continue;
};
/* Refuses what two readers could read differently: two lengths, a length and a coding, another coding than chunked, no
 * Host or two of them, or one that is not the target's; names that are no token, control characters in values. `host`
 * is the target's, `is_11` whether the request is of HTTP/1.1. */
enum refusal headers_check(const struct http_pairs *headers, struct str host, bool is_11, struct framing *ret);

/* Is this Host a name or address of the machine itself, whatever its port: localhost, 127.0.0.0/8, [::1]? A page from
 * elsewhere can have its own name lead here (DNS rebinding), but not these. */
bool host_is_loopback(struct str host);

/* Was something to be changed sent by a page of another site, as its browser says? Its Origin is compared with Host;
 * where a browser hides it ("null") or sends none, Sec-Fetch-Site decides. Who sends neither is no browser, or one with
 * nothing to protect. */
enum refusal origin_check(const struct http_pairs *headers);

/* Does one of the words of a header such as "close, te" equal `word`, whatever its case? */
bool header_has_word(struct str value, struct str word);
bool str_same_letters(struct str a, struct str b); /* ASCII, whatever the case */
bool is_token(struct str s);                       /* as the names of headers are */
bool is_plain(struct str s);                       /* no control character but tabs */

#endif
