/* The descriptions of the queries and rows of list.h: arguments, JSON, CSV, XLSX and their schema. */
#include "domain/plan/list.h"

#include "base/banned.h"

#define TEXT(type, member, about, ...)                                                                                 \
    {                                                                                                                  \
#member, FIELD_TEXT, offsetof(struct type, member), .doc = about, ##__VA_ARGS__                                \
    }
#define PLAN_ARG(type) TEXT(type, plan, "tên kế hoạch (slug); bỏ trống: mọi kế hoạch")
#define PAGE_ARGS(type)                                                                                                      \
    TEXT(type, after, "đi tiếp từ `next` của trang trước"),                                                                  \
        {"limit", FIELD_I64, offsetof(struct type, limit),                                                                   \
         .doc = "nhiều nhất chừng này dòng, 1 đến 1000 (mặc định 100)"},                                                     \
    {                                                                                                                        \
        "as_of", FIELD_DAY, offsetof(struct type, as_of),                                                                    \
            .doc = "như đã biết đến hết ngày này, thời hạn xét vào ngày này (mặc định: bây giờ)" \
    }
#define COUNT_ARG(type)                                                                                                \
    {                                                                                                                  \
        "count", FIELD_BOOL, offsetof(struct type, count), .doc = "true: kèm tổng số dòng"                       \
    }

RECORD(task_query_record, struct task_query, "task.list", "Đối số của task.list và programme.list",
       PLAN_ARG(task_query),
       TEXT(task_query, body, "mã một cơ quan hoặc nhóm: chỉ việc giao cho cơ quan đó, theo vai trò ở `role`"),
       TEXT(task_query, role, "vai trò của `body` (mặc định: lead)", .one_of = "lead|coordinating|monitor"),
       TEXT(task_query, schedule, "loại thời gian thực hiện", .one_of = SCHEDULE_KINDS),
       {"due_from", FIELD_DAY, offsetof(struct task_query, due_from), .doc = "hạn từ ngày này; xếp theo hạn"},
       {"due_to", FIELD_DAY, offsetof(struct task_query, due_to), .doc = "hạn đến ngày này; xếp theo hạn"},
       TEXT(task_query, due, "hạn đã qua, trong 30 ngày tới, sau đó; chưa có hạn; theo kỳ. Ba loại đầu xếp theo hạn",
            .one_of = "past|soon|later|missing|periodic"),
       TEXT(task_query, findings, "có điểm phải xử lý (error), hoặc ít nhất là cần xem xét (warning)",
            .one_of = "error|warning"),
       TEXT(task_query, q, "chữ trong tên việc, không phân biệt dấu và hoa thường"), PAGE_ARGS(task_query),
       COUNT_ARG(task_query));

RECORD(target_query_record, struct target_query, "target.list", "Đối số của target.list", PLAN_ARG(target_query),
       TEXT(target_query, part, "một mục và những mục dưới nó: II.1, III.3"),
       TEXT(target_query, measure, "cách đo", .one_of = "level|growth|rank|state"),
       TEXT(target_query, by, "năm phải đạt"), TEXT(target_query, unit, "đơn vị tính, viết như trong kế hoạch"),
       PAGE_ARGS(target_query), COUNT_ARG(target_query));

RECORD(duty_query_record, struct duty_query, "duty.list", "Đối số của duty.list", PLAN_ARG(duty_query),
       TEXT(duty_query, body, "mã cơ quan hoặc nhóm phải làm"),
       TEXT(duty_query, schedule, "loại thời gian thực hiện", .one_of = SCHEDULE_KINDS), PAGE_ARGS(duty_query),
       COUNT_ARG(duty_query));

RECORD(finding_query_record, struct finding_query, "finding.list", "Đối số của finding.list", PLAN_ARG(finding_query),
       TEXT(finding_query, rule, "quy tắc đã phát hiện", .one_of = FINDING_RULES),
       TEXT(finding_query, severity, "mức: phải xử lý, cần xem xét, ghi nhận", .one_of = "error|warning|info"),
       PAGE_ARGS(finding_query), COUNT_ARG(finding_query));

RECORD(clause_query_record, struct clause_query, "clause.list", "Đối số của clause.list",
       TEXT(clause_query, plan, "tên kế hoạch (slug)", .required = true), PAGE_ARGS(clause_query));

/* --- rows --- */

#define IN_TASK(member, about, ...)                                                                                    \
    {                                                                                                                  \
#member, FIELD_TEXT, offsetof(struct task_item, task.member), .doc = about, ##__VA_ARGS__                      \
    }
#define NAMES(name, type, member, about)                                                                               \
    {                                                                                                                  \
        name, FIELD_TEXTS, offsetof(struct type, member), .doc = about                                                 \
    }
#define TASK_FIELDS                                                                                                    \
    TEXT(task_item, id, "Its name in addresses: plan, dot, clause", .required = true),                                 \
        TEXT(task_item, plan, "Plan (slug)", .required = true),                                                        \
        IN_TASK(path, "Clause that asks for it", .required = true), IN_TASK(title, "Short name"),                      \
        IN_TASK(text, "Its words in the document"),                                                                    \
        NAMES("lead", task_item, task.lead, "Bodies that answer for it (chủ trì)"),                                    \
        NAMES("lead_orgs", task_item, lead_orgs, "Their codes, null where the catalogue does not know the name"),      \
        NAMES("coordinating", task_item, task.coordinating, "Bodies that help (phối hợp)"),                            \
        NAMES("coordinating_orgs", task_item, coordinating_orgs, "Their codes"),                                       \
        NAMES("monitor", task_item, task.monitor, "Bodies that follow it (theo dõi)"),                                 \
        IN_TASK(product, "What shows that it is done (sản phẩm)"),                                                     \
        {"schedule", FIELD_RECORD, offsetof(struct task_item, task.schedule), .of = &schedule_record,                  \
         .doc = "When it is to be done"},                                                                              \
        TEXT(task_item, due_state, "How its deadline stands to the day", .one_of = DUE_WORDS, .required = true),       \
        {"days", FIELD_I64, offsetof(struct task_item, days), .unit = "day",                                           \
         .doc = "Days to the deadline; negative: it has passed"},                                                      \
        {"errors", FIELD_I64, offsetof(struct task_item, errors), .doc = "Findings about it that must be settled"},    \
        {"warnings", FIELD_I64, offsetof(struct task_item, warnings), .doc = "Findings about it to be looked at"},     \
    {                                                                                                                  \
        "line", FIELD_I64, offsetof(struct task_item, task.line), .unit = "line",                                      \
                                                                  .doc = "Line of the source document, from 1"         \
    }
#define PROGRAMME_FIELDS                                                                                               \
    TASK_FIELDS, IN_TASK(objective, "Its aim (mục tiêu)"), IN_TASK(directions, "Its groups of tasks (định hướng)"),    \
        IN_TASK(results, "What it is to reach (kết quả cần đạt)")

RECORD(task_item_record, struct task_item, "task_item", "A task (nhiệm vụ) of an approved plan", TASK_FIELDS);
RECORD(programme_item_record, struct task_item, "programme_item", "A key programme (chương trình) of an approved plan",
       PROGRAMME_FIELDS);

/* The item stands first in its detail, so its fields are at the same places. */
_Static_assert(offsetof(struct task_detail, item) == 0, "the fields of an item are read out of its detail");
RECORD(told_indicator_record, struct told_indicator, "told_indicator", "An indicator that tells of an item",
       TEXT(told_indicator, code, "Its code", .required = true),
       TEXT(told_indicator, name, "Its name", .required = true), TEXT(told_indicator, name_en, "The same in English"),
       TEXT(told_indicator, unit, "Its unit"));
#define DETAIL_FIELDS                                                                                                  \
    {"plan_title", FIELD_TEXT, offsetof(struct task_detail, plan_title), .doc = "Title of the plan"},                  \
        {"findings", FIELD_LIST, offsetof(struct task_detail, findings), .of = &finding_item_record,                   \
         .doc = "What the plan leaves open or contradicts there"},                                                     \
        {"targets", FIELD_LIST, offsetof(struct task_detail, targets), .of = &target_item_record,                      \
         .doc = "Targets its clause sets"},                                                                            \
    {                                                                                                                  \
        "indicators", FIELD_LIST, offsetof(struct task_detail, indicators), .of = &told_indicator_record,              \
                                                                            .doc = "Indicators that tell of it"        \
    }
RECORD(task_detail_record, struct task_detail, "task_detail", "A task with what is found about it", TASK_FIELDS,
       DETAIL_FIELDS);
RECORD(programme_detail_record, struct task_detail, "programme_detail", "A programme with what is found about it",
       PROGRAMME_FIELDS, DETAIL_FIELDS);

#define IN_TARGET(name, member, about, ...)                                                                            \
    {                                                                                                                  \
        name, FIELD_TEXT, offsetof(struct target_item, target.member), .doc = about, ##__VA_ARGS__                     \
    }
#define AMOUNT(name, member, about)                                                                                    \
    {                                                                                                                  \
        name, FIELD_F64, offsetof(struct target_item, target.member), .doc = about                                     \
    }
#define TARGET_FIELDS                                                                                                  \
    TEXT(target_item, id, "Its name in addresses: plan, dot, key", .required = true),                                  \
        TEXT(target_item, plan, "Plan (slug)", .required = true),                                                      \
        IN_TARGET("key", key, "Unique in the plan", .required = true),                                                 \
        IN_TARGET("path", path, "Clause that sets it", .required = true),                                              \
        IN_TARGET("text", text, "Its words in the document"), IN_TARGET("subject", subject, "What is measured"),       \
        IN_TARGET("measure", measure, "How it is judged", .one_of = "level|growth|rank|state", .required = true),      \
        IN_TARGET("comparator", comparator, "ge, gt, eq use low; le, lt use high; range both",                         \
                  .one_of = "ge|gt|le|lt|eq|range"),                                                                   \
        AMOUNT("low", low, "Lower bound or value"), AMOUNT("high", high, "Upper bound"),                               \
        IN_TARGET("unit", unit, "Unit of the values"), IN_TARGET("per", per, "Each year, or once", .one_of = "year"),  \
        IN_TARGET("by", by, "Year by which it is reached"),                                                            \
        AMOUNT("baseline", baseline, "Value it starts from, where the text gives one"),                                \
        TEXT(target_item, indicator, "Code of the indicator it is measured by"),                                       \
        NAMES("monitor", target_item, target.monitor, "Bodies that follow it"),                                        \
    {                                                                                                                  \
        "line", FIELD_I64, offsetof(struct target_item, target.line), .unit = "line",                                  \
                                                                      .doc = "Line of the source document, from 1"     \
    }
RECORD(target_item_record, struct target_item, "target_item", "A target (mục tiêu, chỉ tiêu) of an approved plan",
       TARGET_FIELDS);

_Static_assert(offsetof(struct target_detail, item) == 0, "the fields of an item are read out of its detail");
RECORD(target_detail_record, struct target_detail, "target_detail", "A target with what is found about its clause",
       TARGET_FIELDS,
       {"plan_title", FIELD_TEXT, offsetof(struct target_detail, plan_title), .doc = "Title of the plan"},
       {"findings", FIELD_LIST, offsetof(struct target_detail, findings), .of = &finding_item_record,
        .doc = "What the plan leaves open or contradicts there"},
       {"others", FIELD_LIST, offsetof(struct target_detail, others), .of = &target_item_record,
        .doc = "Targets that it is found to contradict"});

#define IN_DUTY(name, member, about, ...)                                                                              \
    {                                                                                                                  \
        name, FIELD_TEXT, offsetof(struct duty_item, duty.member), .doc = about, ##__VA_ARGS__                         \
    }
RECORD(duty_item_record, struct duty_item, "duty_item", "What an approved plan lays on a body",
       TEXT(duty_item, plan, "Plan (slug)", .required = true),
       IN_DUTY("path", path, "Clause that lays it", .required = true), IN_DUTY("body", body, "Who owes it"),
       TEXT(duty_item, org, "Its code, where the catalogue knows the name"),
       IN_DUTY("text", text, "Its words in the document"),
       {"schedule", FIELD_RECORD, offsetof(struct duty_item, duty.schedule), .of = &schedule_record,
        .doc = "When it is owed"},
       IN_DUTY("to", to, "Who receives it"),
       {"line", FIELD_I64, offsetof(struct duty_item, duty.line), .unit = "line",
        .doc = "Line of the source document, from 1"});

RECORD(finding_item_record, struct finding_item, "finding_item", "What an approved plan leaves open or contradicts",
       TEXT(finding_item, plan, "Plan (slug)", .required = true),
       TEXT(finding_item, rule, "Name of the rule", .required = true), TEXT(finding_item, path, "Clause it is about"),
       TEXT(finding_item, severity, "How much it matters", .one_of = "error|warning|info", .required = true),
       TEXT(finding_item, message, "What is found, and what to do about it", .required = true),
       TEXT(finding_item, message_en, "The same in English"),
       TEXT(finding_item, other, "The other clause of a contradiction"),
       {"line", FIELD_I64, offsetof(struct finding_item, line), .unit = "line",
        .doc = "Line of the source document, from 1"});
