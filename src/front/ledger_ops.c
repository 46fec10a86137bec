#include "domain/history/history.h"
#include "domain/op.h"
#include "ledger/ledger.h"

#include "base/banned.h"

/* {"items": […], "next": …} */
static void begin_items(const struct op_call *call)
{
    emit_map(call->emit);
    emit_key(call->emit, S("items"));
    emit_list(call->emit);
}
static void end_items(const struct op_call *call, struct str next)
{
    emit_end(call->emit);
    emit_key(call->emit, S("next"));
    emit_text(call->emit, next);
    emit_end(call->emit);
}

static enum err list(struct ctx *c, const struct op_call *call)
{
    struct history_page page;
    TRY(history_list(c, call->args, true, &page));
    begin_items(call);
    for (size_t i = 0; i < page.events.n; i++)
        emit_record(call->emit, &event_record, &page.events.v[i]);
    end_items(call, page.next);
    return OK;
}

struct get_args {
    int64_t position;
};
RECORD(ledger_get_args_record, struct get_args, "ledger.get", "Đối số của ledger.get",
       {"position", FIELD_I64, offsetof(struct get_args, position), .doc = "vị trí của sự kiện", .required = true});

static enum err get(struct ctx *c, const struct op_call *call)
{
    const struct get_args *args = call->args;
    struct event event;
    TRY(history_event(c, args->position, &event));
    emit_record(call->emit, &event_record, &event);
    return OK;
}

struct changes_args {
    int64_t position;
    struct str subject;
};
RECORD(ledger_changes_args_record, struct changes_args, "ledger.changes", "Đối số của ledger.changes",
       {"position", FIELD_I64, offsetof(struct changes_args, position), .doc = "vị trí của sự kiện", .required = true},
       {"subject", FIELD_TEXT, offsetof(struct changes_args, subject),
        .doc = "chỉ mục này, như plans/06-nq-tu/III.3.3 (mặc định: mọi thay đổi của sự kiện)"});

static enum err changes(struct ctx *c, const struct op_call *call)
{
    const struct changes_args *args = call->args;
    struct event event;
    struct plan_changes list;
    bool more;
    TRY(history_event(c, args->position, &event));
    TRY(history_changes(c, &event, args->subject, &list, &more));
    begin_items(call);
    for (size_t i = 0; i < list.rows.n; i++)
        emit_record(call->emit, &plan_change_record, &list.rows.v[i]);
    emit_end(call->emit);
    emit_key(call->emit, S("next"));
    emit_text(call->emit, (struct str){0});
    emit_key(call->emit, S("more"));
    emit_bool(call->emit, more);
    emit_end(call->emit);
    return OK;
}

struct verify_args {
    struct str root;
};
RECORD(verify_args_record, struct verify_args, "ledger.verify", "Đối số của ledger.verify",
       {"root", FIELD_TEXT, offsetof(struct verify_args, root),
        .doc = "gốc đã công bố mà sổ cái phải đi qua, VỊ-TRÍ:HEX"});

static enum err verify(struct ctx *c, const struct op_call *call)
{
    const struct verify_args *args = call->args;
    struct verdict verdict;
    TRY(ledger_verify_store(c, args->root.p ? args->root : S(""), &verdict));
    emit_record(call->emit, &verdict_record, &verdict);
    return OK;
}

static enum err seal(struct ctx *c, const struct op_call *call)
{
    struct ledger_key key;
    struct ledger_sealed sealed;
    TRY(ledger_key_load(c, ledger_key_path(c, call->store), true, &key));
    TRY(ledger_seal(c, &key));
    TRY(ledger_last_seal(c, &sealed));
    emit_record(call->emit, &ledger_sealed_record, &sealed);
    return OK;
}

struct roots_args {
    struct str after;
    int64_t limit;
};
RECORD(seal_roots_args_record, struct roots_args, "seal.list", "Đối số của seal.list",
       {"after", FIELD_TEXT, offsetof(struct roots_args, after), .doc = "tiếp sau trang trước: giá trị next của nó"},
       {"limit", FIELD_I64, offsetof(struct roots_args, limit),
        .doc = "nhiều nhất chừng này ngày, 1 đến 1000 (mặc định 100)"});

static enum err roots(struct ctx *c, const struct op_call *call)
{
    const struct roots_args *args = call->args;
    struct ledger_roots list;
    int64_t before = I64_NONE, limit = args->limit == I64_NONE ? 100 : args->limit;
    if (limit < 1 || limit > 1000)
        return FAIL(c, E_INVALID, "limit phải từ 1 đến 1000 (must be 1 to 1000)");
    if (args->after.p && (!str_i64(args->after, &before) || before < 1))
        return FAIL(c, E_INVALID, "after phải là giá trị next của trang trước (not a cursor)");
    TRY(ledger_roots(c, before, limit + 1, &list));
    bool more = list.n > (size_t)limit;
    begin_items(call);
    for (size_t i = 0; i < list.n - more; i++)
        emit_record(call->emit, &ledger_root_record, &list.v[i]);
    end_items(call, more ? str_fmt(c->arena, "%lld", (long long)list.v[limit - 1].seq) : (struct str){NULL, 0});
    return OK;
}

OPS(ledger_ops,
    OP_LISTS(&event_record, "ledger.list", "/ledger", OP_READ, PERM_HISTORY, &history_query_record, list, false,
             "Các sự kiện của sổ cái, theo người, cơ quan, mục, thao tác và thời gian",
             "The events of the ledger, by person, body, item, operation and time"),
    OP_GIVES(&event_record, "ledger.get", "/ledger/{position}", OP_READ, PERM_HISTORY, &ledger_get_args_record, get,
             false, "Một sự kiện của sổ cái", "An event of the ledger"),
    OP_LISTS(&plan_change_record, "ledger.changes", "/ledger/{position}/changes", OP_READ, PERM_HISTORY,
             &ledger_changes_args_record, changes, false, "Những gì một sự kiện đã thay đổi, từng trường một",
             "What an event changed, field by field"),
    OP_GIVES(&verdict_record, "ledger.verify", NULL, OP_READ, PERM_HISTORY, &verify_args_record, verify, true,
             "Kiểm tra toàn bộ sổ cái trong kho", "Verify the whole ledger in the store"),
    OP_LISTS(&ledger_root_record, "seal.list", "/public/seals", OP_READ, PERM_PUBLIC, &seal_roots_args_record, roots,
             false, "Gốc đã ký của sổ cái, mỗi ngày một gốc, mới nhất trước",
             "The signed root of each day, the newest first"),
    OP_GIVES(&ledger_sealed_record, "ledger.seal", NULL, OP_WRITE, PERM_ADMIN, NULL, seal, false,
             "Niêm phong sổ cái đến vị trí cuối cùng", "Seal the ledger up to its head"));
