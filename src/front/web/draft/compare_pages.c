/* compare_pages.c - the page that sets two versions of a plan side by side. */
#include "front/web/compare.html.h"
#include "front/web/draft/compare_page.h"
#include "front/web/draft/draft_page.h"
#include "front/web/ledger/ledger_words.h"
#include "front/web/site.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

static const struct word_label {
    const char *word;
    const struct message *label;
} kind_labels[] = {{"plan", &M_item_plan},       {"task", &M_item_task}, {"programme", &M_item_programme},
                   {"target", &M_item_target},   {"duty", &M_item_duty}, {"clause", &M_item_clause},
                   {"account", &M_item_account}, {"org", &M_item_org},   {"record", &M_item_record}},
  kind_words[] = {{"plan", &M_many_plan},     {"task", &M_many_task}, {"programme", &M_many_programme},
                  {"target", &M_many_target}, {"duty", &M_many_duty}, {"clause", &M_many_clause}},
  change_labels[] = {
      {"added", &M_change_added}, {"removed", &M_change_removed},         {"changed", &M_change_changed},
      {"moved", &M_change_moved}, {"rescheduled", &M_change_rescheduled}, {"reassigned", &M_change_reassigned}};

#define LABEL(table, word) label_of(table, sizeof table / sizeof *table, word)
static const struct message *label_of(const struct word_label *table, size_t n, struct str word)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(word, str_of(table[i].word)))
            return table[i].label;
    return &M_change_changed;
}

/* A value as a reader writes it: days, numbers and words of the description. */
static struct str shown(struct ctx *c, struct str field, struct str value, enum lang lang)
{
    int32_t day;
    char text[DAY_TEXT], number[NUMBER_TEXT], *end;
    const struct message *word = draft_word_label(field, value);
    if (!value.n)
        return S("");
    if (word)
        return message_text(word, lang);
    if ((str_eq(field, S("schedule.start")) || str_eq(field, S("schedule.due"))) && day_parse(value, &day))
        return str_dup(c->arena, day_text_vi(day, text));
    if (str_eq(field, S("low")) || str_eq(field, S("high")) || str_eq(field, S("baseline"))) {
        double v = strtod(str_z(c->arena, value), &end);
        return str_dup(c->arena, number_text(as_number(v), lang, number));
    }
    return value;
}

/* Running text is told word by word, any other value whole: old, then new. */
static struct word_pieces pieces_of(struct ctx *c, struct str field, struct str before, struct str after)
{
    static const char *const running[] = {"title",      "text",    "product",       "objective",
                                          "directions", "results", "schedule.text", "subject"};
    struct word_pieces list = {0};
    for (size_t i = 0; i < sizeof running / sizeof *running; i++)
        if (str_eq(field, str_of(running[i]))) {
            word_diff(c->arena, before, after, &list);
            return list;
        }
    if (before.n)
        *PUSH(c->arena, &list) = (struct word_piece){WORD_GONE, before};
    if (after.n)
        *PUSH(c->arena, &list) = (struct word_piece){WORD_NEW, after};
    return list;
}

static bool same_item(const struct plan_change *a, const struct plan_change *b)
{
    return str_eq(a->kind, b->kind) && str_eq(a->key, b->key) && str_eq(a->change, b->change);
}

/* Fields of things that are no part of a plan have labels of their own. */
static const struct message *field_label(const struct plan_change *row)
{
    static const char *const apart[] = {"account", "org", "record"};
    const struct message *label = NULL;
    for (size_t i = 0; i < sizeof apart / sizeof *apart; i++)
        if (str_eq(row->kind, str_of(apart[i])))
            label = payload_label(row->field);
    return label ? label : draft_field_label(row->field);
}

void compare_fill(struct ctx *c, enum lang lang, const struct plan_changes *changes, struct str slug,
                  struct compare_items *ret)
{
    struct compare_item *item = NULL;
    *ret = (struct compare_items){0};
    for (size_t i = 0; i < changes->rows.n; i++) {
        const struct plan_change *row = &changes->rows.v[i];
        if (!item || !same_item(row, row - 1)) {
            item = PUSH(c->arena, ret);
            *item = (struct compare_item){.kind = LABEL(kind_labels, row->kind),
                                          .change = LABEL(change_labels, row->change),
                                          .path = row->path,
                                          .title = row->title,
                                          .came = str_eq(row->change, S("added")),
                                          .gone = str_eq(row->change, S("removed"))};
            if (slug.n && row->path.n && !item->gone)
                item->there = URL(c->arena, "/plans/{}/clauses/{}", slug, row->path);
        }
        if (row->field.p)
            *PUSH(c->arena, &item->fields) = (struct compare_field){
                field_label(row), pieces_of(c, row->field, shown(c, row->field, row->before, lang),
                                            shown(c, row->field, row->after, lang))};
    }
}

static void fill(struct site *s, const struct plan_changes *changes, struct compare_page *page)
{
    struct ctx *c = s->c;
    bool now = page->to.position == page->versions->v[0].position;
    for (size_t i = 0; i < changes->tallies.n; i++)
        *PUSH(c->arena, &page->tallies) =
            (struct compare_tally){changes->tallies.v[i].n, LABEL(kind_words, changes->tallies.v[i].kind),
                                   LABEL(change_labels, changes->tallies.v[i].change)};
    compare_fill(c, s->page.lang, changes, now ? page->slug : S(""), &page->items);
}

static enum err show_compare(struct site *s)
{
    struct ctx *c = s->c;
    struct plan_versions *all = NEW(c->arena, struct plan_versions);
    struct plan_row plan;
    struct draft before, after;
    struct plan_changes changes;
    struct compare_page page = {.slug = s->part[0], .versions = all};
    TRY(plan_get(c, page.slug, POS_NOW, &plan));
    TRY(plan_versions(c, page.slug, all));
    TRY(plan_version_pair(c, all, site_query(s, "from"), site_query(s, "to"), &page.from, &page.to));
    TRY(plan_version_read(c, page.slug, page.from.position, &before));
    TRY(plan_version_read(c, page.slug, page.to.position, &after));
    plan_compare(c, &before, &after, &changes);
    page.title = plan.title;
    fill(s, &changes, &page);
    struct url here = URL(c->arena, "/plans/{}/compare", page.slug);
    site_begin(s, here, site_text(s, &M_compare_title), NAV_PLANS);
    site_data(s, here);
    compare_html(&s->page, &s->frame, &page);
    return OK;
}

const struct route compare_routes[] = {
    ROUTE("/plans/{}/compare", PERM_READ, show_compare, NULL),
    {0},
};
