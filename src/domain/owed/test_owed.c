/* What bodies owe, on the shipped plan and on small ones: whichever engine runs. */
#include "domain/owed/owed.h"

#include "base/period.h"
#include "document/document.h"
#include "domain/org/org_store.h"
#include "domain/plan/plan_store.h"
#include "test/store.h"

#include "base/banned.h"

static int32_t day(int year, int month, int day_of_month)
{
    int32_t d;
    CHECK(day_from_date(year, month, day_of_month, &d));
    return d;
}

static int64_t load_orgs(struct ctx *c, struct writer *w, struct org_files files)
{
    struct org_load load = {.files = files.v, .n_files = files.n};
    struct command command = {.run = org_load_run, .arg = &load};
    CHECK_OK(writer_run(w, c, &command));
    return command.position;
}

static enum err run_approval(struct ctx *c, void *arg)
{
    return plan_approve(c, arg);
}

static int64_t approve(struct ctx *c, struct writer *w, const char *slug, struct str text)
{
    struct document document;
    struct draft draft;
    struct approval a = {.slug = str_of(slug), .draft = &draft};
    CHECK_OK(org_catalogue_from_store(c, POS_NOW, &a.catalogue));
    CHECK_OK(document_parse(c, text, S("plan.md"), &document));
    CHECK_OK(plan_compile(c, &document, a.catalogue, &draft));
    struct command command = {.run = run_approval, .arg = &a};
    CHECK_OK(writer_run(w, c, &command));
    return a.position;
}

static struct writer *start_shipped(struct ctx *c)
{
    struct writer *w = test_writer(c);
    load_orgs(c, w, org_files_builtin(c));
    CHECK(approve(c, w, "06-nq-tu", test_read_file(c, "data/plans/ninh-binh-06-nq-tu.md")) > 0);
    return w;
}

static struct owed_list owed_at(struct ctx *c, const char *code, int64_t at, int32_t on)
{
    const struct org_catalogue *catalogue;
    struct owed_list list;
    CHECK_OK(org_catalogue_from_store(c, at, &catalogue));
    CHECK_OK(owed_read(c, catalogue, str_of(code), at, on, &list));
    return list;
}

static struct owed_list owed(struct ctx *c, const char *code)
{
    return owed_at(c, code, POS_NOW, day(2026, 11, 23));
}

static const struct owed *find(const struct owed_list *list, const char *path, const char *role)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->v[i].path, str_of(path)) && str_eq(list->v[i].role, str_of(role)))
            return &list->v[i];
    return NULL;
}

static size_t count(const struct owed_list *list, const char *role, const char *what, bool through)
{
    size_t n = 0;
    for (size_t i = 0; i < list->n; i++)
        n += str_eq(list->v[i].role, str_of(role)) && str_eq(list->v[i].what, str_of(what)) &&
             (list->v[i].via.p != NULL) == through;
    return n;
}

/* The plan has 43 tasks and 7 programmes; III.1.1 and III.1.2 are led by everybody, all others by one committee. Two
 * are due before December 2026: III.3.3 and III.6.2. */
static void one_committee_leads_48_of_50(struct ctx *c)
{
    struct owed_list list = owed(c, "DU-UBND");
    struct owed_count sum = owed_sum(&list);
    int64_t total;
    CHECK_OK(owed_total(c, POS_NOW, &total));
    CHECK_INT(total, 50);
    CHECK_INT(sum.leads, 48);
    CHECK_INT(count(&list, "lead", "task", false), 41);
    CHECK_INT(count(&list, "lead", "programme", false), 7);
    CHECK_INT(sum.soon, 2);
    CHECK_INT(sum.past, 0);
    CHECK(sum.next_due == day(2026, 11, 30));
    CHECK_STR(list.v[0].path, S("III.3.3"));
    CHECK_STR(list.v[0].state, S("soon"));
    CHECK_INT(list.v[0].days, 7);
    CHECK_STR(list.v[1].path, S("III.6.2"));
    /* What it leads it does not owe once more as one of all who help. */
    CHECK(!find(&list, "III.3.3", "coordinating"));
    const struct owed *all = find(&list, "III.1.1", "lead");
    CHECK(all && all->via.p);
    CHECK_STR(all->via, S("N-TOAN-HE-THONG"));
    /* Twelve targets stand in clauses that it leads; the group's two have none. */
    CHECK_INT(count(&list, "lead", "target", false), 12);
    const struct owed *target = find(&list, "IV.6", "lead");
    CHECK(target && target->due == (str_eq(target->what, S("target")) ? day(2030, 12, 31) : target->due));
}

/* By deadline: no row that has a day comes after one that has none, and days never fall. */
static void what_is_due_first_stands_first(struct ctx *c)
{
    struct owed_list list = owed(c, "DU-UBND");
    for (size_t i = 1; i < list.n; i++) {
        const struct owed *a = &list.v[i - 1], *b = &list.v[i];
        bool dated = a->due_state >= DUE_LATER;
        CHECK(dated || b->due_state < DUE_LATER);
        CHECK(!dated || b->due_state < DUE_LATER || a->due <= b->due);
    }
    list = owed_at(c, "DU-UBND", POS_NOW, day(2026, 12, 1));
    CHECK_INT(owed_sum(&list).past, 2);
    CHECK_INT(list.v[0].days, -1);
}

/* A commune's committee is named nowhere. It owes what all owe (2 led, 48 helped in), what the committees under the
 * province's owe (V.2.1 to V.2.3) and those of communes (V.7.1 to V.7.3); its people's committee only the first. */
static void a_commune_owes_what_its_groups_owe(struct ctx *c)
{
    struct owed_list party = owed(c, "DU-14464"), state = owed(c, "UBND-14464");
    struct owed_count sum = owed_sum(&party);
    CHECK_INT(sum.leads + sum.coordinates + sum.duties, 0);
    CHECK_INT(sum.through, 56);
    CHECK_INT(count(&party, "lead", "task", true), 2);
    CHECK_INT(count(&party, "coordinating", "task", true) + count(&party, "coordinating", "programme", true), 48);
    CHECK_INT(count(&party, "duty", "duty", true), 6);
    CHECK_STR(find(&party, "V.7.2", "duty")->via, S("N-DU-XA"));
    CHECK_STR(find(&party, "V.2.1", "duty")->via_name, S("Các đảng ủy trực thuộc Tỉnh ủy"));
    CHECK_INT(owed_sum(&state).through, 50);
    CHECK(!find(&state, "V.7.2", "duty"));
    /* Who leads what it helps in. */
    CHECK_STR(find(&party, "III.3.3", "coordinating")->lead_org, S("DU-UBND"));
    /* Before the merger it was in no group. */
    struct owed_list before = owed_at(c, "DU-14464", POS_NOW, day(2025, 6, 30));
    CHECK_INT(before.n, 0);
}

/* V.8.3 lays a half-yearly and a yearly report on three at once: the advisers, the people's committee, the Front; the
 * standing office receives them, and owes them too, as an adviser. */
static void a_duty_of_several_is_owed_by_each(struct ctx *c)
{
    struct owed_list ubnd = owed(c, "UBND"), front = owed(c, "HND"), office = owed(c, "VPTU");
    CHECK_INT(count(&ubnd, "duty", "duty", false), 6); /* V.5.1 to V.5.4, and V.8.3 twice */
    CHECK_INT(count(&front, "duty", "duty", true), 5); /* V.6.1 to V.6.3, and V.8.3 twice */
    CHECK_INT(count(&office, "duty", "duty", false), 1);
    CHECK_INT(count(&office, "duty", "duty", true), 2);
    CHECK_INT(count(&office, "receiver", "duty", false), 2);
    CHECK_STR(find(&ubnd, "V.8.3", "duty")->state, S("periodic"));
    CHECK_INT(owed_sum(&office).through, 52); /* and the 50 of all; not what it receives */
}

/* The list of all bodies says of each what its own page says. */
static void the_list_and_the_page_agree(struct ctx *c)
{
    const struct org_catalogue *catalogue;
    struct owed_counts counts;
    int32_t today = day(2026, 11, 23);
    CHECK_OK(org_catalogue_from_store(c, POS_NOW, &catalogue));
    CHECK_OK(owed_count_all(c, catalogue, POS_NOW, today, &counts));
    CHECK_INT(counts.total, 50);
    for (size_t i = 0; i < counts.n; i++) {
        const struct owed_count *row = &counts.v[i];
        struct owed_list list;
        /* 129 communes are alike: every tenth will do. */
        if (str_starts(row->kind, S("commune")) && i % 10)
            continue;
        CHECK_OK(owed_read(c, catalogue, row->code, POS_NOW, today, &list));
        struct owed_count sum = owed_sum(&list);
        if (sum.leads != row->leads || sum.coordinates != row->coordinates || sum.monitors != row->monitors ||
            sum.duties != row->duties || sum.past != row->past || sum.soon != row->soon ||
            sum.next_due != row->next_due || sum.through != row->through)
            test_failed(__FILE__, __LINE__, "%.*s: the list and the page differ", ARGS(row->code));
    }
}

static bool is_listed(struct ctx *c, int32_t on, const char *code)
{
    const struct org_catalogue *catalogue;
    struct owed_counts counts;
    CHECK_OK(org_catalogue_from_store(c, POS_NOW, &catalogue));
    CHECK_OK(owed_count_all(c, catalogue, POS_NOW, on, &counts));
    for (size_t i = 0; i < counts.n; i++)
        if (str_eq(counts.v[i].code, str_of(code)))
            return true;
    return false;
}

/* Three provinces became one on 1 July 2025. */
static void a_body_is_listed_while_it_exists(struct ctx *c)
{
    CHECK(is_listed(c, day(2025, 6, 30), "UBND-36") && !is_listed(c, day(2025, 7, 1), "UBND-36"));
    CHECK(!is_listed(c, day(2025, 6, 30), "UBND") && is_listed(c, day(2025, 7, 1), "UBND"));
}

static void the_list_is_narrowed(struct ctx *c)
{
    const struct org_catalogue *catalogue;
    struct owed_counts all, some;
    int32_t today = day(2026, 11, 23);
    CHECK_OK(org_catalogue_from_store(c, POS_NOW, &catalogue));
    CHECK_OK(owed_count_all(c, catalogue, POS_NOW, today, &all));
    const struct {
        struct owed_filter filter;
        size_t n;
    } cases[] = {
        {{.day = today}, all.n},
        {{.tree = S("all"), .day = today}, all.n},
        {{.tree = S("front"), .day = today}, 6}, /* the Front and its five organisations */
        {{.tree = S("group"), .day = today}, 19},
        {{.kind = S("commune_party"), .day = today}, 129},
        {{.kind = S("commune_party"), .words = S("gia vien"), .day = today}, 1},
        {{.tree = S("state"), .kind = S("commune_party"), .day = today}, 0},
        {{.words = S("khoa hoc cong nghe so"), .tree = S("state"), .day = today}, 1},
        {{.words = S("khong co gi nhu the"), .day = today}, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        some = all;
        some.v = NEWN(c->arena, struct owed_count, all.n + 1);
        for (size_t k = 0; k < all.n; k++)
            some.v[k] = all.v[k];
        owed_filter(c, catalogue, &some, &cases[i].filter);
        if (some.n != cases[i].n)
            test_failed(__FILE__, __LINE__, "case %zu: got %zu, want %zu", i, some.n, cases[i].n);
    }
}

#define SMALL(who, deadline)                                                                                           \
    S("# Kế hoạch thử\n\nI. NHIỆM VỤ\n\n1. Lập cổng dữ liệu của tỉnh.\n\n- Cơ quan chủ trì: " who                      \
      ".\n\n- Cơ quan phối hợp: Sở Nội vụ; Trung tâm Lạ; Sở Tài chính.\n\n- Thời gian thực hiện: " deadline ".\n\n")

/* Two plans; the second version of one moves a deadline and gives the task to another: each is as it was then. */
TEST(across_plans_and_as_of)
{
    struct writer *w = test_writer(c);
    load_orgs(c, w, org_files_builtin(c));
    approve(c, w, "b", SMALL("Sở Y tế", "Trước ngày 30/9/2026"));
    int64_t first = approve(c, w, "a", SMALL("Sở Y tế", "Trước ngày 30/6/2027"));
    approve(c, w, "a", SMALL("Sở Du lịch", "Trước ngày 31/3/2027"));
    struct owed_list then = owed_at(c, "SYT", first, day(2026, 7, 1)),
                     now = owed_at(c, "SYT", POS_NOW, day(2026, 7, 1));
    CHECK_INT(then.n, 2);
    CHECK_STR(then.v[0].plan, S("b"));
    CHECK_STR(then.v[1].plan, S("a"));
    CHECK_INT(now.n, 1);
    CHECK_STR(now.v[0].plan, S("b"));
    struct owed_list moved = owed(c, "SDL"), none = owed_at(c, "SDL", first, day(2026, 7, 1));
    CHECK_INT(moved.n, 1);
    CHECK(moved.v[0].due == day(2027, 3, 30));
    CHECK_INT(none.n, 0);
    struct owed_list helps = owed(c, "SNV");
    CHECK_INT(owed_sum(&helps).coordinates, 2);
    CHECK_STR(find(&helps, "I.1", "coordinating")->lead, S("Sở Y tế"));
}

/* A name nobody knows is told with its place; once the catalogue has it as an alias, loading the plan again finds it.
 */
TEST(unknown_names_are_told_until_they_are_known)
{
    struct writer *w = test_writer(c);
    struct owed_unknowns list;
    load_orgs(c, w, org_files_builtin(c));
    approve(c, w, "a", SMALL("Sở Y tế", "Trước ngày 30/9/2026"));
    CHECK_OK(owed_unknown(c, POS_NOW, &list));
    CHECK_INT(list.n, 1);
    CHECK_STR(list.v[0].name, S("Trung tâm Lạ"));
    CHECK_STR(list.v[0].path, S("I.1"));
    CHECK_STR(list.v[0].plan, S("a"));
    CHECK_STR(list.v[0].role, S("coordinating"));
    struct org_file file = {S("t.csv"), S("code,name,kind,state,valid_from,confirmed\n"
                                          "TTL,Trung tâm Lạ,public_unit,UBND,2025-07-01,yes\n")};
    load_orgs(c, w, (struct org_files){&file, 1});
    CHECK(approve(c, w, "a", SMALL("Sở Y tế", "Trước ngày 30/9/2026")) > 0);
    CHECK_OK(owed_unknown(c, POS_NOW, &list));
    CHECK_INT(list.n, 0);
    struct owed_list ttl = owed(c, "TTL");
    CHECK_INT(ttl.n, 1);
    CHECK_INT(approve(c, w, "a", SMALL("Sở Y tế", "Trước ngày 30/9/2026")), 0);
}

static void a_code_that_is_none_is_not_found(struct ctx *c)
{
    const struct org_catalogue *catalogue;
    struct owed_list list;
    struct strs names;
    CHECK_OK(org_catalogue_from_store(c, POS_NOW, &catalogue));
    CHECK_ERR(owed_read(c, catalogue, S("khong-co"), POS_NOW, 20000, &list), E_NOTFOUND);
    CHECK_ERR(owed_read(c, catalogue, S("14464"), POS_NOW, 20000, &list), E_NOTFOUND); /* an area is no body */
    CHECK_OK(owed_names(c, S("VPTU"), POS_NOW, &names));
    CHECK_INT(names.n, 2); /* by its name, and by what it does */
    CHECK_STR(names.v[0], S("Cơ quan Thường trực Ban Chỉ đạo"));
}

/* One store for them all: to load it takes longer than to ask it. */
TEST(the_shipped_plan)
{
    start_shipped(c);
    one_committee_leads_48_of_50(c);
    what_is_due_first_stands_first(c);
    a_commune_owes_what_its_groups_owe(c);
    a_duty_of_several_is_owed_by_each(c);
    the_list_and_the_page_agree(c);
    a_body_is_listed_while_it_exists(c);
    the_list_is_narrowed(c);
    a_code_that_is_none_is_not_found(c);
}
