/* table.c - the rows of a table as tasks or targets. What a column holds is told by its header; group rows give the
 * paths. */
#include "base/viet.h"
#include "domain/plan/bodies.h"
#include "domain/plan/compile.h"

#include <math.h>
#include <string.h>

#include "base/banned.h"

enum { COLUMNS_MAX = 64, HEADER_ROWS = 4, GROUPS_MAX = 6 };

struct column {
    enum label label;
    int year;
};

struct group {
    struct marker marker;
    struct str path, title;
};

struct row_above {
    struct str path, number;
    struct str cells[COLUMNS_MAX];
    unsigned n; /* 0: none */
};

struct table {
    struct compiler *k;
    struct node *at;
    const struct block **rows;
    size_t n;
    struct column columns[COLUMNS_MAX];
    unsigned n_columns;
    struct str prefix;               /* before every path of this table, or empty */
    struct group groups[GROUPS_MAX]; /* those open, the outermost first: A, then I */
    unsigned n_groups;
    struct row_above above;                         /* the numbered row that rows "1.1" and "a" detail */
    struct str last[COLUMNS_MAX];                   /* what each column said last, for "nt" */
    unsigned level_of[MARKER_DASH + 1][GROUPS_MAX]; /* of each kind and depth: its place among the groups, from 1 */
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
    bool whole = ret->length == cell.n + 2; /* "II. Nhân lực" is a group's heading, not its number */
    if (!whole || (ret->kind != MARKER_ROMAN && ret->kind != MARKER_NUMBER && ret->kind != MARKER_LETTER &&
                   ret->kind != MARKER_UPPER))
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

static struct str group_path(const struct table *t)
{
    return t->n_groups ? t->groups[t->n_groups - 1].path : t->prefix;
}

/* `path`, or what it is when that is taken. */
static struct str free_path(struct table *t, struct str path)
{
    struct str wanted = path;
    for (size_t again = 2; !path_take(t->k, path); again = again < 50 ? again + 1 : again + 1 + t->k->draft->clauses.n)
        path = str_fmt(t->k->c->arena, "%.*s~%zu", ARGS(wanted), again);
    return path;
}

/* Paths of a table stand alone ("I.1") unless the document has clauses of that name, or it stands in a numbered clause.
 */
static struct str choose_prefix(struct table *t, bool groups)
{
    if (t->at->marker.kind == MARKER_ANNEX)
        return groups && !path_is_taken(t->k, S("I")) && !path_is_taken(t->k, S("A")) && !path_is_taken(t->k, S("1"))
                   ? S("")
                   : t->at->path;
    if (groups && !path_is_taken(t->k, S("I")) && !path_is_taken(t->k, S("A")))
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
    struct str group = t->n_groups ? t->groups[t->n_groups - 1].title : S("");
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
            bodies_in_cell(c, t->k->catalogue, cell, &task.lead, &task.coordinating);
            break;
        case LABEL_COORDINATING:
            bodies_read(c, t->k->catalogue, cell, &task.coordinating);
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
    if (!task.lead.n && group.n && bodies_is_name(c, t->k->catalogue, group))
        task.lead = names(t, group);
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
            if (str_starts(subject_folded, S("toc do tang")) && str_starts(unit_folded, S("%")))
                one.measure = S("growth");
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

/* The number of a group that lost its own: the one that follows. */
static struct str next_ordinal(struct table *t)
{
    static const char *const romans[] = {"I",  "II", "III", "IV",  "V",    "VI",  "VII", "VIII",
                                         "IX", "X",  "XI",  "XII", "XIII", "XIV", "XV"};
    unsigned value = ++t->group_value;
    if (t->group_kind == MARKER_ROMAN || t->group_kind == MARKER_NONE)
        return str_of(romans[(value - 1) % (sizeof romans / sizeof *romans)]);
    return t->group_kind == MARKER_UPPER ? str_fmt(t->k->c->arena, "%c", (char)('A' + (value - 1) % 26))
                                         : str_fmt(t->k->c->arena, "%u", value);
}

/* The path under which "1.2" stands, which carries the numbers of its groups already. */
static struct str path_above_numbers(const struct table *t)
{
    for (unsigned i = t->n_groups; i > 0; i--)
        if (t->groups[i - 1].marker.kind != MARKER_NUMBER)
            return t->groups[i - 1].path;
    return t->prefix;
}

/* Groups nest in the order in which their kinds first appear: A, then I, then 1. */
static void open_group(struct table *t, const struct marker *m, struct str ordinal, struct str title, int64_t line)
{
    struct ctx *c = t->k->c;
    struct marker marker = *m;
    bool lost = !ordinal.n;
    if (lost) {
        ordinal = next_ordinal(t);
        marker = (struct marker){.kind = t->group_kind, .depth = 1};
    } else {
        t->group_kind = m->kind;
        t->group_value = m->value;
    }
    unsigned *level = &t->level_of[marker.kind][marker.depth < GROUPS_MAX ? marker.depth : GROUPS_MAX - 1];
    if (!*level)
        *level = (t->n_groups < GROUPS_MAX - 1 ? t->n_groups : GROUPS_MAX - 1) + 1;
    if (t->n_groups >= *level)
        t->n_groups = *level - 1;
    struct str above = marker.kind == MARKER_NUMBER && marker.depth > 1 ? path_above_numbers(t) : group_path(t);
    struct group *g = &t->groups[t->n_groups++];
    *g = (struct group){marker, free_path(t, join_path(c, above, ordinal)), title};
    if (lost)
        add_finding(c, t->k->draft, "group_without_number", g->path, "info", line,
                    "Nhóm \"%.*s\" không có số thứ tự; tạm lấy là %.*s",
                    "The group \"%.*s\" has no number; it is taken to be %.*s", ARGS(title), ARGS(ordinal));
    t->row_value = 0;
    t->above.n = 0;
    add_clause(t, g->path, "heading", title, S(""), line);
}

/* Does the row only open a group: a number and a name, and nothing in the columns that say who and when? */
static bool is_group(const struct table *t, const struct str *cells, unsigned n, const struct marker *m, bool spanned,
                     bool next_is_below)
{
    unsigned filled = 0, numbers = 0;
    for (unsigned i = 0; i < n && i < t->n_columns; i++)
        if (cells[i].n)
            ++*(t->columns[i].label == LABEL_ORDINAL ? &numbers : &filled);
    if (filled != 1 && !(spanned && filled == 0 && numbers == 1)) /* set over the whole width, from the first column */
        return false;
    if (m->kind == MARKER_ROMAN || m->kind == MARKER_UPPER)
        return true;
    return spanned || next_is_below;
}

/* "(1) | (2) | (3)": the row that numbers the columns. */
static bool numbers_columns(const struct str *cells, unsigned n)
{
    unsigned filled = 0;
    int64_t last = 0;
    for (unsigned i = 0; i < n; i++) {
        struct str cell = cells[i];
        while (cell.n && strchr("([ ", cell.p[0]))
            cell = str_skip(cell, 1);
        while (cell.n && strchr(")] ", cell.p[cell.n - 1]))
            cell.n--;
        if (!cell.n)
            continue;
        int64_t value;
        if (str_i64(cell, &value)) {
            if (value != last + 1)
                return false;
            last = value;
        } else if (cell.n != 1 || cell.p[0] < 'A' || cell.p[0] > 'Z' || last) {
            return false;
        }
        filled++;
    }
    return filled >= 3 && last >= 2;
}

static bool says_ditto(struct ctx *c, struct str cell)
{
    static const char *const words[] = {"nt",   "nhu tren", "\"",   "\"\"", "''", "//",
                                        "-nt-", "- nt -",   "-\"-", "(nt)", "nt."};
    if (!cell.n || cell.n > 16)
        return false;
    struct str f = viet_fold_text(c->arena, cell);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq(f, str_of(words[i])))
            return true;
    return false;
}

static bool says_who_or_when(enum label label)
{
    return label == LABEL_LEAD || label == LABEL_COORDINATING || label == LABEL_TIME || label == LABEL_MONITOR;
}

/* "nt" takes what the row above says; a row that details another ("1.1", "a") takes what it leaves blank from there. */
static void fill_cells(struct table *t, struct str *cells, unsigned n, bool details)
{
    bool who = false;
    for (unsigned i = 0; i < n && i < t->n_columns; i++) {
        if (!says_who_or_when(t->columns[i].label) && t->columns[i].label != LABEL_PRODUCT)
            continue;
        if (says_ditto(t->k->c, cells[i]))
            cells[i] = t->last[i];
        else if (cells[i].n)
            t->last[i] = cells[i];
        who |= cells[i].n && t->columns[i].label == LABEL_LEAD;
    }
    for (unsigned i = 0; details && i < n && i < t->n_columns && i < t->above.n; i++) {
        enum label label = t->columns[i].label;
        if (!cells[i].n && says_who_or_when(label) && !(who && label == LABEL_COORDINATING))
            cells[i] = t->above.cells[i];
    }
}

struct row {
    struct str cells[COLUMNS_MAX];
    unsigned n, filled;
    bool spanned, below; /* below: the next row's number is of a lower kind */
    struct marker marker;
    struct str ordinal, only; /* only: the one cell that is filled */
};

static struct marker marker_of_row(struct table *t, size_t i, int ordinal_at, struct str *ret_ordinal)
{
    struct marker m = {0};
    *ret_ordinal = S("");
    if (i < t->n && ordinal_at >= 0 && t->rows[i]->n_cells > (size_t)ordinal_at)
        *ret_ordinal = ordinal_of(t->k->c, str_trim(t->rows[i]->cells[ordinal_at].text), &m);
    return m;
}

/* Reads row `i`; false if it holds nothing, or is the header or its numbering. */
static bool read_row(struct table *t, size_t i, int ordinal_at, struct row *r)
{
    struct ctx *c = t->k->c;
    r->filled = 0;
    r->only = S("");
    unroll(t->rows[i], r->cells, &r->n, &r->spanned);
    for (; r->n < t->n_columns; r->n++)
        r->cells[r->n] = S("");
    struct column again[COLUMNS_MAX];
    unsigned columns;
    if (numbers_columns(r->cells, r->n) || read_header(c, t->rows[i], again, &columns) >= 3)
        return false; /* the header, set again on a new page */
    for (unsigned col = 0; col < r->n; col++)
        if (r->cells[col].n) {
            r->filled++;
            r->only = r->cells[col];
        }
    r->marker = (struct marker){0};
    r->ordinal = ordinal_at >= 0 ? ordinal_of(c, r->cells[ordinal_at], &r->marker) : S("");
    if (r->ordinal.n && r->filled == 1)
        r->only = S(""); /* a number and nothing else: a row of the form left empty */
    /* A heading set over the whole width keeps its number in its words. */
    struct marker inner = r->filled == 1 && !r->ordinal.n ? marker_read(c, r->only) : (struct marker){0};
    if (inner.kind && inner.kind != MARKER_DASH) {
        r->marker = inner;
        r->ordinal = inner.text;
        r->only = str_trim(str_skip(r->only, inner.length));
        r->spanned = true;
    }
    struct str ignored;
    struct marker next = marker_of_row(t, i + 1, ordinal_at, &ignored);
    const struct marker *m = &r->marker;
    r->below = (next.kind == MARKER_NUMBER && m->kind == MARKER_NUMBER && next.depth > m->depth) ||
               (next.kind == MARKER_NUMBER && next.value == 1 && next.depth == 1 && m->kind != MARKER_NUMBER) ||
               (next.kind == MARKER_LETTER && m->kind != MARKER_LETTER);
    return r->filled > 0;
}

static bool details_row_above(const struct table *t, const struct row *r)
{
    if (!t->above.n)
        return false;
    if (r->marker.kind == MARKER_LETTER)
        return !t->n_groups || t->groups[t->n_groups - 1].marker.kind != MARKER_LETTER;
    return r->marker.kind == MARKER_NUMBER && r->marker.depth > 1 && str_starts(r->ordinal, t->above.number) &&
           r->ordinal.n > t->above.number.n && r->ordinal.p[t->above.number.n] == '.';
}

static void open_row(struct table *t, struct row *r, int name_at, struct str name, int64_t line, struct pending *p)
{
    struct ctx *c = t->k->c;
    bool details = details_row_above(t, r);
    fill_cells(t, r->cells, r->n, details);
    *p = (struct pending){.any = true, .n = r->n, .line = line};
    memcpy(p->cells, r->cells, r->n * sizeof *r->cells);
    if (!r->cells[name_at].n)
        p->cells[name_at] = name;
    if (r->ordinal.n)
        t->row_value = r->marker.value;
    else
        r->ordinal = str_fmt(c->arena, "%u", ++t->row_value);
    struct str above = group_path(t);
    if (r->marker.kind == MARKER_NUMBER && r->marker.depth > 1)
        above = path_above_numbers(t);
    else if (details)
        above = t->above.path;
    p->path = free_path(t, join_path(c, above, r->ordinal));
    if (r->marker.kind != MARKER_NUMBER || r->marker.depth > 1)
        return;
    t->above = (struct row_above){.path = p->path, .number = r->ordinal, .n = r->n};
    memcpy(t->above.cells, p->cells, r->n * sizeof *p->cells);
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
    struct pending *p = NEW(c->arena, struct pending);
    struct row *r = NEW(c->arena, struct row);
    for (size_t i = from; i < t->n; i++) {
        if (!read_row(t, i, ordinal_at, r))
            continue;
        const struct str *cells = r->cells;
        bool goes_on = !r->ordinal.n && p->any && ordinal_at >= 0 && !(r->filled == 1 && (r->below || r->spanned)) &&
                       (!cells[name_at].n || viet_starts_small(cells[name_at]));
        for (unsigned col = 0; goes_on && col < r->n; col++)
            if (cells[col].n)
                p->cells[col] = p->cells[col].n ? str_fmt(c->arena, "%.*s %.*s", ARGS(p->cells[col]), ARGS(cells[col]))
                                                : cells[col];
        if (goes_on)
            continue;
        flush(t, p);
        struct str name = r->filled == 1 ? r->only : cells[name_at];
        if (is_group(t, cells, r->n, &r->marker, r->spanned, r->below || (!r->ordinal.n && r->filled == 1)))
            open_group(t, &r->marker, r->ordinal, name, t->rows[i]->line);
        else if (name.n)
            open_row(t, r, name_at, name, t->rows[i]->line, p);
    }
    flush(t, p);
}

void compile_tables_index(struct compiler *k)
{
    const struct document *d = k->document;
    for (size_t i = 0; i < d->n; i++)
        if (d->blocks[i].kind == BLOCK_ROW && d->blocks[i].table >= k->n_tables && d->blocks[i].table <= d->n)
            k->n_tables = (size_t)d->blocks[i].table + 1;
    k->tables = NEWN(k->c->arena, struct table_rows, k->n_tables + 1);
    for (size_t i = 0; i < d->n; i++)
        if (d->blocks[i].kind == BLOCK_ROW && d->blocks[i].table < k->n_tables)
            k->tables[d->blocks[i].table].n++;
    for (size_t i = 0; i < k->n_tables; i++) {
        k->tables[i].v = NEWN(k->c->arena, const struct block *, k->tables[i].n + 1);
        k->tables[i].n = 0;
    }
    for (size_t i = 0; i < d->n; i++)
        if (d->blocks[i].kind == BLOCK_ROW && d->blocks[i].table < k->n_tables) {
            struct table_rows *rows = &k->tables[d->blocks[i].table];
            rows->v[rows->n++] = &d->blocks[i];
        }
}

/* A table that holds neither tasks nor targets is left as it is, and said to be. */
static void tell_unread(const struct table *t)
{
    enum { COLUMNS_MIN = 3, ROWS_MIN = 3 };
    if (t->n < ROWS_MIN || t->rows[0]->n_cells < COLUMNS_MIN)
        return;
    add_finding(t->k->c, t->k->draft, "table_not_read", t->at->path, "info", t->rows[0]->line,
                "Bảng ở dòng %u không nêu nhiệm vụ hay chỉ tiêu theo cách đã biết nên không được đọc",
                "The table at line %u gives no tasks or targets in a form that is known, and was not read",
                t->rows[0]->line);
}

/* Is there a row that opens a group by a Roman number or a capital? */
static bool has_groups(struct table *t, size_t first)
{
    int ordinal_at = column_of(t, LABEL_ORDINAL);
    for (size_t i = first; i < t->n; i++) {
        struct str ordinal;
        enum marker_kind kind = marker_of_row(t, i, ordinal_at, &ordinal).kind;
        if (kind == MARKER_ROMAN || kind == MARKER_UPPER ||
            (t->rows[i]->n_cells && marker_read(t->k->c, t->rows[i]->cells[0].text).kind == MARKER_ROMAN))
            return true;
    }
    return false;
}

/* Finds the header and what the rows are; the first row after it, or SIZE_MAX if they are neither tasks nor targets. */
static size_t recognise(struct table *t, struct compiler *k, unsigned number)
{
    t->k = k;
    t->rows = k->tables[number].v;
    t->n = k->tables[number].n;
    size_t first = find_header(t);
    if (first == SIZE_MAX)
        return SIZE_MAX;
    bool work = has_label(t, LABEL_LEAD) || has_label(t, LABEL_TIME) || has_label(t, LABEL_COORDINATING);
    bool measured = has_label(t, LABEL_TARGET) || has_label(t, LABEL_YEAR) || has_label(t, LABEL_UNIT);
    t->is_target = measured && !has_label(t, LABEL_NAME) &&
                   (!work || has_label(t, LABEL_YEAR) || has_label(t, LABEL_UNIT) || has_label(t, LABEL_VALUE));
    return t->is_target || work || has_label(t, LABEL_PRODUCT) ? first : SIZE_MAX;
}

bool compile_table_is_read(struct compiler *k, unsigned number)
{
    return recognise(NEW(k->c->arena, struct table), k, number) != SIZE_MAX;
}

void compile_table(struct compiler *k, unsigned number, struct node *at)
{
    struct table *t = NEW(k->c->arena, struct table);
    size_t first = recognise(t, k, number);
    t->at = at;
    if (first == SIZE_MAX) {
        tell_unread(t);
        return;
    }
    if (!t->is_target)
        /* In a table of tasks "Đơn vị" is a body. */
        for (unsigned i = 0; i < t->n_columns; i++)
            if (t->columns[i].label == LABEL_UNIT)
                t->columns[i].label = has_label(t, LABEL_LEAD) ? LABEL_COORDINATING : LABEL_LEAD;
    t->prefix = choose_prefix(t, has_groups(t, first));
    read_rows(t, first);
}
