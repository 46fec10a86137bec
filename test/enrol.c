/* Turn on the codes of an account, as its page does, for a test that needs no page of enrolment:
 *
 *     enrol STORE ACCOUNT   prints {"secret":"JBSW…","recovery":["abcd-efgh-jkmn", …]}
 *
 * The code that confirms the secret is of the step before this one, so that those of this step and the next are good
 * still. The key is where `hoalu serve` looks for it. */
#include "base/emit.h"
#include "base/out.h"
#include "domain/access/totp.h"
#include "store/writer.h"

#include <liboath/oath.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

struct enrolling {
    struct totp_key key;
    struct str account;
    char secret[TOTP_BASE32 + 1], code[TOTP_DIGITS + 1];
    struct recovery_codes codes;
};

static enum err begin(struct ctx *c, void *arg)
{
    struct enrolling *e = arg;
    return access_totp_begin(c, &e->key, e->account, e->secret);
}

static enum err confirm(struct ctx *c, void *arg)
{
    struct enrolling *e = arg;
    return access_totp_confirm(c, &e->key, e->account, str_of(e->code), &e->codes);
}

static _Noreturn void stop(const struct ctx *c)
{
    fprintf(stderr, "enrol: %.*s\n", ARGS(c->error.message));
    _exit(1);
}

static void make_code(struct ctx *c, struct enrolling *e)
{
    char *secret = NULL;
    size_t n = 0;
    if (oath_base32_decode(e->secret, strlen(e->secret), &secret, &n) != OATH_OK || n != TOTP_SECRET)
        _exit(1);
    totp_code((const unsigned char *)secret, ctx_now(c) / 1000000 / TOTP_STEP_S - 1, e->code);
}

static void put(struct arena *a, const struct enrolling *e)
{
    struct out o;
    struct emit m;
    out_init_fd(&o, a, STDOUT_FILENO, SIZE_MAX);
    emit_init(&m, &o, EMIT_JSON);
    emit_map(&m);
    emit_key(&m, S("secret"));
    emit_text(&m, str_of(e->secret));
    emit_key(&m, S("recovery"));
    emit_list(&m);
    for (size_t i = 0; i < RECOVERY_CODES; i++)
        emit_text(&m, str_of(e->codes.v[i]));
    emit_end(&m);
    emit_end(&m);
    if (!out_flush(&o))
        _exit(1);
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    struct arena arena;
    struct writer *writer = NULL;
    struct enrolling e = {.account = str_of(argv[2])};
    arena_init(&arena, 64 << 20);
    struct ctx c = {.arena = &arena, .source = source_system(), .actor = {e.account, S(""), S("")}};
    struct command beginning = {.run = begin, .arg = &e}, confirming = {.run = confirm, .arg = &e};
    if (totp_key_load(&c, totp_key_path(&c, str_of(argv[1])), true, &e.key) ||
        writer_open(&c, &arena, str_of(argv[1]), &writer) || writer_run(writer, &c, &beginning))
        stop(&c);
    make_code(&c, &e);
    if (writer_run(writer, &c, &confirming))
        stop(&c);
    put(&arena, &e);
    arena_reset(&arena);
    return 0;
}
