/* head.c - what the document calls itself: title, number, issuer, and the years it covers. */
#include "base/viet.h"
#include "domain/plan/bodies.h"
#include "domain/plan/compile.h"

#include <string.h>

#include "base/banned.h"

static const char *const kinds[] = {"ke hoach",     "chuong trinh hanh dong",
                                    "chuong trinh", "de an",
                                    "nghi quyet",   "quyet dinh",
                                    "chi thi",      "thong bao",
                                    "phuong an",    "bao cao"};

/* Does the folded paragraph open with the kind of a document? Returns the length of that, or 0. */
static size_t kind_length(struct str folded)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_starts(folded, str_of(kinds[i])))
            return strlen(kinds[i]);
    return 0;
}

static bool ends_head(struct str folded)
{
    static const char *const words[] = {"can cu", "thuc hien ", "de trien khai", "trien khai thuc hien", "de thuc hien",
                                        "-----",  "kinh gui",   "nham ",         "de cu the hoa"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_starts(folded, str_of(words[i])))
            return true;
    return false;
}

/* "KẾ HOẠCH", "NGHỊ QUYẾT CHUYÊN ĐỀ", "PHỤ LỤC II" on a line of its own: the next says what for. */
static bool wants_second_line(struct str folded, size_t length, struct str next)
{
    enum { MORE = 16 };
    if (folded.n == length)
        return true;
    if (str_starts(folded, S("phu luc")) || str_starts(folded, S("bieu")))
        return folded.n < length + MORE;
    return folded.n < length + MORE && viet_starts_small(next);
}

/* "(Ban hành kèm theo Quyết định số …)" is no part of a title. */
static struct str without_reference(struct ctx *c, struct str title)
{
    struct folded f = viet_fold(c->arena, title);
    static const char *const openers[] = {"(kem theo ", "(ban hanh kem theo ", "(ban hanh theo "};
    for (size_t i = 0; i < sizeof openers / sizeof *openers; i++) {
        size_t at = str_find(f.s, str_of(openers[i]), 0);
        if (at != SIZE_MAX && at > 8)
            return str_trim(folded_original(&f, 0, at));
    }
    return title;
}

static void read_title(struct compiler *k, const struct paragraph *head, size_t n)
{
    struct ctx *c = k->c;
    for (size_t i = 0; i < n; i++) {
        struct str text = head[i].text, folded = viet_fold_text(c->arena, text);
        size_t length = kind_length(folded);
        if (!length || text.n > 600 || str_has(folded, S("ban hanh ke hoach nay")))
            continue;
        struct str title = text;
        if (i + 1 < n && wants_second_line(folded, length, head[i + 1].text)) {
            /* "KẾ HOẠCH" on a line of its own: the next says what for. It is the title's second line unless it reads as
             * the preamble: a sentence, closed by a mark. */
            struct str next = head[i + 1].text, next_folded = viet_fold_text(c->arena, next);
            bool open_end = next.n && !strchr(".;:,", next.p[next.n - 1]);
            bool title_too = next.n < 600 && (viet_starts_small(next) || open_end || !ends_head(next_folded));
            struct str word = viet_capital(c->arena, viet_lower(c->arena, text));
            if (str_starts(folded, S("phu luc")))
                word = text;
            title = title_too ? str_fmt(c->arena, "%.*s %.*s", ARGS(word), ARGS(next)) : word;
        }
        while (title.n && strchr("-.:*", title.p[title.n - 1]))
            title.n--;
        k->draft->title = without_reference(c, str_trim(title));
        return;
    }
    for (size_t i = 0; i < n && !k->draft->title.n; i++)
        if (head[i].text.n > 8 && head[i].text.n < 400)
            k->draft->title = head[i].text;
}

/* "Số 05-KH/TU", "Số: 15/KH-UBND". */
static void read_number(struct compiler *k, const struct paragraph *head, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct folded f = viet_fold(k->c->arena, head[i].text);
        for (size_t at = 0; (at = str_find(f.s, S("so"), at)) != SIZE_MAX; at += 2) {
            size_t from = at + 2;
            if (at > 0 && f.s.p[at - 1] != ' ')
                continue;
            while (from < f.s.n && strchr(" :", f.s.p[from]))
                from++;
            size_t end = from;
            while (end < f.s.n && f.s.p[end] >= '0' && f.s.p[end] <= '9')
                end++;
            bool digits = end > from;
            bool slash = false, letters = false;
            while (end < f.s.n && f.s.p[end] != ' ' && !strchr(",;.)", f.s.p[end])) {
                slash |= f.s.p[end] == '/';
                letters |= f.s.p[end] >= 'a' && f.s.p[end] <= 'z';
                end++;
            }
            struct str symbol = str_slice(f.s, from, end);
            bool of_plan = str_has(symbol, S("kh")) || str_has(symbol, S("ctr")) || str_has(symbol, S("da")) ||
                           str_has(symbol, S("qd"));
            if (digits && slash && letters && (of_plan || at == 0) && (at == 0 || i < 6) && head[i].text.n < 200) {
                k->draft->number = folded_original(&f, from, end);
                return;
            }
        }
    }
}

/* "TỈNH VĨNH LONG" -> "tỉnh Vĩnh Long"; empty if the line names no place. */
static struct str place_of(struct ctx *c, struct str line)
{
    static const char *const kinds_of_place[] = {"tinh ",    "thanh pho ", "xa ",    "phuong ",
                                                 "dac khu ", "huyen ",     "thi xa "};
    struct folded f = viet_fold(c->arena, line);
    for (size_t i = 0; i < sizeof kinds_of_place / sizeof *kinds_of_place; i++) {
        struct str kind = str_of(kinds_of_place[i]);
        if (!str_starts(f.s, kind) || f.s.n > 60)
            continue;
        struct str rest = viet_lower(c->arena, folded_original(&f, kind.n, f.s.n)), word;
        struct str place = str_trim(viet_lower(c->arena, folded_original(&f, 0, kind.n)));
        while (str_cut(&rest, ' ', &word))
            if (word.n)
                place = str_fmt(c->arena, "%.*s %.*s", ARGS(place), ARGS(viet_capital(c->arena, word)));
        return place;
    }
    return S("");
}

/* The place after the body of that (folded) name in the letterhead, on its line or on the next; empty if none. */
static struct str letterhead_place(struct ctx *c, const struct paragraph *head, size_t n, struct str body)
{
    for (size_t i = 0; i < n && i < 12; i++) {
        struct folded f = viet_fold(c->arena, head[i].text);
        if (!str_starts(f.s, body))
            continue;
        struct str rest = str_trim(folded_original(&f, body.n, f.s.n));
        if (!rest.n && i + 1 < n)
            rest = head[i + 1].text;
        struct str place = place_of(c, rest);
        if (place.n)
            return place;
    }
    return S("");
}

/* Who signs: "TM. ỦY BAN NHÂN DÂN" of the place the letterhead names. */
static struct str signed_for(struct compiler *k, const struct paragraph *head, size_t n, struct str name)
{
    struct ctx *c = k->c;
    struct str folded = viet_fold_text(c->arena, name);
    if (str_eq(folded, S("ban thuong vu")))
        return S("Ban Thường vụ");
    if (str_eq(folded, S("ban chap hanh")))
        return S("Ban Chấp hành");
    struct str plain = viet_capital(c->arena, viet_lower(c->arena, name));
    struct str place = letterhead_place(c, head, n, folded);
    return place.n ? str_fmt(c->arena, "%.*s %.*s", ARGS(plain), ARGS(place)) : plain;
}

/* "Ủy ban nhân dân tỉnh" in the text is that of the province the letterhead names. */
static struct str with_place(struct ctx *c, const struct paragraph *head, size_t n, struct str name)
{
    static const char *const places[] = {" tinh", " thanh pho", " xa", " phuong"};
    struct folded f = viet_fold(c->arena, name);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (!str_ends(f.s, str_of(places[i])))
            continue;
        size_t body = f.s.n - strlen(places[i]);
        struct str place = letterhead_place(c, head, n, str_slice(f.s, 0, body));
        if (str_starts(viet_fold_text(c->arena, place), str_of(places[i] + 1)))
            return str_fmt(c->arena, "%.*s %.*s", ARGS(str_trim(folded_original(&f, 0, body))), ARGS(place));
    }
    return name;
}

static void read_issuer(struct compiler *k, const struct paragraph *head, size_t n)
{
    struct ctx *c = k->c;
    for (size_t i = 0; i < n; i++) {
        struct folded f = viet_fold(c->arena, head[i].text);
        size_t at = str_find(f.s, S(" ban hanh ke hoach"), 0);
        if (at == SIZE_MAX)
            at = str_find(f.s, S(" xay dung ke hoach"), 0);
        if (at == SIZE_MAX)
            continue;
        size_t from = at;
        while (from > 0 && !strchr(";,.:", f.s.p[from - 1]))
            from--;
        struct str name = str_trim(folded_original(&f, from, at));
        if (bodies_is_name(c, k->catalogue, name)) {
            k->draft->issuer = with_place(c, head, n, name);
            return;
        }
    }
    for (size_t i = 0; i < k->outline.n_tail; i++) {
        struct str text = k->outline.tail[i].text;
        size_t skip = str_starts(text, S("T/M ")) || str_starts(text, S("TM. ")) ? 4 : 0;
        if (!skip)
            continue;
        struct folded f = viet_fold(c->arena, text);
        size_t end = f.s.n;
        static const char *const posts[] = {" bi thu", " chu tich", " pho ", " kt.", " truong ban", " giam doc"};
        for (size_t p = 0; p < sizeof posts / sizeof *posts; p++) {
            size_t hit = str_find(f.s, str_of(posts[p]), skip);
            if (hit != SIZE_MAX && hit < end)
                end = hit;
        }
        k->draft->issuer = signed_for(k, head, n, str_trim(folded_original(&f, skip, end)));
        return;
    }
    for (size_t i = 0; i < n && i < 8; i++)
        if (head[i].text.n < 120 && bodies_is_name(c, k->catalogue, head[i].text)) {
            k->draft->issuer = head[i].text;
            return;
        }
}

static bool year_at(struct str folded, size_t at)
{
    for (size_t i = 0; i < 4; i++)
        if (at + i >= folded.n || folded.p[at + i] < '0' || folded.p[at + i] > '9')
            return false;
    return (at + 4 == folded.n || folded.p[at + 4] < '0' || folded.p[at + 4] > '9') &&
           (folded.p[at] == '2' && folded.p[at + 1] <= '1');
}

/* The year after `words` in the folded text; p == NULL if none. */
static struct str year_after(const struct folded *f, const char *words, size_t from)
{
    for (size_t at = from; (at = str_find(f->s, str_of(words), at)) != SIZE_MAX; at++) {
        size_t year = at + strlen(words);
        if (year_at(f->s, year))
            return folded_original(f, year, year + 4);
    }
    return (struct str){NULL, 0};
}

/* "Hoa Lư, ngày 05 tháng 7 năm 2026": the year of the document's own date; p == NULL if it bears none. */
static struct str year_of_letterhead(struct compiler *k, const struct paragraph *head, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (head[i].text.n > 120)
            continue;
        struct folded h = viet_fold(k->c->arena, head[i].text);
        size_t at = str_find(h.s, S(" thang "), 0);
        bool cited = str_has(h.s, S(" so ")) || str_has(h.s, S("thuc hien")) || str_has(h.s, S("can cu")) ||
                     str_has(h.s, S("kem theo"));
        struct str year = at == SIZE_MAX || cited ? (struct str){NULL, 0} : year_after(&h, " nam ", at);
        if (year.p)
            return year;
    }
    return (struct str){NULL, 0};
}

/* The newest year that a date in the head names, for deadlines without one; 0 if none does. */
static int newest_year(struct compiler *k, const struct paragraph *head, size_t n)
{
    int newest = 0;
    for (size_t i = 0; i < n; i++) {
        struct folded h = viet_fold(k->c->arena, head[i].text);
        int64_t year;
        for (size_t at = 0; (at = str_find(h.s, S("/20"), at)) != SIZE_MAX; at++)
            if (year_at(h.s, at + 1) && str_i64(str_slice(h.s, at + 1, at + 5), &year) && year > newest)
                newest = (int)year;
    }
    return newest;
}

static void read_period(struct compiler *k, const struct paragraph *head, size_t n)
{
    struct plan_period *p = &k->draft->period;
    struct folded f = viet_fold(k->c->arena, k->draft->title);
    static const char *const stretches[] = {"giai doan nam ", "giai doan ", "nam ", "thoi ky ", "nhiem ky "};
    for (size_t i = 0; i < sizeof stretches / sizeof *stretches && !p->from.p; i++) {
        size_t at = str_find(f.s, str_of(stretches[i]), 0);
        if (at == SIZE_MAX || !year_at(f.s, at += strlen(stretches[i])))
            continue;
        size_t next = at + 4;
        while (next < f.s.n && strchr(" -", f.s.p[next]))
            next++;
        if (next > at + 4 && year_at(f.s, next)) {
            p->from = folded_original(&f, at, at + 4);
            p->to = folded_original(&f, next, next + 4);
        }
    }
    p->vision = year_after(&f, "tam nhin den nam ", 0);
    if (!p->vision.p)
        p->vision = year_after(&f, "tam nhin den ", 0);
    if (!p->vision.p)
        p->vision = year_after(&f, "dinh huong den nam ", 0);
    if (!p->to.p) {
        struct str to = year_after(&f, "den nam ", 0);
        if (to.p && (!p->vision.p || to.p != p->vision.p))
            p->to = to;
    }
    if (!p->to.p && !p->from.p) {
        struct str year = year_after(&f, "nam ", 0);
        if (year.p && year.p != p->vision.p)
            p->from = p->to = year;
    }
    if (!p->from.p)
        p->from = year_of_letterhead(k, head, n);
    if (!p->from.p)
        k->year = newest_year(k, head, n);
    int64_t year;
    if (p->from.p && str_i64(p->from, &year))
        k->year = (int)year;
}

void compile_head(struct compiler *k)
{
    const struct node *root = k->outline.root;
    const struct paragraph *head = root->paragraphs.v;
    size_t n = root->paragraphs.n;
    /* Letterheads are often set as a table: its cells are lines of the head too. */
    struct {
        struct paragraph *v;
        size_t n, cap;
    } lines = {0};
    for (size_t i = 0; i < k->document->n && i < 12; i++) {
        const struct block *b = &k->document->blocks[i];
        bool letterhead = b->kind == BLOCK_ROW && b->n_cells <= 2;
        for (size_t cell = 0; letterhead && cell < b->n_cells && root->tables.n; cell++) {
            struct str rest = b->cells[cell].text, line;
            while (str_cut(&rest, '\n', &line))
                if (str_trim(line).n && line.n < 200)
                    *PUSH(k->c->arena, &lines) = (struct paragraph){str_trim(line), b->line};
        }
    }
    size_t attached = 0;
    for (size_t i = 0; i < n; i++) {
        if (i == k->outline.attached)
            attached = lines.n;
        /* "BỘ NỘI VỤ          CỘNG HÒA XÃ HỘI …": two columns typed with blanks are two lines. */
        struct str rest = head[i].text;
        for (size_t gap; (gap = str_find(rest, S("   "), 0)) != SIZE_MAX; rest = str_trim(str_skip(rest, gap)))
            *PUSH(k->c->arena, &lines) = (struct paragraph){str_slice(rest, 0, gap), head[i].line};
        *PUSH(k->c->arena, &lines) = (struct paragraph){rest, head[i].line};
    }
    if (attached)
        read_title(k, lines.v + attached, lines.n - attached);
    if (!k->draft->title.n)
        read_title(k, lines.v, lines.n);
    read_number(k, lines.v, lines.n);
    read_issuer(k, lines.v, lines.n);
    read_period(k, lines.v, lines.n);
}
