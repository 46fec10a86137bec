#include "front/web/plan/filter.h"

#include "base/args.h"

#include <string.h>

#include "base/banned.h"

static bool is_paging(struct str name)
{
    return str_eq(name, S("after")) || str_eq(name, S("limit")) || str_eq(name, S("lang"));
}

/* "as-of" and "as_of" are one name. */
static bool is_named(struct str given, const char *name)
{
    size_t n = strlen(name);
    if (given.n != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (given.p[i] != name[i] && !(name[i] == '_' && given.p[i] == '-'))
            return false;
    return true;
}

enum err filter_init(struct filter *f, struct site *s, struct url here, const struct record *record)
{
    const struct http_pairs *query = &s->request->query;
    *f = (struct filter){.site = s, .record = record, .here = here, .as_of = DAY_NONE};
    f->args = args_new(s->c, record);
    TRY(args_set(s->c, record, f->args, S("limit"), str_fmt(s->c->arena, "%d", FILTER_PAGE)));
    for (size_t i = 0; i < query->n; i++) {
        struct http_pair p = query->v[i];
        if (!args_has(record, p.name)) /* somebody else's: a page is not refused for it, as data is */
            continue;
        s->read[i] = true;
        if (p.value.n)
            TRY(args_set(s->c, record, f->args, p.name, p.value));
    }
    const struct field *as_of = record_field(record, S("as_of"));
    if (as_of) /* the ledger is past moments itself */
        memcpy(&f->as_of, (const char *)f->args + as_of->offset, sizeof f->as_of);
    return args_check(s->c, record, f->args);
}

static struct str given(const struct filter *f, const char *name)
{
    const struct http_pairs *query = &f->site->request->query;
    for (size_t i = 0; i < query->n; i++)
        if (is_named(query->v[i].name, name))
            return query->v[i].value;
    return S("");
}

struct filter_field *filter_add(struct filter *f, const char *name, const struct message *label, int kind)
{
    struct filter_field *field = PUSH(f->site->c->arena, &f->fields);
    *field = (struct filter_field){
        .name = name, .label = label, .any = &M_filter_any, .kind = kind, .value = given(f, name), .left = -1};
    return field;
}

void filter_choice(struct filter *f, struct filter_field *field, struct str value, struct str label)
{
    *PUSH(f->site->c->arena, &field->choices) = (struct filter_choice){value, label};
}

void filter_words(struct filter *f, struct filter_field *field, const struct message *(*label)(struct str word))
{
    struct str rest = str_of(record_field(f->record, str_of(field->name))->one_of), word;
    while (str_cut(&rest, '|', &word))
        filter_choice(f, field, word, site_text(f->site, label(word)));
}

enum err filter_choices(struct filter *f, struct filter_field *field, enum list_choice_kind kind, int64_t at)
{
    struct list_choices list;
    bool found = !field->value.n;
    TRY(list_choices(f->site->c, kind, at, &list));
    for (size_t i = 0; i < list.n; i++) {
        filter_choice(f, field, list.v[i].code, list.v[i].name);
        found |= str_eq(list.v[i].code, field->value);
    }
    if (!found) {
        struct str name = field->value;
        if (kind == LIST_TASK_BODIES || kind == LIST_DUTY_BODIES)
            TRY(list_body_name(f->site->c, field->value, at, &name));
        filter_choice(f, field, field->value, name);
    }
    return OK;
}

enum err filter_plans(struct filter *f, int64_t at)
{
    struct filter_field *field = filter_add(f, "plan", &M_filter_plan, FILTER_SELECT);
    TRY(filter_choices(f, field, LIST_PLANS, at));
    if (field->choices.n < 2)
        f->fields.n--;
    return OK;
}

/* The query as it was given, one argument replaced, from the first page. */
struct url filter_link(const struct filter *f, const char *name, struct str value)
{
    struct arena *a = f->site->c->arena;
    const struct http_pairs *query = &f->site->request->query;
    struct url u = f->here;
    for (size_t i = 0; i < query->n; i++) {
        struct http_pair p = query->v[i];
        if (p.value.n && args_has(f->record, p.name) && !is_paging(p.name) && !is_named(p.name, name))
            u = url_with_pair(a, u, p.name, p.value);
    }
    return value.n ? url_with(a, u, name, value) : u;
}

void filter_tab(struct filter *f, const char *name, const struct message *label, const char *value, int64_t n)
{
    struct str now = given(f, name), wanted = str_of(value);
    f->tabbed = name;
    f->tab_value = now;
    *PUSH(f->site->c->arena, &f->tabs) =
        (struct filter_tab){label, n, filter_link(f, name, wanted), str_eq(now, wanted)};
}

static struct str said(const struct filter *f, const struct filter_field *field)
{
    int32_t day;
    for (size_t i = 0; i < field->choices.n; i++)
        if (str_eq(field->choices.v[i].value, field->value))
            return field->choices.v[i].label;
    if (field->kind == FILTER_DAY && day_parse(field->value, &day)) {
        struct out o;
        struct page p = {&o, f->site->page.lang};
        out_init(&o, f->site->c->arena, 64);
        html_date(&p, as_day(day));
        return out_str(&o);
    }
    return field->value;
}

/* The data of the whole list, not of one page of it. */
static void link_data(struct filter *f)
{
    struct arena *a = f->site->c->arena;
    struct url all = url_with(a, filter_link(f, "", S("")), "limit", S("1000"));
    struct frame *frame = &f->site->frame;
    frame->has_data = true;
    frame->json = url_form(a, all, ".json");
    frame->csv = url_form(a, all, ".csv");
    frame->xlsx = url_form(a, all, ".xlsx");
}

void filter_done(struct filter *f, struct str next)
{
    struct arena *a = f->site->c->arena;
    for (size_t i = 0; i < f->fields.n; i++) {
        struct filter_field *field = &f->fields.v[i];
        if (!field->value.n)
            continue;
        f->chosen++;
        field->said = said(f, field);
        field->without = filter_link(f, field->name, S(""));
    }
    f->now = filter_link(f, "as_of", S(""));
    f->clear = f->as_of == DAY_NONE ? f->here : url_with(a, f->here, "as-of", given(f, "as_of"));
    f->first = filter_link(f, "", S(""));
    f->begun = given(f, "after").n > 0;
    f->goes_on = next.p;
    if (next.p)
        f->next = url_with(a, f->first, "after", next);
    link_data(f);
}

void *filter_relaxed(struct filter *f, const char *name)
{
    char *args = arena_alloc(f->site->c->arena, f->record->size, 16, 1), *absent = args_new(f->site->c, f->record);
    memcpy(args, f->args, f->record->size);
    const struct field *field = record_field(f->record, str_of(name));
    size_t size = field->type == FIELD_DAY ? sizeof(int32_t) : sizeof(struct str);
    memcpy(args + field->offset, absent + field->offset, size);
    return args;
}
