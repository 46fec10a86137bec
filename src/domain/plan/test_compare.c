/* What two versions of a plan differ in, as somebody who read both would tell it. */
#include "base/emit.h"
#include "base/word_diff.h"
#include "domain/plan/compare.h"
#include "test/test.h"

#include "base/banned.h"

#define HEAD "# KẾ HOẠCH\n\nchuyển đổi số tỉnh giai đoạn 2026-2030\n\nI. NHIỆM VỤ\n\n"
#define TASK(number, words, lead, when)                                                                                \
    number ". " words ".\n\n- Cơ quan chủ trì: " lead ".\n\n- Thời gian thực hiện: " when ".\n\n"

static struct draft *compile(struct ctx *c, struct str text)
{
    struct document document;
    const struct org_catalogue *catalogue;
    struct draft *d = NEW(c->arena, struct draft);
    CHECK_OK(org_catalogue_builtin(c, &catalogue));
    CHECK_OK(document_parse(c, text, S("plan.md"), &document));
    CHECK_OK(plan_compile(c, &document, catalogue, d));
    return d;
}

static struct plan_changes compared(struct ctx *c, struct str before, struct str after)
{
    struct plan_changes ret;
    plan_compare(c, compile(c, before), compile(c, after), &ret);
    return ret;
}

static int64_t tallied(const struct plan_changes *changes, const char *kind, const char *change)
{
    for (size_t i = 0; i < changes->tallies.n; i++)
        if (str_eq(changes->tallies.v[i].kind, str_of(kind)) && str_eq(changes->tallies.v[i].change, str_of(change)))
            return changes->tallies.v[i].n;
    return 0;
}

static const struct plan_change *row_of(const struct plan_changes *changes, const char *path, const char *field)
{
    for (size_t i = 0; i < changes->rows.n; i++)
        if (str_eq(changes->rows.v[i].path, str_of(path)) && str_eq(changes->rows.v[i].field, str_of(field)))
            return &changes->rows.v[i];
    test_failed(__FILE__, __LINE__, "no row for %s %s", path, field);
}

#define TWO                                                                                                            \
    HEAD TASK("1", "Lập cổng dữ liệu của tỉnh", "Sở Khoa học và Công nghệ", "Trước ngày 30/6/2026")                    \
        TASK("2", "Tập huấn cán bộ cấp xã", "Sở Nội vụ", "Quý IV/2026")

TEST(a_version_is_the_same_as_itself)
{
    CHECK_INT(compared(c, S(TWO), S(TWO)).rows.n, 0);
    struct str real = test_read_file(c, "data/plans/ninh-binh-06-nq-tu.md");
    struct plan_changes changes = compared(c, real, real);
    CHECK_INT(changes.rows.n, 0);
    CHECK_INT(changes.tallies.n, 0);
}

TEST(a_deadline_and_a_lead_that_change_are_told_old_and_new)
{
    struct plan_changes changes =
        compared(c, S(TWO),
                 S(HEAD TASK("1", "Lập cổng dữ liệu của tỉnh", "Công an tỉnh", "Trước ngày 30/9/2026")
                       TASK("2", "Tập huấn cán bộ cấp xã", "Sở Nội vụ", "Quý IV/2026")));
    CHECK_INT(tallied(&changes, "task", "changed"), 1);
    CHECK_INT(tallied(&changes, "task", "rescheduled"), 1);
    CHECK_INT(tallied(&changes, "task", "reassigned"), 1);
    CHECK_INT(tallied(&changes, "task", "added"), 0);
    const struct plan_change *due = row_of(&changes, "I.1", "schedule.due");
    CHECK_STR(due->before, S("2026-06-29"));
    CHECK_STR(due->after, S("2026-09-29"));
    CHECK_STR(row_of(&changes, "I.1", "lead")->after, S("Công an tỉnh"));
    for (size_t i = 0; i < changes.rows.n; i++)
        CHECK_STR(changes.rows.v[i].path, S("I.1"));
}

/* A task put in between takes another's number: that one has moved, it has not become the new one. */
TEST(a_task_put_in_between_moves_the_next)
{
    struct plan_changes changes =
        compared(c, S(TWO),
                 S(HEAD TASK("1", "Lập cổng dữ liệu của tỉnh", "Sở Khoa học và Công nghệ", "Trước ngày 30/6/2026")
                       TASK("2", "Mua sắm máy chủ", "Sở Tài chính", "Quý I/2027")
                           TASK("3", "Tập huấn cán bộ cấp xã", "Sở Nội vụ", "Quý IV/2026")));
    CHECK_INT(tallied(&changes, "task", "added"), 1);
    CHECK_INT(tallied(&changes, "task", "moved"), 1);
    CHECK_INT(tallied(&changes, "task", "changed"), 0);
    CHECK_INT(tallied(&changes, "task", "removed"), 0);
    CHECK_STR(row_of(&changes, "I.3", "path")->before, S("I.2"));
    /* And back again. */
    struct plan_changes back =
        compared(c,
                 S(HEAD TASK("1", "Lập cổng dữ liệu của tỉnh", "Sở Khoa học và Công nghệ", "Trước ngày 30/6/2026")
                       TASK("2", "Mua sắm máy chủ", "Sở Tài chính", "Quý I/2027")
                           TASK("3", "Tập huấn cán bộ cấp xã", "Sở Nội vụ", "Quý IV/2026")),
                 S(TWO));
    CHECK_INT(tallied(&back, "task", "removed"), 1);
    CHECK_INT(tallied(&back, "task", "moved"), 1);
}

static struct str text_of(struct ctx *c, const struct word_pieces *p, enum word_change left_out)
{
    struct out o;
    out_init(&o, c->arena, 1 << 20);
    for (size_t i = 0; i < p->n; i++)
        if (p->v[i].change != left_out)
            out_put(&o, p->v[i].text);
    return str_trim(str_dup(c->arena, out_str(&o)));
}

TEST(words_that_stay_are_not_told_as_new)
{
    struct word_pieces p;
    word_diff(c->arena, S("Xây dựng Đề án phát triển nhân lực số của tỉnh"),
              S("Xây dựng Đề án phát triển mạnh nhân lực của tỉnh"), &p);
    CHECK_STR(text_of(c, &p, WORD_NEW), S("Xây dựng Đề án phát triển nhân lực số của tỉnh"));
    CHECK_STR(text_of(c, &p, WORD_GONE), S("Xây dựng Đề án phát triển mạnh nhân lực của tỉnh"));
    size_t gone = 0, fresh = 0;
    for (size_t i = 0; i < p.n; i++) {
        gone += p.v[i].change == WORD_GONE;
        fresh += p.v[i].change == WORD_NEW;
    }
    CHECK_INT(gone, 1);
    CHECK_INT(fresh, 1);
}

/* Whatever the texts, what stayed and went is the first, what stayed and came the second. */
TEST(pieces_give_both_texts_back)
{
    static const char *const words[] = {"một", "hai", "ba", "bốn"};
    for (int n = 0; n < 300; n++) {
        struct str texts[2];
        struct word_pieces p;
        for (int k = 0; k < 2; k++) {
            unsigned char chance[12];
            struct out o;
            out_init(&o, c->arena, 4096);
            c->source.random(c->source.arg, chance, sizeof chance);
            for (size_t i = 0; i < chance[0] % sizeof chance; i++)
                out_fmt(&o, "%s%s", o.n ? " " : "", words[chance[i] % 4]);
            texts[k] = str_dup(c->arena, out_str(&o));
        }
        word_diff(c->arena, texts[0], texts[1], &p);
        /* Blanks stand after words, so the last word of one text may lack the blank it has in the other. */
        struct str was = text_of(c, &p, WORD_NEW), is = text_of(c, &p, WORD_GONE);
        size_t i = 0, j = 0;
        for (; i < was.n || j < texts[0].n;) {
            if (i < was.n && was.p[i] == ' ')
                i++;
            else if (j < texts[0].n && texts[0].p[j] == ' ')
                j++;
            else
                CHECK(i < was.n && j < texts[0].n && was.p[i++] == texts[0].p[j++]);
        }
        for (i = j = 0; i < is.n || j < texts[1].n;) {
            if (i < is.n && is.p[i] == ' ')
                i++;
            else if (j < texts[1].n && texts[1].p[j] == ' ')
                j++;
            else
                CHECK(i < is.n && j < texts[1].n && is.p[i++] == texts[1].p[j++]);
        }
    }
}
