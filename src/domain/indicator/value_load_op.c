/* Operations that take figures in. */
#include "domain/indicator/value_dhis2.h"
#include "domain/indicator/value_form.h"
#include "domain/indicator/value_load.h"
#include "domain/indicator/value_rules.h"
#include "domain/op.h"

#include "base/banned.h"

#define MARKS "auto|comma|point"

struct load_args {
    struct str name, text, file, source, reason, numbers;
    bool official, dry_run;
};
#define TEXT_ARG(member, about, ...)                                                                                   \
    {                                                                                                                  \
#member, FIELD_TEXT, offsetof(struct load_args, member), .doc = about, ##__VA_ARGS__                           \
    }
#define BOOL_ARG(member, about)                                                                                        \
    {                                                                                                                  \
#member, FIELD_BOOL, offsetof(struct load_args, member), .doc = about                                          \
    }
RECORD(value_load_args, struct load_args, "value.load", "Đối số của value.load",
       TEXT_ARG(name, "tên tệp, như so-lieu-quy-3.xlsx", .required = true), TEXT_ARG(text, "nội dung, khi là CSV"),
       {"file", FIELD_BYTES, offsetof(struct load_args, file),
        .doc = "nội dung tệp CSV hoặc XLSX, khi gửi bằng multipart/form-data"},
       TEXT_ARG(source, "nguồn của những dòng không ghi nguồn (mặc định: nguồn của chỉ tiêu)"),
       TEXT_ARG(reason, "lý do của những dòng không ghi lý do; cần khi sửa số chính thức"),
       TEXT_ARG(numbers, "dấu thập phân của các số viết bằng chữ trong tệp (mặc định: auto, theo cách viết)",
                .one_of = MARKS),
       BOOL_ARG(official, "số chính thức, ở những dòng không ghi là tạm tính (mặc định: tạm tính)"),
       BOOL_ARG(dry_run, "chỉ kiểm tra: mọi chỗ sai và nên xem lại, không ghi gì"));

enum number_marks value_load_marks(struct str word)
{
    return str_eq(word, S("comma")) ? NUMBER_COMMA : str_eq(word, S("point")) ? NUMBER_POINT : NUMBER_EITHER;
}

static enum err prepare_load(struct ctx *c, struct op_call *call)
{
    const struct load_args *args = call->args;
    struct value_load *load = NEW(c->arena, struct value_load);
    *load = (struct value_load){.content = args->file.p   ? args->file
                                           : args->text.p ? args->text
                                                          : S(""),
                                .name = args->name,
                                .source = args->source,
                                .reason = args->reason,
                                .official = args->official,
                                .marks = value_load_marks(args->numbers)};
    call->prepared = load;
    TRY(value_load_check(c, load));
    if (args->dry_run)
        return OK;
    TRY(value_refuse(c, load->name, &load->problems));
    return value_load_stage(c, call->writer, load);
}

static enum err run_load(struct ctx *c, const struct op_call *call)
{
    const struct load_args *args = call->args;
    struct value_load *load = call->prepared;
    if (!args->dry_run)
        TRY(value_load_run(c, load));
    emit_map(call->emit);
    emit_key(call->emit, S("dry_run"));
    emit_bool(call->emit, args->dry_run);
    emit_key(call->emit, S("batch"));
    emit_i64(call->emit, load->outcome.position ? load->outcome.position : I64_NONE);
    value_load_emit(call->emit, load);
    emit_end(call->emit);
    return OK;
}

struct dhis2_args {
    struct str text, strategy, id_scheme, source;
    bool official, dry_run;
};
#define DHIS2_ARG(member, type, about, ...)                                                                            \
    {                                                                                                                  \
#member, type, offsetof(struct dhis2_args, member), .doc = about, ##__VA_ARGS__                                \
    }
RECORD(value_dhis2_args, struct dhis2_args, "value.dhis2", "Đối số của value.dhis2",
       DHIS2_ARG(text, FIELD_TEXT, "JSON của dataValueSets", .required = true),
       DHIS2_ARG(strategy, FIELD_TEXT, "importStrategy: chỉ CREATE_AND_UPDATE"),
       DHIS2_ARG(id_scheme, FIELD_TEXT, "idScheme: uid, code hoặc name"),
       DHIS2_ARG(source, FIELD_TEXT, "nguồn (mặc định: nguồn của chỉ tiêu)"),
       DHIS2_ARG(official, FIELD_BOOL, "số chính thức (mặc định: tạm tính)"),
       DHIS2_ARG(dry_run, FIELD_BOOL, "chỉ kiểm tra, không ghi gì"));

static enum err prepare_dhis2(struct ctx *c, struct op_call *call)
{
    const struct dhis2_args *args = call->args;
    struct value_dhis2 *set = NEW(c->arena, struct value_dhis2);
    *set = (struct value_dhis2){.body = args->text,
                                .strategy = args->strategy,
                                .id_scheme = args->id_scheme,
                                .source = args->source,
                                .official = args->official,
                                .dry_run = args->dry_run};
    call->prepared = set;
    return value_dhis2_check(c, set);
}

static enum err run_dhis2(struct ctx *c, const struct op_call *call)
{
    TRY(value_dhis2_run(c, call->prepared));
    value_dhis2_emit(call->emit, call->prepared);
    return OK;
}

struct form_args {
    struct str place, period;
    struct strs indicators;
    bool below;
};
RECORD(value_template_args, struct form_args, "value.template", "Đối số của value.template",
       {"place", FIELD_TEXT, offsetof(struct form_args, place), .doc = "mã địa bàn hoặc cơ quan", .required = true},
       {"period", FIELD_TEXT, offsetof(struct form_args, period), .doc = "kỳ, như 2026-Q3", .required = true},
       {"indicators", FIELD_TEXTS, offsetof(struct form_args, indicators),
        .doc = "chỉ những chỉ tiêu này (mặc định: mọi chỉ tiêu nơi ấy báo cáo cho kỳ ấy)"},
       {"below", FIELD_BOOL, offsetof(struct form_args, below),
        .doc = "tệp XLSX có một dòng cho mỗi địa bàn ngay bên dưới, một cột cho mỗi chỉ tiêu"});

static struct value_form form_of(const struct op_call *call)
{
    const struct form_args *args = call->args;
    return (struct value_form){
        .place = args->place, .period = args->period, .indicators = args->indicators, .below = args->below};
}

static enum err show_form(struct ctx *c, const struct op_call *call)
{
    struct value_form form = form_of(call);
    struct emit *e = call->emit;
    TRY(value_form_read(c, &form));
    emit_map(e);
    emit_key(e, S("place"));
    emit_text(e, form.place);
    emit_key(e, S("place_name"));
    emit_text(e, form.place_name);
    emit_key(e, S("period"));
    emit_text(e, form.period);
    emit_key(e, S("items"));
    emit_list(e);
    for (size_t i = 0; i < form.rows.n; i++)
        emit_record(e, &value_form_row_record, &form.rows.v[i]);
    emit_end(e);
    emit_key(e, S("next"));
    emit_text(e, (struct str){0});
    emit_end(e);
    return OK;
}

static enum err form_sheet(struct ctx *c, const struct op_call *call, struct str *ret)
{
    struct value_form form = form_of(call);
    return value_form_sheet(c, &form, ret);
}

static enum err list_rules(struct ctx *c, const struct op_call *call)
{
    (void)c;
    emit_map(call->emit);
    emit_key(call->emit, S("items"));
    emit_list(call->emit);
    for (size_t i = 0; i < RULE_COUNT; i++)
        emit_record(call->emit, &value_rule_record, &value_rules[i]);
    emit_end(call->emit);
    emit_key(call->emit, S("next"));
    emit_text(call->emit, (struct str){0});
    emit_end(call->emit);
    return OK;
}

OPS(value_load_ops,
    OP_PREPARED("value.load", PERM_ENTER | PERM_IN_BODY, &value_load_args, prepare_load, run_load,
                "Nạp một tệp số liệu CSV hoặc XLSX; một dòng sai thì không ghi gì",
                "Take in a file of figures, CSV or XLSX; nothing at all if a row is wrong"),
    OP_PREPARED("value.dhis2", PERM_ENTER | PERM_IN_BODY, &value_dhis2_args, prepare_dhis2, run_dhis2,
                "Nhận số liệu theo dạng dataValueSets của DHIS2; POST /api/dataValueSets nhận thẳng dạng ấy",
                "Take in figures in the form of DHIS2's dataValueSets; POST /api/dataValueSets takes just that"),
    {.name = "value.template",
     .path = "/values/template",
     .kind = OP_READ,
     OP_MAY(PERM_ENTER | PERM_IN_BODY),
     .args = &value_template_args,
     .run = show_form,
     .slow = true,
     .vi = "Biểu nhập số liệu của một nơi cho một kỳ, đã điền số có sẵn; dạng XLSX điền xong nạp lại bằng value.load",
     .en = "The form of a place for a period, prefilled; as XLSX it is filled in and taken back by value.load",
     .gives = &value_form_row_record,
     .many = true,
     .sheet = form_sheet},
    OP_LISTS(&value_rule_record, "value.rules", NULL, OP_READ, PERM_READ, NULL, list_rules, false,
             "Những điều được xem xét khi nhận số liệu", "What is looked at in figures on the way in"));
