/* Any bytes as what a provider answers, and as what a browser says it remembers: whatever is taken keeps its promises,
 * and no bytes but those that the owner of the keys signed are found signed. The first letter says what the rest is.
 * max_len=8192 */
#include "fuzz/fuzz.h"

#include "base/viet.h"
#include "front/oidc/read.h"

#include "base/banned.h"

static const char ISSUER[] = "https://id.example.vn";

/* The public halves of two keys that signed the tokens in the corpus and nothing else. */
static const char KEYS[] =
    "{\"keys\":[{\"kty\":\"EC\",\"x\":\"ed9SfmpMZHblpqmwlMqTm-V5BMWcRoNbOujW5if2WIg\",\"y\":\"MGOQr4rvDBs"
    "KbvdFy3VB4UrJ9UffQqmSueKjNGVBn5o\",\"crv\":\"P-256\",\"kid\":\"e\",\"use\":\"sig\"},{\"kty\":\"RSA\""
    ",\"n\":\"tYvlI_C8X5KWnx1WLQjurs0p-3Y_sb4OG_Sr4yaTznD4KsLMO8QTo8Ugx6xzmOKF_oEGP1npBOnoajJ3Y8XNBFdS1Tm"
    "EzKAHTXeLIwE8N3NAqzlBHohoYf2W8-keexlovOk0KUels0CYYHWM22xkIj3k9z_fNlJqGsg73MCddt9NV-cr1lJJ6HJ5kdeRsHs"
    "W7SftUsHkkA206LhNK44h1OWLxh7qfrDHWv560sDaTbkcmYLHjJ8ZJcv88fOmohDC0h11JfQHH8HKA8EMivKAaVTwO9aQV-DRLtT"
    "CxK8gIO6IQfnNBZFj_7zRKPdfqJv9ESyRNX5l7Yk0xl5FQmva_Q\",\"e\":\"AQAB\",\"kid\":\"r\",\"use\":\"sig\","
    "\"alg\":\"RS256\"}]}";
static const char SIGNED[] =
    "{\"iss\":\"https://id.example.vn\",\"aud\":[\"hoalu\",\"x\"],\"azp\":\"hoalu\",\"exp\":1782864300,\""
    "iat\":1782864000,\"nonce\":\"n-0S6_WzA2Mj\",\"sub\":\"248289761001\",\"preferred_username\":\"so.khc"
    "n\",\"email\":\"a@example.vn\",\"email_verified\":true,\"name\":\"Nguyễn Văn A\",\"sid\":\"1\"}";

static void check_url(const char *url)
{
    HOLDS(oidc_is_url(str_of(url), false));
}

static void try_discovery(struct ctx *c, struct str input)
{
    struct oidc_discovery d;
    if (oidc_read_discovery(c, input, str_of(ISSUER), &d))
        return;
    check_url(d.authorization);
    check_url(d.token);
    check_url(d.keys);
    HOLDS(!d.end[0] || oidc_is_url(str_of(d.end), false));
}

/* Whatever the keys are, GnuTLS lives through them. */
static void try_keys(struct ctx *c, struct str input)
{
    struct oidc_keys keys;
    static const char bytes[256] = {1};
    if (oidc_read_keys(c, input, &keys))
        return;
    HOLDS(keys.n <= OIDC_KEYS_MAX);
    for (size_t i = 0; i < keys.n; i++) {
        const struct oidc_key *k = &keys.v[i];
        HOLDS(k->is_ec || (k->n_n >= OIDC_RSA_BITS_MIN / 8 && k->n[0] && k->e[k->n_e - 1] & 1));
        struct oidc_token token = {.alg = k->is_ec ? OIDC_ES256 : OIDC_RS256,
                                   .kid = {k->kid, k->n_kid},
                                   .signed_part = S("x"),
                                   .signature = {bytes, k->is_ec ? 64 : sizeof bytes}};
        HOLDS(oidc_verify(&keys, &token) != OIDC_KEY_UNKNOWN);
    }
}

static void try_tokens(struct ctx *c, struct str input)
{
    struct str token;
    struct oidc_reply reply = {200, input};
    if (!oidc_read_tokens(c, &reply, &token))
        HOLDS(token.n);
    reply.status = 400;
    HOLDS(oidc_read_tokens(c, &reply, &token));
    HOLDS(str_is_utf8(c->error.message, NULL));
}

static void try_token(struct ctx *c, struct str input)
{
    struct oidc_token token;
    struct oidc_keys keys;
    HOLDS(!oidc_read_keys(c, str_of(KEYS), &keys));
    if (!oidc_read_token(c, input, &token) && oidc_verify(&keys, &token) == OIDC_SIGNED)
        HOLDS(str_eq(token.payload, str_of(SIGNED)));
}

static void try_claims(struct ctx *c, struct str input)
{
    struct oidc_claims claims;
    struct oidc_expected expected = {str_of(ISSUER), S("hoalu"), S("n-0S6_WzA2Mj"), S("sid"), fuzz_now(NULL)};
    if (oidc_read_claims(c, input, &expected, &claims))
        return;
    HOLDS(claims.subject.n && claims.subject.n <= OIDC_SUBJECT_MAX);
    for (size_t i = 0; i < claims.subject.n; i++)
        HOLDS(claims.subject.p[i] >= ' ' && claims.subject.p[i] <= '~');
    struct str texts[] = {claims.username, claims.email, claims.name, claims.sid, claims.named};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        HOLDS(!texts[i].p || (texts[i].n && texts[i].n <= OIDC_SUBJECT_MAX && str_is_utf8(texts[i], NULL) &&
                              !memchr(texts[i].p, '\n', texts[i].n)));
}

static enum err nobody(struct ctx *c, void *arg, const struct oidc_ask *ask, struct oidc_reply *ret)
{
    (void)arg;
    *ret = (struct oidc_reply){
        200, S("{\"issuer\":\"https://id.example.vn\",\"authorization_endpoint\":\"https://id.example.vn/auth\","
               "\"token_endpoint\":\"https://id.example.vn/token\",\"jwks_uri\":\"https://id.example.vn/keys\"}")};
    HOLDS(str_ends(ask->url, S("/openid-configuration"))); /* no token is asked for: the state is nobody's */
    return c->error.code;
}

static void try_remembered(struct ctx *c, struct str input)
{
    struct oidc_claims claims;
    struct oidc_provider *p;
    struct oidc_answer answer = {.code = S("x"), .state = S("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")};
    struct oidc_options options = {
        .issuer = str_of(ISSUER), .client = S("hoalu"), .redirect = S("https://a.vn/back"), .back = {nobody, NULL}};
    HOLDS(!oidc_open(c, c->arena, &options, &p));
    HOLDS(oidc_finish(c, p, input, &answer, &claims) == E_DENIED);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena arena;
    struct ctx c = fuzz_ctx(&arena);
    struct str input = {(const char *)data + (n > 0), n - (n > 0)};
    switch (n ? data[0] : 'd') {
    case 'd':
        try_discovery(&c, input);
        break;
    case 'k':
        try_keys(&c, input);
        break;
    case 'r':
        try_tokens(&c, input);
        break;
    case 't':
        try_token(&c, input);
        break;
    case 'c':
        try_claims(&c, input);
        break;
    default:
        try_remembered(&c, input);
        break;
    }
    arena_reset(&arena);
    return 0;
}
