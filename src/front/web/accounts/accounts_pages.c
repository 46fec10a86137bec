/* Accounts for whoever tends them; one's own codes and delegations. */
#include "base/viet.h"
#include "domain/access/viewer.h"
#include "front/web/account.html.h"
#include "front/web/account_new.html.h"
#include "front/web/accounts.html.h"
#include "front/web/accounts/accounts_view.h"
#include "front/web/me_code.html.h"
#include "front/web/me_delegations.html.h"
#include "front/web/site.h"

#include "base/banned.h"

static void fill_roles(struct role_choice roles[ROLE_CHOICES])
{
    struct str rest = S(ACCESS_ROLES), word;
    for (size_t i = 0; i < ROLE_CHOICES && str_cut(&rest, '|', &word); i++)
        roles[i] = (struct role_choice){word, access_role_label(word)};
}

static enum err write(struct site *s, enum err (*run)(struct ctx *c, void *arg), void *arg)
{
    struct command command = {.run = run, .arg = arg};
    if (!s->pages->writer)
        return FAIL(s->c, E_DENIED, "máy chủ này chỉ để đọc (this server only reads)");
    TRY(writer_run(s->pages->writer, s->c, &command));
    if (command.position > s->position)
        s->position = command.position;
    return OK;
}

/* What a person can mend is said on the page of the form; all else as any page says it. */
static enum err shown(struct site *s, enum err e, struct str *ret_why)
{
    if (e != E_INVALID && e != E_CONFLICT && e != E_DENIED)
        return e;
    *ret_why = s->c->error.message;
    s->answer->status = e == E_INVALID ? 400 : e == E_CONFLICT ? 409 : 403;
    return OK;
}

static enum err field_day(struct site *s, const char *name, int32_t *ret)
{
    struct str text = str_trim(site_field(s, name));
    *ret = DAY_NONE;
    if (!text.n || day_parse_typed(text, ret))
        return OK;
    enum err e = FAIL(s->c, E_INVALID, "\"%.*s\" không phải là ngày (not a day)", ARGS(str_head(text, 40)));
    s->c->error.field = str_of(name);
    return e;
}

/* --- /accounts --------------------------------------------------------------------------------------------------- */

static bool has(struct site *s, struct str text, struct str folded)
{
    return text.n && str_has(viet_fold_text(s->c->arena, text), folded);
}

static bool fits(struct site *s, const struct account *a, const struct accounts_view *vm)
{
    struct str folded = viet_fold_text(s->c->arena, vm->words);
    bool words = !vm->words.n || has(s, a->name, folded) || has(s, a->full_name, folded) || has(s, a->email, folded);
    bool role = !vm->role.n;
    for (size_t i = 0; i < a->roles.n; i++) {
        words |= has(s, a->roles.v[i].org, folded);
        role |= str_eq(a->roles.v[i].role, vm->role) && access_role_holds(&a->roles.v[i], s->today);
    }
    struct str state = a->disabled ? S("closed") : a->has_password ? S("open") : S("waiting");
    return words && role && (!vm->state.n || str_eq(state, vm->state));
}

static enum err get_accounts(struct site *s)
{
    struct accounts_view vm = {.role = site_query(s, "role"), .state = site_query(s, "state")};
    struct accounts all;
    struct str words = str_trim(site_query(s, "q"));
    vm.words = str_head(words, 100);
    vm.whole = viewer_may(s->c, PERM_ADMIN);
    vm.filtered = vm.words.n || vm.role.n || vm.state.n;
    fill_roles(vm.roles);
    TRY(access_accounts(s->c, &all));
    for (size_t i = 0; i < all.n; i++) {
        if (!access_tends(s->c, &all.v[i]))
            continue;
        vm.total++;
        if (fits(s, &all.v[i], &vm))
            *PUSH(s->c->arena, &vm.accounts) = all.v[i];
    }
    s->for_one = true;
    site_begin(s, url_fixed("/accounts"), site_text(s, &M_me_accounts), NAV_NONE);
    accounts_html(&s->page, &s->frame, &vm);
    return OK;
}

/* --- /accounts/{name} -------------------------------------------------------------------------------------------- */

static enum err put_account(struct site *s, struct account_view *vm)
{
    struct ctx *c = s->c;
    TRY(access_account(c, s->part[0], &vm->account));
    TRY(access_need_tending(c, &vm->account));
    TRY(access_sessions(c, vm->account.name, S(""), &vm->sessions));
    TRY(access_delegations(c, vm->account.name, &vm->delegations));
    TRY(access_totp_state(c, vm->account.name, &vm->totp));
    fill_roles(vm->roles);
    vm->today = s->today;
    vm->link = URL(c->arena, "/welcome/{}", vm->token);
    s->for_one = true;
    site_begin(s, URL(c->arena, "/accounts/{}", vm->account.name), vm->account.full_name, NAV_NONE);
    account_html(&s->page, &s->frame, vm);
    return OK;
}

static enum err get_account(struct site *s)
{
    struct account_view vm = {0};
    return put_account(s, &vm);
}

struct tending {
    struct str what;
    struct account account;
    struct account_role role;
    char token[ACCESS_TOKEN + 1];
};

static enum err tend(struct ctx *c, void *arg)
{
    struct tending *t = arg;
    struct str name = t->account.name;
    if (str_eq(t->what, S("add")))
        TRY(access_add(c, &t->account, &t->role));
    if (str_eq(t->what, S("add")) || str_eq(t->what, S("link")))
        return access_invite(c, name, t->token);
    if (str_eq(t->what, S("close")) || str_eq(t->what, S("open")))
        return access_disable(c, name, str_eq(t->what, S("close")));
    if (str_eq(t->what, S("codes"))) {
        struct account account;
        TRY(access_account(c, name, &account));
        TRY(access_need_tending(c, &account));
        return access_totp_off(c, name);
    }
    if (str_eq(t->what, S("revoke")))
        return access_revoke(c, name, t->role.role, t->role.org, t->role.valid_to);
    if (str_eq(t->what, S("grant")))
        return access_grant(c, &t->role);
    return FAIL(c, E_INVALID, "không rõ phải làm gì (nothing to do)");
}

static enum err read_tending(struct site *s, struct tending *t)
{
    t->role = (struct account_role){
        .account = t->account.name, .role = site_field(s, "role"), .org = str_trim(site_field(s, "org"))};
    t->role.org = t->role.org.n ? t->role.org : S("");
    TRY(field_day(s, "from", &t->role.valid_from));
    TRY(field_day(s, "to", &t->role.valid_to));
    if (str_eq(t->what, S("revoke")))
        t->role.valid_to = s->today - 1;
    return OK;
}

static enum err post_account(struct site *s)
{
    struct account_view vm = {0};
    struct tending t = {.what = site_field(s, "do"), .account = {.name = s->part[0]}};
    enum err e = read_tending(s, &t);
    if (!e)
        e = write(s, tend, &t);
    TRY(shown(s, e, &vm.error));
    if (!e && !t.token[0])
        return site_go(s, URL(s->c->arena, "/accounts/{}", t.account.name));
    vm.token = str_of(t.token);
    return put_account(s, &vm);
}

/* --- /accounts/new ----------------------------------------------------------------------------------------------- */

static enum err put_new(struct site *s, struct account_new_view *vm)
{
    fill_roles(vm->roles);
    s->for_one = true;
    site_begin(s, url_fixed("/accounts/new"), site_text(s, &M_accounts_new), NAV_NONE);
    account_new_html(&s->page, &s->frame, vm);
    return OK;
}

static enum err get_new(struct site *s)
{
    struct account_new_view vm = {.role = S("reporter")};
    return put_new(s, &vm);
}

static enum err post_new(struct site *s)
{
    struct account_new_view vm = {.name = str_trim(site_field(s, "name")),
                                  .full_name = site_field(s, "full_name"),
                                  .email = str_trim(site_field(s, "email")),
                                  .role = site_field(s, "role"),
                                  .org = str_trim(site_field(s, "org"))};
    struct tending t = {
        .what = S("add"),
        .account = {.name = vm.name, .full_name = vm.full_name, .email = vm.email.n ? vm.email : (struct str){0}}};
    enum err e = read_tending(s, &t);
    if (!e)
        e = write(s, tend, &t);
    TRY(shown(s, e, &vm.error));
    if (e)
        return put_new(s, &vm);
    struct account_view made = {.token = str_of(t.token)};
    s->part[0] = vm.name;
    return put_account(s, &made);
}

/* --- /me/code ---------------------------------------------------------------------------------------------------- */

static enum err need_account(struct site *s)
{
    return s->c->viewer && s->c->viewer->account.n ? OK : FAIL(s->c, E_SIGN_IN, "cần đăng nhập (sign in first)");
}

static enum err put_code(struct site *s, const struct totp_key *key, struct me_code_view *vm)
{
    struct ctx *c = s->c;
    struct str account = c->viewer->account, markup;
    TRY(access_totp_state(c, account, &vm->totp));
    if (!vm->totp.on && vm->totp.pending && key) {
        TRY(access_totp_pending(c, key, account, vm->secret));
        vm->grouped = totp_grouped(c, vm->secret);
        TRY(totp_qr(c, totp_uri(c, S("Hoalu"), account, vm->secret), site_text(s, &M_mecode_label), &markup));
        vm->qr = html_made(markup);
    }
    s->for_one = true;
    site_begin(s, url_fixed("/me/code"), site_text(s, &M_code_title), NAV_NONE);
    me_code_html(&s->page, &s->frame, vm);
    return OK;
}

static enum err get_code(struct site *s)
{
    struct me_code_view vm = {0};
    TRY(need_account(s));
    return put_code(s, NULL, &vm);
}

struct coding {
    struct str what, account, code;
    const struct totp_key *key;
    struct me_code_view *vm;
};

static enum err change_code(struct ctx *c, void *arg)
{
    struct coding *d = arg;
    if (str_eq(d->what, S("begin")))
        return access_totp_begin(c, d->key, d->account, d->vm->secret);
    if (str_eq(d->what, S("confirm")))
        return access_totp_confirm(c, d->key, d->account, d->code, &d->vm->codes);
    TRY(access_totp_use(c, d->key, d->account, d->code));
    if (str_eq(d->what, S("renew")))
        return access_recovery_renew(c, d->key, d->account, &d->vm->codes);
    return str_eq(d->what, S("off")) ? access_totp_off(c, d->account)
                                     : FAIL(c, E_INVALID, "không rõ phải làm gì (nothing to do)");
}

static enum err post_code(struct site *s)
{
    struct me_code_view *vm = NEW(s->c->arena, struct me_code_view);
    struct totp_key key;
    struct totp_state state;
    TRY(need_account(s));
    TRY(totp_key_load(s->c, totp_key_path(s->c, s->pages->store), true, &key));
    struct coding d = {site_field(s, "do"), s->c->viewer->account, site_field(s, "code"), &key, vm};
    struct attempt attempt = {.account = d.account, .address = S("code"), .device = s->visit->token};
    TRY(access_totp_state(s->c, d.account, &state));
    if (state.on && str_eq(d.what, S("begin")))
        return FAIL(s->c, E_CONFLICT, "mã xác thực đang bật; hãy tắt trước (codes are on; turn them off first)");
    bool guess = !str_eq(d.what, S("begin"));
    if (guess && attempts_begin(s->pages->gate->attempts, ctx_now(s->c), &attempt))
        return FAIL(s->c, E_BUSY, "đã thử sai quá nhiều lần (too many wrong attempts)");
    enum err e = write(s, change_code, &d);
    if (!e && guess)
        attempts_forgive(s->pages->gate->attempts, &attempt);
    vm->shown = !e && (str_eq(d.what, S("confirm")) || str_eq(d.what, S("renew")));
    TRY(shown(s, e, &vm->error));
    return put_code(s, &key, vm);
}

/* --- /me/delegations --------------------------------------------------------------------------------------------- */

static enum err put_delegations(struct site *s, struct me_delegations_view *vm)
{
    struct delegations all;
    vm->account = s->c->viewer->account;
    vm->today = s->today;
    fill_roles(vm->roles);
    TRY(access_delegations(s->c, vm->account, &all));
    for (size_t i = 0; i < all.n; i++) {
        struct delegation *d = &all.v[i];
        if (str_eq(d->giver, vm->account))
            *PUSH(s->c->arena, &vm->given) = *d;
        else
            *PUSH(s->c->arena, &vm->taken) = *d;
    }
    s->for_one = true;
    site_begin(s, url_fixed("/me/delegations"), site_text(s, &M_delegations_title), NAV_NONE);
    me_delegations_html(&s->page, &s->frame, vm);
    return OK;
}

static enum err get_delegations(struct site *s)
{
    struct me_delegations_view vm = {0};
    TRY(need_account(s));
    return put_delegations(s, &vm);
}

static enum err add_delegation(struct ctx *c, void *arg)
{
    return access_delegate(c, arg);
}

static enum err end_delegation(struct ctx *c, void *arg)
{
    return access_delegation_end(c, arg);
}

static enum err post_delegations(struct site *s)
{
    struct me_delegations_view vm = {0};
    TRY(need_account(s));
    struct delegation d = {.giver = s->c->viewer->account,
                           .taker = str_trim(site_field(s, "taker")),
                           .role = site_field(s, "role"),
                           .org = site_field(s, "org"),
                           .reason = site_field(s, "reason")};
    bool end = str_eq(site_field(s, "do"), S("end"));
    enum err e = field_day(s, "from", &d.valid_from);
    e = e ? e : field_day(s, "to", &d.valid_to);
    e = e ? e : write(s, end ? end_delegation : add_delegation, &d);
    TRY(shown(s, e, &vm.error));
    return e ? put_delegations(s, &vm) : site_go(s, url_fixed("/me/delegations"));
}

const struct route accounts_routes[] = {
    ROUTE("/accounts", PERM_ADMIN | PERM_IN_BODY, get_accounts, NULL, .live = true),
    ROUTE("/accounts/new", PERM_ADMIN | PERM_IN_BODY, get_new, post_new, .live = true),
    ROUTE("/accounts/{}", PERM_ADMIN | PERM_IN_BODY, get_account, post_account, .live = true),
    ROUTE("/me/code", PERM_PUBLIC, get_code, post_code, .live = true),
    ROUTE("/me/delegations", PERM_PUBLIC, get_delegations, post_delegations, .live = true),
    {0},
};
