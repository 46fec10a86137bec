#include "domain/sight/sight_rows.h"

#include "domain/access/viewer.h"
#include "base/emit.h"

#include <inttypes.h>

#include "base/banned.h"

RECORD(sight_item_record, struct sight_item, "shut", "A name of something restricted",
       {"plan", FIELD_I64, offsetof(struct sight_item, plan), .doc = ""},
       {"item", FIELD_TEXT, offsetof(struct sight_item, item), .doc = ""},
       {"path", FIELD_TEXT, offsetof(struct sight_item, path), .doc = ""});

struct str plan_seen(const struct ctx *c)
{
    return c->viewer ? c->viewer->sees : S("");
}

bool sight_covers(struct str above, struct str path)
{
    return !above.n ||
           (str_starts(path, above) && (path.n == above.n || path.p[above.n] == '.' || path.p[above.n] == '-'));
}

enum err sight_read_items(struct ctx *c, struct rows rows, struct sight_items *ret)
{
    struct sight_items list = {0};
    struct sight_item row = {0};
    while (db_next(&rows, &sight_item_record, &row))
        *PUSH(c->arena, &list) = row;
    *ret = list;
    return db_done(&rows);
}

/* --- what bodies see --- */

static struct str codes_of(struct ctx *c, const struct strs *orgs)
{
    struct out o;
    struct emit e;
    out_init(&o, c->arena, 1 << 20);
    emit_init(&e, &o, EMIT_JSON);
    emit_list(&e);
    for (size_t i = 0; i < orgs->n; i++)
        emit_text(&e, orgs->v[i]);
    emit_end(&e);
    return str_trim(out_str(&o));
}

/* Is it theirs, or does it stand under what is? Of the plan itself, something in it is enough. */
static bool is_theirs(const struct sight_items *theirs, const struct sight_item *one)
{
    for (size_t i = 0; i < theirs->n; i++)
        if (theirs->v[i].plan == one->plan && (!one->path.n || sight_covers(theirs->v[i].path, one->path)))
            return true;
    return false;
}

enum err plan_sees(struct ctx *c, const struct strs *orgs, struct str *ret)
{
    enum { SEES_MAX = 1 << 20 };
    struct sight_items theirs, all;
    int64_t any = 0;
    struct out o;
    *ret = S("");
    TRY(db_number(c, SQL_sight_any, &any));
    if (!any || !orgs->n)
        return OK;
    TRY(sight_read_items(c, db_query(c, SQL_sight_of_bodies, ARG(codes_of(c, orgs))), &theirs));
    if (!theirs.n)
        return OK;
    TRY(sight_read_items(c, db_query(c, SQL_sight_paths), &all));
    out_init(&o, c->arena, SEES_MAX);
    for (size_t i = 0; i < all.n; i++)
        if (is_theirs(&theirs, &all.v[i]))
            out_fmt(&o, "%s%" PRId64 " %.*s;", o.n ? "" : ";", all.v[i].plan, ARGS(all.v[i].path));
    if (o.failed)
        return FAIL(c, E_LIMIT, "quá nhiều mục hạn chế trong phạm vi của tài khoản (too many restricted items)");
    *ret = out_str(&o);
    return OK;
}

/* --- subjects of events --- */

/* Slug and path in "plans/SLUG", "plans/SLUG/clauses/PATH", "plans/SLUG/PATH", "tasks/SLUG.PATH". A slug has no dot. */
static bool read_subject(struct str subject, struct str *slug, struct str *path)
{
    struct str rest = subject, kind, word;
    *path = S("");
    if (!str_cut(&rest, '/', &kind) || !str_cut(&rest, '/', slug) || !slug->n)
        return false;
    if (!str_eq(kind, S("plans"))) {
        *path = *slug;
        return str_cut(path, '.', slug) && slug->n && path->n;
    }
    if (str_cut(&rest, '/', &word))
        *path = str_eq(word, S("clauses")) ? rest : word;
    return true;
}

enum err sight_of_subject(struct ctx *c, struct str subject, struct str *ret)
{
    struct str slug, path;
    struct sight_item item = {0};
    *ret = S("");
    if (!read_subject(subject, &slug, &path))
        return OK;
    enum err e = db_one(c, SQL_sight_named, &sight_item_record, &item, ARG(slug), ARG(path));
    if (e == E_NOTFOUND) /* a target's key */
        e = db_one(c, SQL_sight_named, &sight_item_record, &item, ARG(slug),
                   ARG(str_fmt(c->arena, "target %.*s", ARGS(path))));
    if (e == E_NOTFOUND) {
        c->error = (struct error){0};
        return OK;
    }
    TRY(e);
    *ret = str_fmt(c->arena, ";%" PRId64 " %.*s;", item.plan, ARGS(item.path));
    return OK;
}

bool sight_opens(struct str sees, struct str needed)
{
    return !needed.n || str_eq(sees, S("*")) || str_has(sees, needed);
}
