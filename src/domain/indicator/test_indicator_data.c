/* What ships, held against the plan it is for and against what is published elsewhere. */
#include "domain/indicator/dictionary_store.h"

#include "document/document.h"
#include "domain/indicator/formula.h"
#include "domain/plan/plan.h"
#include "test/test.h"

#include <math.h>

#include "base/banned.h"

static const struct dictionary *builtin(struct ctx *c)
{
    const struct dictionary *d = NULL;
    CHECK_OK(dictionary_builtin(c, &d));
    return d;
}

static struct draft compile(struct ctx *c, struct str text)
{
    const struct org_catalogue *orgs;
    struct document document;
    struct draft draft;
    CHECK_OK(org_catalogue_builtin(c, &orgs));
    CHECK_OK(document_parse(c, text, S("plan.md"), &document));
    CHECK_OK(plan_compile(c, &document, orgs, &draft));
    return draft;
}

static bool in_parts(const struct target *t)
{
    return str_starts(t->path, S("II.")) || str_starts(t->path, S("III.")) || str_starts(t->path, S("IV."));
}

/* The unit of a target as it is counted: people are people, whatever the plan calls them. */
static struct str unit_of(const struct target *t)
{
    if (str_eq(t->unit, S("nhân lực")) || str_eq(t->unit, S("lao động")))
        return S("người");
    return t->unit;
}

static bool tells_of(struct ctx *c, const struct dictionary *d, struct str indicator, struct str path)
{
    struct strs paths = dictionary_paths(c, d, indicator, S("06-nq-tu"));
    for (size_t i = 0; i < paths.n; i++)
        if (str_eq(paths.v[i], path))
            return true;
    return false;
}

static void check_target(struct ctx *c, const struct dictionary *d, const struct target *t)
{
    const struct goal *g = dictionary_goal(d, S("06-nq-tu"), t->key);
    const struct indicator *i = g ? dictionary_indicator(d, g->indicator) : NULL;
    bool good = i != NULL, rank = str_eq(t->measure, S("rank")), up = i && str_eq(i->direction, S("up"));
    if (i && str_eq(t->measure, S("state")))
        good = i->steps.n >= 2 && i->steps_en.n == i->steps.n && !i->unit.n;
    else if (i)
        good = str_eq(i->unit, unit_of(t)) && up != rank && !i->steps.n;
    /* The numbers are the plan's: a goal that says them again could say others. */
    good = good && !g->comparator.n && isnan(g->low) && isnan(g->high) && tells_of(c, d, i->code, t->path);
    /* What is wanted anew each year begins at nothing each year. */
    if (good && t->per.n && !str_eq(t->measure, S("growth")))
        good = str_eq(i->over_time, S("sum"));
    if (good && !isnan(t->low) && !isnan(i->high))
        good = t->low <= i->high;
    if (!good)
        test_failed(__FILE__, __LINE__, "%.*s (%.*s): %.*s, %.*s", ARGS(t->key), ARGS(t->unit),
                    ARGS(i ? i->code : S("no indicator")), ARGS(i ? i->unit : S("")));
}

static void check_plan(struct ctx *c, struct str text)
{
    const struct dictionary *d = builtin(c);
    struct draft draft = compile(c, text);
    size_t measured = 0, later = 0, described = 0;
    for (size_t i = 0; i < draft.targets.n; i++) {
        const struct target *t = &draft.targets.v[i];
        if (!in_parts(t))
            continue;
        check_target(c, d, t);
        bool state = str_eq(t->measure, S("state"));
        described += state;
        measured += !state && str_starts(t->path, S("II."));
        later += !state && !str_starts(t->path, S("II."));
    }
    CHECK_INT(measured, 29); /* as the design counts them */
    CHECK_INT(later, 12);
    CHECK(described >= 5);
    for (size_t i = 0; i < draft.programmes.n; i++)
        if (!dictionary_at(c, d, S("06-nq-tu"), draft.programmes.v[i].path).n)
            test_failed(__FILE__, __LINE__, "nothing tells of %.*s", ARGS(draft.programmes.v[i].path));
    for (size_t i = 0; i < draft.tasks.n; i++)
        if (!dictionary_at(c, d, S("06-nq-tu"), draft.tasks.v[i].path).n)
            test_failed(__FILE__, __LINE__, "nothing tells of %.*s", ARGS(draft.tasks.v[i].path));
}

TEST(every_target_of_the_shipped_plan_has_an_indicator)
{
    check_plan(c, test_read_file(c, "data/plans/ninh-binh-06-nq-tu.md"));
}

/* The document as it was issued, where it lies beside the source tree. */
TEST(every_target_of_the_issued_plan_has_an_indicator)
{
    struct str root = test_source_root();
    char *path = str_z(c->arena, str_fmt(c->arena, "%.*s/../shared/plan/000_1a6db3d5cc611c12.txt", ARGS(root)));
    FILE *f = fopen(path, "re");
    if (!f) {
        printf("# not there: %s\n", path);
        return;
    }
    fclose(f);
    check_plan(c, test_read_file(c, path));
}

/* And no goal is of a target that there is not. */
TEST(every_goal_is_of_a_target)
{
    struct draft draft = compile(c, test_read_file(c, "data/plans/ninh-binh-06-nq-tu.md"));
    struct goals goals = dictionary_all_goals(builtin(c));
    for (size_t i = 0; i < goals.n; i++) {
        bool found = false;
        for (size_t k = 0; k < draft.targets.n; k++)
            found |= str_eq(draft.targets.v[k].key, goals.v[i]->target);
        if (!found)
            test_failed(__FILE__, __LINE__, "%.*s", ARGS(goals.v[i]->key));
    }
    const struct dictionary *d = builtin(c);
    struct indicators all = dictionary_indicators(d);
    for (size_t i = 0; i < all.n; i++) {
        struct strs paths = dictionary_paths(c, d, all.v[i]->code, S("06-nq-tu"));
        for (size_t p = 0; p < paths.n; p++) {
            bool found = false;
            for (size_t k = 0; k < draft.clauses.n && !found; k++)
                found = str_eq(draft.clauses.v[k].path, paths.v[p]);
            if (!found)
                test_failed(__FILE__, __LINE__, "%.*s: no clause %.*s", ARGS(all.v[i]->code), ARGS(paths.v[p]));
        }
    }
}

/* --- sets --- */

static double points_below(struct ctx *c, const char *code)
{
    struct indicators parts = dictionary_parts(c, builtin(c), str_of(code));
    double sum = 0;
    for (size_t i = 0; i < parts.n; i++)
        sum += parts.v[i]->points;
    return sum;
}

/* The points that are public, as the decisions give them; what is not public is empty, and the set says so. */
TEST(sets_add_up)
{
    const struct dictionary *d = builtin(c);
    CHECK(points_below(c, "QD766") == 100);
    CHECK(points_below(c, "TDCN-2019") == 100);
    CHECK(points_below(c, "DTI-2022") == 1000);
    CHECK_INT(dictionary_parts(c, d, S("QD766")).n, 5);
    CHECK_INT(dictionary_parts(c, d, S("TDCN-2019")).n, 5);
    CHECK_INT(dictionary_parts(c, d, S("DTI-2022")).n, 9);
    CHECK_INT(dictionary_parts(c, d, S("PII-2025.DV")).n, 5);
    CHECK_INT(dictionary_parts(c, d, S("PII-2025.DR")).n, 2);
    CHECK(dictionary_indicator(d, S("DTI-2025"))->points == 1000);
    CHECK(isnan(dictionary_indicator(d, S("DTI-2025.1"))->points));
    CHECK(!dictionary_indicator(d, S("DTI-2025.1"))->confirmed);
    CHECK(!dictionary_set(d, S("DTI-2025"))->confirmed && dictionary_set(d, S("DTI-2025"))->note.n);
    struct indicators all = dictionary_indicators(d);
    size_t main = 0;
    for (size_t i = 0; i < all.n; i++)
        main += str_eq(all.v[i]->set, S("DTI-2025")) && str_has(all.v[i]->note, S("suy ra"));
    CHECK_INT(main, 8);
}

/* Names in both languages, a body that answers, and a reason for whatever is not confirmed. */
TEST(every_row_is_complete)
{
    const struct dictionary *d = builtin(c);
    struct indicators all = dictionary_indicators(d);
    CHECK(all.n >= 150);
    for (size_t i = 0; i < all.n; i++) {
        const struct indicator *row = all.v[i];
        bool asked = dictionary_goals(c, d, row->code).n > 0;
        if (!row->name_en.n || !row->responsible.n || (row->unit.n > 0) != (row->unit_en.n > 0) ||
            (!row->confirmed && !row->note.n) || (asked && (!row->definition.n || !row->definition_en.n)) ||
            (row->provider.n > 0) != (row->tree.n > 0 && row->provider.n > 0))
            test_failed(__FILE__, __LINE__, "%.*s", ARGS(row->code));
    }
}

static int coarseness(struct str frequency)
{
    static const char *const order[] = {"month", "quarter", "half", "year", "once"};
    for (int i = 0; i < 5; i++)
        if (str_eq(frequency, str_of(order[i])))
            return i;
    return -1;
}

/* A ratio told each month over a figure told each year would be empty eleven times. Nor can a ratio be told for places
 * where its parts are not. */
TEST(formulas_have_what_they_need_when_they_need_it)
{
    const struct dictionary *d = builtin(c);
    struct indicators all = dictionary_indicators(d);
    for (size_t i = 0; i < all.n; i++) {
        struct indicators users = dictionary_users(c, d, all.v[i]->code);
        for (size_t k = 0; k < users.n; k++)
            if (coarseness(users.v[k]->frequency) < coarseness(all.v[i]->frequency) ||
                (users.v[k]->tree.n && !str_eq(users.v[k]->tree, all.v[i]->tree)))
                test_failed(__FILE__, __LINE__, "%.*s needs %.*s", ARGS(users.v[k]->code), ARGS(all.v[i]->code));
    }
}

/* --- worked examples from outside --- */

struct given {
    const char *code;
    double now, year_ago;
};
struct example {
    struct ctx *c;
    const struct dictionary *d;
    const struct given *v;
    size_t n;
    int years_back;
};

static double work_out(struct example *e, struct str code, int years_back);

static enum err fetch(void *arg, const struct formula_ref *ref, size_t at, size_t n, double *ret)
{
    struct example *e = arg;
    CHECK(at == 0 && n == 1);
    *ret = work_out(e, ref->code, e->years_back + ref->years_back);
    return OK;
}

static double work_out(struct example *e, struct str code, int years_back)
{
    const struct indicator *i = dictionary_indicator(e->d, code);
    struct example inner = *e;
    struct ctx *c = e->c;
    const struct formula_source source = {fetch, &inner};
    const struct formula *f;
    double ret = NAN;
    inner.years_back = years_back;
    for (size_t k = 0; k < e->n; k++)
        if (str_eq(code, str_of(e->v[k].code)))
            return years_back ? e->v[k].year_ago : e->v[k].now;
    CHECK(i && i->formula.n);
    CHECK_OK(formula_parse(c, i->formula, &f));
    CHECK_OK(formula_eval(c, f, &source, 1, &ret));
    return ret;
}

#define WORK_OUT(code, ...)                                                                                            \
    work_out(&(struct example){c, builtin(c), (const struct given[]){__VA_ARGS__},                                     \
                               sizeof((const struct given[]){__VA_ARGS__}) / sizeof(struct given), 0},                 \
             S(code), 0)

/* Hue, 2025, as published: (51.50 + 47.23) / 2 = 49.37. */
TEST(pii_is_the_mean_of_its_halves)
{
    double pii = WORK_OUT("PII-2025", {"PII-2025.DV", 51.50, NAN}, {"PII-2025.DR", 47.23, NAN});
    CHECK(fabs(pii - 49.37) <= 0.00501);
}

/* By hand: GRDP +8 %, capital +10 %, labour +2 %, shares 0.4 and 0.6. 8 - (4 + 1.2) = 2.8; 2.8 / 8 = 35 %. */
TEST(tfp_by_growth_accounting)
{
    double tfp = WORK_OUT("KT-TFP", {"KT-GRDPSS", 108, 100}, {"KT-K", 220, 200}, {"KT-L", 51, 50}, {"KT-BK", 0.4, 0.4});
    CHECK(fabs(tfp - 35) < 1e-9);
}

/* Shares of 7.77 and 4.91 of a hundred, and people over ten thousand. */
TEST(ratios)
{
    CHECK(fabs(WORK_OUT("KTS-GRDP", {"KTS-LOI", 777, NAN}, {"KTS-LT", 491, NAN}, {"KT-GRDP", 10000, NAN}) - 12.68) <
          1e-9);
    CHECK(fabs(WORK_OUT("KHCN-NCVD", {"KHCN-NCV", 5280, NAN}, {"DS-TB", 4400000, NAN}) - 12) < 1e-9);
    CHECK(fabs(WORK_OUT("KHCN-CBG", {"KHCN-CB", 110, 100}) - 10) < 1e-9);
    CHECK(fabs(WORK_OUT("KT-NSLD", {"KT-GRDP", 250, NAN}, {"KT-L", 1000, NAN}) - 250) < 1e-9);
    CHECK(fabs(WORK_OUT("QD766", {"QD766.CK", 17, NAN}, {"QD766.TD", 19, NAN}, {"QD766.SH", 15, NAN},
                        {"QD766.TT", 12, NAN}, {"QD766.HL", 17.5, NAN}) -
               80.5) < 1e-9);
}
