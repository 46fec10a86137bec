/* file.h - files (sources, evidence, issued reports) kept in the store by their hash, in parts of at most 1 MiB.
 *
 * Parts are staged by commands of their own, so that nobody waits behind a large file; a file counts once file_commit()
 * has recorded it, and parts that no file names are dropped by the doctor after a day. The hash is BLAKE2b-256 of the
 * whole content. The same content twice is one file, and keeps the media type it had first.
 *
 * A command that refers to a file stages it before (file_stage) and records it inside (file_commit), so that the file
 * and what refers to it are committed together:
 *
 *     TRY(file_stage(writer, c, content, media_type, &args.file));
 *     TRY(writer_run(writer, c, &command));          its function: TRY(file_commit(c, &args->file)); …
 */
#ifndef HOALU_FILE_H
#define HOALU_FILE_H

#include "store/writer.h"

enum { FILE_PART = 1 << 20, FILE_HASH = 32, FILE_LIMIT = 256 << 20 };

struct file_ref {
    struct str hash; /* FILE_HASH bytes */
    int64_t size;
    struct str media_type;
};
extern const struct record file_ref_record;

/* Put a file's parts into the store; fills `ret` in c->arena. E_LIMIT if it is larger than FILE_LIMIT. */
MUST_USE enum err file_stage(struct writer *w, struct ctx *c, struct str content, struct str media_type,
                             struct file_ref *ret);
/* Record a file that was staged, inside a command. E_NOTFOUND if its parts are not there (any more). */
MUST_USE enum err file_commit(struct ctx *c, const struct file_ref *file);
/* Both at once. */
MUST_USE enum err file_put(struct writer *w, struct ctx *c, struct str content, struct str media_type,
                           struct file_ref *ret);

/* What is known of a file, without its content. E_NOTFOUND. */
MUST_USE enum err file_find(struct ctx *c, struct str hash, struct file_ref *ret);
/* The content of a file, in c->arena, checked against its hash: E_NOTFOUND, or E_IO if what is stored does not match.
 */
MUST_USE enum err file_get(struct ctx *c, struct str hash, struct str *ret);

/* Drop the parts staged before `us` that belong to no file; inside a command. */
MUST_USE enum err file_drop_unnamed(struct ctx *c, int64_t us, int64_t *ret_parts);

#endif
