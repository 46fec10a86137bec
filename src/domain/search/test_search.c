/* Searching a handful of documents whose order a reader would agree on. Runs on both engines. */
#include "domain/search/query.h"
#include "domain/search/search.h"

#include "base/out.h"
#include "store/db.h"
#include "test/store.h"

#include <string.h>

#include "base/banned.h"

#define CLAUSE(at, name, words)                                                                                        \
    {                                                                                                                  \
        .kind = S0("clause"), .plan = S0("06-nq-tu"), .path = S0(at), .title = S0(name), .text = S0(words)             \
    }

static const struct search_doc docs[] = {
    {.kind = S0("plan"),
     .plan = S0("06-nq-tu"),
     .names = {(struct str[]){S0("06-NQ/TU")}, 1},
     .title = S0("Kế hoạch thực hiện Nghị quyết số 06-NQ/TU"),
     .text = S0("Ban Thường vụ Tỉnh ủy")},
    CLAUSE("I.1", "Đường sắt", "Nối Hà Nội với Ninh Bình"),
    CLAUSE("I.2", "Bồi dưỡng cán bộ", "Mỗi năm hai lần"),
    CLAUSE("I.3", "Hạ tầng", "Mở đường vành đai; R&D được ưu tiên"),
    CLAUSE("I.4", "Xã Vũ Dương", ""),
    CLAUSE("I.5", "Bảo dưỡng", "Theo Nghị quyết số 57-NQ/TW, mục III.3"),
    CLAUSE("III.3", "Hạ tầng số", "Uỷ ban nhân dân tỉnh chủ trì"),
    {.kind = S0("task"),
     .also = {(struct str[]){S0("target")}, 1},
     .plan = S0("06-nq-tu"),
     .path = S0("III.3.3"),
     .title = S0("Trung tâm dữ liệu"),
     .text = S0("Hòa chung một nền tảng; chuyển sang môi trường số, đổi mới cách làm")},
    CLAUSE("III.3.30", "Chuyển đổi số", "Toàn diện"),
    CLAUSE("III.30", "Ủy ban", "Hoà giải ở cơ sở"),
    CLAUSE("IV.a", "Dữ liệu dân cư", "An toàn thông tin; khoa Học"),
};

static struct str start(struct ctx *c)
{
    struct str store = test_store(c);
    const struct search_docs all = {(struct search_doc *)docs, sizeof docs / sizeof *docs, 0};
    CHECK_OK(search_put(c, 1, &all));
    return store;
}

static struct search_results find(struct ctx *c, const char *q)
{
    struct search_results results;
    const struct search_asked asked = {.q = str_of(q), .limit = I64_NONE};
    CHECK_OK(search_find(c, &asked, &results));
    return results;
}

/* Paths of what is found, the plan as "plan". */
static struct str paths(struct ctx *c, const struct search_results *r)
{
    struct str *v = NEWN(c->arena, struct str, r->n + 1);
    for (size_t i = 0; i < r->n; i++)
        v[i] = r->v[i].path.p ? r->v[i].path : S("plan");
    return str_join(c->arena, v, r->n, S(" "));
}

static struct str marked(struct ctx *c, const struct search_parts *parts)
{
    struct out o;
    out_init(&o, c->arena, 1 << 16);
    for (size_t i = 0; i < parts->n; i++)
        out_fmt(&o, "%s%.*s%s", parts->v[i].hit ? "[" : "", ARGS(parts->v[i].text), parts->v[i].hit ? "]" : "");
    return str_dup(c->arena, out_str(&o));
}

TEST(found_in_the_order_a_reader_expects)
{
    static const struct {
        const char *q, *paths;
    } asked[] = {
        /* Without marks all are alike: title before text, then as they stand in the plan; "dưỡng", "Dương" answer too.
         */
        {"duong", "I.1 I.2 I.4 I.5 I.3"},
        /* Exactly so, in title, then in text; then the others. */
        {"đường", "I.1 I.3 I.2 I.4 I.5"},
        {"ĐƯỜNG", "I.1 I.3 I.2 I.4 I.5"},
        {"Dương", "I.4 I.1 I.2 I.5 I.3"},
        {"dưỡng", "I.2 I.5 I.1 I.4 I.3"},
        /* A part of the marks, as one types: "đương" lacks only the tone of "đường". */
        {"đương", "I.1 I.3 I.2 I.4 I.5"},
        /* All words, in any order; the last may be a beginning. */
        {"sắt đường", "I.1"},
        {"ninh ha", "I.1"},
        {"trung tâm d", ""},
        {"trung tâm dữ", "III.3.3"},
        {"dữ liệu cư", "IV.a"},
        {"đường biển", ""},
        /* One stretch before scattered words, though those stand in a text as well. */
        {"chuyển đổi số", "III.3.30 III.3.3"},
        {"\"chuyển đổi số\"", "III.3.30"},
        {"“chuyen doi”", "III.3.30"},
        {"\"đổi chuyển\"", ""},
        {"R&D", "I.3"},
        {"R & D", "I.3"},
        {"D&R", ""},
        /* The two styles of tone marks are one. */
        {"hoà", "III.3.3 III.30"},
        {"hòa", "III.3.3 III.30"},
        {"uỷ ban", "III.30 III.3 plan"},
        {"Ủy ban", "III.30 III.3 plan"},
        /* A path: itself, what stands under it (III.30 does not), then who speaks of it. */
        {"III.3", "III.3 III.3.3 III.3.30 I.5"},
        {"iii.3.3", "III.3.3"},
        {"mục III.3.3", "III.3.3"},
        {"06-NQ/TU", "plan"},
        {"06-nq-tu", "plan"},
        {"số 06-NQ/TU", "plan"},
        {"57-NQ/TW", "I.5"},
        {"57-nq", "I.5"},
        {"iv", "IV.a"},
        /* One letter is a word, not the beginning of one. */
        {"R", "I.3"},
        {"v", ""},
    };
    start(c);
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        struct search_results r = find(c, asked[i].q);
        struct str got = paths(c, &r);
        if (!str_eq(got, str_of(asked[i].paths)))
            test_failed(__FILE__, __LINE__, "%s: got \"%.*s\", want \"%s\"", asked[i].q, ARGS(got), asked[i].paths);
        CHECK(r.found == (int64_t)r.n && !r.limited && !r.next.p);
    }
}

TEST(hits_are_marked_in_the_text_as_it_is_written)
{
    start(c);
    struct search_results r = find(c, "duong vanh");
    CHECK_INT(r.n, 1);
    CHECK_STR(marked(c, &r.v[0].title_parts), S("Hạ tầng"));
    CHECK_STR(marked(c, &r.v[0].snippet_parts), S("Mở [đường vành] đai; R&D được ưu tiên"));
    CHECK_STR(r.v[0].snippet, docs[3].text);
    CHECK_STR(r.v[0].address, S("/plans/06-nq-tu/clauses/I.3"));
    r = find(c, "R&D");
    CHECK_STR(marked(c, &r.v[0].snippet_parts), S("Mở đường vành đai; [R&D] được ưu tiên"));
    r = find(c, "ủy ban");
    CHECK_STR(marked(c, &r.v[1].snippet_parts), S("[Uỷ ban] nhân dân tỉnh chủ trì"));
    r = find(c, "06-NQ/TU");
    CHECK_STR(marked(c, &r.v[0].title_parts), S("Kế hoạch thực hiện Nghị quyết số [06-NQ/TU]"));
    CHECK_STR(r.v[0].address, S("/plans/06-nq-tu"));
    CHECK(!r.v[0].path.p);
}

TEST(a_long_text_is_cut_around_the_hits)
{
    test_store(c);
    struct out o;
    out_init(&o, c->arena, 1 << 16);
    for (int i = 0; i < 100; i++)
        out_put(&o, i == 60 ? S("trồng rừng ngập mặn ") : S("một hai ba "));
    struct search_doc doc = {
        .kind = S("clause"), .plan = S("p"), .path = S("I"), .title = S("Rừng"), .text = out_str(&o)};
    const struct search_docs all = {&doc, 1, 0};
    CHECK_OK(search_put(c, 1, &all));
    struct search_results r = find(c, "ngập rừng");
    CHECK_INT(r.n, 1);
    struct str snippet = marked(c, &r.v[0].snippet_parts);
    CHECK(str_starts(snippet, S("… ")) && str_ends(snippet, S(" …")) && snippet.n < 300);
    CHECK(str_has(snippet, S("ba trồng [rừng ngập] mặn một")));
    CHECK_STR(marked(c, &r.v[0].title_parts), S("[Rừng]"));
    r = find(c, "\"rừng\"");
    CHECK(str_has(marked(c, &r.v[0].snippet_parts), S("[rừng]")));
}

TEST(only_one_kind_or_one_plan)
{
    start(c);
    struct search_results r;
    struct search_asked asked = {.q = S("số"), .kind = S("target"), .limit = I64_NONE};
    CHECK_OK(search_find(c, &asked, &r));
    CHECK_STR(paths(c, &r), S("III.3.3")); /* a task that is a target too */
    CHECK_STR(r.v[0].kind, S("task"));
    asked.kind = S("plan");
    CHECK_OK(search_find(c, &asked, &r));
    CHECK_STR(paths(c, &r), S("plan"));
    asked = (struct search_asked){.q = S("số"), .plan = S("khac"), .limit = I64_NONE};
    CHECK_OK(search_find(c, &asked, &r));
    CHECK_INT(r.n, 0);
    asked.plan = S("06-nq-tu");
    CHECK_OK(search_find(c, &asked, &r));
    CHECK_INT(r.n, 6); /* "sở" too */
    asked.plan = S("\" OR x:*' & !");
    CHECK_OK(search_find(c, &asked, &r));
    CHECK_INT(r.n, 0);
}

TEST(page_after_page_gives_all_of_it_once)
{
    start(c);
    struct search_results all = find(c, "duong"), r;
    struct search_asked asked = {.q = S("duong"), .limit = 2};
    size_t n = 0;
    for (;;) {
        CHECK_OK(search_find(c, &asked, &r));
        for (size_t i = 0; i < r.n; i++, n++)
            CHECK(n < all.n && str_eq(r.v[i].path, all.v[n].path));
        CHECK_INT(r.found, all.n);
        if (!r.next.p)
            break;
        asked.after = r.next;
    }
    CHECK_INT(n, all.n);
}

TEST(a_query_is_answered_or_refused_never_more)
{
    static const char *const refused[] = {"",
                                          " ",
                                          "\"",
                                          "\"\"",
                                          "* ( ) : - ^ ' \\ / { } [ ] & | ! < > ~ , ; .",
                                          "\xf0\x9f\x98\x80",
                                          "\xcc\x81\xcc\x80",
                                          "\xff",
                                          "a\xc3",
                                          "…"};
    static const char *const answered[] = {"NEAR(a b)",
                                           "a AND b OR NOT c",
                                           "words:a",
                                           "*",
                                           "a*",
                                           "a* b*",
                                           "^a",
                                           "-a",
                                           "{a b}: c",
                                           "a' OR '1'='1",
                                           "a & b | !c:*A <-> d",
                                           "'",
                                           "%",
                                           "a%_",
                                           "\"a",
                                           "a\"",
                                           "\"a\"b\"c",
                                           "0x41",
                                           "1e5",
                                           "-1",
                                           "\\",
                                           "NULL",
                                           "x",
                                           "k",
                                           "_",
                                           "a_b",
                                           "½",
                                           "ﬁ ㎏ ①",
                                           "αβγ Иван 中文 한국어",
                                           "đ",
                                           "İ",
                                           "ß",
                                           "a\nb\tc"};
    start(c);
    struct search_results r;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        const struct search_asked asked = {.q = str_of(refused[i]), .limit = I64_NONE};
        if (search_find(c, &asked, &r) != E_INVALID || !str_eq(c->error.field, S("q")))
            test_failed(__FILE__, __LINE__, "not refused: %s", refused[i]);
    }
    for (size_t i = 0; i < sizeof answered / sizeof *answered; i++) {
        const struct search_asked asked = {.q = str_of(answered[i]), .limit = I64_NONE};
        enum err e = search_find(c, &asked, &r);
        bool word = strpbrk(answered[i], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") ||
                    strlen(answered[i]) > 1;
        if (e != (word ? OK : E_INVALID))
            test_failed(__FILE__, __LINE__, "%s: %.*s", answered[i], ARGS(c->error.message));
    }
    char *large = NEWN(c->arena, char, 10001);
    memset(large, 'a', 10000);
    CHECK_ERR(search_find(c, &(struct search_asked){.q = str_of(large), .limit = I64_NONE}, &r), E_INVALID);
    CHECK_STR(c->error.field, S("q"));
    large[SEARCH_QUERY] = 0;
    CHECK_OK(search_find(c, &(struct search_asked){.q = str_of(large), .limit = I64_NONE}, &r));
    for (int i = 0; i < SEARCH_QUERY; i += 2)
        large[i] = ' ';
    CHECK_ERR(search_find(c, &(struct search_asked){.q = str_of(large), .limit = I64_NONE}, &r), E_INVALID);
    CHECK_ERR(search_find(c, &(struct search_asked){.q = {"a\0b", 3}, .limit = I64_NONE}, &r), E_INVALID);
}

TEST(what_is_wrong_with_the_other_arguments_is_said)
{
    static const struct {
        struct search_asked asked;
        const char *field;
    } wrong[] = {{{.q = S0("a"), .kind = S0("khac"), .limit = I64_NONE}, "kind"},
                 {{.q = S0("a"), .limit = 0}, "limit"},
                 {{.q = S0("a"), .limit = 101}, "limit"},
                 {{.q = S0("a"), .after = S0("x"), .limit = I64_NONE}, "after"},
                 {{.q = S0("a"), .after = S0("1."), .limit = I64_NONE}, "after"},
                 {{.q = S0("a"), .after = S0("99999999999999999999.1"), .limit = I64_NONE}, "after"}};
    start(c);
    struct search_results r;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CHECK_ERR(search_find(c, &wrong[i].asked, &r), E_INVALID);
        CHECK_STR(c->error.field, str_of(wrong[i].field));
    }
}

TEST(what_changes_is_found_anew_and_what_goes_is_not)
{
    start(c);
    int64_t differs, n, lost;
    struct search_doc fewer[2] = {docs[1], docs[2]};
    fewer[1].title = S("Cầu vượt");
    const struct search_docs all = {(struct search_doc *)docs, sizeof docs / sizeof *docs, 0}, less = {fewer, 2, 0},
                             other = {(struct search_doc *)&docs[4], 1, 0};
    CHECK_OK(search_differs(c, 1, &all, &differs));
    CHECK_INT(differs, 0);
    CHECK_OK(search_put(c, 2, &other));
    CHECK_OK(search_put(c, SEARCH_ORGS, &other));
    CHECK_INT(find(c, "vũ dương").n, 3);
    CHECK_OK(search_put(c, 1, &less));
    CHECK_INT(find(c, "vũ dương").n, 2);
    CHECK_INT(find(c, "cầu vượt").n, 1);
    CHECK_INT(find(c, "bồi dưỡng").n, 0);
    CHECK_INT(find(c, "dữ liệu").n, 0);
    CHECK_OK(search_count(c, &n, &lost));
    CHECK(n == 4 && lost == 0);
    CHECK_OK(search_differs(c, 1, &all, &differs));
    CHECK_INT(differs, all.n);
    CHECK_OK(search_put(c, 1, &all));
    CHECK_INT(find(c, "cầu vượt").n, 0);
    bool old;
    CHECK_OK(search_is_old(c, &old));
    CHECK(old);
    CHECK_OK(search_begin_anew(c));
    CHECK_OK(search_is_old(c, &old));
    CHECK(!old);
    CHECK_INT(find(c, "dương").n, 0);
    CHECK_OK(search_count(c, &n, &lost));
    CHECK(n == 0 && lost == 0);
}

TEST(of_very_many_the_best_are_judged)
{
    enum { MANY = 3 * SEARCH_JUDGED };
    struct search_doc *many = NEWN(c->arena, struct search_doc, MANY);
    test_store(c);
    for (int i = 0; i < MANY; i++)
        many[i] = (struct search_doc){.kind = S("clause"),
                                      .plan = S("p"),
                                      .path = str_fmt(c->arena, "I.%d", i),
                                      .title = S("Bồi dưỡng"),
                                      .text = S("một năm hai lần")};
    many[MANY - 1].text = S("mở đường");
    many[MANY - 2].title = S("Đường");
    const struct search_docs all = {many, MANY, 0};
    CHECK_OK(search_put(c, 1, &all));
    struct search_results r = find(c, "đường");
    CHECK(r.limited && r.found == SEARCH_JUDGED && r.n == SEARCH_PAGE && r.next.p);
    CHECK_STR(r.v[0].path, many[MANY - 2].path);
    CHECK_STR(r.v[1].path, many[MANY - 1].path);
    CHECK_STR(r.v[2].path, S("I.0"));
}

TEST(a_call_that_fails_fails_the_search_and_no_more)
{
    struct str store = start(c);
    const struct search_asked asked = {.q = S("III.3 đường"), .limit = I64_NONE}, path = {.q = S("III.3"), .limit = 5};
    struct search_results r;
    size_t n_failed = 0;
    enum err e = E_IO;
    for (int64_t nth = 1; e && nth < 1000; nth++, n_failed++) {
        struct ctx own = {.arena = c->arena, .source = c->source};
        CHECK_OK(db_open(&own, c->arena, store, DB_READ, &own.db));
        db_fail_in(own.db, nth);
        e = search_find(&own, nth % 2 ? &asked : &path, &r);
        CHECK(e == OK || e == E_IO);
        db_fail_in(own.db, 0);
        CHECK_OK(search_find(&own, &path, &r));
        CHECK_INT(r.n, 4);
    }
    CHECK(n_failed > 3 && n_failed < 999);
}
