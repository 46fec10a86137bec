/* A text as a QR code, for a telephone to read from the screen. */
#include "domain/access/totp.h"

#include <errno.h>
#include <qrencode.h>

#include "base/banned.h"

enum { MARGIN = 4 }; /* modules of white around, as the standard wants */

static void free_code(void *arg)
{
    QRcode_free(arg);
}

static void put_text(struct out *o, struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '&' || s.p[i] == '<' || s.p[i] == '>' || s.p[i] == '"')
            out_fmt(o, "&#%d;", s.p[i]);
        else
            out_char(o, s.p[i]);
}

enum err totp_qr(struct ctx *c, struct str text, struct str label, struct str *ret)
{
    struct arena_defer *owner = arena_defer(c->arena, free_code);
    QRcode *code = owner->arg = QRcode_encodeString8bit(str_z(c->arena, text), 0, QR_ECLEVEL_M);
    if (!code)
        return FAIL(c, errno == ERANGE ? E_LIMIT : E_IO, "không vẽ được mã QR (the QR code cannot be drawn)");
    struct out o;
    out_init(&o, c->arena, 256 << 10);
    int side = code->width + 2 * MARGIN;
    out_fmt(&o, "<svg class=\"qr\" role=\"img\" viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\" aria-label=\"",
            side, side);
    put_text(&o, label);
    out_fmt(&o, "\"><path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/><path fill=\"#000\" d=\"", side, side);
    for (int y = 0; y < code->width; y++)
        for (int x = 0, run; x < code->width; x += run) {
            const unsigned char *row = code->data + y * code->width;
            for (run = 1; x + run < code->width && (row[x + run] & 1) == (row[x] & 1);)
                run++;
            if (row[x] & 1)
                out_fmt(&o, "M%d %dh%dv1h-%dz", x + MARGIN, y + MARGIN, run, run);
        }
    out_put(&o, S("\"/></svg>"));
    *ret = out_str(&o);
    return o.failed ? FAIL(c, E_LIMIT, "mã QR quá lớn (the QR code is too large)") : OK;
}
