/* Any text as a sentence that sets figures, and sentences made of known ones. Of any text: the bounds are numbers that
 * stand in order and fit the comparator, the words lie in the text, and neither the place of the tone marks nor a full
 * stop at the end changes a figure. Of known ones: exactly the figures that were put in come out, in order. max_len=512
 */
#include "fuzz/fuzz.h"

#include "base/viet.h"
#include "domain/plan/quantity.h"

#include <math.h>

#include "base/banned.h"

static bool one_of(struct str s, const char *words)
{
    struct str rest = str_of(words), word;
    while (str_cut(&rest, '|', &word))
        if (str_eq(word, s))
            return true;
    return false;
}

static bool lies_in(struct str part, struct str text)
{
    return part.n == 0 || (part.p >= text.p && part.p + part.n <= text.p + text.n);
}

static void check_one(const struct quantity *q, struct str text)
{
    bool low = !isnan(q->low), high = !isnan(q->high);
    HOLDS(!low || (isfinite(q->low) && fabs(q->low) < 1e25));
    HOLDS(!high || (isfinite(q->high) && fabs(q->high) < 1e25));
    HOLDS(isnan(q->baseline) || isfinite(q->baseline));
    HOLDS(one_of(q->measure, "level|growth|rank"));
    if (one_of(q->comparator, "ge|gt|eq"))
        HOLDS(low && !high);
    else if (one_of(q->comparator, "le|lt"))
        HOLDS(!low && high);
    else
        HOLDS(str_eq(q->comparator, S("range")) && low && high && q->low <= q->high);
    HOLDS(!str_eq(q->measure, S("rank")) || (str_eq(q->comparator, S("le")) && q->high >= 1));
    HOLDS(lies_in(q->subject, text) && q->text.n > 0 && lies_in(q->text, text));
    HOLDS(q->at < text.n && text.p + q->at >= q->text.p && text.p + q->at < q->text.p + q->text.n);
    HOLDS(!q->unit.p || (q->unit.n > 0 && str_is_utf8(q->unit, NULL)));
    HOLDS(!q->per.p || str_eq(q->per, S("year")));
    HOLDS(!q->by.p || (q->by.n == 4 && lies_in(q->by, text) && q->by.p[0] >= '1' && q->by.p[0] <= '2'));
}

static bool same_number(double a, double b)
{
    return (isnan(a) && isnan(b)) || fabs(a - b) <= 1e-9 * fabs(a);
}

static void check_same(struct ctx *c, const struct quantities *a, const struct quantities *b)
{
    HOLDS(a->n == b->n);
    for (size_t i = 0; i < a->n; i++) {
        const struct quantity *x = &a->v[i], *y = &b->v[i];
        HOLDS(str_eq(x->measure, y->measure) && str_eq(x->comparator, y->comparator) && str_eq(x->per, y->per));
        HOLDS(same_number(x->low, y->low) && same_number(x->high, y->high) && same_number(x->baseline, y->baseline));
        HOLDS(str_eq(x->by, y->by));
        HOLDS(str_eq(viet_fold_text(c->arena, x->unit), viet_fold_text(c->arena, y->unit)));
    }
}

static void check_any(struct ctx *c, struct str text, enum quantity_mode mode)
{
    struct quantities found = {0}, tones = {0}, stopped = {0};
    quantity_read(c, text, mode, &found);
    for (size_t i = 0; i < found.n; i++) {
        check_one(&found.v[i], text);
        HOLDS(i == 0 || found.v[i].at > found.v[i - 1].at);
    }
    quantity_read(c, viet_tone(c->arena, text), mode, &tones);
    check_same(c, &found, &tones);
    if (text.n && text.p[text.n - 1] != '.') {
        quantity_read(c, str_fmt(c->arena, "%.*s.", ARGS(text)), mode, &stopped);
        check_same(c, &found, &stopped);
    }
}

static struct str pieces_of(struct arena *a, const uint8_t *data, size_t n)
{
    static const struct str pieces[] = {S0("5"),
                                        S0("30"),
                                        S0("2030"),
                                        S0("1.500"),
                                        S0("10,8"),
                                        S0("0.75"),
                                        S0("01"),
                                        S0("%"),
                                        S0("% GRDP"),
                                        S0(" "),
                                        S0("-"),
                                        S0(" - "),
                                        S0("/"),
                                        S0("/năm"),
                                        S0(", "),
                                        S0("; "),
                                        S0(". "),
                                        S0(" và "),
                                        S0("("),
                                        S0(")"),
                                        S0(":"),
                                        S0("≥ "),
                                        S0("≤"),
                                        S0("< "),
                                        S0("trên "),
                                        S0("dưới "),
                                        S0("ít nhất "),
                                        S0("tối thiểu "),
                                        S0("không quá "),
                                        S0("từ "),
                                        S0("trở lên "),
                                        S0(" đến "),
                                        S0("lên "),
                                        S0("xuống còn "),
                                        S0("tăng "),
                                        S0("giảm "),
                                        S0("bình quân "),
                                        S0("hằng năm "),
                                        S0("đạt "),
                                        S0("nhóm "),
                                        S0("top "),
                                        S0("xếp thứ "),
                                        S0("dẫn đầu "),
                                        S0("tỉnh, thành phố "),
                                        S0("doanh nghiệp "),
                                        S0("người/1 vạn dân "),
                                        S0("tỷ đồng "),
                                        S0("triệu "),
                                        S0("nghìn "),
                                        S0("Gb/s "),
                                        S0("năm "),
                                        S0("đến năm 2030 "),
                                        S0("giai đoạn "),
                                        S0("so với "),
                                        S0("hiện nay "),
                                        S0("hoá "),
                                        S0("hóa "),
                                        S0("thuỷ sản "),
                                        S0("Tỷ lệ hồ sơ "),
                                        S0("tốc độ "),
                                        S0("57-NQ/TW "),
                                        S0("5G "),
                                        S0("ngày "),
                                        S0("thành lập "),
                                        S0("xã "),
                                        S0("\n"),
                                        S0("."),
                                        S0("gấp "),
                                        S0("lần "),
                                        S0("chỉ số ")};
    return fuzz_compose(a, data, n, pieces, sizeof pieces / sizeof *pieces);
}

/* --- known figures --- */

struct known {
    struct str text;
    const char *measure, *comparator, *by;
    double low, high, baseline;
    bool per_year;
};

/* Bytes to choose by; zeros when they are used up. */
struct choice {
    const uint8_t *p;
    size_t n;
};

static unsigned choose(struct choice *k, unsigned from)
{
    if (!k->n)
        return 0;
    k->n--;
    return *k->p++ % from;
}

/* A number as offices write it; `*ret` is what it is. Never one that may be a year. */
static struct str number(struct ctx *c, struct choice *k, double *ret)
{
    unsigned n = 1 + choose(k, 250) + 7 * choose(k, 100);
    switch (choose(k, 6)) {
    case 0:
        *ret = n % 10;
        return str_fmt(c->arena, "0%u", n % 10);
    case 1:
        *ret = n * 1000.0 + n % 7;
        return str_fmt(c->arena, "%u.%03u", n, n % 7);
    case 2:
        *ret = n * 1e6 + n % 900 * 1000.0;
        return str_fmt(c->arena, "%u.%03u.000", n, n % 900);
    case 3:
        *ret = n + n % 10 / 10.0;
        return str_fmt(c->arena, "%u,%u", n, n % 10);
    case 4:
        *ret = n % 10 + n % 100 / 100.0;
        return str_fmt(c->arena, "%u.%02u", n % 10, n % 100);
    default:
        *ret = n;
        return str_fmt(c->arena, "%u", n);
    }
}

static const char *const subjects[] = {"Tỷ lệ hồ sơ trực tuyến", "Doanh thu bán lẻ", "Mức chi cho nghiên cứu",
                                       "Diện tích rừng ven biển", "Tỷ trọng kinh tế số"};
static const char *const units[] = {
    "%",  " doanh nghiệp", " người/1 vạn dân",  " tỷ đồng", "% GRDP",    " sản phẩm", " sáng chế",
    " %", " dự án",        " triệu đồng/người", " ha",      " trung tâm"};
#define CHOOSE(k, list) ((list)[choose((k), sizeof(list) / sizeof *(list))])

static struct known level(struct ctx *c, struct choice *k)
{
    static const struct {
        const char *before, *after, *comparator;
    } forms[] = {{"đạt ", "", "eq"},        {"đạt trên ", "", "gt"},       {"đạt ít nhất ", "", "ge"},
                 {"tối thiểu ", "", "ge"},  {"không thấp hơn ", "", "ge"}, {"dưới ", "", "lt"},
                 {"không quá ", "", "le"},  {"tối đa ", "", "le"},         {"≥ ", "", "ge"},
                 {"≤", "", "le"},           {"đạt từ ", " trở lên", "ge"}, {"hơn ", "", "gt"},
                 {"đạt khoảng ", "", "eq"}, {"từ ", " trở xuống", "le"}};
    struct known q = {.measure = "level", .low = NAN, .high = NAN, .baseline = NAN};
    unsigned form = choose(k, sizeof forms / sizeof *forms);
    double value;
    struct str text = number(c, k, &value);
    q.comparator = forms[form].comparator;
    *(forms[form].comparator[0] == 'l' ? &q.high : &q.low) = value;
    q.per_year = choose(k, 4) == 1;
    q.text = str_fmt(c->arena, "%s %s%.*s%s%s%s", CHOOSE(k, subjects), forms[form].before, ARGS(text), CHOOSE(k, units),
                     q.per_year ? "/năm" : "", forms[form].after);
    return q;
}

static struct known range(struct ctx *c, struct choice *k)
{
    static const char *const links[] = {" - ", "-", " đến ", "–"};
    struct known q = {.measure = "level", .comparator = "range", .baseline = NAN};
    unsigned low = 1 + choose(k, 250), high = low + 1 + choose(k, 250);
    const char *unit = CHOOSE(k, units), *link = CHOOSE(k, links);
    q.low = low;
    q.high = high;
    q.text = str_fmt(c->arena, "%s đạt %s%u%s%s%u%s", CHOOSE(k, subjects), choose(k, 2) ? "từ " : "", low,
                     unit[0] == '%' && choose(k, 2) ? "%" : "", link, high, unit);
    return q;
}

static struct known change(struct ctx *c, struct choice *k)
{
    struct known q = {.measure = "level", .comparator = "eq", .high = NAN};
    unsigned a = 1 + choose(k, 200), b = 1 + choose(k, 200);
    bool rise = a <= b;
    q.baseline = a;
    q.low = b;
    q.text = str_fmt(c->arena, "%s %s từ %u%% %s%s %u%%", CHOOSE(k, subjects), rise ? "tăng" : "giảm", a,
                     choose(k, 2) ? "(năm 2025) " : "", rise ? "lên" : "xuống còn", b);
    return q;
}

static struct known growth(struct ctx *c, struct choice *k)
{
    unsigned n = 1 + choose(k, 99), form = choose(k, 4);
    double value = n;
    struct known q = {.measure = "growth", .comparator = "eq", .low = value, .high = NAN, .baseline = NAN};
    const char *subject = CHOOSE(k, subjects);
    q.per_year = choose(k, 2);
    const char *per = q.per_year ? "/năm" : "";
    if (form == 0) {
        q.text = str_fmt(c->arena, "%s tăng bình quân %u%%%s", subject, n, per);
    } else if (form == 1) {
        q.comparator = "gt";
        q.text = str_fmt(c->arena, "%s tăng trên %u%%%s", subject, n, per);
    } else if (form == 2) {
        q.low = -value;
        q.text = str_fmt(c->arena, "%s giảm %u%%%s", subject, n, per);
    } else {
        q.comparator = "le";
        q.low = NAN;
        q.high = -value;
        q.text = str_fmt(c->arena, "%s giảm ít nhất %u%%%s", subject, n, per);
    }
    return q;
}

static struct known rank(struct ctx *c, struct choice *k)
{
    unsigned n = 1 + choose(k, 60), form = choose(k, 3);
    struct known q = {.measure = "rank", .comparator = "le", .low = NAN, .high = n, .baseline = NAN};
    q.text = form == 0 ? str_fmt(c->arena, "Chỉ số sẵn sàng thuộc nhóm %u tỉnh, thành phố dẫn đầu cả nước", n)
             : form == 1 ? str_fmt(c->arena, "Chỉ số sẵn sàng nằm trong top %u", n)
                         : str_fmt(c->arena, "Chỉ số sẵn sàng xếp thứ %u toàn quốc", n);
    return q;
}

/* Words around it that change no figure, and the year by which it is reached. */
static void surround(struct ctx *c, struct choice *k, struct known *q)
{
    static const char *const years[] = {"2027", "2028", "2030"};
    static const char *const ends[] = {"",
                                       "",
                                       " trên địa bàn tỉnh",
                                       ", góp phần phát triển kinh tế",
                                       " theo Nghị quyết số 57-NQ/TW",
                                       " trước ngày 30/6"};
    switch (choose(k, 4)) {
    case 1:
        q->by = CHOOSE(k, years);
        q->text = str_fmt(c->arena, "Đến năm %s, %.*s", q->by, ARGS(q->text));
        break;
    case 2:
        q->by = CHOOSE(k, years);
        q->text = str_fmt(c->arena, "%.*s vào năm %s", ARGS(q->text), q->by);
        break;
    case 3:
        q->text = str_fmt(c->arena, "Phấn đấu %.*s", ARGS(q->text));
        break;
    default:
        break;
    }
    q->text = str_fmt(c->arena, "%.*s%s", ARGS(q->text), CHOOSE(k, ends));
}

/* Inside a sentence a comparator or a year said before may hold for what follows, so these are joined only where the
 * next says its own, and the year is left open. */
static const char *join_of(struct choice *k, struct known *before, struct known *next)
{
    static const char *const joins[] = {"; ", ". ", ", ", " và ", ", đồng thời ", ", trong đó "};
    unsigned join = choose(k, 6);
    if (join > 1 && strcmp(next->comparator, "eq") == 0)
        join = 0;
    if (join > 1)
        before->by = next->by = NULL;
    return joins[join];
}

static void check_known(struct ctx *c, const uint8_t *data, size_t n)
{
    enum { FIGURES = 8 };
    struct choice k = {data, n};
    struct known known[FIGURES];
    struct str text = S("");
    size_t count = 0;
    while (k.n && count < FIGURES) {
        struct known (*const makers[])(struct ctx *, struct choice *) = {level, level, range, change, growth, rank};
        known[count] = makers[choose(&k, 6)](c, &k);
        surround(c, &k, &known[count]);
        const char *join = count ? join_of(&k, &known[count - 1], &known[count]) : "";
        text = str_fmt(c->arena, "%.*s%s%.*s", ARGS(text), join, ARGS(known[count].text));
        count++;
    }
    if (getenv("FUZZ_SHOW"))
        fprintf(stderr, "%.*s\n", ARGS(text));
    struct quantities found = {0};
    quantity_read(c, text, QUANTITY_TARGET, &found);
    for (size_t i = 0; i < found.n && getenv("FUZZ_SHOW"); i++)
        fprintf(stderr, "  %.*s %.*s %g..%g %.*s\n", ARGS(found.v[i].measure), ARGS(found.v[i].comparator),
                found.v[i].low, found.v[i].high, ARGS(found.v[i].unit));
    HOLDS(found.n == count);
    for (size_t i = 0; i < count; i++) {
        const struct quantity *q = &found.v[i];
        const struct known *want = &known[i];
        HOLDS(str_eq(q->measure, str_of(want->measure)));
        HOLDS(str_eq(q->comparator, str_of(want->comparator)));
        HOLDS(same_number(q->low, want->low) && same_number(q->high, want->high));
        HOLDS(same_number(q->baseline, want->baseline));
        HOLDS((q->per.p != NULL) == want->per_year);
        HOLDS(!want->by || str_eq(q->by, str_of(want->by)));
        HOLDS(q->unit.n > 0 && q->subject.n > 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n < 2)
        return 0;
    struct arena arena;
    struct ctx c = fuzz_ctx(&arena);
    enum quantity_mode mode = data[0] / 4 % 3;
    struct str text = {(const char *)data + 1, n - 1};
    if (data[0] & 2)
        check_known(&c, data + 1, n - 1);
    if (data[0] & 1)
        text = pieces_of(&arena, data + 1, n - 1);
    if (str_is_utf8(text, NULL))
        check_any(&c, viet_nfc(&arena, text), mode);
    arena_reset(&arena);
    return 0;
}
