/* dictionary_list_fields.h - the fields of dictionary_list.h, for the records that show more beside them; inside this
 * folder. A struct that begins with the query, the item or the detail has them at the same place. */
#ifndef HOALU_INDICATOR_DICTIONARY_LIST_FIELDS_H
#define HOALU_INDICATOR_DICTIONARY_LIST_FIELDS_H

#include "domain/indicator/dictionary_fields.h"
#include "domain/indicator/dictionary_list.h"

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

#define QUERY_FIELDS                                                                                                                 \
    TEXT(indicator_query, q, "chữ trong mã, tên, định nghĩa, nguồn; không phân biệt dấu và hoa thường"),                             \
        TEXT(indicator_query, set, "mã bộ chỉ số; none: chỉ tiêu đứng riêng"),                                                       \
        TEXT(indicator_query, plan, "tên kế hoạch (slug): chỉ tiêu nói về kế hoạch này"),                                            \
        TEXT(indicator_query, path, "mục của kế hoạch, như III.3.1"),                                                                \
        TEXT(indicator_query, programme, "mục của chương trình, như IV.2"),                                                          \
        TEXT(indicator_query, frequency, "kỳ", .one_of = INDICATOR_FREQUENCIES),                                                     \
        TEXT(indicator_query, tree, "có số theo hệ thống này", .one_of = INDICATOR_TREES),                                           \
        TEXT(indicator_query, org, "mã cơ quan hoặc nhóm chịu trách nhiệm hoặc báo cáo"),                                            \
        TEXT(indicator_query, kind,                                                                                                  \
             "goal: có mục tiêu; derived: tính từ chỉ tiêu khác; reported: được báo cáo; described: theo bước; " \
             "component: thuộc một bộ chỉ số; input: chỉ tiêu khác tính từ nó",                                                      \
             .one_of = INDICATOR_KINDS),                                                                                             \
        PAGE_ARGS(indicator_query)

/* Both kinds of row begin with the indicator. */
#define ITEM_FIELDS                                                                                                    \
    INDICATOR_FIELDS("code", "set", FIELD_TEXTS, offsetof(struct indicator, dimensions),                               \
                     offsetof(struct indicator, steps), offsetof(struct indicator, steps_en), true, CONFIRMED_FIELD),  \
    {                                                                                                                  \
        "goals", FIELD_TEXTS, offsetof(struct indicator_item, goals), .doc = "keys of its goals of whole plans"        \
    }

#define LIST(member, rows, about)                                                                                      \
    {                                                                                                                  \
#member, FIELD_LIST, offsetof(struct indicator_detail, member), .of = &rows, .doc = about                      \
    }
#define DETAIL_FIELDS                                                                                                  \
    ITEM_FIELDS, TEXT(indicator_detail, set_name, "name of its set"),                                                  \
        TEXT(indicator_detail, responsible_name, "name of the body that answers for it"),                              \
        TEXT(indicator_detail, provider_name, "name of the group or body that reports it"),                            \
        LIST(wanted, goal_item_record, "its goals, with what they ask for"),                                           \
        LIST(links, indicator_link_record, "clauses of plans it tells of"),                                            \
        LIST(parts, indicator_ref_record, "what is right below it in its set"),                                        \
        LIST(inputs, indicator_ref_record, "what it is worked out from"),                                              \
        LIST(users, indicator_ref_record, "what is worked out from it")

#endif
