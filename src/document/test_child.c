#include "document/reader.h"
#include "document/wire.h"
#include "test/test.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/banned.h"

/* The program runs itself as the child; the test program stands in for it, before any test begins. */
__attribute__((constructor)) static void be_the_child(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "document-child") == 0)
        _exit(document_child(argc, argv));
}

static struct str file_of(struct ctx *c, const char *name, struct str content)
{
    char folder[] = "/tmp/hoalu-document-XXXXXX";
    CHECK(mkdtemp(folder));
    struct str path = str_fmt(c->arena, "%s/%s", folder, name);
    FILE *f = fopen(path.p, "wb");
    CHECK(f && fwrite(content.p, 1, content.n, f) == content.n && fclose(f) == 0);
    return path;
}

static void gone(struct str path)
{
    unlink(path.p);
    char folder[64] = "";
    memcpy(folder, path.p, strlen("/tmp/hoalu-document-XXXXXX"));
    rmdir(folder);
}

static enum err read_content(struct ctx *c, const char *name, struct str content, struct document *ret)
{
    struct str path = file_of(c, name, content);
    enum err failed = document_read(c, path, ret);
    gone(path);
    return failed;
}

static void check_same(const struct document *a, const struct document *b)
{
    CHECK_INT(a->n, b->n);
    CHECK_INT(a->kind, b->kind);
    for (size_t i = 0; i < a->n; i++) {
        const struct block *x = &a->blocks[i], *y = &b->blocks[i];
        CHECK(x->kind == y->kind && x->line == y->line && x->level == y->level && x->indent == y->indent &&
              x->table == y->table && x->bold == y->bold && x->italic == y->italic && x->n_cells == y->n_cells);
        CHECK_STR(x->text, y->text);
        CHECK_STR(x->marker, y->marker);
        for (size_t k = 0; k < x->n_cells; k++) {
            CHECK_STR(x->cells[k].text, y->cells[k].text);
            CHECK(x->cells[k].line == y->cells[k].line && x->cells[k].columns == y->cells[k].columns);
        }
    }
}

TEST(the_child_gives_what_reading_here_gives)
{
    struct str text =
        S("**KẾ HOẠCH**\n\n  1. Mục\n- *Chủ trì*: Sở A\n| TT | Việc |\n|--|--|\n| 1 | x<br>y |\n\f## Cuối\n");
    struct document here, there;
    CHECK_OK(document_parse(c, text, S("kế hoạch.txt"), &here));
    CHECK_OK(read_content(c, "kế hoạch.txt", text, &there));
    check_same(&there, &here);
    CHECK_STR(there.name, S("kế hoạch.txt"));
    CHECK_OK(document_parse(c, text, S("a.md"), &here));
    CHECK_OK(read_content(c, "a.md", text, &there));
    check_same(&there, &here);
    CHECK_INT(there.kind, DOCUMENT_MARKDOWN);
}

TEST(a_refusal_comes_through_with_its_line)
{
    struct document d;
    CHECK_ERR(read_content(c, "x.txt", S("một\nhai \xff\n"), &d), E_INVALID);
    CHECK_INT(c->error.line, 2);
    CHECK_STR(c->error.file, S("x.txt"));
    CHECK(str_has(c->error.message, S("0xFF")));
    CHECK_ERR(read_content(c, "x.docx", S("PK\3\4 hỏng"), &d), E_INVALID);
    CHECK_STR(c->error.file, S("x.docx"));
}

TEST(lists_nested_out_of_all_reason_are_refused_in_words)
{
    struct document d;
    struct out o;
    out_init(&o, c->arena, 1 << 20);
    out_put(&o, S("# Kế hoạch\n\n"));
    for (int i = 0; i < 2000; i++)
        out_put(&o, S("1. "));
    out_put(&o, S("một việc\n"));
    CHECK_ERR(read_content(c, "sâu.md", out_str(&o), &d), E_LIMIT);
    CHECK_INT(c->error.line, 3);
    CHECK(str_has(c->error.message, S("lồng")));
}

TEST(a_long_refusal_is_cut_between_letters)
{
    struct document d;
    bool sound;
    for (int shift = 0; shift < 3; shift++) {
        struct out o, message;
        out_init(&message, c->arena, 1 << 20);
        out_put(&message, str_slice(S("ab"), 0, (size_t)shift));
        while (message.n < 9000)
            out_put(&message, S("ệ"));
        struct ctx refused = *c;
        refused.error = (struct error){.code = E_INVALID, .message = out_str(&message), .line = 7};
        out_init(&o, c->arena, WIRE_BYTES);
        wire_write(&o, &refused, E_INVALID, &d);
        CHECK_ERR(wire_read(c, out_str(&o), S("a.docx"), &d, &sound), E_INVALID);
        CHECK(sound && c->error.line == 7 && c->error.message.n > 3990);
    }
}

TEST(what_is_not_a_readable_file_is_refused)
{
    struct document d;
    CHECK_ERR(document_read(c, S("/không/có/tệp.txt"), &d), E_NOTFOUND);
    CHECK_ERR(document_read(c, S("/tmp"), &d), E_INVALID);
    CHECK_ERR(document_read(c, S("/dev/zero"), &d), E_INVALID);
    struct str pipe = file_of(c, "ống", S(""));
    unlink(pipe.p);
    CHECK_INT(mkfifo(pipe.p, 0600), 0);
    CHECK_ERR(document_read(c, pipe, &d), E_INVALID);
    gone(pipe);
}

TEST(files_over_the_limits_are_refused_soon)
{
    struct str path = file_of(c, "dài.txt", S("x"));
    struct document d;
    CHECK_INT(truncate(path.p, (off_t)DOCUMENT_BYTES + 1), 0);
    CHECK_ERR(document_read(c, path, &d), E_LIMIT);
    gone(path);
    size_t n = 60u << 20;
    char *line = NEWN(c->arena, char, n);
    memset(line, 'a', n);
    CHECK_ERR(read_content(c, "một dòng.txt", (struct str){line, n}, &d), E_LIMIT);
}

TEST(an_answer_that_is_not_sound_is_refused)
{
    struct document d, back;
    CHECK_OK(document_parse(c, S("# Một\n- hai\n| a | b |\n| c | d |\n"), S("a.txt"), &d));
    struct out o;
    out_init(&o, c->arena, WIRE_BYTES);
    wire_write(&o, c, OK, &d);
    struct str good = str_dup(c->arena, out_str(&o));
    bool sound;
    CHECK_OK(wire_read(c, good, S("a.txt"), &back, &sound));
    check_same(&back, &d);
    for (size_t n = 0; n < good.n; n++) {
        CHECK_ERR(wire_read(c, str_slice(good, 0, n), S("a.txt"), &back, &sound), E_INTERNAL);
        CHECK(!sound);
    }
    char *longer = NEWN(c->arena, char, good.n + 1);
    memcpy(longer, good.p, good.n);
    CHECK_ERR(wire_read(c, (struct str){longer, good.n + 1}, S("a.txt"), &back, &sound), E_INTERNAL);
    /* Any one byte changed: another document, or refused; the sanitizers watch. */
    for (size_t i = 0; i < good.n; i++) {
        memcpy(longer, good.p, good.n);
        longer[i] = (char)(longer[i] ^ 0xff);
        enum err failed = wire_read(c, (struct str){longer, good.n}, S("a.txt"), &back, &sound);
        CHECK(failed == OK || !sound || failed <= E_INTERNAL);
    }
}

/* In a process of its own, which ends without the sanitizers' last look. */
static int behind_the_lock(struct ctx *c)
{
    char *content = NEWN(c->arena, char, 100);
    struct document d;
    if (!child_lock_down())
        return 1;
    if (open("/etc/passwd", O_RDONLY) >= 0 || errno != EPERM || open("/tmp/x", O_WRONLY | O_CREAT, 0600) >= 0)
        return 2;
    if (socket(AF_INET, SOCK_STREAM, 0) >= 0 || errno != EPERM || socket(AF_UNIX, SOCK_STREAM, 0) >= 0)
        return 3;
    if (fork() >= 0 || errno != EPERM || execl("/bin/true", "true", (char *)NULL) >= 0 || errno != EPERM)
        return 4;
    if (mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED ||
        mprotect(content, 1, PROT_READ | PROT_EXEC) == 0)
        return 5;
    return document_parse(c, S("KẾ HOẠCH\n- một"), S("a.txt"), &d) == OK ? 0 : 6;
}

TEST(behind_the_lock_nothing_opens_connects_or_begins)
{
    pid_t pid = fork();
    if (pid == 0)
        _exit(behind_the_lock(c));
    int status = -1;
    CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
    CHECK_INT(WEXITSTATUS(status), 0);
}
