/* Many standings: as rows of data, filtered and in order. */
#include "domain/indicator/dictionary_list_fields.h"
#include "domain/indicator/standing.h"
#include "domain/indicator/words.h"

#include <stdlib.h>

#include "base/banned.h"

#define ROW(symbol, kind, doc)                                                                                         \
    {                                                                                                                  \
#symbol, kind, offsetof(struct standing_row, symbol), NULL, NULL, NULL, doc, false                             \
    }
RECORD(standing_row_record, struct standing_row, "standing", "Where an indicator stands",
       ROW(place, FIELD_TEXT, "area or body; none: the whole"),
       {"status", FIELD_TEXT, offsetof(struct standing_row, status), .one_of = STANDING_WORDS, .doc = "how it stands"},
       ROW(why, FIELD_TEXT, "why, in a sentence"), ROW(why_en, FIELD_TEXT, "the same in English"),
       ROW(plan, FIELD_TEXT, "plan whose target is told"), ROW(target, FIELD_TEXT, "key of that target"),
       ROW(path, FIELD_TEXT, "its clause"), ROW(target_text, FIELD_TEXT, "what is wanted, in words"),
       ROW(target_text_en, FIELD_TEXT, "the same in English"), ROW(by, FIELD_TEXT, "year by which it is wanted"),
       ROW(value, FIELD_F64, "latest figure"), ROW(period, FIELD_TEXT, "its period"),
       ROW(provisional, FIELD_BOOL, "the figure is not official yet"),
       ROW(sample, FIELD_BOOL, "the figure is made up, to show the program with"),
       ROW(partial, FIELD_BOOL, "the figure is of a part of the places or of the period"),
       ROW(differs, FIELD_BOOL, "another source says otherwise, and nobody has decided"),
       ROW(target_value, FIELD_F64, "the bound that is to be reached"), ROW(baseline, FIELD_F64, "where it began"),
       ROW(path_value, FIELD_F64, "what the path wants at the figure's day"),
       ROW(needed, FIELD_F64, "change a year that is needed"), ROW(pace, FIELD_F64, "change a year that was kept"),
       ROW(forecast, FIELD_F64, "where the trend leads by the deadline"),
       ROW(chance, FIELD_F64, "chance that the target is reached; none: too few figures"));

RECORD(standing_item_record, struct standing_item, "indicator_item", "An indicator in a list, with where it stands",
       ITEM_FIELDS,
       {"standing", FIELD_RECORD, offsetof(struct standing_item, standing), .of = &standing_row_record,
        .doc = "where it stands"});

#define PERIOD(symbol, kind, doc)                                                                                      \
    {                                                                                                                  \
#symbol, kind, offsetof(struct standing_period, symbol), NULL, NULL, NULL, doc, false                          \
    }
RECORD(standing_period_record, struct standing_period, "standing_period", "A period of an indicator",
       PERIOD(period, FIELD_TEXT, "period"), PERIOD(value, FIELD_F64, "figure that counts"),
       PERIOD(path, FIELD_F64, "what the path wants at its end"), PERIOD(difference, FIELD_F64, "figure less path"),
       PERIOD(provisional, FIELD_BOOL, "not official yet"), PERIOD(sample, FIELD_BOOL, "made up"),
       PERIOD(added, FIELD_BOOL, "made of the places below"), PERIOD(derived, FIELD_BOOL, "worked out by a formula"),
       PERIOD(partial, FIELD_BOOL, "of a part of the places or of the period"),
       PERIOD(differs, FIELD_BOOL, "another source says otherwise, and nobody has decided"),
       PERIOD(have, FIELD_I64, "places below that had a figure"), PERIOD(of, FIELD_I64, "of so many"));

RECORD(
    standing_query_record, struct standing_query, "indicator.list", "Đối số của indicator.list",
    {"status", FIELD_TEXT, offsetof(struct standing_query, status), .one_of = STANDING_WORDS,
     .doc = "met: đã đạt; on_track: đúng lộ trình; at_risk: có nguy cơ; off_track: chậm hoặc không đạt; no_data: chưa "
            "có số liệu; stale: số liệu đã cũ; no_goal: không đặt mục tiêu"},
    {"place", FIELD_TEXT, offsetof(struct standing_query, place),
     .doc = "mã địa bàn hoặc cơ quan mà số liệu là của nơi ấy (mặc định: cả tỉnh)"},
    QUERY_FIELDS);

/* --- one row --- */

static struct str or_null(struct str s)
{
    return s.n ? s : (struct str){0};
}

static struct str period_of(struct ctx *c, int32_t code)
{
    struct period p;
    char text[24];
    return period_of_code(code, &p) ? str_dup(c->arena, period_text(p, text)) : (struct str){0};
}

static void add_goal(struct ctx *c, const struct standing_goal *g, struct standing_row *ret)
{
    ret->plan = or_null(g->goal->plan);
    ret->target = or_null(g->goal->target);
    if (g->target) {
        ret->path = g->target->target.path;
        ret->by = or_null(g->target->target.by);
    }
    ret->target_text = goal_words(c->arena, &g->wanted, LANG_VI);
    ret->target_text_en = goal_words(c->arena, &g->wanted, LANG_EN);
    ret->baseline = g->wanted.baseline;
    if (!g->judged)
        return;
    ret->why = g->outlook.why[LANG_VI];
    ret->why_en = g->outlook.why[LANG_EN];
    ret->target_value = g->outlook.target;
    ret->path_value = g->outlook.path;
    ret->needed = g->outlook.needed;
    ret->pace = g->outlook.pace;
    ret->forecast = g->outlook.forecast;
    ret->chance = g->outlook.chance;
}

void standing_row(struct ctx *c, const struct standing *st, struct standing_row *ret)
{
    struct standing_row row = {.place = or_null(st->place),
                               .status = standing_word(st),
                               .value = NAN,
                               .target_value = NAN,
                               .baseline = NAN,
                               .path_value = NAN,
                               .needed = NAN,
                               .pace = NAN,
                               .forecast = NAN,
                               .chance = NAN};
    if (st->latest < st->periods.n) {
        const struct figure *f = &st->figures[st->latest];
        row.value = f->amount;
        row.period = period_of(c, st->periods.v[st->latest]);
        row.provisional = f->flags & FIGURE_PROVISIONAL;
        row.sample = f->flags & FIGURE_SAMPLE;
        row.partial = f->flags & FIGURE_PARTIAL;
        row.differs = f->flags & FIGURE_DIFFERS;
    }
    if (standing_first(st))
        add_goal(c, standing_first(st), &row);
    *ret = row;
}

void standing_period(struct ctx *c, const struct standing *st, size_t period, struct standing_period *ret)
{
    const struct figure *f = &st->figures[period];
    const struct standing_goal *g = standing_first(st);
    struct period p;
    struct standing_period row = {.period = period_of(c, st->periods.v[period]),
                                  .value = f->amount,
                                  .path = NAN,
                                  .difference = NAN,
                                  .provisional = f->flags & FIGURE_PROVISIONAL,
                                  .sample = f->flags & FIGURE_SAMPLE,
                                  .added = f->flags & FIGURE_ADDED,
                                  .derived = f->flags & FIGURE_DERIVED,
                                  .partial = f->flags & FIGURE_PARTIAL,
                                  .differs = f->flags & FIGURE_DIFFERS,
                                  .have = f->have,
                                  .of = f->of};
    bool comparable = g && g->judged && !g->wanted.per_year && g->wanted.measure != OUTLOOK_GROWTH;
    bool begun = comparable && period_of_code(st->periods.v[period], &p) &&
                 (g->wanted.baseline_day == DAY_NONE || p.to >= g->wanted.baseline_day);
    if (begun) {
        row.path = outlook_path_at(&g->wanted, p.to);
        row.difference = row.value - row.path;
    }
    *ret = row;
}

/* --- many --- */

/* The plan's targets in their order, then what no target names. */
struct placed {
    const struct indicator_item *item;
    const struct indicator *indicator;
    size_t target, nth;
};
static int by_place(const void *a, const void *b)
{
    const struct placed *x = a, *y = b;
    if (x->target != y->target)
        return x->target < y->target ? -1 : 1;
    return (x->nth > y->nth) - (x->nth < y->nth);
}

static size_t first_target(struct ctx *c, const struct standings *s, const struct indicator *i)
{
    struct goals goals = dictionary_goals(c, s->dictionary, i->code);
    size_t first = SIZE_MAX;
    for (size_t g = 0; g < goals.n; g++)
        for (size_t t = 0; t < s->targets.n && t < first; t++)
            if (!goals.v[g]->place.n && str_eq(s->targets.v[t].plan, goals.v[g]->plan) &&
                str_eq(s->targets.v[t].target.key, goals.v[g]->target))
                first = t;
    return first;
}

struct all_placed {
    struct placed *v;
    size_t n, cap;
};

/* All that pass the dictionary's filters and are open to who asks. */
static enum err in_order(struct ctx *c, const struct standings *s, const struct indicator_query *asked,
                         struct all_placed *ret)
{
    struct indicator_query q = *asked;
    struct all_placed all = {0};
    q.limit = LIST_LIMIT_MAX;
    q.after = (struct str){0};
    q.count = false;
    do {
        struct indicator_page page;
        TRY(dictionary_list(c, s->dictionary, &q, &page));
        for (size_t i = 0; i < page.n; i++) {
            const struct indicator *of = dictionary_indicator(s->dictionary, page.v[i].indicator.code);
            if (indicator_is_open(c, of))
                *PUSH(c->arena, &all) = (struct placed){&page.v[i], of, first_target(c, s, of), all.n};
        }
        q.after = page.next;
    } while (q.after.p);
    if (all.n)
        qsort(all.v, all.n, sizeof *all.v, by_place);
    *ret = all;
    return OK;
}

static enum err check_query(struct ctx *c, const struct standings *s, const struct indicator_query *q)
{
    const char *field = "limit", *why = "limit: phải từ 1 đến 1000 (must be 1 to 1000)";
    bool sound = q->limit == I64_NONE || (q->limit >= 1 && q->limit <= LIST_LIMIT_MAX);
    if (sound && q->after.n && !dictionary_indicator(s->dictionary, q->after)) {
        sound = false;
        field = "after";
        why = "after: không phải con trỏ của danh sách này (not a cursor of this list)";
    }
    if (sound)
        return OK;
    enum err e = FAIL(c, E_INVALID, "%s", why);
    c->error.field = str_of(field);
    return e;
}

static size_t number_of(struct str word)
{
    struct str rest = S(STANDING_WORDS), one;
    for (size_t i = 0; str_cut(&rest, '|', &one); i++)
        if (str_eq(one, word))
            return i;
    return 0;
}

enum err standing_list(struct ctx *c, const struct standing_query *q, struct standing_list *ret)
{
    const struct indicator_query *filter = &q->indicator;
    struct standing_list list = {0};
    struct all_placed placed;
    TRY(standings_open(c, filter->as_of, &list.moment));
    TRY(check_query(c, &list.moment, filter));
    TRY(in_order(c, &list.moment, filter, &placed));
    size_t limit = filter->limit == I64_NONE ? LIST_LIMIT : (size_t)filter->limit;
    bool begun = !filter->after.n;
    for (size_t i = 0; i < placed.n; i++) {
        struct standing *st = NEW(c->arena, struct standing);
        TRY(standing_read(c, &list.moment, placed.v[i].indicator, S(""), q->place.p ? q->place : S(""), st));
        struct str word = standing_word(st);
        list.all++;
        list.by[number_of(word)]++;
        list.shown += !q->status.n || str_eq(word, q->status);
        if (begun && (!q->status.n || str_eq(word, q->status))) {
            if (list.n < limit) {
                struct standing_item *item = PUSH(c->arena, &list);
                *item = (struct standing_item){.item = *placed.v[i].item, .st = st};
                standing_row(c, st, &item->standing);
            } else if (!list.next.p) {
                list.next = list.v[list.n - 1].item.indicator.code;
            }
        }
        begun |= str_eq(placed.v[i].indicator->code, filter->after);
    }
    *ret = list;
    return OK;
}
