#include "domain/indicator/value_rules.h"

#include "base/out.h"
#include "domain/indicator/value_load.h"

#include <inttypes.h>

#include "base/banned.h"

#define E(name, vi, en)                                                                                                \
    {                                                                                                                  \
        S0(name), S0("error"), S0(vi), S0(en)                                                                          \
    }
#define W(name, vi, en)                                                                                                \
    {                                                                                                                  \
        S0(name), S0("warning"), S0(vi), S0(en)                                                                        \
    }
const struct value_rule value_rules[RULE_COUNT] = {
    [RULE_HEADING] = E("heading", "Thiếu cột phải có, cột lạ, hoặc một cột có hai lần",
                       "A column that must be there is missing, unknown, or there twice"),
    [RULE_FILE] = E("file", "Tệp không đọc được", "The file cannot be read"),
    [RULE_CELL] = E("cell", "Ô có chữ mà cột không có tên", "A cell with text under no heading"),
    [RULE_NOT_A_NUMBER] = E("not_a_number", "Ô số liệu không phải là số", "The figure is no number"),
    [RULE_AMBIGUOUS] =
        E("ambiguous", "Số viết như 1.234 hoặc 1,234 mà không có gì cho biết là nghìn hay thập phân",
          "A number such as 1.234 or 1,234, and nothing says whether the mark parts thousands or decimals"),
    [RULE_PERCENT] = E("percent", "Số có dấu % mà đơn vị của chỉ tiêu không phải %",
                       "A % sign where the indicator's unit is no percentage"),
    [RULE_PERIOD] = E("period", "Kỳ không có trong lịch, hoặc không đọc được", "No such period"),
    [RULE_WORD] = E("word", "Ô chỉ nhận một số từ mà có từ khác", "A word that the column does not take"),
    [RULE_MISSING] = E("missing", "Dòng thiếu chỉ tiêu, nơi hoặc kỳ", "No indicator, place or period in the row"),
    [RULE_INDICATOR] = E("unknown_indicator", "Không có chỉ tiêu này trong danh mục", "No such indicator"),
    [RULE_DERIVED] =
        E("derived", "Chỉ tiêu tính theo công thức, không nhập số", "Worked out by a formula, so not entered"),
    [RULE_CATEGORY] = E("unknown_category", "Chỉ tiêu không có phân tổ này", "No such category of the indicator"),
    [RULE_PLACE] = E("unknown_place", "Không có địa bàn, cơ quan này", "No such area or body"),
    [RULE_TREE] = E("wrong_place", "Chỉ tiêu không tính cho nơi này", "The indicator is not told for such a place"),
    [RULE_PLACE_GONE] =
        E("place_gone", "Nơi này không còn trong kỳ đó", "The place was no longer there in that period"),
    [RULE_DENIED] = E("denied", "Không được nhập số cho nơi này", "May not enter figures for the place"),
    [RULE_FREQUENCY] = E("frequency", "Kỳ không đúng tần suất của chỉ tiêu", "A period of another frequency"),
    [RULE_NOT_BEGUN] = E("not_begun", "Kỳ chưa bắt đầu", "The period has not begun"),
    [RULE_NOT_FINITE] = E("not_finite", "Số không hữu hạn", "Not a finite number"),
    [RULE_RANGE] = E("range", "Số nằm ngoài khoảng cho phép của chỉ tiêu", "Out of the indicator's bounds"),
    [RULE_STEP] = E("step", "Mức của chỉ tiêu mô tả phải là số nguyên trong các mức đã định",
                    "A described indicator takes one of its steps"),
    [RULE_DUPLICATE] = E("duplicate", "Hai dòng cho cùng một số liệu", "Two rows of one figure"),
    [RULE_REASON] =
        E("reason", "Sửa số liệu chính thức mà không có lý do", "A correction of an official figure without a reason"),
    [RULE_READ_AS] = W("read_as", "Số có thể đọc hai cách, được đọc theo các ô khác hoặc theo chỉ tiêu",
                       "A number with two readings, read by its neighbours or by its indicator"),
    [RULE_PLACE_NEW] = W("place_new", "Số của kỳ trước khi nơi này được lập", "A period before the place was formed"),
    [RULE_JUMP] = W("jump", "Thay đổi quá mức so với kỳ trước", "A jump from the figure before"),
    [RULE_OUTLIER] =
        W("outlier", "Thay đổi khác hẳn các kỳ trước của chính nơi đó", "A change unlike any of the place's own past"),
    [RULE_GAPS] = W("gaps", "Còn nơi chưa có số trong kỳ", "Places without a figure in the period"),
    [RULE_SHARE] = W("share", "Tử số lớn hơn mẫu số của một tỷ lệ", "A share's part is more than its whole"),
    [RULE_PARTS] = W("parts", "Các phân tổ cộng lại không bằng tổng số", "The categories do not add up to the whole"),
    [RULE_UNSEEN] =
        W("unseen", "Có số liệu chưa được so với quá khứ vì quá nhiều", "Too much past to compare all figures with"),
};

#define RULE_FIELD(member, about)                                                                                      \
    {                                                                                                                  \
#member, FIELD_TEXT, offsetof(struct value_rule, member), .doc = about                                         \
    }
RECORD(value_rule_record, struct value_rule, "value_rule", "Một điều được xem xét khi nhận số liệu",
       RULE_FIELD(rule, "tên của quy tắc"), RULE_FIELD(severity, "error: không nhận; warning: nên xem lại"),
       RULE_FIELD(about, "nội dung"), RULE_FIELD(about_en, "nội dung, tiếng Anh"));

#define FIELD_OF(member, type, about, ...)                                                                             \
    {                                                                                                                  \
#member, type, offsetof(struct value_problem, member), .doc = about, ##__VA_ARGS__                             \
    }
RECORD(value_problem_record, struct value_problem, "value_problem", "Một chỗ sai hoặc nên xem lại của số liệu",
       FIELD_OF(severity, FIELD_TEXT, "error: không nhận; warning: nên xem lại", .one_of = "error|warning"),
       FIELD_OF(rule, FIELD_TEXT, "quy tắc"), FIELD_OF(sheet, FIELD_TEXT, "trang tính"),
       FIELD_OF(line, FIELD_I64, "dòng"), FIELD_OF(cell, FIELD_TEXT, "ô, như C12"),
       FIELD_OF(indicator, FIELD_TEXT, "mã chỉ tiêu"), FIELD_OF(place, FIELD_TEXT, "mã địa bàn, cơ quan"),
       FIELD_OF(period, FIELD_TEXT, "kỳ"), FIELD_OF(message, FIELD_TEXT, "sai thế nào"),
       FIELD_OF(message_en, FIELD_TEXT, "sai thế nào, tiếng Anh"));

static struct str cell_name(struct ctx *c, unsigned column, int64_t line)
{
    char letters[8];
    size_t n = sizeof letters;
    for (unsigned k = column; k && n; k = (k - 1) / 26)
        letters[--n] = (char)('A' + (k - 1) % 26);
    return str_fmt(c->arena, "%.*s%" PRId64, (int)(sizeof letters - n), letters + n, line);
}

static struct str known(struct str s)
{
    return s.n ? s : (struct str){0};
}

struct value_problem *value_problem_new(struct ctx *c, struct value_problems *problems, enum value_rule_id rule,
                                        const struct value_at *at)
{
    const struct value_rule *r = &value_rules[rule];
    size_t *count = str_eq(r->severity, S("error")) ? &problems->errors : &problems->warnings;
    if (++*count > VALUE_PROBLEMS)
        return NULL;
    struct value_problem *p = PUSH(c->arena, problems);
    bool has_cell = at->column && at->line != I64_NONE;
    *p = (struct value_problem){.severity = r->severity,
                                .rule = r->rule,
                                .sheet = known(at->sheet),
                                .line = at->line,
                                .cell = has_cell ? cell_name(c, at->column, at->line) : (struct str){0},
                                .indicator = known(at->indicator),
                                .place = known(at->place),
                                .period = known(at->period)};
    return p;
}

void value_problem_say(struct ctx *c, struct value_problems *problems, enum value_rule_id rule,
                       const struct value_at *at, struct str vi, struct str en)
{
    struct value_problem *p = value_problem_new(c, problems, rule, at);
    if (p) {
        p->message = vi;
        p->message_en = en;
    }
}

struct str value_problem_text(struct ctx *c, const struct value_problem *p)
{
    struct out o;
    out_init(&o, c->arena, 64 << 10);
    if (p->line != I64_NONE)
        out_fmt(&o, "dòng %" PRId64, p->line);
    if (p->cell.n)
        out_fmt(&o, ", ô %.*s", ARGS(p->cell));
    if (p->sheet.n)
        out_fmt(&o, " (trang %.*s)", ARGS(p->sheet));
    if (p->line == I64_NONE && p->indicator.n)
        out_fmt(&o, "%.*s %.*s", ARGS(p->indicator), ARGS(p->period));
    out_put(&o, o.n ? S(": ") : S(""));
    out_fmt(&o, "%.*s (%.*s)", ARGS(p->message), ARGS(p->message_en));
    return out_str(&o);
}

enum err value_refuse(struct ctx *c, struct str file, const struct value_problems *problems)
{
    enum { TOLD = 20, TOLD_BYTES = 256 << 10 };
    struct out o;
    size_t told = 0;
    if (!problems->errors)
        return OK;
    out_init(&o, c->arena, TOLD_BYTES);
    for (size_t i = 0; i < problems->n && told < TOLD; i++) {
        if (!str_eq(problems->v[i].severity, S("error")))
            continue;
        out_put(&o, S("\n  "));
        out_put(&o, value_problem_text(c, &problems->v[i]));
        told++;
    }
    if (problems->errors > told)
        out_fmt(&o, "\n  … và %zu lỗi nữa (and more)", problems->errors - told);
    return FAIL_AT(c, E_INVALID, file, 0, "số liệu có %zu lỗi, không ghi gì (errors, nothing was written):%.*s",
                   problems->errors, ARGS(out_str(&o)));
}

void value_expect(const struct value_batch *b, const struct value_problems *problems, struct value_outcome *ret)
{
    *ret = (struct value_outcome){.added = I64_NONE, .changed = problems->changed, .same = problems->same};
    if (problems->changed != I64_NONE)
        ret->added = (int64_t)b->rows.n - problems->changed - problems->same;
}

struct str value_period_text(struct ctx *c, int32_t period)
{
    struct period p;
    char text[24];
    return period_of_code(period, &p) ? str_dup(c->arena, period_text(p, text)) : (struct str){0};
}

int value_months(struct str frequency)
{
    static const struct {
        struct str word;
        int months;
    } words[] = {{S0("month"), 1}, {S0("quarter"), 3}, {S0("half"), 6}, {S0("year"), 12}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq(frequency, words[i].word))
            return words[i].months;
    return 0;
}
