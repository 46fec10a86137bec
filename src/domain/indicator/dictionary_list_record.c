/* The descriptions of the queries and rows of dictionary_list.h: arguments, JSON, CSV, XLSX and their schema. */
#include "domain/indicator/dictionary_fields.h"
#include "domain/indicator/dictionary_list.h"

#include "base/banned.h"

#define TEXT(type, member, about, ...)                                                                                 \
    {                                                                                                                  \
#member, FIELD_TEXT, offsetof(struct type, member), .doc = about, ##__VA_ARGS__                                \
    }
#define PAGE_ARGS(type)                                                                                                                 \
    TEXT(type, after, "đi tiếp từ `next` của trang trước"),                                                                             \
        {"limit", FIELD_I64, offsetof(struct type, limit),                                                                              \
         .doc = "nhiều nhất chừng này dòng, 1 đến 1000 (mặc định 100)"},                                                                \
        {"count", FIELD_BOOL, offsetof(struct type, count), .doc = "true: kèm tổng số dòng"},                                           \
    {                                                                                                                                   \
        "as_of", FIELD_DAY, offsetof(struct type, as_of), .doc = "như đã biết đến hết ngày này (mặc định: bây giờ)" \
    }

RECORD(indicator_query_record, struct indicator_query, "indicator.list", "Đối số của indicator.list",
       TEXT(indicator_query, q, "chữ trong mã, tên, định nghĩa, nguồn; không phân biệt dấu và hoa thường"),
       TEXT(indicator_query, set, "mã bộ chỉ số; none: chỉ tiêu đứng riêng"),
       TEXT(indicator_query, plan, "tên kế hoạch (slug): chỉ tiêu nói về kế hoạch này"),
       TEXT(indicator_query, path, "mục của kế hoạch, như III.3.1"),
       TEXT(indicator_query, programme, "mục của chương trình, như IV.2"),
       TEXT(indicator_query, frequency, "kỳ", .one_of = INDICATOR_FREQUENCIES),
       TEXT(indicator_query, tree, "có số theo hệ thống này", .one_of = INDICATOR_TREES),
       TEXT(indicator_query, org, "mã cơ quan hoặc nhóm chịu trách nhiệm hoặc báo cáo"),
       TEXT(indicator_query, kind,
            "goal: có mục tiêu; derived: tính từ chỉ tiêu khác; reported: được báo cáo; described: theo bước; "
            "component: thuộc một bộ chỉ số; input: chỉ tiêu khác tính từ nó",
            .one_of = INDICATOR_KINDS),
       PAGE_ARGS(indicator_query));

RECORD(goal_query_record, struct goal_query, "goal.list", "Đối số của goal.list",
       TEXT(goal_query, indicator, "mã chỉ tiêu"), TEXT(goal_query, plan, "tên kế hoạch (slug)"),
       TEXT(goal_query, place, "mã cơ quan hoặc địa bàn được giao"), PAGE_ARGS(goal_query));

/* Both kinds of row begin with the indicator. */
#define ITEM_FIELDS                                                                                                    \
    INDICATOR_FIELDS("code", "set", FIELD_TEXTS, offsetof(struct indicator, dimensions),                               \
                     offsetof(struct indicator, steps), offsetof(struct indicator, steps_en), true, CONFIRMED_FIELD),  \
    {                                                                                                                  \
        "goals", FIELD_TEXTS, offsetof(struct indicator_item, goals), .doc = "keys of its goals of whole plans"        \
    }

RECORD(indicator_item_record, struct indicator_item, "indicator_item", "An indicator in a list", ITEM_FIELDS);

RECORD(goal_item_record, struct goal_item, "goal_item", "A goal with what it asks for",
       GOAL_FIELDS(FIELD_TEXTS, offsetof(struct goal, points), "by", true),
       TEXT(goal_item, id, "the plan's target; none: of no plan here"), TEXT(goal_item, name, "name of the indicator"),
       TEXT(goal_item, name_en, "the same in English"), TEXT(goal_item, unit, "unit of the indicator"),
       TEXT(goal_item, text, "the plan's words"));

RECORD(indicator_ref_record, struct indicator_ref, "indicator_ref", "Another indicator",
       TEXT(indicator_ref, code, "its code"), TEXT(indicator_ref, name, "its name"),
       TEXT(indicator_ref, name_en, "the same in English"), TEXT(indicator_ref, unit, "its unit"),
       {"points", FIELD_F64, offsetof(struct indicator_ref, points), .doc = "points within its set"});

#define LIST(member, rows, about)                                                                                      \
    {                                                                                                                  \
#member, FIELD_LIST, offsetof(struct indicator_detail, member), .of = &rows, .doc = about                      \
    }
RECORD(indicator_detail_record, struct indicator_detail, "indicator_detail", "An indicator with all tied to it",
       ITEM_FIELDS, TEXT(indicator_detail, set_name, "name of its set"),
       TEXT(indicator_detail, responsible_name, "name of the body that answers for it"),
       TEXT(indicator_detail, provider_name, "name of the group or body that reports it"),
       LIST(wanted, goal_item_record, "its goals, with what they ask for"),
       LIST(links, indicator_link_record, "clauses of plans it tells of"),
       LIST(parts, indicator_ref_record, "what is right below it in its set"),
       LIST(inputs, indicator_ref_record, "what it is worked out from"),
       LIST(users, indicator_ref_record, "what is worked out from it"));
