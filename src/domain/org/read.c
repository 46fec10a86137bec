/* Reading the catalogue's CSV files. What a file holds is told by its first heading (data/orgs/README.md). */
#include "domain/org/catalogue.h"

#include "document/rows.h"

#include "base/banned.h"

/* Headings as a clerk would write them, folded. */
static const struct rows_heading headings[] = {
    {"code", "ma"},
    {"code", "ma co quan"},
    {"code", "ma don vi"},
    {"code", "unit"},
    {"name", "ten"},
    {"name", "ten day du"},
    {"name_en", "ten tieng anh"},
    {"short", "ten ngan"},
    {"kind", "loai"},
    {"area", "dia ban"},
    {"area", "ma dia ban"},
    {"valid_from", "tu ngay"},
    {"valid_to", "den ngay"},
    {"confirmed", "da xac minh"},
    {"note", "ghi chu"},
    {"party", "cap tren (dang)"},
    {"state", "cap tren (nha nuoc)"},
    {"front", "cap tren (mat tran)"},
    {"leads", "lanh dao"},
    {"link", "quan he"},
    {"target", "ma dich"},
    {"alias", "ten khac"},
    {"group", "ma nhom"},
    {"kinds", "cac loai"},
    {"tree", "he thong"},
    {"under", "duoi"},
    {"depth", "so cap"},
    {"include", "gom ca"},
    {"exclude", "tru"},
    {"parent", "thuoc"},
    {"km2", "dien tich"},
    {"lon", "kinh do"},
    {"lat", "vi do"},
    {"of", "cua"},
    {"rank", "thu tu"},
    {"word", "viet tat"},
    {"expansion", "full"},
    {"expansion", "day du"},
};

struct reader {
    struct ctx *c;
    struct row_problems *problems;
    struct row_place at;
    struct org_rows *rows;            /* by table */
    struct org_map seen[ORG_T_COUNT]; /* keys of the rows read so far: index */
    struct org_rows templates;        /* struct org_unit_row with places to fill in */
};
#define PROBLEM(r, ...) row_problem((r)->c, (r)->problems, (r)->at.file, (r)->at.line, __VA_ARGS__)

/* Keep a row, unless one of its key was read already. */
static void keep(struct reader *r, enum org_table_id table, void *row)
{
    const struct org_table *t = &org_tables[table];
    *(struct org_origin *)((char *)row + t->origin) = (struct org_origin){r->at.file, r->at.line};
    uint32_t *seen = org_map_put(r->c->arena, &r->seen[table], org_row_key(r->c->arena, table, row));
    if (*seen) {
        const struct org_origin *first =
            (const void *)((char *)r->rows[table].v + (*seen - 1) * t->record->size + t->origin);
        struct str key = *(const struct str *)((char *)row + t->record->fields[0].offset);
        PROBLEM(r, "\"%.*s\" đã có ở %.*s dòng %u (given twice)", ARGS(key), ARGS(first->file), first->line);
        return;
    }
    org_rows_add(r->c->arena, &r->rows[table], t->record, row);
    *seen = (uint32_t)r->rows[table].n;
}

static void keep_unit(struct reader *r, struct org_unit_row *row)
{
    const struct {
        const char *link;
        struct str target;
    } links[] = {{"party", row->party}, {"state", row->state}, {"front", row->front}, {"leads", row->leads}};
    rows_check_code(r->c, r->problems, r->at, row->unit.code);
    keep(r, ORG_T_UNIT, row);
    for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
        struct org_link link = {str_of(links[i].link), row->unit.code, links[i].target, DAY_NONE, DAY_NONE, {NULL, 0},
                                {{NULL, 0}, 0}};
        if (link.target.n)
            keep(r, ORG_T_LINK, &link);
    }
}

static void take_row(void *arg, size_t which, void *row, struct row_place at)
{
    struct reader *r = arg;
    enum org_table_id table = (enum org_table_id)which;
    struct org_unit_row *unit = row;
    r->at = at;
    if (table == ORG_T_UNIT && str_has(unit->unit.code, S("{area}"))) {
        unit->unit.origin = (struct org_origin){at.file, at.line};
        org_rows_add(r->c->arena, &r->templates, &org_unit_columns, unit);
    } else if (table == ORG_T_UNIT) {
        keep_unit(r, unit);
    } else {
        bool coded = table == ORG_T_AREA || table == ORG_T_GROUP || table == ORG_T_KIND;
        if (coded)
            rows_check_code(r->c, r->problems, at, *(struct str *)row); /* the first field of each */
        keep(r, table, row);
    }
}

static struct str fill_in(struct ctx *c, struct str pattern, struct str place, struct str with)
{
    size_t at = str_find(pattern, place, 0);
    if (!pattern.p || at == SIZE_MAX)
        return pattern;
    struct str head = str_slice(pattern, 0, at), tail = str_skip(pattern, at + place.n);
    return str_join(c->arena, (const struct str[]){head, with, tail}, 3, S(""));
}

static struct str kind_name(struct reader *r, struct str kind, const struct org_rows *base_kinds)
{
    const struct org_rows *lists[2] = {&r->rows[ORG_T_KIND], base_kinds};
    for (int l = 0; l < 2; l++)
        for (size_t i = 0; lists[l] && i < lists[l]->n; i++) {
            const struct org_kind *k = (const struct org_kind *)lists[l]->v + i;
            if (str_eq(k->kind, kind))
                return k->name;
        }
    return kind;
}

static int32_t later(int32_t a, int32_t b)
{
    return a > b ? a : b; /* DAY_NONE is before all */
}

static int32_t sooner(int32_t a, int32_t b)
{
    return a == DAY_NONE || (b != DAY_NONE && b < a) ? b : a;
}

/* One body for each area that was read, of the kinds that the row names. A row written out for that code takes its
 * place. */
static void expand(struct reader *r, const struct org_unit_row *pattern, const struct org_area *area, struct str kind)
{
    struct ctx *c = r->c;
    struct org_unit_row row = *pattern;
    struct str name = str_join(c->arena, (const struct str[]){kind, area->name}, 2, S(" "));
    struct str *const coded[] = {&row.unit.code, &row.party, &row.state, &row.front, &row.leads};
    for (size_t i = 0; i < sizeof coded / sizeof *coded; i++)
        *coded[i] = fill_in(c, *coded[i], S("{area}"), area->code);
    row.unit.name = fill_in(c, row.unit.name, S("{name}"), name);
    row.unit.short_name = fill_in(c, row.unit.short_name, S("{name}"), name);
    row.unit.area = area->code;
    row.unit.valid_from = later(row.unit.valid_from, area->valid_from);
    row.unit.valid_to = sooner(row.unit.valid_to, area->valid_to);
    if (org_map_get(&r->seen[ORG_T_UNIT], row.unit.code) == UINT32_MAX)
        keep_unit(r, &row);
}

static void expand_all(struct reader *r, const struct org_rows *base)
{
    for (size_t t = 0; t < r->templates.n; t++) {
        const struct org_unit_row *pattern = (const struct org_unit_row *)r->templates.v + t;
        r->at = (struct row_place){pattern->unit.origin.file, pattern->unit.origin.line};
        struct strs kinds = rows_list(r->c, pattern->unit.area);
        if (!kinds.n)
            PROBLEM(
                r, "dòng dùng {area} phải ghi ở cột area loại địa bàn, ví dụ \"ward commune\" (kinds of area missing)");
        for (size_t i = 0; i < r->rows[ORG_T_AREA].n; i++) {
            const struct org_area *area = (const struct org_area *)r->rows[ORG_T_AREA].v + i;
            for (size_t k = 0; k < kinds.n; k++)
                if (str_eq(kinds.v[k], area->kind))
                    expand(r, pattern, area, kind_name(r, area->kind, base ? &base[ORG_T_KIND] : NULL));
        }
    }
}

void org_read_files(struct ctx *c, const struct org_file *files, size_t n, struct org_rows rows[ORG_T_COUNT],
                    const struct org_rows *base, struct row_problems *problems)
{
    struct reader r = {.c = c, .problems = problems, .rows = rows};
    struct rows_table tables[ORG_T_COUNT];
    for (int t = 0; t < ORG_T_COUNT; t++)
        tables[t] = (struct rows_table){org_tables[t].heading, org_tables[t].columns, NULL};
    const struct rows_format format = {tables, ORG_T_COUNT, headings, sizeof headings / sizeof *headings,
                                       "code, area, group, alias, link, word hoặc kind"};
    for (size_t i = 0; i < n; i++)
        rows_read(c, &format, files[i].name, files[i].content, (struct rows_taker){take_row, &r}, problems);
    expand_all(&r, base);
}
