#include "front/gate/gate.h"

#include "base/period.h"
#include "base/shared.h"
#include "domain/sight/sight.h"
#include "front/http/request.h"

#include <sodium.h>
#include <string.h>

#include "base/banned.h"

enum { KNOWN_BYTES = 16 << 20, SECOND_US = 1000000, SEEN_US = 300000000, HALF_US = 600000000, ADDRESS_MAX = 64 };

static const char BEARER[] = "Bearer ";

void gate_init(struct gate *g, struct arena *owner, struct source source, struct str store, struct writer *writer)
{
    *g = (struct gate){.store = store,
                       .writer = writer,
                       .attempts = attempts_new(owner, source),
                       .known = shelf_new(owner, source, KNOWN_BYTES),
                       .lock = PTHREAD_MUTEX_INITIALIZER};
}

/* --- viewers that are known -------------------------------------------------------------------------------------- */

/* A copy of a viewer in one piece. `half` is a session that still owes its code. */
struct known {
    struct viewer viewer;
    bool half;
    size_t n; /* bytes of text */
    char *text;
};

static struct str keep(struct known *k, struct str s)
{
    if (s.n)
        memcpy(k->text + k->n, s.p, s.n);
    k->n += s.n;
    return (struct str){k->text + k->n - s.n, s.n};
}

static struct known *known_new(const struct viewer *v, bool half, size_t *ret_size)
{
    size_t text = v->account.n + v->full_name.n + v->behalf.n + v->sees.n;
    size_t bodies = v->bodies.n * sizeof *v->bodies.v;
    for (size_t i = 0; i < v->bodies.n; i++)
        text += v->bodies.v[i].org.n;
    struct known *k = shared_new(sizeof *k + bodies + text, NULL);
    if (!k)
        return NULL;
    *ret_size = sizeof *k + bodies + text;
    *k = (struct known){.viewer = *v, .half = half, .text = (char *)(k + 1) + bodies};
    k->viewer.account = keep(k, v->account);
    k->viewer.full_name = keep(k, v->full_name);
    k->viewer.behalf = keep(k, v->behalf);
    k->viewer.sees = keep(k, v->sees);
    k->viewer.bodies.v = (struct viewer_body *)(k + 1);
    for (size_t i = 0; i < v->bodies.n; i++) {
        k->viewer.bodies.v[i] = v->bodies.v[i];
        k->viewer.bodies.v[i].org = keep(k, v->bodies.v[i].org);
    }
    return k;
}

static void drop(void *known)
{
    shared_drop(known);
}

static struct shelf_age age_of(struct ctx *c)
{
    int64_t now = ctx_now(c);
    return (struct shelf_age){now / SECOND_US, day_of_moment(now)};
}

/* --- sessions and tokens ----------------------------------------------------------------------------------------- */

/* Noted here, and told to the store later: nobody waits for the disk because somebody is still there. */
static void seen(struct ctx *c, struct gate *g, struct str token, const struct session *s)
{
    if (!g->writer || ctx_now(c) - s->seen_us < SEEN_US)
        return;
    pthread_mutex_lock(&g->lock);
    if (g->n_seen < GATE_SEEN)
        memcpy(g->seen[g->n_seen++], token.p, ACCESS_TOKEN);
    pthread_mutex_unlock(&g->lock);
}

struct touching {
    char (*tokens)[ACCESS_TOKEN];
    size_t n;
};

static enum err touch(struct ctx *c, void *arg)
{
    const struct touching *t = arg;
    for (size_t i = 0; i < t->n; i++)
        TRY(access_session_seen(c, (struct str){t->tokens[i], ACCESS_TOKEN}));
    return access_session_sweep(c);
}

enum err gate_upkeep(struct ctx *c, void *arg)
{
    struct gate *g = arg;
    struct touching t = {.tokens = arena_alloc(c->arena, ACCESS_TOKEN, 1, GATE_SEEN)};
    pthread_mutex_lock(&g->lock);
    t.n = g->n_seen;
    memcpy(t.tokens, g->seen, t.n * ACCESS_TOKEN);
    g->n_seen = 0;
    pthread_mutex_unlock(&g->lock);
    return t.n ? writer_run(g->writer, c, &(struct command){.run = touch, .arg = &t}) : OK;
}

static enum err fill_sight(struct ctx *c, struct viewer *v)
{
    struct strs orgs = viewer_sight(c, v);
    return v->sees.n || !orgs.n ? OK : plan_sees(c, &orgs, &v->sees);
}

static enum err ask_store(struct ctx *c, struct gate *g, struct str token, bool api, struct viewer *ret, bool *ret_half)
{
    struct session s = {0};
    struct api_token t = {0};
    int32_t today = day_of_moment(ctx_now(c));
    if (api) {
        TRY(access_api_token(c, token, &t));
        TRY(access_viewer(c, t.account, S(""), today, ret));
        access_viewer_narrow(ret, t.scope);
        return fill_sight(c, ret);
    }
    TRY(access_session(c, token, &s));
    *ret_half = s.half;
    if (s.half && ctx_now(c) - s.begun_us > HALF_US)
        return E_NOTFOUND;
    if (s.half) {
        ret->account = s.account;
        return OK;
    }
    TRY(access_viewer(c, s.account, s.behalf, today, ret));
    seen(c, g, token, &s);
    return fill_sight(c, ret);
}

/* The viewer of a token, of those known or as the store has it. */
static enum err viewer_of(struct ctx *c, struct gate *g, struct str token, bool api, const struct known **ret)
{
    struct shelf_age age = age_of(c);
    struct known *k = shelf_find(g->known, token, age);
    struct viewer v = {0};
    bool half = false;
    size_t size;
    if (!k) {
        TRY(ask_store(c, g, token, api, &v, &half));
        k = known_new(&v, half, &size);
        if (!k)
            return FAIL(c, E_BUSY, "không đủ bộ nhớ (no memory)");
        shelf_put(g->known, token, age, k, size);
    }
    arena_defer(c->arena, drop)->arg = k;
    *ret = k;
    return OK;
}

/* --- who asks ---------------------------------------------------------------------------------------------------- */

/* The last address that a proxy on this machine wrote down is the one it saw itself, whether it put it behind what a
 * client had sent or in a line of its own. */
static struct str address_of(const struct gate *g, const struct request *r)
{
    struct str passed = request_last_header(r, "X-Forwarded-For"), one, last = {0};
    if (!g->behind_proxy || !passed.p || !host_is_loopback(r->peer))
        return r->peer;
    while (str_cut(&passed, ',', &one))
        last = str_trim(one);
    return last.n && last.n <= ADDRESS_MAX && is_plain(last) ? last : r->peer;
}

static void make_csrf(struct visit *v)
{
    unsigned char hash[CSRF_TEXT / 2];
    static const char what[] = "hoalu csrf";
    crypto_generichash(hash, sizeof hash, (const unsigned char *)what, sizeof what, (const unsigned char *)v->token.p,
                       v->token.n);
    sodium_bin2hex(v->csrf, sizeof v->csrf, hash, sizeof hash);
}

static void act(struct ctx *c, const struct viewer *v)
{
    c->viewer = v;
    c->actor.name = v->account;
    c->actor.behalf = v->behalf;
}

const char *gate_cookie(const struct gate *g)
{
    return g->secure ? "__Host-session" : "session";
}

const char *gate_device_cookie(const struct gate *g)
{
    return g->secure ? "__Host-device" : "device";
}

enum err gate_enter(struct ctx *c, struct gate *g, const struct request *r, struct visit *ret)
{
    struct str bearer = request_header(r, "Authorization"), cookie = request_cookie(r, gate_cookie(g));
    const struct known *known;
    *ret = (struct visit){.address = address_of(g, r), .agent = request_header(r, "User-Agent")};
    c->viewer = g->open ? &viewer_system : NULL;
    c->actor.name = g->open ? S("web") : S("");
    c->actor.behalf = S("");
    if (bearer.p && str_starts(bearer, str_of(BEARER))) {
        struct str token = str_trim(str_skip(bearer, strlen(BEARER)));
        /* A session's, which may be known here, is none. */
        enum err e = str_starts(token, S(API_TOKEN_PREFIX)) ? viewer_of(c, g, token, true, &known) : E_NOTFOUND;
        if (e == E_NOTFOUND)
            security_tell(c, g->security, "token.refused", "refused", S(""), ret->address, S(""));
        if (e == E_NOTFOUND)
            return FAIL(c, E_SIGN_IN, "mã truy cập không đúng hoặc đã hết hạn (not a good token)");
        TRY(e);
        act(c, &known->viewer);
        ret->by_token = true;
        return OK;
    }
    if (cookie.n != ACCESS_TOKEN)
        return OK;
    enum err e = viewer_of(c, g, cookie, false, &known);
    if (e == E_NOTFOUND) {
        c->error = (struct error){0};
        return OK;
    }
    TRY(e);
    ret->token = cookie;
    ret->half = known->half;
    ret->account = known->viewer.account;
    make_csrf(ret);
    if (!known->half)
        act(c, &known->viewer);
    return OK;
}

bool gate_is_ours(const struct visit *visit, const struct request *r, struct str field)
{
    struct str sent = field.p ? field : request_header(r, "Hoalu-CSRF");
    if (!visit->token.n)
        return true; /* nothing that a browser sends by itself says who asks */
    return sent.p && sent.n == CSRF_TEXT && sodium_memcmp(sent.p, visit->csrf, CSRF_TEXT) == 0;
}

/* Who floods an address keeps nobody there from signing in with a browser that the store knows. */
static bool is_too_much(struct ctx *c, struct gate *g, const struct request *r, const struct visit *visit)
{
    struct attempt attempt = {.write = true, .account = c->actor.name, .address = visit->address};
    struct str device = request_cookie(r, gate_device_cookie(g));
    bool known = false;
    if (g->open || !attempts_begin(g->attempts, ctx_now(c), &attempt))
        return false;
    if (attempt.account.n || !device.p || access_device_exists(c, device, &known) || !known)
        return true;
    attempt.account = device;
    return attempts_begin(g->attempts, ctx_now(c), &attempt) != 0;
}

enum err gate_check_sent(struct ctx *c, struct gate *g, const struct request *r, const struct visit *visit)
{
    if (is_too_much(c, g, r, visit)) {
        security_tell(c, g->security, "write.limited", "limited", c->actor.name, visit->address, r->path);
        return FAIL(c, E_BUSY, "gửi quá nhiều yêu cầu trong một phút (too many requests in a minute)");
    }
    if (!str_starts(r->path, S("/api/")) || gate_is_ours(visit, r, (struct str){0}))
        return OK;
    security_tell(c, g->security, "csrf.refused", "refused", c->actor.name, visit->address, r->path);
    return FAIL(c, E_DENIED, "thiếu dấu của phiên làm việc, Hoalu-CSRF (the mark of the session is missing)");
}

struct str gate_address(struct ctx *c, const struct request *r)
{
    struct out o;
    out_init(&o, c->arena, 4096);
    out_path(&o, r->path);
    for (size_t i = 0; r->method != HTTP_POST && i < r->query.n; i++) {
        out_char(&o, i ? '&' : '?');
        out_field(&o, r->query.v[i].name, r->query.v[i].value);
    }
    return o.failed ? S("") : out_str(&o);
}

/* --- cookies ----------------------------------------------------------------------------------------------------- */

void gate_give(struct ctx *c, const struct gate *g, const char *token, struct response *ret)
{
    response_header(c, ret, S("Set-Cookie"),
                    str_fmt(c->arena, "%s=%s; Path=/; HttpOnly; SameSite=Lax%s", gate_cookie(g), token,
                            g->secure ? "; Secure" : ""));
}

void gate_forget(struct gate *g, struct str token)
{
    shelf_take(g->known, token);
}

void gate_take(struct ctx *c, struct gate *g, const struct visit *visit, struct response *ret)
{
    if (visit->token.n)
        gate_forget(g, visit->token);
    response_header(c, ret, S("Set-Cookie"),
                    str_fmt(c->arena, "%s=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax%s", gate_cookie(g),
                            g->secure ? "; Secure" : ""));
}
