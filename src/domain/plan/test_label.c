/* What a label line or a column's header says, in the wordings that plans use. Expectations are what an officer who
 * fills in the form would take them for. */
#include "domain/plan/label.h"
#include "base/viet.h"
#include "test/test.h"

#include "base/banned.h"

static const char *const names[] = {[LABEL_NONE] = "-",
                                    [LABEL_ORDINAL] = "ordinal",
                                    [LABEL_NAME] = "name",
                                    [LABEL_LEAD] = "lead",
                                    [LABEL_COORDINATING] = "help",
                                    [LABEL_MONITOR] = "monitor",
                                    [LABEL_TIME] = "time",
                                    [LABEL_PRODUCT] = "product",
                                    [LABEL_OBJECTIVE] = "objective",
                                    [LABEL_DIRECTIONS] = "directions",
                                    [LABEL_RESULTS] = "results",
                                    [LABEL_TARGET] = "target",
                                    [LABEL_UNIT] = "unit",
                                    [LABEL_VALUE] = "value",
                                    [LABEL_YEAR] = "year",
                                    [LABEL_BASELINE] = "baseline",
                                    [LABEL_STATUS] = "status",
                                    [LABEL_NOTE] = "note"};

struct expected {
    const char *text, *is;
};

static void check(struct str got, const struct expected *e, unsigned *wrong)
{
    if (str_eq(got, str_of(e->is)))
        return;
    fprintf(stderr, "# \"%s\"\n#   got  %.*s\n#   want %s\n", e->text, ARGS(got), e->is);
    ++*wrong;
}

/* "label=value | label=value" */
static void check_lines(struct ctx *c, const struct expected *v, size_t n)
{
    unsigned wrong = 0;
    for (size_t i = 0; i < n; i++) {
        struct labelled_list list;
        label_split(c, str_of(v[i].text), &list);
        struct str got = S("");
        for (size_t k = 0; k < list.n; k++)
            got = str_fmt(c->arena, "%.*s%s%s=%.*s", ARGS(got), k ? " | " : "", names[list.v[k].label],
                          ARGS(list.v[k].text));
        check(got, &v[i], &wrong);
    }
    CHECK_INT(wrong, 0);
}

/* "label" or "label year" */
static void check_columns(struct ctx *c, const struct expected *v, size_t n)
{
    unsigned wrong = 0;
    for (size_t i = 0; i < n; i++) {
        int year = -1;
        enum label label = label_of_column(c, str_of(v[i].text), &year);
        check(year > 0 ? str_fmt(c->arena, "%s %d", names[label], year) : str_of(names[label]), &v[i], &wrong);
    }
    CHECK_INT(wrong, 0);
}
#define CHECK_LIST(how, list) how(c, list, sizeof list / sizeof *list)

TEST(lines_with_one_label)
{
    static const struct expected list[] = {
        {"Cơ quan chủ trì: Sở Tài chính.", "lead=Sở Tài chính"},
        {"*Cơ quan chủ trì:* Sở Tài chính.", "lead=Sở Tài chính"},
        {"**Cơ quan chủ trì**: Sở Tài chính", "lead=Sở Tài chính"},
        {"- Cơ quan chủ trì : Sở Tài chính;", "lead=Sở Tài chính"},
        {"CƠ QUAN CHỦ TRÌ: Sở Tài chính", "lead=Sở Tài chính"},
        {"Đơn vị chủ trì thực hiện: Sở Y tế", "lead=Sở Y tế"},
        {"Chủ trì: Sở Y tế", "lead=Sở Y tế"},
        {"Cơ quan, đơn vị chủ trì: Sở Y tế", "lead=Sở Y tế"},
        {"Cơ quan/đơn vị phối hợp: các sở, ngành", "help=các sở, ngành"},
        {"Phối hợp thực hiện: các sở, ngành", "help=các sở, ngành"},
        {"Lãnh đạo phụ trách: đồng chí Chủ tịch", "monitor=đồng chí Chủ tịch"},
        {"Thời gian thực hiện: Quý II/2026.", "time=Quý II/2026"},
        {"Thời gian hoàn thành: 15/12/2026", "time=15/12/2026"},
        {"Thời hạn: trước 30/6", "time=trước 30/6"},
        {"Tiến độ: 2026-2027", "time=2026-2027"},
        {"Lộ trình thực hiện: hằng năm", "time=hằng năm"},
        {"Sản phẩm: Quyết định của UBND tỉnh", "product=Quyết định của UBND tỉnh"},
        {"Kết quả, sản phẩm: báo cáo", "product=báo cáo"},
        {"Dự kiến sản phẩm hoàn thành: cổng dữ liệu", "product=cổng dữ liệu"},
        {"Mục tiêu: phủ sóng các thôn", "objective=phủ sóng các thôn"},
        {"Kết quả cần đạt được: đủ trạm", "results=đủ trạm"},
        {"Kinh phí thực hiện: ngân sách tỉnh", "note=ngân sách tỉnh"},
        {"Cơ quan chủ trì:", "lead="},
    };
    CHECK_LIST(check_lines, list);
}

/* Marks lost in scanning or typed in the old style do not matter. */
TEST(lines_with_slips)
{
    static const struct expected list[] = {
        {"Co quan chu tri: Sở A", "lead=Sở A"},
        {"Cơ quan chủ trỉ: Sở A", "lead=Sở A"},
        {"Thời  gian   thực hiện: hằng năm", "time=hằng năm"},
        {"Thời gian hoàn thành: 2027", "time=2027"},
        {"Thời gian hòan thành: 2027", "time=2027"},
    };
    CHECK_LIST(check_lines, list);
}

TEST(several_labels_in_a_paragraph)
{
    static const struct expected list[] = {
        {"Xây dựng cổng dữ liệu. Cơ quan chủ trì: Sở A; cơ quan phối hợp: Sở B; thời gian: quý II/2026.",
         "-=Xây dựng cổng dữ liệu | lead=Sở A | help=Sở B | time=quý II/2026"},
        {"Lập sổ (chủ trì: Sở A; thời gian hoàn thành: tháng 5/2026)", "-=Lập sổ | lead=Sở A | time=tháng 5/2026"},
        {"Mở lớp – Đơn vị chủ trì: Sở A – Thời gian: hằng năm", "-=Mở lớp | lead=Sở A | time=hằng năm"},
        {"Chịu trách nhiệm, chủ trì: Sở A", "-=Chịu trách nhiệm | lead=Sở A"},
        {"Cơ quan chủ trì: Sở A. Thời gian thực hiện: 2026. Sản phẩm: báo cáo.",
         "lead=Sở A | time=2026 | product=báo cáo"},
    };
    CHECK_LIST(check_lines, list);
}

/* A colon in a sentence is no label; a time of day is none either. */
TEST(what_is_no_label)
{
    static const struct expected list[] = {
        {"Tập trung vào ba việc: cổng, sổ, lớp.", "-=Tập trung vào ba việc: cổng, sổ, lớp."},
        {"Sở Tài chính chủ trì, phối hợp với Sở Y tế.", "-=Sở Tài chính chủ trì, phối hợp với Sở Y tế."},
        {"Họp lúc 8:30 hằng tuần", "-=Họp lúc 8:30 hằng tuần"},
        {"Bảo đảm thời gian thực hiện đúng quy định", "-=Bảo đảm thời gian thực hiện đúng quy định"},
        {"", ""},
        {"   ", ""},
        {":", "-=:"},
    };
    CHECK_LIST(check_lines, list);
}

TEST(values_keep_what_is_theirs)
{
    static const struct expected list[] = {
        {"Cơ quan chủ trì: Sở A (trước là Sở B).", "lead=Sở A (trước là Sở B)"},
        {"Sản phẩm: Tờ trình, Nghị quyết số 05-NQ/TU...", "product=Tờ trình, Nghị quyết số 05-NQ/TU..."},
        {"Thời gian: 17:00 ngày 30/6/2026", "time=17:00 ngày 30/6/2026"},
        {"Sản phẩm: *Đề án*", "product=Đề án"},
        {"Cơ quan phối hợp: -", "help="},
        {"Thời gian: 2026 -2027", "time=2026 -2027"},
    };
    CHECK_LIST(check_lines, list);
}

TEST(columns_of_tasks)
{
    static const struct expected list[] = {
        {"TT", "ordinal"},
        {"STT", "ordinal"},
        {"Số TT", "ordinal"},
        {"**TT**", "ordinal"},
        {"Tên nhiệm vụ", "name"},
        {"Nội dung công việc", "name"},
        {"NHIỆM VỤ, GIẢI PHÁP", "name"},
        {"Nhiệm vụ (theo Kế hoạch)", "name"},
        {"Tên đề án, chương trình, nhiệm vụ", "name"},
        {"Chủ trì", "lead"},
        {"Cơ quan\nchủ trì", "lead"},
        {"Cơ quan chủ trì/tham mưu", "lead"},
        {"Đơn vị thực hiện", "lead"},
        {"Phân công thực hiện", "lead"},
        {"Phối hợp", "help"},
        {"Cơ quan, đơn vị phối hợp", "help"},
        {"Cơ quan theo dõi, đôn đốc", "monitor"},
        {"Thời gian", "time"},
        {"Thời gian thực hiện, hoàn thành", "time"},
        {"Hạn hoàn thành", "time"},
        {"Tiến độ", "time"},
        {"Kết quả/Sản phẩm", "product"},
        {"Sản phẩm dự kiến", "product"},
        {"Kết quả hiện nay", "status"},
        {"Tình hình thực hiện", "status"},
        {"Ghi chú", "note"},
        {"Căn cứ đề xuất", "note"},
    };
    CHECK_LIST(check_columns, list);
}

TEST(columns_of_targets)
{
    static const struct expected list[] = {
        {"Chỉ tiêu", "target"},
        {"Tên chỉ số", "target"},
        {"Đơn vị tính", "unit"},
        {"ĐVT", "unit"},
        {"Năm 2027", "year 2027"},
        {"2028", "year 2028"},
        {"Mục tiêu đến năm 2030", "year 2030"},
        {"Giai đoạn 2026-2030", "year 2030"},
        {"Thực hiện năm 2025", "baseline 2025"},
        {"Ước thực hiện 2025", "baseline 2025"},
        {"Hiện trạng năm 2024", "baseline 2024"},
        {"Hiện trạng", "baseline"},
        {"Mục tiêu", "value"},
        {"Kế hoạch", "value"},
    };
    CHECK_LIST(check_columns, list);
}

TEST(columns_not_known)
{
    static const struct expected list[] = {{"", "-"},
                                           {"Xã", "-"},
                                           {"123", "-"},
                                           {"1850", "-"},
                                           {"Họ và tên", "-"},
                                           {"(1)", "-"},
                                           {"Số 12026 của sổ", "-"}};
    CHECK_LIST(check_columns, list);
}
