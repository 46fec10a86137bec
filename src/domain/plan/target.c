/* target.c - the targets in a clause's words: measured ones by the quantity grammar, described ones by what they bring
 * about. */
#include "base/viet.h"
#include "domain/plan/compile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

static size_t skip_openers(struct str f)
{
    static const char *const words[] = {"phan dau ",     "tap trung ",   "co ban ",   "dong thoi ",
                                        "tung buoc ",    "day nhanh ",   "tiep tuc ", "den nam 2025 ",
                                        "den nam 2030 ", "nghien cuu, ", "thuc hien "};
    size_t at = 0;
    for (bool again = true; again;) {
        again = false;
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            if (str_starts(str_skip(f, at), str_of(words[i]))) {
                at += strlen(words[i]);
                again = true;
            }
    }
    return at;
}

/* Does a sentence without a figure promise something that will stand: a thing built, set up, put into operation? */
static bool promises_state(struct str f)
{
    static const char *const verbs[] = {"xay dung",  "hinh thanh", "dau tu",       "thanh lap", "lap va van hanh",
                                        "lap quy",   "hoan thanh", "hoan thien",   "dua vao",   "dua ",
                                        "khong con", "khong de",   "co ban khong", "khong co",  "xoa ",
                                        "cham dut",  "trien khai", "van hanh",     "ban hanh",  "thiet lap",
                                        "tao lap",   "phat trien", "thu hut",      "lap "};
    static const char *const anywhere[] = {"duoc trien khai", "duoc xay dung",    "duoc hinh thanh",
                                           "duoc hoan thien", "di vao hoat dong", "di vao van hanh",
                                           "duoc dua vao",    "dua vao van hanh", "dua vao hoat dong",
                                           " khong con ",     "duoc ban hanh",    "duoc thanh lap"};
    size_t at = skip_openers(f);
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (str_starts(str_skip(f, at), str_of(verbs[i])))
            return true;
    for (size_t i = 0; i < sizeof anywhere / sizeof *anywhere; i++)
        if (str_has(f, str_of(anywhere[i])))
            return true;
    return false;
}

static void add_target(struct compiler *k, struct target t)
{
    *PUSH(k->c->arena, &k->draft->targets) = t;
}

/* One sentence: its quantities, or what it describes. */
static void read_sentence(struct compiler *k, struct target base, struct str sentence, enum quantity_mode mode,
                          bool described, struct str by)
{
    struct ctx *c = k->c;
    struct quantities found = {0};
    quantity_read(c, sentence, mode, &found);
    for (size_t i = 0; i < found.n; i++) {
        const struct quantity *q = &found.v[i];
        struct target t = base;
        t.text = q->text;
        t.subject = q->subject;
        t.measure = q->measure;
        t.comparator = q->comparator;
        t.low = q->low;
        t.high = q->high;
        t.unit = q->unit;
        t.per = q->per;
        t.baseline = q->baseline;
        t.by = q->by.p ? q->by : by;
        add_target(k, t);
    }
    if (found.n || !described)
        return;
    struct str f = viet_fold_text(c->arena, sentence);
    if (f.n < 12 || !promises_state(f))
        return;
    struct target t = base;
    t.text = t.subject = sentence;
    t.measure = S("state");
    t.low = t.high = t.baseline = NAN;
    t.by = by;
    add_target(k, t);
}

/* "Đến năm 2028, A đạt 50%; B đạt 60%": the year a sentence opens with holds for its further parts. */
static struct str opening_year(struct ctx *c, struct str sentence)
{
    static const char *const words[] = {"den het nam ", "den cuoi nam ", "den nam ", "het nam ",
                                        "trong nam ",   "vao nam ",      "nam "};
    struct folded f = viet_fold(c->arena, str_head(sentence, 80));
    size_t at = str_starts(f.s, S("phan dau ")) ? 9 : 0;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t year = at + strlen(words[i]);
        int64_t value;
        if (str_starts(str_skip(f.s, at), str_of(words[i])) && year + 4 < f.s.n && strchr(" ,:", f.s.p[year + 4]) &&
            str_i64(str_slice(f.s, year, year + 4), &value) && value >= 1990 && value <= 2100)
            return folded_original(&f, year, year + 4);
    }
    return (struct str){NULL, 0};
}

void compile_targets(struct compiler *k, struct str path, struct str text, enum quantity_mode mode, struct str by,
                     int64_t line, bool described)
{
    struct target base = {.path = path, .line = line, .low = NAN, .high = NAN, .baseline = NAN};
    struct str opening = {NULL, 0};
    size_t from = 0, depth = 0;
    for (size_t i = 0; i <= text.n; i++) {
        char ch = i < text.n ? text.p[i] : ';';
        if (ch == '(')
            depth++;
        else if (ch == ')' && depth)
            depth--;
        bool end = i == text.n || ch == '\n' || (!depth && ch == ';') ||
                   (ch == '.' && (i + 1 == text.n || text.p[i + 1] == ' ' || text.p[i + 1] == '\n'));
        if (!end)
            continue;
        struct str sentence = str_trim(str_slice(text, from, i));
        from = i + 1;
        struct str opened = opening_year(k->c, sentence);
        if (opened.p)
            opening = opened;
        if (sentence.n)
            read_sentence(k, base, sentence, mode, described, opening.p ? opening : by);
        if (ch != ';')
            opening = (struct str){NULL, 0};
    }
}

void compile_target_keys(struct compiler *k)
{
    size_t n = k->draft->targets.n;
    struct target *v = k->draft->targets.v;
    for (size_t i = 0; i < n;) {
        size_t end = i + 1;
        while (end < n && str_eq(v[end].path, v[i].path))
            end++;
        for (size_t at = i; at < end; at++) {
            unsigned ordinal = (unsigned)(at - i);
            if (end - i == 1)
                v[at].key = v[at].path;
            else if (end - i <= 26)
                v[at].key = str_fmt(k->c->arena, "%.*s%c", ARGS(v[at].path), (char)('a' + ordinal));
            else
                v[at].key = str_fmt(k->c->arena, "%.*s:%u", ARGS(v[at].path), ordinal + 1);
        }
        i = end;
    }
}
