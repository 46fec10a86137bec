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

#define SCHEDULE(type, about)                                                                                          \
    {                                                                                                                  \
        "schedule", FIELD_RECORD, offsetof(struct type, schedule), .of = &schedule_record, .doc = about, .mend = true  \
    }

RECORD(clause_record, struct clause, "clause", "A clause of the document",
       TEXT(clause, path, "Address in the plan, such as III.4.5", .required = true),
       TEXT(clause, kind, "What the clause is", .one_of = "heading|purpose|target|task|programme|duty|text",
            .required = true),
       TEXT(clause, title, "Its heading, or its first sentence cut short"),
       TEXT(clause, text, "Its words, lines joined"), LINE(clause));

#define TASK_FIELDS                                                                                                    \
    TEXT(task, path, "Clause that asks for it", .required = true), TEXT(task, title, "Short name", .mend = true),      \
        TEXT(task, text, "Its words in the document"),                                                                 \
        {"lead", FIELD_TEXTS, offsetof(struct task, lead), .doc = "Bodies that answer for it (chủ trì)",               \
         .mend = true},                                                                                                \
        {"coordinating", FIELD_TEXTS, offsetof(struct task, coordinating), .doc = "Bodies that help (phối hợp)",       \
         .mend = true},                                                                                                \
        {"monitor", FIELD_TEXTS, offsetof(struct task, monitor), .doc = "Bodies that follow it (theo dõi)",            \
         .mend = true},                                                                                                \
        TEXT(task, product, "What shows that it is done (sản phẩm)", .mend = true),                                    \
        SCHEDULE(task, "When it is to be done"), LINE(task)

RECORD(task_record, struct task, "task", "A task (nhiệm vụ)", TASK_FIELDS);

RECORD(programme_record, struct task, "programme", "A key programme (chương trình)", TASK_FIELDS,
       TEXT(task, objective, "Its aim (mục tiêu)", .mend = true),
       TEXT(task, directions, "Its groups of tasks (định hướng)", .mend = true),
       TEXT(task, results, "What it is to reach (kết quả cần đạt)", .mend = true));

RECORD(target_record, struct target, "target", "A target (mục tiêu, chỉ tiêu)",
       TEXT(target, key, "Unique in the plan", .required = true),
       TEXT(target, path, "Clause that sets it", .required = true), TEXT(target, text, "Its words in the document"),
       TEXT(target, subject, "What is measured", .mend = true),
       TEXT(target, measure, "How it is judged", .one_of = "level|growth|rank|state", .required = true, .mend = true),
       TEXT(target, comparator, "ge, gt, eq use low; le, lt use high; range both", .one_of = "ge|gt|le|lt|eq|range",
            .mend = true),
       {"low", FIELD_F64, offsetof(struct target, low), .doc = "Lower bound or value", .mend = true},
       {"high", FIELD_F64, offsetof(struct target, high), .doc = "Upper bound", .mend = true},
       TEXT(target, unit, "Unit of the values", .mend = true),
       TEXT(target, per, "Each year, or once", .one_of = "year", .mend = true),
       TEXT(target, by, "Year by which it is reached", .mend = true),
       {"baseline", FIELD_F64, offsetof(struct target, baseline),
        .doc = "Value it starts from, where the text gives one", .mend = true},
       {"monitor", FIELD_TEXTS, offsetof(struct target, monitor), .doc = "Bodies that follow it", .mend = true},
       LINE(target));

RECORD(duty_record, struct duty, "duty", "What the plan lays on a body (trách nhiệm)",
       TEXT(duty, path, "Clause that lays it", .required = true), TEXT(duty, body, "Who owes it", .mend = true),
       TEXT(duty, text, "Its words in the document"), SCHEDULE(duty, "When it is owed"),
       TEXT(duty, to, "Who receives it", .mend = true), LINE(duty));

RECORD(finding_record, struct finding, "finding", "What the plan leaves open or contradicts",
       TEXT(finding, rule, "Name of the rule", .required = true), TEXT(finding, path, "Clause it is about"),
       TEXT(finding, severity, "How much it matters", .one_of = "error|warning|info", .required = true),
       TEXT(finding, message, "What is found, and what to do about it", .required = true),
       TEXT(finding, message_en, "The same in English"), TEXT(finding, other, "The other clause of a contradiction"),
       LINE(finding));

RECORD(plan_period_record, struct plan_period, "plan_period", "Years the plan covers",
       TEXT(plan_period, from, "First year", .mend = true), TEXT(plan_period, to, "Last year", .mend = true),
       TEXT(plan_period, vision, "Year of the vision", .mend = true));

RECORD(plan_head_record, struct draft, "plan_head", "What a plan says of itself",
       TEXT(draft, title, "Its title", .required = true, .mend = true),
       TEXT(draft, number, "Number and symbol of the document", .mend = true),
       TEXT(draft, issuer, "Body that issued it", .mend = true),
       {"period", FIELD_RECORD, offsetof(struct draft, period), .of = &plan_period_record, .doc = "Years it covers",
        .mend = true});

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
