/* messages OUT.h OUT.c IN.msg… - the texts of the interface made constants (data/messages/README.md). Runs on the build
 * machine; stops at the first mistake with file and line. */
#include "base/ctx.h"
#include "base/out.h"

#include <stdio.h>
#include <string.h>

#include "base/banned.h"

enum { PLACES_MAX = 10 };

struct entry {
    struct str key, text[2], file;
    unsigned line, n_places;
};

struct entries {
    struct entry *v;
    size_t n, cap;
};

static enum err read_file(struct ctx *c, const char *file, struct str *ret)
{
    FILE *f = fopen(file, "rb");
    if (!f)
        return FAIL_AT(c, E_IO, str_of(file), 0, "cannot be read");
    struct out o;
    out_init(&o, c->arena, 16 << 20);
    char block[4096];
    for (size_t n; (n = fread(block, 1, sizeof block, f)) > 0;)
        out_put(&o, (struct str){block, n});
    bool good = !ferror(f) && !o.failed;
    fclose(f);
    *ret = out_str(&o);
    return good ? OK : FAIL_AT(c, E_IO, str_of(file), 0, "cannot be read");
}

/* Which places a text has: {0}, and {0?one:many} where the argument chooses. */
static enum err read_places(struct ctx *c, const struct entry *e, struct str s, unsigned *ret_seen,
                            unsigned *ret_chosen)
{
    *ret_seen = *ret_chosen = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '}')
            return FAIL_AT(c, E_INVALID, e->file, e->line, "a '}' that closes nothing");
        if (s.p[i] != '{')
            continue;
        size_t end = str_find(s, S("}"), i);
        struct str place = str_slice(s, i + 1, end);
        if (end == SIZE_MAX || !place.n || place.p[0] < '0' || place.p[0] > '9' || str_has(place, S("{")))
            return FAIL_AT(c, E_INVALID, e->file, e->line, "a place is written {0}, or {0?one:many}");
        unsigned bit = 1u << (place.p[0] - '0');
        if (place.n == 1)
            *ret_seen |= bit;
        else if (place.p[1] == '?' && str_has(place, S(":")))
            *ret_chosen |= bit;
        else
            return FAIL_AT(c, E_INVALID, e->file, e->line, "a place is written {0}, or {0?one:many}");
        i = end;
    }
    return OK;
}

static enum err check_places(struct ctx *c, struct entry *e)
{
    unsigned seen[2], chosen[2];
    for (int i = 0; i < 2; i++)
        TRY(read_places(c, e, e->text[i], &seen[i], &chosen[i]));
    if (seen[0] != seen[1])
        return FAIL_AT(c, E_INVALID, e->file, e->line, "%.*s has other places in Vietnamese than in English",
                       ARGS(e->key));
    while (e->n_places < PLACES_MAX && seen[0] & 1u << e->n_places)
        e->n_places++;
    if (seen[0] >> e->n_places)
        return FAIL_AT(c, E_INVALID, e->file, e->line, "the places of %.*s are {0}, {1} and so on, without gaps",
                       ARGS(e->key));
    if ((chosen[0] | chosen[1]) & ~seen[0])
        return FAIL_AT(c, E_INVALID, e->file, e->line, "%.*s chooses by an argument that it does not show",
                       ARGS(e->key));
    return OK;
}

static enum err check_key(struct ctx *c, const struct entry *e, const struct entries *all)
{
    bool good = e->key.n && e->key.p[0] >= 'a' && e->key.p[0] <= 'z';
    for (size_t i = 0; i < e->key.n; i++) {
        char ch = e->key.p[i];
        good = good && ((ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || ch == '_');
    }
    if (!good)
        return FAIL_AT(c, E_INVALID, e->file, e->line, "a key is of a-z, 0-9 and _, and begins with a letter");
    for (size_t i = 0; i < all->n; i++)
        if (str_eq(all->v[i].key, e->key))
            return FAIL_AT(c, E_INVALID, e->file, e->line, "%.*s stands in %.*s:%u already", ARGS(e->key),
                           ARGS(all->v[i].file), all->v[i].line);
    return OK;
}

/* key | Vietnamese | English */
static enum err read_line(struct ctx *c, struct entries *all, struct str file, unsigned line, struct str text)
{
    struct entry e = {.file = file, .line = line};
    struct str part[4];
    size_t n = 0;
    text = str_trim(text);
    if (!text.n || text.p[0] == '#')
        return OK;
    while (n < 4 && text.p && str_cut(&text, '|', &part[n]))
        n++;
    if (n != 3)
        return FAIL_AT(c, E_INVALID, file, line, "write key | tiếng Việt | English");
    e.key = str_trim(part[0]);
    for (int i = 0; i < 2; i++) {
        e.text[i] = str_trim(part[i + 1]);
        if (!e.text[i].n)
            return FAIL_AT(c, E_INVALID, file, line, "the %s text is missing", i ? "English" : "Vietnamese");
    }
    TRY(check_key(c, &e, all));
    TRY(check_places(c, &e));
    *PUSH(c->arena, all) = e;
    return OK;
}

static enum err read_messages(struct ctx *c, struct entries *all, const char *file)
{
    struct str text, line;
    size_t bad;
    TRY(read_file(c, file, &text));
    if (!str_is_utf8(text, &bad))
        return FAIL_AT(c, E_INVALID, str_of(file), 0, "is not UTF-8 (byte %zu)", bad);
    for (unsigned n = 1; text.n && str_cut(&text, '\n', &line); n++)
        TRY(read_line(c, all, str_of(file), n, line));
    return OK;
}

static const char *entity(char ch)
{
    switch (ch) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&#34;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

static void put_literal(struct out *o, struct str s, bool html)
{
    out_put(o, S("S0(\""));
    for (size_t i = 0; i < s.n; i++) {
        const char *instead = html ? entity(s.p[i]) : NULL;
        if (s.p[i] == '\\' || (s.p[i] == '"' && !instead))
            out_char(o, '\\');
        out_put(o, instead ? str_of(instead) : str_slice(s, i, i + 1));
    }
    out_put(o, S("\")"));
}

static void put_texts(struct out *o, const struct entry *e, bool html)
{
    out_put(o, html ? S(".html = {") : S(".text = {"));
    put_literal(o, e->text[0], html);
    out_put(o, S(", "));
    put_literal(o, e->text[1], html);
    out_put(o, S("}"));
}

static void write_constants(const struct entries *all, const char *header, struct out *h, struct out *source)
{
    out_put(h, S("/* Made by tools/messages of data/messages/. */\n#pragma once\n#include \"front/web/html.h\"\n\n"));
    const char *slash = strrchr(header, '/');
    out_fmt(source, "#include \"%s\"\n\n#include \"base/banned.h\"\n\n", slash ? slash + 1 : header);
    for (size_t i = 0; i < all->n; i++) {
        const struct entry *e = &all->v[i];
        const char *type = e->n_places ? "message_with" : "message";
        out_fmt(h, "extern const struct %s M_%.*s; /* %.*s */\n", type, ARGS(e->key),
                str_has(e->text[0], S("*/")) || str_has(e->text[0], S("/*")) ? 0 : (int)e->text[0].n, e->text[0].p);
        if (e->n_places)
            out_fmt(h, "enum { M_%.*s_places = %u };\n", ARGS(e->key), e->n_places);
        out_fmt(source, "const struct %s M_%.*s = {", type, ARGS(e->key));
        if (!e->n_places) {
            put_texts(source, e, false);
            out_put(source, S(", "));
        }
        put_texts(source, e, true);
        out_put(source, S("};\n"));
    }
}

static bool write_file(const char *file, const struct out *o)
{
    FILE *f = o->failed ? NULL : fopen(file, "wb");
    bool good = f && fwrite(o->p, 1, o->n, f) == o->n;
    return f && fclose(f) == 0 && good;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fputs("usage: messages OUT.h OUT.c IN.msg…\n", stderr);
        return 2;
    }
    struct arena arena;
    arena_init(&arena, 1u << 30);
    struct ctx c = {.arena = &arena};
    struct entries all = {0};
    struct out header, source;
    out_init(&header, &arena, 16 << 20);
    out_init(&source, &arena, 16 << 20);
    int status = 0;
    for (int i = 3; i < argc && !status; i++)
        if (read_messages(&c, &all, argv[i])) {
            fprintf(stderr, "%.*s:%u: %.*s\n", ARGS(c.error.file), c.error.line, ARGS(c.error.message));
            status = 1;
        }
    write_constants(&all, argv[1], &header, &source);
    if (!status && (!write_file(argv[1], &header) || !write_file(argv[2], &source))) {
        fprintf(stderr, "%s:0: cannot be written\n", argv[1]);
        status = 1;
    }
    arena_reset(&arena);
    return status;
}
