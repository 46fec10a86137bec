/* What was typed, read as people write numbers, and judged. */
#include "base/lang.h"
#include "base/number.h"
#include "domain/indicator/entry.h"
#include "domain/indicator/value_rules.h"

#include "base/banned.h"

struct str entry_name(struct ctx *c, struct str indicator, struct str category, struct str place)
{
    return str_fmt(c->arena, "%.*s%s%.*s%s%.*s", ARGS(indicator), category.n ? ":" : "", ARGS(category),
                   place.n ? "@" : "", ARGS(place));
}

/* "3.052" of enterprises is counted in thousands; "1.234" of a share within 0..100 is not. */
static struct number_context context_of(const struct indicator *i)
{
    struct number_context k = NUMBER_NO_CONTEXT;
    if (i) {
        k.whole = i->places == 0 && !str_starts(i->unit, S("%"));
        k.low = i->low;
        k.high = i->high;
    }
    return k;
}

static struct str both(struct ctx *c, double v, enum lang lang)
{
    char text[NUMBER_TEXT];
    return str_dup(c->arena, lang_number(v, -1, lang, text));
}

/* Two readings, and how each may be written so that it has one. */
static void tell_ambiguous(struct ctx *c, struct entry *e, const struct number *n, struct str typed,
                           const struct value_at *at)
{
    VALUE_PROBLEM(c, &e->problems, RULE_AMBIGUOUS, at,
                  "“%.*s” có thể đọc hai cách: viết %.0f nếu là phần nghìn, viết %.*s0 nếu là số thập phân",
                  "“%.*s” has two readings: write %.0f if the mark parts thousands, %.*s0 if it begins decimals",
                  ARGS(typed), n->amount, ARGS(both(c, n->fraction, LANG_VI)));
}

static bool read_amount(struct ctx *c, struct entry *e, const struct indicator *i, struct str typed,
                        const struct value_at *at, double *ret)
{
    struct number n;
    struct number_context k = context_of(i);
    number_read(typed, &n);
    bool settled = number_settle(&k, &n);
    if (n.kind == NUMBER_EMPTY) {
        VALUE_PROBLEM(c, &e->problems, RULE_MISSING, at,
                      "không bỏ trống được số đã có: hãy nhập số đúng, hoặc thu hồi lần nhập đã đưa số này vào",
                      "a figure that is there cannot be emptied: enter the right one, or take back the entry that "
                      "brought it");
        return false;
    }
    if (!settled) {
        tell_ambiguous(c, e, &n, typed, at);
        return false;
    }
    if (n.kind != NUMBER_GIVEN) {
        struct number_reason why = number_reason(n.wrong);
        VALUE_PROBLEM(c, &e->problems, RULE_NOT_A_NUMBER, at, "không đọc được số “%.*s”: %.*s",
                      "cannot read the number “%.*s”: %.*s", ARGS(str_head(typed, 40)), ARGS(why.vi));
        return false;
    }
    if (n.percent && i && !str_starts(i->unit, S("%"))) {
        VALUE_PROBLEM(c, &e->problems, RULE_PERCENT, at, "đơn vị của chỉ tiêu là %.*s, không phải %%",
                      "the unit is %.*s and not %%", ARGS(i->unit));
        return false;
    }
    if (n.settled == NUMBER_BY_RANGE)
        VALUE_PROBLEM(c, &e->problems, RULE_READ_AS, at, "“%.*s” được đọc là %.*s, vì số kia nằm ngoài khoảng cho phép",
                      "“%.*s” is read as %.*s, for the other reading is out of bounds", ARGS(typed),
                      ARGS(both(c, n.amount, LANG_VI)));
    *ret = n.amount;
    return true;
}

static void add_row(struct ctx *c, const struct dictionary *d, struct entry *e, size_t k)
{
    const struct entry_typed *t = &e->typed.v[k];
    struct value_batch *b = &e->batch;
    struct value_at at = {.line = (int64_t)k + 1,
                          .indicator = entry_name(c, t->indicator, t->category, S("")),
                          .place = t->place,
                          .period = value_period_text(c, e->period)};
    double amount;
    if (!read_amount(c, e, dictionary_indicator(d, t->indicator), str_trim(t->value), &at, &amount))
        return;
    uint32_t note = 0;
    if (t->evidence.n || t->reason.n) {
        *PUSH(c->arena, &b->notes) = (struct value_note){.evidence = t->evidence.n ? t->evidence : (struct str){0},
                                                         .reason = t->reason.n ? t->reason : (struct str){0}};
        note = (uint32_t)b->notes.n;
    }
    *PUSH(c->arena, &b->rows) = (struct value_row){.amount = amount,
                                                   .series = value_batch_series(c, b, t->indicator, t->category),
                                                   .place = value_batch_place(c, b, t->place),
                                                   .source = value_batch_source(c, b, S("")),
                                                   .period = e->period,
                                                   .state = t->provisional ? VALUE_PROVISIONAL : 0,
                                                   .note = note,
                                                   .origin = (uint32_t)k + 1};
}

/* What is said of the period as a whole is not for whoever fills in a part of it. */
static void keep_of_rows(struct value_problems *p)
{
    size_t kept = 0;
    for (size_t i = 0; i < p->n; i++) {
        bool warning = str_eq(p->v[i].severity, S("warning"));
        if (warning && (p->v[i].line == I64_NONE || str_eq(p->v[i].rule, value_rules[RULE_GAPS].rule)))
            p->warnings--;
        else
            p->v[kept++] = p->v[i];
    }
    p->n = kept;
}

enum err entry_judge(struct ctx *c, const struct dictionary *d, const struct org_catalogue *catalogue, struct entry *e)
{
    value_batch_init(&e->batch, S("value.enter"));
    e->batch.seen = e->seen;
    e->problems = (struct value_problems){0};
    if (e->typed.n > ENTRY_ROWS)
        return FAIL(c, E_LIMIT, "mỗi lần nhập nhiều nhất %d số liệu (at most so many figures at once)", ENTRY_ROWS);
    for (size_t k = 0; k < e->typed.n; k++) {
        if (e->typed.v[k].evidence.n > ENTRY_TEXT || e->typed.v[k].reason.n > ENTRY_TEXT)
            return FAIL(c, E_LIMIT, "ghi chú dài quá %d byte (a note is too long)", ENTRY_TEXT);
        add_row(c, d, e, k);
    }
    TRY(value_check(c, d, catalogue, &e->batch, &e->problems));
    keep_of_rows(&e->problems);
    return OK;
}

/* --- as arguments --- */

/* "KTS-GRDP:nu@37130=1.234,5" into the row of that figure, made if there is none. */
static enum err row_named(struct ctx *c, const struct entry_args *args, struct entry *e, struct str name, bool make,
                          struct entry_typed **ret)
{
    size_t at = str_find(name, S("@"), 0);
    struct entry_typed t = {.place = args->place.p ? args->place : S("")};
    if (at != SIZE_MAX) {
        t.place = str_skip(name, at + 1);
        name = str_slice(name, 0, at);
    }
    size_t colon = str_find(name, S(":"), 0);
    t.indicator = str_trim(colon == SIZE_MAX ? name : str_slice(name, 0, colon));
    t.category = colon == SIZE_MAX ? S("") : str_skip(name, colon + 1);
    for (size_t i = e->typed.n; i > 0; i--) {
        *ret = &e->typed.v[i - 1];
        if (str_eq((*ret)->indicator, t.indicator) && str_eq((*ret)->category, t.category) &&
            str_eq((*ret)->place, t.place) && !make)
            return OK;
    }
    if (!make)
        return FAIL(c, E_INVALID, "\"%.*s\" không có trong set (is not in set)", ARGS(name));
    *ret = PUSH(c->arena, &e->typed);
    **ret = t;
    return OK;
}

static enum err cut_pair(struct ctx *c, struct str pair, struct str *name, struct str *value)
{
    size_t at = str_find(pair, S("="), 0);
    if (at == SIZE_MAX || !at)
        return FAIL(c, E_INVALID, "\"%.*s\" phải có dạng CHỈ-TIÊU@NƠI=GIÁ TRỊ (must be NAME=VALUE)", ARGS(pair));
    *name = str_slice(pair, 0, at);
    *value = str_skip(pair, at + 1);
    return OK;
}

enum err entry_from_args(struct ctx *c, const struct entry_args *args, struct entry *ret)
{
    struct str name, value;
    struct period period;
    struct entry_typed *row;
    *ret = (struct entry){.org = args->org.p ? args->org : S(""), .seen = args->version};
    if (!period_parse(args->period, &period) || !(ret->period = period_code(period)))
        return FAIL(c, E_INVALID, "không có kỳ \"%.*s\" (no such period)", ARGS(args->period));
    for (size_t i = 0; i < args->set.n; i++) {
        TRY(cut_pair(c, args->set.v[i], &name, &value));
        TRY(row_named(c, args, ret, name, true, &row));
        row->value = value;
    }
    for (size_t i = 0; i < args->provisional.n; i++) {
        TRY(row_named(c, args, ret, args->provisional.v[i], false, &row));
        row->provisional = true;
    }
    for (size_t i = 0; i < args->evidence.n; i++) {
        TRY(cut_pair(c, args->evidence.v[i], &name, &value));
        TRY(row_named(c, args, ret, name, false, &row));
        row->evidence = value;
    }
    for (size_t i = 0; i < args->reason.n; i++) {
        TRY(cut_pair(c, args->reason.v[i], &name, &value));
        TRY(row_named(c, args, ret, name, false, &row));
        row->reason = value;
    }
    return OK;
}
