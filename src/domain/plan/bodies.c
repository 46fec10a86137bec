#include "domain/plan/bodies.h"

#include "base/viet.h"

#include <string.h>

#include "base/banned.h"

enum { NAME_BYTES_MAX = 400, PARTS_MAX = 400 };

/* First words of the name of a body, folded. */
static const char *const heads[] = {"so",
                                    "ban",
                                    "van phong",
                                    "vp",
                                    "ubnd",
                                    "hdnd",
                                    "uy ban",
                                    "hoi dong",
                                    "dang uy",
                                    "chi uy",
                                    "tinh uy",
                                    "thanh uy",
                                    "huyen uy",
                                    "thi uy",
                                    "thuong truc",
                                    "ban thuong vu",
                                    "dang bo",
                                    "chi bo",
                                    "dang doan",
                                    "ban can su",
                                    "to dang",
                                    "to cong tac",
                                    "to ",
                                    "cong an",
                                    "bo chi huy",
                                    "bo",
                                    "bch",
                                    "truong",
                                    "hoi",
                                    "lien minh",
                                    "lien doan",
                                    "lien hiep",
                                    "mat tran",
                                    "uy ban mttq",
                                    "ubmttq",
                                    "mttq",
                                    "doan",
                                    "vien",
                                    "trung tam",
                                    "cuc",
                                    "chi cuc",
                                    "tong cuc",
                                    "vu",
                                    "thanh tra",
                                    "toa an",
                                    "kho bac",
                                    "ngan hang",
                                    "bao",
                                    "dai",
                                    "buu dien",
                                    "dien luc",
                                    "cong ty",
                                    "tong cong ty",
                                    "tap doan",
                                    "benh vien",
                                    "phong",
                                    "thue",
                                    "hai quan",
                                    "thong ke",
                                    "bao hiem",
                                    "quy",
                                    "hiep hoi",
                                    "cau lac bo",
                                    "co quan",
                                    "don vi",
                                    "chinh phu",
                                    "quoc hoi",
                                    "thi xa",
                                    "thanh pho",
                                    "tp",
                                    "huyen",
                                    "xa",
                                    "phuong",
                                    "dac khu",
                                    "tinh",
                                    "dai hoc",
                                    "hoc vien",
                                    "bql",
                                    "bao tang",
                                    "thu vien",
                                    "nha hat",
                                    "nha van hoa",
                                    "lien hiep",
                                    "thanh doan",
                                    "tinh doan",
                                    "quan doan",
                                    "ldld",
                                    "ubkt",
                                    "doanh nghiep",
                                    "hop tac xa",
                                    "dia phuong",
                                    "cap uy",
                                    "to chuc",
                                    "nha may",
                                    "chu dau tu",
                                    "bi thu",
                                    "chu tich",
                                    "pho chu tich",
                                    "giam doc",
                                    "truong ban",
                                    "thu truong",
                                    "nguoi dung dau",
                                    "ttpvhcc",
                                    "vnpt",
                                    "viettel",
                                    "vien kiem sat",
                                    "to"};

/* Words of a group: on their own they name nobody. */
static const char *const generic[] = {"cap uy",
                                      "cac cap uy",
                                      "to chuc dang",
                                      "co quan",
                                      "don vi",
                                      "dia phuong",
                                      "so",
                                      "ban",
                                      "nganh",
                                      "doan the",
                                      "xa",
                                      "phuong",
                                      "dac khu",
                                      "huyen",
                                      "thi xa",
                                      "thanh pho",
                                      "giup viec",
                                      "tham muu",
                                      "to chuc chinh tri",
                                      "to chuc chinh tri - xa hoi",
                                      "to chuc chinh tri xa hoi",
                                      "to chuc xa hoi",
                                      "doanh nghiep",
                                      "hiep hoi",
                                      "hoi",
                                      "truong hoc",
                                      "truong dai hoc",
                                      "cao dang",
                                      "vien nghien cuu",
                                      "to chuc",
                                      "ca nhan",
                                      "nguoi dan",
                                      "nhan dan",
                                      "hop tac xa",
                                      "ho kinh doanh",
                                      "cap",
                                      "linh vuc",
                                      "luc luong",
                                      "chinh quyen",
                                      "mat tran",
                                      "cac nganh",
                                      "cac cap",
                                      "dang uy",
                                      "chi bo",
                                      "ban nganh",
                                      "so nganh",
                                      "co so giao duc",
                                      "co so",
                                      "quan",
                                      "thon",
                                      "xom",
                                      "to dan pho",
                                      "to chuc doan the",
                                      "thu truong",
                                      "nguoi dung dau",
                                      "phong",
                                      "don vi truc thuoc",
                                      "dang vien",
                                      "can bo"};

/* What may follow a group's word without making it a name. */
static const char *const qualifiers[] = {
    "lien quan",       "co lien quan",      "truc thuoc",      "tren dia ban", "tren dia ban tinh",
    "cua tinh",        "cap tinh",          "trong tinh",      "tinh",         "khac",
    "cap xa",          "cap huyen",         "thuoc tinh",      "hoac",         "va",
    "trong toan tinh", "dong tren dia ban", "truc thuoc tinh", "toan tinh",    "trung uong"};

static bool starts_word(struct str s, struct str word)
{
    if (!str_starts(s, word))
        return false;
    char next = s.n > word.n ? s.p[word.n] : ' ';
    return !((next >= 'a' && next <= 'z') || (next >= '0' && next <= '9') || (unsigned char)next >= 0x80) ||
           word.p[word.n - 1] == ' ';
}

static bool starts_head(struct str folded)
{
    /* "Xã hội", "Tổ quốc": the second halves of names, not first words. */
    static const char *const not_heads[] = {"xa hoi", "to quoc", "hoi nhap", "bao chi", "to chuc lai", "truong hoc"};
    for (size_t i = 0; i < sizeof not_heads / sizeof *not_heads; i++)
        if (starts_word(folded, str_of(not_heads[i])))
            return false;
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        if (starts_word(folded, str_of(heads[i])))
            return true;
    return false;
}

static bool starts_group(struct str folded)
{
    static const char *const words[] = {"cac", "nhung", "toan the", "mot so", "toan bo", "tat ca", "moi", "100%"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (starts_word(folded, str_of(words[i])))
            return true;
    return false;
}

/* "đơn vị liên quan": a word of a group, with nothing after it that names somebody. */
static bool is_generic(struct str folded)
{
    for (size_t i = 0; i < sizeof generic / sizeof *generic; i++) {
        struct str word = str_of(generic[i]);
        if (!starts_word(folded, word))
            continue;
        struct str rest = str_trim(str_skip(folded, word.n));
        for (bool again = true; again && rest.n;) {
            again = false;
            for (size_t k = 0; k < sizeof qualifiers / sizeof *qualifiers && !again; k++)
                if (starts_word(rest, str_of(qualifiers[k]))) {
                    rest = str_trim(str_skip(rest, strlen(qualifiers[k])));
                    again = true;
                }
            for (size_t k = 0; k < sizeof generic / sizeof *generic && !again; k++)
                if (starts_word(rest, str_of(generic[k]))) {
                    rest = str_trim(str_skip(rest, strlen(generic[k])));
                    again = true;
                }
        }
        if (!rest.n || (rest.p[0] >= '0' && rest.p[0] <= '9'))
            return true;
    }
    return false;
}

/* Words that open a group however it goes on: "tổ chức đảng", "giúp việc đảng ủy các cơ quan". */
static bool goes_on_group(struct str folded)
{
    static const char *const words[] = {"giup viec",       "tham muu",          "don vi",
                                        "dia phuong",      "to chuc chinh tri", "doan the",
                                        "co quan, don vi", "to chuc dang",      "cap uy"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (starts_word(folded, str_of(words[i])))
            return true;
    return is_generic(folded);
}

struct part {
    size_t from, to; /* in the folded cell */
    char before;     /* what parts it from the one before: , ; 'v' for "và" */
};

static bool is_abbreviation_dot(struct str f, size_t dot)
{
    size_t from = dot;
    while (from > 0 && f.p[from - 1] >= 'a' && f.p[from - 1] <= 'z')
        from--;
    struct str word = str_slice(f, from, dot);
    return str_eq(word, S("tp")) || str_eq(word, S("tx")) || str_eq(word, S("tt")) || str_eq(word, S("p")) ||
           str_eq(word, S("x"));
}

static size_t cut_parts(const struct folded *f, struct part *parts)
{
    struct str s = f->s;
    size_t n = 0, from = 0, depth = 0;
    char before = ';';
    for (size_t i = 0; i <= s.n && n < PARTS_MAX; i++) {
        char ch = i < s.n ? s.p[i] : ';';
        size_t skip = 1;
        char sign = 0;
        if (ch == '(')
            depth++;
        else if (ch == ')' && depth)
            depth--;
        else if (depth && i < s.n)
            continue;
        if (ch == ',' || ch == ';' || i == s.n)
            sign = ch;
        else if (ch == '.' && !is_abbreviation_dot(s, i))
            sign = ';';
        else if (ch == ' ' && f->original.p[f->at[i]] == '\n')
            sign = ';';
        else if (ch == ':')
            sign = ':';
        else if (ch == '/' && i > 0 && i + 1 < s.n && s.p[i + 1] == ' ')
            sign = ';';
        else if (ch == ' ' && str_starts(str_skip(s, i), S(" va "))) {
            sign = 'v';
            skip = 4;
        } else if (ch == ' ' && (str_starts(str_skip(s, i), S(" - ")) || str_starts(str_skip(s, i), S(" + ")))) {
            sign = '-';
            skip = 3;
        } else if (ch == '&' && i > 0 && s.p[i - 1] == ' ') {
            sign = 'v';
        }
        if (!sign)
            continue;
        parts[n++] = (struct part){from, i, before};
        before = sign;
        from = i + skip;
        i = from - 1;
    }
    return n;
}

struct reader {
    struct ctx *c;
    const struct org_catalogue *catalogue;
    const struct folded *f;
    struct strs *ret;
    size_t cap;
};

static struct str clean_name(struct str s)
{
    for (;;) {
        s = str_trim(s);
        if (s.n && strchr("-+*:;,.", s.p[0]))
            s = str_skip(s, 1);
        else if (str_starts(s, S("–")))
            s = str_skip(s, 3);
        else if (s.n && strchr("*:;,.", s.p[s.n - 1]))
            s.n--;
        else
            return s;
    }
}

static bool has_name(struct ctx *c, const struct strs *names, struct str name)
{
    struct arena_mark mark = arena_mark(c->arena);
    struct str folded = viet_fold_text(c->arena, name);
    bool has = str_eq(folded, S("khong"));
    for (size_t i = 0; i < names->n && !has; i++)
        has = str_eq(names->v[i], name) || str_eq(viet_fold_text(c->arena, names->v[i]), folded);
    arena_rewind(c->arena, mark);
    return has;
}

static void append_name(struct ctx *c, struct strs *names, struct str name)
{
    if (!name.n || name.n > NAME_BYTES_MAX || names->n >= BODIES_MAX || has_name(c, names, name))
        return;
    struct {
        struct str *v;
        size_t n, cap;
    } list = {names->v, names->n, names->n};
    *PUSH(c->arena, &list) = name;
    names->v = list.v;
    names->n = list.n;
}

static void add_name(struct reader *r, struct str name)
{
    append_name(r->c, r->ret, clean_name(name));
}

void bodies_add(struct ctx *c, const struct strs *names, struct strs *ret)
{
    for (size_t i = 0; i < names->n; i++)
        append_name(c, ret, names->v[i]);
}

static struct str part_text(const struct reader *r, const struct part *first, const struct part *last)
{
    size_t from = first->from, to = last->to;
    while (from < to && r->f->s.p[from] == ' ')
        from++;
    while (to > from && r->f->s.p[to - 1] == ' ')
        to--;
    return folded_original(r->f, from, to);
}

static struct str part_folded(const struct reader *r, const struct part *p)
{
    return str_trim(str_slice(r->f->s, p->from, p->to));
}

/* Names with a comma inside that bodies bear in other provinces or bore before 2025, so that no catalogue at hand may
 * know them. */
static const char *const compounds[] = {"so van hoa, the thao va du lich",         "so van hoa, the thao",
                                        "so lao dong, thuong binh va xa hoi",      "phong kinh te, ha tang va do thi",
                                        "phong nong nghiep, moi truong va do thi", "bao va phat thanh, truyen hinh",
                                        "bao va phat thanh, truyen hinh tinh"};

static bool known(const struct reader *r, struct str name)
{
    struct str folded = viet_fold_text(r->c->arena, clean_name(name));
    for (size_t i = 0; i < sizeof compounds / sizeof *compounds; i++)
        if (str_eq(folded, str_of(compounds[i])))
            return true;
    return r->catalogue && name.n && name.n < NAME_BYTES_MAX &&
           org_resolve(r->catalogue, r->c, clean_name(name)).kind != ORG_UNKNOWN;
}

/* The longest run of parts from `i` that the catalogue knows as one name; 0 if none. */
static size_t known_run(const struct reader *r, const struct part *parts, size_t n, size_t i)
{
    enum { RUN = 8 };
    size_t most = n - i < RUN ? n - i : RUN;
    for (size_t k = most; k > 0; k--) {
        bool broken = false;
        for (size_t j = 1; j < k; j++)
            broken |= parts[i + j].before == ':';
        if (!broken && known(r, part_text(r, &parts[i], &parts[i + k - 1])))
            return k;
    }
    return 0;
}

/* May a name go on from the parts before into part `p`? */
static bool joins(const struct reader *r, const struct part *p, bool in_group)
{
    struct str f = part_folded(r, p);
    if (!f.n)
        return true;
    if (p->before == ';' || p->before == ':')
        return false;
    if (in_group && goes_on_group(f))
        return true;
    /* "UBND các xã, phường ven biển" */
    if (p->before == ',' && viet_starts_small(part_text(r, p, p)) && str_has(part_folded(r, p - 1), S("cac xa")) &&
        (starts_word(f, S("phuong")) || starts_word(f, S("dac khu")) || starts_word(f, S("thi tran"))))
        return true;
    if (p->before == '-')
        return !starts_head(f) && !starts_group(f);
    return !starts_head(f) && !starts_group(f) && !known(r, part_text(r, p, p));
}

/* The first word of one name before another that leaves it out: "Sở Tài chính, Nội vụ" gives "Sở Nội vụ". */
static struct str with_head(const struct reader *r, const struct part *first, const struct part *other)
{
    struct str name = part_text(r, first, first);
    const char *blank = memchr(name.p, ' ', name.n);
    struct str head = blank ? (struct str){name.p, (size_t)(blank - name.p)} : name;
    return str_fmt(r->c->arena, "%.*s %.*s", ARGS(head), ARGS(part_text(r, other, other)));
}

static bool shares_head(const struct reader *r, const struct part *first, const struct part *other)
{
    return known(r, with_head(r, first, other));
}

/* "Các sở: Tài chính, Nội vụ": each gets the word it shares. True if it was one. */
static bool shared_head(struct reader *r, const struct part *parts, size_t n, size_t i, size_t *ret_used)
{
    struct str f = part_folded(r, &parts[i]);
    if (!str_starts(f, S("cac ")))
        return false;
    struct str head = str_trim(str_skip(f, 4));
    size_t head_end = 0;
    static const char *const words[] = {"so", "phong", "ban", "cong an", "ubnd xa", "ubnd phuong", "xa", "phuong"};
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
        if (starts_word(head, str_of(words[k])) && strlen(words[k]) > head_end)
            head_end = strlen(words[k]);
    if (!head_end)
        return false;
    bool colon = i + 1 < n && parts[i + 1].before == ':' && head.n == head_end;
    size_t head_from = (size_t)(head.p - r->f->s.p);
    struct str word = viet_capital(r->c->arena, folded_original(r->f, head_from, head_from + head_end));
    struct str first = colon ? part_text(r, &parts[i + 1], &parts[i + 1])
                             : str_trim(folded_original(r->f, head_from + head_end, parts[i].to));
    if (!first.n || (!colon && !known(r, str_fmt(r->c->arena, "%.*s %.*s", ARGS(word), ARGS(first)))))
        return false;
    add_name(r, str_fmt(r->c->arena, "%.*s %.*s", ARGS(word), ARGS(first)));
    size_t at = i + (colon ? 2 : 1);
    for (; at < n && parts[at].before != ';' && parts[at].before != ':'; at++) {
        struct str next = part_text(r, &parts[at], &parts[at]);
        struct str folded = part_folded(r, &parts[at]);
        if (starts_group(folded) ||
            (starts_head(folded) && !known(r, str_fmt(r->c->arena, "%.*s %.*s", ARGS(word), ARGS(next)))))
            break;
        /* "Khoa học và Công nghệ": the longest name that the shared word makes. */
        size_t run = 1;
        for (size_t k = 3; k > 1; k--)
            if (at + k <= n && known(r, str_fmt(r->c->arena, "%.*s %.*s", ARGS(word),
                                                ARGS(part_text(r, &parts[at], &parts[at + k - 1]))))) {
                run = k;
                break;
            }
        add_name(r,
                 str_fmt(r->c->arena, "%.*s %.*s", ARGS(word), ARGS(part_text(r, &parts[at], &parts[at + run - 1]))));
        at += run - 1;
    }
    *ret_used = at - i;
    return true;
}

void bodies_read(struct ctx *c, const struct org_catalogue *catalogue, struct str cell, struct strs *ret)
{
    cell = str_trim(cell);
    if (!cell.n)
        return;
    struct folded f = viet_fold(c->arena, cell);
    struct reader r = {c, catalogue, &f, ret, 0};
    struct part parts[PARTS_MAX];
    size_t n = cut_parts(&f, parts);
    for (size_t i = 0; i < n;) {
        if (!part_folded(&r, &parts[i]).n) {
            i++;
            continue;
        }
        size_t used = 0;
        if (shared_head(&r, parts, n, i, &used)) {
            i += used;
            continue;
        }
        used = known_run(&r, parts, n, i);
        if (used) {
            /* "Sở Văn hóa, Thể thao và Du lịch" goes on beyond the "Sở Văn hóa và Thể thao" the catalogue knows; "Sở
             * Tài chính, Nội vụ" is two that share a word. */
            size_t end = i + used;
            bool group = starts_group(part_folded(&r, &parts[i]));
            while (!group && end < n && part_folded(&r, &parts[end]).n && parts[end].before != '-' &&
                   joins(&r, &parts[end], false) && !shares_head(&r, &parts[i], &parts[end]))
                end++;
            add_name(&r, part_text(&r, &parts[i], &parts[end - 1]));
            for (i = end; !group && i < n && part_folded(&r, &parts[i]).n && joins(&r, &parts[i], false) &&
                          shares_head(&r, &parts[end - 1], &parts[i]);
                 i++)
                add_name(&r, with_head(&r, &parts[end - 1], &parts[i]));
            continue;
        }
        struct str first = part_folded(&r, &parts[i]);
        bool group = starts_group(first) || is_generic(first);
        size_t end = i + 1;
        while (end < n && joins(&r, &parts[end], group))
            end++;
        add_name(&r, part_text(&r, &parts[i], &parts[end - 1]));
        i = end;
    }
}

bool bodies_is_name(struct ctx *c, const struct org_catalogue *catalogue, struct str text)
{
    text = clean_name(text);
    if (!text.n || text.n > 160)
        return false;
    if (catalogue && org_resolve(catalogue, c, text).kind != ORG_UNKNOWN)
        return true;
    struct str f = viet_fold_text(c->arena, text);
    static const char *const strong[] = {"so ",
                                         "hiep hoi",
                                         "lien hiep",
                                         "tap doan",
                                         "tong cong ty",
                                         "vnpt",
                                         "viettel",
                                         "buu dien",
                                         "dien luc",
                                         "toa an",
                                         "bao va",
                                         "giam doc ",
                                         "chu tich ",
                                         "thu truong ",
                                         "nguoi dung dau ",
                                         "truong ban ",
                                         "bi thu ",
                                         "chanh van phong",
                                         "vu ",
                                         "nhom ",
                                         "to giup viec",
                                         "tong cuc",
                                         "kho bac",
                                         "ban ",
                                         "van phong",
                                         "ubnd",
                                         "hdnd",
                                         "uy ban",
                                         "hoi dong nhan dan",
                                         "dang uy",
                                         "tinh uy",
                                         "to dang",
                                         "cong an",
                                         "bo chi huy",
                                         "thanh tra",
                                         "lien doan",
                                         "lien minh",
                                         "mat tran",
                                         "truong ",
                                         "hoi ",
                                         "trung tam",
                                         "cuc ",
                                         "chi cuc",
                                         "bo ",
                                         "phong ",
                                         "vien ",
                                         "bao ",
                                         "dai ",
                                         "thuong truc",
                                         "ban thuong vu",
                                         "chi bo",
                                         "cac so",
                                         "cac co quan",
                                         "cac don vi",
                                         "cac cap uy",
                                         "cac dia phuong",
                                         "cac ban",
                                         "doan thanh nien",
                                         "to cong tac",
                                         "benh vien",
                                         "kho bac",
                                         "ngan hang",
                                         "thue ",
                                         "cong ty"};
    for (size_t i = 0; i < sizeof strong / sizeof *strong; i++)
        if (str_starts(f, str_of(strong[i])))
            return !str_has(f, S(" phai ")) && !str_has(f, S(" duoc ")) && !str_starts(f, S("ban hanh")) &&
                   !str_starts(f, S("bo tri")) && !str_starts(f, S("bo sung")) && !str_starts(f, S("dai bieu"));
    return false;
}

/* "cơ quan tham mưu, giúp việc", "chương trình", "Ban chỉ đạo", "các tổ chức chính trị": no verbs. */
static bool is_part_of_name(struct str f, size_t hit)
{
    static const char *const organised[] = {"dang",     "chinh tri",  "xa hoi",       "doan the",     "hanh chinh",
                                            "khoa hoc", "kinh te",    "tin dung",     "co lien quan", "lien quan",
                                            "ca nhan",  "va ca nhan", "thanh vien",   "nghe nghiep",  "co so",
                                            "tinh uy",  "cap",        "phi chinh phu"};
    static const char *const organisers[] = {" cac", " ban", " nganh", " moi", " tung", " cua", " va", " nhung", ","};
    struct str rest = str_skip(f, hit), before = str_slice(f, 0, hit);
    if (str_starts(rest, S(" tham muu, giup viec")) || str_starts(rest, S(" giup viec")))
        return true;
    if (str_starts(rest, S(" trinh")) && str_ends(before, S("chuong")))
        return true;
    if (str_starts(rest, S(" chi dao")) && str_ends(before, S("ban")))
        return true;
    if (!str_starts(rest, S(" to chuc")))
        return false;
    for (size_t i = 0; i < sizeof organised / sizeof *organised; i++)
        if (starts_word(str_skip(rest, 9), str_of(organised[i])))
            return true;
    for (size_t i = 0; i < sizeof organisers / sizeof *organisers; i++)
        if (str_ends(before, str_of(organisers[i])))
            return true;
    return rest.n <= 9;
}

/* Where the name that starts at `from` must end: at the first verb. A verb's word with a capital is part of a name
 * ("Sở Xây dựng", "Ủy ban Kiểm tra"). */
static size_t end_of_subject(const struct folded *names, size_t from)
{
    static const char *const verbs[] = {
        " chu tri",      " phoi hop",   " co trach nhiem", " chiu trach nhiem", " tham muu",
        " xay dung",     " thuc hien",  " trien khai",     " to chuc",          " ban hanh",
        " chi dao",      " lanh dao",   " tong hop",       " theo doi",         " huong dan",
        " bao cao",      " dinh ky",    " tang cuong",     " day manh",         " tiep tuc",
        " ra soat",      " de xuat",    " trinh",          " hoan thanh",       " duoc giao",
        " la co quan",   " lam ",       " quan triet",     " can cu",           " dam bao",
        " bao dam",      " bo tri",     " cu the hoa",     " kiem tra",         " giam sat",
        " tuyen truyen", " van dong",   " phat dong",      " phat huy",         " chu dong",
        " thuong xuyen", " kip thoi",   " nghien cuu",     " khan truong",      " dang ky",
        " gui ",         " cong khai",  " lap ",           " tiep nhan",        " thanh lap",
        " giup ",        " dau moi",    " hang ",          " dinh huong",       " so hoa",
        " khoi cong",    " nang cap",   " mua sam",        " cung cap",         " van hanh",
        " thu hut",      " tap trung",  " bo sung",        " sua doi",          " khai thac",
        " ket noi",      " hoan thien", " phan cong",      " chuan bi",         " cap nhat",
        " danh gia",     " dieu phoi",  " huong ung",      " lien thong",       " nghiem tuc",
        " nghiem thu",   " phe duyet",  " xem xet",        " can doi",          " tham dinh",
        " khao sat",     " phai ",      " can ",           " trong qua trinh",  " neu ",
        " khi "};
    struct str f = names->s;
    size_t end = f.n;
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        for (size_t hit = str_find(str_slice(f, 0, end), str_of(verbs[i]), from); hit != SIZE_MAX;
             hit = str_find(str_slice(f, 0, end), str_of(verbs[i]), hit + 1)) {
            if (viet_starts_capital(str_skip(names->original, names->at[hit + 1])) || is_part_of_name(f, hit))
                continue;
            end = hit;
            break;
        }
    return end;
}

/* The longest beginning of the text, in whole words, that the catalogue knows. */
static struct str known_beginning(struct ctx *c, const struct org_catalogue *catalogue, struct str text)
{
    enum { WORDS = 14 };
    struct str best = {NULL, 0};
    size_t words = 0;
    for (size_t i = 0; catalogue && i <= text.n && i < 160 && words < WORDS; i++) {
        if (i < text.n && text.p[i] != ' ')
            continue;
        words++;
        struct str beginning = str_slice(text, 0, i);
        if (words > 1 && org_resolve(catalogue, c, beginning).kind != ORG_UNKNOWN)
            best = beginning;
    }
    return best;
}

struct str bodies_subject(struct ctx *c, const struct org_catalogue *catalogue, struct str sentence)
{
    enum { LONGEST = 240, LOOK = 600 };
    static const char *const orders[] = {"giao cho ", "giao ", "yeu cau ", "de nghi ", "phan cong "};
    struct folded f = viet_fold(c->arena, str_head(sentence, LOOK));
    struct str s = f.s;
    size_t from = 0;
    for (size_t i = 0; i < sizeof orders / sizeof *orders && !from; i++)
        if (str_starts(s, str_of(orders[i])))
            from = strlen(orders[i]);
    size_t colon = str_find(s, S(":"), from), end = end_of_subject(&f, from);
    if (colon != SIZE_MAX && colon < end)
        end = colon;
    size_t stop = str_find(s, S(". "), from);
    if (stop != SIZE_MAX && stop < end)
        end = stop;
    if (end > from && end < s.n && end - from <= LONGEST) {
        struct str name = clean_name(folded_original(&f, from, end));
        if (bodies_is_name(c, catalogue, name) || starts_group(str_skip(s, from)))
            return name;
    }
    struct str rest = folded_original(&f, from, s.n);
    return starts_head(str_skip(s, from)) || starts_group(str_skip(s, from)) ? known_beginning(c, catalogue, rest)
                                                                             : (struct str){NULL, 0};
}

/* The stretch of names before "chủ trì": back to the start of the clause. */
static size_t start_of_names(const struct folded *names, size_t since, size_t end)
{
    static const struct {
        const char *words;
        bool plain; /* written without marks: "giao", which is not the "giáo" of Giáo dục */
    } before[] = {{"giao cho ", true}, {"giao ", true},       {"do ", true}, {"yeu cau ", false},
                  {"de nghi ", false}, {"phan cong ", false}, {"(", false},  {"; ", false},
                  {". ", false},       {": ", false},         {" - ", false}};
    struct str s = names->s;
    size_t from = since > 0 && end - since < 400 ? since : end > 400 ? end - 400 : 0;
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        struct str words = str_of(before[i].words);
        bool sign = strchr("(;.: ", words.p[0]);
        for (size_t hit = str_find(str_slice(s, 0, end), words, from); hit != SIZE_MAX;
             hit = str_find(str_slice(s, 0, end), words, hit + 1)) {
            bool whole = sign || hit == 0 || strchr(" (;.:", s.p[hit - 1]);
            if (before[i].plain)
                whole &= folded_original(names, hit, hit + words.n).n == words.n;
            if (str_eq(words, S(" - "))) /* "Phòng Văn hóa - Xã hội" */
                whole &= starts_head(str_skip(s, hit + 3)) || starts_group(str_skip(s, hit + 3));
            if (whole && hit + words.n > from && hit + words.n <= end)
                from = hit + words.n;
        }
    }
    return from;
}

/* Words that a name in a sentence may have in small letters. */
static bool is_name_word(struct str folded)
{
    static const char *const words[] = {
        "va",     "cua",    "cac",   "tinh", "xa",   "phuong", "thanh", "pho",  "huyen", "uy",    "ban",  "nhan",
        "dan",    "so",     "nganh", "co",   "quan", "don",    "vi",    "dia",  "lien",  "thuoc", "doan", "the",
        "to",     "chuc",   "chinh", "tri",  "hoi",  "cap",    "dang",  "khu",  "vuc",   "nuoc",  "truc", "doanh",
        "nghiep", "truong", "hoc",   "tren", "ban,", "giup",   "viec",  "tham", "muu",   "khac",  "dai",  "trung",
        "uong",   "-",      "hiep",  "ngan", "hang", "vien",   "hanh",  "cong", "dong"};
    while (folded.n && strchr(",;.", folded.p[folded.n - 1]))
        folded.n--;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq(folded, str_of(words[i])))
            return true;
    return false;
}

/* A name that is not closed by a verb runs into what its bearer does: "Công an tỉnh liên thông hồ sơ". Cut it at the
 * longest beginning the catalogue knows, else where two words in a row are in small letters that no name has ("Truyền
 * hình" has one after its capital). */
static struct str cut_name(struct ctx *c, const struct org_catalogue *catalogue, struct str name)
{
    struct str known_part = {NULL, 0};
    size_t cut = name.n, word = 0;
    bool after_capital = false;
    for (size_t i = 0; i <= name.n; i++) {
        if (i < name.n && name.p[i] != ' ')
            continue;
        struct str w = str_slice(name, word, i), beginning = str_slice(name, 0, i);
        if (catalogue && i > 6 && org_resolve(catalogue, c, beginning).kind != ORG_UNKNOWN)
            known_part = beginning;
        bool small = viet_starts_small(w), common = is_name_word(viet_fold_text(c->arena, w));
        if (word && small && !common && !after_capital && cut == name.n)
            cut = word - 1;
        after_capital = !small;
        word = i + 1;
    }
    bool group = starts_group(viet_fold_text(c->arena, name));
    return !group && known_part.n && known_part.n + 12 > cut ? known_part : str_slice(name, 0, cut);
}

static void add_all(struct ctx *c, const struct org_catalogue *catalogue, const struct folded *f, size_t from,
                    size_t to, bool closed, struct strs *ret)
{
    struct strs found = {0};
    bodies_read(c, catalogue, folded_original(f, from, to), &found);
    struct reader r = {c, catalogue, f, ret, 0};
    for (size_t i = 0; i < found.n; i++)
        if (bodies_is_name(c, catalogue, found.v[i]) || starts_group(viet_fold_text(c->arena, found.v[i])))
            add_name(&r, closed ? found.v[i] : cut_name(c, catalogue, found.v[i]));
}

/* "Sở X chủ trì", "chủ trì là Sở X". */
static void read_leads(struct ctx *c, const struct org_catalogue *catalogue, const struct folded *f, struct strs *lead)
{
    struct str s = f->s;
    for (size_t at = 0, hit; (hit = str_find(s, S("chu tri"), at)) != SIZE_MAX; at = hit + 7) {
        size_t from = start_of_names(f, at, hit);
        if (hit > from + 1 && hit - from < 400)
            add_all(c, catalogue, f, from, hit - 1, true, lead);
        else if (str_starts(str_skip(s, hit + 7), S(" la ")))
            add_all(c, catalogue, f, hit + 11, end_of_subject(f, hit + 11), false, lead);
    }
    if (lead->n)
        return;
    size_t from = str_starts(s, S("giao cho "))    ? 9
                  : str_starts(s, S("giao "))      ? 5
                  : str_starts(s, S("phan cong ")) ? 10
                                                   : 0;
    size_t end = from ? end_of_subject(f, from) : 0;
    if (from && end < s.n && end - from < 300)
        add_all(c, catalogue, f, from, end, true, lead);
}

/* "…, Hiệp hội Doanh nghiệp tỉnh phối hợp": the helpers stand before the word. True if it was so. */
static bool helpers_before(struct ctx *c, const struct org_catalogue *catalogue, const struct folded *f, size_t since,
                           size_t hit, struct strs *coordinating)
{
    struct str s = f->s, rest = str_skip(s, hit + 8);
    bool closes = !rest.n || strchr(";.,)", rest.p[0]) ||
                  (str_starts(rest, S(" thuc hien")) && (rest.n == 10 || strchr(";.)", rest.p[10])));
    if (!closes || hit < since + 4 || hit - since > 400)
        return false;
    size_t from = since;
    for (size_t i = hit - 1; i > since; i--)
        if (strchr(";.(", s.p[i - 1])) {
            from = i;
            break;
        }
    add_all(c, catalogue, f, from, hit - 1, true, coordinating);
    return true;
}

void bodies_in_sentence(struct ctx *c, const struct org_catalogue *catalogue, struct str sentence, struct strs *lead,
                        struct strs *coordinating)
{
    enum { LOOK = 8 << 10 };
    static const char *const joins_with[] = {" chat che", " thuc hien", " voi", " cung"};
    static const char *const stops[] = {";",    ". ",           ")",          ":", " de ", " trong ", " nham ",
                                        " ve ", " hoan thien ", " tap trung "};
    struct folded f = viet_fold(c->arena, str_head(sentence, LOOK));
    struct str s = f.s;
    read_leads(c, catalogue, &f, lead);
    size_t since = 0;
    for (size_t at = 0, hit; (hit = str_find(s, S("phoi hop"), at)) != SIZE_MAX; at = hit + 8) {
        size_t led = str_find(str_slice(s, 0, hit), S("chu tri"), at);
        since = led == SIZE_MAX ? at : led + 7;
        if (since && helpers_before(c, catalogue, &f, since, hit, coordinating))
            continue;
        size_t from = hit + 8;
        for (size_t i = 0; i < sizeof joins_with / sizeof *joins_with; i++)
            if (str_starts(str_skip(s, from), str_of(joins_with[i])))
                from += strlen(joins_with[i]);
        size_t end = end_of_subject(&f, from);
        for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) {
            size_t stop = str_find(str_slice(s, 0, end), str_of(stops[i]), from);
            if (stop != SIZE_MAX)
                end = stop;
        }
        if (end > from && end - from < 400)
            add_all(c, catalogue, &f, from, end, false, coordinating);
    }
}

void bodies_in_cell(struct ctx *c, const struct org_catalogue *catalogue, struct str cell, struct strs *lead,
                    struct strs *coordinating)
{
    static const struct {
        const char *words;
        bool before, lead; /* the names stand before the words, or after */
    } roles[] = {{"(chu tri)", true, true},           {"(phoi hop)", true, false}, {"(co quan chu tri)", true, true},
                 {"(co quan phoi hop)", true, false}, {"chu tri:", false, true},   {"phoi hop:", false, false}};
    struct folded f = viet_fold(c->arena, cell);
    size_t from = 0, n_lead = lead->n, n_helpers = coordinating->n;
    struct strs *open = NULL; /* whose names follow the last "chủ trì:" */
    for (size_t i = 0; i < f.s.n; i++)
        for (size_t r = 0; r < sizeof roles / sizeof *roles; r++) {
            if (!str_starts(str_skip(f.s, i), str_of(roles[r].words)))
                continue;
            struct strs *mine = roles[r].lead ? lead : coordinating;
            struct strs *to = roles[r].before ? mine : open;
            if (to)
                bodies_read(c, catalogue, folded_original(&f, from, i), to);
            open = roles[r].before ? NULL : mine;
            from = i + strlen(roles[r].words);
            break;
        }
    if (open)
        bodies_read(c, catalogue, folded_original(&f, from, f.s.n), open);
    if (lead->n > n_lead || coordinating->n > n_helpers)
        return;
    if (str_has(f.s, S("chu tri")))
        bodies_in_sentence(c, catalogue, cell, lead, coordinating);
    if (lead->n == n_lead)
        bodies_read(c, catalogue, cell, lead);
}
