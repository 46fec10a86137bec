/* Made-up figures: marked, the same each time, never beside real ones. */
#include "domain/indicator/cube.h"
#include "domain/indicator/dictionary_store.h"
#include "domain/indicator/sample.h"
#include "domain/indicator/test_sample.sql.h"
#include "domain/org/org_store.h"
#include "test/store.h"

#include <string.h>

#include "base/banned.h"

#define COUNT(c, statement)                                                                                            \
    ({                                                                                                                 \
        int64_t count_;                                                                                                \
        CHECK_OK(db_number(c, SQL_##statement, &count_));                                                              \
        count_;                                                                                                        \
    })

static struct writer *shipped(struct ctx *c)
{
    struct writer *w = test_writer(c);
    struct org_files orgs = org_files_builtin(c), indicators = dictionary_files_builtin(c);
    struct org_load org_load = {.files = orgs.v, .n_files = orgs.n};
    struct indicator_load load = {.files = indicators.v, .n_files = indicators.n};
    struct command first = {.run = org_load_run, .arg = &org_load}, second = {.run = indicator_load_run, .arg = &load};
    CHECK_OK(writer_run(w, c, &first));
    CHECK_OK(writer_run(w, c, &second));
    return w;
}

static enum err make(struct writer *w, struct ctx *c, int64_t *ret_figures)
{
    struct sample_args args = {.seed = I64_NONE};
    struct command command = {.run = sample_run, .arg = &args};
    enum err e = writer_run(w, c, &command);
    *ret_figures = args.figures;
    return e;
}

TEST(sample_figures_are_marked_and_have_every_case)
{
    struct writer *w = shipped(c);
    int64_t n;
    CHECK_OK(make(w, c, &n));
    CHECK(n > 10000);
    CHECK(COUNT(c, test_sample_all) > 10000);
    CHECK(COUNT(c, test_sample_unmarked) == 0);
    CHECK(COUNT(c, test_sample_corrected) >= 1);
    CHECK(COUNT(c, test_sample_sources) >= 2);
    CHECK(COUNT(c, test_sample_provisional) >= 1);

    /* every figure that is shown of them says that it is a sample */
    const struct dictionary *d;
    CHECK_OK(dictionary_from_store(c, POS_NOW, &d));
    struct period p;
    CHECK(period_parse(S("2025"), &p));
    int32_t year = period_code(p);
    struct cube_query q = {
        .indicator = S("CDS-TT"), .periods = &year, .n_periods = 1, .at = POS_NOW, .map_day = DAY_NONE};
    struct figures got;
    CHECK_OK(cube_read(c, d, &q, &got));
    CHECK(got.v[0].amount > 20 && got.v[0].amount < 90);
    CHECK(got.v[0].flags & FIGURE_SAMPLE);

    /* where goals began is told as a sample as well */
    struct org_file goals;
    CHECK_OK(sample_goals(c, &goals));
    CHECK(str_has(goals.content, S("06-nq-tu.II.1.4-9a,CDS-TT")));
    CHECK(str_has(goals.content, S("Số liệu mẫu")));
}

TEST(sample_figures_once_more_change_nothing)
{
    struct writer *w = shipped(c);
    int64_t n;
    CHECK_OK(make(w, c, &n));
    int64_t all = COUNT(c, test_sample_all);
    CHECK_OK(make(w, c, &n));
    /* what was corrected is put as it was at first, and corrected again */
    CHECK(n <= 4);
    CHECK(COUNT(c, test_sample_all) == all);
}

static enum err put_real(struct ctx *c, void *arg)
{
    struct value_batch *b = arg;
    struct value_outcome outcome;
    return value_write(c, b, &outcome);
}

TEST(sample_figures_are_never_put_beside_real_ones)
{
    struct writer *w = shipped(c);
    struct value_batch b;
    struct period p;
    int64_t n;
    value_batch_init(&b, S("value.put"));
    b.seen = I64_NONE;
    CHECK(period_parse(S("2025"), &p));
    struct value_row row = {.amount = 1, .period = period_code(p)};
    row.series = value_batch_series(c, &b, S("NL-DH"), S(""));
    row.place = value_batch_place(c, &b, S("37"));
    row.source = value_batch_source(c, &b, S(""));
    *PUSH(c->arena, &b.rows) = row;
    struct command command = {.run = put_real, .arg = &b};
    CHECK_OK(writer_run(w, c, &command));
    CHECK(make(w, c, &n) == E_CONFLICT);
    CHECK(COUNT(c, test_sample_all) == 1);
}
