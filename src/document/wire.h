/* wire.h - how the child hands a document, or its refusal, to the parent: little-endian counts, then bytes.
 *
 * What is read is checked as if an enemy had written it, since a reader that was taken over writes it: every count
 * against the limits of document.h, every text as UTF-8, nothing left over. Memory: the context's arena; the texts are
 * views into `bytes`. Threads: one. */
#ifndef HOALU_DOCUMENT_WIRE_H
#define HOALU_DOCUMENT_WIRE_H

#include "base/out.h"
#include "document/document.h"

/* The largest message that keeps the limits of document.h. */
enum { WIRE_BYTES = 128 << 20 };

/* `failed` is what document_parse() returned; its reason stands in c->error. */
void wire_write(struct out *o, const struct ctx *c, enum err failed, const struct document *d);
/* The document, or the refusal with its line; `*ret_sound` is false (and E_INTERNAL given) if the bytes are neither. */
MUST_USE enum err wire_read(struct ctx *c, struct str bytes, struct str name, struct document *ret, bool *ret_sound);

#endif
