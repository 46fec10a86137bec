/* draft.h - a draft in the store: what the compiler read from a document, mended item by item by a person, and
 * approved.
 *
 * A draft is a document (kept as a file of the store), the reading of it (what plan_compile() gave, with the lines of
 * the document, kept as a file too, so that a later program does not read it otherwise), and decisions. Every item (the
 * plan's own head, each task, programme, target and duty) is accepted, mended or refused; what is mended is kept as
 * fields in the words they were given in, beside the reading, which never changes. A refused item is not in the plan.
 * What is undecided stands as it was read. Findings are those of the draft as decided.
 *
 * Item keys: `plan`, `task-III.3.3`, `programme-IV.1`, `target-II.1.1-1a` (the target's key), `duty-V.8.3-2` (the
 * second duty of V.8.3).
 *
 * Fields are named as in the record descriptions, those within a record with a dot ("schedule.text"), and only those
 * marked `mend` may be given. New words of a schedule are read by the schedule grammar (schedule.h): class, dates and
 * phases follow from them. A start or a due day that is given holds in place of what the words say; the phases are then
 * gone, and the class is `period`, `deadline` or `from` by which of the two there are; what comes back each year or is
 * continuous keeps its class, and the days are the stretch in which it does.
 *
 * Versions: every event about a draft makes a new version of it, which is the event's position. A decision brings the
 * version its maker saw; if the item was decided otherwise since then, it is refused (E_CONFLICT, field "version") and
 * nothing is lost. The same decision again changes nothing. Approval compares the whole draft's version.
 *
 * Events: draft.create, draft.decide, draft.accept_rest, draft.discard with subject "drafts/N"; plan.approve with the
 * plan's subject, which names the draft and holds all its decisions.
 *
 * Memory: results in c->arena. The functions that write run inside a command of the writer. */
#ifndef HOALU_DRAFT_H
#define HOALU_DRAFT_H

#include "domain/plan/plan_store.h"

struct draft_row {
    int64_t id, version;
    struct str state; /* open, approved, discarded */
    struct str title, source_name;
    struct str source, reading; /* hashes */
    struct str plan;            /* slug of the plan it was approved as */
    struct str author;
    int64_t at_us;
    int64_t items, accepted, mended, refused, undecided;
    /* With findings, else I64_NONE. */
    int64_t errors; /* findings of severity error about undecided items: they stop approval */
    int64_t ready;  /* undecided items without error or warning: what accept_rest takes */
};
extern const struct record draft_row_record;

struct draft_rows {
    struct draft_row *v;
    size_t n, cap;
};

struct draft_item {
    struct str key, kind, path, title;
    int64_t line;
    struct str decision; /* undecided, accepted, mended, refused */
    struct strs set;     /* what was mended: "field=value" */
    struct str reason, actor;
    int64_t at_us, version; /* of the decision; version 0 if there is none */
    int64_t errors, warnings, infos;
    const struct record *record; /* of `read` and `now` */
    const void *read;            /* as the compiler read it */
    const void *now;             /* as decided; NULL once refused */
    struct {
        const struct finding **v;
        size_t n, cap;
    } findings; /* about this item, in draft_view.now */
};
extern const struct record draft_item_record;

struct source_line {
    struct str text;
    int64_t line;
};
extern const struct record source_line_record;

struct source_lines {
    struct source_line *v;
    size_t n, cap;
};

/* Points into itself: not to be copied. */
struct draft_view {
    struct draft_row row;
    struct source_lines lines;
    struct draft read; /* as compiled */
    struct draft now;  /* as decided; its findings are told anew where anything was mended or refused */
    struct {
        struct draft_item *v;
        size_t n, cap;
    } items; /* the head, then in the document's order */
    struct {
        const struct finding **v;
        size_t n, cap;
    } general;                             /* findings about no item */
    const struct org_catalogue *catalogue; /* that the findings were told with */
};

/* A document that came from outside, read and compiled, its bytes staged. Outside a command: `c->db` reads. */
struct draft_new {
    struct str name, title;
    struct file_ref source, reading;
    int64_t items;
    /* out of draft_create() */
    int64_t id, version;
};
MUST_USE enum err draft_prepare(struct ctx *c, struct writer *w, struct str content, struct str name,
                                struct draft_new *ret);
/* Where a draft of the same bytes is open already, that is the draft, and nothing is written. */
MUST_USE enum err draft_create(struct ctx *c, struct draft_new *d);

/* As known at position `at` (POS_NOW: now); the newest first. */
MUST_USE enum err draft_list(struct ctx *c, int64_t at, struct draft_rows *ret);
MUST_USE enum err draft_get(struct ctx *c, int64_t id, int64_t at, struct draft_row *ret);
/* All of a draft. Findings, and what counts them, only with `findings`. */
MUST_USE enum err draft_open(struct ctx *c, int64_t id, int64_t at, bool findings, struct draft_view *ret);
/* The item of that key; NULL if there is none. */
struct draft_item *draft_item(const struct draft_view *view, struct str key);

/* E_INVALID with c->error.field naming the field, E_NOTFOUND for a key that is none, E_CONFLICT. */
struct draft_decision {
    int64_t draft, version; /* version: I64_NONE to decide whatever stands there */
    struct str item;
    struct str decision; /* accept, mend, refuse, reopen */
    struct strs set;
    struct str reason; /* needed to refuse */
    /* out: */
    int64_t now; /* the draft's version */
};
MUST_USE enum err draft_decide(struct ctx *c, struct draft_decision *d);
/* Accept every undecided item without a finding of severity error or warning. `*ret_n`: how many that were. */
MUST_USE enum err draft_accept_rest(struct ctx *c, int64_t id, int64_t *ret_n, int64_t *ret_version);
MUST_USE enum err draft_discard(struct ctx *c, int64_t id, int64_t version, struct str reason);
/* Make it a plan: `a->slug` may be absent, the rest of it is filled in. E_CONFLICT if it is not open any more, is
 * another version, or undecided items have findings of severity error. */
MUST_USE enum err draft_approve(struct ctx *c, int64_t id, int64_t version, struct approval *a);

/* draft_mend.c: an item of `view->now`, which is a copy of what was read, with fields set. `set` is "field=value"; a
 * field of a list comes once for each value, and once empty for none. E_INVALID. */
MUST_USE enum err draft_mend(struct ctx *c, const struct draft *plan, const struct record *r, void *row,
                             const struct strs *set);
/* Of `set`, what differs from what was read, and is not a day that the words in `set` say already. */
struct strs draft_mends(struct ctx *c, const struct draft *plan, const struct record *r, const void *read,
                        const struct strs *set);
/* The field of that name ("schedule.text") and where it stands in `row` (may be NULL); NULL if it may not be mended. */
const struct field *draft_field(const struct record *r, const void *row, struct str name, const void **ret_at);
/* The names of all fields that may be mended, in the record's order. */
struct strs draft_names(struct ctx *c, const struct record *r);
/* The values of a field as they would be given: one text, or one for each of a list; absent is none. */
struct strs draft_values(struct ctx *c, const struct field *f, const void *at);

#endif
