#include "front/api/api.h"

#include "front/api/dhis2.h"

#include "document/xlsx.h"
#include "front/api.sql.h"
#include "base/args.h"
#include "domain/access/viewer.h"
#include "store/db.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#include "base/banned.h"

enum { RESULT_MAX = 64 << 20, RESULT_USUAL = 64 << 10 };

enum form { FORM_JSON, FORM_CSV, FORM_XLSX, N_FORMS };

static const char *const suffixes[] = {[FORM_JSON] = ".json", [FORM_CSV] = ".csv", [FORM_XLSX] = ".xlsx"};
static const struct str types[] = {[FORM_JSON] = S0("application/json"),
                                   [FORM_CSV] = S0("text/csv; charset=utf-8"),
                                   [FORM_XLSX] =
                                       S0("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")};

static void add_header(struct ctx *c, struct response *res, struct str name, struct str value)
{
    *PUSH(c->arena, &res->headers) = (struct http_pair){name, value};
}

/* --- refusals --- */

static const struct refusal {
    unsigned status;
    const char *title;
} refusals[] = {[E_INVALID] = {400, "Yêu cầu không hợp lệ (invalid request)"},
                [E_DENIED] = {403, "Không được phép (not allowed)"},
                [E_SIGN_IN] = {401, "Cần đăng nhập (sign in first)"},
                [E_NOTFOUND] = {404, "Không tìm thấy (not found)"},
                [E_CONFLICT] = {409, "Đã có thay đổi khác (conflict)"},
                [E_LIMIT] = {413, "Quá giới hạn (too large)"},
                [E_BUSY] = {503, "Đang bận, xin thử lại (busy, try again)"},
                [E_IO] = {503, "Máy chủ gặp trở ngại (the machine failed)"},
                [E_INTERNAL] = {500, "Lỗi của chương trình (a mistake of the program)"}};

static void put_problem(struct ctx *c, const struct refusal *r, struct str type, struct str detail, struct str field,
                        struct response *ret)
{
    struct out o;
    struct emit m;
    out_init(&o, c->arena, 64 << 10);
    emit_init(&m, &o, EMIT_JSON);
    emit_map(&m);
    emit_key(&m, S("type"));
    emit_text(&m, str_fmt(c->arena, "urn:hoalu:error:%.*s", ARGS(type)));
    emit_key(&m, S("title"));
    emit_text(&m, str_of(r->title));
    emit_key(&m, S("status"));
    emit_i64(&m, r->status);
    if (detail.n) {
        emit_key(&m, S("detail"));
        emit_text(&m, detail);
    }
    if (field.n) {
        emit_key(&m, S("field"));
        emit_text(&m, field);
    }
    emit_end(&m);
    *ret = (struct response){
        .status = r->status, .type = S("application/problem+json"), .body = str_dup(c->arena, out_str(&o))};
}

void api_problem(struct ctx *c, enum err e, struct response *ret)
{
    const struct refusal *r = &refusals[e];
    /* What the machine says of itself is for the log, not for a stranger. */
    bool tell = r->status < 500 || e == E_BUSY;
    struct str detail = tell ? str_head(c->error.message, 4096) : S("");
    if (detail.n && c->error.line)
        detail = str_fmt(c->arena, "%.*s: dòng %u: %.*s", ARGS(c->error.file), c->error.line, ARGS(detail));
    put_problem(c, r, err_name(e), detail, c->error.field, ret);
    if (e == E_BUSY || e == E_IO)
        add_header(c, ret, S("Retry-After"), S("2"));
    if (e == E_SIGN_IN)
        add_header(c, ret, S("WWW-Authenticate"), S("Bearer"));
}

static struct response precondition_failed(struct ctx *c)
{
    static const struct refusal refusal = {412, "Đã có phiên bản mới hơn (there is a newer version)"};
    struct response ret;
    put_problem(c, &refusal, err_name(E_CONFLICT), str_head(c->error.message, 4096), c->error.field, &ret);
    return ret;
}

/* An address that is there, asked with a method that it has not. */
static enum err wrong_method(struct ctx *c, struct str allowed, struct response *ret)
{
    static const struct refusal refusal = {405, "Không dùng được cách gọi này (method not allowed)"};
    put_problem(c, &refusal, S("method"), str_fmt(c->arena, "chỉ nhận %.*s (only these)", ARGS(allowed)), S(""), ret);
    add_header(c, ret, S("Allow"), allowed);
    return OK;
}

/* --- addresses --- */

/* Does `path` have the shape of `pattern`? What stands in its places is set in `row`. */
static bool fits(struct ctx *c, const struct op *op, struct str path, void *row, enum err *ret)
{
    const char *pattern = op->path;
    size_t at = 0;
    *ret = OK;
    while (*pattern) {
        size_t from = at;
        if (*pattern == '{') {
            const char *name = pattern + 1;
            pattern = strchr(name, '}') + 1;
            while (at < path.n && path.p[at] != '/')
                at++;
            if (row && !*ret)
                *ret = args_set(c, op->args, row, (struct str){name, (size_t)(pattern - name) - 1},
                                str_slice(path, from, at));
        } else if (at < path.n && path.p[at] == *pattern) {
            at++;
            pattern++;
        }
        if (at == from)
            return false;
    }
    return at == path.n;
}

const struct op *api_route(struct ctx *c, struct str path, void **ret_row, enum err *ret_error)
{
    for (const struct op_table *const *t = op_tables; *t; t++)
        for (size_t i = 0; i < (*t)->n; i++) {
            const struct op *op = &(*t)->v[i];
            if (!op->path || op->kind != OP_READ || !fits(c, op, path, NULL, ret_error))
                continue;
            *ret_row = args_new(c, op->args);
            fits(c, op, path, *ret_row, ret_error);
            return op;
        }
    return NULL;
}

/* How much an Accept header wants a type, 0 to 1000; the more exact of its ranges counts. */
static unsigned wanted(struct str accept, struct str type)
{
    struct str range, rest = type, name = S(""), kind = S("");
    unsigned best = 0, exactness = 0;
    str_cut(&rest, ';', &name);
    rest = name;
    str_cut(&rest, '/', &kind);
    while (str_cut(&accept, ',', &range)) {
        struct str parameters = str_trim(range), media, parameter;
        str_cut(&parameters, ';', &media);
        media = str_trim(media);
        unsigned exact = str_eq(media, name)                                                            ? 3
                         : str_eq(media, S("*/*"))                                                      ? 1
                         : media.n == kind.n + 2 && str_starts(media, kind) && str_ends(media, S("/*")) ? 2
                                                                                                        : 0;
        unsigned q = 1000;
        while (str_cut(&parameters, ';', &parameter)) {
            parameter = str_trim(parameter);
            if (str_starts(parameter, S("q=0")))
                q = parameter.n > 4 && parameter.p[4] >= '0' && parameter.p[4] <= '9'
                        ? 100u * (unsigned)(parameter.p[4] - '0')
                        : 0;
        }
        if (exact > exactness) {
            exactness = exact;
            best = q;
        }
    }
    return best;
}

/* The form that the suffix names, which is cut off the path, or that Accept prefers: JSON where it does not matter. */
static enum form form_of(const struct request *r, struct str *path)
{
    for (enum form f = 0; f < N_FORMS; f++)
        if (str_ends(*path, str_of(suffixes[f]))) {
            *path = str_slice(*path, 0, path->n - strlen(suffixes[f]));
            return f;
        }
    struct str accept = request_header(r, "Accept");
    enum form best = FORM_JSON;
    for (enum form f = 1; accept.p && f < N_FORMS; f++)
        if (wanted(accept, types[f]) > wanted(accept, types[best]))
            best = f;
    return best;
}

struct str api_form(const struct request *r)
{
    struct str path = r->path;
    return str_of(suffixes[form_of(r, &path)] + 1);
}

/* --- arguments --- */

static enum err read_query(struct ctx *c, const struct op *op, const struct request *r, void *row)
{
    /* A form that is sent by GET names every field, the empty ones too. */
    for (size_t i = 0; i < r->query.n; i++)
        if (r->query.v[i].value.n || !args_has(op->args, r->query.v[i].name))
            TRY(args_set(c, op->args, row, r->query.v[i].name, r->query.v[i].value));
    return args_check(c, op->args, row);
}

static enum err set_value(struct ctx *c, const struct op *op, void *row, struct str name, const json_t *value)
{
    struct str text = {NULL, 0};
    if (json_is_string(value))
        text = (struct str){json_string_value(value), json_string_length(value)};
    else if (json_is_integer(value))
        text = str_fmt(c->arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (json_is_real(value))
        text = str_fmt(c->arena, "%.17g", json_real_value(value));
    else if (json_is_boolean(value))
        text = json_is_true(value) ? S("true") : S("false");
    else if (json_is_null(value))
        return OK;
    if (text.p)
        return args_set(c, op->args, row, name, str_dup(c->arena, text));
    enum err e =
        FAIL(c, E_INVALID, "giá trị phải là chữ, số hoặc danh sách của chúng (a text, a number or a list of them)");
    c->error.field = name;
    return e;
}

static enum err set_values(struct ctx *c, const struct op *op, void *row, json_t *object)
{
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value)
    {
        struct str name = str_dup(c->arena, str_of(key));
        size_t n = json_is_array(value) ? json_array_size(value) : 1;
        for (size_t i = 0; i < n; i++)
            TRY(set_value(c, op, row, name, json_is_array(value) ? json_array_get(value, i) : value));
    }
    return args_check(c, op->args, row);
}

static void release(void *object)
{
    json_decref(object);
}

/* A form with a file: its parts are arguments; the name of a file goes to `name` if there is such an argument. */
static enum err read_parts(struct ctx *c, const struct op *op, const struct request *r, struct str type, void *row)
{
    struct http_parts parts;
    TRY(http_read_multipart(c, type, r->body, &parts));
    for (size_t i = 0; i < parts.n; i++) {
        const struct http_part *part = &parts.v[i];
        const struct field *f = op->args ? record_field(op->args, part->name) : NULL;
        if (!f || f->type != FIELD_BYTES) {
            TRY(args_set(c, op->args, row, part->name, part->body));
            continue;
        }
        *(struct str *)((char *)row + f->offset) = part->body;
        if (part->filename.n && record_field(op->args, S("name")) && !http_part(&parts, "name"))
            TRY(args_set(c, op->args, row, S("name"), part->filename));
    }
    return args_check(c, op->args, row);
}

static enum err read_object(struct ctx *c, const struct op *op, const struct request *r, void *row)
{
    struct str type = request_header(r, "Content-Type"), media = S("");
    if (type.p)
        str_cut(&type, ';', &media);
    if (str_eq(str_trim(media), S("multipart/form-data")))
        return read_parts(c, op, r, request_header(r, "Content-Type"), row);
    if (!str_eq(str_trim(media), S("application/json")))
        return FAIL(c, E_INVALID, "nội dung phải là application/json (the body must be application/json)");
    if (!r->body.n)
        return args_check(c, op->args, row);
    json_error_t why;
    struct arena_defer *d = arena_defer(c->arena, release);
    json_t *object = json_loadb(r->body.p, r->body.n, JSON_REJECT_DUPLICATES, &why);
    d->arg = object;
    if (!object)
        return FAIL_AT(c, E_INVALID, S(""), why.line > 0 ? (unsigned)why.line : 0,
                       "nội dung không phải JSON đúng dạng: dòng %d, cột %d (not well-formed JSON)", why.line,
                       why.column);
    if (!json_is_object(object))
        return FAIL(c, E_INVALID, "nội dung phải là một đối tượng JSON (the body must be a JSON object)");
    return set_values(c, op, row, object);
}

/* --- answers --- */

/* A table has the rows of one kind: those the operation gives, or as its first. Others beside them (the other names of
 * a body) stand in JSON alone. */
struct table {
    enum form form;
    struct out *out;
    struct xlsx xlsx;
    const struct record *of;
};

static void begin_table(struct table *t, const struct record *of)
{
    t->of = of;
    if (t->form == FORM_CSV)
        csv_header(t->out, of);
    else
        xlsx_header(&t->xlsx, of);
}

static void put_row(void *arg, const struct record *r, const void *row)
{
    struct table *t = arg;
    if (!t->of)
        begin_table(t, r);
    if (r != t->of)
        return;
    if (t->form == FORM_CSV)
        csv_row(t->out, r, row);
    else
        xlsx_record(&t->xlsx, r, row);
}

/* Asked for again each time, and answered by 304 where nothing has changed. */
static void may_be_kept(struct ctx *c, struct response *ret)
{
    ret->keep = true;
    add_header(c, ret, S("Cache-Control"), S("private, no-cache"));
    add_header(c, ret, S("Vary"), S("Accept, Accept-Encoding"));
}

static enum err answer_read(struct ctx *c, const struct api *api, const struct op *op, void *row, enum form form,
                            struct response *ret)
{
    struct out o;
    struct emit e;
    struct table table = {.form = form, .out = &o};
    struct op_call call = {.args = row, .emit = &e, .store = api->store};
    if (form == FORM_XLSX && op->sheet) {
        TRY(access_check(c, op));
        *ret = (struct response){.status = 200, .type = types[form]};
        return op->sheet(c, &call, &ret->body);
    }
    out_init(&o, c->arena, RESULT_MAX);
    if (form == FORM_XLSX)
        xlsx_init(&table.xlsx, c);
    else
        out_expect(&o, RESULT_USUAL);
    if (form != FORM_JSON)
        emit_init_rows(&e, put_row, &table);
    else
        emit_init(&e, &o, EMIT_JSON);
    if (form != FORM_JSON && op->gives && !op->or)
        begin_table(&table, op->gives);
    TRY(op_run(c, op, &call, NULL, NULL));
    if (o.failed)
        return FAIL(c, E_LIMIT,
                    "kết quả quá lớn; hãy dùng limit và after (the result is too large; use limit and after)");
    *ret = (struct response){.status = 200, .type = types[form], .body = out_str(&o), .memory = o.owner};
    return form == FORM_XLSX ? xlsx_finish(&table.xlsx, str_of(op->name), &ret->body) : OK;
}

static enum err answer_write(struct ctx *c, const struct api *api, const struct op *op, void *row, struct response *ret)
{
    struct out result, o;
    struct emit e;
    int64_t position;
    struct op_call call = {.args = row, .emit = &e, .store = api->store};
    if (!api->writer)
        return FAIL(c, E_DENIED, "máy chủ này chỉ để đọc (this server only reads)");
    out_init(&result, c->arena, RESULT_MAX);
    out_init(&o, c->arena, SIZE_MAX);
    emit_init(&e, &result, EMIT_JSON);
    TRY(op_run(c, op, &call, api->writer, &position));
    struct str shown = str_trim(out_str(&result));
    out_fmt(&o, "{\"position\":%" PRId64 ",\"result\":", position);
    out_put(&o, result.failed || !shown.n ? S("null") : shown);
    out_put(&o, S("}\n"));
    *ret = (struct response){.status = 200, .type = types[FORM_JSON], .body = out_str(&o)};
    add_header(c, ret, S("Hoalu-Position"), str_fmt(c->arena, "%" PRId64, position));
    return OK;
}

/* "If-Match: "17"": the version that the client has seen, for an operation that takes one. */
static enum err take_version(struct ctx *c, const struct op *op, const struct request *r, void *row)
{
    struct str seen = request_header(r, "If-Match");
    if (!seen.p || !op->args || !record_field(op->args, S("version")))
        return OK;
    seen = str_trim(seen);
    if (seen.n >= 2 && seen.p[0] == '"' && seen.p[seen.n - 1] == '"')
        seen = str_slice(seen, 1, seen.n - 1);
    return args_set(c, op->args, row, S("version"), seen);
}

static enum err answer_named(struct ctx *c, const struct api *api, const struct request *r, struct response *ret)
{
    const struct op *op = op_find(str_skip(r->path, strlen("/api/")));
    if (str_eq(r->path, S(DHIS2_PATH)))
        return r->method == HTTP_POST ? dhis2_answer(c, api, r, ret) : wrong_method(c, S("POST"), ret);
    if (!op)
        return FAIL(c, E_NOTFOUND, "không có thao tác này (no such operation)");
    if (r->method != HTTP_POST)
        return wrong_method(c, S("POST"), ret);
    TRY(access_check(c, op)); /* before a word of what they sent is judged */
    void *row = args_new(c, op->args);
    TRY(read_object(c, op, r, row));
    TRY(take_version(c, op, r, row));
    return op->kind == OP_WRITE ? answer_write(c, api, op, row, ret) : answer_read(c, api, op, row, FORM_JSON, ret);
}

static enum err answer_address(struct ctx *c, const struct api *api, const struct request *r, struct response *ret)
{
    struct str path = r->path;
    enum form form = form_of(r, &path);
    void *row = NULL;
    enum err e = OK;
    const struct op *op = api_route(c, path, &row, &e);
    if (str_eq(path, S("/")) && r->method != HTTP_POST) { /* where a page sends a reader on, too */
        ret->status = 302;
        add_header(c, ret, S("Location"), S("/plans"));
        return OK;
    }
    if (!op)
        TRY(access_need(c, PERM_READ, false)); /* nobody learns what is there */
    if (!op)
        return FAIL(c, E_NOTFOUND, "không có địa chỉ này (no such address)");
    if (r->method == HTTP_POST)
        return wrong_method(c, S("GET, HEAD"), ret);
    TRY(access_check(c, op));
    TRY(e);
    TRY(read_query(c, op, r, row));
    TRY(answer_read(c, api, op, row, form, ret));
    /* What is narrowed by who asks is kept for nobody: two readers who see the same items need not see the same rows.
     */
    if (op->scoped)
        add_header(c, ret, S("Cache-Control"), S("no-store"));
    else
        may_be_kept(c, ret);
    return OK;
}

/* --- what a machine asks --- */

static void put_metrics(struct api *api, struct out *o, int64_t head)
{
    out_put(
        o, S("# HELP hoalu_answers_total Answers by the class of their status.\n# TYPE hoalu_answers_total counter\n"));
    for (unsigned i = 2; i < 6; i++)
        out_fmt(o, "hoalu_answers_total{class=\"%uxx\"} %" PRIuLEAST64 "\n", i, atomic_load(&api->answers[i]));
    out_put(o,
            S("# HELP hoalu_ledger_position The last position of the ledger.\n# TYPE hoalu_ledger_position gauge\n"));
    out_fmt(o, "hoalu_ledger_position %" PRId64 "\n", head);
    if (api->more_metrics)
        api->more_metrics(api->more_arg, o);
}

bool api_is_machine(struct str path)
{
    static const char *const all[] = {"/healthz", "/readyz", "/metrics", "/openapi.json"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (str_eq(path, str_of(all[i])))
            return true;
    return false;
}

enum err api_head(struct ctx *c, int64_t *ret)
{
    return db_number(c, SQL_api_head, ret);
}

static bool answer_machine(struct ctx *c, struct api *api, const struct request *r, struct response *ret,
                           enum err *ret_error)
{
    struct out o;
    int64_t head = 0;
    bool ready = str_eq(r->path, S("/readyz")), metrics = str_eq(r->path, S("/metrics")),
         openapi = str_eq(r->path, S("/openapi.json"));
    if (!api_is_machine(r->path))
        return false;
    out_init(&o, c->arena, 4 << 20);
    *ret_error = ready || metrics ? api_head(c, &head) : OK;
    if (metrics)
        put_metrics(api, &o, head);
    else if (openapi)
        api_openapi(&o);
    else
        out_put(&o, S("ok\n"));
    *ret = (struct response){
        .status = 200, .type = openapi ? types[FORM_JSON] : S("text/plain; charset=utf-8"), .body = out_str(&o)};
    if (openapi)
        may_be_kept(c, ret);
    else
        add_header(c, ret, S("Cache-Control"), S("no-store"));
    return true;
}

enum err api_start(struct ctx *c, void *arg)
{
    const struct api *api = arg;
    return db_open(c, c->arena, api->store, DB_READ, &c->db);
}

bool api_slow(void *arg, const struct request *r)
{
    (void)arg;
    const struct op *op = str_starts(r->path, S("/api/")) ? op_find(str_skip(r->path, strlen("/api/"))) : NULL;
    return (op && (op->slow || op->kind == OP_WRITE)) || str_eq(r->path, S(DHIS2_PATH));
}

void api_handle(struct ctx *c, void *arg, const struct request *r, struct response *ret)
{
    struct api *api = arg;
    enum err e = OK;
    *ret = (struct response){.status = 200};
    if (!answer_machine(c, api, r, ret, &e))
        e = str_starts(r->path, S("/api/")) ? answer_named(c, api, r, ret) : answer_address(c, api, r, ret);
    if (e)
        api_problem(c, e, ret);
    /* The condition was the client's own: RFC 9110, 13.1.1. */
    if (e == E_CONFLICT && str_eq(c->error.field, S("version")) && request_header(r, "If-Match").p)
        *ret = precondition_failed(c);
}
