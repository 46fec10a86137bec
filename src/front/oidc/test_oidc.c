/* A provider made here, that can be wicked in one thing at a time. The honest one is taken by the same road, so that
 * each refusal is for that one thing. */
#include "front/oidc/read.h"

#include "test/test.h"

#include <arpa/inet.h>
#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/banned.h"

static const char ISSUER[] = "https://id.example.vn/realms/tinh", CLIENT[] = "hoalu";

/* --- keys and tokens --- */

struct signer {
    gnutls_privkey_t key;
    const char *kid, *alg;
    char *jwk; /* with its braces */
};

static struct str b64(struct ctx *c, const void *p, size_t n)
{
    size_t room = sodium_base64_encoded_len(n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *text = NEWN(c->arena, char, room);
    sodium_bin2base64(text, room, p, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return (struct str){text, room - 1};
}

static void free_key(void *key)
{
    gnutls_privkey_deinit(key);
}

static void free_datum(gnutls_datum_t d)
{
    gnutls_free(d.data);
}

/* Given back with the arena. */
static gnutls_privkey_t new_key(struct ctx *c, gnutls_pk_algorithm_t kind, unsigned bits)
{
    struct arena_defer *d = arena_defer(c->arena, free_key);
    gnutls_privkey_t key;
    CHECK(!gnutls_privkey_init(&key));
    d->arg = key;
    CHECK(!gnutls_privkey_generate(key, kind, bits, 0));
    return key;
}

static struct str b64_number(struct ctx *c, gnutls_datum_t d, size_t width)
{
    unsigned char number[1024] = {0};
    size_t skip = 0;
    while (skip < d.size && !d.data[skip])
        skip++;
    size_t n = d.size - skip;
    if (width < n)
        width = n;
    memcpy(number + (width - n), d.data + skip, n);
    return b64(c, number, width);
}

static struct signer new_rsa(struct ctx *c, const char *kid, const char *alg, unsigned bits)
{
    struct signer s = {.kid = kid, .alg = alg};
    gnutls_datum_t n, e;
    s.key = new_key(c, GNUTLS_PK_RSA, bits);
    CHECK(!gnutls_privkey_export_rsa_raw(s.key, &n, &e, NULL, NULL, NULL, NULL, NULL, NULL));
    s.jwk = str_z(c->arena,
                  str_fmt(c->arena, "{\"kty\":\"RSA\",\"use\":\"sig\",\"kid\":\"%s\",\"n\":\"%.*s\",\"e\":\"%.*s\"}",
                          kid, ARGS(b64_number(c, n, 0)), ARGS(b64_number(c, e, 0))));
    free_datum(n);
    free_datum(e);
    return s;
}

static struct signer new_ec(struct ctx *c, const char *kid)
{
    struct signer s = {.kid = kid, .alg = "ES256"};
    gnutls_datum_t x, y;
    s.key = new_key(c, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1));
    CHECK(!gnutls_privkey_export_ecc_raw(s.key, NULL, &x, &y, NULL));
    s.jwk = str_z(c->arena,
                  str_fmt(c->arena, "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"%s\",\"x\":\"%.*s\",\"y\":\"%.*s\"}",
                          kid, ARGS(b64_number(c, x, OIDC_EC)), ARGS(b64_number(c, y, OIDC_EC))));
    free_datum(x);
    free_datum(y);
    return s;
}

static struct str sign(struct ctx *c, const struct signer *s, struct str text)
{
    gnutls_datum_t data = {(unsigned char *)(uintptr_t)text.p, (unsigned)text.n}, signature, r, v;
    bool pss = !strcmp(s->alg, "PS256"), ec = !strcmp(s->alg, "ES256");
    gnutls_sign_algorithm_t how = ec    ? GNUTLS_SIGN_ECDSA_SHA256
                                  : pss ? GNUTLS_SIGN_RSA_PSS_RSAE_SHA256
                                        : GNUTLS_SIGN_RSA_SHA256;
    CHECK(!gnutls_privkey_sign_data2(s->key, how, 0, &data, &signature));
    if (!ec) {
        struct str as_it_is = b64(c, signature.data, signature.size);
        free_datum(signature);
        return as_it_is;
    }
    unsigned char both[2 * OIDC_EC] = {0};
    CHECK(!gnutls_decode_rs_value(&signature, &r, &v));
    for (int i = 0; i < 2; i++) {
        gnutls_datum_t d = i ? v : r;
        size_t skip = d.size > OIDC_EC ? d.size - OIDC_EC : 0, n = d.size - skip;
        memcpy(both + (size_t)(i + 1) * OIDC_EC - n, d.data + skip, n);
    }
    free_datum(signature);
    free_datum(r);
    free_datum(v);
    return b64(c, both, sizeof both);
}

static struct str token_of(struct ctx *c, const struct signer *s, struct str header, struct str payload)
{
    struct str text =
        str_fmt(c->arena, "%.*s.%.*s", ARGS(b64(c, header.p, header.n)), ARGS(b64(c, payload.p, payload.n)));
    return str_fmt(c->arena, "%.*s.%.*s", ARGS(text), ARGS(sign(c, s, text)));
}

/* --- the provider --- */

struct wicked {
    const char *documents_issuer, *discovery_more, *endpoint;
    const char *issuer, *audience, *nonce, *subject, *more; /* of the token; JSON, what follows ',' */
    const char *header;                                     /* whole */
    int64_t issued, expires;                                /* seconds from now */
    const char *jwks;                                       /* whole */
    bool nothing;                                           /* answers nothing at all */
    unsigned status, takes_us;
};

struct fake {
    struct wicked wicked;
    struct signer *signer;
    struct signer *published;
    struct oidc_answer answer;
    struct str sent_nonce, sent_challenge;
    struct str token; /* instead of one made now */
    struct str form, authorization;
    _Atomic int discoveries, key_sets, tokens;
};

static const char *or_else(const char *given, const char *usual)
{
    return given ? given : usual;
}

static struct str id_token(struct ctx *c, const struct fake *f)
{
    const struct wicked *w = &f->wicked;
    int64_t now = ctx_now(c) / 1000000;
    struct str header = w->header
                            ? str_of(w->header)
                            : str_fmt(c->arena, "{\"alg\":\"%s\",\"kid\":\"%s\"}", f->signer->alg, f->signer->kid);
    struct str usual = str_fmt(c->arena, "%.*s", ARGS(f->sent_nonce));
    struct str payload =
        str_fmt(c->arena,
                "{\"iss\":\"%s\",\"aud\":%s,\"exp\":%lld,\"iat\":%lld,\"nonce\":\"%s\",\"sub\":%s,\"preferred_"
                "username\":\"so.khcn\","
                "\"email\":\"a@example.vn\",\"email_verified\":true,\"name\":\"Nguyễn Văn A\",\"sid\":\"s-1\"%s}",
                or_else(w->issuer, ISSUER), or_else(w->audience, "\"hoalu\""),
                (long long)(now + (w->expires ? w->expires : 300)), (long long)(now + w->issued),
                or_else(w->nonce, usual.p), or_else(w->subject, "\"248289761001\""), or_else(w->more, ""));
    return token_of(c, f->signer, header, payload);
}

static struct str field_of(struct ctx *c, struct str query, const char *name)
{
    struct str mark = str_fmt(c->arena, "%s=", name);
    size_t at = str_find(query, mark, 0);
    CHECK(at != SIZE_MAX);
    struct str rest = str_skip(query, at + mark.n), value;
    CHECK(str_cut(&rest, '&', &value));
    return value;
}

/* What a provider checks: the verifier of the challenge, the code that was given, and where. */
static void check_question(struct ctx *c, const struct fake *f, const struct oidc_ask *ask)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    struct str verifier = field_of(c, ask->form, "code_verifier");
    CHECK(verifier.n >= 43 && verifier.n <= 128);
    crypto_hash_sha256(hash, (const unsigned char *)verifier.p, verifier.n);
    CHECK_STR(b64(c, hash, sizeof hash), f->sent_challenge);
    CHECK_STR(field_of(c, ask->form, "grant_type"), S("authorization_code"));
    CHECK_STR(field_of(c, ask->form, "redirect_uri"), S("https%3A%2F%2Fhoalu.example.vn%2Fsignin%2Foidc%2Fback"));
}

static enum err fake_ask(struct ctx *c, void *arg, const struct oidc_ask *ask, struct oidc_reply *ret)
{
    struct fake *f = arg;
    const struct wicked *w = &f->wicked;
    if (w->nothing)
        return FAIL(c, E_IO, "nothing");
    ret->status = w->status ? w->status : 200;
    usleep(w->takes_us);
    if (str_ends(ask->url, S("/.well-known/openid-configuration"))) {
        f->discoveries++;
        ret->body =
            str_fmt(c->arena,
                    "{\"issuer\":\"%s\",\"authorization_endpoint\":\"https://id.example.vn/auth\",\"token_endpoint\":"
                    "\"%s\",\"jwks_uri\":\"https://id.example.vn/keys\",\"end_session_endpoint\":"
                    "\"https://id.example.vn/end?a=b\"%s}",
                    or_else(w->documents_issuer, ISSUER), or_else(w->endpoint, "https://id.example.vn/token"),
                    or_else(w->discovery_more, ""));
    } else if (str_ends(ask->url, S("/keys"))) {
        f->key_sets++;
        ret->body = w->jwks ? str_of(w->jwks) : str_fmt(c->arena, "{\"keys\":[%s]}", f->published->jwk);
    } else {
        f->tokens++;
        f->form = ask->form;
        f->authorization = ask->authorization;
        check_question(c, f, ask);
        ret->body = str_fmt(c->arena, "{\"token_type\":\"Bearer\",\"access_token\":\"x\",\"id_token\":\"%.*s\"}",
                            ARGS(f->token.p ? f->token : id_token(c, f)));
    }
    return OK;
}

static struct oidc_provider *open_at(struct ctx *c, struct fake *f, const char *secret)
{
    struct oidc_provider *p;
    struct oidc_options o = {.issuer = str_of(ISSUER),
                             .client = str_of(CLIENT),
                             .secret = str_of(secret),
                             .redirect = S("https://hoalu.example.vn/signin/oidc/back"),
                             .claim = S("department"),
                             .back = {fake_ask, f}};
    CHECK_OK(oidc_open(c, c->arena, &o, &p));
    return p;
}

/* The provider and its key, in one thing as it should not be. */
static struct fake fake_of(struct ctx *c, struct wicked w)
{
    struct fake f = {.wicked = w, .signer = NEW(c->arena, struct signer)};
    *f.signer = new_ec(c, "k1");
    f.published = f.signer;
    f.answer.code = S("the-code");
    return f;
}

static struct str begin(struct ctx *c, struct oidc_provider *p, struct fake *f)
{
    struct str address, remembered;
    CHECK_OK(oidc_begin(c, p, S("/plans?x=1"), &address, &remembered));
    f->answer.state = field_of(c, address, "state");
    f->sent_nonce = field_of(c, address, "nonce");
    f->sent_challenge = field_of(c, address, "code_challenge");
    return remembered;
}

static enum err sign_in(struct ctx *c, struct oidc_provider *p, struct fake *f, struct oidc_claims *ret)
{
    struct str remembered = begin(c, p, f);
    return oidc_finish(c, p, remembered, &f->answer, ret);
}

/* Refused, and for that reason. */
static void check_refused(struct ctx *c, struct wicked w, const char *why)
{
    struct oidc_claims claims;
    struct fake f = fake_of(c, w);
    struct oidc_provider *p = open_at(c, &f, "");
    enum err e = sign_in(c, p, &f, &claims);
    if (e != E_DENIED || !str_has(c->error.message, str_of(why)))
        test_failed(__FILE__, __LINE__, "%s: got %d %.*s", why, (int)e, ARGS(c->error.message));
}

static void check_taken(struct ctx *c, struct wicked w)
{
    struct oidc_claims claims;
    struct fake f = fake_of(c, w);
    struct oidc_provider *p = open_at(c, &f, "");
    CHECK_OK(sign_in(c, p, &f, &claims));
}

/* --- what is taken --- */

TEST(an_honest_sign_in)
{
    struct oidc_claims claims;
    struct fake f =
        fake_of(c, (struct wicked){.more = ",\"department\":\"so-khcn\",\"big\":123456789012345678901234567890"});
    struct oidc_provider *p = open_at(c, &f, "");
    CHECK_OK(sign_in(c, p, &f, &claims));
    CHECK_STR(claims.subject, S("248289761001"));
    CHECK_STR(claims.username, S("so.khcn"));
    CHECK_STR(claims.email, S("a@example.vn"));
    CHECK_STR(claims.name, S("Nguyễn Văn A"));
    CHECK_STR(claims.sid, S("s-1"));
    CHECK_STR(claims.named, S("so-khcn"));
    CHECK_STR(claims.next, S("/plans?x=1"));
    CHECK(claims.email_verified);
    CHECK_STR(field_of(c, f.form, "code"), S("the-code"));
    CHECK_STR(field_of(c, f.form, "client_id"), S("hoalu"));
    CHECK(!f.authorization.n);
    /* Documents and keys are kept. */
    CHECK_OK(sign_in(c, p, &f, &claims));
    CHECK(f.discoveries == 1 && f.key_sets == 1 && f.tokens == 2);
    test_set_clock(c, ctx_now(c) + OIDC_KEEP_US + 1);
    CHECK_OK(sign_in(c, p, &f, &claims));
    CHECK(f.discoveries == 2 && f.key_sets == 2);
}

TEST(each_of_the_three_signatures)
{
    struct signer signers[] = {new_rsa(c, "r", "RS256", 2048), new_rsa(c, "p", "PS256", 2048), new_ec(c, "e")};
    for (size_t i = 0; i < 3; i++) {
        struct oidc_claims claims;
        struct fake f = {.signer = &signers[i], .published = &signers[i], .answer.code = S("the-code")};
        struct oidc_provider *p = open_at(c, &f, "");
        CHECK_OK(sign_in(c, p, &f, &claims));
    }
}

/* The two numbers of a signature may begin with zeros, or a bit that X.509 would take for a sign. */
TEST(many_signatures_of_each_kind)
{
    struct signer s = new_ec(c, "k");
    struct oidc_keys keys;
    struct oidc_token token;
    CHECK_OK(oidc_read_keys(c, str_fmt(c->arena, "{\"keys\":[%s]}", s.jwk), &keys));
    CHECK_INT(keys.n, 1);
    for (int i = 0; i < 600; i++) {
        struct str id = token_of(c, &s, S("{\"alg\":\"ES256\",\"kid\":\"k\"}"), str_fmt(c->arena, "{\"i\":%d}", i));
        CHECK_OK(oidc_read_token(c, id, &token));
        CHECK_INT(oidc_verify(&keys, &token), OIDC_SIGNED);
        char *signature = (char *)(uintptr_t)token.signature.p;
        signature[i % 64] ^= 1;
        CHECK_INT(oidc_verify(&keys, &token), OIDC_NOT_SIGNED);
    }
}

TEST(clocks_may_differ_by_a_minute)
{
    check_taken(c, (struct wicked){.expires = -59, .issued = -600});
    check_taken(c, (struct wicked){.issued = 60});
    check_taken(c, (struct wicked){.more = ",\"nbf\":1782864060"});
}

TEST(what_the_claims_may_be)
{
    check_taken(c, (struct wicked){.audience = "[\"hoalu\"]"});
    check_taken(c, (struct wicked){.audience = "[\"other\",\"hoalu\"]", .more = ",\"azp\":\"hoalu\""});
    check_taken(c, (struct wicked){.header = "{\"alg\":\"ES256\",\"kid\":\"k1\",\"typ\":\"JWT\"}"});
    check_taken(c, (struct wicked){.header = "{\"alg\":\"ES256\"}"}); /* one key alone needs no name */
    struct oidc_claims claims;
    struct fake f = fake_of(c, (struct wicked){.more = ",\"department\":\"\\u0000\""});
    CHECK_ERR(sign_in(c, open_at(c, &f, ""), &f, &claims), E_DENIED);
    f.wicked.more = ",\"department\":5";
    CHECK_OK(sign_in(c, open_at(c, &f, ""), &f, &claims));
    CHECK(!claims.named.p);
    f.wicked.more = ",\"department\":\"a\\nb\"";
    CHECK_OK(sign_in(c, open_at(c, &f, ""), &f, &claims));
    CHECK(!claims.named.p);
}

TEST(the_secret_goes_as_the_provider_wants_it)
{
    struct oidc_claims claims;
    struct fake f = fake_of(c, (struct wicked){0});
    CHECK_OK(sign_in(c, open_at(c, &f, "s:%x"), &f, &claims));
    CHECK_STR(f.authorization, S("Basic aG9hbHU6cyUzQSUyNXg=")); /* hoalu:s%3A%25x */
    CHECK(!str_has(f.form, S("client_secret")));
    f.wicked.discovery_more = ",\"token_endpoint_auth_methods_supported\":[\"client_secret_post\"]";
    CHECK_OK(sign_in(c, open_at(c, &f, "s:%x"), &f, &claims));
    CHECK(!f.authorization.n);
    CHECK_STR(field_of(c, f.form, "client_secret"), S("s%3A%25x"));
}

TEST(the_address_to_end_at)
{
    struct str address;
    struct fake f = fake_of(c, (struct wicked){0});
    CHECK_OK(oidc_end(c, open_at(c, &f, ""), S("https://hoalu.example.vn/"), &address));
    CHECK_STR(address, S("https://id.example.vn/end?a=b&client_id=hoalu&post_logout_redirect_uri="
                         "https%3A%2F%2Fhoalu.example.vn%2F"));
}

/* --- what is refused --- */

TEST(another_issuer)
{
    check_refused(c, (struct wicked){.issuer = "https://id.example.vn/realms/tinh/"}, "another issuer");
    check_refused(c, (struct wicked){.issuer = ""}, "another issuer");
    struct str address, remembered;
    struct fake f = fake_of(c, (struct wicked){.documents_issuer = "https://id.example.vn/realms/khac"});
    CHECK_ERR(oidc_begin(c, open_at(c, &f, ""), S("/"), &address, &remembered), E_DENIED);
    CHECK(str_has(c->error.message, S("another issuer in the discovery document")));
}

TEST(another_issuer_in_the_address_of_the_answer)
{
    struct oidc_claims claims;
    struct fake f = fake_of(c, (struct wicked){0});
    struct oidc_provider *p = open_at(c, &f, "");
    f.answer.iss = str_of(ISSUER);
    CHECK_OK(sign_in(c, p, &f, &claims));
    f.answer.iss = S("https://evil.example");
    CHECK_ERR(sign_in(c, p, &f, &claims), E_DENIED);
    f.answer.iss = S("");
    CHECK_ERR(sign_in(c, p, &f, &claims), E_DENIED);
    CHECK_INT(f.tokens, 1); /* the code is not sent on */
    /* A provider that says it names itself must. */
    f.wicked.discovery_more = ",\"authorization_response_iss_parameter_supported\":true";
    f.answer.iss = (struct str){0};
    CHECK_ERR(sign_in(c, open_at(c, &f, ""), &f, &claims), E_DENIED);
    f.answer.iss = str_of(ISSUER);
    CHECK_OK(sign_in(c, open_at(c, &f, ""), &f, &claims));
}

TEST(another_audience)
{
    check_refused(c, (struct wicked){.audience = "\"other\""}, "another audience");
    check_refused(c, (struct wicked){.audience = "\"hoalu2\""}, "another audience");
    check_refused(c, (struct wicked){.audience = "[]"}, "another audience");
    check_refused(c, (struct wicked){.audience = "[\"other\"]"}, "another audience");
    check_refused(c, (struct wicked){.audience = "{\"hoalu\":\"hoalu\"}"}, "another audience");
    check_refused(c, (struct wicked){.audience = "[\"other\",\"hoalu\"]"}, "another authorized party");
    check_refused(c, (struct wicked){.audience = "[\"other\",\"hoalu\"]", .more = ",\"azp\":\"other\""},
                  "another authorized party");
    check_refused(c, (struct wicked){.more = ",\"azp\":\"other\""}, "another authorized party");
    check_refused(c, (struct wicked){.more = ",\"azp\":7"}, "another authorized party");
}

TEST(not_of_now)
{
    check_refused(c, (struct wicked){.expires = -60, .issued = -600}, "expired");
    check_refused(c, (struct wicked){.issued = 61}, "in the future");
    check_refused(c, (struct wicked){.more = ",\"nbf\":1782864061"}, "not valid yet");
    check_refused(c, (struct wicked){.more = ",\"nbf\":\"now\""}, "not valid yet");
}

TEST(another_nonce)
{
    check_refused(c, (struct wicked){.nonce = ""}, "another nonce");
    check_refused(c, (struct wicked){.nonce = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}, "another nonce");
}

TEST(a_token_of_an_earlier_sign_in)
{
    struct oidc_claims claims;
    struct fake f = fake_of(c, (struct wicked){0});
    struct oidc_provider *p = open_at(c, &f, "");
    begin(c, p, &f);
    struct str earlier = id_token(c, &f);
    f.token = earlier;
    CHECK_ERR(sign_in(c, p, &f, &claims), E_DENIED);
    CHECK(str_has(c->error.message, S("another nonce")));
}

TEST(the_same_answer_twice_has_the_same_mark)
{
    struct oidc_claims first, again, other;
    struct fake f = fake_of(c, (struct wicked){0});
    struct oidc_provider *p = open_at(c, &f, "");
    struct str remembered = begin(c, p, &f);
    CHECK_OK(oidc_finish(c, p, remembered, &f.answer, &first));
    CHECK_OK(oidc_finish(c, p, remembered, &f.answer, &again));
    CHECK(!memcmp(first.once, again.once, OIDC_ONCE));
    /* And past the time for which the mark is kept, the answer is refused for its age. */
    test_set_clock(c, first.once_until_us);
    CHECK_ERR(oidc_finish(c, p, remembered, &f.answer, &again), E_DENIED);
    CHECK_OK(sign_in(c, p, &f, &other));
    CHECK(memcmp(first.once, other.once, OIDC_ONCE));
}

TEST(a_state_that_this_browser_does_not_remember)
{
    struct oidc_claims claims;
    struct fake f = fake_of(c, (struct wicked){0});
    struct oidc_provider *p = open_at(c, &f, "");
    struct str mine = begin(c, p, &f), rest = mine, begun, secret;
    struct oidc_answer his = f.answer;
    begin(c, p, &f); /* another's */
    CHECK_ERR(oidc_finish(c, p, mine, &f.answer, &claims), E_DENIED);
    CHECK_INT(f.tokens, 0);
    his.state = (struct str){0};
    CHECK_ERR(oidc_finish(c, p, mine, &his, &claims), E_DENIED);
    /* Nothing in what is remembered can be changed: not where it leads, not when it began. */
    CHECK(str_cut(&rest, '.', &begun) && str_cut(&rest, '.', &secret));
    struct str elsewhere = str_fmt(c->arena, "%.*s.%.*s.L2V2aWw", ARGS(begun), ARGS(secret));
    CHECK_ERR(oidc_finish(c, p, elsewhere, &f.answer, &claims), E_DENIED);
    const char *broken[] = {"",
                            ".",
                            "..",
                            "1782864000000000",
                            "1782864000000000..",
                            "x.y.z",
                            "1782864000000000.a.%",
                            "99999999999999999999.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA."};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        CHECK_ERR(oidc_finish(c, p, str_of(broken[i]), &f.answer, &claims), E_DENIED);
}

TEST(what_was_begun_too_long_ago)
{
    struct oidc_claims claims;
    struct fake f = fake_of(c, (struct wicked){0});
    struct oidc_provider *p = open_at(c, &f, "");
    struct str remembered = begin(c, p, &f);
    test_set_clock(c, ctx_now(c) + OIDC_WAIT_US);
    CHECK_OK(oidc_finish(c, p, remembered, &f.answer, &claims));
    test_set_clock(c, ctx_now(c) + 1);
    CHECK_ERR(oidc_finish(c, p, remembered, &f.answer, &claims), E_DENIED);
    CHECK(str_has(c->error.message, S("too long ago")));
}

/* A verifier that another gives does not fit the challenge: fake_ask() would end the test if ours did not. What follows
 * from one remembered text is three texts that are not each other. */
TEST(state_nonce_and_challenge_are_not_each_other)
{
    struct fake f = fake_of(c, (struct wicked){0});
    struct oidc_provider *p = open_at(c, &f, "");
    struct str remembered = begin(c, p, &f);
    CHECK(f.answer.state.n == 43 && f.sent_nonce.n == 43 && f.sent_challenge.n == 43);
    CHECK(!str_eq(f.answer.state, f.sent_nonce) && !str_eq(f.sent_nonce, f.sent_challenge));
    CHECK(!str_has(remembered, f.answer.state) && !str_has(remembered, f.sent_nonce));
}

TEST(not_signed)
{
    struct oidc_claims claims;
    struct signer rsa = new_rsa(c, "k1", "RS256", 2048);
    struct fake f = fake_of(c, (struct wicked){0});
    struct oidc_provider *p = open_at(c, &f, "");
    struct str remembered = begin(c, p, &f), good = id_token(c, &f), rest = good, part[3];
    for (int i = 0; i < 3; i++)
        CHECK(str_cut(&rest, '.', &part[i]));
    struct str none = b64(c, "{\"alg\":\"none\"}", 14);
    struct str tokens[] = {str_fmt(c->arena, "%.*s.%.*s.", ARGS(none), ARGS(part[1])),
                           str_fmt(c->arena, "%.*s.%.*s.%.*s", ARGS(none), ARGS(part[1]), ARGS(part[2])),
                           str_fmt(c->arena, "%.*s.%.*s.", ARGS(part[0]), ARGS(part[1])),
                           str_fmt(c->arena, "%.*s.%.*s.AAAA", ARGS(part[0]), ARGS(part[1])),
                           str_fmt(c->arena, "%.*s.%.*s", ARGS(part[0]), ARGS(part[1])),
                           str_fmt(c->arena, "%.*s.%.*s.%.*s=", ARGS(part[0]), ARGS(part[1]), ARGS(part[2])),
                           str_fmt(c->arena, "%.*s.%.*s.%.*s.x", ARGS(part[0]), ARGS(part[1]), ARGS(part[2])),
                           S("..")};
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
        f.token = tokens[i];
        CHECK_ERR(oidc_finish(c, p, remembered, &f.answer, &claims), E_DENIED);
    }
    f.token = good;
    CHECK_OK(oidc_finish(c, p, remembered, &f.answer, &claims));
    /* Signed by somebody else with a key that has the same name. */
    struct signer other = new_ec(c, "k1"), *mine = f.signer;
    f.signer = &other;
    f.token = id_token(c, &f);
    f.signer = mine;
    CHECK_ERR(oidc_finish(c, p, remembered, &f.answer, &claims), E_DENIED);
    CHECK(str_has(c->error.message, S("does not fit")));
    f.signer = &rsa;
    f.token = id_token(c, &f);
    CHECK_ERR(oidc_finish(c, p, remembered, &f.answer, &claims), E_DENIED);
}

/* The oldest trick: the public key, which everybody has, as the secret of an HMAC. */
TEST(hmac_with_the_public_key)
{
    struct oidc_claims claims;
    struct signer rsa = new_rsa(c, "k1", "RS256", 2048);
    gnutls_pubkey_t public;
    gnutls_datum_t pem;
    CHECK(!gnutls_pubkey_init(&public) && !gnutls_pubkey_import_privkey(public, rsa.key, 0, 0) &&
          !gnutls_pubkey_export2(public, GNUTLS_X509_FMT_PEM, &pem));
    struct fake f = {.signer = &rsa, .published = &rsa, .answer.code = S("the-code")};
    struct oidc_provider *p = open_at(c, &f, "");
    struct str remembered = begin(c, p, &f), good = id_token(c, &f), rest = good, part[3];
    for (int i = 0; i < 3; i++)
        CHECK(str_cut(&rest, '.', &part[i]));
    struct str text =
        str_fmt(c->arena, "%.*s.%.*s", ARGS(b64(c, "{\"alg\":\"HS256\",\"kid\":\"k1\"}", 26)), ARGS(part[1]));
    unsigned char mac[32];
    CHECK(!gnutls_hmac_fast(GNUTLS_MAC_SHA256, pem.data, pem.size, text.p, text.n, mac));
    f.token = str_fmt(c->arena, "%.*s.%.*s", ARGS(text), ARGS(b64(c, mac, sizeof mac)));
    free_datum(pem);
    gnutls_pubkey_deinit(public);
    CHECK_ERR(oidc_finish(c, p, remembered, &f.answer, &claims), E_DENIED);
    CHECK(str_has(c->error.message, S("not signed as it must be")));
}

TEST(other_kinds_of_tokens)
{
    check_refused(c, (struct wicked){.header = "{\"alg\":\"ES256\",\"kid\":\"k1\",\"typ\":\"at+jwt\"}"},
                  "another type");
    check_refused(c, (struct wicked){.header = "{\"alg\":\"ES256\",\"kid\":\"k1\",\"typ\":\"logout+jwt\"}"},
                  "another type");
    check_refused(c, (struct wicked){.header = "{\"alg\":\"ES256\",\"kid\":\"k1\",\"typ\":null}"}, "another type");
    check_refused(c, (struct wicked){.header = "{\"alg\":\"ES256\",\"kid\":\"k1\",\"crit\":[\"b64\"],\"b64\":false}"},
                  "critical");
    check_refused(c, (struct wicked){.header = "{\"alg\":\"ES256\",\"kid\":\"k1\",\"enc\":\"A128GCM\"}"}, "encrypted");
    check_refused(c, (struct wicked){.header = "{\"alg\":\"ES384\",\"kid\":\"k1\"}"}, "not signed as it must be");
    check_refused(c, (struct wicked){.header = "{\"alg\":\"es256\",\"kid\":\"k1\"}"}, "not signed as it must be");
    check_refused(c, (struct wicked){.header = "{\"kid\":\"k1\"}"}, "not signed as it must be");
    check_refused(c, (struct wicked){.header = "{\"alg\":\"ES256\",\"kid\":7}"}, "a kid");
    struct oidc_token token;
    CHECK_ERR(oidc_read_token(c, S("eyJhbGciOiJFUzI1NiJ9.e30.AAAA.AAAA.AAAA"), &token), E_DENIED);
    CHECK(str_has(c->error.message, S("encrypted")));
}

/* A token that brings its own key, or says where to fetch it. */
TEST(a_key_that_the_token_names_itself)
{
    struct oidc_claims claims;
    struct signer own = new_ec(c, "k2");
    struct fake f = fake_of(c, (struct wicked){0});
    struct signer *mine = f.signer;
    struct oidc_provider *p = open_at(c, &f, "");
    struct str remembered = begin(c, p, &f);
    f.signer = &own;
    f.wicked.header =
        str_z(c->arena,
              str_fmt(c->arena, "{\"alg\":\"ES256\",\"kid\":\"k2\",\"jwk\":%s,\"jku\":\"https://evil.example/keys\"}",
                      own.jwk));
    f.token = id_token(c, &f);
    f.published = mine;
    CHECK_ERR(oidc_finish(c, p, remembered, &f.answer, &claims), E_DENIED);
    CHECK(str_has(c->error.message, S("unknown key")));
}

TEST(a_name_twice)
{
    check_refused(c, (struct wicked){.more = ",\"sub\":\"admin\""}, "well-formed");
    check_refused(c, (struct wicked){.more = ",\"x\":{\"a\":1,\"a\":2}"}, "well-formed");
    check_refused(c, (struct wicked){.header = "{\"alg\":\"ES256\",\"alg\":\"ES256\",\"kid\":\"k1\"}"}, "well-formed");
    check_refused(c, (struct wicked){.jwks = "{\"keys\":[],\"keys\":[]}"}, "well-formed");
    struct oidc_discovery d;
    CHECK_ERR(oidc_read_discovery(c, S("{\"issuer\":\"https://a\",\"issuer\":\"https://a\"}"), S("https://a"), &d),
              E_DENIED);
}

TEST(no_subject)
{
    struct str longest = S("\"");
    for (int i = 0; i < OIDC_SUBJECT_MAX; i++)
        longest = str_fmt(c->arena, "%.*sx", ARGS(longest));
    const char *fits = str_z(c->arena, str_fmt(c->arena, "%.*s\"", ARGS(longest)));
    const char *too_long = str_z(c->arena, str_fmt(c->arena, "%.*sx\"", ARGS(longest)));
    check_taken(c, (struct wicked){.subject = fits});
    const char *none[] = {too_long, "\"\"", "null", "7", "\"a\\nb\"", "\"ă\"", "[\"a\"]"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        check_refused(c, (struct wicked){.subject = none[i]}, "no subject");
}

TEST(keys_that_are_none)
{
    struct oidc_keys keys;
    struct signer weak = new_rsa(c, "w", "RS256", 1024), good = new_rsa(c, "g", "RS256", 2048), ec = new_ec(c, "e");
    struct str set = str_fmt(c->arena,
                             "{\"keys\":[%s,%s,%s,5,null,{},{\"kty\":\"oct\",\"k\":\"AAAA\"},{\"kty\":\"RSA\",\"n\":"
                             "\"AQAB\",\"e\":\"AQAB\"},"
                             "{\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"AA\",\"y\":\"AA\"},{\"kty\":\"OKP\",\"crv\":"
                             "\"Ed25519\",\"x\":\"AA\"}]}",
                             weak.jwk, good.jwk, ec.jwk);
    CHECK_OK(oidc_read_keys(c, set, &keys));
    CHECK_INT(keys.n, 2);
    /* For encrypting, of another algorithm: not for this. */
    struct str alg =
        str_fmt(c->arena, "{\"keys\":[{\"alg\":\"RSA-OAEP\",%s,{\"alg\":\"ES256\",%s,{\"alg\":\"PS256\",%s]}",
                good.jwk + 1, good.jwk + 1, good.jwk + 1);
    CHECK_OK(oidc_read_keys(c, alg, &keys));
    CHECK_INT(keys.n, 1);
    CHECK_INT(keys.v[0].alg, OIDC_PS256);
    CHECK_ERR(oidc_read_keys(c, S("{}"), &keys), E_DENIED);
    CHECK_ERR(oidc_read_keys(c, S("[]"), &keys), E_DENIED);
    CHECK_ERR(oidc_read_keys(c, S(""), &keys), E_DENIED);
}

TEST(a_point_off_the_curve)
{
    struct signer s = new_ec(c, "k");
    struct oidc_keys keys;
    struct oidc_token token;
    CHECK_OK(oidc_read_keys(c, str_fmt(c->arena, "{\"keys\":[%s]}", s.jwk), &keys));
    CHECK_OK(oidc_read_token(c, token_of(c, &s, S("{\"alg\":\"ES256\",\"kid\":\"k\"}"), S("{}")), &token));
    CHECK_INT(oidc_verify(&keys, &token), OIDC_SIGNED);
    keys.v[0].y[31] ^= 1;
    CHECK_INT(oidc_verify(&keys, &token), OIDC_NOT_SIGNED);
}

/* --- keys change --- */

TEST(new_keys_are_fetched_when_a_token_names_them)
{
    struct oidc_claims claims;
    struct fake f = fake_of(c, (struct wicked){0});
    struct oidc_provider *p = open_at(c, &f, "");
    CHECK_OK(sign_in(c, p, &f, &claims));
    struct signer second = new_ec(c, "k2"), third = new_ec(c, "k3");
    f.signer = f.published = &second;
    CHECK_OK(sign_in(c, p, &f, &claims));
    CHECK_INT(f.key_sets, 2);
    /* A kid that nobody knows has them fetched at most once a minute. */
    f.signer = &third;
    for (int i = 0; i < 5; i++)
        CHECK_ERR(sign_in(c, p, &f, &claims), E_DENIED);
    CHECK_INT(f.key_sets, 2);
    test_set_clock(c, ctx_now(c) + OIDC_AGAIN_US);
    for (int i = 0; i < 5; i++)
        CHECK_ERR(sign_in(c, p, &f, &claims), E_DENIED);
    CHECK_INT(f.key_sets, 3);
    CHECK(str_has(c->error.message, S("unknown key")));
    /* The old key is gone and with it what it signed. */
    f.signer = f.published = &third;
    test_set_clock(c, ctx_now(c) + OIDC_AGAIN_US);
    CHECK_OK(sign_in(c, p, &f, &claims));
    f.signer = &second;
    CHECK_ERR(sign_in(c, p, &f, &claims), E_DENIED);
}

static void *begin_once(void *arg)
{
    struct oidc_provider *p = arg;
    struct arena arena;
    struct str address, remembered;
    arena_init(&arena, 16 << 20);
    struct ctx c = {.arena = &arena, .source = source_system()};
    enum err e = oidc_begin(&c, p, S("/"), &address, &remembered);
    arena_reset(&arena);
    return e ? p : NULL;
}

TEST(many_at_once_ask_once)
{
    pthread_t threads[8];
    struct fake f = fake_of(c, (struct wicked){.takes_us = 100000});
    struct oidc_provider *p = open_at(c, &f, "");
    for (size_t i = 0; i < 8; i++)
        CHECK(!pthread_create(&threads[i], NULL, begin_once, p));
    for (size_t i = 0; i < 8; i++) {
        void *failed;
        CHECK(!pthread_join(threads[i], &failed) && !failed);
    }
    CHECK_INT(f.discoveries, 1);
}

/* --- a provider that does not answer --- */

TEST(a_dead_provider_is_left_alone_for_a_while)
{
    struct oidc_claims claims;
    struct str address, remembered;
    struct fake f = fake_of(c, (struct wicked){.nothing = true});
    struct oidc_provider *p = open_at(c, &f, "");
    CHECK_ERR(oidc_begin(c, p, S("/"), &address, &remembered), E_IO);
    f.wicked.nothing = false;
    CHECK_ERR(oidc_begin(c, p, S("/"), &address, &remembered), E_BUSY);
    CHECK_INT(f.discoveries, 0);
    test_set_clock(c, ctx_now(c) + OIDC_REST_US);
    CHECK_OK(sign_in(c, p, &f, &claims));
    /* One that answers with a failure is not: whoever asks may have caused it. */
    f.wicked.status = 500;
    CHECK_ERR(sign_in(c, p, &f, &claims), E_DENIED);
    f.wicked.status = 0;
    CHECK_OK(sign_in(c, p, &f, &claims));
}

TEST(a_refusal_shows_no_text_of_the_providers_choice)
{
    struct oidc_reply reply = {400, S("{\"error\":\"invalid_grant\"}")};
    struct str token;
    CHECK_ERR(oidc_read_tokens(c, &reply, &token), E_DENIED);
    CHECK(str_has(c->error.message, S("400 invalid_grant")));
    reply.body = S("{\"error\":\"<script>\"}");
    CHECK_ERR(oidc_read_tokens(c, &reply, &token), E_DENIED);
    CHECK(!str_has(c->error.message, S("script")));
    struct oidc_claims claims;
    struct fake f = fake_of(c, (struct wicked){0});
    f.answer.error = S("access_denied");
    CHECK_ERR(sign_in(c, open_at(c, &f, ""), &f, &claims), E_DENIED);
    CHECK_INT(f.tokens, 0);
}

struct beginning {
    struct ctx *c;
    struct oidc_provider *p;
};

static void begin_in(void *arg)
{
    struct beginning *b = arg;
    struct str address, remembered;
    CHECK(oidc_begin(b->c, b->p, S("/"), &address, &remembered) == OK);
}

/* Whoever asks for the others and runs out of memory leaves nobody waiting. */
TEST(memory_may_end_while_it_asks)
{
    struct fake f = fake_of(c, (struct wicked){0});
    struct beginning b = {c, open_at(c, &f, "")};
    int64_t n = 1;
    for (;; n++) {
        test_set_clock(c, ctx_now(c) + OIDC_KEEP_US + 1);
        c->arena->fail_in = n;
        bool done = arena_run(c->arena, begin_in, &b);
        c->arena->fail_in = 0;
        if (done)
            break;
    }
    CHECK(n > 5);
}

/* --- addresses --- */

TEST(addresses)
{
    const char *safe[] = {"https://id.example.vn", "https://id.example.vn:8443/realms/tinh?x=1",
                          "https://[2001:db8::1]:443/"};
    const char *loopback[] = {"http://127.0.0.1:3000", "http://localhost/x", "http://[::1]:80/", "http://127.1.2.3"};
    const char *never[] = {"",
                           "http://id.example.vn",
                           "http://127.0.0.1.evil.example/",
                           "http://localhost.evil.example",
                           "http://127.0.0.1@evil.example/",
                           "http://evil.example:127.0.0.1",
                           "http://128.0.0.1",
                           "http://127.0.0.1.2",
                           "http://127.0.0.",
                           "http://127.0.0.256",
                           "https://a b",
                           "https://a\n",
                           "https://a#b",
                           "https://user@a",
                           "https:///x",
                           "https://",
                           "HTTPS://a",
                           "file:///etc/passwd",
                           "ftp://a",
                           "https://ă.vn",
                           "https://a\\@b"};
    for (size_t i = 0; i < sizeof safe / sizeof *safe; i++)
        CHECK(oidc_is_url(str_of(safe[i]), false) && oidc_is_url(str_of(safe[i]), true));
    for (size_t i = 0; i < sizeof loopback / sizeof *loopback; i++)
        CHECK(!oidc_is_url(str_of(loopback[i]), false) && oidc_is_url(str_of(loopback[i]), true));
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        CHECK(!oidc_is_url(str_of(never[i]), true));
}

TEST(an_issuer_over_plain_http_is_loopback_alone)
{
    struct oidc_provider *p;
    struct oidc_options o = {.client = S("c"), .redirect = S("http://127.0.0.1:8057/signin/oidc/back")};
    o.issuer = S("http://id.example.vn");
    CHECK_ERR(oidc_open(c, c->arena, &o, &p), E_INVALID);
    o.issuer = S("http://127.0.0.1:3000");
    CHECK_OK(oidc_open(c, c->arena, &o, &p));
    CHECK_STR(oidc_issuer(p), S("http://127.0.0.1:3000"));
    o.redirect = S("http://hoalu.example.vn/signin/oidc/back");
    CHECK_ERR(oidc_open(c, c->arena, &o, &p), E_INVALID);
    /* One that is safe itself leads nowhere else. */
    struct str address, remembered;
    struct fake f = fake_of(c, (struct wicked){.endpoint = "http://127.0.0.1/token"});
    CHECK_ERR(oidc_begin(c, open_at(c, &f, ""), S("/"), &address, &remembered), E_DENIED);
    f.wicked.endpoint = "http://id.example.vn/token";
    CHECK_ERR(oidc_begin(c, open_at(c, &f, ""), S("/"), &address, &remembered), E_DENIED);
}

/* --- the back channel itself --- */

/* Answers one question with `answer`, and, if it is to drip, a byte at a time for longer than anybody waits. */
struct server {
    int fd;
    unsigned port;
    struct str answer;
    size_t fill;
    bool drips;
    struct str asked;
    char room[8192];
};

static void *serve(void *arg)
{
    struct server *s = arg;
    int fd = accept(s->fd, NULL, NULL);
    static const char kib[1024] = {0};
    ssize_t n = read(fd, s->room, sizeof s->room);
    s->asked = (struct str){s->room, n > 0 ? (size_t)n : 0};
    bool open = write(fd, s->answer.p, s->answer.n) > 0;
    for (size_t i = 0; open && i < s->fill / sizeof kib; i++)
        open = send(fd, kib, sizeof kib, MSG_NOSIGNAL) > 0;
    for (int i = 0; open && s->drips && i < 900; i++) {
        usleep(100000);
        open = send(fd, " ", 1, MSG_NOSIGNAL) > 0;
    }
    close(fd);
    return NULL;
}

static enum err ask_of(struct ctx *c, struct server *s, const char *path, struct oidc_reply *ret)
{
    pthread_t thread;
    struct oidc_back back;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof at;
    s->fd = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(!bind(s->fd, (struct sockaddr *)&at, n) && !listen(s->fd, 4) &&
          !getsockname(s->fd, (struct sockaddr *)&at, &n));
    s->port = ntohs(at.sin_port);
    CHECK(!pthread_create(&thread, NULL, serve, s));
    CHECK_OK(oidc_back_curl(c, c->arena, S(""), &back));
    struct oidc_ask ask = {.url = str_fmt(c->arena, "http://127.0.0.1:%u%s", s->port, path),
                           .form = str_eq(str_of(path), S("/token")) ? S("a=b&c=d") : (struct str){0},
                           .authorization = S("Basic eA==")};
    enum err e = back.ask(c, back.arg, &ask, ret);
    shutdown(s->fd, SHUT_RDWR);
    close(s->fd);
    pthread_join(thread, NULL);
    return e;
}

TEST(a_question_over_http)
{
    struct oidc_reply reply;
    struct server s = {.answer = S("HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\n{}")};
    setenv("http_proxy", "http://127.0.0.1:1", 1); /* the loopback needs none */
    CHECK_OK(ask_of(c, &s, "/token", &reply));
    CHECK_INT(reply.status, 400);
    CHECK_STR(reply.body, S("{}"));
    CHECK(str_starts(s.asked, S("POST /token HTTP/1.1\r\n")) && str_ends(s.asked, S("\r\n\r\na=b&c=d")));
    CHECK(str_has(s.asked, S("\r\nAuthorization: Basic eA==\r\n")));
    CHECK(str_has(s.asked, S("\r\nContent-Type: application/x-www-form-urlencoded\r\n")));
    CHECK_OK(ask_of(c, &s, "/keys", &reply));
    CHECK(str_starts(s.asked, S("GET /keys HTTP/1.1\r\n")));
}

TEST(a_redirect_is_not_followed)
{
    struct oidc_reply reply;
    struct server s = {.answer = S("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")};
    CHECK_OK(ask_of(c, &s, "/keys", &reply));
    CHECK_INT(reply.status, 302);
}

TEST(too_long_an_answer)
{
    struct oidc_reply reply;
    struct server s = {.answer = S("HTTP/1.1 200 OK\r\n\r\n"), .fill = OIDC_ANSWER_MAX};
    CHECK_OK(ask_of(c, &s, "/keys", &reply));
    CHECK_INT(reply.body.n, OIDC_ANSWER_MAX);
    s.fill += 1024;
    CHECK_ERR(ask_of(c, &s, "/keys", &reply), E_IO);
    CHECK(str_has(c->error.message, S("too long an answer")));
}

TEST(too_many_headers)
{
    struct oidc_reply reply;
    struct server s = {.answer = S("HTTP/1.1 200 OK\r\nX-A: b\r\n")};
    while (s.answer.n < 70 << 10)
        s.answer =
            str_fmt(c->arena, "%.*sX-A: 0123456789012345678901234567890123456789012345678901234567890123456789\r\n",
                    ARGS(s.answer));
    s.answer = str_fmt(c->arena, "%.*s\r\n", ARGS(s.answer));
    CHECK_ERR(ask_of(c, &s, "/keys", &reply), E_IO);
    CHECK(str_has(c->error.message, S("too long an answer")));
}

TEST(a_slow_answer)
{
    struct oidc_reply reply;
    struct timespec from, to;
    struct server s = {.answer = S("HTTP/1.1 200 OK\r\n\r\n"), .drips = true};
    clock_gettime(CLOCK_MONOTONIC, &from);
    CHECK_ERR(ask_of(c, &s, "/keys", &reply), E_IO);
    clock_gettime(CLOCK_MONOTONIC, &to);
    CHECK(to.tv_sec - from.tv_sec >= 4 && to.tv_sec - from.tv_sec <= 40);
}
