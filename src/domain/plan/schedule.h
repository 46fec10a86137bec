/* schedule.h - when a task is to be done: the words of the document, and what they mean.
 *
 * The words are kept; a class and, where there are any, dates are derived:
 *
 * - deadline: a day, month, quarter, half or year by which it is done. due is its last day, start none: "trước tháng
 *   12/2026" is due 2026-11-30, "trước ngày 15/6/2026" 2026-06-14, "trong quý II/2025" 2025-06-30, "trước 17 giờ ngày
 *   30/6/2026" that day; "đầu năm" ends with March, "giữa năm" with June, "đầu tháng" on the 10th, "giữa tháng" on the
 *   20th.
 * - period: a stretch with a beginning and an end: "2026-2030", "giai đoạn năm 2026 – 2027", "quý I, II/2026"; a list
 *   runs from its first to its last.
 * - yearly, half_yearly, quarterly, monthly: it comes back: "hằng năm", "6 tháng/lần", "trước ngày 15/12 hằng năm",
 *   "ngày 25 tháng cuối quý". A day without a year inside it is a detail and stays in the words. Two dates a year
 *   ("15/6 và 15/12 hằng năm") are half_yearly. start and due are the stretch in which it comes back ("hằng năm,
 *   giai đoạn 2026-2030"), else none. "2 tháng/lần" is quarterly, "4 tháng/lần" half_yearly: what is not owed is not
 *   asked for.
 * - continuous: "thường xuyên", also "hàng tuần" and "hàng ngày", and a bare "định kỳ"; start and due as above.
 * - from: it starts and has no end: "từ năm 2027", "năm 2026 và những năm tiếp theo", "bắt đầu từ 25/7/2026".
 * - relative: so long after something: "20 ngày sau khi Tỉnh ủy ban hành văn bản".
 * - event: when something happens: "khi có nhiệm vụ chậm", "theo đề nghị cấp trên", "theo chu kỳ 2,5 năm".
 * - none: nothing that can be judged, or no words at all: "31/6/2026", "quý V", "2030-2026", a document's number.
 *
 * Several classes in one text make phases ("Hoàn thành ban hành Đề án và tổ chức triển khai thực hiện từ năm 2027": a
 * product owed without a date, and a run that starts); so do several dates ("xây dựng trong quý II/2026; ban hành trong
 * quý IV/2026"), and "6 tháng, hằng năm" gives one phase for each. The whole takes the class that binds hardest: a
 * deadline with a date, then period, from, the recurring ones (the most frequent first), continuous, relative, event;
 * of several of that class the earliest start and the latest due. What "trong đó" opens is a step on the way and does
 * not decide the whole. One class alone makes no phases.
 *
 * The numbers and dates of documents, years inside their titles, visions ("tầm nhìn đến năm 2045") and comparisons are
 * no schedule. In a time line, a title's years count if nothing else does, unless the document itself is what is to be
 * issued.
 *
 * Matching is on folded text, so scanning slips and either tone-mark style do not matter. Time is linear in the text.
 * Memory: views into `text` and literals; the phases and the reading itself in c->arena. Threads: no state. */
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

/* Read the words of a "Thời gian thực hiện" line, a table cell, or what schedule_find() found. `plan_year` is the year
 * the plan starts (0: unknown), for "tháng 5" or "quý II" without one; a deadline whose year stays unknown has no due.
 * `text` is UTF-8 in NFC. Never fails: what is not understood is `none`. */
void schedule_read(struct ctx *c, struct str text, int plan_year, struct schedule *ret);

/* Does a longer sentence (a duty, a task without a time line) name a time at all, and where? Sets `*ret_text` to the
 * shortest part of it that carries the time: "định kỳ 6 tháng, hằng năm", "trước ngày 30/6/2026". Of several the one
 * that binds hardest, and of equals the first. Stricter than schedule_read(): a bare year, "theo yêu cầu" or "24 tháng"
 * inside a sentence speak of something else. */
bool schedule_find(struct ctx *c, struct str sentence, struct str *ret_text);

#endif
