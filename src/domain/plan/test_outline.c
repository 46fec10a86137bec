/* What a person sees on the page: which clause stands under which, where a sentence goes on, what is heading and what
 * is text. A clause reads "path: heading | paragraph | …"; the expectations were written from the texts. */
#include "domain/plan/outline.h"
#include "test/test.h"

#include <string.h>

#include "base/banned.h"

static struct outline read_named(struct ctx *c, const char *text, const char *name)
{
    struct document d;
    struct outline o;
    CHECK_OK(document_parse(c, str_of(text), str_of(name), &d));
    CHECK_OK(outline_read(c, &d, &o));
    return o;
}

static struct str clause(struct ctx *c, const struct node *n)
{
    struct str s = str_fmt(c->arena, "%.*s:%s%.*s", ARGS(n->path), n->title.n ? " " : "", ARGS(n->title));
    for (size_t i = 0; i < n->paragraphs.n; i++)
        s = str_fmt(c->arena, "%.*s | %.*s", ARGS(s), ARGS(n->paragraphs.v[i].text));
    return s;
}

static void check_clauses(struct ctx *c, const struct outline *o, const char *const *want, size_t n)
{
    unsigned wrong = 0;
    for (size_t i = 0; i < n || i < o->n; i++) {
        struct str got = i < o->n ? clause(c, o->nodes[i]) : S("(nothing)");
        struct str expected = i < n ? str_of(want[i]) : S("(nothing)");
        if (str_eq(got, expected))
            continue;
        fprintf(stderr, "# got  %.*s\n# want %.*s\n", ARGS(got), ARGS(expected));
        wrong++;
    }
    CHECK_INT(wrong, 0);
}
#define CHECK_CLAUSES(o, ...)                                                                                          \
    check_clauses(c, (o), (const char *const[]){__VA_ARGS__},                                                          \
                  sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

/* A number repeated any number of times: each clause has an address of its own. */
TEST(a_number_repeated_often_is_told_apart)
{
    struct str text = S("KẾ HOẠCH\n\n");
    for (unsigned i = 0; i < 130; i++)
        text = str_fmt(c->arena, "%.*s1. Việc thứ %u của năm.\n\n", ARGS(text), i);
    struct outline o = read_named(c, text.p, "a.txt");
    CHECK_INT(o.n, 130);
    CHECK_STR(o.nodes[0]->path, S("1"));
    CHECK_STR(o.nodes[1]->path, S("1~2"));
    CHECK(!o.nodes[0]->repeated && o.nodes[1]->repeated && o.nodes[129]->repeated);
    for (size_t i = 0; i < o.n; i++)
        for (size_t k = 0; k < i; k++)
            CHECK(!str_eq(o.nodes[i]->path, o.nodes[k]->path));
}

TEST(what_stands_under_a_repeated_number_has_its_path)
{
    struct outline o =
        read_named(c, "I. NHIỆM VỤ\n\n1. Hạ tầng\n\n1.1. Trạm.\n\n1. Nhân lực\n\n1.1. Lớp học.\n", "a.txt");
    CHECK_CLAUSES(&o, "I: NHIỆM VỤ", "I.1: Hạ tầng", "I.1.1: | Trạm.", "I.1~2: Nhân lực", "I.1~2.1: | Lớp học.");
}

/* "1.2" goes on after "1.1", though a list of "1)" stands between them. */
TEST(a_list_inside_a_numbered_clause_does_not_take_the_next_one)
{
    struct outline o =
        read_named(c, "I. NHIỆM VỤ\n\n1.1. Lập các trạm:\n\n1) Trạm ven biển.\n\n1.2. Mở lớp học.\n", "a.txt");
    CHECK_CLAUSES(&o, "I: NHIỆM VỤ", "I.1.1: Lập các trạm", "I.1.1.1: | Trạm ven biển.", "I.1.2: | Mở lớp học.");
    CHECK(o.nodes[3]->parent == o.nodes[0]);
}

/* The heading "2" was lost on the way: what it headed is not put under "1". */
TEST(a_lost_heading_does_not_move_its_clauses_under_another)
{
    struct outline o =
        read_named(c, "I. NHIỆM VỤ\n\n1. Hạ tầng\n\n1.1. Trạm.\n\n2.1. Lớp học.\n\n2.2. Thầy cô.\n", "a.txt");
    CHECK_CLAUSES(&o, "I: NHIỆM VỤ", "I.1: Hạ tầng", "I.1.1: | Trạm.", "I.2.1: | Lớp học.", "I.2.2: | Thầy cô.");
    CHECK(o.nodes[2]->parent == o.nodes[1] && o.nodes[3]->parent == o.nodes[0] && o.nodes[4]->parent == o.nodes[0]);
}
