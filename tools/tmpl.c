/* tmpl IN.html OUT.h OUT.c - a template made C (tools/template.h). Runs on the build machine. */
#include "tools/template.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

static bool read_file(struct arena *a, const char *file, struct str *ret)
{
    FILE *f = fopen(file, "rb");
    if (!f)
        return false;
    struct out o;
    out_init(&o, a, 16 << 20);
    char block[4096];
    for (size_t n; (n = fread(block, 1, sizeof block, f)) > 0;)
        out_put(&o, (struct str){block, n});
    bool good = !ferror(f) && !o.failed;
    fclose(f);
    *ret = out_str(&o);
    return good;
}

static bool write_file(const char *file, struct str s)
{
    FILE *f = fopen(file, "wb");
    bool good = f && fwrite(s.p, 1, s.n, f) == s.n;
    return f && fclose(f) == 0 && good;
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fputs("usage: tmpl IN.html OUT.h OUT.c\n", stderr);
        return 2;
    }
    struct arena arena;
    arena_init(&arena, 1u << 30);
    struct ctx c = {.arena = &arena};
    struct template t;
    struct str text;
    int status = 1;
    if (!read_file(&arena, argv[1], &text))
        fprintf(stderr, "%s:0: cannot be read\n", argv[1]);
    else if (template_compile(&c, str_of(argv[1]), text, &t))
        fprintf(stderr, "%.*s:%u: %.*s\n", ARGS(c.error.file), c.error.line, ARGS(c.error.message));
    else if (!write_file(argv[2], t.header) || !write_file(argv[3], t.source))
        fprintf(stderr, "%s:0: cannot be written\n", argv[2]);
    else
        status = 0;
    arena_reset(&arena);
    return status;
}
