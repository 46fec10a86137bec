/* What LibreOffice makes of a plan: its DOCX with automatic numbers and its PDF, read as a person reads them. */
#include "document/document.h"
#include "test/test.h"

#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/banned.h"

__attribute__((constructor)) static void be_the_child(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "document-child") == 0)
        _exit(document_child(argc, argv));
}

enum { ROWS = 40 };

static void run(struct ctx *c, const char *folder, const char *filter_in, const char *filter_out, const char *file)
{
    char *profile = str_z(c->arena, str_fmt(c->arena, "-env:UserInstallation=file://%s/profile", folder));
    char *const argv[] = {(char *)"soffice",      profile,
                          (char *)"--headless",   (char *)filter_in,
                          (char *)"--convert-to", (char *)filter_out,
                          (char *)"--outdir",     (char *)folder,
                          (char *)file,           NULL};
    char *const env[] = {(char *)"PATH=/usr/local/bin:/usr/bin:/bin",
                         str_z(c->arena, str_fmt(c->arena, "HOME=%s", folder)), NULL};
    pid_t pid;
    int status = -1;
    posix_spawn_file_actions_t quiet;
    posix_spawn_file_actions_init(&quiet);
    posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", 1, 0);
    posix_spawn_file_actions_addopen(&quiet, STDERR_FILENO, "/dev/null", 1, 0);
    CHECK_INT(posix_spawnp(&pid, "soffice", &quiet, NULL, argv, env), 0);
    posix_spawn_file_actions_destroy(&quiet);
    CHECK(waitpid(pid, &status, 0) == pid && status == 0);
}

static void write_plan(struct ctx *c, const char *path)
{
    FILE *f = fopen(path, "w");
    CHECK(f);
    fputs(
        "<html><head><meta charset=\"utf-8\"></head><body style=\"font-family:'Liberation Serif';font-size:13pt\">\n"
        "<p><b>KẾ HOẠCH</b></p><h1>MỤC TIÊU</h1><ol><li>Thu hút nhân lực</li><li>Phủ sóng 5G</li></ol>"
        "<ul><li>Một gạch đầu dòng</li></ul>\n<table border=1 cellspacing=0 cellpadding=3 width=100%>"
        "<tr><th>TT</th><th>Nhiệm vụ</th><th>Cơ quan chủ trì</th><th>Thời gian hoàn thành</th><th>Sản phẩm</th></tr>\n",
        f);
    for (int i = 1; i <= ROWS; i++)
        fprintf(f,
                "<tr><td>%d</td><td>Xây dựng và triển khai Đề án số %d về chuyển đổi số toàn diện của tỉnh giai đoạn "
                "2026-2030</td>"
                "<td>Sở Khoa học và Công nghệ</td><td>Quý %s/2026</td><td>Quyết định ban hành</td></tr>\n",
                i, i, i % 2 ? "II" : "IV");
    fputs("</table><p>Nơi nhận: các cơ quan, đơn vị và địa phương trong toàn tỉnh Ninh Bình theo danh sách gửi kèm "
          "theo.</p></body></html>\n",
          f);
    CHECK_INT(fclose(f), 0);
    (void)c;
}

static void check_table(struct ctx *c, const struct document *d)
{
    int n = 0;
    for (size_t i = 0; i < d->n; i++) {
        const struct block *b = &d->blocks[i];
        if (b->kind != BLOCK_ROW)
            continue;
        CHECK_INT(b->n_cells, 5);
        CHECK_INT(b->table, 1);
        if (n > 0) {
            CHECK_STR(b->cells[0].text, str_fmt(c->arena, "%d", n));
            CHECK_STR(
                b->cells[1].text,
                str_fmt(c->arena,
                        "Xây dựng và triển khai Đề án số %d về chuyển đổi số toàn diện của tỉnh giai đoạn 2026-2030",
                        n));
            CHECK_STR(b->cells[2].text, S("Sở Khoa học và Công nghệ"));
            CHECK_STR(b->cells[3].text, n % 2 ? S("Quý II/2026") : S("Quý IV/2026"));
            CHECK_STR(b->cells[4].text, S("Quyết định ban hành"));
        }
        n++;
    }
    CHECK_INT(n, ROWS + 1);
}

static const struct block *find(const struct document *d, struct str text)
{
    for (size_t i = 0; i < d->n; i++)
        if (str_has(d->blocks[i].text, text))
            return &d->blocks[i];
    test_failed(__FILE__, __LINE__, "no block with \"%.*s\"", ARGS(text));
}

TEST(what_libreoffice_writes_is_read)
{
    char folder[] = "/tmp/hoalu-office-XXXXXX";
    CHECK(mkdtemp(folder));
    char *html = str_z(c->arena, str_fmt(c->arena, "%s/plan.html", folder));
    char *docx = str_z(c->arena, str_fmt(c->arena, "%s/plan.docx", folder));
    write_plan(c, html);
    run(c, folder, "--infilter=HTML (StarWriter)", "docx:MS Word 2007 XML", html);
    run(c, folder, "--norestore", "pdf", docx);

    struct document d;
    CHECK_OK(document_read(c, str_of(docx), &d));
    CHECK_INT(d.kind, DOCUMENT_DOCX);
    CHECK(find(&d, S("KẾ HOẠCH"))->bold);
    CHECK_INT(find(&d, S("MỤC TIÊU"))->kind, BLOCK_HEADING);
    CHECK_STR(find(&d, S("Thu hút nhân lực"))->marker, S("1."));
    CHECK_STR(find(&d, S("Phủ sóng 5G"))->marker, S("2."));
    CHECK_STR(find(&d, S("Một gạch"))->marker, S("-"));
    check_table(c, &d);

    CHECK_OK(document_read(c, str_fmt(c->arena, "%s/plan.pdf", folder), &d));
    CHECK_INT(d.kind, DOCUMENT_PDF);
    CHECK_STR(find(&d, S("Thu hút nhân lực"))->text, S("1. Thu hút nhân lực"));
    find(&d, S("Nơi nhận: các cơ quan"));
    check_table(c, &d);

    char *const rm[] = {(char *)"rm", (char *)"-rf", folder, NULL};
    pid_t pid;
    CHECK_INT(posix_spawnp(&pid, "rm", NULL, NULL, rm, NULL), 0);
    CHECK(waitpid(pid, NULL, 0) == pid);
}
