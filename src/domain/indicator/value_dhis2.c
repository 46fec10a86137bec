#include "domain/indicator/value_dhis2.h"

#include "base/json_walk.h"
#include "base/number.h"
#include "base/viet.h"
#include "domain/indicator/value_load.h"
#include "domain/indicator/value_naming.h"
#include "domain/indicator/value_rules.h"

#include <inttypes.h>
#include <math.h>

#include "base/banned.h"

/* What a row says; also the "columns" that problems name. */
enum part {
    PART_NONE,
    PART_ELEMENT,
    PART_PERIOD,
    PART_ORG,
    PART_CATEGORY,
    PART_VALUE,
    PART_COMMENT,
    PART_DELETED,
    PARTS
};
static const struct str part_names[PARTS] = {
    [PART_ELEMENT] = S0("dataElement"), [PART_PERIOD] = S0("period"),
    [PART_ORG] = S0("orgUnit"),         [PART_CATEGORY] = S0("categoryOptionCombo"),
    [PART_VALUE] = S0("value"),         [PART_COMMENT] = S0("comment"),
    [PART_DELETED] = S0("deleted")};

struct reader {
    struct ctx *c;
    struct value_dhis2 *set;
    struct json_walk w;
    struct value_naming names;
    struct str period, org; /* of the set */
    size_t rows_at;         /* where the list of rows stands; SIZE_MAX: there is none */
    uint32_t last_note;
    struct str last_comment;
};

struct row {
    struct str said[PARTS];
    bool number; /* the value was no string */
};

static enum err malformed(struct reader *r)
{
    unsigned line = json_walk_line(&r->w);
    return FAIL_AT(r->c, E_INVALID, S(""), line, "nội dung không phải JSON đúng dạng: %s (not well-formed JSON: %s)",
                   r->w.why, r->w.why_en);
}

static enum err not_a_set(struct reader *r, const char *vi, const char *en)
{
    return FAIL_AT(r->c, E_INVALID, S(""), json_walk_line(&r->w), "%s (%s)", vi, en);
}

/* The text of the scalar that comes next; p == NULL for null. */
static enum err scalar(struct reader *r, struct str *ret, bool *ret_number)
{
    switch (json_step(&r->w)) {
    case JSON_STRING:
    case JSON_NUMBER:
        *ret = str_trim(r->w.text);
        *ret_number = r->w.step == JSON_NUMBER;
        return OK;
    case JSON_TRUE:
        *ret = S("true");
        return OK;
    case JSON_FALSE:
        *ret = S("false");
        return OK;
    case JSON_NULL:
        *ret = (struct str){0};
        return OK;
    case JSON_WRONG:
        return malformed(r);
    default:
        return not_a_set(r, "chỗ này phải là một giá trị, không phải danh sách hay đối tượng",
                         "a plain value is needed");
    }
}

static bool same_word(struct str s, const char *word)
{
    size_t n = strlen(word);
    if (s.n != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if ((s.p[i] | 32) != (word[i] | 32))
            return false;
    return true;
}

/* --- what holds for the whole set --- */

static enum err take_member(struct reader *r, struct str name)
{
    struct value_dhis2 *set = r->set;
    struct str text = {0};
    bool number = false;
    const struct {
        struct str name, *to;
    } known[] = {{S("dataSet"), &set->data_set},
                 {S("period"), &r->period},
                 {S("orgUnit"), &r->org},
                 {S("importStrategy"), &set->strategy},
                 {S("idScheme"), &set->id_scheme},
                 {S("dataElementIdScheme"), &set->element_scheme},
                 {S("orgUnitIdScheme"), &set->org_scheme}};
    if (str_eq(name, S("dataValues"))) {
        if (r->rows_at != SIZE_MAX)
            return not_a_set(r, "“dataValues” có hai lần", "dataValues is there twice");
        r->rows_at = r->w.at;
        return json_pass(&r->w) ? OK : malformed(r);
    }
    if (str_eq(name, S("dryRun"))) {
        TRY(scalar(r, &text, &number));
        set->dry_run |= same_word(text, "true");
        return OK;
    }
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eq(name, known[i].name)) {
            TRY(scalar(r, &text, &number));
            *known[i].to = text.n ? text : *known[i].to;
            return OK;
        }
    return json_pass(&r->w) ? OK : malformed(r);
}

static enum err take_set(struct reader *r)
{
    enum json_step step = json_step(&r->w);
    if (step == JSON_WRONG)
        return malformed(r);
    if (step != JSON_OBJECT)
        return not_a_set(r, "nội dung phải là một đối tượng JSON có “dataValues”",
                         "an object with dataValues is needed");
    while ((step = json_step(&r->w)) == JSON_KEY)
        TRY(take_member(r, r->w.text));
    if (step == JSON_OBJECT_END)
        step = json_step(&r->w);
    if (step == JSON_WRONG)
        return malformed(r);
    return r->rows_at == SIZE_MAX ? not_a_set(r, "thiếu “dataValues”", "dataValues is missing") : OK;
}

static enum err check_scheme(struct ctx *c, const char *name, struct str scheme)
{
    if (!scheme.n || same_word(scheme, "code") || same_word(scheme, "name") || same_word(scheme, "uid"))
        return OK;
    enum err e = FAIL(c, E_INVALID, "chỉ nhận mã hoặc tên, không nhận “%.*s” (only code and name)", ARGS(scheme));
    c->error.field = str_of(name);
    return e;
}

static enum err check_wishes(struct ctx *c, const struct value_dhis2 *set)
{
    TRY(check_scheme(c, "idScheme", set->id_scheme));
    TRY(check_scheme(c, "dataElementIdScheme", set->element_scheme));
    TRY(check_scheme(c, "orgUnitIdScheme", set->org_scheme));
    if (!set->strategy.n || same_word(set->strategy, "CREATE_AND_UPDATE") ||
        same_word(set->strategy, "NEW_AND_UPDATES"))
        return OK;
    enum err e = FAIL(c, E_INVALID, "chỉ nhận CREATE_AND_UPDATE, không nhận “%.*s” (only CREATE_AND_UPDATE)",
                      ARGS(set->strategy));
    c->error.field = S("importStrategy");
    return e;
}

/* --- rows --- */

static enum err read_row(struct reader *r, struct row *ret)
{
    struct row row = {0};
    unsigned seen = 0;
    enum json_step step;
    while ((step = json_step(&r->w)) == JSON_KEY) {
        size_t part = PART_ELEMENT;
        while (part < PARTS && !str_eq(r->w.text, part_names[part]))
            part++;
        if (part == PARTS) {
            if (!json_pass(&r->w))
                return malformed(r);
            continue;
        }
        bool number = false;
        if (seen & 1u << part)
            return not_a_set(r, "một dòng có hai giá trị cùng tên", "a member is there twice in one row");
        seen |= 1u << part;
        TRY(scalar(r, &row.said[part], &number));
    }
    if (step == JSON_WRONG)
        return malformed(r);
    *ret = row;
    return OK;
}

static void wrong(struct reader *r, const struct row *row, enum part part, enum value_rule_id rule, struct str vi,
                  struct str en)
{
    struct value_at at = {.line = r->set->rows,
                          .column = part,
                          .indicator = str_head(row->said[PART_ELEMENT], 100),
                          .place = str_head(row->said[PART_ORG], 100),
                          .period = str_head(row->said[PART_PERIOD], 100)};
    value_problem_say(r->c, &r->set->problems, rule, &at, vi, en);
}

static bool missing(struct reader *r, const struct row *row, enum part part)
{
    struct ctx *c = r->c;
    if (row->said[part].n)
        return false;
    wrong(r, row, part, RULE_MISSING, str_fmt(c->arena, "thiếu “%.*s”", ARGS(part_names[part])),
          str_fmt(c->arena, "%.*s is missing", ARGS(part_names[part])));
    return true;
}

static bool take_series(struct reader *r, const struct row *row, uint32_t *ret)
{
    struct ctx *c = r->c;
    struct str category = row->said[PART_CATEGORY];
    if (missing(r, row, PART_ELEMENT))
        return false;
    if (same_word(category, "default"))
        category = S("");
    const struct value_meaning *m = value_name_series(&r->names, row->said[PART_ELEMENT], category);
    *ret = m->number;
    if (!m->indicator)
        wrong(r, row, PART_ELEMENT, RULE_INDICATOR,
              str_fmt(c->arena, "không có chỉ tiêu “%.*s”", ARGS(str_head(row->said[PART_ELEMENT], 100))),
              str_fmt(c->arena, "Data element not found: `%.*s`", ARGS(str_head(row->said[PART_ELEMENT], 100))));
    else if (m->number == NAMES_NONE)
        wrong(r, row, PART_CATEGORY, RULE_CATEGORY,
              str_fmt(c->arena, "chỉ tiêu không có phân tổ “%.*s”", ARGS(str_head(category, 100))),
              str_fmt(c->arena, "Category option combo not found: `%.*s`", ARGS(str_head(category, 100))));
    return m->number != NAMES_NONE;
}

static bool take_place(struct reader *r, const struct row *row, uint32_t *ret)
{
    struct ctx *c = r->c;
    struct str text = str_head(row->said[PART_ORG], 100);
    if (missing(r, row, PART_ORG))
        return false;
    *ret = value_name_place(&r->names, row->said[PART_ORG]);
    if (*ret == NAMES_NONE)
        wrong(r, row, PART_ORG, RULE_PLACE, str_fmt(c->arena, "không có địa bàn, cơ quan “%.*s”", ARGS(text)),
              str_fmt(c->arena, "Organisation unit not found: `%.*s`", ARGS(text)));
    return *ret != NAMES_NONE;
}

static bool take_period(struct reader *r, const struct row *row, int32_t *ret)
{
    struct ctx *c = r->c;
    struct str text = str_head(row->said[PART_PERIOD], 100);
    if (missing(r, row, PART_PERIOD))
        return false;
    *ret = value_name_period(&r->names, row->said[PART_PERIOD]);
    if (!*ret)
        wrong(r, row, PART_PERIOD, RULE_PERIOD, str_fmt(c->arena, "“%.*s” không phải là một kỳ", ARGS(text)),
              str_fmt(c->arena, "Period not valid: `%.*s`", ARGS(text)));
    return *ret != 0;
}

static bool take_value(struct reader *r, const struct row *row, double *ret)
{
    struct ctx *c = r->c;
    struct number n;
    struct str text = str_head(row->said[PART_VALUE], 60);
    if (missing(r, row, PART_VALUE))
        return false;
    number_read_plain(row->said[PART_VALUE], &n);
    if (n.kind == NUMBER_GIVEN && !n.percent) {
        *ret = n.amount;
        return true;
    }
    struct number_reason why = number_reason(n.wrong);
    wrong(r, row, PART_VALUE, RULE_NOT_A_NUMBER, str_fmt(c->arena, "“%.*s” %.*s", ARGS(text), ARGS(why.vi)),
          str_fmt(c->arena, "`%.*s`: %.*s", ARGS(text), ARGS(why.en)));
    return false;
}

static uint32_t note_of(struct reader *r, struct str comment)
{
    struct value_batch *b = &r->set->batch;
    if (!comment.n || (r->last_note && str_eq(comment, r->last_comment)))
        return comment.n ? r->last_note : 0;
    r->last_comment = comment;
    *PUSH(r->c->arena, &b->notes) = (struct value_note){.reason = viet_nfc(r->c->arena, comment)};
    return r->last_note = (uint32_t)b->notes.n;
}

static void take_row(struct reader *r, struct row *row)
{
    struct value_batch *b = &r->set->batch;
    struct value_row v = {.origin = (uint32_t)r->set->rows,
                          .column = PART_VALUE,
                          .source = value_name_source(&r->names, r->set->source),
                          .state = r->set->official ? 0 : VALUE_PROVISIONAL};
    if (!row->said[PART_PERIOD].n)
        row->said[PART_PERIOD] = r->period;
    if (!row->said[PART_ORG].n)
        row->said[PART_ORG] = r->org;
    bool good = take_series(r, row, &v.series);
    good = take_period(r, row, &v.period) && good;
    good = take_place(r, row, &v.place) && good;
    good = take_value(r, row, &v.amount) && good;
    if (same_word(row->said[PART_DELETED], "true")) {
        wrong(r, row, PART_DELETED, RULE_WORD, S("không nhận dòng xóa; số liệu được thay bằng số liệu mới"),
              S("rows that delete are not taken"));
        good = false;
    }
    if (!good)
        return;
    v.note = note_of(r, row->said[PART_COMMENT]);
    v.state |= v.note ? VALUE_NOTED : 0;
    *PUSH(r->c->arena, &b->rows) = v;
}

static enum err take_rows(struct reader *r)
{
    enum json_step step;
    /* The walk begins anew at the list: it was found to be sound. */
    struct str list = str_skip(r->set->body, r->rows_at);
    json_walk_begin(&r->w, r->c->arena, list);
    if (json_step(&r->w) != JSON_LIST)
        return not_a_set(r, "“dataValues” phải là một danh sách", "dataValues must be a list");
    while ((step = json_step(&r->w)) == JSON_OBJECT) {
        struct row row;
        if (++r->set->rows > VALUE_LOAD_ROWS)
            return FAIL(r->c, E_LIMIT, "có quá %d số liệu; hãy chia nhỏ (too many figures)", VALUE_LOAD_ROWS);
        TRY(read_row(r, &row));
        take_row(r, &row);
    }
    if (step != JSON_LIST_END)
        return not_a_set(r, "mỗi dòng của “dataValues” phải là một đối tượng", "each of dataValues must be an object");
    return OK;
}

enum err value_dhis2_read(struct ctx *c, const struct dictionary *d, const struct org_catalogue *catalogue,
                          struct value_dhis2 *set)
{
    struct reader r = {.c = c, .set = set, .rows_at = SIZE_MAX};
    value_batch_init(&set->batch, S("value.dhis2"));
    *PUSH(c->arena, &set->batch.sheets) = S("");
    set->problems = (struct value_problems){0};
    set->rows = 0;
    r.names = (struct value_naming){.c = c, .d = d, .catalogue = catalogue, .batch = &set->batch};
    json_walk_begin(&r.w, c->arena, set->body);
    TRY(take_set(&r));
    TRY(check_wishes(c, set));
    set->batch.name = set->data_set.n ? set->data_set : (struct str){0};
    return take_rows(&r);
}

enum err value_dhis2_check(struct ctx *c, struct value_dhis2 *set)
{
    const struct dictionary *d;
    const struct org_catalogue *catalogue;
    TRY(dictionary_from_store(c, POS_NOW, &d));
    TRY(org_catalogue_from_store(c, POS_NOW, &catalogue));
    TRY(value_dhis2_read(c, d, catalogue, set));
    TRY(value_check(c, d, catalogue, &set->batch, &set->problems));
    if (set->dry_run)
        value_expect(&set->batch, &set->problems, &set->outcome);
    return OK;
}

enum err value_dhis2_run(struct ctx *c, void *arg)
{
    struct value_dhis2 *set = arg;
    return set->dry_run || set->problems.errors ? OK : value_write(c, &set->batch, &set->outcome);
}

/* --- the summary --- */

/* What of a row a problem is of, and DHIS2's own number of it. */
static enum part part_of(const struct value_problem *p)
{
    static const struct {
        struct str rule;
        enum part part;
    } rules[] = {{S0("unknown_indicator"), PART_ELEMENT},
                 {S0("derived"), PART_ELEMENT},
                 {S0("unknown_category"), PART_CATEGORY},
                 {S0("unknown_place"), PART_ORG},
                 {S0("wrong_place"), PART_ORG},
                 {S0("place_gone"), PART_ORG},
                 {S0("denied"), PART_ORG},
                 {S0("period"), PART_PERIOD},
                 {S0("frequency"), PART_PERIOD},
                 {S0("not_begun"), PART_PERIOD}};
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (str_eq(p->rule, rules[i].rule))
            return rules[i].part;
    if (str_eq(p->rule, S("missing")) && p->cell.n && p->cell.p[0] >= 'A' && p->cell.p[0] < 'A' + PARTS - 1)
        return (enum part)(p->cell.p[0] - 'A' + 1);
    return PART_VALUE;
}

static struct str code_of(const struct value_problem *p, enum part part)
{
    static const struct str codes[PARTS] = {[PART_ELEMENT] = S0("E7610"),
                                            [PART_PERIOD] = S0("E7611"),
                                            [PART_ORG] = S0("E7612"),
                                            [PART_CATEGORY] = S0("E7613"),
                                            [PART_VALUE] = S0("E7619")};
    if (str_eq(p->rule, S("denied")))
        return S("E7617");
    return str_eq(p->rule, S("missing")) && part == PART_VALUE ? S("E7618") : codes[part];
}

static void emit_conflict(struct emit *e, const struct value_problem *p)
{
    enum part part = part_of(p);
    struct str object = part == PART_PERIOD ? p->period : part == PART_ORG ? p->place : p->indicator;
    bool error = str_eq(p->severity, S("error"));
    emit_map(e);
    emit_key(e, S("object"));
    emit_text(e, object);
    emit_key(e, S("property"));
    emit_text(e, part_names[part]);
    emit_key(e, S("value"));
    emit_text(e, p->message_en);
    emit_key(e, S("message"));
    emit_text(e, p->message);
    emit_key(e, S("severity"));
    emit_text(e, p->severity);
    emit_key(e, S("rule"));
    emit_text(e, p->rule);
    emit_key(e, S("errorCode"));
    emit_text(e, error ? code_of(p, part) : (struct str){0});
    emit_key(e, S("indexes"));
    emit_list(e);
    if (p->line != I64_NONE)
        emit_i64(e, p->line - 1);
    emit_end(e);
    emit_end(e);
}

static void emit_rejected(struct emit *e, const struct value_dhis2 *set)
{
    int64_t last = -1;
    emit_key(e, S("rejectedIndexes"));
    emit_list(e);
    for (size_t i = 0; i < set->problems.n; i++) {
        const struct value_problem *p = &set->problems.v[i];
        if (str_eq(p->severity, S("error")) && p->line != I64_NONE && p->line != last)
            emit_i64(e, (last = p->line) - 1);
    }
    emit_end(e);
}

static void emit_count(struct emit *e, const char *name, int64_t n)
{
    emit_key(e, str_of(name));
    emit_i64(e, n);
}

static void emit_summary(struct emit *e, const struct value_dhis2 *set, struct str status)
{
    bool done = !set->problems.errors;
    emit_key(e, S("responseType"));
    emit_text(e, S("ImportSummary"));
    emit_key(e, S("status"));
    emit_text(e, status);
    emit_key(e, S("description"));
    emit_text(e, !done          ? S("Nothing was imported: see conflicts")
                 : set->dry_run ? S("Dry run: nothing was written")
                                : S("Import process completed successfully"));
    emit_key(e, S("importCount"));
    emit_map(e);
    emit_count(e, "imported", set->outcome.added);
    emit_count(e, "updated", set->outcome.changed);
    emit_count(e, "ignored", done ? set->outcome.same : set->rows);
    emit_count(e, "deleted", 0);
    emit_end(e);
    emit_key(e, S("conflicts"));
    emit_list(e);
    for (size_t i = 0; i < set->problems.n; i++)
        emit_conflict(e, &set->problems.v[i]);
    emit_end(e);
    emit_rejected(e, set);
    emit_key(e, S("dataSetComplete"));
    emit_text(e, S("false"));
}

void value_dhis2_emit(struct emit *e, const struct value_dhis2 *set)
{
    bool error = set->problems.errors > 0;
    struct str status = error ? S("ERROR") : set->problems.warnings ? S("WARNING") : S("SUCCESS");
    emit_map(e);
    emit_key(e, S("httpStatus"));
    emit_text(e, error ? S("Conflict") : S("OK"));
    emit_count(e, "httpStatusCode", error ? 409 : 200);
    emit_key(e, S("message"));
    emit_text(e, error ? S("Conflicts encountered, nothing was imported") : S("Import was successful"));
    emit_summary(e, set, status);
    emit_key(e, S("dryRun"));
    emit_bool(e, set->dry_run);
    emit_key(e, S("batch"));
    emit_i64(e, set->outcome.position ? set->outcome.position : I64_NONE);
    emit_key(e, S("response"));
    emit_map(e);
    emit_summary(e, set, status);
    emit_end(e);
    emit_end(e);
}
