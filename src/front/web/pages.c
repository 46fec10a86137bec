#include "front/web/pages.h"

#include "domain/plan/plan_store.h"
#include "front/web/asset.h"
#include "front/web/error.html.h"
#include "front/web/site.h"

#include <inttypes.h>
#include <string.h>

#include "base/banned.h"

enum { PAGE_MAX = 32 << 20, PAGE_USUAL = 32 << 10 };

/* One line for each feature with pages; a list ends with a route without a pattern. */
extern const struct route access_routes[], account_import_routes[], accounts_routes[], area_routes[], compare_routes[],
    draft_routes[], entry_grid_routes[], entry_index_routes[], figure_routes[], figures_compare_routes[],
    indicator_routes[], indicators_routes[], item_routes[], ledger_routes[], list_routes[], org_routes[], plan_routes[],
    search_routes[], signs_routes[], sso_routes[], values_batch_routes[], values_differing_routes[],
    values_load_routes[];

/* The first that fits an address answers it: "/indicators/compare" stands before "/indicators/{}". */
const struct route *const page_routes[] = {
    access_routes,
    account_import_routes,
    accounts_routes,
    area_routes,
    compare_routes,
    draft_routes,
    entry_grid_routes,
    entry_index_routes,
    figures_compare_routes,
    figure_routes,
    indicator_routes,
    indicators_routes,
    item_routes,
    ledger_routes,
    list_routes,
    org_routes,
    plan_routes,
    search_routes,
    signs_routes,
    sso_routes,
    values_batch_routes,
    values_differing_routes,
    values_load_routes,
    NULL,
};

static struct str lang_word(enum lang lang)
{
    return lang == LANG_EN ? S("en") : S("vi");
}

enum lang pages_lang(const struct request *r)
{
    struct str asked = request_query(r, "lang"), chosen = request_cookie(r, "lang");
    struct str word = asked.p ? asked : chosen;
    return word.p && str_eq(word, S("en")) ? LANG_EN : LANG_VI;
}

/* Does `path` have the shape of `pattern`? What stands in its places, a segment each, comes in `part`. */
static bool fits(struct str path, const char *pattern, struct str part[SITE_PARTS])
{
    size_t at = 0, n = 0;
    while (*pattern) {
        size_t from = at;
        if (*pattern == '{') {
            while (at < path.n && path.p[at] != '/')
                at++;
            part[n++] = str_slice(path, from, at);
            pattern += strlen("{}");
        } else if (at < path.n && path.p[at] == *pattern) {
            at++;
            pattern++;
        }
        if (at == from)
            return false;
    }
    return at == path.n;
}

static const struct route *route_of(struct str path, struct str part[SITE_PARTS])
{
    for (size_t i = 0; page_routes[i]; i++)
        for (const struct route *r = page_routes[i]; r->pattern; r++)
            if (fits(path, r->pattern, part))
                return r;
    return NULL;
}

bool pages_wants(const struct request *r)
{
    static const char *const data[] = {".json", ".csv", ".xlsx"};
    struct str accept = request_header(r, "Accept");
    for (size_t i = 0; i < sizeof data / sizeof *data; i++)
        if (str_ends(r->path, str_of(data[i])))
            return false;
    if (!accept.p || !str_has(accept, S("text/html")) || str_starts(r->path, S("/api/")))
        return false;
    struct str part[SITE_PARTS];
    const struct route *route = r->method == HTTP_POST ? route_of(r->path, part) : NULL;
    return r->method != HTTP_POST || (route && route->post);
}

/* With one plan in the store, that is what a reader came for. */
static enum err show_start(struct site *s)
{
    struct plan_rows plans;
    TRY(access_need(s->c, PERM_READ, false));
    TRY(plan_list(s->c, POS_NOW, &plans));
    return site_go(s, plans.n == 1 ? URL(s->c->arena, "/plans/{}", plans.v[0].slug) : url_fixed("/plans"));
}

/* Read the form, and believe it only if a page of this session sent it. A form with files is read by who knows them. */
static enum err read_sent(struct site *s)
{
    struct http_parts parts;
    struct str type = request_header(s->request, "Content-Type"), mark = {0};
    if (type.p && str_starts(type, S("multipart/form-data"))) {
        TRY(http_read_multipart(s->c, type, s->request->body, &parts));
        const struct http_part *part = http_part(&parts, "_csrf");
        mark = part ? part->body : mark;
    } else if (type.p && str_starts(type, S("application/x-www-form-urlencoded"))) {
        TRY(http_read_form(s->c, s->request->body, &s->form));
        mark = http_pair(&s->form, S("_csrf"));
    }
    if (gate_is_ours(s->visit, s->request, mark))
        return OK;
    security_tell(s->c, s->pages->gate->security, "csrf.refused", "refused", s->c->actor.name, s->visit->address,
                  s->request->path);
    return FAIL(
        s->c, E_DENIED,
        "biểu mẫu này không được gửi từ phiên làm việc của bạn; hãy mở lại trang rồi gửi lại (this form was not "
        "sent from your session; open the page again)");
}

static enum err show(struct site *s)
{
    bool sent = s->request->method == HTTP_POST;
    if (str_eq(s->request->path, S("/")))
        return show_start(s);
    const struct route *route = route_of(s->request->path, s->part);
    TRY(access_need(s->c, route ? route->may : PERM_READ, route && route->scoped));
    if (!route || !(sent ? route->post : route->get))
        return FAIL(s->c, E_NOTFOUND, "không có địa chỉ này (no such address)");
    if (!sent)
        return route->get(s);
    TRY(read_sent(s));
    return route->post(s);
}

/* Nobody is asked to sign in, and comes back to the page. */
static enum err show_sign_in(struct site *s)
{
    struct str next = gate_address(s->c, s->request);
    struct url where = url_fixed("/signin");
    return site_go(s, next.n > 1 ? url_with(s->c->arena, where, "next", next) : where);
}

static void show_error(struct site *s, enum err e)
{
    static const unsigned status[] = {
        [E_INVALID] = 400, [E_DENIED] = 403, [E_SIGN_IN] = 401, [E_NOTFOUND] = 404, [E_CONFLICT] = 409,
        [E_LIMIT] = 413,   [E_BUSY] = 503,   [E_IO] = 503,      [E_INTERNAL] = 500};
    static const struct message *const titles[] = {
        [E_INVALID] = &M_error_invalid,   [E_DENIED] = &M_error_denied,     [E_SIGN_IN] = &M_error_denied,
        [E_NOTFOUND] = &M_error_notfound, [E_CONFLICT] = &M_error_conflict, [E_LIMIT] = &M_error_limit,
        [E_BUSY] = &M_error_busy,         [E_IO] = &M_error_busy,           [E_INTERNAL] = &M_error_internal};
    /* What the machine says of itself is not for a page. */
    struct str why = e == E_BUSY || e == E_IO || e == E_INTERNAL ? S("") : s->c->error.message,
               field = s->c->error.field;
    struct url again;
    bool busy = status[e] == 503 && url_local(s->c->arena, s->request->path, &again);
    if (field.n && why.n)
        why = str_fmt(s->c->arena, "%.*s: %.*s", ARGS(field), ARGS(why));
    out_clear(&s->out);
    s->frame = (struct frame){0};
    site_begin(s, url_fixed("/plans"), site_text(s, titles[e]), NAV_NONE);
    s->frame.here = s->request->path;
    if (busy)
        response_header(s->c, s->answer, S("Retry-After"), S("5"));
    error_html(&s->page, &s->frame, e, status[e], why, busy ? &again : NULL);
    s->answer->status = status[e];
}

static const struct http_pair fixed_headers[] = {
    {S0("Content-Security-Policy"),
     S0("default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; script-src 'self'; connect-src "
        "'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")},
    {S0("Referrer-Policy"), S0("same-origin")},
    {S0("Cache-Control"), S0("private, no-cache")},
    {S0("Vary"), S0("Accept, Accept-Encoding, Cookie")},
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

enum http_lane pages_lane(const struct request *r)
{
    struct str part[SITE_PARTS];
    const struct route *route = pages_wants(r) ? route_of(r->path, part) : NULL;
    if (!route || (r->method != HTTP_POST && !route->slow))
        return LANE_HERE;
    return route->patient ? LANE_PATIENT : LANE_WORKER;
}

/* A parameter that nobody reads, or that sets a cookie, makes an address that is not worth a place. */
static bool read_all(const struct site *s)
{
    for (size_t i = 0; i < s->request->query.n; i++)
        if (!s->read[i])
            return false;
    return true;
}

bool pages_live(const struct request *r)
{
    struct str part[SITE_PARTS];
    const struct route *route = pages_wants(r) ? route_of(r->path, part) : NULL;
    return route && route->live;
}

bool pages_handle(struct ctx *c, const struct pages *pages, const struct visit *visit, const struct request *r,
                  struct response *ret)
{
    if (answer_asset(c, r, ret))
        return true;
    if (!pages_wants(r))
        return false;
    struct site s = {
        .c = c, .pages = pages, .visit = visit, .request = r, .answer = ret, .today = day_of_moment(ctx_now(c))};
    *ret = (struct response){.status = 200};
    out_init(&s.out, c->arena, PAGE_MAX);
    out_expect(&s.out, PAGE_USUAL);
    s.page = (struct page){&s.out, pages_lang(r), str_of(visit->csrf)};
    s.read = NEWN(c->arena, bool, r->query.n);
    enum err e = show(&s);
    if (!e && s.out.failed)
        e = FAIL(c, E_LIMIT, "trang quá lớn (the page is too large)");
    if (e == E_SIGN_IN)
        e = show_sign_in(&s);
    if (e)
        show_error(&s, e);
    if (ret->status != 302 && ret->status != 303) {
        ret->type = S("text/html; charset=utf-8");
        ret->body = out_str(&s.out);
        ret->memory = s.out.owner;
    }
    for (size_t i = 0; i < sizeof fixed_headers / sizeof *fixed_headers; i++)
        response_header(c, ret, fixed_headers[i].name, fixed_headers[i].value);
    if (pages->gate->secure)
        response_header(c, ret, S("Strict-Transport-Security"), S("max-age=31536000"));
    if (s.position)
        response_header(
            c, ret, S("Set-Cookie"),
            str_fmt(c->arena, "position=%" PRId64 "; Path=/; Max-Age=10; HttpOnly; SameSite=Lax", s.position));
    ret->keep = ret->status == 200 && r->method != HTTP_POST && !s.for_one && read_all(&s);
    if (request_query(r, "lang").p)
        response_header(
            c, ret, S("Set-Cookie"),
            str_fmt(c->arena, "lang=%.*s; Path=/; Max-Age=31536000; SameSite=Lax", ARGS(lang_word(s.page.lang))));
    return true;
}
