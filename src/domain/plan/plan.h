/* plan.h - the plan compiler: a document as a person reads it becomes a draft, with what is weak in it named.
 *
 * The road of the data:
 *
 *   document (document/document.h)
 *     -> outline.c    clauses with paths, their paragraphs joined over line and page breaks, tables in their place
 *     -> compile.c    what each clause is: purpose, target, task, programme, duty; with
 *          label.c      "Cơ quan chủ trì: …" lines and the headers of table columns
 *          table.c      rows of a table as tasks or targets
 *          bodies.c     names in a cell or sentence
 *          schedule.c   when
 *          quantity.c   how much
 *     -> lint.c       findings
 *
 * A draft is data only: it is shown beside its source, mended and approved by a person (plan_approve() in
 * plan_store.c) before it is a plan. The JSON of `hoalu plan read` is draft_record written out, nothing else.
 *
 * Paths: part `III`, section `III.4`, clause `III.4.5`, its n-th dash `III.4.5-n`, letter `III.4.a`; in a table the
 * group's number and the row's own, `I.1`. A path names one clause of one plan.
 *
 * Memory: everything lives in c->arena; text is a view into the document or a copy there. Threads: none shared.
 * Errors: a document without any clause, row or title is refused (E_INVALID); every other weakness is a finding. */
#ifndef HOALU_PLAN_H
#define HOALU_PLAN_H

#include "document/document.h"
#include "domain/org/org.h"
#include "domain/plan/schedule.h"

/* kind: heading, purpose, target, task, programme, duty, text */
struct clause {
    struct str path, kind, title, text;
    int64_t line;
};

/* A task, or a programme with its three further texts. */
struct task {
    struct str path, title, text;
    struct strs lead, coordinating, monitor;
    struct str product;
    struct schedule schedule;
    struct str objective, directions, results; /* of a programme */
    int64_t line;
};

struct target {
    struct str key; /* unique in the plan: its path, or path and a letter where a clause holds several */
    struct str path, text, subject;
    struct str measure;    /* level, growth, rank, state */
    struct str comparator; /* ge gt le lt eq range; none for a state */
    double low, high;
    struct str unit, per, by;
    double baseline; /* where the text says from where ("từ 30% lên 50%") or a column does */
    struct strs monitor;
    int64_t line;
};

struct duty {
    struct str path, body, text;
    struct schedule schedule;
    struct str to;
    int64_t line;
};

/* severity: error (the plan cannot be run as it stands), warning (somebody must decide), info */
struct finding {
    struct str rule, path, severity;
    struct str message, message_en; /* in Vietnamese and English; a plan that was kept long ago has no English */
    struct str other;               /* the second clause of a contradiction */
    int64_t line;
};

#define FINDING_RULES                                                                                                  \
    "described_target|duty_without_body|everyone_coordinates|group_leads|group_without_number|growth_without_period|"  \
    "issue_date_missing|no_baseline|no_deadline|no_lead|no_measure|no_product|outside_period|repeated_number|"         \
    "report_day_missing|run_or_study|scan_slip|single_lead|table_not_read|target_conflict|target_repeated|"            \
    "target_unserved|task_uncounted|too_many_bodies|unknown_body"

struct plan_period {
    struct str from, to, vision; /* years */
};

struct draft {
    struct str title, number, issuer;
    struct plan_period period;
    struct {
        struct clause *v;
        size_t n, cap;
    } clauses;
    struct {
        struct task *v;
        size_t n, cap;
    } tasks, programmes;
    struct {
        struct target *v;
        size_t n, cap;
    } targets;
    struct {
        struct duty *v;
        size_t n, cap;
    } duties;
    struct {
        struct finding *v;
        size_t n, cap;
    } findings;
};

extern const struct record clause_record, task_record, programme_record, target_record, duty_record, finding_record,
    plan_period_record, plan_head_record, /* of a struct draft: what it says of itself, without its lists */
    draft_record;

/* Compile a document. `catalogue` may be NULL: names are then kept as written and none is called unknown. */
MUST_USE enum err plan_compile(struct ctx *c, const struct document *document, const struct org_catalogue *catalogue,
                               struct draft *ret);

/* Append what the plan leaves open or contradicts to draft->findings. plan_compile() has called it. */
void plan_lint(struct ctx *c, struct draft *draft);
/* The same over a draft that was changed: what plan_lint() and the look for unknown bodies told is dropped and told
 * anew; what the compiler said of the document itself stays. The list of findings is a new one. */
void plan_lint_again(struct ctx *c, struct draft *draft, const struct org_catalogue *catalogue);

#endif
