/* table.c - the rows of a table as tasks or targets. What a column holds is told by its header; group rows give the
 * paths. */
#include "base/viet.h"
#include "domain/plan/bodies.h"
#include "domain/plan/compile.h"

#include <math.h>
#include <string.h>

#include "base/banned.h"

enum { COLUMNS_MAX = 64, HEADER_ROWS = 4 };

struct column {
    enum label label;
    int year;
};

struct table {
    struct compiler *k;
    struct node *at;
    const struct block **rows;
    size_t n;
    struct column columns[COLUMNS_MAX];
    unsigned n_columns;
    struct str prefix; /* before every path of this table, or empty */
    struct str group;  /* path of the group that is open */
    struct str group_title;
    enum marker_kind group_kind;
    unsigned group_value, row_value;
    bool is_target;
};

/* The grid: cells of a row by column, spans unrolled. */
static void unroll(const struct block *row, struct str *cells, unsigned *ret_n, bool *ret_spanned)
{
    unsigned at = 0;
    *ret_spanned = false;
    for (size_t i = 0; i < row->n_cells; i++) {
        unsigned span = row->cells[i].columns ? row->cells[i].columns : 1;
        if (span > 1)
            *ret_spanned = true;
        for (unsigned s = 0; s < span && at < COLUMNS_MAX; s++)
            cells[at++] = s == 0 ? str_trim(row->cells[i].text) : S("");
    }
    *ret_n = at;
}

/* Reads the labels of a header row; the count of columns understood. */
static unsigned read_header(struct ctx *c, const struct block *row, struct column *columns, unsigned *ret_n)
{
    struct str cells[COLUMNS_MAX];
    bool spanned;
    unsigned n, known = 0;
    unroll(row, cells, &n, &spanned);
    for (unsigned i = 0; i < n; i++) {
        columns[i] = (struct column){0};
        if (cells[i].n && cells[i].n < 120)
            columns[i].label = label_of_column(c, cells[i], &columns[i].year);
        known += columns[i].label != LABEL_NONE && columns[i].label != LABEL_YEAR && columns[i].label != LABEL_NOTE;
    }
    /* A heading over several columns ("Mục tiêu" over 2026 | 2027) holds for each until a row below says more. */
    for (size_t i = 0, at = 0; i < row->n_cells; i++) {
        unsigned span = row->cells[i].columns ? row->cells[i].columns : 1;
        for (unsigned s = 1; s < span && at + s < n; s++)
            columns[at + s] = columns[at];
        at += span;
    }
    *ret_n = n;
    return known;
}

static bool has_label(const struct table *t, enum label label)
{
    for (unsigned i = 0; i < t->n_columns; i++)
        if (t->columns[i].label == label)
            return true;
    return false;
}

static int column_of(const struct table *t, enum label label)
{
    for (unsigned i = 0; i < t->n_columns; i++)
        if (t->columns[i].label == label)
            return (int)i;
    return -1;
}

/* Finds the header among the first rows; returns the first row after it, or SIZE_MAX. */
static size_t find_header(struct table *t)
{
    for (size_t i = 0; i < t->n && i < HEADER_ROWS; i++) {
        unsigned n;
        if (read_header(t->k->c, t->rows[i], t->columns, &n) < 2)
            continue;
        t->n_columns = n;
        size_t next = i + 1;
        /* A second header row below names years or parts of a merged heading. */
        if (next < t->n) {
            struct column below[COLUMNS_MAX];
            unsigned m, understood = read_header(t->k->c, t->rows[next], below, &m), years = 0, filled = 0;
            for (size_t cell = 0; cell < t->rows[next]->n_cells; cell++)
                filled += str_trim(t->rows[next]->cells[cell].text).n > 0;
            for (unsigned col = 0; col < m; col++)
                years += below[col].label == LABEL_YEAR || below[col].label == LABEL_BASELINE;
            bool merged = false;
            for (size_t cell = 0; cell < t->rows[next]->n_cells; cell++)
                merged |= t->rows[next]->cells[cell].merged_up;
            if (m == n && (understood + years == filled || (merged && understood + years > 0)) && filled > 0 &&
                understood + years > 0) {
                for (unsigned col = 0; col < m; col++)
                    if (below[col].label != LABEL_NONE)
                        t->columns[col] = below[col];
                next++;
            }
        }
        return next;
    }
    return SIZE_MAX;
}

static bool is_integer(struct str s)
{
    int64_t v;
    return s.n && s.n < 5 && str_i64(s, &v) && v >= 0;
}

/* A number of a row as it goes into a path: "1", "1.2", "II", "a"; empty if the cell holds none. */
static struct str ordinal_of(struct ctx *c, struct str cell, struct marker *ret)
{
    cell = str_trim(cell);
    *ret = (struct marker){0};
    if (!cell.n || cell.n > 16)
        return S("");
    while (cell.n && strchr(".)", cell.p[cell.n - 1]))
        cell.n--;
    if (is_integer(cell)) {
        int64_t v = 0;
        str_i64(cell, &v);
        *ret = (struct marker){
            .kind = MARKER_NUMBER, .depth = 1, .value = (unsigned)v, .text = str_fmt(c->arena, "%lld", (long long)v)};
        return ret->text;
    }
    *ret = marker_read(c, str_fmt(c->arena, "%.*s. X", ARGS(cell)));
    if (ret->kind != MARKER_ROMAN && ret->kind != MARKER_NUMBER && ret->kind != MARKER_LETTER &&
        ret->kind != MARKER_UPPER)
        *ret = (struct marker){0};
    return ret->kind ? ret->text : S("");
}

static struct str join_path(struct ctx *c, struct str a, struct str b)
{
    if (!a.n)
        return b;
    if (!b.n)
        return a;
    return str_fmt(c->arena, "%.*s.%.*s", ARGS(a), ARGS(b));
}

static struct clause *add_clause(struct table *t, struct str path, const char *kind, struct str title, struct str text,
                                 int64_t line)
{
    struct clause *clause = PUSH(t->k->c->arena, &t->k->draft->clauses);
    *clause = (struct clause){path, str_of(kind), title, text, line};
    return clause;
}

static bool path_taken(const struct table *t, struct str path)
{
    for (size_t i = 0; i < t->k->outline.n; i++)
        if (str_eq(t->k->outline.nodes[i]->path, path))
            return true;
    for (size_t i = 0; i < t->k->draft->tasks.n; i++)
        if (str_eq(t->k->draft->tasks.v[i].path, path))
            return true;
    return false;
}

/* Paths of a table stand alone ("I.1") unless the document has clauses of that name, or it stands in a numbered clause.
 */
static struct str choose_prefix(struct table *t, bool groups)
{
    if (t->at->marker.kind == MARKER_ANNEX)
        return groups && !path_taken(t, S("I")) && !path_taken(t, S("1")) ? S("") : t->at->path;
    if (groups && !path_taken(t, S("I")))
        return S("");
    struct node *n = t->at;
    while (n->parent && n->marker.kind == MARKER_DASH)
        n = n->parent;
    return n->path;
}

static struct strs names(struct table *t, struct str cell)
{
    struct strs found = {0};
    bodies_read(t->k->c, t->k->catalogue, cell, &found);
    return found;
}

static struct str one_line(struct ctx *c, struct str s)
{
    char *copy = (char *)str_dup(c->arena, s).p;
    for (size_t i = 0; i < s.n; i++)
        if (copy[i] == '\n')
            copy[i] = ' ';
    return str_trim((struct str){copy, s.n});
}

static void set_opt(struct str *field, struct str value)
{
    if (value.n)
        *field = value;
}

static void make_task(struct table *t, struct str path, const struct str *cells, unsigned n, int64_t line)
{
    struct ctx *c = t->k->c;
    struct task task = {.path = path, .line = line};
    struct str time = {NULL, 0}, status = {NULL, 0};
    for (unsigned i = 0; i < n && i < t->n_columns; i++) {
        struct str cell = cells[i];
        switch (t->columns[i].label) {
        case LABEL_NAME:
        case LABEL_TARGET:
            if (!task.text.n)
                task.text = one_line(c, cell);
            else if (cell.n)
                task.text = str_fmt(c->arena, "%.*s: %.*s", ARGS(task.text), ARGS(one_line(c, cell)));
            break;
        case LABEL_LEAD:
            task.lead = names(t, cell);
            break;
        case LABEL_COORDINATING:
            task.coordinating = names(t, cell);
            break;
        case LABEL_MONITOR:
            task.monitor = names(t, cell);
            break;
        case LABEL_TIME:
            set_opt(&time, one_line(c, cell));
            break;
        case LABEL_PRODUCT:
        case LABEL_RESULTS:
            set_opt(&task.product, one_line(c, cell));
            break;
        case LABEL_STATUS:
            set_opt(&status, cell);
            break;
        default:
            break;
        }
    }
    task.title = short_title(c, task.text);
    if (!task.lead.n)
        bodies_in_sentence(c, t->k->catalogue, task.text, &task.lead, &task.coordinating);
    if (!task.lead.n && t->group_title.n && bodies_is_name(c, t->k->catalogue, t->group_title))
        task.lead = names(t, t->group_title);
    if (!time.n && column_of(t, LABEL_TIME) < 0)
        schedule_find(c, task.text, &time);
    schedule_read(c, time, t->k->year, &task.schedule);
    add_clause(t, path, "task", task.title, task.text, line);
    *PUSH(c->arena, &t->k->draft->tasks) = task;
    compile_targets(t->k, path, task.text, QUANTITY_TASK, t->k->draft->period.to, line, false);
}

static void make_targets(struct table *t, struct str path, const struct str *cells, unsigned n, int64_t line)
{
    struct ctx *c = t->k->c;
    struct target base = {.path = path, .line = line, .low = NAN, .high = NAN, .baseline = NAN};
    int name = column_of(t, LABEL_TARGET), unit_at = column_of(t, LABEL_UNIT);
    if (name < 0)
        name = column_of(t, LABEL_NAME);
    if (name < 0 || (unsigned)name >= n || !cells[name].n)
        return;
    base.subject = base.text = one_line(c, cells[name]);
    struct str unit = unit_at >= 0 && (unsigned)unit_at < n ? one_line(c, cells[unit_at]) : S("");
    for (unsigned i = 0; i < n && i < t->n_columns; i++) {
        if (t->columns[i].label == LABEL_MONITOR || t->columns[i].label == LABEL_LEAD)
            base.monitor = names(t, cells[i]);
        struct quantities q = {0};
        if (t->columns[i].label == LABEL_BASELINE && (quantity_read(c, cells[i], QUANTITY_CELL, &q), q.n == 1))
            base.baseline = isnan(q.v[0].low) ? q.v[0].high : q.v[0].low;
    }
    add_clause(t, path, "target", base.subject, base.text, line);
    struct str unit_folded = viet_fold_text(c->arena, unit), subject_folded = viet_fold_text(c->arena, base.subject);
    bool rank = str_has(unit_folded, S("hang")) || str_has(unit_folded, S("thu bac")) ||
                str_has(unit_folded, S("vi tri")) || str_starts(subject_folded, S("xep hang")) ||
                str_starts(subject_folded, S("thu hang"));
    size_t before = t->k->draft->targets.n;
    for (unsigned i = 0; i < n && i < t->n_columns; i++) {
        enum label label = t->columns[i].label;
        if (label != LABEL_VALUE && label != LABEL_YEAR && label != LABEL_PRODUCT && label != LABEL_RESULTS)
            continue;
        struct quantities q = {0};
        quantity_read(c, cells[i], QUANTITY_CELL, &q);
        for (size_t v = 0; v < q.n; v++) {
            struct target one = base;
            one.measure = rank ? S("rank") : q.v[v].measure;
            one.comparator = q.v[v].comparator;
            one.low = q.v[v].low;
            one.high = q.v[v].high;
            if (rank && !isnan(one.low) && isnan(one.high)) {
                one.comparator = S("le");
                one.high = one.low;
                one.low = NAN;
            }
            one.unit = unit.n ? unit : q.v[v].unit;
            one.per = q.v[v].per;
            if (str_has(unit_folded, S("/nam")))
                one.per = S("year");
            if (q.v[v].subject.n && !str_eq(viet_fold_text(c->arena, q.v[v].subject), unit_folded))
                one.subject = str_fmt(c->arena, "%.*s (%.*s)", ARGS(base.subject), ARGS(q.v[v].subject));
            if (t->columns[i].year)
                one.by = str_fmt(c->arena, "%d", t->columns[i].year);
            else
                one.by = q.v[v].by.p ? q.v[v].by : heading_year(t->k, t->at);
            if (!one.by.p)
                one.by = t->k->draft->period.to;
            one.text = str_fmt(c->arena, "%.*s: %.*s", ARGS(base.text), ARGS(one_line(c, cells[i])));
            *PUSH(c->arena, &t->k->draft->targets) = one;
        }
    }
    if (t->k->draft->targets.n > before)
        return;
    /* A row without a figure: a described target, or one written out in its own words. */
    struct str words = base.text;
    for (unsigned i = 0; i < n && i < t->n_columns; i++)
        if ((t->columns[i].label == LABEL_VALUE || t->columns[i].label == LABEL_YEAR ||
             t->columns[i].label == LABEL_PRODUCT) &&
            cells[i].n)
            words = str_fmt(c->arena, "%.*s: %.*s", ARGS(words), ARGS(one_line(c, cells[i])));
    compile_targets(t->k, path, words, QUANTITY_TARGET, heading_year(t->k, t->at), line, false);
    if (t->k->draft->targets.n == before) {
        base.measure = S("state");
        base.text = words;
        base.by = t->k->draft->period.to;
        *PUSH(c->arena, &t->k->draft->targets) = base;
    }
}

/* Rows gathered before they are made, since the next row may go on with one. */
struct pending {
    bool any;
    struct str path;
    struct str cells[COLUMNS_MAX];
    unsigned n;
    int64_t line;
};

static void flush(struct table *t, struct pending *p)
{
    if (!p->any)
        return;
    p->any = false;
    if (t->is_target)
        make_targets(t, p->path, p->cells, p->n, p->line);
    else
        make_task(t, p->path, p->cells, p->n, p->line);
}

static void open_group(struct table *t, const struct marker *m, struct str ordinal, struct str title, int64_t line)
{
    struct ctx *c = t->k->c;
    if (!ordinal.n) {
        /* A group whose number was lost takes the one that follows. */
        static const char *const romans[] = {"I",  "II", "III", "IV",  "V",    "VI",  "VII", "VIII",
                                             "IX", "X",  "XI",  "XII", "XIII", "XIV", "XV"};
        t->group_value++;
        ordinal = t->group_kind == MARKER_ROMAN || t->group_kind == MARKER_NONE
                      ? str_of(romans[(t->group_value - 1) % (sizeof romans / sizeof *romans)])
                  : t->group_kind == MARKER_UPPER ? str_fmt(c->arena, "%c", (char)('A' + (t->group_value - 1) % 26))
                                                  : str_fmt(c->arena, "%u", t->group_value);
        add_finding(c, t->k->draft, "group_without_number", join_path(c, t->prefix, ordinal), "info", line,
                    "Nhóm \"%.*s\" không có số thứ tự; tạm lấy là %.*s", ARGS(title), ARGS(ordinal));
    } else {
        t->group_kind = m->kind;
        t->group_value = m->value;
    }
    t->group = join_path(c, t->prefix, ordinal);
    t->group_title = title;
    t->row_value = 0;
    add_clause(t, t->group, "heading", title, S(""), line);
}

/* Does the row only open a group: a number and a name, and nothing in the columns that say who and when? */
static bool is_group(const struct table *t, const struct str *cells, unsigned n, const struct marker *m, bool spanned,
                     bool next_is_below)
{
    unsigned filled = 0;
    for (unsigned i = 0; i < n && i < t->n_columns; i++)
        if (t->columns[i].label != LABEL_ORDINAL && cells[i].n)
            filled++;
    if (filled != 1)
        return false;
    if (m->kind == MARKER_ROMAN || m->kind == MARKER_UPPER)
        return true;
    return spanned || next_is_below;
}

static void read_rows(struct table *t, size_t from)
{
    struct ctx *c = t->k->c;
    int ordinal_at = column_of(t, LABEL_ORDINAL);
    int name_at = column_of(t, t->is_target ? LABEL_TARGET : LABEL_NAME);
    if (name_at < 0)
        name_at = column_of(t, t->is_target ? LABEL_NAME : LABEL_TARGET);
    if (name_at < 0)
        return;
    struct pending p = {0};
    for (size_t i = from; i < t->n; i++) {
        struct str cells[COLUMNS_MAX];
        unsigned n;
        bool spanned;
        unroll(t->rows[i], cells, &n, &spanned);
        for (unsigned col = n; col < t->n_columns; col++)
            cells[col] = S("");
        unsigned width = n > t->n_columns ? n : t->n_columns;
        struct column again[COLUMNS_MAX];
        unsigned m_columns;
        if (read_header(c, t->rows[i], again, &m_columns) >= 3)
            continue; /* the header, set again on a new page */
        unsigned filled = 0;
        struct str only = S("");
        for (unsigned col = 0; col < width; col++)
            if (cells[col].n) {
                filled++;
                only = cells[col];
            }
        if (!filled)
            continue;
        struct marker m = {0};
        struct str ordinal = ordinal_at >= 0 ? ordinal_of(c, cells[ordinal_at], &m) : S("");
        /* A heading set over the whole width keeps its number in its words. */
        if (filled == 1 && !ordinal.n) {
            struct marker inner = marker_read(c, only);
            if (inner.kind && inner.kind != MARKER_DASH) {
                m = inner;
                ordinal = inner.text;
                only = str_trim(str_skip(only, inner.length));
                spanned = true;
            }
        }
        struct marker next = {0};
        if (i + 1 < t->n && ordinal_at >= 0 && t->rows[i + 1]->n_cells > (size_t)ordinal_at)
            ordinal_of(c, str_trim(t->rows[i + 1]->cells[ordinal_at].text), &next);
        bool below = next.kind &&
                     ((next.kind == MARKER_NUMBER && m.kind == MARKER_NUMBER && next.depth > m.depth) ||
                      (next.kind == MARKER_NUMBER && next.value == 1 && next.depth == 1 && m.kind != MARKER_NUMBER) ||
                      (next.kind == MARKER_LETTER && m.kind != MARKER_LETTER));
        bool goes_on = !ordinal.n && p.any && ordinal_at >= 0 && !(filled == 1 && below) &&
                       (!cells[name_at].n || viet_starts_small(cells[name_at]));
        if (goes_on && !(filled == 1 && spanned)) {
            for (unsigned col = 0; col < width; col++)
                if (cells[col].n)
                    p.cells[col] = p.cells[col].n ? str_fmt(c->arena, "%.*s %.*s", ARGS(p.cells[col]), ARGS(cells[col]))
                                                  : cells[col];
            continue;
        }
        flush(t, &p);
        struct str name = filled == 1 ? only : cells[name_at];
        if (is_group(t, cells, width, &m, spanned, below || (!ordinal.n && filled == 1))) {
            open_group(t, &m, ordinal, name, t->rows[i]->line);
            continue;
        }
        if (!name.n)
            continue;
        p = (struct pending){.any = true, .n = width, .line = t->rows[i]->line};
        memcpy(p.cells, cells, width * sizeof *cells);
        if (!cells[name_at].n)
            p.cells[name_at] = name;
        if (ordinal.n)
            t->row_value = m.value;
        else
            ordinal = str_fmt(c->arena, "%u", ++t->row_value);
        /* "1.2" carries its group's number already. */
        bool whole = m.kind == MARKER_NUMBER && m.depth > 1 && t->group_kind == MARKER_NUMBER;
        p.path = join_path(c, whole || !t->group.n ? t->prefix : t->group, ordinal);
        struct str wanted = p.path;
        for (unsigned k = 2; path_taken(t, p.path) && k < 100; k++)
            p.path = str_fmt(c->arena, "%.*s~%u", ARGS(wanted), k);
    }
    flush(t, &p);
}

void compile_table(struct compiler *k, unsigned number, struct node *at)
{
    struct table t = {.k = k, .at = at};
    struct {
        const struct block **v;
        size_t n, cap;
    } rows = {0};
    for (size_t i = 0; i < k->document->n; i++)
        if (k->document->blocks[i].kind == BLOCK_ROW && k->document->blocks[i].table == number)
            *PUSH(k->c->arena, &rows) = &k->document->blocks[i];
    t.rows = rows.v;
    t.n = rows.n;
    size_t first = find_header(&t);
    if (first == SIZE_MAX)
        return;
    bool work = has_label(&t, LABEL_LEAD) || has_label(&t, LABEL_TIME) || has_label(&t, LABEL_COORDINATING);
    bool measured = has_label(&t, LABEL_TARGET) || has_label(&t, LABEL_YEAR) || has_label(&t, LABEL_UNIT);
    t.is_target = measured && !has_label(&t, LABEL_NAME) &&
                  (!work || has_label(&t, LABEL_YEAR) || has_label(&t, LABEL_UNIT) || has_label(&t, LABEL_VALUE));
    if (!t.is_target && !work && !has_label(&t, LABEL_PRODUCT))
        return;
    if (!t.is_target)
        /* In a table of tasks "Đơn vị" is a body. */
        for (unsigned i = 0; i < t.n_columns; i++)
            if (t.columns[i].label == LABEL_UNIT)
                t.columns[i].label = has_label(&t, LABEL_LEAD) ? LABEL_COORDINATING : LABEL_LEAD;
    bool groups = false;
    for (size_t i = first; i < t.n && !groups; i++) {
        struct marker m;
        int ordinal_at = column_of(&t, LABEL_ORDINAL);
        if (ordinal_at >= 0 && t.rows[i]->n_cells > (size_t)ordinal_at)
            ordinal_of(k->c, str_trim(t.rows[i]->cells[ordinal_at].text), &m);
        else
            m = (struct marker){0};
        groups = m.kind == MARKER_ROMAN || m.kind == MARKER_UPPER ||
                 (t.rows[i]->n_cells && marker_read(k->c, t.rows[i]->cells[0].text).kind == MARKER_ROMAN);
    }
    t.prefix = choose_prefix(&t, groups);
    read_rows(&t, first);
}
