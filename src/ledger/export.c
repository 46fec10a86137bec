#include "ledger/chain.h"

#include "base/os.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

struct file {
    int fd;
    const char *part; /* the name until it is whole */
};

static void drop(void *arg)
{
    struct file *f = arg;
    close(f->fd);
    unlink(f->part);
}

static enum err write_lines(struct ctx *c, struct out *o)
{
    struct ledger_walk w;
    struct line line;
    int64_t seals = 0;
    TRY(ledger_walk_start(c, &w));
    ledger_line_write(o, &(struct line){.kind = LINE_HEADER, .head = w.head});
    while (ledger_walk_next(&w, &line)) {
        seals += line.kind == LINE_SEAL;
        ledger_line_write(o, &line);
        if (o->failed)
            break;
    }
    TRY(ledger_walk_done(&w));
    ledger_line_write(o, &(struct line){.kind = LINE_END, .head = w.head, .seals = seals, .chain = w.chain});
    return OK;
}

enum err ledger_export(struct ctx *c, struct str path)
{
    /* Payloads hold personal data: for the owner's eyes, and under its name only when it is whole. */
    struct file *f = NEW(c->arena, struct file);
    struct arena_defer *d = arena_defer(c->arena, drop);
    char *final = str_z(c->arena, path);
    struct out o;
    /* Never over a file that is there: it may be the store itself, or an earlier export that somebody relies on. */
    if (access(final, F_OK) == 0)
        return FAIL_AT(c, E_CONFLICT, path, 0, "đã có tệp này, không ghi đè; hãy chọn tên khác (the file exists)");
    uint64_t number;
    c->source.random(c->source.arg, &number, sizeof number);
    f->part = str_z(c->arena, str_fmt(c->arena, "%.*s.part-%016" PRIx64, ARGS(path), number));
    f->fd = open(f->part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (f->fd < 0)
        return FAIL_AT(c, E_IO, path, 0, "không tạo được tệp (cannot be made): %s", os_reason(errno));
    d->arg = f;
    out_init_fd(&o, c->arena, f->fd, SIZE_MAX);
    enum err e = db_snapshot(c);
    if (!e) {
        e = write_lines(c, &o);
        db_snapshot_end(c);
    }
    bool good = !e && out_flush(&o) && fsync(f->fd) == 0;
    if (!e && (!good || (errno = os_publish(f->part, final))))
        e = FAIL_AT(c, E_IO, path, 0, "không ghi được tệp (cannot be written): %s", os_reason(errno));
    d->arg = NULL;
    close(f->fd);
    if (e)
        unlink(f->part);
    return e;
}
