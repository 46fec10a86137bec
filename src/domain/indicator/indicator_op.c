/* Operations on the dictionary. Its list and one of its indicators are told with where they stand (standing_op.c). */
#include "domain/indicator/dictionary.h"
#include "domain/indicator/dictionary_fields.h"
#include "domain/indicator/dictionary_list.h"
#include "domain/indicator/dictionary_store.h"
#include "domain/op.h"

#include <math.h>

#include "base/banned.h"

static void begin_items(struct emit *e)
{
    emit_map(e);
    emit_key(e, S("items"));
    emit_list(e);
}

static void end_items(struct emit *e, struct str next, int64_t count)
{
    emit_end(e);
    emit_key(e, S("next"));
    emit_text(e, next);
    if (count != I64_NONE) {
        emit_key(e, S("count"));
        emit_i64(e, count);
    }
    emit_end(e);
}

static enum err goal_list(struct ctx *c, const struct op_call *call)
{
    const struct goal_query *q = call->args;
    const struct dictionary *d;
    struct goal_page page;
    TRY(dictionary_on(c, q->as_of, &d));
    TRY(dictionary_goal_list(c, d, q, &page));
    begin_items(call->emit);
    for (size_t i = 0; i < page.items.n; i++)
        emit_record(call->emit, &goal_item_record, &page.items.v[i]);
    end_items(call->emit, page.next, page.count);
    return OK;
}

/* ---- writing ---- */

/* What is given is changed, an empty text is taken away, the rest stays. */
struct put_args {
    struct indicator indicator; /* first */
    struct str confirmed;
};
RECORD(indicator_put_args, struct put_args, "indicator.put", "Đối số của indicator.put",
       INDICATOR_FIELDS("code", "set", FIELD_TEXTS, offsetof(struct indicator, dimensions),
                        offsetof(struct indicator, steps), offsetof(struct indicator, steps_en), false,
                        {"confirmed", FIELD_TEXT, offsetof(struct put_args, confirmed), .one_of = "yes|no",
                         .doc = "confirmed by a source"}));
RECORD(goal_put_args, struct goal, "goal.put", "Đối số của goal.put",
       GOAL_FIELDS(FIELD_TEXTS, offsetof(struct goal, points), "by", false));

static void put_fields(const struct record *r, const void *given, void *row)
{
    for (size_t i = 1; i < r->n; i++) { /* the first is the key */
        const struct field *f = &r->fields[i];
        const void *from = (const char *)given + f->offset;
        void *to = (char *)row + f->offset;
        const struct str *text = from;
        if (f->type == FIELD_TEXT && text->p)
            *(struct str *)to = text->n ? *text : (struct str){0};
        else if (f->type == FIELD_TEXTS && ((const struct strs *)from)->n)
            *(struct strs *)to = *(const struct strs *)from;
        else if (f->type == FIELD_F64 && !isnan(*(const double *)from))
            *(double *)to = *(const double *)from;
        else if (f->type == FIELD_I64 && *(const int64_t *)from != I64_NONE)
            *(int64_t *)to = *(const int64_t *)from;
    }
}

static const void *row_of(struct ctx *c, const struct dictionary *d, enum dictionary_table_id table, struct str key)
{
    for (size_t i = 0; i < d->rows[table].n; i++)
        if (str_eq(dictionary_key(c->arena, table, dictionary_row(d, table, i)), key))
            return dictionary_row(d, table, i);
    return NULL;
}

/* `before` with one row changed or new. */
static struct dictionary *with_row(struct ctx *c, const struct dictionary *before, enum dictionary_table_id table,
                                   const void *row)
{
    struct dictionary *after = NEW(c->arena, struct dictionary);
    struct str key = dictionary_key(c->arena, table, row);
    struct row_place given = {key, 1};
    bool placed = false;
    for (int t = 0; t < DICTIONARY_COUNT; t++)
        for (size_t i = 0; i < before->rows[t].n; i++) {
            enum dictionary_table_id at = (enum dictionary_table_id)t;
            const void *old = dictionary_row(before, at, i);
            bool same = at == table && str_eq(dictionary_key(c->arena, at, old), key);
            dictionary_add(c, after, at, same ? row : old, same ? given : (struct row_place){S(""), 0});
            placed |= same;
        }
    if (!placed)
        dictionary_add(c, after, table, row, given);
    dictionary_index(c, after);
    return after;
}

/* The message speaks of the one row that was sent, so it has no place in a file. */
static enum err refuse(struct ctx *c, const struct row_problems *problems)
{
    enum err e = row_refuse(c, problems);
    c->error.file = S("");
    c->error.line = 0;
    return e;
}

static enum err put(struct ctx *c, const struct op_call *call, enum dictionary_table_id table, const char *kind,
                    const void *row, struct str indicator)
{
    const struct dictionary *before;
    const struct org_catalogue *orgs;
    struct row_problems problems = {0};
    struct indicator_load load = {0};
    TRY(dictionary_from_store(c, POS_NOW, &before));
    TRY(org_catalogue_from_store(c, POS_NOW, &orgs));
    const struct dictionary *after = with_row(c, before, table, row);
    if (table == DICTIONARY_INDICATOR)
        rows_check_code(c, &problems, (struct row_place){S(""), 0}, indicator);
    dictionary_check(c, after, orgs, &problems);
    if (problems.n)
        return refuse(c, &problems);
    TRY(dictionary_write(c, before, after, str_of(kind), str_fmt(c->arena, "indicators/%.*s", ARGS(indicator)), &load));
    struct indicator_detail detail;
    TRY(dictionary_detail(c, after, indicator, DAY_NONE, &detail));
    emit_record(call->emit, &indicator_detail_record, &detail);
    return OK;
}

static enum err missing(struct ctx *c, const char *field)
{
    enum err e = FAIL(c, E_INVALID, "thiếu %s (missing)", field);
    c->error.field = str_of(field);
    return e;
}

static enum err indicator_put(struct ctx *c, const struct op_call *call)
{
    const struct put_args *args = call->args;
    const struct dictionary *d;
    struct put_args row;
    TRY(dictionary_from_store(c, POS_NOW, &d));
    const struct indicator *old = dictionary_indicator(d, args->indicator.code);
    rows_absent(&indicator_put_args, &row);
    if (old)
        row.indicator = *old;
    row.indicator.code = args->indicator.code;
    put_fields(&indicator_put_args, args, &row);
    if (args->confirmed.n)
        row.indicator.confirmed = str_eq(args->confirmed, S("yes"));
    for (size_t i = 0; i < indicator_record.n; i++) {
        const struct field *f = &indicator_record.fields[i];
        if (f->required && !((const struct str *)(const void *)((const char *)&row + f->offset))->n)
            return missing(c, f->name);
    }
    return put(c, call, DICTIONARY_INDICATOR, "indicator.put", &row, row.indicator.code);
}

static enum err goal_put(struct ctx *c, const struct op_call *call)
{
    const struct goal *args = call->args;
    const struct dictionary *d;
    struct goal row;
    TRY(dictionary_from_store(c, POS_NOW, &d));
    const struct goal *old = row_of(c, d, DICTIONARY_GOAL, args->key);
    rows_absent(&goal_put_args, &row);
    if (old)
        row = *old;
    row.key = args->key;
    put_fields(&goal_put_args, args, &row);
    if (!row.indicator.n)
        return missing(c, "indicator");
    if (!row.path.n)
        row.path = S("linear");
    bool points = str_eq(row.path, S("given")) || str_eq(row.path, S("steps"));
    if (!points && !args->points.n) /* those of the path it had */
        row.points = (struct strs){0};
    return put(c, call, DICTIONARY_GOAL, "goal.put", &row, row.indicator);
}

struct load_args {
    struct str name, text;
    bool dry_run;
};
RECORD(indicator_load_args, struct load_args, "indicator.load", "Đối số của indicator.load",
       {"name", FIELD_TEXT, offsetof(struct load_args, name), .doc = "tên tệp, như chi-tieu.csv", .required = true},
       {"text", FIELD_TEXT, offsetof(struct load_args, text), .doc = "nội dung tệp CSV", .required = true},
       {"dry_run", FIELD_BOOL, offsetof(struct load_args, dry_run), .doc = "chỉ kiểm tra và đếm, không ghi gì"});

static enum err indicator_load(struct ctx *c, const struct op_call *call)
{
    const struct load_args *args = call->args;
    struct org_file file = {args->name, args->text};
    struct indicator_load load = {.files = &file, .n_files = 1};
    TRY(args->dry_run ? indicator_load_check(c, &load) : indicator_load_run(c, &load));
    emit_record(call->emit, &indicator_load_record, &load);
    return OK;
}

OPS(indicator_ops,
    OP_GIVES(&indicator_detail_record, "indicator.put", NULL, OP_WRITE, PERM_PLAN, &indicator_put_args, indicator_put,
             false, "Thêm hoặc sửa một chỉ tiêu: chỉ những gì được ghi thay đổi",
             "Define or change an indicator: only what is given changes"),
    OP_LISTS(&goal_item_record, "goal.list", "/goals", OP_READ, PERM_READ, &goal_query_record, goal_list, false,
             "Các mục tiêu gắn với chỉ tiêu: cần bao nhiêu, xuất phát, lộ trình",
             "The goals tied to indicators: what is asked for, baseline and path"),
    OP_GIVES(&indicator_detail_record, "goal.put", NULL, OP_WRITE, PERM_PLAN, &goal_put_args, goal_put, false,
             "Ghi số xuất phát có nguồn, lộ trình, hoặc phần giao cho một nơi",
             "Set a goal's baseline with its source, its path, or a place's share of it"),
    OP_GIVES(&indicator_load_record, "indicator.load", NULL, OP_WRITE, PERM_PLAN, &indicator_load_args, indicator_load,
             false, "Nạp một tệp CSV của danh mục chỉ tiêu, bộ chỉ số, mục tiêu",
             "Load a CSV file of indicators, sets or goals"));
