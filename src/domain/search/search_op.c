/* The operation that searches. */
#include "base/period.h"
#include "domain/op.h"
#include "domain/search/search.h"

#include "base/banned.h"

struct search_args {
    struct str q, kind, plan, after;
    int64_t limit;
    int32_t as_of;
    bool count;
};
RECORD(search_args_record, struct search_args, "search.list", "Đối số của search.list",
       {"q", FIELD_TEXT, offsetof(struct search_args, q),
        .doc = "các từ cần tìm, có dấu hoặc không; \"…\" cho một cụm; số mục hoặc số hiệu văn bản", .required = true},
       {"kind", FIELD_TEXT, offsetof(struct search_args, kind), .one_of = SEARCH_KINDS, .doc = "chỉ loại này"},
       {"plan", FIELD_TEXT, offsetof(struct search_args, plan), .doc = "chỉ trong kế hoạch này (slug)"},
       {"after", FIELD_TEXT, offsetof(struct search_args, after), .doc = "giá trị next của trang trước"},
       {"limit", FIELD_I64, offsetof(struct search_args, limit),
        .doc = "nhiều nhất chừng này, 1 đến 100 (mặc định 20)"},
       {"count", FIELD_BOOL, offsetof(struct search_args, count), .doc = "kèm số kết quả của tất cả các trang"},
       {"as_of", FIELD_DAY, offsetof(struct search_args, as_of), .doc = "không dùng được: chỉ tìm trong hiện tại"});

static enum err list(struct ctx *c, const struct op_call *call)
{
    const struct search_args *args = call->args;
    struct search_results results;
    struct emit *e = call->emit;
    if (args->as_of != DAY_NONE)
        return search_refuse_past(c);
    const struct search_asked asked = {
        .q = args->q, .kind = args->kind, .plan = args->plan, .after = args->after, .limit = args->limit};
    TRY(search_find(c, &asked, &results));
    emit_map(e);
    emit_key(e, S("items"));
    emit_list(e);
    for (size_t i = 0; i < results.n; i++)
        emit_record(e, &search_result_record, &results.v[i]);
    emit_end(e);
    emit_key(e, S("next"));
    emit_text(e, results.next);
    if (args->count) {
        emit_key(e, S("count"));
        emit_i64(e, results.found);
    }
    emit_key(e, S("limited"));
    emit_bool(e, results.limited);
    emit_end(e);
    return OK;
}

OPS(search_ops,
    OP_LISTS(&search_result_record, "search.list", "/search", OP_READ, PERM_READ, &search_args_record, list, false,
             "Tìm kế hoạch, các mục của kế hoạch, cơ quan, địa bàn và chỉ tiêu theo từ, có dấu hoặc không",
             "Find plans, what stands in them, bodies, areas and indicators by words, with marks or without"));
