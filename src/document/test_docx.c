#include "document/reader.h"
#include "document/test_zip.h"
#include "test/test.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

#define WORD "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

static struct str xml(struct ctx *c, const char *root, const char *inner)
{
    return str_fmt(c->arena,
                   "<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:%s xmlns:w=\"" WORD "\" "
                   "xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\" xmlns:v=\"urn:v\" "
                   "xmlns:m=\"http://schemas.openxmlformats.org/officeDocument/2006/math\">%s</w:%s>",
                   root, inner, root);
}

static struct str package(struct ctx *c, const char *body, const char *styles, const char *numbering)
{
    struct part parts[] = {{"word/document.xml", xml(c, "document", body)},
                           {"word/styles.xml", xml(c, "styles", styles)},
                           {"word/numbering.xml", xml(c, "numbering", numbering)}};
    return zip_of(c, parts, 3);
}

static struct document parse_all(struct ctx *c, const char *body, const char *styles, const char *numbering)
{
    struct document d;
    CHECK_OK(document_parse(c, package(c, body, styles, numbering), S("Kế hoạch.docx"), &d));
    CHECK_INT(d.kind, DOCUMENT_DOCX);
    return d;
}

static struct document parse(struct ctx *c, const char *body)
{
    return parse_all(c, body, "", "");
}

#define P(text)               "<w:p><w:r><w:t>" text "</w:t></w:r></w:p>"
#define PP(properties, text)  "<w:p><w:pPr>" properties "</w:pPr><w:r><w:t>" text "</w:t></w:r></w:p>"
#define NUM(list, level)      "<w:numPr><w:ilvl w:val=\"" level "\"/><w:numId w:val=\"" list "\"/></w:numPr>"
#define TC(properties, inner) "<w:tc><w:tcPr>" properties "</w:tcPr>" inner "</w:tc>"

TEST(paragraphs_runs_tabs_and_breaks)
{
    struct document d =
        parse(c, "<w:body><w:p><w:r><w:t xml:space=\"preserve\">Ke\xcc\x82\xcc\x81 "
                 "</w:t></w:r><w:r><w:t>hoạch</w:t><w:tab/><w:t>2026</w:t>"
                 "<w:br/><w:t>dòng</w:t><w:noBreakHyphen/><w:t>hai</w:t></w:r></w:p><w:p/><w:p/>"
                 "<w:p><w:r><w:br w:type=\"page\"/><w:t>sang trang</w:t></w:r></w:p>" P("- gạch đầu dòng")
                     P("a) điểm") "</w:body>");
    CHECK_INT(d.n, 6);
    CHECK_INT(d.blocks[0].kind, BLOCK_PARAGRAPH);
    CHECK_STR(d.blocks[0].text, S("Kế hoạch 2026\ndòng-hai"));
    CHECK_INT(d.blocks[0].line, 1);
    CHECK_INT(d.blocks[1].kind, BLOCK_BLANK);
    CHECK_INT(d.blocks[2].kind, BLOCK_PAGE);
    CHECK_INT(d.blocks[3].line, 4);
    CHECK_INT(d.blocks[4].kind, BLOCK_ITEM);
    CHECK_STR(d.blocks[4].marker, S("-"));
    CHECK_STR(d.blocks[4].text, S("gạch đầu dòng"));
    CHECK_INT(d.blocks[5].kind, BLOCK_PARAGRAPH);
}

#define LEVEL(level, start, format, text)                                                                              \
    "<w:lvl w:ilvl=\"" level "\"><w:start w:val=\"" start "\"/><w:numFmt w:val=\"" format                              \
    "\"/><w:lvlText w:val=\"" text "\"/></w:lvl>"

TEST(automatic_numbers_are_what_a_reader_sees)
{
    const char *numbering = "<w:abstractNum w:abstractNumId=\"5\">" LEVEL("0", "1", "upperRoman", "%1.")
        LEVEL("1", "1", "decimal", "%2.") LEVEL("2", "1", "decimal", "%2.%3.")
            LEVEL("3", "1", "lowerLetter",
                  "%4)") "</w:abstractNum>"
                         "<w:abstractNum w:abstractNumId=\"6\">" LEVEL("0", "3", "bullet", "\xef\x82\xb7")
                             LEVEL("1", "1", "bullet",
                                   "+") "</w:abstractNum>"
                                        "<w:num w:numId=\"1\"><w:abstractNumId w:val=\"5\"/></w:num><w:num "
                                        "w:numId=\"2\"><w:abstractNumId w:val=\"6\"/></w:num>"
                                        "<w:num w:numId=\"3\"><w:abstractNumId w:val=\"5\"/><w:lvlOverride "
                                        "w:ilvl=\"1\"><w:startOverride w:val=\"7\"/></w:lvlOverride></w:num>";
    struct document d = parse_all(
        c,
        "<w:body>" PP(NUM("1", "0"), "MỤC ĐÍCH") PP(NUM("1", "1"), "một") PP(NUM("1", "1"), "hai")
            PP(NUM("1", "2"), "hai một") PP(NUM("1", "3"), "điểm a") PP(NUM("1", "3"), "điểm b")
                PP(NUM("1", "2"), "hai hai") PP(NUM("1", "3"), "lại a") PP(NUM("1", "0"), "MỤC TIÊU")
                    PP(NUM("1", "1"), "lại một") PP(NUM("2", "0"), "gạch") PP(NUM("2", "1"), "cộng")
                        PP(NUM("3", "1"), "bảy") PP(NUM("1", "1"), "tám") PP(NUM("0", "1"), "không số") "</w:body>",
        "", numbering);
    static const char *const want[] = {"I.",  "1.", "2.", "2.1.", "a)", "b)", "2.2.", "a)",
                                       "II.", "1.", "-",  "+",    "7.", "8.", ""};
    CHECK_INT(d.n, sizeof want / sizeof *want);
    for (size_t i = 0; i < d.n; i++) {
        CHECK_STR(d.blocks[i].marker, str_of(want[i]));
        CHECK_INT(d.blocks[i].kind, want[i][0] ? BLOCK_ITEM : BLOCK_PARAGRAPH);
    }
    CHECK_INT(d.blocks[4].level, 3);
}

TEST(styles_make_headings_and_bring_their_numbers)
{
    const char *styles = "<w:style w:type=\"paragraph\" w:styleId=\"u1\"><w:name w:val=\"heading 1\"/><w:pPr>" NUM(
        "4",
        "0") "</w:pPr>"
             "<w:rPr><w:b/></w:rPr></w:style>"
             "<w:style w:type=\"paragraph\" w:styleId=\"u2\"><w:name w:val=\"heading 2\"/><w:pPr><w:numPr><w:numId "
             "w:val=\"4\"/></w:numPr><w:outlineLvl w:val=\"1\"/></w:pPr></w:style>"
             "<w:style w:type=\"paragraph\" w:styleId=\"con\"><w:name w:val=\"Mục của tỉnh\"/><w:basedOn "
             "w:val=\"u1\"/></w:style>"
             "<w:style w:type=\"paragraph\" w:styleId=\"ml\"><w:name w:val=\"toc 1\"/></w:style>"
             "<w:style w:type=\"paragraph\" w:styleId=\"a\"><w:name w:val=\"A\"/><w:basedOn w:val=\"b\"/></w:style>"
             "<w:style w:type=\"paragraph\" w:styleId=\"b\"><w:name w:val=\"B\"/><w:basedOn w:val=\"a\"/></w:style>";
    const char *numbering = "<w:abstractNum w:abstractNumId=\"1\"><w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt "
                            "w:val=\"upperRoman\"/><w:lvlText w:val=\"%1.\"/></w:lvl>"
                            "<w:lvl w:ilvl=\"1\"><w:start w:val=\"1\"/><w:numFmt w:val=\"decimal\"/><w:pStyle "
                            "w:val=\"u2\"/><w:isLgl/><w:lvlText w:val=\"%1.%2\"/></w:lvl></w:abstractNum>"
                            "<w:num w:numId=\"4\"><w:abstractNumId w:val=\"1\"/></w:num>";
    struct document d = parse_all(
        c,
        "<w:body>" PP("<w:pStyle w:val=\"ml\"/>", "I. MỤC LỤC 3") PP("<w:pStyle w:val=\"u1\"/>", "Một")
            PP("<w:pStyle w:val=\"con\"/>", "Hai") PP("<w:pStyle w:val=\"u2\"/>", "Hai một")
                PP("<w:pStyle w:val=\"a\"/>", "vòng") PP("<w:outlineLvl w:val=\"2\"/>", "trực tiếp") "</w:body>",
        styles, numbering);
    CHECK_INT(d.n, 5);
    CHECK_INT(d.blocks[0].kind, BLOCK_HEADING);
    CHECK_INT(d.blocks[0].level, 1);
    CHECK(d.blocks[0].bold);
    CHECK_STR(d.blocks[0].marker, S("I."));
    CHECK_INT(d.blocks[1].level, 1);
    CHECK_STR(d.blocks[1].marker, S("II."));
    CHECK_INT(d.blocks[2].level, 2);
    CHECK_STR(d.blocks[2].marker, S("2.1"));
    CHECK_INT(d.blocks[3].kind, BLOCK_PARAGRAPH);
    CHECK_INT(d.blocks[4].level, 3);
}

TEST(tables_with_spans_merges_and_nested_tables)
{
    struct document d = parse_all(
        c,
        "<w:body><w:tbl><w:tr>" TC("", P("TT")) TC(
            "<w:gridSpan w:val=\"2\"/>",
            P("Nhiệm vụ")) "</w:tr>"
                           "<w:tr>" TC("<w:vMerge w:val=\"restart\"/>", PP(NUM("1", "0"), ""))
                               TC("", P("Đề án") P("kèm theo")) TC(
                                   "<w:vMerge w:val=\"restart\"/>",
                                   P("Sở A")) "</w:tr>"
                                              "<w:tr>" TC("<w:vMerge/>", "<w:p/>") TC(
                                                  "", "<w:tbl><w:tr>" TC("", P("trong"))
                                                          TC("", P("cùng")) "</w:tr></w:tbl><w:p/>")
                                                  TC("<w:vMerge w:val=\"continue\"/>",
                                                     "<w:p/>") "</w:tr>"
                                                               "<w:tr><w:trPr><w:del/></w:trPr>" TC(
                                                                   "", P("bỏ")) "</w:tr>"
                                                                                "<w:tr><w:trPr><w:gridBefore "
                                                                                "w:val=\"1\"/></w:trPr>" TC("", P("x"))
                                                                                    TC(
                                                                                        "", "<w:p/>") "</w:tr></"
                                                                                                      "w:tbl>" P("sau") "<w:tbl><w:tr>" TC(
                                                                                                          "<w:vMerge/>",
                                                                                                          P("bảng "
                                                                                                            "hai")) "<"
                                                                                                                    "/"
                                                                                                                    "w"
                                                                                                                    ":"
                                                                                                                    "t"
                                                                                                                    "r"
                                                                                                                    ">"
                                                                                                                    "<"
                                                                                                                    "/"
                                                                                                                    "w"
                                                                                                                    ":"
                                                                                                                    "t"
                                                                                                                    "b"
                                                                                                                    "l"
                                                                                                                    ">"
                                                                                                                    "<"
                                                                                                                    "/"
                                                                                                                    "w"
                                                                                                                    ":"
                                                                                                                    "b"
                                                                                                                    "o"
                                                                                                                    "d"
                                                                                                                    "y"
                                                                                                                    ">",
        "",
        "<w:abstractNum w:abstractNumId=\"1\">" LEVEL(
            "0", "1", "decimal", "%1") "</w:abstractNum><w:num w:numId=\"1\"><w:abstractNumId w:val=\"1\"/></w:num>");
    CHECK_INT(d.n, 6);
    CHECK_INT(d.blocks[0].kind, BLOCK_ROW);
    CHECK_INT(d.blocks[0].n_cells, 2);
    CHECK_INT(d.blocks[0].cells[1].columns, 2);
    CHECK_STR(d.blocks[1].cells[0].text, S("1"));
    CHECK_STR(d.blocks[1].cells[1].text, S("Đề án\nkèm theo"));
    CHECK(!d.blocks[1].cells[2].merged_up);
    CHECK_STR(d.blocks[2].cells[0].text, S("1"));
    CHECK(d.blocks[2].cells[0].merged_up && d.blocks[2].cells[2].merged_up);
    CHECK_STR(d.blocks[2].cells[1].text, S("trong\ncùng"));
    CHECK_STR(d.blocks[2].cells[2].text, S("Sở A"));
    CHECK_INT(d.blocks[3].n_cells, 3);
    CHECK_STR(d.blocks[3].cells[1].text, S("x"));
    CHECK_INT(d.blocks[3].table, 1);
    CHECK_STR(d.blocks[4].text, S("sau"));
    CHECK_INT(d.blocks[5].table, 2);
    CHECK(!d.blocks[5].cells[0].merged_up);
    CHECK_STR(d.blocks[5].cells[0].text, S("bảng hai"));
}

TEST(changes_fields_and_boxes_are_read_as_they_are_seen)
{
    struct document d = parse(
        c,
        "<w:body><w:p><w:r><w:t xml:space=\"preserve\">Hạn "
        "</w:t></w:r><w:del><w:r><w:delText>2026</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>2027</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>cũ</w:t></w:r></w:moveFrom></w:p>"
        "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t xml:space=\"preserve\">nối </w:t></w:r></w:p>" P(
            "liền") "<w:p><w:r><w:fldChar "
                    "w:fldCharType=\"begin\"/><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>mã</w:t></"
                    "w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>"
                    "<w:r><w:t>kết quả</w:t></w:r><w:r><w:fldChar w:fldCharType=\"end\"/><w:t xml:space=\"preserve\"> "
                    "trường</w:t></w:r></w:p>"
                    "<w:p><w:r><w:t>neo</w:t><mc:AlternateContent><mc:Choice Requires=\"wps\"><v:x><w:txbxContent>" P(
                        "hộp") "</w:txbxContent></v:x></mc:Choice>"
                               "<mc:Fallback><v:x><w:txbxContent>" P(
                                   "hộp") "</w:txbxContent></v:x></mc:Fallback></mc:AlternateContent></w:r><w:r><w:t "
                                          "xml:space=\"preserve\"> sau</w:t></w:r></w:p>"
                                          "<w:sdt><w:sdtPr><w:t>x</w:t></w:sdtPr><w:sdtContent>" P(
                                              "điều khiển") "</w:sdtContent></w:sdt>"
                                                            "<w:p><w:hyperlink><w:r><w:t>liên "
                                                            "kết</w:t></w:r></w:hyperlink><w:r><w:rPr><w:vanish/></"
                                                            "w:rPr><w:t>ẩn</w:t></w:r>"
                                                            "<w:r><w:sym w:font=\"Symbol\" w:char=\"F0B3\"/><w:t "
                                                            "xml:space=\"preserve\"> 60%</w:t></w:r></w:p>"
                                                            "<w:p><m:oMath><m:r><m:t>≥ 90%</m:t></m:r></m:oMath></w:p>"
                                                            "<w:p><w:pPr><w:pPrChange><w:pPr>" NUM(
                                                                "9",
                                                                "0") "</w:pPr></w:pPrChange></w:pPr><w:r><w:rPr><w:b/"
                                                                     "></w:rPr><w:t>đậm</w:t></w:r><w:r><w:rPr><w:b/"
                                                                     "><w:i w:val=\"0\"/></w:rPr><w:t> "
                                                                     "hết</w:t></w:r></w:p>"
                                                                     "</w:body>");
    static const char *const want[] = {"Hạn 2027",   "nối liền",      "kết quả trường", "hộp",    "neo sau",
                                       "điều khiển", "liên kết≥ 60%", "≥ 90%",          "đậm hết"};
    CHECK_INT(d.n, sizeof want / sizeof *want);
    for (size_t i = 0; i < d.n; i++)
        CHECK_STR(d.blocks[i].text, str_of(want[i]));
    CHECK(d.blocks[8].bold && !d.blocks[8].italic);
}

static void refused(struct ctx *c, struct str content, enum err err, const char *word)
{
    struct document d;
    CHECK_INT(document_parse(c, content, S("a.docx"), &d), err);
    CHECK_STR(c->error.file, S("a.docx"));
    if (!str_has(c->error.message, str_of(word)))
        test_failed(__FILE__, __LINE__, "\"%.*s\" does not say \"%s\"", ARGS(c->error.message), word);
}

TEST(damaged_and_hostile_packages_are_refused)
{
    struct str good = package(c, "<w:body>" P("một hai ba bốn năm sáu bảy tám chín mười") "</w:body>", "", "");
    refused(c, str_slice(good, 0, good.n / 2), E_INVALID, "hỏng");
    struct part bomb = {
        "word/document.xml",
        S("<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"bbbbbbbb\"><!ENTITY c \"&b;&b;&b;\">]><a>&c;</a>")};
    refused(c, zip_of(c, &bomb, 1), E_INVALID, "DTD");
    struct part cut = {"word/document.xml", S("<w:document xmlns:w=\"" WORD "\"><w:body>")};
    refused(c, zip_of(c, &cut, 1), E_INVALID, "word/document.xml");
    struct part sheet = {"xl/workbook.xml", S("<a/>")};
    refused(c, zip_of(c, &sheet, 1), E_INVALID, "Excel");
    struct part other = {"mimetype", S("application/vnd.oasis.opendocument.text")};
    refused(c, zip_of(c, &other, 1), E_INVALID, "word/document.xml");

    size_t n = 32u << 20;
    char *blanks = NEWN(c->arena, char, n + 1);
    memset(blanks, ' ', n);
    memcpy(blanks, "<a>", 3);
    struct part packed = {"word/document.xml", {blanks, n}};
    refused(c, zip_of(c, &packed, 1), E_LIMIT, "giải nén");
}

TEST(deep_nesting_is_refused_not_followed)
{
    struct out o;
    out_init(&o, c->arena, 64 << 20);
    for (int i = 0; i < 100000; i++)
        out_put(&o, S("<w:tbl><w:tr><w:tc>"));
    out_char(&o, 0);
    refused(c, package(c, out_str(&o).p, "", ""), E_LIMIT, "lồng");
}

TEST(the_document_is_found_through_its_relationships)
{
    struct part parts[] = {
        {"_rels/.rels", S("<Relationships xmlns=\"r\"><Relationship Type=\"x/officeDocument\" "
                          "Target=\"/word/document2.xml\"/></Relationships>")},
        {"word/document2.xml", S("<w:document "
                                 "xmlns:w=\"http://purl.oclc.org/ooxml/wordprocessingml/"
                                 "main\"><w:body><w:p><w:r><w:t>chặt</w:t></w:r></w:p></w:body></w:document>")},
    };
    struct document d;
    CHECK_OK(document_parse(c, zip_of(c, parts, 2), S("a.docx"), &d));
    CHECK_STR(d.blocks[0].text, S("chặt"));
}
