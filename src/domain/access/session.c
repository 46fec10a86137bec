/* Who has signed in, from which browsers, and what programs sign in with. */
#include "domain/access/secret.h"

#include "base/period.h"
#include "domain/access/access.sql.h"

#include <sodium.h>
#include <string.h>

#include "base/banned.h"

enum { AGENT_MAX = 200, TOKEN_NAME_MAX = 100, DEVICE_DAYS = 365 };

/* --- tokens ------------------------------------------------------------------------------------------------------ */

void token_new(struct ctx *c, char token[ACCESS_TOKEN + 1])
{
    unsigned char secret[sizeof(struct token_hash)];
    c->source.random(c->source.arg, secret, sizeof secret);
    sodium_bin2base64(token, ACCESS_TOKEN + 1, secret, sizeof secret, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(secret, sizeof secret);
}

/* The library takes some bytes beyond ASCII for letters: a token has one spelling. */
static bool is_spelled(struct str token)
{
    for (size_t i = 0; i < token.n; i++)
        if ((signed char)token.p[i] <= ' ')
            return false;
    return token.n == ACCESS_TOKEN;
}

/* Tokens are as random as a key, so that a plain hash of one cannot be turned back. */
bool token_hash(struct str token, struct token_hash *ret)
{
    unsigned char secret[sizeof ret->bytes];
    size_t n;
    if (!is_spelled(token) ||
        sodium_base642bin(secret, sizeof secret, token.p, token.n, NULL, &n, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        n != sizeof secret)
        return false;
    crypto_generichash(ret->bytes, sizeof ret->bytes, secret, sizeof secret, NULL, 0);
    sodium_memzero(secret, sizeof secret);
    return true;
}

struct db_arg token_arg(const struct token_hash *h)
{
    return db_arg_bytes((struct str){(const char *)h->bytes, sizeof h->bytes});
}

static enum err token_make(struct ctx *c, char token[ACCESS_TOKEN + 1], struct token_hash *ret)
{
    token_new(c, token);
    return token_hash(str_of(token), ret) ? OK : FAIL(c, E_INTERNAL, "a token that was made cannot be read");
}

/* --- sessions ---------------------------------------------------------------------------------------------------- */

RECORD(session_record, struct session, "session", "Một phiên làm việc",
       {"id", FIELD_TEXT, offsetof(struct session, id), .doc = "để kết thúc phiên"},
       {"account", FIELD_TEXT, offsetof(struct session, account), .doc = "tên đăng nhập"},
       {"behalf", FIELD_TEXT, offsetof(struct session, behalf), .doc = "làm thay cho: users/TÊN, orgs/MÃ, hoặc trống"},
       {"how", FIELD_TEXT, offsetof(struct session, how), .doc = "cách đăng nhập"},
       {"half", FIELD_BOOL, offsetof(struct session, half), .doc = "còn thiếu mã xác thực"},
       {"address", FIELD_TEXT, offsetof(struct session, address), .doc = "địa chỉ mạng"},
       {"agent", FIELD_TEXT, offsetof(struct session, agent), .doc = "trình duyệt"},
       {"begun_us", FIELD_I64, offsetof(struct session, begun_us), .unit = "µs", .doc = "đăng nhập lúc"},
       {"seen_us", FIELD_I64, offsetof(struct session, seen_us), .unit = "µs", .doc = "dùng lần cuối"},
       {"hash", FIELD_BYTES, offsetof(struct session, hash), .doc = "mã băm"});

static struct str as_text(struct str s, size_t max)
{
    if (s.n > max)
        s.n = max;
    return s.p && str_is_utf8(s, &(size_t){0}) ? s : S("?");
}

enum err access_session_begin(struct ctx *c, const struct session *s, char token[ACCESS_TOKEN + 1])
{
    struct token_hash hash;
    int64_t now = ctx_now(c);
    TRY(token_make(c, token, &hash));
    TRY(access_session_sweep(c));
    return db_exec(c, SQL_session_put, token_arg(&hash), ARG(s->account), ARG(s->how), ARG(s->half), ARG(now),
                   ARG(as_text(s->address, AGENT_MAX)), ARG(as_text(s->agent, AGENT_MAX)));
}

enum err access_session(struct ctx *c, struct str token, struct session *ret)
{
    struct token_hash hash;
    int64_t now = ctx_now(c);
    enum err e = token_hash(token, &hash) ? db_one(c, SQL_session_get, &session_record, ret, token_arg(&hash),
                                                   ARG(now - SESSION_US), ARG(now - SESSION_IDLE_US))
                                          : E_NOTFOUND;
    return e == E_NOTFOUND ? FAIL(c, E_NOTFOUND, "phiên làm việc đã kết thúc (the session has ended)") : e;
}

enum err access_sessions(struct ctx *c, struct str account, struct str token, struct sessions *ret)
{
    struct token_hash own = {0};
    struct session s = {0};
    int64_t now = ctx_now(c);
    bool has_own = token_hash(token, &own);
    struct rows rows = db_query(c, SQL_session_of, ARG(account), ARG(now - SESSION_US), ARG(now - SESSION_IDLE_US));
    *ret = (struct sessions){0};
    while (db_next(&rows, &session_record, &s)) {
        char id[2 * sizeof own.bytes + 1];
        if (s.hash.n != sizeof own.bytes)
            continue;
        sodium_bin2hex(id, sizeof id, (const unsigned char *)s.hash.p, s.hash.n);
        s.id = str_dup(c->arena, str_of(id));
        s.own = has_own && str_eq(s.hash, (struct str){(const char *)own.bytes, sizeof own.bytes});
        *PUSH(c->arena, ret) = s;
    }
    return db_done(&rows);
}

enum err access_session_seen(struct ctx *c, struct str token)
{
    struct token_hash hash;
    return token_hash(token, &hash) ? db_exec(c, SQL_session_seen, token_arg(&hash), ARG(ctx_now(c))) : OK;
}

enum err access_session_behalf(struct ctx *c, struct str token, struct str behalf)
{
    struct token_hash hash;
    return token_hash(token, &hash) ? db_exec(c, SQL_session_behalf, token_arg(&hash), ARG(behalf)) : OK;
}

enum err access_session_end(struct ctx *c, struct str token)
{
    struct token_hash hash;
    return token_hash(token, &hash) ? db_exec(c, SQL_session_end, token_arg(&hash)) : OK;
}

enum err access_session_end_of(struct ctx *c, struct str account, struct str id)
{
    struct token_hash hash;
    size_t n;
    if (sodium_hex2bin(hash.bytes, sizeof hash.bytes, id.p, id.n, NULL, &n, NULL) != 0 || n != sizeof hash.bytes)
        return FAIL(c, E_NOTFOUND, "không có phiên này (no such session)");
    return db_exec(c, SQL_session_end_of, ARG(account), token_arg(&hash));
}

enum err access_session_sweep(struct ctx *c)
{
    int64_t now = ctx_now(c);
    TRY(db_exec(c, SQL_device_end_old, ARG(now)));
    return db_exec(c, SQL_session_end_old, ARG(now - SESSION_US), ARG(now - SESSION_IDLE_US));
}

/* --- browsers that are known ------------------------------------------------------------------------------------- */

enum err access_device_add(struct ctx *c, struct str account, char token[ACCESS_TOKEN + 1])
{
    struct token_hash hash;
    int64_t until = ctx_now(c) + DEVICE_DAYS * DAY_US;
    TRY(token_make(c, token, &hash));
    return db_exec(c, SQL_device_put, token_arg(&hash), ARG(account), ARG(until));
}

enum err access_device_known(struct ctx *c, struct str account, struct str token, bool *ret)
{
    struct token_hash hash;
    int64_t n = 0;
    if (token_hash(token, &hash))
        TRY(db_number(c, SQL_device_get, &n, token_arg(&hash), ARG(account), ARG(ctx_now(c))));
    *ret = n > 0;
    return OK;
}

enum err access_device_exists(struct ctx *c, struct str token, bool *ret)
{
    struct token_hash hash;
    int64_t n = 0;
    if (token_hash(token, &hash))
        TRY(db_number(c, SQL_device_exists, &n, token_arg(&hash), ARG(ctx_now(c))));
    *ret = n > 0;
    return OK;
}

/* --- programs ---------------------------------------------------------------------------------------------------- */

RECORD(api_token_record, struct api_token, "api_token", "Một mã truy cập cho chương trình",
       {"account", FIELD_TEXT, offsetof(struct api_token, account), .doc = "tài khoản mà mã này thay mặt"},
       {"name", FIELD_TEXT, offsetof(struct api_token, name), .doc = "dùng vào việc gì"},
       {"scope", FIELD_TEXT, offsetof(struct api_token, scope), .doc = "các quyền, cách nhau bằng dấu cách"},
       {"made_us", FIELD_I64, offsetof(struct api_token, made_us), .unit = "µs", .doc = "cấp lúc"},
       {"until_us", FIELD_I64, offsetof(struct api_token, until_us), .unit = "µs", .doc = "hết hạn lúc"});

static struct str api_token_bare(struct str text)
{
    return str_starts(text, S(API_TOKEN_PREFIX)) ? str_skip(text, strlen(API_TOKEN_PREFIX)) : S("");
}

static enum err check_token(struct ctx *c, const struct api_token *t)
{
    struct str rest = t->scope, word;
    const char *field = "name", *why = NULL;
    if (!str_trim(t->name).n || t->name.n > TOKEN_NAME_MAX || !str_is_utf8(t->name, NULL))
        why = "cần tên cho biết mã dùng vào việc gì, không quá 100 byte (a name is needed)";
    while (!why && str_cut(&rest, ' ', &word))
        if (word.n && !access_permission_named(word)) {
            field = "scope";
            why = "phạm vi gồm các từ " ACCESS_PERMISSIONS ", cách nhau bằng dấu cách (unknown permission)";
        }
    if (!why && (t->until_us <= ctx_now(c) || t->until_us > ctx_now(c) + API_TOKEN_DAYS_MAX * DAY_US)) {
        field = "days";
        why = "thời hạn từ 1 đến 366 ngày (1 to 366 days)";
    }
    if (!why)
        return OK;
    enum err e = FAIL(c, E_INVALID, "%s", why);
    c->error.field = str_of(field);
    return e;
}

enum err access_api_token_add(struct ctx *c, const struct api_token *t, char token[ACCESS_TOKEN + 1])
{
    struct account account;
    struct token_hash hash;
    struct api_tokens held;
    TRY(access_account(c, t->account, &account));
    if (account.disabled)
        return FAIL(c, E_INVALID, "tài khoản đã khóa (the account is closed)");
    TRY(check_token(c, t));
    TRY(access_api_tokens(c, t->account, &held));
    for (size_t i = 0; i < held.n; i++)
        if (str_eq(held.v[i].name, t->name))
            return FAIL(c, E_CONFLICT, "tài khoản đã có mã mang tên này (there is a token of that name)");
    TRY(access_tell(c, "token.add", t->account, &api_token_record, t, NULL));
    TRY(token_make(c, token, &hash));
    return db_exec(c, SQL_api_token_put, token_arg(&hash), ARG(t->account), ARG(t->name), ARG(t->scope),
                   ARG(ctx_now(c)), ARG(t->until_us));
}

enum err access_api_token(struct ctx *c, struct str token, struct api_token *ret)
{
    struct token_hash hash;
    enum err e = token_hash(api_token_bare(token), &hash)
                     ? db_one(c, SQL_api_token_get, &api_token_record, ret, token_arg(&hash), ARG(ctx_now(c)))
                     : E_NOTFOUND;
    return e == E_NOTFOUND ? FAIL(c, E_NOTFOUND, "mã truy cập không còn dùng được (not a good token)") : e;
}

enum err access_api_tokens(struct ctx *c, struct str account, struct api_tokens *ret)
{
    struct api_token t = {0};
    struct rows rows = db_query(c, SQL_api_token_of, ARG(account), ARG(ctx_now(c)));
    *ret = (struct api_tokens){0};
    while (db_next(&rows, &api_token_record, &t))
        *PUSH(c->arena, ret) = t;
    return db_done(&rows);
}

enum err access_api_token_end(struct ctx *c, struct str account, struct str name)
{
    int64_t n = 0;
    const struct db_arg args[] = {ARG(account), ARG(name)};
    TRY(db_exec_args(c, &SQL_api_token_end, &n, args, 2));
    if (!n)
        return FAIL(c, E_NOTFOUND, "không có mã truy cập này (no such token)");
    struct api_token ended = {.account = account, .name = name, .made_us = I64_NONE, .until_us = I64_NONE};
    return access_tell(c, "token.end", account, &api_token_record, &ended, NULL);
}

enum err access_end_all(struct ctx *c, struct str account)
{
    TRY(db_exec(c, SQL_link_end, ARG(account)));
    TRY(db_exec(c, SQL_device_end_all, ARG(account)));
    TRY(db_exec(c, SQL_api_token_end_all, ARG(account)));
    return db_exec(c, SQL_session_end_all, ARG(account));
}
