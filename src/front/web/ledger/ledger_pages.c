/* The ledger, one event, its verification, and the roots for everybody. */
#include "domain/history/history.h"
#include "domain/plan/list.h"
#include "front/ops.h"
#include "front/web/event.html.h"
#include "front/web/ledger.html.h"
#include "front/web/ledger/ledger_words.h"
#include "front/web/plan/filter.h"
#include "front/web/seals.html.h"
#include "front/web/verify.html.h"

#include <string.h>

#include "base/banned.h"

enum { CHAIN_PAGE = 20, SHOWN_CHANGES = 40, SEALS_PAGE = 100 };

/* --- the list ----------------------------------------------------------------------------------------------------- */

static enum err list_fields(struct filter *f)
{
    struct filter_field *field;
    field = filter_add(f, "body", &M_filter_body, FILTER_SELECT);
    TRY(filter_choices(f, field, LIST_TASK_BODIES, POS_NOW));
    field = filter_add(f, "kind", &M_ledger_kind, FILTER_SELECT);
    for (const struct event_kind *k = event_kinds; k->kind; k++)
        filter_choice(f, field, str_of(k->kind), site_text(f->site, k->label));
    filter_add(f, "actor", &M_ledger_filter_actor, FILTER_TEXT);
    filter_add(f, "behalf", &M_ledger_filter_behalf, FILTER_TEXT);
    filter_add(f, "subject", &M_ledger_filter_subject, FILTER_TEXT);
    filter_add(f, "from", &M_ledger_filter_from, FILTER_DAY);
    filter_add(f, "to", &M_ledger_filter_to, FILTER_DAY);
    field = filter_add(f, "order", &M_ledger_filter_order, FILTER_SELECT);
    field->any = &M_ledger_order_newest;
    if (str_eq(field->value, S("newest")))
        field->value = S("");
    filter_choice(f, field, S("oldest"), site_text(f->site, &M_ledger_order_oldest));
    return OK;
}

/* The plan whose clauses the paths of an event's changes are. */
static struct str slug_of(const struct event *e)
{
    struct str rest = e->subject, top = S(""), slug = S("");
    str_cut(&rest, '/', &top);
    str_cut(&rest, '/', &slug);
    return str_eq(top, S("plans")) ? slug : S("");
}

static enum err add_changes(struct site *s, const struct event *e, struct str subject, size_t most,
                            struct event_view *view)
{
    struct plan_changes changes;
    TRY(history_changes(s->c, e, subject, &changes, &view->more_changes));
    compare_fill(s->c, s->page.lang, &changes, slug_of(e), &view->changes);
    if (view->changes.n > most) {
        view->changes.n = most;
        view->more_changes = true;
    }
    return OK;
}

/* One thing that has versions: its list tells what each one changed. */
static bool is_one_item(struct str subject)
{
    struct str rest = subject, top = S(""), second = S("");
    str_cut(&rest, '/', &top);
    str_cut(&rest, '/', &second);
    return (str_eq(top, S("plans")) && rest.n) ||
           ((str_eq(top, S("users")) || str_eq(top, S("orgs"))) && second.n && !rest.n);
}

static enum err show_ledger(struct site *s)
{
    struct filter f;
    struct history_page page;
    struct ledger_page vm = {0};
    struct url unused;
    TRY(filter_init(&f, s, url_fixed("/ledger"), &history_query_record));
    struct history_query *q = f.args;
    if (q->subject.p)
        q->subject = history_subject(s->c, q->subject);
    bool chain = q->subject.p && is_one_item(q->subject);
    if (chain)
        q->limit = CHAIN_PAGE;
    TRY(history_list(s->c, q, chain, &page));
    for (size_t i = 0; i < page.events.n; i++) {
        struct event_view *view = PUSH(s->c->arena, &vm.rows);
        TRY(event_view_of(s, &page.events.v[i], view));
        if (chain)
            TRY(add_changes(s, &page.events.v[i], q->subject, SHOWN_CHANGES, view));
    }
    vm.stopped = page.stopped;
    vm.chain = chain;
    if (q->subject.p)
        vm.of = subject_words(s, q->subject, &unused);
    site_begin(s, f.here, site_text(s, &M_ledger_title), NAV_NONE);
    TRY(list_fields(&f));
    filter_done(&f, page.next);
    ledger_html(&s->page, &s->frame, &f, &vm);
    return OK;
}

/* --- one event ---------------------------------------------------------------------------------------------------- */

/* Why a payload is gone. */
static enum err read_erasure(struct site *s, int64_t position, struct event_page *page)
{
    struct events found;
    struct event erasure;
    struct event_page told = {0};
    struct str subject = str_fmt(s->c->arena, "ledger/events/%lld", (long long)position);
    TRY(ledger_about(s->c, subject, S("ledger.erase"), 1, &found));
    if (!found.n)
        return OK;
    page->erased_by = found.v[0].position;
    TRY(ledger_event(s->c, page->erased_by, &erasure));
    if (erasure.payload.p)
        payload_fields(s->c, erasure.payload, &told);
    for (size_t i = 0; i < told.fields.n; i++)
        if (str_eq(told.fields.v[i].name, S("reason")))
            page->erased_why = told.fields.v[i].value;
    return OK;
}

static struct str hex(struct ctx *c, struct str bytes)
{
    struct out o;
    out_init(&o, c->arena, 256);
    for (size_t i = 0; i < bytes.n; i++)
        out_fmt(&o, "%02x", (unsigned char)bytes.p[i]);
    return out_str(&o);
}

static enum err show_event(struct site *s)
{
    struct event e;
    struct event_page vm = {0};
    int64_t position;
    if (!str_i64(s->part[0], &position) || position < 1)
        return FAIL(s->c, E_NOTFOUND, "không có sự kiện này (no such event)");
    TRY(history_event(s->c, position, &e));
    TRY(event_view_of(s, &e, &vm.view));
    TRY(add_changes(s, &e, (struct str){0}, HISTORY_CHANGES_MAX, &vm.view));
    if (e.payload.p)
        payload_fields(s->c, e.payload, &vm);
    else
        TRY(read_erasure(s, position, &vm));
    TRY(ledger_covering(s->c, position, &vm.covered));
    vm.payload_hash = hex(s->c, e.payload_hash);
    vm.chain = hex(s->c, e.chain);
    struct url here = URL(s->c->arena, "/ledger/{}", s->part[0]);
    site_begin(s, here, str_fmt(s->c->arena, "%.*s %.*s", ARGS(site_text(s, &M_ledger_title)), ARGS(s->part[0])),
               NAV_NONE);
    site_data(s, here);
    vm.has_next = position < s->frame.position;
    event_html(&s->page, &s->frame, &vm);
    return OK;
}

/* --- verification ------------------------------------------------------------------------------------------------- */

static enum err write_verify(struct site *s, struct verify_page *vm)
{
    TRY(ledger_last_seal(s->c, &vm->sealed));
    site_begin(s, url_fixed("/ledger/verify"), site_text(s, &M_verify_title), NAV_NONE);
    vm->head = s->frame.position;
    verify_html(&s->page, &s->frame, vm);
    return OK;
}

static enum err show_verify(struct site *s)
{
    struct verify_page vm = {0};
    return write_verify(s, &vm);
}

/* On a worker, as every form is. */
static enum err run_verify(struct site *s)
{
    struct verdict verdict;
    struct verify_page vm = {.root = str_trim(site_field(s, "root"))};
    if (vm.root.n && !ledger_is_root(vm.root)) {
        vm.error = site_text(s, &M_verify_no_root);
        s->answer->status = 400;
        return write_verify(s, &vm);
    }
    TRY(ledger_verify_store(s->c, vm.root, &verdict));
    vm.verdict = &verdict;
    return write_verify(s, &vm);
}

/* --- for everybody ------------------------------------------------------------------------------------------------ */

static enum err show_seals(struct site *s)
{
    struct seals_page vm = {0};
    struct str after = site_query(s, "after");
    int64_t before = I64_NONE;
    if (after.n && (!str_i64(after, &before) || before < 1))
        return FAIL(s->c, E_INVALID, "after phải là giá trị next của trang trước (not a cursor)");
    TRY(ledger_roots(s->c, before, SEALS_PAGE + 1, &vm.roots));
    vm.begun = after.n > 0;
    vm.more = vm.roots.n > SEALS_PAGE;
    if (vm.more) {
        vm.roots.n = SEALS_PAGE;
        vm.next = url_with(s->c->arena, url_fixed("/public/seals"), "after",
                           str_fmt(s->c->arena, "%lld", (long long)vm.roots.v[SEALS_PAGE - 1].seq));
    }
    site_begin(s, url_fixed("/public/seals"), site_text(s, &M_seals_title), NAV_NONE);
    site_data(s, url_fixed("/public/seals"));
    seals_html(&s->page, &s->frame, &vm);
    return OK;
}

const struct route ledger_routes[] = {
    ROUTE("/ledger", PERM_HISTORY, show_ledger, NULL),
    ROUTE("/ledger/verify", PERM_HISTORY, show_verify, run_verify),
    ROUTE("/ledger/{}", PERM_HISTORY, show_event, NULL),
    ROUTE("/public/seals", PERM_PUBLIC, show_seals, NULL),
    {0},
};
