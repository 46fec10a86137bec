/* A person is erased from an account, and from the ledger, on whichever engine runs. What is left in the file of a
 * store is looked at from outside: test/erase.test.js. */
#include "domain/access/access.h"

#include "domain/access/identity.h"
#include "ledger/ledger.h"
#include "test/store.h"

#include "base/banned.h"

static const char NAME[] = "Nguyễn Thị \"Bé\" Ánh", EMAIL[] = "anh.nguyen@example.vn", LATER[] = "Nguyễn Ánh Dương";

struct doing {
    enum { ADD, CHANGE, IDENTITY, OTHER, ERASE } what;
    struct str name, reason;
    struct account_erased erased;
};

static enum err run(struct ctx *c, void *arg)
{
    struct doing *d = arg;
    struct account account = {.name = d->name, .full_name = str_of(NAME), .email = str_of(EMAIL)};
    struct account_role role = {d->name, S("viewer"), {0}, DAY_NONE, DAY_NONE};
    struct identity identity = {S("https://id.example.vn"), S("anh-8841"), d->name};
    switch (d->what) {
    case ADD:
        return access_add(c, &account, &role);
    case CHANGE:
        return access_change(c, d->name, str_of(LATER), str_of(EMAIL));
    case IDENTITY:
        return access_identity_link(c, &identity);
    case OTHER:
        account.full_name = S("Trần Văn Khác");
        account.email = (struct str){0};
        return access_add(c, &account, &role);
    default:
        return access_erase(c, d->name, d->reason, &d->erased);
    }
}

static enum err do_it(struct ctx *c, struct writer *w, struct doing *d)
{
    struct command command = {.run = run, .arg = d};
    return writer_run(w, c, &command);
}

/* Events 1 to 4: the person comes, is linked, takes another name, and somebody else comes. */
static struct writer *start(struct ctx *c)
{
    struct writer *w = test_writer(c);
    CHECK_OK(do_it(c, w, &(struct doing){.what = ADD, .name = S("ke-toan")}));
    CHECK_OK(do_it(c, w, &(struct doing){.what = IDENTITY, .name = S("ke-toan")}));
    CHECK_OK(do_it(c, w, &(struct doing){.what = CHANGE, .name = S("ke-toan")}));
    CHECK_OK(do_it(c, w, &(struct doing){.what = OTHER, .name = S("thu-kho")}));
    return w;
}

TEST(a_person_is_erased_and_the_chain_still_holds)
{
    struct writer *w = start(c);
    struct doing erase = {.what = ERASE, .name = S("ke-toan"), .reason = S(" Theo đơn ngày 20/11/2026 ")};
    CHECK_OK(do_it(c, w, &erase));
    CHECK_INT(erase.erased.events, 3);
    CHECK_INT(erase.erased.identities, 1);
    struct account account;
    struct identities identities;
    CHECK_OK(access_account(c, S("ke-toan"), &account));
    CHECK_STR(account.full_name, S("ke-toan"));
    CHECK(!account.email.p);
    CHECK_INT(account.roles.n, 1); /* the post and its role stay */
    CHECK_OK(access_identities(c, (struct str){0}, &identities));
    CHECK_INT(identities.n, 0);
    CHECK_OK(access_account(c, S("thu-kho"), &account));
    CHECK_STR(account.full_name, S("Trần Văn Khác"));

    struct events events;
    CHECK_OK(ledger_list(c, 0, 100, &events));
    CHECK_INT(events.n, 8); /* user.erase, and one ledger.erase for each */
    for (size_t i = 0; i < events.n; i++) {
        const struct event *e = &events.v[i];
        bool erased = e->position <= 3;
        CHECK_INT(!e->payload.p, erased);
        CHECK(erased || !(str_has(e->payload, S("Nguyễn")) || str_has(e->payload, S("anh-8841"))));
    }
    CHECK_STR(events.v[4].kind, S("user.erase"));
    CHECK_STR(events.v[4].subject, S("users/ke-toan"));
    CHECK(str_has(events.v[4].payload, S("\"Theo đơn ngày 20/11/2026\"")));
    CHECK_STR(events.v[5].kind, S("ledger.erase"));
    CHECK_STR(events.v[5].subject, S("ledger/events/1"));
    struct verdict verdict;
    CHECK_OK(ledger_verify_store(c, S(""), &verdict));
    CHECK(verdict.whole);
}

TEST(an_erasure_says_why_and_does_not_repeat_what_it_erases)
{
    struct writer *w = start(c);
    struct account account;
    static const struct {
        const char *name, *reason;
        enum err want;
        const char *field;
    } cases[] = {{"ke-toan", "  ", E_INVALID, "reason"},
                 {"ke-toan", "Xóa Nguyễn Ánh Dương theo đơn", E_INVALID, "reason"},
                 {"ke-toan", "Xóa Nguyễn Thị \"Bé\" Ánh", E_INVALID, "reason"}, /* a name from before, too */
                 {"ke-toan", "xoa nguyen anh duong theo don", E_INVALID, "reason"},
                 {"ke-toan", "Xóa anh.nguyen@example.vn", E_INVALID, "reason"},
                 {"nobody", "Theo đơn", E_NOTFOUND, ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct doing d = {.what = ERASE, .name = str_of(cases[i].name), .reason = str_of(cases[i].reason)};
        CHECK_ERR(do_it(c, w, &d), cases[i].want);
        CHECK_STR(c->error.field, str_of(cases[i].field));
    }
    CHECK_OK(access_account(c, S("ke-toan"), &account));
    CHECK_STR(account.full_name, str_of(LATER)); /* nothing was changed */
    struct doing once = {.what = ERASE, .name = S("ke-toan"), .reason = S("Theo đơn")}, again = once;
    CHECK_OK(do_it(c, w, &once));
    CHECK_ERR(do_it(c, w, &again), E_CONFLICT);
    /* Whoever takes the post next is told of anew, and can be erased as well. */
    CHECK_OK(do_it(c, w, &(struct doing){.what = CHANGE, .name = S("ke-toan")}));
    CHECK_OK(do_it(c, w, &again));
    CHECK_INT(again.erased.events, 1);
}
