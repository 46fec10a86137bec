/* Operations on what bodies owe. */
#include "base/period.h"
#include "domain/op.h"
#include "domain/owed/owed.h"
#include "ledger/ledger.h"
#include "store/db.h"

#include <inttypes.h>

#include "base/banned.h"

enum { LIMIT_MAX = 1000 };

#define MOMENT_FIELDS(type)                                                                                                             \
    {"day", FIELD_DAY, offsetof(struct type, day), .doc = "tính đến ngày này (mặc định: as_of, hoặc hôm nay)"},                         \
    {                                                                                                                                   \
        "as_of", FIELD_DAY, offsetof(struct type, as_of), .doc = "như đã biết đến hết ngày này (mặc định: bây giờ)" \
    }
#define PAGE_FIELDS(type)                                                                                                          \
    {"after", FIELD_I64, offsetof(struct type, after), .doc = "sau dòng thứ chừng này (mặc định 0)"},                              \
    {                                                                                                                              \
        "limit", FIELD_I64, offsetof(struct type, limit), .doc = "nhiều nhất chừng này, 1 đến 1000 (mặc định 1000)" \
    }

struct owed_args {
    struct str code, role;
    int64_t after, limit;
    int32_t day, as_of;
};
RECORD(owed_args_record, struct owed_args, "org.owed", "Đối số của org.owed",
       {"code", FIELD_TEXT, offsetof(struct owed_args, code), .doc = "mã cơ quan hoặc nhóm", .required = true},
       {"role", FIELD_TEXT, offsetof(struct owed_args, role), .one_of = OWED_ROLES,
        .doc = "chỉ vai trò này; receiver: báo cáo gửi đến cơ quan này (mặc định: mọi vai trò trừ receiver)"},
       PAGE_FIELDS(owed_args), MOMENT_FIELDS(owed_args));

struct count_args {
    struct str q, kind, tree;
    int64_t after, limit;
    int32_t day, as_of;
};
RECORD(count_args_record, struct count_args, "owed.count", "Đối số của owed.count",
       {"q", FIELD_TEXT, offsetof(struct count_args, q),
        .doc = "chỉ những tên có các từ này (không kể dấu, chữ hoa), xét cả tên ngắn, tên khác và mã"},
       {"kind", FIELD_TEXT, offsetof(struct count_args, kind), .doc = "chỉ loại này; group: nhóm gọi chung"},
       {"tree", FIELD_TEXT, offsetof(struct count_args, tree), .one_of = ORG_TREES "|group|all",
        .doc = "chỉ cơ quan trong hệ thống này; group: chỉ nhóm (mặc định: tất cả)"},
       PAGE_FIELDS(count_args), MOMENT_FIELDS(count_args));

struct unknown_args {
    int32_t as_of;
};
RECORD(unknown_args_record, struct unknown_args, "org.unknown", "Đối số của org.unknown",
       {"as_of", FIELD_DAY, offsetof(struct unknown_args, as_of),
        .doc = "như đã biết đến hết ngày này (mặc định: bây giờ)"});

struct moment {
    const struct org_catalogue *catalogue;
    int64_t at;
    int32_t day;
};

static enum err moment_of(struct ctx *c, int32_t day, int32_t as_of, struct moment *ret)
{
    ret->at = POS_NOW;
    if (as_of != DAY_NONE)
        TRY(ledger_position_at(c, moment_of_day(as_of + 1) - 1, &ret->at));
    ret->day = day != DAY_NONE ? day : as_of != DAY_NONE ? as_of : day_of_moment(ctx_now(c));
    return org_catalogue_from_store(c, ret->at, &ret->catalogue);
}

/* A page of a list as it is emitted: the cursor is the ordinal of the last row given. */
struct page {
    struct emit *e;
    int64_t after, limit, n;
    bool more;
};

static enum err begin(struct ctx *c, const struct op_call *call, int64_t after, int64_t limit, struct page *ret)
{
    *ret = (struct page){call->emit, after == I64_NONE ? 0 : after, limit == I64_NONE ? LIMIT_MAX : limit, 0, false};
    if (ret->limit < 1 || ret->limit > LIMIT_MAX || ret->after < 0)
        return FAIL(c, E_INVALID, "limit phải từ 1 đến %d, after không âm (limit must be 1 to %d, after not negative)",
                    LIMIT_MAX, LIMIT_MAX);
    emit_map(ret->e);
    emit_key(ret->e, S("items"));
    emit_list(ret->e);
    return OK;
}

static void put(struct page *page, const struct record *r, const void *row)
{
    page->n++;
    if (page->n > page->after + page->limit)
        page->more = true;
    else if (page->n > page->after)
        emit_record(page->e, r, row);
}

static enum err end(struct ctx *c, struct page *page)
{
    emit_end(page->e);
    emit_key(page->e, S("next"));
    emit_text(page->e, page->more ? str_fmt(c->arena, "%" PRId64, page->after + page->limit) : (struct str){NULL, 0});
    emit_end(page->e);
    return OK;
}

static enum err owed(struct ctx *c, const struct op_call *call)
{
    const struct owed_args *args = call->args;
    struct moment m;
    struct owed_list list;
    struct page page;
    TRY(moment_of(c, args->day, args->as_of, &m));
    TRY(owed_read(c, m.catalogue, args->code, m.at, m.day, &list));
    TRY(begin(c, call, args->after, args->limit, &page));
    for (size_t i = 0; i < list.n; i++)
        if (args->role.n ? str_eq(args->role, list.v[i].role) : !str_eq(list.v[i].role, S("receiver")))
            put(&page, &owed_record, &list.v[i]);
    return end(c, &page);
}

static enum err count(struct ctx *c, const struct op_call *call)
{
    const struct count_args *args = call->args;
    struct moment m;
    struct owed_counts counts;
    struct page page;
    TRY(moment_of(c, args->day, args->as_of, &m));
    TRY(owed_count_all(c, m.catalogue, m.at, m.day, &counts));
    owed_filter(c, m.catalogue, &counts,
                &(struct owed_filter){.words = args->q, .kind = args->kind, .tree = args->tree, .day = m.day});
    TRY(begin(c, call, args->after, args->limit, &page));
    for (size_t i = 0; i < counts.n; i++)
        put(&page, &owed_count_record, &counts.v[i]);
    return end(c, &page);
}

static enum err unknown(struct ctx *c, const struct op_call *call)
{
    const struct unknown_args *args = call->args;
    struct moment m;
    struct owed_unknowns list;
    TRY(moment_of(c, DAY_NONE, args->as_of, &m));
    TRY(owed_unknown(c, m.at, &list));
    emit_map(call->emit);
    emit_key(call->emit, S("items"));
    emit_list(call->emit);
    for (size_t i = 0; i < list.n; i++)
        emit_record(call->emit, &owed_unknown_record, &list.v[i]);
    emit_end(call->emit);
    emit_key(call->emit, S("next"));
    emit_null(call->emit);
    emit_end(call->emit);
    return OK;
}

OPS(owed_ops,
    OP_LISTS(&owed_record, "org.owed", "/orgs/{code}/owed", OP_READ, PERM_READ, &owed_args_record, owed, false,
             "Những việc một cơ quan phải làm, theo thời hạn, trong mọi kế hoạch; của chính nó và qua nhóm",
             "What a body owes, by deadline, across all plans; its own, and through groups"),
    OP_LISTS(&owed_count_record, "owed.count", "/owed", OP_READ, PERM_READ, &count_args_record, count, false,
             "Mỗi cơ quan chủ trì, phối hợp, theo dõi bao nhiêu việc trong mọi kế hoạch",
             "How much each body leads, helps in and watches, across all plans"),
    OP_LISTS(&owed_unknown_record, "org.unknown", "/unknown-names", OP_READ, PERM_READ, &unknown_args_record, unknown,
             false, "Những tên cơ quan trong kế hoạch mà danh mục chưa nhận ra",
             "Names in the plans that the catalogue does not know"));
