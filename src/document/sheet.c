/* The first sheet of a workbook (XLSX) as rows of text. */
#include "document/docx.h"

#include "base/period.h"

#include <stdlib.h>

#include "base/banned.h"

enum {
    STRINGS_MAX = 1 << 20,
    FORMATS_MAX = 1 << 16,
    DAY_ZERO = 25569,    /* 1970-01-01 in a spreadsheet's count of days */
    DAYS_1904 = 1462,    /* by which Mac's count is behind it */
    FIRST_SERIAL = 61,   /* 1900-03-01: before it the count has a day that never was */
    SERIAL_MAX = 401768, /* 2999-12-31 */
};

struct texts {
    struct str *v;
    size_t n, cap;
};

struct flags {
    bool *v;
    size_t n, cap;
};

struct custom {
    int64_t *v; /* numbers of the formats that write days, percentages */
    size_t n, cap;
};

struct book {
    struct builder *b;
    struct package *p;
    struct str sheet_id, sheet_name, sheet_part, strings_part, styles_part;
    bool from_1904;
    struct texts strings;
    struct custom day_formats;
    struct custom percent_formats;
    struct flags day_styles, percent_styles; /* by the number of a cell's style */
    bool in_styles;
    unsigned phonetic;
    bool in_text;
    struct out text;
    /* the row and the cell that are open */
    unsigned row, column;
    bool in_row;
    struct str type;
    bool day, percent;
    struct {
        struct cell *v;
        size_t n, cap;
    } cells;
};

static enum err nothing(void *arg, const struct xml_element *e)
{
    (void)arg, (void)e;
    return OK;
}

static bool is(const struct xml_element *e, const char *name)
{
    return str_eq(e->name, str_of(name));
}

static struct str kept(struct book *k, struct str s)
{
    return s.p ? str_dup(k->b->c->arena, s) : s;
}

/* --- which sheet --- */

static enum err book_start(void *arg, const struct xml_element *e)
{
    struct book *k = arg;
    if (is(e, "workbookPr"))
        k->from_1904 = str_eq(xml_attribute(e, "date1904"), S("1")) || str_eq(xml_attribute(e, "date1904"), S("true"));
    struct str state = xml_attribute(e, "state");
    if (is(e, "sheet") && !k->sheet_id.p && (!state.p || str_eq(state, S("visible")))) {
        k->sheet_id = kept(k, xml_attribute(e, "id"));
        k->sheet_name = plain_text(k->b->c->arena, kept(k, xml_attribute(e, "name")));
    }
    return OK;
}

static enum err relation_start(void *arg, const struct xml_element *e)
{
    struct book *k = arg;
    struct str type = xml_attribute(e, "Type"), target = xml_attribute(e, "Target"), id = xml_attribute(e, "Id");
    if (!is(e, "Relationship") || !target.n || str_eq(xml_attribute(e, "TargetMode"), S("External")))
        return OK;
    struct str full =
        target.p[0] == '/' ? kept(k, str_skip(target, 1)) : str_fmt(k->b->c->arena, "xl/%.*s", ARGS(target));
    if (str_ends(type, S("/sharedStrings")))
        k->strings_part = full;
    else if (str_ends(type, S("/styles")))
        k->styles_part = full;
    else if (str_ends(type, S("/worksheet")) && id.p && str_eq(id, k->sheet_id))
        k->sheet_part = full;
    return OK;
}

static enum err find_sheet(struct book *k)
{
    static const struct xml_handler book = {book_start, nothing, NULL}, relations = {relation_start, nothing, NULL};
    const struct str relations_part = S("xl/_rels/workbook.xml.rels");
    TRY(package_read(k->p, k->p->document, &book, k));
    if (package_has(k->p, relations_part))
        TRY(package_read(k->p, relations_part, &relations, k));
    if (!k->sheet_part.n)
        k->sheet_part = S("xl/worksheets/sheet1.xml");
    return OK;
}

/* --- strings that cells share --- */

/* Text stands in <t>, save what says how to read it aloud. */
static void text_start(struct book *k, const struct xml_element *e)
{
    k->phonetic += is(e, "rPh");
    k->in_text = is(e, "t") && !k->phonetic;
}

static void text_end(struct book *k, const struct xml_element *e)
{
    k->in_text = false;
    k->phonetic -= is(e, "rPh") && k->phonetic;
}

static struct str text_taken(struct book *k)
{
    struct str s = plain_text(k->b->c->arena, str_dup(k->b->c->arena, out_str(&k->text)));
    out_clear(&k->text);
    return s;
}

static enum err put_text(void *arg, struct str s)
{
    struct book *k = arg;
    if (k->in_text)
        out_put(&k->text, s);
    return k->text.failed ? FAIL_AT(k->b->c, E_LIMIT, k->b->name, 0, "bảng tính có quá 4 MB chữ (too much text)") : OK;
}

static enum err string_start(void *arg, const struct xml_element *e)
{
    text_start(arg, e);
    return OK;
}

static enum err string_end(void *arg, const struct xml_element *e)
{
    struct book *k = arg;
    text_end(k, e);
    if (!is(e, "si"))
        return OK;
    if (k->strings.n == STRINGS_MAX)
        return FAIL_AT(k->b->c, E_LIMIT, k->b->name, 0, "bảng tính có quá nhiều chữ (too many texts)");
    *PUSH(k->b->c->arena, &k->strings) = text_taken(k);
    return OK;
}

/* --- styles: which numbers are days --- */

/* Does the format write one of these signs itself, outside quotes and brackets? */
static bool writes(struct str code, const char *signs)
{
    bool quoted = false, bracket = false;
    for (size_t i = 0; i < code.n; i++) {
        char ch = code.p[i];
        if (ch == '\\' && !quoted) {
            i++;
            continue;
        }
        quoted ^= ch == '"';
        bracket = ch == '[' || (bracket && ch != ']');
        if (!quoted && !bracket && ch && strchr(signs, ch))
            return true;
    }
    return false;
}

static bool has_format(const struct custom *formats, int64_t id)
{
    for (size_t i = 0; i < formats->n; i++)
        if (formats->v[i] == id)
            return true;
    return false;
}

static bool is_percent_format(const struct book *k, int64_t id)
{
    return id == 9 || id == 10 || has_format(&k->percent_formats, id);
}

static bool is_day_format(const struct book *k, int64_t id)
{
    if (has_format(&k->day_formats, id))
        return true;
    return (id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58);
}

static enum err style_start(void *arg, const struct xml_element *e)
{
    struct book *k = arg;
    int64_t id;
    if (is(e, "cellXfs"))
        k->in_styles = true;
    if (k->day_formats.n + k->percent_formats.n > FORMATS_MAX || k->day_styles.n > FORMATS_MAX)
        return FAIL_AT(k->b->c, E_LIMIT, k->b->name, 0, "bảng tính có quá nhiều kiểu ô (too many styles)");
    bool has_id = str_i64(xml_attribute(e, "numFmtId"), &id);
    if (is(e, "numFmt") && has_id) {
        struct str code = xml_attribute(e, "formatCode");
        if (writes(code, "dDyY")) /* m alone may be minutes */
            *PUSH(k->b->c->arena, &k->day_formats) = id;
        else if (writes(code, "%"))
            *PUSH(k->b->c->arena, &k->percent_formats) = id;
    }
    if (k->in_styles && is(e, "xf")) {
        *PUSH(k->b->c->arena, &k->day_styles) = has_id && is_day_format(k, id);
        *PUSH(k->b->c->arena, &k->percent_styles) = has_id && is_percent_format(k, id);
    }
    return OK;
}

static enum err style_end(void *arg, const struct xml_element *e)
{
    struct book *k = arg;
    if (is(e, "cellXfs"))
        k->in_styles = false;
    return OK;
}

/* --- the rows --- */

/* "BC12" is in column 55; 0 if it does not say. */
static unsigned column_of(struct str address)
{
    unsigned column = 0;
    for (size_t i = 0; i < address.n && address.p[i] >= 'A' && address.p[i] <= 'Z' && column <= DOCUMENT_CELLS; i++)
        column = column * 26 + (unsigned)(address.p[i] - 'A') + 1;
    return column;
}

static enum err cell_start(struct book *k, const struct xml_element *e)
{
    unsigned column = column_of(xml_attribute(e, "r"));
    int style = xml_number(e, "s", FORMATS_MAX, 0);
    k->column = column ? column : k->column + 1;
    k->type = kept(k, xml_attribute(e, "t"));
    k->day = (size_t)style < k->day_styles.n && k->day_styles.v[style];
    k->percent = (size_t)style < k->percent_styles.n && k->percent_styles.v[style];
    out_clear(&k->text);
    return k->column > DOCUMENT_CELLS ? builder_line_limit(k->b, k->row) : OK;
}

static enum err sheet_start(void *arg, const struct xml_element *e)
{
    struct book *k = arg;
    int64_t row;
    if (is(e, "row")) {
        bool said = str_i64(xml_attribute(e, "r"), &row) && row > k->row && row <= UINT32_MAX;
        k->row = said ? (unsigned)row : k->row + 1;
        k->column = 0;
        k->cells.n = 0;
        k->in_row = true;
    } else if (k->in_row && is(e, "c")) {
        return cell_start(k, e);
    } else if (k->in_row) {
        text_start(k, e);
        k->in_text |= is(e, "v");
    }
    return OK;
}

/* A number as a person reads it: a day or a percentage where the cell is formatted as one. */
static struct str number_text(struct book *k, struct str s, bool *ret_number)
{
    char *end, *z = str_z(k->b->c->arena, s), day[DAY_TEXT];
    double v = strtod(z, &end);
    if (!s.n || *end || !isfinite(v))
        return s;
    double serial = v + (k->from_1904 ? DAYS_1904 : 0);
    if (k->day && serial >= FIRST_SERIAL && serial <= SERIAL_MAX && serial == floor(serial))
        return str_dup(k->b->c->arena, day_text((int32_t)serial - DAY_ZERO, day));
    *ret_number = true;
    if (k->percent) /* fifteen digits: 0.57 times 100 is 57 for whoever typed it */
        return str_fmt(k->b->c->arena, "%.15g%%", v * 100);
    struct out o;
    out_init(&o, k->b->c->arena, 512);
    out_f64(&o, v);
    return out_str(&o);
}

static struct str cell_text(struct book *k, bool *ret_number)
{
    int64_t at;
    struct str text = text_taken(k);
    if (!k->type.n || str_eq(k->type, S("n")))
        return number_text(k, text, ret_number);
    if (str_eq(k->type, S("s")))
        return str_i64(text, &at) && at >= 0 && (size_t)at < k->strings.n ? k->strings.v[at] : S("");
    return text;
}

static enum err end_row(struct book *k)
{
    struct arena *a = k->b->c->arena;
    bool any = false;
    k->in_row = false;
    for (size_t i = 0; i < k->cells.n; i++)
        any |= !is_blank(k->cells.v[i].text);
    if (!any)
        return OK;
    struct cell *cells = NEWN(a, struct cell, k->cells.n);
    memcpy(cells, k->cells.v, k->cells.n * sizeof *cells);
    return builder_add(
        k->b, (struct block){.kind = BLOCK_ROW, .line = k->row, .table = 1, .cells = cells, .n_cells = k->cells.n});
}

static enum err sheet_end(void *arg, const struct xml_element *e)
{
    struct book *k = arg;
    text_end(k, e);
    if (is(e, "row") && k->in_row)
        return end_row(k);
    if (!is(e, "c") || !k->in_row || !k->column)
        return OK;
    while (k->cells.n < k->column)
        *PUSH(k->b->c->arena, &k->cells) = (struct cell){.text = S(""), .line = k->row, .columns = 1};
    struct cell *cell = &k->cells.v[k->column - 1];
    cell->number = false;
    cell->text = cell_text(k, &cell->number);
    return OK;
}

enum err read_sheet(struct builder *b, struct package *p)
{
    static const struct xml_handler strings = {string_start, string_end, put_text},
                                    styles = {style_start, style_end, NULL}, sheet = {sheet_start, sheet_end, put_text};
    struct book *k = NEW(b->c->arena, struct book);
    *k = (struct book){.b = b, .p = p};
    out_init(&k->text, b->c->arena, (size_t)16 * DOCUMENT_TEXT_BYTES);
    b->sheet = true;
    TRY(find_sheet(k));
    if (package_has(p, k->strings_part))
        TRY(package_read(p, k->strings_part, &strings, k));
    if (package_has(p, k->styles_part))
        TRY(package_read(p, k->styles_part, &styles, k));
    TRY(builder_add(b, (struct block){.kind = BLOCK_HEADING, .level = 1, .text = k->sheet_name}));
    return package_read(p, k->sheet_part, &sheet, k);
}

/* --- as a table --- */

enum err grid_of(struct ctx *c, const struct document *d, struct grid *ret)
{
    struct grid t = {.rows = NEWN(c->arena, struct strs, d->n + 1), .lines = NEWN(c->arena, unsigned, d->n + 1)};
    const bool **numbers = NEWN(c->arena, const bool *, d->n + 1);
    t.numbers = numbers;
    if (d->kind != DOCUMENT_SHEET)
        return FAIL_AT(c, E_INVALID, d->name, 0,
                       "cần bảng tính .xlsx hoặc tệp .csv (a spreadsheet or a CSV file is needed)");
    for (size_t i = 0; i < d->n; i++) {
        const struct block *b = &d->blocks[i];
        if (b->kind == BLOCK_HEADING)
            t.sheet = b->text;
        if (b->kind != BLOCK_ROW)
            continue;
        bool *flags = NEWN(c->arena, bool, b->n_cells + 1);
        t.rows[t.n] = (struct strs){NEWN(c->arena, struct str, b->n_cells), b->n_cells};
        for (size_t k = 0; k < b->n_cells; k++) {
            t.rows[t.n].v[k] = b->cells[k].text;
            flags[k] = b->cells[k].number;
        }
        numbers[t.n] = flags;
        t.lines[t.n++] = b->line;
    }
    *ret = t;
    return OK;
}

enum err grid_parse(struct ctx *c, struct str content, struct str name, struct grid *ret)
{
    struct document d;
    if (document_kind_of(content, name) != DOCUMENT_DOCX) {
        struct csv csv;
        TRY(csv_read(c, content, document_base_name(name), &csv));
        *ret = (struct grid){.rows = csv.rows, .lines = csv.lines, .n = csv.n};
        return OK;
    }
    TRY(document_parse_words(c, content, name, S(""), &d));
    return grid_of(c, &d, ret);
}
