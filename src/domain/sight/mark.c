/* mark.c - what people decided, and what follows from it. */
#include "base/emit.h"
#include "base/viet.h"
#include "domain/sight/sight_rows.h"
#include "ledger/ledger.h"

#include <inttypes.h>

#include "base/banned.h"

enum { REASON_MAX = 4000, PATH_MAX_BYTES = 200 };

#define TEXT(type, member, about, ...)                                                                                 \
    {                                                                                                                  \
#member, FIELD_TEXT, offsetof(struct type, member), .doc = about, ##__VA_ARGS__                                \
    }

RECORD(mark_record, struct mark, "mark", "How open an item of a plan is, as somebody decided",
       TEXT(mark, plan, "Plan (slug)"), TEXT(mark, path, "Clause, with all that stands under it; empty: the plan"),
       TEXT(mark, level, "Level", .one_of = SIGHT_LEVELS), TEXT(mark, reason, "Why"), TEXT(mark, actor, "Who decided"),
       {"at_us", FIELD_I64, offsetof(struct mark, at_us), .doc = "When", .unit = "µs"});
RECORD(mark_row_record, struct mark, "mark_row", "A mark in the store", TEXT(mark, plan, ""), TEXT(mark, path, ""),
       TEXT(mark, level, ""), TEXT(mark, reason, ""), TEXT(mark, actor, ""),
       {"at_us", FIELD_I64, offsetof(struct mark, at_us), .doc = ""},
       {"plan_id", FIELD_I64, offsetof(struct mark, plan_id), .doc = ""});

static enum err refuse(struct ctx *c, const char *field, const char *why)
{
    enum err e = FAIL(c, E_INVALID, "%s", why);
    c->error.field = str_of(field);
    return e;
}

static enum err find_plan(struct ctx *c, struct str slug, int64_t *ret)
{
    enum err e = db_number(c, SQL_sight_plan, ret, ARG(slug));
    return e == E_NOTFOUND ? FAIL(c, E_NOTFOUND, "không có kế hoạch \"%.*s\" (no such plan)", ARGS(slug)) : e;
}

static enum err read_marks(struct ctx *c, int64_t plan, struct marks *ret)
{
    struct marks list = {0};
    struct mark row = {{0}};
    struct rows rows = db_query(c, SQL_sight_marks, ARG(plan));
    while (db_next(&rows, &mark_row_record, &row))
        *PUSH(c->arena, &list) = row;
    *ret = list;
    return db_done(&rows);
}

enum err sight_marks(struct ctx *c, struct str slug, struct marks *ret)
{
    int64_t plan = I64_NONE;
    if (slug.n)
        TRY(find_plan(c, slug, &plan));
    return read_marks(c, plan, ret);
}

static int rank_of(struct str level)
{
    return str_eq(level, S("restricted")) ? 2 : str_eq(level, S("public")) ? 0 : 1;
}

/* By the marks above a path, and by its own if `own`. */
static struct str level_of(const struct marks *marks, struct str path, bool own)
{
    struct str level = {NULL, 0};
    for (size_t i = 0; i < marks->n; i++) {
        const struct mark *m = &marks->v[i];
        if (sight_covers(m->path, path) && (own || !str_eq(m->path, path)) &&
            (!level.p || rank_of(m->level) > rank_of(level)))
            level = m->level;
    }
    return level;
}

/* A mark on a path does not make the plan around it public or internal: without one of its own that is internal. */
struct str sight_level(const struct marks *marks, struct str path)
{
    struct str whole = S("internal"), level = level_of(marks, path, true);
    for (size_t i = 0; i < marks->n; i++)
        if (!marks->v[i].path.n)
            whole = marks->v[i].level;
    return !level.p || rank_of(level) < rank_of(whole) ? whole : level;
}

const struct mark *sight_source(const struct marks *marks, struct str path)
{
    const struct mark *best = NULL;
    struct str level = sight_level(marks, path);
    for (size_t i = 0; i < marks->n; i++) {
        const struct mark *m = &marks->v[i];
        if (sight_covers(m->path, path) && str_eq(m->level, level) && (!best || m->path.n > best->path.n))
            best = m;
    }
    return best;
}

/* --- what follows from the marks --- */

struct said {
    struct str path, text;
    int64_t shut;
};
RECORD(said_record, struct said, "said", "Words of a clause", TEXT(said, path, ""), TEXT(said, text, ""),
       {"shut", FIELD_I64, offsetof(struct said, shut), .doc = ""});
struct all_said {
    struct said *v;
    size_t n, cap;
};

struct found {
    struct str key, path, message, message_en;
};
RECORD(found_record, struct found, "found", "A finding", TEXT(found, key, ""), TEXT(found, path, ""),
       TEXT(found, message, ""), TEXT(found, message_en, ""));

static enum err shut_under_marks(struct ctx *c, int64_t plan, const struct marks *marks)
{
    TRY(db_exec(c, SQL_sight_shut_clear, ARG(plan)));
    for (size_t i = 0; i < marks->n; i++)
        if (str_eq(marks->v[i].level, S("restricted")))
            TRY(db_exec(c, SQL_sight_shut_under, ARG(plan), ARG(marks->v[i].path)));
    return OK;
}

static enum err put_mark(struct ctx *c, const struct mark *m, int64_t position)
{
    TRY(db_exec(c, SQL_sight_mark_close, ARG(m->plan_id), ARG(m->path), ARG(position)));
    return db_exec(c, SQL_sight_mark_insert, ARG(m->plan_id), ARG(m->path), ARG(m->level), ARG(m->reason),
                   ARG(m->actor), ARG(m->at_us), ARG(position));
}

/* Words that stood at a restricted path stand at another now: the mark goes with them, and stays where it was. */
static enum err follow(struct ctx *c, int64_t plan, int64_t position, bool *ret_any)
{
    struct all_said moved = {0};
    struct said row = {{0}};
    struct rows rows = db_query(c, SQL_sight_moved, ARG(plan));
    while (db_next(&rows, &said_record, &row))
        if (!moved.n || !str_eq(moved.v[moved.n - 1].path, row.path))
            *PUSH(c->arena, &moved) = row;
    TRY(db_done(&rows));
    for (size_t i = 0; i < moved.n; i++) {
        struct mark m = {.plan_id = plan,
                         .path = moved.v[i].path,
                         .level = S("restricted"),
                         .reason =
                             str_fmt(c->arena, "nội dung chuyển từ mục %.*s (moved from there)", ARGS(moved.v[i].text)),
                         .actor = c->actor.name.p ? c->actor.name : S(""),
                         .at_us = ctx_now(c)};
        TRY(put_mark(c, &m, position));
    }
    *ret_any = moved.n > 0;
    return OK;
}

static enum err read_said(struct ctx *c, int64_t plan, struct all_said *ret)
{
    struct said row = {{0}};
    struct rows rows = db_query(c, SQL_sight_texts, ARG(plan));
    *ret = (struct all_said){0};
    while (db_next(&rows, &said_record, &row))
        *PUSH(c->arena, ret) = row;
    return db_done(&rows);
}

/* Shorter words occur anywhere. */
enum { QUOTE_MIN = 24 };

/* A clause that repeats what is said below it. */
static enum err shut_above(struct ctx *c, int64_t plan, const struct all_said *said)
{
    for (size_t i = 0; i < said->n; i++) {
        const struct said *above = &said->v[i];
        for (size_t k = 0; !above->shut && k < said->n; k++) {
            const struct said *below = &said->v[k];
            if (!below->shut || below->text.n < QUOTE_MIN || !sight_covers(above->path, below->path) ||
                !str_has(above->text, below->text))
                continue;
            TRY(db_exec(c, SQL_sight_shut_add, ARG(plan), ARG(above->path), ARG(above->path)));
            break;
        }
    }
    return OK;
}

/* Is `path` named in the words, and not only the beginning of another? */
static bool names(struct str words, struct str path)
{
    for (size_t at = str_find(words, path, 0); at != SIZE_MAX; at = str_find(words, path, at + 1)) {
        char before = at ? words.p[at - 1] : ' ', after = at + path.n < words.n ? words.p[at + path.n] : ' ';
        bool goes_on =
            (after >= '0' && after <= '9') || (after >= 'a' && after <= 'z') || (after >= 'A' && after <= 'Z');
        bool begins = !((before >= '0' && before <= '9') || (before >= 'a' && before <= 'z') ||
                        (before >= 'A' && before <= 'Z') || before == '.' || before == '-');
        if (begins && !goes_on)
            return true;
    }
    return false;
}

static bool quotes(const struct all_said *said, struct str words)
{
    for (size_t i = 0; words.n && i < said->n; i++) {
        const struct said *s = &said->v[i];
        if (s->shut && ((s->path.n && names(words, s->path)) || (s->text.n >= QUOTE_MIN && str_has(words, s->text))))
            return true;
    }
    return false;
}

/* What is found over the whole plan counts what is restricted with the rest. */
static enum err shut_findings(struct ctx *c, int64_t plan, const struct all_said *said)
{
    struct {
        struct str *v;
        size_t n, cap;
    } keys = {0};
    struct found row = {{0}};
    struct rows rows = db_query(c, SQL_sight_findings, ARG(plan));
    while (db_next(&rows, &found_record, &row))
        if (!row.path.n || quotes(said, row.message) || quotes(said, row.message_en))
            *PUSH(c->arena, &keys) = str_fmt(c->arena, "finding %.*s", ARGS(row.key));
    TRY(db_done(&rows));
    for (size_t i = 0; i < keys.n; i++)
        TRY(db_exec(c, SQL_sight_shut_add, ARG(plan), ARG(keys.v[i]), ARG(S("!"))));
    return OK;
}

enum err sight_rebuild(struct ctx *c, int64_t plan, int64_t position)
{
    struct marks marks;
    struct all_said said;
    bool any = false, moved = false;
    TRY(read_marks(c, plan, &marks));
    TRY(shut_under_marks(c, plan, &marks));
    for (size_t i = 0; i < marks.n; i++)
        any |= str_eq(marks.v[i].level, S("restricted"));
    if (!any)
        return OK;
    TRY(follow(c, plan, position, &moved));
    if (moved) {
        TRY(read_marks(c, plan, &marks));
        TRY(shut_under_marks(c, plan, &marks));
    }
    TRY(read_said(c, plan, &said));
    TRY(shut_above(c, plan, &said));
    TRY(read_said(c, plan, &said));
    return shut_findings(c, plan, &said);
}

/* --- deciding --- */

static enum err check(struct ctx *c, const struct marks *marks, const struct mark *m)
{
    int64_t there = 0;
    struct str levels = S(SIGHT_LEVELS), level;
    bool known = false;
    while (!known && str_cut(&levels, '|', &level))
        known = str_eq(level, m->level);
    if (!known)
        return refuse(c, "level", "phải là public, internal hoặc restricted (must be one of them)");
    if (!m->reason.n)
        return refuse(c, "reason", "phải nêu lý do phân loại (a reason is needed)");
    if (m->reason.n > REASON_MAX)
        return refuse(c, "reason", "lý do dài quá 4000 byte (the reason is too long)");
    if (!m->path.n)
        return OK;
    if (m->path.n <= PATH_MAX_BYTES)
        TRY(db_number(c, SQL_sight_has_clause, &there, ARG(m->plan_id), ARG(m->path)));
    if (!there) {
        enum err e = FAIL(c, E_NOTFOUND, "không có mục %.*s trong kế hoạch này (no such clause)",
                          ARGS(str_head(m->path, PATH_MAX_BYTES)));
        c->error.field = S("path");
        return e;
    }
    struct marks above = {NEWN(c->arena, struct mark, marks->n + 1), 0, 0};
    for (size_t i = 0; i < marks->n; i++)
        if (!str_eq(marks->v[i].path, m->path))
            above.v[above.n++] = marks->v[i];
    if (rank_of(m->level) < rank_of(sight_level(&above, m->path)))
        return refuse(
            c, "level",
            "không thể mở hơn kế hoạch hoặc mục bên trên; hãy đổi mức ở đó trước (it cannot be more open than "
            "the plan or the clause above: change that first)");
    return OK;
}

static struct str payload_of(struct ctx *c, const struct mark *m)
{
    struct out o;
    struct emit e;
    out_init(&o, c->arena, 64 << 10);
    emit_init(&e, &o, EMIT_JSON);
    emit_record(&e, &mark_record, m);
    return str_trim(out_str(&o));
}

enum err sight_classify(struct ctx *c, struct str slug, struct str path, struct str level, struct str reason,
                        int64_t *ret_position)
{
    struct marks marks;
    struct mark m = {.plan = slug,
                     .path = path.n ? path : S(""),
                     .level = level,
                     .reason = str_trim(viet_nfc(c->arena, reason.p ? reason : S(""))),
                     .actor = c->actor.name.p ? c->actor.name : S(""),
                     .at_us = ctx_now(c)};
    TRY(find_plan(c, slug, &m.plan_id));
    TRY(read_marks(c, m.plan_id, &marks));
    TRY(check(c, &marks, &m));
    *ret_position = 0;
    for (size_t i = 0; i < marks.n; i++)
        if (str_eq(marks.v[i].path, m.path) && str_eq(marks.v[i].level, m.level) && str_eq(marks.v[i].reason, m.reason))
            return OK;
    struct str subject = m.path.n ? str_fmt(c->arena, "plans/%.*s/%.*s", ARGS(slug), ARGS(m.path))
                                  : str_fmt(c->arena, "plans/%.*s", ARGS(slug));
    TRY(ledger_append(c, S("plan.classify"), subject, payload_of(c, &m), ret_position));
    /* In the history of the clause, as a plan's changes are. */
    struct str about = str_fmt(c->arena, "plans/%.*s/%.*s", ARGS(slug), ARGS(m.path));
    if (m.path.n)
        TRY(ledger_touch(c, *ret_position, (struct strs){&about, 1}));
    TRY(put_mark(c, &m, *ret_position));
    return sight_rebuild(c, m.plan_id, *ret_position);
}
