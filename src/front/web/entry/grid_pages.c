/* The grid: what is there, what was typed and is wrong, and saving what was changed as one batch. */
#include "domain/access/viewer.h"
#include "front/ops.h"
#include "front/web/entry/entry_site.h"
#include "front/web/entry_grid.html.h"

#include <inttypes.h>

#include "base/banned.h"

enum { ROWS_SHOWN = 600 };

/* What a grid is made of. */
struct grid_page {
    struct entry_ground g;
    struct str place;            /* of the page: a body or an area; n == 0: one indicator over many */
    const struct indicator *one; /* that one */
    int32_t period;
    struct entry_grid lines;
    struct entry entry; /* of a form that was sent */
    size_t *row_of;     /* the row of each of its figures */
    struct grid_view view;
};

static enum err read_period(struct site *s, struct str text, int32_t *ret)
{
    struct period p;
    *ret = period_parse(text, &p) ? period_code(p) : 0;
    return *ret && entry_frequency(*ret).n ? OK : FAIL(s->c, E_NOTFOUND, "không có kỳ này (no such period)");
}

static enum err open_place(struct site *s, struct grid_page *g)
{
    struct ctx *c = s->c;
    TRY(entry_ground(s, &g->g));
    TRY(read_period(s, s->part[1], &g->period));
    g->place = s->part[0];
    TRY(entry_grid(c, g->g.d, g->g.catalogue, g->place, g->period, &g->lines));
    if (!g->lines.lines.n && !entry_may(c, g->g.catalogue, NULL, g->place, s->today))
        return FAIL(c, E_DENIED,
                    "tài khoản không được nhập số liệu cho nơi này (may not enter figures for this place)");
    g->view.here = URL(c->arena, "/entry/{}/{}", g->place, entry_period_name(s, g->period));
    return OK;
}

static enum err open_indicator(struct site *s, struct grid_page *g)
{
    struct ctx *c = s->c;
    TRY(entry_ground(s, &g->g));
    TRY(read_period(s, s->part[1], &g->period));
    g->one = dictionary_indicator(g->g.d, s->part[0]);
    if (!g->one || !entry_shown(c, g->one))
        return FAIL(c, E_NOTFOUND, "không có chỉ tiêu này (no such indicator)");
    TRY(entry_grid_of(c, g->g.d, g->g.catalogue, g->one, g->period, &g->lines));
    if (!g->lines.lines.n)
        return FAIL(c, E_DENIED, "tài khoản không được nhập chỉ tiêu này (may not enter this indicator)");
    g->view.here = URL(c->arena, "/indicators/{}/entry/{}", g->one->code, entry_period_name(s, g->period));
    return OK;
}

/* --- the rows --- */

static struct str field_of(struct site *s, const char *kind, struct str key)
{
    struct str name = str_fmt(s->c->arena, "%s.%.*s", kind, ARGS(key));
    struct str value = http_pair(&s->form, name);
    return value.p ? str_trim(value) : S("");
}

static struct str actor_of(struct site *s, const struct grid_page *g, const struct entry_held *h)
{
    if (!str_starts(h->behalf, S("orgs/")))
        return h->actor;
    struct str org = entry_place_name(s, &g->g, str_skip(h->behalf, strlen("orgs/")));
    return str_fmt(s->c->arena, "%.*s (%.*s)", ARGS(h->actor), ARGS(org));
}

static int64_t step_of(struct str value, size_t n)
{
    int64_t step;
    return str_i64(value, &step) && step >= 0 && (uint64_t)step < n ? step : -1;
}

/* The place of the page: the body, or the area that it serves. */
static bool is_own_place(const struct grid_page *g, struct str place)
{
    const struct org_unit *unit = org_unit(g->g.catalogue, g->place);
    return str_eq(place, g->place) || (unit && str_eq(place, unit->area));
}

/* A row as the store has it. */
static void fill_row(struct site *s, const struct grid_page *g, const struct entry_line *line, struct grid_row *r)
{
    const struct indicator *i = line->indicator;
    enum lang lang = s->page.lang;
    bool there = !isnan(line->now.amount);
    *r = (struct grid_row){.line = line,
                           .key = entry_name(s->c, i->code, S(""), line->place),
                           .name = in_lang(lang, i->name, i->name_en),
                           .unit = in_lang(lang, i->unit, i->unit_en),
                           .value = entry_number(s, i, line->now.amount),
                           .before = entry_number(s, i, line->before.amount),
                           .steps = lang == LANG_EN && i->steps_en.n ? i->steps_en : i->steps,
                           .step = -1};
    if (g->view.by_place)
        r->place = entry_place_name(s, &g->g, line->place);
    else if (!is_own_place(g, line->place))
        r->name = str_fmt(s->c->arena, "%.*s (%.*s)", ARGS(r->name), ARGS(entry_place_name(s, &g->g, line->place)));
    if (i->steps.n) {
        int64_t before = isnan(line->before.amount) ? -1 : (int64_t)line->before.amount;
        r->step = there ? (int64_t)line->now.amount : -1;
        r->value = there ? entry_int(s, r->step) : S("");
        r->before = before >= 0 && (uint64_t)before < r->steps.n ? r->steps.v[before] : S("");
    }
    r->was = r->value;
    r->provisional = r->was_provisional = there && line->now.state & VALUE_PROVISIONAL;
    r->official = there && !r->provisional;
}

/* What was typed in place of it. What somebody else wrote since the page was made is told where both changed it. */
static void take_typed(struct site *s, const struct grid_page *g, struct grid_row *r, int64_t seen)
{
    struct str value = field_of(s, "v", r->key), was = field_of(s, "o", r->key);
    bool provisional = field_of(s, "p", r->key).n, was_provisional = field_of(s, "q", r->key).n;
    struct str evidence = field_of(s, "n", r->key), reason = field_of(s, "c", r->key);
    bool empty = !value.n && !was.n;
    r->changed = !empty && (!str_eq(value, was) || provisional != was_provisional || evidence.n || reason.n);
    if (!r->changed && !(empty && (evidence.n || reason.n)))
        return;
    bool moved = seen != I64_NONE && r->line->now.position > seen;
    bool same = str_eq(value, r->value) && provisional == r->provisional;
    if (moved && !same && r->changed) {
        r->theirs = r->value;
        r->by = actor_of(s, g, &r->line->now);
        r->theirs_us = r->line->now.at_us;
    }
    r->value = value;
    r->step = step_of(value, r->steps.n);
    r->provisional = provisional;
    r->evidence = evidence;
    r->reason = reason;
    r->open = evidence.n || reason.n;
    r->confirmed = str_eq(field_of(s, "ok", r->key), value) && value.n;
}

static void make_rows(struct site *s, struct grid_page *g, bool typed, int64_t seen)
{
    for (size_t k = 0; k < g->lines.lines.n && k < ROWS_SHOWN; k++) {
        struct grid_row *r = PUSH(s->c->arena, &g->view.rows);
        fill_row(s, g, &g->lines.lines.v[k], r);
        if (typed)
            take_typed(s, g, r, seen);
    }
}

/* --- saving --- */

static struct str org_of(struct site *s, const struct grid_page *g)
{
    if (!g->place.n || !g->lines.lines.n)
        return g->one && g->one->responsible.n ? g->one->responsible : S("");
    if (org_unit(g->g.catalogue, g->place))
        return g->place;
    return entry_org_of(s->c, g->g.catalogue, g->lines.lines.v[0].indicator, g->place, s->today);
}

static void gather(struct site *s, struct grid_page *g, int64_t seen)
{
    struct entry *e = &g->entry;
    *e = (struct entry){.org = org_of(s, g), .period = g->period, .seen = seen};
    g->row_of = NEWN(s->c->arena, size_t, g->view.rows.n + 1);
    for (size_t k = 0; k < g->view.rows.n; k++) {
        const struct grid_row *r = &g->view.rows.v[k];
        if (!r->changed)
            continue;
        g->row_of[e->typed.n] = k;
        *PUSH(s->c->arena, &e->typed) = (struct entry_typed){.indicator = r->line->indicator->code,
                                                             .category = S(""),
                                                             .place = r->line->place,
                                                             .value = r->value,
                                                             .provisional = r->provisional,
                                                             .evidence = r->evidence,
                                                             .reason = r->reason};
    }
}

static void mark(struct site *s, struct grid_page *g, const struct value_problem *p)
{
    struct str said = in_lang(s->page.lang, p->message, p->message_en);
    bool error = str_eq(p->severity, S("error"));
    if (p->line < 1 || (uint64_t)p->line > g->entry.typed.n) {
        if (error && !g->view.problem.n)
            g->view.problem = said;
        return;
    }
    struct grid_row *r = &g->view.rows.v[g->row_of[p->line - 1]];
    struct str *to = error ? &r->error : &r->warning;
    *to = to->n ? str_fmt(s->c->arena, "%.*s; %.*s", ARGS(*to), ARGS(said)) : said;
    r->open |= error && str_eq(p->rule, S("reason"));
}

/* A correction of an official figure says why. */
static void ask_reasons(struct site *s, struct grid_page *g)
{
    for (size_t k = 0; k < g->view.rows.n; k++) {
        struct grid_row *r = &g->view.rows.v[k];
        bool differs = !str_eq(r->value, entry_number(s, r->line->indicator, r->line->now.amount));
        if (!r->changed || !r->official || !(differs || r->provisional) || r->reason.n || r->error.n || r->steps.n)
            continue;
        r->error = site_text(s, &M_grid_need_reason);
        r->open = true;
    }
}

static void count(struct grid_view *v)
{
    v->errors = v->warnings = v->conflicts = 0;
    for (size_t k = 0; k < v->rows.n; k++) {
        const struct grid_row *r = &v->rows.v[k];
        v->errors += r->error.n > 0;
        v->conflicts += !r->error.n && r->theirs.n;
        v->warnings += !r->error.n && !r->theirs.n && r->warning.n && !r->confirmed;
    }
}

/* What is wrong, at its cells. */
static enum err judge(struct site *s, struct grid_page *g)
{
    TRY(entry_judge(s->c, g->g.d, g->g.catalogue, &g->entry));
    for (size_t k = 0; k < g->entry.problems.n; k++)
        mark(s, g, &g->entry.problems.v[k]);
    ask_reasons(s, g);
    count(&g->view);
    return OK;
}

static void push(struct ctx *c, struct strs *list, size_t room, struct str text)
{
    if (!list->v)
        list->v = NEWN(c->arena, struct str, room);
    list->v[list->n++] = text;
}

static enum err save(struct site *s, struct grid_page *g)
{
    struct ctx *c = s->c;
    const struct entry *e = &g->entry;
    struct entry_args args = {
        .org = e->org, .period = entry_period_name(s, g->period), .confirm = true, .version = e->seen};
    for (size_t k = 0; k < e->typed.n; k++) {
        const struct entry_typed *t = &e->typed.v[k];
        struct str name = entry_name(c, t->indicator, t->category, t->place);
        push(c, &args.set, e->typed.n, str_fmt(c->arena, "%.*s=%.*s", ARGS(name), ARGS(t->value)));
        if (t->provisional)
            push(c, &args.provisional, e->typed.n, name);
        if (t->evidence.n)
            push(c, &args.evidence, e->typed.n, str_fmt(c->arena, "%.*s=%.*s", ARGS(name), ARGS(t->evidence)));
        if (t->reason.n)
            push(c, &args.reason, e->typed.n, str_fmt(c->arena, "%.*s=%.*s", ARGS(name), ARGS(t->reason)));
    }
    return site_run(s, op_find(S("value.enter")), &args, NULL);
}

/* --- the page --- */

static struct str top_of_areas(const struct grid_page *g)
{
    for (size_t k = 0; k < g->lines.lines.n; k++) {
        const struct org_area *area = org_area(g->g.catalogue, g->lines.lines.v[k].place);
        if (area)
            return area->parent.n ? area->parent : area->code;
    }
    return S("");
}

static void name_page(struct site *s, struct grid_page *g)
{
    struct grid_view *v = &g->view;
    struct ctx *c = s->c;
    int32_t before = entry_period_before(g->period, 1), after = entry_period_before(g->period, -1);
    bool begun = after <= entry_period(entry_frequency(g->period), s->today, 0);
    const char *pattern = g->one ? "/indicators/{}/entry/{}" : "/entry/{}/{}";
    struct str first = g->one ? g->one->code : g->place;
    v->grid = &g->lines;
    v->back = url_fixed("/entry");
    v->period = entry_period_words(s, g->period);
    v->period_code = entry_period_name(s, g->period);
    v->title = g->one ? in_lang(s->page.lang, g->one->name, g->one->name_en) : entry_place_name(s, &g->g, g->place);
    v->before_words = entry_period_words(s, before);
    v->before = url_fill(c->arena, pattern, (const struct str[]){first, entry_period_name(s, before)}, 2);
    if (begun) {
        v->after_words = entry_period_words(s, after);
        v->after = url_fill(c->arena, pattern, (const struct str[]){first, entry_period_name(s, after)}, 2);
    }
    const struct org_unit *unit = org_unit(g->g.catalogue, g->place);
    struct url form = url_with(c->arena, url_fixed("/values/template.xlsx"), "period", v->period_code);
    if (g->one) {
        form = url_with(c->arena, url_with(c->arena, form, "indicators", g->one->code), "below", S("true"));
        form = url_with(c->arena, form, "place", top_of_areas(g));
    } else {
        form = url_with(c->arena, form, "place", unit && unit->area.n ? unit->area : g->place);
    }
    v->template_url = form;
    v->load_url = url_fixed("/values/load");
    struct str org = org_of(s, g);
    v->org = entry_place_name(s, &g->g, org);
    bool own = false;
    for (size_t k = 0; c->viewer && k < c->viewer->bodies.n; k++)
        own |= str_eq(c->viewer->bodies.v[k].org, org);
    v->for_other = org.n && c->viewer && c->viewer->account.n && !own;
}

static enum err put(struct site *s, struct grid_page *g)
{
    name_page(s, g);
    struct str title = str_fmt(s->c->arena, "%.*s, %.*s", ARGS(g->view.title), ARGS(g->view.period));
    site_begin(s, g->view.here, title, NAV_INDICATORS);
    g->view.version = s->frame.position;
    s->for_one = true;
    entry_grid_html(&s->page, &s->frame, &g->view);
    return OK;
}

static enum err show(struct site *s, struct grid_page *g)
{
    int64_t saved;
    make_rows(s, g, false, I64_NONE);
    g->view.told = str_i64(site_query(s, "saved"), &saved);
    for (size_t k = 0; k < g->view.rows.n && g->view.told; k++) {
        struct grid_row *r = &g->view.rows.v[k];
        r->saved = saved > 0 && r->line->now.position == saved;
        g->view.saved += r->saved;
    }
    return put(s, g);
}

static enum err take(struct site *s, struct grid_page *g)
{
    int64_t seen;
    struct str said;
    if (!str_i64(site_field(s, "_version"), &seen))
        seen = I64_NONE;
    make_rows(s, g, true, seen);
    gather(s, g, seen);
    if (g->entry.typed.n) {
        TRY(judge(s, g));
        bool fine = !g->view.errors && !g->view.warnings && !g->view.conflicts && !g->view.problem.n;
        enum err e = fine ? save(s, g) : OK;
        if (e && !entry_tell(s, e, &said))
            return e;
        if (e)
            g->view.problem = said;
        if (!fine)
            s->answer->status = g->view.conflicts && !g->view.errors ? 409 : 422;
        if (e || !fine)
            return put(s, g);
    }
    return site_go(s, url_with(s->c->arena, g->view.here, "saved", entry_int(s, s->position)));
}

static enum err show_place(struct site *s)
{
    struct grid_page g = {0};
    TRY(open_place(s, &g));
    return show(s, &g);
}

static enum err take_place(struct site *s)
{
    struct grid_page g = {0};
    TRY(open_place(s, &g));
    return take(s, &g);
}

static enum err show_indicator(struct site *s)
{
    struct grid_page g = {.view.by_place = true};
    TRY(open_indicator(s, &g));
    return show(s, &g);
}

static enum err take_indicator(struct site *s)
{
    struct grid_page g = {.view.by_place = true};
    TRY(open_indicator(s, &g));
    return take(s, &g);
}

const struct route entry_grid_routes[] = {
    ROUTE("/entry/{}/{}", PERM_ENTER | PERM_IN_BODY, show_place, take_place),
    ROUTE("/indicators/{}/entry/{}", PERM_ENTER | PERM_IN_BODY, show_indicator, take_indicator),
    {0},
};
