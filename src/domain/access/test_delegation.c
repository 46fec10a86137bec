/* Acting for someone, on whichever engine runs. The clock stands at 2026-11-23, 09:00. */
#include "domain/access/delegation.h"

#include "base/period.h"
#include "domain/access/viewer.h"
#include "domain/org/org_store.h"
#include "test/store.h"

#include "base/banned.h"

static int32_t day(int year, int month, int day_of_month)
{
    int32_t d;
    CHECK(day_from_date(year, month, day_of_month, &d));
    return d;
}

struct doing {
    enum { ADD, GRANT, DELEGATE, END, DISABLE, REVOKE } what;
    struct account_role role;
    struct delegation d;
};

static enum err run(struct ctx *c, void *arg)
{
    const struct doing *d = arg;
    switch (d->what) {
    case ADD:
        return access_add(c, &(struct account){.name = d->role.account, .full_name = S("Lê A")}, &d->role);
    case GRANT:
        return access_grant(c, &d->role);
    case DELEGATE:
        return access_delegate(c, &d->d);
    case END:
        return access_delegation_end(c, &d->d);
    case DISABLE:
        return access_disable(c, d->role.account, true);
    case REVOKE:
        return access_revoke(c, d->role.account, d->role.role, d->role.org, day(2026, 11, 22));
    }
    return E_INTERNAL;
}

static enum err go(struct ctx *c, struct writer *w, struct doing d)
{
    return writer_run(w, c, &(struct command){.run = run, .arg = &d});
}

static struct account_role holds(const char *account, const char *role, const char *org, int32_t to)
{
    return (struct account_role){str_of(account), str_of(role), str_of(org), DAY_NONE, to};
}

static void become(struct ctx *c, const char *name, const char *behalf)
{
    struct viewer *v = NEW(c->arena, struct viewer);
    CHECK_OK(access_viewer(c, str_of(name), str_of(behalf), day_of_moment(ctx_now(c)), v));
    c->viewer = v;
}

static struct writer *start(struct ctx *c)
{
    struct writer *w;
    struct str store = test_store(c);
    test_set_clock(c, moment_of_day(day(2026, 11, 23)) + 9 * 3600 * 1000000LL);
    CHECK_OK(writer_open(c, c->arena, store, &w));
    struct org_files files = org_files_builtin(c);
    struct org_load load = {.files = files.v, .n_files = files.n};
    CHECK_OK(writer_run(w, c, &(struct command){.run = org_load_run, .arg = &load}));
    c->viewer = &viewer_system;
    static const struct {
        const char *name, *role, *org;
    } all[] = {{"truong", "approver", "SKHCN"}, {"pho", "viewer", "SNV"},  {"ba", "viewer", ""},
               {"lanh.dao", "leader", ""},      {"quan.tri", "admin", ""}, {"kiem.tra", "inspector", ""}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        CHECK_OK(go(c, w, (struct doing){ADD, holds(all[i].name, all[i].role, all[i].org, DAY_NONE), {{0}}}));
    CHECK_OK(go(c, w, (struct doing){GRANT, holds("truong", "reporter", "SNV", day(2026, 12, 10)), {{0}}}));
    return w;
}

static struct delegation handed(const char *giver, const char *taker, const char *role, const char *org)
{
    return (struct delegation){str_of(giver),     str_of(taker),     str_of(role),    str_of(org),
                               day(2026, 11, 24), day(2026, 12, 20), S("đi công tác")};
}

static enum err delegate(struct ctx *c, struct writer *w, struct delegation d)
{
    return go(c, w, (struct doing){.what = DELEGATE, .d = d});
}

static size_t acts(struct ctx *c, const char *name, int32_t on)
{
    struct delegated_list list;
    CHECK_OK(access_delegated(c, str_of(name), on, &list));
    return list.n;
}

TEST(a_person_is_acted_for_on_the_days_told)
{
    struct writer *w = start(c);
    struct delegated_list list;
    become(c, "truong", "");
    CHECK_OK(delegate(c, w, handed("truong", "pho", "approver", "SKHCN")));
    CHECK_INT(acts(c, "pho", day(2026, 11, 23)), 0);
    CHECK_INT(acts(c, "pho", day(2026, 12, 21)), 0);
    CHECK_OK(access_delegated(c, S("pho"), day(2026, 12, 20), &list));
    CHECK_INT(list.n, 1);
    CHECK_STR(list.v[0].giver, S("truong"));
    CHECK_STR(list.v[0].role.role, S("approver"));
    CHECK_STR(list.v[0].role.org, S("SKHCN"));
    CHECK_INT(acts(c, "truong", day(2026, 12, 20)), 0);
    CHECK_INT(acts(c, "ba", day(2026, 12, 20)), 0);

    /* Acting for them it may what they may there, and what it reads otherwise. */
    test_set_clock(c, moment_of_day(day(2026, 12, 1)));
    become(c, "pho", "users/truong");
    CHECK_STR(c->viewer->behalf, S("users/truong"));
    CHECK(viewer_may_in(c, PERM_APPROVE, S("SKHCN")) && !viewer_may_in(c, PERM_APPROVE, S("SNV")));
    CHECK(viewer_may(c, PERM_READ) && !viewer_may(c, PERM_APPROVE));
    become(c, "pho", "");
    CHECK(!viewer_may_in(c, PERM_APPROVE, S("SKHCN")));
    become(c, "ba", "users/truong");
    CHECK(!c->viewer->behalf.n && !viewer_may_in(c, PERM_APPROVE, S("SKHCN")));

    become(c, "ba", "");
    struct delegation d = handed("truong", "pho", "approver", "SKHCN");
    CHECK_ERR(go(c, w, (struct doing){.what = END, .d = d}), E_NOTFOUND);
    become(c, "pho", "");
    CHECK_OK(go(c, w, (struct doing){.what = END, .d = d}));
    CHECK_INT(acts(c, "pho", day(2026, 12, 20)), 0);
    CHECK_ERR(go(c, w, (struct doing){.what = END, .d = d}), E_NOTFOUND);
}

TEST(all_that_may_be_handed_on_goes_as_far_as_the_role_and_the_account)
{
    struct writer *w = start(c);
    become(c, "truong", "");
    CHECK_OK(delegate(c, w, handed("truong", "pho", "", "")));
    /* The reporter's role ends on 10 December, whatever the delegation says. */
    CHECK_INT(acts(c, "pho", day(2026, 12, 10)), 2);
    CHECK_INT(acts(c, "pho", day(2026, 12, 11)), 1);
    c->viewer = &viewer_system;
    CHECK_OK(go(c, w, (struct doing){REVOKE, holds("truong", "approver", "SKHCN", DAY_NONE), {{0}}}));
    CHECK_INT(acts(c, "pho", day(2026, 12, 10)), 1);
    CHECK_OK(go(c, w, (struct doing){DISABLE, holds("truong", "", "", DAY_NONE), {{0}}}));
    CHECK_INT(acts(c, "pho", day(2026, 12, 10)), 0);
}

TEST(a_leader_hands_on_a_body_but_not_the_ledger)
{
    struct writer *w = start(c);
    become(c, "lanh.dao", "");
    CHECK_OK(delegate(c, w, handed("lanh.dao", "pho", "leader", "SKHCN")));
    test_set_clock(c, moment_of_day(day(2026, 12, 1)));
    become(c, "pho", "users/lanh.dao");
    CHECK(viewer_may_in(c, PERM_DECIDE, S("SKHCN")) && !viewer_may(c, PERM_DECIDE) &&
          !viewer_may_in(c, PERM_DECIDE, S("STC")));
    CHECK(!viewer_may_some(c, PERM_HISTORY));
    CHECK(!c->viewer->sees.n);
}

TEST(what_cannot_be_handed_on_is_refused)
{
    struct writer *w = start(c);
    struct delegation d;
    become(c, "truong", "");
    static const struct {
        const char *giver, *taker, *role, *org;
        enum err want;
        const char *field;
    } all[] = {
        {"lanh.dao", "pho", "leader", "", E_DENIED, "giver"},
        {"truong", "truong", "approver", "SKHCN", E_INVALID, "taker"},
        {"truong", "khong.co", "approver", "SKHCN", E_INVALID, "taker"},
        {"truong", "pho", "leader", "", E_INVALID, "role"},
        {"truong", "pho", "approver", "STC", E_INVALID, "role"},
        {"truong", "pho", "king", "", E_INVALID, "role"},
        {"truong", "pho", "admin", "", E_INVALID, "role"},
        /* Longer than the role lasts. */
        {"truong", "pho", "reporter", "SNV", E_INVALID, "valid_to"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        CHECK_ERR(delegate(c, w, handed(all[i].giver, all[i].taker, all[i].role, all[i].org)), all[i].want);
        CHECK_STR(c->error.field, str_of(all[i].field));
    }
    d = handed("truong", "pho", "approver", "SKHCN");
    d.valid_to = day(2026, 11, 1);
    d.valid_from = day(2026, 10, 1);
    CHECK_ERR(delegate(c, w, d), E_INVALID);
    d.valid_to = d.valid_from + DELEGATION_DAYS;
    CHECK_ERR(delegate(c, w, d), E_INVALID);
    d.valid_from = DAY_NONE;
    CHECK_ERR(delegate(c, w, d), E_INVALID);
    d = handed("truong", "pho", "approver", "SKHCN");
    d.reason = S(" ");
    CHECK_ERR(delegate(c, w, d), E_INVALID);
    become(c, "quan.tri", "");
    CHECK_ERR(delegate(c, w, handed("quan.tri", "pho", "", "")), E_INVALID);
    become(c, "kiem.tra", "");
    CHECK_ERR(delegate(c, w, handed("kiem.tra", "pho", "", "")), E_INVALID);
}

TEST(what_was_handed_on_is_not_handed_on_again)
{
    struct writer *w = start(c);
    become(c, "truong", "");
    CHECK_OK(delegate(c, w, handed("truong", "pho", "approver", "SKHCN")));
    test_set_clock(c, moment_of_day(day(2026, 12, 1)));
    become(c, "pho", "");
    CHECK_ERR(delegate(c, w, handed("pho", "ba", "approver", "SKHCN")), E_INVALID);
    become(c, "pho", "users/truong");
    CHECK_ERR(delegate(c, w, handed("pho", "ba", "approver", "SKHCN")), E_DENIED);
    CHECK_ERR(delegate(c, w, handed("truong", "ba", "approver", "SKHCN")), E_DENIED);
}
