#include "front/web/ledger/ledger_words.h"

#include "domain/access/access.h"
#include "domain/plan/list.h"

#include <jansson.h>
#include <string.h>

#include "base/banned.h"

const struct event_kind event_kinds[] = {
    {"plan.approve", &M_kind_plan_approve, &M_did_plan_approve},
    {"plan.classify", &M_kind_plan_classify, &M_did_plan_classify},
    {"draft.create", &M_kind_draft_create, &M_did_draft_create},
    {"draft.decide", &M_kind_draft_decide, &M_did_draft_decide},
    {"draft.accept_rest", &M_kind_draft_accept_rest, &M_did_draft_accept_rest},
    {"draft.discard", &M_kind_draft_discard, &M_did_draft_discard},
    {"org.load", &M_kind_org_load, &M_did_org_load},
    {"indicator.load", &M_kind_indicator_load, &M_did_indicator_load},
    {"indicator.put", &M_kind_indicator_put, &M_did_indicator_put},
    {"goal.put", &M_kind_goal_put, &M_did_goal_put},
    {"value.put", &M_kind_value_put, &M_did_value_put},
    {"value.load", &M_kind_value_load, &M_did_value_load},
    {"value.dhis2", &M_kind_value_dhis2, &M_did_value_dhis2},
    {"value.undo", &M_kind_value_undo, &M_did_value_undo},
    {"value.decide", &M_kind_value_decide, &M_did_value_decide},
    {"geo.load", &M_kind_geo_load, &M_did_geo_load},
    {"user.add", &M_kind_user_add, &M_did_user_add},
    {"user.change", &M_kind_user_change, &M_did_user_change},
    {"user.import", &M_kind_user_import, &M_did_user_import},
    {"user.grant", &M_kind_user_grant, &M_did_user_grant},
    {"user.revoke", &M_kind_user_revoke, &M_did_user_revoke},
    {"user.disable", &M_kind_user_disable, &M_did_user_disable},
    {"user.enable", &M_kind_user_enable, &M_did_user_enable},
    {"user.invite", &M_kind_user_invite, &M_did_user_invite},
    {"user.password", &M_kind_user_password, &M_did_user_password},
    {"user.identity", &M_kind_user_identity, &M_did_user_identity},
    {"user.identity.end", &M_kind_user_identity_end, &M_did_user_identity_end},
    {"user.erase", &M_kind_user_erase, &M_did_user_erase},
    {"user.totp-on", &M_kind_user_totp_on, &M_did_user_totp_on},
    {"user.totp-off", &M_kind_user_totp_off, &M_did_user_totp_off},
    {"user.recovery-codes", &M_kind_user_recovery_codes, &M_did_user_recovery_codes},
    {"user.recovery-used", &M_kind_user_recovery_used, &M_did_user_recovery_used},
    {"delegation.add", &M_kind_delegation_add, &M_did_delegation_add},
    {"delegation.end", &M_kind_delegation_end, &M_did_delegation_end},
    {"token.add", &M_kind_token_add, &M_did_token_add},
    {"token.end", &M_kind_token_end, &M_did_token_end},
    {"ledger.seal", &M_kind_ledger_seal, &M_did_ledger_seal},
    {"ledger.key", &M_kind_ledger_key, &M_did_ledger_key},
    {"ledger.erase", &M_kind_ledger_erase, &M_did_ledger_erase},
    {0},
};

static const struct event_kind *kind_of(struct str kind)
{
    for (const struct event_kind *k = event_kinds; k->kind; k++)
        if (str_eq(kind, str_of(k->kind)))
            return k;
    return NULL;
}

/* --- what it is about --------------------------------------------------------------------------------------------- */

static struct str named(struct site *s, const struct message *m, struct str name)
{
    return str_fmt(s->c->arena, "%.*s %.*s", ARGS(site_text(s, m)), ARGS(name));
}

static struct str part_of(struct site *s, const struct message *m, struct str part, const struct message *of,
                          struct str name)
{
    return str_fmt(s->c->arena, "%.*s %.*s", ARGS(named(s, m, part)), ARGS(named(s, of, name)));
}

/* What the catalogue calls it, with its code where that says more. */
static struct str body_words(struct site *s, const struct message *m, struct str code)
{
    struct str name = code;
    if (list_body_name(s->c, code, POS_NOW, &name) || str_eq(name, code))
        return named(s, m, code);
    return name;
}

static struct str in_ledger(struct site *s, struct str what, struct str rest, struct url *url)
{
    struct arena *a = s->c->arena;
    if (str_eq(what, S("keys")))
        return named(s, &M_about_key, str_fmt(a, "%.*s…", ARGS(str_head(rest, 12))));
    if (!rest.n)
        return S("");
    *url = URL(a, "/ledger/{}", rest);
    return named(s, str_eq(what, S("seals")) ? &M_about_seal : &M_about_event, rest);
}

struct str subject_words(struct site *s, struct str subject, struct url *ret_url)
{
    struct arena *a = s->c->arena;
    struct str rest = subject, top = S(""), second = S("");
    *ret_url = (struct url){0};
    str_cut(&rest, '/', &top);
    str_cut(&rest, '/', &second);
    bool plans = str_eq(top, S("plans")), drafts = str_eq(top, S("drafts")), orgs = str_eq(top, S("orgs"));
    if (str_eq(top, S("ledger")))
        return in_ledger(s, second, rest, ret_url);
    if (!second.n) {
        *ret_url = plans                     ? url_fixed("/plans")
                   : drafts                  ? url_fixed("/drafts")
                   : orgs                    ? url_fixed("/orgs")
                   : str_eq(top, S("areas")) ? url_fixed("/areas")
                                             : *ret_url;
        return plans                          ? site_text(s, &M_about_plans)
               : orgs                         ? site_text(s, &M_about_orgs)
               : str_eq(top, S("areas"))      ? site_text(s, &M_about_areas)
               : str_eq(top, S("indicators")) ? site_text(s, &M_about_indicators)
               : str_eq(top, S("users"))      ? site_text(s, &M_about_users)
                                              : S("");
    }
    if (plans && str_starts(rest, S("clauses/")))
        rest = str_skip(rest, strlen("clauses/"));
    if (plans) {
        *ret_url = rest.n ? URL(a, "/plans/{}/clauses/{}", second, rest) : URL(a, "/plans/{}", second);
        return rest.n ? part_of(s, &M_about_clause, rest, &M_about_of_plan, second) : named(s, &M_about_plan, second);
    }
    if (drafts) {
        *ret_url = rest.n ? URL(a, "/drafts/{}/items/{}", second, rest) : URL(a, "/drafts/{}", second);
        return rest.n ? part_of(s, &M_about_draft_item, rest, &M_about_of_draft, second)
                      : named(s, &M_about_draft, second);
    }
    if (orgs || str_eq(top, S("areas"))) {
        *ret_url = orgs ? URL(a, "/orgs/{}", second) : URL(a, "/areas/{}", second);
        return orgs ? body_words(s, &M_about_org, second) : named(s, &M_about_area, second);
    }
    if (str_eq(top, S("indicators")))
        return named(s, &M_about_indicator, second);
    return str_eq(top, S("users")) ? named(s, &M_about_user, second) : S("");
}

/* --- who ---------------------------------------------------------------------------------------------------------- */

/* The person who holds the account now; the account's own name where there is none. */
static enum err person(struct site *s, struct str account, struct str *ret)
{
    struct account found;
    enum err e = access_account(s->c, account, &found);
    if (e && e != E_NOTFOUND)
        return e;
    bool has_name = !e && found.full_name.n && !str_eq(found.full_name, account);
    *ret = has_name ? str_fmt(s->c->arena, "%.*s (%.*s)", ARGS(found.full_name), ARGS(account)) : account;
    return OK;
}

enum err actor_words(struct site *s, struct str actor, struct str *ret)
{
    if (str_eq(actor, S("system")))
        *ret = site_text(s, &M_actor_system);
    else if (str_eq(actor, S("cli")))
        *ret = site_text(s, &M_actor_cli);
    else if (!actor.n)
        *ret = site_text(s, &M_actor_nobody);
    else
        return person(s, actor, ret);
    return OK;
}

static enum err for_whom(struct site *s, struct str behalf, struct str *ret)
{
    struct url unused;
    if (str_starts(behalf, S("users/")))
        return person(s, str_skip(behalf, strlen("users/")), ret);
    *ret = subject_words(s, behalf, &unused);
    if (!ret->n)
        *ret = behalf;
    return OK;
}

enum err event_view_of(struct site *s, const struct event *e, struct event_view *ret)
{
    const struct event_kind *kind = kind_of(e->kind);
    struct arena *a = s->c->arena;
    struct event_view v = {
        .event = e, .kind = kind ? kind->label : NULL, .did = site_text(s, kind ? kind->did : &M_did_other)};
    TRY(actor_words(s, e->actor, &v.who));
    v.who_url = url_with(a, url_fixed("/ledger"), "actor", e->actor);
    if (e->behalf.n)
        TRY(for_whom(s, e->behalf, &v.behalf));
    v.about = subject_words(s, e->subject, &v.about_url);
    if (!v.about.n)
        v.about = e->subject;
    if (!kind)
        v.about = str_fmt(a, "%.*s (%.*s)", ARGS(v.about), ARGS(e->kind));
    v.history = url_with(a, url_fixed("/ledger"), "subject", e->subject);
    *ret = v;
    return OK;
}

/* --- payloads ----------------------------------------------------------------------------------------------------- */

const struct message *payload_label(struct str name)
{
    static const struct {
        const char *name;
        const struct message *label;
    } labels[] = {
        {"full_name", &M_field_account_full_name},
        {"email", &M_field_account_email},
        {"disabled", &M_field_account_disabled},
        {"roles", &M_field_account_roles},
        {"name", &M_field_org_name},
        {"short", &M_field_org_short},
        {"kind", &M_field_org_kind},
        {"area", &M_field_org_area},
        {"parent", &M_field_org_parent},
        {"valid_from", &M_field_valid_from},
        {"valid_to", &M_field_valid_to},
        {"note", &M_field_note},
        {"reason", &M_field_reason},
        {"decision", &M_field_decision},
        {"role", &M_field_role},
        {"slug", &M_field_slug},
        {"source_name", &M_field_source_name},
        {"source", &M_field_source},
        {"draft", &M_field_draft},
        {"title", &M_field_title},
        {"tasks", &M_site_tasks},
        {"programmes", &M_site_programmes},
        {"targets", &M_site_targets},
        {"duties", &M_site_duties},
        {"findings", &M_site_findings},
        {"added", &M_field_added},
        {"changed", &M_field_changed},
        {"unchanged", &M_field_unchanged},
        {"level", &M_field_level},
        {"value", &M_field_value},
        {"events", &M_field_events},
        {"identities", &M_field_identities},
    };
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (str_eq(name, str_of(labels[i].name)))
            return labels[i].label;
    return NULL;
}

struct flattening {
    struct ctx *c;
    struct event_page *page;
};

static struct str scalar(struct ctx *c, const json_t *v)
{
    char number[NUMBER_TEXT];
    if (json_is_string(v))
        return str_dup(c->arena, (struct str){json_string_value(v), json_string_length(v)});
    if (json_is_integer(v))
        return str_fmt(c->arena, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
    if (json_is_real(v))
        return str_dup(c->arena, number_text(as_number(json_real_value(v)), LANG_EN, number));
    return json_is_true(v) ? S("true") : json_is_false(v) ? S("false") : S("");
}

static void flatten(struct flattening *f, struct str name, const json_t *v, int depth)
{
    const char *key;
    json_t *member;
    size_t i;
    if (f->page->fields.n >= PAYLOAD_FIELDS || depth > 8) {
        f->page->more_fields = true;
        return;
    }
    json_object_foreach((json_t *)v, key, member)
    {
        struct str inner =
            name.n ? str_fmt(f->c->arena, "%.*s › %s", ARGS(name), key) : str_fmt(f->c->arena, "%s", key);
        flatten(f, inner, member, depth + 1);
    }
    json_array_foreach(v, i, member)
    {
        flatten(f, name, member, depth + 1);
    }
    struct str value = json_is_object(v) || json_is_array(v) ? S("") : scalar(f->c, v);
    if (value.n)
        *PUSH(f->c->arena, &f->page->fields) = (struct payload_field){payload_label(name), name, value};
}

static void release(void *object)
{
    json_decref(object);
}

void payload_fields(struct ctx *c, struct str payload, struct event_page *page)
{
    struct flattening f = {c, page};
    struct arena_defer *d = arena_defer(c->arena, release);
    json_t *v = json_loadb(payload.p, payload.n, JSON_DECODE_ANY, NULL);
    d->arg = v;
    if (v)
        flatten(&f, S(""), v, 0);
}
