/* schedule.h - when a task is to be done: the words of the document, and what they mean.
 *
 * The words are kept; a class and, where there are any, dates are derived:
 *
 *   deadline     a day, month, quarter, half, year by which it is done: due is its last day; "trước tháng 12/2026" is
 *                due 2026-11-30, "trước ngày 15/6/2026" 2026-06-14, "trong quý II/2025" 2025-06-30
 *   period       a stretch with a beginning and an end: "2026-2030", "giai đoạn năm 2026 – 2027"
 *   yearly, half_yearly, quarterly, monthly   it comes back: "hằng năm", "6 tháng", "hằng quý"
 *   continuous   "thường xuyên"
 *   from         it starts and has no end: "từ năm 2027", "năm 2026 và những năm tiếp theo", "bắt đầu từ 25/7/2026"
 *   relative     so long after something: "20 ngày sau khi Tỉnh ủy ban hành văn bản"
 *   event        when something happens: "khi có nhiệm vụ chậm", "theo đề nghị cấp trên"
 *   none         nothing that can be judged, or no words at all
 *
 * Several classes in one text make phases ("Hoàn thành ban hành Đề án và tổ chức triển khai thực hiện từ năm 2027": a
 * product owed without a date, and a run that starts). The whole takes the class that binds hardest: a deadline with a
 * date, then period, from, the recurring ones, continuous, relative, event. One class alone makes no phases.
 *
 * Matching is on folded text, so scanning slips and either tone-mark style do not matter. Memory: views into `text` and
 * literals; the phases in c->arena. */
#ifndef HOALU_SCHEDULE_H
#define HOALU_SCHEDULE_H

#include "base/ctx.h"
#include "base/period.h"

struct phase {
    struct str text;
    struct str kind; /* one of the words above */
    int32_t start, due;
};

struct schedule {
    struct str text; /* p == NULL if the document says nothing */
    struct str kind;
    int32_t start, due;
    struct {
        struct phase *v;
        size_t n, cap;
    } phases;
};

extern const struct record phase_record, schedule_record;
#define SCHEDULE_KINDS "deadline|period|yearly|half_yearly|quarterly|monthly|continuous|from|relative|event|none"

/* Read the words of a "Thời gian thực hiện" line, a table cell or a clause. `plan_year` is the year the plan starts
 * (0: unknown), for "tháng 5" or "quý II" without one. Never fails: what is not understood is `none`. */
void schedule_read(struct ctx *c, struct str text, int plan_year, struct schedule *ret);

/* Does a longer sentence (a duty, a task without a time line) name a time at all, and where? Sets `*ret_text` to the
 * shortest part of it that carries the time: "định kỳ 6 tháng, hằng năm", "trước ngày 30/6/2026". */
bool schedule_find(struct ctx *c, struct str sentence, struct str *ret_text);

#endif
