#include "front/web/site.h"

#include "front/ops.h"
#include "front/web/site.sql.h"
#include "store/db.h"

#include <string.h>

#include "base/banned.h"

enum { RESULT_MAX = 64 << 20 };

/* The query that a page was asked with, the language and fields left empty aside, on another address. */
static struct url with_query(const struct site *s, struct url u)
{
    const struct http_pairs *query = &s->request->query;
    for (size_t i = 0; i < query->n; i++)
        if (query->v[i].value.n && !str_eq(query->v[i].name, S("lang")))
            u = url_with_pair(s->c->arena, u, query->v[i].name, query->v[i].value);
    return u;
}

void site_begin(struct site *s, struct url here, struct str title, enum nav nav)
{
    bool english = s->page.lang == LANG_EN;
    s->frame.title = title;
    s->frame.nav = nav;
    s->frame.sample = s->pages->sample;
    s->frame.here = with_query(s, here).s;
    s->frame.other_lang = url_with(s->c->arena, with_query(s, here), "lang", english ? S("vi") : S("en"));
    s->frame.guest = !viewer_known(s->c);
    s->frame.open = s->pages->gate->open;
    s->frame.account = s->c->viewer && s->c->viewer->account.n;
    s->frame.history = viewer_may(s->c, PERM_HISTORY);
    s->frame.now_us = ctx_now(s->c);
    /* Without it the page is as good, and never says that something changed. */
    if (db_number(s->c, SQL_site_position, &s->frame.position))
        s->frame.position = 0;
}

void site_data(struct site *s, struct url list)
{
    struct arena *a = s->c->arena;
    s->frame.has_data = true;
    s->frame.json = with_query(s, url_form(a, list, ".json"));
    s->frame.csv = with_query(s, url_form(a, list, ".csv"));
    s->frame.xlsx = with_query(s, url_form(a, list, ".xlsx"));
}

struct str site_text(const struct site *s, const struct message *m)
{
    return message_text(m, s->page.lang);
}

struct str site_query(const struct site *s, const char *name)
{
    const struct http_pairs *query = &s->request->query;
    for (size_t i = 0; i < query->n; i++)
        if (str_eq(query->v[i].name, str_of(name))) {
            s->read[i] = true;
            return query->v[i].value;
        }
    return S("");
}

struct str site_field(const struct site *s, const char *name)
{
    struct str value = http_pair(&s->form, str_of(name));
    return value.p ? value : S("");
}

enum err site_go(struct site *s, struct url where)
{
    /* After a form, 303: the next request is a GET, and going back does not send the form again. */
    s->answer->status = s->request->method == HTTP_POST ? 303 : 302;
    response_header(s->c, s->answer, S("Location"), where.s);
    return OK;
}

enum err site_run(struct site *s, const struct op *op, const void *args, struct str *ret_json)
{
    struct out o;
    struct emit e;
    struct op_call call = {.args = args, .emit = &e, .store = s->pages->store};
    TRY(access_check(s->c, op));
    if (op->kind == OP_WRITE && !s->pages->writer)
        return FAIL(s->c, E_DENIED, "máy chủ này chỉ để đọc (this server only reads)");
    out_init(&o, s->c->arena, RESULT_MAX);
    emit_init(&e, &o, EMIT_JSON);
    int64_t position = 0;
    TRY(op_run(s->c, op, &call, s->pages->writer, &position));
    if (position > s->position)
        s->position = position;
    if (ret_json)
        *ret_json = out_str(&o);
    return OK;
}
