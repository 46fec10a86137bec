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

/* --- markers --- */

static void check_marker(struct ctx *c, const char *line, enum marker_kind kind, const char *text, const char *rest)
{
    struct marker m = marker_read(c, str_of(line));
    bool same = m.kind == kind && (kind == MARKER_NONE || (str_eq(m.text, str_of(text)) &&
                                                           str_eq(str_skip(str_of(line), m.length), str_of(rest))));
    if (!same)
        test_failed(__FILE__, __LINE__, "\"%s\" gives kind %d \"%.*s\", %zu bytes", line, (int)m.kind, ARGS(m.text),
                    m.length);
}

TEST(markers_of_every_kind)
{
    check_marker(c, "PHẦN A. TÌNH HÌNH", MARKER_PART, "P1", "TÌNH HÌNH");
    check_marker(c, "Phần thứ hai: Nội dung", MARKER_PART, "P2", "Nội dung");
    check_marker(c, "Chương II. QUY ĐỊNH", MARKER_CHAPTER, "C2", "QUY ĐỊNH");
    check_marker(c, "Mục 3. Báo cáo", MARKER_SECTION, "M3", "Báo cáo");
    check_marker(c, "Điều 12. Hiệu lực", MARKER_ARTICLE, "D12", "Hiệu lực");
    check_marker(c, "Phụ lục II", MARKER_ANNEX, "PL2", "");
    check_marker(c, "PHỤ LỤC SỐ 03: DANH MỤC", MARKER_ANNEX, "PL3", "DANH MỤC");
    check_marker(c, "A. MỤC TIÊU", MARKER_UPPER, "A", "MỤC TIÊU");
    check_marker(c, "XIV. NỘI DUNG", MARKER_ROMAN, "XIV", "NỘI DUNG");
    check_marker(c, "IV- NỘI DUNG", MARKER_ROMAN, "IV", "NỘI DUNG");
    check_marker(c, "1. Việc", MARKER_NUMBER, "1", "Việc");
    check_marker(c, "01. Việc", MARKER_NUMBER, "1", "Việc");
    check_marker(c, "2) Việc", MARKER_NUMBER, "2", "Việc");
    check_marker(c, "(3) Việc", MARKER_NUMBER, "3", "Việc");
    check_marker(c, "4.5. Việc", MARKER_NUMBER, "4.5", "Việc");
    check_marker(c, "4.5 Việc", MARKER_NUMBER, "4.5", "Việc");
    check_marker(c, "1.2.3. Việc", MARKER_NUMBER, "1.2.3", "Việc");
    check_marker(c, "a) Việc", MARKER_LETTER, "a", "Việc");
    check_marker(c, "đ) Việc", MARKER_LETTER, "đ", "Việc");
    check_marker(c, "- Việc", MARKER_DASH, "-", "Việc");
    check_marker(c, "+ Việc", MARKER_DASH, "-", "Việc");
    check_marker(c, "• Việc", MARKER_DASH, "-", "Việc");
}

/* What only looks like one: a quantity, a date, a quarter, the number of a document, a name. */
TEST(what_is_no_marker)
{
    static const char *const lines[] = {"5.000 người",
                                        "12/2026 hoàn thành",
                                        "2-3 dự án",
                                        "30% số xã",
                                        "IV/2026",
                                        "2026",
                                        "57-NQ/TW ngày 22",
                                        "3 nhóm việc",
                                        "1.5 triệu lượt",
                                        "Vinh danh",
                                        "Phần lớn các xã",
                                        "Mục tiêu chung",
                                        "Điều chỉnh kế hoạch",
                                        "Chương trình 5",
                                        "và",
                                        "Nội dung",
                                        "I",
                                        ""};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        check_marker(c, lines[i], MARKER_NONE, "", "");
}

/* --- the tree --- */

TEST(every_level_in_its_place)
{
    struct outline o = read_named(
        c,
        "KẾ HOẠCH\n\nPHẦN A. BỐI CẢNH\n\nI. ĐÁNH GIÁ\n\n1. Kết quả\n\n1.1. Hạ tầng.\n\na) Trạm.\n\n- Một.\n\n"
        "+ Hai.\n\n- Ba.\n\nb) Cáp.\n\n1.2. Lớp học.\n\n2. Hạn chế\n\nPHẦN B. VIỆC LÀM\n\nI. VIỆC CHUNG\n\n"
        "1. Mở cổng.\n\nPhụ lục I\n\n1. Bảng kê.\n",
        "a.txt");
    CHECK_CLAUSES(&o, "P1: BỐI CẢNH", "P1.I: ĐÁNH GIÁ", "P1.I.1: Kết quả", "P1.I.1.1: | Hạ tầng.",
                  "P1.I.1.1.a: | Trạm.", "P1.I.1.1.a-1: | Một.", "P1.I.1.1.a-1-1: | Hai.", "P1.I.1.1.a-2: | Ba.",
                  "P1.I.1.1.b: | Cáp.", "P1.I.1.2: | Lớp học.", "P1.I.2: | Hạn chế", "P2: VIỆC LÀM", "P2.I: VIỆC CHUNG",
                  "P2.I.1: | Mở cổng.", "PL1:", "PL1.1: | Bảng kê.");
    CHECK_STR(o.root->paragraphs.v[0].text, S("KẾ HOẠCH"));
}

TEST(articles_with_points)
{
    struct outline o = read_named(
        c,
        "QUYẾT ĐỊNH\n\nChương I. QUY ĐỊNH CHUNG\n\nĐiều 1. Phạm vi\n\n1. Văn bản này nói về sổ.\n\na) Sổ giấy;\n\n"
        "b) Sổ điện tử.\n\nĐiều 2. Ai làm\n\n1. Các xã.\n\nChương II. THI HÀNH\n\nĐiều 3. Hiệu lực từ ngày ký.\n",
        "a.txt");
    CHECK_CLAUSES(&o, "C1: QUY ĐỊNH CHUNG", "C1.D1: Phạm vi", "C1.D1.1: | Văn bản này nói về sổ.",
                  "C1.D1.1.a: | Sổ giấy;", "C1.D1.1.b: | Sổ điện tử.", "C1.D2: Ai làm", "C1.D2.1: | Các xã.",
                  "C2: THI HÀNH", "C2.D3: | Hiệu lực từ ngày ký.");
}

/* Lines stay known, for messages and for the page that shows the document. */
TEST(clauses_know_their_lines)
{
    struct outline o = read_named(c, "KẾ HOẠCH\n\nI. VIỆC\n\n1.\n\nMỞ CỔNG\n\nLời thêm.\n\n2. Mở lớp.\n", "a.txt");
    CHECK_INT(o.n, 3);
    CHECK_INT(o.nodes[0]->line, 3);
    CHECK_INT(o.nodes[1]->line, 5);
    CHECK_STR(o.nodes[1]->title, S("MỞ CỔNG"));
    CHECK_INT(o.nodes[1]->title_line, 7);
    CHECK_INT(o.nodes[1]->paragraphs.v[0].line, 9);
    CHECK_INT(o.nodes[2]->line, 11);
}

/* --- joining --- */

TEST(a_sentence_goes_on_after_a_page_break)
{
    struct outline o = read_named(
        c, "I. VIỆC\n\n1. Mở cổng dữ liệu cho các sở,\n\n12\n\f\nngành và các xã trong tỉnh.\n\n2. Mở lớp.\n", "a.txt");
    CHECK_CLAUSES(&o, "I: VIỆC", "I.1: | Mở cổng dữ liệu cho các sở, ngành và các xã trong tỉnh.", "I.2: | Mở lớp.");
}

TEST(page_numbers_are_no_text)
{
    struct outline o = read_named(c, "I. VIỆC\n\n1. Mở cổng.\n\n- 7 -\n\f\n2. Mở lớp.\n\n8\n\f\n3. Lập sổ.\n", "a.txt");
    CHECK_CLAUSES(&o, "I: VIỆC", "I.1: | Mở cổng.", "I.2: | Mở lớp.", "I.3: | Lập sổ.");
}

/* A quarter or a document's number at the start of a line goes on with the sentence before it. */
TEST(a_number_that_the_sentence_waits_for_is_no_clause)
{
    struct outline o = read_named(
        c, "I. VIỆC\n\n1. Mở cổng trong quý\nII. Sau đó mở lớp theo khoản\n2. Hết.\n\n2. Lập sổ.\n", "a.txt");
    CHECK_CLAUSES(&o, "I: VIỆC", "I.1: | Mở cổng trong quý II. Sau đó mở lớp theo khoản 2. Hết.", "I.2: | Lập sổ.");
}

TEST(points_counted_in_a_paragraph_are_clauses)
{
    struct outline o = read_named(c, "I. VIỆC\n\n1. Ba việc:\n\n(1) Mở cổng; (2) Mở lớp, (3) Lập sổ.\n", "a.txt");
    CHECK_CLAUSES(&o, "I: VIỆC", "I.1: Ba việc", "I.1.1: | Mở cổng;", "I.1.2: | Mở lớp,", "I.1.3: | Lập sổ.");
}

/* --- headings, head and tail --- */

TEST(a_heading_run_together_with_its_text)
{
    struct outline o =
        read_named(c, "I. MỤC TIÊU CHUNG Phấn đấu đưa tỉnh đi đầu.\n\nII. UBND tỉnh giao các sở.\n", "a.txt");
    CHECK_CLAUSES(&o, "I: MỤC TIÊU CHUNG | Phấn đấu đưa tỉnh đi đầu.", "II: | UBND tỉnh giao các sở.");
}

TEST(what_closes_a_document_is_no_clause)
{
    struct outline o =
        read_named(c,
                   "KẾ HOẠCH\n\nI. VIỆC\n\n1. Mở cổng.\n\nNơi nhận:\n- Như trên;\n- Lưu.\n\nTM. ỦY BAN\n\n"
                   "PHỤ LỤC I\n\n1. Bảng kê.\n",
                   "a.txt");
    CHECK_CLAUSES(&o, "I: VIỆC", "I.1: | Mở cổng.", "PL1:", "PL1.1: | Bảng kê.");
    CHECK_STR(o.tail[0].text, S("Nơi nhận:"));
    CHECK(o.n_tail >= 4);
}

TEST(what_closes_a_document_keeps_its_numbers)
{
    struct outline o =
        read_named(c, "I. VIỆC\n\n1. Mở cổng.\n\nNơi nhận:\n(1) Ban A, (2) Ban B.\n- Như điều 2;\n1. Lưu.\n", "a.txt");
    static const char *const kept[] = {"Nơi nhận:", "(1) Ban A,", "(2) Ban B.", "- Như điều 2;", "1. Lưu."};
    CHECK_INT(o.n_tail, 5);
    for (size_t i = 0; i < o.n_tail && i < 5; i++)
        CHECK_STR(o.tail[i].text, str_of(kept[i]));
}

TEST(a_table_hangs_on_the_clause_before_it)
{
    struct outline o = read_named(
        c, "# KẾ HOẠCH\n\nI. VIỆC\n\n1. Mở cổng.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n2. Mở lớp.\n", "a.md");
    CHECK_INT(o.n, 3);
    CHECK(o.nodes[1]->tables.n == 1 && o.nodes[1]->tables.v[0] == 1);
    CHECK(!o.root->tables.n && !o.nodes[2]->tables.n);
}

/* An annex that comes without its plan: its heading, over two lines, is the title. */
TEST(an_annex_alone_keeps_its_whole_heading)
{
    struct outline o = read_named(c, "Phụ lục I. Danh mục các việc của\ncác xã năm 2026\n\n1. Mở cổng.\n", "a.txt");
    CHECK_CLAUSES(&o, "1: | Mở cổng.");
    CHECK_INT(o.root->paragraphs.n, 1);
    CHECK_STR(o.root->paragraphs.v[0].text, S("Phụ lục I. Danh mục các việc của các xã năm 2026"));
}
