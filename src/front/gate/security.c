#include "front/gate/security.h"

#include "base/out.h"
#include "base/period.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "base/banned.h"

enum { VALUE_MAX = 200, LINE_MAX_BYTES = 3072 };

struct security {
    int file; /* -1: the system's log */
};

static void end(void *arg)
{
    struct security *s = arg;
    if (s->file > STDERR_FILENO)
        close(s->file);
}

enum err security_open(struct ctx *c, struct arena *owner, struct str file, struct security **ret)
{
    struct security *s = NEW(owner, struct security);
    s->file = -1;
    if (str_eq(file, S("-")))
        s->file = STDERR_FILENO;
    else if (file.n)
        s->file = open(str_z(c->arena, file), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    else
        openlog("hoalu", LOG_PID, LOG_AUTHPRIV);
    if (file.n && s->file < 0)
        return FAIL(c, E_IO, "không mở được nhật ký an ninh %.*s: %s (cannot be opened)", ARGS(file), strerror(errno));
    arena_defer(owner, end)->arg = s;
    *ret = s;
    return OK;
}

/* How many bytes of what begins here are no sign to be seen: ASCII's control characters, those of C1 in UTF-8, and the
 * ends of lines and paragraphs that some readers of a log heed. */
static size_t control(struct str s)
{
    const unsigned char *p = (const unsigned char *)s.p;
    if (p[0] < ' ' || p[0] == 127)
        return 1;
    if (s.n > 1 && p[0] == 0xC2 && p[1] >= 0x80 && p[1] < 0xA0)
        return 2;
    return s.n > 2 && p[0] == 0xE2 && p[1] == 0x80 && (p[2] == 0xA8 || p[2] == 0xA9) ? 3 : 0;
}

/* What is no UTF-8 is written by its bytes, too. */
static void put_text(struct out *o, const char *name, struct str value)
{
    out_fmt(o, " %s=\"", name);
    value = str_head(value, VALUE_MAX);
    bool text = str_is_utf8(value, NULL);
    for (size_t i = 0; i < value.n; i++) {
        unsigned char byte = (unsigned char)value.p[i];
        size_t n = control(str_skip(value, i));
        if (!n && byte != '"' && byte != '\\' && (text || byte < 128)) {
            out_char(o, (char)byte);
            continue;
        }
        for (n = n ? n : 1; n > 0; n--, i++)
            out_fmt(o, "\\x%02x", (unsigned char)value.p[i]);
        i--;
    }
    out_char(o, '"');
}

void security_tell(struct ctx *c, struct security *s, const char *event, const char *outcome, struct str account,
                   struct str address, struct str detail)
{
    struct out o;
    char moment[MOMENT_TEXT];
    if (!s)
        return;
    out_init(&o, c->arena, LINE_MAX_BYTES);
    if (s->file >= 0)
        out_fmt(&o, "%.*s hoalu[%d]: ", ARGS(moment_text(ctx_now(c), moment)), (int)getpid());
    out_fmt(&o, "event=%s outcome=%s", event, outcome);
    put_text(&o, "account", account);
    put_text(&o, "address", address);
    if (detail.n)
        put_text(&o, "detail", detail);
    if (s->file < 0) {
        syslog(LOG_AUTHPRIV | (strcmp(outcome, "ok") == 0 ? LOG_INFO : LOG_WARNING), "%s",
               str_z(c->arena, out_str(&o)));
        return;
    }
    out_char(&o, '\n');
    struct str line = out_str(&o);
    while (write(s->file, line.p, line.n) < 0 && errno == EINTR)
        ;
}
