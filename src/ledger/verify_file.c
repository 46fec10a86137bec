#define BASE_MAY_ALLOCATE    /* the line buffer grows with realloc: a line may be 64 MiB, and an arena would keep each \
                                size */
#include "ledger/chain.h"

#include "base/os.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

enum { STRETCH = 256 << 10 };

/* Lines out of a file read in stretches, or out of memory (fd < 0, all of it held and `end` set). */
struct lines {
    int fd;
    char *p;
    size_t at, n, cap;
    bool end, failed, too_long;
    struct arena_defer *owner; /* of p, for a file */
};

static bool read_more(struct lines *l)
{
    if (l->at) {
        memmove(l->p, l->p + l->at, l->n - l->at);
        l->n -= l->at;
        l->at = 0;
    }
    if (l->cap - l->n < STRETCH) {
        size_t cap = l->cap ? l->cap * 2 : 2 * STRETCH;
        char *bigger = realloc(l->p, cap);
        if (!bigger)
            return false;
        l->owner->arg = l->p = bigger;
        l->cap = cap;
    }
    ssize_t got;
    do
        got = read(l->fd, l->p + l->n, l->cap - l->n);
    while (got < 0 && errno == EINTR);
    l->end = got == 0;
    l->n += got > 0 ? (size_t)got : 0;
    return got >= 0;
}

/* The next line without its end; false at the end of the text, on a line past the limit, and on a failure to read. */
static bool next_line(struct lines *l, struct str *ret)
{
    size_t seen = 0;
    for (;;) {
        const char *from = l->p ? l->p + l->at : NULL;
        size_t held = l->n - l->at;
        const char *hit = held > seen ? memchr(from + seen, '\n', held - seen) : NULL;
        size_t n = hit ? (size_t)(hit - from) : held;
        if (n > LEDGER_LINE_MAX) {
            l->too_long = true;
            return false;
        }
        if (hit || (l->end && held)) {
            *ret = (struct str){from, n};
            l->at += n + (hit ? 1 : 0);
            return true;
        }
        seen = held;
        if (l->end || l->failed)
            return false;
        if (!read_more(l)) {
            l->failed = true;
            return false;
        }
    }
}

/* First pass: which payloads may be missing. Only lines that could be an erasure are read. */
static void note_erasures(struct verifier *v, struct lines *l, struct arena *scratch)
{
    struct str text;
    while (next_line(l, &text)) {
        struct arena_mark mark = arena_mark(scratch);
        struct line line;
        const char *why;
        if (str_has(text, S("\"ledger.erase\"")) && ledger_line_read(scratch, text, &line, &why) &&
            line.kind == LINE_EVENT)
            verifier_note(v, &line.event);
        arena_rewind(scratch, mark);
    }
}

/* The end line, and that nothing follows it. */
static bool check_end(struct verifier *v, struct lines *l, const struct line *line)
{
    struct str more;
    if (!verifier_end(v, line->head, line->chain))
        return false;
    if (line->seals != v->verdict->seals || line->head != v->announced) {
        v->verdict->whole = false;
        return verifier_broken(v, v->verdict->head,
                               "dòng cuối ghi %" PRId64 " niêm phong, tệp có %" PRId64
                               " (the end line does not match the file)",
                               line->seals, v->verdict->seals);
    }
    if (!next_line(l, &more) && !l->too_long)
        return true;
    v->line++;
    return verifier_broken(v, v->verdict->head + 1,
                           "có thêm dòng sau dòng cuối (something was added after the end line)");
}

/* One line; false when the verification is over. */
static bool check_line(struct verifier *v, struct lines *l, struct str text, struct arena *scratch)
{
    struct line line;
    const char *why;
    int64_t next = v->verdict->head + 1;
    if (!ledger_line_read(scratch, text, &line, &why))
        return verifier_broken(v, next, "%s", why);
    if ((line.kind == LINE_HEADER) != (v->line == 1))
        return verifier_broken(v, next,
                               v->line == 1 ? "thiếu dòng đầu của sổ cái (the header line is missing)"
                                            : "dòng đầu của sổ cái nằm giữa tệp (a header line in the middle)");
    switch (line.kind) {
    case LINE_HEADER:
        verifier_start(v, line.head);
        return true;
    case LINE_EVENT:
        return verifier_event(v, &line.event, line.salt);
    case LINE_SEAL:
        return verifier_seal(v, &line.seal);
    case LINE_END:
        break;
    }
    check_end(v, l, &line);
    return false;
}

static enum err second_pass(struct verifier *v, struct lines *l, struct arena *scratch)
{
    struct str text;
    v->line = 1;
    for (; next_line(l, &text); v->line++) {
        struct arena_mark mark = arena_mark(scratch);
        bool more = check_line(v, l, text, scratch);
        arena_rewind(scratch, mark);
        if (!more)
            return OK;
    }
    if (l->failed)
        return FAIL(v->c, E_IO, "không đọc được tệp (cannot be read): %s", os_reason(errno));
    if (l->too_long)
        verifier_broken(v, v->verdict->head + 1, "dòng dài quá %d MiB (the line is too long)", LEDGER_LINE_MAX >> 20);
    else
        verifier_broken(
            v, v->verdict->head + 1,
            "tệp dừng ở đây mà không có dòng cuối: phần đuôi đã bị cắt (the end line is missing: the tail was cut)");
    return OK;
}

enum err ledger_verify_text(struct ctx *c, struct str text, struct str root, struct verdict *ret)
{
    struct verifier v;
    struct verdict verdict;
    TRY(verifier_init(&v, c, root, &verdict));
    struct arena *scratch = ledger_scratch(c);
    struct lines all = {.fd = -1, .p = (char *)(text.p ? text.p : ""), .n = text.n, .end = true}, first = all;
    note_erasures(&v, &first, scratch);
    TRY(second_pass(&v, &all, scratch));
    *ret = verdict;
    return OK;
}

static void close_file(void *arg)
{
    close((int)(intptr_t)arg - 1);
}

enum err ledger_verify_file(struct ctx *c, struct str path, struct str root, struct verdict *ret)
{
    struct verifier v;
    struct verdict verdict;
    TRY(verifier_init(&v, c, root, &verdict));
    struct arena *scratch = ledger_scratch(c);
    struct arena_defer *file = arena_defer(c->arena, close_file), *buffer = arena_defer(c->arena, free);
    int fd = open(str_z(c->arena, path), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return FAIL_AT(c, errno == ENOENT ? E_NOTFOUND : E_IO, path, 0, "không mở được tệp (cannot be opened): %s",
                       os_reason(errno));
    file->arg = (void *)(intptr_t)(fd + 1); /* 0 would be an unarmed slot */
    struct lines l = {.fd = fd, .owner = buffer};
    note_erasures(&v, &l, scratch);
    bool again = !l.failed && lseek(fd, 0, SEEK_SET) == 0;
    l = (struct lines){.fd = fd, .owner = buffer, .p = l.p, .cap = l.cap};
    enum err e = again ? second_pass(&v, &l, scratch)
                       : FAIL(c, E_IO, "không đọc được tệp (cannot be read): %s", os_reason(errno));
    if (e)
        c->error.file = path;
    else
        *ret = verdict;
    return e;
}
