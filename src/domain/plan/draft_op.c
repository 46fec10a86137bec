/* Operations on drafts: bring a document, look at what was read, decide, approve. */
#include "base/period.h"
#include "domain/op.h"
#include "domain/plan/draft.h"
#include "ledger/ledger.h"

#include "base/banned.h"

enum { LIMIT_DEFAULT = 100, LIMIT_MAX = 1000 };

#define NUMBER(type, member, about, ...)                                                                               \
    {                                                                                                                  \
#member, FIELD_I64, offsetof(struct type, member), .doc = about, ##__VA_ARGS__                                 \
    }
#define WORDS(type, member, about, ...)                                                                                \
    {                                                                                                                  \
#member, FIELD_TEXT, offsetof(struct type, member), .doc = about, ##__VA_ARGS__                                \
    }
#define DRAFT(type)   NUMBER(type, draft, "số của bản dựng", .required = true)
#define VERSION(type) NUMBER(type, version, "phiên bản đã xem; có thay đổi sau đó thì bị từ chối (mặc định: không xét)")

struct create_args {
    struct str name, text, file;
};
RECORD(draft_create_args, struct create_args, "draft.create", "Đối số của draft.create",
       WORDS(create_args, name, "tên tệp, như ke-hoach.docx", .required = true),
       WORDS(create_args, text, "nội dung, khi là văn bản thuần hoặc Markdown"),
       {"file", FIELD_BYTES, offsetof(struct create_args, file),
        .doc = "nội dung tệp txt, md, docx, pdf, khi gửi bằng multipart/form-data"});

struct list_args {
    int32_t as_of;
};
RECORD(draft_list_args, struct list_args, "draft.list", "Đối số của draft.list",
       {"as_of", FIELD_DAY, offsetof(struct list_args, as_of),
        .doc = "như đã biết đến hết ngày này (mặc định: bây giờ)"});

struct draft_args {
    int64_t draft;
};
RECORD(draft_get_args, struct draft_args, "draft.get", "Đối số của draft.get", DRAFT(draft_args));

struct items_args {
    int64_t draft, after, limit;
};
RECORD(draft_items_args, struct items_args, "draft.items", "Đối số của draft.items", DRAFT(items_args),
       NUMBER(items_args, after, "sau dòng thứ chừng này (mặc định 0)"),
       NUMBER(items_args, limit, "nhiều nhất chừng này, 1 đến 1000 (mặc định 100)"));

struct item_args {
    int64_t draft;
    struct str item;
};
RECORD(draft_item_args, struct item_args, "draft.item", "Đối số của draft.item", DRAFT(item_args),
       WORDS(item_args, item, "mục, như task-III.3.3", .required = true));

RECORD(draft_decide_args, struct draft_decision, "draft.decide", "Đối số của draft.decide", DRAFT(draft_decision),
       WORDS(draft_decision, item, "mục, như task-III.3.3", .required = true),
       WORDS(draft_decision, decision, "quyết định", .one_of = "accept|mend|refuse|reopen", .required = true),
       {"set", FIELD_TEXTS, offsetof(struct draft_decision, set),
        .doc = "với mend: TRƯỜNG=GIÁ TRỊ, như schedule.text=trước 30/6/2027; thay mọi lần sửa trước của mục"},
       WORDS(draft_decision, reason, "lý do; bắt buộc với refuse"), VERSION(draft_decision));

struct change_args {
    int64_t draft, version;
    struct str reason;
};
RECORD(draft_discard_args, struct change_args, "draft.discard", "Đối số của draft.discard", DRAFT(change_args),
       WORDS(change_args, reason, "lý do"), VERSION(change_args));

struct approve_args {
    int64_t draft, version;
    struct str slug;
};
RECORD(plan_approve_args, struct approve_args, "plan.approve", "Đối số của plan.approve", DRAFT(approve_args),
       WORDS(approve_args, slug, "tên kế hoạch trong địa chỉ (mặc định: lấy từ số hiệu hoặc tiêu đề)"),
       VERSION(approve_args));

static void put_number(struct emit *e, const char *name, int64_t v)
{
    emit_key(e, str_of(name));
    emit_i64(e, v);
}

static void put_next(struct ctx *c, struct emit *e, size_t to, size_t n)
{
    emit_end(e);
    emit_key(e, S("next"));
    emit_text(e, to < n ? str_fmt(c->arena, "%zu", to) : (struct str){NULL, 0});
    emit_end(e);
}

/* --- reads --- */

static enum err list(struct ctx *c, const struct op_call *call)
{
    const struct list_args *args = call->args;
    struct draft_rows rows;
    int64_t at = POS_NOW;
    if (args->as_of != DAY_NONE)
        TRY(ledger_position_at(c, moment_of_day(args->as_of + 1) - 1, &at));
    TRY(draft_list(c, at, &rows));
    emit_map(call->emit);
    emit_key(call->emit, S("items"));
    emit_list(call->emit);
    for (size_t i = 0; i < rows.n; i++)
        emit_record(call->emit, &draft_row_record, &rows.v[i]);
    put_next(c, call->emit, rows.n, rows.n);
    return OK;
}

static enum err get(struct ctx *c, const struct op_call *call)
{
    const struct draft_args *args = call->args;
    struct draft_view view;
    TRY(draft_open(c, args->draft, POS_NOW, true, &view));
    emit_record(call->emit, &draft_row_record, &view.row);
    return OK;
}

static enum err items(struct ctx *c, const struct op_call *call)
{
    const struct items_args *args = call->args;
    int64_t after = args->after == I64_NONE ? 0 : args->after,
            limit = args->limit == I64_NONE ? LIMIT_DEFAULT : args->limit;
    struct draft_view view;
    if (limit < 1 || limit > LIMIT_MAX || after < 0)
        return FAIL(c, E_INVALID, "limit phải từ 1 đến %d, after không âm (limit must be 1 to %d, after not negative)",
                    LIMIT_MAX, LIMIT_MAX);
    TRY(draft_open(c, args->draft, POS_NOW, true, &view));
    size_t n = view.items.n, from = (uint64_t)after < n ? (size_t)after : n,
           to = n - from > (size_t)limit ? from + (size_t)limit : n;
    emit_map(call->emit);
    emit_key(call->emit, S("items"));
    emit_list(call->emit);
    for (size_t i = from; i < to; i++)
        emit_record(call->emit, &draft_item_record, &view.items.v[i]);
    put_next(c, call->emit, to, n);
    return OK;
}

static enum err item(struct ctx *c, const struct op_call *call)
{
    const struct item_args *args = call->args;
    struct emit *e = call->emit;
    struct draft_view view;
    TRY(draft_open(c, args->draft, POS_NOW, true, &view));
    const struct draft_item *item = draft_item(&view, args->item);
    if (!item)
        return FAIL(c, E_NOTFOUND, "bản dựng không có mục \"%.*s\" (no such item)", ARGS(args->item));
    if (e->form == EMIT_ROWS) {
        emit_record(e, &draft_item_record, item);
        return OK;
    }
    emit_map(e);
    emit_fields(e, &draft_item_record, item);
    emit_key(e, S("read"));
    emit_record(e, item->record, item->read);
    emit_key(e, S("now"));
    if (item->now)
        emit_record(e, item->record, item->now);
    else
        emit_null(e);
    emit_key(e, S("findings"));
    emit_list(e);
    for (size_t i = 0; i < item->findings.n; i++)
        emit_record(e, &finding_record, item->findings.v[i]);
    emit_end(e);
    emit_end(e);
    return OK;
}

/* --- writes --- */

static enum err prepare_create(struct ctx *c, struct op_call *call)
{
    const struct create_args *args = call->args;
    struct draft_new *made = NEW(c->arena, struct draft_new);
    struct str content = args->file.p ? args->file : args->text.p ? args->text : S("");
    TRY(draft_prepare(c, call->writer, content, args->name, made));
    call->prepared = made;
    return OK;
}

static enum err create(struct ctx *c, const struct op_call *call)
{
    struct draft_new *made = call->prepared;
    TRY(draft_create(c, made));
    emit_map(call->emit);
    put_number(call->emit, "draft", made->id);
    put_number(call->emit, "version", made->version);
    put_number(call->emit, "items", made->items);
    emit_end(call->emit);
    return OK;
}

static enum err decide(struct ctx *c, const struct op_call *call)
{
    struct draft_decision d = *(const struct draft_decision *)call->args;
    TRY(draft_decide(c, &d));
    emit_map(call->emit);
    put_number(call->emit, "version", d.now);
    emit_end(call->emit);
    return OK;
}

static enum err accept_rest(struct ctx *c, const struct op_call *call)
{
    const struct draft_args *args = call->args;
    int64_t n, version;
    TRY(draft_accept_rest(c, args->draft, &n, &version));
    emit_map(call->emit);
    put_number(call->emit, "accepted", n);
    put_number(call->emit, "version", version);
    emit_end(call->emit);
    return OK;
}

static enum err discard(struct ctx *c, const struct op_call *call)
{
    const struct change_args *args = call->args;
    return draft_discard(c, args->draft, args->version, args->reason);
}

static enum err approve(struct ctx *c, const struct op_call *call)
{
    const struct approve_args *args = call->args;
    struct approval a = {.slug = args->slug};
    TRY(draft_approve(c, args->draft, args->version, &a));
    const struct {
        const char *name;
        const struct kept_change *change;
    } changes[] = {{"clauses", &a.clauses}, {"tasks", &a.tasks},   {"phases", &a.phases},    {"bodies", &a.bodies},
                   {"targets", &a.targets}, {"duties", &a.duties}, {"findings", &a.findings}};
    emit_map(call->emit);
    emit_key(call->emit, S("slug"));
    emit_text(call->emit, a.slug);
    put_number(call->emit, "position", a.position);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        emit_key(call->emit, str_of(changes[i].name));
        emit_record(call->emit, &kept_change_record, changes[i].change);
    }
    emit_end(call->emit);
    return OK;
}

OPS(draft_ops,
    OP_LISTS(&draft_row_record, "draft.list", "/drafts", OP_READ, PERM_PLAN, &draft_list_args, list, false,
             "Các bản dựng, mới nhất trước", "The drafts, the newest first"),
    OP_GIVES(&draft_row_record, "draft.get", "/drafts/{draft}", OP_READ, PERM_PLAN, &draft_get_args, get, false,
             "Một bản dựng: đã quyết định bao nhiêu mục, còn gì phải xem",
             "A draft: how much is decided and what is left to look at"),
    OP_LISTS(&draft_item_record, "draft.items", "/drafts/{draft}/items", OP_READ, PERM_PLAN, &draft_items_args, items,
             false, "Các mục của một bản dựng theo thứ tự văn bản",
             "The items of a draft in the order of the document"),
    OP_GIVES(&draft_item_record, "draft.item", "/drafts/{draft}/items/{item}", OP_READ, PERM_PLAN, &draft_item_args,
             item, false, "Một mục: bản đọc, bản đã quyết định, các phát hiện",
             "An item: as read, as decided, and what is found in it"),
    OP_PREPARED("draft.create", PERM_PLAN, &draft_create_args, prepare_create, create,
                "Đọc một văn bản kế hoạch thành bản dựng để duyệt", "Read a plan document into a draft for review"),
    OP("draft.decide", NULL, OP_WRITE, PERM_PLAN, &draft_decide_args, decide, false,
       "Chấp nhận, sửa, từ chối hoặc xét lại một mục của bản dựng",
       "Accept, mend, refuse or reopen an item of a draft"),
    OP("draft.accept_rest", NULL, OP_WRITE, PERM_PLAN, &draft_get_args, accept_rest, false,
       "Chấp nhận mọi mục chưa quyết định mà không có điểm phải xử lý hay cần xem xét",
       "Accept every undecided item without a finding to settle or to look at"),
    OP("draft.discard", NULL, OP_WRITE, PERM_PLAN, &draft_discard_args, discard, false, "Bỏ một bản dựng",
       "Discard a draft"),
    OP("plan.approve", NULL, OP_WRITE, PERM_PLAN, &plan_approve_args, approve, false,
       "Phê duyệt một bản dựng thành kế hoạch", "Approve a draft: it becomes a plan"));
