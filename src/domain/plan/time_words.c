#include "domain/plan/time_words.h"

#include <string.h>

#include "base/banned.h"

enum { LIST_MAX = 32 };

static bool is_letter(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static struct str token_text(const struct words *w, const struct token *t)
{
    return str_slice(w->folded.s, t->from, t->to);
}

/* Length of the token at `i` of the folded text, its kind in `ret`. */
static size_t token_length(struct str s, size_t i, char *ret)
{
    size_t n = i + 1;
    if (is_letter(s.p[i])) {
        *ret = WORD;
        while (n < s.n && is_letter(s.p[n]))
            n++;
        /* "QuýIV/2026", "QII/2026": the numeral is a word of its own. */
        size_t head = n - i > 3 && memcmp(s.p + i, "quy", 3) == 0 ? 3 : s.p[i] == 'q' && n - i > 1 ? 1 : 0;
        size_t k = i + head;
        while (head && k < n && (s.p[k] == 'i' || s.p[k] == 'v'))
            k++;
        return head && k == n ? head : n - i;
    }
    if (is_digit(s.p[i])) {
        *ret = NUMBER;
        while (n < s.n && is_digit(s.p[n]))
            n++;
        return n - i;
    }
    if ((unsigned char)s.p[i] >= 0x80) {
        *ret = WORD_OTHER;
        while (n < s.n && (unsigned char)s.p[n] >= 0x80)
            n++;
        return n - i;
    }
    *ret = s.p[i];
    return 1;
}

static uint32_t number_value(struct str s)
{
    uint32_t v = 0;
    for (size_t i = 0; i < s.n && v < 100000000; i++)
        v = v * 10 + (uint32_t)(s.p[i] - '0');
    return v;
}

void words_read(struct ctx *c, struct str text, int plan_year, bool find, struct words *ret)
{
    struct words w = {.folded = viet_fold(c->arena, text), .plan_year = plan_year, .find = find};
    struct str s = w.folded.s;
    char kind;
    for (size_t i = 0; i < s.n; i += s.p[i] == ' ' ? 1 : token_length(s, i, &kind))
        w.n += s.p[i] != ' ';
    w.v = NEWN(c->arena, struct token, w.n + 1);
    size_t n = 0, quote = SIZE_MAX;
    for (size_t i = 0; i < s.n;) {
        if (s.p[i] == ' ') {
            i++;
            continue;
        }
        size_t length = token_length(s, i, &kind);
        struct token *t = &w.v[n];
        *t = (struct token){.from = (uint32_t)i,
                            .to = (uint32_t)(i + length),
                            .kind = kind,
                            .first = s.p[i],
                            .glued = i > 0 && s.p[i - 1] != ' '};
        if (kind == NUMBER)
            t->value = number_value(str_slice(s, i, i + length));
        if (kind == ';')
            quote = SIZE_MAX;
        if (kind == '"' && quote != SIZE_MAX) {
            for (size_t k = quote + 1; k < n; k++)
                w.v[k].quoted = true;
            quote = SIZE_MAX;
        } else if (kind == '"') {
            quote = n;
        }
        n++;
        i += length;
    }
    w.v[n] = (struct token){.from = (uint32_t)s.n, .to = (uint32_t)s.n, .kind = WORD_END};
    *ret = w;
}

size_t words_match_from(const struct words *w, size_t i, const char *phrase)
{
    const char *p = phrase;
    for (size_t n = 0;; n++) {
        const char *end = strchr(p, ' ');
        size_t length = end ? (size_t)(end - p) : strlen(p);
        struct str word = token_text(w, word_at(w, i + n));
        if (word.n != length || memcmp(word.p, p, length) != 0)
            return 0;
        if (!end)
            return n + 1;
        p = end + 1;
    }
}

size_t words_any(const struct words *w, size_t i, const char *const *phrases)
{
    size_t best = 0;
    for (char letter = word_at(w, i)->first; letter && *phrases; phrases++) {
        size_t n = **phrases == letter ? words_match(w, i, *phrases) : 0;
        if (n > best)
            best = n;
    }
    return best;
}

size_t words_number(const struct words *w, size_t i, unsigned *ret)
{
    static const char *const names[] = {"mot", "hai", "ba",   "bon",  "",         "sau",
                                        "bay", "tam", "chin", "muoi", "muoi mot", "muoi hai"};
    if (word_digits(w, i)) {
        *ret = word_at(w, i)->value;
        return i + 1;
    }
    for (unsigned k = sizeof names / sizeof *names; k--;) {
        size_t n = *names[k] ? words_match(w, i, names[k]) : 0;
        if (!n || (k == 5 && !words_match(w, i + 1, "thang")))
            continue;
        *ret = k + 1;
        return i + n;
    }
    return 0;
}

size_t words_roman(const struct words *w, size_t i, unsigned *ret)
{
    static const char *const numerals[] = {"i", "ii", "iii", "iv"};
    for (unsigned k = 0; k < 4; k++)
        if (words_match(w, i, numerals[k])) {
            *ret = k + 1;
            return i + 1;
        }
    return 0;
}

/* A date as written: what is not written is 0. `part` 1 to 3: the beginning, middle or end of the unit. */
struct date {
    enum date_unit unit;
    unsigned year, n, day; /* n: month, quarter, or how many months */
    unsigned part;
    bool bare, bad;
};

static bool is_mark(const struct words *w, size_t i, const char *marks)
{
    char kind = word_at(w, i)->kind;
    return kind != WORD_END && kind != WORD && kind != NUMBER && strchr(marks, kind);
}

static bool is_glued(const struct words *w, size_t i)
{
    return word_at(w, i)->glued;
}

/* Four digits that may be a year, and are not the head of "2.026.000" or a percentage. */
static bool is_year(const struct words *w, size_t i)
{
    if (word_digits(w, i) != 4 || word_at(w, i)->value < 1900 || word_at(w, i)->value > 2099)
        return false;
    if (is_mark(w, i + 1, "%"))
        return false;
    return !(is_mark(w, i + 1, ".,") && is_glued(w, i + 1) && is_glued(w, i + 2) && word_digits(w, i + 2) == 3);
}

static void take_year(const struct words *w, size_t i, struct date *d)
{
    d->year = word_at(w, i)->value;
    if (!is_year(w, i))
        d->bad = true;
}

/* The year after a month or quarter that ends before `i`, if it is given: "/2026", "-2026", " năm 2026", ", năm 2026",
 * " 2026". The index after it, or `i`. */
static size_t year_after(const struct words *w, size_t i, struct date *d)
{
    static const char *const joins[] = {"nam", ", nam", "cua nam", "trong nam", NULL};
    size_t n = words_any(w, i, joins);
    if (n && word_digits(w, i + n) >= 3) {
        take_year(w, i + n, d);
        return i + n + 1;
    }
    if (is_mark(w, i, "/") && word_digits(w, i + 1) >= 3) {
        take_year(w, i + 1, d);
        return i + 2;
    }
    if (is_mark(w, i, "-.") && is_year(w, i + 1) && (is_mark(w, i, "-") || is_glued(w, i + 1))) {
        take_year(w, i + 1, d);
        return i + 2;
    }
    if (is_year(w, i)) {
        take_year(w, i, d);
        return i + 1;
    }
    return i;
}

/* "ngày 30/6/2026", "ngày 30 tháng 6 năm 2026", "ngày 30/6", "ngày 15". */
static size_t named_day_at(const struct words *w, size_t i, struct date *d)
{
    if (!words_match(w, i, "ngay") || !word_digits(w, i + 1) || word_digits(w, i + 1) > 2)
        return 0;
    d->unit = DATE_DAY_OF_MONTH;
    d->day = word_at(w, i + 1)->value;
    size_t at = i + 2;
    if (words_match(w, at, "thang") && word_digits(w, at + 1) && word_digits(w, at + 1) <= 2) {
        d->unit = DATE_DAY;
        d->n = word_at(w, at + 1)->value;
        return year_after(w, at + 2, d);
    }
    bool slash = is_mark(w, at, "/");
    unsigned digits = word_digits(w, at + 1);
    if (!is_mark(w, at, "/-.") || !digits || digits > 2)
        return at;
    /* "ngày 5-10/6" is from the 5th to the 10th. */
    if (!slash && (!is_glued(w, at) || !is_glued(w, at + 1) || is_mark(w, at + 2, "/")))
        return at;
    d->unit = DATE_DAY;
    d->n = word_at(w, at + 1)->value;
    char mark = word_at(w, at)->kind;
    if (word_at(w, at + 2)->kind == mark && word_digits(w, at + 3) == 2 && is_glued(w, at + 3)) {
        d->year = 2000 + word_at(w, at + 3)->value;
        return at + 4;
    }
    if (word_at(w, at + 2)->kind == mark && word_digits(w, at + 3) >= 3) {
        take_year(w, at + 3, d);
        return at + 4;
    }
    return words_match(w, at + 2, "nam") ? year_after(w, at + 2, d) : at + 2;
}

/* "tháng 6", "tháng 6/2026", "tháng sáu năm 2026", "T6/2026". */
static size_t month_at(const struct words *w, size_t i, struct date *d)
{
    static const char *const months[] = {"gieng", "hai", "ba",   "tu",   "nam",      "sau",
                                         "bay",   "tam", "chin", "muoi", "muoi mot", "muoi hai"};
    d->unit = DATE_MONTH;
    if (words_match(w, i, "t")) {
        size_t at = is_mark(w, i + 1, ".") ? i + 2 : i + 1;
        if (!word_digits(w, at) || word_digits(w, at) > 2 || !is_glued(w, at) || !is_mark(w, at + 1, "/-."))
            return 0;
        d->n = word_at(w, at)->value;
        size_t end = year_after(w, at + 1, d);
        return d->year || words_match(w, at + 2, "t") ? end : 0; /* "T5-T12/2026" */
    }
    if (!words_match(w, i, "thang"))
        return 0;
    if (word_digits(w, i + 1) && word_digits(w, i + 1) <= 2 && !is_mark(w, i + 2, "%")) {
        d->n = word_at(w, i + 1)->value;
        return year_after(w, i + 2, d);
    }
    /* In words only with a year: "tháng sau", "tháng tư", "tháng, năm" say other things as well. */
    for (unsigned k = 12; k--;) {
        size_t n = words_match(w, i + 1, months[k]);
        if (!n || !words_match(w, i + 1 + n, "nam") || !is_year(w, i + 2 + n))
            continue;
        d->n = k + 1;
        return year_after(w, i + 1 + n, d);
    }
    return 0;
}

/* "quý II/2026", "quý 2 năm 2026", "Q3/2026", and in a cell "II/2026". */
static size_t quarter_at(const struct words *w, size_t i, struct date *d)
{
    d->unit = DATE_QUARTER;
    bool full = words_match(w, i, "quy"), is_short = words_match(w, i, "q");
    size_t at = full || is_short ? i + 1 : i;
    if (is_short && is_mark(w, at, "."))
        at++;
    if (is_short && !is_glued(w, at))
        return 0;
    if (!full && !is_short && (w->find || (i > 0 && !is_mark(w, i - 1, ";,("))))
        return 0;
    size_t spelt = full && !word_digits(w, at) ? words_number(w, at, &d->n) : 0;
    if (full && words_match(w, at, "tu")) {
        d->n = 4;
        spelt = at + 1;
    }
    if (spelt) /* only with a year: "quý ba", "quý từ" say other things as well */
        return words_match(w, spelt, "nam") && is_year(w, spelt + 1) ? year_after(w, spelt, d) : 0;
    if (!words_roman(w, at, &d->n)) {
        if (words_match(w, at, "v"))
            d->n = 5;
        else if ((full || is_short) && word_digits(w, at) && word_digits(w, at) <= 2 && !is_mark(w, at + 1, "%"))
            d->n = word_at(w, at)->value;
        else
            return 0;
    }
    size_t end = year_after(w, at + 1, d);
    bool listed = is_short && d->n <= 4 && is_mark(w, end, "-,") && words_match(w, end + 1, "q"); /* "Q1, Q2/2026" */
    if ((!full || d->n > 4 || d->n == 0) && !d->year && !listed)
        return 0;
    return end;
}

/* "6 tháng đầu năm 2026", "9 tháng năm 2026", "nửa cuối năm", "30 tháng 6 năm 2026". */
static size_t months_at(const struct words *w, size_t i, struct date *d)
{
    static const char *const first[] = {"thang dau nam", "thang dau cua nam", "thang cua nam", NULL};
    static const char *const last[] = {"thang cuoi nam", "thang cuoi cua nam", NULL};
    size_t n;
    if ((n = words_match(w, i, "nua dau nam")) || (n = words_match(w, i, "nua cuoi nam"))) {
        d->unit = words_match(w, i + 1, "dau") ? DATE_FIRST_MONTHS : DATE_LAST_MONTHS;
        d->n = 6;
    } else {
        size_t at = words_number(w, i, &d->n);
        if (!at || !words_match(w, at, "thang"))
            return 0;
        if (word_digits(w, at + 1) && word_digits(w, at + 1) <= 2 && word_digits(w, i) && word_digits(w, i) <= 2) {
            static const char *const numbered[] = {"tuan", "dot", "ky", "lan", "giai doan", NULL};
            struct date month = {0};
            size_t end = month_at(w, at, &month);
            if (!end || (i > 0 && words_any(w, i - 1, numbered))) /* "tuần 2 tháng 6" */
                return 0;
            *d = month;
            d->day = word_at(w, i)->value;
            d->unit = DATE_DAY;
            return end;
        }
        d->unit = DATE_FIRST_MONTHS;
        if ((n = words_any(w, at, last)))
            d->unit = DATE_LAST_MONTHS;
        else if (!(n = words_any(w, at, first)) && words_match(w, at, "thang nam") && is_year(w, at + 2))
            n = 2;
        if (!n || d->n < 1 || d->n > 11)
            return 0;
        i = at;
    }
    if (word_digits(w, i + n) >= 3) {
        take_year(w, i + n, d);
        n++;
    }
    return i + n;
}

/* "2026-06-30", "2026-06", "2026". */
static size_t year_first_at(const struct words *w, size_t i, struct date *d)
{
    unsigned b = word_digits(w, i + 2), e = word_digits(w, i + 4);
    char mark = word_at(w, i + 1)->kind;
    bool tight = is_glued(w, i + 1) && is_glued(w, i + 2);
    bool tight_all = tight && is_glued(w, i + 3) && is_glued(w, i + 4);
    if (!is_year(w, i))
        return 0;
    d->year = word_at(w, i)->value;
    if ((mark == '-' || mark == '/') && word_at(w, i + 3)->kind == mark && tight_all && b && b <= 2 && e && e <= 2) {
        d->unit = DATE_DAY;
        d->n = word_at(w, i + 2)->value;
        d->day = word_at(w, i + 4)->value;
        return i + 5;
    }
    if (mark == '-' && tight && b == 2 && word_at(w, i + 2)->value <= 12 && !is_mark(w, i + 3, "%/-")) {
        d->unit = DATE_MONTH;
        d->n = word_at(w, i + 2)->value;
        return i + 3;
    }
    d->unit = DATE_YEAR;
    d->bare = true;
    return i + 1;
}

/* "30/6/2026", "2026-06-30", "6/2026", "30/6", "2026". */
static size_t digits_at(const struct words *w, size_t i, struct date *d)
{
    unsigned a = word_digits(w, i), b = word_digits(w, i + 2), e = word_digits(w, i + 4);
    char mark = word_at(w, i + 1)->kind;
    bool tight = is_glued(w, i + 1) && is_glued(w, i + 2);
    bool tight_all = tight && is_glued(w, i + 3) && is_glued(w, i + 4);
    if (!a || a > 4 || a == 3)
        return 0;
    if (a == 4)
        return year_first_at(w, i, d);
    if (mark == '-' && b && b <= 2 && is_mark(w, i + 3, "/") && e && e <= 2 && is_mark(w, i + 5, "/")) {
        d->unit = DATE_DAY_OF_MONTH; /* "01 - 30/6/2026" */
        d->day = word_at(w, i)->value;
        return i + 1;
    }
    if (word_at(w, i)->value == 24 && mark == '/' && word_at(w, i + 2)->value == 7 && !is_mark(w, i + 3, "/"))
        return 0; /* day and night */
    if (!is_mark(w, i + 1, "/-.") || !b || (mark != '/' && !tight))
        return 0;
    if (b <= 2 && word_at(w, i + 3)->kind == mark && e >= 2 && (mark == '/' || tight_all)) {
        d->unit = DATE_DAY;
        d->day = word_at(w, i)->value;
        d->n = word_at(w, i + 2)->value;
        if (e == 2)
            d->year = 2000 + word_at(w, i + 4)->value;
        else
            take_year(w, i + 4, d);
        return i + 5;
    }
    if (is_year(w, i + 2) && (mark == '/' || word_at(w, i + 2)->value >= 2000)) {
        d->unit = DATE_MONTH;
        d->n = word_at(w, i)->value;
        d->year = word_at(w, i + 2)->value;
        return i + 3;
    }
    if (mark == '/' && b >= 3) { /* "12/3026" */
        d->unit = DATE_MONTH;
        d->bad = true;
        return i + 3;
    }
    if (mark != '/' || b > 2 || is_mark(w, i + 3, "%"))
        return 0;
    d->unit = DATE_DAY;
    d->day = word_at(w, i)->value;
    d->n = word_at(w, i + 2)->value;
    d->bare = true;
    return words_match(w, i + 3, "nam") ? year_after(w, i + 3, d) : i + 3;
}

static size_t year_at(const struct words *w, size_t i, struct date *d)
{
    d->unit = DATE_YEAR;
    if (!words_match(w, i, "nam"))
        return 0;
    static const char *const whole[] = {"trong", "ca", NULL};
    if (words_match(w, i + 1, "nay"))
        return i + 2;
    char next = word_at(w, i + 1)->kind;
    if (!w->find && i > 0 && words_any(w, i - 1, whole) && next != WORD && next != NUMBER)
        return i + 1;
    if (word_digits(w, i + 1) < 3)
        return 0;
    take_year(w, i + 1, d);
    return i + 2;
}

static size_t whole_date_at(const struct words *w, size_t i, struct date *d)
{
    size_t (*const readers[])(const struct words *, size_t, struct date *) = {named_day_at, month_at,  quarter_at,
                                                                              months_at,    digits_at, year_at};
    for (size_t k = 0; k < sizeof readers / sizeof *readers; k++) {
        *d = (struct date){0};
        size_t end = readers[k](w, i, d);
        if (end)
            return end;
    }
    return 0;
}

static size_t date_at(const struct words *w, size_t i, struct date *d)
{
    static const char *const parts[][4] = {
        {"dau", "thuong tuan", NULL}, {"giua", "trung tuan", NULL}, {"cuoi", "ha tuan", NULL}};
    for (unsigned k = 0; k < 3; k++) {
        size_t n = words_any(w, i, parts[k]);
        if (!n)
            continue;
        size_t at = i + n;
        if (!words_match(w, at, "nam") && !words_match(w, at, "quy") && !words_match(w, at, "thang"))
            return 0;
        size_t end = whole_date_at(w, at, d);
        if (!end && words_match(w, at, "nam") && !words_match(w, at + 1, "hoc")) {
            *d = (struct date){.unit = DATE_YEAR};
            end = at + 1;
        }
        d->part = k + 1;
        return end;
    }
    return whole_date_at(w, i, d);
}

/* First and last month of a date that is not a day. */
static void date_months(const struct date *d, int *ret_first, int *ret_last)
{
    int n = (int)d->n;
    switch (d->unit) {
    case DATE_QUARTER:
        *ret_first = n * 3 - 2 + (d->part > 1 ? (int)d->part - 1 : 0);
        *ret_last = d->part ? *ret_first : n * 3;
        break;
    case DATE_FIRST_MONTHS:
        *ret_first = 1;
        *ret_last = n;
        break;
    case DATE_LAST_MONTHS:
        *ret_first = 13 - n;
        *ret_last = 12;
        break;
    case DATE_YEAR: /* "đầu năm" is its first quarter, "giữa năm" June, "cuối năm" its last quarter */
        *ret_first = d->part == 2 ? 6 : d->part == 3 ? 10 : 1;
        *ret_last = d->part == 1 ? 3 : d->part == 2 ? 6 : 12;
        break;
    default:
        *ret_first = *ret_last = n;
    }
}

static bool date_days(const struct date *d, int32_t *ret_start, int32_t *ret_due)
{
    if (d->bad || d->unit == DATE_DAY_OF_MONTH)
        return false;
    int year = d->year ? (int)d->year : 2024; /* without a year: is there such a day in any year? */
    int32_t start, due;
    if (d->unit == DATE_DAY) {
        if (!day_from_date(year, (int)d->n, (int)d->day, &start))
            return false;
        due = start;
    } else {
        int first, last;
        if (d->unit == DATE_QUARTER && (d->n < 1 || d->n > 4))
            return false;
        date_months(d, &first, &last);
        if (!day_from_date(year, first, 1, &start) || last < first || last > 12)
            return false;
        due = day_month_end(year, last);
        if (d->unit == DATE_MONTH && d->part) { /* "đầu tháng" to the 10th, "giữa tháng" to the 20th */
            due = d->part == 3 ? due : start + (int32_t)d->part * 10 - 1;
            start += ((int32_t)d->part - 1) * 10;
        }
    }
    *ret_start = d->year ? start : DAY_NONE;
    *ret_due = d->year ? due : DAY_NONE;
    return true;
}

/* "II" after "quý I,", "6" after "tháng 3 -", "30" after "2026-". */
static size_t short_date_at(const struct words *w, size_t i, const struct date *before, bool range, struct date *d)
{
    static const char *const follow[] = {"nam", "hang", "va", "den", "moi", "cua", "hoac", "thang", NULL};
    *d = (struct date){.unit = before->unit};
    unsigned digits = word_digits(w, i);
    if (before->unit == DATE_YEAR && range && digits == 2 && is_glued(w, i) && is_glued(w, i - 1) &&
        !is_mark(w, i + 1, "%/-") && word_at(w, i)->value > before->year % 100) {
        d->year = before->year / 100 * 100 + word_at(w, i)->value;
        return i + 1;
    }
    if (before->unit == DATE_QUARTER && !words_roman(w, i, &d->n)) {
        if (digits != 1 || word_at(w, i)->value < 1 || word_at(w, i)->value > 4)
            return 0;
        d->n = word_at(w, i)->value;
    } else if (before->unit == DATE_MONTH) {
        if (!digits || digits > 2 || word_at(w, i)->value < 1 || word_at(w, i)->value > 12)
            return 0;
        d->n = word_at(w, i)->value;
    } else if (before->unit == DATE_DAY_OF_MONTH) {
        if (!digits || digits > 2 || !words_match(w, i + 1, "thang") || !word_digits(w, i + 2))
            return 0;
        struct date month = {0};
        size_t end = month_at(w, i + 1, &month);
        *d = month;
        d->unit = DATE_DAY;
        d->day = word_at(w, i)->value;
        return end;
    } else if (before->unit != DATE_QUARTER) {
        return 0;
    }
    if (word_at(w, i + 1)->kind == WORD && !words_any(w, i + 1, follow))
        return 0;
    if (is_mark(w, i + 1, "%"))
        return 0;
    return year_after(w, i + 1, d);
}

static bool is_listable(enum date_unit a, enum date_unit b)
{
    return a == b || (a == DATE_DAY_OF_MONTH && b == DATE_DAY) ||
           ((a == DATE_FIRST_MONTHS || a == DATE_LAST_MONTHS) && (b == DATE_FIRST_MONTHS || b == DATE_LAST_MONTHS));
}

/* The next date of a list or range. `*range` is set if it is a range. */
static size_t next_date(const struct words *w, size_t i, const struct date *before, bool *range, struct date *d)
{
    static const char *const to[] = {"-",           "den",   "den het", "toi",       "toi het", "cho den",
                                     "cho den het", "- den", "- het",   "- den het", NULL};
    static const char *const also[] = {",", "va", ", va", "hoac", "&", "+", NULL};
    size_t n = words_any(w, i, to);
    if (!n && before->unit == DATE_YEAR) { /* "2026/2027", "2026 → 2030", "2026...2030" */
        n = words_match(w, i, ". . .") ? 3 : is_mark(w, i, "/~") ? 1 : 0;
        n = n && is_year(w, i + n) ? n : 0;
    }
    bool is_range = n;
    if (!n && !(n = words_any(w, i, also)))
        return 0;
    size_t at = i + n;
    if (is_range && words_match(w, at, "giai doan"))
        at += 2;
    size_t end =
        before->unit == DATE_QUARTER ? short_date_at(w, at, before, is_range, d) : 0; /* the 4 of "quý 3-4/2026" */
    if (end) {
        *range = is_range;
        return end;
    }
    end = date_at(w, at, d);
    bool fits = end && (is_range ? d->unit == before->unit || d->year || d->bad || before->unit == DATE_DAY_OF_MONTH
                                 : is_listable(before->unit, d->unit));
    if (!fits && !(end = short_date_at(w, at, before, is_range, d)))
        return 0;
    *range = is_range;
    return end;
}

/* Give every date the year (and the day its month) that the next one carries, else the one before, else the plan's. */
static void fill_years(const struct words *w, struct date *v, size_t n, struct span *ret)
{
    for (size_t k = n - 1; k-- > 0;) {
        if (v[k].unit == DATE_DAY_OF_MONTH && v[k + 1].unit == DATE_DAY) {
            v[k].unit = DATE_DAY;
            v[k].n = v[k + 1].n;
        }
        if (!v[k].year && v[k + 1].year) {
            int32_t a, b, x;
            v[k].year = v[k + 1].year;
            /* "tháng 11 - tháng 3/2027" begins the year before. */
            if (ret->range && date_days(&v[k], &a, &x) && date_days(&v[k + 1], &b, &x) && a > b)
                v[k].year--;
        }
    }
    for (size_t k = 1; k < n; k++)
        if (!v[k].year && v[k - 1].year)
            v[k].year = v[k - 1].year;
    ret->yearless = !v[0].year;
    if (!ret->yearless || w->plan_year < 1900 || w->plan_year > 2099)
        return;
    for (size_t k = 0; k < n; k++)
        v[k].year = (unsigned)w->plan_year;
    int32_t a, b, x;
    if (ret->range && date_days(&v[n - 2], &a, &x) && date_days(&v[n - 1], &b, &x) && a > b)
        v[n - 1].year++; /* "tháng 11 - tháng 3" */
}

/* Skip "giai đoạn", "giai đoạn 1 (", "nhiệm kỳ", "các" before a date. */
static size_t leader_at(const struct words *w, size_t i, bool *ret_school)
{
    static const char *const leaders[] = {"giai doan", "thoi ky", "nhiem ky", "nam hoc", "nien khoa", NULL};
    static const char *const several[] = {"cac nam", "nhung nam", "cac quy", "cac thang", NULL};
    size_t n = words_any(w, i, leaders);
    if (!n)
        return words_any(w, i, several) ? 1 : 0;
    *ret_school = words_match(w, i, "nam hoc") || words_match(w, i, "nien khoa");
    unsigned number;
    if (words_match(w, i, "giai doan") &&
        (words_roman(w, i + n, &number) || (word_digits(w, i + n) == 1 && !is_mark(w, i + n + 1, "/-."))))
        n++;
    return n + (is_mark(w, i + n, "(:") ? 1 : 0);
}

size_t span_at(const struct words *w, size_t i, struct span *ret)
{
    struct date v[LIST_MAX];
    struct span s = {.start = DAY_NONE, .due = DAY_NONE, .last_start = DAY_NONE, .items = 1};
    bool school = false;
    size_t lead = leader_at(w, i, &school), n = 1;
    size_t end = date_at(w, i + lead, &v[0]);
    if (!end)
        return 0;
    s.led = lead > 1;
    s.bare = v[0].bare && !lead;
    while (n < LIST_MAX && !s.range) {
        size_t at = next_date(w, end, &v[n - 1], &s.range, &v[n]);
        if (!at)
            break;
        s.items += !s.range;
        s.bare = s.bare && v[n].bare && v[n].unit == DATE_DAY;
        end = at;
        n++;
    }
    if (words_match(w, end, "den nay") || words_match(w, end, "- nay")) {
        s.past = true;
        end += 2;
    }
    fill_years(w, v, n, &s);
    s.unit = v[n - 1].unit;
    s.late = v[n - 1].part == 3;
    for (size_t k = 0; k < n; k++) {
        int32_t start, due;
        if (!date_days(&v[k], &start, &due) || (k > 0 && start != DAY_NONE && start < s.last_start)) {
            s.bad = s.unit != DATE_DAY_OF_MONTH;
            s.start = s.due = s.last_start = DAY_NONE;
            break;
        }
        s.start = k ? s.start : start;
        s.last_start = start;
        s.due = due;
    }
    if (school && s.range && !s.bad && s.start != DAY_NONE) { /* a school year: September to August */
        int first, last, month, day;
        day_to_date(s.start, &first, &month, &day);
        day_to_date(s.due, &last, &month, &day);
        s.bad = first >= last || !day_from_date(first, 9, 1, &s.start) || !day_from_date(last, 8, 31, &s.due);
        if (s.bad)
            s.start = s.due = DAY_NONE;
    }
    *ret = s;
    return end;
}
