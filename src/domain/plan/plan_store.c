#include "domain/plan/plan_store.h"

#include "base/emit.h"
#include "base/viet.h"
#include "domain/plan/bodies.h"
#include "domain/plan/clause.sql.h"
#include "domain/plan/plan.sql.h"
#include "domain/sight/sight.h"
#include "ledger/ledger.h"

#include <math.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

/* --- rows as they stand in the store --- */

#define COLUMN(type, member, kind)                                                                                     \
    {                                                                                                                  \
#member, kind, offsetof(struct type, member), .doc = ""                                                        \
    }

struct clause_row {
    struct str key, kind, title, text;
    int64_t ordinal, line;
};
RECORD(clause_row_record, struct clause_row, "clause_row", "A clause in the store", COLUMN(clause_row, key, FIELD_TEXT),
       COLUMN(clause_row, ordinal, FIELD_I64), COLUMN(clause_row, kind, FIELD_TEXT),
       COLUMN(clause_row, title, FIELD_TEXT), COLUMN(clause_row, text, FIELD_TEXT),
       COLUMN(clause_row, line, FIELD_I64));

struct task_row {
    struct str key, title, text, product, objective, directions, results, schedule_text, schedule_kind;
    int64_t ordinal, programme, line;
    int32_t start_day, due_day;
};
RECORD(task_row_record, struct task_row, "task_row", "A task or programme in the store",
       COLUMN(task_row, key, FIELD_TEXT), COLUMN(task_row, ordinal, FIELD_I64), COLUMN(task_row, programme, FIELD_I64),
       COLUMN(task_row, title, FIELD_TEXT), COLUMN(task_row, text, FIELD_TEXT), COLUMN(task_row, product, FIELD_TEXT),
       COLUMN(task_row, objective, FIELD_TEXT), COLUMN(task_row, directions, FIELD_TEXT),
       COLUMN(task_row, results, FIELD_TEXT), COLUMN(task_row, schedule_text, FIELD_TEXT),
       COLUMN(task_row, schedule_kind, FIELD_TEXT), COLUMN(task_row, start_day, FIELD_DAY),
       COLUMN(task_row, due_day, FIELD_DAY), COLUMN(task_row, line, FIELD_I64));

struct phase_row {
    struct str key, task, text, kind;
    int64_t ordinal;
    int32_t start_day, due_day;
};
RECORD(phase_row_record, struct phase_row, "phase_row", "A phase in the store", COLUMN(phase_row, key, FIELD_TEXT),
       COLUMN(phase_row, task, FIELD_TEXT), COLUMN(phase_row, ordinal, FIELD_I64), COLUMN(phase_row, text, FIELD_TEXT),
       COLUMN(phase_row, kind, FIELD_TEXT), COLUMN(phase_row, start_day, FIELD_DAY),
       COLUMN(phase_row, due_day, FIELD_DAY));

struct body_row {
    struct str key, item, role, name, org;
    int64_t ordinal;
};
RECORD(body_row_record, struct body_row, "body_row", "A body's part in an item", COLUMN(body_row, key, FIELD_TEXT),
       COLUMN(body_row, item, FIELD_TEXT), COLUMN(body_row, role, FIELD_TEXT), COLUMN(body_row, ordinal, FIELD_I64),
       COLUMN(body_row, name, FIELD_TEXT), COLUMN(body_row, org, FIELD_TEXT));

struct target_row {
    struct str key, path, text, subject, measure, comparator, unit, per, by_year;
    int64_t ordinal, line;
    double low, high, baseline;
};
RECORD(target_row_record, struct target_row, "target_row", "A target in the store", COLUMN(target_row, key, FIELD_TEXT),
       COLUMN(target_row, ordinal, FIELD_I64), COLUMN(target_row, path, FIELD_TEXT),
       COLUMN(target_row, text, FIELD_TEXT), COLUMN(target_row, subject, FIELD_TEXT),
       COLUMN(target_row, measure, FIELD_TEXT), COLUMN(target_row, comparator, FIELD_TEXT),
       COLUMN(target_row, low, FIELD_F64), COLUMN(target_row, high, FIELD_F64), COLUMN(target_row, unit, FIELD_TEXT),
       COLUMN(target_row, per, FIELD_TEXT), COLUMN(target_row, by_year, FIELD_TEXT),
       COLUMN(target_row, baseline, FIELD_F64), COLUMN(target_row, line, FIELD_I64));

struct duty_row {
    struct str key, path, body, org, text, schedule_text, schedule_kind, receiver;
    int64_t ordinal, line;
    int32_t start_day, due_day;
};
RECORD(duty_row_record, struct duty_row, "duty_row", "A duty in the store", COLUMN(duty_row, key, FIELD_TEXT),
       COLUMN(duty_row, ordinal, FIELD_I64), COLUMN(duty_row, path, FIELD_TEXT), COLUMN(duty_row, body, FIELD_TEXT),
       COLUMN(duty_row, org, FIELD_TEXT), COLUMN(duty_row, text, FIELD_TEXT),
       COLUMN(duty_row, schedule_text, FIELD_TEXT), COLUMN(duty_row, schedule_kind, FIELD_TEXT),
       COLUMN(duty_row, start_day, FIELD_DAY), COLUMN(duty_row, due_day, FIELD_DAY),
       COLUMN(duty_row, receiver, FIELD_TEXT), COLUMN(duty_row, line, FIELD_I64));

struct finding_row {
    struct str key, rule, path, severity, message, message_en, other;
    int64_t ordinal, line;
};
RECORD(finding_row_record, struct finding_row, "finding_row", "A finding in the store",
       COLUMN(finding_row, key, FIELD_TEXT), COLUMN(finding_row, ordinal, FIELD_I64),
       COLUMN(finding_row, rule, FIELD_TEXT), COLUMN(finding_row, path, FIELD_TEXT),
       COLUMN(finding_row, severity, FIELD_TEXT), COLUMN(finding_row, message, FIELD_TEXT),
       COLUMN(finding_row, message_en, FIELD_TEXT), COLUMN(finding_row, other, FIELD_TEXT),
       COLUMN(finding_row, line, FIELD_I64));

#define KEPT(name)                                                                                                     \
    {                                                                                                                  \
        &name##_row_record, &SQL_##name##_current, &SQL_##name##_close, &SQL_##name##_insert                           \
    }
static const struct kept_table clause_table = KEPT(clause), task_table = KEPT(task), target_table = KEPT(target),
                               duty_table = KEPT(duty), finding_table = KEPT(finding),
                               phase_table = {&phase_row_record, &SQL_task_phase_current, &SQL_task_phase_close,
                                              &SQL_task_phase_insert},
                               body_table = {&body_row_record, &SQL_plan_body_current, &SQL_plan_body_close,
                                             &SQL_plan_body_insert};

RECORD(plan_row_record, struct plan_row, "plan_row", "An approved plan",
       {"id", FIELD_I64, offsetof(struct plan_row, id), .doc = "Number of the plan in this store"},
       {"slug", FIELD_TEXT, offsetof(struct plan_row, slug), .doc = "Its name in addresses", .required = true},
       {"title", FIELD_TEXT, offsetof(struct plan_row, title), .doc = "Its title"},
       {"number", FIELD_TEXT, offsetof(struct plan_row, number), .doc = "Number and symbol of the document"},
       {"issuer", FIELD_TEXT, offsetof(struct plan_row, issuer), .doc = "Body that issued it"},
       {"year_from", FIELD_TEXT, offsetof(struct plan_row, year_from), .doc = "First year"},
       {"year_to", FIELD_TEXT, offsetof(struct plan_row, year_to), .doc = "Last year"},
       {"year_vision", FIELD_TEXT, offsetof(struct plan_row, year_vision), .doc = "Year of the vision"},
       {"source", FIELD_BYTES, offsetof(struct plan_row, source), .doc = "Hash of the document"},
       {"source_name", FIELD_TEXT, offsetof(struct plan_row, source_name), .doc = "File name of the document"},
       {"position", FIELD_I64, offsetof(struct plan_row, position),
        .doc = "Position in the ledger since which it holds"},
       {"clauses", FIELD_I64, offsetof(struct plan_row, clauses), .doc = "How many clauses"},
       {"tasks", FIELD_I64, offsetof(struct plan_row, tasks), .doc = "How many tasks"},
       {"programmes", FIELD_I64, offsetof(struct plan_row, programmes), .doc = "How many programmes"},
       {"targets", FIELD_I64, offsetof(struct plan_row, targets), .doc = "How many targets"},
       {"duties", FIELD_I64, offsetof(struct plan_row, duties), .doc = "How many duties"},
       {"findings", FIELD_I64, offsetof(struct plan_row, findings), .doc = "How many findings"});

/* --- slug
 * ----------------------------------------------------------------------------------------------------------------------
 */

enum { SLUG_MAX = 80 };

static struct str slug_of(struct ctx *c, struct str text)
{
    struct str f = viet_fold_text(c->arena, text);
    char *slug = NEWN(c->arena, char, f.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < f.n && n < SLUG_MAX; i++) {
        bool plain = (f.p[i] >= 'a' && f.p[i] <= 'z') || (f.p[i] >= '0' && f.p[i] <= '9');
        if (plain)
            slug[n++] = f.p[i];
        else if (n && slug[n - 1] != '-')
            slug[n++] = '-';
    }
    while (n && slug[n - 1] == '-')
        n--;
    return (struct str){slug, n};
}

struct str plan_slug(struct ctx *c, const struct draft *draft)
{
    struct folded f = viet_fold(c->arena, draft->title);
    size_t at = str_find(f.s, S("so "), 0);
    if (at != SIZE_MAX && (at == 0 || f.s.p[at - 1] == ' ')) {
        struct str rest = str_skip(f.s, at + 3), word;
        if (str_cut(&rest, ' ', &word) && memchr(word.p, '/', word.n) && word.p[0] >= '0' && word.p[0] <= '9')
            return slug_of(c, word);
    }
    return slug_of(c, draft->number.n ? draft->number : draft->title.n ? draft->title : S("ke-hoach"));
}

static bool is_slug(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') ||
              (s.p[i] == '-' && i && i + 1 < s.n)))
            return false;
    return s.n > 0 && s.n <= SLUG_MAX;
}

/* --- a draft as rows --- */

struct bodies {
    struct body_row *v;
    size_t n, cap;
};

static struct str code_of(struct ctx *c, const struct org_catalogue *catalogue, struct str name)
{
    struct org_match m = catalogue && name.n ? org_resolve(catalogue, c, name) : (struct org_match){ORG_UNKNOWN};
    return m.kind == ORG_UNKNOWN ? (struct str){NULL, 0} : m.code;
}

static void add_bodies(struct ctx *c, const struct approval *a, struct bodies *list, struct str item, const char *role,
                       const struct strs *names)
{
    for (size_t i = 0; i < names->n; i++)
        *PUSH(c->arena, list) = (struct body_row){.key = str_fmt(c->arena, "%.*s %s#%zu", ARGS(item), role, i + 1),
                                                  .item = item,
                                                  .role = str_of(role),
                                                  .name = names->v[i],
                                                  .org = code_of(c, a->catalogue, names->v[i]),
                                                  .ordinal = (int64_t)i + 1};
}

static enum err sync_clauses(struct ctx *c, struct approval *a)
{
    size_t n = a->draft->clauses.n;
    struct clause_row *rows = NEWN(c->arena, struct clause_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct clause *v = &a->draft->clauses.v[i];
        rows[i] = (struct clause_row){.key = v->path,
                                      .kind = v->kind,
                                      .title = v->title,
                                      .text = v->text,
                                      .ordinal = (int64_t)i + 1,
                                      .line = v->line};
    }
    return kept_sync(c, &clause_table, a->plan, rows, n, a->position, &a->clauses);
}

/* A duty may be laid on several at once: "Các cơ quan tham mưu; Ủy ban nhân dân tỉnh; Mặt trận …". */
static void add_holders(struct ctx *c, const struct approval *a, struct bodies *list, struct str item, const char *role,
                        struct str cell)
{
    struct strs names = {&cell, 1}, parts = {0};
    if (!cell.n)
        return;
    if (!code_of(c, a->catalogue, cell).p)
        bodies_read(c, a->catalogue, cell, &parts);
    add_bodies(c, a, list, item, role, parts.n ? &parts : &names);
}

static void add_duty_bodies(struct ctx *c, const struct approval *a, struct bodies *list)
{
    for (size_t i = 0, nth = 0; i < a->draft->duties.n; i++) {
        const struct duty *d = &a->draft->duties.v[i];
        nth = i && str_eq(d->path, a->draft->duties.v[i - 1].path) ? nth + 1 : 1;
        struct str item = str_fmt(c->arena, "duty %.*s#%zu", ARGS(d->path), nth);
        add_holders(c, a, list, item, "duty", d->body);
        add_holders(c, a, list, item, "receiver", d->to);
    }
}

static enum err sync_tasks(struct ctx *c, struct approval *a)
{
    const struct draft *d = a->draft;
    size_t n = d->tasks.n + d->programmes.n;
    struct task_row *rows = NEWN(c->arena, struct task_row, n + 1);
    struct {
        struct phase_row *v;
        size_t n, cap;
    } phases = {0};
    struct bodies bodies = {0};
    for (size_t i = 0; i < n; i++) {
        bool programme = i >= d->tasks.n;
        const struct task *t = programme ? &d->programmes.v[i - d->tasks.n] : &d->tasks.v[i];
        rows[i] = (struct task_row){.key = t->path,
                                    .title = t->title,
                                    .text = t->text,
                                    .product = t->product,
                                    .objective = t->objective,
                                    .directions = t->directions,
                                    .results = t->results,
                                    .schedule_text = t->schedule.text,
                                    .schedule_kind = t->schedule.kind,
                                    .ordinal = (int64_t)i + 1,
                                    .programme = programme,
                                    .line = t->line,
                                    .start_day = t->schedule.start,
                                    .due_day = t->schedule.due};
        for (size_t p = 0; p < t->schedule.phases.n; p++) {
            const struct phase *phase = &t->schedule.phases.v[p];
            *PUSH(c->arena, &phases) = (struct phase_row){.key = str_fmt(c->arena, "%.*s#%zu", ARGS(t->path), p + 1),
                                                          .task = t->path,
                                                          .text = phase->text,
                                                          .kind = phase->kind,
                                                          .ordinal = (int64_t)p + 1,
                                                          .start_day = phase->start,
                                                          .due_day = phase->due};
        }
        add_bodies(c, a, &bodies, t->path, "lead", &t->lead);
        add_bodies(c, a, &bodies, t->path, "coordinating", &t->coordinating);
        add_bodies(c, a, &bodies, t->path, "monitor", &t->monitor);
    }
    for (size_t i = 0; i < d->targets.n; i++)
        add_bodies(c, a, &bodies, str_fmt(c->arena, "target %.*s", ARGS(d->targets.v[i].key)), "monitor",
                   &d->targets.v[i].monitor);
    add_duty_bodies(c, a, &bodies);
    TRY(kept_sync(c, &task_table, a->plan, rows, n, a->position, &a->tasks));
    TRY(kept_sync(c, &phase_table, a->plan, phases.v, phases.n, a->position, &a->phases));
    return kept_sync(c, &body_table, a->plan, bodies.v, bodies.n, a->position, &a->bodies);
}

static enum err sync_targets(struct ctx *c, struct approval *a)
{
    size_t n = a->draft->targets.n;
    struct target_row *rows = NEWN(c->arena, struct target_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct target *t = &a->draft->targets.v[i];
        rows[i] = (struct target_row){.key = t->key,
                                      .path = t->path,
                                      .text = t->text,
                                      .subject = t->subject,
                                      .measure = t->measure,
                                      .comparator = t->comparator,
                                      .unit = t->unit,
                                      .per = t->per,
                                      .by_year = t->by,
                                      .ordinal = (int64_t)i + 1,
                                      .line = t->line,
                                      .low = t->low,
                                      .high = t->high,
                                      .baseline = t->baseline};
    }
    return kept_sync(c, &target_table, a->plan, rows, n, a->position, &a->targets);
}

static enum err sync_duties(struct ctx *c, struct approval *a)
{
    size_t n = a->draft->duties.n, ordinal = 0;
    struct duty_row *rows = NEWN(c->arena, struct duty_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct duty *d = &a->draft->duties.v[i];
        ordinal = i && str_eq(d->path, a->draft->duties.v[i - 1].path) ? ordinal + 1 : 1;
        rows[i] = (struct duty_row){.key = str_fmt(c->arena, "%.*s#%zu", ARGS(d->path), ordinal),
                                    .path = d->path,
                                    .body = d->body,
                                    .org = code_of(c, a->catalogue, d->body),
                                    .text = d->text,
                                    .schedule_text = d->schedule.text,
                                    .schedule_kind = d->schedule.kind,
                                    .receiver = d->to,
                                    .ordinal = (int64_t)i + 1,
                                    .line = d->line,
                                    .start_day = d->schedule.start,
                                    .due_day = d->schedule.due};
    }
    return kept_sync(c, &duty_table, a->plan, rows, n, a->position, &a->duties);
}

static enum err sync_findings(struct ctx *c, struct approval *a)
{
    size_t n = a->draft->findings.n;
    struct finding_row *rows = NEWN(c->arena, struct finding_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct finding *f = &a->draft->findings.v[i];
        /* The nth finding of one rule about one clause: findings come sorted, so the like stand together. */
        size_t nth = 1;
        for (size_t k = i; k-- > 0 && a->draft->findings.v[k].line == f->line;)
            nth += str_eq(a->draft->findings.v[k].rule, f->rule) && str_eq(a->draft->findings.v[k].path, f->path);
        rows[i] = (struct finding_row){.key = str_fmt(c->arena, "%.*s %.*s#%zu", ARGS(f->path), ARGS(f->rule), nth),
                                       .rule = f->rule,
                                       .path = f->path,
                                       .severity = f->severity,
                                       .message = f->message,
                                       .message_en = f->message_en,
                                       .other = f->other,
                                       .ordinal = (int64_t)i + 1,
                                       .line = f->line};
    }
    return kept_sync(c, &finding_table, a->plan, rows, n, a->position, &a->findings);
}

/* --- approval
 * ----------------------------------------------------------------------------------------------------------------------
 */

static enum err keep_plan(struct ctx *c, struct approval *a, bool held)
{
    const struct draft *d = a->draft;
    struct plan_row now = {.id = a->plan,
                           .slug = a->slug,
                           .title = d->title,
                           .number = d->number,
                           .issuer = d->issuer,
                           .year_from = d->period.from,
                           .year_to = d->period.to,
                           .year_vision = d->period.vision,
                           .source = a->source,
                           .source_name = a->source_name};
    /* The row says since when this version holds, so each approval has one of its own. */
    if (held)
        TRY(db_exec(c, SQL_plan_close, ARG(a->plan), ARG(a->position)));
    return db_exec(c, SQL_plan_insert, ARG(a->plan), ARG(a->slug), ARG(now.title), ARG(now.number), ARG(now.issuer),
                   ARG(now.year_from), ARG(now.year_to), ARG(now.year_vision), db_arg_bytes(now.source),
                   ARG(now.source_name), ARG(a->position));
}

/* SHA-256 of the draft as JSON, in hex. */
static struct str hash_of(struct ctx *c, const struct draft *draft)
{
    enum { JSON_MAX = 256 << 20 };
    struct out o;
    struct emit e;
    unsigned char hash[crypto_hash_sha256_BYTES];
    char *hex = NEWN(c->arena, char, 2 * sizeof hash + 1);
    out_init(&o, c->arena, JSON_MAX);
    emit_init(&e, &o, EMIT_JSON);
    emit_record(&e, &draft_record, draft);
    crypto_hash_sha256(hash, (const unsigned char *)o.p, o.n);
    sodium_bin2hex(hex, 2 * sizeof hash + 1, hash, sizeof hash);
    return (struct str){hex, 2 * sizeof hash};
}

static enum err payload_of(struct ctx *c, const struct approval *a, struct str *ret)
{
    struct out o;
    struct emit e;
    out_init(&o, c->arena, 8 << 20);
    emit_init(&e, &o, EMIT_JSON);
    emit_map(&e);
    emit_key(&e, S("slug"));
    emit_text(&e, a->slug);
    emit_key(&e, S("title"));
    emit_text(&e, a->draft->title);
    emit_key(&e, S("source"));
    emit_bytes(&e, a->source);
    emit_key(&e, S("source_name"));
    emit_text(&e, a->source_name);
    emit_key(&e, S("draft"));
    emit_text(&e, hash_of(c, a->draft));
    const struct {
        const char *name;
        size_t n;
    } counts[] = {{"clauses", a->draft->clauses.n},       {"tasks", a->draft->tasks.n},
                  {"programmes", a->draft->programmes.n}, {"targets", a->draft->targets.n},
                  {"duties", a->draft->duties.n},         {"findings", a->draft->findings.n}};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        emit_key(&e, str_of(counts[i].name));
        emit_i64(&e, (int64_t)counts[i].n);
    }
    if (a->tell)
        a->tell(&e, a->tell_arg);
    emit_end(&e);
    *ret = str_trim(out_str(&o));
    return o.failed ? FAIL(c, E_LIMIT, "quá nhiều quyết định trong một lần phê duyệt (too much for one event)") : OK;
}

/* Would the catalogue call every body of the approved plan as the store does? It may have learnt names since. */
static enum err bodies_are_known(struct ctx *c, const struct approval *a, bool *ret)
{
    struct body_row row;
    struct rows rows = db_query(c, SQL_plan_body_at, ARG(a->plan), ARG(POS_NOW));
    *ret = true;
    while (db_next(&rows, &body_row_record, &row))
        *ret &= !a->catalogue || str_eq(row.org, code_of(c, a->catalogue, row.name));
    return db_done(&rows);
}

/* So that the history of a clause is found by its address: "plans/06-nq-tu/III.3.3", and all that it stands under. */
static enum err touch_items(struct ctx *c, const struct approval *a)
{
    struct {
        struct str *v;
        size_t n, cap;
    } subjects = {0};
    struct clause row = {0};
    struct rows rows = db_query(c, SQL_plan_touched, ARG(a->plan), ARG(a->position));
    while (db_next(&rows, &clause_record, &row))
        for (size_t n = row.path.n; n; n--)
            if (n == row.path.n || row.path.p[n] == '.' || row.path.p[n] == '-')
                *PUSH(c->arena, &subjects) =
                    str_fmt(c->arena, "plans/%.*s/%.*s", ARGS(a->slug), ARGS(str_slice(row.path, 0, n)));
    TRY(db_done(&rows));
    return ledger_touch(c, a->position, (struct strs){subjects.v, subjects.n});
}

/* What is done with a plan, and not shown to anybody, is done with all of it. */
static const struct str everything = S0("*");

static enum err find_plan(struct ctx *c, struct str slug, int64_t at, struct str sees, struct plan_row *ret)
{
    struct plan_row row = {0};
    enum err found = db_one(c, SQL_plan_by_slug, &plan_row_record, &row, ARG(slug), ARG(at), ARG(sees));
    if (found == E_NOTFOUND)
        return FAIL(c, E_NOTFOUND, "không có kế hoạch \"%.*s\" (no such plan)", ARGS(slug));
    TRY(found);
    *ret = row;
    return OK;
}

enum err plan_approve(struct ctx *c, struct approval *a)
{
    if (!is_slug(a->slug)) {
        enum err e =
            FAIL(c, E_INVALID,
                 "tên kế hoạch \"%.*s\" không hợp lệ: chỉ gồm a-z, 0-9 và gạch nối, nhiều nhất %d ký tự (not a slug)",
                 ARGS(a->slug), SLUG_MAX);
        c->error.field = S("slug");
        return e;
    }
    struct plan_row before;
    enum err found = find_plan(c, a->slug, POS_NOW, everything, &before);
    if (found && found != E_NOTFOUND)
        return found;
    if (!found) {
        /* The same plan from the same document leaves no trace. */
        struct draft held;
        TRY(plan_read_whole(c, before.id, POS_NOW, &held));
        bool same_source = str_eq(before.source.p ? before.source : S(""), a->source.p ? a->source : S(""));
        bool known;
        a->plan = before.id;
        TRY(bodies_are_known(c, a, &known));
        if (!a->always && same_source && known && record_equal(&draft_record, &held, a->draft))
            return OK;
    } else {
        TRY(db_number(c, SQL_plan_next_id, &a->plan));
    }
    struct str payload;
    TRY(payload_of(c, a, &payload));
    TRY(ledger_append(c, S("plan.approve"), str_fmt(c->arena, "plans/%.*s", ARGS(a->slug)), payload, &a->position));
    TRY(keep_plan(c, a, !found));
    TRY(sync_clauses(c, a));
    TRY(sync_tasks(c, a));
    TRY(sync_targets(c, a));
    TRY(sync_duties(c, a));
    TRY(sync_findings(c, a));
    TRY(touch_items(c, a));
    struct search_docs docs;
    plan_search(c, a->slug, a->draft, &docs);
    TRY(search_put(c, a->plan, &docs));
    return sight_rebuild(c, a->plan, a->position);
}

/* --- reading
 * -------------------------------------------------------------------------------------------------------------------------
 */

static enum err list_plans(struct ctx *c, int64_t at, struct str sees, struct plan_rows *ret)
{
    struct plan_rows list = {0};
    struct plan_row row = {0};
    struct rows rows = db_query(c, SQL_plan_all, ARG(at), ARG(sees));
    while (db_next(&rows, &plan_row_record, &row))
        *PUSH(c->arena, &list) = row;
    *ret = list;
    return db_done(&rows);
}

static enum err count(struct ctx *c, int64_t at, struct plan_row *row)
{
    sight_tell(c, row->id, S(""));
    return db_one(c, SQL_plan_counts, &plan_row_record, row, ARG(row->id), ARG(at), ARG(plan_seen(c)));
}

enum err plan_list(struct ctx *c, int64_t at, struct plan_rows *ret)
{
    struct plan_rows list;
    TRY(list_plans(c, at, plan_seen(c), &list));
    for (size_t i = 0; i < list.n; i++)
        TRY(count(c, at, &list.v[i]));
    *ret = list;
    return OK;
}

enum err plan_find(struct ctx *c, struct str slug, int64_t at, struct plan_row *ret)
{
    TRY(find_plan(c, slug, at, plan_seen(c), ret));
    sight_tell(c, ret->id, S(""));
    return OK;
}

enum err plan_get(struct ctx *c, struct str slug, int64_t at, struct plan_row *ret)
{
    struct plan_row row;
    TRY(plan_find(c, slug, at, &row));
    TRY(count(c, at, &row));
    *ret = row;
    return OK;
}

enum err plan_check(struct ctx *c, const struct plan_row *plan, bool *ret)
{
    struct events events = {0};
    struct draft held;
    TRY(ledger_list(c, plan->position - 1, 1, &events));
    TRY(plan_read_whole(c, plan->id, POS_NOW, &held));
    struct str subject = str_fmt(c->arena, "plans/%.*s", ARGS(plan->slug));
    const struct event *approved = events.n ? &events.v[0] : NULL;
    *ret = approved && approved->position == plan->position && str_eq(approved->subject, subject) &&
           (!approved->payload.p || str_has(approved->payload, hash_of(c, &held)));
    return OK;
}

static enum err read_clauses(struct ctx *c, struct rows rows, struct draft *d)
{
    struct clause_row row;
    while (db_next(&rows, &clause_row_record, &row))
        *PUSH(c->arena, &d->clauses) = (struct clause){row.key, row.kind, row.title, row.text, row.line};
    return db_done(&rows);
}

static enum err read_tasks(struct ctx *c, struct rows rows, struct draft *d)
{
    struct task_row row;
    while (db_next(&rows, &task_row_record, &row)) {
        struct task t = {
            .path = row.key,
            .title = row.title,
            .text = row.text,
            .product = row.product,
            .objective = row.objective,
            .directions = row.directions,
            .results = row.results,
            .line = row.line,
            .schedule = {
                .text = row.schedule_text, .kind = row.schedule_kind, .start = row.start_day, .due = row.due_day}};
        if (row.programme)
            *PUSH(c->arena, &d->programmes) = t;
        else
            *PUSH(c->arena, &d->tasks) = t;
    }
    return db_done(&rows);
}

/* Tasks and programmes by path, for what hangs on them. */
struct index {
    struct task **v;
    size_t n;
};

static int by_path(const void *a, const void *b)
{
    return str_cmp((*(struct task *const *)a)->path, (*(struct task *const *)b)->path);
}

static struct index index_tasks(struct ctx *c, struct draft *d)
{
    struct index x = {NEWN(c->arena, struct task *, d->tasks.n + d->programmes.n + 1), 0};
    for (size_t i = 0; i < d->tasks.n; i++)
        x.v[x.n++] = &d->tasks.v[i];
    for (size_t i = 0; i < d->programmes.n; i++)
        x.v[x.n++] = &d->programmes.v[i];
    qsort(x.v, x.n, sizeof(struct task *), by_path);
    return x;
}

static struct task *task_of(const struct index *x, struct str path)
{
    struct task wanted = {.path = path}, *key = &wanted, **hit;
    hit = x->n ? bsearch(&key, x->v, x->n, sizeof(struct task *), by_path) : NULL;
    return hit ? *hit : NULL;
}

static enum err read_phases(struct ctx *c, struct rows rows, const struct index *tasks)
{
    struct phase_row row;
    while (db_next(&rows, &phase_row_record, &row)) {
        struct task *t = task_of(tasks, row.task);
        if (t)
            *PUSH(c->arena, &t->schedule.phases) = (struct phase){row.text, row.kind, row.start_day, row.due_day};
    }
    return db_done(&rows);
}

static void add_name(struct ctx *c, struct strs *list, struct str name)
{
    struct {
        struct str *v;
        size_t n, cap;
    } grown = {list->v, list->n, list->n};
    *PUSH(c->arena, &grown) = name;
    *list = (struct strs){grown.v, grown.n};
}

static struct strs *names_of(struct draft *d, const struct index *tasks, const struct body_row *row)
{
    if (str_starts(row->item, S("target "))) {
        struct str key = str_skip(row->item, 7);
        for (size_t i = 0; i < d->targets.n; i++)
            if (str_eq(d->targets.v[i].key, key))
                return &d->targets.v[i].monitor;
        return NULL;
    }
    struct task *t = task_of(tasks, row->item);
    if (!t)
        return NULL;
    return str_eq(row->role, S("lead"))           ? &t->lead
           : str_eq(row->role, S("coordinating")) ? &t->coordinating
                                                  : &t->monitor;
}

static enum err read_bodies(struct ctx *c, struct rows rows, struct draft *d, const struct index *tasks)
{
    struct body_row row;
    while (db_next(&rows, &body_row_record, &row)) {
        struct strs *names = names_of(d, tasks, &row);
        if (names)
            add_name(c, names, row.name);
    }
    return db_done(&rows);
}

static enum err read_targets(struct ctx *c, struct rows rows, struct draft *d)
{
    struct target_row row;
    while (db_next(&rows, &target_row_record, &row))
        *PUSH(c->arena, &d->targets) = (struct target){.key = row.key,
                                                       .path = row.path,
                                                       .text = row.text,
                                                       .subject = row.subject,
                                                       .measure = row.measure,
                                                       .comparator = row.comparator,
                                                       .low = row.low,
                                                       .high = row.high,
                                                       .unit = row.unit,
                                                       .per = row.per,
                                                       .by = row.by_year,
                                                       .baseline = row.baseline,
                                                       .line = row.line};
    return db_done(&rows);
}

static enum err read_duties(struct ctx *c, struct rows rows, struct draft *d)
{
    struct duty_row row;
    while (db_next(&rows, &duty_row_record, &row))
        *PUSH(c->arena, &d->duties) = (struct duty){
            .path = row.path,
            .body = row.body,
            .text = row.text,
            .to = row.receiver,
            .line = row.line,
            .schedule = {
                .text = row.schedule_text, .kind = row.schedule_kind, .start = row.start_day, .due = row.due_day}};
    return db_done(&rows);
}

static enum err read_findings(struct ctx *c, struct rows rows, struct draft *d)
{
    struct finding_row row;
    while (db_next(&rows, &finding_row_record, &row))
        *PUSH(c->arena, &d->findings) = (struct finding){.rule = row.rule,
                                                         .path = row.path,
                                                         .severity = row.severity,
                                                         .message = row.message,
                                                         .message_en = row.message_en,
                                                         .other = row.other,
                                                         .line = row.line};
    return db_done(&rows);
}

static enum err read_plan(struct ctx *c, int64_t plan, int64_t at, struct str sees, struct draft *ret)
{
    struct draft d = {0};
    struct plan_rows all;
    TRY(list_plans(c, at, sees, &all));
    const struct plan_row *row = NULL;
    for (size_t i = 0; i < all.n; i++)
        if (all.v[i].id == plan)
            row = &all.v[i];
    if (!row)
        return FAIL(c, E_NOTFOUND, "không có kế hoạch số %lld (no such plan)", (long long)plan);
    d.title = row->title;
    d.number = row->number;
    d.issuer = row->issuer;
    d.period = (struct plan_period){row->year_from, row->year_to, row->year_vision};
    TRY(read_clauses(c, db_query(c, SQL_clause_at, ARG(plan), ARG(at), ARG(sees)), &d));
    TRY(read_tasks(c, db_query(c, SQL_task_at, ARG(plan), ARG(at), ARG(sees)), &d));
    struct index tasks = index_tasks(c, &d);
    TRY(read_phases(c, db_query(c, SQL_task_phase_at, ARG(plan), ARG(at)), &tasks));
    TRY(read_targets(c, db_query(c, SQL_target_at, ARG(plan), ARG(at), ARG(sees)), &d));
    TRY(read_bodies(c, db_query(c, SQL_plan_body_at, ARG(plan), ARG(at)), &d, &tasks));
    TRY(read_duties(c, db_query(c, SQL_duty_at, ARG(plan), ARG(at), ARG(sees)), &d));
    TRY(read_findings(c, db_query(c, SQL_finding_at, ARG(plan), ARG(at), ARG(sees)), &d));
    *ret = d;
    return OK;
}

/* Which of all that is restricted was shown. */
static void tell(struct ctx *c, int64_t plan, const struct draft *d)
{
    for (size_t i = 0; c->shown && i < d->clauses.n; i++)
        sight_tell(c, plan, d->clauses.v[i].path);
    for (size_t i = 0; c->shown && i < d->findings.n; i++)
        sight_tell(c, plan, d->findings.v[i].other);
}

enum err plan_read(struct ctx *c, int64_t plan, int64_t at, struct draft *ret)
{
    TRY(read_plan(c, plan, at, plan_seen(c), ret));
    tell(c, plan, ret);
    return OK;
}

enum err plan_read_whole(struct ctx *c, int64_t plan, int64_t at, struct draft *ret)
{
    return read_plan(c, plan, at, everything, ret);
}

enum err plan_read_clause(struct ctx *c, const struct plan_row *plan, struct str path, int64_t at, struct draft *ret)
{
    struct draft d = {.title = plan->title, .number = plan->number, .issuer = plan->issuer};
    int64_t id = plan->id;
    TRY(read_clauses(c, db_query(c, SQL_clause_of, ARG(id), ARG(path), ARG(at), ARG(plan_seen(c))), &d));
    if (!d.clauses.n)
        return FAIL(c, E_NOTFOUND, "không có mục %.*s trong kế hoạch này (no such clause)", ARGS(path));
    TRY(read_tasks(c, db_query(c, SQL_clause_task, ARG(id), ARG(path), ARG(at)), &d));
    struct index tasks = index_tasks(c, &d);
    if (tasks.n) {
        TRY(read_phases(c, db_query(c, SQL_clause_phases, ARG(id), ARG(path), ARG(at)), &tasks));
        TRY(read_bodies(c, db_query(c, SQL_clause_bodies, ARG(id), ARG(path), ARG(at)), &d, &tasks));
    }
    TRY(read_targets(c, db_query(c, SQL_clause_targets, ARG(id), ARG(path), ARG(at)), &d));
    for (size_t i = 0; i < d.targets.n; i++)
        TRY(read_bodies(c,
                        db_query(c, SQL_clause_bodies, ARG(id),
                                 ARG(str_fmt(c->arena, "target %.*s", ARGS(d.targets.v[i].key))), ARG(at)),
                        &d, &tasks));
    TRY(read_duties(c, db_query(c, SQL_clause_duties, ARG(id), ARG(path), ARG(at)), &d));
    TRY(read_findings(c, db_query(c, SQL_clause_findings, ARG(id), ARG(path), ARG(at), ARG(plan_seen(c))), &d));
    tell(c, id, &d);
    *ret = d;
    return OK;
}
