/* draft_pages.c - the pages on which a person reviews a draft beside its source, and what their forms do. */
#include "base/args.h"
#include "front/ops.h"
#include "front/web/draft.html.h"
#include "front/web/draft/draft_page.h"
#include "front/web/draft_approve.html.h"
#include "front/web/draft_item.html.h"
#include "front/web/drafts.html.h"
#include "front/web/site.h"

#include <inttypes.h>

#include "base/banned.h"

enum { CLAUSES_SHOWN = 40 };

static const char *const show_words[SHOW_COUNT] = {"open", "undecided", "decided", "all"};

static enum err read_id(struct site *s, int64_t *ret)
{
    return str_i64(s->part[0], ret) ? OK : FAIL(s->c, E_NOTFOUND, "không có bản dựng này (no such draft)");
}

static enum err open_draft(struct site *s, struct draft_view **ret)
{
    int64_t id;
    *ret = NEW(s->c->arena, struct draft_view);
    TRY(read_id(s, &id));
    return draft_open(s->c, id, POS_NOW, true, *ret);
}

static struct str draft_title(struct site *s, const struct draft_view *v)
{
    return v->row.title.n ? v->row.title : v->row.source_name.n ? v->row.source_name : site_text(s, &M_draft_head);
}

/* The version that the form's page showed. */
static int64_t seen_version(struct site *s)
{
    int64_t version;
    return str_i64(site_field(s, "_version"), &version) ? version : I64_NONE;
}

/* Run an operation with its arguments given as text, in pairs ended by an empty name. */
struct given {
    const char *name;
    struct str value;
};

static enum err run(struct site *s, const char *operation, const struct given *given)
{
    const struct op *op = op_find(str_of(operation));
    void *args = args_new(s->c, op->args);
    for (; given->name; given++)
        if (given->value.n)
            TRY(args_set(s->c, op->args, args, str_of(given->name), given->value));
    TRY(args_check(s->c, op->args, args));
    return site_run(s, op, args, NULL);
}

/* What a reader is shown of a refusal, and the page's status. Of the machine's own failings nothing. */
static bool tell(struct site *s, enum err e)
{
    static const unsigned status[] = {
        [E_INVALID] = 400, [E_CONFLICT] = 409, [E_LIMIT] = 413, [E_DENIED] = 403, [E_NOTFOUND] = 404};
    if (e == E_IO || e == E_INTERNAL || e == E_BUSY)
        return false;
    s->answer->status = status[e];
    return true;
}

static struct str said(struct site *s)
{
    const struct error *e = &s->c->error;
    return e->line ? str_fmt(s->c->arena, "%.*s: dòng %u: %.*s", ARGS(e->file), e->line, ARGS(e->message)) : e->message;
}

/* --- the list, and bringing a document in --- */

static enum err show_drafts_with(struct site *s, struct str error)
{
    struct draft_rows rows;
    struct draft_upload upload = {error};
    TRY(draft_list(s->c, POS_NOW, &rows));
    site_begin(s, url_fixed("/drafts"), site_text(s, &M_draft_list), NAV_PLANS);
    site_data(s, url_fixed("/drafts"));
    drafts_html(&s->page, &s->frame, &rows, &upload);
    return OK;
}

static enum err show_drafts(struct site *s)
{
    return show_drafts_with(s, S(""));
}

static enum err upload(struct site *s, int64_t *ret)
{
    struct http_parts parts;
    const struct op *op = op_find(S("draft.create"));
    void *args = args_new(s->c, op->args);
    struct str type = request_header(s->request, "Content-Type"), json;
    TRY(http_read_multipart(s->c, type.p ? type : S(""), s->request->body, &parts));
    const struct http_part *file = http_part(&parts, "file");
    if (!file || !file->filename.n)
        return FAIL(s->c, E_INVALID, "%.*s", ARGS(site_text(s, &M_draft_no_file)));
    TRY(args_set(s->c, op->args, args, S("name"), file->filename));
    *(struct str *)((char *)args + record_field(op->args, S("file"))->offset) = file->body;
    TRY(site_run(s, op, args, &json));
    size_t at = str_find(json, S("\"draft\":"), 0), end = at == SIZE_MAX ? 0 : at + 8;
    while (end < json.n && json.p[end] >= '0' && json.p[end] <= '9')
        end++;
    return end && str_i64(str_slice(json, at + 8, end), ret) ? OK
                                                             : FAIL(s->c, E_INTERNAL, "draft.create nói gì lạ (?)");
}

static struct url draft_url(struct site *s, int64_t id)
{
    return URL(s->c->arena, "/drafts/{}", str_fmt(s->c->arena, "%" PRId64, id));
}

static enum err post_drafts(struct site *s)
{
    int64_t id;
    enum err e = upload(s, &id);
    if (!e)
        return site_go(s, draft_url(s, id));
    return tell(s, e) ? show_drafts_with(s, said(s)) : e;
}

/* --- one draft --- */

static bool is_undecided(const struct draft_item *item)
{
    return str_eq(item->decision, S("undecided"));
}

static bool is_shown(const struct draft_item *item, enum draft_show show)
{
    switch (show) {
    case SHOW_OPEN:
        return is_undecided(item) && (item->errors || item->warnings);
    case SHOW_UNDECIDED:
        return is_undecided(item);
    case SHOW_DECIDED:
        return !is_undecided(item);
    case SHOW_ALL:
    case SHOW_COUNT:
        break;
    }
    return true;
}

static enum draft_show show_of(struct str word)
{
    for (enum draft_show i = 0; i < SHOW_COUNT; i++)
        if (str_eq(word, str_of(show_words[i])))
            return i;
    return SHOW_OPEN;
}

/* The items that are shown, by their clauses: a page of them, from the clause numbered page->from. */
static void fill_clauses(struct site *s, const struct draft_view *v, struct draft_page *page)
{
    struct ctx *c = s->c;
    struct draft_clause *clause = NULL;
    struct str path = {NULL, 0};
    size_t n = 0; /* clauses met so far */
    for (size_t i = 0; i < v->items.n; i++)
        for (enum draft_show k = 0; k < SHOW_COUNT; k++)
            page->counts[k] += is_shown(&v->items.v[i], k);
    for (size_t i = 0; i < v->items.n; i++) {
        const struct draft_item *item = &v->items.v[i];
        if (!is_shown(item, page->show))
            continue;
        if (!n || !path.p || !item->path.p || !str_eq(path, item->path)) {
            path = item->path;
            clause = NULL;
            if (n++ < page->from)
                continue;
            if (page->clauses.n == CLAUSES_SHOWN) {
                page->next = n - 1;
                return;
            }
            clause = PUSH(c->arena, &page->clauses);
            *clause = (struct draft_clause){.path = path, .lines = draft_lines_of(v, item)};
        }
        if (clause)
            *PUSH(c->arena, &clause->items) =
                (struct draft_item_shown){item, draft_kind_label(item), draft_fields_of(c, item, s->page.lang)};
    }
}

static enum err show_draft(struct site *s)
{
    struct draft_view *view;
    int64_t from;
    TRY(open_draft(s, &view));
    struct draft_page page = {.view = view, .show = show_of(site_query(s, "show"))};
    page.show_word = show_words[page.show];
    if (str_i64(site_query(s, "after"), &from) && from > 0)
        page.from = (size_t)from;
    fill_clauses(s, view, &page);
    site_begin(s, draft_url(s, view->row.id), draft_title(s, view), NAV_PLANS);
    s->frame.has_data = true;
    s->frame.json = url_form(s->c->arena, draft_url(s, view->row.id), "/items.json");
    s->frame.csv = url_form(s->c->arena, draft_url(s, view->row.id), "/items.csv");
    s->frame.xlsx = url_form(s->c->arena, draft_url(s, view->row.id), "/items.xlsx");
    draft_html(&s->page, &s->frame, &page);
    return OK;
}

/* --- one item --- */

static struct url item_url(struct site *s, int64_t id, struct str key)
{
    return URL(s->c->arena, "/drafts/{}/items/{}", str_fmt(s->c->arena, "%" PRId64, id), key);
}

static enum err show_item_with(struct site *s, struct draft_view *view, const struct http_pairs *typed, enum err why)
{
    struct ctx *c = s->c;
    struct draft_item *item = draft_item(view, s->part[1]);
    if (!item)
        return FAIL(c, E_NOTFOUND, "bản dựng không có mục này (no such item)");
    size_t at = (size_t)(item - view->items.v);
    struct draft_item_page page = {.view = view,
                                   .shown = {item, draft_kind_label(item), draft_fields_of(c, item, s->page.lang)},
                                   .lines = draft_lines_of(view, item),
                                   .inputs = draft_inputs_of(c, item, typed, s->page.lang),
                                   .before = at ? item - 1 : NULL,
                                   .after = at + 1 < view->items.n ? item + 1 : NULL,
                                   .back = draft_url(s, view->row.id),
                                   .reason = typed            ? site_field(s, "reason")
                                             : item->reason.p ? item->reason
                                                              : S("")};
    if (why) {
        struct str field = c->error.field, message = said(s);
        bool placed = false;
        for (size_t i = 0; i < page.inputs.n; i++)
            if (str_eq(page.inputs.v[i].name, field)) {
                page.inputs.v[i].error = message;
                placed = true;
            }
        if (str_eq(field, S("reason")))
            page.reason_error = message;
        else if (str_eq(field, S("version")))
            page.stale = true;
        else if (!placed)
            page.problem = message;
    }
    struct str title = str_fmt(c->arena, "%.*s %.*s", ARGS(site_text(s, page.shown.kind)), ARGS(item->path));
    site_begin(s, item_url(s, view->row.id, item->key), str_trim(title), NAV_PLANS);
    draft_item_html(&s->page, &s->frame, &page);
    return OK;
}

static enum err show_item(struct site *s)
{
    struct draft_view *view;
    TRY(open_draft(s, &view));
    return show_item_with(s, view, NULL, OK);
}

/* Where to go on after a decision: the list it was made in, at the next item there. */
static struct url after_decision(struct site *s, const struct draft_view *view, const struct draft_item *item)
{
    enum draft_show show = show_of(site_field(s, "show"));
    struct url list = draft_url(s, view->row.id);
    if (show != SHOW_OPEN)
        list = url_with(s->c->arena, list, "show", str_of(show_words[show]));
    bool from_item = str_eq(site_field(s, "from"), S("item"));
    for (const struct draft_item *next = item + 1; next < view->items.v + view->items.n; next++)
        if (is_shown(next, from_item ? SHOW_OPEN : show))
            return from_item ? item_url(s, view->row.id, next->key) : url_at(s->c->arena, list, next->key);
    return list;
}

static enum err post_item(struct site *s)
{
    struct draft_view *view;
    TRY(open_draft(s, &view));
    const struct draft_item *item = draft_item(view, s->part[1]);
    if (!item)
        return FAIL(s->c, E_NOTFOUND, "bản dựng không có mục này (no such item)");
    struct draft_decision d = {.draft = view->row.id,
                               .version = seen_version(s),
                               .item = item->key,
                               .decision = site_field(s, "decision"),
                               .reason = site_field(s, "reason")};
    bool mend = str_eq(d.decision, S("mend"));
    if (mend)
        d.set = draft_typed(s->c, item, &s->form, s->page.lang);
    enum err e = site_run(s, op_find(S("draft.decide")), &d, NULL);
    if (!e)
        return site_go(s, after_decision(s, view, item));
    return tell(s, e) ? show_item_with(s, view, &s->form, e) : e;
}

static enum err post_rest(struct site *s)
{
    int64_t id;
    TRY(read_id(s, &id));
    TRY(run(s, "draft.accept_rest", (struct given[]){{"draft", s->part[0]}, {0}}));
    return site_go(s, draft_url(s, id));
}

/* --- approving --- */

static enum err show_approve_with(struct site *s, enum err why)
{
    struct draft_view *view;
    struct plan_row held;
    struct str problem = why ? said(s) : S(""), field = s->c->error.field, asked = site_field(s, "slug");
    TRY(open_draft(s, &view));
    struct draft_approve_page page = {.view = view, .slug = asked.n ? asked : plan_slug(s->c, &view->now)};
    if (why && str_eq(field, S("slug")))
        page.slug_error = problem;
    else if (why)
        page.error = problem;
    enum err found = plan_get(s->c, page.slug, POS_NOW, &held);
    if (found && found != E_NOTFOUND)
        return found;
    page.slug_held = !found;
    struct url here = URL(s->c->arena, "/drafts/{}/approve", s->part[0]);
    site_begin(s, here, site_text(s, &M_draft_approve_title), NAV_PLANS);
    draft_approve_html(&s->page, &s->frame, &page);
    return OK;
}

static enum err show_approve(struct site *s)
{
    return show_approve_with(s, OK);
}

static enum err post_approve(struct site *s)
{
    struct draft_row row;
    int64_t id;
    TRY(read_id(s, &id));
    enum err e = run(s, "plan.approve",
                     (struct given[]){{"draft", s->part[0]},
                                      {"slug", str_trim(site_field(s, "slug"))},
                                      {"version", site_field(s, "_version")},
                                      {0}});
    if (e)
        return tell(s, e) ? show_approve_with(s, e) : e;
    /* What the writer has just committed is seen by a reader that begins now. */
    TRY(draft_get(s->c, id, POS_NOW, &row));
    return site_go(s, row.plan.n ? URL(s->c->arena, "/plans/{}", row.plan) : url_fixed("/plans"));
}

static enum err post_discard(struct site *s)
{
    enum err e = run(s, "draft.discard",
                     (struct given[]){{"draft", s->part[0]},
                                      {"reason", str_trim(site_field(s, "reason"))},
                                      {"version", site_field(s, "_version")},
                                      {0}});
    if (e)
        return tell(s, e) ? show_approve_with(s, e) : e;
    return site_go(s, url_fixed("/drafts"));
}

const struct route draft_routes[] = {
    ROUTE("/drafts", PERM_PLAN, show_drafts, post_drafts),
    ROUTE("/drafts/{}", PERM_PLAN, show_draft, NULL),
    ROUTE("/drafts/{}/accept-rest", PERM_PLAN, show_draft, post_rest),
    ROUTE("/drafts/{}/approve", PERM_PLAN, show_approve, post_approve),
    ROUTE("/drafts/{}/discard", PERM_PLAN, show_approve, post_discard),
    ROUTE("/drafts/{}/items/{}", PERM_PLAN, show_item, post_item),
    {0},
};
