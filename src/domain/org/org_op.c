/* Operations on bodies and areas. */
#include "domain/op.h"
#include "domain/org/catalogue.h"

#include "base/period.h"
#include "ledger/ledger.h"

#include "base/banned.h"

enum { LIMIT_DEFAULT = 100, LIMIT_MAX = 1000 };

#define MOMENT_FIELDS(type)                                                                                                             \
    {"day", FIELD_DAY, offsetof(struct type, day), .doc = "như tồn tại vào ngày này (mặc định: as_of, hoặc hôm nay)"},                  \
    {                                                                                                                                   \
        "as_of", FIELD_DAY, offsetof(struct type, as_of), .doc = "như đã biết đến hết ngày này (mặc định: bây giờ)" \
    }
#define PAGE_FIELDS(type)                                                                                                         \
    {"after", FIELD_TEXT, offsetof(struct type, after), .doc = "sau mã này"},                                                     \
    {                                                                                                                             \
        "limit", FIELD_I64, offsetof(struct type, limit), .doc = "nhiều nhất chừng này, 1 đến 1000 (mặc định 100)" \
    }

struct unit_list_args {
    struct str q, kind, tree, under, group, after;
    int64_t limit;
    int32_t day, as_of;
};
RECORD(unit_list_args_record, struct unit_list_args, "org.list", "Đối số của org.list",
       {"q", FIELD_TEXT, offsetof(struct unit_list_args, q),
        .doc = "chỉ những tên có các từ này (không kể dấu, chữ hoa), xét cả tên ngắn, tên khác và mã"},
       {"kind", FIELD_TEXT, offsetof(struct unit_list_args, kind), .doc = "chỉ loại này"},
       {"tree", FIELD_TEXT, offsetof(struct unit_list_args, tree), .one_of = ORG_TREES, .doc = "hệ thống của under"},
       {"under", FIELD_TEXT, offsetof(struct unit_list_args, under), .doc = "cơ quan này và các cơ quan dưới nó"},
       {"group", FIELD_TEXT, offsetof(struct unit_list_args, group), .doc = "thành viên của nhóm này"},
       PAGE_FIELDS(unit_list_args), MOMENT_FIELDS(unit_list_args));

struct get_args {
    struct str code;
    int32_t day, as_of;
};
RECORD(get_args_record, struct get_args, "org.get", "Đối số của org.get",
       {"code", FIELD_TEXT, offsetof(struct get_args, code), .doc = "mã cơ quan hoặc nhóm", .required = true},
       MOMENT_FIELDS(get_args));

RECORD(area_get_args_record, struct get_args, "area.get", "Đối số của area.get",
       {"code", FIELD_TEXT, offsetof(struct get_args, code), .doc = "mã địa bàn", .required = true},
       MOMENT_FIELDS(get_args));

struct area_list_args {
    struct str q, kind, after;
    int64_t limit;
    int32_t day, as_of;
};
RECORD(area_list_args_record, struct area_list_args, "area.list", "Đối số của area.list",
       {"q", FIELD_TEXT, offsetof(struct area_list_args, q),
        .doc = "chỉ những tên có các từ này (không kể dấu, chữ hoa), xét cả tên ngắn, tên khác và mã"},
       {"kind", FIELD_TEXT, offsetof(struct area_list_args, kind), .doc = "chỉ loại này, ví dụ ward hoặc commune"},
       PAGE_FIELDS(area_list_args), MOMENT_FIELDS(area_list_args));

static enum err catalogue_at(struct ctx *c, int32_t as_of, const struct org_catalogue **ret)
{
    int64_t at = POS_NOW;
    if (as_of != DAY_NONE)
        TRY(ledger_position_at(c, moment_of_day(as_of + 1) - 1, &at));
    return org_catalogue_from_store(c, at, ret);
}

static int32_t day_of(struct ctx *c, int32_t day, int32_t as_of)
{
    return day != DAY_NONE ? day : as_of != DAY_NONE ? as_of : day_of_moment(ctx_now(c));
}

/* A page of codes: where it begins and ends. */
struct page {
    size_t from, to;
    bool more;
};

static enum err page_of(struct ctx *c, struct strs codes, struct str after, int64_t limit, struct page *ret)
{
    if (limit == I64_NONE)
        limit = LIMIT_DEFAULT;
    if (limit < 1 || limit > LIMIT_MAX)
        return FAIL(c, E_INVALID, "limit phải từ 1 đến %d (must be 1 to %d)", LIMIT_MAX, LIMIT_MAX);
    size_t from = 0;
    while (after.n && from < codes.n && !str_eq(codes.v[from], after))
        from++;
    if (after.n && from == codes.n)
        return FAIL(c, E_INVALID, "after: không có mã \"%.*s\" trong danh sách (not in the list)", ARGS(after));
    from += after.n > 0;
    bool more = codes.n - from > (size_t)limit;
    *ret = (struct page){from, more ? from + (size_t)limit : codes.n, more};
    return OK;
}

static void end_page(struct emit *e, struct strs codes, const struct page *page)
{
    emit_end(e);
    emit_key(e, S("next"));
    emit_text(e, page->more ? codes.v[page->to - 1] : (struct str){0});
    emit_end(e);
}

static struct org_unit_row row_of(const struct org_catalogue *catalogue, struct str code, int32_t day)
{
    return (struct org_unit_row){*org_unit(catalogue, code), org_parent(catalogue, S("party"), code, day),
                                 org_parent(catalogue, S("state"), code, day),
                                 org_parent(catalogue, S("front"), code, day), org_led_by(catalogue, code, day)};
}

/* Bodies that exist on the day and pass all that was asked for. */
static enum err select_units(struct ctx *c, const struct org_catalogue *catalogue, const struct unit_list_args *args,
                             int32_t day, struct strs *ret)
{
    struct org_units all = org_units(catalogue);
    struct strs below = {0}, members = {0};
    struct org_map in_below = {0}, in_group = {0};
    if (args->under.n)
        TRY(org_subtree(c, catalogue, args->tree.n ? args->tree : S("party"), args->under, day, &below));
    for (size_t i = 0; i < below.n; i++)
        *org_map_put(c->arena, &in_below, below.v[i]) = 1;
    if (args->group.n)
        TRY(org_members(c, catalogue, args->group, day, &members));
    for (size_t i = 0; i < members.n; i++)
        *org_map_put(c->arena, &in_group, members.v[i]) = 1;
    if (args->kind.n && !org_kind(catalogue, args->kind))
        return FAIL(c, E_INVALID, "kind: không có loại \"%.*s\" (unknown kind)", ARGS(args->kind));
    const struct org_filter *words = org_filter_new(c, catalogue, args->q);
    struct str *codes = NEWN(c->arena, struct str, all.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < all.n; i++) {
        const struct org_unit *u = all.v[i];
        if (org_exists(u->valid_from, u->valid_to, day) && (!args->kind.n || str_eq(u->kind, args->kind)) &&
            (!args->under.n || org_map_get(&in_below, u->code) != UINT32_MAX) &&
            (!args->group.n || org_map_get(&in_group, u->code) != UINT32_MAX) && org_filter_fits(c, words, u->code))
            codes[n++] = u->code;
    }
    *ret = (struct strs){codes, n};
    return OK;
}

static enum err unit_list(struct ctx *c, const struct op_call *call)
{
    const struct unit_list_args *args = call->args;
    const struct org_catalogue *catalogue;
    struct strs codes;
    struct page page;
    int32_t day = day_of(c, args->day, args->as_of);
    TRY(catalogue_at(c, args->as_of, &catalogue));
    TRY(select_units(c, catalogue, args, day, &codes));
    TRY(page_of(c, codes, args->after, args->limit, &page));
    emit_map(call->emit);
    emit_key(call->emit, S("items"));
    emit_list(call->emit);
    for (size_t i = page.from; i < page.to; i++) {
        struct org_unit_row row = row_of(catalogue, codes.v[i], day);
        emit_record(call->emit, &org_unit_columns, &row);
    }
    end_page(call->emit, codes, &page);
    return OK;
}

static void emit_codes(struct emit *e, struct str key, struct strs codes)
{
    emit_key(e, key);
    emit_list(e);
    for (size_t i = 0; i < codes.n; i++)
        emit_text(e, codes.v[i]);
    emit_end(e);
}

static void emit_aliases(struct emit *e, const struct org_catalogue *catalogue, struct str code)
{
    emit_key(e, S("aliases"));
    emit_list(e);
    for (size_t i = 0; i < catalogue->rows[ORG_T_ALIAS].n; i++)
        if (str_eq(ORG_ALIASES(catalogue)[i].code, code))
            emit_record(e, &org_alias_record, &ORG_ALIASES(catalogue)[i]);
    emit_end(e);
}

static enum err get_group(struct ctx *c, struct emit *e, const struct org_catalogue *catalogue,
                          const struct org_group *g, int32_t day)
{
    struct strs members;
    TRY(org_members(c, catalogue, g->code, day, &members));
    emit_map(e);
    emit_fields(e, &org_group_record, g);
    emit_codes(e, S("members"), members);
    emit_aliases(e, catalogue, g->code);
    emit_end(e);
    return OK;
}

static enum err get(struct ctx *c, const struct op_call *call)
{
    const struct get_args *args = call->args;
    const struct org_catalogue *catalogue;
    struct emit *e = call->emit;
    int32_t day = day_of(c, args->day, args->as_of);
    TRY(catalogue_at(c, args->as_of, &catalogue));
    const struct org_unit *u = org_unit(catalogue, args->code);
    const struct org_group *g = org_group(catalogue, args->code);
    if (g)
        return get_group(c, e, catalogue, g, day);
    if (!u)
        return FAIL(c, E_NOTFOUND, "không có cơ quan hoặc nhóm \"%.*s\" (no such body or group)", ARGS(args->code));
    struct org_unit_row row = row_of(catalogue, u->code, day);
    const struct org_kind *kind = org_kind(catalogue, u->kind);
    emit_map(e);
    emit_fields(e, &org_unit_columns, &row);
    emit_key(e, S("kind_name"));
    emit_text(e, kind ? kind->name : (struct str){0});
    emit_key(e, S("led_by"));
    emit_text(e, org_leader_of(catalogue, u->code, day));
    static const char *const trees[] = {"party", "state", "front"};
    emit_key(e, S("below"));
    emit_map(e);
    for (size_t i = 0; i < sizeof trees / sizeof *trees; i++)
        emit_codes(e, str_of(trees[i]), org_children(c, catalogue, str_of(trees[i]), u->code, day));
    emit_end(e);
    emit_codes(e, S("predecessors"), org_predecessors(c, catalogue, u->code));
    emit_codes(e, S("successors"), org_successors(c, catalogue, u->code));
    emit_aliases(e, catalogue, u->code);
    emit_end(e);
    return OK;
}

static struct org_area_row area_row(struct ctx *c, const struct org_catalogue *catalogue, const struct org_area *area,
                                    int32_t day)
{
    return (struct org_area_row){*area, org_area_name(catalogue, c, area), org_serving(c, catalogue, area->code, day)};
}

static enum err area_get(struct ctx *c, const struct op_call *call)
{
    const struct get_args *args = call->args;
    const struct org_catalogue *catalogue;
    TRY(catalogue_at(c, args->as_of, &catalogue));
    const struct org_area *area = org_area(catalogue, args->code);
    if (!area)
        return FAIL(c, E_NOTFOUND, "không có địa bàn \"%.*s\" (no such area)", ARGS(args->code));
    struct org_area_row row = area_row(c, catalogue, area, day_of(c, args->day, args->as_of));
    emit_map(call->emit);
    emit_fields(call->emit, &org_area_row_record, &row);
    emit_codes(call->emit, S("predecessors"), org_predecessors(c, catalogue, area->code));
    emit_codes(call->emit, S("successors"), org_successors(c, catalogue, area->code));
    emit_aliases(call->emit, catalogue, area->code);
    emit_end(call->emit);
    return OK;
}

static enum err area_list(struct ctx *c, const struct op_call *call)
{
    const struct area_list_args *args = call->args;
    const struct org_catalogue *catalogue;
    struct page page;
    int32_t day = day_of(c, args->day, args->as_of);
    TRY(catalogue_at(c, args->as_of, &catalogue));
    struct org_areas all = org_areas(catalogue);
    struct strs codes = {NEWN(c->arena, struct str, all.n + 1), 0};
    const struct org_filter *words = org_filter_new(c, catalogue, args->q);
    for (size_t i = 0; i < all.n; i++)
        if (org_exists(all.v[i]->valid_from, all.v[i]->valid_to, day) &&
            (!args->kind.n || str_eq(args->kind, all.v[i]->kind)) && org_filter_fits(c, words, all.v[i]->code))
            codes.v[codes.n++] = all.v[i]->code;
    TRY(page_of(c, codes, args->after, args->limit, &page));
    emit_map(call->emit);
    emit_key(call->emit, S("items"));
    emit_list(call->emit);
    for (size_t i = page.from; i < page.to; i++) {
        struct org_area_row row = area_row(c, catalogue, org_area(catalogue, codes.v[i]), day);
        emit_record(call->emit, &org_area_row_record, &row);
    }
    end_page(call->emit, codes, &page);
    return OK;
}

OPS(org_ops,
    OP_LISTS(&org_unit_columns, "org.list", "/orgs", OP_READ, PERM_READ, &unit_list_args_record, unit_list, false,
             "Các cơ quan, đơn vị: theo loại, theo nhóm, hoặc dưới một cơ quan",
             "Bodies: by kind, by group, or below a body"),
    OP_EITHER(&org_unit_columns, &org_group_record, "org.get", "/orgs/{code}", OP_READ, PERM_READ, &get_args_record,
              get, false, "Một cơ quan với tên gọi, cấp trên, cấp dưới, tiền thân; hoặc một nhóm với thành viên",
              "A body with its names, what is above and below it and came before it; or a group with its members"),
    OP_LISTS(&org_area_row_record, "area.list", "/areas", OP_READ, PERM_READ, &area_list_args_record, area_list, false,
             "Các địa bàn với diện tích, tâm và cơ quan phục vụ",
             "Areas with their surface, centre and the bodies that serve them"),
    OP_GIVES(&org_area_row_record, "area.get", "/areas/{code}", OP_READ, PERM_READ, &area_get_args_record, area_get,
             false, "Một địa bàn với cơ quan phục vụ, tiền thân và tên gọi khác",
             "An area with the bodies that serve it, what came before it and its other names"));
