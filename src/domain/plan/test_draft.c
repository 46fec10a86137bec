/* A draft from the bytes of a document to the plan: what is decided holds, what is not stands as read, and nobody's
 * decision is lost. Runs on both engines. */
#include "base/json.h"
#include "base/period.h"
#include "domain/plan/draft.h"
#include "ledger/ledger.h"
#include "test/store.h"

#include <string.h>
#include <unistd.h>

#include "base/banned.h"

/* The program runs itself to read documents; the test program stands in for it, before any test begins. */
__attribute__((constructor)) static void be_the_child(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "document-child") == 0)
        _exit(document_child(argc, argv));
}

#define PLAN                                                                                                                                            \
    S("# KẾ HOẠCH\n\nchuyển đổi số tỉnh giai đoạn 2026-2030\n\nI. MỤC TIÊU\n\n1. Đến năm 2030\n\n- Có ít nhất 50 "           \
      "trung tâm dữ liệu.\n\nII. NHIỆM VỤ\n\n1. Lập cổng dữ liệu của tỉnh.\n\n- Cơ quan chủ trì: Sở Khoa học và "         \
      "Công nghệ.\n\n- Thời gian thực hiện: Trước ngày 30/6/2026.\n\n2. Tập huấn cán bộ.\n\n- Cơ quan chủ trì: Sở "           \
      "Nội vụ.\n\n- Thời gian thực hiện: Khi thuận lợi.\n\n3. Mua máy chủ.\n\n- Cơ quan chủ trì: Sở Tài chính.\n\n"            \
      "- Thời gian thực hiện: Quý IV/2026.\n\nIII. TỔ CHỨC THỰC HIỆN\n\n1. Sở Nội vụ định kỳ 6 tháng báo cáo kết quả " \
      "với Văn phòng Tỉnh ủy.\n")

static enum err run_create(struct ctx *c, void *arg)
{
    return draft_create(c, arg);
}

static int64_t bring(struct ctx *c, struct writer *w, struct str text)
{
    struct draft_new d;
    CHECK_OK(draft_prepare(c, w, text, S("plan.md"), &d));
    struct command command = {.run = run_create, .arg = &d};
    CHECK_OK(writer_run(w, c, &command));
    return d.id;
}

static enum err run_decide(struct ctx *c, void *arg)
{
    return draft_decide(c, arg);
}

static enum err decide(struct ctx *c, struct writer *w, struct draft_decision *d)
{
    struct command command = {.run = run_decide, .arg = d};
    return writer_run(w, c, &command);
}

#define DECIDE(id, seen, key, what, why, ...)                                                                          \
    decide(c, w,                                                                                                       \
           &(struct draft_decision){.draft = (id),                                                                     \
                                    .version = (seen),                                                                 \
                                    .item = S(key),                                                                    \
                                    .decision = S(what),                                                               \
                                    .reason = S(why),                                                                  \
                                    .set = {(struct str[]){S(""), ##__VA_ARGS__} + 1,                                  \
                                            sizeof((struct str[]){S(""), ##__VA_ARGS__}) / sizeof(struct str) - 1}})

struct approving {
    int64_t draft, version;
    struct approval a;
};

static enum err run_approve(struct ctx *c, void *arg)
{
    struct approving *p = arg;
    return draft_approve(c, p->draft, p->version, &p->a);
}

static enum err approve(struct ctx *c, struct writer *w, int64_t draft, int64_t version, const char *slug)
{
    struct approving p = {draft, version, {.slug = str_of(slug)}};
    struct command command = {.run = run_approve, .arg = &p};
    return writer_run(w, c, &command);
}

static enum err run_rest(struct ctx *c, void *arg)
{
    int64_t *numbers = arg; /* the draft; how many, the version */
    return draft_accept_rest(c, numbers[0], &numbers[1], &numbers[2]);
}

static int64_t accept_rest(struct ctx *c, struct writer *w, int64_t draft)
{
    int64_t numbers[3] = {draft};
    struct command command = {.run = run_rest, .arg = numbers};
    CHECK_OK(writer_run(w, c, &command));
    return numbers[1];
}

static struct draft_view *look(struct ctx *c, int64_t id)
{
    struct draft_view *v = NEW(c->arena, struct draft_view);
    CHECK_OK(draft_open(c, id, POS_NOW, true, v));
    return v;
}

static void held(struct ctx *c, struct str slug, struct draft *ret)
{
    struct plan_row row;
    CHECK_OK(plan_get(c, slug, POS_NOW, &row));
    CHECK_OK(plan_read(c, row.id, POS_NOW, ret));
}

static int32_t day(int year, int month, int n)
{
    int32_t ret = DAY_NONE;
    CHECK(day_from_date(year, month, n, &ret));
    return ret;
}

/* The documents of the tree: what is found in one is what is found when it is looked at again. */
TEST(findings_told_anew_are_the_same)
{
    static const char *const files[] = {"data/plans/ninh-binh-06-nq-tu.md", "test/plans/dates.md",
                                        "test/plans/leads-in-sentences.md", "test/plans/letters-and-annex.md",
                                        "test/plans/ministry-labels.txt",   "test/plans/parts-and-articles.txt",
                                        "test/plans/progress-table.md",     "test/plans/relative-deadlines.md",
                                        "test/plans/sea-resolution.md",     "test/plans/several-leads.md",
                                        "test/plans/state-plan.txt",        "test/plans/table-programme.md",
                                        "test/plans/target-table.md"};
    const struct org_catalogue *catalogue;
    CHECK_OK(org_catalogue_builtin(c, &catalogue));
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct document document;
        struct draft read, again;
        CHECK_OK(document_parse(c, test_read_file(c, files[i]), str_of(files[i]), &document));
        CHECK_OK(plan_compile(c, &document, catalogue, &read));
        again = read;
        plan_lint_again(c, &again, catalogue);
        CHECK(again.findings.n > 0);
        CHECK(record_equal(&draft_record, &read, &again));
    }
}

TEST(a_reading_comes_back_whole)
{
    struct writer *w = test_writer(c);
    struct document document;
    const struct org_catalogue *catalogue;
    struct draft compiled;
    struct str text = test_read_file(c, "data/plans/ninh-binh-06-nq-tu.md");
    CHECK_OK(org_catalogue_builtin(c, &catalogue));
    CHECK_OK(document_parse(c, text, S("plan.md"), &document));
    CHECK_OK(plan_compile(c, &document, catalogue, &compiled));
    struct draft_view *v = look(c, bring(c, w, text));
    CHECK(record_equal(&draft_record, &v->read, &compiled));
    CHECK(record_equal(&draft_record, &v->now, &compiled));
    /* The head, 43 tasks, 7 programmes, 47 targets and 30 duties are to be judged. */
    CHECK_INT(v->items.n, 1 + 43 + 7 + 47 + compiled.duties.n);
    CHECK_INT(v->row.undecided, v->items.n);
    for (size_t i = 0; i < v->items.n; i++)
        CHECK(draft_item(v, v->items.v[i].key) == &v->items.v[i]);
    for (size_t i = 0; i < v->lines.n; i++)
        CHECK(v->lines.v[i].line > 0 && (i == 0 || v->lines.v[i].line >= v->lines.v[i - 1].line));
}

/* What is approved without a change is what `plan load` keeps, and the event says so with the same hash. */
TEST(approved_as_read_is_what_loading_gives)
{
    struct writer *w = test_writer(c);
    struct str text = test_read_file(c, "data/plans/ninh-binh-06-nq-tu.md");
    struct draft loaded, approved;
    struct plan_row row;
    bool sound = false;
    int64_t id = bring(c, w, text);
    struct draft_view *v = look(c, id);
    CHECK(v->row.errors > 0);
    CHECK_ERR(approve(c, w, id, I64_NONE, "a"), E_CONFLICT);
    CHECK(str_has(c->error.message, S("task-")));
    CHECK_INT(accept_rest(c, w, id), v->row.ready);
    for (size_t i = 0; i < v->items.n; i++)
        if (v->items.v[i].errors)
            CHECK_OK(decide(c, w,
                            &(struct draft_decision){
                                .draft = id, .version = I64_NONE, .item = v->items.v[i].key, .decision = S("accept")}));
    CHECK_OK(approve(c, w, id, I64_NONE, "a"));
    struct document document;
    CHECK_OK(document_parse(c, text, S("plan.md"), &document));
    const struct org_catalogue *catalogue;
    CHECK_OK(org_catalogue_builtin(c, &catalogue));
    CHECK_OK(plan_compile(c, &document, catalogue, &loaded));
    held(c, S("a"), &approved);
    CHECK(record_equal(&draft_record, &loaded, &approved));
    CHECK_OK(plan_get(c, S("a"), POS_NOW, &row));
    CHECK_OK(plan_check(c, &row, &sound));
    CHECK(sound);
}

TEST(a_mend_follows_the_words_and_keeps_what_was_read)
{
    struct writer *w = test_writer(c);
    int64_t id = bring(c, w, PLAN);
    CHECK_OK(DECIDE(id, I64_NONE, "task-II.2", "mend", "", S("schedule.text=trước tháng 3/2027"), S("product=Báo cáo"),
                    S("lead=Sở Nội vụ"), S("lead=Công an tỉnh")));
    struct draft_view *v = look(c, id);
    const struct draft_item *item = draft_item(v, S("task-II.2"));
    const struct task *now = item->now, *read = item->read;
    CHECK_STR(item->decision, S("mended"));
    CHECK_STR(now->schedule.kind, S("deadline"));
    CHECK_INT(now->schedule.due, day(2027, 2, 28));
    CHECK_STR(now->product, S("Báo cáo"));
    CHECK_INT(now->lead.n, 2);
    CHECK_STR(now->lead.v[1], S("Công an tỉnh"));
    CHECK_STR(read->schedule.text, S("Khi thuận lợi"));
    CHECK_INT(read->lead.n, 1);
    /* It had no deadline that could be judged: that is settled. */
    CHECK_INT(item->errors, 0);
    for (size_t i = 0; i < item->findings.n; i++)
        CHECK(!str_eq(item->findings.v[i]->rule, S("no_deadline")));
    /* Fields that were given as they had been read are no mends. */
    CHECK_INT(item->set.n, 4);
    CHECK_OK(DECIDE(id, I64_NONE, "task-II.2", "mend", "", S("schedule.text=Khi thuận lợi"), S("lead=Sở Nội vụ")));
    CHECK_STR(draft_item(look(c, id), S("task-II.2"))->decision, S("accepted"));
}

TEST(days_may_be_given_in_place_of_words)
{
    struct writer *w = test_writer(c);
    int64_t id = bring(c, w, PLAN);
    CHECK_OK(DECIDE(id, I64_NONE, "task-II.2", "mend", "", S("schedule.due=2027-05-31")));
    const struct task *t = draft_item(look(c, id), S("task-II.2"))->now;
    CHECK_STR(t->schedule.kind, S("deadline"));
    CHECK_INT(t->schedule.due, day(2027, 5, 31));
    CHECK_STR(t->schedule.text, S("Khi thuận lợi"));
    CHECK_OK(
        DECIDE(id, I64_NONE, "task-II.2", "mend", "", S("schedule.start=2027-01-01"), S("schedule.due=2027-05-31")));
    t = draft_item(look(c, id), S("task-II.2"))->now;
    CHECK_STR(t->schedule.kind, S("period"));
    CHECK_ERR(
        DECIDE(id, I64_NONE, "task-II.2", "mend", "", S("schedule.start=2027-06-01"), S("schedule.due=2027-05-31")),
        E_INVALID);
    CHECK_STR(c->error.field, S("schedule.due"));
    /* A day that the new words say themselves is theirs. */
    CHECK_OK(
        DECIDE(id, I64_NONE, "task-II.2", "mend", "", S("schedule.text=quý I/2027"), S("schedule.due=2027-03-31")));
    CHECK_INT(draft_item(look(c, id), S("task-II.2"))->set.n, 1);
}

TEST(a_target_is_mended_as_a_whole)
{
    struct writer *w = test_writer(c);
    int64_t id = bring(c, w, PLAN);
    struct draft_view *v = look(c, id);
    struct str key = {NULL, 0};
    for (size_t i = 0; i < v->items.n; i++)
        if (str_eq(v->items.v[i].kind, S("target")))
            key = v->items.v[i].key;
    CHECK_STR(key, S("target-I.1-1"));
    CHECK_OK(DECIDE(id, I64_NONE, "target-I.1-1", "mend", "", S("comparator=range"), S("low=40"), S("high=50.5"),
                    S("by=2028"), S("unit=trung tâm dữ liệu")));
    const struct target *t = draft_item(look(c, id), key)->now;
    CHECK(t->low == 40 && t->high == 50.5);
    CHECK_STR(t->by, S("2028"));
    CHECK_ERR(DECIDE(id, I64_NONE, "target-I.1-1", "mend", "", S("comparator=range"), S("low=60"), S("high=50")),
              E_INVALID);
    CHECK_ERR(DECIDE(id, I64_NONE, "target-I.1-1", "mend", "", S("comparator=nhiều hơn")), E_INVALID);
    CHECK_STR(c->error.field, S("comparator"));
    CHECK_ERR(DECIDE(id, I64_NONE, "target-I.1-1", "mend", "", S("low=năm mươi")), E_INVALID);
    CHECK_STR(c->error.field, S("low"));
    CHECK_ERR(DECIDE(id, I64_NONE, "target-I.1-1", "mend", "", S("by=30")), E_INVALID);
    CHECK_ERR(DECIDE(id, I64_NONE, "target-I.1-1", "mend", "", S("path=IX")), E_INVALID);
    CHECK_STR(c->error.field, S("path"));
}

TEST(nobody_overwrites_what_they_have_not_seen)
{
    struct writer *w = test_writer(c);
    int64_t id = bring(c, w, PLAN);
    int64_t seen = look(c, id)->row.version;
    CHECK_OK(DECIDE(id, seen, "task-II.1", "mend", "", S("title=Cổng dữ liệu mở")));
    int64_t after = look(c, id)->row.version;
    CHECK(after > seen);
    CHECK_ERR(DECIDE(id, seen, "task-II.1", "accept", ""), E_CONFLICT);
    CHECK_STR(c->error.field, S("version"));
    CHECK(str_has(c->error.message, str_fmt(c->arena, "%lld", (long long)seen)));
    CHECK(str_has(c->error.message, str_fmt(c->arena, "%lld", (long long)after)));
    CHECK_STR(((const struct task *)draft_item(look(c, id), S("task-II.1"))->now)->title, S("Cổng dữ liệu mở"));
    /* Another item is another matter, and the same decision sent twice is one. */
    CHECK_OK(DECIDE(id, seen, "task-II.3", "accept", ""));
    int64_t then = look(c, id)->row.version;
    CHECK_OK(DECIDE(id, seen, "task-II.3", "accept", ""));
    CHECK_INT(look(c, id)->row.version, then);
    CHECK_ERR(approve(c, w, id, seen, "x"), E_CONFLICT);
    CHECK_STR(c->error.field, S("version"));
}

TEST(a_refused_item_is_not_in_the_plan)
{
    struct writer *w = test_writer(c);
    struct draft plan;
    int64_t id = bring(c, w, PLAN);
    CHECK_ERR(DECIDE(id, I64_NONE, "task-II.2", "refuse", " "), E_INVALID);
    CHECK_STR(c->error.field, S("reason"));
    CHECK_ERR(DECIDE(id, I64_NONE, "plan", "refuse", "sai"), E_INVALID);
    CHECK_ERR(DECIDE(id, I64_NONE, "task-IX.9", "accept", ""), E_NOTFOUND);
    CHECK_OK(DECIDE(id, I64_NONE, "task-II.2", "refuse", "không phải nhiệm vụ"));
    CHECK_OK(DECIDE(id, I64_NONE, "task-II.1", "refuse", "nhầm"));
    CHECK_OK(DECIDE(id, I64_NONE, "task-II.1", "reopen", ""));
    struct draft_view *v = look(c, id);
    CHECK_INT(v->row.refused, 1);
    CHECK_INT(v->row.undecided, v->row.items - 1);
    CHECK_INT(v->row.errors, 0);
    CHECK_OK(approve(c, w, id, v->row.version, "x"));
    held(c, S("x"), &plan);
    CHECK_INT(plan.tasks.n, 2);
    for (size_t i = 0; i < plan.clauses.n; i++)
        if (str_eq(plan.clauses.v[i].path, S("II.2")))
            CHECK_STR(plan.clauses.v[i].kind, S("text"));
    for (size_t i = 0; i < plan.findings.n; i++)
        CHECK(!str_eq(plan.findings.v[i].path, S("II.2")));
    /* Approved once, it stands. */
    CHECK_ERR(approve(c, w, id, I64_NONE, "y"), E_CONFLICT);
    CHECK_ERR(DECIDE(id, I64_NONE, "task-II.1", "refuse", "muộn"), E_CONFLICT);
}

struct decided_item {
    struct str item, decision, reason;
    struct strs set;
};
RECORD(decided_record, struct decided_item, "decided", "", {"item", FIELD_TEXT, offsetof(struct decided_item, item)},
       {"decision", FIELD_TEXT, offsetof(struct decided_item, decision)},
       {"reason", FIELD_TEXT, offsetof(struct decided_item, reason)},
       {"set", FIELD_TEXTS, offsetof(struct decided_item, set)});
struct approve_event {
    struct {
        struct decided_item *v;
        size_t n;
    } decisions;
    int64_t of_draft;
};
RECORD(approve_event_record, struct approve_event, "event", "",
       {"decisions", FIELD_LIST, offsetof(struct approve_event, decisions), .of = &decided_record},
       {"of_draft", FIELD_I64, offsetof(struct approve_event, of_draft)});

/* The event of approval and the document are enough to come to the same plan. */
TEST(the_decisions_replayed_give_the_plan)
{
    struct writer *w = test_writer(c);
    struct draft first, second;
    struct plan_row row;
    struct events events;
    struct approve_event said;
    int64_t id = bring(c, w, PLAN);
    CHECK_OK(DECIDE(id, I64_NONE, "plan", "mend", "", S("title=Kế hoạch chuyển đổi số"), S("period.to=2031")));
    CHECK_OK(DECIDE(id, I64_NONE, "task-II.2", "mend", "", S("schedule.text=tháng 9 năm 2027"), S("lead=")));
    CHECK_OK(DECIDE(id, I64_NONE, "task-II.3", "refuse", "không cần"));
    CHECK_OK(approve(c, w, id, I64_NONE, "x"));
    CHECK_OK(plan_get(c, S("x"), POS_NOW, &row));
    CHECK_OK(ledger_list(c, row.position - 1, 1, &events));
    CHECK_STR(events.v[0].kind, S("plan.approve"));
    CHECK_OK(json_read_record(c, &approve_event_record, events.v[0].payload, &said));
    CHECK_INT(said.of_draft, id);
    int64_t again = bring(c, w, PLAN);
    CHECK(again != id);
    for (size_t i = 0; i < said.decisions.n; i++) {
        const struct decided_item *d = &said.decisions.v[i];
        struct str how = str_eq(d->decision, S("mended"))    ? S("mend")
                         : str_eq(d->decision, S("refused")) ? S("refuse")
                                                             : S("accept");
        CHECK_OK(decide(c, w,
                        &(struct draft_decision){.draft = again,
                                                 .version = I64_NONE,
                                                 .item = d->item,
                                                 .decision = how,
                                                 .reason = d->reason,
                                                 .set = d->set}));
    }
    CHECK_OK(approve(c, w, again, I64_NONE, "y"));
    held(c, S("x"), &first);
    held(c, S("y"), &second);
    CHECK_INT(first.tasks.n, 2);
    CHECK_STR(first.period.to, S("2031"));
    CHECK_INT(first.tasks.v[1].lead.n, 0);
    CHECK(record_equal(&draft_record, &first, &second));
}

/* The same bytes twice are one draft, until it is approved. */
TEST(bringing_the_same_again_opens_what_is_there)
{
    struct writer *w = test_writer(c);
    struct draft_new none;
    int64_t id = bring(c, w, PLAN);
    CHECK_INT(bring(c, w, PLAN), id);
    CHECK_ERR(draft_prepare(c, w, S("xin chào"), S("a.txt"), &none), E_INVALID);
    CHECK_ERR(draft_prepare(c, w, S(""), S("a.txt"), &none), E_INVALID);
    CHECK_ERR(draft_prepare(c, w, S("%PDF-1.7 hỏng"), S("a.pdf"), &none), E_INVALID);
    struct draft_rows rows;
    CHECK_OK(draft_list(c, POS_NOW, &rows));
    CHECK_INT(rows.n, 1);
}

/* A mended plan from the same document is a version of its own: the doctor's check holds for each. */
TEST(a_new_version_from_the_same_document_is_sound)
{
    struct writer *w = test_writer(c);
    struct plan_row row;
    bool sound = false;
    int64_t id = bring(c, w, PLAN);
    CHECK_OK(DECIDE(id, I64_NONE, "task-II.2", "accept", ""));
    CHECK_OK(approve(c, w, id, I64_NONE, "x"));
    id = bring(c, w, PLAN);
    CHECK_OK(DECIDE(id, I64_NONE, "task-II.2", "mend", "", S("schedule.text=quý II/2027")));
    CHECK_OK(approve(c, w, id, I64_NONE, "x"));
    CHECK_OK(plan_get(c, S("x"), POS_NOW, &row));
    CHECK_OK(plan_check(c, &row, &sound));
    CHECK(sound);
}

struct failing {
    struct approving approving;
    int64_t store, memory; /* which call, which allocation from the start of the command; 0: none */
};

static enum err run_failing(struct ctx *c, void *arg)
{
    struct failing *f = arg;
    db_fail_in(c->db, f->store);
    c->arena->fail_in = f->memory;
    enum err e = run_approve(c, &f->approving);
    db_fail_in(c->db, 0);
    c->arena->fail_in = 0;
    return e;
}

/* Every store call of an approval, and one allocation in 97, made to fail in turn: the draft is still open, nothing
 * of the plan is there, and the next approval goes through. */
TEST(an_approval_that_fails_leaves_the_draft_open)
{
    for (int kind = 0; kind < 2; kind++) {
        struct writer *w = test_writer(c);
        int64_t id = bring(c, w, PLAN);
        CHECK_OK(DECIDE(id, I64_NONE, "task-II.2", "mend", "", S("schedule.text=quý II/2027")));
        for (int64_t n = 1;; n += kind ? 97 : 1) {
            struct arena_mark mark = arena_mark(c->arena);
            struct failing f = {
                .approving = {id, I64_NONE, {.slug = S("x")}}, .store = kind == 0 ? n : 0, .memory = kind == 1 ? n : 0};
            struct command command = {.run = run_failing, .arg = &f};
            struct plan_rows plans;
            struct draft_row row;
            enum err e = writer_run(w, c, &command);
            if (e == OK)
                break;
            CHECK(e == E_IO || e == E_LIMIT);
            CHECK_OK(plan_list(c, POS_NOW, &plans));
            CHECK_INT(plans.n, 0);
            CHECK_OK(draft_get(c, id, POS_NOW, &row));
            CHECK_STR(row.state, S("open"));
            CHECK_INT(row.mended, 1);
            CHECK(n < 1000000);
            arena_rewind(c->arena, mark);
        }
        struct verdict verdict;
        CHECK_OK(ledger_verify_store(c, S(""), &verdict));
        CHECK(verdict.whole);
        CHECK_INT(verdict.events, 3);
    }
}
