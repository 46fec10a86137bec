/* draft_store.c - bringing a document in, deciding its items, approving it. */
#include "base/emit.h"
#include "base/viet.h"
#include "domain/plan/draft_rows.h"
#include "domain/plan/draft.sql.h"
#include "domain/plan/secrecy.h"
#include "ledger/ledger.h"

#include <inttypes.h>
#include <string.h>

#include "base/banned.h"

enum { READING_MAX = 64 << 20, PAYLOAD_MAX = 4 << 20, REASON_MAX = 4000 };

RECORD(draft_row_record, struct draft_row, "draft", "A draft of a plan",
       {"id", FIELD_I64, offsetof(struct draft_row, id), .doc = "Number of the draft", .required = true},
       {"version", FIELD_I64, offsetof(struct draft_row, version), .doc = "Position of its last event",
        .required = true},
       {"state", FIELD_TEXT, offsetof(struct draft_row, state), .doc = "Where it stands",
        .one_of = "open|approved|discarded", .required = true},
       {"title", FIELD_TEXT, offsetof(struct draft_row, title), .doc = "Title that was read"},
       {"source_name", FIELD_TEXT, offsetof(struct draft_row, source_name), .doc = "File name of the document"},
       {"source", FIELD_BYTES, offsetof(struct draft_row, source), .doc = "Hash of the document"},
       {"reading", FIELD_BYTES, offsetof(struct draft_row, reading), .doc = "Hash of what was read from it"},
       {"plan", FIELD_TEXT, offsetof(struct draft_row, plan), .doc = "Plan it was approved as"},
       {"author", FIELD_TEXT, offsetof(struct draft_row, author), .doc = "Who brought it"},
       {"at_us", FIELD_I64, offsetof(struct draft_row, at_us), .doc = "When", .unit = "µs"},
       {"items", FIELD_I64, offsetof(struct draft_row, items), .doc = "How many items"},
       {"accepted", FIELD_I64, offsetof(struct draft_row, accepted), .doc = "Accepted as read"},
       {"mended", FIELD_I64, offsetof(struct draft_row, mended), .doc = "Mended"},
       {"refused", FIELD_I64, offsetof(struct draft_row, refused), .doc = "Refused"},
       {"undecided", FIELD_I64, offsetof(struct draft_row, undecided), .doc = "Not decided yet"},
       {"errors", FIELD_I64, offsetof(struct draft_row, errors), .doc = "Findings to settle in undecided items"},
       {"ready", FIELD_I64, offsetof(struct draft_row, ready), .doc = "Undecided items without a finding"});

RECORD(draft_item_record, struct draft_item, "draft_item", "An item of a draft",
       {"key", FIELD_TEXT, offsetof(struct draft_item, key), .doc = "Its name in the draft", .required = true},
       {"kind", FIELD_TEXT, offsetof(struct draft_item, kind), .doc = "What it is",
        .one_of = "plan|task|programme|target|duty", .required = true},
       {"path", FIELD_TEXT, offsetof(struct draft_item, path), .doc = "Clause it stands in"},
       {"title", FIELD_TEXT, offsetof(struct draft_item, title), .doc = "Its title, as read"},
       {"line", FIELD_I64, offsetof(struct draft_item, line), .doc = "Line of the document", .unit = "line"},
       {"decision", FIELD_TEXT, offsetof(struct draft_item, decision), .doc = "What was decided",
        .one_of = "undecided|accepted|mended|refused", .required = true},
       {"set", FIELD_TEXTS, offsetof(struct draft_item, set), .doc = "What was mended, as field=value"},
       {"reason", FIELD_TEXT, offsetof(struct draft_item, reason), .doc = "Why"},
       {"actor", FIELD_TEXT, offsetof(struct draft_item, actor), .doc = "Who decided"},
       {"at_us", FIELD_I64, offsetof(struct draft_item, at_us), .doc = "When", .unit = "µs"},
       {"version", FIELD_I64, offsetof(struct draft_item, version),
        .doc = "Version of the draft that made it; 0: none"},
       {"errors", FIELD_I64, offsetof(struct draft_item, errors), .doc = "Findings to settle"},
       {"warnings", FIELD_I64, offsetof(struct draft_item, warnings), .doc = "Findings to look at"},
       {"infos", FIELD_I64, offsetof(struct draft_item, infos), .doc = "Findings to know of"});

static struct str subject_of(struct ctx *c, int64_t id)
{
    return str_fmt(c->arena, "drafts/%" PRId64, id);
}

/* Empty where nobody is signed in. */
static struct str actor_of(const struct ctx *c)
{
    return c->actor.name.p ? c->actor.name : S("");
}

static enum err wrong_field(struct ctx *c, enum err code, const char *field, const char *why)
{
    enum err e = FAIL(c, code, "%s", why);
    c->error.field = str_of(field);
    return e;
}

/* --- bringing a document in --- */

static const char *media_type(enum document_kind kind)
{
    static const char *const types[] = {
        [DOCUMENT_TEXT] = "text/plain; charset=utf-8",
        [DOCUMENT_MARKDOWN] = "text/markdown; charset=utf-8",
        [DOCUMENT_DOCX] = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        [DOCUMENT_PDF] = "application/pdf",
    };
    return types[kind];
}

/* A block in words: its marker and text, or the cells of a row. */
static struct str block_text(struct ctx *c, const struct block *b)
{
    if (b->kind != BLOCK_ROW)
        return b->marker.n ? str_fmt(c->arena, "%.*s %.*s", ARGS(b->marker), ARGS(b->text)) : b->text;
    struct str *cells = NEWN(c->arena, struct str, b->n_cells + 1);
    for (size_t i = 0; i < b->n_cells; i++)
        cells[i] = b->cells[i].merged_up ? S("〃") : b->cells[i].text;
    return str_join(c->arena, cells, b->n_cells, S(" | "));
}

static struct source_lines lines_of(struct ctx *c, const struct document *document)
{
    struct source_lines lines = {0};
    for (size_t i = 0; i < document->n; i++) {
        const struct block *b = &document->blocks[i];
        if (b->kind != BLOCK_BLANK && b->kind != BLOCK_PAGE)
            *PUSH(c->arena, &lines) = (struct source_line){block_text(c, b), b->line};
    }
    return lines;
}

enum err draft_prepare(struct ctx *c, struct writer *w, struct str content, struct str name, struct draft_new *ret)
{
    struct document document;
    struct draft_view items = {0};
    struct draft_reading reading = {0};
    const struct org_catalogue *catalogue;
    struct draft_new made = {0};
    struct out o;
    struct emit e;
    if (!content.n)
        return wrong_field(c, E_INVALID, "file", "chưa có tệp nào, hoặc tệp rỗng (no file, or an empty one)");
    TRY(document_read_bytes(c, content, name, &document));
    TRY(secrecy_refuse(c, &document));
    TRY(draft_catalogue(c, &catalogue));
    TRY(plan_compile(c, &document, catalogue, &reading.plan));
    reading.lines = lines_of(c, &document);
    out_init(&o, c->arena, READING_MAX);
    emit_init(&e, &o, EMIT_JSON);
    emit_record(&e, &draft_reading_record, &reading);
    if (o.failed)
        return FAIL(c, E_LIMIT, "bản đọc lớn hơn %d MiB (the reading is too large)", READING_MAX >> 20);
    items.read = reading.plan;
    draft_items(c, &items);
    made.name = document.name;
    made.title = reading.plan.title;
    made.items = (int64_t)items.items.n;
    TRY(file_stage(w, c, content, str_of(media_type(document.kind)), &made.source));
    TRY(file_stage(w, c, out_str(&o), S("application/json"), &made.reading));
    *ret = made;
    return OK;
}

static enum err put_row(struct ctx *c, const struct draft_row *r, int64_t position)
{
    return db_exec(c, SQL_draft_insert, ARG(r->id), ARG(r->state), ARG(r->title), db_arg_bytes(r->source),
                   ARG(r->source_name), db_arg_bytes(r->reading), ARG(r->plan), ARG(r->author), ARG(r->at_us),
                   ARG(r->items), ARG(r->accepted), ARG(r->mended), ARG(r->refused), ARG(position));
}

static enum err replace_row(struct ctx *c, const struct draft_row *r, int64_t position)
{
    TRY(db_exec(c, SQL_draft_close, ARG(r->id), ARG(position)));
    return put_row(c, r, position);
}

enum err draft_create(struct ctx *c, struct draft_new *d)
{
    struct out o;
    struct emit e;
    struct draft_row row;
    TRY(db_number(c, SQL_draft_of_source, &d->id, db_arg_bytes(d->source.hash)));
    if (d->id) {
        TRY(draft_get(c, d->id, POS_NOW, &row));
        d->version = row.version;
        return OK;
    }
    TRY(file_commit(c, &d->source));
    TRY(file_commit(c, &d->reading));
    TRY(db_number(c, SQL_draft_next_id, &d->id));
    row = (struct draft_row){.id = d->id,
                             .state = S("open"),
                             .title = d->title,
                             .source = d->source.hash,
                             .source_name = d->name,
                             .reading = d->reading.hash,
                             .author = actor_of(c),
                             .at_us = ctx_now(c),
                             .items = d->items};
    out_init(&o, c->arena, PAYLOAD_MAX);
    emit_init(&e, &o, EMIT_JSON);
    emit_record(&e, &draft_row_record, &row);
    TRY(ledger_append(c, S("draft.create"), subject_of(c, d->id), str_trim(out_str(&o)), &d->version));
    return put_row(c, &row, d->version);
}

/* --- reading --- */

static void count_undecided(struct draft_row *r)
{
    r->errors = r->ready = I64_NONE;
    r->undecided = r->items - r->accepted - r->mended - r->refused;
}

enum err draft_list(struct ctx *c, int64_t at, struct draft_rows *ret)
{
    struct draft_rows list = {0};
    struct draft_row row = {0};
    struct rows rows = db_query(c, SQL_draft_all, ARG(at));
    while (db_next(&rows, &draft_row_record, &row)) {
        count_undecided(&row);
        *PUSH(c->arena, &list) = row;
    }
    TRY(db_done(&rows));
    *ret = list;
    return OK;
}

enum err draft_get(struct ctx *c, int64_t id, int64_t at, struct draft_row *ret)
{
    struct draft_row row = {0};
    enum err found = db_one(c, SQL_draft_by_id, &draft_row_record, &row, ARG(id), ARG(at));
    if (found == E_NOTFOUND)
        return FAIL(c, E_NOTFOUND, "không có bản dựng số %" PRId64 " (no such draft)", id);
    TRY(found);
    count_undecided(&row);
    *ret = row;
    return OK;
}

/* --- deciding --- */

static enum err open_for_change(struct ctx *c, int64_t id, bool findings, struct draft_view *ret)
{
    TRY(draft_open(c, id, POS_NOW, findings, ret));
    if (str_eq(ret->row.state, S("approved")))
        return FAIL(c, E_CONFLICT,
                    "bản dựng số %" PRId64 " đã được phê duyệt thành kế hoạch \"%.*s\", không sửa được nữa (approved "
                    "already: it cannot be changed)",
                    id, ARGS(ret->row.plan));
    if (!str_eq(ret->row.state, S("open")))
        return FAIL(c, E_CONFLICT, "bản dựng số %" PRId64 " đã bị bỏ (the draft was discarded)", id);
    return OK;
}

static enum err stale(struct ctx *c, struct str what, int64_t seen, int64_t now)
{
    enum err e = FAIL(c, E_CONFLICT,
                      "%.*s đã có thay đổi khác từ khi được xem: phiên bản đã xem là %" PRId64 ", nay là %" PRId64
                      " (changed since it was seen: you saw version %" PRId64 ", it is %" PRId64 ")",
                      ARGS(what), seen, now, seen, now);
    c->error.field = S("version");
    return e;
}

static void count(struct draft_row *r, struct str decision, int64_t by)
{
    if (str_eq(decision, S("accepted")))
        r->accepted += by;
    else if (str_eq(decision, S("mended")))
        r->mended += by;
    else if (str_eq(decision, S("refused")))
        r->refused += by;
}

static bool same_set(const struct strs *a, const struct strs *b)
{
    for (size_t i = 0; a->n == b->n && i < a->n; i++)
        if (!str_eq(a->v[i], b->v[i]))
            return false;
    return a->n == b->n;
}

/* What is to be written of a decision. */
struct decided {
    struct str decision; /* accepted, mended, refused, undecided */
    struct str reason;
    struct strs set;
};

static enum err judge(struct ctx *c, const struct draft_view *v, const struct draft_item *item,
                      const struct draft_decision *d, struct decided *ret)
{
    struct decided made = {.reason = str_trim(viet_nfc(c->arena, d->reason.p ? d->reason : S("")))};
    if (made.reason.n > REASON_MAX)
        return wrong_field(c, E_INVALID, "reason", "lý do dài quá 4000 byte (the reason is too long)");
    if (str_eq(d->decision, S("refuse"))) {
        if (item->record == &plan_head_record)
            return wrong_field(c, E_INVALID, "decision",
                               "phần đầu của kế hoạch không từ chối được; hãy bỏ cả bản dựng (discard the draft)");
        if (!made.reason.n)
            return wrong_field(c, E_INVALID, "reason", "từ chối thì phải nêu lý do (a reason is needed to refuse)");
        made.decision = S("refused");
    } else if (str_eq(d->decision, S("mend"))) {
        void *row = arena_alloc(c->arena, item->record->size, 16, 1);
        memcpy(row, item->read, item->record->size);
        TRY(draft_mend(c, &v->read, item->record, row, &d->set));
        made.set = draft_mends(c, &v->read, item->record, item->read, &d->set);
        made.decision = made.set.n ? S("mended") : S("accepted");
        memcpy(row, item->read, item->record->size);
        TRY(draft_mend(c, &v->read, item->record, row, &made.set));
    } else if (str_eq(d->decision, S("accept"))) {
        made.decision = S("accepted");
    } else if (str_eq(d->decision, S("reopen"))) {
        made.decision = S("undecided");
    } else {
        return wrong_field(c, E_INVALID, "decision", "phải là accept, mend, refuse hoặc reopen (must be one of them)");
    }
    if (d->set.n && !str_eq(d->decision, S("mend")))
        return wrong_field(c, E_INVALID, "set", "chỉ sửa được khi quyết định là mend (only a mend sets fields)");
    *ret = made;
    return OK;
}

static void put_decided(struct emit *e, struct str key, const struct decided *d)
{
    emit_key(e, S("item"));
    emit_text(e, key);
    emit_key(e, S("decision"));
    emit_text(e, d->decision);
    if (d->set.n) {
        emit_key(e, S("set"));
        emit_list(e);
        for (size_t i = 0; i < d->set.n; i++)
            emit_text(e, d->set.v[i]);
        emit_end(e);
    }
    if (d->reason.n) {
        emit_key(e, S("reason"));
        emit_text(e, d->reason);
    }
}

/* The event's place is taken first, so that rows can carry it. */
static enum err write_decision(struct ctx *c, struct draft_row *row, const struct draft_item *item,
                               const struct decided *d, int64_t position)
{
    struct out o;
    struct emit e;
    struct draft_mends mends = {d->set};
    out_init(&o, c->arena, PAYLOAD_MAX);
    emit_init(&e, &o, EMIT_JSON);
    emit_record(&e, &draft_mends_record, &mends);
    if (o.failed)
        return FAIL(c, E_LIMIT, "phần sửa quá dài (too much is mended)");
    count(row, item->decision, -1);
    count(row, d->decision, 1);
    if (item->version)
        TRY(db_exec(c, SQL_draft_decision_close, ARG(row->id), ARG(item->key), ARG(position)));
    if (str_eq(d->decision, S("undecided")))
        return OK;
    struct str none = {NULL, 0};
    return db_exec(c, SQL_draft_decision_insert, ARG(row->id), ARG(item->key), ARG(d->decision),
                   ARG(d->set.n ? str_trim(out_str(&o)) : none), ARG(d->reason.n ? d->reason : none), ARG(actor_of(c)),
                   ARG(ctx_now(c)), ARG(position));
}

enum err draft_decide(struct ctx *c, struct draft_decision *d)
{
    struct draft_view view;
    struct decided made;
    struct out o;
    struct emit e;
    TRY(open_for_change(c, d->draft, false, &view));
    struct draft_item *item = draft_item(&view, d->item);
    if (!item)
        return FAIL(c, E_NOTFOUND, "bản dựng không có mục \"%.*s\" (no such item)", ARGS(d->item));
    TRY(judge(c, &view, item, d, &made));
    d->now = view.row.version;
    if (str_eq(made.decision, item->decision) && str_eq(made.reason, item->reason) && same_set(&made.set, &item->set))
        return OK;
    if (d->version != I64_NONE && item->version > d->version)
        return stale(c, item->path.n ? item->path : S("phần đầu kế hoạch"), d->version, item->version);
    out_init(&o, c->arena, PAYLOAD_MAX);
    emit_init(&e, &o, EMIT_JSON);
    emit_map(&e);
    emit_key(&e, S("draft"));
    emit_i64(&e, d->draft);
    put_decided(&e, item->key, &made);
    emit_end(&e);
    if (o.failed)
        return FAIL(c, E_LIMIT, "phần sửa quá dài (too much is mended)");
    TRY(ledger_append(c, S("draft.decide"), subject_of(c, d->draft), str_trim(out_str(&o)), &d->now));
    struct str about = str_fmt(c->arena, "%.*s/%.*s", ARGS(subject_of(c, d->draft)), ARGS(item->key));
    TRY(ledger_touch(c, d->now, (struct strs){&about, 1}));
    TRY(write_decision(c, &view.row, item, &made, d->now));
    return replace_row(c, &view.row, d->now);
}

enum err draft_accept_rest(struct ctx *c, int64_t id, int64_t *ret_n, int64_t *ret_version)
{
    struct draft_view view;
    struct out o;
    struct emit e;
    int64_t position;
    TRY(open_for_change(c, id, true, &view));
    *ret_n = view.row.ready;
    *ret_version = view.row.version;
    if (!view.row.ready)
        return OK;
    out_init(&o, c->arena, PAYLOAD_MAX);
    emit_init(&e, &o, EMIT_JSON);
    emit_map(&e);
    emit_key(&e, S("draft"));
    emit_i64(&e, id);
    emit_key(&e, S("items"));
    emit_list(&e);
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < view.items.n; i++) {
            const struct draft_item *item = &view.items.v[i];
            if (!str_eq(item->decision, S("undecided")) || item->errors || item->warnings)
                continue;
            if (pass == 0)
                emit_text(&e, item->key);
            else
                TRY(write_decision(c, &view.row, item, &(struct decided){.decision = S("accepted")}, position));
        }
        if (pass)
            break;
        emit_end(&e);
        emit_end(&e);
        TRY(ledger_append(c, S("draft.accept_rest"), subject_of(c, id), str_trim(out_str(&o)), &position));
    }
    *ret_version = position;
    return replace_row(c, &view.row, position);
}

enum err draft_discard(struct ctx *c, int64_t id, int64_t version, struct str reason)
{
    struct draft_view view;
    struct out o;
    struct emit e;
    int64_t position;
    TRY(open_for_change(c, id, false, &view));
    if (version != I64_NONE && version != view.row.version)
        return stale(c, S("bản dựng"), version, view.row.version);
    out_init(&o, c->arena, PAYLOAD_MAX);
    emit_init(&e, &o, EMIT_JSON);
    emit_map(&e);
    emit_key(&e, S("draft"));
    emit_i64(&e, id);
    emit_key(&e, S("reason"));
    emit_text(&e, str_head(reason, REASON_MAX));
    emit_end(&e);
    TRY(ledger_append(c, S("draft.discard"), subject_of(c, id), str_trim(out_str(&o)), &position));
    view.row.state = S("discarded");
    return replace_row(c, &view.row, position);
}

/* --- approving --- */

static void tell_decisions(struct emit *e, const void *arg)
{
    const struct draft_view *v = arg;
    emit_key(e, S("of_draft"));
    emit_i64(e, v->row.id);
    emit_key(e, S("decisions"));
    emit_list(e);
    for (size_t i = 0; i < v->items.n; i++) {
        const struct draft_item *item = &v->items.v[i];
        struct decided made = {item->decision, item->reason, item->set};
        emit_map(e);
        put_decided(e, item->key, &made);
        emit_end(e);
    }
    emit_end(e);
}

/* What stands in the way of approval, by name. */
static enum err still_open(struct ctx *c, const struct draft_view *v)
{
    enum { SHOWN = 40 };
    struct out o;
    size_t n = 0;
    out_init(&o, c->arena, 64 << 10);
    for (size_t i = 0; i < v->items.n; i++) {
        const struct draft_item *item = &v->items.v[i];
        if (!item->errors || !str_eq(item->decision, S("undecided")))
            continue;
        if (n++ < SHOWN)
            out_fmt(&o, "%s%.*s", n > 1 ? ", " : "", ARGS(item->key));
    }
    return FAIL(c, E_CONFLICT,
                "còn %zu mục chưa quyết định mà có điểm phải xử lý: %.*s%s (undecided items with findings to settle)",
                n, ARGS(out_str(&o)), n > SHOWN ? " …" : "");
}

enum err draft_approve(struct ctx *c, int64_t id, int64_t version, struct approval *a)
{
    struct draft_view *view = NEW(c->arena, struct draft_view);
    TRY(open_for_change(c, id, true, view));
    if (version != I64_NONE && version != view->row.version)
        return stale(c, S("bản dựng"), version, view->row.version);
    if (view->row.errors)
        return still_open(c, view);
    a->draft = &view->now;
    a->catalogue = view->catalogue;
    a->source = view->row.source;
    a->source_name = view->row.source_name;
    a->tell = tell_decisions;
    a->tell_arg = view;
    a->always = true;
    if (!a->slug.p)
        a->slug = plan_slug(c, &view->now);
    TRY(plan_approve(c, a));
    view->row.state = S("approved");
    view->row.plan = a->slug;
    return replace_row(c, &view->row, a->position);
}
