/* Tables that people keep in spreadsheets. */
#include "document/test_zip.h"
#include "document/xlsx.h"

#include "base/period.h"
#include "document/document.h"
#include "document/reader.h"

#include "base/banned.h"

#define MAIN "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""
#define REL  "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"

static struct str workbook(struct ctx *c, const char *about, const char *rows)
{
    struct part parts[] = {
        {"xl/workbook.xml",
         str_fmt(c->arena,
                 HEAD "<workbook " MAIN " xmlns:r=\"" REL
                      "\">%s<sheets><sheet name=\"Ẩn\" sheetId=\"1\" state=\"hidden\" "
                      "r:id=\"r1\"/><sheet name=\"Tài khoản\" sheetId=\"2\" r:id=\"r2\"/></sheets></workbook>",
                 about)},
        {"xl/_rels/workbook.xml.rels",
         S(HEAD "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
                "<Relationship Id=\"r1\" Type=\"" REL "/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
                "<Relationship Id=\"r2\" Type=\"" REL "/worksheet\" Target=\"/xl/worksheets/second.xml\"/>"
                "<Relationship Id=\"r3\" Type=\"" REL "/styles\" Target=\"styles.xml\"/>"
                "<Relationship Id=\"r4\" Type=\"" REL "/sharedStrings\" Target=\"sharedStrings.xml\"/>"
                "</Relationships>")},
        {"xl/styles.xml",
         S(HEAD "<styleSheet " MAIN "><numFmts><numFmt numFmtId=\"164\" formatCode=\"dd/mm/yyyy\"/>"
                "<numFmt numFmtId=\"165\" formatCode=\"#,##0&quot; d%&quot;\"/>"
                "<numFmt numFmtId=\"166\" formatCode=\"0.0\\%%\"/></numFmts>"
                "<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>"
                "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/>"
                "<xf numFmtId=\"165\"/><xf numFmtId=\"10\"/><xf numFmtId=\"166\"/></cellXfs></styleSheet>")},
        {"xl/sharedStrings.xml", S(HEAD "<sst " MAIN "><si><t>Tên</t></si><si><r><t>Lê </t></r><r><t>Văn A</t></r>"
                                        "<rPh><t>đọc</t></rPh></si></sst>")},
        {"xl/worksheets/sheet1.xml", S(HEAD "<worksheet " MAIN "><sheetData><row r=\"1\"><c><v>999</v></c></row>"
                                            "</sheetData></worksheet>")},
        {"xl/worksheets/second.xml",
         str_fmt(c->arena, HEAD "<worksheet " MAIN "><sheetData>%s</sheetData></worksheet>", rows)},
    };
    return zip_of(c, parts, sizeof parts / sizeof *parts);
}

static void check_row(const struct grid *t, size_t i, unsigned line, const char *joined)
{
    char text[400] = "";
    CHECK(i < t->n);
    for (size_t k = 0; k < t->rows[i].n; k++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "[%.*s]", ARGS(t->rows[i].v[k]));
    CHECK_STR(str_of(text), str_of(joined));
    CHECK_INT(t->lines[i], line);
}

#define ROWS                                                                                                           \
    "<row r=\"2\"><c r=\"A2\" t=\"s\"><v>0</v></c><c r=\"C2\" t=\"inlineStr\"><is><t>Từ ngày</t></is></c></row>"    \
    "<row r=\"3\"><c r=\"A3\"/><c r=\"B3\" t=\"s\"><v>99</v></c></row>"                                                \
    "<row r=\"5\"><c t=\"s\"><v>1</v></c><c t=\"b\"><v>1</v></c><c s=\"2\"><v>46204</v></c><c "                        \
    "s=\"1\"><v>46204</v></c>"                                                                                         \
    "<c s=\"3\"><v>46204</v></c><c><f>0.1+0.2</f><v>0.30000000000000004</v></c><c><v>0.10000000000000001</v></c>"      \
    "<c t=\"str\"><f>A1</f><v>chữ</v></c></row>"

TEST(the_first_sheet_that_is_shown_is_read)
{
    struct grid t;
    CHECK_OK(grid_parse(c, workbook(c, "", ROWS), S("a.xlsx"), &t));
    CHECK_STR(t.sheet, S("Tài khoản"));
    CHECK_INT(t.n, 2);
    check_row(&t, 0, 2, "[Tên][][Từ ngày]");
    /* 46204 days after 1899-12-30 is 2026-07-01. */
    check_row(&t, 1, 5, "[Lê Văn A][1][2026-07-01][2026-07-01][46204][0.30000000000000004][0.1][chữ]");
    CHECK_OK(grid_parse(c, workbook(c, "<workbookPr date1904=\"1\"/>", "<row><c s=\"1\"><v>44742</v></c></row>"),
                        S("a.xlsx"), &t));
    check_row(&t, 0, 1, "[2026-07-01]");
}

/* A clerk types 57% and 12,345%; the workbook holds 0.57 and 0.12345. The sign of the last format is written twice. */
TEST(percentages_keep_their_sign_and_numbers_are_told_from_text)
{
    struct grid t;
    struct str book = workbook(c, "",
                               "<row><c s=\"4\"><v>0.56999999999999995</v></c><c s=\"4\"><v>0.12345</v></c>"
                               "<c s=\"5\"><v>0.5</v></c><c><v>1.234</v></c>"
                               "<c t=\"inlineStr\"><is><t>1.234</t></is></c><c s=\"1\"><v>46204</v></c></row>");
    CHECK_OK(grid_read(c, book, S("a.xlsx"), &t)); /* through the child process */
    check_row(&t, 0, 1, "[57%][12.345%][50%][1.234][1.234][2026-07-01]");
    CHECK(t.numbers[0][0] && t.numbers[0][1] && t.numbers[0][2] && t.numbers[0][3]);
    CHECK(!t.numbers[0][4] && !t.numbers[0][5]);
    CHECK_OK(grid_parse(c, S("a,b\n1,2\n"), S("a.csv"), &t));
    CHECK(!t.numbers);
}

TEST(a_spreadsheet_is_no_document_and_a_document_no_table)
{
    struct grid t;
    struct document d;
    struct str sheet = workbook(c, "", ROWS);
    CHECK_ERR(document_parse(c, sheet, S("a.docx"), &d), E_INVALID);
    CHECK(str_has(c->error.message, S("Excel")));
    CHECK_ERR(document_read_bytes(c, sheet, S("a.docx"), &d), E_INVALID);
    CHECK(str_has(c->error.message, S("Excel")));
    /* In the child process the same comes out. */
    CHECK_OK(grid_read(c, sheet, S("a.xlsx"), &t));
    CHECK_INT(t.n, 2);
    CHECK_STR(t.sheet, S("Tài khoản"));
    struct part word = {"word/document.xml",
                        S("<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">"
                          "<w:body><w:p><w:r><w:t>Một</w:t></w:r></w:p></w:body></w:document>")};
    CHECK_ERR(grid_read(c, zip_of(c, &word, 1), S("a.docx"), &t), E_INVALID);
    CHECK_ERR(grid_read(c, str_slice(sheet, 0, sheet.n / 2), S("a.xlsx"), &t), E_INVALID);
    CHECK_OK(grid_read(c, S("a,b\n1,2\n"), S("a.csv"), &t));
    check_row(&t, 1, 2, "[1][2]");
}

TEST(hostile_sheets_are_refused)
{
    struct grid t;
    CHECK_ERR(grid_parse(c, workbook(c, "", "<row><c r=\"ZZZ1\"><v>1</v></c></row>"), S("a.xlsx"), &t), E_LIMIT);
    CHECK_ERR(grid_parse(c, workbook(c, "", "<row><c t=\"s\"><v>1</v></row>"), S("a.xlsx"), &t), E_INVALID);
    /* Indices that point nowhere and numbers that are none: an empty cell, the text as it stands. */
    CHECK_OK(grid_parse(
        c, workbook(c, "", "<row><c t=\"s\"><v>-1</v></c><c s=\"9999\"><v>x</v></c><c s=\"1\"><v>1e99</v></c></row>"),
        S("a.xlsx"), &t));
    check_row(&t, 0, 1, "[][x][1e+99]");
}

struct line {
    struct str text;
    int32_t day;
    bool yes;
};
RECORD(line_record, struct line, "line", "A row", {"text", FIELD_TEXT, offsetof(struct line, text)},
       {"day", FIELD_DAY, offsetof(struct line, day)}, {"yes", FIELD_BOOL, offsetof(struct line, yes)});

TEST(what_is_written_is_read_back)
{
    struct xlsx x;
    struct str bytes;
    struct grid t;
    struct line lines[] = {{S("=1+1 & <Sở> \"A\""), 20635, true}, {{0}, DAY_NONE, false}};
    CHECK(day_from_date(2026, 7, 1, &lines[0].day));
    xlsx_init(&x, c);
    xlsx_record(&x, &line_record, &lines[0]);
    xlsx_record(&x, &line_record, &lines[1]);
    CHECK_OK(xlsx_finish(&x, S("Bảng"), &bytes));
    CHECK_OK(grid_parse(c, bytes, S("a.xlsx"), &t));
    CHECK_STR(t.sheet, S("Bảng"));
    check_row(&t, 0, 1, "[text][day][yes]");
    check_row(&t, 1, 2, "[=1+1 & <Sở> \"A\"][2026-07-01][1]");
    check_row(&t, 2, 3, "[][][0]");
}
