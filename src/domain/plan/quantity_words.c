#include "domain/plan/quantity_words.h"

#include <math.h>
#include <string.h>

#include "base/banned.h"

bool word_at(struct str s, size_t i, const char *word)
{
    struct str w = str_of(word);
    if (i > s.n || !str_starts(str_skip(s, i), w))
        return false;
    return w.p[w.n - 1] == ' ' || !(letter_at(s, i + w.n) || digit_at(s, i + w.n)) || !letter_at(w, w.n - 1);
}

size_t word_before(struct str s, size_t end, size_t limit, const char *word)
{
    struct str w = str_of(word);
    while (end > limit && s.p[end - 1] == ' ')
        end--;
    if (end < limit + w.n || !str_ends(str_slice(s, 0, end), w))
        return SIZE_MAX;
    size_t at = end - w.n;
    bool whole = at == 0 || !letter_at(w, 0) || !(letter_at(s, at - 1) || digit_at(s, at - 1));
    return whole ? at : SIZE_MAX;
}

size_t any_before(struct str s, size_t end, size_t limit, const char *const *list)
{
    size_t best = SIZE_MAX;
    for (; *list; list++) {
        size_t start = word_before(s, end, limit, *list);
        if (start < best)
            best = start;
    }
    return best;
}

size_t any_at(struct str s, size_t i, const char *const *list)
{
    size_t best = 0;
    for (; *list; list++)
        if (strlen(*list) > best && word_at(s, i, *list))
            best = strlen(*list);
    return best;
}

bool word_within(struct str s, size_t from, size_t to, const char *word)
{
    struct str part = str_slice(s, 0, to), w = str_of(word);
    for (size_t at = from; (at = str_find(part, w, at)) != SIZE_MAX; at++)
        if ((at == 0 || !letter_at(s, at - 1)) && word_at(s, at, word))
            return true;
    return false;
}

bool spelt(const struct folded *f, size_t from, size_t to, const char *marked)
{
    if (!marked)
        return true;
    struct str original = folded_original(f, from, to), want = str_of(marked);
    bool plain = true;
    for (size_t i = 0; i < original.n; i++)
        plain &= (unsigned char)original.p[i] < 0x80;
    if (plain)
        return true;
    /* The first letter may be a capital; the rest of a word in a sentence is small. */
    size_t a = 0, b = 0;
    str_rune(original, &a);
    str_rune(want, &b);
    return str_eq(original, want) || (a < original.n && str_eq(str_skip(original, a), str_skip(want, b)));
}

bool number_at(struct str s, size_t at, struct number *ret)
{
    size_t i = at;
    double value = 0;
    while (digit_at(s, i) && i - at < 15)
        value = value * 10 + (s.p[i++] - '0');
    if (i == at || digit_at(s, i))
        return false;
    size_t lead = i - at;
    while (lead <= 3 && i - at < 20 && i < s.n && s.p[i] == '.' && digit_at(s, i + 1) && digit_at(s, i + 2) &&
           digit_at(s, i + 3) && !digit_at(s, i + 4)) {
        value = value * 1000 + (s.p[i + 1] - '0') * 100 + (s.p[i + 2] - '0') * 10 + (s.p[i + 3] - '0');
        i += 4;
    }
    bool grouped = i - at > lead;
    if (i + 1 < s.n && (s.p[i] == ',' || (s.p[i] == '.' && !grouped)) && digit_at(s, i + 1)) {
        double part = 0.1;
        for (i++; digit_at(s, i) && part > 1e-9; i++, part /= 10)
            value += (s.p[i] - '0') * part;
        /* Decimal fractions are rounded to what was written. */
        value = round(value * 1e8) / 1e8;
    }
    if (digit_at(s, i) || (i < s.n && s.p[i] == '.' && digit_at(s, i + 1)))
        return false;
    *ret = (struct number){.value = value, .from = at, .to = i};
    size_t next = skip_blanks(s, i);
    if (next < s.n && s.p[next] == '%') {
        ret->percent = true;
        ret->to = next + 1;
    }
    return true;
}

bool is_year(const struct number *n, struct str s)
{
    return !n->percent && n->to - n->from == 4 && n->value >= 1945 && n->value <= 2100 && s.p[n->from] != '0';
}

size_t multiplier_at(struct str s, size_t at, double *times)
{
    /* times 0: part of the unit as offices write it */
    static const struct {
        const char *word;
        double times;
    } words[] = {{"nghin ty dong", 0}, {"ty dong", 0},   {"trieu dong", 0}, {"ty usd", 0},  {"trieu usd", 0},
                 {"nghin ty", 0},      {"trieu tan", 0}, {"nghin tan", 0},  {"trieu", 1e6}, {"nghin", 1e3},
                 {"ngan", 1e3},        {"van dan", 0},   {"van", 1e4}};
    size_t next = skip_blanks(s, at);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (word_at(s, next, words[i].word)) {
            if (words[i].times == 0)
                return at;
            *times *= words[i].times;
            return next + strlen(words[i].word);
        }
    return at;
}

/* --- units
 * ------------------------------------------------------------------------------------------------------------ */

/* Nouns that count things; the longest that matches is the unit. */
static const char *const unit_nouns[] = {"doanh nghiep",
                                         "hop tac xa",
                                         "ho",
                                         "ho gia dinh",
                                         "ho kinh doanh",
                                         "nguoi",
                                         "nhan luc",
                                         "lao dong",
                                         "can bo",
                                         "chuyen gia",
                                         "nha khoa hoc",
                                         "ky su",
                                         "hoc vien",
                                         "sinh vien",
                                         "hoc sinh",
                                         "giao vien",
                                         "bac si",
                                         "giuong benh",
                                         "trung tam",
                                         "to chuc",
                                         "truong dai hoc",
                                         "truong",
                                         "truong hoc",
                                         "co so",
                                         "vien",
                                         "phong thi nghiem",
                                         "nhiem vu",
                                         "de tai",
                                         "du an",
                                         "de an",
                                         "san pham",
                                         "mo hinh",
                                         "sang che",
                                         "giai phap huu ich",
                                         "sang che, giai phap huu ich",
                                         "giai phap",
                                         "sang kien",
                                         "nhan hieu",
                                         "van bang",
                                         "bang doc quyen",
                                         "bang doc quyen sang che",
                                         "don",
                                         "don dang ky",
                                         "bai bao",
                                         "cong bo",
                                         "khu",
                                         "cum",
                                         "khu, cum",
                                         "khu cong nghiep",
                                         "cum cong nghiep",
                                         "vung",
                                         "xa",
                                         "phuong",
                                         "xa, phuong",
                                         "huyen",
                                         "tinh",
                                         "tinh, thanh pho",
                                         "thanh pho",
                                         "thon",
                                         "to",
                                         "ngoi nha",
                                         "can ho",
                                         "can",
                                         "ha",
                                         "km",
                                         "km2",
                                         "m2",
                                         "m3",
                                         "met",
                                         "tan",
                                         "nghin tan",
                                         "trieu tan",
                                         "kg",
                                         "lit",
                                         "mw",
                                         "kwh",
                                         "gb/s",
                                         "gbps",
                                         "mbps",
                                         "mb/s",
                                         "ty dong",
                                         "trieu dong",
                                         "nghin dong",
                                         "dong",
                                         "nghin ty dong",
                                         "ty usd",
                                         "trieu usd",
                                         "usd",
                                         "luot khach",
                                         "luot nguoi",
                                         "luot",
                                         "khach",
                                         "diem",
                                         "diem %",
                                         "diem phan tram",
                                         "bac",
                                         "hang",
                                         "tuoi",
                                         "lan",
                                         "dich vu",
                                         "nen tang",
                                         "he thong",
                                         "ung dung",
                                         "co so du lieu",
                                         "bo du lieu",
                                         "tram",
                                         "diem den",
                                         "diem du lich",
                                         "su kien",
                                         "hoi nghi",
                                         "hoi thao",
                                         "lop",
                                         "khoa",
                                         "lop tap huan",
                                         "buoi",
                                         "cuoc",
                                         "dot",
                                         "bo",
                                         "thu tuc",
                                         "thu tuc hanh chinh",
                                         "ho so",
                                         "chi tieu",
                                         "tieu chi",
                                         "cong trinh",
                                         "nha may",
                                         "quy",
                                         "thuong hieu",
                                         "chi bo",
                                         "dang vien",
                                         "ket qua",
                                         "loai",
                                         "chuoi",
                                         "chuong trinh",
                                         "ke hoach",
                                         "van ban",
                                         "nghi quyet",
                                         "startup",
                                         "cong ty",
                                         "tap doan",
                                         "nha dau tu",
                                         "dia phuong",
                                         "don vi",
                                         "co quan",
                                         "kenh",
                                         "tin bai",
                                         "tin, bai",
                                         "chuyen muc",
                                         "phong su",
                                         "may",
                                         "camera",
                                         "thiet bi",
                                         "nguoi/1 van dan",
                                         "nguoi/van dan",
                                         "suat",
                                         "khu dan cu",
                                         "to hop",
                                         "hub",
                                         "van phong",
                                         "lang nghe",
                                         "tau",
                                         "ngay lam viec",
                                         "gio lam viec",
                                         "ngay",
                                         "gio",
                                         "phut",
                                         "giay",
                                         "sao",
                                         NULL};

size_t unit_noun(struct str s, size_t at)
{
    size_t length = any_at(s, at, unit_nouns);
    return length ? at + length : SIZE_MAX;
}

size_t denominator(struct str s, size_t at)
{
    static const char *const nouns[] = {"van dan",    "trieu dan", "nghin dan",
                                        "dan",        "nguoi dan", "nguoi",
                                        "ho dan",     "ho",        "lao dong",
                                        "ha",         "gio",       "ngay",
                                        "thang",      "km2",       "m2",
                                        "xa, phuong", "xa",        "phuong",
                                        "huyen",      "don vi",    "doanh nghiep",
                                        "co quan",    "diem",      "to",
                                        "thon",       "s",         "giay",
                                        "hoc sinh",   "hoc vien",  "lop",
                                        "truong",     "dang vien", "can bo",
                                        "can",        "tram",      "ban",
                                        "thanh pho",  "tinh",      "huyen, thanh pho",
                                        "co so",      "san pham",  "du an",
                                        NULL};
    size_t i = skip_blanks(s, at);
    bool stroke = i < s.n && s.p[i] == '/';
    if (stroke)
        i = skip_blanks(s, i + 1);
    else if (word_at(s, i, "tren"))
        i = skip_blanks(s, i + 4);
    else
        return at;
    struct number n;
    bool counted = number_at(s, i, &n) && !n.percent;
    if (counted)
        i = skip_blanks(s, n.to);
    size_t length = any_at(s, i, nouns);
    return length && (stroke || counted) ? i + length : at;
}

size_t phrase_end(struct str s, size_t at, size_t limit, unsigned words)
{
    static const char *const stops[] = {
        "duoc", "dat", "co",    "va",  "tren",    "trong",     "cua",       "voi",    "cho",      "tai",  "theo",
        "de",   "den", "tu",    "la",  "su dung", "tham gia",  "thuc hien", "moi",    "/",        "hoac", "hang",
        "phai", "ve",  "thuoc", "nam", "tro len", "tro xuong", "vao",       "so voi", "dau tien", NULL};
    size_t i = skip_blanks(s, at), end = at;
    for (unsigned w = 0; w < words && i < limit && letter_at(s, i) && !any_at(s, i, stops); w++) {
        while (i < limit && letter_at(s, i))
            i++;
        end = i;
        i = skip_blanks(s, i);
    }
    return end;
}

/* --- comparators
 * ------------------------------------------------------------------------------------------------------ */

static const struct {
    const char *words;
    const char *comparator;
} comparators[] = {
    {"toi thieu", "ge"},
    {"it nhat", "ge"},
    {"khong thap hon", "ge"},
    {"khong duoi", "ge"},
    {"khong it hon", "ge"},
    {"khong nho hon", "ge"},
    {"≥", "ge"},
    {">=", "ge"},
    {"=>", "ge"},
    {"dat va vuot", "ge"},
    {"lon hon hoac bang", "ge"},
    {"tro len", "ge"},
    {"tu tren", "gt"},
    {"dat tren", "gt"},
    {"tren", "gt"},
    {"nhieu hon", "gt"},
    {"cao hon", "gt"},
    {"lon hon", "gt"},
    {"hon", "gt"},
    {"vuot muc", "gt"},
    {"vuot", "gt"},
    {">", "gt"},
    {"khong qua", "le"},
    {"khong vuot qua", "le"},
    {"toi da", "le"},
    {"nhieu nhat", "le"},
    {"khong cao hon", "le"},
    {"khong lon hon", "le"},
    {"khong tren", "le"},
    {"khong nhieu hon", "le"},
    {"nho hon hoac bang", "le"},
    {"≤", "le"},
    {"<=", "le"},
    {"=<", "le"},
    {"xuong duoi", "lt"},
    {"con duoi", "lt"},
    {"duoi", "lt"},
    {"it hon", "lt"},
    {"thap hon", "lt"},
    {"nho hon", "lt"},
    {"<", "lt"},
    {"chua den", "lt"},
};

struct str comparator_before(struct str s, size_t at, size_t limit, size_t *ret_from)
{
    static const char *const fillers[] = {"khoang", "dat",   "la",  "muc", "o muc", "bang",   "duoc",
                                          "con",    "ty le", "den", "len", "gan",   "xap xi", NULL};
    *ret_from = at;
    for (int round = 0; round < 3; round++) {
        size_t best = SIZE_MAX;
        const char *found = NULL;
        for (size_t i = 0; i < sizeof comparators / sizeof *comparators; i++) {
            size_t start = word_before(s, at, limit, comparators[i].words);
            if (start != SIZE_MAX && start < best) {
                best = start;
                found = comparators[i].comparator;
            }
        }
        if (found) {
            *ret_from = best;
            return str_of(found);
        }
        size_t filler = any_before(s, at, limit, fillers);
        if (filler == SIZE_MAX)
            break;
        *ret_from = at = filler;
    }
    return (struct str){NULL, 0};
}

/* --- what is measured
 * ------------------------------------------------------------------------------------------------- */

static const struct spelling starts[] = {
    {"phan dau", NULL},     {"moi nam", NULL}, {"hang nam", NULL},          {"trong do", NULL},   {"dong thoi", NULL},
    {"bao dam", NULL},      {"dam bao", NULL}, {"toi thieu", NULL},         {"it nhat", NULL},    {"dat", "đạt"},
    {"co", "có"},           {"duy tri", NULL}, {"tiep tuc", NULL},          {"tung buoc", NULL},  {"khoang", NULL},
    {"va", "và"},           {"voi", "với"},    {"thuc hien", NULL},         {"hoan thanh", NULL}, {"viec", "việc"},
    {"tro len", "trở lên"}, {"tren", "trên"},  {"binh quan moi nam", NULL}, {"con", "còn"}};
static const struct spelling ends[] = {{"dat", "đạt"},
                                       {"co", "có"},
                                       {"la", "là"},
                                       {"o muc", NULL},
                                       {"muc", "mức"},
                                       {"chiem", NULL},
                                       {"dat muc", NULL},
                                       {"khoang", NULL},
                                       {"tang", "tăng"},
                                       {"giam", "giảm"},
                                       {"tang trung binh", NULL},
                                       {"tang binh quan", NULL},
                                       {"giam binh quan", NULL},
                                       {"giam trung binh", NULL},
                                       {"tang them", NULL},
                                       {"tang gap", NULL},
                                       {"gap", "gấp"},
                                       {"xuong", "xuống"},
                                       {"con", "còn"},
                                       {"len", "lên"},
                                       {"tu", "từ"},
                                       {"dat ty le", NULL},
                                       {"nam trong", "nằm trong"},
                                       {"thuoc", "thuộc"},
                                       {"nam trong nhom", NULL},
                                       {"vao nhom", NULL},
                                       {"vao", "vào"},
                                       {"trong", "trong"},
                                       {"moi nam", NULL},
                                       {"quy mo", NULL},
                                       {"dat quy mo", NULL},
                                       {"den", "đến"},
                                       {"duoc", "được"},
                                       {"it nhat", NULL},
                                       {"toi thieu", NULL},
                                       {"tren", "trên"},
                                       {"duoi", "dưới"},
                                       {"hang nam", NULL},
                                       {"bao dam", NULL},
                                       {"dam bao", NULL},
                                       {"phan dau", NULL},
                                       {"trong do", NULL},
                                       {"va", "và"},
                                       {"voi", "với"},
                                       {"so voi", NULL},
                                       {"xep hang", NULL},
                                       {"het", "hết"},
                                       {"cuoi", "cuối"},
                                       {"truoc", "trước"},
                                       {"tro len", NULL},
                                       {"voi tong so", NULL},
                                       {"tong so", NULL},
                                       {"gan", "gần"},
                                       {"cat giam", NULL},
                                       {"/nam", NULL}};

static size_t strip_start(const struct folded *f, size_t from, size_t to)
{
    struct str s = str_slice(f->s, 0, to);
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        size_t n = strlen(starts[i].folded);
        if (word_at(s, from, starts[i].folded) && spelt(f, from, from + n, starts[i].marked))
            return from + n;
    }
    /* "đến năm 2030,", "trong giai đoạn 2026 - 2030" */
    static const char *const openers[] = {
        "den het nam", "den cuoi nam",    "den nam",       "vao nam",   "trong nam", "het nam", "cuoi nam", "nam",
        "giai doan",   "trong giai doan", "giai doan nam", "truoc nam", "tu nam",    "thoi ky", "nhiem ky", NULL};
    size_t at = skip_blanks(s, from + any_at(s, from, openers));
    struct number n;
    if (at == from || !number_at(s, at, &n) || !is_year(&n, s))
        return from;
    size_t next = skip_blanks(s, n.to);
    struct number last;
    if (next < s.n && s.p[next] == '-' && number_at(s, skip_blanks(s, next + 1), &last) && is_year(&last, s))
        return last.to;
    return n.to;
}

static size_t strip_end(const struct folded *f, size_t from, size_t to)
{
    size_t best = SIZE_MAX; /* the longest that fits */
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t at = word_before(f->s, to, from, ends[i].folded);
        if (at < best && spelt(f, at, at + strlen(ends[i].folded), ends[i].marked))
            best = at;
    }
    if (best != SIZE_MAX)
        return best;
    struct number n;
    if (to >= from + 8 && number_at(f->s, to - 4, &n) && n.to == to && is_year(&n, f->s)) {
        size_t at = word_before(f->s, to - 4, from, "nam");
        if (at != SIZE_MAX)
            return at;
    }
    return to;
}

/* "(2)", "2)": the number of an enumeration. */
static size_t strip_enumerator(struct str s, size_t from, size_t to)
{
    size_t i = from;
    while (i < to && digit_at(s, i) && i - from < 3)
        i++;
    return i > from && i < to && s.p[i] == ')' ? i + 1 : from;
}

static void strip_ends(const struct folded *f, size_t *from, size_t *to)
{
    struct str s = f->s;
    for (bool again = true; again;) {
        size_t a = *from, b = *to;
        while (a < b && strchr(" ,;:.-()+*\"", s.p[a]))
            a++;
        while (b > a && strchr(" ,;:.-(\"*", s.p[b - 1]))
            b--;
        a = strip_enumerator(s, a, b);
        if (a < b)
            a = strip_start(f, a, b);
        if (a < b)
            b = strip_end(f, a, b);
        again = a != *from || b != *to;
        *from = a;
        *to = b > a ? b : a;
    }
}

void strip_to_subject(const struct folded *f, size_t *from, size_t *to)
{
    strip_ends(f, from, to);
    /* "Về xã hội: tỷ lệ hộ nghèo": what stands after the colon if it names something, else what stands before. */
    for (size_t i = *to; i > *from + 1; i--)
        if (f->s.p[i - 1] == ':') {
            size_t after = i, end = *to, before = i - 1;
            strip_ends(f, &after, &end);
            if (end > after + 3) {
                *from = after;
                *to = end;
            } else {
                *to = before;
                strip_ends(f, from, to);
            }
            return;
        }
}

bool is_bare_verb(struct str s, size_t from, size_t to)
{
    static const char *const verbs[] = {"thu hut",
                                        "hinh thanh",
                                        "hinh thanh them",
                                        "dao tao",
                                        "ho tro",
                                        "xay dung",
                                        "phat trien",
                                        "thanh lap",
                                        "to chuc",
                                        "tao ra",
                                        "so hoa",
                                        "cap",
                                        "dao tao moi",
                                        "thu hut them",
                                        "dong thoi thu hut",
                                        "trien khai",
                                        "dua",
                                        "ket nap",
                                        "moi duoc",
                                        "phan dau",
                                        "thuong mai hoa",
                                        "mo moi",
                                        "bao dam",
                                        "dam bao",
                                        "cat giam",
                                        "giam",
                                        "tang",
                                        "tiet kiem",
                                        "xay dung moi",
                                        "trong moi",
                                        "binh quan moi nam",
                                        "binh quan",
                                        "hang nam",
                                        "them",
                                        "phat trien moi",
                                        "thanh lap moi",
                                        "lap moi",
                                        "xu ly",
                                        "giai quyet",
                                        "dat va vuot",
                                        NULL};
    struct str words = str_slice(s, from, to);
    if (words.n < 4)
        return true;
    for (const char *const *v = verbs; *v; v++)
        if (str_eq(words, str_of(*v)))
            return true;
    return false;
}
