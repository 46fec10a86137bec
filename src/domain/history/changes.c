/* What an event changed: for plans from their two states, for accounts the same, for bodies from the event itself. */
#include "domain/history/history.h"

#include "domain/access/access.h"
#include "domain/history/history.sql.h"
#include "store/db.h"

#include <jansson.h>
#include <string.h>

#include "base/banned.h"

enum { SAID_BEFORE = 20 };

struct changing {
    struct ctx *c;
    struct plan_changes *ret;
    bool more;
};

static void put(struct changing *x, struct plan_change change)
{
    if (x->ret->rows.n < HISTORY_CHANGES_MAX)
        *PUSH(x->c->arena, &x->ret->rows) = change;
    else
        x->more = true;
}

/* --- plans --- */

/* The clause itself, or one that stands under it. */
static bool is_under(struct str path, struct str top)
{
    return !top.n || str_eq(path, top) ||
           (str_starts(path, top) && (path.p[top.n] == '.' || path.p[top.n] == '-' || path.p[top.n] == '#'));
}

static enum err read_state(struct ctx *c, struct str slug, int64_t position, struct draft *ret)
{
    enum err e = plan_version_read(c, slug, position, ret);
    if (e == E_NOTFOUND)
        *ret = (struct draft){0};
    return e == E_NOTFOUND ? OK : e;
}

static enum err plan_changed(struct changing *x, const struct event *e, struct str subject)
{
    struct draft before, after;
    struct plan_changes all;
    struct str rest = str_skip(e->subject, strlen("plans/")), slug, top = S(""), about;
    str_cut(&rest, '/', &slug);
    if (subject.p && str_starts(subject, S("plans/"))) {
        about = str_skip(subject, strlen("plans/"));
        str_cut(&about, '/', &rest);
        top = about;
    }
    TRY(read_state(x->c, slug, e->position - 1, &before));
    TRY(read_state(x->c, slug, e->position, &after));
    plan_compare(x->c, &before, &after, &all);
    for (size_t i = 0; i < all.rows.n; i++)
        if (!top.n || (all.rows.v[i].path.n && is_under(all.rows.v[i].path, top)))
            put(x, all.rows.v[i]);
    return OK;
}

/* --- accounts --- */

static enum err account_at(struct ctx *c, struct str name, int64_t position, struct account *ret)
{
    struct account account = {0};
    struct account_role role;
    enum err e = db_one(c, SQL_history_account, &account_record, &account, ARG(name), ARG(position));
    if (e && e != E_NOTFOUND)
        return e;
    struct rows rows = db_query(c, SQL_history_account_roles, ARG(name), ARG(position));
    while (db_next(&rows, &account_role_record, &role))
        *PUSH(c->arena, &account.roles) = role;
    *ret = account;
    return db_done(&rows);
}

static struct str role_text(struct ctx *c, const struct account_role *r)
{
    char from[DAY_TEXT], to[DAY_TEXT];
    struct str text = r->org.n ? str_fmt(c->arena, "%.*s %.*s", ARGS(r->role), ARGS(r->org)) : r->role;
    if (r->valid_from != DAY_NONE || r->valid_to != DAY_NONE)
        text = str_fmt(c->arena, "%.*s %.*s..%.*s", ARGS(text), ARGS(day_text(r->valid_from, from)),
                       ARGS(day_text(r->valid_to, to)));
    return text;
}

static struct str roles_text(struct ctx *c, const struct account *a)
{
    struct str *v = NEWN(c->arena, struct str, a->roles.n + 1);
    for (size_t i = 0; i < a->roles.n; i++)
        v[i] = role_text(c, &a->roles.v[i]);
    return str_join(c->arena, v, a->roles.n, S("; "));
}

static enum err account_changed(struct changing *x, const struct event *e)
{
    struct str name = str_skip(e->subject, strlen("users/"));
    struct account before, after;
    TRY(account_at(x->c, name, e->position - 1, &before));
    TRY(account_at(x->c, name, e->position, &after));
    const struct {
        const char *field;
        struct str before, after;
    } fields[] = {{"full_name", before.full_name, after.full_name},
                  {"email", before.email, after.email},
                  {"disabled", before.disabled ? S("true") : S(""), after.disabled ? S("true") : S("")},
                  {"roles", roles_text(x->c, &before), roles_text(x->c, &after)}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (!str_eq(fields[i].before, fields[i].after))
            put(x, (struct plan_change){.kind = S("account"),
                                        .change = before.name.n ? S("changed") : S("added"),
                                        .key = name,
                                        .title = name,
                                        .field = str_of(fields[i].field),
                                        .before = fields[i].before,
                                        .after = fields[i].after});
    return OK;
}

/* --- bodies --- */

static void release(void *object)
{
    json_decref(object);
}

static struct str text_of(struct ctx *c, const json_t *value)
{
    if (json_is_string(value))
        return str_dup(c->arena, (struct str){json_string_value(value), json_string_length(value)});
    if (!value || json_is_null(value))
        return S("");
    size_t n = json_dumpb(value, NULL, 0, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(15));
    char *text = NEWN(c->arena, char, n + 1);
    return (struct str){text, json_dumpb(value, text, n, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(15))};
}

static void body_fields(struct changing *x, struct plan_change change, const json_t *row)
{
    const json_t *was = json_object_get(row, "was"), *now = json_object_get(row, "now");
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)now, name, value)
    {
        change.field = str_dup(x->c->arena, str_of(name));
        change.before = text_of(x->c, json_object_get(was, name));
        change.after = text_of(x->c, value);
        put(x, change);
    }
}

static struct plan_change body_change(struct changing *x, const char *change, struct str key)
{
    struct str title = str_dup(x->c->arena, key);
    return (struct plan_change){.kind = S("org"), .change = str_of(change), .key = title, .title = title};
}

/* "orgs/SKHCN": rows whose key is that code or begins with it. */
static bool is_of(struct str key, struct str subject)
{
    struct str code = subject;
    if (!subject.p || (!str_starts(subject, S("orgs/")) && !str_starts(subject, S("areas/"))))
        return true;
    str_cut(&code, '/', &subject);
    return str_starts(key, code) && (key.n == code.n || key.p[code.n] == ' ' || key.p[code.n] == '|');
}

static void bodies_of(struct changing *x, const json_t *payload, struct str subject)
{
    const char *file, *key;
    json_t *list, *row;
    size_t i;
    json_object_foreach(json_object_get(payload, "changes"), file, list)
    {
        json_object_foreach(list, key, row)
        {
            if (is_of(str_of(key), subject))
                body_fields(x, body_change(x, "changed", str_of(key)), row);
        }
    }
    json_object_foreach(json_object_get(payload, "additions"), file, list)
    {
        json_array_foreach(list, i, row)
        {
            struct str name = {json_string_value(row), json_string_length(row)};
            if (name.p && is_of(name, subject))
                put(x, body_change(x, "added", name));
        }
    }
}

static json_t *read_payload(struct ctx *c, struct str text)
{
    struct arena_defer *d = arena_defer(c->arena, release);
    json_t *payload = text.p ? json_loadb(text.p, text.n, 0, NULL) : NULL;
    d->arg = payload;
    return payload;
}

static void bodies_changed(struct changing *x, const struct event *e, struct str subject)
{
    const json_t *payload = read_payload(x->c, e->payload);
    if (payload)
        bodies_of(x, payload, subject);
}

/* --- everything else: what was said of it the last time -------------------------------------------------------------
 */

/* What an event is about: an item of a draft stands in the payload. */
static struct str about_of(struct ctx *c, const struct event *e, const json_t *payload)
{
    const json_t *item = json_object_get(payload, "item");
    if (!str_eq(e->kind, S("draft.decide")) || !json_is_string(item))
        return e->subject;
    return str_fmt(c->arena, "%.*s/%s", ARGS(e->subject), json_string_value(item));
}

/* The last event of the same kind about the same thing; position 0 if there is none among those looked at. */
static enum err last_said(struct ctx *c, const struct event *e, struct str about, struct event *ret)
{
    struct ledger_query q = {
        .subject = about, .kind = e->kind, .below = e->position, .payloads = true, .limit = SAID_BEFORE};
    struct ledger_found found;
    *ret = (struct event){0};
    TRY(ledger_find(c, &q, &found));
    for (size_t i = 0; i < found.events.n && !ret->position; i++)
        if (str_eq(found.events.v[i].subject, e->subject))
            *ret = found.events.v[i];
    return OK;
}

static enum err said_otherwise(struct changing *x, const struct event *e)
{
    const json_t *now = read_payload(x->c, e->payload);
    const char *name;
    json_t *value;
    struct event last;
    struct str about = about_of(x->c, e, now);
    if (!json_is_object(now))
        return OK;
    TRY(last_said(x->c, e, about, &last));
    const json_t *was = read_payload(x->c, last.payload);
    if (!json_is_object(was))
        return OK;
    struct plan_change change = {.kind = S("record"), .change = S("changed"), .key = about, .title = about};
    json_object_foreach((json_t *)now, name, value)
    {
        change.field = str_dup(x->c->arena, str_of(name));
        change.before = text_of(x->c, json_object_get(was, name));
        change.after = text_of(x->c, value);
        if (!str_eq(change.before, change.after))
            put(x, change);
    }
    json_object_foreach((json_t *)was, name, value)
    {
        if (json_object_get(now, name))
            continue;
        change.field = str_dup(x->c->arena, str_of(name));
        change.before = text_of(x->c, value);
        change.after = S("");
        put(x, change);
    }
    return OK;
}

enum err history_changes(struct ctx *c, const struct event *e, struct str subject, struct plan_changes *ret,
                         bool *ret_more)
{
    struct changing x = {c, ret, false};
    subject = subject.p ? history_subject(c, subject) : subject;
    *ret = (struct plan_changes){0};
    if (str_eq(e->kind, S("plan.approve")))
        TRY(plan_changed(&x, e, subject));
    else if (str_starts(e->subject, S("users/")))
        TRY(account_changed(&x, e));
    else if (str_eq(e->kind, S("org.load")))
        bodies_changed(&x, e, subject);
    else if (!str_starts(e->kind, S("ledger.")))
        TRY(said_otherwise(&x, e));
    *ret_more = x.more;
    return OK;
}
