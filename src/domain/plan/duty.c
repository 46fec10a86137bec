/* duty.c - what the part on organisation lays on a body: who, what, when, and to whom it is reported. */
#include "base/viet.h"
#include "domain/plan/bodies.h"
#include "domain/plan/compile.h"

#include <string.h>

#include "base/banned.h"

/* "… báo cáo kết quả thực hiện Kế hoạch với Cơ quan Thường trực Ban Chỉ đạo để tổng hợp": who receives it. */
static struct str receiver(struct compiler *k, struct str text)
{
    enum { LOOK = 8 << 10 };
    struct folded f = viet_fold(k->c->arena, str_head(text, LOOK));
    static const char *const links[] = {" voi ", " gui ", " gui ve ", " ve ", " cho ", " len ", " toi ", " den "};
    for (size_t at = 0; (at = str_find(f.s, S("bao cao"), at)) != SIZE_MAX; at += 7) {
        size_t sentence = str_find(f.s, S(". "), at), end = sentence == SIZE_MAX ? f.s.n : sentence;
        /* "báo cáo Ban Chỉ đạo …", or "báo cáo … với/gửi/về X". */
        size_t best = SIZE_MAX, from = 0;
        for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
            size_t hit = str_find(str_slice(f.s, 0, end), str_of(links[i]), at);
            if (hit < best) {
                struct str rest = str_slice(f.s, hit + strlen(links[i]), end);
                struct str name =
                    folded_original(&f, hit + strlen(links[i]), hit + strlen(links[i]) + (rest.n < 60 ? rest.n : 60));
                if (viet_starts_capital(name)) {
                    best = hit;
                    from = hit + strlen(links[i]);
                }
            }
        }
        size_t direct = at + 8;
        if (direct < end && best > direct && viet_starts_capital(folded_original(&f, direct, end)))
            from = direct;
        if (!from)
            continue;
        static const char *const stops[] = {
            " de ",    " ve ",      " theo ",    ",",         ";",          ".",           "(",
            " truoc ", " ket qua ", " tong hop", " kip thoi", " thong qua", " va bao cao", " cac kho khan"};
        for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) {
            size_t stop = str_find(f.s, str_of(stops[i]), from);
            if (stop != SIZE_MAX && stop < end)
                end = stop;
        }
        struct str name = str_trim(folded_original(&f, from, end));
        if (name.n >= 6 && name.n < 160 && bodies_is_name(k->c, k->catalogue, name))
            return name;
    }
    return (struct str){NULL, 0};
}

static bool is_recurring(struct str kind)
{
    return str_eq(kind, S("yearly")) || str_eq(kind, S("half_yearly")) || str_eq(kind, S("quarterly")) ||
           str_eq(kind, S("monthly"));
}

/* The body a duty begins with, or that one of its later sentences does: "… Định kỳ, Ban Chỉ đạo tổ chức kiểm tra". */
static struct str subject_of_any(struct compiler *k, struct str text)
{
    static const char *const openers[] = {"Định kỳ, ", "Hằng năm, ", "Hàng năm, ", "Đồng thời, ", "Định kỳ "};
    struct str rest = text;
    for (bool first = true; rest.n; first = false) {
        size_t stop = str_find(rest, S(". "), 0);
        struct str sentence = stop == SIZE_MAX ? rest : str_slice(rest, 0, stop);
        bool opened = first;
        for (size_t i = 0; i < sizeof openers / sizeof *openers; i++)
            if (str_starts(sentence, str_of(openers[i]))) {
                sentence = str_skip(sentence, strlen(openers[i]));
                opened = true;
            }
        struct str body = opened ? bodies_subject(k->c, k->catalogue, sentence) : (struct str){NULL, 0};
        if (body.p)
            return body;
        rest = stop == SIZE_MAX ? S("") : str_skip(rest, stop + 2);
    }
    return (struct str){NULL, 0};
}

void compile_duty(struct compiler *k, struct node *n, struct str text, struct str holder)
{
    struct ctx *c = k->c;
    struct duty d = {.path = n->path, .text = text, .line = n->line};
    d.body = bodies_subject(c, k->catalogue, text);
    if (!d.body.p && n->title.n && bodies_is_name(c, k->catalogue, n->title))
        d.body = n->title;
    if (!d.body.p)
        d.body = holder.p ? holder : subject_of_any(k, text);
    d.to = receiver(k, text);
    struct str words = {NULL, 0};
    if (schedule_find(c, text, &words))
        schedule_read(c, words, k->year, &d.schedule);
    else
        schedule_read(c, (struct str){NULL, 0}, k->year, &d.schedule);
    /* A report every six months and every year is two duties with two calendars. */
    size_t recurring = 0;
    for (size_t i = 0; i < d.schedule.phases.n; i++)
        recurring += is_recurring(d.schedule.phases.v[i].kind);
    if (recurring < 2) {
        *PUSH(c->arena, &k->draft->duties) = d;
        return;
    }
    for (size_t i = 0; i < d.schedule.phases.n; i++) {
        struct phase *p = &d.schedule.phases.v[i];
        if (!is_recurring(p->kind))
            continue;
        struct duty one = d;
        one.schedule = (struct schedule){.text = p->text, .kind = p->kind, .start = p->start, .due = p->due};
        *PUSH(c->arena, &k->draft->duties) = one;
    }
}
