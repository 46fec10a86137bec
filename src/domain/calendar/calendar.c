#include "domain/calendar/calendar.h"

#include "document/document.h"

#include <stdlib.h>

#include "base/banned.h"

#define KINDS      "off|swap"
#define STATUSES   "fixed|granted|provisional"
#define AT(member) offsetof(struct holiday, member)

RECORD(holiday_record, struct holiday, "holiday", "A day that is no working day, or a weekend day that is worked.",
       {.name = "day", .type = FIELD_DAY, .offset = AT(day), .doc = "the day", .required = true},
       {.name = "kind",
        .type = FIELD_TEXT,
        .offset = AT(kind),
        .one_of = KINDS,
        .doc = "nobody works, or it is worked in exchange",
        .required = true},
       {.name = "name", .type = FIELD_TEXT, .offset = AT(name), .doc = "the holiday", .required = true},
       {.name = "status",
        .type = FIELD_TEXT,
        .offset = AT(status),
        .one_of = STATUSES,
        .doc = "by law, announced, or yet to be checked",
        .required = true},
       {.name = "source", .type = FIELD_TEXT, .offset = AT(source), .doc = "where it is decided"});

enum { COLUMNS = 5 };

static bool is_one_of(struct str word, const char *words)
{
    struct str rest = str_of(words), one;
    while (str_cut(&rest, '|', &one))
        if (str_eq(one, word))
            return true;
    return false;
}

/* Where each described column stands in the file. */
static enum err columns(struct ctx *c, const struct csv *csv, struct str file, size_t ret_at[COLUMNS])
{
    if (csv->n == 0)
        return FAIL_AT(c, E_INVALID, file, 1, "Tệp lịch trống (the calendar is empty)");
    for (size_t f = 0; f < COLUMNS; f++) {
        ret_at[f] = SIZE_MAX;
        for (size_t i = 0; i < csv->rows[0].n; i++)
            if (str_eq(str_trim(csv->rows[0].v[i]), str_of(holiday_record.fields[f].name)))
                ret_at[f] = i;
        if (ret_at[f] == SIZE_MAX)
            return FAIL_AT(c, E_INVALID, file, csv->lines[0], "Thiếu cột “%s” (a column is missing)",
                           holiday_record.fields[f].name);
    }
    return OK;
}

static enum err read_row(struct ctx *c, const struct strs *row, const size_t at[COLUMNS], struct str file,
                         unsigned line, struct holiday *ret)
{
    struct str v[COLUMNS];
    for (size_t f = 0; f < COLUMNS; f++)
        v[f] = at[f] < row->n ? str_trim(row->v[at[f]]) : S("");
    *ret = (struct holiday){DAY_NONE, v[1], v[2], v[3], v[4], line};
    if (!day_parse(v[0], &ret->day))
        return FAIL_AT(c, E_INVALID, file, line, "“%.*s” không phải là ngày dạng 2026-09-02 (not a date)", ARGS(v[0]));
    if (!is_one_of(ret->kind, KINDS))
        return FAIL_AT(c, E_INVALID, file, line, "Loại ngày “%.*s” không có; chỉ có off, swap (unknown kind)",
                       ARGS(v[1]));
    if (ret->name.n == 0)
        return FAIL_AT(c, E_INVALID, file, line, "Thiếu tên ngày nghỉ (the name is missing)");
    if (!is_one_of(ret->status, STATUSES))
        return FAIL_AT(c, E_INVALID, file, line,
                       "Trạng thái “%.*s” không có; chỉ có fixed, granted, provisional (unknown status)", ARGS(v[3]));
    if (str_eq(ret->kind, S("swap")) && day_weekday(ret->day) < 5)
        return FAIL_AT(c, E_INVALID, file, line,
                       "Ngày làm bù phải là thứ Bảy hoặc Chủ nhật (a worked day must be a weekend)");
    return OK;
}

static int by_day(const void *a, const void *b)
{
    const struct holiday *x = a, *y = b;
    return x->day != y->day ? (x->day > y->day) - (x->day < y->day) : (x->line > y->line) - (x->line < y->line);
}

enum err calendar_parse(struct ctx *c, struct str text, struct str name, struct calendar *ret,
                        struct holidays *ret_list)
{
    struct csv csv = {0};
    struct holidays list = {0};
    size_t at[COLUMNS];
    TRY(csv_read(c, text, name, &csv));
    TRY(columns(c, &csv, name, at));
    for (size_t i = 1; i < csv.n; i++)
        TRY(read_row(c, &csv.rows[i], at, name, csv.lines[i], PUSH(c->arena, &list)));
    if (list.n)
        qsort(list.v, list.n, sizeof *list.v, by_day);
    int32_t *off = NEWN(c->arena, int32_t, list.n), *swap = NEWN(c->arena, int32_t, list.n);
    struct calendar calendar = {.off = off, .swap = swap};
    for (size_t i = 0; i < list.n; i++) {
        char day[DAY_TEXT];
        if (i && list.v[i].day == list.v[i - 1].day)
            return FAIL_AT(c, E_INVALID, name, list.v[i].line, "Ngày %.*s có hai dòng (a day has two lines)",
                           ARGS(day_text(list.v[i].day, day)));
        if (str_eq(list.v[i].kind, S("off")))
            off[calendar.n_off++] = list.v[i].day;
        else
            swap[calendar.n_swap++] = list.v[i].day;
    }
    *ret = calendar;
    if (ret_list)
        *ret_list = list;
    return OK;
}
