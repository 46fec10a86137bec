/* /signin/oidc: to the provider and back. */
#include "front/web/access/sso.h"

#include "base/viet.h"
#include "domain/access/identity.h"
#include "front/web/access/sso_view.h"
#include "front/web/sso_out.html.h"
#include "front/web/sso_refused.html.h"
#include "front/web/sso_unknown.html.h"

#include <stdio.h>

#include "base/banned.h"

#define MINUTE_US ((int64_t)60 * 1000000)

struct str sso_name(const struct site *s)
{
    return s->pages->sso->name.n ? s->pages->sso->name : site_text(s, &M_oidc_name);
}

static enum err need_sso(struct site *s)
{
    if (!s->pages->sso)
        return FAIL(s->c, E_NOTFOUND, "không có địa chỉ này (no such address)");
    return s->pages->writer ? OK : FAIL(s->c, E_DENIED, "máy chủ này chỉ để đọc (this server only reads)");
}

static enum err go_to(struct site *s, struct str where)
{
    s->answer->status = 303;
    response_header(s->c, s->answer, S("Location"), where);
    return OK;
}

/* Back to where somebody wanted to go, if that is of this system. */
static enum err go_on(struct site *s, struct str next)
{
    struct url where;
    return site_go(s, next.n && url_local(s->c->arena, next, &where) ? where : url_fixed("/"));
}

/* --- what the browser remembers --- */

static const char *cookie_name(const struct site *s)
{
    return s->pages->gate->secure ? "__Host-oidc" : "oidc";
}

static void give_cookie(struct site *s, struct str value, int seconds)
{
    response_header(s->c, s->answer, S("Set-Cookie"),
                    str_fmt(s->c->arena, "%s=%.*s; Path=/; Max-Age=%d; HttpOnly; SameSite=Lax%s", cookie_name(s),
                            ARGS(value), seconds, s->pages->gate->secure ? "; Secure" : ""));
}

/* --- refusals --- */

static void begin_page(struct site *s, const struct message *title)
{
    s->for_one = true;
    site_begin(s, url_fixed("/signin"), site_text(s, title), NAV_NONE);
    s->frame.here = S(""); /* what stands in the address is good once */
    s->frame.other_lang =
        url_with(s->c->arena, url_fixed("/signin"), "lang", s->page.lang == LANG_EN ? S("vi") : S("en"));
}

static void tell(struct site *s, const char *event, const char *outcome, struct str account, struct str detail)
{
    security_tell(s->c, s->pages->gate->security, event, outcome, account, s->visit->address, detail);
}

static enum err refuse(struct site *s, enum err e, struct str next)
{
    bool away = e == E_IO || e == E_BUSY;
    struct str why = s->c->error.message;
    struct sso_refused_view vm = {
        .name = sso_name(s), .away = away, .reason = away ? S("") : viet_capital(s->c->arena, why)};
    struct url again = url_fixed("/signin/oidc");
    vm.again = next.n ? url_with(s->c->arena, again, "next", next) : again;
    tell(s, "oidc.refused", "refused", S(""), why);
    s->answer->status = away ? 503 : 403;
    if (away)
        response_header(s->c, s->answer, S("Retry-After"), S("10"));
    begin_page(s, away ? &M_oidc_away_title : &M_oidc_refused_title);
    sso_refused_html(&s->page, &s->frame, &vm);
    return OK;
}

static enum err refuse_for_now(struct site *s, int64_t wait_us)
{
    struct sso_refused_view vm = {.minutes = (wait_us + MINUTE_US - 1) / MINUTE_US};
    tell(s, "signin.limited", "limited", S(""), S("oidc"));
    s->answer->status = 429;
    response_header(s->c, s->answer, S("Retry-After"), str_fmt(s->c->arena, "%lld", (long long)(vm.minutes * 60)));
    begin_page(s, &M_oidc_refused_title);
    sso_refused_html(&s->page, &s->frame, &vm);
    return OK;
}

static enum err refuse_unknown(struct site *s, const struct oidc_claims *claims)
{
    struct sso_unknown_view vm = {oidc_issuer(s->pages->sso->provider), *claims};
    tell(s, "oidc.refused", "refused", S(""), str_fmt(s->c->arena, "no account: %.*s", ARGS(claims->subject)));
    s->answer->status = 403;
    begin_page(s, &M_oidc_unknown_title);
    sso_unknown_html(&s->page, &s->frame, &vm);
    return OK;
}

/* --- there and back --- */

static enum err get_begin(struct site *s)
{
    struct str next = site_query(s, "next"), address, remembered;
    TRY(need_sso(s));
    if (viewer_known(s->c))
        return go_on(s, next);
    s->for_one = true;
    enum err e = oidc_begin(s->c, s->pages->sso->provider, next, &address, &remembered);
    if (e)
        return refuse(s, e, next);
    give_cookie(s, remembered, OIDC_WAIT_US / 1000000);
    return go_to(s, address);
}

struct coming {
    struct identity_sign_in who;
    struct str before; /* the session until now */
    struct session session;
    char token[ACCESS_TOKEN + 1];
};

/* Whatever session the browser brought ends: nobody can lay one ready for somebody else. */
static enum err come(struct ctx *c, void *arg)
{
    struct coming *coming = arg;
    TRY(access_identity_sign_in(c, &coming->who));
    coming->session.account = str_of(coming->who.account);
    c->actor.name = coming->session.account;
    TRY(access_session_end(c, coming->before));
    return access_session_begin(c, &coming->session, coming->token);
}

static struct str given(struct site *s, const char *name)
{
    (void)site_query(s, name);
    return request_query(s->request, name);
}

static enum err begin_session(struct site *s, const struct oidc_claims *claims)
{
    struct coming coming = {
        .who = {.issuer = oidc_issuer(s->pages->sso->provider),
                .subject = claims->subject,
                .named = claims->named,
                .once = {(const char *)claims->once, sizeof claims->once},
                .once_until_us = claims->once_until_us},
        .before = s->visit->token,
        .session = {.how = S("oidc"), .address = s->visit->address, .agent = s->visit->agent},
    };
    struct command command = {.run = come, .arg = &coming};
    enum err e = writer_run(s->pages->writer, s->c, &command);
    if (e == E_NOTFOUND)
        return refuse_unknown(s, claims);
    if (e == E_DENIED)
        return refuse(s, e, claims->next);
    TRY(e);
    if (command.position > s->position)
        s->position = command.position;
    if (s->visit->token.n)
        gate_forget(s->pages->gate, s->visit->token);
    gate_give(s->c, s->pages->gate, coming.token, s->answer);
    tell(s, "signin.ok", "ok", str_of(coming.who.account), S("oidc"));
    return go_on(s, claims->next);
}

/* A state that anybody can make up costs the provider a question, so they are counted by address; the state alone
 * stands in for an account that is not known yet. */
static enum err get_back(struct site *s)
{
    struct oidc_claims claims;
    struct gate *g = s->pages->gate;
    struct oidc_answer answer = {given(s, "code"), given(s, "state"), given(s, "iss"), given(s, "error")};
    struct str remembered = request_cookie(s->request, cookie_name(s));
    struct attempt attempt = {.account = answer.state.p ? str_head(answer.state, 64) : S("-"),
                              .address = s->visit->address};
    TRY(need_sso(s));
    s->for_one = true;
    give_cookie(s, S(""), 0);
    int64_t wait_us = attempts_begin(g->attempts, ctx_now(s->c), &attempt);
    if (wait_us)
        return refuse_for_now(s, wait_us);
    enum err e = oidc_finish(s->c, s->pages->sso->provider, remembered.p ? remembered : S(""), &answer, &claims);
    if (e)
        return refuse(s, e, S(""));
    attempts_forgive(g->attempts, &attempt);
    return begin_session(s, &claims);
}

/* --- out --- */

bool sso_end(struct site *s)
{
    const struct sso *sso = s->pages->sso;
    struct sso_out_view vm;
    struct str where = {0};
    if (!sso || oidc_end(s->c, sso->provider, str_fmt(s->c->arena, "%.*s/signin", ARGS(sso->url)), &where) ||
        !where.p || !url_external(s->c->arena, where, &vm.where))
        return false;
    vm.name = sso_name(s);
    response_header(s->c, s->answer, S("Refresh"), str_fmt(s->c->arena, "0; url=%.*s", ARGS(where)));
    begin_page(s, &M_oidc_out_title);
    s->frame.guest = true; /* by now */
    s->frame.account = s->frame.history = false;
    sso_out_html(&s->page, &s->frame, &vm);
    return true;
}

const struct route sso_routes[] = {
    /* A provider that is slow keeps those waiting who sign in, and nobody who writes. */
    ROUTE("/signin/oidc", PERM_PUBLIC, get_begin, NULL, .live = true, .slow = true, .patient = true),
    ROUTE("/signin/oidc/back", PERM_PUBLIC, get_back, NULL, .live = true, .slow = true, .patient = true),
    {0},
};
