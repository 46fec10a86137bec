/* Passwords and links: what shows that somebody is who they say. The store has hashes alone. */
#include "domain/access/secret.h"

#include "base/period.h"
#include "base/viet.h"
#include "domain/access/access.sql.h"
#include "ledger/ledger.h"

#include <sodium.h>
#include <string.h>

#include "base/banned.h"

/* --- passwords --- */

/* As it was typed, however the keyboard puts letters and marks together. */
static struct str as_typed(struct ctx *c, struct str password)
{
    return str_is_utf8(password, &(size_t){0}) ? viet_nfc(c->arena, password) : password;
}

static size_t letters(struct str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
    return n;
}

enum err access_password_check(struct ctx *c, struct str account, struct str password)
{
    const char *why = NULL;
    if (letters(password) < ACCESS_PASSWORD_MIN)
        why = "mật khẩu cần ít nhất 10 ký tự; một câu dễ nhớ là tốt (at least 10 characters; a sentence will do)";
    else if (password.n > ACCESS_PASSWORD_MAX)
        why = "mật khẩu dài quá 1024 byte (the password is too long)";
    else if (str_has(viet_fold_text(c->arena, password), viet_fold_text(c->arena, account)))
        why = "mật khẩu không được chứa tên đăng nhập (the name of the account must not stand in the password)";
    if (!why)
        return OK;
    enum err e = FAIL(c, E_INVALID, "%s", why);
    c->error.field = S("password");
    return e;
}

enum err access_password_hash(struct ctx *c, struct str password, struct str *ret)
{
    char hash[crypto_pwhash_STRBYTES];
    struct str typed = as_typed(c, password);
    if (crypto_pwhash_str(hash, typed.p, typed.n, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                          crypto_pwhash_MEMLIMIT_INTERACTIVE))
        return FAIL(c, E_BUSY, "không đủ bộ nhớ để băm mật khẩu, hãy thử lại (no memory to hash the password)");
    *ret = str_dup(c->arena, str_of(hash));
    return OK;
}

/* Of no password anybody has: what is spent on it is what a real one would take. */
static const char NOBODY[] = "$argon2id$v=19$m=65536,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
                             "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

bool access_password_fits(struct ctx *c, struct str kept, struct str password)
{
    struct str typed = as_typed(c, password);
    char hash[crypto_pwhash_STRBYTES] = "";
    struct str against = kept.p && kept.n < sizeof hash ? kept : str_of(NOBODY);
    memcpy(hash, against.p, against.n);
    bool fits = crypto_pwhash_str_verify(hash, typed.p, typed.n) == 0;
    return fits && against.p == kept.p;
}

/* --- what is kept --- */

struct kept {
    struct str text;
};
RECORD(password_record, struct kept, "password_kept", "A password as it is kept",
       {"password", FIELD_TEXT, offsetof(struct kept, text)});
RECORD(link_record, struct kept, "link_account", "Whose a link is",
       {"account", FIELD_TEXT, offsetof(struct kept, text)});

enum err access_password_kept(struct ctx *c, struct str account, struct str *ret)
{
    struct kept kept = {0};
    enum err e = db_one(c, SQL_password_kept, &password_record, &kept, ARG(account));
    *ret = kept.text;
    return e == E_NOTFOUND ? OK : e;
}

/* --- links --- */

enum err access_link_put(struct ctx *c, struct str account, char token[ACCESS_TOKEN + 1])
{
    struct token_hash hash;
    int64_t until = ctx_now(c) + LINK_DAYS * DAY_US;
    token_new(c, token);
    if (!token_hash(str_of(token), &hash))
        return FAIL(c, E_INTERNAL, "a token that was made cannot be read");
    TRY(db_exec(c, SQL_link_end, ARG(account)));
    return db_exec(c, SQL_link_put, token_arg(&hash), ARG(account), ARG(until));
}

enum err access_link_account(struct ctx *c, struct str token, struct str *ret)
{
    struct token_hash hash;
    struct kept kept = {0};
    enum err e = token_hash(token, &hash)
                     ? db_one(c, SQL_link_account, &link_record, &kept, token_arg(&hash), ARG(ctx_now(c)))
                     : E_NOTFOUND;
    if (e == E_NOTFOUND)
        return FAIL(
            c, E_NOTFOUND,
            "đường dẫn này đã dùng rồi hoặc đã quá hạn; hãy xin một đường dẫn khác (this link was used, or is too "
            "old; ask for another)");
    *ret = kept.text;
    return e;
}

enum err access_password_put(struct ctx *c, struct str account, struct str hash)
{
    TRY(ledger_append(c, S("user.password"), str_fmt(c->arena, "users/%.*s", ARGS(account)), S("{}"), NULL));
    TRY(access_end_all(c, account));
    return db_exec(c, SQL_password_put, ARG(account), ARG(hash), ARG(ctx_now(c)));
}

enum err access_link_use(struct ctx *c, struct str token, struct str password_hash)
{
    struct str account;
    TRY(access_link_account(c, token, &account));
    return access_password_put(c, account, password_hash);
}
