#include "store/file.h"
#include "store/test_store.sql.h"
#include "test/store.h"

#include <string.h>

#include "base/banned.h"

static struct str content_of(struct ctx *c, size_t n)
{
    char *p = NEWN(c->arena, char, n + 1);
    uint32_t state = 1;
    for (size_t i = 0; i < n; i++)
        p[i] = (char)((state = state * 1664525 + 1013904223) >> 24);
    return (struct str){p, n};
}

TEST(files_come_back_whole)
{
    static const size_t sizes[] = {0, 1, FILE_PART - 1, FILE_PART, FILE_PART + 1, 3 * FILE_PART + 7};
    struct writer *w = test_writer(c);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct str content = content_of(c, sizes[i]), got;
        struct file_ref ref, found;
        CHECK_OK(file_put(w, c, content, S("application/pdf"), &ref));
        CHECK_INT(ref.size, sizes[i]);
        CHECK_OK(file_get(c, ref.hash, &got));
        CHECK(str_eq(got, content));
        CHECK_OK(file_find(c, ref.hash, &found));
        CHECK_STR(found.media_type, S("application/pdf"));
    }
}

TEST(the_same_content_is_one_file)
{
    struct writer *w = test_writer(c);
    struct file_ref a, b;
    int64_t n;
    CHECK_OK(file_put(w, c, S("Nghị quyết"), S("text/plain"), &a));
    CHECK_OK(file_put(w, c, S("Nghị quyết"), S("text/markdown"), &b));
    CHECK_STR(a.hash, b.hash);
    CHECK_OK(db_number(c, SQL_test_part_count, &n));
    CHECK_INT(n, 1);
    CHECK_OK(file_find(c, a.hash, &b));
    CHECK_STR(b.media_type, S("text/plain"));
}

static enum err commit_file(struct ctx *c, void *arg)
{
    return file_commit(c, arg);
}

static enum err drop(struct ctx *c, void *arg)
{
    return file_drop_unnamed(c, ctx_now(c) + 1, arg);
}

TEST(staged_parts_count_once_recorded_and_are_dropped_otherwise)
{
    struct writer *w = test_writer(c);
    struct file_ref kept, left;
    struct str got;
    CHECK_OK(file_put(w, c, S("giữ lại"), S("text/plain"), &kept));
    CHECK_OK(file_stage(w, c, content_of(c, 2 * FILE_PART), S("text/plain"), &left));
    CHECK_ERR(file_get(c, left.hash, &got), E_NOTFOUND);
    int64_t n;
    struct command command = {.run = drop, .arg = &n};
    CHECK_OK(writer_run(w, c, &command));
    CHECK_INT(n, 2);
    command = (struct command){.run = commit_file, .arg = &left};
    CHECK_ERR(writer_run(w, c, &command), E_NOTFOUND);
    CHECK_OK(file_get(c, kept.hash, &got));
}

TEST(damage_is_noticed)
{
    struct writer *w = test_writer(c);
    struct file_ref ref;
    struct str got;
    CHECK_OK(file_put(w, c, S("1.000 tỷ đồng"), S("text/plain"), &ref));
    CHECK_OK(db_exec(c, SQL_test_part_damage, db_arg_bytes(ref.hash), db_arg_bytes(S("2.000 tỷ đồng"))));
    CHECK_ERR(file_get(c, ref.hash, &got), E_IO);
    CHECK_OK(db_exec(c, SQL_test_part_damage, db_arg_bytes(ref.hash), db_arg_bytes(S("1"))));
    CHECK_ERR(file_get(c, ref.hash, &got), E_IO);
    /* The same file handed in again is how the doctor says to mend it. */
    CHECK_OK(file_put(w, c, S("1.000 tỷ đồng"), S("text/plain"), &ref));
    CHECK_OK(file_get(c, ref.hash, &got));
    CHECK_STR(got, S("1.000 tỷ đồng"));
}

TEST(a_file_over_the_limit_is_refused)
{
    struct writer *w = test_writer(c);
    struct file_ref ref;
    struct str huge = {"", (size_t)FILE_LIMIT + 1}; /* never looked at */
    CHECK_ERR(file_put(w, c, huge, S("text/plain"), &ref), E_LIMIT);
}
