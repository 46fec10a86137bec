/* Codes of an authenticator and of recovery, on whichever engine runs. The clock is the test's. */
#include "domain/access/totp.h"

#include "ledger/ledger.h"
#include "test/store.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

/* 2026-11-23T02:00:00Z, where a step of 30 s begins. */
#define NOW 1795399200LL

struct world {
    struct writer *writer;
    struct totp_key key;
    struct str key_file;
};

struct doing {
    enum { ADD, BEGIN, CONFIRM, USE, OFF, RENEW } what;
    const struct totp_key *key;
    struct str account, code;
    char secret[TOTP_BASE32 + 1];
    struct recovery_codes codes;
};

static enum err run(struct ctx *c, void *arg)
{
    struct doing *d = arg;
    switch (d->what) {
    case ADD:
        return access_add(c, &(struct account){.name = d->account, .full_name = S("Lê A")},
                          &(struct account_role){d->account, S("admin"), S(""), DAY_NONE, DAY_NONE});
    case BEGIN:
        return access_totp_begin(c, d->key, d->account, d->secret);
    case CONFIRM:
        return access_totp_confirm(c, d->key, d->account, d->code, &d->codes);
    case USE:
        return access_totp_use(c, d->key, d->account, d->code);
    case OFF:
        return access_totp_off(c, d->account);
    case RENEW:
        return access_recovery_renew(c, d->key, d->account, &d->codes);
    }
    return E_INTERNAL;
}

static enum err go(struct ctx *c, struct world *w, struct doing *d)
{
    d->key = &w->key;
    return writer_run(w->writer, c, &(struct command){.run = run, .arg = d});
}

static struct world start(struct ctx *c)
{
    struct world w;
    char folder[] = "/tmp/hoalu-totp-XXXXXX";
    CHECK(mkdtemp(folder));
    w.writer = test_writer(c);
    test_set_clock(c, NOW * 1000000);
    w.key_file = str_fmt(c->arena, "%s/hoalu.db.secret", folder);
    CHECK_OK(totp_key_load(c, w.key_file, true, &w.key));
    struct doing add = {.what = ADD, .account = S("le.a")}, other = {.what = ADD, .account = S("le.b")};
    CHECK_OK(go(c, &w, &add));
    CHECK_OK(go(c, &w, &other));
    return w;
}

static void end(struct ctx *c, const struct world *w)
{
    char *file = str_z(c->arena, w->key_file);
    unlink(file);
    *strrchr(file, '/') = 0;
    rmdir(file);
}

/* What an authenticator does with the secret that it was shown. */
static struct str code_at(struct ctx *c, const char *base32, int64_t second)
{
    unsigned char secret[TOTP_SECRET] = {0};
    char code[TOTP_DIGITS + 1];
    for (size_t i = 0; i < TOTP_BASE32; i++) {
        unsigned v = base32[i] >= 'A' ? (unsigned)(base32[i] - 'A') : (unsigned)(base32[i] - '2') + 26;
        for (size_t k = 0; k < 5; k++)
            secret[(i * 5 + k) / 8] |= (unsigned char)((v >> (4 - k) & 1) << (7 - (i * 5 + k) % 8));
    }
    totp_code(secret, second / 30, code);
    return str_dup(c->arena, str_of(code));
}

static enum err use(struct ctx *c, struct world *w, struct str code)
{
    struct doing d = {.what = USE, .account = S("le.a"), .code = code};
    return go(c, w, &d);
}

static struct doing turned_on(struct ctx *c, struct world *w)
{
    struct doing d = {.what = BEGIN, .account = S("le.a")};
    CHECK_OK(go(c, w, &d));
    d.what = CONFIRM;
    d.code = code_at(c, d.secret, NOW);
    CHECK_OK(go(c, w, &d));
    return d;
}

/* RFC 6238, appendix B, for SHA-1; of its eight digits the last six. */
TEST(codes_are_those_of_rfc_6238)
{
    static const struct {
        int64_t second;
        const char *code;
    } all[] = {{59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
               {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
    static const unsigned char secret[] = "12345678901234567890";
    (void)c;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        char code[TOTP_DIGITS + 1];
        totp_code(secret, all[i].second / 30, code);
        CHECK_STR(str_of(code), str_of(all[i].code));
    }
}

TEST(a_secret_is_in_force_once_its_first_code_came)
{
    struct world w = start(c);
    struct totp_state state;
    char shown[TOTP_BASE32 + 1];
    CHECK_OK(access_totp_state(c, S("le.a"), &state));
    CHECK(!state.on && !state.pending && !state.recovery_left && state.since_us == I64_NONE);
    CHECK_OK(use(c, &w, S("whatever"))); /* nothing is asked for */
    struct doing d = {.what = CONFIRM, .account = S("le.a"), .code = S("123456")};
    CHECK_ERR(go(c, &w, &d), E_NOTFOUND);
    d.what = BEGIN;
    CHECK_OK(go(c, &w, &d));
    CHECK_OK(access_totp_pending(c, &w.key, S("le.a"), shown));
    CHECK_STR(str_of(shown), str_of(d.secret));
    CHECK_OK(access_totp_state(c, S("le.a"), &state));
    CHECK(!state.on && state.pending);
    CHECK_OK(use(c, &w, S("whatever")));
    d.what = CONFIRM;
    d.code = code_at(c, d.secret, NOW + 60);
    CHECK_ERR(go(c, &w, &d), E_DENIED);
    CHECK_STR(c->error.field, S("code"));
    d.code = code_at(c, d.secret, NOW);
    CHECK_OK(go(c, &w, &d));
    CHECK_OK(access_totp_state(c, S("le.a"), &state));
    CHECK(state.on && !state.pending && state.since_us == NOW * 1000000);
    CHECK_INT(state.recovery_left, RECOVERY_CODES);
    CHECK_ERR(access_totp_pending(c, &w.key, S("le.a"), shown), E_NOTFOUND);
    /* Another telephone: the first goes on until the second has shown a code. */
    struct doing second = {.what = BEGIN, .account = S("le.a")};
    CHECK_OK(go(c, &w, &second));
    CHECK_OK(use(c, &w, code_at(c, d.secret, NOW + 30)));
    second.what = CONFIRM;
    second.code = code_at(c, second.secret, NOW);
    CHECK_OK(go(c, &w, &second));
    test_set_clock(c, (NOW + 60) * 1000000);
    CHECK_ERR(use(c, &w, code_at(c, d.secret, NOW + 60)), E_DENIED);
    CHECK_OK(use(c, &w, code_at(c, second.secret, NOW + 60)));
    struct doing nobody = {.what = BEGIN, .account = S("nobody")};
    CHECK_ERR(go(c, &w, &nobody), E_NOTFOUND);
    end(c, &w);
}

TEST(a_code_is_good_once_and_for_its_time)
{
    struct world w = start(c);
    struct doing d = turned_on(c, &w);
    /* The one that turned it on is used up. */
    CHECK_ERR(use(c, &w, d.code), E_DENIED);
    /* A clock that is a step behind or before, each code once; after a later one none that is earlier. */
    test_set_clock(c, (NOW + 60) * 1000000);
    CHECK_OK(use(c, &w, code_at(c, d.secret, NOW + 30)));
    CHECK_ERR(use(c, &w, code_at(c, d.secret, NOW + 30)), E_DENIED);
    CHECK_OK(use(c, &w, code_at(c, d.secret, NOW + 90)));
    CHECK_ERR(use(c, &w, code_at(c, d.secret, NOW + 60)), E_DENIED);
    CHECK_ERR(use(c, &w, code_at(c, d.secret, NOW + 90)), E_DENIED);
    /* Two steps off is too far, on either side. */
    test_set_clock(c, (NOW + 300) * 1000000);
    CHECK_ERR(use(c, &w, code_at(c, d.secret, NOW + 240)), E_DENIED);
    CHECK_ERR(use(c, &w, code_at(c, d.secret, NOW + 360)), E_DENIED);
    test_set_clock(c, (NOW + 329) * 1000000);
    struct str typed = code_at(c, d.secret, NOW + 300);
    CHECK_OK(use(c, &w, str_fmt(c->arena, " %.3s %.3s ", typed.p, typed.p + 3)));
    static const char *const bad[] = {"", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "-", "000000000000000000"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_ERR(use(c, &w, str_of(bad[i])), E_DENIED);
    end(c, &w);
}

TEST(recovery_codes_are_good_once_each)
{
    struct world w = start(c);
    struct doing d = turned_on(c, &w), renew = {.what = RENEW, .account = S("le.a")};
    struct totp_state state;
    for (size_t i = 0; i < RECOVERY_CODES; i++) {
        CHECK_INT(str_of(d.codes.v[i]).n, RECOVERY_TEXT);
        for (size_t k = 0; k < i; k++)
            CHECK(!str_eq(str_of(d.codes.v[i]), str_of(d.codes.v[k])));
    }
    CHECK_OK(use(c, &w, str_of(d.codes.v[3])));
    CHECK_ERR(use(c, &w, str_of(d.codes.v[3])), E_DENIED);
    /* As somebody types it who reads it from paper. */
    struct str typed = str_of(d.codes.v[4]);
    char *upper = str_z(c->arena, typed);
    for (size_t i = 0; upper[i]; i++)
        upper[i] = upper[i] == '-' ? ' ' : upper[i] == '0' ? 'O' : upper[i] >= 'a' ? (char)(upper[i] - 32) : upper[i];
    CHECK_OK(use(c, &w, str_of(upper)));
    CHECK_OK(access_totp_state(c, S("le.a"), &state));
    CHECK_INT(state.recovery_left, RECOVERY_CODES - 2);
    CHECK_OK(go(c, &w, &renew));
    CHECK_ERR(use(c, &w, str_of(d.codes.v[5])), E_DENIED);
    CHECK_OK(use(c, &w, str_of(renew.codes.v[5])));
    struct doing off = {.what = OFF, .account = S("le.a")};
    CHECK_OK(go(c, &w, &off));
    CHECK_ERR(go(c, &w, &off), E_NOTFOUND);
    CHECK_ERR(go(c, &w, &renew), E_NOTFOUND);
    CHECK_OK(use(c, &w, S("000000")));
    CHECK_OK(access_totp_state(c, S("le.a"), &state));
    CHECK(!state.on && !state.recovery_left);
    end(c, &w);
}

TEST(nothing_that_makes_a_code_stands_in_the_store)
{
    struct world w = start(c);
    struct doing d = turned_on(c, &w);
    struct events events;
    CHECK_OK(use(c, &w, str_of(d.codes.v[0])));
    CHECK_OK(ledger_list(c, 0, 100, &events));
    CHECK_STR(events.v[events.n - 1].kind, S("user.recovery-used"));
    CHECK_STR(events.v[events.n - 2].kind, S("user.totp-on"));
    for (size_t i = 0; i < events.n; i++) {
        CHECK(!str_has(events.v[i].payload, str_of(d.secret)));
        for (size_t k = 0; k < RECOVERY_CODES; k++)
            CHECK(!str_has(events.v[i].payload, str_of(d.codes.v[k])));
    }
    /* With another key, which is what a stolen copy of the store has, codes of neither kind can be judged. */
    struct world thief = w;
    memset(thief.key.bytes, 1, sizeof thief.key.bytes);
    test_set_clock(c, (NOW + 60) * 1000000);
    CHECK_ERR(use(c, &thief, code_at(c, d.secret, NOW + 60)), E_IO);
    CHECK_ERR(use(c, &thief, str_of(d.codes.v[1])), E_DENIED);
    CHECK_OK(use(c, &w, code_at(c, d.secret, NOW + 60)));
    end(c, &w);
}

TEST(the_key_is_made_once_for_its_owner_alone)
{
    struct world w = start(c);
    struct totp_key again;
    struct stat st;
    char *file = str_z(c->arena, w.key_file);
    CHECK_INT(stat(file, &st), 0);
    CHECK_INT(st.st_mode & 0777, 0600);
    CHECK_OK(totp_key_load(c, w.key_file, true, &again));
    CHECK(memcmp(&again, &w.key, sizeof again) == 0);
    CHECK_INT(chmod(file, 0644), 0);
    CHECK_ERR(totp_key_load(c, w.key_file, true, &again), E_DENIED);
    unlink(file);
    CHECK_ERR(totp_key_load(c, w.key_file, false, &again), E_NOTFOUND);
    CHECK_INT(unsetenv("HOALU_SECRET"), 0);
    CHECK_STR(totp_key_path(c, S("/srv/hoalu.db")), S("/srv/hoalu.db.secret"));
    CHECK_INT(setenv("XDG_CONFIG_HOME", "/home/x/.config", 1), 0);
    CHECK_STR(totp_key_path(c, S("postgresql://h/d")), S("/home/x/.config/hoalu.secret"));
    end(c, &w);
}

TEST(what_an_authenticator_reads)
{
    struct str qr;
    const char *secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
    CHECK_STR(totp_grouped(c, secret), S("JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP"));
    struct str uri = totp_uri(c, S("Hoa Lư & bạn"), S("le.a"), secret);
    CHECK_STR(uri, S("otpauth://totp/Hoa%20L%C6%B0%20%26%20b%E1%BA%A1n:le.a?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&"
                     "issuer=Hoa%20L%C6%B0%20%26%20b%E1%BA%A1n&algorithm=SHA1&digits=6&period=30"));
    CHECK_OK(totp_qr(c, uri, S("Mã \"<QR>\""), &qr));
    CHECK(str_starts(qr, S("<svg ")) && str_ends(qr, S("</svg>")) && str_has(qr, S("Mã &#34;&#60;QR&#62;&#34;")));
    CHECK_ERR(totp_qr(c, str_fmt(c->arena, "%04000d", 1), S(""), &qr), E_LIMIT);
}
