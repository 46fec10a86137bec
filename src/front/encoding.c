#include "front/encoding.h"

#include <brotli/encode.h>
#include <zlib.h>

#include "base/banned.h"

/* A page is made smaller once for each time it is made anew, on a thread that has others waiting: both are the levels
 * after which more work wins little. */
enum { SMALL = 256, BROTLI_LEVEL = 5, BROTLI_WINDOW = 18, GZIP_LEVEL = 5, GZIP_FORM = 15 + 16 };

static const struct str names[] = {S0(""), S0("gzip"), S0("br")};

struct str encoding_name(enum encoding e)
{
    return names[e];
}

/* "q=0", "q=0.0": not at all. */
static bool is_refused(struct str parameters)
{
    struct str one;
    while (str_cut(&parameters, ';', &one)) {
        one = str_trim(one);
        if (one.n < 3 || (one.p[0] != 'q' && one.p[0] != 'Q') || one.p[1] != '=')
            continue;
        for (size_t i = 2; i < one.n; i++)
            if (one.p[i] != '0' && one.p[i] != '.')
                return false;
        return true;
    }
    return false;
}

/* Any weight but nothing is a yes: between what a client takes, we choose. */
enum encoding encoding_accepted(struct str accept)
{
    bool yes[3] = {true}, said[3] = {true}, all = false;
    struct str one;
    while (accept.p && str_cut(&accept, ',', &one)) {
        struct str parameters = one, name;
        if (!str_cut(&parameters, ';', &name))
            continue;
        name = str_trim(name);
        bool good = !is_refused(parameters);
        if (str_eq(name, S("*")))
            all = good;
        for (enum encoding e = ENCODING_GZIP; e <= ENCODING_BROTLI; e++)
            if (str_eq(name, names[e])) {
                said[e] = true;
                yes[e] = good;
            }
    }
    for (enum encoding e = ENCODING_BROTLI; e > ENCODING_NONE; e--)
        if (said[e] ? yes[e] : all)
            return e;
    return ENCODING_NONE;
}

static size_t make_brotli(struct str from, char *to, size_t room)
{
    size_t n = room;
    return BrotliEncoderCompress(BROTLI_LEVEL, BROTLI_WINDOW, BROTLI_MODE_TEXT, from.n, (const uint8_t *)from.p, &n,
                                 (uint8_t *)to)
               ? n
               : 0;
}

static size_t make_gzip(struct str from, char *to, size_t room)
{
    z_stream z = {0};
    if (from.n > UINT32_MAX || deflateInit2(&z, GZIP_LEVEL, Z_DEFLATED, GZIP_FORM, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return 0;
    z.next_in = (Bytef *)(uintptr_t)from.p;
    z.avail_in = (uInt)from.n;
    z.next_out = (Bytef *)to;
    z.avail_out = (uInt)room;
    bool done = deflate(&z, Z_FINISH) == Z_STREAM_END;
    size_t n = room - z.avail_out;
    deflateEnd(&z);
    return done ? n : 0;
}

bool encoding_make(struct ctx *c, enum encoding e, struct str from, struct str *ret)
{
    if (e == ENCODING_NONE || from.n < SMALL)
        return false;
    size_t room = from.n - from.n / 10;
    char *to = NEWN(c->arena, char, room);
    size_t n = e == ENCODING_BROTLI ? make_brotli(from, to, room) : make_gzip(from, to, room);
    if (!n)
        return false;
    *ret = (struct str){to, n};
    return true;
}
