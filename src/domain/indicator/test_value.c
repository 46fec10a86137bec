/* Figures: written, corrected, taken back, decided, looked up; the same on both engines. */
#include "domain/indicator/test_value.h"

#include "ledger/ledger.h"
#include "test/store.h"

#include "base/banned.h"

TEST(a_figure_is_kept_with_who_and_why)
{
    struct writer *w = test_writer(c);
    struct value_outcome o;
    c->actor.name = S("lan");
    struct value_batch b = test_batch(c);
    test_note(c, &b, "A", "", "37", "2025", "", 12.5, 0,
              &(struct value_note){.method = S("điều tra"), .evidence = S("công văn 12")});
    CHECK_OK(test_write(w, c, &b, &o));
    CHECK_INT(o.added, 1);
    CHECK_INT(o.changed, 0);
    CHECK_INT(o.position, 1);
    struct value_history h;
    CHECK_OK(value_history(c, &(struct value_key){.indicator = S("A"), .place = S("37")}, POS_NOW, 100, &h));
    CHECK_INT(h.n, 1);
    CHECK(h.v[0].amount == 12.5 && h.v[0].counts && h.v[0].current && !h.v[0].provisional && !h.v[0].sample);
    CHECK_STR(h.v[0].period, S("2025"));
    CHECK_STR(h.v[0].actor, S("lan"));
    CHECK_STR(h.v[0].method, S("điều tra"));
    CHECK_STR(h.v[0].evidence, S("công văn 12"));
    struct events events;
    CHECK_OK(ledger_list(c, 0, 10, &events));
    CHECK_INT(events.n, 1);
    CHECK_STR(events.v[0].kind, S("value.test"));
    CHECK_STR(events.v[0].subject, S("indicators/A"));
    CHECK(str_has(events.v[0].payload, S("\"rows\":[{\"indicator\":\"A\",\"place\":\"37\",\"period\":\"2025\","
                                         "\"amount\":12.5,\"provisional\":false")));
}

TEST(what_is_there_already_is_left_alone)
{
    struct writer *w = test_writer(c);
    struct value_outcome o;
    CHECK_OK(test_put(w, c, "A", "37", "2025", 1, 0, NULL, &o));
    CHECK_OK(test_put(w, c, "A", "37", "2025", 1, 0, NULL, &o));
    CHECK_INT(o.position, 0);
    CHECK_INT(o.same, 1);
    struct events events;
    CHECK_OK(ledger_list(c, 0, 10, &events));
    CHECK_INT(events.n, 1);
}

TEST(a_correction_of_an_official_figure_needs_a_reason)
{
    struct writer *w = test_writer(c);
    struct value_outcome o;
    CHECK_OK(test_put(w, c, "A", "37", "2025", 1, VALUE_PROVISIONAL, NULL, &o));
    CHECK_OK(test_put(w, c, "A", "37", "2025", 2, VALUE_PROVISIONAL, NULL, &o)); /* an estimate may move */
    CHECK_OK(test_put(w, c, "A", "37", "2025", 3, 0, NULL, &o));
    CHECK_ERR(test_put(w, c, "A", "37", "2025", 4, 0, NULL, &o), E_INVALID);
    CHECK_STR(c->error.field, S("reason"));
    CHECK(str_has(c->error.message, S("A, 37, 2025")));
    CHECK_ERR(test_put(w, c, "A", "37", "2025", 4, 0, "  ", &o), E_INVALID);
    CHECK_OK(test_put(w, c, "A", "37", "2025", 4, 0, "Cục Thống kê công bố lại", &o));
    CHECK_INT(o.changed, 1);
    struct value_history h;
    CHECK_OK(value_history(c, &(struct value_key){.indicator = S("A"), .place = S("37"), .period = S("2025")}, POS_NOW,
                           100, &h));
    CHECK_INT(h.n, 4);
    for (size_t i = 0; i < 4; i++)
        CHECK(h.v[i].amount == (double)(4 - i) && h.v[i].current == (i == 0) && h.v[i].counts == (i == 0));
    CHECK_STR(h.v[0].reason, S("Cục Thống kê công bố lại"));
    CHECK_INT(h.v[1].until, h.v[0].position);
    /* as it was known then */
    CHECK_OK(value_history(c, &(struct value_key){.indicator = S("A"), .place = S("37")}, h.v[1].position, 100, &h));
    CHECK_INT(h.n, 3);
    CHECK(h.v[0].amount == 3 && h.v[0].current && h.v[0].counts && h.v[0].until == I64_NONE);
}

TEST(who_looked_before_somebody_else_wrote_is_told)
{
    struct writer *w = test_writer(c);
    struct value_outcome o;
    CHECK_OK(test_put(w, c, "A", "37", "2025", 1, VALUE_PROVISIONAL, NULL, &o));
    int64_t seen = o.position;
    CHECK_OK(test_put(w, c, "A", "37", "2025", 2, VALUE_PROVISIONAL, NULL, &o));
    struct value_batch b = test_batch(c);
    b.seen = seen;
    test_add(c, &b, "A", "", "38", "2025", "", 5, 0);
    test_add(c, &b, "A", "", "37", "2025", "", 3, VALUE_PROVISIONAL);
    CHECK_ERR(test_write(w, c, &b, &o), E_CONFLICT);
    CHECK(str_has(c->error.message, S("A, 37, 2025")));
    struct value_history h;
    CHECK_OK(value_history(c, &(struct value_key){.indicator = S("A"), .place = S("38")}, POS_NOW, 100, &h));
    CHECK_INT(h.n, 0); /* nothing of it was taken */
    b.seen = 2;
    CHECK_OK(test_write(w, c, &b, &o));
    CHECK_INT(o.added, 1);
    CHECK_INT(o.changed, 1);
}

TEST(what_is_no_figure_is_refused)
{
    struct writer *w = test_writer(c);
    struct value_outcome o;
    CHECK_ERR(test_put(w, c, "A", "37", "2025", NAN, 0, NULL, &o), E_INVALID);
    CHECK_ERR(test_put(w, c, "A", "37", "2025", INFINITY, 0, NULL, &o), E_INVALID);
    struct value_batch b = test_batch(c);
    test_add(c, &b, "A", "", "37", "2025", "", 1, 0);
    test_add(c, &b, "A", "", "37", "2025", "", 1, 0);
    CHECK_ERR(test_write(w, c, &b, &o), E_INVALID);
    b = test_batch(c);
    test_add(c, &b, "A", "", "37", "2025", "", 1, 0);
    b.rows.v[0].period = 17;
    CHECK_ERR(test_write(w, c, &b, &o), E_INVALID);
    struct events events;
    CHECK_OK(ledger_list(c, 0, 10, &events));
    CHECK_INT(events.n, 0);
}

/* Rows of any order and any number come out as they went in, and a later one changes what it names alone. */
TEST(a_large_batch)
{
    struct writer *w = test_writer(c);
    enum { PLACES = 300, MONTHS = 24 };
    struct value_outcome o;
    struct value_batch b = test_batch(c);
    for (int m = MONTHS; m-- > 0;)
        for (int p = PLACES; p-- > 0;)
            test_add_code(c, &b, "B", "", str_fmt(c->arena, "x%d", p), (2024 * 12 + m) * 1024 + 1, "", p * 100 + m, 0);
    CHECK_OK(test_write(w, c, &b, &o));
    CHECK_INT(o.added, PLACES * MONTHS);
    CHECK_OK(test_write(w, c, &b, &o));
    CHECK_INT(o.same, PLACES * MONTHS);
    CHECK_INT(o.position, 0);
    struct value_batch second = test_batch(c);
    struct value_note why = {.reason = S("đính chính")};
    *PUSH(c->arena, &second.notes) = why;
    for (size_t i = 0; i < b.rows.n; i++) {
        struct value_row row = b.rows.v[i];
        row.series = value_batch_series(c, &second, S("B"), S(""));
        row.place = value_batch_place(c, &second, b.places.v[row.place]);
        row.source = value_batch_source(c, &second, S(""));
        row.amount += i % 3 == 0;
        row.note = i % 3 == 0;
        *PUSH(c->arena, &second.rows) = row;
    }
    CHECK_OK(test_write(w, c, &second, &o));
    CHECK_INT(o.changed, PLACES * MONTHS / 3);
    CHECK_INT(o.same, PLACES * MONTHS - PLACES * MONTHS / 3);
    struct value_history h;
    for (size_t i = 0; i < b.rows.n; i += 97) {
        struct period period;
        char text[24];
        CHECK(period_of_code(b.rows.v[i].period, &period));
        CHECK_OK(value_history(c,
                               &(struct value_key){.indicator = S("B"),
                                                   .place = b.places.v[b.rows.v[i].place],
                                                   .period = period_text(period, text)},
                               POS_NOW, 100, &h));
        CHECK_INT(h.n, i % 3 == 0 ? 2 : 1);
        CHECK(h.v[0].amount == second.rows.v[i].amount && h.v[h.n - 1].amount == b.rows.v[i].amount);
    }
    struct verdict verdict;
    CHECK_OK(ledger_verify_store(c, S(""), &verdict));
    CHECK(verdict.whole);
    struct events events;
    CHECK_OK(ledger_list(c, 0, 1, &events));
    CHECK(!str_has(events.v[0].payload, S("\"rows\"")) && str_has(events.v[0].payload, S("\"added\":7200")) &&
          str_has(events.v[0].payload, S("\"hash\":\"")));
}

TEST(an_undo_brings_back_what_was_before)
{
    struct writer *w = test_writer(c);
    struct value_outcome o, undone;
    CHECK_OK(test_put(w, c, "A", "1", "2025", 1, VALUE_PROVISIONAL, NULL, &o));
    CHECK_OK(test_put(w, c, "A", "2", "2025", 2, 0, "có lý do", &o));
    struct test_rows before = test_rows(c);
    struct value_batch b = test_batch(c);
    test_note(c, &b, "A", "", "1", "2025", "", 10, 0, &(struct value_note){.method = S("khác")});
    test_note(c, &b, "A", "", "2", "2025", "", 20, 0, &(struct value_note){.reason = S("sửa")});
    test_add(c, &b, "A", "", "3", "2025", "", 30, 0);
    test_add(c, &b, "C", "nu", "3", "2025-Q1", "khác", 40, 0);
    CHECK_OK(test_write(w, c, &b, &o));
    CHECK_ERR(test_undo(w, c, o.position, "", &undone), E_INVALID);
    CHECK_ERR(test_undo(w, c, 99, "nhầm", &undone), E_NOTFOUND);
    CHECK_OK(test_undo(w, c, o.position, "nạp nhầm tệp", &undone));
    CHECK_INT(undone.added, 2);   /* taken away */
    CHECK_INT(undone.changed, 2); /* put back */
    test_same_rows(c, before, test_rows(c));
    CHECK_ERR(test_undo(w, c, o.position, "lần nữa", &undone), E_INVALID);
    struct value_history h;
    CHECK_OK(value_history(c, &(struct value_key){.indicator = S("A"), .place = S("2")}, POS_NOW, 100, &h));
    CHECK_INT(h.n, 3); /* what was told stays told */
    CHECK(h.v[0].amount == 2 && h.v[1].amount == 20 && h.v[2].amount == 2);
    CHECK_STR(h.v[0].reason, S("có lý do"));
    CHECK_OK(value_history(c, &(struct value_key){.indicator = S("A"), .place = S("3")}, o.position, 100, &h));
    CHECK(h.n == 1 && h.v[0].amount == 30 && h.v[0].current);
    CHECK_OK(value_history(c, &(struct value_key){.indicator = S("A"), .place = S("3")}, POS_NOW, 100, &h));
    CHECK(h.n == 1 && !h.v[0].current);
}

TEST(what_was_changed_since_is_not_taken_back)
{
    struct writer *w = test_writer(c);
    struct value_outcome first, o;
    struct value_batch b = test_batch(c);
    test_add(c, &b, "A", "", "1", "2025", "", 1, VALUE_PROVISIONAL);
    test_add(c, &b, "A", "", "2", "2025", "", 2, VALUE_PROVISIONAL);
    CHECK_OK(test_write(w, c, &b, &first));
    CHECK_OK(test_put(w, c, "A", "2", "2025", 3, 0, NULL, &o));
    struct test_rows before = test_rows(c);
    struct value_outcome undone;
    CHECK_ERR(test_undo(w, c, first.position, "nhầm", &undone), E_CONFLICT);
    CHECK(str_has(c->error.message, S("A, 2, 2025")));
    test_same_rows(c, before, test_rows(c));
    CHECK_OK(test_undo(w, c, o.position, "nhầm", &undone));
    CHECK_ERR(test_undo(w, c, undone.position, "nhầm", &undone), E_INVALID);
}

TEST(two_sources_are_kept_and_one_is_decided_for)
{
    struct writer *w = test_writer(c);
    struct value_outcome o;
    struct value_batch b = test_batch(c);
    test_add(c, &b, "A", "", "1", "2025", "", 1, VALUE_PROVISIONAL);
    test_add(c, &b, "A", "", "1", "2025", "Thuế tỉnh", 2, 0);
    test_add(c, &b, "A", "", "1", "2025", "Ngân hàng", 3, 0);
    CHECK_OK(test_write(w, c, &b, &o));
    const struct value_key key = {.indicator = S("A"), .place = S("1"), .period = S("2025"), .source = S("Ngân hàng")};
    struct value_history h;
    CHECK_OK(value_history(c, &key, POS_NOW, 100, &h));
    CHECK_INT(h.n, 3);
    for (size_t i = 0; i < 3; i++) /* official before provisional; of one batch, whichever was named first */
        CHECK(h.v[i].current && h.v[i].counts == str_eq(h.v[i].source, S("Thuế tỉnh")));
    int64_t position;
    CHECK_ERR(test_decide(w, c, &key, "", &position), E_INVALID);
    CHECK_OK(test_decide(w, c, &key, "khớp báo cáo tài chính", &position));
    CHECK_OK(value_history(c, &key, POS_NOW, 100, &h));
    for (size_t i = 0; i < 3; i++)
        CHECK(h.v[i].counts == str_eq(h.v[i].source, S("Ngân hàng")));
    CHECK_OK(value_history(c, &key, position - 1, 100, &h));
    for (size_t i = 0; i < 3; i++)
        CHECK(h.v[i].counts == str_eq(h.v[i].source, S("Thuế tỉnh")));
    struct value_key none = key;
    none.source = S("không có");
    CHECK_ERR(test_decide(w, c, &none, "lý do", &position), E_NOTFOUND);
}

/* --- whatever fails ----------------------------------------------------------------------------------------------- */

struct failing {
    struct value_batch *b;
    int64_t nth_call, nth_allocation;
    struct value_outcome o;
};

static enum err write_failing(struct ctx *c, void *arg)
{
    struct failing *f = arg;
    db_fail_in(c->db, f->nth_call);
    c->arena->fail_in = f->nth_allocation;
    enum err e = value_write(c, f->b, &f->o);
    db_fail_in(c->db, 0);
    c->arena->fail_in = 0;
    return e;
}

static void fail_each(struct ctx *c, bool calls)
{
    struct writer *w = test_writer(c);
    struct value_outcome o;
    CHECK_OK(test_put(w, c, "A", "1", "2025", 1, 0, NULL, &o));
    struct test_rows before = test_rows(c);
    enum err e = E_IO;
    for (int64_t n = 1; e; n++) {
        CHECK(n < 2000);
        struct value_batch b = test_batch(c);
        test_note(c, &b, "A", "", "1", "2025", "", 10, 0, &(struct value_note){.reason = S("sửa")});
        for (int i = 0; i < 20; i++)
            test_add_code(c, &b, "B", "", str_fmt(c->arena, "n%d", i), (2025 * 12 + i % 3) * 1024 + 1, "", i, 0);
        struct failing f = {.b = &b, .nth_call = calls ? n : 0, .nth_allocation = calls ? 0 : n};
        struct command command = {.run = write_failing, .arg = &f};
        e = writer_run(w, c, &command);
        if (e) {
            CHECK(e == E_IO || e == E_LIMIT);
            test_same_rows(c, before, test_rows(c));
        } else {
            CHECK(f.o.added == 20 && f.o.changed == 1);
        }
    }
    struct verdict verdict;
    CHECK_OK(ledger_verify_store(c, S(""), &verdict));
    CHECK(verdict.whole);
    CHECK_INT(verdict.events, 2);
    CHECK_INT(test_rows(c).n, 21);
}

TEST(every_call_to_the_store_fails_in_turn)
{
    fail_each(c, true);
}

TEST(every_allocation_fails_in_turn)
{
    fail_each(c, false);
}
