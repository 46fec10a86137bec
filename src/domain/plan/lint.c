/* lint.c - what a plan leaves open or contradicts, each with its clause and what to do about it.
 *
 * One function a rule, named in the table at the end. A rule reads the draft and appends findings; it changes nothing
 * else. Messages are for the official who tends the plan. */
#include "base/out.h"
#include "base/viet.h"
#include "domain/plan/compile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum { FINDINGS_MAX = 20000 };

void add_finding(struct ctx *c, struct draft *draft, const char *rule, struct str path, const char *severity,
                 int64_t line, const char *vi, const char *en, ...)
{
    if (draft->findings.n >= FINDINGS_MAX)
        return;
    va_list args, again;
    va_start(args, en);
    va_copy(again, args);
    struct finding f = {.rule = str_of(rule), .path = path, .severity = str_of(severity), .line = line};
    f.message = str_vfmt(c->arena, vi, args);
    f.message_en = str_vfmt(c->arena, en, again);
    va_end(again);
    va_end(args);
    *PUSH(c->arena, &draft->findings) = f;
}

/* The finding that was added last is about two clauses. `n`: how many there were before. */
static void with_other(struct draft *d, size_t n, struct str other)
{
    if (d->findings.n > n)
        d->findings.v[n].other = other;
}

/* Every item that somebody must carry out: tasks, then programmes. */
static size_t n_items(const struct draft *d)
{
    return d->tasks.n + d->programmes.n;
}

static const struct task *item_at(const struct draft *d, size_t i)
{
    return i < d->tasks.n ? &d->tasks.v[i] : &d->programmes.v[i - d->tasks.n];
}

static bool has_word(struct str folded, const char *word)
{
    struct str w = str_of(word);
    for (size_t at = 0; (at = str_find(folded, w, at)) != SIZE_MAX; at++) {
        bool left = at == 0 || !((folded.p[at - 1] >= 'a' && folded.p[at - 1] <= 'z') ||
                                 (folded.p[at - 1] >= '0' && folded.p[at - 1] <= '9'));
        size_t end = at + w.n;
        bool right = end >= folded.n || !((folded.p[end] >= 'a' && folded.p[end] <= 'z') ||
                                          (folded.p[end] >= '0' && folded.p[end] <= '9'));
        if (left && right)
            return true;
    }
    return false;
}

/* --- what is missing --- */

static void no_lead(struct ctx *c, struct draft *d)
{
    for (size_t i = 0; i < n_items(d); i++)
        if (!item_at(d, i)->lead.n)
            add_finding(c, d, "no_lead", item_at(d, i)->path, "error", item_at(d, i)->line,
                        "Chưa nêu cơ quan chủ trì; cần xác định một đơn vị chịu trách nhiệm",
                        "No lead body is named; one body has to answer for it");
}

static void no_deadline(struct ctx *c, struct draft *d)
{
    for (size_t i = 0; i < n_items(d); i++) {
        const struct task *t = item_at(d, i);
        struct str kind = t->schedule.kind;
        if (str_eq(kind, S("none")))
            add_finding(c, d, "no_deadline", t->path, "error", t->line,
                        t->schedule.text.n ? "Thời gian thực hiện \"%.*s\" không xác định được thời hạn; cần điền hạn"
                                           : "Không nêu thời gian thực hiện; cần điền hạn%.*s",
                        t->schedule.text.n ? "No deadline follows from the words \"%.*s\"; one has to be set"
                                           : "No time is given; a deadline has to be set%.*s",
                        ARGS(t->schedule.text));
        else if (str_eq(kind, S("continuous")))
            add_finding(c, d, "no_deadline", t->path, "warning", t->line,
                        "\"Thường xuyên\" không có mốc để đánh giá; nên đặt kỳ cập nhật (mặc định mỗi 6 tháng) hoặc "
                        "sản phẩm theo năm",
                        "\"Regularly\" gives nothing to judge by; set how often it is reported on (each 6 months "
                        "unless said otherwise) or a product for each year");
        else if (str_eq(kind, S("from")) || str_eq(kind, S("relative")) || str_eq(kind, S("event")))
            add_finding(c, d, "no_deadline", t->path, "warning", t->line,
                        "\"%.*s\" không có ngày kết thúc; cần đặt hạn hoặc ngày xem xét",
                        "\"%.*s\" has no last day; set a deadline or a day of review", ARGS(t->schedule.text));
    }
}

static void no_product(struct ctx *c, struct draft *d)
{
    for (size_t i = 0; i < d->tasks.n; i++)
        if (!d->tasks.v[i].product.n)
            add_finding(c, d, "no_product", d->tasks.v[i].path, "warning", d->tasks.v[i].line,
                        "Chưa nêu sản phẩm; không có sản phẩm thì không xác nhận hoàn thành được",
                        "No product is named; without one, completion cannot be confirmed");
}

/* The clauses that set a measured target, sorted, so that a plan of thousands is looked up and not scanned. */
struct paths {
    struct str *v;
    size_t n;
};

static int by_text(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static struct paths measured_paths(struct ctx *c, const struct draft *d)
{
    struct paths p = {NEWN(c->arena, struct str, d->targets.n + 1), 0};
    for (size_t i = 0; i < d->targets.n; i++)
        if (!str_eq(d->targets.v[i].measure, S("state")))
            p.v[p.n++] = d->targets.v[i].path;
    qsort(p.v, p.n, sizeof *p.v, by_text);
    return p;
}

static bool on_path(const struct paths *p, struct str path)
{
    return p->n && bsearch(&path, p->v, p->n, sizeof *p->v, by_text);
}

static void no_measure(struct ctx *c, struct draft *d)
{
    struct paths measured = measured_paths(c, d);
    for (size_t i = 0; i < d->programmes.n; i++)
        if (!on_path(&measured, d->programmes.v[i].path))
            add_finding(c, d, "no_measure", d->programmes.v[i].path, "warning", d->programmes.v[i].line,
                        "Kết quả cần đạt không có con số nào; cần ít nhất một chỉ tiêu đo được",
                        "The results wanted hold no figure; at least one measured target is needed");
    for (size_t i = 0; i < d->tasks.n; i++) {
        const struct task *t = &d->tasks.v[i];
        if (!t->product.n && str_eq(t->schedule.kind, S("continuous")) && !on_path(&measured, t->path))
            add_finding(c, d, "no_measure", t->path, "info", t->line,
                        "Nhiệm vụ thường xuyên, không sản phẩm, không con số: chưa có cách biết đã làm đến đâu",
                        "A regular task without product or figure: nothing tells how far it has come");
    }
}

/* A scheme that is to be issued and then run, without the day of issue. */
static void issue_date_missing(struct ctx *c, struct draft *d)
{
    for (size_t i = 0; i < n_items(d); i++) {
        const struct task *t = item_at(d, i);
        for (size_t p = 0; p < t->schedule.phases.n; p++) {
            const struct phase *phase = &t->schedule.phases.v[p];
            struct str f = viet_fold_text(c->arena, phase->text);
            bool issue = str_has(f, S("ban hanh")) || str_has(f, S("phe duyet")) || str_starts(f, S("trinh "));
            if (issue && phase->due == DAY_NONE)
                add_finding(
                    c, d, "issue_date_missing", t->path, "error", t->line,
                    "\"%.*s\": chưa nêu ngày phải ban hành, chỉ có thời điểm triển khai; cần ấn định ngày ban hành",
                    "\"%.*s\": it says from when it runs and not by when it is issued; a day of issue has to be set",
                    ARGS(phase->text));
        }
    }
}

/* --- who --- */

struct lead_count {
    struct str folded, name;
};

static int by_folded(const void *a, const void *b)
{
    return str_cmp(((const struct lead_count *)a)->folded, ((const struct lead_count *)b)->folded);
}

static void single_lead(struct ctx *c, struct draft *d)
{
    size_t n = n_items(d), names = 0, best = 0;
    struct str name = {NULL, 0};
    if (n < 10)
        return;
    for (size_t i = 0; i < n; i++)
        names += item_at(d, i)->lead.n;
    struct lead_count *all = NEWN(c->arena, struct lead_count, names + 1);
    names = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t l = 0; l < item_at(d, i)->lead.n; l++) {
            struct str lead = item_at(d, i)->lead.v[l];
            all[names++] = (struct lead_count){viet_fold_text(c->arena, lead), lead};
        }
    qsort(all, names, sizeof *all, by_folded);
    for (size_t i = 0, run = 0; i < names; i++) {
        run = i && str_eq(all[i].folded, all[i - 1].folded) ? run + 1 : 1;
        if (run > best) {
            best = run;
            name = all[i].name;
        }
    }
    if (best * 10 >= n * 6)
        add_finding(
            c, d, "single_lead", S(""), "warning", I64_NONE,
            "%.*s chủ trì %zu trên %zu nhiệm vụ, chương trình; cần giao tiếp cho từng đơn vị thực hiện, nếu không "
            "sẽ không biết ai đang giữ việc",
            "%.*s leads %zu of %zu tasks and programmes; they have to be handed on to those who carry them out, or "
            "nobody will know who "
            "holds what",
            ARGS(name), best, n);
}

static bool is_digit(char ch)
{
    return ch >= '0' && ch <= '9';
}

static size_t skip_digits(struct str s, size_t at)
{
    while (at < s.n && is_digit(s.p[at]))
        at++;
    return at;
}

/* "15/12", "10 tháng 12", "25 hằng tháng", but no date with its year: that is one day, often of a document cited. */
static bool is_yearly_day(struct str f)
{
    static const char *const months[] = {"/", " thang ", "-"};
    size_t at = skip_digits(f, 0);
    if (!at)
        return false;
    for (size_t i = 0; i < sizeof months / sizeof *months; i++)
        if (str_starts(str_skip(f, at), str_of(months[i])) && at + strlen(months[i]) < f.n &&
            is_digit(f.p[at + strlen(months[i])])) {
            struct str after = str_skip(f, skip_digits(f, at + strlen(months[i])));
            return !(after.n > 1 && (after.p[0] == '/' || after.p[0] == '-') && is_digit(after.p[1])) &&
                   !str_starts(after, S(" nam "));
        }
    return true;
}

static bool names_yearly_day(struct ctx *c, struct str text)
{
    struct str f = viet_fold_text(c->arena, text);
    for (size_t at = 0; (at = str_find(f, S("ngay "), at)) != SIZE_MAX; at++)
        if (is_yearly_day(str_skip(f, at + strlen("ngay "))))
            return true;
    return false;
}

/* A day stands with the cycle it belongs to, or serves all that the sentence lays down. */
static bool has_day(struct ctx *c, const struct draft *d, const struct duty *duty)
{
    if (duty->schedule.due != DAY_NONE || names_yearly_day(c, duty->schedule.text))
        return true;
    for (size_t i = 0; i < d->duties.n; i++)
        if (str_eq(d->duties.v[i].path, duty->path) && names_yearly_day(c, d->duties.v[i].schedule.text))
            return false;
    return names_yearly_day(c, duty->text);
}

/* What is laid on nobody, and what is to be reported again and again without a day. */
static void duties_open(struct ctx *c, struct draft *d)
{
    for (size_t i = 0; i < d->duties.n; i++) {
        const struct duty *duty = &d->duties.v[i];
        struct str kind = duty->schedule.kind;
        bool again = str_eq(kind, S("yearly")) || str_eq(kind, S("half_yearly")) || str_eq(kind, S("quarterly")) ||
                     str_eq(kind, S("monthly"));
        if (!duty->body.n)
            add_finding(c, d, "duty_without_body", duty->path, "warning", duty->line,
                        "Không nói rõ cơ quan nào chịu trách nhiệm; cần giao cho một đơn vị",
                        "It does not say which body answers for this; one has to be charged with it");
        if (again && duty->to.n && !has_day(c, d, duty))
            add_finding(c, d, "report_day_missing", duty->path, "warning", duty->line,
                        "Báo cáo \"%.*s\" gửi %.*s nhưng không nêu ngày nộp; cần ấn định ngày chốt số liệu và ngày gửi",
                        "The report \"%.*s\" to %.*s has no day of submission; set the day on which figures close and "
                        "the day of sending",
                        ARGS(duty->schedule.text), ARGS(duty->to));
    }
}

static bool is_everyone(struct str folded)
{
    if (!(str_starts(folded, S("cac ")) || str_starts(folded, S("toan the"))))
        return false;
    unsigned words = 0;
    static const char *const generic[] = {"cap uy", "to chuc dang", "co quan",  "don vi", "dia phuong", "so",
                                          "ban",    "nganh",        "doan the", "xa",     "phuong"};
    for (size_t i = 0; i < sizeof generic / sizeof *generic; i++)
        words += has_word(folded, generic[i]);
    return words >= 2;
}

static void everyone_coordinates(struct ctx *c, struct draft *d)
{
    size_t n = n_items(d), count = 0;
    for (size_t i = 0; i < n; i++) {
        const struct task *t = item_at(d, i);
        bool everyone = false;
        for (size_t k = 0; k < t->coordinating.n; k++)
            everyone |= is_everyone(viet_fold_text(c->arena, t->coordinating.v[k]));
        count += everyone;
        if (everyone && t->coordinating.n == 1)
            add_finding(c, d, "everyone_coordinates", t->path, "info", t->line,
                        "Phối hợp là \"%.*s\": tất cả cùng phối hợp thì không ai có phần việc cụ thể",
                        "Co-operation is by \"%.*s\": where everyone co-operates, nobody has a part of their own",
                        ARGS(t->coordinating.v[0]));
    }
    if (count)
        add_finding(
            c, d, "everyone_coordinates", S(""), "warning", I64_NONE,
            "%zu trên %zu nhiệm vụ, chương trình giao phối hợp cho tất cả các đơn vị; cần nêu rõ đơn vị và phần việc",
            "%zu of %zu tasks and programmes are to be co-operated in by every body; name the bodies and their parts",
            count, n);
}

static void group_leads(struct ctx *c, struct draft *d)
{
    for (size_t i = 0; i < n_items(d); i++)
        for (size_t k = 0; k < item_at(d, i)->lead.n; k++)
            if (is_everyone(viet_fold_text(c->arena, item_at(d, i)->lead.v[k])))
                add_finding(c, d, "group_leads", item_at(d, i)->path, "warning", item_at(d, i)->line,
                            "Chủ trì là cả nhóm \"%.*s\"; mỗi đơn vị sẽ nhận một phần riêng",
                            "The lead is a whole group, \"%.*s\"; each of its bodies will get a part of its own",
                            ARGS(item_at(d, i)->lead.v[k]));
}

/* --- targets --- */

static void no_baseline(struct ctx *c, struct draft *d)
{
    size_t missing = 0, measured = 0;
    for (size_t i = 0; i < d->targets.n; i++) {
        const struct target *t = &d->targets.v[i];
        if (str_eq(t->measure, S("state"))) {
            add_finding(c, d, "described_target", t->path, "info", t->line,
                        "Mục tiêu mô tả, không có con số: cần nêu căn cứ để xác nhận đã đạt",
                        "A described target without a figure: say what will show that it is met");
            continue;
        }
        measured++;
        missing += isnan(t->baseline);
        if (str_eq(t->measure, S("growth")) && !t->per.p && str_has(viet_fold_text(c->arena, t->text), S("trung binh")))
            add_finding(c, d, "growth_without_period", t->path, "warning", t->line,
                        "\"%.*s\": tăng trung bình nhưng không nói theo năm hay cả giai đoạn",
                        "\"%.*s\": average growth, without saying whether by year or over the whole period",
                        ARGS(t->text));
    }
    if (missing)
        add_finding(c, d, "no_baseline", S(""), "warning", I64_NONE,
                    "%zu trên %zu chỉ tiêu định lượng không nêu số gốc; cần bổ sung số liệu năm gốc và cơ quan cung "
                    "cấp để biết tiến độ",
                    "%zu of %zu measured targets state no baseline; the figure of a base year and the body that gives "
                    "it are needed to know "
                    "how far they have come",
                    missing, measured);
}

/* Words that tell nothing of what a text is about, folded. */
static const struct str common_words = S0("va cua cac cho trong tren den tai theo ve voi duoc dat nam tinh ninh binh "
                                          "phan dau ty le so luong muc toi thieu it nhat tu co la "
                                          "tro len mot nhung hoac de vao ra khi cao dia ban nhan phat trien xay dung "
                                          "khai thuc hien hoat dong khoa hoc cong nghe doi moi sang "
                                          "tao chuyen nghiep doanh nguoi dan toan kha nang toc do ung dam bao dai cau "
                                          "yeu thong minh van hanh ha tang dap hinh thanh nganh "
                                          "viec ho thoi to chuc hang ca nuoc quoc gia dich vu du lieu");

/* The telling words of a text, each as a number, sorted: the bag that two texts are compared by. */
struct bag {
    uint32_t *v;
    size_t n;
};

/* The number of each word met so far: an open hash table that lives as long as one rule runs. */
struct vocabulary {
    struct known_word {
        struct str word; /* p == NULL: a free slot */
        bool common;
    } * v;
    size_t mask, n;
};

enum { NO_WORD = UINT32_MAX, BAG_MAX = 400 };

static struct known_word *slot_of(struct vocabulary *w, struct str word)
{
    uint64_t hash = 1469598103934665603u;
    for (size_t i = 0; i < word.n; i++)
        hash = (hash ^ (unsigned char)word.p[i]) * 1099511628211u;
    size_t slot = (size_t)(hash ^ hash >> 32) & w->mask;
    while (w->v[slot].word.p && !str_eq(w->v[slot].word, word))
        slot = (slot + 1) & w->mask;
    return &w->v[slot];
}

static struct vocabulary vocabulary_new(struct ctx *c, size_t texts)
{
    size_t slots = 1024;
    while (slots < texts * 32 && slots < (1u << 20))
        slots *= 2;
    struct vocabulary w = {NEWN(c->arena, struct known_word, slots), slots - 1, 0};
    struct str rest = common_words, word;
    while (str_cut(&rest, ' ', &word)) {
        *slot_of(&w, word) = (struct known_word){word, true};
        w.n++;
    }
    return w;
}

static uint32_t number_of(struct vocabulary *w, struct str word)
{
    struct known_word *slot = slot_of(w, word);
    if (!slot->word.p) {
        if (w->n * 2 > w->mask)
            return NO_WORD; /* so many different words tell nothing any more */
        slot->word = word;
        w->n++;
    }
    return slot->common ? (uint32_t)NO_WORD : (uint32_t)(slot - w->v);
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static struct bag bag_of(struct ctx *c, struct vocabulary *w, struct str text)
{
    struct str f = viet_fold_text(c->arena, text);
    uint32_t numbers[BAG_MAX];
    struct bag b = {numbers, 0};
    for (size_t i = 0; i < f.n && b.n < BAG_MAX;) {
        size_t end = i;
        while (end < f.n && ((f.p[end] >= 'a' && f.p[end] <= 'z') || is_digit(f.p[end])))
            end++;
        struct str word = str_slice(f, i, end);
        bool telling = word.n >= 2 && !(is_digit(word.p[0]) && is_digit(word.p[word.n - 1]));
        uint32_t number = telling ? number_of(w, word) : NO_WORD;
        if (number != NO_WORD)
            b.v[b.n++] = number;
        i = end > i ? end : i + 1;
    }
    qsort(b.v, b.n, sizeof *b.v, by_number);
    size_t n = 0;
    for (size_t i = 0; i < b.n; i++)
        if (i == 0 || b.v[i] != b.v[i - 1])
            b.v[n++] = b.v[i];
    b.n = n;
    b.v = NEWN(c->arena, uint32_t, n);
    memcpy(b.v, numbers, n * sizeof *numbers);
    return b;
}

static size_t shared_words(const struct bag *a, const struct bag *b)
{
    size_t n = 0;
    for (size_t i = 0, j = 0; i < a->n && j < b->n;) {
        n += a->v[i] == b->v[j];
        uint32_t x = a->v[i], y = b->v[j];
        i += x <= y;
        j += y <= x;
    }
    return n;
}

/* A word with letters and digits: a name such as 5G. */
static bool is_sign(const struct vocabulary *w, uint32_t number)
{
    bool letters = false, digits = false;
    struct str word = w->v[number].word;
    for (size_t k = 0; k < word.n; k++) {
        digits |= is_digit(word.p[k]);
        letters |= word.p[k] >= 'a';
    }
    return letters && digits;
}

static bool shares_sign(const struct vocabulary *w, const struct bag *a, const struct bag *b)
{
    for (size_t i = 0, j = 0; i < a->n && j < b->n;) {
        uint32_t x = a->v[i], y = b->v[j];
        if (x == y && is_sign(w, x))
            return true;
        i += x <= y;
        j += y <= x;
    }
    return false;
}

static bool differ(const struct target *a, const struct target *b)
{
    bool low = isnan(a->low) != isnan(b->low) || (!isnan(a->low) && a->low != b->low);
    bool high = isnan(a->high) != isnan(b->high) || (!isnan(a->high) && a->high != b->high);
    return low || high || !str_eq(a->comparator, b->comparator);
}

static bool same_unit(const struct target *a, const struct target *b)
{
    return a->unit.n && b->unit.n && str_eq(a->unit, b->unit) && str_eq(a->measure, b->measure);
}

static void put_amount(struct out *o, const struct target *t)
{
    static const struct {
        const char *word, *sign;
    } signs[] = {{"ge", "≥ "}, {"gt", "> "}, {"le", "≤ "}, {"lt", "< "}};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (str_eq(t->comparator, str_of(signs[i].word)))
            out_put(o, str_of(signs[i].sign));
    if (!isnan(t->low))
        out_f64(o, t->low);
    if (!isnan(t->low) && !isnan(t->high))
        out_put(o, S("–"));
    if (!isnan(t->high))
        out_f64(o, t->high);
    if (t->unit.n)
        out_fmt(o, " %.*s", ARGS(t->unit));
}

static struct str amount_of(struct ctx *c, const struct target *t)
{
    struct out o;
    out_init(&o, c->arena, 4 << 10);
    put_amount(&o, t);
    return out_str(&o);
}

static void tell_conflict(struct ctx *c, struct draft *d, const struct target *a, const struct target *b)
{
    size_t n = d->findings.n;
    struct str one = amount_of(c, a), other = amount_of(c, b);
    add_finding(
        c, d, "target_conflict", a->path, "error", a->line,
        "Hai chỉ tiêu cùng nội dung nhưng khác nhau: %.*s đặt %.*s (%.*s), %.*s đặt %.*s (%.*s); cần thống nhất một "
        "con số và một cách đo",
        "Two targets on one subject differ: %.*s sets %.*s (%.*s), %.*s sets %.*s (%.*s); agree on one figure and "
        "one way of measuring",
        ARGS(a->path), ARGS(one), ARGS(a->subject), ARGS(b->path), ARGS(other), ARGS(b->subject));
    with_other(d, n, b->path);
}

static void tell_repeated(struct ctx *c, struct draft *d, const struct target *a, const struct target *b)
{
    size_t n = d->findings.n;
    add_finding(c, d, "target_repeated", a->path, "info", a->line,
                "Chỉ tiêu này được nhắc lại ở %.*s; cần một chỉ tiêu chung để không báo cáo hai lần",
                "This target comes again in %.*s; one target for both would save reporting it twice", ARGS(b->path));
    with_other(d, n, b->path);
}

static void target_conflict(struct ctx *c, struct draft *d)
{
    enum { COMPARED_MAX = 400 };
    size_t n = d->targets.n < COMPARED_MAX ? d->targets.n : COMPARED_MAX;
    struct vocabulary words = vocabulary_new(c, n);
    struct bag *bags = NEWN(c->arena, struct bag, n + 1);
    for (size_t i = 0; i < n; i++)
        bags[i] = bag_of(c, &words, d->targets.v[i].subject);
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n && d->findings.n < FINDINGS_MAX; j++) {
            const struct target *a = &d->targets.v[i], *b = &d->targets.v[j];
            if (str_eq(a->path, b->path) || str_eq(a->measure, S("state")) || !same_unit(a, b) ||
                !str_eq(a->by.p ? a->by : S(""), b->by.p ? b->by : S("")))
                continue;
            size_t shared = shared_words(&bags[i], &bags[j]), all = bags[i].n + bags[j].n - shared;
            if (!shares_sign(&words, &bags[i], &bags[j]) && !(shared >= 4 && shared * 10 >= all * 7))
                continue;
            if (differ(a, b))
                tell_conflict(c, d, a, b);
            else
                tell_repeated(c, d, a, b);
        }
}

/* --- a thing run in one clause and only studied in another --- */

/* The thing that `verb` acts on: the words after it up to a sign, at most eight. Folded. */
static struct str thing_after(struct str f, size_t at)
{
    size_t end = at;
    for (unsigned words = 0; end < f.n && words < 8; end++) {
        if (strchr(".,;:(\"", f.p[end]))
            break;
        words += f.p[end] == ' ';
    }
    return str_trim(str_slice(f, at, end));
}

/* Do two names of things open with the same noun phrase of at least three words ("quy dau tu mao hiem")? */
static bool same_thing(struct str a, struct str text, size_t *ret_at)
{
    size_t end = 0, words = 0;
    for (size_t i = 0; i <= a.n && words < 5; i++)
        if (i == a.n || a.p[i] == ' ') {
            words++;
            end = i;
        }
    while (words >= 3) {
        size_t at = str_find(text, str_slice(a, 0, end), 0);
        if (at != SIZE_MAX) {
            *ret_at = at;
            return words >= 4 || (words == 3 && end >= 12);
        }
        while (end > 0 && a.p[end - 1] != ' ')
            end--;
        while (end > 0 && a.p[end - 1] == ' ')
            end--;
        words--;
    }
    return false;
}

/* A task that may only study something: its text, folded. */
struct study {
    const struct task *task;
    struct str folded;
};
struct studies {
    struct study *v;
    size_t n, cap;
};

static struct studies studies_of(struct ctx *c, const struct draft *d)
{
    struct studies all = {0};
    for (size_t i = 0; i < n_items(d); i++) {
        struct str folded = viet_fold_text(c->arena, item_at(d, i)->text);
        if (str_has(folded, S("nghien cuu")) || str_has(folded, S("xem xet")))
            *PUSH(c->arena, &all) = (struct study){item_at(d, i), folded};
    }
    return all;
}

/* What a described target puts into operation, folded; empty if nothing. */
static struct str thing_run(struct ctx *c, const struct target *t)
{
    static const char *const runs[] = {"dua vao van hanh ", "dua vao hoat dong ", "va van hanh ", "van hanh ",
                                       "dua vao su dung "};
    struct str f = viet_fold_text(c->arena, t->text);
    for (size_t r = 0; r < sizeof runs / sizeof *runs; r++) {
        size_t at = str_find(f, str_of(runs[r]), 0);
        struct str thing = at == SIZE_MAX ? S("") : thing_after(f, at + strlen(runs[r]));
        if (thing.n)
            return thing;
    }
    return S("");
}

static bool only_studies(const struct study *study, struct str thing)
{
    static const char *const words[] = {"nghien cuu thanh lap", "nghien cuu hinh thanh", "nghien cuu xay dung",
                                        "nghien cuu viec",      "nghien cuu, de xuat",   "xem xet thanh lap",
                                        "nghien cuu lap",       "nghien cuu trien khai"};
    size_t at = 0;
    if (!same_thing(thing, study->folded, &at))
        return false;
    size_t from = at;
    while (from > 0 && study->folded.p[from - 1] != '.')
        from--;
    struct str before = str_slice(study->folded, from, at);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_has(before, str_of(words[i])))
            return true;
    return false;
}

static void tell_only_studied(struct ctx *c, struct draft *d, const struct target *t, const struct task *task)
{
    size_t n = d->findings.n;
    add_finding(
        c, d, "run_or_study", t->path, "error", t->line,
        "%.*s đặt mục tiêu đưa vào vận hành, nhưng %.*s chỉ giao nghiên cứu; cần một nhiệm vụ thành lập và vận hành "
        "có thời hạn (\"%.*s\")",
        "%.*s wants it in operation, but %.*s only has it studied; a task to set it up and run it, with a deadline, "
        "is needed (\"%.*s\")",
        ARGS(t->path), ARGS(task->path), ARGS(t->text));
    with_other(d, n, task->path);
}

static void run_or_study(struct ctx *c, struct draft *d)
{
    enum { THINGS_MAX = 400, SHORTEST = 10 };
    struct studies studies = studies_of(c, d);
    for (size_t i = 0, things = 0; i < d->targets.n && studies.n && things < THINGS_MAX; i++) {
        const struct target *t = &d->targets.v[i];
        struct str thing = str_eq(t->measure, S("state")) ? thing_run(c, t) : S("");
        if (thing.n < SHORTEST)
            continue;
        things++;
        for (size_t k = 0; k < studies.n; k++) {
            const struct task *task = studies.v[k].task;
            if (only_studies(&studies.v[k], thing))
                tell_only_studied(c, d, t, task);
        }
    }
}

/* --- targets and tasks that do not meet --- */

static void unserved(struct ctx *c, struct draft *d)
{
    enum { COMPARED_MAX = 600 };
    size_t n = n_items(d), m = d->targets.n;
    if (!n || !m || n > COMPARED_MAX || m > COMPARED_MAX)
        return;
    struct vocabulary words = vocabulary_new(c, n + m);
    struct bag *tasks = NEWN(c->arena, struct bag, n), *targets = NEWN(c->arena, struct bag, m);
    bool *counted = NEWN(c->arena, bool, n);
    struct paths measured = measured_paths(c, d);
    for (size_t i = 0; i < n; i++) {
        const struct task *t = item_at(d, i);
        const struct str says[] = {t->title, t->text, t->objective, t->results};
        tasks[i] = bag_of(c, &words, str_join(c->arena, says, sizeof says / sizeof *says, S(" ")));
        counted[i] = on_path(&measured, t->path);
    }
    for (size_t j = 0; j < m; j++) {
        const struct target *t = &d->targets.v[j];
        const struct str says[] = {t->subject, t->text};
        targets[j] = bag_of(c, &words, str_join(c->arena, says, sizeof says / sizeof *says, S(" ")));
        /* A subject of common words alone says too little to judge by. */
        bool served = targets[j].n < 2;
        for (size_t i = 0; i < n; i++) {
            bool own = str_eq(item_at(d, i)->path, t->path);
            size_t shared = shared_words(&targets[j], &tasks[i]);
            bool meets = own || shared >= 2 || shares_sign(&words, &targets[j], &tasks[i]);
            served |= meets;
            counted[i] |= meets && !str_eq(t->measure, S("state"));
        }
        if (!served && (j == 0 || !str_eq(d->targets.v[j - 1].text, t->text)))
            add_finding(c, d, "target_unserved", t->path, "warning", t->line,
                        "Không thấy nhiệm vụ nào trong kế hoạch phục vụ chỉ tiêu này: \"%.*s\"",
                        "No task of the plan is seen to serve this target: \"%.*s\"",
                        ARGS(t->subject.n ? t->subject : t->text));
    }
    for (size_t i = 0; i < n; i++)
        if (!counted[i])
            add_finding(c, d, "task_uncounted", item_at(d, i)->path, "info", item_at(d, i)->line,
                        "Không có chỉ tiêu nào đo kết quả của nhiệm vụ này",
                        "No target measures what this task brings about");
}

/* --- dates and wording --- */

static void outside_period(struct ctx *c, struct draft *d)
{
    int64_t from = 0, to = 0;
    if (d->period.from.n)
        str_i64(d->period.from, &from);
    if (d->period.to.n)
        str_i64(d->period.to, &to);
    for (size_t i = 0; i < n_items(d); i++) {
        const struct task *t = item_at(d, i);
        const int32_t days[] = {t->schedule.start, t->schedule.due};
        for (size_t k = 0; k < 2; k++) {
            if (days[k] == DAY_NONE)
                continue;
            int y, m, day;
            day_to_date(days[k], &y, &m, &day);
            if ((from && y < from) || (to && y > to)) {
                add_finding(c, d, "outside_period", t->path, "warning", t->line,
                            "Thời gian \"%.*s\" nằm ngoài giai đoạn %.*s–%.*s của kế hoạch",
                            "The time \"%.*s\" lies outside the plan's period %.*s–%.*s", ARGS(t->schedule.text),
                            ARGS(d->period.from), ARGS(d->period.to));
                break;
            }
        }
    }
}

/* Wordings that a scanner makes of Vietnamese: the right one beside it. Data, one line each. */
static const struct {
    const char *slip, *right;
} slips[] = {{"Phần đầu có", "Phấn đấu có"},
             {"Phần đầu đến", "Phấn đấu đến"},
             {"Phần đầu đạt", "Phấn đấu đạt"},
             {"Phân đầu", "Phấn đấu"},
             {"phân đầu", "phấn đấu"},
             {"phần đầu đưa", "phấn đấu đưa"},
             {"Phần đấu", "Phấn đấu"},
             {"phần đấu", "phấn đấu"},
             {"Phấn đầu", "Phấn đấu"},
             {"chuyên đổi số", "chuyển đổi số"},
             {"chuyển đối số", "chuyển đổi số"},
             {"Chuyên đổi số", "Chuyển đổi số"},
             {"trung chuyên", "trung chuyển"},
             {"công nghê ", "công nghệ "},
             {"khoa hoc ", "khoa học "},
             {"nghi quyết", "nghị quyết"},
             {"lĩnh vực tinh", "lĩnh vực tỉnh"},
             {"dự án đâu tư", "dự án đầu tư"},
             {"đâu tư", "đầu tư"},
             {"nhiêm vụ", "nhiệm vụ"},
             {"trách nhiêm", "trách nhiệm"}};

static void scan_slip(struct ctx *c, struct draft *d)
{
    for (size_t i = 0; i < d->clauses.n; i++) {
        const struct clause *clause = &d->clauses.v[i];
        const struct str texts[] = {clause->title, clause->text};
        const char *told = NULL;
        for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
            for (size_t s = 0; s < sizeof slips / sizeof *slips; s++)
                if (str_has(texts[k], str_of(slips[s].slip)) && told != slips[s].slip) {
                    told = slips[s].slip;
                    add_finding(c, d, "scan_slip", clause->path, "info", clause->line,
                                "\"%s\" có lẽ là \"%s\" (lỗi quét văn bản)",
                                "\"%s\" is probably \"%s\" (a slip of scanning)", slips[s].slip, slips[s].right);
                }
    }
}

static int by_line(const void *a, const void *b)
{
    const struct finding *x = a, *y = b;
    bool general_x = x->line == I64_NONE, general_y = y->line == I64_NONE;
    if (general_x != general_y)
        return general_x ? -1 : 1;
    if (x->line != y->line)
        return x->line < y->line ? -1 : 1;
    int rule = str_cmp(x->rule, y->rule);
    return rule ? rule : str_cmp(x->message, y->message);
}

void plan_lint(struct ctx *c, struct draft *draft)
{
    static void (*const rules[])(struct ctx *, struct draft *) = {
        no_lead,         no_deadline,          no_product,  no_measure,     issue_date_missing,
        single_lead,     everyone_coordinates, duties_open, group_leads,    no_baseline,
        target_conflict, run_or_study,         unserved,    outside_period, scan_slip};
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        rules[i](c, draft);
    if (draft->findings.n)
        qsort(draft->findings.v, draft->findings.n, sizeof *draft->findings.v, by_line);
}

/* Everything that is told anew when a draft has changed: the rules above, and the look for unknown bodies. */
static bool is_told_again(struct str rule)
{
    static const char *const rules[] = {
        "no_lead",          "no_deadline",           "no_product",         "no_measure",           "issue_date_missing",
        "single_lead",      "duty_without_body",     "report_day_missing", "everyone_coordinates", "group_leads",
        "described_target", "growth_without_period", "no_baseline",        "target_conflict",      "target_repeated",
        "run_or_study",     "target_unserved",       "task_uncounted",     "outside_period",       "scan_slip",
        "unknown_body"};
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (str_eq(rule, str_of(rules[i])))
            return true;
    return false;
}

void plan_lint_again(struct ctx *c, struct draft *draft, const struct org_catalogue *catalogue)
{
    struct draft told = *draft;
    memset(&draft->findings, 0, sizeof draft->findings);
    for (size_t i = 0; i < told.findings.n; i++)
        if (!is_told_again(told.findings.v[i].rule))
            *PUSH(c->arena, &draft->findings) = told.findings.v[i];
    tell_unknown_bodies(c, draft, catalogue);
    plan_lint(c, draft);
}
