#include "document/reader.h"
#include "test/test.h"

#include <string.h>

#include "base/banned.h"

static struct document parse(struct ctx *c, const char *text)
{
    struct document d;
    CHECK_OK(document_parse(c, str_of(text), S("kế hoạch.txt"), &d));
    return d;
}

static struct str only_text(struct ctx *c, const char *text)
{
    struct document d = parse(c, text);
    CHECK_INT(d.n, 1);
    return d.blocks[0].text;
}

TEST(each_physical_line_is_a_block_with_its_line_number)
{
    struct document d = parse(c, "KẾ HOẠCH\n\n\n  I. MỤC ĐÍCH\r\nthứ hai\rthứ ba");
    CHECK_INT(d.n, 5);
    CHECK_INT(d.kind, DOCUMENT_TEXT);
    CHECK_STR(d.name, S("kế hoạch.txt"));
    CHECK_INT(d.blocks[0].kind, BLOCK_LINE);
    CHECK_STR(d.blocks[0].text, S("KẾ HOẠCH"));
    CHECK_INT(d.blocks[1].kind, BLOCK_BLANK);
    CHECK_INT(d.blocks[1].line, 2);
    CHECK_STR(d.blocks[2].text, S("I. MỤC ĐÍCH"));
    CHECK_INT(d.blocks[2].line, 4);
    CHECK_INT(d.blocks[2].indent, 2);
    CHECK_INT(d.blocks[3].line, 5);
    CHECK_STR(d.blocks[4].text, S("thứ ba"));
    CHECK_INT(d.blocks[4].line, 6);
}

TEST(a_form_feed_is_a_page_break)
{
    struct document d = parse(c, "trang một\n\ftrang hai\n");
    CHECK_INT(d.n, 3);
    CHECK_INT(d.blocks[1].kind, BLOCK_PAGE);
    CHECK_STR(d.blocks[2].text, S("trang hai"));
    CHECK_INT(d.blocks[2].line, 2);
}

TEST(bullets_become_items_with_one_marker)
{
    struct document d = parse(c, "- một\n– hai\n• ba\n* bốn\n+ năm\n-Sáu\n-5% là số âm\n1-2 trung tâm");
    for (int i = 0; i < 6; i++) {
        CHECK_INT(d.blocks[i].kind, BLOCK_ITEM);
        CHECK_STR(d.blocks[i].marker, i == 4 ? S("+") : S("-"));
    }
    CHECK_STR(d.blocks[1].text, S("hai"));
    CHECK_STR(d.blocks[5].text, S("Sáu"));
    CHECK_INT(d.blocks[6].kind, BLOCK_LINE);
    CHECK_STR(d.blocks[6].text, S("-5% là số âm"));
    CHECK_INT(d.blocks[7].kind, BLOCK_LINE);
}

TEST(labels_lose_their_asterisks_wherever_they_stand)
{
    static const char *const ways[] = {"- *Cơ quan chủ trì:* Sở A.",   "- *Cơ quan chủ trì*: Sở A.",
                                       "- **Cơ quan chủ trì:** Sở A.", "- Cơ quan chủ trì: Sở A.",
                                       "*Cơ quan chủ trì*: Sở A.",     "- *Cơ quan chủ trì: Sở A.",
                                       "-*Cơ quan chủ trì*: Sở A.",    "_Cơ quan chủ trì_: Sở A.",
                                       "- **Cơ quan chủ trì:* Sở A.",  "- ***Cơ quan chủ trì***: Sở A."};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct document d = parse(c, ways[i]);
        CHECK_INT(d.n, 1);
        CHECK_STR(d.blocks[0].text, S("Cơ quan chủ trì: Sở A."));
        CHECK(!d.blocks[0].bold && !d.blocks[0].italic);
    }
}

TEST(emphasis_of_a_whole_line_is_told)
{
    struct document d = parse(c, "**T/M BAN THƯỜNG VỤ\n*(Kèm theo Kế hoạch)*\n**KẾ HOẠCH**");
    CHECK_STR(d.blocks[0].text, S("T/M BAN THƯỜNG VỤ"));
    CHECK(d.blocks[0].bold && !d.blocks[0].italic);
    CHECK_STR(d.blocks[1].text, S("(Kèm theo Kế hoạch)"));
    CHECK(d.blocks[1].italic && !d.blocks[1].bold);
    CHECK(d.blocks[2].bold);
}

TEST(asterisks_that_are_not_emphasis_stay)
{
    CHECK_STR(only_text(c, "Số liệu (*) và (*) năm 2025"), S("Số liệu (*) và (*) năm 2025"));
    CHECK_STR(only_text(c, "khổ 3*4 và 5*6"), S("khổ 3*4 và 5*6"));
    CHECK_STR(only_text(c, "tệp so_lieu_nam và ke_hoach_x"), S("tệp so_lieu_nam và ke_hoach_x"));
    CHECK_STR(only_text(c, "Họ tên: ________ ký"), S("Họ tên: ________ ký"));
}

TEST(formulas_of_a_scanner_become_signs)
{
    CHECK_STR(only_text(c, "nghiệm thu $\\geq 60\\%$."), S("nghiệm thu ≥ 60%."));
    CHECK_STR(only_text(c, "tỷ lệ $\\leq$ 5\\%"), S("tỷ lệ ≤ 5%"));
    CHECK_STR(only_text(c, "nền tảng số $ \\geq 90 \\% $ trở lên"), S("nền tảng số ≥ 90 % trở lên"));
    CHECK_STR(only_text(c, "tăng \\geq 10"), S("tăng ≥ 10"));
    CHECK_STR(only_text(c, "đạt $99\\%$ dân số, $5.000$ người"), S("đạt 99% dân số, 5.000 người"));
    CHECK_STR(only_text(c, "khí $\\mathrm{CO}_2$ ở $30^{\\circ}$C, $5 m^2$"), S("khí CO2 ở 30°C, 5 m²"));
    CHECK_STR(only_text(c, "giá 5 USD$ và 6 USD$ mỗi bộ"), S("giá 5 USD$ và 6 USD$ mỗi bộ"));
}

TEST(a_pipe_table_in_text_is_a_table)
{
    struct document d = parse(c, "Phụ lục\n| TT | Nhiệm vụ | Chủ trì |\n|---|:--:|---|\n| 1 | **Xây dựng**<br>Đề án "
                                 "\\| A | Sở A |\n| 2 | | |\n\n"
                                 "| 3 | Rà soát | Sở B |\nhết");
    CHECK_INT(d.n, 7);
    CHECK_INT(d.blocks[1].kind, BLOCK_ROW);
    CHECK_INT(d.blocks[1].table, 1);
    CHECK_INT(d.blocks[1].n_cells, 3);
    CHECK_STR(d.blocks[1].cells[1].text, S("Nhiệm vụ"));
    CHECK_INT(d.blocks[2].line, 4);
    CHECK_STR(d.blocks[2].cells[1].text, S("Xây dựng\nĐề án | A"));
    CHECK_INT(d.blocks[3].n_cells, 3);
    CHECK_STR(d.blocks[3].cells[2].text, S(""));
    CHECK_INT(d.blocks[5].kind, BLOCK_ROW); /* the blank line is a page's end, not the table's */
    CHECK_INT(d.blocks[5].table, 1);
    CHECK_INT(d.blocks[6].kind, BLOCK_LINE);
    CHECK_INT(d.blocks[6].table, 0);
}

TEST(a_second_table_has_another_number)
{
    struct document d =
        parse(c, "| A | B |\n|---|---|\n| 1 | 2 |\n\n| C | D |\n|---|---|\n| 3 | 4 |\n\nA | B\n--- | ---\n5 | 6\n");
    CHECK_INT(d.blocks[0].table, 1);
    CHECK_INT(d.blocks[3].table, 2);
    CHECK_INT(d.blocks[6].table, 3);
    CHECK_STR(d.blocks[7].cells[1].text, S("6"));
}

TEST(text_is_composed_and_blanks_are_plain)
{
    CHECK_STR(only_text(c, "\xef\xbb\xbfKe\xcc\x82\xcc\x81 hoa\xcc\xa3\x63h\xc2\xa0năm\xe2\x80\x8b 2026"),
              S("Kế hoạch năm 2026"));
}

TEST(utf16_is_read)
{
    struct document d;
    static const char le[] = "\xff\xfeK\0\xbf\x1e \0\x3d\xd8\x00\xde\n\0B\0";
    CHECK_OK(document_parse(c, (struct str){le, sizeof le - 1}, S("a.txt"), &d));
    CHECK_INT(d.n, 2);
    CHECK_STR(d.blocks[0].text, S("Kế \U0001F600"));
    static const char be[] = "\xfe\xff\0K\x1e\xbf";
    CHECK_OK(document_parse(c, (struct str){be, sizeof be - 1}, S("a.txt"), &d));
    CHECK_STR(d.blocks[0].text, S("Kế"));
    static const char bad[] = "\xff\xfeK\0\n\0\x3d\xd8K\0";
    CHECK_ERR(document_parse(c, (struct str){bad, sizeof bad - 1}, S("a.txt"), &d), E_INVALID);
    CHECK_INT(c->error.line, 2);
}

TEST(bytes_that_are_not_text_are_refused_with_line_and_byte)
{
    struct document d;
    CHECK_ERR(document_parse(c, S("dòng một\ndòng \xe1 hai"), S("x/y.txt"), &d), E_INVALID);
    CHECK_INT(c->error.line, 2);
    CHECK_STR(c->error.file, S("y.txt"));
    CHECK(str_has(c->error.message, S("0xE1")) && str_has(c->error.message, S("19")));
    CHECK_ERR(document_parse(c, S("a\0b"), S("y.txt"), &d), E_INVALID);
    CHECK_ERR(document_parse(c, S(" \n\f\n"), S("y.txt"), &d), E_INVALID);
    CHECK_ERR(document_parse(c, S(""), S("y.txt"), &d), E_INVALID);
}

TEST(old_vietnamese_encodings_are_named)
{
    struct document d;
    /* "Kế hoạch thực hiện nghị quyết của Đảng bộ tỉnh về phát triển khoa học, công nghệ" in TCVN3. */
    struct str tcvn3 = S("K\xd5 ho\xb9"
                         "ch th\xf9"
                         "c hi\xd6n ngh\xde quy\xd5t c\xf1"
                         "a \xa7\xb6ng b\xe9 t\xd8nh v\xd2 ph\xb8t tri\xd3n khoa h\xe4"
                         "c, c\xabng ngh\xd6, \xae\xe6i m\xedi s\xb8ng t\xb9o v\xb5 chuy\xd3n \xae\xe6i s\xe8");
    CHECK_ERR(document_parse(c, tcvn3, S("a.txt"), &d), E_INVALID);
    CHECK(str_has(c->error.message, S("TCVN3")));
    /* The same words in VNI-Windows. */
    struct str vni = S("Ke\xe1 hoa\xef"
                       "ch th\xf6\xef"
                       "c hie\xe4n ngh\xf2 quye\xe1t cu\xfb"
                       "a \xd1"
                       "a\xfbng bo\xe4 t\xe6nh ve\xe0 pha\xf9t trie\xe5n khoa ho\xef"
                       "c, co\xe2ng nghe\xe4, \xf1"
                       "o\xe5i m\xf4\xf9i sa\xf9ng ta\xefo va\xf8 chuye\xe5n \xf1"
                       "o\xe5i so\xe1");
    CHECK_ERR(document_parse(c, vni, S("a.txt"), &d), E_INVALID);
    CHECK(str_has(c->error.message, S("VNI")));
    /* TCVN3 saved as UTF-8 by a program that took it for Latin letters. */
    CHECK_ERR(
        document_parse(
            c, S("KÕ ho¹ch thùc hiÖn nghÞ quyÕt cña §¶ng bé tØnh vÒ ph¸t triÓn khoa häc, c«ng nghÖ, ®æi míi s¸ng t¹o"),
            S("a.txt"), &d),
        E_INVALID);
    CHECK(str_has(c->error.message, S("TCVN3")));
}

TEST(other_kinds_of_file_are_refused_by_name)
{
    struct document d;
    CHECK_ERR(document_parse(c, S("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), S("a.doc"), &d), E_INVALID);
    CHECK(str_has(c->error.message, S(".docx")));
    CHECK_ERR(document_parse(c, S("\x89PNG\r\n\x1a\n"), S("a.pdf"), &d), E_INVALID);
}

TEST(markdown_remains_in_text_are_resolved)
{
    struct document d = parse(c, "```markdown\n## II. MỤC TIÊU\n---\n`mã` 1\\. &amp; x<br>y\n```\n");
    CHECK_INT(d.blocks[1].kind, BLOCK_HEADING);
    CHECK_INT(d.blocks[1].level, 2);
    CHECK_STR(d.blocks[1].text, S("II. MỤC TIÊU"));
    CHECK_STR(d.blocks[3].text, S("mã 1. & x\ny"));
}

TEST(too_many_lines_are_refused_with_a_line)
{
    size_t n = 4u << 20;
    char *text = NEWN(c->arena, char, n);
    for (size_t i = 0; i < n; i++)
        text[i] = "- a\n"[i % 4];
    struct document d;
    CHECK_ERR(document_parse(c, (struct str){text, n}, S("a.txt"), &d), E_LIMIT);
    CHECK_INT(c->error.line, DOCUMENT_BLOCKS + 1);
    memset(text, 'a', n);
    CHECK_OK(document_parse(c, (struct str){text, n}, S("a.txt"), &d));
    memset(text, '*', n);
    CHECK_OK(document_parse(c, (struct str){text, n - 1}, S("a*.txt"), &d) == E_INVALID ? OK : E_INTERNAL);
}
