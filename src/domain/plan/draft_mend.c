/* draft_mend.c - fields of an item set from words, by the record's own description. */
#include "base/args.h"
#include "base/viet.h"
#include "domain/plan/draft.h"

#include <string.h>

#include "base/banned.h"

enum { VALUE_MAX = 32 << 10, SET_MAX = 500 };

const struct field *draft_field(const struct record *r, const void *row, struct str name, const void **ret_at)
{
    struct str first;
    if (!str_cut(&name, '.', &first))
        return NULL;
    const struct field *f = record_field(r, first);
    if (!f || !f->mend)
        return NULL;
    const void *at = row ? field_get(r, f, row) : NULL;
    if (f->type == FIELD_RECORD)
        return name.n ? draft_field(f->of, at, name, ret_at) : NULL;
    if (ret_at)
        *ret_at = at;
    return name.n ? NULL : f;
}

struct strs draft_names(struct ctx *c, const struct record *r)
{
    struct {
        struct str *v;
        size_t n, cap;
    } names = {0};
    for (size_t i = 0; i < r->n; i++) {
        const struct field *f = &r->fields[i];
        if (!f->mend)
            continue;
        struct strs within = f->type == FIELD_RECORD ? draft_names(c, f->of) : (struct strs){0};
        for (size_t k = 0; k < within.n; k++)
            *PUSH(c->arena, &names) = str_fmt(c->arena, "%s.%.*s", f->name, ARGS(within.v[k]));
        if (f->type != FIELD_RECORD)
            *PUSH(c->arena, &names) = str_of(f->name);
    }
    return (struct strs){names.v, names.n};
}

struct strs draft_values(struct ctx *c, const struct field *f, const void *at)
{
    struct out o;
    char day[DAY_TEXT];
    if (f->type == FIELD_TEXTS)
        return *(const struct strs *)at;
    if (field_is_absent(f, at))
        return (struct strs){0};
    struct str *one = NEW(c->arena, struct str);
    out_init(&o, c->arena, 64);
    if (f->type == FIELD_TEXT)
        *one = *(const struct str *)at;
    else if (f->type == FIELD_DAY)
        *one = str_dup(c->arena, day_text(*(const int32_t *)at, day));
    else if (f->type == FIELD_F64)
        out_f64(&o, *(const double *)at);
    if (!one->p)
        *one = str_dup(c->arena, out_str(&o));
    return (struct strs){one, 1};
}

static struct str name_of(struct str entry, struct str *ret_value)
{
    struct str name = entry;
    str_cut(&entry, '=', &name);
    *ret_value = entry.p ? entry : S("");
    return name;
}

static struct str plain(struct ctx *c, struct str value)
{
    return str_trim(viet_nfc(c->arena, value));
}

static enum err refuse(struct ctx *c, struct str field, const char *why)
{
    enum err e = FAIL(c, E_INVALID, "%s", why);
    c->error.field = field;
    return e;
}

/* Has the field come earlier in the same set? */
static bool came_before(const struct strs *set, size_t i)
{
    struct str value, name = name_of(set->v[i], &value);
    for (size_t k = 0; k < i; k++)
        if (str_eq(name_of(set->v[k], &value), name))
            return true;
    return false;
}

static void clear(const struct field *f, void *at)
{
    if (f->type == FIELD_DAY)
        *(int32_t *)at = DAY_NONE;
    else if (f->type == FIELD_F64)
        *(double *)at = NAN;
    else if (f->type == FIELD_TEXTS)
        *(struct strs *)at = (struct strs){0};
    else
        *(struct str *)at = (struct str){NULL, 0};
}

static enum err set_one(struct ctx *c, const struct record *r, void *row, const struct strs *set, size_t i, bool days)
{
    struct str value, name = name_of(set->v[i], &value);
    const void *at = NULL;
    const struct field *f = draft_field(r, row, name, &at);
    if (!f || !at)
        return refuse(c, name, "không có trường này để sửa (no such field to mend)");
    if ((f->type == FIELD_DAY) != days)
        return OK;
    if (value.n > VALUE_MAX)
        return refuse(c, name, "dài quá 32 KiB (too long)");
    if (!str_is_utf8(value, NULL))
        return refuse(c, name, "không phải UTF-8 (not UTF-8)");
    bool again = came_before(set, i);
    if (again && f->type != FIELD_TEXTS)
        return refuse(c, name, "được nêu hai lần (given twice)");
    value = plain(c, value);
    if (!value.n && f->required)
        return refuse(c, name, "không được để trống (must not be empty)");
    if (!again)
        clear(f, (char *)row + ((const char *)at - (const char *)row));
    if (!value.n)
        return OK;
    enum err e = args_set_field(c, f, (char *)row + ((const char *)at - (const char *)row), value);
    c->error.field = e ? name : c->error.field;
    return e;
}

/* --- what follows from what was set --- */

static bool sets(const struct strs *set, struct str wanted)
{
    struct str value;
    for (size_t i = 0; i < set->n; i++)
        if (str_eq(name_of(set->v[i], &value), wanted))
            return true;
    return false;
}

static int year_of(const struct draft *plan)
{
    int64_t year = 0;
    return plan->period.from.p && str_i64(plan->period.from, &year) && year >= 1900 && year < 3000 ? (int)year : 0;
}

/* The class of days that were given; what comes back keeps its class, and the days are the stretch in which it does. */
static void class_of_days(struct schedule *s)
{
    static const char *const kept[] = {"yearly", "half_yearly", "quarterly", "monthly", "continuous"};
    memset(&s->phases, 0, sizeof s->phases);
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        if (str_eq(s->kind, str_of(kept[i])))
            return;
    bool start = s->start != DAY_NONE, due = s->due != DAY_NONE;
    s->kind = start && due ? S("period") : due ? S("deadline") : start ? S("from") : S("none");
}

static enum err check_target(struct ctx *c, struct target *t)
{
    if (str_eq(t->measure, S("state"))) {
        t->comparator = t->unit = t->per = (struct str){NULL, 0};
        t->low = t->high = t->baseline = NAN;
        return OK;
    }
    bool range = str_eq(t->comparator, S("range")),
         low = range || str_eq(t->comparator, S("ge")) || str_eq(t->comparator, S("gt")) ||
               str_eq(t->comparator, S("eq")),
         high = range || str_eq(t->comparator, S("le")) || str_eq(t->comparator, S("lt"));
    if (!low && !high)
        return refuse(c, S("comparator"), "chỉ tiêu đo được cần một cách so sánh (a measured target needs one)");
    if (low && isnan(t->low))
        return refuse(c, S("low"), "cách so sánh này cần mức dưới (this comparator needs a lower value)");
    if (high && isnan(t->high))
        return refuse(c, S("high"), "cách so sánh này cần mức trên (this comparator needs an upper value)");
    if (range && t->low > t->high)
        return refuse(c, S("high"), "mức trên nhỏ hơn mức dưới (the upper value is below the lower)");
    t->low = low ? t->low : NAN;
    t->high = high ? t->high : NAN;
    return OK;
}

static enum err check_year(struct ctx *c, struct str field, struct str year)
{
    int64_t n = 0;
    if (!year.p || (year.n == 4 && str_i64(year, &n) && n >= 1900 && n < 3000))
        return OK;
    return refuse(c, field, "phải là một năm bốn chữ số (must be a year of four figures)");
}

/* A new `by` or bound is checked, a reading that nobody touched is not. */
static enum err check_row(struct ctx *c, const struct record *r, void *row)
{
    if (r == &target_record) {
        TRY(check_year(c, S("by"), ((struct target *)row)->by));
        return check_target(c, row);
    }
    if (r == &plan_head_record) {
        const struct plan_period *p = &((struct draft *)row)->period;
        TRY(check_year(c, S("period.from"), p->from));
        TRY(check_year(c, S("period.to"), p->to));
        return check_year(c, S("period.vision"), p->vision);
    }
    return OK;
}

enum err draft_mend(struct ctx *c, const struct draft *plan, const struct record *r, void *row, const struct strs *set)
{
    const struct field *when = record_field(r, S("schedule"));
    struct schedule *s = when ? (void *)((char *)row + when->offset) : NULL;
    if (set->n > SET_MAX)
        return FAIL(c, E_LIMIT, "quá nhiều giá trị trong một lần sửa (too many values)");
    for (size_t i = 0; i < set->n; i++)
        TRY(set_one(c, r, row, set, i, false));
    if (s && sets(set, S("schedule.text"))) {
        struct str words = s->text;
        schedule_read(c, words, year_of(plan), s);
        s->text = words;
    }
    for (size_t i = 0; i < set->n; i++)
        TRY(set_one(c, r, row, set, i, true));
    if (s && (sets(set, S("schedule.start")) || sets(set, S("schedule.due")))) {
        if (s->start != DAY_NONE && s->due != DAY_NONE && s->start > s->due)
            return refuse(c, S("schedule.due"), "hạn đứng trước ngày bắt đầu (due before it starts)");
        class_of_days(s);
    }
    return check_row(c, r, row);
}

/* Does a day that was given say no more than the words given with it? */
static bool follows(struct ctx *c, const struct draft *plan, const struct strs *set, struct str name, struct str day)
{
    struct str value, words = {NULL, 0};
    char text[DAY_TEXT];
    struct schedule s;
    for (size_t i = 0; i < set->n; i++)
        if (str_eq(name_of(set->v[i], &value), S("schedule.text")))
            words = plain(c, value);
    if (!words.p || !str_starts(name, S("schedule.")) || str_eq(name, S("schedule.text")))
        return false;
    schedule_read(c, words, year_of(plan), &s);
    return str_eq(plain(c, day), day_text(str_eq(name, S("schedule.due")) ? s.due : s.start, text));
}

struct strs draft_mends(struct ctx *c, const struct draft *plan, const struct record *r, const void *read,
                        const struct strs *set)
{
    struct strs ret = {NEWN(c->arena, struct str, set->n + 1), 0};
    for (size_t i = 0; i < set->n; i++) {
        struct str value, name = name_of(set->v[i], &value);
        const void *at = NULL;
        const struct field *f = draft_field(r, read, name, &at);
        struct strs had = f ? draft_values(c, f, at) : (struct strs){0};
        /* All values of one field are judged together. */
        size_t n = 0;
        bool same = f != NULL;
        for (size_t k = 0; k < set->n; k++) {
            struct str other;
            if (!str_eq(name_of(set->v[k], &other), name))
                continue;
            other = plain(c, other);
            if (other.n) {
                same &= n < had.n && str_eq(other, plain(c, had.v[n]));
                n++;
            }
        }
        if ((!same || n != had.n) && !follows(c, plan, set, name, value))
            ret.v[ret.n++] = str_fmt(c->arena, "%.*s=%.*s", ARGS(name), ARGS(plain(c, value)));
    }
    return ret;
}
