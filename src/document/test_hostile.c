/* Files made to be slow or large to read: what they come to is open, that it comes soon is not. */
#include "document/reader.h"
#include "test/test.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/banned.h"

__attribute__((constructor)) static void be_the_child(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "document-child") == 0)
        _exit(document_child(argc, argv));
}

static enum err read_content(struct ctx *c, bool markdown, struct str content, struct document *ret)
{
    char path[] = "/tmp/hoalu-hostile-XXXXXX.txt", path_md[] = "/tmp/hoalu-hostile-XXXXXX.md";
    char *made = markdown ? path_md : path;
    int fd = mkstemps(made, markdown ? 3 : 4);
    FILE *f = fd < 0 ? NULL : fdopen(fd, "wb");
    CHECK(f && fwrite(content.p, 1, content.n, f) == content.n && fclose(f) == 0);
    enum err failed = document_read(c, str_of(made), ret);
    unlink(made);
    return failed;
}

/* Each takes a poor reader quadratic time or far more memory than the file. */
TEST(hostile_text_ends_in_time_whatever_it_is)
{
    static const char *const units[] = {"- ",   "> ", "- a\n",  "1. ",   "* *a_",   "[",   "[a](",
                                        "`a``", "|",  "|a|b\n", "\n|-|", "<b",      "$\\", "&#",
                                        "**a",  "![", "\\",     "-\n",   "a\n===\n"};
    char *text = NEWN(c->arena, char, DOCUMENT_TEXT_BYTES);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        /* What is quadratic takes too long at a quarter of the limit as well. */
        size_t length = strlen(units[i]), n = i < 3 ? DOCUMENT_TEXT_BYTES : DOCUMENT_TEXT_BYTES / 4;
        for (size_t k = 0; k < n; k++)
            text[k] = units[i][k % length];
        for (int markdown = 0; markdown < 2; markdown++) {
            struct document d;
            struct timespec from, to;
            clock_gettime(CLOCK_MONOTONIC, &from);
            enum err failed = read_content(c, markdown, (struct str){text, n}, &d);
            clock_gettime(CLOCK_MONOTONIC, &to);
            printf("# %s \"%.8s\": %.*s in %.1f s: %.*s\n", markdown ? "md" : "txt", units[i], ARGS(err_name(failed)),
                   (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9,
                   ARGS(failed ? c->error.message : S("")));
            CHECK(to.tv_sec - from.tv_sec <= 11);
            CHECK(failed == OK || failed == E_LIMIT || failed == E_INVALID);
        }
    }
}
