/* Pages of the dictionary, and changing it by its operations, on the shipped plan: whichever engine runs. */
#include "domain/indicator/dictionary_list.h"

#include "base/period.h"
#include "document/document.h"
#include "document/rows.h"
#include "domain/indicator/dictionary_store.h"
#include "domain/op.h"
#include "domain/plan/list.h"
#include "domain/org/org_store.h"
#include "domain/plan/plan_store.h"
#include "test/store.h"

#include <math.h>

#include "base/banned.h"

extern const struct op_table indicator_ops;

static enum err run_approval(struct ctx *c, void *arg)
{
    return plan_approve(c, arg);
}

static struct writer *start(struct ctx *c, bool with_plan)
{
    struct writer *w = test_writer(c);
    struct org_files files = org_files_builtin(c), indicators = dictionary_files_builtin(c);
    struct org_load bodies = {.files = files.v, .n_files = files.n};
    struct indicator_load load = {.files = indicators.v, .n_files = indicators.n};
    struct document document;
    struct draft draft;
    struct approval a = {.slug = S("06-nq-tu"), .draft = &draft};
    CHECK_OK(writer_run(w, c, &(struct command){.run = org_load_run, .arg = &bodies}));
    CHECK_OK(writer_run(w, c, &(struct command){.run = indicator_load_run, .arg = &load}));
    if (with_plan) {
        CHECK_OK(org_catalogue_from_store(c, POS_NOW, &a.catalogue));
        CHECK_OK(document_parse(c, test_read_file(c, "data/plans/ninh-binh-06-nq-tu.md"), S("plan.md"), &document));
        CHECK_OK(plan_compile(c, &document, a.catalogue, &draft));
        CHECK_OK(writer_run(w, c, &(struct command){.run = run_approval, .arg = &a}));
    }
    return w;
}

static const struct dictionary *now(struct ctx *c)
{
    const struct dictionary *d = NULL;
    CHECK_OK(dictionary_on(c, DAY_NONE, &d));
    return d;
}

static struct indicator_query asked(void)
{
    return (struct indicator_query){.limit = I64_NONE, .as_of = DAY_NONE, .count = true};
}

static int64_t count(struct ctx *c, struct indicator_query q)
{
    struct indicator_page page = {0};
    CHECK_OK(dictionary_list(c, now(c), &q, &page));
    return page.count;
}

/* Page after page gives every one once, in the order of the whole, and each page says how many there are. */
TEST(pages_are_the_whole)
{
    start(c, false);
    const struct dictionary *d = now(c);
    struct indicators all = dictionary_indicators(d);
    struct indicator_query q = asked();
    size_t seen = 0, pages = 0;
    q.limit = 37;
    do {
        struct indicator_page page;
        CHECK_OK(dictionary_list(c, d, &q, &page));
        CHECK_INT(page.count, all.n);
        for (size_t i = 0; i < page.n; i++)
            CHECK_STR(page.v[i].indicator.code, all.v[seen++]->code);
        q.after = page.next;
        pages++;
    } while (q.after.n);
    CHECK_INT(seen, all.n);
    CHECK_INT(pages, (all.n + 36) / 37);
}

TEST(filters)
{
    start(c, false);
    struct indicator_query q = asked();
    q.set = S("QD766");
    CHECK_INT(count(c, q), 6);
    q = asked(), q.kind = S("described");
    CHECK_INT(count(c, q), 6);
    q = asked(), q.kind = S("goal");
    CHECK_INT(count(c, q), 46); /* the share of the digital economy has the goals of two years */
    q = asked(), q.q = S("kts grdp");
    CHECK(count(c, q) >= 1);
    q = asked(), q.q = S("phu song");
    CHECK_INT(count(c, q), 4);
    q = asked(), q.path = S("II.1.4-8");
    CHECK_INT(count(c, q), 1);
    q = asked(), q.programme = S("IV.4"), q.plan = S("06-nq-tu");
    CHECK(count(c, q) >= 3);
    q = asked(), q.programme = S("IV.4"), q.plan = S("khac");
    CHECK_INT(count(c, q), 0);
    q = asked(), q.tree = S("area"), q.frequency = S("month");
    CHECK_INT(count(c, q), 0);
    q = asked(), q.set = S("KHONG-CO");
    struct indicator_page page;
    CHECK_ERR(dictionary_list(c, now(c), &q, &page), E_INVALID);
    CHECK_STR(c->error.field, S("set"));
    q = asked(), q.after = S("KHONG-CO");
    CHECK_ERR(dictionary_list(c, now(c), &q, &page), E_INVALID);
    q = asked(), q.limit = 0;
    CHECK_ERR(dictionary_list(c, now(c), &q, &page), E_INVALID);
}

/* What is asked for comes from the plan: more than 150 start-ups by 2030. */
TEST(one_indicator_with_all_tied_to_it)
{
    start(c, true);
    struct indicator_detail detail;
    CHECK_OK(dictionary_detail(c, now(c), S("DMST-KN"), DAY_NONE, &detail));
    CHECK_INT(detail.wanted.n, 1);
    CHECK_STR(detail.wanted.v[0].goal.comparator, S("gt"));
    CHECK(detail.wanted.v[0].goal.low == 150);
    CHECK_STR(detail.wanted.v[0].goal.by, S("2030"));
    CHECK_STR(detail.wanted.v[0].id, S("06-nq-tu.II.1.3-3a"));
    CHECK(isnan(detail.wanted.v[0].goal.baseline));
    CHECK_STR(detail.responsible_name, S("Sở Khoa học và Công nghệ"));
    CHECK_OK(dictionary_detail(c, now(c), S("DN-TONG"), DAY_NONE, &detail));
    CHECK_INT(detail.users.n, 2); /* of innovators, of those on platforms */
    CHECK_OK(dictionary_detail(c, now(c), S("QD766"), DAY_NONE, &detail));
    CHECK_INT(detail.parts.n, 5);
    CHECK_INT(detail.inputs.n, 5);
    CHECK(detail.parts.v[0].points + detail.parts.v[1].points > 0);
    CHECK_ERR(dictionary_detail(c, now(c), S("KHONG-CO"), DAY_NONE, &detail), E_NOTFOUND);
}

/* A target knows what it is measured by, a programme what tells of it; a share of a goal is not the target's. */
TEST(what_the_plan_shows_of_it)
{
    struct target_detail target;
    struct task_detail programme;
    start(c, true);
    CHECK_OK(list_target_get(c, S("06-nq-tu.II.1.4-8"), DAY_NONE, &target));
    CHECK_STR(target.item.indicator, S("KTS-GRDP"));
    CHECK_OK(list_task_get(c, S("06-nq-tu.IV.4"), true, DAY_NONE, &programme));
    CHECK_INT(programme.indicators.n, dictionary_at(c, now(c), S("06-nq-tu"), S("IV.4")).n);
    CHECK_STR(programme.indicators.v[0].code, S("DL-DS"));
    CHECK(programme.indicators.v[0].name.n > 0);
    for (size_t i = 0; i < programme.targets.n; i++)
        CHECK(programme.targets.v[i].indicator.n > 0);
}

/* Without the plan its goals are told, without figures. */
TEST(goals_without_their_plan)
{
    start(c, false);
    struct goal_query q = {.plan = S("06-nq-tu"), .limit = 10, .as_of = DAY_NONE, .count = true};
    struct goal_page page;
    CHECK_OK(dictionary_goal_list(c, now(c), &q, &page));
    CHECK_INT(page.count, 47);
    CHECK_INT(page.items.n, 10);
    CHECK(page.next.n && !page.items.v[0].id.p && !page.items.v[0].goal.comparator.p);
    q.after = page.next, q.limit = 1000;
    CHECK_OK(dictionary_goal_list(c, now(c), &q, &page));
    CHECK_INT(page.items.n, 37);
    CHECK(!page.next.n);
}

/* --- changing --- */

struct putting {
    const char *op;
    const void *args;
};

static enum err run_op(struct ctx *c, void *arg)
{
    const struct putting *p = arg;
    struct out out;
    struct emit e;
    struct op_call call = {.args = p->args, .emit = &e};
    out_init(&out, c->arena, 1 << 20);
    emit_init(&e, &out, EMIT_JSON);
    for (size_t i = 0; i < indicator_ops.n; i++)
        if (str_eq(str_of(indicator_ops.v[i].name), str_of(p->op)))
            return indicator_ops.v[i].run(c, &call);
    return E_INTERNAL;
}

/* Every argument absent, by the operation's own description. */
static void *no_args(struct ctx *c, const char *op)
{
    for (size_t i = 0; i < indicator_ops.n; i++)
        if (str_eq(str_of(indicator_ops.v[i].name), str_of(op))) {
            void *args = arena_alloc(c->arena, indicator_ops.v[i].args->size, 16, 1);
            rows_absent(indicator_ops.v[i].args, args);
            return args;
        }
    return NULL;
}

static enum err put(struct ctx *c, struct writer *w, const char *op, const void *args)
{
    struct putting p = {op, args};
    return writer_run(w, c, &(struct command){.run = run_op, .arg = &p});
}

TEST(a_baseline_needs_its_source)
{
    struct writer *w = start(c, true);
    struct goal *args = no_args(c, "goal.put");
    args->key = S("06-nq-tu.II.1.3-3a");
    args->baseline = 40;
    CHECK_ERR(put(c, w, "goal.put", args), E_INVALID);
    CHECK(str_has(c->error.message, S("baseline_source")));
    args->baseline_period = S("2025");
    args->baseline_source = S("Sở Khoa học và Công nghệ");
    CHECK_OK(put(c, w, "goal.put", args));
    const struct goal *g = dictionary_goal_by_key(now(c), args->key);
    CHECK(g->baseline == 40);
    CHECK_STR(g->path, S("linear"));
    CHECK_STR(g->indicator, S("DMST-KN"));
}

/* A body's share of a goal: it says how much, of what, and who. */
TEST(a_share_of_a_goal)
{
    struct writer *w = start(c, true);
    struct goal *args = no_args(c, "goal.put");
    args->key = S("06-nq-tu.II.1.3-3a@UBND-14464");
    args->indicator = S("DMST-KN");
    args->plan = S("06-nq-tu");
    args->target = S("II.1.3-3a");
    args->place = S("UBND-14464");
    args->above = S("06-nq-tu.II.1.3-3a");
    CHECK_ERR(put(c, w, "goal.put", args), E_INVALID); /* how much? */
    args->comparator = S("ge");
    args->low = 3;
    CHECK_OK(put(c, w, "goal.put", args));
    struct goals shares = dictionary_shares(c, now(c), S("06-nq-tu.II.1.3-3a"));
    CHECK_INT(shares.n, 1);
    CHECK_STR(shares.v[0]->place, S("UBND-14464"));
    CHECK_STR(dictionary_goal(now(c), S("06-nq-tu"), S("II.1.3-3a"))->key, S("06-nq-tu.II.1.3-3a"));
    CHECK_INT(dictionary_goals(c, now(c), S("DMST-KN")).n, 2);
    CHECK(!dictionary_goals(c, now(c), S("DMST-KN")).v[0]->place.n);
}

TEST(an_indicator_is_changed_where_something_is_given)
{
    struct writer *w = start(c, false);
    struct indicator *args = no_args(c, "indicator.put");
    args->code = S("KHCN-TTRD");
    args->name = S("Trung tâm R&D lớn");
    args->note = S("");
    CHECK_OK(put(c, w, "indicator.put", args));
    const struct indicator *i = dictionary_indicator(now(c), args->code);
    CHECK_STR(i->name, S("Trung tâm R&D lớn"));
    CHECK_STR(i->unit, S("trung tâm"));
    CHECK(!i->note.p);
    int64_t position, again;
    CHECK_OK(dictionary_changed(c, &position));
    CHECK_OK(put(c, w, "indicator.put", args));
    CHECK_OK(dictionary_changed(c, &again));
    CHECK_INT(again, position); /* the same said twice is no event */

    args->formula = S("[KHCN-TTRD] + 1");
    CHECK_ERR(put(c, w, "indicator.put", args), E_INVALID);
    struct indicator *fresh = no_args(c, "indicator.put");
    fresh->code = S("MOI-1");
    fresh->name = S("Mới");
    CHECK_ERR(put(c, w, "indicator.put", fresh), E_INVALID);
    CHECK_STR(c->error.field, S("direction"));
    fresh->direction = S("up"), fresh->frequency = S("year"), fresh->over_places = S("none");
    fresh->over_time = S("last");
    CHECK_OK(put(c, w, "indicator.put", fresh));
    CHECK(dictionary_indicator(now(c), S("MOI-1")));
}
