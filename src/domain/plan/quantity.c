#include "domain/plan/quantity.h"

#include "base/viet.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum { PER_SENTENCE_MAX = 64, SENTENCE_MAX = 8000 };

struct number {
    double value;
    size_t from, to;   /* in the folded text */
    bool percent;
};

struct scan {
    struct ctx *c;
    const struct folded *f;
    struct str s; /* f->s */
    size_t from, to; /* the segment */
    enum quantity_mode mode;
    struct quantities *ret;
    struct str comparator, comparator_by; /* carried over a list */
    size_t first_of_segment;
};

static bool digit(struct str s, size_t i)
{
    return i < s.n && s.p[i] >= '0' && s.p[i] <= '9';
}

static bool letter(struct str s, size_t i)
{
    return i < s.n && ((s.p[i] >= 'a' && s.p[i] <= 'z') || (unsigned char)s.p[i] >= 0x80);
}

static bool word_at(struct str s, size_t i, const char *word)
{
    struct str w = str_of(word);
    if (i > s.n || !str_starts(str_skip(s, i), w))
        return false;
    return w.p[w.n - 1] == ' ' || !(letter(s, i + w.n) || digit(s, i + w.n)) || !letter(w, w.n - 1);
}

static size_t skip_spaces(struct str s, size_t i)
{
    while (i < s.n && s.p[i] == ' ')
        i++;
    return i;
}

/* Does the text before `end` close with `word` (blanks skipped)? Returns where the word starts, or SIZE_MAX. */
static size_t word_before(struct str s, size_t end, size_t limit, const char *word)
{
    struct str w = str_of(word);
    while (end > limit && s.p[end - 1] == ' ')
        end--;
    if (end < limit + w.n || !str_ends(str_slice(s, 0, end), w))
        return SIZE_MAX;
    size_t at = end - w.n;
    bool whole = at == 0 || !letter(w, 0) || !(letter(s, at - 1) || digit(s, at - 1));
    return whole ? at : SIZE_MAX;
}

/* "5.000", "1.234.567,8", "10,8", "0.75", "05": Vietnamese grouping by dots, a comma for decimals. */
static bool number_at(struct str s, size_t at, struct number *ret)
{
    size_t i = at;
    double value = 0;
    while (digit(s, i) && i - at < 15)
        value = value * 10 + (s.p[i++] - '0');
    if (i == at || digit(s, i))
        return false;
    size_t lead = i - at;
    while (lead <= 3 && i + 3 < s.n + 0 && s.p[i] == '.' && digit(s, i + 1) && digit(s, i + 2) && digit(s, i + 3) && !digit(s, i + 4)) {
        value = value * 1000 + (s.p[i + 1] - '0') * 100 + (s.p[i + 2] - '0') * 10 + (s.p[i + 3] - '0');
        i += 4;
    }
    bool grouped = i - at > lead;
    if (i + 1 < s.n && (s.p[i] == ',' || (s.p[i] == '.' && !grouped)) && digit(s, i + 1)) {
        double part = 0.1;
        for (i++; digit(s, i) && part > 1e-9; i++, part /= 10)
            value += (s.p[i] - '0') * part;
        /* Decimal fractions are rounded to what was written. */
        value = round(value * 1e8) / 1e8;
    }
    if (digit(s, i) || (i < s.n && s.p[i] == '.' && digit(s, i + 1)))
        return false;
    *ret = (struct number) { .value = value, .from = at, .to = i };
    size_t next = skip_spaces(s, i);
    if (next < s.n && s.p[next] == '%') {
        ret->percent = true;
        ret->to = next + 1;
    }
    return true;
}

/* "01 triệu", "2,5 nghìn": multipliers written as words, folded into the value. Returns the end. */
static size_t multiplier(struct str s, size_t at, double *value)
{
    static const struct {
        const char *word;
        double times;
    } words[] = { { "nghin ty dong", 0 }, { "ty dong", 0 }, { "trieu dong", 0 }, { "ty usd", 0 }, { "trieu usd", 0 }, { "nghin ty", 0 },
        { "trieu", 1e6 }, { "nghin", 1e3 }, { "ngan", 1e3 }, { "van dan", 0 }, { "van", 1e4 } };
    size_t next = skip_spaces(s, at);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (word_at(s, next, words[i].word)) {
            if (words[i].times == 0 || word_at(s, next + strlen(words[i].word), " tan"))
                return at;
            *value *= words[i].times;
            return next + strlen(words[i].word);
        }
    return at;
}

static bool is_year(const struct number *n, struct str s)
{
    return !n->percent && n->to - n->from == 4 && n->value >= 1945 && n->value <= 2100 && s.p[n->from] != '0';
}

/* A number that counts nothing: of a document, a date, a generation, an ordinal, a duration, a catchword. */
static bool is_label_number(const struct scan *k, const struct number *n)
{
    struct str s = k->s;
    size_t limit = k->from;
    if (n->from > 0 && (letter(s, n->from - 1) || strchr("/_#", s.p[n->from - 1])
            || (strchr("-.", s.p[n->from - 1]) && n->from > 1 && letter(s, n->from - 2))))
        return true;
    if (is_year(n, s))
        return true;
    char after = n->to < s.n ? s.p[n->to] : ' ';
    if (!n->percent && letter(s, n->to) && !word_at(s, n->to, "gb") && !word_at(s, n->to, "mb") && !word_at(s, n->to, "km")
        && !word_at(s, n->to, "ha") && !word_at(s, n->to, "m2") && !word_at(s, n->to, "mw") && !word_at(s, n->to, "gbps")
        && !word_at(s, n->to, "mbps") && !word_at(s, n->to, "kw") && !word_at(s, n->to, "tb") && !word_at(s, n->to, "pflops"))
        return true; /* 5G, 4.0x, 3D */
    if ((after == '/' && digit(s, n->to + 1)) || (after == '-' && letter(s, n->to + 1) && n->to + 2 < s.n && letter(s, n->to + 2)
            && memchr(s.p + n->to, '/', s.n - n->to < 16 ? s.n - n->to : 16)))
        return true; /* 12/2026, 57-NQ/TW */
    if (after == '/' && letter(s, n->to + 1) && !word_at(s, n->to + 1, "nam")) {
        /* 15/KH-UBND */
        size_t i = n->to + 1;
        while (letter(s, i))
            i++;
        if (i < s.n && s.p[i] == '-')
            return true;
    }
    static const char *const before[] = { "so", "dieu", "khoan", "muc", "phu luc", "bieu", "mau", "chuong", "phan", "bang", "hinh",
        "nghi quyet", "quyet dinh", "chi thi", "ke hoach", "de an", "thong tu", "nghi dinh", "luat", "ket luan",
        "cong van", "quy dinh", "huong dan", "thu", "lan thu", "khoa", "cap do", "muc do", "lan", "ngay", "thang", "quy", "nam", "tcvn",
        "iso", "cong nghiep", "phien ban", "giai doan", "the he", "ky hop thu", "dai hoi", "windows", "quoc lo", "ql" };
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        size_t at = word_before(s, n->from, limit, before[i]);
        if (at == SIZE_MAX)
            continue;
        /* "xếp thứ 5" and "mức độ 4" differ: a rank is read elsewhere; "đạt số 5" hardly occurs. */
        if (strcmp(before[i], "thu") == 0 && (word_before(s, at, limit, "xep") != SIZE_MAX || word_before(s, at, limit, "dung") != SIZE_MAX))
            return false;
        return !n->percent; /* "đạt mức 40%": a percentage is a quantity whatever stands before it */
    }
    if (k->mode == QUANTITY_CELL)
        return false;
    size_t next = skip_spaces(s, n->to);
    static const char *const after_words[] = { "thang", "ngay", "gio", "phut", "giay", "tuan", "quy", "nam", "cua", "tai cho", "ro", "ben", "chieu" };
    if (!n->percent)
        for (size_t i = 0; i < sizeof after_words / sizeof *after_words; i++)
            if (word_at(s, next, after_words[i]))
                return true;
    return !n->percent && word_at(s, next, "cap") && n->value <= 4;
}

/* --- what stands before a number --------------------------------------------------------------------------------------- */

static const struct {
    const char *words;
    const char *comparator;
} comparators[] = {
    { "toi thieu", "ge" }, { "it nhat", "ge" }, { "khong thap hon", "ge" }, { "khong duoi", "ge" }, { "khong it hon", "ge" },
    { "khong nho hon", "ge" }, { "≥", "ge" }, { ">=", "ge" }, { "=>", "ge" }, { "dat va vuot", "ge" }, { "lon hon hoac bang", "ge" },
    { "tro len", "ge" }, { "tu tren", "gt" }, { "dat tren", "gt" }, { "tren", "gt" }, { "nhieu hon", "gt" }, { "cao hon", "gt" },
    { "lon hon", "gt" }, { "hon", "gt" }, { "vuot muc", "gt" }, { "vuot", "gt" }, { ">", "gt" }, { "khong qua", "le" }, { "khong vuot qua", "le" },
    { "toi da", "le" }, { "nhieu nhat", "le" }, { "khong cao hon", "le" }, { "khong lon hon", "le" }, { "khong tren", "le" },
    { "≤", "le" }, { "<=", "le" }, { "=<", "le" }, { "xuong duoi", "lt" }, { "con duoi", "lt" }, { "duoi", "lt" }, { "it hon", "lt" }, { "thap hon", "lt" },
    { "nho hon", "lt" }, { "<", "lt" }, { "chua den", "lt" },
};

/* The comparator right before `at`; p == NULL if none. `*ret_from` is where it starts. */
static struct str comparator_before(const struct scan *k, size_t at, size_t limit, size_t *ret_from)
{
    static const char *const fillers[] = { "khoang", "dat", "la", "muc", "o muc", "bang", "duoc", "con", "ty le", "den", "len" };
    *ret_from = at;
    for (int round = 0; round < 3; round++) {
        size_t best = SIZE_MAX;
        struct str found = { NULL, 0 };
        for (size_t i = 0; i < sizeof comparators / sizeof *comparators; i++) {
            size_t start = word_before(k->s, at, limit, comparators[i].words);
            if (start != SIZE_MAX && start < best) {
                best = start;
                found = str_of(comparators[i].comparator);
            }
        }
        if (found.p) {
            *ret_from = best;
            return found;
        }
        size_t filler = SIZE_MAX;
        for (size_t i = 0; i < sizeof fillers / sizeof *fillers; i++) {
            size_t start = word_before(k->s, at, limit, fillers[i]);
            if (start != SIZE_MAX && start < filler)
                filler = start;
        }
        if (filler == SIZE_MAX)
            break;
        *ret_from = at = filler;
    }
    return (struct str) { NULL, 0 };
}

/* "tăng", "tăng trưởng bình quân": +1; "giảm": -1; neither: 0. Looks back over at most a few words. */
static int growth_before(const struct scan *k, size_t at, size_t limit)
{
    static const char *const passable[] = { "trung binh", "binh quan", "them", "hang nam", "hang", "nam", "moi", "it nhat", "toi thieu", "tren",
        "khoang", "dat", "toc do", "tu", "khong duoi", "khong thap hon", "bq", "gdp", "lien tuc", "chung", "dan", "duoc", "la", "hon", "muc", ">", "≥", "muc", "o",
        "hai con so", "ve so luong", "nhanh", "manh", "doi voi" };
    for (int round = 0; round < 6; round++) {
        size_t start;
        if ((start = word_before(k->s, at, limit, "tang truong")) != SIZE_MAX || (start = word_before(k->s, at, limit, "tang")) != SIZE_MAX)
            return word_before(k->s, start, limit, "gia tri gia") != SIZE_MAX || word_before(k->s, start, limit, "gia tri") != SIZE_MAX ? 0 : 1;
        if ((start = word_before(k->s, at, limit, "giam")) != SIZE_MAX || (start = word_before(k->s, at, limit, "cat giam")) != SIZE_MAX)
            return -1;
        size_t best = SIZE_MAX;
        for (size_t i = 0; i < sizeof passable / sizeof *passable; i++) {
            start = word_before(k->s, at, limit, passable[i]);
            if (start != SIZE_MAX && start < best)
                best = start;
        }
        if (best == SIZE_MAX)
            return 0;
        at = best;
    }
    return 0;
}

/* "tốc độ tăng trưởng kinh tế số bình quân đạt trên 20%": the subject itself is a growth. */
static bool subject_is_growth(struct str folded)
{
    return str_has(folded, S("toc do tang")) || str_has(folded, S("muc tang")) || str_has(folded, S("ty le tang truong"))
        || (str_has(folded, S("tang truong")) && !str_has(folded, S("vao tang truong")) && !str_has(folded, S("trong tang truong")));
}

/* --- what stands after a number ---------------------------------------------------------------------------------------- */

/* Nouns that count things, folded; the longest that matches is the unit. */
static const char *const unit_nouns[] = { "doanh nghiep", "hop tac xa", "ho", "ho gia dinh", "ho kinh doanh", "nguoi", "nhan luc", "lao dong", "can bo",
    "chuyen gia", "nha khoa hoc", "ky su", "hoc vien", "sinh vien", "hoc sinh", "giao vien", "bac si", "giuong benh", "trung tam", "to chuc",
    "truong dai hoc", "truong", "truong hoc", "co so", "vien", "phong thi nghiem", "nhiem vu", "de tai", "du an", "de an",
    "san pham", "mo hinh", "sang che", "giai phap huu ich", "sang che, giai phap huu ich", "giai phap", "sang kien", "nhan hieu", "van bang", "bai bao", "cong bo", "khu",
    "cum", "khu, cum", "khu cong nghiep", "cum cong nghiep", "vung", "xa", "phuong", "huyen", "tinh", "tinh, thanh pho", "thanh pho", "thon", "to", "ngoi nha",
    "can ho", "can", "ha", "km", "km2", "m2", "m3", "met", "tan", "kg", "lit", "mw", "kwh", "gb/s", "gbps", "mbps", "mb/s", "ty dong", "trieu dong", "nghin dong",
    "dong", "nghin ty dong", "ty usd", "trieu usd", "usd", "luot khach", "luot nguoi", "luot", "khach", "diem", "diem %", "diem phan tram", "bac", "hang", "tuoi", "lan", "dich vu", "nen tang",
    "he thong", "ung dung", "co so du lieu", "bo du lieu", "tram", "diem den", "diem du lich", "su kien", "hoi nghi", "hoi thao", "lop", "khoa",
    "lop tap huan", "buoi", "cuoc", "dot", "bo", "thu tuc", "thu tuc hanh chinh", "ho so", "chi tieu", "tieu chi", "cong trinh", "nha may", "quy", "thuong hieu",
    "chi bo", "dang vien", "ket qua", "loai", "chuoi", "chuong trinh", "ke hoach", "van ban", "nghi quyet", "startup", "cong ty", "tap doan", "nha dau tu", "dia phuong", "don vi", "co quan",
    "kenh", "tin bai", "tin, bai", "chuyen muc", "phong su", "may", "camera", "thiet bi", "nguoi/1 van dan", "nguoi/van dan", "suat", "khu dan cu", "to hop", "hub", "van phong" };

static size_t unit_noun(struct str s, size_t at)
{
    size_t best = 0;
    for (size_t i = 0; i < sizeof unit_nouns / sizeof *unit_nouns; i++) {
        size_t n = strlen(unit_nouns[i]);
        if (n > best && word_at(s, at, unit_nouns[i]))
            best = n;
    }
    return best ? at + best : SIZE_MAX;
}

/* "/1 vạn dân", "/10.000 dân", "trên 1.000 dân", "/giờ": what it is counted per. Returns the end, or `at`. */
static size_t denominator(struct str s, size_t at)
{
    size_t i = skip_spaces(s, at);
    bool stroke = i < s.n && s.p[i] == '/';
    if (stroke)
        i = skip_spaces(s, i + 1);
    else if (word_at(s, i, "tren"))
        i = skip_spaces(s, i + 4);
    else
        return at;
    struct number n;
    bool counted = number_at(s, i, &n) && !n.percent;
    if (counted)
        i = skip_spaces(s, n.to);
    if (stroke && !counted && word_at(s, i, "nam"))
        return at;
    static const char *const nouns[] = { "van dan", "trieu dan", "nghin dan", "dan", "nguoi dan", "nguoi", "ho dan", "ho", "lao dong", "ha", "gio", "ngay", "thang", "km2", "m2", "nguoi/nam",
        "xa, phuong", "xa", "phuong", "huyen", "don vi", "doanh nghiep", "co quan", "diem", "to", "thon", "s", "giay" };
    size_t best = 0;
    for (size_t k = 0; k < sizeof nouns / sizeof *nouns; k++)
        if (word_at(s, i, nouns[k]) && strlen(nouns[k]) > best)
            best = strlen(nouns[k]);
    return best && (stroke || counted) ? i + best : at;
}

/* Where a noun phrase that serves as a unit without being in the list must stop. */
static size_t phrase_end(struct str s, size_t at, size_t limit, unsigned words)
{
    static const char *const stops[] = { "duoc", "dat", "co", "va", "tren", "trong", "cua", "voi", "cho", "tai", "theo", "de", "den", "tu", "la", "su dung", "tham gia", "thuc hien",
        "moi", "/", "hoac", "hang", "phai", "ve", "thuoc", "nam" };
    size_t i = skip_spaces(s, at), end = at;
    for (unsigned w = 0; w < words && i < limit && letter(s, i); w++) {
        for (size_t k = 0; k < sizeof stops / sizeof *stops; k++)
            if (word_at(s, i, stops[k]))
                return end;
        while (i < limit && letter(s, i))
            i++;
        end = i;
        i = skip_spaces(s, i);
    }
    return end;
}

/* The unit after the number, as the document writes it; `*ret_end` is where it stops. */
static struct str unit_after(const struct scan *k, const struct number *n, size_t limit, size_t *ret_end)
{
    size_t from = n->to, end = n->to;
    if (n->percent) {
        size_t next = skip_spaces(k->s, n->to);
        *ret_end = n->to;
        if (word_at(k->s, next, "grdp") || word_at(k->s, next, "gdp")) {
            *ret_end = next + (k->s.p[next + 1] == 'r' ? 4 : 3);
            return str_fmt(k->c->arena, "%% %s", k->s.p[next + 1] == 'r' ? "GRDP" : "GDP");
        }
        return S("%");
    }
    from = skip_spaces(k->s, n->to);
    size_t noun = unit_noun(k->s, from);
    end = noun != SIZE_MAX ? noun : phrase_end(k->s, from, limit, 2);
    if (noun != SIZE_MAX && noun > limit)
        end = limit;
    size_t whole = denominator(k->s, end);
    *ret_end = whole;
    return whole > from ? str_trim(folded_original(k->f, from, whole)) : (struct str) { NULL, 0 };
}

/* "Số lượng nhiệm vụ khoa học … ≥ 50": the unit stands in what is counted. */
static struct str unit_of_subject(const struct scan *k, size_t from, size_t to)
{
    static const char *const words[] = { "so luong", "tong so", "so" };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        for (size_t at = from; (at = str_find(k->s, str_of(words[i]), at)) != SIZE_MAX && at < to; at++) {
            size_t noun = skip_spaces(k->s, at + strlen(words[i]));
            size_t end = (at == 0 || !letter(k->s, at - 1)) && word_at(k->s, at, words[i]) ? unit_noun(k->s, noun) : SIZE_MAX;
            if (end != SIZE_MAX && end <= to)
                return folded_original(k->f, noun, end);
        }
    return (struct str) { NULL, 0 };
}

static bool is_speed(struct str unit_folded)
{
    return str_has(unit_folded, S("gb/s")) || str_has(unit_folded, S("gbps")) || str_has(unit_folded, S("mbps")) || str_has(unit_folded, S("mb/s"));
}

/* --- one quantity -------------------------------------------------------------------------------------------------------- */

/* "01 đến 02", "2-3", "30% -35%": the second number of a range, if one follows. */
static bool range_to(const struct scan *k, const struct number *first, struct number *ret)
{
    size_t i = skip_spaces(k->s, first->to);
    size_t after;
    if (i < k->s.n && (k->s.p[i] == '-' || k->s.p[i] == '~'))
        after = i + 1;
    else if (word_at(k->s, i, "den"))
        after = i + 3;
    else if (str_starts(str_skip(k->s, i), S("÷")))
        after = i + 2;
    else
        return false;
    after = skip_spaces(k->s, after);
    if (!number_at(k->s, after, ret) || ret->to > k->to || is_year(ret, k->s) || ret->value < first->value)
        return false;
    return ret->percent || !first->percent;
}

/* "từ 30% (năm 2025) lên 50%": the number reached; `first` is then where it started. */
static bool change_to(const struct scan *k, const struct number *first, size_t first_from, struct number *ret)
{
    if (word_before(k->s, first_from, k->from, "tu") == SIZE_MAX)
        return false;
    static const char *const words[] = { "len den", "tang len", "len", "xuong con", "xuong duoi", "xuong" };
    size_t most = first->to + 60 < k->to ? first->to + 60 : k->to;
    for (size_t i = first->to; i < most; i++)
        for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
            if (k->s.p[i] != words[w][0] || (i > 0 && letter(k->s, i - 1)) || !word_at(k->s, i, words[w]))
                continue;
            size_t at = skip_spaces(k->s, i + strlen(words[w]));
            static const char *const skips[] = { "tren", "toi thieu", "it nhat", "khoang" };
            for (size_t q = 0; q < sizeof skips / sizeof *skips; q++)
                if (word_at(k->s, at, skips[q]))
                    at = skip_spaces(k->s, at + strlen(skips[q]));
            return number_at(k->s, at, ret) && ret->to <= k->to && !is_year(ret, k->s);
        }
    return false;
}

/* A rank: "nhóm 10 tỉnh", "top 10", "trong 10 tỉnh dẫn đầu", "xếp thứ 5", "thứ hạng 12". */
static bool is_rank(const struct scan *k, const struct number *n, size_t limit, size_t *ret_from)
{
    if (n->percent || n->value < 1 || n->value > 300 || n->value != floor(n->value))
        return false;
    static const char *const before[] = { "nhom", "top", "xep thu", "dung thu", "thu hang", "xep hang", "hang thu", "vi tri thu", "vi tri" };
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        size_t at = word_before(k->s, n->from, limit, before[i]);
        if (at != SIZE_MAX) {
            *ret_from = at;
            return true;
        }
    }
    size_t next = skip_spaces(k->s, n->to);
    size_t look = next + 60 < k->to ? next + 60 : k->to;
    struct str rest = str_slice(k->s, next, look);
    if ((word_at(rest, 0, "tinh") || word_at(rest, 0, "dia phuong") || word_at(rest, 0, "thanh pho") || word_at(rest, 0, "nuoc") || word_at(rest, 0, "quoc gia"))
        && (str_has(rest, S("dan dau")) || str_has(rest, S("dung dau")) || str_has(rest, S("hang dau")) || str_has(rest, S("cao nhat")))) {
        *ret_from = n->from;
        return true;
    }
    return false;
}

static bool contains_word(struct str s, size_t from, size_t to, const char *word)
{
    for (size_t at = from; (at = str_find(s, str_of(word), at)) != SIZE_MAX && at + strlen(word) <= to; at++)
        if ((at == 0 || !letter(s, at - 1)) && word_at(s, at, word))
            return true;
    return false;
}

static bool is_per_year(const struct scan *k, size_t from, size_t to)
{
    static const char *const words[] = { "/nam", "/ nam", "moi nam", "hang nam", "binh quan nam", "mot nam", "tung nam" };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_find(str_slice(k->s, 0, to), str_of(words[i]), from) != SIZE_MAX)
            return true;
    return false;
}

/* The year named nearest before the number, else the nearest after it within the segment. */
static struct str year_near(const struct scan *k, size_t at)
{
    struct str before = { NULL, 0 }, after = { NULL, 0 };
    for (size_t i = k->from; i + 4 <= k->to; i++) {
        struct number n;
        if (!digit(k->s, i) || (i > 0 && (digit(k->s, i - 1))) || !number_at(k->s, i, &n) || !is_year(&n, k->s))
            continue;
        bool due = word_before(k->s, i, k->from, "nam") != SIZE_MAX || (i > 0 && k->s.p[i - 1] == '/');
        bool since = word_before(k->s, i, k->from, "so voi nam") != SIZE_MAX || word_before(k->s, i, k->from, "so nam") != SIZE_MAX
            || word_before(k->s, i, k->from, "tu nam") != SIZE_MAX || word_before(k->s, i, k->from, "so voi") != SIZE_MAX;
        if (!due || since)
            continue;
        struct str year = folded_original(k->f, i, i + 4);
        if (i < at)
            before = year;
        else if (!after.p)
            after = year;
        i += 3;
    }
    return before.p ? before : after;
}

static struct str strip_verbs(struct ctx *c, struct str text)
{
    static const char *const starts[] = { "phan dau", "den nam", "moi nam", "hang nam", "trong do", "dong thoi", "bao dam", "dam bao", "toi thieu", "it nhat", "dat",
        "co", "duy tri", "tiep tuc", "tung buoc", "khoang", "va", "voi", "thuc hien", "hoan thanh" };
    static const char *const ends[] = { "dat", "co", "la", "o muc", "muc", "chiem", "dat muc", "khoang", "tang", "giam", "tang trung binh", "tang binh quan",
        "binh quan", "trung binh", "tang them", "xuong", "con", "len", "tu", "dat ty le", "nam trong", "thuoc", "nam trong nhom", "vao nhom", "vao", "trong", "moi nam", "quy mo", "dat quy mo", "den", "duoc",
        "it nhat", "toi thieu", "tren", "hang nam", "bao dam", "dam bao", "phan dau" };
    for (bool again = true; again;) {
        again = false;
        text = str_trim(text);
        while (text.n && strchr(",;:.-(", text.p[0]))
            text = str_trim(str_skip(text, 1));
        while (text.n && strchr(",;:.-(", text.p[text.n - 1]))
            text = str_trim(str_slice(text, 0, text.n - 1));
        struct folded f = viet_fold(c->arena, text);
        for (size_t i = 0; i < sizeof starts / sizeof *starts && !again; i++)
            if (word_at(f.s, 0, starts[i])) {
                size_t cut = strlen(starts[i]);
                if (strcmp(starts[i], "den nam") == 0)
                    cut = skip_spaces(f.s, cut) + 4 <= f.s.n ? skip_spaces(f.s, cut) + 4 : f.s.n;
                text = str_skip(text, f.at[cut]);
                again = true;
            }
        for (size_t i = 0; i < sizeof ends / sizeof *ends && !again; i++) {
            size_t at = word_before(f.s, f.s.n, 0, ends[i]);
            if (at != SIZE_MAX) {
                text = str_slice(text, 0, f.at[at]);
                again = true;
            }
        }
    }
    return text;
}

/* Where the words that belong to this quantity end: at the join before the next one ("100% A và 100% B"), or with the segment. */
static size_t end_of_words(const struct scan *k, size_t from)
{
    for (size_t i = from; i < k->to; i++) {
        struct number n;
        if (!digit(k->s, i) || (i > 0 && (digit(k->s, i - 1) || letter(k->s, i - 1))) || !number_at(k->s, i, &n) || is_label_number(k, &n))
            continue;
        for (size_t at = i; at > from + 1; at--)
            if (str_starts(str_skip(k->s, at - 1), S(", ")) || str_starts(str_skip(k->s, at - 1), S(" va ")))
                return at - 1;
    }
    size_t stop = from;
    while (stop < k->to && k->s.p[stop] != ';')
        stop++;
    return stop;
}

/* What is measured: the words before the number if they name something, else those after it. `*ret_end`: where they end. */
static struct str subject_of(const struct scan *k, size_t before_from, size_t number_from, size_t unit_from, size_t *ret_end)
{
    size_t strive = before_from;
    for (size_t at = before_from; (at = str_find(k->s, S("phan dau "), at)) != SIZE_MAX && at < number_from; at++)
        strive = at + 9 <= number_from ? at + 9 : number_from;
    struct str before = strip_verbs(k->c, folded_original(k->f, strive, number_from));
    struct str folded = viet_fold_text(k->c->arena, before);
    static const char *const bare_verbs[] = { "thu hut", "hinh thanh", "hinh thanh them", "dao tao", "ho tro", "xay dung", "phat trien", "thanh lap", "to chuc", "tao ra", "so hoa", "cap",
        "dao tao moi", "thu hut them", "dong thoi thu hut", "trien khai", "dua", "ket nap", "moi duoc", "phan dau", "thuong mai hoa", "mo moi", "bao dam", "dam bao" };
    bool verb_only = folded.n < 4;
    for (size_t i = 0; i < sizeof bare_verbs / sizeof *bare_verbs; i++)
        verb_only |= str_eq(folded, str_of(bare_verbs[i]));
    *ret_end = unit_from;
    if (!verb_only)
        return before;
    *ret_end = end_of_words(k, unit_from);
    struct str after = strip_verbs(k->c, folded_original(k->f, unit_from, *ret_end));
    return after.n ? after : before;
}

static bool reached_by_verb(const struct scan *k, size_t at)
{
    static const char *const verbs[] = { "dao tao", "ho tro", "thu hut", "hinh thanh", "xay dung", "phat trien", "dat", "phan dau", "bao dam", "dam bao", "thanh lap", "co", "them", "tao ra", "to chuc", "moi", "nang" };
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        size_t start = word_before(k->s, at, k->from, verbs[i]);
        if (start != SIZE_MAX)
            return true;
        start = word_before(k->s, at, k->from, "tu");
        if (start != SIZE_MAX && word_before(k->s, start, k->from, verbs[i]) != SIZE_MAX)
            return true;
    }
    return false;
}

static void put(struct scan *k, struct quantity q)
{
    if (k->ret->n < PER_SENTENCE_MAX * 16)
        *PUSH(k->c->arena, k->ret) = q;
}

static void set_bounds(struct quantity *q, struct str comparator, double value)
{
    q->comparator = comparator;
    bool upper = str_eq(comparator, S("le")) || str_eq(comparator, S("lt"));
    q->low = upper ? NAN : value;
    q->high = upper ? value : NAN;
}

/* Reads the quantity whose first number is `n`; returns where to go on, or n->to if it was none. */
static size_t read_one(struct scan *k, struct number n, size_t segment_start)
{
    struct str s = k->s;
    size_t rank_from = n.from, from = n.from;
    struct quantity q = { .baseline = NAN, .low = NAN, .high = NAN, .at = k->f->at[n.from] };
    q.text = str_trim(folded_original(k->f, k->from, k->to));
    if (is_rank(k, &n, segment_start, &rank_from)) {
        q.measure = S("rank");
        q.comparator = S("le");
        q.high = n.value;
        q.unit = S("hạng");
        q.by = year_near(k, n.from);
        size_t rank_end, about = str_find(str_slice(k->s, 0, k->to), S(" ve "), n.to);
        q.subject = subject_of(k, segment_start, rank_from, n.to, &rank_end);
        if (about != SIZE_MAX && about - n.to < 80)
            q.subject = strip_verbs(k->c, folded_original(k->f, about + 4, k->to));
        put(k, q);
        return n.to;
    }
    if (is_label_number(k, &n))
        return n.to;

    struct str comparator = comparator_before(k, n.from, segment_start, &from);
    size_t unit_end = n.to;
    struct number last = n;
    if (change_to(k, &n, from, &last)) {
        q.baseline = n.value;
        size_t ignored;
        comparator = comparator_before(k, last.from, n.to, &ignored);
    } else if (range_to(k, &n, &last)) {
        q.comparator = S("range");
    } else {
        last = n;
    }
    double scaled = 1;
    if (!last.percent)
        last.to = multiplier(s, last.to, &scaled);
    struct str unit = unit_after(k, &last, k->to, &unit_end);
    struct str unit_folded = unit.p ? viet_fold_text(k->c->arena, unit) : S("");

    /* "với tốc độ trên 01 Gb/s" qualifies the quantity before it. */
    bool earlier = k->ret->n && k->ret->v[k->ret->n - 1].at >= k->f->at[k->from];
    if (is_speed(unit_folded) && earlier && k->mode != QUANTITY_CELL)
        return unit_end;
    bool bare = !last.percent && !comparator.p && !q.comparator.p;
    if (k->mode == QUANTITY_TASK && !last.percent && !reached_by_verb(k, from) && !(k->comparator.p && earlier))
        return n.to;
    if (!unit.p && k->mode != QUANTITY_CELL)
        unit = unit_of_subject(k, segment_start, from);
    if (k->mode != QUANTITY_CELL && !unit.p)
        return n.to;
    if (k->mode == QUANTITY_TASK && bare && last.value > 1e7)
        return n.to;

    size_t after_unit = unit_end;
    size_t next = skip_spaces(s, after_unit);
    if (word_at(s, next, "tro len") && word_before(s, from, segment_start, "tu") != SIZE_MAX)
        comparator = comparator.p && str_eq(comparator, S("gt")) ? comparator : S("ge");
    else if (word_at(s, next, "tro len"))
        comparator = S("ge");
    else if (word_at(s, next, "tro xuong"))
        comparator = S("le");
    size_t tu = word_before(s, from, segment_start, "tu");
    if (tu != SIZE_MAX)
        from = tu;

    /* "ít nhất 60 sản phẩm …, 30 dự án …": the comparator holds for the list. */
    if (!comparator.p && !q.comparator.p && k->comparator.p && k->mode != QUANTITY_CELL && segment_start > k->from && !last.percent)
        comparator = k->comparator;
    else
        k->comparator = comparator;

    int direction = last.percent && isnan(q.baseline) ? growth_before(k, from, k->from > segment_start ? k->from : segment_start) : 0;
    struct str lead_words = str_slice(s, segment_start, from);
    bool growth = direction != 0 || (last.percent && isnan(q.baseline) && subject_is_growth(lead_words));
    q.measure = growth ? S("growth") : S("level");
    if (str_eq(q.comparator.p ? q.comparator : S(""), S("range"))) {
        q.low = n.value * scaled;
        q.high = last.value * scaled;
    } else {
        set_bounds(&q, comparator.p ? comparator : S("eq"), last.value * scaled);
    }
    if (direction < 0) {
        /* A decrease by at least 10 % is a growth of at most -10 %. */
        double low = q.low, high = q.high;
        q.low = isnan(high) ? NAN : -high;
        q.high = isnan(low) ? NAN : -low;
        struct str was = q.comparator;
        q.comparator = str_eq(was, S("ge")) ? S("le") : str_eq(was, S("gt")) ? S("lt") : str_eq(was, S("le")) ? S("ge")
            : str_eq(was, S("lt")) ? S("gt") : was;
        if (str_eq(was, S("eq"))) {
            q.low = q.high;
            q.high = NAN;
        }
    }
    q.unit = unit;
    if (k->mode == QUANTITY_CELL && !last.percent && unit_end > last.to)
        q.subject = unit; /* "≤ 3 ĐNÁ": the scope of the value */
    q.by = year_near(k, n.from);
    /* "/năm" belongs to the number it follows; "mỗi năm" to the whole segment. */
    size_t reach = unit_end;
    while (reach < k->to && !digit(s, reach) && !strchr(";,", s.p[reach]))
        reach++;
    bool own = str_find(str_slice(s, 0, reach), S("/nam"), unit_end) != SIZE_MAX || str_find(str_slice(s, 0, reach), S("/ nam"), unit_end) != SIZE_MAX;
    bool shared = contains_word(s, k->from, k->to, "moi nam") || contains_word(s, k->from, k->to, "hang nam");
    q.per = own || shared || is_per_year(k, segment_start, from) ? S("year") : (struct str) { NULL, 0 };
    size_t subject_end = unit_end;
    if (k->mode != QUANTITY_CELL)
        q.subject = subject_of(k, segment_start, from, skip_spaces(s, last.to), &subject_end);
    put(k, q);
    unit_end = unit_end > subject_end ? unit_end : subject_end;
    return unit_end > n.to ? unit_end : n.to;
}

static void read_segment(struct scan *k)
{
    size_t start = k->from;
    k->comparator = (struct str) { NULL, 0 };
    for (size_t i = k->from; i < k->to;) {
        struct number n;
        if (!digit(k->s, i)) {
            i++;
            continue;
        }
        size_t run = i;
        while (digit(k->s, run))
            run++;
        if ((i > 0 && digit(k->s, i - 1)) || !number_at(k->s, i, &n) || n.to > k->to) {
            /* Not a number we read: pass over all of its digits and signs. */
            while (run < k->to && (digit(k->s, run) || (strchr(".,/", k->s.p[run]) && digit(k->s, run + 1))))
                run++;
            i = run;
            continue;
        }
        size_t before = k->ret->n, next = read_one(k, n, start);
        if (k->ret->n > before)
            start = next;
        i = next > i ? next : i + 1;
    }
}

void quantity_read(struct ctx *c, struct str text, enum quantity_mode mode, struct quantities *ret)
{
    struct folded f = viet_fold(c->arena, text);
    struct scan k = { .c = c, .f = &f, .s = f.s, .mode = mode, .ret = ret };
    /* Segments end at ';', at a sentence's end, and at line ends. */
    for (size_t from = 0, i = 0; i <= f.s.n; i++) {
        bool end = i == f.s.n || f.s.p[i] == ';' || (f.s.p[i] == ' ' && text.p[f.at[i]] == '\n')
            || (f.s.p[i] == '.' && (i + 1 == f.s.n || f.s.p[i + 1] == ' '));
        if (!end)
            continue;
        k.from = from;
        k.to = i;
        if (i - from < SENTENCE_MAX)
            read_segment(&k);
        from = i + 1;
    }
}
