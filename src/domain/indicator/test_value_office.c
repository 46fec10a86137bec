/* The form that a body fills in, opened and saved by LibreOffice: the same cells come back. */
#include "domain/indicator/test_tables.h"
#include "domain/indicator/test_value.h"
#include "domain/indicator/value_form.h"
#include "domain/indicator/value_load.h"
#include "domain/org/org_store.h"

#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/banned.h"

extern char **environ;

static void run(char *const *argv)
{
    pid_t pid;
    int status;
    posix_spawn_file_actions_t quiet;
    posix_spawn_file_actions_init(&quiet);
    posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", 1, 0);
    posix_spawn_file_actions_addopen(&quiet, STDERR_FILENO, "/dev/null", 1, 0);
    CHECK_INT(posix_spawnp(&pid, argv[0], &quiet, NULL, argv, environ), 0);
    posix_spawn_file_actions_destroy(&quiet);
    CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
    CHECK_INT(WEXITSTATUS(status), 0);
}

static void write_file(struct ctx *c, const char *path, struct str bytes)
{
    (void)c;
    FILE *f = fopen(path, "wb");
    CHECK(f && fwrite(bytes.p, 1, bytes.n, f) == bytes.n && fclose(f) == 0);
}

/* The same rows; what an office program leaves out at the end of a row is empty. */
static void check_same(const struct grid *a, const struct grid *b)
{
    CHECK_INT(a->n, b->n);
    for (size_t i = 0; i < a->n; i++) {
        size_t n = a->rows[i].n > b->rows[i].n ? a->rows[i].n : b->rows[i].n;
        CHECK_INT(a->lines[i], b->lines[i]);
        for (size_t k = 0; k < n; k++)
            CHECK_STR(k < b->rows[i].n ? b->rows[i].v[k] : S(""), k < a->rows[i].n ? a->rows[i].v[k] : S(""));
    }
}

static void start(struct ctx *c)
{
    struct writer *w = test_writer(c);
    struct value_outcome outcome;
    struct org_load orgs = {.files = test_orgs, .n_files = sizeof test_orgs / sizeof *test_orgs};
    struct indicator_load indicators = {.files = test_indicators,
                                        .n_files = sizeof test_indicators / sizeof *test_indicators};
    struct command load_orgs = {.run = org_load_run, .arg = &orgs},
                   load_indicators = {.run = indicator_load_run, .arg = &indicators};
    CHECK_OK(writer_run(w, c, &load_orgs));
    CHECK_OK(writer_run(w, c, &load_indicators));
    CHECK_OK(test_put(w, c, "VAO", "X1", "2025", 51.123, VALUE_PROVISIONAL, NULL, &outcome));
    CHECK_OK(test_put(w, c, "PT", "X1", "2026-05", 0.1, 0, NULL, &outcome));
}

TEST(libreoffice_gives_the_form_back)
{
    static const char *const periods[] = {"2025", "2026-05"};
    char folder[] = "/tmp/hoalu-form-XXXXXX";
    CHECK(mkdtemp(folder));
    start(c);
    for (size_t i = 0; i < 2; i++) {
        struct value_form form = {.place = S("X1"), .period = str_of(periods[i])};
        struct value_load load = {.name = S("form.xlsx")};
        struct str bytes;
        struct grid before, after;
        char *in = str_z(c->arena, str_fmt(c->arena, "%s/form.xlsx", folder)),
             *out = str_z(c->arena, str_fmt(c->arena, "%s/out", folder)),
             *profile = str_z(c->arena, str_fmt(c->arena, "-env:UserInstallation=file://%s/profile", folder));
        char *const soffice[] = {(char *)"soffice",
                                 profile,
                                 (char *)"--headless",
                                 (char *)"--convert-to",
                                 (char *)"xlsx:Calc MS Excel 2007 XML",
                                 (char *)"--outdir",
                                 out,
                                 in,
                                 NULL};
        CHECK_OK(value_form_sheet(c, &form, &bytes));
        write_file(c, in, bytes);
        run(soffice);
        CHECK_OK(grid_parse(c, bytes, S("form.xlsx"), &before));
        CHECK_OK(grid_parse(c, test_read_file(c, str_z(c->arena, str_fmt(c->arena, "%s/form.xlsx", out))),
                            S("form.xlsx"), &after));
        check_same(&before, &after);
        CHECK_OK(value_load_grid(c, test_dictionary(c), test_catalogue(c), &after, &load));
        CHECK_INT(load.problems.n, 0);
        CHECK_INT(load.batch.rows.n, 1);
        CHECK(load.batch.rows.v[0].amount == (i ? 0.1 : 51.123));
    }
    char *const rm[] = {(char *)"rm", (char *)"-rf", folder, NULL};
    run(rm);
}
