/* Figures in DHIS2's form. */
#include "domain/access/viewer.h"
#include "domain/indicator/test_tables.h"
#include "domain/indicator/test_value.h"
#include "domain/indicator/value_dhis2.h"

#include <jansson.h>

#include "base/banned.h"

static struct value_dhis2 taken(struct ctx *c, const char *body)
{
    struct value_dhis2 set = {.body = str_of(body)};
    c->viewer = &viewer_system;
    CHECK_OK(value_dhis2_read(c, test_dictionary(c), test_catalogue(c), &set));
    CHECK_OK(value_check(c, test_dictionary(c), test_catalogue(c), &set.batch, &set.problems));
    return set;
}

static enum err refused(struct ctx *c, const char *body)
{
    struct value_dhis2 set = {.body = str_of(body)};
    return value_dhis2_read(c, test_dictionary(c), test_catalogue(c), &set);
}

static json_t *summary(struct ctx *c, const struct value_dhis2 *set)
{
    struct out o;
    struct emit e;
    out_init(&o, c->arena, 1 << 20);
    emit_init(&e, &o, EMIT_JSON);
    value_dhis2_emit(&e, set);
    json_t *j = json_loadb(out_str(&o).p, out_str(&o).n, 0, NULL);
    CHECK(j);
    return j;
}

static long long count(const json_t *j, const char *name)
{
    return json_integer_value(json_object_get(json_object_get(j, "importCount"), name));
}

static const char *text(const json_t *j, const char *name)
{
    const char *s = json_string_value(json_object_get(j, name));
    return s ? s : "";
}

static void check_row(const struct value_batch *b, size_t i, const char *indicator, const char *category,
                      const char *place, const char *period, double amount)
{
    CHECK(i < b->rows.n);
    const struct value_row *r = &b->rows.v[i];
    CHECK_STR(b->series.v[r->series].indicator, str_of(indicator));
    CHECK_STR(b->series.v[r->series].category, str_of(category));
    CHECK_STR(b->places.v[r->place], str_of(place));
    CHECK_INT(r->period, test_code(period));
    CHECK(r->amount == amount);
}

/* The set's period and orgUnit stand after its rows here; DHIS2's documents do not say where they must stand. */
TEST(a_set_as_dhis2_documents_it)
{
    struct value_dhis2 set = taken(
        c,
        "{\"dataSet\":\"pBOMPrpg1QX\",\"completeDate\":\"2014-02-03\",\"dataValues\":["
        "{\"dataElement\":\"DN\",\"categoryOptionCombo\":\"default\",\"value\":\"12\",\"comment\":\"bổ sung\"},"
        "{\"dataElement\":\"DN\",\"categoryOptionCombo\":\"small\",\"value\":7,\"followUp\":false,\"storedBy\":\"a\"},"
        "{\"dataElement\":\"MT\",\"period\":\"2026S1\",\"orgUnit\":\"37\",\"value\":\"2\"},"
        "{\"dataElement\":\"VAO\",\"period\":\"2025\",\"orgUnit\":\"X2\",\"value\":\"51.123\"},"
        "{\"dataElement\":\"PT\",\"period\":\"202605\",\"orgUnit\":\"Gia Ba\",\"value\":\"1e1\"}],"
        "\"period\":\"2026Q1\",\"orgUnit\":\"X1\"}");
    for (size_t i = 0; i < set.problems.n; i++)
        test_failed(__FILE__, __LINE__, "%.*s", ARGS(set.problems.v[i].message));
    CHECK_INT(set.rows, 5);
    check_row(&set.batch, 0, "DN", "", "X1", "2026-Q1", 12);
    check_row(&set.batch, 1, "DN", "small", "X1", "2026-Q1", 7);
    check_row(&set.batch, 2, "MT", "", "37", "2026-S1", 2);
    check_row(&set.batch, 3, "VAO", "", "X2", "2025", 51.123); /* a program's number is never ambiguous */
    check_row(&set.batch, 4, "PT", "", "X3", "2026-05", 10);
    CHECK_STR(set.batch.notes.v[set.batch.rows.v[0].note - 1].reason, S("bổ sung"));
    CHECK_STR(set.batch.name, S("pBOMPrpg1QX"));
}

TEST(each_wrong_row_has_its_conflict_and_nothing_is_taken)
{
    struct value_dhis2 set =
        taken(c, "{\"period\":\"2026Q1\",\"orgUnit\":\"X1\",\"dataValues\":["
                 "{\"dataElement\":\"DN\",\"value\":\"1\"},"
                 "{\"dataElement\":\"f7n9E0hX8qk\",\"value\":\"1\"},"
                 "{\"dataElement\":\"DN\",\"orgUnit\":\"DiszpKrYNg8\",\"value\":\"1\"},"
                 "{\"dataElement\":\"DN\",\"period\":\"202613\",\"value\":\"1\"},"
                 "{\"dataElement\":\"DN\",\"categoryOptionCombo\":\"bRowv6yZOF2\",\"value\":\"1\"},"
                 "{\"dataElement\":\"DN\",\"value\":\"1,5\"},"
                 "{\"dataElement\":\"DN\"},"
                 "{\"dataElement\":\"DN\",\"orgUnit\":\"X2\",\"value\":\"-1\"},"
                 "{\"dataElement\":\"DN\",\"orgUnit\":\"X2\",\"value\":\"true\"},"
                 "{\"dataElement\":\"DN\",\"orgUnit\":\"X3\",\"value\":\"3\",\"deleted\":true}]}");
    static const struct {
        int index;
        const char *property, *code, *object;
    } want[] = {{1, "dataElement", "E7610", "f7n9E0hX8qk"},
                {2, "orgUnit", "E7612", "DiszpKrYNg8"},
                {3, "period", "E7611", "202613"},
                {4, "categoryOptionCombo", "E7613", "DN"},
                {5, "value", "E7619", "DN"},
                {6, "value", "E7618", "DN"},
                {8, "value", "E7619", "DN"},
                {9, "value", "E7619", "DN"},
                {7, "value", "E7619", "DN"}};
    json_t *j = summary(c, &set), *conflicts = json_object_get(j, "conflicts");
    CHECK_STR(str_of(text(j, "status")), S("ERROR"));
    CHECK_STR(str_of(text(j, "responseType")), S("ImportSummary"));
    CHECK_INT(count(j, "imported") + count(j, "updated") + count(j, "deleted"), 0);
    CHECK_INT(count(j, "ignored"), 10);
    CHECK_INT(json_array_size(conflicts), sizeof want / sizeof *want);
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        json_t *one = json_array_get(conflicts, i);
        CHECK_INT(json_integer_value(json_array_get(json_object_get(one, "indexes"), 0)), want[i].index);
        CHECK_STR(str_of(text(one, "property")), str_of(want[i].property));
        CHECK_STR(str_of(text(one, "errorCode")), str_of(want[i].code));
        CHECK_STR(str_of(text(one, "object")), str_of(want[i].object));
        CHECK(text(one, "value")[0]);
    }
    CHECK_INT(json_array_size(json_object_get(j, "rejectedIndexes")), 9);
    json_decref(j);
}

TEST(what_is_no_set_is_refused)
{
    static const char *const bodies[] = {
        "",
        "[]",
        "{}",
        "{\"dataValues\":{}}",
        "{\"dataValues\":[1]}",
        "{\"dataValues\":[{\"value\":\"1\"}",
        "{\"dataValues\":[],\"dataValues\":[]}",
        "{\"dataValues\":[{\"value\":\"1\",\"value\":\"2\"}]}",
        "{\"dataValues\":[{\"value\":[1]}]}",
        "{\"dataValues\":[{\"value\":NaN}]}",
        "{\"dataValues\":[],\"importStrategy\":\"DELETE\"}",
        "{\"dataValues\":[],\"idScheme\":\"attribute:DnrLSdo4hMl\"}",
    };
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        if (refused(c, bodies[i]) != E_INVALID)
            test_failed(__FILE__, __LINE__, "%s is taken", bodies[i]);
    CHECK_OK(refused(c, "{\"dataValues\":[],\"importStrategy\":\"create_and_update\",\"idScheme\":\"CODE\"}"));
    CHECK_ERR(refused(c, "{\"dataValues\":[],\n\"x\":01}"), E_INVALID);
    CHECK_INT(c->error.line, 2);
}

TEST(unchanged_rows_are_ignored_and_counted)
{
    struct writer *w = test_writer(c);
    struct value_outcome outcome;
    const char *body =
        "{\"period\":\"2026Q1\",\"dataValues\":[{\"dataElement\":\"DN\",\"orgUnit\":\"X1\",\"value\":\"100\"},"
        "{\"dataElement\":\"DN\",\"orgUnit\":\"X2\",\"value\":\"20\"},"
        "{\"dataElement\":\"DN\",\"orgUnit\":\"X3\",\"value\":\"30\"}]}";
    CHECK_OK(test_put(w, c, "DN", "X1", "2026-Q1", 100, VALUE_PROVISIONAL, NULL, &outcome));
    CHECK_OK(test_put(w, c, "DN", "X2", "2026-Q1", 21, VALUE_PROVISIONAL, NULL, &outcome));
    /* What a dry run says is what then happens. */
    struct value_dhis2 set = taken(c, body);
    CHECK_INT(set.problems.errors, 0);
    CHECK_INT(set.problems.same, 1);
    CHECK_INT(set.problems.changed, 1);
    struct command command = {.run = value_dhis2_run, .arg = &set};
    CHECK_OK(writer_run(w, c, &command));
    json_t *j = summary(c, &set);
    CHECK_INT(count(j, "imported"), 1);
    CHECK_INT(count(j, "updated"), 1);
    CHECK_INT(count(j, "ignored"), 1);
    CHECK_STR(str_of(text(j, "status")), S("WARNING")); /* X4 has told nothing */
    json_decref(j);
    set = taken(c, body);
    CHECK_OK(writer_run(w, c, &command));
    CHECK_INT(set.outcome.position, 0);
    CHECK_INT(set.outcome.same, 3);
}
