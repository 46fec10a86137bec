/* Which account comes in, on whichever engine runs. */
#include "domain/access/identity.h"

#include "base/period.h"
#include "ledger/ledger.h"
#include "test/store.h"

#include "base/banned.h"

static const char ISSUER[] = "https://id.example.vn/realms/tinh";

struct doing {
    enum { ADD, DISABLE, LINK, UNLINK, COME } what;
    struct identity identity;
    struct identity_sign_in come;
};

static enum err add(struct ctx *c, struct str name)
{
    struct account account = {.name = name, .full_name = S("Nguyễn Văn A"), .email = S("a@example.vn")};
    struct account_role role = {name, S("viewer"), S(""), DAY_NONE, DAY_NONE};
    return access_add(c, &account, &role);
}

static enum err run(struct ctx *c, void *arg)
{
    struct doing *d = arg;
    switch (d->what) {
    case ADD:
        return add(c, d->identity.account);
    case DISABLE:
        return access_disable(c, d->identity.account, true);
    case LINK:
        return access_identity_link(c, &d->identity);
    case UNLINK:
        return access_identity_unlink(c, &d->identity);
    default:
        return access_identity_sign_in(c, &d->come);
    }
}

static enum err doing(struct ctx *c, struct writer *w, int what, struct str issuer, struct str subject,
                      struct str account)
{
    struct doing d = {.what = what, .identity = {issuer, subject, account}};
    struct command command = {.run = run, .arg = &d};
    return writer_run(w, c, &command);
}

/* Somebody comes, with an answer that nobody has come with before. */
static enum err come(struct ctx *c, struct writer *w, struct str issuer, struct str subject, struct str named,
                     struct str *ret_account)
{
    char *once = NEWN(c->arena, char, 32);
    struct doing d = {.what = COME, .come = {.issuer = issuer, .subject = subject, .named = named}};
    c->source.random(c->source.arg, once, 32);
    d.come.once = (struct str){once, 32};
    d.come.once_until_us = ctx_now(c) + 1000000;
    struct command command = {.run = run, .arg = &d};
    enum err e = writer_run(w, c, &command);
    *ret_account = str_dup(c->arena, str_of(d.come.account));
    return e;
}

static void start(struct ctx *c, struct writer **ret)
{
    struct str store = test_store(c);
    CHECK_OK(writer_open(c, c->arena, store, ret));
    CHECK_OK(db_open(c, c->arena, store, DB_READ, &c->db));
    CHECK_OK(doing(c, *ret, ADD, S(""), S(""), S("so.khcn")));
    CHECK_OK(doing(c, *ret, ADD, S(""), S(""), S("so.tt")));
}

static size_t events_of(struct ctx *c, const char *kind, const char *subject)
{
    struct events found;
    CHECK_OK(ledger_about(c, str_of(subject), str_of(kind), 100, &found));
    return found.n;
}

TEST(an_identity_opens_the_account_it_was_linked_to)
{
    struct writer *w;
    struct str account, issuer = str_of(ISSUER);
    start(c, &w);
    CHECK_ERR(come(c, w, issuer, S("1001"), S(""), &account), E_NOTFOUND);
    CHECK_OK(doing(c, w, LINK, issuer, S("1001"), S("so.khcn")));
    CHECK_OK(come(c, w, issuer, S("1001"), S(""), &account));
    CHECK_STR(account, S("so.khcn"));
    CHECK_INT(events_of(c, "user.identity", "users/so.khcn"), 1);
    /* Not another's of that issuer, nor the same subject of another issuer, nor one that differs in case. */
    CHECK_ERR(come(c, w, issuer, S("1002"), S(""), &account), E_NOTFOUND);
    CHECK_ERR(come(c, w, S("https://id.example.vn/realms/khac"), S("1001"), S(""), &account), E_NOTFOUND);
    CHECK_OK(doing(c, w, LINK, issuer, S("abc"), S("so.khcn")));
    CHECK_ERR(come(c, w, issuer, S("ABC"), S(""), &account), E_NOTFOUND);
}

TEST(a_name_or_an_address_alone_opens_nothing)
{
    struct writer *w;
    struct str account, issuer = str_of(ISSUER);
    start(c, &w);
    /* Nothing was told to be trusted, so nothing is named. */
    CHECK_ERR(come(c, w, issuer, S("so.khcn"), S(""), &account), E_NOTFOUND);
    CHECK_ERR(come(c, w, issuer, S("a@example.vn"), S(""), &account), E_NOTFOUND);
    CHECK_INT(events_of(c, "user.identity", "users/so.khcn"), 0);
}

TEST(a_trusted_claim_links_once)
{
    struct writer *w;
    struct str account, issuer = str_of(ISSUER);
    start(c, &w);
    CHECK_ERR(come(c, w, issuer, S("1"), S("nobody"), &account), E_NOTFOUND);
    CHECK_ERR(come(c, w, issuer, S("1"), S("SO.KHCN"), &account), E_NOTFOUND);
    CHECK_ERR(come(c, w, issuer, S("1"), S("so.khcn "), &account), E_NOTFOUND);
    CHECK_OK(come(c, w, issuer, S("1"), S("so.khcn"), &account));
    CHECK_STR(account, S("so.khcn"));
    CHECK_INT(events_of(c, "user.identity", "users/so.khcn"), 1);
    /* From then on the subject says who it is, whatever the claim says. */
    CHECK_OK(come(c, w, issuer, S("1"), S("so.tt"), &account));
    CHECK_STR(account, S("so.khcn"));
    /* The name given to somebody else later opens nothing. */
    CHECK_ERR(come(c, w, issuer, S("2"), S("so.khcn"), &account), E_NOTFOUND);
    CHECK_INT(events_of(c, "user.identity", "users/so.khcn"), 1);
}

TEST(an_answer_opens_once)
{
    struct writer *w;
    struct str issuer = str_of(ISSUER), once = S("0123456789abcdef0123456789abcdef");
    start(c, &w);
    CHECK_OK(doing(c, w, LINK, issuer, S("1"), S("so.khcn")));
    for (int i = 0; i < 3; i++) {
        struct doing d = {.what = COME, .come = {issuer, S("1"), S(""), once, ctx_now(c) + 1000000, ""}};
        struct command command = {.run = run, .arg = &d};
        CHECK_ERR(writer_run(w, c, &command), i ? E_DENIED : OK);
    }
}

TEST(a_closed_account_stays_closed)
{
    struct writer *w;
    struct str account, issuer = str_of(ISSUER);
    start(c, &w);
    CHECK_OK(doing(c, w, LINK, issuer, S("1"), S("so.khcn")));
    CHECK_OK(doing(c, w, DISABLE, S(""), S(""), S("so.khcn")));
    CHECK_OK(doing(c, w, DISABLE, S(""), S(""), S("so.tt")));
    CHECK_ERR(come(c, w, issuer, S("1"), S(""), &account), E_NOTFOUND);
    CHECK_ERR(come(c, w, issuer, S("2"), S("so.tt"), &account), E_NOTFOUND);
}

TEST(linking_and_its_end)
{
    struct writer *w;
    struct str account, issuer = str_of(ISSUER);
    struct identities all;
    start(c, &w);
    CHECK_OK(doing(c, w, LINK, issuer, S("1"), S("so.khcn")));
    CHECK_OK(doing(c, w, LINK, issuer, S("1"), S("so.khcn"))); /* said again, nothing happens */
    CHECK_INT(events_of(c, "user.identity", "users/so.khcn"), 1);
    CHECK_ERR(doing(c, w, LINK, issuer, S("1"), S("so.tt")), E_CONFLICT);
    CHECK_ERR(doing(c, w, LINK, issuer, S("1"), S("nobody")), E_NOTFOUND);
    CHECK_ERR(doing(c, w, LINK, S("id.example.vn"), S("2"), S("so.tt")), E_INVALID);
    CHECK_ERR(doing(c, w, LINK, issuer, S(""), S("so.tt")), E_INVALID);
    CHECK_ERR(doing(c, w, LINK, issuer, S("ă"), S("so.tt")), E_INVALID);
    CHECK_OK(doing(c, w, LINK, issuer, S("0"), S("so.khcn")));
    CHECK_OK(access_identities(c, S("so.khcn"), &all));
    CHECK_INT(all.n, 2);
    CHECK_STR(all.v[0].subject, S("0"));
    CHECK_ERR(doing(c, w, UNLINK, issuer, S("1"), S("so.tt")), E_NOTFOUND);
    CHECK_OK(doing(c, w, UNLINK, issuer, S("1"), S("so.khcn")));
    CHECK_INT(events_of(c, "user.identity.end", "users/so.khcn"), 1);
    CHECK_ERR(come(c, w, issuer, S("1"), S(""), &account), E_NOTFOUND);
    CHECK_OK(doing(c, w, LINK, issuer, S("1"), S("so.tt"))); /* and may be another's now */
    CHECK_OK(come(c, w, issuer, S("1"), S(""), &account));
    CHECK_STR(account, S("so.tt"));
}
