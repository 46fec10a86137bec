#include "domain/plan/time_phrase.h"

#include <string.h>

#include "base/banned.h"

static bool is_mark(const struct words *w, size_t i, const char *marks)
{
    char kind = word_at(w, i)->kind;
    return kind != WORD_END && kind != WORD && kind != NUMBER && strchr(marks, kind);
}

static bool is_glued(const struct words *w, size_t i)
{
    return word_at(w, i)->glued;
}

bool sentence_ends_at(const struct words *w, size_t i)
{
    return is_mark(w, i, ".") && !(i + 1 < w->n && is_glued(w, i + 1)) && !(i > 0 && is_mark(w, i - 1, "."));
}

static bool clause_ends_at(const struct words *w, size_t i)
{
    if (i >= w->n || is_mark(w, i, ";:()") || sentence_ends_at(w, i))
        return true;
    if (is_mark(w, i, ","))
        return !(is_glued(w, i) && is_glued(w, i + 1) && word_digits(w, i + 1));
    return words_match(w, i, "dong thoi") != 0;
}

static size_t clause_end(const struct words *w, size_t i)
{
    while (!clause_ends_at(w, i))
        i++;
    return i;
}

static bool segment_starts_at(const struct words *w, size_t i)
{
    return i == 0 || is_mark(w, i - 1, ";:") || sentence_ends_at(w, i - 1);
}

/* --- what is never a schedule --- */

static const char *const document_nouns[] = {
    "de an",      "ke hoach", "chuong trinh", "chien luoc", "quy hoach", "nghi quyet", "nghi dinh",
    "quyet dinh", "chi thi",  "ket luan",     "thong tu",   "luat",      "cong van",   "thong bao",
    "to trinh",   "quy che",  "quy dinh",     "bao cao",    "du an",     "danh muc",   "van ban",
    "huong dan",  "dai hoi",  "de cuong",     "kien truc",  "du toan",   NULL};

/* "57-NQ/TW", "71/NQ-CP", "09/2019/NĐ-CP", "Số: 13/KH-UBND": the index after it, or 0. */
static size_t symbol_at(const struct words *w, size_t i)
{
    static const char *const units[] = {"nam", "lan", "quy", "thang", "tuan", "ngay", "den", "nguoi", "ho",
                                        "van", "t",   "q",   "i",     "ii",   "iii",  "iv",  NULL};
    if (!word_digits(w, i))
        return 0;
    size_t at = i + 1;
    if (is_mark(w, at, "/") && word_digits(w, at + 1) == 4 && is_glued(w, at) && is_glued(w, at + 1))
        at += 2;
    bool slash = is_mark(w, at, "/");
    if (!is_mark(w, at, "/-") || !is_glued(w, at) || !is_glued(w, at + 1) || word_at(w, at + 1)->kind != WORD ||
        words_any(w, at + 1, units))
        return 0;
    at += 2;
    size_t more = 0;
    while (is_mark(w, at, "/-") && is_glued(w, at) && is_glued(w, at + 1) && word_at(w, at + 1)->kind == WORD) {
        at += 2;
        more++;
    }
    if (slash || more)
        return word_digits(w, at) && is_glued(w, at) ? at + 1 : at; /* "71/2025/QH15" */
    static const char *const types[] = {"nq", "qd", "kh", "kl", "ct", "ctr", "cv",
                                        "tb", "bc", "hd", "qc", "nd", "ttr", NULL};
    return words_any(w, i + 2, types) ? at : 0;
}

/* "Quyết định số 12/2026": a number without its letters. */
static size_t numbered_at(const struct words *w, size_t i)
{
    size_t n = words_any(w, i, document_nouns);
    if (!n || !words_match(w, i + n, "so") || !word_digits(w, i + n + 1))
        return 0;
    size_t at = i + n + 2, symbol = symbol_at(w, i + n + 1);
    if (symbol)
        return symbol;
    while (is_mark(w, at, "/-.") && is_glued(w, at) && word_digits(w, at + 1) && is_glued(w, at + 1))
        at += 2;
    return at;
}

/* A date that belongs to no schedule and follows `i`: "tầm nhìn đến năm 2045", "so với năm 2025". */
static size_t aside_at(const struct words *w, size_t i)
{
    static const char *const heads[] = {"tam nhin",       "dinh huong", "so voi",      "so cung ky",
                                        "so voi cung ky", "muc tieu",   "co hieu luc", NULL};
    static const char *const joins[] = {"den", "toi",     "den het", "cho den", "den moc", "cuoi",
                                        "vao", "cung ky", "thang",   "tu",      "ke tu",   NULL};
    size_t n = words_any(w, i, heads);
    if (!n)
        return 0;
    size_t at = i + n;
    if (!words_match(w, at, "thang"))
        at += words_any(w, at, joins);
    struct span span;
    return span_at(w, at, &span);
}

static void hide(struct words *w, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        w->v[i].hidden = true;
}

/* Document numbers, the dates after them, and asides. */
static void hide_documents(struct words *w)
{
    static const char *const before_date[] = {"truoc", "den",  "toi", "vao", "trong", "tu",
                                              "sau",   "nhat", "qua", "het", "han",   NULL};
    struct span span;
    for (size_t i = 0; i < w->n;) {
        size_t end = symbol_at(w, i);
        if (!end)
            end = numbered_at(w, i);
        if (end) {
            size_t at = is_mark(w, end, ",(") ? end + 1 : end;
            size_t date = words_match(w, at, "ngay") ? span_at(w, at, &span) : 0;
            end = date ? date : end;
        } else {
            end = aside_at(w, i);
        }
        if (!end && words_match(w, i, "ngay") && !(i > 0 && words_any(w, i - 1, before_date))) {
            end = span_at(w, i, &span);
            if (end && (!words_match(w, end, "cua") || span.unit != DATE_DAY || span.yearless))
                end = 0;
        }
        if (end)
            hide(w, i, end);
        i = end ? end : i + 1;
    }
}

/* --- what comes back --- */

struct item {
    unsigned months; /* between two times; 0: weeks or days */
    bool marked;     /* says by itself that it comes back */
    bool half_named; /* "6 tháng đầu năm": a date, unless in company */
    size_t to;
};

/* "năm", "quý", "tháng", "tuần", "ngày" as months; the index after it. */
static size_t unit_at(const struct words *w, size_t i, unsigned *ret_months)
{
    static const struct {
        const char *word;
        unsigned months;
    } units[] = {{"nua nam", 6}, {"nam", 12}, {"quy", 3}, {"thang", 1}, {"tuan", 0}, {"ngay", 0}};
    for (size_t k = 0; k < sizeof units / sizeof *units; k++) {
        size_t n = words_match(w, i, units[k].word);
        if (n) {
            *ret_months = units[k].months;
            return i + n;
        }
    }
    return 0;
}

/* "6 tháng", "một năm": months and the index after it. */
static size_t interval_at(const struct words *w, size_t i, unsigned *ret_months)
{
    unsigned n, months;
    size_t at = words_number(w, i, &n);
    size_t end = at ? unit_at(w, at, &months) : 0;
    if (!end || n == 0 || n > 120)
        return 0;
    *ret_months = n * months;
    return end;
}

/* "2 lần": the number and the index after it. */
static size_t times_at(const struct words *w, size_t i, unsigned *ret)
{
    size_t at = words_number(w, i, ret);
    return at && *ret && words_match(w, at, "lan") ? at + 1 : 0;
}

/* Does a unit that ends before `i` belong to a date ("hàng năm 2026", "hàng quý II") rather than come back? */
static bool names_date(const struct words *w, size_t i)
{
    unsigned n;
    return words_roman(w, i, &n) || (word_digits(w, i) && !times_at(w, i, &n));
}

static bool marked_at(const struct words *w, size_t i, struct item *ret)
{
    static const char *const every[] = {"hang", "moi", "tung", "dinh ky hang", NULL};
    static const char *const goods[] = {"khach", "ngan", "don", "mat", "cua",  "nha",
                                        "xep",   "giao", "dat", "ban", "nhap", NULL};
    static const char *const once[] = {"/ lan", "mot lan", "/ mot lan", NULL};
    static const char *const per[] = {"/", "moi", "mot", "trong", "trong mot", "hang", "tren", NULL};
    static const char *const quarter_ends[] = {
        "thang cuoi quy",    "thang cuoi cua quy",      "thang cuoi moi quy",    "thang dau quy",
        "thang dau cua quy", "thang cuoi cung cua quy", "thang cuoi hang quy",   "cuoi moi quy",
        "cuoi hang quy",     "thang cuoi cua moi quy",  "thang dau cua moi quy", NULL};
    static const char *const month_ends[] = {"cuoi moi thang", "cuoi hang thang", "dau moi thang", NULL};
    unsigned months, n;
    size_t k, end;
    ret->marked = true;
    if ((k = words_any(w, i, quarter_ends)) || (k = words_any(w, i, month_ends)) ||
        (k = words_match(w, i, "thuong nien"))) {
        ret->months = words_any(w, i, quarter_ends) ? 3 : words_any(w, i, month_ends) ? 1 : 12;
        ret->to = i + k;
        return true;
    }
    if ((k = words_any(w, i, every))) {
        if (!(end = unit_at(w, i + k, &months)))
            end = interval_at(w, i + k, &months);
        if (!end || names_date(w, end))
            return false;
        if (words_match(w, i, "hang") && i > 0 && words_any(w, i - 1, goods))
            return false;
        if (w->find && months == 0) /* "đời sống hằng ngày", "mới ngày càng" */
            return false;
        size_t times = times_at(w, end, &n);
        ret->months = times && months >= n ? months / n : months;
        ret->to = times ? times : end;
        return true;
    }
    if ((end = words_match(w, i, "nua nam") ? i + 2 : interval_at(w, i, &months))) {
        if (words_match(w, i, "nua nam"))
            months = 6;
        if ((k = words_any(w, end, once)) || (k = times_at(w, end, &n)) ||
            (is_mark(w, end, "/") && (k = times_at(w, end + 1, &n)))) {
            ret->months = months;
            ret->to = words_any(w, end, once) ? end + words_any(w, end, once) : k;
            return true;
        }
    }
    if ((end = times_at(w, i, &n))) {
        k = words_any(w, end, per);
        size_t number = word_digits(w, end + k) ? 1 : 0;
        if (k && (end = unit_at(w, end + k + number, &months)) && !names_date(w, end)) {
            ret->months = months >= n ? months / n : 0;
            ret->to = end;
            return true;
        }
    }
    return false;
}

/* A unit that comes back only because of its company: "quý" in "định kỳ quý", "năm" in "6 tháng, năm". */
static bool unmarked_at(const struct words *w, size_t i, struct item *ret)
{
    static const char *const not_quarter[] = {"dinh", "che", "hoach", "mo",  "trinh",   "chuan",  "tac",
                                              "luat", "doi", "khach", "bau", "co quan", "dau tu", NULL};
    static const char *const half[] = {"dau nam", "cuoi nam", "dau nam va cuoi nam", NULL};
    static const char *const anchored[] = {"ke tu", "sau", "tu ngay", "tu khi", "tinh tu", NULL};
    *ret = (struct item){0};
    size_t end = interval_at(w, i, &ret->months);
    if (end) {
        if (words_any(w, end, anchored) || names_date(w, end))
            return false;
        size_t k = ret->months < 12 ? words_any(w, end, half) : 0;
        if (k && names_date(w, end + k))
            return false;
        ret->to = end + k;
        ret->half_named = k > 0;
        return true;
    }
    size_t at =
        words_match(w, i, "ca nam") || words_match(w, i, "cuoi nam") || words_match(w, i, "tong ket nam") ? i + 1 : i;
    if (!(end = unit_at(w, at, &ret->months)) || names_date(w, end))
        return false;
    ret->to = end;
    return !words_match(w, at, "ngay") && !(ret->months == 3 && words_any(w, end, not_quarter));
}

static enum time_kind kind_of_months(unsigned months)
{
    if (months == 0)
        return TIME_CONTINUOUS; /* weekly, daily: there is no class for it, and nothing to wait for */
    if (months == 1)
        return TIME_MONTHLY;
    if (months <= 3)
        return TIME_QUARTERLY;
    if (months <= 6)
        return TIME_HALF_YEARLY;
    return months <= 12 ? TIME_YEARLY : TIME_EVENT; /* "2 năm một lần", "5 năm": not every year */
}

static size_t list_mark(const struct words *w, size_t i)
{
    static const char *const marks[] = {",", "va", ", va", "hoac", ", hoac", "/", "-", "va ca", NULL};
    return words_any(w, i, marks);
}

enum { RECURRING_MAX = 12 };

/* "định kỳ hằng quý, 6 tháng, năm". */
static size_t recurring_at(struct ctx *c, const struct words *w, size_t i, struct phrases *list)
{
    static const char *const heads[] = {"dinh ky", "dinh ky theo", "theo dinh ky", "dinh ky vao", NULL};
    static const char *const by[] = {"truoc", "cham nhat", "muon nhat", NULL};
    size_t head = words_any(w, i, heads), old = list->n, n = 0;
    if (!head && !w->find && segment_starts_at(w, i) && words_match(w, i, "theo"))
        head = 1;
    bool sure = words_any(w, i, heads) > 0, half = false, named = false;
    size_t at = i + head, end = 0;
    while (n < RECURRING_MAX) {
        struct item it = {0};
        if (!marked_at(w, at, &it)) {
            bool may = (head || n || interval_at(w, at, &it.months) || (i > 1 && words_match(w, i - 2, "bao cao")) ||
                        (!w->find && segment_starts_at(w, i)));
            if (!may || !unmarked_at(w, at, &it))
                break;
        }
        sure = sure || it.marked;
        half = half || it.months == 6;
        named = it.half_named;
        n++;
        end = it.to;
        if (it.months != 9 || n == 1) { /* nine months stand for a cut between 6 and 12 */
            struct phrase *p = PUSH(c->arena, list);
            *p = (struct phrase){.from = at,
                                 .to = it.to,
                                 .kind = kind_of_months(it.months),
                                 .start = DAY_NONE,
                                 .due = DAY_NONE,
                                 .joined = list->n > old + 1};
        }
        size_t mark = list_mark(w, end);
        if (!mark)
            break;
        at = end + mark;
    }
    bool whole_cell = !w->find && n && (clause_ends_at(w, end) || list_mark(w, end));
    bool reported = i > 1 && words_match(w, i - 2, "bao cao");
    bool takes = n && (sure || (n >= 2 && whole_cell) || (reported && words_any(w, end, by)) || (half && n >= 2) ||
                       (half && whole_cell && !named) || (whole_cell && head) || (half && reported));
    if (!takes) {
        list->n = old;
        return 0;
    }
    list->v[old].from = i;
    return end;
}

/* --- dates and what stands before and after them --- */

enum {
    BEFORE = 1,
    UNTIL = 2,
    WITHIN = 4,
    FROM = 8,
    AFTER = 16,
    ALONG = 32, /* "trong suốt năm 2026" */
    TO = 64,    /* a plain "đến" */
    FILLER = 128,
};

static const struct modifier {
    const char *phrase;
    unsigned flags;
} modifiers[] = {
    {"truoc", BEFORE},
    {"truoc thoi diem", BEFORE},
    {"truoc moc", BEFORE},
    {"truoc khi het", UNTIL},
    {"truoc khi ket thuc", UNTIL},
    {"cham nhat", UNTIL},
    {"muon nhat", UNTIL},
    {"khong qua", UNTIL},
    {"khong muon hon", UNTIL},
    {"khong cham hon", UNTIL},
    {"toi da", UNTIL},
    {"han cuoi", UNTIL},
    {"han chot", UNTIL},
    {"thoi han", UNTIL},
    {"den", TO},
    {"toi", TO},
    {"cho den", TO},
    {"cho toi", TO},
    {"tinh den", TO},
    {"den het", UNTIL},
    {"toi het", UNTIL},
    {"cho den het", UNTIL},
    {"het", UNTIL},
    {"xong trong", WITHIN},
    {"trong", WITHIN},
    {"ngay trong", WITHIN},
    {"trong thoi gian", WITHIN},
    {"trong khoang", WITHIN},
    {"vao", WITHIN},
    {"vao dip", WITHIN},
    {"trong suot", ALONG},
    {"suot", ALONG},
    {"trong ca", ALONG},
    {"ca", ALONG},
    {"tu", FROM},
    {"ke tu", FROM},
    {"tinh tu", FROM},
    {"bat dau tu", FROM},
    {"bat dau vao", FROM},
    {"bat dau", FROM},
    {"bat dau trong", FROM},
    {"khoi dong tu", FROM},
    {"khoi dong", FROM},
    {"khoi cong", FROM},
    {"khoi cong tu", FROM},
    {"khoi cong vao", FROM},
    {"khoi cong trong", FROM},
    {"ket thuc", UNTIL},
    {"ket thuc vao", UNTIL},
    {"ket thuc trong", UNTIL},
    {"sau", AFTER},
    {"tu sau", AFTER},
    {"tu nay", UNTIL},
    {"la", FILLER},
    {"khoang", FILLER},
    {"du kien", FILLER},
    {"moc", FILLER},
    {"thoi diem", FILLER},
    {"hoan thanh", FILLER},
    {"xong", FILLER},
    {"cuoi cung", FILLER},
    {":", FILLER},
};

static size_t modifier_at(const struct words *w, size_t i, unsigned *flags)
{
    const struct token *first = word_at(w, i);
    char letter = first->kind == WORD_END ? 0 : w->folded.s.p[first->from];
    size_t best = 0;
    unsigned found = 0;
    for (size_t k = 0; k < sizeof modifiers / sizeof *modifiers; k++) {
        size_t n = *modifiers[k].phrase == letter ? words_match(w, i, modifiers[k].phrase) : 0;
        if (n > best) {
            best = n;
            found = modifiers[k].flags;
        }
    }
    *flags = found;
    return best;
}

/* "17 giờ 00", "17h00", "17:00": a deadline before an hour of a day is that day. */
static size_t hour_at(const struct words *w, size_t i)
{
    if (!word_digits(w, i) || word_digits(w, i) > 2)
        return 0;
    size_t at = i + 1;
    if (!words_match(w, at, "gio") && !words_match(w, at, "h") && !words_match(w, at, "g") && !is_mark(w, at, ":"))
        return 0;
    at++;
    at += word_digits(w, at) && word_digits(w, at) <= 2 ? 1 : 0;
    at += words_match(w, at, "phut");
    at += is_mark(w, at, ",") ? 1 : 0;
    return words_match(w, at, "ngay") ? at : 0;
}

/* "và những năm tiếp theo", "trở đi": the index after it, or 0. */
static size_t open_end_at(const struct words *w, size_t i)
{
    static const char *const on[] = {"tro di", "ve sau", "tro ve sau", "va ve sau", "va tro di", NULL};
    static const char *const go_on[] = {"tiep tuc",  "tiep tuc thuc hien", "tiep tuc trien khai", "duy tri",
                                        "thuc hien", "trien khai",         "duy tri thuc hien",   NULL};
    static const char *const within[] = {"trong",     "cho",         "o",       "vao",       "cac", "nhung",
                                         "trong cac", "trong nhung", "cho cac", "cho nhung", NULL};
    static const char *const units[] = {"nam", "quy", "thang", "giai doan", "thoi gian", "ky", NULL};
    static const char *const next[] = {"tiep theo", "sau",     "sau do", "tiep sau", "toi",
                                       "ke tiep",   "con lai", "tiep",   NULL};
    size_t n = words_any(w, i, on);
    if (n)
        return i + n;
    size_t at = i + (is_mark(w, i, ",") ? 1 : 0);
    at += words_match(w, at, "va");
    if (at == i)
        return 0;
    at += words_any(w, at, go_on);
    at += words_any(w, at, within);
    if (!(n = words_any(w, at, units)))
        return 0;
    at += n;
    return (n = words_any(w, at, next)) ? at + n : 0;
}

/* "những năm tiếp theo duy trì …", at the head of a clause. */
static size_t following_at(struct ctx *c, const struct words *w, size_t i, struct phrases *list)
{
    static const char *const heads[] = {"cac nam tiep theo",   "nhung nam tiep theo",
                                        "cac nam sau",         "nhung nam sau",
                                        "cac nam ke tiep",     "nhung nam ke tiep",
                                        "giai doan tiep theo", "cac giai doan tiep theo",
                                        "nam tiep theo",       NULL};
    bool starts = segment_starts_at(w, i) || words_match(w, i - 1, "trong") || is_mark(w, i - 1, ",") ||
                  words_match(w, i - 1, "tu") || words_match(w, i - 1, "va");
    size_t n = starts && !w->find ? words_any(w, i, heads) : 0;
    if (!n)
        return 0;
    *PUSH(c->arena, list) =
        (struct phrase){.from = i, .to = i + n, .kind = TIME_FROM, .start = DAY_NONE, .due = DAY_NONE, .follows = true};
    return i + n;
}

/* "2026 doanh nghiệp" is no year. */
static bool is_counted(const struct words *w, size_t i)
{
    static const char *const things[] = {"doanh", "nguoi",    "ty",   "trieu",   "dong",    "nghin", "ngan",
                                         "lao",   "ho",       "ha",   "km",      "m",       "kw",    "mw",
                                         "tan",   "san",      "hoc",  "can",     "luot",    "co so", "thue",
                                         "may",   "may tinh", "diem", "dich vu", "thu tuc", NULL};
    return words_any(w, i, things) != 0;
}

/* In a number or a date that began before `i`? */
static bool is_inside_number(const struct words *w, size_t i)
{
    return i >= 2 && word_digits(w, i) && is_glued(w, i) && is_mark(w, i - 1, ".,/-") && is_glued(w, i - 1) &&
           word_digits(w, i - 2);
}

/* The class of a date with its modifiers. */
static void judge_span(const struct span *s, unsigned flags, bool open, struct phrase *p)
{
    p->start = p->due = DAY_NONE;
    if (s->bad) {
        p->kind = TIME_NONE;
    } else if (flags & BEFORE) {
        p->kind = TIME_DEADLINE;
        p->due = s->last_start == DAY_NONE ? DAY_NONE : s->late ? s->due : s->last_start - 1;
    } else if (flags & UNTIL || (flags & TO && !(flags & FROM))) {
        p->kind = TIME_DEADLINE;
        p->due = s->due;
    } else if (flags & AFTER) {
        p->kind = TIME_FROM;
        p->start = s->due == DAY_NONE ? DAY_NONE : s->due + 1;
    } else if (open || (flags & FROM && !s->range)) {
        p->kind = TIME_FROM;
        p->start = s->start;
    } else if (s->range || s->items > 1 || flags & ALONG) {
        p->kind = TIME_PERIOD;
        p->start = s->start;
        p->due = s->due;
    } else {
        p->kind = TIME_DEADLINE;
        p->due = s->due;
    }
    p->yearless = s->yearless;
    p->bound = !s->yearless &&
               (p->kind == TIME_PERIOD || p->kind == TIME_FROM || (p->kind == TIME_DEADLINE && s->unit == DATE_YEAR));
}

/* "31/12 hằng năm", "ngày 15 hằng tháng", "tháng 6 và tháng 12 hằng năm": the class it makes, or TIME_NONE. */
static size_t recurring_after(const struct words *w, size_t end, const struct span *s, enum time_kind *ret)
{
    size_t at = end + (is_mark(w, end, "(,") ? 1 : 0);
    at += words_match(w, at, "cua");
    struct item it;
    if (!marked_at(w, at, &it))
        return 0;
    unsigned times = s->unit != DATE_YEAR && !s->range ? s->items : 1;
    *ret = kind_of_months(it.months == 12 && times > 1 && times <= 12 ? 12 / times : it.months);
    return it.to;
}

struct title {
    size_t at; /* the token after the last document noun; SIZE_MAX if none holds */
};

static bool is_title_date(const struct words *w, const struct title *t, size_t i, const struct span *s, unsigned flags)
{
    if (word_at(w, i)->quoted)
        return true;
    if (flags & ~(unsigned)(TO | FILLER) || (flags & TO && s->unit != DATE_YEAR))
        return false;
    if (s->led && (words_match(w, i, "nhiem ky") || words_match(w, i, "nien khoa")))
        return true;
    if (t->at == SIZE_MAX)
        return false;
    return s->unit == DATE_YEAR || t->at == i || (i > 0 && words_match(w, i - 1, "tac") && t->at + 2 == i);
}

/* A date with what stands around it. */
static size_t dated_at(struct ctx *c, const struct words *w, size_t i, const struct title *title, struct phrases *list)
{
    struct span s;
    unsigned flags = 0, one;
    size_t at = i, end = is_inside_number(w, i) ? 0 : span_at(w, i, &s), n;
    for (int k = 0; !end && k < 5; k++) {
        if (!(n = modifier_at(w, at, &one)) || (k == 0 && one == FILLER))
            break;
        flags |= one;
        at += n;
        if ((n = hour_at(w, at))) {
            flags = (flags & ~(unsigned)BEFORE) | UNTIL;
            at = n;
        }
        end = span_at(w, at, &s);
    }
    if (!end || word_at(w, at)->hidden)
        return 0;
    enum time_kind again = TIME_NONE;
    size_t back = s.yearless || s.unit == DATE_DAY_OF_MONTH ? recurring_after(w, end, &s, &again) : 0;
    struct phrase p = {.from = i, .to = back ? back : end};
    if (back) {
        p.kind = s.bad ? TIME_NONE : again;
        p.start = p.due = DAY_NONE;
        *PUSH(c->arena, list) = p;
        return p.to;
    }
    if (s.unit == DATE_DAY_OF_MONTH || (s.bad && w->find))
        return 0;
    if (s.past)
        return end;
    bool day = s.unit == DATE_DAY;
    if (s.bare && !s.range && s.items == 1) {
        bool alone = !w->find && (i == 0 || clause_ends_at(w, i - 1)) && clause_ends_at(w, end);
        if (!flags && !(day ? alone : !w->find))
            return 0;
        if (!day && is_counted(w, end))
            return 0;
    }
    size_t open = open_end_at(w, end);
    judge_span(&s, flags, open != 0, &p);
    p.to = open ? open : end;
    p.weak = is_title_date(w, title, i, &s, flags);
    *PUSH(c->arena, list) = p;
    return p.to;
}

/* --- the rest --- */

/* "20 ngày sau khi …", "trong vòng 30 ngày kể từ ngày …", "sau 12 tháng". */
static size_t relative_at(struct ctx *c, const struct words *w, size_t i, struct phrases *list)
{
    static const char *const before[] = {"trong vong",
                                         "trong thoi han",
                                         "trong thoi gian",
                                         "trong",
                                         "sau",
                                         "khong qua",
                                         "cham nhat",
                                         "cham nhat sau",
                                         "cham nhat la",
                                         "muon nhat",
                                         "muon nhat sau",
                                         "toi da",
                                         "sau thoi gian",
                                         "trong khoang",
                                         "trong toi da",
                                         "trong thoi gian toi da",
                                         "trong khoang thoi gian",
                                         "truoc",
                                         "trong vong khong qua",
                                         "chi sau",
                                         NULL};
    static const char *const after[] = {"sau khi", "sau ngay",  "ke tu",        "tu khi", "tu ngay",
                                        "tinh tu", "truoc khi", "truoc ngay",   "sau ky", "sau hoi nghi",
                                        "sau moi", "tu luc",    "sau ket thuc", NULL};
    size_t k = words_any(w, i, before);
    unsigned number, months;
    size_t at = words_number(w, i + k, &number);
    size_t end = at ? words_match(w, at, "gio") ? at + 1 : unit_at(w, at, &months) : 0;
    if (!end || is_inside_number(w, i) || word_digits(w, i + k) > 3)
        return 0;
    if (words_match(w, end, "lam viec"))
        end += 2;
    if (names_date(w, end) || words_match(w, end, "dau nam") || words_match(w, end, "cuoi nam"))
        return 0;
    bool anchored = words_any(w, end, after) != 0;
    bool alone = !w->find && segment_starts_at(w, i) && clause_ends_at(w, end);
    struct span span;
    if (is_mark(w, end, "(:") && span_at(w, end + 1, &span)) /* "03 năm (2026-2028)" */
        return 0;
    if (i > 1 && words_match(w, i - 2, "bao cao"))
        return 0;
    if (!k && !anchored && !alone)
        return 0;
    if (anchored)
        end = clause_end(w, end);
    *PUSH(c->arena, list) =
        (struct phrase){.from = i, .to = end, .kind = TIME_RELATIVE, .start = DAY_NONE, .due = DAY_NONE};
    return end;
}

static size_t continuous_at(struct ctx *c, const struct words *w, size_t i, struct phrases *list)
{
    static const char *const always[] = {"thuong xuyen",
                                         "thuong xuyen , lien tuc",
                                         "thuong xuyen va lien tuc",
                                         "quanh nam",
                                         "nhiem vu thuong xuyen",
                                         "trong suot qua trinh",
                                         "suot nam",
                                         "thuong xuyen lien tuc",
                                         "lien tuc , thuong xuyen",
                                         "thuong truc , thuong xuyen",
                                         NULL};
    static const char *const in_line[] = {"lien tuc", "lau dai", "xuyen suot", "thuong ky", "dai han", NULL};
    static const char *const not_after[] = {"chi", "phi", "sach", "khong", "toan", "nguon", NULL};
    size_t n = words_any(w, i, always);
    if (!n && !w->find)
        n = words_any(w, i, in_line);
    bool mild = false;
    if (!n && !w->find && (n = words_match(w, i, "dinh ky")))
        mild = true; /* it comes back, nobody says how often */
    if (!n || (i > 0 && words_any(w, i - 1, not_after) && !is_mark(w, i - 1, ",")))
        return 0;
    if (words_match(w, i, "thuong xuyen") && words_match(w, i + 2, "hon"))
        return 0;
    *PUSH(c->arena, list) = (struct phrase){
        .from = i, .to = i + n, .kind = TIME_CONTINUOUS, .start = DAY_NONE, .due = DAY_NONE, .mild = mild};
    return i + n;
}

static size_t event_at(struct ctx *c, const struct words *w, size_t i, struct phrases *list)
{
    static const char *const cues[] = {"ngay sau khi",
                                       "ngay khi",
                                       "sau khi",
                                       "khi co",
                                       "khi can",
                                       "khi phat sinh",
                                       "dot xuat",
                                       "theo chu ky",
                                       "giua va cuoi nhiem ky",
                                       "giua nhiem ky",
                                       "cuoi nhiem ky",
                                       "dau nhiem ky",
                                       "het nhiem ky",
                                       "giua ky",
                                       "dinh ky hoac dot xuat",
                                       "dinh ky va dot xuat",
                                       NULL};
    static const char *const in_line[] = {"ke tu ngay",  "ke tu khi", "tu ngay",           "tu khi",
                                          "ngay sau",    "khi duoc",  "khi trung uong",    "trong nhiem ky",
                                          "ca nhiem ky", "toan khoa", "trong ca nhiem ky", "den khi",
                                          "cho den khi", "truoc khi", "sau ngay",          NULL};
    static const char *const by[] = {"theo de nghi",
                                     "theo yeu cau",
                                     "theo ke hoach",
                                     "theo chi dao",
                                     "theo su chi dao",
                                     "theo tien do",
                                     "theo quy dinh",
                                     "theo lo trinh",
                                     "theo huong dan",
                                     "theo thoi gian",
                                     "theo thoi han",
                                     "theo nhiem vu",
                                     "theo tinh hinh",
                                     "theo thuc te",
                                     "theo chuong trinh",
                                     "theo phan cong",
                                     "theo tung giai doan",
                                     "theo tung thoi ky",
                                     "theo dot",
                                     "theo mua vu",
                                     "theo nhu cau",
                                     "theo su kien",
                                     NULL};
    static const char *const no_event[] = {"mat", "het", "day", "nay", "ngay", "thang", "quy", "nam", NULL};
    size_t n = words_any(w, i, cues);
    bool mild = false;
    /* "các nhiệm vụ đột xuất, cấp bách" says what they are, not when. */
    if (w->find && words_match(w, i, "dot xuat") &&
        !(i > 1 && (words_match(w, i - 2, "bao cao") || words_match(w, i - 1, "va") || words_match(w, i - 1, "hoac"))))
        n = 0;
    if (!n && !w->find) {
        bool starts = segment_starts_at(w, i);
        n = words_any(w, i, in_line);
        if (!n && (starts || is_mark(w, i - 1, ",")))
            n = words_match(w, i, "khi");
        if (!n && starts && words_match(w, i, "sau") && word_at(w, i + 1)->kind == WORD)
            n = 1;
        if (!n && starts && words_match(w, i, "truoc") && word_at(w, i + 1)->kind == WORD &&
            !words_any(w, i + 1, no_event))
            n = 1;
        if (!n && ((n = words_any(w, i, by)) || (starts && (n = words_match(w, i, "theo")))))
            mild = true;
    }
    if (!n)
        return 0;
    size_t end = mild ? i + n : clause_end(w, i + n);
    *PUSH(c->arena, list) =
        (struct phrase){.from = i, .to = end, .kind = TIME_EVENT, .start = DAY_NONE, .due = DAY_NONE, .mild = mild};
    return end;
}

/* A document's name begins after its noun and ends with the clause, or where somebody does something. */
static void follow_title(const struct words *w, size_t i, struct title *t)
{
    static const char *const acts[] = {"to chuc",   "trien khai", "thuc hien", "hoan thanh", "trinh", "ban hanh",
                                       "phe duyet", "nghiem thu", "dua vao",   "van hanh",   NULL};
    static const char *const this_one[] = {"nay", "tren", "noi tren", "neu tren", NULL};
    if (is_mark(w, i, ";:()") || sentence_ends_at(w, i) ||
        ((is_mark(w, i, ",") || words_match(w, i, "va")) && words_any(w, i + 1, acts)))
        t->at = SIZE_MAX;
    size_t n = words_any(w, i, document_nouns);
    if (n && !words_any(w, i + n, this_one))
        t->at = i + n;
}

void phrases_read(struct ctx *c, const struct words *words, struct phrases *ret)
{
    struct words w = *words;
    struct title title = {SIZE_MAX};
    *ret = (struct phrases){0};
    hide_documents(&w);
    for (size_t i = 0; i < w.n;) {
        follow_title(&w, i, &title);
        size_t end = 0;
        if (!w.v[i].hidden && (w.v[i].kind == WORD || w.v[i].kind == NUMBER)) {
            end = recurring_at(c, &w, i, ret);
            if (!end)
                end = dated_at(c, &w, i, &title, ret);
            if (!end)
                end = following_at(c, &w, i, ret);
            if (!end)
                end = relative_at(c, &w, i, ret);
            if (!end)
                end = event_at(c, &w, i, ret);
            if (!end)
                end = continuous_at(c, &w, i, ret);
        }
        while (++i < end)
            follow_title(&w, i, &title);
    }
}
