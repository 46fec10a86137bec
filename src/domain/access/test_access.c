/* Accounts, roles, links, passwords and sessions, on whichever engine runs. The clock is the test's. */
#include "domain/access/viewer.h"

#include "base/period.h"
#include "domain/org/org_store.h"
#include "ledger/ledger.h"
#include "test/store.h"

#include "base/banned.h"

static int32_t day(int year, int month, int day_of_month)
{
    int32_t d;
    CHECK(day_from_date(year, month, day_of_month, &d));
    return d;
}

/* May the account on that day, somewhere? */
static bool may(struct ctx *c, const struct account *a, enum permission permission, int32_t on)
{
    struct viewer v;
    enum err e = access_viewer(c, a->name, S(""), on, &v);
    struct ctx as = *c;
    as.viewer = e ? NULL : &v;
    return viewer_may_some(&as, permission);
}

struct world {
    struct writer *writer;
    int64_t now;
};

static int64_t told_now(void *arg)
{
    return ((struct world *)arg)->now;
}

static void told_random(void *arg, void *buffer, size_t n)
{
    (void)arg;
    struct source real = source_system();
    real.random(real.arg, buffer, n);
}

static void start(struct ctx *c, struct world *w)
{
    struct str store = test_store(c);
    w->now = moment_of_day(day(2026, 11, 23)) + 9 * 3600 * 1000000LL;
    c->source = (struct source){told_now, told_random, w};
    CHECK_OK(writer_open(c, c->arena, store, &w->writer));
    struct org_files files = org_files_builtin(c);
    struct org_load load = {.files = files.v, .n_files = files.n};
    struct command command = {.run = org_load_run, .arg = &load};
    CHECK_OK(writer_run(w->writer, c, &command));
}

struct doing {
    enum { ADD, GRANT, REVOKE, DISABLE, ENABLE, INVITE, USE, BEGIN, SEEN, END } what;
    struct account account;
    struct account_role role;
    struct str text, hash;
    char token[ACCESS_TOKEN + 1];
};

static enum err run(struct ctx *c, void *arg)
{
    struct doing *d = arg;
    switch (d->what) {
    case ADD:
        return access_add(c, &d->account, &d->role);
    case GRANT:
        return access_grant(c, &d->role);
    case REVOKE:
        return access_revoke(c, d->role.account, d->role.role, d->role.org, d->role.valid_to);
    case DISABLE:
        return access_disable(c, d->account.name, true);
    case ENABLE:
        return access_disable(c, d->account.name, false);
    case INVITE:
        return access_invite(c, d->account.name, d->token);
    case USE:
        return access_link_use(c, d->text, d->hash);
    case BEGIN:
        return access_session_begin(
            c,
            &(struct session){
                .account = d->account.name, .how = S("password"), .address = S("127.0.0.1"), .agent = S("Firefox")},
            d->token);
    case SEEN:
        return access_session_seen(c, d->text);
    case END:
        return access_session_end(c, d->text);
    }
    return E_INTERNAL;
}

static enum err go(struct ctx *c, struct world *w, struct doing *d)
{
    return writer_run(w->writer, c, &(struct command){.run = run, .arg = d});
}

static struct doing adding(const char *name, const char *role, const char *org)
{
    return (struct doing){
        .what = ADD,
        .account = {.name = str_of(name), .full_name = S("Nguyễn Thị Ánh"), .email = S("anh@ninhbinh.gov.vn")},
        .role = {str_of(name), str_of(role), str_of(org), DAY_NONE, DAY_NONE}};
}

static struct doing named(int what, const char *name)
{
    return (struct doing){.what = what, .account.name = str_of(name)};
}

TEST(an_account_holds_its_roles_in_their_days)
{
    struct world w;
    struct account a;
    start(c, &w);
    struct doing add = adding("tonghop.skhcn", "reporter", "SKHCN");
    add.role.valid_from = day(2026, 7, 1);
    add.role.valid_to = day(2026, 12, 31);
    CHECK_OK(go(c, &w, &add));
    CHECK_OK(access_account(c, S("tonghop.skhcn"), &a));
    CHECK_STR(a.full_name, S("Nguyễn Thị Ánh"));
    CHECK(!a.disabled && !a.has_password);
    CHECK_INT(a.roles.n, 1);
    CHECK_STR(a.roles.v[0].org, S("SKHCN"));
    CHECK(!may(c, &a, PERM_ENTER, day(2026, 6, 30)) && may(c, &a, PERM_ENTER, day(2026, 7, 1)));
    CHECK(may(c, &a, PERM_ENTER, day(2026, 12, 31)) && !may(c, &a, PERM_ENTER, day(2027, 1, 1)));
    CHECK(!may(c, &a, PERM_APPROVE, day(2026, 7, 1)));

    struct doing grant = {.what = GRANT, .role = {S("tonghop.skhcn"), S("approver"), S("SKHCN"), DAY_NONE, DAY_NONE}};
    CHECK_OK(go(c, &w, &grant));
    CHECK_OK(access_account(c, S("tonghop.skhcn"), &a));
    CHECK_INT(a.roles.n, 2);
    CHECK(may(c, &a, PERM_APPROVE, day(2026, 7, 1)));
    struct doing revoke = {.what = REVOKE,
                           .role = {S("tonghop.skhcn"), S("approver"), S("SKHCN"), 0, day(2026, 11, 22)}};
    CHECK_OK(go(c, &w, &revoke));
    CHECK_OK(access_account(c, S("tonghop.skhcn"), &a));
    CHECK(may(c, &a, PERM_APPROVE, day(2026, 11, 22)) && !may(c, &a, PERM_APPROVE, day(2026, 11, 23)));
    revoke.role.org = S("SNV");
    CHECK_ERR(go(c, &w, &revoke), E_NOTFOUND);

    struct doing disable = named(DISABLE, "tonghop.skhcn"), enable = named(ENABLE, "tonghop.skhcn");
    CHECK_OK(go(c, &w, &disable));
    CHECK_OK(access_account(c, S("tonghop.skhcn"), &a));
    CHECK(!may(c, &a, PERM_READ, day(2026, 11, 23)) && may(c, &a, PERM_PUBLIC, day(2026, 11, 23)));
    CHECK_OK(go(c, &w, &enable));
    CHECK_OK(access_account(c, S("tonghop.skhcn"), &a));
    CHECK(may(c, &a, PERM_READ, day(2026, 11, 23)));
}

TEST(nobody_may_what_is_public_alone)
{
    (void)c;
    for (int p = PERM_PUBLIC; p < PERM_COUNT; p++)
        CHECK(viewer_may(&(struct ctx){0}, (enum permission)p) == (p == PERM_PUBLIC));
    CHECK(!access_role_may(S("king"), PERM_READ) && !access_role_may(S(""), PERM_READ));
}

TEST(what_cannot_be_an_account_is_refused)
{
    struct world w;
    start(c, &w);
    static const struct {
        const char *name, *role, *org, *full_name, *email, *field;
        enum err e;
    } all[] = {
        {"A", "viewer", "", "Lê A", "", "name", E_INVALID},
        {"cli", "viewer", "", "Lê A", "", "name", E_INVALID},
        {"system", "viewer", "", "Lê A", "", "name", E_INVALID},
        {"Le.A", "viewer", "", "Lê A", "", "name", E_INVALID},
        {"lê.a", "viewer", "", "Lê A", "", "name", E_INVALID},
        {"le a", "viewer", "", "Lê A", "", "name", E_INVALID},
        {"1le", "viewer", "", "Lê A", "", "name", E_INVALID},
        {"le.a", "king", "", "Lê A", "", "role", E_INVALID},
        {"le.a", "viewer", "KHONG-CO", "Lê A", "", "org", E_INVALID},
        {"le.a", "viewer", "", " ", "", "full_name", E_INVALID},
        {"le.a", "viewer", "", "Lê A", "khong phai", "email", E_INVALID},
        {"le.a", "viewer", "", "Lê A", "a@b@c", "email", E_INVALID},
        {"le.a", "viewer", "", "Lê A", "a@b\r\nBcc: x@y", "email", E_INVALID},
        {"le.b", "viewer", "", "Lê B", "", "name", E_CONFLICT},
    };
    struct doing first = adding("le.b", "viewer", "");
    CHECK_OK(go(c, &w, &first));
    int64_t before, after;
    CHECK_OK(ledger_position_at(c, INT64_MAX, &before));
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct doing d = adding(all[i].name, all[i].role, all[i].org);
        d.account.full_name = str_of(all[i].full_name);
        d.account.email = str_of(all[i].email);
        CHECK_ERR(go(c, &w, &d), all[i].e);
        CHECK_STR(c->error.field, str_of(all[i].field));
    }
    CHECK_OK(ledger_position_at(c, INT64_MAX, &after));
    CHECK_INT(after, before);
}

TEST(a_link_is_good_once_and_for_a_week)
{
    struct world w;
    struct str who, kept, hash;
    start(c, &w);
    struct doing add = adding("quan.tri", "office", ""), one = named(INVITE, "quan.tri"), two = one;
    CHECK_OK(go(c, &w, &add));
    CHECK_OK(go(c, &w, &one));
    CHECK_INT(str_of(one.token).n, ACCESS_TOKEN);
    CHECK_OK(access_link_account(c, str_of(one.token), &who));
    CHECK_STR(who, S("quan.tri"));
    /* The next takes its place. */
    CHECK_OK(go(c, &w, &two));
    CHECK_ERR(access_link_account(c, str_of(one.token), &who), E_NOTFOUND);
    CHECK_OK(access_link_account(c, str_of(two.token), &who));
    static const char *const bad[] = {"", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                                      "................................ .........."};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_ERR(access_link_account(c, str_of(bad[i]), &who), E_NOTFOUND);
    w.now += 7 * DAY_US - 1;
    CHECK_OK(access_link_account(c, str_of(two.token), &who));
    w.now += 1;
    CHECK_ERR(access_link_account(c, str_of(two.token), &who), E_NOTFOUND);

    CHECK_OK(go(c, &w, &two));
    CHECK_OK(access_password_hash(c, S("đường về Hoa Lư"), &hash));
    CHECK_OK(access_password_kept(c, S("quan.tri"), &kept));
    CHECK(!kept.p);
    struct doing use = {.what = USE, .text = str_of(two.token), .hash = hash};
    CHECK_OK(go(c, &w, &use));
    CHECK_ERR(go(c, &w, &use), E_NOTFOUND);
    CHECK_OK(access_password_kept(c, S("quan.tri"), &kept));
    /* However the keyboard composed it, and in no other words. */
    CHECK(access_password_fits(c, kept, S("đường về Hoa Lư")));
    CHECK(access_password_fits(c, kept, S("đ\u01b0\u01a1\u0300ng v\u00ea\u0300 Hoa L\u01b0")));
    CHECK(!access_password_fits(c, kept, S("duong ve Hoa Lu")) && !access_password_fits(c, kept, S("")));
    CHECK(!access_password_fits(c, (struct str){0}, S("đường về Hoa Lư")));
    /* One that was closed has neither password nor link. */
    struct doing disable = named(DISABLE, "quan.tri");
    CHECK_OK(go(c, &w, &disable));
    CHECK_OK(access_password_kept(c, S("quan.tri"), &kept));
    CHECK(!kept.p);
    CHECK_ERR(go(c, &w, &two), E_INVALID);
}

TEST(a_password_is_long_and_not_the_name)
{
    static const char *const bad[] = {"", "123456789", "đường vềđ", "quan.tri 2026", "Quan.Trị và bạn"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK_ERR(access_password_check(c, S("quan.tri"), str_of(bad[i])), E_INVALID);
        CHECK_STR(c->error.field, S("password"));
    }
    CHECK_OK(access_password_check(c, S("quan.tri"), S("đường về Hoa Lư")));
    struct str long_one = str_fmt(c->arena, "%01100d", 1);
    CHECK_ERR(access_password_check(c, S("quan.tri"), long_one), E_INVALID);
}

TEST(a_session_ends_by_itself_and_when_told)
{
    struct world w;
    struct session s;
    start(c, &w);
    struct doing add = adding("le.b", "viewer", ""), one = named(BEGIN, "le.b"), two = one;
    CHECK_OK(go(c, &w, &add));
    CHECK_OK(go(c, &w, &one));
    CHECK_OK(go(c, &w, &two));
    CHECK_OK(access_session(c, str_of(one.token), &s));
    CHECK_STR(s.account, S("le.b"));
    CHECK_STR(s.address, S("127.0.0.1"));
    CHECK(!str_eq(str_of(one.token), str_of(two.token)));
    /* Used, it goes on; unused, it ends. */
    w.now += SESSION_IDLE_US - 1;
    struct doing seen = {.what = SEEN, .text = str_of(one.token)};
    CHECK_OK(go(c, &w, &seen));
    w.now += 1;
    CHECK_OK(access_session(c, str_of(one.token), &s));
    CHECK_ERR(access_session(c, str_of(two.token), &s), E_NOTFOUND);
    /* However much it is used, it ends with the working day. */
    for (int64_t begun = w.now - SESSION_IDLE_US; w.now < begun + SESSION_US - 1; w.now += SESSION_IDLE_US / 2)
        CHECK_OK(go(c, &w, &seen));
    CHECK_ERR(access_session(c, str_of(one.token), &s), E_NOTFOUND);

    CHECK_OK(go(c, &w, &one));
    struct doing end = {.what = END, .text = str_of(one.token)};
    CHECK_OK(go(c, &w, &end));
    CHECK_ERR(access_session(c, str_of(one.token), &s), E_NOTFOUND);
    /* A password that is chosen anew ends them all, and so does closing the account. */
    struct doing invite = named(INVITE, "le.b"), disable = named(DISABLE, "le.b");
    CHECK_OK(go(c, &w, &one));
    CHECK_OK(go(c, &w, &invite));
    CHECK_OK(access_session(c, str_of(one.token), &s));
    struct doing use = {.what = USE, .text = str_of(invite.token), .hash = S("$argon2id$nothing")};
    CHECK_OK(go(c, &w, &use));
    CHECK_ERR(access_session(c, str_of(one.token), &s), E_NOTFOUND);
    CHECK_OK(go(c, &w, &two));
    CHECK_OK(go(c, &w, &disable));
    CHECK_ERR(access_session(c, str_of(two.token), &s), E_NOTFOUND);
}

/* Nothing that opens a door stands in the ledger, which anybody may read who inspects. */
TEST(no_secret_stands_in_the_ledger)
{
    struct world w;
    struct events events;
    start(c, &w);
    struct doing add = adding("le.b", "viewer", ""), invite = named(INVITE, "le.b"), begin = named(BEGIN, "le.b");
    CHECK_OK(go(c, &w, &add));
    CHECK_OK(go(c, &w, &invite));
    struct doing use = {.what = USE, .text = str_of(invite.token), .hash = S("$argon2id$secret")};
    CHECK_OK(go(c, &w, &use));
    CHECK_OK(go(c, &w, &begin));
    CHECK_OK(ledger_list(c, 1, 100, &events));
    CHECK_INT(events.n, 3);
    for (size_t i = 0; i < events.n; i++) {
        CHECK_STR(events.v[i].subject, S("users/le.b"));
        CHECK(!str_has(events.v[i].payload, str_of(invite.token)) && !str_has(events.v[i].payload, S("argon2id")));
        CHECK(!str_has(events.v[i].payload, str_of(begin.token)));
    }
}
