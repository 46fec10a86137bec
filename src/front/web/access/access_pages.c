/* Signing in and out, choosing a password, one's own account. */
#include "front/web/access/access_view.h"
#include "domain/access/totp.h"
#include "front/web/access/sso.h"
#include "front/gate/security.h"
#include "front/web/access_pages.sql.h"
#include "front/web/me.html.h"
#include "front/web/signin.html.h"
#include "front/web/signin_code.html.h"
#include "front/web/signout.html.h"
#include "front/web/site.h"
#include "front/web/welcome.html.h"
#include "store/db.h"

#include <string.h>

#include "base/banned.h"

#define MINUTE_US ((int64_t)60 * 1000000)

const struct message *access_role_label(struct str role)
{
    static const struct {
        const char *word;
        const struct message *label;
    } all[] = {{"admin", &M_role_admin},         {"office", &M_role_office},     {"planner", &M_role_planner},
               {"leader", &M_role_leader},       {"approver", &M_role_approver}, {"reporter", &M_role_reporter},
               {"inspector", &M_role_inspector}, {"viewer", &M_role_viewer}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (str_eq(role, str_of(all[i].word)))
            return all[i].label;
    return &M_role_unknown;
}

static void tell(struct site *s, const char *event, const char *outcome, struct str account)
{
    security_tell(s->c, s->pages->gate->security, event, outcome, account, s->visit->address, S(""));
}

static enum err need_writer(struct site *s)
{
    return s->pages->writer ? OK : FAIL(s->c, E_DENIED, "máy chủ này chỉ để đọc (this server only reads)");
}

/* --- beginning a session ----------------------------------------------------------------------------------------- */

struct starting {
    struct str before, link,
        password; /* the session until now; a link that is used up, and the password chosen by it */
    struct session session;
    bool knows; /* this browser is known already */
    char token[ACCESS_TOKEN + 1], device[ACCESS_TOKEN + 1];
};

/* Whatever session the browser brought ends: nobody can lay one ready for somebody else. */
static enum err start(struct ctx *c, void *arg)
{
    struct starting *st = arg;
    if (st->link.n)
        TRY(access_link_use(c, st->link, st->password));
    TRY(access_session_end(c, st->before));
    if (!st->knows && !st->session.half)
        TRY(access_device_add(c, st->session.account, st->device));
    return access_session_begin(c, &st->session, st->token);
}

static void give_device(struct site *s, const char *token)
{
    const struct gate *g = s->pages->gate;
    response_header(s->c, s->answer, S("Set-Cookie"),
                    str_fmt(s->c->arena, "%s=%s; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax%s",
                            gate_device_cookie(g), token, g->secure ? "; Secure" : ""));
}

static enum err begin_by(struct site *s, struct starting *st, enum err (*run)(struct ctx *c, void *arg), void *arg)
{
    struct command command = {.run = run, .arg = arg};
    st->before = s->visit->token;
    st->session.address = s->visit->address;
    st->session.agent = s->visit->agent;
    /* The ledger tells who it was that chose a password. */
    s->c->actor.name = st->session.account;
    TRY(writer_run(s->pages->writer, s->c, &command));
    if (command.position > s->position)
        s->position = command.position;
    if (st->before.n)
        gate_forget(s->pages->gate, st->before);
    gate_give(s->c, s->pages->gate, st->token, s->answer);
    if (st->device[0])
        give_device(s, st->device);
    if (st->link.n)
        tell(s, "link.used", "ok", st->session.account);
    else if (!st->session.half)
        tell(s, "signin.ok", "ok", st->session.account);
    return OK;
}

static enum err begin(struct site *s, struct starting *st)
{
    return begin_by(s, st, start, st);
}

/* --- /signin ----------------------------------------------------------------------------------------------------- */

static struct url with_next(struct site *s, struct url where, struct str next)
{
    return next.n ? url_with(s->c->arena, where, "next", next) : where;
}

static enum err go_on(struct site *s, struct str next)
{
    struct url where;
    return site_go(s, next.n && url_local(s->c->arena, next, &where) ? where : url_fixed("/plans"));
}

static void put_sign_in(struct site *s, struct sign_in_view *vm)
{
    struct url there = url_fixed("/signin/oidc");
    vm->elsewhere = s->pages->sso;
    if (vm->elsewhere) {
        vm->provider = sso_name(s);
        vm->there = vm->next.n ? url_with(s->c->arena, there, "next", vm->next) : there;
    }
    s->for_one = true;
    site_begin(s, url_fixed("/signin"), site_text(s, &M_signin_title), NAV_NONE);
    signin_html(&s->page, &s->frame, vm);
}

static enum err get_sign_in(struct site *s)
{
    struct sign_in_view vm = {.next = site_query(s, "next")};
    if (viewer_known(s->c))
        return go_on(s, vm.next);
    put_sign_in(s, &vm);
    return OK;
}

static enum err refuse_sign_in(struct site *s, struct sign_in_view *vm)
{
    vm->error = vm->minutes ? S("") : site_text(s, &M_signin_wrong);
    s->answer->status = vm->minutes ? 429 : 403;
    if (vm->minutes)
        response_header(s->c, s->answer, S("Retry-After"), str_fmt(s->c->arena, "%lld", (long long)(vm->minutes * 60)));
    put_sign_in(s, vm);
    return OK;
}

/* As much time passes whether or not there is such an account. */
static enum err post_sign_in(struct site *s)
{
    struct gate *g = s->pages->gate;
    struct str name = str_trim(site_field(s, "name")), password = site_field(s, "password"), kept = {0};
    struct str device = request_cookie(s->request, gate_device_cookie(g));
    struct sign_in_view vm = {.name = str_head(name, ACCESS_NAME_MAX), .next = site_field(s, "next")};
    struct attempt attempt = {.account = name, .address = s->visit->address};
    struct starting st = {.session = {.account = name, .how = S("password")}};
    struct totp_state totp;
    bool fits;
    TRY(need_writer(s));
    TRY(access_device_known(s->c, name, device.p ? device : S(""), &st.knows));
    attempt.device = st.knows ? device : S("");
    vm.minutes = (attempts_begin(g->attempts, ctx_now(s->c), &attempt) + MINUTE_US - 1) / MINUTE_US;
    if (vm.minutes) {
        tell(s, "signin.limited", "limited", name);
        return refuse_sign_in(s, &vm);
    }
    TRY(access_password_kept(s->c, name, &kept));
    TRY(hasher_fits(s->c, g->hasher, kept, str_head(password, ACCESS_PASSWORD_MAX), &fits));
    if (!fits) {
        tell(s, "signin.failed", "refused", name);
        return refuse_sign_in(s, &vm);
    }
    attempts_forgive(g->attempts, &attempt);
    TRY(access_totp_state(s->c, name, &totp));
    st.session.half = totp.on;
    TRY(begin(s, &st));
    return totp.on ? site_go(s, with_next(s, url_fixed("/signin/code"), vm.next)) : go_on(s, vm.next);
}

/* --- /signin/code ------------------------------------------------------------------------------------------------ */

static void put_code(struct site *s, const struct sign_in_view *vm)
{
    s->for_one = true;
    site_begin(s, url_fixed("/signin/code"), site_text(s, &M_code_title), NAV_NONE);
    signin_code_html(&s->page, &s->frame, vm);
}

static enum err get_code(struct site *s)
{
    struct sign_in_view vm = {.next = site_query(s, "next")};
    if (!s->visit->half)
        return site_go(s, with_next(s, url_fixed("/signin"), vm.next));
    put_code(s, &vm);
    return OK;
}

struct using
{
    struct starting starting;
    const struct totp_key *key;
    struct str code;
};

static enum err use_code(struct ctx *c, void *arg)
{
    struct using *u = arg;
    TRY(access_totp_use(c, u->key, u->starting.session.account, u->code));
    return start(c, &u->starting);
}

static enum err post_code(struct site *s)
{
    struct gate *g = s->pages->gate;
    struct sign_in_view vm = {.next = site_field(s, "next")};
    struct totp_key key;
    struct str account = s->visit->account, device = request_cookie(s->request, gate_device_cookie(g));
    struct using u = {
        .key = &key, .code = site_field(s, "code"), .starting.session = {.account = account, .how = S("code")}};
    TRY(need_writer(s));
    if (!s->visit->half)
        return site_go(s, with_next(s, url_fixed("/signin"), vm.next));
    TRY(access_device_known(s->c, account, device.p ? device : S(""), &u.starting.knows));
    /* A code is one of a million: what was tried counts for the account wherever it was tried from, and for no other.
     */
    struct attempt attempt = {.account = account,
                              .address = str_fmt(s->c->arena, "code %.*s", ARGS(account)),
                              .device = u.starting.knows ? device : S("")};
    vm.minutes = (attempts_begin(g->attempts, ctx_now(s->c), &attempt) + MINUTE_US - 1) / MINUTE_US;
    TRY(totp_key_load(s->c, totp_key_path(s->c, s->pages->store), true, &key));
    enum err e = vm.minutes ? E_DENIED : begin_by(s, &u.starting, use_code, &u);
    if (e == E_DENIED) {
        tell(s, vm.minutes ? "signin.limited" : "signin.code_failed", vm.minutes ? "limited" : "refused", account);
        vm.error = vm.minutes ? S("") : site_text(s, &M_code_wrong);
        s->answer->status = vm.minutes ? 429 : 403;
        put_code(s, &vm);
        return OK;
    }
    TRY(e);
    attempts_forgive(g->attempts, &attempt);
    return go_on(s, vm.next);
}

/* --- /signout ---------------------------------------------------------------------------------------------------- */

static enum err get_sign_out(struct site *s)
{
    if (!s->visit->token.n)
        return site_go(s, url_fixed("/signin"));
    s->for_one = true;
    site_begin(s, url_fixed("/signout"), site_text(s, &M_signout_title), NAV_NONE);
    signout_html(&s->page, &s->frame);
    return OK;
}

static enum err end_session(struct ctx *c, void *arg)
{
    return access_session_end(c, *(const struct str *)arg);
}

static enum err post_sign_out(struct site *s)
{
    struct str token = s->visit->token;
    struct command command = {.run = end_session, .arg = &token};
    struct session session = {0};
    TRY(need_writer(s));
    if (token.n && access_session(s->c, token, &session))
        session.how = S("");
    if (token.n)
        TRY(writer_run(s->pages->writer, s->c, &command));
    tell(s, "signout", "ok", s->c->actor.name);
    gate_take(s->c, s->pages->gate, s->visit, s->answer);
    if (str_eq(session.how, S("oidc")) && sso_end(s))
        return OK;
    return site_go(s, url_fixed("/signin"));
}

/* --- /welcome/{token} -------------------------------------------------------------------------------------------- */

static enum err put_welcome(struct site *s, struct welcome_view *vm)
{
    s->for_one = true;
    vm->token = s->part[0];
    site_begin(s, url_fixed("/signin"), site_text(s, &M_welcome_title), NAV_NONE);
    s->frame.here = S("");
    s->frame.other_lang = url_with(s->c->arena, URL(s->c->arena, "/welcome/{}", vm->token), "lang",
                                   s->page.lang == LANG_EN ? S("vi") : S("en"));
    welcome_html(&s->page, &s->frame, vm);
    return OK;
}

static enum err get_welcome(struct site *s)
{
    struct welcome_view vm = {0};
    TRY(access_link_account(s->c, s->part[0], &vm.account));
    return put_welcome(s, &vm);
}

/* Is it a password, and twice the same one? What is wrong with it is for the page. */
static enum err check_new(struct site *s, struct str account, struct str password, struct str again,
                          struct str *ret_why)
{
    enum err e = access_password_check(s->c, account, password);
    *ret_why = S("");
    if (e == E_INVALID)
        *ret_why = s->c->error.message;
    else if (!e && !str_eq(password, again))
        *ret_why = site_text(s, &M_welcome_differ);
    return e == E_INVALID ? OK : e;
}

static enum err post_welcome(struct site *s)
{
    struct welcome_view vm = {0};
    struct starting st = {.link = s->part[0], .session = {.how = S("link")}};
    struct str password = site_field(s, "password");
    struct totp_state totp;
    TRY(need_writer(s));
    TRY(access_link_account(s->c, s->part[0], &vm.account));
    TRY(check_new(s, vm.account, password, site_field(s, "again"), &vm.error));
    if (vm.error.n) {
        s->answer->status = 400;
        return put_welcome(s, &vm);
    }
    st.session.account = vm.account;
    TRY(access_totp_state(s->c, vm.account, &totp));
    st.session.half = totp.on; /* whoever holds a link has shown no code */
    TRY(hasher_hash(s->c, s->pages->gate->hasher, password, &st.password));
    TRY(begin(s, &st));
    return site_go(s, url_fixed(totp.on ? "/signin/code" : "/plans"));
}

/* --- /me --------------------------------------------------------------------------------------------------------- */

struct org_name {
    struct str name;
};
RECORD(org_name_record, struct org_name, "org_name", "Tên một cơ quan",
       {"name", FIELD_TEXT, offsetof(struct org_name, name)});

static struct str org_name(struct site *s, struct str code)
{
    struct org_name found = {0};
    return db_one(s->c, SQL_access_org_name, &org_name_record, &found, ARG(code)) ? code : found.name;
}

static enum err put_me(struct site *s, struct me_view *vm)
{
    struct ctx *c = s->c;
    struct str behalf = c->viewer ? c->viewer->behalf : S("");
    if (!c->viewer || !c->viewer->account.n)
        return FAIL(c, E_SIGN_IN, "cần đăng nhập (sign in first)");
    vm->viewer = c->viewer;
    TRY(access_account(c, c->viewer->account, &vm->account));
    TRY(access_sessions(c, vm->account.name, s->visit->token, &vm->sessions));
    TRY(access_api_tokens(c, vm->account.name, &vm->tokens));
    for (size_t i = 0; i < vm->account.roles.n; i++) {
        const struct account_role *r = &vm->account.roles.v[i];
        struct me_role shown = {.role = *r,
                                .name = access_role_label(r->role),
                                .org = r->org.n ? org_name(s, r->org) : S(""),
                                .now = access_role_holds(r, s->today)};
        *PUSH(c->arena, &vm->roles) = shown;
    }
    vm->office = viewer_may(c, PERM_OFFICE) && !str_starts(behalf, S("users/"));
    vm->history = viewer_may(c, PERM_HISTORY);
    vm->admin = viewer_may_some(c, PERM_ADMIN);
    TRY(access_delegated(c, vm->account.name, s->today, &vm->delegated));
    if (str_starts(behalf, S("orgs/")))
        vm->behalf_name = org_name(s, str_skip(behalf, strlen("orgs/")));
    for (size_t i = 0; i < vm->delegated.n; i++)
        if (str_starts(behalf, S("users/")) && str_eq(str_skip(behalf, strlen("users/")), vm->delegated.v[i].giver))
            vm->behalf_name = vm->delegated.v[i].full_name;
    s->for_one = true;
    site_begin(s, url_fixed("/me"), site_text(s, &M_signin_me), NAV_NONE);
    me_html(&s->page, &s->frame, vm);
    return OK;
}

static enum err get_me(struct site *s)
{
    struct me_view vm = {.changed = site_query(s, "changed").n > 0};
    return put_me(s, &vm);
}

struct changing {
    struct str account, password, token, id, behalf;
};

static enum err change_password(struct ctx *c, void *arg)
{
    const struct changing *ch = arg;
    return access_password_put(c, ch->account, ch->password);
}

static enum err end_one(struct ctx *c, void *arg)
{
    const struct changing *ch = arg;
    return access_session_end_of(c, ch->account, ch->id);
}

static enum err change_behalf(struct ctx *c, void *arg)
{
    const struct changing *ch = arg;
    return access_session_behalf(c, ch->token, ch->behalf);
}

static enum err need_session(struct site *s)
{
    TRY(need_writer(s));
    return s->c->viewer && s->c->viewer->account.n && s->visit->token.n
               ? OK
               : FAIL(s->c, E_SIGN_IN, "cần đăng nhập (sign in first)");
}

static enum err post_password(struct site *s)
{
    struct me_view vm = {0};
    struct str kept = {0}, password = site_field(s, "password");
    struct hasher *hasher = s->pages->gate->hasher;
    bool fits;
    TRY(need_session(s));
    struct changing ch = {.account = s->c->viewer->account};
    struct attempt attempt = {.account = ch.account, .address = s->visit->address, .device = s->visit->token};
    if (attempts_begin(s->pages->gate->attempts, ctx_now(s->c), &attempt))
        return FAIL(s->c, E_BUSY, "đã thử sai quá nhiều lần (too many wrong attempts)");
    TRY(access_password_kept(s->c, ch.account, &kept));
    TRY(hasher_fits(s->c, hasher, kept, str_head(site_field(s, "old"), ACCESS_PASSWORD_MAX), &fits));
    if (!fits) {
        tell(s, "password.changed", "refused", ch.account);
        vm.error = site_text(s, &M_me_password_wrong);
    } else {
        attempts_forgive(s->pages->gate->attempts, &attempt);
        TRY(check_new(s, ch.account, password, site_field(s, "again"), &vm.error));
    }
    if (vm.error.n) {
        s->answer->status = 400;
        return put_me(s, &vm);
    }
    TRY(hasher_hash(s->c, s->pages->gate->hasher, password, &ch.password));
    struct command command = {.run = change_password, .arg = &ch};
    struct starting st = {.session = {.account = ch.account, .how = S("password")}};
    TRY(writer_run(s->pages->writer, s->c, &command));
    tell(s, "password.changed", "ok", ch.account);
    TRY(begin(s, &st));
    return site_go(s, url_at(s->c->arena, url_with(s->c->arena, url_fixed("/me"), "changed", S("1")), S("password")));
}

static enum err post_sessions(struct site *s)
{
    TRY(need_session(s));
    struct changing ch = {.account = s->c->viewer->account, .id = site_field(s, "id")};
    struct command command = {.run = end_one, .arg = &ch};
    TRY(writer_run(s->pages->writer, s->c, &command));
    tell(s, "session.ended", "ok", ch.account);
    return site_go(s, url_at(s->c->arena, url_fixed("/me"), S("sessions")));
}

/* A body that nobody enters for, for the standing office; or a person who has handed something on. */
static enum err behalf_of(struct site *s, struct str *ret)
{
    struct str org = str_trim(site_field(s, "org")), giver = site_field(s, "giver");
    struct delegated_list list;
    int64_t n = 0;
    *ret = S("");
    if (org.n) {
        TRY(access_need(s->c, PERM_OFFICE, false));
        TRY(db_number(s->c, SQL_access_org_count, &n, ARG(org)));
        *ret = str_fmt(s->c->arena, "orgs/%.*s", ARGS(org));
        return n ? OK : FAIL(s->c, E_INVALID, "không có cơ quan mang mã này (no such body)");
    }
    if (!giver.n)
        return OK;
    TRY(access_delegated(s->c, s->c->viewer->account, s->today, &list));
    for (size_t i = 0; i < list.n; i++)
        if (str_eq(list.v[i].giver, giver))
            *ret = str_fmt(s->c->arena, "users/%.*s", ARGS(giver));
    return ret->n
               ? OK
               : FAIL(s->c, E_DENIED, "người này không ủy quyền cho bạn hôm nay (they have handed nothing on to you)");
}

static enum err post_for(struct site *s)
{
    TRY(need_session(s));
    struct changing ch = {.token = s->visit->token};
    struct command command = {.run = change_behalf, .arg = &ch};
    TRY(behalf_of(s, &ch.behalf));
    TRY(writer_run(s->pages->writer, s->c, &command));
    gate_forget(s->pages->gate, s->visit->token);
    return site_go(s, url_fixed("/me"));
}

const struct route access_routes[] = {
    ROUTE("/signin", PERM_PUBLIC, get_sign_in, post_sign_in, .live = true, .patient = true),
    ROUTE("/signin/code", PERM_PUBLIC, get_code, post_code, .live = true),
    ROUTE("/signout", PERM_PUBLIC, get_sign_out, post_sign_out, .live = true),
    ROUTE("/welcome/{}", PERM_PUBLIC, get_welcome, post_welcome, .live = true, .patient = true),
    ROUTE("/me", PERM_PUBLIC, get_me, NULL, .live = true),
    ROUTE("/me/password", PERM_PUBLIC, NULL, post_password, .live = true, .patient = true),
    ROUTE("/me/sessions", PERM_PUBLIC, NULL, post_sessions, .live = true),
    ROUTE("/me/for", PERM_PUBLIC, NULL, post_for, .live = true),
    {0},
};
