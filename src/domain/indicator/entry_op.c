/* value.enter: figures typed by hand, as one batch. */
#include "domain/access/viewer.h"
#include "domain/indicator/entry.h"
#include "domain/indicator/value_load.h"
#include "domain/op.h"
#include "domain/org/org.h"
#include "store/db.h"

#include "base/banned.h"

#define WORDS(member, about, ...)                                                                                      \
    {                                                                                                                  \
#member, FIELD_TEXT, offsetof(struct entry_args, member), .doc = about, ##__VA_ARGS__                          \
    }
#define LIST(member, about, ...)                                                                                       \
    {                                                                                                                  \
#member, FIELD_TEXTS, offsetof(struct entry_args, member), .doc = about, ##__VA_ARGS__                         \
    }
RECORD(entry_args_record, struct entry_args, "value.enter", "Đối số của value.enter",
       WORDS(period, "kỳ, như 2026-Q3", .required = true),
       LIST(set, "số liệu: CHỈ-TIÊU[:PHÂN-TỔ][@NƠI]=SỐ, số viết như người viết (1.234,5)", .required = true),
       WORDS(place, "mã địa bàn hoặc cơ quan, cho những số không ghi @NƠI"),
       LIST(provisional, "những số là tạm tính: CHỈ-TIÊU[@NƠI]"), LIST(evidence, "căn cứ: CHỈ-TIÊU[@NƠI]=CĂN CỨ"),
       LIST(reason, "lý do sửa số chính thức đã có: CHỈ-TIÊU[@NƠI]=LÝ DO"),
       WORDS(org, "nhập cho cơ quan này; văn phòng nhập thay thì sổ cái ghi rõ"),
       {"confirm", FIELD_BOOL, offsetof(struct entry_args, confirm), .doc = "nhận cả những số có cảnh báo"},
       {"version", FIELD_I64, offsetof(struct entry_args, version),
        .doc = "vị trí sổ cái đã xem; số nào đã bị sửa sau đó thì từ chối (mặc định: không xét)"});

static enum err refuse_warnings(struct ctx *c, const struct value_problems *p)
{
    for (size_t i = 0; i < p->n; i++)
        if (str_eq(p->v[i].severity, S("warning"))) {
            enum err e = FAIL(c, E_INVALID,
                              "có %zu cảnh báo, hãy xem lại rồi gửi kèm confirm (warnings; send confirm to go on): "
                              "%.*s, %.*s: %.*s (%.*s)",
                              p->warnings, ARGS(p->v[i].indicator), ARGS(p->v[i].place), ARGS(p->v[i].message),
                              ARGS(p->v[i].message_en));
            c->error.field = S("confirm");
            return e;
        }
    return OK;
}

static enum err prepare(struct ctx *c, struct op_call *call)
{
    const struct entry_args *args = call->args;
    const struct dictionary *d;
    const struct org_catalogue *catalogue;
    struct entry *e = NEW(c->arena, struct entry);
    TRY(entry_from_args(c, args, e));
    TRY(org_catalogue_from_store(c, POS_NOW, &catalogue));
    TRY(dictionary_from_store(c, POS_NOW, &d));
    if (e->org.n && !org_unit(catalogue, e->org))
        return FAIL(c, E_NOTFOUND, "không có cơ quan \"%.*s\" (no such body)", ARGS(e->org));
    TRY(entry_judge(c, d, catalogue, e));
    TRY(value_refuse(c, S(""), &e->problems));
    if (!args->confirm)
        TRY(refuse_warnings(c, &e->problems));
    call->prepared = e;
    return OK;
}

/* Does who asks work in that body, and not only for everybody? */
static bool is_own(const struct viewer *v, struct str org)
{
    for (size_t i = 0; i < v->bodies.n; i++)
        if (str_eq(v->bodies.v[i].org, org) && v->bodies.v[i].may & (1U << PERM_ENTER))
            return true;
    return false;
}

static enum err enter(struct ctx *c, const struct op_call *call)
{
    struct entry *e = call->prepared;
    struct value_outcome outcome = {0};
    /* Who enters for all is written down as having done it for this one. */
    if (e->org.n && !c->actor.behalf.n && c->viewer && c->viewer->account.n && !is_own(c->viewer, e->org))
        c->actor.behalf = str_fmt(c->arena, "orgs/%.*s", ARGS(e->org));
    TRY(value_write(c, &e->batch, &outcome));
    emit_record(call->emit, &value_outcome_record, &outcome);
    return OK;
}

OPS(entry_ops, OP_PREPARED("value.enter", PERM_ENTER | PERM_IN_BODY, &entry_args_record, prepare, enter,
                           "Nhập số liệu của một kỳ, từng số một như trên lưới nhập",
                           "Enter figures of a period one by one, as in the grid"));
