#include "document/reader.h"
#include "test/test.h"

#include "base/banned.h"

/* A page of words as pdftotext places them: 12 points high, 6 a letter, lines 14 apart. */
static void page(struct out *o)
{
    out_put(o, S("1\t1\t0\t0\t0\t0\t0\t0\t600\t840\t-1\t###PAGE###\n"));
}

static void put(struct out *o, double x, double y, const char *words)
{
    struct str rest = str_of(words), word;
    while (str_cut(&rest, ' ', &word)) {
        size_t letters = 0;
        for (size_t at = 0; at < word.n; letters++)
            str_rune(word, &at);
        double width = (double)letters * 6;
        out_fmt(o, "5\t1\t0\t0\t0\t0\t%.2f\t%.2f\t%.2f\t12\t100\t%.*s\n", x, y, width, ARGS(word));
        x += width + 3;
    }
}

static struct document read(struct ctx *c, const struct out *o)
{
    struct document d;
    CHECK_OK(document_parse_words(c, S("%PDF-1.4"), S("a.pdf"), out_str(o), &d));
    CHECK_INT(d.kind, DOCUMENT_PDF);
    return d;
}

TEST(lines_come_in_reading_order_without_running_heads)
{
    struct out o;
    out_init(&o, c->arena, 1 << 20);
    for (int i = 1; i <= 4; i++) {
        page(&o);
        put(&o, 60, 700, "- gạch đầu dòng"); /* given first, stands last */
        put(&o, 300, 20, i == 1 ? "Trang 1/4" : i == 2 ? "Trang 2/4" : i == 3 ? "Trang 3/4" : "Trang 4/4");
        put(&o, 60, 120, "I. MỤC TIÊU");
        put(&o, 84, 134, "1. Thu hút 2030");
        put(&o, 60, 800, "Lưu hành nội bộ");
    }
    struct document d = read(c, &o);
    CHECK_INT(d.n, 4 * 4 + 3);
    CHECK_STR(d.blocks[0].text, S("I. MỤC TIÊU"));
    CHECK_INT(d.blocks[0].indent, 0);
    CHECK_STR(d.blocks[1].text, S("1. Thu hút 2030"));
    CHECK(d.blocks[1].indent > 0);
    CHECK_INT(d.blocks[2].kind, BLOCK_BLANK);
    CHECK_INT(d.blocks[3].kind, BLOCK_ITEM);
    CHECK_STR(d.blocks[3].text, S("gạch đầu dòng"));
    CHECK_INT(d.blocks[4].kind, BLOCK_PAGE);
    CHECK(d.blocks[5].line > d.blocks[3].line);
}

static const double at[] = {60, 100, 300, 420};

static void row(struct out *o, double y, const char *a, const char *b, const char *c, const char *d)
{
    const char *v[] = {a, b, c, d};
    for (int i = 0; i < 4; i++)
        if (v[i][0])
            put(o, at[i], y, v[i]);
}

static void check_row(const struct block *b, const char *t, const char *task, const char *lead, const char *when)
{
    CHECK_INT(b->kind, BLOCK_ROW);
    CHECK_INT(b->n_cells, 4);
    CHECK_STR(b->cells[0].text, str_of(t));
    CHECK_STR(b->cells[1].text, str_of(task));
    CHECK_STR(b->cells[2].text, str_of(lead));
    CHECK_STR(b->cells[3].text, str_of(when));
}

TEST(a_table_is_rebuilt_over_pages_when_numbers_stand_at_the_top)
{
    struct out o;
    out_init(&o, c->arena, 1 << 20);
    page(&o);
    put(&o, 60, 100, "PHỤ LỤC kèm theo Kế hoạch của Ban Thường vụ Tỉnh ủy");
    row(&o, 130, "TT", "Nhiệm vụ", "Cơ quan", "Thời gian");
    row(&o, 144, "", "", "chủ trì", "");
    row(&o, 158, "I", "Về thể chế", "", "");
    row(&o, 172, "1", "Xây dựng Đề án chuyển", "Sở Khoa học", "Quý II/2026");
    row(&o, 186, "", "đổi số của tỉnh", "và Công nghệ", "");
    row(&o, 200, "2", "Rà soát chính sách", "Sở Tài", "Hằng năm");
    page(&o);
    row(&o, 100, "", "hỗ trợ doanh nghiệp", "chính", "");
    row(&o, 114, "3", "Phủ sóng", "", "2030");
    put(&o, 60, 160, "Nơi nhận: các cơ quan, đơn vị, địa phương trong toàn tỉnh và lưu.");
    struct document d = read(c, &o);
    CHECK_STR(d.blocks[0].text, S("PHỤ LỤC kèm theo Kế hoạch của Ban Thường vụ Tỉnh ủy"));
    const struct block *b = &d.blocks[d.blocks[1].kind == BLOCK_BLANK ? 2 : 1];
    check_row(&b[0], "TT", "Nhiệm vụ", "Cơ quan chủ trì", "Thời gian");
    check_row(&b[1], "I", "Về thể chế", "", "");
    check_row(&b[2], "1", "Xây dựng Đề án chuyển đổi số của tỉnh", "Sở Khoa học và Công nghệ", "Quý II/2026");
    check_row(&b[3], "2", "Rà soát chính sách hỗ trợ doanh nghiệp", "Sở Tài chính", "Hằng năm");
    check_row(&b[4], "3", "Phủ sóng", "", "2030");
    CHECK_INT(b[4].table, 1);
    CHECK_STR(d.blocks[d.n - 1].text, S("Nơi nhận: các cơ quan, đơn vị, địa phương trong toàn tỉnh và lưu."));
}

TEST(numbers_in_the_middle_of_their_rows)
{
    struct out o;
    out_init(&o, c->arena, 1 << 20);
    page(&o);
    row(&o, 100, "STT", "Nội dung", "Chủ trì", "Thời hạn");
    row(&o, 114, "", "Xây dựng và triển khai", "", "");
    row(&o, 128, "1", "Đề án chuyển đổi số", "Sở A", "2026");
    row(&o, 142, "", "của tỉnh", "", "");
    row(&o, 156, "", "Rà soát, bổ sung các", "", "");
    row(&o, 170, "2", "chính sách hỗ trợ", "Sở B", "2027");
    row(&o, 184, "", "doanh nghiệp", "", "");
    row(&o, 198, "3", "Một dòng", "Sở C", "2028");
    struct document d = read(c, &o);
    CHECK_INT(d.n, 4);
    check_row(&d.blocks[1], "1", "Xây dựng và triển khai Đề án chuyển đổi số của tỉnh", "Sở A", "2026");
    check_row(&d.blocks[2], "2", "Rà soát, bổ sung các chính sách hỗ trợ doanh nghiệp", "Sở B", "2027");
    check_row(&d.blocks[3], "3", "Một dòng", "Sở C", "2028");
}

TEST(prose_with_words_of_a_header_is_not_a_table)
{
    struct out o;
    out_init(&o, c->arena, 1 << 20);
    page(&o);
    put(&o, 60, 100, "Nhiệm vụ và giải pháp thực hiện");
    put(&o, 60, 114, "Cơ quan chủ trì phối hợp");
    struct document d = read(c, &o);
    CHECK_INT(d.n, 2);
    CHECK_INT(d.blocks[0].kind, BLOCK_LINE);
    CHECK_INT(d.blocks[1].kind, BLOCK_LINE);
}

TEST(a_scan_and_a_damaged_pdf_are_refused)
{
    struct document d;
    struct str scan =
        S("%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count "
          "1>>\nendobj\n"
          "3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n");
    CHECK_ERR(document_parse(c, scan, S("quét.pdf"), &d), E_INVALID);
    CHECK(str_has(c->error.message, S("tệp quét ảnh, không có lớp chữ")));
    CHECK_STR(c->error.file, S("quét.pdf"));
    CHECK_ERR(document_parse(c, S("%PDF-1.4\nhỏng"), S("a.pdf"), &d), E_INVALID);
    CHECK(str_has(c->error.message, S("hỏng")));
}
