/* Kept pages in the application, without a server: what is made anew and what is not, told by the shelf's counts. What
 * readers see of it stands in test/kept.test.js. */
#include "front/served.h"

#include "base/period.h"
#include "document/document.h"
#include "domain/org/org_store.h"
#include "domain/plan/plan_store.h"
#include "base/shared.h"
#include "store/db.h"
#include "test/store.h"

#include <string.h>

#include "base/banned.h"

static const char plan_text[] =
    "KẾ HOẠCH\nPhát triển kinh tế số năm 2026\n\nI. NHIỆM VỤ\n\n1. Xây dựng cổng dữ liệu.\n\n"
    "- Cơ quan chủ trì: Sở Tài chính.\n\n- Thời gian thực hiện: Trước ngày 02/7/2026.\n";

static enum err approve(struct ctx *c, void *arg)
{
    return plan_approve(c, arg);
}

static void load(struct ctx *c, struct writer *w, const char *slug)
{
    struct document document;
    struct draft draft;
    struct approval approval = {.draft = &draft, .slug = str_of(slug)};
    struct command command = {.run = approve, .arg = &approval};
    CHECK_OK(document_parse(c, str_of(plan_text), S("k.txt"), &document));
    CHECK_OK(org_catalogue_builtin(c, &approval.catalogue));
    CHECK_OK(plan_compile(c, &document, approval.catalogue, &draft));
    CHECK_OK(writer_run(w, c, &command));
}

static struct served *start(struct ctx *c, size_t kept)
{
    struct served *s = NEW(c->arena, struct served);
    struct writer *w;
    struct str store = test_store(c);
    CHECK_OK(writer_open(c, c->arena, store, &w));
    load(c, w, "kinh-te-so");
    served_init(s, c->arena, c->source, store, w, false, kept, 4 << 20);
    s->gate.open = true;
    CHECK_OK(served_start(c, s));
    return s;
}

/* `headers` as "Name: value|Name: value", `query` as "name=value&…" with nothing encoded. */
static struct response ask(struct ctx *c, struct served *s, enum http_method method, const char *path,
                           const char *query, const char *headers)
{
    struct http_pairs sent = {0};
    struct request r = {.method = method, .path = str_of(path), .own = &sent};
    struct str rest = str_of(query), one;
    while (rest.n && str_cut(&rest, '&', &one)) {
        struct str name = S("");
        str_cut(&one, '=', &name);
        *PUSH(c->arena, &r.query) = (struct http_pair){name, one};
    }
    rest = str_of(headers);
    while (rest.n && str_cut(&rest, '|', &one)) {
        struct str name = S("");
        str_cut(&one, ':', &name);
        *PUSH(c->arena, &sent) = (struct http_pair){name, str_trim(one)};
    }
    struct response res;
    served_handle(c, s, &r, &res);
    shared_drop(res.shared);
    return res;
}

static struct response get(struct ctx *c, struct served *s, const char *path, const char *query, const char *headers)
{
    return ask(c, s, HTTP_GET, path, query, headers);
}

static struct str header(const struct response *r, const char *name)
{
    for (size_t i = 0; i < r->headers.n; i++)
        if (str_eq(r->headers.v[i].name, str_of(name)))
            return r->headers.v[i].value;
    return S("");
}

static uint64_t hits(struct served *s)
{
    return shelf_counts(s->shelf).hits;
}

static void is_hit(struct ctx *c, struct served *s, bool want, const char *path, const char *query, const char *headers)
{
    uint64_t before = hits(s);
    struct response r = get(c, s, path, query, headers);
    if (r.status != 200 || (hits(s) > before) != want)
        test_failed(__FILE__, __LINE__, "%s?%s %s: %u, %s", path, query, headers, r.status,
                    want ? "made anew" : "kept");
}

#define HTML "Accept: text/html"

TEST(the_second_reader_gets_what_the_first_one_got)
{
    static const char *const paths[] = {"/plans", "/plans/kinh-te-so", "/tasks", "/plans/kinh-te-so/clauses/I.1"};
    struct served *s = start(c, 4 << 20);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        is_hit(c, s, false, paths[i], "", HTML);
        is_hit(c, s, true, paths[i], "", HTML);
    }
    is_hit(c, s, false, "/tasks.json", "", "");
    is_hit(c, s, true, "/tasks.json", "", "");
    is_hit(c, s, false, "/tasks", "plan=kinh-te-so", HTML);
    is_hit(c, s, true, "/tasks", "plan=kinh-te-so", HTML);
}

TEST(what_tells_answers_apart_is_never_mixed)
{
    static const struct {
        const char *path, *query, *headers;
    } all[] = {{"/tasks", "", HTML},
               {"/tasks", "", HTML "|Cookie: lang=en"},
               {"/tasks", "", HTML "|Accept-Encoding: gzip"},
               {"/tasks", "", HTML "|Accept-Encoding: br, gzip"},
               {"/tasks", "", HTML "|Cookie: lang=en|Accept-Encoding: br"},
               {"/tasks", "", "Accept: application/json"},
               {"/tasks", "", "Accept: text/csv"},
               {"/tasks", "", "Accept: text/csv|Accept-Encoding: gzip"},
               {"/tasks.csv", "", ""},
               {"/tasks", "plan=kinh-te-so", HTML},
               {"/tasks", "limit=1", ""},
               {"/tasks", "limit=2", ""},
               {"/tasks", "limit=2&after=1.1", ""}};
    size_t n = sizeof all / sizeof *all;
    struct served *s = start(c, 4 << 20);
    for (size_t i = 0; i < n; i++)
        is_hit(c, s, false, all[i].path, all[i].query, all[i].headers);
    for (size_t i = 0; i < n; i++)
        is_hit(c, s, true, all[i].path, all[i].query, all[i].headers);
    s->pages.sample = true; /* a demonstration says so on every page */
    is_hit(c, s, false, "/tasks", "", HTML);
}

TEST(what_is_not_worth_a_place_or_not_for_all_gets_none)
{
    static const struct {
        const char *path, *query, *headers;
    } all[] = {
        {"/tasks", "x=1", HTML}, {"/tasks", "lang=en", HTML}, {"/khong/co", "", HTML}, {"/tasks", "plan=khong", HTML},
        {"/", "", HTML},         {"/tasks.json", "la=1", ""}, {"/healthz", "", ""},    {"/metrics", "", ""},
        {"/khong/co", "", ""}};
    struct served *s = start(c, 4 << 20);
    for (int twice = 0; twice < 2; twice++)
        for (size_t i = 0; i < sizeof all / sizeof *all; i++)
            get(c, s, all[i].path, all[i].query, all[i].headers);
    struct shelf_counts n = shelf_counts(s->shelf);
    CHECK(n.things == 0 && n.hits == 0);
}

TEST(many_addresses_take_no_more_than_their_bound)
{
    struct served *s = start(c, 1 << 20);
    is_hit(c, s, false, "/tasks", "", HTML);
    is_hit(c, s, true, "/tasks", "", HTML);
    char query[64];
    struct arena_mark mark = arena_mark(c->arena);
    for (int i = 1; i <= 3000; i++) {
        snprintf(query, sizeof query, i % 2 ? "x=%d" : "limit=%d", i / 2 % 1000 + 1);
        get(c, s, "/tasks", query, i % 2 ? HTML : "");
        arena_rewind(c->arena, mark);
    }
    CHECK(shelf_counts(s->shelf).bytes <= 1 << 20);
    is_hit(c, s, true, "/tasks", "", HTML);
}

TEST(a_write_here_shows_at_once)
{
    struct served *s = start(c, 4 << 20);
    is_hit(c, s, false, "/plans", "", HTML);
    is_hit(c, s, true, "/plans", "", HTML);
    load(c, s->api.writer, "thu-hai");
    is_hit(c, s, false, "/plans", "", HTML);
    is_hit(c, s, true, "/plans", "", HTML);
}

TEST(a_write_elsewhere_shows_within_a_second)
{
    struct served *s = start(c, 4 << 20);
    struct writer *other;
    CHECK_OK(writer_open(c, c->arena, s->api.store, &other));
    is_hit(c, s, false, "/plans", "", HTML);
    load(c, other, "thu-hai");
    is_hit(c, s, true, "/plans", "", HTML); /* nobody has looked yet, and the clock stands */
    test_set_clock(c, ctx_now(c) + 1000000);
    is_hit(c, s, false, "/plans", "", HTML);
}

TEST(who_brings_a_position_sees_nothing_older)
{
    struct served *s = start(c, 4 << 20);
    struct writer *other;
    CHECK_OK(writer_open(c, c->arena, s->api.store, &other));
    is_hit(c, s, false, "/plans", "", HTML);
    load(c, other, "thu-hai");
    is_hit(c, s, true, "/plans", "", HTML "|Hoalu-Position: 1");
    is_hit(c, s, false, "/plans", "", HTML "|Hoalu-Position: 2");
    load(c, other, "thu-ba");
    is_hit(c, s, false, "/plans", "", HTML "|Cookie: lang=vi; position=3");
    is_hit(c, s, true, "/plans", "", HTML "|Cookie: position=99"); /* of another store: of no use, and no harm */
    struct response ahead = get(c, s, "/plans", "", HTML "|Hoalu-Position: 4");
    CHECK_INT(ahead.status, 503);
    CHECK_STR(header(&ahead, "Retry-After"), S("2"));
    CHECK_INT(ask(c, s, HTTP_POST, "/api/plan.list", "", "Content-Type: application/json|Hoalu-Position: 4").status,
              503);
    CHECK_INT(ask(c, s, HTTP_POST, "/api/plan.list", "", "Content-Type: application/json|Hoalu-Position: 3").status,
              200);
    CHECK_INT(get(c, s, "/plans", "", HTML "|Hoalu-Position: x").status, 400);
    CHECK_INT(get(c, s, "/plans", "", HTML "|Hoalu-Position: -1").status, 400);
}

/* "Trước ngày 02/7" is due on 1 July, and 1 July ends in Ninh Bình at 17:00 UTC. */
TEST(a_new_day_in_vietnam_is_a_new_page)
{
    struct served *s = start(c, 4 << 20), plain = *s;
    plain.shelf = NULL;
    int64_t midnight = moment_of_day(day_of_moment(ctx_now(c)) + 1);
    CHECK_INT(midnight / 1000000 % 86400, 17 * 3600);
    test_set_clock(c, midnight - 1);
    struct str before = get(c, &plain, "/tasks", "", HTML).body;
    is_hit(c, s, false, "/tasks", "", HTML);
    is_hit(c, s, true, "/tasks", "", HTML);
    test_set_clock(c, midnight);
    CHECK(!str_eq(get(c, &plain, "/tasks", "", HTML).body, before));
    is_hit(c, s, false, "/tasks", "", HTML);
    is_hit(c, s, true, "/tasks", "", HTML);
}

TEST(what_has_not_changed_is_not_sent_again)
{
    struct served *s = start(c, 4 << 20), plain = *s;
    plain.shelf = NULL;
    static const struct {
        const char *path, *headers;
    } all[] = {{"/plans", ""}, {"/tasks", HTML}, {"/tasks.xlsx", ""}, {"/openapi.json", ""}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct response first = get(c, &plain, all[i].path, "", all[i].headers);
        struct str tag = header(&first, "ETag");
        CHECK(first.status == 200 && tag.n > 20 && tag.p[0] == '"');
        char *known = str_z(c->arena, str_fmt(c->arena, "%s|If-None-Match: \"la\", W/%.*s", all[i].headers, ARGS(tag)));
        struct response again = get(c, &plain, all[i].path, "", known);
        CHECK(again.status == 304 && !again.type.p && again.body.n == 0);
        CHECK_STR(header(&again, "ETag"), tag);
        for (int twice = 0; twice < 2; twice++) /* made anew, then kept: the tag is that of the content */
            CHECK_INT(get(c, s, all[i].path, "", known).status, 304);
        CHECK_INT(get(c, s, all[i].path, "", "If-None-Match: \"khac\", W/\"x\"").status, 200);
    }
}

TEST(the_counts_are_for_the_asking)
{
    struct served *s = start(c, 4 << 20);
    is_hit(c, s, false, "/plans", "", HTML);
    is_hit(c, s, true, "/plans", "", HTML);
    get(c, s, "/khong/co", "", "");
    struct str text = get(c, s, "/metrics", "", "").body;
    CHECK(str_has(text, S("\nhoalu_kept_hits_total 1\n")) && str_has(text, S("\nhoalu_kept_misses_total 1\n")));
    CHECK(str_has(text, S("\nhoalu_kept_pages 1\n")) && !str_has(text, S("\nhoalu_kept_bytes 0\n")));
    CHECK(str_has(text, S("hoalu_answers_total{class=\"2xx\"} 2\n")));
    CHECK(str_has(text, S("hoalu_answers_total{class=\"4xx\"} 1\n")));
}
