#include "domain/access/totp.h"

#include "domain/access/totp.sql.h"
#include "ledger/ledger.h"

#include <liboath/oath.h>
#include <sodium.h>
#include <stdlib.h>

#include "base/banned.h"

enum {
    NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    BOX = NONCE + TOTP_SECRET + crypto_aead_xchacha20poly1305_ietf_ABYTES,
    HASH = 32,
    RECOVERY_LETTERS = 12,
};

static const char BASE32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/* Without letters that are taken for others. */
static const char LETTERS[] = "0123456789abcdefghjkmnpqrstvwxyz";

/* --- the key --- */

struct str totp_key_path(struct ctx *c, struct str store)
{
    const char *named = getenv("HOALU_SECRET"), *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    if (named && *named)
        return str_of(named);
    if (!db_is_url(store))
        return str_fmt(c->arena, "%.*s.secret", ARGS(store));
    if (config && *config)
        return str_fmt(c->arena, "%s/hoalu.secret", config);
    return str_fmt(c->arena, "%s/.config/hoalu.secret", home && *home ? home : ".");
}

/* The file is kept and checked as that of the ledger's key is; what is in it serves another purpose. */
enum err totp_key_load(struct ctx *c, struct str file, bool create, struct totp_key *ret)
{
    static const char purpose[] = "hoalu: second factor";
    struct ledger_key seed;
    TRY(ledger_key_load(c, file, create, &seed));
    crypto_generichash(ret->bytes, sizeof ret->bytes, (const unsigned char *)purpose, sizeof purpose - 1, seed.secret,
                       32);
    sodium_memzero(&seed, sizeof seed);
    return OK;
}

/* --- what is kept --- */

struct kept {
    struct str secret, pending;
    int64_t since_us, last_step, recovery_left;
};
RECORD(totp_kept_record, struct kept, "totp_get", "What is kept of an account's codes",
       {"secret", FIELD_BYTES, offsetof(struct kept, secret)}, {"pending", FIELD_BYTES, offsetof(struct kept, pending)},
       {"since_us", FIELD_I64, offsetof(struct kept, since_us)},
       {"last_step", FIELD_I64, offsetof(struct kept, last_step)},
       {"recovery_left", FIELD_I64, offsetof(struct kept, recovery_left)});
RECORD(totp_state_record, struct totp_state, "totp_state", "Mã xác thực của một tài khoản",
       {"on", FIELD_BOOL, offsetof(struct totp_state, on), .doc = "đã bật"},
       {"pending", FIELD_BOOL, offsetof(struct totp_state, pending), .doc = "đang chờ mã đầu tiên"},
       {"since_us", FIELD_I64, offsetof(struct totp_state, since_us), .unit = "µs", .doc = "bật từ lúc"},
       {"recovery_left", FIELD_I64, offsetof(struct totp_state, recovery_left), .doc = "mã khôi phục còn lại"});

static enum err look(struct ctx *c, struct str account, struct kept *ret)
{
    *ret = (struct kept){.since_us = I64_NONE, .last_step = I64_NONE};
    enum err e = db_one(c, SQL_totp_get, &totp_kept_record, ret, ARG(account));
    return e == E_NOTFOUND ? OK : e;
}

enum err access_totp_state(struct ctx *c, struct str account, struct totp_state *ret)
{
    struct kept kept;
    TRY(look(c, account, &kept));
    *ret = (struct totp_state){kept.secret.p != NULL, kept.pending.p != NULL, kept.since_us, kept.recovery_left};
    return OK;
}

static struct db_arg bytes_arg(const unsigned char *p, size_t n)
{
    return db_arg_bytes((struct str){(const char *)p, n});
}

static enum err refuse(struct ctx *c, enum err code, const char *why)
{
    enum err e = FAIL(c, code, "%s", why);
    c->error.field = S("code");
    return e;
}

static enum err tell(struct ctx *c, const char *kind, struct str account)
{
    return ledger_append(c, str_of(kind), str_fmt(c->arena, "users/%.*s", ARGS(account)), S("{}"), NULL);
}

/* --- secrets --- */

static void lock(struct ctx *c, const struct totp_key *key, struct str account, const unsigned char secret[TOTP_SECRET],
                 unsigned char box[BOX])
{
    c->source.random(c->source.arg, box, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(box + NONCE, NULL, secret, TOTP_SECRET, (const unsigned char *)account.p,
                                               account.n, NULL, box, key->bytes);
}

static enum err unlock(struct ctx *c, const struct totp_key *key, struct str account, struct str box,
                       unsigned char secret[TOTP_SECRET])
{
    const unsigned char *p = (const unsigned char *)box.p;
    if (box.n == BOX &&
        crypto_aead_xchacha20poly1305_ietf_decrypt(secret, NULL, NULL, p + NONCE, BOX - NONCE,
                                                   (const unsigned char *)account.p, account.n, p, key->bytes) == 0)
        return OK;
    return FAIL(
        c, E_IO,
        "không giải được khóa bí mật của mã xác thực: tệp khóa cạnh kho dữ liệu đã bị thay; quản trị cần tắt mã "
        "xác thực của tài khoản này (the key beside the store is another one)");
}

static void base32(const unsigned char secret[TOTP_SECRET], char ret[TOTP_BASE32 + 1])
{
    for (size_t i = 0; i < TOTP_BASE32; i++) {
        size_t bit = i * 5, byte = bit / 8, shift = bit % 8;
        unsigned two = (unsigned)secret[byte] << 8 | (byte + 1 < TOTP_SECRET ? secret[byte + 1] : 0u);
        ret[i] = BASE32[two >> (11 - shift) & 31];
    }
    ret[TOTP_BASE32] = 0;
}

/* --- codes --- */

void totp_code(const unsigned char secret[TOTP_SECRET], int64_t step, char ret[TOTP_DIGITS + 1])
{
    if (oath_hotp_generate((const char *)secret, TOTP_SECRET, (uint64_t)step, TOTP_DIGITS, false,
                           OATH_HOTP_DYNAMIC_TRUNCATION, ret) != OATH_OK)
        ret[0] = 0;
}

/* The step whose code this is, later than `after`; I64_NONE if it is of none that may be. All are made and compared,
 * whichever it is. */
static int64_t step_of(struct ctx *c, const unsigned char secret[TOTP_SECRET], int64_t after, const char *typed)
{
    int64_t now = ctx_now(c) / 1000000 / TOTP_STEP_S, found = I64_NONE;
    for (int64_t step = now + 1; step >= now - 1; step--) {
        char code[TOTP_DIGITS + 1] = "";
        totp_code(secret, step, code);
        bool same = code[0] && sodium_memcmp(code, typed, TOTP_DIGITS) == 0;
        if (same && (after == I64_NONE || step > after))
            found = step;
    }
    return found;
}

/* What was typed, without blanks and dashes, in small letters that are not taken for others. Its length, or 0 if it can
 * be no code. */
static size_t clean(struct str typed, char ret[RECOVERY_LETTERS + 1])
{
    size_t n = 0;
    for (size_t i = 0; i < typed.n; i++) {
        char ch = typed.p[i];
        if (ch == ' ' || ch == '-' || ch == '\t')
            continue;
        ch = ch >= 'A' && ch <= 'Z' ? (char)(ch | 32) : ch;
        ch = ch == 'o' ? '0' : ch == 'i' || ch == 'l' ? '1' : ch;
        if (n == RECOVERY_LETTERS || !ch || !strchr(LETTERS, ch))
            return 0;
        ret[n++] = ch;
    }
    ret[n] = 0;
    return n;
}

static void recovery_hash(const struct totp_key *key, struct str account, const char letters[RECOVERY_LETTERS + 1],
                          unsigned char ret[HASH])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, key->bytes, sizeof key->bytes, HASH);
    crypto_generichash_update(&state, (const unsigned char *)letters, RECOVERY_LETTERS);
    crypto_generichash_update(&state, (const unsigned char *)account.p, account.n);
    crypto_generichash_final(&state, ret, HASH);
}

static enum err make_recovery(struct ctx *c, const struct totp_key *key, struct str account, struct recovery_codes *ret)
{
    TRY(db_exec(c, SQL_recovery_end, ARG(account)));
    for (size_t i = 0; i < RECOVERY_CODES; i++) {
        unsigned char chance[RECOVERY_LETTERS], hash[HASH];
        char letters[RECOVERY_LETTERS + 1] = "", *to = ret->v[i];
        c->source.random(c->source.arg, chance, sizeof chance);
        for (size_t k = 0; k < RECOVERY_LETTERS; k++) {
            letters[k] = LETTERS[chance[k] & 31];
            if (k && k % 4 == 0)
                *to++ = '-';
            *to++ = letters[k];
        }
        *to = 0;
        recovery_hash(key, account, letters, hash);
        TRY(db_exec(c, SQL_recovery_put, ARG(account), bytes_arg(hash, HASH)));
    }
    return OK;
}

/* --- turning it on and off --- */

enum err access_totp_begin(struct ctx *c, const struct totp_key *key, struct str name, char ret[TOTP_BASE32 + 1])
{
    struct account account;
    unsigned char secret[TOTP_SECRET], box[BOX];
    TRY(access_account(c, name, &account));
    c->source.random(c->source.arg, secret, sizeof secret);
    lock(c, key, name, secret, box);
    base32(secret, ret);
    sodium_memzero(secret, sizeof secret);
    return db_exec(c, SQL_totp_pend, ARG(name), bytes_arg(box, BOX));
}

static enum err none_pending(struct ctx *c)
{
    return refuse(c, E_NOTFOUND,
                  "chưa có khóa bí mật nào đang chờ xác nhận; hãy bắt đầu lại (no secret waits for a code)");
}

enum err access_totp_pending(struct ctx *c, const struct totp_key *key, struct str account, char ret[TOTP_BASE32 + 1])
{
    struct kept kept;
    unsigned char secret[TOTP_SECRET];
    TRY(look(c, account, &kept));
    if (!kept.pending.p)
        return none_pending(c);
    TRY(unlock(c, key, account, kept.pending, secret));
    base32(secret, ret);
    sodium_memzero(secret, sizeof secret);
    return OK;
}

static enum err wrong(struct ctx *c)
{
    return refuse(c, E_DENIED,
                  "mã không đúng hoặc đã dùng; hãy chờ mã kế tiếp rồi nhập lại (wrong code, or one that was used)");
}

enum err access_totp_confirm(struct ctx *c, const struct totp_key *key, struct str account, struct str code,
                             struct recovery_codes *ret)
{
    struct kept kept;
    unsigned char secret[TOTP_SECRET], box[BOX];
    char typed[RECOVERY_LETTERS + 1];
    TRY(look(c, account, &kept));
    if (!kept.pending.p)
        return none_pending(c);
    TRY(unlock(c, key, account, kept.pending, secret));
    int64_t step = clean(code, typed) == TOTP_DIGITS ? step_of(c, secret, I64_NONE, typed) : I64_NONE;
    lock(c, key, account, secret, box);
    sodium_memzero(secret, sizeof secret);
    if (step == I64_NONE)
        return wrong(c);
    TRY(tell(c, "user.totp-on", account));
    TRY(db_exec(c, SQL_totp_start, ARG(account), bytes_arg(box, BOX), ARG(ctx_now(c)), ARG(step)));
    return make_recovery(c, key, account, ret);
}

enum err access_totp_off(struct ctx *c, struct str account)
{
    struct kept kept;
    TRY(look(c, account, &kept));
    if (!kept.secret.p && !kept.pending.p)
        return refuse(c, E_NOTFOUND, "tài khoản không dùng mã xác thực (the account uses no codes)");
    if (kept.secret.p)
        TRY(tell(c, "user.totp-off", account));
    TRY(db_exec(c, SQL_recovery_end, ARG(account)));
    return db_exec(c, SQL_totp_end, ARG(account));
}

enum err access_recovery_renew(struct ctx *c, const struct totp_key *key, struct str account,
                               struct recovery_codes *ret)
{
    struct kept kept;
    TRY(look(c, account, &kept));
    if (!kept.secret.p)
        return refuse(c, E_NOTFOUND, "tài khoản không dùng mã xác thực (the account uses no codes)");
    TRY(tell(c, "user.recovery-codes", account));
    return make_recovery(c, key, account, ret);
}

/* --- signing in --- */

static enum err use_recovery(struct ctx *c, const struct totp_key *key, struct str account,
                             const char letters[RECOVERY_LETTERS + 1])
{
    unsigned char hash[HASH];
    int64_t used;
    recovery_hash(key, account, letters, hash);
    struct db_arg args[] = {ARG(account), bytes_arg(hash, HASH)};
    TRY(db_exec_args(c, &SQL_recovery_use, &used, args, 2));
    return used == 1 ? tell(c, "user.recovery-used", account) : wrong(c);
}

enum err access_totp_use(struct ctx *c, const struct totp_key *key, struct str account, struct str code)
{
    struct kept kept;
    unsigned char secret[TOTP_SECRET];
    char typed[RECOVERY_LETTERS + 1];
    TRY(look(c, account, &kept));
    if (!kept.secret.p)
        return OK;
    size_t n = clean(code, typed);
    if (n == RECOVERY_LETTERS)
        return use_recovery(c, key, account, typed);
    TRY(unlock(c, key, account, kept.secret, secret));
    int64_t step = n == TOTP_DIGITS ? step_of(c, secret, kept.last_step, typed) : I64_NONE;
    sodium_memzero(secret, sizeof secret);
    return step == I64_NONE ? wrong(c) : db_exec(c, SQL_totp_step, ARG(account), ARG(step));
}

/* --- showing it --- */

struct str totp_grouped(struct ctx *c, const char *secret)
{
    struct out o;
    out_init(&o, c->arena, 256);
    for (size_t i = 0; secret[i]; i++) {
        if (i && i % 4 == 0)
            out_char(&o, ' ');
        out_char(&o, secret[i]);
    }
    return out_str(&o);
}

static void put_escaped(struct out *o, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char ch = (unsigned char)s.p[i];
        bool plain = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') ||
                     (ch && strchr("-._~", ch));
        if (plain)
            out_char(o, (char)ch);
        else
            out_fmt(o, "%%%02X", ch);
    }
}

struct str totp_uri(struct ctx *c, struct str issuer, struct str account, const char *secret)
{
    struct out o;
    out_init(&o, c->arena, 4096);
    out_put(&o, S("otpauth://totp/"));
    put_escaped(&o, issuer);
    out_char(&o, ':');
    put_escaped(&o, account);
    out_fmt(&o, "?secret=%s&issuer=", secret);
    put_escaped(&o, issuer);
    out_fmt(&o, "&algorithm=SHA1&digits=%d&period=%d", TOTP_DIGITS, TOTP_STEP_S);
    return out_str(&o);
}
