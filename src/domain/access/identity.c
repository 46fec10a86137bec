#include "domain/access/identity.h"

#include "base/emit.h"
#include "base/out.h"
#include "domain/access/access.sql.h"
#include "domain/access/identity.sql.h"
#include "ledger/ledger.h"

#include "base/banned.h"

enum { EVENT_MAX = 16 << 10 };

RECORD(identity_record, struct identity, "identity", "Một danh tính ở nhà cung cấp danh tính",
       {"issuer", FIELD_TEXT, offsetof(struct identity, issuer), .doc = "nhà cung cấp danh tính", .required = true},
       {"subject", FIELD_TEXT, offsetof(struct identity, subject), .doc = "mã người dùng ở đó", .required = true},
       {"account", FIELD_TEXT, offsetof(struct identity, account), .doc = "tên đăng nhập ở đây", .required = true});

enum err access_identities(struct ctx *c, struct str account, struct identities *ret)
{
    struct identities all = {0};
    struct identity one = {0};
    struct rows rows = db_query(c, SQL_identity_all, ARG(account));
    while (db_next(&rows, &identity_record, &one))
        *PUSH(c->arena, &all) = one;
    *ret = all;
    return db_done(&rows);
}

static enum err refuse(struct ctx *c, const char *field, enum err code, const char *why)
{
    enum err e = FAIL(c, code, "%s", why);
    c->error.field = str_of(field);
    return e;
}

static bool is_printable(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < ' ' || s.p[i] > '~')
            return false;
    return s.n > 0;
}

static enum err tell(struct ctx *c, const char *kind, const struct identity *i, int64_t *ret_position)
{
    struct out o;
    struct emit e;
    out_init(&o, c->arena, EVENT_MAX);
    emit_init(&e, &o, EMIT_JSON);
    emit_record(&e, &identity_record, i);
    return ledger_append(c, str_of(kind), str_fmt(c->arena, "users/%.*s", ARGS(i->account)), out_str(&o), ret_position);
}

static enum err put(struct ctx *c, const struct identity *i)
{
    int64_t position;
    TRY(tell(c, "user.identity", i, &position));
    return db_exec(c, SQL_identity_add, ARG(i->issuer), ARG(i->subject), ARG(i->account), ARG(position));
}

enum err access_identity_link(struct ctx *c, const struct identity *identity)
{
    struct account account;
    struct identity there = {0};
    bool https = str_starts(identity->issuer, S("https://")), http = str_starts(identity->issuer, S("http://"));
    if (!is_printable(identity->issuer) || identity->issuer.n > IDENTITY_ISSUER_MAX || !(https || http))
        return refuse(c, "issuer", E_INVALID,
                      "nhà cung cấp danh tính là một địa chỉ https:// (the issuer is an https address)");
    if (!is_printable(identity->subject) || identity->subject.n > IDENTITY_SUBJECT_MAX)
        return refuse(c, "subject", E_INVALID,
                      "mã người dùng gồm 1 đến 255 ký tự ASCII (a subject is 1 to 255 characters of ASCII)");
    TRY(access_account(c, identity->account, &account));
    enum err e = db_one(c, SQL_identity_of, &identity_record, &there, ARG(identity->issuer), ARG(identity->subject));
    if (e == E_NOTFOUND)
        return put(c, identity);
    TRY(e);
    return str_eq(there.account, identity->account)
               ? OK
               : refuse(c, "subject", E_CONFLICT,
                        "danh tính này đã thuộc tài khoản khác (it belongs to another account)");
}

enum err access_identity_unlink(struct ctx *c, const struct identity *identity)
{
    struct identity there = {0};
    int64_t position;
    enum err e = db_one(c, SQL_identity_of, &identity_record, &there, ARG(identity->issuer), ARG(identity->subject));
    if (e == E_NOTFOUND || (!e && !str_eq(there.account, identity->account)))
        return refuse(c, "subject", E_NOTFOUND,
                      "tài khoản không có danh tính này (the account does not have this identity)");
    TRY(e);
    TRY(tell(c, "user.identity.end", identity, &position));
    TRY(db_exec(c, SQL_identity_close, ARG(identity->issuer), ARG(identity->subject), ARG(position)));
    return db_exec(c, SQL_session_end_all, ARG(identity->account));
}

/* --- signing in --- */

static enum err nobody(struct ctx *c)
{
    return FAIL(c, E_NOTFOUND, "danh tính này chưa thuộc tài khoản nào ở đây (no account has this identity)");
}

static enum err use_once(struct ctx *c, const struct identity_sign_in *s)
{
    int64_t added;
    const struct db_arg args[] = {db_arg_bytes(s->once), db_arg_i64(s->once_until_us)};
    TRY(db_exec(c, SQL_identity_used_sweep, ARG(ctx_now(c))));
    TRY(db_exec_args(c, &SQL_identity_used_add, &added, args, 2));
    return added ? OK : FAIL(c, E_DENIED, "lần đăng nhập này đã được dùng (this answer has been used already)");
}

/* What the command has in memory goes with it. */
static void give(struct identity_sign_in *s, struct str account)
{
    size_t n = account.n < ACCESS_NAME_MAX ? account.n : ACCESS_NAME_MAX;
    memcpy(s->account, account.p, n);
    s->account[n] = 0;
}

/* The account that the trusted claim names, if it has no identity of this provider yet. */
static enum err link_named(struct ctx *c, struct identity_sign_in *s)
{
    struct account account;
    struct identity identity = {s->issuer, s->subject, s->named};
    int64_t has = 0;
    enum err e = s->named.n && s->named.n <= ACCESS_NAME_MAX ? access_account(c, s->named, &account) : E_NOTFOUND;
    if (!e)
        e = db_number(c, SQL_identity_count, &has, ARG(account.name), ARG(s->issuer));
    if (e == E_NOTFOUND || (!e && (has || account.disabled)))
        return nobody(c);
    TRY(e);
    c->actor.name = account.name; /* the ledger tells who it was that came */
    TRY(put(c, &identity));
    give(s, account.name);
    return OK;
}

enum err access_identity_sign_in(struct ctx *c, struct identity_sign_in *s)
{
    struct identity there = {0};
    struct account account;
    TRY(use_once(c, s));
    enum err e = db_one(c, SQL_identity_of, &identity_record, &there, ARG(s->issuer), ARG(s->subject));
    if (e == E_NOTFOUND)
        return link_named(c, s);
    TRY(e);
    TRY(access_account(c, there.account, &account));
    if (account.disabled)
        return nobody(c);
    give(s, account.name);
    return OK;
}
