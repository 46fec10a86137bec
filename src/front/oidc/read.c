#include "front/oidc/read.h"

#include "base/viet.h"

#include <jansson.h>
#include <sodium.h>

#include "base/banned.h"

enum { AUDIENCES_MAX = 64, EMAIL_MAX = 254, NAME_MAX_BYTES = 200, SID_MAX = 255 };

/* --- JSON --- */

static void release(void *object)
{
    json_decref(object);
}

/* Numbers are read as doubles, so that one which does not fit an integer spoils nothing that is not about it. */
static enum err load(struct ctx *c, struct str bytes, const char *what, json_t **ret)
{
    struct arena_defer *d = arena_defer(c->arena, release);
    json_error_t why;
    if (bytes.n > OIDC_ANSWER_MAX)
        return FAIL(c, E_DENIED, "%s quá lớn (too large)", what);
    json_t *object =
        json_loadb(bytes.n ? bytes.p : "", bytes.n, JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL, &why);
    d->arg = object;
    if (!json_is_object(object))
        return FAIL(c, E_DENIED, "%s không phải một đối tượng JSON đúng dạng (not a well-formed JSON object)", what);
    *ret = object;
    return OK;
}

/* p == NULL if it is not there or no text. It lives as long as the object. */
static struct str text_at(const json_t *object, const char *name)
{
    const json_t *v = json_object_get(object, name);
    return json_is_string(v) ? (struct str){json_string_value(v), json_string_length(v)} : (struct str){0};
}

static bool has_word(const json_t *list, struct str word)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *v = json_array_get(list, i);
        if (json_is_string(v) && str_eq((struct str){json_string_value(v), json_string_length(v)}, word))
            return true;
    }
    return false;
}

/* --- addresses --- */

static bool is_loopback(struct str host)
{
    if (str_eq(host, S("localhost")) || str_eq(host, S("[::1]")))
        return true;
    struct str rest = host, part;
    unsigned parts = 0;
    int64_t v;
    for (; str_cut(&rest, '.', &part); parts++)
        if (!part.n || part.n > 3 || part.p[0] == '-' || !str_i64(part, &v) || v > 255 || (parts == 0 && v != 127))
            return false;
    return parts == 4;
}

bool oidc_is_url(struct str url, bool plain)
{
    bool https = str_starts(url, S("https://")), http = str_starts(url, S("http://"));
    if (url.n > OIDC_URL_MAX || !(https || (http && plain)))
        return false;
    for (size_t i = 0; i < url.n; i++)
        if (url.p[i] <= ' ' || url.p[i] > '~' || strchr("\"#<>\\^`{|}", url.p[i]))
            return false;
    struct str rest = str_skip(url, https ? 8 : 7);
    size_t end = 0, port;
    while (end < rest.n && rest.p[end] != '/' && rest.p[end] != '?')
        end++;
    struct str host = str_slice(rest, 0, end);
    if (memchr(host.p, '@', host.n))
        return false;
    for (port = host.n; port > 0 && host.p[port - 1] >= '0' && host.p[port - 1] <= '9';)
        port--;
    if (port > 0 && port < host.n && host.p[port - 1] == ':')
        host.n = port - 1;
    return host.n && (https || is_loopback(host));
}

/* --- the discovery document --- */

static enum err read_endpoint(struct ctx *c, const json_t *o, const char *name, bool plain, char ret[OIDC_URL_MAX + 1])
{
    struct str url = text_at(o, name);
    if (!oidc_is_url(url, plain))
        return FAIL(c, E_DENIED, "tài liệu của nhà cung cấp danh tính thiếu địa chỉ %s an toàn (no safe %s)", name,
                    name);
    memcpy(ret, url.p, url.n);
    ret[url.n] = 0;
    return OK;
}

enum err oidc_read_discovery(struct ctx *c, struct str json, struct str issuer, struct oidc_discovery *ret)
{
    json_t *o;
    bool plain = str_starts(issuer, S("http://"));
    struct oidc_discovery *d = NEW(c->arena, struct oidc_discovery);
    TRY(load(c, json, "tài liệu của nhà cung cấp danh tính", &o));
    if (!str_eq(text_at(o, "issuer"), issuer))
        return FAIL(c, E_DENIED,
                    "tài liệu của nhà cung cấp danh tính mang tên khác với tên đã cấu hình (another issuer in the "
                    "discovery document)");
    TRY(read_endpoint(c, o, "authorization_endpoint", plain, d->authorization));
    TRY(read_endpoint(c, o, "token_endpoint", plain, d->token));
    TRY(read_endpoint(c, o, "jwks_uri", plain, d->keys));
    if (json_object_get(o, "end_session_endpoint"))
        TRY(read_endpoint(c, o, "end_session_endpoint", plain, d->end));
    d->says_issuer = json_is_true(json_object_get(o, "authorization_response_iss_parameter_supported"));
    const json_t *methods = json_object_get(o, "token_endpoint_auth_methods_supported");
    d->takes_basic = !json_is_array(methods) || has_word(methods, S("client_secret_basic")) ||
                     !has_word(methods, S("client_secret_post"));
    *ret = *d;
    return OK;
}

/* --- the keys --- */

/* Base64 for addresses, in the one way to write it. */
static bool decode(struct str text, unsigned char *to, size_t room, size_t *ret_n)
{
    const char *end;
    return !sodium_base642bin(to, room, text.n ? text.p : "", text.n, NULL, ret_n, &end,
                              sodium_base64_VARIANT_URLSAFE_NO_PADDING) &&
           end == (text.n ? text.p : "") + text.n;
}

/* A whole number of at most `room` bytes, without the zeros before it. */
static bool decode_number(struct str text, unsigned char *to, size_t room, size_t *ret_n)
{
    size_t n, zeros = 0;
    if (!text.n || !decode(text, to, room, &n))
        return false;
    while (zeros < n && !to[zeros])
        zeros++;
    memmove(to, to + zeros, n - zeros);
    *ret_n = n - zeros;
    return n > zeros;
}

static unsigned top_bits(unsigned char top)
{
    unsigned bits = 0;
    for (; top; top >>= 1)
        bits++;
    return bits;
}

static bool read_rsa(const json_t *o, struct oidc_key *k)
{
    if (!decode_number(text_at(o, "n"), k->n, sizeof k->n, &k->n_n) ||
        !decode_number(text_at(o, "e"), k->e, sizeof k->e, &k->n_e))
        return false;
    bool odd = k->n[k->n_n - 1] & 1 && k->e[k->n_e - 1] & 1, one = k->n_e == 1 && k->e[0] == 1;
    return odd && !one && (k->n_n - 1) * 8 + top_bits(k->n[0]) >= OIDC_RSA_BITS_MIN;
}

static bool read_ec(const json_t *o, struct oidc_key *k)
{
    size_t x, y;
    k->is_ec = true;
    return str_eq(text_at(o, "crv"), S("P-256")) && decode(text_at(o, "x"), k->x, sizeof k->x, &x) &&
           decode(text_at(o, "y"), k->y, sizeof k->y, &y) && x == OIDC_EC && y == OIDC_EC;
}

static bool alg_of(struct str word, enum oidc_alg *ret)
{
    static const struct str words[] = {
        [OIDC_RS256] = S0("RS256"), [OIDC_PS256] = S0("PS256"), [OIDC_ES256] = S0("ES256")};
    for (size_t i = OIDC_RS256; i <= OIDC_ES256; i++)
        if (str_eq(word, words[i])) {
            *ret = (enum oidc_alg)i;
            return true;
        }
    return false;
}

static bool read_key(const json_t *o, struct oidc_key *k)
{
    struct str kty = text_at(o, "kty"), kid = text_at(o, "kid"), use = text_at(o, "use");
    const json_t *alg = json_object_get(o, "alg"), *ops = json_object_get(o, "key_ops");
    *k = (struct oidc_key){0};
    if ((use.p && !str_eq(use, S("sig"))) || (ops && !has_word(ops, S("verify"))) || kid.n > sizeof k->kid)
        return false;
    if (alg && !alg_of(text_at(o, "alg"), &k->alg))
        return false;
    if (kid.n)
        memcpy(k->kid, kid.p, kid.n);
    k->n_kid = kid.n;
    bool fits = str_eq(kty, S("RSA")) ? read_rsa(o, k) : str_eq(kty, S("EC")) && read_ec(o, k);
    return fits && (k->alg == OIDC_ANY || (k->alg == OIDC_ES256) == k->is_ec);
}

enum err oidc_read_keys(struct ctx *c, struct str json, struct oidc_keys *ret)
{
    json_t *o;
    struct oidc_keys *keys = NEW(c->arena, struct oidc_keys);
    TRY(load(c, json, "tập khóa của nhà cung cấp danh tính", &o));
    const json_t *list = json_object_get(o, "keys");
    if (!json_is_array(list))
        return FAIL(c, E_DENIED, "tập khóa của nhà cung cấp danh tính không có \"keys\" (a JWKS without keys)");
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (keys->n == OIDC_KEYS_MAX)
            return FAIL(c, E_DENIED, "nhà cung cấp danh tính có quá %d khóa (too many keys)", OIDC_KEYS_MAX);
        keys->n += read_key(json_array_get(list, i), &keys->v[keys->n]);
    }
    *ret = *keys;
    return OK;
}

/* --- tokens --- */

/* The code of an error as providers give it; anything else may be made to be shown, and is not. */
static struct str error_word(struct str error)
{
    for (size_t i = 0; i < error.n; i++)
        if (!(error.p[i] >= 'a' && error.p[i] <= 'z') && error.p[i] != '_')
            return S("");
    return error.n <= 64 ? error : S("");
}

enum err oidc_read_tokens(struct ctx *c, const struct oidc_reply *reply, struct str *ret_id_token)
{
    json_t *o;
    TRY(load(c, reply->body, "trả lời của nhà cung cấp danh tính", &o));
    if (reply->status != 200)
        return FAIL(c, E_DENIED,
                    "nhà cung cấp danh tính không nhận mã đăng nhập (the provider refused the code): %u %.*s",
                    reply->status, ARGS(error_word(text_at(o, "error"))));
    struct str token = text_at(o, "id_token");
    if (!token.n)
        return FAIL(c, E_DENIED, "nhà cung cấp danh tính không trả ID token (no ID token)");
    *ret_id_token = str_dup(c->arena, token);
    return OK;
}

static bool decode_part(struct ctx *c, struct str part, struct str *ret)
{
    size_t n;
    unsigned char *bytes = NEWN(c->arena, unsigned char, part.n + 1);
    if (!part.n || !decode(part, bytes, part.n, &n))
        return false;
    *ret = (struct str){(const char *)bytes, n};
    return true;
}

static enum err read_header(struct ctx *c, struct str header, struct oidc_token *ret)
{
    json_t *o;
    TRY(load(c, header, "đầu của ID token", &o));
    if (json_object_get(o, "enc"))
        return FAIL(c, E_DENIED, "ID token được mã hóa, không nhận (an encrypted token)");
    if (json_object_get(o, "crit"))
        return FAIL(c, E_DENIED, "ID token đòi phần mở rộng không biết (an unknown critical extension)");
    const json_t *typ = json_object_get(o, "typ"), *kid = json_object_get(o, "kid");
    struct str word = text_at(o, "typ");
    if (typ && !(word.n == 3 && (word.p[0] | 32) == 'j' && (word.p[1] | 32) == 'w' && (word.p[2] | 32) == 't'))
        return FAIL(c, E_DENIED, "đây không phải ID token (a token of another type)");
    if (!alg_of(text_at(o, "alg"), &ret->alg))
        return FAIL(c, E_DENIED, "ID token không được ký bằng RS256, PS256 hay ES256 (not signed as it must be)");
    if (kid && !json_is_string(kid))
        return FAIL(c, E_DENIED, "kid của ID token không phải văn bản (a kid that is no text)");
    ret->kid = kid ? str_dup(c->arena, text_at(o, "kid")) : (struct str){0};
    return OK;
}

enum err oidc_read_token(struct ctx *c, struct str id_token, struct oidc_token *ret)
{
    struct oidc_token token = {0};
    struct str rest = id_token, part[5], header;
    size_t n = 0;
    while (n < 5 && str_cut(&rest, '.', &part[n]))
        n++;
    if (n == 5)
        return FAIL(c, E_DENIED, "ID token được mã hóa, không nhận (an encrypted token)");
    if (n != 3)
        return FAIL(c, E_DENIED, "ID token không đủ ba phần (not three parts)");
    token.signed_part = str_slice(id_token, 0, part[0].n + 1 + part[1].n);
    if (!decode_part(c, part[0], &header) || !decode_part(c, part[1], &token.payload))
        return FAIL(c, E_DENIED, "ID token không phải Base64 đúng dạng (not Base64)");
    TRY(read_header(c, header, &token));
    if (!decode_part(c, part[2], &token.signature))
        return FAIL(c, E_DENIED, "ID token không có chữ ký (no signature)");
    *ret = token;
    return OK;
}

/* --- claims --- */

/* A moment in seconds; false if it is not there or none. */
static bool second_at(const json_t *o, const char *name, double *ret)
{
    const json_t *v = json_object_get(o, name);
    *ret = json_number_value(v);
    return json_is_number(v) && *ret >= 0 && *ret < 1e11;
}

static enum err check_times(struct ctx *c, const json_t *o, int64_t now_us)
{
    double expires, issued, begins, now = (double)now_us / 1e6;
    if (!second_at(o, "exp", &expires) || !second_at(o, "iat", &issued))
        return FAIL(c, E_DENIED, "ID token không nói được cấp và hết hạn lúc nào (no exp or iat)");
    if (now >= expires + OIDC_SKEW_S)
        return FAIL(c, E_DENIED, "ID token đã hết hạn (expired)");
    if (issued > now + OIDC_SKEW_S)
        return FAIL(c, E_DENIED, "ID token được cấp ở tương lai; hãy xem lại đồng hồ (issued in the future)");
    if (json_object_get(o, "nbf") && (!second_at(o, "nbf", &begins) || begins > now + OIDC_SKEW_S))
        return FAIL(c, E_DENIED, "ID token chưa có hiệu lực (not valid yet)");
    return OK;
}

static enum err check_audience(struct ctx *c, const json_t *o, struct str client)
{
    const json_t *aud = json_object_get(o, "aud"), *azp = json_object_get(o, "azp");
    size_t n = json_is_array(aud) ? json_array_size(aud) : 1;
    bool ours = json_is_array(aud) ? n <= AUDIENCES_MAX && has_word(aud, client) : str_eq(text_at(o, "aud"), client);
    if (!ours)
        return FAIL(c, E_DENIED, "ID token không dành cho hệ thống này (another audience)");
    if ((azp || n > 1) && !str_eq(text_at(o, "azp"), client))
        return FAIL(c, E_DENIED, "ID token được cấp cho hệ thống khác (another authorized party)");
    return OK;
}

static bool is_subject(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < ' ' || s.p[i] > '~')
            return false;
    return s.n > 0 && s.n <= OIDC_SUBJECT_MAX;
}

/* A text of one line; p == NULL if it is not there or too long. */
static struct str line_at(struct ctx *c, const json_t *o, const char *name, size_t max)
{
    struct str s = text_at(o, name);
    if (!s.n || s.n > 4 * max)
        return (struct str){0};
    s = str_trim(viet_nfc(c->arena, s));
    return s.n && s.n <= max && !memchr(s.p, '\n', s.n) ? s : (struct str){0};
}

enum err oidc_read_claims(struct ctx *c, struct str payload, const struct oidc_expected *expected,
                          struct oidc_claims *ret)
{
    json_t *o;
    TRY(load(c, payload, "nội dung của ID token", &o));
    if (!str_eq(text_at(o, "iss"), expected->issuer))
        return FAIL(c, E_DENIED, "ID token do nơi khác cấp (another issuer)");
    TRY(check_audience(c, o, expected->client));
    TRY(check_times(c, o, expected->now_us));
    struct str nonce = text_at(o, "nonce"), subject = text_at(o, "sub");
    if (nonce.n != expected->nonce.n || !nonce.n || sodium_memcmp(nonce.p, expected->nonce.p, nonce.n))
        return FAIL(c, E_DENIED, "ID token không phải của lần đăng nhập này (another nonce)");
    if (!is_subject(subject))
        return FAIL(c, E_DENIED, "ID token không nói người đăng nhập là ai (no subject, or none that can be one)");
    const json_t *verified = json_object_get(o, "email_verified");
    *ret = (struct oidc_claims){
        .subject = str_dup(c->arena, subject),
        .username = line_at(c, o, "preferred_username", OIDC_SUBJECT_MAX),
        .email = line_at(c, o, "email", EMAIL_MAX),
        .name = line_at(c, o, "name", NAME_MAX_BYTES),
        .sid = line_at(c, o, "sid", SID_MAX),
        .email_verified = json_is_true(verified),
        .named =
            expected->claim.n ? line_at(c, o, str_z(c->arena, expected->claim), OIDC_SUBJECT_MAX) : (struct str){0},
    };
    return OK;
}
