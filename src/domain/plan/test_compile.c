#include "domain/plan/plan.h"

#include "base/emit.h"
#include "test/test.h"

#include "base/banned.h"

/* A plan with one of everything the compiler makes: labels, a table, letters, targets of each measure, duties, a head
 * and a tail. */
#define SMALL                                                                                                                                               \
    S("Số 12-KH/TU\n\n# KẾ HOẠCH\n\nchuyển đổi số tỉnh giai đoạn 2026-2030\n\nCăn cứ Nghị quyết số 57-NQ/TW.\n\n"                \
      "I. MỤC TIÊU\n\n- Đến năm 2030 có ít nhất 10-12 trung tâm; tăng trưởng bình quân 12%/năm; thuộc nhóm 5 tỉnh "                 \
      "dẫn "                                                                                                                                              \
      "đầu.\n- Xây dựng và đưa vào vận hành Quỹ đầu tư mạo hiểm của tỉnh.\n\nII. NHIỆM VỤ\n\n1. Nghiên cứu thành lập " \
      "Quỹ đầu tư mạo hiểm của tỉnh.\n\n- *Cơ quan chủ trì:* Sở Tài chính, Sở Khoa học và Công nghệ.\n- *Cơ quan "           \
      "phối hợp:* "                                                                                                                                     \
      "Các sở, ban, ngành.\n- *Thời gian thực hiện:* Hoàn thành ban hành Đề án và tổ chức triển khai từ năm 2027.\n\n"           \
      "2. Các việc khác:\n\na) Giao Sở Nội vụ chủ trì tập huấn trước ngày 30/6/2026;\n\nb) Mua máy.\n\n"                              \
      "| TT | Nhiệm vụ | Chủ trì | Thời gian |\n|---|---|---|---|\n| I | Nhóm một | | |\n| 1 | Lập cổng | Sở X | Quý "                   \
      "II/2026 |\n\n"                                                                                                                                       \
      "III. TỔ CHỨC THỰC HIỆN\n\n1. Sở Nội vụ định kỳ 6 tháng, hằng năm báo cáo kết quả với Văn phòng Tỉnh ủy.\n\n"    \
      "Nơi nhận:\n- Như trên.\n")

struct compiling {
    struct str text;
    struct str json;
};

static enum err compile(struct ctx *c, void *arg)
{
    struct compiling *job = arg;
    struct document document;
    struct draft draft;
    struct out o;
    struct emit e;
    TRY(document_parse(c, job->text, S("plan.md"), &document));
    TRY(plan_compile(c, &document, NULL, &draft));
    out_init(&o, c->arena, 1 << 20);
    emit_init(&e, &o, EMIT_JSON);
    emit_record(&e, &draft_record, &draft);
    job->json = out_str(&o);
    return o.failed ? E_LIMIT : OK;
}

/* Each allocation made to fail in turn: told as such, nothing leaked (the sanitizers look), and the next run is whole.
 */
TEST(every_allocation_may_fail)
{
    struct compiling whole = {.text = SMALL};
    CHECK_OK(compile(c, &whole));
    struct arena arena;
    arena_init(&arena, 64 << 20);
    struct ctx broken = {.arena = &arena, .source = c->source};
    for (int64_t n = 1;; n++) {
        struct compiling job = {.text = SMALL};
        arena.fail_in = n;
        enum err e = ctx_run(&broken, compile, &job);
        bool reached = arena.fail_in == 0;
        arena.fail_in = 0;
        CHECK(e == (reached ? E_LIMIT : OK));
        if (e == OK)
            CHECK_STR(job.json, whole.json);
        arena_reset(&arena);
        if (!reached)
            break;
        CHECK(n < 100000);
    }
}

/* An arena too small for the document is a refusal, not an end of the program. */
TEST(a_limit_is_a_refusal)
{
    struct arena arena;
    arena_init(&arena, 200 << 10);
    struct ctx small = {.arena = &arena, .source = c->source};
    struct compiling job = {.text = test_read_file(c, "data/plans/ninh-binh-06-nq-tu.md")};
    CHECK_ERR(ctx_run(&small, compile, &job), E_LIMIT);
    arena_reset(&arena);
}

TEST(what_is_no_plan_is_refused)
{
    const char *const texts[] = {"", "\n\n\n", "một dòng", "một đoạn văn không có mục nào.\n\nMột đoạn nữa.\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct compiling job = {.text = str_of(texts[i])};
        CHECK_ERR(compile(c, &job), E_INVALID);
        CHECK(c->error.message.n > 0);
    }
}

/* The letterhead says of which place the body is, on its own line or on the next. */
TEST(the_issuer_is_named_with_its_place)
{
    const char *const heads[] = {
        "ỦY BAN NHÂN DÂN\nTỈNH VĨNH LONG\n-------\n\nSố: 43/KH-UBND\n\nKẾ HOẠCH\nPHÁT TRIỂN KINH TẾ SỐ\n\nỦy ban nhân "
        "dân "
        "tỉnh ban hành Kế hoạch như sau:\n\n",
        "ỦY BAN NHÂN DÂN TỈNH VĨNH LONG\n\nSố: 43/KH-UBND\n\nKẾ HOẠCH\nPHÁT TRIỂN KINH TẾ SỐ\n\n"};
    for (size_t i = 0; i < 2; i++) {
        struct str text = str_fmt(c->arena,
                                  "%sI. NHIỆM VỤ\n\n1. Sở Nội vụ chủ trì tập huấn trước ngày "
                                  "30/6/2026.\n\n2. Mở lớp.\n\nTM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\n",
                                  heads[i]);
        struct document document;
        struct draft draft;
        CHECK_OK(document_parse(c, text, S("plan.txt"), &document));
        CHECK_OK(plan_compile(c, &document, NULL, &draft));
        CHECK_STR(draft.issuer, S("Ủy ban nhân dân tỉnh Vĩnh Long"));
    }
}

static size_t count_findings(const struct draft *d, const char *rule)
{
    size_t n = 0;
    for (size_t i = 0; i < d->findings.n; i++)
        n += str_eq(d->findings.v[i].rule, str_of(rule));
    return n;
}

/* A day that comes each year is one, in the words of the cycle or elsewhere in the sentence; the date of a document
 * that is cited is none, and a day that belongs to one cycle says nothing of the other. */
TEST(a_report_with_its_day_lacks_none)
{
    static const struct {
        const char *duty;
        size_t missing;
    } all[] = {
        {"Sở Nội vụ định kỳ 6 tháng (trước ngày 15/6) và hằng năm (trước ngày 15/12) báo cáo Tỉnh ủy kết quả", 0},
        {"Sở Nội vụ định kỳ 6 tháng báo cáo Tỉnh ủy trước ngày 15/12", 0},
        {"Sở Nội vụ hằng năm báo cáo Tỉnh ủy chậm nhất ngày 10 tháng 12", 0},
        {"Sở Nội vụ hằng tháng báo cáo Tỉnh ủy trước ngày 25 hằng tháng", 0},
        {"Sở Nội vụ định kỳ 6 tháng và hằng năm (trước ngày 15/12) báo cáo Tỉnh ủy kết quả", 1},
        {"Sở Nội vụ định kỳ 6 tháng, hằng năm báo cáo Tỉnh ủy kết quả", 2},
        {"Sở Nội vụ hằng năm báo cáo Tỉnh ủy theo Quy định số 12 ngày 22/12/2024", 1},
        {"Sở Nội vụ hằng năm báo cáo Tỉnh ủy theo Quy định số 12 ngày 22 tháng 12 năm 2024", 1},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct str text =
            str_fmt(c->arena,
                    "# Kế hoạch thử\n\nSố: 12-KH/TU\n\nI. NHIỆM VỤ\n\n1. Sở Nội vụ chủ trì tập huấn trước ngày "
                    "30/6/2026.\n\nV. TỔ CHỨC THỰC HIỆN\n\n1. %s.\n\n2. Các sở phối hợp.\n",
                    all[i].duty);
        struct document document;
        struct draft draft;
        CHECK_OK(document_parse(c, text, S("plan.md"), &document));
        CHECK_OK(plan_compile(c, &document, NULL, &draft));
        CHECK_INT(count_findings(&draft, "report_day_missing"), all[i].missing);
    }
}
