/* Operations on indicators as they stand. */
#include "domain/indicator/dictionary_list_fields.h"
#include "domain/indicator/standing.h"
#include "domain/op.h"

#include "base/banned.h"

static enum err list(struct ctx *c, const struct op_call *call)
{
    const struct standing_query *q = call->args;
    struct standing_list rows;
    struct emit *e = call->emit;
    TRY(standing_list(c, q, &rows));
    emit_map(e);
    emit_key(e, S("items"));
    emit_list(e);
    for (size_t i = 0; i < rows.n; i++)
        emit_record(e, &standing_item_record, &rows.v[i]);
    emit_end(e);
    emit_key(e, S("next"));
    emit_text(e, rows.next);
    if (q->indicator.count) {
        emit_key(e, S("count"));
        emit_i64(e, q->status.n ? rows.shown : rows.all);
    }
    emit_end(e);
    return OK;
}

struct get_args {
    struct str code, place, by;
    int32_t as_of;
};
RECORD(indicator_get_args, struct get_args, "indicator.get", "Đối số của indicator.get",
       {"code", FIELD_TEXT, offsetof(struct get_args, code), .required = true, .doc = "mã chỉ tiêu"},
       {"place", FIELD_TEXT, offsetof(struct get_args, place), .doc = "mã địa bàn hoặc cơ quan (mặc định: cả tỉnh)"},
       {"by", FIELD_TEXT, offsetof(struct get_args, by), .doc = "nhóm của một phân tổ (mặc định: chung)"},
       {"as_of", FIELD_DAY, offsetof(struct get_args, as_of),
        .doc = "như đã biết đến hết ngày này (mặc định: bây giờ)"});

struct detail {
    struct indicator_detail detail; /* first */
    struct standing_row standing;
    struct {
        struct standing_period *v;
        size_t n, cap;
    } periods;
};
RECORD(standing_detail_record, struct detail, "indicator_detail",
       "An indicator with all tied to it, where it stands, and its periods", DETAIL_FIELDS,
       {"standing", FIELD_RECORD, offsetof(struct detail, standing), .of = &standing_row_record,
        .doc = "where it stands"},
       {"periods", FIELD_LIST, offsetof(struct detail, periods), .of = &standing_period_record,
        .doc = "its figures, the earliest first"});

static enum err get(struct ctx *c, const struct op_call *call)
{
    const struct get_args *args = call->args;
    struct standings m;
    struct standing st;
    struct detail d = {0};
    const struct indicator *i = NULL;
    struct str place = args->place.p ? args->place : S(""), by = args->by.p ? args->by : S("");
    TRY(standings_open(c, args->as_of, &m));
    TRY(indicator_open(c, m.dictionary, args->code, &i));
    TRY(standing_read(c, &m, i, by, place, &st));
    TRY(dictionary_detail(c, m.dictionary, args->code, args->as_of, &d.detail));
    standing_row(c, &st, &d.standing);
    for (size_t k = 0; k < st.periods.n; k++)
        standing_period(c, &st, k, PUSH(c->arena, &d.periods));
    emit_record(call->emit, &standing_detail_record, &d);
    return OK;
}

OPS(standing_ops,
    OP_LISTS(&standing_item_record, "indicator.list", "/indicators", OP_READ, PERM_READ, &standing_query_record, list,
             false, "Các chỉ tiêu với số mới nhất, mục tiêu và đánh giá, có bộ lọc",
             "The indicators with their latest figure, target and status, filtered"),
    OP_GIVES(&standing_detail_record, "indicator.get", "/indicators/{code}", OP_READ, PERM_READ, &indicator_get_args,
             get, false, "Một chỉ tiêu với mục tiêu, mục của kế hoạch, thành phần, đánh giá và số liệu từng kỳ",
             "An indicator with its goals, clauses and parts, where it stands, and its periods"));
