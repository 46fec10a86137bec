#include "front/served.h"

#include "base/period.h"
#include "base/shared.h"
#include "front/encoding.h"
#include "domain/indicator/cube.h"
#include "domain/sight/sight.h"
#include "store/db.h"

#include <inttypes.h>
#include <string.h>
#include <xxhash.h>

#include "base/banned.h"

enum {
    LOOK_US = 400000,
    LOOK_MUST_US = 900000,
    TAG_BYTES = 12,
    KEY_MAX = 1024,
    PAGE_OVERHEAD = 2048, /* of two answers in the library, and of the page itself */
};

/* --- where the store stands -------------------------------------------------------------------------------------- */

static void raise_to(_Atomic int64_t *known, int64_t position)
{
    int64_t before = atomic_load(known);
    while (before < position && !atomic_compare_exchange_weak(known, &before, position))
        ;
}

static enum err look(struct ctx *c, struct served *s)
{
    int64_t at = ctx_now(c), head;
    TRY(api_head(c, &head));
    raise_to(&s->position, head);
    atomic_store(&s->looked_us, at);
    return OK;
}

/* One request looks when it is time; the others go on with what is known until it is too old. */
static enum err where(struct ctx *c, struct served *s, int64_t *ret)
{
    int64_t age = ctx_now(c) - atomic_load(&s->looked_us);
    bool must = age >= LOOK_MUST_US || age < 0;
    if (must || (age >= LOOK_US && !atomic_exchange(&s->looking, true))) {
        enum err e = look(c, s);
        atomic_store(&s->looking, false);
        TRY(e);
    }
    int64_t own = s->api.writer ? writer_position(s->api.writer) : 0, known = atomic_load(&s->position);
    *ret = own > known ? own : known;
    return OK;
}

/* A reader who has seen a position sees nothing older. */
static enum err catch_up(struct ctx *c, struct served *s, const struct request *r)
{
    struct str header = request_header(r, "Hoalu-Position"), cookie = request_cookie(r, "position");
    int64_t brought = 0, known;
    if (!header.p && !cookie.p)
        return OK;
    if (!str_i64(header.p ? header : cookie, &brought) || brought < 0) {
        if (!header.p)
            return OK;
        enum err e = FAIL(c, E_INVALID, "Hoalu-Position phải là vị trí của sổ cái (must be a position of the ledger)");
        c->error.field = S("Hoalu-Position");
        return e;
    }
    TRY(where(c, s, &known));
    if (brought <= known)
        return OK;
    TRY(look(c, s));
    /* A cookie may be left over from a store that was put back; it dies in seconds. */
    if (header.p && brought > atomic_load(&s->position))
        return FAIL(c, E_BUSY, "kho ở đây chưa đến vị trí %" PRId64 " (the store is not there yet)", brought);
    return OK;
}

/* --- what an answer depends on ----------------------------------------------------------------------------------- */

struct asked {
    enum encoding encoding;
    size_t n; /* of the key; 0: too long to be kept */
    char key[KEY_MAX];
};

static void put(struct asked *a, struct str text)
{
    if (a->n == 0 || text.n + 1 > sizeof a->key - a->n) {
        a->n = 0;
        return;
    }
    if (text.n)
        memcpy(a->key + a->n, text.p, text.n);
    a->key[a->n + text.n] = 0; /* no text of a request has one */
    a->n += text.n + 1;
}

/* Readers who may see and do the same are given the same. What is made for a reader's own body alone is not kept. */
static void put_viewer(struct ctx *c, struct asked *a)
{
    const struct viewer *v = c->viewer;
    put(a, v ? str_fmt(c->arena, "%d %x %x", v->is_system, v->whole, v->some) : S(""));
    put(a, v ? v->sees : S(""));
}

static void describe(struct ctx *c, const struct served *s, const struct request *r, struct asked *ret)
{
    bool html = pages_wants(r);
    struct str form = html ? S("html") : api_form(r);
    bool zipped = str_eq(form, S("xlsx"));
    ret->encoding = zipped || !s->shelf ? ENCODING_NONE : encoding_accepted(request_header(r, "Accept-Encoding"));
    ret->key[0] = (char)('0' + ret->encoding);
    ret->key[1] = html && pages_lang(r) == LANG_EN ? 'e' : 'v';
    ret->key[2] = s->pages.sample ? 's' : '-';
    ret->n = 3;
    put(ret, form);
    put_viewer(c, ret);
    put(ret, r->path);
    for (size_t i = 0; i < r->query.n; i++) {
        put(ret, r->query.v[i].name);
        put(ret, r->query.v[i].value);
    }
}

/* --- finishing an answer ----------------------------------------------------------------------------------------- */

/* No secret and no signature: it tells one content from another. */
static struct str tag_of(struct ctx *c, struct str body, enum encoding e)
{
    static const char digits[] = "0123456789abcdef";
    XXH128_canonical_t hash;
    char hex[2 * TAG_BYTES];
    XXH128_canonicalFromHash(&hash, XXH3_128bits(body.p, body.n));
    for (size_t i = 0; i < TAG_BYTES; i++) {
        hex[2 * i] = digits[hash.digest[i] >> 4];
        hex[2 * i + 1] = digits[hash.digest[i] & 15];
    }
    struct str name = encoding_name(e);
    const struct str parts[] = {S("\""), {hex, sizeof hex}, name.n ? S("-") : S(""), name, S("\"")};
    return str_join(c->arena, parts, sizeof parts / sizeof *parts, S(""));
}

static bool names_tag(struct str list, struct str tag)
{
    struct str one;
    while (list.p && str_cut(&list, ',', &one)) {
        one = str_trim(one);
        if (str_starts(one, S("W/")))
            one = str_skip(one, 2);
        if (str_eq(one, tag) || str_eq(one, S("*")))
            return true;
    }
    return false;
}

static bool has_form(struct str body)
{
    return str_has(body, S("method=\"post\""));
}

/* --- a kept page ------------------------------------------------------------------------------------------------- */

struct page_kept {
    struct http_shared *whole, *unchanged; /* 200, and 304 without a body */
    struct str tag;
    char text[]; /* of the tag */
};

static void end_page(void *arg)
{
    struct page_kept *page = arg;
    shared_drop(page->whole);
    shared_drop(page->unchanged);
}

/* NULL if there is no memory. */
static struct page_kept *page_new(const struct response *r, struct str tag)
{
    struct response unchanged = *r;
    struct page_kept *page = shared_new(sizeof *page + tag.n, end_page);
    if (!page)
        return NULL;
    unchanged.status = 304;
    memcpy(page->text, tag.p, tag.n);
    page->tag = (struct str){page->text, tag.n};
    page->whole = http_shared_new(r);
    page->unchanged = http_shared_new(&unchanged);
    if (page->whole && page->unchanged)
        return page;
    shared_drop(page);
    return NULL;
}

static size_t page_size(const struct response *r)
{
    size_t n = PAGE_OVERHEAD + r->body.n;
    for (size_t i = 0; i < r->headers.n; i++)
        n += 2 * (r->headers.v[i].name.n + r->headers.v[i].value.n);
    return n;
}

static void give(const struct request *r, struct page_kept *page, struct response *ret)
{
    bool known = names_tag(request_header(r, "If-None-Match"), page->tag);
    *ret = (struct response){.status = known ? 304 : 200, .shared = shared_hold(known ? page->unchanged : page->whole)};
    shared_drop(page);
}

/* The validators of an answer that may be asked for again, and its place on the shelf; `age` is NULL if it has none. */
static void finish(struct ctx *c, struct served *s, const struct request *r, const struct asked *a,
                   const struct shelf_age *age, struct response *ret)
{
    struct page_kept *page = NULL;
    struct str smaller;
    enum encoding e = ENCODING_NONE;
    struct str body = ret->body;
    bool keeps = age && a->n && page_size(ret) <= shelf_thing_max(s->shelf) && !has_form(body);
    if (keeps && encoding_make(c, a->encoding, body, &smaller)) {
        e = a->encoding;
        ret->body = smaller;
        response_header(c, ret, S("Content-Encoding"), encoding_name(e));
    }
    struct str tag = tag_of(c, body, e);
    response_header(c, ret, S("ETag"), tag);
    if (keeps && (page = page_new(ret, tag))) {
        shelf_put(s->shelf, (struct str){a->key, a->n}, *age, page, page_size(ret));
        give(r, page, ret);
    } else if (names_tag(request_header(r, "If-None-Match"), tag)) {
        *ret = (struct response){.status = 304, .headers = ret->headers};
    }
}

/* --- who has read what is restricted ----------------------------------------------------------------------------- */

static enum err log_shown(struct ctx *c, void *arg)
{
    return sight_log(c, arg);
}

static struct str asked_as(struct ctx *c, const struct request *r)
{
    struct out o;
    out_init(&o, c->arena, 4 << 10);
    out_put(&o, r->path);
    for (size_t i = 0; i < r->query.n; i++) {
        out_char(&o, i ? '&' : '?');
        out_put(&o, r->query.v[i].name);
        out_char(&o, '=');
        out_put(&o, r->query.v[i].value);
    }
    return o.failed ? r->path : out_str(&o);
}

/* What was shown of it is in the log before it is sent, or it is not sent; and it is made for each reader anew. */
static void account_for(struct ctx *c, struct served *s, const struct visit *v, const struct request *r,
                        struct response *ret)
{
    struct sight_shown *shown = c->shown;
    c->shown = NULL;
    if (!shown || (!shown->n && !shown->failed))
        return;
    struct sight_read read = {shown, c->viewer ? c->viewer->account : S(""), v->address, asked_as(c, r)};
    struct command command = {.run = log_shown, .arg = &read};
    enum err e = shown->failed   ? shown->failed
                 : s->api.writer ? writer_run(s->api.writer, c, &command)
                                 : FAIL(c, E_BUSY, "máy chủ này chỉ để đọc, không ghi được nhật ký truy cập (no log)");
    ret->keep = false;
    if (!e)
        return;
    *ret = (struct response){.status = 200};
    api_problem(c, e, ret);
}

/* --- requests ---------------------------------------------------------------------------------------------------- */

static void answer(struct ctx *c, struct served *s, const struct visit *v, const struct request *r,
                   struct response *ret)
{
    if (!pages_handle(c, &s->pages, v, r, ret))
        api_handle(c, &s->api, r, ret);
}

static bool find(struct ctx *c, struct served *s, const struct request *r, const struct asked *a, struct shelf_age *age,
                 struct response *ret)
{
    struct page_kept *page = NULL;
    if (s->shelf && a->n && where(c, s, &age->position) == OK)
        page = shelf_find(s->shelf, (struct str){a->key, a->n}, *age);
    if (page)
        give(r, page, ret);
    return page;
}

/* From rows in memory, as far as they go, at the position that is known. False if the store has moved on meanwhile. */
static bool answer_from_memory(struct ctx *c, struct served *s, const struct visit *v, const struct request *r,
                               struct shelf_age *age, struct response *ret)
{
    if (!s->rows || where(c, s, &age->position))
        return false;
    db_snapshot_expect(c, s->rows, age->position);
    answer(c, s, v, r, ret);
    bool missed = db_snapshot_missed(c);
    db_snapshot_end(c);
    if (missed) {
        *ret = (struct response){.status = 200};
        c->error = (struct error){0};
        if (c->shown)
            *c->shown = (struct sight_shown){0};
    }
    return !missed;
}

/* Made from one state of the store. False if its position could not be read: what is read next says why. */
static bool answer_from_store(struct ctx *c, struct served *s, const struct visit *v, const struct request *r,
                              struct shelf_age *age, struct response *ret)
{
    bool dated = db_snapshot_at(c, s->rows, &age->position) == OK;
    if (dated)
        raise_to(&s->position, age->position);
    answer(c, s, v, r, ret);
    db_snapshot_end(c);
    return dated;
}

/* A read at an address: from the shelf, or made anew. */
static void answer_read(struct ctx *c, struct served *s, const struct visit *v, const struct request *r,
                        struct response *ret)
{
    struct asked asked;
    struct shelf_age age = {.day = day_of_moment(ctx_now(c))};
    describe(c, s, r, &asked);
    if (find(c, s, r, &asked, &age, ret))
        return;
    bool dated = answer_from_memory(c, s, v, r, &age, ret) || answer_from_store(c, s, v, r, &age, ret);
    account_for(c, s, v, r, ret);
    if (ret->keep)
        finish(c, s, r, &asked, dated && s->shelf ? &age : NULL, ret);
}

static void answer_machine(struct ctx *c, struct served *s, const struct request *r, struct response *ret)
{
    struct asked asked = {.n = 0};
    enum err e = str_eq(r->path, S("/metrics")) ? access_need(c, PERM_ADMIN, false) : OK;
    if (e)
        api_problem(c, e, ret);
    else
        api_handle(c, &s->api, r, ret);
    if (ret->keep)
        finish(c, s, r, &asked, NULL, ret);
}

void served_handle(struct ctx *c, void *arg, const struct request *r, struct response *ret)
{
    struct served *s = arg;
    struct visit visit;
    bool live = s->feed && feed_wants(r);
    c->cube = s->cube;
    struct sight_shown shown = {0};
    *ret = (struct response){.status = 200};
    enum err e = gate_enter(c, &s->gate, r, &visit);
    if (!e && live)
        e = access_need(c, PERM_READ, false);
    if (!e)
        e = live ? feed_handle(c, s->feed, r, ret) : catch_up(c, s, r);
    if (!e && r->method == HTTP_POST)
        e = gate_check_sent(c, &s->gate, r, &visit);
    c->shown = plan_seen(c).n ? &shown : NULL;
    if (e)
        api_problem(c, e, ret);
    else if (live)
        ;
    else if (r->method == HTTP_POST || pages_live(r) || str_starts(r->path, S("/api/")) ||
             str_starts(r->path, S("/assets/")))
        answer(c, s, &visit, r, ret);
    else if (api_is_machine(r->path)) /* answered even if there is no store to look at */
        answer_machine(c, s, r, ret);
    else
        answer_read(c, s, &visit, r, ret);
    account_for(c, s, &visit, r, ret);
    if (ret->status == 403 && !ret->shared && c->actor.name.n) /* of nobody, the door tells */
        security_tell(c, s->gate.security, "access.denied", "refused", c->actor.name, visit.address, r->path);
    atomic_fetch_add(&s->api.answers[ret->status / 100 % 6], 1);
}

enum http_lane served_lane(void *arg, const struct request *r)
{
    enum http_lane lane = pages_lane(r);
    return lane == LANE_HERE && api_slow(&((struct served *)arg)->api, r) ? LANE_WORKER : lane;
}

enum err served_start(struct ctx *c, void *arg)
{
    return api_start(c, &((struct served *)arg)->api);
}

static void put_metrics(void *arg, struct out *o)
{
    struct served *s = arg;
    struct shelf_counts pages = s->shelf ? shelf_counts(s->shelf) : (struct shelf_counts){0},
                        rows = s->rows ? shelf_counts(s->rows) : (struct shelf_counts){0};
    struct cube_counts cube = cube_counts(s->cube);
    const struct {
        const char *name, *type, *help;
        uint64_t value;
    } all[] = {
        {"hoalu_kept_hits_total", "counter", "Answers given from a kept page.", pages.hits},
        {"hoalu_kept_misses_total", "counter", "Answers that could have been kept and were made anew.", pages.misses},
        {"hoalu_kept_pages", "gauge", "Pages that are kept.", pages.things},
        {"hoalu_kept_bytes", "gauge", "Memory that kept pages take.", pages.bytes},
        {"hoalu_rows_hits_total", "counter", "Statements answered from memory.", rows.hits},
        {"hoalu_rows_misses_total", "counter", "Statements that the store was asked and whose rows were kept.",
         rows.misses},
        {"hoalu_rows_bytes", "gauge", "Memory that kept rows take.", rows.bytes},
        {"hoalu_cube_series", "gauge", "Series of figures in memory.", cube.series},
        {"hoalu_cube_bytes", "gauge", "Memory that figures take.", cube.bytes},
        {"hoalu_listeners", "gauge", "Listeners of /events.", s->feed ? feed_listeners(s->feed) : 0},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        out_fmt(o, "# HELP %s %s\n# TYPE %s %s\n%s %" PRIu64 "\n", all[i].name, all[i].help, all[i].name, all[i].type,
                all[i].name, all[i].value);
}

void served_init(struct served *s, struct arena *owner, struct source source, struct str store, struct writer *writer,
                 bool sample, size_t kept, size_t rows)
{
    *s = (struct served){.api = {.store = store, .writer = writer, .more_metrics = put_metrics, .more_arg = s},
                         .pages = {.store = store, .writer = writer, .sample = sample, .gate = &s->gate},
                         .looked_us = INT64_MIN / 2};
    gate_init(&s->gate, owner, source, store, writer);
    s->shelf = kept ? shelf_new(owner, source, kept) : NULL;
    s->rows = rows ? shelf_new(owner, source, rows) : NULL;
    s->cube = cube_new(owner, CUBE_BYTES);
}
