#include "domain/indicator/value_words.h"

#include "base/period.h"
#include "base/viet.h"
#include "domain/indicator/value_load.h"

#include "base/banned.h"

/* Folded, as a clerk would write them; the first of each kind is how messages and templates call it. */
static const struct {
    enum value_column column;
    struct str name, word;
} headings[] = {
    {COLUMN_INDICATOR, S0("Mã chỉ tiêu"), S0("ma chi tieu")},
    {COLUMN_INDICATOR, S0(""), S0("indicator")},
    {COLUMN_INDICATOR, S0(""), S0("chi tieu")},
    {COLUMN_INDICATOR, S0(""), S0("dataelement")},
    {COLUMN_CATEGORY, S0("Phân tổ"), S0("phan to")},
    {COLUMN_CATEGORY, S0(""), S0("ma phan to")},
    {COLUMN_CATEGORY, S0(""), S0("category")},
    {COLUMN_CATEGORY, S0(""), S0("categoryoptioncombo")},
    {COLUMN_PLACE, S0("Địa bàn/Đơn vị"), S0("dia ban/don vi")},
    {COLUMN_PLACE, S0(""), S0("dia ban / don vi")},
    {COLUMN_PLACE, S0(""), S0("dia ban")},
    {COLUMN_PLACE, S0(""), S0("ma dia ban")},
    {COLUMN_PLACE, S0(""), S0("ma dia ban/don vi")},
    {COLUMN_PLACE, S0(""), S0("don vi")},
    {COLUMN_PLACE, S0(""), S0("ma don vi")},
    {COLUMN_PLACE, S0(""), S0("co quan")},
    {COLUMN_PLACE, S0(""), S0("ma co quan")},
    {COLUMN_PLACE, S0(""), S0("place")},
    {COLUMN_PLACE, S0(""), S0("orgunit")},
    {COLUMN_PERIOD, S0("Kỳ"), S0("ky")},
    {COLUMN_PERIOD, S0(""), S0("ky so lieu")},
    {COLUMN_PERIOD, S0(""), S0("ky bao cao")},
    {COLUMN_PERIOD, S0(""), S0("thoi gian")},
    {COLUMN_PERIOD, S0(""), S0("period")},
    {COLUMN_VALUE, S0("Giá trị"), S0("gia tri")},
    {COLUMN_VALUE, S0(""), S0("so lieu")},
    {COLUMN_VALUE, S0(""), S0("thuc hien")},
    {COLUMN_VALUE, S0(""), S0("value")},
    {COLUMN_VALUE, S0(""), S0("amount")},
    {COLUMN_SOURCE, S0("Nguồn"), S0("nguon")},
    {COLUMN_SOURCE, S0(""), S0("nguon so lieu")},
    {COLUMN_SOURCE, S0(""), S0("source")},
    {COLUMN_STATE, S0("Tạm tính"), S0("tam tinh")},
    {COLUMN_STATE, S0(""), S0("uoc")},
    {COLUMN_STATE, S0(""), S0("so bo")},
    {COLUMN_STATE, S0(""), S0("tinh trang")},
    {COLUMN_STATE, S0(""), S0("tinh trang so lieu")},
    {COLUMN_STATE, S0(""), S0("provisional")},
    {COLUMN_STATE, S0(""), S0("state")},
    {COLUMN_METHOD, S0("Cách tính"), S0("cach tinh")},
    {COLUMN_METHOD, S0(""), S0("phuong phap")},
    {COLUMN_METHOD, S0(""), S0("method")},
    {COLUMN_EVIDENCE, S0("Căn cứ"), S0("can cu")},
    {COLUMN_EVIDENCE, S0(""), S0("minh chung")},
    {COLUMN_EVIDENCE, S0(""), S0("evidence")},
    {COLUMN_REASON, S0("Lý do"), S0("ly do")},
    {COLUMN_REASON, S0(""), S0("ly do sua")},
    {COLUMN_REASON, S0(""), S0("reason")},
    {COLUMN_REPORT, S0("Báo cáo"), S0("bao cao")},
    {COLUMN_REPORT, S0(""), S0("report")},
    {COLUMN_PASSED, S0("TT"), S0("tt")},
    {COLUMN_PASSED, S0(""), S0("stt")},
    {COLUMN_PASSED, S0(""), S0("ten")},
    {COLUMN_PASSED, S0(""), S0("name")},
    {COLUMN_PASSED, S0(""), S0("ten chi tieu")},
    {COLUMN_PASSED, S0(""), S0("ten phan to")},
    {COLUMN_PASSED, S0(""), S0("ten dia ban")},
    {COLUMN_PASSED, S0(""), S0("ten don vi")},
    {COLUMN_PASSED, S0(""), S0("ten dia ban/don vi")},
    {COLUMN_PASSED, S0(""), S0("don vi tinh")},
    {COLUMN_PASSED, S0(""), S0("unit")},
    {COLUMN_PASSED, S0(""), S0("ky truoc")},
    {COLUMN_PASSED, S0(""), S0("gia tri ky truoc")},
    {COLUMN_PASSED, S0(""), S0("ghi chu")},
    {COLUMN_PASSED, S0(""), S0("note")},
};

enum value_column value_heading(struct ctx *c, struct str cell)
{
    struct str folded = str_trim(viet_fold_text(c->arena, cell));
    for (size_t i = 0; i < sizeof headings / sizeof *headings; i++)
        if (str_eq(folded, headings[i].word))
            return headings[i].column;
    return COLUMN_UNKNOWN;
}

struct str value_heading_name(enum value_column column)
{
    for (size_t i = 0; i < sizeof headings / sizeof *headings; i++)
        if (headings[i].column == column && headings[i].name.n)
            return headings[i].name;
    return S("");
}

static bool one_of(struct str s, const struct str *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(s, words[i]))
            return true;
    return false;
}
#define ONE_OF(s, words) one_of((s), (words), sizeof(words) / sizeof *(words))

bool value_is_none(struct ctx *c, struct str cell)
{
    static const struct str words[] = {S0("-"),
                                       S0("--"),
                                       S0("---"),
                                       S0("..."),
                                       S0(".."),
                                       S0("…"),
                                       S0("x"),
                                       S0(":"),
                                       S0("n/a"),
                                       S0("na"),
                                       S0("chua co"),
                                       S0("khong co"),
                                       S0("chua co so lieu"),
                                       S0("khong co so lieu"),
                                       S0("khong phat sinh"),
                                       S0("kxd")};
    return ONE_OF(str_trim(viet_fold_text(c->arena, cell)), words);
}

bool value_state_word(struct ctx *c, struct str cell, bool *ret_provisional)
{
    static const struct str provisional[] = {S0("x"),   S0("co"),       S0("yes"),   S0("1"),        S0("true"),
                                             S0("uoc"), S0("uoc tinh"), S0("so bo"), S0("tam tinh"), S0("provisional")},
                            official[] = {S0("khong"), S0("no"),         S0("0"),
                                          S0("false"), S0("chinh thuc"), S0("official")};
    struct str folded = str_trim(viet_fold_text(c->arena, cell));
    bool is = ONE_OF(folded, provisional);
    if (folded.n && !is && !ONE_OF(folded, official))
        return false;
    if (folded.n)
        *ret_provisional = is;
    return true;
}

/* --- periods --- */

static int roman(struct str s)
{
    static const struct str numbers[] = {S0("i"), S0("ii"), S0("iii"), S0("iv")};
    for (int i = 0; i < 4; i++)
        if (str_eq(s, numbers[i]))
            return i + 1;
    return 0;
}

static int small_number(struct str s, int max)
{
    int64_t v;
    return s.n && s.n <= 2 && s.p[0] != '-' && str_i64(s, &v) && v >= 1 && v <= max ? (int)v : 0;
}

static int32_t months(struct str year, int first, int n)
{
    int64_t y;
    int32_t from;
    if (year.n != 4 || !str_i64(year, &y) || !first || !day_from_date((int)y, first, 1, &from))
        return 0;
    return period_code((struct period){from, day_month_end((int)y, first + n - 1)});
}

/* "q3", "t5", "s1": the letter, and the number behind it. */
static int lettered(struct str s, char letter, int max)
{
    return s.n > 1 && s.p[0] == letter ? small_number(str_skip(s, 1), max) : 0;
}

/* Words without the year that ends them. */
static int32_t of_words(const struct str *w, size_t n, struct str year)
{
    struct str first = w[0], last = w[n - 1];
    if (n == 1 && str_eq(first, S("nam")))
        return months(year, 1, 12);
    if (n == 1 && small_number(first, 12))
        return months(year, small_number(first, 12), 1);
    if (n == 1 && lettered(first, 'q', 4))
        return months(year, lettered(first, 'q', 4) * 3 - 2, 3);
    if (n == 1 && lettered(first, 't', 12))
        return months(year, lettered(first, 't', 12), 1);
    if (n == 2 && str_eq(first, S("thang")))
        return months(year, small_number(last, 12), 1);
    if (n == 2 && str_eq(first, S("quy"))) {
        int quarter = roman(last) ? roman(last) : small_number(last, 4);
        return quarter ? months(year, quarter * 3 - 2, 3) : 0;
    }
    if (n < 2 || n > 3 || !str_eq(w[1], S("thang")))
        return 0;
    bool second = n == 3 && str_eq(last, S("cuoi"));
    if (n == 3 && !second && !str_eq(last, S("dau")))
        return 0;
    int part = small_number(first, 9);
    return part == 6 ? months(year, second ? 7 : 1, 6) : part == 9 && !second ? months(year, 1, 9) : 0;
}

int32_t value_period_typed(struct ctx *c, struct str s)
{
    struct period p;
    struct str words[6];
    size_t n = 0, at = 0;
    int32_t day;
    int y, m, d;
    s = str_trim(s);
    if (period_parse(s, &p))
        return period_code(p);
    if (day_parse(s, &day)) { /* what a spreadsheet makes of "5/2026" */
        day_to_date(day, &y, &m, &d);
        return d == 1 ? period_code((struct period){day, day_month_end(y, m)}) : 0;
    }
    if (s.n > 64)
        return 0;
    struct str folded = viet_fold_text(c->arena, s);
    for (size_t i = 0; i < folded.n; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789 /-.,", folded.p[i]))
            return 0;
    while (n < sizeof words / sizeof *words && viet_word(folded, &at, &words[n]))
        n++;
    if (n < 2)
        return 0;
    struct str year = words[--n];
    if (n > 1 && str_eq(words[n - 1], S("nam"))) /* "quý 3 năm 2026", "6 tháng đầu năm 2026" */
        n--;
    return of_words(words, n, year);
}
