/* Reading the catalogue's CSV files. What a file holds is told by its first heading (data/orgs/README.md). */
#include "domain/org/catalogue.h"

#include "base/period.h"
#include "base/viet.h"
#include "document/document.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum { CODE_MAX = 35, COLUMNS_MAX = 32, ROWS_MAX = 100000 };

/* Headings as a clerk would write them, folded. */
static const struct {
    const char *name, *heading;
} headings[] = {
    {"code", "ma"},
    {"code", "ma co quan"},
    {"code", "ma don vi"},
    {"code", "unit"},
    {"name", "ten"},
    {"name", "ten day du"},
    {"name_en", "ten tieng anh"},
    {"short", "ten ngan"},
    {"kind", "loai"},
    {"area", "dia ban"},
    {"area", "ma dia ban"},
    {"valid_from", "tu ngay"},
    {"valid_to", "den ngay"},
    {"confirmed", "da xac minh"},
    {"note", "ghi chu"},
    {"party", "cap tren (dang)"},
    {"state", "cap tren (nha nuoc)"},
    {"front", "cap tren (mat tran)"},
    {"leads", "lanh dao"},
    {"link", "quan he"},
    {"target", "ma dich"},
    {"alias", "ten khac"},
    {"group", "ma nhom"},
    {"kinds", "cac loai"},
    {"tree", "he thong"},
    {"under", "duoi"},
    {"depth", "so cap"},
    {"include", "gom ca"},
    {"exclude", "tru"},
    {"parent", "thuoc"},
    {"km2", "dien tich"},
    {"lon", "kinh do"},
    {"lat", "vi do"},
    {"of", "cua"},
    {"rank", "thu tu"},
    {"word", "viet tat"},
    {"expansion", "full"},
    {"expansion", "day du"},
};

struct reader {
    struct ctx *c;
    struct org_problems *problems;
    struct str file;
    unsigned line;
    enum org_table_id table;
    const struct field *columns[COLUMNS_MAX]; /* by column; NULL where the heading was refused */
    size_t n_columns;
    struct org_rows *rows;            /* by table */
    struct org_map seen[ORG_T_COUNT]; /* keys of the rows read so far: index */
    struct org_rows templates;        /* struct org_unit_row with places to fill in */
};

void org_problem(struct ctx *c, struct org_problems *problems, struct str file, unsigned line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct str text = str_vfmt(c->arena, format, args);
    va_end(args);
    *PUSH(c->arena, problems) = (struct org_problem){file, line, text};
}
#define PROBLEM(r, ...) org_problem((r)->c, (r)->problems, (r)->file, (r)->line, __VA_ARGS__)

static struct str heading_name(struct ctx *c, struct str cell)
{
    struct str folded = str_trim(viet_fold_text(c->arena, cell));
    for (size_t i = 0; i < sizeof headings / sizeof *headings; i++)
        if (str_eq(folded, str_of(headings[i].heading)))
            return str_of(headings[i].name);
    return folded;
}

/* The first heading tells the table; "area"/"ma dia ban" and "kind" stand first in theirs only. */
static bool find_table(struct reader *r, struct str heading)
{
    for (int t = 0; t < ORG_T_COUNT; t++)
        if (str_eq(heading, str_of(org_tables[t].heading))) {
            r->table = (enum org_table_id)t;
            return true;
        }
    PROBLEM(r, "cột đầu tiên phải là code, area, group, alias, link, word hoặc kind (the first heading tells what the "
               "file holds)");
    return false;
}

static bool read_header(struct reader *r, struct strs cells)
{
    if (!cells.n || !find_table(r, heading_name(r->c, cells.v[0])))
        return false;
    const struct record *columns = org_tables[r->table].columns;
    if (cells.n > COLUMNS_MAX) {
        PROBLEM(r, "quá nhiều cột (too many columns)");
        return false;
    }
    size_t before = r->problems->n;
    r->n_columns = cells.n;
    for (size_t i = 0; i < cells.n; i++) {
        struct str name = heading_name(r->c, cells.v[i]);
        r->columns[i] = i ? record_field(columns, name) : &columns->fields[0];
        if (!r->columns[i])
            PROBLEM(r, "không có cột nào tên \"%.*s\" (unknown column)", ARGS(str_trim(cells.v[i])));
        for (size_t k = 0; k < i; k++)
            if (r->columns[i] && r->columns[k] == r->columns[i])
                PROBLEM(r, "cột \"%s\" có hai lần (column twice)", r->columns[i]->name);
    }
    for (size_t f = 0; f < columns->n; f++) {
        bool found = !columns->fields[f].required;
        for (size_t i = 0; i < cells.n; i++)
            found |= r->columns[i] == &columns->fields[f];
        if (!found)
            PROBLEM(r, "thiếu cột \"%s\" (missing column)", columns->fields[f].name);
    }
    return r->problems->n == before;
}

static bool read_number(struct ctx *c, struct str s, double *ret)
{
    char *z = str_z(c->arena, s);
    for (char *p = z; *p; p++)
        if (*p == ',') /* the decimal comma of Vietnamese spreadsheets */
            *p = '.';
    if (!*z || strspn(z, "-0123456789.") != s.n)
        return false;
    char *end;
    *ret = strtod(z, &end);
    return !*end && isfinite(*ret);
}

static bool read_yes(struct str s, bool *ret)
{
    static const char *const words[] = {"no", "yes", "0", "1", "false", "true", "chua", "co", "", "x", "khong", "roi"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq(s, str_of(words[i]))) {
            *ret = i % 2;
            return true;
        }
    return false;
}

static struct strs read_list(struct ctx *c, struct str s)
{
    struct {
        struct str *v;
        size_t n, cap;
    } list = {0};
    for (size_t at = 0; at < s.n;) {
        size_t end = at;
        while (end < s.n && s.p[end] != ' ' && s.p[end] != ';' && s.p[end] != ',')
            end++;
        if (end > at)
            *PUSH(c->arena, &list) = str_slice(s, at, end);
        at = end + 1;
    }
    return (struct strs){list.v, list.n};
}

static bool one_of(const char *words, struct str s)
{
    struct str rest = str_of(words), word;
    while (str_cut(&rest, '|', &word))
        if (str_eq(word, s))
            return true;
    return false;
}

static void read_cell(struct reader *r, const struct field *f, struct str text, void *at)
{
    struct ctx *c = r->c;
    bool good = true;
    int64_t number;
    switch (f->type) {
    case FIELD_TEXT:
        good = !text.n || !f->one_of || one_of(f->one_of, text);
        if (text.n)
            *(struct str *)at = text;
        break;
    case FIELD_TEXTS:
        *(struct strs *)at = read_list(c, text);
        break;
    case FIELD_DAY:
        *(int32_t *)at = DAY_NONE;
        if (text.n && !day_parse_typed(text, at)) {
            PROBLEM(r, "cột %s: \"%.*s\" không phải là ngày; viết 2025-07-01 hoặc 01/07/2025 (not a day)", f->name,
                    ARGS(text));
            return;
        }
        break;
    case FIELD_F64:
        good = !text.n || read_number(c, text, at);
        break;
    case FIELD_I64:
        good = !text.n || (str_i64(text, &number) && number >= 0 && number <= 1000000);
        if (text.n && good)
            *(int64_t *)at = number;
        break;
    case FIELD_BOOL:
        good = read_yes(viet_fold_text(c->arena, text), at);
        break;
    default:
        break;
    }
    if (!good)
        PROBLEM(r, "cột %s: không nhận giá trị \"%.*s\"%s%s (value not allowed)", f->name, ARGS(text),
                f->one_of ? "; chỉ nhận " : "", f->one_of ? f->one_of : "");
    else if (!text.n && f->required)
        PROBLEM(r, "cột %s: để trống (empty)", f->name);
}

static bool is_code(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char ch = s.p[i];
        if (!((ch >= 'A' && ch <= 'Z') || (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') ||
              (i && (ch == '-' || ch == '.' || ch == '_'))))
            return false;
    }
    return s.n && s.n <= CODE_MAX;
}

static void absent(const struct record *record, void *row)
{
    for (size_t i = 0; i < record->n; i++) {
        void *at = (char *)row + record->fields[i].offset;
        if (record->fields[i].type == FIELD_DAY)
            *(int32_t *)at = DAY_NONE;
        else if (record->fields[i].type == FIELD_F64)
            *(double *)at = NAN;
        else if (record->fields[i].type == FIELD_I64)
            *(int64_t *)at = I64_NONE;
    }
}

/* Keep a row, unless one of its key was read already. */
static void keep(struct reader *r, enum org_table_id table, void *row)
{
    const struct org_table *t = &org_tables[table];
    *(struct org_origin *)((char *)row + t->origin) = (struct org_origin){r->file, r->line};
    uint32_t *seen = org_map_put(r->c->arena, &r->seen[table], org_row_key(r->c->arena, table, row));
    if (*seen) {
        const struct org_origin *first =
            (const void *)((char *)r->rows[table].v + (*seen - 1) * t->record->size + t->origin);
        struct str key = *(const struct str *)((char *)row + t->record->fields[0].offset);
        PROBLEM(r, "\"%.*s\" đã có ở %.*s dòng %u (given twice)", ARGS(key), ARGS(first->file), first->line);
        return;
    }
    org_rows_add(r->c->arena, &r->rows[table], t->record, row);
    *seen = (uint32_t)r->rows[table].n;
}

static void keep_unit(struct reader *r, struct org_unit_row *row)
{
    const struct {
        const char *link;
        struct str target;
    } links[] = {{"party", row->party}, {"state", row->state}, {"front", row->front}, {"leads", row->leads}};
    if (!is_code(row->unit.code))
        PROBLEM(r, "mã \"%.*s\" chỉ được gồm chữ không dấu, số, \"-\", \".\", \"_\" và dài nhất %d (bad code)",
                ARGS(row->unit.code), CODE_MAX);
    keep(r, ORG_T_UNIT, row);
    for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
        struct org_link link = {str_of(links[i].link), row->unit.code, links[i].target, DAY_NONE, DAY_NONE, {NULL, 0},
                                {{NULL, 0}, 0}};
        if (link.target.n)
            keep(r, ORG_T_LINK, &link);
    }
}

static void read_row(struct reader *r, struct strs cells)
{
    union {
        struct org_unit_row unit;
        struct org_group group;
        struct org_area area;
        struct org_link link;
        struct org_alias alias;
        struct org_kind kind;
        struct org_word word;
    } row = {0};
    const struct record *columns = org_tables[r->table].columns;
    struct str text[COLUMNS_MAX];
    bool any = false;
    for (size_t i = 0; i < cells.n; i++) {
        struct str cell = str_trim(cells.v[i]);
        any |= cell.n > 0;
        if (i < r->n_columns)
            text[i] = cell;
        else if (cell.n) {
            PROBLEM(r, "có nhiều ô hơn dòng tiêu đề (more cells than headings)");
            return;
        }
    }
    if (!any)
        return; /* spreadsheets leave rows of bare separators */
    size_t before = r->problems->n;
    absent(columns, &row);
    for (size_t i = 0; i < r->n_columns; i++)
        read_cell(r, r->columns[i], i < cells.n ? text[i] : S(""), (char *)&row + r->columns[i]->offset);
    if (r->problems->n != before)
        return;
    if (r->table == ORG_T_UNIT && str_has(row.unit.unit.code, S("{area}"))) {
        row.unit.unit.origin = (struct org_origin){r->file, r->line};
        org_rows_add(r->c->arena, &r->templates, &org_unit_columns, &row.unit);
    } else if (r->table == ORG_T_UNIT) {
        keep_unit(r, &row.unit);
    } else {
        bool coded = r->table == ORG_T_AREA || r->table == ORG_T_GROUP || r->table == ORG_T_KIND;
        struct str key = *(struct str *)((char *)&row + columns->fields[0].offset);
        if (coded && !is_code(key))
            PROBLEM(r, "mã \"%.*s\" chỉ được gồm chữ không dấu, số, \"-\", \".\", \"_\" và dài nhất %d (bad code)",
                    ARGS(key), CODE_MAX);
        keep(r, r->table, &row);
    }
}

static void read_file(struct reader *r, struct org_file file)
{
    r->file = file.name;
    r->line = 1;
    struct csv csv = {0};
    struct error before = r->c->error;
    size_t bad;
    if (!str_is_utf8(file.content, &bad)) {
        for (size_t i = 0; i < bad; i++)
            r->line += file.content.p[i] == '\n';
        PROBLEM(r, "tệp không phải UTF-8; trong Excel chọn \"CSV UTF-8\" khi lưu (not UTF-8)");
        return;
    }
    if (csv_read(r->c, viet_nfc(r->c->arena, file.content), file.name, &csv)) {
        org_problem(r->c, r->problems, file.name, r->c->error.line, "%.*s", ARGS(r->c->error.message));
        r->c->error = before;
        return;
    }
    if (csv.n > ROWS_MAX) {
        PROBLEM(r, "quá %d dòng (too many rows)", ROWS_MAX);
        return;
    }
    if (!csv.n) {
        PROBLEM(r, "tệp trống (empty file)");
        return;
    }
    r->line = csv.lines[0];
    if (!read_header(r, csv.rows[0]))
        return;
    for (size_t i = 1; i < csv.n; i++) {
        r->line = csv.lines[i];
        read_row(r, csv.rows[i]);
    }
}

static struct str fill_in(struct ctx *c, struct str pattern, struct str place, struct str with)
{
    size_t at = str_find(pattern, place, 0);
    if (!pattern.p || at == SIZE_MAX)
        return pattern;
    struct str head = str_slice(pattern, 0, at), tail = str_skip(pattern, at + place.n);
    return str_join(c->arena, (const struct str[]){head, with, tail}, 3, S(""));
}

static struct str kind_name(struct reader *r, struct str kind, const struct org_rows *base_kinds)
{
    const struct org_rows *lists[2] = {&r->rows[ORG_T_KIND], base_kinds};
    for (int l = 0; l < 2; l++)
        for (size_t i = 0; lists[l] && i < lists[l]->n; i++) {
            const struct org_kind *k = (const struct org_kind *)lists[l]->v + i;
            if (str_eq(k->kind, kind))
                return k->name;
        }
    return kind;
}

static int32_t later(int32_t a, int32_t b)
{
    return a > b ? a : b; /* DAY_NONE is before all */
}

static int32_t sooner(int32_t a, int32_t b)
{
    return a == DAY_NONE || (b != DAY_NONE && b < a) ? b : a;
}

/* One body for each area that was read, of the kinds that the row names. A row written out for that code takes its
 * place. */
static void expand(struct reader *r, const struct org_unit_row *pattern, const struct org_area *area, struct str kind)
{
    struct ctx *c = r->c;
    struct org_unit_row row = *pattern;
    struct str name = str_join(c->arena, (const struct str[]){kind, area->name}, 2, S(" "));
    struct str *const coded[] = {&row.unit.code, &row.party, &row.state, &row.front, &row.leads};
    for (size_t i = 0; i < sizeof coded / sizeof *coded; i++)
        *coded[i] = fill_in(c, *coded[i], S("{area}"), area->code);
    row.unit.name = fill_in(c, row.unit.name, S("{name}"), name);
    row.unit.short_name = fill_in(c, row.unit.short_name, S("{name}"), name);
    row.unit.area = area->code;
    row.unit.valid_from = later(row.unit.valid_from, area->valid_from);
    row.unit.valid_to = sooner(row.unit.valid_to, area->valid_to);
    if (org_map_get(&r->seen[ORG_T_UNIT], row.unit.code) == UINT32_MAX)
        keep_unit(r, &row);
}

static void expand_all(struct reader *r, const struct org_rows *base)
{
    for (size_t t = 0; t < r->templates.n; t++) {
        const struct org_unit_row *pattern = (const struct org_unit_row *)r->templates.v + t;
        r->file = pattern->unit.origin.file;
        r->line = pattern->unit.origin.line;
        struct strs kinds = read_list(r->c, pattern->unit.area);
        if (!kinds.n)
            PROBLEM(
                r, "dòng dùng {area} phải ghi ở cột area loại địa bàn, ví dụ \"ward commune\" (kinds of area missing)");
        for (size_t i = 0; i < r->rows[ORG_T_AREA].n; i++) {
            const struct org_area *area = (const struct org_area *)r->rows[ORG_T_AREA].v + i;
            for (size_t k = 0; k < kinds.n; k++)
                if (str_eq(kinds.v[k], area->kind))
                    expand(r, pattern, area, kind_name(r, area->kind, base ? &base[ORG_T_KIND] : NULL));
        }
    }
}

void org_read_files(struct ctx *c, const struct org_file *files, size_t n, struct org_rows rows[ORG_T_COUNT],
                    const struct org_rows *base, struct org_problems *problems)
{
    struct reader r = {.c = c, .problems = problems, .rows = rows};
    for (size_t i = 0; i < n; i++)
        read_file(&r, files[i]);
    expand_all(&r, base);
}
