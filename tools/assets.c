/* assets OUT.h OUT.c NAME FILE… - files that pages fetch, made C (src/front/web/asset.h). Runs on the build machine.
 *
 * Each NAME FILE is served as /assets/STEM.HASH.EXTENSION, where HASH is the first 16 hex digits of the SHA-256 of what
 * is sent. In .css, .svg and .js "asset:NAME" becomes the address of a NAME given before. What gets smaller by it is
 * kept compressed as well. The output depends on the files alone. */
#include "base/ctx.h"
#include "base/out.h"

#include <brotli/encode.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "base/banned.h"

enum { FILE_MAX = 16 << 20, HASH_DIGITS = 16 };

static const struct {
    const char *extension, *type;
    bool text;
} types[] = {
    {".css", "text/css; charset=utf-8", true}, {".js", "text/javascript; charset=utf-8", true},
    {".svg", "image/svg+xml", true},           {".txt", "text/plain; charset=utf-8", true},
    {".woff2", "font/woff2", false},           {".png", "image/png", false},
};
enum { N_TYPES = sizeof types / sizeof *types };

struct asset {
    struct str name, path, content, gzip, brotli;
    const char *type;
};

struct assets {
    struct asset *v;
    size_t n, cap;
};

static enum err read_file(struct ctx *c, const char *file, struct str *ret)
{
    FILE *f = fopen(file, "rb");
    if (!f)
        return FAIL_AT(c, E_IO, str_of(file), 0, "cannot be read");
    struct out o;
    out_init(&o, c->arena, FILE_MAX);
    char block[4096];
    for (size_t n; (n = fread(block, 1, sizeof block, f)) > 0;)
        out_put(&o, (struct str){block, n});
    bool good = !ferror(f) && !o.failed;
    fclose(f);
    *ret = out_str(&o);
    return good ? OK : FAIL_AT(c, E_IO, str_of(file), 0, "cannot be read, or is larger than %d MiB", FILE_MAX >> 20);
}

static bool is_name_char(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || ch == '-' || ch == '_' || ch == '.';
}

static const struct asset *find(const struct assets *all, struct str name)
{
    for (size_t i = 0; i < all->n; i++)
        if (str_eq(all->v[i].name, name))
            return &all->v[i];
    return NULL;
}

static enum err resolve(struct ctx *c, const struct assets *all, struct str file, struct str text, struct str *ret)
{
    struct out o;
    struct str mark = S("asset:");
    size_t from = 0;
    out_init(&o, c->arena, FILE_MAX);
    for (size_t at; (at = str_find(text, mark, from)) != SIZE_MAX;) {
        size_t to = at + mark.n;
        while (to < text.n && is_name_char(text.p[to]))
            to++;
        struct str name = str_slice(text, at + mark.n, to);
        out_put(&o, str_slice(text, from, at));
        from = to;
        if (!name.n) { /* "asset:NAME" in a comment speaks of it */
            out_put(&o, str_slice(text, at, to));
            continue;
        }
        const struct asset *other = find(all, name);
        unsigned line = 1;
        for (size_t i = 0; i < at; i++)
            line += text.p[i] == '\n';
        if (!other)
            return FAIL_AT(c, E_INVALID, file, line, "no asset %.*s is given before this file", ARGS(name));
        out_put(&o, other->path);
    }
    out_put(&o, str_skip(text, from));
    *ret = out_str(&o);
    return OK;
}

static struct str gzip(struct arena *a, struct str s)
{
    z_stream z = {.zalloc = Z_NULL};
    if (deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        return (struct str){0};
    size_t room = deflateBound(&z, s.n);
    char *p = NEWN(a, char, room + 1);
    z.next_in = (unsigned char *)s.p;
    z.avail_in = (unsigned)s.n;
    z.next_out = (unsigned char *)p;
    z.avail_out = (unsigned)room;
    bool good = deflate(&z, Z_FINISH) == Z_STREAM_END;
    size_t n = z.total_out;
    deflateEnd(&z);
    return good ? (struct str){p, n} : (struct str){0};
}

static struct str brotli(struct arena *a, struct str s)
{
    size_t n = BrotliEncoderMaxCompressedSize(s.n);
    uint8_t *p = NEWN(a, uint8_t, n + 1);
    return BrotliEncoderCompress(11, 22, BROTLI_MODE_TEXT, s.n, (const uint8_t *)s.p, &n, p)
               ? (struct str){(char *)p, n}
               : (struct str){0};
}

static struct str path_of(struct arena *a, struct str name, size_t stem, struct str content)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char hex[2 * sizeof hash + 1];
    crypto_hash_sha256(hash, (const unsigned char *)content.p, content.n);
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    return str_fmt(a, "/assets/%.*s.%.*s%.*s", (int)stem, name.p, HASH_DIGITS, hex, (int)(name.n - stem),
                   name.p + stem);
}

static enum err add(struct ctx *c, struct assets *all, struct str name, const char *file)
{
    struct asset a = {.name = name};
    size_t k = 0, stem;
    while (k < N_TYPES && !str_ends(name, str_of(types[k].extension)))
        k++;
    for (size_t i = 0; i < name.n; i++)
        if (!is_name_char(name.p[i]))
            k = N_TYPES;
    if (k == N_TYPES || name.n == strlen(types[k].extension))
        return FAIL_AT(c, E_INVALID, str_of(file), 0, "%.*s: a name is of a-z, 0-9, '-', '_' and an extension we know",
                       ARGS(name));
    if (find(all, name))
        return FAIL_AT(c, E_INVALID, str_of(file), 0, "%.*s is given twice", ARGS(name));
    TRY(read_file(c, file, &a.content));
    if (types[k].text)
        TRY(resolve(c, all, str_of(file), a.content, &a.content));
    stem = name.n - strlen(types[k].extension);
    a.type = types[k].type;
    a.path = path_of(c->arena, name, stem, a.content);
    if (types[k].text) {
        struct str smaller = gzip(c->arena, a.content);
        a.gzip = smaller.n < a.content.n ? smaller : (struct str){0};
        smaller = brotli(c->arena, a.content);
        a.brotli = smaller.n < a.content.n ? smaller : (struct str){0};
    }
    *PUSH(c->arena, all) = a;
    return OK;
}

/* A string literal per 64 bytes: octal escapes are three digits, so what follows one cannot change it. */
static void put_bytes(struct out *o, struct str s)
{
    out_put(o, S("     S0(\""));
    for (size_t i = 0; i < s.n; i++) {
        unsigned char byte = (unsigned char)s.p[i];
        if (i && i % 64 == 0)
            out_put(o, S("\"\n     \""));
        if (byte >= ' ' && byte < 127 && byte != '"' && byte != '\\' && byte != '?') {
            out_char(o, (char)byte);
        } else {
            out_put(o, (struct str){(const char[]){'\\', (char)('0' + byte / 64), (char)('0' + byte / 8 % 8),
                                                   (char)('0' + byte % 8)},
                                    4});
        }
    }
    out_put(o, S("\"),\n"));
}

static void write_c(const struct assets *all, struct arena *a, struct out *h, struct out *source)
{
    out_put(h, S("/* Made by tools/assets. */\n#pragma once\n#include \"front/web/html.h\"\n\n"));
    out_put(
        source,
        S("#include \"front/web/asset.h\"\n\n#include \"base/banned.h\"\n\nconst struct asset asset_table[] = {\n"));
    for (size_t i = 0; i < all->n; i++) {
        const struct asset *x = &all->v[i];
        out_fmt(source, "    {S0(\"%.*s\"), S0(\"%.*s\"), S0(\"%s\"),\n", ARGS(x->name), ARGS(x->path), x->type);
        put_bytes(source, x->content);
        put_bytes(source, x->gzip);
        put_bytes(source, x->brotli);
        out_put(source, S("    },\n"));
    }
    out_fmt(source, "};\nconst size_t asset_table_n = %zu;\n\n", all->n);
    for (size_t i = 0; i < all->n; i++) {
        char *z = str_z(a, all->v[i].name);
        for (char *p = z; *p; p++)
            if (*p == '.' || *p == '-')
                *p = '_';
        out_fmt(h, "extern const struct url ASSET_%s;\n", z);
        out_fmt(source, "const struct url ASSET_%s = {S0(\"%.*s\")};\n", z, ARGS(all->v[i].path));
    }
}

static enum err make(struct ctx *c, int argc, char **argv)
{
    struct assets all = {0};
    struct out out[2];
    for (int i = 3; i + 1 < argc; i += 2)
        TRY(add(c, &all, str_of(argv[i]), argv[i + 1]));
    out_init(&out[0], c->arena, 1u << 30);
    out_init(&out[1], c->arena, 1u << 30);
    write_c(&all, c->arena, &out[0], &out[1]);
    for (int i = 0; i < 2; i++) {
        FILE *f = out[i].failed ? NULL : fopen(argv[1 + i], "wb");
        bool good = f && fwrite(out[i].p, 1, out[i].n, f) == out[i].n;
        if (!f || fclose(f) || !good)
            return FAIL_AT(c, E_IO, str_of(argv[1 + i]), 0, "cannot be written");
    }
    return OK;
}

int main(int argc, char **argv)
{
    if (argc < 3 || argc % 2 == 0) {
        fputs("usage: assets OUT.h OUT.c NAME FILE…\n", stderr);
        return 2;
    }
    struct arena arena;
    arena_init(&arena, 1u << 30);
    struct ctx c = {.arena = &arena};
    enum err e = sodium_init() < 0 ? E_INTERNAL : make(&c, argc, argv);
    if (e)
        fprintf(stderr, "%.*s:%u: %.*s\n", ARGS(c.error.file), c.error.line, ARGS(c.error.message));
    arena_reset(&arena);
    return e ? 1 : 0;
}
