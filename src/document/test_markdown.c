#include "document/reader.h"
#include "test/test.h"

#include "base/banned.h"

static struct document parse(struct ctx *c, const char *text)
{
    struct document d;
    CHECK_OK(document_parse(c, str_of(text), S("plan.md"), &d));
    CHECK_INT(d.kind, DOCUMENT_MARKDOWN);
    return d;
}

static void check(struct ctx *c, const struct block *b, enum block_kind kind, unsigned line, const char *marker,
                  const char *text)
{
    (void)c;
    CHECK_STR(b->text, str_of(text));
    CHECK_INT(b->kind, kind);
    CHECK_INT(b->line, line);
    CHECK_STR(b->marker, str_of(marker));
}

TEST(headings_and_paragraphs)
{
    struct document d = parse(c, "# KẾ HOẠCH\n\nĐoạn một\nnối tiếp  \nngắt dòng\n\n> trích *dẫn*\n\nII\n==\n");
    CHECK_INT(d.n, 4);
    check(c, &d.blocks[0], BLOCK_HEADING, 1, "", "KẾ HOẠCH");
    CHECK_INT(d.blocks[0].level, 1);
    check(c, &d.blocks[1], BLOCK_PARAGRAPH, 3, "", "Đoạn một nối tiếp\nngắt dòng");
    check(c, &d.blocks[2], BLOCK_PARAGRAPH, 7, "", "trích dẫn");
    check(c, &d.blocks[3], BLOCK_HEADING, 9, "", "II");
}

TEST(an_outline_comes_through_whatever_markdown_thinks)
{
    struct document d = parse(
        c, "I. MỤC ĐÍCH\n1. Quán triệt\n1.1. Về khoa học\n2. Tăng cường\n    a) điểm a\n    b) điểm b\nđ) điểm đ\n"
           "III. NHIỆM VỤ\n\n5. Thứ năm\n– gạch dài\nnối\n- gạch\n+ cộng\n");
    CHECK_INT(d.n, 12);
    check(c, &d.blocks[0], BLOCK_PARAGRAPH, 1, "", "I. MỤC ĐÍCH");
    check(c, &d.blocks[1], BLOCK_ITEM, 2, "1.", "Quán triệt");
    check(c, &d.blocks[2], BLOCK_PARAGRAPH, 3, "", "1.1. Về khoa học");
    check(c, &d.blocks[3], BLOCK_ITEM, 4, "2.", "Tăng cường");
    check(c, &d.blocks[4], BLOCK_PARAGRAPH, 5, "", "a) điểm a");
    check(c, &d.blocks[5], BLOCK_PARAGRAPH, 6, "", "b) điểm b");
    check(c, &d.blocks[6], BLOCK_PARAGRAPH, 7, "", "đ) điểm đ");
    check(c, &d.blocks[7], BLOCK_PARAGRAPH, 8, "", "III. NHIỆM VỤ");
    check(c, &d.blocks[8], BLOCK_ITEM, 10, "5.", "Thứ năm");
    check(c, &d.blocks[9], BLOCK_ITEM, 11, "-", "gạch dài nối");
    check(c, &d.blocks[10], BLOCK_ITEM, 13, "-", "gạch");
    check(c, &d.blocks[11], BLOCK_ITEM, 14, "+", "cộng");
}

TEST(items_have_the_marker_of_the_source_and_their_depth)
{
    struct document d = parse(
        c,
        "3) ba\n4) bốn\n\n   tiếp theo\n\n- **Chủ trì:** Sở A\n  - con *nghiêng*\n    1. cháu\n- *Phối hợp*: Sở B\n");
    CHECK_INT(d.n, 7);
    check(c, &d.blocks[0], BLOCK_ITEM, 1, "3)", "ba");
    check(c, &d.blocks[1], BLOCK_ITEM, 2, "4)", "bốn");
    check(c, &d.blocks[2], BLOCK_PARAGRAPH, 4, "", "tiếp theo");
    check(c, &d.blocks[3], BLOCK_ITEM, 6, "-", "Chủ trì: Sở A");
    check(c, &d.blocks[4], BLOCK_ITEM, 7, "-", "con nghiêng");
    CHECK_INT(d.blocks[4].level, 1);
    check(c, &d.blocks[5], BLOCK_ITEM, 8, "1.", "cháu");
    CHECK_INT(d.blocks[5].level, 2);
    check(c, &d.blocks[6], BLOCK_ITEM, 9, "-", "Phối hợp: Sở B");
}

TEST(labels_on_following_lines_are_kept_apart)
{
    struct document d = parse(c, "Nhiệm vụ dài\n*Cơ quan chủ trì*: Sở A\n**Thời gian:** 2026\n");
    CHECK_INT(d.n, 3);
    check(c, &d.blocks[1], BLOCK_PARAGRAPH, 2, "", "Cơ quan chủ trì: Sở A");
    check(c, &d.blocks[2], BLOCK_PARAGRAPH, 3, "", "Thời gian: 2026");
}

TEST(tables_are_rows_with_lines)
{
    struct document d = parse(c, "Bảng\n\n| TT | Nhiệm vụ | Chủ trì |\n|:--|--|--|\n| 1 | Xây dựng<br/>Đề án | **Sở "
                                 "A** |\n| 2 |  | $\\geq 60\\%$ |\n\n| A | B |\n|--|--|\n| 1 | 2 |\n");
    CHECK_INT(d.n, 6);
    CHECK_INT(d.blocks[1].kind, BLOCK_ROW);
    CHECK_INT(d.blocks[1].line, 3);
    CHECK_INT(d.blocks[2].line, 5);
    CHECK_STR(d.blocks[2].cells[1].text, S("Xây dựng\nĐề án"));
    CHECK_STR(d.blocks[2].cells[2].text, S("Sở A"));
    CHECK_INT(d.blocks[3].n_cells, 3);
    CHECK_STR(d.blocks[3].cells[1].text, S(""));
    CHECK_STR(d.blocks[3].cells[2].text, S("≥ 60%"));
    CHECK_INT(d.blocks[3].table, 1);
    CHECK_INT(d.blocks[5].table, 2);
    CHECK_INT(d.blocks[5].line, 10);
}

TEST(html_and_images_are_not_shown)
{
    struct document d =
        parse(c, "Chỉ <b>số</b> m<sup>2</sup> ![img-0.jpeg](img-0.jpeg) [nghị quyết](http://a.vn) **T/M BAN\n");
    check(c, &d.blocks[0], BLOCK_PARAGRAPH, 1, "", "Chỉ số m2  nghị quyết T/M BAN");
    d = parse(c, "**KẾ HOẠCH**\n\n*nghiêng hết*\n\n**một** phần\n");
    CHECK(d.blocks[0].bold && !d.blocks[0].italic);
    CHECK(d.blocks[1].italic && !d.blocks[1].bold);
    CHECK(!d.blocks[2].bold);
}

TEST(code_is_kept_by_lines)
{
    struct document d = parse(c, "a\n\n```\nmột\n  hai\n```\nb\n");
    check(c, &d.blocks[1], BLOCK_LINE, 4, "", "một");
    check(c, &d.blocks[2], BLOCK_LINE, 5, "", "hai");
    check(c, &d.blocks[3], BLOCK_PARAGRAPH, 7, "", "b");
}
