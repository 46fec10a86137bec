/* What other readers feel while somebody ill-treats the server: their p50 and p99 at rest and under each attack, in one
 * run against one `hoalu serve` with the shipped plan. Rest and attack take turns, so that whatever else the machine
 * does falls on both.
 *
 *     bench-hostile [TURNS [SECONDS [WORDS]]]      of each attack whose name has the words, 7 turns of 1 s; in the
 *                                                  source tree, with build/hoalu
 *
 * 16 readers on connections of their own each ask for a page 25 times a second. Attacks are processes of their own that
 * come from another loopback address. What is measured is what the server does about them, not how programs share a
 * processor: the server has the first core for itself, readers and attackers have the last, and attackers run there
 * only while no reader wants to. The p99 of a turn is compared by the median over the turns. Exit 1 if a reader was not
 * answered, or a p99 was over 3 times that at rest (2 times, while people sign in). */
#include "base/str.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/banned.h"

enum {
    READERS = 16,
    PERIOD_US = 40000,
    SAMPLES = 1 << 14,
    IDLE = 10000,
    SLOW = 500,
    PIECE = 64 << 10,
    TURNS_MAX = 100
};

extern char **environ;

static _Noreturn void give_up(const char *what)
{
    fprintf(stderr, "bench-hostile: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void sleep_us(int64_t us)
{
    if (us > 0)
        nanosleep(&(struct timespec){us / 1000000, us % 1000000 * 1000}, NULL);
}

/* From 127.0.0.`last`; -1 if the server takes no more. */
static int dial(unsigned port, unsigned char last)
{
    struct sockaddr_in from = {.sin_family = AF_INET}, to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    from.sin_addr.s_addr = htonl(INADDR_LOOPBACK - 1 + last);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int yes = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct timeval limit = {10, 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
    if (fd >= 0 && bind(fd, (struct sockaddr *)&from, sizeof from) == 0 &&
        connect(fd, (struct sockaddr *)&to, sizeof to) == 0)
        return fd;
    close(fd);
    return -1;
}

static bool say(int fd, struct str text)
{
    while (text.n) {
        ssize_t n = send(fd, text.p, text.n, MSG_NOSIGNAL);
        if (n <= 0)
            return false;
        text = str_skip(text, (size_t)n);
    }
    return true;
}

/* --- readers ------------------------------------------------------------------------------------------------------ */

struct reader {
    pthread_t thread;
    unsigned port, n_failed;
    const char *ask; /* a page, as somebody who has signed in */
    size_t n;
    int64_t begin, end;
    double ms[SAMPLES];
};

/* One whole answer of a kept connection. */
static bool answered(int fd, char *buffer, size_t cap)
{
    size_t n = 0, want = cap;
    while (n < want) {
        ssize_t got = recv(fd, buffer + n, cap - n, 0);
        if (got <= 0)
            return false;
        n += (size_t)got;
        struct str all = {buffer, n}, rest, number;
        size_t head = str_find(all, S("\r\n\r\n"), 0), at = str_find(all, S("Content-Length: "), 0);
        int64_t length;
        if (head == SIZE_MAX || at == SIZE_MAX)
            continue;
        rest = str_skip(all, at + strlen("Content-Length: "));
        if (!str_cut(&rest, '\r', &number) || !str_i64(number, &length))
            return false;
        want = head + 4 + (size_t)length;
    }
    return str_starts((struct str){buffer, n}, S("HTTP/1.1 200 "));
}

static void *read_on(void *arg)
{
    struct reader *r = arg;
    enum { CAP = 1 << 20 };
    char *buffer = NULL;
    struct str ask = str_of(r->ask);
    if (posix_memalign((void **)&buffer, 64, CAP))
        give_up("memory");
    int fd = dial(r->port, 1);
    for (int64_t at = r->begin; at < r->end; at += PERIOD_US) {
        sleep_us(at - now_us());
        int64_t asked = now_us();
        if (fd < 0)
            fd = dial(r->port, 1);
        if (fd >= 0 && say(fd, ask) && answered(fd, buffer, CAP)) {
            if (r->n < SAMPLES)
                r->ms[r->n++] = (double)(now_us() - asked) / 1e3;
        } else {
            r->n_failed++;
            close(fd);
            fd = -1;
        }
    }
    close(fd);
    free(buffer);
    return NULL;
}

/* What readers felt in a turn, and of the turns so far. */
struct felt {
    size_t n, n_turns;
    unsigned failed;
    double ms[READERS * SAMPLES], p50[TURNS_MAX], p99[TURNS_MAX];
};

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *v, size_t n)
{
    qsort(v, n, sizeof *v, by_size);
    return n ? v[n / 2] : 0;
}

/* What readers ask; serve() fills in who they are. */
struct asked {
    unsigned port;
    char text[512];
};

static void measure(const struct asked *asked, double seconds, struct felt *felt)
{
    static struct reader readers[READERS];
    int64_t begin = now_us() + 20000;
    felt->n = 0;
    for (int i = 0; i < READERS; i++) {
        readers[i].port = asked->port;
        readers[i].ask = asked->text;
        readers[i].n = readers[i].n_failed = 0;
        readers[i].begin = begin + i * PERIOD_US / READERS;
        readers[i].end = begin + (int64_t)(seconds * 1e6);
        if (pthread_create(&readers[i].thread, NULL, read_on, &readers[i]))
            give_up("a reader");
    }
    for (int i = 0; i < READERS; i++) {
        pthread_join(readers[i].thread, NULL);
        for (size_t k = 0; k < readers[i].n && felt->n < READERS * SAMPLES; k++)
            felt->ms[felt->n++] = readers[i].ms[k];
        felt->failed += readers[i].n_failed;
    }
    qsort(felt->ms, felt->n, sizeof *felt->ms, by_size);
    felt->p50[felt->n_turns] = felt->n ? felt->ms[felt->n / 2] : 0;
    felt->p99[felt->n_turns++] = felt->n ? felt->ms[felt->n * 99 / 100] : 0;
}

/* --- attacks: each runs until it is killed ------------------------------------------------------------------------ */

/* Many connections that begin well and then get one byte every 50 ms; those that are closed come again. */
static void dribble(unsigned port, struct str head, char byte)
{
    static int fds[SLOW];
    memset(fds, -1, sizeof fds);
    for (;;) {
        for (int i = 0; i < SLOW; i++) {
            if (fds[i] >= 0 && send(fds[i], &byte, 1, MSG_NOSIGNAL | MSG_DONTWAIT) == 1)
                continue;
            close(fds[i]);
            fds[i] = dial(port, 2);
            if (fds[i] >= 0)
                say(fds[i], head);
        }
        sleep_us(50000);
    }
}

static void dribble_headers(unsigned port)
{
    dribble(port, S("GET / HTTP/1.1\r\nHost: localhost\r\nX: "), 'y');
}

static void dribble_body(unsigned port)
{
    dribble(port, S("POST /api/plan.list HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n"), ' ');
}

/* Say it on a new connection, wait for the end, and again. */
static void say_again_and_again(unsigned port, const struct str *texts, size_t n)
{
    char waste[16 << 10];
    for (size_t i = 0;; i++) {
        int fd = dial(port, 2);
        if (fd >= 0 && say(fd, texts[i % n]))
            while (recv(fd, waste, sizeof waste, 0) > 0)
                ;
        close(fd);
        sleep_us(500);
    }
}

static void lengths(unsigned port)
{
    static const struct str texts[] = {
        S0("POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"),
        S0("POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET "
           "/b "
           "HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        S0("POST /a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: "
           "chunked\r\n\r\n0\r\n"
           "\r\n")};
    say_again_and_again(port, texts, 3);
}

static void bad_targets(unsigned port)
{
    static const struct str texts[] = {S0("GET /a%00b HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                                       S0("GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                                       S0("GET /%2e%2e/x HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                                       S0("GET /%c0%af HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                                       S0("GET /\xff HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                                       S0("GET /a\0b HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                                       S0("GET /plans HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nRange: "
                                          "bytes=0-0,1-1,2-2,-1,5-,0-18446744073709551615\r\n\r\n")};
    say_again_and_again(port, texts, 7);
}

static void big_body(unsigned port)
{
    static char piece[PIECE];
    struct str heads[] = {S("POST /api/plan.list HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20971520\r\n\r\n"),
                          S("POST /api/plan.list HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")};
    for (int i = 0;; i++) {
        int fd = dial(port, 2);
        bool good = fd >= 0 && say(fd, heads[i % 2]);
        for (size_t sent = 0; good && sent < 20u << 20; sent += PIECE)
            good = (i % 2 == 0 || say(fd, S("10000\r\n"))) && say(fd, (struct str){piece, PIECE}) &&
                   (i % 2 == 0 || say(fd, S("\r\n")));
        close(fd);
    }
}

static void many_headers(unsigned port)
{
    for (;; sleep_us(500)) {
        int fd = dial(port, 2);
        bool good = fd >= 0 && say(fd, S("GET / HTTP/1.1\r\nHost: localhost\r\n"));
        for (int i = 0; good && i < 100000; i++)
            good = say(fd, S("X-Header: some value\r\n"));
        close(fd);
    }
}

static void *swallow(void *arg)
{
    char waste[64 << 10];
    while (recv(*(int *)arg, waste, sizeof waste, 0) > 0)
        ;
    return NULL;
}

/* A thousand requests before the first answer is read, on one connection after another. */
static void pipeline(unsigned port)
{
    static char text[1000 * 64];
    size_t n = 0;
    for (int i = 0; i < 1000; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "GET /healthz?%d HTTP/1.1\r\nHost: localhost\r\n\r\n", i);
    for (;; sleep_us(500)) {
        pthread_t reading;
        int fd = dial(port, 2);
        if (fd < 0 || pthread_create(&reading, NULL, swallow, &fd))
            continue;
        say(fd, (struct str){text, n});
        shutdown(fd, SHUT_WR);
        pthread_join(reading, NULL);
        close(fd);
    }
}

static void hold(unsigned port, unsigned want, struct str first)
{
    unsigned n = 0;
    for (unsigned char from = 2; n < want; n++) {
        int fd = dial(port, from);
        if (fd < 0)
            break;
        if (first.n)
            say(fd, first);
        if (n % 1000 == 999)
            from++;
    }
    if (n < want)
        fprintf(stderr, "    only %u of %u are held\n", n, want);
    for (;;)
        pause();
}

static void idle(unsigned port)
{
    hold(port, IDLE, S(""));
}

static void listeners(unsigned port)
{
    hold(port, 1000, S("GET /events?after=0 HTTP/1.1\r\nHost: localhost\r\n\r\n"));
}

/* Eight o'clock: so many people at once, each from a machine of their own, and each again when answered. A name that is
 * nobody's costs the server as much as a right password, and needs no account to be made first. */
static void sign_ins(unsigned port)
{
    enum { PEOPLE = 200, CAP = 64 << 10 };
    static struct pollfd waiting[PEOPLE];
    static char answer[CAP];
    char body[64], text[512];
    for (unsigned i = 0; i < PEOPLE; i++)
        waiting[i].fd = -1;
    for (unsigned round = 0;; round++)
        for (unsigned i = 0; i < PEOPLE; i++) {
            if (waiting[i].fd >= 0 && poll(&waiting[i], 1, round % PEOPLE == i ? 1 : 0) <= 0)
                continue;
            if (waiting[i].fd >= 0)
                while (recv(waiting[i].fd, answer, sizeof answer, 0) > 0)
                    ;
            if (waiting[i].fd >= 0)
                close(waiting[i].fd);
            int n = snprintf(body, sizeof body, "name=nguoi.%u.%u&password=mot+cau+de+nho", i, round);
            snprintf(
                text, sizeof text,
                "POST /signin HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nConnection: close\r\nContent-Type: "
                "application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s",
                n, body);
            waiting[i] = (struct pollfd){.fd = dial(port, (unsigned char)(2 + i)), .events = POLLIN};
            if (waiting[i].fd >= 0)
                say(waiting[i].fd, str_of(text));
        }
}

static const struct {
    const char *name;
    void (*run)(unsigned port);
    unsigned processes, warm_ms;
    double most; /* times the p99 at rest; 0: 3 */
} attacks[] = {
    {"200 sign-ins waiting", sign_ins, 1, 500, 2},
    {"500 headers, a byte at a time", dribble_headers, 1, 300},
    {"500 bodies, a byte at a time", dribble_body, 1, 300},
    {"two lengths, or one and a coding", lengths, 4, 300},
    {"NUL, .., bad UTF-8, ranges", bad_targets, 4, 300},
    {"20 MB to a limit of 8 MB", big_body, 4, 300},
    {"100,000 headers", many_headers, 4, 300},
    {"1,000 requests at once, again and again", pipeline, 4, 300},
    {"10,000 idle connections", idle, 1, 1500},
    {"1,000 listeners who read nothing", listeners, 1, 500},
};

static void keep_to_core(long core)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET((size_t)core, &set);
    sched_setaffinity(0, sizeof set, &set);
}

static void begin_attack(unsigned port, size_t k, pid_t *children)
{
    for (unsigned i = 0; i < attacks[k].processes; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            struct sched_param none = {0};
            sched_setscheduler(0, SCHED_IDLE, &none);
            attacks[k].run(port);
            _exit(1);
        }
    }
    sleep_us(attacks[k].warm_ms * 1000);
}

static void end_attack(size_t k, const pid_t *children)
{
    for (unsigned i = 0; i < attacks[k].processes; i++) {
        kill(children[i], SIGKILL);
        waitpid(children[i], NULL, 0);
    }
    sleep_us(200000);
}

static bool under_attack(const struct asked *asked, size_t k, unsigned turns, double seconds)
{
    static struct felt rest, attacked;
    pid_t children[8];
    rest.n_turns = rest.failed = attacked.n_turns = attacked.failed = 0;
    for (unsigned i = 0; i < turns; i++) {
        measure(asked, seconds, &rest);
        begin_attack(asked->port, k, children);
        measure(asked, seconds, &attacked);
        end_attack(k, children);
    }
    double before = median(rest.p99, turns), during = median(attacked.p99, turns);
    double most = attacks[k].most > 0 ? attacks[k].most : 3;
    bool good = !rest.failed && !attacked.failed && during <= most * before;
    printf("  %-40s p50 %6.2f  p99 %6.2f  at rest p50 %6.2f  p99 %6.2f  %5.1f x%s\n", attacks[k].name,
           median(attacked.p50, turns), during, median(rest.p50, turns), before, during / before,
           rest.failed || attacked.failed ? "  NOT ANSWERED"
           : good                         ? ""
                                          : "  over the limit");
    return good;
}

/* --- the server --------------------------------------------------------------------------------------------------- */

static pid_t spawn(const char *const *argv, int out)
{
    posix_spawn_file_actions_t actions;
    pid_t child;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    int failed = posix_spawn(&child, argv[0], &actions, NULL, (char *const *)argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed)
        give_up(argv[0]);
    return child;
}

/* Run to its end; the first line it says. */
static void do_first(const char *const *argv, char *line, size_t cap)
{
    int status, out[2];
    if (pipe2(out, O_CLOEXEC) || waitpid(spawn(argv, out[1]), &status, 0) < 0 || status)
        give_up(argv[1]);
    ssize_t n = read(out[0], line, cap - 1);
    line[n > 0 ? n : 0] = 0;
    line[strcspn(line, "\n")] = 0;
    close(out[0]);
    close(out[1]);
}

static pid_t serve(const char *store, struct asked *ret)
{
    const char *load[] = {"build/hoalu", "plan", "load", "data/plans/ninh-binh-06-nq-tu.md", "--store", store, NULL},
               *user[] = {"build/hoalu", "user", "add", "nguoi.doc", "--role", "viewer", "--store", store, NULL},
               *token[] = {"build/hoalu", "token", "add", "nguoi.doc", "--store", store, NULL};
    const char *run[] = {"build/hoalu",
                         "serve",
                         "--store",
                         store,
                         "--listen",
                         "127.0.0.1:0",
                         "--connections",
                         "12000",
                         "--connections-of-peer",
                         "12000",
                         "--security-log",
                         "/dev/null",
                         NULL};
    char line[4096];
    int out[2];
    do_first(load, line, sizeof line);
    do_first(user, line, sizeof line);
    do_first(token, line, sizeof line);
    snprintf(ret->text, sizeof ret->text,
             "GET /plans/06-nq-tu/clauses/III.3.3 HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nAuthorization: "
             "Bearer %.*s\r\n\r\n",
             200, line);
    if (pipe2(out, O_CLOEXEC))
        give_up("pipe");
    pid_t server = spawn(run, out[1]);
    ssize_t n = read(out[0], line, sizeof line - 1);
    line[n > 0 ? n : 0] = 0;
    const char *at = strstr(line, "127.0.0.1:");
    if (!at || sscanf(at, "127.0.0.1:%u", &ret->port) != 1)
        give_up("hoalu serve");
    return server;
}

int main(int argc, char **argv)
{
    unsigned turns = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 7;
    double seconds = argc > 2 ? strtod(argv[2], NULL) : 1;
    char folder[] = "/tmp/hoalu-bench-XXXXXX", store[64], name[80];
    struct asked asked;
    bool good = true;
    struct rlimit files;
    if (turns > TURNS_MAX)
        turns = TURNS_MAX;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    if (!mkdtemp(folder))
        give_up(folder);
    snprintf(store, sizeof store, "%s/k.db", folder);
    keep_to_core(0);
    pid_t server = serve(store, &asked);
    keep_to_core(sysconf(_SC_NPROCESSORS_ONLN) - 1);
    static struct felt first;
    measure(&asked, 1, &first);
    printf("%d readers, %d pages a second each, milliseconds; %ld descriptors allowed\n", READERS, 1000000 / PERIOD_US,
           (long)files.rlim_cur);
    fflush(stdout);
    for (size_t k = 0; k < sizeof attacks / sizeof *attacks; k++) {
        if (argc > 3 && !strstr(attacks[k].name, argv[3]))
            continue;
        good = under_attack(&asked, k, turns, seconds) && good;
        fflush(stdout);
    }
    kill(server, SIGTERM);
    int status;
    waitpid(server, &status, 0);
    static const char *const suffixes[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "%s%s", store, suffixes[i]);
        unlink(name);
    }
    rmdir(folder);
    return good && status == 0 ? 0 : 1;
}
