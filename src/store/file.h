/* file.h - files (sources, evidence, issued reports) kept in the store by their hash, in parts of at most 1 MiB.
 *
 * Parts are staged by commands of their own, so that nobody waits behind a large file; a file counts once
 * file_commit() has recorded it, and parts that no file names are dropped by the doctor after a day. The hash is
 * BLAKE2b-256 of the whole content. The same content twice is one file. */
#ifndef HOALU_FILE_H
#define HOALU_FILE_H

#include "store/writer.h"

enum { FILE_PART = 1 << 20, FILE_HASH = 32 };

struct file_ref {
    struct str hash; /* FILE_HASH bytes */
    int64_t size;
    struct str media_type;
};
extern const struct record file_ref_record;

/* Put a file's parts and record it; fills `ret` in c->arena. `size` at most `limit`, else E_LIMIT. */
MUST_USE enum err file_put(struct writer *w, struct ctx *c, struct str content, struct str media_type,
                           struct file_ref *ret);
/* The content of a file, checked against its hash: E_NOTFOUND, or E_IO if what is stored does not match. */
MUST_USE enum err file_get(struct ctx *c, struct str hash, struct str *ret);

#endif
