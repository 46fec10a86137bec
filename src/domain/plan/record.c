#include "domain/plan/plan.h"

#include "base/banned.h"

#define TEXT(type, member, about, ...)                                                                                 \
    {                                                                                                                  \
#member, FIELD_TEXT, offsetof(struct type, member), .doc = about, ##__VA_ARGS__                                \
    }
#define LINE(type)                                                                                                     \
    {                                                                                                                  \
        "line", FIELD_I64, offsetof(struct type, line), .doc = "Line of the source document, from 1", .unit = "line"   \
    }

RECORD(clause_record, struct clause, "clause", "A clause of the document",
       TEXT(clause, path, "Address in the plan, such as III.4.5", .required = true),
       TEXT(clause, kind, "What the clause is", .one_of = "heading|purpose|target|task|programme|duty|text",
            .required = true),
       TEXT(clause, title, "Its heading, or its first sentence cut short"),
       TEXT(clause, text, "Its words, lines joined"), LINE(clause));

#define TASK_FIELDS                                                                                                    \
    TEXT(task, path, "Clause that asks for it", .required = true), TEXT(task, title, "Short name"),                    \
        TEXT(task, text, "Its words in the document"),                                                                 \
        {"lead", FIELD_TEXTS, offsetof(struct task, lead), .doc = "Bodies that answer for it (chủ trì)"},              \
        {"coordinating", FIELD_TEXTS, offsetof(struct task, coordinating), .doc = "Bodies that help (phối hợp)"},      \
        {"monitor", FIELD_TEXTS, offsetof(struct task, monitor), .doc = "Bodies that follow it (theo dõi)"},           \
        TEXT(task, product, "What shows that it is done (sản phẩm)"),                                                  \
        {"schedule", FIELD_RECORD, offsetof(struct task, schedule), .of = &schedule_record,                            \
         .doc = "When it is to be done"},                                                                              \
        LINE(task)

RECORD(task_record, struct task, "task", "A task (nhiệm vụ)", TASK_FIELDS);

RECORD(programme_record, struct task, "programme", "A key programme (chương trình)", TASK_FIELDS,
       TEXT(task, objective, "Its aim (mục tiêu)"), TEXT(task, directions, "Its groups of tasks (định hướng)"),
       TEXT(task, results, "What it is to reach (kết quả cần đạt)"));

RECORD(target_record, struct target, "target", "A target (mục tiêu, chỉ tiêu)",
       TEXT(target, key, "Unique in the plan", .required = true),
       TEXT(target, path, "Clause that sets it", .required = true), TEXT(target, text, "Its words in the document"),
       TEXT(target, subject, "What is measured"),
       TEXT(target, measure, "How it is judged", .one_of = "level|growth|rank|state", .required = true),
       TEXT(target, comparator, "ge, gt, eq use low; le, lt use high; range both", .one_of = "ge|gt|le|lt|eq|range"),
       {"low", FIELD_F64, offsetof(struct target, low), .doc = "Lower bound or value"},
       {"high", FIELD_F64, offsetof(struct target, high), .doc = "Upper bound"},
       TEXT(target, unit, "Unit of the values"), TEXT(target, per, "Each year, or once", .one_of = "year"),
       TEXT(target, by, "Year by which it is reached"),
       {"baseline", FIELD_F64, offsetof(struct target, baseline),
        .doc = "Value it starts from, where the text gives one"},
       {"monitor", FIELD_TEXTS, offsetof(struct target, monitor), .doc = "Bodies that follow it"}, LINE(target));

RECORD(duty_record, struct duty, "duty", "What the plan lays on a body (trách nhiệm)",
       TEXT(duty, path, "Clause that lays it", .required = true), TEXT(duty, body, "Who owes it"),
       TEXT(duty, text, "Its words in the document"),
       {"schedule", FIELD_RECORD, offsetof(struct duty, schedule), .of = &schedule_record, .doc = "When it is owed"},
       TEXT(duty, to, "Who receives it"), LINE(duty));

RECORD(finding_record, struct finding, "finding", "What the plan leaves open or contradicts",
       TEXT(finding, rule, "Name of the rule", .required = true), TEXT(finding, path, "Clause it is about"),
       TEXT(finding, severity, "How much it matters", .one_of = "error|warning|info", .required = true),
       TEXT(finding, message, "What is found, and what to do about it", .required = true),
       TEXT(finding, other, "The other clause of a contradiction"), LINE(finding));

RECORD(plan_period_record, struct plan_period, "plan_period", "Years the plan covers",
       TEXT(plan_period, from, "First year"), TEXT(plan_period, to, "Last year"),
       TEXT(plan_period, vision, "Year of the vision"));

#define LIST_OF(member, record, about)                                                                                 \
    {                                                                                                                  \
#member, FIELD_LIST, offsetof(struct draft, member), .of = &record, .doc = about                               \
    }

RECORD(draft_record, struct draft, "plan", "A plan as compiled from its document", TEXT(draft, title, "Its title"),
       TEXT(draft, number, "Number and symbol of the document"), TEXT(draft, issuer, "Body that issued it"),
       {"period", FIELD_RECORD, offsetof(struct draft, period), .of = &plan_period_record, .doc = "Years it covers"},
       LIST_OF(clauses, clause_record, "Every clause, in order"), LIST_OF(tasks, task_record, "Its tasks"),
       LIST_OF(programmes, programme_record, "Its programmes"), LIST_OF(targets, target_record, "Its targets"),
       LIST_OF(duties, duty_record, "Its duties"), LIST_OF(findings, finding_record, "What is weak in it"));
