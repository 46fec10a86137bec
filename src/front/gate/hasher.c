#include "front/gate/hasher.h"

#include <errno.h>
#include <pthread.h>
#include <seccomp.h>
#include <signal.h>
#include <spawn.h>
#include <sodium.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/banned.h"

/* A tenth of what others get: on a machine that is busy for good, people still come in. */
enum { KEPT_MAX = 128, WAIT_S = 30, CHILD_BYTES = 1 << 20, NICENESS = 10 };

/* One datagram each way, between two processes of one program. */
struct question {
    bool fits; /* else: hash it */
    size_t kept_n, password_n;
    char kept[KEPT_MAX], password[ACCESS_PASSWORD_MAX];
};
struct reply {
    bool done, fits;
    char hash[KEPT_MAX];
};

struct child {
    pid_t pid; /* 0: none */
    int fd;
    bool busy;
};

struct hasher {
    pthread_mutex_t lock;
    pthread_cond_t freed;
    struct child children[HASHER_CHILDREN];
};

/* --- children ---------------------------------------------------------------------------------------------------- */

static void end_child(struct child *child)
{
    int status;
    if (!child->pid)
        return;
    close(child->fd);
    kill(child->pid, SIGKILL);
    while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
        ;
    child->pid = 0;
}

static bool start_child(struct child *child)
{
    char *const argv[] = {(char *)"hoalu", (char *)"password-child", NULL}, *const env[] = {NULL};
    posix_spawn_file_actions_t actions;
    struct timeval limit = {WAIT_S, 0};
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
        return false;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDIN_FILENO);
    int failed = posix_spawn(&child->pid, "/proc/self/exe", &actions, NULL, argv, env);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    child->fd = ends[0];
    setsockopt(child->fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (failed) {
        close(child->fd);
        child->pid = 0;
    }
    return !failed;
}

static void end(void *arg)
{
    struct hasher *h = arg;
    for (size_t i = 0; i < HASHER_CHILDREN; i++)
        end_child(&h->children[i]);
    pthread_cond_destroy(&h->freed);
    pthread_mutex_destroy(&h->lock);
}

struct hasher *hasher_new(struct arena *owner)
{
    struct arena_defer *d = arena_defer(owner, end);
    struct hasher *h = NEW(owner, struct hasher);
    pthread_mutex_init(&h->lock, NULL);
    pthread_cond_init(&h->freed, NULL);
    d->arg = h;
    return h;
}

/* --- asking ------------------------------------------------------------------------------------------------------ */

static struct child *take(struct hasher *h)
{
    pthread_mutex_lock(&h->lock);
    for (;;) {
        for (size_t i = 0; i < HASHER_CHILDREN; i++)
            if (!h->children[i].busy) {
                h->children[i].busy = true;
                pthread_mutex_unlock(&h->lock);
                return &h->children[i];
            }
        pthread_cond_wait(&h->freed, &h->lock);
    }
}

static void give_back(struct hasher *h, struct child *child)
{
    pthread_mutex_lock(&h->lock);
    child->busy = false;
    pthread_cond_signal(&h->freed);
    pthread_mutex_unlock(&h->lock);
}

static enum err ask(struct ctx *c, struct hasher *h, const struct question *q, struct reply *ret)
{
    struct child *child = take(h);
    bool done = (child->pid || start_child(child)) && send(child->fd, q, sizeof *q, MSG_NOSIGNAL) == sizeof *q &&
                recv(child->fd, ret, sizeof *ret, 0) == sizeof *ret && ret->done;
    if (!done)
        end_child(child);
    give_back(h, child);
    return done ? OK : FAIL(c, E_BUSY, "không băm được mật khẩu, hãy thử lại (the password could not be hashed)");
}

enum err hasher_fits(struct ctx *c, struct hasher *h, struct str kept, struct str password, bool *ret)
{
    struct question q = {.fits = true, .kept_n = kept.n, .password_n = password.n};
    struct reply reply = {0};
    *ret = false;
    if (!h || kept.n > KEPT_MAX || password.n > ACCESS_PASSWORD_MAX) {
        *ret = access_password_fits(c, kept, password);
        return OK;
    }
    if (kept.n)
        memcpy(q.kept, kept.p, kept.n);
    if (password.n)
        memcpy(q.password, password.p, password.n);
    enum err e = ask(c, h, &q, &reply);
    sodium_memzero(&q, sizeof q);
    *ret = !e && reply.fits;
    return e;
}

enum err hasher_hash(struct ctx *c, struct hasher *h, struct str password, struct str *ret)
{
    struct question q = {.password_n = password.n};
    struct reply reply = {0};
    if (!h || password.n > ACCESS_PASSWORD_MAX)
        return access_password_hash(c, password, ret);
    if (password.n)
        memcpy(q.password, password.p, password.n);
    enum err e = ask(c, h, &q, &reply);
    sodium_memzero(&q, sizeof q);
    if (!e)
        *ret = str_dup(c->arena, (struct str){reply.hash, strnlen(reply.hash, KEPT_MAX)});
    return e;
}

/* --- in the child ------------------------------------------------------------------------------------------------ */

/* What memory, chance and the one socket need. */
static bool give_up_rights(void)
{
    static const int allowed[] = {SCMP_SYS(recvfrom),     SCMP_SYS(sendto), SCMP_SYS(mmap),       SCMP_SYS(munmap),
                                  SCMP_SYS(mprotect),     SCMP_SYS(brk),    SCMP_SYS(madvise),    SCMP_SYS(getrandom),
                                  SCMP_SYS(mremap),       SCMP_SYS(futex),  SCMP_SYS(exit_group), SCMP_SYS(exit),
                                  SCMP_SYS(rt_sigreturn), SCMP_SYS(mlock),  SCMP_SYS(munlock),    SCMP_SYS(close)};
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    bool good = filter != NULL;
    for (size_t i = 0; good && i < sizeof allowed / sizeof *allowed; i++)
        good = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0) == 0;
    good = good && seccomp_load(filter) == 0;
    seccomp_release(filter);
    return good;
}

struct answering {
    const struct question *q;
    struct reply *reply;
};

static enum err answer(struct ctx *c, void *arg)
{
    struct answering *a = arg;
    const struct question *q = a->q;
    struct str password = {q->password, q->password_n}, kept = {q->kept_n ? q->kept : NULL, q->kept_n}, hash;
    if (q->fits) {
        a->reply->fits = access_password_fits(c, kept, password);
    } else {
        TRY(access_password_hash(c, password, &hash));
        if (hash.n >= KEPT_MAX)
            return E_LIMIT;
        memcpy(a->reply->hash, hash.p, hash.n);
    }
    a->reply->done = true;
    return OK;
}

int hasher_child(void)
{
    static struct question q;
    struct arena arena;
    signal(SIGINT, SIG_IGN); /* Ctrl+C is for the server */
    setpriority(PRIO_PROCESS, 0, NICENESS);
    if (sodium_init() < 0)
        return 1;
#ifndef __SANITIZE_ADDRESS__
    if (!give_up_rights())
        return 1;
#endif
    for (;;) {
        struct reply reply = {0};
        if (recv(STDIN_FILENO, &q, sizeof q, 0) != sizeof q || q.kept_n > KEPT_MAX ||
            q.password_n > ACCESS_PASSWORD_MAX)
            return 0;
        arena_init(&arena, CHILD_BYTES);
        struct ctx c = {.arena = &arena, .source = source_system()};
        if (ctx_run(&c, answer, &(struct answering){&q, &reply}))
            reply.done = false;
        sodium_memzero(&q, sizeof q);
        arena_reset(&arena);
        if (send(STDIN_FILENO, &reply, sizeof reply, MSG_NOSIGNAL) != sizeof reply)
            return 0;
    }
}
