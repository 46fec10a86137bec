#include "domain/indicator/value_form.h"

#include "base/period.h"
#include "document/xlsx.h"
#include "domain/indicator/value_load.h"
#include "domain/indicator/value_rules.h"
#include "domain/indicator/value_words.h"

#include <math.h>

#include "base/banned.h"

#define ROW_FIELD(member, type, about)                                                                                 \
    {                                                                                                                  \
#member, type, offsetof(struct value_form_row, member), .doc = about                                           \
    }
RECORD(value_form_row_record, struct value_form_row, "value_form_row", "Một dòng của biểu nhập số liệu",
       ROW_FIELD(indicator, FIELD_TEXT, "mã chỉ tiêu"), ROW_FIELD(category, FIELD_TEXT, "mã phân tổ"),
       ROW_FIELD(name, FIELD_TEXT, "tên"), ROW_FIELD(name_en, FIELD_TEXT, "tên tiếng Anh"),
       ROW_FIELD(unit, FIELD_TEXT, "đơn vị tính"), ROW_FIELD(previous, FIELD_F64, "giá trị kỳ trước"),
       ROW_FIELD(amount, FIELD_F64, "giá trị"), ROW_FIELD(provisional, FIELD_BOOL, "là số tạm tính"),
       ROW_FIELD(low, FIELD_F64, "nhỏ nhất"), ROW_FIELD(high, FIELD_F64, "lớn nhất"),
       ROW_FIELD(places, FIELD_I64, "số chữ số thập phân"));

struct making {
    struct ctx *c;
    const struct dictionary *d;
    const struct org_catalogue *catalogue;
    struct value_form *form;
    int32_t before; /* the period before */
};

static bool wanted(const struct making *m, const struct indicator *i)
{
    const struct strs *only = &m->form->indicators;
    int months = value_months(i->frequency);
    int32_t first = m->form->code / (PERIOD_MONTHS + 1), length = m->form->code % (PERIOD_MONTHS + 1);
    bool fits = !i->formula.n && (!months || (months == length && first % months == 0));
    for (size_t n = 0; n < only->n; n++)
        if (str_eq(only->v[n], i->code))
            return fits;
    return !only->n && fits && months;
}

/* The figure that counts at the place in a period; that of the indicator's own source alone, if asked for. */
static enum err figure(struct making *m, struct str place, const struct value_form_row *row, int32_t period, bool own,
                       double *ret, bool *ret_provisional)
{
    enum { SAID = 50 };
    struct value_history said;
    struct value_key key = {.indicator = row->indicator,
                            .category = row->category,
                            .place = place,
                            .period = value_period_text(m->c, period)};
    struct error before = m->c->error;
    *ret = NAN;
    *ret_provisional = false;
    enum err e = value_history(m->c, &key, POS_NOW, SAID, &said);
    if (e == E_NOTFOUND) {
        m->c->error = before;
        return OK;
    }
    TRY(e);
    for (size_t i = 0; i < said.n; i++)
        if (said.v[i].current && (own ? !said.v[i].source.n : said.v[i].counts)) {
            *ret = said.v[i].amount;
            *ret_provisional = said.v[i].provisional;
            break;
        }
    return OK;
}

static void add_row(struct making *m, const struct indicator *i, const struct dimension *of)
{
    struct ctx *c = m->c;
    struct value_form_row row = {.indicator = i->code,
                                 .category = of ? of->category : (struct str){0},
                                 .name = i->name,
                                 .name_en = i->name_en,
                                 .unit = i->unit,
                                 .previous = NAN,
                                 .amount = NAN,
                                 .low = i->steps.n ? 0 : i->low,
                                 .high = i->steps.n ? (double)i->steps.n - 1 : i->high,
                                 .places = i->places};
    if (of) {
        row.name = str_fmt(c->arena, "%.*s: %.*s", ARGS(i->name), ARGS(of->name));
        if (i->name_en.n && of->name_en.n)
            row.name_en = str_fmt(c->arena, "%.*s: %.*s", ARGS(i->name_en), ARGS(of->name_en));
    }
    *PUSH(c->arena, &m->form->rows) = row;
}

static void add_indicator(struct making *m, const struct indicator *i)
{
    struct dimensions all = dictionary_dimensions(m->d);
    add_row(m, i, NULL);
    for (size_t n = 0; n < i->dimensions.n; n++)
        for (size_t k = 0; k < all.n; k++)
            if (str_eq(all.v[k].dimension, i->dimensions.v[n]))
                add_row(m, i, &all.v[k]);
}

static enum err begin(struct ctx *c, struct value_form *form, struct making *ret)
{
    struct making m = {.c = c, .form = form};
    form->rows.n = 0;
    form->code = value_period_typed(c, form->period);
    if (!form->code)
        return FAIL(c, E_INVALID, "“%.*s” không phải là một kỳ (not a period)", ARGS(str_head(form->period, 60)));
    TRY(dictionary_from_store(c, POS_NOW, &m.d));
    TRY(org_catalogue_from_store(c, POS_NOW, &m.catalogue));
    const struct org_area *a = org_area(m.catalogue, form->place);
    const struct org_unit *u = a ? NULL : org_unit(m.catalogue, form->place);
    if (!a && !u)
        return FAIL(c, E_NOTFOUND, "không có địa bàn, cơ quan “%.*s” (no such place)", ARGS(str_head(form->place, 60)));
    form->place_name = a ? a->name : u->name;
    for (size_t i = 0; i < form->indicators.n; i++)
        if (!dictionary_indicator(m.d, form->indicators.v[i]))
            return FAIL(c, E_NOTFOUND, "không có chỉ tiêu “%.*s” (no such indicator)",
                        ARGS(str_head(form->indicators.v[i], 60)));
    form->period = value_period_text(c, form->code);
    m.before = form->code - (PERIOD_MONTHS + 1) * (form->code % (PERIOD_MONTHS + 1));
    *ret = m;
    return OK;
}

static enum err fill(struct making *m)
{
    struct value_form *form = m->form;
    for (size_t i = 0; i < form->rows.n; i++) {
        struct value_form_row *row = &form->rows.v[i];
        bool provisional;
        TRY(figure(m, form->place, row, m->before, false, &row->previous, &provisional));
        TRY(figure(m, form->place, row, form->code, true, &row->amount, &row->provisional));
    }
    return OK;
}

enum err value_form_read(struct ctx *c, struct value_form *form)
{
    struct making m;
    TRY(begin(c, form, &m));
    struct indicators all = dictionary_indicators(m.d);
    for (size_t i = 0; i < all.n; i++)
        if (wanted(&m, all.v[i]) && value_told_for(c, m.catalogue, all.v[i], form->place))
            add_indicator(&m, all.v[i]);
    return fill(&m);
}

/* --- the workbook --- */

#define HOW                                                                                                                                                       \
    "Chỉ điền các ô nền vàng, rồi nạp lại chính tệp này. Ô để trống, “…” hoặc “-” là chưa có số. (Fill in the yellow " \
    "cells and load this very file; an empty cell is no figure.)"

static void put_head(struct xlsx *x, const struct value_form *form, bool below)
{
    struct ctx *c = x->c;
    xlsx_row(x);
    xlsx_text(x,
              str_fmt(c->arena, "Biểu nhập số liệu: %.*s%s, kỳ %.*s", ARGS(form->place_name),
                      below ? ", từng địa bàn" : "", ARGS(form->period)),
              XLSX_TITLE);
    if (!below) {
        xlsx_row(x);
        xlsx_text(x, value_heading_name(COLUMN_PLACE), XLSX_HEADER);
        xlsx_text(x, form->place, XLSX_PLAIN);
    }
    xlsx_row(x);
    xlsx_text(x, value_heading_name(COLUMN_PERIOD), XLSX_HEADER);
    xlsx_text(x, form->period, XLSX_PLAIN);
    xlsx_row(x);
    xlsx_text(x, S(HOW), XLSX_NOTE);
}

static enum err place_sheet(struct ctx *c, struct value_form *form, struct str *ret)
{
    static const unsigned widths[] = {16, 12, 60, 18, 14, 14, 12, 20, 30};
    static const enum value_column columns[] = {COLUMN_INDICATOR, COLUMN_CATEGORY, COLUMN_PASSED,
                                                COLUMN_PASSED,    COLUMN_PASSED,   COLUMN_VALUE,
                                                COLUMN_STATE,     COLUMN_SOURCE,   COLUMN_REASON};
    static const struct str passed[] = {[2] = S0("Tên chỉ tiêu"), S0("Đơn vị tính"), S0("Kỳ trước")};
    enum { HEAD = 5 };
    struct xlsx x;
    TRY(value_form_read(c, form));
    xlsx_form(&x, c, HEAD, widths, sizeof widths / sizeof *widths);
    put_head(&x, form, false);
    xlsx_row(&x);
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        xlsx_text(&x, columns[i] == COLUMN_PASSED ? passed[i] : value_heading_name(columns[i]), XLSX_HEADER);
    for (size_t i = 0; i < form->rows.n; i++) {
        const struct value_form_row *row = &form->rows.v[i];
        xlsx_row(&x);
        xlsx_text(&x, row->indicator, XLSX_PLAIN);
        xlsx_text(&x, row->category, XLSX_PLAIN);
        xlsx_text(&x, row->name, XLSX_WRAPPED);
        xlsx_text(&x, row->unit, XLSX_PLAIN);
        xlsx_number(&x, row->previous, XLSX_PLAIN);
        xlsx_number(&x, row->amount, XLSX_INPUT);
        xlsx_bound(&x, row->low, row->high);
        xlsx_text(&x, isnan(row->amount) ? S("") : row->provisional ? S("có") : S("không"), XLSX_INPUT_TEXT);
        xlsx_text(&x, S(""), XLSX_INPUT_TEXT);
        xlsx_text(&x, S(""), XLSX_INPUT_TEXT);
    }
    return xlsx_finish(&x, S("Số liệu"), ret);
}

static bool comes_below(const struct making *m, const struct org_area *a, int32_t today)
{
    return str_eq(a->parent, m->form->place) && org_exists(a->valid_from, a->valid_to, today);
}

static void put_columns(struct xlsx *x, const struct value_form *form)
{
    struct ctx *c = x->c;
    xlsx_row(x); /* the names, above the codes that are read */
    xlsx_text(x, S(""), XLSX_PLAIN);
    xlsx_text(x, S(""), XLSX_PLAIN);
    for (size_t i = 0; i < form->rows.n; i++)
        xlsx_text(x, str_fmt(c->arena, "%.*s (%.*s)", ARGS(form->rows.v[i].name), ARGS(form->rows.v[i].unit)),
                  XLSX_WRAPPED);
    xlsx_row(x);
    xlsx_text(x, S("Mã địa bàn"), XLSX_HEADER);
    xlsx_text(x, S("Tên địa bàn"), XLSX_HEADER);
    for (size_t i = 0; i < form->rows.n; i++) {
        const struct value_form_row *row = &form->rows.v[i];
        xlsx_text(x,
                  row->category.n ? str_fmt(c->arena, "%.*s:%.*s", ARGS(row->indicator), ARGS(row->category))
                                  : row->indicator,
                  XLSX_HEADER);
    }
}

static enum err below_sheet(struct ctx *c, struct value_form *form, struct str *ret)
{
    enum { HEAD = 5, NAME = 26, WIDTH = 18 };
    struct making m;
    struct xlsx x;
    int32_t today = day_of_moment(ctx_now(c));
    size_t n = 0;
    TRY(begin(c, form, &m));
    struct indicators all = dictionary_indicators(m.d);
    struct org_areas areas = org_areas(m.catalogue);
    for (size_t i = 0; i < all.n; i++)
        if (wanted(&m, all.v[i]) && str_eq(all.v[i]->tree, S("area")))
            add_indicator(&m, all.v[i]);
    if (form->rows.n > VALUE_FORM_COLUMNS)
        return FAIL(c, E_LIMIT, "biểu có quá %d cột; hãy chọn chỉ tiêu (too many columns, choose indicators)",
                    VALUE_FORM_COLUMNS);
    unsigned *widths = NEWN(c->arena, unsigned, form->rows.n + 2);
    widths[0] = WIDTH;
    widths[1] = NAME;
    for (size_t i = 0; i < form->rows.n; i++)
        widths[i + 2] = WIDTH;
    xlsx_form(&x, c, HEAD, widths, form->rows.n + 2);
    put_head(&x, form, true);
    put_columns(&x, form);
    for (size_t i = 0; i < areas.n && n < VALUE_FORM_PLACES; i++) {
        if (!comes_below(&m, areas.v[i], today))
            continue;
        n++;
        xlsx_row(&x);
        xlsx_text(&x, areas.v[i]->code, XLSX_PLAIN);
        xlsx_text(&x, areas.v[i]->name, XLSX_PLAIN);
        for (size_t k = 0; k < form->rows.n; k++) {
            double amount;
            bool provisional;
            TRY(figure(&m, areas.v[i]->code, &form->rows.v[k], form->code, true, &amount, &provisional));
            xlsx_number(&x, amount, XLSX_INPUT);
            xlsx_bound(&x, form->rows.v[k].low, form->rows.v[k].high);
        }
    }
    if (!n || !form->rows.n)
        return FAIL(c, E_NOTFOUND, "dưới “%.*s” không có địa bàn hoặc chỉ tiêu nào để nhập (nothing to enter below it)",
                    ARGS(form->place));
    return xlsx_finish(&x, S("Số liệu"), ret);
}

enum err value_form_sheet(struct ctx *c, struct value_form *form, struct str *ret)
{
    return form->below ? below_sheet(c, form, ret) : place_sheet(c, form, ret);
}
