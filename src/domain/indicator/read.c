/* Reading the dictionary's files. What a file holds is told by its first heading (data/indicators/README.md). */
#include "domain/indicator/dictionary.h"
#include "domain/indicator/dictionary_store.h"

#include <stdlib.h>

#include "base/banned.h"

/* Headings as a clerk would write them, folded. */
static const struct rows_heading headings[] = {
    {"code", "ma"},
    {"code", "ma chi tieu"},
    {"name", "ten"},
    {"name", "ten chi tieu"},
    {"name_en", "ten tieng anh"},
    {"definition", "dinh nghia"},
    {"definition", "noi dung"},
    {"definition_en", "dinh nghia tieng anh"},
    {"unit", "don vi"},
    {"unit", "don vi tinh"},
    {"unit_en", "don vi tieng anh"},
    {"places", "so le"},
    {"places", "so chu so thap phan"},
    {"direction", "chieu"},
    {"frequency", "ky"},
    {"frequency", "tan suat"},
    {"tree", "he thong"},
    {"provider", "noi bao cao"},
    {"over_places", "cong theo noi"},
    {"over_time", "cong theo thoi gian"},
    {"weight", "quyen so"},
    {"formula", "cong thuc"},
    {"dimensions", "phan to"},
    {"low", "nho nhat"},
    {"high", "lon nhat"},
    {"jump", "nhay"},
    {"steps", "cac buoc"},
    {"steps_en", "cac buoc tieng anh"},
    {"source", "nguon"},
    {"method", "cach tinh"},
    {"responsible", "chiu trach nhiem"},
    {"set", "bo"},
    {"set", "bo chi so"},
    {"set", "ma bo"},
    {"parent", "thuoc"},
    {"points", "diem"},
    {"points", "cac moc"},
    {"level", "muc cong khai"},
    {"confirmed", "da xac minh"},
    {"note", "ghi chu"},
    {"year", "nam"},
    {"issued", "van ban"},
    {"dimension", "phan to"},
    {"category", "nhom"},
    {"category", "loai"},
    {"ordinal", "thu tu"},
    {"goal", "muc tieu"},
    {"goal", "ma muc tieu"},
    {"indicator", "chi tieu"},
    {"plan", "ke hoach"},
    {"target", "muc tieu cua ke hoach"},
    {"place", "noi"},
    {"above", "cua muc tieu"},
    {"measure", "loai muc tieu"},
    {"comparator", "so sanh"},
    {"per", "moi"},
    {"by", "den nam"},
    {"baseline", "xuat phat"},
    {"baseline_period", "ky xuat phat"},
    {"baseline_source", "nguon xuat phat"},
    {"path", "lo trinh"},
    {"path", "muc"},
};

/* A key and the place of its row, in order of the key, to find what a new row replaces. */
struct entry {
    struct str key;
    size_t row;
};

static int by_key(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int order = str_cmp(x->key, y->key);
    return order ? order : x->row < y->row ? -1 : x->row > y->row;
}

struct reader {
    struct ctx *c;
    struct row_problems *problems;
    struct dictionary *read;
};

static void take(void *arg, size_t table, void *row, struct row_place at)
{
    struct reader *r = arg;
    if (table == DICTIONARY_SET || table == DICTIONARY_INDICATOR)
        rows_check_code(r->c, r->problems, at, *(struct str *)row); /* the first field of both */
    dictionary_add(r->c, r->read, (enum dictionary_table_id)table, row, at);
}

static struct entry *sorted(struct ctx *c, enum dictionary_table_id table, const struct dictionary *d)
{
    size_t n = d->rows[table].n;
    struct entry *v = NEWN(c->arena, struct entry, n + 1);
    for (size_t i = 0; i < n; i++)
        v[i] = (struct entry){dictionary_key(c->arena, table, dictionary_row(d, table, i)), i};
    qsort(v, n, sizeof *v, by_key);
    return v;
}

/* A key stands once in what was read together. */
static void check_twice(struct reader *r, enum dictionary_table_id table, const struct entry *v, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        if (!str_eq(v[i - 1].key, v[i].key))
            continue;
        struct row_place at = r->read->rows[table].places.v[v[i].row];
        struct row_place first = r->read->rows[table].places.v[v[i - 1].row];
        row_problem(r->c, r->problems, at.file, at.line, "\"%.*s\" đã có ở %.*s dòng %u (given twice)", ARGS(v[i].key),
                    ARGS(first.file), first.line);
    }
}

/* A row with the key of one that is there takes its place; the others follow as they were read. */
static void merge_table(struct reader *r, enum dictionary_table_id table, const struct dictionary *base,
                        struct dictionary *into)
{
    struct ctx *c = r->c;
    const struct dictionary_rows *rows = &r->read->rows[table];
    size_t n = rows->n, n_base = base ? base->rows[table].n : 0;
    struct entry *now = sorted(c, table, r->read), *before = base ? sorted(c, table, base) : NULL;
    bool *placed = NEWN(c->arena, bool, n + 1);
    check_twice(r, table, now, n);
    size_t *with = NEWN(c->arena, size_t, n_base + 1); /* what replaces each row of base, plus 1 */
    for (size_t i = 0, j = 0; i < n_base && j < n;) {
        int order = str_cmp(before[i].key, now[j].key);
        if (!order)
            with[before[i].row] = now[j].row + 1, placed[now[j].row] = true;
        i += order <= 0;
        j += order >= 0;
    }
    for (size_t i = 0; i < n_base; i++) {
        if (with[i])
            dictionary_add(c, into, table, dictionary_row(r->read, table, with[i] - 1), rows->places.v[with[i] - 1]);
        else
            dictionary_add(c, into, table, dictionary_row(base, table, i), (struct row_place){S(""), 0});
    }
    for (size_t i = 0; i < n; i++)
        if (!placed[i])
            dictionary_add(c, into, table, dictionary_row(r->read, table, i), rows->places.v[i]);
}

struct dictionary *dictionary_merge(struct ctx *c, const struct org_file *files, size_t n,
                                    const struct dictionary *base, struct row_problems *problems)
{
    struct reader r = {c, problems, NEW(c->arena, struct dictionary)};
    struct rows_table tables[DICTIONARY_COUNT];
    for (int t = 0; t < DICTIONARY_COUNT; t++)
        tables[t] = (struct rows_table){dictionary_tables[t].heading, dictionary_tables[t].record,
                                        dictionary_tables[t].phrases};
    const struct rows_format format = {tables, DICTIONARY_COUNT, headings, sizeof headings / sizeof *headings,
                                       "code, set, dimension, goal hoặc indicator"};
    for (size_t i = 0; i < n; i++)
        rows_read(c, &format, files[i].name, files[i].content, (struct rows_taker){take, &r}, problems);
    struct dictionary *d = NEW(c->arena, struct dictionary);
    for (int t = 0; t < DICTIONARY_COUNT; t++)
        merge_table(&r, (enum dictionary_table_id)t, base, d);
    dictionary_index(c, d);
    return d;
}

enum err dictionary_read(struct ctx *c, const struct org_file *files, size_t n_files, const struct dictionary *base,
                         const struct org_catalogue *orgs, struct row_problems *ret_problems,
                         const struct dictionary **ret)
{
    struct row_problems own = {0}, *problems = ret_problems ? ret_problems : &own;
    struct dictionary *d = dictionary_merge(c, files, n_files, base, problems);
    if (!problems->n) /* a row that could not be read would be missed by all that name it */
        dictionary_check(c, d, orgs, problems);
    if (problems->n)
        return row_refuse(c, problems);
    *ret = d;
    return OK;
}
