#include "document/xlsx.h"

#include "base/period.h"

#include <math.h>
#include <string.h>
#include <zip.h>

#include "base/banned.h"

enum {
    CELL_RUNES = 32767,
    DAY_ZERO = 25569, /* 1970-01-01 in a spreadsheet's count */
    BOUNDS_MAX = 20000,
};

#define XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define MAIN     "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define OFFICE   "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define PACKAGE  "http://schemas.openxmlformats.org/package/2006/"

/* Text as XML: what XML cannot hold is left out. */
static void put_xml(struct out *o, struct str s)
{
    size_t runes = 0;
    for (size_t i = 0; i < s.n;) {
        size_t from = i;
        uint32_t r = str_rune(s, &i);
        if (++runes >= CELL_RUNES && i < s.n) {
            out_put(o, S("…"));
            return;
        }
        if (r == '&')
            out_put(o, S("&amp;"));
        else if (r == '<')
            out_put(o, S("&lt;"));
        else if (r == '>')
            out_put(o, S("&gt;"));
        else if (r == '"')
            out_put(o, S("&quot;"));
        else if ((r >= 0x20 || r == '\t' || r == '\n') && r != 0x7f && r != 0xfffe && r != 0xffff)
            out_put(o, str_slice(s, from, i));
    }
}

static void put_address(struct out *o, unsigned column, unsigned row)
{
    char letters[4];
    size_t n = 0;
    for (unsigned c = column; c; c = (c - 1) / 26)
        letters[n++] = (char)('A' + (c - 1) % 26);
    while (n)
        out_char(o, letters[--n]);
    out_i64(o, row);
}

static void open_cell(struct xlsx *x, const char *type, enum xlsx_look style)
{
    out_put(&x->sheet, S("<c r=\""));
    put_address(&x->sheet, ++x->column, x->row);
    out_char(&x->sheet, '"');
    if (style)
        out_fmt(&x->sheet, " s=\"%u\"", style);
    if (type)
        out_fmt(&x->sheet, " t=\"%s\"", type);
    out_char(&x->sheet, '>');
}

static void put_text(struct xlsx *x, struct str text, enum xlsx_look style)
{
    open_cell(x, "inlineStr", style);
    out_put(&x->sheet, S("<is><t xml:space=\"preserve\">"));
    put_xml(&x->sheet, text);
    out_put(&x->sheet, S("</t></is></c>"));
}

static struct str joined(struct ctx *c, const struct strs *texts)
{
    return str_join(c->arena, texts->v, texts->n, S("; "));
}

static struct str hex(struct ctx *c, struct str bytes)
{
    struct out o;
    struct emit e;
    out_init(&o, c->arena, 2 * bytes.n + 2);
    emit_init(&e, &o, EMIT_TEXT);
    emit_bytes(&e, bytes);
    return out_str(&o);
}

static void put_value(struct xlsx *x, const struct field *f, const void *at)
{
    struct out *o = &x->sheet;
    switch (f->type) {
    case FIELD_BOOL:
        open_cell(x, "b", 0);
        out_put(o, *(const bool *)at ? S("<v>1</v></c>") : S("<v>0</v></c>"));
        return;
    case FIELD_I64:
        open_cell(x, NULL, 0);
        out_fmt(o, "<v>%lld</v></c>", (long long)*(const int64_t *)at);
        return;
    case FIELD_F64:
        open_cell(x, NULL, 0);
        out_put(o, S("<v>"));
        out_f64(o, *(const double *)at);
        out_put(o, S("</v></c>"));
        return;
    case FIELD_DAY:
        open_cell(x, NULL, XLSX_DAY);
        out_fmt(o, "<v>%d</v></c>", *(const int32_t *)at + DAY_ZERO);
        return;
    case FIELD_TEXT:
        put_text(x, *(const struct str *)at, XLSX_WRAPPED);
        return;
    case FIELD_TEXTS:
        put_text(x, joined(x->c, at), XLSX_WRAPPED);
        return;
    case FIELD_BYTES:
        put_text(x, hex(x->c, *(const struct str *)at), 0);
        return;
    case FIELD_RECORD:
    case FIELD_LIST:
        break;
    }
}

static void put_cell(void *arg, struct str within, const struct field *f, const void *at)
{
    struct xlsx *x = arg;
    if (x->header) {
        put_text(x, within.n ? str_fmt(x->c->arena, "%.*s.%s", ARGS(within), f->name) : str_of(f->name), XLSX_HEADER);
        return;
    }
    if (field_is_absent(f, at))
        x->column++;
    else
        put_value(x, f, at);
}

static void put_row(struct xlsx *x, const struct record *r, const void *row)
{
    x->row++;
    x->column = 0;
    out_fmt(&x->sheet, "<row r=\"%u\">", x->row);
    record_columns(r, row, put_cell, x);
    out_put(&x->sheet, S("</row>"));
    if (x->column > x->columns)
        x->columns = x->column;
}

void xlsx_init(struct xlsx *x, struct ctx *c)
{
    *x = (struct xlsx){.c = c};
    out_init(&x->sheet, c->arena, XLSX_BYTES);
    out_put(&x->sheet,
            S(XML_HEAD "<worksheet xmlns=\"" MAIN "\"><sheetViews><sheetView workbookViewId=\"0\">"
                       "<pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/>"
                       "</sheetView></sheetViews><sheetFormatPr defaultRowHeight=\"15\"/>"
                       "<cols><col min=\"1\" max=\"64\" width=\"22\" customWidth=\"1\"/></cols><sheetData>"));
}

void xlsx_header(struct xlsx *x, const struct record *r)
{
    if (x->row)
        return;
    x->header = true;
    put_row(x, r, NULL);
    x->header = false;
}

void xlsx_record(struct xlsx *x, const struct record *r, const void *row)
{
    xlsx_header(x, r);
    put_row(x, r, row);
}

/* --- a form --- */

void xlsx_form(struct xlsx *x, struct ctx *c, unsigned frozen, const unsigned *widths, size_t n)
{
    *x = (struct xlsx){.c = c, .form = true};
    out_init(&x->sheet, c->arena, XLSX_BYTES);
    out_init(&x->bounds, c->arena, XLSX_BYTES);
    out_fmt(&x->sheet,
            XML_HEAD "<worksheet xmlns=\"" MAIN "\"><sheetViews><sheetView workbookViewId=\"0\">"
                     "<pane ySplit=\"%u\" topLeftCell=\"A%u\" activePane=\"bottomLeft\" state=\"frozen\"/>"
                     "</sheetView></sheetViews><sheetFormatPr defaultRowHeight=\"15\"/><cols>",
            frozen, frozen + 1);
    for (size_t i = 0; i < n; i++)
        out_fmt(&x->sheet, "<col min=\"%zu\" max=\"%zu\" width=\"%u\" customWidth=\"1\"/>", i + 1, i + 1, widths[i]);
    out_put(&x->sheet, S("</cols><sheetData>"));
}

void xlsx_row(struct xlsx *x)
{
    if (x->row)
        out_put(&x->sheet, S("</row>"));
    x->row++;
    x->column = 0;
    out_fmt(&x->sheet, "<row r=\"%u\">", x->row);
}

void xlsx_text(struct xlsx *x, struct str text, enum xlsx_look look)
{
    if (text.n) {
        put_text(x, text, look);
        return;
    }
    open_cell(x, NULL, look);
    out_put(&x->sheet, S("</c>"));
}

void xlsx_number(struct xlsx *x, double v, enum xlsx_look look)
{
    open_cell(x, NULL, look);
    if (!isnan(v)) {
        out_put(&x->sheet, S("<v>"));
        out_f64(&x->sheet, v);
        out_put(&x->sheet, S("</v>"));
    }
    out_put(&x->sheet, S("</c>"));
}

static void put_bound(struct out *o, const char *name, double v)
{
    out_fmt(o, "<%s>", name);
    out_f64(o, v);
    out_fmt(o, "</%s>", name);
}

void xlsx_bound(struct xlsx *x, double low, double high)
{
    struct out *o = &x->bounds;
    if ((isnan(low) && isnan(high)) || x->n_bounds == BOUNDS_MAX)
        return;
    x->n_bounds++;
    out_fmt(o,
            "<dataValidation type=\"decimal\" operator=\"%s\" errorStyle=\"warning\" allowBlank=\"1\" "
            "showErrorMessage=\"1\" errorTitle=\"Hoalu\" error=\"Số nằm ngoài khoảng cho phép (out of bounds)\" "
            "sqref=\"",
            isnan(high)  ? "greaterThanOrEqual"
            : isnan(low) ? "lessThanOrEqual"
                         : "between");
    put_address(o, x->column, x->row);
    out_put(o, S("\">"));
    put_bound(o, "formula1", isnan(low) ? high : low);
    if (!isnan(low) && !isnan(high))
        put_bound(o, "formula2", high);
    out_put(o, S("</dataValidation>"));
}

static void end_form(struct xlsx *x)
{
    struct out *o = &x->sheet;
    out_put(o, x->row ? S("</row></sheetData>") : S("</sheetData>"));
    out_put(o, S("<sheetProtection sheet=\"1\" objects=\"1\" scenarios=\"1\" formatColumns=\"0\" formatRows=\"0\"/>"));
    if (x->n_bounds) {
        out_fmt(o, "<dataValidations count=\"%u\">", x->n_bounds);
        out_put(o, out_str(&x->bounds));
        out_put(o, S("</dataValidations>"));
    }
    o->failed |= x->bounds.failed;
}

/* --- the package --- */

static const struct part {
    const char *name;
    struct str content;
} fixed[] = {
    {"[Content_Types].xml",
     S0(XML_HEAD
        "<Types xmlns=\"" PACKAGE "content-types\">"
        "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
        "<Override PartName=\"/xl/workbook.xml\" "
        "ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>"
        "<Override PartName=\"/xl/worksheets/sheet1.xml\" "
        "ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>"
        "<Override PartName=\"/xl/styles.xml\" "
        "ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml\"/></Types>")},
    {"_rels/.rels",
     S0(XML_HEAD "<Relationships xmlns=\"" PACKAGE "relationships\"><Relationship Id=\"r1\" Type=\"" OFFICE
                 "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>")},
    {"xl/_rels/workbook.xml.rels",
     S0(XML_HEAD "<Relationships xmlns=\"" PACKAGE "relationships\"><Relationship Id=\"r1\" Type=\"" OFFICE
                 "/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"" OFFICE
                 "/styles\" Target=\"styles.xml\"/></Relationships>")},
    {"xl/styles.xml",
     S0(XML_HEAD
        "<styleSheet xmlns=\"" MAIN
        "\"><numFmts count=\"1\"><numFmt numFmtId=\"164\" formatCode=\"dd/mm/yyyy\"/></numFmts>"
        "<fonts count=\"4\"><font><sz val=\"11\"/><name val=\"Times New Roman\"/></font>"
        "<font><b/><sz val=\"11\"/><name val=\"Times New Roman\"/></font>"
        "<font><b/><sz val=\"13\"/><name val=\"Times New Roman\"/></font>"
        "<font><i/><sz val=\"11\"/><name val=\"Times New Roman\"/></font></fonts>"
        "<fills count=\"3\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill "
        "patternType=\"gray125\"/></fill><fill><patternFill patternType=\"solid\"><fgColor rgb=\"FFFFF6D6\"/>"
        "</patternFill></fill></fills>"
        "<borders count=\"2\"><border><left/><right/><top/><bottom/><diagonal/></border>"
        "<border><left style=\"thin\"/><right style=\"thin\"/><top style=\"thin\"/><bottom style=\"thin\"/>"
        "<diagonal/></border></borders>"
        "<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>"
        "<cellXfs count=\"8\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>"
        "<xf numFmtId=\"164\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>"
        "<xf numFmtId=\"0\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\"/>"
        "<xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyAlignment=\"1\">"
        "<alignment vertical=\"top\" wrapText=\"1\"/></xf>"
        "<xf numFmtId=\"0\" fontId=\"2\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\"/>"
        "<xf numFmtId=\"0\" fontId=\"3\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\"/>"
        "<xf numFmtId=\"0\" fontId=\"0\" fillId=\"2\" borderId=\"1\" xfId=\"0\" applyFill=\"1\" applyBorder=\"1\" "
        "applyProtection=\"1\"><protection locked=\"0\"/></xf>"
        "<xf numFmtId=\"49\" fontId=\"0\" fillId=\"2\" borderId=\"1\" xfId=\"0\" applyNumberFormat=\"1\" "
        "applyFill=\"1\" applyBorder=\"1\" applyProtection=\"1\"><protection locked=\"0\"/></xf>"
        "</cellXfs></styleSheet>")},
};

static void discard(void *archive)
{
    zip_discard(archive);
}

static void free_source(void *source)
{
    zip_source_free(source);
}

/* The clock does not stand in what is written. */
static bool add_part(zip_t *archive, const char *name, struct str content)
{
    enum { YEAR_1980 = 315532800 };
    zip_source_t *source = zip_source_buffer(archive, content.p, content.n, 0);
    zip_int64_t at = source ? zip_file_add(archive, name, source, ZIP_FL_ENC_UTF_8) : -1;
    if (at < 0 && source)
        zip_source_free(source);
    return at >= 0 && zip_file_set_mtime(archive, (zip_uint64_t)at, YEAR_1980, 0) == 0;
}

static bool read_back(struct ctx *c, zip_source_t *source, struct str *ret)
{
    zip_stat_t st;
    if (zip_source_open(source) < 0)
        return false;
    bool good = zip_source_stat(source, &st) == 0 && st.size < XLSX_BYTES;
    char *bytes = good ? NEWN(c->arena, char, st.size) : NULL;
    good = good && zip_source_read(source, bytes, st.size) == (zip_int64_t)st.size;
    zip_source_close(source);
    *ret = (struct str){bytes, good ? st.size : 0};
    return good;
}

static struct str workbook(struct ctx *c, struct str name)
{
    struct out o;
    out_init(&o, c->arena, 64 << 10);
    out_put(&o, S(XML_HEAD "<workbook xmlns=\"" MAIN "\" xmlns:r=\"" OFFICE "\"><sheets><sheet name=\""));
    put_xml(&o, name);
    out_put(&o, S("\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"));
    return out_str(&o);
}

enum err xlsx_finish(struct xlsx *x, struct str name, struct str *ret)
{
    struct ctx *c = x->c;
    struct arena_defer *kept = arena_defer(c->arena, free_source), *open = arena_defer(c->arena, discard);
    if (x->form)
        end_form(x);
    else
        out_put(&x->sheet, S("</sheetData>"));
    if (!x->form && x->row > 1) {
        out_put(&x->sheet, S("<autoFilter ref=\"A1:"));
        put_address(&x->sheet, x->columns, x->row);
        out_put(&x->sheet, S("\"/>"));
    }
    out_put(&x->sheet, S("</worksheet>"));
    if (x->sheet.failed)
        return FAIL(c, E_LIMIT, "bảng tính quá lớn (the spreadsheet is too large)");
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, NULL);
    kept->arg = source;
    zip_t *archive = source ? zip_open_from_source(source, ZIP_TRUNCATE, NULL) : NULL;
    if (!archive)
        return FAIL(c, E_LIMIT, "không đủ bộ nhớ để viết bảng tính (not enough memory)");
    zip_source_keep(source); /* the archive gives its own hold back when it is closed */
    open->arg = archive;
    bool good = true;
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        good = good && add_part(archive, fixed[i].name, fixed[i].content);
    good = good && add_part(archive, "xl/workbook.xml", workbook(c, name)) &&
           add_part(archive, "xl/worksheets/sheet1.xml", out_str(&x->sheet)) && zip_close(archive) == 0;
    if (good)
        open->arg = NULL;
    return good && read_back(c, source, ret)
               ? OK
               : FAIL(c, E_IO, "không viết được bảng tính (the spreadsheet cannot be written)");
}
