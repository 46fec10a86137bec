/* Who may tend which account, on whichever engine runs. */
#include "base/period.h"
#include "domain/access/import.h"
#include "domain/access/viewer.h"
#include "domain/org/org_store.h"
#include "test/store.h"

#include "base/banned.h"

struct doing {
    enum { ADD, GRANT, REVOKE, CHANGE, DISABLE, INVITE } what;
    const char *name, *role, *org;
};

static enum err run(struct ctx *c, void *arg)
{
    const struct doing *d = arg;
    struct str name = str_of(d->name);
    struct account_role role = {name, str_of(d->role), str_of(d->org), DAY_NONE, DAY_NONE};
    char token[ACCESS_TOKEN + 1];
    switch (d->what) {
    case ADD:
        return access_add(c, &(struct account){.name = name, .full_name = S("Lê A")}, &role);
    case GRANT:
        return access_grant(c, &role);
    case REVOKE:
        return access_revoke(c, name, role.role, role.org, day_of_moment(ctx_now(c)) - 1);
    case CHANGE:
        return access_change(c, name, S("Lê B"), S(""));
    case DISABLE:
        return access_disable(c, name, true);
    case INVITE:
        return access_invite(c, name, token);
    }
    return E_INTERNAL;
}

static enum err go(struct ctx *c, struct writer *w, struct doing d)
{
    return writer_run(w, c, &(struct command){.run = run, .arg = &d});
}

static struct writer *start(struct ctx *c)
{
    struct writer *w;
    struct str store = test_store(c);
    CHECK_OK(writer_open(c, c->arena, store, &w));
    struct org_files files = org_files_builtin(c);
    struct org_load load = {.files = files.v, .n_files = files.n};
    CHECK_OK(writer_run(w, c, &(struct command){.run = org_load_run, .arg = &load}));
    c->viewer = &viewer_system;
    CHECK_OK(go(c, w, (struct doing){ADD, "quan.tri", "admin", ""}));
    CHECK_OK(go(c, w, (struct doing){ADD, "qt.skhcn", "admin", "SKHCN"}));
    CHECK_OK(go(c, w, (struct doing){ADD, "th.skhcn", "reporter", "SKHCN"}));
    CHECK_OK(go(c, w, (struct doing){ADD, "th.snv", "reporter", "SNV"}));
    CHECK_OK(go(c, w, (struct doing){ADD, "hai.noi", "reporter", "SKHCN"}));
    CHECK_OK(go(c, w, (struct doing){GRANT, "hai.noi", "viewer", ""}));
    return w;
}

static void become(struct ctx *c, const char *name)
{
    struct viewer *v = NEW(c->arena, struct viewer);
    CHECK_OK(access_viewer(c, str_of(name), S(""), day_of_moment(ctx_now(c)), v));
    c->viewer = v;
}

TEST(an_administrator_of_a_body_tends_it_alone)
{
    struct writer *w = start(c);
    become(c, "qt.skhcn");
    static const struct {
        struct doing d;
        enum err want;
    } all[] = {
        {{ADD, "moi.a", "approver", "SKHCN"}, OK},
        {{ADD, "moi.b", "reporter", "SNV"}, E_DENIED},
        {{ADD, "moi.b", "admin", ""}, E_DENIED},
        {{ADD, "moi.b", "viewer", ""}, E_DENIED},
        {{GRANT, "th.skhcn", "approver", "SKHCN"}, OK},
        {{GRANT, "th.skhcn", "office", ""}, E_DENIED},
        {{GRANT, "th.skhcn", "reporter", "SNV"}, E_DENIED},
        {{GRANT, "th.snv", "reporter", "SKHCN"}, E_NOTFOUND},
        /* One that holds something elsewhere as well is not theirs. */
        {{REVOKE, "hai.noi", "reporter", "SKHCN"}, E_NOTFOUND},
        {{REVOKE, "th.skhcn", "approver", "SKHCN"}, OK},
        {{INVITE, "th.skhcn", "", ""}, OK},
        {{INVITE, "th.snv", "", ""}, E_NOTFOUND},
        {{INVITE, "quan.tri", "", ""}, E_NOTFOUND},
        {{CHANGE, "th.skhcn", "", ""}, OK},
        {{CHANGE, "th.snv", "", ""}, E_NOTFOUND},
        {{DISABLE, "th.skhcn", "", ""}, OK},
        {{DISABLE, "quan.tri", "", ""}, E_NOTFOUND},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        CHECK_ERR(go(c, w, all[i].d), all[i].want);
    /* A reporter tends nobody. */
    become(c, "th.snv");
    CHECK_ERR(go(c, w, (struct doing){INVITE, "qt.skhcn", "", ""}), E_NOTFOUND);
    CHECK_ERR(go(c, w, (struct doing){ADD, "moi.c", "viewer", "SNV"}), E_DENIED);
}

static int64_t wrong_in(struct ctx *c, const char *row)
{
    struct import import = {.content = str_fmt(c->arena, "name,full_name,role,org\n%s\n", row), .file = S("a.csv")};
    CHECK_OK(access_import_read(c, &import));
    CHECK_OK(access_import_check(c, &import));
    CHECK_INT(import.n_problems == 0, import.problems.n == 0);
    return import.n_problems;
}

TEST(a_table_of_a_body_s_administrator_says_what_is_not_theirs)
{
    (void)start(c);
    become(c, "qt.skhcn");
    CHECK_INT(wrong_in(c, "moi.a,Lê A,approver,SKHCN"), 0);
    CHECK_INT(wrong_in(c, "th.skhcn,Lê A,approver,SKHCN"), 0);
    CHECK_INT(wrong_in(c, "moi.a,Lê A,approver,SNV"), 1);
    CHECK_INT(wrong_in(c, "moi.a,Lê A,admin,"), 1);
    /* Neither changed nor closed, and nothing is said of what they hold. */
    CHECK_INT(wrong_in(c, "th.snv,Lê A,reporter,SKHCN"), 1);
    CHECK_INT(wrong_in(c, "hai.noi,Lê A,reporter,SKHCN"), 1);
    CHECK_INT(wrong_in(c, "quan.tri,Lê A,viewer,SKHCN"), 1);
    CHECK_INT(wrong_in(c, "qt.skhcn,Lê A,leader,SKHCN"), 1);
    become(c, "quan.tri");
    CHECK_INT(wrong_in(c, "th.snv,Lê A,reporter,SKHCN"), 0);
}

TEST(accounts_that_are_not_theirs_are_not_there)
{
    static const char *const all[] = {"quan.tri", "th.snv", "hai.noi", "nobody.at.all"};
    struct account account;
    (void)start(c);
    become(c, "qt.skhcn");
    CHECK_OK(access_account(c, S("th.skhcn"), &account));
    CHECK(access_tends(c, &account));
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        enum err e = access_account(c, str_of(all[i]), &account);
        CHECK_ERR(e ? e : access_need_tending(c, &account), E_NOTFOUND);
        CHECK_STR(c->error.message, str_fmt(c->arena, "không có tài khoản \"%s\" (no such account)", all[i]));
    }
}

TEST(nobody_gives_a_role_to_themselves)
{
    struct writer *w = start(c);
    become(c, "quan.tri");
    CHECK_ERR(go(c, w, (struct doing){GRANT, "quan.tri", "leader", ""}), E_DENIED);
    CHECK(str_has(c->error.message, S("tự giao")));
    become(c, "qt.skhcn");
    CHECK_ERR(go(c, w, (struct doing){GRANT, "qt.skhcn", "approver", "SKHCN"}), E_DENIED);
    become(c, "quan.tri");
    CHECK_OK(go(c, w, (struct doing){GRANT, "qt.skhcn", "leader", ""}));
}

TEST(the_last_administrator_stays)
{
    struct writer *w = start(c);
    CHECK_ERR(go(c, w, (struct doing){DISABLE, "quan.tri", "", ""}), E_DENIED);
    CHECK_ERR(go(c, w, (struct doing){REVOKE, "quan.tri", "admin", ""}), E_DENIED);
    CHECK(str_has(c->error.message, S("cuối cùng")));
    become(c, "quan.tri");
    CHECK_ERR(go(c, w, (struct doing){DISABLE, "quan.tri", "", ""}), E_DENIED);
    /* One of a body does not stand for the whole system. */
    CHECK_OK(go(c, w, (struct doing){GRANT, "th.snv", "admin", ""}));
    CHECK_OK(go(c, w, (struct doing){REVOKE, "quan.tri", "admin", ""}));
    c->viewer = &viewer_system;
    CHECK_ERR(go(c, w, (struct doing){DISABLE, "th.snv", "", ""}), E_DENIED);
    CHECK_OK(go(c, w, (struct doing){DISABLE, "qt.skhcn", "", ""}));
}
