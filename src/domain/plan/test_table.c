/* Tables as offices lay them out, and what a person reads in them: a task reads "path: title | leads | helpers | kind
 * of schedule, last day | product", a target "key: subject comparator bounds unit @year". */
#include "domain/plan/plan.h"
#include "test/test.h"

#include <math.h>
#include <string.h>

#include "base/banned.h"

static struct draft compiled(struct ctx *c, const struct document *d)
{
    const struct org_catalogue *catalogue;
    struct draft draft;
    CHECK_OK(org_catalogue_builtin(c, &catalogue));
    CHECK_OK(plan_compile(c, d, catalogue, &draft));
    return draft;
}

static struct draft draft_of(struct ctx *c, const char *text)
{
    struct document d;
    CHECK_OK(document_parse(c, str_of(text), S("a.md"), &d));
    return compiled(c, &d);
}

static struct str task(struct ctx *c, const struct task *t)
{
    char day[DAY_TEXT];
    struct str due = t->schedule.due == DAY_NONE ? S("-") : day_text(t->schedule.due, day);
    return str_fmt(c->arena, "%.*s: %.*s | %.*s | %.*s | %.*s %.*s | %.*s", ARGS(t->path), ARGS(t->title),
                   ARGS(str_join(c->arena, t->lead.v, t->lead.n, S("; "))),
                   ARGS(str_join(c->arena, t->coordinating.v, t->coordinating.n, S("; "))), ARGS(t->schedule.kind),
                   ARGS(due), ARGS(t->product));
}

static struct str target(struct ctx *c, const struct target *t)
{
    struct str s = str_fmt(c->arena, "%.*s: %.*s", ARGS(t->key), ARGS(t->subject));
    if (str_eq(t->measure, S("state")))
        return str_fmt(c->arena, "%.*s state", ARGS(s));
    struct str low = isnan(t->low) ? S("") : str_fmt(c->arena, "%g", t->low);
    struct str high = isnan(t->high) ? S("") : str_fmt(c->arena, "%g", t->high);
    s = str_fmt(c->arena, "%.*s %s%.*s %.*s%s%.*s %.*s @%.*s", ARGS(s), str_eq(t->measure, S("rank")) ? "rank " : "",
                ARGS(t->comparator), ARGS(low), low.n && high.n ? ".." : "", ARGS(high), ARGS(t->unit), ARGS(t->by));
    return isnan(t->baseline) ? s : str_fmt(c->arena, "%.*s from %g", ARGS(s), t->baseline);
}

static void check_list(struct ctx *c, const struct draft *d, bool targets, const char *const *want, size_t n)
{
    unsigned wrong = 0;
    size_t have = targets ? d->targets.n : d->tasks.n;
    for (size_t i = 0; i < n || i < have; i++) {
        struct str got = i >= have ? S("(nothing)") : targets ? target(c, &d->targets.v[i]) : task(c, &d->tasks.v[i]);
        struct str expected = i < n ? str_of(want[i]) : S("(nothing)");
        if (str_eq(got, expected))
            continue;
        fprintf(stderr, "# got  %.*s\n# want %.*s\n", ARGS(got), ARGS(expected));
        wrong++;
    }
    CHECK_INT(wrong, 0);
}
#define LISTED(...)           (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)
#define CHECK_TASKS(d, ...)   check_list(c, (d), false, LISTED(__VA_ARGS__))
#define CHECK_TARGETS(d, ...) check_list(c, (d), true, LISTED(__VA_ARGS__))

static bool has_finding(const struct draft *d, struct str rule, struct str path)
{
    for (size_t i = 0; i < d->findings.n; i++)
        if (str_eq(d->findings.v[i].rule, rule) && str_eq(d->findings.v[i].path, path))
            return true;
    return false;
}

#define HEADER "| TT | Nhiệm vụ | Chủ trì | Phối hợp | Thời gian | Sản phẩm |\n|---|---|---|---|---|---|\n"

/* The same row under the headers of six offices. */
TEST(headers_in_other_words)
{
    static const char *const headers[] = {
        "TT | Nhiệm vụ | Chủ trì | Phối hợp | Thời gian | Sản phẩm",
        "STT | Nội dung công việc | Cơ quan chủ trì | Cơ quan phối hợp | Tiến độ | Kết quả/Sản phẩm",
        "**TT** | **Tên nhiệm vụ** | **Đơn vị thực hiện** | **Đơn vị phối hợp** | **Thời hạn** | **Đầu ra**",
        "Số TT | NHIỆM VỤ, GIẢI PHÁP | CƠ QUAN CHỦ TRÌ THAM MƯU | PHỐI HỢP | THỜI GIAN HOÀN THÀNH | DỰ KIẾN SẢN PHẨM",
        "TT | Tên đề án | Cơ quan<br>chủ trì | Cơ quan<br>phối hợp | Thời gian<br>trình | Kết quả",
        "TT | Nội dung thực hiện | Phân công thực hiện | Phối hợp thực hiện | Lộ trình | Kết quả, sản phẩm"};
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        struct draft d =
            draft_of(c, str_fmt(c->arena,
                                "# KẾ HOẠCH\n\n| %s |\n|---|---|---|---|---|---|\n| 1 | Mở cổng dữ liệu | Sở Tài chính "
                                "| Sở Nội vụ | Quý II/2026 | Cổng dữ liệu |\n",
                                headers[i])
                            .p);
        CHECK_TASKS(&d, "1: Mở cổng dữ liệu | Sở Tài chính | Sở Nội vụ | deadline 2026-06-30 | Cổng dữ liệu");
    }
}

/* Columns in another order, one that says nothing to us, and none for the numbers. */
TEST(columns_in_another_order)
{
    struct draft d =
        draft_of(c, "# KẾ HOẠCH\n\n| Thời gian | Nhiệm vụ | Họ tên | Chủ trì |\n|---|---|---|---|\n"
                    "| 12/2026 | Mở cổng dữ liệu | ông A | Sở Tài chính |\n| 2027 | Mở lớp học | bà B | Sở Nội vụ |\n");
    CHECK_TASKS(&d, "1: Mở cổng dữ liệu | Sở Tài chính |  | deadline 2026-12-31 | ",
                "2: Mở lớp học | Sở Nội vụ |  | deadline 2027-12-31 | ");
}

TEST(groups_give_the_paths)
{
    struct draft d = draft_of(
        c, "# KẾ HOẠCH\n\n" HEADER "| I | Hạ tầng | | | | |\n| 1 | Mở cổng | Sở Tài chính | | 2026 | |\n"
           "| 2 | Lập sổ | Sở Nội vụ | | 2027 | |\n| | Nhân lực | | | | |\n| 1 | Mở lớp | Sở Nội vụ | | 2028 | |\n"
           "| III | Kiểm tra | | | | |\n| 1 | Đi kiểm tra | Sở Nội vụ | | Hằng năm | |\n");
    CHECK_TASKS(&d, "I.1: Mở cổng | Sở Tài chính |  | deadline 2026-12-31 | ",
                "I.2: Lập sổ | Sở Nội vụ |  | deadline 2027-12-31 | ",
                "II.1: Mở lớp | Sở Nội vụ |  | deadline 2028-12-31 | ",
                "III.1: Đi kiểm tra | Sở Nội vụ |  | yearly - | ");
    CHECK(has_finding(&d, S("group_without_number"), S("II")));
    CHECK_STR(d.clauses.v[0].path, S("I"));
    CHECK_STR(d.clauses.v[0].kind, S("heading"));
    CHECK_STR(d.clauses.v[0].title, S("Hạ tầng"));
}

TEST(groups_in_groups)
{
    struct draft d = draft_of(
        c,
        "# KẾ HOẠCH\n\n" HEADER "| A | Cấp tỉnh | | | | |\n| I | Hạ tầng | | | | |\n"
        "| 1 | Mở cổng | Sở Tài chính | | 2026 | |\n| II | Nhân lực | | | | |\n| 1 | Mở lớp | Sở Nội vụ | | 2027 | |\n"
        "| B | Cấp xã | | | | |\n| I | Hạ tầng | | | | |\n| 1 | Lập sổ | Sở Nội vụ | | 2028 | |\n");
    CHECK_TASKS(&d, "A.I.1: Mở cổng | Sở Tài chính |  | deadline 2026-12-31 | ",
                "A.II.1: Mở lớp | Sở Nội vụ |  | deadline 2027-12-31 | ",
                "B.I.1: Lập sổ | Sở Nội vụ |  | deadline 2028-12-31 | ");
}

/* A group that is a body's name leads what stands under it. */
TEST(a_group_named_after_a_body_leads)
{
    struct draft d = draft_of(c, "# KẾ HOẠCH\n\n| TT | Nhiệm vụ | Thời gian |\n|---|---|---|\n| I | Sở Tài chính | |\n"
                                 "| 1 | Mở cổng dữ liệu | 2026 |\n| II | Sở Nội vụ | |\n| 1 | Mở lớp học | 2027 |\n");
    CHECK_TASKS(&d, "I.1: Mở cổng dữ liệu | Sở Tài chính |  | deadline 2026-12-31 | ",
                "II.1: Mở lớp học | Sở Nội vụ |  | deadline 2027-12-31 | ");
}

TEST(rows_that_detail_a_row)
{
    struct draft d =
        draft_of(c, "# KẾ HOẠCH\n\n" HEADER "| 1 | Chuyển đổi số | Sở Tài chính | Sở Nội vụ | 2026 | |\n"
                    "| 1.1 | Mở cổng | | | | Cổng |\n| 1.2 | Mở lớp | Sở Nội vụ | | 2027 | |\n"
                    "| 2 | Lập sổ | Sở Nội vụ | | 2028 | |\n| a | Sổ giấy | | | | |\n| b | Sổ số | | | 2029 | |\n");
    CHECK_TASKS(
        &d, "1: Chuyển đổi số | Sở Tài chính | Sở Nội vụ | deadline 2026-12-31 | ",
        "1.1: Mở cổng | Sở Tài chính | Sở Nội vụ | deadline 2026-12-31 | Cổng",
        "1.2: Mở lớp | Sở Nội vụ |  | deadline 2027-12-31 | ", "2: Lập sổ | Sở Nội vụ |  | deadline 2028-12-31 | ",
        "2.a: Sổ giấy | Sở Nội vụ |  | deadline 2028-12-31 | ", "2.b: Sổ số | Sở Nội vụ |  | deadline 2029-12-31 | ");
}

TEST(ditto_takes_what_stands_above)
{
    static const char *const dittos[] = {"nt", "-nt-", "\"", "Như trên", "NT", "(nt)", "''", "- nt -"};
    for (size_t i = 0; i < sizeof dittos / sizeof *dittos; i++) {
        struct draft d =
            draft_of(c, str_fmt(c->arena,
                                "# KẾ HOẠCH\n\n" HEADER "| 1 | Mở cổng | Sở Tài chính | Sở Nội vụ | 2026 | Báo cáo |\n"
                                "| 2 | Mở lớp | %s | %s | %s | %s |\n",
                                dittos[i], dittos[i], dittos[i], dittos[i])
                            .p);
        CHECK_TASKS(&d, "1: Mở cổng | Sở Tài chính | Sở Nội vụ | deadline 2026-12-31 | Báo cáo",
                    "2: Mở lớp | Sở Tài chính | Sở Nội vụ | deadline 2026-12-31 | Báo cáo");
    }
}

TEST(several_bodies_in_a_cell)
{
    struct draft d =
        draft_of(c, "# KẾ HOẠCH\n\n" HEADER
                    "| 1 | Mở cổng | Sở Tài chính; Sở Nội vụ | Sở Y tế, Sở Xây dựng và Sở Công Thương | 2026 | |\n"
                    "| 2 | Mở lớp | Sở Tài chính (chủ trì), Sở Nội vụ (phối hợp) | | 2027 | |\n"
                    "| 3 | Lập sổ | Sở Khoa học và Công nghệ | Các sở, ban, ngành | 2028 | |\n"
                    "| 4 | Đo đất | Sở Tài chính<br>Sở Nội vụ | Sở Không Có | 2029 | |\n");
    CHECK_TASKS(&d,
                "1: Mở cổng | Sở Tài chính; Sở Nội vụ | Sở Y tế; Sở Xây dựng; Sở Công Thương | deadline 2026-12-31 | ",
                "2: Mở lớp | Sở Tài chính | Sở Nội vụ | deadline 2027-12-31 | ",
                "3: Lập sổ | Sở Khoa học và Công nghệ | Các sở, ban, ngành | deadline 2028-12-31 | ",
                "4: Đo đất | Sở Tài chính; Sở Nội vụ | Sở Không Có | deadline 2029-12-31 | ");
    CHECK(has_finding(&d, S("unknown_body"), S("4")));
}

/* A row cut by a page break: what stands without a number and goes on in small letters belongs to the row above. The
 * header set again and the row that numbers the columns are no tasks. */
TEST(rows_cut_by_a_page)
{
    struct draft d = draft_of(c, "# KẾ HOẠCH\n\n" HEADER "| (1) | (2) | (3) | (4) | (5) | (6) |\n"
                                 "| 1 | Mở cổng dữ liệu cho các | Sở Tài | Sở Nội vụ | Quý II | Cổng |\n"
                                 "| TT | Nhiệm vụ | Chủ trì | Phối hợp | Thời gian | Sản phẩm |\n"
                                 "| | xã trong tỉnh | chính | | năm 2026 | |\n| 2 | Mở lớp | Sở Nội vụ | | 2027 | |\n");
    CHECK_TASKS(&d, "1: Mở cổng dữ liệu cho các xã trong tỉnh | Sở Tài chính | Sở Nội vụ | deadline 2026-06-30 | Cổng",
                "2: Mở lớp | Sở Nội vụ |  | deadline 2027-12-31 | ");
}

/* A number used twice, a row with too few cells, empty rows. */
TEST(rows_with_slips)
{
    struct draft d = draft_of(
        c, "# KẾ HOẠCH\n\n" HEADER "| 1 | Mở cổng | Sở Tài chính | | 2026 | |\n| 1 | Mở lớp | Sở Nội vụ |\n"
           "| | | | | | |\n| 02 | Lập sổ | Sở Nội vụ | | 2027 | |\n| 3. | Đo đất | Sở Xây dựng | | 2028 | |\n");
    CHECK_TASKS(&d, "1: Mở cổng | Sở Tài chính |  | deadline 2026-12-31 | ", "1~2: Mở lớp | Sở Nội vụ |  | none - | ",
                "2: Lập sổ | Sở Nội vụ |  | deadline 2027-12-31 | ",
                "3: Đo đất | Sở Xây dựng |  | deadline 2028-12-31 | ");
}

/* A cell that Word has merged over two rows says the same for both. */
TEST(merged_cells_hold_for_both_rows)
{
    static struct cell header[] = {{S0("TT"), 1, 1, false},
                                   {S0("Nhiệm vụ"), 1, 1, false},
                                   {S0("Chủ trì"), 1, 1, false},
                                   {S0("Thời gian"), 1, 1, false}};
    static struct cell one[] = {{S0("1"), 2, 1, false},
                                {S0("Mở cổng"), 2, 1, false},
                                {S0("Sở Tài chính"), 2, 1, false},
                                {S0("2026"), 2, 1, false}};
    static struct cell two[] = {{S0("2"), 3, 1, false},
                                {S0("Mở lớp"), 3, 1, false},
                                {S0("Sở Tài chính"), 3, 1, true},
                                {S0("2026"), 3, 1, true}};
    static struct cell group[] = {{S0("II. Nhân lực"), 4, 4, false}};
    static struct cell three[] = {
        {S0("1"), 5, 1, false}, {S0("Lập sổ"), 5, 1, false}, {S0("Sở Nội vụ"), 5, 1, false}, {S0("2027"), 5, 1, false}};
    struct block blocks[] = {{.kind = BLOCK_PARAGRAPH, .line = 1, .text = S("KẾ HOẠCH mở cổng")},
                             {.kind = BLOCK_ROW, .line = 1, .table = 1, .cells = header, .n_cells = 4},
                             {.kind = BLOCK_ROW, .line = 2, .table = 1, .cells = one, .n_cells = 4},
                             {.kind = BLOCK_ROW, .line = 3, .table = 1, .cells = two, .n_cells = 4},
                             {.kind = BLOCK_ROW, .line = 4, .table = 1, .cells = group, .n_cells = 1},
                             {.kind = BLOCK_ROW, .line = 5, .table = 1, .cells = three, .n_cells = 4}};
    struct document document = {DOCUMENT_DOCX, S("a.docx"), blocks, 6};
    struct draft d = compiled(c, &document);
    CHECK_TASKS(&d, "1: Mở cổng | Sở Tài chính |  | deadline 2026-12-31 | ",
                "2: Mở lớp | Sở Tài chính |  | deadline 2026-12-31 | ",
                "II.1: Lập sổ | Sở Nội vụ |  | deadline 2027-12-31 | ");
}

TEST(targets_year_by_year)
{
    struct draft d = draft_of(
        c, "# KẾ HOẠCH năm 2026-2030\n\n| TT | Chỉ tiêu | ĐVT | Thực hiện 2025 | Năm 2027 | Năm 2030 "
           "|\n|---|---|---|---|---|---|\n"
           "| I | Hạ tầng | | | | |\n| 1 | Thôn có mạng | % | 60 | 80 | 100 |\n| 2 | Số lớp học | lớp | | ≥ 1.200 | |\n"
           "| 3 | Chỉ số sẵn sàng | hạng | 20 | 15 | 10 |\n| 4 | Tỷ lệ nợ đọng | % | 5 | không quá 3 | dưới 1,5 |\n");
    CHECK_TARGETS(&d, "I.1a: Thôn có mạng eq 80 % @2027 from 60", "I.1b: Thôn có mạng eq 100 % @2030 from 60",
                  "I.2: Số lớp học ge 1200 lớp @2027", "I.3a: Chỉ số sẵn sàng rank le 15 hạng @2027 from 20",
                  "I.3b: Chỉ số sẵn sàng rank le 10 hạng @2030 from 20", "I.4a: Tỷ lệ nợ đọng le 3 % @2027 from 5",
                  "I.4b: Tỷ lệ nợ đọng lt 1.5 % @2030 from 5");
    CHECK_INT(d.tasks.n, 0);
}

/* "Mục tiêu" over two years: the second row of the header says which. */
TEST(a_header_of_two_rows)
{
    struct draft d = draft_of(c, "# KẾ HOẠCH năm 2026-2030\n\n| TT | Chỉ tiêu | Đơn vị tính | Mục tiêu | Mục tiêu "
                                 "|\n|---|---|---|---|---|\n| | | | 2027 | 2030 |\n"
                                 "| 1 | Thôn có mạng | % | 80 | 95-100 |\n");
    CHECK_TARGETS(&d, "1a: Thôn có mạng eq 80 % @2027", "1b: Thôn có mạng range 95..100 % @2030");
}

TEST(a_target_in_words)
{
    struct draft d =
        draft_of(c, "# KẾ HOẠCH năm 2026-2030\n\n| TT | Chỉ tiêu | Đơn vị tính | Mục tiêu |\n|---|---|---|---|\n"
                    "| 1 | Thôn có mạng | % | Tối thiểu 90 |\n| 2 | Quỹ đầu tư mạo hiểm | | Đi vào hoạt động |\n");
    CHECK_TARGETS(&d, "1: Thôn có mạng ge 90 % @2030", "2: Quỹ đầu tư mạo hiểm state");
}

TEST(a_table_that_says_neither_is_told)
{
    struct draft d = draft_of(c, "# KẾ HOẠCH\n\nI. NHIỆM VỤ\n\n1. Sở Nội vụ chủ trì mở lớp trước ngày 30/6/2026.\n\n"
                                 "| Họ tên | Chức vụ | Điện thoại |\n|---|---|---|\n| A | B | C |\n| D | E | F |\n");
    CHECK(has_finding(&d, S("table_not_read"), S("I.1")));
    CHECK_INT(d.tasks.n, 1);
}

/* A heading over such a table is no task either. */
TEST(a_heading_over_a_table_is_no_task)
{
    struct draft d = draft_of(
        c, "# KẾ HOẠCH\n\nI. NHIỆM VỤ\n\n1. Danh sách người trực\n\n| Họ tên | Chức vụ | Điện thoại |\n|---|---|---|\n"
           "| A | B | C |\n| D | E | F |\n\n2. Sở Nội vụ chủ trì mở lớp trước ngày 30/6/2026.\n");
    CHECK_INT(d.tasks.n, 1);
    CHECK_STR(d.tasks.v[0].path, S("I.2"));
}

/* Rows of a form left empty: a number and nothing else. */
TEST(a_number_alone_is_no_task)
{
    struct draft d = draft_of(c, "# KẾ HOẠCH\n\n" HEADER
                                 "| 1 | Mở cổng | Sở Tài chính | | 2026 | |\n| 2 | | | | | |\n| 3 | | | | | |\n");
    CHECK_TASKS(&d, "1: Mở cổng | Sở Tài chính |  | deadline 2026-12-31 | ");
}

/* Rows come where the table stands: an annex without a name, after the signature, after the clauses. */
TEST(rows_stand_in_the_order_of_the_document)
{
    struct draft d = draft_of(
        c, "# KẾ HOẠCH\n\nI. NHIỆM VỤ\n\n1. Sở Nội vụ chủ trì mở lớp trước ngày 30/6/2026.\n\nTM. ỦY BAN NHÂN DÂN\n\n"
           "| TT | Nhiệm vụ | Chủ trì | Thời gian |\n|---|---|---|---|\n| A | Nhóm | | |\n| 1 | Mở cổng | Sở Tài chính "
           "| 2026 |\n");
    int64_t line = 0;
    for (size_t i = 0; i < d.clauses.n; line = d.clauses.v[i++].line)
        CHECK(d.clauses.v[i].line >= line);
    CHECK_STR(d.clauses.v[0].path, S("I"));
    CHECK_INT(d.tasks.n, 2);
    CHECK_STR(d.tasks.v[0].path, S("I.1"));
}
