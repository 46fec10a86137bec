#include "domain/plan/label.h"

#include "base/viet.h"

#include <string.h>

#include "base/banned.h"

/* Folded wordings. LINE: with a colon after it, before a value. COLUMN: as the header of a column. */
enum { LINE = 1, COLUMN = 2, BOTH = 3 };

static const struct {
    const char *words;
    enum label label;
    int where;
} dictionary[] = {
    {"tt", LABEL_ORDINAL, COLUMN},
    {"stt", LABEL_ORDINAL, COLUMN},
    {"so tt", LABEL_ORDINAL, COLUMN},
    {"so thu tu", LABEL_ORDINAL, COLUMN},
    {"muc", LABEL_ORDINAL, COLUMN},
    {"ma so", LABEL_ORDINAL, COLUMN},

    {"ten nhiem vu", LABEL_NAME, BOTH},
    {"nhiem vu", LABEL_NAME, COLUMN},
    {"nhiem vu cu the", LABEL_NAME, COLUMN},
    {"nhiem vu, giai phap", LABEL_NAME, COLUMN},
    {"nhiem vu/giai phap", LABEL_NAME, COLUMN},
    {"nhiem vu va giai phap", LABEL_NAME, COLUMN},
    {"ten nhiem vu, giai phap", LABEL_NAME, COLUMN},
    {"ten nhiem vu/giai phap", LABEL_NAME, COLUMN},
    {"nhiem vu trong tam", LABEL_NAME, COLUMN},
    {"nhiem vu chu yeu", LABEL_NAME, COLUMN},
    {"nhiem vu duoc giao", LABEL_NAME, COLUMN},
    {"nhiem vu thuc hien", LABEL_NAME, COLUMN},
    {"noi dung", LABEL_NAME, COLUMN},
    {"noi dung nhiem vu", LABEL_NAME, COLUMN},
    {"noi dung, nhiem vu", LABEL_NAME, COLUMN},
    {"noi dung/nhiem vu", LABEL_NAME, COLUMN},
    {"noi dung cong viec", LABEL_NAME, COLUMN},
    {"noi dung thuc hien", LABEL_NAME, COLUMN},
    {"noi dung cong viec thuc hien", LABEL_NAME, COLUMN},
    {"noi dung hoat dong", LABEL_NAME, COLUMN},
    {"cong viec", LABEL_NAME, COLUMN},
    {"ten cong viec", LABEL_NAME, COLUMN},
    {"dau viec", LABEL_NAME, COLUMN},
    {"hoat dong", LABEL_NAME, COLUMN},
    {"ten hoat dong", LABEL_NAME, COLUMN},
    {"de an", LABEL_NAME, COLUMN},
    {"ten de an", LABEL_NAME, COLUMN},
    {"ten du an", LABEL_NAME, COLUMN},
    {"ten chuong trinh, de an", LABEL_NAME, COLUMN},
    {"ten de an, chuong trinh, nhiem vu", LABEL_NAME, COLUMN},

    {"co quan chu tri", LABEL_LEAD, BOTH},
    {"don vi chu tri", LABEL_LEAD, BOTH},
    {"chu tri", LABEL_LEAD, BOTH},
    {"chu tri thuc hien", LABEL_LEAD, BOTH},
    {"co quan, don vi chu tri", LABEL_LEAD, BOTH},
    {"co quan/don vi chu tri", LABEL_LEAD, BOTH},
    {"don vi/co quan chu tri", LABEL_LEAD, BOTH},
    {"co quan chu tri thuc hien", LABEL_LEAD, BOTH},
    {"don vi chu tri thuc hien", LABEL_LEAD, BOTH},
    {"co quan, don vi chu tri thuc hien", LABEL_LEAD, BOTH},
    {"co quan chu tri tham muu", LABEL_LEAD, BOTH},
    {"don vi chu tri tham muu", LABEL_LEAD, BOTH},
    {"co quan tham muu", LABEL_LEAD, BOTH},
    {"co quan tham muu, thuc hien", LABEL_LEAD, BOTH},
    {"co quan dau moi", LABEL_LEAD, BOTH},
    {"don vi dau moi", LABEL_LEAD, BOTH},
    {"co quan thuc hien", LABEL_LEAD, BOTH},
    {"don vi thuc hien", LABEL_LEAD, BOTH},
    {"co quan, don vi thuc hien", LABEL_LEAD, BOTH},
    {"to chuc thuc hien", LABEL_LEAD, COLUMN},
    {"phan cong thuc hien", LABEL_LEAD, BOTH},
    {"phan cong", LABEL_LEAD, BOTH},
    {"trach nhiem thuc hien", LABEL_LEAD, BOTH},
    {"trach nhiem", LABEL_LEAD, COLUMN},
    {"co quan chiu trach nhiem", LABEL_LEAD, BOTH},
    {"don vi chiu trach nhiem", LABEL_LEAD, BOTH},
    {"don vi phu trach", LABEL_LEAD, BOTH},
    {"nguoi thuc hien", LABEL_LEAD, BOTH},
    {"co quan trinh", LABEL_LEAD, BOTH},
    {"co quan chu tri soan thao", LABEL_LEAD, BOTH},

    {"co quan phoi hop", LABEL_COORDINATING, BOTH},
    {"don vi phoi hop", LABEL_COORDINATING, BOTH},
    {"phoi hop", LABEL_COORDINATING, BOTH},
    {"phoi hop thuc hien", LABEL_COORDINATING, BOTH},
    {"co quan, don vi phoi hop", LABEL_COORDINATING, BOTH},
    {"co quan/don vi phoi hop", LABEL_COORDINATING, BOTH},
    {"don vi/co quan phoi hop", LABEL_COORDINATING, BOTH},
    {"co quan phoi hop thuc hien", LABEL_COORDINATING, BOTH},
    {"don vi phoi hop thuc hien", LABEL_COORDINATING, BOTH},
    {"co quan, don vi phoi hop thuc hien", LABEL_COORDINATING, BOTH},

    {"co quan theo doi", LABEL_MONITOR, BOTH},
    {"don vi theo doi", LABEL_MONITOR, BOTH},
    {"co quan, don vi theo doi", LABEL_MONITOR, BOTH},
    {"co quan/don vi theo doi", LABEL_MONITOR, BOTH},
    {"theo doi", LABEL_MONITOR, BOTH},
    {"theo doi, don doc", LABEL_MONITOR, BOTH},
    {"co quan theo doi, don doc", LABEL_MONITOR, BOTH},
    {"co quan theo doi, danh gia", LABEL_MONITOR, BOTH},
    {"co quan theo doi, tong hop", LABEL_MONITOR, BOTH},
    {"lanh dao phu trach", LABEL_MONITOR, BOTH},
    {"lanh dao chi dao", LABEL_MONITOR, BOTH},
    {"nguoi phu trach", LABEL_MONITOR, BOTH},

    {"thoi gian thuc hien", LABEL_TIME, BOTH},
    {"thoi gian", LABEL_TIME, BOTH},
    {"thoi gian hoan thanh", LABEL_TIME, BOTH},
    {"thoi gian trien khai", LABEL_TIME, BOTH},
    {"thoi gian trinh", LABEL_TIME, BOTH},
    {"thoi gian ban hanh", LABEL_TIME, BOTH},
    {"thoi gian bat dau - ket thuc", LABEL_TIME, BOTH},
    {"thoi han", LABEL_TIME, BOTH},
    {"thoi han hoan thanh", LABEL_TIME, BOTH},
    {"thoi han thuc hien", LABEL_TIME, BOTH},
    {"thoi diem hoan thanh", LABEL_TIME, BOTH},
    {"han hoan thanh", LABEL_TIME, BOTH},
    {"han", LABEL_TIME, COLUMN},
    {"tien do", LABEL_TIME, BOTH},
    {"tien do thuc hien", LABEL_TIME, BOTH},
    {"tien do hoan thanh", LABEL_TIME, BOTH},
    {"lo trinh", LABEL_TIME, BOTH},
    {"lo trinh thuc hien", LABEL_TIME, BOTH},
    {"moc thoi gian", LABEL_TIME, BOTH},
    {"hoan thanh", LABEL_TIME, LINE},
    {"ngay hoan thanh", LABEL_TIME, BOTH},

    {"san pham", LABEL_PRODUCT, BOTH},
    {"san pham, ket qua", LABEL_PRODUCT, BOTH},
    {"san pham/ket qua", LABEL_PRODUCT, BOTH},
    {"ket qua/san pham", LABEL_PRODUCT, BOTH},
    {"ket qua, san pham", LABEL_PRODUCT, BOTH},
    {"san pham du kien", LABEL_PRODUCT, BOTH},
    {"san pham hoan thanh", LABEL_PRODUCT, BOTH},
    {"san pham dau ra", LABEL_PRODUCT, BOTH},
    {"san pham cu the", LABEL_PRODUCT, BOTH},
    {"san pham can dat", LABEL_PRODUCT, BOTH},
    {"dau ra", LABEL_PRODUCT, BOTH},
    {"ket qua dau ra", LABEL_PRODUCT, BOTH},
    {"hinh thuc van ban", LABEL_PRODUCT, BOTH},
    {"ket qua", LABEL_PRODUCT, BOTH},
    {"ket qua du kien", LABEL_PRODUCT, BOTH},
    {"du kien ket qua", LABEL_PRODUCT, BOTH},
    {"du kien san pham", LABEL_PRODUCT, BOTH},
    {"du kien san pham hoan thanh", LABEL_PRODUCT, BOTH},
    {"ket qua, san pham du kien", LABEL_PRODUCT, BOTH},
    {"muc tieu, ket qua", LABEL_PRODUCT, BOTH},
    {"ket qua thuc hien", LABEL_PRODUCT, BOTH},
    {"yeu cau ket qua", LABEL_PRODUCT, BOTH},
    {"yeu cau, ket qua", LABEL_PRODUCT, BOTH},

    {"muc tieu", LABEL_OBJECTIVE, LINE},
    {"muc tieu chung", LABEL_OBJECTIVE, LINE},
    {"dinh huong nhom cac nhiem vu chinh", LABEL_DIRECTIONS, LINE},
    {"dinh huong cac nhom nhiem vu chinh", LABEL_DIRECTIONS, LINE},
    {"dinh huong nhom nhiem vu", LABEL_DIRECTIONS, LINE},
    {"dinh huong nhiem vu", LABEL_DIRECTIONS, LINE},
    {"dinh huong", LABEL_DIRECTIONS, LINE},
    {"nhom cac nhiem vu chinh", LABEL_DIRECTIONS, LINE},
    {"nhiem vu chinh", LABEL_DIRECTIONS, LINE},
    {"noi dung chinh", LABEL_DIRECTIONS, LINE},
    {"noi dung chu yeu", LABEL_DIRECTIONS, LINE},
    {"ket qua can dat duoc", LABEL_RESULTS, BOTH},
    {"ket qua can dat", LABEL_RESULTS, BOTH},
    {"ket qua dat duoc", LABEL_RESULTS, BOTH},
    {"ket qua mong doi", LABEL_RESULTS, BOTH},
    {"ket qua phai dat", LABEL_RESULTS, BOTH},
    {"yeu cau can dat", LABEL_RESULTS, BOTH},

    {"chi tieu", LABEL_TARGET, COLUMN},
    {"ten chi tieu", LABEL_TARGET, COLUMN},
    {"noi dung chi tieu", LABEL_TARGET, COLUMN},
    {"chi tieu/muc tieu", LABEL_TARGET, COLUMN},
    {"chi tieu, muc tieu", LABEL_TARGET, COLUMN},
    {"muc tieu/chi tieu", LABEL_TARGET, COLUMN},
    {"muc tieu, chi tieu", LABEL_TARGET, COLUMN},
    {"chi tieu chu yeu", LABEL_TARGET, COLUMN},
    {"chi tieu cu the", LABEL_TARGET, COLUMN},
    {"chi so", LABEL_TARGET, COLUMN},
    {"ten chi so", LABEL_TARGET, COLUMN},
    {"chi so/chi tieu", LABEL_TARGET, COLUMN},
    {"tieu chi", LABEL_TARGET, COLUMN},
    {"don vi tinh", LABEL_UNIT, BOTH},
    {"dvt", LABEL_UNIT, BOTH},
    {"don vi", LABEL_UNIT, COLUMN},
    {"gia tri", LABEL_VALUE, COLUMN},
    {"muc tieu", LABEL_VALUE, COLUMN},
    {"muc tieu can dat", LABEL_VALUE, COLUMN},
    {"chi tieu can dat", LABEL_VALUE, COLUMN},
    {"ke hoach", LABEL_VALUE, COLUMN},
    {"hien trang", LABEL_BASELINE, COLUMN},
    {"hien tai", LABEL_BASELINE, COLUMN},
    {"gia tri hien tai", LABEL_BASELINE, COLUMN},
    {"ket qua hien nay", LABEL_STATUS, BOTH},
    {"ket qua den nay", LABEL_STATUS, BOTH},
    {"ket qua hien tai", LABEL_STATUS, BOTH},
    {"tinh hinh thuc hien", LABEL_STATUS, BOTH},
    {"tinh trang", LABEL_STATUS, BOTH},
    {"trang thai", LABEL_STATUS, BOTH},
    {"danh gia", LABEL_STATUS, COLUMN},
    {"ghi chu", LABEL_NOTE, BOTH},
    {"can cu", LABEL_NOTE, COLUMN},
    {"can cu de xuat", LABEL_NOTE, COLUMN},
    {"kinh phi", LABEL_NOTE, BOTH},
    {"kinh phi thuc hien", LABEL_NOTE, BOTH},
    {"nguon kinh phi", LABEL_NOTE, BOTH},
    {"nguon luc", LABEL_NOTE, BOTH},
    {"du kien kinh phi", LABEL_NOTE, BOTH},
    {"cap trinh", LABEL_NOTE, BOTH},
    {"cap ban hanh", LABEL_NOTE, BOTH},
    {"cap tham quyen ban hanh", LABEL_NOTE, BOTH},
};

static enum label look_up(struct str words, int where)
{
    for (size_t i = 0; i < sizeof dictionary / sizeof *dictionary; i++)
        if ((dictionary[i].where & where) && str_eq(words, str_of(dictionary[i].words)))
            return dictionary[i].label;
    return LABEL_NONE;
}

/* Blanks and the marks of emphasis around a label. */
static struct str bare(struct str s)
{
    for (;;) {
        s = str_trim(s);
        if (s.n && strchr("*_-+.:\"(", s.p[0]))
            s = str_skip(s, 1);
        else if (s.n && strchr("*_:.\"", s.p[s.n - 1]))
            s.n--;
        else
            return s;
    }
}

/* "Sở A – Thời gian: …": the dash that leads to the next label; alone it says that there is nothing. */
static bool ends_with_dash(struct str s)
{
    size_t dash = str_ends(s, S("-")) ? 1 : str_ends(s, S("–")) || str_ends(s, S("—")) ? 3 : 0;
    return dash && (s.n == dash || s.p[s.n - dash - 1] == ' ');
}

static struct str value_of(struct str s)
{
    for (;;) {
        s = str_trim(s);
        if (s.n && strchr("*_:", s.p[0]))
            s = str_skip(s, 1);
        else if (s.n && strchr("*_;,(", s.p[s.n - 1]))
            s.n--;
        else if (ends_with_dash(s))
            s.n -= str_ends(s, S("-")) ? 1 : 3;
        else
            break;
    }
    if (str_ends(s, S(".")) && !str_ends(s, S("..")) && !str_ends(s, S("./.")))
        s.n--;
    return str_trim(s);
}

void label_split(struct ctx *c, struct str paragraph, struct labelled_list *ret)
{
    enum { LABEL_LONGEST = 60 };
    *ret = (struct labelled_list){0};
    if (!paragraph.n || !memchr(paragraph.p, ':', paragraph.n)) { /* most paragraphs: nothing to look for */
        if (str_trim(paragraph).n)
            *PUSH(c->arena, ret) = (struct labelled){LABEL_NONE, str_trim(paragraph)};
        return;
    }
    struct folded f = viet_fold(c->arena, paragraph);
    struct labelled open = {LABEL_NONE, {NULL, 0}};
    size_t open_from = 0;
    for (size_t colon = 0; (colon = str_find(f.s, S(":"), colon)) != SIZE_MAX; colon++) {
        /* The label runs back from the colon to the sign before it. */
        size_t from = colon;
        while (from > 0 && colon - from < LABEL_LONGEST && !strchr(".;(:", f.s.p[from - 1]) &&
               !(from > 1 && f.s.p[from - 1] == ' ' && f.s.p[from - 2] == '-'))
            from--;
        struct str words = bare(str_slice(f.s, from, colon));
        enum label label = look_up(words, LINE);
        /* "trách nhiệm, chủ trì: …" – a shorter label after a comma. */
        for (size_t comma;
             label == LABEL_NONE && (comma = str_find(words, S(", "), 0)) != SIZE_MAX && ret->n + 1 > 0;) {
            words = str_skip(words, comma + 2);
            enum label inner = look_up(words, LINE);
            if (inner == LABEL_LEAD || inner == LABEL_COORDINATING || inner == LABEL_TIME) {
                label = inner;
                from = (size_t)(words.p - f.s.p);
            }
        }
        if (label == LABEL_NONE)
            continue;
        open.text = value_of(str_slice(paragraph, f.at[open_from], f.at[from]));
        if (open.label != LABEL_NONE || open.text.n)
            *PUSH(c->arena, ret) = open;
        open.label = label;
        open_from = colon + 1;
    }
    struct str last = str_slice(paragraph, f.at[open_from], paragraph.n);
    if (open.label == LABEL_NONE) {
        if (str_trim(last).n)
            *PUSH(c->arena, ret) = (struct labelled){LABEL_NONE, str_trim(last)};
        return;
    }
    open.text = value_of(last);
    if (str_ends(open.text, S(")")) && !memchr(open.text.p, '(', open.text.n))
        open.text.n--;
    *PUSH(c->arena, ret) = open;
}

/* The one year in a header, or 0. */
static int year_in(struct str folded)
{
    int year = 0;
    for (size_t i = 0; i + 4 <= folded.n; i++) {
        bool digits = true;
        for (size_t k = 0; k < 4; k++)
            digits &= folded.p[i + k] >= '0' && folded.p[i + k] <= '9';
        bool alone = (i == 0 || folded.p[i - 1] < '0' || folded.p[i - 1] > '9') &&
                     (i + 4 == folded.n || folded.p[i + 4] < '0' || folded.p[i + 4] > '9');
        if (!digits || !alone)
            continue;
        int value = (folded.p[i] - '0') * 1000 + (folded.p[i + 1] - '0') * 100 + (folded.p[i + 2] - '0') * 10 +
                    folded.p[i + 3] - '0';
        if (value < 1990 || value > 2100)
            continue;
        if (year && year != value)
            return value > year ? value : year;
        year = value;
    }
    return year;
}

enum label label_of_column(struct ctx *c, struct str header, int *ret_year)
{
    struct str words = bare(viet_fold_text(c->arena, header));
    *ret_year = 0;
    enum label label = look_up(words, COLUMN);
    if (label)
        return label;
    /* "Nhiệm vụ (theo Kế hoạch)", "Cơ quan chủ trì/tham mưu": what stands before the bracket or the stroke decides. */
    static const char signs[] = "(/";
    for (size_t i = 0; i < 2; i++) {
        const char *at = words.n ? memchr(words.p, signs[i], words.n) : NULL;
        if (at && (label = look_up(bare((struct str){words.p, (size_t)(at - words.p)}), COLUMN)))
            return label;
    }
    int year = year_in(words);
    if (year && words.n < 60) {
        *ret_year = year;
        bool past = str_has(words, S("hien trang")) || str_starts(words, S("thuc hien")) || str_has(words, S("uoc")) ||
                    str_has(words, S("thuc trang"));
        return past ? LABEL_BASELINE : LABEL_YEAR;
    }
    /* The longest known wording that the header starts with: "Thời gian thực hiện, hoàn thành". */
    size_t best = 0;
    for (size_t i = 0; i < sizeof dictionary / sizeof *dictionary; i++) {
        struct str known = str_of(dictionary[i].words);
        if ((dictionary[i].where & COLUMN) && known.n > best && known.n >= 6 && str_starts(words, known) &&
            words.n > known.n && strchr(" ,", words.p[known.n]) && words.n < 80) {
            best = known.n;
            label = dictionary[i].label;
        }
    }
    return label;
}
