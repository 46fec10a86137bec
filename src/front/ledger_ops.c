#include "domain/op.h"
#include "ledger/ledger.h"

#include "base/banned.h"

struct list_args {
    int64_t after, limit;
};
RECORD(list_args_record, struct list_args, "ledger.list", "Đối số của ledger.list",
       {"after", FIELD_I64, offsetof(struct list_args, after), .doc = "sau vị trí này (mặc định 0)"},
       {"limit", FIELD_I64, offsetof(struct list_args, limit),
        .doc = "nhiều nhất chừng này sự kiện, 1 đến 1000 (mặc định 100)"});

static enum err list(struct ctx *c, const struct op_call *call)
{
    const struct list_args *args = call->args;
    int64_t after = args->after == I64_NONE ? 0 : args->after, limit = args->limit == I64_NONE ? 100 : args->limit;
    struct events events;
    if (limit < 1 || limit > 1000)
        return FAIL(c, E_INVALID, "limit phải từ 1 đến 1000 (must be 1 to 1000)");
    TRY(ledger_list(c, after, limit + 1, &events));
    bool more = events.n > (size_t)limit;
    emit_map(call->emit);
    emit_key(call->emit, S("items"));
    emit_list(call->emit);
    for (size_t i = 0; i < events.n - more; i++)
        emit_record(call->emit, &event_record, &events.v[i]);
    emit_end(call->emit);
    emit_key(call->emit, S("next"));
    emit_text(call->emit,
              more ? str_fmt(c->arena, "%lld", (long long)events.v[limit - 1].position) : (struct str){NULL, 0});
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
RECORD(roots_args_record, struct roots_args, "seal.list", "Đối số của seal.list",
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
    emit_map(call->emit);
    emit_key(call->emit, S("items"));
    emit_list(call->emit);
    for (size_t i = 0; i < list.n - more; i++)
        emit_record(call->emit, &ledger_root_record, &list.v[i]);
    emit_end(call->emit);
    emit_key(call->emit, S("next"));
    emit_text(call->emit, more ? str_fmt(c->arena, "%lld", (long long)list.v[limit - 1].seq) : (struct str){NULL, 0});
    emit_end(call->emit);
    return OK;
}

OPS(ledger_ops,
    OP_LISTS(&event_record, "ledger.list", "/ledger", OP_READ, PERM_HISTORY, &list_args_record, list, false,
             "Các sự kiện sau một vị trí của sổ cái", "The events after a position in the ledger"),
    OP_GIVES(&verdict_record, "ledger.verify", NULL, OP_READ, PERM_HISTORY, &verify_args_record, verify, true,
             "Kiểm tra toàn bộ sổ cái trong kho", "Verify the whole ledger in the store"),
    OP_LISTS(&ledger_root_record, "seal.list", "/public/seals", OP_READ, PERM_PUBLIC, &roots_args_record, roots, false,
             "Gốc đã ký của sổ cái, mỗi ngày một gốc, mới nhất trước", "The signed root of each day, the newest first"),
    OP_GIVES(&ledger_sealed_record, "ledger.seal", NULL, OP_WRITE, PERM_ADMIN, NULL, seal, false,
             "Niêm phong sổ cái đến vị trí cuối cùng", "Seal the ledger up to its head"));
