#include "domain/plan/plan_store.h"

#include "base/emit.h"
#include "base/period.h"
#include "domain/plan/status.h"
#include "ledger/ledger.h"
#include "test/store.h"

#include "base/banned.h"

static void compile(struct ctx *c, struct str text, struct draft *ret)
{
    struct document document;
    const struct org_catalogue *catalogue;
    CHECK_OK(org_catalogue_builtin(c, &catalogue));
    CHECK_OK(document_parse(c, text, S("plan.md"), &document));
    CHECK_OK(plan_compile(c, &document, catalogue, ret));
}

static enum err run_approval(struct ctx *c, void *arg)
{
    return plan_approve(c, arg);
}

static enum err approve(struct ctx *c, struct writer *w, const struct draft *d, const char *source,
                        struct approval *ret)
{
    *ret = (struct approval){.slug = S("ke-hoach"), .draft = d, .source = str_of(source), .source_name = S("plan.md")};
    TRY(org_catalogue_builtin(c, &ret->catalogue));
    struct command command = {.run = run_approval, .arg = ret};
    return writer_run(w, c, &command);
}

static void read_back(struct ctx *c, int64_t at, struct draft *ret)
{
    struct plan_row row;
    CHECK_OK(plan_get(c, S("ke-hoach"), at, &row));
    CHECK_OK(plan_read(c, row.id, at, ret));
}

static struct str json(struct ctx *c, const struct draft *d)
{
    struct out o;
    struct emit e;
    out_init(&o, c->arena, 16 << 20);
    emit_init(&e, &o, EMIT_JSON_LINES);
    emit_record(&e, &draft_record, d);
    CHECK(!o.failed);
    return str_dup(c->arena, out_str(&o));
}

#define SMALL(deadline, extra)                                                                                            \
    S("# Kế hoạch chuyển đổi số năm 2026\n\nI. NHIỆM VỤ\n\n1. Lập cổng dữ liệu của tỉnh.\n\n" \
      "- Cơ quan chủ trì: Sở Khoa học và Công nghệ.\n\n- Thời gian thực hiện: " deadline ".\n\n"                          \
      "2. Tập huấn cán bộ.\n\n- Cơ quan chủ trì: Sở Nội vụ.\n\n- Thời gian thực hiện: Thường xuyên.\n\n" extra)

/* What was approved is what was compiled, to the last finding: the real plan's twin, on whichever engine runs. */
TEST(the_store_gives_back_the_draft)
{
    struct writer *w = test_writer(c);
    struct draft compiled, held;
    struct approval a;
    compile(c, test_read_file(c, "data/plans/ninh-binh-06-nq-tu.md"), &compiled);
    CHECK_OK(approve(c, w, &compiled, "h1", &a));
    CHECK(a.position > 0);
    read_back(c, POS_NOW, &held);
    CHECK_STR(json(c, &held), json(c, &compiled));
    CHECK_INT(held.tasks.n, 43);
    CHECK_INT(held.programmes.n, 7);
}

/* The rows of one path, out of a list that is described by its record. */
#define OF_PATH(list, all, wanted)                                                                                     \
    for (size_t i = 0; i < (all)->list.n; i++)                                                                         \
        if (str_eq((all)->list.v[i].path, wanted))                                                                     \
            *PUSH(c->arena, &one.list) = (all)->list.v[i];

TEST(a_clause_by_itself_is_what_it_is_in_the_plan)
{
    struct writer *w = test_writer(c);
    struct draft compiled;
    struct approval a;
    struct plan_row plan;
    compile(c, test_read_file(c, "data/plans/ninh-binh-06-nq-tu.md"), &compiled);
    CHECK_OK(approve(c, w, &compiled, "h1", &a));
    CHECK_OK(plan_find(c, S("ke-hoach"), POS_NOW, &plan));
    for (size_t k = 0; k < compiled.clauses.n; k++) {
        struct draft one = {.title = compiled.title, .number = compiled.number, .issuer = compiled.issuer}, held;
        struct str path = compiled.clauses.v[k].path;
        OF_PATH(clauses, &compiled, path)
        OF_PATH(tasks, &compiled, path)
        OF_PATH(programmes, &compiled, path)
        OF_PATH(targets, &compiled, path)
        OF_PATH(duties, &compiled, path)
        OF_PATH(findings, &compiled, path)
        CHECK_OK(plan_read_clause(c, &plan, path, POS_NOW, &held));
        CHECK_STR(json(c, &held), json(c, &one));
    }
    struct draft none;
    CHECK_ERR(plan_read_clause(c, &plan, S("IX.9"), POS_NOW, &none), E_NOTFOUND);
    CHECK_ERR(plan_read_clause(c, &plan, compiled.clauses.v[0].path, a.position - 1, &none), E_NOTFOUND);
}

TEST(approving_the_same_again_changes_nothing)
{
    struct writer *w = test_writer(c);
    struct draft d;
    struct approval first, second;
    struct verdict verdict;
    compile(c, SMALL("Trước ngày 30/6/2026", ""), &d);
    CHECK_OK(approve(c, w, &d, "h1", &first));
    CHECK_OK(approve(c, w, &d, "h1", &second));
    CHECK_INT(second.position, 0);
    CHECK_OK(ledger_verify_store(c, S(""), &verdict));
    CHECK(verdict.whole);
    CHECK_INT(verdict.events, 1);
}

/* A later version moves one deadline and adds a task: the rest is left alone, and the earlier state can still be read.
 */
TEST(each_version_can_be_read_at_its_position)
{
    struct writer *w = test_writer(c);
    struct draft one, two, then, now;
    struct approval first, second;
    compile(c, SMALL("Trước ngày 30/6/2026", ""), &one);
    compile(c,
            SMALL("Trước ngày 30/9/2026",
                  "3. Mua máy chủ.\n\n- Cơ quan chủ trì: Sở Tài chính.\n\n- Thời gian thực hiện: Quý IV/2026.\n"),
            &two);
    CHECK_OK(approve(c, w, &one, "h1", &first));
    CHECK_OK(approve(c, w, &two, "h2", &second));
    CHECK_INT(first.plan, second.plan);
    CHECK(second.position > first.position);
    CHECK_INT(second.clauses.added, 1);
    CHECK_INT(second.clauses.removed, 0);
    read_back(c, first.position, &then);
    read_back(c, POS_NOW, &now);
    CHECK_STR(json(c, &then), json(c, &one));
    CHECK_STR(json(c, &now), json(c, &two));
    int32_t june, september;
    CHECK(day_from_date(2026, 6, 29, &june) && day_from_date(2026, 9, 29, &september));
    CHECK_INT(then.tasks.v[0].schedule.due, june);
    CHECK_INT(now.tasks.v[0].schedule.due, september);
    struct plan_row none;
    CHECK_ERR(plan_get(c, S("ke-hoach"), first.position - 1, &none), E_NOTFOUND);
}

TEST(a_slug_that_is_none_is_refused)
{
    struct writer *w = test_writer(c);
    struct draft d;
    compile(c, SMALL("Quý I/2026", ""), &d);
    const char *const bad[] = {"", "Kế hoạch", "a/b", "-a", "a-", "../x", "a b"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct approval a = {.slug = str_of(bad[i]), .draft = &d};
        struct command command = {.run = run_approval, .arg = &a};
        CHECK_ERR(writer_run(w, c, &command), E_INVALID);
    }
    struct plan_rows plans;
    CHECK_OK(plan_list(c, POS_NOW, &plans));
    CHECK_INT(plans.n, 0);
}

TEST(a_slug_comes_from_the_resolution_the_number_or_the_title)
{
    struct draft d = {.title = S("Kế hoạch thực hiện Nghị quyết số 06-NQ/TU của Ban Chấp hành Đảng bộ tỉnh"),
                      .number = S("12-KH/TU")};
    CHECK_STR(plan_slug(c, &d), S("06-nq-tu"));
    d.title = S("Kế hoạch chuyển đổi số tỉnh Vân Giang năm 2026");
    CHECK_STR(plan_slug(c, &d), S("12-kh-tu"));
    d.number = (struct str){NULL, 0};
    CHECK_STR(plan_slug(c, &d), S("ke-hoach-chuyen-doi-so-tinh-van-giang-nam-2026"));
}

/* Judged on a day: what has gone by, what is due within 30 days, what comes back, what has no end. */
TEST(status_counts_by_the_day_it_is_judged_on)
{
    struct writer *w = test_writer(c);
    struct draft d;
    struct approval a;
    struct plan_row row;
    struct plan_status s;
    int32_t today;
    compile(c,
            SMALL("Trước ngày 30/6/2026",
                  "3. Báo cáo.\n\n- Cơ quan chủ trì: Sở Tài chính.\n\n- Thời gian thực hiện: Hằng năm.\n"),
            &d);
    CHECK_OK(approve(c, w, &d, "h1", &a));
    CHECK_OK(plan_get(c, S("ke-hoach"), POS_NOW, &row));
    CHECK(day_from_date(2026, 6, 20, &today));
    CHECK_OK(plan_status(c, &row, POS_NOW, today, &s));
    CHECK_INT(s.tasks, 3);
    CHECK_INT(s.dated, 1);
    CHECK_INT(s.soon, 1);
    CHECK_INT(s.passed, 0);
    CHECK_INT(s.continuous, 1);
    CHECK_INT(s.recurring, 1);
    CHECK_INT(s.next.n, 1);
    CHECK_INT(s.next.v[0].days, 9);
    CHECK_OK(plan_status(c, &row, POS_NOW, today + 10, &s));
    CHECK_INT(s.passed, 1);
    CHECK_INT(s.next.v[0].days, -1);
}

struct failing {
    struct approval approval;
    int64_t store, memory; /* which call, which allocation from the start of the command; 0: none */
};

static enum err run_failing(struct ctx *c, void *arg)
{
    struct failing *f = arg;
    db_fail_in(c->db, f->store);
    c->arena->fail_in = f->memory;
    enum err e = plan_approve(c, &f->approval);
    db_fail_in(c->db, 0);
    c->arena->fail_in = 0;
    return e;
}

/* Every store call and every allocation of a load made to fail in turn: a clean error, nothing of the plan in the
 * store, and the next load goes through. */
TEST(a_load_that_fails_leaves_nothing)
{
    for (int kind = 0; kind < 2; kind++) {
        struct writer *w = test_writer(c);
        struct draft d;
        struct verdict verdict;
        compile(c, SMALL("Trước ngày 30/6/2026", ""), &d);
        for (int64_t n = 1;; n++) {
            struct arena_mark mark = arena_mark(c->arena);
            struct failing f = {.approval = {.slug = S("ke-hoach"), .draft = &d},
                                .store = kind == 0 ? n : 0,
                                .memory = kind == 1 ? n : 0};
            struct command command = {.run = run_failing, .arg = &f};
            struct plan_rows plans;
            enum err e = writer_run(w, c, &command);
            if (e == OK)
                break;
            CHECK(e == E_IO || e == E_LIMIT);
            CHECK_OK(plan_list(c, POS_NOW, &plans));
            CHECK_INT(plans.n, 0);
            CHECK(n < 10000);
            arena_rewind(c->arena, mark);
        }
        CHECK_OK(ledger_verify_store(c, S(""), &verdict));
        CHECK(verdict.whole);
        CHECK_INT(verdict.events, 1);
    }
}
