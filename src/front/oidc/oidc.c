#include "front/oidc/oidc.h"

#include "base/out.h"
#include "front/oidc/read.h"

#include <pthread.h>
#include <sodium.h>
#include <time.h>

#include "base/banned.h"

enum { SECRET_BYTES = 32, SECRET_TEXT = 43, CODE_MAX = 4096, FORM_MAX = 16 << 10 };

static const char DISCOVERY[] = "/.well-known/openid-configuration";

struct oidc_provider {
    struct str issuer, client, secret, redirect, claim;
    struct oidc_back back;
    pthread_mutex_t lock; /* over all that follows */
    pthread_cond_t fetched;
    bool fetching; /* somebody is asking; others wait for what comes of it */
    struct oidc_discovery discovery;
    struct oidc_keys keys;
    int64_t discovery_us, keys_us; /* when they came; 0: never */
    int64_t keys_turn;             /* how often they have come */
    int64_t again_us;              /* when they were last asked for because of a kid that nobody knew */
    int64_t rest_until_us;
};

/* --- the provider --- */

static void end_provider(void *arg)
{
    struct oidc_provider *p = arg;
    pthread_cond_destroy(&p->fetched);
    pthread_mutex_destroy(&p->lock);
    sodium_memzero((char *)(uintptr_t)p->secret.p, p->secret.n);
}

enum err oidc_open(struct ctx *c, struct arena *owner, const struct oidc_options *o, struct oidc_provider **ret)
{
    struct str issuer = o->issuer;
    if (!oidc_is_url(issuer, true) || str_has(issuer, S("?")) || issuer.n + sizeof DISCOVERY > OIDC_URL_MAX)
        return FAIL(c, E_INVALID,
                    "nhà cung cấp danh tính phải có địa chỉ https://…, hoặc http:// của chính máy này (an https "
                    "address, or http of this machine): \"%.*s\"",
                    ARGS(issuer));
    if (!oidc_is_url(o->redirect, true))
        return FAIL(c, E_INVALID, "địa chỉ để quay về không hợp lệ (not an address to come back to): \"%.*s\"",
                    ARGS(o->redirect));
    if (!o->client.n || sodium_init() < 0)
        return FAIL(c, E_INVALID, "thiếu mã khách (no client id)");
    struct arena_defer *d = arena_defer(owner, end_provider);
    struct oidc_provider *p = NEW(owner, struct oidc_provider);
    p->issuer = str_dup(owner, issuer);
    p->client = str_dup(owner, o->client);
    p->secret = str_dup(owner, o->secret);
    p->redirect = str_dup(owner, o->redirect);
    p->claim = str_dup(owner, o->claim);
    p->back = o->back;
    if (pthread_mutex_init(&p->lock, NULL) || pthread_cond_init(&p->fetched, NULL))
        return FAIL(c, E_IO, "không có đủ bộ nhớ (out of memory)");
    d->arg = p;
    *ret = p;
    return OK;
}

struct str oidc_issuer(const struct oidc_provider *p)
{
    return p->issuer;
}

/* --- asking it --- */

static bool rests(struct oidc_provider *p, int64_t now)
{
    pthread_mutex_lock(&p->lock);
    bool yes = now < p->rest_until_us;
    pthread_mutex_unlock(&p->lock);
    return yes;
}

static enum err ask(struct ctx *c, struct oidc_provider *p, const struct oidc_ask *ask, struct oidc_reply *ret)
{
    if (rests(p, ctx_now(c)))
        return FAIL(c, E_BUSY, "nhà cung cấp danh tính vừa không trả lời; hãy thử lại sau ít giây (try again shortly)");
    enum err e = p->back.ask(c, p->back.arg, ask, ret);
    if (e) { /* that it fails with a status may be the doing of whoever asks, and is no reason to leave it alone */
        pthread_mutex_lock(&p->lock);
        p->rest_until_us = ctx_now(c) + OIDC_REST_US;
        pthread_mutex_unlock(&p->lock);
    }
    return e;
}

static enum err get(struct ctx *c, struct oidc_provider *p, struct str url, struct str *ret)
{
    struct oidc_reply reply;
    TRY(ask(c, p, &(struct oidc_ask){.url = url}, &reply));
    if (reply.status != 200)
        return FAIL(c, E_DENIED, "nhà cung cấp danh tính trả lời %u ở %.*s (not 200)", reply.status, ARGS(url));
    *ret = reply.body;
    return OK;
}

/* --- what is kept of it --- */

/* What a fetch is for. It runs under arena_run(), so that no end of memory leaves those waiting who wait for it. */
struct fetch {
    struct ctx *c;
    struct oidc_provider *p;
    struct str url;
    struct oidc_discovery *discovery; /* one of the two: what is kept, or came */
    struct oidc_keys *keys;
    int64_t turn; /* of the keys that do not do, to have them again; 0: any that are not old do */
    enum err err;
};

static void fetch(void *arg)
{
    struct fetch *f = arg;
    struct str body;
    f->err = get(f->c, f->p, f->url, &body);
    if (!f->err)
        f->err = f->discovery ? oidc_read_discovery(f->c, body, f->p->issuer, f->discovery)
                              : oidc_read_keys(f->c, body, f->keys);
}

/* With the lock held: is it to be asked for? */
static bool must_fetch(struct oidc_provider *p, const struct fetch *f, int64_t now)
{
    if (f->discovery)
        return !p->discovery_us || now - p->discovery_us > OIDC_KEEP_US;
    if (!f->turn)
        return !p->keys_turn || now - p->keys_us > OIDC_KEEP_US;
    if (p->keys_turn != f->turn || (p->again_us && now - p->again_us < OIDC_AGAIN_US))
        return false;
    p->again_us = now;
    return true;
}

/* With the lock held. */
static void keep(struct oidc_provider *p, struct fetch *f, int64_t now)
{
    if (f->discovery) {
        p->discovery = *f->discovery;
        p->discovery_us = now;
    } else {
        p->keys = *f->keys;
        p->keys_us = now;
        p->keys_turn++;
    }
}

static void copy_kept(const struct oidc_provider *p, struct fetch *f)
{
    if (f->discovery)
        *f->discovery = p->discovery;
    else
        *f->keys = p->keys;
    f->turn = p->keys_turn;
}

/* One asks at a time; who comes meanwhile takes what came of it. */
static enum err refresh(struct fetch *f)
{
    struct oidc_provider *p = f->p;
    int64_t now = ctx_now(f->c);
    bool memory = true;
    pthread_mutex_lock(&p->lock);
    while (p->fetching)
        pthread_cond_wait(&p->fetched, &p->lock);
    if (must_fetch(p, f, now)) {
        p->fetching = true;
        pthread_mutex_unlock(&p->lock);
        memory = arena_run(f->c->arena, fetch, f);
        pthread_mutex_lock(&p->lock);
        p->fetching = false;
        pthread_cond_broadcast(&p->fetched);
        if (memory && !f->err)
            keep(p, f, now);
    }
    if (memory && !f->err)
        copy_kept(p, f);
    pthread_mutex_unlock(&p->lock);
    if (!memory)
        arena_exhausted(f->c->arena);
    return f->err;
}

static enum err discover(struct ctx *c, struct oidc_provider *p, struct oidc_discovery **ret)
{
    struct fetch f = {.c = c, .p = p, .discovery = NEW(c->arena, struct oidc_discovery)};
    bool slash = p->issuer.p[p->issuer.n - 1] == '/';
    f.url = str_fmt(c->arena, "%.*s%s", ARGS(p->issuer), slash ? DISCOVERY + 1 : DISCOVERY);
    TRY(refresh(&f));
    *ret = f.discovery;
    return OK;
}

/* `*turn` is that of keys that do not do, or 0, and becomes that of those that came. */
static enum err get_keys(struct ctx *c, struct oidc_provider *p, const struct oidc_discovery *d, int64_t *turn,
                         struct oidc_keys **ret)
{
    struct fetch f = {.c = c, .p = p, .url = str_of(d->keys), .keys = NEW(c->arena, struct oidc_keys), .turn = *turn};
    TRY(refresh(&f));
    *turn = f.turn;
    *ret = f.keys;
    return OK;
}

/* --- what the browser remembers --- */

/* One of the secrets that follow from the remembered text, told apart by their label. */
static struct str derive(struct ctx *c, const struct oidc_provider *p, const char *label, struct str remembered)
{
    unsigned char hash[SECRET_BYTES];
    char *text = NEWN(c->arena, char, SECRET_TEXT + 1);
    crypto_generichash_state s;
    crypto_generichash_init(&s, NULL, 0, sizeof hash);
    crypto_generichash_update(&s, (const unsigned char *)label, strlen(label) + 1);
    crypto_generichash_update(&s, (const unsigned char *)p->issuer.p, p->issuer.n);
    crypto_generichash_update(&s, (const unsigned char *)"", 1);
    crypto_generichash_update(&s, (const unsigned char *)remembered.p, remembered.n);
    crypto_generichash_final(&s, hash, sizeof hash);
    sodium_bin2base64(text, SECRET_TEXT + 1, hash, sizeof hash, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return (struct str){text, SECRET_TEXT};
}

static struct str derive_state(struct ctx *c, const struct oidc_provider *p, struct str remembered)
{
    return derive(c, p, "hoalu oidc state", remembered);
}
static struct str derive_nonce(struct ctx *c, const struct oidc_provider *p, struct str remembered)
{
    return derive(c, p, "hoalu oidc nonce", remembered);
}
static struct str derive_verifier(struct ctx *c, const struct oidc_provider *p, struct str remembered)
{
    return derive(c, p, "hoalu oidc verifier", remembered);
}

static struct str encode(struct ctx *c, const void *p, size_t n)
{
    size_t room = sodium_base64_encoded_len(n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *text = NEWN(c->arena, char, room);
    sodium_bin2base64(text, room, p, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return (struct str){text, room - 1};
}

/* MOMENT.SECRET.NEXT */
static struct str remember(struct ctx *c, struct str next)
{
    unsigned char secret[SECRET_BYTES];
    c->source.random(c->source.arg, secret, sizeof secret);
    struct str text = encode(c, secret, sizeof secret);
    sodium_memzero(secret, sizeof secret);
    struct str where = encode(c, next.n ? next.p : "", next.n);
    return str_fmt(c->arena, "%lld.%.*s.%.*s", (long long)ctx_now(c), ARGS(text), ARGS(where));
}

static enum err recall(struct ctx *c, struct str remembered, int64_t *ret_begun_us, struct str *ret_next)
{
    struct str rest = remembered, begun, secret, next = {0};
    unsigned char *to = NEWN(c->arena, unsigned char, OIDC_REMEMBER_MAX);
    size_t n;
    const char *end;
    bool fits = remembered.n <= OIDC_REMEMBER_MAX && str_cut(&rest, '.', &begun) && str_cut(&rest, '.', &secret) &&
                str_cut(&rest, '.', &next) && str_i64(begun, ret_begun_us) && secret.n == SECRET_TEXT &&
                !sodium_base642bin(to, OIDC_REMEMBER_MAX, next.p, next.n, NULL, &n, &end,
                                   sodium_base64_VARIANT_URLSAFE_NO_PADDING) &&
                end == next.p + next.n && n <= OIDC_NEXT_MAX;
    int64_t now = ctx_now(c);
    if (!fits || *ret_begun_us > now + OIDC_SKEW_S * (int64_t)1000000 || now - *ret_begun_us > OIDC_WAIT_US)
        return FAIL(
            c, E_DENIED,
            "lần đăng nhập này không bắt đầu ở trình duyệt này, hoặc đã quá 10 phút (not begun in this browser, "
            "or too long ago)");
    *ret_next = (struct str){(const char *)to, n};
    return OK;
}

/* --- addresses and forms --- */

static void put_escaped(struct out *o, struct str s)
{
    static const char hex[] = "0123456789ABCDEF";
    for (size_t i = 0; i < s.n; i++) {
        unsigned char b = (unsigned char)s.p[i];
        if ((b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || (b && strchr("-._~", b))) {
            out_char(o, (char)b);
        } else {
            out_char(o, '%');
            out_char(o, hex[b >> 4]);
            out_char(o, hex[b & 15]);
        }
    }
}

static void put_field(struct out *o, char before, const char *name, struct str value)
{
    if (before)
        out_char(o, before);
    out_put(o, str_of(name));
    out_char(o, '=');
    put_escaped(o, value);
}

static char separator(const char *url)
{
    return strchr(url, '?') ? '&' : '?';
}

enum err oidc_begin(struct ctx *c, struct oidc_provider *p, struct str next, struct str *ret_address,
                    struct str *ret_remember)
{
    struct oidc_discovery *d;
    struct out o;
    unsigned char hash[crypto_hash_sha256_BYTES];
    if (next.n > OIDC_NEXT_MAX)
        next = S("");
    TRY(discover(c, p, &d));
    struct str remembered = remember(c, next), verifier = derive_verifier(c, p, remembered);
    crypto_hash_sha256(hash, (const unsigned char *)verifier.p, verifier.n);
    out_init(&o, c->arena, FORM_MAX);
    out_put(&o, str_of(d->authorization));
    put_field(&o, separator(d->authorization), "response_type", S("code"));
    put_field(&o, '&', "client_id", p->client);
    put_field(&o, '&', "redirect_uri", p->redirect);
    put_field(&o, '&', "scope", S("openid profile email"));
    put_field(&o, '&', "state", derive_state(c, p, remembered));
    put_field(&o, '&', "nonce", derive_nonce(c, p, remembered));
    put_field(&o, '&', "code_challenge", encode(c, hash, sizeof hash));
    put_field(&o, '&', "code_challenge_method", S("S256"));
    if (o.failed)
        return FAIL(c, E_INVALID, "địa chỉ đăng nhập quá dài (the address is too long)");
    *ret_address = out_str(&o);
    *ret_remember = remembered;
    return OK;
}

enum err oidc_end(struct ctx *c, struct oidc_provider *p, struct str after, struct str *ret)
{
    struct oidc_discovery *d;
    struct out o;
    TRY(discover(c, p, &d));
    *ret = (struct str){0};
    if (!d->end[0])
        return OK;
    out_init(&o, c->arena, FORM_MAX);
    out_put(&o, str_of(d->end));
    put_field(&o, separator(d->end), "client_id", p->client);
    if (after.n)
        put_field(&o, '&', "post_logout_redirect_uri", after);
    *ret = out_str(&o);
    return OK;
}

/* HTTP's own authentication, each half escaped first (RFC 6749, 2.3.1). */
static struct str basic(struct ctx *c, const struct oidc_provider *p)
{
    struct out o;
    out_init(&o, c->arena, FORM_MAX);
    put_escaped(&o, p->client);
    out_char(&o, ':');
    put_escaped(&o, p->secret);
    size_t room = sodium_base64_encoded_len(o.n, sodium_base64_VARIANT_ORIGINAL);
    char *text = NEWN(c->arena, char, room);
    sodium_bin2base64(text, room, (const unsigned char *)o.p, o.n, sodium_base64_VARIANT_ORIGINAL);
    return str_fmt(c->arena, "Basic %s", text);
}

static enum err get_token(struct ctx *c, struct oidc_provider *p, const struct oidc_discovery *d, struct str code,
                          struct str verifier, struct str *ret)
{
    struct out o;
    struct oidc_reply reply;
    struct oidc_ask question = {.url = str_of(d->token)};
    out_init(&o, c->arena, FORM_MAX);
    put_field(&o, 0, "grant_type", S("authorization_code"));
    put_field(&o, '&', "code", code);
    put_field(&o, '&', "redirect_uri", p->redirect);
    put_field(&o, '&', "code_verifier", verifier);
    if (p->secret.n && d->takes_basic) {
        question.authorization = basic(c, p);
    } else {
        put_field(&o, '&', "client_id", p->client);
        if (p->secret.n)
            put_field(&o, '&', "client_secret", p->secret);
    }
    question.form = out_str(&o);
    TRY(ask(c, p, &question, &reply));
    return oidc_read_tokens(c, &reply, ret);
}

/* --- coming back --- */

/* Another's answer in the place of ours: a state that is not of this browser, an issuer that was not asked. */
static enum err check_answer(struct ctx *c, const struct oidc_provider *p, const struct oidc_discovery *d,
                             struct str remembered, const struct oidc_answer *a)
{
    struct str state = derive_state(c, p, remembered);
    if (a->state.n != state.n || sodium_memcmp(a->state.p, state.p, state.n))
        return FAIL(c, E_DENIED,
                    "câu trả lời này không phải của lần đăng nhập đã bắt đầu ở trình duyệt này (another state)");
    if (a->iss.p ? !str_eq(a->iss, p->issuer) : d->says_issuer)
        return FAIL(c, E_DENIED, "câu trả lời này do nơi khác gửi (another issuer in the answer)");
    if (a->error.p)
        return FAIL(c, E_DENIED, "nhà cung cấp danh tính không cho đăng nhập (the provider refused)");
    if (!a->code.n || a->code.n > CODE_MAX)
        return FAIL(c, E_DENIED, "câu trả lời không có mã đăng nhập (no code)");
    return OK;
}

/* A key that is not known yet may be a new one. */
static enum err check_signature(struct ctx *c, struct oidc_provider *p, const struct oidc_discovery *d,
                                const struct oidc_token *token)
{
    struct oidc_keys *keys;
    int64_t turn = 0;
    TRY(get_keys(c, p, d, &turn, &keys));
    enum oidc_verdict verdict = oidc_verify(keys, token);
    if (verdict == OIDC_KEY_UNKNOWN) {
        TRY(get_keys(c, p, d, &turn, &keys));
        verdict = oidc_verify(keys, token);
    }
    if (verdict == OIDC_KEY_UNKNOWN)
        return FAIL(c, E_DENIED, "ID token được ký bằng khóa mà nhà cung cấp danh tính không công bố (an unknown key)");
    if (verdict != OIDC_SIGNED)
        return FAIL(c, E_DENIED, "chữ ký của ID token không đúng (the signature does not fit)");
    return OK;
}

enum err oidc_finish(struct ctx *c, struct oidc_provider *p, struct str remembered, const struct oidc_answer *answer,
                     struct oidc_claims *ret)
{
    struct oidc_discovery *d;
    struct oidc_token token;
    struct oidc_claims claims;
    struct str id_token, next;
    int64_t begun_us;
    TRY(recall(c, remembered, &begun_us, &next));
    TRY(discover(c, p, &d));
    TRY(check_answer(c, p, d, remembered, answer));
    TRY(get_token(c, p, d, answer->code, derive_verifier(c, p, remembered), &id_token));
    TRY(oidc_read_token(c, id_token, &token));
    TRY(check_signature(c, p, d, &token));
    struct oidc_expected expected = {p->issuer, p->client, derive_nonce(c, p, remembered), p->claim, ctx_now(c)};
    TRY(oidc_read_claims(c, token.payload, &expected, &claims));
    crypto_generichash(claims.once, sizeof claims.once, (const unsigned char *)answer->state.p, answer->state.n, NULL,
                       0);
    claims.next = next;
    claims.once_until_us = begun_us + OIDC_WAIT_US + 2 * OIDC_SKEW_S * (int64_t)1000000;
    *ret = claims;
    return OK;
}
