#include "document/docx.h"

#include <string.h>

#include "base/banned.h"

enum { OPEN_MAX = 8, FIELDS_MAX = 32 };

/* A paragraph being read. Text boxes nest one inside another's runs. */
struct paragraph {
    struct out text;
    struct str style;
    int list, level, outline; /* of its own properties */
    bool removed_end;         /* its mark is deleted */
    bool page_before, page_after;
    size_t seen, bold, italic; /* visible bytes, and those of them so set */
};

struct run {
    bool open, hidden;
    int bold, italic;
    struct str style;
};

struct docx {
    struct builder *b;
    struct numbering numbering;
    struct paragraph open[OPEN_MAX];
    unsigned n_open, line; /* ordinal of the paragraph that ended last */
    unsigned running_on;   /* n_open of a paragraph whose mark is deleted: it goes on in the next; 0 if none does */
    struct run run;
    unsigned skip; /* depth inside an element that is not shown */
    bool in_properties, in_run_properties, in_table_properties, in_text;
    bool chosen[FIELDS_MAX]; /* by nesting of mc:AlternateContent: a mc:Choice was taken */
    unsigned alternatives;
    bool instruction[FIELDS_MAX]; /* by nesting of fields: before the result */
    unsigned fields, instructions;

    unsigned tables;  /* nesting */
    unsigned columns; /* grid columns of the row so far */
    bool row_removed;
    struct {
        struct cell *v;
        size_t n, cap;
    } cells, above;
    struct cell cell;
    struct out cell_text;
};

static struct paragraph *paragraph(struct docx *d)
{
    return d->n_open ? &d->open[d->n_open - 1] : NULL;
}

/* Text. */

static int toggle(int own, int of_style)
{
    return own != NOT_SET ? own : of_style == 1;
}

static void put(struct docx *d, struct str s)
{
    struct paragraph *p = paragraph(d);
    if (!p || d->run.hidden || d->instructions)
        return;
    unsigned heading;
    struct style style = {.bold = NOT_SET, .italic = NOT_SET};
    if (d->run.style.n)
        style = numbering_style(&d->numbering, d->run.style, &heading);
    bool bold = d->run.bold == 1 || (d->run.bold == NOT_SET && style.bold == 1);
    bool italic = d->run.italic == 1 || (d->run.italic == NOT_SET && style.italic == 1);
    /* What says nothing itself follows the paragraph's style, which is known only at the end. */
    if (p->style.n &&
        ((d->run.bold == NOT_SET && style.bold == NOT_SET) || (d->run.italic == NOT_SET && style.italic == NOT_SET))) {
        struct style of_paragraph = numbering_style(&d->numbering, p->style, &heading);
        bold = bold || (style.bold == NOT_SET && toggle(d->run.bold, of_paragraph.bold));
        italic = italic || (style.italic == NOT_SET && toggle(d->run.italic, of_paragraph.italic));
    }
    for (size_t i = 0; i < s.n; i++) {
        bool blank = s.p[i] == ' ' || s.p[i] == '\n';
        p->seen += !blank;
        p->bold += !blank && bold;
        p->italic += !blank && italic;
    }
    out_put(&p->text, s);
}

static enum err on_text(void *arg, struct str s)
{
    struct docx *d = arg;
    if (!d->in_text || d->skip)
        return OK;
    /* A line end or tab typed into the XML is a blank. */
    for (size_t from = 0; from < s.n;) {
        size_t to = from;
        while (to < s.n && s.p[to] != '\n' && s.p[to] != '\t' && s.p[to] != '\r')
            to++;
        put(d, str_slice(s, from, to));
        if (to < s.n)
            put(d, S(" "));
        from = to + 1;
    }
    struct paragraph *p = paragraph(d);
    return p && p->text.failed
               ? FAIL_AT(d->b->c, E_LIMIT, d->b->name, d->line + 1, "đoạn văn quá dài (paragraph too long)")
               : OK;
}

/* Letters of the fonts Symbol and Wingdings that stand in Vietnamese plans. */
static void put_symbol(struct docx *d, const struct xml_element *e)
{
    static const struct {
        uint32_t code, symbol, wingdings;
    } known[] = {{0xa3, 0x2264, 0x25a1}, {0xb3, 0x2265, 0x2022}, {0xb1, 0xb1, 0x2022},   {0xb4, 0xd7, 0x2022},
                 {0xb7, 0x2022, 0x2022}, {0xae, 0x2192, 0x2022}, {0xb0, 0xb0, 0x2022},   {0xb9, 0x2260, 0x2022},
                 {0xbb, 0x2248, 0x2022}, {0xd8, 0x2022, 0x2022}, {0xfc, 0x2022, 0x2713}, {0xfe, 0x2022, 0x2611},
                 {0x6f, 0x2022, 0x25a1}, {0xa8, 0x2022, 0x25a1}, {0xe0, 0x2022, 0x2192}};
    struct str code = xml_attribute(e, "char"), font = xml_attribute(e, "font");
    uint32_t r = 0;
    for (size_t i = 0; i < code.n && i < 6; i++) {
        char c = (char)(code.p[i] | 32);
        r = r << 4 | (uint32_t)(c >= 'a' && c <= 'f'                   ? c - 'a' + 10
                                : code.p[i] >= '0' && code.p[i] <= '9' ? c - '0'
                                                                       : 0);
    }
    bool private = (r >= 0xe000 && r < 0xf900) || str_eq(font, S("Symbol")) || str_starts(font, S("Wingdings"));
    if (private) {
        uint32_t low = r & 0xff;
        r = 0x2022;
        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
            if (known[i].code == low)
                r = str_eq(font, S("Symbol")) ? known[i].symbol : known[i].wingdings;
    }
    if (r < 0x20 || (r >= 0xd800 && r < 0xe000) || r > 0x10ffff)
        return;
    char bytes[4];
    put(d, (struct str){bytes, str_put_rune(bytes, r)});
}

static void put_break(struct docx *d, const struct xml_element *e)
{
    struct paragraph *p = paragraph(d);
    if (!str_eq(xml_attribute(e, "type"), S("page")))
        put(d, S("\n"));
    else if (p && p->seen)
        p->page_after = true;
    else if (p)
        p->page_before = true;
}

/* Paragraphs. */

static bool begin_paragraph(struct docx *d)
{
    if (d->running_on && d->running_on == d->n_open) {
        d->running_on = 0;
        paragraph(d)->removed_end = false;
        return true;
    }
    if (d->n_open == OPEN_MAX)
        return false;
    struct paragraph *p = &d->open[d->n_open++];
    struct out text = p->text;
    text.n = 0;
    *p = (struct paragraph){.text = text, .list = NOT_SET, .level = NOT_SET, .outline = NOT_SET};
    return true;
}

static struct str own_text(struct docx *d, const struct out *o, struct inline_text *ret)
{
    struct arena *a = d->b->c->arena;
    *ret = resolve_inline(a, str_trim(plain_text(a, str_dup(a, str_trim(out_str(o))))), true);
    return ret->text;
}

static enum err add_block(struct docx *d, const struct paragraph *p, struct block block)
{
    struct inline_text text;
    block.text = own_text(d, &p->text, &text);
    block.line = d->line;
    block.bold = text.bold || (p->seen && p->bold == p->seen);
    block.italic = text.italic || (p->seen && p->italic == p->seen);
    if (block.text.n == 0)
        return builder_add(d->b, (struct block){.kind = BLOCK_BLANK, .line = d->line});
    if (block.kind == BLOCK_PARAGRAPH && block.marker.n) {
        block.kind = BLOCK_ITEM;
    } else if (block.kind == BLOCK_PARAGRAPH) {
        size_t bullet = bullet_length(block.text, &block.marker);
        block.kind = bullet ? BLOCK_ITEM : BLOCK_PARAGRAPH;
        block.text = str_trim(str_skip(block.text, bullet));
    }
    return builder_add(d->b, block);
}

static void add_to_cell(struct docx *d, const struct paragraph *p, struct str marker)
{
    struct str text = str_trim(out_str(&p->text));
    if (!text.n && !marker.n)
        return;
    if (d->cell_text.n)
        out_char(&d->cell_text, '\n');
    out_put(&d->cell_text, marker);
    if (text.n && marker.n)
        out_char(&d->cell_text, ' ');
    out_put(&d->cell_text, text);
}

static enum err end_paragraph(struct docx *d)
{
    struct paragraph *p = paragraph(d);
    if (!p)
        return OK;
    if (p->removed_end) {
        d->running_on = d->n_open;
        return OK;
    }
    d->line++;
    d->n_open--;
    unsigned heading, level = 0;
    struct style style = numbering_style(&d->numbering, p->style.n ? p->style : d->numbering.default_style, &heading);
    if (p->outline != NOT_SET)
        heading = p->outline < LEVELS ? (unsigned)p->outline + 1 : 0;
    int list = p->list != NOT_SET ? p->list : style.list;
    struct str marker = S("");
    if (list > 0)
        marker = numbering_next(&d->numbering, list, p->level != NOT_SET ? p->level : style.level, style.id, &level);
    if (d->tables) {
        add_to_cell(d, p, marker);
        return OK;
    }
    if (p->page_before)
        TRY(builder_add(d->b, (struct block){.kind = BLOCK_PAGE, .line = d->line}));
    bool contents = str_starts(style.name, S("toc ")) || str_starts(style.name, S("TOC "));
    if (!contents)
        TRY(add_block(d, p,
                      (struct block){.kind = heading ? BLOCK_HEADING : BLOCK_PARAGRAPH,
                                     .level = heading ? heading : level,
                                     .marker = marker}));
    return p->page_after ? builder_add(d->b, (struct block){.kind = BLOCK_PAGE, .line = d->line}) : OK;
}

/* Where no paragraph follows, one whose mark is deleted ends after all. */
static enum err end_running_on(struct docx *d)
{
    if (!d->running_on || d->running_on != d->n_open)
        return OK;
    d->running_on = 0;
    paragraph(d)->removed_end = false;
    return end_paragraph(d);
}

/* Tables. Only the outermost makes rows; what is nested in a cell is its text. */

static void begin_cell(struct docx *d)
{
    d->cell = (struct cell){.line = d->line + 1, .columns = 1};
    d->cell_text.n = 0;
}

/* The cell of the row above that begins in grid column `column`. */
static const struct cell *cell_above(const struct docx *d, unsigned column)
{
    unsigned at = 0;
    for (size_t i = 0; i < d->above.n && at <= column; i++) {
        if (at == column)
            return &d->above.v[i];
        at += d->above.v[i].columns;
    }
    return NULL;
}

static enum err end_cell(struct docx *d)
{
    struct inline_text text;
    TRY(end_running_on(d));
    d->cell.text = own_text(d, &d->cell_text, &text);
    if (d->cell_text.failed)
        return FAIL_AT(d->b->c, E_LIMIT, d->b->name, d->line, "một ô của bảng quá dài (cell too long)");
    const struct cell *above = d->cell.merged_up ? cell_above(d, d->columns) : NULL;
    d->cell.merged_up = above;
    if (above)
        d->cell.text = above->text;
    if (d->cells.n == DOCUMENT_CELLS)
        return builder_line_limit(d->b, d->line);
    *PUSH(d->b->c->arena, &d->cells) = d->cell;
    d->columns += d->cell.columns;
    return OK;
}

static enum err end_row(struct docx *d)
{
    if (d->row_removed || !d->cells.n)
        return OK;
    TRY(builder_add(d->b, (struct block){.kind = BLOCK_ROW,
                                         .line = d->cells.v[0].line,
                                         .table = d->b->tables,
                                         .cells = d->cells.v,
                                         .n_cells = d->cells.n}));
    d->above.v = d->cells.v;
    d->above.n = d->cells.n;
    return OK;
}

static void begin_row(struct docx *d)
{
    d->cells.v = NULL;
    d->cells.n = d->cells.cap = 0;
    d->columns = 0;
    d->row_removed = false;
}

static void empty_cells(struct docx *d, const struct xml_element *e)
{
    int n = xml_number(e, "val", DOCUMENT_CELLS, 0);
    if (n > 0 && d->cells.n < DOCUMENT_CELLS) {
        *PUSH(d->b->c->arena, &d->cells) = (struct cell){.line = d->line + 1, .columns = (unsigned)n};
        d->columns += (unsigned)n;
    }
}

/* Elements, by what they are in. */

static void row_property(struct docx *d, const struct xml_element *e)
{
    if (str_eq(e->name, S("gridSpan")))
        d->cell.columns = (unsigned)xml_number(e, "val", DOCUMENT_CELLS, 1);
    else if (str_eq(e->name, S("vMerge")))
        d->cell.merged_up = !str_eq(xml_attribute(e, "val"), S("restart"));
    else if (str_eq(e->name, S("gridBefore")))
        empty_cells(d, e);
    if (d->cell.columns == 0)
        d->cell.columns = 1;
}

static void paragraph_property(struct docx *d, const struct xml_element *e)
{
    struct paragraph *p = paragraph(d);
    if (str_eq(e->name, S("pStyle")))
        p->style = str_dup(d->b->c->arena, str_slice(xml_attribute(e, "val"), 0, 255));
    else if (str_eq(e->name, S("numId")))
        p->list = xml_number(e, "val", 1 << 30, NOT_SET);
    else if (str_eq(e->name, S("ilvl")))
        p->level = xml_number(e, "val", LEVELS - 1, NOT_SET);
    else if (str_eq(e->name, S("outlineLvl")))
        p->outline = xml_number(e, "val", 9, NOT_SET);
    else if (str_eq(e->name, S("pageBreakBefore")))
        p->page_before = xml_is_on(e);
    else if (d->in_run_properties && (str_eq(e->name, S("del")) || str_eq(e->name, S("moveFrom"))))
        p->removed_end = true;
}

static void run_property(struct docx *d, const struct xml_element *e)
{
    if (str_eq(e->name, S("b")))
        d->run.bold = xml_is_on(e);
    else if (str_eq(e->name, S("i")))
        d->run.italic = xml_is_on(e);
    else if (str_eq(e->name, S("vanish")))
        d->run.hidden = xml_is_on(e);
    else if (str_eq(e->name, S("rStyle")))
        d->run.style = str_dup(d->b->c->arena, str_slice(xml_attribute(e, "val"), 0, 255));
}

static void field_mark(struct docx *d, const struct xml_element *e)
{
    struct str type = xml_attribute(e, "fldCharType");
    if (str_eq(type, S("begin")) && d->fields < FIELDS_MAX) {
        d->instruction[d->fields++] = true;
        d->instructions++;
    } else if (d->fields && (str_eq(type, S("separate")) || str_eq(type, S("end")))) {
        d->instructions -= d->instruction[d->fields - 1];
        d->instruction[d->fields - 1] = false;
        d->fields -= str_eq(type, S("end"));
    }
}

static void run_content(struct docx *d, const struct xml_element *e)
{
    if (str_eq(e->name, S("t")))
        d->in_text = true;
    else if (str_eq(e->name, S("tab")) || str_eq(e->name, S("ptab")))
        put(d, S(" "));
    else if (str_eq(e->name, S("br")))
        put_break(d, e);
    else if (str_eq(e->name, S("cr")))
        put(d, S("\n"));
    else if (str_eq(e->name, S("noBreakHyphen")))
        put(d, S("-"));
    else if (str_eq(e->name, S("sym")))
        put_symbol(d, e);
    else if (str_eq(e->name, S("fldChar")))
        field_mark(d, e);
}

/* What is not shown: deletions, the place something was moved from, former properties, field codes, ruby. */
static bool is_unseen(const struct docx *d, const struct xml_element *e)
{
    static const struct str names[] = {S0("del"),          S0("moveFrom"), S0("instrText"), S0("delText"),
                                       S0("delInstrText"), S0("rt"),       S0("sdtPr"),     S0("sectPr")};
    if (str_ends(e->name, S("Change")))
        return true;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(e->name, names[i]))
            return !(i < 2 && (d->in_properties || d->in_table_properties));
    return false;
}

/* mc:AlternateContent holds one thing in several forms; the first is taken. */
static void alternative(struct docx *d, const struct xml_element *e)
{
    if (str_eq(e->name, S("AlternateContent"))) {
        if (d->alternatives < FIELDS_MAX)
            d->chosen[d->alternatives] = false;
        d->alternatives++;
    } else if (d->alternatives && d->alternatives <= FIELDS_MAX) {
        d->skip = d->chosen[d->alternatives - 1];
        d->chosen[d->alternatives - 1] = true;
    } else if (d->alternatives) {
        d->skip = 1;
    }
}

static enum err table_start(struct docx *d, const struct xml_element *e)
{
    if (str_eq(e->name, S("tbl"))) {
        TRY(end_running_on(d));
        if (d->tables++ == 0) {
            d->b->tables++;
            d->above.n = 0;
        }
    } else if (d->tables == 1 && str_eq(e->name, S("tr"))) {
        begin_row(d);
    } else if (d->tables == 1 && str_eq(e->name, S("tc"))) {
        begin_cell(d);
    } else if (d->tables == 1) {
        d->row_removed |= str_eq(e->name, S("del"));
        row_property(d, e);
    }
    return OK;
}

static enum err word_start(struct docx *d, const struct xml_element *e)
{
    struct str name = e->name;
    if (str_eq(name, S("p"))) {
        d->skip = !begin_paragraph(d);
        d->run = (struct run){.bold = NOT_SET, .italic = NOT_SET};
    } else if (str_eq(name, S("r"))) {
        d->run = (struct run){.open = true, .bold = NOT_SET, .italic = NOT_SET};
    } else if (str_eq(name, S("rPr"))) {
        d->in_run_properties = true;
    } else if (str_eq(name, S("pPr"))) {
        d->in_properties = paragraph(d);
    } else if (str_eq(name, S("tcPr")) || str_eq(name, S("trPr"))) {
        d->in_table_properties = true;
    } else if (d->in_properties) {
        paragraph_property(d, e);
    } else if (d->in_table_properties || str_eq(name, S("tbl")) || str_eq(name, S("tr")) || str_eq(name, S("tc"))) {
        return table_start(d, e);
    } else if (d->in_run_properties && d->run.open) {
        run_property(d, e);
    } else if (d->run.open) {
        run_content(d, e);
    }
    return OK;
}

static enum err on_start(void *arg, const struct xml_element *e)
{
    struct docx *d = arg;
    if (d->skip) {
        d->skip++;
        return OK;
    }
    if (e->space == SPACE_COMPATIBILITY) {
        alternative(d, e);
    } else if (e->space == SPACE_MATH) {
        d->in_text = str_eq(e->name, S("t")) && paragraph(d);
    } else if (e->space == SPACE_WORD) {
        if (is_unseen(d, e)) {
            d->skip = 1;
            return OK;
        }
        return word_start(d, e);
    }
    return OK;
}

static enum err word_end(struct docx *d, const struct xml_element *e)
{
    struct str name = e->name;
    if (str_eq(name, S("p"))) {
        /* After a text box the run it hangs in goes on. */
        d->run = (struct run){.open = d->n_open > 1, .bold = NOT_SET, .italic = NOT_SET};
        return end_paragraph(d);
    }
    if (str_eq(name, S("r"))) {
        d->run = (struct run){.bold = NOT_SET, .italic = NOT_SET};
    } else if (str_eq(name, S("rPr"))) {
        d->in_run_properties = false;
    } else if (str_eq(name, S("pPr"))) {
        d->in_properties = false;
    } else if (str_eq(name, S("tcPr")) || str_eq(name, S("trPr"))) {
        d->in_table_properties = false;
    } else if (str_eq(name, S("tbl"))) {
        d->tables -= d->tables > 0;
    } else if (str_eq(name, S("tr")) && d->tables == 1) {
        return end_row(d);
    } else if (str_eq(name, S("tc")) && d->tables == 1) {
        return end_cell(d);
    }
    return OK;
}

static enum err on_end(void *arg, const struct xml_element *e)
{
    struct docx *d = arg;
    if (d->skip) {
        d->skip--;
        return OK;
    }
    d->in_text = false;
    if (e->space == SPACE_COMPATIBILITY && str_eq(e->name, S("AlternateContent")) && d->alternatives)
        d->alternatives--;
    return e->space == SPACE_WORD ? word_end(d, e) : OK;
}

enum err read_docx(struct builder *b, struct str content)
{
    static const struct xml_handler handler = {on_start, on_end, on_text};
    struct package package;
    TRY(package_open(b->c, content, b->name, &package));
    if (package.sheets)
        return read_sheet(b, &package);
    struct docx *d = NEW(b->c->arena, struct docx);
    d->b = b;
    d->run = (struct run){.bold = NOT_SET, .italic = NOT_SET};
    for (size_t i = 0; i < OPEN_MAX; i++)
        out_init(&d->open[i].text, b->c->arena, DOCUMENT_TEXT_BYTES);
    out_init(&d->cell_text, b->c->arena, DOCUMENT_TEXT_BYTES);
    TRY(numbering_read(&package, &d->numbering));
    TRY(package_read(&package, package.document, &handler, d));
    return end_running_on(d);
}
