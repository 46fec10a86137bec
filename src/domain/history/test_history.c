/* The ledger by who, what and when, held against a naive reading of all of it; what events changed; what pages cost.
 * Whichever engine runs. */
#include "domain/history/history.h"

#include "base/period.h"
#include "document/document.h"
#include "domain/access/access.h"
#include "domain/org/org_store.h"
#include "test/store.h"

#include <inttypes.h>
#include <string.h>

#include "base/banned.h"

static int32_t day(int year, int month, int day_of_month)
{
    int32_t d;
    CHECK(day_from_date(year, month, day_of_month, &d));
    return d;
}

static uint64_t chance_state = 88172645463325252u;
static unsigned chance(unsigned n)
{
    chance_state ^= chance_state << 13;
    chance_state ^= chance_state >> 7;
    chance_state ^= chance_state << 17;
    return (unsigned)(chance_state % n);
}

static enum err run_approval(struct ctx *c, void *arg)
{
    return plan_approve(c, arg);
}

static int64_t approve(struct ctx *c, struct writer *w, struct str text)
{
    struct document document;
    struct draft draft;
    struct approval a = {.slug = S("06-nq-tu"), .draft = &draft};
    CHECK_OK(org_catalogue_from_store(c, POS_NOW, &a.catalogue));
    CHECK_OK(document_parse(c, text, S("plan.md"), &document));
    CHECK_OK(plan_compile(c, &document, a.catalogue, &draft));
    struct command command = {.run = run_approval, .arg = &a};
    CHECK_OK(writer_run(w, c, &command));
    return a.position;
}

static enum err run_add(struct ctx *c, void *arg)
{
    const struct account_role *role = arg;
    struct account account = {.name = role->account, .full_name = S("Một người")};
    return access_add(c, &account, role);
}

struct happening {
    struct str actor, behalf, kind, subject;
};

static enum err run_happening(struct ctx *c, void *arg)
{
    const struct happening *h = arg;
    c->actor = (struct actor){h->actor, h->behalf, S("r")};
    return ledger_append(c, h->kind, h->subject, S("{}"), NULL);
}

static int64_t happen(struct ctx *c, struct writer *w, const char *actor, const char *behalf, const char *kind,
                      const char *subject)
{
    struct happening h = {str_of(actor), str_of(behalf), str_of(kind), str_of(subject)};
    struct command command = {.run = run_happening, .arg = &h};
    CHECK_OK(writer_run(w, c, &command));
    return command.position;
}

static struct writer *start(struct ctx *c)
{
    struct writer *w = test_writer(c);
    struct org_files files = org_files_builtin(c);
    struct org_load load = {.files = files.v, .n_files = files.n};
    struct command command = {.run = org_load_run, .arg = &load};
    test_set_clock(c, moment_of_day(day(2026, 11, 20)));
    CHECK_OK(writer_run(w, c, &command));
    return w;
}

static struct history_query all(void)
{
    return (struct history_query){.from = DAY_NONE, .to = DAY_NONE, .limit = I64_NONE};
}

static struct history_page find(struct ctx *c, struct history_query q)
{
    struct history_page page;
    CHECK_OK(history_list(c, &q, false, &page));
    return page;
}

/* "1 2 5": all pages of a query. */
static struct str positions(struct ctx *c, struct history_query q)
{
    struct out o;
    out_init(&o, c->arena, 1 << 20);
    for (int pages = 0;; pages++) {
        struct history_page page = find(c, q);
        CHECK(q.limit == I64_NONE || page.events.n <= (size_t)q.limit);
        CHECK(pages < 10000);
        for (size_t i = 0; i < page.events.n; i++)
            out_fmt(&o, "%s%" PRId64, o.n ? " " : "", page.events.v[i].position);
        if (!page.next.p)
            return out_str(&o);
        q.after = page.next;
    }
}

static struct str numbers(struct ctx *c, const int64_t *v, size_t n)
{
    struct out o;
    out_init(&o, c->arena, 1 << 20);
    for (size_t i = 0; i < n; i++)
        out_fmt(&o, "%s%" PRId64, i ? " " : "", v[i]);
    return out_str(&o);
}

static bool is_under(struct str subject, struct str top)
{
    return str_eq(subject, top) || (str_starts(subject, top) && subject.p[top.n] == '/');
}

/* --- every combination of filters, against a naive reading ----------------------------------------------------------
 */

static const char *const actors[] = {"an", "binh", "chi", ""}, *const behalves[] = {"", "", "orgs/SKHCN", "orgs/STC"},
                         *const kinds[] = {"task.progress", "task.accept", "value.put"},
                         *const subjects[] = {"plans/x/I.1",        "plans/x/I.2", "plans/x",   "plans",
                                              "reports/7/values/3", "reports/7",   "orgs/SKHCN"};
#define ANY_OF(words) (words[chance(sizeof words / sizeof *words)])

/* The first event loaded the bodies. */
static bool loaded_bodies(struct str subject)
{
    return str_starts(subject, S("orgs/"));
}

static bool fits(const struct event *e, const struct history_query *q)
{
    return (!q->actor.p || str_eq(e->actor, q->actor)) && (!q->behalf.p || str_eq(e->behalf, q->behalf)) &&
           (!q->kind.p || str_eq(e->kind, q->kind)) &&
           (!q->subject.p || is_under(e->subject, q->subject) || (e->position == 1 && loaded_bodies(q->subject))) &&
           (q->from == DAY_NONE || day_of_moment(e->at_us) >= q->from) &&
           (q->to == DAY_NONE || day_of_moment(e->at_us) <= q->to);
}

static struct str naive(struct ctx *c, const struct events *events, const struct history_query *q)
{
    int64_t *v = NEWN(c->arena, int64_t, events->n + 1);
    bool oldest = q->order.p && str_eq(q->order, S("oldest"));
    size_t n = 0;
    for (size_t i = 0; i < events->n; i++) {
        const struct event *e = &events->v[oldest ? i : events->n - 1 - i];
        if (fits(e, q))
            v[n++] = e->position;
    }
    return numbers(c, v, n);
}

TEST(filters_together_give_what_a_naive_reading_gives)
{
    struct writer *w = start(c);
    struct events events;
    for (int i = 0; i < 300; i++) {
        test_set_clock(c, ctx_now(c) + chance(4) * 3600 * 1000000LL);
        happen(c, w, ANY_OF(actors), ANY_OF(behalves), ANY_OF(kinds), ANY_OF(subjects));
    }
    CHECK_OK(ledger_list(c, 0, 1000, &events));
    size_t found = 0;
    for (int i = 0; i < 400; i++) {
        struct history_query q = all();
        struct arena_mark mark = arena_mark(c->arena);
        if (chance(3) == 0)
            q.actor = str_of(ANY_OF(actors));
        if (chance(3) == 0)
            q.behalf = str_of(ANY_OF(behalves));
        if (chance(3) == 0)
            q.kind = str_of(ANY_OF(kinds));
        if (chance(2) == 0)
            q.subject = str_of(chance(3) ? ANY_OF(subjects) : "reports");
        if (chance(3) == 0)
            q.from = day(2026, 11, 20) + (int32_t)chance(20);
        if (chance(3) == 0)
            q.to = day(2026, 11, 20) + (int32_t)chance(25);
        q.order = chance(2) ? S("oldest") : chance(2) ? S("newest") : (struct str){0};
        q.limit = chance(2) ? (int64_t)chance(7) + 1 : I64_NONE;
        struct str want = naive(c, &events, &q);
        found += want.n > 0;
        CHECK_STR(positions(c, q), want);
        arena_rewind(c->arena, mark);
    }
    CHECK(found > 150); /* the questions were not all empty */
}

TEST(what_cannot_be_asked_is_refused_with_its_field)
{
    start(c);
    struct history_page page;
    struct history_query q = all();
    q.limit = 1001;
    CHECK_ERR(history_list(c, &q, false, &page), E_INVALID);
    CHECK_STR(c->error.field, S("limit"));
    q = all();
    q.after = S("x");
    CHECK_ERR(history_list(c, &q, false, &page), E_INVALID);
    CHECK_STR(c->error.field, S("after"));
    q = all();
    q.body = S("NOBODY");
    CHECK_ERR(history_list(c, &q, false, &page), E_INVALID);
    CHECK_STR(c->error.field, S("body"));
}

/* --- a body ---------------------------------------------------------------------------------------------------------
 */

/* The committee leads III.3.3; the department of science neither leads nor helps with V.8.3. */
TEST(a_body_has_what_is_about_it_and_what_its_people_did_while_they_were_its_people)
{
    struct writer *w = start(c);
    int64_t loaded, given, approved;
    struct str text = test_read_file(c, "data/plans/ninh-binh-06-nq-tu.md");
    loaded = 1;
    approved = approve(c, w, text);
    struct account_role role = {S("van-thu"), S("reporter"), S("DU-UBND"), day(2026, 11, 22), day(2026, 11, 24)};
    struct command command = {.run = run_add, .arg = &role};
    CHECK_OK(writer_run(w, c, &command));
    given = command.position;
    happen(c, w, "van-thu", "", "task.progress", "notes/1"); /* on the 20th: not yet in the role */
    test_set_clock(c, moment_of_day(day(2026, 11, 23)));
    int64_t by = happen(c, w, "van-thu", "", "task.progress", "notes/2");
    int64_t for_it = happen(c, w, "an", "orgs/DU-UBND", "value.put", "notes/3");
    int64_t about = happen(c, w, "an", "", "task.progress", "plans/06-nq-tu/III.3.3");
    happen(c, w, "an", "orgs/SKHCN", "value.put", "notes/4");
    happen(c, w, "an", "", "task.progress", "plans/06-nq-tu/I");
    test_set_clock(c, moment_of_day(day(2026, 11, 25)));
    happen(c, w, "van-thu", "", "task.progress", "notes/5"); /* no longer */
    struct history_query q = all();
    q.body = S("DU-UBND");
    q.order = S("oldest");
    int64_t want[] = {loaded, approved, by, for_it, about};
    CHECK(given > approved);
    CHECK_STR(positions(c, q), numbers(c, want, 5));
    q.limit = 1;
    CHECK_STR(positions(c, q), numbers(c, want, 5));
    q.kind = S("task.progress");
    int64_t progress[] = {by, about};
    CHECK_STR(positions(c, q), numbers(c, progress, 2));
    q.subject = S("plans");
    CHECK_STR(positions(c, q), numbers(c, &about, 1));
}

/* --- the chain of one figure ----------------------------------------------------------------------------------------
 */

static struct str replaced(struct ctx *c, struct str text, const char *what, const char *with)
{
    size_t at = str_find(text, str_of(what), 0);
    CHECK(at != SIZE_MAX);
    return str_fmt(c->arena, "%.*s%s%.*s", ARGS(str_slice(text, 0, at)), with, ARGS(str_skip(text, at + strlen(what))));
}

static const char small[] = "KẾ HOẠCH\nPhát triển kinh tế số năm 2026\n\nI. NHIỆM VỤ\n\n1. Xây dựng cổng dữ liệu.\n\n"
                            "- Cơ quan chủ trì: Sở Tài chính.\n\n- Thời gian thực hiện: Trước ngày 02/7/2026.\n\n"
                            "2. Đào tạo cán bộ.\n\n- Cơ quan chủ trì: Sở Nội vụ.\n";

TEST(the_history_of_a_clause_is_what_changed_it)
{
    struct writer *w = start(c);
    int64_t first = approve(c, w, str_of(small));
    struct str later = replaced(c, str_of(small), "02/7/2026", "15/9/2026");
    int64_t second = approve(c, w, later);
    int64_t third = approve(c, w, replaced(c, later, "cán bộ", "cán bộ, công chức"));
    struct history_query q = all();
    q.subject = S("plans/06-nq-tu/I.1");
    int64_t of_one[] = {second, first}, of_two[] = {third, first}, of_both[] = {third, second, first};
    CHECK_STR(positions(c, q), numbers(c, of_one, 2));
    q.subject = S("/plans/06-nq-tu/clauses/I.2");
    CHECK_STR(positions(c, q), numbers(c, of_two, 2));
    q.subject = S("/plans/06-nq-tu/I/");
    CHECK_STR(positions(c, q), numbers(c, of_both, 3));

    struct event e;
    struct plan_changes changes;
    bool more;
    CHECK_OK(ledger_event(c, second, &e));
    CHECK_OK(history_changes(c, &e, S("plans/06-nq-tu/I.1"), &changes, &more));
    bool found = false;
    for (size_t i = 0; i < changes.rows.n; i++) {
        const struct plan_change *change = &changes.rows.v[i];
        CHECK_STR(change->path, S("I.1"));
        if (str_eq(change->field, S("schedule.due"))) {
            CHECK_STR(change->before, S("2026-07-01"));
            CHECK_STR(change->after, S("2026-09-14"));
            found = true;
        }
    }
    CHECK(found && !more);
    CHECK_OK(history_changes(c, &e, S("plans/06-nq-tu/I.2"), &changes, &more));
    CHECK_INT(changes.rows.n, 0);
    /* The first version added everything. */
    CHECK_OK(ledger_event(c, first, &e));
    CHECK_OK(history_changes(c, &e, (struct str){0}, &changes, &more));
    CHECK(changes.rows.n >= 2);
}

TEST(what_a_role_and_a_load_of_bodies_changed_is_told_by_field)
{
    struct writer *w = start(c);
    struct event e;
    struct plan_changes changes;
    bool more;
    struct account_role role = {S("van-thu"), S("reporter"), S("SKHCN"), DAY_NONE, DAY_NONE};
    struct command command = {.run = run_add, .arg = &role};
    CHECK_OK(writer_run(w, c, &command));
    CHECK_OK(ledger_event(c, command.position, &e));
    CHECK_OK(history_changes(c, &e, (struct str){0}, &changes, &more));
    CHECK_INT(changes.rows.n, 2);
    CHECK_STR(changes.rows.v[0].after, S("Một người"));
    CHECK_STR(changes.rows.v[1].field, S("roles"));
    CHECK_STR(changes.rows.v[1].after, S("reporter SKHCN"));
    CHECK_OK(ledger_event(c, 1, &e));
    CHECK_OK(history_changes(c, &e, S("orgs/SKHCN"), &changes, &more));
    CHECK(changes.rows.n > 0 && !more);
    CHECK_OK(history_changes(c, &e, (struct str){0}, &changes, &more));
    CHECK_INT(changes.rows.n, HISTORY_CHANGES_MAX);
    CHECK(more);
}

struct saying {
    struct str subject, payload;
};

static enum err run_saying(struct ctx *c, void *arg)
{
    const struct saying *s = arg;
    return ledger_append(c, S("value.put"), s->subject, s->payload, NULL);
}

static int64_t say(struct ctx *c, struct writer *w, const char *subject, const char *payload)
{
    struct saying s = {str_of(subject), str_of(payload)};
    struct command command = {.run = run_saying, .arg = &s};
    CHECK_OK(writer_run(w, c, &command));
    return command.position;
}

/* The chain of one figure: each value against the one before it, whatever was said of others in between. */
TEST(a_figure_is_told_against_what_was_said_of_it_before)
{
    struct writer *w = start(c);
    struct event e;
    struct plan_changes changes;
    bool more;
    int64_t first = say(c, w, "values/gdp/2026", "{\"value\": 8.5, \"note\": \"ước\", \"source\": \"Thống kê\"}");
    say(c, w, "values/gdp/2027", "{\"value\": 9}");
    say(c, w, "values/gdp", "{\"value\": 1}");
    int64_t second = say(c, w, "values/gdp/2026", "{\"value\": 8.7, \"source\": \"Thống kê\"}");
    CHECK_OK(ledger_event(c, first, &e));
    CHECK_OK(history_changes(c, &e, (struct str){0}, &changes, &more));
    CHECK_INT(changes.rows.n, 0);
    CHECK_OK(ledger_event(c, second, &e));
    CHECK_OK(history_changes(c, &e, (struct str){0}, &changes, &more));
    CHECK_INT(changes.rows.n, 2);
    CHECK_STR(changes.rows.v[0].field, S("value"));
    CHECK_STR(changes.rows.v[0].before, S("8.5"));
    CHECK_STR(changes.rows.v[0].after, S("8.7"));
    CHECK_STR(changes.rows.v[1].field, S("note"));
    CHECK_STR(changes.rows.v[1].before, S("ước"));
    CHECK_STR(changes.rows.v[1].after, S(""));
}

/* --- what it costs --------------------------------------------------------------------------------------------------
 */

static enum err run_many(struct ctx *c, void *arg)
{
    const int *n = arg;
    for (int i = 0; i < *n; i++) {
        c->actor = (struct actor){i % 2 ? S("an") : S("binh"), i % 3 ? S("") : S("orgs/STC"), S("")};
        struct str subject = str_fmt(c->arena, "plans/x/I.%d", i % 50);
        TRY(ledger_append(c, i % 2 ? S("task.progress") : S("value.put"), subject, (struct str){0}, NULL));
    }
    return OK;
}

/* What one page costs. */
static int64_t page_steps(struct ctx *c, struct history_query q)
{
    int64_t before = db_steps(c->db);
    struct arena_mark mark = arena_mark(c->arena);
    find(c, q);
    arena_rewind(c->arena, mark);
    return db_steps(c->db) - before;
}

/* A ledger of 1, 4 and 16 times 6,000 events, all of it longer than what a search looks at. On PostgreSQL, where events
 * take long to make and work is not counted, a shorter one, and what is found alone. */
TEST(a_page_costs_the_same_however_long_the_ledger_is)
{
    enum { QUERIES = 9, NOTHING = 7 };
    const int step = test_on_postgres() ? 1000 : 6000;
    struct writer *w = start(c);
    struct history_query q[QUERIES];
    int64_t first[QUERIES] = {0};
    for (int i = 0; i < QUERIES; i++)
        q[i] = all();
    q[1].actor = S("an");
    q[2].behalf = S("orgs/STC");
    q[3].kind = S("value.put");
    q[4].subject = S("plans");
    q[5].subject = S("plans/x/I.7");
    q[6].body = S("STC");
    q[NOTHING].actor = S("an"); /* who never does that: nothing fits, and the search stops */
    q[NOTHING].kind = S("value.put");
    q[8].subject = S("plans");
    q[8].order = S("oldest");
    for (int times = 1, made = 0; times <= 16; times *= 4) {
        for (; made < times * step; made += step) {
            int n = step;
            struct command command = {.run = run_many, .arg = &n};
            CHECK_OK(writer_run(w, c, &command));
        }
        for (int i = 0; i < QUERIES; i++) {
            int64_t steps = page_steps(c, q[i]);
            /* The search that finds nothing is at its limit from the second round on. */
            if (times == (i == NOTHING ? 4 : 1))
                first[i] = steps;
            if (first[i] && steps > first[i] + first[i] / 2)
                test_failed(__FILE__, __LINE__, "query %d at %d x: %" PRId64 " steps, at first %" PRId64, i, times,
                            steps, first[i]);
        }
        CHECK(test_on_postgres() || first[0] > 0);
    }
    struct history_page page = find(c, q[NOTHING]);
    CHECK_INT(page.events.n, 0);
    CHECK(page.stopped && page.next.p);
    CHECK_STR(positions(c, q[NOTHING]), S(""));
}
