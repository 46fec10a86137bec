#include "domain/plan/list_store.h"

#include "base/emit.h"
#include "domain/plan/plan.sql.h"
#include "ledger/ledger.h"

#include <inttypes.h>

#include "base/banned.h"

enum err list_moment(struct ctx *c, int32_t as_of, struct list_moment *ret)
{
    struct list_moment m = {POS_NOW, as_of == DAY_NONE ? day_of_moment(ctx_now(c)) : as_of};
    if (as_of != DAY_NONE)
        TRY(ledger_position_at(c, moment_of_day(as_of + 1) - 1, &m.at));
    *ret = m;
    return OK;
}

/* A plan without its counts, which would cost what the plan is large. */
static enum err list_plan(struct ctx *c, struct str slug, int64_t at, struct plan_row *ret)
{
    struct plan_row row = {0};
    enum err e = db_one(c, SQL_plan_by_slug, &plan_row_record, &row, ARG(slug), ARG(at), ARG(plan_seen(c)));
    if (e == E_NOTFOUND)
        return FAIL(c, E_NOTFOUND, "không có kế hoạch \"%.*s\" (no such plan)", ARGS(slug));
    TRY(e);
    *ret = row;
    return OK;
}

static enum err refuse_field(struct ctx *c, const char *field, const char *why)
{
    enum err e = FAIL(c, E_INVALID, "%s", why);
    c->error.field = str_of(field);
    return e;
}

static bool read_cursor(struct str after, bool by_due, struct list_range *r)
{
    struct str part;
    int32_t day;
    if (by_due && (!str_cut(&after, '.', &r->day) || !day_parse(r->day, &day)))
        return false;
    return str_cut(&after, '.', &part) && str_i64(part, &r->plan) && str_cut(&after, '.', &part) &&
           str_i64(part, &r->ordinal) && !after.n && r->plan > 0 && r->ordinal > 0;
}

enum err list_range(struct ctx *c, struct str plan, struct str after, int64_t limit, int32_t as_of, bool by_due,
                    struct list_range *ret)
{
    struct list_range r = {.last = INT64_MAX, .day = S(""), .limit = limit == I64_NONE ? LIST_LIMIT : limit};
    if (r.limit < 1 || r.limit > LIST_LIMIT_MAX)
        return refuse_field(c, "limit", "phải từ 1 đến 1000 (must be 1 to 1000)");
    TRY(list_moment(c, as_of, &r.moment));
    if (plan.p) {
        struct plan_row row;
        TRY(list_plan(c, plan, r.moment.at, &row));
        r.first = r.last = r.plan = row.id;
    }
    if (after.n && !read_cursor(after, by_due, &r))
        return refuse_field(c, "after", "không phải con trỏ của danh sách này (not a cursor of this list)");
    *ret = r;
    return OK;
}

struct str list_cursor(struct ctx *c, int32_t day, int64_t plan, int64_t ordinal)
{
    char text[DAY_TEXT];
    if (day == DAY_NONE)
        return str_fmt(c->arena, "%" PRId64 ".%" PRId64, plan, ordinal);
    return str_fmt(c->arena, "%.*s.%" PRId64 ".%" PRId64, ARGS(day_text(day, text)), plan, ordinal);
}

struct word {
    struct str word;
};
RECORD(list_word_record, struct word, "word", "One text", {"word", FIELD_TEXT, offsetof(struct word, word), .doc = ""});

enum err list_slug(struct ctx *c, struct list_slugs *s, int64_t plan, struct str *ret)
{
    if (!s->slug.p || s->plan != plan) {
        struct word w = {0};
        TRY(db_one(c, SQL_list_plan_slug, &list_word_record, &w, ARG(plan), ARG(s->at)));
        s->slug = w.word;
        s->plan = plan;
    }
    *ret = s->slug;
    return OK;
}

struct str list_id(struct ctx *c, struct str slug, struct str item)
{
    return str_join(c->arena, (struct str[]){slug, item}, 2, S("."));
}

void list_items_init(struct ctx *c, struct list_items *p)
{
    *p = (struct list_items){.c = c};
    out_init(&p->out, c->arena, 16 << 20);
    emit_init(&p->emit, &p->out, EMIT_JSON);
    emit_list(&p->emit);
}

void list_items_add(struct list_items *p, int64_t plan, struct str item)
{
    if (!p->number.p || p->plan != plan) {
        p->number = str_fmt(p->c->arena, "%" PRId64, plan);
        p->plan = plan;
    }
    emit_text(&p->emit, str_join(p->c->arena, (struct str[]){p->number, item}, 2, S(" ")));
}

struct str list_items_end(struct list_items *p)
{
    emit_end(&p->emit);
    return str_trim(out_str(&p->out));
}

enum err list_find(struct ctx *c, struct str id, int64_t at, struct plan_row *ret_plan, struct str *ret_path)
{
    struct str path = id, slug;
    bool cut = str_cut(&path, '.', &slug) && slug.n && path.n;
    enum err e = cut ? list_plan(c, slug, at, ret_plan) : E_NOTFOUND;
    if (!cut || e == E_NOTFOUND)
        return FAIL(c, E_NOTFOUND, "không có mục \"%.*s\" (no such item)", ARGS(id));
    *ret_path = path;
    return e;
}

enum err list_known_body(struct ctx *c, struct str code)
{
    int64_t known = 1;
    if (code.p)
        TRY(db_number(c, SQL_list_body_known, &known, ARG(code), ARG(plan_seen(c))));
    if (known)
        return OK;
    enum err e = FAIL(c, E_INVALID, "không có cơ quan hoặc nhóm mã \"%.*s\" (no such body)", ARGS(code));
    c->error.field = S("body");
    return e;
}

struct rows list_query(struct ctx *c, const struct sql *sql, const struct db_arg *args)
{
    return db_query_args(c, sql, args, sql->n_args);
}

/* --- what a form offers --- */

RECORD(list_choice_record, struct list_choice, "choice", "A choice",
       {"code", FIELD_TEXT, offsetof(struct list_choice, code), .doc = ""},
       {"name", FIELD_TEXT, offsetof(struct list_choice, name), .doc = ""});

static enum err words(struct ctx *c, const struct sql *sql, int64_t at, struct list_choices *list)
{
    struct word w = {0};
    struct rows rows = db_query_args(c, sql, (struct db_arg[]){ARG(at), ARG(plan_seen(c))}, 2);
    while (db_next(&rows, &list_word_record, &w))
        *PUSH(c->arena, list) = (struct list_choice){w.word, w.word};
    return db_done(&rows);
}

enum err list_has_bodies(struct ctx *c, int64_t at, bool *ret)
{
    int64_t any = 0;
    TRY(db_number(c, SQL_list_body_any, &any, ARG(at)));
    *ret = any;
    return OK;
}

enum err list_body_name(struct ctx *c, struct str code, int64_t at, struct str *ret)
{
    struct word w = {0};
    enum err e = db_one(c, SQL_list_body_name, &list_word_record, &w, ARG(code), ARG(at));
    if (e && e != E_NOTFOUND)
        return e;
    *ret = e ? code : w.word;
    return OK;
}

enum err list_choices(struct ctx *c, enum list_choice_kind kind, int64_t at, struct list_choices *ret)
{
    static const struct sql *const statements[] = {&SQL_list_plans, &SQL_list_task_bodies, &SQL_list_duty_bodies,
                                                   &SQL_list_units, &SQL_list_years};
    struct list_choices list = {0};
    struct list_choice choice = {{0}};
    if (kind == LIST_UNITS || kind == LIST_YEARS) {
        TRY(words(c, statements[kind], at, &list));
    } else {
        struct rows rows = db_query_args(c, statements[kind], (struct db_arg[]){ARG(at), ARG(plan_seen(c))}, 2);
        while (db_next(&rows, &list_choice_record, &choice))
            *PUSH(c->arena, &list) = choice;
        TRY(db_done(&rows));
    }
    *ret = list;
    return OK;
}
