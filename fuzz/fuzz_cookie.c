/* What a request says of who asks: a target on the first line, then headers. A cookie is read without blanks and
 * semicolons; what is no token opens nothing and asks no store; a token is 43 letters and one hash. The address that a
 * proxy passes on is one hop, without control characters. Wrong attempts run out, however they are called. A line of
 * the log is one line of text. An address to come back to is local, and read again it is the same. */
#include "fuzz/fuzz.h"

#include "domain/access/secret.h"
#include "front/gate/gate.h"
#include "front/http/request.h"
#include "front/web/html.h"

#include <sys/mman.h>
#include <unistd.h>

#include "base/banned.h"

enum { HOUR_US = 3600 * 1000 * 1000u, WRONG_MAX = 5, LINE_AT_MOST = 3072 };

/* Made once: the tables of a gate are large. */
struct place {
    struct arena arena;
    struct gate gate;
    int file;
    int64_t now;
};

static struct place *place(void)
{
    static struct place p;
    if (p.now)
        return &p;
    struct ctx c = fuzz_ctx(&p.arena);
    char name[64];
    p.file = memfd_create("security", 0);
    HOLDS(p.file >= 0);
    snprintf(name, sizeof name, "/proc/self/fd/%d", p.file);
    gate_init(&p.gate, &p.arena, c.source, S("none.db"), NULL);
    p.gate.behind_proxy = true;
    HOLDS(security_open(&c, &p.arena, str_of(name), &p.gate.security) == OK);
    p.now = fuzz_now(NULL);
    return &p;
}

static bool is_letter_of_token(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') || ch == '-' || ch == '_';
}

static bool check_token(struct str s)
{
    struct token_hash h, again;
    if (!token_hash(s, &h))
        return false;
    HOLDS(s.n == ACCESS_TOKEN);
    for (size_t i = 0; i < s.n; i++)
        HOLDS(is_letter_of_token(s.p[i]));
    HOLDS(token_hash(s, &again) && memcmp(&h, &again, sizeof h) == 0);
    return true;
}

static bool check_cookie(const struct request *r, const char *name)
{
    struct str cookie = request_cookie(r, name);
    if (!cookie.p)
        return false;
    HOLDS(!memchr(cookie.p, ';', cookie.n) || !cookie.n);
    HOLDS(str_eq(str_trim(cookie), cookie));
    return check_token(cookie);
}

/* The log has one more line, which a reader of lines and a terminal take for nothing else. */
static void check_line(struct ctx *c, struct place *p, struct str account, struct str address, struct str detail)
{
    char line[LINE_AT_MOST + 1];
    HOLDS(ftruncate(p->file, 0) == 0);
    security_tell(c, p->gate.security, "signin.failed", "refused", account, address, detail);
    ssize_t n = pread(p->file, line, sizeof line, 0);
    HOLDS(n > 0 && n <= LINE_AT_MOST && line[n - 1] == '\n');
    HOLDS(str_is_utf8((struct str){line, (size_t)n}, NULL));
    for (ssize_t i = 0; i < n - 1; i++) {
        unsigned char byte = (unsigned char)line[i], next = (unsigned char)line[i + 1];
        HOLDS(byte >= ' ' && byte != 127 && !(byte == 0xC2 && next < 0xA0));
    }
    HOLDS(!str_has((struct str){line, (size_t)n}, S("\xE2\x80\xA8")));
}

static void check_attempts(struct place *p, const struct attempt *a)
{
    p->now += (int64_t)2 * HOUR_US; /* all before is forgotten */
    for (int i = 0; i < WRONG_MAX; i++)
        HOLDS(attempts_begin(p->gate.attempts, p->now, a) == 0);
    HOLDS(attempts_begin(p->gate.attempts, p->now, a) > 0);
    attempts_forgive(p->gate.attempts, a);
    HOLDS(attempts_begin(p->gate.attempts, p->now, a) == 0);
}

static void check_visit(struct ctx *c, struct place *p, const struct request *r)
{
    struct visit visit;
    struct str bearer = request_header(r, "Authorization");
    bool session = check_cookie(r, gate_cookie(&p->gate));
    check_cookie(r, gate_device_cookie(&p->gate));
    check_cookie(r, "lang");
    if (bearer.n > 13 && check_token(str_trim(str_skip(bearer, 13)))) /* "Bearer hoalu_" */
        return;
    if (session)
        return; /* the store would be asked */
    HOLDS(ftruncate(p->file, 0) == 0);
    enum err e = gate_enter(c, &p->gate, r, &visit);
    HOLDS(e == OK || e == E_SIGN_IN);
    HOLDS(!c->viewer && !c->actor.name.n && !visit.token.n && !visit.half && !visit.csrf[0]);
    HOLDS(visit.address.n > 0 && !memchr(visit.address.p, ',', visit.address.n) && is_plain(visit.address));
    HOLDS(str_eq(visit.address, r->peer) || visit.address.n <= 64);
    check_line(c, p, visit.agent, visit.address, r->path);
    check_line(c, p, bearer, visit.agent, request_header(r, "Cookie"));
    check_attempts(p, &(struct attempt){.account = visit.agent, .address = visit.address});
}

static void check_address(struct ctx *c, const struct request *r)
{
    struct target again;
    struct url where;
    struct str next = gate_address(c, r);
    if (!next.n || str_starts(r->path, S("//")))
        return;
    HOLDS(url_local(c->arena, next, &where) && str_eq(where.s, next));
    if (next.n > TARGET_MAX)
        return;
    HOLDS(target_read(c->arena, next, &again) == REFUSE_NOT);
    HOLDS(str_eq(again.path, r->path) && again.query.n == r->query.n);
    for (size_t i = 0; i < again.query.n; i++)
        HOLDS(str_eq(again.query.v[i].name, r->query.v[i].name) && str_eq(again.query.v[i].value, r->query.v[i].value));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct place *p = place();
    struct arena arena;
    struct ctx c = fuzz_ctx(&arena);
    struct str rest = {(const char *)data, n}, line, name;
    struct target target;
    struct http_pairs headers = {0};
    struct framing framing;
    bool has_target = str_cut(&rest, '\n', &line) && target_read(&arena, line, &target) == REFUSE_NOT;
    *PUSH(&arena, &headers) = (struct http_pair){S("Host"), S("localhost")};
    while (headers.n <= HEADER_COUNT_MAX && rest.p && str_cut(&rest, '\n', &line) && str_cut(&line, ':', &name))
        *PUSH(&arena, &headers) = (struct http_pair){name, line.p ? str_trim(line) : S("")};
    if (has_target && headers_check(&headers, (struct str){0}, true, &framing) == REFUSE_NOT) {
        struct request r = {.path = target.path, .query = target.query, .peer = S("127.0.0.1"), .own = &headers};
        check_visit(&c, p, &r);
        check_address(&c, &r);
    }
    arena_reset(&arena);
    return 0;
}
