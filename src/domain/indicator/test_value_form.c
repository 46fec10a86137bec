/* The form that a body fills in: what stands in it, and the very same file read back. */
#include "domain/access/viewer.h"
#include "domain/indicator/test_tables.h"
#include "domain/indicator/test_value.h"
#include "domain/indicator/value_form.h"
#include "domain/indicator/value_load.h"
#include "domain/org/org_store.h"

#include <math.h>

#include "base/banned.h"

static struct writer *start(struct ctx *c)
{
    struct writer *w = test_writer(c);
    struct org_load orgs = {.files = test_orgs, .n_files = sizeof test_orgs / sizeof *test_orgs};
    struct indicator_load indicators = {.files = test_indicators,
                                        .n_files = sizeof test_indicators / sizeof *test_indicators};
    struct command load_orgs = {.run = org_load_run, .arg = &orgs},
                   load_indicators = {.run = indicator_load_run, .arg = &indicators};
    c->viewer = &viewer_system;
    CHECK_OK(writer_run(w, c, &load_orgs));
    CHECK_OK(writer_run(w, c, &load_indicators));
    return w;
}

static const struct value_form_row *row_of(const struct value_form *form, const char *indicator, const char *category)
{
    for (size_t i = 0; i < form->rows.n; i++)
        if (str_eq(form->rows.v[i].indicator, str_of(indicator)) &&
            str_eq(form->rows.v[i].category.p ? form->rows.v[i].category : S(""), str_of(category)))
            return &form->rows.v[i];
    return NULL;
}

TEST(a_form_has_what_the_place_tells_for_the_period)
{
    struct writer *w = start(c);
    struct value_outcome outcome;
    CHECK_OK(test_put(w, c, "DN", "X1", "2025-Q4", 90, 0, NULL, &outcome));
    CHECK_OK(test_put(w, c, "DN", "X1", "2026-Q1", 95, VALUE_PROVISIONAL, NULL, &outcome));
    struct value_form form = {.place = S("X1"), .period = S("Quý I/2026")};
    CHECK_OK(value_form_read(c, &form));
    /* Quarterly, reported, told for areas: DN with its sizes, DNS; TL is worked out. */
    CHECK_INT(form.rows.n, 4);
    CHECK(row_of(&form, "DN", "small") && row_of(&form, "DN", "big") && row_of(&form, "DNS", ""));
    const struct value_form_row *dn = row_of(&form, "DN", "");
    CHECK(dn && dn->previous == 90 && dn->amount == 95 && dn->provisional && dn->low == 0 && isnan(dn->high));
    CHECK_STR(form.period, S("2026-Q1"));
    form = (struct value_form){.place = S("SKH"), .period = S("2025")};
    CHECK_OK(value_form_read(c, &form));
    CHECK_INT(form.rows.n, 1); /* SB; GRDP is of the whole alone */
    form = (struct value_form){.place = S("X9"), .period = S("2025")};
    CHECK_ERR(value_form_read(c, &form), E_NOTFOUND);
    form = (struct value_form){.place = S("X1"), .period = S("hôm nay")};
    CHECK_ERR(value_form_read(c, &form), E_INVALID);
}

/* --- a workbook filled in: cells are found by their row's first ones, and written over in the grid that is read --- */

static struct grid grid_of(struct ctx *c, struct str workbook)
{
    struct grid grid;
    CHECK_OK(grid_parse(c, workbook, S("a.xlsx"), &grid));
    return grid;
}

static void fill(struct ctx *c, struct grid *grid, const char *first, const char *second, size_t column,
                 const char *text)
{
    for (size_t i = 0; i < grid->n; i++) {
        struct strs *row = &grid->rows[i];
        if (!row->n || !str_eq(row->v[0], str_of(first)) || (second && !str_eq(row->v[1], str_of(second))))
            continue;
        struct str *cells = NEWN(c->arena, struct str, row->n > column ? row->n : column + 1);
        bool *numbers = NEWN(c->arena, bool, row->n > column ? row->n : column + 1);
        for (size_t k = 0; k < row->n; k++) {
            cells[k] = row->v[k];
            numbers[k] = grid->numbers[i][k];
        }
        cells[column] = str_of(text);
        *row = (struct strs){cells, row->n > column ? row->n : column + 1};
        ((const bool **)(void *)grid->numbers)[i] = numbers;
        return;
    }
    test_failed(__FILE__, __LINE__, "no row of %s", first);
}

static void loaded(struct ctx *c, const struct grid *grid, struct value_load *ret)
{
    *ret = (struct value_load){.name = S("a.xlsx")};
    CHECK_OK(value_load_grid(c, test_dictionary(c), test_catalogue(c), grid, ret));
    CHECK_OK(value_check(c, test_dictionary(c), test_catalogue(c), &ret->batch, &ret->problems));
    for (size_t i = 0; i < ret->problems.n; i++)
        test_failed(__FILE__, __LINE__, "%.*s", ARGS(value_problem_text(c, &ret->problems.v[i])));
}

TEST(the_same_file_is_taken_back)
{
    struct writer *w = start(c);
    struct value_outcome outcome;
    struct value_load load;
    struct str bytes;
    CHECK_OK(test_put(w, c, "DN", "X1", "2026-Q1", 95, VALUE_PROVISIONAL, NULL, &outcome));
    struct value_form form = {.place = S("X1"), .period = S("2026-Q1")};
    CHECK_OK(value_form_sheet(c, &form, &bytes));
    struct grid grid = grid_of(c, bytes);
    loaded(c, &grid, &load); /* as it is: what is prefilled is there already */
    CHECK_INT(load.batch.rows.n, 1);
    CHECK_INT(load.problems.same, 1);
    CHECK_INT(load.empty, 3);
    fill(c, &grid, "DNS", NULL, 5, "31");
    fill(c, &grid, "DN", "small", 5, "60");
    fill(c, &grid, "DN", "small", 6, "không");
    loaded(c, &grid, &load);
    CHECK_INT(load.batch.rows.n, 3);
    CHECK_INT(load.problems.same, 1);
    for (size_t i = 0; i < 3; i++) {
        const struct value_row *r = &load.batch.rows.v[i];
        CHECK_STR(load.batch.places.v[r->place], S("X1"));
        CHECK_INT(r->period, test_code("2026-Q1"));
        CHECK_INT(r->column, 6);
        CHECK_INT(!(r->state & VALUE_PROVISIONAL), r->amount == 60);
    }
}

TEST(one_row_for_each_place_below)
{
    struct writer *w = start(c);
    struct value_outcome outcome;
    struct value_load load;
    struct str bytes;
    CHECK_OK(test_put(w, c, "DN", "X2", "2026-Q1", 20, VALUE_PROVISIONAL, NULL, &outcome));
    struct value_form form = {.place = S("37"), .period = S("2026-Q1"), .below = true};
    CHECK_OK(value_form_sheet(c, &form, &bytes));
    struct grid grid = grid_of(c, bytes);
    CHECK_INT(grid.n, 5 + 5); /* five rows above; X1 to X4 and the commune formed in July, which is there today */
    fill(c, &grid, "X1", NULL, 2, "10");
    loaded(c, &grid, &load);
    CHECK_INT(load.batch.rows.n, 2);
    CHECK_INT(load.problems.same, 1);
    form = (struct value_form){.place = S("X1"), .period = S("2026-Q1"), .below = true};
    CHECK_ERR(value_form_sheet(c, &form, &bytes), E_NOTFOUND);
}
