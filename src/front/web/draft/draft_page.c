#include "front/web/draft/draft_page.h"

#include <string.h>

#include "base/banned.h"

/* --- labels --- */

static const struct {
    const char *name;
    const struct message *label, *hint;
} labels[] = {
    {"title", &M_field_title, NULL},
    {"number", &M_field_number, NULL},
    {"issuer", &M_field_issuer, NULL},
    {"period.from", &M_field_year_from, NULL},
    {"period.to", &M_field_year_to, NULL},
    {"period.vision", &M_field_vision, NULL},
    {"lead", &M_field_lead, &M_field_list_hint},
    {"coordinating", &M_field_coordinating, &M_field_list_hint},
    {"monitor", &M_field_monitor, &M_field_list_hint},
    {"product", &M_field_product, &M_field_product_hint},
    {"schedule.text", &M_field_schedule, &M_field_schedule_hint},
    {"schedule.start", &M_field_start, NULL},
    {"schedule.due", &M_field_due, &M_field_due_hint},
    {"objective", &M_field_objective, NULL},
    {"directions", &M_field_directions, NULL},
    {"results", &M_field_results, NULL},
    {"subject", &M_field_subject, NULL},
    {"measure", &M_field_measure, NULL},
    {"comparator", &M_field_comparator, NULL},
    {"low", &M_field_low, NULL},
    {"high", &M_field_high, NULL},
    {"unit", &M_field_unit, NULL},
    {"per", &M_field_per, NULL},
    {"by", &M_field_by, NULL},
    {"baseline", &M_field_baseline, NULL},
    {"body", &M_field_body, NULL},
    {"to", &M_field_to, NULL},
    /* Told where versions are compared. */
    {"path", &M_field_path, NULL},
    {"text", &M_field_text, NULL},
    {"kind", &M_field_clause_kind, NULL},
    {"schedule.kind", &M_field_when, NULL},
    {"schedule.phases", &M_field_phases, NULL},
};

const struct message *draft_field_label(struct str name)
{
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (str_eq(name, str_of(labels[i].name)))
            return labels[i].label;
    return &M_field_other;
}

static const struct message *hint_of(struct str name)
{
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (str_eq(name, str_of(labels[i].name)))
            return labels[i].hint;
    return NULL;
}

static const struct {
    const char *field, *word;
    const struct message *label;
} words[] = {
    {"measure", "level", &M_measure_level},
    {"measure", "growth", &M_measure_growth},
    {"measure", "rank", &M_measure_rank},
    {"measure", "state", &M_measure_state},
    {"comparator", "ge", &M_comparator_ge},
    {"comparator", "gt", &M_comparator_gt},
    {"comparator", "le", &M_comparator_le},
    {"comparator", "lt", &M_comparator_lt},
    {"comparator", "eq", &M_comparator_eq},
    {"comparator", "range", &M_comparator_range},
    {"per", "year", &M_per_year},
    {"kind", "deadline", &M_when_deadline},
    {"kind", "period", &M_when_period},
    {"kind", "yearly", &M_when_yearly},
    {"kind", "half_yearly", &M_when_half_yearly},
    {"kind", "quarterly", &M_when_quarterly},
    {"kind", "monthly", &M_when_monthly},
    {"kind", "continuous", &M_when_continuous},
    {"kind", "from", &M_when_from},
    {"kind", "relative", &M_when_relative},
    {"kind", "event", &M_when_event},
    {"kind", "none", &M_when_none},
};

static const struct message *word_label(struct str field, struct str word)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq(field, str_of(words[i].field)) && str_eq(word, str_of(words[i].word)))
            return words[i].label;
    return NULL;
}

const struct message *draft_word_label(struct str field, struct str word)
{
    return word_label(str_eq(field, S("schedule.kind")) ? S("kind") : field, word);
}

const struct message *draft_kind_label(const struct draft_item *item)
{
    return item->record == &task_record        ? &M_item_task
           : item->record == &programme_record ? &M_item_programme
           : item->record == &target_record    ? &M_item_target
           : item->record == &duty_record      ? &M_item_duty
                                               : &M_item_plan;
}

/* --- values in words --- */

static struct str words_of(struct ctx *c, const struct field *f, const void *at, enum lang lang)
{
    char number[NUMBER_TEXT], day[DAY_TEXT];
    struct strs values = draft_values(c, f, at);
    if (!values.n)
        return (struct str){NULL, 0};
    if (f->type == FIELD_F64)
        return str_dup(c->arena, number_text(as_number(*(const double *)at), lang, number));
    if (f->type == FIELD_DAY)
        return str_dup(c->arena, day_text_vi(*(const int32_t *)at, day));
    if (f->type == FIELD_TEXT && f->one_of) {
        const struct message *label = word_label(str_of(f->name), values.v[0]);
        return label ? message_text(label, lang) : values.v[0];
    }
    return str_join(c->arena, values.v, values.n, S("; "));
}

static void add_shown(struct ctx *c, struct draft_fields *list, const struct message *label, struct str value,
                      struct str read)
{
    bool differs = !value.p != !read.p || !str_eq(value.p ? value : S(""), read.p ? read : S(""));
    if (value.n || differs)
        *PUSH(c->arena, list) = (struct draft_field_shown){label, value, differs, read};
}

struct draft_fields draft_fields_of(struct ctx *c, const struct draft_item *item, enum lang lang)
{
    struct draft_fields list = {0};
    const void *row = item->now ? item->now : item->read;
    struct strs names = draft_names(c, item->record);
    for (size_t i = 0; i < names.n; i++) {
        struct str name = names.v[i];
        const void *now = NULL, *read = NULL;
        const struct field *f = draft_field(item->record, row, name, &now);
        if (!f)
            continue;
        draft_field(item->record, item->read, name, &read);
        add_shown(c, &list, draft_field_label(name), words_of(c, f, now, lang), words_of(c, f, read, lang));
        if (str_eq(name, S("schedule.text"))) {
            const struct field *kind = record_field(&schedule_record, S("kind"));
            size_t at = kind->offset - f->offset;
            add_shown(c, &list, &M_field_when, words_of(c, kind, (const char *)now + at, lang),
                      words_of(c, kind, (const char *)read + at, lang));
        }
    }
    return list;
}

/* --- what a form asks --- */

static enum draft_input kind_of(const struct field *f, struct str name)
{
    static const char *const lines[] = {"number", "unit", "by", "period.from", "period.to", "period.vision"};
    if (f->type == FIELD_TEXTS)
        return INPUT_LIST;
    if (f->type == FIELD_F64)
        return INPUT_NUMBER;
    if (f->type == FIELD_DAY)
        return INPUT_DAY;
    if (f->one_of)
        return INPUT_CHOICE;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (str_eq(name, str_of(lines[i])))
            return INPUT_LINE;
    return INPUT_AREA;
}

/* As it stands in a control: days as ISO (date inputs), lists one to a line, numbers in the reader's language. */
static struct str input_value(struct ctx *c, const struct field *f, const void *at, enum lang lang)
{
    char number[NUMBER_TEXT];
    struct strs values = draft_values(c, f, at);
    if (!values.n)
        return S("");
    if (f->type == FIELD_F64)
        return str_dup(c->arena, number_text(as_number(*(const double *)at), lang, number));
    return str_join(c->arena, values.v, values.n, S("\n"));
}

struct draft_inputs draft_inputs_of(struct ctx *c, const struct draft_item *item, const struct http_pairs *typed,
                                    enum lang lang)
{
    struct draft_inputs list = {0};
    const void *row = item->now ? item->now : item->read;
    struct strs names = draft_names(c, item->record);
    for (size_t i = 0; i < names.n; i++) {
        struct str name = names.v[i], rest, word;
        const void *now = NULL, *read = NULL;
        const struct field *f = draft_field(item->record, row, name, &now);
        if (!f)
            continue;
        draft_field(item->record, item->read, name, &read);
        struct draft_input_shown in = {.name = name,
                                       .label = draft_field_label(name),
                                       .hint = hint_of(name),
                                       .kind = kind_of(f, name),
                                       .value = input_value(c, f, now, lang),
                                       .may_be_empty = !f->required};
        struct str asked = typed ? http_pair(typed, name) : (struct str){NULL, 0}, was = input_value(c, f, read, lang);
        if (asked.p)
            in.value = asked;
        in.differs = !str_eq(in.value, was);
        in.read = words_of(c, f, read, lang);
        rest = str_of(f->one_of);
        while (f->one_of && str_cut(&rest, '|', &word)) {
            const struct message *label = word_label(str_of(f->name), word);
            *PUSH(c->arena, &in.choices) = (struct draft_choice){word, label};
        }
        *PUSH(c->arena, &list) = in;
    }
    return list;
}

/* A number as people write it: 1.234,5 in Vietnamese, 1,234.5 in English. A lone point that parts no thousands is a
 * decimal one in Vietnamese too. */
static struct str plain_number(struct ctx *c, struct str s, enum lang lang)
{
    char group = lang == LANG_EN ? ',' : '.', decimal = lang == LANG_EN ? '.' : ',';
    bool grouped = s.n && s.p[0] != '0' && memchr(s.p, group, s.n);
    size_t run = 0;
    for (size_t i = 0; i <= s.n && grouped; i++) {
        bool ends = i == s.n || s.p[i] == group || s.p[i] == decimal;
        run = ends ? run : run + 1;
        if (!ends)
            continue;
        bool first = memchr(s.p, group, i) == NULL;
        grouped = first ? run >= 1 && run <= 3 : run == 3;
        run = 0;
        if (i < s.n && s.p[i] == decimal)
            break;
    }
    char *plain = NEWN(c->arena, char, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (grouped && s.p[i] == group)
            continue;
        plain[n++] = s.p[i] == decimal ? '.' : s.p[i];
    }
    return (struct str){plain, n};
}

struct strs draft_typed(struct ctx *c, const struct draft_item *item, const struct http_pairs *form, enum lang lang)
{
    struct {
        struct str *v;
        size_t n, cap;
    } set = {0};
    struct strs names = draft_names(c, item->record);
    for (size_t i = 0; i < names.n; i++) {
        struct str name = names.v[i], value = http_pair(form, name), line;
        const struct field *f = draft_field(item->record, NULL, name, NULL);
        if (!f || !value.p)
            continue;
        size_t before = set.n;
        if (f->type == FIELD_F64)
            value = plain_number(c, str_trim(value), lang);
        if (f->type == FIELD_TEXTS) {
            while (str_cut(&value, '\n', &line))
                if (str_trim(line).n)
                    *PUSH(c->arena, &set) = str_fmt(c->arena, "%.*s=%.*s", ARGS(name), ARGS(str_trim(line)));
        } else {
            *PUSH(c->arena, &set) = str_fmt(c->arena, "%.*s=%.*s", ARGS(name), ARGS(value));
        }
        if (set.n == before)
            *PUSH(c->arena, &set) = str_fmt(c->arena, "%.*s=", ARGS(name));
    }
    return (struct strs){set.v, set.n};
}

/* --- the source beside it --- */

static bool is_under(struct str path, struct str above)
{
    return path.n > above.n && str_starts(path, above) && (path.p[above.n] == '-' || path.p[above.n] == '.');
}

struct draft_lines draft_lines_of(const struct draft_view *view, const struct draft_item *item)
{
    int64_t from = item->line, to = INT64_MAX;
    const struct source_lines *all = &view->lines;
    bool head = !item->path.p;
    for (size_t i = 0; i < view->read.clauses.n; i++) {
        const struct clause *next = &view->read.clauses.v[i];
        if ((head || (next->line > from && !is_under(next->path, item->path))) && next->line < to)
            to = next->line;
    }
    size_t begin = 0, end;
    while (begin < all->n && all->v[begin].line < from)
        begin++;
    for (end = begin; end < all->n && all->v[end].line < to;)
        end++;
    return (struct draft_lines){all->v + begin, end - begin};
}
