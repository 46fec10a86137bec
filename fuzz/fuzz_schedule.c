/* Any text as the words of a schedule: the class is one of the words, dates stand in order, the phases lie in the text
 * one after the other, marks and capitals change nothing, and what is found in a sentence can be read. */
#include "fuzz/fuzz.h"

#include "base/viet.h"
#include "domain/plan/schedule.h"

#include "base/banned.h"

static bool is_kind(struct str kind)
{
    struct str rest = S(SCHEDULE_KINDS), word;
    while (str_cut(&rest, '|', &word))
        if (str_eq(word, kind))
            return true;
    return false;
}

static bool in_order(int32_t start, int32_t due)
{
    return start == DAY_NONE || due == DAY_NONE || start <= due;
}

static void check(const struct schedule *s, struct str text)
{
    HOLDS(is_kind(s->kind) && in_order(s->start, s->due));
    HOLDS(s->text.p == NULL || (s->text.p >= text.p && s->text.p + s->text.n <= text.p + text.n));
    HOLDS(s->phases.n != 1);
    const char *at = s->text.p;
    for (size_t i = 0; i < s->phases.n; i++) {
        const struct phase *p = &s->phases.v[i];
        HOLDS(is_kind(p->kind) && in_order(p->start, p->due));
        HOLDS(p->text.n > 0 && p->text.p >= at && p->text.p + p->text.n <= s->text.p + s->text.n);
        at = p->text.p + p->text.n;
    }
    HOLDS(!str_eq(s->kind, S("period")) || (s->start == DAY_NONE) == (s->due == DAY_NONE));
    HOLDS(!str_eq(s->kind, S("from")) || s->due == DAY_NONE);
    HOLDS(!str_eq(s->kind, S("deadline")) || s->start == DAY_NONE);
}

static void check_same(const struct schedule *a, const struct schedule *b)
{
    HOLDS(str_eq(a->kind, b->kind) && a->start == b->start && a->due == b->due && a->phases.n == b->phases.n);
    for (size_t i = 0; i < a->phases.n; i++) {
        const struct phase *p = &a->phases.v[i], *q = &b->phases.v[i];
        HOLDS(str_eq(p->kind, q->kind) && p->start == q->start && p->due == q->due);
    }
}

static struct str compose(struct arena *a, const uint8_t *data, size_t n)
{
    static const struct str pieces[] = {S0("2026"),       S0("2027 "),       S0("2030"),       S0(" - "),
                                        S0("-"),          S0("–"),           S0("/"),          S0("."),
                                        S0(", "),         S0("; "),          S0(". "),         S0(" và "),
                                        S0(" đến "),      S0("Từ "),         S0("trước "),     S0("ngày "),
                                        S0("15"),         S0("31"),          S0("6"),          S0("12"),
                                        S0(" tháng "),    S0("Quý "),        S0("II"),         S0("IV"),
                                        S0(" năm "),      S0("hằng "),       S0("định kỳ "),   S0("thường xuyên"),
                                        S0("lần"),        S0(" tiếp theo"),  S0("các "),       S0("giai đoạn "),
                                        S0("đồng thời "), S0("hoàn thành "), S0("Đề án "),     S0("triển khai "),
                                        S0("sau "),       S0("khi "),        S0("có "),        S0("("),
                                        S0(")"),          S0("\""),          S0("trong "),     S0("hết "),
                                        S0("đầu "),       S0("cuối "),       S0("nay "),       S0("kể từ "),
                                        S0("theo "),      S0("số "),         S0("57-NQ/TW "),  S0("%"),
                                        S0("T"),          S0("Q"),           S0("chậm nhất "), S0("mỗi "),
                                        S0("học "),       S0("tổ chức "),    S0("trong đó "),  S0("nhiệm kỳ "),
                                        S0("giờ "),       S0(" "),           S0("0"),          S0("những ")};
    return fuzz_compose(a, data, n, pieces, sizeof pieces / sizeof *pieces);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n < 2)
        return 0;
    struct arena arena;
    struct ctx c = fuzz_ctx(&arena);
    int plan_year = data[0] & 2 ? 2026 : 0;
    struct str text = {(const char *)data + 1, n - 1}, found;
    if (data[0] & 1)
        text = compose(&arena, data + 1, n - 1);
    if (str_is_utf8(text, NULL)) {
        text = viet_nfc(&arena, text);
        struct schedule s, folded, again;
        schedule_read(&c, text, plan_year, &s);
        check(&s, text);
        schedule_read(&c, viet_fold_text(&arena, text), plan_year, &folded);
        check_same(&s, &folded);
        if (schedule_find(&c, text, &found)) {
            HOLDS(found.n > 0 && found.p >= text.p && found.p + found.n <= text.p + text.n);
            schedule_read(&c, found, plan_year, &again);
            HOLDS(!str_eq(again.kind, S("none")));
        }
    }
    arena_reset(&arena);
    return 0;
}
