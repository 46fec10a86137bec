#include "base/os.h"
#include "test/test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

TEST(a_reason_is_in_the_readers_language_and_in_english)
{
    static const int known[] = {ENOENT, EACCES, EISDIR, ENOSPC};
    (void)c;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct str said = str_of(os_reason(known[i]));
        CHECK(str_has(said, S(" (")) && str_ends(said, S(")")));
    }
    CHECK(strlen(os_reason(ENOTTY)) > 0);
}

static void make(const char *path, const char *content)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    CHECK(fd >= 0 && write(fd, content, strlen(content)) == (ssize_t)strlen(content));
    close(fd);
}

TEST(a_finished_file_takes_its_name_but_never_anothers)
{
    char folder[] = "/tmp/hoalu-os-XXXXXX";
    CHECK(mkdtemp(folder) != NULL);
    struct str a = str_fmt(c->arena, "%s/a", folder), b = str_fmt(c->arena, "%s/b", folder);
    char *from = str_z(c->arena, a), *to = str_z(c->arena, b);
    struct stat st;
    make(from, "one");
    CHECK_INT(os_publish(from, to), 0);
    CHECK(access(from, F_OK) != 0 && access(to, F_OK) == 0);
    make(from, "other");
    CHECK_INT(os_publish(from, to), EEXIST);
    CHECK(stat(to, &st) == 0 && st.st_size == 3);
    CHECK(access(from, F_OK) == 0);
    unlink(from);
    unlink(to);
    rmdir(folder);
}
