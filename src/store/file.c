#include "store/file.h"

#include "store/file.sql.h"

#include <sodium.h>
#include <string.h>

#include "base/banned.h"

RECORD(file_ref_record, struct file_ref, "file", "A file kept in the store by its hash",
       {"hash", FIELD_BYTES, offsetof(struct file_ref, hash), .doc = "BLAKE2b-256 of the content", .required = true},
       {"size", FIELD_I64, offsetof(struct file_ref, size), .unit = "B", .doc = "Length of the content"},
       {"media_type", FIELD_TEXT, offsetof(struct file_ref, media_type), .doc = "As application/pdf"});

struct part {
    struct str hash, content;
    int64_t number;
};
RECORD(part_record, struct part, "part", "A part of a file", {"content", FIELD_BYTES, offsetof(struct part, content)});

static enum err put_part(struct ctx *c, void *arg)
{
    const struct part *part = arg;
    return db_exec(c, SQL_file_part_put, db_arg_bytes(part->hash), ARG(part->number), ARG(ctx_now(c)),
                   db_arg_bytes(part->content));
}

static struct str hash_of(struct ctx *c, struct str content)
{
    unsigned char *hash = NEWN(c->arena, unsigned char, FILE_HASH);
    crypto_generichash(hash, FILE_HASH, (const unsigned char *)content.p, content.n, NULL, 0);
    return (struct str){(const char *)hash, FILE_HASH};
}

enum err file_stage(struct writer *w, struct ctx *c, struct str content, struct str media_type, struct file_ref *ret)
{
    if (content.n > FILE_LIMIT)
        return FAIL(c, E_LIMIT, "Tệp lớn hơn %d MiB (the file is too large)", FILE_LIMIT >> 20);
    struct part part = {.hash = hash_of(c, content)};
    struct command command = {.run = put_part, .arg = &part};
    for (size_t at = 0; at < content.n; at += FILE_PART, part.number++) {
        part.content = str_slice(content, at, at + FILE_PART);
        TRY(writer_run(w, c, &command));
    }
    *ret = (struct file_ref){part.hash, (int64_t)content.n, str_dup(c->arena, media_type)};
    return OK;
}

enum err file_commit(struct ctx *c, const struct file_ref *file)
{
    int64_t size;
    TRY(db_number(c, SQL_file_part_size, &size, db_arg_bytes(file->hash)));
    if (size != file->size)
        return FAIL(c, E_NOTFOUND, "Tệp chưa được tải lên đủ, xin gửi lại (parts of the file are missing)");
    return db_exec(c, SQL_file_put, db_arg_bytes(file->hash), ARG(file->size), ARG(file->media_type), ARG(ctx_now(c)));
}

static enum err commit(struct ctx *c, void *arg)
{
    return file_commit(c, arg);
}

enum err file_put(struct writer *w, struct ctx *c, struct str content, struct str media_type, struct file_ref *ret)
{
    struct file_ref file;
    TRY(file_stage(w, c, content, media_type, &file));
    struct command command = {.run = commit, .arg = &file};
    TRY(writer_run(w, c, &command));
    *ret = file;
    return OK;
}

enum err file_find(struct ctx *c, struct str hash, struct file_ref *ret)
{
    return db_one(c, SQL_file_find, &file_ref_record, ret, db_arg_bytes(hash));
}

static enum err broken(struct ctx *c)
{
    return FAIL(c, E_IO, "Tệp trong kho dữ liệu bị hỏng (the stored file does not match its hash)");
}

enum err file_get(struct ctx *c, struct str hash, struct str *ret)
{
    struct file_ref file;
    TRY(file_find(c, hash, &file));
    if (file.size < 0 || file.size > FILE_LIMIT)
        return broken(c);
    size_t size = (size_t)file.size;
    char *content = NEWN(c->arena, char, size + 1);
    for (size_t at = 0; at < size; at += FILE_PART) {
        struct arena_mark mark = arena_mark(c->arena);
        struct part part;
        enum err e =
            db_one(c, SQL_file_part_content, &part_record, &part, db_arg_bytes(hash), ARG((int64_t)(at / FILE_PART)));
        if (e && e != E_NOTFOUND)
            return e;
        if (e || part.content.n != (size - at < FILE_PART ? size - at : FILE_PART))
            return broken(c);
        memcpy(content + at, part.content.p, part.content.n);
        arena_rewind(c->arena, mark);
    }
    *ret = (struct str){content, size};
    return str_eq(hash_of(c, *ret), hash) ? OK : broken(c);
}

enum err file_drop_unnamed(struct ctx *c, int64_t us, int64_t *ret_parts)
{
    struct db_arg before = ARG(us);
    return db_exec_args(c, &SQL_file_part_drop, ret_parts, &before, 1);
}
