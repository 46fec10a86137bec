#include "domain/search/search.h"

#include "base/out.h"
#include "domain/search/query.h"
#include "domain/search/rank.h"
#include "domain/search/search.sql.h"
#include "domain/sight/sight.h"
#include "store/db.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

RECORD(search_part_record, struct search_part, "part", "A piece of a title or text",
       {"text", FIELD_TEXT, offsetof(struct search_part, text), .doc = "The words of it", .required = true},
       {"hit", FIELD_BOOL, offsetof(struct search_part, hit), .doc = "Is it what was asked for?", .required = true});

RECORD(search_result_record, struct search_result, "result", "Something found",
       {"kind", FIELD_TEXT, offsetof(struct search_result, kind), .one_of = SEARCH_KINDS, .doc = "What it is",
        .required = true},
       {"plan", FIELD_TEXT, offsetof(struct search_result, plan), .doc = "Slug of its plan"},
       {"path", FIELD_TEXT, offsetof(struct search_result, path),
        .doc = "Path of a clause, code of a body, group or area"},
       {"address", FIELD_TEXT, offsetof(struct search_result, address), .doc = "Address of its page", .required = true},
       {"title", FIELD_TEXT, offsetof(struct search_result, title), .doc = "Its title or name", .required = true},
       {"snippet", FIELD_TEXT, offsetof(struct search_result, snippet), .doc = "The part of its text with the hits"},
       {"title_parts", FIELD_LIST, offsetof(struct search_result, title_parts), .of = &search_part_record,
        .doc = "The title, cut where a hit begins and ends"},
       {"snippet_parts", FIELD_LIST, offsetof(struct search_result, snippet_parts), .of = &search_part_record,
        .doc = "The snippet, cut where a hit begins and ends"});

struct row {
    int64_t id;
    struct str kind, plan, path, title, text;
};
RECORD(search_row_record, struct row, "search_hit", "A document that may answer",
       {"id", FIELD_I64, offsetof(struct row, id)}, {"kind", FIELD_TEXT, offsetof(struct row, kind)},
       {"plan", FIELD_TEXT, offsetof(struct row, plan)}, {"path", FIELD_TEXT, offsetof(struct row, path)},
       {"title", FIELD_TEXT, offsetof(struct row, title)}, {"text", FIELD_TEXT, offsetof(struct row, text)});

struct candidate {
    struct row row;
    enum named named;
    int64_t score;
};

struct candidates {
    struct candidate *v;
    size_t n, cap;
};

struct finding {
    struct ctx *c;
    const struct search_query *q;
    struct str only; /* words for the kind and the plan asked for */
    struct candidates found;
};

/* --- what the engine is asked --- */

static struct str with_key(struct arena *a, const char *key, struct str word, bool prefix)
{
    return str_fmt(a, "%s%.*s%s", key, ARGS(str_head(word, QUERY_KEY)), prefix ? "*" : "");
}

/* All words of the query, each as `key` says it stands; `prefix`: the last one may be the beginning of a word. */
static struct str all_words(const struct finding *f, const char *key, bool typed, bool prefix)
{
    struct arena *a = f->c->arena;
    struct str *words = NEWN(a, struct str, f->q->n + 1);
    for (size_t i = 0; i < f->q->n; i++) {
        const struct query_word *w = &f->q->v[i];
        words[i] = with_key(a, key, typed ? w->typed : w->fold, prefix && w->prefix);
    }
    return str_join(a, words, f->q->n, S(" "));
}

static enum err ask(struct finding *f, struct str words, size_t most, enum named named)
{
    struct ctx *c = f->c;
    struct row row = {0};
    words = str_fmt(c->arena, "%.*s%.*s", ARGS(words), ARGS(f->only));
    size_t known = f->found.n;
    struct rows rows = db_query(c, SQL_search_hits, ARG(words), ARG((int64_t)most), ARG(plan_seen(c)));
    while (db_next(&rows, &search_row_record, &row)) {
        bool there = false;
        for (size_t i = 0; i < known && !there; i++)
            there = f->found.v[i].row.id == row.id;
        if (!there)
            *PUSH(c->arena, &f->found) = (struct candidate){row, named, 0};
    }
    return db_done(&rows);
}

/* What is called so and what stands under it; then what has the words. If that is too much to be judged: what has them
 * with their marks, or in its title, goes first. */
static enum err collect(struct finding *f, bool *ret_limited)
{
    struct arena *a = f->c->arena;
    if (f->q->name.n) {
        TRY(ask(f, with_key(a, KEY_NAME, f->q->name, false), SEARCH_JUDGED, NAMED_SO));
        TRY(ask(f, with_key(a, KEY_PATH, str_fmt(a, "%.*s_", ARGS(f->q->name)), true), SEARCH_JUDGED, NAMED_UNDER));
    }
    struct str all = all_words(f, KEY_ANY, false, true), asked = str_fmt(a, "%.*s%.*s", ARGS(all), ARGS(f->only));
    int64_t more;
    TRY(db_number(f->c, SQL_search_more, &more, ARG(asked), ARG((int64_t)SEARCH_JUDGED), ARG(plan_seen(f->c))));
    *ret_limited = more != 0;
    if (!more)
        return ask(f, all, SEARCH_JUDGED, NAMED_NOT);
    const struct str better[] = {all_words(f, KEY_TITLE_TYPED, true, false), all_words(f, KEY_TYPED, true, false),
                                 all_words(f, KEY_TYPED, true, true), all_words(f, KEY_TITLE, false, true), all};
    for (size_t i = 0; i < sizeof better / sizeof *better && f->found.n < SEARCH_JUDGED; i++)
        TRY(ask(f, better[i], SEARCH_JUDGED, NAMED_NOT));
    if (f->found.n > SEARCH_JUDGED)
        f->found.n = SEARCH_JUDGED;
    return OK;
}

/* --- the order --- */

static unsigned kind_place(struct str kind)
{
    struct str kinds = S(SEARCH_KINDS), one;
    unsigned place = 0;
    while (str_cut(&kinds, '|', &one) && !str_eq(one, kind))
        place++;
    return place < 15 ? place : 15;
}

static int in_order(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    if (x->score != y->score)
        return x->score < y->score ? -1 : 1;
    return (x->row.id > y->row.id) - (x->row.id < y->row.id);
}

static struct str first_kind(struct str kinds)
{
    struct str kind = S("");
    str_cut(&kinds, ' ', &kind);
    return kind;
}

static bool is_of_kind(struct str kinds, struct str kind)
{
    struct str one;
    while (str_cut(&kinds, ' ', &one))
        if (str_eq(one, kind))
            return true;
    return false;
}

static void judge_all(struct finding *f)
{
    struct candidates *found = &f->found;
    size_t n = 0;
    for (size_t i = 0; i < found->n; i++) {
        struct candidate *v = &found->v[i];
        struct arena_mark mark = arena_mark(f->c->arena);
        v->score =
            search_judge(f->c->arena, f->q, v->row.title, v->row.text, v->named, kind_place(first_kind(v->row.kind)));
        arena_rewind(f->c->arena, mark);
        if (v->score >= 0)
            found->v[n++] = *v;
    }
    found->n = n;
    if (n)
        qsort(found->v, n, sizeof *found->v, in_order);
}

/* --- addresses --- */

static void put_segment(struct out *o, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                     c == '.' || c == '_' || c == '~';
        if (plain)
            out_char(o, (char)c);
        else
            out_fmt(o, "%%%02X", c);
    }
}

static struct str address_of(struct arena *a, const struct row *row)
{
    struct out o;
    out_init(&o, a, 64 << 10);
    if (row->plan.n) {
        out_put(&o, S("/plans/"));
        put_segment(&o, row->plan);
        out_put(&o, row->path.n ? S("/clauses/") : S(""));
    } else {
        out_put(&o, str_eq(row->kind, S("area"))        ? S("/areas/")
                    : str_eq(row->kind, S("indicator")) ? S("/indicators/")
                                                        : S("/orgs/"));
    }
    put_segment(&o, row->path);
    return str_dup(a, out_str(&o));
}

/* --- a page of results --- */

static enum err refuse(struct ctx *c, struct str field, const char *why)
{
    enum err e = FAIL(c, E_INVALID, "%s", why);
    c->error.field = field;
    return e;
}

enum err search_refuse_past(struct ctx *c)
{
    return refuse(c, S("as_of"),
                  "chỉ tìm được trong hiện tại, không tìm lùi về một ngày trước; hãy bỏ as-of (search knows the "
                  "present alone: leave as-of out)");
}

/* A cursor is the place of the last result given: "score.id". */
static enum err read_cursor(struct ctx *c, struct str after, struct candidate *ret)
{
    struct str score;
    if (!str_cut(&after, '.', &score) || !str_i64(score, &ret->score) || !str_i64(after, &ret->row.id))
        return refuse(c, S("after"),
                      "after phải là giá trị next của trang trước (must be the next of the page before)");
    return OK;
}

/* What has to be there beside the words. */
static struct str filter(struct arena *a, struct str kind, struct str plan)
{
    struct str of_kind = kind.n ? str_fmt(a, " " KEY_KIND "%.*s", ARGS(kind)) : S("");
    struct str of_plan = plan.n ? str_fmt(a, " " KEY_PLAN "%.*s", ARGS(search_name(a, plan))) : S("");
    return str_fmt(a, "%.*s%.*s", ARGS(of_kind), ARGS(of_plan));
}

static void count_kinds(const struct finding *f, struct search_results *ret)
{
    for (size_t i = 0; i < f->found.n; i++) {
        struct str kinds = f->found.v[i].row.kind, kind;
        while (str_cut(&kinds, ' ', &kind)) {
            unsigned place = kind_place(kind);
            if (place < SEARCH_N_KINDS)
                ret->of_kind[place]++;
        }
    }
    ret->of_all = ret->limited ? -1 : (int64_t)f->found.n;
}

/* Those of one kind. If all that there is was not judged, the engine is asked for them alone. */
static enum err keep_kind(struct finding *f, const struct search_asked *asked, struct search_results *ret)
{
    if (!asked->kind.n)
        return OK;
    if (ret->limited) {
        f->only = filter(f->c->arena, asked->kind, asked->plan);
        f->found.n = 0;
        TRY(collect(f, &ret->limited));
        judge_all(f);
        return OK;
    }
    size_t n = 0;
    for (size_t i = 0; i < f->found.n; i++)
        if (is_of_kind(f->found.v[i].row.kind, asked->kind))
            f->found.v[n++] = f->found.v[i];
    f->found.n = n;
    return OK;
}

static enum err check(struct ctx *c, const struct search_asked *asked)
{
    struct str kinds = S(SEARCH_KINDS), kind;
    bool known = !asked->kind.n;
    while (!known && str_cut(&kinds, '|', &kind))
        known = str_eq(kind, asked->kind);
    if (!known)
        return refuse(c, S("kind"), "kind phải là một trong " SEARCH_KINDS " (must be one of them)");
    if (asked->limit != I64_NONE && (asked->limit < 1 || asked->limit > SEARCH_PAGE_MAX))
        return refuse(c, S("limit"), "limit phải từ 1 đến 100 (must be 1 to 100)");
    return OK;
}

enum err search_find(struct ctx *c, const struct search_asked *asked, struct search_results *ret)
{
    struct search_query q;
    struct candidate after = {.score = -1};
    struct search_results results = {0};
    size_t limit = asked->limit == I64_NONE ? SEARCH_PAGE : (size_t)asked->limit;
    TRY(check(c, asked));
    TRY(search_query_read(c, asked->q, &q));
    if (asked->after.n)
        TRY(read_cursor(c, asked->after, &after));
    struct finding f = {.c = c, .q = &q, .only = filter(c->arena, S(""), asked->plan)};
    TRY(collect(&f, &results.limited));
    judge_all(&f);
    count_kinds(&f, &results);
    TRY(keep_kind(&f, asked, &results));
    results.found = (int64_t)f.found.n;
    for (size_t i = 0; i < f.found.n; i++) {
        const struct candidate *v = &f.found.v[i];
        if (in_order(v, &after) <= 0) {
            results.before++;
            continue;
        }
        if (results.n == limit) {
            const struct candidate *last = v - 1;
            results.next = str_fmt(c->arena, "%lld.%lld", (long long)last->score, (long long)last->row.id);
            break;
        }
        struct search_result *r = PUSH(c->arena, &results);
        sight_tell(c, v->row.id / SEARCH_OWNED, v->row.path.p ? v->row.path : S(""));
        *r = (struct search_result){.kind = first_kind(v->row.kind),
                                    .plan = v->row.plan,
                                    .path = v->row.path,
                                    .address = address_of(c->arena, &v->row),
                                    .title = v->row.title};
        search_show(c->arena, &q, v->row.title, v->row.text, r);
    }
    *ret = results;
    return OK;
}
