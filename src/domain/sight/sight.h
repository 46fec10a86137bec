/* sight.h - how open each item of a plan is, who may see what is restricted, and who has.
 *
 * Levels are `public`, `internal` (what is not marked) and `restricted`. A plan has one, and a path in it may be raised
 * above it, with all that stands under it: "III.3" covers III.3.3 and III.3.3-1. People mark (op plan.classify, an
 * event of the ledger); the table `mark` keeps what they decided and when. What follows stands in the table `shut`, one
 * row for each name of everything restricted now, made anew in the same transaction whenever marks or the plan change
 * (sight_rebuild). It covers every version of the plan, so asked as of an earlier day the marks of now hold as well; a
 * clause whose words move to another path takes its mark along, and a clause above that repeats the words of one below
 * is shut with it. Findings that name or quote what is restricted are shut for whoever does not see everything, and so
 * are those that count over the whole plan.
 *
 * What a reader may see is a text, `sees` of struct viewer (domain/access/viewer.h): "*" for all, else the restricted
 * paths one by one, ";12 III.3.3;12 III.4;" (number of the plan, a blank, the path), mostly "". Every statement that
 * reads items for a reader takes it as an argument and puts in {open_to PLAN ITEM SEES} (src/domain/sight.parts), so
 * what they may not see is in no row, no count and no cursor; two readers with the same text share remembered rows.
 *
 * Whoever shows rows tells of them (sight_tell); the front end takes what was restricted among them to the access log
 * before it answers (sight_log), and answers nothing if that fails. The log is kept for SIGHT_LOG_DAYS. It tells of
 * what the program showed over HTTP: who works on the store's own machine holds the file itself.
 *
 * Memory: c->arena. Threads: none shared. */
#ifndef HOALU_SIGHT_H
#define HOALU_SIGHT_H

#include "base/ctx.h"
#include "base/field.h"

#define SIGHT_LEVELS "public|internal|restricted"

enum { SIGHT_LOG_DAYS = 730 };

/* The argument SEES for who asks. */
struct str plan_seen(const struct ctx *c);

/* The restricted paths that one of these bodies (codes, what stands below them included) leads, co-operates in, watches
 * or is charged with, and all that stands under each, as `sees` has it. A reader of something in a plan that is
 * restricted as a whole sees that there is that plan. */
MUST_USE enum err plan_sees(struct ctx *c, const struct strs *orgs, struct str *ret);

/* --- marks --- */

struct mark {
    struct str plan, path, level, reason, actor;
    int64_t at_us;
    int64_t plan_id; /* not shown */
};
extern const struct record mark_record;
struct marks {
    struct mark *v;
    size_t n, cap;
};
/* Those that hold, by plan and path; n == 0 of `slug`: of all plans. E_NOTFOUND. */
MUST_USE enum err sight_marks(struct ctx *c, struct str slug, struct marks *ret);
/* The level of a path by these marks of one plan: the highest that covers it. */
struct str sight_level(const struct marks *marks, struct str path);
/* The mark that gives it that level: its own before one above, the whole plan's last. NULL: nobody has said. */
const struct mark *sight_source(const struct marks *marks, struct str path);

/* Inside a command: decide. E_INVALID with the field `level` below what the plan or a path above has, `path` for one
 * that no version of the plan has, `reason` without one. `*ret_position` is 0 if it is so already. */
MUST_USE enum err sight_classify(struct ctx *c, struct str slug, struct str path, struct str level, struct str reason,
                                 int64_t *ret_position);
/* Inside a command, after the plan's rows were changed at `position`. */
MUST_USE enum err sight_rebuild(struct ctx *c, int64_t plan, int64_t position);

/* --- what the ledger tells of --- */

/* What an event's subject ("plans/06-nq-tu/III.3", "tasks/06-nq-tu.III.3.3") is in a text of sight:
 * ";12 III.3;". n == 0 if it is not restricted. */
MUST_USE enum err sight_of_subject(struct ctx *c, struct str subject, struct str *ret);
bool sight_opens(struct str sees, struct str needed);

/* --- what was shown --- */

struct sight_item {
    int64_t plan;
    struct str item, path;
};
/* Everything restricted that one request has shown: begun empty, in c->shown. */
struct sight_shown {
    struct {
        struct sight_item *v;
        size_t n, cap;
    } all; /* that there is, once it has been looked at */
    bool *told;
    bool looked;
    size_t n; /* of them shown */
    enum err failed;
};
/* The item is shown, if who asks sees anything restricted at all. `item` is a path, or another name in `shut`. */
void sight_tell(struct ctx *c, int64_t plan, struct str item);
/* Inside a command: take it to the log. */
struct sight_read {
    const struct sight_shown *shown;
    struct str account, address, how;
};
MUST_USE enum err sight_log(struct ctx *c, const struct sight_read *read);

#endif
