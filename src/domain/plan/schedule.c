#include "domain/plan/schedule.h"

#include "domain/plan/time_phrase.h"

#include "base/banned.h"

#define PHASE_FIELDS(T)                                                                                                \
    {.name = "text",                                                                                                   \
     .type = FIELD_TEXT,                                                                                               \
     .offset = offsetof(T, text),                                                                                      \
     .doc = "the words of the document",                                                                               \
     .mend = true},                                                                                                    \
        {.name = "kind",                                                                                               \
         .type = FIELD_TEXT,                                                                                           \
         .offset = offsetof(T, kind),                                                                                  \
         .one_of = SCHEDULE_KINDS,                                                                                     \
         .doc = "class",                                                                                               \
         .required = true},                                                                                            \
        {.name = "start", .type = FIELD_DAY, .offset = offsetof(T, start), .doc = "first day", .mend = true},          \
    {                                                                                                                  \
        .name = "due", .type = FIELD_DAY, .offset = offsetof(T, due), .doc = "last day", .mend = true                  \
    }

RECORD(phase_record, struct phase, "phase", "one part of a schedule that has several", PHASE_FIELDS(struct phase));
RECORD(schedule_record, struct schedule, "schedule", "when a task is to be done", PHASE_FIELDS(struct schedule),
       {.name = "phases",
        .type = FIELD_LIST,
        .offset = offsetof(struct schedule, phases),
        .of = &phase_record,
        .doc = "its parts, if it has several classes"});

static struct str kind_word(enum time_kind kind)
{
    static const struct str words[] = {S0("deadline"),  S0("period"),  S0("yearly"),     S0("half_yearly"),
                                       S0("quarterly"), S0("monthly"), S0("continuous"), S0("from"),
                                       S0("relative"),  S0("event"),   S0("none")};
    return words[kind];
}

/* What binds hardest comes first. A deadline whose date is not known binds little; a period without dates is told by
 * one that has them. */
static int rank(enum time_kind kind, bool dated)
{
    static const int ranks[] = {[TIME_DEADLINE] = 0,  [TIME_PERIOD] = 1,      [TIME_FROM] = 2,   [TIME_MONTHLY] = 3,
                                [TIME_QUARTERLY] = 4, [TIME_HALF_YEARLY] = 5, [TIME_YEARLY] = 6, [TIME_CONTINUOUS] = 7,
                                [TIME_RELATIVE] = 8,  [TIME_EVENT] = 9,       [TIME_NONE] = 11};
    return kind == TIME_DEADLINE && !dated ? 20 : 2 * ranks[kind] + (kind == TIME_PERIOD && !dated);
}

/* A stretch of the text with one class. Parts cover the text without gaps; phases are parts with their edges trimmed.
 */
struct part {
    size_t from, to;   /* tokens */
    size_t said, upto; /* the phrases in it */
    enum time_kind kind;
    int32_t start, due;
    bool yearless, bound, mild;
    bool inner; /* "trong đó năm 2026 …": a step on the way */
};

struct parts {
    struct part *v;
    size_t n, cap;
};

static bool is_mark(const struct words *w, size_t i, char mark)
{
    return word_at(w, i)->kind == mark;
}

static size_t joiner_at(const struct words *w, size_t i)
{
    static const char *const joiners[] = {"va", "dong thoi", "sau do", "con", "rieng", NULL};
    return words_any(w, i, joiners);
}

/* Only marks and joiners between two phrases? */
static bool is_adjacent(const struct words *w, size_t from, size_t to)
{
    while (from < to) {
        size_t n = joiner_at(w, from);
        if (!n && (word_at(w, from)->kind == WORD || word_at(w, from)->kind == NUMBER))
            return false;
        from += n ? n : 1;
    }
    return true;
}

/* "Hằng năm, giai đoạn 2026-2030": what comes back takes the stretch as its bounds. */
static void bind(struct part *p, enum time_kind recurring, int32_t start, int32_t due)
{
    p->kind = recurring;
    p->start = start != DAY_NONE ? start : p->start;
    p->due = due != DAY_NONE ? due : p->due;
    p->yearless = p->bound = false;
}

static bool recurs(const struct part *p)
{
    return time_recurs(p->kind) || (p->kind == TIME_CONTINUOUS && !p->mild);
}

/* The same day of another date's year: "Năm 2026, hoàn thành trong quý III". */
static int32_t in_year_of(int32_t day, int32_t other)
{
    int year, month, d, x, y;
    int32_t moved;
    if (day == DAY_NONE || other == DAY_NONE)
        return other;
    day_to_date(day, &x, &month, &d);
    day_to_date(other, &year, &x, &y);
    return day_from_date(year, month, d, &moved) ? moved : other;
}

/* Two deadlines that say one thing: a year and a part of it, in either order; a quarter and the day it means. */
static bool refine(const struct words *w, struct part *p, const struct phrase *q)
{
    if (p->kind != TIME_DEADLINE || q->kind != TIME_DEADLINE || p->yearless == q->yearless)
        return false;
    if (q->yearless && p->bound)
        p->due = in_year_of(q->due, p->due);
    else if (p->yearless && q->bound && is_adjacent(w, p->upto, q->from))
        p->due = in_year_of(p->due, q->due);
    else if (p->yearless && is_adjacent(w, p->upto, q->from) && is_mark(w, p->upto, '('))
        p->due = q->due;
    else
        return false;
    p->yearless = p->bound = false;
    return true;
}

/* Can phrase `q` be taken into part `p` of the same clause? `back` is the last part of the clause that comes back. */
static bool merge(const struct words *w, struct part *p, struct part *back, const struct phrase *q)
{
    struct part as = {.kind = q->kind, .mild = q->mild};
    if (q->kind == TIME_NONE || q->mild)
        return true;
    if (p->kind == TIME_NONE || p->mild) {
        *p = (struct part){p->from, p->to,       p->said,  p->upto, q->kind, q->start,
                           q->due,  q->yearless, q->bound, false,   p->inner};
        return true;
    }
    if (back && q->yearless && time_recurs(back->kind))
        return true;
    if (refine(w, p, q))
        return true;
    if (p->yearless && recurs(&as)) {
        bind(p, q->kind, DAY_NONE, DAY_NONE);
        p->start = p->due = DAY_NONE;
        return true;
    }
    if (is_adjacent(w, p->upto, q->from) && !q->joined) {
        if (recurs(p) && q->bound) {
            bind(p, p->kind, q->start, q->due);
            return true;
        }
        if (p->bound && recurs(&as)) {
            int year = 0, month, day;
            int32_t start = p->start, due = p->due;
            if (p->kind == TIME_DEADLINE && words_match(w, p->upto, "va")) { /* "năm 2026 và hằng năm" */
                day_to_date(p->due, &year, &month, &day);
                p->due = due = DAY_NONE;
                (void)day_from_date(year, 1, 1, &start);
            }
            bind(p, q->kind, start, due);
            return true;
        }
    }
    return p->kind == q->kind && p->start == q->start && p->due == q->due;
}

/* Where a part ends and the next phrase's part begins: at the last mark or "và" between them. */
static size_t seam(const struct words *w, size_t from, size_t to)
{
    for (size_t i = to; i-- > from;)
        if (is_mark(w, i, ',') || is_mark(w, i, '(') || is_mark(w, i, ':') || joiner_at(w, i))
            return i;
    return to;
}

/* The phrases [first, last) of one clause [from, to) as parts. */
static void read_clause(struct ctx *c, const struct words *w, size_t from, size_t to, const struct phrase *first,
                        const struct phrase *last, struct parts *list)
{
    size_t back = SIZE_MAX;
    bool inner = words_match(w, from, "trong do") != 0;
    *PUSH(c->arena, list) = (struct part){.from = from,
                                          .to = to,
                                          .said = from,
                                          .upto = from,
                                          .kind = TIME_NONE,
                                          .start = DAY_NONE,
                                          .due = DAY_NONE,
                                          .inner = inner};
    for (const struct phrase *q = first; q < last; q++) {
        struct part *p = &list->v[list->n - 1];
        if (merge(w, p, back == SIZE_MAX ? NULL : &list->v[back], q)) {
            p->upto = q->to;
        } else {
            size_t cut = seam(w, p->upto, q->from);
            p->to = cut;
            p = PUSH(c->arena, list);
            *p = (struct part){cut,
                               to,
                               q->from,
                               q->to,
                               q->kind,
                               q->start,
                               q->due,
                               q->yearless,
                               q->bound,
                               q->mild,
                               words_match(w, cut + (is_mark(w, cut, ',') ? 1 : 0), "trong do") != 0};
        }
        if (q == first && q->mild)
            *p = (struct part){p->from, p->to,       p->said,  q->to, q->kind, q->start,
                               q->due,  q->yearless, q->bound, true,  p->inner};
        if (time_recurs(p->kind))
            back = list->n - 1;
        if (q->follows && p->kind == TIME_FROM && list->n > 1 && list->v[list->n - 2].due != DAY_NONE)
            p->start = list->v[list->n - 2].due + 1;
    }
}

/* "Hoàn thành ban hành Đề án và tổ chức triển khai từ năm 2027": the product has no date of its own. The index of the
 * "và" between the two, or 0. `first` is the first phrase of the clause. */
static size_t product_and_run(const struct words *w, size_t from, const struct phrase *first)
{
    static const char *const finish[] = {"hoan thanh", "ban hanh",   "xay dung", "trinh",
                                         "phe duyet",  "hoan thien", NULL};
    static const char *const run[] = {"to chuc", "trien khai", "thuc hien", "dua vao", "van hanh",
                                      "ap dung", "duy tri",    "bat dau",   NULL};
    bool product = false, thing = false;
    if (first->kind != TIME_FROM && first->kind != TIME_PERIOD && first->kind != TIME_CONTINUOUS &&
        !time_recurs(first->kind))
        return 0;
    for (size_t i = from; i < first->from;) {
        size_t n = words_any(w, i, finish);
        if (n) {
            product = true;
        } else if (words_match(w, i, "va") && product && thing && words_any(w, i + 1, run)) {
            return i;
        } else if (word_at(w, i)->kind == WORD && !words_match(w, i, "va")) {
            thing = true;
        }
        i += n ? n : 1;
    }
    return 0;
}

static void read_clauses(struct ctx *c, const struct words *w, const struct phrases *phrases, struct parts *list)
{
    size_t next = 0, depth = 0;
    for (size_t from = 0, i = 0; i <= w->n; i++) {
        depth += is_mark(w, i, '(');
        depth -= depth > 0 && is_mark(w, i, ')');
        bool joined = i > from && words_match(w, i, "dong thoi") && depth == 0;
        if (i < w->n && !joined && !(is_mark(w, i, ';') && depth == 0) && !sentence_ends_at(w, i))
            continue;
        size_t to = joined || i == w->n ? i : i + 1, first = next;
        while (next < phrases->n && phrases->v[next].from < to)
            next++;
        const struct phrase *v = phrases->v ? phrases->v + first : NULL, *end = v ? v + (next - first) : NULL;
        size_t and = first < next ? product_and_run(w, from, v) : 0;
        if (and) {
            read_clause(c, w, from, and, v, v, list);
            from = and;
        }
        if (to > from)
            read_clause(c, w, from, to, v, end, list);
        from = to;
        depth = sentence_ends_at(w, i) ? 0 : depth;
    }
}

/* The tokens of a part without what joins it to its neighbours. */
static struct part trim(const struct words *w, struct part p)
{
    for (size_t n = 1; n && p.from < p.to;) {
        char kind = word_at(w, p.from)->kind;
        n = joiner_at(w, p.from);
        if (!n && kind != WORD && kind != NUMBER && kind != '"' && kind != '(')
            n = 1;
        p.from += n;
    }
    while (p.to > p.from) {
        char kind = word_at(w, p.to - 1)->kind;
        bool drop =
            kind == ';' || kind == ',' || kind == '.' || kind == ':' || kind == '-' || kind == '(' || kind == '/';
        if (!drop && !words_match(w, p.to - 1, "va"))
            break;
        p.to--;
    }
    if (p.from > p.to)
        p.from = p.to;
    if (p.to - p.from > 2 && is_mark(w, p.from, '(') && is_mark(w, p.to - 1, ')')) {
        p.from++;
        p.to--;
    }
    return p;
}

static struct str part_text(const struct words *w, const struct part *p)
{
    return folded_original(&w->folded, w->v[p->from].from, w->v[p->to - 1].to);
}

/* Has a part without a time enough words to be something owed? */
static bool has_substance(const struct words *w, const struct part *p)
{
    size_t n = 0;
    for (size_t i = p->from; i < p->to && n < 3; i++)
        n += word_at(w, i)->kind == WORD;
    return n >= 3;
}

/* Names count only where nothing else does, and not where they name the thing that is to be issued. */
static void drop_weak(const struct words *w, struct phrases *list)
{
    static const char *const finish[] = {"hoan thanh", "ban hanh", "phe duyet", "trinh", NULL};
    bool strong = false;
    size_t n = 0, done = SIZE_MAX;
    for (size_t i = 0; i < list->n; i++)
        strong = strong || !list->v[i].weak;
    for (size_t i = 0; i < w->n && done == SIZE_MAX; i++)
        done = words_any(w, i, finish) ? i : done;
    for (size_t i = 0; i < list->n; i++) {
        const struct phrase *p = &list->v[i];
        if (p->weak && (strong || w->find || (p->kind == TIME_PERIOD && done < p->from)))
            continue;
        list->v[n++] = *p;
    }
    list->n = n;
}

/* The whole from its parts: the class that binds hardest; of several the latest end and the earliest start. */
static void judge_whole(const struct parts *parts, struct schedule *s)
{
    enum time_kind best = TIME_NONE;
    bool dated = false, inner = true;
    for (size_t i = 0; i < parts->n; i++)
        inner = inner && (parts->v[i].inner || parts->v[i].kind == TIME_NONE);
    for (size_t i = 0; i < parts->n; i++) {
        const struct part *p = &parts->v[i];
        if (p->inner && !inner)
            continue;
        int mine = rank(p->kind, p->due != DAY_NONE), yet = rank(best, dated);
        if (mine < yet) {
            best = p->kind;
            dated = p->due != DAY_NONE;
            s->start = p->start;
            s->due = p->due;
        } else if (mine == yet && best != TIME_NONE) {
            s->start = s->start == DAY_NONE || (p->start != DAY_NONE && p->start < s->start) ? p->start : s->start;
            s->due = s->due == DAY_NONE || p->due == DAY_NONE ? DAY_NONE : p->due > s->due ? p->due : s->due;
        }
    }
    s->kind = kind_word(best);
}

static void make_phases(struct ctx *c, const struct words *w, struct parts *parts, struct schedule *s)
{
    size_t n = 0;
    bool differ = false, timed = false;
    for (size_t i = 0; i < parts->n; i++) {
        struct part p = trim(w, parts->v[i]);
        if (p.from == p.to || (p.kind == TIME_NONE && !has_substance(w, &p)))
            continue;
        parts->v[n++] = p;
        timed = timed || p.kind != TIME_NONE;
        differ = differ || p.kind != parts->v[0].kind || p.start != parts->v[0].start || p.due != parts->v[0].due;
    }
    if (!differ || !timed)
        return;
    for (size_t i = 0; i < n; i++) {
        const struct part *p = &parts->v[i];
        *PUSH(c->arena, &s->phases) = (struct phase){part_text(w, p), kind_word(p->kind), p->start, p->due};
    }
}

void schedule_read(struct ctx *c, struct str text, int plan_year, struct schedule *ret)
{
    struct schedule s = {.text = str_trim(text), .kind = kind_word(TIME_NONE), .start = DAY_NONE, .due = DAY_NONE};
    if (!s.text.n) {
        s.text = (struct str){NULL, 0};
        *ret = s;
        return;
    }
    struct words w;
    struct phrases phrases;
    struct parts parts = {0};
    words_read(c, s.text, plan_year, false, &w);
    phrases_read(c, &w, &phrases);
    drop_weak(&w, &phrases);
    read_clauses(c, &w, &phrases, &parts);
    judge_whole(&parts, &s);
    make_phases(c, &w, &parts, &s);
    *ret = s;
}

/* Phrases of a sentence that belong together: "6 tháng, hằng năm", "hằng năm, trước ngày 15/12". */
static bool goes_on(const struct words *w, const struct phrase *p, const struct phrase *q)
{
    if (q->joined)
        return true;
    bool back = time_recurs(p->kind) || p->kind == TIME_CONTINUOUS, again = time_recurs(q->kind);
    bool one_date =
        p->kind == TIME_DEADLINE && q->kind == TIME_DEADLINE && p->yearless != q->yearless && (p->bound || q->bound);
    return is_adjacent(w, p->to, q->from) &&
           (one_date || (back && (q->yearless || q->bound)) || (again && (p->yearless || p->bound || back)));
}

bool schedule_find(struct ctx *c, struct str sentence, struct str *ret_text)
{
    struct words w;
    struct phrases list;
    words_read(c, sentence, 2026, true, &w); /* any year: only where the time stands is asked */
    phrases_read(c, &w, &list);
    drop_weak(&w, &list);
    const struct phrase *best = NULL;
    size_t best_to = 0;
    int best_rank = rank(TIME_NONE, false);
    for (size_t i = 0, clause = 0, back = SIZE_MAX; i < list.n;) {
        const struct phrase *p = &list.v[i];
        size_t k = i;
        int mine = rank(p->kind, true);
        for (size_t t = clause; t < p->from; t++)
            if (is_mark(&w, t, ';') || sentence_ends_at(&w, t))
                back = SIZE_MAX;
        clause = p->from;
        for (; k + 1 < list.n && goes_on(&w, &list.v[k], &list.v[k + 1]); k++)
            if (list.v[k + 1].kind != TIME_NONE && !list.v[k + 1].yearless && rank(list.v[k + 1].kind, true) < mine)
                mine = rank(list.v[k + 1].kind, true);
        /* The day inside "hằng năm báo cáo … trước ngày 15/12" is no deadline. */
        bool detail = k == i && p->yearless && back != SIZE_MAX;
        if (!detail && mine < best_rank) {
            best_rank = mine;
            best = p;
            best_to = list.v[k].to;
        }
        for (size_t t = i; t <= k; t++)
            back = time_recurs(list.v[t].kind) ? t : back;
        i = k + 1;
    }
    if (!best)
        return false;
    size_t open = 0;
    for (size_t i = best->from; i < best_to; i++)
        open += is_mark(&w, i, '(');
    if (open && is_mark(&w, best_to, ')'))
        best_to++;
    *ret_text = folded_original(&w.folded, w.v[best->from].from, w.v[best_to - 1].to);
    return true;
}
