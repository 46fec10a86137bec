#include "document/rows.h"

#include "base/period.h"
#include "base/viet.h"
#include "document/document.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum { COLUMNS_MAX = 64, ROWS_MAX = 100000, PROBLEMS_SHOWN = 50 };

struct reader {
    struct ctx *c;
    const struct rows_format *format;
    struct rows_taker taker;
    struct row_problems *problems;
    struct row_place at;
    const struct rows_table *table;
    const struct field *columns[COLUMNS_MAX]; /* by column; NULL where the heading was refused */
    size_t n_columns;
};

void row_problem(struct ctx *c, struct row_problems *problems, struct str file, unsigned line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct str text = str_vfmt(c->arena, format, args);
    va_end(args);
    *PUSH(c->arena, problems) = (struct row_problem){file, line, text};
}
#define PROBLEM(r, ...) row_problem((r)->c, (r)->problems, (r)->at.file, (r)->at.line, __VA_ARGS__)

enum err row_refuse(struct ctx *c, const struct row_problems *problems)
{
    struct {
        struct str *v;
        size_t n, cap;
    } lines = {0};
    for (size_t i = 0; i < problems->n && i < PROBLEMS_SHOWN; i++) {
        const struct row_problem *p = &problems->v[i];
        *PUSH(c->arena, &lines) = !i ? p->text
                                  : p->line
                                      ? str_fmt(c->arena, "%.*s: dòng %u: %.*s", ARGS(p->file), p->line, ARGS(p->text))
                                      : str_fmt(c->arena, "%.*s: %.*s", ARGS(p->file), ARGS(p->text));
    }
    if (problems->n > PROBLEMS_SHOWN)
        *PUSH(c->arena, &lines) = str_fmt(c->arena, "… và %zu lỗi nữa (and more)", problems->n - PROBLEMS_SHOWN);
    struct str all = str_join(c->arena, lines.v, lines.n, S("\n"));
    return FAIL_AT(c, E_INVALID, problems->v[0].file, problems->v[0].line, "%.*s", ARGS(all));
}

/* ---- headings ---- */

static struct str heading_name(struct reader *r, struct str cell)
{
    struct str folded = str_trim(viet_fold_text(r->c->arena, cell));
    for (size_t i = 0; i < r->format->n_headings; i++)
        if (str_eq(folded, str_of(r->format->headings[i].folded)))
            return str_of(r->format->headings[i].name);
    return folded;
}

static bool find_table(struct reader *r, struct str heading)
{
    for (size_t t = 0; t < r->format->n_tables; t++)
        if (str_eq(heading, str_of(r->format->tables[t].heading))) {
            r->table = &r->format->tables[t];
            return true;
        }
    PROBLEM(r, "cột đầu tiên phải là %s (the first heading tells what the file holds)", r->format->firsts);
    return false;
}

static bool read_header(struct reader *r, struct strs cells)
{
    if (!cells.n || !find_table(r, heading_name(r, cells.v[0])))
        return false;
    const struct record *record = r->table->record;
    if (cells.n > COLUMNS_MAX) {
        PROBLEM(r, "quá nhiều cột (too many columns)");
        return false;
    }
    size_t before = r->problems->n;
    r->n_columns = cells.n;
    for (size_t i = 0; i < cells.n; i++) {
        struct str name = heading_name(r, cells.v[i]);
        r->columns[i] = i ? record_field(record, name) : &record->fields[0];
        if (!r->columns[i])
            PROBLEM(r, "không có cột nào tên \"%.*s\" (unknown column)", ARGS(str_trim(cells.v[i])));
        for (size_t k = 0; k < i; k++)
            if (r->columns[i] && r->columns[k] == r->columns[i])
                PROBLEM(r, "cột \"%s\" có hai lần (column twice)", r->columns[i]->name);
    }
    for (size_t f = 0; f < record->n; f++) {
        bool found = !record->fields[f].required;
        for (size_t i = 0; i < cells.n; i++)
            found |= r->columns[i] == &record->fields[f];
        if (!found)
            PROBLEM(r, "thiếu cột \"%s\" (missing column)", record->fields[f].name);
    }
    return r->problems->n == before;
}

/* ---- cells ---- */

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

bool rows_yes(struct str folded, bool *ret)
{
    static const char *const words[] = {"no", "yes", "0", "1", "false", "true", "khong", "co", "", "x", "chua", "roi"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq(folded, str_of(words[i]))) {
            *ret = i % 2;
            return true;
        }
    return false;
}

struct list_of_texts {
    struct str *v;
    size_t n, cap;
};

struct strs rows_list(struct ctx *c, struct str s)
{
    struct list_of_texts list = {0};
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

static struct strs phrases_of(struct ctx *c, struct str s)
{
    struct list_of_texts list = {0};
    struct str part;
    while (s.n && str_cut(&s, '|', &part))
        if (str_trim(part).n)
            *PUSH(c->arena, &list) = str_trim(part);
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
        *(struct strs *)at =
            r->table->phrases && one_of(r->table->phrases, str_of(f->name)) ? phrases_of(c, text) : rows_list(c, text);
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
        good = rows_yes(viet_fold_text(c->arena, text), at);
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

bool rows_is_code(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char ch = s.p[i];
        if (!((ch >= 'A' && ch <= 'Z') || (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') ||
              (i && (ch == '-' || ch == '.' || ch == '_'))))
            return false;
    }
    return s.n && s.n <= ROWS_CODE_MAX;
}

bool rows_check_code(struct ctx *c, struct row_problems *problems, struct row_place at, struct str code)
{
    if (rows_is_code(code))
        return true;
    row_problem(c, problems, at.file, at.line,
                "mã \"%.*s\" chỉ được gồm chữ không dấu, số, \"-\", \".\", \"_\" và dài nhất %d (bad code)", ARGS(code),
                ROWS_CODE_MAX);
    return false;
}

void rows_absent(const struct record *record, void *row)
{
    memset(row, 0, record->size);
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

/* ---- rows ---- */

static void read_row(struct reader *r, struct strs cells, void *row)
{
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
    rows_absent(r->table->record, row);
    for (size_t i = 0; i < r->n_columns; i++)
        read_cell(r, r->columns[i], i < cells.n ? text[i] : S(""), (char *)row + r->columns[i]->offset);
    if (r->problems->n == before)
        r->taker.take(r->taker.arg, (size_t)(r->table - r->format->tables), row, r->at);
}

void rows_read(struct ctx *c, const struct rows_format *format, struct str name, struct str content,
               struct rows_taker taker, struct row_problems *problems)
{
    struct reader r = {.c = c, .format = format, .taker = taker, .problems = problems, .at = {name, 1}};
    struct csv csv = {0};
    struct error before = c->error;
    size_t bad;
    if (!str_is_utf8(content, &bad)) {
        for (size_t i = 0; i < bad; i++)
            r.at.line += content.p[i] == '\n';
        PROBLEM(&r, "tệp không phải UTF-8; trong Excel chọn \"CSV UTF-8\" khi lưu (not UTF-8)");
        return;
    }
    if (csv_read(c, viet_nfc(c->arena, content), name, &csv)) {
        row_problem(c, problems, name, c->error.line, "%.*s", ARGS(c->error.message));
        c->error = before;
        return;
    }
    if (csv.n > ROWS_MAX) {
        PROBLEM(&r, "quá %d dòng (too many rows)", ROWS_MAX);
        return;
    }
    if (!csv.n) {
        PROBLEM(&r, "tệp trống (empty file)");
        return;
    }
    r.at.line = csv.lines[0];
    if (!read_header(&r, csv.rows[0]))
        return;
    void *row = arena_alloc(c->arena, r.table->record->size, _Alignof(max_align_t), 1);
    for (size_t i = 1; i < csv.n; i++) {
        r.at.line = csv.lines[i];
        read_row(&r, csv.rows[i], row);
    }
}
