#include "front/web/pages.h"

#include "front/web/asset.h"
#include "front/web/clause.html.h"
#include "front/web/error.html.h"
#include "ledger/ledger.h"
#include "front/web/plan.html.h"
#include "front/web/plans.html.h"
#include "front/web/targets.html.h"
#include "front/web/tasks.html.h"

#include <string.h>

#include "base/banned.h"

enum { PAGE_MAX = 32 << 20 };

/* What a page is made with. */
struct site {
    struct ctx *c;
    const struct pages *pages;
    const struct request *request;
    struct response *answer;
    struct out out;
    struct page page;
    struct frame frame;
};

static struct str lang_word(enum lang lang)
{
    return lang == LANG_EN ? S("en") : S("vi");
}

static enum lang lang_of(const struct request *r)
{
    struct str asked = request_query(r, "lang"), chosen = request_cookie(r, "lang");
    struct str word = asked.p ? asked : chosen;
    return word.p && str_eq(word, S("en")) ? LANG_EN : LANG_VI;
}

static bool wants_html(const struct request *r)
{
    static const char *const data[] = {".json", ".csv", ".xlsx"};
    struct str accept = request_header(r, "Accept");
    for (size_t i = 0; i < sizeof data / sizeof *data; i++)
        if (str_ends(r->path, str_of(data[i])))
            return false;
    return accept.p && str_has(accept, S("text/html")) && r->method != HTTP_POST && !str_starts(r->path, S("/api/"));
}

static void begin(struct site *s, struct url here, struct str title, enum nav nav)
{
    enum lang other = s->page.lang == LANG_EN ? LANG_VI : LANG_EN;
    struct str plan = request_query(s->request, "plan");
    struct url this = plan.p ? url_with(s->c->arena, here, "plan", plan) : here;
    s->frame.title = title;
    s->frame.nav = nav;
    s->frame.sample = s->pages->sample;
    s->frame.other_lang = url_with(s->c->arena, this, "lang", lang_word(other));
    s->frame.now_us = ctx_now(s->c);
}

static struct str text_of(const struct site *s, const struct message *m)
{
    return message_text(m, s->page.lang);
}

/* --- plans --- */

static enum err open_plan(struct site *s, struct str slug, struct plan_view *ret)
{
    struct ctx *c = s->c;
    struct plan_row plan;
    struct draft *draft = NEW(c->arena, struct draft);
    TRY(plan_get(c, slug, POS_NOW, &plan));
    TRY(plan_read(c, plan.id, POS_NOW, draft));
    plan_view(c, &plan, draft, day_of_moment(ctx_now(c)), ret);
    return OK;
}

/* The plan a list is of: the one that is named, or the first. */
static enum err listed_plan(struct site *s, struct plan_view *ret)
{
    struct plan_rows plans;
    struct str slug = request_query(s->request, "plan");
    if (!slug.p) {
        TRY(plan_list(s->c, POS_NOW, &plans));
        if (!plans.n)
            return FAIL(s->c, E_NOTFOUND, "chưa có kế hoạch nào (no plan yet)");
        slug = plans.v[0].slug;
    }
    return open_plan(s, slug, ret);
}

static enum err show_plans(struct site *s)
{
    struct plan_rows plans;
    TRY(plan_list(s->c, POS_NOW, &plans));
    begin(s, url_fixed("/plans"), text_of(s, &M_site_plans), NAV_PLANS);
    s->frame.has_data = true;
    s->frame.json = url_fixed("/plans.json");
    s->frame.csv = url_fixed("/plans.csv");
    s->frame.xlsx = url_fixed("/plans.xlsx");
    plans_html(&s->page, &s->frame, &plans);
    return OK;
}

static enum err show_plan(struct site *s, struct str slug)
{
    struct arena *a = s->c->arena;
    struct plan_view view;
    TRY(open_plan(s, slug, &view));
    begin(s, URL(a, "/plans/{}", slug), view.plan.title, NAV_PLANS);
    s->frame.has_data = true;
    s->frame.json = URL(a, "/plans/{}/clauses.json", slug);
    s->frame.csv = URL(a, "/plans/{}/clauses.csv", slug);
    s->frame.xlsx = URL(a, "/plans/{}/clauses.xlsx", slug);
    plan_html(&s->page, &s->frame, &view);
    return OK;
}

static enum err show_clause(struct site *s, struct str slug, struct str path)
{
    struct plan_view view;
    TRY(open_plan(s, slug, &view));
    const struct clause_view *found = NULL;
    for (size_t i = 0; i < view.n && !found; i++)
        if (str_eq(view.v[i].clause->path, path))
            found = &view.v[i];
    if (!found)
        return FAIL(s->c, E_NOTFOUND, "không có mục %.*s trong kế hoạch này (no such clause)", ARGS(path));
    struct str title = str_fmt(s->c->arena, "%.*s. %.*s", ARGS(path), ARGS(found->clause->title));
    begin(s, URL(s->c->arena, "/plans/{}/clauses/{}", slug, path), title, NAV_PLANS);
    clause_html(&s->page, &s->frame, &view, found);
    return OK;
}

static enum err show_tasks(struct site *s, bool programmes)
{
    struct plan_view view;
    size_t n = 0, missing = 0;
    TRY(listed_plan(s, &view));
    for (size_t i = 0; i < view.n; i++)
        if (view.v[i].task && view.v[i].is_programme == programmes) {
            n++;
            missing += view.v[i].due == DUE_MISSING;
        }
    if (programmes)
        begin(s, url_fixed("/programmes"), text_of(s, &M_site_programmes), NAV_PROGRAMMES);
    else
        begin(s, url_fixed("/tasks"), text_of(s, &M_site_tasks), NAV_TASKS);
    s->frame.has_data = true;
    struct url all[] = {url_fixed(programmes ? "/programmes.json" : "/tasks.json"),
                        url_fixed(programmes ? "/programmes.csv" : "/tasks.csv"),
                        url_fixed(programmes ? "/programmes.xlsx" : "/tasks.xlsx")};
    s->frame.json = url_with(s->c->arena, all[0], "plan", view.plan.slug);
    s->frame.csv = url_with(s->c->arena, all[1], "plan", view.plan.slug);
    s->frame.xlsx = url_with(s->c->arena, all[2], "plan", view.plan.slug);
    tasks_html(&s->page, &s->frame, &view, programmes, n, missing);
    return OK;
}

static enum err show_targets(struct site *s)
{
    struct plan_view view;
    TRY(listed_plan(s, &view));
    begin(s, url_fixed("/targets"), text_of(s, &M_site_targets), NAV_TARGETS);
    s->frame.has_data = true;
    s->frame.json = url_with(s->c->arena, url_fixed("/targets.json"), "plan", view.plan.slug);
    s->frame.csv = url_with(s->c->arena, url_fixed("/targets.csv"), "plan", view.plan.slug);
    s->frame.xlsx = url_with(s->c->arena, url_fixed("/targets.xlsx"), "plan", view.plan.slug);
    targets_html(&s->page, &s->frame, &view);
    return OK;
}

/* --- the site --- */

static enum err go_to(struct site *s, struct url where)
{
    s->answer->status = 302;
    response_header(s->c, s->answer, S("Location"), where.s);
    return OK;
}

/* With one plan in the store, that is what a reader came for. */
static enum err show_start(struct site *s)
{
    struct plan_rows plans;
    TRY(plan_list(s->c, POS_NOW, &plans));
    return go_to(s, plans.n == 1 ? URL(s->c->arena, "/plans/{}", plans.v[0].slug) : url_fixed("/plans"));
}

static enum err show(struct site *s)
{
    struct str rest = s->request->path, first = S(""), slug = S(""), under = S(""), path = S("");
    str_cut(&rest, '/', &first);
    str_cut(&rest, '/', &first);
    if (!first.n)
        return show_start(s);
    if (str_eq(s->request->path, S("/plans")))
        return show_plans(s);
    if (str_eq(s->request->path, S("/tasks")))
        return show_tasks(s, false);
    if (str_eq(s->request->path, S("/programmes")))
        return show_tasks(s, true);
    if (str_eq(s->request->path, S("/targets")))
        return show_targets(s);
    if (str_eq(first, S("plans")) && str_cut(&rest, '/', &slug) && slug.n) {
        if (!str_cut(&rest, '/', &under) || !under.n)
            return show_plan(s, slug);
        if (str_eq(under, S("clauses")) && str_cut(&rest, '/', &path) && path.n && !rest.n)
            return show_clause(s, slug, path);
    }
    return FAIL(s->c, E_NOTFOUND, "không có địa chỉ này (no such address)");
}

static void show_error(struct site *s, enum err e)
{
    bool missing = e == E_NOTFOUND;
    /* What the machine says of itself is not for a page. */
    struct str why = e == E_IO || e == E_INTERNAL ? S("") : s->c->error.message;
    out_clear(&s->out);
    s->frame = (struct frame){0};
    begin(s, url_fixed("/plans"), text_of(s, missing ? &M_error_notfound : &M_error_other), NAV_NONE);
    error_html(&s->page, &s->frame, missing, why);
    s->answer->status = missing ? 404 : e == E_INVALID ? 400 : e == E_LIMIT ? 413 : 503;
}

static const struct http_pair fixed_headers[] = {
    {S0("Content-Security-Policy"),
     S0("default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; script-src 'self'; connect-src "
        "'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")},
    {S0("Referrer-Policy"), S0("same-origin")},
    {S0("Cache-Control"), S0("private, no-cache")},
    {S0("Vary"), S0("Accept, Cookie")},
};

/* The name of an asset holds its hash, so what was fetched once is never asked for again. */
static bool answer_asset(struct ctx *c, const struct request *r, struct response *ret)
{
    const struct asset *asset = r->method == HTTP_POST ? NULL : asset_find(r->path);
    if (!asset)
        return false;
    struct str accepted = request_header(r, "Accept-Encoding");
    bool brotli = accepted.p && asset->brotli.n && str_has(accepted, S("br")),
         gzip = accepted.p && asset->gzip.n && str_has(accepted, S("gzip"));
    *ret = (struct response){.status = 200,
                             .type = asset->type,
                             .body = brotli ? asset->brotli
                                     : gzip ? asset->gzip
                                            : asset->content};
    if (brotli || gzip)
        response_header(c, ret, S("Content-Encoding"), brotli ? S("br") : S("gzip"));
    response_header(c, ret, S("Vary"), S("Accept-Encoding"));
    response_header(c, ret, S("Cache-Control"), S("public, max-age=31536000, immutable"));
    return true;
}

bool pages_handle(struct ctx *c, const struct pages *pages, const struct request *r, struct response *ret)
{
    if (answer_asset(c, r, ret))
        return true;
    if (!wants_html(r))
        return false;
    struct site s = {.c = c, .pages = pages, .request = r, .answer = ret};
    *ret = (struct response){.status = 200};
    out_init(&s.out, c->arena, PAGE_MAX);
    s.page = (struct page){&s.out, lang_of(r)};
    enum err e = show(&s);
    if (!e && s.out.failed)
        e = FAIL(c, E_LIMIT, "trang quá lớn (the page is too large)");
    if (e)
        show_error(&s, e);
    if (ret->status != 302) {
        ret->type = S("text/html; charset=utf-8");
        ret->body = out_str(&s.out);
    }
    for (size_t i = 0; i < sizeof fixed_headers / sizeof *fixed_headers; i++)
        response_header(c, ret, fixed_headers[i].name, fixed_headers[i].value);
    if (request_query(r, "lang").p)
        response_header(
            c, ret, S("Set-Cookie"),
            str_fmt(c->arena, "lang=%.*s; Path=/; Max-Age=31536000; SameSite=Lax", ARGS(lang_word(s.page.lang))));
    return true;
}
