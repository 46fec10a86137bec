#include "domain/plan/quantity.h"

#include "domain/plan/quantity_words.h"

#include <math.h>
#include <string.h>

#include "base/banned.h"

/* Bounds that keep the work linear: a longer segment is no sentence, and nobody promises more in one. */
enum { PER_SEGMENT_MAX = 64, SEGMENT_MAX = 8000, SUBJECT_MAX = 400, TEXT_MAX = 1000 };

struct scan {
    struct ctx *c;
    const struct folded *f;
    struct str s;    /* f->s */
    size_t from, to; /* the segment */
    enum quantity_mode mode;
    struct quantities *ret;
    size_t first;          /* results before this segment */
    struct str comparator; /* carried over a list: "ít nhất 60 sản phẩm, 30 dự án" */
    int direction;         /* the same for "giảm" and "tăng" */
};

/* One number with what has been read around it. */
struct reading {
    struct number first, last; /* the same but for a range or a change */
    size_t start;              /* where the words that belong to it begin */
    size_t from;               /* where its comparator begins, or the number */
    struct str comparator, unit;
    struct str unit_folded;
    size_t unit_end;
    double times;
    struct quantity q;
};

static bool found_here(const struct scan *k)
{
    return k->ret->n > k->first;
}

/* --- numbers that count nothing -------------------------------------------------------------------------------------
 */

/* Glued to letters or signs: "57-NQ/TW", "5G", "12/2026", "QL1". */
static bool is_part_of_name(const struct scan *k, const struct number *n)
{
    static const char *const glued_units[] = {"gb",   "mb", "km",  "ha", "m2",     "m3", "mw", "gbps",
                                              "mbps", "kw", "kwh", "tb", "pflops", "kg", "tr", NULL};
    struct str s = k->s;
    if (n->from > 0 && (letter_at(s, n->from - 1) || strchr("/_#", s.p[n->from - 1]) ||
                        (strchr("-.:", s.p[n->from - 1]) && n->from > 1 &&
                         (letter_at(s, n->from - 2) || (s.p[n->from - 1] == ':' && digit_at(s, n->from - 2))))))
        return true;
    if (n->percent || n->to >= s.n)
        return false;
    if (letter_at(s, n->to))
        return !any_at(s, n->to, glued_units);
    char after = s.p[n->to];
    if (after == ':' && digit_at(s, n->to + 1))
        return true;
    if (after != '/' && after != '-')
        return false;
    if (after == '/' && digit_at(s, n->to + 1))
        return true;
    /* 57-NQ/TW, 15/KH-UBND */
    size_t i = n->to + 1;
    while (letter_at(s, i))
        i++;
    return i > n->to + 2 && i < s.n && s.p[i] == (after == '/' ? '-' : '/') && letter_at(s, i + 1);
}

/* What may stand before a number that only names something: "Nghị quyết 57", "khoản 2", "quý 3". */
static bool is_named_by_number(const struct scan *k, const struct number *n)
{
    static const struct {
        const char *word;
        double most; /* a greater number is no such number; 0: any */
    } before[] = {{"so", 0},         {"dieu", 0},       {"khoan", 0},        {"muc", 0},          {"phu luc", 0},
                  {"bieu", 0},       {"mau", 0},        {"chuong", 0},       {"phan", 0},         {"hinh", 0},
                  {"nghi quyet", 0}, {"quyet dinh", 0}, {"chi thi", 0},      {"ke hoach", 0},     {"de an", 0},
                  {"thong tu", 0},   {"nghi dinh", 0},  {"luat", 0},         {"ket luan", 0},     {"cong van", 0},
                  {"quy dinh", 0},   {"huong dan", 0},  {"thu", 0},          {"lan thu", 0},      {"khoa", 30},
                  {"cap do", 0},     {"muc do", 0},     {"lan", 30},         {"ngay", 31},        {"thang", 12},
                  {"quy", 4},        {"tcvn", 0},       {"iso", 0},          {"cong nghiep", 10}, {"phien ban", 0},
                  {"giai doan", 30}, {"the he", 0},     {"ky hop thu", 0},   {"dai hoi", 0},      {"windows", 0},
                  {"quoc lo", 0},    {"ql", 0},         {"cap", 4},          {"nhom", 0},         {"diem", 9},
                  {"loai", 9},       {"thong bao", 0},  {"chuong trinh", 0}, {"vung", 9},         {"tram", 0}};
    static const char *const counted[] = {"tong so",  "moi thang", "hang thang", "moi quy", "hang quy",
                                          "moi ngay", "hang ngay", "moi khoa",   "moi lan", "moi loai",
                                          "moi nhom", "moi diem",  "moi tram",   NULL};
    static const char *const reached[] = {"dat muc", "o muc", "den muc", "toi muc", "len muc", "duy tri muc", NULL};
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        size_t at = word_before(k->s, n->from, k->from, before[i].word);
        if (at == SIZE_MAX || (before[i].most > 0 && n->value > before[i].most))
            continue;
        if (any_before(k->s, n->from, k->from, counted) != SIZE_MAX ||
            any_before(k->s, n->from, k->from, reached) != SIZE_MAX)
            continue;
        if (strcmp(before[i].word, "nhom") == 0 && unit_noun(k->s, skip_blanks(k->s, n->to)) != SIZE_MAX)
            continue; /* "nhóm 5 nhiệm vụ" */
        return true;
    }
    return false;
}

/* "03 ngày làm việc" after "thời gian giải quyết không quá": a measure, not a term. */
static bool is_measured_time(const struct scan *k, const struct number *n)
{
    size_t ignored;
    return k->mode == QUANTITY_TARGET && comparator_before(k->s, n->from, k->from, &ignored).p &&
           (word_within(k->s, k->from, n->from, "thoi gian") || word_within(k->s, k->from, n->from, "trung binh") ||
            word_within(k->s, k->from, n->from, "thoi han"));
}

static bool counts_no_thing(const struct scan *k, const struct number *n)
{
    static const char *const terms[] = {"thang", "ngay", "gio", "phut", "giay", "tuan", NULL};
    static const char *const others[] = {"quy", "nam", "cua", "tai cho", "ro", "ben", "chieu", "sao", NULL};
    size_t next = skip_blanks(k->s, n->to);
    if (any_at(k->s, next, terms))
        return !is_measured_time(k, n);
    if (word_at(k->s, next, "tuoi"))
        return !word_within(k->s, k->from, n->from, "tuoi tho") && !word_within(k->s, k->from, n->from, "do tuoi");
    return any_at(k->s, next, others) || (word_at(k->s, next, "cap") && n->value <= 4);
}

static bool is_label_number(const struct scan *k, const struct number *n)
{
    if (is_part_of_name(k, n) || is_year(n, k->s))
        return true;
    if (n->percent)
        return false; /* "đạt mức 40%": a percentage is a quantity whatever stands before it */
    return is_named_by_number(k, n) || (k->mode != QUANTITY_CELL && counts_no_thing(k, n));
}

/* "70/129 xã": so many of so many. `*ret` is the whole. */
static bool fraction_at(const struct scan *k, const struct number *n, struct number *ret)
{
    struct str s = k->s;
    if (n->percent || n->to >= s.n || s.p[n->to] != '/' || n->to != n->from + strspn(s.p + n->from, "0123456789") ||
        !number_at(s, n->to + 1, ret) || ret->percent || is_year(ret, s) || ret->value < n->value || ret->value < 2)
        return false;
    if (n->from > 0 && (letter_at(s, n->from - 1) || strchr("/-.", s.p[n->from - 1])))
        return false;
    if (ret->to < s.n && (strchr("/-", s.p[ret->to]) || letter_at(s, ret->to)))
        return false;
    return k->mode == QUANTITY_CELL || unit_noun(s, skip_blanks(s, ret->to)) != SIZE_MAX;
}

/* The bracket that is open at `at`, or SIZE_MAX. */
static size_t open_bracket(const struct scan *k, size_t at)
{
    for (size_t i = at; i > k->from && at - i < 300; i--) {
        if (k->s.p[i - 1] == ')')
            return SIZE_MAX;
        if (k->s.p[i - 1] == '(')
            return i;
    }
    return SIZE_MAX;
}

/* In brackets: how it stands today, the same in another unit, the same again. Where it stands becomes the baseline. */
static bool is_aside(struct scan *k, const struct number *n)
{
    static const char *const today[] = {"hien nay", "hien tai", "hien", "nam truoc", "uoc", "thuc te", "cung ky", NULL};
    static const char *const again[] = {"tuong duong", "bang", "so voi", "dat", NULL};
    size_t open = open_bracket(k, n->from);
    if (word_before(k->s, n->from, k->from, "so voi") != SIZE_MAX ||
        word_before(k->s, n->from, k->from, "so voi muc") != SIZE_MAX) {
        if (found_here(k) && isnan(k->ret->v[k->ret->n - 1].baseline))
            k->ret->v[k->ret->n - 1].baseline = n->value;
        return true;
    }
    if (open == SIZE_MAX || !found_here(k))
        return false;
    struct quantity *last = &k->ret->v[k->ret->n - 1];
    size_t first = skip_blanks(k->s, open);
    if (any_at(k->s, first, today)) {
        if (isnan(last->baseline) && n->percent == (last->unit.n && last->unit.p[0] == '%'))
            last->baseline = n->value;
        return true;
    }
    if (any_at(k->s, first, again) || first == n->from)
        return true;
    return word_within(k->s, open, n->from, "da") || word_within(k->s, open, n->from, "tuong duong");
}

/* --- growth, ranges, changes
 * ------------------------------------------------------------------------------------------ */

/* "tăng", "tăng trưởng bình quân": +1; "giảm": -1; neither, or "giảm còn": 0. Looks back over at most a few words. */
static int growth_before(const struct scan *k, size_t at, size_t number)
{
    static const char *const passable[] = {
        "trung binh", "binh quan", "them",     "hang nam", "hang",       "nam",         "moi",        "it nhat",
        "toi thieu",  "tren",      "khoang",   "dat",      "toc do",     "tu",          "khong duoi", "khong thap hon",
        "bq",         "gdp",       "lien tuc", "chung",    "dan",        "duoc",        "la",         "hon",
        "muc",        ">",         "≥",        "o",        "hai con so", "ve so luong", "nhanh",      "manh",
        "doi voi",    "toi da",    NULL};
    static const char *const up[] = {"tang truong", "tang", "gap", NULL};
    static const char *const down[] = {"giam", "cat giam", NULL};
    static const char *const arrivals[] = {"con", "xuong", "len", "xuong con", NULL};
    size_t limit = k->from;
    for (int round = 0; round < 6; round++) {
        size_t rise = any_before(k->s, at, limit, up), fall = any_before(k->s, at, limit, down);
        if (rise != SIZE_MAX || fall != SIZE_MAX) {
            size_t verb = rise != SIZE_MAX ? rise : fall;
            for (const char *const *w = arrivals; *w; w++)
                if (word_within(k->s, verb, number, *w))
                    return 0;
            if (rise != SIZE_MAX && (word_before(k->s, rise, limit, "gia tri") != SIZE_MAX ||
                                     word_before(k->s, rise, limit, "ha") != SIZE_MAX ||
                                     word_before(k->s, rise, limit, "nen") != SIZE_MAX ||
                                     word_before(k->s, rise, limit, "gia tri gia") != SIZE_MAX))
                return 0; /* "giá trị tăng thêm", "hạ tầng", "nền tảng" */
            return rise != SIZE_MAX ? 1 : -1;
        }
        at = any_before(k->s, at, limit, passable);
        if (at == SIZE_MAX)
            return 0;
    }
    return 0;
}

/* "tốc độ tăng trưởng kinh tế số bình quân đạt trên 20%": the subject itself is a growth. */
static bool subject_is_growth(struct str folded)
{
    return str_has(folded, S("toc do tang")) || str_has(folded, S("muc tang")) ||
           str_has(folded, S("ty le tang truong")) ||
           (str_has(folded, S("tang truong")) && !str_has(folded, S("vao tang truong")) &&
            !str_has(folded, S("trong tang truong")));
}

/* "01 đến 02", "2-3", "30% -35%": the second number of a range, if one follows. */
static bool range_to(const struct scan *k, const struct number *first, struct number *ret)
{
    size_t i = skip_blanks(k->s, first->to), after;
    if (i < k->s.n && (k->s.p[i] == '-' || k->s.p[i] == '~'))
        after = i + 1;
    else if (word_at(k->s, i, "den"))
        after = i + 3;
    else if (str_starts(str_skip(k->s, i), S("÷")))
        after = i + 2;
    else
        return false;
    after = skip_blanks(k->s, after);
    if (!number_at(k->s, after, ret) || ret->to > k->to || is_year(ret, k->s) || ret->value < first->value)
        return false;
    return ret->percent || !first->percent;
}

/* "từ 30% (năm 2025) lên 50%": the number reached; `first` is then where it started. */
static bool change_to(const struct scan *k, const struct number *first, size_t first_from, struct number *ret)
{
    if (word_before(k->s, first_from, k->from, "tu") == SIZE_MAX)
        return false;
    static const char *const words[] = {"len den", "tang len", "len", "xuong con", "xuong duoi", "xuong", "con", NULL};
    static const char *const skips[] = {"tren", "toi thieu", "it nhat", "khoang", "duoi", NULL};
    size_t most = first->to + 60 < k->to ? first->to + 60 : k->to;
    for (size_t i = first->to; i < most; i++) {
        size_t length = i > 0 && letter_at(k->s, i - 1) ? 0 : any_at(k->s, i, words);
        if (!length)
            continue;
        size_t at = skip_blanks(k->s, i + length);
        at = skip_blanks(k->s, at + any_at(k->s, at, skips));
        return number_at(k->s, at, ret) && ret->to <= k->to && !is_year(ret, k->s);
    }
    return false;
}

/* --- ranks
 * ------------------------------------------------------------------------------------------------------------ */

static bool names_a_field(struct str s, size_t at)
{
    static const char *const places[] = {"tinh", "dia phuong", "thanh pho", "nuoc", "quoc gia", "don vi",
                                         "xa",   "co quan",    "so",        "bo",   NULL};
    return any_at(s, at, places);
}

/* "nhóm 10 tỉnh", "top 10", "trong 10 tỉnh dẫn đầu", "xếp thứ 5", "xếp hạng từ 10 trở lên". */
static bool is_rank(const struct scan *k, const struct number *n, size_t limit, size_t *ret_from)
{
    static const char *const before[] = {"nhom",     "top",      "xep thu",    "dung thu", "thu hang",
                                         "xep hang", "hang thu", "vi tri thu", "vi tri",   NULL};
    static const char *const between[] = {"tu",  "trong", "o",  "dat",        "thu", "so",
                                          "vao", "hang",  "la", "khong duoi", NULL};
    if (n->percent || n->value < 1 || n->value > 1000 || n->value != floor(n->value) || n->to - n->from > 4 ||
        is_year(n, k->s))
        return false;
    size_t next = skip_blanks(k->s, n->to), at = any_before(k->s, n->from, limit, before);
    for (size_t back = n->from, round = 0; at == SIZE_MAX && round < 3; round++) {
        back = any_before(k->s, back, limit, between);
        if (back == SIZE_MAX)
            break;
        at = any_before(k->s, back, limit, before);
    }
    struct str word = at == SIZE_MAX ? S("") : str_slice(k->s, at, n->from);
    if (at != SIZE_MAX && str_starts(word, S("nhom"))) {
        /* "nhóm 5 nhiệm vụ" is no rank; "nhóm 10", "nhóm 10 - 15 tỉnh" are. */
        struct number last;
        size_t noun = range_to(k, n, &last) ? skip_blanks(k->s, last.to) : next;
        static const char *const praise[] = {"dan dau", "dung dau",  "hang dau", "cao",         "tot",
                                             "kha",     "toan quoc", "ca nuoc",  "cua ca nuoc", NULL};
        if (letter_at(k->s, noun) && !names_a_field(k->s, noun) && !any_at(k->s, noun, praise))
            at = SIZE_MAX;
    }
    if (at != SIZE_MAX) {
        *ret_from = at;
        return true;
    }
    struct str rest = str_slice(k->s, next, next + 60 < k->to ? next + 60 : k->to);
    if (names_a_field(rest, 0) && (str_has(rest, S("dan dau")) || str_has(rest, S("dung dau")) ||
                                   str_has(rest, S("hang dau")) || str_has(rest, S("cao nhat")))) {
        *ret_from = n->from;
        return true;
    }
    return false;
}

/* --- by when, per year
 * ------------------------------------------------------------------------------------------------ */

/* The year that stands at `i`, as the end of what it begins ("2026 - 2030"); p == NULL if none or it is only compared
 * with. */
static struct str year_at(const struct scan *k, size_t i, size_t *ret_end)
{
    struct str none = {NULL, 0};
    struct number n, last;
    *ret_end = i + 4;
    if (!number_at(k->s, i, &n) || !is_year(&n, k->s))
        return none;
    static const char *const due[] = {"nam", "giai doan", "thoi ky", "nhiem ky", NULL};
    static const char *const since[] = {"so voi nam",       "so nam",  "tu nam",   "so voi", "so voi cuoi nam",
                                        "so voi giai doan", "hon nam", "bang nam", NULL};
    if (any_before(k->s, i, k->from, since) != SIZE_MAX)
        return none;
    if (any_before(k->s, i, k->from, due) == SIZE_MAX && !(i > 0 && k->s.p[i - 1] == '/'))
        return none;
    size_t dash = skip_blanks(k->s, n.to);
    if (dash < k->to && k->s.p[dash] == '-' && number_at(k->s, skip_blanks(k->s, dash + 1), &last) &&
        is_year(&last, k->s) && last.value > n.value) {
        *ret_end = last.to;
        return folded_original(k->f, last.from, last.to);
    }
    return folded_original(k->f, i, i + 4);
}

/* The year said right after the quantity ("50% vào năm 2026"), else the nearest before it, else the nearest after. */
static struct str year_near(const struct scan *k, size_t at, size_t end)
{
    struct str before = {NULL, 0}, after = {NULL, 0};
    for (size_t i = k->from; i + 4 <= k->to; i++) {
        if (!digit_at(k->s, i) || (i > 0 && digit_at(k->s, i - 1)))
            continue;
        size_t stop;
        struct str year = year_at(k, i, &stop);
        if (!year.p)
            continue;
        bool own = i >= end;
        for (size_t p = end; p < i && own; p++)
            own = !strchr(",(:", k->s.p[p]) && !digit_at(k->s, p) &&
                  !(k->s.p[p] == ' ' && str_starts(str_skip(k->s, p), S(" va ")));
        if (own)
            return year;
        if (i < at)
            before = year;
        else if (!after.p && i >= end)
            after = year;
        i = stop - 1;
    }
    return before.p ? before : after;
}

/* "/năm" belongs to the number it follows; "mỗi năm" to the whole segment. */
static bool is_per_year(const struct scan *k, const struct reading *r)
{
    static const char *const everywhere[] = {"moi nam", "hang nam"};
    static const char *const own[] = {"/nam", "/ nam", "binh quan nam", "mot nam", "tung nam"};
    for (size_t i = 0; i < sizeof everywhere / sizeof *everywhere; i++)
        if (word_within(k->s, k->from, k->to, everywhere[i]))
            return true;
    size_t reach = r->unit_end;
    while (reach < k->to && !digit_at(k->s, reach) && !strchr(";,", k->s.p[reach]))
        reach++;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (str_find(str_slice(k->s, 0, i < 2 ? reach : r->from), str_of(own[i]), i < 2 ? r->unit_end : r->start) !=
            SIZE_MAX)
            return true;
    /* "Số lượt người/năm đạt 500"; what stands before the comma belongs to the quantity before this one. */
    size_t from = r->start;
    while (from > k->from && from < r->from && !strchr(";,", k->s.p[from]))
        from++;
    return str_find(str_slice(k->s, 0, r->from), S("/nam"), from) != SIZE_MAX;
}

/* --- units and subjects
 * ----------------------------------------------------------------------------------------------- */

/* The unit after the number, as the document writes it; r->unit_end is where it stops. */
static struct str unit_after(const struct scan *k, struct reading *r)
{
    const struct number *n = &r->last;
    size_t from = skip_blanks(k->s, n->to);
    r->unit_end = n->to;
    if (n->percent) {
        bool regional = word_at(k->s, from, "grdp");
        if (!regional && !word_at(k->s, from, "gdp"))
            return S("%");
        r->unit_end = from + (regional ? 4 : 3);
        return regional ? S("% GRDP") : S("% GDP");
    }
    size_t noun = unit_noun(k->s, from);
    size_t end = noun != SIZE_MAX ? noun : phrase_end(k->s, from, k->to, 2);
    if (end > k->to)
        end = k->to;
    size_t whole = denominator(k->s, end);
    if (whole == end && noun != SIZE_MAX) {
        /* "sản phẩm OCOP/xã" */
        size_t longer = phrase_end(k->s, end, k->to, 2);
        size_t per = longer > end && longer < k->s.n && k->s.p[longer] == '/' ? denominator(k->s, longer) : longer;
        if (per > longer)
            whole = per;
    }
    if (whole > k->to)
        whole = k->to;
    r->unit_end = whole > n->to ? whole : n->to;
    return whole > from ? str_trim(folded_original(k->f, from, whole)) : (struct str){NULL, 0};
}

/* "Số lượng nhiệm vụ khoa học … ≥ 50": the unit stands in what is counted. */
static struct str unit_of_subject(const struct scan *k, size_t from, size_t to)
{
    static const char *const words[] = {"so luong", "tong so", "so"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        for (size_t at = from; (at = str_find(str_slice(k->s, 0, to), str_of(words[i]), at)) != SIZE_MAX; at++) {
            size_t noun = skip_blanks(k->s, at + strlen(words[i]));
            size_t end =
                (at == 0 || !letter_at(k->s, at - 1)) && word_at(k->s, at, words[i]) ? unit_noun(k->s, noun) : SIZE_MAX;
            if (end != SIZE_MAX && end <= to)
                return folded_original(k->f, noun, end);
        }
    return (struct str){NULL, 0};
}

/* "Chỉ số HDI đạt 0,78": an index has no unit. */
static bool is_index_value(const struct scan *k, const struct reading *r)
{
    static const char *const words[] = {"chi so", "he so", "diem so", "hdi",  "gini", "index",
                                        "dti",    "icor",  "sipas",   "papi", "pci"};
    if (k->mode != QUANTITY_TARGET ||
        (r->from == r->first.from && word_before(k->s, r->from, r->start, "tu") == SIZE_MAX))
        return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (word_within(k->s, r->start, r->from, words[i]))
            return true;
    return false;
}

/* Where the words that belong to this quantity end: at the join before the next one ("100% A và 100% B"), or with the
 * segment. */
static size_t end_of_words(const struct scan *k, size_t from)
{
    static const char *const joins[] = {", ",    " va ",       " voi tong so ", " trong do ", " (",
                                        " dat ", " khong co ", " khong con ",   " khong de "};
    size_t stop = k->to;
    for (size_t i = from; i < k->to; i++) {
        struct number n;
        if (!digit_at(k->s, i) || (i > 0 && (digit_at(k->s, i - 1) || letter_at(k->s, i - 1))) ||
            !number_at(k->s, i, &n) || is_label_number(k, &n))
            continue;
        stop = i;
        break;
    }
    if (stop == k->to)
        return stop;
    for (size_t at = stop; at > from + 1; at--)
        for (size_t j = 0; j < sizeof joins / sizeof *joins; j++)
            if (str_starts(str_skip(k->s, at - 1), str_of(joins[j])))
                return at - 1;
    return k->to;
}

/* What is measured: the words before the number if they name something, else those after it, else what was measured
 * just before. `*ret_end`: where the words used end. */
static struct str subject_of(const struct scan *k, size_t start, size_t number_from, size_t unit_from, size_t *ret_end)
{
    size_t from = start, to = number_from;
    if (to - from > SUBJECT_MAX) {
        from = to - SUBJECT_MAX;
        while (from < to && k->s.p[from] != ' ')
            from++;
    }
    for (size_t at = from; (at = str_find(str_slice(k->s, 0, to), S("phan dau "), at)) != SIZE_MAX; at++)
        from = at + 9;
    strip_to_subject(k->f, &from, &to);
    *ret_end = unit_from;
    if (!is_bare_verb(k->s, from, to))
        return folded_original(k->f, from, to);
    struct str before = folded_original(k->f, from, to);
    size_t end = end_of_words(k, unit_from);
    size_t a = unit_from, b = end;
    strip_to_subject(k->f, &a, &b);
    if (b > a + 1) {
        *ret_end = end;
        return folded_original(k->f, a, b);
    }
    return found_here(k) && before.n < 4 ? k->ret->v[k->ret->n - 1].subject : before;
}

static bool reached_by_verb(const struct scan *k, size_t at)
{
    static const char *const verbs[] = {"dao tao",    "ho tro", "thu hut",  "hinh thanh", "xay dung",
                                        "phat trien", "dat",    "phan dau", "bao dam",    "dam bao",
                                        "thanh lap",  "co",     "them",     "tao ra",     "to chuc",
                                        "moi",        "nang",   "ket nap",  "trong",      NULL};
    size_t since = word_before(k->s, at, k->from, "tu");
    return any_before(k->s, at, k->from, verbs) != SIZE_MAX ||
           (since != SIZE_MAX && any_before(k->s, since, k->from, verbs) != SIZE_MAX);
}

/* --- one quantity
 * ----------------------------------------------------------------------------------------------------- */

static struct str text_around(const struct scan *k, size_t at)
{
    size_t from = k->from, to = k->to;
    if (to - from > TEXT_MAX) {
        from = at > k->from + TEXT_MAX / 2 ? at - TEXT_MAX / 2 : k->from;
        to = at + TEXT_MAX / 2 < k->to ? at + TEXT_MAX / 2 : k->to;
        while (from > k->from && k->s.p[from - 1] != ' ')
            from++;
        while (to < k->to && k->s.p[to] != ' ')
            to++;
    }
    return str_trim(folded_original(k->f, from, to));
}

static void put(struct scan *k, struct quantity q)
{
    *PUSH(k->c->arena, k->ret) = q;
}

static size_t read_rank(struct scan *k, const struct number *n, size_t start, size_t rank_from)
{
    struct quantity q = {.measure = S("rank"),
                         .comparator = S("le"),
                         .high = n->value,
                         .low = NAN,
                         .baseline = NAN,
                         .unit = S("hạng"),
                         .at = k->f->at[n->from],
                         .text = text_around(k, n->from)};
    struct number last = *n;
    if (range_to(k, n, &last))
        q.high = last.value;
    size_t end = last.to, ignored;
    if (end < k->to && k->s.p[end] == '/' && number_at(k->s, end + 1, &last)) /* "xếp thứ 8/34" */
        end = last.to;
    q.by = year_near(k, n->from, end);
    size_t about = str_find(str_slice(k->s, 0, k->to), S(" ve "), end);
    q.subject = subject_of(k, start, rank_from, end, &ignored);
    if (about != SIZE_MAX && about - end < 80) {
        size_t from = about + 4, to = k->to;
        strip_to_subject(k->f, &from, &to);
        if (to > from)
            q.subject = folded_original(k->f, from, to);
    }
    put(k, q);
    return end;
}

static void set_bounds(struct quantity *q, struct str comparator, double value)
{
    q->comparator = comparator;
    bool upper = str_eq(comparator, S("le")) || str_eq(comparator, S("lt"));
    q->low = upper ? NAN : value;
    q->high = upper ? value : NAN;
}

/* A decrease by at least 10 % is a growth of at most -10 %. */
static void turn_down(struct quantity *q)
{
    static const struct {
        const char *was, *is;
    } turned[] = {{"ge", "le"}, {"gt", "lt"}, {"le", "ge"}, {"lt", "gt"}};
    double low = q->low, high = q->high;
    q->low = isnan(high) ? NAN : -high;
    q->high = isnan(low) ? NAN : -low;
    if (str_eq(q->comparator, S("eq"))) {
        q->low = q->high;
        q->high = NAN;
    }
    for (size_t i = 0; i < sizeof turned / sizeof *turned; i++)
        if (str_eq(q->comparator, str_of(turned[i].was))) {
            q->comparator = str_of(turned[i].is);
            return;
        }
}

/* Numbers, unit and comparator; false if it is no quantity after all, with r->unit_end where to go on. */
static bool read_value(struct scan *k, struct reading *r)
{
    struct number last;
    r->comparator = comparator_before(k->s, r->first.from, r->start, &r->from);
    r->last = r->first;
    if (fraction_at(k, &r->first, &last)) {
        r->last = last;
        r->last.value = r->first.value;
    } else if (change_to(k, &r->first, r->from, &last)) {
        size_t ignored;
        r->q.baseline = r->first.value;
        r->comparator = comparator_before(k->s, last.from, r->first.to, &ignored);
        r->last = last;
    } else if (range_to(k, &r->first, &last)) {
        r->q.comparator = S("range");
        r->last = last;
    }
    r->times = 1;
    if (!r->last.percent)
        r->last.to = multiplier_at(k->s, r->last.to, &r->times);
    r->unit = unit_after(k, r);
    r->unit_folded = r->unit.p ? viet_fold_text(k->c->arena, r->unit) : S("");
    if (k->mode == QUANTITY_CELL)
        return true;
    /* "với tốc độ trên 01 Gb/s" qualifies what stands before it. */
    static const char *const speed[] = {"voi toc do", "toc do toi thieu", "co toc do", "bang thong", NULL};
    bool is_speed = str_has(r->unit_folded, S("b/s")) || str_has(r->unit_folded, S("bps"));
    if (is_speed && (found_here(k) || any_before(k->s, r->from, r->start, speed) != SIZE_MAX))
        return false;
    if (k->mode == QUANTITY_TASK && !r->last.percent && !reached_by_verb(k, r->from) &&
        !(k->comparator.p && found_here(k)))
        return false;
    if (!r->unit.p)
        r->unit = unit_of_subject(k, r->start, r->from);
    bool bare = !r->last.percent && !r->comparator.p && !r->q.comparator.p;
    return (r->unit.p || is_index_value(k, r)) && !(k->mode == QUANTITY_TASK && bare && r->last.value > 1e7);
}

/* "từ 80 điểm trở lên", "1.500 đảng viên/năm trở lên". */
static void read_what_follows(struct scan *k, struct reading *r)
{
    size_t next = skip_blanks(k->s, r->unit_end), words = 0;
    if (word_at(k->s, next, "/nam"))
        next = skip_blanks(k->s, next + 4);
    bool since = word_before(k->s, r->from, r->start, "tu") != SIZE_MAX;
    while (next < k->to && letter_at(k->s, next) && words++ < 5) {
        if (word_at(k->s, next, "tro len") || word_at(k->s, next, "hoac cao hon") || word_at(k->s, next, "hoac hon")) {
            r->comparator = since && r->comparator.p && str_eq(r->comparator, S("gt")) ? r->comparator : S("ge");
            break;
        }
        if (word_at(k->s, next, "tro xuong")) {
            r->comparator = S("le");
            break;
        }
        while (letter_at(k->s, next))
            next++;
        next = skip_blanks(k->s, next);
    }
    size_t tu = word_before(k->s, r->from, r->start, "tu");
    if (tu != SIZE_MAX && spelt(k->f, tu, tu + 2, "từ"))
        r->from = tu;
}

static void read_direction(struct scan *k, struct reading *r)
{
    static const char *const by_steps[] = {"diem %", "diem phan tram", "bac", "lan", NULL};
    bool steps = r->last.percent || any_at(r->unit_folded, 0, by_steps);
    int direction = steps && isnan(r->q.baseline) ? growth_before(k, r->from, r->first.from) : 0;
    size_t from = r->start, to = r->from;
    strip_to_subject(k->f, &from, &to);
    if (!direction && r->last.percent && r->start > k->from && to <= from)
        direction = k->direction; /* "giảm 30% chi phí, 30% thời gian" */
    bool growth = direction != 0 ||
                  (r->last.percent && isnan(r->q.baseline) && subject_is_growth(str_slice(k->s, r->start, r->from)));
    r->q.measure = growth ? S("growth") : S("level");
    k->direction = direction;
}

/* Reads the quantity whose first number is `n`; returns where to go on. Nothing is added if it was none. */
static size_t read_one(struct scan *k, struct number n, size_t start)
{
    size_t rank_from = n.from;
    struct number whole;
    if (is_rank(k, &n, start, &rank_from))
        return read_rank(k, &n, start, rank_from);
    bool fraction = fraction_at(k, &n, &whole);
    if ((!fraction && is_label_number(k, &n)) || (fraction && is_named_by_number(k, &n)))
        return n.to;
    if (k->mode != QUANTITY_CELL && (is_aside(k, &n) || (fraction && open_bracket(k, n.from) != SIZE_MAX)))
        return fraction ? whole.to : n.to;
    struct reading r = {.first = n, .start = start};
    r.q = (struct quantity){.baseline = NAN, .low = NAN, .high = NAN, .at = k->f->at[n.from]};
    if (!read_value(k, &r))
        return r.unit_end > n.to ? r.unit_end : n.to;
    read_what_follows(k, &r);

    bool range = r.q.comparator.p;
    if (!r.comparator.p && !range && k->comparator.p && k->mode != QUANTITY_CELL && start > k->from && !r.last.percent)
        r.comparator = k->comparator;
    else
        k->comparator = r.comparator;
    read_direction(k, &r);
    if (range) {
        r.q.low = n.value * r.times;
        r.q.high = r.last.value * r.times;
    } else {
        set_bounds(&r.q, r.comparator.p ? r.comparator : S("eq"), r.last.value * r.times);
    }
    if (k->direction < 0)
        turn_down(&r.q);
    r.q.unit = r.unit;
    if (k->mode == QUANTITY_CELL && !r.last.percent && r.unit_end > r.last.to)
        r.q.subject = r.unit; /* "≤ 3 ĐNÁ": the scope of the value */
    r.q.text = text_around(k, n.from);
    r.q.by = year_near(k, n.from, r.unit_end);
    r.q.per = is_per_year(k, &r) ? S("year") : (struct str){NULL, 0};
    size_t subject_end = r.unit_end;
    if (k->mode != QUANTITY_CELL)
        r.q.subject = subject_of(k, start, r.from, skip_blanks(k->s, r.last.to), &subject_end);
    put(k, r.q);
    return r.unit_end > subject_end ? r.unit_end : subject_end;
}

static void read_segment(struct scan *k)
{
    size_t start = k->from;
    k->comparator = (struct str){NULL, 0};
    k->direction = 0;
    k->first = k->ret->n;
    for (size_t i = k->from; i < k->to && k->ret->n - k->first < PER_SEGMENT_MAX;) {
        struct number n;
        if (!digit_at(k->s, i)) {
            i++;
            continue;
        }
        if (!number_at(k->s, i, &n) || n.to > k->to) {
            /* Not a number we read: pass over all of its digits and signs. */
            while (i < k->to && (digit_at(k->s, i) || (strchr(".,/", k->s.p[i]) && digit_at(k->s, i + 1))))
                i++;
            continue;
        }
        size_t before = k->ret->n, next = read_one(k, n, start);
        if (k->ret->n > before)
            start = next;
        i = next > i ? next : i + 1;
    }
}

static bool has_digit(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] >= '0' && s.p[i] <= '9')
            return true;
    return false;
}

void quantity_read(struct ctx *c, struct str text, enum quantity_mode mode, struct quantities *ret)
{
    if (!has_digit(text)) /* most sentences of a plan */
        return;
    struct folded f = viet_fold(c->arena, text);
    struct scan k = {.c = c, .f = &f, .s = f.s, .mode = mode, .ret = ret};
    /* Segments end at ';', at a sentence's end, and at line ends. */
    for (size_t from = 0, i = 0; i <= f.s.n; i++) {
        bool end = i == f.s.n || f.s.p[i] == ';' || (f.s.p[i] == ' ' && text.p[f.at[i]] == '\n') ||
                   (f.s.p[i] == '.' && (i + 1 == f.s.n || f.s.p[i + 1] == ' '));
        if (!end)
            continue;
        k.from = from;
        k.to = i;
        if (i - from < SEGMENT_MAX)
            read_segment(&k);
        from = i + 1;
    }
}
