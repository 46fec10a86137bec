/* The operation that loads boundaries. */
#include "domain/geo/geo.h"
#include "domain/op.h"

#include "base/banned.h"

struct load_args {
    struct str name, text, file;
    double tolerance;
    bool dry_run;
};
RECORD(geo_load_args, struct load_args, "geo.load", "Đối số của geo.load",
       {"name", FIELD_TEXT, offsetof(struct load_args, name), .doc = "tên tệp, như ranh-gioi.geojson",
        .required = true},
       {"text", FIELD_TEXT, offsetof(struct load_args, text), .doc = "nội dung GeoJSON"},
       {"file", FIELD_BYTES, offsetof(struct load_args, file), .doc = "nội dung, khi gửi bằng multipart/form-data"},
       {"tolerance", FIELD_F64, offsetof(struct load_args, tolerance), .unit = "m",
        .doc = "ranh giới được phép lệch chừng này mét khi giản lược (mặc định 30; 0: giữ nguyên)"},
       {"dry_run", FIELD_BOOL, offsetof(struct load_args, dry_run), .doc = "chỉ kiểm tra và đếm, không ghi gì"});

static enum err prepare(struct ctx *c, struct op_call *call)
{
    const struct load_args *args = call->args;
    struct geo_load *load = NEW(c->arena, struct geo_load);
    load->name = args->name;
    load->content = args->file.p ? args->file : args->text.p ? args->text : S("");
    load->metres = args->tolerance;
    call->prepared = load;
    return geo_load_prepare(c, load);
}

static enum err load(struct ctx *c, const struct op_call *call)
{
    const struct load_args *args = call->args;
    struct geo_load *load = call->prepared;
    TRY(args->dry_run ? geo_load_check(c, load) : geo_load_run(c, load));
    emit_map(call->emit);
    emit_key(call->emit, S("dry_run"));
    emit_bool(call->emit, args->dry_run);
    emit_fields(call->emit, &geo_load_record, load);
    emit_end(call->emit);
    return OK;
}

OPS(geo_ops, OP_PREPARED("geo.load", PERM_ADMIN, &geo_load_args, prepare, load,
                         "Nạp ranh giới địa bàn từ GeoJSON; một đối tượng sai thì không thay đổi gì",
                         "Load boundaries of areas from GeoJSON; nothing at all if a feature is wrong"));
