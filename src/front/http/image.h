/* image.h - the header block as it lies in the library's memory, looked at for what the library lets pass.
 *
 * libmicrohttpd before 1.0 cuts header lines in place, putting NULs where colons, blanks and line ends were. So a NUL
 * that the client sent ends a value early, a line that begins with a colon or a NUL ends the whole block (what follows
 * is taken for the next request), a lone LF is a line end and a folded line is joined: each is a way to be understood
 * differently by the server in front. The image of a block without any of that is exactly known. */
#ifndef HOALU_HTTP_IMAGE_H
#define HOALU_HTTP_IMAGE_H

#include "front/http/http.h"

/* `block` is all of it, from the method to the empty line; the others point into it. */
bool image_is_plain(struct str block, const char *target, size_t target_n, const char *version,
                    const struct http_pairs *headers);

#endif
