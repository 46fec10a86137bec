/* Tables of figures to a batch. */
#include "domain/indicator/value_load.h"

#include "base/lang.h"
#include "domain/indicator/value_naming.h"
#include "domain/indicator/value_rules.h"
#include "domain/indicator/value_words.h"

#include <math.h>

#include "base/banned.h"

enum { HEAD_ROWS = 40, COLUMN_MAX = UINT16_MAX, SAMPLE_BYTES = 4096 };

struct column {
    enum value_column kind; /* COLUMN_VALUE too where the heading is a name */
    enum value_column of;   /* which: COLUMN_INDICATOR, COLUMN_PLACE, COLUMN_PERIOD; COLUMN_UNKNOWN for a plain value */
    struct str text, category;
    bool empty; /* nobody headed it */
};

/* A number with two readings. */
struct pending {
    size_t row;
    struct number number;
    struct str text;
    const struct indicator *indicator;
};

struct reader {
    struct ctx *c;
    const struct dictionary *d;
    const struct org_catalogue *catalogue;
    struct value_load *load;
    struct str sheet;
    struct column *columns;
    size_t n_columns;
    unsigned at[COLUMN_COUNT]; /* from 1 */
    bool wide[COLUMN_COUNT];
    struct str head[COLUMN_COUNT]; /* what rows above the table say */
    bool lost;                     /* by its headings: its rows would only repeat it */
    struct value_naming names;
    bool comma, point;
    struct {
        struct pending *v;
        size_t n, cap;
    } pending;
    size_t gone; /* rows that turned out wrong */
    uint32_t last_note;
    struct value_note last;
};

/* A row of the file, with what it says for all its figures. */
struct row {
    struct strs cells;
    const bool *numbers;
    unsigned line;
    bool known, good; /* looked at; sound */
    uint32_t series, place, source, note, state;
    const struct indicator *indicator;
    int32_t period;
};

static struct value_at at_cell(const struct reader *r, const struct row *row, unsigned column)
{
    return (struct value_at){.sheet = r->sheet, .line = row->line, .column = column};
}

#define WRONG(r, row, column, rule, vi, en, ...)                                                                       \
    do {                                                                                                               \
        struct value_at at_ = at_cell((r), (row), (column));                                                           \
        VALUE_PROBLEM((r)->c, &(r)->load->problems, rule, &at_, vi, en, ##__VA_ARGS__);                                \
    } while (0)

/* --- the headings --- */

static struct str unguarded(struct str s)
{
    return s.n > 1 && s.p[0] == '\'' && memchr("=+-@", s.p[1], 4) ? str_skip(s, 1) : s;
}

static struct str cell_at(const struct row *row, unsigned column)
{
    return column && column <= row->cells.n ? unguarded(str_trim(row->cells.v[column - 1])) : (struct str){0};
}

/* What a cell of the row of headings says. */
static struct column read_heading(struct reader *r, struct str cell)
{
    struct column col = {.kind = value_heading(r->c, cell), .text = cell, .empty = !cell.n};
    if (col.empty || col.kind != COLUMN_UNKNOWN)
        return col;
    size_t colon = str_find(cell, S(":"), 0);
    struct str code = colon == SIZE_MAX ? cell : str_trim(str_slice(cell, 0, colon));
    if (dictionary_indicator(r->d, code)) {
        col.of = COLUMN_INDICATOR;
        col.text = code;
        col.category = colon == SIZE_MAX ? S("") : str_trim(str_skip(cell, colon + 1));
    } else if (value_period_typed(r->c, cell)) {
        col.of = COLUMN_PERIOD;
    } else if (org_area(r->catalogue, cell) || org_unit(r->catalogue, cell)) {
        col.of = COLUMN_PLACE;
    } else if (value_indicator_named(&r->names, cell)) {
        col.of = COLUMN_INDICATOR;
    } else {
        return col;
    }
    col.kind = COLUMN_VALUE;
    return col;
}

/* A row that says something for all of the table: "Kỳ" and a period. */
static bool take_head(struct reader *r, const struct row *row)
{
    struct str said[2];
    size_t n = 0;
    for (size_t i = 0; i < row->cells.n; i++) {
        struct str cell = cell_at(row, (unsigned)i + 1);
        if (cell.n && n++ < 2)
            said[n - 1] = cell;
    }
    if (n != 2)
        return false;
    if (said[0].n && said[0].p[said[0].n - 1] == ':')
        said[0].n--;
    enum value_column kind = value_heading(r->c, said[0]);
    struct column second = read_heading(r, said[1]);
    bool key = kind >= COLUMN_INDICATOR && kind <= COLUMN_PERIOD && kind != COLUMN_CATEGORY,
         fits = key ? second.kind == COLUMN_UNKNOWN || second.of == kind
                    : kind >= COLUMN_SOURCE && value_heading(r->c, said[1]) == COLUMN_UNKNOWN;
    if (fits)
        r->head[kind] = said[1];
    return fits;
}

/* Is it the row of headings? Then its columns are told. */
static bool take_headings(struct reader *r, const struct row *row)
{
    size_t known = 0, values = 0, keys = 0;
    struct column *columns = NEWN(r->c->arena, struct column, row->cells.n + 1);
    for (size_t i = 0; i < row->cells.n; i++) {
        columns[i] = read_heading(r, cell_at(row, (unsigned)i + 1));
        known += columns[i].kind != COLUMN_UNKNOWN;
        values += columns[i].kind == COLUMN_VALUE;
        keys += columns[i].kind >= COLUMN_INDICATOR && columns[i].kind <= COLUMN_PERIOD;
    }
    if (!values || !keys || known < 2)
        return false;
    r->columns = columns;
    r->n_columns = row->cells.n;
    return true;
}

static void check_headings(struct reader *r, const struct row *row)
{
    static const enum value_column needed[] = {COLUMN_INDICATOR, COLUMN_PLACE, COLUMN_PERIOD};
    size_t plain = 0, wide = 0;
    for (size_t i = 0; i < r->n_columns; i++) {
        const struct column *col = &r->columns[i];
        unsigned column = (unsigned)i + 1;
        if (col->empty || col->kind == COLUMN_PASSED)
            continue;
        if (col->kind == COLUMN_UNKNOWN) {
            WRONG(r, row, column, RULE_HEADING, "không có cột nào tên “%.*s”", "no column is called “%.*s”",
                  ARGS(str_head(col->text, 100)));
            continue;
        }
        wide += col->of != COLUMN_UNKNOWN;
        plain += col->kind == COLUMN_VALUE && col->of == COLUMN_UNKNOWN;
        if (col->of != COLUMN_UNKNOWN)
            r->wide[col->of] = true;
        else if (r->at[col->kind])
            WRONG(r, row, column, RULE_HEADING, "cột “%.*s” có hai lần", "column “%.*s” is there twice",
                  ARGS(col->text));
        else
            r->at[col->kind] = column;
    }
    if (plain && wide)
        WRONG(r, row, 0, RULE_HEADING, "vừa có cột “Giá trị” vừa có cột cho từng chỉ tiêu, kỳ hoặc nơi",
              "both a column of values and columns for each indicator, period or place");
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!r->at[needed[i]] && !r->wide[needed[i]] && !r->head[needed[i]].n)
            WRONG(r, row, 0, RULE_HEADING, "thiếu cột “%.*s”", "column “%.*s” is missing",
                  ARGS(value_heading_name(needed[i])));
}

/* --- a row --- */

static struct str said_of(const struct reader *r, const struct row *row, enum value_column kind)
{
    struct str cell = cell_at(row, r->at[kind]);
    return cell.n ? cell : r->head[kind];
}

static uint32_t note_of(struct reader *r, const struct row *row)
{
    struct value_note note = {said_of(r, row, COLUMN_METHOD), said_of(r, row, COLUMN_EVIDENCE),
                              said_of(r, row, COLUMN_REASON), said_of(r, row, COLUMN_REPORT)};
    if (!note.reason.n)
        note.reason = r->load->reason;
    if (!note.method.n && !note.evidence.n && !note.reason.n && !note.report.n)
        return 0;
    if (r->last_note && str_eq(note.method, r->last.method) && str_eq(note.evidence, r->last.evidence) &&
        str_eq(note.reason, r->last.reason) && str_eq(note.report, r->last.report))
        return r->last_note;
    r->last = note;
    struct value_note kept = {.method = note.method.n ? note.method : (struct str){0},
                              .evidence = note.evidence.n ? note.evidence : (struct str){0},
                              .reason = note.reason.n ? note.reason : (struct str){0},
                              .report = note.report.n ? note.report : (struct str){0}};
    *PUSH(r->c->arena, &r->load->batch.notes) = kept;
    return r->last_note = (uint32_t)r->load->batch.notes.n;
}

static bool missing(struct reader *r, const struct row *row, enum value_column kind, struct str text)
{
    if (!text.n)
        WRONG(r, row, r->at[kind], RULE_MISSING, "dòng có số mà thiếu “%.*s”", "a figure without “%.*s”",
              ARGS(value_heading_name(kind)));
    return !text.n;
}

static bool take_series(struct reader *r, const struct row *row, unsigned column, struct str text, struct str category,
                        uint32_t *ret, const struct indicator **ret_indicator)
{
    const struct value_meaning *m = value_name_series(&r->names, text, category);
    *ret = m->number;
    *ret_indicator = m->indicator;
    if (!m->indicator)
        WRONG(r, row, column, RULE_INDICATOR, "không có chỉ tiêu “%.*s” trong danh mục", "no indicator “%.*s”",
              ARGS(str_head(text, 100)));
    else if (m->number == NAMES_NONE)
        WRONG(r, row, r->at[COLUMN_CATEGORY] ? r->at[COLUMN_CATEGORY] : column, RULE_CATEGORY,
              "chỉ tiêu “%.*s” không có phân tổ “%.*s”", "“%.*s” has no category “%.*s”", ARGS(m->indicator->code),
              ARGS(str_head(category, 100)));
    return m->number != NAMES_NONE;
}

static bool take_place(struct reader *r, const struct row *row, unsigned column, struct str text, uint32_t *ret)
{
    *ret = value_name_place(&r->names, text);
    if (*ret == NAMES_NONE)
        WRONG(r, row, column, RULE_PLACE, "không có địa bàn, cơ quan “%.*s”", "no area or body “%.*s”",
              ARGS(str_head(text, 100)));
    return *ret != NAMES_NONE;
}

static bool take_period(struct reader *r, const struct row *row, unsigned column, struct str text, int32_t *ret)
{
    *ret = value_name_period(&r->names, text);
    if (!*ret)
        WRONG(r, row, column, RULE_PERIOD,
              "“%.*s” không phải là một kỳ; viết như 2026-05, 2026-Q3, 2026-S1, 2026 hoặc Quý III/2026",
              "“%.*s” is no period such as 2026-05, 2026-Q3, 2026-S1, 2026", ARGS(str_head(text, 100)));
    return *ret != 0;
}

/* What the row says for all its figures, looked at once it has one. */
static void know(struct reader *r, struct row *row)
{
    struct str indicator = said_of(r, row, COLUMN_INDICATOR), place = said_of(r, row, COLUMN_PLACE),
               period = said_of(r, row, COLUMN_PERIOD), source = said_of(r, row, COLUMN_SOURCE);
    bool provisional = !r->load->official, good = true;
    row->known = true;
    if (!r->wide[COLUMN_INDICATOR])
        good &= !missing(r, row, COLUMN_INDICATOR, indicator) &&
                take_series(r, row, r->at[COLUMN_INDICATOR], indicator, said_of(r, row, COLUMN_CATEGORY), &row->series,
                            &row->indicator);
    if (!r->wide[COLUMN_PLACE])
        good &= !missing(r, row, COLUMN_PLACE, place) && take_place(r, row, r->at[COLUMN_PLACE], place, &row->place);
    if (!r->wide[COLUMN_PERIOD])
        good &=
            !missing(r, row, COLUMN_PERIOD, period) && take_period(r, row, r->at[COLUMN_PERIOD], period, &row->period);
    row->source = value_name_source(&r->names, source.n ? source : r->load->source);
    struct str state = said_of(r, row, COLUMN_STATE);
    if (state.n && !value_state_word(r->c, state, &provisional)) {
        WRONG(r, row, r->at[COLUMN_STATE], RULE_WORD, "“%.*s”: ghi có/không, ước, sơ bộ hoặc chính thức",
              "“%.*s” is neither provisional nor official", ARGS(str_head(state, 60)));
        good = false;
    }
    row->state = provisional ? VALUE_PROVISIONAL : 0;
    row->note = note_of(r, row);
    row->good = good;
}

/* The cell of a column whose heading names the indicator, the place or the period. */
static bool know_heading(struct reader *r, struct row *row, const struct column *col, unsigned column)
{
    switch (col->of) {
    case COLUMN_INDICATOR:
        return take_series(r, row, column, col->text,
                           col->category.n ? col->category : said_of(r, row, COLUMN_CATEGORY), &row->series,
                           &row->indicator);
    case COLUMN_PLACE:
        return take_place(r, row, column, col->text, &row->place);
    case COLUMN_PERIOD:
        return take_period(r, row, column, col->text, &row->period);
    default:
        return true;
    }
}

/* False if it is no number; `ret` is EMPTY where there is no figure. */
static bool read_number(struct reader *r, const struct row *row, unsigned column, struct str text, struct number *ret)
{
    bool number = row->numbers && row->numbers[column - 1];
    if (number)
        number_read_plain(text, ret);
    else
        number_read(text, ret);
    if (ret->kind == NUMBER_WRONG && value_is_none(r->c, text))
        ret->kind = NUMBER_EMPTY;
    if (ret->kind == NUMBER_WRONG) {
        struct number_reason why = number_reason(ret->wrong);
        struct value_at at = at_cell(r, row, column);
        struct str shown = str_head(text, 60);
        value_problem_say(r->c, &r->load->problems, RULE_NOT_A_NUMBER, &at,
                          str_fmt(r->c->arena, "“%.*s” %.*s", ARGS(shown), ARGS(why.vi)),
                          str_fmt(r->c->arena, "“%.*s”: %.*s", ARGS(shown), ARGS(why.en)));
        return false;
    }
    if (ret->kind == NUMBER_GIVEN && !number) {
        r->comma |= ret->marks == NUMBER_COMMA;
        r->point |= ret->marks == NUMBER_POINT;
    }
    return true;
}

static void take_figure(struct reader *r, struct row *row, const struct column *col, unsigned column)
{
    struct value_batch *b = &r->load->batch;
    struct number n;
    struct str text = cell_at(row, column);
    bool is_number = !text.n || read_number(r, row, column, text, &n);
    if (!text.n || (is_number && n.kind == NUMBER_EMPTY)) {
        r->load->empty++;
        return;
    }
    r->load->cells++;
    if (!row->known)
        know(r, row);
    if (!know_heading(r, row, col, column) || !row->good || !is_number)
        return;
    if (n.percent && !str_starts(row->indicator->unit, S("%"))) {
        WRONG(r, row, column, RULE_PERCENT, "“%.*s” có dấu %% mà chỉ tiêu tính bằng %.*s",
              "“%.*s” has a %% sign, the unit is %.*s", ARGS(text), ARGS(row->indicator->unit));
        return;
    }
    if (n.kind == NUMBER_AMBIGUOUS)
        *PUSH(r->c->arena, &r->pending) = (struct pending){b->rows.n, n, text, row->indicator};
    *PUSH(r->c->arena, &b->rows) = (struct value_row){.amount = n.amount,
                                                      .series = row->series,
                                                      .place = row->place,
                                                      .source = row->source,
                                                      .period = row->period,
                                                      .state = row->state | (row->note ? VALUE_NOTED : 0),
                                                      .note = row->note,
                                                      .origin = row->line,
                                                      .column = (uint16_t)column};
}

static void take_row(struct reader *r, struct row *row)
{
    if (r->at[COLUMN_VALUE])
        take_figure(r, row, &r->columns[r->at[COLUMN_VALUE] - 1], r->at[COLUMN_VALUE]);
    for (size_t i = 0; i < row->cells.n; i++) {
        const struct column *col = i < r->n_columns ? &r->columns[i] : NULL;
        if (col && col->of != COLUMN_UNKNOWN)
            take_figure(r, row, col, (unsigned)i + 1);
        else if ((!col || col->empty) && str_trim(row->cells.v[i]).n)
            WRONG(r, row, (unsigned)i + 1, RULE_CELL, "ô có chữ mà cột không có tên", "a cell without a heading");
    }
}

/* --- numbers with two readings --- */

struct settled {
    size_t n;
    const struct pending *first;
    double amount;
};

static void tell_settled(struct reader *r, enum number_settled by, const struct settled *s)
{
    static const struct str how[][2] = {
        [NUMBER_BY_CALLER] = {S0("cách viết số đã chọn"), S0("the way of writing that was chosen")},
        [NUMBER_BY_NEIGHBOURS] = {S0("các số khác trong tệp"), S0("the other numbers of the file")},
        [NUMBER_BY_WHOLE] = {S0("chỉ tiêu đếm số nguyên"), S0("an indicator that counts whole things")},
        [NUMBER_BY_RANGE] = {S0("khoảng cho phép của chỉ tiêu"), S0("the indicator's bounds")}};
    char text[NUMBER_TEXT];
    const struct value_row *row = &r->load->batch.rows.v[s->first->row];
    struct value_at at = {
        .sheet = r->sheet, .line = row->origin, .column = row->column, .indicator = s->first->indicator->code};
    struct str amount = str_dup(r->c->arena, lang_number(s->amount, -1, LANG_VI, text));
    struct value_problem *p = value_problem_new(r->c, &r->load->problems, RULE_READ_AS, &at);
    if (!p)
        return;
    p->message = str_fmt(r->c->arena, "%zu số có thể đọc hai cách được đọc theo %.*s, như “%.*s” là %.*s", s->n,
                         ARGS(how[by][0]), ARGS(s->first->text), ARGS(amount));
    p->message_en = str_fmt(r->c->arena, "%zu numbers with two readings are read by %.*s: “%.*s” is %.*s", s->n,
                            ARGS(how[by][1]), ARGS(s->first->text), ARGS(lang_number(s->amount, -1, LANG_EN, text)));
}

static void settle(struct reader *r)
{
    struct settled settled[NUMBER_BY_RANGE + 1] = {0};
    for (size_t i = 0; i < r->pending.n; i++) {
        struct pending *p = &r->pending.v[i];
        struct value_row *row = &r->load->batch.rows.v[p->row];
        struct number_context k = {.given = r->load->marks,
                                   .comma = r->comma,
                                   .point = r->point,
                                   .whole = p->indicator->places == 0 || p->indicator->steps.n,
                                   .low = p->indicator->low,
                                   .high = p->indicator->high};
        if (number_settle(&k, &p->number)) {
            struct settled *s = &settled[p->number.settled];
            row->amount = p->number.amount;
            if (!s->n++)
                *s = (struct settled){1, p, p->number.amount};
            continue;
        }
        struct value_at at = {
            .sheet = r->sheet, .line = row->origin, .column = row->column, .indicator = p->indicator->code};
        VALUE_PROBLEM(r->c, &r->load->problems, RULE_AMBIGUOUS, &at,
                      "“%.*s” có thể là số nghìn hoặc số thập phân; viết lại như 1234 hoặc 1,2340",
                      "“%.*s” may be thousands or decimals; write 1234 or 1.2340", ARGS(p->text));
        row->amount = NAN;
        r->gone++;
    }
    for (size_t by = NUMBER_BY_CALLER; by <= NUMBER_BY_RANGE; by++)
        if (settled[by].n)
            tell_settled(r, (enum number_settled)by, &settled[by]);
}

static void drop_gone(struct reader *r)
{
    struct value_batch *b = &r->load->batch;
    size_t n = 0;
    for (size_t i = 0; r->gone && i < b->rows.n; i++)
        if (!isnan(b->rows.v[i].amount))
            b->rows.v[n++] = b->rows.v[i];
    b->rows.n = r->gone ? n : b->rows.n;
}

/* --- a file --- */

static void begin(struct ctx *c, const struct dictionary *d, const struct org_catalogue *catalogue,
                  struct value_load *load, struct str sheet, struct reader *ret)
{
    *ret = (struct reader){.c = c, .d = d, .catalogue = catalogue, .load = load, .sheet = sheet};
    value_batch_init(&load->batch, S("value.load"));
    ret->names = (struct value_naming){.c = c, .d = d, .catalogue = catalogue, .batch = &load->batch};
    load->batch.name = load->name;
    *PUSH(c->arena, &load->batch.sheets) = sheet;
    load->problems = (struct value_problems){0};
    load->cells = load->empty = 0;
}

/* The rows above the table; true once the row of headings was found. */
static bool above(struct reader *r, const struct row *row)
{
    if (take_head(r, row) || !take_headings(r, row))
        return false;
    size_t before = r->load->problems.errors;
    check_headings(r, row);
    r->lost = r->load->problems.errors > before;
    return true;
}

static void no_table(struct reader *r)
{
    struct value_at at = {.sheet = r->sheet, .line = I64_NONE};
    VALUE_PROBLEM(r->c, &r->load->problems, RULE_HEADING, &at,
                  "không thấy dòng tiêu đề: cần các cột Mã chỉ tiêu, Địa bàn/Đơn vị, Kỳ, Giá trị",
                  "no row of headings: indicator, place, period, value are needed");
}

static void finish(struct reader *r)
{
    if (!r->columns)
        no_table(r);
    settle(r);
    drop_gone(r);
}

/* Room for about as many rows as the file has lines. */
static void expect(struct reader *r, struct str rest)
{
    size_t lines = 1, n = rest.n < SAMPLE_BYTES ? rest.n : SAMPLE_BYTES;
    for (size_t i = 0; i < n; i++)
        lines += rest.p[i] == '\n';
    size_t rows = n ? rest.n / (n / lines + 1) + rest.n / 64 / (n / lines + 1) : 0;
    if (rows > 64 && rows < VALUE_LOAD_ROWS) {
        r->load->batch.rows.v = NEWN(r->c->arena, struct value_row, rows);
        r->load->batch.rows.cap = rows;
    }
}

static enum err too_many(struct ctx *c, const struct value_load *load, unsigned line)
{
    return FAIL_AT(c, E_LIMIT, load->name, line, "tệp có quá %d số liệu; hãy chia nhỏ (too many figures)",
                   VALUE_LOAD_ROWS);
}

static enum err read_csv(struct ctx *c, struct reader *r)
{
    struct csv_reader csv;
    struct value_load *load = r->load;
    TRY(csv_begin(c, load->content, load->name, VALUE_LOAD_BYTES, &csv));
    for (size_t n = 0;; n++) {
        struct row row = {0};
        TRY(csv_next(&csv, &row.cells, &row.line));
        if (!row.cells.v || r->lost || (!r->columns && n == HEAD_ROWS))
            break;
        if (r->columns)
            take_row(r, &row);
        else if (above(r, &row))
            expect(r, str_skip(csv.s, csv.at));
        if (load->batch.rows.n > VALUE_LOAD_ROWS)
            return too_many(c, load, row.line);
    }
    finish(r);
    return OK;
}

enum err value_load_grid(struct ctx *c, const struct dictionary *d, const struct org_catalogue *catalogue,
                         const struct grid *grid, struct value_load *load)
{
    struct reader r;
    begin(c, d, catalogue, load, grid->sheet, &r);
    for (size_t i = 0; i < grid->n && !r.lost && (r.columns || i < HEAD_ROWS); i++) {
        struct row row = {
            .cells = grid->rows[i], .numbers = grid->numbers ? grid->numbers[i] : NULL, .line = grid->lines[i]};
        if (r.columns)
            take_row(&r, &row);
        else
            above(&r, &row);
    }
    finish(&r);
    return OK;
}

static bool is_workbook(struct str content)
{
    return str_starts(content, S("PK\x03\x04"));
}

enum err value_load_read(struct ctx *c, const struct dictionary *d, const struct org_catalogue *catalogue,
                         struct value_load *load)
{
    struct reader r;
    struct grid grid;
    if (is_workbook(load->content)) {
        TRY(grid_read(c, load->content, load->name, &grid));
        return value_load_grid(c, d, catalogue, &grid, load);
    }
    begin(c, d, catalogue, load, S(""), &r);
    return read_csv(c, &r);
}

/* --- with a store --- */

enum err value_load_check(struct ctx *c, struct value_load *load)
{
    const struct dictionary *d;
    const struct org_catalogue *catalogue;
    TRY(dictionary_from_store(c, POS_NOW, &d));
    TRY(org_catalogue_from_store(c, POS_NOW, &catalogue));
    TRY(value_load_read(c, d, catalogue, load));
    TRY(value_check(c, d, catalogue, &load->batch, &load->problems));
    value_expect(&load->batch, &load->problems, &load->outcome);
    return OK;
}

enum err value_load_stage(struct ctx *c, struct writer *w, struct value_load *load)
{
    struct str type = is_workbook(load->content)
                          ? S("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
                          : S("text/csv");
    TRY(file_stage(w, c, load->content, type, &load->file));
    load->batch.file = load->file.hash;
    return OK;
}

enum err value_load_run(struct ctx *c, void *arg)
{
    struct value_load *load = arg;
    TRY(value_refuse(c, load->name, &load->problems));
    TRY(value_write(c, &load->batch, &load->outcome));
    return load->outcome.position ? file_commit(c, &load->file) : OK;
}

#define COUNT(member, about)                                                                                           \
    {                                                                                                                  \
#member, FIELD_I64, offsetof(struct value_load, member), .doc = about                                          \
    }
RECORD(value_load_record, struct value_load, "value_load", "Kết quả nạp một tệp số liệu", COUNT(cells, "ô có số liệu"),
       COUNT(empty, "ô không có số liệu"),
       {"added", FIELD_I64, offsetof(struct value_load, outcome.added), .doc = "số liệu mới"},
       {"changed", FIELD_I64, offsetof(struct value_load, outcome.changed), .doc = "số liệu được sửa"},
       {"same", FIELD_I64, offsetof(struct value_load, outcome.same), .doc = "số liệu giống như đã có"});

void value_load_emit(struct emit *e, const struct value_load *load)
{
    emit_fields(e, &value_load_record, load);
    emit_key(e, S("errors"));
    emit_i64(e, (int64_t)load->problems.errors);
    emit_key(e, S("warnings"));
    emit_i64(e, (int64_t)load->problems.warnings);
    emit_key(e, S("problems"));
    emit_list(e);
    for (size_t i = 0; i < load->problems.n; i++)
        emit_record(e, &value_problem_record, &load->problems.v[i]);
    emit_end(e);
}
