/* embed OUT.c NAME FILE... - write files as C: see src/base/embed.h. Runs on the build machine. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

static void stop(const char *what, const char *file)
{
    fprintf(stderr, "embed: %s %s\n", what, file);
    exit(1);
}

/* A string literal per 64 bytes: octal escapes are at most three digits, so what follows one cannot change it. */
static size_t put_content(FILE *out, const char *file)
{
    FILE *in = fopen(file, "rb");
    if (!in)
        stop("cannot read", file);
    size_t n = 0;
    for (int byte; (byte = fgetc(in)) != EOF; n++) {
        if (n % 64 == 0)
            fputs(n ? "\"\n    \"" : "    \"", out);
        if (byte >= ' ' && byte < 127 && byte != '"' && byte != '\\' && byte != '?')
            fputc(byte, out);
        else
            fprintf(out, "\\%03o", (unsigned)byte);
    }
    fputs(n ? "\"" : "    \"\"", out);
    if (ferror(in))
        stop("cannot read", file);
    fclose(in);
    return n;
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fputs("usage: embed OUT.c NAME FILE...\n", stderr);
        return 2;
    }
    FILE *out = fopen(argv[1], "wb");
    if (!out)
        stop("cannot write", argv[1]);
    fprintf(out, "#include \"base/embed.h\"\n\nextern const struct embedded %s[];\nextern const size_t %s_n;\n",
            argv[2], argv[2]);
    fprintf(out, "\nconst struct embedded %s[] = {\n", argv[2]);
    for (int i = 3; i < argc; i++) {
        const char *slash = strrchr(argv[i], '/');
        fprintf(out, "    { S0(\"%s\"), S0(\n", slash ? slash + 1 : argv[i]);
        put_content(out, argv[i]);
        fputs(") },\n", out);
    }
    fprintf(out, "};\nconst size_t %s_n = %d;\n", argv[2], argc - 3);
    if (ferror(out) || fclose(out))
        stop("cannot write", argv[1]);
    return 0;
}
