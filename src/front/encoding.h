/* encoding.h - answers made smaller for the way: which encoding a client takes (RFC 9110 12.5.3), and making it. */
#ifndef HOALU_ENCODING_H
#define HOALU_ENCODING_H

#include "base/ctx.h"

enum encoding { ENCODING_NONE, ENCODING_GZIP, ENCODING_BROTLI };

/* The best that an Accept-Encoding (p == NULL: none was sent) allows. */
enum encoding encoding_accepted(struct str accept);
struct str encoding_name(enum encoding e); /* "br", "gzip"; "" for none */

/* `from` encoded, in c->arena; false if it would not be smaller by a tenth, or there is no memory. */
bool encoding_make(struct ctx *c, enum encoding e, struct str from, struct str *ret);

#endif
