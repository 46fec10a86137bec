/* The operations over HTTP, without a server: requests made by hand, answers looked at. */
#include "front/api/api.h"

#include "domain/access/viewer.h"

#include "domain/org/org_store.h"
#include "domain/plan/plan_store.h"
#include "document/document.h"
#include "test/store.h"

#include <jansson.h>
#include <string.h>

#include "base/banned.h"

static const char plan_text[] =
    "KẾ HOẠCH\nPhát triển kinh tế số năm 2026\n\nI. NHIỆM VỤ\n\n1. Xây dựng cổng dữ liệu.\n\n- Cơ quan chủ trì: Sở Tài "
    "chính.\n\n- Cơ quan phối hợp: Sở Nội vụ; Công an tỉnh.\n\n- Thời gian thực hiện: Trước ngày 30/6/2026.\n\n2. Mua "
    "máy "
    "chủ.\n\n- Cơ quan chủ trì: Sở Nội vụ.\n\n- Thời gian thực hiện: Quý IV/2026.\n";

/* The headers that the requests of these tests carry. */
struct sent {
    const char *accept, *type;
};

static struct http_pairs *headers_of(struct ctx *c, const struct sent *sent)
{
    struct http_pairs *headers = NEW(c->arena, struct http_pairs);
    if (sent->accept)
        *PUSH(c->arena, headers) = (struct http_pair){S("Accept"), str_of(sent->accept)};
    if (sent->type)
        *PUSH(c->arena, headers) = (struct http_pair){S("Content-Type"), str_of(sent->type)};
    return headers;
}

static enum err approve(struct ctx *c, void *arg)
{
    return plan_approve(c, arg);
}

static void start(struct ctx *c, struct api *api)
{
    c->viewer = &viewer_system;
    struct document document;
    struct draft draft;
    struct approval approval = {.draft = &draft, .slug = S("kinh-te-so")};
    CHECK_OK(document_parse(c, str_of(plan_text), S("k.txt"), &document));
    CHECK_OK(org_catalogue_builtin(c, &approval.catalogue));
    CHECK_OK(plan_compile(c, &document, approval.catalogue, &draft));
    *api = (struct api){.store = test_store(c)};
    CHECK_OK(writer_open(c, c->arena, api->store, &api->writer));
    struct command command = {.run = approve, .arg = &approval};
    CHECK_OK(writer_run(api->writer, c, &command));
    CHECK_OK(api_start(c, api));
}

/* "name=value" pairs parted by '&'; nothing is encoded. */
static struct response get(struct ctx *c, struct api *api, const char *path, const char *query, struct sent sent)
{
    struct request r = {.method = HTTP_GET, .path = str_of(path), .own = headers_of(c, &sent)};
    struct str rest = str_of(query), pair;
    while (rest.n && str_cut(&rest, '&', &pair)) {
        struct str name = S("");
        str_cut(&pair, '=', &name);
        *PUSH(c->arena, &r.query) = (struct http_pair){name, pair};
    }
    struct response res;
    api_handle(c, api, &r, &res);
    return res;
}

static struct response post(struct ctx *c, struct api *api, const char *path, const char *body, const char *type)
{
    struct sent sent = {.type = type};
    struct request r = {.method = HTTP_POST, .path = str_of(path), .body = str_of(body), .own = headers_of(c, &sent)};
    struct response res;
    api_handle(c, api, &r, &res);
    return res;
}

static struct str header(const struct response *r, const char *name)
{
    for (size_t i = 0; i < r->headers.n; i++)
        if (str_eq(r->headers.v[i].name, str_of(name)))
            return r->headers.v[i].value;
    return S("");
}

static json_t *json(const struct response *r)
{
    json_t *v = json_loadb(r->body.p, r->body.n, 0, NULL);
    CHECK(v);
    return v;
}

TEST(a_list_comes_as_json_and_as_csv_with_the_same_figures)
{
    struct api api;
    start(c, &api);
    struct response j = get(c, &api, "/tasks", "plan=kinh-te-so", (struct sent){0}),
                    s = get(c, &api, "/tasks.csv", "plan=kinh-te-so", (struct sent){0}),
                    a = get(c, &api, "/tasks", "plan=kinh-te-so",
                            (struct sent){.accept = "text/csv, application/json;q=0.5"});
    CHECK_INT(j.status, 200);
    CHECK_STR(j.type, S("application/json"));
    CHECK_STR(s.type, S("text/csv; charset=utf-8"));
    CHECK_STR(s.body, a.body);
    json_t *all = json(&j), *items = json_object_get(all, "items"), *task = json_array_get(items, 0);
    CHECK_INT(json_array_size(items), 2);
    const char *due = json_string_value(json_object_get(json_object_get(task, "schedule"), "due"));
    CHECK_STR(str_of(due), S("2026-06-29"));
    CHECK(str_has(s.body, S("2026-06-29")) && str_has(s.body, S("schedule.due")) &&
          str_has(s.body, S("\"Sở Nội vụ; Công an tỉnh\"")));
    json_decref(all);
    struct response x = get(c, &api, "/tasks.xlsx", "plan=kinh-te-so", (struct sent){0});
    CHECK(x.status == 200 && str_starts(x.body, S("PK\x03\x04")));
    struct response again = get(c, &api, "/tasks.xlsx", "plan=kinh-te-so", (struct sent){0});
    CHECK_STR(x.body, again.body);
    CHECK(x.keep && header(&x, "Cache-Control").n);
    CHECK_STR(get(c, &api, "/tasks.csv", "", (struct sent){0}).body, s.body);
}

TEST(a_page_leads_to_the_next)
{
    struct api api;
    start(c, &api);
    struct response one = get(c, &api, "/plans/kinh-te-so/clauses.json", "limit=1", (struct sent){0});
    json_t *first = json(&one);
    const char *next = json_string_value(json_object_get(first, "next"));
    CHECK(next);
    char *query = str_z(c->arena, str_fmt(c->arena, "limit=1&after=%s", next));
    struct response two = get(c, &api, "/plans/kinh-te-so/clauses.json", query, (struct sent){0});
    CHECK(two.status == 200 && !str_eq(one.body, two.body));
    json_decref(first);
}

/* Whoever looks at the bare address of a server is shown where it begins. */
TEST(the_first_address_leads_to_the_plans)
{
    struct api api;
    start(c, &api);
    struct response r = get(c, &api, "/", "", (struct sent){0});
    CHECK_INT(r.status, 302);
    CHECK_STR(http_pair(&r.headers, S("Location")), S("/plans"));
}

TEST(a_refusal_names_the_argument)
{
    static const struct {
        const char *path, *query;
        unsigned status;
        const char *field;
    } wrong[] = {{"/plans/khong-co", "", 404, ""},
                 {"/khong/co", "", 404, ""},
                 {"/tasks", "plan=khong-co", 404, ""},
                 {"/tasks", "plan=kinh-te-so&limit=x", 400, "limit"},
                 {"/plans", "as-of=2026-13-01", 400, "as_of"},
                 {"/plans", "la=1", 400, ""},
                 {"/plans/", "", 404, ""},
                 {"/plans.xml", "", 404, ""}};
    struct api api;
    start(c, &api);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct response r = get(c, &api, wrong[i].path, wrong[i].query, (struct sent){0});
        if (r.status != wrong[i].status)
            test_failed(__FILE__, __LINE__, "%s?%s: %u", wrong[i].path, wrong[i].query, r.status);
        CHECK_STR(r.type, S("application/problem+json"));
        json_t *problem = json(&r);
        CHECK_INT(json_integer_value(json_object_get(problem, "status")), wrong[i].status);
        const char *field = json_string_value(json_object_get(problem, "field"));
        CHECK_STR(str_of(field ? field : ""), str_of(wrong[i].field));
        json_decref(problem);
    }
}

TEST(an_operation_is_called_by_its_name)
{
    struct api api;
    start(c, &api);
    struct response r = post(c, &api, "/api/plan.get", "{\"plan\":\"kinh-te-so\"}", "application/json");
    CHECK_INT(r.status, 200);
    json_t *plan = json(&r);
    CHECK_INT(json_integer_value(json_object_get(plan, "tasks")), 2);
    json_decref(plan);
    CHECK_INT(post(c, &api, "/api/plan.list", "", "application/json; charset=utf-8").status, 200);
    CHECK_INT(post(c, &api, "/api/plan.get", "{\"plan\":\"kinh-te-so\"}", "text/plain").status, 400);
    CHECK_INT(post(c, &api, "/api/plan.get", "{\"plan\":{}}", "application/json").status, 400);
    CHECK_INT(post(c, &api, "/api/plan.get", "[]", "application/json").status, 400);
    CHECK_INT(post(c, &api, "/api/plan.get", "{", "application/json").status, 400);
    CHECK_INT(post(c, &api, "/api/khong.co", "{}", "application/json").status, 404);
    CHECK_INT(post(c, &api, "/plans", "{}", "application/json").status, 405);
    CHECK_INT(get(c, &api, "/api/plan.list", "", (struct sent){0}).status, 405);
}

TEST(a_machine_learns_how_the_server_is)
{
    struct api api;
    start(c, &api);
    CHECK_STR(get(c, &api, "/healthz", "", (struct sent){0}).body, S("ok\n"));
    CHECK_STR(get(c, &api, "/readyz", "", (struct sent){0}).body, S("ok\n"));
    struct response metrics = get(c, &api, "/metrics", "", (struct sent){0});
    CHECK(str_has(metrics.body, S("hoalu_ledger_position 1\n")));
}

TEST(the_openapi_document_has_every_operation)
{
    struct api api;
    start(c, &api);
    struct response r = get(c, &api, "/openapi.json", "", (struct sent){0});
    json_t *all = json(&r), *paths = json_object_get(all, "paths");
    for (const struct op_table *const *t = op_tables; *t; t++)
        for (size_t i = 0; i < (*t)->n; i++) {
            const struct op *op = &(*t)->v[i];
            json_t *named = json_object_get(paths, str_z(c->arena, str_fmt(c->arena, "/api/%s", op->name)));
            CHECK(json_object_get(named, "post"));
            if (op->path && op->kind == OP_READ)
                CHECK(json_object_get(json_object_get(paths, op->path), "get"));
        }
    json_decref(all);
}
