#include "base/os.h"
#include "document/reader.h"
#include "document/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <seccomp.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/banned.h"

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif

enum {
    MEMORY_BYTES = 512 << 20, /* address space of the child */
    ARENA_BYTES = 400 << 20,  /* of it, what its arena may take: the rest is libraries' */
    CPU_SECONDS = 8,
    WALL_MS = 10000,
};

/* The child. */

static void limit(int what, rlim_t n)
{
    setrlimit(what, &(struct rlimit){n, n});
}

static void set_limits(void)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    prctl(PR_SET_DUMPABLE, 0);
    close_range(3, ~0u, 0);
#ifndef __SANITIZE_ADDRESS__ /* its shadow memory is far larger */
    limit(RLIMIT_AS, MEMORY_BYTES);
#endif
    limit(RLIMIT_CPU, CPU_SECONDS);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, DOCUMENT_BYTES); /* for the copy pdftotext reads */
    limit(RLIMIT_NOFILE, 16);
}

bool child_lock_down(void)
{
    static const int calls[] = {
        SCMP_SYS(read),           SCMP_SYS(write),         SCMP_SYS(writev),       SCMP_SYS(close),
        SCMP_SYS(fstat),          SCMP_SYS(lseek),         SCMP_SYS(brk),          SCMP_SYS(munmap),
        SCMP_SYS(mremap),         SCMP_SYS(madvise),       SCMP_SYS(futex),        SCMP_SYS(rt_sigreturn),
        SCMP_SYS(rt_sigprocmask), SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(getrandom),
        SCMP_SYS(getpid),         SCMP_SYS(gettid),        SCMP_SYS(tgkill),       SCMP_SYS(exit),
        SCMP_SYS(exit_group),
#ifdef __SANITIZE_ADDRESS__
        SCMP_SYS(sigaltstack),
#endif
    };
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    bool ok = filter;
    for (size_t i = 0; i < sizeof calls / sizeof *calls && ok; i++)
        ok = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0) == 0;
    /* Memory may be had, but none that runs. */
    ok = ok &&
         seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0;
    ok = ok && seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
                                SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0;
    ok = ok && seccomp_load(filter) == 0;
    seccomp_release(filter);
    return ok;
}

/* What pdftotext runs under: it opens its fonts and tables itself, but reaches no network. */
static bool forbid_network(void)
{
    static const int calls[] = {SCMP_SYS(socket),
                                SCMP_SYS(socketpair),
                                SCMP_SYS(connect),
                                SCMP_SYS(bind),
                                SCMP_SYS(ptrace),
                                SCMP_SYS(process_vm_readv),
                                SCMP_SYS(process_vm_writev),
                                SCMP_SYS(kill),
                                SCMP_SYS(unlink),
                                SCMP_SYS(unlinkat),
                                SCMP_SYS(rename),
                                SCMP_SYS(renameat2)};
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    bool ok = filter;
    for (size_t i = 0; i < sizeof calls / sizeof *calls && ok; i++)
        ok = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), calls[i], 0) == 0;
    ok = ok && seccomp_load(filter) == 0;
    seccomp_release(filter);
    return ok;
}

struct task {
    struct str name;
    struct document document;
};

static enum err read_input(struct ctx *c, struct str name, struct str *ret)
{
    struct stat st;
    if (fstat(STDIN_FILENO, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size > DOCUMENT_BYTES)
        return FAIL_AT(c, E_IO, name, 0, "không đọc được tệp (cannot be read)");
    char *content = NEWN(c->arena, char, (size_t)st.st_size + 1);
    size_t n = 0;
    for (ssize_t got = 1; n < (size_t)st.st_size && got != 0; n += (size_t)got) {
        got = pread(STDIN_FILENO, content + n, (size_t)st.st_size - n, (off_t)n);
        if (got < 0)
            return FAIL_AT(c, E_IO, name, 0, "không đọc được tệp (cannot be read): %s", os_reason(errno));
    }
    *ret = (struct str){content, n};
    return OK;
}

static enum err work(struct ctx *c, void *arg)
{
    struct task *t = arg;
    struct str content, words = {NULL, 0};
    TRY(read_input(c, t->name, &content));
    if (document_kind_of(content, t->name) == DOCUMENT_PDF) {
        if (!forbid_network())
            return FAIL_AT(c, E_IO, t->name, 0, "không khóa được tiến trình đọc tài liệu (cannot be confined)");
        TRY(pdf_words(c, content, t->name, &words));
    }
    if (!child_lock_down())
        return FAIL_AT(c, E_IO, t->name, 0, "không khóa được tiến trình đọc tài liệu (cannot be confined)");
    return document_parse_words(c, content, t->name, words, &t->document);
}

int document_child(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    set_limits();
    struct arena arena, answer;
    arena_init(&arena, ARENA_BYTES);
    arena_init(&answer, 1 << 20);
    struct ctx c = {.arena = &arena, .source = source_system()};
    struct task task = {.name = str_eq(str_of(argv[2]), S("markdown")) ? S("a.md") : S("a.txt")};
    enum err failed = ctx_run(&c, work, &task);
    struct out out;
    out_init_fd(&out, &answer, STDOUT_FILENO, WIRE_BYTES);
    wire_write(&out, &c, failed, &task.document);
    /* Nothing is given back: the process ends here. */
    _exit(out_flush(&out) ? 0 : 1);
}

/* The parent. */

struct child {
    pid_t pid;
    int file, from; /* -1 when closed */
};

static void close_one(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* End what is still running; give its wait status, or -1. */
static int end_child(struct child *child)
{
    int status = -1;
    close_one(&child->file);
    close_one(&child->from);
    if (child->pid > 0) {
        kill(child->pid, SIGKILL);
        while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
            ;
    }
    child->pid = 0;
    return status;
}

static void end_child_at_last(void *arg)
{
    end_child(arg);
}

static enum err open_file(struct ctx *c, struct str path, int *ret)
{
    *ret = open(str_z(c->arena, path), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    struct stat st;
    if (*ret < 0)
        return FAIL_AT(c, errno == ENOENT || errno == ENOTDIR ? E_NOTFOUND : E_IO, path, 0,
                       "không mở được tệp (cannot be opened): %s", os_reason(errno));
    if (fstat(*ret, &st) < 0)
        return FAIL_AT(c, E_IO, path, 0, "không đọc được tệp (cannot be read): %s", os_reason(errno));
    if (S_ISDIR(st.st_mode))
        return FAIL_AT(c, E_INVALID, path, 0, "không đọc được: %s", os_reason(EISDIR));
    if (!S_ISREG(st.st_mode))
        return FAIL_AT(c, E_INVALID, path, 0, "không phải một tệp thường (not a regular file)");
    if (st.st_size > DOCUMENT_BYTES)
        return FAIL_AT(c, E_LIMIT, path, 0, "tệp lớn hơn 64 MB (file too large)");
    return OK;
}

static int spawn(struct child *child, int to, bool markdown)
{
    char *const argv[] = {(char *)"hoalu", (char *)"document-child", (char *)(markdown ? "markdown" : "text"), NULL};
    char *const env[] = {(char *)"PATH=/usr/local/bin:/usr/bin:/bin", (char *)"LC_ALL=C.UTF-8", NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_adddup2(&actions, child->file, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, to, STDOUT_FILENO);
#ifndef __SANITIZE_ADDRESS__
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
#endif
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    pid_t pid = 0;
    int why = posix_spawn(&pid, "/proc/self/exe", &actions, &attributes, argv, env);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    child->pid = why ? 0 : pid;
    return why;
}

static int64_t monotonic_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* All that the child says, until it closes its end. False past the deadline or the largest answer. */
static bool collect(struct child *child, struct out *answer)
{
    int64_t deadline = monotonic_ms() + WALL_MS;
    char buffer[64 << 10];
    for (;;) {
        int64_t left = deadline - monotonic_ms();
        struct pollfd ready = {.fd = child->from, .events = POLLIN};
        int n = left > 0 ? poll(&ready, 1, (int)left) : 0;
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        ssize_t got = read(child->from, buffer, sizeof buffer);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return true;
        out_put(answer, (struct str){buffer, (size_t)got});
        if (answer->failed)
            return false;
    }
}

static enum err fail_died(struct ctx *c, struct str name, int status, bool in_time)
{
    bool slow = !in_time || (WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL));
    if (slow)
        return FAIL_AT(c, E_LIMIT, name, 0,
                       "đọc tài liệu quá lâu hoặc kết quả quá lớn nên đã dừng (too slow or too large)");
    return FAIL_AT(c, E_INVALID, name, 0,
                   "bộ đọc tài liệu gặp lỗi với tệp này nên đã dừng (the reader failed on this file)");
}

static struct child *new_child(struct ctx *c)
{
    struct child *child = NEW(c->arena, struct child);
    *child = (struct child){.file = -1, .from = -1};
    arena_defer(c->arena, end_child_at_last)->arg = child;
    return child;
}

/* Have the open file child->file read. */
static enum err read_open(struct ctx *c, struct child *child, struct str name, struct document *ret)
{
    struct out answer;
    out_init(&answer, c->arena, WIRE_BYTES);
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0) {
        int why = errno;
        end_child(child);
        return FAIL_AT(c, E_IO, name, 0, "không đọc được tệp (cannot be read): %s", os_reason(why));
    }
    child->from = ends[0];
    int why = spawn(child, ends[1], document_kind_of(S(""), name) == DOCUMENT_MARKDOWN);
    close(ends[1]);
    if (why) {
        end_child(child);
        return FAIL_AT(c, E_IO, name, 0, "không chạy được bộ đọc tài liệu (the reader cannot be started): %s",
                       os_reason(why));
    }
    bool in_time = collect(child, &answer), sound = false;
    int status = end_child(child);
    enum err failed = wire_read(c, out_str(&answer), name, ret, &sound);
    return sound && in_time ? failed : fail_died(c, name, status, in_time);
}

enum err document_read(struct ctx *c, struct str path, struct document *ret)
{
    struct child *child = new_child(c);
    enum err failed = open_file(c, path, &child->file);
    if (failed) {
        end_child(child);
        return failed;
    }
    TRY(read_open(c, child, str_dup(c->arena, document_base_name(path)), ret));
    return refuse_sheet(c, ret);
}

static enum err read_bytes(struct ctx *c, struct str content, struct str name, struct document *ret)
{
    name = str_dup(c->arena, document_base_name(name));
    if (content.n > DOCUMENT_BYTES)
        return FAIL_AT(c, E_LIMIT, name, 0, "tệp lớn hơn 64 MB (file too large)");
    struct child *child = new_child(c);
    child->file = memfd_create("document", MFD_CLOEXEC);
    for (size_t at = 0; child->file >= 0 && at < content.n;) {
        ssize_t put = write(child->file, content.p + at, content.n - at);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            close_one(&child->file);
        else
            at += (size_t)put;
    }
    if (child->file < 0 || lseek(child->file, 0, SEEK_SET) < 0) {
        end_child(child);
        return FAIL_AT(c, E_IO, name, 0, "không đọc được tệp (cannot be read)");
    }
    return read_open(c, child, name, ret);
}

enum err document_read_bytes(struct ctx *c, struct str content, struct str name, struct document *ret)
{
    TRY(read_bytes(c, content, name, ret));
    return refuse_sheet(c, ret);
}

enum err grid_read(struct ctx *c, struct str content, struct str name, struct grid *ret)
{
    struct document d;
    if (!str_starts(content, S("PK\3\4")) && !str_starts(content, S("PK\5\6"))) {
        struct csv csv;
        TRY(csv_read(c, content, document_base_name(name), &csv));
        *ret = (struct grid){.rows = csv.rows, .lines = csv.lines, .n = csv.n};
        return OK;
    }
    TRY(read_bytes(c, content, name, &d));
    return grid_of(c, &d, ret);
}
