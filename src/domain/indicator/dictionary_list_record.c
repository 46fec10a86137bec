/* The descriptions of the queries and rows of dictionary_list.h: arguments, JSON, CSV, XLSX and their schema. */
#include "domain/indicator/dictionary_list_fields.h"

#include "base/banned.h"

RECORD(indicator_query_record, struct indicator_query, "indicator.list", "Đối số của indicator.list", QUERY_FIELDS);

RECORD(goal_query_record, struct goal_query, "goal.list", "Đối số của goal.list",
       TEXT(goal_query, indicator, "mã chỉ tiêu"), TEXT(goal_query, plan, "tên kế hoạch (slug)"),
       TEXT(goal_query, place, "mã cơ quan hoặc địa bàn được giao"), PAGE_ARGS(goal_query));

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

RECORD(indicator_detail_record, struct indicator_detail, "indicator_detail", "An indicator with all tied to it",
       DETAIL_FIELDS);
