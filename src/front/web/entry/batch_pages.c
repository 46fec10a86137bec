/* What came in: the list of batches, and one with its figures, which may be taken back. */
#include "domain/access/viewer.h"
#include "front/web/batch.html.h"
#include "front/web/batches.html.h"
#include "front/web/entry/entry_site.h"

#include "base/banned.h"

enum { BATCHES_SHOWN = 50, FIGURES_SHOWN = 500 };

static const struct message *kind_of(struct str kind)
{
    return str_eq(kind, S("value.enter"))  ? &M_batches_entered
           : str_eq(kind, S("value.load")) ? &M_batches_loaded
           : str_eq(kind, S("value.undo")) ? &M_batches_undo
           : str_has(kind, S("sample"))    ? &M_batches_sample
                                           : &M_batches_put;
}

/* Whoever runs the cycles or may read the ledger sees them all; others what they or their bodies brought. */
static bool sees_all(const struct site *s)
{
    return viewer_may(s->c, PERM_OFFICE) || viewer_may(s->c, PERM_HISTORY);
}

static bool is_own(const struct site *s, const struct value_batch_row *row)
{
    if (sees_all(s) || (row->actor.n && str_eq(row->actor, s->c->actor.name)))
        return true;
    return str_starts(row->behalf, S("orgs/")) &&
           viewer_may_in(s->c, PERM_ENTER, str_skip(row->behalf, strlen("orgs/")));
}

static struct url batch_url(struct site *s, int64_t position)
{
    return URL(s->c->arena, "/values/batches/{}", entry_int(s, position));
}

static struct batch_line line_of(struct site *s, const struct entry_ground *g, const struct value_batch_row *row)
{
    struct batch_line line = {row, kind_of(row->kind), row->actor, batch_url(s, row->position)};
    if (str_starts(row->behalf, S("orgs/")))
        line.who = str_fmt(s->c->arena, "%.*s (%.*s)", ARGS(row->actor),
                           ARGS(entry_place_name(s, g, str_skip(row->behalf, strlen("orgs/")))));
    return line;
}

static enum err show_batches(struct site *s)
{
    struct entry_ground g;
    struct batches_view vm = {.own = !sees_all(s)};
    int64_t before;
    if (!str_i64(site_query(s, "before"), &before))
        before = I64_NONE;
    TRY(entry_ground(s, &g));
    /* Of others' batches so many are passed over, and then the reader asks for earlier ones. */
    for (int turn = 0; turn < 20 && vm.lines.n < BATCHES_SHOWN; turn++) {
        struct value_batches found;
        TRY(value_batches(s->c, before, BATCHES_SHOWN, &found));
        vm.next = (struct url){0};
        for (size_t i = 0; i < found.n && vm.lines.n < BATCHES_SHOWN; i++) {
            before = found.v[i].position;
            if (is_own(s, &found.v[i]))
                *PUSH(s->c->arena, &vm.lines) = line_of(s, &g, &found.v[i]);
        }
        if (found.n < BATCHES_SHOWN)
            break;
        vm.next = url_with(s->c->arena, url_fixed("/values/batches"), "before", entry_int(s, before));
    }
    site_begin(s, url_fixed("/values/batches"), site_text(s, &M_batches_title), NAV_INDICATORS);
    s->for_one = true;
    batches_html(&s->page, &s->frame, &vm);
    return OK;
}

/* --- one --- */

static struct str figure_text(struct site *s, const struct indicator *i, double v)
{
    const struct indicator bare = {.places = I64_NONE};
    struct str number = entry_number(s, i ? i : &bare, v),
               unit = i ? in_lang(s->page.lang, i->unit, i->unit_en) : S("");
    return unit.n ? str_fmt(s->c->arena, "%.*s %.*s", ARGS(number), ARGS(unit)) : number;
}

static void add_figure(struct site *s, const struct entry_ground *g, const struct entry_brought *b,
                       struct batch_view *vm)
{
    const struct indicator *i = dictionary_indicator(g->d, b->indicator);
    if (i && !entry_shown(s->c, i))
        return;
    *PUSH(s->c->arena, &vm->figures) =
        (struct batch_figure){.name = i ? in_lang(s->page.lang, i->name, i->name_en) : b->indicator,
                              .code = entry_name(s->c, b->indicator, b->category, S("")),
                              .place = entry_place_name(s, g, b->place),
                              .period = entry_period_words(s, (int32_t)b->period),
                              .source = b->source,
                              .value = figure_text(s, i, b->amount),
                              .was = figure_text(s, i, b->was),
                              .evidence = b->evidence,
                              .reason = b->reason,
                              .url = URL(s->c->arena, "/indicators/{}", b->indicator),
                              .provisional = b->state & VALUE_PROVISIONAL,
                              .there_was = !isnan(b->was),
                              .gone = !b->holds};
}

static enum err find(struct site *s, struct value_batch_row *ret)
{
    int64_t position;
    if (!str_i64(s->part[0], &position))
        return FAIL(s->c, E_NOTFOUND, "không có lần nhập này (no such batch)");
    TRY(value_batch_find(s->c, position, ret));
    return is_own(s, ret) ? OK : FAIL(s->c, E_NOTFOUND, "không có lần nhập này (no such batch)");
}

static enum err put_batch(struct site *s, const struct value_batch_row *row, struct str error)
{
    struct entry_ground g;
    struct entry_brought_list brought;
    TRY(entry_ground(s, &g));
    TRY(entry_brought(s->c, row->position, FIGURES_SHOWN + 1, &brought));
    struct batch_view vm = {.line = line_of(s, &g, row),
                            .more = brought.n > FIGURES_SHOWN,
                            .may_undo = row->undone == I64_NONE && viewer_may_some(s->c, PERM_ENTER) &&
                                        !str_eq(row->kind, S("value.undo")),
                            .done = site_query(s, "loaded").n > 0,
                            .error = error,
                            .reason = site_field(s, "reason"),
                            .here = batch_url(s, row->position)};
    for (size_t i = 0; i < brought.n && i < FIGURES_SHOWN; i++)
        add_figure(s, &g, &brought.v[i], &vm);
    struct str title =
        str_fmt(s->c->arena, "%.*s %.*s", ARGS(site_text(s, &M_batches_title)), ARGS(entry_int(s, row->position)));
    site_begin(s, vm.here, title, NAV_INDICATORS);
    s->for_one = true;
    batch_html(&s->page, &s->frame, &vm);
    return OK;
}

static enum err show_batch(struct site *s)
{
    struct value_batch_row row;
    TRY(find(s, &row));
    return put_batch(s, &row, S(""));
}

static enum err undo_batch(struct site *s)
{
    struct value_batch_row row;
    struct str said;
    TRY(find(s, &row));
    enum err e = entry_run(
        s, "value.undo",
        (struct entry_given[]){{"batch", s->part[0]}, {"reason", str_trim(site_field(s, "reason"))}, {0}}, NULL);
    if (!e)
        return site_go(s, batch_url(s, row.position));
    return entry_tell(s, e, &said) ? put_batch(s, &row, said) : e;
}

const struct route values_batch_routes[] = {
    ROUTE("/values/batches", PERM_ENTER | PERM_IN_BODY, show_batches, NULL),
    ROUTE("/values/batches/{}", PERM_ENTER | PERM_IN_BODY, show_batch, undo_batch),
    {0},
};
