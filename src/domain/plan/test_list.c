/* Pages of items: each filter against the plan that is shipped, paging, many plans, earlier moments. On both engines.
 */
#include "domain/plan/list.h"

#include "base/emit.h"
#include "ledger/ledger.h"
#include "test/store.h"

#include <math.h>

#include "base/banned.h"

static int32_t day(int year, int month, int day_of_month)
{
    int32_t d;
    CHECK(day_from_date(year, month, day_of_month, &d));
    return d;
}

static enum err run_approval(struct ctx *c, void *arg)
{
    return plan_approve(c, arg);
}

static void approve(struct ctx *c, struct writer *w, struct str slug, struct str text)
{
    struct document document;
    struct draft d;
    struct approval a = {.slug = slug, .draft = &d};
    CHECK_OK(org_catalogue_builtin(c, &a.catalogue));
    CHECK_OK(document_parse(c, text, S("plan.md"), &document));
    CHECK_OK(plan_compile(c, &document, a.catalogue, &d));
    struct command command = {.run = run_approval, .arg = &a};
    CHECK_OK(writer_run(w, c, &command));
}

/* The plan that is shipped, read on 23 November 2026. */
static void shipped(struct ctx *c)
{
    struct writer *w = test_writer(c);
    test_set_clock(c, moment_of_day(day(2026, 11, 23)) + 1);
    approve(c, w, S("06-nq-tu"), test_read_file(c, "data/plans/ninh-binh-06-nq-tu.md"));
}

static struct task_query all_tasks(void)
{
    return (struct task_query){.limit = I64_NONE, .due_from = DAY_NONE, .due_to = DAY_NONE, .as_of = DAY_NONE};
}

static struct task_page tasks(struct ctx *c, struct task_query q)
{
    struct task_page page;
    CHECK_OK(list_tasks(c, &q, false, &page));
    return page;
}

static struct str paths(struct ctx *c, const struct task_page *page)
{
    struct str *v = NEWN(c->arena, struct str, page->n + 1);
    for (size_t i = 0; i < page->n; i++)
        v[i] = page->v[i].task.path;
    return str_join(c->arena, v, page->n, S(" "));
}

/* 43 tasks: 14 go on, 8 come back each year, 13 have a stretch, 3 a day, 5 begin and have no end. */
TEST(tasks_are_found_by_their_schedule)
{
    shipped(c);
    static const struct {
        const char *kind;
        size_t n;
    } kinds[] = {{"continuous", 14}, {"yearly", 8},  {"period", 13}, {"deadline", 3},
                 {"from", 5},        {"monthly", 0}, {"event", 0},   {"none", 0}};
    CHECK_INT(tasks(c, all_tasks()).n, 43);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct task_query q = all_tasks();
        q.schedule = str_of(kinds[i].kind);
        struct task_page page = tasks(c, q);
        CHECK_INT(page.n, kinds[i].n);
        for (size_t k = 0; k < page.n; k++)
            CHECK_STR(page.v[k].task.schedule.kind, q.schedule);
    }
    struct task_query q = all_tasks();
    struct task_page programmes;
    CHECK_OK(list_tasks(c, &q, true, &programmes));
    CHECK_INT(programmes.n, 7);
    CHECK(programmes.v[0].task.results.n > 0);
}

/* "Trước tháng 12/2026" is due on 30 November, "năm 2026" on 31 December: in that order when asked by deadline. */
TEST(tasks_are_found_by_their_deadline)
{
    shipped(c);
    struct task_query q = all_tasks();
    q.due = S("soon");
    struct task_page page = tasks(c, q);
    CHECK_STR(paths(c, &page), S("III.3.3 III.6.2"));
    CHECK_INT(page.v[0].days, 7);
    CHECK_STR(page.v[0].due_state, S("soon"));
    q.due = S("past");
    CHECK_INT(tasks(c, q).n, 0);
    q.due = S("missing");
    page = tasks(c, q);
    CHECK_STR(paths(c, &page), S("III.2.1 III.4.1 III.4.4 III.5.1 III.5.3"));
    q.due = S("periodic");
    CHECK_INT(tasks(c, q).n, 22);
    q.due = S("later");
    page = tasks(c, q);
    CHECK_INT(page.n, 14);
    CHECK_STR(page.v[0].task.path, S("III.4.7"));
    for (size_t i = 1; i < page.n; i++)
        CHECK(page.v[i].task.schedule.due >= page.v[i - 1].task.schedule.due);

    q = all_tasks();
    q.due_to = day(2026, 12, 31);
    page = tasks(c, q);
    CHECK_STR(paths(c, &page), S("III.3.3 III.6.2 III.4.7"));
    q.due_from = day(2026, 12, 1);
    page = tasks(c, q);
    CHECK_STR(paths(c, &page), S("III.4.7"));
    q.due = S("soon");
    CHECK_INT(tasks(c, q).n, 0);
}

/* Two tasks are led by every body at once (III.1.1, III.1.2), the others by one Party committee. */
TEST(tasks_are_found_by_who_has_which_part)
{
    shipped(c);
    struct task_query q = all_tasks();
    struct task_page page = tasks(c, q);
    struct str everyone = page.v[0].lead_orgs.v[0], committee = page.v[2].lead_orgs.v[0];
    CHECK(everyone.n && committee.n && !str_eq(everyone, committee));
    q.body = everyone;
    page = tasks(c, q);
    CHECK_STR(paths(c, &page), S("III.1.1 III.1.2"));
    q.body = committee;
    CHECK_INT(tasks(c, q).n, 41);
    q.due = S("soon");
    page = tasks(c, q);
    CHECK_STR(paths(c, &page), S("III.3.3 III.6.2"));
    CHECK_STR(page.v[0].task.lead.v[0], S("Đảng ủy Ủy ban nhân dân tỉnh"));
    q.role = S("monitor");
    CHECK_INT(tasks(c, q).n, 0);
    q = all_tasks();
    q.body = S("KHONG-CO");
    CHECK_ERR(list_tasks(c, &q, false, &page), E_INVALID);
    CHECK_STR(c->error.field, S("body"));
}

/* Words are found with and without marks; what is found wrong, by its weight. */
TEST(tasks_are_found_by_words_and_by_findings)
{
    shipped(c);
    struct task_query q = all_tasks();
    q.q = S("ĐỀ ÁN");
    struct task_page with = tasks(c, q);
    q.q = S("de an");
    struct task_page without = tasks(c, q);
    CHECK(with.n >= 3);
    CHECK_STR(paths(c, &with), paths(c, &without));
    for (size_t i = 0; i < with.n; i++)
        CHECK(str_has(with.v[i].task.title, S("ề án")));
    q.q = S("khong ai viet the nay");
    CHECK_INT(tasks(c, q).n, 0);
    CHECK(!tasks(c, q).next.p);

    /* A scheme to be issued without a date for issuing it: III.2.1, III.4.4, III.5.3. */
    q = all_tasks();
    q.findings = S("error");
    with = tasks(c, q);
    CHECK_STR(paths(c, &with), S("III.2.1 III.4.4 III.5.3"));
    CHECK_INT(with.v[0].errors, 1);
    q.findings = S("warning");
    CHECK(tasks(c, q).n > 3 && tasks(c, q).n <= 43);
}

TEST(a_count_tells_how_deadlines_stand)
{
    shipped(c);
    struct task_query q = all_tasks();
    struct task_count n;
    q.due = S("soon");
    CHECK_OK(list_task_count(c, &q, false, LIST_COUNT_MAX, &n));
    CHECK_INT(n.n, 43);
    CHECK_INT(n.shown, 2);
    CHECK_INT(n.by[DUE_SOON], 2);
    CHECK_INT(n.by[DUE_MISSING], 5);
    CHECK_INT(n.by[DUE_NONE], 22);
    CHECK_INT(n.by[DUE_LATER], 14);
    CHECK_INT(n.by[DUE_PAST], 0);
    CHECK(!n.more);
    CHECK_OK(list_task_count(c, &q, false, 43, &n));
    CHECK(!n.more);
    CHECK_OK(list_task_count(c, &q, false, 42, &n));
    CHECK(n.more);
    CHECK_INT(n.n, 42);
}

TEST(a_page_that_holds_all_counts_as_the_store_does)
{
    shipped(c);
    struct task_query q = all_tasks();
    struct task_count asked, counted;
    struct task_page page;
    static const struct {
        struct str schedule, body, words;
    } filters[] = {
        {.schedule = {NULL, 0}}, {.schedule = S0("yearly")}, {.body = S0("DU-UBND")}, {.words = S0("đề án")}};
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
        q.schedule = filters[i].schedule;
        q.body = filters[i].body;
        q.q = filters[i].words;
        CHECK_OK(list_tasks(c, &q, false, &page));
        CHECK(page.n && list_task_counted(&q, &page, &counted));
        CHECK_OK(list_task_count(c, &q, false, LIST_COUNT_MAX, &asked));
        CHECK_INT(counted.n, asked.n);
        CHECK_INT(counted.shown, asked.shown);
        CHECK(memcmp(counted.by, asked.by, sizeof asked.by) == 0 && !counted.more && !asked.more);
    }
    q = all_tasks();
    q.limit = 42;
    CHECK_OK(list_tasks(c, &q, false, &page));
    CHECK(!list_task_counted(&q, &page, &counted)); /* there is another page */
    q.after = page.next;
    CHECK_OK(list_tasks(c, &q, false, &page));
    CHECK(!list_task_counted(&q, &page, &counted)); /* there was one before it */
    q = all_tasks();
    q.due = S("soon");
    CHECK_OK(list_tasks(c, &q, false, &page));
    CHECK(!list_task_counted(&q, &page, &counted)); /* the other states are not on it */
}

/* On the last day of the year two deadlines have passed and one is that day's. */
TEST(a_moment_decides_what_has_passed)
{
    shipped(c);
    struct task_query q = all_tasks();
    q.as_of = day(2026, 12, 31);
    q.due = S("past");
    struct task_page page = tasks(c, q);
    CHECK_STR(paths(c, &page), S("III.3.3 III.6.2"));
    CHECK_INT(page.v[0].days, -31);
    q.due = S("soon");
    page = tasks(c, q);
    CHECK_STR(paths(c, &page), S("III.4.7"));
    CHECK_INT(page.v[0].days, 0);
    /* Before the plan was approved there was nothing. */
    q = all_tasks();
    q.as_of = day(2026, 11, 22);
    CHECK_INT(tasks(c, q).n, 0);
    q.plan = S("06-nq-tu");
    CHECK_ERR(list_tasks(c, &q, false, &page), E_NOTFOUND);
}

/* The same plan under twenty further names: every order and filter gives each row once, page by page. */
TEST(pages_of_many_plans_give_each_row_once)
{
    struct writer *w = test_writer(c);
    struct str text = test_read_file(c, "data/plans/ninh-binh-06-nq-tu.md");
    test_set_clock(c, moment_of_day(day(2026, 11, 23)) + 1);
    for (int i = 0; i <= 20; i++) {
        struct arena_mark mark = arena_mark(c->arena);
        approve(c, w, str_fmt(c->arena, "ke-hoach-%02d", i), text);
        arena_rewind(c->arena, mark);
    }
    struct task_query queries[6];
    static const size_t wanted[] = {43, 8, 14, 41, 2, 3};
    for (size_t i = 0; i < 6; i++)
        queries[i] = all_tasks();
    struct str committee = tasks(c, queries[0]).v[2].lead_orgs.v[0];
    queries[1].schedule = S("yearly");
    queries[2].due = S("later");
    queries[3].body = committee;
    queries[4].body = committee;
    queries[4].due = S("soon");
    queries[5].findings = S("error");
    for (size_t i = 0; i < 6; i++) {
        struct task_query q = queries[i];
        size_t n = 0, pages = 0;
        struct task_item last = {0};
        q.limit = 7;
        for (;; pages++) {
            struct task_page page = tasks(c, q);
            for (size_t k = 0; k < page.n; k++) {
                const struct task_item *t = &page.v[k];
                bool by_due = q.due.p;
                bool later =
                    by_due && last.id.p && t->task.schedule.due != last.task.schedule.due
                        ? t->task.schedule.due > last.task.schedule.due
                        : t->plan_id > last.plan_id || (t->plan_id == last.plan_id && t->ordinal > last.ordinal);
                CHECK(later);
                CHECK(str_starts(t->id, t->plan));
                last = *t;
            }
            n += page.n;
            CHECK_INT(page.n, page.next.p ? 7 : page.n);
            if (!page.next.p)
                break;
            q.after = page.next;
        }
        CHECK_INT(n, wanted[i] * 21);
        CHECK_INT(pages, (wanted[i] * 21 - 1) / 7);
        q = queries[i];
        q.plan = S("ke-hoach-07");
        CHECK_INT(tasks(c, q).n, wanted[i]);
    }
    struct target_query targets = {.limit = 1000, .as_of = DAY_NONE};
    struct target_page found;
    CHECK_OK(list_targets(c, &targets, &found));
    CHECK_INT(found.n, 47 * 21);
    struct list_choices plans;
    CHECK_OK(list_choices(c, LIST_PLANS, POS_NOW, &plans));
    CHECK_INT(plans.n, 21);
}

TEST(cursors_and_limits_that_are_none_are_refused)
{
    shipped(c);
    struct task_page page;
    static const char *const cursors[] = {"1", "x", "1.", ".1", "1.2.3", "-1.1", "2026-11-30.1.1", "1.1 "};
    for (size_t i = 0; i < sizeof cursors / sizeof *cursors; i++) {
        struct task_query q = all_tasks();
        q.after = str_of(cursors[i]);
        CHECK_ERR(list_tasks(c, &q, false, &page), E_INVALID);
        CHECK_STR(c->error.field, S("after"));
    }
    static const int64_t limits[] = {0, -1, 1001};
    for (size_t i = 0; i < 3; i++) {
        struct task_query q = all_tasks();
        q.limit = limits[i];
        CHECK_ERR(list_tasks(c, &q, false, &page), E_INVALID);
        CHECK_STR(c->error.field, S("limit"));
    }
}

/* One task by its name, with its phases, what is found about it, and the targets its clause sets. */
TEST(one_task_is_found_by_its_name)
{
    shipped(c);
    struct task_detail d;
    CHECK_OK(list_task_get(c, S("06-nq-tu.III.6.2"), false, DAY_NONE, &d));
    CHECK_INT(d.item.task.schedule.due, day(2026, 11, 30));
    CHECK_INT(d.item.task.schedule.phases.n, 2);
    CHECK_INT(d.targets.n, 1);
    CHECK_INT((int)d.targets.v[0].target.low, 1);
    CHECK(d.findings.n > 0);
    CHECK_OK(list_task_get(c, S("06-nq-tu.III.2.6"), false, DAY_NONE, &d));
    bool venture_fund = false;
    for (size_t i = 0; i < d.findings.n; i++)
        venture_fund |= str_eq(d.findings.v[i].rule, S("run_or_study")) && str_eq(d.findings.v[i].path, S("II.1.3-5"));
    CHECK(venture_fund);
    CHECK_OK(list_task_get(c, S("06-nq-tu.IV.1"), true, DAY_NONE, &d));
    CHECK(d.item.task.objective.n && d.item.task.directions.n && d.item.task.results.n);
    static const char *const none[] = {"06-nq-tu.IV.1", "06-nq-tu",  "06-nq-tu.",
                                       ".III.3.3",      "x.III.3.3", "06-nq-tu.III.9"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        CHECK_ERR(list_task_get(c, str_of(none[i]), false, DAY_NONE, &d), E_NOTFOUND);
}

static struct target_page targets(struct ctx *c, struct target_query q)
{
    struct target_page page;
    q.limit = I64_NONE;
    q.as_of = DAY_NONE;
    CHECK_OK(list_targets(c, &q, &page));
    return page;
}

/* 47 targets: six without a figure; II.1 and what is under it has 32, III four of the 12 outside part II. */
TEST(targets_are_found_by_part_measure_year_and_unit)
{
    shipped(c);
    CHECK_INT(targets(c, (struct target_query){0}).n, 47);
    CHECK_INT(targets(c, (struct target_query){.measure = S("state")}).n, 6);
    CHECK_INT(targets(c, (struct target_query){.measure = S("rank")}).n, 2);
    CHECK_INT(targets(c, (struct target_query){.part = S("II")}).n, 35);
    CHECK_INT(targets(c, (struct target_query){.part = S("III")}).n, 4);
    CHECK_INT(targets(c, (struct target_query){.part = S("IV")}).n, 8);
    CHECK_INT(targets(c, (struct target_query){.part = S("II.1.1")}).n, 6);
    CHECK_INT(targets(c, (struct target_query){.part = S("II.1.1-2")}).n, 2);
    CHECK_INT(targets(c, (struct target_query){.part = S("I")}).n, 0);
    CHECK_INT(targets(c, (struct target_query){.by = S("2045")}).n, 3);
    CHECK_INT(targets(c, (struct target_query){.unit = S("% GRDP")}).n, 2);
    CHECK_INT(targets(c, (struct target_query){.unit = S("% GRDP"), .by = S("2030")}).n, 1);
    struct target_count n;
    CHECK_OK(list_target_count(c, &(struct target_query){.as_of = DAY_NONE}, LIST_COUNT_MAX, &n));
    CHECK_INT(n.n, 47);
    CHECK_INT(n.described, 6);
}

/* 5G: "100 % of the area" (II.1.4-5) against "99 %" (III.3.1): each leads to the other. */
TEST(a_target_knows_what_contradicts_it)
{
    shipped(c);
    struct target_detail d;
    CHECK_OK(list_target_get(c, S("06-nq-tu.III.3.1b"), DAY_NONE, &d));
    CHECK(d.item.target.low == 99);
    bool found = false;
    for (size_t i = 0; i < d.others.n; i++)
        found |= str_eq(d.others.v[i].target.key, S("II.1.4-5a"));
    CHECK(found);
    CHECK_OK(list_target_get(c, S("06-nq-tu.II.1.4-5a"), DAY_NONE, &d));
    CHECK_INT(d.others.n, 1);
    CHECK_STR(d.others.v[0].target.key, S("III.3.1b"));
    /* The other target of that clause, broadband, is contradicted by nothing. */
    CHECK_OK(list_target_get(c, S("06-nq-tu.III.3.1a"), DAY_NONE, &d));
    CHECK_INT(d.others.n, 0);
    CHECK_ERR(list_target_get(c, S("06-nq-tu.III.3.1"), DAY_NONE, &d), E_NOTFOUND);
}

/* 30 duties, five of nobody; V.8.3 asks for two reports, six-monthly and yearly. */
TEST(duties_are_found_by_body_and_schedule)
{
    shipped(c);
    struct duty_query q = {.limit = I64_NONE, .as_of = DAY_NONE};
    struct duty_page page;
    struct duty_count n;
    CHECK_OK(list_duties(c, &q, &page));
    CHECK_INT(page.n, 30);
    CHECK_OK(list_duty_count(c, &q, LIST_COUNT_MAX, &n));
    CHECK_INT(n.n, 30);
    CHECK_INT(n.bodiless, 5);
    struct str standing = {0};
    for (size_t i = 0; i < page.n; i++)
        if (str_eq(page.v[i].duty.path, S("V.1.1")))
            standing = page.v[i].org;
    CHECK(standing.n > 0);
    q.body = standing;
    CHECK_OK(list_duties(c, &q, &page));
    CHECK_INT(page.n, 4);
    q = (struct duty_query){.schedule = S("half_yearly"), .limit = I64_NONE, .as_of = DAY_NONE};
    CHECK_OK(list_duties(c, &q, &page));
    CHECK_INT(page.n, 1);
    CHECK_STR(page.v[0].duty.path, S("V.8.3"));
    q.body = S("KHONG-CO");
    CHECK_ERR(list_duties(c, &q, &page), E_INVALID);
}

/* Every rule that speaks about the plan is one of those that can be asked for. */
TEST(findings_are_found_by_rule_and_weight)
{
    shipped(c);
    struct finding_query q = {.limit = 1000, .as_of = DAY_NONE};
    struct finding_page all, page;
    struct finding_count n;
    CHECK_OK(list_findings(c, &q, &all));
    CHECK_OK(list_finding_count(c, &q, LIST_COUNT_MAX, &n));
    CHECK_INT(n.n, all.n);
    size_t errors = 0;
    for (size_t i = 0; i < all.n; i++) {
        CHECK(str_has(S("|" FINDING_RULES "|"), str_fmt(c->arena, "|%.*s|", ARGS(all.v[i].rule))));
        errors += str_eq(all.v[i].severity, S("error"));
    }
    q.severity = S("error");
    CHECK_OK(list_findings(c, &q, &page));
    CHECK_INT(page.n, errors);
    q.rule = S("target_conflict");
    CHECK_OK(list_findings(c, &q, &page));
    CHECK(page.n >= 1);
    for (size_t i = 0; i < page.n; i++)
        CHECK(page.v[i].other.n > 0);
    q.severity = S("info");
    CHECK_OK(list_findings(c, &q, &page));
    CHECK_INT(page.n, 0);
    q = (struct finding_query){.limit = 10, .as_of = DAY_NONE};
    size_t seen = 0;
    do {
        CHECK_OK(list_findings(c, &q, &page));
        seen += page.n;
        q.after = page.next;
    } while (page.next.p);
    CHECK_INT(seen, all.n);
}

TEST(a_form_offers_what_there_is)
{
    shipped(c);
    struct list_choices choices;
    CHECK_OK(list_choices(c, LIST_YEARS, POS_NOW, &choices));
    CHECK_INT(choices.n, 2);
    CHECK_STR(choices.v[0].code, S("2030"));
    CHECK_OK(list_choices(c, LIST_TASK_BODIES, POS_NOW, &choices));
    CHECK(choices.n >= 2);
    bool committee = false;
    for (size_t i = 0; i < choices.n; i++) {
        CHECK(choices.v[i].code.n && choices.v[i].name.n);
        committee |= str_eq(choices.v[i].name, S("Đảng ủy Ủy ban nhân dân tỉnh"));
    }
    CHECK(committee);
    /* A name is the catalogue's where it has one, and never missing. */
    for (size_t i = 0; i < choices.n; i++) {
        struct str name;
        CHECK_OK(list_body_name(c, choices.v[i].code, POS_NOW, &name));
        CHECK(str_eq(name, choices.v[i].code) || str_eq(name, choices.v[i].name));
    }
    CHECK_OK(list_choices(c, LIST_DUTY_BODIES, POS_NOW, &choices));
    CHECK(choices.n >= 8);
    CHECK_OK(list_choices(c, LIST_UNITS, POS_NOW, &choices));
    CHECK(choices.n > 5);
}
